//! What is asked for, and what was written.

use super::error::Error;
use super::profile::Profile;
use crate::dates::Date;
use std::collections::BTreeMap;

/// How attendance is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttendanceForm {
    /// Possible and missed sessions of a pupil's term, a row a school.
    Totals,
    /// A mark for each half-day.
    Marks,
    /// Totals; but for a few pupils, the two latest terms as marks.
    Both,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Families open at any one time, in the long run.
    pub families: u64,
    /// Another seed, another authority of the same kind.
    pub seed: u64,
    /// The first day of the case system. Cases that closed before it are not in the records.
    pub from: Date,
    /// The last day recorded.
    pub until: Date,
    /// How attendance is given.
    pub attendance: AttendanceForm,
    /// Plants the families made by hand, as at this day, whatever the form of attendance. It is also the day as at
    /// which the results of the profile are reached.
    pub boundaries_at: Option<Date>,
    /// All rates.
    pub profile: Profile,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Families with a case.
    pub families: u64,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

impl Spec {
    /// Refuses what cannot be simulated.
    ///
    /// # Errors
    /// Days out of order or out of the years that are known, or too many families.
    pub(super) fn check(&self) -> Result<(), Error> {
        let years = 1950..=2150;
        if self.from > self.until {
            return Err(Error::Asked(format!("its first day, {}, is after its last, {}", self.from, self.until)));
        }
        for day in [Some(self.from), Some(self.until), self.boundaries_at].into_iter().flatten() {
            if !years.contains(&day.year()) {
                return Err(Error::Asked(format!("{day} is not in the years 1950 to 2150")));
            }
        }
        if self.boundaries_at.is_some_and(|day| day > self.until) {
            return Err(Error::Asked("the day of the boundaries is after the last day recorded".to_owned()));
        }
        if self.families > 5_000_000 {
            return Err(Error::Asked(format!("{} families are more than five million", self.families)));
        }
        Ok(())
    }
}
