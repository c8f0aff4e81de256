//! What of a folder is ready, what is missing and whom to ask what: five lines at the end of `sfclaim init`.

use crate::finding::{Finding, FindingCode, Findings, Owner, Severity};
use crate::load::tables::TableName;
use crate::run::Prepared;
use crate::words::{counted, grouped};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The tables without which a rule stays unknown, and what that is.
const WANTED: [(TableName, &str); 3] = [
    (TableName::People, "without people nobody knows who is a child, and whose attendance counts"),
    (TableName::Attendance, "without attendance no family with a child of school age can be claimed for"),
    (
        TableName::Claims,
        "without claims nobody knows whether a family was claimed for before; an empty table says that none was",
    ),
];

/// The five lines. `not_read` are files that could hold a table and are not read, each with why.
pub fn lines(prepared: &Prepared, findings: &Findings, not_read: &[String], folder: &str) -> Vec<String> {
    let counts = &prepared.register.counts;
    let number = |count: usize| grouped(&count.to_string());
    let read = counts.iter().filter(|(_, rows)| rows.read > 0);
    let read: Vec<String> = read.map(|(table, rows)| format!("{table} {}", number(rows.used))).collect();
    let held: Vec<String> = counts
        .iter()
        .filter(|(_, rows)| rows.quarantined > 0)
        .map(|(table, rows)| format!("{table} {} of {}", number(rows.quarantined), number(rows.read)))
        .collect();
    let held = if held.is_empty() {
        "In quarantine: no row. Every row could be read.".to_owned()
    } else {
        format!(
            "In quarantine, since they cannot be read: {}. What they could change is unknown until they are mended.",
            held.join(", ")
        )
    };
    let missing = WANTED.iter().filter(|(table, _)| !counts.contains_key(table)).map(|(_, why)| (*why).to_owned());
    let missing: Vec<String> = missing.chain(not_read.iter().cloned()).collect();
    let missing =
        if missing.is_empty() { "Missing: nothing.".to_owned() } else { format!("Missing: {}.", missing.join("; ")) };
    vec![
        format!("Ready, in rows: {}.", read.join(", ")),
        held,
        missing,
        asked(findings),
        format!(
            "Next: `sfclaim check {folder} --as-at DATE`. `sfclaim validate {folder}` shows each finding with its row."
        ),
    ]
}

/// A sentence as it stands inside another.
fn begun_small(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    // UPN stays as it is.
    let is_word = !letters.as_str().starts_with(char::is_uppercase);
    first.filter(|_| is_word).map_or_else(|| text.to_owned(), |first| first.to_lowercase().chain(letters).collect())
}

/// Whom to ask what: how many things, and the commonest of them.
fn asked(findings: &Findings) -> String {
    let all = findings.sorted();
    let of = |owner: Owner| -> Option<String> {
        let his: Vec<&&Finding> = all
            .iter()
            .filter(|finding| finding.code.owner() == owner && finding.severity() != Severity::Note)
            .collect();
        let mut by_code: BTreeMap<FindingCode, usize> = BTreeMap::new();
        for finding in &his {
            *by_code.entry(finding.code).or_default() += 1;
        }
        let (commonest, _) = by_code.iter().max_by_key(|(code, count)| (**count, Reverse(code.code())))?;
        let title = commonest.entry().map_or("", |entry| entry.title.trim_end_matches('.'));
        let things = counted(his.len(), "thing", "things");
        Some(format!("{} about {things} (most often: {})", owner.said(), begun_small(title)))
    };
    let asked: Vec<String> = Owner::ALL.iter().filter_map(|owner| of(*owner)).collect();
    if asked.is_empty() { "Ask: nothing has to be asked.".to_owned() } else { format!("Ask {}.", asked.join("; ")) }
}
