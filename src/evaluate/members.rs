//! Who is a member of a family, and which birth dates can be believed. A birth date that the role or the attendance on
//! record contradicts counts as missing (contract section 1, "Days that cannot be right"): a child typed as born in 1994
//! for 2014 is no adult whom no rule looks at.

use super::facts::Facts;
use crate::attend::Attended;
use crate::dates::Date;
use crate::link::births::{NO_CHILD_AT, fits_role, fits_roll};
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::validate::rows::{PersonRow, Role};

/// What is known of a birth date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Born {
    /// On this day.
    On(Date),
    /// None is recorded.
    Missing,
    /// One is recorded that cannot be right; with why.
    Contradicted(Date, String),
}

impl Born {
    /// The day, where one is recorded that can be right.
    pub fn on(&self) -> Option<Date> {
        match self {
            Born::On(day) => Some(*day),
            Born::Missing | Born::Contradicted(..) => None,
        }
    }
}

/// The birth date of a person, as far as it can be believed at the as-at date.
pub fn birth_date(person: &PersonRow, attended: &Attended, rules: &Rules, as_at: Date) -> Born {
    let Some(born) = person.date_of_birth else { return Born::Missing };
    if !fits_role(born, person.role, as_at) {
        return Born::Contradicted(born, format!("a child born on {born} would be {NO_CHILD_AT} or older"));
    }
    let contradicts = |term: &&TermIndex| {
        !fits_roll(born, rules.calendar.term(**term).span.from) && attended.of(&person.person_id, **term).is_some()
    };
    let term = attended.looked_at.iter().find(contradicts);
    match term {
        Some(term) => {
            let term = rules.calendar.term(*term);
            Born::Contradicted(born, format!("born on {born}, and attendance is on record in {term}"))
        }
        None => Born::On(born),
    }
}

/// A member of a family.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The first of the member's rows.
    pub row: &'a PersonRow,
    /// The birth date.
    pub born: Born,
}

impl Member<'_> {
    /// Whether the member may be a child of any age: the birth date is missing, and the role is not adult, or it is
    /// recorded and cannot be right, whatever the role.
    pub fn is_of_unknown_age(&self) -> bool {
        match self.born {
            Born::On(_) => false,
            Born::Missing => self.row.role != Some(Role::Adult),
            Born::Contradicted(..) => true,
        }
    }

    /// What is wrong with the birth date, where that is so, in words.
    pub fn birth_date_said(&self) -> String {
        match &self.born {
            Born::Contradicted(_, why) => format!("the birth date cannot be right ({why})"),
            _ => "the birth date is missing".to_owned(),
        }
    }
}

/// The members of the family, each once, by id.
pub fn members(facts: Facts<'_>) -> Vec<Member<'_>> {
    let as_at = facts.as_at();
    let rows = facts.family.there(as_at);
    let with_birth = rows.map(|row| Member { row, born: birth_date(row, facts.attended, facts.rules, as_at) });
    let mut members: Vec<Member<'_>> =
        with_birth.filter(|member| member.born.on().is_none_or(|born| born <= as_at)).collect();
    members.sort_by(|a, b| (&a.row.person_id, &a.row.place).cmp(&(&b.row.person_id, &b.row.place)));
    members.dedup_by(|b, a| a.row.person_id == b.row.person_id);
    members
}
