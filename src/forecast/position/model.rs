//! What the model of [`crate::forecast`] says of the same year, to stand beside what was counted.

use crate::forecast::Forecast;
use rust_decimal::Decimal;

/// The model's figure, range and chances by the year's end.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Claims to be expected.
    pub expected: f64,
    /// The lower end of the range.
    pub low: usize,
    /// The upper end of the range.
    pub high: usize,
    /// What the range is to hold, of a hundred.
    pub of_a_hundred: Decimal,
    /// The chance that the target is reached, where it is known.
    pub target_reached: Option<f64>,
    /// The chance that every funded place is used, where they are known.
    pub places_used: Option<f64>,
}

impl Model {
    /// Of a forecast; nothing where it has no year end.
    pub fn of(forecast: &Forecast) -> Option<Model> {
        let end = forecast.months.last()?;
        Some(Model {
            expected: end.expected,
            low: end.low,
            high: end.high,
            of_a_hundred: forecast.of_a_hundred(),
            target_reached: forecast.grant.as_ref().map(|grant| grant.target_reached),
            places_used: forecast.grant.as_ref().map(|grant| grant.places_used),
        })
    }

    /// The chance of what a position is held against.
    pub fn chance_of(&self, what: &str) -> Option<f64> {
        if what == "target" { self.target_reached } else { self.places_used }
    }
}
