//! One scenario worked out on what it shares with others.

use super::base::{Base, key_of};
use super::found::{Expected, Figures, Flip, Stand, Tried};
use super::scenario::{Change, Scenario};
use super::settle::settle;
use crate::attend::Attended;
use crate::dates::Span;
use crate::decide::again::Decided;
use crate::decide::{Decision, LINKED_CLAIMABLE};
use crate::error::Result;
use crate::forecast::assumed::Assumed;
use crate::forecast::cells::ConversionCell;
use crate::forecast::distribution::Distribution;
use crate::forecast::outlook;
use crate::forecast::position::{Asked, position_of};
use crate::forecast::projection::Projection;
use crate::forecast::prospect::family_states;
use crate::forecast::special::rounded;
use crate::link::Linked;
use crate::rules::targets::{YearTarget, financial_year};
use crate::rules::{Rules, Who};
use crate::run::Prepared;
use crate::words::counted;
use rust_decimal::prelude::ToPrimitive;
use std::borrow::Cow;

/// How it is said that chances were estimated again, and that they could not be.
pub(super) const AGAIN: &str = "Conversion was estimated again";
const NOT_AGAIN: &str = "Conversion could not be estimated again";

/// One scenario on what it shares with others.
pub(super) struct Trial<'a> {
    pub(super) prepared: &'a Prepared,
    pub(super) linked: &'a Linked,
    pub(super) attended: &'a Attended,
    pub(super) base: &'a Base,
    pub(super) today: &'a Base,
    pub(super) rules: &'a Rules,
}

impl Trial<'_> {
    pub(super) fn run(&self, scenario: &Scenario, assumed: &Assumed) -> Result<Tried> {
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
        let other_rules = self.has_other_rules();
        let by = |base: &Base, decisions: Option<&[Decision]>| {
            base.forecast.as_ref().map(|(projection, year_end)| {
                let changed = self.changed(projection, scenario, decisions);
                changed.map_or_else(|| told(year_end), |changed| told(&changed.by(year.to)))
            })
        };
        // The model takes families by the terms that are held, in a scenario as today.
        let held = self.base.passed.as_ref();
        let for_model = match held.filter(|_| !settles.is_empty()) {
            None => held.map(|held| Cow::Borrowed(&held.decisions)),
            Some(held) => {
                let of = Decided {
                    decisions: &held.decisions,
                    linked: self.linked,
                    attended: &held.attended,
                    rules: &held.rules,
                };
                Some(Cow::Owned(settle(of, places_left, &settles).decisions))
            }
        };
        let for_model = for_model.as_ref().map_or(&decisions[..], |decisions| &decisions[..]);
        let settled = (!settles.is_empty()).then_some(for_model);
        let expected = by(self.today, if other_rules { Some(for_model) } else { settled });
        let again = other_rules && !self.base.replayed.is_empty();
        let estimated_again = if again { by(self.base, settled) } else { None };
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
            rag_to_date: against.and_then(|against| against.rag_to_date),
            line: position.line.year_end,
            rag_line: against.and_then(|against| against.rag_year_end),
            line_shortfall: position.grant.as_ref().and_then(|grant| grant.line_shortfall),
            earned: position.grant.as_ref().map(|grant| grant.earned),
            profile: position.profile.key.clone(),
            other_rules,
            expected,
            estimated_again,
        };
        let (flips, not_listed) = flips(self.linked, &self.today.decisions, &decisions);
        if not_listed > 0 {
            notices.push(format!(
                "{} would stand elsewhere through a family that is restricted, and {} not listed.",
                counted(not_listed, "period", "periods"),
                if not_listed == 1 { "is" } else { "are" }
            ));
        }
        Ok(Tried {
            name: scenario.name.clone(),
            changes: scenario.changes.iter().map(|named| named.said()).collect(),
            notices,
            figures,
            flips,
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
        let rules = self.base.passed.as_ref().map_or(self.rules, |held| &held.rules);
        let families =
            decisions.map(|decisions| projection.with_families(&family_states(self.linked, decisions, rules)));
        let mut is_changed = families.is_some();
        let mut changed = families.unwrap_or_else(|| projection.clone());
        for named in &scenario.changes {
            match &named.change {
                Change::OpeningsAMonth(families) => {
                    let today = if families.is_more { changed.openings.average() } else { 0.0 };
                    let families = families.number.to_f64().unwrap_or_default();
                    changed.openings = changed.openings.with_average(today + families);
                    is_changed = true;
                }
                Change::Conversion(cell, factor) => {
                    let factor = factor.to_f64().unwrap_or(1.0);
                    for mine in ConversionCell::all() {
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
        let changes = |of: fn(&Change) -> bool| scenario.changes.iter().any(|named| of(&named.change));
        if changes(|change| matches!(change, Change::Target(_)))
            && !changes(|change| matches!(change, Change::FundedPlaces(_)))
        {
            notices.push(
                "The target changes and the funded places do not, so the grant stays as it is: change funded_places too if they go together."
                    .to_owned(),
            );
        }
        if changes(|change| matches!(change, Change::OpeningsAMonth(_)))
            && let Some((projection, _)) = &self.today.forecast
        {
            notices.push(format!("Today's rate is about {:.1} new families a month.", projection.openings.average()));
        }
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
            notices.push(match self.base.replayed.len() {
                0 => format!("{NOT_AGAIN}: no past quarter end could be replayed under the rules of the scenario. What is expected goes by today's chances."),
                ends => format!("{AGAIN}: {} replayed under the rules of the scenario. That figure stands beside the one by today's chances and can be off either way: past claims were made by the rules of their day.", counted(ends, "past quarter end", "past quarter ends")),
            });
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

/// Periods with another status, and how many are not listed: where a restricted link is what makes them stand elsewhere, two
/// of them side by side would say who is linked to whom. Both are of the same periods, sorted by case.
fn flips(linked: &Linked, today: &[Decision], then: &[Decision]) -> (Vec<Flip>, usize) {
    let stand = |decision: &Decision| Stand {
        status: decision.status,
        kind: decision.reason_kind,
        reason: decision.reason.clone(),
    };
    let by_restricted_link = |decision: &Decision| {
        let family = &linked.families[linked.periods[decision.period].family];
        decision.reason_kind == LINKED_CLAIMABLE && family.has_hidden_link()
    };
    let changed = today.iter().zip(then).filter(|(one, other)| one.status != other.status);
    let (hidden, shown): (Vec<_>, Vec<_>) =
        changed.partition(|(one, other)| by_restricted_link(one) || by_restricted_link(other));
    let flips = shown
        .into_iter()
        .map(|(one, other)| Flip {
            case_id: one.case_id.clone(),
            family_id: one.family_id.clone(),
            from: stand(one),
            to: stand(other),
        })
        .collect();
    (flips, hidden.len())
}
