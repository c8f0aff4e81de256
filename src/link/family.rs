//! A family as known at the as-at date, its periods of support, and what links it to others.

use crate::dates::Date;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::indexed::Indexed;
use crate::numbers;
use crate::place::Place;
use crate::rules::name::RuleName;
use crate::validate::rows::{Agreement, Case, Claim, Need, PersonRow};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

numbers! {
    /// The number of a family in [`super::Linked::families`].
    FamilyIndex
}

/// The numbers of families by their ids, asked for row after row: the rows of a family mostly stand together.
pub(super) struct NumbersOfRows<'i, 'r> {
    index: &'i FxHashMap<FamilyId, FamilyIndex>,
    last: Option<(&'r FamilyId, Option<FamilyIndex>)>,
}

impl<'i, 'r> NumbersOfRows<'i, 'r> {
    pub(super) fn of(index: &'i FxHashMap<FamilyId, FamilyIndex>) -> NumbersOfRows<'i, 'r> {
        NumbersOfRows { index, last: None }
    }

    pub(super) fn number(&mut self, family: &'r FamilyId) -> Option<FamilyIndex> {
        match self.last {
            Some((last, number)) if last == family => number,
            _ => {
                let number = self.index.get(family).copied();
                self.last = Some((family, number));
                number
            }
        }
    }
}

numbers! {
    /// The number of a period in [`super::Linked::periods`].
    PeriodIndex
}

numbers! {
    /// The number of a group in [`super::Linked::groups`].
    GroupIndex
}

numbers! {
    /// The number of a group of families that must not be named to each other in [`super::Linked::veils`].
    VeilIndex
}

numbers! {
    /// The number of an id under which rows stand that may be about families in [`super::Linked::doubts`].
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
    /// Families of which none may be named to another, this one among them: places in [`super::Linked::veils`].
    pub veils: Vec<VeilIndex>,
    /// Rows under other ids that may be about it: places in [`super::Linked::doubts`].
    pub doubts: Vec<DoubtsIndex>,
    /// Claims that name a case id which no case has, and which is nearly alike to one of its cases.
    pub doubtful_claims: Vec<Claim>,
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
    /// A family of which nothing is known yet.
    pub(super) fn new(id: FamilyId) -> Family {
        Family {
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
        }
    }

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
    pub(super) fn claims_are_untold(&self, doubts: &Indexed<DoubtsIndex, Doubts>) -> bool {
        !self.held_claims.is_empty()
            || !self.doubtful_claims.is_empty()
            || !self.held_former.is_empty()
            || self.doubts.iter().any(|place| !doubts[*place].claims.is_empty())
    }
}

/// A row that may be about a family though it names another id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubtful {
    /// Where it stands.
    pub place: Place,
    /// The id that it gives.
    pub id: String,
    /// Whether that is a former id of the family; else it is nearly alike.
    pub is_former: bool,
    /// Whether the row must not be named: it is restricted, or may be.
    pub hidden: bool,
}

/// Rows under one other id, for every family of which they may be.
#[derive(Clone, Debug)]
pub struct Doubts {
    /// The families, by index. Thousands of ids may be nearly alike to the same families, which then stand once.
    pub families: Arc<[FamilyIndex]>,
    /// Rows of people, those that must not be named last.
    pub people: Vec<Doubtful>,
    /// Rows of claims, those that must not be named last.
    pub claims: Vec<Doubtful>,
}

/// So many rows that may be of each of several families are told to each: all of them to each would be every pair. Every row is
/// in quarantine.csv or findings.csv.
pub(super) const TOLD: usize = 3;

impl Doubts {
    /// The rows of people that are told to a family: all where they can be of no other, else the first few.
    pub fn people_told(&self) -> impl Iterator<Item = &Doubtful> {
        self.told(&self.people)
    }

    /// The rows of claims that are told to a family.
    pub fn claims_told(&self) -> impl Iterator<Item = &Doubtful> {
        self.told(&self.claims)
    }

    fn told<'a>(&self, rows: &'a [Doubtful]) -> impl Iterator<Item = &'a Doubtful> {
        let first = if self.families.len() == 1 { rows.len() } else { TOLD.min(rows.len()) };
        let (first, others) = rows.split_at(first);
        // That there are rows which must not be named is told as well.
        first.iter().chain(others.last().filter(|row| row.hidden))
    }
}

/// How families are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The same `person_id`.
    SamePerson,
    /// Equal UPN.
    SameUpn,
    /// Equal NHS number.
    SameNhsNumber,
    /// The same first name, last name and birth date.
    SameNameAndBirth,
    /// Ids that are nearly alike.
    IdsNearlyAlike,
    /// The id of one is a former id of the other.
    FormerId,
}

impl How {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            How::SamePerson => "the same person",
            How::SameUpn => "the same UPN",
            How::SameNhsNumber => "the same NHS number",
            How::SameNameAndBirth => "the same names and birth date",
            How::IdsNearlyAlike => "ids that are nearly alike",
            How::FormerId => "the id of one, which the other had before",
        }
    }
}

/// Families that one thing links.
#[derive(Clone, Debug)]
pub struct LinkGroup {
    /// How they are linked.
    pub how: How,
    /// The families, by index, each with the first person of it by whom it is linked, where people link them.
    pub families: Vec<(FamilyIndex, Option<PersonId>)>,
    /// Whether none of them may be named to another.
    pub hidden: bool,
    /// The periods of them all, by the day of opening; ties by case.
    pub openings: Vec<(Date, PeriodIndex)>,
    /// The latest successes, each with its family: of two families at the most, the latest first.
    pub successes: Vec<(Date, FamilyIndex)>,
    /// Families of which it cannot be told what was claimed: two at the most.
    pub untold_claims: Vec<FamilyIndex>,
    /// Families with a case that could not be read: two at the most.
    pub held_cases: Vec<FamilyIndex>,
}

impl LinkGroup {
    /// The families other than one.
    pub fn others(
        &self,
        family: &FamilyId,
        families: &Indexed<FamilyIndex, Family>,
    ) -> impl Iterator<Item = FamilyIndex> {
        self.families.iter().map(|(other, _)| *other).filter(move |other| families[*other].id != *family)
    }

    /// The person by whom a family is linked.
    pub fn person_of(&self, family: FamilyIndex) -> Option<&PersonId> {
        let place = self.families.binary_search_by_key(&family, |(family, _)| *family).ok()?;
        self.families[place].1.as_ref()
    }
}

impl LinkGroup {
    /// A group of these families, sorted and each once.
    pub(super) fn new(how: How, families: Vec<(FamilyIndex, Option<PersonId>)>, hidden: bool) -> LinkGroup {
        LinkGroup {
            how,
            families,
            hidden,
            openings: Vec::new(),
            successes: Vec::new(),
            untold_claims: Vec::new(),
            held_cases: Vec::new(),
        }
    }
}
