//! What stands below the last row of a table is told by its words ([`super::dialect::is_footer`]). A row whose cells are what
//! its columns may hold is a row all the same, whatever it begins with: a case may be called `Page 1`.

use super::columns::column_of;
use super::dialect;
use super::folded::folded;
use super::mapping::Mapping;
use super::tables;
use super::tables::FLAG;
use crate::dates::{self, DateOrder};
use crate::rules::council_words::CouncilWords;

/// The columns of a file, by which its rows are known.
pub(super) struct TableRows<'a> {
    mapping: &'a Mapping,
    columns: Vec<Option<&'static str>>,
}

/// Whether a cell may stand in a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Hardly anything else would be right there: a date, a criterion, a yes or no.
    Tells,
    /// It may, as many texts may.
    May,
    /// It may not.
    Not,
}

impl<'a> TableRows<'a> {
    pub(super) fn of(mapping: &'a Mapping, names: &[String]) -> TableRows<'a> {
        TableRows { mapping, columns: names.iter().map(|name| column_of(mapping, name)).collect() }
    }

    /// Whether cells that have the words of a footer are a row of the table: each is what its column may hold, and they
    /// have every value that a row must have, or one that only a row has, or they begin with what a row before them has.
    pub(super) fn has(&self, cells: &[&str], stands_before: impl Fn(usize, &str) -> bool) -> bool {
        let filled: Vec<(usize, &str)> =
            cells.iter().copied().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).collect();
        if self.names_somebody(&filled, &stands_before) {
            return true;
        }
        let fits: Vec<Fit> = filled.iter().map(|(at, cell)| self.fit(*at, cell)).collect();
        if filled.is_empty() || fits.contains(&Fit::Not) {
            return false;
        }
        let is_there = |name: &str| filled.iter().any(|(at, _)| self.columns.get(*at) == Some(&Some(name)));
        let has_or_other = |name: &str| is_there(name) || self.mapping.table.in_place_of(name).is_some_and(is_there);
        let must = self.mapping.table.columns().iter().filter(|(_, must)| *must).map(|(name, _)| *name);
        let mut must = must.filter(|name| *name != "date_of_birth" && !self.mapping.constants.contains_key(*name));
        let is_whole = self.mapping.wide.is_none() && must.clone().next().is_some() && must.all(has_or_other);
        let (first, text) = filled[0];
        let begins_as_a_row = self.columns.get(first).is_some_and(Option::is_some) && stands_before(first, text);
        is_whole || fits.contains(&Fit::Tells) || begins_as_a_row
    }

    /// Whether cells above the column names `names` are a row of the table: each is what its column may hold, and they have every
    /// value that a row must have, or an id with one that only a row has.
    pub(super) fn has_above(&self, cells: &[&str], names: &[String]) -> bool {
        let filled: Vec<(usize, &str)> =
            cells.iter().copied().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).collect();
        let fits: Vec<Fit> = filled.iter().map(|(at, cell)| self.fit(*at, cell)).collect();
        if filled.len() < 2 || fits.contains(&Fit::Not) {
            return false;
        }
        let has_digit = |cell: &str| cell.bytes().any(|byte| byte.is_ascii_digit());
        let has_id = || filled.iter().any(|(at, cell)| self.is_id(*at) && has_digit(cell) && !is_day(cell));
        dialect::is_whole_row(self.mapping, names, cells) || (fits.contains(&Fit::Tells) && has_id())
    }

    /// Whether a column holds ids.
    fn is_id(&self, at: usize) -> bool {
        let name = self.columns.get(at).copied().flatten();
        name.is_some_and(|name| matches!(name, "upn" | "id" | "former_id") || name.ends_with("_id"))
    }

    /// Whether cells name a case, a family or a person, whatever else they hold: behind the words of a footer there is an id, or
    /// within them one of a row before. A count may stand right behind them, such as `Total,312`.
    fn names_somebody(&self, filled: &[(usize, &str)], stands_before: &impl Fn(usize, &str) -> bool) -> bool {
        let is_id = |at: usize| self.is_id(at);
        let Some(((first, words), others)) = filled.split_first() else { return false };
        let is_count = |at: usize, cell: &str| at == first + 1 && cell.trim().bytes().all(|byte| byte.is_ascii_digit());
        let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
        let is_like_an_id = |at: usize, cell: &str| has_digit(cell) && !is_count(at, cell) && !is_day(cell);
        let named =
            |(at, cell): &(usize, &str)| is_id(*at) && (is_like_an_id(*at, cell) || stands_before(*at, cell.trim()));
        let has_letter = |word: &str| word.chars().any(char::is_alphabetic);
        let within = |word: &str| has_digit(word) && has_letter(word) && stands_before(*first, word);
        others.iter().any(named) || (is_id(*first) && words.split_whitespace().any(within))
    }

    fn fit(&self, at: usize, cell: &str) -> Fit {
        // A cell beyond the last column is none of the table's.
        let Some(column) = self.columns.get(at) else { return Fit::Not };
        let Some(name) = *column else { return Fit::May };
        let word = folded(cell);
        if self.mapping.values.get(name).is_some_and(|words| words.contains_key(&word)) {
            return Fit::May;
        }
        let is_date = is_day(cell);
        let tells = |is_it: bool| if is_it { Fit::Tells } else { Fit::Not };
        match name {
            name if tables::is_date(name) => tells(is_date),
            "criterion" => {
                let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let (number, need) = cell.split_once('.').unwrap_or((cell, "0"));
                tells(digits(number) && digits(need))
            }
            FLAG => {
                let named = self.mapping.wide.iter().flat_map(|wide| wide.yes.iter().chain(&wide.no));
                let is_word = CouncilWords::get().flag(&word).is_some();
                tells(is_date || is_word || named.into_iter().any(|known| folded(known) == word))
            }
            // A sum under a column of numbers is what a last line has.
            "possible" | "attended" | "authorised" | "unauthorised" | "sessions" => {
                if cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') { Fit::May } else { Fit::Not }
            }
            _ => Fit::May,
        }
    }
}

/// Whether a text is a day, in whichever order.
fn is_day(text: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst].iter().any(|order| dates::read_in(text, *order).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::mapping::Dialect;
    use super::super::tables::TableName;
    use super::*;

    fn is_row(table: TableName, header: &str, cells: &str, before: &[&str]) -> bool {
        let mapping = Mapping::plain(table, Dialect::default());
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        let cells: Vec<&str> = cells.split(',').collect();
        TableRows::of(&mapping, &names).has(&cells, |_, cell| before.contains(&cell))
    }

    #[test]
    fn a_row_is_a_row_whatever_it_begins_with_and_a_footer_is_none() {
        let criteria = "case_id,criterion,outcome_on,relapsed_on,result";
        for (cells, before, expected) in [
            ("Page 1,7.1,,,", &[][..], true),
            ("Total 3,3", &[], true),
            // No criterion, and yet a day that the need relapsed.
            ("Report 9,,,2024-02-01,", &[], true),
            ("Page 1,,,,", &[], false),
            ("Page 1,,,,", &["Page 1"], true),
            ("Page 1 of,twelve", &[], false),
            ("Total: 312 cases,,,,", &[], false),
            ("Total,soon,,,", &["Total"], false),
            ("Page 1,7.1,,,,and more", &[], false),
        ] {
            assert_eq!(is_row(TableName::Criteria, criteria, cells, before), expected, "{cells}");
        }
        assert!(!is_row(TableName::Cases, "case_id,family_id,opened_on", "Total,312,", &[]));
        // A row that lacks what it must have is held all the same where it names somebody.
        for (table, header, cells, before, expected) in [
            (TableName::Cases, "team,case_id,family_id,opened_on", "Total Care,,F1,", &[][..], true),
            (TableName::Cases, "case_id,family_id,opened_on", "Page 2,F1,", &[], true),
            (TableName::Cases, "case_id,family_id,opened_on", "Total,312,", &["312"], true),
            (TableName::Claims, "paid_to,claim_id,family_id", "3 families,,312", &[], true),
            (TableName::Claims, "paid_to,claim_id,family_id", "3 families,,", &[], false),
            (TableName::Cases, "case_id,family_id,opened_on", "Produced by,J Smith,", &[], false),
            (TableName::Cases, "case_id,family_id,opened_on", "Run on,30/09/2024 10:22,", &[], false),
            (TableName::Criteria, "case_id,criterion,outcome_on,relapsed_on", "Total C1,,,relapsed", &["C1"], true),
            (TableName::Criteria, "case_id,criterion,outcome_on,relapsed_on", "Total C1,,,relapsed", &[], false),
            (TableName::Attendance, "school,upn,academic_year,term", "Page A,W889200024001,,", &[], true),
            (TableName::FormerIds, "notes,kind,id,former_id", "Report merged,,F1,", &[], true),
        ] {
            assert_eq!(is_row(table, header, cells, before), expected, "{cells}");
        }
        assert!(is_row(TableName::Cases, "case_id,family_id,opened_on", "Total,F1,2024-01-01", &[]));
        assert!(!is_row(TableName::Attendance, "upn,academic_year,term,possible,attended", "Total,,,10600,", &[]));
    }
}
