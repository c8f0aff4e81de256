//! Which birth dates cannot be right, because the role or attendance on record contradicts them. They count as missing
//! (contract section 1, "Days that cannot be right"): a child typed as born in 1994 for 2014 is no adult whom no rule looks
//! at, and such a birth date links nobody by name.

use super::pupils::PupilsOf;
use crate::dates::{Date, add_years};
use crate::ids::PersonId;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::validate::registers::{Registers, terms_looked_at};
use crate::validate::rows::Role;

/// From this age on nobody is a child of a family, whatever the role says.
pub const NO_CHILD_AT: i32 = 26;
/// Below this age nobody is on a school's roll.
const NOT_ON_A_ROLL_BELOW: i32 = 2;
/// From this age on nobody is on a school's roll.
const NOT_ON_A_ROLL_AT: i32 = 20;

/// Whether a person of this role can have been born on this day, as at another.
pub fn fits_role(born: Date, role: Option<Role>, as_at: Date) -> bool {
    let years = i32::from(as_at.year()) - i32::from(born.year());
    role != Some(Role::Child) || years < NO_CHILD_AT || as_at < add_years(born, NO_CHILD_AT)
}

/// Whether a person born on this day can be on a school's roll in a term that begins on another.
pub fn fits_roll(born: Date, first_day: Date) -> bool {
    let years = i32::from(first_day.year()) - i32::from(born.year());
    // Most can be told by the years alone.
    (NOT_ON_A_ROLL_BELOW + 1..NOT_ON_A_ROLL_AT).contains(&years)
        || first_day >= add_years(born, NOT_ON_A_ROLL_BELOW) && first_day < add_years(born, NOT_ON_A_ROLL_AT)
}

/// What birth dates are held against.
pub(super) struct Births<'a> {
    as_at: Date,
    registers: Option<&'a Registers>,
    pupils_of: &'a PupilsOf,
    /// The terms looked at, with their first days.
    terms: Vec<(TermIndex, Date)>,
    rules: &'a Rules,
}

impl<'a> Births<'a> {
    pub(super) fn new(
        registers: Option<&'a Registers>,
        pupils_of: &'a PupilsOf,
        rules: &'a Rules,
        as_at: Date,
    ) -> Births<'a> {
        let (_, terms) = terms_looked_at(registers, rules, as_at);
        let terms = terms.into_iter().map(|term| (term, rules.calendar.term(term).span.from)).collect();
        Births { as_at, registers, pupils_of, terms, rules }
    }

    /// A birth date, unless it counts as missing.
    pub(super) fn believed(&self, person: Option<&PersonId>, role: Option<Role>, born: Option<Date>) -> Option<Date> {
        let born = born.filter(|born| fits_role(*born, role, self.as_at))?;
        let (Some(registers), Some(pupils)) = (self.registers, person.and_then(|id| self.pupils_of.get(id))) else {
            return Some(born);
        };
        let is_on_record =
            |term: TermIndex| pupils.iter().any(|pupil| registers.is_on_record(*pupil, term, self.rules, self.as_at));
        let odd = self.terms.iter().any(|(term, first)| !fits_roll(born, *first) && is_on_record(*term));
        (!odd).then_some(born)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    #[test]
    fn ages_are_told_to_the_day() {
        let on = date(2024, 9, 30);
        assert!(fits_role(date(1998, 10, 1), Some(Role::Child), on));
        assert!(!fits_role(date(1998, 9, 30), Some(Role::Child), on));
        assert!(fits_role(date(1998, 9, 30), None, on));
        let first = date(2024, 1, 8);
        assert!(fits_roll(date(2022, 1, 8), first) && !fits_roll(date(2022, 1, 9), first));
        assert!(fits_roll(date(2004, 1, 9), first) && !fits_roll(date(2004, 1, 8), first));
        assert!(fits_roll(date(2014, 5, 1), first) && !fits_roll(date(2030, 5, 1), first));
    }
}
