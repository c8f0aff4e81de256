//! What comes to the year's end: claims, places and grant, from decisions and from the authority's own history.
//!
//! Probabilities are floating point; decisions and money are not. Each part has plain types and one entry function:
//!
//! - [`pipeline`] the most that could be claimed by each month end, and what would have to happen.
//! - [`replay`] where every family stood at past quarter ends; [`prospect`] how near a family is to a claim.
//! - [`months`] calendar months and quarters as numbers.

pub mod months;
pub mod pipeline;
pub mod prospect;
pub mod replay;
