//! Quarantined rows: what is wrong with each, and what it could have changed. How many rows were read, and what became of them.

use super::as_it_stands::AsItStands;
use super::days::{HeldDays, MayBeSuccess};
use super::rows::Role;
use crate::dates::Date;
use crate::finding::FindingCode;
use crate::ids::{CaseId, FamilyId, NhsNumber, PersonId, Upn};
use crate::load::tables::TableName;
use crate::place::Place;
use crate::rules::name::RuleName;
use std::sync::Arc;

/// How many rows of a table were read, and what became of them: read = used + repeated + quarantined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RowCounts {
    /// Rows read.
    pub read: usize,
    /// Rows that count.
    pub used: usize,
    /// Exact repeats of a row, which count once.
    pub repeated: usize,
    /// Rows that could not be used.
    pub quarantined: usize,
}

/// A quarantined row.
#[derive(Clone, Debug)]
pub struct Held {
    /// The table.
    pub table: TableName,
    /// File and row.
    pub place: Place,
    /// The first column that is wrong; blank where it is the whole row.
    pub column: String,
    /// Its value.
    pub value: String,
    /// What is wrong with it.
    pub code: FindingCode,
    /// The same in a sentence.
    pub message: String,
    /// The id of the case, person or claim that it is a row of, as far as it can be read.
    pub record: String,
    /// The family it is about, where that can be told.
    pub family: Option<FamilyId>,
    /// The case it is about, where that can be told.
    pub case: Option<CaseId>,
    /// Other cases that it may be about: what could be told of them is not known either.
    pub may_be_of: Arc<[CaseId]>,
    /// Whether it is a row of people that is restricted, or may be: nothing may then be named across its links.
    pub restricted: bool,
    /// Who a row of people is of, as far as it can be read.
    pub person: Option<HeldPerson>,
    /// The rule that a row of agreements names, where that can be told.
    pub rule: Option<RuleName>,
    /// Whether a row of claims may be one that is approved, or waits for a decision.
    pub may_be_success: MayBeSuccess,
    /// Its days, as far as they can be read: they say at which as-at dates the row can matter.
    pub days: HeldDays,
    /// Whether the row is held at the as-at date of the run only: it is in [`super::Register::set_aside`] too.
    pub by_day: bool,
    /// The pupil that an attendance row names, by person_id or UPN.
    pub pupil: Option<String>,
    /// Its cells.
    pub row: AsItStands,
    /// What else it may be about: the family that it names and that is not its case's; of a correction what the row was about whose
    /// place it takes, which is as unknown as it was.
    pub also_about: Option<Box<Held>>,
}

impl Held {
    /// The row by each of the things that it may be about.
    pub fn by_each(&self) -> impl Iterator<Item = &Held> {
        std::iter::successors(Some(self), |held| held.also_about.as_deref())
    }

    /// Adds what it may be about as well.
    pub(super) fn is_also_about(&mut self, mut other: Box<Held>) {
        other.also_about = self.also_about.take();
        self.also_about = Some(other);
    }
}

/// Who a held row of people is of, as far as it can be read: it still links families and identifies pupils.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct HeldPerson {
    pub person_id: Option<PersonId>,
    pub upn: Option<Upn>,
    pub former_upn: Option<Upn>,
    pub nhs_number: Option<NhsNumber>,
    pub role: Option<Role>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub date_of_birth: Option<Date>,
    pub joined_on: Option<Date>,
    /// Of a row with too many cells or too few: all its cells, since it cannot be told which is which.
    pub cells: Vec<String>,
}
