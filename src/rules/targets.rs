//! Targets and funded places of an authority by financial year.

use super::calendar::is_academic_year;
use super::cited::{Cited, text_of};
use super::file::{OpenFile, day};
use super::standing::{Standing, Who};
use crate::dates::{Date, Span, add_months, date, day_before};
use crate::money::Pounds;
use crate::share::Percent;
use serde::Deserialize;
use std::fmt;
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

impl fmt::Display for YearTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "target {}, funded places {}", self.target, self.funded_places)
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
    pub years: Vec<Cited<YearTarget>>,
}

impl Targets {
    /// The target of a financial year by its name, `2024/25`.
    pub fn of_year(&self, name: &str) -> Option<&YearTarget> {
        self.years.iter().map(|year| &year.value).find(|year| year.financial_year == name)
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

impl fmt::Display for YearStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    authority: String,
    title: Option<String>,
    #[serde(default)]
    year: Vec<YearFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    financial_year: String,
    target: usize,
    funded_places: usize,
    source: String,
    standing: Standing,
    who: Option<Who>,
    last_checked: toml::value::Datetime,
    #[allow(dead_code, reason = "for whoever reads the file")]
    note: Option<String>,
    upfront_grant: Option<toml::Value>,
    cash_received: Option<toml::Value>,
    expected_rejection_percent: Option<toml::Value>,
    method: Option<String>,
    method_as_at: Option<toml::value::Datetime>,
    method_at_risk: Option<toml::Value>,
    bands: Option<String>,
    profile: Option<String>,
}

/// More families than any authority has.
const MOST_FAMILIES: usize = 1_000_000;

/// Takes in the file of an authority. Laid over other files it gives the years that it changes or adds.
pub(super) fn take_in(all: &mut Vec<Targets>, file: &mut OpenFile<'_>) {
    let Some(parsed) = file.parsed::<File>() else { return };
    let place = all.iter().position(|targets| targets.authority == parsed.authority);
    let mut targets = match place {
        Some(place) if file.is_over() => all.remove(place),
        Some(_) => {
            file.problem(format!("the targets of {} are given in two files.", parsed.authority));
            return;
        }
        None => Targets { authority: parsed.authority.clone(), title: String::new(), years: Vec::new() },
    };
    targets.title = parsed.title.unwrap_or(targets.title);
    if targets.title.is_empty() {
        file.problem("title is missing: give the authority's name.");
    }
    for entry in parsed.year {
        let name = entry.financial_year.clone();
        let Some(year) = year(file, &parsed.authority, &targets.title, entry) else { continue };
        match targets.years.iter_mut().find(|other| other.value.financial_year == name) {
            None => targets.years.push(year),
            Some(other) if file.may_replace(&other.file, &name) => *other = year,
            Some(_) => {}
        }
    }
    targets.years.sort_by(|a, b| a.value.financial_year.cmp(&b.value.financial_year));
    for pair in targets.years.windows(2) {
        let (before, after) = (&pair[0].value.financial_year, &pair[1].value.financial_year);
        if before.get(5..7) != after.get(2..4) {
            file.note(format!("there is a gap between {before} and {after}."));
        }
    }
    all.insert(place.unwrap_or(all.len()), targets);
}

/// One year; `None` where it cannot be read, which is told.
fn year(file: &mut OpenFile<'_>, authority: &str, title: &str, entry: YearFile) -> Option<Cited<YearTarget>> {
    let name = &entry.financial_year;
    if !is_academic_year(name) {
        file.problem(format!("\"{name}\" is not a financial year: write it as 2024/25."));
    }
    if entry.target > MOST_FAMILIES || entry.funded_places > MOST_FAMILIES {
        file.problem(format!("{name}: a target or number of funded places above {MOST_FAMILIES} is none."));
    }
    if entry.funded_places > entry.target {
        file.note(format!("{name}: more funded places than the target."));
    }
    file.cite(&entry.source, format!("the target of {name}"));
    let mut money = |what: &str, given: &Option<toml::Value>| {
        let amount = given.as_ref().map(|value| Pounds::read_grant(&text_of(value)));
        if amount == Some(None) {
            file.problem(format!(
                "{name}: {what} is no amount in pounds from 0 to 1,000,000,000 with at most two decimals."
            ));
        }
        amount.flatten()
    };
    let upfront_grant = money("upfront_grant", &entry.upfront_grant);
    let cash_received = money("cash_received", &entry.cash_received);
    let at_risk = money("method_at_risk", &entry.method_at_risk);
    let as_at = entry.method_as_at.as_ref().map(day);
    if as_at == Some(None) {
        file.problem(format!("{name}: method_as_at is no day."));
    }
    let rejection = entry.expected_rejection_percent.as_ref().map(|value| text_of(value).parse::<Percent>());
    if rejection == Some(Err(())) {
        file.problem(format!("{name}: expected_rejection_percent is no percentage."));
    }
    let last_checked = file.day(&entry.last_checked, &format!("last_checked of {name}"))?;
    Some(Cited {
        key: format!("{authority}.{name}"),
        value: YearTarget {
            financial_year: entry.financial_year,
            target: entry.target,
            funded_places: entry.funded_places,
            upfront_grant,
            cash_received,
            expected_rejection: rejection.and_then(|read| read.ok()),
            method: entry.method.map(|text| Method { text, as_at: as_at.flatten(), at_risk }),
            bands: entry.bands,
            profile: entry.profile,
        },
        unit: "results".to_owned(),
        title: format!("Results expected of {title} in the financial year, and those that the grant pays for"),
        source: entry.source,
        standing: entry.standing,
        who: entry.who.unwrap_or(Who::Local),
        last_checked,
        file: file.name.to_owned(),
    })
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
