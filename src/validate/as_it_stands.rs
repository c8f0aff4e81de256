//! A held row as it stands, so that it can be written into a quarantine file, mended and read again; and what became of
//! the rows for which mended ones were given.

use crate::dates::{self, DateOrder};
use crate::finding::{Finding, FindingCode, Findings};
use crate::load::corrections::print_of;
use crate::load::tables::{self, TableName};
use crate::load::{Loaded, Row};
use crate::place::Place;
use crate::words::counted;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The cells of a held row.
#[derive(Clone, Debug, Default)]
pub struct AsItStands {
    /// The filled cells of the table's columns, as they stand.
    pub cells: Vec<(&'static str, String)>,
    /// Of a row with too many cells or too few: those that have no column, or how many are missing. Blank else.
    pub out_of_place: String,
    /// The print of the row, by which a correction names it.
    pub print: String,
    /// The layout of an attendance row; blank for other tables.
    pub layout: &'static str,
}

/// What is out of place in a ragged row; blank for others.
fn out_of_place(row: &Row<'_>) -> String {
    let extra: Vec<&str> = (row.width()..row.cells()).map(|cell| row.untrimmed(cell)).collect();
    match row.width().checked_sub(row.cells()) {
        _ if !row.is_ragged() => String::new(),
        Some(missing) if missing > 0 => format!("{} too few", counted(missing, "cell", "cells")),
        _ => extra.join(","),
    }
}

impl AsItStands {
    /// A row with these columns, by position. `print` is the row's.
    /// A quarantine file is read without the mapping of the first file, so words are those of the table and dates that can
    /// be read in the file's order are written year first.
    pub fn of(
        row: &Row<'_>,
        columns: impl Iterator<Item = (&'static str, usize)>,
        order: DateOrder,
        print: String,
    ) -> AsItStands {
        let text = |name: &str, position: usize| {
            let text = row.untrimmed(position);
            // Spaces in a week of marks are marks.
            let said = if name == "marks" { text } else { row.cell(position).unwrap_or_default() };
            if said == text.trim() && order == DateOrder::DayFirst {
                return text.to_owned();
            }
            match dates::read_in(said, order).filter(|_| tables::is_date(name)) {
                Some(date) => date.to_string(),
                None => said.to_owned(),
            }
        };
        let cells = columns.map(|(name, position)| (name, text(name, position)));
        let cells = cells.filter(|(_, text)| !text.is_empty()).collect();
        AsItStands { cells, out_of_place: out_of_place(row), print, layout: "" }
    }

    /// A row of a small table.
    pub fn of_table(row: &Row<'_>, table: TableName, columns: &[Option<usize>], order: DateOrder) -> AsItStands {
        let known = table.columns().iter().zip(columns).filter_map(|((name, _), at)| Some((*name, (*at)?)));
        AsItStands::of(row, known, order, table_print(row, table, columns))
    }
}

/// The print of a row of a small table: of its known cells, trimmed, or of all cells of a ragged row.
pub fn table_print(row: &Row<'_>, table: TableName, columns: &[Option<usize>]) -> String {
    let mut bytes = Vec::new();
    let mut take = |name: &str, text: &str| {
        for part in [name, "\u{1f}", text, "\u{1e}"] {
            bytes.extend_from_slice(part.as_bytes());
        }
    };
    if row.is_ragged() {
        (0..row.cells()).for_each(|cell| take("", row.cell(cell).unwrap_or_default()));
    } else {
        for ((name, _), at) in table.columns().iter().zip(columns) {
            if let Some(text) = at.and_then(|at| row.cell(at)) {
                take(name, text);
            }
        }
    }
    print_of(table.word(), &bytes)
}

/// What became of the corrections of a table.
#[derive(Debug, Default)]
pub struct Corrected {
    /// How many rows were replaced: by the file they stood in and the file that mends them.
    pub replaced: BTreeMap<(Arc<str>, Arc<str>), usize>,
    /// Corrections whose row is nowhere to be found.
    pub without_row: Vec<Place>,
}

impl Corrected {
    /// Every correction of a table that is not in the data: there is nothing whose place they could take.
    pub fn of_missing(loaded: &Loaded, table: TableName) -> Corrected {
        let mut corrected = Corrected::default();
        for file in loaded.corrections_of(table) {
            let place = |(_, row): (&str, u32)| Place { file: file.text.file.clone(), row };
            corrected.without_row.extend(file.prints().map(place));
        }
        corrected
    }

    /// Says so.
    pub fn say(self, findings: &mut Findings) {
        for ((of, by), rows) in self.replaced {
            let rows = counted(rows, "row", "rows");
            findings.say(FindingCode::RowsCorrected, format!("{rows} of {of}: corrections in {by} took their place."));
        }
        for place in self.without_row {
            let message = format!(
                "the row whose place {place} was to take is not in quarantine any more: the correction was left out."
            );
            let column = crate::load::corrections::REPLACES;
            findings.add(Finding::at(FindingCode::CorrectionWithoutRow, &place, column, "", message));
        }
    }
}

/// The corrections of a table, by the row they are for.
pub struct Wanted<'a> {
    loaded: &'a Loaded,
    table: TableName,
    by_print: BTreeMap<&'a str, (Arc<str>, FoundIn)>,
}

/// Where a row was found whose place a correction takes: the files, with how often. Beside it stands the correction's own.
type FoundIn = BTreeMap<Arc<str>, usize>;

impl<'a> Wanted<'a> {
    /// Those of a table.
    pub fn of(loaded: &'a Loaded, table: TableName) -> Wanted<'a> {
        let mut by_print = BTreeMap::new();
        for file in loaded.corrections_of(table) {
            for (print, _) in file.prints() {
                by_print.entry(print).or_insert_with(|| (file.text.file.clone(), BTreeMap::new()));
            }
        }
        Wanted { loaded, table, by_print }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_print.is_empty()
    }

    /// Whether a correction takes the place of a row of `file` with this print; it then counts as found.
    pub fn takes(&mut self, print: &str, file: &Arc<str>) -> bool {
        let Some((_, found)) = self.by_print.get_mut(print) else { return false };
        *found.entry(file.clone()).or_default() += 1;
        true
    }

    /// The file in which the row of this print was found first; none where it was not found.
    pub fn found_in(&self, print: &str) -> Option<&Arc<str>> {
        self.by_print.get(print).and_then(|(_, found)| found.keys().next())
    }

    /// What became of all of them.
    pub fn corrected(&self) -> Corrected {
        let mut corrected = Corrected::default();
        for (by, found) in self.by_print.values() {
            for (of, rows) in found {
                *corrected.replaced.entry((of.clone(), by.clone())).or_default() += rows;
            }
        }
        for file in self.loaded.corrections_of(self.table) {
            for (print, row) in file.prints() {
                if self.found_in(print).is_none() {
                    corrected.without_row.push(Place { file: file.text.file.clone(), row });
                }
            }
        }
        corrected.without_row.sort();
        corrected
    }
}
