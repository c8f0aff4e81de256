//! CSV files: cells separated by a comma or another character, quoted cells with line breaks.

use super::limits;
use crate::error::{Error, Result};

/// Checks that a text is whole rows, and gives it back with every row ended by a line feed.
///
/// # Errors
/// A quoted cell that is not closed.
pub fn checked(file: &str, mut bytes: Vec<u8>, separator: u8) -> Result<Vec<u8>> {
    // Some programs end lines with a carriage return alone.
    if !bytes.contains(&b'\n') {
        bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    }
    check_lines(file, &bytes)?;
    check_quotes(file, &bytes, separator)?;
    Ok(bytes)
}

/// Checks that no line is longer than a row may be, before any is read.
fn check_lines(file: &str, bytes: &[u8]) -> Result<()> {
    let mut begins = 0;
    for (line, ends) in (1..).zip(memchr::memchr_iter(b'\n', bytes).chain([bytes.len()])) {
        if ends - begins > limits::ROW {
            return Err(limits::row_too_long(file, line));
        }
        begins = ends + 1;
    }
    Ok(())
}

/// How many line ends there are.
pub fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// What to say of a file with bytes that no text has.
pub fn utf16(file: &str) -> Error {
    Error::new(format!(
        "{file} is not text that can be read (it has bytes of zero): save it as \"CSV UTF-8\", or say encoding = \"utf-16\" in sfclaim.toml."
    ))
}

/// What to say of a file in UTF-16 that is damaged: what stands for a character that cannot be read would make two ids one.
pub fn no_utf16(file: &str) -> Error {
    Error::new(format!(
        "{file} is text in UTF-16 with bytes that stand for no character, or breaks off in the middle of one: save or copy it again, as \"CSV UTF-8\" if you can."
    ))
}

/// What to say of a file that is not UTF-8 from a line on.
pub fn no_text(file: &str, line: u64) -> Error {
    Error::new(format!(
        "{file} is not UTF-8 text (line {line}), as sfclaim.toml says it is: save it as \"CSV UTF-8\", or say encoding = \"windows-1252\"."
    ))
}

/// What to say of a file without a header.
pub fn nothing_in(file: &str) -> Error {
    Error::new(format!("{file} is empty: it needs at least a row of column names."))
}

/// Gives every record after the header, with the row a spreadsheet would show it in; the header's is `first_row`.
///
/// # Errors
/// The text cannot be read as CSV to its end, or a quotation mark has taken rows into a cell.
pub fn for_each(
    file: &str,
    bytes: &[u8],
    separator: u8,
    first_row: u64,
    each: &mut dyn FnMut(u32, &csv::StringRecord),
) -> Result<()> {
    records(file, bytes, separator, first_row, None, each)
}

/// Gives every record of a text whose first line is row `first_row` of its file. `width` is how many columns there are;
/// where it is not known, the first record is the header, which is not given.
///
/// # Errors
/// As [`for_each`].
pub fn records(
    file: &str,
    bytes: &[u8],
    separator: u8,
    first_row: u64,
    width: Option<usize>,
    each: &mut dyn FnMut(u32, &csv::StringRecord),
) -> Result<()> {
    let mut reader = reader(bytes, separator);
    let mut record = csv::StringRecord::new();
    // A line break inside a quoted cell makes a line but no row, so rows are lines less those breaks.
    let mut breaks_inside = 0u64;
    let mut width = width;
    loop {
        let more = reader.read_record(&mut record).map_err(|why| Error::new(format!("cannot read {file}: {why}.")))?;
        if !more {
            return Ok(());
        }
        // The reader notes a record's position before it passes over empty lines.
        let inside = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        let at = record.position().map_or(1, csv::Position::line);
        let skipped = empty_lines_at(bytes, record.position().map_or(0, csv::Position::byte));
        let row = first_row - 1 + at + skipped - breaks_inside;
        if record.as_slice().len() > limits::ROW {
            return Err(limits::row_too_long(file, row));
        }
        if width.is_some_and(|width| inside > 0 && (record.len() != width || takes_rows_in(&record, separator))) {
            return Err(quotes_out_of_place(file, row));
        }
        breaks_inside += inside;
        if width.is_none() {
            width = Some(record.len());
        } else {
            each(u32::try_from(row).unwrap_or(u32::MAX), &record);
        }
    }
}

/// What to say of a stray quotation mark.
pub fn quotes_out_of_place(file: &str, row: u64) -> Error {
    Error::new(format!(
        "{file} row {row}: a quotation mark (\") stands where it should not, so that rows run into one another. Correct the row, and save the file again."
    ))
}

/// Checks that every quoted cell is closed, and closed at its end. Otherwise rows would be lost without a word: one
/// stray mark can take the rest of a file into one cell.
///
/// # Errors
/// Names the row in which the cell begins.
fn check_quotes(file: &str, bytes: &[u8], separator: u8) -> Result<()> {
    match whole_rows(file, bytes, separator, 1)?.open_since {
        Some(row) => Err(quotes_out_of_place(file, row)),
        None => Ok(()),
    }
}

/// Where the last whole row of a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeRows {
    /// Bytes of whole rows, their line ends included.
    pub bytes: usize,
    /// How many lines those are that begin a row.
    pub rows: u64,
    /// The row in which a quoted cell begins that the text does not close.
    pub open_since: Option<u64>,
}

/// Finds the end of the last whole row, passing over line breaks inside quoted cells. The text begins with row `first_row`.
///
/// # Errors
/// A quoted cell that is not closed at its end; names the row in which it begins.
pub fn whole_rows(file: &str, bytes: &[u8], separator: u8, first_row: u64) -> Result<WholeRows> {
    let mut found = WholeRows { bytes: 0, rows: 0, open_since: None };
    let mut position = 0;
    let mut cell_begins = true;
    while position < bytes.len() {
        match bytes[position] {
            b'"' if cell_begins => {
                let opened_in = first_row + found.rows;
                position += 1;
                loop {
                    let Some(length) = memchr::memchr(b'"', &bytes[position..]) else {
                        return Ok(WholeRows { open_since: Some(opened_in), ..found });
                    };
                    position += length + 1;
                    match bytes.get(position) {
                        // Two of them stand for one inside the cell.
                        Some(b'"') => position += 1,
                        None | Some(b'\n' | b'\r') => break,
                        Some(next) if *next == separator => break,
                        Some(_) => return Err(quotes_out_of_place(file, opened_in)),
                    }
                }
                cell_begins = false;
                continue;
            }
            b'\n' => {
                cell_begins = true;
                found.rows += 1;
                found.bytes = position + 1;
            }
            b'\r' => cell_begins = true,
            byte if byte == separator => cell_begins = true,
            _ => cell_begins = false,
        }
        position += 1;
    }
    Ok(found)
}

/// Whether a cell is the end of one row, whole rows, and the beginning of another: two stray marks in the same column.
/// Separators before a space belong to a text.
fn takes_rows_in(record: &csv::StringRecord, separator: u8) -> bool {
    let commas = |line: &str| {
        let bytes = line.trim_end_matches([' ', '\r']).as_bytes();
        (0..bytes.len()).filter(|at| bytes[*at] == separator && bytes.get(at + 1) != Some(&b' ')).count()
    };
    let last_column = record.len() - 1;
    last_column > 0
        && record.iter().enumerate().any(|(column, cell)| {
            let lines: Vec<&str> = cell.split('\n').collect();
            let [first, whole @ .., last] = lines.as_slice() else { return false };
            commas(first) == last_column - column
                && commas(last) == column
                && whole.iter().all(|line| commas(line) == last_column)
        })
}

/// How many line ends stand at this place before anything else.
fn empty_lines_at(bytes: &[u8], from: u64) -> u64 {
    let from = usize::try_from(from).unwrap_or(bytes.len()).min(bytes.len());
    bytes[from..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count() as u64
}

/// A reader of records, whatever their number of cells.
pub fn reader(bytes: &[u8], separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let mut rows = Vec::new();
        for_each("test.csv", text.as_bytes(), b',', 1, &mut |row, record| {
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
    fn a_quotation_mark_out_of_place_stops_the_reading() {
        let stopped = |text: &str| {
            let read = check_quotes("people.csv", text.as_bytes(), b',')
                .and_then(|()| for_each("people.csv", text.as_bytes(), b',', 1, &mut |_, _| {}));
            read.err().map(|why| why.to_string()).unwrap_or_default()
        };
        // Never closed; closed in the middle of a cell; closed in the same column of the next row; out of step.
        assert!(stopped("a,b\n1,2\n3,\"4\n5,6\n").contains("people.csv row 3"));
        assert!(stopped("a,b,c\n1,\"2,3\n4,\"5\",6\n").contains("people.csv row 2"));
        assert!(stopped("a,b,c\n1,\"2,3\n4,5\",6\n").contains("people.csv row 2"));
        assert!(stopped("a,b,c\n1,\"2,3\n4,5,6\n7,8\",9\n").contains("people.csv row 2"));
        assert!(stopped("a,b,c\n1,\"2,3\n4\",5,6,7\n").contains("people.csv row 2"));
        // Proper ones: line breaks and commas in a text, doubled marks, a mark inside a cell that is not quoted.
        for text in [
            "a,b\n1,\"two\nlines\"\n3,4",
            "case_id,criterion,evidence\nC1,3,\"See notes:\nhome, school, GP\"\n",
            "a,b\r\n1,\"says \"\"yes\"\"\"\r\n2,5\" nail\r\n",
            "a,b\n1,\"\"\n",
        ] {
            assert_eq!(stopped(text), "", "{text}");
        }
    }
}
