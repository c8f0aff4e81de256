//! Parquet files: every column as text, in the file's order.

use crate::error::{Error, Result};
use jiff::ToSpan;
use polars::prelude::{AnyValue, DataFrame, ParquetReader, SerReader};
use std::io::Cursor;

/// The columns and rows of a file, dates as `2024-09-30`.
///
/// # Errors
/// Not a Parquet file, or one with a kind of column that cannot be written as text.
pub fn read(file: &str, bytes: Vec<u8>) -> Result<(Vec<String>, Vec<Vec<String>>)> {
    let frame: DataFrame = ParquetReader::new(Cursor::new(bytes))
        .finish()
        .map_err(|why| Error::new(format!("cannot read {file} as Parquet: {why}.")))?;
    let columns: Vec<String> = frame.get_column_names().into_iter().map(|name| name.to_string()).collect();
    let mut rows = vec![Vec::with_capacity(columns.len()); frame.height()];
    for column in frame.columns() {
        for (row, cells) in rows.iter_mut().enumerate() {
            let value = column.get(row).map_err(|why| Error::new(format!("cannot read {file}: {why}.")))?;
            cells.push(text(&value));
        }
    }
    Ok((columns, rows))
}

fn text(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Date(days) => jiff::civil::date(1970, 1, 1).saturating_add(i64::from(*days).days()).to_string(),
        other => other.to_string(),
    }
}
