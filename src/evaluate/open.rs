//! What the verdicts `unknown` of a period hang on, thing by thing: each is a record that somebody can bring, or a
//! question that somebody can answer by an agreement.

pub use super::question::OpenQuestion;

use super::facts::Facts;
use super::ruling::Verdict;
use super::{Evaluated, attendance};
use crate::rules::name::RuleName;

/// Everything that is open, in the order of the rules; attendance child by child and term by term.
pub fn open_questions(facts: Facts<'_>, evaluated: &Evaluated) -> Vec<OpenQuestion> {
    let mut open = Vec::new();
    for ruling in &evaluated.rulings {
        match (ruling.rule, ruling.verdict) {
            (RuleName::Attendance, Verdict::Unknown) => {
                open.extend(attendance::open_questions(facts, ruling, &evaluated.children));
            }
            // These say what a linked family brings up, and nothing of one behind a restricted link.
            (RuleName::Sustainment | RuleName::Reclaim, Verdict::Unknown) if !ruling.to_mend => {
                let linked = ruling.facts.iter().map(|fact| fact.text.clone()).collect();
                open.push(OpenQuestion { linked, ..OpenQuestion::of(ruling) });
            }
            (_, Verdict::Unknown) => open.push(OpenQuestion::of(ruling)),
            // Evidence judged as not good enough keeps a period in review until it is there.
            (RuleName::Evidence, Verdict::NotMet) => open.push(OpenQuestion {
                settles: format!(
                    "{} in the cases table on a case of the period, from the lead practitioner; or a later agreement on evidence",
                    facts.parameters().required.join(" and ")
                ),
                ..OpenQuestion::of(ruling)
            }),
            _ => {}
        }
    }
    open
}

/// What is open of other children where attendance is not met: it matters once the failing terms have left the window.
pub fn open_behind(facts: Facts<'_>, evaluated: &Evaluated) -> Vec<OpenQuestion> {
    let ruling = evaluated.ruling(RuleName::Attendance);
    if ruling.verdict != Verdict::NotMet {
        return Vec::new();
    }
    let open = attendance::open_questions(facts, ruling, &evaluated.children);
    open.into_iter().map(|question| OpenQuestion { verdict: Verdict::Unknown, ..question }).collect()
}
