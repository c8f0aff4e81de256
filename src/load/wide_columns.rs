//! Where the columns of each criterion stand, in a file that has criteria side by side.

use super::dates_seen::DatesSeen;
use super::mapping::Wide;
use super::row::Rows;
use super::row::SideBySide;
use super::tables;
use super::tables::FLAG;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The columns of the criteria table, in the order in which rows are made, and behind them the flag as it stands.
pub(super) const COLUMNS: [&str; 10] = [
    "case_id",
    "family_id",
    "criterion",
    "person_id",
    "identified_on",
    "outcome_on",
    "relapsed_on",
    "result",
    "evidence",
    FLAG,
];

/// Where the columns of one criterion stand.
pub(super) struct Positions {
    pub(super) of: Arc<SideBySide>,
    pub(super) flag: usize,
    /// By position in [`COLUMNS`]: the position in the file, and whether other criteria have the same.
    pub(super) others: Vec<(usize, usize, bool)>,
}

impl Positions {
    pub(super) fn other(&self, column: usize) -> Option<(usize, bool)> {
        self.others.iter().find(|(other, ..)| *other == column).map(|(_, from, shared)| (*from, *shared))
    }
}

pub(super) fn column(name: &str) -> usize {
    COLUMNS.iter().position(|known| *known == name).unwrap_or(0)
}

/// Where the columns of each criterion stand.
pub(super) fn positions(
    spec: &Wide,
    of_all: &[(&'static str, usize)],
    position: &dyn Fn(&str) -> Result<usize, String>,
    names: &[String],
    below: usize,
) -> Result<Vec<Positions>, String> {
    let mut criteria = Vec::new();
    for (criterion, columns) in &spec.criteria {
        let columns = columns.columns();
        let flag = position(&columns.flag)?;
        let mut others: BTreeMap<&'static str, usize> = of_all.iter().copied().collect();
        for (name, heading) in columns.others() {
            others.insert(name, position(heading)?);
        }
        if below > 0 {
            others.insert("outcome_on", flag + below);
        }
        let in_file = |at: &usize| names.get(*at).map_or("", |name| name.trim()).to_owned();
        let mut headings: BTreeMap<&'static str, String> =
            others.iter().map(|(name, at)| (*name, in_file(at))).collect();
        headings.insert(FLAG, in_file(&flag));
        // The day since which there is a need may stand in the flag.
        headings.entry("identified_on").or_insert_with(|| in_file(&flag));
        headings.insert("criterion", in_file(&flag));
        let others = others.into_iter().map(|(name, at)| (column(name), at, false)).collect();
        let of = Arc::new(SideBySide { criterion: criterion.get_ref().clone(), headings });
        criteria.push(Positions { of, flag, others });
    }
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, at, _) in criteria.iter().flat_map(|of| &of.others) {
        *times.entry(*at).or_default() += 1;
    }
    for (_, at, shared) in criteria.iter_mut().flat_map(|of| &mut of.others) {
        *shared = times.get(at).is_some_and(|times| *times > 1);
    }
    Ok(criteria)
}

/// How the dates of the file are written, each of its cells counted once.
pub(super) fn dates_seen(wide: &Rows, names: &[String], criteria: &[Positions]) -> DatesSeen {
    let mut is_dated = vec![false; names.len()];
    for of in criteria {
        let dated = of.others.iter().filter(|(column, ..)| tables::is_date(COLUMNS[*column])).map(|(_, at, _)| *at);
        dated.chain([of.flag]).for_each(|at| is_dated[at] = true);
    }
    let mut seen = DatesSeen::default();
    for cells in &wide.cells {
        let dated = cells.iter().zip(&is_dated).filter(|(_, is_dated)| **is_dated);
        dated.for_each(|(cell, _)| seen.note(cell.trim()));
    }
    seen
}
