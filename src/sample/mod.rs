//! Invented authorities: an event simulation of families over the years, written as the tables that councils give.
//!
//! Nobody in the output exists. The authority numbers, postcodes and school numbers are ones that were given to
//! nobody, so that no identifier made here can be a real person's.
//!
//! # What is simulated
//! Families come, more in some months than in others and in good quarters than in bad ones (`world`). They have
//! adults and children of all ages, at schools, at home and elsewhere (`household`). Needs are found at the start and
//! later; at reviews some are met, the more so the better the practitioner and the quarter; some come back, some are
//! never met; cases close, families return, and some have a case from Transforming Lives partners beside their own
//! (`course`). Pupils attend school by term, with colds in winter and moves between schools (`school`). Officers
//! see that families can be claimed, sooner or later and not without fault (`ready`), and hand claims in, batch by
//! batch, within the places of each quarter (`claims`). All rates are data: `rules/sample.toml` ([`Profile`]).
//! Before the records begin there are only claims, of families without a case.
//!
//! On request, `boundaries` are planted: families made by hand, one for each edge of the rules as at a given day.
//!
//! # How
//! Each family is drawn from a stream of its own, found by seed and number (`chance`), so that it can be made twice:
//! once to learn when it can be claimed, then, after the claims of all families have been settled in order, to be
//! written. Memory holds what can be claimed, and a few thousand families at a time, never the whole. The same
//! [`Spec`] gives the same bytes on any number of cores, and on any machine: no logarithm, no clock, no hash order.
//!
//! What lies after the last day is not there: outcomes, closings and decisions of later, and outcomes put in late.

mod boundaries;
mod chance;
mod claims;
mod course;
mod files;
mod household;
mod names;
mod parquet;
mod profile;
mod ready;
mod record;
mod school;
mod tables;
mod world;
mod write;

use std::{collections::BTreeMap, path::PathBuf};

use rayon::prelude::*;

pub use self::{
    boundaries::{Boundary, all as boundary_families},
    files::CsvSink,
    parquet::ParquetSink,
    profile::Profile,
    tables::{AGREEMENTS, CASES, CLAIMS, CRITERIA, Column, Kind, MARKS, PEOPLE, Sink, TOTALS, Table},
};
use self::{ready::Candidate, world::World, write::Written};
use crate::{dates::Date, rules::calendar::Term};

/// How attendance is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttendanceForm {
    /// Possible and missed sessions of a pupil's term, a row a school.
    Totals,
    /// A mark for each half-day.
    Marks,
    /// Totals; but for a few pupils, the two latest terms as marks.
    Both,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Families open at any one time, in the long run.
    pub families: u64,
    /// Another seed, another authority of the same kind.
    pub seed: u64,
    /// The first day of the case system. Cases that closed before it are not in the records.
    pub from: Date,
    /// The last day recorded.
    pub until: Date,
    /// How attendance is given.
    pub attendance: AttendanceForm,
    /// Plants the families made by hand, as at this day, whatever the form of attendance. It is also the day as at
    /// which the results of the profile are reached.
    pub boundaries_at: Option<Date>,
    /// All rates.
    pub profile: Profile,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Families with a case.
    pub families: u64,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Why no authority could be written.
#[derive(Debug)]
pub enum Error {
    /// The request cannot be met: what is wrong with it.
    Asked(String),
    /// The profile cannot be used: why.
    Profile(String),
    /// A file cannot be written.
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// A row for a table that the sink was not told of.
    UnknownTable(&'static str),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Asked(what) => write!(f, "no sample can be made: {what}"),
            Error::Profile(why) => write!(f, "the profile of the sample cannot be used: {why}"),
            Error::Write { path, cause } => write!(f, "cannot write {}: {cause}", path.display()),
            Error::UnknownTable(name) => write!(f, "the table {name} was not opened for writing"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Write { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

/// The seed of the sample that comes with the program: 580 families, 1 April 2021 to 31 March 2025, boundaries as at
/// 30 September 2024. With it the whole story of the two reports comes out, also the parts left to chance: the families
/// open on that day, and the shares of the Transforming Lives cases.
pub const STORY_SEED: u64 = 218;

/// Families simulated at a time by one core.
const CHUNK: u64 = 64;
/// Chunks held in memory at a time.
const CHUNKS: u64 = 32;

/// Every table that a sample may have.
pub fn all_tables() -> [&'static Table; 7] {
    [&CASES, &PEOPLE, &CRITERIA, &TOTALS, &MARKS, &CLAIMS, &AGREEMENTS]
}

/// Invents an authority and hands its rows to `sink`, family by family. `progress` is told how much is done, of how
/// much.
///
/// # Errors
/// When the days asked for cannot be used, or the sink cannot write.
pub fn generate(
    spec: &Spec,
    terms: &[Term],
    sink: &mut dyn Sink,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Counts, Error> {
    check(spec)?;
    let world = World::new(spec, terms);
    let by_hand = match spec.boundaries_at {
        Some(day) => boundaries::families(day, terms)?,
        None => Vec::new(),
    };
    let families = world.families();
    let mut done = 0;

    let mut candidates: Vec<Candidate> = Vec::new();
    let mut earlier: Vec<(u64, Date)> = Vec::new();
    for numbers in blocks(families) {
        let parts: Vec<Seen> = chunks(&numbers).into_par_iter().map(|numbers| seen(&world, numbers)).collect();
        for part in parts {
            candidates.extend(part.candidates);
            earlier.extend(part.earlier);
        }
        done += numbers.end - numbers.start;
        progress(done, 2 * families);
    }

    let hand_made: Vec<record::Claim> = by_hand.iter().flat_map(|family| family.claims.iter().cloned()).collect();
    let claimed = claims::hand_in(&world, candidates, &earlier, &hand_made);

    sink.begin(&write::tables(spec))?;
    let mut counts = Counts::default();
    let mut first = Written::of();
    for family in &by_hand {
        write::by_hand(family, &mut first);
    }
    write::claims(&claimed.claims, &mut first);
    first.hand_on(sink, &mut counts)?;
    for numbers in blocks(families) {
        let parts: Vec<Written> = chunks(&numbers)
            .into_par_iter()
            .map(|numbers| {
                let mut written = Written::of();
                for family in numbers {
                    write::simulated(&world, family, &claimed.results, &mut written);
                }
                written
            })
            .collect();
        for part in parts {
            part.hand_on(sink, &mut counts)?;
        }
        done += numbers.end - numbers.start;
        progress(done, 2 * families);
    }
    sink.finish()?;
    Ok(counts)
}

/// What is kept of families that have been seen once.
#[derive(Default)]
struct Seen {
    candidates: Vec<Candidate>,
    /// Results of long ago.
    earlier: Vec<(u64, Date)>,
}

fn seen(world: &World<'_>, families: std::ops::Range<u64>) -> Seen {
    let mut seen = Seen::default();
    for family in families {
        let household = course::household(world, family);
        seen.earlier.extend(household.earlier_result.map(|day| (family, day)));
        seen.candidates.extend(ready::candidates(world, family, &household));
    }
    seen
}

fn check(spec: &Spec) -> Result<(), Error> {
    let years = 1950..=2150;
    if spec.from > spec.until {
        return Err(Error::Asked(format!("its first day, {}, is after its last, {}", spec.from, spec.until)));
    }
    for day in [Some(spec.from), Some(spec.until), spec.boundaries_at].into_iter().flatten() {
        if !years.contains(&day.year()) {
            return Err(Error::Asked(format!("{day} is not in the years 1950 to 2150")));
        }
    }
    if spec.boundaries_at.is_some_and(|day| day > spec.until) {
        return Err(Error::Asked("the day of the boundaries is after the last day recorded".to_owned()));
    }
    if spec.families > 5_000_000 {
        return Err(Error::Asked(format!("{} families are more than five million", spec.families)));
    }
    Ok(())
}

fn blocks(families: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..families.div_ceil(CHUNK * CHUNKS))
        .map(move |block| block * CHUNK * CHUNKS..((block + 1) * CHUNK * CHUNKS).min(families))
}

fn chunks(numbers: &std::ops::Range<u64>) -> Vec<std::ops::Range<u64>> {
    (numbers.start..numbers.end).step_by(CHUNK as usize).map(|start| start..(start + CHUNK).min(numbers.end)).collect()
}

#[cfg(test)]
mod tests;
