//! `sfclaim evidence`: the evidence of claims for audit; and `sfclaim audit-sample`, which draws claims to look at.

use super::args::{AuditSample, Evidence};
use super::explain::named;
use super::steps::{Ended, ended_with_findings, judged, prepared, show_judged};
use crate::decide::drawn::drawn;
use crate::decide::{Decision, Status};
use crate::error::{Error, Result};
use crate::ids::cleaned;
use crate::load::formulas::given_back;
use crate::recheck::of_periods;
use crate::report::views::audit_sample::{self, AuditSampleView};
use crate::report::views::evidence::claims::EvidenceView;
use crate::report::views::evidence::{MARKER, NAMES};
use crate::run::{Outcome, judge};
use std::path::Path;

/// The evidence of the claims that were named, of all that can be claimed, or of a sample.
pub(super) fn run(typed: &Evidence) -> Result<Ended> {
    if typed.cases.is_empty() && !typed.claimable && typed.sample.is_none() {
        return Err(Error::new(
            "say whose evidence is wanted: one or more cases or families, --claimable, or --sample FILE.",
        ));
    }
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read().chain(typed.sample.as_deref()))?;
    let sampled = typed.sample.as_deref().map(cases_of).transpose()?;
    let (loaded, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judged(&prepared, &typed.agreements);
    let (decisions, chosen) = match &sampled {
        Some(cases) => (of_cases(&outcome, cases)?, "A sample for audit".to_owned()),
        None if typed.claimable => (claimable(&outcome), "All that can be claimed now".to_owned()),
        None => (of_cases(&outcome, &typed.cases)?, "Claims that were asked for".to_owned()),
    };
    let past = of_periods(&outcome, &decisions);
    let view = EvidenceView::of(&outcome, &decisions, &loaded, &past, typed.show_names, chosen)?;
    show_judged(&view, &prepared, &typed.output, folder, typed.json)?;
    Ok(ended_with_findings(&prepared.register.counts, &outcome.findings))
}

/// The decisions on what can be claimed, by case.
pub(super) fn claimable<'a>(outcome: &'a Outcome<'_>) -> Vec<&'a Decision> {
    outcome.decisions.iter().filter(|decision| decision.status == Status::Claimable).collect()
}

/// The decisions on cases or families, each once, by case.
fn of_cases<'a>(outcome: &'a Outcome<'_>, cases: &[String]) -> Result<Vec<&'a Decision>> {
    let mut decisions = Vec::new();
    for case in cases {
        decisions.extend(named(outcome, &cleaned(case))?);
    }
    decisions.sort_by(|one, other| one.case_id.cmp(&other.case_id));
    decisions.dedup_by(|one, other| one.case_id == other.case_id);
    Ok(decisions)
}

/// The cases of a sample that `audit-sample` wrote.
fn cases_of(path: &Path) -> Result<Vec<String>> {
    let not_one = |why: &str| {
        Error::new(format!(
            "{} is not a sample: {why}. Name the file audit_sample.csv that sfclaim audit-sample wrote.",
            path.display()
        ))
    };
    if !path.is_file() {
        return Err(not_one("there is no such file"));
    }
    let mut reader = csv::Reader::from_path(path).map_err(|_| not_one("it cannot be read"))?;
    let header = reader.headers().map_err(|_| not_one("it cannot be read"))?.clone();
    let column = header.iter().position(|name| name.trim_start_matches('\u{feff}').trim() == "case_id");
    let column = column.ok_or_else(|| not_one("it has no column case_id"))?;
    // Of the list that is sampled from only what is taken.
    let taken = header.iter().position(|name| name.trim() == "taken");
    let mut cases = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|_| not_one("it cannot be read to its end"))?;
        if taken.and_then(|at| row.get(at)).is_none_or(|said| said == "yes") {
            cases.extend(row.get(column).map(|case| given_back(case).to_owned()));
        }
    }
    if cases.is_empty() {
        return Err(not_one("it has no case"));
    }
    Ok(cases)
}

/// A sample of what can be claimed, drawn so that it can be drawn again.
pub(super) fn audit_sample(typed: &AuditSample) -> Result<Ended> {
    let folder = typed.output.begin(&audit_sample::NAMES, audit_sample::MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judge(&prepared, prepared.rules.clone());
    let (percent, seed) = (typed.percent, typed.seed);
    let drawn = drawn(&outcome.decisions, &outcome.linked, percent, seed);
    show_judged(
        &AuditSampleView { outcome: &outcome, drawn, percent, seed },
        &prepared,
        &typed.output,
        folder,
        typed.json,
    )?;
    Ok(ended_with_findings(&prepared.register.counts, &outcome.findings))
}
