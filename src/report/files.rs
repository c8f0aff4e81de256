//! The files of a run (contract section 5): sorted, and the same bytes for the same input.

use super::decisions::{CHILD_COLUMNS, DECISION_COLUMNS, OutRow, child_rows, decision_rows};
use super::doubts;
use super::folder::{Marker, OutFolder};
use super::held;
use super::unmatched;
use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::load::Loaded;
use crate::receipt::InputFile;
use crate::rules::Rules;
use crate::rules::parameters::{Origin, Setting};
use crate::run::Outcome;
use serde_json::{Map, Value, json};

/// Every file that a run writes.
pub const NAMES: [&str; 9] = [
    "decisions.csv",
    "children.csv",
    "attendance_doubts.csv",
    "children_unmatched.csv",
    "pupils_unmatched.csv",
    "quarantine.csv",
    "findings.csv",
    "summary.json",
    "run.json",
];

/// What makes a folder known as a run's.
pub const MARKER: Marker = Marker { file: "run.json", program: "sfclaim", spares: None };

/// Writes all files of a run into a folder.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, loaded: &Loaded) -> Result<()> {
    table(folder, "decisions.csv", &DECISION_COLUMNS, decision_rows(outcome).map(cells))?;
    table(folder, "children.csv", &CHILD_COLUMNS, child_rows(outcome).map(cells))?;
    table(folder, "attendance_doubts.csv", &doubts::COLUMNS, doubts::rows(outcome, loaded)?.into_iter())?;
    table(folder, "children_unmatched.csv", &unmatched::CHILD_COLUMNS, unmatched::child_rows(outcome))?;
    table(folder, "pupils_unmatched.csv", &unmatched::PUPIL_COLUMNS, unmatched::pupil_rows(outcome))?;
    let held = outcome.prepared.register.held.iter().map(|held| {
        let place = &held.place;
        vec![
            held.table.to_string(),
            place.file.to_string(),
            place.row.to_string(),
            held.column.clone(),
            held.value.clone(),
            held.code.code().to_owned(),
            held.message.clone(),
            held.code.what_to_do().to_owned(),
            held.family.as_ref().map(ToString::to_string).unwrap_or_default(),
            held.case.as_ref().map(ToString::to_string).unwrap_or_default(),
            held.pupil.clone().unwrap_or_default(),
        ]
    });
    let columns = [
        "table",
        "file",
        "row",
        "column",
        "value",
        "finding",
        "message",
        "what_to_do",
        "family_id",
        "case_id",
        "pupil",
    ];
    table(folder, "quarantine.csv", &columns, held)?;
    let findings = outcome.findings.sorted().into_iter().map(|finding| {
        let place = finding.place.as_ref();
        vec![
            finding.code.code().to_owned(),
            finding.severity().word().to_owned(),
            place.map(|place| place.file.to_string()).unwrap_or_default(),
            place.map(|place| place.row.to_string()).unwrap_or_default(),
            finding.column.clone(),
            finding.value.clone(),
            finding.message.clone(),
            finding.what_to_do().to_owned(),
            finding.record.clone(),
        ]
    });
    let columns = ["finding", "severity", "file", "row", "column", "value", "message", "what_to_do", "record"];
    table(folder, "findings.csv", &columns, findings)?;
    json_file(folder, "summary.json", &summary(outcome))?;
    json_file(folder, "run.json", &receipt(outcome, &outcome.prepared.inputs))
}

fn cells(row: OutRow) -> Vec<String> {
    row.columns().into_iter().map(|(_, text)| text).collect()
}

/// Writes a table as CSV.
///
/// # Errors
/// It cannot be written to its end.
pub fn table(folder: &OutFolder, name: &str, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
    let failed = |why: csv::Error| Error::new(format!("cannot write {name}: {why}."));
    let mut writer = csv::Writer::from_writer(folder.file(name)?);
    writer.write_record(columns).map_err(failed)?;
    for row in rows {
        writer.write_record(&row).map_err(failed)?;
    }
    writer.flush().map_err(|why| Error::new(format!("cannot write {name}: {why}.")))
}

fn json_file(folder: &OutFolder, name: &str, value: &Value) -> Result<()> {
    let mut text =
        serde_json::to_string_pretty(value).map_err(|why| Error::new(format!("cannot write {name}: {why}.")))?;
    text.push('\n');
    folder.write(name, text.as_bytes())
}

/// `summary.json`: counts and money.
pub fn summary(outcome: &Outcome<'_>) -> Value {
    let totals = &outcome.totals;
    let statuses: Map<String, Value> =
        totals.by_status.iter().map(|(status, count)| (status.word().to_owned(), json!(count))).collect();
    let rows: Map<String, Value> = outcome
        .prepared
        .register
        .counts
        .iter()
        .map(|(table, counts)| (table.word().to_owned(), json!(counts)))
        .collect();
    let count = |severity: Severity| outcome.findings.sorted().iter().filter(|f| f.severity() == severity).count();
    let reasons: Vec<Value> = totals
        .reasons
        .iter()
        .map(|reason| {
            json!({ "status": reason.status.word(), "reason": reason.kind, "periods": reason.periods, "value": reason.value })
        })
        .collect();
    let hardly_held: Vec<String> = totals.hardly_held.iter().map(|term| term.sentence()).collect();
    json!({
        "as_at": outcome.prepared.as_at.to_string(),
        "rules": outcome.rules.label(),
        "notices": outcome.rules.notices(outcome.prepared.as_at),
        "periods": outcome.decisions.len(),
        "families": totals.families,
        "open_families": totals.open_families,
        "statuses": statuses,
        "payment_per_family": totals.payment,
        "value_of_claimable": totals.claimable_value,
        "financial_year": totals.financial_year,
        "claims_this_year": { "approved": totals.approved_this_year, "submitted": totals.submitted_this_year },
        "target": totals.target.as_ref().map(|target| target.target),
        "funded_places": totals.target.as_ref().map(|target| target.funded_places),
        "places_left": totals.places_left,
        "value_within_places_left": totals.value_within_places,
        "reasons": reasons,
        "terms_hardly_held": hardly_held,
        "rows": rows,
        "attendance_held": held::json(outcome.prepared.register.registers.as_ref(), &outcome.rules, outcome.prepared.as_at),
        "children_without_attendance": outcome.unmatched.children.len(),
        "pupils_of_no_family": outcome.unmatched.pupils.len(),
        "cases_without_a_decision": cases_without_a_decision(outcome),
        "rows_of_nobody": rows_of_nobody(outcome),
        "findings": { "error": count(Severity::Error), "warning": count(Severity::Warning), "note": count(Severity::Note) },
    })
}

/// Quarantined cases: they have no decision.
pub fn cases_without_a_decision(outcome: &Outcome<'_>) -> Vec<String> {
    let held = outcome.prepared.register.held.iter();
    let cases = held.filter(|held| held.table == crate::load::tables::TableName::Cases);
    cases
        .map(|held| match &held.case {
            Some(case) => format!("{case} ({})", held.place),
            None => format!("a case without an id ({})", held.place),
        })
        .collect()
}

/// Quarantined rows whose family, case or pupil cannot be told, so that nothing could be made unknown for them.
pub fn rows_of_nobody(outcome: &Outcome<'_>) -> Vec<String> {
    use crate::finding::FindingCode;
    use crate::load::tables::TableName;
    let nobody = |held: &&crate::validate::Held| match held.table {
        TableName::Cases | TableName::People | TableName::Claims => held.family.is_none(),
        TableName::Criteria => held.case.is_none() && held.code != FindingCode::HeldWithCase,
        TableName::Attendance => held.pupil.is_none(),
        TableName::Agreements => held.case.is_none(),
        TableName::Terms => true,
        // It is about a finding and can change nothing else.
        TableName::Confirmations => false,
    };
    outcome
        .prepared
        .register
        .held
        .iter()
        .filter(nobody)
        .map(|held| format!("{}: {}", held.place, held.message.trim_end_matches('.')))
        .collect()
}

/// `run.json`: what is needed to repeat the run.
pub fn receipt(outcome: &Outcome<'_>, inputs: &[InputFile]) -> Value {
    let rules = &outcome.rules;
    let parameters: Map<String, Value> =
        rules.set.iter().map(|(key, setting)| (key.to_owned(), parameter(rules, setting))).collect();
    let rule_files: Vec<Value> =
        rules.pack.files.iter().map(|(file, sha256)| json!({ "file": file, "sha256": sha256 })).collect();
    json!({
        "program": "sfclaim",
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": outcome.prepared.as_at.to_string(),
        "hindsight": "Rows and values after the as-at date were left out. Records put in late, or changed since, show as they are today.",
        "framework": {
            "id": rules.framework.id,
            "title": rules.framework.title,
            "from": rules.framework.in_force.from.to_string(),
            "to": rules.framework.in_force.to.to_string(),
            "in_force": rules.in_force,
        },
        "notices": rules.notices(outcome.prepared.as_at),
        "rules_fingerprint": rules.pack.fingerprint(),
        "rule_files": rule_files,
        "calendar": rules.calendar.origin,
        "authority": outcome.prepared.authority,
        "parameters": parameters,
        "inputs": inputs,
        "since": outcome.prepared.since.as_ref().map(|earlier| json!({ "as_at": earlier.as_at, "rows": earlier.rows })),
        "confirmations": confirmations(outcome),
    })
}

/// The confirmations that made notes of warnings, each with its place.
fn confirmations(outcome: &Outcome<'_>) -> Vec<Value> {
    let one = |applied: &crate::validate::confirmations::Applied| {
        let confirmation = &applied.confirmation;
        json!({
            "finding": confirmation.finding.code(),
            "record": confirmation.record,
            "confirmed_by": confirmation.confirmed_by,
            "confirmed_on": confirmation.confirmed_on.to_string(),
            "reason": confirmation.reason,
            "until": confirmation.until.map(|until| until.to_string()),
            "file": confirmation.place.file.to_string(),
            "row": confirmation.place.row,
            "findings": applied.findings,
        })
    };
    outcome.confirmed.iter().map(one).collect()
}

/// A parameter with everything said of it.
pub fn parameter(rules: &Rules, setting: &Setting) -> Value {
    let given_by = match &setting.origin {
        Origin::Framework => rules.framework.file.clone(),
        Origin::Override(by) => by.clone(),
    };
    json!({
        "value": setting.value.to_string(),
        "unit": setting.unit,
        "standing": setting.standing.word(),
        "who_may_change_it": setting.who.word(),
        "source": rules.pack.source_title(&setting.source),
        "last_checked": setting.last_checked.to_string(),
        "given_by": given_by,
        "instead_of": setting.instead_of.as_ref().map(|value| value.to_string()),
    })
}
