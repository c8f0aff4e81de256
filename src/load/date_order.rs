//! Which of day and month comes first in the dates of a file is settled by the file, for all of it (contract section 1).
//! Dates that can be read one way only decide: where nobody has said the order, and the month comes first in one of twenty
//! of them or more, what could be read either way is not read. Dates with the year first, or with a name for the month,
//! decide nothing.

pub use super::dates_seen::DatesSeen;

use super::tables;
use super::text_file::TextFile;
use crate::dates::DateOrder;
use crate::error::Result;

impl TextFile {
    /// Which number comes first in its dates: as somebody has said, else as the file itself shows.
    pub fn date_order(&self) -> DateOrder {
        self.said_order.unwrap_or_else(|| self.dates_seen.get().map_or(DateOrder::DayFirst, |seen| seen.order()))
    }

    /// Whether somebody has said which number comes first.
    pub fn order_is_said(&self) -> bool {
        self.said_order.is_some()
    }

    /// How its dates are written, once they were looked through; nothing where that need not be known.
    pub fn dates_seen(&self) -> DatesSeen {
        self.dates_seen.get().copied().unwrap_or_default()
    }

    /// Notes how its dates are written. What was noted first stays.
    pub fn settle(&self, seen: DatesSeen) {
        self.dates_seen.get_or_init(|| seen);
    }

    /// Looks through the dates of a file in memory, where nobody has said their order.
    ///
    /// # Errors
    /// As [`TextFile::for_each`].
    pub fn look_through_dates(&self) -> Result<()> {
        if self.order_is_said() || self.dates_seen.get().is_some() {
            return Ok(());
        }
        // What is the same in every row was not written by the file.
        let own = self.header.iter().take(self.width).enumerate();
        let columns: Vec<usize> =
            own.filter(|(_, name)| self.table.knows(name) && tables::may_be_date(name)).map(|(at, _)| at).collect();
        let mut seen = DatesSeen::default();
        self.for_each(&mut |row| {
            for text in columns.iter().filter_map(|column| row.cell(*column)) {
                seen.note(text);
            }
        })?;
        self.settle(seen);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // One in twenty: 1 of 20 is, 1 of 21 is not; dates that can be read either way have no vote.
    #[test]
    fn one_in_twenty_dates_with_the_month_first_unsettle_a_file() {
        for (day_first, month_first, order) in [
            (0, 0, DateOrder::DayFirst),
            (20, 0, DateOrder::DayFirst),
            (20, 1, DateOrder::MostlyDayFirst),
            (19, 1, DateOrder::Unsettled),
            (39, 2, DateOrder::MostlyDayFirst),
            (38, 2, DateOrder::Unsettled),
            (0, 1, DateOrder::Unsettled),
        ] {
            let seen = DatesSeen { day_first, month_first, either_way: 500 };
            assert_eq!(seen.order(), order, "{day_first} and {month_first}");
        }
    }

    #[test]
    fn dates_with_the_year_first_decide_nothing() {
        let mut seen = DatesSeen::default();
        for text in ["2024-09-30", "2024-12-01", "30 Sep 2024", "45565", "04/04/2024", "soon", ""] {
            seen.note(text);
        }
        assert_eq!(seen, DatesSeen::default());
        for text in ["30/09/2024", "09/30/2024", "03/04/2024"] {
            seen.note(text);
        }
        assert_eq!(seen, DatesSeen { day_first: 1, month_first: 1, either_way: 1 });
    }
}
