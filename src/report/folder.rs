//! An output folder: written beside its place and renamed when complete, so that a run that fails or is broken off leaves
//! what was there before. Readable by its owner only. What a run that was killed leaves beside is put right by the next
//! one (see [`super::unfinished`]).

use super::unfinished::{self, Beside};
use crate::error::{Error, Result};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The file by which a folder is known as made by a command of this program.
#[derive(Clone, Copy, Debug)]
pub struct Marker {
    /// Its name.
    pub file: &'static str,
    /// What its key `program` says.
    pub program: &'static str,
    /// A file that may stand in the folder without the marker.
    pub spares: Option<&'static str>,
}

impl Marker {
    /// Whether the folder is one that the command made.
    pub fn stands_in(&self, folder: &Path) -> bool {
        let file = folder.join(self.file);
        // A pipe of that name would be waited for.
        if !file.is_file() {
            return false;
        }
        let text = fs::read_to_string(file).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        value["program"] == self.program
    }
}

/// A folder while it is being written.
pub struct OutFolder {
    target: PathBuf,
    beside: Beside,
    /// What was put right of an earlier run, in sentences.
    notes: Vec<String>,
    /// The target stays, with other things in it: files are moved in one by one.
    keep_others: bool,
    /// What this program wrote there before.
    before: Vec<OsString>,
}

impl OutFolder {
    /// Begins a folder. What this program wrote there before is replaced: it is told by its marker, a JSON file that
    /// names the program, never by the names of files alone. A folder with anything else in it is left alone, unless
    /// `force` says that the files may be put beside the others.
    ///
    /// # Errors
    /// The place is a file, holds other things, or cannot be written to.
    pub fn begin(target: &Path, ours: &[&str], marker: Marker, force: bool) -> Result<OutFolder> {
        // A link to a folder stands for the folder.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        // Beside its place, or above it where folders on the way are still missing: they are made at the end.
        let parent = target.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(Path::new(".")).to_owned();
        // First of all, since what was put aside may have to come back.
        let notes = unfinished::put_right(&parent);
        let mut before = Vec::new();
        let others = match fs::read_dir(&target) {
            Ok(entries) => {
                let marked = marker.stands_in(&target);
                let entries = entries.filter_map(|entry| entry.ok());
                let is_ours = |entry: &fs::DirEntry| {
                    let name = entry.file_name();
                    let known = ours.contains(&&*name.to_string_lossy()) && (marked || marker.spares == name.to_str());
                    known && entry.file_type().is_ok_and(|kind| kind.is_file())
                };
                let (ours, others): (Vec<_>, Vec<_>) = entries.partition(is_ours);
                before.extend(ours.iter().map(fs::DirEntry::file_name));
                others.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).min()
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
            Err(why) if why.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(Error::new(format!("{} is a file: name a folder for the output.", target.display())));
            }
            Err(why) => return Err(Error::file("write to", &target, &why)),
        };
        if let Some(other) = others.as_ref().filter(|_| !force) {
            return Err(Error::new(format!(
                "{} holds \"{other}\" and is not a folder that this command made: name another folder, or add --force to put the output beside what is there.",
                target.display()
            )));
        }
        let beside = Beside::begin(&parent)?;
        // The folder that somebody stands in cannot be put aside under their feet.
        let stood_in = std::env::current_dir().is_ok_and(|here| here.starts_with(&target));
        Ok(OutFolder { keep_others: others.is_some() || stood_in, target, beside, notes, before })
    }

    /// The folder that is being written, until it is complete.
    pub fn path(&self) -> &Path {
        self.beside.new_files()
    }

    /// What was put right of an earlier run that was broken off, in sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// A new file in the folder.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn file(&self, name: &str) -> Result<BufWriter<File>> {
        let path = self.path().join(name);
        owner_only(&path).map(BufWriter::new).map_err(|why| Error::file("write", &self.target.join(name), &why))
    }

    /// Writes a whole file.
    ///
    /// # Errors
    /// It cannot be written to its end.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut file = self.file(name)?;
        file.write_all(bytes)
            .and_then(|()| file.flush())
            .map_err(|why| Error::file("write", &self.target.join(name), &why))
    }

    /// Puts the complete folder in its place, instead of what stood there.
    ///
    /// # Errors
    /// It cannot be written to its end or moved; what stood there stays.
    pub fn finish(mut self) -> Result<()> {
        let target = self.target.clone();
        let failed = |why: std::io::Error| Error::file("write to", &target, &why);
        // Some drives say only now that they are full.
        for entry in fs::read_dir(self.path()).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            self.before.retain(|name| *name != entry.file_name());
            let path = entry.path();
            if path.is_file() {
                OpenOptions::new().write(true).open(&path).and_then(|file| file.sync_all()).map_err(failed)?;
            }
        }
        if let Some(parent) = self.target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let swapped = if self.keep_others {
            self.beside.put_among_others(&self.target)
        } else {
            self.beside.put_instead(&self.target)
        };
        swapped.map_err(failed)?;
        if self.keep_others {
            // What an earlier run wrote and this one did not would be taken for this one's.
            for name in &self.before {
                fs::remove_file(self.target.join(name)).map_err(failed)?;
            }
        }
        self.beside.end();
        Ok(())
    }
}

/// A new file that only its owner can read.
///
/// # Errors
/// The operating system refuses it.
pub fn owner_only(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: Marker = Marker { file: "run.json", program: "sfclaim", spares: None };
    const OURS: [&str; 2] = ["a.csv", "run.json"];

    fn write_all(folder: OutFolder, text: &str) {
        folder.write("a.csv", text.as_bytes()).unwrap();
        folder.write("run.json", b"{\"program\": \"sfclaim\"}").unwrap();
        folder.finish().unwrap();
    }

    #[test]
    fn a_folder_that_is_not_finished_leaves_what_was_there() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        write_all(OutFolder::begin(&target, &OURS, MARKER, false).unwrap(), "first");

        let second = OutFolder::begin(&target, &OURS, MARKER, false).unwrap();
        second.write("a.csv", b"second").unwrap();
        drop(second);
        assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"first");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside it");

        write_all(OutFolder::begin(&target, &OURS, MARKER, false).unwrap(), "third");
        assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"third");
    }

    #[test]
    fn a_folder_with_other_things_is_refused_and_kept_under_force() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.txt"), b"mine").unwrap();
        assert!(OutFolder::begin(place.path(), &OURS, MARKER, false).is_err());

        write_all(OutFolder::begin(place.path(), &OURS, MARKER, true).unwrap(), "new");
        assert_eq!(fs::read(place.path().join("thesis.txt")).unwrap(), b"mine");
        assert_eq!(fs::read(place.path().join("a.csv")).unwrap(), b"new");
    }

    #[test]
    fn what_only_the_earlier_run_wrote_goes_also_beside_other_things() {
        let place = tempfile::tempdir().unwrap();
        let ours = ["a.csv", "quarantine_cases.csv", "run.json"];
        fs::write(place.path().join("thesis.txt"), b"mine").unwrap();
        let first = OutFolder::begin(place.path(), &ours, MARKER, true).unwrap();
        first.write("quarantine_cases.csv", b"held").unwrap();
        write_all(first, "first");
        assert!(place.path().join("quarantine_cases.csv").exists());
        write_all(OutFolder::begin(place.path(), &ours, MARKER, true).unwrap(), "second");
        assert!(!place.path().join("quarantine_cases.csv").exists());
        assert!(place.path().join("thesis.txt").exists());
    }

    // Files that only have the names of ours were once written over, and a folder of such a name removed.
    #[test]
    fn files_are_ours_by_the_marker_and_not_by_their_names() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("a.csv"), b"real data").unwrap();
        fs::write(place.path().join("run.json"), b"{\"program\": \"another\"}").unwrap();
        assert!(OutFolder::begin(place.path(), &OURS, MARKER, false).is_err());

        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("run.json"), b"{\"program\": \"sfclaim\"}").unwrap();
        fs::create_dir(other.path().join("a.csv")).unwrap();
        assert!(OutFolder::begin(other.path(), &OURS, MARKER, false).is_err());
    }

    #[test]
    fn missing_folders_on_the_way_are_made_only_at_the_end() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("2024/q2/out");
        drop(OutFolder::begin(&target, &OURS, MARKER, false).unwrap());
        assert!(!place.path().join("2024").exists());
        write_all(OutFolder::begin(&target, &OURS, MARKER, false).unwrap(), "x");
        assert!(target.join("a.csv").exists());
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folder_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        write_all(OutFolder::begin(&target, &OURS, MARKER, false).unwrap(), "x");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&target), mode(&target.join("a.csv"))), (0o700, 0o600));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_stands_for_the_folder() {
        let place = tempfile::tempdir().unwrap();
        let (folder, link) = (place.path().join("folder"), place.path().join("link"));
        fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        write_all(OutFolder::begin(&link, &OURS, MARKER, false).unwrap(), "x");
        assert!(link.is_symlink());
        assert_eq!(fs::read(folder.join("a.csv")).unwrap(), b"x");
    }
}
