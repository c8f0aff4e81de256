//! Session marks: a child has one session a half-day, whatever the files and schools.

use super::{Settled, counts};
use crate::dates::Date;
use crate::rules::parameters::AbsenceCounted;
use crate::share::Sessions;
use crate::validate::registers::{HalfDay, MarkRecord};
use rustc_hash::FxHashMap;

/// What the marks of one child in one term add up to.
#[derive(Clone, Debug, Default)]
pub struct FromMarks {
    /// Sessions, settled both ways.
    pub settled: Settled,
    /// Half-days with a mark that is not missing.
    pub recorded: i64,
    /// Half-days with both an attended and an absent mark.
    pub conflicts: usize,
    /// Half-days with missing marks alone.
    pub missing: usize,
}

/// The kinds of mark that stand for one half-day.
#[derive(Clone, Copy, Default)]
struct Standing {
    attended: bool,
    absent: bool,
    not_possible: bool,
}

/// Settles the marks half-day by half-day: an attended or absent mark outweighs not-possible and missing
/// ones; both together are in conflict; missing marks alone may be either.
pub fn settle(marks: &[&MarkRecord], absence: AbsenceCounted) -> FromMarks {
    let mut half_days: FxHashMap<(Date, HalfDay), Standing> = FxHashMap::default();
    for mark in marks {
        let standing = half_days.entry((mark.date, mark.half)).or_default();
        match mark.class.map(|class| counts(class, absence)) {
            Some(Sessions { possible: 0, .. }) => standing.not_possible = true,
            Some(Sessions { attended: 0, .. }) => standing.absent = true,
            Some(_) => standing.attended = true,
            None => {}
        }
    }
    let mut sum = FromMarks::default();
    for standing in half_days.values() {
        let session = |attended| Sessions { possible: 1, attended };
        let settled = match (standing.attended, standing.absent, standing.not_possible) {
            (true, false, _) => Settled::sure(session(1)),
            (false, true, _) => Settled::sure(session(0)),
            (true, true, _) => {
                sum.conflicts += 1;
                Settled { least: session(0), most: session(1) }
            }
            (false, false, true) => Settled::default(),
            (false, false, false) => {
                sum.missing += 1;
                sum.recorded -= 1;
                Settled { least: session(0), most: session(1) }
            }
        };
        sum.recorded += 1;
        sum.settled = sum.settled.plus(settled);
    }
    sum
}
