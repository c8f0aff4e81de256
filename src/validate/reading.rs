//! Reading the rows of one table: cells with their mistakes, exact repeats, keys given twice, quarantine.

use super::as_it_stands::{AsItStands, Corrected, Mended, Wanted, table_print};
use super::days::{Dated, HeldDays, Horizon, MayBeSuccess, is_too_early, means_no_end};
use super::rows::{Role, RuleName};
use super::written_dates::{DateForms, not_a_date};
use super::{Held, HeldPerson, RowCounts};
use crate::dates::{self, Date, DateOrder};
use crate::error::Result;
use crate::finding::{FindingCode, Findings, shortened};
use crate::ids::{self, CaseId, FamilyId, Upn};
use crate::load::corrections::REPLACES;
use crate::load::header_again::{self, HeaderAgain};
use crate::load::tables::{TableName, is_date};
use crate::load::wide::SideBySide;
use crate::load::{Defect, Loaded, Row, TextFile, unreadable};
use crate::place::Place;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The words of a column that says yes or no.
pub const YES_NO: [(&str, bool); 8] = [
    ("y", true),
    ("n", false),
    ("yes", true),
    ("no", false),
    ("true", true),
    ("false", false),
    ("1", true),
    ("0", false),
];

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
        let id = ids::cleaned(self.text(column)?);
        (!id.is_empty() && !ids::lost_its_digits(&id)).then_some(id)
    }

    /// The id in a cell that must not be blank.
    pub fn need_id(&mut self, column: &str) -> Option<Cow<'a, str>> {
        let before = self.mistakes.len();
        let id = self.id(column);
        if id.is_none() && self.mistakes.len() == before {
            self.wrong(column, FindingCode::MissingValue, format!("{column} is blank, and every row must have it."));
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
    fn days(&self, table: TableName) -> HeldDays {
        if self.row.is_ragged() || self.row.defect().is_some_and(|defect| is_date(&defect.column)) {
            return HeldDays::UNKNOWN;
        }
        let is_no_end = |column: &str| {
            let read = self.text(column).and_then(|text| dates::read_in(text, self.date_order));
            read.is_some_and(|date| means_no_end(column, date))
        };
        let given = self.names.iter().map(|(column, _)| *column).filter(|column| self.text(column).is_some());
        let days = given.filter(|column| is_date(column) && !is_no_end(column));
        // `expecting` has a day or one of two words.
        let expecting = self.text("expecting").filter(|text| find_word(text, &YES_NO).is_none()).map(|_| "expecting");
        HeldDays::of(own_day(table), days.chain(expecting).map(|column| (column, self.date_if_any(column))))
    }

    /// Who a held row of people is of, as far as it can be read.
    fn person(&self, table: TableName) -> Option<HeldPerson> {
        if table != TableName::People {
            return None;
        }
        if self.row.is_ragged() {
            let cells = (0..self.row.cells()).filter_map(|cell| self.row.cell(cell)).map(str::to_owned).collect();
            return Some(HeldPerson { cells, ..HeldPerson::default() });
        }
        let upn = |column: &str| self.id_if_any(column).and_then(|text| Upn::read(&text));
        let name = |column: &str| self.text(column).map(str::to_owned);
        Some(HeldPerson {
            person_id: self.id_if_any("person_id").map(|id| crate::ids::PersonId::new(&id)),
            upn: upn("upn"),
            former_upn: upn("former_upn"),
            role: self.text("role").and_then(|text| find_word(text, &Role::WORDS)),
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

    /// Notes what was wrong with the row before it became one of its table, and errors of a spreadsheet in its cells.
    fn mistakes_before(&mut self) {
        if let Some(Defect { column, value, code, message }) = self.row.defect().cloned() {
            self.mistakes.push(Mistake { column, value, code, message, by_day: false });
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
                self.hash_cell(name, hasher);
            }
            "whole".hash(hasher);
        })
    }

    /// A hash of the cells in which two rows of one key must be the same: all of them, save those in which the episodes of
    /// a person in a family may differ.
    fn value_hash(&self, table: TableName) -> u128 {
        let may_differ = |name: &str| {
            table == TableName::People && matches!(name, "joined_on" | "left_on" | "postcode" | "expecting")
        };
        wide_hash(|hasher| {
            for (name, _) in self.names.iter().filter(|(name, _)| !may_differ(name)) {
                self.hash_cell(name, hasher);
            }
        })
    }

    /// Ids count as they are compared; other cells as they stand.
    fn hash_cell(&self, name: &str, hasher: &mut DefaultHasher) {
        let text = self.text(name).unwrap_or_default();
        match name {
            "upn" | "former_upn" => Upn::text_of(text).hash(hasher),
            name if is_id(name) => ids::cleaned(text).hash(hasher),
            _ => text.hash(hasher),
        }
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
    let folded = ids::cleaned(text).to_lowercase().replace([' ', '-'], "_");
    words.iter().find(|(word, _)| *word == folded).map(|(_, value)| *value)
}

/// The rows of a table: those that can be used, those that are held, and the counts.
#[derive(Debug)]
pub struct ReadTable<T> {
    /// Typed rows, in the files' order.
    pub rows: Vec<T>,
    /// Typed rows that are held only because of the as-at date: see [`Dated`].
    pub set_aside: Vec<T>,
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
    /// Other cases that it may be of.
    pub may_be_of: Vec<CaseId>,
    /// Whether it is restricted, or may be.
    pub restricted: bool,
    /// The rule that an agreement names.
    pub rule: Option<RuleName>,
    /// Whether a claim may be one that is approved, or waits for a decision.
    pub may_be_success: Option<MayBeSuccess>,
}

/// How a row is read.
struct How<'a> {
    date_order: DateOrder,
    /// Why it cannot be used whatever it says.
    refused: Option<&'a str>,
    /// What is wrong with it as a correction.
    mistake: Option<Mistake>,
}

struct Candidate<T> {
    parsed: Option<T>,
    about: About,
    days: HeldDays,
    person: Option<HeldPerson>,
    values: u128,
    /// The hash of the row, by which it is found again among those of its place.
    hash: u128,
    place: Place,
    record: String,
    mistakes: Vec<Mistake>,
}

/// Reads all files of a table. `about` says what a row is about, `parse` types it; a row with a mistake is
/// held, and so is every row of a key that is given more than once with different values.
///
/// # Errors
/// A file that cannot be read to its end.
pub fn read_table<T: Dated>(
    loaded: &Loaded,
    table: TableName,
    horizon: &Horizon,
    about: &dyn Fn(&RowReader<'_>) -> About,
    parse: &mut dyn FnMut(&mut RowReader<'_>) -> Option<T>,
) -> Result<ReadTable<T>> {
    let mut candidates: Vec<Candidate<T>> = Vec::new();
    let mut counts = RowCounts::default();
    let mut findings = Findings::default();
    let mut seen: FxHashSet<u128> = FxHashSet::default();
    let mut wanted = Wanted::of(loaded, table);
    let mut other_header: Option<Place> = None;
    let mut take = |file: &TextFile, row: Row<'_>, columns: &[Option<usize>], forms: &mut DateForms, how: How<'_>| {
        let How { date_order, refused, mistake } = how;
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
            reader.mistakes.push(Mistake { column, value, code, message, by_day: false });
        };
        if let Some(why) = refused {
            of_row(REPLACES, FindingCode::CorrectionRefused, why.to_owned());
        }
        if row.is_ragged() {
            of_row("", FindingCode::RowLength, row.ragged());
        }
        reader.mistakes.extend(mistake);
        reader.mistakes_before();
        let mut about = about(&reader);
        if refused.is_some() {
            // The row that it may be meant for has the key too, and is no rival of it.
            about.key = None;
        }
        let parsed = parse(&mut reader);
        if let Some(wrong) = parsed.as_ref().and_then(|row| row.wrong_day(horizon)) {
            reader.wrong(wrong.column, wrong.code, wrong.message);
            if let Some(mistake) = reader.mistakes.last_mut() {
                mistake.by_day = true;
            }
        }
        let record = reader.text(record_column(table)).unwrap_or_default().to_owned();
        // A row of a key may be held when all rows are read.
        let may_be_held = parsed.is_none() || !reader.mistakes.is_empty() || about.key.is_some();
        let days = if may_be_held { reader.days(table) } else { HeldDays::UNKNOWN };
        let person = reader.person(table);
        let values = if about.key.is_some() { reader.value_hash(table) } else { 0 };
        let hash = reader.row_hash();
        let RowReader { place, mut mistakes, .. } = reader;
        match Some(()).filter(|()| !mistakes.is_empty()).and_then(|()| file.header_again(&row)) {
            Some(HeaderAgain::Same) => {
                let (column, value) = (String::new(), String::new());
                let (code, message) = (FindingCode::HeaderAgain, header_again::said());
                mistakes.insert(0, Mistake { column, value, code, message, by_day: false });
            }
            Some(HeaderAgain::Other) => other_header = other_header.take().or(Some(place.clone())),
            None => {}
        }
        if let Some(mistake) = mistakes.first_mut() {
            in_words_of_the_file(mistake, file, &row);
        }
        candidates.push(Candidate { parsed, about, days, person, values, hash, place, record, mistakes });
    };
    for file in loaded.of(table) {
        let columns = columns_of(file);
        let mut forms = DateForms::default();
        let date_order = file.date_order();
        file.for_each(&mut |row| {
            let as_it_stands = || AsItStands::of_table(&row, table, &columns, date_order);
            if wanted.is_empty() || !wanted.takes(&table_print(&row, table, &columns), &file.file, as_it_stands) {
                take(file, row, &columns, &mut forms, How { date_order, refused: None, mistake: None });
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
                let date_order = loaded.order_beside(&correction.text, first);
                let mistake = match wanted.flag_of(print, &correction.text, &row) {
                    Mended::Need => None,
                    // That there is no such need is what the correction says.
                    Mended::NoNeed => return,
                    Mended::Wrong(column, code, message) => {
                        let value = correction.text.column(column).and_then(|at| row.cell(at)).unwrap_or_default();
                        let (column, value) = (column.to_owned(), value.to_owned());
                        Some(Mistake { column, value, code, message, by_day: false })
                    }
                };
                let how = How { date_order, refused: None, mistake };
                take(&correction.text, row, &columns, &mut forms, how);
            }
            Err(why) => {
                let how = How { date_order: correction.text.date_order(), refused: Some(why), mistake: None };
                take(&correction.text, row, &columns, &mut forms, how);
            }
        })?;
    }
    if let Some(place) = other_header {
        return Err(header_again::refused(&place));
    }
    let mut rows_of_key: FxHashMap<String, RowsOfKey> = FxHashMap::default();
    for candidate in &candidates {
        if let Some(key) = &candidate.about.key {
            rows_of_key.entry(key.clone()).or_default().add(candidate.values, &candidate.place);
        }
    }
    let mut rows = Vec::with_capacity(candidates.len());
    let mut set_aside = Vec::new();
    let (mut held, mut hashes) = (Vec::new(), Vec::new());
    for mut candidate in candidates {
        let rivals = candidate.about.key.as_ref().and_then(|key| rows_of_key.get(key)).filter(|rows| rows.differ);
        if let (Some(rivals), Some(key)) = (rivals, &candidate.about.key) {
            let mistake = Mistake {
                column: key_column(table).to_owned(),
                value: key.clone(),
                code: FindingCode::KeyGivenTwice,
                message: format!(
                    "{key} is given more than once with different values: see {}.",
                    rivals.others(&candidate.place)
                ),
                by_day: false,
            };
            candidate.mistakes.insert(0, mistake);
        }
        let by_day = candidate.parsed.is_some()
            && !candidate.mistakes.is_empty()
            && candidate.mistakes.iter().all(|mistake| mistake.by_day);
        let row = candidate.parsed.take();
        match (row, candidate.mistakes.is_empty()) {
            (Some(row), true) => rows.push(row),
            (row, _) => {
                set_aside.extend(row.filter(|_| by_day));
                hashes.push(candidate.hash);
                held.push(held_row(table, candidate, by_day));
            }
        }
    }
    counts.used = rows.len();
    counts.quarantined = held.len();
    let corrected = wanted.corrected();
    take_cells(loaded, table, &mut held, &hashes)?;
    Ok(ReadTable { rows, set_aside, held, counts, findings, corrected })
}

/// The rows of one key.
#[derive(Default)]
struct RowsOfKey {
    /// The values of the first.
    values: u128,
    /// The first rows, and how many there are.
    first: Vec<Place>,
    number: usize,
    /// Whether any has other values.
    differ: bool,
}

/// How many rows of a key a message names beside its own; the rest is counted.
const RIVALS_NAMED: usize = 5;

impl RowsOfKey {
    fn add(&mut self, values: u128, place: &Place) {
        if self.number == 0 {
            self.values = values;
        }
        self.differ |= values != self.values;
        self.number += 1;
        if self.first.len() <= RIVALS_NAMED {
            self.first.push(place.clone());
        }
    }

    /// The other rows, for a message of the one at `place`.
    fn others(&self, place: &Place) -> String {
        let named: Vec<String> =
            self.first.iter().filter(|other| *other != place).take(RIVALS_NAMED).map(Place::to_string).collect();
        match self.number - 1 - named.len() {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}

fn held_row<T>(table: TableName, candidate: Candidate<T>, by_day: bool) -> Held {
    let mistake = candidate.mistakes.into_iter().next().unwrap_or(Mistake {
        column: String::new(),
        value: String::new(),
        code: FindingCode::MissingValue,
        message: "the row cannot be read.".to_owned(),
        by_day: false,
    });
    Held {
        table,
        place: candidate.place,
        column: mistake.column,
        value: shortened(mistake.value),
        code: mistake.code,
        message: shortened(mistake.message),
        record: candidate.record,
        family: candidate.about.family,
        case: candidate.about.case,
        may_be_of: candidate.about.may_be_of,
        restricted: candidate.about.restricted,
        person: candidate.person,
        rule: candidate.about.rule,
        may_be_success: candidate.about.may_be_success.unwrap_or(MayBeSuccess::No),
        days: candidate.days,
        by_day,
        pupil: None,
        row: AsItStands::default(),
    }
}

/// Whether a column of the tables holds ids.
fn is_id(column: &str) -> bool {
    matches!(column, "case_id" | "family_id" | "person_id" | "claim_id" | "id" | "former_id" | "upn" | "former_upn")
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
fn in_words_of_the_file(mistake: &mut Mistake, file: &TextFile, row: &Row<'_>) {
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

fn columns_of(file: &TextFile) -> Vec<Option<usize>> {
    file.table.columns().iter().map(|(name, _)| file.column(name)).collect()
}

/// Takes the cells of held rows from the files, in a second look: which rows are held is known only when all are read. A
/// row of a file with criteria side by side is several rows of the table, told apart by their hashes.
fn take_cells(loaded: &Loaded, table: TableName, held: &mut [Held], hashes: &[u128]) -> Result<()> {
    if held.is_empty() {
        return Ok(());
    }
    let places: FxHashSet<Place> = held.iter().map(|held| held.place.clone()).collect();
    let mut at: FxHashMap<(Place, u128), &mut AsItStands> =
        held.iter_mut().zip(hashes).map(|(held, hash)| ((held.place.clone(), *hash), &mut held.row)).collect();
    let names = table.columns();
    for file in loaded.of(table).chain(loaded.corrections_of(table).map(|correction| &correction.text)) {
        let columns = columns_of(file);
        let mut forms = DateForms::default();
        file.for_each(&mut |row| {
            let place = Place { file: file.file.clone(), row: row.number };
            if !places.contains(&place) {
                return;
            }
            let (columns, date_order, mistakes) = (&*columns, file.date_order(), Vec::new());
            let reader = RowReader { place, row, columns, names, date_order, forms: &mut forms, mistakes };
            let hash = reader.row_hash();
            let place = reader.place;
            // A correction that must be mended once more is still one of the first row.
            let first = loaded.replaces_at(&place).map(str::to_owned);
            if let Some(cells) = at.get_mut(&(place, hash)) {
                **cells = AsItStands::of_table(&row, table, columns, date_order);
                if let Some(first) = first {
                    cells.print = first;
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
