//! Columns of a file that are not read: what is said of them.

use super::columns::heading_at;
use super::folded::folded;
use super::left_aside;
use super::tables::FLAG;
use super::tables::TableName;
use super::text_file::TextFile;
use crate::error::{Error, Result};
use crate::error::{did_you_mean, misspelt};
use crate::finding::{FindingCode, Findings};
use std::collections::{BTreeMap, BTreeSet};

/// Whether an extra column of attendance is one of percentages.
pub(super) fn is_percentage_of(file: &TextFile, heading: &str) -> bool {
    // Beside sessions it is not read under whatever name.
    let is_read = |name: &str| {
        file.table.knows(name) && (name != "percent" || !file.header.iter().any(|other| other == "possible"))
    };
    file.table == TableName::Attendance && !is_read(heading) && left_aside::is_percentage(heading)
}

pub(super) fn percentages(file: &TextFile) -> Option<String> {
    let found: Vec<&str> =
        file.header.iter().map(String::as_str).filter(|name| is_percentage_of(file, name)).take(10).collect();
    (!found.is_empty()).then(|| {
        let has = |name: &str| file.column(name).is_some();
        let (file, found) = (&file.file, found.join("\", \""));
        if has("possible") && (has("attended") || has("authorised")) {
            return format!("{file}: \"{found}\" was not read, because the file has the sessions. You do not need to do anything.");
        }
        format!(
            "{file}: \"{found}\" was not read: percentages are rounded, and the rule counts sessions. Ask for the numbers of sessions possible and attended."
        )
    })
}

/// The columns of a file that are not read.
#[derive(Default)]
pub(super) struct Extra {
    /// Those that are nearly a column which the file lacks, with that column.
    pub(super) misspelt: Vec<(String, &'static str)>,
    /// What to say of the others; none without any.
    pub(super) message: Option<String>,
}

/// The columns of a file that are not read: `readings` is the file once, or as often as the settings make a table of it. What one of
/// its tables has is read.
pub(super) fn extra_columns(readings: &[&TextFile]) -> Extra {
    let Some((file, others)) = readings.split_first() else { return Extra::default() };
    let of_others: Vec<BTreeSet<String>> =
        others.iter().map(|other| extra_headings(other).iter().map(|name| folded(name)).collect()).collect();
    let is_extra = |heading: &String| of_others.iter().all(|extra| extra.contains(&folded(heading)));
    let is_side_by_side = !file.not_read.is_empty();
    // A file with criteria side by side has every column of the table once it is read.
    let is_missing = |name: &&str| !is_side_by_side && readings.iter().all(|reading| reading.column(name).is_none());
    let missing: Vec<&'static str> = file.table.columns().iter().map(|(name, _)| *name).filter(is_missing).collect();
    let (mut extra, mut plain) = (Extra::default(), Vec::new());
    for heading in extra_headings(file).into_iter().filter(is_extra) {
        match misspelt(&heading, missing.iter().copied()) {
            Some(column) => extra.misspelt.push((heading, column)),
            None => plain.push(heading),
        }
    }
    if plain.is_empty() {
        return extra;
    }
    // A file may have thousands of them.
    const SHOWN: usize = 40;
    let more = match plain.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = if is_side_by_side || !others.is_empty() {
        "columns that are not read, because sfclaim.toml does not name them".to_owned()
    } else {
        format!("columns that the table \"{}\" does not have", file.table)
    };
    let shown = plain.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    let hints: String = plain.iter().take(SHOWN).map(|name| did_you_mean(name, missing.iter().copied())).collect();
    extra.message = Some(format!("{}: {what}: {shown}{more}.{hints}", file.file));
    extra
}

/// The headings of a file that its table does not have.
pub(super) fn extra_headings(file: &TextFile) -> Vec<String> {
    // The flag of a criterion is the program's own column.
    let is_own = |name: &str| file.flags().is_some() && name == FLAG;
    let names = file.header.iter().enumerate().filter(|(_, name)| !is_own(name) && !is_percentage_of(file, name));
    let unknown = names.filter(|(_, name)| !file.table.knows(name));
    unknown.map(|(at, name)| heading_at(at, name)).chain(file.not_read.iter().cloned()).collect()
}

/// Columns without which a family could pass, or somebody be named who must not be: what nearly has one of these names is asked about.
const NOT_TO_BE_LOST: [&str; 3] = ["restricted", "relapsed_on", "result"];

/// Says which columns of files are not read.
///
/// # Errors
/// One of them is nearly a column that must not be lost.
pub(super) fn say_extra_columns(files: &[TextFile], findings: &mut Findings) -> Result<()> {
    let mut by_name: BTreeMap<&str, Vec<&TextFile>> = BTreeMap::new();
    for file in files {
        by_name.entry(&file.file).or_default().push(file);
    }
    for readings in by_name.values() {
        let extra = extra_columns(readings);
        for (heading, column) in &extra.misspelt {
            let file = &readings[0].file;
            if NOT_TO_BE_LOST.contains(column) {
                return Err(Error::new(format!(
                    "{file} has the heading \"{heading}\", which is nearly \"{column}\" and would not be read. If \"{column}\" is meant, correct the heading, or name it in sfclaim.toml (columns.{column}); if it is something else, give it another name."
                )));
            }
            let message = format!(
                "{file}: the heading \"{heading}\" is not read. It is nearly \"{column}\", which the file does not have: correct it, if that is what is meant."
            );
            findings.say(FindingCode::ColumnMisspelt, message);
        }
        if let Some(message) = extra.message {
            findings.say(FindingCode::ExtraColumns, message);
        }
    }
    Ok(())
}
