//! Work: what somebody can do for each family that can still become a claim; of attendance a child each. The rows of worklists.

use super::levers::{Held, Levers, OfChild, Reason};
use crate::rules::levers::Actor;

/// One thing to do.
#[derive(Clone, Copy, Debug)]
pub struct Thing<'a> {
    /// The family.
    pub family: &'a Held,
    /// What holds it.
    pub reason: &'a Reason,
    /// The child whom it is about, of attendance.
    pub child: Option<&'a OfChild>,
}

impl<'a> Thing<'a> {
    /// The record or agreement that settles it, or what must still come.
    pub fn settles(&self) -> &'a str {
        self.child.map_or(&self.reason.settles, |child| &child.settles)
    }

    /// Whether the family could be claimed if this alone were settled.
    pub fn alone(&self) -> bool {
        self.family.alone().is_some() && self.reason.children.len() < 2
    }
}

/// Everything that a person can do, by the day on which the family could be claimed, then what brings a payment by itself,
/// then by case. Time and the national rules nobody can hurry; and for a family that no claim can come of, nothing is asked.
pub fn things(levers: &Levers) -> Vec<Thing<'_>> {
    let can_still_come = levers.listed.iter().filter(|held| held.earliest_possible_on.is_some() || held.this_week());
    let mut things: Vec<Thing<'_>> = can_still_come
        .flat_map(|family| family.reasons.iter().map(move |reason| (family, reason)))
        .filter(|(_, reason)| !matches!(reason.entry.who, Actor::Calendar | Actor::NationalRules))
        .flat_map(|(family, reason)| {
            let of_children = reason.children.iter().map(move |child| Thing { family, reason, child: Some(child) });
            let of_family = reason.children.is_empty().then_some(Thing { family, reason, child: None });
            of_children.chain(of_family)
        })
        .collect();
    // The sort keeps the order of reasons and children.
    things.sort_by_key(|thing| {
        let day = thing.family.earliest_possible_on;
        (day.is_none(), day, !thing.alone(), &thing.family.case_id)
    });
    things
}
