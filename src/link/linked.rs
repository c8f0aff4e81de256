//! Everything that belongs together at the as-at date, and which families may be named beside each other.

use super::families::Protected;
use super::family::{
    Doubts, DoubtsIndex, Family, FamilyIndex, GroupIndex, How, LinkGroup, Period, PeriodIndex, VeilIndex,
};
use super::pupils::PupilsOf;
use super::unnamed::Unnamed;
use crate::dates::Date;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::indexed::{Indexed, Number};
use crate::validate::registers::PupilIndex;
use crate::validate::rows::Claim;
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// The families of each case.
    pub(super) families_of_case: FxHashMap<CaseId, Vec<FamilyIndex>>,
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

    /// Those listed in a family who may not be named beside it in a list of several families, since it has a restricted link
    /// and they have a restricted row.
    pub fn not_named_in_lists<'a>(&'a self, family: &'a Family) -> Unnamed<'a> {
        let rows = family.listed.iter().filter(|row| family.has_hidden_link() && self.protected.covers(row));
        rows.map(|row| &row.person_id).collect()
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
