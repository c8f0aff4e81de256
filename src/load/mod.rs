//! Files to text: finds the tables of a data folder and gives their rows as text with row numbers.
//! Nothing is interpreted here, so `0012` keeps its zeros; that is for `validate`.
//!
//! - [`Loaded`] everything found in a data folder; [`TextFile`] one file of a table; [`Row`] one row of it.
//! - [`tables`] which tables there are, and their columns.
//! - [`settings`] the folder's `sfclaim.toml`; [`mapping`] what it says of files, and ready mappings.
//! - [`folder`] which file is which table; [`table_file`] a file to the rows of its table, [`sheet_table`] a sheet; [`columns`]
//!   which heading is which column; [`footers`] what is no row; [`wide`] criteria side by side to rows, by
//!   [`wide_columns`], and [`wide_terms`] terms.
//! - [`csv_file`], [`dialect`], [`workbook`], [`parquet_file`] the formats; `parquet_column.rs` has a column of the last. Without the
//!   feature `native` there is no Parquet, and `parquet_refused.rs` stands in its place.
//! - [`merged`] merged areas of a sheet; [`unreadable`] what stands in place of a cell that cannot be read.
//! - [`beginning`] the first rows of a file of which nobody has said yet which table it is.
//! - [`damaged`], [`parquet_pages`], [`xls_records`] what a library makes of a damaged file; [`limits`] how much is taken in.
//! - [`header_again`] column names among the rows; [`date_order`] which of day and month comes first in a file.
//! - [`left_aside`] what was not read although it looks like a table; [`extra_columns`] columns that were not.
//! - [`unchanged`] whether a file is still the one that was looked at.
//! - [`blocks`], [`parts`] files too large for one piece: attendance is read part by part, by all cores; [`in_turn`] the fingerprint of
//!   such a file; [`plain_rows`] rows without quoted cells.
//! - [`corrections`] quarantine files that come back, [`formulas`] text that a spreadsheet would run.
//! - [`look`] a second look, for the cells of a few rows.

pub mod beginning;
pub mod blocks;
pub mod cell;
pub mod columns;
pub mod corrections;
pub mod csv_file;
mod damaged;
pub mod date_order;
pub mod dates_seen;
pub mod dialect;
mod extra_columns;
pub mod flags;
pub mod folded;
mod folder;
mod footers;
pub mod formulas;
pub mod header_again;
mod in_turn;
pub mod left_aside;
pub mod limits;
pub mod loaded;
pub mod look;
pub mod mapping;
mod merged;
#[cfg(feature = "native")]
mod parquet_column;
#[cfg(feature = "native")]
pub mod parquet_file;
#[cfg(not(feature = "native"))]
#[path = "parquet_refused.rs"]
pub mod parquet_file;
#[cfg(feature = "native")]
mod parquet_pages;
pub mod parts;
mod plain_rows;
pub mod pointed_at;
pub mod row;
pub mod settings;
mod sheet_table;
mod table_file;
pub mod tables;
pub mod text_file;
mod unchanged;
pub mod unreadable;
pub mod wide;
pub mod wide_columns;
mod wide_terms;
pub mod workbook;
mod xls_records;

pub use folder::{load, load_table, load_under};
pub use loaded::Loaded;
pub use row::{Defect, EachRow, Reading, Row, Rows, row_number, trimmed};
pub(crate) use table_file::said_1252;
pub use text_file::TextFile;
