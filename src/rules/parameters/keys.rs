//! Which keys there are, and what each may hold.

use crate::error::{Error, Result, did_you_mean};

/// What a key may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number between two bounds, both included.
    Whole(i64, i64),
    /// A percentage from 0 to 100, at most four decimals.
    Percent,
    /// `true` or `false`.
    YesNo,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A civil date.
    Day,
    /// A list of these words.
    Fields(&'static [&'static str]),
    /// An amount in pounds.
    Money,
}

/// Every key that a framework must give, and what it may hold (contract section 2, and the payment).
pub const KEYS: &[(&str, Kind)] = &[
    ("eligibility.minimum_criteria", Kind::Whole(0, 1000)),
    ("eligibility.counting", Kind::Choice(&["headline", "need"])),
    ("family.require_dependent", Kind::YesNo),
    ("family.expecting_weeks", Kind::Whole(0, 520)),
    ("sustainment.months", Kind::Whole(0, 1200)),
    ("sustainment.clock", Kind::Choice(&["progress", "closure"])),
    ("sustainment.new_case_breaks", Kind::YesNo),
    ("sustainment.whole_months", Kind::YesNo),
    ("attendance.threshold_percent", Kind::Percent),
    ("attendance.terms", Kind::Whole(1, 30)),
    ("attendance.basis", Kind::Choice(&["each_term", "combined"])),
    ("attendance.absence_counted", Kind::Choice(&["all", "unauthorised"])),
    ("attendance.children", Kind::Choice(&["all", "with_need"])),
    ("attendance.window", Kind::Choice(&["completed", "held"])),
    ("attendance.boundary", Kind::Choice(&["at_least", "above"])),
    ("attendance.school_age", Kind::Choice(&["as_at", "any_term"])),
    ("attendance.percent_only", Kind::Choice(&["ask", "accept"])),
    ("attendance.minimum_coverage_percent", Kind::Percent),
    ("attendance.maximum_coverage_percent", Kind::Whole(1, 1000)),
    ("reclaim.years", Kind::Whole(0, 100)),
    ("reclaim.intervention_since", Kind::Day),
    ("timeliness.support_since", Kind::Day),
    ("timeliness.months_after_closure", Kind::Whole(0, 1200)),
    ("evidence.required", Kind::Fields(&["assessment_on", "plan_on", "lead_practitioner"])),
    ("payment.per_family", Kind::Money),
];

/// What the known key may hold.
///
/// # Errors
/// An unknown key, with the nearest known one suggested.
pub fn kind_of(key: &str) -> Result<Kind> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind).ok_or_else(|| {
        let hint = did_you_mean(key, KEYS.iter().map(|(known, _)| *known));
        Error::new(format!("there is no rule parameter \"{key}\".{hint} `sfclaim rules list` shows them all."))
    })
}
