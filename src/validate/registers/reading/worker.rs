//! One worker that reads attendance, row by row.
//!
//! Longer than most files, since it is the loop that every row of attendance passes through, kept in one place for speed.

use super::date_texts::DateTexts;
use super::rests::{Rest, RestText, Rests};
use crate::dates::DateOrder;
use crate::dates::{day_number, of_day_number};
use crate::error::Result;
use crate::finding::{FindingCode, shortened};
use crate::ids::{cleaned, lost_its_digits};
use crate::load::corrections::REPLACES;
use crate::load::header_again::{self, HeaderAgain};
use crate::load::parts::{FileNumber, Part};
use crate::load::settings::Symbols;
use crate::load::unreadable::is_no_value;
use crate::load::{EachRow, Row, TextFile};
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::council_words::Half;
use crate::share::SchoolPercent;
use crate::validate::as_it_stands::AsItStands;
use crate::validate::days::{Horizon, WrongDay, beyond, first_day, too_early};
use crate::validate::held::RowCounts;
use crate::validate::persons::Persons;
use crate::validate::registers::enrolments::{self, Enrolment, Enrolments};
use crate::validate::registers::kinds::{self, KindNumber, Kinds};
use crate::validate::registers::layouts::{Columns, Doubt, Fault, Layout, NAMING, row_hash};
use crate::validate::registers::missing::Missing;
use crate::validate::registers::percent;
use crate::validate::registers::record::{HalfDay, RecordPlace};
use crate::validate::registers::sheet::{self, Mark};
use crate::validate::registers::tally::Tally;
use crate::validate::written_dates::DateForms;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

/// Marks that are put down together.
pub(in crate::validate::registers) const BATCH: usize = 4096;

/// Rows of columns whose enrolments are looked up together.
pub(in crate::validate::registers) const LOOKED_UP: usize = 256;

/// A file, and how its rows are read.
pub(in crate::validate::registers) struct File<'a> {
    pub(in crate::validate::registers) text: &'a TextFile,
    pub(in crate::validate::registers) columns: Columns,
    /// What the symbols of its weeks stand for.
    pub(in crate::validate::registers) symbols: Option<&'a Symbols>,
    /// Why rows cannot be used whatever they say, by row.
    pub(in crate::validate::registers) refused: Option<&'a BTreeMap<u32, String>>,
}

impl<'a> File<'a> {
    /// # Errors
    /// It is in none of the layouts.
    pub(in crate::validate::registers) fn new(
        text: &'a TextFile,
        symbols: Option<&'a Symbols>,
        refused: Option<&'a BTreeMap<u32, String>>,
    ) -> Result<File<'a>> {
        Ok(File { text, columns: Columns::of(text)?, symbols, refused })
    }
}

/// What all workers share.
pub(in crate::validate::registers) struct Shared<'a> {
    pub(in crate::validate::registers) rules: &'a Rules,
    pub(in crate::validate::registers) files: Vec<File<'a>>,
    pub(in crate::validate::registers) known: &'a Persons,
    /// The days, by number, that a record can be of.
    pub(in crate::validate::registers) days: RangeInclusive<i32>,
    pub(in crate::validate::registers) horizon: &'a Horizon,
    pub(in crate::validate::registers) enrolments: Enrolments,
    pub(in crate::validate::registers) kinds: Kinds,
    pub(in crate::validate::registers) marks: sheet::Writing,
    /// Rows of several marks, by hash.
    pub(in crate::validate::registers) rows_seen: Vec<Mutex<FxHashSet<u128>>>,
    /// Schools and other words, by number.
    pub(in crate::validate::registers) words: Mutex<FxHashMap<String, u32>>,
    /// Marks by file and day.
    pub(in crate::validate::registers) by_day: Mutex<BTreeMap<FileNumber, BTreeMap<i32, u64>>>,
}

/// Sets of rows of several marks, so that workers seldom wait for each other.
pub(in crate::validate::registers) const SETS: usize = 64;

impl<'a> Shared<'a> {
    pub(in crate::validate::registers) fn new(
        rules: &'a Rules,
        files: Vec<File<'a>>,
        known: &'a Persons,
        horizon: &'a Horizon,
    ) -> Shared<'a> {
        Shared {
            rules,
            files,
            known,
            days: day_number(first_day())..=day_number(horizon.last("date")),
            horizon,
            enrolments: Enrolments::default(),
            kinds: Kinds::default(),
            marks: sheet::Writing::of(rules.calendar.days()),
            rows_seen: (0..SETS).map(|_| Mutex::default()).collect(),
            words: Mutex::default(),
            by_day: Mutex::default(),
        }
    }

    /// Why a day cannot be that of a record, if it cannot.
    pub(in crate::validate::registers) fn wrong_day(&self, column: &'static str, day: i32) -> Option<Fault> {
        if self.days.contains(&day) {
            return None;
        }
        let day = of_day_number(day);
        let WrongDay { column, code, message } =
            too_early(column, day).or_else(|| beyond(self.horizon, &[(column, Some(day))]))?;
        Some(Fault { column, code, message, term: Doubt::Any })
    }

    /// Whether a row of several marks, those of a day or a week, is the first of its like.
    pub(in crate::validate::registers) fn is_new_row(&self, hash: u128) -> bool {
        let set = &self.rows_seen[(hash as usize) % SETS];
        set.lock().unwrap_or_else(PoisonError::into_inner).insert(hash)
    }
}

/// A row of figures, or one that cannot be used: it waits until all rows are there in the files' order.
pub(in crate::validate::registers) struct Waiting {
    pub(in crate::validate::registers) hash: u128,
    pub(in crate::validate::registers) place: RecordPlace,
    pub(in crate::validate::registers) enrolment: Enrolment,
    pub(in crate::validate::registers) said: Said,
}

pub(in crate::validate::registers) enum Said {
    /// Termly totals: possible, attended, authorised, unauthorised.
    Total { term: Option<u16>, half: Option<Half>, school: u32, numbers: [Option<i32>; 4] },
    /// Sessions of one code.
    Count { term: Option<u16>, half: Option<Half>, school: u32, kind: KindNumber, sessions: Option<i32> },
    /// A percentage in place of sessions; none where the row gives none.
    Percent { term: Option<u16>, half: Option<Half>, school: u32, percent: Option<SchoolPercent> },
    /// It cannot be used.
    Fault(Box<Faulty>),
}

pub(in crate::validate::registers) struct Faulty {
    pub(in crate::validate::registers) column: String,
    pub(in crate::validate::registers) value: String,
    pub(in crate::validate::registers) code: FindingCode,
    pub(in crate::validate::registers) message: String,
    pub(in crate::validate::registers) doubt: Doubt,
    pub(in crate::validate::registers) row: AsItStands,
}

/// What one worker has read.
pub(in crate::validate::registers) struct ReadByOne {
    pub(in crate::validate::registers) counts: RowCounts,
    pub(in crate::validate::registers) tally: Tally,
    /// Marks that may be missing ones.
    pub(in crate::validate::registers) missing: Missing,
    pub(in crate::validate::registers) waiting: Vec<Waiting>,
    /// What the dates of each file say of the order in which it writes them.
    pub(in crate::validate::registers) forms: BTreeMap<u16, DateForms>,
    /// What the percentages of each file are like.
    pub(in crate::validate::registers) percents: BTreeMap<u16, percent::Seen>,
}

/// One of those who read.
pub(in crate::validate::registers) struct Worker<'s, 'a> {
    pub(in crate::validate::registers) shared: &'s Shared<'a>,
    pub(in crate::validate::registers) enrolments: enrolments::Learnt,
    /// The enrolment of the row before.
    last: Enrolment,
    pub(super) rests: Rests,
    pub(in crate::validate::registers) kinds: kinds::Learnt,
    /// By order of day and month.
    pub(super) dates: [DateTexts; DateOrder::ALL.len()],
    /// What the dates of each file say of the order in which it writes them.
    pub(in crate::validate::registers) forms: BTreeMap<u16, DateForms>,
    /// What the percentages of each file are like.
    pub(in crate::validate::registers) percents: BTreeMap<u16, percent::Seen>,
    pub(in crate::validate::registers) sessions: FxHashMap<String, (HalfDay, u32)>,
    pub(in crate::validate::registers) schools: FxHashMap<String, u32>,
    pub(in crate::validate::registers) buffer: Vec<u8>,
    pub(in crate::validate::registers) batch: Vec<Mark>,
    /// Marks of rows of several: their rows are counted when they are read.
    pub(in crate::validate::registers) row_marks: Vec<Mark>,
    /// The first row with other column names than the file's.
    pub(in crate::validate::registers) other_header: Option<RecordPlace>,
    pub(in crate::validate::registers) counts: RowCounts,
    pub(in crate::validate::registers) tally: Tally,
    pub(in crate::validate::registers) missing: Missing,
    pub(in crate::validate::registers) waiting: Vec<Waiting>,
}

impl<'s, 'a> Worker<'s, 'a> {
    pub(in crate::validate::registers) fn new(shared: &'s Shared<'a>) -> Worker<'s, 'a> {
        Worker {
            shared,
            enrolments: enrolments::Learnt::default(),
            last: Enrolment::UNTOLD,
            rests: Rests::default(),
            kinds: kinds::Learnt::default(),
            dates: Default::default(),
            forms: BTreeMap::new(),
            percents: BTreeMap::new(),
            sessions: FxHashMap::default(),
            schools: FxHashMap::default(),
            buffer: Vec::new(),
            batch: Vec::with_capacity(BATCH),
            row_marks: Vec::new(),
            other_header: None,
            counts: RowCounts::default(),
            tally: Tally::default(),
            missing: Missing::default(),
            waiting: Vec::new(),
        }
    }

    /// Reads a part of a file.
    pub(in crate::validate::registers) fn part(&mut self, number: FileNumber, part: &Part<'_>) -> Result<()> {
        let shared = self.shared;
        let file = &shared.files[number];
        let positions = Positions::of(&file.columns);
        let by_columns = file.columns.layout == Layout::Marks
            && file.text.is_plain()
            && part.for_each_piece(file.text, |first, rows, columns| {
                self.marks_of_columns(file, &positions, number, (first, rows), columns);
            })?;
        if !by_columns {
            self.rests.of_file(number);
            let mut rows = RowsOfPart { worker: self, file, positions: &positions, number, rest: None };
            part.for_each(file.text, positions.beginning(file), &mut rows)?;
        }
        if let Some(place) = self.other_header {
            return Err(header_again::refused(&Place { file: file.text.file.clone(), row: place.row }));
        }
        self.put_down();
        let mut by_day = shared.by_day.lock().unwrap_or_else(PoisonError::into_inner);
        self.tally.in_part.move_into(by_day.entry(number).or_default());
        Ok(())
    }

    /// Learns whom a row names, unless that is known from the row before.
    fn learn_enrolment(&mut self, positions: &Positions, row: &Row<'_>) {
        if row.repeats < positions.enrolment_ends {
            let cell = |column: Option<usize>| column.and_then(|column| row.cell(column)).unwrap_or_default();
            let text = positions.enrolment.map(cell);
            self.last = self.enrolments.enrolment(&self.shared.enrolments, self.shared.known, text);
        }
    }

    pub(super) fn row(
        &mut self,
        file: &File<'_>,
        positions: &Positions,
        row: &Row<'_>,
        place: RecordPlace,
        rest: Option<RestText>,
    ) {
        let columns = &file.columns;
        self.counts.read += 1;
        self.learn_enrolment(positions, row);
        let enrolment = if row.is_ragged() { self.named_in_any_cell(row, self.last) } else { self.last };
        let refused = file.refused.and_then(|refused| refused.get(&row.number));
        let read = if let Some(why) = refused {
            let (column, code) = (REPLACES, FindingCode::CorrectionRefused);
            Err(Fault { column, code, message: why.clone(), term: Doubt::Any })
        } else if let Some(fault) = fault_of_any_row(columns, row, enrolment) {
            Err(Fault { term: if row.is_ragged() { Doubt::Any } else { self.doubt_of(file, row) }, ..fault })
        } else {
            match columns.layout {
                Layout::Marks => self.mark(file, row, positions.mark, (enrolment, rest), place),
                Layout::Days => self.marks_of_day(file, row, enrolment, place),
                Layout::Weeks => self.week(file, row, enrolment, place),
                Layout::Totals => self.total(columns, row, enrolment, place),
                Layout::Counts => self.count(columns, row, enrolment, place),
                Layout::Percent => self.percent(columns, row, enrolment, place),
            }
        };
        if let Err(fault) = read {
            let fault = match file.text.header_again(row) {
                Some(HeaderAgain::Same) => {
                    let (code, message) = (FindingCode::HeaderAgain, header_again::said());
                    Fault { column: "", code, message, term: Doubt::Terms(Vec::new()) }
                }
                Some(HeaderAgain::Other) => {
                    self.other_header = self.other_header.min(Some(place)).or(Some(place));
                    fault
                }
                None => fault,
            };
            let value = columns.text(row, fault.column).unwrap_or_default().to_owned();
            let mut fault = fault;
            let of_term = row.side_by_side().and_then(|of| of.heading(fault.column));
            if let Some(heading) = of_term.or_else(|| file.text.heading(fault.column)) {
                fault.message.push_str(&format!(" In the file the column is \"{heading}\"."));
            }
            let faulty = Faulty {
                // The table's name would be that of as many columns as there are terms.
                column: of_term.unwrap_or(fault.column).to_owned(),
                value: shortened(value),
                code: fault.code,
                message: shortened(fault.message),
                doubt: fault.term,
                row: columns.as_it_stands(row, file.symbols, file.text.date_order(), &mut self.buffer),
            };
            self.wait(columns, file.symbols, row, enrolment, place, Said::Fault(Box::new(faulty)));
        }
        if self.batch.len() >= BATCH || self.row_marks.len() >= BATCH {
            self.put_down();
        }
    }

    /// Whom a row with too many or too few cells names: where the cells of its pupil name nobody, cells have moved, and it may be of
    /// whom any of them names.
    fn named_in_any_cell(&mut self, row: &Row<'_>, enrolment: Enrolment) -> Enrolment {
        let Shared { known, enrolments, .. } = self.shared;
        if enrolment.is_wanted() && !enrolment.is_unusable() {
            return enrolment;
        }
        let is_known = |text: &[&str; 3]| {
            let pupil = enrolments::named(*text);
            known.has(pupil.person_id.as_ref(), pupil.upn.as_ref())
        };
        let texts = (0..row.cells()).filter_map(|cell| row.cell(cell)).flat_map(|id| [[id, "", ""], ["", id, ""]]);
        let found = texts.into_iter().find(is_known);
        found.map_or(enrolment, |text| self.enrolments.enrolment(enrolments, known, text))
    }

    /// What there is to gather.
    pub(in crate::validate::registers) fn finish(self) -> ReadByOne {
        let Worker { counts, tally, missing, waiting, forms, percents, .. } = self;
        ReadByOne { counts, tally, missing, waiting, forms, percents }
    }

    pub(in crate::validate::registers) fn wait(
        &mut self,
        columns: &Columns,
        symbols: Option<&Symbols>,
        row: &Row<'_>,
        enrolment: Enrolment,
        place: RecordPlace,
        said: Said,
    ) {
        let hash = row_hash(columns, row, symbols, &mut self.buffer);
        self.waiting.push(Waiting { hash, place, enrolment, said });
    }

    /// Puts the marks of the batch down, and counts those that are not repeated.
    pub(super) fn put_down(&mut self) {
        let Worker { shared, batch, kinds, tally, counts, .. } = self;
        shared.marks.put(batch, |position, is_new| {
            if !is_new {
                counts.repeated += 1;
                return;
            }
            let Mark { enrolment, half_day, kind } = batch[position];
            let day = half_day.div_euclid(2);
            counts.used += 1;
            tally.mark(enrolment, day);
            if let Some(oddity) = kinds.oddity(kind, day) {
                tally.odd_once_more(kind, oddity);
            }
        });
        batch.clear();
        shared.marks.put(&self.row_marks, |_, _| {});
        self.row_marks.clear();
    }

    /// A number for a school; 0 where none is named.
    pub(in crate::validate::registers) fn school(&mut self, cell: &str) -> u32 {
        if let Some(known) = self.schools.get(cell) {
            return *known;
        }
        let name = cleaned(cell);
        if name.is_empty() {
            return 0;
        }
        let mut words = self.shared.words.lock().unwrap_or_else(PoisonError::into_inner);
        let next = u32::try_from(words.len() + 1).unwrap_or(u32::MAX);
        let number = *words.entry(name.into_owned()).or_insert(next);
        drop(words);
        self.schools.insert(cell.to_owned(), number);
        number
    }
}

/// Gives a worker the rows of a part.
struct RowsOfPart<'w, 's, 'a> {
    worker: &'w mut Worker<'s, 'a>,
    file: &'w File<'a>,
    positions: &'w Positions,
    number: FileNumber,
    /// What stands behind the pupil in the row that has been begun, if that was not known.
    rest: Option<RestText>,
}

impl EachRow for RowsOfPart<'_, '_, '_> {
    fn row(&mut self, row: Row<'_>) {
        let place = RecordPlace::of(self.number, row.number);
        self.worker.row(self.file, self.positions, &row, place, self.rest.take());
    }

    fn begun(&mut self, row: Row<'_>, rest: &str) -> bool {
        let worker = &mut *self.worker;
        worker.learn_enrolment(self.positions, &row);
        self.rest = RestText::of(rest);
        let known = self.rest.filter(|_| !worker.last.is_unusable()).and_then(|text| worker.rests.get(text));
        let Some(Rest { half_day, kind, form }) = known else { return false };
        let place = RecordPlace::of(self.number, row.number);
        worker.counts.read += 1;
        if let Some(form) = form {
            // The text was noted with the first of its kind.
            worker.forms.entry(place.file).or_default().note_form(form, "", place.row);
        }
        worker.mark_of_kind(worker.last, half_day, kind, place);
        if worker.batch.len() >= BATCH {
            worker.put_down();
        }
        true
    }
}

/// Where the cells of a row stand that every row is asked for.
pub(in crate::validate::registers) struct Positions {
    /// Person, UPN, and school where two rows of one pupil may differ in it alone.
    pub(in crate::validate::registers) enrolment: [Option<usize>; 3],
    /// How many cells the last of them is behind.
    enrolment_ends: usize,
    /// Date, session and code.
    pub(in crate::validate::registers) mark: [usize; 3],
}

impl Positions {
    fn of(columns: &Columns) -> Positions {
        let is_of_marks = matches!(columns.layout, Layout::Marks | Layout::Days | Layout::Weeks);
        let school = columns.position("school_urn").filter(|_| is_of_marks);
        let enrolment = [columns.position("person_id"), columns.position("upn"), school];
        Positions {
            enrolment,
            enrolment_ends: enrolment.iter().flatten().max().map_or(usize::MAX, |last| last + 1),
            mark: ["date", "session", "code"].map(|name| columns.position(name).unwrap_or(usize::MAX)),
        }
    }

    /// With how many cells it is enough to begin a row: those that name the pupil, where they stand before date, session and code. Of a
    /// row that corrections have refused more is asked.
    fn beginning(&self, file: &File<'_>) -> usize {
        let stands_first = self.mark.iter().all(|place| self.enrolment_ends <= *place && *place < file.text.width);
        if file.columns.layout == Layout::Marks && file.refused.is_none() && stands_first {
            self.enrolment_ends
        } else {
            0
        }
    }
}

pub(in crate::validate::registers) fn fault_of_any_row(
    columns: &Columns,
    row: &Row<'_>,
    enrolment: Enrolment,
) -> Option<Fault> {
    if row.is_ragged() {
        return Some(Fault { column: "", code: FindingCode::RowLength, message: row.ragged(), term: Doubt::Any });
    }
    if row.is_in_memory()
        && let Some((column, message)) = columns.unreadable(row)
    {
        return Some(Fault { column, code: FindingCode::CellError, message, term: Doubt::Any });
    }
    if !enrolment.is_unusable() && !lost_its_school(columns, row) {
        return None;
    }
    if let Some((column, message)) = columns.unreadable(row) {
        return Some(Fault { column, code: FindingCode::CellError, message, term: Doubt::Any });
    }
    let lost = NAMING.into_iter().find(|column| columns.text(row, column).is_some_and(is_lost));
    if let Some(column) = lost {
        let message = format!(
            "{column} is a number that a spreadsheet has rounded, so that it stands for many: it cannot be told whose the row is."
        );
        return Some(Fault { column, code: FindingCode::IdLostDigits, message, term: Doubt::Any });
    }
    if enrolment != Enrolment::UNTOLD {
        let cell = |column: &str| columns.text(row, column).unwrap_or_default();
        let message = format!(
            "the row gives person_id {}, and its UPN {} is that of another person: it may be of either, so it is used for none.",
            cell("person_id"),
            cell("upn")
        );
        return Some(Fault { column: "upn", code: FindingCode::RecordOfTwoPeople, message, term: Doubt::Any });
    }
    let (column, why) = match (columns.position("upn"), columns.position("person_id")) {
        (Some(_), Some(_)) => ("upn", "it has no person_id, and its UPN is blank or stands for \"none\""),
        (Some(_), None) => ("upn", "its UPN is blank or stands for \"none\""),
        (None, _) => ("person_id", "its person_id is blank"),
    };
    let message = format!("the row names no pupil: {why}.");
    Some(Fault { column, code: FindingCode::NoPupil, message, term: Doubt::Any })
}

pub(in crate::validate::registers) fn is_lost(text: &str) -> bool {
    lost_its_digits(&cleaned(text)) || is_no_value(text)
}

/// Whether the school of a row of figures cannot be read; of other rows the enrolment knows it.
pub(in crate::validate::registers) fn lost_its_school(columns: &Columns, row: &Row<'_>) -> bool {
    matches!(columns.layout, Layout::Totals | Layout::Counts | Layout::Percent)
        && columns.text(row, "school_urn").is_some_and(is_lost)
}
