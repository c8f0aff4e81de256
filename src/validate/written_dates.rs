//! How the dates of a file are written: whether the day or the month comes first, where that shows, and dates that are
//! numbers. What cannot be told from a file is said of it once.

use crate::dates::{self, DateOrder, Form};
use crate::finding::{Finding, FindingCode, Findings};
use crate::load::dates_seen::DatesSeen;
use crate::load::flags::says_yes;
use crate::load::{TextFile, unreadable};
use crate::place::Place;
use crate::words::counted;

/// What to say of a text that is no date.
pub(super) fn not_a_date(column: &str, text: &str, order: DateOrder) -> String {
    if unreadable::is_swapped(text) {
        return format!(
            "{column} is {text}: of this column all dates held as text have a day over 12, and all held as dates one up to 12, so a spreadsheet has swapped day and month in the latter. Export it again with the dates as text or year first, or write the right one of the two."
        );
    }
    if says_yes(text) {
        return format!("{column} \"{text}\" says that it has happened, and not when: write the day.");
    }
    if order == DateOrder::Unsettled && dates::form(text) == Form::EitherWay {
        return format!(
            "{column} \"{text}\" can be read day first or month first, and other dates of the file can be read month first only: say date_order in sfclaim.toml, or write the date year first."
        );
    }
    let (other, word) = match order {
        DateOrder::DayFirst | DateOrder::MostlyDayFirst | DateOrder::Unsettled => (DateOrder::MonthFirst, "month"),
        DateOrder::MonthFirst => (DateOrder::DayFirst, "day"),
    };
    let hint = if dates::read_in(text, other).is_some() {
        format!(" It would be one if the {word} came first: see date_order in sfclaim.toml.")
    } else {
        String::new()
    };
    format!("{column} \"{text}\" is not a date.{hint}")
}

/// What the dates of a file say of the order in which it writes them.
#[derive(Clone, Debug, Default)]
pub(super) struct DateForms {
    /// How many of each kind there are.
    seen: DatesSeen,
    /// Dates that may be read either way: how many, and the first with its row.
    either_way: Option<(u64, u32, String)>,
    /// Dates that are numbers: how many, and the first with its row.
    serial: Option<(u64, u32, String)>,
    /// Dates that stand for "no end": how many, and the first with its row.
    no_end: Option<(u64, u32, String)>,
}

impl DateForms {
    /// Notes a date that could be read.
    pub(super) fn note(&mut self, text: &str, row: u32) {
        // The common form says nothing of the order.
        if text.as_bytes().get(4) == Some(&b'-') {
            return;
        }
        self.note_form(dates::form(text), text, row);
    }

    /// Notes a date of this form.
    pub(super) fn note_form(&mut self, form: Form, text: &str, row: u32) {
        self.seen.note_form(form);
        let place = match form {
            Form::Plain | Form::DayFirst | Form::MonthFirst => return,
            Form::EitherWay => &mut self.either_way,
            Form::Serial => &mut self.serial,
        };
        once_more(place, text, row);
    }

    /// Notes a date that stands for "no end".
    pub(super) fn note_no_end(&mut self, text: &str, row: u32) {
        once_more(&mut self.no_end, text, row);
    }

    /// Notes a text that could not be read as a date.
    pub(super) fn note_unread(&mut self, text: &str, row: u32) {
        self.note_form(dates::form(text), text, row);
    }

    /// How many of each kind there are.
    pub(super) fn seen(&self) -> DatesSeen {
        self.seen
    }

    /// Takes in what others have noted of the same file.
    pub(super) fn add(&mut self, other: DateForms) {
        self.seen.add(other.seen);
        for (mine, theirs) in [
            (&mut self.either_way, other.either_way),
            (&mut self.serial, other.serial),
            (&mut self.no_end, other.no_end),
        ] {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => {
                    mine.0 += theirs.0;
                    if theirs.1 < mine.1 {
                        (mine.1, mine.2) = (theirs.1, theirs.2);
                    }
                }
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
    }

    /// Says once of the file what there is to say.
    pub(super) fn say(self, file: &TextFile, findings: &mut Findings) {
        let mut say = |code, row, value: String, message| {
            let place = Place { file: file.file.clone(), row };
            findings.add(Finding::at(code, &place, "", value, message));
        };
        let of = |times: u64| counted(usize::try_from(times).unwrap_or(usize::MAX), "date", "dates");
        let seen = file.dates_seen();
        let one_way = seen.day_first + seen.month_first;
        if let Some((times, row, value)) = self.either_way.filter(|_| !file.order_is_said()) {
            if file.date_order() == DateOrder::Unsettled {
                let message = format!(
                    "{} of {} can be read day first or month first. Of the {} that can be read one way only, the month comes first in {}: so {} read until date_order says which is meant.",
                    of(times),
                    file.file,
                    of(one_way),
                    seen.month_first,
                    if times == 1 { "it is not" } else { "they are not" }
                );
                say(FindingCode::AmbiguousDates, row, value, message);
            } else if one_way == 0 {
                let read = dates::read(&value).map(|date| date.to_string()).unwrap_or_default();
                let message = format!(
                    "{} of {} can be read day first or month first, and no other date of the file shows which is meant; \"{value}\" is read as {read}.",
                    of(times),
                    file.file
                );
                say(FindingCode::AmbiguousDates, row, value, message);
            }
        }
        if let Some((times, row, value)) = self.no_end {
            let message = format!(
                "{} of {} {} for \"no end\", as \"{value}\" does; {} read as blank.",
                of(times),
                file.file,
                if times == 1 { "stands" } else { "stand" },
                if times == 1 { "it is" } else { "they are" }
            );
            say(FindingCode::DaysOfNoEnd, row, value, message);
        }
        if let Some((times, row, value)) = self.serial {
            let read = dates::read(&value).map(|date| date.to_string()).unwrap_or_default();
            let message = format!(
                "{} of {} {} numbers, as spreadsheets count days; \"{value}\" is read as {read}.",
                of(times),
                file.file,
                if times == 1 { "is one of the" } else { "are" }
            );
            say(FindingCode::DatesAsNumbers, row, value, message);
        }
    }
}

/// Counts one more date of a kind, and keeps the first.
fn once_more(kind: &mut Option<(u64, u32, String)>, text: &str, row: u32) {
    match kind {
        Some((times, first, value)) => {
            *times += 1;
            if row < *first {
                (*first, *value) = (row, text.to_owned());
            }
        }
        None => *kind = Some((1, row, text.to_owned())),
    }
}
