//! What is wrong with a rule pack, all of it at once: gaps and overlaps in dates, dangling sources, unknown
//! or duplicate keys, missing units. The checks run while the pack is read; this is their way out.

use super::file::Problem;
use super::pack::{Pack, built_in_files};
use crate::error::Result;
use std::path::Path;

/// Everything wrong with the pack in a folder, or with the one compiled in.
///
/// # Errors
/// The folder cannot be read at all.
pub fn lint(folder: Option<&Path>) -> Result<Vec<Problem>> {
    let (_, problems) = match folder {
        Some(folder) => Pack::from_folder_with_problems(folder)?,
        None => Pack::read_with_problems("compiled in", built_in_files()),
    };
    Ok(problems)
}
