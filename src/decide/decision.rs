//! The decision on a period: its status, and everything that it rests on.

use crate::dates::Date;
use crate::evaluate::{Evaluated, Fact};
use crate::ids::{CaseId, FamilyId};
use crate::link::PeriodIndex;
use crate::words::worded;
use std::fmt;
use std::sync::Arc;

worded! {
    /// Where a period stands (contract section 4).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Status {
        /// A result was claimed for it.
        Claimed = "claimed",
        /// It closed without enough criteria.
        NotEligible = "not_eligible",
        /// It cannot become a claim as it is.
        NotClaimable = "not_claimable",
        /// A person must look: something is unknown.
        Review = "review",
        /// Something must still happen.
        InProgress = "in_progress",
        /// It cannot be claimed before a known day.
        Waiting = "waiting",
        /// Everything but attendance.
        LowAttendance = "low_attendance",
        /// It can be claimed.
        Claimable = "claimable",
    }
}

impl Status {
    /// What it means, for people.
    pub fn meaning(self) -> &'static str {
        match self {
            Status::Claimed => "claimed already",
            Status::NotEligible => "closed without enough criteria",
            Status::NotClaimable => "cannot become a claim as it is",
            Status::Review => "a person must look",
            Status::InProgress => "something is still needed",
            Status::Waiting => "can be claimed from a known day",
            Status::LowAttendance => "every rule is met except attendance",
            Status::Claimable => "can be claimed now",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

worded! {
    /// Whether a claim would be the family's first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ClaimKind {
        /// No success before.
        First = "first",
        /// A success before.
        Reclaim = "reclaim",
    }
}

/// The decision on one period, with everything it rests on.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The period, in [`crate::link::Linked::periods`].
    pub period: PeriodIndex,
    /// The case that names it.
    pub case_id: CaseId,
    /// Its family.
    pub family_id: FamilyId,
    /// Where it stands.
    pub status: Status,
    /// When the claim that was made for it was submitted.
    pub claimed_on: Option<Date>,
    /// First claim or reclaim; `None` without a table of claims.
    pub kind: Option<ClaimKind>,
    /// The first day on which it could be claimed, for `waiting` and `low_attendance`.
    pub earliest_claim_on: Option<Date>,
    /// The earliest on what is recorded; not a promise.
    pub earliest_possible_on: Option<Date>,
    /// The rulings. Shared with the decisions that are made again under other agreements.
    pub evaluated: Arc<Evaluated>,
    /// The kind of reason for the status, for counting.
    pub reason_kind: &'static str,
    /// The reason for the status, in a sentence.
    pub reason: String,
    /// Facts about the status itself: the claim already made, the period that comes first.
    pub facts: Vec<Fact>,
    /// What must hold until it can be claimed.
    pub until_then: Option<String>,
}
