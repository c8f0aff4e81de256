//! What outputs are made of: tables whose columns are data, and the files that they become.
//!
//! - [`cell`] what stands in a row under a column; [`table`] the columns, and what is written of them.
//! - [`parquet`] the one place that writes Parquet, for outputs and for invented authorities; [`json`] data as a file.
//! - [`workbook`] the one place that writes sheets of a workbook.
//! - [`folder`] the folder that files go to, and `unfinished` while it is not complete; [`earlier`] one of an earlier run.
//! - [`html`] pages, and [`chart`] what is drawn on them.
//! - [`page`] text on the terminal.

pub mod cell;
pub mod chart;
pub mod earlier;
pub mod folder;
pub mod html;
pub mod json;
pub mod page;
pub mod parquet;
pub mod table;
mod unfinished;
pub mod workbook;

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
}
