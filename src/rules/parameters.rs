//! The parameters of a framework: which keys there are and what each may hold, their values with
//! provenance, overrides by dotted key, and the typed struct that the stages read.

use super::{Standing, Who};
use crate::dates::{self, Date};
use crate::error::{Error, Result, did_you_mean};
use crate::money::Pounds;
use crate::share::{Percent, Sessions};
use std::collections::BTreeMap;
use std::fmt;

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

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// See [`Kind::Whole`].
    Whole(i64),
    /// See [`Kind::Percent`].
    Percent(Percent),
    /// See [`Kind::YesNo`].
    YesNo(bool),
    /// See [`Kind::Choice`].
    Choice(&'static str),
    /// See [`Kind::Day`].
    Day(Date),
    /// See [`Kind::Fields`]; sorted, each once.
    Fields(Vec<&'static str>),
    /// See [`Kind::Money`].
    Money(Pounds),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Whole(number) => number.fmt(f),
            Value::Percent(percent) => percent.fmt(f),
            Value::YesNo(yes) => yes.fmt(f),
            Value::Choice(word) => f.pad(word),
            Value::Day(day) => day.fmt(f),
            Value::Fields(fields) if fields.is_empty() => f.pad("none"),
            Value::Fields(fields) => f.pad(&fields.join(", ")),
            Value::Money(pounds) => pounds.fmt(f),
        }
    }
}

impl Value {
    /// Reads a TOML value as what `kind` may hold; the error says what it may be.
    pub fn read(kind: Kind, value: &toml::Value) -> std::result::Result<Value, String> {
        let said = text_of(value);
        let wrong = |may_be: String| Err(format!("cannot be {value}: it may be {may_be}"));
        let word = |allowed: &'static [&'static str], text: &str| allowed.iter().copied().find(|known| *known == text);
        match kind {
            Kind::Whole(least, most) => match value.as_integer() {
                Some(number) if (least..=most).contains(&number) => Ok(Value::Whole(number)),
                _ => wrong(format!("a whole number from {least} to {most}")),
            },
            Kind::Percent => match said.parse() {
                Ok(percent) => Ok(Value::Percent(percent)),
                Err(()) => wrong("a percentage from 0 to 100 with at most four decimals".into()),
            },
            Kind::YesNo => value.as_bool().map_or_else(|| wrong("true or false".into()), |yes| Ok(Value::YesNo(yes))),
            Kind::Choice(allowed) => match word(allowed, &said) {
                Some(known) => Ok(Value::Choice(known)),
                None => wrong(format!("{}{}", allowed.join(" or "), nearest(&said, allowed))),
            },
            Kind::Day => match dates::read(&said) {
                Some(day) => Ok(Value::Day(day)),
                None => wrong("a date such as 2020-04-01".into()),
            },
            Kind::Fields(allowed) => {
                let known: Option<Vec<_>> =
                    value.as_array().and_then(|list| list.iter().map(|item| word(allowed, &text_of(item))).collect());
                match known {
                    Some(mut fields) => {
                        fields.sort_unstable();
                        fields.dedup();
                        Ok(Value::Fields(fields))
                    }
                    None => wrong(format!("a list of any of {}, such as [\"{}\"]", allowed.join(", "), allowed[0])),
                }
            }
            Kind::Money => match Pounds::read(&said) {
                Some(pounds) => Ok(Value::Money(pounds)),
                None => wrong("an amount in pounds such as 800 or \"800.00\"".into()),
            },
        }
    }
}

/// The word that was perhaps meant, inside a sentence.
fn nearest(said: &str, allowed: &[&str]) -> String {
    let hint = did_you_mean(said, allowed.iter().copied());
    let word = hint.trim().trim_start_matches("Did you mean ").trim_end_matches('?');
    if word.is_empty() { String::new() } else { format!(" (perhaps {word})") }
}

/// The value's text without quotes: numbers and dates as they were written.
fn text_of(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The framework's own file.
    Framework,
    /// An override, and where that stands: a later file, or the command line.
    Override(String),
}

/// A parameter as it applies: the value and everything said of it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The value.
    pub value: Value,
    /// What it means, in a line.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The key of its source in `sources.toml`.
    pub source: String,
    /// How far it can be relied on.
    pub standing: Standing,
    /// Who may change it.
    pub who: Who,
    /// The day on which somebody last checked it.
    pub last_checked: Date,
    /// Where the value came from.
    pub origin: Origin,
    /// The framework's own value, where an override stands in its place.
    pub instead_of: Option<Value>,
}

/// A change to one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The dotted key.
    pub key: String,
    /// The new value, as TOML.
    pub value: toml::Value,
    /// Where the change stands, for people: "--set", or a file's name.
    pub given_by: String,
}

impl Override {
    /// Reads `key=value` as typed after `--set`: the value as in TOML, bare words as strings.
    ///
    /// # Errors
    /// No `=` in the text.
    pub fn read(text: &str) -> Result<Override> {
        let Some((key, value)) = text.split_once('=') else {
            return Err(Error::new(format!("\"--set {text}\" has no \"=\": write it as --set key=value.")));
        };
        let value = value.trim();
        let parsed = format!("value = {value}").parse::<toml::Table>().ok();
        let value = parsed
            .and_then(|mut table| (table.len() == 1).then(|| table.remove("value")).flatten())
            .unwrap_or_else(|| toml::Value::String(value.to_owned()));
        Ok(Override { key: key.trim().to_owned(), value, given_by: "--set".to_owned() })
    }
}

/// Every parameter of a framework by key.
#[derive(Clone, Debug, Default)]
pub struct ParameterSet(BTreeMap<&'static str, Setting>);

impl ParameterSet {
    /// Puts in a framework's own value. Gives back `false` if the key was there already.
    pub(super) fn insert(&mut self, key: &'static str, setting: Setting) -> bool {
        self.0.insert(key, setting).is_none()
    }

    /// The setting of a key.
    ///
    /// # Errors
    /// An unknown key, with the nearest known one suggested.
    pub fn get(&self, key: &str) -> Result<&Setting> {
        kind_of(key)?;
        self.0.get(key).ok_or_else(|| Error::new(format!("the framework gives no value for \"{key}\".")))
    }

    /// All settings in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Setting)> {
        self.0.iter().map(|(key, setting)| (*key, setting))
    }

    /// Whether any parameter was overridden.
    pub fn changed(&self) -> bool {
        self.0.values().any(|setting| setting.origin != Origin::Framework)
    }

    /// Puts an override in the place of a value. What is said of the parameter stays; where the value
    /// came from is kept, and its standing becomes `local`.
    ///
    /// # Errors
    /// An unknown key or a value it cannot have.
    pub fn apply(&mut self, change: &Override) -> Result<()> {
        let kind = kind_of(&change.key)?;
        let value = Value::read(kind, &change.value)
            .map_err(|why| Error::new(format!("{}: \"{}\" {why}.", change.given_by, change.key)))?;
        if let Some(setting) = self.0.get_mut(change.key.as_str()) {
            let before = std::mem::replace(&mut setting.value, value);
            setting.instead_of.get_or_insert(before);
            setting.origin = Origin::Override(change.given_by.clone());
            setting.standing = Standing::Local;
        }
        Ok(())
    }
}

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
