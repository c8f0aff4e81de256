//! Where a fact came from: file, row and column, so that every statement can be looked up.

use std::fmt;
use std::sync::Arc;

/// A row of an input file. Rows are numbered as a spreadsheet shows them: the header is row 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file's name inside the data folder.
    pub file: Arc<str>,
    /// The row, from 1 for the header.
    pub row: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} row {}", self.file, self.row)
    }
}
