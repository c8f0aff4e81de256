//! What a change writes: entries of the log, and with each what is kept of the claim. All in one transaction.

use super::who::Who;
use crate::dates::Date;
use crate::error::{Error, Result};
use crate::receipt::Fingerprint;
use crate::register::connection::{claims_in, failed, key_in, log_columns};
use crate::register::entry::{Digest, FIELDS, LogEntry};
use crate::register::kept::{KeptClaim, Origin};
use crate::register::pseudonym::pseudonym;
use crate::register::ranges::ranges;
use crate::register::schema::CLAIM_COLUMNS;
use crate::register::state::{Action, after, is_lawful};
use rusqlite::{Connection, params_from_iter, types::Value};
use std::collections::BTreeMap;
use std::path::Path;

/// A change while it is being made.
pub struct Changing<'a> {
    connection: &'a Connection,
    path: &'a Path,
    who: &'a Who,
    last: Digest,
    key: [u8; 32],
    claims: BTreeMap<String, KeptClaim>,
}

impl<'a> Changing<'a> {
    pub(super) fn begin(
        connection: &'a Connection,
        path: &'a Path,
        who: &'a Who,
        last: Digest,
    ) -> rusqlite::Result<Changing<'a>> {
        let kept = claims_in(connection)?.into_iter();
        let claims = kept.filter_map(|(id, kept)| Some((id, kept?))).collect();
        Ok(Changing { connection, path, who, last, key: key_in(connection)?, claims })
    }

    /// The claims as they stand, by id.
    pub fn claims(&self) -> &BTreeMap<String, KeptClaim> {
        &self.claims
    }

    /// The last entry so far.
    pub fn digest(&self) -> &Digest {
        &self.last
    }

    /// The pseudonym of a family.
    pub fn pseudonym(&self, family: &str) -> String {
        pseudonym(&self.key, family)
    }

    fn wrong(&self, why: &rusqlite::Error) -> Error {
        failed(self.path, why)
    }

    fn empty_entry(&self, action: Action) -> LogEntry {
        let mut entry = LogEntry {
            sequence: self.last.sequence + 1,
            values: [const { None }; FIELDS.len()],
            previous: self.last.sha256.clone(),
            sha256: String::new(),
        };
        entry.set("done_on", Some(self.who.on.to_string()));
        entry.set("done_by", Some(self.who.by.clone()));
        entry.set("action", Some(action.word().to_owned()));
        entry
    }

    fn append(&mut self, mut entry: LogEntry, detail: Option<&str>) -> Result<i64> {
        entry.set("detail_sha256", detail.map(|text| Fingerprint::of(text.as_bytes()).to_string()));
        entry.sha256 = entry.hash();
        let places: Vec<String> = (1..=FIELDS.len() + 3).map(|at| format!("?{at}")).collect();
        let text = |value: Option<String>| value.map_or(Value::Null, Value::Text);
        let mut values = vec![Value::Integer(entry.sequence)];
        values.extend(entry.values.iter().cloned().map(text));
        values.extend([Value::Text(entry.previous.clone()), Value::Text(entry.sha256.clone())]);
        let insert = format!("INSERT INTO log ({}) VALUES ({})", log_columns(), places.join(", "));
        self.connection
            .prepare_cached(&insert)
            .and_then(|mut statement| statement.execute(params_from_iter(values)))
            .map_err(|why| self.wrong(&why))?;
        if let Some(detail) = detail {
            self.connection
                .prepare_cached("INSERT INTO details (sequence, body) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute((entry.sequence, detail)))
                .map_err(|why| self.wrong(&why))?;
        }
        self.last = Digest { sequence: entry.sequence, sha256: entry.sha256 };
        Ok(entry.sequence)
    }

    /// Says something of the register as a whole.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn say(&mut self, action: Action, detail: Option<&str>) -> Result<()> {
        let entry = self.empty_entry(action);
        self.append(entry, detail).map(drop)
    }

    fn values_of(&self, claim: &KeptClaim) -> Vec<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        let day = |day: Option<Date>| day.map_or(Value::Null, |day| Value::Text(day.to_string()));
        let optional = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
        vec![
            text(&claim.claim_id),
            text(&claim.family_id),
            Value::Text(self.pseudonym(&claim.family_id)),
            optional(&claim.case_id),
            text(claim.origin.word()),
            day(claim.as_at),
            day(claim.submitted_on),
            day(claim.decided_on),
            optional(&claim.window),
            Value::Integer(i64::from(claim.reclaim_years)),
            day(claim.bars_until()),
            Value::Text(claim.by_agreement.join(";")),
            text(claim.state.word()),
            Value::Integer(claim.sequence),
        ]
    }

    /// Takes a new claim in.
    ///
    /// # Errors
    /// The database refuses it: a double claim, or an id that is there already.
    pub fn take_in(&mut self, mut claim: KeptClaim, detail: Option<&str>) -> Result<()> {
        if self.claims.contains_key(&claim.claim_id) {
            return Err(Error::new(format!(
                "{}: there is a claim {} already. Nothing was changed.",
                self.path.display(),
                claim.claim_id
            )));
        }
        let action = match claim.origin {
            Origin::Imported => Action::Imported,
            Origin::Prepared => Action::Prepared,
        };
        let mut entry = self.empty_entry(action);
        claim.write_into(&mut entry);
        claim.sequence = self.append(entry, detail)?;
        for family in &claim.linked {
            self.connection
                .prepare_cached("INSERT INTO linked (claim_id, family_key) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute((&claim.claim_id, family)))
                .map_err(|why| self.wrong(&why))?;
        }
        let places: Vec<String> = (1..=CLAIM_COLUMNS.len()).map(|at| format!("?{at}")).collect();
        let insert = format!("INSERT INTO claims ({}) VALUES ({})", CLAIM_COLUMNS.join(", "), places.join(", "));
        let written = self
            .connection
            .prepare_cached(&insert)
            .and_then(|mut statement| statement.execute(params_from_iter(self.values_of(&claim))));
        written.map_err(|why| {
            let said = match &why {
                rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
                _ => return self.wrong(&why),
            };
            let of = claim.case_id.as_ref().map(|case| format!(", case {case}")).unwrap_or_default();
            Error::new(format!("{}: claim {}{of}: {said}. Nothing was changed.", self.path.display(), claim.claim_id))
        })?;
        self.claims.insert(claim.claim_id.clone(), claim);
        Ok(())
    }

    /// Moves a claim. `change` sets its days.
    ///
    /// # Errors
    /// There is no such claim, the move is not lawful, or its day is before that of the claim's last entry.
    pub fn do_to(
        &mut self,
        claim_id: &str,
        action: Action,
        detail: Option<&str>,
        change: impl FnOnce(&mut KeptClaim),
    ) -> Result<()> {
        let name = self.path.display().to_string();
        let refuse = |why: String| Error::new(format!("{name}: {why} Nothing was changed."));
        let Some(before) = self.claims.get(claim_id).cloned() else {
            let hint = crate::error::did_you_mean(claim_id, self.claims.keys().map(String::as_str));
            return Err(refuse(format!("there is no claim {claim_id}.{hint}")));
        };
        let Some(to) = after(action, Some(before.state)) else {
            return Err(refuse(format!(
                "claim {claim_id} is {}, and a claim in that state cannot be {}.",
                said(before.state.word()),
                said(action.word())
            )));
        };
        let since = [before.as_at, before.submitted_on, before.decided_on].into_iter().flatten().max();
        if let Some(since) = since.filter(|since| self.who.on < *since) {
            return Err(refuse(format!(
                "claim {claim_id} has a later day, {since}, than --on {}: give the day on which this was done.",
                self.who.on
            )));
        }
        let mut claim = KeptClaim { state: to, ..before.clone() };
        change(&mut claim);
        if !is_lawful(action, Some(before.state), claim.state) {
            return Err(refuse(format!("claim {claim_id} cannot be moved so.")));
        }
        if let (Some(submitted), Some(decided)) = (claim.submitted_on, claim.decided_on)
            && decided < submitted
        {
            return Err(refuse(format!(
                "claim {claim_id} would be decided on {decided}, before it was submitted on {submitted}."
            )));
        }
        let mut entry = self.empty_entry(action);
        claim.write_into(&mut entry);
        entry.set("state_before", Some(before.state.word().to_owned()));
        claim.sequence = self.append(entry, detail)?;
        // Drawing a claim changes nothing of it but its last entry.
        let places: Vec<String> =
            CLAIM_COLUMNS.iter().enumerate().map(|(at, column)| format!("{column} = ?{}", at + 1)).collect();
        let update = format!("UPDATE claims SET {} WHERE claim_id = ?1", places.join(", "));
        self.connection
            .prepare_cached(&update)
            .and_then(|mut statement| statement.execute(params_from_iter(self.values_of(&claim))))
            .map_err(|why| self.wrong(&why))?;
        self.claims.insert(claim_id.to_owned(), claim);
        Ok(())
    }

    /// Keeps the receipt of a run, once. Gives its fingerprint, by which details name it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep_receipt(&mut self, body: &str) -> Result<String> {
        let sha256 = Fingerprint::of(body.as_bytes()).to_string();
        self.connection
            .execute("INSERT OR IGNORE INTO receipts (sha256, body) VALUES (?1, ?2)", (&sha256, body))
            .map_err(|why| self.wrong(&why))?;
        Ok(sha256)
    }

    /// Takes the personal detail of finished claims out whose last entry is before a day. What the log says stays, with the
    /// hashes of what was taken out. Gives the number of claims, and of those that are not finished.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn redact(&mut self, before: Date, why: &str) -> Result<(usize, usize)> {
        let limit = before.to_string();
        let read = || -> rusqlite::Result<Vec<(i64, String)>> {
            let mut statement = self.connection.prepare(
                "SELECT details.sequence, log.claim_id FROM details JOIN log USING (sequence)
                WHERE log.claim_id IS NOT NULL
                AND (SELECT max(other.done_on) FROM log other WHERE other.claim_id = log.claim_id) < ?1
                ORDER BY details.sequence",
            )?;
            statement.query_map([&limit], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        let old = read().map_err(|why| self.wrong(&why))?;
        let is_finished = |claim: &String| self.claims.get(claim).is_some_and(|claim| claim.state.is_finished());
        let (go, stay): (Vec<_>, Vec<_>) = old.into_iter().partition(|(_, claim)| is_finished(claim));
        let number =
            |all: &[(i64, String)]| all.iter().map(|(_, claim)| claim).collect::<std::collections::BTreeSet<_>>().len();
        let counts = (number(&go), number(&stay));
        if go.is_empty() {
            return Ok(counts);
        }
        let sequences: Vec<i64> = go.iter().map(|(sequence, _)| *sequence).collect();
        let mut entry = self.empty_entry(Action::Redacted);
        entry.set("covers", Some(ranges(&sequences)));
        self.append(entry, Some(why))?;
        let delete = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare("DELETE FROM details WHERE sequence = ?1")?;
            for sequence in &sequences {
                statement.execute([sequence])?;
            }
            // A receipt names who confirmed a finding, so that one that no claim rests on any more goes too.
            self.connection.execute(
                "DELETE FROM receipts WHERE sha256 NOT IN
                (SELECT json_extract(body, '$.receipt') FROM details WHERE json_valid(body) AND json_extract(body, '$.receipt') IS NOT NULL)",
                [],
            )?;
            Ok(())
        };
        delete().map_err(|why| self.wrong(&why))?;
        Ok(counts)
    }
}

/// A word of the log as a sentence has it.
pub fn said(word: &str) -> String {
    word.replace('_', " ")
}
