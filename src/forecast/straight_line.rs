//! The straight line (contract section 7): claims so far, as if the rest of the year went on the same.

use crate::dates::{Date, Span};
use rust_decimal::Decimal;
use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};

/// The last quarter end on or before `as_at` in its year; before the first one, `as_at` itself.
pub fn counted_until(as_at: Date, year: Span) -> Date {
    let ends = super::months::month_ends(year.from, year.to);
    ends.into_iter().skip(2).step_by(3).filter(|end| *end <= as_at).max().unwrap_or(as_at)
}

/// Claims at the year's end on the straight line from `claims` up to `until`: claims x 12 / months elapsed, rounded to
/// whole claims half up. Months are whole ones and day of month / days in month of a running one.
pub fn straight_line(claims: usize, until: Date, year: Span) -> usize {
    let months = super::months::Month::of(until).since(super::months::Month::of(year.from));
    let part = Decimal::from(until.day()) / Decimal::from(until.days_in_month());
    let elapsed = Decimal::from(months) + part;
    let line = Decimal::from(claims) * Decimal::from(12) / elapsed;
    line.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_usize().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::targets::financial_year;
    use jiff::civil::date;

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
