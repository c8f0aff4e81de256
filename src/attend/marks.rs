//! Session marks: a child has one session a half-day, whatever the files and schools.

use super::{Settled, counts};
use crate::dates::Date;
use crate::rules::codes::MarkCode;
use crate::rules::parameters::AbsenceCounted;
use crate::share::Sessions;
use crate::validate::registers::{HalfDay, MarkRecord, RecordPlace};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What the marks of one child in one term add up to.
#[derive(Clone, Debug, Default)]
pub struct FromMarks {
    /// Sessions, settled both ways.
    pub settled: Settled,
    /// Half-days with a mark that is not missing.
    pub recorded: i64,
    /// Half-days with both an attended and an absent mark, by day.
    pub conflicts: Vec<MarkConflict>,
    /// Half-days with missing marks alone, by day.
    pub missing: Vec<(Date, HalfDay)>,
    /// Half-days of absence by code.
    pub absent: BTreeMap<MarkCode, i64>,
}

/// A half-day of which one mark says attended and another one absent.
#[derive(Clone, Copy, Debug)]
pub struct MarkConflict {
    /// The day.
    pub date: Date,
    /// Morning or afternoon.
    pub half: HalfDay,
    /// The attended mark, and where it stands.
    pub attended: (MarkCode, RecordPlace),
    /// The absent mark, and where it stands.
    pub absent: (MarkCode, RecordPlace),
}

/// The marks that stand for one half-day: of each kind the first one.
#[derive(Clone, Copy, Default)]
struct Standing {
    attended: Option<(RecordPlace, MarkCode)>,
    absent: Option<(RecordPlace, MarkCode)>,
    not_possible: bool,
}

/// Settles the marks half-day by half-day: an attended or absent mark outweighs not-possible and missing
/// ones; both together are in conflict; missing marks alone may be either.
pub fn settle(marks: &[&MarkRecord], absence: AbsenceCounted) -> FromMarks {
    let mut half_days: FxHashMap<(Date, HalfDay), Standing> = FxHashMap::default();
    // The first by place, so that the order in which files are read never shows.
    let first = |known: &mut Option<(RecordPlace, MarkCode)>, place, code| {
        *known = Some(known.map_or((place, code), |earlier| earlier.min((place, code))));
    };
    for mark in marks {
        let standing = half_days.entry((mark.date, mark.half)).or_default();
        let Some((class, code)) = mark.known else { continue };
        match counts(class, absence) {
            Sessions { possible: 0, .. } => standing.not_possible = true,
            Sessions { attended: 0, .. } => first(&mut standing.absent, mark.place, code),
            _ => first(&mut standing.attended, mark.place, code),
        }
    }
    let mut sum = FromMarks::default();
    for ((date, half), standing) in half_days {
        let session = |attended| Sessions { possible: 1, attended };
        let settled = match (standing.attended, standing.absent, standing.not_possible) {
            (Some(_), None, _) => Settled::sure(session(1)),
            (None, Some((_, code)), _) => {
                *sum.absent.entry(code).or_default() += 1;
                Settled::sure(session(0))
            }
            (Some(attended), Some(absent), _) => {
                let turned = |(place, code)| (code, place);
                sum.conflicts.push(MarkConflict { date, half, attended: turned(attended), absent: turned(absent) });
                Settled { least: session(0), most: session(1) }
            }
            (None, None, true) => Settled::default(),
            (None, None, false) => {
                sum.missing.push((date, half));
                sum.recorded -= 1;
                Settled { least: session(0), most: session(1) }
            }
        };
        sum.recorded += 1;
        sum.settled = sum.settled.plus(settled);
    }
    sum.conflicts.sort_by_key(|conflict| (conflict.date, conflict.half));
    sum.missing.sort_unstable();
    sum
}
