//! What became of families: for each past quarter end how many of each kind were at risk in each following month, how many
//! were claimed in it and how many failed, on what was known at the day the history is read.

use crate::dates::{Date, day_after, day_before};
use crate::forecast::cells::{CELLS, ConversionCell, STEPS, matures_in};
use crate::forecast::months::Month;
use crate::forecast::prospect::{FamilyState, Prospect};
use crate::forecast::replay::Past;
use crate::ids::FamilyId;
use crate::validate::Register;
use crate::validate::rows::ClaimOutcome;
use rustc_hash::{FxHashMap, FxHashSet};

/// Months after a quarter end in which its families are followed.
pub const FOLLOWED: i32 = 12;

/// Months of openings that are looked back on.
pub const OPENINGS: i32 = 36;

/// Months of claims without a case that are looked back on. Fewer, since most are of families whose cases closed before the
/// records begin, and become fewer with the years.
const WITHOUT_CASE: i32 = 6;

/// Families at risk in a month, and what became of them in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    /// At risk.
    pub at_risk: f64,
    /// Claimed.
    pub claimed: f64,
    /// Failed: support ended without a result, or left the records.
    pub failed: f64,
}

/// What became of the families that stood somewhere at past quarter ends. One that stood there at several is followed from
/// each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Became {
    /// Families, each once.
    pub families: usize,
    /// Months for which they were followed.
    pub months: usize,
    /// Followed until they were claimed.
    pub claimed: usize,
    /// Followed until they failed.
    pub failed: usize,
}

/// Counts by cell, step and calendar month.
#[derive(Clone, Debug)]
pub struct Counts {
    first: Month,
    months: usize,
    counts: Vec<Count>,
}

impl Counts {
    pub(super) fn between(first: Month, last: Month) -> Counts {
        let months = usize::try_from(last.since(first) + 1).unwrap_or(0);
        Counts { first, months, counts: vec![Count::default(); CELLS * STEPS * months] }
    }

    fn add(&mut self, (cell, step): (usize, usize), month: Month, is_claimed: bool, is_failed: bool) {
        let Ok(place) = usize::try_from(month.since(self.first)) else { return };
        let Some(count) = self.counts.get_mut((cell * STEPS + step) * self.months + place) else { return };
        count.at_risk += 1.0;
        count.claimed += f64::from(u8::from(is_claimed));
        count.failed += f64::from(u8::from(is_failed));
    }

    /// Sets a count, for tests of what is made of it.
    #[cfg(test)]
    pub(super) fn set(&mut self, (cell, step): (usize, usize), month: Month, count: Count) {
        let place = usize::try_from(month.since(self.first)).unwrap_or(0);
        self.counts[(cell * STEPS + step) * self.months + place] = count;
    }

    /// ConversionCell, step, month and count, in that order; only where any family was at risk.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, Month, &Count)> {
        let months = self.months.max(1);
        self.counts.iter().enumerate().filter(|(_, count)| count.at_risk > 0.0).map(move |(place, count)| {
            let (cell_step, month) = (place / months, place % months);
            (cell_step / STEPS, cell_step % STEPS, self.first.plus(i32::try_from(month).unwrap_or(0)), count)
        })
    }
}

/// A history as it was known on a day.
#[derive(Clone, Debug)]
pub struct History {
    /// By cell and step, then calendar month: all quarter ends, followed for a year.
    pub all: Counts,
    /// The same of the latest quarter end before each month alone, so that each month of a family counts once.
    pub once: Counts,
    /// By cell: families, however many quarter ends they stood there at.
    pub families: [f64; CELLS],
    /// By prospect: what became of its families, for people to read.
    pub by_prospect: [Became; Prospect::ALL.len()],
    /// By cell: families at all quarter ends.
    pub rows: [f64; CELLS],
    /// For each past quarter end, the months for which its families have been followed.
    pub followed: Vec<i32>,
    /// New families by month, over the months looked back on; all of them have passed.
    pub openings: Vec<(Month, usize)>,
    /// Claims a month of families that never had a case.
    pub claims_without_case: f64,
}

impl History {
    /// One of nothing, for these months.
    pub fn empty(first: Month, last: Month) -> History {
        History {
            all: Counts::between(first, last),
            once: Counts::between(first, last),
            families: [0.0; CELLS],
            by_prospect: [Became::default(); Prospect::ALL.len()],
            rows: [0.0; CELLS],
            followed: Vec::new(),
            openings: Vec::new(),
            claims_without_case: 0.0,
        }
    }
}

/// The month of the first claim of a family that stands, after a day. Claims are as known on the day of the history; one
/// that was approved and later taken back counted in its year.
pub struct Claims<'a> {
    by_family: FxHashMap<&'a FamilyId, Vec<Date>>,
}

impl<'a> Claims<'a> {
    /// The claims known at `known_on`.
    pub fn known(register: &'a Register, known_on: Date) -> Claims<'a> {
        let mut by_family: FxHashMap<&FamilyId, Vec<Date>> = FxHashMap::default();
        for claim in register.claims.iter().flatten() {
            let stands = claim
                .known_at(known_on)
                .is_some_and(|known| !matches!(known.outcome, ClaimOutcome::Rejected | ClaimOutcome::Withdrawn));
            if stands {
                by_family.entry(&claim.family_id).or_default().push(claim.submitted_on);
            }
        }
        for days in by_family.values_mut() {
            days.sort_unstable();
        }
        Claims { by_family }
    }

    /// The month of the first after `day`.
    fn first_after(&self, family: &FamilyId, day: Date) -> Option<Month> {
        self.by_family.get(family)?.iter().find(|submitted| **submitted > day).map(|submitted| Month::of(*submitted))
    }
}

/// The last month that has passed wholly by `day`.
fn last_whole_month(day: Date) -> Month {
    Month::of(day_after(day)).plus(-1)
}

/// The history as it was known on `known_on`: `past` are quarter ends before it, and `now` the families on that day.
pub fn history(register: &Register, past: &[Past], now: &[FamilyState], known_on: Date) -> History {
    let past: Vec<&Past> = past.iter().filter(|past| past.on < known_on).collect();
    let claims = Claims::known(register, known_on);
    let last = last_whole_month(known_on);
    let failed = failures(&past, now, known_on);
    let begin = past.first().map_or(last, |first| Month::of(first.on)).min(last.plus(-OPENINGS));
    let mut history = History::empty(begin, last);
    let mut by_prospect: [FxHashSet<&FamilyId>; Prospect::ALL.len()] = Default::default();
    let mut seen: [FxHashSet<&FamilyId>; CELLS] = Default::default();
    for (place, quarter) in past.iter().enumerate() {
        let begin = Month::of(quarter.on);
        let until = last.min(begin.plus(FOLLOWED));
        history.followed.push(until.since(begin));
        // Until the next quarter end this is the latest one before.
        let latest_until = past.get(place + 1).map_or(last, |next| Month::of(next.on));
        for state in &quarter.states {
            let cell = ConversionCell::of(state);
            let matures_in = matures_in(state, quarter.on);
            let claimed = claims.first_after(&state.family, quarter.on);
            let failed = failed.get(&state.family).copied().filter(|_| cell.can_fail());
            if until > begin {
                history.rows[cell.place()] += 1.0;
                seen[cell.place()].insert(&state.family);
                by_prospect[state.prospect as usize].insert(&state.family);
            }
            for months in 1..=until.since(begin) {
                let month = begin.plus(months);
                let is_claimed = claimed == Some(month);
                let is_failed = !is_claimed && failed.is_some_and(|failed| failed <= month);
                let key = (cell.place(), cell.step(matures_in, months));
                history.all.add(key, month, is_claimed, is_failed);
                let became = &mut history.by_prospect[state.prospect as usize];
                became.months += 1;
                became.claimed += usize::from(is_claimed);
                became.failed += usize::from(is_failed);
                if month <= latest_until {
                    history.once.add(key, month, is_claimed, is_failed);
                }
                if is_claimed || is_failed {
                    break;
                }
            }
        }
    }
    for (families, seen) in history.families.iter_mut().zip(&seen) {
        *families = seen.len() as f64;
    }
    for (became, families) in history.by_prospect.iter_mut().zip(&by_prospect) {
        became.families = families.len();
    }
    of_the_opened(register, &claims, known_on, &mut history);
    history
}

/// The month in which each family that is not on its way any more stopped being so: that of closing, where it closed in
/// the quarter after which it was first seen so, else that quarter's last. Families on their way today have not failed.
fn failures<'a>(past: &[&'a Past], now: &'a [FamilyState], known_on: Date) -> FxHashMap<&'a FamilyId, Month> {
    let mut failed: FxHashMap<&FamilyId, Month> = FxHashMap::default();
    let mut live: FxHashSet<&FamilyId> = FxHashSet::default();
    let days = past.iter().map(|past| (past.on, past.states.as_slice())).chain([(known_on, now)]);
    let mut before = Date::MIN;
    for (on, states) in days {
        let mut here: FxHashSet<&FamilyId> = FxHashSet::default();
        for state in states {
            if state.prospect.is_live() {
                here.insert(&state.family);
                failed.remove(&state.family);
            } else if state.prospect == Prospect::Claimed {
                failed.remove(&state.family);
            } else if live.contains(&state.family) {
                let closed = state.closed_on.filter(|closed| *closed > before && *closed <= on);
                failed.insert(&state.family, Month::of(closed.unwrap_or(on)));
            }
        }
        // Families that are not in the records any more.
        let known: FxHashSet<&FamilyId> = states.iter().map(|state| &state.family).collect();
        for lost in live.iter().filter(|family| !known.contains(*family)) {
            failed.insert(lost, Month::of(on));
        }
        live = here;
        before = on;
    }
    failed
}

/// Families by the month in which their first case opened, and the claims of families without any.
fn of_the_opened(register: &Register, claims: &Claims<'_>, known_on: Date, history: &mut History) {
    let last = last_whole_month(known_on);
    let mut opened: FxHashMap<&FamilyId, Date> = FxHashMap::default();
    for case in register.cases.iter().filter(|case| case.opened_on <= known_on) {
        let day = opened.entry(&case.family_id).or_insert(case.opened_on);
        *day = (*day).min(case.opened_on);
    }
    let begin = opened.values().min().map_or(last, |first| Month::of(*first)).max(last.plus(1 - OPENINGS));
    let mut by_month: Vec<(Month, usize)> = (0..=last.since(begin)).map(|months| (begin.plus(months), 0)).collect();
    let cell = ConversionCell::Opened.place();
    for (family, day) in &opened {
        let month = Month::of(*day);
        let Some(slot) = usize::try_from(month.since(begin)).ok().filter(|slot| *slot < by_month.len()) else {
            continue;
        };
        by_month[slot].1 += 1;
        history.rows[cell] += 1.0;
        history.families[cell] += 1.0;
        // A claim of before the first case is of no case: from the day before the opening on.
        let claimed = claims.first_after(family, day_before(*day));
        for months in 0..=FOLLOWED.min(last.since(month)) {
            let now = month.plus(months);
            let key = (cell, ConversionCell::Opened.step(None, months));
            history.all.add(key, now, claimed == Some(now), false);
            if claimed == Some(now) {
                break;
            }
        }
    }
    history.openings = by_month;
    // Claims can go back further than cases.
    let first_claim = claims.by_family.values().flatten().min().map_or(begin, |day| Month::of(*day).min(begin));
    let months = WITHOUT_CASE.min(last.since(first_claim) + 1);
    let without: usize = claims
        .by_family
        .iter()
        .filter(|(family, _)| !opened.contains_key(*family))
        .flat_map(|(_, days)| days)
        .filter(|day| (0..months).contains(&last.since(Month::of(**day))))
        .count();
    history.claims_without_case = if months > 0 { without as f64 / f64::from(months) } else { 0.0 };
}
