//! Cases to periods of support, with what is recorded of each.

use super::family::{FamilyIndex, Period, PeriodIndex};
use super::known::{FirstRows, KnownAt};
use crate::dates::Date;
use crate::ids::{CaseId, FamilyId};
use crate::indexed::Indexed;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::validate::rows::{Case, Need};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Puts the cases of each family whose days overlap together. A case that opens on the day another
/// closes overlaps it.
pub(super) fn periods_of(
    mut cases: Vec<Case>,
    index: &FxHashMap<FamilyId, FamilyIndex>,
) -> Indexed<PeriodIndex, Period> {
    cases.sort_by(|a, b| (&a.family_id, a.opened_on, &a.case_id).cmp(&(&b.family_id, b.opened_on, &b.case_id)));
    let mut periods: Vec<Period> = Vec::new();
    for case in cases {
        let Some(family) = index.get(&case.family_id).copied() else { continue };
        match periods.last_mut() {
            Some(period)
                if period.family == family && period.closed_on.is_none_or(|closed| case.opened_on <= closed) =>
            {
                period.closed_on = period.closed_on.zip(case.closed_on).map(|(one, other)| one.max(other));
                period.cases.push(case);
            }
            _ => periods.push(Period {
                family,
                opened_on: case.opened_on,
                closed_on: case.closed_on,
                cases: vec![case],
                needs: Vec::new(),
                agreements: Vec::new(),
                held_needs: Vec::new(),
                held_claims: Vec::new(),
                held_agreements: Vec::new(),
            }),
        }
    }
    periods.into()
}

pub(super) fn attach_needs(
    periods: &mut Indexed<PeriodIndex, Period>,
    known: &KnownAt<'_>,
    as_at: Date,
    held_needs: &FxHashMap<&CaseId, Vec<Place>>,
) {
    let mut period_of: FxHashMap<CaseId, (PeriodIndex, Date)> = FxHashMap::default();
    for (position, period) in periods.numbered() {
        for case in &period.cases {
            period_of.insert(case.case_id.clone(), (position, case.opened_on));
        }
    }
    for need in &known.needs {
        let Some((period, opened_on)) = period_of.get(&need.case_id) else { continue };
        // A need without a day was there when the case opened.
        if need.identified_on.unwrap_or(*opened_on) <= as_at {
            periods[*period].needs.push(need.known_at(as_at));
        }
    }
    for agreement in known.agreements.iter().filter(|agreement| agreement.in_force_at(as_at)) {
        if let Some((period, _)) = period_of.get(&agreement.case_id) {
            periods[*period].agreements.push((*agreement).clone());
        }
    }
    for held in known.held_of(TableName::Claims) {
        if let Some((period, _)) = held.case.and_then(|case| period_of.get(case)) {
            periods[*period].held_claims.push((held.family.cloned(), held.place.clone()));
        }
    }
    let mut first = FirstRows::default();
    for held in known.held_of(TableName::Agreements) {
        let may_be_of = if first.is_one(held) { held.may_be_of } else { &[] };
        // Of a family's periods it may be on any: on each of them once, whatever the number of its cases.
        let of: BTreeSet<PeriodIndex> =
            held.case.into_iter().chain(may_be_of).filter_map(|case| Some(period_of.get(case)?.0)).collect();
        for (period, rule) in of.into_iter().filter_map(|period| Some((period, held.rule?))) {
            periods[period].held_agreements.push((rule, held.place.clone()));
        }
    }
    for (case, places) in held_needs {
        if let Some((period, _)) = period_of.get(*case) {
            periods[*period].held_needs.extend(places.iter().cloned());
        }
    }
    for period in periods {
        // An order of their own, so that the order of rows never shows.
        period.needs.sort_by(|one, other| {
            let days = |need: &Need| (need.identified_on, need.outcome_on);
            (&one.criterion, &one.case_id, days(one), &one.person_id, &one.place).cmp(&(
                &other.criterion,
                &other.case_id,
                days(other),
                &other.person_id,
                &other.place,
            ))
        });
        period.held_needs.sort();
    }
}
