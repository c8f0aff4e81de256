//! Days in an order that cannot be, or that an auditor would ask about.

use super::known::{Known, Together, column_of, then_which, which};
use crate::dates::add_months;
use crate::finding::{Finding, FindingCode, Findings};
use crate::validate::rows::{Case, Need, NeedResult};
use crate::words::counted;

pub(super) fn check(known: &Known<'_>, findings: &mut Findings) {
    cases(known, findings);
    needs(known, findings);
    for claim in &known.claims {
        if let Some(decided) = claim.decided_on.filter(|decided| *decided < claim.submitted_on) {
            let message =
                format!("the claim was decided on {decided}, before it was submitted on {}.", claim.submitted_on);
            let code = FindingCode::DecidedBeforeSubmitted;
            findings.add(Finding::at(code, &claim.place, "decided_on", decided, message).about(&claim.claim_id));
        }
    }
}

fn cases(known: &Known<'_>, findings: &mut Findings) {
    let mut assessed_before = Together::default();
    for case in &known.cases {
        let opened = case.opened_on;
        let (assessed, planned) = (known.day(case.assessment_on), known.day(case.plan_on));
        if let Some(planned) = planned.filter(|planned| *planned < opened) {
            let message = format!("the plan is of {planned}, before the case opened on {opened}.");
            let code = FindingCode::PlanBeforeOpening;
            findings.add(Finding::at(code, &case.place, "plan_on", planned, message).about(&case.case_id));
        }
        if let Some(assessed) = assessed.filter(|assessed| *assessed < opened) {
            assessed_before.add(&case.place, "assessment_on", assessed, || {
                format!("{} was assessed on {assessed} and opened on {opened}", case.case_id)
            });
        }
        let Some(closed) = known.day(case.closed_on) else { continue };
        for (column, what, day) in [("assessment_on", "assessment", assessed), ("plan_on", "plan", planned)] {
            if let Some(day) = day.filter(|day| *day > closed) {
                let message = format!("the {what} is of {day}, after the case closed on {closed}.");
                let code = FindingCode::PlanAfterClosing;
                findings.add(Finding::at(code, &case.place, column, day, message).about(&case.case_id));
            }
        }
    }
    assessed_before.tell(FindingCode::AssessmentBeforeOpening, findings, |cases| {
        counted(cases, "case was assessed before it opened", "cases were assessed before they opened")
    });
}

fn needs(known: &Known<'_>, findings: &mut Findings) {
    let mut long_before = Together::default();
    let mut long_after = Together::default();
    let longest_before = known.thresholds.need_before_opening_months.span();
    let longest_after = known.thresholds.outcome_after_closing_months.span();
    for (need, case) in &known.needs {
        order(known, need, case, findings);
        let case_id = &case.case_id;
        if need.result == Some(NeedResult::Achieved) && need.outcome_on.is_none() {
            let message = format!(
                "the result is achieved and outcome_on is blank, so the need counts as not resolved.{}",
                which(need)
            );
            let (code, column) = (FindingCode::AchievedWithoutDay, column_of(need, "outcome_on"));
            findings.add(Finding::at(code, &need.place, column, "", message).about(case_id));
        }
        if let Some(found) = need.identified_on.filter(|found| add_months(*found, longest_before) < case.opened_on) {
            long_before.add(&need.place, column_of(need, "identified_on"), found, || {
                let opened = case.opened_on;
                format!("found on {found}, and {case_id} opened on {opened} ({}){}", case.place, then_which(need))
            });
        }
        let Some(closed) = known.day(case.closed_on) else { continue };
        if let Some(found) = need.identified_on.filter(|found| *found > closed) {
            let message = format!(
                "the need was found on {found}, after {case_id} closed on {closed} ({}).{}",
                case.place,
                which(need)
            );
            let (code, column) = (FindingCode::NeedAfterClosing, column_of(need, "identified_on"));
            findings.add(Finding::at(code, &need.place, column, found, message).about(case_id));
        }
        if let Some(outcome) = known.day(need.outcome_on).filter(|day| *day > add_months(closed, longest_after)) {
            long_after.add(&need.place, column_of(need, "outcome_on"), outcome, || {
                format!("reached on {outcome}, and {case_id} closed on {closed} ({}){}", case.place, then_which(need))
            });
        }
    }
    long_before.tell(FindingCode::NeedLongBeforeOpening, findings, |needs| {
        let what = counted(needs, "need was found", "needs were found");
        format!("{what} more than {longest_before} months before the case opened")
    });
    long_after.tell(FindingCode::OutcomeLongAfterClosing, findings, |needs| {
        let what = counted(needs, "outcome was reached", "outcomes were reached");
        format!("{what} more than {longest_after} months after the case closed")
    });
}

/// An outcome or relapse before the need was found, or before its case opened.
fn order(known: &Known<'_>, need: &Need, case: &Case, findings: &mut Findings) {
    for (column, what, day) in
        [("outcome_on", "outcome", need.outcome_on), ("relapsed_on", "relapse", need.relapsed_on)]
    {
        let Some(day) = known.day(day) else { continue };
        let (code, message) = match need.identified_on {
            Some(found) if day < found => (
                FindingCode::OutcomeBeforeNeed,
                format!("the {what} is of {day}, before the need was found on {found}."),
            ),
            _ if day < case.opened_on => (
                FindingCode::OutcomeBeforeOpening,
                format!(
                    "the {what} is of {day}, before {} opened on {} ({}).",
                    case.case_id, case.opened_on, case.place
                ),
            ),
            _ => continue,
        };
        let message = format!("{message}{}", which(need));
        findings.add(Finding::at(code, &need.place, column_of(need, column), day, message).about(&case.case_id));
    }
}
