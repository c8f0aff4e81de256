//! What comes to the year's end: claims, places and grant, from decisions and from the authority's own history.
//!
//! Probabilities are floating point; decisions and money are not. Each part has plain types and one entry function;
//! [`forecast`] puts them together.
//!
//! - [`pipeline`](mod@pipeline) the most that could be claimed by each month end, and what would have to happen.
//! - [`replay`](mod@replay) where every family stood at past quarter ends; [`prospect`] how near a family is to a claim.
//! - [`cells`] the kinds of family: how near to a claim, and months since it could first be made.
//! - [`conversion`] what became of families, and the chances that follow; [`openings`](mod@openings) families to come.
//! - [`made`](mod@made) claims made already; [`range`](mod@range) the distribution of the year's claims by a month end.
//! - [`projection`](mod@projection) all of that as known on a day; [`backtest`](mod@backtest) projections from past days
//!   against what came; [`straight_line`](mod@straight_line) the council's own method.
//! - [`outlook`] what the distribution says of targets, places and grant.
//! - [`position`] claims of a financial year against target and funded places; [`levers`] which single thing holds most
//!   money; [`work`] what somebody can do, thing by thing; [`funnel`] how far families come; [`anomalies`] what an assurance team would ask about; [`groups`] families that
//!   may be one family.
//! - [`whatif`] the same under other rules, targets or circumstances.
//! - [`assumed`] what is assumed where history says too little.
//! - [`months`], [`special`], [`distribution`] months as numbers, and the arithmetic of chances.

pub mod anomalies;
pub mod assumed;
pub mod backtest;
pub mod cells;
pub mod conversion;
pub mod distribution;
pub mod funnel;
pub mod groups;
pub mod levers;
pub mod made;
pub mod months;
pub mod openings;
pub mod outlook;
pub mod pipeline;
pub mod position;
pub mod projection;
pub mod prospect;
pub mod range;
pub mod replay;
pub mod special;
pub mod straight_line;
pub mod whatif;
pub mod work;

use crate::dates::{Date, Span};
use crate::error::{Error, Result};
use crate::money::Pounds;
use crate::rules::Rules;
use crate::rules::assumptions::Assumption;
use crate::rules::targets::{YearTarget, financial_year};
use crate::run::{Prepared, decided};
use assumed::Assumed;
use backtest::{Backtest, backtest};
use distribution::Distribution;
use made::Made;
use outlook::{AtMonthEnd, Conversions, Grant, MadeUpOf};
use pipeline::{Pipeline, pipeline};
use prospect::family_states;
use replay::{Alike, Skipped, passed_over, replay};
use rust_decimal::Decimal;

/// Everything that a forecast says. Numbers of probability are rounded to four decimals.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The as-at date.
    pub as_at: Date,
    /// Its financial year, `2024/25`.
    pub financial_year: String,
    /// The days of that year.
    pub year: Span,
    /// The authority, where it is named.
    pub authority: Option<String>,
    /// The rules' label.
    pub rules: String,
    /// What must be said on every run for this day.
    pub notices: Vec<String>,
    /// Whether nothing is paid for results from a day on or before the as-at date.
    pub payment_is_suspended: bool,
    /// The payment for each family.
    pub payment: Pounds,
    /// Target and funded places of the year, where they are known.
    pub target: Option<YearTarget>,
    /// Claims made already.
    pub made: Made,
    /// The most that could be claimed.
    pub pipeline: Pipeline,
    /// The past quarter ends that the forecast learnt from.
    pub replayed: Vec<Date>,
    /// Those that it could not.
    pub skipped: Vec<Skipped>,
    /// Terms of the window of which hardly any attendance is held: today is judged by the terms before them.
    pub hardly_held: Vec<String>,
    /// Conversion by kind of family.
    pub conversions: Vec<Conversions>,
    /// Of what the expected claims of the year are made up.
    pub made_up_of: MadeUpOf,
    /// By how much past quarters were better or worse than others: last day, and factor on the odds of a claim.
    pub quarters: Vec<(Date, f64)>,
    /// The deviation of a quarter's effect on the log odds.
    pub deviation: f64,
    /// The distribution by each month end; the last is the year's end.
    pub months: Vec<AtMonthEnd>,
    /// The whole distribution at the year's end.
    pub year_end: Distribution,
    /// What follows for target, places and grant; `None` without a target.
    pub grant: Option<Grant>,
    /// The assumptions it rests on.
    pub assumptions: Vec<Assumption>,
    /// Past forecasts against what came, where they were asked for.
    pub backtest: Option<Backtest>,
}

impl Forecast {
    /// What the range is to hold, of a hundred: from its lower to its upper percentile.
    pub fn of_a_hundred(&self) -> Decimal {
        let of = |key: &str| self.assumptions.iter().find(|assumption| assumption.key == key).map(|found| found.value);
        (of("range.high").unwrap_or_default() - of("range.low").unwrap_or_default()).normalize()
    }
}

/// Forecasts the financial year of the as-at date by `rules`, which may differ from those of the run in parameters only.
///
/// # Errors
/// There is no table of claims, or the rule pack has no assumptions.
pub fn forecast(prepared: &Prepared, rules: &Rules, with_backtest: bool) -> Result<Forecast> {
    if prepared.register.claims.is_none() {
        return Err(Error::new(
            "there is no table of claims, so nothing can be forecast: add claims.csv; with its header alone it says that nothing was claimed.",
        ));
    }
    let assumed = Assumed::of(&rules.pack.assumptions, prepared.year_starts)?;
    let now = decided(&prepared.register, rules, prepared.as_at);
    let registers = prepared.register.registers.as_ref();
    let passed = passed_over(&now.linked, &now.attended, &now.decisions, registers, rules);
    let back = passed.as_ref().map(|passed| passed.back.as_slice()).unwrap_or_default();
    let replay = replay(prepared, Alike { rules, passed_over: back }, assumed.quarters);
    let (as_at, register) = (prepared.as_at, &prepared.register);
    let (financial_year, year) = financial_year(as_at, prepared.year_starts);
    let states = match &passed {
        Some(passed) => passed.states(&now.linked),
        None => family_states(&now.linked, &now.decisions, rules),
    };
    let projection = projection::projection(register, &replay.past, &states, as_at, &assumed);
    let targets = prepared.authority.as_deref().and_then(|id| rules.pack.targets_of(id));
    let target = targets.and_then(|targets| targets.at(as_at, prepared.year_starts)).cloned();
    let payment = rules.parameters.payment;
    let (months, year_end) = outlook::by_month_end(&projection, year.to, &assumed);
    let parts = projection.parts(year.to);
    let tried = with_backtest.then(|| backtest(register, &replay, as_at, &assumed));
    Ok(Forecast {
        as_at,
        financial_year,
        year,
        authority: prepared.authority.clone(),
        rules: rules.label(),
        notices: rules.notices(as_at),
        payment_is_suspended: rules.payment_is_suspended(as_at),
        payment,
        grant: target.as_ref().map(|target| outlook::grant(&year_end, target, payment, &assumed)),
        target,
        pipeline: pipeline(&now.linked, &now.decisions, prepared.year_starts),
        replayed: replay.past.iter().map(|past| past.on).collect(),
        skipped: replay.skipped,
        hardly_held: passed.map(|passed| passed.terms).unwrap_or_default(),
        conversions: outlook::conversions(&projection, &parts),
        made_up_of: outlook::made_up_of(&projection, &parts, year.to),
        quarters: projection
            .conversion
            .past_quarters()
            .map(|(quarter, effect)| (quarter.last_day(), special::rounded(effect.exp())))
            .collect(),
        deviation: special::rounded(projection.conversion.deviation),
        made: projection.made,
        months,
        year_end,
        assumptions: rules.pack.assumptions.iter().cloned().collect(),
        backtest: tried,
    })
}
