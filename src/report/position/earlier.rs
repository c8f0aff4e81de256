//! Reads the folder of an earlier run, of `check` or of `position`, for what moved since.

use crate::dates::Date;
use crate::error::{Error, Result};
use crate::forecast::position::movement::{Earlier, EarlierClaim, EarlierPeriod};
use crate::validate::rows::{ClaimOutcome, RuleName};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The columns of `claims_known.csv`: every claim as known at the as-at date.
pub const CLAIM_COLUMNS: [&str; 6] = ["claim_id", "family_id", "case_id", "submitted_on", "decided_on", "outcome"];

/// The columns of `periods.csv`: every period, its status and the rules that hold it.
pub const PERIOD_COLUMNS: [&str; 4] = ["case_id", "family_id", "status", "held_by"];

type Row = BTreeMap<String, String>;

fn not_ours(folder: &Path, what: &str) -> Error {
    Error::new(format!(
        "{} is not the output folder of `sfclaim check` or `sfclaim position`: {what}.",
        folder.display()
    ))
}

fn json(folder: &Path, name: &str) -> Result<Option<Value>> {
    match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => {
            serde_json::from_str(&text).map(Some).map_err(|_| not_ours(folder, &format!("its {name} cannot be read")))
        }
        Err(_) => Ok(None),
    }
}

fn rows(folder: &Path, name: &str, columns: &[&str]) -> Result<Vec<Row>> {
    let broken = |what: &str| not_ours(folder, &format!("its {name} {what}"));
    let mut reader = csv::Reader::from_path(folder.join(name)).map_err(|_| broken("is not there"))?;
    let header = reader.headers().map_err(|_| broken("cannot be read"))?.clone();
    if let Some(missing) = columns.iter().find(|column| !header.iter().any(|found| found == **column)) {
        return Err(broken(&format!("has no column {missing}")));
    }
    let row = |record: csv::StringRecord| -> Row {
        header.iter().zip(record.iter()).map(|(column, value)| (column.to_owned(), value.to_owned())).collect()
    };
    reader.records().map(|record| record.map(row).map_err(|_| broken("cannot be read to its end"))).collect()
}

/// Reads the folder.
///
/// # Errors
/// It is not the folder of such a run, or a file of it is broken.
pub fn read(folder: &Path) -> Result<Earlier> {
    crate::report::whatif::refuse(folder)?;
    if let Some(position) = json(folder, super::MARKER.file)?.filter(|it| it["program"] == super::MARKER.program) {
        return of_position(folder, &position);
    }
    let receipt = json(folder, "run.json")?.filter(|it| it["program"] == "sfclaim");
    let receipt = receipt.ok_or_else(|| not_ours(folder, "it has no run.json or position.json of this program"))?;
    let summary = json(folder, "summary.json")?.unwrap_or_default();
    let rules = RuleName::ALL.map(RuleName::word);
    let columns: Vec<&str> = ["case_id", "family_id", "status"].into_iter().chain(rules).collect();
    let period = |row: Row| {
        let held = rules.iter().filter(|rule| !["met", "not_applicable"].contains(&row[**rule].as_str()));
        let held_by: Vec<String> = held.map(|rule| format!("{rule} {}", row[*rule])).collect();
        let of = |column: &str| row[column].clone();
        (of("case_id"), EarlierPeriod { family_id: of("family_id"), status: of("status"), held_by: held_by.join("; ") })
    };
    let claims = |of: &str| summary["claims_this_year"][of].as_u64().and_then(|count| usize::try_from(count).ok());
    let year = summary["financial_year"].as_str().map(str::to_owned);
    Ok(Earlier {
        as_at: as_at(folder, &receipt)?,
        claims: None,
        periods: rows(folder, "decisions.csv", &columns)?.into_iter().map(period).collect(),
        claims_of_year: year.zip(claims("approved").zip(claims("submitted")).map(|(one, other)| one + other)),
    })
}

fn as_at(folder: &Path, of: &Value) -> Result<Date> {
    let day = of["as_at"].as_str().and_then(|day| day.parse().ok());
    day.ok_or_else(|| not_ours(folder, "its as-at date cannot be read"))
}

fn of_position(folder: &Path, position: &Value) -> Result<Earlier> {
    let mut claims = BTreeMap::new();
    for row in rows(folder, super::NAMES[1], &CLAIM_COLUMNS)? {
        let outcome = ClaimOutcome::WORDS.iter().find(|(word, _)| *word == row["outcome"]);
        let (Ok(submitted_on), Some((_, outcome))) = (row["submitted_on"].parse(), outcome) else {
            return Err(not_ours(folder, &format!("its {} has a row that cannot be read", super::NAMES[1])));
        };
        let family_id = row["family_id"].clone();
        claims.insert(row["claim_id"].clone(), EarlierClaim { family_id, submitted_on, outcome: *outcome });
    }
    let period = |row: Row| {
        let of = |column: &str| row[column].clone();
        (of("case_id"), EarlierPeriod { family_id: of("family_id"), status: of("status"), held_by: of("held_by") })
    };
    Ok(Earlier {
        as_at: as_at(folder, position)?,
        claims: Some(claims),
        periods: rows(folder, super::NAMES[2], &PERIOD_COLUMNS)?.into_iter().map(period).collect(),
        claims_of_year: None,
    })
}
