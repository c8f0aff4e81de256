//! Words of the council's own, from `rules/words.toml`: what is written in the place of the program's words, and what it
//! means. They come with the program and are the same for every pack.

use crate::error::{Error, Result};
use crate::ids;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The text of the file.
pub const TEXT: &str = include_str!("../../rules/words.toml");

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    role: BTreeMap<String, Vec<String>>,
    term: BTreeMap<String, Vec<String>>,
    flag: BTreeMap<String, Vec<String>>,
    result: BTreeMap<String, Vec<String>>,
}

/// By word, folded, what it means.
type Meanings = BTreeMap<String, String>;

/// All of them.
#[derive(Default)]
pub struct CouncilWords {
    role: Meanings,
    term: Meanings,
    flag: Meanings,
    result: Meanings,
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
        Ok(CouncilWords {
            role: by_word(&file.role)?,
            term: by_word(&file.term)?,
            flag: by_word(&file.flag)?,
            result: by_word(&file.result)?,
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

    /// What became of a need: `achieved` or `not_achieved`.
    pub fn result(&self, text: &str) -> Option<&str> {
        self.result.get(&folded(text)).map(String::as_str)
    }

    /// Whether a flag says yes or no by one of these words.
    pub fn flag(&self, text: &str) -> Option<bool> {
        self.flag.get(&folded(text)).map(|meant| meant == "yes")
    }
}

fn by_word(meanings: &BTreeMap<String, Vec<String>>) -> Result<Meanings> {
    let mut words = Meanings::new();
    for (meant, spellings) in meanings {
        for word in spellings {
            if words.insert(folded(word), meant.clone()).is_some_and(|other| other != *meant) {
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
        assert_eq!((words.flag("✓"), words.flag("☐"), words.flag("✗")), (Some(true), Some(false), None));
    }

    #[test]
    fn a_word_has_one_meaning() {
        let text = "[role]\nchild = [\"son\"]\nadult = [\"Son\"]\n[term]\n[flag]\n[result]\n";
        assert!(CouncilWords::read(text).is_err());
    }
}
