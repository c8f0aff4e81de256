//! What one record of attendance is, and whose: pupils, half-days, totals, counts and percentages.

use super::kinds::KindNumber;
use crate::dates::{Date, Span, of_day_number};
use crate::ids::{PersonId, Upn};
use crate::load::parts::FileNumber;
use crate::numbers;
use crate::rules::calendar::TermIndex;
use crate::rules::codes::Class;
use crate::rules::council_words::Half;
use crate::share::SchoolPercent;
use std::collections::BTreeSet;

/// A half-day by number: twice its day's, and one more for the afternoon.
pub type HalfDayNumber = i32;

/// A pupil as attendance records name one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pupil {
    /// The `person_id` given.
    pub person_id: Option<PersonId>,
    /// The UPN given.
    pub upn: Option<Upn>,
}

impl Pupil {
    /// The one identifier by which to speak of the pupil.
    pub fn named(&self) -> String {
        let person_id = self.person_id.as_ref().map(PersonId::as_str);
        person_id.or(self.upn.as_ref().map(Upn::as_str)).unwrap_or_default().to_owned()
    }
}

numbers! {
    /// The number of a pupil in [`Registers::pupils`].
    PupilIndex
}

/// File and row of a record, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPlace {
    pub(super) file: u16,
    pub(super) row: u32,
}

impl RecordPlace {
    pub(super) fn of(file: FileNumber, row: u32) -> RecordPlace {
        RecordPlace { file: u16::try_from(file).unwrap_or(u16::MAX), row }
    }
}

/// A morning or an afternoon. Written `AM` and `PM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HalfDay {
    /// Morning.
    Am,
    /// Afternoon.
    Pm,
}

impl std::fmt::Display for HalfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(if *self == HalfDay::Am { "AM" } else { "PM" })
    }
}

/// The day and the half of a half-day's number.
pub fn half_day(number: HalfDayNumber) -> (Date, HalfDay) {
    let half = if number.rem_euclid(2) == 0 { HalfDay::Am } else { HalfDay::Pm };
    (of_day_number(number.div_euclid(2)), half)
}

/// The number of a school in [`Registers::schools`]; 0 where a record names none.
pub type SchoolNumber = u32;

/// Termly totals of one pupil at one school. None is below nought.
#[derive(Clone, Debug)]
pub struct TotalRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// Of which term.
    pub term: TermIndex,
    /// Of which half of it; `None` for the whole.
    pub half: Option<Half>,
    /// At which school.
    pub school: SchoolNumber,
    /// Possible sessions.
    pub possible: Option<i32>,
    /// Attended sessions.
    pub attended: Option<i32>,
    /// Sessions of authorised absence.
    pub authorised: Option<i32>,
    /// Sessions of unauthorised absence.
    pub unauthorised: Option<i32>,
    /// Where it stands.
    pub place: RecordPlace,
}

/// The attendance of one pupil at one school in one term as a percentage, in place of sessions.
#[derive(Clone, Debug)]
pub struct PercentRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// Of which term.
    pub term: TermIndex,
    /// Of which half of it; `None` for the whole.
    pub half: Option<Half>,
    /// At which school.
    pub school: SchoolNumber,
    /// The percentage.
    pub percent: SchoolPercent,
    /// Where it stands.
    pub place: RecordPlace,
}

/// The sessions of one code of one pupil at one school in one term.
#[derive(Clone, Debug)]
pub struct CountRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// Of which term.
    pub term: TermIndex,
    /// Of which half of it; `None` for the whole.
    pub half: Option<Half>,
    /// At which school.
    pub school: SchoolNumber,
    /// Which code, upper case, as a number: equal for equal codes.
    pub code: KindNumber,
    /// What the code counts as; `None` for a missing mark.
    pub class: Option<Class>,
    /// How many sessions have it; `None` where that is blank.
    pub sessions: Option<i32>,
    /// Where it stands.
    pub place: RecordPlace,
}

/// The days of a term of which a file has marks, of whatever pupils.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysHeld {
    /// From the first to the last of them.
    pub days: Span,
    /// On how many of the term's Mondays to Fridays there is any mark.
    pub weekdays: i64,
    /// How many marks, repeats and all.
    pub marks: u64,
}

/// A pupil in the files whom no family has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// As the files name the pupil.
    pub pupil: Pupil,
    /// The terms of which there is a record.
    pub terms: BTreeSet<TermIndex>,
}

/// A mark and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundMark {
    /// The half-day.
    pub half_day: HalfDayNumber,
    /// Where it stands.
    pub place: RecordPlace,
    /// Whose.
    pub pupil: PupilIndex,
    /// The code, upper case; what a supplier's symbol stands for.
    pub code: String,
}
