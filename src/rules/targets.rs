//! Targets and funded places of an authority by financial year.

use super::Standing;
use crate::dates::{Date, Span, add_months, date, day_before};
use crate::money::Pounds;
use crate::share::Percent;
use std::str::FromStr;

/// What an authority is expected to achieve in a financial year.
#[derive(Clone, Debug)]
pub struct YearTarget {
    /// The financial year, `2024/25`.
    pub financial_year: String,
    /// Results expected.
    pub target: usize,
    /// Results that the grant applies to.
    pub funded_places: usize,
    /// The key of the source in `sources.toml`.
    pub source: String,
    /// How far the figures can be relied on.
    pub standing: Standing,
    /// Grant paid whatever is claimed, where the authority gives it.
    pub upfront_grant: Option<Pounds>,
    /// Money received for results so far, where the authority gives it.
    pub cash_received: Option<Pounds>,
    /// How many of the claims not yet decided are expected to be rejected, where the authority gives it.
    pub expected_rejection: Option<Percent>,
    /// How the authority itself estimates its year end or its grant, where it is known.
    pub method: Option<Method>,
    /// The RAG bands of `position.toml` that the authority uses; `None`: the default ones.
    pub bands: Option<String>,
    /// The profile of `position.toml` that the authority uses; `None`: the default one.
    pub profile: Option<String>,
}

/// How an authority itself estimates, in a sentence, and the case that the sentence speaks of.
#[derive(Clone, Debug)]
pub struct Method {
    /// The sentence.
    pub text: String,
    /// The only as-at date for which it is true; `None`: it holds on any.
    pub as_at: Option<Date>,
    /// The only straight-line shortfall for which it is true; `None`: it holds for any.
    pub at_risk: Option<Pounds>,
}

impl Method {
    /// The sentence, where it speaks of this as-at date and this straight-line shortfall.
    pub fn said_of(&self, as_at: Date, shortfall: Option<Pounds>) -> Option<&str> {
        let holds = self.as_at.is_none_or(|day| day == as_at) && (self.at_risk.is_none() || self.at_risk == shortfall);
        holds.then_some(&self.text)
    }
}

/// The targets of one authority.
#[derive(Clone, Debug)]
pub struct Targets {
    /// The authority's id, as `sfclaim.toml` names it.
    pub authority: String,
    /// Its name.
    pub title: String,
    /// One entry a financial year, earliest first.
    pub years: Vec<YearTarget>,
}

impl Targets {
    /// The target of a financial year by its name, `2024/25`.
    pub fn of_year(&self, name: &str) -> Option<&YearTarget> {
        self.years.iter().find(|year| year.financial_year == name)
    }

    /// The target of the financial year that `date` lies in.
    pub fn at(&self, date: Date, starts: YearStart) -> Option<&YearTarget> {
        self.of_year(&financial_year(date, starts).0)
    }
}

/// The day of each year on which the financial year starts; 1 April unless an authority says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearStart {
    month: i8,
    day: i8,
}

impl Default for YearStart {
    fn default() -> YearStart {
        YearStart { month: 4, day: 1 }
    }
}

impl FromStr for YearStart {
    type Err = ();

    /// Reads a month and a day, `04-01`, that every year has: 29 February is refused.
    fn from_str(text: &str) -> Result<YearStart, ()> {
        let day: Date = format!("2023-{text}").parse().map_err(|_| ())?;
        Ok(YearStart { month: day.month(), day: day.day() })
    }
}

impl YearStart {
    /// The first day of the financial year that starts in the calendar year.
    pub fn in_year(self, year: i16) -> Date {
        date(year, self.month, self.day)
    }

    /// The days of the financial year that starts in the calendar year, both ends included.
    fn days(self, year: i16) -> Span {
        Span { from: self.in_year(year), to: day_before(self.in_year(year.saturating_add(1))) }
    }

    /// The days of a financial year by its name, `2024/25`. `None` for what is no such name.
    pub fn days_of(self, name: &str) -> Option<Span> {
        let (first, second) = name.split_once('/')?;
        let year: i16 = first.parse().ok().filter(|_| first.len() == 4)?;
        (second == format!("{:02}", (year + 1) % 100)).then(|| self.days(year))
    }
}

/// The financial year that `date` lies in: its name, `2024/25`, after the calendar year it starts in, and its days.
pub fn financial_year(date: Date, starts: YearStart) -> (String, Span) {
    let year = if date >= starts.in_year(date.year()) { date.year() } else { date.year() - 1 };
    (format!("{year}/{:02}", (year + 1).rem_euclid(100)), starts.days(year))
}

/// Parts of a financial year of so many months each, both ends included: 3 for quarters, 1 for months.
pub fn parts_of_year(year: Span, months: i32) -> Vec<Span> {
    let starts = |part: i32| add_months(year.from, part * months);
    (0..12 / months).map(|part| Span { from: starts(part), to: day_before(starts(part + 1)) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    #[test]
    fn the_financial_year_runs_from_april_to_march() {
        let starts = YearStart::default();
        assert_eq!(financial_year(date(2024, 3, 31), starts).0, "2023/24");
        assert_eq!(financial_year(date(2024, 4, 1), starts).0, "2024/25");
        assert_eq!(financial_year(date(1999, 4, 1), starts).0, "1999/00");
        let days = Span { from: date(2024, 4, 1), to: date(2025, 3, 31) };
        assert_eq!(financial_year(date(2024, 9, 30), starts).1, days);
        assert_eq!(starts.days_of("2024/25"), Some(days));
        assert_eq!((starts.days_of("2024/26"), starts.days_of("24/25"), starts.days_of("2024")), (None, None, None));
    }

    #[test]
    fn another_first_day_of_the_year_can_be_given() {
        let starts: YearStart = "09-01".parse().unwrap();
        assert_eq!(financial_year(date(2024, 8, 31), starts).0, "2023/24");
        let (name, days) = financial_year(date(2024, 9, 1), starts);
        assert_eq!((name.as_str(), days.to), ("2024/25", date(2025, 8, 31)));
        assert!("02-29".parse::<YearStart>().is_err());
        assert!("4-1".parse::<YearStart>().is_err());
    }

    #[test]
    fn quarters_and_months_fill_the_year() {
        let (_, year) = financial_year(date(2024, 4, 1), YearStart::default());
        let quarters = parts_of_year(year, 3);
        assert_eq!(quarters.len(), 4);
        assert_eq!(quarters[1], Span { from: date(2024, 7, 1), to: date(2024, 9, 30) });
        assert_eq!((quarters[3].to, parts_of_year(year, 1)[10].to), (year.to, date(2025, 2, 28)));
    }
}
