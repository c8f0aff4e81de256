//! A projection from a day: history, chances, families and claims made, as they were known on that day, and the
//! distribution that follows from them. The forecast is one of today; a backtest makes them of past days.

use super::assumed::Assumed;
use super::conversion::cells::{Cell, matures_in};
use super::conversion::fit::{Conversion, fit};
use super::conversion::history::history;
use super::distribution::Distribution;
use super::made::{Made, made};
use super::openings::{Openings, openings};
use super::prospect::FamilyState;
use super::range::{Basis, Coming, Group, coming_months, with_last};
use super::replay::Past;
use crate::dates::Date;
use crate::validate::Register;
use std::collections::BTreeMap;

/// Months until a claim is possible are told apart up to these: no forecast looks further.
const FURTHEST: i32 = 14;

/// What is known on a day of the months to come.
#[derive(Clone, Debug)]
pub struct Projection {
    /// The day.
    pub as_at: Date,
    /// Chances of a month.
    pub conversion: Conversion,
    /// Families that will come.
    pub openings: Openings,
    /// Claims made in the year up to the day.
    pub made: Made,
    /// Families by kind.
    pub groups: Vec<Group>,
}

/// The projection from `as_at`: `past` are quarter ends before it, `now` the families on that day. Nothing that was known
/// only later is used, save what today's records say of earlier days.
pub fn projection(
    register: &Register,
    past: &[Past],
    now: &[FamilyState],
    as_at: Date,
    assumed: &Assumed,
) -> Projection {
    let history = history(register, past, now, as_at);
    Projection {
        as_at,
        conversion: fit(&history, assumed),
        openings: openings(&history, assumed),
        made: made(register, as_at, assumed),
        groups: groups(now, as_at),
    }
}

/// Families by kind and months until a claim is possible.
fn groups(now: &[FamilyState], as_at: Date) -> Vec<Group> {
    let mut counts: BTreeMap<(Cell, Option<i32>), usize> = BTreeMap::new();
    for state in now {
        let matures_in = matures_in(state, as_at).map(|months| months.min(FURTHEST));
        *counts.entry((Cell::Stood(state.prospect), matures_in)).or_default() += 1;
    }
    counts.into_iter().map(|((cell, matures_in), families)| Group { cell, matures_in, families }).collect()
}

impl Projection {
    /// The same chances for other families: where a scenario takes something of theirs as settled, the past stays.
    pub fn with_families(&self, now: &[FamilyState]) -> Projection {
        Projection { groups: groups(now, self.as_at), ..self.clone() }
    }

    fn basis(&self) -> Basis<'_> {
        Basis { conversion: &self.conversion, groups: &self.groups, made: &self.made, openings: &self.openings }
    }

    /// The distribution of the claims of the financial year by a month end.
    pub fn by(&self, until: Date) -> Distribution {
        self.basis().by_end_of(&coming_months(self.as_at, until), self.as_at, until)
    }

    /// The chance that a family of a group has been claimed by a month end, as quarters go on average.
    pub fn chance_by(&self, group: &Group, until: Date) -> f64 {
        let coming = self.coming(until);
        let shifts =
            coming.iter().map(|one| (one.month.quarter(), self.conversion.quarter(one.month.quarter()).0)).collect();
        let by_end = |coming: &[Coming]| {
            let chances = self.basis().claimed_by(group.cell, group.matures_in, coming, &shifts);
            chances.last().copied().unwrap_or(0.0)
        };
        let missed = self.conversion.missed;
        (1.0 - missed) * by_end(&with_last(&coming, false, missed)) + missed * by_end(&with_last(&coming, true, missed))
    }

    fn coming(&self, until: Date) -> Vec<Coming> {
        coming_months(self.as_at, until)
    }
}
