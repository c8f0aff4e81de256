//! The sentences of a decision: why it has its status, and what must hold or come until it can be claimed.

use super::decision::Status;
use crate::dates::Date;
use crate::evaluate::{Evaluated, Ruling, Verdict};
use crate::rules::Rules;
use crate::rules::name::RuleName;
use crate::words::capitalised;

/// The sentence for a status: each rule that it rests on, with its reason.
pub(super) fn reason(evaluated: &Evaluated, because: &[RuleName]) -> (&'static str, String) {
    let rulings: Vec<&Ruling> = because.iter().map(|rule| evaluated.ruling(*rule)).collect();
    match rulings.as_slice() {
        [] => {
            let apply = evaluated.rulings.iter().all(|ruling| ruling.verdict != Verdict::NotApplicable);
            let said = if apply { "Every rule is met." } else { "Every rule that applies is met." };
            ("every rule is met", said.to_owned())
        }
        [first, ..] => {
            let said: Vec<String> = rulings
                .iter()
                .map(|ruling| {
                    format!("{} is {}: {}.", capitalised(ruling.rule.word()), ruling.verdict.said(), ruling.because)
                })
                .collect();
            (first.kind, said.join(" "))
        }
    }
}

/// What must hold, or come, until the period can be claimed.
pub(super) fn until_then(
    evaluated: &Evaluated,
    status: Status,
    earliest: Option<Date>,
    rules: &Rules,
) -> Option<String> {
    let attendance = |day: Date| {
        let terms = latest_terms(rules, day);
        match evaluated.verdict(RuleName::Attendance) {
            Verdict::NotApplicable => "no school-age child may be below the threshold then".to_owned(),
            Verdict::Met => format!("attendance must reach the threshold in {terms}, the latest terms on {day}"),
            now if are_over(rules, day) => format!(
                "attendance in {terms}, the latest terms on {day}, is {} now; these terms are over, so only what is corrected or added in the records can change that",
                now.said()
            ),
            now => format!(
                "attendance must reach the threshold in {terms}, the latest terms on {day}; it is {} now",
                now.said()
            ),
        }
    };
    match status {
        Status::Waiting => {
            let mut must = vec!["none of the needs may relapse".to_owned()];
            if let Verdict::NotYet(Some(due)) = evaluated.verdict(RuleName::Sustainment) {
                must.push(format!("no new period of support may open until {due}"));
            }
            must.push(attendance(earliest?));
            Some(must.join("; "))
        }
        Status::LowAttendance => Some(match earliest {
            Some(day) => format!("{}; none of the needs may relapse", attendance(day)),
            None => "later terms must reach the threshold; the calendar in use stops before they end".to_owned(),
        }),
        Status::InProgress | Status::Review => {
            let mut open: Vec<String> = Vec::new();
            for ruling in &evaluated.rulings {
                let settles = ruling.settles.clone().filter(|settles| !open.contains(settles));
                if matches!(ruling.verdict, Verdict::NotYet(None) | Verdict::Unknown) {
                    open.extend(settles);
                }
            }
            if status == Status::InProgress {
                open.push(format!(
                    "then the progress must hold for {} months, and attendance must reach the threshold in the latest {} terms",
                    rules.parameters.sustainment_months, rules.parameters.terms
                ));
            }
            (!open.is_empty()).then(|| open.join("; "))
        }
        _ => None,
    }
}

/// Whether all terms that the attendance rule looks at on a day are over by the as-at date.
fn are_over(rules: &Rules, day: Date) -> bool {
    let mut terms = rules.calendar.latest_completed(day, rules.parameters.terms);
    terms.all(|term| rules.calendar.term(term).span.to <= rules.as_at)
}

/// The terms that the attendance rule looks at on a day, in words.
fn latest_terms(rules: &Rules, day: Date) -> String {
    let terms = rules.calendar.latest_completed(day, rules.parameters.terms);
    let names: Vec<String> = terms.map(|term| rules.calendar.term(term).to_string()).collect();
    names.join(" and ")
}
