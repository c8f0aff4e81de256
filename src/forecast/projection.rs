//! A projection from a day: history, chances, families and claims made, as they were known on that day, and the
//! distribution that follows from them. The forecast is one of today; a backtest makes them of past days.

use super::assumed::Assumed;
use super::cells::{ConversionCell, matures_in};
use super::conversion::fit::{Conversion, fit};
use super::conversion::history::{Became, history};
use super::distribution::Distribution;
use super::made::{Made, made};
use super::openings::{Openings, openings};
use super::prospect::{FamilyState, Prospect};
use super::range::{Basis, Group, Parts, coming_months};
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
    /// What became of families in the history, by prospect.
    pub became: [Became; Prospect::ALL.len()],
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
        became: history.by_prospect,
    }
}

/// Families by kind and months until a claim is possible.
fn groups(now: &[FamilyState], as_at: Date) -> Vec<Group> {
    let mut counts: BTreeMap<(ConversionCell, Prospect, Option<i32>), usize> = BTreeMap::new();
    for state in now {
        let matures_in = matures_in(state, as_at).map(|months| months.min(FURTHEST));
        *counts.entry((ConversionCell::of(state), state.prospect, matures_in)).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((cell, prospect, matures_in), families)| Group { cell, prospect, matures_in, families })
        .collect()
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

    /// Of what the expected number of new claims by a day is made up.
    pub fn parts(&self, until: Date) -> Parts {
        self.basis().parts(&coming_months(self.as_at, until))
    }
}
