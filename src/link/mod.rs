//! What belongs together at the as-at date: cases to periods of support, people to families and pupils,
//! families that share a person. From here on nothing after the as-at date exists.
//!
//! - [`families`] which families share a person.
//! - [`identity`] people who may be one, and families that share people, as findings.
//! - [`known`] which rows are known at the as-at date, and which are held.
//! - [`pupils`] whose the attendance records are.

pub mod families;
pub mod identity;
pub mod known;
pub mod pupils;

use crate::dates::Date;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::indexed::Indexed;
use crate::load::tables::TableName;
use crate::numbers;
use crate::place::Place;
use crate::validate::Register;
use crate::validate::registers::PupilIndex;
use crate::validate::rows::{Agreement, Case, Claim, Need, PersonRow};
use families::Link;
use known::{HeldAt, KnownAt};
use rustc_hash::FxHashMap;

numbers! {
    /// The number of a family in [`Linked::families`].
    FamilyIndex
}

numbers! {
    /// The number of a period in [`Linked::periods`].
    PeriodIndex
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
    /// Families that share a person with it.
    pub links: Vec<Link>,
    /// Rows of people that could not be read.
    pub held_people: Vec<Place>,
    /// Claims that could not be read.
    pub held_claims: Vec<Place>,
    /// Cases that could not be read.
    pub held_cases: Vec<Place>,
}

impl Family {
    /// Whether the family of this id stands behind a restricted link: nothing of it may be shown here.
    pub fn must_not_name(&self, other: &FamilyId, families: &Indexed<FamilyIndex, Family>) -> bool {
        self.links.iter().any(|link| link.hidden && families[link.family].id == *other)
    }

    /// Whether it is linked to a family that may not be named here: what an officer typed of a link may name it.
    pub fn has_hidden_link(&self) -> bool {
        self.links.iter().any(|link| link.hidden)
    }

    /// The rows of people who are members at `as_at`.
    pub fn members(&self, as_at: Date) -> impl Iterator<Item = &PersonRow> {
        self.listed.iter().filter(move |person| person.is_member_at(as_at))
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
    pub pupils_of: FxHashMap<PersonId, Vec<PupilIndex>>,
    /// Whether there is a table of people.
    pub has_people: bool,
    /// Whether there is a table of claims.
    pub has_claims: bool,
}

impl Linked {
    /// Whether a case is of a family that stands behind a restricted link of this one: beside this family it may not be shown.
    pub fn must_not_name_case(&self, family: &Family, case: &CaseId) -> bool {
        let behind =
            family.links.iter().filter(|link| link.hidden).flat_map(|link| &self.families[link.family].periods);
        behind.flat_map(|period| &self.periods[*period].cases).any(|of| of.case_id == *case)
    }
}

/// Links everything as known at `as_at`.
pub fn link(register: &Register, as_at: Date) -> Linked {
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
    for claim in claims {
        if let Some(case) = &claim.case_id {
            claims_naming.entry(case.clone()).or_default().push(claim.clone());
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
        let family = held.family.and_then(|family| index.get(family)).map(|index| &mut families[*index]);
        match (held.table, family, held.case) {
            (TableName::People, Some(family), _) => family.held_people.push(held.place.clone()),
            (TableName::Claims, Some(family), _) => family.held_claims.push(held.place.clone()),
            (TableName::Cases, Some(family), _) => family.held_cases.push(held.place.clone()),
            (TableName::Criteria, _, Some(case)) => held_needs.entry(case).or_default().push(held.place.clone()),
            _ => {}
        }
    }
    let held_restricted: Vec<FamilyIndex> = known
        .held
        .iter()
        .filter(|held| held.restricted)
        .filter_map(|held| held.family.and_then(|family| index.get(family)).copied())
        .collect();
    for (family, others) in families::links(people, as_at, &index, &held_restricted) {
        families[family].links = others;
    }

    let mut periods = periods_of(cases, &index);
    attach_needs(&mut periods, &known, as_at, &held_needs);
    for (position, period) in periods.numbered() {
        families[period.family].periods.push(position);
    }
    let pupils_of =
        register.registers.as_ref().map(|registers| pupils::by_person(registers, people)).unwrap_or_default();
    Linked {
        as_at,
        families,
        periods,
        claims_naming,
        pupils_of,
        has_people: register.people.is_some(),
        has_claims: register.claims.is_some(),
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
        links: Vec::new(),
        held_people: Vec::new(),
        held_claims: Vec::new(),
        held_cases: Vec::new(),
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
