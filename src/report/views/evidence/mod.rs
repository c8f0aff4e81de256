//! The evidence pack: a claim a section, with the decision, each rule with its facts and where they stand, children and terms, a
//! timeline, agreements, and lines to sign; the rules with their sources and the receipt at the end. As one page (HTML) that
//! needs nothing else, and as data.
//!
//! - [`timeline`] what happened when, drawn and as a table; [`page`](mod@page) the page.

mod page;
mod timeline;

use crate::decide::Decision;
use crate::error::Result;
use crate::load::Loaded;
use crate::recheck::{PastClaims, past_of};
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen};
use crate::report::views::check::receipt;
use crate::report::views::explain::{Explanation, explain, records};
use crate::report::views::view::View;
use crate::run::Outcome;
use crate::words::counted;
use serde_json::{Value, json};
use timeline::{Timeline, timeline};

/// The files of a pack.
pub const NAMES: [&str; 2] = ["evidence.html", "evidence.json"];

/// What makes a folder known as a pack's.
pub const MARKER: Marker = Marker { file: "evidence.json", program: "sfclaim evidence", spares: None };

/// A claim with everything it rests on.
struct Claim {
    explanation: Explanation,
    timeline: Timeline,
}

/// What `sfclaim evidence` shows.
pub struct EvidenceView<'a> {
    outcome: &'a Outcome<'a>,
    claims: Vec<Claim>,
    /// Which claims they are, in words.
    chosen: String,
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
    fn receipt(&self) -> Value {
        let mut receipt = receipt(self.outcome, &self.outcome.prepared.inputs);
        receipt.as_object_mut().and_then(|receipt| receipt.shift_remove("confirmations"));
        receipt
    }

    /// The page.
    pub fn page(&self) -> String {
        page::page(self)
    }
}

impl View for EvidenceView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        folder.write(NAMES[0], self.page().as_bytes())?;
        json_file(folder, NAMES[1], &self.data())
    }

    fn data(&self) -> Value {
        let claims: Vec<Value> = self
            .claims
            .iter()
            .map(|claim| json!({ "explanation": claim.explanation, "timeline": claim.timeline }))
            .collect();
        json!({
            "program": MARKER.program,
            "chosen": self.chosen,
            "claims": claims,
            "receipt": self.receipt(),
        })
    }

    fn text(&self, screen: Screen) -> Result<String> {
        let mut out = Page::on(screen);
        let as_at = self.outcome.prepared.as_at;
        out.line(&format!("Evidence as at {as_at}, by the rules of {}", self.outcome.rules.label()));
        for notice in self.outcome.rules.notices(as_at) {
            out.note(&notice);
        }
        out.say(&format!(
            "{}: {}.",
            self.chosen,
            counted(self.claims.len(), "period of support", "periods of support")
        ));
        Ok(out.done())
    }

    fn of_files(&self, written: Option<String>) -> Option<String> {
        Some(written.unwrap_or_else(|| "Nothing was written: add --out DIR for the page and its data.".to_owned()))
    }
}
