//! How a file of text is written, found out from its beginning and its end: encoding, separator, the row with the column
//! names, what a program has written above them and below the last row.
//!
//! Longer than most files, since all of it is found out from the same beginning.

use super::csv_file;
use super::folded::folded;
use super::mapping::{Encoding, Mapping, Separator, WideTerm};
use super::tables::{self, TableName};
use crate::error::{Error, Result};
use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::collections::BTreeSet;

/// How a large file of text is to be read.
#[derive(Clone, Copy, Debug)]
pub struct CsvShape {
    /// What stands between two cells.
    pub separator: u8,
    /// How characters are stored; none: UTF-8.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// Whether text that is not UTF-8 is read as Windows-1252.
    pub may_be_1252: bool,
    /// How many rows stand above the one with the column names.
    pub rows_above: u32,
    /// Where the rows end, in bytes, where something else stands behind them.
    pub ends_at: Option<u64>,
}

impl Default for CsvShape {
    fn default() -> Self {
        CsvShape { separator: b',', encoding: None, may_be_1252: true, rows_above: 0, ends_at: None }
    }
}

impl CsvShape {
    /// What turns the file's bytes into UTF-8, where they are not that already.
    pub fn decoding(&self) -> Option<Decoding> {
        self.encoding.map(|encoding| Decoding(encoding.new_decoder_with_bom_removal()))
    }
}

/// Turns bytes into UTF-8, piece by piece.
pub struct Decoding(Decoder);

impl Decoding {
    /// Decodes the next piece, `last` of all or not, and puts it behind what there is. `false`: some of it is no text.
    #[must_use]
    pub fn decode(&mut self, piece: &[u8], last: bool, into: &mut Vec<u8>) -> bool {
        let mut text =
            String::with_capacity(self.0.max_utf8_buffer_length(piece.len()).unwrap_or(4 * piece.len() + 16));
        // The room is enough for all of it.
        let (_, _, has_errors) = self.0.decode_to_string(piece, &mut text, last);
        into.extend_from_slice(text.as_bytes());
        !has_errors
    }
}

/// How the bytes of a file are stored, by what is said of it and by its beginning. `None`: UTF-8.
pub fn encoding_of(beginning: &[u8], said: Option<Encoding>) -> Option<&'static encoding_rs::Encoding> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(beginning) {
        return Some(encoding).filter(|encoding| *encoding != UTF_8);
    }
    let zeros = |offset: usize| beginning.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match said {
        Some(Encoding::Windows1252) => Some(WINDOWS_1252),
        Some(Encoding::Utf16) => Some(if even > odd { UTF_16BE } else { UTF_16LE }),
        Some(Encoding::Utf8) => None,
        // Latin letters in UTF-16 have a zero beside each.
        None if even + odd > beginning.len() / 4 => Some(if even > odd { UTF_16BE } else { UTF_16LE }),
        None => None,
    }
}

/// The text of a file in UTF-8 without a byte-order mark.
#[derive(Debug)]
pub struct Decoded {
    /// The text.
    pub bytes: Vec<u8>,
    /// The line that told that the file is Windows-1252, where it was taken for that.
    pub as_1252_since: Option<u64>,
}

/// Decodes a whole file.
///
/// # Errors
/// It is not the UTF-8 that it is said to be, or has bytes of zero.
pub fn decoded(file: &str, mut bytes: Vec<u8>, said: Option<Encoding>) -> Result<Decoded> {
    let beginning = &bytes[..bytes.len().min(4096)];
    if let Some(encoding) = encoding_of(beginning, said) {
        let (text, has_errors) = encoding.decode_with_bom_removal(&bytes);
        if has_errors {
            return Err(csv_file::no_utf16(file));
        }
        return Ok(Decoded { bytes: text.into_owned().into_bytes(), as_1252_since: None });
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    if memchr::memchr(0, &bytes).is_some() {
        return Err(csv_file::utf16(file));
    }
    match std::str::from_utf8(&bytes) {
        Ok(_) => Ok(Decoded { bytes, as_1252_since: None }),
        Err(why) => {
            let line = csv_file::lines(&bytes[..why.valid_up_to()]) + 1;
            if said.is_some() {
                return Err(csv_file::no_text(file, line));
            }
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            Ok(Decoded { bytes: text.into_owned().into_bytes(), as_1252_since: Some(line) })
        }
    }
}

/// How many rows are looked at for the one with the column names.
const ROWS_LOOKED_AT: usize = 30;

/// Where the column names stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The row, from 1.
    pub row: u32,
    /// The names as they stand.
    pub names: Vec<String>,
    /// The rows above it with their cells, blank ones left out.
    pub above: Vec<(u32, Vec<String>)>,
    /// A row above it that has every column name that the file must have, as it has itself.
    pub whole_above: Option<u32>,
    /// How many of the names the table or its mapping knows.
    known: usize,
}

/// Finds the row with the column names among the first rows of a table: the first that has every column the table must
/// have, else the one that has most of its columns, else the first.
pub fn header_among(mapping: &Mapping, rows: impl Iterator<Item = (u32, Vec<String>)>) -> Option<Header> {
    let rows: Vec<(u32, Vec<String>)> =
        rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty())).take(ROWS_LOOKED_AT).collect();
    let headings = headings(mapping);
    let required = required(mapping);
    let known = |cells: &[String]| cells.iter().filter(|cell| headings.contains(&folded(cell))).count();
    let position = match mapping.header_row {
        Some(row) => rows.iter().position(|(number, _)| *number == row)?,
        None => {
            let most = rows.iter().map(|(_, cells)| known(cells)).max().unwrap_or(0);
            // One word alone may stand in a title.
            let with_most = rows.iter().position(|(_, cells)| known(cells) == most).filter(|_| most > 1);
            rows.iter().position(|(_, cells)| has_one_of(&required, cells)).or(with_most).unwrap_or(0)
        }
    };
    let above = rows[..position].to_vec();
    let whole_above =
        rows[..position].iter().find(|(_, cells)| has_one_of(&required, cells)).map(|(number, _)| *number);
    let (row, names) = rows.get(position)?;
    Some(Header { row: *row, names: names.clone(), above, whole_above, known: known(names) })
}

/// Whether a row has every column that a table with its own headings must have, so that it is that table's header.
pub fn is_header_of(mapping: &Mapping, cells: &[String]) -> bool {
    has_one_of(&required(mapping), cells)
}

/// The filled cells of a row as they are quoted.
pub(super) fn quoted(cells: &[String]) -> String {
    let filled: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    filled.join(" | ")
}

/// Whether cells have several column names that a file of the mapping may have.
pub(super) fn has_several_headings(mapping: &Mapping, cells: &[String]) -> bool {
    let cells: BTreeSet<String> = cells.iter().map(|cell| folded(cell)).filter(|cell| !cell.is_empty()).collect();
    headings(mapping).iter().collect::<BTreeSet<_>>().into_iter().filter(|heading| cells.contains(*heading)).count() > 1
}

/// Whether every column that a file of the mapping must have is filled in a row.
pub(super) fn is_whole_row(mapping: &Mapping, names: &[String], cells: &[&str]) -> bool {
    let is_filled = |heading: &String| {
        let at = names.iter().position(|name| folded(name) == *heading);
        at.and_then(|at| cells.get(at)).is_some_and(|cell| !cell.trim().is_empty())
    };
    required(mapping).iter().any(|set| set.len() > 1 && set.iter().all(is_filled))
}

/// Whether cells have all headings of one of several sets.
fn has_one_of(sets: &[Vec<String>], cells: &[String]) -> bool {
    let cells: Vec<String> = cells.iter().map(|cell| folded(cell)).collect();
    sets.iter().any(|set| !set.is_empty() && set.iter().all(|heading| cells.contains(heading)))
}

/// The headings that a file of the mapping may have, folded.
fn headings(mapping: &Mapping) -> Vec<String> {
    let own = mapping.table.columns().iter().map(|(name, _)| folded(name));
    let renamed = mapping.columns.values().map(|heading| folded(heading));
    let wide = mapping.wide.iter().flat_map(|wide| wide.criteria.values()).flat_map(|criterion| {
        let columns = criterion.columns();
        let others: Vec<String> = columns.others().map(|(_, heading)| folded(heading)).collect();
        others.into_iter().chain([folded(&columns.flag)])
    });
    let terms = mapping
        .wide
        .iter()
        .flat_map(|wide| wide.terms.values())
        .flat_map(WideTerm::columns)
        .map(|(_, heading)| folded(heading));
    own.chain(renamed).chain(wide).chain(terms).collect()
}

/// The headings that the file must have, folded: one of these sets.
fn required(mapping: &Mapping) -> Vec<Vec<String>> {
    let heading = |name: &str| mapping.columns.get(name).map_or_else(|| folded(name), |heading| folded(heading));
    let is_made = |name: &str| mapping.constants.contains_key(name) || (mapping.wide.is_some() && name == "criterion");
    let set = |names: &[&str]| -> Vec<String> {
        let flags = mapping.wide.iter().flat_map(|wide| wide.criteria.values());
        let flags = flags.map(|criterion| folded(&criterion.columns().flag));
        names.iter().filter(|name| !is_made(name)).map(|name| heading(name)).chain(flags).collect()
    };
    if let Some(wide) = mapping.wide.as_ref().filter(|_| mapping.table == TableName::Attendance) {
        let terms: Vec<String> =
            wide.terms.values().flat_map(WideTerm::columns).map(|(_, heading)| folded(heading)).collect();
        return tables::PUPIL.iter().map(|pupil| terms.iter().cloned().chain([heading(pupil)]).collect()).collect();
    }
    if mapping.table == TableName::Attendance {
        let layouts = tables::LAYOUTS.iter().flat_map(|layout| {
            tables::PUPIL.iter().map(|pupil| layout.iter().copied().chain([*pupil]).collect::<Vec<&str>>())
        });
        return layouts.map(|names| set(&names)).collect();
    }
    let must: Vec<&str> = mapping.table.columns().iter().filter(|(_, must)| *must).map(|(name, _)| *name).collect();
    let instead: Vec<&str> = must.iter().map(|name| mapping.table.in_place_of(name).unwrap_or(name)).collect();
    if instead == must { vec![set(&must)] } else { vec![set(&must), set(&instead)] }
}

/// Finds out what separates the cells, and where the column names stand: the separator under which most of them are known.
pub fn separator_and_header(mapping: &Mapping, text: &str) -> Option<(Separator, Header)> {
    let separators = mapping.dialect.separator.map_or(Separator::ALL.to_vec(), |said| vec![said]);
    let mut best: Option<(Separator, Header)> = None;
    for separator in separators {
        let Some(header) = header_among(mapping, first_rows(text, separator.byte())) else { continue };
        if best.as_ref().is_none_or(|(_, other)| header.known > other.known) {
            best = Some((separator, header));
        }
    }
    best
}

/// The first rows of a text. Quoted cells with line breaks count as one row.
pub(super) fn first_rows(text: &str, separator: u8) -> impl Iterator<Item = (u32, Vec<String>)> {
    let mut reader = csv_file::reader(text.as_bytes(), separator);
    let mut record = csv::StringRecord::new();
    let mut breaks_inside = 0;
    let (mut counted, mut lines) = (0, 0);
    // What cannot be read is told when the whole file is.
    std::iter::from_fn(move || {
        reader.read_record(&mut record).ok().filter(|more| *more)?;
        // Every line up to the end of the record, less those inside its cells, is a row.
        let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let ends = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let ends = text[..ends].trim_end_matches(['\n', '\r']).len().max(counted);
        lines += csv_file::lines(&text.as_bytes()[counted..ends]) as usize;
        counted = ends;
        // The line ends behind a text may be inside a quoted cell that is never closed.
        let row = (lines + 1).saturating_sub(inside + breaks_inside).max(1);
        breaks_inside += inside;
        Some((u32::try_from(row).unwrap_or(u32::MAX), record.iter().map(str::to_owned).collect()))
    })
}

/// Rows at the end of a text that are none of the table's, such as "Total: 312 families": where they begin, in bytes,
/// how many rows stand before them, and what they say. `is_row` tells rows of the table by their cells and by the text
/// before them.
pub fn footer(text: &str, separator: u8, is_row: &dyn Fn(&[&str], &str) -> bool) -> Option<(usize, Vec<String>)> {
    const LONGEST: usize = 4096;
    let mut end = text.len();
    let mut found: Vec<String> = Vec::new();
    let mut begins = None;
    while end > 0 && found.len() < 10 {
        let line_begins = text[..end].trim_end_matches(['\n', '\r']).rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_begins..end].trim();
        if line.len() > LONGEST {
            break;
        }
        let bare: String = line.chars().filter(|c| !matches!(c, '"' | '\r') && *c != char::from(separator)).collect();
        if bare.trim().is_empty() {
            end = line_begins;
            continue;
        }
        let mut record = csv::StringRecord::new();
        let read = csv_file::reader(line.as_bytes(), separator).read_record(&mut record);
        let cells: Vec<&str> = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).collect();
        if !matches!(read, Ok(true)) || line.matches('"').count() % 2 == 1 || !is_footer(&cells) {
            break;
        }
        // Blank cells in front would be trimmed away with the line where cells are separated by tabs.
        let whole = text[line_begins..end].trim_end_matches(['\n', '\r']);
        let mut record = csv::StringRecord::new();
        let _ = csv_file::reader(whole.as_bytes(), separator).read_record(&mut record);
        if is_row(&record.iter().map(str::trim).collect::<Vec<_>>(), &text[..line_begins]) {
            break;
        }
        found.push(cells.join(" | "));
        begins = Some(line_begins);
        end = line_begins;
    }
    found.reverse();
    begins.filter(|begins| *begins > 0).map(|begins| (begins, found))
}

/// Whether the filled cells of a last row are a footer's: at most two of them, and words that no row of a table begins with.
pub fn is_footer(cells: &[&str]) -> bool {
    const WORDS: [&str; 14] = [
        "total",
        "grand total",
        "totals",
        "end of",
        "report",
        "generated",
        "printed",
        "produced",
        "exported",
        "extracted",
        "run on",
        "run date",
        "page ",
        "number of",
    ];
    let Some(first) = cells.first() else { return false };
    let lower = first.to_lowercase();
    let lower = lower.trim_start_matches(['*', '-', '=', '(', '#', ' ']);
    let counts_rows = ["rows", "records", "families", "cases", "row(s)", "record(s)"].iter().any(|word| {
        lower.strip_suffix(word).is_some_and(|rest| rest.trim_end().chars().last().is_some_and(|c| c.is_ascii_digit()))
    });
    cells.len() <= 2 && (counts_rows || WORDS.iter().any(|word| lower.starts_with(word)))
}

/// What to say of a file without a row.
pub fn nothing_in(file: &str) -> Error {
    Error::new(format!("{file} is empty: it needs at least a row of column names."))
}

#[cfg(test)]
mod tests {
    use super::super::mapping::Dialect;
    use super::super::tables::TableName;
    use super::*;

    fn cases() -> Mapping {
        Mapping::plain(TableName::Cases, Dialect::default())
    }

    #[test]
    fn the_encoding_is_told_by_the_beginning() {
        let text = "case_id,team\nC1,Hémsworth\n";
        let utf16 = |big: bool, mark: bool| -> Vec<u8> {
            let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            utf16(false, true),
            utf16(true, true),
            utf16(false, false),
            utf16(true, false),
            latin.clone(),
        ] {
            let found = decoded("cases.csv", bytes.clone(), None).unwrap();
            assert_eq!(String::from_utf8(found.bytes).unwrap(), text, "{bytes:?}");
        }
        assert_eq!(decoded("cases.csv", latin.clone(), None).unwrap().as_1252_since, Some(2));
        assert!(decoded("cases.csv", latin, Some(Encoding::Utf8)).unwrap_err().to_string().contains("line 2"));
        // 0x80 is the euro sign in Windows-1252, and nothing in Latin-1.
        assert_eq!(decoded("a.csv", b"\x80".to_vec(), None).unwrap().bytes, "€".as_bytes());
        assert!(decoded("a.csv", b"case_id,team\nC1,a\0b\n".to_vec(), None).is_err());
    }

    #[test]
    fn separator_and_header_are_found_by_the_columns_of_the_table() {
        for (text, separator, row) in [
            ("case_id,family_id,opened_on\nC1,F1,2024-01-01\n", Separator::Comma, 1),
            ("case_id;family_id;opened_on\nC1;F1;2024-01-01\n", Separator::Semicolon, 1),
            ("case_id\tfamily_id\topened_on\nC1\tF1, or F2; or F3\t2024-01-01\n", Separator::Tab, 1),
            ("Early Help, cases open; all teams\n\nCase ID|Family ID|Opened on\nC1|F1|2024-01-01\n", Separator::Bar, 3),
            ("\"Report\nof two lines\",x\ncase_id,family_id,opened_on\n", Separator::Comma, 2),
        ] {
            let (found, header) = separator_and_header(&cases(), text).unwrap();
            assert_eq!((found, header.row), (separator, row), "{text}");
        }
        assert_eq!(separator_and_header(&cases(), ""), None);
        // A quoted cell that is never closed, with line ends behind it: that the file is broken is said later.
        assert_eq!(separator_and_header(&cases(), "\"Two\nlines\n\n").unwrap().1.row, 1);
        // Nothing known: the first row, so that the message can say what is missing.
        assert_eq!(separator_and_header(&cases(), "a,b\nc,d\n").unwrap().1.row, 1);
    }

    #[test]
    fn a_footer_is_told_by_its_words_and_never_by_missing_cells_alone() {
        let found = |text: &str| {
            footer(text, b',', &|_, _| false).map(|(at, said)| (text[..at].lines().count(), said.join("; ")))
        };
        let rows = "case_id,family_id\nC1,F1\nC2,F2\n";
        assert_eq!(found(rows), None);
        assert_eq!(found(&format!("{rows}C3\n")), None);
        assert_eq!(found(&format!("{rows}Total,2\n")), Some((3, "Total | 2".to_owned())));
        assert_eq!(found(&format!("{rows},,\n\n2 records\n")), Some((5, "2 records".to_owned())));
        assert_eq!(
            found(&format!("{rows}\nReport run on 30/09/2024\n\"*** End of report, all teams ***\"\n\n")),
            Some((4, "Report run on 30/09/2024; *** End of report, all teams ***".to_owned()))
        );
        assert_eq!(found("Total,2\n"), None);
        assert_eq!(found(&format!("{rows}C3,\"said\nTotal\"\n")), None);
    }
}
