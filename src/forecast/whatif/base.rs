//! What scenarios are held against.

use super::super::distribution::Distribution;
use super::super::projection::Projection;
use super::super::replay::Skipped;
use crate::attend::Attended;
use crate::dates::Date;
use crate::decide::Decision;
use crate::rules::Rules;

/// One set of rules, with all that follows from it alone.
pub(super) struct Base {
    pub(super) rules: Rules,
    pub(super) attended: usize,
    pub(super) decisions: Vec<Decision>,
    pub(super) passed: Option<Passed>,
    pub(super) forecast: Option<(Projection, Distribution)>,
    pub(super) replayed: Vec<Date>,
    pub(super) skipped: Vec<Skipped>,
}

/// Today by the terms of which attendance is held, for the model, where hardly any is held of later ones.
pub(super) struct Passed {
    pub(super) rules: Rules,
    pub(super) attended: Attended,
    pub(super) decisions: Vec<Decision>,
    pub(super) terms: Vec<String>,
    /// How many completed terms back each of them lies.
    pub(super) back: Vec<usize>,
}

/// Everything that decisions depend on: all parameters but the payment.
pub(super) fn key_of(rules: &Rules) -> String {
    let values = rules.set.iter().filter(|(key, _)| !key.starts_with("payment."));
    values.map(|(key, setting)| format!("{key}={}\n", setting.value)).collect()
}
