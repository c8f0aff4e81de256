//! A file, or a sheet of a workbook, of which nobody has said yet which table it is: its separator, the row with the
//! column names, and what its columns hold.

use super::column::ColumnSeen;
use super::headings::{Headings, key};
use super::wide;
use crate::load::beginning::{Beginning, Content, NumberedRows, has_stray_quotes, rows_of};
use crate::load::dialect::is_footer;
use crate::load::mapping::{Encoding, Separator};
use crate::load::tables::TableName;
use crate::rules::pack::Pack;
use std::collections::BTreeSet;

/// How many rows may stand above the column names.
const ABOVE: usize = 30;

/// How many headings a row must have that are known before it is taken for the column names.
const KNOWN: usize = 2;

/// What was found out about a file or sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The file, in the data folder.
    pub file: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Whether a person who opens the workbook does not see it.
    pub hidden: bool,
    /// Whether the workbook has other sheets that are seen.
    pub has_siblings: bool,
    /// Of a file of text: what stands between two cells.
    pub separator: Option<Separator>,
    /// Of a file of text: how its characters are stored.
    pub encoding: Option<Encoding>,
    /// Whether a quotation mark stands where it should not.
    pub stray_quotes: bool,
    /// The row with the column names.
    pub header_row: u32,
    /// Rows with something in them above it.
    pub above: usize,
    /// Whether each of these has one cell alone, as a title has.
    pub titles_above: bool,
    /// How many of the column names are known.
    pub known: usize,
    /// Rows at the end that are no rows of a table.
    pub footers: usize,
    /// The columns, without those that have no heading.
    pub columns: Vec<ColumnSeen>,
    /// How many rows were looked at.
    pub rows: usize,
    /// Whether there are more.
    pub has_more: bool,
    /// Headings that more than one column has.
    pub twice: Vec<String>,
}

impl Sheet {
    /// What it is called: the file, with the sheet behind it.
    pub fn name(&self) -> String {
        match &self.sheet {
            Some(sheet) => format!("{} [{sheet}]", self.file),
            None => self.file.clone(),
        }
    }

    /// The name of the table that the loader takes it for where nothing is said.
    pub fn named_table(&self) -> Option<TableName> {
        let (stem, ending) = self.file.rsplit_once('.').unwrap_or((&self.file, ""));
        let of_file = TableName::of_file(&stem.to_lowercase());
        let of_sheet = |sheet: &str| TableName::of_file(&sheet.trim().to_lowercase().replace([' ', '-'], "_"));
        match &self.sheet {
            None => of_file.filter(|_| ["csv", "parquet"].contains(&ending.to_lowercase().as_str())),
            Some(sheet) => {
                of_sheet(sheet).filter(|_| !self.hidden).or(of_file.filter(|_| !self.has_siblings && !self.hidden))
            }
        }
    }
}

/// Finds out what there is to know about the beginning of a file. Rows without column names that are known give a sheet
/// without columns.
pub fn sheet_of(file: &str, has_siblings: bool, beginning: Beginning, headings: &Headings, pack: &Pack) -> Sheet {
    let known = Known::of(headings, pack);
    let mut found = None;
    let (mut encoding, mut stray_quotes) = (None, false);
    match beginning.content {
        Content::Rows(rows) => found = Some((None, known.header(&rows), rows)),
        Content::Text(text, stored) => {
            encoding = Some(stored);
            for separator in Separator::ALL {
                let rows = rows_of(&text, separator);
                let header = known.header(&rows);
                let count = |header: &Option<Header>| header.as_ref().map_or(0, |header| header.known);
                if found.as_ref().is_none_or(|(_, best, _)| count(&header) > count(best)) {
                    stray_quotes = has_stray_quotes(&text, separator, beginning.has_more);
                    found = Some((Some(separator), header, rows));
                }
            }
        }
    }
    let (separator, header, mut rows) = found.unwrap_or_default();
    let header = header.unwrap_or_default();
    let is_title = |(_, cells): &(u32, Vec<String>)| filled(cells).len() < 2;
    let titles_above = rows.iter().take(header.position).all(is_title);
    let mut sheet = Sheet {
        file: file.to_owned(),
        hidden: beginning.sheet.as_ref().is_some_and(|(_, hidden)| *hidden),
        sheet: beginning.sheet.map(|(sheet, _)| sheet),
        has_siblings,
        separator,
        encoding,
        stray_quotes,
        header_row: rows.get(header.position).map_or(1, |(row, _)| *row),
        above: header.position,
        titles_above,
        known: header.known,
        footers: 0,
        columns: Vec::new(),
        rows: rows.len(),
        has_more: beginning.has_more || rows.len() >= crate::load::beginning::ROWS,
        twice: Vec::new(),
    };
    if header.known < KNOWN {
        return sheet;
    }
    let mut below = rows.split_off(header.position + 1);
    while below.last().is_some_and(|(_, cells)| is_footer(&filled(cells))) {
        below.pop();
        sheet.footers += 1;
    }
    sheet.rows = below.len();
    let names = rows.pop().map(|(_, names)| names).unwrap_or_default();
    // Nothing of a restricted person is an example for a screen.
    let flags: Vec<usize> = (0..names.len()).filter(|at| is_restriction(&names[*at], headings)).collect();
    let is_shown = |row: usize| {
        let says_no = |cell: &str| cell.is_empty() || ["n", "no", "false", "0"].contains(&cell.to_lowercase().as_str());
        let cell = |at: &usize| below.get(row).and_then(|(_, cells)| cells.get(*at)).map_or("", |cell| cell.trim());
        flags.iter().all(|at| says_no(cell(at)))
    };
    let mut seen = BTreeSet::new();
    for (position, name) in names.iter().enumerate().filter(|(_, name)| !name.trim().is_empty()) {
        if !seen.insert(key(name)) {
            sheet.twice.push(name.trim().to_owned());
        }
        let values = below.iter().map(|(_, cells)| cells.get(position).map_or("", String::as_str));
        let mut column = ColumnSeen::of(name, values, &is_shown, pack);
        if column.blank > 0 && column.filled > 0 {
            let rows: Vec<&[String]> = below.iter().map(|(_, cells)| cells.as_slice()).collect();
            column.note_rows_without(position, &names, &rows);
        }
        sheet.columns.push(column);
    }
    sheet
}

/// Whether a heading is that of restrictions.
fn is_restriction(heading: &str, headings: &Headings) -> bool {
    let known = headings.of(TableName::People, "restricted");
    let words = known.into_iter().flat_map(|known| known.sure.iter().chain(&known.loose));
    key(heading) == "restricted" || words.into_iter().any(|word| key(word) == key(heading))
}

fn filled(cells: &[String]) -> Vec<&str> {
    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect()
}

#[derive(Clone, Debug, Default)]
struct Header {
    position: usize,
    known: usize,
}

/// The headings of all tables, by their letters.
struct Known<'a> {
    keys: BTreeSet<String>,
    wide: wide::Reader<'a>,
}

impl<'a> Known<'a> {
    fn of(headings: &'a Headings, pack: &'a Pack) -> Known<'a> {
        let own = TableName::ALL.iter().flat_map(|table| table.columns()).map(|(column, _)| key(column));
        let all = headings.tables.values().flat_map(|table| table.columns.values());
        let words = all.flat_map(|column| column.sure.iter().chain(&column.loose)).map(|word| key(word));
        Known { keys: own.chain(words).collect(), wide: wide::Reader::of(headings, pack) }
    }

    /// The row with most headings that are known: the first of several.
    fn header(&self, rows: &NumberedRows) -> Option<Header> {
        let mut best: Option<Header> = None;
        for (position, (_, cells)) in rows.iter().take(ABOVE).enumerate() {
            let cells = filled(cells);
            // A number alone may be the heading of a criterion, and is far more often a value.
            let is_number = |cell: &str| cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let is_known =
                |cell: &&&str| self.keys.contains(&key(cell)) || (!is_number(cell) && self.wide.part(cell).is_some());
            let known = cells.iter().filter(is_known).map(|cell| key(cell)).collect::<BTreeSet<_>>().len();
            if known > best.as_ref().map_or(0, |best| best.known) {
                best = Some(Header { position, known });
            }
        }
        best
    }
}

/// A file or sheet that is no table, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTable {
    /// The file, with its sheet.
    pub name: String,
    /// Why, without a value of the file.
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_example_is_of_a_restricted_row() {
        let rows = [
            ["Person ID", "Surname", "Family No", "Restricted"],
            ["P1", "Ash", "F1", "Y"],
            ["P2", "Birch", "F2", "N"],
            ["P3", "Cedar", "F3", ""],
            ["P4", "Dogwood", "F4", "ask first"],
        ];
        let rows = rows.iter().zip(1..).map(|(row, number)| (number, row.map(str::to_owned).to_vec())).collect();
        let beginning = Beginning { sheet: None, content: Content::Rows(rows), has_more: false };
        let (headings, pack) = (super::super::headings::read().unwrap(), Pack::built_in().unwrap());
        let sheet = sheet_of("people.csv", false, beginning, &headings, &pack);
        assert_eq!(sheet.columns[1].examples.on_screen(), ["Birch", "Cedar"]);
        // Nor are examples printed with the rest of a column.
        assert!(!format!("{:?}", sheet.columns[1].examples).contains("Birch"));
    }
}
