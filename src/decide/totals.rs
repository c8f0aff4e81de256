//! Counts and money over all decisions of a run.

use super::again::Decided;
use super::{Decision, Status};
use crate::attend::Attended;
use crate::evaluate::Verdict;
use crate::ids::CaseId;
use crate::link::Linked;
use crate::money::Pounds;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::targets::{YearStart, YearTarget, financial_year};
use crate::validate::rows::ClaimOutcome;
use crate::words::grouped;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Counts and money over all decisions of a run.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Periods by status, every status named.
    pub by_status: BTreeMap<Status, usize>,
    /// Families with a period.
    pub families: usize,
    /// Families with an open period.
    pub open_families: usize,
    /// The payment for each family.
    pub payment: Pounds,
    /// The payment for every claimable period.
    pub claimable_value: Pounds,
    /// The claimable periods that rest on agreements, by the cases that name them: without any they would have
    /// another status.
    pub claimable_by_agreement: Vec<CaseId>,
    /// The financial year of the as-at date.
    pub financial_year: String,
    /// Claims submitted in it up to the as-at date and approved.
    pub approved_this_year: usize,
    /// Claims submitted in it up to the as-at date and not decided.
    pub submitted_this_year: usize,
    /// The authority's target of the year, where it is known.
    pub target: Option<YearTarget>,
    /// Funded places that no claim of the year has taken; `None` without a target.
    pub places_left: Option<usize>,
    /// The payment for the claimable that fit the places left.
    pub value_within_places: Option<Pounds>,
    /// Reasons why periods are not claimable, commonest first: the reason, how many, and their payment.
    pub reasons: Vec<Reason>,
    /// Terms of the window of which hardly any child has attendance on record.
    pub hardly_held: Vec<HardlyHeld>,
}

/// A reason and how many periods it holds.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The status it leads to.
    pub status: Status,
    /// The reason.
    pub kind: &'static str,
    /// How many periods.
    pub periods: usize,
    /// The payment for as many families.
    pub value: Pounds,
}

/// A term of which hardly any attendance is held.
#[derive(Clone, Debug)]
pub struct HardlyHeld {
    /// Its place in the calendar.
    pub index: TermIndex,
    /// The term, in words.
    pub term: String,
    /// School-age children for whom it applies.
    pub children: usize,
    /// Those with any record.
    pub with_records: usize,
    /// Periods in review that it holds up.
    pub periods: usize,
}

impl HardlyHeld {
    /// The whole in a sentence.
    pub fn sentence(&self) -> String {
        format!(
            "{}: attendance is held for {} of {} school-age children; it holds up {} in review.",
            self.term,
            grouped(&self.with_records.to_string()),
            grouped(&self.children.to_string()),
            crate::words::counted(self.periods, "period", "periods")
        )
    }
}

impl Totals {
    /// The payment for the claimable periods that rest on agreements.
    pub fn value_by_agreement(&self) -> Pounds {
        self.payment.for_each_of(self.claimable_by_agreement.len())
    }

    /// Counts everything. The decisions may be in any order. `of` is the authority, where it is named, and the day on
    /// which its financial year starts.
    pub fn of(
        decisions: &[Decision],
        linked: &Linked,
        attended: &Attended,
        rules: &Rules,
        of: (Option<&str>, YearStart),
    ) -> Totals {
        let mut by_status: BTreeMap<Status, usize> = Status::ALL.into_iter().map(|status| (status, 0)).collect();
        let mut kinds: BTreeMap<(Status, &'static str), usize> = BTreeMap::new();
        for decision in decisions {
            *by_status.entry(decision.status).or_default() += 1;
            if !matches!(decision.status, Status::Claimable | Status::Claimed) {
                *kinds.entry((decision.status, decision.reason_kind)).or_default() += 1;
            }
        }
        let payment = rules.parameters.payment;
        let mut reasons: Vec<Reason> = kinds
            .into_iter()
            .map(|((status, kind), periods)| Reason { status, kind, periods, value: payment.for_each_of(periods) })
            .collect();
        reasons.sort_by(|a, b| b.periods.cmp(&a.periods).then_with(|| (a.status, a.kind).cmp(&(b.status, b.kind))));

        let (authority, starts) = of;
        let (year, days) = financial_year(linked.as_at, starts);
        let this_year = |outcome: ClaimOutcome| {
            let claims = linked.families.iter().flat_map(|family| &family.claims);
            claims.filter(|claim| claim.outcome == outcome && days.covers(claim.submitted_on)).count()
        };
        let (approved, submitted) = (this_year(ClaimOutcome::Approved), this_year(ClaimOutcome::Submitted));
        let target =
            authority.and_then(|id| rules.pack.targets_of(id)).and_then(|targets| targets.of_year(&year)).cloned();
        let places_left = target.as_ref().map(|target| target.funded_places.saturating_sub(approved + submitted));
        let claimable = by_status.get(&Status::Claimable).copied().unwrap_or(0);
        Totals {
            families: linked.families.iter().filter(|family| !family.periods.is_empty()).count(),
            open_families: linked
                .families
                .iter()
                .filter(|family| family.periods.iter().any(|period| linked.periods[*period].is_open()))
                .count(),
            payment,
            claimable_value: payment.for_each_of(claimable),
            claimable_by_agreement: Decided { decisions, linked, attended, rules }.claimable_by_agreement(),
            financial_year: year,
            approved_this_year: approved,
            submitted_this_year: submitted,
            target,
            places_left,
            value_within_places: places_left.map(|places| payment.for_each_of(claimable.min(places))),
            reasons,
            hardly_held: hardly_held(decisions, attended, rules),
            by_status,
        }
    }
}

/// Terms of the window of which fewer than one in five school-age children have any record: something is
/// wrong with the files rather than with the families, so it is said once.
pub fn hardly_held(decisions: &[Decision], attended: &Attended, rules: &Rules) -> Vec<HardlyHeld> {
    if !attended.has_registers {
        return Vec::new();
    }
    let mut terms = Vec::new();
    for term in &attended.window {
        let mut children = FxHashSet::default();
        let mut with_records = FxHashSet::default();
        let mut periods = 0;
        for decision in decisions {
            let mut held_up = false;
            for child in &decision.evaluated.children {
                for child_term in child.terms.iter().filter(|child_term| child_term.term == *term) {
                    children.insert(&child.person_id);
                    if child_term.has_records {
                        with_records.insert(&child.person_id);
                    } else {
                        held_up |= child_term.verdict == Verdict::Unknown;
                    }
                }
            }
            periods += usize::from(held_up && decision.status == Status::Review);
        }
        if with_records.len() * 5 < children.len() {
            terms.push(HardlyHeld {
                index: *term,
                term: rules.calendar.term(*term).to_string(),
                children: children.len(),
                with_records: with_records.len(),
                periods,
            });
        }
    }
    terms
}
