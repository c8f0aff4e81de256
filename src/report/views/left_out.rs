//! What every command that reports on a run says of it: the rows that were left out, and in its JSON what is needed to
//! repeat it.

use crate::finding::Findings;
use crate::load::tables::TableName;
use crate::run::Outcome;
use crate::validate::RowCounts;
use crate::words::{counted, grouped};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// That rows were left out, from which tables, and what shows them; of findings of severity error without rows how many
/// there are. `None` where there is no such finding.
pub fn rows_left_out(counts: &BTreeMap<TableName, RowCounts>, findings: &Findings) -> Option<String> {
    if !findings.any_error() {
        return None;
    }
    let tables: Vec<String> = counts
        .iter()
        .filter(|(_, count)| count.quarantined > 0)
        .map(|(table, count)| format!("{table} {}", grouped(&count.quarantined.to_string())))
        .collect();
    let rows: usize = counts.values().map(|count| count.quarantined).sum();
    Some(if rows == 0 {
        "There are errors in the data: sfclaim validate shows them.".to_owned()
    } else {
        format!(
            "{} could not be read and {} left out ({}): sfclaim validate shows them.",
            counted(rows, "row", "rows"),
            if rows == 1 { "was" } else { "were" },
            tables.join(", ")
        )
    })
}

/// What was found, with what is needed to repeat the run, and the rows that it left out.
pub fn with_run(program: &str, outcome: &Outcome<'_>, found: Value) -> Value {
    let (prepared, rules) = (outcome.prepared, &outcome.rules);
    let run = json!({
        "program": program,
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": prepared.as_at.to_string(),
        "rules": rules.label(),
        "notices": rules.notices(prepared.as_at),
        "rows_left_out": rows_left_out(&prepared.register.counts, &outcome.findings),
        "inputs": prepared.inputs,
        "claims_register": prepared.claims_register,
        "rules_fingerprint": rules.pack.fingerprint(),
    });
    let objects = [run, found].into_iter().filter_map(|value| match value {
        Value::Object(object) => Some(object),
        _ => None,
    });
    Value::Object(objects.flatten().collect::<Map<String, Value>>())
}
