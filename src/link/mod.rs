//! What belongs together at the as-at date: cases to periods of support, people to families and pupils,
//! families that share a person. From here on nothing after the as-at date exists.
//!
//! - [`births`] which birth dates cannot be right.
//! - [`family`] a family, its periods of support and what links it to others; [`Linked`] all of them.
//! - [`periods`] cases to periods.
//! - [`families`] which families may be one, and what links them.
//! - [`identity`] people who may be one, and families that share people, as findings.
//! - [`known`] which rows are known at the as-at date, and which are held.
//! - [`other_ids`] rows that may be about a family though they name another id.
//! - [`pupils`] whose the attendance records are.
//! - [`unnamed`] people whose ids may not stand in a list of several families.

pub mod births;
pub mod families;
pub mod family;
pub mod identity;
pub mod known;
mod linked;
pub mod other_ids;
mod periods;
pub mod pupils;
pub mod unnamed;

pub use family::{DoubtsIndex, Family, FamilyIndex, GroupIndex, Period, PeriodIndex, VeilIndex};
pub use linked::{Linked, VisibleLink};

use crate::dates::Date;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::indexed::Indexed;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::rules::Rules;
use crate::validate::Register;
use crate::validate::rows::{Case, Claim, PersonRow};
use births::Births;
use family::{Doubts, LinkGroup, TOLD};
use known::{FirstRows, HeldAt, KnownAt};
use other_ids::{CasesAlike, FamiliesNamed};
use periods::{attach_needs, periods_of};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Links everything as known at `as_at`. The rules say which terms are looked at: attendance in them may contradict a birth
/// date.
pub fn link(register: &Register, rules: &Rules, as_at: Date) -> Linked {
    let known = KnownAt::at(register, &register.horizon_at(as_at));
    let people = &known.people;
    let claims: Vec<Claim> = known.claims.iter().filter_map(|claim| claim.known_at(as_at)).collect();
    let cases: Vec<Case> = known.cases.iter().filter_map(|case| case.known_at(as_at)).collect();

    let mut families = by_id(&cases, people, &claims, &known.held, as_at);
    let index: FxHashMap<FamilyId, FamilyIndex> =
        families.numbered().map(|(index, family)| (family.id.clone(), index)).collect();

    for person in people.iter().filter(|person| person.exists_at(as_at)) {
        if let Some(family) = index.get(&person.family_id) {
            families[*family].listed.push((*person).clone());
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
    let families_of_case = other_ids::families_of_cases(register, &index);
    let mut doubtful = FamiliesNamed::new(&alike, &families_of_case);
    let mut held_by = FamiliesNamed::new(&alike, &families_of_case);
    let mut former_held_by = FamiliesNamed::new(&alike, &families_of_case);
    for claim in claims {
        if let Some(case) = &claim.case_id {
            for named in alike.named(case) {
                claims_naming.entry(named.clone()).or_default().push(claim.clone());
            }
            for family in if claim.is_success() { doubtful.nearly(case) } else { Vec::new() } {
                families[family].doubtful_claims.push(claim.place.clone());
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
                of.into_iter().for_each(|family| families[family].held_claims.push((held.family.cloned(), place())));
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
    let registers = register.registers.as_ref();
    let (pupils_of, in_doubt) =
        registers.map(|registers| pupils::by_person(registers, &register.persons)).unwrap_or_default();
    let births = Births::new(registers, &pupils_of, rules, as_at);
    let mut links = families::of_people(&known, as_at, &index, &births);
    let doubts = other_ids::of_families(register, &known, &cases, as_at, &index, &families, &mut links);
    let with_restricted: FxHashSet<FamilyIndex> = people
        .iter()
        .filter(|person| person.restricted)
        .map(|person| &person.family_id)
        .chain(known.held.iter().filter(|held| held.restricted).filter_map(|held| held.family))
        .filter_map(|family| index.get(family))
        .copied()
        .collect();
    links.hide_with(|family| with_restricted.contains(&family));
    let mut groups: Indexed<GroupIndex, LinkGroup> = links.groups.into();
    let veils: Indexed<VeilIndex, Vec<FamilyIndex>> = links.veils.into();
    let doubts: Indexed<DoubtsIndex, Doubts> = doubts.into();
    for (position, veil) in veils.numbered() {
        veil.iter().for_each(|family| families[*family].veils.push(position));
    }
    tell(&doubts, &mut families);
    for (position, group) in groups.numbered() {
        group.families.iter().for_each(|(family, _)| families[*family].groups.push(position));
    }
    let mut closings: FxHashSet<(FamilyIndex, Date)> = FxHashSet::default();
    closings.extend(cases.iter().filter_map(|case| Some((*index.get(&case.family_id)?, case.closed_on?))));
    for position in families.numbers() {
        let family = &mut families[position];
        family.all_left_on = all_left_on(&family.listed, as_at).filter(|day| closings.contains(&(position, *day)));
    }

    let mut periods = periods_of(cases, &index);
    attach_needs(&mut periods, &known, as_at, &held_needs);
    for (position, period) in periods.numbered() {
        families[period.family].periods.push(position);
    }
    for group in &mut groups {
        summed_up(group, &families, &periods, &doubts);
    }
    // By any row, so that a day of compulsory school age by one of them is one.
    let births = |id: &PersonId| (id.clone(), register.persons.births(id).to_vec());
    let births_of = pupils_of.keys().map(births).collect();
    Linked {
        as_at,
        families,
        periods,
        claims_naming,
        pupils_of,
        pupils_in_doubt: in_doubt,
        births_of,
        has_people: register.people.is_some(),
        has_claims: register.claims.is_some(),
        groups,
        veils,
        doubts,
        protected: links.protected,
        families_of_case,
    }
}

/// Tells families of the rows under other ids that may be about them: of families to which many ids lead, the first few ids with rows
/// of each table.
fn tell(doubts: &Indexed<DoubtsIndex, Doubts>, families: &mut Indexed<FamilyIndex, Family>) {
    let mut told: FxHashMap<*const FamilyIndex, [usize; 2]> = FxHashMap::default();
    for (position, doubts) in doubts.numbered() {
        let told = told.entry(doubts.families.as_ptr()).or_default();
        let mut is_told = doubts.families.len() == 1;
        for (told, _) in told.iter_mut().zip([&doubts.people, &doubts.claims]).filter(|(_, rows)| !rows.is_empty()) {
            *told += 1;
            is_told |= *told <= TOLD;
        }
        if is_told {
            doubts.families.iter().for_each(|family| families[*family].doubts.push(position));
        }
    }
}

/// The day on which everybody of a family left, where it is one and the same.
fn all_left_on(listed: &[PersonRow], as_at: Date) -> Option<Date> {
    let (first, others) = listed.split_first()?;
    let day = first.left_on.filter(|day| *day <= as_at)?;
    others.iter().all(|person| person.left_on == Some(day)).then_some(day)
}

/// Fills in what the rules ask of the other families of a group, so that a rule need not look at each of them.
fn summed_up(
    group: &mut LinkGroup,
    families: &Indexed<FamilyIndex, Family>,
    periods: &Indexed<PeriodIndex, Period>,
    doubts: &Indexed<DoubtsIndex, Doubts>,
) {
    const ENOUGH: usize = 2;
    for (index, _) in &group.families {
        let family = &families[*index];
        group.openings.extend(family.periods.iter().map(|period| (periods[*period].opened_on, *period)));
        let success = family.claims.iter().filter_map(Claim::success_on).max();
        group.successes.extend(success.map(|day| (day, *index)));
        if group.held_cases.len() < ENOUGH && !family.held_cases.is_empty() {
            group.held_cases.push(*index);
        }
        if group.untold_claims.len() < ENOUGH && family.claims_are_untold(doubts) {
            group.untold_claims.push(*index);
        }
    }
    group.openings.sort_by(|(a, one), (b, other)| (a, periods[*one].id()).cmp(&(b, periods[*other].id())));
    group.successes.sort_by(|(a, one), (b, other)| (b, one).cmp(&(a, other)));
    group.successes.truncate(ENOUGH);
}

fn by_id(
    cases: &[Case],
    people: &[&PersonRow],
    claims: &[Claim],
    held: &[HeldAt<'_>],
    as_at: Date,
) -> Indexed<FamilyIndex, Family> {
    let mut ids: Vec<FamilyId> = cases
        .iter()
        .map(|case| &case.family_id)
        .chain(people.iter().filter(|person| person.exists_at(as_at)).map(|person| &person.family_id))
        .chain(claims.iter().map(|claim| &claim.family_id))
        .chain(held.iter().filter_map(|held| held.family))
        .cloned()
        .collect();
    ids.sort();
    ids.dedup();
    let empty = |id| Family {
        id,
        listed: Vec::new(),
        periods: Vec::new(),
        claims: Vec::new(),
        groups: Vec::new(),
        veils: Vec::new(),
        doubts: Vec::new(),
        doubtful_claims: Vec::new(),
        held_people: Vec::new(),
        held_claims: Vec::new(),
        held_cases: Vec::new(),
        held_former: Vec::new(),
        all_left_on: None,
    };
    ids.into_iter().map(empty).collect()
}
