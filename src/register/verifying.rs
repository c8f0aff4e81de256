//! Whether a register agrees with itself: every entry with its hash and the one before, every claim with what the log says
//! of it, every detail with its hash, the tables and what they refuse with what this program made. What is tampered with is
//! named with the first entry that shows it.
//!
//! A chain of hashes cannot show that its end was cut off, or that all of it was written anew. That is what a digest is
//! for that somebody wrote down before.

use super::ranges::covers;
use crate::dates;
use crate::receipt::Fingerprint;
use crate::register::connection::{entry_of, key_in, log_columns};
use crate::register::entry::{Digest, LogEntry, NONE_BEFORE};
use crate::register::kept::KeptClaim;
use crate::register::pseudonym::pseudonym;
use crate::register::schema::{self, CLAIM_COLUMNS};
use crate::register::state::{Action, State, is_lawful};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The entry that shows it; of the file as a whole none.
    pub sequence: Option<i64>,
    /// What it is, in a sentence.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sequence {
            Some(sequence) => write!(f, "entry {sequence}: {}", self.what),
            None => write!(f, "{}", self.what),
        }
    }
}

/// What a digest shows that somebody wrote down.
pub fn against_digest(log: &[LogEntry], digest: &Digest) -> Option<Problem> {
    let problem = |what: String| Some(Problem { sequence: Some(digest.sequence), what });
    match log.iter().find(|entry| entry.sequence == digest.sequence) {
        None => {
            let last = log.last().map_or(0, |entry| entry.sequence);
            problem(format!("the digest names it, and the log ends with entry {last}: its end was cut off."))
        }
        Some(entry) if !entry.sha256.starts_with(&digest.sha256) => {
            problem("it is not the one that the digest names: the log was written anew.".to_owned())
        }
        Some(_) => None,
    }
}

/// The log by itself, and with the details that are there.
pub(super) fn of_log(log: &[LogEntry], detail: &dyn Fn(i64) -> Option<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |sequence: i64, what: String| problems.push(Problem { sequence: Some(sequence), what });
    let mut previous = NONE_BEFORE.to_owned();
    let mut states: BTreeMap<String, State> = BTreeMap::new();
    let redactions: Vec<(i64, &str)> = log
        .iter()
        .filter(|entry| entry.action() == Some(Action::Redacted))
        .filter_map(|entry| Some((entry.sequence, entry.value("covers")?)))
        .collect();
    for (expected, entry) in (1..).zip(log) {
        let at = entry.sequence;
        if at != expected {
            say(expected, format!("it is missing: after entry {} comes entry {at}.", expected - 1));
            // The rest would all be out of place.
            break;
        }
        if entry.previous != previous {
            say(at, "it does not follow on the entry before: one of them was changed.".to_owned());
        }
        if entry.sha256 != entry.hash() {
            say(at, "it was changed: its hash is not that of what it says.".to_owned());
        }
        previous = entry.sha256.clone();
        match (at, entry.action()) {
            (_, None) => say(at, "it says what no entry says: its action is unknown.".to_owned()),
            (1, Some(Action::Created)) => {}
            (1, Some(_)) => say(at, "the log does not begin with the making of the register.".to_owned()),
            (_, Some(Action::Created)) => say(at, "the register was made before.".to_owned()),
            _ => {}
        }
        if entry.value("done_on").and_then(dates::read).is_none() {
            say(at, "its day is no day.".to_owned());
        }
        if let Some(claim) = entry.value("claim_id") {
            let before = states.get(claim).copied();
            let said_before = entry.value("state_before").and_then(State::of_word);
            match (entry.action(), entry.state_after()) {
                (Some(action), Some(to)) if said_before == before && is_lawful(action, before, to) => {
                    states.insert(claim.to_owned(), to);
                }
                _ => say(at, format!("claim {claim} was moved as no claim can be.")),
            }
        }
        let redacted = redactions.iter().any(|(by, ranges)| *by > at && covers(ranges, at));
        match (entry.value("detail_sha256"), detail(at)) {
            (None, None) => {}
            (None, Some(_)) => say(at, "it has a detail that it does not name.".to_owned()),
            (Some(_), None) if redacted => {}
            (Some(_), None) => say(at, "its detail is missing, and no redaction has taken it out.".to_owned()),
            (Some(_), Some(_)) if redacted => say(at, "its detail was taken out, and stands there again.".to_owned()),
            (Some(hash), Some(body)) => {
                if Fingerprint::of(body.as_bytes()).to_string() != hash {
                    say(at, "its detail was changed: its hash is not the one that the entry names.".to_owned());
                }
            }
        }
    }
    problems
}

/// Everything in a database that does not agree, by entry.
pub(super) fn of_connection(connection: &Connection) -> rusqlite::Result<Vec<Problem>> {
    let mut problems = of_tables(connection)?;
    let mut statement = match connection.prepare(&format!("SELECT {} FROM log ORDER BY sequence", log_columns())) {
        Ok(statement) => statement,
        // The tables themselves were changed, which is said already.
        Err(_) if !problems.is_empty() => return Ok(problems),
        Err(why) => return Err(why),
    };
    let log = statement.query_map([], entry_of)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let details = pairs(connection, "SELECT sequence, body FROM details")?;
    let details: BTreeMap<i64, String> = details.into_iter().collect();
    problems.extend(of_log(&log, &|sequence| details.get(&sequence).cloned()));
    // What else does not agree follows from a log that was changed, and is said after it.
    let mut others = Vec::new();
    let numbers: BTreeSet<i64> = log.iter().map(|entry| entry.sequence).collect();
    for sequence in details.keys().filter(|sequence| !numbers.contains(sequence)) {
        others.push(Problem { sequence: Some(*sequence), what: "there is a detail of it, and no entry.".to_owned() });
    }
    others.extend(of_receipts(connection, &details)?);
    others.extend(of_claims(connection, &log)?);
    others.sort_by_key(|problem| problem.sequence.unwrap_or(0));
    problems.extend(others);
    Ok(problems)
}

fn pairs<A: rusqlite::types::FromSql, B: rusqlite::types::FromSql>(
    connection: &Connection,
    query: &str,
) -> rusqlite::Result<Vec<(A, B)>> {
    let mut statement = connection.prepare(query)?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The tables, indexes and triggers, held against those that a file of this version has.
fn of_tables(connection: &Connection) -> rusqlite::Result<Vec<Problem>> {
    let read = |connection: &Connection| -> rusqlite::Result<BTreeMap<String, String>> {
        let made = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL";
        Ok(pairs(connection, made)?.into_iter().collect())
    };
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(&schema::sql(version))?;
    let (ours, theirs) = (read(&fresh)?, read(connection)?);
    let mut problems = Vec::new();
    let mut say = |what: String| problems.push(Problem { sequence: None, what });
    for (name, sql) in &ours {
        match theirs.get(name) {
            None => say(format!("{name}, by which the database refuses what must not be, was taken away.")),
            Some(other) if other != sql => say(format!("{name} was changed.")),
            Some(_) => {}
        }
    }
    for name in theirs.keys().filter(|name| !ours.contains_key(*name)) {
        say(format!("{name} was added by another program."));
    }
    Ok(problems)
}

/// The receipts that details name.
fn of_receipts(connection: &Connection, details: &BTreeMap<i64, String>) -> rusqlite::Result<Vec<Problem>> {
    let receipts: BTreeMap<String, String> =
        pairs(connection, "SELECT sha256, body FROM receipts")?.into_iter().collect();
    let mut named: BTreeMap<String, i64> = BTreeMap::new();
    for (sequence, body) in details {
        let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        if let Some(receipt) = body["receipt"].as_str() {
            named.entry(receipt.to_owned()).or_insert(*sequence);
        }
    }
    let mut problems = Vec::new();
    for (receipt, sequence) in &named {
        if !receipts.contains_key(receipt) {
            problems.push(Problem {
                sequence: Some(*sequence),
                what: "the receipt that its detail names is missing.".to_owned(),
            });
        }
    }
    for (sha256, body) in &receipts {
        if Fingerprint::of(body.as_bytes()).to_string() != *sha256 {
            let what = "the receipt that its detail names was changed.".to_owned();
            problems.push(Problem { sequence: named.get(sha256).copied(), what });
        } else if !named.contains_key(sha256) {
            problems.push(Problem { sequence: None, what: "there is a receipt that no entry names.".to_owned() });
        }
    }
    Ok(problems)
}

/// The claims, held against the last entry of each.
fn of_claims(connection: &Connection, log: &[LogEntry]) -> rusqlite::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let Ok(key) = key_in(connection) else {
        let what = "the key of the pseudonyms was taken away or changed.".to_owned();
        return Ok(vec![Problem { sequence: None, what }]);
    };
    let mut last: BTreeMap<&str, &LogEntry> = BTreeMap::new();
    for entry in log {
        if let Some(claim) = entry.value("claim_id") {
            last.insert(claim, entry);
        }
    }
    let mut statement = connection.prepare(&format!("SELECT {} FROM claims", CLAIM_COLUMNS.join(", ")))?;
    let mut kept: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..CLAIM_COLUMNS.len()).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()?;
        kept.insert(row.get(0)?, values);
    }
    let mut linked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (claim, family) in
        pairs::<String, String>(connection, "SELECT claim_id, family_key FROM linked ORDER BY claim_id, family_key")?
    {
        linked.entry(claim).or_default().push(family);
    }
    for (claim, entry) in &last {
        let mut say = |what: String| problems.push(Problem { sequence: Some(entry.sequence), what });
        let Some(values) = kept.get(*claim) else {
            say(format!("claim {claim} is not kept any more."));
            continue;
        };
        let Some(said) = KeptClaim::of(entry) else {
            say(format!("it says of claim {claim} what cannot be."));
            continue;
        };
        let text = |text: &str| Value::Text(text.to_owned());
        let of_entry = |field: &str| entry.value(field).map_or(Value::Null, text);
        for (column, value) in CLAIM_COLUMNS.iter().zip(values) {
            let expected = match *column {
                "family_key" => Value::Text(pseudonym(&key, &said.family_id)),
                "state" => text(said.state.word()),
                "sequence" => Value::Integer(entry.sequence),
                "reclaim_years" => Value::Integer(i64::from(said.reclaim_years)),
                "by_agreement" => Value::Text(said.by_agreement.join(";")),
                field => of_entry(field),
            };
            if expected != *value {
                let what = match *column {
                    "family_key" => "the pseudonym of its family, or the key of the pseudonyms".to_owned(),
                    column => column.to_owned(),
                };
                say(format!("of claim {claim} something else is kept than the log says: {what} was changed."));
            }
        }
        let mut families = said.linked.clone();
        families.sort();
        if linked.remove(*claim).unwrap_or_default() != families {
            say(format!("of claim {claim} other linked families are kept than the log says."));
        }
    }
    for claim in kept.keys().filter(|claim| !last.contains_key(claim.as_str())) {
        problems.push(Problem {
            sequence: None,
            what: format!("claim {claim} is kept, and no entry says where it comes from."),
        });
    }
    for claim in linked.keys() {
        problems.push(Problem {
            sequence: None,
            what: format!("linked families are kept of claim {claim}, which is not there."),
        });
    }
    Ok(problems)
}
