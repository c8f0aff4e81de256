//! Files to text: finds the tables of a data folder and gives their rows as text with row numbers.
//! Nothing is interpreted here, so `0012` keeps its zeros; that is for `validate`.
//!
//! - [`tables`] which tables there are, and their columns.
//! - [`settings`] the folder's `sfclaim.toml`; [`mapping`] what it says of files, and ready mappings.
//! - [`folder`] which file is which table; [`table_file`] a file to the rows of its table, [`sheet_table`] a sheet; [`columns`]
//!   which heading is which column; [`footers`] what is no row; [`wide`] criteria side by side to rows.
//! - [`csv_file`], [`dialect`], [`workbook`], [`parquet_file`] the formats.
//! - [`merged`] merged areas of a sheet; [`unreadable`] what stands in place of a cell that cannot be read.
//! - [`beginning`] the first rows of a file of which nobody has said yet which table it is.
//! - [`damaged`], [`parquet_pages`], [`xls_records`] what a library makes of a damaged file; [`limits`] how much is taken in.
//! - [`header_again`] column names among the rows; [`date_order`] which of day and month comes first in a file.
//! - [`left_aside`] what was not read although it looks like a table.
//! - [`unchanged`] whether a file is still the one that was looked at.
//! - [`blocks`], [`parts`] files too large for one piece: attendance is read part by part, by all cores.
//! - [`corrections`] quarantine files that come back, [`formulas`] text that a spreadsheet would run.
//! - [`look`] a second look, for the cells of a few rows.

pub mod beginning;
pub mod blocks;
pub mod columns;
pub mod corrections;
pub mod csv_file;
mod damaged;
pub mod date_order;
pub mod dialect;
mod folder;
mod footers;
pub mod formulas;
pub mod header_again;
pub mod left_aside;
pub mod limits;
pub mod look;
pub mod mapping;
mod merged;
pub mod parquet_file;
mod parquet_pages;
pub mod parts;
pub mod settings;
mod sheet_table;
mod table_file;
pub mod tables;
mod unchanged;
pub mod unreadable;
pub mod wide;
pub mod workbook;
mod xls_records;

use folder::is_workbook;
pub use folder::{load, load_under};
pub(crate) use table_file::said_1252;

use crate::dates::DateOrder;
use crate::error::{Error, Result};
use crate::finding::{FindingCode, Findings};
use crate::receipt::InputFile;
use crate::words::counted;
use corrections::CorrectionFile;
use date_order::DatesSeen;
use dialect::CsvShape;
use parquet_file::RowGroups;
use parts::Progress;
use settings::Settings;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tables::TableName;
use unchanged::AsSeen;
use wide::{FlagWords, SideBySide};

/// A row of text. Cells are trimmed; a blank cell is none.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The row as a spreadsheet numbers it; the header is 1.
    pub number: u32,
    cells: Cells<'a>,
    width: usize,
    reading: Option<&'a Reading>,
    defect: Option<&'a Defect>,
    side_by_side: Option<&'a Arc<SideBySide>>,
}

/// How the cells of a file are read where they are not read as they stand.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// By column, what words stand for; words folded (see [`mapping::folded`]).
    values: Vec<Option<BTreeMap<String, String>>>,
    /// Columns behind those of the file, which are the same in every row.
    constants: Vec<String>,
}

impl Reading {
    fn cell<'a>(&'a self, column: usize, text: &'a str) -> &'a str {
        match self.values.get(column) {
            Some(Some(words)) => words.get(&mapping::folded(text)).map_or(text, String::as_str),
            Some(None) => text,
            None => self.constants.get(column - self.values.len()).map_or(text, String::as_str),
        }
    }
}

/// What was wrong with a row before it became a row of its table.
#[derive(Clone, Debug)]
pub struct Defect {
    /// The column of the file; blank for the whole row.
    pub column: String,
    /// Its value.
    pub value: String,
    /// The kind of mistake.
    pub code: FindingCode,
    /// The same in a sentence.
    pub message: String,
}

#[derive(Clone, Copy)]
enum Cells<'a> {
    Record(&'a csv::StringRecord),
    Slice(&'a [String]),
    Split(&'a [&'a str]),
    Columns(&'a [parquet_file::Column], usize),
}

impl<'a> Row<'a> {
    /// The row at a position of some columns; `number` is the row of the file.
    pub fn of_columns(
        columns: &'a [parquet_file::Column],
        position: usize,
        number: u32,
        reading: Option<&'a Reading>,
    ) -> Row<'a> {
        Row {
            number,
            cells: Cells::Columns(columns, position),
            width: columns.len(),
            reading,
            defect: None,
            side_by_side: None,
        }
    }

    /// The trimmed text of a cell, or what it stands for; `None` when it is blank or not there.
    pub fn cell(&self, column: usize) -> Option<&'a str> {
        let text = trimmed(self.untrimmed(column));
        let text = self.reading.map_or(text, |reading| reading.cell(column, text));
        Some(text).filter(|text| !text.is_empty())
    }

    /// What was wrong with the row before it became one of its table.
    pub fn defect(&self) -> Option<&'a Defect> {
        self.defect
    }

    /// Where the row comes from, in a file that has criteria side by side.
    pub fn side_by_side(&self) -> Option<&'a Arc<SideBySide>> {
        self.side_by_side
    }

    /// Whether the cells were read by the program as text before, as those of a workbook are.
    pub fn is_in_memory(&self) -> bool {
        matches!(self.cells, Cells::Slice(_))
    }

    /// The text of a cell as it stands, spaces and all; blank where there is none.
    pub fn untrimmed(&self, column: usize) -> &'a str {
        match self.cells {
            Cells::Record(record) => record.get(column).unwrap_or_default(),
            Cells::Slice(cells) => cells.get(column).map_or("", String::as_str),
            Cells::Split(cells) => cells.get(column).copied().unwrap_or_default(),
            Cells::Columns(columns, row) => columns.get(column).map_or("", |column| column.text(row)),
        }
    }

    /// The number of a day (see [`crate::dates::day_number`]) where the file holds dates as dates and not as text.
    pub fn day(&self, column: usize) -> Option<i32> {
        match self.cells {
            Cells::Columns(columns, row) => columns.get(column)?.day(row),
            _ => None,
        }
    }

    /// How many cells the row has.
    pub fn cells(&self) -> usize {
        match self.cells {
            Cells::Record(record) => record.len(),
            Cells::Slice(cells) => cells.len(),
            Cells::Split(cells) => cells.len(),
            Cells::Columns(columns, _) => columns.len(),
        }
    }

    /// How many columns the file has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the row has too few cells, or more with something in them.
    pub fn is_ragged(&self) -> bool {
        self.cells() < self.width || (self.width..self.cells()).any(|column| !self.is_blank_at(column))
    }

    /// What to say of a ragged row.
    pub fn ragged(&self) -> String {
        format!("the row has {}, and the header {}.", counted(self.cells(), "cell", "cells"), self.width)
    }

    /// Whether no cell has anything in it.
    pub fn is_blank(&self) -> bool {
        (0..self.cells()).all(|column| self.is_blank_at(column))
    }

    fn is_blank_at(&self, column: usize) -> bool {
        trimmed(self.untrimmed(column)).is_empty()
    }
}

/// A text without spaces around it. Nearly every cell has none, which its two ends show at once.
pub fn trimmed(text: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(|byte| (b'!'..=b'~').contains(byte));
    let bytes = text.as_bytes();
    if is_plain(bytes.first()) && is_plain(bytes.last()) { text } else { text.trim() }
}

/// One file of a table, or one sheet of a workbook.
pub struct TextFile {
    /// The table it belongs to.
    pub table: TableName,
    /// Its name inside the data folder; with that of the sheet, if it is one.
    pub file: Arc<str>,
    /// The columns as the table names them, in the file's order, and behind them those that are the same in every row.
    /// Extra columns have their own names.
    pub header: Vec<String>,
    /// How many columns the file itself has.
    pub width: usize,
    /// Which number comes first in its dates, where somebody has said it.
    said_order: Option<DateOrder>,
    /// How its dates are written, once that is known.
    dates_seen: OnceLock<DatesSeen>,
    /// The headings as they stand, where they are others than the table's names.
    headings: BTreeMap<String, String>,
    reading: Option<Reading>,
    /// What the flags say of a file that has criteria side by side.
    flags: Option<Arc<FlagWords>>,
    body: Body,
}

enum Body {
    /// Text in UTF-8; the row with the column names is its first line.
    Csv {
        bytes: Vec<u8>,
        separator: u8,
        header_row: u32,
    },
    Rows(Rows),
    /// Left on disk: read part by part.
    CsvOnDisk {
        seen: AsSeen,
        shape: CsvShape,
        as_1252: Arc<AtomicBool>,
    },
    ParquetOnDisk(RowGroups),
}

impl std::fmt::Debug for TextFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextFile").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Rows in memory.
#[derive(Default)]
pub struct Rows {
    cells: Vec<Vec<String>>,
    /// The number of each in its file; none where they follow a header in row 1.
    numbers: Vec<u32>,
    /// By position, what was wrong with a row before.
    defects: BTreeMap<usize, Defect>,
    /// Where each comes from in a file that has criteria side by side; none of other files.
    side_by_side: Vec<Arc<SideBySide>>,
}

impl Rows {
    fn len(&self) -> usize {
        self.cells.len()
    }

    fn for_each(
        &self,
        positions: Range<usize>,
        width: usize,
        reading: Option<&Reading>,
        each: &mut (impl FnMut(Row<'_>) + ?Sized),
    ) {
        for position in positions {
            let Some(cells) = self.cells.get(position) else { return };
            let number = self.numbers.get(position).copied().unwrap_or_else(|| row_number(position));
            let defect = self.defects.get(&position);
            let side_by_side = self.side_by_side.get(position);
            let row = Row { number, cells: Cells::Slice(cells), width, reading, defect, side_by_side };
            if !row.is_blank() {
                each(row);
            }
        }
    }
}

impl TextFile {
    /// A file whose rows are in memory already, the header first.
    ///
    /// # Errors
    /// A column given twice, or a column that the table must have missing.
    pub fn from_rows(table: TableName, file: &str, columns: &[String], rows: Vec<Vec<String>>) -> Result<TextFile> {
        let header = tables::header(table, file, columns.iter().map(String::as_str))?;
        Ok(TextFile::plain(table, file, header, Body::Rows(Rows { cells: rows, ..Rows::default() })))
    }

    fn plain(table: TableName, file: &str, header: Vec<String>, body: Body) -> TextFile {
        TextFile {
            table,
            file: Arc::from(file),
            width: header.len(),
            header,
            said_order: None,
            dates_seen: OnceLock::new(),
            headings: BTreeMap::new(),
            reading: None,
            flags: None,
            body,
        }
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The heading of a column as it stands in the file, where that is another than the table's name.
    pub fn heading(&self, column: &str) -> Option<&str> {
        self.headings.get(column).map(String::as_str)
    }

    /// What the flags say, of a file that has criteria side by side.
    pub fn flags(&self) -> Option<&FlagWords> {
        self.flags.as_deref()
    }

    /// How cells are read; none: as they stand.
    pub fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    /// Whether cells are read as they stand, and dates day first.
    pub fn is_plain(&self) -> bool {
        self.reading.is_none() && self.date_order() == DateOrder::DayFirst
    }

    /// Whether text that is not UTF-8 was read as Windows-1252, as far as the file has been read.
    pub fn was_read_as_1252(&self) -> bool {
        matches!(&self.body, Body::CsvOnDisk { as_1252, .. } if as_1252.load(Ordering::Relaxed))
    }

    /// Gives every row that is not wholly blank to `each`, in the file's order. Files left on disk have
    /// [`parts::Parts`] instead.
    ///
    /// # Errors
    /// The file cannot be read to its end as text.
    pub fn for_each(&self, each: &mut dyn FnMut(Row<'_>)) -> Result<()> {
        let (width, reading) = (self.width, self.reading());
        match &self.body {
            Body::Csv { bytes, separator, header_row } => {
                let first_row = u64::from(*header_row);
                csv_file::for_each(&self.file, bytes, *separator, first_row, &mut |number, record| {
                    let row =
                        Row { number, cells: Cells::Record(record), width, reading, defect: None, side_by_side: None };
                    if !row.is_blank() {
                        each(row);
                    }
                })
            }
            Body::Rows(rows) => {
                rows.for_each(0..rows.len(), width, reading, each);
                Ok(())
            }
            Body::CsvOnDisk { .. } | Body::ParquetOnDisk(_) => {
                Err(Error::new(format!("{} is too large to be read at once.", self.file)))
            }
        }
    }
}

/// The row that a spreadsheet would show for the record at this position after the header.
pub fn row_number(position: usize) -> u32 {
    u32::try_from(position).map_or(u32::MAX, |position| position.saturating_add(2))
}

/// Everything found in a data folder.
#[derive(Default)]
pub struct Loaded {
    /// The files of the tables, by table and name.
    pub files: Vec<TextFile>,
    /// Quarantine files that were mended and put back.
    pub corrections: Vec<CorrectionFile>,
    /// The folder's settings.
    pub settings: Settings,
    /// The fingerprints of all files read so far. Files left on disk get theirs when they are read.
    pub inputs: Vec<InputFile>,
    /// What is worth knowing about the folder.
    pub findings: Findings,
    /// How far the reading of large files has come.
    pub progress: Arc<Progress>,
    /// How much of a large file is read at once, in bytes; none: as much as suits the program.
    pub read_at_once: Option<usize>,
}

impl Loaded {
    /// The files of one table.
    pub fn of(&self, table: TableName) -> impl Iterator<Item = &TextFile> {
        self.files.iter().filter(move |file| file.table == table)
    }

    /// Whether the table is there, if only with a header.
    pub fn has(&self, table: TableName) -> bool {
        self.of(table).next().is_some()
    }

    /// Data that is in memory already.
    pub fn from_files(mut files: Vec<TextFile>) -> Result<Loaded> {
        files.sort_by(|a, b| (a.table, &a.file).cmp(&(b.table, &b.file)));
        // Attendance is looked through when it is read.
        for file in files.iter().filter(|file| file.table != TableName::Attendance) {
            file.look_through_dates()?;
        }
        let loaded = Loaded { files, ..Loaded::default() };
        loaded.check_required()?;
        Ok(loaded)
    }

    fn check_required(&self) -> Result<()> {
        for table in [TableName::Cases, TableName::Criteria] {
            if !self.has(table) {
                return Err(Error::new(format!(
                    "the data has no table \"{table}\": a file {table}.csv, .parquet or .xlsx, or a sheet of that name, must be in the folder, if only with its header; `sfclaim init` proposes which of other files it might be."
                )));
            }
        }
        Ok(())
    }
}
