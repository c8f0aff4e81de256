//! The beginning of a file as it stands, before anybody has said which table it is: text, or rows of cells.

use super::dialect;
use super::mapping::{Encoding, Separator};
use super::parquet_file::RowGroups;
use super::table_file::read_bytes;
use super::workbook::Workbook;
use super::workbook::is_workbook;
use super::{csv_file, damaged};
use crate::error::{Error, Result};
use encoding_rs::WINDOWS_1252;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// How many rows of a file are looked at.
pub const ROWS: usize = 3_000;

/// How many bytes of a file of text are looked at.
const BYTES: u64 = 4 << 20;

/// Rows with their numbers, as a spreadsheet shows them, and their cells from the first column on.
pub type NumberedRows = Vec<(u32, Vec<String>)>;

/// The beginning of a file, or of one sheet of a workbook.
#[derive(Debug)]
pub struct Beginning {
    /// The sheet, and whether it is hidden.
    pub sheet: Option<(String, bool)>,
    /// What was read of it.
    pub content: Content,
    /// Whether there is more than what was read.
    pub has_more: bool,
}

/// What a file holds.
#[derive(Debug)]
pub enum Content {
    /// Text, whose separator is to be found, and how its characters are stored.
    Text(String, Encoding),
    /// Rows of cells.
    Rows(NumberedRows),
}

/// Reads the beginnings of a file of the data folder: one of a file of text or Parquet, one a sheet of a workbook.
///
/// # Errors
/// The file cannot be read, or its kind is none that is read.
pub fn beginnings(folder: &Path, name: &str) -> Result<Vec<Beginning>> {
    let path = folder.join(name);
    let lower = name.to_lowercase();
    if is_workbook(name) {
        return workbook(name, read_bytes(&path)?);
    }
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "parquet" => Ok(vec![parquet(name, &path)?]),
        "csv" | "txt" | "tsv" => Ok(vec![text(&path)?]),
        _ => Err(Error::new(format!("{name} is no .csv, .txt, .tsv, .parquet, .xlsx or .xls file."))),
    }
}

fn workbook(name: &str, bytes: Vec<u8>) -> Result<Vec<Beginning>> {
    damaged::guarded_as(name, "a workbook", || {
        let mut workbook = Workbook::open(name, bytes)?;
        let sheets = workbook.sheets();
        let read = sheets.into_iter().map(|sheet| {
            let mut rows = workbook.rows(&sheet.name)?;
            let has_more = rows.len() > ROWS;
            rows.truncate(ROWS);
            let rows =
                rows.into_iter().map(|(row, cells)| (row, cells.iter().map(|cell| cell.once().to_owned()).collect()));
            Ok(Beginning { sheet: Some((sheet.name, sheet.hidden)), content: Content::Rows(rows.collect()), has_more })
        });
        read.collect()
    })
}

fn parquet(name: &str, path: &Path) -> Result<Beginning> {
    let groups = RowGroups::open(&Arc::from(name), path)?;
    let columns = groups.columns();
    let wanted = vec![true; columns.len()];
    let mut rows: NumberedRows = vec![(1, columns)];
    let mut has_more = false;
    for group in 0..groups.len() {
        if rows.len() > ROWS {
            has_more = true;
            break;
        }
        groups.read(group, &wanted, |_, height, columns| {
            let room = (ROWS + 1).saturating_sub(rows.len());
            has_more |= height > room;
            for row in 0..height.min(room) {
                let number = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
                rows.push((number, columns.iter().map(|column| column.text(row).to_owned()).collect()));
            }
        })?;
    }
    Ok(Beginning { sheet: None, content: Content::Rows(rows), has_more })
}

fn text(path: &Path) -> Result<Beginning> {
    let failed = |why: std::io::Error| Error::file("read", path, &why);
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    let has_more = bytes.len() as u64 > BYTES;
    let encoding = dialect::encoding_of(&bytes[..bytes.len().min(4096)], None);
    let is_utf16 = encoding.is_some();
    if has_more && !is_utf16 {
        // The last line is cut somewhere.
        let whole = memchr::memrchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1);
        bytes.truncate(whole);
    }
    let (mut text, encoding) = match encoding {
        Some(utf16) => (utf16.decode_with_bom_removal(&bytes).0.into_owned(), Encoding::Utf16),
        None => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), Encoding::Utf8),
                Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), Encoding::Windows1252),
            }
        }
    };
    if !text.contains('\n') {
        text = text.replace('\r', "\n");
    }
    Ok(Beginning { sheet: None, content: Content::Text(text, encoding), has_more })
}

/// The rows of a text that are not blank, as far as they are looked at.
pub fn rows_of(text: &str, separator: Separator) -> NumberedRows {
    let is_filled = |(_, cells): &(u32, Vec<String>)| cells.iter().any(|cell| !cell.trim().is_empty());
    dialect::first_rows(text, separator.byte()).filter(is_filled).take(ROWS).collect()
}

/// Whether the rows of a text run into one another at a quotation mark, so that the file will be refused.
pub fn has_stray_quotes(text: &str, separator: Separator, has_more: bool) -> bool {
    match csv_file::whole_rows("", text.as_bytes(), separator.byte(), 1) {
        Ok(found) => found.open_since.is_some() && !has_more,
        Err(_) => true,
    }
}
