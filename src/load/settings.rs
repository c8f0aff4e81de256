//! The data folder's `sfclaim.toml`: which authority the data is of.

use crate::error::{Error, Result, did_you_mean};
use serde::Deserialize;
use std::path::Path;

/// What the file may say. All of it is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The authority's id, by which its targets are found in the rule pack.
    pub authority: Option<String>,
}

/// The keys there are.
const KEYS: [&str; 1] = ["authority"];

/// Reads the file.
///
/// # Errors
/// Not TOML, or a key that there is not; the message shows the place.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Settings> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::new(format!("{} is not UTF-8 text.", path.display())))?;
    let failed = |why: toml::de::Error| Error::new(format!("{}: {}", path.display(), why.to_string().trim_end()));
    let keys: toml::Table = toml::from_str(text).map_err(failed)?;
    if let Some(unknown) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let hint = did_you_mean(unknown, KEYS);
        return Err(Error::new(format!(
            "{}: there is no setting \"{unknown}\".{hint} It may have: {}.",
            path.display(),
            KEYS.join(", ")
        )));
    }
    toml::from_str(text).map_err(failed)
}
