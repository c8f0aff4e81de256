//! What a percentage says that a school gives in place of sessions. By itself it decides nothing, unless the rules say that
//! it is accepted; and it never outvotes sessions on record.

use super::settles::Settles;
use crate::attend::{PercentGiven, Settled, TermRecords};
use crate::evaluate::ruling::Verdict;
use crate::rules::council_words::Half;
use crate::rules::parameters::{Basis, Boundary, Parameters, PercentOnly};
use crate::share::{SchoolPercent, Sessions};

/// The kind of reason where a percentage is all there is.
pub const ALONE: &str = "attendance as a percentage alone";
/// The kind of reason where a percentage and the sessions on record say different things.
pub const AGAINST: &str = "a percentage and sessions that differ";

/// How many percentages a reason names; the rest is counted.
const NAMED: usize = 5;

/// What the percentages of a term would say by themselves: at two schools together a child has reached the threshold where
/// each of them says so, and has not where none does. So too with the two halves of a term, whatever the length of each; of one half
/// alone nothing follows.
fn says(records: &TermRecords, parameters: &Parameters) -> Verdict {
    if records.percent_of_one_half {
        return Verdict::Unknown;
    }
    together(records.percents.iter(), parameters)
}

/// What percentages say together; `unknown` where they do not agree.
fn together<'a>(percents: impl Iterator<Item = &'a PercentGiven> + Clone, parameters: &Parameters) -> Verdict {
    let is_enough = |given: &PercentGiven| parameters.is_enough(given.percent.as_sessions());
    match (percents.clone().all(is_enough), percents.clone().any(is_enough)) {
        (true, _) => Verdict::Met,
        (false, false) => Verdict::NotMet,
        (false, true) => Verdict::Unknown,
    }
}

/// The percentages in words: "the school says 92.4%". Blank without any.
pub(super) fn quoted(records: &TermRecords) -> String {
    let of = |half: Option<Half>| half.map(|half| format!(" for the {} half-term", half.word())).unwrap_or_default();
    let said: Vec<String> =
        records.percents.iter().map(|given| format!("{}%{}", given.percent, of(given.half))).collect();
    match said.as_slice() {
        [] => String::new(),
        [only] => format!("the school says {only}"),
        several if several.len() > NAMED => {
            format!("schools say {} and {} more percentages", several[..NAMED].join(", "), several.len() - NAMED)
        }
        several if records.percents.iter().all(|given| given.half.is_some()) => {
            format!("the school says {}", several.join(" and "))
        }
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
        _ if records.percent_of_one_half => {
            let of = |half: Half| records.percents.iter().any(|given| given.half == Some(half));
            let why = if of(Half::First) && of(Half::Second) {
                "no school gives both halves of the term, and the two of different schools do not decide"
            } else {
                "a percentage of one half of the term does not decide"
            };
            ask(format!("has no sessions; {quoted}, and {why}"))
        }
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

/// Whether percentages say otherwise than the sessions on record, which are enough or not by `verdict`. Those of the whole term and
/// those of its halves are looked at each by themselves: neither hides what the other says.
pub(super) fn contradicts(records: &TermRecords, settled: Settled, verdict: Verdict, parameters: &Parameters) -> bool {
    if !matches!(verdict, Verdict::Met | Verdict::NotMet) {
        return false;
    }
    let of = |half: bool| records.percents.iter().filter(move |given| given.half.is_some() == half);
    let whole = of(false).next().is_some() && together(of(false), parameters) != verdict;
    let halves = of(true).next().is_some()
        && match (together(of(true), parameters), verdict) {
            (says, verdict) if says == verdict => false,
            // The other half can make up for a half that is not enough, but not for more than it lacks.
            (Verdict::Unknown, _) if !records.percent_of_one_half => !lies_between(settled, of(true)),
            // Of one half alone it is not known what the other makes up for.
            (_, Verdict::NotMet) => !records.percent_of_one_half,
            _ => true,
        };
    whole || halves
}

/// Whether sessions of a term can be those of halves with these percentages: a term lies between its halves, whatever their
/// length. Schools round to whole per cent.
fn lies_between<'a>(settled: Settled, halves: impl Iterator<Item = &'a PercentGiven> + Clone) -> bool {
    let parts = |sessions: Sessions| {
        // Both numbers are those of sessions of a term, so that nothing overflows.
        i128::from(sessions.attended) * 100 * i128::from(SchoolPercent::ONE.as_sessions().attended)
            / i128::from(sessions.possible.max(1))
    };
    let one = i128::from(SchoolPercent::ONE.as_sessions().attended);
    let given = halves.map(|given| i128::from(given.percent.as_sessions().attended));
    let (lowest, highest) = (given.clone().min().unwrap_or(0), given.max().unwrap_or(0));
    parts(settled.most) >= lowest - one && parts(settled.least) <= highest + one
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
