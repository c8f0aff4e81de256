//! Which families are claimed when: places are short, the longest ready come first, and what was handed in is decided
//! some weeks later. One pass over the batches in order, with only those families in memory that can be claimed.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use super::{
    chance::{Chance, Topic},
    household,
    profile::{RESULTS_ARE_FOR, Unsteady},
    ready::Candidate,
    record::Claim,
    world::{World, quarter_of, working_day, working_day_before},
};
use crate::dates::{Date, Span, add_days, add_months, add_years, date, last_of_month};

/// Quarters in a span of whole quarters.
pub(crate) fn quarters_in(span: Span) -> u64 {
    quarter_of(span.to) + 1 - quarter_of(span.from)
}

/// What came of claiming.
pub(crate) struct Claimed {
    /// By the day they were handed in.
    pub claims: Vec<Claim>,
    /// When a period of support became a result.
    pub results: HashMap<(u64, u8), Date>,
}

/// Places of each quarter of the profile, in proportion to the size of the authority.
fn places_given(world: &World<'_>) -> HashMap<u64, u64> {
    let mut places = HashMap::new();
    for results in &world.spec.profile.claims.results {
        let all = (results.results * world.spec.families * 2 + RESULTS_ARE_FOR) / (2 * RESULTS_ARE_FOR);
        let quarters = quarters_in(results.span());
        for number in 0..quarters {
            let here = all * (number + 1) / quarters - all * number / quarters;
            places.insert(quarter_of(results.from) + number, here);
        }
    }
    places
}

/// Hands claims in, batch by batch. `earlier` are results of long ago; `by_hand` are claims made outside the
/// simulation, which take their share of the places.
pub(crate) fn hand_in(
    world: &World<'_>,
    candidates: Vec<Candidate>,
    earlier: &[(u64, Date)],
    by_hand: &[Claim],
) -> Claimed {
    let spec = world.spec;
    let story = spec.boundaries_at.unwrap_or(spec.until);
    let counts = |claim: &Claim| claim.counts_on(if claim.submitted <= story { story } else { spec.until });
    let mut places = places_given(world);
    let mut taken: HashMap<u64, u64> = HashMap::new();
    for claim in by_hand.iter().filter(|claim| counts(claim)) {
        *taken.entry(quarter_of(claim.submitted)).or_default() += 1;
    }
    let mut claimed = Claimed { claims: Vec::new(), results: HashMap::new() };
    let mut last_success: HashMap<u64, Date> = HashMap::new();
    for (family, day) in earlier {
        last_success.insert(*family, *day);
        *taken.entry(quarter_of(*day)).or_default() += 1;
        claimed.claims.push(approved(household::family_id(*family), *day));
    }

    let mut waiting: Vec<Vec<Candidate>> = world.batches.iter().map(|_| Vec::new()).collect();
    for candidate in candidates {
        waiting[usize::from(candidate.first)].push(candidate);
    }
    let mut ready: BinaryHeap<Reverse<(u64, u64, u8)>> = BinaryHeap::new();
    let mut known: HashMap<(u64, u8), Candidate> = HashMap::new();
    let mut tried: HashMap<(u64, u8), u64> = HashMap::new();
    for (place, batch) in world.batches.iter().enumerate() {
        for candidate in std::mem::take(&mut waiting[place]) {
            let key = (candidate.family, candidate.period);
            known.insert(key, candidate);
            let turn = Chance::of(spec.seed, Topic::Turn, key.0, u64::from(key.1)).below(1 << 20) as u64;
            // The longest ready first, give or take two months.
            ready.push(Reverse(((u64::from(candidate.first) << 20) + 2 * turn, key.0, key.1)));
        }
        let model = || {
            let share = spec.profile.claims.places * world.places_factor(batch.quarter);
            (share * spec.families as f64).round() as u64
        };
        let all = *places.entry(batch.quarter).or_insert_with(model);
        let end_of_quarter = world.batches.get(place + 1).is_none_or(|next| next.quarter != batch.quarter);
        let so_far = match batch.month {
            _ if end_of_quarter => all,
            _ if world.all_at_the_end(batch.quarter) => 0,
            month => {
                let months = &spec.profile.claims.months;
                let share = months[..=month].iter().sum::<f64>() / months.iter().sum::<f64>();
                ((all as f64 * share) as u64).min(all)
            }
        };
        let used = taken.entry(batch.quarter).or_default();
        let unsteady = spec.profile.claims.unsteady.as_ref();
        // A batch that nobody signs off takes nothing with it; what is ready stays so.
        let signed_off = unsteady.is_none_or(|unsteady| {
            let mut chance = Chance::of(spec.seed, Topic::Batch, batch.quarter, 8 + batch.month as u64);
            !chance.happens(unsteady.claim_batch)
        });
        let share = unsteady.map(|unsteady| handed_in(world, unsteady, batch.quarter));
        while signed_off && *used < so_far {
            let Some(Reverse((_, family, period))) = ready.pop() else { break };
            let Some(candidate) = known.remove(&(family, period)) else { continue };
            let gone = usize::from(candidate.last) < place || claimed.results.contains_key(&(family, period));
            let before = last_success.get(&family).copied();
            let counted = before.is_some_and(|before| candidate.closed.is_some_and(|closed| closed <= before));
            if gone || counted {
                continue;
            }
            let mut later = |from: Date| put_off(world, &mut waiting, place, candidate, from);
            if let Some(before) = before {
                let again = add_years(before, spec.profile.claims.years_since_result);
                if batch.on <= again {
                    later(again);
                    continue;
                }
            }
            let key = family * 16 + u64::from(period);
            let taken_along =
                share.is_none_or(|share| Chance::of(spec.seed, Topic::Claim, key, 1000 + place as u64).happens(share));
            if !taken_along {
                later(batch.on);
                continue;
            }
            let attempts = tried.entry((family, period)).or_default();
            let mut chance = Chance::of(spec.seed, Topic::Claim, family * 16 + u64::from(period), *attempts);
            let claim = decide(world, &mut chance, candidate, batch.on);
            *attempts += 1;
            match claim.outcome {
                "approved" | "submitted" => {
                    last_success.insert(family, claim.decided.unwrap_or(claim.submitted));
                    claimed.results.insert((family, period), claim.submitted);
                }
                "clawed_back" => {
                    claimed.results.insert((family, period), claim.submitted);
                }
                // Some are put right and handed in once more.
                "rejected" | "withdrawn" if *attempts == 1 && chance.happens(0.6) => {
                    later(add_days(claim.decided.unwrap_or(claim.submitted), 40));
                }
                _ => {}
            }
            *used += u64::from(counts(&claim));
            claimed.claims.push(claim);
        }
    }
    claimed.claims.extend(history(world, &places, &taken));
    if let Some(unsteady) = &spec.profile.claims.unsteady {
        claimed.claims.retain(|claim| recorded_by(claim, unsteady, spec.seed) <= spec.until);
    }
    claimed.claims.sort_by(|one, two| (one.submitted, &one.family_id).cmp(&(two.submitted, &two.family_id)));
    claimed
}

/// The share of the families ready that are handed in with a batch of a quarter.
fn handed_in(world: &World<'_>, unsteady: &Unsteady, quarter: u64) -> f64 {
    // January to March is the last quarter of the financial year.
    let season = unsteady.season[((quarter + 3) % 4) as usize];
    let shock = unsteady.quarter_shock * Chance::of(world.spec.seed, Topic::Quarter, quarter, 1).normal();
    // The exponential of the shock, to third order: `exp` differs from machine to machine.
    let factor = 1.0 + shock * (1.0 + shock * (0.5 + shock / 6.0));
    let odds = unsteady.handed_in / (1.0 - unsteady.handed_in).max(1e-9) * season * factor.max(0.05);
    odds / (1.0 + odds)
}

/// When a claim is put into the records.
fn recorded_by(claim: &Claim, unsteady: &Unsteady, seed: u64) -> Date {
    let number = claim.family_id.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut chance = Chance::of(seed, Topic::Batch, number, 1 << 32);
    let days = if chance.happens(unsteady.late_recording) { chance.between(1, 60) } else { 0 };
    add_days(claim.submitted, days)
}

/// Puts a candidate back, for the first batch after `from`, if it still stands then.
fn put_off(world: &World<'_>, waiting: &mut [Vec<Candidate>], place: usize, candidate: Candidate, from: Date) {
    let first = world.batches.partition_point(|batch| batch.on <= from).max(place + 1);
    if let Some(list) = waiting.get_mut(first).filter(|_| first <= usize::from(candidate.last)) {
        list.push(Candidate { first: first as u16, ..candidate });
    }
}

/// What becomes of a claim, as known on the last day.
fn decide(world: &World<'_>, chance: &mut Chance, candidate: Candidate, submitted: Date) -> Claim {
    let rates = &world.spec.profile.claims;
    let [least, most] = rates.decided_days;
    let decided = working_day(add_days(submitted, chance.between(least, most)));
    let draw = chance.unit();
    let named = candidate.case > 0 && !chance.happens(rates.no_case);
    let (outcome, decided) = if draw < rates.rejected {
        ("rejected", decided)
    } else if draw < rates.rejected + rates.withdrawn {
        ("withdrawn", decided)
    } else if draw < rates.rejected + rates.withdrawn + rates.clawed_back {
        let [least, most] = rates.clawed_back_days;
        let back = working_day(add_days(decided, chance.between(least, most)));
        if back <= world.spec.until { ("clawed_back", back) } else { ("approved", decided) }
    } else {
        ("approved", decided)
    };
    let is_decided = decided <= world.spec.until;
    Claim {
        family_id: household::family_id(candidate.family),
        case_id: if named { format!("C{:05}-{}", candidate.family + 1, candidate.case) } else { String::new() },
        submitted,
        decided: is_decided.then_some(decided),
        outcome: if is_decided { outcome } else { "submitted" },
    }
}

fn approved(family_id: String, submitted: Date) -> Claim {
    let decided = Some(working_day(add_days(submitted, 35)));
    Claim { family_id, case_id: String::new(), submitted, decided, outcome: "approved" }
}

/// Results before the records begin, of families without a case: as many as the quarters had places for.
fn history(world: &World<'_>, places: &HashMap<u64, u64>, taken: &HashMap<u64, u64>) -> Vec<Claim> {
    let begins = quarter_of(world.spec.from);
    let mut quarters: Vec<u64> = places.keys().copied().filter(|quarter| *quarter < begins).collect();
    quarters.sort_unstable();
    let mut claims = Vec::new();
    for quarter in quarters {
        let left = places[&quarter].saturating_sub(taken.get(&quarter).copied().unwrap_or(0));
        let year = (quarter / 4) as i16;
        let month = (quarter % 4) as i8 * 3 + 1;
        let end = last_of_month(add_months(date(year, month, 1), 2));
        for _ in 0..left {
            claims.push(approved(format!("H{:05}", claims.len() + 1), working_day_before(end)));
        }
    }
    claims
}
