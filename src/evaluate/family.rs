//! Rule 2, family: it includes a dependent child or an expectant parent.
//!
//! The text: contract section 4, rule 2 (`docs/contract.md`). Worked cases: `rules/cases/family.toml` and
//! `rules/cases/people.toml`.

use super::facts::Facts;
use super::members::{Born, Member, members};
use super::ruling::{Fact, Ruling, Verdict};
use crate::dates::{Date, is_under_18, weeks_after};
use crate::ids::PersonId;
use crate::link::family::{Doubtful, Doubts};
use crate::rules::name::RuleName;
use crate::validate::rows::{Expecting, PersonRow};
use std::collections::BTreeSet;

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
    if let Some(ruling) = all_left(facts, RuleName::Family) {
        return ruling;
    }
    let as_at = facts.as_at();
    let members = members(facts);
    if let Some(child) = members.iter().find(|member| member.born.on().is_some_and(|born| is_under_18(born, as_at))) {
        let because = format!("a member is under 18 on {as_at}");
        return new(Verdict::Met, "a dependent child", &because)
            .with([Fact::at(format!("{} is under 18 on {as_at}", child.row.person_id), &child.row.place)]);
    }
    let ids: BTreeSet<&PersonId> = members.iter().map(|member| &member.row.person_id).collect();
    let expecting: Vec<(&PersonRow, Date)> = facts
        .family
        .there(as_at)
        .filter(|row| ids.contains(&row.person_id))
        .filter_map(|row| Some((row, expected_until(facts, row.expecting?))))
        .collect();
    if let Some((parent, until)) = expecting.iter().find(|(_, until)| as_at <= *until) {
        return new(Verdict::Met, "an expectant parent", "a member is expecting a child").with([Fact::at(
            format!("{} is expecting, at the latest until {until}", parent.person_id),
            &parent.place,
        )]);
    }
    let without_birth_date: Vec<&Member<'_>> = members.iter().filter(|member| member.is_of_unknown_age()).collect();
    let ruling = if facts.family.listed.is_empty() {
        new(Verdict::Unknown, "nobody of the family is listed", "nobody of the family is listed in the people table")
            .settled_by(format!(
                "the members of {} in the people table (person_id, family_id, date_of_birth), from the case system; or an agreement on family",
                facts.family.id
            ))
    } else if let Some((parent, until)) = expecting.first() {
        new(
            Verdict::Unknown,
            "expecting has run out",
            &format!("a member was recorded as expecting, which cannot be so after {until}, and no child is recorded"),
        )
        .with(expecting.iter().map(|(row, until)| {
            Fact::at(format!("{} is recorded as expecting, which ran out on {until}", row.person_id), &row.place)
        }))
        .settled_by(format!(
            "the child of {} in the people table, or `expecting` corrected, from the lead practitioner; or an agreement on family",
            parent.person_id
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
    not_read(facts, ruling)
}

/// The last day on which a member recorded as expecting can still be: so many weeks after the latest opening of a case of the
/// family, or six weeks after the day that is given.
fn expected_until(facts: Facts<'_>, expecting: Expecting) -> Date {
    const WEEKS_AFTER_THE_DAY: i32 = 6;
    match expecting {
        Expecting::On(day) => weeks_after(day, WEEKS_AFTER_THE_DAY),
        Expecting::Yes => {
            let cases = facts.family.periods.iter().flat_map(|period| &facts.linked.periods[*period].cases);
            let opened = cases.map(|case| case.opened_on).max().unwrap_or(facts.period.opened_on);
            weeks_after(opened, facts.parameters().expecting_weeks)
        }
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

/// `unknown` where rows of people could not be read, or stand under other ids: one of them may be a dependant.
pub(super) fn not_read(facts: Facts<'_>, ruling: Ruling) -> Ruling {
    if !facts.family.held_people.is_empty() {
        return ruling.unreadable(PEOPLE_NOT_READ, "people", &facts.family.held_people);
    }
    let doubtful: Vec<&Doubtful> = facts.linked.doubts_of(facts.family).flat_map(Doubts::people_told).collect();
    if doubtful.is_empty() {
        return ruling;
    }
    ruling.under_other_ids(PEOPLE_UNDER_OTHER_IDS, "people", &doubtful)
}

/// The kind of reason where people could not be read.
pub const PEOPLE_NOT_READ: &str = "people that could not be read";

/// The kind of reason where people stand under other ids.
pub const PEOPLE_UNDER_OTHER_IDS: &str = "people under another id";

/// The kind of reason where everybody left on the day on which a case closed.
pub const ALL_LEFT: &str = "everybody left on the day the case closed";

/// Everybody left on the day on which a case closed: what is known of them then is no proof of who is in the family today.
pub fn all_left(facts: Facts<'_>, rule: RuleName) -> Option<Ruling> {
    let day = facts.family.all_left_on?;
    let because = format!(
        "everybody of the family left on {day}, the day on which a case closed: the end of the support was probably taken for leaving"
    );
    let listed = facts.family.listed.iter();
    Some(
        Ruling::new(rule, Verdict::Unknown, ALL_LEFT, because)
            .with(listed.map(|row| Fact::at(format!("{} left on {day}", row.person_id), &row.place)))
            .settled_by(format!(
                "left_on of the people of {}: blank for those who still live in the family, from the lead practitioner; or an agreement on {rule}",
                facts.family.id
            )),
    )
}
