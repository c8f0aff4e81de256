//! The kinds of family that are told apart: how near to a claim, and how long until or since one could first be made.

use crate::dates::Date;
use crate::forecast::months::Month;
use crate::forecast::prospect::{FamilyState, HeldUp, Prospect};

/// A kind of family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConversionCell {
    /// One that stood there at the beginning.
    Stood(Prospect),
    /// One that was held up by attendance, and for which one good term is not enough.
    MoreTerms,
    /// One whose first case opened since.
    Opened,
}

/// How many cells there are.
pub const CELLS: usize = Prospect::ALL.len() + 2;

/// How many steps a cell has.
pub const STEPS: usize = 12;

/// Months on the way before a claim is possible, told apart: two months or more before, and the month before.
const STEPS_BEFORE: i32 = 2;

/// Months before a claim is possible that are told apart for a family in progress; of one just come so many and two more. It
/// is no rule: the day on which a claim becomes possible is that of the decision, by the rules' own months.
const STEPS_IN_PROGRESS: usize = 6;

impl ConversionCell {
    /// Every cell, in the order of their places.
    pub fn all() -> impl Iterator<Item = ConversionCell> {
        Prospect::ALL.into_iter().map(ConversionCell::Stood).chain([ConversionCell::MoreTerms, ConversionCell::Opened])
    }

    /// Its place.
    pub fn place(self) -> usize {
        match self {
            ConversionCell::Stood(prospect) => prospect as usize,
            ConversionCell::MoreTerms => Prospect::ALL.len(),
            ConversionCell::Opened => Prospect::ALL.len() + 1,
        }
    }

    /// The kind of a family.
    pub fn of(state: &FamilyState) -> ConversionCell {
        match state.held_up {
            // It waits for a known day, like others that wait.
            Some(HeldUp::UntilTheyLeave) => ConversionCell::Stood(Prospect::Waiting),
            Some(HeldUp::MoreTerms) => ConversionCell::MoreTerms,
            Some(HeldUp::OneTerm) | None => ConversionCell::Stood(state.prospect),
        }
    }

    /// How near its families were to a claim; `None` for those that came since.
    pub fn prospect(self) -> Option<Prospect> {
        match self {
            ConversionCell::Stood(prospect) => Some(prospect),
            ConversionCell::MoreTerms => Some(Prospect::LowAttendance),
            ConversionCell::Opened => None,
        }
    }

    /// The word that files carry.
    pub fn word(self) -> &'static str {
        self.prospect().map_or("opened_since", Prospect::word)
    }

    /// The step that a family is in, so many months after the beginning (1: the first), when a claim becomes possible after
    /// `matures_in` months.
    pub fn step(self, matures_in: Option<i32>, months: i32) -> usize {
        let since = |before: i32| matures_in.map_or(0, |matures_in| months - matures_in + before);
        let step = match self {
            ConversionCell::Stood(Prospect::Waiting | Prospect::LowAttendance) | ConversionCell::MoreTerms => {
                since(STEPS_BEFORE)
            }
            ConversionCell::Stood(Prospect::InProgress) => since(STEPS_IN_PROGRESS as i32),
            ConversionCell::Stood(Prospect::Claimable | Prospect::Review | Prospect::Ended | Prospect::Claimed) => {
                months - 1
            }
            ConversionCell::Opened => months,
        };
        usize::try_from(step).unwrap_or(0).min(STEPS - 1)
    }

    /// Whether a claim is not possible yet in a step, on what was recorded.
    pub fn is_before(self, step: usize) -> bool {
        match self {
            ConversionCell::Stood(Prospect::Waiting | Prospect::LowAttendance) | ConversionCell::MoreTerms => {
                step < STEPS_BEFORE as usize
            }
            ConversionCell::Stood(Prospect::InProgress) => step < STEPS_IN_PROGRESS,
            ConversionCell::Opened => step < STEPS_IN_PROGRESS + 2,
            ConversionCell::Stood(_) => false,
        }
    }

    /// The key of the assumed chance in a step.
    pub fn assumption(self, step: usize) -> &'static str {
        if self.is_before(step) {
            return "conversion.before";
        }
        match self {
            ConversionCell::Stood(Prospect::Claimable) => "conversion.claimable",
            ConversionCell::Stood(Prospect::Review) => "conversion.review",
            ConversionCell::Stood(Prospect::Waiting) => "conversion.waiting",
            ConversionCell::Stood(Prospect::LowAttendance) => "conversion.low_attendance",
            ConversionCell::MoreTerms => "conversion.more_terms",
            ConversionCell::Stood(Prospect::InProgress) | ConversionCell::Opened => "conversion.in_progress",
            ConversionCell::Stood(Prospect::Ended | Prospect::Claimed) => "conversion.ended",
        }
    }

    /// Whether families of this kind can drop out.
    pub fn can_fail(self) -> bool {
        self.prospect().is_some_and(Prospect::is_live)
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
        let waiting = ConversionCell::Stood(Prospect::Waiting);
        let steps: Vec<usize> = (1..=6).map(|months| waiting.step(Some(4), months)).collect();
        assert_eq!(steps, [0, 0, 1, 2, 3, 4]);
        assert!(waiting.is_before(waiting.step(Some(4), 3)) && !waiting.is_before(waiting.step(Some(4), 4)));
        assert_eq!(waiting.step(None, 9), 0);
        let claimable = ConversionCell::Stood(Prospect::Claimable);
        assert_eq!((claimable.step(Some(0), 1), claimable.step(Some(0), 40)), (0, STEPS - 1));
        // Six months from now at the earliest: that month is the first in which a claim is possible.
        let in_progress = ConversionCell::Stood(Prospect::InProgress);
        let steps: Vec<usize> = [1, 5, 6, 7].map(|months| in_progress.step(Some(6), months)).to_vec();
        assert_eq!(steps, [1, 5, 6, 7]);
        assert!(in_progress.is_before(5) && !in_progress.is_before(6));
        assert_eq!(
            ConversionCell::all().map(ConversionCell::place).collect::<Vec<_>>(),
            (0..CELLS).collect::<Vec<_>>()
        );
    }
}
