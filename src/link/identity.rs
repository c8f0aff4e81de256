//! People who may be one, one person who may be two, families that share people, and claims for another family's case.
//! It stands here because links are known here: where families are linked by a restricted row, neither side may be
//! named, so that there is only a number of what was found, without a row, a value or an id.

use super::family::{Family, FamilyIndex, How, LinkGroup, VeilIndex};
use super::linked::{Linked, VisibleLink};
use crate::dates::Date;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, PersonId, folded_name};
use crate::place::Place;
use crate::validate::rows::{Case, Claim, PersonRow};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// How many others a message names; the rest is counted.
const NAMED: usize = 5;

/// What is odd about who is who.
pub fn findings(linked: &Linked) -> Findings {
    let mut findings = Findings::default();
    upns(linked, &mut findings);
    twice_in_a_family(linked, &mut findings);
    births(linked, &mut findings);
    families(linked, &mut findings);
    under_other_ids(linked, &mut findings);
    everybody_left(linked, &mut findings);
    claims(linked, &mut findings);
    findings
}

/// A row of people with its family.
type Listed<'a> = (FamilyIndex, &'a PersonRow);

fn rows(linked: &Linked) -> impl Iterator<Item = Listed<'_>> {
    linked.families.numbered().flat_map(|(index, family)| family.listed.iter().map(move |row| (index, row)))
}

/// The rows of each key of which not all rows have the same value. Nearly all do, so that only the others are gathered.
fn differing<'a, K: Copy + Ord + Hash, V: PartialEq>(
    linked: &'a Linked,
    of: impl Fn(&'a PersonRow) -> Option<(K, V)>,
) -> BTreeMap<K, Vec<Listed<'a>>> {
    let rows_of_all = linked.families.iter().map(|family| family.listed.len()).sum();
    let mut first: FxHashMap<K, V> = FxHashMap::with_capacity_and_hasher(rows_of_all, FxBuildHasher);
    let mut differing: BTreeMap<K, Vec<Listed<'a>>> = BTreeMap::new();
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
    if differing.is_empty() {
        return differing;
    }
    for (family, row) in rows(linked) {
        if let Some(rows) = of(row).and_then(|(key, _)| differing.get_mut(&key)) {
            rows.push((family, row));
        }
    }
    differing
}

/// Whether any two of these families must not be named to each other.
fn any_hidden(linked: &Linked, rows: &[Listed<'_>]) -> bool {
    any_veiled(linked, rows.iter().map(|(family, _)| *family).collect())
}

/// Whether any two of these families must not be named to each other.
fn any_veiled(linked: &Linked, families: BTreeSet<FamilyIndex>) -> bool {
    let mut seen: FxHashSet<VeilIndex> = FxHashSet::default();
    families.iter().any(|family| linked.families[*family].veils.iter().any(|veil| !seen.insert(*veil)))
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
        findings.say(code, format!("{what}, found {often} where a record is restricted, so that nobody is named here. Ask somebody who may see the restricted records."));
    }
}

/// One UPN of two `person_id`s. Former UPNs are left alone: they lead from a child to who it was before.
fn upns(linked: &Linked, findings: &mut Findings) {
    let mut hidden = 0;
    for (upn, group) in &differing(linked, |row| Some((row.upn.as_ref()?, &row.person_id))) {
        if any_hidden(linked, group) {
            hidden += 1;
            continue;
        }
        // Each person at its first row; the group is told of once, at the first of them.
        let mut first: BTreeMap<&PersonId, &PersonRow> = BTreeMap::new();
        for (_, row) in group {
            let known = first.entry(&row.person_id).or_insert(row);
            if row.place < known.place {
                *known = row;
            }
        }
        let record = record_of(first.keys().map(|person| person.as_str()));
        let mut people: Vec<&PersonRow> = first.into_values().collect();
        people.sort_by_key(|row| &row.place);
        let Some((one, others)) = people.split_first() else { continue };
        let others = others.iter().map(|row| format!("{} ({})", row.person_id, row.place)).collect();
        let message = format!("the UPN {upn} of {} is also that of {}.", one.person_id, listed(others));
        findings.add(Finding::at(FindingCode::UpnOfTwoPeople, &one.place, "upn", upn, message).about(record));
    }
    unnamed(FindingCode::UpnOfTwoPeople, hidden, "one UPN of two people", findings);
}

/// Two `person_id`s of one family with the same names and birth date: one person entered twice, most likely. Only families
/// with a period of support are looked at.
fn twice_in_a_family(linked: &Linked, findings: &mut Findings) {
    let folded = |name: &Option<String>| name.as_deref().map(folded_name).filter(|name| !name.is_empty());
    let mut hidden = 0;
    for family in linked.families.iter().filter(|family| !family.periods.is_empty()) {
        let mut alike: BTreeMap<(String, String, Date), BTreeMap<&PersonId, &PersonRow>> = BTreeMap::new();
        for row in &family.listed {
            let names = folded(&row.first_name).zip(folded(&row.last_name));
            let Some(((first, last), born)) = names.zip(row.date_of_birth) else { continue };
            let known = alike.entry((first, last, born)).or_default().entry(&row.person_id).or_insert(row);
            if row.place < known.place {
                *known = row;
            }
        }
        for people in alike.into_values().filter(|people| people.len() > 1) {
            // One of them may be restricted in another family, to which the names of the other would lead.
            if family.has_hidden_link() && people.values().any(|row| linked.protected.covers(row)) {
                hidden += 1;
                continue;
            }
            let record = record_of(people.keys().map(|person| person.as_str()));
            let mut rows: Vec<&PersonRow> = people.into_values().collect();
            rows.sort_by_key(|row| &row.place);
            let Some((one, others)) = rows.split_first() else { continue };
            let (verb, others): (&str, Vec<String>) = (
                if others.len() == 1 { "has" } else { "have" },
                others.iter().map(|row| format!("{} ({})", row.person_id, row.place)).collect(),
            );
            let message = format!(
                "{} {verb} the same names and birth date as {} of the same family: they may be one person.",
                listed(others),
                one.person_id
            );
            let finding =
                Finding::at(FindingCode::PersonTwiceInFamily, &one.place, "person_id", &one.person_id, message);
            findings.add(finding.about(record));
        }
    }
    unnamed(
        FindingCode::PersonTwiceInFamily,
        hidden,
        "two people of a family with the same names and birth date",
        findings,
    );
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

/// The record of a finding about several ids: the first of them in order, and how many there are beside them. With another
/// id it is another record, which a confirmation of these does not cover.
pub fn record_of<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let more = ids.len().saturating_sub(NAMED);
    ids.truncate(NAMED);
    if more > 0 { format!("{};and {more} more", ids.join(";")) } else { ids.join(";") }
}

/// Families that may be one, once a group: those of which one has a period of support, and another a period, a claim or a case that
/// could not be read.
fn families(linked: &Linked, findings: &mut Findings) {
    let mut hidden = 0;
    let mut together: BTreeMap<Vec<FamilyIndex>, Vec<&LinkGroup>> = BTreeMap::new();
    for group in &linked.groups {
        let matters = |family: &FamilyIndex| {
            let family = &linked.families[*family];
            !family.periods.is_empty() || !family.claims.is_empty() || !family.held_cases.is_empty()
        };
        let families: Vec<FamilyIndex> = group.families.iter().map(|(family, _)| *family).filter(matters).collect();
        if families.len() > 1 && families.iter().any(|family| !linked.families[*family].periods.is_empty()) {
            together.entry(families).or_default().push(group);
        }
    }
    for (mut families, groups) in together {
        if groups.iter().any(|group| group.hidden) || any_veiled(linked, families.iter().copied().collect()) {
            hidden += 1;
            continue;
        }
        // In the order of their rows, so that other ids would say the same.
        families.sort_by_cached_key(|family| (first_row(linked, &linked.families[*family]), *family));
        let Some((first, others)) = families.split_first() else { continue };
        let (first, second) = (&linked.families[*first], others.first().map(|other| &linked.families[*other]));
        let ids: Vec<String> = families.iter().map(|family| linked.families[*family].id.to_string()).collect();
        let record = record_of(ids.iter().map(String::as_str));
        let link = VisibleLink {
            family: &first.id,
            how: groups.iter().map(|group| (group.how, person(linked, group, first))).collect(),
        };
        let named = if ids.len() > 2 { listed(ids) } else { ids.join(" and ") };
        let shared: BTreeSet<&PersonId> = link.how.iter().filter_map(|(_, person)| *person).collect();
        let row = |family: &'_ Family| {
            let rows = family.listed.iter().filter(|row| shared.contains(&row.person_id));
            rows.min_by_key(|row| &row.place).map(|row| (row.person_id.to_string(), row.place.clone()))
        };
        let case = || {
            let used = first.periods.iter().flat_map(|period| &linked.periods[*period].cases).map(|case| &case.place);
            used.chain(&first.held_cases).min().cloned()
        };
        let alike = groups.iter().all(|group| group.how == How::IdsNearlyAlike);
        let there = second.and_then(row).map(|(_, place)| format!("; see {place}")).unwrap_or_default();
        let finding = if alike {
            let Some(place) = case() else { continue };
            let message = format!("families {named} have cases, and ids that are nearly alike: they may be one.");
            Finding::at(FindingCode::IdsNearlyAlike, &place, "family_id", &first.id, message)
        } else {
            let message = format!("families {named} share {}{there}.", listed(link.words()));
            let of_a_person = row(first).map(|(person, place)| ("person_id", person, place));
            let of_a_case = || case().map(|place| ("family_id", first.id.to_string(), place));
            let Some((column, value, place)) = of_a_person.or_else(of_a_case) else { continue };
            Finding::at(FindingCode::FamiliesSharePeople, &place, column, value, message)
        };
        findings.add(finding.about(record));
    }
    unnamed(FindingCode::FamiliesSharePeople, hidden, "two families that share a person", findings);
}

/// The first row of a family, of its people or else of its cases.
fn first_row(linked: &Linked, family: &Family) -> Option<Place> {
    let cases = || family.periods.iter().flat_map(|period| &linked.periods[*period].cases).map(|case| &case.place);
    family.listed.iter().map(|row| &row.place).min().or_else(|| cases().min()).cloned()
}

fn person<'a>(linked: &Linked, group: &'a LinkGroup, family: &Family) -> Option<&'a PersonId> {
    group.person_of(linked.index_of(&family.id)?)
}

/// Rows under ids that are nearly alike to those of a family, or were its ids before: once an id, at the first row.
fn under_other_ids(linked: &Linked, findings: &mut Findings) {
    let mut said: FxHashMap<*const FamilyIndex, String> = FxHashMap::default();
    for doubts in &linked.doubts {
        let families = said.entry(doubts.families.as_ptr()).or_insert_with(|| {
            listed(doubts.families.iter().map(|family| linked.families[*family].id.to_string()).collect())
        });
        for (rows, table) in [(&doubts.people, "people"), (&doubts.claims, "claims")] {
            let Some(first) = rows.iter().find(|row| !row.hidden) else {
                unnamed(FindingCode::IdsNearlyAlike, rows.len(), "a row under another id of a family", findings);
                continue;
            };
            let more = if rows.len() > 1 { format!(" ({} rows in all)", rows.len()) } else { String::new() };
            let (code, how) = if first.is_former {
                (FindingCode::RowUnderFormerId, "is a former id of")
            } else {
                let how = "has no case known by the as-at date and is nearly alike to the id, or to a former id, of";
                (FindingCode::IdsNearlyAlike, how)
            };
            let message = format!("{table} give the family {}, which {how} {families}{more}.", first.id);
            findings.add(Finding::at(code, &first.place, "family_id", &first.id, message).about(&first.id));
        }
    }
    let mut hidden = 0;
    for family in &linked.families {
        for claim in &family.doubtful_claims {
            if linked.must_not_name(family, &claim.family_id) {
                hidden += 1;
                continue;
            }
            let case = claim.case_id.as_ref().map_or("", CaseId::as_str);
            let message = format!(
                "the claim names a case that does not exist, {case}; its id is nearly alike to that of a case of family {}, or to one that such a case had before.",
                family.id
            );
            let finding = Finding::at(FindingCode::IdsNearlyAlike, &claim.place, "case_id", case, message);
            findings.add(finding.about(&family.id));
        }
    }
    unnamed(FindingCode::IdsNearlyAlike, hidden, "a claim that names a case id nearly alike to another", findings);
}

/// Families of which everybody left on the day on which a case closed.
fn everybody_left(linked: &Linked, findings: &mut Findings) {
    for family in linked.families.iter().filter(|family| !family.periods.is_empty()) {
        let Some((day, row)) = family.all_left_on.zip(family.listed.iter().min_by_key(|row| &row.place)) else {
            continue;
        };
        let message = format!(
            "everybody of family {} left on {day}, the day on which a case closed: the end of the support was probably taken for leaving.",
            family.id
        );
        findings.add(Finding::at(FindingCode::EverybodyLeft, &row.place, "left_on", day, message).about(&family.id));
    }
}

/// Claims of one family that name a case of another.
fn claims(linked: &Linked, findings: &mut Findings) {
    let cases = linked.periods.iter().flat_map(|period| &period.cases);
    let case_of: FxHashMap<&CaseId, &Case> = cases.map(|case| (&case.case_id, case)).collect();
    let mut hidden = 0;
    let all = linked.families.iter().flat_map(|family| family.claims.iter().map(move |claim| (family, claim)));
    let of_another = all.filter_map(|(family, claim)| {
        let case = claim.case_id.as_ref().and_then(|case| case_of.get(case))?;
        (case.family_id != family.id).then_some((family, claim, *case))
    });
    let of_another: Vec<(&Family, &Claim, &Case)> = of_another.collect();
    // A claim under a former id is several families': what one of them must not learn of is not said for another.
    let must_not_name = |(family, _, case): &&(&Family, &Claim, &Case)| linked.must_not_name(family, &case.family_id);
    let not_said: FxHashSet<&Place> =
        of_another.iter().filter(must_not_name).map(|(_, claim, _)| &claim.place).collect();
    for (family, claim, case) in of_another {
        if not_said.contains(&claim.place) {
            hidden += 1;
            continue;
        }
        let message = format!(
            "the claim is for family {} but names {}, a case of family {} ({}).",
            family.id, case.case_id, case.family_id, case.place
        );
        let finding = Finding::at(FindingCode::ClaimOfAnotherFamily, &claim.place, "case_id", &case.case_id, message);
        findings.add(finding.about(&claim.claim_id));
    }
    unnamed(FindingCode::ClaimOfAnotherFamily, hidden, "a claim that names a case of another family", findings);
}
