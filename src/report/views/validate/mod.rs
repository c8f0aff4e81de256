//! What is wrong with the data, grouped by the kind of finding: for `sfclaim validate`, which decides nothing.
//!
//! - [`text`] on the screen, each sample in its row; [`page`] as a page.

pub mod page;
pub mod text;

use crate::dates::Date;
use crate::error::Result;
use crate::finding::{Finding, FindingCode, Findings, Severity};
use crate::load::Loaded;
use crate::load::look::{Cells, rows_at};
use crate::place::Place;
use crate::report::output::folder::OutFolder;
use crate::report::output::json::json_file;
use crate::report::output::page::Screen;
use crate::report::views::check::quarantine;
use crate::report::views::view::View;
use crate::run::Prepared;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The files that are written whatever the data.
pub const NAMES: [&str; 4] = ["quarantine.csv", "findings.csv", "findings.html", "run.json"];

/// Every file that may be written.
pub fn ours() -> Vec<&'static str> {
    NAMES.into_iter().chain(quarantine::NAMES).chain(quarantine::BY_OWNER_NAMES).collect()
}

/// How many findings of a kind are shown on the screen. All of them are counted.
const SAMPLES: usize = 3;

/// Data that was read and checked.
pub struct Checked<'a> {
    /// The typed rows, and the rules they were read by.
    pub prepared: &'a Prepared,
    /// The files.
    pub loaded: &'a Loaded,
    /// Everything found.
    pub findings: &'a Findings,
    /// The day, where one was given. Without one, what depends on it was not looked at.
    pub as_at: Option<Date>,
    /// Whether the findings are also written for each of those who have the answers.
    pub by_owner: bool,
}

/// The findings of one kind.
pub struct Group<'a> {
    /// The kind.
    pub code: FindingCode,
    /// How much they matter: warnings that a person has confirmed are notes.
    pub severity: Severity,
    /// All of them, by place.
    pub findings: Vec<&'a Finding>,
}

impl Checked<'_> {
    /// The findings by kind: errors first, then by code.
    pub fn groups(&self) -> Vec<Group<'_>> {
        let mut by_code: BTreeMap<(Severity, &str), Group<'_>> = BTreeMap::new();
        for finding in self.findings.sorted() {
            let code = finding.code;
            let severity = finding.severity();
            let group = by_code.entry((severity, code.code()));
            group.or_insert_with(|| Group { code, severity, findings: Vec::new() }).findings.push(finding);
        }
        by_code.into_values().collect()
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.sorted().iter().filter(|finding| finding.severity() == severity).count()
    }

    /// How many criteria are held with their case, which is no finding of its own.
    pub fn held_with_case(&self) -> usize {
        let held = self.prepared.register.held.iter();
        held.filter(|held| held.code == FindingCode::HeldWithCase).count()
    }

    /// By which rules the data was read, in a sentence or two.
    pub fn read_by(&self) -> String {
        let rules = &self.prepared.rules;
        match self.as_at {
            Some(day) => format!("Read by the rules of {} as at {day}.", rules.label()),
            None => format!(
                "You gave no as-at date, so the data was checked by the rules of {} on their last day, {}. Checks that need a date were left out: add --as-at DATE to make them.",
                rules.label(),
                self.prepared.as_at
            ),
        }
    }

    /// The rows of the samples, by place; of restricted rows none.
    ///
    /// # Errors
    /// A file cannot be read again.
    pub fn sample_rows(&self) -> Result<BTreeMap<Place, Cells>> {
        let register = &self.prepared.register;
        let people = register.people.iter().flatten().filter(|person| person.restricted).map(|person| &person.place);
        let held = register.held.iter().filter(|held| held.restricted).map(|held| &held.place);
        let restricted: BTreeSet<&Place> = people.chain(held).collect();
        let groups = self.groups();
        let samples = groups.iter().flat_map(|group| group.findings.iter().take(SAMPLES));
        let places = samples.filter_map(|finding| finding.place.clone());
        rows_at(self.loaded, &places.filter(|place| !restricted.contains(place)).collect())
    }

    fn rows(&self) -> Map<String, Value> {
        let counts = self.prepared.register.counts.iter();
        counts.map(|(table, counts)| (table.word().to_owned(), json!(counts))).collect()
    }

    /// `run.json`: what was read, by what rules.
    fn receipt(&self) -> Value {
        let rules = &self.prepared.rules;
        json!({
            "program": "sfclaim",
            "command": "validate",
            "version": env!("CARGO_PKG_VERSION"),
            "as_at": self.as_at.map(|day| day.to_string()),
            "framework": {
                "id": rules.framework.id,
                "title": rules.framework.title,
                "from": rules.framework.in_force.from.to_string(),
                "to": rules.framework.in_force.to.to_string(),
                "in_force": rules.in_force,
            },
            "rules_fingerprint": rules.pack.fingerprint(),
            "rule_files": rules.pack.files,
            "calendar": rules.calendar.origin,
            "authority": self.prepared.authority,
            "rows": self.rows(),
            "since": self.prepared.since,
            "inputs": self.prepared.inputs,
        })
    }
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
