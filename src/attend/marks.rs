//! Session marks: a child has one session a half-day, whatever the files and schools.

use super::{Settled, counts};
use crate::dates::{Span, day_number};
use crate::rules::Rules;
use crate::rules::parameters::AbsenceCounted;
use crate::share::Sessions;
use crate::validate::registers::{HalfDayNumber, Kind, KindNumber, PupilIndex, Registers};

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
    /// What is said beside a figure with absence of the kind: the code, and what it is.
    beside: Vec<Option<String>>,
}

impl Counting {
    /// The kinds of these registers under these rules.
    pub fn of(registers: &Registers, rules: &Rules) -> Counting {
        let beside = |kind: &Kind| {
            let (_, code) = kind.known?;
            let what = rules.pack.codes.get(&code.to_string())?.beside.as_ref()?;
            Some(format!("{code} ({what})"))
        };
        Counting {
            stands: registers.kinds().iter().map(|kind| stands(kind, rules.parameters.absence)).collect(),
            beside: registers.kinds().iter().map(beside).collect(),
        }
    }

    fn stands(&self, kind: KindNumber) -> u8 {
        self.stands.get(kind as usize).copied().unwrap_or(MISSING)
    }
}

fn stands(kind: &Kind, absence: AbsenceCounted) -> u8 {
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
    counting: &Counting,
    mut beside: impl FnMut(HalfDayNumber, KindNumber),
) -> Vec<u8> {
    let first = 2 * day_number(days.from);
    let mut half_days = Vec::new();
    for pupil in pupils {
        registers.marks_of(*pupil, days, |half_day, kind| {
            if half_days.is_empty() {
                half_days.resize((2 * (day_number(days.to) + 1) - first).max(0) as usize, 0);
            }
            if let Some(standing) = half_days.get_mut((half_day - first) as usize) {
                *standing |= counting.stands(kind);
            }
            if counting.beside.get(kind as usize).is_some_and(Option::is_some) {
                beside(half_day, kind);
            }
        });
    }
    half_days
}

/// Settles the marks half-day by half-day: an attended or absent mark outweighs not-possible and missing
/// ones; both together are in conflict; missing marks alone may be either. `None` without any mark.
pub fn settle(pupils: &[PupilIndex], days: Span, registers: &Registers, counting: &Counting) -> Option<FromMarks> {
    let mut explaining: Vec<(KindNumber, HalfDayNumber)> = Vec::new();
    let half_days = standing(pupils, days, registers, counting, |half_day, kind| explaining.push((kind, half_day)));
    if half_days.is_empty() {
        return None;
    }
    let mut sum = FromMarks::default();
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
    counting: &Counting,
) -> Vec<(HalfDayNumber, bool)> {
    let first = 2 * day_number(days.from);
    let half_days = standing(pupils, days, registers, counting, |_, _| {});
    let doubts = (first..).zip(half_days).filter_map(|(half_day, standing)| {
        let conflict = standing & (ATTENDED | ABSENT) == ATTENDED | ABSENT;
        (conflict || standing == MISSING).then_some((half_day, conflict))
    });
    doubts.collect()
}
