//! What the commands found that the workbook shows.

use crate::attend::outlook::Outlooks;
use crate::decide::review::Review;
use crate::error::Result;
use crate::forecast::Forecast;
use crate::forecast::funnel::Funnel;
use crate::forecast::levers::Levers;
use crate::report::views::people::People;
use crate::run::Outcome;

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
