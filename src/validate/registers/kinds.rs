//! Kinds of mark: what is the same in rows that differ in pupil and day alone. A kind stands for the code as it is
//! written, what it counts as, and the way the row writes its date and session, so that two rows of one enrolment and
//! half-day repeat each other exactly when they are of one kind.

use crate::dates::day_number;
use crate::rules::codes::{Class, Codes, MarkCode, says_none};
use rustc_hash::FxHashMap;
use std::sync::{Mutex, PoisonError};

/// The number of a kind.
pub type KindNumber = u32;

/// What a kind of mark says.
#[derive(Clone, Debug)]
pub struct MarkKind {
    /// What its code counts as, and the code; `None` for a missing mark.
    pub known: Option<(Class, MarkCode)>,
    /// The code as it stands, upper case, where no list has it and it does not say "missing".
    pub unknown: Option<String>,
    /// The first and last day (by number) on which the code was in use.
    in_use: Option<(i32, i32)>,
    /// The code as it stands, upper case.
    written: String,
}

impl MarkKind {
    fn of(code: &str, codes: &Codes) -> MarkKind {
        let written = code.to_uppercase();
        match codes.get(code) {
            Some(found) => MarkKind {
                known: Some((found.class, found.short())),
                unknown: None,
                in_use: Some((day_number(found.in_use.from), day_number(found.in_use.to))),
                written,
            },
            None => MarkKind {
                known: None,
                unknown: Some(written.clone()).filter(|code| !says_none(code)),
                in_use: None,
                written,
            },
        }
    }

    /// The code as it stands, upper case: `-` and `@` too.
    pub(super) fn as_it_stands(&self) -> String {
        self.written.clone()
    }

    /// The code, upper case; blank where the mark says that there is none.
    pub fn code(&self) -> String {
        match (&self.unknown, &self.known) {
            (Some(text), _) => text.clone(),
            (None, Some((_, code))) => code.to_string(),
            (None, None) => String::new(),
        }
    }

    /// Whether marks of the kind may be missing ones: no list has the code, or it says nothing of some children.
    fn may_be_missing(&self, codes: &Codes) -> bool {
        let says_nothing = |(_, code): (Class, MarkCode)| {
            codes.get(&code.to_string()).is_some_and(|code| code.missing_at_school_age_from.is_some())
        };
        self.known.is_none_or(says_nothing)
    }

    /// What is to be said of the code on a day (by number), if anything.
    pub(super) fn oddity(&self, day: i32) -> Option<Oddity> {
        if self.unknown.is_some() {
            return Some(Oddity::Unknown);
        }
        self.in_use.filter(|(from, to)| day < *from || *to < day).map(|_| Oddity::OutOfDate)
    }
}

/// What is odd about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Oddity {
    /// No list has it.
    Unknown,
    /// It is used outside its dates.
    OutOfDate,
}

/// How rows of a kind are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Writing {
    /// The shape of the date, as [`Kinds::word`] numbers it; 0 for `2024-09-30`.
    pub(super) date: u32,
    /// The session; 0 for `AM` and `PM`.
    pub(super) session: u32,
    /// Whether the mark is one of several of its row: no row of marks repeats one of a day or a week.
    pub(super) in_row_of_several: bool,
}

/// The kinds that rows have had so far, whoever read them.
#[derive(Default)]
pub(super) struct Kinds {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    by_text: FxHashMap<(String, Writing), KindNumber>,
    kinds: Vec<MarkKind>,
    words: FxHashMap<String, u32>,
}

impl Kinds {
    /// The kind of a code as it stands, written so.
    fn of(&self, codes: &Codes, code: &str, writing: Writing) -> (KindNumber, MarkKind) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (code.to_owned(), writing);
        if let Some(number) = inner.by_text.get(&key).copied() {
            return (number, inner.kinds[number as usize].clone());
        }
        let number = KindNumber::try_from(inner.kinds.len()).unwrap_or(KindNumber::MAX);
        let kind = MarkKind::of(code, codes);
        inner.kinds.push(kind.clone());
        inner.by_text.insert(key, number);
        (number, kind)
    }

    /// A number for a word, from 1, the same for the same word; 0 for a blank.
    pub(super) fn word(&self, word: &str) -> u32 {
        if word.is_empty() {
            return 0;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let next = u32::try_from(inner.words.len() + 1).unwrap_or(u32::MAX);
        *inner.words.entry(word.to_owned()).or_insert(next)
    }

    /// Every kind, by number.
    pub(super) fn into_kinds(self) -> Vec<MarkKind> {
        self.inner.into_inner().unwrap_or_else(PoisonError::into_inner).kinds
    }
}

const NOT_ASKED: KindNumber = KindNumber::MAX;

/// What one worker has learnt of the kinds.
pub(super) struct Learnt {
    /// Of codes of one or two characters in rows written the common way, by those characters.
    common: Vec<KindNumber>,
    /// Of such codes in rows written in another way.
    short: FxHashMap<(u16, Writing), KindNumber>,
    others: FxHashMap<(String, Writing), KindNumber>,
    kinds: FxHashMap<KindNumber, MarkKind>,
    /// What every mark is asked, by number of the kind.
    asked: Vec<Asked>,
}

/// What every mark of a kind is asked.
#[derive(Clone, Copy)]
struct Asked {
    /// The first and last day (by number) on which there is nothing to be said of the code; none are between them where there always is.
    usual: (i32, i32),
    may_be_missing: bool,
}

impl Default for Learnt {
    fn default() -> Self {
        Learnt {
            common: vec![NOT_ASKED; 1 << 16],
            short: FxHashMap::default(),
            others: FxHashMap::default(),
            kinds: FxHashMap::default(),
            asked: Vec::new(),
        }
    }
}

/// A code of at most two characters as a number.
fn short(code: &str) -> Option<u16> {
    match code.as_bytes() {
        [] => Some(0),
        [one] if *one > 0 => Some(u16::from(*one)),
        [one, two] if *two > 0 => Some(u16::from_le_bytes([*one, *two])),
        _ => None,
    }
}

impl Learnt {
    /// The kind of a code as it stands, written so.
    pub(super) fn kind(&mut self, all: &Kinds, codes: &Codes, code: &str, writing: Writing) -> KindNumber {
        let short = short(code);
        let is_common = writing == Writing::default();
        let known = match short {
            Some(short) if is_common => Some(self.common[usize::from(short)]).filter(|kind| *kind != NOT_ASKED),
            Some(short) => self.short.get(&(short, writing)).copied(),
            None => self.others.get(&(code.to_owned(), writing)).copied(),
        };
        if let Some(known) = known {
            return known;
        }
        let (number, kind) = all.of(codes, code, writing);
        match short {
            Some(short) if is_common => self.common[usize::from(short)] = number,
            Some(short) => drop(self.short.insert((short, writing), number)),
            None => drop(self.others.insert((code.to_owned(), writing), number)),
        }
        let position = number as usize;
        if self.asked.len() <= position {
            // The kinds between are those of other workers so far: this one has had no mark of them.
            self.asked.resize(position + 1, Asked { usual: (i32::MAX, i32::MIN), may_be_missing: true });
        }
        let usual = match &kind.unknown {
            Some(_) => (i32::MAX, i32::MIN),
            None => kind.in_use.unwrap_or((i32::MIN, i32::MAX)),
        };
        self.asked[position] = Asked { usual, may_be_missing: kind.may_be_missing(codes) };
        self.kinds.insert(number, kind);
        number
    }

    /// The kind of a code of one or two characters in a row written the common way, by those characters, where it is known.
    #[inline]
    pub(super) fn common(&self, code: u16) -> Option<KindNumber> {
        Some(self.common[usize::from(code)]).filter(|kind| *kind != NOT_ASKED)
    }

    /// Whether marks of a kind may be missing ones.
    #[inline]
    pub(super) fn may_be_missing(&self, kind: KindNumber) -> bool {
        self.asked.get(kind as usize).is_none_or(|asked| asked.may_be_missing)
    }

    /// What is to be said of a kind on a day, if anything.
    #[inline]
    pub(super) fn oddity(&self, kind: KindNumber, day: i32) -> Option<Oddity> {
        if self.asked.get(kind as usize).is_some_and(|Asked { usual: (from, to), .. }| (*from..=*to).contains(&day)) {
            return None;
        }
        self.kinds.get(&kind)?.oddity(day)
    }
}
