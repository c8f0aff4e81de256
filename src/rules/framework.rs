//! One framework of the programme: its dates of force, parameters, headlines and dated facts.

use super::parameters::{KEYS, Origin, ParameterSet, Setting, Value, kind_of};
use super::{Standing, Who};
use crate::dates::{Date, Span};
use serde::Deserialize;

/// A framework as its file gives it.
#[derive(Clone, Debug)]
pub struct Framework {
    /// The id that outputs carry.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The days on which it applies, both ends included.
    pub in_force: Span,
    /// Its parameters.
    pub parameters: ParameterSet,
    /// The headline outcomes, by number.
    pub headlines: Vec<Headline>,
    /// The number of the headline that is about attendance.
    pub attendance_headline: u8,
    /// Things that happened while it was in force.
    pub facts: Vec<Fact>,
    /// Other readings of the guidance, one parameter each.
    pub readings: Vec<Reading>,
    /// The file it was read from.
    pub file: String,
}

/// Another defensible reading of the guidance: one parameter with another value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The parameter.
    pub key: String,
    /// Its value under this reading.
    pub value: toml::Value,
    /// The reading in a sentence.
    pub says: String,
    /// The key of its source.
    pub source: String,
    /// How far it can be relied on.
    pub standing: Standing,
}

/// One headline outcome with both of its labels.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headline {
    /// Its number.
    pub number: u8,
    /// The label when the framework came into force.
    pub label: String,
    /// The label used later.
    pub later_label: String,
}

/// A dated fact that every run from its day on must show.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The first as-at date it is shown for.
    pub from: Date,
    /// The sentence.
    pub text: String,
    /// The key of its source.
    pub source: String,
    /// How far it can be relied on.
    pub standing: Standing,
    /// Whether from that day on nothing is paid for results.
    pub suspends_payment: bool,
    /// What it means for one case.
    pub of_a_case: Option<OfACase>,
}

/// What a fact means for one case, in sentences with `{from}` and `{submitted_on}` in the place of days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfACase {
    /// Of a case of which a claim that stands was submitted before the day of the fact.
    claimed_before: String,
    /// Of a case of which one was submitted on that day or later.
    claimed_after: String,
    /// Of a case without a claim that stands.
    not_claimed: String,
}

impl Fact {
    /// What it means for a case whose claim that stands, if there is one, was submitted on this day.
    pub fn means_for(&self, submitted_on: Option<Date>) -> Option<String> {
        let of = self.of_a_case.as_ref()?;
        let text = match submitted_on {
            None => &of.not_claimed,
            Some(day) if day < self.from => &of.claimed_before,
            Some(_) => &of.claimed_after,
        };
        let day = submitted_on.map(|day| day.to_string()).unwrap_or_default();
        Some(text.replace("{from}", &self.from.to_string()).replace("{submitted_on}", &day))
    }
}

impl Framework {
    /// The headline of this number.
    pub fn headline(&self, number: u8) -> Option<&Headline> {
        self.headlines.iter().find(|headline| headline.number == number)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameworkFile {
    id: String,
    title: String,
    source: String,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    standing: Standing,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    last_checked: toml::value::Datetime,
    in_force: ForceFile,
    #[serde(default)]
    fact: Vec<FactFile>,
    #[serde(default)]
    parameter: Vec<ParameterFile>,
    #[serde(default)]
    headline: Vec<Headline>,
    #[serde(default)]
    reading: Vec<Reading>,
    headlines: HeadlinesFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForceFile {
    from: toml::value::Datetime,
    to: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactFile {
    from: toml::value::Datetime,
    text: String,
    source: String,
    standing: Standing,
    #[allow(dead_code, reason = "required of every fact; shown by reading the file")]
    last_checked: toml::value::Datetime,
    #[serde(default)]
    suspends_payment: bool,
    of_a_case: Option<OfACase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterFile {
    key: String,
    value: toml::Value,
    #[serde(default)]
    unit: String,
    title: String,
    source: String,
    standing: Standing,
    who: Who,
    last_checked: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadlinesFile {
    source: String,
    #[allow(dead_code, reason = "required of every block; shown by reading the file")]
    standing: Standing,
    #[allow(dead_code, reason = "required of every block; shown by reading the file")]
    last_checked: toml::value::Datetime,
    attendance: u8,
}

/// The civil date of a TOML date; `None` for a time.
pub(super) fn day(value: &toml::value::Datetime) -> Option<Date> {
    let date = value.date?;
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
}

/// Reads a framework's file. Every mistake is told to `problem`; what can be read is given back.
/// `cite` is told of each source named.
pub(super) fn read(
    file: &str,
    text: &str,
    problem: &mut dyn FnMut(String),
    cite: &mut dyn FnMut(&str, String),
) -> Option<Framework> {
    let parsed: FrameworkFile = match toml::from_str(text) {
        Ok(parsed) => parsed,
        Err(why) => {
            problem(why.to_string());
            return None;
        }
    };
    let date = |value: &toml::value::Datetime, of: &str, problem: &mut dyn FnMut(String)| {
        let read = day(value);
        if read.is_none() {
            problem(format!("{of} is {value}, which is not a date."));
        }
        read
    };
    let from = date(&parsed.in_force.from, "in_force.from", problem);
    let to = date(&parsed.in_force.to, "in_force.to", problem);
    cite(&parsed.source, "the framework".to_owned());
    cite(&parsed.headlines.source, "the headlines".to_owned());

    let mut parameters = ParameterSet::default();
    for entry in &parsed.parameter {
        let key = entry.key.as_str();
        let kind = match kind_of(key) {
            Ok(kind) => kind,
            Err(why) => {
                problem(why.to_string());
                continue;
            }
        };
        cite(&entry.source, format!("\"{key}\""));
        if entry.unit.trim().is_empty() {
            problem(format!("\"{key}\" has no unit: say what the value counts, for example \"months\"."));
        }
        let checked = date(&entry.last_checked, &format!("last_checked of \"{key}\""), problem);
        let value = match Value::read(kind, &entry.value) {
            Ok(value) => value,
            Err(why) => {
                problem(format!("\"{key}\" {why}."));
                continue;
            }
        };
        let Some((known, last_checked)) = KEYS.iter().find(|(known, _)| *known == key).zip(checked) else { continue };
        let setting = Setting {
            value,
            title: entry.title.clone(),
            unit: entry.unit.clone(),
            source: entry.source.clone(),
            standing: entry.standing,
            who: entry.who,
            last_checked,
            origin: Origin::Framework,
            instead_of: None,
        };
        if !parameters.insert(known.0, setting) {
            problem(format!("\"{key}\" is given twice: keep one."));
        }
    }
    for (key, _) in KEYS {
        if parameters.get(key).is_err() && !parsed.parameter.iter().any(|entry| entry.key == *key) {
            problem(format!("\"{key}\" is missing: every framework gives every parameter."));
        }
    }

    let mut numbers: Vec<u8> = parsed.headline.iter().map(|headline| headline.number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        problem("two headlines have the same number.".to_owned());
    }
    if !numbers.contains(&parsed.headlines.attendance) {
        problem(format!("headlines.attendance is {}, and there is no such headline.", parsed.headlines.attendance));
    }
    let mut facts = Vec::new();
    for entry in &parsed.fact {
        cite(&entry.source, format!("the fact of {}", entry.from));
        if let Some(from) = date(&entry.from, "the day of a fact", problem) {
            facts.push(Fact {
                from,
                text: entry.text.clone(),
                source: entry.source.clone(),
                standing: entry.standing,
                suspends_payment: entry.suspends_payment,
                of_a_case: entry.of_a_case.clone(),
            });
        }
    }
    for reading in &parsed.reading {
        cite(&reading.source, format!("the reading of \"{}\"", reading.key));
        let readable = kind_of(&reading.key).map_err(|why| why.to_string()).and_then(|kind| {
            Value::read(kind, &reading.value).map_err(|why| format!("a reading: \"{}\" {why}.", reading.key))
        });
        if let Err(why) = readable {
            problem(why);
        }
    }
    let (from, to) = from.zip(to)?;
    if to < from {
        problem(format!("in_force ends on {to}, before it begins on {from}."));
    }
    Some(Framework {
        id: parsed.id,
        title: parsed.title,
        in_force: Span { from, to },
        parameters,
        headlines: parsed.headline,
        attendance_headline: parsed.headlines.attendance,
        facts,
        readings: parsed.reading,
        file: file.to_owned(),
    })
}
