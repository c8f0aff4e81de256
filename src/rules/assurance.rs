//! What funnels and anomalies ask after: limits and small numbers, each a whole number with unit, source and standing.
//! From `assurance.toml`; where a pack has none, the file that comes with the program holds.

use super::Standing;
use super::framework::day;
use crate::error::did_you_mean;
use serde::Deserialize;

/// The text of the file that comes with the program.
pub const BUILT_IN: &str = include_str!("../../rules/assurance.toml");

/// Every key that the file must give, with the least and the greatest value.
const KEYS: [(&str, i64, i64); 14] = [
    ("control.deviations", 1, 10),
    ("control.quarters", 1, 80),
    ("control.fewest_quarters", 1, 80),
    ("control.looked_at", 1, 80),
    ("control.named_percent", 0, 100),
    ("small.expected", 0, 1000),
    ("small.families", 0, 1000),
    ("closing.days", 0, 3660),
    ("day.share_percent", 1, 100),
    ("day.fewest", 1, 100_000),
    ("gap.days", 1, 3660),
    ("low.percent", 1, 100),
    ("low.years", 1, 50),
    ("low.quarters", 0, 4),
];

/// One setting with everything said of it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its key.
    pub key: String,
    /// Its value, in the unit.
    pub value: usize,
    /// What it counts.
    pub unit: String,
    /// What it means.
    pub title: String,
    /// The key of its source.
    pub source: String,
    /// How far it can be relied on.
    pub standing: Standing,
}

/// All settings.
#[derive(Clone, Debug, Default)]
pub struct Assurance {
    settings: Vec<Setting>,
}

impl Assurance {
    /// The value of a key. The file gives all of them, so nought is never met.
    pub fn value(&self, key: &str) -> usize {
        self.settings.iter().find(|setting| setting.key == key).map_or(0, |setting| setting.value)
    }

    /// All of them, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    setting: Vec<SettingFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingFile {
    key: String,
    value: i64,
    unit: String,
    title: String,
    source: String,
    standing: Standing,
    last_checked: toml::value::Datetime,
}

/// Reads the file. Every mistake is told to `problem`; `cite` is told of each source named.
pub(super) fn read(text: &str, problem: &mut dyn FnMut(String), cite: &mut dyn FnMut(&str, String)) -> Assurance {
    let parsed: File = match toml::from_str(text) {
        Ok(parsed) => parsed,
        Err(why) => {
            problem(why.to_string());
            return Assurance::default();
        }
    };
    let mut read = Assurance::default();
    for entry in parsed.setting {
        let Some((_, least, most)) = KEYS.iter().find(|(known, _, _)| *known == entry.key) else {
            let hint = did_you_mean(&entry.key, KEYS.iter().map(|(known, _, _)| *known));
            problem(format!("there is no setting \"{}\".{hint}", entry.key));
            continue;
        };
        cite(&entry.source, format!("\"{}\"", entry.key));
        if !(*least..=*most).contains(&entry.value) {
            problem(format!("\"{}\" is {}: it may be {least} to {most}.", entry.key, entry.value));
        }
        if day(&entry.last_checked).is_none() || entry.unit.trim().is_empty() {
            problem(format!("\"{}\" needs a unit, and the day on which it was checked.", entry.key));
        }
        if read.settings.iter().any(|other| other.key == entry.key) {
            problem(format!("\"{}\" is given twice: keep one.", entry.key));
        }
        read.settings.push(Setting {
            value: usize::try_from(entry.value).unwrap_or(0),
            key: entry.key,
            unit: entry.unit,
            title: entry.title,
            source: entry.source,
            standing: entry.standing,
        });
    }
    for (key, _, _) in KEYS {
        if !read.settings.iter().any(|setting| setting.key == key) {
            problem(format!("\"{key}\" is missing: the file gives every setting."));
        }
    }
    read
}
