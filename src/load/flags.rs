//! What a flag says, in a file that has criteria side by side: yes, no, since a day, or nothing that is known.

use super::folded::folded;
use super::mapping::Wide;
use super::unreadable;
use crate::dates::{self, DateOrder};
use crate::rules::council_words::CouncilWords;

/// Whether a word says yes without being named as one that does.
pub fn says_yes(text: &str) -> bool {
    CouncilWords::get().flag(&folded(text)) == Some(true)
}

/// What the flag of a criterion says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// The case has not the need.
    No,
    /// It has.
    Yes,
    /// It has, since a date.
    Since,
    /// Neither.
    Unknown,
}

/// What the words of a file's flags say.
#[derive(Clone, Debug, Default)]
pub struct FlagWords {
    yes: Vec<String>,
    no: Vec<String>,
}

impl FlagWords {
    pub(super) fn of(spec: &Wide) -> FlagWords {
        let words = |own: &[String]| own.iter().map(|word| folded(word)).collect();
        FlagWords { yes: words(&spec.yes), no: words(&spec.no) }
    }

    /// What a flag says. A word that is named counts as named, whatever it is otherwise.
    pub fn read(&self, text: &str) -> Flag {
        let word = folded(text);
        if self.yes.contains(&word) {
            Flag::Yes
        } else if self.says_no(&word) {
            Flag::No
        } else if says_yes(text) {
            Flag::Yes
        } else if is_date(text) {
            Flag::Since
        } else {
            Flag::Unknown
        }
    }

    /// Whether a folded word says no. A blank does.
    pub(super) fn says_no(&self, word: &str) -> bool {
        word.is_empty() || self.no.iter().any(|known| known == word) || CouncilWords::get().flag(word) == Some(false)
    }
}

/// Whether a text is a date in some order. In which it is read is settled later.
fn is_date(text: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst].iter().any(|order| dates::read_in(text, *order).is_some())
        || unreadable::is_swapped(text)
}
