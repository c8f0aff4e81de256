//! The parameters of a framework: which keys there are and what each may hold.
//!
//! - [`Value`] what a key holds, read and said.
//! - [`dated`] the values of a framework, each with the days on which it holds, and those that hold on one day.
//! - [`Parameters`] the same of one day, typed for the stages.

pub mod dated;
mod typed;
mod value;

pub use dated::{DatedParameters, Origin, Override, ParameterSet, Setting};
pub use typed::{AbsenceCounted, Basis, Boundary, ChildrenLookedAt, Clock, Counting, Parameters, SchoolAgeAt, Window};
pub use value::Value;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_after_set_is_a_string_and_toml_is_toml() {
        let read = |text: &str| Override::read(text).unwrap().value;
        assert_eq!(read("attendance.basis=combined"), toml::Value::String("combined".into()));
        assert_eq!(read("attendance.terms = 3"), toml::Value::Integer(3));
        assert_eq!(read("attendance.basis=\"combined\""), toml::Value::String("combined".into()));
        assert!(read("evidence.required=[\"plan_on\"]").is_array());
        assert!(read("reclaim.intervention_since=2020-04-01").is_datetime());
        assert!(Override::read("attendance.terms").is_err());
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let message = kind_of("attendance.treshold").unwrap_err().to_string();
        assert!(message.contains("attendance.threshold_percent"), "{message}");
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        let read = |kind, text: &str| Value::read(kind, &Override::read(&format!("k={text}")).unwrap().value);
        assert!(read(Kind::Percent, "101").is_err());
        assert!(read(Kind::Percent, "92.5").is_ok());
        assert!(read(Kind::Whole(1, 30), "0").is_err());
        assert!(read(Kind::YesNo, "yes").is_err());
        assert!(
            read(Kind::Choice(&["each_term", "combined"]), "combine").unwrap_err().contains("perhaps \"combined\"")
        );
        assert!(read(Kind::Fields(&["plan_on"]), "[\"plan\"]").is_err());
        assert!(read(Kind::Day, "2020-04-31").is_err());
    }
}
