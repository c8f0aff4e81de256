//! The same decisions with other agreements: what hangs on them.

use super::{Decision, Status, decide, facts_of};
use crate::attend::Attended;
use crate::evaluate::{Evaluated, evaluate};
use crate::ids::CaseId;
use crate::indexed::Indexed;
use crate::link::{Linked, Period, PeriodIndex};
use crate::rules::Rules;
use crate::validate::rows::Agreement;
use std::sync::Arc;

/// What a run decided, with what it decided from.
#[derive(Clone, Copy)]
pub struct Decided<'a> {
    /// A decision a period, in any order.
    pub decisions: &'a [Decision],
    /// The periods.
    pub linked: &'a Linked,
    /// Attendance.
    pub attended: &'a Attended,
    /// The rules.
    pub rules: &'a Rules,
}

impl<'a> Decided<'a> {
    /// The decisions by period.
    pub fn by_period(&self) -> Indexed<PeriodIndex, &'a Decision> {
        let mut all: Vec<&Decision> = self.decisions.iter().collect();
        all.sort_by_key(|decision| decision.period);
        all.into()
    }

    /// Decides everything again, with the agreements that `change` gives a period in the place of those in force.
    /// Periods for which it gives none keep their verdicts. The decisions are in the order of the periods.
    pub fn with(
        &self,
        change: impl Fn(PeriodIndex, &Period) -> Option<Vec<Agreement>>,
    ) -> Indexed<PeriodIndex, Decision> {
        self.with_rulings(|decision| {
            let period = &self.linked.periods[decision.period];
            let changed = Period { agreements: change(decision.period, period)?, ..period.clone() };
            Some(evaluate(facts_of(self.linked, &changed, self.attended, self.rules)))
        })
    }

    /// Decides everything again, with the rulings that `change` gives in the place of a decision's own. Where it gives none,
    /// they stay. The decisions are in the order of the periods.
    pub fn with_rulings(&self, change: impl Fn(&Decision) -> Option<Evaluated>) -> Indexed<PeriodIndex, Decision> {
        let again = |decision: &Decision| change(decision).map_or_else(|| decision.evaluated.clone(), Arc::new);
        let evaluated = self.by_period().into_iter().map(again).collect();
        decide(self.linked, evaluated, self.rules)
    }

    /// The claimable periods that rest on agreements: one changed a verdict, and without any of them the status would
    /// be another. Sorted.
    pub fn claimable_by_agreement(&self) -> Vec<CaseId> {
        let by_agreement = |decision: &&Decision| {
            decision.status == Status::Claimable && !decision.evaluated.by_agreement().is_empty()
        };
        if !self.decisions.iter().any(|decision| by_agreement(&decision)) {
            return Vec::new();
        }
        let without = self.with(|_, period| (!period.agreements.is_empty()).then(Vec::new));
        let mut cases: Vec<CaseId> = self
            .decisions
            .iter()
            .filter(by_agreement)
            .filter(|decision| without[decision.period].status != Status::Claimable)
            .map(|decision| decision.case_id.clone())
            .collect();
        cases.sort();
        cases
    }
}
