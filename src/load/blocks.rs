//! Large CSV files, a block of whole rows at a time: the reader knows where each block begins, so that blocks can be
//! split into cells at the same time and a row still has the number that a spreadsheet shows.
//!
//! Longer than most files, since cutting blocks at rows has to know of quotation marks and ends of lines at once; a third of it is tests.

use super::csv_file;
use super::dialect::{CsvShape, Decoding};
use super::limits;
use super::row::{Cells, Reading, Row};
use crate::error::{Error, Result};
use crate::receipt::{Fingerprint, Fingerprinting};
use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Take};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much of a file is read at once, in bytes. A block is as long as its longest row, if that is longer (see [`limits::ROW`]).
pub const BLOCK: usize = 4 << 20;

/// How much is read for the header alone, in bytes.
pub const HEADER: usize = 16 << 10;

/// A file that is read from its beginning to its end, block by block.
pub struct CsvBlocks {
    file: Arc<str>,
    /// The rows; what stands behind them is for the fingerprint alone.
    source: Take<File>,
    shape: CsvShape,
    decoding: Option<Decoding>,
    /// Set where text that is not UTF-8 was read as Windows-1252.
    as_1252: Arc<AtomicBool>,
    read_at_once: usize,
    print: Fingerprinting,
    /// What was read of a row whose end was not.
    rest: Vec<u8>,
    row: u64,
    line: u64,
    has_quotes: bool,
    at_start: bool,
    ended: bool,
}

/// Whole rows of a file, as bytes.
pub struct Block {
    bytes: Vec<u8>,
    separator: u8,
    /// Text that is not UTF-8 may be Windows-1252; it is noted here.
    as_1252: Option<Arc<AtomicBool>>,
    first_row: u64,
    first_line: u64,
    has_header: bool,
    has_quotes: bool,
}

impl CsvBlocks {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(
        file: &Arc<str>,
        path: &Path,
        read_at_once: usize,
        shape: CsvShape,
        as_1252: &Arc<AtomicBool>,
    ) -> Result<CsvBlocks> {
        let source = File::open(path).map_err(|why| Error::file("read", path, &why))?;
        Ok(CsvBlocks {
            file: file.clone(),
            source: source.take(shape.ends_at.unwrap_or(u64::MAX)),
            decoding: shape.decoding(),
            shape,
            as_1252: as_1252.clone(),
            read_at_once: read_at_once.max(1),
            print: Fingerprinting::default(),
            rest: Vec::new(),
            row: 1,
            line: 1,
            has_quotes: false,
            at_start: true,
            ended: false,
        })
    }

    /// The next block; `None` after the last.
    ///
    /// # Errors
    /// The file cannot be read, is no UTF-8, or has a quoted cell that is not closed.
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut read_at_once = self.read_at_once;
        loop {
            if self.ended {
                return Ok(None);
            }
            self.read_more(&mut bytes, read_at_once)?;
            // A cell longer than a block: each try reads as much again as there is.
            read_at_once = bytes.len().max(self.read_at_once);
            let whole = if self.has_quotes {
                let whole = csv_file::whole_rows(&self.file, &bytes, self.shape.separator, self.row)?;
                if let Some(row) = whole.open_since.filter(|_| self.ended || bytes.len() - whole.bytes > limits::ROW) {
                    return Err(csv_file::quotes_out_of_place(&self.file, row));
                }
                (whole.bytes, whole.rows)
            } else {
                let end = memchr::memrchr(b'\n', &bytes).map_or(0, |last| last + 1);
                (end, csv_file::lines(&bytes[..end]))
            };
            self.check_room(&bytes, whole)?;
            let (end, rows) = if self.ended { (bytes.len(), whole.1 + 1) } else { whole };
            // The first block has the header, whatever empty lines stand before it.
            let has_a_row = |bytes: &[u8]| bytes.iter().any(|byte| !matches!(byte, b'\n' | b'\r'));
            if end == 0 || (self.at_start && !self.ended && !has_a_row(&bytes[..end])) {
                continue;
            }
            // Rows above the header are none of the table's.
            let mut above = 0;
            if self.at_start && self.shape.rows_above > 0 {
                let ends = memchr::memchr_iter(b'\n', &bytes[..end]).nth(self.shape.rows_above as usize - 1);
                match ends {
                    Some(last) if last + 1 < end || self.ended => above = last + 1,
                    _ if !self.ended => continue,
                    _ => {}
                }
            }
            self.rest = bytes[end..].to_vec();
            bytes.truncate(end);
            let mut rows = rows;
            if above > 0 {
                bytes.drain(..above);
                let above = u64::from(self.shape.rows_above);
                self.row += above;
                self.line += above;
                rows = rows.saturating_sub(above);
            }
            let block = Block {
                separator: self.shape.separator,
                as_1252: self.shape.may_be_1252.then(|| self.as_1252.clone()),
                first_row: self.row,
                first_line: self.line,
                has_header: self.at_start,
                has_quotes: self.has_quotes,
                bytes,
            };
            self.row += rows;
            self.line += if rows > 0 && !self.has_quotes { rows } else { csv_file::lines(&block.bytes) };
            self.at_start = false;
            self.has_quotes = memchr::memchr(b'"', &self.rest).is_some();
            return Ok(Some(block));
        }
    }

    /// What has no end yet must not grow without end.
    fn check_room(&self, bytes: &[u8], (whole, rows): (usize, u64)) -> Result<()> {
        let is_blank = self.at_start && bytes.iter().all(|byte| matches!(byte, b'\n' | b'\r'));
        if bytes.len() > limits::ROW && is_blank {
            return Err(csv_file::nothing_in(&self.file));
        }
        if bytes.len() - whole <= limits::ROW {
            return Ok(());
        }
        if self.at_start && whole == 0 && memchr::memchr(b'\r', bytes).is_some() {
            return Err(Error::new(format!(
                "{} has rows that end with a carriage return alone, which is read in files up to {} only: export it with line ends of another kind.",
                self.file,
                limits::bytes(limits::ROW as u64)
            )));
        }
        Err(limits::row_too_long(&self.file, self.row + rows))
    }

    fn read_more(&mut self, bytes: &mut Vec<u8>, how_much: usize) -> Result<()> {
        // The beginning is what tells a byte-order mark, however little is read at once.
        let how_much = if self.at_start && bytes.is_empty() { how_much.max(3) } else { how_much };
        let is_first = self.at_start && bytes.is_empty();
        let before = bytes.len();
        bytes.reserve(how_much);
        let failed = |why: std::io::Error| Error::new(format!("cannot read {}: {why}.", self.file));
        let read = match &mut self.decoding {
            None => {
                let read = self.source.by_ref().take(how_much as u64).read_to_end(bytes).map_err(failed)?;
                self.print.take(&bytes[before..]);
                read
            }
            Some(decoding) => {
                let mut stored = Vec::with_capacity(how_much);
                let read = self.source.by_ref().take(how_much as u64).read_to_end(&mut stored).map_err(failed)?;
                self.print.take(&stored);
                if !decoding.decode(&stored, read < how_much, bytes) {
                    return Err(csv_file::no_utf16(&self.file));
                }
                read
            }
        };
        self.ended = read < how_much;
        if is_first && bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        let marks = is_first && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]));
        if marks || memchr::memchr(0, &bytes[before..]).is_some() {
            return Err(csv_file::utf16(&self.file));
        }
        // Some programs end lines with a carriage return alone.
        if self.ended && self.at_start && memchr::memchr(b'\n', bytes).is_none() {
            bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        self.has_quotes = self.has_quotes || memchr::memchr(b'"', &bytes[before..]).is_some();
        Ok(())
    }

    /// The fingerprint of the whole file, byte-order mark and all.
    ///
    /// # Errors
    /// What stands behind the rows cannot be read.
    pub fn fingerprint(mut self) -> Result<Fingerprint> {
        let mut behind = Vec::new();
        let mut file = self.source.into_inner();
        file.read_to_end(&mut behind).map_err(|why| Error::new(format!("cannot read {}: {why}.", self.file)))?;
        self.print.take(&behind);
        Ok(self.print.finish())
    }
}

impl Block {
    /// How many bytes it has.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The first records of the block, for finding out which of them is the header.
    ///
    /// # Errors
    /// No text.
    pub fn beginning(&self, file: &str) -> Result<String> {
        self.text(file).map(Cow::into_owned)
    }

    fn text(&self, file: &str) -> Result<Cow<'_, str>> {
        match (std::str::from_utf8(&self.bytes), &self.as_1252) {
            (Ok(text), _) => Ok(Cow::Borrowed(text)),
            (Err(_), Some(noted)) => {
                noted.store(true, Ordering::Relaxed);
                Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&self.bytes).0)
            }
            (Err(why), None) => {
                let lines = csv_file::lines(&self.bytes[..why.valid_up_to()]);
                Err(csv_file::no_text(file, self.first_line + lines))
            }
        }
    }

    /// Gives every row after the header that is not wholly blank.
    ///
    /// # Errors
    /// As [`csv_file::records`], and text that is no UTF-8.
    pub fn for_each(
        &self,
        file: &str,
        width: usize,
        reading: Option<&Reading>,
        each: &mut impl FnMut(Row<'_>),
    ) -> Result<()> {
        let text = self.text(file)?;
        if self.has_quotes || has_lone_returns(&self.bytes) {
            let width_known = (!self.has_header).then_some(width);
            return csv_file::records(
                file,
                text.as_bytes(),
                self.separator,
                self.first_row,
                width_known,
                &mut |number, record| {
                    let row = Row {
                        number,
                        repeats: 0,
                        cells: Cells::Record(record),
                        width,
                        reading,
                        defect: None,
                        side_by_side: None,
                    };
                    if !row.is_blank() {
                        each(row);
                    }
                },
            );
        }
        let mut skip = self.has_header;
        let mut number = u32::try_from(self.first_row).unwrap_or(u32::MAX);
        let bytes = text.as_bytes();
        let mut cells: Vec<&str> = Vec::with_capacity(width);
        let mut beginning = Beginning::default();
        let mut starts = 0;
        while starts <= bytes.len() {
            let repeats = beginning.of_next(&bytes[starts..], &mut cells);
            let mut from = starts + if repeats > 0 { beginning.text.len() } else { 0 };
            let ends = loop {
                let to = memchr::memchr2(self.separator, b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at);
                if bytes.get(to) != Some(&self.separator) {
                    break to;
                }
                cells.push(&text[from..to]);
                from = to + 1;
            };
            let last = &text[from..ends];
            cells.push(last.strip_suffix('\r').unwrap_or(last));
            let row =
                Row { number, repeats, cells: Cells::Split(&cells), width, reading, defect: None, side_by_side: None };
            // A line without anything is no row, and no header.
            if skip || row.is_blank() {
                skip = skip && cells == [""];
                beginning = Beginning::default();
                cells.clear();
            } else {
                each(row);
                beginning.learn(&cells, &bytes[starts..ends], repeats > 0);
            }
            starts = ends + 1;
            number = number.saturating_add(1);
        }
        Ok(())
    }
}

/// What the rows of a register begin with. They repeat themselves: those of a pupil begin alike, and what is the same as in the row before
/// need not be taken apart again.
#[derive(Default)]
struct Beginning<'t> {
    /// The cells of the row before, where it has been taken apart wholly.
    before: Vec<&'t str>,
    /// How many of the first cells are looked for, and these cells as they stand, each with the separator behind it.
    cells: usize,
    text: &'t [u8],
    /// How many rows have begun so, and of how many of the last the cell behind was the same as well.
    rows: usize,
    rows_with_next: usize,
    /// The cell behind these in the row before.
    next: Option<&'t str>,
}

impl<'t> Beginning<'t> {
    /// After so many rows another beginning is another pupil's, and what repeats is the same still.
    const ROWS_OF_A_PUPIL: usize = 8;

    /// How many cells of the row before the line begins with. `cells` are left with these alone.
    fn of_next(&mut self, line: &[u8], cells: &mut Vec<&'t str>) -> usize {
        if self.cells > 0 && line.starts_with(self.text) {
            self.next = cells.get(self.cells).copied();
            cells.truncate(self.cells);
            return self.cells;
        }
        std::mem::swap(cells, &mut self.before);
        cells.clear();
        0
    }

    /// Learns from a row what the next may begin with.
    fn learn(&mut self, cells: &[&'t str], line: &'t [u8], has_repeated: bool) {
        if has_repeated {
            self.rows += 1;
            let has_next = self.next.is_some() && self.next == cells.get(self.cells).copied();
            self.rows_with_next = if has_next { self.rows_with_next + 1 } else { 0 };
            if self.rows_with_next < Self::ROWS_OF_A_PUPIL {
                return;
            }
            self.cells += 1;
        } else if self.rows < Self::ROWS_OF_A_PUPIL {
            self.cells = cells.iter().zip(&self.before).take_while(|(one, other)| one == other).count();
        }
        // The last cell has no separator behind it.
        self.cells = self.cells.min(cells.len() - 1);
        (self.rows, self.rows_with_next) = (0, 0);
        self.text = &line[..cells[..self.cells].iter().map(|cell| cell.len() + 1).sum()];
    }
}

/// Whether a carriage return stands without a line feed behind it: it ends a row all the same.
fn has_lone_returns(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', bytes).any(|at| !matches!(bytes.get(at + 1), Some(b'\n')) && at + 1 < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::super::dialect;
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn read(text: &[u8], at_once: usize) -> std::result::Result<Vec<(u32, Vec<String>)>, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let name: Arc<str> = Arc::from("attendance.csv");
        let shape = CsvShape::default();
        let mut blocks = CsvBlocks::open(&name, file.path(), at_once, shape, &Arc::default()).unwrap();
        let (mut rows, mut width) = (Vec::new(), None);
        while let Some(block) = blocks.next_block().map_err(|why| why.to_string())? {
            let width = match width {
                Some(width) => width,
                None => {
                    let text = block.beginning(&name).map_err(|why| why.to_string())?;
                    let mut record = csv::StringRecord::new();
                    csv_file::reader(text.as_bytes(), b',').read_record(&mut record).unwrap();
                    *width.insert(record.len())
                }
            };
            let mut before: Option<Vec<String>> = None;
            let mut each = |row: Row<'_>| {
                let cells: Vec<String> = (0..row.cells()).map(|cell| row.untrimmed(cell).to_owned()).collect();
                if row.repeats > 0 {
                    assert_eq!(before.take().unwrap()[..row.repeats], cells[..row.repeats], "row {}", row.number);
                    *REPEATED.lock().unwrap() += row.repeats;
                }
                before = Some(cells.clone());
                rows.push((row.number, cells));
            };
            block.for_each(&name, width, None, &mut each).map_err(|why| why.to_string())?;
        }
        assert_eq!(blocks.fingerprint().unwrap(), Fingerprint::of(text));
        Ok(rows)
    }

    /// As the small tables are read: the whole text at once.
    fn whole(text: &[u8]) -> std::result::Result<Vec<(u32, Vec<String>)>, String> {
        let name = "attendance.csv";
        let text = dialect::decoded(name, text.to_vec(), None).map_err(|why| why.to_string())?;
        let bytes = csv_file::checked(name, text.bytes, b',').map_err(|why| why.to_string())?;
        let mut rows = Vec::new();
        csv_file::for_each(name, &bytes, b',', 1, &mut |row, record| {
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push((row, cells));
            }
        })
        .map_err(|why| why.to_string())?;
        Ok(rows)
    }

    /// How many cells were known from the row before, of all rows that were read.
    static REPEATED: std::sync::Mutex<usize> = std::sync::Mutex::new(0);

    #[test]
    fn what_the_row_before_began_with_is_not_taken_apart_again() {
        let mut text = "upn,school,date,session\n".to_owned();
        for pupil in ["U1", "U12", "U1"] {
            for day in 1..=9 {
                for session in ["AM", "PM"] {
                    text.push_str(&format!("{pupil},9,2024-09-0{day},{session}\n"));
                }
            }
            text.push_str(",9,2024-09-01\n\n,,,\nU1\nU1,9\n");
        }
        let expected = whole(text.as_bytes()).unwrap();
        let before = *REPEATED.lock().unwrap();
        assert_eq!(read(text.as_bytes(), 1 << 20).unwrap(), expected);
        // Of each pupil's 18 rows, the first cell of all but three and the second of some.
        assert!(*REPEATED.lock().unwrap() - before > 3 * 15);
        for at_once in 1..100 {
            assert_eq!(read(text.as_bytes(), at_once).unwrap(), expected, "{at_once} bytes at once");
        }
    }

    #[test]
    fn rows_have_their_numbers_whatever_the_blocks() {
        for text in [
            "a,b\n1,2\n3,4\n",
            "a,b\n\n1,2\n\n\n3,4",
            "a,b\r\n1,2\r\n\r\n3,4\r\n",
            "\u{feff}a,b\r1,2\r3,4\r",
            "\n\na,b\n1,\"x\ny\"\n3,4\n\"5\",6\n",
            "a,b\n1,2\r3,4\n5,6\n",
            "a\n1\n,\n\n2\n",
        ] {
            let expected = whole(text.as_bytes()).unwrap();
            for at_once in [1, 2, 3, 7, 4096] {
                assert_eq!(read(text.as_bytes(), at_once).unwrap(), expected, "{text:?} by {at_once}");
            }
        }
    }

    #[test]
    fn what_stops_a_small_table_stops_a_large_one() {
        let texts: [&[u8]; 3] = [b"a,b\n1,2\n3,\"4\n5,6\n", b"a,b\n1,\"2\"x\n", b"a,b\n1,\0\n"];
        for text in texts {
            for at_once in [1, 5, 4096] {
                let read = read(text, at_once);
                assert!(read.is_err());
                assert_eq!(read, whole(text), "{text:?} by {at_once}");
            }
        }
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config {
            rng_seed: proptest::test_runner::RngSeed::Fixed(218),
            failure_persistence: None,
            ..Default::default()
        })]

        #[test]
        fn blocks_say_what_the_whole_text_says(
            text in proptest::collection::vec(
                prop_oneof![Just(','), Just('\n'), Just('\r'), Just('"'), Just('a'), Just(' '), Just('é')],
                1..60,
            ),
            at_once in 1usize..40,
        ) {
            let text: String = text.into_iter().collect();
            match (whole(text.as_bytes()), read(text.as_bytes(), at_once)) {
                (Ok(expected), Ok(found)) => prop_assert_eq!(found, expected),
                (Err(_), Err(_)) => {}
                (expected, found) => prop_assert!(false, "{:?} against {:?}", expected, found),
            }
        }
    }
}
