//! What is shown of scenarios, and what is said of each.

use super::said;
use crate::forecast::whatif::grid::Grid;
use crate::forecast::whatif::{Tried, WhatIf};
use crate::receipt::InputFile;
use crate::run::Prepared;
use std::collections::BTreeMap;

/// Said first wherever scenarios are shown.
pub const NO_DECISION: &str =
    "What if: scenarios, not decisions. Nothing here says that a result can be claimed, and nothing is changed by it.";

/// What is shown of a run of scenarios.
pub struct Shown<'a> {
    /// The scenarios and today.
    pub found: &'a WhatIf,
    /// The grid, where one was asked for.
    pub grid: Option<&'a Grid>,
    /// The data and rules.
    pub prepared: &'a Prepared,
    /// The fingerprints of all files read, that of the scenarios among them.
    pub inputs: &'a [InputFile],
}

/// A scenario in a sentence; today in one of its own.
pub(super) fn sentence(tried: &Tried, found: &WhatIf) -> String {
    if std::ptr::eq(tried, &found.today) { said::today(found) } else { said::sentence(tried, found) }
}

/// Periods by where they stand today and where they would: status and reason, each.
pub(super) fn moves(tried: &Tried) -> BTreeMap<(&'static str, &'static str, &'static str, &'static str), usize> {
    let mut moves = BTreeMap::new();
    for flip in &tried.flips {
        let key = (flip.from.status.word(), flip.from.kind, flip.to.status.word(), flip.to.kind);
        *moves.entry(key).or_default() += 1;
    }
    moves
}
