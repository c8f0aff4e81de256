//! The pipeline: the most families that could be claimed by each month end, on what is recorded, and what would have to
//! happen for it. An upper bound, not an expectation: most of what can happen does not.

use super::groups::Groups;
use super::months::month_ends;
use crate::dates::Date;
use crate::decide::{Decision, Status};
use crate::link::{FamilyIndex, Linked};
use crate::rules::targets::{YearStart, financial_year};
use crate::words::worded;
use std::collections::BTreeMap;

worded! {
    /// What must happen before a family can be claimed, least first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Needed {
        /// Nothing: it can be claimed now.
        Nothing = "nothing",
        /// Somebody settles what is unknown.
        Evidence = "evidence",
        /// Time alone.
        Time = "time",
        /// School attendance reaches the threshold when it is looked at next.
        Attendance = "attendance",
        /// Outcomes that are not recorded yet, or further criteria; then the months of sustainment.
        Outcomes = "outcomes",
    }
}

impl Needed {
    fn of(status: Status) -> Option<Needed> {
        match status {
            Status::Claimable => Some(Needed::Nothing),
            Status::Review => Some(Needed::Evidence),
            Status::Waiting => Some(Needed::Time),
            Status::LowAttendance => Some(Needed::Attendance),
            Status::InProgress => Some(Needed::Outcomes),
            Status::Claimed | Status::NotEligible | Status::NotClaimable => None,
        }
    }

    /// What must happen, in words.
    pub fn words(self) -> &'static str {
        match self {
            Needed::Nothing => "nothing: they can be claimed now",
            Needed::Evidence => "somebody settles what is unknown",
            Needed::Time => "time alone: the months or years pass, and nothing else changes",
            Needed::Attendance => "attendance reaches the threshold when it is looked at next",
            Needed::Outcomes => "outcomes are recorded at once, and then hold for the months of sustainment",
        }
    }
}

/// The most that could be claimed by a month end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByMonthEnd {
    /// The last day of the month.
    pub until: Date,
    /// Families that could be claimed by then; families linked to each other are one.
    pub families: usize,
    /// The same by what must happen; those without any are left out.
    pub needed: BTreeMap<Needed, usize>,
}

/// The most families that could be claimed in what is left of the financial year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// The financial year, `2024/25`.
    pub financial_year: String,
    /// Each month end from the as-at date's own month to the end of the year.
    pub months: Vec<ByMonthEnd>,
    /// Why the families of the last month end cannot be claimed yet: what must happen, the reason, and how many.
    pub reasons: Vec<(Needed, &'static str, usize)>,
    /// Families on their way whose earliest day comes only after the year, or is not known.
    pub later: usize,
}

impl Pipeline {
    /// The most families that could be claimed by the end of the year.
    pub fn by_year_end(&self) -> usize {
        self.months.last().map_or(0, |month| month.families)
    }
}

/// The pipeline of the decisions of a day.
pub fn pipeline(linked: &Linked, decisions: &[Decision], year_starts: YearStart) -> Pipeline {
    let (name, year) = financial_year(linked.as_at, year_starts);
    let groups = Groups::of(linked);
    // Of each group the period that could be claimed first, and with the least to happen.
    let mut best: BTreeMap<FamilyIndex, (Option<Date>, Needed, &Decision)> = BTreeMap::new();
    for decision in decisions {
        let Some(needed) = Needed::of(decision.status) else { continue };
        let mine = (decision.earliest_possible_on, needed, decision);
        let rank = |one: &(Option<Date>, Needed, &Decision)| (one.0.is_none(), one.0, one.1);
        let entry = best.entry(groups.of_family(linked.periods[decision.period].family)).or_insert(mine);
        if rank(&mine) < rank(entry) {
            *entry = mine;
        }
    }
    let months = month_ends(linked.as_at, year.to)
        .into_iter()
        .map(|until| {
            let mut needed: BTreeMap<Needed, usize> = BTreeMap::new();
            for (_, what, _) in best.values().filter(|(day, _, _)| day.is_some_and(|day| day <= until)) {
                *needed.entry(*what).or_default() += 1;
            }
            ByMonthEnd { until, families: needed.values().sum(), needed }
        })
        .collect();
    let mut kinds: BTreeMap<(Needed, &'static str), usize> = BTreeMap::new();
    let mut later = 0;
    for (day, needed, decision) in best.values() {
        if day.is_none_or(|day| day > year.to) {
            later += 1;
        } else if *needed != Needed::Nothing {
            *kinds.entry((*needed, decision.reason_kind)).or_default() += 1;
        }
    }
    let mut reasons: Vec<(Needed, &'static str, usize)> =
        kinds.into_iter().map(|((needed, kind), families)| (needed, kind, families)).collect();
    reasons.sort_by(|a, b| (a.0, b.2, a.1).cmp(&(b.0, a.2, b.1)));
    Pipeline { financial_year: name, months, reasons, later }
}
