//! How much is taken in before a file is refused. Each limit lies far above what a council has and far below what ends the
//! program for want of memory, so that a damaged or a hostile file gives one clear message. `docs/limits.md` names them.

use crate::error::{Error, Result};
use crate::words::grouped;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The longest row of a text, in bytes. Excel's longest cell has 32,767 characters; a row longer than this is a quotation
/// mark that is never closed, or no table at all.
pub const ROW: usize = 16 << 20;

/// The most columns a table may have: as many as a sheet of Excel. More come of rows and columns changed about.
pub const COLUMNS: usize = 16_384;

/// The longest file that is read at once, in bytes: every table but attendance, and workbooks. A row of people takes some
/// 100 bytes, so this is ten million of them.
pub const FILE: u64 = 1 << 30;

/// The most that a workbook or a small Parquet file may unpack to, in bytes: a full sheet of a million rows is about half
/// of it.
pub const UNPACKED: u64 = 1 << 30;

/// The most cells of a sheet, blank ones before a filled one included: a full sheet of 1,048,576 rows and 23 columns. Each
/// takes 32 bytes of memory.
pub const CELLS: usize = 25_000_000;

/// The most different texts of a workbook. Each takes some 50 bytes of memory, and as little as 5 in the file.
pub const TEXTS: usize = 10_000_000;

/// The longest `sfclaim.toml`, in bytes: hundreds of files with all their columns take a tenth of it.
pub const SETTINGS: u64 = 1 << 20;

/// Reads a whole file that is not longer than `most`.
///
/// # Errors
/// It cannot be read, is no file (a folder, a pipe), or is longer.
pub fn read(path: &Path, most: u64, what_to_do: &str) -> Result<Vec<u8>> {
    let failed = |why: std::io::Error| Error::file("read", path, &why);
    // A pipe would make the program wait for somebody to write into it, for ever if nobody does.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(Error::new(format!("cannot read {}: it is no file.", path.display())));
    }
    let mut file = File::open(path).map_err(failed)?;
    let too_long = || {
        Err(Error::new(format!("{} is longer than {}, and was not read. {what_to_do}", path.display(), bytes(most))))
    };
    let length = file.metadata().map_err(failed)?.len();
    if length > most {
        return too_long();
    }
    // It may grow while it is read.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.by_ref().take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most { too_long() } else { Ok(bytes) }
}

/// A number of bytes as people say it.
pub fn bytes(number: u64) -> String {
    match number {
        0..1024 => format!("{number} bytes"),
        1024..0x10_0000 => format!("{} KiB", number >> 10),
        0x10_0000..0x4000_0000 => format!("{} MiB", number >> 20),
        _ => format!("{} GiB", number >> 30),
    }
}

/// What to say of a row of a text that is longer than any.
pub fn row_too_long(file: &str, row: u64) -> Error {
    Error::new(format!(
        "{file} row {row} is longer than {}, which no row of a table is: a quotation mark (\") may not be closed, or it is not a table. Look at the row, or export the file again.",
        bytes(ROW as u64)
    ))
}

/// Checks the number of columns.
///
/// # Errors
/// More than a sheet of Excel can have.
pub fn check_columns(file: &str, columns: usize) -> Result<()> {
    if columns <= COLUMNS {
        return Ok(());
    }
    Err(Error::new(format!(
        "{file} has {} columns, and a table has no more than {}: rows and columns may have been changed about. Export the file again.",
        grouped(&columns.to_string()),
        grouped(&COLUMNS.to_string())
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_longer_than_the_limit_is_refused_and_one_of_that_length_is_read() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.csv");
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(read(&path, 5, "").unwrap(), b"12345");
        let why = read(&path, 4, "Do this.").unwrap_err().to_string();
        assert!(why.ends_with("a.csv is longer than 4 bytes, and was not read. Do this."), "{why}");
        assert!(read(place.path(), 5, "").unwrap_err().to_string().contains("it is no file"));
    }

    #[test]
    fn numbers_of_bytes_are_said_in_round_figures() {
        assert_eq!(["1 KiB", "16 MiB", "1 GiB"].map(str::to_owned), [1 << 10, 16 << 20, 1 << 30].map(bytes));
    }
}
