//! A civil date, and the arithmetic on it.

use chrono::{Datelike, Days, Months, NaiveDate};
use std::fmt::{self, Display, Formatter};

/// A civil date, without time or zone, of the years -9999 to 9999. Shown as `2024-09-30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The first day that can be written.
    pub const MIN: Date = Date(match NaiveDate::from_ymd_opt(-9999, 1, 1) {
        Some(day) => day,
        None => NaiveDate::MIN,
    });

    /// The last day that can be written.
    pub const MAX: Date = Date(match NaiveDate::from_ymd_opt(9999, 12, 31) {
        Some(day) => day,
        None => NaiveDate::MAX,
    });

    /// The day of these numbers; `None` where there is no such day.
    pub const fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        if year < -9999 || year > 9999 || month < 1 || day < 1 {
            return None;
        }
        match NaiveDate::from_ymd_opt(year as i32, month as u32, day as u32) {
            Some(day) => Some(Date(day)),
            None => None,
        }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year() as i16
    }

    /// The month, from 1.
    pub fn month(self) -> i8 {
        self.0.month() as i8
    }

    /// The day of the month, from 1.
    pub fn day(self) -> i8 {
        self.0.day() as i8
    }

    /// What a sum gave, or the first or last day that can be written where it leads beyond them.
    fn within(day: Option<NaiveDate>, is_later: bool) -> Date {
        match day {
            Some(day) => Date(day).clamp(Date::MIN, Date::MAX),
            None if is_later => Date::MAX,
            None => Date::MIN,
        }
    }
}

impl Default for Date {
    /// 1 January of the year 0: no date that anything happened on.
    fn default() -> Date {
        date(0, 1, 1)
    }
}

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year(), self.month(), self.day());
        if year < 0 {
            return write!(f, "-{:06}-{month:02}-{day:02}", year.unsigned_abs());
        }
        let digit = |number: i16| b'0' + (number % 10) as u8;
        let (tens, ones) = (|number: i8| digit(i16::from(number) / 10), |number: i8| digit(i16::from(number)));
        let text = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            tens(month),
            ones(month),
            b'-',
            tens(day),
            ones(day),
        ];
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The day of these numbers; the last day that can be written where there is no such day.
pub const fn date(year: i16, month: i8, day: i8) -> Date {
    match Date::new(year, month, day) {
        Some(date) => date,
        None => Date::MAX,
    }
}

/// The day `months` calendar months after `date` (before it when negative). Where that day does not
/// exist, the last day of the month: 31 August + 6 months = 28 February, 29 in a leap year.
///
/// A sum that leaves the years that can be written stays at the nearest date.
pub fn add_months(date: Date, months: i32) -> Date {
    let by = Months::new(months.unsigned_abs());
    Date::within(if months < 0 { date.0.checked_sub_months(by) } else { date.0.checked_add_months(by) }, months > 0)
}

/// The day `years` years after `date`, as 12 months each: 29 February + 18 years = 28 February.
pub fn add_years(date: Date, years: i32) -> Date {
    add_months(date, years.saturating_mul(12))
}

/// The day `days` days after `date` (before it when negative). A sum that leaves the years that can be written stays at
/// the nearest date.
pub fn add_days(date: Date, days: i32) -> Date {
    let by = Days::new(u64::from(days.unsigned_abs()));
    Date::within(if days < 0 { date.0.checked_sub_days(by) } else { date.0.checked_add_days(by) }, days > 0)
}

/// The day `weeks` weeks after `date`.
pub fn weeks_after(date: Date, weeks: i32) -> Date {
    add_days(date, weeks.saturating_mul(7))
}

/// The day after `date`.
pub fn day_after(date: Date) -> Date {
    add_days(date, 1)
}

/// The day before `date`.
pub fn day_before(date: Date) -> Date {
    add_days(date, -1)
}

/// How many days after `from` the day `to` comes; negative when before it.
pub fn days_between(from: Date, to: Date) -> i32 {
    day_number(to) - day_number(from)
}

/// The first day of the month of `date`.
pub fn first_of_month(date: Date) -> Date {
    add_days(date, 1 - i32::from(date.day()))
}

/// The last day of the month of `date`.
pub fn last_of_month(date: Date) -> Date {
    add_days(date, i32::from(date.0.num_days_in_month()) - i32::from(date.day()))
}

/// The number of a day, counted from 1 January 1970, which is 0: a date that can index an array.
pub fn day_number(date: Date) -> i32 {
    date.0.to_epoch_days()
}

/// The day of a number; the first or last day that can be written where there is no such day.
pub fn of_day_number(number: i32) -> Date {
    Date::within(NaiveDate::from_epoch_days(number), number > 0)
}

/// The day and time so many parts of a second after 1970 began, `2024-09-30T00:00:00`; `None` where the day cannot be
/// written. Of parts of the second those that are not zero are shown.
pub fn time_since_1970(parts: i64, parts_a_second: i64) -> Option<String> {
    let (seconds, rest) = (parts.div_euclid(parts_a_second), parts.rem_euclid(parts_a_second));
    let number = i32::try_from(seconds.div_euclid(86_400)).ok()?;
    let date = of_day_number(number);
    let second = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let width = parts_a_second.ilog10() as usize;
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:0width$}") };
    let time = format!("{date}T{hour:02}:{minute:02}:{second:02}{}", fraction.trim_end_matches('0'));
    (day_number(date) == number).then_some(time)
}

/// A date as people write it: `30 September 2024`.
pub fn in_words(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!("{} {} {}", date.day(), MONTHS[date.0.month0() as usize], date.year())
}

/// How many days after Monday the day is: 0 for Monday to 6 for Sunday.
pub fn days_since_monday(date: Date) -> i32 {
    date.0.weekday().num_days_from_monday() as i32
}

/// Whether `date` is a Monday.
pub fn is_monday(date: Date) -> bool {
    days_since_monday(date) == 0
}

/// Whether `date` is a Monday, Tuesday, Wednesday, Thursday or Friday.
pub fn is_weekday(date: Date) -> bool {
    days_since_monday(date) < 5
}

/// A run of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day, itself included.
    pub to: Date,
}

impl Span {
    /// Whether `date` is one of the days.
    pub fn covers(self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }

    /// The number of Mondays to Fridays in the span.
    pub fn weekdays(self) -> i64 {
        let (from, to) = (day_number(self.from), day_number(self.to));
        let weeks = ((to - from + 1) / 7).max(0);
        let others = from + 7 * weeks..=to;
        i64::from(5 * weeks) + others.filter(|number| is_weekday(of_day_number(*number))).count() as i64
    }
}

/// Compulsory school age of a child born on `born`: from the first of 31 August, 31 December and
/// 31 March on or after the fifth birthday, to the last Friday in June of the school year
/// (1 September to 31 August) in which the child turns 16.
///
/// Source: Education Act 1996, section 8, and the School Leaving Date Order 1997.
pub fn school_age(born: Date) -> Span {
    let fifth = add_years(born, 5);
    let year = fifth.year();
    let from =
        [date(year, 3, 31), date(year, 8, 31)].into_iter().find(|day| *day >= fifth).unwrap_or(date(year, 12, 31));
    let sixteenth = add_years(born, 16);
    let leaving_year = if sixteenth.month() >= 9 { sixteenth.year() + 1 } else { sixteenth.year() };
    let end_of_june = date(leaving_year, 6, 30);
    Span { from, to: add_days(end_of_june, -(days_since_monday(end_of_june) - 4).rem_euclid(7)) }
}

/// Whether a person born on `born` is under 18 on `day`. Someone born on 29 February turns 18 on 28 February.
pub fn is_under_18(born: Date, day: Date) -> bool {
    day < add_years(born, 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Examples of domain.md: compulsory school age.
    #[test]
    fn school_age_starts_and_ends_on_the_prescribed_days() {
        for (born, from, to) in [
            (date(2019, 2, 10), date(2024, 3, 31), date(2035, 6, 29)),
            (date(2019, 3, 31), date(2024, 3, 31), date(2035, 6, 29)),
            (date(2019, 4, 1), date(2024, 8, 31), date(2035, 6, 29)),
            (date(2008, 9, 1), date(2013, 12, 31), date(2025, 6, 27)),
            (date(2008, 8, 31), date(2013, 8, 31), date(2024, 6, 28)),
        ] {
            assert_eq!(school_age(born), Span { from, to }, "born {born}");
        }
    }

    #[test]
    fn months_end_on_the_last_day_where_the_day_does_not_exist() {
        assert_eq!(add_months(date(2023, 8, 31), 6), date(2024, 2, 29));
        assert_eq!(add_months(date(2022, 8, 31), 6), date(2023, 2, 28));
        assert_eq!(add_years(date(2004, 2, 29), 18), date(2022, 2, 28));
        assert_eq!(add_years(date(2004, 2, 29), 20), date(2024, 2, 29));
    }

    #[test]
    fn a_person_born_on_29_february_turns_18_on_28_february() {
        assert!(is_under_18(date(2004, 2, 29), date(2022, 2, 27)));
        assert!(!is_under_18(date(2004, 2, 29), date(2022, 2, 28)));
    }

    #[test]
    fn dates_at_the_end_of_time_do_not_stop_the_program() {
        assert_eq!(school_age(date(9994, 12, 1)).to.year(), 9999);
        assert_eq!(add_years(date(9999, 1, 1), 100), Date::MAX);
    }

    #[test]
    fn days_are_numbered_from_1970_and_back() {
        for (day, number) in [(date(1970, 1, 1), 0), (date(1969, 12, 31), -1), (date(2024, 9, 30), 19_996)] {
            assert_eq!(day_number(day), number);
            assert_eq!(of_day_number(number), day);
        }
        assert_eq!(of_day_number(i32::MAX), Date::MAX);
    }

    #[test]
    fn a_sum_that_leaves_the_dates_that_can_be_written_stays_at_the_nearest() {
        assert_eq!(add_months(date(9999, 12, 1), 1), Date::MAX);
        assert_eq!(add_months(date(2024, 1, 31), i32::MIN), Date::MIN);
        assert_eq!(add_days(date(2024, 1, 31), i32::MAX), Date::MAX);
        assert_eq!(of_day_number(i32::MIN), Date::MIN);
        assert_eq!((Date::new(2023, 2, 29), Date::new(10_000, 1, 1), Date::new(2024, 0, 1)), (None, None, None));
        assert_eq!(date(2023, 2, 29), Date::MAX);
    }

    #[test]
    fn months_and_weeks_have_their_ends() {
        assert_eq!(add_months(date(2024, 3, 31), -1), date(2024, 2, 29));
        assert_eq!(
            (first_of_month(date(2024, 2, 29)), last_of_month(date(2024, 2, 1))),
            (date(2024, 2, 1), date(2024, 2, 29))
        );
        assert_eq!(
            (day_before(date(2024, 3, 1)), day_after(date(2024, 2, 28))),
            (date(2024, 2, 29), date(2024, 2, 29))
        );
        assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
        assert!(is_monday(date(2024, 9, 30)) && !is_weekday(date(2024, 9, 29)) && !is_weekday(date(2024, 9, 28)));
    }

    #[test]
    fn dates_are_written_with_the_year_first_and_read_back() {
        for (day, text) in [(date(2024, 9, 3), "2024-09-03"), (date(5, 1, 12), "0005-01-12")] {
            assert_eq!((day.to_string().as_str(), text.parse()), (text, Ok(day)));
        }
        assert_eq!(of_day_number(-719_529).to_string(), "-000001-12-31");
        for text in ["2024-9-03", "20240903", "2024-09-03T00:00", "2023-02-29", ""] {
            assert_eq!(text.parse::<Date>(), Err(()), "{text}");
        }
        assert_eq!(in_words(date(2024, 9, 3)), "3 September 2024");
    }

    #[test]
    fn times_of_a_system_are_written_without_a_zone() {
        assert_eq!(time_since_1970(1_727_654_400_000, 1000).as_deref(), Some("2024-09-30T00:00:00"));
        assert_eq!(time_since_1970(-500_000, 1_000_000).as_deref(), Some("1969-12-31T23:59:59.5"));
        // What systems write for "no end".
        assert_eq!(time_since_1970(253_402_214_400_000, 1000).as_deref(), Some("9999-12-31T00:00:00"));
        assert_eq!(time_since_1970(253_402_300_800_000, 1000), None);
        assert_eq!(time_since_1970(i64::MAX, 1000), None);
    }

    #[test]
    fn weekdays_leave_out_the_weekend() {
        assert_eq!(Span { from: date(2024, 9, 2), to: date(2024, 9, 15) }.weekdays(), 10);
        // From a Saturday to the Sunday of the week after, and a span that ends before it begins.
        assert_eq!(Span { from: date(2024, 9, 7), to: date(2024, 9, 15) }.weekdays(), 5);
        assert_eq!(Span { from: date(2024, 9, 6), to: date(2024, 9, 16) }.weekdays(), 7);
        assert_eq!(Span { from: date(2024, 9, 15), to: date(2024, 9, 2) }.weekdays(), 0);
    }
}
