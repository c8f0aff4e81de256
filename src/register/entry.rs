//! An entry of the log: what it holds, the bytes that stand for it, and its hash.
//!
//! The bytes, so that anybody can work the hash out again: the line `sfclaim register log 1`, then the line of `sequence`, of
//! each of [`FIELDS`] in order, and of `previous_sha256`. A line is the name, `=`, the number of bytes of the value, `:`, the
//! value and a line feed; where there is no value, the name, `-` and a line feed. The hash is SHA-256, in hexadecimal.

use crate::error::{Error, Result};
use crate::receipt::{Fingerprint, RegisterRead};
use crate::register::state::{Action, State};
use std::fmt;
use std::fmt::Write as _;

/// The version of the bytes.
pub const VERSION: u32 = 1;

/// What an entry holds beside its number and its hashes, in the order of its bytes.
pub const FIELDS: [&str; 19] = [
    "done_on",
    "done_by",
    "action",
    "claim_id",
    "family_id",
    "case_id",
    "origin",
    "as_at",
    "submitted_on",
    "decided_on",
    "window",
    "reclaim_years",
    "bars_until",
    "by_agreement",
    "linked",
    "state_before",
    "state_after",
    "covers",
    "detail_sha256",
];

/// What the first entry has in place of the hash before it.
pub const NONE_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number: from 1, without gaps.
    pub sequence: i64,
    /// The values of [`FIELDS`].
    pub values: [Option<String>; FIELDS.len()],
    /// The hash of the entry before.
    pub previous: String,
    /// Its own hash.
    pub sha256: String,
}

impl LogEntry {
    /// A value by the name of its field.
    pub fn value(&self, field: &str) -> Option<&str> {
        let at = FIELDS.iter().position(|name| *name == field)?;
        self.values[at].as_deref()
    }

    /// Gives a field its value.
    pub fn set(&mut self, field: &str, value: Option<String>) {
        if let Some(at) = FIELDS.iter().position(|name| *name == field) {
            self.values[at] = value;
        }
    }

    /// What was done.
    pub fn action(&self) -> Option<Action> {
        self.value("action").and_then(Action::of_word)
    }

    /// The state that it leaves the claim in.
    pub fn state_after(&self) -> Option<State> {
        self.value("state_after").and_then(State::of_word)
    }

    /// The hash that its bytes have.
    pub fn hash(&self) -> String {
        let mut bytes = format!("sfclaim register log {VERSION}\n");
        let mut line = |name: &str, value: Option<&str>| {
            let _ = match value {
                Some(value) => writeln!(bytes, "{name}={}:{value}", value.len()),
                None => writeln!(bytes, "{name}-"),
            };
        };
        line("sequence", Some(&self.sequence.to_string()));
        for (name, value) in FIELDS.iter().zip(&self.values) {
            line(name, value.as_deref());
        }
        line("previous_sha256", Some(&self.previous));
        Fingerprint::of(bytes.as_bytes()).to_string()
    }
}

/// The number and the hash of the last entry. Somebody who has it can see whether the log was cut short or written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// How many entries there are.
    pub sequence: i64,
    /// The hash of the last; of a digest that somebody copied from a screen its beginning.
    pub sha256: String,
}

impl Digest {
    /// Of a log without entries.
    pub fn of_nothing() -> Digest {
        Digest { sequence: 0, sha256: NONE_BEFORE.to_owned() }
    }

    /// Reads a digest as it is printed.
    ///
    /// # Errors
    /// It is none.
    pub fn read(text: &str) -> Result<Digest> {
        let read = text.trim().split_once(':').and_then(|(number, hash)| {
            let hash = hash.to_lowercase();
            let is_hash = (RegisterRead::DIGITS..=NONE_BEFORE.len()).contains(&hash.len())
                && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            Some(Digest { sequence: number.parse().ok()?, sha256: hash }).filter(|_| is_hash)
        });
        read.ok_or_else(|| {
            Error::new(format!(
                "\"{text}\" is not a digest: it is a number, a colon and the hash or its first {} digits or more, as every screen, return and evidence pack shows it.",
                RegisterRead::DIGITS
            ))
        })
    }
}

impl Digest {
    /// It as a run or a screen says it of a register of this name.
    pub fn of_register(&self, file: &std::path::Path) -> RegisterRead {
        RegisterRead {
            file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            entries: usize::try_from(self.sequence).unwrap_or(0),
            digest: self.to_string(),
            prepared: std::collections::BTreeMap::new(),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, self.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_bytes_as_they_are_described() {
        let mut values = [const { None }; FIELDS.len()];
        values[0] = Some("2024-10-01".to_owned());
        values[1] = Some("Zoë".to_owned());
        let entry = LogEntry { sequence: 7, values, previous: NONE_BEFORE.to_owned(), sha256: String::new() };
        // Written out by hand; ë is two bytes.
        let mut bytes = String::from("sfclaim register log 1\nsequence=1:7\ndone_on=10:2024-10-01\ndone_by=4:Zoë\n");
        for name in &FIELDS[2..] {
            bytes += &format!("{name}-\n");
        }
        bytes += &format!("previous_sha256=64:{NONE_BEFORE}\n");
        assert_eq!(entry.hash(), Fingerprint::of(bytes.as_bytes()).to_string());
    }

    #[test]
    fn a_digest_is_read_as_it_is_printed_and_nothing_else_is() {
        let digest = Digest { sequence: 12, sha256: "ab".repeat(32) };
        assert_eq!(Digest::read(&format!(" {digest}\n")).unwrap(), digest);
        // What a screen shows is its beginning, and no less will do.
        assert_eq!(Digest::read("12:ABABABABABABABABABAB").unwrap().sha256, "ab".repeat(10));
        assert!(Digest::read("12:ababababababababab").is_err());
        for wrong in ["", "12", "12:ab", "x:".to_owned().as_str(), &format!("12:{}", "zz".repeat(32))] {
            assert!(Digest::read(wrong).is_err(), "{wrong}");
        }
    }
}
