//! Attendance with a row a pupil, and for each term or half-term a column of percentages, or columns of sessions. Each term of a
//! row becomes a row of the layout of percentages, or of that of totals.

use super::columns::{SideBySideHeadings, Source};
use super::mapping::{Mapping, Wide, WideTerm, term_and_year};
use super::row::{Rows, SideBySide, row_number};
use super::tables::PUPIL;
use std::sync::Arc;

/// The columns of the rows that are made, behind those that name pupil and school: for percentages, and for sessions.
const MADE: [&[&str]; 2] = [
    &["academic_year", "term", "percent"],
    &["academic_year", "term", "possible", "attended", "authorised", "unauthorised"],
];

/// The rows that a table with terms side by side stands for.
pub(super) struct Terms {
    /// The columns, by the table's names.
    pub(super) columns: Vec<String>,
    pub(super) rows: Rows,
    /// The headings of the columns that no term has.
    pub(super) not_read: Vec<String>,
}

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
) -> Result<Terms, String> {
    let headings = SideBySideHeadings { file: source.name, names };
    let mut kept: Vec<(&'static str, usize)> = Vec::new();
    for column in PUPIL.into_iter().chain(["school_urn"]) {
        match mapping.columns.get(column) {
            Some(heading) => kept.push((column, headings.position(heading)?)),
            None => kept.extend(headings.find(column)?.map(|at| (column, at))),
        }
    }
    let is_percent = spec.terms.values().any(|term| matches!(term, WideTerm::Percent(_)));
    let made = if is_percent { MADE[0] } else { MADE[1] };
    // By term the position of each of its figures, in the order of the columns that are made.
    let mut terms: Vec<(&str, &str, Vec<Option<usize>>)> = Vec::new();
    for (name, of_term) in &spec.terms {
        let (term, year) = term_and_year(name.get_ref()).unwrap_or((name.get_ref(), ""));
        let mut figures = vec![None; made.len() - 2];
        for (column, heading) in of_term.columns() {
            if let Some(at) = made[2..].iter().position(|name| *name == column) {
                figures[at] = Some(headings.position(heading)?);
            }
        }
        terms.push((term, year, figures));
    }
    let of_terms: Vec<Arc<SideBySide>> = terms
        .iter()
        .map(|(.., figures)| {
            let figures = made[2..].iter().copied().zip(figures).filter_map(|(name, at)| Some((name, (*at)?)));
            let with_heading = |(name, at): (&'static str, usize)| (name, names[at].trim().to_owned());
            let headings = kept.iter().copied().chain(figures).map(with_heading).collect();
            Arc::new(SideBySide { criterion: String::new(), headings })
        })
        .collect();
    let columns = kept.iter().map(|(name, _)| *name).chain(made.iter().copied()).map(str::to_owned).collect();
    let mut rows = Rows::default();
    for (at, cells) in wide.cells.iter().enumerate() {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let number = wide.numbers.get(at).copied().unwrap_or_else(|| row_number(at));
        let cell = |position: usize| cells.get(position).map_or("", |cell| cell.trim()).to_owned();
        for ((term, year, figures), of_term) in terms.iter().zip(&of_terms) {
            let mut row: Vec<String> = kept.iter().map(|(_, position)| cell(*position)).collect();
            row.extend([(*year).to_owned(), (*term).to_owned()]);
            row.extend(figures.iter().map(|figure| figure.map(cell).unwrap_or_default()));
            let is_blank = row.iter().skip(kept.len() + 2).all(String::is_empty);
            // A row with too many cells or too few stays one: which cell is which cannot be told.
            if cells.len() < names.len() || cells.iter().skip(names.len()).any(|cell| !cell.trim().is_empty()) {
                row.push(cells.join(","));
            } else if is_blank && !is_percent {
                // Of a term without any figure the row says nothing, as if it were not there.
                continue;
            }
            rows.cells.push(row);
            rows.numbers.push(number);
            rows.side_by_side.push(of_term.clone());
        }
    }
    let used =
        kept.iter().map(|(_, at)| *at).chain(terms.iter().flat_map(|(.., figures)| figures.iter().flatten().copied()));
    Ok(Terms { columns, rows, not_read: headings.all_but(&used.collect(), &wide) })
}
