//! The tables of a data folder and their columns (contract section 1).

use super::folded::folded;
use crate::error::{Error, Result, did_you_mean};
use crate::ids::cleaned;
use crate::words::worded;
use std::fmt;

/// The sheet of questions of the workbook that the program makes for officers: it comes back filled in, as agreements.
pub const SHEET_OF_QUESTIONS: &str = "To ask";

/// Another sheet of that workbook, by which it is known.
pub const SHEET_OF_RECEIPT: &str = "Receipt";

/// What the flag of a criterion that stands beside others is called among the columns.
pub const FLAG: &str = "flag";

worded! {
    /// A table.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum TableName {
        /// A row a case.
        Cases = "cases",
        /// A row a person in a family.
        People = "people",
        /// A row a need of a case.
        Criteria = "criteria",
        /// Attendance in any of its layouts, in one file or several.
        Attendance = "attendance",
        /// Results claimed before.
        Claims = "claims",
        /// What a person has decided.
        Agreements = "agreements",
        /// The authority's own school calendar.
        Terms = "terms",
        /// Warnings that a person has looked at.
        Confirmations = "confirmations",
        /// What ids of families, cases and persons were before.
        FormerIds = "former_ids",
    }
}

impl TableName {
    /// The table that a file's name without ending (lower case) stands for; attendance may be split over many.
    pub fn of_file(stem: &str) -> Option<TableName> {
        TableName::ALL
            .into_iter()
            .find(|table| stem == table.word() || (*table == TableName::Attendance && stem.starts_with(table.word())))
    }

    /// Its columns; the `bool` says whether the file must have the column.
    pub fn columns(self) -> &'static [(&'static str, bool)] {
        match self {
            TableName::Cases => &[
                ("case_id", true),
                ("family_id", true),
                ("source", false),
                ("opened_on", true),
                ("closed_on", false),
                ("team", false),
                ("ward", false),
                ("lead_practitioner", false),
                ("assessment_on", false),
                ("plan_on", false),
            ],
            TableName::People => &[
                ("person_id", true),
                ("family_id", true),
                ("date_of_birth", true),
                ("role", false),
                ("schooling", false),
                ("upn", false),
                ("former_upn", false),
                ("nhs_number", false),
                ("first_name", false),
                ("last_name", false),
                ("postcode", false),
                ("joined_on", false),
                ("left_on", false),
                ("expecting", false),
                ("restricted", false),
            ],
            TableName::Criteria => &[
                ("case_id", true),
                ("family_id", false),
                ("criterion", true),
                ("person_id", false),
                ("identified_on", false),
                ("outcome_on", false),
                ("relapsed_on", false),
                ("result", false),
                ("evidence", false),
            ],
            TableName::Attendance => &[
                ("person_id", false),
                ("upn", false),
                ("school_urn", false),
                ("date", false),
                ("session", false),
                ("code", false),
                ("am", false),
                ("pm", false),
                ("week_start", false),
                ("marks", false),
                ("academic_year", false),
                ("term", false),
                ("possible", false),
                ("attended", false),
                ("authorised", false),
                ("unauthorised", false),
                ("sessions", false),
                ("percent", false),
            ],
            TableName::Claims => &[
                ("claim_id", true),
                ("family_id", true),
                ("case_id", false),
                ("submitted_on", true),
                ("decided_on", false),
                ("outcome", true),
            ],
            TableName::Agreements => &[
                ("case_id", true),
                ("family_id", false),
                ("rule", true),
                ("person_id", false),
                ("academic_year", false),
                ("term", false),
                ("answer", true),
                ("reason", true),
                ("agreed_by", true),
                ("agreed_on", true),
                ("until", false),
                ("evidence", false),
                ("of_rows", false),
            ],
            TableName::Terms => &[("academic_year", true), ("term", true), ("starts_on", true), ("ends_on", true)],
            TableName::Confirmations => &[
                ("finding", true),
                ("record", false),
                ("confirmed_by", true),
                ("confirmed_on", true),
                ("reason", true),
                ("until", false),
            ],
            TableName::FormerIds => &[("kind", true), ("id", true), ("former_id", true)],
        }
    }

    /// The column that a file may have in place of one that it must have: a list of needs or agreements may name the family
    /// instead of the case.
    pub fn in_place_of(self, column: &str) -> Option<&'static str> {
        let may_name_family = matches!(self, TableName::Criteria | TableName::Agreements);
        (may_name_family && column == "case_id").then_some("family_id")
    }

    /// Whether the table has this column.
    pub fn knows(self, column: &str) -> bool {
        self.columns().iter().any(|(known, _)| *known == column)
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Whether a column of the tables holds dates.
pub fn is_date(column: &str) -> bool {
    column.ends_with("_on") || ["date_of_birth", "date", "week_start", "until"].contains(&column)
}

/// Whether a column may hold dates: those that must, and `expecting`, which may be a day.
pub fn may_be_date(column: &str) -> bool {
    is_date(column) || column == "expecting"
}

/// The columns that tell each layout of attendance, beside one that names the pupil.
pub const LAYOUTS: [&[&str]; 6] = [
    &["date", "session", "code"],
    &["date", "am", "pm"],
    &["week_start", "marks"],
    &["academic_year", "term", "possible"],
    &["academic_year", "term", "code", "sessions"],
    &["academic_year", "term", "percent"],
];

/// The columns that name a pupil.
pub const PUPIL: [&str; 2] = ["upn", "person_id"];

/// The columns of a file by the table's names. A heading is the same in any case of letters and with
/// spaces, line breaks or dashes for underscores: see [`super::mapping::folded`].
///
/// # Errors
/// A column given twice, or a column that the table must have missing.
pub fn header<'a>(table: TableName, file: &str, columns: impl Iterator<Item = &'a str>) -> Result<Vec<String>> {
    let header: Vec<String> = columns
        .map(|heading| {
            let written = folded(heading);
            let own = table.columns().iter().map(|(name, _)| *name).find(|name| folded(name) == written);
            own.map_or_else(|| cleaned(heading).into_owned(), str::to_owned)
        })
        .collect();
    let mut seen = rustc_hash::FxHashSet::default();
    for name in &header {
        if !name.is_empty() && !seen.insert(name) {
            return Err(Error::new(format!("{file} has the column \"{name}\" twice: keep one of them.")));
        }
    }
    for (name, required) in table.columns() {
        let has = |wanted: &str| header.iter().any(|column| column == wanted);
        if *required && !has(name) && !table.in_place_of(name).is_some_and(has) {
            let separator = match header.as_slice() {
                [only] if only.contains(';') => {
                    " The columns seem to be separated by semicolons: save the file with commas."
                }
                [only] if only.contains('\t') => {
                    " The columns seem to be separated by tabs: save the file with commas."
                }
                _ => "",
            };
            // Headings that a separator runs together are no near miss of anything.
            let others =
                header.iter().map(String::as_str).filter(|column| separator.is_empty() && !table.knows(column));
            let hint = did_you_mean(name, others);
            return Err(Error::new(format!(
                "{file} has no column \"{name}\", which the table \"{table}\" must have.{separator}{hint}"
            )));
        }
    }
    Ok(header)
}
