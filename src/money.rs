//! The only arithmetic and the only rounding on money. Amounts are pounds and pence, exact.
//!
//! ```
//! use sfclaim::money::Pounds;
//!
//! let payment = Pounds::read("800").unwrap();
//! let at_risk = payment.for_each_of(85);
//! assert_eq!(at_risk.to_string(), "£68,000");
//! assert_eq!(at_risk.plain(), "68000.00");
//! assert_eq!(Pounds::read("12.345"), None); // no tenths of a penny
//! ```

use crate::words::grouped;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};
use std::fmt;

/// An amount in pounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Pounds(Decimal);

impl Pounds {
    /// Reads `800` or `800.00`. `None` for anything else, for more than two decimals, for less than nothing and for
    /// more than a million pounds, which no payment for a family is.
    pub fn read(text: &str) -> Option<Pounds> {
        Pounds::read_up_to(text, 1_000_000)
    }

    /// The same for the grant of an authority and year: up to a thousand million pounds.
    pub fn read_grant(text: &str) -> Option<Pounds> {
        Pounds::read_up_to(text, 1_000_000_000)
    }

    fn read_up_to(text: &str, most: u32) -> Option<Pounds> {
        let amount: Decimal = text.trim().parse().ok()?;
        let plausible = !amount.is_sign_negative() && amount <= Decimal::from(most);
        (plausible && amount.normalize().scale() <= 2).then_some(Pounds(amount))
    }

    /// This amount for each of `count` families. Stays at the largest amount that can be written.
    pub fn for_each_of(self, count: usize) -> Pounds {
        Pounds(self.0.saturating_mul(Decimal::from(count)))
    }

    /// This amount for each of an expected number of families, which need not be whole, to the penny (half up). Nothing for
    /// less than none.
    pub fn for_expected(self, families: Decimal) -> Pounds {
        let amount = self.0.saturating_mul(families.max(Decimal::ZERO));
        Pounds(amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Pounds) -> Pounds {
        Pounds(self.0.saturating_add(other.0))
    }

    /// How much more than `other` this is; `None` when it is less.
    pub fn more_than(self, other: Pounds) -> Option<Pounds> {
        (self >= other).then(|| Pounds(self.0 - other.0))
    }

    /// To the nearest hundred pounds (half up), for sentences that say "about".
    pub fn about(self) -> Pounds {
        let hundreds =
            (self.0 / Decimal::ONE_HUNDRED).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Pounds(hundreds.saturating_mul(Decimal::ONE_HUNDRED))
    }

    /// The amount with its two decimals and no sign, as files carry it: `148000.00`.
    pub fn plain(self) -> String {
        format!("{:.2}", self.0)
    }
}

/// As it is said: `£148,000`, with pence only where there are any.
impl fmt::Display for Pounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain();
        let (pounds, pence) = plain.split_once('.').unwrap_or((&plain, "00"));
        let said = format!("£{}", grouped(pounds));
        if pence == "00" { f.pad(&said) } else { f.pad(&format!("{said}.{pence}")) }
    }
}

impl Serialize for Pounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_and_said_with_commas() {
        let unit = Pounds::read("800").unwrap();
        assert_eq!(unit.for_each_of(185).to_string(), "£148,000");
        assert_eq!(unit.for_each_of(185).plain(), "148000.00");
        assert_eq!(Pounds::read("0.1").unwrap().for_each_of(3).to_string(), "£0.30");
        assert_eq!(unit.for_expected("23.4567".parse().unwrap()).plain(), "18765.36");
        assert_eq!(unit.for_expected("-3".parse().unwrap()).plain(), "0.00");
        let about = |text: &str| Pounds::read(text).unwrap().about().to_string();
        assert_eq!([about("4097.28"), about("150"), about("49.99")], ["£4,100", "£200", "£0"]);
        assert_eq!(Pounds::read("-1"), None);
        assert_eq!(Pounds::read("1000000.01"), None);
        assert_eq!(Pounds::read("1.005"), None);
    }
}
