//! The data folder's `sfclaim.toml`: which authority the data is of.

use crate::error::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// What the file may say. All of it is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The authority's id, by which its targets are found in the rule pack.
    pub authority: Option<String>,
}

/// Reads the file.
///
/// # Errors
/// Not TOML, or a key that there is not; the message shows the place.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Settings> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::new(format!("{} is not UTF-8 text.", path.display())))?;
    toml::from_str(text).map_err(|why| Error::new(format!("{}: {why}", path.display())))
}
