//! What comes out of scenarios: their figures, and the families that would stand elsewhere.

use super::settle::Picked;
use crate::dates::{Date, Span};
use crate::decide::Status;
use crate::forecast::outlook;
use crate::forecast::replay::Skipped;
use crate::ids::{CaseId, FamilyId};
use crate::money::Pounds;
use crate::rules::position::Rag;
use crate::share::Ratio;

/// What is to be expected by the year's end. Numbers of probability are rounded to four decimals.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The expected number of claims.
    pub claims: f64,
    /// The lower end of the range.
    pub low: usize,
    /// As likely more as fewer.
    pub median: usize,
    /// The upper end of the range.
    pub high: usize,
    /// What follows for target, places and grant, where those are known.
    pub grant: Option<outlook::Grant>,
}

/// The figures of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Families claimable now.
    pub claimable: usize,
    /// The payment for them.
    pub claimable_value: Pounds,
    /// The same within the funded places that no claim has taken, where those are known.
    pub value_within_places: Option<Pounds>,
    /// The payment for each family.
    pub payment: Pounds,
    /// Claims of the year so far, approved and pending.
    pub claims: usize,
    /// The target.
    pub target: Option<usize>,
    /// Funded places.
    pub funded_places: Option<usize>,
    /// What the profile expects of the target by now.
    pub expected_to_date: Option<Ratio>,
    /// The word for the claims so far against it.
    pub rag_to_date: Option<Rag>,
    /// The straight line at the year's end; `None` before a month of the year has gone.
    pub line: Option<usize>,
    /// The word for that against the target.
    pub rag_line: Option<Rag>,
    /// The grant at risk on the straight line.
    pub line_shortfall: Option<Pounds>,
    /// The grant earned by approved claims.
    pub earned: Option<Pounds>,
    /// The id of the profile of how claims are expected to come.
    pub profile: String,
    /// Whether anything but the payment differs from today's rules.
    pub other_rules: bool,
    /// The model's year end by the chances that today's rules give, for families as they would stand; `None` where it was not
    /// asked for.
    pub expected: Option<Expected>,
    /// The same with chances estimated again, by replaying the past under the scenario's rules; `None` where those are today's,
    /// where no past quarter end could be replayed, and where it was not asked for. Claims of the past were made by the rules of
    /// their day: what was not allowed then was not claimed, and what these rules would not have allowed was. So it can be off
    /// either way.
    pub estimated_again: Option<Expected>,
}

/// Where a period stands, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its status.
    pub status: Status,
    /// The kind of reason.
    pub kind: &'static str,
    /// The reason in a sentence.
    pub reason: String,
}

/// A period with another status than today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The case that names it.
    pub case_id: CaseId,
    /// The family.
    pub family_id: FamilyId,
    /// Where it stands today.
    pub from: Stand,
    /// Where it would stand.
    pub to: Stand,
}

/// What a scenario comes to.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Its name.
    pub name: String,
    /// Its changes, `key = value`.
    pub changes: Vec<String>,
    /// What must be said beside its figures.
    pub notices: Vec<String>,
    /// The figures.
    pub figures: Figures,
    /// Periods that would have another status, by case.
    pub flips: Vec<Flip>,
    /// Families for which something is taken as settled, by case.
    pub picked: Vec<Picked>,
}

/// Everything that was tried.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The as-at date.
    pub as_at: Date,
    /// Its financial year, `2024/25`.
    pub financial_year: String,
    /// The days of that year.
    pub year: Span,
    /// The authority, where it is named.
    pub authority: Option<String>,
    /// The rules' label, without any scenario.
    pub rules: String,
    /// What must be said on every run for this day.
    pub notices: Vec<String>,
    /// Whether payment was suspended by the as-at date: sums are then what the same results would have been worth.
    pub payment_is_suspended: bool,
    /// The percentiles of the range.
    pub range: (f64, f64),
    /// Without any change.
    pub today: Tried,
    /// The scenarios, in the order asked for.
    pub scenarios: Vec<Tried>,
    /// Past quarter ends that today's forecast learnt from.
    pub replayed: Vec<Date>,
    /// Those that it could not.
    pub skipped: Vec<Skipped>,
}
