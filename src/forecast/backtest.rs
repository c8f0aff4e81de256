//! The backtest: from each past quarter end, what each method would have said of that year's end, against what came.

use super::made::standing;
use crate::dates::{Date, Span};
use crate::forecast::months::year_before;
use crate::rules::targets::financial_year;
use crate::validate::Register;
use rust_decimal::Decimal;
use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};

/// The seasonal straight line: claims so far, by the share of last year's claims that had been made by the same day of it,
/// as known on `as_at`. `None` where last year had none by then.
pub fn seasonal_line(register: &Register, as_at: Date, claims: usize) -> Option<usize> {
    let then = year_before(as_at);
    let (_, last_year) = financial_year(then);
    let until = |to: Date| {
        let (approved, pending) = standing(register, Span { from: last_year.from, to }, as_at);
        approved + pending
    };
    let (by_then, in_all) = (until(then), until(last_year.to));
    if by_then == 0 {
        return None;
    }
    let line = Decimal::from(claims) * Decimal::from(in_all) / Decimal::from(by_then);
    line.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_usize()
}
