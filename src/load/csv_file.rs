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
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || bytes.contains(&0) {
        return Err(Error::new(format!("{file} is not UTF-8 text (it seems to be UTF-16): save it as \"CSV UTF-8\".")));
    }
    // Some programs end lines with a carriage return alone.
    if !bytes.contains(&b'\n') {
        bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
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

/// Put behind the last row: if it does not come back as a row of its own, a quotation mark was never closed.
const END: &str = "\u{3}sfclaim-end-of-file\u{3}";

/// Gives every record after the header, with the row a spreadsheet would show it in.
///
/// # Errors
/// The text cannot be read as CSV to its end: a quotation mark is not closed, or closed so late that it takes whole
/// rows into one cell. Those rows would otherwise be lost without a word.
pub fn for_each(file: &str, bytes: &[u8], each: &mut dyn FnMut(u32, &csv::StringRecord)) -> Result<()> {
    let mut reader = reader_to_the_end(bytes);
    let mut record = csv::StringRecord::new();
    // A line break inside a quoted cell makes a line but no row, so rows are lines less those breaks.
    let mut breaks_inside = 0u64;
    let mut width = 0;
    loop {
        let more = reader.read_record(&mut record).map_err(|why| Error::new(format!("cannot read {file}: {why}.")))?;
        if !more || (record.len() == 1 && record.get(0) == Some(END)) {
            return Ok(());
        }
        // The reader notes a record's position before it passes over empty lines.
        let inside: u64 = record.iter().map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count() as u64).sum();
        let at = record.position().map_or(0, csv::Position::line);
        let skipped = empty_lines_at(bytes, record.position().map_or(0, csv::Position::byte));
        let row = at + skipped - breaks_inside;
        if inside > 0 && swallows_rows(&record, width) {
            return Err(Error::new(format!(
                "{file} row {row}: a quotation mark (\") is not closed where it should be, so the rows after it run into one cell. Correct the row, and save the file again."
            )));
        }
        breaks_inside += inside;
        if width == 0 {
            width = record.len();
        } else {
            each(u32::try_from(row).unwrap_or(u32::MAX), &record);
        }
    }
}

/// Whether a cell holds the end of the file, or a line with as many cells as a row of the file has.
fn swallows_rows(record: &csv::StringRecord, width: usize) -> bool {
    let is_row = |line: &str| width > 2 && line.bytes().filter(|byte| *byte == b',').count() == width - 1;
    record.iter().any(|cell| cell.contains(END) || (cell.contains('\n') && cell.lines().skip(1).any(is_row)))
}

/// How many line ends stand at this place before anything else.
fn empty_lines_at(bytes: &[u8], from: u64) -> u64 {
    let from = usize::try_from(from).unwrap_or(bytes.len()).min(bytes.len());
    bytes[from..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count() as u64
}

fn reader_to_the_end(bytes: &[u8]) -> csv::Reader<impl std::io::Read> {
    use std::io::Read;
    let end = std::io::Cursor::new(format!("\n{END}\n"));
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.chain(end))
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

    // One stray quotation mark once took ten thousand rows into one cell, and the run went on without them.
    #[test]
    fn a_quotation_mark_that_is_not_closed_stops_the_reading() {
        let message = |text: &str| for_each("people.csv", text.as_bytes(), &mut |_, _| {}).unwrap_err().to_string();
        assert!(message("a,b\n1,2\n3,\"4\n5,6\n").contains("people.csv row 3"));
        assert!(message("a,b,c\n1,\"2,3\n4,5,6\n7,8\",9\n").contains("people.csv row 2"));
        // A quoted cell with line breaks of its own is fine.
        assert_eq!(rows("a,b\n1,\"two\nlines\"\n3,4").len(), 2);
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
