//! How a scenario's figures differ from today's.

use super::Figures;
use crate::forecast::outlook::Grant;
use crate::money::Pounds;
use rust_decimal::Decimal;
use std::fmt;

/// What can be paid for the families claimable now: within the funded places left where those are known.
pub fn payable(figures: &Figures) -> Pounds {
    figures.value_within_places.unwrap_or(figures.claimable_value)
}

/// The grant that the model expects, where the funded places are known.
pub fn grant(figures: &Figures) -> Option<&Grant> {
    figures.expected.as_ref().and_then(|expected| expected.grant.as_ref())
}

/// An amount by which something is more or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Whether it is less.
    pub is_less: bool,
    /// By how much.
    pub by: Pounds,
}

impl Moved {
    fn between(today: Pounds, then: Pounds) -> Moved {
        match then.more_than(today) {
            Some(by) => Moved { is_less: false, by },
            None => Moved { is_less: true, by: today.more_than(then).unwrap_or_default() },
        }
    }

    /// As files carry it: `-4100.00`.
    pub fn plain(self) -> String {
        format!("{}{}", if self.is_less { "-" } else { "" }, self.by.plain())
    }

    /// To the nearest hundred pounds.
    pub fn about(self) -> Moved {
        Moved { by: self.by.about(), ..self }
    }

    /// `more` or `less`.
    pub fn word(self) -> &'static str {
        if self.is_less { "less" } else { "more" }
    }
}

/// As a table shows it: `+£4,100`.
impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self {
            Moved { by, .. } if *by == Pounds::default() => "",
            Moved { is_less: true, .. } => "-",
            _ => "+",
        };
        f.pad(&format!("{sign}{}", self.by))
    }
}

/// How a scenario's figures differ from today's: then less today. Numbers of probability have four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Families claimable now.
    pub claimable: i64,
    /// What can be paid for them.
    pub value: Moved,
    /// Claims expected by the year's end.
    pub year_end: Option<Decimal>,
    /// The grant at risk, as an expectation.
    pub at_risk: Option<Moved>,
    /// The chance that the target is reached.
    pub target: Option<Decimal>,
    /// The chance that every funded place is used.
    pub places: Option<Decimal>,
}

impl Difference {
    /// Of a scenario against today.
    pub fn of(today: &Figures, then: &Figures) -> Difference {
        let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let grants = grant(today).zip(grant(then));
        let ends = today.expected.as_ref().zip(then.expected.as_ref());
        let rounded = |by: f64| Decimal::from_f64_retain(by).unwrap_or_default().round_dp(4).normalize();
        Difference {
            claimable: whole(then.claimable) - whole(today.claimable),
            value: Moved::between(payable(today), payable(then)),
            year_end: ends.map(|(today, then)| rounded(then.claims - today.claims)),
            at_risk: grants.map(|(today, then)| Moved::between(today.expected_at_risk, then.expected_at_risk)),
            target: grants.map(|(today, then)| rounded(then.target_reached - today.target_reached)),
            places: grants.map(|(today, then)| rounded(then.places_used - today.places_used)),
        }
    }
}
