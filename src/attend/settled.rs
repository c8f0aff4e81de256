//! Sessions of a child's term, settled least and most favourably, and why a term cannot be settled.

use crate::place::Place;
use crate::rules::codes::Class;
use crate::rules::council_words::Half;
use crate::rules::parameters::AbsenceCounted;
use crate::share::{Percent, Sessions};

/// Sessions of a child's term, settled both ways. Both are the same where nothing is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Settled {
    /// As the doubts settle least favourably.
    pub least: Sessions,
    /// As they settle most favourably.
    pub most: Sessions,
}

impl Settled {
    /// Figures without doubt.
    pub fn sure(sessions: Sessions) -> Settled {
        Settled { least: sessions, most: sessions }
    }

    /// Both settlings added.
    pub fn plus(self, other: Settled) -> Settled {
        Settled { least: self.least.plus(other.least), most: self.most.plus(other.most) }
    }

    /// The settlings of figures that cannot both be right: the least favourable of all, and the most. Of
    /// equally favourable ones the one with fewer possible sessions.
    pub fn in_conflict(alternatives: &[Settled], threshold: Percent) -> Settled {
        let key = |sessions: &Sessions| (sessions.margin(threshold), sessions.possible);
        let least = alternatives.iter().map(|settled| settled.least).min_by_key(key);
        let most = alternatives
            .iter()
            .map(|settled| settled.most)
            .max_by_key(|sessions| (sessions.margin(threshold), std::cmp::Reverse(sessions.possible)));
        Settled { least: least.unwrap_or_default(), most: most.unwrap_or_default() }
    }
}

/// Why a child's term cannot be judged from its records at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A record that may be of the term cannot be read: the first, and whether it may be of any other term.
    Unreadable(Place, bool),
    /// Records of the term are under an id or a UPN of several persons who cannot be one.
    OfSeveralPersons,
    /// A figure of one school with more sessions attended than possible, or fewer than none.
    CannotBeRight(Sessions, Place),
    /// A record without possible sessions, or one from which attended cannot be told: where, and the column that would tell.
    CannotBeTold(Place, &'static str),
    /// A figure with a blank school beside named schools, equal to none of them.
    SchoolUnclear(Place),
    /// Figures of one half of the term alone at a school.
    HalfMissing {
        /// The half that is there.
        half: Half,
        /// The school; blank where none is named.
        school: String,
        /// Where the half that is there stands.
        place: Place,
    },
    /// A figure of the whole term beside half-terms that do not add up to it.
    AgainstHalves {
        /// The figure of the whole term.
        whole: Sessions,
        /// That of its half-terms.
        halves: Sessions,
        /// The half-term that is there without the other.
        alone: Option<Half>,
        /// Where the first of the half-terms stands.
        place: Place,
    },
}

/// How a class of mark counts: whether attended, and whether possible.
pub fn counts(class: Class, absence: AbsenceCounted) -> Sessions {
    let (possible, attended) = match class {
        Class::Present | Class::EducationalActivity => (1, 1),
        Class::Authorised if absence == AbsenceCounted::Unauthorised => (1, 1),
        Class::Authorised | Class::Unauthorised => (1, 0),
        Class::NotPossible => (0, 0),
    };
    Sessions { possible, attended }
}
