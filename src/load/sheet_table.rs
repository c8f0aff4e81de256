//! A sheet of a workbook to the rows of its table: its header, numbers that are days, cells that say less than they seem to,
//! what stands above the column names and below the last row.

use super::cell::{Cell, CellKind, SheetRows};
use super::columns::Source;
use super::columns::column_of;
use super::dialect;
use super::footers::TableRows;
use super::mapping::Mapping;
use super::row::Rows;
use super::settings::Settings;
use super::table_file::{no_header, of_rows, say_above, say_footer};
use super::tables::FLAG;
use super::text_file::TextFile;
use super::workbook::Workbook;
use super::{header_again, tables, unreadable};
use crate::dates::{self, Date, DateOrder, Form};
use crate::error::Result;
use crate::finding::{Finding, FindingCode, Findings};
use crate::place::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Makes a sheet the table that its mapping says.
pub(super) fn of_sheet(
    source: Source<'_>,
    mapping: &Mapping,
    rows: SheetRows,
    workbook: &Workbook,
    settings: &Settings,
) -> Result<(TextFile, Findings)> {
    let mut findings = Findings::default();
    let texts = rows.iter().map(|(row, cells)| (*row, cells.iter().map(|cell| cell.once().to_owned()).collect()));
    let Some(mut header) = dialect::header_among(mapping, texts) else {
        return Err(no_header(source.name, mapping));
    };
    for (at, heading) in merged_headings(&rows, header.row) {
        if let Some(name) = header.names.get_mut(at) {
            *name = heading;
        }
    }
    while header.names.last().is_some_and(|name| name.trim().is_empty()) {
        header.names.pop();
    }
    // A heading that reaches down into the row of the column names is one of them.
    let reaches: Vec<usize> = rows
        .iter()
        .filter(|(row, _)| *row == header.row)
        .flat_map(|(_, cells)| cells.iter().enumerate().filter(|(_, cell)| cell.from_above).map(|(at, _)| at))
        .collect();
    say_above(&mut findings, source.name, &header);
    for (_, cells) in &mut header.above {
        for at in &reaches {
            if let Some(cell) = cells.get_mut(*at) {
                cell.clear();
            }
        }
    }
    header_again::check_above(source.name, &header, mapping)?;
    let mut rows: SheetRows = rows.into_iter().filter(|(row, _)| *row > header.row).collect();
    take_headings_away(&mut rows, header.row);
    let said = take_footers_away(&mut rows, &TableRows::of(mapping, &header.names));
    if !said.is_empty() {
        let row = rows.last().map_or(header.row, |(row, _)| *row);
        say_footer(&mut findings, source.name, u64::from(row) + 1, &said);
    }
    let columns: Vec<Option<&'static str>> = header.names.iter().map(|name| column_of(mapping, name)).collect();
    let swapped = swapped_columns(&rows, &columns, workbook);
    let width = header.names.len();
    let mut table = Rows::default();
    let mut as_numbers: BTreeMap<&'static str, (usize, u32, String)> = BTreeMap::new();
    for (row, cells) in rows {
        let mut texts: Vec<String> = Vec::with_capacity(width);
        for (position, cell) in cells.into_iter().enumerate() {
            let column = columns.get(position).copied().flatten();
            if let Some(name) = column.filter(|name| cell.kind == CellKind::Number && is_id(name)) {
                as_numbers.entry(name).or_insert((0, row, cell.text.clone())).0 += 1;
            }
            let swapped_day =
                column.filter(|_| swapped.contains(&position)).and_then(|name| day_of(name, &cell, workbook));
            texts.push(swapped_day.map_or_else(|| text_of(column, &cell, workbook), unreadable::swapped));
        }
        // Blank cells at the end of a row are not stored.
        texts.resize_with(texts.len().max(width), String::new);
        table.cells.push(texts);
        table.numbers.push(row);
    }
    for (column, (times, row, value)) in as_numbers {
        let place = Place { file: Arc::from(source.name), row };
        let message = format!(
            "{column} is held as a number in {times} of {} rows, first here: zeros in front, if there were any, are lost.",
            table.len()
        );
        findings.add(Finding::at(FindingCode::IdsAsNumbers, &place, column, value, message));
    }
    Ok((of_rows(source, mapping, header.names, table, settings)?, findings))
}

/// The headings of columns that a merged area to their left reaches into, where anything stands below: of every cell of the area it is the
/// heading. One that is merged into an empty column is as wide as it looks, and no more.
fn merged_headings(rows: &SheetRows, header: u32) -> Vec<(usize, String)> {
    let headings = rows.iter().filter(|(row, _)| *row == header).flat_map(|(_, cells)| cells.iter().enumerate());
    let merged = headings.filter(|(_, cell)| cell.from_left && !cell.text.trim().is_empty());
    let is_filled = |at: usize| {
        let mut below = rows.iter().filter(|(row, _)| *row > header).filter_map(|(_, cells)| cells.get(at));
        below.any(|cell| !cell.from_left && !cell.text.trim().is_empty())
    };
    merged.filter(|(at, _)| is_filled(*at)).map(|(at, cell)| (at, cell.text.clone())).collect()
}

/// Headings in a merged area that reaches down among the rows are no values.
fn take_headings_away(rows: &mut SheetRows, header: u32) {
    let mut above = header;
    // The columns whose heading reaches down as far as the row above.
    let mut reaches: Option<BTreeSet<usize>> = None;
    for (row, cells) in rows.iter_mut() {
        if *row != above + 1 {
            break;
        }
        let is_heading = |(at, cell): &(usize, &Cell)| {
            cell.from_above && reaches.as_ref().is_none_or(|columns| columns.contains(at))
        };
        let columns: BTreeSet<usize> = cells.iter().enumerate().filter(is_heading).map(|(at, _)| at).collect();
        if columns.is_empty() {
            break;
        }
        columns.iter().for_each(|at| cells[*at] = Cell::default());
        (above, reaches) = (*row, Some(columns));
    }
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.text.trim().is_empty()));
}

/// Takes away what stands below the last row of the table, and gives it back as text.
fn take_footers_away(rows: &mut SheetRows, table: &TableRows<'_>) -> Vec<String> {
    let mut said = Vec::new();
    while let Some((_, cells)) = rows.last() {
        let texts: Vec<&str> = cells.iter().map(|cell| cell.once().trim()).collect();
        let filled: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
        let before = &rows[..rows.len() - 1];
        let stands_before =
            |at: usize, text: &str| before.iter().any(|(_, cells)| cells.get(at).is_some_and(|cell| cell.text == text));
        if !dialect::is_footer(&filled) || table.has(&texts, stands_before) {
            break;
        }
        said.insert(0, filled.join(" | "));
        rows.pop();
    }
    said
}

fn is_id(column: &str) -> bool {
    column.ends_with("_id") || column.ends_with("upn")
}

/// Whether a column holds ids, or what is compared as they are: each may lose its digits.
fn may_lose_digits(column: &str) -> bool {
    is_id(column) || matches!(column, "id" | "school_urn")
}

/// The text of a cell in a column of the table.
fn text_of(column: Option<&str>, cell: &Cell, workbook: &Workbook) -> String {
    let Some(name) = column else { return cell.text.clone() };
    let other = match cell.kind {
        CellKind::Number if may_lose_digits(name) => unreadable::lost_digits(&cell.text),
        CellKind::Day if may_lose_digits(name) => Some(unreadable::day_as_id(&cell.text)),
        _ if tables::is_date(name) => workbook.date_text(cell),
        _ => None,
    };
    other.unwrap_or_else(|| cell.text.clone())
}

/// The day of a cell that the workbook holds as a number, in a column that may hold days.
fn day_of(column: &str, cell: &Cell, workbook: &Workbook) -> Option<Date> {
    let may_be_day = tables::may_be_date(column) || column == FLAG;
    match cell.kind {
        CellKind::Day if may_be_day => cell.text.parse().ok(),
        CellKind::Number if tables::is_date(column) => workbook.date_text(cell)?.parse().ok(),
        _ => None,
    }
}

/// So many dates of a column as text, and so many as numbers, show that a spreadsheet has swapped day and month.
const ENOUGH: usize = 3;

/// The columns in which a spreadsheet has swapped day and month: it took those dates for dates that could be read month
/// first, and left the others as text. So all dates held as text have a day over 12, and all held as numbers one up to 12.
fn swapped_columns(rows: &SheetRows, columns: &[Option<&'static str>], workbook: &Workbook) -> BTreeSet<usize> {
    let is_swapped = |at: usize, column: &str| {
        let (mut texts, mut numbers) = (0, 0);
        for cell in rows.iter().filter_map(|(_, cells)| cells.get(at)) {
            let (number, text) = match day_of(column, cell, workbook) {
                Some(day) => (Some(day), None),
                None => (None, day_of_text(&cell.text)),
            };
            if number.is_some_and(|day| day.day() > 12) || text.is_some_and(|day| day.day() <= 12) {
                return false;
            }
            numbers += usize::from(number.is_some());
            texts += usize::from(text.is_some());
        }
        texts >= ENOUGH && numbers >= ENOUGH
    };
    let of_table = columns.iter().enumerate().filter_map(|(at, column)| Some((at, (*column)?)));
    let dated = of_table.filter(|(_, column)| tables::may_be_date(column) || *column == FLAG);
    dated.filter(|(at, column)| is_swapped(*at, column)).map(|(at, _)| at).collect()
}

/// The day of a date held as text, in the one order in which it can be read.
fn day_of_text(text: &str) -> Option<Date> {
    if dates::form(text) == Form::Serial {
        return None;
    }
    [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().find_map(|order| dates::read_in(text, order))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, kind: CellKind) -> Cell {
        Cell { text: text.to_owned(), kind, ..Cell::default() }
    }

    fn workbook() -> Workbook {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet();
        Workbook::open("a.xlsx", book.save_to_buffer().unwrap()).unwrap()
    }

    // Three of each, all days over 12 as text and up to 12 as numbers: the contract's edge on every side.
    #[test]
    fn a_swapped_column_is_told_by_three_texts_and_three_numbers() {
        let texts = ["13/05/2024", "30/09/2024", "2024-01-31"];
        let days = ["2024-05-12", "2024-09-01", "2024-01-03"];
        let column = |texts: &[&str], days: &[&str]| {
            let texts = texts.iter().map(|text| cell(text, CellKind::Text));
            let all = texts.chain(days.iter().map(|day| cell(day, CellKind::Day))).zip(2..);
            let rows: SheetRows = all.map(|(cell, row)| (row, vec![Cell::default(), cell])).collect();
            swapped_columns(&rows, &[Some("case_id"), Some("outcome_on")], &workbook()).contains(&1)
        };
        assert!(column(&texts, &days));
        assert!(column(&["05/13/2024", "09/30/2024", "31.01.2024", "soon"], &days));
        assert!(!column(&texts[..2], &days));
        assert!(!column(&texts, &days[..2]));
        assert!(!column(&["13/05/2024", "30/09/2024", "12/01/2024"], &days));
        assert!(!column(&texts, &["2024-05-12", "2024-09-01", "2024-01-13"]));
    }

    #[test]
    fn ids_that_lost_their_digits_are_written_as_what_they_are() {
        let workbook = workbook();
        let text = |name, text: &str, kind| text_of(Some(name), &cell(text, kind), &workbook);
        assert_eq!(text("family_id", "1234567890123456", CellKind::Number), "1.23456789012345E+15");
        assert_eq!(text("family_id", "123456789012345", CellKind::Number), "123456789012345");
        assert_eq!(text("family_id", "1234567890123456", CellKind::Text), "1234567890123456");
        assert_eq!(text("upn", "2024-05-03", CellKind::Day), "#DATE! 2024-05-03");
        assert_eq!(text("former_id", "2024-05-03", CellKind::Day), "#DATE! 2024-05-03");
        assert_eq!(text("upn", "2024-05-03", CellKind::Text), "2024-05-03");
        assert_eq!(text("outcome_on", "2024-05-03", CellKind::Day), "2024-05-03");
        assert_eq!(text("outcome_on", "45415", CellKind::Number), "2024-05-03");
    }

    #[test]
    fn a_heading_that_reaches_down_is_no_value() {
        let merged = |text: &str| Cell { text: text.to_owned(), from_above: true, ..Cell::default() };
        let mut rows: SheetRows = vec![
            (2, vec![merged("Case"), cell("met", CellKind::Text)]),
            (3, vec![cell("C1", CellKind::Text), cell("Y", CellKind::Text)]),
            (4, vec![merged("C1"), cell("N", CellKind::Text)]),
        ];
        take_headings_away(&mut rows, 1);
        let texts: Vec<&str> = rows.iter().map(|(_, cells)| cells[0].text.as_str()).collect();
        assert_eq!(texts, ["", "C1", "C1"]);
    }
}
