//! One row while it is read: its cells by column, and what is wrong with them.

use super::days::{HeldDays, is_too_early, means_no_end};
use super::held::HeldPerson;
use super::rows::Role;
use super::written_dates::{DateForms, not_a_date};
use crate::dates::{self, Date, DateOrder};
use crate::finding::FindingCode;
use crate::ids::{self, CaseId, NhsNumber, PersonId, Upn};
use crate::load::row::SideBySide;
use crate::load::tables::{TableName, is_date};
use crate::load::{Defect, Row, TextFile, unreadable};
use crate::place::Place;
use crate::rules::council_words::CouncilWords;
use rustc_hash::FxHasher;
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

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
    /// Whether it is one only at the as-at date of the run: at another day the row may be used.
    pub by_day: bool,
}

/// One row while it is read: cells by column name, and the mistakes found so far.
pub struct RowReader<'a> {
    /// Where the row stands.
    pub place: Place,
    pub(super) row: Row<'a>,
    pub(super) columns: &'a [Option<usize>],
    names: &'static [(&'static str, bool)],
    /// The cells of the columns of the table, in their order: each is asked for several times.
    cells: Vec<Option<&'a str>>,
    pub(super) date_order: DateOrder,
    /// What the dates read so far say of the order in which the file writes them.
    pub(super) forms: &'a mut DateForms,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

impl<'a> RowReader<'a> {
    /// A reader of a row of `file`; `columns` are those of the file, by those of its table.
    pub(super) fn of(
        file: &TextFile,
        row: Row<'a>,
        columns: &'a [Option<usize>],
        date_order: DateOrder,
        forms: &'a mut DateForms,
    ) -> RowReader<'a> {
        let place = Place { file: file.file.clone(), row: row.number };
        let cells = columns.iter().map(|column| row.cell((*column)?)).collect();
        RowReader { place, row, columns, names: file.table.columns(), cells, date_order, forms, mistakes: Vec::new() }
    }

    /// The text of a cell; `None` when blank.
    pub fn text(&self, column: &str) -> Option<&'a str> {
        // Asked often enough that a glance at the first letters is worth it.
        let is_it = |name: &str| name.as_bytes().first() == column.as_bytes().first() && name == column;
        let known = self.names.iter().position(|(name, _)| is_it(name))?;
        self.cells[known]
    }

    /// The columns of the table, with the texts of the cells.
    fn texts(&self) -> impl Iterator<Item = (&'static str, Option<&'a str>)> {
        self.names.iter().map(|(name, _)| *name).zip(self.cells.iter().copied())
    }

    /// Notes a mistake.
    pub fn wrong(&mut self, column: &str, code: FindingCode, message: String) {
        let value = self.text(column).unwrap_or_default().to_owned();
        self.mistakes.push(Mistake { column: column.to_owned(), value, code, message, by_day: false });
    }

    /// The id in a cell, cleaned; `None` when it is blank, or a mistake: a rounded number stands for many ids.
    pub fn id(&mut self, column: &str) -> Option<Cow<'a, str>> {
        let id = self.id_if_any(column);
        if id.is_none() && self.text(column).is_some_and(|text| ids::lost_its_digits(&ids::cleaned(text))) {
            let message = format!(
                "{column} is a number that a spreadsheet has rounded, so that it stands for many: the id is lost."
            );
            self.wrong(column, FindingCode::IdLostDigits, message);
        }
        id
    }

    /// The id in a cell, cleaned, without a word where it cannot be read.
    pub fn id_if_any(&self, column: &str) -> Option<Cow<'a, str>> {
        let text = self.text(column)?;
        let id = ids::cleaned(text);
        let is_none = id.is_empty() || CouncilWords::get().says_no_id(&id);
        (!is_none && !ids::lost_its_digits(&id) && !unreadable::is_no_value(text)).then_some(id)
    }

    /// The id in a cell that must not be blank.
    pub fn need_id(&mut self, column: &str) -> Option<Cow<'a, str>> {
        let before = self.mistakes.len();
        let id = self.id(column);
        // What is wrong with a cell that holds no value has been said.
        let is_said = self.mistakes.len() > before || self.text(column).is_some_and(unreadable::is_no_value);
        if id.is_none() && !is_said {
            let is = self.text(column).map_or("blank".to_owned(), |word| format!("{word}, a word for none"));
            self.wrong(column, FindingCode::MissingValue, format!("{column} is {is}, and every row must have it."));
        }
        id
    }

    /// Which criterion of its row this one is, where the file has several side by side.
    pub fn side_by_side(&self) -> Option<Arc<SideBySide>> {
        self.row.side_by_side().cloned()
    }

    /// Whether the row has more cells than the file has columns, or fewer.
    pub fn is_ragged(&self) -> bool {
        self.row.is_ragged()
    }

    /// The mistakes so far are ones at the as-at date of the run only.
    pub fn only_by_day(&mut self) {
        self.mistakes.iter_mut().for_each(|mistake| mistake.by_day = true);
    }

    /// The UPN in a cell; `None` when there is none, or a mistake.
    pub fn upn(&mut self, column: &str) -> Option<Upn> {
        self.id(column).and_then(|text| Upn::read(&text))
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
            Some(date) if means_no_end(column, date) => {
                self.forms.note_no_end(text, self.row.number);
                None
            }
            Some(date) if is_too_early(date) => {
                let message = format!("{column} is {date}, which systems write where there is no date.");
                self.wrong(column, FindingCode::DayCannotBeRight, message);
                None
            }
            Some(date) => {
                self.forms.note(text, self.row.number);
                Some(date)
            }
            None => {
                self.forms.note_unread(text, self.row.number);
                let message = not_a_date(column, text, self.date_order);
                self.wrong(column, FindingCode::ImpossibleDate, message);
                None
            }
        }
    }

    /// The date of a cell, where it can be read and can be right, without a word where it cannot.
    pub fn date_if_any(&self, column: &str) -> Option<Date> {
        let date = dates::read_in(self.text(column)?, self.date_order)?;
        (!is_too_early(date) && !means_no_end(column, date)).then_some(date)
    }

    /// The days of the row as far as they can be read. Of a ragged row it cannot be told which cell is which.
    pub(super) fn days(&self, table: TableName) -> HeldDays {
        if self.row.is_ragged() || self.row.defect().is_some_and(|defect| is_date(&defect.column)) {
            return HeldDays::UNKNOWN;
        }
        let is_no_end = |column: &str| {
            let read = self.text(column).and_then(|text| dates::read_in(text, self.date_order));
            read.is_some_and(|date| means_no_end(column, date))
        };
        let given = self.texts().filter(|(_, text)| text.is_some()).map(|(column, _)| column);
        let days = given.filter(|column| is_date(column) && !is_no_end(column));
        // `expecting` has a day or one of two words.
        let expecting =
            self.text("expecting").filter(|text| CouncilWords::get().yes_no(text).is_none()).map(|_| "expecting");
        HeldDays::of(own_day(table), days.chain(expecting).map(|column| (column, self.date_if_any(column))))
    }

    /// Who a held row of people is of, as far as it can be read.
    pub(super) fn person(&self, table: TableName) -> Option<HeldPerson> {
        if table != TableName::People {
            return None;
        }
        if self.row.is_ragged() {
            let cells = (0..self.row.cells()).filter_map(|cell| self.row.cell(cell)).map(str::to_owned).collect();
            return Some(HeldPerson { cells, ..HeldPerson::default() });
        }
        let upn = |column: &str| self.id_if_any(column).and_then(|text| Upn::read(&text));
        let name = |column: &str| self.text(column).filter(|text| !unreadable::is_no_value(text)).map(str::to_owned);
        Some(HeldPerson {
            person_id: self.id_if_any("person_id").map(|id| PersonId::new(&id)),
            upn: upn("upn"),
            former_upn: upn("former_upn"),
            nhs_number: self.id_if_any("nhs_number").and_then(|text| NhsNumber::read(&text)?.ok()),
            role: self.text("role").and_then(role_meant).flatten(),
            first_name: name("first_name"),
            last_name: name("last_name"),
            date_of_birth: self.date_if_any("date_of_birth"),
            joined_on: self.date_if_any("joined_on"),
            cells: Vec::new(),
        })
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

    /// What a column says that can only say yes or no. `None` when blank, or unknown; an unknown word is a mistake.
    pub fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        let text = self.text(column)?;
        let words = CouncilWords::get();
        let found = words.yes_no(text);
        if found.is_none() {
            let message = format!("{column} \"{text}\" is none of {}.", words.yes_no_written().join(", "));
            self.wrong(column, FindingCode::UnknownValue, message);
        }
        found
    }

    /// Notes what was wrong with the row before it became one of its table, and errors of a spreadsheet in its cells.
    pub(super) fn mistakes_before(&mut self) {
        if let Some(Defect { column, value, code, message }) = self.row.defect().cloned() {
            self.mistakes.push(Mistake { column, value, code, message, by_day: false });
        }
        for at in 0..self.cells.len() {
            let column = self.names[at].0;
            if let Some(message) = self.cells[at].and_then(|text| unreadable::said(column, text)) {
                self.wrong(column, FindingCode::CellError, message);
            }
        }
    }

    /// A hash of the known cells, wide enough that two different rows never share one. Of a ragged row it cannot be told
    /// which cell is which, so it repeats another one only with all its cells.
    pub(super) fn row_hash(&self, bytes: &mut Vec<u8>) -> u128 {
        bytes.clear();
        if self.row.is_ragged() {
            (0..self.row.cells()).for_each(|cell| put(bytes, self.row.cell(cell).unwrap_or_default()));
            return wide_hash(bytes);
        }
        if let Some(defect) = self.row.defect() {
            put(bytes, &defect.column);
            put(bytes, &defect.value);
        }
        self.texts().for_each(|(name, text)| put_as_compared(bytes, name, text));
        put(bytes, "whole");
        wide_hash(bytes)
    }

    /// A hash of the cells in which two rows of one key must be the same: all of them, save those in which the episodes of
    /// a person in a family may differ. It tells apart the few rows of one key, for which it is wide enough.
    pub(super) fn value_hash(&self, table: TableName, bytes: &mut Vec<u8>) -> u64 {
        bytes.clear();
        let may_differ = |name: &str| {
            table == TableName::People && matches!(name, "joined_on" | "left_on" | "postcode" | "expecting")
        };
        self.texts().filter(|(name, _)| !may_differ(name)).for_each(|(name, text)| put_as_compared(bytes, name, text));
        let mut hasher = FxHasher::default();
        hasher.write(bytes);
        hasher.finish()
    }
}

/// Puts a text behind others, with an end that no text has.
fn put(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0xff);
}

/// Puts a cell behind others: ids as they are compared, other cells as they stand.
fn put_as_compared(bytes: &mut Vec<u8>, name: &str, text: Option<&str>) {
    match (name, text) {
        (_, None) => put(bytes, ""),
        ("upn" | "former_upn", Some(text)) => put(bytes, &Upn::text_of(text)),
        ("nhs_number", Some(text)) => put(bytes, &NhsNumber::text_of(text)),
        (name, Some(text)) if is_id(name) => put(bytes, &ids::cleaned(text)),
        (_, Some(text)) => put(bytes, text),
    }
}

/// A hash of 128 bits. Two different rows have the same one about as often as never: once in more rows than can be read.
pub(super) fn wide_hash(bytes: &[u8]) -> u128 {
    // Two unlike ways of hashing, so that what goes wrong in one goes right in the other; the second is much the faster.
    let (mut one, mut other) = (DefaultHasher::new(), FxHasher::default());
    one.write(bytes);
    other.write(bytes);
    (u128::from(one.finish()) << 64) | u128::from(other.finish())
}

/// The value of a word, in any case of letters and with spaces or hyphens for underscores.
pub fn find_word<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Option<T> {
    // Nearly every word stands as the table has it.
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Some(*value);
    }
    let folded = ids::cleaned(text).to_lowercase().replace([' ', '-'], "_");
    words.iter().find(|(word, _)| *word == folded).map(|(_, value)| *value)
}

/// The case that a row names, as far as it can be read.
pub(super) fn case_of(row: &RowReader<'_>) -> Option<CaseId> {
    row.id_if_any("case_id").map(|id| CaseId::new(&id))
}

/// The role that a word stands for, the table's or a relationship; none of both where the relationship may be either's.
/// `None` for a word that nobody knows.
pub(super) fn role_meant(text: &str) -> Option<Option<Role>> {
    if let Some(role) = find_word(text, &Role::WORDS) {
        return Some(Some(role));
    }
    let meant = CouncilWords::get().role(text)?;
    Some(find_word(meant, &Role::WORDS))
}

/// Whether a column of the tables holds ids.
fn is_id(column: &str) -> bool {
    let ids = ["case_id", "family_id", "person_id", "claim_id", "id", "former_id", "upn", "former_upn", "nhs_number"];
    ids.contains(&column)
}

/// The column of the day since which a row of the table exists.
fn own_day(table: TableName) -> &'static str {
    match table {
        TableName::Cases => "opened_on",
        TableName::People => "joined_on",
        TableName::Criteria => "identified_on",
        TableName::Claims => "submitted_on",
        TableName::Agreements => "agreed_on",
        TableName::Attendance | TableName::Terms | TableName::Confirmations | TableName::FormerIds => "",
    }
}

/// Says where in the file the wrong cell stands, where its columns are not named as the table's.
pub(super) fn in_words_of_the_file(mistake: &mut Mistake, file: &TextFile, row: &Row<'_>) {
    let side_by_side = row.side_by_side().filter(|of| !of.criterion.is_empty());
    let own = side_by_side.and_then(|of| of.headings.get(mistake.column.as_str()).map(String::as_str));
    let heading = own.or_else(|| file.heading(&mistake.column)).map(str::to_owned);
    if let Some(of) = side_by_side.filter(|of| !mistake.message.contains(&format!("\"{}\"", of.flag()))) {
        mistake.message.push_str(&format!(" {}", of.said()));
    }
    let Some(heading) = heading else { return };
    if !mistake.message.contains(&format!("\"{heading}\"")) {
        mistake.message.push_str(&format!(" In the file the column is \"{heading}\"."));
    }
    if side_by_side.is_some() {
        // The table's name would be that of as many columns as there are criteria.
        mistake.column = heading;
    }
}
