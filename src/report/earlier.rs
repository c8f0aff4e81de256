//! The output folder of an earlier run, read back: for `compare`, and for `--since` of `check`, `validate` and `position`.
//!
//! What a spreadsheet must not run as a formula is written with an apostrophe before it, which is taken away again here and
//! nowhere else, so that ids are held against ids. A column that the folder of an older version lacks is blank, and is named.

use super::files;
use super::position::{CLAIM_COLUMNS, MARKER as POSITION, NAMES as POSITION_FILES, PERIOD_COLUMNS};
use super::whatif;
use crate::dates::Date;
use crate::error::{Error, Result};
use crate::forecast::position::movement::{EarlierClaim, EarlierPeriod, EarlierPosition};
use crate::load::formulas::given_back;
use crate::rules::name::RuleName;
use crate::validate::across::volumes;
use crate::validate::rows::ClaimOutcome;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The folder of an earlier run.
pub struct EarlierRun<'a> {
    folder: &'a Path,
    /// The commands whose folder is meant, for messages.
    of: &'static str,
}

/// A table of an earlier run.
pub struct EarlierTable {
    /// Its rows, in the file's order.
    pub rows: Vec<EarlierRow>,
    /// The columns that were asked for and that it lacks.
    pub lacking: Vec<&'static str>,
}

/// A row of it.
#[derive(Clone, Debug, Default)]
pub struct EarlierRow(BTreeMap<String, String>);

impl EarlierRow {
    /// The text of a column; blank where the table lacks it.
    pub fn of(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }
}

impl EarlierTable {
    /// What must be said of columns that it lacks, if it lacks any.
    pub fn said_of_lacking(&self, name: &str, whose: &str) -> Option<String> {
        let noun = if self.lacking.len() == 1 { "column" } else { "columns" };
        (!self.lacking.is_empty()).then(|| {
            format!(
                "{name} of {whose}, which an older version wrote, has no {noun} {}: read as blank, and not taken for a change",
                self.lacking.join(", ")
            )
        })
    }
}

impl<'a> EarlierRun<'a> {
    /// The folder of a run of the commands that `of` names, as `sfclaim check`.
    ///
    /// # Errors
    /// It holds scenarios, which are not decisions.
    pub fn open(folder: &'a Path, of: &'static str) -> Result<EarlierRun<'a>> {
        whatif::refuse(folder)?;
        Ok(EarlierRun { folder, of })
    }

    /// That the folder is not what it should be, and why.
    pub fn not_ours(&self, what: &str) -> Error {
        Error::new(format!(
            "{} is not the output folder of {}: {what}. Name a folder that {} wrote with --out.",
            self.folder.display(),
            self.of,
            self.of
        ))
    }

    /// A JSON file of the folder.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn json(&self, name: &str) -> Result<Option<Value>> {
        // A pipe of that name would be waited for.
        let path = self.folder.join(name);
        if !path.is_file() {
            return Ok(None);
        }
        let broken = || self.not_ours(&format!("its {name} cannot be read"));
        let text = std::fs::read_to_string(path).map_err(|_| broken())?;
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map(Some).map_err(|_| broken())
    }

    /// The receipt of a run of `check`.
    ///
    /// # Errors
    /// There is none.
    pub fn receipt(&self) -> Result<Value> {
        let marker = files::MARKER;
        let receipt = self.json(marker.file)?.ok_or_else(|| self.not_ours(&format!("it has no {}", marker.file)))?;
        if receipt["program"] != marker.program {
            return Err(self.not_ours(&format!("its {} is not of this program", marker.file)));
        }
        Ok(receipt)
    }

    /// A table: its `needed` columns must be there, the `others` may be lacking.
    ///
    /// # Errors
    /// It cannot be read to its end, or lacks a column that it must have.
    pub fn table(&self, name: &str, needed: &[&str], others: &[&'static str]) -> Result<EarlierTable> {
        let broken = |what: &str| self.not_ours(&format!("its {name} {what}"));
        let path = self.folder.join(name);
        if !path.is_file() {
            return Err(self.not_ours(&format!("it has no {name}")));
        }
        let mut reader = csv::Reader::from_path(path).map_err(|_| broken("cannot be read"))?;
        let header: Vec<String> = reader
            .headers()
            .map_err(|_| broken("cannot be read"))?
            .iter()
            .map(|column| column.trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        let has = |column: &str| header.iter().any(|found| found == column);
        if let Some(missing) = needed.iter().find(|column| !has(column)) {
            return Err(broken(&format!("has no column {missing}")));
        }
        let row = |record: csv::StringRecord| {
            let cells = header.iter().zip(record.iter());
            EarlierRow(cells.map(|(column, value)| (column.clone(), given_back(value).to_owned())).collect())
        };
        let rows = reader.records().map(|record| record.map(row));
        Ok(EarlierTable {
            rows: rows.collect::<std::result::Result<_, _>>().map_err(|_| broken("cannot be read to its end"))?,
            lacking: others.iter().copied().filter(|column| !has(column)).collect(),
        })
    }

    fn as_at(&self, of: &Value) -> Result<Date> {
        let day = of["as_at"].as_str().and_then(|day| day.parse().ok());
        day.ok_or_else(|| self.not_ours("its as-at date cannot be read"))
    }
}

/// The rows of each table that an earlier check read, as its `summary.json` says.
///
/// # Errors
/// The folder is not the output of a check, or its summary cannot be read.
pub fn rows_read(folder: &Path) -> Result<volumes::EarlierCounts> {
    let run = EarlierRun::open(folder, "a check")?;
    let summary = run.json("summary.json")?.ok_or_else(|| run.not_ours("it has no summary.json"))?;
    let as_at = summary["as_at"].as_str().ok_or_else(|| run.not_ours("its summary.json has no as-at date"))?;
    let tables = summary["rows"].as_object().ok_or_else(|| run.not_ours("its summary.json has no rows by table"))?;
    let rows = tables
        .iter()
        .map(|(table, counts)| {
            let read = counts["read"].as_u64().and_then(|read| usize::try_from(read).ok());
            let read = read.ok_or_else(|| {
                run.not_ours(&format!("its summary.json does not say how many rows of {table} were read"))
            })?;
            Ok((table.clone(), read))
        })
        .collect::<Result<_>>()?;
    Ok(volumes::EarlierCounts { as_at: as_at.to_owned(), rows })
}

/// The claims and periods of an earlier `check` or `position`.
///
/// # Errors
/// It is not the folder of such a run, or a file of it is broken.
pub fn position(folder: &Path) -> Result<EarlierPosition> {
    let run = EarlierRun::open(folder, "`sfclaim check` or `sfclaim position`")?;
    if let Some(position) = run.json(POSITION.file)?.filter(|it| it["program"] == POSITION.program) {
        return of_position(&run, &position);
    }
    if run.json(files::MARKER.file)?.is_none() {
        return Err(run.not_ours(&format!("it has no {} or {} of this program", files::MARKER.file, POSITION.file)));
    }
    let receipt = run.receipt()?;
    let summary = run.json("summary.json")?.unwrap_or_default();
    let rules = RuleName::ALL.map(RuleName::word);
    let table = run.table("decisions.csv", &["case_id", "family_id", "status"], &rules)?;
    let period = |row: &EarlierRow| {
        // Of a rule that the run did not know nothing is known.
        let held = rules.iter().filter(|rule| !["met", "not_applicable", ""].contains(&row.of(rule)));
        let held_by: Vec<String> = held.map(|rule| format!("{rule} {}", row.of(rule))).collect();
        let of = |column: &str| row.of(column).to_owned();
        (of("case_id"), EarlierPeriod { family_id: of("family_id"), status: of("status"), held_by: held_by.join("; ") })
    };
    let claims = |of: &str| summary["claims_this_year"][of].as_u64().and_then(|count| usize::try_from(count).ok());
    let year = summary["financial_year"].as_str().map(str::to_owned);
    Ok(EarlierPosition {
        as_at: run.as_at(&receipt)?,
        claims: None,
        periods: table.rows.iter().map(period).collect(),
        claims_of_year: year.zip(claims("approved").zip(claims("submitted")).map(|(one, other)| one + other)),
        lacking: table.said_of_lacking("decisions.csv", "the earlier run").into_iter().collect(),
    })
}

fn of_position(run: &EarlierRun<'_>, position: &Value) -> Result<EarlierPosition> {
    let mut claims = BTreeMap::new();
    let known = run.table(POSITION_FILES[1], &["claim_id", "family_id", "submitted_on", "outcome"], &CLAIM_COLUMNS)?;
    for row in &known.rows {
        let outcome = ClaimOutcome::WORDS.iter().find(|(word, _)| *word == row.of("outcome"));
        let (Ok(submitted_on), Some((_, outcome))) = (row.of("submitted_on").parse(), outcome) else {
            return Err(run.not_ours(&format!("its {} has a row that cannot be read", POSITION_FILES[1])));
        };
        let family_id = row.of("family_id").to_owned();
        claims.insert(row.of("claim_id").to_owned(), EarlierClaim { family_id, submitted_on, outcome: *outcome });
    }
    let periods = run.table(POSITION_FILES[2], &["case_id", "family_id", "status"], &PERIOD_COLUMNS)?;
    let period = |row: &EarlierRow| {
        let of = |column: &str| row.of(column).to_owned();
        (of("case_id"), EarlierPeriod { family_id: of("family_id"), status: of("status"), held_by: of("held_by") })
    };
    let lacking = [
        known.said_of_lacking(POSITION_FILES[1], "the earlier run"),
        periods.said_of_lacking(POSITION_FILES[2], "the earlier run"),
    ];
    Ok(EarlierPosition {
        as_at: run.as_at(position)?,
        claims: Some(claims),
        periods: periods.rows.iter().map(period).collect(),
        claims_of_year: None,
        lacking: lacking.into_iter().flatten().collect(),
    })
}
