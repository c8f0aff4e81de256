//! How sure a proposal is, and what every kind of match asks of a column.

use super::column::ColumnSeen;
use crate::words::worded;

worded! {
    /// How sure a proposal is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Sureness {
        /// To be decided by the officer.
        Guess = "a guess",
        /// Probably right.
        Likely = "likely",
        /// As good as said.
        Certain = "certain",
        /// A person has said so.
        Said = "as you answered",
    }
}

/// Whether a column holds dates, or is blank.
pub fn dates_fit(column: &ColumnSeen) -> bool {
    column.filled > 0 && column.is_mostly(column.dates + column.short_years, 80) && column.serial < column.filled.max(1)
        || column.filled > 0 && column.serial == column.filled
}

/// Whether the values of a table's column are dates.
pub fn is_date(column: &str) -> bool {
    column.ends_with("_on") || ["date_of_birth", "date", "week_start", "until"].contains(&column)
}
