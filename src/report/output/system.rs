//! What Unix systems and Windows do each in their own way: who may read a new file, how runs are kept apart, what a folder may
//! be called.
//!
//! | | Unix | Windows |
//! |---|---|---|
//! | who may read | files and folders are made for their owner only | they get the permissions of the folder they are in |
//! | a run that goes on | its file `run` is locked | nobody else may write to its file `run`. A lock would keep others from reading it too |
//! | one at a time | the folder is locked | a file that goes away when it is closed. Folders have no locks there |
//! | moving a folder | always | not while a file in it is open, as a virus scanner opens new ones for a moment |
//!
//! Where a system or a drive has none of this (a page in a browser), nothing is kept apart.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::path::{Component, Path};
use std::time::Duration;

/// A new file that only its owner can read, where the system knows such files.
///
/// # Errors
/// The operating system refuses it.
pub fn owner_only(path: &Path) -> Result<File> {
    for_owner(OpenOptions::new().write(true).create(true).truncate(true)).open(path)
}

fn for_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes a folder that nobody else may look into, where the system knows such folders.
pub(super) fn private_folder(path: &Path) -> Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::DirBuilderExt::mode(&mut fs::DirBuilder::new(), 0o700).create(path);
    #[cfg(not(unix))]
    fs::create_dir(path)
}

/// Names of Windows for what the standard library has no word for.
#[cfg(windows)]
mod windows {
    pub(super) const SHARE_READ: u32 = 0x1;
    pub(super) const SHARE_DELETE: u32 = 0x4;
    pub(super) const GENERIC_WRITE: u32 = 0x4000_0000;
    pub(super) const DELETE: u32 = 0x1_0000;
    pub(super) const FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
}

/// The system's number for "another program has the file open", on Windows.
const OPEN_ELSEWHERE: i32 = 32;

fn is_open_elsewhere(why: &Error) -> bool {
    cfg!(windows) && why.raw_os_error() == Some(OPEN_ELSEWHERE)
}

/// A new file by which others see that this run goes on, as long as it is open. They can read it. Where a drive has no locks,
/// the run goes on, and nobody can tell.
pub(super) fn held_new(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    for_owner(&mut options);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, windows::SHARE_READ | windows::SHARE_DELETE);
    let file = options.open(path)?;
    #[cfg(not(windows))]
    let _ = file.try_lock();
    Ok(file)
}

/// Who holds a file that [`held_new`] made.
pub(super) enum Holder {
    /// Nobody did, and now we do.
    Us(File),
    /// A run that goes on.
    Another,
    /// It cannot be told.
    Unknown,
}

/// Takes the file of a run that is over.
pub(super) fn holder(path: &Path) -> Holder {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, windows::SHARE_READ | windows::SHARE_DELETE);
    match options.open(path) {
        Err(why) if is_open_elsewhere(&why) => Holder::Another,
        Err(_) => Holder::Unknown,
        #[cfg(windows)]
        Ok(file) => Holder::Us(file),
        #[cfg(not(windows))]
        Ok(file) => match file.try_lock() {
            Ok(()) => Holder::Us(file),
            Err(fs::TryLockError::WouldBlock) => Holder::Another,
            Err(fs::TryLockError::Error(_)) => Holder::Unknown,
        },
    }
}

/// How often, and how long, a run waits for another one that is beginning or ending in the same folder: ten seconds in all.
const WAITS: (u32, Duration) = (1000, Duration::from_millis(10));

/// Makes runs begin and end in a folder one after the other, until the file is dropped. `None` where the system cannot: then
/// nothing is kept apart but what is told by the folders of the runs.
#[cfg(not(windows))]
pub(super) fn one_at_a_time(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    for _ in 0..WAITS.0 {
        match folder.try_lock() {
            Ok(()) => return Some(folder),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(WAITS.1),
            Err(fs::TryLockError::Error(_)) => return None,
        }
    }
    None
}

/// The same with a file that nobody else can open, and that Windows takes away when it is closed, however the run ends.
#[cfg(windows)]
pub(super) fn one_at_a_time(folder: &Path) -> Option<File> {
    use std::os::windows::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.write(true).create(true).access_mode(windows::GENERIC_WRITE | windows::DELETE);
    options.share_mode(0).custom_flags(windows::FLAG_DELETE_ON_CLOSE);
    // One that is just going away cannot be opened for a moment; nor can one in a folder that may not be written to.
    let mut refused = 0;
    for _ in 0..WAITS.0 {
        match options.open(folder.join(".sfclaim-one-at-a-time")) {
            Ok(file) => return Some(file),
            Err(why) if is_open_elsewhere(&why) => {}
            Err(why) if why.kind() == ErrorKind::PermissionDenied && refused < 20 => refused += 1,
            Err(_) => return None,
        }
        std::thread::sleep(WAITS.1);
    }
    None
}

/// Gives a file or folder another name. On Windows it is tried for a second where another program has it open.
///
/// # Errors
/// The operating system refuses it.
pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    let tries = if cfg!(windows) { 20 } else { 1 };
    patiently(tries, Duration::from_millis(50), || fs::rename(from, to))
}

fn patiently(tries: u32, wait: Duration, mut work: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 1..tries {
        match work() {
            Err(why) if why.kind() == ErrorKind::PermissionDenied || is_open_elsewhere(&why) => {
                std::thread::sleep(wait)
            }
            done => return done,
        }
    }
    work()
}

/// What is wrong with a path that is to be made, where Windows would make something else of it; `None` where it is well.
pub(super) fn cannot_be_made(path: &Path) -> Option<String> {
    if !cfg!(windows) {
        return None;
    }
    path.components().find_map(|part| match part {
        Component::Normal(name) => wrong_on_windows(&name.to_string_lossy()),
        _ => None,
    })
}

/// What is wrong with a name on Windows.
fn wrong_on_windows(name: &str) -> Option<String> {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_numbered = ["com", "lpt"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|number| {
            let mut digits = number.chars();
            matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    });
    if DEVICES.contains(&stem.as_str()) || is_numbered {
        return Some(format!("\"{name}\" is the name of a device on Windows"));
    }
    if let Some(sign) = name.chars().find(|sign| sign.is_control() || "<>:\"|?*".contains(*sign)) {
        return Some(format!("\"{name}\" has the sign {sign}, which no name has on Windows"));
    }
    name.ends_with(['.', ' ']).then(|| format!("\"{name}\" ends with a full stop or a space, which Windows leaves out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_takes_for_something_else_are_told() {
        for wrong in [
            "NUL",
            "con",
            "Aux.csv",
            "com1",
            "LPT9.txt",
            "COM¹",
            "nul .txt",
            "out.",
            "out ",
            "a:b",
            "what?",
            "C:\\out\"",
        ] {
            assert!(wrong_on_windows(wrong).is_some(), "{wrong}");
        }
        for well in ["out", "console", "com", "com10", "nullable", "2024.q2", ".out", "Ergebnis £", "a b"] {
            assert_eq!(wrong_on_windows(well), None, "{well}");
        }
    }

    #[test]
    fn what_is_open_for_a_moment_is_tried_again_and_other_mistakes_are_not() {
        let mut tried = 0;
        let work = |tried: &mut u32, kind, failures| {
            *tried += 1;
            if *tried <= failures { Err(Error::from(kind)) } else { Ok(()) }
        };
        let none = Duration::ZERO;
        assert!(patiently(5, none, || work(&mut tried, ErrorKind::PermissionDenied, 3)).is_ok());
        assert_eq!(tried, 4);
        tried = 0;
        assert!(patiently(5, none, || work(&mut tried, ErrorKind::PermissionDenied, 9)).is_err());
        assert_eq!(tried, 5);
        tried = 0;
        assert!(patiently(5, none, || work(&mut tried, ErrorKind::NotFound, 3)).is_err());
        assert_eq!(tried, 1);
    }

    // A run tells others where it writes, in a file that it holds at the same time.
    #[test]
    fn a_held_file_is_read_by_others_and_taken_by_nobody_until_it_is_closed() {
        use std::io::Write;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("run");
        let mut held = held_new(&path).unwrap();
        held.write_all(b"said").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"said");
        assert!(matches!(holder(&path), Holder::Another));
        drop(held);
        assert!(matches!(holder(&path), Holder::Us(_)));
    }

    #[test]
    fn runs_in_a_folder_begin_one_after_the_other_and_leave_nothing_there() {
        let place = tempfile::tempdir().unwrap();
        let first = one_at_a_time(place.path());
        assert!(first.is_some());
        let began = std::thread::scope(|threads| {
            let second = threads.spawn(|| one_at_a_time(place.path()).is_some());
            std::thread::sleep(Duration::from_millis(100));
            let waits = !second.is_finished();
            drop(first);
            waits && second.join().unwrap()
        });
        assert!(began);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
