//! Workbooks of the older format (`.xls`), looked at before they are read: a reader makes room for as many cells as such a
//! file says it has, and of a damaged one that may be more than any memory, which ends the program.
//!
//! The file is a set of sectors in chains, one of which holds the workbook as records: a kind, a length and so many
//! bytes. Only what says where cells are is looked at here.

use super::limits::CELLS;

/// Chains end so, or have no next sector.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;

/// Kinds of records: the beginning and the end of a sheet, how large it says it is, and those that begin with row and
/// column of a cell (formula, several numbers, rich text, text of the table, number, text, yes or no, short number).
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const SIZE: u16 = 0x0200;
const OF_CELLS: [u16; 8] = [0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];

/// A password makes such a file even of a newer workbook.
const PROTECTED: &str = "it is protected by a password: take that away first";

/// The record that says that all others are in cipher.
const CIPHER: u16 = 0x002F;

/// What cannot be of a workbook, if anything.
///
/// # Errors
/// In a few words, what it is.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let stream = workbook_stream(bytes).ok_or("its sectors are not in order")?;
    check_records(&stream.ok_or(PROTECTED)?)
}

fn check_records(stream: &[u8]) -> Result<(), String> {
    let too_many = || Err(format!("it has more than {} million cells", CELLS / 1_000_000));
    let (mut at, mut all) = (0, 0usize);
    let (mut rows, mut columns) = (0usize, 0usize);
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let data = &stream[at + 4..stream.len().min(at + 4 + usize::from(length))];
        at += 4 + usize::from(length);
        match kind {
            CIPHER if data.iter().any(|byte| *byte != 0) => return Err(PROTECTED.to_owned()),
            BEGIN => (rows, columns) = (0, 0),
            SIZE => {
                let said = match data.len() {
                    10 => (u16_at(data, 2).map(u32::from), u16_at(data, 6)),
                    _ => (u32_at(data, 4), u16_at(data, 10)),
                };
                let (Some(rows), Some(columns)) = said else { continue };
                if (rows as usize).saturating_mul(usize::from(columns)) > CELLS {
                    return too_many();
                }
            }
            kind if OF_CELLS.contains(&kind) => {
                let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { continue };
                rows = rows.max(usize::from(row) + 1);
                columns = columns.max(usize::from(column) + 1 + data.len() / 6);
                if all.saturating_add(rows * columns) > CELLS {
                    return too_many();
                }
            }
            // Every sheet is read, and the blank cells of each take room.
            END => {
                all = all.saturating_add(rows * columns);
                (rows, columns) = (0, 0);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The bytes of the stream that has the workbook; none within where a password hides it.
fn workbook_stream(bytes: &[u8]) -> Option<Option<Vec<u8>>> {
    let shift = u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12))?;
    let size = 1usize << shift;
    let sector = |id: u32| -> Option<&[u8]> {
        let from = (id as usize).checked_add(1)?.checked_mul(size)?;
        bytes.get(from..bytes.len().min(from.checked_add(size)?)).filter(|sector| !sector.is_empty())
    };
    let numbers = |sector: &[u8]| -> Vec<u32> { (0..sector.len() / 4).filter_map(|n| u32_at(sector, 4 * n)).collect() };
    // Which sectors say what comes after each.
    let mut of_fat = numbers(bytes.get(76..512)?);
    let (mut next, mut seen) = (u32_at(bytes, 68)?, 0);
    while next < LAST_SECTOR {
        of_fat.extend(numbers(sector(next)?));
        next = of_fat.pop()?;
        seen += 1;
        if seen > bytes.len() / size {
            return None;
        }
    }
    let mut fat = Vec::new();
    for id in of_fat.into_iter().filter(|id| *id < LAST_SECTOR) {
        fat.extend(numbers(sector(id)?));
    }
    let chain = |first: u32| -> Option<Vec<u8>> {
        let (mut id, mut chained, mut seen) = (first, Vec::new(), 0);
        while id < LAST_SECTOR {
            chained.extend_from_slice(sector(id)?);
            id = *fat.get(id as usize)?;
            seen += 1;
            // A chain that comes back to itself never ends.
            if seen > bytes.len() / size {
                return None;
            }
        }
        Some(chained)
    };
    let folder = chain(u32_at(bytes, 48)?)?;
    let entries = || folder.as_chunks::<128>().0.iter();
    let name = |entry: &[u8; 128]| -> String {
        let letters = (0..32).filter_map(|n| u16_at(entry, 2 * n)).take_while(|letter| *letter != 0);
        char::decode_utf16(letters).map_while(Result::ok).collect()
    };
    // Every chain that is followed must have an end, that of the small streams too.
    let is = |names: &'static [&str]| move |entry: &&[u8; 128]| names.contains(&name(entry).to_lowercase().as_str());
    if entries().any(|entry| is(&["encryptedpackage"])(&entry)) {
        return Some(None);
    }
    let small = chain(u32_at(entries().next()?, 116)?)?;
    let mini_fat = numbers(&chain(u32_at(bytes, 60)?)?);
    let book = entries().find(is(&["workbook", "book"]))?;
    let (first, length) = (u32_at(book, 116)?, u32_at(book, 120)? as usize);
    if length >= 4096 {
        return chain(first).map(Some);
    }
    let (mut id, mut chained) = (first, Vec::new());
    while id < LAST_SECTOR && chained.len() < length {
        let from = (id as usize).checked_mul(64)?;
        chained.extend_from_slice(small.get(from..small.len().min(from.checked_add(64)?))?);
        id = *mini_fat.get(id as usize)?;
    }
    Some(Some(chained))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    fn number_at(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    #[test]
    fn sheets_that_take_more_room_than_any_are_told() {
        let said = |rows: u32, columns: u16| {
            let data = [&0u32.to_le_bytes()[..], &rows.to_le_bytes(), &[0, 0], &columns.to_le_bytes(), &[0, 0]];
            record(SIZE, &data.concat())
        };
        assert_eq!(check_records(&said(65_536, 256)), Ok(()));
        assert!(check_records(&said(u32::MAX, u16::MAX)).unwrap_err().contains("25 million cells"));
        assert_eq!(check_records(&number_at(65_535, 255)), Ok(()));
        assert!(check_records(&number_at(65_535, 65_535)).is_err());
        // Two sheets with a cell at the far corner of each.
        let sheet = [number_at(65_535, 200), record(END, &[])].concat();
        assert_eq!(check_records(&sheet), Ok(()));
        assert!(check_records(&[sheet.clone(), sheet].concat()).is_err());
        assert_eq!(check_records(&[3, 2, 200]), Ok(()));
    }

    #[test]
    fn a_chain_that_comes_back_to_itself_is_told() {
        let mut bytes = vec![0; 512 * 3];
        bytes[30] = 9;
        bytes[76..512].fill(0xFF);
        bytes[68..72].fill(0xFF);
        // The sectors are told of in sector 0; the folder is in sector 1, after which comes sector 1.
        bytes[76..80].copy_from_slice(&0u32.to_le_bytes());
        bytes[48..52].copy_from_slice(&1u32.to_le_bytes());
        bytes[516..520].copy_from_slice(&1u32.to_le_bytes());
        assert!(check(&bytes).unwrap_err().contains("not in order"));
        assert!(check(b"\xD0\xCF\x11\xE0").is_err());
    }
}
