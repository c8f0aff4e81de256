//! Distributions over whole numbers of claims, exact: binomial and beta-binomial cells, sums by convolution, mixtures.

use super::special::{ln_beta, ln_choose};

/// Chances below this are left out at both ends.
const NOTHING: f64 = 1e-13;

/// The chance of each number of claims.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// The least number with a chance.
    least: usize,
    /// The chances of it and of the numbers that follow; together 1.
    chances: Vec<f64>,
}

impl Distribution {
    /// Exactly this number.
    pub fn certain(number: usize) -> Distribution {
        Distribution { least: number, chances: vec![1.0] }
    }

    /// How many of `n` happen, each with chance `p` by itself.
    pub fn binomial(n: usize, p: f64) -> Distribution {
        let (p, q) = (p.clamp(0.0, 1.0), (1.0 - p).clamp(0.0, 1.0));
        if n == 0 || p <= 0.0 {
            return Distribution::certain(0);
        }
        if q <= 0.0 {
            return Distribution::certain(n);
        }
        let mode = (((n + 1) as f64 * p) as usize).min(n);
        let at_mode = (ln_choose(n, mode) + mode as f64 * p.ln() + (n - mode) as f64 * q.ln()).exp();
        let odds = p / q;
        around(n, mode, at_mode, |k| (n - k) as f64 / (k + 1) as f64 * odds)
    }

    /// How many of `n` happen, each with the same chance, which is itself only known to be `p` as well as `weight`
    /// families seen before tell it: a beta-binomial with a = p x weight, b = (1 - p) x weight.
    pub fn beta_binomial(n: usize, p: f64, weight: f64) -> Distribution {
        if n == 0 || p <= 0.0 || p >= 1.0 || weight > 1e9 {
            return Distribution::binomial(n, p);
        }
        let (a, b) = (p * weight, (1.0 - p) * weight);
        let ratio = |k: usize| {
            let (left, so_far) = ((n - k) as f64, k as f64);
            left * (a + so_far) / ((so_far + 1.0) * (b + left - 1.0))
        };
        // The shape may fall from one end, or from both: what matters is to start at a chance that is not nothing.
        let mean = ((n as f64 * p) as usize).min(n);
        let start = [0, mean, n].map(|k| {
            let (yes, no) = (k as f64, (n - k) as f64);
            (k, ln_choose(n, k) + ln_beta(yes + a, no + b) - ln_beta(a, b))
        });
        let (start, ln) =
            start.into_iter().fold((0, f64::NEG_INFINITY), |best, one| if one.1 > best.1 { one } else { best });
        if a < 1.0 || b < 1.0 {
            return whole(n, start, ln.exp(), ratio);
        }
        around(n, start, ln.exp(), ratio)
    }

    /// How many happen when `mean` are expected, one by one, of very many.
    pub fn poisson(mean: f64) -> Distribution {
        if mean.is_nan() || mean <= 0.0 {
            return Distribution::certain(0);
        }
        let mode = mean as usize;
        let at_mode = (mode as f64 * mean.ln() - mean - super::special::ln_gamma(mode as f64 + 1.0)).exp();
        let most = mode + 40 + (12.0 * mean.sqrt()) as usize;
        around(most, mode, at_mode, |k| mean / (k + 1) as f64)
    }

    /// The sum of two independent numbers.
    pub fn plus(&self, other: &Distribution) -> Distribution {
        let (long, short) = if self.chances.len() >= other.chances.len() { (self, other) } else { (other, self) };
        let mut chances = vec![0.0; long.chances.len() + short.chances.len() - 1];
        for (place, chance) in short.chances.iter().enumerate() {
            for (sum, of_long) in chances[place..].iter_mut().zip(&long.chances) {
                *sum += chance * of_long;
            }
        }
        Distribution { least: self.least + other.least, chances }.trimmed()
    }

    /// One of several distributions, by their weights.
    pub fn mixture(parts: &[(f64, Distribution)]) -> Distribution {
        let least = parts.iter().map(|(_, part)| part.least).min().unwrap_or(0);
        let most = parts.iter().map(|(_, part)| part.most()).max().unwrap_or(0);
        let mut chances = vec![0.0; most + 1 - least];
        for (weight, part) in parts {
            for (place, chance) in part.chances.iter().enumerate() {
                chances[part.least - least + place] += weight * chance;
            }
        }
        Distribution { least, chances }.trimmed()
    }

    /// What is left of `number` when so many are taken away; `number` is at least the largest that can be taken.
    pub fn taken_from(&self, number: usize) -> Distribution {
        let chances: Vec<f64> = self.chances.iter().rev().copied().collect();
        Distribution { least: number.saturating_sub(self.most()), chances }
    }

    /// How many are missing to `number`: none where it is reached.
    pub fn missing_to(&self, number: usize) -> Distribution {
        let most = number.saturating_sub(self.least);
        let mut chances = vec![0.0; most + 1];
        for (one, chance) in self.iter() {
            chances[number.saturating_sub(one)] += chance;
        }
        Distribution { least: 0, chances }.trimmed()
    }

    fn most(&self) -> usize {
        self.least + self.chances.len().saturating_sub(1)
    }

    fn trimmed(mut self) -> Distribution {
        let from = self.chances.iter().position(|chance| *chance > NOTHING).unwrap_or(0);
        let to = self.chances.iter().rposition(|chance| *chance > NOTHING).unwrap_or(0);
        self.chances.truncate(to + 1);
        self.chances.drain(..from);
        self.least += from;
        let sum: f64 = self.chances.iter().sum();
        for chance in &mut self.chances {
            *chance /= sum;
        }
        self
    }

    /// Every number with a chance, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.chances.iter().enumerate().map(|(place, chance)| (self.least + place, *chance))
    }

    /// The mean of something that depends on the number.
    pub fn mean_of(&self, of: impl Fn(usize) -> f64) -> f64 {
        self.iter().map(|(number, chance)| chance * of(number)).sum()
    }

    /// The expected number.
    pub fn mean(&self) -> f64 {
        self.mean_of(|number| number as f64)
    }

    /// The mean squared distance from the expected number.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        self.mean_of(|number| (number as f64 - mean).powi(2))
    }

    /// The chance of this number or fewer.
    pub fn at_most(&self, number: usize) -> f64 {
        self.iter().take_while(|(one, _)| *one <= number).map(|(_, chance)| chance).sum::<f64>().min(1.0)
    }

    /// The chance of this number or more.
    pub fn at_least(&self, number: usize) -> f64 {
        self.iter().skip_while(|(one, _)| *one < number).map(|(_, chance)| chance).sum::<f64>().min(1.0)
    }

    /// The least number that is not exceeded with at least this chance.
    pub fn percentile(&self, percent: f64) -> usize {
        let mut sum = 0.0;
        for (number, chance) in self.iter() {
            sum += chance;
            if sum >= percent / 100.0 - 1e-12 {
                return number;
            }
        }
        self.most()
    }
}

/// A distribution on 0 to `n` from its chance at one place and the ratio of each chance to the one before, followed to
/// both sides until nothing is left. For shapes with one top near `start`.
fn around(n: usize, start: usize, at_start: f64, ratio: impl Fn(usize) -> f64) -> Distribution {
    let mut below = Vec::new();
    let (mut k, mut chance) = (start, at_start);
    while k > 0 && (chance > NOTHING || below.is_empty()) {
        k -= 1;
        chance /= ratio(k);
        below.push(chance);
    }
    below.reverse();
    let least = start - below.len();
    let mut chances = below;
    chances.push(at_start);
    let (mut k, mut chance) = (start, at_start);
    while k < n && chance > NOTHING {
        chance *= ratio(k);
        k += 1;
        chances.push(chance);
    }
    Distribution { least, chances }.trimmed()
}

/// The same over all of 0 to `n`, for shapes that may rise again at an end.
fn whole(n: usize, start: usize, at_start: f64, ratio: impl Fn(usize) -> f64) -> Distribution {
    let mut chances = vec![0.0; n + 1];
    chances[start] = at_start;
    for k in (0..start).rev() {
        chances[k] = chances[k + 1] / ratio(k);
    }
    for k in start..n {
        chances[k + 1] = chances[k] * ratio(k);
    }
    Distribution { least: 0, chances }.trimmed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-10, "{one} is not {other}");
    }

    // 4 coins: 1, 4, 6, 4, 1 of 16.
    #[test]
    fn a_binomial_counts_coins() {
        let coins = Distribution::binomial(4, 0.5);
        for (number, chance) in coins.iter() {
            near(chance, [1.0, 4.0, 6.0, 4.0, 1.0][number] / 16.0);
        }
        assert_eq!((coins.percentile(5.0), coins.percentile(50.0), coins.percentile(95.0)), (0, 2, 4));
        near(coins.at_least(3), 5.0 / 16.0);
        near(coins.at_most(0), 1.0 / 16.0);
        assert_eq!(Distribution::binomial(7, 0.0), Distribution::certain(0));
        assert_eq!(Distribution::binomial(7, 1.0), Distribution::certain(7));
    }

    // Closed forms: a uniform prior (a = b = 1) makes every number of 0 to n as likely as any other; in general the mean
    // is n p and the variance n p q (w + n) / (w + 1), w = a + b.
    #[test]
    fn a_beta_binomial_has_its_closed_forms() {
        for (_, chance) in Distribution::beta_binomial(9, 0.5, 2.0).iter() {
            near(chance, 0.1);
        }
        for (n, p, w) in [(10, 0.3, 5.0), (300, 0.02, 40.0), (500, 0.97, 200.0), (40, 0.1, 0.5), (1, 0.2, 3.0)] {
            let found = Distribution::beta_binomial(n, p, w);
            let size = n as f64;
            assert!((found.mean() - size * p).abs() < 1e-7, "{n} {p} {w}");
            let variance = size * p * (1.0 - p) * (w + size) / (w + 1.0);
            assert!((found.variance() / variance - 1.0).abs() < 1e-6, "{n} {p} {w}");
        }
        let as_good_as_sure = Distribution::beta_binomial(20, 0.4, 1e8);
        for (one, other) in as_good_as_sure.iter().zip(Distribution::binomial(20, 0.4).iter()) {
            assert!((one.1 - other.1).abs() < 1e-6);
        }
    }

    #[test]
    fn a_poisson_has_mean_and_variance_alike() {
        for mean in [0.01, 1.0, 7.3, 400.0] {
            let found = Distribution::poisson(mean);
            assert!((found.mean() - mean).abs() < 1e-8 * mean.max(1.0));
            assert!((found.variance() - mean).abs() < 1e-6 * mean.max(1.0));
        }
        near(Distribution::poisson(2.0).at_most(0), (-2.0_f64).exp());
    }

    /// Every way in which independent cells can come out, one by one.
    fn by_brute_force(cells: &[Distribution]) -> Vec<f64> {
        let mut sums = vec![1.0];
        for cell in cells {
            let mut next = vec![0.0; 200];
            for (so_far, chance) in sums.iter().enumerate() {
                for (number, of_cell) in cell.iter() {
                    next[so_far + number] += chance * of_cell;
                }
            }
            sums = next;
            sums.truncate(100);
        }
        sums
    }

    #[test]
    fn sums_are_those_of_brute_force() {
        let cells = [
            Distribution::binomial(7, 0.3),
            Distribution::beta_binomial(12, 0.6, 8.0),
            Distribution::certain(4),
            Distribution::poisson(1.7),
        ];
        let sum = cells.iter().skip(1).fold(cells[0].clone(), |sum, cell| sum.plus(cell));
        let brute = by_brute_force(&cells);
        for (number, chance) in sum.iter() {
            near(chance, brute[number]);
        }
        near(sum.mean(), 7.0 * 0.3 + 12.0 * 0.6 + 4.0 + 1.7);
        let lost = Distribution::binomial(3, 0.25).taken_from(5);
        near(lost.mean(), 5.0 - 0.75);
        near(lost.at_most(2), 0.25_f64.powi(3));
    }

    #[test]
    fn a_mixture_weighs_its_parts() {
        let mixed = Distribution::mixture(&[(0.25, Distribution::certain(2)), (0.75, Distribution::certain(6))]);
        near(mixed.mean(), 5.0);
        near(mixed.variance(), 3.0);
        assert_eq!((mixed.percentile(25.0), mixed.percentile(26.0)), (2, 6));
        // The mean of a maximum is not the maximum of a mean: 4 places, 5 claims expected, and one place at risk.
        near(mixed.mean_of(|claims| 4_usize.saturating_sub(claims) as f64), 0.5);
        let missing = mixed.missing_to(4);
        near(missing.mean(), 0.5);
        assert_eq!((missing.percentile(50.0), missing.percentile(90.0)), (0, 2));
    }
}
