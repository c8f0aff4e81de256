//! Families that share a person: the same `person_id`, an equal UPN (never a former one), or the same names
//! and birth date. A link is a reason to look, never proof. Where a row concerned is restricted, the link
//! counts but is hidden: nothing shown to anyone may name the other side.

use super::FamilyIndex;
use crate::dates::Date;
use crate::ids::{FamilyId, PersonId};
use crate::validate::rows::PersonRow;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// How two families are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The same `person_id`.
    SamePerson,
    /// Equal UPN.
    SameUpn,
    /// The same first name, last name and birth date.
    SameNameAndBirth,
}

impl How {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            How::SamePerson => "the same person",
            How::SameUpn => "the same UPN",
            How::SameNameAndBirth => "the same names and birth date",
        }
    }
}

/// A link from one family to another.
#[derive(Clone, Debug)]
pub struct Link {
    /// The other family.
    pub family: FamilyIndex,
    /// Whether the other side must not be named.
    pub hidden: bool,
    /// How they are linked, and by which person of this family.
    pub how: Vec<(How, PersonId)>,
}

/// All links, both ways, by family. `held_restricted` are families with a restricted row that could not be read.
pub fn links(
    people: &[&PersonRow],
    as_at: Date,
    index: &FxHashMap<FamilyId, FamilyIndex>,
    held_restricted: &[FamilyIndex],
) -> BTreeMap<FamilyIndex, Vec<Link>> {
    let mut groups: FxHashMap<(How, String), Vec<(FamilyIndex, &PersonRow)>> = FxHashMap::default();
    for person in people.iter().filter(|person| person.exists_at(as_at)) {
        let Some(family) = index.get(&person.family_id).copied() else { continue };
        let mut put = |how: How, key: String| groups.entry((how, key)).or_default().push((family, person));
        put(How::SamePerson, person.person_id.to_string());
        if let Some(upn) = &person.upn {
            put(How::SameUpn, upn.to_string());
        }
        if let (Some(first), Some(last), Some(born)) = (&person.first_name, &person.last_name, person.date_of_birth) {
            put(How::SameNameAndBirth, format!("{}\u{1f}{}\u{1f}{born}", first.to_lowercase(), last.to_lowercase()));
        }
    }
    // A row that is restricted only later, or that could not be read, protects as well: naming cannot be undone.
    let restricted_persons: FxHashSet<&PersonId> =
        people.iter().filter(|person| person.restricted).map(|person| &person.person_id).collect();
    let is_restricted = |family: FamilyIndex, person: &PersonRow| {
        person.restricted || restricted_persons.contains(&person.person_id) || held_restricted.contains(&family)
    };
    let mut links: BTreeMap<FamilyIndex, BTreeMap<FamilyIndex, Link>> = BTreeMap::new();
    for ((how, _), rows) in &groups {
        for (family, person) in rows {
            for (other, their_person) in rows.iter().filter(|(other, _)| other != family) {
                let link = links.entry(*family).or_default().entry(*other).or_insert(Link {
                    family: *other,
                    hidden: false,
                    how: Vec::new(),
                });
                link.hidden |= is_restricted(*family, person) || is_restricted(*other, their_person);
                link.how.push((*how, person.person_id.clone()));
            }
        }
    }
    let in_order = |mut link: Link| {
        link.how.sort();
        link.how.dedup();
        link
    };
    links.into_iter().map(|(family, others)| (family, others.into_values().map(in_order).collect())).collect()
}
