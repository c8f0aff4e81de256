//! Termly totals and counts by code: one figure a child, term and school. Equal rows count once, different
//! ones are in conflict, schools are added up.

use super::settled::{Settled, Trouble, counts};
use crate::rules::parameters::{AbsenceCounted, Parameters};
use crate::share::Sessions;
use crate::validate::registers::{CountRecord, Kind, KindNumber, RecordPlace, Registers, SchoolNumber, TotalRecord};
use std::collections::{BTreeMap, BTreeSet};

/// The school of a record that names none.
const NO_SCHOOL: SchoolNumber = 0;

/// A record that gives a school's figure, or part of it.
pub enum SchoolRecord<'a> {
    /// A whole figure.
    Total(&'a TotalRecord),
    /// The sessions of one code.
    Count(&'a CountRecord),
}

/// What the figures of one child in one term add up to.
#[derive(Clone, Debug, Default)]
pub struct FromFigures {
    /// Sessions, settled both ways.
    pub settled: Settled,
    /// Sessions on record: possible ones, in a conflict the fewest of each school.
    pub recorded: i64,
    /// Schools whose figures contradict each other.
    pub conflicts: usize,
    /// Sessions with a missing mark alone.
    pub missing: i64,
}

/// One of the figures that a school's records give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figure {
    settled: Settled,
    recorded: i64,
    missing: i64,
    in_conflict: bool,
}

/// Settles the figures of all schools. `Ok(None)` without any.
///
/// # Errors
/// Why the term cannot be judged, with what can be added up all the same, for showing.
pub fn settle(
    records: &[SchoolRecord<'_>],
    parameters: &Parameters,
    registers: &Registers,
) -> Result<Option<FromFigures>, (Trouble, Option<FromFigures>)> {
    let mut trouble = None;
    let mut schools: BTreeMap<SchoolNumber, Vec<Figure>> = BTreeMap::new();
    let mut by_code: BTreeMap<SchoolNumber, Vec<&CountRecord>> = BTreeMap::new();
    let mut blank_place = None;
    for record in records {
        let (school, place) = match record {
            SchoolRecord::Total(total) => (total.school, total.place),
            SchoolRecord::Count(count) => (count.school, count.place),
        };
        if school == NO_SCHOOL {
            blank_place = Some(place);
        }
        match record {
            SchoolRecord::Total(total) => match total_sessions(total, parameters.absence) {
                Some(sessions) => {
                    // Whatever the sum of all schools: one figure that cannot be right makes it worthless.
                    if !(0..=sessions.possible).contains(&sessions.attended) {
                        trouble = Some(Trouble::CannotBeRight(sessions, registers.place(place)));
                    }
                    let figure = Figure {
                        settled: Settled::sure(sessions),
                        recorded: sessions.possible,
                        missing: 0,
                        in_conflict: false,
                    };
                    let figures = schools.entry(school).or_default();
                    if !figures.contains(&figure) {
                        figures.push(figure);
                    }
                }
                None => trouble = Some(Trouble::CannotBeTold(registers.place(place))),
            },
            SchoolRecord::Count(count) if count.sessions.is_none() => {
                trouble = Some(Trouble::CannotBeTold(registers.place(place)));
            }
            SchoolRecord::Count(count) => by_code.entry(school).or_default().push(count),
        }
    }
    for (school, counts) in by_code {
        let figure = counted_sessions(&counts, parameters);
        let figures = schools.entry(school).or_default();
        if !figures.contains(&figure) {
            figures.push(figure);
        }
    }
    if schools.len() > 1
        && let Some(blank) = schools.remove(&NO_SCHOOL)
    {
        // Beside named schools a figure without one is that of a school again, or nobody knows what.
        let both = |figure: &Figure| [figure.settled.least, figure.settled.most];
        let named: Vec<Sessions> = schools.values().flatten().flat_map(both).collect();
        if let (true, Some(place)) =
            (blank.iter().flat_map(both).any(|sessions| !named.contains(&sessions)), blank_place)
        {
            trouble = Some(Trouble::SchoolUnclear(registers.place(place)));
        }
    }
    let sum = (!schools.is_empty()).then(|| {
        let mut sum = FromFigures::default();
        for figures in schools.values() {
            let alternatives: Vec<Settled> = figures.iter().map(|figure| figure.settled).collect();
            let settled = Settled::in_conflict(&alternatives, parameters.threshold);
            sum.conflicts += usize::from(figures.len() > 1 || figures.iter().any(|figure| figure.in_conflict));
            sum.missing += figures.iter().map(|figure| figure.missing).max().unwrap_or(0);
            sum.recorded += figures.iter().map(|figure| figure.recorded).min().unwrap_or(0);
            sum.settled = sum.settled.plus(settled);
        }
        sum
    });
    match trouble {
        None => Ok(sum),
        Some(trouble) => Err((trouble, sum)),
    }
}

/// The records whose figures differ where they should not, in words with where each stands: the totals of a school that are
/// not the same, and the numbers of one code that are not. With `beside_marks` all records, because session marks give
/// another figure.
pub fn in_conflict(
    records: &[SchoolRecord<'_>],
    parameters: &Parameters,
    registers: &Registers,
    beside_marks: bool,
) -> Vec<(String, RecordPlace)> {
    let at = |school: SchoolNumber| match registers.school(school) {
        "" => String::new(),
        name => format!(" at school {name}"),
    };
    let mut totals: BTreeMap<SchoolNumber, Vec<(Sessions, RecordPlace)>> = BTreeMap::new();
    let mut counts: BTreeMap<(SchoolNumber, KindNumber), Vec<(i32, RecordPlace)>> = BTreeMap::new();
    for record in records {
        match record {
            SchoolRecord::Total(total) => {
                let sessions = total_sessions(total, parameters.absence);
                totals.entry(total.school).or_default().extend(sessions.map(|sessions| (sessions, total.place)));
            }
            SchoolRecord::Count(count) => {
                let numbers = counts.entry((count.school, count.code)).or_default();
                numbers.extend(count.sessions.map(|sessions| (sessions, count.place)));
            }
        }
    }
    let mixed: BTreeSet<SchoolNumber> =
        counts.keys().map(|(school, _)| *school).filter(|school| totals.contains_key(school)).collect();
    let mut found = Vec::new();
    for (school, figures) in &totals {
        let differ = figures.iter().any(|(sessions, _)| *sessions != figures[0].0);
        if differ || beside_marks || mixed.contains(school) {
            found.extend(figures.iter().map(|(sessions, place)| {
                (format!("{} of {} sessions{}", sessions.attended, sessions.possible, at(*school)), *place)
            }));
        }
    }
    for ((school, code), numbers) in &counts {
        let differ = numbers.iter().any(|(number, _)| *number != numbers[0].0);
        if differ || beside_marks || mixed.contains(school) {
            let code = registers.kinds().get(*code as usize).map(Kind::code).unwrap_or_default();
            found.extend(numbers.iter().map(|(number, place)| {
                (format!("{number} times {}{}", if code.is_empty() { "no code" } else { &code }, at(*school)), *place)
            }));
        }
    }
    found.sort_by_key(|(_, place)| *place);
    found
}

/// The figure of a row of totals; `None` where attended cannot be told.
fn total_sessions(total: &TotalRecord, absence: AbsenceCounted) -> Option<Sessions> {
    let number = |number: Option<i32>| number.map(i64::from);
    let (attended, authorised, unauthorised) =
        (number(total.attended), number(total.authorised), number(total.unauthorised));
    let possible = number(total.possible)?;
    let attended = match absence {
        AbsenceCounted::All => attended.or_else(|| Some(possible - authorised? - unauthorised?)),
        AbsenceCounted::Unauthorised => unauthorised
            .map(|unauthorised| possible - unauthorised)
            .or_else(|| Some(attended? + authorised?))
            // Without either kind of absence, attended tells all only where there was none.
            .or_else(|| attended.filter(|attended| *attended == possible)),
    }?;
    Some(Sessions { possible, attended })
}

/// The figure that a school's counts by code add up to. Two numbers for one code are in conflict.
fn counted_sessions(records: &[&CountRecord], parameters: &Parameters) -> Figure {
    let mut by_code: BTreeMap<KindNumber, (Option<Sessions>, BTreeSet<i64>)> = BTreeMap::new();
    for record in records {
        let one = record.class.map(|class| counts(class, parameters.absence));
        by_code.entry(record.code).or_insert((one, BTreeSet::new())).1.extend(record.sessions.map(i64::from));
    }
    let mut figure = Figure { settled: Settled::default(), recorded: 0, missing: 0, in_conflict: false };
    for (one, numbers) in by_code.values() {
        let times =
            |one: Sessions, number: i64| Sessions { possible: one.possible * number, attended: one.attended * number };
        let alternatives: Vec<Settled> = numbers
            .iter()
            .map(|number| match one {
                Some(one) => Settled::sure(times(*one, *number)),
                None => Settled {
                    least: Sessions { possible: *number, attended: 0 },
                    most: Sessions { possible: *number, attended: *number },
                },
            })
            .collect();
        figure.settled = figure.settled.plus(Settled::in_conflict(&alternatives, parameters.threshold));
        // Missing marks are part of a figure's possible sessions, which are what it has on record.
        let possible = one.map_or(1, |one| one.possible);
        figure.in_conflict |= numbers.len() > 1;
        if one.is_none() {
            figure.missing += numbers.last().copied().unwrap_or(0);
        }
        figure.recorded += numbers.iter().map(|number| possible * number).min().unwrap_or(0);
    }
    figure
}
