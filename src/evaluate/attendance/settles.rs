//! What settles a term of a child whose attendance is not known.

use crate::ids::PersonId;

/// What would settle a term that is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settles {
    /// This from the school, or an agreement.
    FromSchool(&'static str),
    /// No register holds the child, who is educated at home: an agreement alone.
    AtHome,
    /// The child is recorded as at no school: a school's attendance if there was one, or an agreement.
    AtNoSchool,
    /// The child's UPN, by which the school's attendance can be found, or an agreement.
    Upn,
    /// Mending a quarantined row.
    Mending,
}

impl Settles {
    pub(super) const MARKS: Settles = Settles::FromSchool("the marks that conflict or are missing");

    /// The whole in words, for one or several terms of a child.
    pub fn words(self, who: &PersonId, terms: &str) -> String {
        match self {
            Settles::FromSchool(what) => {
                format!(
                    "{what} of {who} in {terms} for the attendance table, from the school; or an agreement on attendance for {who}"
                )
            }
            Settles::AtHome => {
                format!(
                    "an agreement on attendance for {who} in {terms}: no school register holds a child educated at home"
                )
            }
            Settles::AtNoSchool => format!(
                "schooling of {who} in the people table and the attendance in {terms} for the attendance table, if there was a school by then; or an agreement on attendance for {who}"
            ),
            Settles::Upn => format!(
                "upn of {who} in the people table, from the case system or the school, and the attendance in {terms} for the attendance table; or an agreement on attendance for {who}"
            ),
            Settles::Mending => {
                format!(
                    "mend the quarantined rows of {who} in {terms} of the attendance table (see quarantine.csv) and run again"
                )
            }
        }
    }
}
