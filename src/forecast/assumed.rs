//! The assumptions of a pack as the numbers that the sums need.

use super::cells::{CELLS, ConversionCell, STEPS};
use crate::error::Result;
use crate::rules::assumptions::Assumptions;
use crate::rules::targets::YearStart;
use rust_decimal::prelude::ToPrimitive;

/// What is assumed where history says too little. Chances are from 0 to 1, deviations are of log odds.
#[derive(Clone, Debug)]
pub struct Assumed {
    /// The day on which the financial year starts.
    pub year_starts: YearStart,
    /// Quarter ends looked back on.
    pub quarters: usize,
    /// By cell and step: the chance of a claim in a month.
    pub claim: [[f64; STEPS]; CELLS],
    /// As how many family-months each of them counts.
    pub weight: f64,
    /// The chance in a month of dropping out.
    pub fail: f64,
    /// How far a quarter moves all chances.
    pub quarter: f64,
    /// As how many quarters that counts.
    pub quarter_weight: f64,
    /// How far all chances together may be off.
    pub level: f64,
    /// How far the quarters of a year differ every year.
    pub season: f64,
    /// How far the months of a quarter differ in every quarter.
    pub month: f64,
    /// The chance that a month's batch is missed.
    pub missed: f64,
    /// As how many months that counts.
    pub missed_weight: f64,
    /// The chance that a pending claim is lost.
    pub rejection: f64,
    /// As how many claims that counts.
    pub rejection_weight: f64,
    /// As how many families the average month counts beside a calendar month's own.
    pub openings_weight: f64,
    /// The percentiles of the range, of 100.
    pub range: (f64, f64),
}

impl Assumed {
    /// The numbers of a pack.
    ///
    /// # Errors
    /// The pack has no file of assumptions.
    pub fn of(assumptions: &Assumptions, year_starts: YearStart) -> Result<Assumed> {
        let number = |key: &str| assumptions.value(key).map(|value| value.to_f64().unwrap_or_default());
        let mut claim = [[0.0; STEPS]; CELLS];
        for cell in ConversionCell::all() {
            for (step, chance) in claim[cell.place()].iter_mut().enumerate() {
                *chance = number(cell.assumption(step))?;
            }
        }
        Ok(Assumed {
            year_starts,
            quarters: assumptions.value("replay.quarters")?.to_usize().unwrap_or(1),
            claim,
            weight: number("conversion.weight")?,
            fail: number("failing.chance")?,
            quarter: number("quarter.deviation")?,
            quarter_weight: number("quarter.weight")?,
            level: number("level.deviation")?,
            season: number("season.deviation")?,
            month: number("month.deviation")?,
            missed: number("batch.missed")?,
            missed_weight: number("batch.weight")?,
            rejection: number("rejection.chance")?,
            rejection_weight: number("rejection.weight")?,
            openings_weight: number("openings.weight")?,
            range: (number("range.low")?, number("range.high")?),
        })
    }
}
