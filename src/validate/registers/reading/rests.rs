//! What rows of marks say behind the pupil they are of: date, session and code. A register has few such texts and many rows, so
//! that each is read once.

use crate::dates::Form;
use crate::load::parts::FileNumber;
use crate::validate::registers::enrolments::ends;
use crate::validate::registers::kinds::KindNumber;
use crate::validate::registers::record::HalfDayNumber;

/// The rest of a row as it stands, in a few machine words, as nearly all can be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct RestText {
    ends: [u64; 2],
    /// At most 16.
    length: u8,
}

impl RestText {
    /// `None` of an unusually long one.
    pub(super) fn of(rest: &str) -> Option<RestText> {
        Some(RestText { ends: ends(rest.as_bytes())?, length: rest.len() as u8 })
    }

    fn place(&self) -> usize {
        let mixed = (self.ends[0] ^ self.ends[1].rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 50) as usize % KEPT
    }
}

/// A mark without its pupil.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    pub(super) half_day: HalfDayNumber,
    pub(super) kind: KindNumber,
    /// How the date is written, where it is not as `2024-09-30`.
    pub(super) form: Option<Form>,
}

/// How many are kept: some times the half-days of a school year.
const KEPT: usize = 1 << 14;

/// The rests of one file that a worker has read; of two in one place the later.
#[derive(Default)]
pub(super) struct Rests {
    file: FileNumber,
    kept: Vec<Option<(RestText, Rest)>>,
}

impl Rests {
    /// Begins anew where the file is another one: its columns and its dates may be.
    pub(super) fn of_file(&mut self, file: FileNumber) {
        if self.file != file || self.kept.is_empty() {
            self.file = file;
            self.kept.clear();
            self.kept.resize(KEPT, None);
        }
    }

    #[inline]
    pub(super) fn get(&self, text: RestText) -> Option<Rest> {
        let (known, rest) = (*self.kept.get(text.place())?)?;
        (known == text).then_some(rest)
    }

    pub(super) fn keep(&mut self, text: RestText, rest: Rest) {
        if let Some(kept) = self.kept.get_mut(text.place()) {
            *kept = Some((text, rest));
        }
    }
}
