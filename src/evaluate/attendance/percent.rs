//! What a percentage says that a school gives in place of sessions. By itself it decides nothing, unless the rules say that
//! it is accepted; and it never outvotes sessions on record.

use super::child::Settles;
use crate::attend::TermRecords;
use crate::evaluate::ruling::Verdict;
use crate::rules::parameters::{Basis, Boundary, Parameters, PercentOnly};

/// The kind of reason where a percentage is all there is.
pub const ALONE: &str = "attendance as a percentage alone";
/// The kind of reason where a percentage and the sessions on record say different things.
pub const AGAINST: &str = "a percentage and sessions that differ";

/// What the percentages of a term would say by themselves: at two schools together a child has reached the threshold where
/// each of them says so, and has not where none does.
fn says(records: &TermRecords, parameters: &Parameters) -> Verdict {
    let is_enough = |(percent, _): &(crate::share::SchoolPercent, _)| parameters.is_enough(percent.as_sessions());
    match (records.percents.iter().all(is_enough), records.percents.iter().any(is_enough)) {
        (true, _) => Verdict::Met,
        (false, false) => Verdict::NotMet,
        (false, true) => Verdict::Unknown,
    }
}

/// The percentages in words: "the school says 92.4%". Blank without any.
pub(super) fn quoted(records: &TermRecords) -> String {
    let said: Vec<String> = records.percents.iter().map(|(percent, _)| format!("{percent}%")).collect();
    match said.as_slice() {
        [] => String::new(),
        [only] => format!("the school says {only}"),
        several => format!("schools say {}", several.join(" and ")),
    }
}

/// Whether a verdict is reached or not, in words that the threshold follows.
fn compared(verdict: Verdict, parameters: &Parameters) -> String {
    let words = match (verdict, parameters.boundary) {
        (Verdict::Met, Boundary::AtLeast) => "reaches",
        (Verdict::Met, Boundary::Above) => "is above",
        (_, Boundary::AtLeast) => "is below",
        (_, Boundary::Above) => "is not above",
    };
    format!("{words} {}%", parameters.threshold)
}

/// The term of a child of whom there are no sessions: verdict, kind of reason, reason, and what settles it. `None` without
/// a percentage.
pub(super) fn alone(
    records: &TermRecords,
    parameters: &Parameters,
) -> Option<(Verdict, &'static str, String, Option<Settles>)> {
    if records.percents.is_empty() {
        return None;
    }
    let (quoted, verdict) = (quoted(records), says(records, parameters));
    let ask = |because: String| {
        Some((Verdict::Unknown, ALONE, because, Some(Settles::FromSchool("possible and attended sessions"))))
    };
    match (parameters.percent_only, parameters.basis, verdict) {
        (PercentOnly::Ask, ..) => ask(format!("has no sessions; {quoted}, and a percentage by itself does not decide")),
        (PercentOnly::Accept, Basis::Combined, _) => {
            ask(format!("has no sessions; {quoted}, and percentages of terms cannot be taken together"))
        }
        (PercentOnly::Accept, _, Verdict::Met | Verdict::NotMet) => {
            let kind = if verdict == Verdict::Met { "attendance reached" } else { "attendance below the threshold" };
            let because = format!(
                "{quoted}, which {} (a percentage without sessions, accepted by attendance.percent_only)",
                compared(verdict, parameters)
            );
            Some((verdict, kind, because, None))
        }
        (PercentOnly::Accept, ..) => {
            ask(format!("has no sessions; {quoted}, on both sides of {}%", parameters.threshold))
        }
    }
}

/// Whether percentages say otherwise than the sessions on record, which are enough or not by `verdict`.
pub(super) fn contradicts(records: &TermRecords, verdict: Verdict, parameters: &Parameters) -> bool {
    !records.percents.is_empty()
        && matches!(verdict, Verdict::Met | Verdict::NotMet)
        && says(records, parameters) != verdict
}

/// The answer that a person may give where a percentage is all there is, in words for the sheet of questions.
pub(super) fn ready_answer(records: &TermRecords, parameters: &Parameters) -> Option<String> {
    if records.percents.is_empty() || records.settled.is_some() {
        return None;
    }
    let verdict = says(records, parameters);
    let answer = match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not_met",
        _ => return None,
    };
    Some(format!(
        "A ready answer, if the school's percentage can be relied on: {answer}, with the reason \"{}, which {}\".",
        quoted(records),
        compared(verdict, parameters)
    ))
}
