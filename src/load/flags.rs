//! What a flag says, in a file that has criteria side by side: yes, no, since a day, or nothing that is known.

use super::folded::folded;
use super::mapping::Wide;
use super::unreadable;
use crate::dates::{self, DateOrder};
use crate::ids;
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
        let words = |own: &[String]| own.iter().map(|word| word_of(word)).collect();
        FlagWords { yes: words(&spec.yes), no: words(&spec.no) }
    }

    /// What a flag says. A word that is named counts as named, whatever it is otherwise.
    pub fn read(&self, text: &str) -> Flag {
        if self.yes.contains(&word_of(text)) {
            Flag::Yes
        } else if self.says_no(text) {
            Flag::No
        } else if says_yes(text) {
            Flag::Yes
        } else if is_date(text) {
            Flag::Since
        } else {
            Flag::Unknown
        }
    }

    /// Whether a text says no. A blank does; a dash does where it is named.
    pub(super) fn says_no(&self, text: &str) -> bool {
        let word = word_of(text);
        word.is_empty() || self.no.contains(&word) || CouncilWords::get().flag(&word) == Some(false)
    }
}

/// A text as it is compared: folded; of dashes and the like alone, which folding leaves nothing of, as it stands.
fn word_of(text: &str) -> String {
    let word = folded(text);
    if word.is_empty() { ids::cleaned(text).into_owned() } else { word }
}

/// Whether two texts are one day, in an order in which both are days.
pub(super) fn is_same_day(one: &str, other: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst]
        .iter()
        .any(|order| dates::read_in(one, *order).is_some_and(|day| dates::read_in(other, *order) == Some(day)))
}

/// Whether a text is a date in some order. In which it is read is settled later.
pub(super) fn is_date(text: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst].iter().any(|order| dates::read_in(text, *order).is_some())
        || unreadable::is_swapped(text)
}
