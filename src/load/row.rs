//! A row of text, whatever file it is from, and the rows that are in memory.

use super::folded::folded;
use super::parquet_file;
use super::tables::FLAG;
use crate::finding::FindingCode;
use crate::words::counted;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A row of text. Cells are trimmed; a blank cell is none.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The row as a spreadsheet numbers it; the header is 1.
    pub number: u32,
    /// How many of its first cells are known already: those of the row before, or those that [`EachRow::begun`] was given.
    pub repeats: usize,
    pub(super) cells: Cells<'a>,
    pub(super) width: usize,
    pub(super) reading: Option<&'a Reading>,
    pub(super) defect: Option<&'a Defect>,
    pub(super) side_by_side: Option<&'a Arc<SideBySide>>,
}

/// Who is given the rows of a file, one after the other.
pub trait EachRow {
    /// A row.
    fn row(&mut self, row: Row<'_>);

    /// The beginning of a row, and the rest as it stands in the file, in which no cell is quoted. `true` where that is all that is asked
    /// of the row; otherwise [`EachRow::row`] is given it too. Rows of a register differ in few ways behind the pupil they are of, so
    /// that a rest which was seen before need not be taken apart.
    fn begun(&mut self, _: Row<'_>, _: &str) -> bool {
        false
    }
}

impl<F: FnMut(Row<'_>)> EachRow for F {
    fn row(&mut self, row: Row<'_>) {
        self(row);
    }
}

/// How the cells of a file are read where they are not read as they stand.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// By column, what words stand for; words folded (see [`folded`]).
    pub(super) values: Vec<Option<BTreeMap<String, String>>>,
    /// Columns behind those of the file, which are the same in every row.
    pub(super) constants: Vec<String>,
}

impl Reading {
    fn cell<'a>(&'a self, column: usize, text: &'a str) -> &'a str {
        match self.values.get(column) {
            Some(Some(words)) => words.get(&folded(text)).map_or(text, String::as_str),
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
pub(super) enum Cells<'a> {
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
            repeats: 0,
            cells: Cells::Columns(columns, position),
            width: columns.len(),
            reading,
            defect: None,
            side_by_side: None,
        }
    }

    /// The trimmed text of a cell, or what it stands for; `None` when it is blank or not there.
    #[inline]
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
    #[inline]
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
    #[inline]
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
#[inline]
pub fn trimmed(text: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(|byte| (b'!'..=b'~').contains(byte));
    let bytes = text.as_bytes();
    if is_plain(bytes.first()) && is_plain(bytes.last()) { text } else { text.trim() }
}

/// Rows in memory.
#[derive(Default)]
pub struct Rows {
    pub(super) cells: Vec<Vec<String>>,
    /// The number of each in its file; none where they follow a header in row 1.
    pub(super) numbers: Vec<u32>,
    /// By position, what was wrong with a row before.
    pub(super) defects: BTreeMap<usize, Defect>,
    /// Where each comes from in a file that has criteria side by side; none of other files.
    pub(super) side_by_side: Vec<Arc<SideBySide>>,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn for_each(
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
            let row = Row { number, repeats: 0, cells: Cells::Slice(cells), width, reading, defect, side_by_side };
            if !row.is_blank() {
                each(row);
            }
        }
    }
}

/// The row that a spreadsheet would show for the record at this position after the header.
pub fn row_number(position: usize) -> u32 {
    u32::try_from(position).map_or(u32::MAX, |position| position.saturating_add(2))
}

/// Where a row of a table comes from, in a file that has criteria, or terms of attendance, side by side.
#[derive(Clone, Debug, Default)]
pub struct SideBySide {
    /// The criterion; blank for a row that cannot be taken apart, and of attendance.
    pub criterion: String,
    /// By column of the table, and for the flag of a criterion, the heading in the file.
    pub headings: BTreeMap<&'static str, String>,
}

impl SideBySide {
    /// The heading of the flag.
    pub fn flag(&self) -> &str {
        self.headings.get(FLAG).map_or("", String::as_str)
    }

    /// The heading in the file of a column of the table.
    pub fn heading(&self, column: &str) -> Option<&str> {
        self.headings.get(column).map(String::as_str)
    }

    /// A sentence that says which criterion of the file a row is.
    pub fn said(&self) -> String {
        format!("It is criterion {}, which the file has under \"{}\".", self.criterion, self.flag())
    }
}
