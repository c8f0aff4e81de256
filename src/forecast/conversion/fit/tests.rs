//! What is estimated from histories made by hand.

use super::*;
use crate::dates::date;
use crate::forecast::conversion::history::Counts;
use crate::forecast::prospect::Prospect;
use crate::rules::pack::Pack;

fn assumed() -> Assumed {
    Assumed::of(&Pack::built_in().unwrap().assumptions, Default::default()).unwrap()
}

// Without offsets the estimate is the mean of a beta posterior: (claimed + weight x assumed) / (at risk + weight). With
// nothing seen it is the assumption; with ever more it is what was seen.
#[test]
fn a_chance_is_that_of_the_closed_form_and_moves_smoothly_with_the_data() {
    for (at_risk, claimed) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (30.0, 12.0), (5_000.0, 100.0)] {
        let (towards, weight) = (0.15, 20.0);
        let found = chance_of(shrunk_log_odds(&[(at_risk, claimed, 0.0)], towards, weight, 0.0));
        let closed: f64 = (claimed + weight * towards) / (at_risk + weight);
        assert!((found - closed).abs() < 1e-7, "{found} is not {closed}");
    }
    // An offset is taken out: 30 of 100 at log odds moved up by 0.5 are fewer without it.
    let moved = shrunk_log_odds(&[(100.0, 30.0, 0.5)], 0.5, 1e-9, 0.0);
    assert!((moved - (log_odds(0.3) - 0.5)).abs() < 1e-6);
}

/// Claimable families, 100 at risk in every month of two years and so many claimed, and nothing else.
fn steady(claimed: impl Fn(Month) -> f64) -> History {
    let first = Month::of(date(2023, 1, 1));
    let mut history = History::empty(first, first.plus(23));
    let cell = ConversionCell::Stood(Prospect::Claimable).place();
    let mut counts = Counts::between(first, first.plus(23));
    for months in 0..24 {
        let month = first.plus(months);
        counts.set((cell, 3), month, Count { at_risk: 100.0, claimed: claimed(month), failed: 0.0 });
    }
    (history.all, history.once) = (counts.clone(), counts);
    (history.rows[cell], history.families[cell]) = (2_400.0, 2_400.0);
    history.followed = vec![12; 8];
    history
}

#[test]
fn quarters_that_differ_by_no_more_than_chance_leave_a_small_deviation_and_shocks_are_found() {
    let alike = fit(&steady(|_| 20.0), &assumed());
    // Four assumed quarters of 0.25 beside eight without any effect: 0.25 x sqrt(4 / 12) = 0.144, and what is left of
    // each quarter's own doubt.
    assert!((0.14..0.20).contains(&alike.deviation), "{}", alike.deviation);
    let cell = ConversionCell::Stood(Prospect::Claimable);
    let (chance, _) = alike.chances(cell, 3, Month::of(date(2025, 2, 1)), 0.0);
    assert!((0.185..0.205).contains(&chance), "{chance}");
    // Quarters in turn at 12 and 30 of 100: log odds -1.99 and -0.85, so that each is 0.57 from the middle.
    let good = |month: Month| {
        month.quarter().in_financial_year() % 2 == (month.since(Month::of(date(2023, 1, 1))) / 12) as usize % 2
    };
    let shaken = fit(&steady(|month| if good(month) { 30.0 } else { 12.0 }), &assumed());
    assert!((0.4..0.65).contains(&shaken.deviation), "{}", shaken.deviation);
}

#[test]
fn the_level_is_known_the_better_the_longer_families_were_followed() {
    let mut found = fit(&History::empty(Month::of(date(2023, 1, 1)), Month::of(date(2023, 1, 1))), &assumed());
    assert!((found.level(9) - 0.25).abs() < 1e-12, "0.5 squared without any history");
    found.followed = vec![12, 9, 6, 3];
    // 1 + 1 + 2/3 + 1/3 = 3 quarter ends at a deviation of 0.25: 1 / (4 + 3 x 16).
    assert!((found.level(9) - 1.0 / 52.0).abs() < 1e-3);
}

// 20 of 100 are claimed in every month but one, and none in that: with 20 expected, none by chance is out of the question, so
// that the month was missed. As many as 12 months at 3% count beside the 24: (0.36 + 1) / 36 = 3.8%.
#[test]
fn a_month_without_any_claim_where_many_were_expected_was_missed() {
    let gap = Month::of(date(2023, 8, 1));
    let found = fit(&steady(|month| if month == gap { 0.0 } else { 20.0 }), &assumed());
    // August is in the middle of its quarter. The chance of such months is shrunk to that: (4 x 1.36/36 + 1) / (4 + 8).
    let all = 1.36 / 36.0;
    assert!((found.missed[1] - (4.0 * all + 1.0) / 12.0).abs() < 1e-3, "{:?}", found.missed);
    assert!((found.missed[2] - 4.0 * all / 12.0).abs() < 1e-3, "{:?}", found.missed);
    let whole = fit(&steady(|_| 20.0), &assumed());
    let coming = Month::of(date(2025, 2, 1));
    let chance = |found: &Conversion| found.chances(ConversionCell::Stood(Prospect::Claimable), 3, coming, 0.0).0;
    assert!((chance(&found) - chance(&whole)).abs() < 0.01, "the other months are not thought the worse of");
}
