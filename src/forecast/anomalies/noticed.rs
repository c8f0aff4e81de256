//! What is noticed of single claims, days and years: claims soon after closing, many on one day, long gaps, and results
//! low against the target for years.

use super::{ClaimAsked, Found, Look, Noticed, stands};
use crate::dates::{Date, Span, day_number};
use crate::rules::targets::parts_of_year;
use crate::share::Ratio;
use crate::validate::rows::Claim;
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

    pub(super) fn soon_after_closing(&self, window: Span, all: &mut Found) {
        const CHECK: &str = "soon_after_closing";
        let days = self.asks("closing.days");
        let soon = |claim: &&&Claim| {
            let closed = self.case_of(claim).and_then(|case| case.closed_on);
            let after = closed.map(|closed| day_number(claim.submitted_on) - day_number(closed));
            window.covers(claim.submitted_on)
                && after.is_some_and(|after| (0..=days as i64).contains(&i64::from(after)))
        };
        let found: Vec<ClaimAsked> = self.claims.iter().filter(soon).map(|claim| self.asked(CHECK, claim)).collect();
        let claims = self.claims.iter().filter(|claim| window.covers(claim.submitted_on)).count();
        let since = window.from;
        if found.is_empty() {
            all.nothing(
                CHECK,
                format!(
                    "none of {claims} claims since {since} was submitted within {days} days of the day its case closed."
                ),
            );
        } else {
            all.noticed.push(Noticed {
                check: CHECK,
                says: format!(
                    "{} of {claims} claims since {since} were submitted within {days} days of the day their case closed.",
                    found.len()
                ),
                claims: found.len(),
            });
        }
        all.claims.extend(found);
    }

    pub(super) fn many_on_one_day(&self, first: usize, all: &mut Found) {
        const CHECK: &str = "many_on_one_day";
        let (fewest, share) = (self.asks("day.fewest"), self.asks("day.share_percent"));
        let before = all.noticed.len();
        for quarter in &self.quarters[first..] {
            let claims: Vec<&&Claim> =
                self.claims.iter().filter(|claim| quarter.days.covers(claim.submitted_on)).collect();
            let mut days: BTreeMap<Date, usize> = BTreeMap::new();
            for claim in &claims {
                *days.entry(claim.submitted_on).or_default() += 1;
            }
            for (day, count) in days {
                if count >= fewest && count * 100 >= share * claims.len() {
                    all.noticed.push(Noticed {
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
                    all.claims.extend(of_day.map(|claim| self.asked(CHECK, claim)));
                }
            }
        }
        if all.noticed.len() == before {
            all.nothing(
                CHECK,
                format!("no day has {fewest} claims or more and {share}% or more of those of its quarter."),
            );
        }
    }

    pub(super) fn long_gaps(&self, since: Date, all: &mut Found) {
        let days: BTreeSet<Date> =
            self.claims.iter().map(|claim| claim.submitted_on).filter(|day| *day >= since).collect();
        let days: Vec<Date> = days.into_iter().collect();
        let gap = |from: Date, to: Date| i64::from(day_number(to) - day_number(from));
        let limit = self.asks("gap.days") as i64;
        let before = all.noticed.len();
        for pair in days.windows(2) {
            if gap(pair[0], pair[1]) > limit {
                let says = format!(
                    "no claim was submitted between {} and {}, {} days.",
                    pair[0],
                    pair[1],
                    gap(pair[0], pair[1])
                );
                all.noticed.push(Noticed { check: "long_gap", says, claims: 0 });
            }
        }
        let as_at = self.outcome.prepared.as_at;
        if let Some(last) = self.claims.last().map(|claim| claim.submitted_on).filter(|last| gap(*last, as_at) > limit)
        {
            let says = format!("the last claim was submitted on {last}, {} days before {as_at}.", gap(last, as_at));
            all.noticed.push(Noticed { check: "long_gap", says, claims: 0 });
        }
        if all.noticed.len() == before {
            let says =
                format!("no more than {limit} days lie between two claims since {since}, or after the last one.");
            all.nothing("long_gap", says);
        }
    }

    /// Years in a row, up to the running one, in which results are below a share of the target, or of what the profile
    /// expects by the as-at date.
    pub(super) fn low_against_target(&self, all: &mut Found) {
        const CHECK: &str = "low_against_target";
        let (outcome, as_at) = (self.outcome, self.outcome.prepared.as_at);
        let Some(targets) = outcome.prepared.authority.as_deref().and_then(|id| outcome.rules.pack.targets_of(id))
        else {
            all.not_asked(CHECK, "no targets of the authority are known.");
            return;
        };
        let mut low: Vec<String> = Vec::new();
        let mut looked = false;
        for target in targets.years.iter().map(|year| &year.value) {
            let Some(days) = outcome.prepared.year_starts.days_of(&target.financial_year) else { continue };
            let over = parts_of_year(days, 3).iter().filter(|quarter| quarter.to <= as_at).count();
            // At the beginning of a year one claim more or less would make it low.
            if days.from > as_at || over < self.asks("low.quarters") {
                continue;
            }
            let Ok(profile) = outcome.rules.pack.position.profile(target.profile.as_deref()) else { continue };
            looked = true;
            let counts = |claim: &&&Claim| stands(claim) && days.covers(claim.submitted_on);
            let claims = self.claims.iter().filter(counts).count();
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
            all.noticed.push(Noticed {
                check: CHECK,
                says: format!(
                    "results were below {}% of what the target asks for in {} financial years in a row. {}.",
                    self.asks("low.percent"),
                    low.len(),
                    low.join("; ")
                ),
                claims: 0,
            });
        } else if !looked {
            all.not_asked(CHECK, "of no year with a target enough is over.");
        } else {
            all.nothing(
                CHECK,
                format!(
                    "results are not below {}% of what the target asks for in {} or more financial years in a row up to now.",
                    self.asks("low.percent"),
                    self.asks("low.years")
                ),
            );
        }
    }
}
