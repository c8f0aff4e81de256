//! The tables of a run read at the same time: attendance takes the longest, and of the other tables it needs people alone.

use super::days::Horizon;
use super::known_cases::KnownCases;
use super::known_families::KnownFamilies;
use super::persons::Persons;
use super::reading::ReadTable;
use super::register::LikenessOfIds;
use super::registers::{self, Registers};
use super::rows::{Case, Claim, FormerId, Need, PersonRow};
use super::which_case::{Answers, WhichCase};
use super::{needs, small_tables};
use crate::error::Result;
use crate::finding::Findings;
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::rules::Rules;

/// Attendance as it was read.
pub(super) type ReadAttendance = (Registers, ReadTable<()>, Findings);

/// People, who they are by their identifiers, and their attendance.
pub(super) struct PeopleAndAttendance {
    pub(super) people: Option<ReadTable<PersonRow>>,
    pub(super) of_people: Findings,
    pub(super) persons: Persons,
    /// What is wrong with it is said after what is wrong with the other tables.
    pub(super) attendance: Option<Result<ReadAttendance>>,
}

impl PeopleAndAttendance {
    pub(super) fn read(
        loaded: &Loaded,
        rules: &Rules,
        former_ids: &[FormerId],
        horizon: &Horizon,
    ) -> Result<PeopleAndAttendance> {
        let mut of_people = Findings::default();
        let people = || small_tables::people(loaded, horizon, &mut of_people);
        let people = loaded.has(TableName::People).then(people).transpose()?;
        let persons = Persons::of_people(people.as_ref(), former_ids, horizon);
        let attendance = || {
            let mut findings = Findings::default();
            let (registers, read) = registers::read(loaded, rules, &persons, horizon, &mut findings)?;
            Ok((registers, read, findings))
        };
        let attendance = loaded.has(TableName::Attendance).then(attendance);
        Ok(PeopleAndAttendance { people, of_people, persons, attendance })
    }
}

/// The tables of cases, and of what is told of cases.
pub(super) struct ByCase {
    pub(super) likeness: LikenessOfIds,
    pub(super) known: KnownCases,
    pub(super) families: KnownFamilies,
    pub(super) answers: Answers,
    pub(super) cases: ReadTable<Case>,
    pub(super) needs: ReadTable<Need>,
    pub(super) claims: Option<ReadTable<Claim>>,
}

impl ByCase {
    pub(super) fn read(loaded: &Loaded, rules: &Rules, former_ids: &[FormerId], horizon: &Horizon) -> Result<ByCase> {
        let likeness = LikenessOfIds::of(loaded)?;
        let cases = small_tables::cases(loaded, horizon)?;
        let families = KnownFamilies::of(&cases, former_ids, likeness.family);
        let known = KnownCases::of(&cases, former_ids, likeness.case);
        let answers =
            if loaded.has(TableName::Agreements) { Answers::read(loaded, horizon)? } else { Answers::default() };
        let which = WhichCase { cases: &known, families: &families, answers: &answers };
        let needs = needs::criteria(loaded, rules, &which, horizon)?;
        let claims = loaded.has(TableName::Claims).then(|| small_tables::claims(loaded, horizon)).transpose()?;
        Ok(ByCase { likeness, known, families, answers, cases, needs, claims })
    }
}
