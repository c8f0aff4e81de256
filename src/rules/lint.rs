//! What is wrong with a rule pack, all of it at once: gaps and overlaps in dates, dangling sources, unknown
//! or duplicate keys, missing units. The checks run while the pack is read; this is their way out.

use super::pack::{BUILT_IN, Pack, Problem, read_folder};
use crate::error::Result;
use std::path::Path;

/// Everything wrong with the pack in a folder, or with the one compiled in.
///
/// # Errors
/// The folder cannot be read at all.
pub fn lint(folder: Option<&Path>) -> Result<Vec<Problem>> {
    let (origin, files) = match folder {
        Some(folder) => (folder.display().to_string(), read_folder(folder)?),
        None => ("compiled in".to_owned(), BUILT_IN.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect()),
    };
    Ok(Pack::read_with_problems(&origin, files).1)
}
