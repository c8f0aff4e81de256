//! The names of the rules, in the order of contract section 4, and what can be said of a rule without looking at a family.
//!
//! The rules themselves stand in [`crate::evaluate`], one file each. What must be thought of for every rule is a `match`
//! without a rest, here and where it is used, so that a new rule does not compile before all of it is said.

use crate::words::worded;
use std::fmt;

worded! {
    /// The rules of contract section 4, in its order.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RuleName {
        /// Enough criteria.
        Eligibility = "eligibility",
        /// A dependent child or an expectant parent.
        Family = "family",
        /// Every need resolved.
        Progress = "progress",
        /// Progress held for the months.
        Sustainment = "sustainment",
        /// School attendance.
        Attendance = "attendance",
        /// Long enough since the last success.
        Reclaim = "reclaim",
        /// Support recent enough.
        Timeliness = "timeliness",
        /// Required fields filled in.
        Evidence = "evidence",
    }
}

impl RuleName {
    /// Whether a person can agree on it.
    pub fn can_be_agreed(self) -> bool {
        match self {
            RuleName::Eligibility | RuleName::Progress => false,
            RuleName::Family
            | RuleName::Sustainment
            | RuleName::Attendance
            | RuleName::Reclaim
            | RuleName::Timeliness
            | RuleName::Evidence => true,
        }
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
