//! `claims.xlsx`: what an officer opens every day. The sheets are the tables of the other commands, with their columns, and a
//! few that are chosen from them.
//!
//! - [`listed`] the tables that only the workbook has; [`sheets`](mod@sheets) every sheet, in order.
//! - [`published`] another workbook, of counts alone, that may be published; [`suppressed`] which of its counts are left out.

pub mod found;
pub mod listed;
pub mod published;
mod sheets;
pub mod suppressed;

pub use sheets::{SHEETS, workbook};

pub use found::Found;

/// The name of the officers' workbook.
pub const NAME: &str = "claims.xlsx";

/// The name of the workbook that may be published.
pub const PUBLISHED: &str = "claims_published.xlsx";
