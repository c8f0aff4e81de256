//! A column of a Parquet file: text and dates as the file holds them, and whatever else it has as text.

use super::limits::{self, UNPACKED};
use crate::dates::{day_number, of_day_number, time_since_1970};
use crate::error::{Error, Result};
use polars::prelude::{
    AnyValue, BooleanType, Column as Series, DataType, Int32Type, PolarsDataType, PolarsError, StringType, TimeUnit,
};
use std::ops::Range;

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
    pub(super) fn bytes(&self, rows: usize) -> u64 {
        if matches!(self, Column::Absent) { 0 } else { (0..rows).map(|row| self.text(row).len() as u64).sum() }
    }

    /// The column of a file. Of values that are written as text there may be so many `bytes`.
    pub(super) fn of(file: &str, name: &str, column: &Series, bytes: u64) -> Result<Column> {
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

pub(super) fn unreadable(file: &str, why: &PolarsError) -> Error {
    Error::new(format!("cannot read {file} as Parquet: {why}."))
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

pub(super) fn too_much_text(file: &str) -> Error {
    too_much(file, &format!("more than {} of text", limits::bytes(UNPACKED)))
}

pub(super) fn too_much(file: &str, what: &str) -> Error {
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
