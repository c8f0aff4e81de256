//! Rows to a Parquet file, with typed columns: days are dates, whole numbers integers, money and other numbers decimals, never
//! floats, and yes or no is a boolean; the rest is text, lists as CSV has them. What is blank is null. The same rows give the
//! same bytes.

use super::cell::{Cell, Kind};
use crate::dates::day_number;
use polars::prelude::{
    BatchedWriter, Column as Series, DataFrame, DataType, Field, Int128Chunked, IntoColumn, IntoSeries, NamedFrom,
    NewChunkedArray, ParquetWriter, PolarsError, Schema,
};
use rust_decimal::Decimal;
use std::fs::File;
use std::io::{Error, Result};

/// Rows in a group: so many are in memory at once.
const GROUP: usize = 1 << 18;

/// The digits of a decimal, those after the point among them: as many as an eight-byte integer holds, which every reader knows.
const DIGITS: usize = 18;

/// A file while it is being written.
pub struct ParquetFile {
    writer: BatchedWriter<File>,
    columns: Vec<Waiting>,
    /// The column of the next cell.
    next: usize,
    /// Rows that wait.
    rows: usize,
}

/// A column with its cells that wait to be written.
struct Waiting {
    name: String,
    kind: Kind,
    cells: Cells,
}

enum Cells {
    Text(Vec<Option<String>>),
    Day(Vec<Option<i32>>),
    Whole(Vec<Option<i64>>),
    Decimal(Vec<Option<i128>>, u32),
    YesNo(Vec<Option<bool>>),
}

impl Cells {
    fn of(kind: Kind) -> Cells {
        match kind {
            Kind::Text | Kind::List(_) => Cells::Text(Vec::new()),
            Kind::Day => Cells::Day(Vec::new()),
            Kind::Whole => Cells::Whole(Vec::new()),
            Kind::YesNo(_) => Cells::YesNo(Vec::new()),
            Kind::Number(decimals) => Cells::Decimal(Vec::new(), decimals),
            Kind::Money => Cells::Decimal(Vec::new(), 2),
            Kind::Tenths | Kind::Share | Kind::Percent => Cells::Decimal(Vec::new(), 1),
        }
    }

    fn data_type(&self) -> DataType {
        match self {
            Cells::Text(_) => DataType::String,
            Cells::Day(_) => DataType::Date,
            Cells::Whole(_) => DataType::Int64,
            Cells::Decimal(_, decimals) => DataType::Decimal(DIGITS, *decimals as usize),
            Cells::YesNo(_) => DataType::Boolean,
        }
    }

    fn push(&mut self, cell: &Cell<'_>, kind: Kind) {
        match (self, cell) {
            (Cells::Text(cells), cell) => {
                cells.push(Some(cell.text(kind).into_owned()).filter(|text| !text.is_empty()));
            }
            (Cells::Day(cells), Cell::Day(day)) => cells.push(Some(day_number(*day))),
            (Cells::Day(cells), _) => cells.push(None),
            (Cells::Whole(cells), Cell::Whole(number)) => cells.push(Some(*number)),
            (Cells::Whole(cells), _) => cells.push(None),
            (Cells::YesNo(cells), Cell::YesNo(yes)) => cells.push(Some(*yes)),
            (Cells::YesNo(cells), _) => cells.push(None),
            (Cells::Decimal(cells, decimals), cell) => {
                cells.push(cell.decimal().map(|number| in_smallest_units(number, *decimals)));
            }
        }
    }

    fn take(&mut self, name: &str) -> std::result::Result<Series, PolarsError> {
        match self {
            Cells::Text(cells) => Ok(Series::new(name.into(), std::mem::take(cells))),
            Cells::Whole(cells) => Ok(Series::new(name.into(), std::mem::take(cells))),
            Cells::YesNo(cells) => Ok(Series::new(name.into(), std::mem::take(cells))),
            Cells::Day(cells) => polars::prelude::Series::new(name.into(), std::mem::take(cells))
                .cast(&DataType::Date)
                .map(IntoColumn::into_column),
            Cells::Decimal(cells, decimals) => Int128Chunked::from_slice_options(name.into(), &std::mem::take(cells))
                .into_decimal(DIGITS, *decimals as usize)
                .map(|decimals| decimals.into_series().into_column()),
        }
    }
}

/// Of pounds pence, of tenths how many tenths.
fn in_smallest_units(mut number: Decimal, decimals: u32) -> i128 {
    number.rescale(decimals);
    number.mantissa()
}

impl ParquetFile {
    /// Begins a file with these columns.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn begin(file: File, columns: &[(&str, Kind)]) -> Result<ParquetFile> {
        let waiting =
            |(name, kind): &(&str, Kind)| Waiting { name: (*name).to_owned(), kind: *kind, cells: Cells::of(*kind) };
        let columns: Vec<Waiting> = columns.iter().map(waiting).collect();
        let fields = columns.iter().map(|column| Field::new(column.name.as_str().into(), column.cells.data_type()));
        let schema = Schema::from_iter(fields);
        let writer = ParquetWriter::new(file).batched(&schema).map_err(Error::other)?;
        Ok(ParquetFile { writer, columns, next: 0, rows: 0 })
    }

    /// The next cell of the row, in the order of the columns.
    pub fn cell(&mut self, cell: &Cell<'_>) {
        if let Some(column) = self.columns.get_mut(self.next) {
            column.cells.push(cell, column.kind);
        }
        self.next += 1;
    }

    /// Ends a row.
    ///
    /// # Errors
    /// The disk refuses it.
    pub fn end_row(&mut self) -> Result<()> {
        self.next = 0;
        self.rows += 1;
        if self.rows >= GROUP { self.write() } else { Ok(()) }
    }

    /// Writes what waits, and what a reader needs at the end.
    ///
    /// # Errors
    /// The disk refuses it.
    pub fn finish(mut self) -> Result<()> {
        self.write()?;
        self.writer.finish().map(|_| ()).map_err(Error::other)
    }

    fn write(&mut self) -> Result<()> {
        let columns = self.columns.iter_mut().map(|column| column.cells.take(&column.name));
        let columns: std::result::Result<Vec<Series>, PolarsError> = columns.collect();
        let frame = columns.and_then(|columns| DataFrame::new(self.rows, columns)).map_err(Error::other)?;
        self.rows = 0;
        self.writer.write_batch(&frame).map_err(Error::other)
    }
}
