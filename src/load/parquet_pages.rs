//! The pages of a Parquet column as their headers tell of them. A reader makes room for as many values as a header says,
//! and of a damaged file that may be more than any memory, which ends the program; so the headers are looked at before.
//!
//! Headers are in Thrift's compact protocol, of which only what page headers have is read here.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

/// Whole numbers of a header, by the numbers of their fields: of the header itself (0) or of a part of it.
#[derive(Default)]
struct Header {
    length: u64,
    numbers: [[Option<i64>; 4]; 9],
}

/// The kinds of pages that columns have, with the field that has their number of values.
const PLAIN: i64 = 0;
const DICTIONARY: i64 = 2;
const PLAIN_2: i64 = 3;

/// Nothing in a page header is longer, or deeper, than this.
const LONGEST: u64 = 1 << 24;
const DEEPEST: usize = 8;

/// Whether the pages in a range of a file have together so many values, and none says what cannot be. `None` where the
/// headers cannot be read to their end.
pub(super) fn have_values(source: impl Read + Seek, range: Range<u64>, values: u64) -> Option<bool> {
    let mut source = BufReader::new(source);
    source.seek(SeekFrom::Start(range.start)).ok()?;
    let (mut at, mut seen) = (range.start, 0u64);
    while seen < values {
        let header = Header::read(&mut source)?;
        let number = |part: usize, field: usize| u64::try_from(header.numbers[part][field]?).ok();
        let (unpacked, packed) = (number(0, 2)?, number(0, 3)?);
        match header.numbers[0][1]? {
            PLAIN => seen = seen.checked_add(number(5, 1)?)?,
            // No value of a dictionary takes less than a byte.
            DICTIONARY if number(7, 1)? > unpacked => return Some(false),
            DICTIONARY => {}
            PLAIN_2 => {
                let here = number(8, 1)?;
                if number(8, 2)? > here || number(8, 3)? > here {
                    return Some(false);
                }
                seen = seen.checked_add(here)?;
            }
            _ => return Some(false),
        }
        at = at.checked_add(header.length)?.checked_add(packed)?;
        if at > range.end {
            return Some(false);
        }
        source.seek_relative(i64::try_from(packed).ok()?).ok()?;
    }
    Some(seen == values)
}

impl Header {
    fn read(source: &mut impl Read) -> Option<Header> {
        let mut header = Header::default();
        let mut thrift = Thrift { source, read: 0 };
        thrift.fields(0, &mut |part, field, number| {
            if let Some(place) = header.numbers.get_mut(part).and_then(|numbers| numbers.get_mut(field)) {
                *place = Some(number);
            }
        })?;
        header.length = thrift.read;
        Some(header)
    }
}

struct Thrift<'s, R> {
    source: &'s mut R,
    read: u64,
}

impl<R: Read> Thrift<'_, R> {
    /// Reads the fields of a header and gives every whole number of it and of its parts.
    fn fields(&mut self, part: usize, each: &mut dyn FnMut(usize, usize, i64)) -> Option<()> {
        let mut field = 0;
        while let Some((number, kind)) = self.field(field)? {
            field = number;
            match kind {
                4..=6 => each(part, field, self.whole()?),
                12 if part == 0 && field > 0 => self.fields(field, each)?,
                1 | 2 => {}
                kind => self.pass_over(kind, 0)?,
            }
        }
        Some(())
    }

    /// The number and the kind of the next field; none after the last.
    fn field(&mut self, before: usize) -> Option<Option<(usize, u8)>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        let number = match byte >> 4 {
            0 => usize::try_from(self.whole()?).ok()?,
            step => before.checked_add(usize::from(step))?,
        };
        Some(Some((number, byte & 15)))
    }

    fn pass_over(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            // In a list a yes or no takes a byte.
            1..=3 => self.byte().map(|_| ()),
            4..=6 => self.varint().map(|_| ()),
            7 => self.bytes(8),
            8 => {
                let length = self.varint()?;
                self.bytes(length)
            }
            9 | 10 if depth < DEEPEST => {
                let byte = self.byte()?;
                let length = if byte >> 4 == 15 { self.varint()? } else { u64::from(byte >> 4) };
                (0..length).try_for_each(|_| self.pass_over(byte & 15, depth + 1))
            }
            12 if depth < DEEPEST => {
                let mut field = 0;
                while let Some((number, kind)) = self.field(field)? {
                    field = number;
                    if !matches!(kind, 1 | 2) {
                        self.pass_over(kind, depth + 1)?;
                    }
                }
                Some(())
            }
            _ => None,
        }
    }

    fn whole(&mut self) -> Option<i64> {
        let folded = self.varint()?;
        Some((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.source.read_exact(&mut byte).ok()?;
        self.read += 1;
        (self.read <= LONGEST).then_some(byte[0])
    }

    fn bytes(&mut self, length: u64) -> Option<()> {
        if length > LONGEST {
            return None;
        }
        let read = std::io::copy(&mut self.source.by_ref().take(length), &mut std::io::sink()).ok()?;
        self.read += read;
        (read == length).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A page of a dictionary of 3 values and a page of 5 values, each a header and 4 bytes.
    #[rustfmt::skip]
    const PAGES: [u8; 32] = [
        0x15, 4, 0x15, 40, 0x15, 8, 0x4c, 0x15, 6, 0x15, 0, 0, 0, 1, 1, 1, 1,
        0x15, 0, 0x15, 40, 0x15, 8, 0x2c, 0x15, 10, 0, 0, 1, 1, 1, 1,
    ];

    fn pages(bytes: [u8; 32], values: u64) -> Option<bool> {
        have_values(Cursor::new(bytes), 0..32, values)
    }

    #[test]
    fn values_are_those_of_the_pages_that_are_no_dictionary() {
        assert_eq!(pages(PAGES, 5), Some(true));
        assert_eq!(pages(PAGES, 4), Some(false));
        assert_eq!(pages(PAGES, 6), None);
    }

    #[test]
    fn what_cannot_be_is_told() {
        for (at, to, expected, what) in [
            (0, 0x15, Some(true), "nothing changed"),
            (8, 42, Some(false), "more values in a dictionary than it has bytes"),
            (25, 11, None, "fewer values than none"),
            (5, 126, Some(false), "a page that ends beyond the column"),
            (1, 2, Some(false), "a kind of page that no column has"),
            (6, 0x4f, None, "a kind of field that there is not"),
        ] {
            let mut bytes = PAGES;
            bytes[at] = to;
            assert_eq!(pages(bytes, 5), expected, "{what}");
        }
    }
}
