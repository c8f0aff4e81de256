//! Which keys there are, and what each may hold.

use crate::error::{Error, Result, did_you_mean};

/// What a key may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
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
pub const KEYS: &[(&str, ValueKind)] = &[
    ("eligibility.minimum_criteria", ValueKind::Whole(0, 1000)),
    ("eligibility.counting", ValueKind::Choice(&["headline", "need"])),
    ("family.require_dependent", ValueKind::YesNo),
    ("family.expecting_weeks", ValueKind::Whole(0, 520)),
    ("sustainment.months", ValueKind::Whole(0, 1200)),
    ("sustainment.clock", ValueKind::Choice(&["progress", "closure"])),
    ("sustainment.new_case_breaks", ValueKind::YesNo),
    ("sustainment.whole_months", ValueKind::YesNo),
    ("attendance.threshold_percent", ValueKind::Percent),
    ("attendance.terms", ValueKind::Whole(1, 30)),
    ("attendance.basis", ValueKind::Choice(&["each_term", "combined"])),
    ("attendance.absence_counted", ValueKind::Choice(&["all", "unauthorised"])),
    ("attendance.children", ValueKind::Choice(&["all", "with_need"])),
    ("attendance.window", ValueKind::Choice(&["completed", "held"])),
    ("attendance.boundary", ValueKind::Choice(&["at_least", "above"])),
    ("attendance.school_age", ValueKind::Choice(&["as_at", "any_term"])),
    ("attendance.percent_only", ValueKind::Choice(&["ask", "accept"])),
    ("attendance.minimum_coverage_percent", ValueKind::Percent),
    ("attendance.maximum_coverage_percent", ValueKind::Whole(1, 1000)),
    ("reclaim.years", ValueKind::Whole(0, 100)),
    ("reclaim.intervention_since", ValueKind::Day),
    ("timeliness.support_since", ValueKind::Day),
    ("timeliness.months_after_closure", ValueKind::Whole(0, 1200)),
    ("evidence.required", ValueKind::Fields(&["assessment_on", "plan_on", "lead_practitioner"])),
    ("payment.per_family", ValueKind::Money),
];

/// What the known key may hold.
///
/// # Errors
/// An unknown key, with the nearest known one suggested.
pub fn kind_of(key: &str) -> Result<ValueKind> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind).ok_or_else(|| {
        let hint = did_you_mean(key, KEYS.iter().map(|(known, _)| *known));
        Error::new(format!("there is no rule parameter \"{key}\".{hint} `sfclaim rules list` shows them all."))
    })
}
