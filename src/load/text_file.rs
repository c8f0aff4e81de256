//! One file of a table, or one sheet of a workbook, as text: in memory, or left on disk and read part by part.

use super::csv_file;
use super::dates_seen::DatesSeen;
use super::dialect::CsvShape;
use super::flags::FlagWords;
use super::parquet_file::{Columns, RowGroups};
use super::plain_rows::{self, Plain};
use super::row::{Cells, Reading, Row, Rows, row_number};
use super::tables::{self, TableName};
use super::unchanged::AsSeen;
use crate::dates::DateOrder;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// One file of a table, or one sheet of a workbook.
pub struct TextFile {
    /// The table it belongs to.
    pub table: TableName,
    /// Its name inside the data folder; with that of the sheet, if it is one.
    pub file: Arc<str>,
    /// The columns as the table names them, in the file's order, and behind them those that are the same in every row.
    /// Extra columns have their own names.
    pub header: Vec<String>,
    /// How many columns the file itself has.
    pub width: usize,
    /// Which number comes first in its dates, where somebody has said it.
    pub(super) said_order: Option<DateOrder>,
    /// How its dates are written, once that is known.
    pub(super) dates_seen: OnceLock<DatesSeen>,
    /// The headings as they stand, where they are others than the table's names.
    pub(super) headings: BTreeMap<String, String>,
    pub(super) reading: Option<Reading>,
    /// What the flags say of a file that has criteria side by side.
    pub(super) flags: Option<Arc<FlagWords>>,
    /// Of a file with criteria or terms side by side, the headings that none of them has.
    pub(super) not_read: Vec<String>,
    pub(super) body: Body,
}

pub(super) enum Body {
    /// Text in UTF-8; the row with the column names is its first line.
    Csv {
        bytes: Vec<u8>,
        separator: u8,
        header_row: u32,
    },
    Rows(Rows),
    /// Columns of a Parquet file, in the order of the header.
    Columns(Columns),
    /// Left on disk: read part by part.
    CsvOnDisk {
        seen: AsSeen,
        shape: CsvShape,
        as_1252: Arc<AtomicBool>,
    },
    ParquetOnDisk(RowGroups),
}

impl std::fmt::Debug for TextFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextFile").field("file", &self.file).finish_non_exhaustive()
    }
}

impl TextFile {
    /// A file whose rows are in memory already, the header first.
    ///
    /// # Errors
    /// A column given twice, or a column that the table must have missing.
    pub fn from_rows(table: TableName, file: &str, columns: &[String], rows: Vec<Vec<String>>) -> Result<TextFile> {
        let header = tables::header(table, file, columns.iter().map(String::as_str))?;
        Ok(TextFile::plain(table, file, header, Body::Rows(Rows { cells: rows, ..Rows::default() })))
    }

    pub(super) fn plain(table: TableName, file: &str, header: Vec<String>, body: Body) -> TextFile {
        TextFile {
            table,
            file: Arc::from(file),
            width: header.len(),
            header,
            said_order: None,
            dates_seen: OnceLock::new(),
            headings: BTreeMap::new(),
            reading: None,
            flags: None,
            not_read: Vec::new(),
            body,
        }
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The heading of a column as it stands in the file, where that is another than the table's name.
    pub fn heading(&self, column: &str) -> Option<&str> {
        self.headings.get(column).map(String::as_str)
    }

    /// What the flags say, of a file that has criteria side by side.
    pub fn flags(&self) -> Option<&FlagWords> {
        self.flags.as_deref()
    }

    /// How cells are read; none: as they stand.
    pub fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    /// Whether cells are read as they stand, and dates day first.
    pub fn is_plain(&self) -> bool {
        self.reading.is_none() && self.date_order() == DateOrder::DayFirst
    }

    /// Whether text that is not UTF-8 was read as Windows-1252, as far as the file has been read.
    pub fn was_read_as_1252(&self) -> bool {
        matches!(&self.body, Body::CsvOnDisk { as_1252, .. } if as_1252.load(Ordering::Relaxed))
    }

    /// How many lines the file has in memory: about as many as it has rows.
    pub fn lines(&self) -> usize {
        match &self.body {
            Body::Csv { bytes, .. } => usize::try_from(csv_file::lines(bytes)).unwrap_or(0),
            Body::Rows(rows) => rows.len(),
            Body::Columns(columns) => columns.rows(),
            Body::CsvOnDisk { .. } | Body::ParquetOnDisk(_) => 0,
        }
    }

    /// Gives every row that is not wholly blank to `each`, in the file's order. Files left on disk have
    /// [`super::parts::Parts`] instead.
    ///
    /// # Errors
    /// The file cannot be read to its end as text.
    pub fn for_each(&self, each: &mut dyn FnMut(Row<'_>)) -> Result<()> {
        let (width, reading) = (self.width, self.reading());
        match &self.body {
            Body::Csv { bytes, separator, header_row } => {
                let first_row = u64::from(*header_row);
                if let Some(text) = std::str::from_utf8(bytes).ok().filter(|_| plain_rows::is_plain(bytes)) {
                    let plain = Plain { text, separator: *separator, first_row, has_header: true };
                    plain.for_each(width, reading, 0, &mut |row: Row<'_>| each(row));
                    return Ok(());
                }
                csv_file::for_each(&self.file, bytes, *separator, first_row, &mut |number, record| {
                    let row = Row {
                        repeats: 0,
                        number,
                        cells: Cells::Record(record),
                        width,
                        reading,
                        defect: None,
                        side_by_side: None,
                    };
                    if !row.is_blank() {
                        each(row);
                    }
                })
            }
            Body::Rows(rows) => {
                rows.for_each(0..rows.len(), width, reading, each);
                Ok(())
            }
            Body::Columns(columns) => {
                for position in 0..columns.rows() {
                    let row = Row::of_columns(columns.all(), position, row_number(position), reading);
                    if !row.is_blank() {
                        each(row);
                    }
                }
                Ok(())
            }
            Body::CsvOnDisk { .. } | Body::ParquetOnDisk(_) => {
                Err(Error::new(format!("{} is too large to be read at once.", self.file)))
            }
        }
    }
}
