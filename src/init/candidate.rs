//! What a sheet would be as each of the tables: its columns, what is missing, dates, words and criteria side by side.

use super::column::{ColumnSeen, Word};
use super::knowledge::{Knowledge, year_in};
use super::matching::{PERCENT, Pair, assigned};
use super::percentages::{TermColumn, terms_side_by_side};
use super::sheet::Sheet;
use super::sureness::{Sureness, is_date};
use super::wide::{self, WideFound};
use super::words::{Meanings, meanings};
use crate::dates::DateOrder;
use crate::load::tables::TableName;
use crate::words::worded;
use std::collections::{BTreeMap, BTreeSet};

/// What the dates of a table say of their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderFound {
    /// Dates with a number over 12 in first place.
    pub day_first: usize,
    /// Dates with one in second place.
    pub month_first: usize,
    /// Dates that may be read either way.
    pub either_way: usize,
    /// All values that are dates.
    pub dates: usize,
}

impl OrderFound {
    /// Whether some dates show that the day comes first, and some that the month does.
    pub fn is_both_ways(self) -> bool {
        self.day_first > 0 && self.month_first > 0
    }

    /// The order that the dates show; none where they show none, or both.
    pub fn order(self) -> Option<DateOrder> {
        match (self.day_first > 0, self.month_first > 0) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

/// A value that is the same in every row of a file, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// The value.
    pub value: String,
    /// What tells it.
    pub told_by: ToldBy,
}

worded! {
    /// What tells a value that is the same in every row.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ToldBy {
        /// The name of the file.
        FileName = "likely: by the name of the file",
        /// Its words for terms, which have the year.
        Terms = "likely: by the year in the words for terms",
        /// A person.
        Answer = "as you answered",
    }
}

/// A sheet as one of the tables.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The table.
    pub table: TableName,
    /// Its columns.
    pub pairs: Vec<Pair>,
    /// Columns that it must have and for which there is no heading.
    pub missing: Vec<&'static str>,
    /// Columns that are the same in every row.
    pub constants: BTreeMap<&'static str, Constant>,
    /// Criteria side by side.
    pub wide: Option<WideFound>,
    /// Of attendance in percentages: its terms side by side.
    pub terms: Vec<TermColumn>,
    /// The order of its dates.
    pub order: OrderFound,
    /// The order that a person has said.
    pub order_said: Option<DateOrder>,
    /// By column, its words.
    pub meanings: BTreeMap<&'static str, Meanings>,
    /// Whether the rows are one a key, as the table has them.
    pub has_key: bool,
}

/// The layouts of attendance, each with the columns that it must have, and those that it may.
const LAYOUTS: [(&[&str], &[&str]); 7] = [
    (&["date", "session", "code"], &[]),
    (&["date", "am", "pm"], &[]),
    (&["week_start", "marks"], &[]),
    (&["academic_year", "term", "possible", "attended"], &["authorised", "unauthorised"]),
    (&["academic_year", "term", "possible", "authorised", "unauthorised"], &["attended"]),
    (&["academic_year", "term", "code", "sessions"], &[]),
    (&["academic_year", "term", PERCENT], &[]),
];

/// The columns of every layout of attendance.
const NAMING: [&str; 3] = ["person_id", "upn", "school_urn"];

impl Candidate {
    /// Whether it is attendance in percentages, with a row or a column a term.
    pub fn is_of_percentages(&self) -> bool {
        self.table == TableName::Attendance && (!self.terms.is_empty() || has(&self.pairs, PERCENT))
    }

    /// How sure it is that the sheet is the table: as sure as the least sure of the columns that it must have.
    pub fn sureness(&self) -> Sureness {
        if !self.missing.is_empty() {
            return Sureness::Guess;
        }
        let must = self.must();
        let of_pairs = self.pairs.iter().filter(|pair| must.contains(&pair.column)).map(Pair::sureness);
        let of_wide =
            self.wide.iter().flat_map(|wide| wide.criteria.values()).filter_map(|parts| Some(parts.get("flag")?.1));
        let of_constants = self.constants.values().map(|constant| match constant.told_by {
            ToldBy::Answer => Sureness::Said,
            ToldBy::FileName | ToldBy::Terms => Sureness::Likely,
        });
        let of_terms = self.terms.iter().map(|_| Sureness::Likely);
        of_pairs.chain(of_wide).chain(of_constants).chain(of_terms).min().unwrap_or(Sureness::Guess)
    }

    /// The columns that it must have.
    pub fn must(&self) -> Vec<&'static str> {
        if self.table == TableName::Attendance {
            return self.pairs.iter().map(|pair| pair.column).filter(|column| *column != "school_urn").collect();
        }
        let must = must_of(self.table).into_iter().filter(|column| self.wide.is_none() || *column != "criterion");
        let instead = |column: &'static str| self.table.in_place_of(column).filter(|other| has(&self.pairs, other));
        must.map(|column| instead(column).unwrap_or(column)).collect()
    }

    /// The sum of the scores.
    pub fn total(&self) -> i64 {
        self.pairs.iter().map(|pair| pair.score).sum::<i64>()
            + self.wide.as_ref().map_or(0, |wide| 100 * wide.criteria.len() as i64)
    }

    /// The pair of a column.
    pub fn pair(&self, column: &str) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.column == column)
    }

    /// Whether its criteria stand a row each.
    pub fn is_long_criteria(&self) -> bool {
        self.table == TableName::Criteria && self.wide.is_none() && self.missing.is_empty() && !self.has_key
    }
}

fn must_of(table: TableName) -> Vec<&'static str> {
    table.columns().iter().filter(|(_, must)| *must).map(|(name, _)| *name).collect()
}

/// What a sheet would be as each of the tables.
pub fn candidates(sheet: &Sheet, knowledge: &Knowledge<'_>) -> Vec<Candidate> {
    TableName::ALL.into_iter().flat_map(|table| of_table(sheet, table, knowledge)).collect()
}

fn of_table(sheet: &Sheet, table: TableName, knowledge: &Knowledge<'_>) -> Vec<Candidate> {
    let assign = |names: &[&'static str]| assigned(table, names, &sheet.columns, knowledge.headings, &knowledge.reader);
    let names: Vec<&'static str> = table.columns().iter().map(|(name, _)| *name).collect();
    let mut found = Vec::new();
    if table == TableName::Attendance {
        let layouts = LAYOUTS.iter().map(|(must, may)| {
            let wanted = |name: &&str| must.contains(name) || may.contains(name) || NAMING.contains(name);
            let names: Vec<&'static str> = names.iter().copied().filter(|name| wanted(name)).collect();
            attendance(sheet, assign(&names), must, knowledge)
        });
        let layouts: Vec<Candidate> = layouts.collect();
        // A percentage decides nothing by itself: where sessions are given, what is missing of them is asked for.
        let has_sessions = layouts.iter().any(|layout| has(&layout.pairs, "possible"));
        let of_sheet = layouts.into_iter().filter(|layout| !(has_sessions && layout.is_of_percentages()));
        let best = of_sheet.max_by_key(|layout| {
            (
                std::cmp::Reverse(layout.missing.len()),
                !layout.is_of_percentages(),
                layout.sureness(),
                layout.pairs.iter().map(|pair| pair.score).sum::<i64>(),
            )
        });
        let terms = best.as_ref().filter(|best| !best.missing.is_empty() && !has_sessions).and_then(|_| {
            let pairs = assign(&names.iter().copied().filter(|name| NAMING.contains(name)).collect::<Vec<_>>());
            let terms = terms_side_by_side(sheet, knowledge);
            let names_pupil = has(&pairs, "upn") || has(&pairs, "person_id");
            (names_pupil && !terms.is_empty()).then(|| Candidate { terms, ..plain(table, pairs, Vec::new()) })
        });
        found.extend(terms.or(best));
    } else {
        let mut pairs = assign(&names);
        // The family is asked for only where there is no case.
        for name in must_of(table).into_iter().filter(|name| has(&pairs, name)).collect::<Vec<_>>() {
            pairs.retain(|pair| Some(pair.column) != table.in_place_of(name));
        }
        let is_missing =
            |name: &&str| !has(&pairs, name) && !table.in_place_of(name).is_some_and(|other| has(&pairs, other));
        let missing = must_of(table).into_iter().filter(is_missing).collect();
        found.push(plain(table, pairs, missing));
    }
    if table == TableName::Criteria {
        found.extend(side_by_side(sheet, &found, knowledge));
    }
    for candidate in &mut found {
        finish(candidate, sheet, knowledge);
    }
    found
}

fn has(pairs: &[Pair], column: &str) -> bool {
    pairs.iter().any(|pair| pair.column == column)
}

fn plain(table: TableName, pairs: Vec<Pair>, missing: Vec<&'static str>) -> Candidate {
    Candidate {
        table,
        pairs,
        missing,
        constants: BTreeMap::new(),
        wide: None,
        terms: Vec::new(),
        order: OrderFound::default(),
        order_said: None,
        meanings: BTreeMap::new(),
        has_key: true,
    }
}

/// Attendance in one of its layouts; year and term may be in the name of the file.
fn attendance(sheet: &Sheet, pairs: Vec<Pair>, must: &[&'static str], knowledge: &Knowledge<'_>) -> Candidate {
    let has = |name: &str| pairs.iter().any(|pair| pair.column == name);
    let mut missing: Vec<&'static str> = must.iter().copied().filter(|name| !has(name)).collect();
    if !has("upn") && !has("person_id") {
        missing.push("upn");
    }
    let mut constants = BTreeMap::new();
    let named = sheet.name();
    for (column, value) in [("academic_year", year_in(&named)), ("term", term_in(&named, knowledge))] {
        if let Some(value) = value.filter(|_| missing.contains(&column)) {
            missing.retain(|name| *name != column);
            constants.insert(column, Constant { value, told_by: ToldBy::FileName });
        }
    }
    let term =
        pairs.iter().find(|pair| pair.column == "term").and_then(|pair| sheet.columns[pair.position].words.as_ref());
    if let Some(value) =
        term.and_then(|words| year_of_terms(words, knowledge)).filter(|_| missing.contains(&"academic_year"))
    {
        missing.retain(|name| *name != "academic_year");
        constants.insert("academic_year", Constant { value, told_by: ToldBy::Terms });
    }
    Candidate { constants, ..plain(TableName::Attendance, pairs, missing) }
}

/// The one academic year of all words for terms: `Spring 2024` and `Summer 2024` are both of 2023/24.
fn year_of_terms(words: &BTreeMap<String, Word>, knowledge: &Knowledge<'_>) -> Option<String> {
    let year = |word: &Word| knowledge.terms.with_year(&word.text, knowledge.headings).map(|(_, year)| year);
    let years: BTreeSet<Option<String>> = words.values().map(year).collect();
    match years.into_iter().collect::<Vec<_>>().as_slice() {
        [only] => only.clone(),
        _ => None,
    }
}

fn term_in(name: &str, knowledge: &Knowledge<'_>) -> Option<String> {
    let tokens = super::headings::tokens(name);
    let found: Vec<&String> =
        knowledge.terms.names.iter().filter(|term| tokens.contains(&term.to_lowercase())).collect();
    match found.as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

/// Criteria side by side in the rows of their cases.
fn side_by_side(sheet: &Sheet, found: &[Candidate], knowledge: &Knowledge<'_>) -> Option<Candidate> {
    let plain_one = found.first()?;
    let of_row = plain_one.pair("case_id").or_else(|| plain_one.pair("family_id"))?.clone();
    let taken = BTreeSet::from([of_row.position]);
    let mut wide = wide::find(&sheet.columns, &taken, knowledge.headings, knowledge.pack)?;
    wide.note_rows_below(&sheet.columns[of_row.position]);
    Some(Candidate { wide: Some(wide), ..plain(TableName::Criteria, vec![of_row], Vec::new()) })
}

/// Dates, words and keys, once it is known which heading is which column.
pub(super) fn finish(candidate: &mut Candidate, sheet: &Sheet, knowledge: &Knowledge<'_>) {
    candidate.meanings.clear();
    candidate.order = OrderFound::default();
    let mut days: BTreeSet<usize> = BTreeSet::new();
    for pair in &candidate.pairs {
        let column = &sheet.columns[pair.position];
        if is_date(pair.column) {
            days.insert(pair.position);
        }
        let found = meanings(pair.column, column, knowledge.headings, &knowledge.reader, &knowledge.terms);
        if !found.words.is_empty() || !found.not_shown.is_empty() {
            candidate.meanings.insert(pair.column, found);
        }
    }
    let mut parts: BTreeMap<&'static str, ColumnSeen> = BTreeMap::new();
    for (part, (heading, _)) in candidate.wide.iter().flat_map(|wide| wide.criteria.values()).flatten() {
        let Some(position) = sheet.columns.iter().position(|column| column.heading == *heading) else { continue };
        days.insert(position);
        let mut known = TableName::Criteria.columns().iter().map(|(name, _)| *name);
        if let Some(name) =
            known.find(|name| name == part && ["outcome_on", "identified_on", "relapsed_on", "result"].contains(name))
        {
            parts.entry(name).or_default().add_words(&sheet.columns[position]);
        }
    }
    for (part, words) in parts {
        let found = meanings(part, &words, knowledge.headings, &knowledge.reader, &knowledge.terms);
        if !found.words.is_empty() || !found.not_shown.is_empty() {
            candidate.meanings.insert(part, found);
        }
    }
    for column in days.iter().map(|position| &sheet.columns[*position]) {
        candidate.order.day_first += column.day_first;
        candidate.order.month_first += column.month_first;
        candidate.order.either_way += column.either_way;
        candidate.order.dates += column.dates;
    }
    let key_of = |name: &str| candidate.pair(name).map(|pair| &sheet.columns[pair.position]);
    candidate.has_key = match candidate.table {
        TableName::Cases | TableName::Criteria => key_of("case_id").is_none_or(ColumnSeen::is_key),
        TableName::Claims => key_of("claim_id").is_none_or(ColumnSeen::is_key),
        _ => true,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::Pack;

    #[test]
    fn a_year_and_a_term_are_told_by_the_name_of_a_file() {
        assert_eq!(year_in("Attendance Autumn 2023-24.csv").as_deref(), Some("2023/24"));
        assert_eq!(year_in("census_202324_spring.csv").as_deref(), Some("2023/24"));
        assert_eq!(year_in("export 2024-09-30.csv"), None);
        assert_eq!(year_in("export 01-02-2024.csv"), None);
        assert_eq!(year_in("register.xlsx [2022_2023]").as_deref(), Some("2022/23"));
        let (headings, pack) = (super::super::headings::read().unwrap(), Pack::built_in().unwrap());
        let knowledge = Knowledge::of(&headings, &pack);
        assert_eq!(term_in("Attendance_autumn_2023.csv", &knowledge).as_deref(), Some("Autumn"));
        assert_eq!(term_in("Autumn and Spring.csv", &knowledge), None);
    }
}
