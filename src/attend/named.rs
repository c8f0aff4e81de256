//! The records behind a child's term by name, for those who must look at them: where they stand, and which half-days are
//! in doubt, with the codes and places that contradict each other. The files are read a second time for it.

use super::figures::{self, SchoolRecord};
use super::marks::{self, Counting};
use super::{days_known, school_age_of};
use crate::dates::Date;
use crate::error::Result;
use crate::ids::PersonId;
use crate::link::Linked;
use crate::load::Loaded;
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::codes::{Class, says_none};
use crate::share::Sessions;
use crate::validate::registers::search;
use crate::validate::registers::{FoundMark, HalfDay, HalfDayNumber, PupilIndex, RecordPlace, Registers, half_day};
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::Arc;

/// Records of one child's term in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The file.
    pub file: Arc<str>,
    /// The first row.
    pub first_row: u32,
    /// The last row; rows of others may stand between.
    pub last_row: u32,
    /// How many rows.
    pub rows: usize,
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rows {
            1 => write!(f, "{} row {}", self.file, self.first_row),
            rows => write!(f, "{} rows {} to {} ({rows} of them)", self.file, self.first_row, self.last_row),
        }
    }
}

/// A mark by name: its code as it stands, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedMark {
    /// The code, upper case; blank for a blank.
    pub code: String,
    /// File and row.
    pub place: Place,
    /// Whether a list has the code.
    pub is_known: bool,
}

impl NamedMark {
    /// Whether it says itself that there is no mark, rather than being a code that nobody knows.
    pub fn says_none(&self) -> bool {
        says_none(&self.code)
    }
}

/// A half-day in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The day.
    pub date: Date,
    /// Morning or afternoon.
    pub half: HalfDay,
    /// A mark that says attended and one that says absent, each the first in the files' order; `None` where there are
    /// missing marks alone.
    pub conflict: Option<(NamedMark, NamedMark)>,
    /// The first missing mark, where there are missing marks alone.
    pub missing: Option<NamedMark>,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.date, self.half)?;
        match (&self.conflict, &self.missing) {
            (Some((attended, absent)), _) => {
                write!(f, "{} [{}] against {} [{}]", attended.code, attended.place, absent.code, absent.place)
            }
            (None, Some(mark)) if mark.says_none() => write!(f, "no mark [{}]", mark.place),
            (None, Some(NamedMark { code, place, is_known: true })) => {
                write!(f, "{code} says nothing of a child of compulsory school age [{place}]")
            }
            (None, Some(NamedMark { code, place, .. })) => write!(f, "{code} is no known code [{place}]"),
            (None, None) => write!(f, "no mark"),
        }
    }
}

/// A child's term by name.
#[derive(Clone, Debug, Default)]
pub struct RecordsNamed {
    /// The half-days in doubt, by day.
    pub doubts: Vec<Doubt>,
    /// Figures that contradict each other, or what the session marks give: each in words, and where it stands.
    pub figures: Vec<(String, Place)>,
    /// Where the records stand, file by file.
    pub stand_in: Vec<Stretch>,
}

/// Children's terms by name.
pub type NamedTerms = FxHashMap<(PersonId, TermIndex), RecordsNamed>;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermAsked {
    /// The half-days in doubt alone.
    Doubts,
    /// Also where all records stand.
    AllRecords,
}

/// Names the records of these children in these terms.
///
/// # Errors
/// A file of marks cannot be read again.
pub fn named(
    wanted: &[(PersonId, TermIndex)],
    asked: TermAsked,
    loaded: &Loaded,
    linked: &Linked,
    registers: &Registers,
    rules: &Rules,
) -> Result<NamedTerms> {
    let counting = Counting::of(registers, rules);
    let mut doubts: FxHashMap<(PersonId, TermIndex), Vec<(HalfDayNumber, bool)>> = FxHashMap::default();
    let mut half_days_of: FxHashMap<PupilIndex, Vec<(HalfDayNumber, HalfDayNumber)>> = FxHashMap::default();
    for (person, term) in wanted {
        let pupils = linked.pupils(person);
        let Some(days) = days_known(*term, linked.as_at, rules) else { continue };
        let in_doubt = marks::in_doubt(pupils, days, registers, (&counting, &school_age_of(linked, person)));
        for pupil in pupils {
            let mine = half_days_of.entry(*pupil).or_default();
            match asked {
                TermAsked::Doubts => mine.extend(in_doubt.iter().map(|(half_day, _)| (*half_day, *half_day))),
                TermAsked::AllRecords => {
                    let number = crate::dates::day_number;
                    mine.push((2 * number(days.from), 2 * number(days.to) + 1));
                }
            }
        }
        doubts.insert((person.clone(), *term), in_doubt);
    }
    half_days_of.retain(|pupil, stretches| {
        stretches.sort_unstable();
        // Without any mark there is nothing to look for.
        !stretches.is_empty() && registers.has_marks(*pupil)
    });
    let is_wanted = |pupil: PupilIndex, half_day: HalfDayNumber| {
        half_days_of.get(&pupil).is_some_and(|stretches| {
            let after = stretches.partition_point(|(from, _)| *from <= half_day);
            stretches[..after].last().is_some_and(|(_, to)| half_day <= *to)
        })
    };
    let any_conflict = doubts.values().flatten().any(|(_, conflict)| *conflict);
    let kept = if asked == TermAsked::Doubts && !any_conflict {
        // Missing marks alone: where they stand was noted when they were read.
        half_days_of.keys().map(|pupil| registers.missing_of(*pupil)).collect::<Option<Vec<_>>>()
    } else {
        None
    };
    let found = match kept {
        _ if half_days_of.is_empty() => Vec::new(),
        Some(kept) => {
            let all = kept.into_iter().flatten().filter(|mark| is_wanted(mark.pupil, mark.half_day));
            let mut found: Vec<FoundMark> = all.cloned().collect();
            found.sort_unstable();
            found
        }
        None => search::marks(loaded, registers, is_wanted)?,
    };
    let mut by_pupil: FxHashMap<PupilIndex, Vec<&FoundMark>> = FxHashMap::default();
    for mark in &found {
        by_pupil.entry(mark.pupil).or_default().push(mark);
    }

    let mut all = NamedTerms::default();
    for ((person, term), in_doubt) in doubts {
        let pupils = linked.pupils(&person);
        let Some(days) = days_known(term, linked.as_at, rules) else { continue };
        let mut marks: Vec<&FoundMark> = pupils
            .iter()
            .filter_map(|pupil| by_pupil.get(pupil))
            .flatten()
            .copied()
            .filter(|mark| days.covers(half_day(mark.half_day).0))
            .collect();
        marks.sort_by_key(|mark| (mark.half_day, mark.place));
        let doubts =
            in_doubt.into_iter().map(|(number, conflict)| doubt(number, conflict, &marks, registers, rules)).collect();
        let figures = figures_in_conflict(pupils, term, (!marks.is_empty(), registers), rules);
        let mut places: Vec<RecordPlace> = marks.iter().map(|mark| mark.place).collect();
        for pupil in pupils {
            places.extend(registers.totals_of(*pupil, term).iter().map(|total| total.place));
            places.extend(registers.counts_of(*pupil, term).iter().map(|count| count.place));
            places.extend(registers.percents_of(*pupil, term).iter().map(|record| record.place));
        }
        places.sort_unstable();
        // A week's row holds many marks.
        places.dedup();
        let stand_in = match asked {
            TermAsked::AllRecords => stretches(places.into_iter().map(|place| registers.place(place))),
            TermAsked::Doubts => Vec::new(),
        };
        all.insert((person, term), RecordsNamed { doubts, figures, stand_in });
    }
    Ok(all)
}

/// The figures of a term that contradict each other; all of them where there are marks too, whose figure may be another.
fn figures_in_conflict(
    pupils: &[PupilIndex],
    term: TermIndex,
    (with_marks, registers): (bool, &Registers),
    rules: &Rules,
) -> Vec<(String, Place)> {
    let mut records = Vec::new();
    for pupil in pupils {
        records.extend(registers.totals_of(*pupil, term).iter().map(SchoolRecord::Total));
        records.extend(registers.counts_of(*pupil, term).iter().map(SchoolRecord::Count));
    }
    let found = figures::in_conflict(&records, &rules.parameters, registers, with_marks);
    found.into_iter().map(|(said, place)| (said, registers.place(place))).collect()
}

fn doubt(number: HalfDayNumber, conflict: bool, marks: &[&FoundMark], registers: &Registers, rules: &Rules) -> Doubt {
    let (date, half) = half_day(number);
    let first = marks.partition_point(|mark| mark.half_day < number);
    let of_it = || marks[first..].iter().take_while(|mark| mark.half_day == number);
    let named = |mark: &&FoundMark| NamedMark {
        code: mark.code.clone(),
        place: registers.place(mark.place),
        is_known: rules.pack.codes.get(&mark.code).is_some(),
    };
    let counted = |mark: &FoundMark| {
        let class: Class = rules.pack.codes.get(&mark.code)?.class;
        Some(super::settled::counts(class, rules.parameters.absence))
    };
    let first_with =
        |attended: i64| of_it().find(|mark| counted(mark) == Some(Sessions { possible: 1, attended })).map(named);
    Doubt {
        date,
        half,
        conflict: if conflict { first_with(1).zip(first_with(0)) } else { None },
        missing: if conflict { None } else { of_it().next().map(named) },
    }
}

/// Sorted places, file by file.
fn stretches(places: impl Iterator<Item = Place>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for place in places {
        match stretches.last_mut() {
            Some(stretch) if stretch.file == place.file => {
                stretch.last_row = place.row;
                stretch.rows += 1;
            }
            _ => stretches.push(Stretch { file: place.file, first_row: place.row, last_row: place.row, rows: 1 }),
        }
    }
    stretches
}
