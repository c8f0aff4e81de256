//! Parquet files: small ones whole, large ones row group by row group.

use super::damaged::{damaged, guarded};
use super::limits::{self, CELLS, UNPACKED};
pub use super::parquet_column::Column;
use super::parquet_column::{too_much, too_much_text, unreadable};
use super::parquet_pages::have_values;
use super::unchanged::AsSeen;
use crate::error::{Error, Result};
use polars::io::parquet::read::FileMetadata;
use polars::prelude::{Column as Series, DataFrame, ParallelStrategy, ParquetReader, PolarsError, SerReader};
use std::fs::File;
use std::io::{Cursor, Read, Seek};
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
