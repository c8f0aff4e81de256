//! The format of the tables that are written.

use crate::error::{Error, Result};

/// The format of the tables that are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text.
    #[default]
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// How the name of a file ends.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }

    /// Checks that this build can write the format, before anything is read or written.
    ///
    /// # Errors
    /// It is Parquet, and the program was built without it.
    pub fn check(self) -> Result<()> {
        match self {
            Format::Parquet if !cfg!(feature = "native") => Err(Error::new(
                "this build of sfclaim cannot write Parquet: leave --format out, and take the CSV files.",
            )),
            Format::Csv | Format::Parquet => Ok(()),
        }
    }
}
