//! A second look into the files, for the cells of a few rows.

use super::parts::{Parts, Progress};
use super::{Body, Loaded, Row, TextFile};
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
                let read =
                    |found: &mut Vec<_>, _, part: &super::parts::Part<'_>| part.for_each(file, |row| take(row, found));
                of_file.extend(parts.read_all(Vec::new, read)?.into_iter().flatten());
            }
            Body::Csv { .. } | Body::Rows(_) => file.for_each(&mut |row| take(row, &mut of_file))?,
        }
        let placed = |(row, cells)| (Place { file: file.file.clone(), row }, cells);
        found.extend(of_file.into_iter().map(placed));
    }
    Ok(found)
}

fn cells(file: &TextFile, row: &Row<'_>) -> Cells {
    let known = file.header.iter().enumerate().filter(|(_, name)| file.table.knows(name));
    known.map(|(position, name)| (name.clone(), row.untrimmed(position).to_owned())).collect()
}
