//! Claims of no case, claims too early, and families with open cases beside each other.

use super::known::{Known, Together};
use crate::dates::{Date, add_years};
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, FamilyId};
use crate::rules::Rules;
use crate::validate::rows::{Case, Claim};
use crate::words::counted;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) fn check(known: &Known<'_>, rules: &Rules, findings: &mut Findings) {
    cases_of_claims(known, findings);
    again(known, rules, findings);
    open_together(known, findings);
}

fn cases_of_claims(known: &Known<'_>, findings: &mut Findings) {
    let Some(first) = known.cases.iter().map(|case| case.opened_on).min() else { return };
    let (cases, held) = (&known.register.cases, &known.register.held);
    let ids: FxHashSet<&CaseId> =
        cases.iter().map(|case| &case.case_id).chain(held.iter().filter_map(|held| held.case.as_ref())).collect();
    let families: FxHashSet<&FamilyId> =
        cases.iter().map(|case| &case.family_id).chain(held.iter().filter_map(|held| held.family.as_ref())).collect();
    let mut without = Together::default();
    for claim in known.claims.iter().filter(|claim| claim.submitted_on > first) {
        if let Some(case) = claim.case_id.as_ref().filter(|case| !ids.contains(case)) {
            let message = format!(
                "the claim names {case}, which is not in the cases table. It was submitted on {}, and the first case there opened on {first}.",
                claim.submitted_on
            );
            let finding = Finding::at(FindingCode::ClaimOfNoCase, &claim.place, "case_id", case, message);
            findings.add(finding.about(&claim.claim_id));
        } else if !families.contains(&claim.family_id) {
            without.add(&claim.place, "family_id", &claim.family_id, || {
                format!("{} of family {}, submitted on {}", claim.claim_id, claim.family_id, claim.submitted_on)
            });
        }
        let named = claim.case_id.as_ref().and_then(|case| known.case_of.get(case));
        // A case of another family is looked at where links are known.
        let own = named.filter(|case| case.family_id == claim.family_id);
        if let Some(case) = own.filter(|case| claim.submitted_on < case.opened_on) {
            let message = format!(
                "the claim was submitted on {}, before {} opened on {} ({}).",
                claim.submitted_on, case.case_id, case.opened_on, case.place
            );
            let (code, column) = (FindingCode::ClaimBeforeOpening, "submitted_on");
            let finding = Finding::at(code, &claim.place, column, claim.submitted_on, message);
            findings.add(finding.about(&claim.claim_id));
        }
    }
    without.tell(FindingCode::ClaimsWithoutCase, findings, |claims| {
        let what = counted(claims, "claim is of a family", "claims are of families");
        format!("{what} without a case, submitted after the first case of the data opened on {first}")
    });
}

/// Claims that stand, of one family, with less than the years between them. Those submitted before the framework was in
/// force were made by other rules.
fn again(known: &Known<'_>, rules: &Rules, findings: &mut Findings) {
    let years = rules.parameters.reclaim_years;
    let in_force = |claim: &Claim| rules.framework.in_force.covers(claim.submitted_on);
    let mut of_family: FxHashMap<&FamilyId, Vec<(&Claim, Date)>> = FxHashMap::default();
    for claim in &known.claims {
        if let Some(success) = claim.success_on() {
            of_family.entry(&claim.family_id).or_default().push((claim, success));
        }
    }
    for claims in of_family.values_mut() {
        claims.sort_by(|(a, _), (b, _)| (a.submitted_on, &a.claim_id).cmp(&(b.submitted_on, &b.claim_id)));
        let mut last: Option<(&Claim, Date)> = None;
        for (claim, success) in claims.iter() {
            if let Some((before, on)) =
                last.filter(|(_, on)| claim.submitted_on <= add_years(*on, years) && in_force(claim))
            {
                let message = format!(
                    "the claim was submitted on {}, and claim {} of the same family stands with a success on {on} ({}): {} were not over.",
                    claim.submitted_on,
                    before.claim_id,
                    before.place,
                    counted(usize::try_from(years).unwrap_or(0), "year", "years")
                );
                let (code, column) = (FindingCode::ClaimedAgainEarly, "submitted_on");
                let finding = Finding::at(code, &claim.place, column, claim.submitted_on, message);
                findings.add(finding.about(&claim.claim_id));
            }
            if last.is_none_or(|(_, on)| on <= *success) {
                last = Some((claim, *success));
            }
        }
    }
}

fn open_together(known: &Known<'_>, findings: &mut Findings) {
    let mut open: Vec<&Case> = known.cases.iter().copied().filter(|case| known.is_open(case)).collect();
    let key = |case: &Case| (case.family_id.clone(), case.source.clone(), case.opened_on, case.case_id.clone());
    open.sort_by_cached_key(|case| key(case));
    for pair in open.windows(2) {
        let (first, second) = (pair[0], pair[1]);
        if (&first.family_id, &first.source) == (&second.family_id, &second.source) {
            let message = format!(
                "family {} has {} open beside {}, open since {} ({}).",
                second.family_id, second.case_id, first.case_id, first.opened_on, first.place
            );
            let (code, column) = (FindingCode::OpenCasesTogether, "opened_on");
            let finding = Finding::at(code, &second.place, column, second.opened_on, message);
            findings.add(finding.about(&second.case_id));
        }
    }
}
