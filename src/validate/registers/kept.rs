//! All attendance that some family may need, as it is kept: what the other stages may ask of it.

use super::kinds::{KindNumber, MarkKind};
use super::record::{
    CountRecord, DaysHeld, FoundMark, HalfDayNumber, PercentRecord, Pupil, PupilIndex, RecordPlace, SchoolNumber,
    Stranger, TotalRecord,
};
use super::sheet::Sheet;
use crate::dates::{Date, Span, day_number, is_weekday, of_day_number};
use crate::indexed::Indexed;
use crate::load::TextFile;
use crate::load::parts::FileNumber;
use crate::place::Place;
use crate::receipt::InputFile;
use crate::rules::Rules;
use crate::rules::calendar::{Calendar, TermIndex};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows of a quarantine file that are read in one way.
#[derive(Debug)]
pub(super) struct Correction {
    /// The rows, at their places in the file.
    pub(super) text: TextFile,
    /// The file whose row they take the place of, by which a supplier's symbols are found.
    pub(super) as_file: Option<Arc<str>>,
    /// Why rows cannot be used, by row; of usable rows none.
    pub(super) refused: BTreeMap<u32, String>,
}

/// All attendance that some family may need.
#[derive(Debug, Default)]
pub struct Registers {
    /// The pupils that records name and some family may have.
    pub pupils: Indexed<PupilIndex, Pupil>,
    /// Termly totals, by pupil and term.
    pub(super) totals: Vec<TotalRecord>,
    /// Counts by code, by pupil and term.
    pub(super) counts: Vec<CountRecord>,
    /// Percentages in place of sessions, by pupil and term.
    pub(super) percents: Vec<PercentRecord>,
    /// By pupil: a record that cannot be read, and the term it is of; `None`: it may be of any.
    pub(super) unreadable: Vec<(PupilIndex, Option<TermIndex>, RecordPlace)>,
    /// The terms of which any record is held, of whatever pupil.
    pub terms_held: BTreeSet<TermIndex>,
    /// How many marks there are of each day, by file, of whatever pupil; repeats and all.
    pub(super) marks_by_day: BTreeMap<FileNumber, BTreeMap<i32, u64>>,
    /// The pupils whom no family has, by what the files name them.
    pub strangers: Vec<Stranger>,
    /// The schools that totals and counts name; the first is the blank one.
    pub schools: Vec<String>,
    /// The schools that rows of marks name.
    pub(super) schools_of_marks: SchoolsOfMarks,
    /// The fingerprints of the files.
    pub inputs: Vec<InputFile>,
    /// By pupil the numbers of the enrolments.
    pub(super) enrolments: Indexed<PupilIndex, Vec<u32>>,
    pub(super) sheet: Sheet,
    pub(super) kinds: Vec<MarkKind>,
    pub(super) files: Vec<Arc<str>>,
    /// Pupils whom no row names that can be used: one that names them so may be of different people.
    pub(super) contradictory: FxHashSet<PupilIndex>,
    /// The marks that may be missing ones, by pupil, half-day and place; `None` where there are too many to be kept.
    pub(super) missing: Option<Vec<FoundMark>>,
    /// The corrections that were read.
    pub(super) corrections: Vec<Correction>,
}

/// The schools that rows of marks name, by enrolment.
#[derive(Debug, Default)]
pub(super) struct SchoolsOfMarks {
    /// Their names; the first is the blank one.
    pub(super) names: Vec<String>,
    /// By number of the enrolment the place of its school.
    pub(super) of_enrolment: Vec<u32>,
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
        self.first_unreadable(pupil, term).is_some()
    }

    /// The first record of a pupil that cannot be read and may be of a term, and whether it may be of any other.
    pub fn first_unreadable(&self, pupil: PupilIndex, term: TermIndex) -> Option<(RecordPlace, bool)> {
        let from = self.unreadable.partition_point(|(other, ..)| *other < pupil);
        let mine = self.unreadable[from..].iter().take_while(|(other, ..)| *other == pupil);
        let of_term = mine.filter(|(_, of, _)| of.is_none_or(|of| of == term));
        of_term.map(|(_, of, place)| (*place, of.is_none())).min()
    }

    /// Every mark of a pupil that may be a missing one, by half-day and place; `None` where they are not kept.
    pub fn missing_of(&self, pupil: PupilIndex) -> Option<&[FoundMark]> {
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
    pub fn kinds(&self) -> &[MarkKind] {
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
