//! What if: the figures of a forecast under other rules, targets or circumstances, side by side with today's. None of it decides
//! anything.
//!
//! - [`scenario`] what a scenario may change; [`file`](mod@file) scenarios in a file; [`grid`](mod@grid) over one or two parameters.
//! - [`settle`](mod@settle) what holds families back, taken as settled for some of them.
//!
//! Everything is read and linked once. Rules that differ in the payment alone, or not at all, share their decisions, their
//! replay of past quarter ends and the distribution that follows; rules with the same parameters of attendance share settled
//! attendance. Under other rules the past is replayed by those rules, so that chances are estimated again.

pub mod file;
pub mod grid;
pub mod scenario;
pub mod settle;

use super::assumed::Assumed;
use super::conversion::cells::Cell;
use super::distribution::Distribution;
use super::outlook;
use super::position::{Asked, position_of};
use super::projection::{Projection, projection};
use super::prospect::family_states;
use super::replay::{Skipped, attendance_parameters, replays};
use super::special::rounded;
use crate::attend::{Attended, attend};
use crate::dates::{Date, Span};
use crate::decide::again::Decided;
use crate::decide::{Decision, Status};
use crate::error::{Error, Result};
use crate::ids::{CaseId, FamilyId};
use crate::link::{Linked, link};
use crate::money::Pounds;
use crate::rules::position::Rag;
use crate::rules::targets::{YearTarget, financial_year};
use crate::rules::{Rules, Who};
use crate::run::{Prepared, decisions_by};
use crate::share::Ratio;
use rayon::prelude::*;
use rust_decimal::prelude::ToPrimitive;
use scenario::{Change, Scenario};
use settle::{Picked, settle};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is to be expected by the year's end. Numbers of probability are rounded to four decimals.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The expected number of claims.
    pub claims: f64,
    /// The lower end of the range.
    pub low: usize,
    /// As likely more as fewer.
    pub median: usize,
    /// The upper end of the range.
    pub high: usize,
    /// What follows for target, places and grant, where those are known.
    pub grant: Option<outlook::Grant>,
}

/// The figures of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Families claimable now.
    pub claimable: usize,
    /// The payment for them.
    pub claimable_value: Pounds,
    /// The same within the funded places that no claim has taken, where those are known.
    pub value_within_places: Option<Pounds>,
    /// The payment for each family.
    pub payment: Pounds,
    /// Claims of the year so far, approved and pending.
    pub claims: usize,
    /// The target.
    pub target: Option<usize>,
    /// Funded places.
    pub funded_places: Option<usize>,
    /// What the profile expects of the target by now.
    pub expected_to_date: Option<Ratio>,
    /// The word for the claims so far against it.
    pub rag_to_date: Option<Rag>,
    /// The straight line at the year's end.
    pub line: usize,
    /// The word for that against the target.
    pub rag_line: Option<Rag>,
    /// The grant at risk on the straight line.
    pub line_shortfall: Option<Pounds>,
    /// The grant earned by approved claims.
    pub earned: Option<Pounds>,
    /// The model's year end; `None` where it was not asked for. Under other rules chances are estimated again, by replaying
    /// the past under them.
    pub expected: Option<Expected>,
    /// The same by the chances that today's rules give, for families as they would stand; `None` where the rules are today's.
    /// Claims of the past were made by the rules of their day: what was not allowed then was not claimed, and what these rules
    /// would not have allowed was. So chances estimated again can be off either way.
    pub by_todays_chances: Option<Expected>,
}

/// Where a period stands, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its status.
    pub status: Status,
    /// The kind of reason.
    pub kind: &'static str,
    /// The reason in a sentence.
    pub reason: String,
}

/// A period with another status than today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The case that names it.
    pub case_id: CaseId,
    /// The family.
    pub family_id: FamilyId,
    /// Where it stands today.
    pub from: Stand,
    /// Where it would stand.
    pub to: Stand,
}

/// What a scenario comes to.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Its name.
    pub name: String,
    /// Its changes, `key = value`.
    pub changes: Vec<String>,
    /// What must be said beside its figures.
    pub notices: Vec<String>,
    /// The figures.
    pub figures: Figures,
    /// Periods that would have another status, by case.
    pub flips: Vec<Flip>,
    /// Families for which something is taken as settled, by case.
    pub picked: Vec<Picked>,
}

/// Everything that was tried.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The as-at date.
    pub as_at: Date,
    /// Its financial year, `2024/25`.
    pub financial_year: String,
    /// The days of that year.
    pub year: Span,
    /// The authority, where it is named.
    pub authority: Option<String>,
    /// The rules' label, without any scenario.
    pub rules: String,
    /// What must be said on every run for this day.
    pub notices: Vec<String>,
    /// The percentiles of the range.
    pub range: (f64, f64),
    /// Without any change.
    pub today: Tried,
    /// The scenarios, in the order asked for.
    pub scenarios: Vec<Tried>,
    /// Past quarter ends that today's forecast learnt from.
    pub replayed: Vec<Date>,
    /// Those that it could not.
    pub skipped: Vec<Skipped>,
}

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

/// One scenario on what it shares with others.
struct Trial<'a> {
    prepared: &'a Prepared,
    linked: &'a Linked,
    attended: &'a Attended,
    base: &'a Base,
    today: &'a Base,
    rules: &'a Rules,
}

impl Trial<'_> {
    fn run(&self, scenario: &Scenario, assumed: &Assumed) -> Result<Tried> {
        let (_, year) = financial_year(self.prepared.as_at, self.prepared.year_starts);
        let mut notices = self.notices(scenario);
        let mut profile = None;
        let (mut target, mut places) = (None, None);
        for named in &scenario.changes {
            match &named.change {
                Change::Target(number) => target = Some(*number),
                Change::FundedPlaces(number) => places = Some(*number),
                Change::Profile(id) => profile = Some(id.as_str()),
                _ => {}
            }
        }
        let target_of = |known: Option<&YearTarget>| changed_target(known, target, places, year, self.prepared);
        let asked = Asked { profile, ..Asked::default() };
        let decided =
            |decisions| Decided { decisions, linked: self.linked, attended: self.attended, rules: self.rules };
        let before = position_of(self.prepared, decided(&self.base.decisions), asked, target_of)?;
        let claims = before.counted.claims();
        let places_left = before.target.as_ref().map(|target| target.funded_places.saturating_sub(claims));

        let settles = scenario.settles();
        let (decisions, picked, position) = if settles.is_empty() {
            (Cow::Borrowed(&self.base.decisions), Vec::new(), before)
        } else {
            let settled = settle(decided(&self.base.decisions), places_left, &settles);
            notices.extend(settled.said);
            let position = position_of(self.prepared, decided(&settled.decisions), asked, target_of)?;
            (Cow::Owned(settled.decisions), settled.picked, position)
        };
        let payment = self.rules.parameters.payment;
        let told = |year_end: &Distribution| Expected {
            claims: rounded(year_end.mean()),
            low: year_end.percentile(assumed.range.0),
            median: year_end.percentile(50.0),
            high: year_end.percentile(assumed.range.1),
            grant: position.target.as_ref().map(|target| outlook::grant(year_end, target, payment, assumed)),
        };
        let expected = self.base.forecast.as_ref().map(|(projection, year_end)| {
            let changed = self.changed(projection, scenario, (!settles.is_empty()).then_some(&decisions[..]));
            changed.map_or_else(|| told(year_end), |changed| told(&changed.by(year.to)))
        });
        let other_rules = self.today.forecast.as_ref().filter(|_| self.has_other_rules());
        let by_todays_chances = other_rules
            .and_then(|(projection, _)| self.changed(projection, scenario, Some(&decisions)))
            .map(|changed| told(&changed.by(year.to)));
        let against = position.against.first();
        let figures = Figures {
            claimable: position.claimable,
            claimable_value: payment.for_each_of(position.claimable),
            value_within_places: places_left.map(|places| payment.for_each_of(position.claimable.min(places))),
            payment,
            claims,
            target: position.target.as_ref().map(|target| target.target),
            funded_places: position.target.as_ref().map(|target| target.funded_places),
            expected_to_date: against.map(|against| against.expected_to_date),
            rag_to_date: against.map(|against| against.rag_to_date),
            line: position.line.year_end,
            rag_line: against.map(|against| against.rag_year_end),
            line_shortfall: position.grant.as_ref().map(|grant| grant.line_shortfall),
            earned: position.grant.as_ref().map(|grant| grant.earned),
            expected,
            by_todays_chances,
        };
        Ok(Tried {
            name: scenario.name.clone(),
            changes: scenario.changes.iter().map(|named| named.said()).collect(),
            notices,
            figures,
            flips: flips(&self.today.decisions, &decisions),
            picked,
        })
    }

    /// Whether anything but the payment differs from today's rules.
    fn has_other_rules(&self) -> bool {
        key_of(&self.base.rules) != key_of(&self.today.rules)
    }

    /// The projection with what the scenario changes of it; `None` where it changes nothing.
    fn changed(
        &self,
        projection: &Projection,
        scenario: &Scenario,
        decisions: Option<&[Decision]>,
    ) -> Option<Projection> {
        let families =
            decisions.map(|decisions| projection.with_families(&family_states(self.linked, decisions, self.rules)));
        let mut is_changed = families.is_some();
        let mut changed = families.unwrap_or_else(|| projection.clone());
        for named in &scenario.changes {
            match &named.change {
                Change::OpeningsAMonth(families) => {
                    changed.openings = changed.openings.with_average(families.to_f64().unwrap_or_default());
                    is_changed = true;
                }
                Change::Conversion(cell, factor) => {
                    let factor = factor.to_f64().unwrap_or(1.0);
                    for mine in Cell::all() {
                        if cell.is_none_or(|cell| cell.word() == mine.word()) {
                            changed.conversion.factors[mine.place()] *= factor;
                        }
                    }
                    is_changed = true;
                }
                _ => {}
            }
        }
        is_changed.then_some(changed)
    }

    /// Rules that are not the authority's to change, and whether chances were estimated again.
    fn notices(&self, scenario: &Scenario) -> Vec<String> {
        let mut notices = Vec::new();
        for change in scenario.overrides() {
            let (Ok(now), Ok(then)) = (self.rules.set.get(&change.key), self.prepared.rules.set.get(&change.key))
            else {
                continue;
            };
            if now.value != then.value && now.who == Who::National {
                notices.push(format!(
                    "{} = {} instead of {}: a national rule, not ours to change.",
                    change.key, now.value, then.value
                ));
            }
        }
        if self.has_other_rules() && self.base.forecast.is_some() {
            let ends = crate::words::counted(self.base.replayed.len(), "past quarter end", "past quarter ends");
            notices.push(format!("Conversion was estimated again: {ends} replayed under the rules of the scenario. Past claims were made by the rules of their day and not by these, so that it can be off either way; what today's chances give stands beside it."));
        }
        notices
    }
}

/// The target that a scenario gives the year. Where only one of target and funded places is known they are the same.
fn changed_target(
    known: Option<&YearTarget>,
    target: Option<usize>,
    places: Option<usize>,
    year: Span,
    prepared: &Prepared,
) -> Option<YearTarget> {
    let base = known.cloned().or_else(|| {
        let number = target.or(places)?;
        Some(YearTarget {
            financial_year: financial_year(year.from, prepared.year_starts).0,
            target: number,
            funded_places: number,
            source: String::new(),
            standing: crate::rules::Standing::Local,
            upfront_grant: None,
            cash_received: None,
            expected_rejection: None,
            method: None,
            bands: None,
            profile: None,
        })
    })?;
    Some(YearTarget {
        target: target.unwrap_or(base.target),
        funded_places: places.unwrap_or(base.funded_places),
        ..base
    })
}

/// Periods with another status. Both are of the same periods, sorted by case.
fn flips(today: &[Decision], then: &[Decision]) -> Vec<Flip> {
    let stand = |decision: &Decision| Stand {
        status: decision.status,
        kind: decision.reason_kind,
        reason: decision.reason.clone(),
    };
    let changed = today.iter().zip(then).filter(|(one, other)| one.status != other.status);
    changed
        .map(|(one, other)| Flip {
            case_id: one.case_id.clone(),
            family_id: one.family_id.clone(),
            from: stand(one),
            to: stand(other),
        })
        .collect()
}
