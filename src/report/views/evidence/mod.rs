//! The evidence pack: a claim a section, with the decision, each rule with its facts and where they stand, children and terms, a
//! timeline, agreements, and lines to sign; the rules with their sources and the receipt at the end. As one page (HTML) that
//! needs nothing else, and as data.
//!
//! - [`timeline`] what happened when, drawn and as a table; [`page`](mod@page) the page.

pub mod claims;
mod page;
mod timeline;

use crate::error::Result;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen};
use crate::report::views::view::View;
use crate::words::counted;
pub use claims::EvidenceView;
use serde_json::{Value, json};

/// The files of a pack.
pub const NAMES: [&str; 2] = ["evidence.html", "evidence.json"];

/// What makes a folder known as a pack's.
pub const MARKER: Marker = Marker { file: "evidence.json", program: "sfclaim evidence", spares: None };

impl EvidenceView<'_> {
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
