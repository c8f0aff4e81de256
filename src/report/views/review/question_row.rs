//! A row of the sheet of questions.

use super::asked::AskedAbout;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::report::views::people::{OfPerson, Person};

/// A row of `agreements_to_fill`.
pub struct QuestionRow<'a> {
    pub(super) asked: AskedAbout<'a>,
    /// The case that names the period; none where that is what is asked.
    pub(super) case: Option<&'a CaseId>,
    /// The family, where there is no case.
    pub(super) family: Option<&'a FamilyId>,
    /// The rule, or what stands in its place.
    pub(super) rule: &'static str,
    pub(super) person: Option<PersonId>,
    pub(super) year: String,
    pub(super) term: String,
    /// The prints of the rows of which the case is asked.
    pub(super) of_rows: String,
    pub(super) words: String,
    /// Who that is.
    pub(super) named: Person<'a>,
}

impl OfPerson for QuestionRow<'_> {
    fn person(&self) -> Person<'_> {
        self.named
    }
}
