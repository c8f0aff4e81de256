//! The year that the report is about.

use super::narrative::Narrative;
use crate::forecast::position::Position;
use crate::report::views::workbook::found::Found;

/// What the report is made from.
pub struct Year<'a> {
    /// Everything that was found.
    pub found: &'a Found<'a>,
    /// Where the year stands.
    pub position: &'a Position,
    /// Claims of the year before that count today; `None` where the data begin later.
    pub baseline: Option<(String, usize)>,
    /// The owner's words.
    pub narrative: &'a Narrative,
}
