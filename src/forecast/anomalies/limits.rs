//! Control limits of a number of claims, in whole numbers: those of control charts for counts (c-chart, u-chart).
//!
//! With `S` claims on a base of `B` in the history and a base of `b` now, `bS/B` are expected, and a number `c` lies inside
//! where (cB - bS)² <= k² b S B, at `k` standard deviations.

use crate::share::Ratio;
use crate::words::worded;

worded! {
    /// Where a number lies.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Lies {
        /// Inside the limits.
        Inside = "inside",
        /// Above the upper limit.
        Above = "above",
        /// Below the lower limit.
        Below = "below",
    }
}

/// Control limits: whole claims, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What is expected.
    pub expected: Ratio,
    /// The fewest claims inside.
    pub lower: usize,
    /// The most claims inside.
    pub upper: usize,
}

impl Limits {
    /// Limits at so many standard deviations, from `claims` on a `base` of history and a base now. `None` without history.
    pub fn of(claims: usize, base: usize, base_now: usize, deviations: usize) -> Option<Limits> {
        if base == 0 {
            return None;
        }
        let (sum, base_wide, now) = (claims as u128, base as u128, base_now as u128);
        let spread = ((deviations * deviations) as u128 * now * sum * base_wide).isqrt();
        let middle = now * sum;
        let whole = |number: u128| usize::try_from(number).unwrap_or(usize::MAX);
        Some(Limits {
            expected: Ratio::whole(base_now).times(Ratio::of_counts(claims, base)),
            lower: whole(middle.saturating_sub(spread).div_ceil(base_wide)),
            upper: whole((middle + spread) / base_wide),
        })
    }

    /// Where a number lies.
    pub fn place(self, claims: usize) -> Lies {
        if claims > self.upper {
            Lies::Above
        } else if claims < self.lower {
            Lies::Below
        } else {
            Lies::Inside
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A c-chart by hand: 8 quarters with 72 claims, 9 a quarter; three standard deviations are 3 x 3 = 9: 0 to 18.
    #[test]
    fn limits_of_a_count_are_three_roots_of_the_mean_on_either_side() {
        let limits = Limits::of(72, 8, 1, 3).unwrap();
        assert_eq!((limits.expected, limits.lower, limits.upper), (Ratio::whole(9), 0, 18));
        assert_eq!((limits.place(18), limits.place(19)), (Lies::Inside, Lies::Above));
        // 100 a quarter: 70 to 130. 98 a quarter: 3 x 9.899 = 29.69, 68.3 to 127.6, so 69 to 127.
        let limits = Limits::of(400, 4, 1, 3).unwrap();
        assert_eq!((limits.lower, limits.upper, limits.place(69)), (70, 130, Lies::Below));
        let limits = Limits::of(392, 4, 1, 3).unwrap();
        assert_eq!((limits.lower, limits.upper), (69, 127));
    }

    // A u-chart by hand: 160 claims on 1,000 cases, 0.16 a case; a team with 100 cases expects 16 +- 3 x 4: 4 to 28.
    #[test]
    fn limits_of_a_rate_follow_the_base() {
        let limits = Limits::of(160, 1000, 100, 3).unwrap();
        assert_eq!((limits.expected, limits.lower, limits.upper), (Ratio::whole(16), 4, 28));
        // With 25 cases 4 are expected, +- 3 x 2: none to 10.
        let limits = Limits::of(160, 1000, 25, 3).unwrap();
        assert_eq!((limits.expected, limits.lower, limits.upper), (Ratio::whole(4), 0, 10));
        assert_eq!(Limits::of(5, 0, 1, 3), None);
        assert_eq!(Limits::of(0, 8, 1, 3).unwrap().place(1), Lies::Above);
    }
}
