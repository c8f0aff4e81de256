//! The tables `children_unmatched` and `pupils_unmatched`: children of school age without any record in some of the latest
//! terms, with the family's latest period, and pupils in the attendance files whom no family has; each with the likeliest
//! reason.

use crate::attend::unmatched::{ChildWithout, NobodysPupil};
use crate::report::output::Kind::{List, Text};
use crate::report::output::{Cell, Table};
use crate::report::views::people::{OfPerson, People, Person, with_names};
use crate::rules::calendar::TermIndex;
use crate::run::Outcome;
use rustc_hash::FxHashMap;

/// A row of `children_unmatched`.
pub struct ChildWithoutRow<'a> {
    outcome: &'a Outcome<'a>,
    child: &'a ChildWithout,
    /// Where the family's latest period stands; none for one without a decision.
    status: Option<&'static str>,
    named: Person<'a>,
}

impl OfPerson for ChildWithoutRow<'_> {
    fn person(&self) -> Person<'_> {
        self.named
    }
}

/// A row of `pupils_unmatched`.
pub struct PupilRow<'a> {
    outcome: &'a Outcome<'a>,
    pupil: &'a NobodysPupil,
}

/// The table `children_unmatched`.
pub fn children<'a>() -> Table<ChildWithoutRow<'a>> {
    let table = Table::<ChildWithoutRow<'a>>::of("children_unmatched", "A row a child of school age of whom there is no record at all in one or more of the latest terms, sorted by case and child.")
        .column("case_id", Text, |row| (&row.child.case_id).into())
        .about("the case that names the family's latest period")
        .column("period", Text, |row| if row.child.is_open { "open" } else { "closed" }.into())
        .about("whether that is `open` or `closed`")
        .column("status", Text, |row| row.status.into())
        .about("its status, as in `decisions`")
        .column("family_id", Text, |row| (&row.child.family_id).into())
        .about("the family")
        .column("person_id", Text, |row| (&row.child.person_id).into())
        .about("the child")
        .column("upn", Text, |row| row.child.upn.as_ref().into())
        .about("the child's UPN")
        .column("terms", List("; "), |row| terms(row.outcome, &row.child.terms))
        .about("the terms without any record")
        .column("likeliest_reason", Text, |row| row.child.why.word().into())
        .about("see below")
        .column("nearest_person_id", Text, |row| row.child.nearest.as_ref().and_then(|pupil| pupil.person_id.as_ref()).into())
        .about("the pupil in the files who is named nearly the same, for `other_spelling`")
        .column("nearest_upn", Text, |row| row.child.nearest.as_ref().and_then(|pupil| pupil.upn.as_ref()).into())
        .about("that pupil's UPN")
        .column("what_to_do", Text, |row| row.child.why.what_to_do().into())
        .about("in a sentence");
    with_names(table)
}

/// A row a child without attendance.
pub fn child_rows<'a>(outcome: &'a Outcome<'a>, people: &'a People<'a>) -> impl Iterator<Item = ChildWithoutRow<'a>> {
    let statuses: FxHashMap<_, _> =
        outcome.decisions.iter().map(|decision| (&decision.case_id, decision.status.word())).collect();
    let row = move |child: &'a ChildWithout| {
        let status = statuses.get(&child.case_id).copied();
        let named = people.person(&child.family_id, &child.person_id);
        ChildWithoutRow { outcome, child, status, named }
    };
    outcome.unmatched.children.iter().map(row)
}

/// The table `pupils_unmatched`.
pub fn pupils<'a>() -> Table<PupilRow<'a>> {
    Table::<PupilRow<'a>>::of("pupils_unmatched", "A row a pupil in the attendance files whom no family has, by identifier.")
        .column("person_id", Text, |row| row.pupil.pupil.person_id.as_ref().into())
        .about("the pupil, as the files name it")
        .column("upn", Text, |row| row.pupil.pupil.upn.as_ref().into())
        .about("the pupil's UPN")
        .column("terms", List("; "), |row| terms(row.outcome, &row.pupil.terms))
        .about("the terms of which there is a record")
        .column("likeliest_reason", Text, |row| row.pupil.why.word().into())
        .about("`other_spelling` (a child without attendance is named nearly the same), `temporary_upn`, `upn_check_letter`, or `no_family_has_the_pupil`, as is usual where files hold whole schools")
        .column("nearest_person_id", Text, |row| row.pupil.nearest.as_ref().into())
        .about("the child who is named nearly the same")
}

/// A row a pupil whom no family has.
pub fn pupil_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = PupilRow<'a>> {
    outcome.unmatched.pupils.iter().map(move |pupil| PupilRow { outcome, pupil })
}

fn terms(outcome: &Outcome<'_>, terms: &[TermIndex]) -> Cell<'static> {
    terms.iter().map(|term| outcome.rules.calendar.term(*term).to_string()).collect()
}
