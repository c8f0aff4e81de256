//! The replay: where every family stood at past quarter ends, decided by the same stages as today, on the same rows. It
//! shows what today's records say of those days; records put in late, or changed since, are hindsight.

use super::months::quarter_ends_before;
use super::prospect::{FamilyState, family_states};
use crate::attend::{Attended, attend};
use crate::cores;
use crate::dates::Date;
use crate::decide::Decision;
use crate::decide::totals::hardly_held;
use crate::error::{Error, Result};
use crate::indexed::Indexed;
use crate::link::{Linked, PeriodIndex, link};
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::run::{DecidedAt, Prepared, decided, statuses_by};
use crate::validate::registers::Registers;
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

/// How a past day is judged: as today is.
#[derive(Clone, Copy)]
pub struct Alike<'a> {
    /// Rules of which a past day has those in force then.
    pub rules: &'a Rules,
    /// The completed terms that today passes over, counted back: 0 is the latest. A past day passes over the terms in the
    /// same places, so that the chances learnt are those of families judged by attendance as old as today's.
    pub passed_over: &'a [usize],
}

/// Replays the latest `quarters` quarter ends before the as-at date.
pub fn replay(prepared: &Prepared, alike: Alike<'_>, quarters: usize) -> Replay {
    replays(prepared, &[alike], quarters).into_iter().next().unwrap_or_default()
}

/// Replays the same quarter ends by several sets of rules, in their order. What belongs together on a day is found once for
/// all of them, and attendance once for those with the same parameters of attendance. A few days are held at a time.
pub fn replays(prepared: &Prepared, sets: &[Alike<'_>], quarters: usize) -> Vec<Replay> {
    let ends = quarter_ends_before(prepared.as_at, quarters);
    let by_day: Vec<_> = cores::each(ends, |on| at_day(prepared, sets, on));
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
    format!("{} {} {:?}", rules.framework.id, values.join(" "), rules.passed_over)
}

fn rules_then(prepared: &Prepared, Alike { rules, passed_over }: Alike<'_>, on: Date) -> Result<Rules> {
    if prepared.asked.framework.is_none() && rules.pack.framework_at(on).is_err() {
        return Err(Error::new(
            "no framework was in force on that day. Name one with --framework to look back further.",
        ));
    }
    let then = prepared.rules_at(rules, on)?;
    let completed: Vec<TermIndex> = then.calendar.completed_terms(on).rev().collect();
    let passed_over = passed_over.iter().filter_map(|back| completed.get(*back).copied()).collect();
    Ok(Rules { passed_over, ..then })
}

fn at_day(prepared: &Prepared, sets: &[Alike<'_>], on: Date) -> Vec<std::result::Result<Past, Skipped>> {
    if prepared.register.cases.iter().all(|case| case.opened_on > on) {
        return sets.iter().map(|_| Err(Skipped { on, why: "no case had opened by then.".to_owned() })).collect();
    }
    let rules: Vec<_> = sets.iter().map(|alike| rules_then(prepared, *alike, on)).collect();
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
            let each = cores::of_each(places, |place| of(place).map(|rules| past(&linked, &attended, rules)));
            for (place, one) in places.iter().zip(each) {
                found[*place] = one.or(found[*place].take());
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

/// Today judged without the terms of which hardly any attendance is held.
pub struct PassedOver {
    /// The rules, with those terms left out.
    pub rules: Rules,
    /// Attendance by the terms before them.
    pub attended: Attended,
    /// The terms, in words.
    pub terms: Vec<String>,
    /// How many completed terms back each of them lies: 0 is the latest.
    pub back: Vec<usize>,
    decisions: Indexed<PeriodIndex, Decision>,
}

/// Most terms that are passed over, one after the other: what is older than two years says little of today.
const MOST_PASSED_OVER: usize = 6;

/// Of a term of which hardly any attendance is held nobody can tell who will be claimable: past quarter ends of that kind are
/// left out, and today is judged by the terms before it, as past quarter ends then are too ([`Alike`]). `None` where the terms
/// of today are held.
pub fn passed_over(
    linked: &Linked,
    attended: &Attended,
    decisions: &[Decision],
    registers: Option<&Registers>,
    rules: &Rules,
) -> Option<PassedOver> {
    let mut missing = hardly_held(decisions, attended, rules);
    let mut found: Option<PassedOver> = None;
    while !missing.is_empty() {
        let (mut over, mut terms) =
            found.as_ref().map(|found| (found.rules.passed_over.clone(), found.terms.clone())).unwrap_or_default();
        if over.len() >= MOST_PASSED_OVER {
            break;
        }
        for term in missing {
            over.push(term.index);
            terms.push(term.term);
        }
        let completed = rules.calendar.completed_terms(linked.as_at).rev();
        let back = completed.enumerate().filter(|(_, term)| over.contains(term)).map(|(back, _)| back).collect();
        let rules = Rules { passed_over: over, ..rules.clone() };
        let attended = attend(linked, registers, &rules);
        let decisions = statuses_by(linked, &attended, &rules);
        missing = hardly_held(&decisions, &attended, &rules);
        found = Some(PassedOver { rules, attended, terms, back, decisions });
    }
    found
}

impl PassedOver {
    /// Where every family stands today, by the terms that are held.
    pub fn states(&self, linked: &Linked) -> Vec<FamilyState> {
        family_states(linked, &self.decisions, &self.rules)
    }
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
