//! What commands take from the output folder of an earlier run: the rows that it read, for `--since` of `check` and `validate`;
//! its claims and periods, for `--since` of `position`.

use super::position::{MARKER as POSITION, NAMES as POSITION_FILES, claims_known, periods as of_periods};
use super::{check, whatif};
use crate::error::Result;
use crate::forecast::position::movement::{EarlierClaim, EarlierPeriod, EarlierPosition};
use crate::report::output::earlier::{EarlierRow, EarlierRun};
use crate::rules::name::RuleName;
use crate::validate::across::volumes;
use crate::validate::rows::ClaimOutcome;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The folder of an earlier run of the commands that `of` names, as `sfclaim check`.
///
/// # Errors
/// It holds scenarios, which are not decisions.
pub fn open<'a>(folder: &'a Path, of: &'static str) -> Result<EarlierRun<'a>> {
    whatif::refuse(folder)?;
    Ok(EarlierRun::of(folder, of))
}

/// The rows of each table that an earlier check read, as its `summary.json` says.
///
/// # Errors
/// The folder is not the output of a check, or its summary cannot be read.
pub fn rows_read(folder: &Path) -> Result<volumes::EarlierCounts> {
    let run = open(folder, "a check")?;
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
    let run = open(folder, "`sfclaim check` or `sfclaim position`")?;
    if let Some(position) = run.json(POSITION.file)?.filter(|it| it["program"] == POSITION.program) {
        return of_position(&run, &position);
    }
    if run.json(check::MARKER.file)?.is_none() {
        return Err(run.not_ours(&format!("it has no {} or {} of this program", check::MARKER.file, POSITION.file)));
    }
    let receipt = run.receipt(check::MARKER)?;
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
    let known =
        run.table(POSITION_FILES[1], &["claim_id", "family_id", "submitted_on", "outcome"], &claims_known().names())?;
    for row in &known.rows {
        let outcome = ClaimOutcome::WORDS.iter().find(|(word, _)| *word == row.of("outcome"));
        let (Ok(submitted_on), Some((_, outcome))) = (row.of("submitted_on").parse(), outcome) else {
            return Err(run.not_ours(&format!("its {} has a row that cannot be read", POSITION_FILES[1])));
        };
        let family_id = row.of("family_id").to_owned();
        claims.insert(row.of("claim_id").to_owned(), EarlierClaim { family_id, submitted_on, outcome: *outcome });
    }
    let periods = run.table(POSITION_FILES[2], &["case_id", "family_id", "status"], &of_periods().names())?;
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
