//! The replay: where every family stood at past quarter ends, decided by the same stages as today, on the same rows. It
//! shows what today's records say of those days; records put in late, or changed since, are hindsight.

use super::months::quarter_ends_before;
use super::prospect::{FamilyState, family_states};
use crate::attend::{Attended, attend};
use crate::dates::Date;
use crate::decide::Decision;
use crate::decide::totals::hardly_held;
use crate::error::{Error, Result};
use crate::link::{Linked, link};
use crate::rules::Rules;
use crate::run::{DecidedAt, Prepared, decided, statuses_by};
use crate::validate::registers::Registers;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Where every family stood at the end of a quarter.
#[derive(Clone, Debug)]
pub struct Past {
    /// The last day of the quarter.
    pub on: Date,
    /// Every family with a period by then, by id.
    pub states: Vec<FamilyState>,
}

/// A quarter end that could not be replayed, or that would mislead.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// The last day of the quarter.
    pub on: Date,
    /// Why, in a sentence.
    pub why: String,
}

/// The past quarter ends of a run.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// Those replayed, earliest first.
    pub past: Vec<Past>,
    /// Those left out, earliest first.
    pub skipped: Vec<Skipped>,
}

/// Decides as at another day, by rules like `rules`: the same as a run for that day.
///
/// # Errors
/// No framework or calendar for that day.
pub fn decided_at(prepared: &Prepared, rules: &Rules, as_at: Date) -> Result<(Rules, DecidedAt)> {
    let rules = prepared.rules_at(rules, as_at)?;
    let decided = decided(&prepared.register, &rules, as_at);
    Ok((rules, decided))
}

/// Replays the latest `quarters` quarter ends before the as-at date.
pub fn replay(prepared: &Prepared, rules: &Rules, quarters: usize) -> Replay {
    replays(prepared, &[rules], quarters).into_iter().next().unwrap_or_default()
}

/// Replays the same quarter ends by several sets of rules, in their order. What belongs together on a day is found once for
/// all of them, and attendance once for those with the same parameters of attendance. A few days are held at a time.
pub fn replays(prepared: &Prepared, sets: &[&Rules], quarters: usize) -> Vec<Replay> {
    let ends = quarter_ends_before(prepared.as_at, quarters);
    let by_day: Vec<_> = ends.into_par_iter().map(|on| at_day(prepared, sets, on)).collect();
    let mut replays = vec![Replay::default(); sets.len()];
    for of_day in by_day {
        for (replay, one) in replays.iter_mut().zip(of_day) {
            match one {
                Ok(past) => replay.past.push(past),
                Err(skipped) => replay.skipped.push(skipped),
            }
        }
    }
    replays
}

/// What settled attendance depends on, apart from the data and the day.
pub fn attendance_parameters(rules: &Rules) -> String {
    let of_attendance = rules.set.iter().filter(|(key, _)| key.starts_with("attendance."));
    let values: Vec<String> = of_attendance.map(|(key, setting)| format!("{key}={}", setting.value)).collect();
    format!("{} {}", rules.framework.id, values.join(" "))
}

fn rules_then(prepared: &Prepared, rules: &Rules, on: Date) -> Result<Rules> {
    if prepared.asked.framework.is_none() && rules.pack.framework_at(on).is_err() {
        return Err(Error::new(
            "no framework was in force on that day. Name one with --framework to look back further.",
        ));
    }
    prepared.rules_at(rules, on)
}

fn at_day(prepared: &Prepared, sets: &[&Rules], on: Date) -> Vec<std::result::Result<Past, Skipped>> {
    if prepared.register.cases.iter().all(|case| case.opened_on > on) {
        return sets.iter().map(|_| Err(Skipped { on, why: "no case had opened by then.".to_owned() })).collect();
    }
    let rules: Vec<_> = sets.iter().map(|rules| rules_then(prepared, rules, on)).collect();
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, rules) in rules.iter().enumerate() {
        let Ok(rules) = rules else { continue };
        alike.entry(attendance_parameters(rules)).or_default().push(place);
    }
    let mut found: Vec<Option<std::result::Result<Past, Skipped>>> = rules.iter().map(|_| None).collect();
    if let Some(any) = rules.iter().find_map(|rules| rules.as_ref().ok()) {
        let linked = link(&prepared.register, any, on);
        for places in alike.values() {
            let of = |place: &usize| rules.get(*place).and_then(|rules| rules.as_ref().ok());
            let Some(first) = places.first().and_then(of) else { continue };
            let attended = attend(&linked, prepared.register.registers.as_ref(), first);
            let each: Vec<_> = places
                .par_iter()
                .filter_map(|place| of(place).map(|rules| (*place, past(&linked, &attended, rules))))
                .collect();
            for (place, one) in each {
                found[place] = Some(one);
            }
        }
    }
    let skipped = |why: String| Err(Skipped { on, why });
    found
        .into_iter()
        .zip(rules)
        .map(|(found, rules)| {
            found.unwrap_or_else(|| skipped(rules.err().map(|why| why.to_string()).unwrap_or_default()))
        })
        .collect()
}

/// Where every family stands today. Of a term of which hardly any attendance is held nobody can tell who will be claimable:
/// past quarter ends of that kind are left out, and today is judged by the terms before it. Gives their names too.
pub fn states_today(
    linked: &Linked,
    attended: &Attended,
    decisions: &[Decision],
    registers: Option<&Registers>,
    rules: &Rules,
) -> (Vec<FamilyState>, Vec<String>) {
    let missing = hardly_held(decisions, attended, rules);
    if missing.is_empty() {
        return (family_states(linked, decisions, rules), Vec::new());
    }
    let rules = Rules { passed_over: missing.iter().map(|term| term.index).collect(), ..rules.clone() };
    let before = attend(linked, registers, &rules);
    let decisions = statuses_by(linked, &before, &rules);
    (family_states(linked, &decisions, &rules), missing.into_iter().map(|term| term.term).collect())
}

fn past(linked: &Linked, attended: &Attended, rules: &Rules) -> std::result::Result<Past, Skipped> {
    let on = linked.as_at;
    let decisions = statuses_by(linked, attended, rules);
    // Without its attendance nearly every family would seem to have been in review, which says nothing of today's.
    let missing: Vec<String> = hardly_held(&decisions, attended, rules).into_iter().map(|term| term.term).collect();
    if !missing.is_empty() {
        return Err(Skipped { on, why: format!("hardly any attendance is held of {}.", missing.join(" and ")) });
    }
    Ok(Past { on, states: family_states(linked, &decisions, rules) })
}
