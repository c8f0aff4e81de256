//! Chance that can be repeated: a stream of its own for everything that is drawn, found by what it is for.
//!
//! A stream depends on the seed, on a topic and on two numbers (say family and person), never on what was drawn
//! before or on which core. Only integers, `+ - * /` and square roots are used, which are the same on every machine;
//! logarithms and exponentials are not.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// What a stream is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Topic {
    /// What a quarter has in common for all families.
    Quarter = 1,
    /// The day of a month's batch of claims.
    Batch,
    /// A practitioner's name and skill.
    Practitioner,
    /// A family: its people and what becomes of it.
    Family,
    /// A child who belongs to a family and to the next.
    Shared,
    /// A pupil's term: person, and number of the term.
    Attendance,
    /// The marks of a pupil's term.
    Marks,
    /// What the national team makes of a claim.
    Claim,
    /// Who comes first among the families ready to be claimed.
    Turn,
}

/// One stream.
#[derive(Debug)]
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of `topic` for two numbers.
    pub(crate) fn of(seed: u64, topic: Topic, first: u64, second: u64) -> Chance {
        let mut key = [0_u8; 32];
        for (part, value) in key.chunks_exact_mut(8).zip([seed, topic as u64, first, second]) {
            part.copy_from_slice(&value.to_le_bytes());
        }
        Chance(ChaCha8Rng::from_seed(key))
    }

    /// From 0 up to, not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to, not including, `count`; 0 when `count` is 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.0.next_u64()) * count as u128) >> 64) as usize
    }

    /// From `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i32, most: i32) -> i32 {
        let count = usize::try_from(most - least + 1).unwrap_or(1);
        least + self.below(count) as i32
    }

    /// Whether something with this probability happens.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A place in `weights`, likelier the more it weighs; 0 for no weights.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// About normal, mean 0 and deviation 1: the sum of twelve even draws.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A factor around 1 with this deviation, kept between a third and three.
    pub(crate) fn factor(&mut self, deviation: f64) -> f64 {
        (1.0 + deviation * self.normal()).clamp(1.0 / 3.0, 3.0)
    }

    /// One of a list, all alike. The list must not be empty.
    pub(crate) fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}
