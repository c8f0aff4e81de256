//! Parquet files: every column as text, in the file's order.

use crate::error::{Error, Result};
use jiff::{Timestamp, tz::TimeZone};
use polars::prelude::{AnyValue, DataFrame, ParquetReader, SerReader, TimeUnit};
use std::io::Cursor;

/// The columns and rows of a file, dates as `2024-09-30`.
///
/// # Errors
/// Not a Parquet file, or one with a kind of column that cannot be written as text without guessing.
pub fn read(file: &str, bytes: Vec<u8>) -> Result<(Vec<String>, Vec<Vec<String>>)> {
    let unreadable = |why: polars::prelude::PolarsError| Error::new(format!("cannot read {file} as Parquet: {why}."));
    let frame: DataFrame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(unreadable)?;
    let columns: Vec<String> = frame.get_column_names().into_iter().map(|name| name.to_string()).collect();
    let mut rows = vec![Vec::with_capacity(columns.len()); frame.height()];
    for (column, name) in frame.columns().iter().zip(&columns) {
        for (row, cells) in rows.iter_mut().enumerate() {
            let value = column.get(row).map_err(unreadable)?;
            let text = text(&value).map_err(|what| {
                Error::new(format!(
                    "the column \"{name}\" of {file} holds {what}, which cannot be read without guessing: save it as text or as dates."
                ))
            })?;
            cells.push(text);
        }
    }
    Ok((columns, rows))
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
    let days = jiff::Span::new().try_days(days_since_1970).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(days).ok().map(|day| day.to_string())
}

/// A time without zone, as `2024-09-30T00:00:00`.
fn date_and_time(count: i64, unit: TimeUnit) -> Option<String> {
    let timestamp = match unit {
        TimeUnit::Nanoseconds => Timestamp::from_nanosecond(i128::from(count)),
        TimeUnit::Microseconds => Timestamp::from_microsecond(count),
        TimeUnit::Milliseconds => Timestamp::from_millisecond(count),
    };
    timestamp.ok().map(|timestamp| timestamp.to_zoned(TimeZone::UTC).datetime().to_string())
}
