//! What stands in place of [`super::parquet_file`] in a program built without the feature `native`, such as the one in the
//! page: a Parquet file is refused with a sentence, and so nothing else here is ever asked.

use super::unchanged::AsSeen;
use crate::error::{Error, Result};
use std::convert::Infallible;
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

/// Refuses the file.
///
/// # Errors
/// Always.
pub fn read(file: &str, _: Vec<u8>) -> Result<(Vec<String>, Vec<Vec<String>>)> {
    Err(refused(file))
}

fn refused(file: &str) -> Error {
    Error::new(format!("{file} is a Parquet file, which this build of sfclaim cannot read: save it as CSV."))
}
