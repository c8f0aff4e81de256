//! What is said of attendance that cannot be relied on, once all children have been judged: birth dates that attendance
//! contradicts, figures that cannot be right, marks that say nothing, records that may be of several people, and sessions
//! outside the terms on which a verdict would hang.

use super::super::facts::Facts;
use super::super::members::{Born, birth_date, members};
use super::child::{Child, ChildTerm, share_words};
use super::percent;
use crate::attend::marks::Counting;
use crate::attend::{PercentGiven, TermRecords, Trouble, outside};
use crate::evaluate::ruling::Verdict;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::PersonId;
use crate::link::Linked;
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::parameters::Basis;
use crate::validate::registers::{PupilIndex, Registers};
use crate::validate::rows::PersonRow;
use crate::words::counted;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// How many people a message names; the rest is counted.
const NAMED: usize = 5;

/// The findings. `judged` are all periods with their children; of `restricted` persons nobody is named beside another.
pub fn findings<'a>(
    judged: impl Iterator<Item = (Facts<'a>, &'a [Child])>,
    registers: Option<&Registers>,
    restricted: &FxHashSet<&PersonId>,
) -> Findings {
    let mut findings = Findings::default();
    let mut said: FxHashSet<Place> = FxHashSet::default();
    let mut seen: FxHashSet<(&PersonId, TermIndex)> = FxHashSet::default();
    let mut without_meaning: BTreeMap<&PersonId, usize> = BTreeMap::new();
    let mut outside_terms: BTreeMap<TermIndex, BTreeSet<&PersonId>> = BTreeMap::new();
    let mut counting: Option<Counting> = None;
    let mut last: Option<Facts<'a>> = None;
    for (facts, children) in judged {
        last = Some(facts);
        let as_at = facts.as_at();
        let is_contradicted =
            |row: &PersonRow| matches!(birth_date(row, facts.attended, facts.rules, as_at), Born::Contradicted(..));
        let any_contradicted = facts.family.there(as_at).any(is_contradicted);
        for member in if any_contradicted { members(facts) } else { Vec::new() } {
            let Born::Contradicted(born, why) = &member.born else { continue };
            if said.insert(member.row.place.clone()) {
                let message = format!("{why}: the birth date of {} counts as missing.", member.row.person_id);
                let (code, place) = (FindingCode::BirthDateContradicted, &member.row.place);
                let finding = Finding::at(code, place, "date_of_birth", born, message);
                findings.add(finding.about(&member.row.person_id));
            }
        }
        for (child, term) in children.iter().flat_map(|child| child.terms.iter().map(move |term| (child, term))) {
            if !seen.insert((&child.person_id, term.term)) {
                continue;
            }
            of_term(facts, registers, child, term, &mut findings);
            let Some(records) = facts.attended.of(&child.person_id, term.term) else { continue };
            if records.without_meaning > 0 {
                *without_meaning.entry(&child.person_id).or_default() += records.without_meaning;
            }
            if let Some(registers) = registers.filter(|_| records.from_marks && term.verdict == Verdict::Met) {
                let counting = counting.get_or_insert_with(|| Counting::of(registers, facts.rules));
                let Some(settled) = records.settled else { continue };
                let sessions = [(term.term, settled.least, true)];
                if outside::decides(facts.linked, &child.person_id, &sessions, (registers, counting), facts.rules) {
                    outside_terms.entry(term.term).or_default().insert(&child.person_id);
                }
            }
        }
        let together = facts.parameters().basis == Basis::Combined;
        for child in children.iter().filter(|child| together && child.verdict == Verdict::Met) {
            let of_term = |term: &ChildTerm| {
                let records = facts.attended.of(&child.person_id, term.term)?;
                Some((term.term, records.settled?.least, records.from_marks))
            };
            let sessions: Vec<_> = child.terms.iter().filter_map(of_term).collect();
            let Some(registers) = registers.filter(|_| sessions.iter().any(|(.., from_marks)| *from_marks)) else {
                continue;
            };
            let counting = counting.get_or_insert_with(|| Counting::of(registers, facts.rules));
            if outside::decides(facts.linked, &child.person_id, &sessions, (registers, counting), facts.rules) {
                for (term, ..) in sessions.iter().filter(|(.., from_marks)| *from_marks) {
                    outside_terms.entry(*term).or_default().insert(&child.person_id);
                }
            }
        }
    }
    if let Some(facts) = last {
        say_without_meaning(&without_meaning, restricted, &mut findings);
        say_outside(facts.rules, &outside_terms, restricted, &mut findings);
        if let Some(registers) = registers {
            say_in_doubt(facts.linked, registers, restricted, &mut findings);
        }
    }
    findings
}

/// What cannot be right in one child's term.
fn of_term(facts: Facts<'_>, registers: Option<&Registers>, child: &Child, term: &ChildTerm, findings: &mut Findings) {
    let name = facts.rules.calendar.term(term.term);
    let who = &child.person_id;
    let records = facts.attended.of(who, term.term);
    if let Some(Trouble::CannotBeRight(figure, place)) = records.and_then(|records| records.trouble.as_ref()) {
        let message = format!(
            "{who} has {} in {name}: no more can be attended than was possible, and no less than none, so that the term is unknown.",
            share_words(*figure)
        );
        let finding = Finding::at(FindingCode::FigureCannotBeRight, place, "attended", figure.attended, message);
        findings.add(finding.about(who));
    }
    if let Some((code, place, column)) = records.and_then(cannot_be_used) {
        let message = format!("{who} {name}: {}, so that the term is unknown.", term.because);
        findings.add(Finding::at(code, place, column, "", message).about(who));
    }
    if let Some(PercentGiven { place, percent, .. }) =
        records.and_then(|records| records.percents.first()).filter(|_| term.kind == percent::AGAINST)
    {
        let message = format!("{who} {name}: {}, so that the term is unknown.", term.because);
        let finding = Finding::at(FindingCode::PercentageAgainstSessions, place, "percent", percent, message);
        findings.add(finding.about(who));
    }
    if records.is_some_and(|records| records.settled.is_some())
        && facts.parameters().is_too_much(term.recorded, term.half_days)
    {
        let message =
            format!("{who} has {} half-days on record in {name}, which has {}.", term.recorded, term.half_days);
        let code = FindingCode::MoreThanTheTerm;
        let finding = match registers.and_then(|registers| first_figure(facts.linked, registers, who, term.term)) {
            Some((place, column, figure)) => {
                Finding::at(code, &place, column, figure.map(|figure| figure.to_string()).unwrap_or_default(), message)
            }
            // Marks are too many to keep the row of each: the child is named.
            None => Finding::at(code, &child.place, "person_id", who, message),
        };
        findings.add(finding.about(format!("{who} in {name}")));
    }
}

/// The place of the first figure of a child's term that a school gives, the column of its sessions, and what it has there.
fn first_figure(
    linked: &Linked,
    registers: &Registers,
    who: &PersonId,
    term: TermIndex,
) -> Option<(Place, &'static str, Option<i32>)> {
    let of_pupil = |pupil: &PupilIndex| {
        let totals = registers.totals_of(*pupil, term).iter().map(|total| (total.place, "possible", total.possible));
        let counts = registers.counts_of(*pupil, term).iter().map(|count| (count.place, "sessions", count.sessions));
        totals.chain(counts).min()
    };
    let (place, column, figure) = linked.pupils(who).iter().filter_map(of_pupil).min()?;
    Some((registers.place(place), column, figure))
}

/// The record for which a term is unknown, whatever its figures: the finding, its place and the column.
fn cannot_be_used(records: &TermRecords) -> Option<(FindingCode, &Place, &'static str)> {
    match &records.trouble {
        Some(Trouble::CannotBeTold(place, column)) => Some((FindingCode::AttendanceWithoutATotal, place, *column)),
        Some(Trouble::SchoolUnclear(place)) => Some((FindingCode::FigureWithoutASchool, place, "school_urn")),
        Some(Trouble::HalfMissing { place, .. }) => Some((FindingCode::HalfTermMissing, place, "term")),
        Some(Trouble::AgainstHalves { place, .. }) => Some((FindingCode::TermAgainstHalfTerms, place, "term")),
        Some(Trouble::Unreadable(..) | Trouble::OfSeveralPersons | Trouble::CannotBeRight(..)) => None,
        // Percentages are all there is, and a school gives one half alone.
        None if records.settled.is_none() && records.percent_of_one_half => {
            let half = records.percents.iter().find(|given| given.half.is_some())?;
            Some((FindingCode::HalfTermMissing, &half.place, "term"))
        }
        None => None,
    }
}

/// Some people by id, the rest counted; those who are restricted are counted alone.
fn named<'a>(people: impl Iterator<Item = &'a PersonId>, restricted: &FxHashSet<&PersonId>) -> String {
    let (mut open, mut more) = (Vec::new(), 0);
    for person in people {
        if restricted.contains(person) || open.len() == NAMED { more += 1 } else { open.push(person.as_str()) }
    }
    match (open.is_empty(), more) {
        (true, more) => format!("{more} who are not named"),
        (false, 0) => open.join(", "),
        (false, more) => format!("{} and {more} more", open.join(", ")),
    }
}

fn say_without_meaning(marks: &BTreeMap<&PersonId, usize>, restricted: &FxHashSet<&PersonId>, findings: &mut Findings) {
    if marks.is_empty() {
        return;
    }
    let message = format!(
        "{} of {} of compulsory school age {} a code that is for other children alone, and {} as missing: {}.",
        counted(marks.values().sum(), "mark", "marks"),
        counted(marks.len(), "child", "children"),
        if marks.values().sum::<usize>() == 1 { "has" } else { "have" },
        if marks.values().sum::<usize>() == 1 { "counts" } else { "count" },
        named(marks.keys().copied(), restricted)
    );
    findings.say(FindingCode::XAtSchoolAge, message);
}

fn say_outside(
    rules: &Rules,
    children: &BTreeMap<TermIndex, BTreeSet<&PersonId>>,
    restricted: &FxHashSet<&PersonId>,
    findings: &mut Findings,
) {
    for (term, children) in children {
        let term = rules.calendar.term(*term);
        let message = format!(
            "{} {} enough attendance in {term} ({} to {}) only because sessions just before or after it are left out: {}.",
            counted(children.len(), "child", "children"),
            if children.len() == 1 { "has" } else { "have" },
            term.span.from,
            term.span.to,
            named(children.iter().copied(), restricted)
        );
        findings.add(Finding::of_run(FindingCode::SessionsOutsideDecide, message).about(term));
    }
}

/// Records under an identifier of several people who cannot be one, once an identifier.
fn say_in_doubt(linked: &Linked, registers: &Registers, restricted: &FxHashSet<&PersonId>, findings: &mut Findings) {
    let mut of_pupil: BTreeMap<PupilIndex, Vec<&PersonId>> = BTreeMap::new();
    for (person, pupils) in &linked.pupils_in_doubt {
        for pupil in pupils.iter().filter(|pupil| !registers.is_contradictory(**pupil)) {
            of_pupil.entry(*pupil).or_default().push(person);
        }
    }
    let mut hidden = 0;
    for (pupil, mut people) in of_pupil {
        let pupil = &registers.pupils[pupil];
        if people.iter().any(|person| restricted.contains(person)) {
            hidden += 1;
            continue;
        }
        people.sort_unstable();
        let message = format!(
            "there is attendance under {}, which is an identifier of {} who are not one: {}. Whose it is cannot be told, so it is used for none of them.",
            pupil.named(),
            counted(people.len(), "person", "people"),
            named(people.iter().copied(), restricted)
        );
        findings.add(Finding::of_run(FindingCode::RecordsOfNobodySure, message).about(pupil.named()));
    }
    if hidden > 0 {
        let message = format!(
            "there is attendance under {} of different people of whom one is restricted, where nobody is named.",
            counted(hidden, "identifier", "identifiers")
        );
        findings.say(FindingCode::RecordsOfNobodySure, message);
    }
}
