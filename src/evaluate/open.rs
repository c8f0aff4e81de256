//! What the verdicts `unknown` of a period hang on, thing by thing: each is a record that somebody can bring, or a
//! question that somebody can answer by an agreement.

use super::{Evaluated, Facts, Ruling, Verdict, attendance};
use crate::ids::PersonId;
use crate::rules::calendar::TermIndex;
use crate::rules::name::RuleName;

/// One thing to settle.
#[derive(Clone, Debug)]
pub struct OpenQuestion {
    /// The rule; `None` where every rule is met and a linked family stands in the way.
    pub rule: Option<RuleName>,
    /// The person it is about: for attendance the child, or the member without a birth date.
    pub person_id: Option<PersonId>,
    /// The term it is about, for a child's attendance.
    pub term: Option<TermIndex>,
    /// `unknown`; `not_met` for evidence that a person judged so.
    pub verdict: Verdict,
    /// The kind of reason, for counting.
    pub kind: &'static str,
    /// Why it is open, in a sentence without names and places.
    pub because: String,
    /// What a linked family brings up, as far as it may be named.
    pub linked: Vec<String>,
    /// Which record settles it, in which table, from whom; or which agreement.
    pub settles: String,
    /// Whether a person is asked for an agreement. Rows that could not be read, outcomes and birth dates are to be put
    /// right in the records instead.
    pub can_be_agreed: bool,
}

impl OpenQuestion {
    /// The question of a whole rule.
    pub(super) fn of(ruling: &Ruling) -> OpenQuestion {
        OpenQuestion {
            because: ruling.because.clone(),
            settles: ruling.settles.clone().unwrap_or_default(),
            ..OpenQuestion::without_words(ruling)
        }
    }

    /// The same for one of many questions of a ruling, each with words of its own.
    pub(super) fn without_words(ruling: &Ruling) -> OpenQuestion {
        OpenQuestion {
            rule: Some(ruling.rule),
            person_id: None,
            term: None,
            verdict: ruling.verdict,
            kind: ruling.kind,
            because: String::new(),
            linked: Vec::new(),
            settles: String::new(),
            can_be_agreed: ruling.rule.can_be_agreed() && !ruling.to_mend,
        }
    }
}

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
