//! What belongs together at the as-at date: cases to periods of support, people to families and pupils,
//! families that share a person. From here on nothing after the as-at date exists.
//!
//! - [`births`] which birth dates cannot be right.
//! - [`by_family`] what rows say of each family and period.
//! - [`family`] a family, its periods of support and what links it to others; [`Linked`] all of them.
//! - [`periods`] cases to periods.
//! - [`families`] which families may be one, and what links them.
//! - [`identity`] people who may be one, and families that share people, as findings.
//! - [`known`] which rows are known at the as-at date, and which are held.
//! - [`other_ids`] rows that may be about a family though they name another id.
//! - [`pupils`] whose the attendance records are.
//! - [`unnamed`] people whose ids may not stand in a list of several families.

pub mod births;
mod by_family;
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

use crate::cores;
use crate::dates::Date;
use crate::ids::{FamilyId, PersonId};
use crate::indexed::Indexed;
use crate::rules::Rules;
use crate::validate::Register;
use crate::validate::rows::{Case, Claim};
use births::Births;
use by_family::ByFamily;
use families::Links;
use family::{Doubts, LinkGroup, TOLD};
use known::KnownAt;
use pupils::PupilsOf;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// Links everything as known at `as_at`. The rules say which terms are looked at: attendance in them may contradict a birth
/// date.
pub fn link(register: &Register, rules: &Rules, as_at: Date) -> Linked {
    let known = KnownAt::at(register, &register.horizon_at(as_at));
    let (claims, cases): (Vec<Claim>, Vec<Case>) = cores::both(
        || known.claims.iter().filter_map(|claim| claim.known_at(as_at)).collect(),
        || known.cases.iter().filter_map(|case| case.known_at(as_at)).collect(),
    );

    let ids = ids_of(&known, &cases, &claims, as_at);
    let (ids, index): (Indexed<FamilyIndex, FamilyId>, FxHashMap<FamilyId, FamilyIndex>) = cores::both(
        || ids.iter().copied().cloned().collect(),
        || ids.numbered().map(|(index, id)| ((*id).clone(), index)).collect(),
    );
    // None needs another, and with many families each takes its time.
    let ((by_family, (by_ids, doubts)), by_people) = cores::both(
        || {
            cores::both(
                || ByFamily::of(register, &known, cases, claims, as_at, (&ids, &index)),
                || other_ids::of_families(register, &known, as_at, (&ids, &index)),
            )
        },
        || ByPeople::of(register, rules, &known, as_at, &index),
    );
    let ByFamily { mut families, periods, claims_naming, families_of_case } = by_family;
    let ByPeople { pupils_of, in_doubt, births_of, mut links } = by_people;
    links.groups.extend(by_ids);
    let restricted = known.people.iter().filter(|person| person.restricted).map(|person| &person.family_id);
    let held_restricted = known.held.iter().filter(|held| held.restricted).filter_map(|held| held.family);
    let with_restricted: FxHashSet<FamilyIndex> =
        restricted.chain(held_restricted).filter_map(|family| index.get(family)).copied().collect();
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
    for group in &mut groups {
        summed_up(group, &families, &periods, &doubts);
    }
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

/// The ids of all families of which any row is known.
fn ids_of<'a>(
    known: &'a KnownAt<'_>,
    cases: &'a [Case],
    claims: &'a [Claim],
    as_at: Date,
) -> Indexed<FamilyIndex, &'a FamilyId> {
    let people = known.people.iter().filter(|person| person.exists_at(as_at)).map(|person| &person.family_id);
    let others = cases
        .iter()
        .map(|case| &case.family_id)
        .chain(claims.iter().map(|claim| &claim.family_id))
        .chain(known.held.iter().filter_map(|held| held.family));
    let (of_people, of_others) = cores::both(|| distinct(people), || distinct(others));
    let mut ids: Vec<&FamilyId> = of_people.into_iter().chain(of_others).collect();
    cores::sort(&mut ids, Ord::cmp);
    ids.dedup();
    ids.into()
}

/// Ids that mostly come several times running, each once.
fn distinct<'a>(ids: impl Iterator<Item = &'a FamilyId>) -> FxHashSet<&'a FamilyId> {
    let mut distinct = FxHashSet::with_capacity_and_hasher(ids.size_hint().1.unwrap_or(0) / 2, FxBuildHasher);
    let mut before = None;
    for id in ids.filter(|id| before.replace(*id) != Some(*id)) {
        distinct.insert(id);
    }
    distinct
}

/// The pupils of people, and the families that people link.
struct ByPeople {
    pupils_of: PupilsOf,
    in_doubt: PupilsOf,
    births_of: FxHashMap<PersonId, Vec<Date>>,
    links: Links,
}

impl ByPeople {
    fn of(
        register: &Register,
        rules: &Rules,
        known: &KnownAt<'_>,
        as_at: Date,
        index: &FxHashMap<FamilyId, FamilyIndex>,
    ) -> ByPeople {
        let registers = register.registers.as_ref();
        let (pupils_of, in_doubt) =
            registers.map(|registers| pupils::by_person(registers, &register.persons)).unwrap_or_default();
        let (births_of, links) = cores::both(
            || {
                // By any row, so that a day of compulsory school age by one of them is one.
                let births = |id: &PersonId| (id.clone(), register.persons.births(id).to_vec());
                pupils_of.keys().map(births).collect()
            },
            || {
                let births = Births::new(registers, &pupils_of, rules, as_at);
                families::of_people(known, as_at, index, &births)
            },
        );
        ByPeople { pupils_of, in_doubt, births_of, links }
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
