//! The folder `.sfclaim-...` in which an output is written before it takes its place, and what is done about one that a
//! killed run has left.
//!
//! ```text
//! .sfclaim-Ab12Cd/
//!   run      held as long as the run lives; which folder it writes to, and which takes the place of which
//!   new/     the files of this run
//!   before/  what stood in the place, from just before the new takes it until just after
//! ```
//!
//! The operating system closes a program's files when it ends, however it ends. So a folder whose file `run` nobody holds is of a
//! run that is over: what stood in the place before is put back, and the rest, which holds people's data, is removed. Where
//! a drive has no locks, nothing is touched. How a file is held differs between systems: [`crate::report::output::system`].
//!
//! Runs begin, and put their folders in place, one after the other: each holds the folder above for that moment
//! ([`system::one_at_a_time`]). So a run sees whether another one is writing to the same place.
//!
//! Longer than most files, since every state in which a run can be broken off is told from the others here; a third of it is tests.

use crate::error::{Error, Result, shown};
use crate::report::output::system::{self, Holder};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What such folders begin with.
const PREFIX: &str = ".sfclaim-";
const RUN: &str = "run";
const NEW: &str = "new";
const BEFORE: &str = "before";

/// What the file `run` says.
#[derive(Debug, Default, Deserialize, Serialize)]
struct RunFile {
    /// That a run of this program made it.
    program: String,
    /// The folder that is written to, as a path from beside this one.
    #[serde(default)]
    writes_to: Option<PathBuf>,
    /// The folder whose place is taken, beside this one; none before that begins.
    takes_the_place_of: Option<String>,
    /// The files that are put among others there; none where the whole folder is exchanged.
    among_others: Option<Vec<String>>,
}

/// The folder of a run that goes on.
pub(super) struct Beside {
    /// Open, and so locked, until it is removed. First, since some systems remove no file that is open.
    run: File,
    folder: tempfile::TempDir,
    new: PathBuf,
    said: RunFile,
}

impl Beside {
    /// Makes one in `parent`, to write to `target`, which lies in it.
    ///
    /// # Errors
    /// The place cannot be written to.
    pub(super) fn begin(parent: &Path, target: &Path) -> Result<Beside> {
        let failed = |why: std::io::Error| Error::file("write to", parent, &why);
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir_in(parent).map_err(failed)?;
        let new = folder.path().join(NEW);
        system::private_folder(&new).map_err(failed)?;
        // It gets its name only when it is held, so that no other run takes it for one that is over.
        let (unnamed, named) = (folder.path().join("begins"), folder.path().join(RUN));
        let mut run = system::held_new(&unnamed).map_err(failed)?;
        let writes_to = target.strip_prefix(parent).ok().map(Path::to_owned);
        let said = RunFile { program: "sfclaim".to_owned(), writes_to, ..RunFile::default() };
        say(&mut run, &said).map_err(failed)?;
        fs::rename(&unnamed, &named).map_err(failed)?;
        Ok(Beside { run, folder, new, said })
    }

    /// Where the files of the run are written.
    pub(super) fn new_files(&self) -> &Path {
        &self.new
    }

    fn before(&self) -> PathBuf {
        self.folder.path().join(BEFORE)
    }

    /// Says what will be put in whose place. From now on the folder is not removed by itself: it may hold what stood there.
    fn will_take(&mut self, target: &Path, among_others: Option<Vec<String>>) -> std::io::Result<()> {
        self.said.takes_the_place_of = target.file_name().map(|name| name.to_string_lossy().into_owned());
        self.said.among_others = among_others;
        say(&mut self.run, &self.said)?;
        // Before anything is moved.
        self.run.sync_data()?;
        self.folder.disable_cleanup(true);
        Ok(())
    }

    /// After a failure: the folder goes, unless it has what could not be put back. Then the next run tries again.
    fn give_up(&mut self, all_is_back: bool) {
        self.folder.disable_cleanup(!all_is_back);
    }

    /// Puts the new folder in the place of the target. Between the two renames nothing else is done.
    pub(super) fn put_instead(&mut self, target: &Path) -> std::io::Result<()> {
        self.will_take(target, None)?;
        let before = self.before();
        let put_aside = match system::rename(target, &before) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(why),
            _ => Ok(()),
        };
        let put = put_aside.and_then(|()| system::rename(&self.new, target));
        put.inspect_err(|_| {
            let all_is_back = !before.exists() || system::rename(&before, target).is_ok();
            self.give_up(all_is_back);
        })
    }

    /// Puts the new files among others in the target; those of the same names are put aside first, and come back if one
    /// cannot be put.
    pub(super) fn put_among_others(&mut self, target: &Path) -> std::io::Result<()> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.new)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        self.will_take(target, Some(names.clone()))?;
        let before = self.before();
        let put = fs::create_dir(&before).and_then(|()| {
            names.iter().try_for_each(|name| {
                match system::rename(&target.join(name), &before.join(name)) {
                    Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(why),
                    _ => {}
                }
                system::rename(&self.new.join(name), &target.join(name))
            })
        });
        put.inspect_err(|_| {
            put_back(self.folder.path(), target, &names);
            let all_is_back = fs::read_dir(&before).map_or(true, |mut left| left.next().is_none());
            self.give_up(all_is_back);
        })
    }

    /// The new is in its place: what stood there before goes.
    pub(super) fn end(self) {
        // What cannot be removed now (a file that somebody has open) is removed by the next run.
        let Beside { run, mut folder, .. } = self;
        folder.disable_cleanup(false);
        let _ = remove(folder.path());
        drop(run);
        let _ = folder.close();
    }
}

/// Removes such a folder: what is in it first and the file `run` after it, so that one that is broken off here as well is known
/// by the next run.
fn remove(folder: &Path) -> std::io::Result<()> {
    for inside in [BEFORE, NEW] {
        match fs::remove_dir_all(folder.join(inside)) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(why),
            _ => {}
        }
    }
    Ok(())
}

/// Removes a file, or a folder with what is in it.
pub(super) fn remove_one(path: &Path) -> std::io::Result<()> {
    if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

fn say(run: &mut File, said: &RunFile) -> std::io::Result<()> {
    let text = serde_json::to_vec(said)?;
    run.seek(SeekFrom::Start(0))?;
    run.set_len(0)?;
    run.write_all(&text)
}

/// Puts back the files that stood in the target, and takes away those that were put there.
fn put_back(folder: &Path, target: &Path, names: &[String]) {
    for name in names {
        let was_put = !folder.join(NEW).join(name).exists();
        if was_put {
            let _ = remove_one(&target.join(name));
        }
        let _ = system::rename(&folder.join(BEFORE).join(name), &target.join(name));
    }
}

/// Puts right what runs that are over have left in a folder. What it did that a person should know, in sentences. `alone` says
/// that no other run is just beginning there.
pub(super) fn put_right(parent: &Path, alone: bool) -> Vec<String> {
    folders(parent).iter().filter_map(|folder| finish_or_undo(parent, folder, alone)).collect()
}

/// The same further above the place: only of runs that were to write to `target`, when the folders between were missing.
pub(super) fn put_right_above(parent: &Path, target: &Path) -> Vec<String> {
    let was_to_write = |folder: &&PathBuf| said(folder).is_some_and(|said| said.writes(parent, target));
    folders(parent).iter().filter(was_to_write).filter_map(|folder| finish_or_undo(parent, folder, false)).collect()
}

/// Whether a run that goes on writes to `target`.
pub(super) fn is_written_to(parent: &Path, target: &Path) -> bool {
    let goes_on = |folder: &PathBuf| matches!(system::holder(&folder.join(RUN)), Holder::Another);
    folders(parent).iter().any(|folder| said(folder).is_some_and(|said| said.writes(parent, target)) && goes_on(folder))
}

impl RunFile {
    fn writes(&self, parent: &Path, target: &Path) -> bool {
        self.writes_to.as_ref().is_some_and(|path| parent.join(path) == target)
    }
}

/// What the run of a folder says of itself.
fn said(folder: &Path) -> Option<RunFile> {
    let mut text = String::new();
    let run = folder.join(RUN);
    // A pipe of that name would be waited for.
    File::open(run.is_file().then_some(run)?).ok()?.take(1 << 20).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// The folders of runs in a folder, sorted.
fn folders(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok())
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    folders
}

/// Whether a folder without the file `run` is of a run that was killed in the moment in which it began or ended: nothing is in it
/// that a person could have put there.
fn is_a_remnant(folder: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    entries.all(|entry| {
        entry.is_ok_and(|entry| match entry.file_name().to_str() {
            Some("begins") => entry.file_type().is_ok_and(|kind| kind.is_file()),
            Some(NEW) => fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none()),
            _ => false,
        })
    })
}

fn finish_or_undo(parent: &Path, folder: &Path, alone: bool) -> Option<String> {
    let run = folder.join(RUN);
    // A folder without this file is not one of ours, or has just been begun.
    if !run.is_file() {
        let removed = alone && is_a_remnant(folder) && fs::remove_dir_all(folder).is_ok();
        return removed.then(|| broken_off(parent));
    }
    let Holder::Us(file) = system::holder(&run) else { return None };
    let mut text = String::new();
    (&file).take(1 << 20).read_to_string(&mut text).ok()?;
    // A run that was killed, or found the disk full, in the middle of this had not put anything aside yet.
    let said: RunFile = serde_json::from_str(&text).unwrap_or_default();
    let before = folder.join(BEFORE);
    if before.exists() {
        let is_plain = |name: &String| Path::new(name).file_name().is_some_and(|only| only == name.as_str());
        let target = said.takes_the_place_of.as_ref().filter(|name| is_plain(name)).map(|name| parent.join(name))?;
        match said.among_others {
            Some(names) if folder.join(NEW).exists() => {
                let names: Vec<String> = names.into_iter().filter(is_plain).collect();
                // All were put: only what they replaced is left.
                if names.iter().any(|name| folder.join(NEW).join(name).exists()) {
                    put_back(folder, &target, &names);
                }
            }
            Some(_) => {}
            None if !target.exists() => system::rename(&before, &target).ok()?,
            // The new folder is in its place.
            None if !folder.join(NEW).exists() => {}
            // Somebody has put another folder there: both are theirs to look at.
            None => {
                return Some(format!(
                    "a run was broken off while it replaced {}, and something else stands there now: what stood there before is {}.",
                    shown(&target),
                    shown(&before)
                ));
            }
        }
    }
    remove(folder).ok()?;
    drop(file);
    fs::remove_dir_all(folder).ok()?;
    Some(broken_off(parent))
}

fn broken_off(parent: &Path) -> String {
    format!(
        "an earlier run was broken off before its output was complete. What it left in {} was removed; what stood there before is as it was.",
        shown(parent)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run that was killed: nothing of it is removed, and its lock is given back.
    fn killed(beside: Beside) -> PathBuf {
        let Beside { run, folder, .. } = beside;
        drop(run);
        folder.keep()
    }

    fn begun(place: &Path) -> Beside {
        let beside = Beside::begin(place, &place.join("out")).unwrap();
        fs::write(beside.new_files().join("a.csv"), b"new").unwrap();
        fs::write(beside.new_files().join("b.csv"), b"new").unwrap();
        beside
    }

    fn left(place: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(place).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn with_target() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("a.csv"), b"old").unwrap();
        (place, target)
    }

    #[test]
    fn what_a_killed_run_was_writing_is_removed_and_a_living_one_is_left_alone() {
        let (place, target) = with_target();
        killed(begun(place.path()));
        let living = begun(place.path());
        assert_eq!(put_right(place.path(), true).len(), 1);
        assert_eq!(left(place.path()).len(), 2, "the target and the folder of the run that lives");
        assert!(living.new_files().join("a.csv").exists());
        assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"old");
        drop(living);
        assert_eq!(left(place.path()), ["out"]);
    }

    #[test]
    fn a_run_killed_between_the_two_renames_gives_back_what_stood_there() {
        let (place, target) = with_target();
        let mut beside = begun(place.path());
        beside.will_take(&target, None).unwrap();
        fs::rename(&target, beside.before()).unwrap();
        killed(beside);
        assert!(!target.exists());
        assert!(put_right(place.path(), true)[0].contains("is as it was"));
        assert_eq!(left(place.path()), ["out"]);
        assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"old");
        assert!(!target.join("b.csv").exists());
    }

    #[test]
    fn a_run_killed_after_the_second_rename_keeps_the_new() {
        let (place, target) = with_target();
        let mut beside = begun(place.path());
        beside.put_instead(&target).unwrap();
        killed(beside);
        put_right(place.path(), true);
        assert_eq!(left(place.path()), ["out"]);
        assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"new");
    }

    #[test]
    fn another_folder_in_the_place_is_left_and_what_stood_there_is_kept() {
        let (place, target) = with_target();
        let mut beside = begun(place.path());
        beside.will_take(&target, None).unwrap();
        fs::rename(&target, beside.before()).unwrap();
        let folder = killed(beside);
        fs::create_dir(&target).unwrap();
        assert!(put_right(place.path(), true)[0].contains("something else stands there now"));
        assert_eq!(fs::read(folder.join(BEFORE).join("a.csv")).unwrap(), b"old");
    }

    #[test]
    fn a_run_killed_while_it_put_files_among_others_gives_back_those_that_it_replaced() {
        for moved in 0..=2 {
            let (place, target) = with_target();
            fs::write(target.join("thesis.txt"), b"mine").unwrap();
            let mut beside = begun(place.path());
            beside.will_take(&target, Some(vec!["a.csv".to_owned(), "b.csv".to_owned()])).unwrap();
            fs::create_dir(beside.before()).unwrap();
            // Killed before the first file, between the two renames of it, and after it.
            if moved >= 1 {
                fs::rename(target.join("a.csv"), beside.before().join("a.csv")).unwrap();
            }
            if moved >= 2 {
                fs::rename(beside.new_files().join("a.csv"), target.join("a.csv")).unwrap();
            }
            killed(beside);
            put_right(place.path(), true);
            assert_eq!(left(place.path()), ["out"]);
            assert_eq!(left(&target), ["a.csv", "thesis.txt"]);
            assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"old", "{moved}");
        }
    }

    #[test]
    fn a_run_that_cannot_put_its_files_leaves_nothing() {
        let (place, target) = with_target();
        let mut beside = begun(place.path());
        // The place has gone: the files cannot be put.
        fs::remove_dir_all(&target).unwrap();
        assert!(beside.put_among_others(&target).is_err());
        drop(beside);
        assert!(left(place.path()).is_empty());
    }

    #[test]
    fn folders_that_are_not_ours_are_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join(".sfclaim-mine")).unwrap();
        fs::write(place.path().join(".sfclaim-mine/notes.txt"), b"mine").unwrap();
        assert!(put_right(place.path(), true).is_empty());
        assert!(place.path().join(".sfclaim-mine/notes.txt").exists());
    }

    #[test]
    fn a_name_in_the_file_that_leads_elsewhere_is_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let beside = begun(place.path());
        fs::create_dir(beside.before()).unwrap();
        let mut run = beside.run.try_clone().unwrap();
        let said = RunFile {
            writes_to: None,
            program: "sfclaim".to_owned(),
            takes_the_place_of: Some("../elsewhere".to_owned()),
            among_others: None,
        };
        say(&mut run, &said).unwrap();
        let folder = killed(beside);
        assert!(put_right(place.path(), true).is_empty());
        assert!(folder.join(BEFORE).exists());
    }
}
