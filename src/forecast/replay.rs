//! The replay: where every family stood at past quarter ends, decided by the same stages as today, on the same rows. It
//! shows what today's records say of those days; records put in late, or changed since, are hindsight.

use super::months::quarter_ends_before;
use super::prospect::{FamilyState, family_states};
use crate::dates::Date;
use crate::decide::totals::hardly_held;
use crate::error::Result;
use crate::link::{Linked, link};
use crate::rules::Rules;
use crate::run::{DecidedAt, Prepared, decided, statuses};
use rayon::prelude::*;
use std::borrow::Cow;

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

/// What belongs together at past quarter ends: the same whatever the parameters, so that many scenarios can share it. It
/// holds the small tables once a quarter end.
#[derive(Debug)]
pub struct Lookback {
    days: Vec<Linked>,
}

/// Links everything at the latest `quarters` quarter ends before the as-at date, for several replays.
pub fn look_back(prepared: &Prepared, quarters: usize) -> Lookback {
    let ends = quarter_ends_before(prepared.as_at, quarters);
    Lookback { days: ends.into_par_iter().map(|on| link(&prepared.register, on)).collect() }
}

impl Lookback {
    /// Replays its quarter ends by rules like `rules`.
    pub fn replay(&self, prepared: &Prepared, rules: &Rules) -> Replay {
        let of = |linked: &Linked| past(prepared, rules, linked.as_at, |_| Cow::Borrowed(linked));
        collected(self.days.par_iter().map(of).collect())
    }
}

/// Replays the latest `quarters` quarter ends before the as-at date, holding a few of them at a time.
pub fn replay(prepared: &Prepared, rules: &Rules, quarters: usize) -> Replay {
    let ends = quarter_ends_before(prepared.as_at, quarters);
    let of = |on| past(prepared, rules, on, |on| Cow::Owned(link(&prepared.register, on)));
    collected(ends.into_par_iter().map(of).collect())
}

fn collected(each: Vec<std::result::Result<Past, Skipped>>) -> Replay {
    let mut replay = Replay::default();
    for one in each {
        match one {
            Ok(past) => replay.past.push(past),
            Err(skipped) => replay.skipped.push(skipped),
        }
    }
    replay
}

fn past<'a>(
    prepared: &Prepared,
    rules: &Rules,
    on: Date,
    linked: impl Fn(Date) -> Cow<'a, Linked>,
) -> std::result::Result<Past, Skipped> {
    let skipped = |why: String| Skipped { on, why };
    if prepared.register.cases.iter().all(|case| case.opened_on > on) {
        return Err(skipped("no case had opened by then.".to_owned()));
    }
    if prepared.asked.framework.is_none() && rules.pack.framework_at(on).is_err() {
        return Err(skipped(
            "no framework was in force on that day. Name one with --framework to look back further.".to_owned(),
        ));
    }
    let rules = prepared.rules_at(rules, on).map_err(|why| skipped(why.to_string()))?;
    let linked = linked(on);
    let (attended, decisions) = statuses(&linked, &prepared.register, &rules);
    // Without its attendance nearly every family would seem to have been in review, which says nothing of today's.
    let missing: Vec<String> = hardly_held(&decisions, &attended, &rules).into_iter().map(|term| term.term).collect();
    if !missing.is_empty() {
        return Err(skipped(format!("hardly any attendance is held of {}.", missing.join(" and "))));
    }
    Ok(Past { on, states: family_states(&linked, &decisions) })
}
