//! What is noticed of single claims, days and years: claims soon after closing, many on one day, long gaps, and results
//! low against the target for years.

use super::{ClaimAsked, Look, Noticed};
use crate::dates::{Date, Span, day_number};
use crate::share::Ratio;
use crate::validate::rows::{Claim, ClaimOutcome};
use std::collections::{BTreeMap, BTreeSet};

impl Look<'_> {
    fn asked(&self, check: &'static str, claim: &Claim) -> ClaimAsked {
        let case = self.case_of(claim);
        ClaimAsked {
            check,
            claim_id: claim.claim_id.clone(),
            family_id: claim.family_id.clone(),
            case_id: claim.case_id.clone().filter(|_| !self.hidden.contains(&claim.claim_id)),
            submitted_on: claim.submitted_on,
            closed_on: case.and_then(|case| case.closed_on),
            team: case.and_then(|case| case.team.clone()),
            lead_practitioner: case.and_then(|case| case.lead_practitioner.clone()),
        }
    }

    pub(super) fn soon_after_closing(&self, window: Span, noticed: &mut Vec<Noticed>, asked: &mut Vec<ClaimAsked>) {
        const CHECK: &str = "soon_after_closing";
        let days = self.asks("closing.days");
        let soon = |claim: &&&Claim| {
            let closed = self.case_of(claim).and_then(|case| case.closed_on);
            let after = closed.map(|closed| day_number(claim.submitted_on) - day_number(closed));
            window.covers(claim.submitted_on)
                && after.is_some_and(|after| (0..=days as i64).contains(&i64::from(after)))
        };
        let found: Vec<ClaimAsked> = self.claims.iter().filter(soon).map(|claim| self.asked(CHECK, claim)).collect();
        let all = self.claims.iter().filter(|claim| window.covers(claim.submitted_on)).count();
        if !found.is_empty() {
            noticed.push(Noticed {
                check: CHECK,
                says: format!(
                    "{} of {all} claims since {} were submitted within {days} days of the day their case closed.",
                    found.len(),
                    window.from
                ),
                claims: found.len(),
            });
        }
        asked.extend(found);
    }

    pub(super) fn many_on_one_day(&self, first: usize, noticed: &mut Vec<Noticed>, asked: &mut Vec<ClaimAsked>) {
        const CHECK: &str = "many_on_one_day";
        for quarter in &self.quarters[first..] {
            let claims: Vec<&&Claim> =
                self.claims.iter().filter(|claim| quarter.days.covers(claim.submitted_on)).collect();
            let mut days: BTreeMap<Date, usize> = BTreeMap::new();
            for claim in &claims {
                *days.entry(claim.submitted_on).or_default() += 1;
            }
            for (day, count) in days {
                if count >= self.asks("day.fewest") && count * 100 >= self.asks("day.share_percent") * claims.len() {
                    noticed.push(Noticed {
                        check: CHECK,
                        says: format!(
                            "{count} of the {} claims of {} were submitted on {day}, {}.",
                            claims.len(),
                            quarter.name,
                            Ratio::of_counts(count, claims.len()).percent()
                        ),
                        claims: count,
                    });
                    let of_day = claims.iter().filter(|claim| claim.submitted_on == day);
                    asked.extend(of_day.map(|claim| self.asked(CHECK, claim)));
                }
            }
        }
    }

    pub(super) fn long_gaps(&self, since: Date, noticed: &mut Vec<Noticed>) {
        let days: BTreeSet<Date> =
            self.claims.iter().map(|claim| claim.submitted_on).filter(|day| *day >= since).collect();
        let days: Vec<Date> = days.into_iter().collect();
        let gap = |from: Date, to: Date| i64::from(day_number(to) - day_number(from));
        let limit = self.asks("gap.days") as i64;
        for pair in days.windows(2) {
            if gap(pair[0], pair[1]) > limit {
                let says = format!(
                    "no claim was submitted between {} and {}, {} days.",
                    pair[0],
                    pair[1],
                    gap(pair[0], pair[1])
                );
                noticed.push(Noticed { check: "long_gap", says, claims: 0 });
            }
        }
        let as_at = self.outcome.prepared.as_at;
        if let Some(last) = self.claims.last().map(|claim| claim.submitted_on).filter(|last| gap(*last, as_at) > limit)
        {
            let says = format!("the last claim was submitted on {last}, {} days before {as_at}.", gap(last, as_at));
            noticed.push(Noticed { check: "long_gap", says, claims: 0 });
        }
    }

    /// Years in a row, up to the running one, in which results are below a share of the target, or of what the profile
    /// expects by the as-at date.
    pub(super) fn low_against_target(&self, noticed: &mut Vec<Noticed>) {
        let (outcome, as_at) = (self.outcome, self.outcome.prepared.as_at);
        let Some(targets) = outcome.prepared.authority.as_deref().and_then(|id| outcome.rules.pack.targets_of(id))
        else {
            return;
        };
        let mut low: Vec<String> = Vec::new();
        for target in &targets.years {
            let Some(days) = outcome.prepared.year_starts.days_of(&target.financial_year) else { continue };
            if days.from > as_at {
                continue;
            }
            let Ok(profile) = outcome.rules.pack.position.profile(target.profile.as_deref()) else { continue };
            let stands = |claim: &&&Claim| {
                matches!(claim.outcome, ClaimOutcome::Approved | ClaimOutcome::Submitted)
                    && days.covers(claim.submitted_on)
            };
            let claims = self.claims.iter().filter(stands).count();
            let expected = Ratio::whole(target.target).times(profile.share_by(as_at, days));
            let least = expected.times(Ratio::of_counts(self.asks("low.percent"), 100));
            if Ratio::whole(claims) < least {
                let by = if as_at < days.to { format!(" by {as_at}") } else { String::new() };
                low.push(format!(
                    "{}: {claims} results of {} expected{by}, {}",
                    target.financial_year,
                    expected.shown(),
                    Ratio::whole(claims).by(expected).percent()
                ));
            } else {
                low.clear();
            }
        }
        if low.len() >= self.asks("low.years") {
            noticed.push(Noticed {
                check: "low_against_target",
                says: format!(
                    "results were below {}% of what the target asks for in {} financial years in a row. {}.",
                    self.asks("low.percent"),
                    low.len(),
                    low.join("; ")
                ),
                claims: 0,
            });
        }
    }
}
