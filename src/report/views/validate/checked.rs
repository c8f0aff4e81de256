//! What the check of the data found, in groups.

use crate::dates::Date;
use crate::error::Result;
use crate::finding::{Finding, FindingCode, Findings, Severity};
use crate::load::Loaded;
use crate::load::look::{Cells, rows_at};
use crate::place::Place;
use crate::report::views::check::framework;
use crate::run::Prepared;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many findings of a kind are shown on the screen. All of them are counted.
pub(super) const SAMPLES: usize = 3;

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

    pub(super) fn rows(&self) -> Map<String, Value> {
        let counts = self.prepared.register.counts.iter();
        counts.map(|(table, counts)| (table.word().to_owned(), json!(counts))).collect()
    }

    /// `run.json`: what was read, by what rules.
    pub(super) fn receipt(&self) -> Value {
        let rules = &self.prepared.rules;
        json!({
            "program": "sfclaim",
            "command": "validate",
            "version": env!("CARGO_PKG_VERSION"),
            "as_at": self.as_at.map(|day| day.to_string()),
            "framework": framework(rules),
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
