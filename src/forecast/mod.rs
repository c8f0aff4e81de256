//! What comes to the year's end: claims, places and grant, from decisions and from the authority's own history.
//!
//! Probabilities are floating point; decisions and money are not. Each part has plain types and one entry function:
//!
//! - [`pipeline`] the most that could be claimed by each month end, and what would have to happen.
//! - [`replay`] where every family stood at past quarter ends; [`prospect`] how near a family is to a claim.
//! - [`conversion`] what became of families, and the chances that follow; [`openings`] families that will come.
//! - [`made`] claims made already; [`range`](mod@range) the distribution of the year's claims by each month end.
//! - [`assumed`] what is assumed where history says too little.
//! - [`months`], [`special`], [`distribution`] months as numbers, and the arithmetic of chances.

pub mod assumed;
pub mod backtest;
pub mod conversion;
pub mod distribution;
pub mod made;
pub mod months;
pub mod openings;
pub mod pipeline;
pub mod projection;
pub mod prospect;
pub mod range;
pub mod replay;
pub mod special;
pub mod straight_line;
