//! Criteria in wide layout: a row a case or a family, with a column for each criterion (a flag or a date) and, beside it,
//! columns for its outcome. Each criterion that a row flags becomes a row of the criteria table, with the number of its row
//! and the headings that its cells have in the file.

use super::columns::SideBySideHeadings;
use super::dates_seen::DatesSeen;
use super::flags::{Flag, FlagWords, is_date, is_same_day};
use super::folded::folded;
use super::mapping::{Mapping, Wide, WideColumns, WideCriterion};
use super::row::SideBySide;
use super::row::{Defect, Rows, row_number};
use super::tables::FLAG;
use super::wide_columns::{COLUMNS, Positions, column, dates_seen, positions};
use super::{header_again, unreadable};
use crate::finding::FindingCode;
use crate::place::Place;
use crate::rules::council_words::CouncilWords;
use crate::words::counted;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rows of the criteria table that a wide table stands for.
pub(super) struct Unfolded {
    /// The columns, by the table's names.
    pub(super) names: Vec<String>,
    pub(super) rows: Rows,
    /// The heading that each column has in the file.
    pub(super) headings: BTreeMap<String, String>,
    /// What the flags say.
    pub(super) flags: Arc<FlagWords>,
    /// How the dates of the file are written.
    pub(super) dates: DatesSeen,
    /// The headings of the columns that no criterion has.
    pub(super) not_read: Vec<String>,
}

/// Turns the rows of a wide table into rows of criteria.
///
/// # Errors
/// A column that the settings name and the file has not; in a sentence.
pub(super) fn unfolded(
    file: &str,
    mapping: &Mapping,
    spec: &Wide,
    names: &[String],
    wide: Rows,
) -> Result<Unfolded, String> {
    let (own, below);
    let headings = SideBySideHeadings { file, names };
    let (names, wide) = if spec.outcomes_below {
        own = [names, names].concat();
        below = names.len();
        let of_id = |id: &'static str| headings.find(mapping.columns.get(id).map_or(id, String::as_str));
        let ids: Vec<usize> = [of_id("case_id")?, of_id("family_id")?].into_iter().flatten().collect();
        (own.as_slice(), with_the_row_below(wide, names.len(), &ids))
    } else {
        below = 0;
        (names, wide)
    };
    let position = |heading: &str| headings.position(heading);
    let heading = |column: &'static str| mapping.columns.get(column).map_or(column, String::as_str);
    let given = |column: &'static str| match mapping.columns.get(column) {
        Some(heading) => position(heading).map(Some),
        None => headings.find(column),
    };
    let family_id = given("family_id")?;
    let case_id = match (given("case_id")?, family_id) {
        (None, None) => Some(position(heading("case_id"))?),
        (case_id, _) => case_id,
    };
    // What holds for all criteria of a row: under the heading that the settings say, or else under the table's own name.
    let columns: Vec<WideColumns> = spec.criteria.values().map(WideCriterion::columns).collect();
    let headings_of =
        |of: &WideColumns| [vec![folded(&of.flag)], of.others().map(|(_, other)| folded(other)).collect()].concat();
    let of_one: BTreeSet<String> = columns.iter().flat_map(headings_of).collect();
    let mut of_all: Vec<(&'static str, usize)> = Vec::new();
    for name in &COLUMNS[3..9] {
        if let (Some(named), Some(own)) = (mapping.columns.get(*name), headings.find(name)?)
            && folded(named) != folded(name)
            && !of_one.contains(&folded(name))
        {
            return Err(format!(
                "{file} has a column \"{}\", and another one, \"{}\", is said to be {name}: give one of them another heading, or take it out of the file.",
                names[own].trim(),
                named.trim()
            ));
        }
        if mapping.columns.contains_key(*name)
            || !(mapping.constants.contains_key(*name) || of_one.contains(&folded(name)))
        {
            of_all.extend(given(name)?.map(|at| (*name, at)));
        }
    }
    let criteria = positions(spec, &of_all, &position, names, below)?;
    let dates = dates_seen(&wide, names, &criteria);
    let of_criteria = criteria.iter().flat_map(|of| of.others.iter().map(|(_, at, _)| *at).chain([of.flag]));
    let used = [case_id, family_id].into_iter().flatten().chain(of_criteria).collect();
    let not_read = headings.all_but(&used, &wide);
    let words = Arc::new(FlagWords::of(spec));
    let ids = [case_id, family_id];
    let unfolding = Unfolding { mapping, words: &words, ids, criteria: &criteria, width: names.len(), below };
    let mut rows = Rows::default();
    for (position, cells) in wide.cells.iter().enumerate() {
        let number = wide.numbers.get(position).copied().unwrap_or_else(|| row_number(position));
        if !cells.iter().all(|cell| cell.trim().is_empty()) {
            let is_same = || names.iter().zip(cells).all(|(name, cell)| folded(name) == folded(cell));
            if unfolding.is_header(cells) && !(cells.len() == names.len() && is_same()) {
                return Err(header_again::refused(&Place { file: Arc::from(file), row: number }).to_string());
            }
            unfolding.row(cells, number, &mut rows);
        }
    }
    let mut headings = BTreeMap::new();
    for id in ["case_id", "family_id"] {
        if let Some(named) = mapping.columns.get(id).filter(|named| folded(named) != folded(id)) {
            headings.insert(id.to_owned(), named.clone());
        }
    }
    let mut names: Vec<String> = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
    if family_id.is_none() {
        names.remove(1);
        rows.cells.iter_mut().for_each(|row| drop(row.remove(1)));
    }
    Ok(Unfolded { names, rows, headings, flags: words, dates, not_read })
}

/// Each row with the one below it, where that names nobody or the same: it then has the outcomes. A row that is too long or
/// too short stays so.
fn with_the_row_below(wide: Rows, width: usize, ids: &[usize]) -> Rows {
    let mut rows = Rows::default();
    let mut above: Option<usize> = None;
    for (at, mut cells) in wide.cells.into_iter().enumerate() {
        let number = wide.numbers.get(at).copied().unwrap_or_else(|| row_number(at));
        if cells.iter().all(|text| text.trim().is_empty()) {
            continue;
        }
        let is_whole = cells.len() >= width && cells.iter().skip(width).all(|text| text.trim().is_empty());
        let names_nobody = ids.iter().all(|id| cell(&cells, *id).is_empty());
        let is_same = |first: &Vec<String>| ids.iter().all(|id| cell(first, *id) == cell(&cells, *id));
        let first = above.take().and_then(|first| rows.cells.get_mut(first));
        match first {
            Some(first) if is_whole && first.len() == 2 * width && (names_nobody || is_same(first)) => {
                first[width..].clone_from_slice(&cells[..width]);
            }
            _ => {
                if is_whole {
                    cells.truncate(width);
                    cells.resize(2 * width, String::new());
                }
                above = (!names_nobody).then_some(rows.cells.len());
                rows.cells.push(cells);
                rows.numbers.push(number);
            }
        }
    }
    rows
}

struct Unfolding<'a> {
    mapping: &'a Mapping,
    words: &'a FlagWords,
    /// Where case and family stand.
    ids: [Option<usize>; 2],
    criteria: &'a [Positions],
    width: usize,
    /// Where the cells of the row below begin; 0 without.
    below: usize,
}

impl Unfolding<'_> {
    fn row(&self, cells: &[String], number: u32, rows: &mut Rows) {
        let mut put = |row: Vec<String>, of: Arc<SideBySide>, defect: Option<Defect>| {
            if let Some(defect) = defect {
                rows.defects.insert(rows.cells.len(), defect);
            }
            rows.cells.push(row);
            rows.numbers.push(number);
            rows.side_by_side.push(of);
        };
        if self.is_header(cells) {
            let (column, value) = (String::new(), String::new());
            let defect = Defect { column, value, code: FindingCode::HeaderAgain, message: header_again::said() };
            put(self.begun(cells, ""), Arc::default(), Some(defect));
            return;
        }
        let is_ragged = cells.len() < self.width || cells.iter().skip(self.width).any(|cell| !cell.trim().is_empty());
        if is_ragged {
            let cells_of_row = counted(cells.len(), "cell", "cells");
            let message = format!(
                "the row has {cells_of_row}, and the header {}. Which needs it has cannot be told: mend it in the file itself.",
                self.width
            );
            let defect = Defect { column: String::new(), value: String::new(), code: FindingCode::RowLength, message };
            put(self.begun(cells, ""), Arc::default(), Some(defect));
            return;
        }
        if let Some(defect) = self.of_no_criterion(cells) {
            put(self.begun(cells, ""), Arc::default(), Some(defect));
            return;
        }
        for of in self.criteria {
            let flag = cell(cells, of.flag);
            if let Some(defect) = self.contradicted(cells, of) {
                put(self.need(cells, of), of.of.clone(), Some(defect));
                continue;
            }
            if let Some(message) = unreadable::said(of.of.flag(), flag) {
                let defect =
                    Defect { column: FLAG.to_owned(), value: flag.to_owned(), code: FindingCode::CellError, message };
                put(self.need(cells, of), of.of.clone(), Some(defect));
                continue;
            }
            let wrong = |message: String| {
                let (column, value) = (FLAG.to_owned(), flag.to_owned());
                Some(Defect { column, value, code: FindingCode::UnclearFlag, message })
            };
            match self.words.read(flag) {
                Flag::No => {
                    let beside = self.beside(cells, of);
                    if !beside.is_empty() {
                        let message = format!(
                            "\"{}\" says that there is no criterion {}, and yet there is \"{}\" for it.",
                            of.of.flag(),
                            of.of.criterion,
                            beside.join("\", \"")
                        );
                        put(self.need(cells, of), of.of.clone(), wrong(message));
                    }
                }
                Flag::Yes | Flag::Since => put(self.need(cells, of), of.of.clone(), None),
                Flag::Unknown => {
                    let message = format!(
                        "\"{}\" is \"{flag}\" for criterion {}, which is neither yes nor no nor a date.",
                        of.of.flag(),
                        of.of.criterion
                    );
                    put(self.need(cells, of), of.of.clone(), wrong(message));
                }
            }
        }
    }

    /// The cell of a column in the row, or where it is blank there in the row below.
    fn text<'c>(&self, cells: &'c [String], from: usize) -> &'c str {
        match cell(cells, from) {
            "" => self.text_below(cells, from),
            text => text,
        }
    }

    /// The cell of the same column in the row below; blank where outcomes stand beside.
    fn text_below<'c>(&self, cells: &'c [String], from: usize) -> &'c str {
        if from < self.below { cell(cells, from + self.below) } else { "" }
    }

    /// What is wrong with a row that has no criterion, and yet says that a need relapsed or was not met: what it says would be lost.
    fn of_no_criterion(&self, cells: &[String]) -> Option<Defect> {
        if self.criteria.iter().any(|of| self.words.read(cell(cells, of.flag)) != Flag::No) {
            return None;
        }
        let is_told = |name: &str, text: &str| match name {
            "relapsed_on" => !self.says_none(name, text),
            "outcome_on" => !self.says_none(name, text) && !is_date(text),
            "result" => {
                let is_not = folded(self.meant(name, text)) == folded("not_achieved");
                is_not || (!self.says_none(name, text) && !says_achieved(self.meant(name, text)))
            }
            _ => false,
        };
        let shared =
            self.criteria.iter().flat_map(|of| of.others.iter().filter(|(.., shared)| *shared).map(move |at| (of, at)));
        let mut told = shared.map(|(of, (column, from, _))| (of, COLUMNS[*column], self.text(cells, *from)));
        let (of, name, text) = told.find(|(_, name, text)| is_told(name, text))?;
        let heading = of.of.heading(name).unwrap_or(name);
        let message = format!(
            "\"{heading}\" is \"{text}\", and the row has no criterion. Which need it is of cannot be told: flag the criterion, or take \"{text}\" out, in the file itself."
        );
        Some(Defect { column: heading.to_owned(), value: text.to_owned(), code: FindingCode::UnclearFlag, message })
    }

    /// What is wrong where two cells say different things of a criterion: the flag and another column since when there is the need, or
    /// a row and the row below.
    fn contradicted(&self, cells: &[String], of: &Positions) -> Option<Defect> {
        let flag = cell(cells, of.flag);
        if self.words.read(flag) == Flag::No && self.beside(cells, of).is_empty() {
            return None;
        }
        let heading = |name: &'static str| of.of.heading(name).unwrap_or(name).to_owned();
        let defect = |column: &'static str, value: &str, said: String| {
            let message = format!("{said}, for criterion {}. Only one of them can be right.", of.of.criterion);
            Some(Defect { column: column.to_owned(), value: value.to_owned(), code: FindingCode::UnclearFlag, message })
        };
        for (column, from, _) in &of.others {
            let name = COLUMNS[*column];
            let (above, below) = (cell(cells, *from), self.text_below(cells, *from));
            if !above.is_empty() && !below.is_empty() && folded(above) != folded(below) {
                let said = format!("\"{}\" is \"{above}\", and \"{below}\" in the row below", heading(name));
                return defect(name, below, said);
            }
            if name == "identified_on"
                && !self.text(cells, *from).is_empty()
                && self.words.read(flag) == Flag::Since
                && !is_same_day(flag, self.text(cells, *from))
            {
                let other = self.text(cells, *from);
                let said = format!("\"{}\" is \"{flag}\", and \"{}\" is \"{other}\"", of.of.flag(), heading(name));
                return defect(name, other, said);
            }
        }
        None
    }

    /// Whether a row is the column names again.
    fn is_header(&self, cells: &[String]) -> bool {
        let flags = self.criteria.iter().map(|of| folded(of.of.flag()));
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        header_again::is_header(&flags.collect::<Vec<_>>(), &cells)
    }

    /// A row with what every need of it has.
    fn begun(&self, cells: &[String], criterion: &str) -> Vec<String> {
        let mut row = vec![String::new(); COLUMNS.len()];
        for (column, from) in self.ids.iter().enumerate() {
            row[column] = from.map_or("", |from| cell(cells, from)).to_owned();
        }
        row[column("criterion")] = criterion.to_owned();
        row
    }

    /// The row of a criterion.
    fn need(&self, cells: &[String], of: &Positions) -> Vec<String> {
        let mut row = self.begun(cells, &of.of.criterion);
        for (column, from, _) in &of.others {
            row[*column] = self.text(cells, *from).to_owned();
        }
        let flag = cell(cells, of.flag);
        row[column(FLAG)] = flag.to_owned();
        if row[column("identified_on")].is_empty() && self.words.read(flag) == Flag::Since {
            row[column("identified_on")] = flag.to_owned();
        }
        for name in ["outcome_on", "relapsed_on"] {
            // A "no" where a day is asked for says that there is none.
            if self.says_none(name, &row[column(name)]) {
                row[column(name)].clear();
            }
        }
        // One day for all outcomes is that of a need only where the need is said to have one.
        let is_shared = of.other(column("outcome_on")).is_some_and(|(_, shared)| shared);
        let says_result = of.other(column("result"));
        if is_shared && says_result.is_some() && self.meant("result", &row[column("result")]).is_empty() {
            row[column("outcome_on")].clear();
        }
        row
    }

    /// What a cell stands for.
    fn meant<'c>(&'c self, column: &str, text: &'c str) -> &'c str {
        let words = self.mapping.values.get(column);
        words.and_then(|words| words.get(&folded(text))).map_or(text, String::as_str)
    }

    /// Whether a cell says that nothing has been.
    fn says_none(&self, column: &str, text: &str) -> bool {
        let meant = self.meant(column, text);
        self.words.says_no(meant) || (column == "result" && CouncilWords::get().says_no_outcome(&folded(meant)))
    }

    /// What stands beside a criterion, for it alone, and says that there is a need all the same.
    fn beside<'c>(&self, cells: &'c [String], of: &Positions) -> Vec<&'c str> {
        let own = of.others.iter().filter(|(_, _, shared)| !shared);
        let filled = own.map(|(column, from, _)| (COLUMNS[*column], self.text(cells, *from)));
        filled.filter(|(column, text)| !self.says_none(column, text)).map(|(_, text)| text).collect()
    }
}

/// Whether a text says that a need was met.
fn says_achieved(text: &str) -> bool {
    let word = folded(text);
    word == "achieved" || CouncilWords::get().result(&word) == Some("achieved")
}

fn cell(cells: &[String], position: usize) -> &str {
    cells.get(position).map_or("", |cell| cell.trim())
}
