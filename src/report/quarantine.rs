//! What is wrong with the data, as files: `quarantine.csv`, `findings.csv`, and one quarantine file a table that can be
//! mended and put into the data folder.

use super::files::table;
use super::folder::OutFolder;
use crate::error::Result;
use crate::finding::{FindingCode, Findings};
use crate::load::Loaded;
use crate::load::columns::FLAG;
use crate::load::corrections::{FROM, NAMED, OUT_OF_PLACE, REPLACES, WHY};
use crate::load::tables::TableName;
use crate::validate::{Held, Register};
use std::collections::BTreeMap;

/// Every quarantine file that a run may write, a table each, of attendance a layout each.
pub const NAMES: [&str; 10] = [
    "quarantine_cases.csv",
    "quarantine_people.csv",
    "quarantine_criteria.csv",
    "quarantine_attendance_marks.csv",
    "quarantine_attendance_weeks.csv",
    "quarantine_attendance_totals.csv",
    "quarantine_attendance_counts.csv",
    "quarantine_claims.csv",
    "quarantine_agreements.csv",
    "quarantine_confirmations.csv",
];

/// Writes `quarantine.csv`.
///
/// # Errors
/// It cannot be written to its end.
pub fn write_held(folder: &OutFolder, held: &[Held]) -> Result<()> {
    let rows = held.iter().map(|held| {
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
    table(folder, "quarantine.csv", &columns, rows)
}

/// Writes `findings.csv`.
///
/// # Errors
/// It cannot be written to its end.
pub fn write_findings(folder: &OutFolder, findings: &Findings) -> Result<()> {
    let rows = findings.sorted().into_iter().map(|finding| {
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
    table(folder, "findings.csv", &columns, rows)
}

/// The name of a held row's quarantine file; none for a row that comes back by itself, or cannot.
fn name_of(held: &Held) -> Option<String> {
    // Neither is a question that waits for its answer.
    let comes_back = matches!(held.code, FindingCode::HeldWithCase | FindingCode::UnansweredQuestion);
    // Column names can only be taken away, which is done in the file.
    let is_no_row = held.code == FindingCode::HeaderAgain;
    let layout = held.row.layout;
    let of = if layout.is_empty() { String::new() } else { format!("_{layout}") };
    (!comes_back && !is_no_row && !held.row.in_its_file_only && held.table != TableName::Terms)
        .then(|| format!("{NAMED}{}{of}.csv", held.table))
}

/// Writes a quarantine file for each table with held rows: the table's columns that its files have, the cells as they
/// stand, why the row is held, where it comes from, and the print of the row whose place it is to take. Gives back the
/// names.
///
/// # Errors
/// One cannot be written to its end.
pub fn write_to_mend(folder: &OutFolder, register: &Register, loaded: &Loaded) -> Result<Vec<String>> {
    let mut by_name: BTreeMap<String, Vec<&Held>> = BTreeMap::new();
    for held in &register.held {
        if let Some(name) = name_of(held) {
            by_name.entry(name).or_default().push(held);
        }
    }
    for (name, all) in &by_name {
        let of = all[0].table;
        let given = |column: &str| {
            let of_data = loaded.of(of).any(|file| file.column(column).is_some());
            of_data || loaded.corrections_of(of).any(|file| file.text.column(column).is_some())
        };
        let of_layout = crate::validate::registers::columns_of_layout(all[0].row.layout);
        let is_of_layout = |column: &str| of_layout.as_ref().is_none_or(|columns| columns.contains(&column));
        let own: Vec<&str> =
            of.columns().iter().map(|(column, _)| *column).filter(|c| given(c) && is_of_layout(c)).collect();
        // Whether a criterion that stands beside others is a need is said by its flag.
        let has_flags = all.iter().any(|held| held.row.cells.iter().any(|(name, _)| *name == FLAG));
        let own: Vec<&str> = own
            .into_iter()
            .flat_map(|name| [Some(name), (name == "criterion" && has_flags).then_some(FLAG)])
            .flatten()
            .collect();
        let any_out_of_place = all.iter().any(|held| !held.row.out_of_place.is_empty());
        let beside = any_out_of_place.then_some(OUT_OF_PLACE);
        let columns: Vec<&str> = own.iter().copied().chain(beside).chain([WHY, FROM, REPLACES]).collect();
        let rows = all.iter().map(|held| {
            let cell = |column: &&str| {
                let cell = held.row.cells.iter().find(|(name, _)| name == column);
                cell.map(|(_, text)| text.clone()).unwrap_or_default()
            };
            let mut cells: Vec<String> = own.iter().map(cell).collect();
            cells.extend(beside.map(|_| held.row.out_of_place.clone()));
            cells.extend([held.message.clone(), held.place.to_string(), held.row.print.clone()]);
            cells
        });
        table(folder, name, &columns, rows)?;
    }
    Ok(by_name.into_keys().collect())
}
