//! What if: the figures of a forecast under other rules, targets or circumstances, side by side with today's. None of it decides
//! anything.
//!
//! - [`scenario`] what a scenario may change; [`file`](mod@file) scenarios in a file; [`grid`](mod@grid) over one or two parameters.
//! - [`settle`](mod@settle) what holds families back, taken as settled for some of them.
//! - [`found`] what comes out: figures, and families that would stand elsewhere; [`trial`] one scenario worked out.
//!
//! Everything is read and linked once. Rules that differ in the payment alone, or not at all, share their decisions, their
//! replay of past quarter ends and the distribution that follows; rules with the same parameters of attendance share settled
//! attendance. Under other rules the past is replayed by those rules, so that chances are estimated again.

pub mod file;
pub mod found;
pub mod grid;
pub mod scenario;
pub mod settle;
mod trial;

pub use found::{Expected, Figures, Flip, Stand, Tried, WhatIf};

use super::assumed::Assumed;
use super::distribution::Distribution;
use super::projection::{Projection, projection};
use super::prospect::family_states;
use super::replay::{Skipped, attendance_parameters, replays};
use crate::attend::{Attended, attend};
use crate::dates::Date;
use crate::decide::Decision;
use crate::error::{Error, Result};
use crate::link::{Linked, link};
use crate::rules::Rules;
use crate::rules::targets::financial_year;
use crate::run::{Prepared, decisions_by};
use rayon::prelude::*;
use scenario::Scenario;
use std::collections::BTreeMap;
use trial::Trial;

/// One set of rules, with all that follows from it alone.
struct Base {
    rules: Rules,
    attended: usize,
    decisions: Vec<Decision>,
    forecast: Option<(Projection, Distribution)>,
    replayed: Vec<Date>,
    skipped: Vec<Skipped>,
}

/// Tries every scenario. `with_forecast` says of each whether the model's year end is wanted, which takes the longest.
///
/// # Errors
/// No table of claims; a scenario whose rules cannot be applied on the as-at date; a rule pack without assumptions.
pub fn what_if(prepared: &Prepared, scenarios: &[Scenario], with_forecast: bool) -> Result<WhatIf> {
    let assumed = Assumed::of(&prepared.rules.pack.assumptions, prepared.year_starts)?;
    let today = Scenario::today();
    let rules: Vec<Rules> =
        std::iter::once(&today).chain(scenarios).map(|scenario| rules_of(prepared, scenario)).collect::<Result<_>>()?;
    let linked = link(&prepared.register, prepared.as_at);
    let (bases, base_of, attended) = bases(prepared, &linked, &rules, with_forecast.then_some(&assumed));
    let try_one = |place: usize, scenario: &Scenario| {
        let base = &bases[base_of[place]];
        Trial {
            prepared,
            linked: &linked,
            attended: &attended[base.attended],
            base,
            today: &bases[0],
            rules: &rules[place],
        }
        .run(scenario, &assumed)
    };
    let tried: Vec<Tried> = scenarios
        .par_iter()
        .enumerate()
        .map(|(place, scenario)| try_one(place + 1, scenario))
        .collect::<Result<_>>()?;
    let (financial_year, year) = financial_year(prepared.as_at, prepared.year_starts);
    Ok(WhatIf {
        as_at: prepared.as_at,
        financial_year,
        year,
        authority: prepared.authority.clone(),
        rules: prepared.rules.label(),
        notices: prepared.rules.notices(prepared.as_at),
        range: assumed.range,
        today: try_one(0, &today)?,
        scenarios: tried,
        replayed: bases[0].replayed.clone(),
        skipped: bases[0].skipped.clone(),
    })
}

/// The rules of a scenario, checked for the as-at date.
fn rules_of(prepared: &Prepared, scenario: &Scenario) -> Result<Rules> {
    let of = |why: Error| Error::new(format!("scenario \"{}\": {why}", scenario.name));
    let rules = prepared.rules.with(&scenario.overrides()).map_err(of)?;
    prepared.rules_at(&rules, prepared.as_at).map_err(of)
}

/// Everything that decisions depend on: all parameters but the payment.
fn key_of(rules: &Rules) -> String {
    let values = rules.set.iter().filter(|(key, _)| !key.starts_with("payment."));
    values.map(|(key, setting)| format!("{key}={}\n", setting.value)).collect()
}

/// The different sets of rules, which of them each scenario has, and attendance as settled for them.
fn bases(
    prepared: &Prepared,
    linked: &Linked,
    rules: &[Rules],
    assumed: Option<&Assumed>,
) -> (Vec<Base>, Vec<usize>, Vec<Attended>) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut different: Vec<&Rules> = Vec::new();
    let mut base_of = Vec::new();
    for rules in rules {
        let place = *places.entry(key_of(rules)).or_insert(different.len());
        if place == different.len() {
            different.push(rules);
        }
        base_of.push(place);
    }
    let mut of_attendance: BTreeMap<String, usize> = BTreeMap::new();
    let mut attended: Vec<Attended> = Vec::new();
    let attended_of: Vec<usize> = different
        .iter()
        .map(|rules| {
            *of_attendance.entry(attendance_parameters(rules)).or_insert_with(|| {
                attended.push(attend(linked, prepared.register.registers.as_ref(), rules));
                attended.len() - 1
            })
        })
        .collect();
    let replays = match assumed {
        Some(assumed) => replays(prepared, &different, assumed.quarters).into_iter().map(Some).collect(),
        None => different.iter().map(|_| None).collect::<Vec<_>>(),
    };
    let (_, year) = financial_year(prepared.as_at, prepared.year_starts);
    let bases = different.into_par_iter().zip(attended_of).zip(replays).map(|((rules, place), replay)| {
        let decisions = decisions_by(linked, &attended[place], rules);
        let forecast = replay.as_ref().zip(assumed).map(|(replay, assumed)| {
            let states = family_states(linked, &decisions, rules);
            let projection = projection(&prepared.register, &replay.past, &states, prepared.as_at, assumed);
            let year_end = projection.by(year.to);
            (projection, year_end)
        });
        let replay = replay.unwrap_or_default();
        let replayed = replay.past.iter().map(|past| past.on).collect();
        Base { rules: rules.clone(), attended: place, decisions, forecast, replayed, skipped: replay.skipped }
    });
    (bases.collect(), base_of, attended)
}
