//! What the forecast assumes where an authority's own history says too little: numbers with their unit, source and
//! standing, from `rules/assumptions.toml`. None is a rule of the programme.

use super::cited::{Cited, Entry, Values};
use super::file::OpenFile;
use crate::error::{Error, Result};
use rust_decimal::Decimal;
use serde::Deserialize;

/// One assumption with everything said of it.
pub type Assumption = Cited<Decimal>;

/// All assumptions of a pack, in the file's order.
#[derive(Clone, Debug, Default)]
pub struct Assumptions(Values<Decimal>);

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
        self.0.get(key)
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
        self.0.iter()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    assumption: Vec<Entry>,
}

impl Assumptions {
    pub(super) fn take_in(&mut self, file: &mut OpenFile<'_>) {
        let Some(parsed) = file.parsed::<File>() else { return };
        self.0.take_in(file, "assumption", &parsed.assumption, &KEYS, Bounds::read);
        if let (Some(low), Some(high)) = (self.get("range.low"), self.get("range.high"))
            && low.value >= high.value
        {
            file.problem("range.low must be below range.high.");
        }
    }
}

impl Bounds {
    fn read(self, value: &toml::Value) -> std::result::Result<Decimal, String> {
        let number = match value {
            toml::Value::Integer(_) | toml::Value::Float(_) => value.to_string().parse::<Decimal>().ok(),
            _ => None,
        };
        let allowed = number.filter(|number| self.allow(*number));
        allowed.ok_or_else(|| format!("cannot be {value}: it may be {}", self.words()))
    }

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
