//! Attendance with a column a term: a row a pupil, with a percentage under the heading of each term. Each cell becomes a row
//! of the layout of percentages.

use super::columns::Source;
use super::folded::folded;
use super::mapping::{Mapping, Wide, term_and_year};
use super::row::{Rows, row_number};
use super::tables::PUPIL;
use crate::error::did_you_mean;

/// The columns of the rows that are made, behind those that name pupil and school.
const MADE: [&str; 3] = ["academic_year", "term", "percent"];

/// Turns a row a pupil into a row a pupil and term.
///
/// # Errors
/// A column that the settings name and the file has not; in a sentence.
pub(super) fn unfolded(
    source: Source<'_>,
    mapping: &Mapping,
    spec: &Wide,
    names: &[String],
    wide: Rows,
) -> Result<(Vec<String>, Rows), String> {
    let file = source.name;
    let find = |heading: &str| names.iter().position(|name| folded(name) == folded(heading));
    let position = |heading: &str| {
        find(heading).ok_or_else(|| {
            let hint = did_you_mean(heading, names.iter().map(|name| name.trim()));
            format!("{file} has no column \"{}\".{hint}", heading.trim())
        })
    };
    let mut kept: Vec<(&str, usize)> = Vec::new();
    for column in PUPIL.into_iter().chain(["school_urn"]) {
        match mapping.columns.get(column) {
            Some(heading) => kept.push((column, position(heading)?)),
            None => kept.extend(find(column).map(|at| (column, at))),
        }
    }
    let mut terms: Vec<(&str, &str, usize)> = Vec::new();
    for (name, heading) in &spec.terms {
        let (term, year) = term_and_year(name.get_ref()).unwrap_or((name.get_ref(), ""));
        terms.push((term, year, position(heading)?));
    }
    let columns = kept.iter().map(|(name, _)| *name).chain(MADE).map(str::to_owned).collect();
    let mut rows = Rows::default();
    for (at, cells) in wide.cells.iter().enumerate() {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let number = wide.numbers.get(at).copied().unwrap_or_else(|| row_number(at));
        let cell = |position: usize| cells.get(position).map_or("", |cell| cell.trim()).to_owned();
        for (term, year, position) in &terms {
            let mut row: Vec<String> = kept.iter().map(|(_, position)| cell(*position)).collect();
            row.extend([(*year).to_owned(), (*term).to_owned(), cell(*position)]);
            // A row with too many cells or too few stays one: which cell is which cannot be told.
            if cells.len() < names.len() || cells.iter().skip(names.len()).any(|cell| !cell.trim().is_empty()) {
                row.push(cells.join(","));
            }
            rows.cells.push(row);
            rows.numbers.push(number);
        }
    }
    Ok((columns, rows))
}
