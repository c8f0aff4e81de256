//! Chances of a month from a history: the log odds of being claimed are those of the cell and step, plus what all families
//! share: the place of the month in its quarter (claims go in by batches), the season, and how good the quarter was.
//!
//! Each is estimated with the others held, in turn, until they settle. Every estimate is shrunk towards what stands behind
//! it (a step to its cell, a cell to the assumption, shared effects to none) by the amount of data, so that there is no
//! number of families at which anything changes suddenly. A family counts once in the amount of data of a cell, however
//! many quarter ends it stood there at; in the average of the cell its quarter ends count alike, because families that
//! stay long are among those of today as often as they were among those of the past.

use super::history::{Count, Counts, History};
use crate::forecast::assumed::Assumed;
use crate::forecast::cells::{CELLS, ConversionCell, STEPS};
use crate::forecast::months::{Month, Quarter};
use crate::forecast::special::{chance_of, log_odds};
use std::collections::{BTreeMap, BTreeSet};

/// Most rounds of estimating each part with the others held.
const ROUNDS: usize = 25;

/// Chances of a month, and how far they may be moved by what all families share.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// By cell and step: log odds of a claim in a month with no shared effect.
    base: [[f64; STEPS]; CELLS],
    /// By cell and step: the chance of failing in a month.
    fail: [[f64; STEPS]; CELLS],
    /// By place in the quarter.
    months: [f64; 3],
    /// By quarter of the financial year.
    seasons: [f64; 4],
    /// Past quarters: the estimate and its variance.
    quarters: BTreeMap<Quarter, (f64, f64)>,
    /// Past months without any claim, and the chance that each was not missed: a month in which few were to be expected may
    /// have none by chance.
    not_missed: BTreeMap<Month, f64>,
    /// By place in the quarter: the chance that a month's batch is missed.
    pub missed: [f64; 3],
    /// The deviation of a quarter's effect.
    pub deviation: f64,
    /// The variance of a coming quarter's effect, by quarter of the financial year, with what is not known of seasons and
    /// of the deviation itself.
    coming: [f64; 4],
    /// The deviation of the level that all quarters share, before any history.
    level: f64,
    /// For each past quarter end, the months for which its families have been followed.
    followed: Vec<i32>,
    /// By cell: as how many families its chances count.
    pub weight: [f64; CELLS],
    /// By cell and step: the history, as counted.
    pub counts: Box<[[Count; STEPS]; CELLS]>,
    /// By cell: families in the history.
    pub families: [f64; CELLS],
    /// By cell: what the chance of a claim in a month is multiplied by in a scenario; 1 in a forecast.
    pub factors: [f64; CELLS],
}

/// At risk and claimed in a month of a cell and step.
struct AtRisk {
    cell: usize,
    step: usize,
    month: Month,
    at_risk: f64,
    claimed: f64,
}

fn rows(counts: &Counts, scale: &[f64; CELLS]) -> Vec<AtRisk> {
    let row = |(cell, step, month, count): (usize, usize, Month, &Count)| {
        let (at_risk, claimed) = (count.at_risk * scale[cell], count.claimed * scale[cell]);
        AtRisk { cell, step, month, at_risk, claimed }
    };
    counts.iter().map(row).collect()
}

/// Estimates everything from a history.
pub fn fit(history: &History, assumed: &Assumed) -> Conversion {
    let once_each: [f64; CELLS] =
        std::array::from_fn(
            |cell| {
                if history.rows[cell] > 0.0 { history.families[cell] / history.rows[cell] } else { 0.0 }
            },
        );
    let all = rows(&history.all, &once_each);
    let once = rows(&history.once, &[1.0; CELLS]);
    let past: BTreeSet<Quarter> = once.iter().map(|row| row.month.quarter()).collect();
    let mut found = Conversion {
        base: assumed.claim.map(|steps| steps.map(log_odds)),
        fail: [[0.0; STEPS]; CELLS],
        months: [0.0; 3],
        seasons: [0.0; 4],
        quarters: past.iter().map(|quarter| (*quarter, (0.0, 0.0))).collect(),
        not_missed: BTreeMap::new(),
        missed: [assumed.missed; 3],
        deviation: assumed.quarter,
        coming: [0.0; 4],
        level: assumed.level,
        followed: history.followed.clone(),
        weight: std::array::from_fn(|cell| history.families[cell] + assumed.weight),
        counts: counted(history),
        families: history.families,
        factors: [1.0; CELLS],
    };
    for _ in 0..ROUNDS {
        let before = found.deviation;
        found.fit_base(&all, assumed);
        found.fit_shared(&once, assumed);
        found.find_missed(&once, assumed);
        if (found.deviation - before).abs() < 1e-5 {
            break;
        }
    }
    found.fit_base(&all, assumed);
    found.fail = failing(&found.counts, &once_each, assumed);
    found.spread(assumed);
    found
}

/// By cell and step, all months together.
fn counted(history: &History) -> Box<[[Count; STEPS]; CELLS]> {
    let mut counts = Box::new([[Count::default(); STEPS]; CELLS]);
    for (cell, step, _, count) in history.all.iter() {
        let sum = &mut counts[cell][step];
        sum.at_risk += count.at_risk;
        sum.claimed += count.claimed;
        sum.failed += count.failed;
    }
    counts
}

/// Chances of failing: those of a step, shrunk to their cell, shrunk to the assumption.
fn failing(counts: &[[Count; STEPS]; CELLS], once_each: &[f64; CELLS], assumed: &Assumed) -> [[f64; STEPS]; CELLS] {
    let mut fail = [[0.0; STEPS]; CELLS];
    for cell in ConversionCell::all().filter(|cell| cell.can_fail()) {
        let (place, scale) = (cell.place(), once_each[cell.place()]);
        let shrunk = |failed: f64, at_risk: f64, towards: f64| {
            (failed * scale + assumed.weight * towards) / (at_risk * scale + assumed.weight)
        };
        let sum = |of: fn(&Count) -> f64| counts[place].iter().map(of).sum::<f64>();
        let of_cell = shrunk(sum(|count| count.failed), sum(|count| count.at_risk), assumed.fail);
        for (chance, count) in fail[place].iter_mut().zip(&counts[place]) {
            *chance = shrunk(count.failed, count.at_risk, of_cell);
        }
    }
    fail
}

/// The log odds at which so many of these are claimed, with their offsets; shrunk to `towards`, which counts as `weight`
/// family-months without offset. Newton's steps on a likelihood with one top.
fn shrunk_log_odds(rows: &[(f64, f64, f64)], towards: f64, weight: f64, start: f64) -> f64 {
    let mut odds = start;
    for _ in 0..30 {
        let at_prior = chance_of(odds);
        let mut score = weight * (towards - at_prior);
        let mut information = weight * at_prior * (1.0 - at_prior);
        for (at_risk, claimed, offset) in rows {
            let chance = chance_of(odds + offset);
            score += claimed - at_risk * chance;
            information += at_risk * chance * (1.0 - chance);
        }
        let step = (score / information.max(1e-12)).clamp(-1.0, 1.0);
        odds += step;
        if step.abs() < 1e-8 {
            break;
        }
    }
    odds
}

impl Conversion {
    fn shared(&self, month: Month) -> f64 {
        let quarter = self.quarters.get(&month.quarter()).map_or(0.0, |(mean, _)| *mean);
        self.months[month.in_quarter()] + self.seasons[month.quarter().in_financial_year()] + quarter
    }

    /// Each step of each cell, shrunk to the step before it, since chances change little from month to month; the first of
    /// those before, or after, a claim is possible to all of these; and those to the assumption.
    fn fit_base(&mut self, rows: &[AtRisk], assumed: &Assumed) {
        // Rows are in the order of cells and steps.
        let with_offset: Vec<(f64, f64, f64)> =
            rows.iter().map(|row| (self.at_risk(row), row.claimed, self.shared(row.month))).collect();
        let of = |cell: usize, step: usize| {
            let from = rows.partition_point(|row| (row.cell, row.step) < (cell, step));
            let to = rows.partition_point(|row| (row.cell, row.step) <= (cell, step));
            &with_offset[from..to]
        };
        for cell in ConversionCell::all() {
            let place = cell.place();
            // Steps before a claim is possible come first.
            let possible = (0..STEPS).find(|step| !cell.is_before(*step)).unwrap_or(STEPS);
            for steps in [0..possible, possible..STEPS] {
                let Some(first) = steps.clone().next() else { continue };
                let together: Vec<(f64, f64, f64)> =
                    steps.clone().flat_map(|step| of(place, step).iter().copied()).collect();
                let towards = assumed.claim[place][first];
                let of_cell = shrunk_log_odds(&together, towards, assumed.weight, self.base[place][first]);
                let mut before = of_cell;
                for step in steps {
                    let start = self.base[place][step];
                    before = shrunk_log_odds(of(place, step), chance_of(before), assumed.weight, start);
                    self.base[place][step] = before;
                }
            }
        }
    }

    /// What all families share: one Newton step for each effect, and the deviation of quarters by the expectation of their
    /// squares.
    fn fit_shared(&mut self, rows: &[AtRisk], assumed: &Assumed) {
        type Of = fn(&AtRisk) -> usize;
        let groups: [(Of, usize, f64); 2] = [
            (|row| row.month.in_quarter(), 3, assumed.month),
            (|row| row.month.quarter().in_financial_year(), 4, assumed.season),
        ];
        for (which, (of, size, deviation)) in groups.into_iter().enumerate() {
            let sums = self.scores(rows, of, size);
            let effects: &mut [f64] = if which == 0 { &mut self.months } else { &mut self.seasons };
            for (effect, (score, information)) in effects.iter_mut().zip(sums) {
                *effect += step(score, information, *effect, deviation);
            }
            let mean = effects.iter().sum::<f64>() / effects.len() as f64;
            for effect in effects {
                *effect -= mean;
            }
        }
        let order: Vec<Quarter> = self.quarters.keys().copied().collect();
        let mut sums = vec![(0.0, 0.0); order.len()];
        for row in rows {
            if let Ok(place) = order.binary_search(&row.month.quarter()) {
                self.add_score(row, &mut sums[place]);
            }
        }
        let mut squares = 0.0;
        let (mut total, mut of) = (0.0, 0.0);
        for (quarter, (score, information)) in order.iter().zip(sums) {
            let deviation = self.deviation;
            if let Some((mean, variance)) = self.quarters.get_mut(quarter) {
                *mean += step(score, information, *mean, deviation);
                *variance = 1.0 / (information + 1.0 / (deviation * deviation));
                squares += *mean * *mean + *variance;
                let weight = information / (1.0 + information * deviation * deviation);
                total += *mean * weight;
                of += weight;
            }
        }
        // Centred on none, each quarter weighted by how well it is known: these effects are found from the months right after
        // quarter ends and the chances from all, so that a common part of them would be taken for the quarters' own, and
        // coming quarters, which have none, would be forecast without it.
        if of > 0.0 {
            for (mean, _) in self.quarters.values_mut() {
                *mean -= total / of;
            }
        }
        let weight = assumed.quarter_weight;
        let variance = (weight * assumed.quarter * assumed.quarter + squares) / (weight + self.quarters.len() as f64);
        self.deviation = variance.sqrt();
    }

    fn add_score(&self, row: &AtRisk, sum: &mut (f64, f64)) {
        let chance = chance_of(self.base[row.cell][row.step] + self.shared(row.month));
        let at_risk = self.at_risk(row);
        sum.0 += row.claimed - at_risk * chance;
        sum.1 += at_risk * chance * (1.0 - chance);
    }

    /// Families that could be claimed in a month: none where its batch was missed.
    fn at_risk(&self, row: &AtRisk) -> f64 {
        row.at_risk * self.not_missed.get(&row.month).copied().unwrap_or(1.0)
    }

    /// Months without any claim: how likely each was missed, rather than empty by chance where so many were expected. The last
    /// batch of a quarter can slip more often than others, so that each place in the quarter has its own chance, shrunk to
    /// that of all months.
    fn find_missed(&mut self, rows: &[AtRisk], assumed: &Assumed) {
        let mut by_month: BTreeMap<Month, (f64, f64)> = BTreeMap::new();
        for row in rows {
            let sum = by_month.entry(row.month).or_default();
            sum.0 += row.claimed;
            sum.1 += row.at_risk * chance_of(self.base[row.cell][row.step] + self.shared(row.month));
        }
        let mut missed = [0.0; 3];
        self.not_missed.clear();
        for (month, (claimed, expected)) in &by_month {
            if *claimed < 0.5 {
                let before = self.missed_in(*month);
                let by_chance = (1.0 - before) * (-expected).exp();
                let not_missed = by_chance / (before + by_chance);
                missed[month.in_quarter()] += 1.0 - not_missed;
                self.not_missed.insert(*month, not_missed);
            }
        }
        let weight = assumed.missed_weight;
        let all = (weight * assumed.missed + missed.iter().sum::<f64>()) / (weight + by_month.len() as f64);
        for (place, (chance, missed)) in self.missed.iter_mut().zip(missed).enumerate() {
            let months = by_month.keys().filter(|month| month.in_quarter() == place).count() as f64;
            *chance = (weight / 3.0 * all + missed) / (weight / 3.0 + months);
        }
    }

    fn scores(&self, rows: &[AtRisk], of: fn(&AtRisk) -> usize, size: usize) -> Vec<(f64, f64)> {
        let mut sums = vec![(0.0, 0.0); size];
        for row in rows {
            self.add_score(row, &mut sums[of(row)]);
        }
        sums
    }

    /// How far coming quarters may be moved, with what is not known of it.
    fn spread(&mut self, assumed: &Assumed) {
        let seen = self.quarters.len() as f64;
        // The deviation rests on few quarters. A t distribution with as many degrees has its 10th and 90th percentiles, at
        // 1.2816 deviations without that doubt, further out by this share (Cornish and Fisher's first term).
        let degrees = (assumed.quarter_weight + seen).max(2.5);
        let further = 1.0 + (1.2816 * 1.2816 + 1.0) / (4.0 * degrees);
        let variance = self.deviation * self.deviation;
        for (place, coming) in self.coming.iter_mut().enumerate() {
            let of_season = self.quarters.keys().filter(|quarter| quarter.in_financial_year() == place).count() as f64;
            let season = 1.0 / (1.0 / (assumed.season * assumed.season) + of_season / variance);
            *coming = variance * further * further + season;
        }
    }

    /// The chances of being claimed and of failing in a month, with a shift of the log odds.
    pub fn chances(&self, cell: ConversionCell, step: usize, month: Month, shift: f64) -> (f64, f64) {
        let place = cell.place();
        let claim = chance_of(
            self.base[place][step]
                + self.months[month.in_quarter()]
                + self.seasons[month.quarter().in_financial_year()]
                + shift,
        );
        let claim = (claim * self.factors[place]).min(1.0);
        (claim, self.fail[place][step].min(1.0 - claim))
    }

    /// The chance that a month's batch is missed.
    pub fn missed_in(&self, month: Month) -> f64 {
        self.missed[month.in_quarter()]
    }

    /// The variance of the level that all quarters share, for a forecast of so many months: quarter ends whose families have
    /// been followed for less tell less of it.
    pub fn level(&self, months: i32) -> f64 {
        let months = f64::from(months.max(1));
        let told: f64 = self.followed.iter().map(|followed| (f64::from(*followed) / months).min(1.0)).sum();
        1.0 / (1.0 / (self.level * self.level) + told / (self.deviation * self.deviation))
    }

    /// What is known of a quarter's effect: its mean, and the variance around it. A quarter that has begun is known in part.
    pub fn quarter(&self, quarter: Quarter) -> (f64, f64) {
        match self.quarters.get(&quarter) {
            Some(known) => *known,
            None => (0.0, self.coming[quarter.in_financial_year()]),
        }
    }

    /// The estimated effects of past quarters, earliest first.
    pub fn past_quarters(&self) -> impl Iterator<Item = (Quarter, f64)> + '_ {
        self.quarters.iter().map(|(quarter, (mean, _))| (*quarter, *mean))
    }
}

fn step(score: f64, information: f64, now: f64, deviation: f64) -> f64 {
    let precision = 1.0 / (deviation * deviation);
    ((score - now * precision) / (information + precision)).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests;
