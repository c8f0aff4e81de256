//! Agreements that can have no effect, or another one than was perhaps meant.

use super::known_cases::KnownCases;
use super::rows::{Agreement, Case, PersonRow};
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::rules::Rules;
use crate::rules::name::RuleName;
use rustc_hash::{FxHashMap, FxHashSet};

/// Says which agreements can have no effect, or another one than was perhaps meant.
pub fn check_agreements(
    agreements: &[Agreement],
    (cases, rows_of_cases): (&KnownCases, &[Case]),
    people: Option<&[PersonRow]>,
    rules: &Rules,
    findings: &mut Findings,
) {
    let named: FxHashSet<&PersonId> = agreements.iter().filter_map(|agreement| agreement.person_id.as_ref()).collect();
    let in_family: FxHashSet<(&PersonId, &FamilyId)> = people
        .into_iter()
        .flatten()
        .map(|person| (&person.person_id, &person.family_id))
        .filter(|(person, _)| named.contains(person))
        .collect();
    let persons: FxHashSet<&PersonId> = in_family.iter().map(|(person, _)| *person).collect();
    let family_of: FxHashMap<&CaseId, &FamilyId> = if agreements.is_empty() {
        FxHashMap::default()
    } else {
        rows_of_cases.iter().map(|case| (&case.case_id, &case.family_id)).collect()
    };
    for agreement in agreements {
        let mut warn = |column: &str, value: &str, code: FindingCode, message: String| {
            findings.add(Finding::at(code, &agreement.place, column, value, message).about(&agreement.case_id));
        };
        let case = agreement.case_id.as_str();
        if !cases.exists(&agreement.case_id) {
            let message = format!("there is no case {case} in the cases table; the agreement has no effect.");
            warn("case_id", case, FindingCode::AgreementWithoutCase, message);
        }
        if !agreement.rule.can_be_agreed() {
            let message = format!("nobody can agree on {}; the agreement has no effect.", agreement.rule);
            warn("rule", agreement.rule.word(), FindingCode::CannotBeAgreed, message);
        }
        if agreement.person_id.is_none() && agreement.term.is_some() {
            let message =
                "the agreement names a term and no person: it is read as an answer on the whole rule.".to_owned();
            warn("person_id", "", FindingCode::AgreementWithoutPerson, message);
        }
        let on_a_child = agreement.rule == RuleName::Attendance && agreement.person_id.is_some();
        if let Some((year, term)) = &agreement.term
            && on_a_child
            && rules.calendar.named(year, term).is_none()
        {
            let message = format!("the calendar in use has no term {term} {year}; the agreement changes nothing.");
            warn("term", term, FindingCode::AgreementOnNothing, message);
        }
        if let Some(person) =
            agreement.person_id.as_ref().filter(|person| on_a_child && people.is_some() && !persons.contains(person))
        {
            let message = format!("nobody in the people table is {person}; the agreement changes nothing.");
            warn("person_id", person.as_str(), FindingCode::AgreementOnNothing, message);
        }
        let family = family_of.get(&agreement.case_id).copied();
        let is_of_another = |person: &&PersonId| {
            persons.contains(*person) && family.is_some_and(|family| !in_family.contains(&(*person, family)))
        };
        if let Some(person) = agreement.person_id.as_ref().filter(|_| on_a_child).filter(is_of_another) {
            let message = format!(
                "{person} is in the people table and not in the family of the case {case}; the agreement changes nothing."
            );
            warn("person_id", person.as_str(), FindingCode::AgreementOnNothing, message);
        }
        if let Some(until) = agreement.until.filter(|until| *until < agreement.agreed_on) {
            let message = format!("the agreement ends on {until}, before it begins on {}.", agreement.agreed_on);
            warn("until", &until.to_string(), FindingCode::AgreementNeverInForce, message);
        }
    }
}
