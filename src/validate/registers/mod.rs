//! Attendance records: marks, weeks, termly totals and counts by code, from all files, to typed records.
//!
//! Registers are large, so they have a path of their own, straight from parts of files to numbers, by all cores at the
//! same time. Session marks become a byte a half-day of each pupil; totals and counts become typed records. Of pupils whom
//! no family has only what a list of them needs is kept.
//!
//! - [`layouts`] the layouts, and the cells of a row.
//! - [`enrolments`] pupils as rows name them, [`kinds`] what is the same in many marks, [`sheet`] the marks themselves.
//! - [`reading`] rows to records and [`tally`] what is counted meanwhile; [`gathered`] what all of it comes to.
//! - [`missing`] where missing marks stand.
//! - [`corrections`] quarantined rows that were mended.
//! - [`search`] a second look into the files, for the places of some marks.
//!
//! Longer than most files, since it is what the other stages may ask of registers.

mod corrections;
mod enrolments;
mod gathered;
mod kinds;
mod layouts;
mod missing;
mod percent;
mod reading;
pub mod search;
mod sheet;
mod tally;

use super::as_it_stands::Wanted;
use super::days::Horizon;
use super::persons::Persons;
use super::reading::ReadTable;
use crate::dates::{Date, Span, day_number, is_weekday, of_day_number};
use crate::error::{Error, Result};
use crate::finding::Findings;
use crate::ids::{PersonId, Upn};
use crate::indexed::Indexed;
use crate::load::Loaded;
use crate::load::dates_seen::DatesSeen;
use crate::load::parts::{FileNumber, Parts, Progress};
use crate::load::tables::TableName;
use crate::numbers;
use crate::place::Place;
use crate::receipt::InputFile;
use crate::rules::Rules;
use crate::rules::calendar::{Calendar, TermIndex};
use crate::rules::codes::Class;
use crate::rules::council_words::Half;
use crate::rules::parameters::Window;
use crate::share::SchoolPercent;
use layouts::Columns;
use percent::Scale;
use reading::{File, ReadByOne, Shared, Worker};
use rustc_hash::FxHashSet;
use sheet::Sheet;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use kinds::{Kind, KindNumber};
pub use sheet::HalfDayNumber;

/// A pupil as attendance records name one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pupil {
    /// The `person_id` given.
    pub person_id: Option<PersonId>,
    /// The UPN given.
    pub upn: Option<Upn>,
}

impl Pupil {
    /// The one identifier by which to speak of the pupil.
    pub fn named(&self) -> String {
        let person_id = self.person_id.as_ref().map(PersonId::as_str);
        person_id.or(self.upn.as_ref().map(Upn::as_str)).unwrap_or_default().to_owned()
    }
}

numbers! {
    /// The number of a pupil in [`Registers::pupils`].
    PupilIndex
}

/// File and row of a record, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPlace {
    file: u16,
    row: u32,
}

impl RecordPlace {
    fn of(file: FileNumber, row: u32) -> RecordPlace {
        RecordPlace { file: u16::try_from(file).unwrap_or(u16::MAX), row }
    }
}

/// A morning or an afternoon. Written `AM` and `PM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HalfDay {
    /// Morning.
    Am,
    /// Afternoon.
    Pm,
}

impl std::fmt::Display for HalfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(if *self == HalfDay::Am { "AM" } else { "PM" })
    }
}

/// The day and the half of a half-day's number.
pub fn half_day(number: HalfDayNumber) -> (Date, HalfDay) {
    let half = if number.rem_euclid(2) == 0 { HalfDay::Am } else { HalfDay::Pm };
    (of_day_number(number.div_euclid(2)), half)
}

/// The number of a school in [`Registers::schools`]; 0 where a record names none.
pub type SchoolNumber = u32;

/// Termly totals of one pupil at one school. None is below nought.
#[derive(Clone, Debug)]
pub struct TotalRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// Of which term.
    pub term: TermIndex,
    /// Of which half of it; `None` for the whole.
    pub half: Option<Half>,
    /// At which school.
    pub school: SchoolNumber,
    /// Possible sessions.
    pub possible: Option<i32>,
    /// Attended sessions.
    pub attended: Option<i32>,
    /// Sessions of authorised absence.
    pub authorised: Option<i32>,
    /// Sessions of unauthorised absence.
    pub unauthorised: Option<i32>,
    /// Where it stands.
    pub place: RecordPlace,
}

/// The attendance of one pupil at one school in one term as a percentage, in place of sessions.
#[derive(Clone, Debug)]
pub struct PercentRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// Of which term.
    pub term: TermIndex,
    /// Of which half of it; `None` for the whole.
    pub half: Option<Half>,
    /// At which school.
    pub school: SchoolNumber,
    /// The percentage.
    pub percent: SchoolPercent,
    /// Where it stands.
    pub place: RecordPlace,
}

/// The sessions of one code of one pupil at one school in one term.
#[derive(Clone, Debug)]
pub struct CountRecord {
    /// Whose.
    pub pupil: PupilIndex,
    /// Of which term.
    pub term: TermIndex,
    /// Of which half of it; `None` for the whole.
    pub half: Option<Half>,
    /// At which school.
    pub school: SchoolNumber,
    /// Which code, upper case, as a number: equal for equal codes.
    pub code: KindNumber,
    /// What the code counts as; `None` for a missing mark.
    pub class: Option<Class>,
    /// How many sessions have it; `None` where that is blank.
    pub sessions: Option<i32>,
    /// Where it stands.
    pub place: RecordPlace,
}

/// The days of a term of which a file has marks, of whatever pupils.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysHeld {
    /// From the first to the last of them.
    pub days: Span,
    /// On how many of the term's Mondays to Fridays there is any mark.
    pub weekdays: i64,
    /// How many marks, repeats and all.
    pub marks: u64,
}

/// A pupil in the files whom no family has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// As the files name the pupil.
    pub pupil: Pupil,
    /// The terms of which there is a record.
    pub terms: BTreeSet<TermIndex>,
}

/// All attendance that some family may need.
#[derive(Debug, Default)]
pub struct Registers {
    /// The pupils that records name and some family may have.
    pub pupils: Indexed<PupilIndex, Pupil>,
    /// Termly totals, by pupil and term.
    totals: Vec<TotalRecord>,
    /// Counts by code, by pupil and term.
    counts: Vec<CountRecord>,
    /// Percentages in place of sessions, by pupil and term.
    percents: Vec<PercentRecord>,
    /// By pupil: a record that cannot be read, and the term it is of; `None`: it may be of any.
    unreadable: Vec<(PupilIndex, Option<TermIndex>)>,
    /// The terms of which any record is held, of whatever pupil.
    pub terms_held: BTreeSet<TermIndex>,
    /// How many marks there are of each day, by file, of whatever pupil; repeats and all.
    marks_by_day: BTreeMap<FileNumber, BTreeMap<i32, u64>>,
    /// The pupils whom no family has, by what the files name them.
    pub strangers: Vec<Stranger>,
    /// The schools that totals and counts name; the first is the blank one.
    pub schools: Vec<String>,
    /// The schools that rows of marks name.
    schools_of_marks: SchoolsOfMarks,
    /// The fingerprints of the files.
    pub inputs: Vec<InputFile>,
    /// By pupil the numbers of the enrolments.
    enrolments: Indexed<PupilIndex, Vec<u32>>,
    sheet: Sheet,
    kinds: Vec<Kind>,
    files: Vec<Arc<str>>,
    /// Pupils whom no row names that can be used: one that names them so may be of different people.
    contradictory: FxHashSet<PupilIndex>,
    /// The marks that may be missing ones, by pupil, half-day and place; `None` where there are too many to be kept.
    missing: Option<Vec<search::FoundMark>>,
    /// The corrections that were read.
    corrections: Vec<corrections::Correction>,
}

/// The schools that rows of marks name, by enrolment.
#[derive(Debug, Default)]
struct SchoolsOfMarks {
    /// Their names; the first is the blank one.
    names: Vec<String>,
    /// By number of the enrolment the place of its school.
    of_enrolment: Vec<u32>,
}

impl SchoolsOfMarks {
    /// The school that an enrolment names; blank where it names none.
    fn of(&self, enrolment: u32) -> &str {
        let place = self.of_enrolment.get(enrolment as usize).copied().unwrap_or(0);
        self.names.get(place as usize).map_or("", String::as_str)
    }
}

impl Registers {
    /// The place of a record, for people.
    pub fn place(&self, place: RecordPlace) -> Place {
        let file = self.files.get(usize::from(place.file)).cloned().unwrap_or_else(|| Arc::from(""));
        Place { file, row: place.row }
    }

    /// Gives every mark of a pupil on these days, in no order: its half-day and its kind. A mark that stands in several
    /// rows of one school may come once.
    pub fn marks_of(&self, pupil: PupilIndex, days: Span, mut each: impl FnMut(HalfDayNumber, KindNumber)) {
        for enrolment in &self.enrolments[pupil] {
            self.sheet.marks_of(*enrolment, days, &mut each);
        }
    }

    /// The days with a mark up to the as-at date, by term and file, of whatever pupil.
    pub fn days_held(&self, calendar: &Calendar, as_at: Date) -> BTreeMap<TermIndex, BTreeMap<Arc<str>, DaysHeld>> {
        let mut held: BTreeMap<TermIndex, BTreeMap<Arc<str>, DaysHeld>> = BTreeMap::new();
        for (file, days) in &self.marks_by_day {
            let Some(name) = self.files.get(*file) else { continue };
            for (day, marks) in days.range(..=day_number(as_at)) {
                let date = of_day_number(*day);
                let Some(term) = calendar.at(date) else { continue };
                let nothing = DaysHeld { days: Span { from: date, to: date }, weekdays: 0, marks: 0 };
                let held = held.entry(term).or_default().entry(name.clone()).or_insert(nothing);
                held.days.to = date;
                held.weekdays += i64::from(is_weekday(date));
                held.marks += marks;
            }
        }
        held
    }

    /// Whether a record of a pupil that may be of a term cannot be read.
    pub fn has_unreadable(&self, pupil: PupilIndex, term: TermIndex) -> bool {
        let from = self.unreadable.partition_point(|(other, _)| *other < pupil);
        let mine = self.unreadable[from..].iter().take_while(|(other, _)| *other == pupil);
        mine.into_iter().any(|(_, of)| of.is_none_or(|of| of == term))
    }

    /// Every mark of a pupil that may be a missing one, by half-day and place; `None` where they are not kept.
    pub fn missing_of(&self, pupil: PupilIndex) -> Option<&[search::FoundMark]> {
        let all = self.missing.as_deref()?;
        let from = all.partition_point(|mark| mark.pupil < pupil);
        let to = all[from..].partition_point(|mark| mark.pupil == pupil);
        Some(&all[from..from + to])
    }

    /// Whether a record of a pupil in a term is held that is known at the as-at date: one that can be used, or one in
    /// quarantine that may be of the term.
    pub fn is_on_record(&self, pupil: PupilIndex, term: TermIndex, rules: &Rules, as_at: Date) -> bool {
        self.has_records(pupil, term, rules, as_at) || self.has_unreadable(pupil, term)
    }

    /// Whether any record of a pupil in a term can be used and is known at the as-at date.
    pub fn has_records(&self, pupil: PupilIndex, term: TermIndex, rules: &Rules, as_at: Date) -> bool {
        let mut any = !self.totals_of(pupil, term).is_empty()
            || !self.counts_of(pupil, term).is_empty()
            || !self.percents_of(pupil, term).is_empty();
        let days = rules.calendar.term(term).span;
        if !any && days.from <= as_at {
            self.marks_of(pupil, Span { from: days.from, to: days.to.min(as_at) }, |_, _| any = true);
        }
        any
    }

    /// Whether there is any mark on these days, of whatever pupil.
    pub fn has_marks_on(&self, days: Span) -> bool {
        let days = day_number(days.from)..=day_number(days.to);
        self.marks_by_day.values().any(|marks| marks.range(days.clone()).next().is_some())
    }

    /// Whether no row that names a pupil so can be used, because it may be of different people.
    pub fn is_contradictory(&self, pupil: PupilIndex) -> bool {
        self.contradictory.contains(&pupil)
    }

    /// Whether a pupil has any mark.
    pub fn has_marks(&self, pupil: PupilIndex) -> bool {
        let days = self.marks_by_day.values().flat_map(|days| [days.keys().next(), days.keys().next_back()]).flatten();
        let Some((first, last)) = days.copied().fold(None, |ends: Option<(i32, i32)>, day| {
            Some(ends.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
        }) else {
            return false;
        };
        let mut any = false;
        self.marks_of(pupil, Span { from: of_day_number(first), to: of_day_number(last) }, |_, _| any = true);
        any
    }

    /// The totals of a pupil in a term, in the files' order.
    pub fn totals_of(&self, pupil: PupilIndex, term: TermIndex) -> &[TotalRecord] {
        let from = self.totals.partition_point(|total| (total.pupil, total.term) < (pupil, term));
        let to = self.totals[from..].partition_point(|total| (total.pupil, total.term) == (pupil, term));
        &self.totals[from..from + to]
    }

    /// The counts of a pupil in a term, in the files' order.
    pub fn counts_of(&self, pupil: PupilIndex, term: TermIndex) -> &[CountRecord] {
        let from = self.counts.partition_point(|count| (count.pupil, count.term) < (pupil, term));
        let to = self.counts[from..].partition_point(|count| (count.pupil, count.term) == (pupil, term));
        &self.counts[from..from + to]
    }

    /// The percentages of a pupil in a term, in the files' order.
    pub fn percents_of(&self, pupil: PupilIndex, term: TermIndex) -> &[PercentRecord] {
        let from = self.percents.partition_point(|record| (record.pupil, record.term) < (pupil, term));
        let to = self.percents[from..].partition_point(|record| (record.pupil, record.term) == (pupil, term));
        &self.percents[from..from + to]
    }

    /// Every kind of mark, by number.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The school that the latest records of a pupil name, with their term; `None` where none names one. Of two schools in one
    /// term it is the one that sorts last. Terms that begin after the as-at date are not looked at.
    pub fn latest_school_of(&self, pupil: PupilIndex, calendar: &Calendar, as_at: Date) -> Option<(TermIndex, &str)> {
        let begun = self.terms_held.iter().rev().filter(|term| calendar.term(**term).span.from <= as_at);
        begun.into_iter().find_map(|term| {
            let totals = self.totals_of(pupil, *term).iter().map(|total| self.school(total.school));
            let counts = self.counts_of(pupil, *term).iter().map(|count| self.school(count.school));
            let term_days = calendar.term(*term).span;
            let days = Span { from: term_days.from, to: term_days.to.min(as_at) };
            let with_marks = self.enrolments[pupil].iter().filter(|enrolment| {
                let mut any = false;
                self.sheet.marks_of(**enrolment, days, |_, _| any = true);
                any
            });
            let marks = with_marks.map(|enrolment| self.schools_of_marks.of(*enrolment));
            let named = totals.chain(counts).chain(marks).filter(|school| !school.is_empty());
            named.max().map(|school| (*term, school))
        })
    }

    /// The name of a school that totals or counts name; blank where they name none.
    pub fn school(&self, school: SchoolNumber) -> &str {
        self.schools.get(school as usize).map_or("", String::as_str)
    }
}

/// The columns of a layout by its word (`marks`, `weeks`, `totals`, `counts`); none for another word.
pub fn columns_of_layout(layout: &str) -> Option<Vec<&'static str>> {
    layouts::columns_of(layout)
}

/// The terms of the window: the latest completed ones, or the latest completed ones of which any record is held. And those
/// looked at: the same, or the latest completed ones where too few are held for a window.
pub fn terms_looked_at(registers: Option<&Registers>, rules: &Rules, as_at: Date) -> (Vec<TermIndex>, Vec<TermIndex>) {
    let wanted = rules.parameters.terms;
    let latest = |terms: Vec<TermIndex>| terms[terms.len().saturating_sub(wanted)..].to_vec();
    let completed = rules.calendar.completed_terms(as_at).filter(|term| !rules.passed_over.contains(term));
    let completed: Vec<TermIndex> = completed.collect();
    let is_held = |term: &TermIndex| registers.is_some_and(|registers| registers.terms_held.contains(term));
    let window = match rules.parameters.window {
        Window::Completed => latest(completed.clone()),
        Window::Held => latest(completed.iter().copied().filter(is_held).collect()),
    };
    let looked_at = if window.len() < wanted { latest(completed) } else { window.clone() };
    (window, looked_at)
}

/// Reads all attendance files.
///
/// # Errors
/// A file in none of the layouts, or one that cannot be read to its end.
pub fn read(
    loaded: &Loaded,
    rules: &Rules,
    persons: &Persons,
    horizon: &Horizon,
    findings: &mut Findings,
) -> Result<(Registers, ReadTable<()>)> {
    let table = TableName::Attendance;
    let symbols_of = |file: &str| loaded.settings.symbols_of(file);
    let all_files = || -> Result<Vec<File<'_>>> {
        loaded.of(table).map(|text| File::new(text, symbols_of(&text.file), None)).collect()
    };
    let files = all_files()?;
    if files.len() > usize::from(u16::MAX) {
        return Err(Error::new("there are more than 65,535 attendance files: put them together."));
    }
    let all_parts = || Parts::of(loaded.of(table).collect(), loaded.read_at_once, &loaded.progress);
    let mut parts = all_parts();
    let mut shared = Shared::new(rules, files, persons, horizon);
    let mut read = read_parts(&shared, &parts, 0)?;
    // What the dates of a file show of their order is known only when all are read; nearly always it is the order in which
    // they were read.
    let scales = scales_of(&read);
    if settle_dates(&shared.files, &read) | scales.values().any(|scale| *scale != Scale::default()) {
        let first = parts.inputs();
        parts = all_parts();
        shared = Shared::new(rules, all_files()?, persons, horizon);
        for (file, scale) in scales {
            if let Some(file) = shared.files.get_mut(usize::from(file)) {
                file.columns.scale = scale;
            }
        }
        read = read_parts(&shared, &parts, 0)?;
        parts.check_against(&first)?;
    }

    let mut wanted = Wanted::of(loaded, table);
    let left_out = corrections::leave_out(&mut read, &mut wanted, &shared.files);
    let mended = corrections::to_read(loaded, &wanted)?;
    if !mended.is_empty() {
        let first = shared.files.len();
        let as_file = |one: &'_ corrections::Correction| one.as_file.as_deref().and_then(symbols_of);
        for one in &mended {
            shared.files.push(File::new(&one.text, as_file(one), Some(&one.refused))?);
        }
        let progress = Progress::default();
        let more = Parts::of(mended.iter().map(|one| &one.text).collect(), loaded.read_at_once, &progress);
        read.extend(read_parts(&shared, &more, first)?);
    }
    let (mut registers, mut held, counts) = gathered::gathered(shared, read, &left_out, findings);
    registers.inputs = parts.inputs();
    registers.corrections = mended;
    for row in &mut held {
        // A correction that must be mended once more is still one of the first row.
        if let Some(first) = loaded.replaces_at(&row.place) {
            row.row.print = first.to_owned();
        }
    }
    Ok((
        registers,
        ReadTable {
            rows: Vec::new(),
            set_aside: Vec::new(),
            held,
            counts,
            findings: Findings::default(),
            corrected: wanted.corrected(),
        },
    ))
}

/// What the percentages of each file are.
fn scales_of(read: &[ReadByOne]) -> BTreeMap<u16, Scale> {
    let mut seen: BTreeMap<u16, percent::Seen> = BTreeMap::new();
    for (file, of_one) in read.iter().flat_map(|one| &one.percents) {
        seen.entry(*file).or_default().add(*of_one);
    }
    seen.into_iter().map(|(file, seen)| (file, seen.scale())).collect()
}

/// Notes how the dates of each file are written. Whether any must be read again, in another order than it was.
fn settle_dates(files: &[File<'_>], read: &[ReadByOne]) -> bool {
    let mut again = false;
    for (number, file) in files.iter().enumerate().filter(|(_, file)| !file.text.order_is_said()) {
        let mut seen = DatesSeen::default();
        let of_file = read.iter().filter_map(|one| one.forms.get(&u16::try_from(number).unwrap_or(u16::MAX)));
        of_file.for_each(|forms| seen.add(forms.seen()));
        let before = file.text.date_order();
        file.text.settle(seen);
        again |= file.text.date_order() != before && seen.either_way > 0;
    }
    again
}

/// Reads all parts; the files have numbers from `first` on.
fn read_parts(shared: &Shared<'_>, parts: &Parts<'_>, first: FileNumber) -> Result<Vec<ReadByOne>> {
    let workers =
        parts.read_all(|| Worker::new(shared), |worker, file, part| Worker::part(worker, first + file, part))?;
    Ok(workers.into_iter().map(Worker::finish).collect())
}
