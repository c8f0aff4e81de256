//! Attended of possible sessions, and counts of other things, as exact ratios. They are compared by cross-multiplying,
//! never as a rounded percentage. Attendance is shown truncated, so that 89.95% never prints as 90.0%; other shares are
//! rounded.
//!
//! ```
//! use sfclaim::share::{Percent, Sessions};
//!
//! let threshold: Percent = "90".parse().unwrap();
//! let exactly = Sessions { attended: 108, possible: 120 };
//! assert!(exactly.reaches(threshold));
//! let just_below = Sessions { attended: 1_799, possible: 2_000 };
//! assert!(!just_below.reaches(threshold));
//! assert_eq!(just_below.shown().as_deref(), Some("89.9")); // 89.95%, never 90.0
//! ```

use std::fmt;
use std::str::FromStr;

/// A percentage such as 90 or 92.5, held exactly in ten-thousandths of one per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(i64);

/// Ten-thousandths in one per cent.
const SCALE: i64 = 10_000;

impl Percent {
    /// A whole number of per cent.
    pub const fn whole(percent: i64) -> Percent {
        Percent(percent * SCALE)
    }
}

impl FromStr for Percent {
    type Err = ();

    /// Reads `90` or `92.5`, at most four decimals, from 0 to 100.
    fn from_str(text: &str) -> Result<Percent, ()> {
        let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || decimals.len() > 4 || !all_digits(whole) || !all_digits(decimals) {
            return Err(());
        }
        let scaled: i64 = format!("{whole}{decimals:0<4}").parse().map_err(|_| ())?;
        (scaled <= 100 * SCALE).then_some(Percent(scaled)).ok_or(())
    }
}

/// A percentage as a school gives it, from 0 to 100, held exactly as far as it can matter: to ten decimals, with a last
/// digit that says whether there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchoolPercent(i64);

/// Parts of one per cent.
const PARTS: i64 = 100_000_000_000;

impl SchoolPercent {
    /// 0%.
    pub const NOUGHT: SchoolPercent = SchoolPercent(0);
    /// 1%.
    pub const ONE: SchoolPercent = SchoolPercent(PARTS);

    /// Reads `92.4` or `92.4%`; with `as_fraction` `0.924`. `None` for what is no number from 0 to 100 per cent.
    pub fn read(text: &str, as_fraction: bool) -> Option<SchoolPercent> {
        let text = text.trim();
        let text = text.strip_suffix('%').map_or(text, str::trim_end);
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + decimals.len() == 0 || !all_digits(whole) || !all_digits(decimals) {
            return None;
        }
        let shift = if as_fraction { 2 } else { 0 };
        // Ten decimals of a per cent, and one that says whether anything stands behind them.
        let (kept, behind) = decimals.split_at(decimals.len().min(10 + shift));
        let kept: i128 = format!("{whole}{kept:0<width$}", width = 10 + shift).parse().ok()?;
        let more = i128::from(behind.bytes().any(|b| b != b'0'));
        let parts = i64::try_from(kept.checked_mul(10)? + more).ok()?;
        (parts <= 100 * PARTS).then_some(SchoolPercent(parts))
    }

    /// The same as sessions: so many parts of a hundred per cent.
    pub fn as_sessions(self) -> Sessions {
        Sessions { possible: 100 * PARTS, attended: self.0 }
    }
}

impl fmt::Display for SchoolPercent {
    /// As it was given, without the zeros at its end: `92.4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:010}", self.0 % PARTS / 10);
        match decimals.trim_end_matches('0') {
            "" => f.pad(&(self.0 / PARTS).to_string()),
            decimals => f.pad(&format!("{}.{decimals}", self.0 / PARTS)),
        }
    }
}

impl Percent {
    /// The share of one that it is.
    pub fn share(self) -> Ratio {
        Ratio::new(i128::from(self.0), i128::from(100 * SCALE))
    }
}

/// An exact ratio of whole numbers, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    over: i128,
    under: i128,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Ratio = Ratio { over: 0, under: 1 };
    /// The whole.
    pub const ONE: Ratio = Ratio { over: 1, under: 1 };

    /// `over` parts of `under`; nothing where there is no whole.
    pub fn new(over: i128, under: i128) -> Ratio {
        if under == 0 {
            return Ratio::ZERO;
        }
        let common = common_divisor(over.unsigned_abs(), under.unsigned_abs());
        let common = i128::try_from(common).unwrap_or(1).max(1) * under.signum();
        Ratio { over: over / common, under: under / common }
    }

    /// A part of a number of things.
    pub fn of_counts(part: usize, whole: usize) -> Ratio {
        Ratio::new(part as i128, whole as i128)
    }

    /// A whole number.
    pub fn whole(number: usize) -> Ratio {
        Ratio::new(number as i128, 1)
    }

    /// Both added.
    pub fn plus(self, other: Ratio) -> Ratio {
        Ratio::new(self.over * other.under + other.over * self.under, self.under * other.under)
    }

    /// This less the other.
    pub fn less(self, other: Ratio) -> Ratio {
        Ratio::new(self.over * other.under - other.over * self.under, self.under * other.under)
    }

    /// Both multiplied.
    pub fn times(self, other: Ratio) -> Ratio {
        Ratio::new(self.over * other.over, self.under * other.under)
    }

    /// This divided by the other; nothing where that is nothing.
    pub fn by(self, other: Ratio) -> Ratio {
        Ratio::new(self.over * other.under, self.under * other.over)
    }

    /// The nearest whole number, a half up; nothing for less than nothing.
    pub fn rounded(self) -> usize {
        usize::try_from((2 * self.over + self.under).div_euclid(2 * self.under)).unwrap_or(0)
    }

    /// The least whole number that is no less; nothing for less than nothing.
    pub fn rounded_up(self) -> usize {
        usize::try_from(-(-self.over).div_euclid(self.under)).unwrap_or(0)
    }

    /// Rounded to one decimal, half up: `268.5`, and `28.8` for 28.78; without it where it is nought: `312`.
    pub fn shown(self) -> String {
        let tenths = (self.over.abs() * 20 + self.under) / (2 * self.under);
        let sign = if self.over < 0 && tenths > 0 { "-" } else { "" };
        match (tenths / 10, tenths % 10) {
            (whole, 0) => format!("{sign}{whole}"),
            (whole, tenth) => format!("{sign}{whole}.{tenth}"),
        }
    }

    /// As a percentage rounded to one decimal, half up: `38.2%`. A part that is not all is never `100.0%`, and one that is
    /// something never `0.0%`.
    pub fn percent(self) -> String {
        let tenths = (self.over.abs() * 2000 + self.under) / (2 * self.under);
        let tenths = match self.over.abs() {
            0 => 0,
            over if over < self.under => tenths.clamp(1, 999),
            over if over > self.under => tenths.max(1001),
            _ => tenths,
        };
        format!("{}{}.{}%", if self.over < 0 { "-" } else { "" }, tenths / 10, tenths % 10)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> std::cmp::Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
}

fn common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Without needless decimals: `90`, `92.5`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / SCALE, self.0 % SCALE);
        if rest == 0 {
            return f.pad(&whole.to_string());
        }
        f.pad(format!("{whole}.{rest:04}").trim_end_matches('0'))
    }
}

/// Sessions (half-days) of one child over some time. May be implausible as recorded; see [`Sessions::plausible`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Sessions {
    /// Sessions at which the child could have been.
    pub possible: i64,
    /// Sessions at which the child was, or took part in an approved activity.
    pub attended: i64,
}

impl Sessions {
    /// Both parts added.
    pub fn plus(self, other: Sessions) -> Sessions {
        Sessions { possible: self.possible + other.possible, attended: self.attended + other.attended }
    }

    /// Whether a share can be taken at all: some sessions possible, none attended beyond them, none negative.
    pub fn plausible(self) -> bool {
        self.possible > 0 && (0..=self.possible).contains(&self.attended)
    }

    /// How far the sessions are above (or below) the threshold, in ten-thousandths of a session per
    /// cent: `100 x attended - threshold x possible`. It adds up over half-days and schools.
    pub fn margin(self, threshold: Percent) -> i128 {
        i128::from(100 * SCALE) * i128::from(self.attended) - i128::from(threshold.0) * i128::from(self.possible)
    }

    /// Whether attended is at or above the threshold: exactly 90% passes "90% or above".
    pub fn reaches(self, threshold: Percent) -> bool {
        self.margin(threshold) >= 0
    }

    /// How many of the attended sessions could have been missed with the threshold still reached, or with `above` still
    /// exceeded; `None` where it is not as it is.
    pub fn to_spare(self, threshold: Percent, above: bool) -> Option<i64> {
        let margin = self.margin(threshold) - i128::from(above);
        (margin >= 0).then(|| i64::try_from(margin / i128::from(100 * SCALE)).unwrap_or(i64::MAX))
    }

    /// The percentage truncated to one decimal, `89.9` for 89.95%; `None` where no share can be taken.
    pub fn shown(self) -> Option<String> {
        if self.possible <= 0 || self.attended < 0 {
            return None;
        }
        let tenths = i128::from(self.attended) * 1000 / i128::from(self.possible);
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_reached_from_below() {
        let up = |over, under| Ratio::new(over, under).rounded_up();
        // 448 in 6 months are 74.67 a month: 75. 444 are 74 exactly.
        assert_eq!((up(448, 6), up(444, 6), up(0, 6), up(-1, 6), up(1, 600)), (75, 74, 0, 0, 1));
    }

    #[test]
    fn exactly_ninety_per_cent_passes_and_one_session_less_does_not() {
        let ninety = Percent::whole(90);
        assert!(Sessions { possible: 190, attended: 171 }.reaches(ninety));
        assert!(!Sessions { possible: 190, attended: 170 }.reaches(ninety));
        assert!(Sessions { possible: 200, attended: 185 }.reaches("92.5".parse().unwrap()));
        assert!(!Sessions { possible: 201, attended: 185 }.reaches("92.5".parse().unwrap()));
    }

    #[test]
    fn sessions_to_spare_are_those_above_the_threshold() {
        let ninety = Percent::whole(90);
        // Of 140 sessions 126 are 90%: with 130 attended 4 could be missed, with 126 none, with 125 it is not reached.
        assert_eq!(Sessions { possible: 140, attended: 130 }.to_spare(ninety, false), Some(4));
        assert_eq!(Sessions { possible: 140, attended: 126 }.to_spare(ninety, false), Some(0));
        assert_eq!(Sessions { possible: 140, attended: 125 }.to_spare(ninety, false), None);
        // Of 129 sessions 116.1 are 90%, so 117 must be attended.
        assert_eq!(Sessions { possible: 129, attended: 120 }.to_spare(ninety, false), Some(3));
        // Where it must be above 90%, 127 of 140 must be attended, and of 129 still 117.
        assert_eq!(Sessions { possible: 140, attended: 130 }.to_spare(ninety, true), Some(3));
        assert_eq!(Sessions { possible: 140, attended: 126 }.to_spare(ninety, true), None);
        assert_eq!(Sessions { possible: 129, attended: 120 }.to_spare(ninety, true), Some(3));
    }

    #[test]
    fn a_shown_percentage_is_truncated() {
        assert_eq!(Sessions { possible: 2000, attended: 1799 }.shown().as_deref(), Some("89.9"));
        assert_eq!(Sessions { possible: 10, attended: 9 }.shown().as_deref(), Some("90.0"));
        assert_eq!(Sessions { possible: 0, attended: 0 }.shown(), None);
    }

    #[test]
    fn ratios_are_exact_and_rounded_half_up() {
        let third = Ratio::new(1, 3);
        assert_eq!(third.plus(Ratio::new(2, 3)), Ratio::ONE);
        assert_eq!(Ratio::whole(537).times(Ratio::new(6, 12)).shown(), "268.5");
        assert_eq!(Ratio::new(9, 2).rounded(), 5);
        assert_eq!((Ratio::new(449, 100).rounded(), Ratio::new(-1, 1).rounded()), (4, 0));
        assert_eq!(Ratio::new(2878, 100).shown(), "28.8");
        let percent = |part, whole| Ratio::of_counts(part, whole).percent();
        // 89.95% rounds up; 1,630 of 2,632 are 61.93%, 2,036 of 2,632 are 77.36%.
        assert_eq!([percent(8995, 10_000), percent(1630, 2632), percent(2036, 2632)], ["90.0%", "61.9%", "77.4%"]);
        // Nearly all is not all, hardly any is not none.
        assert_eq!([percent(9999, 10_000), percent(1, 10_000)], ["99.9%", "0.1%"]);
        assert_eq!([percent(5, 5), percent(0, 5), percent(10_001, 10_000)], ["100.0%", "0.0%", "100.1%"]);
        assert!(Ratio::new(2, 3) > Ratio::new(3, 5) && Ratio::new(2, 4) == Ratio::new(1, 2));
        assert_eq!((Ratio::new(1, 0), Ratio::ONE.by(Ratio::ZERO)), (Ratio::ZERO, Ratio::ZERO));
        assert_eq!(Ratio::new(-5, 10).shown(), "-0.5");
        assert_eq!(Percent::whole(90).share(), Ratio::new(9, 10));
    }

    #[test]
    fn percentages_are_read_exactly_or_refused() {
        assert_eq!("92.50".parse::<Percent>().unwrap().to_string(), "92.5");
        for text in ["", "100.1", "-1", "90%", "90.00001", "9e1"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }
}
