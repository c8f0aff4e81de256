//! Reading the rows of one table: exact repeats, keys given twice, quarantine, corrections.
//!
//! Longer than most files, since it is the loop that every row of the small tables passes through.

use super::as_it_stands::{AsItStands, Corrected, Mended, Wanted, table_print};
use super::days::{Dated, HeldDays, Horizon, MayBeSuccess};
use super::held::{Held, HeldPerson, RowCounts};
use super::row_reader::{Mistake, RowReader, in_words_of_the_file};
use super::rows_of_key::RowsOfKey;
use super::written_dates::DateForms;
use crate::dates::DateOrder;
use crate::error::Result;
use crate::finding::{FindingCode, Findings, shortened};
use crate::ids::{CaseId, FamilyId};
use crate::load::corrections::REPLACES;
use crate::load::header_again::{self, HeaderAgain};
use crate::load::tables::TableName;
use crate::load::{Loaded, Row, TextFile};
use crate::place::Place;
use crate::rules::name::RuleName;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::sync::Arc;

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
    /// Its family.
    pub family: Option<FamilyId>,
    /// Its case.
    pub case: Option<CaseId>,
    /// Other cases that it may be of.
    pub may_be_of: Arc<[CaseId]>,
    /// Whether it is restricted, or may be.
    pub restricted: bool,
    /// The rule that an agreement names.
    pub rule: Option<RuleName>,
    /// Whether a claim may be one that is approved, or waits for a decision.
    pub may_be_success: Option<MayBeSuccess>,
    /// What else it may be about.
    pub also: Option<Box<About>>,
}

/// How a row is read.
struct How<'a> {
    date_order: DateOrder,
    /// Why it cannot be used whatever it says.
    refused: Option<&'a str>,
    /// Whether it is a correction.
    is_correction: bool,
    /// What is wrong with it as a correction.
    mistake: Option<Mistake>,
    /// What the row was about whose place it takes: where the correction cannot be used, that is as unknown as before.
    before: Option<Kept>,
}

/// A row that is held, or is when another row of its key has other values.
struct Candidate<T> {
    parsed: Option<T>,
    key: Option<String>,
    values: u64,
    /// The hash of the row, by which it is found again among those of its place.
    hash: u128,
    place: Place,
    mistakes: Vec<Mistake>,
    /// What is kept of it where it is held. Of a row without a mistake it is looked up when it must be: nearly none is.
    kept: Option<Box<Kept>>,
    /// The same of the row whose place a correction takes.
    before: Option<Box<Kept>>,
}

/// What is kept of a row that is held.
struct Kept {
    about: About,
    days: HeldDays,
    person: Option<HeldPerson>,
    record: String,
}

impl Kept {
    fn of(reader: &RowReader<'_>, table: TableName, about: About) -> Kept {
        let record = reader.text(record_column(table)).unwrap_or_default().to_owned();
        Kept { about, days: reader.days(table), person: reader.person(table), record }
    }
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
    let lines = loaded.of(table).map(TextFile::lines).sum();
    let (with_key, without) = if key_column(table).is_empty() { (0, lines) } else { (lines, 0) };
    let mut candidates: Vec<Candidate<T>> = Vec::with_capacity(with_key);
    let mut rows: Vec<T> = Vec::with_capacity(without);
    let mut counts = RowCounts::default();
    let mut findings = Findings::default();
    let mut seen: FxHashSet<u128> = FxHashSet::with_capacity_and_hasher(lines, FxBuildHasher);
    let mut wanted = Wanted::of(loaded, table);
    let mut other_header: Option<Place> = None;
    let mut replaced: FxHashMap<String, Kept> = FxHashMap::default();
    let mut bytes = Vec::new();
    let mut take = |file: &TextFile, row: Row<'_>, columns: &[Option<usize>], forms: &mut DateForms, how: How<'_>| {
        let How { date_order, refused, is_correction, mistake, before } = how;
        counts.read += 1;
        let mut reader = RowReader::of(file, row, columns, date_order, forms);
        let hash = reader.row_hash(&mut bytes);
        // A correction that cannot be used is none of the rows that it may look like.
        if refused.is_none() && mistake.is_none() && !seen.insert(hash) {
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
        // The row that a refused correction may be meant for has the key too, and is no rival of it.
        let key = if refused.is_some() { None } else { key_of(table, &reader) };
        let parsed = parse(&mut reader);
        if let Some(wrong) = parsed.as_ref().and_then(|row| row.wrong_day(horizon)) {
            reader.wrong(wrong.column, wrong.code, wrong.message);
            if let Some(mistake) = reader.mistakes.last_mut() {
                mistake.by_day = true;
            }
        }
        let parsed = match parsed {
            Some(row) if reader.mistakes.is_empty() && key.is_none() => return rows.push(row),
            parsed => parsed,
        };
        let values = if key.is_some() { reader.value_hash(table, &mut bytes) } else { 0 };
        // Rows of files can be looked up; those of corrections are read in an order of dates that is not their own.
        let is_looked_up = parsed.is_some() && reader.mistakes.is_empty() && !is_correction;
        let kept = (!is_looked_up).then(|| Box::new(Kept::of(&reader, table, about(&reader))));
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
        let before = before.map(Box::new);
        candidates.push(Candidate { parsed, key, values, hash, place, mistakes, kept, before });
    };
    for file in loaded.of(table) {
        let columns = columns_of(file);
        let mut forms = DateForms::default();
        let date_order = file.date_order();
        file.for_each(&mut |row| {
            let as_it_stands = || AsItStands::of_table(&row, table, &columns, date_order);
            let print = if wanted.is_empty() { String::new() } else { table_print(&row, table, &columns) };
            if wanted.is_empty() || !wanted.takes(&print, &file.file, as_it_stands) {
                let how = How { date_order, refused: None, is_correction: false, mistake: None, before: None };
                take(file, row, &columns, &mut forms, how);
            } else if let Entry::Vacant(first) = replaced.entry(print) {
                let reader = RowReader::of(file, row, &columns, date_order, &mut forms);
                let kept = Kept::of(&reader, table, about(&reader));
                first.insert(kept);
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
                let before = replaced.remove(print);
                let how = How { date_order, refused: None, is_correction: true, mistake, before };
                take(&correction.text, row, &columns, &mut forms, how);
            }
            Err(why) => {
                let date_order = correction.text.date_order();
                let how = How { date_order, refused: Some(why), is_correction: true, mistake: None, before: None };
                take(&correction.text, row, &columns, &mut forms, how);
            }
        })?;
    }
    if let Some(place) = other_header {
        return Err(header_again::refused(&place));
    }
    let rivals = rivals(&candidates);
    rows.reserve(candidates.len());
    let mut set_aside = Vec::new();
    let (mut held, mut lookups) = (Vec::new(), Vec::new());
    for mut candidate in candidates {
        let rivals = candidate.key.as_ref().and_then(|key| rivals.get(key));
        if let (Some(rivals), Some(key)) = (rivals, &candidate.key) {
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
                lookups.push(Lookup { hash: candidate.hash, is_kept: candidate.kept.is_some() });
                held.push(held_row(table, candidate, by_day));
            }
        }
    }
    counts.used = rows.len();
    counts.quarantined = held.len();
    let corrected = wanted.corrected();
    look_up(loaded, table, about, &mut held, &lookups)?;
    Ok(ReadTable { rows, set_aside, held, counts, findings, corrected })
}

/// The rows of each key that is given with different values, which nearly no key is.
fn rivals<T>(candidates: &[Candidate<T>]) -> FxHashMap<String, RowsOfKey> {
    let keys = || candidates.iter().filter_map(|candidate| Some((candidate.key.as_deref()?, candidate)));
    let mut values: FxHashMap<&str, u64> = FxHashMap::with_capacity_and_hasher(candidates.len(), FxBuildHasher);
    let mut rivals: FxHashMap<String, RowsOfKey> = FxHashMap::default();
    for (key, candidate) in keys() {
        if *values.entry(key).or_insert(candidate.values) != candidate.values {
            rivals.entry(key.to_owned()).or_default();
        }
    }
    if !rivals.is_empty() {
        for (key, candidate) in keys() {
            if let Some(rows) = rivals.get_mut(key) {
                rows.add(&candidate.place);
            }
        }
    }
    rivals
}

fn held_row<T>(table: TableName, candidate: Candidate<T>, by_day: bool) -> Held {
    let mistake = candidate.mistakes.into_iter().next().unwrap_or(Mistake {
        column: String::new(),
        value: String::new(),
        code: FindingCode::MissingValue,
        message: "the row cannot be read.".to_owned(),
        by_day: false,
    });
    let mut held = Held {
        table,
        place: candidate.place,
        column: mistake.column,
        value: shortened(mistake.value),
        code: mistake.code,
        message: shortened(mistake.message),
        record: String::new(),
        family: None,
        case: None,
        may_be_of: Arc::default(),
        restricted: false,
        person: None,
        rule: None,
        may_be_success: MayBeSuccess::No,
        days: HeldDays::UNKNOWN,
        by_day,
        pupil: None,
        row: AsItStands::default(),
        also_about: None,
    };
    let before = candidate.before.map(|before| {
        let mut stood = held.clone();
        keep(&mut stood, *before);
        Box::new(stood)
    });
    if let Some(kept) = candidate.kept {
        keep(&mut held, *kept);
    }
    if let Some(before) = before {
        held.restricted |= before.restricted;
        held.is_also_about(before);
    }
    held
}

fn keep(held: &mut Held, kept: Kept) {
    let Kept { mut about, days, person, record } = kept;
    let also = about.also.take();
    held.record = record;
    held.family = about.family;
    held.case = about.case;
    held.may_be_of = about.may_be_of;
    held.restricted = about.restricted;
    held.person = person;
    held.rule = about.rule;
    held.may_be_success = about.may_be_success.unwrap_or(MayBeSuccess::No);
    held.days = days;
    if let Some(also) = also {
        let mut other = Box::new(held.clone());
        (other.family, other.case, other.may_be_of) = (also.family, also.case, also.may_be_of);
        held.is_also_about(other);
    }
}

fn columns_of(file: &TextFile) -> Vec<Option<usize>> {
    file.table.columns().iter().map(|(name, _)| file.column(name)).collect()
}

/// What a held row is found by in a second look at the files.
struct Lookup {
    hash: u128,
    /// Whether all but its cells was kept at the first.
    is_kept: bool,
}

/// Takes the cells of held rows from the files, and what was not kept of them, in a second look: which rows are held is
/// known only when all are read. A row of a file with criteria side by side is several rows of the table, told apart by
/// their hashes.
fn look_up(
    loaded: &Loaded,
    table: TableName,
    about: &dyn Fn(&RowReader<'_>) -> About,
    held: &mut [Held],
    lookups: &[Lookup],
) -> Result<()> {
    if held.is_empty() {
        return Ok(());
    }
    let places: FxHashSet<Place> = held.iter().map(|held| held.place.clone()).collect();
    let mut at: FxHashMap<(Place, u128), (&mut Held, bool)> = held
        .iter_mut()
        .zip(lookups)
        .map(|(held, lookup)| ((held.place.clone(), lookup.hash), (held, lookup.is_kept)))
        .collect();
    let mut bytes = Vec::new();
    for file in loaded.of(table).chain(loaded.corrections_of(table).map(|correction| &correction.text)) {
        let columns = columns_of(file);
        let mut forms = DateForms::default();
        file.for_each(&mut |row| {
            let place = Place { file: file.file.clone(), row: row.number };
            if !places.contains(&place) {
                return;
            }
            let (columns, date_order) = (&*columns, file.date_order());
            let reader = RowReader::of(file, row, columns, date_order, &mut forms);
            let Some((held, is_kept)) = at.get_mut(&(place, reader.row_hash(&mut bytes))) else { return };
            if !*is_kept {
                keep(held, Kept::of(&reader, table, about(&reader)));
            }
            held.row = AsItStands::of_table(&row, table, columns, date_order);
            // A correction that must be mended once more is still one of the first row.
            if let Some(first) = loaded.replaces_at(&reader.place) {
                held.row.print = first.to_owned();
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

/// The key of a row, where its table has one and it can be read.
fn key_of(table: TableName, row: &RowReader<'_>) -> Option<String> {
    let column = key_column(table);
    match table {
        TableName::People => row
            .id_if_any(column)
            .zip(row.id_if_any("family_id"))
            .map(|(person, family)| [&person, " in ", &family].concat()),
        TableName::Terms => {
            row.text("academic_year").zip(row.text(column)).map(|(year, term)| format!("{term} {year}"))
        }
        _ => row.id_if_any(column).map(Cow::into_owned),
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
