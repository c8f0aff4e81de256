//! CSV files: UTF-8 with or without a byte-order mark, comma-separated, quoted cells with line breaks.

use crate::error::{Error, Result};

/// Checks that the bytes are text and reads the header. Gives back the bytes without a byte-order mark.
///
/// # Errors
/// Not UTF-8, or nothing in the file.
pub fn open(file: &str, mut bytes: Vec<u8>) -> Result<(Vec<String>, Vec<u8>)> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    if let Err(why) = std::str::from_utf8(&bytes) {
        let line = bytes[..why.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        return Err(Error::new(format!("{file} is not UTF-8 text (line {line}): save it as \"CSV UTF-8\".")));
    }
    let mut reader = reader(&bytes);
    let mut record = csv::StringRecord::new();
    let found = reader.read_record(&mut record).map_err(|why| Error::new(format!("cannot read {file}: {why}.")))?;
    if !found {
        return Err(Error::new(format!("{file} is empty: it needs at least a row of column names.")));
    }
    Ok((record.iter().map(str::to_owned).collect(), bytes))
}

/// Gives every record after the header, with the row a spreadsheet would show it in.
///
/// # Errors
/// The text cannot be read as CSV to its end.
pub fn for_each(file: &str, bytes: &[u8], each: &mut dyn FnMut(u32, &csv::StringRecord)) -> Result<()> {
    let mut reader = reader(bytes);
    let mut record = csv::StringRecord::new();
    // A line break inside a quoted cell makes a line but no row, so rows are lines less those breaks.
    let mut breaks_inside = 0u64;
    let mut is_header = true;
    loop {
        let more = reader.read_record(&mut record).map_err(|why| Error::new(format!("cannot read {file}: {why}.")))?;
        if !more {
            return Ok(());
        }
        // The reader passes over empty lines before it notes a record's position, so count back from its end.
        let inside: u64 = record.iter().map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count() as u64).sum();
        let at = record.position().map_or(0, csv::Position::line);
        let skipped = empty_lines_at(bytes, record.position().map_or(0, csv::Position::byte));
        let row = at + skipped - breaks_inside;
        breaks_inside += inside;
        if !std::mem::replace(&mut is_header, false) {
            each(u32::try_from(row).unwrap_or(u32::MAX), &record);
        }
    }
}

/// How many line ends stand at this place before anything else.
fn empty_lines_at(bytes: &[u8], from: u64) -> u64 {
    let from = usize::try_from(from).unwrap_or(bytes.len()).min(bytes.len());
    bytes[from..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count() as u64
}

fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let mut rows = Vec::new();
        for_each("test.csv", text.as_bytes(), &mut |row, record| {
            rows.push((row, record.iter().map(str::to_owned).collect()));
        })
        .unwrap();
        rows
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let numbers = |text: &str| rows(text).into_iter().map(|(row, _)| row).collect::<Vec<_>>();
        assert_eq!(numbers("a,b\n1,2\n3,4\n"), [2, 3]);
        assert_eq!(numbers("a,b\n1,\"x\ny\"\n3,4\n"), [2, 3]);
        assert_eq!(numbers("a,b\n\n1,2\n\n\n3,4\n"), [3, 6]);
        assert_eq!(numbers("a,b\r\n1,2\r\n\r\n3,4\r\n"), [2, 4]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_column() {
        let (columns, _) = open("test.csv", b"\xEF\xBB\xBFcase_id,family_id\n".to_vec()).unwrap();
        assert_eq!(columns, ["case_id", "family_id"]);
    }

    #[test]
    fn other_encodings_and_empty_files_are_refused_with_what_to_do() {
        let message = |bytes: &[u8]| open("cases.csv", bytes.to_vec()).unwrap_err().to_string();
        assert!(message(b"a,b\n1,\xE9\n").contains("line 2"));
        assert!(message(b"").contains("empty"));
    }
}
