//! The claims whose evidence is put together.

use super::timeline::{Timeline, timeline};
use crate::decide::Decision;
use crate::error::Result;
use crate::load::Loaded;
use crate::recheck::{PastClaims, past_of};
use crate::report::views::check::receipt;
use crate::report::views::explain::explanation::Explanation;
use crate::report::views::explain::{explain, records};
use crate::run::Outcome;
use serde_json::Value;

/// A claim with everything it rests on.
pub(super) struct Claim {
    pub(super) explanation: Explanation,
    pub(super) timeline: Timeline,
}

/// What `sfclaim evidence` shows.
pub struct EvidenceView<'a> {
    pub(super) outcome: &'a Outcome<'a>,
    pub(super) claims: Vec<Claim>,
    /// Which claims they are, in words.
    pub(super) chosen: String,
}

impl<'a> EvidenceView<'a> {
    /// The pack of these decisions, with the claims that were made for them before. `chosen` says which they are.
    ///
    /// # Errors
    /// A file of marks cannot be read again.
    pub fn of(
        outcome: &'a Outcome<'a>,
        decisions: &[&Decision],
        loaded: &Loaded,
        past: &PastClaims,
        show_names: bool,
        chosen: String,
    ) -> Result<EvidenceView<'a>> {
        let records = records(outcome, decisions, loaded)?;
        let claims = decisions
            .iter()
            .map(|decision| Claim {
                explanation: explain(outcome, decision, &records, past_of(past, decision), show_names),
                timeline: timeline(outcome, decision),
            })
            .collect();
        Ok(EvidenceView { outcome, claims, chosen })
    }

    /// What is needed to repeat the run. Confirmations are left out: they are about other families too, in an officer's own
    /// words. Those of the claims stand with their findings.
    pub(super) fn receipt(&self) -> Value {
        let mut receipt = receipt(self.outcome, &self.outcome.prepared.inputs);
        receipt.as_object_mut().and_then(|receipt| receipt.shift_remove("confirmations"));
        receipt
    }
}
