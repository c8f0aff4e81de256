//! How the dates of a file are written: whether the day or the month comes first, where that shows, and dates that are
//! numbers. What cannot be told from a file is said of it once.

use crate::dates::{self, DateOrder, Form};
use crate::finding::{Finding, FindingCode, Findings};
use crate::load::TextFile;
use crate::place::Place;
use crate::words::counted;

/// What to say of a text that is no date.
pub(super) fn not_a_date(column: &str, text: &str, order: DateOrder) -> String {
    let (other, word) = match order {
        DateOrder::DayFirst => (DateOrder::MonthFirst, "month"),
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
    /// Dates that may be read either way: how many, and the first with its row.
    either_way: Option<(u64, u32, String)>,
    /// Whether some date shows the order.
    is_shown: bool,
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
        let place = match dates::form(text) {
            Form::Plain => return,
            Form::DayFirst | Form::MonthFirst => {
                self.is_shown = true;
                return;
            }
            Form::EitherWay => &mut self.either_way,
            Form::Serial => &mut self.serial,
        };
        once_more(place, text, row);
    }

    /// Notes a date that stands for "no end".
    pub(super) fn note_no_end(&mut self, text: &str, row: u32) {
        once_more(&mut self.no_end, text, row);
    }

    /// Takes in what others have noted of the same file.
    pub(super) fn add(&mut self, other: DateForms) {
        self.is_shown |= other.is_shown;
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
        if let Some((times, row, value)) = self.either_way.filter(|_| !self.is_shown) {
            let read = match dates::read_in(&value, file.date_order) {
                Some(date) => format!("{date}"),
                None => String::new(),
            };
            let message = format!(
                "{} of {} can be read day first or month first, and none shows which is meant; \"{value}\" is read as {read}.",
                of(times),
                file.file
            );
            say(FindingCode::AmbiguousDates, row, value, message);
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
