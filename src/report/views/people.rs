//! Who the person of a row is: names, birth date, UPN and school, so that somebody can ring the school or the family.
//!
//! Left out where names are not wanted, and of everybody of whom any row is restricted.

use crate::ids::{FamilyId, PersonId};
use crate::link::Linked;
use crate::report::output::Kind::{Day, Text};
use crate::report::output::Table;
use crate::rules::calendar::Calendar;
use crate::run::Prepared;
use crate::validate::registers::{PupilIndex, Registers};
use crate::validate::rows::PersonRow;
use rustc_hash::FxHashMap;

/// The people of all families, by family and person.
#[derive(Default)]
pub struct People<'a> {
    rows: FxHashMap<(&'a FamilyId, &'a PersonId), &'a PersonRow>,
    records: Option<Records<'a>>,
}

/// Where schools are read.
#[derive(Clone, Copy)]
struct Records<'a> {
    registers: &'a Registers,
    linked: &'a Linked,
    calendar: &'a Calendar,
}

/// What may be said of one person; nothing where nothing may, or nothing is recorded.
#[derive(Clone, Copy, Default)]
pub struct Person<'a> {
    row: Option<&'a PersonRow>,
    school: &'a str,
}

impl<'a> People<'a> {
    /// The people who may be named; nobody where names are not wanted.
    pub fn of(linked: &'a Linked, prepared: &'a Prepared, with_names: bool) -> People<'a> {
        People::of_families(linked, prepared, with_names, |_| true)
    }

    /// The same of some families alone.
    pub fn of_families(
        linked: &'a Linked,
        prepared: &'a Prepared,
        with_names: bool,
        is_wanted: impl Fn(&FamilyId) -> bool,
    ) -> People<'a> {
        if !with_names {
            return People::default();
        }
        let mut rows = FxHashMap::default();
        let with_case = linked.families.iter().filter(|family| !family.periods.is_empty());
        for family in with_case.filter(|family| is_wanted(&family.id)) {
            for row in family.listed.iter().filter(|row| !linked.protected.covers(row)) {
                rows.entry((&family.id, &row.person_id)).or_insert(row);
            }
        }
        let (registers, calendar) = (prepared.register.registers.as_ref(), &prepared.rules.calendar);
        People { rows, records: registers.map(|registers| Records { registers, linked, calendar }) }
    }

    /// One of them.
    pub fn person(&self, family: &FamilyId, person: &PersonId) -> Person<'a> {
        let Some(row) = self.rows.get(&(family, person)) else { return Person::default() };
        let school = self.records.map_or("", |Records { registers, linked, calendar }| {
            let of = |pupil: &PupilIndex| registers.latest_school_of(*pupil, calendar, linked.as_at);
            linked.pupils(person).iter().filter_map(of).max().map_or("", |(_, school)| school)
        });
        Person { row: Some(row), school }
    }
}

impl<'a> Person<'a> {
    /// The number of the school, where it is known and may be said.
    pub fn school_of(self) -> Option<&'a str> {
        Some(self.school).filter(|school| !school.is_empty())
    }
}

impl Person<'_> {
    /// In words: the names, or the id where none are recorded, with what tells two of the same name apart.
    /// `Sam Hall, born 3 May 2010, UPN K889206000005, school 901001 (B02-P3)`.
    pub fn said(self, id: &PersonId) -> String {
        let Some(row) = self.row else { return id.to_string() };
        let names: Vec<&str> = [&row.first_name, &row.last_name].into_iter().flatten().map(String::as_str).collect();
        let mut said = Vec::new();
        said.extend((!names.is_empty()).then(|| names.join(" ")));
        said.extend(row.date_of_birth.map(|born| format!("born {}", crate::dates::in_words(born))));
        said.extend(row.upn.as_ref().map(|upn| format!("UPN {upn}")));
        said.extend((!self.school.is_empty()).then(|| format!("school {}", self.school)));
        if said.is_empty() { id.to_string() } else { format!("{} ({id})", said.join(", ")) }
    }
}

/// A row that is about a person, or may be.
pub trait OfPerson {
    /// The person.
    fn person(&self) -> Person<'_>;
}

/// The table with the columns that say who the person of a row is.
#[must_use]
pub fn with_person<T: OfPerson>(table: Table<T>) -> Table<T> {
    with_names(table)
        .column("upn", Text, |row| row.person().row.and_then(|row| row.upn.as_ref()).into())
        .about("as `first_name`")
}

/// The same without the UPN, for a table that has it already.
#[must_use]
pub fn with_names<T: OfPerson>(table: Table<T>) -> Table<T> {
    table
        .column("first_name", Text, |row| row.person().row.and_then(|row| row.first_name.as_ref()).into())
        .about("of the person, so that somebody can be rung. Blank with `--without-names`, and for restricted people")
        .column("last_name", Text, |row| row.person().row.and_then(|row| row.last_name.as_ref()).into())
        .about("as `first_name`")
        .column("date_of_birth", Day, |row| row.person().row.and_then(|row| row.date_of_birth).into())
        .about("as `first_name`")
        .column("school_urn", Text, |row| row.person().school_of().into())
        .about("the school that the latest attendance on record names; as `first_name`")
}
