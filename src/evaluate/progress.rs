//! Rule 3, progress: every need has an outcome that holds.
//!
//! The text: contract section 4, rule 3 (`docs/contract.md`). Worked cases: `rules/cases/progress.toml` and
//! `rules/cases/sustainment_and_progress.toml`.

use super::facts::Facts;
use super::ruling::{Fact, Ruling, Verdict};
use crate::dates::Date;
use crate::ids::CaseId;
use crate::link::Period;
use crate::rules::name::RuleName;
use crate::validate::rows::{Criterion, Need, NeedResult};
use crate::words::counted;
use std::collections::{BTreeMap, BTreeSet};

/// A need is relapsed when it has `relapsed_on` and no `outcome_on` after it.
pub fn is_relapsed(need: &Need) -> bool {
    need.relapsed_on.is_some_and(|relapsed| need.outcome_on.is_none_or(|outcome| outcome <= relapsed))
}

/// A need is resolved when it has `outcome_on`, is not relapsed and its result is not `not_achieved`.
pub fn is_resolved(need: &Need) -> bool {
    need.outcome_on.is_some() && !is_relapsed(need) && need.result != Some(NeedResult::NotAchieved)
}

/// All resolved, at least one: `met`, with the latest outcome. Else while open `not_yet`; once closed
/// `not_applicable` without needs, `not_met` where one relapsed or was not achieved, else `unknown`.
pub fn ruling(facts: Facts<'_>, with_facts: bool) -> (Ruling, Option<Date>) {
    let period = facts.period;
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Progress, verdict, kind, because);
    let total = period.needs.len();
    let resolved = period.needs.iter().filter(|need| is_resolved(need)).count();
    let failed = period.needs.iter().any(|need| is_relapsed(need) || need.result == Some(NeedResult::NotAchieved));
    let latest = period.needs.iter().filter_map(|need| need.outcome_on).max();
    let so_far = format!("{resolved} of {} resolved", counted(total, "need", "needs"));
    let ruling = match latest {
        Some(latest) if total > 0 && resolved == total => {
            let because = match total {
                1 => format!("the only need is resolved, on {latest}"),
                _ => format!("all {} resolved, the last on {latest}", counted(total, "need is", "needs are")),
            };
            new(Verdict::Met, "every need resolved", because)
        }
        _ if period.is_open() && total == 0 => {
            new(Verdict::NotYet(None), "no need recorded yet", "no need is recorded yet".to_owned())
                .settled_by("the needs found at assessment, from the lead practitioner")
        }
        _ if period.is_open() => new(Verdict::NotYet(None), "needs not resolved yet", so_far)
            .settled_by("an outcome for every need, recorded by the lead practitioner"),
        _ if total == 0 => {
            new(Verdict::NotApplicable, "no needs", "the period closed without a recorded need".to_owned())
        }
        _ if failed => new(
            Verdict::NotMet,
            "a need relapsed or was not achieved",
            format!("{so_far}; the period closed with at least one need that relapsed or was not achieved"),
        ),
        _ => new(
            Verdict::Unknown,
            "closed, but at least one need has no outcome recorded",
            format!("{so_far}; the period has closed, and the others have no dated outcome"),
        )
        .settled_by(missing_outcomes(period)),
    };
    let mut ruling = ruling.with(period.needs.iter().filter(|_| with_facts).map(need_fact));
    let too_early: Vec<&Need> =
        period.needs.iter().filter(|need| need.outcome_on.is_some_and(|outcome| outcome < period.opened_on)).collect();
    if let Some(first) = too_early.first() {
        let criteria: BTreeSet<&str> = too_early.iter().map(|need| need.criterion.text.as_str()).collect();
        let criteria: Vec<&str> = criteria.into_iter().collect();
        ruling.because = format!(
            "the outcome of criterion {} is from before the support began on {}, so this cannot be told; otherwise: {}",
            criteria.join(", "),
            period.opened_on,
            ruling.because
        );
        ruling.verdict = Verdict::Unknown;
        ruling.kind = "an outcome before the support began";
        ruling.settles = Some(format!(
            "the right outcome_on of criterion {} of case {} in the criteria table ({}), from the lead practitioner's closing record",
            first.criterion, first.case_id, first.place
        ));
    }
    if period.held_needs.is_empty() {
        let progress_on = latest.filter(|_| ruling.verdict == Verdict::Met);
        (ruling, progress_on)
    } else {
        (ruling.unreadable("criteria that could not be read", "criteria", &period.held_needs), None)
    }
}

/// The cells that would say what became of the needs that are not resolved, case by case.
fn missing_outcomes(period: &Period) -> String {
    let mut by_case: BTreeMap<&CaseId, BTreeSet<&Criterion>> = BTreeMap::new();
    for need in period.needs.iter().filter(|need| !is_resolved(need)) {
        by_case.entry(&need.case_id).or_default().insert(&need.criterion);
    }
    let said: Vec<String> = by_case
        .into_iter()
        .map(|(case, criteria)| {
            let criteria: Vec<&str> = criteria.into_iter().map(|criterion| criterion.text.as_str()).collect();
            let what = if criteria.len() == 1 { "criterion" } else { "criteria" };
            format!("{what} {} of case {case}", criteria.join(", "))
        })
        .collect();
    format!(
        "outcome_on, or result not_achieved, in the criteria table for {}, from the lead practitioner's closing record",
        said.join("; ")
    )
}

fn need_fact(need: &Need) -> Fact {
    let mut said = vec![match need.outcome_on {
        Some(day) => format!("outcome on {day}"),
        None => "no outcome".to_owned(),
    }];
    if let Some(day) = need.relapsed_on {
        said.push(if is_relapsed(need) {
            format!("relapsed on {day}, no outcome after it")
        } else {
            format!("relapsed on {day}, before that outcome")
        });
    }
    match need.result {
        Some(NeedResult::Achieved) => said.push("achieved".to_owned()),
        Some(NeedResult::NotAchieved) => said.push("not achieved".to_owned()),
        None => {}
    }
    let state = if is_resolved(need) { "resolved" } else { "not resolved" };
    Fact::at(format!("criterion {}: {} - {state}", need.criterion, said.join(", ")), &need.place)
}
