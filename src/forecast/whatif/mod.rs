//! What if: the figures of a forecast under other rules, targets or circumstances, side by side with today's. None of it decides
//! anything.
//!
//! - [`scenario`] what a scenario may change; [`file`](mod@file) scenarios in a file; [`grid`](mod@grid) over one or two parameters.
//! - [`settle`](mod@settle) what holds families back, taken as settled for some of them.
//! - [`found`] what comes out: figures, and families that would stand elsewhere; [`difference`] how those differ from
//!   today's; [`trial`] one scenario worked out.
//!
//! Everything is read and linked once. Rules that differ in the payment alone, or not at all, share their decisions, their
//! replay of past quarter ends and the distribution that follows; rules with the same parameters of attendance share settled
//! attendance. Under other rules what is expected goes by the chances that today's rules give, for families as they would
//! stand. Beside it chances are estimated again, by replaying the past under those rules. That is not the headline: past claims
//! were made by the rules of their day, so that a family which the scenario's rules would have stopped looks like one that is
//! claimed from where no claim can be made, and one that they would have let through like one that is not.

mod base;
pub mod difference;
pub mod file;
pub mod found;
pub mod grid;
pub mod scenario;
pub mod settle;
mod trial;

pub use found::{Expected, Figures, Flip, Stand, Tried, WhatIf};

use super::assumed::Assumed;
use super::projection::projection;
use super::prospect::family_states;
use super::replay::{Alike, attendance_parameters, passed_over, replays};
use crate::attend::{Attended, attend};
use crate::cores;
use crate::decide::Decision;
use crate::error::{Error, Result};
use crate::link::{Linked, link};
use crate::rules::Rules;
use crate::rules::targets::financial_year;
use crate::run::{Prepared, decisions_by};
use base::Base;
use base::Passed;
use base::key_of;
use scenario::Scenario;
use std::collections::BTreeMap;
use trial::Trial;

/// What is wanted of the model, which takes the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Nothing.
    Left,
    /// The year end by today's chances.
    TodaysChances,
    /// The same, and beside it with chances estimated again under the scenario's rules.
    EstimatedAgain,
}

/// Tries every scenario.
///
/// # Errors
/// No table of claims; a scenario whose rules cannot be applied on the as-at date; a rule pack without assumptions.
pub fn what_if(prepared: &Prepared, scenarios: &[Scenario], model: Model) -> Result<WhatIf> {
    let assumed = Assumed::of(&prepared.rules.pack.assumptions, prepared.year_starts)?;
    let today = Scenario::today();
    let rules: Vec<Rules> =
        std::iter::once(&today).chain(scenarios).map(|scenario| rules_of(prepared, scenario)).collect::<Result<_>>()?;
    let linked = link(&prepared.register, &prepared.rules, prepared.as_at);
    let (bases, base_of, attended) = bases(prepared, &linked, &rules, (model, &assumed));
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
    let tried = cores::each(scenarios.iter().enumerate().collect(), |(place, scenario)| try_one(place + 1, scenario));
    let tried: Vec<Tried> = tried.into_iter().collect::<Result<_>>()?;
    let (financial_year, year) = financial_year(prepared.as_at, prepared.year_starts);
    Ok(WhatIf {
        as_at: prepared.as_at,
        financial_year,
        year,
        authority: prepared.authority.clone(),
        rules: prepared.rules.label(),
        notices: prepared.rules.notices(prepared.as_at),
        payment_is_suspended: prepared.rules.payment_is_suspended(prepared.as_at),
        hardly_held: bases[0].passed.as_ref().map(|passed| passed.terms.clone()).unwrap_or_default(),
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

/// The different sets of rules, which of them each scenario has, and attendance as settled for them.
fn bases(
    prepared: &Prepared,
    linked: &Linked,
    rules: &[Rules],
    (model, assumed): (Model, &Assumed),
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
    // Today's are the first.
    let replayed = match model {
        Model::Left => 0,
        Model::TodaysChances => 1,
        Model::EstimatedAgain => different.len(),
    };
    let registers = prepared.register.registers.as_ref();
    let to_decide: Vec<_> = different.iter().zip(&attended_of).collect();
    let today: Vec<(Vec<Decision>, Option<Passed>)> = cores::each(to_decide, |(rules, place)| {
        let decisions = decisions_by(linked, &attended[*place], rules);
        let passed = (model != Model::Left)
            .then(|| passed_over(linked, &attended[*place], &decisions, registers, rules))
            .flatten()
            .map(|passed| Passed {
                decisions: decisions_by(linked, &passed.attended, &passed.rules),
                rules: passed.rules,
                attended: passed.attended,
                terms: passed.terms,
                back: passed.back,
            });
        (decisions, passed)
    });
    let mut replays: Vec<_> = if replayed == 0 {
        Vec::new()
    } else {
        let sets: Vec<Alike<'_>> = different
            .iter()
            .zip(&today)
            .take(replayed)
            .map(|(rules, (_, passed))| Alike {
                rules,
                passed_over: passed.as_ref().map(|passed| passed.back.as_slice()).unwrap_or_default(),
            })
            .collect();
        replays(prepared, &sets, assumed.quarters).into_iter().map(Some).collect()
    };
    replays.resize_with(different.len(), || None);
    let (_, year) = financial_year(prepared.as_at, prepared.year_starts);
    let each: Vec<_> = different.into_iter().zip(attended_of).zip(today).zip(replays).collect();
    let bases = cores::each(each, |(((rules, place), (decisions, passed)), replay)| {
        let forecast = replay.as_ref().map(|replay| {
            let states = match &passed {
                Some(passed) => family_states(linked, &passed.decisions, &passed.rules),
                None => family_states(linked, &decisions, rules),
            };
            let projection = projection(&prepared.register, &replay.past, &states, prepared.as_at, assumed);
            let year_end = projection.by(year.to);
            (projection, year_end)
        });
        let replay = replay.unwrap_or_default();
        let replayed = replay.past.iter().map(|past| past.on).collect();
        Base { rules: rules.clone(), attended: place, decisions, passed, forecast, replayed, skipped: replay.skipped }
    });
    (bases, base_of, attended)
}
