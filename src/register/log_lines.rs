//! The log as JSON lines: an entry a line, with its detail, so that it can be kept elsewhere and checked there.

use crate::error::{Error, Result};
use crate::register::entry::{Digest, FIELDS, LogEntry};
use crate::register::file::ClaimsRegister;
use crate::register::verifying::{Problem, against_digest, of_log};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

impl ClaimsRegister {
    /// The log as JSON lines. Without details it names no reason and no child.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn log_lines(&self) -> Result<String> {
        let mut lines = String::new();
        for entry in self.log(None)? {
            let mut line = Map::new();
            line.insert("sequence".to_owned(), entry.sequence.into());
            for (name, value) in FIELDS.iter().zip(&entry.values) {
                line.insert((*name).to_owned(), value.clone().into());
            }
            line.insert("previous_sha256".to_owned(), entry.previous.clone().into());
            line.insert("sha256".to_owned(), entry.sha256.clone().into());
            line.insert("detail".to_owned(), self.detail(entry.sequence)?.into());
            lines.push_str(&Value::Object(line).to_string());
            lines.push('\n');
        }
        Ok(lines)
    }
}

/// Whether text is such lines, by how it begins.
pub fn are_lines(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{\"sequence\"")
}

/// What does not agree in such lines, and their digest.
///
/// # Errors
/// A line cannot be read at all.
pub fn verify(text: &str, against: Option<&Digest>) -> Result<(Vec<Problem>, Digest)> {
    let mut log = Vec::new();
    let mut details = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let wrong =
            || Error::new(format!("line {number} is not an entry of a log: it was changed, or the file was cut off."));
        let line: Map<String, Value> = serde_json::from_str(line).map_err(|_| wrong())?;
        let text = |name: &str| match line.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(wrong()),
        };
        let mut values = [const { None }; FIELDS.len()];
        for (value, name) in values.iter_mut().zip(FIELDS) {
            *value = text(name)?;
        }
        let sequence = line.get("sequence").and_then(Value::as_i64).ok_or_else(wrong)?;
        let hash = |name: &str| text(name).and_then(|hash| hash.ok_or_else(wrong));
        log.push(LogEntry { sequence, values, previous: hash("previous_sha256")?, sha256: hash("sha256")? });
        if let Some(detail) = text("detail")? {
            details.insert(sequence, detail);
        }
    }
    let mut problems = of_log(&log, &|sequence| details.get(&sequence).cloned());
    problems.extend(against.and_then(|against| against_digest(&log, against)));
    problems.sort_by_key(|problem| problem.sequence);
    let digest = log
        .last()
        .map_or_else(Digest::of_nothing, |entry| Digest { sequence: entry.sequence, sha256: entry.sha256.clone() });
    Ok((problems, digest))
}
