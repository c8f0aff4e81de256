//! The file of the register: making it, opening it, reading it, and changing it while nobody else does.
//!
//! It may lie on a network drive, so SQLite keeps its journal beside it (`journal_mode = DELETE`, which such drives can do,
//! and never a write-ahead log, which they cannot), and waits until the drive says that the bytes are there
//! (`synchronous = FULL`). What a run that was broken off has begun is taken back by whoever opens the file next.
//!
//! A file of an earlier version is read as it is, so that looking at an old backup does not change it. It is brought up to date
//! by the first command that changes it (`up_to_date`).

use super::connection::{HeldBy, claims_in, digest_in, entry_of, failed, key_in, log_columns, of_later_version};
use crate::error::{Error, Result};
use crate::register::changing::Changing;
use crate::register::entry::{Digest, LogEntry};
use crate::register::kept::KeptClaim;
use crate::register::schema;
use crate::register::state::Action;
use crate::register::verifying;
use crate::register::verifying::{Problem, against_digest, of_connection};
use crate::register::who::Who;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};
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

    /// Everything that does not agree: the log first, by entry, then what follows from it; none where all does.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn verify(&self, against: Option<&Digest>) -> Result<Vec<Problem>> {
        let mut problems = of_connection(&self.connection).map_err(|why| self.wrong(&why))?;
        let whole: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|why| self.wrong(&why))?;
        if whole != "ok" {
            problems.insert(0, Problem { sequence: None, what: format!("the file is damaged: {whole}.") });
        }
        if let Some(against) = against {
            problems.extend(against_digest(&self.log(None)?, against));
        }
        Ok(problems)
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
    pub fn log(&self, claim_id: Option<&str>) -> Result<Vec<LogEntry>> {
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
