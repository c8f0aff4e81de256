//! Where missing marks stand. Marks are kept without their places, but of these few the places are asked for again: a
//! school is asked for the half-days on which a child's term hangs. While they are few they are noted on the way, so that
//! the files need not be read a second time for them.

use super::enrolments::Enrolment;
use super::kinds::{KindNumber, MarkKind};
use super::record::{FoundMark, HalfDayNumber, PupilIndex, RecordPlace};

/// How many one of those who read notes, before it is left to a second look into the files: a register that is full of
/// blanks would otherwise be held in memory a second time.
const NOTED: usize = 1 << 19;

/// A mark that may be a missing one.
#[derive(Clone, Copy, Debug)]
struct Noted {
    enrolment: u32,
    half_day: HalfDayNumber,
    kind: KindNumber,
    place: RecordPlace,
}

/// The marks of one of those who read, or of all.
#[derive(Debug, Default)]
pub(super) struct Missing {
    marks: Vec<Noted>,
    /// Whether there were more than are kept.
    too_many: bool,
}

impl Missing {
    /// Notes a mark of a pupil whom some family may have; those of nobody are never asked for.
    pub(super) fn note(&mut self, enrolment: Enrolment, half_day: HalfDayNumber, kind: KindNumber, place: RecordPlace) {
        if self.marks.len() >= NOTED {
            self.too_many = true;
        } else if enrolment.is_wanted() {
            self.marks.push(Noted { enrolment: enrolment.number(), half_day, kind, place });
        }
    }

    /// Takes in what another has noted.
    pub(super) fn add(&mut self, mut other: Missing) {
        self.too_many |= other.too_many;
        self.marks.append(&mut other.marks);
    }

    /// By pupil, in order of half-day and place; `None` where not all are kept.
    pub(super) fn by_pupil(self, pupil_of: &[Option<PupilIndex>], kinds: &[MarkKind]) -> Option<Vec<FoundMark>> {
        if self.too_many {
            return None;
        }
        let found = |mark: Noted| {
            let pupil = (*pupil_of.get(mark.enrolment as usize)?)?;
            let code = kinds.get(mark.kind as usize).map(MarkKind::as_it_stands)?;
            Some(FoundMark { half_day: mark.half_day, place: mark.place, pupil, code })
        };
        let mut found: Vec<FoundMark> = self.marks.into_iter().filter_map(found).collect();
        found.sort_unstable_by_key(|mark| (mark.pupil, mark.half_day, mark.place));
        Some(found)
    }
}
