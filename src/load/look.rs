//! A second look into the files, for the cells of a few rows.

use super::loaded::Loaded;
use super::parts::{Parts, Progress};
use super::row::Row;
use super::tables::FLAG;
use super::text_file::{Body, TextFile};
use crate::error::Result;
use crate::place::Place;
use std::collections::{BTreeMap, BTreeSet};

/// The cells of a row by column, in the file's order: those of the table's columns, as they stand.
pub type Cells = Vec<(String, String)>;

/// The cells of the rows at these places. A place that no file has is left out.
///
/// # Errors
/// A file cannot be read again.
pub fn rows_at(loaded: &Loaded, places: &BTreeSet<Place>) -> Result<BTreeMap<Place, Cells>> {
    let corrections = loaded.corrections.iter().map(|correction| &correction.text);
    let mut found = BTreeMap::new();
    for file in loaded.files.iter().chain(corrections) {
        let rows: BTreeSet<u32> =
            places.iter().filter(|place| place.file == file.file).map(|place| place.row).collect();
        if rows.is_empty() {
            continue;
        }
        let take = |row: Row<'_>, found: &mut Vec<(u32, Cells)>| {
            if rows.contains(&row.number) {
                found.push((row.number, cells(file, &row)));
            }
        };
        let mut of_file = Vec::new();
        match &file.body {
            Body::CsvOnDisk { .. } | Body::ParquetOnDisk(_) => {
                let progress = Progress::default();
                let parts = Parts::of(vec![file], loaded.read_at_once, &progress);
                let read = |found: &mut Vec<_>, _, part: &super::parts::Part<'_>| {
                    part.for_each(file, 0, &mut |row: Row<'_>| take(row, found))
                };
                of_file.extend(parts.read_all(Vec::new, read)?.into_iter().flatten());
            }
            Body::Csv { .. } | Body::Rows(_) | Body::Columns(_) => file.for_each(&mut |row| take(row, &mut of_file))?,
        }
        for (row, cells) in of_file {
            let there: &mut Cells = found.entry(Place { file: file.file.clone(), row }).or_default();
            // A row that has criteria side by side comes once for each of them.
            for (name, text) in cells {
                if there.iter().all(|(known, _)| *known != name) {
                    there.push((name, text));
                }
            }
        }
    }
    Ok(found)
}

fn cells(file: &TextFile, row: &Row<'_>) -> Cells {
    if let Some(of) = row.side_by_side() {
        // As the file has them: the table's names are those of as many columns as there are criteria.
        let text = |name: &str| file.column(name).map_or("", |at| row.untrimmed(at)).to_owned();
        let ids = ["case_id", "family_id"].into_iter().filter(|name| file.column(name).is_some());
        let ids = ids.map(|name| (file.heading(name).unwrap_or(name).to_owned(), text(name)));
        let beside = of.headings.iter().filter(|(name, heading)| **name != "criterion" && *heading != of.flag());
        let beside = beside.map(|(name, heading)| (heading.clone(), text(name)));
        let flag = Some((of.flag().to_owned(), text(FLAG))).filter(|(heading, _)| !heading.is_empty());
        return ids.chain(flag).chain(beside).collect();
    }
    let known = file.header.iter().enumerate().filter(|(_, name)| file.table.knows(name));
    known.map(|(position, name)| (name.clone(), row.untrimmed(position).to_owned())).collect()
}
