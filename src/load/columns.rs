//! Which heading of a file is which column of its table.

use super::folded::folded;
use super::mapping::{Mapping, Wide};
use super::row::{Reading, Rows};
use super::settings::Settings;
pub use super::tables::FLAG;
use super::text_file::{Body, TextFile};
use super::{limits, tables};
use crate::error::{Error, Result, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};

/// What a table is made from: the name of the file (and sheet), and which of the settings' `[[files]]` speaks of it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    pub(super) number: Option<usize>,
}

/// The headings of a file with criteria or terms side by side, to find a column by.
#[derive(Clone, Copy)]
pub(super) struct SideBySideHeadings<'a> {
    pub(super) file: &'a str,
    pub(super) names: &'a [String],
}

impl SideBySideHeadings<'_> {
    /// The column with a heading, if there is one.
    ///
    /// # Errors
    /// There are several: which is meant cannot be told, and what the other says would be lost.
    pub(super) fn find(self, heading: &str) -> std::result::Result<Option<usize>, String> {
        let mut same = (0..self.names.len()).filter(|at| folded(&self.names[*at]) == folded(heading));
        match (same.next(), same.next()) {
            (first, None) => Ok(first),
            (_, Some(_)) => Err(format!(
                "{} has the column \"{}\" more than once: give one of them another heading.",
                self.file,
                heading.trim()
            )),
        }
    }

    /// The headings of the columns that are not among these. One without a heading counts where it is not blank.
    pub(super) fn all_but(self, used: &BTreeSet<usize>, rows: &Rows) -> Vec<String> {
        let is_filled =
            |at: usize| rows.cells.iter().any(|row| row.get(at).is_some_and(|cell| !cell.trim().is_empty()));
        let others = self.names.iter().enumerate().filter(|(at, _)| !used.contains(at));
        let told = others.filter(|(at, name)| !name.trim().is_empty() || is_filled(*at));
        told.map(|(at, name)| heading_at(at, name)).collect()
    }

    /// The column with a heading that must be there.
    ///
    /// # Errors
    /// There is none, or several.
    pub(super) fn position(self, heading: &str) -> std::result::Result<usize, String> {
        self.find(heading)?.ok_or_else(|| {
            let hint = did_you_mean(heading, self.names.iter().map(|name| name.trim()));
            format!("{} has no column \"{}\".{hint}", self.file, heading.trim())
        })
    }
}

/// A heading for people; that of a column without one says which it is.
pub(super) fn heading_at(at: usize, heading: &str) -> String {
    match heading.trim() {
        "" => format!("column {} (no heading)", at + 1),
        heading => heading.to_owned(),
    }
}

/// The table's column that a heading stands for.
pub(super) fn column_of(mapping: &Mapping, heading: &str) -> Option<&'static str> {
    let heading = folded(heading);
    if let Some(part) = mapping.wide.as_ref().and_then(|wide| part_of(wide, &heading)) {
        return Some(part);
    }
    let renamed = mapping.columns.iter().find(|(_, named)| folded(named) == heading).map(|(column, _)| column.as_str());
    let mut known = mapping.table.columns().iter().map(|(name, _)| *name);
    match renamed {
        Some(column) => known.find(|name| *name == column),
        None => known.find(|name| folded(name) == heading && !mapping.columns.contains_key(*name)),
    }
}

/// What a heading is of the criteria side by side; it is folded.
fn part_of(wide: &Wide, heading: &str) -> Option<&'static str> {
    wide.criteria.values().find_map(|criterion| {
        let columns = criterion.columns();
        if folded(&columns.flag) == heading {
            return Some(FLAG);
        }
        columns.others().find(|(_, named)| folded(named) == heading).map(|(part, _)| part)
    })
}

/// A file with its columns by the table's names.
pub(super) fn named(
    source: Source<'_>,
    mapping: &Mapping,
    names: Vec<String>,
    body: Body,
    settings: &Settings,
) -> Result<TextFile> {
    limits::check_columns(source.name, names.len())?;
    let mut headings = BTreeMap::new();
    let mut columns = names.clone();
    for (column, heading) in &mapping.columns {
        let found: Vec<usize> =
            (0..names.len()).filter(|position| folded(&names[*position]) == folded(heading)).collect();
        let &[position] = found.as_slice() else {
            let message = if found.is_empty() {
                let hint = did_you_mean(heading, names.iter().map(|name| name.trim()));
                let known: Vec<&str> =
                    names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).take(40).collect();
                format!("{} has no column \"{heading}\".{hint} It has {}.", source.name, known.join(", "))
            } else {
                format!(
                    "{} has the column \"{heading}\" more than once: give one of them another heading.",
                    source.name
                )
            };
            // A ready mapping speaks of more columns than every file has.
            let must = mapping.table.columns().iter().any(|(name, must)| name == column && *must);
            if found.is_empty() && !must && settings.is_from_ready_mapping(source.number, column) {
                continue;
            }
            return Err(match source.number {
                Some(number) => settings.wrong_heading(number, heading, &message),
                None => Error::new(message),
            });
        };
        // A column of the table's own name is then another one.
        for (other, name) in columns.iter_mut().enumerate() {
            if other != position && folded(name) == folded(column) {
                *name = format!("{} (as it stands)", name.trim());
            }
        }
        columns[position] = column.clone();
        if folded(heading) != folded(column) {
            headings.insert(column.clone(), names[position].trim().to_owned());
        }
    }
    let constants: Vec<(&String, &String)> = mapping.constants.iter().collect();
    let all = columns.iter().map(String::as_str).chain(constants.iter().map(|(column, _)| column.as_str()));
    let header = tables::header(mapping.table, source.name, all)?;
    let width = names.len();
    let values: Vec<Option<BTreeMap<String, String>>> =
        header.iter().take(width).map(|column| mapping.values.get(column).cloned()).collect();
    let is_plain = constants.is_empty() && values.iter().all(Option::is_none);
    let constants = constants.into_iter().map(|(_, value)| value.clone()).collect();
    let mut file = TextFile::plain(mapping.table, source.name, header, body);
    file.width = width;
    file.said_order = mapping.dialect.date_order;
    file.headings = headings;
    file.reading = (!is_plain).then_some(Reading { values, constants });
    Ok(file)
}
