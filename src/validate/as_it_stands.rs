//! A held row as it stands, so that it can be written into a quarantine file, mended and read again; and what became of
//! the rows for which mended ones were given.

use crate::dates::{self, DateOrder, Form};
use crate::finding::{Finding, FindingCode, Findings};
use crate::load::corrections::print_of;
use crate::load::flags::Flag;
use crate::load::folded::folded;
use crate::load::tables::FLAG;
use crate::load::tables::{self, TableName};
use crate::load::{Loaded, Row, TextFile};
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
    /// Whether it can be mended in its own file alone: one row of that is several of the table, which cannot be told.
    pub in_its_file_only: bool,
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
    /// The filled cell of a column.
    pub fn cell(&self, column: &str) -> Option<&str> {
        let found = self.cells.iter().find(|(name, text)| *name == column && !text.trim().is_empty());
        found.map(|(_, text)| text.as_str())
    }

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
        AsItStands { cells, out_of_place: out_of_place(row), print, layout: "", in_its_file_only: false }
    }

    /// A row of a small table.
    pub fn of_table(row: &Row<'_>, table: TableName, columns: &[Option<usize>], order: DateOrder) -> AsItStands {
        let known = table.columns().iter().zip(columns).filter_map(|((name, _), at)| Some((*name, (*at)?)));
        let mut stands = AsItStands::of(row, known, order, table_print(row, table, columns));
        match row.side_by_side() {
            Some(of) if of.criterion.is_empty() => stands.in_its_file_only = true,
            // The flag stands behind the table's columns.
            Some(_) => stands.cells.push((FLAG, row.untrimmed(row.width() - 1).to_owned())),
            None => {}
        }
        stands
    }
}

impl AsItStands {
    /// Whether these cells of a correction say what the row says.
    fn is_what(&self, cells: &BTreeMap<String, String>) -> bool {
        let own = self.cells.iter().map(|(name, text)| (*name, text.as_str()));
        let beyond = Some(("", self.out_of_place.as_str())).filter(|(_, text)| !text.is_empty());
        let own: BTreeMap<&str, &str> = own.chain(beyond).filter(|(_, text)| !text.trim().is_empty()).collect();
        own.len() == cells.len()
            && own.iter().all(|(name, text)| cells.get(*name).is_some_and(|other| are_the_same(name, text, other)))
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

/// Whether two cells say the same, however a spreadsheet has written them down again.
fn are_the_same(column: &str, one: &str, other: &str) -> bool {
    // Spaces in a week of marks are marks.
    if column == "marks" || one == other {
        return one == other;
    }
    let day = |text: &str| dates::read(text).filter(|_| tables::may_be_date(column) || column == FLAG);
    // A date that could be read both ways is not the same as one that cannot: to say which is meant is to mend it.
    let is_either_way = |text: &str| dates::form(text) == Form::EitherWay;
    folded(one) == folded(other)
        || (day(one).is_some() && day(one) == day(other) && is_either_way(one) == is_either_way(other))
}

/// What a correction says of a criterion that stands beside others in its file.
pub enum Mended {
    /// There is the need.
    Need,
    /// There is none.
    NoNeed,
    /// It cannot be used: the column, the kind of mistake, and what is the matter, in a sentence.
    Wrong(&'static str, FindingCode, String),
}

/// What became of the corrections of a table.
#[derive(Debug, Default)]
pub struct Corrected {
    /// Corrections that say what the row said before.
    pub unchanged: Vec<Place>,
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
        for place in self.unchanged {
            let message =
                format!("{place} is as the program wrote it: it corrects nothing, and its row stands as it did.");
            let column = crate::load::corrections::REPLACES;
            findings.add(Finding::at(FindingCode::CorrectionUnchanged, &place, column, "", message));
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
    by_print: BTreeMap<&'a str, OfRow>,
}

/// What is known of the row whose place a correction takes.
#[derive(Default)]
struct OfRow {
    /// The correction's file.
    by: Option<Arc<str>>,
    /// Its filled cells, by column.
    cells: BTreeMap<String, String>,
    /// The files in which the row was found, with how often.
    found: BTreeMap<Arc<str>, usize>,
    /// The row as it stood.
    first: AsItStands,
    /// Whether the correction says what the row says.
    is_unchanged: bool,
}

impl<'a> Wanted<'a> {
    /// Those of a table.
    pub fn of(loaded: &'a Loaded, table: TableName) -> Wanted<'a> {
        let mut by_print: BTreeMap<&str, OfRow> = BTreeMap::new();
        for file in loaded.corrections_of(table) {
            for (print, row) in file.prints() {
                by_print.entry(print).or_insert_with(|| OfRow {
                    by: Some(file.text.file.clone()),
                    cells: file.cells_as_they_stand(row).into_iter().collect(),
                    ..OfRow::default()
                });
            }
        }
        Wanted { loaded, table, by_print }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_print.is_empty()
    }

    /// Whether a correction takes the place of a row of `file` with this print; it then counts as found. One that says
    /// what the row says corrects nothing.
    pub fn takes(&mut self, print: &str, file: &Arc<str>, as_it_stands: impl FnOnce() -> AsItStands) -> bool {
        let Some(of_row) = self.by_print.get_mut(print) else { return false };
        if of_row.found.is_empty() && !of_row.is_unchanged {
            of_row.first = as_it_stands();
            of_row.is_unchanged = of_row.first.is_what(&of_row.cells);
        }
        if of_row.is_unchanged {
            return false;
        }
        *of_row.found.entry(file.clone()).or_default() += 1;
        true
    }

    /// The file in which the row of this print was found first; none where it was not found.
    pub fn found_in(&self, print: &str) -> Option<&Arc<str>> {
        self.by_print.get(print).and_then(|of_row| of_row.found.keys().next())
    }

    /// What the correction of a row says of the need, where its file has criteria side by side: whether there is one is
    /// said by the flag there, and which one by the heading.
    pub fn flag_of(&self, print: &str, correction: &TextFile, row: &Row<'_>) -> Mended {
        let Some(of_row) = self.by_print.get(print) else { return Mended::Need };
        let file = self.found_in(print).and_then(|name| self.loaded.of(self.table).find(|file| file.file == *name));
        let Some(flags) = file.and_then(TextFile::flags) else { return Mended::Need };
        let text = |column: &str| correction.column(column).and_then(|at| row.cell(at)).unwrap_or_default();
        let before =
            of_row.first.cells.iter().find(|(name, _)| *name == "criterion").map_or("", |(_, text)| text.trim());
        if folded(text("criterion")) != folded(before) {
            let message = format!(
                "criterion is \"{}\", and the row is of criterion {before} by its heading in the file, which a correction cannot change.",
                text("criterion")
            );
            return Mended::Wrong("criterion", FindingCode::CorrectionRefused, message);
        }
        let flag = text(FLAG);
        let id_before = |name: &str| of_row.first.cell(name).unwrap_or_default();
        let other_id = ["case_id", "family_id"].into_iter().find(|name| text(name) != id_before(name).trim());
        let beside = ["identified_on", "outcome_on", "relapsed_on"].into_iter().find(|name| !text(name).is_empty());
        match flags.read(flag) {
            Flag::Yes | Flag::Since => Mended::Need,
            Flag::No if flag.is_empty() => {
                let message = format!(
                    "{FLAG} is blank: write yes where the family has the need of criterion {before}, and no where it has not."
                );
                Mended::Wrong(FLAG, FindingCode::UnclearFlag, message)
            }
            Flag::No => match beside {
                None if let Some(column) = other_id => {
                    let message = format!(
                        "{FLAG} says that there is no criterion {before}, and {column} is \"{}\" in place of \"{}\": a correction takes a need away from the case that has it alone.",
                        text(column),
                        id_before(column)
                    );
                    Mended::Wrong(column, FindingCode::CorrectionRefused, message)
                }
                None => Mended::NoNeed,
                Some(column) => {
                    let message = format!(
                        "{FLAG} says that there is no criterion {before}, and yet there is {column} \"{}\" for it.",
                        text(column)
                    );
                    Mended::Wrong(FLAG, FindingCode::UnclearFlag, message)
                }
            },
            Flag::Unknown => {
                let message = format!("{FLAG} \"{flag}\" of criterion {before} is neither yes nor no nor a date.");
                Mended::Wrong(FLAG, FindingCode::UnclearFlag, message)
            }
        }
    }

    /// What became of all of them.
    pub fn corrected(&self) -> Corrected {
        let mut corrected = Corrected::default();
        for of_row in self.by_print.values() {
            for (of, rows) in &of_row.found {
                let by = of_row.by.clone().unwrap_or_else(|| Arc::from(""));
                *corrected.replaced.entry((of.clone(), by)).or_default() += rows;
            }
        }
        for file in self.loaded.corrections_of(self.table) {
            for (print, row) in file.prints() {
                let place = Place { file: file.text.file.clone(), row };
                if self.by_print.get(print).is_some_and(|of_row| of_row.is_unchanged) {
                    corrected.unchanged.push(place);
                } else if self.found_in(print).is_none() {
                    corrected.without_row.push(place);
                }
            }
        }
        corrected.unchanged.sort();
        corrected.without_row.sort();
        corrected
    }
}
