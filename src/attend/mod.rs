//! Attendance records to exact sessions a child a term, settled least and most favourably.
//!
//! Nothing is judged here but which settling is less favourable; the rule itself stands in `evaluate`.
//!
//! - [`Settled`] sessions as the doubts settle least and most favourably.
//! - [`marks`] one session a half-day.
//! - [`figures`] totals and counts, school by school.
//! - [`named`] the records behind a term, with the places and codes that only a second look into the files gives.
//! - [`rolls`] adults of whom there is attendance, as findings.
//! - [`unmatched`] children without attendance, and pupils whom nobody has.
//! - [`outside`] sessions outside the terms on which a verdict would hang.
//! - [`outlook`] what the running term still allows, and how attendance changed under support.

pub mod figures;
pub mod marks;
pub mod named;
pub mod outlook;
pub mod outside;
pub mod rolls;
mod settled;
pub mod unmatched;

pub use settled::{Settled, Trouble};

use crate::cores;
use crate::dates::{Date, Span};
use crate::ids::PersonId;
use crate::link::{Family, Linked};
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::council_words::Half;
use crate::share::SchoolPercent;
use crate::validate::registers::{PupilIndex, Registers, SchoolNumber, terms_looked_at};
use figures::SchoolRecord;
use marks::{Counting, SchoolAge};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A percentage that a school gives in place of sessions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PercentGiven {
    /// The percentage.
    pub percent: SchoolPercent,
    /// Of which half of the term; `None` for the whole.
    pub half: Option<Half>,
    /// Where it stands.
    pub place: Place,
}

/// What the records say of one child in one term.
#[derive(Clone, Debug, Default)]
pub struct TermRecords {
    /// The sessions; `None` without any usable record.
    pub settled: Option<Settled>,
    /// Half-days on record, held against those of the term.
    pub recorded: i64,
    /// Why the term cannot be judged.
    pub trouble: Option<Trouble>,
    /// Half-days, schools or kinds of record that contradict each other.
    pub conflicts: usize,
    /// Half-days with a missing mark alone.
    pub missing: usize,
    /// Absence that explains a low figure: the sessions, the code and what it is.
    pub beside: Vec<(i64, String)>,
    /// Marks of a known code that say nothing of a child of compulsory school age.
    pub without_meaning: usize,
    /// Whether any of the records are dated marks.
    pub from_marks: bool,
    /// Percentages that schools give in place of sessions, each once, the lowest first.
    pub percents: Vec<PercentGiven>,
    /// Whether a school gives a percentage of one half of the term alone.
    pub percent_of_one_half: bool,
    /// Whether there is any record, usable or not.
    pub has_records: bool,
    /// Whether they come from dated marks, without any figure of the whole term.
    pub from_marks_alone: bool,
}

/// The terms looked at, and every child's records of them.
#[derive(Debug)]
pub struct Attended {
    /// The latest terms of the window, earliest first.
    pub window: Vec<TermIndex>,
    /// The window; where attendance is held of too few terms for one, the latest completed terms.
    pub looked_at: Vec<TermIndex>,
    /// Whether attendance files are there at all.
    pub has_registers: bool,
    records: ByPerson,
}

/// The records of each person, by term.
type ByPerson = FxHashMap<PersonId, Vec<(TermIndex, TermRecords)>>;

fn of_term<'a>(records: &'a ByPerson, person: &PersonId, term: TermIndex) -> Option<&'a TermRecords> {
    records.get(person)?.iter().find(|(other, _)| *other == term).map(|(_, records)| records)
}

impl Attended {
    /// What is on record of a person who lives in a family with a case, in a term of the window or one that is looked at;
    /// `None` where nothing is, not even a record in quarantine.
    pub fn of(&self, person: &PersonId, term: TermIndex) -> Option<&TermRecords> {
        of_term(&self.records, person, term)
    }
}

/// Settles the records of everybody who lives in a family with a case, for the terms of the window. Who is of school age
/// is judged later: a birth date may be wrong, and attendance on record says so.
pub fn attend(linked: &Linked, registers: Option<&Registers>, rules: &Rules) -> Attended {
    let (window, looked_at) = terms_looked_at(registers, rules, linked.as_at);
    let mut terms: Vec<TermIndex> = window.iter().chain(&looked_at).copied().collect();
    terms.sort_unstable();
    terms.dedup();
    let records = settle_terms(linked, registers, rules, &terms);
    Attended { window, looked_at, has_registers: registers.is_some(), records }
}

/// The days of a term that are known at the as-at date: marks after it do not exist. `None` where none are.
fn days_known(term: TermIndex, as_at: Date, rules: &Rules) -> Option<Span> {
    let days = rules.calendar.term(term).span;
    (days.from <= as_at).then(|| Span { from: days.from, to: days.to.min(as_at) })
}

/// The records of everybody who lives in a family with a case, for these terms. Marks after the as-at date do not exist.
fn settle_terms(linked: &Linked, registers: Option<&Registers>, rules: &Rules, terms: &[TermIndex]) -> ByPerson {
    let Some(registers) = registers else { return ByPerson::default() };
    let counting = Counting::of(registers, rules);
    const AT_ONCE: usize = 256;
    let with_case: Vec<&Family> = linked.families.iter().filter(|family| !family.periods.is_empty()).collect();
    let mut persons =
        cores::each(with_case.chunks(AT_ONCE).collect(), |families| with_pupils(families, linked)).concat();
    cores::sort(&mut persons, Ord::cmp);
    persons.dedup();
    let of_person = |person: &&PersonId| {
        let pupils = linked.pupils(person);
        let school_age = school_age_of(linked, person);
        let of_term = |term: &TermIndex| {
            let mut records = settle(pupils, *term, linked.as_at, registers, rules, (&counting, &school_age));
            let in_doubt = linked.pupils_in_doubt.get(*person).map_or(&[][..], Vec::as_slice);
            if in_doubt.iter().any(|pupil| registers.has_records(*pupil, *term, rules, linked.as_at)) {
                records.trouble = Some(Trouble::OfSeveralPersons);
            }
            let cannot_read = pupils.iter().filter_map(|pupil| registers.first_unreadable(*pupil, *term)).min();
            if let Some((place, of_any_term)) = cannot_read {
                records.trouble = Some(Trouble::Unreadable(registers.place(place), of_any_term));
            }
            (records.has_records || cannot_read.is_some()).then_some((*term, records))
        };
        ((*person).clone(), terms.iter().filter_map(of_term).collect())
    };
    cores::of_each(&persons, of_person).into_iter().collect()
}

/// Who lives in some families and is a pupil of the registers, or may be.
fn with_pupils<'a>(families: &[&'a Family], linked: &Linked) -> Vec<&'a PersonId> {
    let there = families.iter().flat_map(|family| family.there(linked.as_at));
    there.map(|person| &person.person_id).filter(|person| linked.pupils_of.contains_key(*person)).collect()
}

/// When a person is of compulsory school age, by any birth date.
fn school_age_of(linked: &Linked, person: &PersonId) -> SchoolAge {
    SchoolAge::of(linked.births_of.get(person).map_or(&[][..], Vec::as_slice))
}

/// Settles all records of one child in one term.
fn settle(
    pupils: &[PupilIndex],
    term: TermIndex,
    as_at: Date,
    registers: &Registers,
    rules: &Rules,
    counting: (&Counting, &SchoolAge),
) -> TermRecords {
    let parameters = &rules.parameters;
    let days = days_known(term, as_at, rules);
    let from_marks = days.and_then(|days| marks::settle(pupils, days, registers, counting));
    let mut schools: Vec<SchoolRecord<'_>> = Vec::new();
    for pupil in pupils {
        schools.extend(registers.totals_of(*pupil, term).iter().map(SchoolRecord::Total));
        schools.extend(registers.counts_of(*pupil, term).iter().map(SchoolRecord::Count));
    }
    let percent_records = || pupils.iter().flat_map(|pupil| registers.percents_of(*pupil, term));
    let mut percents: Vec<PercentGiven> = percent_records()
        .map(|record| PercentGiven { percent: record.percent, half: record.half, place: registers.place(record.place) })
        .collect();
    percents.sort();
    percents.dedup_by(|one, other| (one.percent, one.half) == (other.percent, other.half));
    let of_halves: BTreeSet<(SchoolNumber, Half)> =
        percent_records().filter_map(|record| Some((record.school, record.half?))).collect();
    let percent_of_one_half = of_halves.iter().any(|(school, half)| !of_halves.contains(&(*school, half.other())));
    let mut records = TermRecords {
        has_records: from_marks.is_some() || !schools.is_empty() || !percents.is_empty(),
        percents,
        percent_of_one_half,
        from_marks: from_marks.is_some(),
        without_meaning: from_marks.as_ref().map_or(0, |marks| marks.without_meaning),
        from_marks_alone: from_marks.is_some() && schools.is_empty(),
        ..TermRecords::default()
    };
    let (from_figures, trouble) = figures::settle(&schools, parameters, registers);
    records.trouble = trouble;
    if let Some(figures) = &from_figures {
        records.conflicts += figures.conflicts;
        records.missing += usize::try_from(figures.missing).unwrap_or(0);
    }
    if let Some(marks) = &from_marks {
        records.conflicts += marks.conflicts as usize;
        records.missing += marks.missing as usize;
    }
    records.settled = match (&from_marks, &from_figures) {
        (Some(marks), Some(figures)) => {
            // Both kinds must give the same figure, else they are in conflict.
            if marks.settled != figures.settled {
                records.conflicts += 1;
            }
            Some(Settled::in_conflict(&[marks.settled, figures.settled], parameters.threshold))
        }
        (Some(marks), None) => Some(marks.settled),
        (None, Some(figures)) => Some(figures.settled),
        (None, None) => None,
    };
    let recorded_marks = from_marks.as_ref().map_or(0, |marks| marks.recorded);
    records.recorded = recorded_marks.max(from_figures.map_or(0, |figures| figures.recorded));
    records.beside = from_marks.map(|marks| marks.beside).unwrap_or_default();
    records
}
