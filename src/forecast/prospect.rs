//! Where a family stands as at a day, by its best period: how near it is to a claim, and when it could be made.

use crate::dates::Date;
use crate::decide::{Decision, Status};
use crate::ids::FamilyId;
use crate::link::Linked;

/// How near a family is to a claim, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Prospect {
    /// It can be claimed.
    Claimable,
    /// A person must look.
    Review,
    /// It waits for a known day.
    Waiting,
    /// Everything but attendance.
    LowAttendance,
    /// Something must still happen.
    InProgress,
    /// Support ended without a result.
    Ended,
    /// A result was claimed.
    Claimed,
}

impl Prospect {
    /// All, nearest first.
    pub const ALL: [Prospect; 7] = [
        Prospect::Claimable,
        Prospect::Review,
        Prospect::Waiting,
        Prospect::LowAttendance,
        Prospect::InProgress,
        Prospect::Ended,
        Prospect::Claimed,
    ];

    /// What a period's status makes of its family.
    pub fn of(status: Status) -> Prospect {
        match status {
            Status::Claimable => Prospect::Claimable,
            Status::Review => Prospect::Review,
            Status::Waiting => Prospect::Waiting,
            Status::LowAttendance => Prospect::LowAttendance,
            Status::InProgress => Prospect::InProgress,
            Status::NotClaimable | Status::NotEligible => Prospect::Ended,
            Status::Claimed => Prospect::Claimed,
        }
    }

    /// The word that files carry.
    pub fn word(self) -> &'static str {
        match self {
            Prospect::Claimable => "claimable",
            Prospect::Review => "review",
            Prospect::Waiting => "waiting",
            Prospect::LowAttendance => "low_attendance",
            Prospect::InProgress => "in_progress",
            Prospect::Ended => "ended",
            Prospect::Claimed => "claimed",
        }
    }

    /// Whether the family is on its way to a claim.
    pub fn is_live(self) -> bool {
        !matches!(self, Prospect::Ended | Prospect::Claimed)
    }
}

/// A family as at a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyState {
    /// The family.
    pub family: FamilyId,
    /// How near it is to a claim.
    pub prospect: Prospect,
    /// The earliest day of a claim on what is recorded; `None` where there is none.
    pub possible_on: Option<Date>,
    /// The day on which the period it is judged by closed, where that is known.
    pub closed_on: Option<Date>,
}

/// The order in which a family's periods speak for it: the nearest to a claim, then the earliest.
fn rank(decision: &Decision) -> (bool, Option<Date>, Prospect) {
    (decision.earliest_possible_on.is_none(), decision.earliest_possible_on, Prospect::of(decision.status))
}

/// Every family with a period, by its best one, in the order of ids.
pub fn family_states(linked: &Linked, decisions: &[Decision]) -> Vec<FamilyState> {
    let mut best: Vec<Option<&Decision>> = vec![None; linked.families.len()];
    for decision in decisions {
        let mine = &mut best[linked.periods[decision.period].family];
        if mine.is_none_or(|other| rank(decision) < rank(other)) {
            *mine = Some(decision);
        }
    }
    let state = |decision: &Decision| FamilyState {
        family: decision.family_id.clone(),
        prospect: Prospect::of(decision.status),
        possible_on: decision.earliest_possible_on,
        closed_on: linked.periods[decision.period].closed_on,
    };
    best.into_iter().flatten().map(state).collect()
}
