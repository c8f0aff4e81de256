//! How the dates of a file are written: how many of each kind, and the order of day and month that follows.

use crate::dates::{self, DateOrder, Form};

/// Of so many dates that can be read one way only, one with the month first puts those in doubt that can be read both ways.
const ONE_IN: u64 = 20;

/// How the dates of a file are written: how many of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DatesSeen {
    /// Those that can be read day first only.
    pub day_first: u64,
    /// Those that can be read month first only.
    pub month_first: u64,
    /// Those that can be read either way.
    pub either_way: u64,
}

impl DatesSeen {
    /// Counts a cell of a column of dates.
    pub fn note(&mut self, text: &str) {
        // The common form says nothing of the order.
        if text.as_bytes().get(4) != Some(&b'-') {
            self.note_form(dates::form(text));
        }
    }

    /// Counts a date written so.
    pub fn note_form(&mut self, form: Form) {
        match form {
            Form::DayFirst => self.day_first += 1,
            Form::MonthFirst => self.month_first += 1,
            Form::EitherWay => self.either_way += 1,
            Form::Plain | Form::Serial => {}
        }
    }

    /// Takes in what was seen elsewhere in the same file.
    pub fn add(&mut self, other: DatesSeen) {
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.either_way += other.either_way;
    }

    /// The order in which the file is read where nobody has said one.
    pub fn order(self) -> DateOrder {
        let one_way = self.day_first + self.month_first;
        if self.month_first > 0 && self.month_first * ONE_IN >= one_way {
            DateOrder::Unsettled
        } else if self.month_first > 0 {
            DateOrder::MostlyDayFirst
        } else {
            DateOrder::DayFirst
        }
    }
}
