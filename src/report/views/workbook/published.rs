//! later
use super::Found;
use crate::error::Result;
/// later
pub fn workbook(found: &Found<'_>) -> Result<Vec<u8>> { super::workbook(found) }
