//! Families that may be one: they share a person (the same `person_id`, an equal UPN, never a former one, an equal NHS number, or the same
//! folded names and birth date), or their ids are nearly alike, or one is the other's former id. A link is a reason to
//! look, never proof. Where a row concerned is restricted, the link counts but is hidden: nothing shown to anyone may
//! name the other side.
//!
//! What links families is a group, however many they are: work grows with the rows, not with the pairs.

use super::births::Births;
use super::family::{FamilyIndex, How, LinkGroup, NumbersOfRows};
use super::known::KnownAt;
use crate::dates::{Date, DateOrder, day_number, read_in};
use crate::ids::{FamilyId, NhsNumber, PersonId, Upn, folded_name};
use crate::load::tables::TableName;
use crate::validate::HeldPerson;
use crate::validate::rows::PersonRow;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;

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
        !self.0.is_empty()
            && (row.restricted || Identity::of_row(row, row.date_of_birth).keys().any(|key| self.0.contains(&key)))
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

/// What a row of people says of who the person is.
#[derive(Clone, Copy)]
struct Identity<'a> {
    person: Option<&'a PersonId>,
    upn: Option<&'a Upn>,
    nhs_number: Option<&'a NhsNumber>,
    names: [Option<&'a str>; 2],
    born: Option<Date>,
}

impl<'a> Identity<'a> {
    fn of_row(row: &'a PersonRow, born: Option<Date>) -> Identity<'a> {
        Identity {
            person: Some(&row.person_id),
            upn: row.upn.as_ref(),
            nhs_number: row.nhs_number.as_ref(),
            names: [row.first_name.as_deref(), row.last_name.as_deref()],
            born,
        }
    }

    fn of_held(row: &'a HeldPerson, born: Option<Date>) -> Identity<'a> {
        Identity {
            person: row.person_id.as_ref(),
            upn: row.upn.as_ref(),
            nhs_number: row.nhs_number.as_ref(),
            names: [row.first_name.as_deref(), row.last_name.as_deref()],
            born,
        }
    }

    fn keys(self) -> impl Iterator<Item = Key> {
        let person = self.person.map(|id| (How::SamePerson, id.as_str().to_owned()));
        let upn = self.upn.map(|upn| (How::SameUpn, upn.as_str().to_owned()));
        let nhs_number = self.nhs_number.map(|number| (How::SameNhsNumber, number.to_string()));
        let named = self.named().map(|named| (How::SameNameAndBirth, named));
        [person, upn, nhs_number, named].into_iter().flatten()
    }

    /// Names and birth date as one text.
    fn named(&self) -> Option<String> {
        let folded = |name: Option<&str>| name.map(folded_name).filter(|name| !name.is_empty());
        let [first, last] = self.names;
        // A day's number is written faster than the day.
        let (first, last, day) = (folded(first)?, folded(last)?, day_number(self.born?).to_string());
        Some([first, last, day].join("\u{1f}"))
    }

    /// The hashes of its keys. They are asked of every row, and the texts of nearly none.
    fn hashes(&self) -> impl Iterator<Item = u64> {
        let hash = |how: How, text: &str| FxBuildHasher.hash_one((how, text));
        let person = self.person.map(|id| hash(How::SamePerson, id.as_str()));
        let upn = self.upn.map(|upn| hash(How::SameUpn, upn.as_str()));
        let nhs_number = self.nhs_number.map(|number| hash(How::SameNhsNumber, &number.to_string()));
        let named = self.named().map(|named| hash(How::SameNameAndBirth, &named));
        [person, upn, nhs_number, named].into_iter().flatten()
    }
}

/// A row that may link its family to others.
#[derive(Clone, Copy)]
enum MayLink<'a> {
    Open(&'a PersonRow),
    Held(&'a HeldPerson),
}

impl<'a> MayLink<'a> {
    /// Who it is of, with the birth date as far as it can be believed.
    fn identity(self, births: &Births<'_>) -> Identity<'a> {
        match self {
            MayLink::Open(row) => {
                Identity::of_row(row, births.believed(Some(&row.person_id), row.role, row.date_of_birth))
            }
            MayLink::Held(row) => {
                Identity::of_held(row, births.believed(row.person_id.as_ref(), row.role, row.date_of_birth))
            }
        }
    }

    /// The birth date as it was given, whatever is believed of it: it protects.
    fn given(self) -> Option<Date> {
        match self {
            MayLink::Open(row) => row.date_of_birth,
            MayLink::Held(row) => row.date_of_birth,
        }
    }

    /// Whether it links at the as-at date; else its families must not be named either.
    fn links(self, as_at: Date) -> bool {
        match self {
            MayLink::Open(row) => row.exists_at(as_at),
            MayLink::Held(row) => row.joined_on.is_none_or(|day| day <= as_at),
        }
    }
}

/// The rows of which the family is known, those that are held too.
fn may_link<'a>(known: &'a KnownAt<'_>, index: &FxHashMap<FamilyId, FamilyIndex>) -> Vec<(FamilyIndex, MayLink<'a>)> {
    let open = known.people.iter().map(|row| (Some(&row.family_id), MayLink::Open(row)));
    let held = known.held.iter().filter(|held| held.table == TableName::People);
    let held = held.filter_map(|held| Some((held.family, MayLink::Held(held.person.as_deref()?))));
    let mut numbers = NumbersOfRows::of(index);
    open.chain(held).filter_map(|(family, row)| Some((numbers.number(family?)?, row))).collect()
}

/// The keys that several families have. Nearly none does, so the others are kept as hashes alone, by the only family of
/// each; where two keys have one hash, both are looked at.
#[derive(Default)]
struct InSeveral(FxHashMap<u64, Option<FamilyIndex>>);

impl InSeveral {
    fn note(&mut self, hash: u64, family: FamilyIndex) {
        let only = self.0.entry(hash).or_insert(Some(family));
        *only = only.filter(|only| *only == family);
    }

    fn has(&self, hash: u64) -> bool {
        self.0.get(&hash).is_some_and(Option::is_none)
    }
}

/// What the cells of a row that have moved say of names and birth date: any two of them may be the names, and any day the birth date.
fn names_in_any_cells(cells: &[String]) -> Vec<Key> {
    /// A row of a broken file may have thousands of cells: no person has so many names.
    const MOST: usize = 20;
    let is_name = |cell: &&String| cell.chars().any(char::is_alphabetic) && !cell.chars().any(|c| c.is_ascii_digit());
    let names: Vec<&str> = cells.iter().filter(is_name).take(MOST).map(String::as_str).collect();
    let days = cells.iter().filter_map(|cell| read_in(cell, DateOrder::DayFirst)).take(MOST);
    let of_day = |born| {
        let pairs = names.iter().flat_map(|first| names.iter().map(move |last| [Some(*first), Some(*last)]));
        let named = |names| Identity { person: None, upn: None, nhs_number: None, names, born: Some(born) };
        pairs.flat_map(move |names| named(names).keys()).collect::<Vec<Key>>()
    };
    days.flat_map(of_day).collect()
}

/// All links between people. `index` numbers the families by id.
pub(super) fn of_people(
    known: &KnownAt<'_>,
    as_at: Date,
    index: &FxHashMap<FamilyId, FamilyIndex>,
    births: &Births<'_>,
) -> Links {
    let mut protected: FxHashSet<Key> = FxHashSet::default();
    let mut protected_families: FxHashSet<FamilyIndex> = FxHashSet::default();
    for person in known.people.iter().filter(|person| person.restricted) {
        protected.extend(Identity::of_row(person, person.date_of_birth).keys());
    }
    for held in known.held.iter().filter(|held| held.table == TableName::People && held.restricted) {
        let Some(person) = held.person.as_deref() else { continue };
        protected.extend(Identity::of_held(person, person.date_of_birth).keys());
        protected_families.extend(held.family.and_then(|family| index.get(family)));
        // Where cells have moved, any of them may be the id.
        for cell in &person.cells {
            protected.insert((How::SamePerson, PersonId::new(cell).to_string()));
            protected.extend(Upn::read(cell).map(|upn| (How::SameUpn, upn.to_string())));
            let number = NhsNumber::read(cell).and_then(Result::ok);
            protected.extend(number.map(|number| (How::SameNhsNumber, number.to_string())));
            protected_families.extend(index.get(&FamilyId::new(cell)).copied());
        }
        protected.extend(names_in_any_cells(&person.cells));
    }
    let mut in_several = InSeveral::default();
    let mut ends_of_rows: Vec<usize> = Vec::new();
    let mut hashes: Vec<u64> = Vec::new();
    let may_link = may_link(known, index);
    for (family, row) in &may_link {
        hashes.extend(row.identity(births).hashes().inspect(|hash| in_several.note(*hash, *family)));
        ends_of_rows.push(hashes.len());
    }
    let mut rows: FxHashMap<Key, Rows> = FxHashMap::default();
    let mut begins = 0;
    for ((family, row), ends) in may_link.into_iter().zip(ends_of_rows) {
        let of_row = begins..ends;
        begins = ends;
        if !hashes[of_row].iter().any(|hash| in_several.has(*hash)) {
            continue;
        }
        let identity = row.identity(births);
        let is_protected = !protected.is_empty()
            && Identity { born: row.given(), ..identity }.keys().any(|key| protected.contains(&key));
        for key in identity.keys().filter(|key| in_several.has(FxBuildHasher.hash_one(key))) {
            let rows = rows.entry(key).or_default();
            rows.restricted |= is_protected;
            if row.links(as_at) {
                rows.linked.push((family, identity.person.cloned()));
            } else {
                rows.beside.push(family);
            }
        }
    }
    let mut links = Links::default();
    for (key, mut rows) in rows {
        let families = rows.linked.iter().map(|(family, _)| family).chain(&rows.beside);
        rows.restricted |= protected.contains(&key) || families.into_iter().any(|of| protected_families.contains(of));
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
