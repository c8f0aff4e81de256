//! Reading the rows of one table: cells with their mistakes, exact repeats, keys given twice, quarantine.

use super::as_it_stands::{AsItStands, Corrected, Wanted, table_print};
use super::written_dates::{DateForms, not_a_date};
use super::{Held, RowCounts};
use crate::dates::{self, Date, DateOrder};
use crate::error::Result;
use crate::finding::{FindingCode, Findings, shortened};
use crate::ids::{CaseId, FamilyId};
use crate::load::corrections::REPLACES;
use crate::load::tables::TableName;
use crate::load::{Defect, Loaded, Row, TextFile, unreadable};
use crate::place::Place;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is wrong with one cell.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// Its column; blank for the whole row.
    pub column: String,
    /// Its value.
    pub value: String,
    /// The kind of mistake.
    pub code: FindingCode,
    /// The same in a sentence.
    pub message: String,
}

/// One row while it is read: cells by column name, and the mistakes found so far.
pub struct RowReader<'a> {
    /// Where the row stands.
    pub place: Place,
    row: Row<'a>,
    columns: &'a [Option<usize>],
    names: &'static [(&'static str, bool)],
    date_order: DateOrder,
    /// What the dates read so far say of the order in which the file writes them.
    forms: &'a mut DateForms,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

impl<'a> RowReader<'a> {
    /// The text of a cell; `None` when blank.
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let known = self.names.iter().position(|(name, _)| *name == column)?;
        self.row.cell(self.columns[known]?)
    }

    /// Notes a mistake.
    pub fn wrong(&mut self, column: &str, code: FindingCode, message: String) {
        let value = self.text(column).unwrap_or_default().to_owned();
        self.mistakes.push(Mistake { column: column.to_owned(), value, code, message });
    }

    /// The text of a cell that must not be blank.
    pub fn need(&mut self, column: &str) -> Option<&'a str> {
        let text = self.text(column);
        if text.is_none() {
            self.wrong(column, FindingCode::MissingValue, format!("{column} is blank, and every row must have it."));
        }
        text
    }

    /// The date of a cell; `None` when it is blank, or a mistake.
    pub fn date(&mut self, column: &str) -> Option<Date> {
        let text = self.text(column)?;
        let date = dates::read_in(text, self.date_order);
        match date {
            Some(_) => self.forms.note(text, self.row.number),
            None => {
                self.forms.note_unread(text, self.row.number);
                let message = not_a_date(column, text, self.date_order);
                self.wrong(column, FindingCode::ImpossibleDate, message);
            }
        }
        date
    }

    /// The date of a cell, where it can be read, without a word where it cannot.
    pub fn date_if_any(&self, column: &str) -> Option<Date> {
        dates::read_in(self.text(column)?, self.date_order)
    }

    /// The date of a cell that must not be blank.
    pub fn need_date(&mut self, column: &str) -> Option<Date> {
        self.need(column)?;
        self.date(column)
    }

    /// One of the words of a column, in any case of letters and with spaces for underscores. `None` when
    /// blank, or unknown; an unknown word is a mistake of this code.
    pub fn word<T: Copy>(&mut self, column: &str, words: &[(&'static str, T)], code: FindingCode) -> Option<T> {
        let text = self.text(column)?;
        let found = find_word(text, words);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(column, code, format!("{column} \"{text}\" is none of {}.", known.join(", ")));
        }
        found
    }

    /// Notes what was wrong with the row before it became one of its table, and errors of a spreadsheet in its cells.
    fn mistakes_before(&mut self) {
        if let Some(Defect { column, value, code, message }) = self.row.defect().cloned() {
            self.mistakes.push(Mistake { column, value, code, message });
        }
        for (column, _) in self.names {
            if let Some(message) = self.text(column).and_then(|text| unreadable::said(column, text)) {
                self.wrong(column, FindingCode::CellError, message);
            }
        }
    }

    /// A hash of the known cells, wide enough that two different rows never share one. Of a ragged row it cannot be told
    /// which cell is which, so it repeats another one only with all its cells.
    fn row_hash(&self) -> u128 {
        wide_hash(|hasher| {
            if self.row.is_ragged() {
                (0..self.row.cells()).for_each(|cell| self.row.cell(cell).unwrap_or_default().hash(hasher));
                return;
            }
            if let Some(defect) = self.row.defect() {
                (&defect.column, &defect.value).hash(hasher);
            }
            for (name, _) in self.names {
                self.text(name).unwrap_or_default().hash(hasher);
            }
            "whole".hash(hasher);
        })
    }
}

/// A hash of 128 bits. Two different rows have the same one about as often as never: once in more rows than can be read.
pub(super) fn wide_hash(feed: impl Fn(&mut DefaultHasher)) -> u128 {
    let half = |seed: u64| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        feed(&mut hasher);
        u128::from(hasher.finish())
    };
    (half(1) << 64) | half(2)
}

/// The value of a word, in any case of letters and with spaces or hyphens for underscores.
pub fn find_word<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Option<T> {
    let folded = text.to_lowercase().replace([' ', '-'], "_");
    words.iter().find(|(word, _)| *word == folded).map(|(_, value)| *value)
}

/// The rows of a table: those that can be used, those that are held, and the counts.
#[derive(Debug)]
pub struct ReadTable<T> {
    /// Typed rows, in the files' order.
    pub rows: Vec<T>,
    /// Quarantined rows.
    pub held: Vec<Held>,
    /// What became of the rows read.
    pub counts: RowCounts,
    /// What is to be said of the files.
    pub findings: Findings,
    /// What became of corrections.
    pub corrected: Corrected,
}

/// What a row is about even when it cannot be used.
#[derive(Default)]
pub struct About {
    /// Its key, where the table has one.
    pub key: Option<String>,
    /// Its family.
    pub family: Option<FamilyId>,
    /// Its case.
    pub case: Option<CaseId>,
    /// Whether it is restricted, or may be.
    pub restricted: bool,
    /// The day since which it exists.
    pub since: Option<Date>,
}

/// How a row is read.
struct How<'a> {
    date_order: DateOrder,
    /// Why it cannot be used whatever it says.
    refused: Option<&'a str>,
}

struct Candidate<T> {
    parsed: Option<T>,
    about: About,
    place: Place,
    record: String,
    mistakes: Vec<Mistake>,
}

/// Reads all files of a table. `about` says what a row is about, `parse` types it; a row with a mistake is
/// held, and so is every row of a key that is given more than once with different values.
///
/// # Errors
/// A file that cannot be read to its end.
pub fn read_table<T>(
    loaded: &Loaded,
    table: TableName,
    about: &dyn Fn(&RowReader<'_>) -> About,
    parse: &mut dyn FnMut(&mut RowReader<'_>) -> Option<T>,
) -> Result<ReadTable<T>> {
    let mut candidates: Vec<Candidate<T>> = Vec::new();
    let mut counts = RowCounts::default();
    let mut findings = Findings::default();
    let mut seen: FxHashSet<u128> = FxHashSet::default();
    let mut wanted = Wanted::of(loaded, table);
    let mut take = |file: &TextFile, row: Row<'_>, columns: &[Option<usize>], forms: &mut DateForms, how: How<'_>| {
        let How { date_order, refused } = how;
        counts.read += 1;
        let place = Place { file: file.file.clone(), row: row.number };
        let names = table.columns();
        let mut reader = RowReader { place, row, columns, names, date_order, forms, mistakes: Vec::new() };
        if refused.is_none() && !seen.insert(reader.row_hash()) {
            counts.repeated += 1;
            return;
        }
        let mut of_row = |column: &str, code, message| {
            let (column, value) = (column.to_owned(), String::new());
            reader.mistakes.push(Mistake { column, value, code, message });
        };
        if let Some(why) = refused {
            of_row(REPLACES, FindingCode::CorrectionRefused, why.to_owned());
        }
        if row.is_ragged() {
            of_row("", FindingCode::RowLength, row.ragged());
        }
        reader.mistakes_before();
        let mut about = about(&reader);
        if refused.is_some() {
            // The row that it may be meant for has the key too, and is no rival of it.
            about.key = None;
        }
        let parsed = parse(&mut reader);
        let record = reader.text(record_column(table)).unwrap_or_default().to_owned();
        let RowReader { place, mut mistakes, .. } = reader;
        if let Some(mistake) = mistakes.first_mut()
            && let Some(heading) = file.heading(&mistake.column)
        {
            mistake.message.push_str(&format!(" In the file the column is \"{heading}\"."));
        }
        candidates.push(Candidate { parsed, about, place, record, mistakes });
    };
    for file in loaded.of(table) {
        let columns = columns_of(file);
        let mut forms = DateForms::default();
        file.for_each(&mut |row| {
            if wanted.is_empty() || !wanted.takes(&table_print(&row, table, &columns), &file.file) {
                take(file, row, &columns, &mut forms, How { date_order: file.date_order(), refused: None });
            }
        })?;
        forms.say(file, &mut findings);
    }
    for correction in loaded.corrections_of(table) {
        let columns = columns_of(&correction.text);
        let mut forms = DateForms::default();
        correction.text.for_each(&mut |row| match correction.replaces(row.number) {
            Ok(print) => {
                let Some(first) = wanted.found_in(print) else { return };
                let how = How { date_order: loaded.order_beside(&correction.text, first), refused: None };
                take(&correction.text, row, &columns, &mut forms, how);
            }
            Err(why) => {
                let how = How { date_order: correction.text.date_order(), refused: Some(why) };
                take(&correction.text, row, &columns, &mut forms, how);
            }
        })?;
    }
    let mut rows_of_key: FxHashMap<String, Vec<Place>> = FxHashMap::default();
    for candidate in &candidates {
        if let Some(key) = &candidate.about.key {
            rows_of_key.entry(key.clone()).or_default().push(candidate.place.clone());
        }
    }
    let mut rows = Vec::with_capacity(candidates.len());
    let mut held = Vec::new();
    for mut candidate in candidates {
        let rivals = candidate.about.key.as_ref().and_then(|key| rows_of_key.get(key)).filter(|all| all.len() > 1);
        if let (Some(rivals), Some(key)) = (rivals, &candidate.about.key) {
            let others: Vec<String> =
                rivals.iter().filter(|place| **place != candidate.place).map(Place::to_string).collect();
            candidate.mistakes.insert(
                0,
                Mistake {
                    column: key_column(table).to_owned(),
                    value: key.clone(),
                    code: FindingCode::KeyGivenTwice,
                    message: format!("{key} is given more than once with different values: see {}.", others.join(", ")),
                },
            );
        }
        match (candidate.parsed, candidate.mistakes.into_iter().next()) {
            (Some(row), None) => rows.push(row),
            (_, mistake) => {
                let mistake = mistake.unwrap_or(Mistake {
                    column: String::new(),
                    value: String::new(),
                    code: FindingCode::MissingValue,
                    message: "the row cannot be read.".to_owned(),
                });
                held.push(Held {
                    table,
                    place: candidate.place,
                    column: mistake.column,
                    value: shortened(mistake.value),
                    code: mistake.code,
                    message: shortened(mistake.message),
                    record: candidate.record,
                    family: candidate.about.family,
                    case: candidate.about.case,
                    restricted: candidate.about.restricted,
                    since: candidate.about.since,
                    pupil: None,
                    row: AsItStands::default(),
                });
            }
        }
    }
    counts.used = rows.len();
    counts.quarantined = held.len();
    let corrected = wanted.corrected();
    take_cells(loaded, table, &mut held)?;
    Ok(ReadTable { rows, held, counts, findings, corrected })
}

fn columns_of(file: &TextFile) -> Vec<Option<usize>> {
    file.table.columns().iter().map(|(name, _)| file.column(name)).collect()
}

/// Takes the cells of held rows from the files, in a second look: which rows are held is known only when all are read.
fn take_cells(loaded: &Loaded, table: TableName, held: &mut [Held]) -> Result<()> {
    if held.is_empty() {
        return Ok(());
    }
    let mut at: FxHashMap<Place, &mut AsItStands> =
        held.iter_mut().map(|held| (held.place.clone(), &mut held.row)).collect();
    for file in loaded.of(table).chain(loaded.corrections_of(table).map(|correction| &correction.text)) {
        let columns = columns_of(file);
        file.for_each(&mut |row| {
            let place = Place { file: file.file.clone(), row: row.number };
            if let Some(cells) = at.get_mut(&place) {
                **cells = AsItStands::of_table(&row, table, &columns, file.date_order());
                // A correction that must be mended once more is still one of the first row.
                if let Some(first) = loaded.replaces_at(&place) {
                    cells.print = first.to_owned();
                }
            }
        })?;
    }
    Ok(())
}

/// The column that says which case, person or claim a row is of.
fn record_column(table: TableName) -> &'static str {
    match table {
        TableName::Cases | TableName::Criteria | TableName::Agreements => "case_id",
        TableName::People | TableName::Attendance => "person_id",
        TableName::Claims => "claim_id",
        TableName::Confirmations => "record",
        TableName::FormerIds => "id",
        TableName::Terms => "",
    }
}

fn key_column(table: TableName) -> &'static str {
    match table {
        TableName::Cases => "case_id",
        TableName::People => "person_id",
        TableName::Claims => "claim_id",
        TableName::Terms => "term",
        TableName::Criteria
        | TableName::Attendance
        | TableName::Agreements
        | TableName::Confirmations
        | TableName::FormerIds => "",
    }
}
