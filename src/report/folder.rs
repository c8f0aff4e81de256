//! An output folder: written beside its place and renamed when complete, so that a run that fails leaves
//! what was there before. Readable by its owner only.

use crate::error::{Error, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder while it is being written.
pub struct OutFolder {
    target: PathBuf,
    beside: TempDir,
    /// The target holds other things, which stay: files are moved in one by one.
    keep_others: bool,
}

impl OutFolder {
    /// Begins a folder. `ours` names the files that this program writes there; a folder with anything else
    /// in it is left alone, unless `force` says that the files may be put beside the others.
    ///
    /// # Errors
    /// The place is a file, holds other things, or cannot be written to.
    pub fn begin(target: &Path, ours: &[&str], force: bool) -> Result<OutFolder> {
        let others = match fs::read_dir(target) {
            Ok(entries) => {
                let names = entries
                    .filter_map(|entry| entry.ok())
                    .map(|entry| entry.file_name().to_string_lossy().into_owned());
                names.filter(|name| !ours.contains(&name.as_str())).min()
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
            Err(why) if why.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(Error::new(format!("{} is a file: name a folder for the output.", target.display())));
            }
            Err(why) => return Err(Error::file("write to", target, &why)),
        };
        if let Some(other) = others.as_ref().filter(|_| !force) {
            return Err(Error::new(format!(
                "{} holds \"{other}\", which this program did not write: name another folder, or add --force to put the output beside it.",
                target.display()
            )));
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".sfclaim-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let beside = builder.tempdir_in(parent).map_err(|why| Error::file("write to", parent, &why))?;
        Ok(OutFolder { target: target.to_owned(), beside, keep_others: others.is_some() })
    }

    /// The folder that is being written, until it is complete.
    pub fn path(&self) -> &Path {
        self.beside.path()
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
    /// It cannot be moved; what stood there stays.
    pub fn finish(self) -> Result<()> {
        let failed = |why: std::io::Error| Error::file("write to", &self.target, &why);
        if self.keep_others {
            for entry in fs::read_dir(self.path()).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                fs::rename(entry.path(), self.target.join(entry.file_name())).map_err(failed)?;
            }
            return Ok(());
        }
        let before = self.path().with_extension("before");
        let stood_there = match fs::rename(&self.target, &before) {
            Ok(()) => true,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => false,
            Err(why) => return Err(failed(why)),
        };
        if let Err(why) = fs::rename(self.path(), &self.target) {
            if stood_there {
                fs::rename(&before, &self.target).map_err(failed)?;
            }
            return Err(failed(why));
        }
        if stood_there {
            fs::remove_dir_all(&before).map_err(failed)?;
        }
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

    #[test]
    fn a_folder_that_is_not_finished_leaves_what_was_there() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let first = OutFolder::begin(&target, &["a.csv"], false).unwrap();
        first.write("a.csv", b"first").unwrap();
        first.finish().unwrap();

        let second = OutFolder::begin(&target, &["a.csv"], false).unwrap();
        second.write("a.csv", b"second").unwrap();
        drop(second);
        assert_eq!(fs::read(target.join("a.csv")).unwrap(), b"first");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_folder_with_other_things_is_refused_and_kept_under_force() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.txt"), b"mine").unwrap();
        assert!(OutFolder::begin(place.path(), &["a.csv"], false).is_err());

        let forced = OutFolder::begin(place.path(), &["a.csv"], true).unwrap();
        forced.write("a.csv", b"new").unwrap();
        forced.finish().unwrap();
        assert_eq!(fs::read(place.path().join("thesis.txt")).unwrap(), b"mine");
        assert_eq!(fs::read(place.path().join("a.csv")).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folder_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let folder = OutFolder::begin(&target, &[], false).unwrap();
        folder.write("a.csv", b"x").unwrap();
        folder.finish().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&target), mode(&target.join("a.csv"))), (0o700, 0o600));
    }
}
