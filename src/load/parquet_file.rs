//! Parquet files: small ones whole, large ones row group by row group; with text and dates as the file holds them, and whatever else
//! it has as text.

use super::damaged::{damaged, guarded};
use super::limits::{self, CELLS, UNPACKED};
use super::parquet_pages::have_values;
use super::unchanged::AsSeen;
use crate::dates::{day_number, of_day_number, time_since_1970};
use crate::error::{Error, Result};
use polars::io::parquet::read::FileMetadata;
use polars::prelude::{
    AnyValue, BooleanType, Column as Series, DataFrame, DataType, Int32Type, ParallelStrategy, ParquetReader,
    PolarsDataType, PolarsError, SerReader, StringType, TimeUnit,
};
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// How many rows of a group are in memory at once. Some programs write a whole file as one group.
const ROWS: usize = 1 << 19;

/// A large file: its columns, and where its row groups begin.
pub struct RowGroups {
    file: Arc<str>,
    seen: AsSeen,
    metadata: Arc<FileMetadata>,
    columns: Vec<String>,
    /// Of each group the position of its first row in the file.
    first_rows: Vec<usize>,
}

/// Text as the file holds it: of each row a short text itself, or where a longer one stands.
type Texts = <StringType as PolarsDataType>::Array;

/// Whole numbers as the file holds them.
type Numbers = <Int32Type as PolarsDataType>::Array;

/// A yes or no a row.
type Flags = <BooleanType as PolarsDataType>::Array;

/// A column of some rows.
pub enum Column {
    /// Not asked for.
    Absent,
    /// Text.
    Texts {
        /// The texts.
        texts: Texts,
        /// Whether there is none, by row; `None` where every row has one.
        none: Option<Flags>,
    },
    /// Dates: the day numbers, and the text of each from the earliest on.
    Days {
        /// The numbers (see [`crate::dates::day_number`]).
        days: Numbers,
        /// The earliest of them.
        earliest: i32,
        /// The text of each day from the earliest to the latest.
        texts: Vec<String>,
    },
    /// Anything else, as a CSV file would have it.
    Written(Vec<String>),
}

impl Column {
    /// The text in a row; blank where there is none.
    #[inline]
    pub fn text(&self, row: usize) -> &str {
        match self {
            Column::Absent => "",
            Column::Texts { texts, none } => {
                if none.as_ref().is_some_and(|none| none.value(row)) {
                    ""
                } else {
                    texts.value(row)
                }
            }
            Column::Days { earliest, texts, .. } => {
                let text = self.day(row).and_then(|day| texts.get(usize::try_from(day - earliest).ok()?));
                text.map_or("", String::as_str)
            }
            Column::Written(texts) => texts.get(row).map_or("", String::as_str),
        }
    }

    /// The day in a row, of a column of dates.
    #[inline]
    pub fn day(&self, row: usize) -> Option<i32> {
        match self {
            Column::Days { days, .. } => {
                let is_there = days.validity().is_none_or(|there| there.get_bit(row));
                days.values().get(row).copied().filter(|_| is_there)
            }
            _ => None,
        }
    }

    /// Whether a row surely has the text of the row before it; seen at a glance, so `false` may be said of an equal one.
    #[inline]
    pub fn repeats(&self, row: usize) -> bool {
        match self {
            Column::Absent => true,
            Column::Texts { texts, none } => {
                let same = texts.views()[row] == texts.views()[row - 1];
                same && none.as_ref().is_none_or(|none| none.value(row) == none.value(row - 1))
            }
            Column::Days { .. } | Column::Written(_) => self.text(row) == self.text(row - 1),
        }
    }

    /// A text of up to four bytes as a number that no other text has: its bytes, and how many there are; nought for a blank. `None` of a
    /// longer one, and where the column has no text.
    #[inline]
    pub fn short(&self, row: usize) -> Option<u64> {
        let Column::Texts { texts, none } = self else { return None };
        if none.as_ref().is_some_and(|none| none.value(row)) {
            return Some(0);
        }
        texts.views().get(row).and_then(|view| short(view.length, view.prefix))
    }

    /// The same of some rows at once; `None` where any row of the column has no text.
    #[inline]
    pub fn all_short(&self, rows: Range<usize>) -> Option<impl Iterator<Item = Option<u64>>> {
        match self {
            Column::Texts { texts, none: None } => {
                Some(texts.views().get(rows)?.iter().map(|view| short(view.length, view.prefix)))
            }
            _ => None,
        }
    }

    /// The days of some rows, of a column of dates of which every row has one.
    #[inline]
    pub fn all_days(&self, rows: Range<usize>) -> Option<&[i32]> {
        match self {
            Column::Days { days, .. } if days.validity().is_none() => days.values().get(rows),
            _ => None,
        }
    }

    /// How many bytes of text there are in some rows.
    fn bytes(&self, rows: usize) -> u64 {
        if matches!(self, Column::Absent) { 0 } else { (0..rows).map(|row| self.text(row).len() as u64).sum() }
    }

    /// The column of a file. Of values that are written as text there may be so many `bytes`.
    fn of(file: &str, name: &str, column: &Series, bytes: u64) -> Result<Column> {
        let unreadable = |why: PolarsError| unreadable(file, &why);
        let texts = |column: &Series| -> Result<Column> {
            let texts = column.str().map_err(unreadable)?.rechunk();
            if texts.null_count() == texts.len() {
                return Ok(Column::Absent);
            }
            let none = texts.is_null();
            let none = none.downcast_iter().next().filter(|_| texts.null_count() > 0).cloned();
            Ok(texts.downcast_iter().next().cloned().map_or(Column::Absent, |texts| Column::Texts { texts, none }))
        };
        match column.dtype() {
            DataType::String => texts(column),
            DataType::Categorical(..) | DataType::Enum(..) => {
                texts(&column.cast(&DataType::String).map_err(unreadable)?)
            }
            DataType::Date => {
                let days = column.date().map_err(unreadable)?.physical().rechunk();
                let days = days.downcast_iter().next().cloned();
                let (Some((earliest, latest)), Some(days)) = (days.as_ref().and_then(ends_of), days) else {
                    return Ok(Column::Written(vec![String::new(); column.len()]));
                };
                let is_beyond = [earliest, latest].into_iter().any(|day| date_of(day).is_none());
                if is_beyond || i64::from(latest) - i64::from(earliest) > LONGEST_RUN_OF_DAYS {
                    return written(file, name, column, bytes).map(Column::Written);
                }
                let texts = (earliest..=latest).map(|day| date_of(day).unwrap_or_default()).collect();
                Ok(Column::Days { days, earliest, texts })
            }
            _ => written(file, name, column, bytes).map(Column::Written),
        }
    }
}

/// A short text by its length and its first bytes as they stand in its view, with noughts behind them.
#[inline]
fn short(length: u32, first: u32) -> Option<u64> {
    (length <= 4).then(|| u64::from(length) << 32 | u64::from(first))
}

/// The least and the greatest of some numbers.
fn ends_of(numbers: &Numbers) -> Option<(i32, i32)> {
    let values = numbers.values().iter().copied();
    match numbers.validity() {
        // Nearly always all are there.
        None => values.clone().min().zip(values.max()),
        Some(there) => {
            let values = || values.clone().zip(there.iter()).filter(|(_, is_there)| *is_there).map(|(value, _)| value);
            values().min().zip(values().max())
        }
    }
}

/// Days between the earliest and the latest of a column for which each may have its text written once: a century.
const LONGEST_RUN_OF_DAYS: i64 = 36_525;

impl RowGroups {
    /// Opens a file, and reads what it says of itself.
    ///
    /// # Errors
    /// It cannot be opened, or is no Parquet file.
    pub fn open(file: &Arc<str>, path: &Path) -> Result<RowGroups> {
        let seen = AsSeen::of(path)?;
        let source = File::open(path).map_err(|why| Error::file("read", path, &why))?;
        let mut reader = ParquetReader::new(source);
        let (schema, metadata) = guarded(file, || {
            let unreadable = |why: PolarsError| unreadable(file, &why);
            Ok((reader.schema().map_err(unreadable)?, reader.get_metadata().map_err(unreadable)?.clone()))
        })?;
        let mut rows = 0;
        let first_row = |group: usize| {
            let first = rows;
            rows += metadata.row_groups[group].num_rows();
            first
        };
        let first_rows = (0..metadata.row_groups.len()).map(first_row).collect();
        let columns = schema.iter_names().map(|name| name.to_string()).collect();
        Ok(RowGroups { file: file.clone(), seen, metadata, columns, first_rows })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        self.seen.path()
    }

    /// The file as it was when it was opened.
    pub(super) fn seen(&self) -> &AsSeen {
        &self.seen
    }

    /// The names of its columns.
    pub fn columns(&self) -> Vec<String> {
        self.columns.clone()
    }

    /// How many row groups there are.
    pub fn len(&self) -> usize {
        self.first_rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.first_rows.is_empty()
    }

    /// Reads those columns of a row group that `wanted` says, and gives them to `each`: the position of the first row in
    /// the file, how many rows, and the columns. A large group comes in several pieces.
    ///
    /// # Errors
    /// The group cannot be read, or a column cannot be written as text without guessing.
    pub fn read(&self, group: usize, wanted: &[bool], mut each: impl FnMut(usize, usize, &[Column])) -> Result<()> {
        let Some(only) = self.metadata.row_groups.get(group) else { return Ok(()) };
        let rows = only.num_rows();
        let metadata =
            Arc::new(FileMetadata { num_rows: rows, row_groups: vec![only.clone()], ..(*self.metadata).clone() });
        let projection: Vec<usize> =
            wanted.iter().enumerate().filter(|(_, wanted)| **wanted).map(|(position, _)| position).collect();
        let names: Vec<&str> = projection.iter().map(|position| self.columns[*position].as_str()).collect();
        let source = File::open(self.path()).map_err(|why| Error::file("read", self.path(), &why))?;
        guarded(&self.file, || check_pages(&self.file, source, &metadata, &names))?;
        let mut from = 0;
        while from < rows {
            let source = File::open(self.path()).map_err(|why| Error::file("read", self.path(), &why))?;
            let mut reader = ParquetReader::new(source);
            reader.set_metadata(metadata.clone());
            let reader = reader
                .with_projection(Some(projection.clone()))
                .with_slice(Some((from, ROWS)))
                .read_parallel(ParallelStrategy::None);
            let (height, columns) = guarded(&self.file, || {
                let frame = reader.finish().map_err(|why| unreadable(&self.file, &why))?;
                check_lengths(&self.file, &frame, ROWS.min(rows - from))?;
                let mut columns: Vec<Column> = wanted.iter().map(|_| Column::Absent).collect();
                for (position, series) in projection.iter().zip(frame.columns()) {
                    columns[*position] = Column::of(&self.file, &self.columns[*position], series, u64::MAX)?;
                }
                Ok((frame.height(), columns))
            })?;
            each(self.first_rows[group] + from, height, &columns);
            from += ROWS;
        }
        Ok(())
    }
}

fn unreadable(file: &str, why: &PolarsError) -> Error {
    Error::new(format!("cannot read {file} as Parquet: {why}."))
}

/// Checks that there are as many rows as the file says, and as many values of every column: a damaged file may have fewer,
/// and polars trusts what it says.
fn check_lengths(file: &str, frame: &DataFrame, expected: usize) -> Result<()> {
    let all = frame.columns().iter().map(Series::len).chain([frame.height()]).all(|length| length == expected);
    if all { Ok(()) } else { Err(damaged(file)) }
}

/// Checks what the pages of some columns say of their values.
fn check_pages(file: &str, mut source: impl Read + Seek, metadata: &FileMetadata, columns: &[&str]) -> Result<()> {
    for group in &metadata.row_groups {
        for chunk in columns.iter().filter_map(|name| group.columns_under_root_iter(name)).flatten() {
            let values = u64::try_from(chunk.num_values()).map_err(|_| damaged(file))?;
            // A column of lists has other numbers of values than of rows.
            let is_plain = chunk.descriptor().path_in_schema.len() == 1;
            let as_rows = !is_plain || values == group.num_rows() as u64;
            if !as_rows || have_values(&mut source, chunk.byte_range(), values) != Some(true) {
                return Err(damaged(file));
            }
        }
    }
    Ok(())
}

/// Every value of a column as text, in so many bytes.
fn written(file: &str, name: &str, column: &Series, most: u64) -> Result<Vec<String>> {
    let mut bytes = 0;
    let of_row = |row| {
        let text = written_in(file, name, column, row)?;
        bytes += text.len() as u64;
        if bytes > most { Err(too_much_text(file)) } else { Ok(text) }
    };
    (0..column.len()).map(of_row).collect()
}

fn written_in(file: &str, name: &str, column: &Series, row: usize) -> Result<String> {
    let value = column.get(row).map_err(|why| unreadable(file, &why))?;
    text(&value).map_err(|what| {
        Error::new(format!(
            "the column \"{name}\" of {file} holds {what}, which cannot be read without guessing: save it as text or as dates."
        ))
    })
}

/// The columns of a whole file.
pub struct Columns {
    columns: Vec<Column>,
    rows: usize,
}

impl Columns {
    /// The columns, in the order of their names.
    pub fn all(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The texts of every row; dates as `2024-09-30`.
    pub fn into_rows(self) -> Vec<Vec<String>> {
        let texts = |row: usize| self.columns.iter().map(|column| column.text(row).to_owned()).collect();
        (0..self.rows).map(texts).collect()
    }
}

/// The names of the columns of a file, and the columns.
///
/// # Errors
/// Not a Parquet file, or one with a kind of column that cannot be written as text without guessing.
pub fn read(file: &str, bytes: Vec<u8>) -> Result<(Vec<String>, Columns)> {
    guarded(file, || read_whole(file, bytes))
}

fn read_whole(file: &str, bytes: Vec<u8>) -> Result<(Vec<String>, Columns)> {
    let unreadable = |why: PolarsError| unreadable(file, &why);
    let mut reader = ParquetReader::new(Cursor::new(&bytes));
    let schema = reader.schema().map_err(unreadable)?;
    let names: Vec<&str> = schema.iter_names().map(|name| name.as_str()).collect();
    let metadata = reader.get_metadata().map_err(unreadable)?;
    check_pages(file, Cursor::new(&bytes), metadata, &names)?;
    // A small file may have any number of rows: one value may stand for all of them.
    let expected = metadata.row_groups.iter().fold(0usize, |rows, group| rows.saturating_add(group.num_rows()));
    limits::check_columns(file, names.len())?;
    if expected.saturating_mul(names.len().max(1)) > CELLS {
        return Err(too_much(file, &format!("more than {} million cells", CELLS / 1_000_000)));
    }
    // On this thread alone, so that it is guarded.
    let frame: DataFrame = reader.read_parallel(ParallelStrategy::None).finish().map_err(unreadable)?;
    check_lengths(file, &frame, expected)?;
    let names: Vec<String> = frame.get_column_names().into_iter().map(|name| name.to_string()).collect();
    let (mut columns, rows) = (Vec::with_capacity(names.len()), frame.height());
    let mut room = UNPACKED;
    for (series, name) in frame.columns().iter().zip(&names) {
        let column = Column::of(file, name, series, room)?;
        room = room.checked_sub(column.bytes(rows)).ok_or_else(|| too_much_text(file))?;
        columns.push(column);
    }
    Ok((names, Columns { columns, rows }))
}

fn too_much_text(file: &str) -> Error {
    too_much(file, &format!("more than {} of text", limits::bytes(UNPACKED)))
}

fn too_much(file: &str, what: &str) -> Error {
    Error::new(format!("{file} has {what}, and was not read. Export the file again."))
}

/// A value as a CSV file would have it, or what kind of value it is.
fn text(value: &AnyValue<'_>) -> std::result::Result<String, &'static str> {
    Ok(match value {
        AnyValue::Null => String::new(),
        AnyValue::Boolean(yes) => yes.to_string(),
        AnyValue::Date(days) => date_of(*days).ok_or("dates out of all bounds")?,
        // At midnight somewhere it is another day elsewhere: which day was meant cannot be told.
        AnyValue::Datetime(_, _, Some(_)) | AnyValue::DatetimeOwned(_, _, Some(_)) => {
            return Err("times of a time zone");
        }
        AnyValue::Datetime(count, unit, None) | AnyValue::DatetimeOwned(count, unit, None) => {
            date_and_time(*count, *unit).ok_or("times out of all bounds")?
        }
        AnyValue::Binary(bytes) => as_text(bytes)?,
        AnyValue::BinaryOwned(bytes) => as_text(bytes)?,
        AnyValue::UInt8(_)
        | AnyValue::UInt16(_)
        | AnyValue::UInt32(_)
        | AnyValue::UInt64(_)
        | AnyValue::Int8(_)
        | AnyValue::Int16(_)
        | AnyValue::Int32(_)
        | AnyValue::Int64(_)
        | AnyValue::Decimal(..) => value.to_string(),
        // An id that was once in a column with gaps comes as a float: 7000000, not 7e6 and not 7000000.0.
        AnyValue::Float32(number) if number.is_nan() => String::new(),
        AnyValue::Float64(number) if number.is_nan() => String::new(),
        AnyValue::Float32(number) => number.to_string(),
        AnyValue::Float64(number) => number.to_string(),
        // Plain text, and text of a dictionary.
        other => other.get_str().ok_or("values that are neither text, numbers nor dates")?.to_owned(),
    })
}

fn as_text(bytes: &[u8]) -> std::result::Result<String, &'static str> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "bytes that are no text")
}

fn date_of(days_since_1970: i32) -> Option<String> {
    let day = of_day_number(days_since_1970);
    (day_number(day) == days_since_1970).then(|| day.to_string())
}

/// A time without zone, as `2024-09-30T00:00:00`.
fn date_and_time(count: i64, unit: TimeUnit) -> Option<String> {
    let parts_a_second = match unit {
        TimeUnit::Nanoseconds => 1_000_000_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1000,
    };
    time_since_1970(count, parts_a_second)
}
