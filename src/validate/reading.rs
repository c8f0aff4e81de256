//! Reading the rows of one table: cells with their mistakes, exact repeats, keys given twice, quarantine.

use super::{Held, RowCounts};
use crate::dates::{self, Date};
use crate::error::Result;
use crate::finding::{FindingCode, shortened};
use crate::ids::{CaseId, FamilyId};
use crate::load::tables::TableName;
use crate::load::{Loaded, Row};
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
        let date = dates::read(text);
        if date.is_none() {
            self.wrong(column, FindingCode::ImpossibleDate, format!("{column} \"{text}\" is not a date."));
        }
        date
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

    /// A hash of the known cells, wide enough that two different rows never share one. Of a ragged row it cannot be told
    /// which cell is which, so it repeats another one only with all its cells.
    fn row_hash(&self) -> u128 {
        wide_hash(|hasher| {
            if self.row.is_ragged() {
                (0..self.row.cells()).for_each(|cell| self.row.cell(cell).unwrap_or_default().hash(hasher));
                return;
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
    let mut seen: FxHashSet<u128> = FxHashSet::default();
    for file in loaded.of(table) {
        let columns: Vec<Option<usize>> = table.columns().iter().map(|(name, _)| file.column(name)).collect();
        file.for_each(&mut |row| {
            counts.read += 1;
            let place = Place { file: file.file.clone(), row: row.number };
            let mut reader = RowReader { place, row, columns: &columns, names: table.columns(), mistakes: Vec::new() };
            if !seen.insert(reader.row_hash()) {
                counts.repeated += 1;
                return;
            }
            if row.is_ragged() {
                let message = row.ragged();
                reader.mistakes.push(Mistake {
                    column: String::new(),
                    value: String::new(),
                    code: FindingCode::RowLength,
                    message,
                });
            }
            let about = about(&reader);
            let parsed = parse(&mut reader);
            let record = reader.text(record_column(table)).unwrap_or_default().to_owned();
            let RowReader { place, mistakes, .. } = reader;
            candidates.push(Candidate { parsed, about, place, record, mistakes });
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
                });
            }
        }
    }
    counts.used = rows.len();
    counts.quarantined = held.len();
    Ok(ReadTable { rows, held, counts })
}

/// The column that says which case, person or claim a row is of.
fn record_column(table: TableName) -> &'static str {
    match table {
        TableName::Cases | TableName::Criteria | TableName::Agreements => "case_id",
        TableName::People | TableName::Attendance => "person_id",
        TableName::Claims => "claim_id",
        TableName::Confirmations => "record",
        TableName::Terms => "",
    }
}

fn key_column(table: TableName) -> &'static str {
    match table {
        TableName::Cases => "case_id",
        TableName::People => "person_id",
        TableName::Claims => "claim_id",
        TableName::Terms => "term",
        TableName::Criteria | TableName::Attendance | TableName::Agreements | TableName::Confirmations => "",
    }
}
