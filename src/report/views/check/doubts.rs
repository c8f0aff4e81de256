//! `attendance_doubts.csv`: the half-days on which a child's term hangs, a row each, so that a school can be asked about
//! them: marks that contradict each other with both codes and places, and half-days without a mark. Also the figures of a
//! term that contradict each other.

use crate::attend::named::{Doubt, NamedMark, NamedTerms, TermAsked, named};
use crate::dates::Date;
use crate::decide::Decision;
use crate::error::Result;
use crate::ids::PersonId;
use crate::load::Loaded;
use crate::place::Place;
use crate::report::output::Kind::{Day, Text, Whole};
use crate::report::output::Table;
use crate::rules::calendar::{Term, TermIndex};
use crate::run::Outcome;

/// A row of `attendance_doubts`.
pub struct DoubtRow<'a> {
    decision: &'a Decision,
    person: &'a PersonId,
    term: &'a Term,
    /// The day, and morning or afternoon.
    half_day: Option<(Date, String)>,
    doubt: &'static str,
    one: Option<Record>,
    other: Option<Record>,
}

/// A mark or a figure, and where it stands.
struct Record {
    says: String,
    place: Place,
}

/// The table `attendance_doubts`.
pub fn doubts<'a>() -> Table<DoubtRow<'a>> {
    Table::<DoubtRow<'a>>::of("attendance_doubts", "A row a half-day on which a child's term hangs, by case, child and term.")
        .column("case_id", Text, |row| (&row.decision.case_id).into())
        .about("the case that names the period")
        .column("family_id", Text, |row| (&row.decision.family_id).into())
        .about("the family")
        .column("person_id", Text, |row| row.person.into())
        .about("the child")
        .column("academic_year", Text, |row| (&row.term.academic_year).into())
        .about("such as `2023/24`")
        .column("term", Text, |row| (&row.term.term).into())
        .about("such as `Summer`")
        .column("date", Day, |row| row.half_day.as_ref().map(|(day, _)| *day).into())
        .about("the day. Blank where figures of a whole term differ")
        .column("session", Text, |row| row.half_day.as_ref().map(|(_, half)| half).into())
        .about("`AM` or `PM`")
        .column("doubt", Text, |row| row.doubt.into())
        .about("`conflict`: one mark says attended, another absent. `no mark`: blank, `-` or `@`. `unknown code`: a code that no list has. `says nothing`: an `X` of a child of compulsory school age. `figures differ`: totals or counts contradict each other, or what the marks give")
        .column("code", Text, |row| row.one.as_ref().map(|one| &one.says).into())
        .about("the mark; in a conflict the one that says attended. Of a week, the code that the symbol stands for. Of figures, the figure in words")
        .column("file", Text, |row| row.one.as_ref().map(|one| &*one.place.file).into())
        .about("where it stands")
        .column("row", Whole, |row| row.one.as_ref().map(|one| one.place.row).into())
        .about("and in which row")
        .column("other_code", Text, |row| row.other.as_ref().map(|one| &one.says).into())
        .about("in a conflict the mark that says absent")
        .column("other_file", Text, |row| row.other.as_ref().map(|one| &*one.place.file).into())
        .about("where that stands")
        .column("other_row", Whole, |row| row.other.as_ref().map(|one| one.place.row).into())
        .about("and in which row")
}

/// The rows: of every decision the children's terms that are unknown because of half-days in doubt.
///
/// # Errors
/// A file of marks cannot be read again.
pub fn rows<'a>(outcome: &'a Outcome<'_>, loaded: &Loaded) -> Result<Vec<DoubtRow<'a>>> {
    let mut wanted: Vec<(PersonId, TermIndex)> = Vec::new();
    for decision in &outcome.decisions {
        for child in &decision.evaluated.children {
            let terms = child.terms.iter().filter(|term| term.doubts_decide);
            wanted.extend(terms.map(|term| (child.person_id.clone(), term.term)));
        }
    }
    wanted.sort();
    wanted.dedup();
    let names = of(&wanted, TermAsked::Doubts, outcome, loaded)?;
    let mut rows = Vec::new();
    for decision in &outcome.decisions {
        for child in &decision.evaluated.children {
            for of_term in child.terms.iter().filter(|term| term.doubts_decide) {
                let (person, term) = (&child.person_id, outcome.rules.calendar.term(of_term.term));
                let Some(named) = names.get(&(person.clone(), of_term.term)) else { continue };
                let row =
                    |half_day, doubt, one, other| DoubtRow { decision, person, term, half_day, doubt, one, other };
                rows.extend(named.doubts.iter().map(|doubt| {
                    let (what, one, other) = records(doubt);
                    row(Some((doubt.date, doubt.half.to_string())), what, one, other)
                }));
                rows.extend(named.figures.iter().map(|(figure, place)| {
                    let record = Record { says: figure.clone(), place: place.clone() };
                    row(None, "figures differ", Some(record), None)
                }));
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
    asked: TermAsked,
    outcome: &Outcome<'_>,
    loaded: &Loaded,
) -> Result<NamedTerms> {
    match &outcome.prepared.register.registers {
        Some(registers) => named(wanted, asked, loaded, &outcome.linked, registers, &outcome.rules),
        None => Ok(NamedTerms::default()),
    }
}

/// What is doubtful of a half-day, with the marks.
fn records(doubt: &Doubt) -> (&'static str, Option<Record>, Option<Record>) {
    let record = |mark: &NamedMark| Record { says: mark.code.clone(), place: mark.place.clone() };
    match (&doubt.conflict, &doubt.missing) {
        (Some((attended, absent)), _) => ("conflict", Some(record(attended)), Some(record(absent))),
        (None, Some(mark)) if mark.says_none() => ("no mark", Some(record(mark)), None),
        (None, Some(mark)) if mark.is_known => ("says nothing", Some(record(mark)), None),
        (None, Some(mark)) => ("unknown code", Some(record(mark)), None),
        (None, None) => ("no mark", None, None),
    }
}
