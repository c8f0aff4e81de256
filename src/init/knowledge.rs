//! What a proposal is made with: known headings, the rules, and words.

use super::headings::Headings;
use super::wide::Reader;
use super::words::{Terms, year_of};
use crate::rules::pack::Pack;
use std::collections::BTreeSet;

/// What the proposals are made with.
pub struct Knowledge<'a> {
    /// Words.
    pub headings: &'a Headings,
    /// Headlines, codes, terms.
    pub pack: &'a Pack,
    /// Reads the headings of criteria side by side.
    pub reader: Reader<'a>,
    /// The terms of the calendar.
    pub terms: Terms,
}

impl<'a> Knowledge<'a> {
    /// Of these words and rules.
    pub fn of(headings: &'a Headings, pack: &'a Pack) -> Knowledge<'a> {
        let terms = Terms::of(pack.calendar.as_ref());
        Knowledge { headings, pack, reader: Reader::of(headings, pack), terms }
    }
}

/// An academic year in the name of a file: `Attendance Autumn 2023-24.csv`.
pub(super) fn year_in(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    // A day such as 01-02-2024 has two numbers that follow each other too.
    let pairs = parts
        .windows(2)
        .filter(|pair| pair[0].len() == 4)
        .filter_map(|pair| year_of(&format!("{}-{}", pair[0], pair[1])));
    let single = parts.iter().filter(|part| part.len() >= 6).filter_map(|part| year_of(part));
    let years: BTreeSet<String> = pairs.chain(single).collect();
    years.into_iter().next()
}
