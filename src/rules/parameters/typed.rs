//! Which parameters there are: the keys with what each may hold, and their values on a day, typed for the stages. A new
//! parameter is written here and in the frameworks' files.

use super::dated::ParameterSet;
use super::value::Value;
use crate::dates::Date;
use crate::error::{Error, Result};
use crate::money::Pounds;
use crate::share::{Percent, Sessions};

/// What is counted for eligibility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Distinct headline outcomes.
    Headline,
    /// Distinct criteria as written.
    Need,
}

/// What starts the months of sustainment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The day of the last outcome.
    Progress,
    /// The later of that and the closing.
    Closure,
}

/// How terms are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Each by itself.
    EachTerm,
    /// Their sums.
    Combined,
}

/// Which absence counts against a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsenceCounted {
    /// All of it.
    All,
    /// Unauthorised absence; authorised absence counts as attended.
    Unauthorised,
}

/// Whose attendance is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildrenLookedAt {
    /// Every school-age child.
    All,
    /// Those named by a criterion of the attendance headline.
    WithNeed,
}

/// Which terms can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Completed terms.
    Completed,
    /// Completed terms of which the data holds any record.
    Held,
}

/// What attendance of exactly the threshold says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// It is enough.
    AtLeast,
    /// It is not: attendance must be above the threshold.
    Above,
}

/// When a child must be of compulsory school age to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchoolAgeAt {
    /// On the as-at date.
    AsAt,
    /// On the first day of any term of the window.
    AnyTerm,
}

/// What a percentage says that a school gives in place of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentOnly {
    /// Nothing by itself: a person is asked.
    Ask,
    /// What it says.
    Accept,
}

/// The parameters, typed for the stages. Each field is the key of the same name in [`KEYS`].
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is documented by its key in KEYS and in the framework's file")]
pub struct Parameters {
    pub minimum_criteria: usize,
    pub counting: Counting,
    pub require_dependent: bool,
    pub expecting_weeks: i32,
    pub sustainment_months: i32,
    pub clock: Clock,
    pub new_case_breaks: bool,
    pub whole_months: bool,
    pub threshold: Percent,
    pub terms: usize,
    pub basis: Basis,
    pub absence: AbsenceCounted,
    pub children: ChildrenLookedAt,
    pub window: Window,
    pub boundary: Boundary,
    pub school_age: SchoolAgeAt,
    pub percent_only: PercentOnly,
    pub minimum_coverage: Percent,
    /// A whole number of per cent, 100 or more as a rule: what must not be exceeded.
    pub maximum_coverage: i32,
    pub reclaim_years: i32,
    pub intervention_since: Date,
    pub support_since: Date,
    pub months_after_closure: i32,
    pub required: Vec<&'static str>,
    pub payment: Pounds,
}

impl Parameters {
    /// Whether sessions are enough attendance: at the threshold or above it, or only above it.
    pub fn is_enough(&self, sessions: Sessions) -> bool {
        let margin = sessions.margin(self.threshold);
        margin > 0 || margin == 0 && self.boundary == Boundary::AtLeast
    }

    /// What a child who has enough attendance did, in words that the threshold follows.
    pub fn enough_said(&self) -> &'static str {
        match self.boundary {
            Boundary::AtLeast => "reached",
            Boundary::Above => "was above",
        }
    }

    /// Whether so many sessions on record are more than a term with these half-days can have.
    pub fn is_too_much(&self, recorded: i64, half_days: i64) -> bool {
        100 * recorded > i64::from(self.maximum_coverage) * half_days
    }

    /// Types the values of a set.
    ///
    /// # Errors
    /// A key without a value.
    pub fn from_set(set: &ParameterSet) -> Result<Parameters> {
        let value = |key: &str| set.get(key).map(|setting| &setting.value);
        let mistyped = |key: &str| Error::new(format!("the framework's value for \"{key}\" is of another kind."));
        let whole = |key: &str| match value(key)? {
            Value::Whole(number) => i32::try_from(*number).map_err(|_| mistyped(key)),
            _ => Err(mistyped(key)),
        };
        let count = |key: &str| usize::try_from(whole(key)?).map_err(|_| mistyped(key));
        let percent = |key: &str| match value(key)? {
            Value::Percent(percent) => Ok(*percent),
            _ => Err(mistyped(key)),
        };
        let yes = |key: &str| match value(key)? {
            Value::YesNo(yes) => Ok(*yes),
            _ => Err(mistyped(key)),
        };
        let day = |key: &str| match value(key)? {
            Value::Day(day) => Ok(*day),
            _ => Err(mistyped(key)),
        };
        let is = |key: &str, word: &str| match value(key)? {
            Value::Choice(chosen) => Ok(*chosen == word),
            _ => Err(mistyped(key)),
        };
        Ok(Parameters {
            minimum_criteria: count("eligibility.minimum_criteria")?,
            counting: if is("eligibility.counting", "need")? { Counting::Need } else { Counting::Headline },
            require_dependent: yes("family.require_dependent")?,
            expecting_weeks: whole("family.expecting_weeks")?,
            sustainment_months: whole("sustainment.months")?,
            clock: if is("sustainment.clock", "closure")? { Clock::Closure } else { Clock::Progress },
            new_case_breaks: yes("sustainment.new_case_breaks")?,
            whole_months: yes("sustainment.whole_months")?,
            threshold: percent("attendance.threshold_percent")?,
            terms: count("attendance.terms")?,
            basis: if is("attendance.basis", "combined")? { Basis::Combined } else { Basis::EachTerm },
            absence: if is("attendance.absence_counted", "unauthorised")? {
                AbsenceCounted::Unauthorised
            } else {
                AbsenceCounted::All
            },
            children: if is("attendance.children", "with_need")? {
                ChildrenLookedAt::WithNeed
            } else {
                ChildrenLookedAt::All
            },
            window: if is("attendance.window", "held")? { Window::Held } else { Window::Completed },
            boundary: if is("attendance.boundary", "above")? { Boundary::Above } else { Boundary::AtLeast },
            school_age: if is("attendance.school_age", "any_term")? { SchoolAgeAt::AnyTerm } else { SchoolAgeAt::AsAt },
            percent_only: if is("attendance.percent_only", "accept")? { PercentOnly::Accept } else { PercentOnly::Ask },
            minimum_coverage: percent("attendance.minimum_coverage_percent")?,
            maximum_coverage: whole("attendance.maximum_coverage_percent")?,
            reclaim_years: whole("reclaim.years")?,
            intervention_since: day("reclaim.intervention_since")?,
            support_since: day("timeliness.support_since")?,
            months_after_closure: whole("timeliness.months_after_closure")?,
            required: match value("evidence.required")? {
                Value::Fields(fields) => fields.clone(),
                _ => return Err(mistyped("evidence.required")),
            },
            payment: match value("payment.per_family")? {
                Value::Money(pounds) => *pounds,
                _ => return Err(mistyped("payment.per_family")),
            },
        })
    }
}
