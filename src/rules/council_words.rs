//! Words of the council's own, from `rules/words.toml`: what is written in the place of the program's words, and what it
//! means. They come with the program and are the same for every pack.

use crate::error::{Error, Result};
use crate::ids;
use crate::words::worded;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The text of the file.
pub const TEXT: &str = include_str!("../../rules/words.toml");

worded! {
    /// One of the two halves of a term.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Half {
        /// The one before the holiday in the middle of the term.
        First = "first",
        /// The one after it.
        Second = "second",
    }
}

impl Half {
    /// The half that makes a term with this one.
    pub fn other(self) -> Half {
        match self {
            Half::First => Half::Second,
            Half::Second => Half::First,
        }
    }
}

/// A list of words by what they mean.
type Spellings = BTreeMap<String, Vec<String>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    role: Spellings,
    term: Spellings,
    half_term: BTreeMap<Half, Vec<String>>,
    half_term_of_year: BTreeMap<String, BTreeMap<Half, Vec<String>>>,
    yes_no: Spellings,
    flag: Spellings,
    result: Spellings,
    no_outcome: Words,
    no_figure: Words,
    no_id: Words,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

/// By word, folded, what it means.
type Meanings<T = String> = BTreeMap<String, T>;

/// All of them.
#[derive(Default)]
pub struct CouncilWords {
    role: Meanings,
    term: Meanings,
    half_term: Meanings<(String, Half)>,
    yes_no: Meanings,
    yes_no_written: Vec<String>,
    flag: Meanings,
    result: Meanings,
    no_outcome: BTreeSet<String>,
    no_figure: BTreeSet<String>,
    no_id: BTreeSet<String>,
}

/// A word as it is compared: in small letters, with one space for whatever separates its parts.
fn folded(text: &str) -> String {
    let text = ids::cleaned(text).to_lowercase();
    let parts: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '_' || c == '-').collect();
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

impl CouncilWords {
    /// Reads a file of words.
    ///
    /// # Errors
    /// Not TOML, a key that there is not, or a word with two meanings.
    pub fn read(text: &str) -> Result<CouncilWords> {
        let file: File =
            toml::from_str(text).map_err(|why| Error::new(format!("rules/words.toml: {}", why.message())))?;
        let plain = |spellings: &Spellings| by_word(spellings.iter().map(|(meant, words)| (meant.clone(), words)));
        let halves = half_terms(&file);
        Ok(CouncilWords {
            role: plain(&file.role)?,
            term: plain(&file.term)?,
            half_term: by_word(halves.iter().map(|(meant, words)| (meant.clone(), words)))?,
            yes_no: plain(&file.yes_no)?,
            yes_no_written: ["yes", "no"].iter().filter_map(|said| file.yes_no.get(*said)).flatten().cloned().collect(),
            flag: plain(&file.flag)?,
            result: plain(&file.result)?,
            no_outcome: file.no_outcome.words.iter().map(|word| folded(word)).collect(),
            no_figure: file.no_figure.words.iter().map(|word| folded(word)).collect(),
            no_id: file.no_id.words.iter().map(|word| folded(word)).collect(),
        })
    }

    /// Those that come with the program.
    pub fn get() -> &'static CouncilWords {
        // That the file can be read is tested.
        static WORDS: LazyLock<CouncilWords> = LazyLock::new(|| CouncilWords::read(TEXT).unwrap_or_default());
        &WORDS
    }

    /// The role that a relationship stands for: `child`, `adult`, or `either`.
    pub fn role(&self, text: &str) -> Option<&str> {
        self.role.get(&folded(text)).map(String::as_str)
    }

    /// The term that a name stands for.
    pub fn term(&self, text: &str) -> Option<&str> {
        self.term.get(&folded(text)).map(String::as_str)
    }

    /// The term that the name of a half-term belongs to, and which half of it it is.
    pub fn half_term(&self, text: &str) -> Option<(&str, Half)> {
        self.half_term.get(&folded(text)).map(|(term, half)| (term.as_str(), *half))
    }

    /// What became of a need: `achieved` or `not_achieved`.
    pub fn result(&self, text: &str) -> Option<&str> {
        self.result.get(&folded(text)).map(String::as_str)
    }

    /// Whether a column that can only say yes or no says it by one of these words.
    pub fn yes_no(&self, text: &str) -> Option<bool> {
        self.yes_no.get(&folded(text)).map(|meant| meant == "yes")
    }

    /// The words that such a column may have, as they are written: those for yes first.
    pub fn yes_no_written(&self) -> &[String] {
        &self.yes_no_written
    }

    /// Whether a flag says yes or no by one of these words.
    pub fn flag(&self, text: &str) -> Option<bool> {
        self.flag.get(&folded(text)).map(|meant| meant == "yes")
    }

    /// Whether a word beside a flag that says no says that there is no outcome.
    pub fn says_no_outcome(&self, text: &str) -> bool {
        self.no_outcome.contains(&folded(text))
    }

    /// Whether an id is a word that says that there is none.
    pub fn says_no_id(&self, id: &str) -> bool {
        // Nearly every id has a digit, and none of these words has.
        !id.bytes().any(|byte| byte.is_ascii_digit()) && self.no_id.contains(&folded(id))
    }

    /// Whether a cell that should hold a figure says that there is none.
    pub fn says_no_figure(&self, text: &str) -> bool {
        self.no_figure.contains(&folded(text))
    }
}

/// The names of each half-term: those numbered through the year, and the word for a term with that for a half behind it.
fn half_terms(file: &File) -> Vec<((String, Half), Vec<String>)> {
    let mut all = Vec::new();
    for half in Half::ALL {
        for (term, halves) in &file.half_term_of_year {
            all.push(((term.clone(), half), halves.get(&half).cloned().unwrap_or_default()));
        }
        let behind = file.half_term.get(&half).map_or(&[][..], Vec::as_slice);
        for (term, words) in &file.term {
            let names = words.iter().flat_map(|word| {
                behind.iter().flat_map(move |behind| [format!("{word} {behind}"), format!("{word}{behind}")])
            });
            all.push(((term.clone(), half), names.collect()));
        }
    }
    all
}

fn by_word<'a, T: PartialEq + Clone>(meanings: impl Iterator<Item = (T, &'a Vec<String>)>) -> Result<Meanings<T>> {
    let mut words = Meanings::new();
    for (meant, spellings) in meanings {
        for word in spellings {
            if words.insert(folded(word), meant.clone()).is_some_and(|other| other != meant) {
                return Err(Error::new(format!("rules/words.toml: \"{word}\" has two meanings.")));
            }
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_words_that_come_with_the_program_can_be_read() {
        let words = CouncilWords::read(TEXT).unwrap();
        for (word, role) in
            [("Mother", "adult"), ("Step-son", "child"), ("GRANDPARENT", "adult"), ("sibling", "either")]
        {
            assert_eq!(words.role(word), Some(role), "{word}");
        }
        assert_eq!(words.term("Spr"), Some("Spring"));
        assert_eq!(words.term("Spring\nTerm"), Some("Spring"));
        for (word, half) in [
            ("Autumn 1", Some(("Autumn", Half::First))),
            ("Autumn  Term\n1", Some(("Autumn", Half::First))),
            ("AUT1", Some(("Autumn", Half::First))),
            ("Summer 2nd half", Some(("Summer", Half::Second))),
            ("Spr 2", Some(("Spring", Half::Second))),
            ("HT6", Some(("Summer", Half::Second))),
            ("Half-Term 3", Some(("Spring", Half::First))),
            ("Autumn", None),
            ("Autumn 3", None),
            ("HT7", None),
            // In a council of three terms a whole term, in one of six a half.
            ("Term 1", None),
        ] {
            assert_eq!(words.half_term(word), half, "{word}");
        }
        assert!(["NULL", "n/a", "Not known", "-", "--"].iter().all(|word| words.says_no_id(word)));
        assert!(["F1", "Nunn", "NULL1", "unknown family"].iter().all(|id| !words.says_no_id(id)));
        assert!(words.says_no_figure("N/A") && words.says_no_figure("not known") && !words.says_no_figure("0"));
        assert_eq!((words.yes_no("Y "), words.yes_no("FALSE"), words.yes_no("x")), (Some(true), Some(false), None));
        assert_eq!((words.flag("Y"), words.flag("0"), words.flag("perhaps")), (Some(true), Some(false), None));
        assert_eq!((words.flag("✓"), words.flag("☐"), words.flag("✗")), (Some(true), Some(false), None));
    }

    #[test]
    fn a_word_has_one_meaning() {
        let rest = "[half_term]\n[term]\n[yes_no]\n[flag]\n[result]\n[no_outcome]\nwords = []\n[no_figure]\nwords = []\n[no_id]\nwords = []\n";
        let roles =
            |adult: &str| format!("[role]\nchild = [\"son\"]\nadult = [\"{adult}\"]\n[half_term_of_year]\n{rest}");
        assert!(CouncilWords::read(&roles("mum")).is_ok());
        assert!(CouncilWords::read(&roles("Son")).is_err());
        let halves = |second: &str| {
            format!("[role]\n[half_term_of_year.Autumn]\nfirst = [\"ht1\"]\nsecond = [\"{second}\"]\n{rest}")
        };
        assert!(CouncilWords::read(&halves("ht2")).is_ok());
        assert!(CouncilWords::read(&halves("HT1")).is_err());
    }
}
