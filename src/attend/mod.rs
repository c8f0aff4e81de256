//! Attendance records to exact sessions a child a term, settled least and most favourably.
//!
//! Nothing is judged here but which settling is less favourable; the rule itself stands in `evaluate`.
//!
//! - [`marks`] one session a half-day.
//! - [`figures`] totals and counts, school by school.
//! - [`outlook`] what the running term still allows, and how attendance changed under support.

pub mod figures;
pub mod marks;
pub mod outlook;

use crate::dates::Date;
use crate::ids::PersonId;
use crate::link::Linked;
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::codes::Class;
use crate::rules::parameters::{AbsenceCounted, Window};
use crate::share::{Percent, Sessions};
use crate::validate::registers::{PupilIndex, Registers};
use figures::SchoolRecord;
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::Arc;

/// Sessions of a child's term, settled both ways. Both are the same where nothing is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Settled {
    /// As the doubts settle least favourably.
    pub least: Sessions,
    /// As they settle most favourably.
    pub most: Sessions,
}

impl Settled {
    /// Figures without doubt.
    pub fn sure(sessions: Sessions) -> Settled {
        Settled { least: sessions, most: sessions }
    }

    /// Both settlings added.
    pub fn plus(self, other: Settled) -> Settled {
        Settled { least: self.least.plus(other.least), most: self.most.plus(other.most) }
    }

    /// The settlings of figures that cannot both be right: the least favourable of all, and the most. Of
    /// equally favourable ones the one with fewer possible sessions.
    pub fn in_conflict(alternatives: &[Settled], threshold: Percent) -> Settled {
        let key = |sessions: &Sessions| (sessions.margin(threshold), sessions.possible);
        let least = alternatives.iter().map(|settled| settled.least).min_by_key(key);
        let most = alternatives
            .iter()
            .map(|settled| settled.most)
            .max_by_key(|sessions| (sessions.margin(threshold), std::cmp::Reverse(sessions.possible)));
        Settled { least: least.unwrap_or_default(), most: most.unwrap_or_default() }
    }
}

/// Why a child's term cannot be judged from its records at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A record that may be of the term cannot be read.
    Unreadable,
    /// A record without possible sessions, or one from which attended cannot be told.
    CannotBeTold(Place),
    /// A figure with a blank school beside named schools, equal to none of them.
    SchoolUnclear(Place),
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
    /// The first doubts that settling had to do with, named: the day, both codes and both places.
    pub doubts: Vec<String>,
    /// Absence that explains a low figure: the sessions, the code and what it is.
    pub beside: Vec<(i64, String)>,
    /// Whether they come from dated marks, without any figure of the whole term.
    pub from_marks_alone: bool,
    /// Where the records stand, file by file.
    pub stand_in: Vec<Stretch>,
}

/// Records of one child's term in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The file.
    pub file: Arc<str>,
    /// The first row.
    pub first_row: u32,
    /// The last row; rows of others may stand between.
    pub last_row: u32,
    /// How many rows.
    pub rows: usize,
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rows {
            1 => write!(f, "{} row {}", self.file, self.first_row),
            rows => write!(f, "{} rows {} to {} ({rows} of them)", self.file, self.first_row, self.last_row),
        }
    }
}

/// The terms looked at, and every child's records of them.
#[derive(Debug)]
pub struct Attended {
    /// The latest terms of the window, earliest first.
    pub window: Vec<TermIndex>,
    /// Whether attendance files are there at all.
    pub has_registers: bool,
    records: FxHashMap<(PersonId, TermIndex), TermRecords>,
}

impl Attended {
    /// What is on record of a child in a term of the window.
    pub fn of(&self, person: &PersonId, term: TermIndex) -> Option<&TermRecords> {
        self.records.get(&(person.clone(), term))
    }
}

/// How a class of mark counts: whether attended, and whether possible.
pub fn counts(class: Class, absence: AbsenceCounted) -> Sessions {
    let (possible, attended) = match class {
        Class::Present | Class::EducationalActivity => (1, 1),
        Class::Authorised if absence == AbsenceCounted::Unauthorised => (1, 1),
        Class::Authorised | Class::Unauthorised => (1, 0),
        Class::NotPossible => (0, 0),
    };
    Sessions { possible, attended }
}

/// The terms of the window: the latest completed ones, or the latest completed ones of which any record is held.
pub fn window(rules: &Rules, as_at: Date, registers: Option<&Registers>) -> Vec<TermIndex> {
    let completed = 0..rules.calendar.completed(as_at);
    let candidates: Vec<TermIndex> = match rules.parameters.window {
        Window::Completed => completed.collect(),
        Window::Held => {
            completed.filter(|term| registers.is_some_and(|registers| registers.terms_held.contains(term))).collect()
        }
    };
    candidates[candidates.len().saturating_sub(rules.parameters.terms)..].to_vec()
}

/// The records of one pupil in one term.
#[derive(Default)]
struct PupilTerm {
    marks: Vec<usize>,
    totals: Vec<usize>,
    counts: Vec<usize>,
}

/// Settles the records of every school-age member of a family with a case, for the terms of the window.
pub fn attend(linked: &Linked, registers: Option<&Registers>, rules: &Rules) -> Attended {
    let window = window(rules, linked.as_at, registers);
    let is_looked_at = |born: Date| crate::dates::school_age(born).covers(linked.as_at);
    let records = settle_terms(linked, registers, rules, &window, &is_looked_at);
    Attended { window, has_registers: registers.is_some(), records }
}

/// The records of every member of a family with a case whose birth date passes `is_looked_at`, for these terms. Marks
/// after the as-at date do not exist.
fn settle_terms(
    linked: &Linked,
    registers: Option<&Registers>,
    rules: &Rules,
    terms: &[TermIndex],
    is_looked_at: &dyn Fn(Date) -> bool,
) -> FxHashMap<(PersonId, TermIndex), TermRecords> {
    let mut settled = FxHashMap::default();
    let Some(registers) = registers else { return settled };

    let mut by_pupil: FxHashMap<(PupilIndex, TermIndex), PupilTerm> = FxHashMap::default();
    let wanted = |term: TermIndex| terms.contains(&term);
    let marks = registers.marks.iter().enumerate();
    for (position, mark) in marks.filter(|(_, mark)| wanted(mark.term) && mark.date <= linked.as_at) {
        by_pupil.entry((mark.pupil, mark.term)).or_default().marks.push(position);
    }
    for (position, total) in registers.totals.iter().enumerate().filter(|(_, total)| wanted(total.term)) {
        by_pupil.entry((total.pupil, total.term)).or_default().totals.push(position);
    }
    for (position, count) in registers.counts.iter().enumerate().filter(|(_, count)| wanted(count.term)) {
        by_pupil.entry((count.pupil, count.term)).or_default().counts.push(position);
    }
    let unreadable: FxHashMap<PupilIndex, Vec<Option<TermIndex>>> =
        registers.unreadable.iter().fold(FxHashMap::default(), |mut all, (pupil, term)| {
            all.entry(*pupil).or_insert_with(Vec::new).push(*term);
            all
        });

    let persons = linked
        .families
        .iter()
        .filter(|family| !family.periods.is_empty())
        .flat_map(|family| family.members(linked.as_at))
        .filter(|person| person.date_of_birth.is_some_and(is_looked_at));
    for person in persons {
        let Some(pupils) = linked.pupils_of.get(&person.person_id) else { continue };
        for term in terms {
            let key = (person.person_id.clone(), *term);
            if settled.contains_key(&key) {
                continue;
            }
            let parts: Vec<&PupilTerm> = pupils.iter().filter_map(|pupil| by_pupil.get(&(*pupil, *term))).collect();
            let cannot_read = pupils
                .iter()
                .filter_map(|pupil| unreadable.get(pupil))
                .flatten()
                .any(|affected| affected.is_none_or(|affected| affected == *term));
            if parts.is_empty() && !cannot_read {
                continue;
            }
            let mut records = settle(&parts, registers, rules);
            if cannot_read {
                records.trouble = Some(Trouble::Unreadable);
            }
            settled.insert(key, records);
        }
    }
    settled
}

/// Sorted places, file by file.
fn stretches(places: impl Iterator<Item = Place>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for place in places {
        match stretches.last_mut() {
            Some(stretch) if stretch.file == place.file => {
                stretch.last_row = place.row;
                stretch.rows += 1;
            }
            _ => stretches.push(Stretch { file: place.file, first_row: place.row, last_row: place.row, rows: 1 }),
        }
    }
    stretches
}

/// Settles all records of one child in one term.
fn settle(parts: &[&PupilTerm], registers: &Registers, rules: &Rules) -> TermRecords {
    let parameters = &rules.parameters;
    let mut places = Vec::new();
    let marks: Vec<_> = parts.iter().flat_map(|part| &part.marks).map(|position| &registers.marks[*position]).collect();
    places.extend(marks.iter().map(|mark| mark.place));
    let mut schools: Vec<SchoolRecord<'_>> = Vec::new();
    for part in parts {
        for position in &part.totals {
            schools.push(SchoolRecord::Total(&registers.totals[*position]));
            places.push(registers.totals[*position].place);
        }
        for position in &part.counts {
            schools.push(SchoolRecord::Count(&registers.counts[*position]));
            places.push(registers.counts[*position].place);
        }
    }
    places.sort_unstable();
    let mut records = TermRecords {
        stand_in: stretches(places.into_iter().map(|place| registers.place(place))),
        ..TermRecords::default()
    };
    let from_marks = (!marks.is_empty()).then(|| marks::settle(&marks, parameters.absence));
    if let Some(from_marks) = &from_marks {
        records.conflicts += from_marks.conflicts.len();
        records.missing += from_marks.missing.len();
        records.doubts = doubts(from_marks, registers);
        records.beside = beside(from_marks, rules);
    }
    let from_figures = figures::settle(&schools, parameters, registers);
    let from_figures = match from_figures {
        Ok(figures) => figures,
        Err((trouble, readable)) => {
            records.trouble = Some(trouble);
            readable
        }
    };
    if let Some(figures) = &from_figures {
        records.conflicts += figures.conflicts;
        records.missing += usize::try_from(figures.missing).unwrap_or(0);
    }
    records.from_marks_alone = from_marks.is_some() && schools.is_empty();
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
    let recorded_marks = from_marks.map_or(0, |marks| marks.recorded);
    records.recorded = recorded_marks.max(from_figures.map_or(0, |figures| figures.recorded));
    records
}

/// How many doubts of a child's term are named; the rest is counted.
const DOUBTS_NAMED: usize = 5;

/// The conflicts and missing marks by name.
fn doubts(marks: &marks::FromMarks, registers: &Registers) -> Vec<String> {
    let conflicts = marks.conflicts.iter().map(|conflict| {
        let ((attended, here), (absent, there)) = (conflict.attended, conflict.absent);
        format!(
            "{} {}: {attended} [{}] against {absent} [{}]",
            conflict.date,
            conflict.half,
            registers.place(here),
            registers.place(there)
        )
    });
    let missing = marks.missing.iter().map(|(date, half)| format!("{date} {half}: no mark"));
    let all: Vec<String> = conflicts.chain(missing).collect();
    let more = all.len().saturating_sub(DOUBTS_NAMED);
    let mut named: Vec<String> = all.into_iter().take(DOUBTS_NAMED).collect();
    if more > 0 {
        named.push(format!("and {more} more half-days"));
    }
    named
}

/// The absence that explains a low figure.
fn beside(marks: &marks::FromMarks, rules: &Rules) -> Vec<(i64, String)> {
    let of_code = |(code, sessions): (&crate::rules::codes::MarkCode, &i64)| {
        let what = rules.pack.codes.get(&code.to_string())?.beside.as_ref()?;
        Some((*sessions, format!("{code} ({what})")))
    };
    marks.absent.iter().filter_map(of_code).collect()
}
