//! The few special functions that the distributions need: the logarithm of the gamma function, log odds, and nodes of
//! Gauss-Hermite quadrature.

/// The natural logarithm of the gamma function, for `x` > 0, to about 15 digits (Lanczos, g = 7, nine terms).
pub fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        // Reflection; x is positive, so that the sine is too.
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let t = x + 7.5;
    let sum = TERMS.iter().enumerate().skip(1).fold(TERMS[0], |sum, (place, term)| sum + term / (x + place as f64));
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// The logarithm of the beta function.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// The logarithm of n over k.
pub fn ln_choose(n: usize, k: usize) -> f64 {
    ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0)
}

/// The log odds of a chance. A chance of 0 or 1 is taken as next to it.
pub fn log_odds(chance: f64) -> f64 {
    let chance = chance.clamp(1e-12, 1.0 - 1e-12);
    (chance / (1.0 - chance)).ln()
}

/// The chance that has these log odds.
pub fn chance_of(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// A number with four decimals, as it is kept and shown: what follows differs from machine to machine.
pub fn rounded(number: f64) -> f64 {
    // Adding nothing makes a nothing below zero one above it.
    (number * 1e4).round() / 1e4 + 0.0
}

/// Nodes and weights for the mean of a function of a standard normal number: exact for polynomials up to degree
/// 2 x `count` - 1. Smallest node first.
pub fn normal_nodes(count: usize) -> Vec<(f64, f64)> {
    // The roots of the Hermite polynomial He_n lie between those of He_(n-1), so that each can be closed in on by halves.
    let mut roots: Vec<f64> = Vec::new();
    for degree in 1..=count {
        let bound = 2.0 * (degree as f64).sqrt() + 1.0;
        let mut ends = vec![-bound];
        ends.extend(&roots);
        ends.push(bound);
        roots = ends.windows(2).map(|pair| root(degree, pair[0], pair[1])).collect();
    }
    let mut nodes: Vec<(f64, f64)> = roots
        .into_iter()
        .map(|root| {
            // w = n! / (n He_(n-1)(x))^2, with the polynomials kept in size by square roots of factorials.
            let below = normed_hermite(count - 1, root);
            (root, 1.0 / (count as f64 * below * below))
        })
        .collect();
    let sum: f64 = nodes.iter().map(|(_, weight)| weight).sum();
    for node in &mut nodes {
        node.1 /= sum;
    }
    nodes
}

fn root(degree: usize, mut low: f64, mut high: f64) -> f64 {
    let rising = normed_hermite(degree, high) > 0.0;
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if (normed_hermite(degree, middle) > 0.0) == rising {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

/// He_n(x) / sqrt(n!).
fn normed_hermite(degree: usize, x: f64) -> f64 {
    let (mut before, mut now) = (0.0, 1.0);
    for n in 0..degree {
        let next = (x * now - (n as f64).sqrt() * before) / (n as f64 + 1.0).sqrt();
        (before, now) = (now, next);
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64, within: f64) {
        assert!((one - other).abs() <= within * other.abs().max(1.0), "{one} is not {other}");
    }

    // gamma(n) = (n - 1)!, gamma(1/2) = sqrt(pi), gamma(3/2) = sqrt(pi)/2.
    #[test]
    fn ln_gamma_gives_factorials_and_halves() {
        let mut factorial: f64 = 1.0;
        for n in 1..20_u32 {
            near(ln_gamma(f64::from(n)), factorial.ln(), 1e-13);
            factorial *= f64::from(n);
        }
        let pi = std::f64::consts::PI;
        near(ln_gamma(0.5), 0.5 * pi.ln(), 1e-13);
        near(ln_gamma(1.5), 0.5 * pi.ln() - 2.0_f64.ln(), 1e-13);
        // Recurrence: gamma(x + 1) = x gamma(x), also for small x.
        for x in [0.01, 0.3, 2.7, 41.5, 1_234.5] {
            near(ln_gamma(x + 1.0), x.ln() + ln_gamma(x), 1e-12);
        }
        near(ln_choose(10, 3), 120.0_f64.ln(), 1e-12);
        near(ln_beta(2.0, 3.0), (1.0_f64 / 12.0).ln(), 1e-12);
    }

    // Moments of the standard normal: 1, 0, 1, 0, 3, 0, 15, ... and E exp(x) = sqrt(e).
    #[test]
    fn quadrature_gives_the_moments_of_a_normal_number() {
        for count in [1, 2, 5, 15, 21, 31] {
            let nodes = normal_nodes(count);
            let mean = |power: i32| nodes.iter().map(|(x, w)| w * x.powi(power)).sum::<f64>();
            let mut double_factorial = 1.0;
            for power in 0..count.min(6) as i32 {
                near(mean(2 * power), double_factorial, 1e-10);
                near(mean(2 * power + 1), 0.0, 1e-10);
                double_factorial *= f64::from(2 * power + 1);
            }
        }
        let exponential: f64 = normal_nodes(21).iter().map(|(x, w)| w * x.exp()).sum();
        near(exponential, 0.5_f64.exp(), 1e-12);
        // Two nodes: at -1 and 1, half each.
        near(normal_nodes(2)[0].0, -1.0, 1e-12);
        near(normal_nodes(2)[0].1, 0.5, 1e-12);
    }

    #[test]
    fn odds_and_chances_turn_into_each_other() {
        near(log_odds(0.5), 0.0, 1e-15);
        near(chance_of(log_odds(0.137)), 0.137, 1e-14);
    }
}
