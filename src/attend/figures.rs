//! Termly totals and counts by code: one figure a child, term and school. Equal rows count once, different
//! ones are in conflict, schools are added up. Figures of half-terms become one of their term first.

use super::settled::{Settled, Trouble, counts};
use crate::rules::council_words::Half;
use crate::rules::parameters::{AbsenceCounted, Parameters};
use crate::share::{Percent, Sessions};
use crate::validate::registers::{
    CountRecord, KindNumber, MarkKind, RecordPlace, Registers, SchoolNumber, TotalRecord,
};
use std::collections::{BTreeMap, BTreeSet};

/// The school that a figure is of, and the half of the term.
type Of = (SchoolNumber, Option<Half>);

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

/// What is given of a term by a school: figures of the whole (`None`) and of each of its halves.
#[derive(Default)]
struct OfSchool {
    figures: BTreeMap<Option<Half>, Vec<Figure>>,
    places: BTreeMap<Option<Half>, RecordPlace>,
}

impl OfSchool {
    fn add(&mut self, half: Option<Half>, figure: Figure, place: RecordPlace) {
        self.places.entry(half).or_insert(place);
        let figures = self.figures.entry(half).or_default();
        if !figures.contains(&figure) {
            figures.push(figure);
        }
    }

    fn of(&self, half: Option<Half>) -> &[Figure] {
        self.figures.get(&half).map_or(&[], Vec::as_slice)
    }

    /// The figures of the whole term; half-terms are added up. Beside them why they cannot be relied on: a half that is missing may
    /// be the one that matters, and a whole that is another than its parts contradicts them. Then the figures are for showing.
    fn whole(&self, school: SchoolNumber, threshold: Percent, registers: &Registers) -> (Vec<Figure>, Option<Trouble>) {
        let whole = self.of(None).to_vec();
        let place = |half: Half| self.places.get(&Some(half)).map(|place| registers.place(*place));
        let against = |halves: Figure, alone: Option<Half>| {
            Some(Trouble::AgainstHalves {
                whole: whole.first()?.settled.least,
                halves: halves.settled.least,
                alone,
                place: place(alone.unwrap_or(Half::First))?,
            })
        };
        let [first, second] = Half::ALL.map(|half| one_of(self.of(Some(half)), threshold));
        match (first, second) {
            (None, None) => (whole, None),
            (Some(first), Some(second)) => {
                let sum = first.plus(second);
                match whole.as_slice() {
                    [] => (vec![sum], None),
                    // The whole says the same once more.
                    [only] if only.settled == sum.settled && !sum.in_conflict => (whole, None),
                    _ => (whole.clone(), against(sum, None)),
                }
            }
            (Some(only), None) | (None, Some(only)) => {
                let half = if first.is_some() { Half::First } else { Half::Second };
                if whole.is_empty() {
                    let school = registers.school(school).to_owned();
                    (vec![only], place(half).map(|place| Trouble::HalfMissing { half, school, place }))
                } else {
                    (whole.clone(), against(only, Some(half)))
                }
            }
        }
    }
}

/// The one figure that figures of the same thing come to, those that differ being in conflict; `None` without any.
fn one_of(figures: &[Figure], threshold: Percent) -> Option<Figure> {
    let alternatives: Vec<Settled> = figures.iter().map(|figure| figure.settled).collect();
    Some(Figure {
        settled: Settled::in_conflict(&alternatives, threshold),
        recorded: figures.iter().map(|figure| figure.recorded).min()?,
        missing: figures.iter().map(|figure| figure.missing).max()?,
        in_conflict: figures.len() > 1 || figures.iter().any(|figure| figure.in_conflict),
    })
}

impl Figure {
    fn plus(self, other: Figure) -> Figure {
        Figure {
            settled: self.settled.plus(other.settled),
            recorded: self.recorded + other.recorded,
            missing: self.missing + other.missing,
            in_conflict: self.in_conflict || other.in_conflict,
        }
    }
}

/// Settles the figures of all schools: what they add up to, `None` without any, and why the term cannot be judged all the same.
pub fn settle(
    records: &[SchoolRecord<'_>],
    parameters: &Parameters,
    registers: &Registers,
) -> (Option<FromFigures>, Option<Trouble>) {
    let mut trouble = None;
    let mut schools: BTreeMap<SchoolNumber, OfSchool> = BTreeMap::new();
    let mut by_code: BTreeMap<Of, Vec<&CountRecord>> = BTreeMap::new();
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
                    schools.entry(school).or_default().add(total.half, figure, place);
                }
                None => {
                    let column = if total.possible.is_none() { "possible" } else { "attended" };
                    trouble = Some(Trouble::CannotBeTold(registers.place(place), column));
                }
            },
            SchoolRecord::Count(count) if count.sessions.is_none() => {
                trouble = Some(Trouble::CannotBeTold(registers.place(place), "sessions"));
            }
            SchoolRecord::Count(count) => by_code.entry((school, count.half)).or_default().push(count),
        }
    }
    for ((school, half), counts) in by_code {
        let Some(first) = counts.first().map(|count| count.place) else { continue };
        let figure = counted_sessions(&counts, parameters);
        schools.entry(school).or_default().add(half, figure, first);
    }
    let wholes: BTreeMap<SchoolNumber, (Vec<Figure>, Option<Trouble>)> = schools
        .iter()
        .map(|(school, of_it)| (*school, of_it.whole(*school, parameters.threshold, registers)))
        .collect();
    if schools.len() > 1
        && let Some(blank) = schools.remove(&NO_SCHOOL)
    {
        // Beside named schools a figure without one is that of a school again, or nobody knows what.
        let both = |figure: &Figure| [figure.settled.least, figure.settled.most];
        let named = |half: Option<Half>| -> Vec<Sessions> {
            let own = schools.values().flat_map(|of_it| of_it.of(half));
            let added = wholes.iter().filter(|(school, _)| half.is_none() && **school != NO_SCHOOL);
            own.chain(added.flat_map(|(_, (figures, _))| figures)).flat_map(both).collect()
        };
        let is_of_nobody = |(half, figures): (&Option<Half>, &Vec<Figure>)| {
            let named = named(*half);
            figures.iter().flat_map(both).any(|sessions| !named.contains(&sessions))
        };
        if let (true, Some(place)) = (blank.figures.iter().any(is_of_nobody), blank_place) {
            trouble = Some(Trouble::SchoolUnclear(registers.place(place)));
        }
    }
    let counted: Vec<&(Vec<Figure>, Option<Trouble>)> =
        wholes.iter().filter(|(school, _)| schools.contains_key(school)).map(|(_, whole)| whole).collect();
    trouble = trouble.or_else(|| counted.iter().find_map(|(_, trouble)| trouble.clone()));
    let sum = (!counted.is_empty()).then(|| {
        let mut sum = FromFigures::default();
        for figure in counted.iter().filter_map(|(figures, _)| one_of(figures, parameters.threshold)) {
            sum.conflicts += usize::from(figure.in_conflict);
            sum.missing += figure.missing;
            sum.recorded += figure.recorded;
            sum.settled = sum.settled.plus(figure.settled);
        }
        sum
    });
    (sum, trouble)
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
    let at = |(school, half): Of| {
        let of = half.map(|half| format!(" in the {} half-term", half.word())).unwrap_or_default();
        match registers.school(school) {
            "" => of,
            name => format!("{of} at school {name}"),
        }
    };
    let mut totals: BTreeMap<Of, Vec<(Sessions, RecordPlace)>> = BTreeMap::new();
    let mut counts: BTreeMap<(Of, KindNumber), Vec<(i32, RecordPlace)>> = BTreeMap::new();
    for record in records {
        match record {
            SchoolRecord::Total(total) => {
                let sessions = total_sessions(total, parameters.absence);
                totals
                    .entry((total.school, total.half))
                    .or_default()
                    .extend(sessions.map(|sessions| (sessions, total.place)));
            }
            SchoolRecord::Count(count) => {
                let numbers = counts.entry(((count.school, count.half), count.code)).or_default();
                numbers.extend(count.sessions.map(|sessions| (sessions, count.place)));
            }
        }
    }
    let mixed: BTreeSet<Of> = counts.keys().map(|(of, _)| *of).filter(|of| totals.contains_key(of)).collect();
    let mut found = Vec::new();
    for (of, figures) in &totals {
        let differ = figures.iter().any(|(sessions, _)| *sessions != figures[0].0);
        if differ || beside_marks || mixed.contains(of) {
            found.extend(figures.iter().map(|(sessions, place)| {
                (format!("{} of {} sessions{}", sessions.attended, sessions.possible, at(*of)), *place)
            }));
        }
    }
    for ((of, code), numbers) in &counts {
        let differ = numbers.iter().any(|(number, _)| *number != numbers[0].0);
        if differ || beside_marks || mixed.contains(of) {
            let code = registers.kinds().get(*code as usize).map(MarkKind::code).unwrap_or_default();
            found.extend(numbers.iter().map(|(number, place)| {
                (format!("{number} times {}{}", if code.is_empty() { "no code" } else { &code }, at(*of)), *place)
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
