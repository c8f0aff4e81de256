//! The file of the register: making it, opening it, reading it, and changing it while nobody else does.
//!
//! It may lie on a network drive, so SQLite keeps its journal beside it (`journal_mode = DELETE`, which such drives can do,
//! and never a write-ahead log, which they cannot), and waits until the drive says that the bytes are there
//! (`synchronous = FULL`). What a run that was broken off has begun is taken back by whoever opens the file next.
//!
//! A file of an earlier version is read as it is, so that looking at an old backup does not change it. It is brought up to date
//! by the first command that changes it (`up_to_date`).

use crate::error::{Error, Result};
use crate::register::changing::{Changing, Who};
use crate::register::entry::{Digest, Entry, FIELDS};
use crate::register::kept::KeptClaim;
use crate::register::schema;
use crate::register::state::Action;
use crate::register::verifying;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, TransactionBehavior};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a reader waits for somebody who writes.
pub(super) const READER_WAITS: Duration = Duration::from_secs(5);

/// What every connection is told.
const SETTINGS: &str = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;";

/// A register, open.
pub struct ClaimsRegister {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) brought_up_to_date: Option<String>,
}

/// A row of the table of claims to a claim.
pub(super) fn entry_of(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let mut values = [const { None }; FIELDS.len()];
    for (at, value) in values.iter_mut().enumerate() {
        *value = row.get(at + 1)?;
    }
    let (previous, sha256) = (row.get(FIELDS.len() + 1)?, row.get(FIELDS.len() + 2)?);
    Ok(Entry { sequence: row.get(0)?, values, previous, sha256 })
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
fn held(path: &Path) -> String {
    let by = std::fs::read_to_string(beside(path)).ok();
    let by = by.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    format!(
        "{} is being changed by {}: try again when they are done. Nothing was changed.",
        path.display(),
        by.as_deref().unwrap_or("somebody else")
    )
}

/// Where it says who is changing the register.
fn beside(path: &Path) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push("-held-by");
    PathBuf::from(name)
}

/// The name of this machine, for the others who wait.
fn machine() -> String {
    let of_environment = ["COMPUTERNAME", "HOSTNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let of_system = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = of_environment.or_else(of_system).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "an unnamed machine".to_owned() } else { name.to_owned() }
}

impl ClaimsRegister {
    /// Makes a new register, readable by its owner only.
    ///
    /// # Errors
    /// There is something of that name already, or it cannot be written.
    pub fn make(path: &Path, who: &Who) -> Result<Digest> {
        if path.symlink_metadata().is_ok() {
            return Err(Error::new(format!(
                "{} is there already: name another file for the new register.",
                path.display()
            )));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let cannot = |why: std::io::Error| Error::file("write", path, &why);
        // Complete, and then in its place: a register that is half made is none.
        let new = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
        let mut register = ClaimsRegister::connect(new.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let wrong = |why: rusqlite::Error| failed(path, &why);
        register.connection.execute_batch(&schema::sql(schema::VERSION)).map_err(wrong)?;
        register
            .connection
            .execute("INSERT INTO secrets (name, value) VALUES ('pseudonyms', randomblob(32))", [])
            .map_err(wrong)?;
        register.change(who, |changing| changing.say(Action::Created, None))?;
        let digest = register.digest()?;
        drop(register);
        new.as_file().sync_all().map_err(cannot)?;
        new.persist_noclobber(path).map_err(|why| cannot(why.error))?;
        Ok(digest)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<ClaimsRegister> {
        let wrong = |why: rusqlite::Error| failed(path, &why);
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(wrong)?;
        connection.busy_timeout(READER_WAITS).map_err(wrong)?;
        connection.execute_batch(SETTINGS).map_err(wrong)?;
        Ok(ClaimsRegister { connection, path: path.to_owned(), brought_up_to_date: None })
    }

    /// Opens a register.
    ///
    /// # Errors
    /// There is none, it is another program's file, of a later version of this program, or damaged.
    pub fn open(path: &Path) -> Result<ClaimsRegister> {
        let name = path.display();
        if !path.exists() {
            return Err(Error::new(format!(
                "there is no register {name}: check the name, or make one with `sfclaim register new {name} --by NAME --on DATE`."
            )));
        }
        if !path.is_file() {
            return Err(Error::new(format!("{name} is a folder, and the file of a register was expected.")));
        }
        // To read it is enough to look; but what a run that was broken off has begun can only be taken back by one who may write.
        let mut register = ClaimsRegister::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| ClaimsRegister::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY))?;
        register.path = path.to_owned();
        let of_file = |pragma: &str| -> Result<i64> {
            register
                .connection
                .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
                .map_err(|why| failed(path, &why))
        };
        if of_file("application_id")? != schema::APPLICATION_ID {
            return Err(Error::new(format!("{name} is not a register of claims: check the name.")));
        }
        let version = of_file("user_version")?;
        if version > schema::VERSION {
            return Err(of_later_version(path, version));
        }
        if version < schema::FIRST_VERSION {
            return Err(Error::new(format!(
                "{name} says that its tables are of version {version}, which no sfclaim has written: it was changed by another program. Go on with the latest backup."
            )));
        }
        let sound: String = register
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|why| failed(path, &why))?;
        if sound != "ok" {
            return Err(Error::new(format!(
                "{name} is damaged: {sound}. Keep it, and go on with the latest backup that `sfclaim register verify` passes."
            )));
        }
        Ok(register)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn wrong(&self, why: &rusqlite::Error) -> Error {
        failed(&self.path, why)
    }

    /// All claims, by id.
    ///
    /// # Errors
    /// The file cannot be read, or holds what this program has not written.
    pub fn claims(&self) -> Result<Vec<KeptClaim>> {
        claims_in(&self.connection).map_err(|why| self.wrong(&why))?.into_iter().map(|kept| self.sound(kept)).collect()
    }

    fn sound(&self, (id, kept): (String, Option<KeptClaim>)) -> Result<KeptClaim> {
        kept.ok_or_else(|| {
            Error::new(format!(
                "{}: the entry of claim {id} says what cannot be: run `sfclaim register verify`.",
                self.path.display()
            ))
        })
    }

    /// The number and hash of the last entry.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn digest(&self) -> Result<Digest> {
        digest_in(&self.connection).map_err(|why| self.wrong(&why))
    }

    /// The log, or what it says of one claim.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn log(&self, claim_id: Option<&str>) -> Result<Vec<Entry>> {
        let of_all = format!("SELECT {} FROM log WHERE ?1 IS NULL OR claim_id = ?1 ORDER BY sequence", log_columns());
        let read = || {
            let mut statement = self.connection.prepare(&of_all)?;
            statement.query_map([claim_id], entry_of)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|why| self.wrong(&why))
    }

    /// The personal detail of an entry; none where it has none, or where it was taken out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn detail(&self, sequence: i64) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT body FROM details WHERE sequence = ?1", [sequence], |row| row.get(0))
            .optional()
            .map_err(|why| self.wrong(&why))
    }

    /// The receipt of a run by its fingerprint.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn receipt(&self, sha256: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT body FROM receipts WHERE sha256 = ?1", [sha256], |row| row.get(0))
            .optional()
            .map_err(|why| self.wrong(&why))
    }

    /// The key of the pseudonyms.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn key(&self) -> Result<[u8; 32]> {
        key_in(&self.connection).map_err(|why| self.wrong(&why))
    }

    /// Changes the register, all of it or nothing, while nobody else does. A register that does not agree with itself is not
    /// changed.
    ///
    /// # Errors
    /// Somebody else is changing it, it does not agree with itself, or the change is not lawful; nothing is changed then.
    pub fn change<T>(&mut self, who: &Who, work: impl FnOnce(&mut Changing<'_>) -> Result<T>) -> Result<(T, Digest)> {
        let path = self.path.clone();
        let wrong = |why: rusqlite::Error| failed(&path, &why);
        // Whoever comes second is told at once.
        self.connection.busy_timeout(Duration::ZERO).map_err(wrong)?;
        self.bring_up_to_date(who)?;
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
        let said = HeldBy::say(&path, who)?;
        agrees(&begun, &path)?;
        let last = digest_in(&begun).map_err(wrong)?;
        let mut changing = Changing::begin(&begun, &path, who, last).map_err(wrong)?;
        let done = work(&mut changing)?;
        let digest = changing.digest().clone();
        // Readers are let finish.
        begun.busy_timeout(READER_WAITS * 2).map_err(wrong)?;
        begun.commit().map_err(wrong)?;
        drop(said);
        Ok((done, digest))
    }

    /// Writes a copy that is complete and agrees with itself, whatever happens to the register meanwhile.
    ///
    /// # Errors
    /// There is something of that name already, it cannot be written, or it does not come out the same.
    pub fn back_up(&self, to: &Path) -> Result<Digest> {
        if to.symlink_metadata().is_ok() {
            return Err(Error::new(format!("{} is there already: name another file for the backup.", to.display())));
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let cannot = |why: std::io::Error| Error::file("write", to, &why);
        let new = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
        let text = new.path().to_str().ok_or_else(|| Error::new("the name of the backup cannot be written."))?;
        self.connection.execute("VACUUM INTO ?1", [text]).map_err(|why| failed(to, &why))?;
        let copy = ClaimsRegister::open(new.path())?;
        let digest = copy.digest()?;
        let problems = copy.verify(None)?;
        if let Some(problem) = problems.first() {
            return Err(Error::new(format!("the backup does not agree with itself, and was not kept: {problem}")));
        }
        drop(copy);
        new.as_file().sync_all().map_err(cannot)?;
        new.persist_noclobber(to).map_err(|why| cannot(why.error))?;
        Ok(digest)
    }
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

/// A register that does not agree with itself is not changed.
pub(super) fn agrees(connection: &Connection, path: &Path) -> Result<()> {
    match verifying::of_connection(connection).map_err(|why| failed(path, &why))?.first() {
        None => Ok(()),
        Some(problem) => Err(Error::new(format!(
            "{} does not agree with itself, and is not changed: {problem} Run `sfclaim register verify`, and go on with the latest backup that passes.",
            path.display()
        ))),
    }
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
