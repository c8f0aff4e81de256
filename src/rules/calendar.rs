//! The school calendar: which terms there are, in order. It comes from the rule pack (an assumption) or
//! from the authority's own `terms` table.

use super::council_words::{CouncilWords, Half};
use super::file::{OpenFile, day};
use super::standing::{Standing, Who};
use crate::dates::{Date, Span};
use crate::ids::is_dash;
use crate::indexed::{Indexed, Number};
use crate::numbers;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One school term of one academic year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The academic year, `2023/24`.
    pub academic_year: String,
    /// The term's name, `Autumn`.
    pub term: String,
    /// Its days, both ends included.
    pub span: Span,
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{} {}", self.term, self.academic_year))
    }
}

numbers! {
    /// The number of a term in its calendar; the earliest has the lowest.
    TermIndex
}

/// All terms of a calendar, earliest first, none overlapping another.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Where it comes from, in words: the pack's calendar, or the authority's file.
    pub origin: String,
    terms: Indexed<TermIndex, Term>,
    by_name: FxHashMap<(String, String), TermIndex>,
}

impl Calendar {
    /// A calendar of these terms, in any order.
    ///
    /// # Errors
    /// Says which terms overlap, end before they start, or are given twice.
    pub fn new(origin: String, mut terms: Vec<Term>) -> Result<Calendar, String> {
        if terms.is_empty() {
            return Err("the calendar has no terms".to_owned());
        }
        terms.sort_by_key(|term| (term.span.from, term.span.to));
        let mut by_name = FxHashMap::default();
        let terms = Indexed::from(terms);
        for (index, term) in terms.numbered() {
            if term.span.to < term.span.from {
                return Err(format!("{term} ends before it starts"));
            }
            if by_name.insert((term.academic_year.clone(), folded(&term.term)), index).is_some() {
                return Err(format!("{term} is given twice"));
            }
        }
        if let Some(pair) = terms.windows(2).find(|pair| pair[1].span.from <= pair[0].span.to) {
            return Err(format!("{} and {} overlap", pair[0], pair[1]));
        }
        Ok(Calendar { origin, terms, by_name })
    }

    /// The term at a place.
    pub fn term(&self, index: TermIndex) -> &Term {
        &self.terms[index]
    }

    /// All terms, earliest first.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The term that a date lies in.
    pub fn at(&self, date: Date) -> Option<TermIndex> {
        let after = self.terms.partition_point(|term| term.span.from <= date);
        after.checked_sub(1).map(TermIndex::at).filter(|index| self.terms[*index].span.covers(date))
    }

    /// The term of this academic year, in any of its forms, and name: trimmed and in any case of letters, or in words of the
    /// council's own (`Spr`, `Spring Term 2024`).
    pub fn named(&self, academic_year: &str, term: &str) -> Option<TermIndex> {
        let year = academic_year_of(academic_year).unwrap_or_else(|| academic_year.trim().to_owned());
        let named = |term: &str| self.by_name.get(&(year.clone(), folded(term))).copied();
        named(term).or_else(|| {
            let words = CouncilWords::get();
            if let Some(meant) = words.term(term) {
                return named(meant);
            }
            // The year may stand behind the name once more; another year is another term.
            let (name, behind) = term.trim().rsplit_once(char::is_whitespace)?;
            let index = words.term(name).and_then(named).or_else(|| named(name))?;
            self.is_in_year(index, behind).then_some(index)
        })
    }

    /// The term that a half-term of this academic year belongs to (`Autumn 1`, `HT4`, `Spring 2 2024`), and which half it is. A name
    /// that is a term's own is none: see [`Calendar::named`].
    pub fn half_named(&self, academic_year: &str, text: &str) -> Option<(TermIndex, Half)> {
        let named = |text: &str| {
            let (term, half) = CouncilWords::get().half_term(text)?;
            Some((self.named(academic_year, term)?, half))
        };
        named(text).or_else(|| {
            let (name, behind) = text.trim().rsplit_once(char::is_whitespace)?;
            named(name).filter(|(index, _)| self.is_in_year(*index, behind))
        })
    }

    /// That a year has no term of a name, with the names that it has; a sentence.
    pub fn says_none(&self, academic_year: &str, name: &str) -> String {
        let of_the_year = self.terms.iter().filter(|term| term.academic_year == academic_year);
        let known: Vec<&str> = of_the_year.map(|term| term.term.as_str()).collect();
        let half = known.first().map(|term| format!("{term} 1"));
        let half = half.filter(|half| self.half_named(academic_year, half).is_some());
        let or_half = half.map(|half| format!(", and half-terms such as \"{half}\" or \"HT1\"")).unwrap_or_default();
        format!("the calendar has no term \"{name}\" in {academic_year}: it has {}{or_half}.", known.join(", "))
    }

    /// Whether a year behind the name of a term is the term's own: the calendar year of all its days, or its academic year.
    fn is_in_year(&self, index: TermIndex, behind: &str) -> bool {
        let term = &self.terms[index];
        let years = [term.span.from.year(), term.span.to.year()];
        years.iter().all(|year| behind == year.to_string())
            || academic_year_of(behind).is_some_and(|behind| behind == term.academic_year)
    }

    /// Whether the calendar has any term of this academic year.
    pub fn has_year(&self, academic_year: &str) -> bool {
        self.terms.iter().any(|term| term.academic_year == academic_year)
    }

    /// How many terms ended on or before `date`; they are the first ones.
    pub fn completed(&self, date: Date) -> usize {
        self.terms.partition_point(|term| term.span.to <= date)
    }

    /// The terms that ended on or before `date`, earliest first.
    pub fn completed_terms(
        &self,
        date: Date,
    ) -> impl DoubleEndedIterator<Item = TermIndex> + ExactSizeIterator + use<> {
        self.terms.numbers().take(self.completed(date))
    }

    /// The latest so many of them, earliest first; fewer where the calendar begins later.
    pub fn latest_completed(&self, date: Date, count: usize) -> impl DoubleEndedIterator<Item = TermIndex> + use<> {
        self.completed_terms(date).skip(self.completed(date).saturating_sub(count))
    }

    /// The ends of the terms that end after `date`, earliest first.
    pub fn ends_after(&self, date: Date) -> impl Iterator<Item = Date> {
        self.terms.iter().skip(self.completed(date)).map(|term| term.span.to)
    }

    /// From the first day of the first term to the last of the last, holidays between included.
    pub fn days(&self) -> Span {
        // There is always a term.
        let first = self.terms.first().map_or(Date::MIN, |term| term.span.from);
        Span { from: first, to: self.terms.last().map_or(first, |term| term.span.to) }
    }

    /// The years it covers, in words: `2017/18 to 2026/27`.
    pub fn years_covered(&self) -> String {
        match (self.terms.first(), self.terms.last()) {
            (Some(first), Some(last)) if first.academic_year == last.academic_year => first.academic_year.clone(),
            (Some(first), Some(last)) => format!("{} to {}", first.academic_year, last.academic_year),
            _ => "no years".to_owned(),
        }
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The academic year that a text is, as `2023/24`: it may be written `2023/2024`, `2023-24` or `23/24` as well. The second
/// year follows the first.
pub fn academic_year_of(text: &str) -> Option<String> {
    let (first, second) = text.trim().split_once(|c: char| c == '/' || c == '-' || is_dash(c))?;
    let (first, second) = (first.trim(), second.trim());
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let lengths = (first.len(), second.len());
    if !digits(first) || !digits(second) || !matches!(lengths, (4, 2 | 4) | (2, 2)) {
        return None;
    }
    let first = if first.len() == 2 { format!("20{first}") } else { first.to_owned() };
    let (year, next): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    let follows = if second.len() == 4 { year + 1 == next } else { (year + 1) % 100 == next };
    follows.then(|| format!("{first}/{:02}", (year + 1) % 100))
}

/// Whether a text is an academic year as `2023/24`: four digits, a slash, the last two of the next year.
pub fn is_academic_year(text: &str) -> bool {
    let Some((first, second)) = text.split_once('/') else { return false };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    first.len() == 4
        && second.len() == 2
        && digits(first)
        && digits(second)
        && matches!((first.parse::<u32>(), second.parse::<u32>()), (Ok(year), Ok(next)) if (year + 1) % 100 == next)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: String,
    source: String,
    standing: Standing,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    who: Who,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    last_checked: toml::value::Datetime,
    #[serde(default)]
    term: Vec<TermFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermFile {
    academic_year: String,
    term: String,
    starts_on: toml::value::Datetime,
    ends_on: toml::value::Datetime,
}

/// Takes in the file of a calendar. A pack has one; laid over others the file takes the place of theirs, since terms only
/// fit together as a whole.
/// `earlier` is the file that the calendar was read from which there is already.
pub(super) fn take_in(given: &mut Option<Calendar>, earlier: &mut Option<String>, file: &mut OpenFile<'_>) {
    let Some(parsed) = file.parsed::<File>() else { return };
    file.cite(&parsed.source, format!("the calendar {}", parsed.id));
    let mut terms = Vec::new();
    for entry in parsed.term {
        let Some((from, to)) = day(&entry.starts_on).zip(day(&entry.ends_on)) else {
            file.problem(format!("{} {} has no proper dates.", entry.term, entry.academic_year));
            continue;
        };
        if !is_academic_year(&entry.academic_year) {
            file.problem(format!("\"{}\" is not an academic year: write it as 2023/24.", entry.academic_year));
        }
        terms.push(Term { academic_year: entry.academic_year, term: entry.term, span: Span { from, to } });
    }
    if earlier.as_ref().is_some_and(|earlier| file.over.is_none_or(|over| !over.contains(earlier))) {
        file.problem("a pack has one calendar: remove this file or the other one.");
        return;
    }
    match Calendar::new(format!("{}, {}", parsed.title, parsed.standing.word()), terms) {
        Ok(calendar) => {
            lint_years(&calendar, file);
            *given = Some(calendar);
            *earlier = Some(file.name.to_owned());
        }
        Err(why) => file.problem(format!("{why}.")),
    }
}

/// Every academic year between the first and the last has terms, and as many as its neighbour.
fn lint_years(calendar: &Calendar, file: &mut OpenFile<'_>) {
    let mut terms_of: BTreeMap<&str, usize> = BTreeMap::new();
    for term in calendar.terms() {
        *terms_of.entry(term.academic_year.as_str()).or_default() += 1;
    }
    let years: Vec<(&str, usize)> = terms_of.into_iter().collect();
    for pair in years.windows(2) {
        let ((before, terms_before), (after, terms_after)) = (pair[0], pair[1]);
        if before.get(5..7) != after.get(2..4) {
            file.problem(format!("there is a gap between the academic years {before} and {after}."));
        }
        if terms_before != terms_after {
            file.note(format!("{before} has {terms_before} terms and {after} has {terms_after}."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    fn term(name: &str, from: Date, to: Date) -> Term {
        Term { academic_year: "2023/24".into(), term: name.into(), span: Span { from, to } }
    }

    #[test]
    fn a_date_finds_its_term_at_both_ends() {
        let calendar = Calendar::new(
            "test".into(),
            vec![
                term("Spring", date(2024, 1, 8), date(2024, 3, 28)),
                term("Autumn", date(2023, 9, 4), date(2023, 12, 22)),
            ],
        )
        .unwrap();
        assert_eq!(calendar.at(date(2023, 9, 4)), Some(TermIndex::at(0)));
        assert_eq!(calendar.at(date(2023, 12, 22)), Some(TermIndex::at(0)));
        assert_eq!(calendar.at(date(2023, 12, 23)), None);
        assert_eq!(calendar.at(date(2024, 1, 8)), Some(TermIndex::at(1)));
        assert_eq!(calendar.named("2023/24", " SPRING "), Some(TermIndex::at(1)));
        let half_named = |text| calendar.half_named("2023/24", text);
        assert_eq!(half_named("Autumn 1"), Some((TermIndex::at(0), Half::First)));
        assert_eq!(half_named("HT4 2024"), Some((TermIndex::at(1), Half::Second)));
        assert_eq!(half_named("Spring 2 2023/24"), Some((TermIndex::at(1), Half::Second)));
        for none in ["Spring", "Spring 2 2023", "HT5", "Spring 3"] {
            assert_eq!(half_named(none), None, "{none}");
        }
        assert_eq!(calendar.completed(date(2023, 12, 22)), 1);
        assert_eq!(calendar.completed(date(2023, 12, 21)), 0);
    }

    #[test]
    fn overlapping_terms_are_refused() {
        let terms = vec![
            term("Autumn", date(2023, 9, 4), date(2024, 1, 8)),
            term("Spring", date(2024, 1, 8), date(2024, 3, 28)),
        ];
        assert!(Calendar::new("test".into(), terms).unwrap_err().contains("overlap"));
    }

    #[test]
    fn academic_years_are_consecutive() {
        assert!(is_academic_year("2023/24") && is_academic_year("1999/00"));
        for text in ["2023/25", "2023-24", "2023/2024", "23/24", ""] {
            assert!(!is_academic_year(text), "{text}");
        }
    }

    #[test]
    fn an_academic_year_may_be_written_in_other_ways() {
        for text in ["2023/24", "2023/2024", "2023-24", "2023\u{2013}2024", "23/24", " 2023 / 24 "] {
            assert_eq!(academic_year_of(text).as_deref(), Some("2023/24"), "{text}");
        }
        for text in ["2023/25", "2023", "2023/4", "24/23", "2023-2025", "203/24", ""] {
            assert_eq!(academic_year_of(text), None, "{text}");
        }
        assert_eq!(academic_year_of("1999-00").as_deref(), Some("1999/00"));
    }
}
