//! `children_unmatched.csv` and `pupils_unmatched.csv`: children of school age without any record in some of the latest
//! terms, with the family's latest period, and pupils in the attendance files whom no family has; each with the likeliest
//! reason.

use crate::ids::{PersonId, Upn};
use crate::rules::calendar::TermIndex;
use crate::run::Outcome;
use crate::validate::registers::Pupil;
use rustc_hash::FxHashMap;

/// The columns of `children_unmatched.csv`, in order.
pub const CHILD_COLUMNS: [&str; 11] = [
    "case_id",
    "period",
    "status",
    "family_id",
    "person_id",
    "upn",
    "terms",
    "likeliest_reason",
    "nearest_person_id",
    "nearest_upn",
    "what_to_do",
];

/// The columns of `pupils_unmatched.csv`, in order.
pub const PUPIL_COLUMNS: [&str; 5] = ["person_id", "upn", "terms", "likeliest_reason", "nearest_person_id"];

/// A row a child without attendance.
pub fn child_rows<'a>(outcome: &'a Outcome<'_>) -> impl Iterator<Item = Vec<String>> + 'a {
    let statuses: FxHashMap<_, _> =
        outcome.decisions.iter().map(|decision| (&decision.case_id, decision.status.word())).collect();
    outcome.unmatched.children.iter().map(move |child| {
        let [nearest_id, nearest_upn] = child.nearest.as_ref().map(named).unwrap_or_default();
        vec![
            child.case_id.to_string(),
            if child.is_open { "open" } else { "closed" }.to_owned(),
            statuses.get(&child.case_id).copied().unwrap_or_default().to_owned(),
            child.family_id.to_string(),
            child.person_id.to_string(),
            child.upn.as_ref().map(Upn::to_string).unwrap_or_default(),
            terms(outcome, &child.terms),
            child.why.word().to_owned(),
            nearest_id,
            nearest_upn,
            child.why.what_to_do().to_owned(),
        ]
    })
}

/// A row a pupil whom no family has.
pub fn pupil_rows<'a>(outcome: &'a Outcome<'_>) -> impl Iterator<Item = Vec<String>> + 'a {
    outcome.unmatched.pupils.iter().map(|pupil| {
        let [person_id, upn] = named(&pupil.pupil);
        vec![
            person_id,
            upn,
            terms(outcome, &pupil.terms),
            pupil.why.word().to_owned(),
            pupil.nearest.as_ref().map(PersonId::to_string).unwrap_or_default(),
        ]
    })
}

fn named(pupil: &Pupil) -> [String; 2] {
    [
        pupil.person_id.as_ref().map(PersonId::to_string).unwrap_or_default(),
        pupil.upn.as_ref().map(Upn::to_string).unwrap_or_default(),
    ]
}

fn terms(outcome: &Outcome<'_>, terms: &[TermIndex]) -> String {
    let names: Vec<String> = terms.iter().map(|term| outcome.rules.calendar.term(*term).to_string()).collect();
    names.join("; ")
}
