//! Files to text: finds the tables of a data folder and gives their rows as text with row numbers.
//! Nothing is interpreted here, so `0012` keeps its zeros; that is for `validate`.
//!
//! - [`tables`] which tables there are, and their columns.
//! - [`csv_file`], [`parquet_file`] the formats.
//! - [`damaged`], [`parquet_pages`] what a library makes of a damaged file.
//! - [`blocks`], [`parts`] files too large for one piece: attendance is read part by part, by all cores.
//! - [`corrections`] quarantine files that come back, [`formulas`] text that a spreadsheet would run.
//! - [`look`] a second look, for the cells of a few rows.
//! - [`settings`] the folder's `sfclaim.toml`.

pub mod blocks;
pub mod corrections;
pub mod csv_file;
mod damaged;
pub mod formulas;
pub mod look;
pub mod parquet_file;
mod parquet_pages;
pub mod parts;
pub mod settings;
pub mod tables;

use crate::error::{Error, Result, did_you_mean};
use crate::finding::{FindingCode, Findings};
use crate::receipt::{Fingerprint, InputFile};
use crate::words::counted;
use corrections::CorrectionFile;
use parquet_file::RowGroups;
use parts::Progress;
use settings::Settings;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::TableName;

/// A row of text. Cells are trimmed; a blank cell is none.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The row as a spreadsheet numbers it; the header is 1.
    pub number: u32,
    cells: Cells<'a>,
    width: usize,
}

#[derive(Clone, Copy)]
enum Cells<'a> {
    Record(&'a csv::StringRecord),
    Slice(&'a [String]),
    Split(&'a [&'a str]),
    Columns(&'a [parquet_file::Column], usize),
}

impl<'a> Row<'a> {
    /// The row at a position of some columns; `number` is the row of the file.
    pub fn of_columns(columns: &'a [parquet_file::Column], position: usize, number: u32) -> Row<'a> {
        Row { number, cells: Cells::Columns(columns, position), width: columns.len() }
    }

    /// The trimmed text of a cell; `None` when it is blank or not there.
    pub fn cell(&self, column: usize) -> Option<&'a str> {
        Some(trimmed(self.untrimmed(column))).filter(|text| !text.is_empty())
    }

    /// The text of a cell as it stands, spaces and all; blank where there is none.
    pub fn untrimmed(&self, column: usize) -> &'a str {
        match self.cells {
            Cells::Record(record) => record.get(column).unwrap_or_default(),
            Cells::Slice(cells) => cells.get(column).map_or("", String::as_str),
            Cells::Split(cells) => cells.get(column).copied().unwrap_or_default(),
            Cells::Columns(columns, row) => columns.get(column).map_or("", |column| column.text(row)),
        }
    }

    /// The number of a day (see [`crate::dates::day_number`]) where the file holds dates as dates and not as text.
    pub fn day(&self, column: usize) -> Option<i32> {
        match self.cells {
            Cells::Columns(columns, row) => columns.get(column)?.day(row),
            _ => None,
        }
    }

    /// How many cells the row has.
    pub fn cells(&self) -> usize {
        match self.cells {
            Cells::Record(record) => record.len(),
            Cells::Slice(cells) => cells.len(),
            Cells::Split(cells) => cells.len(),
            Cells::Columns(columns, _) => columns.len(),
        }
    }

    /// How many columns the file has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the row has too few cells, or more with something in them.
    pub fn is_ragged(&self) -> bool {
        self.cells() < self.width || (self.width..self.cells()).any(|column| self.cell(column).is_some())
    }

    /// What to say of a ragged row.
    pub fn ragged(&self) -> String {
        format!("the row has {}, and the header {}.", counted(self.cells(), "cell", "cells"), self.width)
    }

    /// Whether no cell has anything in it.
    pub fn is_blank(&self) -> bool {
        (0..self.cells()).all(|column| self.cell(column).is_none())
    }
}

/// A text without spaces around it. Nearly every cell has none, which its two ends show at once.
pub fn trimmed(text: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(|byte| (b'!'..=b'~').contains(byte));
    let bytes = text.as_bytes();
    if is_plain(bytes.first()) && is_plain(bytes.last()) { text } else { text.trim() }
}

/// One file of a table.
pub struct TextFile {
    /// The table it belongs to.
    pub table: TableName,
    /// Its name inside the data folder.
    pub file: Arc<str>,
    /// The columns as the table names them, in the file's order. Extra columns have their own names.
    pub header: Vec<String>,
    body: Body,
}

enum Body {
    Csv(Vec<u8>),
    Rows(Vec<Vec<String>>),
    /// Left on disk: read part by part.
    CsvOnDisk(PathBuf),
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
        Ok(TextFile { table, file: Arc::from(file), header, body: Body::Rows(rows) })
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// Gives every row that is not wholly blank to `each`, in the file's order. Files left on disk have
    /// [`parts::Parts`] instead.
    ///
    /// # Errors
    /// The file cannot be read to its end as text.
    pub fn for_each(&self, each: &mut dyn FnMut(Row<'_>)) -> Result<()> {
        let width = self.header.len();
        let mut give = |number: u32, cells: Cells<'_>| {
            let row = Row { number, cells, width };
            if !row.is_blank() {
                each(row);
            }
        };
        match &self.body {
            Body::Csv(bytes) => {
                csv_file::for_each(&self.file, bytes, &mut |number, record| give(number, Cells::Record(record)))
            }
            Body::Rows(rows) => {
                for (position, row) in rows.iter().enumerate() {
                    give(row_number(position), Cells::Slice(row));
                }
                Ok(())
            }
            Body::CsvOnDisk(_) | Body::ParquetOnDisk(_) => {
                Err(Error::new(format!("{} is too large to be read at once.", self.file)))
            }
        }
    }
}

/// The row that a spreadsheet would show for the record at this position after the header.
pub fn row_number(position: usize) -> u32 {
    u32::try_from(position).map_or(u32::MAX, |position| position.saturating_add(2))
}

/// Everything found in a data folder.
#[derive(Default)]
pub struct Loaded {
    /// The files of the tables, by table and name.
    pub files: Vec<TextFile>,
    /// Quarantine files that were mended and put back.
    pub corrections: Vec<CorrectionFile>,
    /// The folder's settings.
    pub settings: Settings,
    /// The fingerprints of all files read so far. Files left on disk get theirs when they are read.
    pub inputs: Vec<InputFile>,
    /// What is worth knowing about the folder.
    pub findings: Findings,
    /// How far the reading of large files has come.
    pub progress: Arc<Progress>,
    /// How much of a large file is read at once, in bytes; none: as much as suits the program.
    pub read_at_once: Option<usize>,
}

impl Loaded {
    /// The files of one table.
    pub fn of(&self, table: TableName) -> impl Iterator<Item = &TextFile> {
        self.files.iter().filter(move |file| file.table == table)
    }

    /// Whether the table is there, if only with a header.
    pub fn has(&self, table: TableName) -> bool {
        self.of(table).next().is_some()
    }

    /// Data that is in memory already.
    pub fn from_files(mut files: Vec<TextFile>) -> Result<Loaded> {
        files.sort_by(|a, b| (a.table, &a.file).cmp(&(b.table, &b.file)));
        let loaded = Loaded { files, ..Loaded::default() };
        loaded.check_required()?;
        Ok(loaded)
    }

    fn check_required(&self) -> Result<()> {
        for table in [TableName::Cases, TableName::Criteria] {
            if !self.has(table) {
                return Err(Error::new(format!(
                    "the data has no table \"{table}\": a file {table}.csv (or .parquet) must be in the folder, if only with its header."
                )));
            }
        }
        Ok(())
    }
}

/// Loads a data folder.
///
/// # Errors
/// The folder or a file cannot be read, `cases` or `criteria` is missing, a table lacks a column it must
/// have, or `sfclaim.toml` has a mistake.
pub fn load(folder: &Path) -> Result<Loaded> {
    let entries = std::fs::read_dir(folder).map_err(|why| match why.kind() {
        std::io::ErrorKind::NotADirectory => Error::new(format!(
            "cannot read {}: it is a file, and the folder of the data was expected.",
            folder.display()
        )),
        _ => Error::file("read the data folder", folder, &why),
    })?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|why| Error::file("read the data folder", folder, &why))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() {
            names.push(name);
        } else if let Some((stem, "csv" | "parquet")) = name.to_lowercase().rsplit_once('.')
            && TableName::of_file(stem).is_some()
        {
            return Err(Error::new(format!(
                "{name} is a folder, or a link to nothing, and not the table that its name says."
            )));
        }
    }
    names.sort();

    let mut loaded = Loaded::default();
    for name in names {
        let path = folder.join(&name);
        if name == "sfclaim.toml" {
            let bytes = read_bytes(&path)?;
            loaded.inputs.push(InputFile { file: name, sha256: Fingerprint::of(&bytes) });
            loaded.settings = settings::read(&path, &bytes)?;
            continue;
        }
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        if ending.eq_ignore_ascii_case("csv")
            && let Some(table) = corrections::table_of(&stem.to_lowercase())
        {
            let bytes = read_bytes(&path)?;
            loaded.inputs.push(InputFile { file: name.clone(), sha256: Fingerprint::of(&bytes) });
            let file = corrections::read(table, &name, bytes)?;
            file.say_empty(&mut loaded.findings);
            loaded.corrections.push(file);
            continue;
        }
        let Some(table) = TableName::of_file(&stem.to_lowercase()) else {
            // Names with ~ are the lock files of a workbook that somebody has open.
            if ["csv", "parquet", "xlsx", "xls", "ods"].contains(&ending.to_lowercase().as_str())
                && !name.starts_with('~')
            {
                let hint = did_you_mean(stem, TableName::ALL.iter().map(|table| table.word()));
                loaded.findings.say(
                    FindingCode::FileNotRead,
                    format!("{name} is not the name of a table and was not read.{hint}"),
                );
            }
            continue;
        };
        match ending.to_lowercase().as_str() {
            "csv" | "parquet" => {}
            "xlsx" | "xls" | "ods" => {
                return Err(Error::new(format!(
                    "{name} is a workbook, which this version cannot read: save the sheet as CSV UTF-8."
                )));
            }
            _ => {
                let message = format!("{name} is named as a table but is no .csv or .parquet file, and was not read.");
                loaded.findings.say(FindingCode::FileNotRead, message);
                continue;
            }
        }
        let already = loaded.of(table).next().map(|file| file.file.to_string());
        if let Some(already) = already.filter(|_| table != TableName::Attendance) {
            return Err(Error::new(format!("{already} and {name} are both the table \"{table}\": keep one of them.")));
        }
        let file = if table == TableName::Attendance {
            left_on_disk(&name, &path, ending)?
        } else {
            let bytes = read_bytes(&path)?;
            loaded.inputs.push(InputFile { file: name.clone(), sha256: Fingerprint::of(&bytes) });
            if ending.eq_ignore_ascii_case("csv") {
                let (columns, bytes) = csv_file::open(&name, bytes)?;
                let header = tables::header(table, &name, columns.iter().map(String::as_str))?;
                TextFile { table, file: Arc::from(name.as_str()), header, body: Body::Csv(bytes) }
            } else {
                let (columns, rows) = parquet_file::read(&name, bytes)?;
                TextFile::from_rows(table, &name, &columns, rows)?
            }
        };
        loaded.files.push(file);
    }
    for file in &loaded.files {
        let extra: Vec<&str> = file.header.iter().map(String::as_str).filter(|name| !file.table.knows(name)).collect();
        let missing = || file.table.columns().iter().map(|(name, _)| *name).filter(|name| file.column(name).is_none());
        let hints: Vec<String> = extra.iter().map(|name| did_you_mean(name, missing())).collect();
        if !extra.is_empty() {
            loaded.findings.say(
                FindingCode::ExtraColumns,
                format!(
                    "{}: columns that the table \"{}\" does not have: {}.{}",
                    file.file,
                    file.table,
                    extra.join(", "),
                    hints.concat()
                ),
            );
        }
    }
    corrections::settle(&mut loaded.corrections);
    loaded.files.sort_by(|a, b| (a.table, &a.file).cmp(&(b.table, &b.file)));
    let attendance = loaded.files.iter().filter(|file| file.table == TableName::Attendance).map(|file| &*file.file);
    for supplier in loaded.settings.check_suppliers(attendance)? {
        loaded.findings.say(
            FindingCode::SupplierWithoutFiles,
            format!("sfclaim.toml: no attendance file has a name that \"{supplier}\" lists."),
        );
    }
    loaded.check_required().map_err(|why| Error::new(format!("{}: {why}", folder.display())))?;
    Ok(loaded)
}

/// A file of attendance: its columns are read, its rows stay where they are.
fn left_on_disk(name: &str, path: &Path, ending: &str) -> Result<TextFile> {
    let table = TableName::Attendance;
    let file: Arc<str> = Arc::from(name);
    let (columns, body) = if ending.eq_ignore_ascii_case("csv") {
        let block = blocks::CsvBlocks::open(&file, path, blocks::HEADER)?.next_block()?;
        let columns = block.ok_or_else(|| csv_file::nothing_in(name))?.header(name)?;
        (columns, Body::CsvOnDisk(path.to_owned()))
    } else {
        let groups = RowGroups::open(&file, path)?;
        (groups.columns(), Body::ParquetOnDisk(groups))
    };
    let header = tables::header(table, name, columns.iter().map(String::as_str))?;
    Ok(TextFile { table, file, header, body })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|why| Error::file("read", path, &why))
}
