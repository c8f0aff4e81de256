//! What the words of a column may stand for: the program's own words, those that councils use for them, and academic years.

use super::column::{Column, Word};
use super::headings::{Headings, key};
use super::matching::{Sureness, is_date};
use super::wide::Reader;
use crate::load::folded::folded;

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
    /// How many different words could not be shown, and in how many rows they stand.
    pub not_shown: (usize, usize),
    /// The words that the column may have.
    pub known: Vec<String>,
}

/// The most words without a meaning that are shown.
const SHOWN: usize = 12;

/// The words of a column that the program does not know.
pub fn meanings(name: &str, column: &Column, headings: &Headings, reader: &Reader<'_>, terms: &[String]) -> Meanings {
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
            "term" => terms.iter().any(|term| folded(term) == *spelling),
            "expecting" | "restricted" => {
                ["y", "n", "yes", "no", "true", "false", "1", "0"].contains(&spelling.as_str())
            }
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
            _ => meant(name, spelling, headings, &own),
        };
        // A word without a meaning is shown only where it is one of a list, and not what a person has written once.
        let is_of_list =
            word.times > 1 && word.text.chars().count() <= 30 && !word.text.contains(|c: char| c.is_ascii_digit());
        let may_be_anything = ["criterion", "academic_year", "term"].contains(&name);
        if meant.is_none() && (may_be_anything || !is_of_list || found.words.len() >= SHOWN) {
            found.not_shown.0 += 1;
            found.not_shown.1 += word.times;
            continue;
        }
        found.words.push(Meaning { word: word.clone(), meant, sureness });
    }
    found
}

/// The program's own words for a column.
fn known_words(name: &str, headings: &Headings, terms: &[String]) -> Vec<String> {
    if name == "term" {
        return terms.to_vec();
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
    let letters = key(spelling);
    let distance = |word: &String| strsim::osa_distance(&key(word), &letters);
    let near =
        own.iter().filter(|word| distance(word) <= 2 && letters.chars().count() >= 4).min_by_key(|word| distance(word));
    (near.cloned(), Sureness::Guess)
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
        let column = Column::of(name, values.iter().copied(), &pack);
        let terms = ["Autumn", "Spring", "Summer"].map(str::to_owned);
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
