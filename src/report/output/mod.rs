//! What outputs are made of: tables whose columns are data, and the files that they become.
//!
//! - [`cell`] what stands in a row under a column; [`table`] the columns, and what is written of them.
//! - [`parquet`] the one place that writes Parquet, for outputs and for invented authorities; [`json`] data as a file.
//!   Without the feature `native` nothing writes Parquet, and `parquet_refused.rs` stands in its place.
//! - [`workbook`] the one place that writes sheets of a workbook; [`archive`] what makes its bytes the same on every system.
//! - [`folder`] the folder that files go to, `unfinished` while it is not complete, and `system`, what
//!   Windows does otherwise; [`earlier`] one of an earlier run.
//! - [`html`] pages, and [`chart`] what is drawn on them.
//! - [`page`] text on the terminal.

pub mod archive;
pub mod cell;
pub mod chart;
pub mod earlier;
pub mod folder;
pub mod html;
pub mod json;
pub mod page;
#[cfg(feature = "native")]
pub mod parquet;
#[cfg(not(feature = "native"))]
#[path = "parquet_refused.rs"]
pub mod parquet;
mod system;
pub mod table;
mod unfinished;
pub mod workbook;

use crate::error::{Error, Result};
pub use cell::{Cell, Kind};
pub use table::{Described, Table};

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
