//! What is asked of the file of the register, and what is said where it cannot be read.

use crate::error::{Error, Result};
use crate::register::entry::{Digest, FIELDS, LogEntry};
use crate::register::kept::KeptClaim;
use crate::register::schema;
use crate::register::who::Who;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A row of the table of claims to a claim.
pub(super) fn entry_of(row: &Row<'_>) -> rusqlite::Result<LogEntry> {
    let mut values = [const { None }; FIELDS.len()];
    for (at, value) in values.iter_mut().enumerate() {
        *value = row.get(at + 1)?;
    }
    let (previous, sha256) = (row.get(FIELDS.len() + 1)?, row.get(FIELDS.len() + 2)?);
    Ok(LogEntry { sequence: row.get(0)?, values, previous, sha256 })
}

/// The columns of the log in the order of [`entry_of`].
pub(super) fn log_columns() -> String {
    format!("sequence, {}, previous_sha256, sha256", FIELDS.join(", "))
}

/// What went wrong with the file, for people.
pub(super) fn failed(path: &Path, why: &rusqlite::Error) -> Error {
    let name = path.display();
    let said = match why.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => {
            format!(
                "{name} is damaged: {why}. Nothing was changed. Keep it, and go on with the latest backup that `sfclaim register verify` passes."
            )
        }
        Some(ErrorCode::NotADatabase) => format!("{name} is not a register of claims: check the name."),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => held(path),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => format!(
            "{name} cannot be written to: this user may not write to the file or to its folder, in which a journal stands while it is changed. Nothing was changed."
        ),
        Some(ErrorCode::DiskFull) => format!("the disk of {name} is full. Nothing was changed."),
        _ => match why {
            rusqlite::Error::SqliteFailure(_, Some(message)) => format!("{name}: {message}. Nothing was changed."),
            _ => format!("{name}: {why}. Nothing was changed."),
        },
    };
    Error::new(said)
}

/// That somebody else has the register, and who.
pub(super) fn held(path: &Path) -> String {
    let by = std::fs::read_to_string(beside(path)).ok();
    let by = by.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    format!(
        "{} is being changed by {}: try again when they are done. Nothing was changed.",
        path.display(),
        by.as_deref().unwrap_or("somebody else")
    )
}

/// Where it says who is changing the register.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push("-held-by");
    PathBuf::from(name)
}

/// The name of this machine, for the others who wait.
pub(super) fn machine() -> String {
    let of_environment = ["COMPUTERNAME", "HOSTNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let of_system = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = of_environment.or_else(of_system).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "an unnamed machine".to_owned() } else { name.to_owned() }
}

/// The version of its tables.
pub(super) fn version_in(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

pub(super) fn of_later_version(path: &Path, version: i64) -> Error {
    Error::new(format!(
        "{} was written by a later version of sfclaim (its tables are of version {version}, this program knows up to {}): use that version.",
        path.display(),
        schema::VERSION
    ))
}

/// All claims, by id; none for one whose entry says what cannot be.
pub(super) fn claims_in(connection: &Connection) -> rusqlite::Result<Vec<(String, Option<KeptClaim>)>> {
    let columns: Vec<String> = log_columns().split(", ").map(|column| format!("log.{column}")).collect();
    let mut statement = connection.prepare(&format!(
        "SELECT {} FROM claims JOIN log ON log.sequence = claims.sequence ORDER BY claims.claim_id",
        columns.join(", ")
    ))?;
    let entries = statement.query_map([], entry_of)?;
    entries
        .map(|entry| entry.map(|entry| (entry.value("claim_id").unwrap_or_default().to_owned(), KeptClaim::of(&entry))))
        .collect()
}

pub(super) fn digest_in(connection: &Connection) -> rusqlite::Result<Digest> {
    let last = "SELECT sequence, sha256 FROM log ORDER BY sequence DESC LIMIT 1";
    let read = |row: &Row<'_>| Ok(Digest { sequence: row.get(0)?, sha256: row.get(1)? });
    Ok(connection.query_row(last, [], read).optional()?.unwrap_or_else(Digest::of_nothing))
}

pub(super) fn key_in(connection: &Connection) -> rusqlite::Result<[u8; 32]> {
    connection.query_row("SELECT value FROM secrets WHERE name = 'pseudonyms'", [], |row| row.get(0))
}

/// The file that says who is changing the register; taken away when they are done. SQLite's own lock keeps others out, so one
/// that a broken run has left behind does no harm.
pub(super) struct HeldBy(PathBuf);

impl HeldBy {
    pub(super) fn say(path: &Path, who: &Who) -> Result<HeldBy> {
        let place = beside(path);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = format!("{} on {} (process {})\n", who.by(), machine(), std::process::id());
        let written = options.open(&place).and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
        written.map_err(|why| Error::file("write", &place, &why))?;
        Ok(HeldBy(place))
    }
}

impl Drop for HeldBy {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
