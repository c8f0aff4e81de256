//! Claims already made in the financial year: certain, but for those of the pending that will be rejected or withdrawn.

use super::assumed::Assumed;
use super::distribution::Distribution;
use super::months::Month;
use crate::dates::{Date, Span, add_months};
use crate::rules::targets::financial_year;
use crate::validate::Register;
use crate::validate::rows::{Claim, ClaimOutcome};

/// Years of decisions that are looked back on.
const YEARS: i32 = 3;

/// Months after which a claim is taken as decided one way or the other.
const DECIDED_AFTER: usize = 12;

/// Claims made in the year up to the as-at date.
#[derive(Clone, Debug)]
pub struct Made {
    /// Approved.
    pub approved: usize,
    /// Handed in and not decided.
    pub pending: usize,
    /// The chance that a pending claim is lost in the end.
    pub lost: f64,
    /// As how many claims that chance counts.
    weight: f64,
    /// By months: the share of decisions that came within so many.
    decided_within: Vec<f64>,
}

/// Claims of a span of days that stand, as known on a day: approved, and not decided.
pub fn standing(register: &Register, days: Span, known_on: Date) -> (usize, usize) {
    let known = || {
        let claims = register.claims.iter().flatten().filter_map(|claim| claim.known_at(known_on));
        claims.filter(|claim| days.covers(claim.submitted_on))
    };
    let of = |outcome: ClaimOutcome| known().filter(|claim| claim.outcome == outcome).count();
    (of(ClaimOutcome::Approved), of(ClaimOutcome::Submitted))
}

/// The claims of the year of `as_at`, as known on that day.
pub fn made(register: &Register, as_at: Date, assumed: &Assumed) -> Made {
    let (_, year) = financial_year(as_at, assumed.year_starts);
    let (approved, pending) = standing(register, Span { from: year.from, to: as_at }, as_at);
    let since = add_months(as_at, -12 * YEARS);
    let decided: Vec<Claim> = register
        .claims
        .iter()
        .flatten()
        .filter_map(|claim| claim.known_at(as_at))
        .filter(|claim| claim.submitted_on > since && claim.outcome != ClaimOutcome::Submitted)
        .collect();
    let is_lost = |claim: &&Claim| matches!(claim.outcome, ClaimOutcome::Rejected | ClaimOutcome::Withdrawn);
    let (all, lost) = (decided.len() as f64, decided.iter().filter(is_lost).count() as f64);
    let weight = all + assumed.rejection_weight;
    // A claim taken back was approved long before the day of its last decision.
    let waits: Vec<i32> = decided
        .iter()
        .filter(|claim| claim.outcome != ClaimOutcome::ClawedBack)
        .filter_map(|claim| claim.decided_on.map(|day| Month::of(day).since(Month::of(claim.submitted_on))))
        .collect();
    let decided_within = (0..=DECIDED_AFTER)
        .map(|months| {
            if waits.is_empty() || months == DECIDED_AFTER {
                return 1.0;
            }
            let within = waits.iter().filter(|wait| usize::try_from(**wait).unwrap_or(0) <= months).count();
            within as f64 / waits.len() as f64
        })
        .collect();
    Made {
        approved,
        pending,
        lost: (lost + assumed.rejection * assumed.rejection_weight) / weight,
        weight,
        decided_within,
    }
}

impl Made {
    /// The chance that a claim pending at `as_at` is lost by `until`.
    pub fn lost_by(&self, as_at: Date, until: Date) -> f64 {
        let months = usize::try_from(Month::of(until).since(Month::of(as_at))).unwrap_or(0);
        if until <= as_at {
            return 0.0;
        }
        self.lost * self.decided_within.get(months).copied().unwrap_or(1.0)
    }

    /// How many of them stand by `until`.
    pub fn standing_by(&self, as_at: Date, until: Date) -> Distribution {
        let lost = Distribution::beta_binomial(self.pending, self.lost_by(as_at, until), self.weight);
        lost.taken_from(self.pending).plus(&Distribution::certain(self.approved))
    }
}
