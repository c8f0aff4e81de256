//! Pupils as rows name them: each way in which a row can name a pupil and a school is an enrolment with a number, so
//! that what is kept of a row is a few numbers. A pupil at two schools has two enrolments, and so has one whom rows name
//! in two ways.
//!
//! Longer than most files, since what one worker has learnt must agree with what all know.

use super::record::Pupil;
use crate::cores;
use crate::ids::{PersonId, Upn, cleaned, lost_its_digits};
use crate::load::unreadable::is_no_value;
use crate::validate::persons::Persons;
use rustc_hash::FxHashMap;
use std::sync::{Mutex, PoisonError};

/// The number of an enrolment, and whether some family may have the pupil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Enrolment(u32);

impl Enrolment {
    const OF_NOBODY: u32 = 1 << 31;
    const UNUSABLE: u32 = 1 << 30;
    /// Of a row that names no pupil.
    pub(super) const UNTOLD: Enrolment = Enrolment(u32::MAX);

    #[cfg(test)]
    pub(super) fn numbered(number: u32) -> Enrolment {
        Enrolment(number)
    }

    /// Its number, from 0.
    pub(super) fn number(self) -> u32 {
        self.0 & !(Self::OF_NOBODY | Self::UNUSABLE)
    }

    /// Whether no row that names the pupil so can be used: it names none, an id has lost its digits, or the ids are those
    /// of different persons.
    pub(super) fn is_unusable(self) -> bool {
        self.0 & Self::UNUSABLE > 0
    }

    /// Whether some family may have the pupil.
    pub(super) fn is_wanted(self) -> bool {
        self.0 & Self::OF_NOBODY == 0
    }
}

/// The enrolments that rows have named so far, whoever read them.
#[derive(Default)]
pub(super) struct Enrolments {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    by_text: FxHashMap<Box<str>, Enrolment>,
    pupils: Vec<Pupil>,
    /// By number, what the tables say of the pupil.
    told: Vec<Told>,
    /// By number the school that each enrolment names, by its place in the schools from 1; nought where it names none.
    school_of: Vec<u32>,
    schools: FxHashMap<String, u32>,
}

/// What the tables of people say of a pupil.
#[derive(Clone, Copy)]
pub(super) struct Told {
    /// Whether some family may have the pupil.
    pub(super) is_wanted: bool,
    /// Whether the person id and the UPN are those of different persons.
    pub(super) is_contradicted: bool,
}

/// What rows have named, by the number of the enrolment.
pub(super) struct Named {
    /// The pupils.
    pub(super) pupils: Vec<Pupil>,
    /// What the tables say of them.
    pub(super) told: Vec<Told>,
    /// The schools, as places in [`Named::schools`].
    pub(super) school_of: Vec<u32>,
    /// The schools that enrolments name; the first is the blank one.
    pub(super) schools: Vec<String>,
}

impl Enrolments {
    fn of(&self, known: &Persons, text: [&str; 3]) -> Enrolment {
        // Two writings of an id that are the same when cleaned are one, so that rows which differ in them alone repeat
        // each other.
        let [person_id, upn, school] = text;
        let clean = [cleaned(person_id), Upn::text_of(upn), cleaned(school)];
        let text = clean.each_ref().map(|text| &**text);
        let key = key(text);
        let inner = || self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(enrolment) = inner().by_text.get(key.as_str()) {
            return *enrolment;
        }
        // Others need not wait while it is found out who that is.
        let pupil = named(text);
        let (person_id, upn) = (pupil.person_id.as_ref(), pupil.upn.as_ref());
        let told = Told { is_wanted: known.has(person_id, upn), is_contradicted: known.contradict(person_id, upn) };
        let mut inner = inner();
        if let Some(enrolment) = inner.by_text.get(key.as_str()) {
            return *enrolment;
        }
        let school = inner.school(text[2]);
        // A UPN that says why there is none (UN1 to UN5) is as good as a blank one: the pupil cannot be told.
        let enrolment = if person_id.is_none() && upn.is_none() {
            Enrolment::UNTOLD
        } else {
            let lost = text.into_iter().any(|text| lost_its_digits(text) || is_no_value(text));
            let nobody = if told.is_wanted { 0 } else { Enrolment::OF_NOBODY };
            let unusable = if lost || told.is_contradicted { Enrolment::UNUSABLE } else { 0 };
            let number = u32::try_from(inner.pupils.len()).unwrap_or(u32::MAX);
            inner.pupils.push(pupil);
            inner.told.push(told);
            inner.school_of.push(school);
            Enrolment(number & !(Enrolment::OF_NOBODY | Enrolment::UNUSABLE) | nobody | unusable)
        };
        inner.by_text.insert(key.into(), enrolment);
        enrolment
    }

    /// The pupil and the school of every enrolment, by number.
    pub(super) fn into_named(self) -> Named {
        let inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut schools = vec![String::new(); inner.schools.len() + 1];
        for (name, number) in inner.schools {
            if let Some(place) = schools.get_mut(number as usize) {
                *place = name;
            }
        }
        cores::let_go(inner.by_text);
        Named { pupils: inner.pupils, told: inner.told, school_of: inner.school_of, schools }
    }
}

impl Inner {
    /// The place of a school: 1 for the first, nought for a blank.
    fn school(&mut self, name: &str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        let next = u32::try_from(self.schools.len() + 1).unwrap_or(u32::MAX);
        *self.schools.entry(name.to_owned()).or_insert(next)
    }
}

/// The pupil that a row names by its cells, person and UPN first, as far as they can be read.
pub(super) fn named([person_id, upn, ..]: [&str; 3]) -> Pupil {
    let [person_id, upn] = [person_id, upn].map(cleaned);
    let is_an_id = |id: &str| !id.is_empty() && !lost_its_digits(id) && !is_no_value(id);
    Pupil {
        person_id: Some(&*person_id).filter(|id| is_an_id(id)).map(PersonId::new),
        upn: Some(&*upn).filter(|id| is_an_id(id)).and_then(Upn::read),
    }
}

/// A naming as one text: with the lengths in front no two are the same.
fn key([person_id, upn, school]: [&str; 3]) -> String {
    format!("{} {} {person_id}{upn}{school}", person_id.len(), upn.len())
}

/// How a row names a pupil and a school, in a few machine words, as nearly all can.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Naming {
    upn: [u64; 2],
    person_id: [u64; 2],
    school: u64,
    /// How long the three texts are.
    lengths: u32,
}

/// A text of up to 16 bytes as two numbers, which with its length are those of no other text. Its ends are read, and may
/// overlap, so that nothing has to be copied byte by byte.
pub(super) fn ends(text: &[u8]) -> Option<[u64; 2]> {
    let length = text.len();
    if length >= 8 {
        let (first, last) = (text.first_chunk()?, text.last_chunk()?);
        return (length <= 16).then(|| [u64::from_le_bytes(*first), u64::from_le_bytes(*last)]);
    }
    if length >= 4 {
        let (first, last) = (text.first_chunk()?, text.last_chunk()?);
        return Some([u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32, 0]);
    }
    match text {
        [] => Some([0, 0]),
        [first, .., last] => Some([u64::from(*first) | u64::from(text[length / 2]) << 8 | u64::from(*last) << 16, 0]),
        [only] => Some([u64::from(*only), 0]),
    }
}

// By hand, because a comparison of arrays is a call for every row.
impl PartialEq for Naming {
    fn eq(&self, other: &Naming) -> bool {
        let ([one, two], [three, four]) = (self.upn, self.person_id);
        one == other.upn[0]
            && two == other.upn[1]
            && three == other.person_id[0]
            && four == other.person_id[1]
            && self.school == other.school
            && self.lengths == other.lengths
    }
}

impl Naming {
    /// The naming of a row's cells: person, UPN and school. `None` where they are unusually long.
    #[inline]
    pub(super) fn of(text: [&str; 3]) -> Option<Naming> {
        let [person_id, upn, school] = text.map(str::as_bytes);
        if school.len() > 8 {
            return None;
        }
        // Eight bytes of a text of at most eight are all of it.
        let school_ends = ends(school)?[0];
        let lengths = (person_id.len() | upn.len() << 8 | school.len() << 16) as u32;
        Some(Naming { upn: ends(upn)?, person_id: ends(person_id)?, school: school_ends, lengths })
    }

    fn hash(self) -> u64 {
        let folded = |one: u64, other: u64| {
            let product = u128::from(one ^ 0x9E37_79B9_7F4A_7C15) * u128::from(other ^ 0xD6E8_FEB8_6659_FD93);
            product as u64 ^ (product >> 64) as u64
        };
        let ([one, two], [three, four]) = (self.upn, self.person_id);
        folded(folded(one, two), folded(three ^ u64::from(self.lengths), four ^ self.school.rotate_left(32)))
    }
}

/// What one worker has learnt of the enrolments, so that it seldom asks.
///
/// Rows name the same enrolments over and over, and mostly in the same order: a register by pupil names one many times
/// running, and one by date names all of a school's in turn every day. So the one before is tried first, then the one
/// that came after it the last time, and only then is it looked up.
#[derive(Default)]
pub(super) struct Learnt {
    known: Vec<Entry>,
    table: Table,
    long: FxHashMap<String, Enrolment>,
    last: u32,
    /// How well guessing goes: up with every right guess, down with every wrong one.
    luck: i32,
}

/// A naming, its enrolment, and the place of the naming that came after it the last time; `u32::MAX` before there was one.
struct Entry {
    naming: Naming,
    enrolment: Enrolment,
    next: u32,
}

/// Where namings stand among the known, by hash: half of the hash to tell, and one more than the place; 0 for none.
#[derive(Default)]
struct Table {
    slots: Vec<u64>,
    held: usize,
}

impl Table {
    fn first_slot(&self, hash: u64) -> usize {
        (hash >> 32) as usize & (self.slots.len() - 1)
    }

    /// The place of a naming that `is_it` says is the one.
    fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut at = self.first_slot(hash);
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            let place = (slot as u32).wrapping_sub(1);
            if slot >> 32 == hash & 0xFFFF_FFFF && is_it(place) {
                return Some(place);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn insert(&mut self, hash: u64, place: u32, hash_of: impl Fn(u32) -> u64) {
        if 2 * (self.held + 1) > self.slots.len() {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![0; (2 * old.len()).max(1024)];
            for slot in old.into_iter().filter(|slot| *slot != 0) {
                let place = (slot as u32).wrapping_sub(1);
                self.put(hash_of(place), place);
            }
        }
        self.held += 1;
        self.put(hash, place);
    }

    fn put(&mut self, hash: u64, place: u32) {
        let mut at = self.first_slot(hash);
        while self.slots[at] != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = hash << 32 | u64::from(place + 1);
    }
}

/// How often a guess may go wrong before no more are made for a while.
const PATIENCE: i32 = 64;
/// How many are looked up before guessing is tried again.
const PAUSE: i32 = 1 << 16;

impl Learnt {
    /// The enrolment that a row's cells name: person, UPN and school, blank where there is none.
    pub(super) fn enrolment(&mut self, all: &Enrolments, known: &Persons, text: [&str; 3]) -> Enrolment {
        match Naming::of(text) {
            Some(naming) => self.of(naming, all, known, || text),
            None => self.long(all, known, text),
        }
    }

    fn long(&mut self, all: &Enrolments, known: &Persons, text: [&str; 3]) -> Enrolment {
        *self.long.entry(key(text)).or_insert_with(|| all.of(known, text))
    }

    fn of<'t>(
        &mut self,
        naming: Naming,
        all: &Enrolments,
        known: &Persons,
        text: impl FnOnce() -> [&'t str; 3],
    ) -> Enrolment {
        let last = self.last as usize;
        let may_guess = self.luck > -PATIENCE;
        if let Some(entry) = self.known.get(last) {
            if entry.naming == naming {
                return entry.enrolment;
            }
            if may_guess && let Some(guess) = self.known.get(entry.next as usize) {
                if guess.naming == naming {
                    self.luck = PATIENCE.min(self.luck + 1);
                    self.last = entry.next;
                    return guess.enrolment;
                }
                self.luck -= 1;
            }
            // After many wrong guesses there is a pause, which ends where the count has come back.
            self.luck += i32::from(!may_guess);
            if self.luck == -PATIENCE {
                self.luck = if may_guess { -PATIENCE - PAUSE } else { 0 };
            }
        }
        let place = self.look_up(naming, all, known, text);
        if may_guess && let Some(entry) = self.known.get_mut(last) {
            entry.next = place;
        }
        self.last = place;
        self.known.get(place as usize).map_or(Enrolment::UNTOLD, |entry| entry.enrolment)
    }

    fn look_up<'t>(
        &mut self,
        naming: Naming,
        all: &Enrolments,
        known: &Persons,
        text: impl FnOnce() -> [&'t str; 3],
    ) -> u32 {
        let hash = naming.hash();
        let is_it = |place: u32| self.known.get(place as usize).is_some_and(|entry| entry.naming == naming);
        if let Some(place) = self.table.find(hash, is_it) {
            return place;
        }
        let place = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        self.known.push(Entry { naming, enrolment: all.of(known, text()), next: u32::MAX });
        let entries = &self.known;
        self.table.insert(hash, place, |place| entries.get(place as usize).map_or(0, |entry| entry.naming.hash()));
        place
    }

    /// The enrolments of many rows, each with its naming, given to `each` in order. `text` gives the cells of a row.
    pub(super) fn enrolments<'t>(
        &mut self,
        rows: &[(usize, Option<Naming>)],
        all: &Enrolments,
        known: &Persons,
        text: impl Fn(usize) -> [&'t str; 3],
        mut each: impl FnMut(usize, Enrolment),
    ) {
        if self.luck <= -PATIENCE && !self.table.slots.is_empty() {
            // In no order that could be guessed. Looking at the places of all first has the memory of many on its way.
            let mut seen = 0;
            for naming in rows.iter().filter_map(|(_, naming)| *naming) {
                let slot = self.table.slots[self.table.first_slot(naming.hash())];
                seen ^= self.known.get((slot as u32).wrapping_sub(1) as usize).map_or(0, |entry| entry.naming.upn[0]);
            }
            std::hint::black_box(seen);
        }
        for (row, naming) in rows {
            let enrolment = match naming {
                Some(naming) => self.of(*naming, all, known, || text(*row)),
                None => self.long(all, known, text(*row)),
            };
            each(*row, enrolment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::persons::Identity;

    #[test]
    fn two_namings_are_one_only_when_every_part_is() {
        let (all, known) = (Enrolments::default(), Persons::default());
        let mut learnt = Learnt::default();
        let long = "a person whose id is longer than anybody would have thought";
        let namings = [
            ["P1", "W889200024001", "123456"],
            ["P1", "", "123456"],
            ["P", "1", "123456"],
            ["", "P12", "123456"],
            ["", "P12123456", ""],
            ["P1", "UN1", ""],
            [long, "", ""],
            ["", &format!("{long} 12"), ""],
            ["a 1", "b12", long],
            ["a", "1b12", long],
        ];
        let numbers: Vec<u32> = namings.iter().map(|text| learnt.enrolment(&all, &known, *text).number()).collect();
        assert_eq!(numbers, (0..10).collect::<Vec<_>>());
        for (text, number) in namings.iter().zip(&numbers) {
            assert_eq!(learnt.enrolment(&all, &known, *text).number(), *number);
            assert_eq!(Learnt::default().enrolment(&all, &known, *text).number(), *number);
        }
        for text in [["", "", "123456"], ["", "un3", ""]] {
            assert_eq!(learnt.enrolment(&all, &known, text), Enrolment::UNTOLD);
        }
    }

    #[test]
    fn whom_some_family_may_have_is_wanted() {
        let (id, upn) = (PersonId::new("P1"), Upn::new("W889200024001"));
        let identity = Identity { person_id: Some(&id), upn: Some(&upn), ..Identity::default() };
        let known = Persons::of([identity].into_iter(), std::iter::empty());
        let (all, mut learnt) = (Enrolments::default(), Learnt::default());
        assert!(learnt.enrolment(&all, &known, ["", " w889200024001", ""]).is_wanted());
        assert!(!learnt.enrolment(&all, &known, ["P9", "", ""]).is_wanted());
    }

    #[test]
    fn rows_that_name_different_people_or_a_rounded_number_cannot_be_used() {
        let ids = [PersonId::new("P1"), PersonId::new("P2")];
        let upns = [Upn::new("W889200024001"), Upn::new("L889123424001")];
        let row = |one: usize| Identity { person_id: Some(&ids[one]), upn: Some(&upns[one]), ..Identity::default() };
        let known = Persons::of([row(0), row(1)].into_iter(), std::iter::empty());
        let (all, mut learnt) = (Enrolments::default(), Learnt::default());
        let mut is_unusable = |text| learnt.enrolment(&all, &known, text).is_unusable();
        assert!(is_unusable(["P1", "L889123424001", ""]));
        assert!(!is_unusable(["P1", "W889200024001", ""]));
        assert!(!is_unusable(["P1", "R889400122017", ""]));
        assert!(!is_unusable(["P9", "L889123424001", ""]));
        assert!(is_unusable(["2.02E+11", "W889200024001", ""]));
        assert!(is_unusable(["P1", "", "1.2E+05"]));
        assert!(is_unusable(["", "2.02E+11", ""]));
        // The same pupil, and the same enrolment, however the id is written.
        let mut number = |text| learnt.enrolment(&all, &known, text).number();
        assert_eq!(number(["P1\u{200b}", "", "1"]), number(["P1", "", "\u{a0}1"]));
        assert_eq!(learnt.enrolment(&all, &known, ["\u{feff}", "", ""]), Enrolment::UNTOLD);
    }
}
