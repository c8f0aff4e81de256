//! What is wrong with the data, grouped by the kind of finding: for `sfclaim validate`, which decides nothing.
//!
//! - [`text`] on the screen, each sample in its row; [`page`] as a page.

pub mod checked;
pub mod page;
pub mod text;

use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::report::output::folder::OutFolder;
use crate::report::output::json::json_file;
use crate::report::output::page::Screen;
use crate::report::views::check::quarantine;
use crate::report::views::view::View;
pub use checked::Checked;
pub use checked::Group;
use checked::SAMPLES;
use serde_json::{Value, json};

/// The files that are written whatever the data.
pub const NAMES: [&str; 4] = ["quarantine.csv", "findings.csv", "findings.html", "run.json"];

/// Every file that may be written.
pub fn ours() -> Vec<&'static str> {
    NAMES.into_iter().chain(quarantine::NAMES).chain(quarantine::BY_OWNER_NAMES).collect()
}

impl View for Checked<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        let register = &self.prepared.register;
        quarantine::held().write(folder, &register.held)?;
        quarantine::findings().write(folder, self.findings.sorted())?;
        if self.by_owner {
            quarantine::write_by_owner(folder, self.findings)?;
        }
        folder.write("findings.html", page::page(self).as_bytes())?;
        json_file(folder, "run.json", &self.receipt())?;
        quarantine::write_to_mend(folder, register, self.loaded)
    }

    fn data(&self) -> Value {
        let groups: Vec<Value> = self.groups().iter().map(group_json).collect();
        json!({
            "as_at": self.as_at.map(|day| day.to_string()),
            "rules": self.prepared.rules.label(),
            "rules_as_at": self.prepared.as_at.to_string(),
            "rows": self.rows(),
            "held_with_case": self.held_with_case(),
            "findings": {
                "error": self.count(Severity::Error),
                "warning": self.count(Severity::Warning),
                "note": self.count(Severity::Note),
            },
            "by_code": groups,
        })
    }

    fn text(&self, screen: Screen) -> Result<String> {
        text::text(self, screen)
    }

    fn of_files(&self, written: Option<String>) -> Option<String> {
        let none = "Add --out DIR for all findings as files, and for quarantine files to mend.";
        Some(format!("\nNothing was decided. {}", written.as_deref().unwrap_or(none)))
    }
}

fn group_json(group: &Group<'_>) -> Value {
    let sample = |finding: &&Finding| {
        json!({
            "file": finding.place.as_ref().map(|place| place.file.to_string()),
            "row": finding.place.as_ref().map(|place| place.row),
            "column": finding.column,
            "value": finding.value,
            "message": finding.message,
            "record": finding.record,
        })
    };
    let entry = group.code.entry();
    json!({
        "finding": group.code.code(),
        "severity": group.severity.word(),
        "title": entry.map(|entry| entry.title.as_str()),
        "why": entry.map(|entry| entry.why.as_str()),
        "what_to_do": group.code.what_to_do(),
        "count": group.findings.len(),
        "samples": group.findings.iter().take(SAMPLES).map(sample).collect::<Vec<_>>(),
    })
}
