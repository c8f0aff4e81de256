//! Rows that may be about a family though they name it otherwise: under an id that is nearly alike, or under a former one.
//! Spreadsheets drop zeros, people type capitals, systems merge records: a claim or a sibling under the other id must not
//! count for nobody.

use super::family::{Doubtful, Doubts, FamilyIndex, How, LinkGroup, NumbersOfRows, TOLD};
use super::known::KnownAt;
use crate::cores;
use crate::dates::Date;
use crate::ids::{CaseId, FamilyId};
use crate::indexed::Indexed;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::validate::Register;
use crate::validate::alike::Alike;
use crate::validate::rows::{Claim, Expecting, FormerId, IdKind, PersonRow};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The families with a case known at the as-at date, cases that could not be read among them.
fn with_cases(known: &KnownAt<'_>, as_at: Date, index: &FxHashMap<FamilyId, FamilyIndex>) -> BTreeSet<FamilyIndex> {
    let used = known.cases.iter().filter(|case| case.opened_on <= as_at).map(|case| &case.family_id);
    let held = known.held_of(TableName::Cases).filter_map(|held| held.family);
    used.chain(held).filter_map(|family| index.get(family)).copied().collect()
}

/// Links families by their ids, and finds the rows under other ids.
pub(super) fn of_families<'k>(
    register: &Register,
    known: &'k KnownAt<'_>,
    as_at: Date,
    (ids, index): (&Indexed<FamilyIndex, FamilyId>, &FxHashMap<FamilyId, FamilyIndex>),
) -> (Vec<LinkGroup>, Vec<Doubts>) {
    let mut linked = Vec::new();
    let supported = with_cases(known, as_at, index);
    let mut alike: FxHashMap<String, Vec<FamilyIndex>> = FxHashMap::default();
    for family in &supported {
        alike.entry(register.likeness.family.key(ids[*family].as_str())).or_default().push(*family);
    }
    let alike: FxHashMap<String, Arc<[FamilyIndex]>> =
        alike.into_iter().map(|(key, families)| (key, families.into())).collect();
    let mut groups: Vec<&Arc<[FamilyIndex]>> = alike.values().filter(|group| group.len() > 1).collect();
    groups.sort();
    for group in groups {
        let members = group.iter().map(|family| (*family, None)).collect();
        linked.push(LinkGroup::new(How::IdsNearlyAlike, members, false));
    }
    let mut former: FxHashMap<FamilyId, Vec<FamilyIndex>> = FxHashMap::default();
    for (family, before) in former_families(&register.former_ids) {
        let Some(now) = index.get(&family).copied() else { continue };
        if let Some(then) = index.get(&before).copied().filter(|then| supported.contains(then) && *then != now) {
            let mut pair = [(now, None), (then, None)];
            pair.sort();
            linked.push(LinkGroup::new(How::FormerId, pair.to_vec(), false));
        }
        former.entry(before).or_default().push(now);
    }
    let in_order = |(before, mut families): (FamilyId, Vec<FamilyIndex>)| {
        families.sort_unstable();
        families.dedup();
        (before, Arc::from(families))
    };
    let former: FxHashMap<FamilyId, Arc<[FamilyIndex]>> = former.into_iter().map(in_order).collect();

    let likeness = register.likeness.family;
    // Without former ids they are the same.
    let with_former: Option<Alike<[FamilyIndex]>> = (!register.former_ids.is_empty()).then(|| {
        let today = alike.iter().flat_map(|(key, families)| families.iter().map(move |family| (key.clone(), *family)));
        let before = former_families(&register.former_ids)
            .map(|(family, before)| (likeness.key(before.as_str()), likeness.key(family.as_str())));
        Alike::of(today, before, Arc::from)
    });

    // A row under another id would lead from one family to the other, whoever it is of.
    let restricted = known.people.iter().filter(|person| person.restricted).map(|person| &person.family_id);
    let held_restricted = known.held.iter().filter(|held| held.restricted).filter_map(|held| held.family);
    let restricted: FxHashSet<&FamilyId> = restricted.chain(held_restricted).collect();
    let any_restricted = |families: &[FamilyIndex]| families.iter().any(|family| restricted.contains(&ids[*family]));
    let mut are_hidden: FxHashMap<*const FamilyIndex, bool> = FxHashMap::default();
    let mut doubts: FxHashMap<(bool, String), Doubts> = FxHashMap::default();
    let is_supported: Indexed<FamilyIndex, bool> = ids.numbers().map(|family| supported.contains(&family)).collect();
    let mut numbers = NumbersOfRows::of(index);
    let mut add = |of: &'k FamilyId, is_claim: bool, place: &Place, hidden: bool, counts_as_own: bool| {
        let mut put = |key: (bool, String), families: &Arc<[FamilyIndex]>| {
            let of_hidden = *are_hidden.entry(families.as_ptr()).or_insert_with(|| any_restricted(families));
            let hidden = hidden || of_hidden || restricted.contains(of);
            let row = Doubtful { place: place.clone(), id: of.to_string(), is_former: key.0, hidden };
            let none = || Doubts { families: Arc::clone(families), people: Vec::new(), claims: Vec::new() };
            let doubts = doubts.entry(key).or_insert_with(none);
            if is_claim { doubts.claims.push(row) } else { doubts.people.push(row) }
        };
        let has_cases = numbers.number(of).is_some_and(|family| is_supported[family]);
        if !has_cases {
            let key = register.likeness.family.key(of.as_str());
            // An id that a family had before is that one, and not nearly alike to another's former id.
            let families = match with_former.as_ref().filter(|_| !former.contains_key(of)) {
                Some(with_former) => with_former.to(&key),
                None => alike.get(&key),
            };
            if let Some(families) = families {
                put((false, key.clone()), families);
            }
        }
        // A claim under a former id that can be read is the family's own, and so no doubt.
        if let Some(families) = former.get(of).filter(|_| !counts_as_own) {
            put((true, of.to_string()), families);
        }
    };
    // As rows that are held, such a row is without effect only when none of its days has come.
    let has_come = |day: Option<Date>| day.is_some_and(|day| day <= as_at);
    let expected = |person: &PersonRow| match person.expecting {
        Some(Expecting::On(day)) => Some(day),
        _ => None,
    };
    let matters =
        |person: &&&PersonRow| person.exists_at(as_at) || has_come(person.left_on) || has_come(expected(person));
    for person in known.people.iter().filter(matters) {
        add(&person.family_id, false, &person.place, person.restricted, false);
    }
    let is_known_success = |claim: &&Claim| match claim.known_at(as_at) {
        Some(known) => known.is_success(),
        None => has_come(claim.decided_on) && claim.is_success(),
    };
    // Nearly every claim is of a family with a case, of which there is no doubt.
    let in_doubt = |claims: &[&'k Claim]| -> Vec<&'k Claim> {
        let claims = claims.iter().copied().filter(is_known_success);
        claims.filter(|claim| !index.get(&claim.family_id).is_some_and(|family| is_supported[*family])).collect()
    };
    const AT_ONCE: usize = 4096;
    for claim in cores::each(known.claims.chunks(AT_ONCE).collect(), in_doubt).concat() {
        add(&claim.family_id, true, &claim.place, false, true);
    }
    for held in known.held.iter().filter(|held| held.matters) {
        let Some(family) = held.family else { continue };
        match held.table {
            TableName::People => add(family, false, held.place, held.restricted, false),
            TableName::Claims if held.may_be_success => add(family, true, held.place, false, false),
            _ => {}
        }
    }
    let mut doubts: Vec<Doubts> = doubts.into_values().collect();
    for rows in doubts.iter_mut().flat_map(|one| [&mut one.people, &mut one.claims]) {
        rows.sort_by(|one, other| (one.hidden, one).cmp(&(other.hidden, other)));
    }
    doubts.sort_by(|a, b| (&a.people, &a.claims).cmp(&(&b.people, &b.claims)));
    (linked, doubts)
}

/// Families with an id that each had before.
pub(super) fn former_families(former_ids: &[FormerId]) -> impl Iterator<Item = (FamilyId, FamilyId)> {
    let of_families = former_ids.iter().filter(|row| row.kind == IdKind::Family && row.id != row.former_id);
    of_families.map(|row| (FamilyId::new(&row.id), FamilyId::new(&row.former_id)))
}

/// The cases that each former id was the id of.
pub(super) fn former_cases(former_ids: &[FormerId]) -> FxHashMap<CaseId, Vec<CaseId>> {
    let mut cases: FxHashMap<CaseId, Vec<CaseId>> = FxHashMap::default();
    for row in former_ids.iter().filter(|row| row.kind == IdKind::Case && row.id != row.former_id) {
        cases.entry(CaseId::new(&row.former_id)).or_default().push(CaseId::new(&row.id));
    }
    for ids in cases.values_mut() {
        ids.sort();
        ids.dedup();
    }
    cases
}

/// Cases that a claim may name: it names none that exists, and these are nearly alike.
pub(super) struct CasesAlike<'r> {
    register: &'r Register,
    exist: FxHashSet<&'r CaseId>,
    former: FxHashMap<CaseId, Vec<CaseId>>,
    /// Made when a claim first names a case that does not exist, which few do.
    alike: OnceCell<Alike<[CaseId]>>,
}

impl<'r> CasesAlike<'r> {
    pub(super) fn of(register: &'r Register) -> CasesAlike<'r> {
        let used = register.cases.iter().chain(&register.set_aside.cases).map(|case| &case.case_id);
        let held = register.held.iter().filter(|held| held.table == TableName::Cases);
        let exist: FxHashSet<&CaseId> = used.chain(held.filter_map(|held| held.case.as_ref())).collect();
        CasesAlike { register, exist, former: former_cases(&register.former_ids), alike: OnceCell::new() }
    }

    /// The cases of an id: the one that has it, and those that had it.
    pub(super) fn named<'a>(&'a self, id: &'a CaseId) -> impl Iterator<Item = &'a CaseId> {
        let own = self.exist.get(id).copied();
        own.into_iter().chain(self.former.get(id).into_iter().flatten().filter(move |case| Some(*case) != own))
    }

    /// The cases to whose ids this one, which no case has or had, is nearly alike.
    pub(super) fn nearly(&self, id: &CaseId) -> &[CaseId] {
        let leads =
            |id: &CaseId| self.former.get(id).is_some_and(|now| now.iter().any(|case| self.exist.contains(case)));
        if self.exist.contains(id) || leads(id) {
            return &[];
        }
        let likeness = self.register.likeness.case;
        let alike = self.alike.get_or_init(|| {
            let today = self.exist.iter().map(|case| (likeness.key(case.as_str()), (*case).clone()));
            let before = self.former.iter().flat_map(|(before, now)| {
                let before = likeness.key(before.as_str());
                now.iter().map(move |case| (before.clone(), likeness.key(case.as_str())))
            });
            Alike::of(today, before, Arc::from)
        });
        alike.to(&likeness.key(id.as_str())).map_or(&[], Arc::as_ref)
    }
}

/// The families of every case, of days to come and of rows that could not be read too: a claim may name any of them. A case
/// that is given twice may be of several.
pub(super) fn families_of_cases(
    register: &Register,
    index: &FxHashMap<FamilyId, FamilyIndex>,
) -> FxHashMap<CaseId, Vec<FamilyIndex>> {
    let held = register.held.iter().filter(|held| held.table == TableName::Cases);
    let held = held.filter_map(|held| held.case.as_ref().zip(held.family.as_ref()));
    let typed = register.cases.iter().chain(&register.set_aside.cases).map(|case| (&case.case_id, &case.family_id));
    let mut families: FxHashMap<CaseId, Vec<FamilyIndex>> = FxHashMap::default();
    for (case, family) in held.chain(typed) {
        families.entry(case.clone()).or_default().extend(index.get(family));
    }
    for families in families.values_mut() {
        families.sort_unstable();
        families.dedup();
    }
    families
}

/// The families to which the case ids of rows lead, each told of the first few rows of an id that leads to several: of [`TOLD`] rows.
pub(super) struct FamiliesNamed<'a> {
    alike: &'a CasesAlike<'a>,
    of_case: &'a FxHashMap<CaseId, Vec<FamilyIndex>>,
    /// By the way of naming and the id as that way compares it: how many rows so far, where it leads to several families.
    told: FxHashMap<(&'static str, String), usize>,
}

impl<'a> FamiliesNamed<'a> {
    pub(super) fn new(
        alike: &'a CasesAlike<'a>,
        of_case: &'a FxHashMap<CaseId, Vec<FamilyIndex>>,
    ) -> FamiliesNamed<'a> {
        FamiliesNamed { alike, of_case, told: FxHashMap::default() }
    }

    /// The families of the cases that have this id.
    pub(super) fn having(&mut self, id: &CaseId) -> Vec<FamilyIndex> {
        self.first_few(("having", id.to_string()), |_| vec![id])
    }

    /// The families of the cases that have this id, or had it.
    pub(super) fn named(&mut self, id: &CaseId) -> Vec<FamilyIndex> {
        self.first_few(("named", id.to_string()), |alike| alike.named(id).collect())
    }

    /// The families of the cases to whose ids this one, which no case has or had, is nearly alike.
    pub(super) fn nearly(&mut self, id: &CaseId) -> Vec<FamilyIndex> {
        let key = self.alike.register.likeness.case.key(id.as_str());
        self.first_few(("nearly", key.to_string()), |alike| alike.nearly(id).iter().collect())
    }

    fn first_few<'c>(
        &mut self,
        key: (&'static str, String),
        cases: impl FnOnce(&'a CasesAlike<'a>) -> Vec<&'c CaseId>,
    ) -> Vec<FamilyIndex>
    where
        'a: 'c,
    {
        if self.told.get(&key).is_some_and(|rows| *rows >= TOLD) {
            return Vec::new();
        }
        let named = cases(self.alike).into_iter().filter_map(|case| self.of_case.get(case)).flatten();
        let families: BTreeSet<FamilyIndex> = named.copied().collect();
        if families.len() > 1 {
            *self.told.entry(key).or_default() += 1;
        }
        families.into_iter().collect()
    }
}
