//! Dates as councils write them: the forms, and what they say of the order of day and month.

use super::day::{Date, add_days, date};
use std::str::FromStr;

/// Which number comes first in a date such as `03/04/2024`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 3 April, as it is written in Britain.
    #[default]
    DayFirst,
    /// 4 March, as some systems export it.
    MonthFirst,
    /// Nobody has said, and nearly all dates of the file that can be read one way only have the day first: so have those
    /// that can be read both ways.
    #[serde(skip)]
    MostlyDayFirst,
    /// Nobody has said, and the file itself shows that the month may come first: what could be read either way is not
    /// read, and what can be read one way only is read that way.
    #[serde(skip)]
    Unsettled,
}

impl DateOrder {
    /// All of them.
    pub const ALL: [DateOrder; 4] =
        [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::MostlyDayFirst, DateOrder::Unsettled];
}

/// What the way in which a date is written says of the order of day and month in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing: the year comes first, or the month has a name.
    Plain,
    /// Nothing, though the order matters: `03/04/2024`.
    EitherWay,
    /// The day comes first: `30/09/2024`.
    DayFirst,
    /// The month comes first: `09/30/2024`.
    MonthFirst,
    /// A day as spreadsheets count them: `45565`.
    Serial,
}

/// Reads a date as councils write it, the day first: see [`read_in`].
pub fn read(text: &str) -> Option<Date> {
    read_in(text, DateOrder::DayFirst)
}

/// Reads a date as councils write it: `2024-09-30`, `30/09/2024` (in the order given), `30-09-2024`, `30.09.2024`,
/// `2024-Sep-30`, `30 Sep 2024`, each with an optional time of day behind it, or the number of a day as spreadsheets
/// count them (`45565`). Two-digit years are refused, since the century would be a guess.
///
/// Returns `None` for anything else; the caller knows the file and row to complain about.
pub fn read_in(text: &str, order: DateOrder) -> Option<Date> {
    let text = text.trim();
    // The common form, without any splitting.
    if let Some(date) = year_first(text.as_bytes()) {
        return date;
    }
    if let Some(serial) = serial(text) {
        return Some(of_serial(serial));
    }
    let [first, second, third] = parts(text)?;
    if order == DateOrder::Unsettled && form(text) == Form::EitherWay {
        return None;
    }
    let month_first = match order {
        DateOrder::DayFirst => false,
        DateOrder::MonthFirst => true,
        DateOrder::MostlyDayFirst | DateOrder::Unsettled => form(text) == Form::MonthFirst,
    };
    let (year, month, day) = match (first.len(), third.len(), month_first) {
        (4, 1..=2, _) => (first, second, third),
        (1..=2, 4, true) if second.len() <= 2 => (third, first, second),
        (1..=2, 4, _) => (third, second, first),
        // September 30, 2024
        (3.., 4, _) if second.len() <= 2 => (third, first, second),
        _ => return None,
    };
    date_of(digits(year)?, month_number(month)?, digits(day)?)
}

/// A text of ten characters with the year first, `2024-09-30`: its date, or none where there is no such day. `None` for
/// another form.
pub(super) fn year_first(bytes: &[u8]) -> Option<Option<Date>> {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number =
        |range: &[u8]| range.iter().try_fold(0i16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0')));
    Some(date_of(number(&bytes[..4])?, number(&bytes[5..7])?, number(&bytes[8..])?))
}

/// How a date is written, by the orders in which it can be read.
pub fn form(text: &str) -> Form {
    let text = text.trim();
    if serial(text).is_some() {
        return Form::Serial;
    }
    let Some([first, second, third]) = parts(text) else { return Form::Plain };
    if first.len() > 2 || third.len() != 4 {
        return Form::Plain;
    }
    let (Some(first), Some(second), Some(year)) = (digits(first), digits(second), digits(third)) else {
        return Form::Plain;
    };
    match (date_of(year, second, first).is_some(), date_of(year, first, second).is_some()) {
        (true, false) => Form::DayFirst,
        (false, true) => Form::MonthFirst,
        (true, true) if first != second => Form::EitherWay,
        _ => Form::Plain,
    }
}

/// Year, month and day in the order in which they stand.
fn parts(text: &str) -> Option<[&str; 3]> {
    let mut parts = without_time(text)?.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty());
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

/// The number of a day as spreadsheets count them, where a text is one: five digits (from 1927 on), with a time of day
/// behind the point or without.
fn serial(text: &str) -> Option<i32> {
    let (day, time) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (day.len() == 5 && !day.starts_with('0') && all_digits(day) && all_digits(time)).then(|| day.parse().ok())?
}

/// The day of a number as spreadsheets count them. They take 1900 for a leap year, so that counting begins a day early.
pub fn of_serial(serial: i32) -> Date {
    const BEFORE_THE_FIRST: Date = date(1899, 12, 30);
    add_days(BEFORE_THE_FIRST, serial)
}

fn date_of(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// The text before a time of day (`00:00:00`, `T00:00:00`), or all of it.
/// What stands behind must look like a time: anything else is not a date.
fn without_time(text: &str) -> Option<&str> {
    let Some(colon) = text.find(':') else { return Some(text) };
    let gap = text[..colon].rfind([' ', 'T'])?;
    let (day_part, time) = (&text[..gap], &text[gap + 1..]);
    let lower = time.to_ascii_lowercase();
    let time = ["am", "pm"]
        .iter()
        .find_map(|half| lower.strip_suffix(half))
        .map_or(time, |time| &text[gap + 1..][..time.len()]);
    let time = time.trim_end().trim_end_matches('Z');
    time.chars().all(|c| c.is_ascii_digit() || c == ':' || c == '.').then_some(day_part.trim_end())
}

fn digits(text: &str) -> Option<i16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn month_number(text: &str) -> Option<i16> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if text.len() <= 2 {
        return digits(text);
    }
    let lower = text.to_lowercase();
    let position = NAMES.iter().position(|name| lower.starts_with(name))?;
    i16::try_from(position + 1).ok()
}

impl FromStr for Date {
    type Err = ();

    /// Reads a date as this program writes it, `2024-09-30`, and nothing else: see [`read`] for how councils write them.
    fn from_str(text: &str) -> Result<Date, ()> {
        year_first(text.as_bytes()).flatten().ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_that_councils_use() {
        let day = Some(date(2024, 9, 30));
        for text in [
            "2024-09-30",
            " 30/09/2024 ",
            "2024-Sep-30 00:00:00",
            "30 September 2024",
            "30-Sep-2024",
            "2024-09-30T00:00:00Z",
            "30/09/2024 00:00",
            "30/09/2024 9:05 AM",
            "30/09/2024 09:05:00pm",
            "30.09.2024",
            "September 30, 2024",
            // Excel's own count: =DATE(2024;9;30) shown as a number.
            "45565",
            "45565.0",
            "45565.75",
        ] {
            assert_eq!(read(text), day, "{text}");
        }
        for text in [
            "30/09/24",
            "2024-02-30",
            "31/31/2024",
            "2024-09",
            "",
            "tomorrow",
            "2024-09-30 or so: later",
            "09/30/2024",
            "4556",
            "455650",
            "45565.",
            "04556",
            "-45565",
            "2024",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_month_may_be_said_to_come_first() {
        let month_first = |text| read_in(text, DateOrder::MonthFirst);
        assert_eq!(month_first("09/30/2024"), Some(date(2024, 9, 30)));
        assert_eq!(month_first("03/04/2024"), Some(date(2024, 3, 4)));
        assert_eq!(read("03/04/2024"), Some(date(2024, 4, 3)));
        assert_eq!(month_first("30/09/2024"), None);
        // Where there is nothing to choose the order changes nothing.
        for text in ["2024-09-30", "30 Sep 2024", "Sep 30 2024", "45565"] {
            assert_eq!(month_first(text), Some(date(2024, 9, 30)), "{text}");
        }
    }

    #[test]
    fn what_could_be_read_either_way_is_not_read_where_the_order_is_unsettled() {
        let unsettled = |text| read_in(text, DateOrder::Unsettled);
        assert_eq!(unsettled("03/04/2024"), None);
        assert_eq!(unsettled("3.4.2024 09:00"), None);
        assert_eq!(unsettled("30/09/2024"), Some(date(2024, 9, 30)));
        for text in ["2024-09-30", "30 Sep 2024", "45565", "30/09/2024 00:00", "09/30/2024"] {
            assert_eq!(unsettled(text), Some(date(2024, 9, 30)), "{text}");
        }
        assert_eq!(unsettled("04/04/2024"), Some(date(2024, 4, 4)));
        let mostly = |text| read_in(text, DateOrder::MostlyDayFirst);
        assert_eq!(mostly("03/04/2024"), Some(date(2024, 4, 3)));
        assert_eq!(mostly("09/30/2024"), Some(date(2024, 9, 30)));
        assert_eq!(mostly("13/13/2024"), None);
    }

    #[test]
    fn the_form_of_a_date_says_what_it_tells_of_the_order() {
        for (text, expected) in [
            ("2024-09-30", Form::Plain),
            ("30 Sep 2024", Form::Plain),
            ("03/04/2024", Form::EitherWay),
            ("3.4.2024 00:00", Form::EitherWay),
            ("04/04/2024", Form::Plain),
            ("30/09/2024", Form::DayFirst),
            ("09/30/2024", Form::MonthFirst),
            ("30/30/2024", Form::Plain),
            // Days that there are not, in either order.
            ("31/02/2024", Form::Plain),
            ("02/30/2024", Form::Plain),
            ("00/05/2024", Form::Plain),
            ("45565", Form::Serial),
        ] {
            assert_eq!(form(text), expected, "{text}");
        }
    }
}
