//! Everything to files and screens. Nothing is decided here.
//!
//! - [`decisions`] the rows of `decisions.csv` and `children.csv`.
//! - [`files`] the files of a run; [`folder`] the folder they go to.
//! - [`screen`] the summary on the terminal.
//! - [`explain`] one period, so that it can be read aloud to an auditor; as data and as text.
//! - [`compare`] what changed between two runs.
//! - [`outlook`] attendance now, and what the running term still allows.
//! - [`position`] where a financial year stands; [`levers`] what holds most families back;
//!   [`funnel`] how far families come; [`anomalies`] what an assurance team would ask about.
//! - [`readings`] what hangs on how the guidance is read.

pub mod anomalies;
pub mod compare;
pub mod decisions;
pub mod doubts;
pub mod explain;
pub mod files;
pub mod folder;
pub mod funnel;
pub mod held;
pub mod levers;
pub mod outlook;
pub mod position;
pub mod readings;
pub mod screen;
pub mod unmatched;
