//! Families that may be one: they share a person (the same `person_id`, an equal UPN, never a former one, an equal NHS number, or the same
//! folded names and birth date), or their ids are nearly alike, or one is the other's former id. A link is a reason to
//! look, never proof. Where a row concerned is restricted, the link counts but is hidden: nothing shown to anyone may
//! name the other side.
//!
//! What links families is a group, however many they are: work grows with the rows, not with the pairs.

use super::births::Births;
use super::family::{FamilyIndex, How, LinkGroup};
use super::known::KnownAt;
use crate::dates::Date;
use crate::ids::{FamilyId, NhsNumber, PersonId, Upn, folded_name};
use crate::load::tables::TableName;
use crate::validate::HeldPerson;
use crate::validate::rows::PersonRow;
use rustc_hash::{FxHashMap, FxHashSet};

/// What links families, and which must not be named to each other.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The groups.
    pub groups: Vec<LinkGroup>,
    /// Families of which none may be named to another, each by index. Rows of days to come and rows that could not be read
    /// hide as well, though they link nobody: naming cannot be undone.
    pub veils: Vec<Vec<FamilyIndex>>,
    /// What restricted rows say of a person, of whatever day and family: whoever has it in common with one is protected.
    pub protected: Protected,
}

/// What restricted rows say of people. Nothing may lead to a person of whom any row is restricted.
#[derive(Clone, Debug, Default)]
pub struct Protected(FxHashSet<Key>);

impl Protected {
    /// Whether a person is protected: by the id, the UPN, the NHS number, or the names and birth date.
    pub fn covers(&self, row: &PersonRow) -> bool {
        !self.0.is_empty() && (row.restricted || keys_of_row(row, row.date_of_birth).any(|key| self.0.contains(&key)))
    }
}

/// What two rows of people have in common.
type Key = (How, String);

#[derive(Default)]
struct Rows {
    /// Those that link.
    linked: Vec<(FamilyIndex, Option<PersonId>)>,
    /// Those that do not, but whose families must not be named either.
    beside: Vec<FamilyIndex>,
    restricted: bool,
}

fn keys_of(
    person: Option<&PersonId>,
    upn: Option<&Upn>,
    nhs_number: Option<&NhsNumber>,
    names: [Option<&str>; 2],
    born: Option<Date>,
) -> impl Iterator<Item = Key> {
    let person = person.map(|id| (How::SamePerson, id.to_string()));
    let upn = upn.map(|upn| (How::SameUpn, upn.to_string()));
    let nhs_number = nhs_number.map(|number| (How::SameNhsNumber, number.to_string()));
    let folded = |name: Option<&str>| name.map(folded_name).filter(|name| !name.is_empty());
    let named = match (folded(names[0]), folded(names[1]), born) {
        (Some(first), Some(last), Some(born)) => {
            Some((How::SameNameAndBirth, format!("{first}\u{1f}{last}\u{1f}{born}")))
        }
        _ => None,
    };
    [person, upn, nhs_number, named].into_iter().flatten()
}

fn keys_of_row(row: &PersonRow, born: Option<Date>) -> impl Iterator<Item = Key> {
    let names = [row.first_name.as_deref(), row.last_name.as_deref()];
    keys_of(Some(&row.person_id), row.upn.as_ref(), row.nhs_number.as_ref(), names, born)
}

fn keys_of_held(row: &HeldPerson, born: Option<Date>) -> impl Iterator<Item = Key> {
    let names = [row.first_name.as_deref(), row.last_name.as_deref()];
    keys_of(row.person_id.as_ref(), row.upn.as_ref(), row.nhs_number.as_ref(), names, born)
}

/// All links between people. `index` numbers the families by id.
pub(super) fn of_people(
    known: &KnownAt<'_>,
    as_at: Date,
    index: &FxHashMap<FamilyId, FamilyIndex>,
    births: &Births<'_>,
) -> Links {
    let mut rows: FxHashMap<Key, Rows> = FxHashMap::default();
    let mut protected: FxHashSet<Key> = FxHashSet::default();
    let mut protected_families: FxHashSet<FamilyIndex> = FxHashSet::default();
    for person in &known.people {
        if person.restricted {
            protected.extend(keys_of_row(person, person.date_of_birth));
        }
        let Some(family) = index.get(&person.family_id).copied() else { continue };
        let born = births.believed(Some(&person.person_id), person.role, person.date_of_birth);
        for key in keys_of_row(person, born) {
            let rows = rows.entry(key).or_default();
            if person.exists_at(as_at) {
                rows.linked.push((family, Some(person.person_id.clone())));
            } else {
                rows.beside.push(family);
            }
        }
    }
    for held in known.held.iter().filter(|held| held.table == TableName::People) {
        let family = held.family.and_then(|family| index.get(family)).copied();
        let Some(person) = held.person.as_deref() else { continue };
        if held.restricted {
            protected.extend(keys_of_held(person, person.date_of_birth));
            protected_families.extend(family);
            // Where cells have moved, any of them may be the id.
            for cell in &person.cells {
                protected.insert((How::SamePerson, PersonId::new(cell).to_string()));
                protected.extend(Upn::read(cell).map(|upn| (How::SameUpn, upn.to_string())));
                let number = NhsNumber::read(cell).and_then(Result::ok);
                protected.extend(number.map(|number| (How::SameNhsNumber, number.to_string())));
                protected_families.extend(index.get(&FamilyId::new(cell)).copied());
            }
        }
        let Some(family) = family else { continue };
        let born = births.believed(person.person_id.as_ref(), person.role, person.date_of_birth);
        for key in keys_of_held(person, born) {
            let rows = rows.entry(key).or_default();
            if person.joined_on.is_none_or(|day| day <= as_at) {
                rows.linked.push((family, person.person_id.clone()));
            } else {
                rows.beside.push(family);
            }
        }
    }
    let mut links = Links::default();
    for (key, mut rows) in rows {
        let is_protected_person = |person: &Option<PersonId>| {
            person.as_ref().is_some_and(|person| protected.contains(&(How::SamePerson, person.to_string())))
        };
        rows.restricted = protected.contains(&key)
            || rows
                .linked
                .iter()
                .any(|(family, person)| protected_families.contains(family) || is_protected_person(person))
            || rows.beside.iter().any(|family| protected_families.contains(family));
        if rows.restricted {
            let mut all: Vec<FamilyIndex> = rows.linked.iter().map(|(family, _)| *family).collect();
            all.extend(&rows.beside);
            all.sort_unstable();
            all.dedup();
            if all.len() > 1 {
                links.veils.push(all);
            }
        }
        rows.linked.sort();
        rows.linked.dedup_by_key(|(family, _)| *family);
        if rows.linked.len() > 1 {
            links.groups.push(LinkGroup::new(key.0, rows.linked, rows.restricted));
        }
    }
    links.protected = Protected(protected);
    links.groups.sort_by(|a, b| (&a.families, a.how).cmp(&(&b.families, b.how)));
    links.veils.sort();
    links.veils.dedup();
    links
}

impl Links {
    /// Hides the groups of ids in which a family has a restricted row, and those whose families a veil hides already.
    pub(super) fn hide_with(&mut self, has_restricted: impl Fn(FamilyIndex) -> bool) {
        for group in self.groups.iter_mut().filter(|group| matches!(group.how, How::IdsNearlyAlike | How::FormerId)) {
            group.hidden = group.families.iter().any(|(family, _)| has_restricted(*family));
            if group.hidden {
                self.veils.push(group.families.iter().map(|(family, _)| *family).collect());
            }
        }
        self.veils.sort();
        self.veils.dedup();
    }
}
