//! Large CSV files, a block of whole rows at a time: the reader knows where each block begins, so that blocks can be
//! split into cells at the same time and a row still has the number that a spreadsheet shows.
//!
//! Longer than most files, since cutting blocks at rows has to know of quotation marks and ends of lines at once; a third of it is tests.

use super::csv_file;
use super::dialect::{CsvShape, Decoding};
use super::in_turn::InTurn;
use super::limits;
use super::plain_rows::{self, Plain};
use super::row::{Cells, EachRow, Reading, Row};
use crate::error::{Error, Result};
use crate::receipt::Fingerprint;
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
    print: Arc<InTurn>,
    /// Whether the blocks are the file as it is stored, so that the fingerprint is made from them.
    is_as_stored: bool,
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
    bytes: Arc<Vec<u8>>,
    print: Arc<InTurn>,
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
            is_as_stored: shape.decoding().is_none(),
            decoding: shape.decoding(),
            shape,
            as_1252: as_1252.clone(),
            read_at_once: read_at_once.max(1),
            print: Arc::default(),
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
                self.print_as_stored(&Arc::new(bytes.drain(..above).collect()));
                let above = u64::from(self.shape.rows_above);
                self.row += above;
                self.line += above;
                rows = rows.saturating_sub(above);
            }
            let bytes = Arc::new(bytes);
            self.print_as_stored(&bytes);
            let block = Block {
                print: self.print.clone(),
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
            None => self.source.by_ref().take(how_much as u64).read_to_end(bytes).map_err(failed)?,
            Some(decoding) => {
                let mut stored = Vec::with_capacity(how_much);
                let read = self.source.by_ref().take(how_much as u64).read_to_end(&mut stored).map_err(failed)?;
                let is_text = decoding.decode(&stored, read < how_much, bytes);
                self.print.put(Arc::new(stored));
                if !is_text {
                    return Err(csv_file::no_utf16(&self.file));
                }
                read
            }
        };
        self.ended = read < how_much;
        if is_first && bytes.starts_with(b"\xEF\xBB\xBF") {
            self.print_as_stored(&Arc::new(bytes.drain(..3).collect()));
        }
        let marks = is_first && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]));
        if marks || memchr::memchr(0, &bytes[before..]).is_some() {
            return Err(csv_file::utf16(&self.file));
        }
        // Some programs end lines with a carriage return alone.
        if self.ended && self.at_start && memchr::memchr(b'\n', bytes).is_none() {
            self.print_as_stored(&Arc::new(bytes.clone()));
            self.is_as_stored = false;
            bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        self.has_quotes = self.has_quotes || memchr::memchr(b'"', &bytes[before..]).is_some();
        Ok(())
    }

    fn print_as_stored(&self, piece: &Arc<Vec<u8>>) {
        if self.is_as_stored {
            self.print.put(piece.clone());
        }
    }

    /// The fingerprint of the whole file, byte-order mark and all.
    ///
    /// # Errors
    /// What stands behind the rows cannot be read.
    pub fn fingerprint(self) -> Result<Fingerprint> {
        let mut behind = Vec::new();
        let mut file = self.source.into_inner();
        file.read_to_end(&mut behind).map_err(|why| Error::new(format!("cannot read {}: {why}.", self.file)))?;
        self.print.put(Arc::new(behind));
        Ok(self.print.finish())
    }
}

impl Block {
    /// Goes on with the fingerprint of the file, for which the block is kept until then.
    pub fn print(&self) {
        self.print.go_on();
    }

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

    /// Gives every row after the header that is not wholly blank. Where rows need not be taken apart wholly, they are begun with so
    /// many cells as `beginning` says (see [`EachRow::begun`]); none with nought.
    ///
    /// # Errors
    /// As [`csv_file::records`], and text that is no UTF-8.
    pub fn for_each(
        &self,
        file: &str,
        width: usize,
        reading: Option<&Reading>,
        beginning: usize,
        each: &mut impl EachRow,
    ) -> Result<()> {
        let text = self.text(file)?;
        if self.has_quotes || plain_rows::has_lone_returns(&self.bytes) {
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
                        each.row(row);
                    }
                },
            );
        }
        let of =
            Plain { text: &text, separator: self.separator, first_row: self.first_row, has_header: self.has_header };
        of.for_each(width, reading, beginning, each);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect;
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    /// Every row with its number and cells.
    #[derive(Debug, Default)]
    struct Recorded {
        rows: Vec<(u32, Vec<String>)>,
        /// What the row is begun with, once it has been.
        begun: Option<Vec<String>>,
        /// The rests that were seen, of which no row is taken apart any more.
        rests: std::collections::BTreeSet<String>,
        not_taken_apart: usize,
    }

    impl EachRow for Recorded {
        fn row(&mut self, row: Row<'_>) {
            let cells: Vec<String> = (0..row.cells()).map(|cell| row.untrimmed(cell).to_owned()).collect();
            if row.repeats > 0 {
                assert_eq!(self.begun.as_deref(), Some(&cells[..row.repeats]), "row {}", row.number);
            }
            self.rows.push((row.number, cells));
        }

        fn begun(&mut self, row: Row<'_>, rest: &str) -> bool {
            let cells: Vec<String> = (0..row.cells()).map(|cell| row.untrimmed(cell).to_owned()).collect();
            if row.repeats > 0 {
                assert_eq!(self.begun, Some(cells.clone()), "row {}", row.number);
            }
            self.begun = Some(cells.clone());
            let is_blank = rest.trim_matches([',', ' ']).is_empty();
            if is_blank || self.rests.insert(rest.to_owned()) {
                return false;
            }
            self.not_taken_apart += 1;
            self.rows.push((row.number, cells.into_iter().chain(rest.split(',').map(str::to_owned)).collect()));
            true
        }
    }

    type Rows = Vec<(u32, Vec<String>)>;

    fn read(text: &[u8], at_once: usize) -> std::result::Result<Rows, String> {
        recorded(text, at_once, 0).map(|recorded| recorded.rows)
    }

    fn recorded(text: &[u8], at_once: usize, beginning: usize) -> std::result::Result<Recorded, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let name: Arc<str> = Arc::from("attendance.csv");
        let shape = CsvShape::default();
        let mut blocks = CsvBlocks::open(&name, file.path(), at_once, shape, &Arc::default()).unwrap();
        let (mut recorded, mut width) = (Recorded::default(), None);
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
            recorded.begun = None;
            block.for_each(&name, width, None, beginning, &mut recorded).map_err(|why| why.to_string())?;
            block.print();
        }
        assert_eq!(blocks.fingerprint().unwrap(), Fingerprint::of(text));
        Ok(recorded)
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

    #[test]
    fn a_rest_that_was_seen_need_not_be_taken_apart_again() {
        let mut text = "upn,school,date,session\n".to_owned();
        for pupil in ["U1", "U12", "U1"] {
            for day in 1..=9 {
                for session in ["AM", "PM"] {
                    text.push_str(&format!("{pupil},9,2024-09-0{day},{session}\n"));
                }
            }
            text.push_str(",9,2024-09-01\n\n,,,\nU1\nU1,9\n");
        }
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let expected = whole(text.as_bytes()).unwrap();
            for at_once in [1, 7, 64, 1 << 20] {
                for beginning in 0..=4 {
                    let recorded = recorded(text.as_bytes(), at_once, beginning).unwrap();
                    assert_eq!(recorded.rows, expected, "{at_once} bytes at once, {beginning} cells");
                    // Of the 18 rows of each pupil, and the three of nobody, those that come again.
                    let again = if (1..=2).contains(&beginning) { 2 * 19 } else { 0 };
                    assert!(recorded.not_taken_apart >= again, "{at_once} bytes at once, {beginning} cells");
                }
            }
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
            beginning in 0usize..4,
        ) {
            let text: String = text.into_iter().collect();
            match (whole(text.as_bytes()), recorded(text.as_bytes(), at_once, beginning)) {
                (Ok(expected), Ok(found)) => prop_assert_eq!(found.rows, expected),
                (Err(_), Err(_)) => {}
                (expected, found) => prop_assert!(false, "{:?} against {:?}", expected, found),
            }
        }
    }
}
