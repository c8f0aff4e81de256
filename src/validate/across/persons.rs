//! People who cannot be as they stand, needs of nobody, and families of nobody.

use super::known::{Known, Together, column_of, which};
use crate::dates::{Date, is_under_18, school_age};
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{FamilyId, PersonId};
use crate::load::tables::TableName;
use crate::validate::rows::{Case, Role};
use crate::words::counted;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) fn check(known: &Known<'_>, findings: &mut Findings) {
    let until = known.as_at.max(latest_day(known));
    births(known, until, findings);
    roles(known, until, findings);
    // Without a table of people nobody is anybody's: that the table is missing is said once.
    if let Some(people) = &known.register.people {
        let held = known.register.held.iter().filter(|held| held.table == TableName::People);
        let in_doubt: FxHashSet<&FamilyId> = held.filter_map(|held| held.family.as_ref()).collect();
        needs_of_nobody(
            known,
            &in_doubt,
            people.iter().map(|row| (&row.family_id, &row.person_id)).collect(),
            findings,
        );
        families_of_nobody(known, &in_doubt, findings);
    }
}

fn births(known: &Known<'_>, until: Date, findings: &mut Findings) {
    for person in &known.people {
        let Some(born) = person.date_of_birth else { continue };
        if born <= until {
            continue;
        }
        let message = format!(
            "the person was born on {born}, after the as-at date and every day on which the data has something."
        );
        let finding = Finding::at(FindingCode::BirthDateUnlikely, &person.place, "date_of_birth", born, message);
        findings.add(finding.about(&person.person_id));
    }
}

/// The latest day on which something is on record. At a past as-at date a child born later is no mistake, but one born
/// after everything else is.
fn latest_day(known: &Known<'_>) -> Date {
    let register = known.register;
    let cases = register.cases.iter().flat_map(|case| [Some(case.opened_on), case.closed_on]);
    let needs = register.needs.iter().flat_map(|need| [need.identified_on, need.outcome_on, need.relapsed_on]);
    let claims = register.claims.iter().flatten().flat_map(|claim| [Some(claim.submitted_on), claim.decided_on]);
    cases.chain(needs).chain(claims).flatten().max().unwrap_or(known.as_at)
}

/// `until` is the day of the records: a role says what the person is now, not at a past as-at date.
fn roles(known: &Known<'_>, until: Date, findings: &mut Findings) {
    let open: FxHashSet<&FamilyId> =
        known.cases.iter().filter(|case| known.is_open(case)).map(|case| &case.family_id).collect();
    let mut grown = Together::default();
    for person in known.people.iter().filter(|person| person.is_member_at(known.as_at)) {
        let Some(born) = person.date_of_birth else { continue };
        match person.role {
            Some(Role::Adult) if school_age(born).covers(until) => {
                let message =
                    format!("the role is adult, and the person, born on {born}, is of compulsory school age.");
                let finding = Finding::at(FindingCode::AdultOfSchoolAge, &person.place, "role", "adult", message);
                findings.add(finding.about(&person.person_id));
            }
            Some(Role::Child) if !is_under_18(born, known.as_at) && open.contains(&person.family_id) => {
                grown.add(&person.place, "role", "child", || format!("{} was born on {born}", person.person_id));
            }
            _ => {}
        }
    }
    grown.tell(FindingCode::ChildNowAdult, findings, |people| {
        let what =
            counted(people, "member of a family with an open case is", "members of families with an open case are");
        format!("{what} 18 or older with the role child")
    });
}

fn needs_of_nobody(
    known: &Known<'_>,
    in_doubt: &FxHashSet<&FamilyId>,
    listed: FxHashSet<(&FamilyId, &PersonId)>,
    findings: &mut Findings,
) {
    for (need, case) in &known.needs {
        let Some(person) = &need.person_id else { continue };
        if !listed.contains(&(&case.family_id, person)) && !in_doubt.contains(&case.family_id) {
            let message = format!(
                "the need is of {person}, and no row of people has {person} in family {}, whose case {} is ({}).{}",
                case.family_id,
                case.case_id,
                case.place,
                which(need)
            );
            let column = column_of(need, "person_id");
            let finding = Finding::at(FindingCode::NeedOfNobody, &need.place, column, person, message);
            findings.add(finding.about(&case.case_id));
        }
    }
}

fn families_of_nobody(known: &Known<'_>, in_doubt: &FxHashSet<&FamilyId>, findings: &mut Findings) {
    let somebody: FxHashSet<&FamilyId> = known.people.iter().map(|person| &person.family_id).collect();
    let mut latest: FxHashMap<&FamilyId, &Case> = FxHashMap::default();
    for case in &known.cases {
        if somebody.contains(&case.family_id) || in_doubt.contains(&case.family_id) {
            continue;
        }
        let last = latest.entry(&case.family_id).or_insert(case);
        if (last.opened_on, &last.case_id) < (case.opened_on, &case.case_id) {
            *last = case;
        }
    }
    for (family, case) in latest {
        let message = format!(
            "family {family} (latest case {}) has nobody in the people table, so nobody can tell whether it has a dependent child.",
            case.case_id
        );
        let finding = Finding::at(FindingCode::CaseWithoutPeople, &case.place, "family_id", family, message);
        findings.add(finding.about(&case.case_id));
    }
}
