//! What belongs together at the as-at date: cases to periods of support, people to families and pupils,
//! families that share a person. From here on nothing after the as-at date exists.
//!
//! - [`births`] which birth dates cannot be right.
//! - [`families`] which families may be one, and what links them.
//! - [`identity`] people who may be one, and families that share people, as findings.
//! - [`known`] which rows are known at the as-at date, and which are held.
//! - [`other_ids`] rows that may be about a family though they name another id.
//! - [`pupils`] whose the attendance records are.

pub mod births;
pub mod families;
pub mod identity;
pub mod known;
pub mod other_ids;
pub mod pupils;

use crate::dates::Date;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::indexed::{Indexed, Number};
use crate::load::tables::TableName;
use crate::numbers;
use crate::place::Place;
use crate::rules::Rules;
use crate::validate::Register;
use crate::validate::registers::PupilIndex;
use crate::validate::rows::{Agreement, Case, Claim, Need, PersonRow, RuleName};
use births::Births;
use families::{How, LinkGroup, Protected};
use known::{HeldAt, KnownAt};
use other_ids::{CasesAlike, Doubts};
use pupils::PupilsOf;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

numbers! {
    /// The number of a family in [`Linked::families`].
    FamilyIndex
}

numbers! {
    /// The number of a period in [`Linked::periods`].
    PeriodIndex
}

numbers! {
    /// The number of a group in [`Linked::groups`].
    GroupIndex
}

numbers! {
    /// The number of a group of families that must not be named to each other in [`Linked::veils`].
    VeilIndex
}

numbers! {
    /// The number of an id under which rows stand that may be about families in [`Linked::doubts`].
    DoubtsIndex
}

/// A period of support: the cases of one family whose days overlap, taken together.
#[derive(Clone, Debug)]
pub struct Period {
    /// The family.
    pub family: FamilyIndex,
    /// Its cases as known at the as-at date, earliest first (ties: lower id). The first names the period.
    pub cases: Vec<Case>,
    /// The day on which its first case opened.
    pub opened_on: Date,
    /// The day on which its last case closed; `None` while any is open.
    pub closed_on: Option<Date>,
    /// The needs of all its cases, as known at the as-at date.
    pub needs: Vec<Need>,
    /// Agreements in force on any of its cases.
    pub agreements: Vec<Agreement>,
    /// Needs that could not be read.
    pub held_needs: Vec<Place>,
    /// Claims that could not be read and name one of its cases, with the family they are of, where that can be told.
    pub held_claims: Vec<(Option<FamilyId>, Place)>,
    /// Agreements that could not be read, with the rule that each names.
    pub held_agreements: Vec<(RuleName, Place)>,
}

impl Period {
    /// The case that names the period.
    pub fn id(&self) -> &CaseId {
        &self.cases[0].case_id
    }

    /// The ids of its cases, sorted.
    pub fn case_ids(&self) -> Vec<&CaseId> {
        let mut ids: Vec<&CaseId> = self.cases.iter().map(|case| &case.case_id).collect();
        ids.sort();
        ids
    }

    /// The distinct sources of its cases, sorted.
    pub fn sources(&self) -> Vec<&str> {
        let mut sources: Vec<&str> = self.cases.iter().map(|case| case.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    /// Whether any case is still open.
    pub fn is_open(&self) -> bool {
        self.closed_on.is_none()
    }
}

/// A family and everything known of it at the as-at date.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// Rows of people that exist at the as-at date, members or not.
    pub listed: Vec<PersonRow>,
    /// Its periods, earliest first.
    pub periods: Vec<PeriodIndex>,
    /// Its claims as known at the as-at date, by day of submission.
    pub claims: Vec<Claim>,
    /// What links it to other families.
    pub groups: Vec<GroupIndex>,
    /// Families of which none may be named to another, this one among them: places in [`Linked::veils`].
    pub veils: Vec<VeilIndex>,
    /// Rows under other ids that may be about it: places in [`Linked::doubts`].
    pub doubts: Vec<DoubtsIndex>,
    /// Claims that name a case id which no case has, and which is nearly alike to one of its cases.
    pub doubtful_claims: Vec<Place>,
    /// Rows of people that could not be read.
    pub held_people: Vec<Place>,
    /// Claims that could not be read, of this family or naming one of its cases, with the family that each is of, where
    /// that can be told.
    pub held_claims: Vec<(Option<FamilyId>, Place)>,
    /// Cases that could not be read.
    pub held_cases: Vec<Place>,
    /// Rows of former ids that could not be read.
    pub held_former: Vec<Place>,
    /// The day on which everybody left, where that is the day on which a case closed: the end of the support was taken for
    /// leaving, and they are taken to be members still.
    pub all_left_on: Option<Date>,
}

impl Family {
    /// Whether it is linked to a family that may not be named here: what an officer typed of a link may name it.
    pub fn has_hidden_link(&self) -> bool {
        !self.veils.is_empty()
    }

    /// The rows of people who live in the family at `as_at`, as its members do: those of a birth date after it too.
    pub fn there(&self, as_at: Date) -> impl Iterator<Item = &PersonRow> {
        let all_stay = self.all_left_on.is_some();
        self.listed.iter().filter(move |row| if all_stay { row.exists_at(as_at) } else { row.is_there_at(as_at) })
    }

    /// The members at `as_at`, a row each: where a person has several rows, the first of those that make a member.
    pub fn members(&self, as_at: Date) -> impl Iterator<Item = &PersonRow> {
        let is_member = move |person: &PersonRow| match self.all_left_on {
            Some(_) => person.exists_at(as_at) && person.date_of_birth.is_none_or(|day| day <= as_at),
            None => person.is_member_at(as_at),
        };
        let mut seen: FxHashSet<&PersonId> = FxHashSet::default();
        self.listed.iter().filter(move |person| is_member(person) && seen.insert(&person.person_id))
    }

    /// Whether it cannot be told what was claimed for it.
    fn claims_are_untold(&self, doubts: &Indexed<DoubtsIndex, Doubts>) -> bool {
        !self.held_claims.is_empty()
            || !self.doubtful_claims.is_empty()
            || !self.held_former.is_empty()
            || self.doubts.iter().any(|place| !doubts[*place].claims.is_empty())
    }
}

/// Everything that belongs together, as known at the as-at date.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The as-at date.
    pub as_at: Date,
    /// Families of cases, people or claims, by id.
    pub families: Indexed<FamilyIndex, Family>,
    /// Periods, by family and opening.
    pub periods: Indexed<PeriodIndex, Period>,
    /// Claims that name a case, as known at the as-at date, of whatever family.
    pub claims_naming: FxHashMap<CaseId, Vec<Claim>>,
    /// The pupils whose records are a person's.
    pub pupils_of: PupilsOf,
    /// Those of them of whom it cannot be told whether their records are the person's.
    pub pupils_in_doubt: PupilsOf,
    /// Every birth date that any row gives of a person who has pupils.
    pub births_of: FxHashMap<PersonId, Vec<Date>>,
    /// Whether there is a table of people.
    pub has_people: bool,
    /// Whether there is a table of claims.
    pub has_claims: bool,
    /// What links families.
    pub groups: Indexed<GroupIndex, LinkGroup>,
    /// Families of which none may be named to another, each by index.
    pub veils: Indexed<VeilIndex, Vec<FamilyIndex>>,
    /// Rows under other ids that may be about families.
    pub doubts: Indexed<DoubtsIndex, Doubts>,
    /// People of whom any row is restricted.
    pub protected: Protected,
    /// The family of each case.
    families_of_case: FxHashMap<CaseId, Vec<FamilyIndex>>,
}

impl Linked {
    /// The pupils whose records are a person's, or may be.
    pub fn pupils(&self, person: &PersonId) -> &[PupilIndex] {
        self.pupils_of.get(person).map_or(&[], Vec::as_slice)
    }

    /// The place of a family.
    pub fn index_of(&self, family: &FamilyId) -> Option<FamilyIndex> {
        self.families.binary_search_by(|known| known.id.cmp(family)).ok().map(FamilyIndex::at)
    }

    /// The groups that link a family to others.
    pub fn groups_of<'a>(&'a self, family: &Family) -> impl Iterator<Item = &'a LinkGroup> {
        family.groups.iter().map(|group| &self.groups[*group])
    }

    /// The rows under other ids that may be about a family.
    pub fn doubts_of<'a>(&'a self, family: &'a Family) -> impl Iterator<Item = &'a Doubts> {
        family.doubts.iter().map(|doubts| &self.doubts[*doubts])
    }

    /// Whether the family of this id stands behind a restricted link: nothing of it may be shown beside this one.
    pub fn must_not_name(&self, family: &Family, other: &FamilyId) -> bool {
        if family.veils.is_empty() || family.id == *other {
            return false;
        }
        let Some(other) = self.index_of(other) else { return false };
        family.veils.iter().any(|veil| self.veils[*veil].binary_search(&other).is_ok())
    }

    /// Whether a case is of a family that stands behind a restricted link of this one: beside this family it may not be shown.
    pub fn must_not_name_case(&self, family: &Family, case: &CaseId) -> bool {
        self.families_of_case
            .get(case)
            .into_iter()
            .flatten()
            .any(|of| self.must_not_name(family, &self.families[*of].id))
    }

    /// Families that may be named beside this one and that something links to it, each once with how and by whom; no more
    /// than `most`, and how many there are beside them.
    pub fn visible_links(&self, family: &Family, most: usize) -> (Vec<VisibleLink<'_>>, usize) {
        let mut named: Vec<VisibleLink<'_>> = Vec::new();
        let mut seen: FxHashMap<FamilyIndex, Option<usize>> = FxHashMap::default();
        let mut largest = 0;
        let own = self.index_of(&family.id);
        for group in self.groups_of(family).filter(|group| !group.hidden) {
            let here = own.and_then(|own| group.person_of(own));
            largest = largest.max(group.families.len() - 1);
            // Of a group of thousands the first few tell enough.
            for other in group.others(&family.id, &self.families).take(most + 1) {
                let id = &self.families[other].id;
                let place = *seen.entry(other).or_insert_with(|| {
                    if named.len() >= most || self.must_not_name(family, id) {
                        return None;
                    }
                    named.push(VisibleLink { family: id, how: Vec::new() });
                    Some(named.len() - 1)
                });
                if let Some(link) = place.and_then(|place| named.get_mut(place)) {
                    link.how.push((group.how, here));
                }
            }
        }
        let hidden = seen.keys().filter(|other| self.must_not_name(family, &self.families[**other].id)).count();
        let more = (seen.len() - hidden).max(largest.saturating_sub(hidden)) - named.len();
        named.sort_by_key(|link| link.family);
        (named, more)
    }
}

/// A family that is linked to another, and may be named.
#[derive(Clone, Debug)]
pub struct VisibleLink<'a> {
    /// The other family.
    pub family: &'a FamilyId,
    /// How they are linked, and by which person of this family.
    pub how: Vec<(How, Option<&'a PersonId>)>,
}

impl VisibleLink<'_> {
    /// How they are linked, in words. That one and the same person has the same UPN and names need not be said.
    pub fn words(&self) -> Vec<String> {
        let same: FxHashSet<&PersonId> =
            self.how.iter().filter(|(how, _)| *how == How::SamePerson).filter_map(|(_, person)| *person).collect();
        let said = self
            .how
            .iter()
            .filter(|(how, person)| *how == How::SamePerson || !person.is_some_and(|person| same.contains(person)));
        let mut words: Vec<String> = said
            .map(|(how, person)| match person {
                Some(person) => format!("{} ({person})", how.words()),
                None => how.words().to_owned(),
            })
            .collect();
        words.sort();
        words.dedup();
        words
    }
}

/// Links everything as known at `as_at`. The rules say which terms are looked at: attendance in them may contradict a birth
/// date.
pub fn link(register: &Register, rules: &Rules, as_at: Date) -> Linked {
    let known = KnownAt::at(register, &register.horizon_at(as_at));
    let people = &known.people;
    let claims: Vec<Claim> = known.claims.iter().filter_map(|claim| claim.known_at(as_at)).collect();
    let cases: Vec<Case> = known.cases.iter().filter_map(|case| case_at(case, as_at)).collect();

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
    let families_of_case = families_of_cases(register, &index);
    for claim in claims {
        if let Some(case) = &claim.case_id {
            for named in alike.named(case) {
                claims_naming.entry(named.clone()).or_default().push(claim.clone());
            }
            let nearly = alike.nearly(case).iter().filter(|_| claim.is_success());
            for family in nearly.filter_map(|case| families_of_case.get(case)).flatten() {
                families[*family].doubtful_claims.push(claim.place.clone());
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
    for held in known.held.iter().filter(|held| held.matters) {
        let own = held.family.and_then(|family| index.get(family)).copied();
        let place = || held.place.clone();
        match held.table {
            TableName::People => own.into_iter().for_each(|family| families[family].held_people.push(place())),
            TableName::Cases => own.into_iter().for_each(|family| families[family].held_cases.push(place())),
            TableName::Claims => {
                let named = held.case.into_iter().flat_map(|case| {
                    alike.named(case).chain(alike.nearly(case).iter().filter(|_| held.may_be_success))
                });
                let mut of: BTreeSet<FamilyIndex> =
                    named.filter_map(|case| families_of_case.get(case)).flatten().copied().collect();
                of.extend(own);
                of.into_iter().for_each(|family| families[family].held_claims.push((held.family.cloned(), place())));
            }
            TableName::FormerIds => {
                let named = held.case.and_then(|case| families_of_case.get(case)).into_iter().flatten().copied();
                for family in own.into_iter().chain(named.filter(|named| Some(*named) != own)) {
                    families[family].held_former.push(place());
                }
            }
            TableName::Criteria => {
                for case in held.case.into_iter().chain(held.may_be_of) {
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
    for (position, doubts) in doubts.numbered() {
        doubts.families.iter().for_each(|family| families[*family].doubts.push(position));
    }
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

/// A case as known at `as_at`: not at all before it opens; what happens later has not happened.
fn case_at(case: &Case, as_at: Date) -> Option<Case> {
    let known = |day: Option<Date>| day.filter(|day| *day <= as_at);
    (case.opened_on <= as_at).then(|| Case {
        closed_on: known(case.closed_on),
        assessment_on: known(case.assessment_on),
        plan_on: known(case.plan_on),
        ..case.clone()
    })
}

/// A need as known at `as_at`. A result whose outcome comes later is not known yet.
fn need_at(need: &Need, as_at: Date) -> Need {
    let known = |day: Option<Date>| day.filter(|day| *day <= as_at);
    let decided_later = need.outcome_on.is_some_and(|day| day > as_at);
    Need {
        outcome_on: known(need.outcome_on),
        relapsed_on: known(need.relapsed_on),
        result: if decided_later { None } else { need.result },
        ..need.clone()
    }
}

/// The families of every case, of days to come and of rows that could not be read too: a claim may name any of them. A case
/// that is given twice may be of several.
fn families_of_cases(
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

/// Puts the cases of each family whose days overlap together. A case that opens on the day another
/// closes overlaps it.
fn periods_of(mut cases: Vec<Case>, index: &FxHashMap<FamilyId, FamilyIndex>) -> Indexed<PeriodIndex, Period> {
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

fn attach_needs(
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
            periods[*period].needs.push(need_at(need, as_at));
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
    for held in known.held_of(TableName::Agreements) {
        if let Some(((period, _), rule)) = held.case.and_then(|case| period_of.get(case)).zip(held.rule) {
            periods[*period].held_agreements.push((rule, held.place.clone()));
        }
    }
    for (case, places) in held_needs {
        if let Some((period, _)) = period_of.get(*case) {
            periods[*period].held_needs.extend(places.iter().cloned());
        }
    }
    for period in periods {
        // An order of their own, so that the order of rows never shows.
        period.needs.sort_by_cached_key(|need| {
            (
                need.criterion.clone(),
                need.case_id.clone(),
                need.identified_on,
                need.outcome_on,
                need.person_id.clone(),
                need.place.clone(),
            )
        });
        period.held_needs.sort();
    }
}
