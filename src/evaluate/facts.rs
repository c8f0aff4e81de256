//! What a rule may look at.

use crate::attend::Attended;
use crate::dates::Date;
use crate::link::{Family, Linked, Period};
use crate::rules::Rules;
use crate::rules::parameters::Parameters;

/// Everything that a rule may look at.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The period judged.
    pub period: &'a Period,
    /// Its family.
    pub family: &'a Family,
    /// Everybody else, for linked families.
    pub linked: &'a Linked,
    /// Attendance by child and term.
    pub attended: &'a Attended,
    /// The rules.
    pub rules: &'a Rules,
}

impl<'a> Facts<'a> {
    /// The as-at date.
    pub fn as_at(&self) -> Date {
        self.linked.as_at
    }

    /// The parameters.
    pub fn parameters(&self) -> &'a Parameters {
        &self.rules.parameters
    }
}
