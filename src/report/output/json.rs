//! Data as a JSON file.

use super::folder::OutFolder;
use crate::error::{Error, Result};
use serde_json::Value;

/// Writes data as a JSON file.
///
/// # Errors
/// It cannot be written to its end.
pub fn json_file(folder: &OutFolder, name: &str, value: &Value) -> Result<()> {
    let mut text =
        serde_json::to_string_pretty(value).map_err(|why| Error::new(format!("cannot write {name}: {why}.")))?;
    text.push('\n');
    folder.write(name, text.as_bytes())
}
