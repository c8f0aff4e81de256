//! What the output folder of an earlier run says of the rows that it read.

use crate::error::{Error, Result};
use crate::validate::across::volumes::Earlier;
use serde_json::Value;
use std::path::Path;

/// Reads the `summary.json` of an output folder.
///
/// # Errors
/// The folder is not the output of a check, or its summary cannot be read.
pub fn read(folder: &Path) -> Result<Earlier> {
    let not_ours = |what: &str| {
        Error::new(format!(
            "{} is not the output folder of a check: {what}. Name the folder that an earlier `sfclaim check DATA --as-at D --out OUT` wrote.",
            folder.display()
        ))
    };
    super::whatif::refuse(folder)?;
    let text = std::fs::read_to_string(folder.join("summary.json")).map_err(|_| not_ours("it has no summary.json"))?;
    let summary: Value = serde_json::from_str(&text).map_err(|_| not_ours("its summary.json cannot be read"))?;
    let as_at = summary["as_at"].as_str().ok_or_else(|| not_ours("its summary.json has no as-at date"))?;
    let tables = summary["rows"].as_object().ok_or_else(|| not_ours("its summary.json has no rows by table"))?;
    let rows = tables
        .iter()
        .map(|(table, counts)| {
            let read = counts["read"].as_u64().and_then(|read| usize::try_from(read).ok());
            let read = read.ok_or_else(|| {
                not_ours(&format!("its summary.json does not say how many rows of {table} were read"))
            })?;
            Ok((table.clone(), read))
        })
        .collect::<Result<_>>()?;
    Ok(Earlier { as_at: as_at.to_owned(), rows })
}
