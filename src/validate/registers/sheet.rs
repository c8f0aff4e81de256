//! Session marks of all enrolments: a byte for every half-day, so that memory grows with pupils and not with rows, and
//! any number of workers can write at the same time. A second mark that differs is kept beside the first.

use super::kinds::KindNumber;
use crate::dates::{Span, day_number};
use rustc_hash::FxHashSet;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

/// A half-day by number: twice its day's, and one more for the afternoon.
pub type HalfDayNumber = i32;

/// Days whose cells stand together: two bytes each, so that they fill one line of a processor's cache.
const DAYS: i32 = 32;
const CELLS: usize = 2 * DAYS as usize;

/// Enrolments whose cells are made at once.
const ENROLMENTS: u32 = 256;

/// Cells that are looked at before the first of them is written.
const AHEAD: usize = 64;

/// Sets of marks beside others, so that workers seldom wait for each other.
const SETS: u32 = 64;

/// A mark to be put down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) enrolment: u32,
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
    stretches: Vec<Vec<Box<[AtomicU8]>>>,
}

impl Cells {
    fn of(&self, enrolment: u32, half_day: HalfDayNumber) -> Option<&AtomicU8> {
        let (stretch, within) = self.place(half_day)?;
        let piece = self.stretches.get(stretch)?.get((enrolment / ENROLMENTS) as usize)?;
        piece.get((enrolment % ENROLMENTS) as usize * CELLS + within)
    }

    /// Whether there is a cell, or need be none.
    fn has(&self, enrolment: u32, half_day: HalfDayNumber) -> bool {
        self.place(half_day).is_none_or(|(stretch, _)| {
            self.stretches.get(stretch).is_some_and(|pieces| pieces.len() > (enrolment / ENROLMENTS) as usize)
        })
    }

    fn make(&mut self, enrolment: u32, half_day: HalfDayNumber) {
        let Some((stretch, _)) = self.place(half_day) else { return };
        if self.stretches.len() <= stretch {
            self.stretches.resize_with(stretch + 1, Vec::new);
        }
        let pieces = &mut self.stretches[stretch];
        while pieces.len() <= (enrolment / ENROLMENTS) as usize {
            pieces.push((0..ENROLMENTS as usize * CELLS).map(|_| AtomicU8::new(0)).collect());
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
        if marks.iter().any(|mark| !cells.has(mark.enrolment, mark.half_day)) {
            drop(cells);
            let mut writing = self.cells.write().unwrap_or_else(PoisonError::into_inner);
            for mark in marks.iter() {
                if !writing.has(mark.enrolment, mark.half_day) {
                    writing.make(mark.enrolment, mark.half_day);
                }
            }
            drop(writing);
            cells = self.cells.read().unwrap_or_else(PoisonError::into_inner);
        }
        // Looking at a number of cells before any is written has the memory of all of them on its way at once.
        let mut position = 0;
        for some in marks.chunks(AHEAD) {
            let mut found = [None; AHEAD];
            let mut seen = 0;
            for (cell, mark) in found.iter_mut().zip(some) {
                *cell = cells.of(mark.enrolment, mark.half_day);
                seen ^= cell.map_or(0, |cell| cell.load(Ordering::Relaxed));
            }
            std::hint::black_box(seen);
            for (cell, mark) in found.iter().zip(some) {
                let is_new = match (cell, u8::try_from(mark.kind.saturating_add(1))) {
                    (Some(cell), Ok(value)) => {
                        match cell.compare_exchange(0, value, Ordering::Relaxed, Ordering::Relaxed) {
                            Ok(_) => true,
                            Err(there) => there != value && self.put_beside(mark),
                        }
                    }
                    _ => self.put_beside(mark),
                };
                each(position, is_new);
                position += 1;
            }
        }
    }

    fn put_beside(&self, mark: &Mark) -> bool {
        let set = &self.beside[(mark.enrolment % SETS) as usize];
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        set.insert((mark.enrolment, mark.half_day, mark.kind))
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
            let piece =
                self.cells.stretches.get(stretch).and_then(|pieces| pieces.get((enrolment / ENROLMENTS) as usize));
            if let Some(piece) = piece {
                let start = (enrolment % ENROLMENTS) as usize * CELLS;
                for (position, cell) in piece[start + within..start + here].iter().enumerate() {
                    if let Some(kind) = cell.load(Ordering::Relaxed).checked_sub(1) {
                        each(half_day + position as i32, KindNumber::from(kind));
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
        let mark = |enrolment, day: Date, half, kind| Mark { enrolment, half_day: 2 * day_number(day) + half, kind };
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
