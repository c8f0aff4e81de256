//! Bringing a file of an earlier version up to date, after a copy of it was put beside it.

use crate::error::Result;
use crate::register::connection::{HeldBy, failed, of_later_version, version_in};
use crate::register::file::{ClaimsRegister, READER_WAITS, agrees};
use crate::register::schema;
use crate::register::who::Who;
use rusqlite::TransactionBehavior;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

impl ClaimsRegister {
    /// Brings the tables of a file of an earlier version up to date: all of it or nothing, and by itself, so that it stays done
    /// when the change that follows is refused. Before that a copy of the file is put beside it, under a name that nothing has.
    pub(super) fn bring_up_to_date(&mut self, who: &Who) -> Result<()> {
        let path = self.path.clone();
        let wrong = |why: rusqlite::Error| failed(&path, &why);
        if version_in(&self.connection).map_err(wrong)? == schema::VERSION {
            return Ok(());
        }
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
        let said = HeldBy::say(&path, who)?;
        // Somebody else may have done it by now, with this program or a later one.
        let version = version_in(&begun).map_err(wrong)?;
        if version >= schema::VERSION {
            return if version > schema::VERSION { Err(of_later_version(&path, version)) } else { Ok(()) };
        }
        agrees(&begun, &path)?;
        let backup = free_name(&path, version);
        // Others may read while this one is about to write, and the copy is made by such a reader.
        ClaimsRegister::open(&path)?.back_up(&backup)?;
        for added in version + 1..=schema::VERSION {
            begun.execute_batch(schema::added_in(added)).map_err(wrong)?;
        }
        begun.pragma_update(None, "user_version", schema::VERSION).map_err(wrong)?;
        begun.busy_timeout(READER_WAITS * 2).map_err(wrong)?;
        begun.commit().map_err(wrong)?;
        drop(said);
        self.connection.busy_timeout(Duration::ZERO).map_err(wrong)?;
        self.brought_up_to_date = Some(format!(
            "the tables of {} were of version {version} and are now of version {}; the file as it was before is {}.",
            path.display(),
            schema::VERSION,
            backup.display()
        ));
        Ok(())
    }

    /// What a person must be told where the last change found a file of an earlier version, in a sentence.
    pub fn brought_up_to_date(&self) -> Option<&str> {
        self.brought_up_to_date.as_deref()
    }
}

/// A name beside the register that nothing has, for the copy of it as it was.
fn free_name(path: &Path, version: i64) -> PathBuf {
    let named = |number: u32| {
        let mut name: OsString = path.as_os_str().to_owned();
        name.push(match number {
            1 => format!(".version-{version}.backup"),
            _ => format!(".version-{version}-{number}.backup"),
        });
        PathBuf::from(name)
    };
    let mut number = 1;
    while named(number).symlink_metadata().is_ok() {
        number += 1;
    }
    named(number)
}
