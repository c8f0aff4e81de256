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
    counts: FxHashMap<i32, u64>,
    /// The day counted last, and how often since another one was: a register comes in runs of one day.
    day: i32,
    times: u64,
}

impl ByDay {
    #[inline]
    pub(super) fn add(&mut self, day: i32) {
        if day != self.day {
            self.note();
            self.day = day;
        }
        self.times += 1;
    }

    fn note(&mut self) {
        if self.times > 0 {
            *self.counts.entry(self.day).or_default() += self.times;
            self.times = 0;
        }
    }

    /// Adds the numbers to others, and begins anew.
    pub(super) fn move_into(&mut self, sum: &mut BTreeMap<i32, u64>) {
        self.note();
        for (day, count) in self.counts.drain() {
            *sum.entry(day).or_default() += count;
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
