//! The kinds of family that are told apart: how near to a claim, and how long until or since one could first be made.

use crate::dates::Date;
use crate::forecast::months::Month;
use crate::forecast::prospect::{FamilyState, Prospect};

/// A kind of family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// One that stood there at the beginning.
    Stood(Prospect),
    /// One whose first case opened since.
    Opened,
}

/// How many cells there are.
pub const CELLS: usize = Prospect::ALL.len() + 1;

/// How many steps a cell has.
pub const STEPS: usize = 12;

/// Months on the way before a claim is possible, told apart: two months or more before, and the month before.
const STEPS_BEFORE: i32 = 2;

/// The months after which a family in progress, or one just come, can be claimed at all: those of sustainment.
const SUSTAINED_AFTER: usize = 6;

impl Cell {
    /// Every cell, in the order of their places.
    pub fn all() -> impl Iterator<Item = Cell> {
        Prospect::ALL.into_iter().map(Cell::Stood).chain([Cell::Opened])
    }

    /// Its place.
    pub fn place(self) -> usize {
        match self {
            Cell::Stood(prospect) => prospect as usize,
            Cell::Opened => Prospect::ALL.len(),
        }
    }

    /// The word that files carry.
    pub fn word(self) -> &'static str {
        match self {
            Cell::Stood(prospect) => prospect.word(),
            Cell::Opened => "opened_since",
        }
    }

    /// Whether months are counted from the month in which a claim becomes possible, rather than from the beginning.
    fn counts_from_maturity(self) -> bool {
        matches!(self, Cell::Stood(Prospect::Waiting | Prospect::LowAttendance))
    }

    /// The step that a family is in, so many months after the beginning (1: the first), when a claim becomes possible after
    /// `matures_in` months.
    pub fn step(self, matures_in: Option<i32>, months: i32) -> usize {
        let step = if self.counts_from_maturity() {
            matures_in.map_or(0, |matures_in| months - matures_in + STEPS_BEFORE)
        } else if self == Cell::Opened {
            months
        } else {
            months - 1
        };
        usize::try_from(step).unwrap_or(0).min(STEPS - 1)
    }

    /// Whether a claim is not possible yet in a step, on what was recorded.
    pub fn is_before(self, step: usize) -> bool {
        match self {
            Cell::Stood(Prospect::Waiting | Prospect::LowAttendance) => step < STEPS_BEFORE as usize,
            Cell::Stood(Prospect::InProgress) => step < SUSTAINED_AFTER,
            Cell::Opened => step < SUSTAINED_AFTER + 2,
            Cell::Stood(_) => false,
        }
    }

    /// The key of the assumed chance in a step.
    pub fn assumption(self, step: usize) -> &'static str {
        if self.is_before(step) {
            return "conversion.before";
        }
        match self {
            Cell::Stood(Prospect::Claimable) => "conversion.claimable",
            Cell::Stood(Prospect::Review) => "conversion.review",
            Cell::Stood(Prospect::Waiting) => "conversion.waiting",
            Cell::Stood(Prospect::LowAttendance) => "conversion.low_attendance",
            Cell::Stood(Prospect::InProgress) | Cell::Opened => "conversion.in_progress",
            Cell::Stood(Prospect::Ended | Prospect::Claimed) => "conversion.ended",
        }
    }

    /// Whether families of this kind can drop out.
    pub fn can_fail(self) -> bool {
        matches!(self, Cell::Stood(prospect) if prospect.is_live())
    }
}

/// Months from `from` to the one in which the family can be claimed; `None` where no day is known.
pub fn matures_in(state: &FamilyState, from: Date) -> Option<i32> {
    state.possible_on.map(|day| Month::of(day).since(Month::of(from)).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_waiting_families_count_from_the_month_of_maturity() {
        let waiting = Cell::Stood(Prospect::Waiting);
        let steps: Vec<usize> = (1..=6).map(|months| waiting.step(Some(4), months)).collect();
        assert_eq!(steps, [0, 0, 1, 2, 3, 4]);
        assert!(waiting.is_before(waiting.step(Some(4), 3)) && !waiting.is_before(waiting.step(Some(4), 4)));
        assert_eq!(waiting.step(None, 9), 0);
        let claimable = Cell::Stood(Prospect::Claimable);
        assert_eq!((claimable.step(Some(0), 1), claimable.step(Some(0), 40)), (0, STEPS - 1));
        assert_eq!(Cell::all().map(Cell::place).collect::<Vec<_>>(), (0..CELLS).collect::<Vec<_>>());
    }
}
