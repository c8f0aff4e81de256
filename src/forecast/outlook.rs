//! What the distribution of claims says: by month end, of target and funded places, of the grant, and of each kind of
//! family.

use super::assumed::Assumed;
use super::distribution::Distribution;
use super::months::month_ends;
use super::projection::Projection;
use super::prospect::Prospect;
use super::range::{Parts, coming_months};
use super::special::rounded;
use crate::dates::Date;
use crate::money::Pounds;
use crate::rules::targets::YearTarget;
use rust_decimal::Decimal;

/// Whether a chance is less than even.
pub fn less_likely_than_not(chance: f64) -> bool {
    chance < 0.5
}

/// Claims of the financial year by a month end.
#[derive(Clone, Debug, PartialEq)]
pub struct AtMonthEnd {
    /// The last day of the month.
    pub until: Date,
    /// The expected number.
    pub expected: f64,
    /// The lower end of the range.
    pub low: usize,
    /// As likely more as fewer.
    pub median: usize,
    /// The upper end of the range.
    pub high: usize,
}

/// What the claims by the year's end mean for target, places and grant.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The chance that the target is reached.
    pub target_reached: f64,
    /// The chance that every funded place is used.
    pub places_used: f64,
    /// Funded places expected to be used: claims beyond them are not paid.
    pub paid_places: f64,
    /// The payment for them.
    pub expected_grant: Pounds,
    /// The expectation of the payment for places that stay empty. Not that for the places by which the expected claims
    /// fall short, which is less.
    pub expected_at_risk: Pounds,
    /// Percentiles of the same: low, median and high, at the percentiles of the range.
    pub at_risk: [Pounds; 3],
}

/// Families of one kind: their history and their chance by the year's end.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversions {
    /// The kind.
    pub prospect: Prospect,
    /// Families today.
    pub today: usize,
    /// Families that stood there at a past quarter end.
    pub in_history: usize,
    /// Months in which they were followed, over all quarter ends.
    pub months_followed: usize,
    /// Of those months, the ones in which a family was claimed.
    pub claimed: usize,
    /// Those in which one failed.
    pub failed: usize,
    /// The chance that a family of today is claimed by the year's end, on average.
    pub chance: f64,
    /// How many of today's that makes.
    pub expected: f64,
}

/// The range by each month end to the year's end, and the whole distribution at that.
pub fn by_month_end(projection: &Projection, until: Date, assumed: &Assumed) -> (Vec<AtMonthEnd>, Distribution) {
    let mut months = Vec::new();
    let mut last = Distribution::certain(0);
    for until in month_ends(projection.as_at, until) {
        last = projection.by(until);
        months.push(AtMonthEnd {
            until,
            expected: rounded(last.mean()),
            low: last.percentile(assumed.range.0),
            median: last.percentile(50.0),
            high: last.percentile(assumed.range.1),
        });
    }
    (months, last)
}

/// What the distribution at the year's end means. Every sum is an expectation over the distribution, never the sum done on
/// its expectation.
pub fn grant(year_end: &Distribution, target: &YearTarget, payment: Pounds, assumed: &Assumed) -> Grant {
    let missing = year_end.missing_to(target.funded_places);
    let expected_missing = rounded(missing.mean());
    let paid_places = rounded(target.funded_places as f64 - expected_missing);
    let pounds =
        |families: f64| payment.for_expected(Decimal::from_f64_retain(families).unwrap_or_default().round_dp(4));
    let (low, high) = assumed.range;
    Grant {
        target_reached: rounded(year_end.at_least(target.target)),
        places_used: rounded(year_end.at_least(target.funded_places)),
        paid_places,
        expected_grant: pounds(paid_places),
        expected_at_risk: pounds(expected_missing),
        at_risk: [low, 50.0, high].map(|percent| payment.for_each_of(missing.percentile(percent))),
    }
}

/// Of what the expected number of claims of the year is made up. It adds up to the expected number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MadeUpOf {
    /// Claims made already, less those expected to be rejected or withdrawn by the year's end.
    pub made: f64,
    /// Families of today.
    pub families_today: f64,
    /// Families that come after the as-at date.
    pub families_to_come: f64,
    /// New families expected until the year's end.
    pub openings: f64,
    /// Claims of families that never have a case.
    pub without_case: f64,
}

/// Of what the expected number by `until` is made up.
pub fn made_up_of(projection: &Projection, parts: &Parts, until: Date) -> MadeUpOf {
    let as_at = projection.as_at;
    MadeUpOf {
        made: rounded(projection.made.standing_by(as_at, until).mean()),
        families_today: rounded(parts.groups.iter().sum()),
        families_to_come: rounded(parts.families_to_come),
        openings: rounded(
            coming_months(as_at, until).iter().map(|one| projection.openings.expected(one.month) * one.share).sum(),
        ),
        without_case: rounded(parts.without_case),
    }
}

/// Conversion by kind of family, nearest to a claim first. `parts` are those of `projection` by the year's end.
pub fn conversions(projection: &Projection, parts: &Parts) -> Vec<Conversions> {
    let of = |prospect: Prospect| {
        let groups = || projection.groups.iter().zip(&parts.groups).filter(|(group, _)| group.prospect == prospect);
        let today: usize = groups().map(|(group, _)| group.families).sum();
        let expected: f64 = groups().map(|(_, expected)| expected).sum();
        let became = &projection.became[prospect as usize];
        Conversions {
            prospect,
            today,
            in_history: became.families,
            months_followed: became.months,
            claimed: became.claimed,
            failed: became.failed,
            chance: if today > 0 { rounded(expected / today as f64) } else { 0.0 },
            expected: rounded(expected),
        }
    };
    Prospect::ALL.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::Pack;

    // Claims are 352 for sure with 537 places: (537 - 352) x 800 = 148,000, as the council had it. With 500 or 600 claims,
    // half each, 37 or no places stay empty: expected (37 + 0) / 2 x 800 = 14,800, though 550 claims are expected.
    #[test]
    fn grant_at_risk_is_an_expectation_of_the_shortfall() {
        let assumed = Assumed::of(&Pack::built_in().unwrap().assumptions, Default::default()).unwrap();
        let target = YearTarget {
            financial_year: "2024/25".to_owned(),
            target: 624,
            funded_places: 537,
            upfront_grant: None,
            cash_received: None,
            expected_rejection: None,
            method: None,
            bands: None,
            profile: None,
        };
        let payment = Pounds::read("800").unwrap();
        let sure = grant(&Distribution::certain(352), &target, payment, &assumed);
        assert_eq!(sure.expected_at_risk.to_string(), "£148,000");
        assert_eq!(sure.at_risk.map(|pounds| pounds.to_string()), ["£148,000"; 3]);
        assert_eq!(sure.expected_grant.to_string(), "£281,600");
        let parts = [(0.5, Distribution::certain(500)), (0.5, Distribution::certain(600))];
        let either = grant(&Distribution::mixture(&parts), &target, payment, &assumed);
        assert_eq!(either.expected_at_risk.to_string(), "£14,800");
        assert_eq!(either.at_risk.map(|pounds| pounds.to_string()), ["£0", "£0", "£29,600"]);
        assert_eq!(format!("{} {}", either.target_reached, either.places_used), "0 0.5");
        // Paid places never exceed the funded ones: (500 + 537) / 2.
        assert_eq!(format!("{}", either.paid_places), "518.5");
    }
}
