//! People who may be one, one person who may be two, families that share people, and claims for another family's case.
//! It stands here because links are known here: where families are linked by a restricted row, neither side may be
//! named, so that there is only a number of what was found, without a row, a value or an id.

use super::families::How;
use super::{FamilyIndex, Linked};
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::validate::rows::{Case, PersonRow};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// How many others a message names; the rest is counted.
const NAMED: usize = 5;

/// What is odd about who is who.
pub fn findings(linked: &Linked) -> Findings {
    let mut findings = Findings::default();
    upns(linked, &mut findings);
    births(linked, &mut findings);
    families(linked, &mut findings);
    claims(linked, &mut findings);
    findings
}

/// A row of people with its family.
type Row<'a> = (FamilyIndex, &'a PersonRow);

fn rows(linked: &Linked) -> impl Iterator<Item = Row<'_>> {
    linked.families.numbered().flat_map(|(index, family)| family.listed.iter().map(move |row| (index, row)))
}

/// The rows of each key of which not all rows have the same value. Nearly all do, so that only the others are gathered.
fn differing<'a, K: Copy + Ord + Hash, V: PartialEq>(
    linked: &'a Linked,
    of: impl Fn(&'a PersonRow) -> Option<(K, V)>,
) -> BTreeMap<K, Vec<Row<'a>>> {
    let mut first: FxHashMap<K, V> = FxHashMap::default();
    let mut differing: BTreeMap<K, Vec<Row<'a>>> = BTreeMap::new();
    for (key, value) in rows(linked).filter_map(|(_, row)| of(row)) {
        match first.get(&key) {
            Some(first) if *first != value => {
                differing.entry(key).or_default();
            }
            Some(_) => {}
            None => {
                first.insert(key, value);
            }
        }
    }
    for (family, row) in rows(linked) {
        if let Some(rows) = of(row).and_then(|(key, _)| differing.get_mut(&key)) {
            rows.push((family, row));
        }
    }
    differing
}

/// Whether any two of these families must not be named to each other.
fn any_hidden(linked: &Linked, rows: &[Row<'_>]) -> bool {
    let of: BTreeSet<FamilyIndex> = rows.iter().map(|(family, _)| *family).collect();
    of.iter().any(|family| linked.families[*family].links.iter().any(|link| link.hidden && of.contains(&link.family)))
}

fn listed(mut all: Vec<String>) -> String {
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", all.join(", "))
}

/// Says how often something was found that must not be named.
fn unnamed(code: FindingCode, times: usize, what: &str, findings: &mut Findings) {
    if times > 0 {
        let often = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        findings.say(code, format!("{what}, found {often} across a restricted link, where nobody is named."));
    }
}

/// One UPN of two `person_id`s. Former UPNs are left alone: they lead from a child to who it was before.
fn upns(linked: &Linked, findings: &mut Findings) {
    let mut hidden = 0;
    for (upn, group) in &differing(linked, |row| Some((row.upn.as_ref()?, &row.person_id))) {
        let people: BTreeSet<&PersonId> = group.iter().map(|(_, row)| &row.person_id).collect();
        if any_hidden(linked, group) {
            hidden += 1;
            continue;
        }
        // Once a person, at the person's first row.
        for person in &people {
            let Some(place) = group.iter().filter(|(_, r)| r.person_id == **person).map(|(_, r)| &r.place).min() else {
                continue;
            };
            let mut others: Vec<&PersonRow> =
                group.iter().map(|(_, row)| *row).filter(|row| row.person_id != **person).collect();
            others.sort_by_key(|row| &row.place);
            let others = others.into_iter().map(|row| format!("{} ({})", row.person_id, row.place)).collect();
            let message = format!("the UPN {upn} of {person} is also that of {}.", listed(others));
            findings.add(Finding::at(FindingCode::UpnOfTwoPeople, place, "upn", upn, message).about(person));
        }
    }
    unnamed(FindingCode::UpnOfTwoPeople, hidden, "one UPN of two people", findings);
}

/// One `person_id` with two birth dates.
fn births(linked: &Linked, findings: &mut Findings) {
    let mut hidden = 0;
    for (person, mut group) in differing(linked, |row| Some((&row.person_id, row.date_of_birth?))) {
        if any_hidden(linked, &group) {
            hidden += 1;
            continue;
        }
        group.sort_by_key(|(_, row)| &row.place);
        let Some(((_, first), others)) = group.split_first() else { continue };
        let born = |row: &PersonRow| row.date_of_birth.map(|day| day.to_string()).unwrap_or_default();
        let others = others
            .iter()
            .filter(|(_, row)| row.date_of_birth != first.date_of_birth)
            .map(|(_, row)| format!("on {} in family {} ({})", born(row), row.family_id, row.place))
            .collect();
        let message =
            format!("{person} was born on {} in family {}, and {}.", born(first), first.family_id, listed(others));
        let column = "date_of_birth";
        findings.add(Finding::at(FindingCode::TwoBirthDates, &first.place, column, born(first), message).about(person));
    }
    unnamed(FindingCode::TwoBirthDates, hidden, "one person with two birth dates", findings);
}

/// The record of a finding about two families: both ids, the lower one first. A third family makes findings of its own,
/// which a confirmation of these two does not cover.
pub fn record_of_pair(one: &FamilyId, other: &FamilyId) -> String {
    format!("{};{}", one.min(other), one.max(other))
}

/// Families that share a person, once a pair: those of which one has a period of support, and the other a period or a claim.
fn families(linked: &Linked, findings: &mut Findings) {
    let mut hidden = 0;
    for (position, family) in linked.families.numbered() {
        for link in family.links.iter().filter(|link| link.family > position) {
            let other = &linked.families[link.family];
            let supported = [family, other].map(|family| !family.periods.is_empty());
            let matters = [family, other].map(|family| !family.periods.is_empty() || !family.claims.is_empty());
            if !supported.contains(&true) || matters.contains(&false) {
                continue;
            }
            if link.hidden {
                hidden += 1;
                continue;
            }
            // That one and the same person has the same UPN and names need not be said.
            let same: BTreeSet<&PersonId> =
                link.how.iter().filter(|(how, _)| *how == How::SamePerson).map(|(_, person)| person).collect();
            let how = link.how.iter().filter(|(how, person)| *how == How::SamePerson || !same.contains(person));
            let how = how.map(|(how, person)| format!("{} ({person})", how.words())).collect();
            let Some((_, person)) = link.how.first() else { continue };
            let row = family.listed.iter().filter(|row| row.person_id == *person).min_by_key(|row| &row.place);
            let Some(row) = row else { continue };
            let shared: BTreeSet<&PersonId> = link.how.iter().map(|(_, person)| person).collect();
            let there = other.listed.iter().filter(|row| shared.contains(&row.person_id)).map(|row| &row.place).min();
            let message = format!(
                "families {} and {} share {}{}.",
                family.id,
                other.id,
                listed(how),
                there.map(|place| format!("; see {place}")).unwrap_or_default()
            );
            let finding = Finding::at(FindingCode::FamiliesSharePeople, &row.place, "person_id", person, message);
            findings.add(finding.about(record_of_pair(&family.id, &other.id)));
        }
    }
    unnamed(FindingCode::FamiliesSharePeople, hidden, "two families that share a person", findings);
}

/// Claims of one family that name a case of another.
fn claims(linked: &Linked, findings: &mut Findings) {
    let cases = linked.periods.iter().flat_map(|period| &period.cases);
    let case_of: FxHashMap<&CaseId, &Case> = cases.map(|case| (&case.case_id, case)).collect();
    let mut hidden = 0;
    let all = linked.families.iter().flat_map(|family| family.claims.iter().map(move |claim| (family, claim)));
    for (family, claim) in all {
        let named = claim.case_id.as_ref().and_then(|case| case_of.get(case));
        let Some(case) = named.filter(|case| case.family_id != family.id) else { continue };
        if family.must_not_name(&case.family_id, &linked.families) {
            hidden += 1;
            continue;
        }
        let message = format!(
            "the claim is of family {}, and {}, which it names, is a case of family {} ({}).",
            family.id, case.case_id, case.family_id, case.place
        );
        let finding = Finding::at(FindingCode::ClaimOfAnotherFamily, &claim.place, "case_id", &case.case_id, message);
        findings.add(finding.about(&claim.claim_id));
    }
    unnamed(FindingCode::ClaimOfAnotherFamily, hidden, "a claim that names a case of another family", findings);
}
