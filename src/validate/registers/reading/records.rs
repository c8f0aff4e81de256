//! What one row says, layout by layout.
//!
//! Longer than most files, since the layouts share how a row becomes a record.

use super::rests::{Rest, RestText};
use super::worker::{File, Said, Shared, Worker};
use crate::dates::{self, Date, DateOrder, Form, day_number, is_monday, of_day_number};
use crate::finding::FindingCode;
use crate::indexed::Number;
use crate::load::Row;
use crate::rules::calendar::{TermIndex, academic_year_of};
use crate::rules::council_words::Half;
use crate::validate::registers::enrolments::Enrolment;
use crate::validate::registers::kinds::{KindNumber, Writing};
use crate::validate::registers::layouts::{
    Columns, Doubt, Fault, Layout, needed_date, row_hash, week_of_marks, whole_number,
};
use crate::validate::registers::percent::percentage;
use crate::validate::registers::record::{HalfDay, HalfDayNumber, RecordPlace};
use crate::validate::registers::sheet::Mark;
use crate::validate::registers::tally::OddAt;
use crate::validate::row_reader::find_word;
use crate::validate::written_dates::not_a_date;
use crate::words::counted;

type Read = std::result::Result<(), Fault>;

impl Worker<'_, '_> {
    /// A row of marks. `columns` are the positions of date, session and code; `rest` is the text behind the pupil, where nothing else
    /// stands there.
    pub(super) fn mark(
        &mut self,
        file: &File<'_>,
        row: &Row<'_>,
        columns: [usize; 3],
        (enrolment, rest): (Enrolment, Option<RestText>),
        place: RecordPlace,
    ) -> Read {
        let [date, session, code] = columns;
        let (day, shape, form) = match row.day(date) {
            Some(day) => (day, 0, None),
            None => self.day(file, row.cell(date), place)?,
        };
        if let Some(fault) = self.shared.wrong_day("date", day) {
            return Err(fault);
        }
        let session = row.cell(session).unwrap_or_default();
        let (half, written) = match session {
            "AM" => (HalfDay::Am, 0),
            "PM" => (HalfDay::Pm, 0),
            _ => self.session(session, day)?,
        };
        let writing = Writing { date: shape, session: written, in_row_of_several: false };
        let half_day = 2 * day + half as i32;
        let kind = self.plain_mark(enrolment, half_day, row.cell(code).unwrap_or_default(), writing, place);
        if let Some(rest) = rest {
            self.rests.keep(rest, Rest { half_day, kind, form });
        }
        Ok(())
    }

    /// A mark of which everything is known, and its kind.
    pub(super) fn plain_mark(
        &mut self,
        enrolment: Enrolment,
        half_day: HalfDayNumber,
        code: &str,
        writing: Writing,
        place: RecordPlace,
    ) -> KindNumber {
        let kind = self.kinds.kind(&self.shared.kinds, &self.shared.rules.pack.codes, code, writing);
        self.mark_of_kind(enrolment, half_day, kind, place);
        kind
    }

    /// A mark of a kind that is known.
    #[inline]
    pub(super) fn mark_of_kind(
        &mut self,
        enrolment: Enrolment,
        half_day: HalfDayNumber,
        kind: KindNumber,
        place: RecordPlace,
    ) {
        let day = half_day.div_euclid(2);
        self.tally.in_part.add(day);
        if let Some(oddity) = self.kinds.oddity(kind, day) {
            self.tally.odd_at(kind, oddity, (place, "code"));
        }
        if self.kinds.may_be_missing(kind) {
            self.missing.note(enrolment, half_day, kind, place);
        }
        self.batch.push(Mark { enrolment, half_day, kind });
    }

    /// The day of a date, a number for the way it is written, and its form where it is not as `2024-09-30`.
    fn day(
        &mut self,
        file: &File<'_>,
        cell: Option<&str>,
        place: RecordPlace,
    ) -> std::result::Result<(i32, u32, Option<Form>), Fault> {
        let Some(text) = cell else {
            return Err(Fault {
                column: "date",
                code: FindingCode::MissingValue,
                message: "date is blank, and every row must have it.".to_owned(),
                term: Doubt::Any,
            });
        };
        // What can be read one way only is read that way, unless somebody has said the order.
        let order = match file.text.date_order() {
            DateOrder::DayFirst if !file.text.order_is_said() => DateOrder::MostlyDayFirst,
            other => other,
        };
        match self.dates[order as usize].read(text, order, &self.shared.kinds) {
            Some((day, 0, _)) => Ok((day, 0, None)),
            Some((day, shape, form)) => {
                self.forms.entry(place.file).or_default().note_form(form, text, place.row);
                Ok((day, shape, Some(form)))
            }
            None => {
                self.forms.entry(place.file).or_default().note_unread(text, place.row);
                Err(Fault {
                    column: "date",
                    code: FindingCode::ImpossibleDate,
                    message: not_a_date("date", text, order),
                    term: Doubt::Any,
                })
            }
        }
    }

    /// The session of a text that is not plainly `AM` or `PM`, and a number for the way it is written.
    fn session(&mut self, text: &str, day: i32) -> std::result::Result<(HalfDay, u32), Fault> {
        if let Some(known) = self.sessions.get(text) {
            return Ok(*known);
        }
        let Some(half) = find_word(text, &[("am", HalfDay::Am), ("pm", HalfDay::Pm)]) else {
            return Err(Fault {
                column: "session",
                code: FindingCode::UnknownSession,
                message: if text.is_empty() {
                    "session is blank: it must be AM or PM.".to_owned()
                } else {
                    format!("session \"{text}\" is neither AM nor PM.")
                },
                term: Doubt::of(self.shared.rules.calendar.at(of_day_number(day))),
            });
        };
        let written = (half, self.shared.kinds.word(text));
        self.sessions.insert(text.to_owned(), written);
        Ok(written)
    }

    /// A row of a day's two marks. A blank is a mark too, a missing one.
    pub(super) fn marks_of_day(
        &mut self,
        file: &File<'_>,
        row: &Row<'_>,
        enrolment: Enrolment,
        place: RecordPlace,
    ) -> Read {
        let columns = &file.columns;
        let day = columns.position("date").and_then(|date| row.day(date));
        let (day, shape, _) = match day {
            Some(day) => (day, 0, None),
            None => self.day(file, columns.text(row, "date"), place)?,
        };
        if let Some(fault) = self.shared.wrong_day("date", day) {
            return Err(fault);
        }
        let is_new = self.is_new_row(file, row);
        for (column, half) in [("am", HalfDay::Am), ("pm", HalfDay::Pm)] {
            let cell = columns.text(row, column).unwrap_or_default();
            let code = file.symbols.and_then(|symbols| symbols.code_of_cell(cell)).unwrap_or(cell);
            let writing = Writing { date: shape, in_row_of_several: true, ..Writing::default() };
            let kind = self.kinds.kind(&self.shared.kinds, &self.shared.rules.pack.codes, code, writing);
            self.mark_of_row(enrolment, 2 * day + half as i32, kind, is_new, (place, column));
        }
        Ok(())
    }

    /// Whether a row of several marks is the first of its like. It is counted.
    fn is_new_row(&mut self, file: &File<'_>, row: &Row<'_>) -> bool {
        let is_new = self.shared.is_new_row(row_hash(&file.columns, row, file.symbols, &mut self.buffer));
        if is_new {
            self.counts.used += 1;
        } else {
            self.counts.repeated += 1;
        }
        is_new
    }

    /// One of the marks of a row of several.
    fn mark_of_row(
        &mut self,
        enrolment: Enrolment,
        half_day: HalfDayNumber,
        kind: KindNumber,
        is_new: bool,
        at: OddAt,
    ) {
        let day = half_day.div_euclid(2);
        self.tally.in_part.add(day);
        if self.kinds.may_be_missing(kind) {
            self.missing.note(enrolment, half_day, kind, at.0);
        }
        if let Some(oddity) = self.kinds.oddity(kind, day) {
            self.tally.odd_at(kind, oddity, at);
            if is_new {
                self.tally.odd_once_more(kind, oddity);
            }
        }
        if is_new {
            self.tally.mark(enrolment, day);
            self.row_marks.push(Mark { enrolment, half_day, kind });
        }
    }

    /// A row of a week's marks.
    pub(super) fn week(&mut self, file: &File<'_>, row: &Row<'_>, enrolment: Enrolment, place: RecordPlace) -> Read {
        let columns = &file.columns;
        let order = file.text.date_order();
        let monday = needed_date(columns, row, "week_start", order);
        if let Some(text) = columns.text(row, "week_start") {
            let forms = self.forms.entry(place.file).or_default();
            match &monday {
                Ok(_) => forms.note(text, place.row),
                Err(_) => forms.note_unread(text, place.row),
            }
        }
        let monday = monday?;
        if let Some(fault) = self.shared.wrong_day("week_start", day_number(monday)) {
            return Err(fault);
        }
        if !is_monday(monday) {
            return Err(Fault {
                column: "week_start",
                code: FindingCode::NotAMonday,
                message: format!("week_start {monday} is not a Monday."),
                term: self.shared.of_week(monday, WHOLE_WEEK),
            });
        }
        let as_it_stands = columns.position("marks").map_or("", |column| row.untrimmed(column));
        let Some(marks) = week_of_marks(as_it_stands) else {
            return Err(Fault {
                column: "marks",
                code: FindingCode::WeekLength,
                message: if as_it_stands.trim().is_empty() {
                    "marks is blank, and a week has 10 or 14.".to_owned()
                } else {
                    format!(
                        "\"{as_it_stands}\" has {}, and a week has 10 or 14.",
                        counted(as_it_stands.chars().count(), "mark", "marks")
                    )
                },
                term: self.shared.of_week(monday, WHOLE_WEEK),
            });
        };
        let is_new = self.is_new_row(file, row);
        let first = day_number(monday);
        for (symbol, half_day) in marks.chars().zip(2 * first..) {
            let kind = self.symbol(file, symbol);
            self.mark_of_row(enrolment, half_day, kind, is_new, (place, "marks"));
        }
        Ok(())
    }

    /// The kind of a symbol in a week: what the supplier's map says it stands for, else the code of that one character.
    fn symbol(&mut self, file: &File<'_>, symbol: char) -> KindNumber {
        let mut own = [0; 4];
        let code = match file.symbols.and_then(|symbols| symbols.code_of(symbol)) {
            Some(code) => code,
            None => symbol.encode_utf8(&mut own).trim(),
        };
        let writing = Writing { in_row_of_several: true, ..Writing::default() };
        self.kinds.kind(&self.shared.kinds, &self.shared.rules.pack.codes, code, writing)
    }

    /// The terms that a row may be of which cannot be used whatever it says.
    pub(super) fn doubt_of(&mut self, file: &File<'_>, row: &Row<'_>) -> Doubt {
        let columns = &file.columns;
        let calendar = &self.shared.rules.calendar;
        let column = match columns.layout {
            Layout::Marks | Layout::Days => "date",
            Layout::Weeks => "week_start",
            Layout::Totals | Layout::Counts | Layout::Percent => {
                return self.term(columns, row).map_or_else(|fault| fault.term, |(term, _)| Doubt::of(term));
            }
        };
        let day = columns.position(column).and_then(|position| match row.day(position) {
            Some(day) => Some(of_day_number(day)),
            None => dates::read_in(row.cell(position)?, file.text.date_order()),
        });
        match day.filter(|day| self.shared.wrong_day(column, day_number(*day)).is_none()) {
            None => Doubt::Any,
            Some(date) if column == "date" => Doubt::of(calendar.at(date)),
            Some(first) => {
                // Of a week of ten marks it is known that none is of the weekend.
                let marks = columns.position("marks").and_then(|column| week_of_marks(row.untrimmed(column)));
                self.shared.of_week(first, marks.map_or(WHOLE_WEEK, |marks| marks.chars().count() / 2))
            }
        }
    }

    /// The term of a row with `academic_year` and `term`, and the half where it is of a half-term; no term where the calendar has
    /// not the year.
    fn term(&self, columns: &Columns, row: &Row<'_>) -> std::result::Result<(Option<TermIndex>, Option<Half>), Fault> {
        let calendar = &self.shared.rules.calendar;
        let missing = |column: &'static str| Fault {
            column,
            code: FindingCode::MissingValue,
            message: format!("{column} is blank, and every row must have it."),
            term: Doubt::Any,
        };
        let year = columns.text(row, "academic_year").ok_or_else(|| missing("academic_year"))?;
        let name = columns.text(row, "term").ok_or_else(|| missing("term"))?;
        let Some(year) = academic_year_of(year) else {
            return Err(Fault {
                column: "academic_year",
                code: FindingCode::AcademicYear,
                message: format!(
                    "\"{year}\" is not an academic year: two years that follow each other, as in 2023/24."
                ),
                term: Doubt::Any,
            });
        };
        if !calendar.has_year(&year) {
            return Ok((None, None));
        }
        let of_half = || calendar.half_named(&year, name).map(|(term, half)| (Some(term), Some(half)));
        calendar.named(&year, name).map(|term| (Some(term), None)).or_else(of_half).ok_or_else(|| Fault {
            column: "term",
            code: FindingCode::UnknownTerm,
            message: calendar.says_none(&year, name),
            term: Doubt::Any,
        })
    }

    /// A row of termly totals.
    pub(super) fn total(&mut self, columns: &Columns, row: &Row<'_>, enrolment: Enrolment, place: RecordPlace) -> Read {
        let (term, half) = self.term(columns, row)?;
        let mut numbers = [None; 4];
        for (number, column) in numbers.iter_mut().zip(["possible", "attended", "authorised", "unauthorised"]) {
            *number = whole_number(columns, row, column, term)?;
        }
        let school = self.school(columns.text(row, "school_urn").unwrap_or_default());
        self.wait(columns, None, row, enrolment, place, Said::Total { term: narrow(term), half, school, numbers });
        Ok(())
    }

    /// A row of the sessions of one code.
    pub(super) fn count(&mut self, columns: &Columns, row: &Row<'_>, enrolment: Enrolment, place: RecordPlace) -> Read {
        let (term, half) = self.term(columns, row)?;
        let sessions = whole_number(columns, row, "sessions", term)?;
        let code = columns.text(row, "code").unwrap_or_default().to_uppercase();
        let kind = self.kinds.kind(&self.shared.kinds, &self.shared.rules.pack.codes, &code, Writing::default());
        let school = self.school(columns.text(row, "school_urn").unwrap_or_default());
        self.wait(
            columns,
            None,
            row,
            enrolment,
            place,
            Said::Count { term: narrow(term), half, school, kind, sessions },
        );
        Ok(())
    }

    /// A row of a percentage.
    pub(super) fn percent(
        &mut self,
        columns: &Columns,
        row: &Row<'_>,
        enrolment: Enrolment,
        place: RecordPlace,
    ) -> Read {
        let (term, half) = self.term(columns, row)?;
        let percent = percentage(columns, self.percents.entry(place.file).or_default(), row, term)?;
        let school = self.school(columns.text(row, "school_urn").unwrap_or_default());
        self.wait(columns, None, row, enrolment, place, Said::Percent { term: narrow(term), half, school, percent });
        Ok(())
    }
}

/// Days of a week.
const WHOLE_WEEK: usize = 7;

impl Shared<'_> {
    /// The terms that a week of so many days may be of which is said to start on this day. Another day than a Monday leaves open which
    /// week is meant, unless it lies after the as-at date: what is known to be later has no effect yet.
    fn of_week(&self, first: Date, days: usize) -> Doubt {
        let calendar = &self.rules.calendar;
        if !is_monday(first) && first <= self.horizon.as_at {
            return Doubt::Any;
        }
        let days = (day_number(first)..).take(days);
        let mut terms: Vec<TermIndex> = days.filter_map(|day| calendar.at(of_day_number(day))).collect();
        terms.dedup();
        Doubt::Terms(terms)
    }
}

/// A term in fewer bytes, of which there may be millions. No calendar has as many terms as would not fit.
fn narrow(term: Option<TermIndex>) -> Option<u16> {
    term.and_then(|term| u16::try_from(term.place()).ok())
}
