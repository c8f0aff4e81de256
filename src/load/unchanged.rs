//! Whether a file is still the one that was looked at. Attendance stays on disk: its header is read first, its rows
//! later, and some rows once more. If somebody saves the file anew in between, rows and fingerprint would be of two files.

use crate::error::{Error, Result};
use crate::receipt::{Fingerprint, InputFile};
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// A file as it was when it was looked at first.
pub(super) struct AsSeen {
    path: PathBuf,
    then: Metadata,
}

impl AsSeen {
    /// Looks at a file.
    ///
    /// # Errors
    /// It is not there.
    pub(super) fn of(path: &Path) -> Result<AsSeen> {
        let then = std::fs::metadata(path).map_err(|why| Error::file("read", path, &why))?;
        Ok(AsSeen { path: path.to_owned(), then })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that the file has the length, and was saved at the time, that it had and was then.
    ///
    /// # Errors
    /// It has another, or is not there any more.
    pub(super) fn check(&self, file: &str) -> Result<()> {
        let now = std::fs::metadata(&self.path).map_err(|why| Error::file("read", &self.path, &why))?;
        let same_time = match (self.then.modified(), now.modified()) {
            (Ok(then), Ok(now)) => then == now,
            // Not every file system tells.
            _ => true,
        };
        if self.then.len() == now.len() && same_time { Ok(()) } else { Err(changed(file)) }
    }
}

/// Checks the fingerprints of a second reading against those of the first.
///
/// # Errors
/// A file that is another one now.
pub(super) fn check_prints(first: &[InputFile], second: &[(&str, Fingerprint)]) -> Result<()> {
    for (file, print) in second {
        if first.iter().any(|known| known.file == *file && known.sha256 != *print) {
            return Err(changed(file));
        }
    }
    Ok(())
}

fn changed(file: &str) -> Error {
    Error::new(format!(
        "{file} was changed while it was read, so that its rows may be of two versions. Run again when nobody is saving it."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grows_or_shrinks_or_goes_is_told() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("attendance.csv");
        std::fs::write(&path, b"12345").unwrap();
        let seen = AsSeen::of(&path).unwrap();
        seen.check("attendance.csv").unwrap();
        for bytes in [&b"123456"[..], b"1234"] {
            std::fs::write(&path, bytes).unwrap();
            let why = seen.check("attendance.csv").unwrap_err().to_string();
            assert!(why.starts_with("attendance.csv was changed while it was read"), "{why}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(seen.check("attendance.csv").is_err());
    }

    #[test]
    fn two_readings_must_have_the_same_fingerprint() {
        let of = |text: &[u8]| InputFile { file: "a.csv".to_owned(), sha256: Fingerprint::of(text) };
        assert!(check_prints(&[of(b"1")], &[("a.csv", Fingerprint::of(b"1"))]).is_ok());
        assert!(check_prints(&[of(b"1")], &[("a.csv", Fingerprint::of(b"2"))]).is_err());
        assert!(check_prints(&[], &[("a.csv", Fingerprint::of(b"2"))]).is_ok());
    }
}
