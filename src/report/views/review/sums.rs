//! How many questions wait, by practitioner and by reason.

use super::asked::AskedAbout;
use super::asked::period_of;
use crate::decide::Status;
use crate::decide::review::{Open, Review};
use crate::money::Pounds;
use crate::rules::name::RuleName;
use crate::run::Outcome;
use std::collections::BTreeMap;

/// A count of periods, of things in them, and the payment for as many families as periods.
pub(super) struct Counted {
    pub periods: usize,
    pub things: usize,
    pub claimable_if_met: usize,
    pub value: Pounds,
}

/// The blocked periods by whom to ask, most periods first.
pub(super) fn practitioners<'a>(outcome: &'a Outcome<'_>, review: &'a Review) -> Vec<(AskedAbout<'a>, Counted)> {
    let mut groups: BTreeMap<AskedAbout<'a>, Vec<&Open>> = BTreeMap::new();
    for open in &review.blocked {
        groups.entry(AskedAbout::about(period_of(outcome, open.period)).group()).or_default().push(open);
    }
    let things = |opens: &[&Open]| opens.iter().map(|open| open.questions.len()).sum();
    let mut all: Vec<(AskedAbout<'_>, Counted)> =
        groups.into_iter().map(|(asked, opens)| (asked, counted_of(outcome, &opens, things(&opens)))).collect();
    all.sort_by_key(|(asked, count)| (std::cmp::Reverse(count.periods), *asked));
    all
}

/// The blocked periods by rule and reason, most periods first. A period with several reasons is under each.
pub(super) fn reasons(outcome: &Outcome<'_>, review: &Review) -> Vec<(&'static str, &'static str, Counted)> {
    type Reason = (Option<RuleName>, &'static str);
    let mut groups: BTreeMap<Reason, (Vec<&Open>, usize)> = BTreeMap::new();
    for open in &review.blocked {
        for question in &open.questions {
            let (opens, things) = groups.entry((question.rule, question.kind)).or_default();
            if opens.last().is_none_or(|last| last.period != open.period) {
                opens.push(open);
            }
            *things += 1;
        }
    }
    let mut all: Vec<_> = groups
        .into_iter()
        .map(|((rule, kind), (opens, things))| {
            (rule.map_or("", RuleName::word), kind, counted_of(outcome, &opens, things))
        })
        .collect();
    all.sort_by_key(|(_, _, count)| std::cmp::Reverse(count.periods));
    all
}

pub(super) fn counted_of(outcome: &Outcome<'_>, opens: &[&Open], things: usize) -> Counted {
    Counted {
        periods: opens.len(),
        things,
        claimable_if_met: opens.iter().filter(|open| open.if_met == Status::Claimable).count(),
        value: outcome.totals.payment.for_each_of(opens.len()),
    }
}

/// How many of the blocked would be claimable, if every question in the sheet is answered as met.
pub(super) fn claimable_if_met(review: &Review) -> usize {
    review.blocked.iter().filter(|open| open.if_met == Status::Claimable).count()
}
