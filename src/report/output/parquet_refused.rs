//! What stands in place of `parquet.rs` in a program built without the feature `native`, such as the one in the page: no Parquet
//! file is ever begun.

use super::cell::{Cell, Kind};
use std::convert::Infallible;
use std::fs::File;
use std::io::{Error, Result};

/// A file while it is being written, of which there is none.
pub struct ParquetFile {
    none: Infallible,
}

impl ParquetFile {
    /// Refuses to begin a file.
    ///
    /// # Errors
    /// Always.
    pub fn begin(_: File, _: &[(&str, Kind)]) -> Result<ParquetFile> {
        Err(Error::other("this build of sfclaim cannot write Parquet"))
    }

    /// The next cell of the row.
    pub fn cell(&mut self, _: &Cell<'_>) {
        match self.none {}
    }

    /// Ends a row.
    ///
    /// # Errors
    /// Never: there is no such file.
    pub fn end_row(&mut self) -> Result<()> {
        match self.none {}
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// Never: there is no such file.
    pub fn finish(self) -> Result<()> {
        match self.none {}
    }
}
