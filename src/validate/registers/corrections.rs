//! Corrections of attendance rows. The files are read first, and then those corrections whose row was found among the
//! rows that cannot be used: which those are is known only when all are read.

use super::kept::{Correction, Registers};
use super::layouts::Columns;
use super::reading::{File, ReadByOne, Said};
use crate::dates::DateOrder;
use crate::error::Result;
use crate::load::tables::TableName;
use crate::load::{Loaded, TextFile};
use crate::validate::as_it_stands::Wanted;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Leaves out the rows whose place corrections take, and notes them as found. Gives back the enrolments that they named.
pub(super) fn leave_out(read: &mut [ReadByOne], wanted: &mut Wanted<'_>, files: &[File<'_>]) -> FxHashSet<u32> {
    let mut enrolments = FxHashSet::default();
    if wanted.is_empty() {
        return enrolments;
    }
    for one in read {
        let before = one.waiting.len();
        one.waiting.retain(|waiting| {
            let Said::Fault(faulty) = &waiting.said else { return true };
            let Some(file) = files.get(usize::from(waiting.place.file)) else { return true };
            let is_replaced = wanted.takes(&faulty.row.print, &file.text.file, || faulty.row.clone());
            if is_replaced {
                enrolments.insert(waiting.enrolment.number());
            }
            !is_replaced
        });
        one.counts.read -= before - one.waiting.len();
    }
    enrolments
}

/// The corrections that are to be read.
///
/// # Errors
/// A quarantine file is in none of the layouts.
pub(super) fn to_read(loaded: &Loaded, wanted: &Wanted<'_>) -> Result<Vec<Correction>> {
    let mut corrections = Vec::new();
    for file in loaded.corrections_of(TableName::Attendance) {
        Columns::of(&file.text)?;
        let mut rows_of: BTreeMap<(Option<Arc<str>>, bool), FxHashSet<u32>> = BTreeMap::new();
        for (print, row) in file.prints() {
            if let Some(found_in) = wanted.found_in(print) {
                // The same marks say something else where a supplier's symbols stand for other codes.
                let as_file = loaded.settings.symbols_of(found_in).map(|_| found_in.clone());
                let is_unsettled = loaded.order_beside(&file.text, found_in) == DateOrder::Unsettled;
                rows_of.entry((as_file, is_unsettled)).or_default().insert(row);
            }
        }
        for ((as_file, is_unsettled), rows) in rows_of {
            let order = if is_unsettled { DateOrder::Unsettled } else { DateOrder::DayFirst };
            let text = file.with_rows(order, |row| rows.contains(&row));
            corrections.push(Correction { text, as_file, refused: BTreeMap::new() });
        }
        let mut refused = BTreeMap::new();
        file.text.for_each(&mut |row| {
            if let Err(why) = file.replaces(row.number) {
                refused.insert(row.number, why.to_owned());
            }
        })?;
        if !refused.is_empty() {
            let text = file.with_rows(file.text.date_order(), |row| refused.contains_key(&row));
            corrections.push(Correction { text, as_file: None, refused });
        }
    }
    Ok(corrections)
}

/// The files that may hold marks, with their numbers: those of the data, then corrections. Each with the name by which a
/// supplier's symbols are found.
pub(super) fn all_files<'a>(
    loaded: &'a Loaded,
    registers: &'a Registers,
) -> impl Iterator<Item = (usize, &'a TextFile, Option<&'a str>)> {
    let of_data = loaded.of(TableName::Attendance).map(|file| (file, Some(&*file.file), true));
    let corrections = registers.corrections.iter();
    let corrections = corrections.map(|one| (&one.text, one.as_file.as_deref(), one.refused.is_empty()));
    let all = of_data.chain(corrections).enumerate();
    all.filter(|(_, (_, _, is_used))| *is_used).map(|(number, (text, as_file, _))| (number, text, as_file))
}
