//! Criteria side by side: headings that name or number the headline outcomes, and which part of a criterion each holds.

use super::column::ColumnSeen;
use super::headings::{Headings, key, tokens};
use super::sureness::{Sureness, dates_fit};
use crate::load::folded::folded;
use crate::rules::council_words::CouncilWords;
use crate::rules::pack::Pack;
use std::collections::{BTreeMap, BTreeSet};

/// A heading of criteria side by side.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The criterion, `3` or `3.1`.
    pub criterion: String,
    /// The column of the criteria table; `flag` for the yes or no.
    pub part: String,
    /// Whether the heading numbers the headline or has its whole label, and not only a word of it.
    pub is_sure: bool,
}

/// Reads headings.
pub struct Reader<'a> {
    headings: &'a Headings,
    pack: &'a Pack,
    /// Words by headline, the longest first, with whether they are the whole label.
    labels: Vec<(Vec<String>, u8, bool)>,
}

impl<'a> Reader<'a> {
    /// With the labels of the headlines that the rules have.
    pub fn of(headings: &'a Headings, pack: &'a Pack) -> Reader<'a> {
        let mut labels: BTreeMap<Vec<String>, (u8, bool)> = BTreeMap::new();
        for (number, words) in &headings.wide.headlines {
            let Ok(number) = number.parse() else { continue };
            labels.extend(words.iter().map(|word| (tokens(word), (number, false))));
        }
        for headline in pack.frameworks.iter().flat_map(|framework| &framework.headlines) {
            for label in [&headline.label, &headline.later_label] {
                labels.insert(tokens(label), (headline.number, true));
            }
        }
        let mut labels: Vec<_> = labels.into_iter().map(|(words, (number, whole))| (words, number, whole)).collect();
        labels.sort_by_key(|(words, _, _)| std::cmp::Reverse(words.len()));
        Reader { headings, pack, labels }
    }

    /// What a heading is, if it is one of criteria side by side.
    pub fn part(&self, heading: &str) -> Option<Part> {
        let words = number_kept(heading);
        let (by_number, rest) =
            self.numbered(&words).map_or((None, words.clone()), |(number, rest)| (Some(number), rest));
        let by_label = self.labelled(&rest);
        let (criterion, is_sure, rest) = match (by_number, by_label) {
            (Some(number), Some((headline, _, rest))) => {
                // A number and a label that contradict each other say nothing.
                let same = number.split('.').next().and_then(|number| number.parse().ok()) == Some(headline);
                // Beside both, other words of the label say no more: "6. Children safe from abuse".
                let of_label = self.labels.iter().filter(|(_, other, _)| *other == headline);
                let known: BTreeSet<&String> = of_label.flat_map(|(words, _, _)| words).collect();
                let rest = rest.into_iter().filter(|word| !known.contains(word)).collect();
                (number, same.then_some(true)?, rest)
            }
            (Some(number), None) => (number, true, rest),
            (None, Some((headline, whole, rest))) => (headline.to_string(), whole, rest),
            (None, None) => return None,
        };
        let part = self.part_of(&rest)?;
        Some(Part { criterion, part, is_sure })
    }

    /// The headline that a text names by its label or its number: `3`, `3 - Health`, `Improved mental and physical health`.
    pub fn headline(&self, text: &str) -> Option<Part> {
        self.part(text).filter(|part| part.part == "flag")
    }

    /// A number at the beginning, behind one of the words before numbers or alone.
    fn numbered(&self, words: &[String]) -> Option<(String, Vec<String>)> {
        let behind = self.headings.wide.numbered.iter().filter_map(|word| {
            let word = tokens(word);
            words.starts_with(&word).then_some(word.len())
        });
        let from = behind.max().unwrap_or(0);
        let (number, rest) = words[from..].split_first()?;
        // c3 and h3 are one word.
        let glued = self.headings.wide.numbered.iter().filter_map(|word| number.strip_prefix(key(word).as_str()));
        let number = glued
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            .min_by_key(|rest| rest.len())
            .unwrap_or(number);
        let (headline, need) = number.split_once('.').map_or((number, None), |(headline, need)| (headline, Some(need)));
        let known: u8 = headline.parse().ok().filter(|_| !headline.starts_with('0'))?;
        // "Outcome 1 met?" is the outcome of headline 1, and not its need.
        let of_outcome = words[..from] == ["outcome"];
        let rest: Vec<String> =
            of_outcome.then(|| "outcome".to_owned()).into_iter().chain(rest.iter().cloned()).collect();
        let is_need = need.is_none_or(|need| !need.is_empty() && need.bytes().all(|byte| byte.is_ascii_digit()));
        (super::column::is_headline(self.pack, known) && is_need).then(|| (number.to_owned(), rest))
    }

    /// The headline whose words stand in a heading, the longest first, and what is left beside them.
    fn labelled(&self, words: &[String]) -> Option<(u8, bool, Vec<String>)> {
        self.labels.iter().find_map(|(label, headline, whole)| {
            let at = words.windows(label.len()).position(|window| window == label.as_slice())?;
            let rest = words[..at].iter().chain(&words[at + label.len()..]).cloned().collect();
            Some((*headline, *whole, rest))
        })
    }

    fn part_of(&self, rest: &[String]) -> Option<String> {
        let rest = rest.concat();
        if rest.is_empty() {
            return Some("flag".to_owned());
        }
        let parts = &self.headings.wide.parts;
        parts.iter().find(|(_, words)| words.iter().any(|word| key(word) == rest)).map(|(part, _)| part.clone())
    }
}

/// The words of a heading, with `3.1` as one of them.
fn number_kept(heading: &str) -> Vec<String> {
    let is_need = |part: &str| {
        part.split_once('.').is_some_and(|(headline, need)| {
            let letters = headline.trim_start_matches(|c: char| c.is_alphabetic());
            [letters, need].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    let parts = heading.split([' ', '_', '-', ':', '\t', '\n']);
    parts.flat_map(|part| if is_need(part) { vec![part.to_lowercase()] } else { tokens(part) }).collect()
}

/// The criteria of a sheet that stand side by side.
#[derive(Clone, Debug, Default)]
pub struct WideFound {
    /// By criterion and part, the heading and how sure it is.
    pub criteria: BTreeMap<Criterion, BTreeMap<String, (String, Sureness)>>,
    /// Words of the flags that say yes beside the usual ones, and how many rows have them.
    pub yes: BTreeMap<String, usize>,
    /// The same for no.
    pub no: BTreeMap<String, usize>,
    /// Words of the flags that are not known, and in how many cells they stand.
    pub unknown: BTreeMap<String, usize>,
    /// Headings of criteria without a flag.
    pub without_flag: Vec<String>,
    /// Whether the outcomes may stand in the row below each: how sure that is, and how many such rows there are. Days of which
    /// the file does not say what they are may be those on which the needs were found as well: only a person can tell.
    pub outcomes_below: Option<(Sureness, usize)>,
}

/// A criterion in the order of numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Criterion(pub u8, pub Option<u32>);

impl std::fmt::Display for Criterion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.1 {
            Some(need) => write!(f, "{}.{need}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

fn criterion(text: &str) -> Criterion {
    let (headline, need) = text.split_once('.').map_or((text, None), |(headline, need)| (headline, Some(need)));
    Criterion(headline.parse().unwrap_or(0), need.and_then(|need| need.parse().ok()))
}

/// How many headlines must stand side by side.
const FEWEST: usize = 3;

/// Finds criteria side by side among columns that no column of the cases is taken for.
pub fn find(columns: &[ColumnSeen], taken: &BTreeSet<usize>, headings: &Headings, pack: &Pack) -> Option<WideFound> {
    let reader = Reader::of(headings, pack);
    let mut found = WideFound::default();
    let mut parts: BTreeMap<Criterion, BTreeMap<String, Vec<(usize, bool)>>> = BTreeMap::new();
    for (position, column) in columns.iter().enumerate().filter(|(position, _)| !taken.contains(position)) {
        let Some(mut part) = reader.part(&column.heading) else { continue };
        let is_day = dates_fit(column) || has_days(column);
        // "Outcome" may be a day or a word; "achieved" too.
        if part.part == "outcome_on" && !is_day && column.filled > 0 {
            part.part = "result".to_owned();
        } else if part.part == "result" && is_day && column.filled > 0 {
            part.part = "outcome_on".to_owned();
        }
        parts
            .entry(criterion(&part.criterion))
            .or_default()
            .entry(part.part)
            .or_default()
            .push((position, part.is_sure));
    }
    for (criterion, mut of_it) in parts {
        let Some(flags) = of_it.remove("flag") else {
            let without = of_it.values().flatten().map(|(position, _)| columns[*position].heading.clone());
            found.without_flag.extend(without);
            continue;
        };
        let is_flag = |position: &usize| is_flag(&columns[*position], headings);
        let &[(flag, is_sure)] = flags.as_slice() else { continue };
        let sureness = match (is_sure, is_flag(&flag)) {
            // A blank flag is read as no, which somebody should know.
            (true, true) if columns[flag].blank == 0 => Sureness::Certain,
            (_, true) => Sureness::Likely,
            (_, false) => continue,
        };
        note_words(&columns[flag], headings, &mut found);
        let mut columns_of_it = BTreeMap::from([("flag".to_owned(), (columns[flag].heading.clone(), sureness))]);
        for (part, positions) in of_it {
            if let &[(position, _)] = positions.as_slice() {
                let column = &columns[position];
                let fits = !part.ends_with("_on") || column.filled == 0 || dates_fit(column) || has_days(column);
                let sureness = if !fits { Sureness::Guess } else { sureness };
                columns_of_it.insert(part, (column.heading.clone(), sureness));
            }
        }
        found.criteria.insert(criterion, columns_of_it);
    }
    let headlines: BTreeSet<u8> = found.criteria.keys().map(|criterion| criterion.0).collect();
    (headlines.len() >= FEWEST).then_some(found)
}

impl WideFound {
    /// Notes that outcomes may stand in the rows below those of the cases: no criterion has a column for its outcome, and rows
    /// without a case have days under the needs and nothing else there.
    pub fn note_rows_below(&mut self, of_row: &ColumnSeen) {
        let Some(without) = &of_row.rows_without else { return };
        let has_outcome = self.criteria.values().any(|parts| parts.keys().any(|part| OUTCOME.contains(&part.as_str())));
        let flags = self.criteria.values().filter_map(|parts| Some(&parts.get("flag")?.0));
        let under: Vec<(usize, usize)> = flags.filter_map(|flag| without.filled.get(flag).copied()).collect();
        if !has_outcome && !under.is_empty() && under.iter().all(|(filled, days)| filled == days) {
            self.outcomes_below = Some((Sureness::Guess, without.rows));
        }
    }

    /// How many words are not known, and in how many cells.
    pub fn not_known(&self) -> (usize, usize) {
        (self.unknown.len(), self.unknown.values().sum())
    }
}

/// The parts of a criterion that say what became of it.
const OUTCOME: [&str; 3] = ["outcome_on", "result", "relapsed_on"];

/// Whether the program reads a folded word as yes or no without a word in the settings.
fn is_read(word: &str) -> bool {
    CouncilWords::get().flag(word).is_some()
}

/// Whether it holds days, and words beside them only where there is no day: "N", "ongoing".
fn has_days(column: &ColumnSeen) -> bool {
    column.is_mostly(column.dates + column.short_years, 50)
}

fn is_flag(column: &ColumnSeen, headings: &Headings) -> bool {
    if column.filled == 0 || dates_fit(column) {
        return true;
    }
    let Some(words) = &column.words else { return false };
    let known = |word: &str| is_read(word) || says(&headings.wide.yes, word) || says(&headings.wide.no, word);
    let times: usize = words.iter().filter(|(word, _)| known(word)).map(|(_, word)| word.times).sum();
    // Beside a few words there may be days.
    column.is_mostly(times + column.dates, 80)
}

fn says(list: &[String], word: &str) -> bool {
    list.iter().any(|known| folded(known) == word)
}

fn note_words(column: &ColumnSeen, headings: &Headings, found: &mut WideFound) {
    for (word, seen) in column.words.iter().flatten() {
        if is_read(word) || crate::dates::read(word).is_some() {
            continue;
        }
        if says(&headings.wide.yes, word) {
            *found.yes.entry(seen.text.clone()).or_default() += seen.times;
        } else if says(&headings.wide.no, word) {
            *found.no.entry(seen.text.clone()).or_default() += seen.times;
        } else {
            *found.unknown.entry(seen.text.clone()).or_default() += seen.times;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(heading: &str) -> Option<(String, String)> {
        let (headings, pack) = (super::super::headings::read().unwrap(), Pack::built_in().unwrap());
        Reader::of(&headings, &pack).part(heading).map(|part| (part.criterion, part.part))
    }

    #[test]
    fn headings_name_or_number_the_headlines_and_say_the_part() {
        for (heading, criterion, expected) in [
            ("Secure housing", "9", "flag"),
            ("9. Secure housing - outcome date", "9", "outcome_on"),
            ("C3", "3", "flag"),
            ("C3_Date_Achieved", "3", "outcome_on"),
            ("Criterion 10 evidence", "10", "evidence"),
            ("1.1 Attendance", "1.1", "flag"),
            ("Headline 4 relapse date", "4", "relapsed_on"),
            ("Domestic Abuse", "8", "flag"),
            ("Education (Y/N)", "1", "flag"),
            ("Better managed substance use", "4", "flag"),
            ("Crime prevention and tackling crime", "7", "flag"),
            ("Date identified - Financial stability", "10", "identified_on"),
            ("6. Children safe from abuse", "6", "flag"),
            ("3. Mental & physical health", "3", "flag"),
            ("Outcome 1 met?", "1", "result"),
            ("Outcome 10", "10", "outcome_on"),
            ("Outcome 4 date", "4", "outcome_on"),
        ] {
            assert_eq!(part(heading), Some((criterion.to_owned(), expected.to_owned())), "{heading}");
        }
        // No headline; a number that contradicts the label; no part of a criterion.
        for heading in
            ["Case Ref", "C11", "3 Secure housing", "School name", "Housing officer", "Date Opened", "2023/24"]
        {
            assert_eq!(part(heading), None, "{heading}");
        }
    }
}
