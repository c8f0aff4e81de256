//! The straight line (contract section 7): claims so far, as if the rest of the year went on the same. The one place in
//! which it is worked out, exactly: a ratio, rounded half up at the end.

use crate::dates::{Date, Span};
use crate::rules::position::months_elapsed;
use crate::rules::targets::parts_of_year;
use crate::share::Ratio;

/// The day up to which claims are counted: the last quarter end on or before `as_at` in the year; before the first one
/// `as_at` itself, and never later than the year's end.
pub fn counted_until(as_at: Date, year: Span) -> Date {
    let ends = parts_of_year(year, 3).into_iter().map(|quarter| quarter.to);
    ends.filter(|end| *end <= as_at).max().unwrap_or(as_at.min(year.to))
}

/// Claims at the year's end on the straight line from `claims` up to `until`: claims x 12 / months elapsed, rounded to
/// whole claims half up. Months are whole ones and day of month / days in month of a running one.
pub fn straight_line(claims: usize, until: Date, year: Span) -> usize {
    Ratio::whole(12 * claims).by(months_elapsed(until, year)).rounded()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;
    use crate::rules::targets::financial_year;

    // Contract section 7: 176 claims at 30 September make 352.
    #[test]
    fn half_a_year_of_claims_is_doubled() {
        let (_, year) = financial_year(date(2024, 9, 30), Default::default());
        assert_eq!(straight_line(176, counted_until(date(2024, 9, 30), year), year), 352);
        // In November the line still starts at the end of September.
        assert_eq!(counted_until(date(2024, 11, 20), year), date(2024, 9, 30));
        // Before the first quarter end: 10 claims by 15 April are 10 x 12 / 0.5 = 240.
        assert_eq!(straight_line(10, counted_until(date(2024, 4, 15), year), year), 240);
        // 5 claims by 31 December: 5 x 12 / 9 = 6.67; 3 by 31 October (7 months): 5.14.
        assert_eq!((straight_line(5, date(2024, 12, 31), year), straight_line(3, date(2024, 10, 31), year)), (7, 5));
        // Half up: 7 by 31 December is 9.33; 3 by 30 November (8 months) is 4.5.
        assert_eq!((straight_line(7, date(2024, 12, 31), year), straight_line(3, date(2024, 11, 30), year)), (9, 5));
    }
}
