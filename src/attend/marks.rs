//! Session marks: a child has one session a half-day, whatever the files and schools.

use super::settled::{Settled, counts};
use crate::dates::{Date, Span, day_number, school_age};
use crate::rules::Rules;
use crate::rules::parameters::AbsenceCounted;
use crate::share::Sessions;
use crate::validate::registers::{HalfDayNumber, KindNumber, MarkKind, PupilIndex, Registers};

/// What the marks of one child in one term add up to.
#[derive(Clone, Debug, Default)]
pub struct FromMarks {
    /// Sessions, settled both ways.
    pub settled: Settled,
    /// Half-days with a mark that is not missing.
    pub recorded: i64,
    /// Half-days with both an attended and an absent mark.
    pub conflicts: u32,
    /// Half-days with missing marks alone.
    pub missing: u32,
    /// Marks of a known code that say nothing of a child of compulsory school age.
    pub without_meaning: usize,
    /// Absence that explains a low figure: the half-days, the code and what it is.
    pub beside: Vec<(i64, String)>,
}

/// What stands for a half-day, a bit each.
const ATTENDED: u8 = 1;
const ABSENT: u8 = 2;
const NOT_POSSIBLE: u8 = 4;
const MISSING: u8 = 8;

/// How each kind of mark counts under the rules of a run, by number.
pub struct Counting {
    stands: Vec<u8>,
    /// From which day (by number) on the kind is a missing mark for a child of compulsory school age.
    missing_from: Vec<i32>,
    /// What is said beside a figure with absence of the kind: the code, and what it is.
    beside: Vec<Option<String>>,
}

impl Counting {
    /// The kinds of these registers under these rules.
    pub fn of(registers: &Registers, rules: &Rules) -> Counting {
        let beside = |kind: &MarkKind| {
            let (_, code) = kind.known?;
            let what = rules.pack.codes.get(&code.to_string())?.beside.as_ref()?;
            Some(format!("{code} ({what})"))
        };
        let missing_from = |kind: &MarkKind| {
            let code = kind.known.and_then(|(_, code)| rules.pack.codes.get(&code.to_string()));
            code.and_then(|code| code.missing_at_school_age_from).map_or(i32::MAX, day_number)
        };
        Counting {
            stands: registers.kinds().iter().map(|kind| stands(kind, rules.parameters.absence)).collect(),
            missing_from: registers.kinds().iter().map(missing_from).collect(),
            beside: registers.kinds().iter().map(beside).collect(),
        }
    }

    fn stands(&self, kind: KindNumber) -> u8 {
        self.stands.get(kind as usize).copied().unwrap_or(MISSING)
    }

    /// Whether a known code says nothing on the day, because the child is of compulsory school age.
    fn is_missing(&self, kind: KindNumber, half_day: HalfDayNumber, school_age: &SchoolAge) -> bool {
        let day = half_day.div_euclid(2);
        self.missing_from.get(kind as usize).is_some_and(|from| *from <= day) && school_age.covers(day)
    }
}

/// The days, by number, on which a child is of compulsory school age, by any of the birth dates given.
#[derive(Clone, Debug, Default)]
pub struct SchoolAge {
    /// First and last days, in order, none overlapping another.
    spans: Vec<(i32, i32)>,
}

impl SchoolAge {
    /// Of a child with these birth dates.
    pub fn of(births: &[Date]) -> SchoolAge {
        let days = |born: &Date| {
            let span = school_age(*born);
            (day_number(span.from), day_number(span.to))
        };
        let mut sorted: Vec<(i32, i32)> = births.iter().map(days).collect();
        sorted.sort_unstable();
        let mut spans: Vec<(i32, i32)> = Vec::new();
        for (from, to) in sorted {
            match spans.last_mut() {
                Some((_, last)) if from <= *last => *last = to.max(*last),
                _ => spans.push((from, to)),
            }
        }
        SchoolAge { spans }
    }

    fn covers(&self, day: i32) -> bool {
        let after = self.spans.partition_point(|(from, _)| *from <= day);
        self.spans[..after].last().is_some_and(|(_, to)| day <= *to)
    }
}

fn stands(kind: &MarkKind, absence: AbsenceCounted) -> u8 {
    match kind.known.map(|(class, _)| counts(class, absence)) {
        None => MISSING,
        Some(Sessions { possible: 0, .. }) => NOT_POSSIBLE,
        Some(Sessions { attended: 0, .. }) => ABSENT,
        Some(_) => ATTENDED,
    }
}

/// What stands for each half-day of these days, by all marks of the pupils that are the child. Empty without any mark.
fn standing(
    pupils: &[PupilIndex],
    days: Span,
    registers: &Registers,
    (counting, school_age): (&Counting, &SchoolAge),
    mut beside: impl FnMut(HalfDayNumber, KindNumber),
) -> (Vec<u8>, usize) {
    let first = 2 * day_number(days.from);
    let (mut half_days, mut without_meaning) = (Vec::new(), 0);
    for pupil in pupils {
        registers.marks_of(*pupil, days, |half_day, kind| {
            if half_days.is_empty() {
                half_days.resize((2 * (day_number(days.to) + 1) - first).max(0) as usize, 0);
            }
            if let Some(standing) = half_days.get_mut((half_day - first) as usize) {
                let is_missing = counting.is_missing(kind, half_day, school_age);
                without_meaning += usize::from(is_missing);
                *standing |= if is_missing { MISSING } else { counting.stands(kind) };
            }
            if counting.beside.get(kind as usize).is_some_and(Option::is_some) {
                beside(half_day, kind);
            }
        });
    }
    (half_days, without_meaning)
}

/// Settles the marks half-day by half-day: an attended or absent mark outweighs not-possible and missing
/// ones; both together are in conflict; missing marks alone may be either. `None` without any mark.
pub fn settle(
    pupils: &[PupilIndex],
    days: Span,
    registers: &Registers,
    (counting, school_age): (&Counting, &SchoolAge),
) -> Option<FromMarks> {
    let mut explaining: Vec<(KindNumber, HalfDayNumber)> = Vec::new();
    let (half_days, without_meaning) =
        standing(pupils, days, registers, (counting, school_age), |half_day, kind| explaining.push((kind, half_day)));
    if half_days.is_empty() {
        return None;
    }
    let mut sum = FromMarks { without_meaning, ..FromMarks::default() };
    let (mut attended, mut absent) = (0, 0);
    for standing in &half_days {
        match (standing & ATTENDED > 0, standing & ABSENT > 0) {
            (true, true) => sum.conflicts += 1,
            (true, false) => attended += 1,
            (false, true) => absent += 1,
            (false, false) if standing & NOT_POSSIBLE > 0 => sum.recorded += 1,
            (false, false) => sum.missing += u32::from(standing & MISSING > 0),
        }
    }
    let in_doubt = i64::from(sum.conflicts) + i64::from(sum.missing);
    sum.recorded += attended + absent + i64::from(sum.conflicts);
    let possible = attended + absent + in_doubt;
    sum.settled =
        Settled { least: Sessions { possible, attended }, most: Sessions { possible, attended: attended + in_doubt } };
    let first = 2 * day_number(days.from);
    explaining.retain(|(_, half_day)| half_days[(half_day - first) as usize] & (ATTENDED | ABSENT) == ABSENT);
    let mut named: Vec<(&String, HalfDayNumber)> = explaining
        .iter()
        .filter_map(|(kind, half_day)| Some((counting.beside.get(*kind as usize)?.as_ref()?, *half_day)))
        .collect();
    named.sort_unstable();
    named.dedup();
    for (what, _) in named {
        match sum.beside.last_mut() {
            Some((times, last)) if last == what => *times += 1,
            _ => sum.beside.push((1, what.clone())),
        }
    }
    Some(sum)
}

/// The half-days in doubt: whether each is in conflict (else it has missing marks alone).
pub fn in_doubt(
    pupils: &[PupilIndex],
    days: Span,
    registers: &Registers,
    (counting, school_age): (&Counting, &SchoolAge),
) -> Vec<(HalfDayNumber, bool)> {
    let first = 2 * day_number(days.from);
    let (half_days, _) = standing(pupils, days, registers, (counting, school_age), |_, _| {});
    let doubts = (first..).zip(half_days).filter_map(|(half_day, standing)| {
        let conflict = standing & (ATTENDED | ABSENT) == ATTENDED | ABSENT;
        (conflict || standing == MISSING).then_some((half_day, conflict))
    });
    doubts.collect()
}
