//! Everything to files and screens. Nothing is computed here.
//!
//! - [`decisions`] the rows of `decisions.csv` and `children.csv`.
//! - [`files`] the files of a run.
//! - [`folder`] an output folder, written beside and renamed when complete.
//! - [`screen`] the summary on the terminal.

pub mod decisions;
