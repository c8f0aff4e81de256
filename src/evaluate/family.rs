//! Rule 2, family: it includes a dependent child or an expectant parent.

use super::members::{Born, Member, members};
use super::{Fact, Facts, Ruling, Verdict};
use crate::dates::is_under_18;
use crate::validate::rows::RuleName;

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
    let members = members(facts);
    if let Some(child) = members.iter().find(|member| member.born.on().is_some_and(|born| is_under_18(born, as_at))) {
        let because = format!("a member is under 18 on {as_at}");
        return new(Verdict::Met, "a dependent child", &because)
            .with([Fact::at(format!("{} is under 18 on {as_at}", child.row.person_id), &child.row.place)]);
    }
    if let Some(parent) = facts.family.there(as_at).find(|member| member.expecting.is_some()) {
        return new(Verdict::Met, "an expectant parent", "a member is expecting a child")
            .with([Fact::at(format!("{} is expecting", parent.person_id), &parent.place)]);
    }
    let without_birth_date: Vec<&Member<'_>> = members.iter().filter(|member| member.is_of_unknown_age()).collect();
    let ruling = if facts.family.listed.is_empty() {
        new(Verdict::Unknown, "nobody of the family is listed", "nobody of the family is listed in the people table")
            .settled_by(format!(
                "the members of {} in the people table (person_id, family_id, date_of_birth), from the case system; or an agreement on family",
                facts.family.id
            ))
    } else if !without_birth_date.is_empty() {
        let who: Vec<String> = without_birth_date.iter().map(|member| member.row.person_id.to_string()).collect();
        new(
            Verdict::Unknown,
            "a birth date is missing",
            if without_birth_date.iter().any(|member| member.born == Born::Missing) {
                "no member is known to be under 18, and a member's birth date is missing"
            } else {
                "no member is known to be under 18, and a member's birth date cannot be right"
            },
        )
        .with(without_birth_date.iter().map(|member| birth_date_fact(member)))
        .settled_by(format!(
            "date_of_birth of {} in the people table, from the case system or the lead practitioner; or an agreement on family",
            who.join(", ")
        ))
    } else {
        new(Verdict::NotMet, "no dependent child", "no member is under 18 and nobody is expecting").with(
            members.iter().map(|member| {
                let born = member.born.on().map_or("an adult".to_owned(), |born| format!("born {born}"));
                Fact::at(format!("{} is {born}", member.row.person_id), &member.row.place)
            }),
        )
    };
    if facts.family.held_people.is_empty() {
        ruling
    } else {
        ruling.unreadable("people that could not be read", "people", &facts.family.held_people)
    }
}

/// That a member's birth date is not known, for an explanation.
pub(super) fn birth_date_fact(member: &Member<'_>) -> Fact {
    let said = match &member.born {
        Born::Contradicted(_, why) => format!("{} has a birth date that cannot be right: {why}", member.row.person_id),
        _ => format!("{} has no birth date", member.row.person_id),
    };
    Fact::at(said, &member.row.place)
}
