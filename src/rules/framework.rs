//! One framework of the programme: its dates of force, parameters, headlines and dated facts.

use super::cited::{Entry, text_of};
use super::file::OpenFile;
use super::parameters::{DatedParameters, Value, kind_of};
use super::standing::Standing;
use crate::dates::{Date, Span};
use crate::error::did_you_mean;
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
    /// Its parameters, each with the days on which its values hold.
    pub parameters: DatedParameters,
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

impl Reading {
    /// Its value as text, without quotation marks.
    pub fn value_said(&self) -> String {
        text_of(&self.value)
    }
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
    parameter: Vec<Entry>,
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
struct HeadlinesFile {
    source: String,
    #[allow(dead_code, reason = "required of every block; shown by reading the file")]
    standing: Standing,
    #[allow(dead_code, reason = "required of every block; shown by reading the file")]
    last_checked: toml::value::Datetime,
    attendance: u8,
}

/// What an authority changes of a framework that is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangesFile {
    id: String,
    #[serde(default)]
    fact: Vec<FactFile>,
    #[serde(default)]
    parameter: Vec<Entry>,
    #[serde(default)]
    headline: Vec<Headline>,
    #[serde(default)]
    reading: Vec<Reading>,
}

/// Whether the text is a framework of its own, and not only what is changed of one: whether it says when it is in force.
pub(super) fn is_whole(text: &str) -> bool {
    match toml::from_str::<toml::Table>(text) {
        Ok(table) => table.contains_key("in_force"),
        Err(_) => text.contains("in_force"),
    }
}

/// Takes in a file of `frameworks/`: a framework of its own, or, where it is laid over others and does not say when it is
/// in force, what an authority changes of one.
pub(super) fn take_in(all: &mut Vec<Framework>, file: &mut OpenFile<'_>) {
    if file.is_over() && !is_whole(file.text) {
        change(all, file);
        return;
    }
    let Some(framework) = whole(file) else { return };
    // One that an authority gives as a whole stands in the place of the built-in one of that id.
    if let Some(over) = file.over {
        all.retain(|other| other.id != framework.id || !over.contains(&other.file));
    }
    all.push(framework);
}

fn whole(file: &mut OpenFile<'_>) -> Option<Framework> {
    let parsed: FrameworkFile = file.parsed()?;
    let from = file.day(&parsed.in_force.from, "in_force.from");
    let to = file.day(&parsed.in_force.to, "in_force.to");
    file.cite(&parsed.source, "the framework");
    file.cite(&parsed.headlines.source, "the headlines");
    let in_force = from.zip(to).map(|(from, to)| Span { from, to });
    if let Some(Span { from, to }) = in_force.filter(|span| span.to < span.from) {
        file.problem(format!("in_force ends on {to}, before it begins on {from}."));
    }
    let mut parameters = DatedParameters::default();
    parameters.take_in(file, &parsed.parameter, in_force);
    let mut numbers: Vec<u8> = parsed.headline.iter().map(|headline| headline.number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        file.problem("two headlines have the same number.");
    }
    if !numbers.contains(&parsed.headlines.attendance) {
        file.problem(format!(
            "headlines.attendance is {}, and there is no such headline.",
            parsed.headlines.attendance
        ));
    }
    lint_readings(file, &parsed.reading);
    Some(Framework {
        id: parsed.id,
        title: parsed.title,
        in_force: in_force?,
        parameters,
        headlines: parsed.headline,
        attendance_headline: parsed.headlines.attendance,
        facts: facts(file, &parsed.fact),
        readings: parsed.reading,
        file: file.name.to_owned(),
    })
}

/// Changes a framework that is there: values on the days that the file gives, the labels of headlines, and readings by
/// their key. Readings of other keys, and facts, are added.
fn change(all: &mut [Framework], file: &mut OpenFile<'_>) {
    let Some(parsed) = file.parsed::<ChangesFile>() else { return };
    let Some(framework) = all.iter_mut().find(|framework| framework.id == parsed.id) else {
        let known = || all.iter().map(|framework| framework.id.as_str());
        file.problem(format!(
            "id: there is no framework \"{}\" to change.{} There is {}. Name one of them, or write the whole framework with its [in_force].",
            parsed.id,
            did_you_mean(&parsed.id, known()),
            known().collect::<Vec<_>>().join(", ")
        ));
        return;
    };
    framework.parameters.lay_over(file, &parsed.parameter, framework.in_force);
    for headline in parsed.headline {
        match framework.headlines.iter_mut().find(|other| other.number == headline.number) {
            Some(other) => *other = headline,
            None => file.problem(format!(
                "{} has no headline {} to change: a framework with other headlines is written as a whole, with its [in_force].",
                framework.id, headline.number
            )),
        }
    }
    lint_readings(file, &parsed.reading);
    for reading in parsed.reading {
        match framework.readings.iter_mut().find(|other| other.key == reading.key) {
            Some(other) => *other = reading,
            None => framework.readings.push(reading),
        }
    }
    framework.facts.extend(facts(file, &parsed.fact));
    framework.facts.sort_by_key(|fact| fact.from);
}

fn facts(file: &mut OpenFile<'_>, entries: &[FactFile]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for entry in entries {
        file.cite(&entry.source, format!("the fact of {}", entry.from));
        let Some(from) = file.day(&entry.from, "the day of a fact") else { continue };
        facts.push(Fact {
            from,
            text: entry.text.clone(),
            source: entry.source.clone(),
            standing: entry.standing,
            suspends_payment: entry.suspends_payment,
            of_a_case: entry.of_a_case.clone(),
        });
    }
    facts
}

fn lint_readings(file: &mut OpenFile<'_>, readings: &[Reading]) {
    for reading in readings {
        file.cite(&reading.source, format!("the reading of \"{}\"", reading.key));
        let readable = kind_of(&reading.key).map_err(|why| why.to_string()).and_then(|kind| {
            Value::read(kind, &reading.value).map_err(|why| format!("a reading: \"{}\" {why}.", reading.key))
        });
        if let Err(why) = readable {
            file.problem(why);
        }
    }
}
