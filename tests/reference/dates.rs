//! Civil dates, through day numbers. Months as in the head of the contract, school age as in `domain.md`, "Attendance".

/// A civil date. Compares in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub y: i64,
    pub m: i64,
    pub d: i64,
}

pub fn is_leap(y: i64) -> bool {
    (y % 4 == 0 && y % 100 != 0) || y % 400 == 0
}

pub fn days_in_month(y: i64, m: i64) -> i64 {
    match m {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(y) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Day 0 is 1 January of the year 1, a Monday.
pub fn day_number(date: Date) -> i64 {
    let before = date.y - 1;
    let mut days = before * 365 + before / 4 - before / 100 + before / 400;
    for m in 1..date.m {
        days += days_in_month(date.y, m);
    }
    days + date.d - 1
}

pub fn from_day_number(number: i64) -> Date {
    // The year by a guess that is never too late, then forward step by step.
    let mut date = Date { y: number / 366 + 1, m: 1, d: 1 };
    while day_number(Date { y: date.y + 1, m: 1, d: 1 }) <= number {
        date.y += 1;
    }
    while date.m < 12 && day_number(Date { m: date.m + 1, ..date }) <= number {
        date.m += 1;
    }
    date.d += number - day_number(date);
    date
}

pub fn add_days(date: Date, days: i64) -> Date {
    from_day_number(day_number(date) + days)
}

/// Head of the contract: calendar months, the last day where the day does not exist.
pub fn add_months(date: Date, months: i64) -> Date {
    let all = date.y * 12 + (date.m - 1) + months;
    let y = all.div_euclid(12);
    let m = all.rem_euclid(12) + 1;
    Date { y, m, d: date.d.min(days_in_month(y, m)) }
}

/// "Years are 12 months."
pub fn add_years(date: Date, years: i64) -> Date {
    add_months(date, 12 * years)
}

/// 0 is Monday, 6 is Sunday.
pub fn weekday(date: Date) -> i64 {
    day_number(date).rem_euclid(7)
}

/// Monday to Friday, both ends included (section 1, "Coverage").
pub fn weekdays_between(first: Date, last: Date) -> i64 {
    let mut count = 0;
    let mut day = first;
    while day <= last {
        if weekday(day) < 5 {
            count += 1;
        }
        day = add_days(day, 1);
    }
    count
}

/// `2024-09-30` and nothing else.
pub fn parse(text: &str) -> Option<Date> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i64> {
        let part = &b[from..to];
        if part.iter().all(|c| c.is_ascii_digit()) {
            Some(part.iter().fold(0, |n, c| n * 10 + i64::from(c - b'0')))
        } else {
            None
        }
    };
    let date = Date { y: number(0, 4)?, m: number(5, 7)?, d: number(8, 10)? };
    let real = date.y >= 1 && (1..=12).contains(&date.m) && date.d >= 1 && date.d <= days_in_month(date.y, date.m);
    if real { Some(date) } else { None }
}

/// A date with slashes, `30/09/2024`: read day first, and read month first.
pub fn parse_both_ways(text: &str) -> (Option<Date>, Option<Date>) {
    let parts: Vec<&str> = text.split('/').collect();
    let number = |part: &str, longest: usize| -> Option<i64> {
        let digits = !part.is_empty() && part.len() <= longest && part.bytes().all(|c| c.is_ascii_digit());
        if digits { part.parse().ok() } else { None }
    };
    let (Some(a), Some(b), Some(y)) = (
        parts.first().and_then(|part| number(part, 2)),
        parts.get(1).and_then(|part| number(part, 2)),
        parts.get(2).and_then(|part| if part.len() == 4 { number(part, 4) } else { None }),
    ) else {
        return (None, None);
    };
    if parts.len() != 3 {
        return (None, None);
    }
    let real = |m: i64, d: i64| -> Option<Date> {
        let real = y >= 1 && (1..=12).contains(&m) && d >= 1 && d <= days_in_month(y, m);
        if real { Some(Date { y, m, d }) } else { None }
    };
    (real(b, a), real(a, b))
}

pub fn show(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.y, date.m, date.d)
}

/// Blank where there is none.
pub fn show_or_blank(date: Option<Date>) -> String {
    match date {
        Some(date) => show(date),
        None => String::new(),
    }
}

/// domain.md: the first of 31 August, 31 December, 31 March on or after the fifth birthday.
pub fn school_age_starts(born: Date) -> Date {
    let mut day = add_years(born, 5);
    while !((day.d == 31) && (day.m == 8 || day.m == 12 || day.m == 3)) {
        day = add_days(day, 1);
    }
    day
}

/// domain.md: the last Friday in June of the school year (1 September to 31 August) in which the child turns 16.
pub fn school_age_ends(born: Date) -> Date {
    let sixteen = add_years(born, 16);
    let june_year = if sixteen.m >= 9 { sixteen.y + 1 } else { sixteen.y };
    let mut day = Date { y: june_year, m: 6, d: 30 };
    while weekday(day) != 4 {
        day = add_days(day, -1);
    }
    day
}

pub fn of_school_age(born: Date, on: Date) -> bool {
    school_age_starts(born) <= on && on <= school_age_ends(born)
}

/// So many years old or older: from the birthday on.
pub fn at_least(born: Date, years: i64, on: Date) -> bool {
    on >= add_years(born, years)
}

/// Under 18: the 18th birthday is still to come (head of the contract: of 29 February, it is 28 February).
pub fn under_18(born: Date, on: Date) -> bool {
    on < add_years(born, 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        parse(text).unwrap()
    }

    #[test]
    fn months_and_weekdays() {
        assert_eq!(show(add_months(date("2022-08-31"), 6)), "2023-02-28");
        assert_eq!(show(add_months(date("2023-08-31"), 6)), "2024-02-29");
        assert_eq!(show(add_years(date("2004-02-29"), 18)), "2022-02-28");
        assert_eq!(show(add_months(date("2024-03-31"), -1)), "2024-02-29");
        assert_eq!(weekday(date("2024-09-30")), 0);
        assert_eq!(weekday(date("2026-11-22")), 6);
        assert_eq!(weekdays_between(date("2024-09-02"), date("2024-09-15")), 10);
        for number in [0, 364, 365, 730_000, 738_000, 738_945, 739_310] {
            assert_eq!(day_number(from_day_number(number)), number);
        }
        assert_eq!(show(add_days(date("2024-02-28"), 2)), "2024-03-01");
        assert!(parse("2023-02-29").is_none() && parse("2023-2-09").is_none() && parse("30/09/2024").is_none());
    }

    #[test]
    fn day_and_month() {
        let shown = |text: &str| {
            let (day_first, month_first) = parse_both_ways(text);
            format!("{} {}", show_or_blank(day_first), show_or_blank(month_first))
        };
        assert_eq!(shown("03/04/2024"), "2024-04-03 2024-03-04");
        assert_eq!(shown("30/9/2024"), "2024-09-30 ");
        assert_eq!(shown("09/30/2024"), " 2024-09-30");
        assert_eq!(shown("29/02/2023"), " ");
        assert_eq!(shown("1/2/24") + &shown("1/2") + &shown("1/2/2024/1") + &shown("2024-09-30"), "    ");
    }

    /// The five examples of domain.md.
    #[test]
    fn school_age() {
        assert_eq!(show(school_age_starts(date("2019-02-10"))), "2024-03-31");
        assert_eq!(show(school_age_ends(date("2019-02-10"))), "2035-06-29");
        assert_eq!(show(school_age_starts(date("2019-03-31"))), "2024-03-31");
        assert_eq!(show(school_age_starts(date("2019-04-01"))), "2024-08-31");
        assert_eq!(show(school_age_starts(date("2008-09-01"))), "2013-12-31");
        assert_eq!(show(school_age_ends(date("2008-09-01"))), "2025-06-27");
        assert_eq!(show(school_age_ends(date("2008-08-31"))), "2024-06-28");
    }
}
