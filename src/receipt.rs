//! What is needed to repeat a run: fingerprints of every input and rule file, the as-at date, the
//! parameters with where they came from, the program's version. No clock time: same input, same bytes.

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
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

#[cfg(test)]
mod tests {
    use super::*;

    // printf abc | openssl dgst -sha256 -binary | base64
    #[test]
    fn a_fingerprint_is_written_in_base_64() {
        assert_eq!(Fingerprint::of(b"abc").base64(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
