//! Corrections: quarantine files that an officer has mended and put into the data folder. Each row names, in `replaces`,
//! the row whose place it takes.

use super::csv_file;
use super::dialect;
use super::folded::folded;
use super::formulas::given_back;
use super::loaded::CorrectionFile;
use super::loaded::Loaded;
use super::mapping::{Dialect, Mapping};
use super::row::{Rows, row_number};
use super::tables::FLAG;
use super::tables::{self, TableName};
use super::text_file::{Body, TextFile};
use crate::dates::DateOrder;
use crate::error::{Error, Result};
use crate::finding::{Finding, FindingCode, Findings};
use crate::place::Place;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What the names of quarantine files begin with, before the name of the table.
pub const NAMED: &str = "quarantine_";

/// The columns of a quarantine file that are not the table's.
pub const OUT_OF_PLACE: &str = "cells_out_of_place";

/// What is wrong with the row, in a sentence.
pub const WHY: &str = "why";

/// The file and row that it comes from.
pub const FROM: &str = "from";

/// The print of the row whose place it takes.
pub const REPLACES: &str = "replaces";

/// The print of a row by its cells: 32 hexadecimal digits, the same on every computer and in every version. `what` says
/// what kind of row it is. A spreadsheet would take digits alone, or digits with an `e`, for a number, so there is always
/// another letter among them.
pub fn print_of(what: &str, cells: &[u8]) -> String {
    let mut turn = 0u8;
    loop {
        let mut hash = Sha256::new();
        hash.update([turn]);
        hash.update(what.as_bytes());
        hash.update([0]);
        hash.update(cells);
        let print: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        if turn == u8::MAX || print.contains(['a', 'b', 'c', 'd', 'f']) {
            return print;
        }
        turn += 1;
    }
}

impl CorrectionFile {
    /// Says of each row with nothing but `replaces` in it that it is not used.
    pub fn say_empty(&self, findings: &mut Findings) {
        for row in &self.empty {
            let place = Place { file: self.text.file.clone(), row: *row };
            let message = format!("{place} has nothing in it but replaces: the row that it names stays in quarantine.");
            findings.add(Finding::at(FindingCode::CorrectionRefused, &place, REPLACES, "", message));
        }
    }

    /// What the row of this number takes the place of.
    ///
    /// # Errors
    /// Why that cannot be told, in a sentence.
    pub fn replaces(&self, row: u32) -> std::result::Result<&str, &str> {
        match self.replaces.get(&row) {
            Some((_, Ok(print))) => Ok(print),
            Some((_, Err(why))) => Err(why),
            None => Err("replaces is blank."),
        }
    }

    /// The prints that rows of the file name, with the rows.
    pub fn prints(&self) -> impl Iterator<Item = (&str, u32)> {
        self.replaces.iter().filter_map(|(row, (_, replaces))| Some((replaces.as_deref().ok()?, *row)))
    }

    /// The file with these of its rows only, at their places; its dates in this order.
    pub fn with_rows(&self, order: DateOrder, keep: impl Fn(u32) -> bool) -> TextFile {
        let rows = match &self.text.body {
            Body::Rows(rows) => rows.cells.as_slice(),
            _ => &[],
        };
        let kept = |(position, row): (usize, &Vec<String>)| {
            if keep(row_number(position)) { row.clone() } else { Vec::new() }
        };
        let cells = rows.iter().enumerate().map(kept).collect();
        let body = Body::Rows(Rows { cells, ..Rows::default() });
        let plain = TextFile::plain(self.text.table, &self.text.file, self.text.header.clone(), body);
        TextFile { said_order: Some(order), ..plain }
    }
}

impl Loaded {
    /// The corrections of one table.
    pub fn corrections_of(&self, table: TableName) -> impl Iterator<Item = &CorrectionFile> {
        self.corrections.iter().filter(move |file| file.text.table == table)
    }

    /// The order in which the dates of a correction are read whose row stands in the file `first`. What could be read either
    /// way there can be read either way in its correction too, whoever has saved it.
    pub fn order_beside(&self, correction: &TextFile, first: &str) -> DateOrder {
        let unsettled = self.files.iter().any(|file| &*file.file == first && file.date_order() == DateOrder::Unsettled);
        if unsettled { DateOrder::Unsettled } else { correction.date_order() }
    }

    /// The `replaces` of the correction at this place, as it stands; none for a row of any other file.
    pub fn replaces_at(&self, place: &Place) -> Option<&str> {
        let file = self.corrections.iter().find(|file| file.text.file == place.file)?;
        file.replaces.get(&place.row).map(|(cell, _)| cell.as_str())
    }
}

/// The table that a file of this name (lower case, without ending) corrects: `quarantine_cases`, and also
/// `quarantine_cases_2`, so that the corrections of several runs can stand side by side. Rows of `terms` stop a run, so
/// that nothing of them is ever in quarantine.
pub fn table_of(stem: &str) -> Option<TableName> {
    let rest = stem.strip_prefix(NAMED)?;
    let of_it = |table: &TableName| {
        rest.strip_prefix(table.word()).is_some_and(|after| after.is_empty() || after.starts_with('_'))
    };
    TableName::ALL.into_iter().filter(|table| *table != TableName::Terms).find(of_it)
}

/// Reads a quarantine file.
///
/// # Errors
/// It is no readable CSV file, lacks a column that the table must have, or has no column `replaces`.
pub fn read(table: TableName, file: &str, bytes: Vec<u8>) -> Result<CorrectionFile> {
    let text = dialect::decoded(file, bytes, None)?.bytes;
    let mapping = Mapping::plain(table, Dialect::default());
    let found = dialect::separator_and_header(&mapping, &String::from_utf8_lossy(&text));
    let (separator, columns) = found.ok_or_else(|| dialect::nothing_in(file))?;
    if columns.row != 1 {
        return Err(Error::new(format!(
            "{file}: its first row must have the column names, as the program wrote them."
        )));
    }
    let bytes = csv_file::checked(file, text, separator.byte())?;
    let header = tables::header(table, file, columns.names.iter().map(String::as_str))?;
    let named = |name: &str| header.iter().position(|column| column.to_lowercase() == name);
    let Some(replaces_at) = named(REPLACES) else {
        return Err(Error::new(format!(
            "{file} has no column \"{REPLACES}\", which says what row each of its rows takes the place of: begin again from the file that the program wrote, or rename yours."
        )));
    };
    let out_of_place = named(OUT_OF_PLACE);
    let is_flag = |name: &str| table == TableName::Criteria && folded(name) == FLAG;
    let header: Vec<String> =
        header.into_iter().map(|name| if is_flag(&name) { FLAG.to_owned() } else { name }).collect();
    let is_own = |column: &usize| table.knows(&header[*column]) || is_flag(&header[*column]);
    let of_the_table: Vec<usize> = (0..header.len()).filter(is_own).collect();
    let (mut rows, mut replaces, mut empty) = (Vec::new(), BTreeMap::new(), Vec::new());
    csv_file::for_each(file, &bytes, separator.byte(), 1, &mut |number, record| {
        let cell = |column: usize| given_back(record.get(column).unwrap_or_default());
        let extra = (header.len()..record.len()).map(cell).find(|text| !text.trim().is_empty());
        let beyond = out_of_place.map(cell).filter(|text| !text.trim().is_empty()).or(extra);
        let print = cell(replaces_at).trim().to_lowercase();
        let own: Vec<String> = of_the_table.iter().map(|column| cell(*column).to_owned()).collect();
        if beyond.is_none() && own.iter().all(|text| text.trim().is_empty()) {
            empty.extend((!print.is_empty()).then_some(number));
            return;
        }
        // Empty lines keep their place, so that a row has the number that a spreadsheet shows.
        let position = (number as usize).saturating_sub(2);
        rows.resize(position.max(rows.len()), Vec::new());
        // A cell more than the table has columns: the row is as ragged as it was.
        rows.push(own.into_iter().chain(beyond.map(str::to_owned)).collect());
        let said = if print.is_empty() {
            Err("replaces is blank, so nobody can tell which row this one takes the place of.".to_owned())
        } else if print.len() != 32 || !print.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Err(format!("replaces \"{print}\" is not what the program wrote there: 32 digits and letters from a to f."))
        } else {
            Ok(print.clone())
        };
        replaces.insert(number, (print, said));
    })?;
    let header = of_the_table.iter().map(|column| header[*column].clone()).collect();
    let text = TextFile::plain(table, file, header, Body::Rows(Rows { cells: rows, ..Rows::default() }));
    Ok(CorrectionFile { text, replaces, empty })
}

/// How many places a message names; the rest is counted.
const NAMED_PLACES: usize = 5;

fn few(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED_PLACES);
    let first = names[..names.len() - more].join(" and ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}

/// Refuses corrections that would take the place of one row with different cells: which is meant cannot be told.
pub fn settle(files: &mut [CorrectionFile]) {
    let mut by_print: BTreeMap<(TableName, String), Vec<(usize, u32)>> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        for (print, row) in file.prints() {
            by_print.entry((file.text.table, print.to_owned())).or_default().push((number, row));
        }
    }
    for places in by_print.into_values().filter(|places| places.len() > 1) {
        let mut all_cells: Vec<_> = places.iter().map(|(number, row)| files[*number].cells(*row)).collect();
        all_cells.dedup();
        if all_cells.len() == 1 {
            continue;
        }
        let names: Vec<String> = places
            .iter()
            .map(|(number, row)| Place { file: files[*number].text.file.clone(), row: *row }.to_string())
            .collect();
        // Each of them is told, so that a list of all of them would be as many times as long as they are many.
        let why = format!("{} take the place of one row with different values: keep one of them.", few(&names));
        for (number, row) in places {
            if let Some((_, replaces)) = files[number].replaces.get_mut(&row) {
                *replaces = Err(why.clone());
            }
        }
    }
}

impl CorrectionFile {
    /// The filled cells of a row as they stand, by the table's columns; what is out of place under a blank name.
    pub fn cells_as_they_stand(&self, row: u32) -> Vec<(String, String)> {
        let Body::Rows(rows) = &self.text.body else { return Vec::new() };
        let Some(cells) = rows.cells.get((row as usize).saturating_sub(2)) else { return Vec::new() };
        let names = self.text.header.iter().map(String::as_str).chain([""]);
        let filled = names.zip(cells).filter(|(_, cell)| !cell.trim().is_empty());
        filled.map(|(name, cell)| (name.to_owned(), cell.clone())).collect()
    }

    /// The filled cells of a row, by the table's columns.
    fn cells(&self, row: u32) -> Vec<(String, String)> {
        let Body::Rows(rows) = &self.text.body else { return Vec::new() };
        let Some(cells) = rows.cells.get((row as usize).saturating_sub(2)) else { return Vec::new() };
        let names = self.text.header.iter().map(String::as_str).chain([OUT_OF_PLACE]);
        let mut filled: Vec<(String, String)> = names
            .zip(cells)
            .map(|(name, cell)| (name.to_owned(), cell.trim().to_owned()))
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        filled.sort();
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: &[&str]) -> CorrectionFile {
        read(TableName::Criteria, "quarantine_criteria.csv", lines.join("\n").into_bytes()).unwrap()
    }

    #[test]
    fn a_quarantine_file_is_known_by_the_table_in_its_name() {
        for (stem, table) in [
            ("quarantine_cases", Some(TableName::Cases)),
            ("quarantine_cases_2", Some(TableName::Cases)),
            ("quarantine_attendance_marks", Some(TableName::Attendance)),
            ("quarantine_casestudies", None),
            ("quarantine_terms", None),
            ("quarantine", None),
            ("cases", None),
        ] {
            assert_eq!(table_of(stem), table, "{stem}");
        }
    }

    #[test]
    fn rows_keep_their_numbers_and_their_texts() {
        let print = "0123456789abcdef0123456789abcdef";
        let read = file(&[
            "case_id,criterion,evidence,cells_out_of_place,why,from,replaces",
            "",
            &format!("C1,3,'=see file,,bad,criteria.csv row 2,{}", print.to_uppercase()),
            &format!("C1,4,,x,bad,criteria.csv row 3,{print}"),
            ",,,,,,",
            "C1,5,,,bad,criteria.csv row 4,1E+31",
        ]);
        assert_eq!(read.text.header, ["case_id", "criterion", "evidence"]);
        let mut rows = Vec::new();
        read.text
            .for_each(&mut |row| {
                let cells: Vec<&str> = (0..row.cells()).map(|cell| row.untrimmed(cell)).collect();
                rows.push((row.number, cells.join("|"), row.is_ragged()));
            })
            .unwrap();
        assert_eq!(
            rows,
            [(3, "C1|3|=see file".to_owned(), false), (4, "C1|4||x".to_owned(), true), (6, "C1|5|".to_owned(), false)]
        );
        assert_eq!(read.replaces(3), Ok(print));
        assert!(read.replaces(6).is_err());
        let only = read.with_rows(DateOrder::DayFirst, |row| row == 6);
        let mut numbers = Vec::new();
        only.for_each(&mut |row| numbers.push(row.number)).unwrap();
        assert_eq!(numbers, [6]);
    }

    #[test]
    fn two_different_corrections_of_one_row_are_refused_and_equal_ones_are_not() {
        let print = print_of("criteria", b"x");
        let one = |criterion: &str| file(&["case_id,criterion,replaces", &format!("C1,{criterion},{print}")]);
        let mut files = [one("3"), one("3")];
        settle(&mut files);
        assert!(files.iter().all(|file| file.replaces(2).is_ok()));
        let mut files = [one("3"), one("4")];
        settle(&mut files);
        assert!(files.iter().all(|file| file.replaces(2).is_err()));
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config {
            rng_seed: proptest::test_runner::RngSeed::Fixed(218),
            failure_persistence: None,
            ..Default::default()
        })]

        #[test]
        fn whatever_a_file_says_no_row_of_it_is_lost(text in "(case_id|criterion|replaces|,|\n|\r\n|\"|'|=|a|1| ){0,40}") {
            let text = format!("case_id,criterion,replaces\n{text}");
            if let Ok(file) = read(TableName::Criteria, "quarantine_criteria.csv", text.clone().into_bytes()) {
                let mut rows = Vec::new();
                file.text.for_each(&mut |row| rows.push(row.number)).unwrap();
                let mut given = Vec::new();
                let bytes = csv_file::checked("", text.into_bytes(), b',').unwrap();
                csv_file::for_each("", &bytes, b',', 1, &mut |row, record| {
                    if record.iter().any(|cell| !cell.trim().is_empty()) {
                        given.push(row);
                    }
                })
                .unwrap();
                proptest::prop_assert_eq!(file.replaces.keys().copied().collect::<Vec<_>>(), rows.as_slice());
                rows.extend(&file.empty);
                rows.sort_unstable();
                proptest::prop_assert_eq!(rows, given);
            }
        }
    }

    #[test]
    fn a_print_looks_like_no_number() {
        for number in 0..2000u32 {
            let print = print_of("cases", &number.to_le_bytes());
            assert!(print.len() == 32 && print.contains(['a', 'b', 'c', 'd', 'f']), "{print}");
        }
    }
}
