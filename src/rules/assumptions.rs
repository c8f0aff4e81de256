//! What the forecast assumes where an authority's own history says too little: numbers with their unit, source and
//! standing, from `rules/assumptions.toml`. None is a rule of the programme.

use super::Standing;
use super::framework::day;
use crate::dates::Date;
use crate::error::{Error, Result, did_you_mean};
use rust_decimal::Decimal;
use serde::Deserialize;

/// One assumption with everything said of it.
#[derive(Clone, Debug)]
pub struct Assumption {
    /// Its dotted key.
    pub key: String,
    /// Its value, in the unit.
    pub value: Decimal,
    /// What the value counts.
    pub unit: String,
    /// What it means.
    pub title: String,
    /// The key of its source.
    pub source: String,
    /// How far it can be relied on.
    pub standing: Standing,
    /// When somebody last checked it.
    pub last_checked: Date,
}

/// All assumptions of a pack, in the file's order.
#[derive(Clone, Debug, Default)]
pub struct Assumptions {
    entries: Vec<Assumption>,
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
enum Bounds {
    /// From 0 to 1.
    Chance,
    /// More than 0.
    Positive,
    /// From 0 to 100.
    Percentile,
    /// A whole number from 1 to 40.
    Quarters,
}

/// Every key that a file of assumptions must give.
const KEYS: [(&str, Bounds); 23] = [
    ("replay.quarters", Bounds::Quarters),
    ("conversion.claimable", Bounds::Chance),
    ("conversion.review", Bounds::Chance),
    ("conversion.waiting", Bounds::Chance),
    ("conversion.low_attendance", Bounds::Chance),
    ("conversion.more_terms", Bounds::Chance),
    ("conversion.in_progress", Bounds::Chance),
    ("conversion.before", Bounds::Chance),
    ("conversion.ended", Bounds::Chance),
    ("conversion.weight", Bounds::Positive),
    ("failing.chance", Bounds::Chance),
    ("quarter.deviation", Bounds::Positive),
    ("quarter.weight", Bounds::Positive),
    ("level.deviation", Bounds::Positive),
    ("season.deviation", Bounds::Positive),
    ("month.deviation", Bounds::Positive),
    ("batch.missed", Bounds::Chance),
    ("batch.weight", Bounds::Positive),
    ("rejection.chance", Bounds::Chance),
    ("rejection.weight", Bounds::Positive),
    ("openings.weight", Bounds::Positive),
    ("range.low", Bounds::Percentile),
    ("range.high", Bounds::Percentile),
];

impl Assumptions {
    /// The assumption of this key.
    pub fn get(&self, key: &str) -> Option<&Assumption> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of this key.
    ///
    /// # Errors
    /// The pack has none: its file of assumptions is missing.
    pub fn value(&self, key: &str) -> Result<Decimal> {
        self.get(key).map(|entry| entry.value).ok_or_else(|| {
            Error::new(format!(
                "the rules have no assumption \"{key}\", which a forecast needs: copy assumptions.toml from the rules that come with the program."
            ))
        })
    }

    /// All of them, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Assumption> {
        self.entries.iter()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssumptionsFile {
    #[serde(default)]
    assumption: Vec<AssumptionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssumptionFile {
    key: String,
    value: toml::Value,
    unit: String,
    title: String,
    source: String,
    standing: Standing,
    last_checked: toml::value::Datetime,
}

/// Reads the file. Every mistake is told to `problem`; `cite` is told of each source named.
pub(super) fn read(text: &str, problem: &mut dyn FnMut(String), cite: &mut dyn FnMut(&str, String)) -> Assumptions {
    let parsed: AssumptionsFile = match toml::from_str(text) {
        Ok(parsed) => parsed,
        Err(why) => {
            problem(why.to_string());
            return Assumptions::default();
        }
    };
    let mut read = Assumptions::default();
    for entry in parsed.assumption {
        let key = entry.key.as_str();
        let Some((_, bounds)) = KEYS.iter().find(|(known, _)| *known == key) else {
            let hint = did_you_mean(key, KEYS.iter().map(|(known, _)| *known));
            problem(format!("there is no assumption \"{key}\".{hint}"));
            continue;
        };
        cite(&entry.source, format!("\"{key}\""));
        if read.get(key).is_some() {
            problem(format!("\"{key}\" is given twice: keep one."));
            continue;
        }
        if entry.unit.trim().is_empty() {
            problem(format!("\"{key}\" has no unit: say what the value counts."));
        }
        let Some(last_checked) = day(&entry.last_checked) else {
            problem(format!("last_checked of \"{key}\" is {}, which is not a date.", entry.last_checked));
            continue;
        };
        let number = match &entry.value {
            toml::Value::Integer(_) | toml::Value::Float(_) => entry.value.to_string().parse::<Decimal>().ok(),
            _ => None,
        };
        let Some(value) = number.filter(|value| bounds.allow(*value)) else {
            problem(format!("\"{key}\" is {}: it must be {}.", entry.value, bounds.words()));
            continue;
        };
        read.entries.push(Assumption {
            key: entry.key,
            value,
            unit: entry.unit,
            title: entry.title,
            source: entry.source,
            standing: entry.standing,
            last_checked,
        });
    }
    for (key, _) in KEYS {
        if read.get(key).is_none() {
            problem(format!("\"{key}\" is missing: a file of assumptions gives every one."));
        }
    }
    if let (Some(low), Some(high)) = (read.get("range.low"), read.get("range.high"))
        && low.value >= high.value
    {
        problem("range.low must be below range.high.".to_owned());
    }
    read
}

impl Bounds {
    fn allow(self, value: Decimal) -> bool {
        match self {
            Bounds::Chance => value > Decimal::ZERO && value < Decimal::ONE,
            Bounds::Positive => value > Decimal::ZERO && value <= Decimal::from(100_000),
            Bounds::Percentile => value > Decimal::ZERO && value < Decimal::ONE_HUNDRED,
            Bounds::Quarters => value.fract().is_zero() && value >= Decimal::ONE && value <= Decimal::from(40),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Bounds::Chance => "more than 0 and less than 1",
            Bounds::Positive => "more than 0",
            Bounds::Percentile => "more than 0 and less than 100",
            Bounds::Quarters => "a whole number from 1 to 40",
        }
    }
}
