//! A question that is open on a period.

use super::ruling::{Ruling, Verdict};
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
    /// An answer that the records suggest and that only a person can give, in words.
    pub ready_answer: Option<String>,
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
            ready_answer: None,
            settles: String::new(),
            can_be_agreed: ruling.rule.can_be_agreed() && !ruling.to_mend,
        }
    }
}
