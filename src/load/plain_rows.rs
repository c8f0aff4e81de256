//! Rows of text in which no cell is quoted: each line is a row, and each separator ends a cell.

use super::limits;
use super::row::{Cells, EachRow, Reading, Row};

/// Such a text.
pub(super) struct Plain<'t> {
    pub(super) text: &'t str,
    pub(super) separator: u8,
    /// The number of its first line, as a spreadsheet numbers rows.
    pub(super) first_row: u64,
    /// Whether its first line with anything in it is the header.
    pub(super) has_header: bool,
}

impl Plain<'_> {
    /// Gives every row after the header that is not wholly blank. Rows are begun with so many cells as `beginning` says (see
    /// [`EachRow::begun`]); none with nought.
    pub(super) fn for_each(&self, width: usize, reading: Option<&Reading>, beginning: usize, each: &mut impl EachRow) {
        let text = self.text;
        let mut skip = self.has_header;
        let mut number = u32::try_from(self.first_row).unwrap_or(u32::MAX);
        let mut cells: Vec<&str> = Vec::with_capacity(width);
        // What the row before began with, and the separator behind it.
        let mut before: &[u8] = &[];
        let mut starts = 0;
        while starts <= text.len() {
            let mut line = Line { text, separator: self.separator, at: starts, ends: None, has_ended: false };
            let mut repeats = 0;
            if !before.is_empty() && line.goes_on_with(before) {
                cells.truncate(beginning);
                repeats = beginning;
            } else {
                cells.clear();
            }
            let mut is_done = false;
            if beginning > 0 && !skip {
                line.split(&mut cells, beginning);
                before = if line.has_ended { &[] } else { &text.as_bytes()[starts..line.at] };
                if !line.has_ended {
                    is_done = each.begun(split_row(number, repeats, &cells, width, reading), line.rest());
                    repeats = beginning;
                }
            }
            if !is_done {
                line.split(&mut cells, usize::MAX);
                let row = split_row(number, repeats, &cells, width, reading);
                // A line without anything is no row, and no header.
                if skip || row.is_blank() {
                    skip = skip && cells == [""];
                } else {
                    each.row(row);
                }
            }
            starts = line.ends() + 1;
            number = number.saturating_add(1);
        }
    }
}

fn split_row<'r>(
    number: u32,
    repeats: usize,
    cells: &'r [&'r str],
    width: usize,
    reading: Option<&'r Reading>,
) -> Row<'r> {
    Row { number, repeats, cells: Cells::Split(cells), width, reading, defect: None, side_by_side: None }
}

/// A line that is taken apart.
struct Line<'t> {
    text: &'t str,
    separator: u8,
    /// Where it has not been taken apart yet.
    at: usize,
    /// Where it ends, once that is known.
    ends: Option<usize>,
    has_ended: bool,
}

impl<'t> Line<'t> {
    /// Goes behind what the line goes on with; `false` where it does not.
    fn goes_on_with(&mut self, text: &[u8]) -> bool {
        let goes_on = self.text.as_bytes()[self.at..].starts_with(text);
        self.at += if goes_on { text.len() } else { 0 };
        goes_on
    }

    /// Takes cells off until there are enough, or the line ends.
    fn split(&mut self, cells: &mut Vec<&'t str>, enough: usize) {
        let bytes = self.text.as_bytes();
        while !self.has_ended && cells.len() < enough {
            let to = memchr::memchr2(self.separator, b'\n', &bytes[self.at..]).map_or(bytes.len(), |at| self.at + at);
            if bytes.get(to) == Some(&self.separator) {
                cells.push(&self.text[self.at..to]);
                self.at = to + 1;
            } else {
                cells.push(without_return(&self.text[self.at..to]));
                self.has_ended = true;
                self.ends = Some(to);
            }
        }
    }

    /// Where it ends.
    fn ends(&mut self) -> usize {
        *self.ends.get_or_insert_with(|| {
            let bytes = &self.text.as_bytes()[self.at..];
            self.at + end_nearby(bytes).or_else(|| memchr::memchr(b'\n', bytes)).unwrap_or(bytes.len())
        })
    }

    /// What has not been taken apart.
    fn rest(&mut self) -> &'t str {
        let ends = self.ends();
        without_return(&self.text[self.at..ends])
    }
}

/// Where a line ends within 16 bytes, as the rest of a mark does. Found without a call: subtracting one from every byte, after those of a
/// line feed were made nought, borrows first at the first of them.
fn end_nearby(bytes: &[u8]) -> Option<usize> {
    const ONES: u128 = u128::MAX / 255;
    let word = u128::from_le_bytes(*bytes.first_chunk()?) ^ (ONES * b'\n' as u128);
    let found = word.wrapping_sub(ONES) & !word & (ONES << 7);
    (found > 0).then(|| found.trailing_zeros() as usize / 8)
}

fn without_return(text: &str) -> &str {
    text.strip_suffix('\r').unwrap_or(text)
}

/// Whether a carriage return stands without a line feed behind it: it ends a row all the same.
pub(super) fn has_lone_returns(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', bytes).any(|at| !matches!(bytes.get(at + 1), Some(b'\n')) && at + 1 < bytes.len())
}

/// Whether rows can be read so from a text, and none is longer than a row may be.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let mut begins = 0;
    let mut ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    memchr::memchr(b'"', bytes).is_none()
        && !has_lone_returns(bytes)
        && ends.all(|end| {
            let length = end - begins;
            begins = end + 1;
            length <= limits::ROW
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_line_is_found_nearby() {
        for text in [
            "\n234567890123456",
            "123456789012345\n",
            "1234567890123456\n",
            "12\n4\n67890123456",
            "\u{b}\t\u{8a}\u{ff}45678901\n",
            "\n",
        ] {
            let found =
                text.as_bytes().iter().position(|byte| *byte == b'\n').filter(|at| *at < 16 && text.len() >= 16);
            assert_eq!(end_nearby(text.as_bytes()), found, "{text:?}");
        }
    }
}
