//! A folder of rules on a disk.

use super::files::{BESIDE, Files, is_part};
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// The text of every file of a pack in a folder, with its name inside the folder.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Files> {
    Ok(all_files(folder)?.into_iter().filter(|(name, _)| is_part(name)).collect())
}

/// The same with the files that are no part of a pack, so that they can be told of. What stands beside the rules that come
/// with the program is passed over.
pub(super) fn all_files(folder: &Path) -> Result<Files> {
    let mut files = Vec::new();
    for (name, path) in entries(folder)? {
        if path.is_dir() {
            for (inside, path) in entries(&path)? {
                read_into(&mut files, format!("{name}/{inside}"), &path)?;
            }
        } else {
            read_into(&mut files, name, &path)?;
        }
    }
    Ok(files)
}

/// What a folder holds, by name, apart from what stands beside rules and what is hidden.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let failed = |why: std::io::Error| Error::file("read the rules folder", folder, &why);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !BESIDE.contains(&name.as_str()) && !name.starts_with('.') {
            entries.push((name, path));
        }
    }
    entries.sort();
    Ok(entries)
}

fn read_into(files: &mut Files, name: String, path: &Path) -> Result<()> {
    if path.is_file() && name.ends_with(".toml") {
        let text = std::fs::read_to_string(path).map_err(|why| Error::file("read", path, &why))?;
        files.push((name, text));
    }
    Ok(())
}

/// The folder's own name, by which its files are told from the built-in ones wherever it lies.
pub(super) fn name_of(folder: &Path) -> String {
    let whole = folder.canonicalize();
    let name = whole.as_deref().unwrap_or(folder).file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "rules".to_owned())
}
