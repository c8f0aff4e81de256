//! `claims.xlsx`: what an officer opens every day. The sheets are the tables of the other commands, with their columns, and a
//! few that are chosen from them.
//!
//! - [`listed`] the tables that only the workbook has; [`sheets`](mod@sheets) every sheet, in order.
//! - [`published`] another workbook, of counts alone, that may be published; [`suppressed`] which of its counts are left out.

pub mod listed;
pub mod published;
mod sheets;
pub mod suppressed;

pub use sheets::{SHEETS, workbook};

use crate::attend::outlook::Outlooks;
use crate::decide::review::Review;
use crate::error::Result;
use crate::forecast::Forecast;
use crate::forecast::funnel::Funnel;
use crate::forecast::levers::Levers;
use crate::report::views::people::People;
use crate::run::Outcome;

/// The name of the officers' workbook.
pub const NAME: &str = "claims.xlsx";

/// The name of the workbook that may be published.
pub const PUBLISHED: &str = "claims_published.xlsx";

/// Everything that the workbook shows.
pub struct Found<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// What waits for a person.
    pub review: Review,
    /// Children now.
    pub outlooks: Outlooks,
    /// Who the children are.
    pub people: People<'a>,
    /// What holds families back.
    pub levers: Levers,
    /// How far families come, by source.
    pub funnel: Funnel,
    /// Claims to the year's end; why there is none, where nothing can be forecast.
    pub forecast: Result<Forecast>,
}
