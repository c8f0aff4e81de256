//! What is found once all periods are decided: of the authority, of attendance on which nobody should rely, of agreements that the records
//! contradict, and of marks that stop early.

use crate::dates::days_between;
use crate::decide::again::Decided;
use crate::decide::{Decision, Status, facts_of};
use crate::evaluate::Verdict;
use crate::evaluate::attendance::doubtful;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, PersonId};
use crate::link::FamilyIndex;
use crate::rules::Rules;
use crate::validate::Register;
use crate::validate::rows::Agreement;
use crate::words::counted;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// An authority of which the rules have no targets.
pub(super) fn unknown_authority(authority: Option<&str>, rules: &Rules) -> Findings {
    let mut findings = Findings::default();
    if let Some(authority) = authority.filter(|authority| rules.pack.targets_of(authority).is_none()) {
        let known = rules.pack.targets.iter().map(|targets| targets.authority.as_str());
        let hint = crate::error::did_you_mean(authority, known);
        findings.say(
            FindingCode::UnknownAuthority,
            format!("the rules have no targets of the authority \"{authority}\".{hint}"),
        );
    }
    findings
}

/// What is said of attendance that cannot be relied on.
pub(super) fn doubtful_attendance(register: &Register, decided: Decided<'_>) -> Findings {
    let Decided { decisions, linked, attended, rules } = decided;
    let of_rows = register.people.iter().flatten().chain(&register.set_aside.people);
    let open_rows = of_rows.filter(|row| row.restricted).map(|row| &row.person_id);
    let held = register.held.iter().filter(|held| held.restricted);
    let restricted: FxHashSet<&PersonId> =
        open_rows.chain(held.filter_map(|held| held.person.as_ref()?.person_id.as_ref())).collect();
    let judged = decisions.iter().map(|decision| {
        let period = &linked.periods[decision.period];
        (facts_of(linked, period, attended, rules), decision.evaluated.children.as_slice())
    });
    doubtful::findings(judged, register.registers.as_ref(), &restricted)
}

/// Agreements in force that a rule is not met, which the records alone say is met: they change nothing.
pub(super) fn agreements_against_records(register: &Register, decided: Decided<'_>) -> Findings {
    let Decided { decisions, linked, rules, .. } = decided;
    let mut findings = Findings::default();
    let against = |agreement: &&Agreement| !agreement.met && agreement.in_force_at(linked.as_at);
    let against: Vec<&Agreement> = register.agreements.iter().filter(against).collect();
    if against.is_empty() || rules.without_agreements {
        return findings;
    }
    let of_case: FxHashMap<&CaseId, &Decision> = decisions
        .iter()
        .flat_map(|decision| linked.periods[decision.period].cases.iter().map(move |case| (&case.case_id, decision)))
        .collect();
    for agreement in against {
        let Some(decision) = of_case.get(&agreement.case_id) else { continue };
        let of_the_whole = agreement.person_id.is_none() && agreement.term.is_none();
        let ruling = decision.evaluated.ruling(agreement.rule);
        if of_the_whole && ruling.verdict == Verdict::Met && ruling.agreed.is_none() {
            let (place, rule) = (&agreement.place, agreement.rule);
            let message = format!(
                "{} agreed on {} that {rule} is not met for the case {}, and by the records it is. The agreement changes nothing.",
                agreement.agreed_by, agreement.agreed_on, agreement.case_id
            );
            let finding = Finding::at(FindingCode::AgreementAgainstRecords, place, "rule", rule.word(), message);
            findings.add(finding.about(&agreement.case_id));
        }
    }
    findings
}

/// Days that may be missing at either end of a term before it is said: schools begin and end on other days.
const DAYS_OF_GRACE: i32 = 7;

/// Terms of the window whose session marks begin late or stop early, each said once with the families it holds up.
pub(super) fn marks_that_stop(register: &Register, decided: Decided<'_>) -> Findings {
    let Decided { decisions, linked, attended, rules } = decided;
    let mut findings = Findings::default();
    let Some(registers) = &register.registers else { return findings };
    let held = registers.days_held(&rules.calendar, linked.as_at);
    for term in &attended.window {
        let Some(files) = held.get(term) else { continue };
        let days = rules.calendar.term(*term).span;
        let from = files.values().map(|held| held.days.from).min().unwrap_or(days.from);
        let to = files.values().map(|held| held.days.to).max().unwrap_or(days.to);
        if days_between(days.from, from) <= DAYS_OF_GRACE && days_between(to, days.to) <= DAYS_OF_GRACE {
            continue;
        }
        let held_up = |decision: &&Decision| {
            let terms = decision.evaluated.children.iter().flat_map(|child| &child.terms);
            decision.status == Status::Review
                && terms.filter(|of| of.term == *term).any(|of| of.verdict == Verdict::Unknown && of.has_records)
        };
        let families: BTreeSet<FamilyIndex> =
            decisions.iter().filter(held_up).map(|decision| linked.periods[decision.period].family).collect();
        if families.is_empty() {
            continue;
        }
        let held: Vec<String> =
            files.iter().map(|(file, held)| format!("{file} from {} to {}", held.days.from, held.days.to)).collect();
        findings.say(
            FindingCode::MarksStopEarly,
            format!(
                "{} runs from {} to {}, and session marks are held of {}; this holds up {} in review.",
                rules.calendar.term(*term),
                days.from,
                days.to,
                held.join(", "),
                counted(families.len(), "family", "families")
            ),
        );
    }
    findings
}
