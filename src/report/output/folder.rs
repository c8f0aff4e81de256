//! An output folder: written beside its place and renamed when complete, so that a run that fails or is broken off leaves
//! what was there before. Readable by its owner only. What a run that was killed leaves beside is put right by the next
//! one (see [`crate::report::output::unfinished`]).
//!
//! Longer than most files, since all rules on where an output may go stand together.

use crate::error::{Error, Result, shown};
use crate::report::output::format::Format;
pub use crate::report::output::system::owner_only;
use crate::report::output::system::{self, one_at_a_time};
use crate::report::output::unfinished::{self, Beside};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

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

    /// Whether a folder inside has nothing but files that the marker lists under the folder's name.
    fn wrote_all_of(&self, target: &Path, inside: &str) -> bool {
        let text = fs::read_to_string(target.join(self.file)).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let listed: BTreeSet<&str> =
            value[inside].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
        fs::read_dir(target.join(inside)).is_ok_and(|mut entries| {
            entries.all(|entry| {
                entry.is_ok_and(|entry| {
                    let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
                    is_file && entry.file_name().to_str().is_some_and(|name| listed.contains(name))
                })
            })
        })
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
    allowed: Allowed,
    /// How tables are written.
    format: Format,
    /// The names of the files, in the order in which they were written.
    written: Mutex<Vec<String>>,
}

/// What may be replaced in the place.
struct Allowed {
    /// The names of the files that the command writes, and of folders in it, with `/` behind them.
    ours: Vec<String>,
    marker: Marker,
    /// Other things may be there.
    force: bool,
}

impl Allowed {
    /// What this program wrote there before, and whether the folder stays, because other things are in it.
    fn in_place(&self, target: &Path) -> Result<(Vec<OsString>, bool)> {
        let mut before = Vec::new();
        let others = match fs::read_dir(target) {
            Ok(entries) => {
                let marked = self.marker.stands_in(target);
                let entries = entries.filter_map(|entry| entry.ok());
                let is_ours = |entry: &fs::DirEntry| {
                    let name = entry.file_name();
                    let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                    if is_folder {
                        let name = name.to_string_lossy();
                        let known = self.ours.iter().any(|ours| ours.strip_suffix('/') == Some(&name));
                        return known && marked && self.marker.wrote_all_of(target, &name);
                    }
                    let known = self.ours.iter().any(|ours| name == ours.as_str())
                        && (marked || self.marker.spares == name.to_str());
                    known && entry.file_type().is_ok_and(|kind| kind.is_file())
                };
                let (ours, others): (Vec<_>, Vec<_>) = entries.partition(is_ours);
                before.extend(ours.iter().map(fs::DirEntry::file_name));
                others.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).min()
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
            Err(why) if why.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(Error::new(format!("{} is a file: name a folder for the output.", shown(target))));
            }
            Err(why) => return Err(Error::file("write to", target, &why)),
        };
        if let Some(other) = others.as_ref().filter(|_| !self.force) {
            return Err(Error::new(format!(
                "{} holds \"{other}\" and is not a folder that this command made: name another folder, or add --force to put the output beside what is there.",
                shown(target)
            )));
        }
        // The folder that somebody stands in cannot be put aside under their feet.
        let stood_in = std::env::current_dir().and_then(fs::canonicalize).is_ok_and(|here| here.starts_with(target));
        Ok((before, others.is_some() || stood_in))
    }
}

fn written_by_another(target: &Path) -> Error {
    Error::new(format!("another run is writing to {}: wait until it has ended, or name another folder.", shown(target)))
}

/// Refuses a name of which Windows would make something else.
fn named_well(path: &Path) -> Result<()> {
    system::cannot_be_made(path).map_or(Ok(()), |why| Err(Error::new(format!("{why}: choose another name."))))
}

/// The path of a folder that may not be there yet, without links and `..`. Folders that are missing on the way cannot be links,
/// so that `..` after them leads back to where they would stand.
fn place_of(target: &Path) -> Result<PathBuf> {
    let failed = |why: std::io::Error| Error::file("write to", target, &why);
    let mut place = std::env::current_dir().and_then(fs::canonicalize).map_err(failed)?;
    for part in target.components() {
        match part {
            Component::CurDir => continue,
            Component::ParentDir => {
                place.pop();
                continue;
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => place.push(part),
        }
        if let Ok(found) = fs::canonicalize(&place) {
            place = found;
        } else if place.is_symlink() {
            return Err(Error::new(format!("{} is a link to nothing: name another folder.", shown(&place))));
        }
    }
    Ok(place)
}

/// Refuses to write where something is read: into a folder of input, or into one that holds an input file or a link to
/// one. What is read is never written over, whatever was asked for.
///
/// # Errors
/// It is so.
pub fn not_where_is_read<'a>(target: &Path, read: impl Iterator<Item = &'a Path>) -> Result<()> {
    let target = place_of(target)?;
    for path in read {
        let Ok(found) = fs::canonicalize(path) else { continue };
        let is_folder = found.is_dir();
        let lies_in = path.parent().and_then(|folder| {
            fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).ok()
        });
        let in_place = !is_folder && (found.parent() == Some(&target) || lies_in.as_deref() == Some(&target));
        if found == target || in_place {
            let what = if is_folder {
                "is read by this run".to_owned()
            } else {
                format!("holds {}, which this run reads", path.display())
            };
            return Err(Error::new(format!(
                "{} {what}: name another folder for the output. What a run reads is not written over, with --force neither.",
                shown(&target)
            )));
        }
    }
    Ok(())
}

impl OutFolder {
    /// Begins a folder. What this program wrote there before is replaced: it is told by its marker, a JSON file that
    /// names the program, never by the names of files alone. A folder with anything else in it is left alone, unless
    /// `force` says that the files may be put beside the others.
    ///
    /// # Errors
    /// The place is a file, holds other things, or cannot be written to.
    pub fn begin(target: &Path, ours: &[&str], marker: Marker, force: bool) -> Result<OutFolder> {
        named_well(target)?;
        let target = place_of(target)?;
        // Beside its place, or above it where folders on the way are still missing: they are made at the end.
        let parent = target.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(Path::new(".")).to_owned();
        let alone = one_at_a_time(&parent);
        // First of all, since what was put aside may have to come back.
        let mut notes = unfinished::put_right(&parent, alone.is_some());
        for above in parent.ancestors().skip(1) {
            notes.extend(unfinished::put_right_above(above, &target));
        }
        if unfinished::is_written_to(&parent, &target) {
            return Err(written_by_another(&target));
        }
        // A table of an earlier run may stand in another format.
        let other = |name: &&str| name.strip_suffix(".csv").map(|stem| format!("{stem}.{}", Format::Parquet.ending()));
        let ours = ours.iter().map(|name| (*name).to_owned()).chain(ours.iter().filter_map(other)).collect();
        let allowed = Allowed { ours, marker, force };
        let (_, keep_others) = allowed.in_place(&target)?;
        let beside = Beside::begin(&parent, &target)?;
        let (format, written) = (Format::default(), Mutex::default());
        Ok(OutFolder { target, beside, notes, keep_others, allowed, format, written })
    }

    /// The folder with its tables in this format.
    #[must_use]
    pub fn with_tables_as(self, format: Format) -> OutFolder {
        OutFolder { format, ..self }
    }

    /// The format of its tables.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Refuses to go on where one of these files, which the run reads, lies in the folder that is written to.
    ///
    /// # Errors
    /// One does.
    pub fn refuse_if_it_holds<'a>(&self, files: impl Iterator<Item = &'a Path>) -> Result<()> {
        not_where_is_read(&self.target, files)
    }

    fn names(&self) -> MutexGuard<'_, Vec<String>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the names of the files in this order, where they were written at the same time; others follow.
    pub fn in_order(&self, order: &[&str]) {
        let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let place = |name: &String| order.iter().position(|other| stem(other) == stem(name)).unwrap_or(order.len());
        self.names().sort_by_key(place);
    }

    /// The folder that is being written, until it is complete.
    pub fn path(&self) -> &Path {
        self.beside.new_files()
    }

    /// What was put right of an earlier run that was broken off, in sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// A new file in the folder, or in a folder inside it, with `/` between.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn file(&self, name: &str) -> Result<BufWriter<File>> {
        self.new_file(name).map(BufWriter::new)
    }

    /// The same, for what writes in large pieces.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new_file(&self, name: &str) -> Result<File> {
        // Of a folder inside its name alone is told.
        let told = name.split_once('/').map_or(name.to_owned(), |(folder, _)| format!("{folder}/"));
        let mut names = self.names();
        if names.last() != Some(&told) {
            names.push(told);
        }
        drop(names);
        let path = self.path().join(name);
        if let Some(inside) = path.parent().filter(|inside| !inside.is_dir()) {
            system::private_folder(inside).map_err(|why| Error::file("write", &self.target.join(name), &why))?;
        }
        owner_only(&path).map_err(|why| Error::file("write", &self.target.join(name), &why))
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

    /// Puts the complete folder in its place, instead of what stood there. Gives back the names of the files, in the order in
    /// which they were written.
    ///
    /// # Errors
    /// It cannot be written to its end or moved; what stood there stays.
    pub fn finish(mut self) -> Result<Vec<String>> {
        let target = self.target.clone();
        let failed = |why: std::io::Error| Error::file("write to", &target, &why);
        // Some drives say only now that they are full.
        let mut written = Vec::new();
        for entry in fs::read_dir(self.path()).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            written.push(entry.file_name());
            let path = entry.path();
            let files = if path.is_dir() { files_in(&path).map_err(failed)? } else { vec![path] };
            for path in files {
                OpenOptions::new().write(true).open(&path).and_then(|file| file.sync_all()).map_err(failed)?;
            }
        }
        if let Some(parent) = self.target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let _alone = one_at_a_time(self.target.parent().unwrap_or(Path::new(".")));
        // Somebody may have put things there since.
        let (before, others) = self.allowed.in_place(&self.target)?;
        self.keep_others |= others;
        // A folder inside is replaced as a whole, and nobody's own file may go with it.
        let theirs = |name: &&OsString| self.target.join(name).is_dir() && !before.contains(name);
        if let Some(name) = written.iter().find(theirs) {
            return Err(Error::new(format!(
                "{} has files that this command did not write: move them, or name another folder for the output.",
                self.target.join(name).display()
            )));
        }
        let swapped = if self.keep_others && self.target.is_dir() {
            self.beside.put_among_others(&self.target)
        } else {
            self.beside.put_instead(&self.target)
        };
        swapped.map_err(|why| match why.kind() {
            std::io::ErrorKind::DirectoryNotEmpty | std::io::ErrorKind::AlreadyExists => written_by_another(&target),
            _ => failed(why),
        })?;
        if self.keep_others {
            // What an earlier run wrote and this one did not would be taken for this one's.
            for name in before.iter().filter(|name| !written.contains(name)) {
                unfinished::remove_one(&self.target.join(name)).map_err(failed)?;
            }
        }
        let names = std::mem::take(&mut *self.names());
        self.beside.end();
        Ok(names)
    }
}

/// Writes a file completely or not at all, for its owner only, in the place of one of the same name. Gives back what was put
/// right of an earlier run, in sentences.
///
/// # Errors
/// It cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<Vec<String>> {
    let failed = |why: std::io::Error| Error::file("write", path, &why);
    named_well(path)?;
    // A link to a file stands for the file.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let alone = one_at_a_time(folder);
    let notes = unfinished::put_right(folder, alone.is_some());
    let beside = Beside::begin(folder, &path)?;
    let new = beside.new_files().join("new");
    let mut file = owner_only(&new).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    system::rename(&new, &path).map_err(failed)?;
    beside.end();
    Ok(notes)
}

/// The files of a folder inside.
fn files_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
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
