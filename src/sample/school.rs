//! Attendance of a pupil: figures for a term, and the marks behind them.

use super::{
    chance::{Chance, Topic},
    record::{Person, Pupil, Sessions},
    tables::Rows,
    world::World,
};
use crate::dates::Date;

/// A pupil's term: at one school, or at two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PupilTerm {
    pub first: Sessions,
    pub second: Option<Sessions>,
    /// Whether less than half of it was sent.
    pub half: bool,
}

impl PupilTerm {
    /// Possible and attended sessions, of all schools.
    pub(crate) fn sum(&self) -> (u32, u32) {
        [Some(self.first), self.second].into_iter().flatten().fold((0, 0), |(possible, attended), at| {
            (possible + at.possible, attended + at.possible - at.authorised - at.unauthorised)
        })
    }
}

/// The figures of a person's term, from the person's own stream. None where nothing is sent.
pub(crate) fn term_of(world: &World<'_>, person: &Person, place: usize) -> Option<PupilTerm> {
    let pupil = person.pupil.as_ref()?;
    let term = world.terms.get(place)?;
    if pupil.from > term.span.from || pupil.to < term.span.from {
        return None;
    }
    let rates = &world.spec.profile.attendance;
    let mut chance = Chance::of(world.spec.seed, Topic::Attendance, stream_of(person), place as u64);
    let days = on_roll(world, pupil, place) as u32;
    let half = chance.happens(rates.half_sent);
    let possible = if half { days * 2 * 45 / 100 } else { 2 * days };

    let effect = match pupil.need {
        Some((found, _)) if term.span.to < found => rates.with_need,
        Some((_, Some(met))) if met <= term.span.from => rates.need_met,
        Some(_) => (rates.with_need + rates.need_met) / 2.0,
        None => 1.0,
    };
    let mean = (pupil.absence * effect * term.factor).min(0.9) * f64::from(possible);
    let missed = (mean + chance.normal() * (mean * rates.unevenness).sqrt()).round().max(0.0) as u32;
    let missed = missed.min(possible);
    let authorised = (f64::from(missed) * pupil.authorised).round() as u32;
    let whole = Sessions { school: pupil.school, possible, authorised, unauthorised: missed - authorised };

    let (first, second) = match pupil.second {
        None => (whole, None),
        Some((school, moved)) => {
            let at_first = match moved {
                Some(moved) => 2 * days_before(world, place, moved, days),
                // Beside each other: the first school has three days of five.
                None => 2 * (days * 3 / 5),
            };
            split(whole, school, at_first.min(possible))
        }
    };
    Some(PupilTerm { first, second, half })
}

/// Days of a term on which the pupil is on the roll.
fn on_roll(world: &World<'_>, pupil: &Pupil, place: usize) -> usize {
    world.terms[place].days.partition_point(|(day, _)| *day <= pupil.to)
}

fn days_before(world: &World<'_>, place: usize, moved: Date, days: u32) -> u32 {
    (world.terms[place].days.partition_point(|(day, _)| *day < moved) as u32).min(days)
}

/// Shares the sessions of a term out between two schools, the absences in proportion.
fn split(whole: Sessions, school: u32, at_first: u32) -> (Sessions, Option<Sessions>) {
    let share = |part: u32| (part * at_first).checked_div(whole.possible).unwrap_or(0);
    let first = Sessions {
        school: whole.school,
        possible: at_first,
        authorised: share(whole.authorised),
        unauthorised: share(whole.unauthorised),
    };
    let second = Sessions {
        school,
        possible: whole.possible - first.possible,
        authorised: whole.authorised - first.authorised,
        unauthorised: whole.unauthorised - first.unauthorised,
    };
    match (first.possible, second.possible) {
        (0, _) => (second, None),
        (_, 0) => (first, None),
        _ => (first, Some(second)),
    }
}

fn stream_of(person: &Person) -> u64 {
    person.stream.0 * 16 + person.stream.1
}

/// The number under which a pupil's records of a term are sent: the pupil number of that time, else the person's.
fn known_as(person: &Person, day: Date) -> (&str, &str) {
    match &person.former_upn {
        Some((former, changed)) if day < *changed => (former, ""),
        _ if person.upn.is_empty() || person.upn.starts_with("UN") => (&person.upn, &person.person_id),
        _ => (&person.upn, ""),
    }
}

/// The rows of a term's totals.
pub(crate) fn write_totals(world: &World<'_>, person: &Person, place: usize, sent: &PupilTerm, rows: &mut Rows) {
    let term = &world.terms[place];
    let (upn, person_id) = known_as(person, term.span.from);
    for at in [Some(sent.first), sent.second].into_iter().flatten() {
        rows.cell(upn).cell(person_id).cell(&term.academic_year).cell(&term.term).whole(at.school);
        rows.whole(at.possible).whole(at.authorised).whole(at.unauthorised);
    }
}

/// The rows of a term's marks: as many present and absent ones as the totals say, save a few that are missing.
///
/// Where a pupil is on two rolls at a time, each school marks the other's days `D`.
pub(crate) fn write_marks(world: &World<'_>, person: &Person, place: usize, sent: &PupilTerm, rows: &mut Rows) {
    let term = &world.terms[place];
    let (upn, person_id) = known_as(person, term.span.from);
    let mut chance = Chance::of(world.spec.seed, Topic::Marks, stream_of(person), place as u64);
    let moved = person.pupil.as_ref().and_then(|pupil| pupil.second).is_some_and(|(_, moved)| moved.is_some());
    let mut at_day = 0;
    for (number, at) in [Some(sent.first), sent.second].into_iter().flatten().enumerate() {
        let days = at.possible.div_ceil(2) as usize;
        let other = match sent.second {
            Some(second) if !moved => Some(if number == 0 { second.school } else { sent.first.school }),
            _ => None,
        };
        let school = at.school.to_string();
        let other = other.map(|school| school.to_string());
        let mut left = Left { possible: at.possible, authorised: at.authorised, unauthorised: at.unauthorised };
        let mut spell = 0_u32;
        for (day, written) in term.days.iter().skip(at_day).take(days) {
            for session in ["AM", "PM"] {
                if left.possible == 0 {
                    break;
                }
                let absent = left.takes(&mut chance, &mut spell);
                let code = if chance.happens(world.spec.profile.attendance.missing_mark) {
                    "-"
                } else {
                    code(&mut chance, absent, session, *day)
                };
                rows.cell(upn).cell(person_id).cell(&school).cell(written).cell(session).cell(code);
                if let Some(other) = &other {
                    rows.cell(upn).cell(person_id).cell(other).cell(written).cell(session).cell("D");
                }
            }
        }
        at_day += days;
    }
}

/// What is still to be given out of a term's marks.
struct Left {
    possible: u32,
    authorised: u32,
    unauthorised: u32,
}

impl Left {
    /// Whether the next session is missed, and if so whether that is authorised. Absence comes in spells of days.
    fn takes(&mut self, chance: &mut Chance, spell: &mut u32) -> Option<bool> {
        let missed = self.authorised + self.unauthorised;
        let must = missed >= self.possible;
        if *spell == 0 && chance.below(self.possible as usize) < missed as usize && chance.happens(0.25) {
            *spell = 2 * (1 + chance.below(3) as u32);
        }
        self.possible -= 1;
        if missed == 0 || !(must || *spell > 0) {
            return None;
        }
        *spell = spell.saturating_sub(1);
        let authorised = (chance.below(missed as usize) as u32) < self.authorised;
        if authorised {
            self.authorised -= 1;
        } else {
            self.unauthorised -= 1;
        }
        Some(authorised)
    }
}

/// From this day on `C1`, `C2`, `J1`, `K`, `Q` and `Y1` to `Y7` are used, and `H`, `J` and `Y` no more.
pub(crate) const NEW_CODES: Date = crate::dates::date(2024, 8, 19);

fn code(chance: &mut Chance, absent: Option<bool>, session: &str, day: Date) -> &'static str {
    let new = day >= NEW_CODES;
    let draw = chance.below(100);
    match absent {
        None => match draw {
            0..=1 => "L",
            2 => "V",
            3 => "P",
            4 if new => "K",
            4 => "J",
            5 => "B",
            _ if session == "AM" => "/",
            _ => "\\",
        },
        Some(true) => match draw {
            0..=69 => "I",
            70..=84 => "M",
            85..=88 if new => "C1",
            89..=90 if new => "C2",
            85..=90 => "H",
            91..=92 => "R",
            93..=95 => "E",
            _ => "C",
        },
        Some(false) => match draw {
            0..=54 => "O",
            55..=79 => "U",
            80..=94 => "G",
            _ => "N",
        },
    }
}
