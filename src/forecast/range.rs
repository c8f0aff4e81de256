//! The range: a distribution over the claims of the financial year by each month end.
//!
//! Claims are not independent: a good or a bad quarter, a batch that is not signed off, move all of them at once. So the
//! chances of a month are shifted by an effect of each coming quarter, and one of the level, both normal on the log odds.
//! Given the shifts, families of one kind are a beta-binomial cell and the cells are added up exactly by convolution. The
//! shifts are then integrated out by Gauss-Hermite quadrature along the direction that moves the expected number most;
//! across it the number does not change to first order. The batch of the last month may be missed, with the chance that
//! past months tell.

use super::cells::ConversionCell;
use super::conversion::fit::Conversion;
use super::conversion::incidence;
use super::distribution::Distribution;
use super::made::Made;
use super::months::{Month, Quarter, left_of_month};
use super::openings::Openings;
use super::prospect::Prospect;
use super::special::normal_nodes;
use crate::dates::Date;
use std::collections::BTreeMap;

/// Nodes of the quadrature. Between neighbours lies less than the spread of the cells, so that no lumps are left.
const NODES: usize = 25;

/// Families of one kind at the as-at date: months until a claim is possible, and how many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// The kind.
    pub cell: ConversionCell,
    /// How near they are to a claim, as people are told.
    pub prospect: Prospect,
    /// Months until a claim is possible.
    pub matures_in: Option<i32>,
    /// How many.
    pub families: usize,
}

/// A coming month, or what is left of the running one.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    /// The month.
    pub month: Month,
    /// How many months after the one of the as-at date.
    pub months: i32,
    /// How much of it is still to come, 1 for all.
    pub share: f64,
    /// The chance that its batch of claims is missed.
    pub missed: f64,
}

impl Coming {
    /// Chances of a whole month as those of what is left of it, with fewer claims where its batch may be missed.
    fn part_of(&self, (claim, fail): (f64, f64)) -> (f64, f64) {
        let part = |chance: f64| if self.share < 1.0 { 1.0 - (1.0 - chance).powf(self.share) } else { chance };
        (part(claim) * (1.0 - self.missed), part(fail))
    }
}

/// The months from a day to a later one, the first and the last in part. Empty where that day is the same.
pub fn coming_months(from: Date, until: Date) -> Vec<Coming> {
    let begin = Month::of(from);
    (0..=Month::of(until).since(begin))
        .map(|months| {
            let month = begin.plus(months);
            let (left, of) = left_of_month(month, from, until);
            Coming { month, months, share: f64::from(left) / f64::from(of), missed: 0.0 }
        })
        .filter(|coming| coming.share > 0.0)
        .collect()
}

/// The same months with the last one's batch missed or not, for sure. What is missed earlier is made up for in good part
/// by then, so that those months have the average chance.
pub fn with_last(coming: &[Coming], last_is_missed: bool, conversion: &Conversion) -> Vec<Coming> {
    let mut coming = coming.to_vec();
    for one in &mut coming {
        one.missed = conversion.missed_in(one.month);
    }
    if let Some(last) = coming.last_mut() {
        last.missed = if last_is_missed { 1.0 } else { 0.0 };
    }
    coming
}

/// Everything that the distribution rests on.
pub struct Basis<'a> {
    /// Chances of a month.
    pub conversion: &'a Conversion,
    /// Families at the as-at date.
    pub groups: &'a [Group],
    /// Claims made already in the year.
    pub made: &'a Made,
    /// Families that will come.
    pub openings: &'a Openings,
}

/// Shifts of the log odds by quarter.
type Shifts = BTreeMap<Quarter, f64>;

/// One way that the coming months may go.
struct Way {
    weight: f64,
    coming: Vec<Coming>,
    shifts: Shifts,
}

/// Of what an expected number of new claims is made up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// Of each group, in their order.
    pub groups: Vec<f64>,
    /// Of families that come after the as-at date.
    pub families_to_come: f64,
    /// Of families that never have a case.
    pub without_case: f64,
}

impl Basis<'_> {
    /// For each coming month the chance that a family of a kind has been claimed by its end.
    pub fn claimed_by(
        &self,
        cell: ConversionCell,
        matures_in: Option<i32>,
        coming: &[Coming],
        shifts: &Shifts,
    ) -> Vec<f64> {
        incidence(coming.iter().map(|one| {
            let step = cell.step(matures_in, one.months);
            let shift = shifts.get(&one.month.quarter()).copied().unwrap_or(0.0);
            one.part_of(self.conversion.chances(cell, step, one.month, shift))
        }))
    }

    /// The expected number of claims, by the end of each coming month, of families that never have a case.
    fn without_case(&self, coming: &[Coming]) -> Vec<f64> {
        let mut sum = 0.0;
        let by_end = coming.iter().map(|one| {
            sum += self.openings.claims_without_case * one.share;
            sum
        });
        by_end.collect()
    }

    /// The expected number of claims, by the end of each coming month, of families that come after the as-at date.
    fn of_the_coming(&self, coming: &[Coming], shifts: &Shifts) -> Vec<f64> {
        let mut expected = vec![0.0; coming.len()];
        for (place, one) in coming.iter().enumerate() {
            let families = self.openings.expected(one.month) * one.share;
            let after = &coming[place..];
            let chances = incidence(after.iter().map(|later| {
                let step = ConversionCell::Opened.step(None, later.months - one.months);
                let shift = shifts.get(&later.month.quarter()).copied().unwrap_or(0.0);
                later.part_of(self.conversion.chances(ConversionCell::Opened, step, later.month, shift))
            }));
            for (sum, chance) in expected[place..].iter_mut().zip(chances) {
                *sum += families * chance;
            }
        }
        expected
    }

    /// The expected number of new claims by the end of each coming month.
    pub fn expected(&self, coming: &[Coming], shifts: &Shifts) -> Vec<f64> {
        let mut sums = self.of_the_coming(coming, shifts);
        for (sum, without) in sums.iter_mut().zip(self.without_case(coming)) {
            *sum += without;
        }
        for group in self.groups {
            let chances = self.claimed_by(group.cell, group.matures_in, coming, shifts);
            for (sum, chance) in sums.iter_mut().zip(chances) {
                *sum += group.families as f64 * chance;
            }
        }
        sums
    }

    /// The distribution of the year's claims by the end of the last of these months.
    pub fn by_end_of(&self, coming: &[Coming], as_at: Date, until: Date) -> Distribution {
        let made = self.made.standing_by(as_at, until);
        if coming.is_empty() {
            return made;
        }
        let parts: Vec<(f64, Distribution)> = self
            .ways_it_may_go(coming)
            .into_iter()
            .map(|way| (way.weight, self.given(&way.coming, &way.shifts)))
            .collect();
        Distribution::mixture(&parts).plus(&made)
    }

    /// Of what the expected number of new claims by the end of the last of these months is made up. It adds up to the
    /// average of the distribution.
    pub fn parts(&self, coming: &[Coming]) -> Parts {
        let mut parts = Parts { groups: vec![0.0; self.groups.len()], families_to_come: 0.0, without_case: 0.0 };
        for way in self.ways_it_may_go(coming) {
            let last = |by_end: Vec<f64>| way.weight * by_end.last().copied().unwrap_or(0.0);
            for (sum, group) in parts.groups.iter_mut().zip(self.groups) {
                let chances = self.claimed_by(group.cell, group.matures_in, &way.coming, &way.shifts);
                *sum += group.families as f64 * last(chances);
            }
            parts.families_to_come += last(self.of_the_coming(&way.coming, &way.shifts));
            parts.without_case += last(self.without_case(&way.coming));
        }
        parts
    }

    /// How good the coming quarters may be and whether the last batch is missed, each with its weight; the weights add up
    /// to 1.
    fn ways_it_may_go(&self, coming: &[Coming]) -> Vec<Way> {
        let quarters: Vec<Quarter> = {
            let mut quarters: Vec<Quarter> = coming.iter().map(|one| one.month.quarter()).collect();
            quarters.dedup();
            quarters
        };
        let known: Vec<(f64, f64)> = quarters.iter().map(|quarter| self.conversion.quarter(*quarter)).collect();
        let centre: Shifts = quarters.iter().zip(&known).map(|(quarter, (mean, _))| (*quarter, *mean)).collect();
        let missed = coming.last().map_or(0.0, |last| self.conversion.missed_in(last.month));
        let [with_last, without_last] = [false, true].map(|is_missed| with_last(coming, is_missed, self.conversion));
        let last = |shifts: &Shifts| self.expected(&with_last, shifts).last().copied().unwrap_or(0.0);
        // How the expected number moves with each quarter's shift.
        const A_LITTLE: f64 = 0.05;
        let slope: Vec<f64> = quarters
            .iter()
            .map(|quarter| {
                let moved = |by: f64| {
                    let mut shifts = centre.clone();
                    shifts.entry(*quarter).and_modify(|shift| *shift += by);
                    last(&shifts)
                };
                (moved(A_LITTLE) - moved(-A_LITTLE)) / (2.0 * A_LITTLE)
            })
            .collect();
        let level = self.conversion.level(coming.last().map_or(0, |last| last.months));
        // Covariance of the shifts: each quarter's own, and the level that all share.
        let sum: f64 = slope.iter().sum();
        let direction: Vec<f64> =
            slope.iter().zip(&known).map(|(slope, (_, variance))| variance * slope + level * sum).collect();
        let size: f64 = direction.iter().zip(&slope).map(|(direction, slope)| direction * slope).sum::<f64>().sqrt();
        let nodes = normal_nodes(NODES);
        nodes
            .into_iter()
            .flat_map(|(node, weight)| {
                let mut shifts = centre.clone();
                for (quarter, along) in quarters.iter().zip(&direction) {
                    let by = if size > 0.0 { along / size * node } else { 0.0 };
                    shifts.entry(*quarter).and_modify(|shift| *shift += by);
                }
                [(1.0 - missed, &with_last), (missed, &without_last)].map(|(chance, coming)| Way {
                    weight: weight * chance,
                    coming: coming.clone(),
                    shifts: shifts.clone(),
                })
            })
            .filter(|way| way.weight > 1e-12)
            .collect()
    }

    /// New claims by the end of the last month, given the shifts.
    fn given(&self, coming: &[Coming], shifts: &Shifts) -> Distribution {
        let last = |by_end: Vec<f64>| by_end.last().copied().unwrap_or(0.0);
        let mut sum = Distribution::poisson(last(self.of_the_coming(coming, shifts)) + last(self.without_case(coming)));
        let mut in_cell: BTreeMap<usize, usize> = BTreeMap::new();
        for group in self.groups {
            *in_cell.entry(group.cell.place()).or_default() += group.families;
        }
        for group in self.groups {
            let chances = self.claimed_by(group.cell, group.matures_in, coming, shifts);
            let chance = chances.last().copied().unwrap_or(0.0);
            // The groups of a cell rest on the same families of the past, so that what is not known of them adds up as if
            // they were one: each has its share of the weight.
            let all = in_cell.get(&group.cell.place()).copied().unwrap_or(1).max(1);
            let weight = self.conversion.weight[group.cell.place()] * group.families as f64 / all as f64;
            sum = sum.plus(&Distribution::beta_binomial(group.families, chance, weight));
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;
    use crate::forecast::assumed::Assumed;
    use crate::forecast::conversion::fit::fit;
    use crate::forecast::conversion::history::History;
    use crate::forecast::made::made;
    use crate::rules::pack::Pack;
    use crate::validate::Register;

    fn by_year_end(assumed: &Assumed, families: usize) -> Distribution {
        let first = Month::of(date(2024, 9, 1));
        let conversion = fit(&History::empty(first, first), assumed);
        let groups = [Group {
            cell: ConversionCell::Stood(Prospect::Claimable),
            prospect: Prospect::Claimable,
            matures_in: Some(0),
            families,
        }];
        let made = made(&Register::default(), date(2024, 9, 30), assumed);
        let openings = Openings::default();
        let basis = Basis { conversion: &conversion, groups: &groups, made: &made, openings: &openings };
        let (from, until) = (date(2024, 9, 30), date(2025, 3, 31));
        basis.by_end_of(&coming_months(from, until), from, until)
    }

    // 200 claimable families, 15% a month for six months without failing: 1 - 0.85^6 = 0.6229, about 125 claims.
    #[test]
    fn a_shared_effect_widens_the_range_and_hardly_moves_its_middle() {
        let mut assumed = Assumed::of(&Pack::built_in().unwrap().assumptions, Default::default()).unwrap();
        assumed.fail = 1e-9;
        assumed.weight = 1e7;
        (assumed.quarter, assumed.level, assumed.season, assumed.missed) = (1e-6, 1e-6, 1e-6, 1e-9);
        let chance = 1.0 - 0.85_f64.powi(6);
        let alone = by_year_end(&assumed, 200);
        assert!((alone.mean() - 200.0 * chance).abs() < 0.01);
        assert!((alone.variance() - 200.0 * chance * (1.0 - chance)).abs() < 0.2);
        assumed.quarter = 0.3;
        let together = by_year_end(&assumed, 200);
        assert!((together.mean() - alone.mean()).abs() < 3.0);
        let width = |found: &Distribution| found.percentile(90.0) - found.percentile(10.0);
        assert!(width(&together) as f64 > 1.5 * width(&alone) as f64, "{} {}", width(&together), width(&alone));
        // The chances rise to one top and fall again: no lumps between the nodes.
        let chances: Vec<f64> = together.iter().map(|(_, chance)| chance).collect();
        let top = chances.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(place, _)| place);
        assert!(chances[..top].windows(2).all(|pair| pair[0] <= pair[1] + 1e-6));
        assert!(chances[top..].windows(2).all(|pair| pair[1] <= pair[0] + 1e-6));
    }

    #[test]
    fn what_is_left_of_a_month_counts_in_part() {
        let months = coming_months(date(2024, 9, 15), date(2024, 11, 30));
        let shares: Vec<(i32, f64)> = months.iter().map(|one| (one.months, one.share)).collect();
        assert_eq!(shares, [(0, 0.5), (1, 1.0), (2, 1.0)]);
        assert!(coming_months(date(2025, 3, 31), date(2025, 3, 31)).is_empty());
        let shares: Vec<f64> = coming_months(date(2025, 2, 28), date(2025, 4, 6)).iter().map(|one| one.share).collect();
        assert_eq!(shares, [1.0, 0.2], "six of thirty days of April");
        let (claim, fail) = months[0].part_of((0.19, 0.36));
        assert!((claim - 0.1).abs() < 1e-12, "half of a month, twice: 0.9 x 0.9 = 0.81");
        assert!((fail - 0.2).abs() < 1e-12, "0.8 x 0.8 = 0.64");
        let mut conversion = fit(&History::empty(Month::of(date(2024, 9, 1)), Month::of(date(2024, 9, 1))), &{
            Assumed::of(&Pack::built_in().unwrap().assumptions, Default::default()).unwrap()
        });
        conversion.missed = [0.1; 3];
        let missed = with_last(&months, true, &conversion);
        let claims: Vec<String> = missed.iter().map(|one| format!("{:.3}", one.part_of((0.19, 0.0)).0)).collect();
        assert_eq!(claims, ["0.090", "0.171", "0.000"]);
    }
}
