//! Calendar months as numbers, and the quarters of the financial year that they lie in.

use crate::dates::{Date, add_months, date, last_of_month};

/// A calendar month; later months are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month that a date lies in.
    pub fn of(date: Date) -> Month {
        Month(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// The month so many months after this one; before it when negative.
    pub fn plus(self, months: i32) -> Month {
        Month(self.0 + months)
    }

    /// How many months after `other` this one comes; negative when before it.
    pub fn since(self, other: Month) -> i32 {
        self.0 - other.0
    }

    /// The first day.
    pub fn first_day(self) -> Date {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        date(i16::try_from(year).unwrap_or(i16::MAX), i8::try_from(month).unwrap_or(1), 1)
    }

    /// The last day.
    pub fn last_day(self) -> Date {
        last_of_month(self.first_day())
    }

    /// The quarter, numbered on through the years. Quarters of the financial year are those of the calendar.
    pub fn quarter(self) -> Quarter {
        Quarter(self.0.div_euclid(3))
    }

    /// The place in its quarter: 0, 1 or 2.
    pub fn in_quarter(self) -> usize {
        usize::try_from(self.0.rem_euclid(3)).unwrap_or(0)
    }

    /// The place in its calendar year: 0 for January to 11 for December.
    pub fn in_year(self) -> usize {
        usize::try_from(self.0.rem_euclid(12)).unwrap_or(0)
    }
}

/// A quarter of a financial year; later quarters are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(i32);

impl Quarter {
    /// The place in the financial year: 0 for April to June, 3 for January to March.
    pub fn in_financial_year(self) -> usize {
        usize::try_from((self.0 - 1).rem_euclid(4)).unwrap_or(0)
    }

    /// The last day.
    pub fn last_day(self) -> Date {
        Month(self.0 * 3 + 2).last_day()
    }

    /// The quarter before.
    pub fn before(self) -> Quarter {
        Quarter(self.0 - 1)
    }
}

/// The month ends from `date` to `until`: that of its own month first. The last is `until`, which ends a month only where the
/// financial year does.
pub fn month_ends(date: Date, until: Date) -> Vec<Date> {
    let (first, last) = (Month::of(date), Month::of(until));
    (0..=last.since(first)).map(|months| first.plus(months).last_day().min(until)).collect()
}

/// How much of a month lies after `from` and not after `until`, as days and days in the month.
pub fn left_of_month(month: Month, from: Date, until: Date) -> (i32, i32) {
    let days = i32::from(month.last_day().day());
    let before = if from >= month.last_day() {
        days
    } else if from < month.first_day() {
        0
    } else {
        i32::from(from.day())
    };
    let by = if until >= month.last_day() { days } else { i32::from(until.day()) };
    ((by - before).max(0), days)
}

/// The latest quarter ends before `date`, at most `count`, earliest first.
pub fn quarter_ends_before(date: Date, count: usize) -> Vec<Date> {
    let mut quarter = Month::of(date).quarter();
    while quarter.last_day() >= date {
        quarter = quarter.before();
    }
    let mut ends: Vec<Date> = std::iter::successors(Some(quarter), |quarter| Some(quarter.before()))
        .take(count)
        .map(Quarter::last_day)
        .collect();
    ends.reverse();
    ends
}

/// The day a year before.
pub fn year_before(date: Date) -> Date {
    let before = add_months(date, -12);
    if date == last_of_month(date) { last_of_month(before) } else { before }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    #[test]
    fn months_and_quarters_count_on_through_the_years() {
        let march = Month::of(date(2024, 3, 15));
        assert_eq!(march.last_day(), date(2024, 3, 31));
        assert_eq!(march.plus(10).last_day(), date(2025, 1, 31));
        assert_eq!(march.plus(-3).first_day(), date(2023, 12, 1));
        assert_eq!((march.quarter().in_financial_year(), march.in_quarter()), (3, 2));
        assert_eq!(Month::of(date(2024, 4, 1)).quarter().in_financial_year(), 0);
        assert_eq!(march.plus(1).quarter().before(), march.quarter());
    }

    #[test]
    fn quarter_ends_before_a_day_leave_out_the_day_itself() {
        assert_eq!(
            quarter_ends_before(date(2024, 9, 30), 3),
            [date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30)]
        );
        assert_eq!(quarter_ends_before(date(2024, 10, 1), 1), [date(2024, 9, 30)]);
    }

    #[test]
    fn month_ends_run_from_the_own_month_to_the_last() {
        assert_eq!(month_ends(date(2025, 1, 10), date(2025, 3, 31)).len(), 3);
        assert_eq!(month_ends(date(2025, 3, 31), date(2025, 3, 31)), [date(2025, 3, 31)]);
        // A financial year that ends on 5 April.
        assert_eq!(month_ends(date(2025, 3, 10), date(2025, 4, 5)), [date(2025, 3, 31), date(2025, 4, 5)]);
    }

    #[test]
    fn a_month_can_begin_and_end_in_part() {
        let left = |from: (i16, i8, i8), until: (i16, i8, i8), month: (i16, i8, i8)| {
            let day = |(year, month, day)| date(year, month, day);
            left_of_month(Month::of(day(month)), day(from), day(until))
        };
        assert_eq!(left((2024, 9, 15), (2025, 4, 5), (2024, 9, 1)), (15, 30));
        assert_eq!(left((2024, 9, 15), (2025, 4, 5), (2025, 3, 1)), (31, 31));
        assert_eq!(left((2024, 9, 15), (2025, 4, 5), (2025, 4, 1)), (5, 30));
        assert_eq!(left((2025, 4, 1), (2025, 4, 5), (2025, 4, 1)), (4, 30));
        assert_eq!(left((2025, 4, 5), (2025, 4, 5), (2025, 4, 1)), (0, 30));
    }
}
