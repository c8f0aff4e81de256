//! Headlines out of proportion: on nearly all cases or on none, all on one case, the same on all cases of a team.
//! Small numbers say nothing, so each comparison needs as many cases as `checks.toml` says.

use super::known::Known;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::CaseId;
use crate::rules::framework::Framework;
use crate::validate::rows::Case;
use crate::words::counted;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(known: &Known<'_>, framework: &Framework, findings: &mut Findings) {
    let mut headlines_of: FxHashMap<&CaseId, (&Case, BTreeSet<u8>)> = FxHashMap::default();
    // The needs of a case mostly stand together.
    for needs in known.needs.chunk_by(|(_, one), (_, other)| std::ptr::eq(*one, *other)) {
        let Some((_, case)) = needs.first() else { continue };
        let (_, headlines) = headlines_of.entry(&case.case_id).or_insert((case, BTreeSet::new()));
        headlines.extend(needs.iter().map(|(need, _)| need.criterion.headline));
    }
    every_headline(headlines_of.values(), framework, findings);
    shares(known, headlines_of.values(), framework, findings);
    teams(known, headlines_of.values(), findings);
}

type OfCase<'a> = (&'a Case, BTreeSet<u8>);

fn every_headline<'a>(cases: impl Iterator<Item = &'a OfCase<'a>>, framework: &Framework, findings: &mut Findings) {
    let all = framework.headlines.len();
    for (case, _) in cases.filter(|(_, headlines)| headlines.len() >= all) {
        let message = format!("{} has needs of all {all} headlines.", case.case_id);
        let finding = Finding::at(FindingCode::EveryHeadline, &case.place, "case_id", &case.case_id, message);
        findings.add(finding.about(&case.case_id));
    }
}

fn shares<'a>(
    known: &Known<'_>,
    cases: impl ExactSizeIterator<Item = &'a OfCase<'a>>,
    framework: &Framework,
    findings: &mut Findings,
) {
    let all = cases.len();
    if all < known.thresholds.cases_to_judge_headlines.count() {
        return;
    }
    let mut with: BTreeMap<u8, usize> = framework.headlines.iter().map(|headline| (headline.number, 0)).collect();
    for headline in cases.flat_map(|(_, headlines)| headlines) {
        *with.entry(*headline).or_default() += 1;
    }
    // Shares are compared by multiplying, so that none is rounded.
    let is_share = |cases: usize, percent: usize| cases.saturating_mul(100) >= all.saturating_mul(percent);
    let nearly_all = known.thresholds.headline_on_nearly_all_percent.count();
    let common = known.thresholds.headline_is_common_percent.count();
    let commonest = with.iter().max_by_key(|(number, cases)| (**cases, std::cmp::Reverse(**number)));
    let Some((commonest, most)) = commonest.map(|(number, cases)| (*number, *cases)) else { return };
    let label = |number: u8| framework.headline(number).map_or("", |headline| headline.label.as_str());
    let mut tell = |code: FindingCode, number: u8, message: String| {
        let finding = Finding { value: number.to_string(), ..Finding::of_run(code, message) };
        findings.add(finding.about(number));
    };
    for (number, cases) in &with {
        let named = format!("headline {number} ({})", label(*number));
        if is_share(*cases, nearly_all) {
            let of = counted(all, "case with a need has", "cases with a need have");
            tell(FindingCode::HeadlineOnNearlyAll, *number, format!("{cases} of {of} {named}."));
        } else if *cases == 0 && is_share(most, common) {
            let of = counted(all, "case with a need has", "cases with a need have");
            let message = format!("none of {of} {named}, and {most} have headline {commonest}.");
            tell(FindingCode::HeadlineOnNone, *number, message);
        }
    }
}

fn teams<'a>(known: &Known<'_>, cases: impl Iterator<Item = &'a OfCase<'a>>, findings: &mut Findings) {
    // By team: how many cases, and the headlines as long as all have the same.
    let mut teams: FxHashMap<&str, (usize, Option<&BTreeSet<u8>>)> = FxHashMap::default();
    for (case, headlines) in cases {
        let Some(team) = &case.team else { continue };
        let (cases, same) = teams.entry(team).or_insert((0, Some(headlines)));
        *cases += 1;
        *same = same.filter(|same| *same == headlines);
    }
    let teams: BTreeMap<_, _> = teams.into_iter().collect();
    for (team, (cases, same)) in teams {
        let Some(same) = same.filter(|_| cases >= known.thresholds.cases_to_judge_a_team.count()) else { continue };
        let headlines: Vec<String> = same.iter().map(u8::to_string).collect();
        let what = if same.len() == 1 { "headline" } else { "headlines" };
        let message =
            format!("all {cases} cases of the team {team} have {what} {}, and no other.", headlines.join(", "));
        let finding = Finding::of_run(FindingCode::TeamWithOneSet, message).about(team);
        findings.add(Finding { column: "team".to_owned(), value: team.to_owned(), ..finding });
    }
}
