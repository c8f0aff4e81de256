//! Excel workbooks: sheets to rows of text. Cells are taken one by one as the file gives them, so that a sheet with one
//! cell at its far corner asks for no more memory than any other; what a workbook unpacks to is measured first.

use super::cell::{Cell, CellKind, SheetRows};
use super::limits::{CELLS, TEXTS, UNPACKED, bytes as in_bytes};
use super::merged::{self, Area};
use super::unreadable::NO_VALUE;
use super::xls_records;
use crate::dates;
use crate::error::{Error, Result};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError};
use std::io::{Cursor, Read};

/// An opened workbook.
pub struct Workbook {
    file: String,
    inside: Inside,
    /// Whether days are counted from 1904, as on some Macintosh computers.
    counts_from_1904: bool,
}

enum Inside {
    Xlsx(Box<Xlsx<Cursor<Vec<u8>>>>),
    Xls(Box<Xls<Cursor<Vec<u8>>>>),
}

/// A sheet's name, and whether it is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetName {
    /// The name.
    pub name: String,
    /// Whether a person who opens the workbook does not see it.
    pub hidden: bool,
}

impl Workbook {
    /// Opens a workbook.
    ///
    /// # Errors
    /// It is none, is protected by a password, or unpacks to more than any council's workbook.
    pub fn open(file: &str, bytes: Vec<u8>) -> Result<Workbook> {
        let failed = |why: String| {
            Error::new(format!(
                "{file} cannot be read as a workbook ({why}): open it in Excel and save it again as .xlsx, or save its sheets as CSV UTF-8."
            ))
        };
        // What is neither a zip archive nor the older format may be anything; a password makes the older one of the newer.
        if !bytes.starts_with(b"PK") {
            if !bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
                return Err(failed("it is not one".to_owned()));
            }
            xls_records::check(&bytes).map_err(failed)?;
            let workbook = Xls::new(Cursor::new(bytes)).map_err(|why| failed(why.to_string()))?;
            let counts_from_1904 = workbook.has_1904_epoch();
            return Ok(Workbook { file: file.to_owned(), inside: Inside::Xls(Box::new(workbook)), counts_from_1904 });
        }
        check_size(file, &bytes, UNPACKED)?;
        let workbook = Xlsx::new(Cursor::new(bytes)).map_err(|why| failed(why.to_string()))?;
        let counts_from_1904 = workbook.has_1904_epoch();
        Ok(Workbook { file: file.to_owned(), inside: Inside::Xlsx(Box::new(workbook)), counts_from_1904 })
    }

    /// The sheets with cells, in the workbook's order.
    pub fn sheets(&self) -> Vec<SheetName> {
        let all = match &self.inside {
            Inside::Xlsx(workbook) => workbook.sheets_metadata(),
            Inside::Xls(workbook) => workbook.sheets_metadata(),
        };
        let of_cells = all.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        of_cells
            .map(|sheet| SheetName { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible })
            .collect()
    }

    /// The rows of a sheet.
    ///
    /// # Errors
    /// The sheet cannot be read to its end, or is larger than any table of people.
    pub fn rows(&mut self, sheet: &str) -> Result<SheetRows> {
        let file = &self.file;
        let failed = |why: String| {
            Error::new(format!(
                "{file}, sheet {sheet}, cannot be read ({why}): open it in Excel and save it again, or save the sheet as CSV UTF-8."
            ))
        };
        let from_1904 = self.counts_from_1904;
        let mut rows = Rows::default();
        match &mut self.inside {
            Inside::Xlsx(workbook) => {
                let mut cells =
                    workbook.worksheet_cells_reader(sheet).map_err(|why: XlsxError| failed(why.to_string()))?;
                while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|why| failed(why.to_string()))? {
                    let (row, column) = cell.pos;
                    let read = match (&cell.value, &cell.formula) {
                        (DataRef::Empty, Some(_)) => text_cell(NO_VALUE),
                        (value, _) => of_reference(value, from_1904),
                    };
                    rows.put(row, column, read).map_err(failed)?;
                }
                drop(cells);
                let areas = workbook.merge_cells_by_sheet_name(sheet).map_err(|why| failed(why.to_string()))?;
                merged::fill(&mut rows.rows, &areas_of(&areas)).map_err(failed)?;
            }
            Inside::Xls(workbook) => {
                let range = workbook.worksheet_range(sheet).map_err(|why| failed(why.to_string()))?;
                let (first_row, first_column) = range.start().unwrap_or_default();
                for (row, column, cell) in range.used_cells() {
                    let place =
                        |first: u32, offset: usize| first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
                    rows.put(place(first_row, row), place(first_column, column), of_data(cell, from_1904))
                        .map_err(failed)?;
                }
                let areas = workbook.merge_cells_by_sheet_name(sheet).map_err(|why| failed(why.to_string()))?;
                merged::fill(&mut rows.rows, &areas_of(&areas)).map_err(failed)?;
            }
        }
        let mut rows = rows.rows;
        rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.text.trim().is_empty()));
        Ok(rows)
    }
}

fn areas_of(found: &[Dimensions]) -> Vec<Area> {
    let cell = |(row, column): (u32, u32)| (row.saturating_add(1), column as usize);
    found.iter().map(|area| Area { first: cell(area.start), last: cell(area.end) }).collect()
}

#[derive(Default)]
struct Rows {
    rows: SheetRows,
    cells: usize,
    /// Bytes of text: one text may stand in every cell.
    texts: u64,
}

impl Rows {
    /// Cells come row by row; `row` and `column` count from 0.
    fn put(&mut self, row: u32, column: u32, cell: Cell) -> std::result::Result<(), String> {
        if cell.text.is_empty() {
            return Ok(());
        }
        let number = row.saturating_add(1);
        let last = self.rows.last().map(|(last, _)| *last);
        if last.is_some_and(|last| last > number) {
            return Err("its rows are not in order".to_owned());
        }
        if last != Some(number) {
            self.rows.push((number, Vec::new()));
        }
        let Some((_, cells)) = self.rows.last_mut() else { return Ok(()) };
        let column = column as usize;
        // Cells before it that are blank take memory too.
        self.cells += (column + 1).saturating_sub(cells.len());
        if self.cells > CELLS {
            return Err(format!(
                "it has more than {} million cells, blank ones before a filled one included: delete what stands far to the right",
                CELLS / 1_000_000
            ));
        }
        self.texts += cell.text.len() as u64;
        if self.texts > UNPACKED {
            return Err(format!("its cells have more than {} of text", in_bytes(UNPACKED)));
        }
        if cells.len() <= column {
            cells.resize_with(column + 1, Cell::default);
        }
        cells[column] = cell;
        Ok(())
    }
}

/// Unpacks the archive without keeping anything, so that a small file that becomes a huge one is refused.
fn check_size(file: &str, bytes: &[u8], most: u64) -> Result<()> {
    let failed =
        |why: String| Error::new(format!("{file} cannot be read as a workbook ({why}): save it again as .xlsx."));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|why| failed(why.to_string()))?;
    let mut left = most;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(|why| failed(why.to_string()))?;
        let has_texts = part.name().is_ok_and(|name| name.to_lowercase().ends_with("sharedstrings.xml"));
        let mut part = part.take(left.saturating_add(1));
        let mut texts = Vec::new();
        let read = if has_texts {
            part.read_to_end(&mut texts).map(|read| read as u64)
        } else {
            std::io::copy(&mut part, &mut std::io::sink())
        };
        let read = read.map_err(|why| failed(why.to_string()))?;
        left = left.checked_sub(read).ok_or_else(|| {
            Error::new(format!(
                "{file} unpacks to more than {}, which no workbook of a council should: it was not read. Save the sheets that are needed as CSV UTF-8.",
                in_bytes(most)
            ))
        })?;
        check_texts(&texts).map_err(failed)?;
    }
    Ok(())
}

/// Checks how many texts a workbook has, and says it has: the reader makes room for those.
fn check_texts(xml: &[u8]) -> std::result::Result<(), String> {
    let too_many =
        |number: usize| (number > TEXTS).then(|| format!("it has more than {} million texts", TEXTS / 1_000_000));
    let has = memchr::memmem::find_iter(xml, b"si").count();
    let said = memchr::memmem::find_iter(xml, b"uniqueCount").filter_map(|at| {
        let digits =
            xml[at..].iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
        // More digits than a number has are too many texts all the same.
        let digits: String = digits.take(20).map(|byte| char::from(*byte)).collect();
        (!digits.is_empty()).then(|| digits.parse().unwrap_or(usize::MAX))
    });
    said.chain([has / 2]).find_map(too_many).map_or(Ok(()), Err)
}

fn of_reference(data: &DataRef<'_>, from_1904: bool) -> Cell {
    match data {
        DataRef::SharedString(text) => text_cell(text),
        DataRef::String(text) => text_cell(text),
        DataRef::Int(number) => number_cell(number.to_string()),
        DataRef::Float(number) => float_cell(*number),
        DataRef::Bool(yes) => text_cell(if *yes { "true" } else { "false" }),
        DataRef::DateTime(day) => day_cell(day, from_1904),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(error) => text_cell(&error.to_string()),
        DataRef::Empty => Cell::default(),
    }
}

fn of_data(data: &Data, from_1904: bool) -> Cell {
    match data {
        Data::String(text) => text_cell(text),
        Data::Int(number) => number_cell(number.to_string()),
        Data::Float(number) => float_cell(*number),
        Data::Bool(yes) => text_cell(if *yes { "true" } else { "false" }),
        Data::DateTime(day) => day_cell(day, from_1904),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text_cell(text),
        Data::Error(error) => text_cell(&error.to_string()),
        Data::Empty => Cell::default(),
    }
}

fn text_cell(text: &str) -> Cell {
    Cell { text: text.to_owned(), ..Cell::default() }
}

fn number_cell(text: String) -> Cell {
    Cell { text, kind: CellKind::Number, ..Cell::default() }
}

/// Every number of a workbook is a floating-point one; `134.0` is meant as `134`.
fn float_cell(number: f64) -> Cell {
    number_cell(number.to_string())
}

fn day_cell(day: &ExcelDateTime, from_1904: bool) -> Cell {
    if day.is_duration() {
        return number_cell(day.as_f64().to_string());
    }
    let whole = day.as_f64().floor();
    // A time of day alone, or a number beyond any date.
    if !(1.0..=3_000_000.0).contains(&whole) {
        return number_cell(day.as_f64().to_string());
    }
    Cell { text: of_number(whole as i32, from_1904).to_string(), kind: CellKind::Day, ..Cell::default() }
}

/// The day that a number stands for in a workbook that counts so.
fn of_number(number: i32, from_1904: bool) -> dates::Date {
    const DAYS_BETWEEN: i32 = 1462;
    let number = if from_1904 { number.saturating_add(DAYS_BETWEEN) } else { number };
    // Excel has a 29 February 1900 that never was, so that the days before it are one out.
    dates::of_serial(if !from_1904 && number < 60 { number + 1 } else { number })
}

impl Workbook {
    /// The text of a cell in a column of dates: a plain number is the number of a day there.
    pub fn date_text(&self, cell: &Cell) -> Option<String> {
        let number: f64 = (cell.kind == CellKind::Number).then(|| cell.text.parse().ok())??;
        (1.0..100_000.0).contains(&number).then(|| of_number(number as i32, self.counts_from_1904).to_string())
    }
}

/// Whether a file is a workbook, by its name.
pub(super) fn is_workbook(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".xlsx", ".xlsm", ".xls"].iter().any(|ending| lower.ends_with(ending))
}

#[cfg(test)]
mod tests;
