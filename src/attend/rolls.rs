//! Adults of whom there is attendance in the terms looked at: a child may have been taken for an adult, whose attendance
//! nobody would look at, or two people for one.

use super::Attended;
use crate::dates::{Date, add_years};
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::PersonId;
use crate::link::Linked;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::validate::registers::Registers;
use crate::validate::rows::{PersonRow, Role};
use rustc_hash::FxHashSet;

/// The adults on a roll, once a person, at the row by which the person is one.
///
/// A person of 18 is left out: many are in a sixth form. So is one below that with a birth date: attendance then goes by
/// the birth date, whatever the role.
pub fn adults(linked: &Linked, attended: &Attended, registers: Option<&Registers>, rules: &Rules) -> Findings {
    let mut findings = Findings::default();
    let (Some(registers), Some(thresholds)) = (registers, &rules.pack.thresholds) else { return findings };
    let age = thresholds.roll_age_years.span();
    let mut seen: FxHashSet<&PersonId> = FxHashSet::default();
    let starts = |term: &TermIndex| rules.calendar.term(*term).span.from;
    let listed = linked.families.iter().flat_map(|family| &family.listed);
    let mut people: Vec<&PersonRow> = listed
        .filter(|person| attended.window.iter().any(|term| is_odd(person, starts(term), age)))
        .filter(|person| linked.pupils_of.contains_key(&person.person_id))
        .collect();
    people.sort_by_key(|person| &person.place);
    for person in people {
        let pupils = linked.pupils(&person.person_id);
        // The latest term that speaks for it is enough.
        let found = attended.window.iter().rev().find_map(|term| {
            let starts = rules.calendar.term(*term).span.from;
            let why = why_odd(person, starts, age)?;
            pupils.iter().any(|pupil| registers.has_records(*pupil, *term, rules, linked.as_at)).then_some((*term, why))
        });
        let Some((term, why)) = found else { continue };
        if !seen.insert(&person.person_id) {
            continue;
        }
        let message =
            format!("{why}, and there is attendance of {} in {}.", person.person_id, rules.calendar.term(term));
        let (column, value) = match person.date_of_birth {
            Some(born) if add_years(born, age) <= rules.calendar.term(term).span.from => {
                ("date_of_birth", born.to_string())
            }
            _ => ("role", "adult".to_owned()),
        };
        let finding = Finding::at(FindingCode::AdultOnRoll, &person.place, column, value, message);
        findings.add(finding.about(&person.person_id));
    }
    findings
}

/// Whether there is a reason (see [`why_odd`]).
fn is_odd(person: &PersonRow, starts: Date, age: i32) -> bool {
    match person.date_of_birth {
        Some(born) => add_years(born, age) <= starts,
        None => person.role == Some(Role::Adult),
    }
}

/// Why the person is not expected on a school's roll in a term that starts on this day.
fn why_odd(person: &PersonRow, starts: Date, age: i32) -> Option<String> {
    match (person.date_of_birth, person.role) {
        (Some(born), _) if add_years(born, age) <= starts => {
            Some(format!("the person, born on {born}, was {age} or older"))
        }
        (None, Some(Role::Adult)) => Some("the role is adult, without a birth date".to_owned()),
        _ => None,
    }
}
