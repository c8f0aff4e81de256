//! `attendance_doubts.csv`: the half-days on which a child's term hangs, a row each, so that a school can be asked about
//! them: marks that contradict each other with both codes and places, and half-days without a mark. Also the figures of a
//! term that contradict each other.

use crate::attend::named::{Asked, Doubt, NamedMark, NamedTerms, named};
use crate::error::Result;
use crate::ids::PersonId;
use crate::load::Loaded;
use crate::place::Place;
use crate::rules::calendar::TermIndex;
use crate::run::Outcome;

/// The columns, in order.
pub const COLUMNS: [&str; 14] = [
    "case_id",
    "family_id",
    "person_id",
    "academic_year",
    "term",
    "date",
    "session",
    "doubt",
    "code",
    "file",
    "row",
    "other_code",
    "other_file",
    "other_row",
];

/// The rows: of every decision the children's terms that are unknown because of half-days in doubt.
///
/// # Errors
/// A file of marks cannot be read again.
pub fn rows(outcome: &Outcome<'_>, loaded: &Loaded) -> Result<Vec<Vec<String>>> {
    let mut wanted: Vec<(PersonId, TermIndex)> = Vec::new();
    for decision in &outcome.decisions {
        for child in &decision.evaluated.children {
            let terms = child.terms.iter().filter(|term| term.doubts_decide);
            wanted.extend(terms.map(|term| (child.person_id.clone(), term.term)));
        }
    }
    wanted.sort();
    wanted.dedup();
    let names = of(&wanted, Asked::Doubts, outcome, loaded)?;
    let mut rows = Vec::new();
    for decision in &outcome.decisions {
        for child in &decision.evaluated.children {
            for term in child.terms.iter().filter(|term| term.doubts_decide) {
                let calendar_term = outcome.rules.calendar.term(term.term);
                let Some(named) = names.get(&(child.person_id.clone(), term.term)) else { continue };
                let whose = [
                    decision.case_id.to_string(),
                    decision.family_id.to_string(),
                    child.person_id.to_string(),
                    calendar_term.academic_year.clone(),
                    calendar_term.term.clone(),
                ];
                let figures = named.figures.iter().map(|(figure, place)| figure_cells(figure, place));
                for cells in named.doubts.iter().map(cells).chain(figures) {
                    rows.push(whose.iter().cloned().chain(cells).collect());
                }
            }
        }
    }
    Ok(rows)
}

/// The records of these children and terms by name; none without attendance files.
///
/// # Errors
/// A file of marks cannot be read again.
pub fn of(
    wanted: &[(PersonId, TermIndex)],
    asked: Asked,
    outcome: &Outcome<'_>,
    loaded: &Loaded,
) -> Result<NamedTerms> {
    match &outcome.prepared.register.registers {
        Some(registers) => named(wanted, asked, loaded, &outcome.linked, registers, &outcome.rules),
        None => Ok(NamedTerms::default()),
    }
}

fn figure_cells(figure: &str, place: &Place) -> [String; 9] {
    let mut cells: [String; 9] = Default::default();
    cells[2] = "figures differ".to_owned();
    cells[3] = figure.to_owned();
    cells[4] = place.file.to_string();
    cells[5] = place.row.to_string();
    cells
}

fn cells(doubt: &Doubt) -> [String; 9] {
    let mark = |mark: Option<&NamedMark>| match mark {
        Some(mark) => [mark.code.clone(), mark.place.file.to_string(), mark.place.row.to_string()],
        None => Default::default(),
    };
    let (what, one, other) = match &doubt.conflict {
        Some((attended, absent)) => ("conflict", Some(attended), Some(absent)),
        None if doubt.missing.as_ref().is_none_or(NamedMark::says_none) => ("no mark", doubt.missing.as_ref(), None),
        None if doubt.missing.as_ref().is_some_and(|mark| mark.is_known) => {
            ("says nothing", doubt.missing.as_ref(), None)
        }
        None => ("unknown code", doubt.missing.as_ref(), None),
    };
    let ([code, file, row], [other_code, other_file, other_row]) = (mark(one), mark(other));
    let (date, half) = (doubt.date.to_string(), doubt.half.to_string());
    [date, half, what.to_owned(), code, file, row, other_code, other_file, other_row]
}
