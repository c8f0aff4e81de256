//! What is needed to repeat a run: fingerprints of every input and rule file, the as-at date, the
//! parameters with where they came from, the program's version. No clock time: same input, same bytes.

use crate::dates::Date;
use crate::words::counted;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// SHA-256 of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of these bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(bytes).into())
    }

    /// It in base 64, as the content policy of a page names what may run there.
    pub fn base64(&self) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for three in self.0.chunks(3) {
            let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            for place in 0..=three.len() {
                let digit = DIGITS.get((bits >> (18 - 6 * place) & 63) as usize).copied().unwrap_or(b'A');
                out.push(char::from(digit));
            }
            out.extend(std::iter::repeat_n('=', 3 - three.len()));
        }
        out
    }

    /// The first 12 hexadecimal digits, for people.
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

/// A fingerprint of bytes that come piece by piece.
#[derive(Clone, Default)]
pub struct Fingerprinting(Sha256);

impl Fingerprinting {
    /// The next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The fingerprint of all of them.
    pub fn finish(self) -> Fingerprint {
        Fingerprint(self.0.finalize().into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An input file that a run read.
#[derive(Clone, Debug, Serialize)]
pub struct InputFile {
    /// Its name inside the data folder.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: Fingerprint,
}

/// The register of claims as it stood when a run read it. By the digest anybody can see later whether its log was cut short or
/// written anew.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterRead {
    /// The name of its file.
    pub file: String,
    /// How many entries its log had.
    pub entries: usize,
    /// The number and the hash of the last of them, whole.
    pub digest: String,
    /// The claims that were prepared in it, each with the day as at which it could be claimed by the records and rules of then.
    #[serde(skip)]
    pub prepared: BTreeMap<String, Date>,
}

impl RegisterRead {
    /// How many digits of the hash a screen shows: 80 bits, which nobody can make another log for, and which can be copied by hand.
    pub const DIGITS: usize = 20;

    /// The line for a screen, with the beginning of the digest.
    pub fn line(&self) -> String {
        let entries = counted(self.entries, "entry", "entries");
        let (number, hash) = self.digest.split_once(':').unwrap_or(("", &self.digest));
        let begins: String = hash.chars().take(RegisterRead::DIGITS).collect();
        format!(
            "Register {}: {entries}, digest {number}:{begins}. Write it down to verify the register later.",
            self.file
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // printf abc | openssl dgst -sha256 -binary | base64
    #[test]
    fn a_fingerprint_is_written_in_base_64() {
        assert_eq!(Fingerprint::of(b"abc").base64(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
