//! Attendance records: marks, weeks, termly totals and counts by code, from all files, to typed records.
//!
//! Unlike the small tables these are read straight to what later stages need: only records of pupils whom
//! some family may have are kept, places as numbers, and the others are counted.
//!
//! - [`layouts`] the four layouts, and the cells of a row.
//! - [`reading`] rows to records.

mod layouts;
mod reading;

use super::rows::PersonRow;
use super::{Held, RowCounts};
use crate::dates::{Date, Span};
use crate::error::Result;
use crate::finding::Findings;
use crate::ids::{PersonId, Upn};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::codes::{Class, MarkCode};
use reading::Reading;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A pupil as attendance records name one. At least one of the two identifies somebody in `people`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pupil {
    /// The `person_id` given.
    pub person_id: Option<PersonId>,
    /// The UPN given.
    pub upn: Option<Upn>,
}

/// The place of a pupil in [`Registers::pupils`].
pub type PupilIndex = u32;

/// File and row of a record, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPlace {
    file: u16,
    row: u32,
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

/// One mark of one pupil for one half-day.
#[derive(Clone, Debug)]
pub struct MarkRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// The term that its date lies in.
    pub term: TermIndex,
    /// The day.
    pub date: Date,
    /// Morning or afternoon.
    pub half: HalfDay,
    /// What its code counts as, and the code; `None` for a missing mark.
    pub known: Option<(Class, MarkCode)>,
    /// Where it stands.
    pub place: RecordPlace,
}

/// Termly totals of one pupil at one school. Negative numbers are kept: they make the term unknown.
#[derive(Clone, Debug)]
pub struct TotalRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// Of which term.
    pub term: TermIndex,
    /// At which school; blank where none is named.
    pub school: Arc<str>,
    /// Possible sessions.
    pub possible: Option<i64>,
    /// Attended sessions.
    pub attended: Option<i64>,
    /// Sessions of authorised absence.
    pub authorised: Option<i64>,
    /// Sessions of unauthorised absence.
    pub unauthorised: Option<i64>,
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
    /// At which school; blank where none is named.
    pub school: Arc<str>,
    /// The code, upper case.
    pub code: Arc<str>,
    /// What the code counts as; `None` for a missing mark.
    pub class: Option<Class>,
    /// How many sessions have it; `None` where that is blank.
    pub sessions: Option<i64>,
    /// Where it stands.
    pub place: RecordPlace,
}

/// All attendance that some family may need.
#[derive(Clone, Debug, Default)]
pub struct Registers {
    /// The pupils that records name.
    pub pupils: Vec<Pupil>,
    /// Session marks, those of weeks included.
    pub marks: Vec<MarkRecord>,
    /// Termly totals.
    pub totals: Vec<TotalRecord>,
    /// Counts by code.
    pub counts: Vec<CountRecord>,
    /// Pupils with a record that cannot be read, and the term it is of; `None`: it may be of any.
    pub unreadable: Vec<(PupilIndex, Option<TermIndex>)>,
    /// The terms of which any record is held, of whatever pupil.
    pub terms_held: BTreeSet<TermIndex>,
    /// The first and last day with a mark, by term and file, of whatever pupil.
    pub days_held: BTreeMap<TermIndex, BTreeMap<Arc<str>, Span>>,
    files: Vec<Arc<str>>,
}

impl Registers {
    /// The place of a record, for people.
    pub fn place(&self, place: RecordPlace) -> Place {
        let file = self.files.get(usize::from(place.file)).cloned().unwrap_or_else(|| Arc::from(""));
        Place { file, row: place.row }
    }
}

/// Reads all attendance files.
///
/// # Errors
/// A file in none of the four layouts, or one that cannot be read to its end.
pub fn read(
    loaded: &Loaded,
    rules: &Rules,
    people: &[PersonRow],
    findings: &mut Findings,
) -> Result<(Registers, Vec<Held>, RowCounts)> {
    let mut reading = Reading::new(rules, people);
    for file in loaded.of(TableName::Attendance) {
        reading.file(file)?;
    }
    Ok(reading.finish(findings))
}
