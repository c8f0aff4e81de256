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
pub mod format;
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

pub use cell::{Cell, Kind};
pub use format::Format;
pub use table::{Described, Table};
