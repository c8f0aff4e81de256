//! A second look into the files of marks, days and weeks. Marks are kept without their places, which nearly nobody asks for;
//! where a few are asked for (two that contradict each other, the records behind a decision), the files are read again.

use super::corrections::all_files;
use super::enrolments::named;
use super::kept::Registers;
use super::layouts::{Columns, Layout, week_of_marks};
use super::record::{FoundMark, HalfDay, HalfDayNumber, Pupil, PupilIndex, RecordPlace};
use crate::dates::{self, DateOrder, day_number, is_monday};
use crate::error::Result;
use crate::ids::{cleaned, lost_its_digits};
use crate::load::parts::{Parts, Progress};
use crate::load::{Loaded, Row};
use crate::validate::row_reader::find_word;
use rustc_hash::FxHashMap;

/// Finds the marks that are `wanted`, by pupil and half-day, in order of half-day and place.
///
/// # Errors
/// A file cannot be read again.
pub fn marks(
    loaded: &Loaded,
    registers: &Registers,
    wanted: impl Fn(PupilIndex, HalfDayNumber) -> bool + Sync,
) -> Result<Vec<FoundMark>> {
    let mut numbers = Vec::new();
    let mut files = Vec::new();
    for (number, file, as_file) in all_files(loaded, registers) {
        let columns = Columns::of(file)?;
        if matches!(columns.layout, Layout::Marks | Layout::Days | Layout::Weeks) {
            numbers.push((number, columns, as_file.and_then(|name| loaded.settings.symbols_of(name))));
            files.push(file);
        }
    }
    let progress = Progress::default();
    let parts = Parts::of(files.clone(), loaded.read_at_once, &progress);
    let pupils: FxHashMap<&Pupil, PupilIndex> =
        registers.pupils.numbered().map(|(number, pupil)| (pupil, number)).collect();
    let found = parts.read_all(
        || (Vec::new(), FxHashMap::<String, Option<PupilIndex>>::default(), String::new()),
        |(found, learnt, key), file, part| {
            let (number, columns, symbols) = &numbers[file];
            let order = files[file].date_order();
            part.for_each(files[file], 0, &mut |row: Row<'_>| {
                let (person_id, upn) = (columns.text(&row, "person_id"), columns.text(&row, "upn"));
                key.clear();
                key.extend([person_id.unwrap_or_default(), "\u{1f}", upn.unwrap_or_default(), "\u{1f}"]);
                key.push_str(columns.text(&row, "school_urn").unwrap_or_default());
                let pupil = match learnt.get(key.as_str()) {
                    Some(known) => *known,
                    None => {
                        let cells = [person_id, upn, columns.text(&row, "school_urn")].map(Option::unwrap_or_default);
                        let is_lost = cells.iter().any(|cell| lost_its_digits(&cleaned(cell)));
                        let pupil = pupils.get(&named(cells)).copied();
                        let usable = pupil.filter(|pupil| !is_lost && !registers.contradictory.contains(pupil));
                        *learnt.entry(key.clone()).or_insert(usable)
                    }
                };
                let Some(pupil) = pupil.filter(|_| !row.is_ragged()) else { return };
                let place = RecordPlace::of(*number, row.number);
                match columns.layout {
                    Layout::Weeks => {
                        for (half_day, symbol) in week(columns, &row, order) {
                            if wanted(pupil, half_day) {
                                let code = symbols.and_then(|symbols| symbols.code_of(symbol));
                                let code = code.map_or_else(|| symbol.to_string().trim().to_uppercase(), str::to_owned);
                                found.push(FoundMark { half_day, place, pupil, code });
                            }
                        }
                    }
                    Layout::Days => {
                        for (column, half) in [("am", HalfDay::Am), ("pm", HalfDay::Pm)] {
                            let half_day = day(columns, &row, order).map(|day| 2 * day + half as i32);
                            if let Some(half_day) = half_day.filter(|half_day| wanted(pupil, *half_day)) {
                                let cell = columns.text(&row, column).unwrap_or_default();
                                let code = symbols.and_then(|symbols| symbols.code_of_cell(cell));
                                let code = code.map_or_else(|| cell.to_uppercase(), str::to_owned);
                                found.push(FoundMark { half_day, place, pupil, code });
                            }
                        }
                    }
                    _ => {
                        if let Some(half_day) =
                            half_day(columns, &row, order).filter(|half_day| wanted(pupil, *half_day))
                        {
                            let code = columns.text(&row, "code").unwrap_or_default().to_uppercase();
                            found.push(FoundMark { half_day, place, pupil, code });
                        }
                    }
                }
            })
        },
    )?;
    parts.check_against(&registers.inputs)?;
    let mut found: Vec<FoundMark> = found.into_iter().flat_map(|(found, _, _)| found).collect();
    found.sort_unstable();
    Ok(found)
}

fn day(columns: &Columns, row: &Row<'_>, order: DateOrder) -> Option<i32> {
    let date = columns.position("date")?;
    match row.day(date) {
        Some(day) => Some(day),
        None => Some(day_number(dates::read_in(row.cell(date)?, order)?)),
    }
}

fn half_day(columns: &Columns, row: &Row<'_>, order: DateOrder) -> Option<HalfDayNumber> {
    let day = day(columns, row, order)?;
    let half = find_word(columns.text(row, "session")?, &[("am", HalfDay::Am), ("pm", HalfDay::Pm)])?;
    Some(2 * day + half as i32)
}

fn week(columns: &Columns, row: &Row<'_>, order: DateOrder) -> Vec<(HalfDayNumber, char)> {
    let monday = columns.text(row, "week_start").and_then(|text| dates::read_in(text, order));
    let marks = columns.position("marks").and_then(|column| week_of_marks(row.untrimmed(column)));
    match monday.filter(|monday| is_monday(*monday)).zip(marks) {
        Some((monday, marks)) => (2 * day_number(monday)..).zip(marks.chars()).collect(),
        None => Vec::new(),
    }
}
