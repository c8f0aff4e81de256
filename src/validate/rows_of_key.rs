//! The rows of one key that differ, and how they are named to each other.

use crate::place::Place;

/// The rows of one key.
#[derive(Default)]
pub(super) struct RowsOfKey {
    /// The first rows, and how many there are.
    pub(super) first: Vec<Place>,
    pub(super) number: usize,
}

/// How many rows of a key a message names beside its own; the rest is counted.
pub(super) const RIVALS_NAMED: usize = 5;

impl RowsOfKey {
    pub(super) fn add(&mut self, place: &Place) {
        self.number += 1;
        if self.first.len() <= RIVALS_NAMED {
            self.first.push(place.clone());
        }
    }

    /// The other rows, for a message of the one at `place`.
    pub(super) fn others(&self, place: &Place) -> String {
        let named: Vec<String> =
            self.first.iter().filter(|other| *other != place).take(RIVALS_NAMED).map(Place::to_string).collect();
        match self.number - 1 - named.len() {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}
