//! Where a family stands as at a day, by its best period: how near it is to a claim, and when it could be made.

use crate::dates::{Date, day_after, school_age};
use crate::decide::{Decision, Status};
use crate::evaluate::Verdict;
use crate::ids::FamilyId;
use crate::indexed::Indexed;
use crate::link::{FamilyIndex, Linked};
use crate::rules::Rules;
use crate::rules::calendar::Term;
use crate::words::worded;

worded! {
    /// How near a family is to a claim, nearest first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Prospect {
        /// It can be claimed.
        Claimable = "claimable",
        /// A person must look.
        Review = "review",
        /// It waits for a known day.
        Waiting = "waiting",
        /// Everything but attendance.
        LowAttendance = "low_attendance",
        /// Something must still happen.
        InProgress = "in_progress",
        /// Support ended without a result.
        Ended = "ended",
        /// A result was claimed.
        Claimed = "claimed",
    }
}

impl Prospect {
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

    /// Whether the family is on its way to a claim.
    pub fn is_live(self) -> bool {
        !matches!(self, Prospect::Ended | Prospect::Claimed)
    }
}

/// Until when at least attendance holds a family up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldUp {
    /// The end of the next term.
    OneTerm,
    /// The end of a later one.
    MoreTerms,
    /// The day on which the children whose attendance it is leave school.
    UntilTheyLeave,
}

/// A family as at a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyState {
    /// The family.
    pub family: FamilyId,
    /// How near it is to a claim.
    pub prospect: Prospect,
    /// The earliest day of a claim on what is recorded, which for a family held up by attendance may be that on which the
    /// children leave school; `None` where there is none.
    pub possible_on: Option<Date>,
    /// The day on which the period it is judged by closed, where that is known.
    pub closed_on: Option<Date>,
    /// Of a family held up by attendance: until when at least.
    pub held_up: Option<HeldUp>,
}

/// The order in which a family's periods speak for it: the nearest to a claim, then the earliest.
fn rank(decision: &Decision) -> (bool, Option<Date>, Prospect) {
    (decision.earliest_possible_on.is_none(), decision.earliest_possible_on, Prospect::of(decision.status))
}

/// The day on which attendance stops holding a family up because every child that fails has left school, by the birth dates
/// on record. It is not a day of the rules, which look at attendance again when terms end; but families do become claimable
/// then, every summer.
fn leaves_school_on(linked: &Linked, decision: &Decision) -> Option<Date> {
    let family = &linked.families[linked.periods[decision.period].family];
    let failing = decision.evaluated.children.iter().filter(|child| child.verdict == Verdict::NotMet);
    let leaves = failing.map(|child| {
        let member = family.members(linked.as_at).find(|member| member.person_id == child.person_id)?;
        member.date_of_birth.map(|born| day_after(school_age(born).to))
    });
    leaves.collect::<Option<Vec<Date>>>()?.into_iter().max()
}

/// The first day on which a family could be claimed, and what holds it up until then where that is attendance.
fn possible_on(linked: &Linked, decision: &Decision, rules: &Rules) -> (Option<Date>, Option<HeldUp>) {
    let Some(by_rules) = decision.earliest_possible_on.filter(|_| decision.status == Status::LowAttendance) else {
        return (decision.earliest_possible_on, None);
    };
    if let Some(leaves) = leaves_school_on(linked, decision).filter(|leaves| *leaves < by_rules) {
        return (Some(leaves), Some(HeldUp::UntilTheyLeave));
    }
    let is_before = |term: &&Term| term.span.to > linked.as_at && term.span.to <= by_rules;
    let terms = rules.calendar.terms().iter().filter(is_before).count();
    (Some(by_rules), Some(if terms > 1 { HeldUp::MoreTerms } else { HeldUp::OneTerm }))
}

/// Every family with a period, by its best one, in the order of ids.
pub fn family_states(linked: &Linked, decisions: &[Decision], rules: &Rules) -> Vec<FamilyState> {
    let mut best: Indexed<FamilyIndex, Option<&Decision>> = linked.families.iter().map(|_| None).collect();
    for decision in decisions {
        let mine = &mut best[linked.periods[decision.period].family];
        if mine.is_none_or(|other| rank(decision) < rank(other)) {
            *mine = Some(decision);
        }
    }
    let state = |decision: &Decision| {
        let (possible_on, held_up) = possible_on(linked, decision, rules);
        FamilyState {
            family: decision.family_id.clone(),
            prospect: Prospect::of(decision.status),
            possible_on,
            held_up,
            closed_on: linked.periods[decision.period].closed_on,
        }
    };
    best.into_iter().flatten().map(state).collect()
}
