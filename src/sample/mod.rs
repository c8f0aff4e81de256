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
mod error;
mod files;
mod household;
mod names;
mod parquet;
mod profile;
mod ready;
mod record;
mod school;
mod spec;
mod tables;
mod world;
mod write;

pub use self::{
    boundaries::{Boundary, all as boundary_families},
    error::Error,
    files::CsvSink,
    parquet::ParquetSink,
    profile::Profile,
    spec::{AttendanceForm, Counts, Spec},
    tables::{AGREEMENTS, CASES, CLAIMS, CRITERIA, FieldColumn, FieldKind, MARKS, PEOPLE, Sink, TOTALS, Table},
};
use self::{ready::Candidate, world::World, write::Written};
use crate::cores;
use crate::{dates::Date, rules::calendar::Term};

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
    spec.check()?;
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
        let parts: Vec<Seen> = cores::each(chunks(&numbers), |numbers| seen(&world, numbers));
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
        let parts: Vec<Written> = cores::each(chunks(&numbers), |numbers| {
            let mut written = Written::of();
            for family in numbers {
                write::simulated(&world, family, &claimed.results, &mut written);
            }
            written
        });
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

fn blocks(families: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..families.div_ceil(CHUNK * CHUNKS))
        .map(move |block| block * CHUNK * CHUNKS..((block + 1) * CHUNK * CHUNKS).min(families))
}

fn chunks(numbers: &std::ops::Range<u64>) -> Vec<std::ops::Range<u64>> {
    (numbers.start..numbers.end).step_by(CHUNK as usize).map(|start| start..(start + CHUNK).min(numbers.end)).collect()
}

#[cfg(test)]
mod tests;
