//! Attendance records: marks, weeks, termly totals and counts by code, from all files, to typed records.
//!
//! Registers are large, so they have a path of their own, straight from parts of files to numbers, by all cores at the
//! same time. Session marks become a byte a half-day of each pupil; totals and counts become typed records. Of pupils whom
//! no family has only what a list of them needs is kept.
//!
//! - [`record`] what one record is, and whose; [`kept`] all of them, and what the other stages may ask.
//! - [`layouts`] the layouts, and the cells of a row.
//! - [`enrolments`] pupils as rows name them, [`kinds`] what is the same in many marks, [`sheet`] the marks themselves.
//! - [`reading`] rows to records and [`tally`] what is counted meanwhile; [`gathered`] what all of it comes to.
//! - [`missing`] where missing marks stand.
//! - [`corrections`] quarantined rows that were mended.
//! - [`search`] a second look into the files, for the places of some marks.

mod corrections;
mod enrolments;
mod gathered;
mod kept;
mod kinds;
mod layouts;
mod missing;
mod percent;
mod reading;
mod record;
pub mod search;
mod sheet;
mod tally;

use super::as_it_stands::Wanted;
use super::days::Horizon;
use super::persons::Persons;
use super::reading::ReadTable;
use crate::dates::Date;
use crate::error::{Error, Result};
use crate::finding::Findings;
use crate::load::Loaded;
use crate::load::dates_seen::DatesSeen;
use crate::load::parts::{FileNumber, Parts, Progress};
use crate::load::tables::TableName;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::parameters::Window;
use layouts::Scale;
use reading::{File, ReadByOne, Shared, Worker};
use std::collections::BTreeMap;

pub use kept::Registers;
pub use kinds::{KindNumber, MarkKind};
pub use record::{
    CountRecord, DaysHeld, FoundMark, HalfDay, HalfDayNumber, PercentRecord, Pupil, PupilIndex, RecordPlace,
    SchoolNumber, Stranger, TotalRecord, half_day,
};

/// The columns of a layout by its word (`marks`, `weeks`, `totals`, `counts`); none for another word.
pub fn columns_of_layout(layout: &str) -> Option<Vec<&'static str>> {
    layouts::columns_of(layout)
}

/// The terms of the window: the latest completed ones, or the latest completed ones of which any record is held. And those
/// looked at: the same, or the latest completed ones where too few are held for a window.
pub fn terms_looked_at(registers: Option<&Registers>, rules: &Rules, as_at: Date) -> (Vec<TermIndex>, Vec<TermIndex>) {
    let wanted = rules.parameters.terms;
    let latest = |terms: Vec<TermIndex>| terms[terms.len().saturating_sub(wanted)..].to_vec();
    let completed = rules.calendar.completed_terms(as_at).filter(|term| !rules.passed_over.contains(term));
    let completed: Vec<TermIndex> = completed.collect();
    let is_held = |term: &TermIndex| registers.is_some_and(|registers| registers.terms_held.contains(term));
    let window = match rules.parameters.window {
        Window::Completed => latest(completed.clone()),
        Window::Held => latest(completed.iter().copied().filter(is_held).collect()),
    };
    let looked_at = if window.len() < wanted { latest(completed) } else { window.clone() };
    (window, looked_at)
}

/// Reads all attendance files.
///
/// # Errors
/// A file in none of the layouts, or one that cannot be read to its end.
pub fn read(
    loaded: &Loaded,
    rules: &Rules,
    persons: &Persons,
    horizon: &Horizon,
    findings: &mut Findings,
) -> Result<(Registers, ReadTable<()>)> {
    let table = TableName::Attendance;
    let symbols_of = |file: &str| loaded.settings.symbols_of(file);
    let all_files = || -> Result<Vec<File<'_>>> {
        loaded.of(table).map(|text| File::new(text, symbols_of(&text.file), None)).collect()
    };
    let files = all_files()?;
    if files.len() > usize::from(u16::MAX) {
        return Err(Error::new("there are more than 65,535 attendance files: put them together."));
    }
    let all_parts = || Parts::of(loaded.of(table).collect(), loaded.read_at_once, &loaded.progress);
    let mut parts = all_parts();
    let mut shared = Shared::new(rules, files, persons, horizon);
    let mut read = read_parts(&shared, &parts, 0)?;
    // What the dates of a file show of their order is known only when all are read; nearly always it is the order in which
    // they were read.
    let scales = scales_of(&read);
    if settle_dates(&shared.files, &read) | scales.values().any(|scale| *scale != Scale::default()) {
        let first = parts.inputs();
        parts = all_parts();
        shared = Shared::new(rules, all_files()?, persons, horizon);
        for (file, scale) in scales {
            if let Some(file) = shared.files.get_mut(usize::from(file)) {
                file.columns.scale = scale;
            }
        }
        read = read_parts(&shared, &parts, 0)?;
        parts.check_against(&first)?;
    }

    let mut wanted = Wanted::of(loaded, table);
    let left_out = corrections::leave_out(&mut read, &mut wanted, &shared.files);
    let mended = corrections::to_read(loaded, &wanted)?;
    if !mended.is_empty() {
        let first = shared.files.len();
        let as_file = |one: &'_ kept::Correction| one.as_file.as_deref().and_then(symbols_of);
        for one in &mended {
            shared.files.push(File::new(&one.text, as_file(one), Some(&one.refused))?);
        }
        let progress = Progress::default();
        let more = Parts::of(mended.iter().map(|one| &one.text).collect(), loaded.read_at_once, &progress);
        read.extend(read_parts(&shared, &more, first)?);
    }
    let (mut registers, mut held, counts) = gathered::gathered(shared, read, &left_out, findings);
    registers.inputs = parts.inputs();
    registers.corrections = mended;
    for row in &mut held {
        // A correction that must be mended once more is still one of the first row.
        if let Some(first) = loaded.replaces_at(&row.place) {
            row.row.print = first.to_owned();
        }
    }
    Ok((
        registers,
        ReadTable {
            rows: Vec::new(),
            set_aside: Vec::new(),
            held,
            counts,
            findings: Findings::default(),
            corrected: wanted.corrected(),
        },
    ))
}

/// What the percentages of each file are.
fn scales_of(read: &[ReadByOne]) -> BTreeMap<u16, Scale> {
    let mut seen: BTreeMap<u16, percent::Seen> = BTreeMap::new();
    for (file, of_one) in read.iter().flat_map(|one| &one.percents) {
        seen.entry(*file).or_default().add(*of_one);
    }
    seen.into_iter().map(|(file, seen)| (file, seen.scale())).collect()
}

/// Notes how the dates of each file are written. Whether any must be read again, in another order than it was.
fn settle_dates(files: &[File<'_>], read: &[ReadByOne]) -> bool {
    let mut again = false;
    for (number, file) in files.iter().enumerate().filter(|(_, file)| !file.text.order_is_said()) {
        let mut seen = DatesSeen::default();
        let of_file = read.iter().filter_map(|one| one.forms.get(&u16::try_from(number).unwrap_or(u16::MAX)));
        of_file.for_each(|forms| seen.add(forms.seen()));
        let before = file.text.date_order();
        file.text.settle(seen);
        again |= file.text.date_order() != before && seen.either_way > 0;
    }
    again
}

/// Reads all parts; the files have numbers from `first` on.
fn read_parts(shared: &Shared<'_>, parts: &Parts<'_>, first: FileNumber) -> Result<Vec<ReadByOne>> {
    let workers =
        parts.read_all(|| Worker::new(shared), |worker, file, part| Worker::part(worker, first + file, part))?;
    Ok(workers.into_iter().map(Worker::finish).collect())
}
