//! Rule 2, family: it includes a dependent child or an expectant parent.

use super::{Fact, Facts, Ruling, Verdict};
use crate::dates::is_under_18;
use crate::validate::rows::{PersonRow, Role, RuleName};

/// `met` if a member is under 18 or expecting; else `unknown` if a member's birth date is missing (adults
/// apart) or nobody of the family is listed; else `not_met`.
pub fn ruling(facts: Facts<'_>) -> Ruling {
    let new = |verdict, kind, because: &str| Ruling::new(RuleName::Family, verdict, kind, because);
    if !facts.parameters().require_dependent {
        return new(Verdict::Met, "no dependant required", "the rules in use require no dependant");
    }
    if !facts.linked.has_people {
        return new(
            Verdict::Unknown,
            "no table of people",
            "there is no table of people, so nobody of the family is known",
        )
        .settled_by(
            "the people table (person_id, family_id, date_of_birth), from the case system; or an agreement on family",
        );
    }
    let as_at = facts.as_at();
    let members: Vec<&PersonRow> = facts.family.members(as_at).collect();
    if let Some(child) = members.iter().find(|member| member.date_of_birth.is_some_and(|born| is_under_18(born, as_at)))
    {
        let because = format!("a member is under 18 on {as_at}");
        return new(Verdict::Met, "a dependent child", &because)
            .with([Fact::at(format!("{} is under 18 on {as_at}", child.person_id), &child.place)]);
    }
    if let Some(parent) = members.iter().find(|member| member.expecting.is_some()) {
        return new(Verdict::Met, "an expectant parent", "a member is expecting a child")
            .with([Fact::at(format!("{} is expecting", parent.person_id), &parent.place)]);
    }
    let without_birth_date: Vec<&&PersonRow> =
        members.iter().filter(|member| member.date_of_birth.is_none() && member.role != Some(Role::Adult)).collect();
    let ruling = if facts.family.listed.is_empty() {
        new(Verdict::Unknown, "nobody of the family is listed", "nobody of the family is listed in the people table")
            .settled_by(format!(
                "the members of {} in the people table (person_id, family_id, date_of_birth), from the case system; or an agreement on family",
                facts.family.id
            ))
    } else if !without_birth_date.is_empty() {
        let who: Vec<String> = without_birth_date.iter().map(|member| member.person_id.to_string()).collect();
        new(
            Verdict::Unknown,
            "a birth date is missing",
            "no member is known to be under 18, and a member's birth date is missing",
        )
        .with(without_birth_date.iter().map(|m| Fact::at(format!("{} has no birth date", m.person_id), &m.place)))
        .settled_by(format!(
            "date_of_birth of {} in the people table, from the case system or the lead practitioner; or an agreement on family",
            who.join(", ")
        ))
    } else {
        new(Verdict::NotMet, "no dependent child", "no member is under 18 and nobody is expecting").with(
            members.iter().map(|member| {
                let born = member.date_of_birth.map_or("an adult".to_owned(), |born| format!("born {born}"));
                Fact::at(format!("{} is {born}", member.person_id), &member.place)
            }),
        )
    };
    if facts.family.held_people.is_empty() {
        ruling
    } else {
        ruling.unreadable("people that could not be read", "people", &facts.family.held_people)
    }
}
