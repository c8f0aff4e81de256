//! A second, plain, slow implementation of the contract, written from `contract.md` and `domain.md` alone and sharing
//! nothing with the program: the oracle of the differential tests. Standard library only (but for `generate`, which is a
//! proptest strategy of inputs, and the tables of Unicode). No indexes, no cleverness: nested loops over rows. Of the
//! contract it has what tables of text can show: workbooks (merged cells, formulas, cells that are numbers) are left out.
#![allow(dead_code)]
#![allow(clippy::collapsible_if, clippy::type_complexity, clippy::needless_range_loop, clippy::unnecessary_to_owned)]

mod attendance;
mod dates;
mod decide;
pub mod generate;
#[cfg(test)]
mod hand;
mod ids;
mod params;
mod quirks;
mod symbols;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

/// A file. The table is told by the file name: anything starting with "attendance" is attendance.
#[derive(Clone, Debug, Default)]
pub struct RawTable {
    pub file: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// What the symbols of a file's weeks stand for: a symbol that is not among them is a code itself.
pub type Symbols = BTreeMap<char, String>;

#[derive(Clone, Debug, Default)]
pub struct Authority {
    pub tables: Vec<RawTable>,
    /// By file name, of the files whose supplier has symbols of its own.
    pub symbols: BTreeMap<String, Symbols>,
    /// ISO
    pub as_at: String,
    /// ISO: the day on which the data were taken from their systems.
    pub extracted_on: Option<String>,
    /// Parameter key and value as typed after `--set`.
    pub set: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decided {
    /// By the `case_id` naming the period: every column of decisions.csv but `rules` and `reason`.
    pub decisions: BTreeMap<String, BTreeMap<String, String>>,
    /// case_id, family_id, person_id, academic_year, term, possible, attended, percent, verdict
    pub children: BTreeSet<Vec<String>>,
    /// case_id, family_id, person_id
    pub not_looked_at: BTreeSet<Vec<String>>,
    /// By table: read, used, repeated, quarantined.
    pub rows: BTreeMap<String, (usize, usize, usize, usize)>,
}

/// Err: the run stops (exit 2), with why.
pub fn check(a: &Authority) -> Result<Decided, String> {
    let d = dates::parse(a.as_at.trim()).ok_or(format!("no as-at date: {}", a.as_at))?;
    // Section 2: the framework in force at D (domain.md: 3 October 2022 to March 2025); none: the run stops.
    if d < (dates::Date { y: 2022, m: 10, d: 3 }) || d > (dates::Date { y: 2025, m: 3, d: 31 }) {
        return Err(format!("no framework in force at {}", a.as_at));
    }
    let extracted = match &a.extracted_on {
        Some(day) => Some(dates::parse(day.trim()).ok_or(format!("extracted_on is no date: {day}"))?),
        None => None,
    };
    let p = params::with_sets(&a.set)?;
    let mut world = tables::read(a, d, extracted, p)?;
    let window = attendance::window(&world)?;
    // Two persons of one UPN are compared by the birth dates that are given, believed or not.
    world.doubt_shared_upns();
    world.doubt_birth_dates(&window.looked_at);
    let (decisions, children, not_looked_at) = decide::decide(&world, &window);
    Ok(Decided { decisions, children, not_looked_at, rows: world.rows })
}
