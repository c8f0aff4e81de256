//! What is odd when tables are held against each other, or rows against each other: days in an order that cannot be,
//! people of nobody, claims for nothing, numbers out of proportion.
//!
//! Every row stays in use and no verdict changes: a person is asked to look. What is not yet so at the as-at date is
//! not looked at, and what is usual is told of once, with its number and its first row.
//!
//! - [`known`] what they are held against each other by.
//! - [`days`] the order of days. [`persons`] people and their families. [`claims`] claims and cases.
//! - [`counts`] headlines by case and team. [`volumes`] tables against those of an earlier run.

mod claims;
mod counts;
mod days;
mod known;
mod persons;
pub mod volumes;

use super::register::Register;
use crate::cores;
use crate::dates::Date;
use crate::finding::Findings;
use crate::rules::Rules;
use known::Known;

/// Everything that is odd across tables at the as-at date.
pub fn across(register: &Register, rules: &Rules, as_at: Date) -> Findings {
    let mut findings = Findings::default();
    let Some(thresholds) = &rules.pack.thresholds else { return findings };
    let known = Known::at(register, thresholds, as_at);
    let (mut of_persons, mut of_claims, mut of_counts) =
        (Findings::default(), Findings::default(), Findings::default());
    cores::both(
        || cores::both(|| persons::check(&known, &mut of_persons), || days::check(&known, &mut findings)),
        || {
            cores::both(
                || counts::check(&known, &rules.framework, &mut of_counts),
                || claims::check(&known, rules, &mut of_claims),
            )
        },
    );
    findings.append(of_persons);
    findings.append(of_claims);
    findings.append(of_counts);
    findings
}
