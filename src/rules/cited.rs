//! A value of the rules with everything that is said of it, whichever file it stands in: one reader, and one form in which
//! all of them are listed and shown.

use super::file::OpenFile;
use super::standing::{Standing, Who};
use crate::dates::Date;
use crate::error::did_you_mean;
use serde::Deserialize;
use std::fmt::Display;

/// A value, and what is said of it.
#[derive(Clone, Debug)]
pub struct Cited<V> {
    /// Its dotted key.
    pub key: String,
    /// The value, in the unit.
    pub value: V,
    /// What the value counts.
    pub unit: String,
    /// What it means, in a line.
    pub title: String,
    /// The key of its source in `sources.toml`.
    pub source: String,
    /// How far it can be relied on.
    pub standing: Standing,
    /// Who may change it.
    pub who: Who,
    /// The day on which somebody last checked it.
    pub last_checked: Date,
    /// The file that it was read from.
    pub file: String,
}

impl<V: Display> Cited<V> {
    /// The same with the value in words.
    pub fn said(&self) -> Cited<String> {
        Cited {
            key: self.key.clone(),
            value: self.value.to_string(),
            unit: self.unit.clone(),
            title: self.title.clone(),
            source: self.source.clone(),
            standing: self.standing,
            who: self.who,
            last_checked: self.last_checked,
            file: self.file.clone(),
        }
    }
}

/// A value, and the days on which it holds.
#[derive(Clone, Debug)]
pub struct Dated<V> {
    /// The first day; `None` where nothing was said of days.
    pub from: Option<Date>,
    /// The last day, where the entry says it itself.
    pub to: Option<Date>,
    /// The value.
    pub cited: Cited<V>,
}

/// What the headings of a list of values are, each with whether its cells stand to the right.
pub const LISTED: [(&str, bool); 5] =
    [("Key", false), ("Value", false), ("Unit", false), ("Who", false), ("Standing", false)];

/// A value of any kind as it is listed and shown.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The value in words, and everything said of it.
    pub cited: Cited<String>,
    /// The day from which it holds, where it has not always held.
    pub from: Option<Date>,
    /// What it stands in the place of, and who put it there.
    pub changed: Option<String>,
}

impl<V: Display> From<&Cited<V>> for Listed {
    fn from(cited: &Cited<V>) -> Listed {
        Listed { cited: cited.said(), from: None, changed: None }
    }
}

impl Listed {
    /// Its row of a list, under the headings of [`LISTED`].
    pub fn row(&self) -> Vec<String> {
        let from = self.from.map(|day| format!(" from {day}")).unwrap_or_default();
        let changed = if self.changed.is_some() { " (changed)" } else { "" };
        let of = &self.cited;
        vec![
            of.key.clone(),
            format!("{}{from}{changed}", of.value),
            of.unit.clone(),
            of.who.word().to_owned(),
            of.standing.word().to_owned(),
        ]
    }

    /// Everything said of it, a line each: what is said, and the text. `source` is the title of its source.
    pub fn lines(&self, source: &str) -> Vec<(&'static str, String)> {
        let of = &self.cited;
        let mut lines = vec![
            ("means", of.title.clone()),
            ("unit", of.unit.clone()),
            ("source", source.to_owned()),
            ("standing", of.standing.word().to_owned()),
            ("who may change it", of.who.word().to_owned()),
            ("last checked", of.last_checked.to_string()),
            ("stands in", of.file.clone()),
        ];
        lines.extend(self.changed.iter().map(|how| ("changed", how.clone())));
        lines
    }
}

/// What a file says of one key. A file that is laid over others may leave out what does not change: title, unit and who.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// The dotted key. In `checks.toml` it is the name of the table instead.
    #[serde(default)]
    pub(super) key: String,
    value: Option<toml::Value>,
    unit: Option<String>,
    title: Option<String>,
    source: Option<String>,
    standing: Option<Standing>,
    who: Option<Who>,
    last_checked: Option<toml::value::Datetime>,
    /// Values that hold from days of their own.
    #[serde(default)]
    values: Vec<DatedEntry>,
}

/// One value of several, from a day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedEntry {
    from: toml::value::Datetime,
    to: Option<toml::value::Datetime>,
    value: toml::Value,
    source: String,
    standing: Standing,
    last_checked: toml::value::Datetime,
}

impl Entry {
    /// Reads the values of an entry, in its order. What an entry that is laid over others leaves out is as in `before`;
    /// `who` is who may change a value of which nothing is said.
    pub(super) fn read<V>(
        &self,
        file: &mut OpenFile<'_>,
        before: Option<&Cited<V>>,
        who: Option<Who>,
        read: impl Fn(&toml::Value) -> Result<V, String>,
    ) -> Vec<Dated<V>> {
        let key = &self.key;
        let before = before.filter(|_| file.is_over());
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let unit = given(&self.unit).or_else(|| before.map(|before| before.unit.clone()));
        let title = given(&self.title).or_else(|| before.map(|before| before.title.clone()));
        let who = self.who.or(before.map(|before| before.who)).or(who);
        if unit.is_none() {
            file.problem(format!("\"{key}\" has no unit: say what the value counts, for example \"months\"."));
        }
        if title.is_none() {
            file.problem(format!("\"{key}\" has no title: say in a line what the value means."));
        }
        if who.is_none() {
            file.problem(format!("\"{key}\" has no who: say \"national\" or \"local\"."));
        }
        let mut values = Vec::new();
        let mut one = |file: &mut OpenFile<'_>, (from, to), value, source: &str, standing, last_checked| {
            file.cite(source, format!("\"{key}\""));
            let last_checked = file.day(last_checked, &format!("last_checked of \"{key}\""));
            let value = read(value).map_err(|why| file.problem(format!("\"{key}\" {why}."))).ok();
            let (Some(last_checked), Some(value)) = (last_checked, value) else { return };
            values.push(Dated {
                from,
                to,
                cited: Cited {
                    key: key.clone(),
                    value,
                    unit: unit.clone().unwrap_or_default(),
                    title: title.clone().unwrap_or_default(),
                    source: source.to_owned(),
                    standing,
                    who: who.unwrap_or(Who::Local),
                    last_checked,
                    file: file.name.to_owned(),
                },
            });
        };
        match (&self.value, &self.source, self.standing, &self.last_checked) {
            (Some(value), Some(source), Some(standing), Some(last_checked)) => {
                one(file, (None, None), value, source, standing, last_checked);
            }
            (None, None, None, None) if !self.values.is_empty() => {}
            _ => {
                file.problem(format!(
                    "\"{key}\" must have value, source, standing and last_checked together{}.",
                    if self.values.is_empty() { "" } else { ", or none of them beside its values" }
                ));
                return values;
            }
        }
        for entry in &self.values {
            let from = file.day(&entry.from, &format!("from of \"{key}\""));
            let to = entry.to.as_ref().map(|to| file.day(to, &format!("to of \"{key}\"")));
            if from.is_some() && to != Some(None) {
                let days = (from, to.flatten());
                one(file, days, &entry.value, &entry.source, entry.standing, &entry.last_checked);
            }
        }
        values
    }
}

/// Values by key, in the order of their file.
#[derive(Clone, Debug)]
pub struct Values<V>(Vec<Cited<V>>);

impl<V> Default for Values<V> {
    fn default() -> Values<V> {
        Values(Vec::new())
    }
}

impl<V> Values<V> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Cited<V>> {
        self.0.iter().find(|cited| cited.key == key)
    }

    /// All of them, in the order of their file.
    pub fn iter(&self) -> std::slice::Iter<'_, Cited<V>> {
        self.0.iter()
    }

    /// Takes in the entries of a file, each of which is a `what` of one of the known keys. A whole file gives all of
    /// them; one that is laid over others, what it changes.
    pub(super) fn take_in<K: Copy>(
        &mut self,
        file: &mut OpenFile<'_>,
        what: &str,
        entries: &[Entry],
        keys: &[(&str, K)],
        read: impl Fn(K, &toml::Value) -> Result<V, String>,
    ) {
        for entry in entries {
            let key = entry.key.as_str();
            let Some((_, kind)) = keys.iter().find(|(known, _)| *known == key) else {
                let hint = did_you_mean(key, keys.iter().map(|(known, _)| *known));
                file.problem(format!("there is no {what} \"{key}\".{hint} `sfclaim rules list` shows them all."));
                continue;
            };
            let place = self.0.iter().position(|cited| cited.key == key);
            if let Some(place) = place
                && !file.may_replace(&self.0[place].file, &format!("\"{key}\""))
            {
                continue;
            }
            let mut values = entry.read(file, place.map(|place| &self.0[place]), Some(Who::Local), |v| read(*kind, v));
            if values.iter().any(|value| value.from.is_some()) {
                file.problem(format!("\"{key}\" has values with days: only a parameter of a framework can have them."));
                continue;
            }
            match (values.pop(), place) {
                (Some(value), Some(place)) => self.0[place] = value.cited,
                (Some(value), None) => self.0.push(value.cited),
                (None, _) => {}
            }
        }
        for (key, _) in keys {
            if !file.is_over() && !entries.iter().any(|entry| entry.key == *key) {
                file.problem(format!("\"{key}\" is missing: the file gives every {what}."));
            }
        }
    }
}

/// A whole number between two bounds, both included; the error says what it may be.
pub(super) fn whole(value: &toml::Value, least: i64, most: i64) -> Result<i64, String> {
    match value.as_integer() {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("cannot be {value}: it may be a whole number from {least} to {most}")),
    }
}

/// The text of a value without quotation marks: numbers and dates as they were written.
pub(super) fn text_of(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
