//! What the words of a column may stand for: the program's own words, those that councils use for them, and academic years.

use super::column::{ColumnSeen, Word};
use super::headings::{Headings, key, tokens};
use super::sureness::{Sureness, is_date};
use super::wide::Reader;
use crate::load::folded::folded;
use crate::rules::calendar::Calendar;
use crate::rules::council_words::CouncilWords;
use std::collections::{BTreeMap, BTreeSet};

/// A word of the file and what it may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The word as it stands.
    pub word: Word,
    /// What it stands for; none where nothing is near.
    pub meant: Option<String>,
    /// How sure that is.
    pub sureness: Sureness,
}

/// What was found out about the words of a column.
#[derive(Clone, Debug, Default)]
pub struct Meanings {
    /// The words that the program does not know.
    pub words: Vec<Meaning>,
    /// Words that are not known and stand in no proposal, since a person may have written them: for the screen of whoever is
    /// asked what they mean.
    pub not_shown: Vec<Meaning>,
    /// The words that the column may have.
    pub known: Vec<String>,
}

/// The terms that the calendar has.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Their names.
    pub names: Vec<String>,
    /// By folded name and the year in which it begins, the academic year.
    years: BTreeMap<(String, String), String>,
    /// The academic years, the latest last.
    pub academic_years: Vec<String>,
}

impl Terms {
    /// Those of a calendar.
    pub fn of(calendar: Option<&Calendar>) -> Terms {
        let (mut names, mut all) = (BTreeSet::new(), BTreeSet::new());
        let mut terms = Terms::default();
        for term in calendar.iter().flat_map(|calendar| calendar.terms()) {
            names.insert(term.term.clone());
            all.insert(term.academic_year.clone());
            let begins: String = term.span.from.to_string().chars().take(4).collect();
            terms.years.insert((folded(&term.term), begins), term.academic_year.clone());
        }
        terms.names = names.into_iter().collect();
        terms.academic_years = all.into_iter().collect();
        terms
    }

    /// A term named with the year in which it begins: `Spring 2024` is the spring of 2023/24.
    pub fn with_year(&self, text: &str, headings: &Headings) -> Option<(String, String)> {
        let words = tokens(text);
        let is_year = |word: &&String| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        let [year] = words.iter().filter(is_year).collect::<Vec<_>>()[..] else { return None };
        let name: String = words.iter().filter(|word| !is_year(word)).map(String::as_str).collect();
        let usual = headings.words.get("term");
        let is_it = |term: &&String| {
            let others = usual.and_then(|usual| usual.get(&folded(term)));
            key(term) == name || others.into_iter().flatten().any(|other| key(other) == name)
        };
        let term = self.names.iter().find(is_it)?;
        let academic_year = self.years.get(&(folded(term), year.clone()))?;
        Some((term.clone(), academic_year.clone()))
    }
}

/// The most words without a meaning that are shown.
const SHOWN: usize = 12;

/// The words of a column that the program does not know.
pub fn meanings(name: &str, column: &ColumnSeen, headings: &Headings, reader: &Reader<'_>, terms: &Terms) -> Meanings {
    let mut found = Meanings::default();
    let Some(words) = &column.words else { return found };
    if is_date(name) || name.ends_with("_id") {
        for (folded, word) in words {
            let says_none = headings.is_blank_word(&word.text) || (is_date(name) && headings.is_not_yet(folded));
            // An id of a dash might be one.
            if says_none
                && !(name.ends_with("_id")
                    && ["case_id", "family_id", "person_id", "claim_id"].contains(&name)
                    && key(folded).is_empty())
            {
                found.words.push(Meaning {
                    word: word.clone(),
                    meant: Some(String::new()),
                    sureness: Sureness::Likely,
                });
            }
        }
        return found;
    }
    let own = known_words(name, headings, terms);
    found.known = own.clone();
    for (spelling, word) in words {
        let is_known = match name {
            "criterion" => reader_knows(spelling),
            "academic_year" => crate::rules::calendar::is_academic_year(word.text.trim()),
            "term" => terms.names.iter().any(|term| folded(term) == *spelling),
            "expecting" | "restricted" => CouncilWords::get().yes_no(spelling).is_some(),
            // Any name may stand in source, so that another spelling is another name.
            "source" => own.contains(&word.text),
            _ => own.iter().any(|known| folded(known) == *spelling),
        };
        if is_known || own.is_empty() && !["criterion", "academic_year"].contains(&name) {
            continue;
        }
        let (meant, sureness) = match name {
            "criterion" => (reader.headline(&word.text).map(|part| part.criterion), Sureness::Likely),
            "academic_year" => (year_of(&word.text), Sureness::Likely),
            "term" if terms.with_year(&word.text, headings).is_some() => {
                (terms.with_year(&word.text, headings).map(|(term, _)| term), Sureness::Likely)
            }
            _ => meant(name, spelling, headings, &own),
        };
        // A word without a meaning is shown only where it is one of a list, and not what a person has written once.
        let is_of_list =
            word.times > 1 && word.text.chars().count() <= 30 && !word.text.contains(|c: char| c.is_ascii_digit());
        let may_be_anything = ["criterion", "academic_year", "term"].contains(&name);
        // What somebody has put behind a known word may say something of a person.
        let is_hidden = match &meant {
            None => may_be_anything || !is_of_list || found.words.len() >= SHOWN,
            Some(_) => sureness == Sureness::Guess && !is_of_list && begins_known(name, spelling, headings).is_some(),
        };
        let meaning = Meaning { word: word.clone(), meant, sureness };
        if is_hidden { found.not_shown.push(meaning) } else { found.words.push(meaning) }
    }
    found
}

/// The program's own words for a column.
fn known_words(name: &str, headings: &Headings, terms: &Terms) -> Vec<String> {
    if name == "term" {
        return terms.names.clone();
    }
    headings.words.get(name).map(|words| words.keys().cloned().collect()).unwrap_or_default()
}

fn reader_knows(word: &str) -> bool {
    let (headline, need) = word.split_once('.').unwrap_or((word, "1"));
    [headline, need].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a word stands for: one of the usual words, else the program's word that is nearest.
fn meant(name: &str, spelling: &str, headings: &Headings, own: &[String]) -> (Option<String>, Sureness) {
    let usual = headings.words.get(name).into_iter().flatten();
    let found = usual.clone().find(|(_, others)| others.iter().any(|other| key(other) == key(spelling)));
    if let Some((word, _)) = found {
        let own_word = own.iter().find(|own| key(own) == key(word)).unwrap_or(word);
        // To take a restriction away cannot be undone.
        let sureness = if name == "restricted" && word == "n" { Sureness::Guess } else { Sureness::Likely };
        return (Some(own_word.clone()), sureness);
    }
    if let Some(word) = begins_known(name, spelling, headings) {
        return (own.iter().find(|own| key(own) == key(word)).cloned(), Sureness::Guess);
    }
    let letters = key(spelling);
    let distance = |word: &String| strsim::osa_distance(&key(word), &letters);
    let near =
        own.iter().filter(|word| distance(word) <= 2 && letters.chars().count() >= 4).min_by_key(|word| distance(word));
    (near.cloned(), Sureness::Guess)
}

/// The program's word for what a text begins with, where somebody has put more behind it: "Claimed Q2", "Rejected by audit".
fn begins_known<'a>(name: &str, spelling: &str, headings: &'a Headings) -> Option<&'a String> {
    let usual = headings.words.get(name)?;
    // What begins like a restriction taken away is no such thing.
    if name == "restricted" || usual.values().flatten().chain(usual.keys()).any(|known| key(known) == key(spelling)) {
        return None;
    }
    let words = tokens(spelling);
    let all =
        usual.iter().flat_map(|(word, others)| others.iter().chain([word]).map(move |other| (tokens(other), word)));
    let begins =
        |known: &[String]| known.len() < words.len() && known.concat().chars().count() >= 4 && words.starts_with(known);
    let longest = all.filter(|(known, _)| begins(known)).max_by_key(|(known, _)| known.concat().len());
    longest.map(|(_, word)| word)
}

/// An academic year in another form: `2023-24`, `2023/2024`, `23/24`, `202324`.
pub fn year_of(text: &str) -> Option<String> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let only = text.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | ' ' | '_' | '–'));
    let number = |digits: &[u32]| digits.iter().fold(0, |sum, digit| 10 * sum + digit);
    let (first, second) = match digits.len() {
        4 if text.trim().len() > 4 => (2000 + number(&digits[..2]), number(&digits[2..])),
        6 => (number(&digits[..4]), number(&digits[4..])),
        8 if number(&digits[4..]) == number(&digits[..4]) + 1 => (number(&digits[..4]), number(&digits[6..])),
        _ => return None,
    };
    (only && (1990..2100).contains(&first) && (first + 1) % 100 == second).then(|| format!("{first}/{second:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::Pack;

    fn shown(name: &str, values: &[&str]) -> Vec<(String, Option<String>, Sureness)> {
        let (headings, pack) = (super::super::headings::read().unwrap(), Pack::built_in().unwrap());
        let column = ColumnSeen::of(name, values.iter().copied(), &|_| true, &pack);
        let terms = Terms::of(pack.calendar.as_ref());
        let found = meanings(name, &column, &headings, &Reader::of(&headings, &pack), &terms);
        found.words.into_iter().map(|meaning| (meaning.word.text, meaning.meant, meaning.sureness)).collect()
    }

    #[test]
    fn words_get_the_programs_word_that_they_stand_for_or_the_nearest_or_none() {
        let meant =
            |name, word| shown(name, &[word]).pop().map(|(_, meant, sureness)| (meant.unwrap_or_default(), sureness));
        let likely = |word: &str| Some((word.to_owned(), Sureness::Likely));
        assert_eq!(meant("outcome", "Paid"), likely("approved"));
        assert_eq!(meant("outcome", "Approved"), None);
        assert_eq!(meant("source", "Early Help"), likely("early_help"));
        assert_eq!(meant("source", "early_help"), None);
        assert_eq!(meant("outcome", "aproved"), Some(("approved".to_owned(), Sureness::Guess)));
        assert_eq!(shown("outcome", &["Zebra", "Zebra"]), [("Zebra".to_owned(), None, Sureness::Guess)]);
        // What stands in one row alone may be what somebody wrote of a person.
        assert_eq!(meant("outcome", "Zebra"), None);
        assert_eq!(meant("outcome", "Paid - Smith"), None);
        let twice = shown("outcome", &["Claimed late", "Claimed late"]);
        assert_eq!(twice, [("Claimed late".to_owned(), Some("submitted".to_owned()), Sureness::Guess)]);
        assert_eq!(meant("role", "Mother"), likely("adult"));
        assert_eq!(meant("term", "Aut term"), likely("Autumn"));
        assert_eq!(meant("term", "AUTUMN"), None);
        assert_eq!(meant("criterion", "Secure housing"), likely("9"));
        assert_eq!(meant("criterion", "3.1"), None);
        assert_eq!(meant("closed_on", "N/A"), likely(""));
        assert_eq!(meant("closed_on", "Ongoing"), likely(""));
        assert_eq!(meant("restricted", "not restricted"), Some(("n".to_owned(), Sureness::Guess)));
        // Anything may stand in a team.
        assert_eq!(meant("team", "Zebra"), None);
    }

    #[test]
    fn academic_years_are_told_in_other_forms_and_never_guessed() {
        for text in ["2023-24", "2023/2024", "202324", "23/24", "2023 - 24"] {
            assert_eq!(year_of(text).as_deref(), Some("2023/24"), "{text}");
        }
        for text in ["2023", "2024", "2023-25", "year 2023-24", "20232024x", "2023-09-24"] {
            assert_eq!(year_of(text), None, "{text}");
        }
    }
}
