//! What the rows known at the as-at date say of each family and of each period of support: people, claims, needs, and rows that could
//! not be read.

use super::family::{Family, FamilyIndex, NumbersOfRows, Period, PeriodIndex};
use super::known::{FirstRows, KnownAt};
use super::other_ids::{self, CasesAlike, FamiliesNamed};
use super::periods::{attach_needs, periods_of};
use crate::dates::Date;
use crate::ids::{CaseId, FamilyId};
use crate::indexed::Indexed;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::validate::Register;
use crate::validate::rows::{Case, Claim, PersonRow};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// The families and their periods, before anything links families.
pub(super) struct ByFamily {
    pub(super) families: Indexed<FamilyIndex, Family>,
    pub(super) periods: Indexed<PeriodIndex, Period>,
    pub(super) claims_naming: FxHashMap<CaseId, Vec<Claim>>,
    pub(super) families_of_case: FxHashMap<CaseId, Vec<FamilyIndex>>,
}

impl ByFamily {
    pub(super) fn of(
        register: &Register,
        known: &KnownAt<'_>,
        cases: Vec<Case>,
        claims: Vec<Claim>,
        as_at: Date,
        (ids, index): (&Indexed<FamilyIndex, FamilyId>, &FxHashMap<FamilyId, FamilyIndex>),
    ) -> ByFamily {
        let mut families: Indexed<FamilyIndex, Family> = ids.iter().cloned().map(Family::new).collect();
        let mut numbers = NumbersOfRows::of(index);
        for person in known.people.iter().filter(|person| person.exists_at(as_at)) {
            if let Some(family) = numbers.number(&person.family_id) {
                families[family].listed.push((*person).clone());
            }
        }
        let mut claims_naming: FxHashMap<CaseId, Vec<Claim>> = FxHashMap::default();
        let mut former: FxHashMap<FamilyId, Vec<FamilyIndex>> = FxHashMap::default();
        for (family, before) in other_ids::former_families(&register.former_ids) {
            former.entry(before).or_default().extend(index.get(&family));
        }
        former.values_mut().for_each(|families| {
            families.sort_unstable();
            families.dedup();
        });
        let alike = CasesAlike::of(register);
        let families_of_case = other_ids::families_of_cases(register, index);
        let mut doubtful = FamiliesNamed::new(&alike, &families_of_case);
        let mut held_by = FamiliesNamed::new(&alike, &families_of_case);
        let mut former_held_by = FamiliesNamed::new(&alike, &families_of_case);
        for claim in claims {
            if let Some(case) = &claim.case_id {
                for named in alike.named(case) {
                    claims_naming.entry(named.clone()).or_default().push(claim.clone());
                }
                for family in if claim.is_success() { doubtful.nearly(case) } else { Vec::new() } {
                    families[family].doubtful_claims.push(claim.clone());
                }
            }
            // A claim under a former id is the family's own.
            for family in former.get(&claim.family_id).into_iter().flatten() {
                families[*family].claims.push(claim.clone());
            }
            if let Some(family) = index.get(&claim.family_id) {
                families[*family].claims.push(claim);
            }
        }
        for claims in claims_naming.values_mut().chain(families.iter_mut().map(|family| &mut family.claims)) {
            claims.sort_by(|a, b| (a.submitted_on, &a.claim_id).cmp(&(b.submitted_on, &b.claim_id)));
        }
        let mut held_needs: FxHashMap<&CaseId, Vec<Place>> = FxHashMap::default();
        let mut first_of_needs = FirstRows::default();
        for held in known.held.iter().filter(|held| held.matters) {
            let own = held.family.and_then(|family| index.get(family)).copied();
            let place = || held.place.clone();
            match held.table {
                TableName::People => own.into_iter().for_each(|family| families[family].held_people.push(place())),
                TableName::Cases => own.into_iter().for_each(|family| families[family].held_cases.push(place())),
                TableName::Claims => {
                    let mut of: BTreeSet<FamilyIndex> = own.into_iter().collect();
                    if let Some(case) = held.case {
                        of.extend(held_by.named(case));
                        of.extend(if held.may_be_success { held_by.nearly(case) } else { Vec::new() });
                    }
                    of.into_iter()
                        .for_each(|family| families[family].held_claims.push((held.family.cloned(), place())));
                }
                TableName::FormerIds => {
                    let mut of: BTreeSet<FamilyIndex> = own.into_iter().collect();
                    of.extend(held.case.map(|case| former_held_by.having(case)).unwrap_or_default());
                    of.into_iter().for_each(|family| families[family].held_former.push(place()));
                }
                TableName::Criteria => {
                    let may_be_of = if first_of_needs.is_one(held) { held.may_be_of } else { &[] };
                    for case in held.case.into_iter().chain(may_be_of) {
                        held_needs.entry(case).or_default().push(place());
                    }
                }
                TableName::Attendance | TableName::Agreements | TableName::Terms | TableName::Confirmations => {}
            }
        }
        let mut closings: FxHashSet<(FamilyIndex, Date)> = FxHashSet::default();
        closings.extend(cases.iter().filter_map(|case| Some((*index.get(&case.family_id)?, case.closed_on?))));
        for position in families.numbers() {
            let family = &mut families[position];
            family.all_left_on = all_left_on(&family.listed, as_at).filter(|day| closings.contains(&(position, *day)));
        }
        let mut periods = periods_of(cases, index);
        attach_needs(&mut periods, known, as_at, &held_needs);
        for (position, period) in periods.numbered() {
            families[period.family].periods.push(position);
        }
        ByFamily { families, periods, claims_naming, families_of_case }
    }
}

/// The day on which everybody of a family left, where it is one and the same.
fn all_left_on(listed: &[PersonRow], as_at: Date) -> Option<Date> {
    let (first, others) = listed.split_first()?;
    let day = first.left_on.filter(|day| *day <= as_at)?;
    others.iter().all(|person| person.left_on == Some(day)).then_some(day)
}
