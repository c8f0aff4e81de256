//! What stands in place of [`super::parquet_file`] in a program built without the feature `native`, such as the one in the
//! page: a Parquet file is refused with a sentence, and so nothing else here is ever asked.

use super::unchanged::AsSeen;
use crate::error::{Error, Result};
use std::convert::Infallible;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A large file, of which there is none.
pub struct RowGroups {
    none: Infallible,
}

/// A column of some rows.
pub enum Column {
    /// Not asked for.
    Absent,
}

impl Column {
    /// The text in a row.
    pub fn text(&self, _: usize) -> &str {
        ""
    }

    /// The day in a row.
    pub fn day(&self, _: usize) -> Option<i32> {
        None
    }

    /// A short text as a number.
    pub fn short(&self, _: usize) -> Option<u64> {
        None
    }

    /// The short texts of some rows as numbers.
    pub fn all_short(&self, _: Range<usize>) -> Option<impl Iterator<Item = Option<u64>>> {
        None::<std::iter::Empty<Option<u64>>>
    }

    /// The days of some rows.
    pub fn all_days(&self, _: Range<usize>) -> Option<&[i32]> {
        None
    }

    /// Whether a row has the text of the row before it.
    pub fn repeats(&self, _: usize) -> bool {
        true
    }
}

impl RowGroups {
    /// Refuses the file.
    ///
    /// # Errors
    /// Always.
    pub fn open(file: &Arc<str>, _: &Path) -> Result<RowGroups> {
        Err(refused(file))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        match self.none {}
    }

    /// The file as it was when it was opened.
    pub(super) fn seen(&self) -> &AsSeen {
        match self.none {}
    }

    /// The names of its columns.
    pub fn columns(&self) -> Vec<String> {
        match self.none {}
    }

    /// How many row groups there are.
    pub fn len(&self) -> usize {
        match self.none {}
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        match self.none {}
    }

    /// Reads some columns of a row group.
    ///
    /// # Errors
    /// Never: there is no such group.
    pub fn read(&self, _: usize, _: &[bool], _: impl FnMut(usize, usize, &[Column])) -> Result<()> {
        match self.none {}
    }
}

/// The columns of a whole file, of which there is none.
pub struct Columns {
    none: Infallible,
}

impl Columns {
    /// The columns.
    pub fn all(&self) -> &[Column] {
        match self.none {}
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self.none {}
    }

    /// The texts of every row.
    pub fn into_rows(self) -> Vec<Vec<String>> {
        match self.none {}
    }
}

/// Refuses the file.
///
/// # Errors
/// Always.
pub fn read(file: &str, _: Vec<u8>) -> Result<(Vec<String>, Columns)> {
    Err(refused(file))
}

fn refused(file: &str) -> Error {
    Error::new(format!("{file} is a Parquet file, which this build of sfclaim cannot read: save it as CSV."))
}
