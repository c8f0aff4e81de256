//! What is counted while rows are read: marks by day, so that terms and what lies outside them can be told afterwards,
//! and codes that no list has or that are used outside their dates.

use super::enrolments::Enrolment;
use super::kinds::{KindNumber, Oddity};
use super::record::RecordPlace;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A number for each day.
#[derive(Default)]
pub(super) struct ByDay {
    /// The day of the first of the counts; every day that a record can be of may have one (see [`super::reading`]).
    first: i32,
    counts: Vec<u64>,
}

impl ByDay {
    #[inline]
    pub(super) fn add(&mut self, day: i32) {
        match usize::try_from(day.wrapping_sub(self.first)).ok().and_then(|place| self.counts.get_mut(place)) {
            Some(count) => *count += 1,
            None => self.make_room_and_add(day),
        }
    }

    #[cold]
    fn make_room_and_add(&mut self, day: i32) {
        if self.counts.is_empty() {
            self.first = day;
        }
        if day < self.first {
            // Half as many again in front, so that days which come backwards do not move all of them each time.
            let before = (self.first.abs_diff(day) as usize).max(self.counts.len() / 2);
            self.counts.splice(0..0, std::iter::repeat_n(0, before));
            self.first -= before as i32;
        }
        let place = self.first.abs_diff(day) as usize;
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
    }

    /// Adds the numbers to others, and begins anew.
    pub(super) fn move_into(&mut self, sum: &mut BTreeMap<i32, u64>) {
        for (day, count) in (self.first..).zip(&mut self.counts).filter(|(_, count)| **count > 0) {
            *sum.entry(day).or_default() += std::mem::take(count);
        }
    }
}

/// The row and the column in which an odd code stands.
pub(super) type OddAt = (RecordPlace, &'static str);

/// The counts of one worker.
#[derive(Default)]
pub(super) struct Tally {
    /// Marks of pupils whom some family may have, by day; exact repeats left out.
    pub(super) wanted: ByDay,
    /// Marks of pupils whom none has.
    pub(super) of_nobody: ByDay,
    /// Marks of the part that is being read, by day; repeats and all.
    pub(super) in_part: ByDay,
    /// How often a kind was odd, repeats left out, and the first place.
    pub(super) odd: FxHashMap<(KindNumber, Oddity), (u64, OddAt)>,
}

impl Tally {
    pub(super) fn mark(&mut self, enrolment: Enrolment, day: i32) {
        if enrolment.is_wanted() { self.wanted.add(day) } else { self.of_nobody.add(day) }
    }

    /// Notes where an odd code stands. The first place of all counts, whoever comes to it first.
    pub(super) fn odd_at(&mut self, kind: KindNumber, oddity: Oddity, at: OddAt) {
        let (_, first) = self.odd.entry((kind, oddity)).or_insert((0, at));
        *first = at.min(*first);
    }

    pub(super) fn odd_once_more(&mut self, kind: KindNumber, oddity: Oddity) {
        if let Some((times, _)) = self.odd.get_mut(&(kind, oddity)) {
            *times += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_in_whatever_order_they_come() {
        let mut by_day = ByDay::default();
        let mut sum = BTreeMap::new();
        for day in [5, 5, 3, -40_000, 9, 5, 20_000, -1] {
            by_day.add(day);
        }
        by_day.move_into(&mut sum);
        by_day.add(3);
        by_day.move_into(&mut sum);
        assert_eq!(sum, BTreeMap::from([(-40_000, 1), (-1, 1), (3, 2), (5, 3), (9, 1), (20_000, 1)]));
    }
}
