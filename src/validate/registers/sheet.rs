//! Session marks of all enrolments: a byte for every half-day, so that memory grows with pupils and not with rows, and
//! any number of workers can write at the same time. A second mark that differs is kept beside the first.

use super::enrolments::Enrolment;
use super::kinds::KindNumber;
use super::record::HalfDayNumber;
use crate::dates::{Span, day_number};
use rustc_hash::FxHashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

/// Days whose cells stand together: two bytes each, so that they fill one line of a processor's cache.
const DAYS: i32 = 32;
const CELLS: usize = 2 * DAYS as usize;

/// Cells that are written together, a byte each.
const OF_WORD: usize = 8;
const WORDS: usize = CELLS / OF_WORD;

/// Enrolments whose cells are made at once.
const ENROLMENTS: u32 = 256;

/// Marks whose cells are looked at before the first of them is written.
const AHEAD: usize = 64;

/// Sets of marks beside others, so that workers seldom wait for each other.
const SETS: u32 = 64;

/// A mark to be put down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) enrolment: Enrolment,
    pub(super) half_day: HalfDayNumber,
    pub(super) kind: KindNumber,
}

/// Marks while they are read.
pub(super) struct Writing {
    cells: RwLock<Cells>,
    beside: Vec<Mutex<FxHashSet<(u32, HalfDayNumber, KindNumber)>>>,
}

/// By stretch of days, then by enrolments: a cell is 0 without a mark, and otherwise one more than the mark's kind. Only
/// half-days of the school calendar have cells, so that wrong dates cannot ask for more memory than there is; marks of
/// others are kept beside.
struct Cells {
    first: HalfDayNumber,
    last: HalfDayNumber,
    stretches: Vec<Vec<Box<[AtomicU64]>>>,
}

impl Cells {
    /// The cells that stand together with those of an enrolment; none where they have not been made.
    fn piece(&self, stretch: usize, enrolment: u32) -> Option<&[AtomicU64]> {
        self.stretches.get(stretch)?.get((enrolment / ENROLMENTS) as usize).map(|piece| &**piece)
    }

    fn make(&mut self, stretch: usize, enrolment: u32) {
        if self.stretches.len() <= stretch {
            self.stretches.resize_with(stretch + 1, Vec::new);
        }
        let pieces = &mut self.stretches[stretch];
        while pieces.len() <= (enrolment / ENROLMENTS) as usize {
            pieces.push((0..ENROLMENTS as usize * WORDS).map(|_| AtomicU64::new(0)).collect());
        }
    }

    /// The pieces that some marks need and that have not been made: stretch and enrolment.
    fn lacking(&self, marks: &[Mark]) -> Vec<(usize, u32)> {
        let mut lacking = Vec::new();
        let mut before = None;
        for mark in marks {
            let Some((stretch, _)) = self.place(mark.half_day) else { continue };
            let enrolment = mark.enrolment.number();
            let here = Some((stretch, enrolment / ENROLMENTS));
            if here != before {
                before = here;
                if self.piece(stretch, enrolment).is_none() {
                    lacking.push((stretch, enrolment));
                }
            }
        }
        lacking
    }

    /// Puts marks down whose cells are in one word. By place in `marks` a bit: those that are new there, and those in whose cell another
    /// kind stands, or for whose kind a cell has no room.
    fn put(&self, word: &AtomicU64, marks: &[Mark]) -> (u64, u64) {
        let mut there = word.load(Ordering::Relaxed);
        loop {
            let (mut now, mut new, mut beside) = (there, 0, 0);
            for (place, mark) in marks.iter().enumerate() {
                let at = 8 * ((mark.half_day - self.first) as usize % OF_WORD);
                let cell = now >> at & 0xFF;
                match u8::try_from(mark.kind.saturating_add(1)) {
                    Ok(value) if cell == 0 => {
                        now |= u64::from(value) << at;
                        new |= 1 << place;
                    }
                    Ok(value) if cell == u64::from(value) => {}
                    _ => beside |= 1 << place,
                }
            }
            // Nearly always nobody else has written there meanwhile.
            match word.compare_exchange(there, now, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return (new, beside),
                Err(other) => there = other,
            }
        }
    }

    /// The stretch of a half-day, and the cell within it.
    fn place(&self, half_day: HalfDayNumber) -> Option<(usize, usize)> {
        if half_day < self.first || half_day > self.last {
            return None;
        }
        let from_first = (half_day - self.first) as usize;
        Some((from_first / CELLS, from_first % CELLS))
    }
}

impl Writing {
    /// A sheet with cells for these days.
    pub(super) fn of(days: Span) -> Writing {
        let (first, last) = (2 * day_number(days.from), 2 * day_number(days.to) + 1);
        let cells = RwLock::new(Cells { first, last, stretches: Vec::new() });
        Writing { cells, beside: (0..SETS).map(|_| Mutex::default()).collect() }
    }

    /// Puts marks down, and says of each to `each` whether no mark of its kind stood there before.
    pub(super) fn put(&self, marks: &[Mark], mut each: impl FnMut(usize, bool)) {
        if marks.is_empty() {
            return;
        }
        let mut cells = self.cells.read().unwrap_or_else(PoisonError::into_inner);
        let lacking = cells.lacking(marks);
        if !lacking.is_empty() {
            drop(cells);
            let mut writing = self.cells.write().unwrap_or_else(PoisonError::into_inner);
            for (stretch, enrolment) in lacking {
                writing.make(stretch, enrolment);
            }
            drop(writing);
            cells = self.cells.read().unwrap_or_else(PoisonError::into_inner);
        }
        // Marks of one pupil and of one day stand together, so that the piece of the mark before is mostly that of the next.
        let (mut before, mut piece): (_, &[AtomicU64]) = (None, &[]);
        // Looking at a number of cells before any is written has the memory of all of them on its way at once.
        for (number, some) in marks.chunks(AHEAD).enumerate() {
            let mut found = [None; AHEAD];
            let mut seen = 0;
            for (word, mark) in found.iter_mut().zip(some) {
                let Some((stretch, within)) = cells.place(mark.half_day) else { continue };
                let enrolment = mark.enrolment.number();
                let here = Some((stretch, enrolment / ENROLMENTS));
                if here != before {
                    before = here;
                    piece = cells.piece(stretch, enrolment).unwrap_or_default();
                }
                *word = piece.get((enrolment % ENROLMENTS) as usize * WORDS + within / OF_WORD);
                seen ^= word.map_or(0, |word| word.load(Ordering::Relaxed));
            }
            std::hint::black_box(seen);
            let mut from = 0;
            while let Some(word) = found[..some.len()].get(from) {
                let is_same = |other: &&Option<&AtomicU64>| match (word, other) {
                    (Some(word), Some(other)) => std::ptr::eq(*word, *other),
                    (None, None) => true,
                    _ => false,
                };
                let to = from + found[from..some.len()].iter().take_while(is_same).count();
                let (new, beside) = match word {
                    Some(word) => cells.put(word, &some[from..to]),
                    None => (0, u64::MAX),
                };
                for (place, mark) in some[from..to].iter().enumerate() {
                    let has = |which: u64| which >> place & 1 > 0;
                    each(number * AHEAD + from + place, has(new) || has(beside) && self.put_beside(mark));
                }
                from = to;
            }
        }
    }

    fn put_beside(&self, mark: &Mark) -> bool {
        let enrolment = mark.enrolment.number();
        let set = &self.beside[(enrolment % SETS) as usize];
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        set.insert((enrolment, mark.half_day, mark.kind))
    }

    /// The marks, for reading.
    pub(super) fn finish(self) -> Sheet {
        let cells = self.cells.into_inner().unwrap_or_else(PoisonError::into_inner);
        let sets = self.beside.into_iter().map(|set| set.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut beside: Vec<_> = sets.flatten().collect();
        beside.sort_unstable();
        Sheet { cells, beside }
    }
}

/// The marks of all enrolments.
pub(super) struct Sheet {
    cells: Cells,
    /// By enrolment, half-day and kind.
    beside: Vec<(u32, HalfDayNumber, KindNumber)>,
}

impl Default for Sheet {
    fn default() -> Self {
        Sheet { cells: Cells { first: 0, last: -1, stretches: Vec::new() }, beside: Vec::new() }
    }
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("beside", &self.beside.len()).finish_non_exhaustive()
    }
}

impl Sheet {
    /// Gives every mark of an enrolment on these days: its half-day and its kind.
    pub(super) fn marks_of(&self, enrolment: u32, days: Span, mut each: impl FnMut(HalfDayNumber, KindNumber)) {
        let (from, to) = (2 * day_number(days.from), 2 * day_number(days.to) + 1);
        let mut half_day = from.max(self.cells.first);
        let end = to.min(self.cells.last);
        while half_day <= end {
            let Some((stretch, within)) = self.cells.place(half_day) else { break };
            let here = CELLS.min(within + (end - half_day) as usize + 1);
            if let Some(piece) = self.cells.piece(stretch, enrolment) {
                let start = (enrolment % ENROLMENTS) as usize * WORDS;
                let words = within / OF_WORD..here.div_ceil(OF_WORD);
                for (word, cells) in piece[start..][words.clone()].iter().zip(words) {
                    let word = word.load(Ordering::Relaxed).to_le_bytes();
                    for (cell, kind) in (cells * OF_WORD..).zip(word) {
                        if let Some(kind) = kind.checked_sub(1).filter(|_| (within..here).contains(&cell)) {
                            each(half_day + (cell - within) as i32, KindNumber::from(kind));
                        }
                    }
                }
            }
            half_day += (here - within) as i32;
        }
        let first = self.beside.partition_point(|(other, half_day, _)| (*other, *half_day) < (enrolment, from));
        for (_, half_day, kind) in
            self.beside[first..].iter().take_while(|(other, half_day, _)| *other == enrolment && *half_day <= to)
        {
            each(*half_day, *kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;
    use crate::dates::{Date, of_day_number};

    fn days(from: Date, to: Date) -> Span {
        Span { from, to }
    }

    #[test]
    fn every_mark_put_down_is_found_again_once() {
        let (first, last) = (date(2023, 9, 4), date(2024, 12, 20));
        let writing = Writing::of(days(first, last));
        let mark = |enrolment, day: Date, half, kind| Mark {
            enrolment: Enrolment::numbered(enrolment),
            half_day: 2 * day_number(day) + half,
            kind,
        };
        let marks = [
            mark(0, date(2024, 9, 30), 0, 0),
            mark(0, date(2024, 9, 30), 0, 0),   // the same again
            mark(0, date(2024, 9, 30), 0, 3),   // another kind beside it
            mark(0, date(2024, 9, 30), 0, 3),   // and again
            mark(0, date(2024, 9, 30), 1, 254), // the last kind that a cell can hold
            mark(0, date(2024, 10, 1), 0, 255), // the first that it cannot
            mark(0, date(2024, 10, 1), 0, 255),
            mark(300, first, 0, 1),
            mark(300, last, 1, 1),
            mark(300, date(1850, 5, 5), 0, 1), // a day without cells
            mark(300, date(1850, 5, 5), 0, 1),
        ];
        let mut new = Vec::new();
        writing.put(&marks, |_, is_new| new.push(is_new));
        assert_eq!(new, [true, false, true, false, true, true, false, true, true, true, false]);
        let sheet = writing.finish();
        let found = |enrolment, days| {
            let mut found = Vec::new();
            sheet.marks_of(enrolment, days, |half_day, kind| found.push((of_day_number(half_day.div_euclid(2)), kind)));
            found
        };
        let (monday, tuesday) = (date(2024, 9, 30), date(2024, 10, 1));
        assert_eq!(found(0, days(monday, tuesday)), [(monday, 0), (monday, 254), (monday, 3), (tuesday, 255)]);
        assert_eq!(found(0, days(tuesday, tuesday)), [(tuesday, 255)]);
        assert_eq!(found(1, days(monday, tuesday)), []);
        assert_eq!(found(300, days(first, last)), [(first, 1), (last, 1)]);
        assert_eq!(found(300, days(date(1800, 1, 1), date(2024, 1, 1))), [(first, 1), (date(1850, 5, 5), 1)]);
    }
}
