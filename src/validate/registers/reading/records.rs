//! What one row says, layout by layout.

use super::{Reading, Whose};
use crate::dates::{Date, Span};
use crate::finding::FindingCode;
use crate::load::Row;
use crate::rules::calendar::{TermIndex, is_academic_year};
use crate::rules::codes::{Class, MarkCode};
use crate::validate::reading::find_word;
use crate::validate::registers::layouts::{Columns, Doubt, Fault, Layout, needed_date, whole_number};
use crate::validate::registers::{CountRecord, HalfDay, MarkRecord, PupilIndex, RecordPlace, TotalRecord};
use jiff::ToSpan;

impl Reading<'_> {
    pub(super) fn record(
        &mut self,
        columns: &Columns,
        row: &Row<'_>,
        whose: Whose,
        place: RecordPlace,
    ) -> std::result::Result<(), Fault> {
        match columns.layout {
            Layout::Marks => self.mark(columns, row, whose, place),
            Layout::Weeks => self.week(columns, row, whose, place),
            Layout::Totals => self.total(columns, row, whose, place),
            Layout::Counts => self.count(columns, row, whose, place),
        }
    }

    fn mark(
        &mut self,
        columns: &Columns,
        row: &Row<'_>,
        whose: Whose,
        place: RecordPlace,
    ) -> std::result::Result<(), Fault> {
        let date = needed_date(columns, row, "date")?;
        let term = self.rules.calendar.at(date);
        let session = columns.text(row, "session");
        let Some(half) = session.and_then(|text| find_word(text, &[("am", HalfDay::Am), ("pm", HalfDay::Pm)])) else {
            return Err(Fault {
                column: "session",
                code: FindingCode::UnknownSession,
                message: format!("session \"{}\" is neither AM nor PM.", session.unwrap_or_default()),
                term: Doubt::of(term),
            });
        };
        let known = self.known(columns.text(row, "code").unwrap_or_default(), Some(date), place);
        self.keep_mark(whose, term, date, half, known, place);
        Ok(())
    }

    fn keep_mark(
        &mut self,
        whose: Whose,
        term: Option<TermIndex>,
        date: Date,
        half: HalfDay,
        known: Option<(Class, MarkCode)>,
        place: RecordPlace,
    ) {
        let Some(term) = term else {
            self.outside += 1;
            return;
        };
        self.registers.terms_held.insert(term);
        let file = &self.registers.files[usize::from(place.file)];
        let files = self.registers.days_held.entry(term).or_default();
        match files.get_mut(file) {
            Some(held) => *held = Span { from: held.from.min(date), to: held.to.max(date) },
            None => drop(files.insert(file.clone(), Span { from: date, to: date })),
        }
        match whose {
            Whose::Pupil(pupil) => self.registers.marks.push(MarkRecord { pupil, term, date, half, known, place }),
            Whose::Unmatched | Whose::Untold => self.unmatched += 1,
        }
    }

    fn week(
        &mut self,
        columns: &Columns,
        row: &Row<'_>,
        whose: Whose,
        place: RecordPlace,
    ) -> std::result::Result<(), Fault> {
        let monday = needed_date(columns, row, "week_start")?;
        if monday.weekday() != jiff::civil::Weekday::Monday {
            return Err(Fault {
                column: "week_start",
                code: FindingCode::NotAMonday,
                message: format!("week_start {monday} is not a Monday."),
                term: Doubt::Any,
            });
        }
        // A blank is a mark too (a missing one), so the text counts as it stands; only if that has not
        // the length of a week may the spaces around it be padding.
        let as_it_stands = columns.position("marks").map_or("", |column| row.untrimmed(column));
        let is_week = |text: &str| matches!(text.chars().count(), 10 | 14);
        let Some(marks) = [as_it_stands, as_it_stands.trim()].into_iter().find(|text| is_week(text)) else {
            return Err(Fault {
                column: "marks",
                code: FindingCode::WeekLength,
                message: format!(
                    "\"{as_it_stands}\" has {} marks, and a week has 10 or 14.",
                    as_it_stands.chars().count()
                ),
                term: Doubt::Terms(
                    (0..7).filter_map(|day| self.rules.calendar.at(monday.saturating_add(day.days()))).collect(),
                ),
            });
        };
        for (position, mark) in marks.chars().enumerate() {
            let day = i64::try_from(position / 2).unwrap_or(0);
            let date = monday.saturating_add(day.days());
            let half = if position % 2 == 0 { HalfDay::Am } else { HalfDay::Pm };
            let known = self.known(mark.to_string().trim(), Some(date), place);
            self.keep_mark(whose, self.rules.calendar.at(date), date, half, known, place);
        }
        Ok(())
    }

    /// The term of a row with `academic_year` and `term`; `Ok(None)` where the calendar has not the year.
    fn term(&self, columns: &Columns, row: &Row<'_>) -> std::result::Result<Option<TermIndex>, Fault> {
        let missing = |column: &'static str| Fault {
            column,
            code: FindingCode::MissingValue,
            message: format!("{column} is blank, and every row must have it."),
            term: Doubt::Any,
        };
        let year = columns.text(row, "academic_year").ok_or_else(|| missing("academic_year"))?;
        let name = columns.text(row, "term").ok_or_else(|| missing("term"))?;
        if !is_academic_year(year) {
            return Err(Fault {
                column: "academic_year",
                code: FindingCode::AcademicYear,
                message: format!("\"{year}\" is not an academic year: write it as 2023/24."),
                term: Doubt::Any,
            });
        }
        if !self.rules.calendar.has_year(year) {
            return Ok(None);
        }
        self.rules.calendar.named(year, name).map(Some).ok_or_else(|| {
            let known: Vec<&str> = self
                .rules
                .calendar
                .terms()
                .iter()
                .filter(|term| term.academic_year == year)
                .map(|term| term.term.as_str())
                .collect();
            Fault {
                column: "term",
                code: FindingCode::UnknownTerm,
                message: format!("the calendar has no term \"{name}\" in {year}: it has {}.", known.join(", ")),
                term: Doubt::Any,
            }
        })
    }

    fn total(
        &mut self,
        columns: &Columns,
        row: &Row<'_>,
        whose: Whose,
        place: RecordPlace,
    ) -> std::result::Result<(), Fault> {
        let term = self.term(columns, row)?;
        let number = |column| whole_number(columns, row, column, term);
        let record = |pupil, term, school| {
            Ok(TotalRecord {
                pupil,
                term,
                school,
                possible: number("possible")?,
                attended: number("attended")?,
                authorised: number("authorised")?,
                unauthorised: number("unauthorised")?,
                place,
            })
        };
        let school = self.word(columns.text(row, "school_urn").unwrap_or_default());
        let read: TotalRecord = record(0, term.unwrap_or_default(), school)?;
        if let (Some(possible), Some(attended), Some(authorised), Some(unauthorised)) =
            (read.possible, read.attended, read.authorised, read.unauthorised)
            && attended + authorised + unauthorised != possible
        {
            let (times, _, _) = self.do_not_add_up.get_or_insert_with(|| {
                let sum =
                    format!("{attended} attended and {authorised} + {unauthorised} absent are not {possible} possible");
                (0, self.registers.place(place), sum)
            });
            *times += 1;
        }
        if let Some(pupil) = self.pupil_in(whose, term) {
            self.registers.totals.push(TotalRecord { pupil, ..read });
        }
        Ok(())
    }

    fn count(
        &mut self,
        columns: &Columns,
        row: &Row<'_>,
        whose: Whose,
        place: RecordPlace,
    ) -> std::result::Result<(), Fault> {
        let term = self.term(columns, row)?;
        let sessions = whole_number(columns, row, "sessions", term)?;
        let text = columns.text(row, "code").unwrap_or_default();
        // A code of a term has no single date: it is compared with the term's last day.
        let date = term.map(|term| self.rules.calendar.term(term).span.to);
        let class = self.known(text, date, place).map(|(class, _)| class);
        let code = self.word(&text.to_uppercase());
        let school = self.word(columns.text(row, "school_urn").unwrap_or_default());
        if let Some((pupil, term)) = self.pupil_in(whose, term).zip(term) {
            self.registers.counts.push(CountRecord { pupil, term, school, code, class, sessions, place });
        }
        Ok(())
    }

    /// The pupil of a record of a term; notes the term as held, and counts what is left out.
    fn pupil_in(&mut self, whose: Whose, term: Option<TermIndex>) -> Option<PupilIndex> {
        let Some(term) = term else {
            self.outside += 1;
            return None;
        };
        self.registers.terms_held.insert(term);
        match whose {
            Whose::Pupil(pupil) => Some(pupil),
            Whose::Unmatched | Whose::Untold => {
                self.unmatched += 1;
                None
            }
        }
    }
}
