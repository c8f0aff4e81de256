//! Everything found in a data folder.

use super::parts::Progress;
use super::settings::Settings;
use super::tables::TableName;
use super::text_file::TextFile;
use crate::error::{Error, Result};
use crate::finding::Findings;
use crate::receipt::InputFile;
use std::collections::BTreeMap;
use std::sync::Arc;

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
        // Attendance is looked through when it is read.
        for file in files.iter().filter(|file| file.table != TableName::Attendance) {
            file.look_through_dates()?;
        }
        let loaded = Loaded { files, ..Loaded::default() };
        loaded.check_required()?;
        Ok(loaded)
    }

    /// Puts a file that is in memory into the place of its table. Gives back the files that stood there, with what is needed to
    /// read them.
    ///
    /// # Errors
    /// The file cannot be read to its end.
    pub fn put(&mut self, file: TextFile, input: InputFile) -> Result<Loaded> {
        file.look_through_dates()?;
        let table = file.table;
        let of_table = |file: &TextFile| file.table == table;
        let (before, others) = std::mem::take(&mut self.files).into_iter().partition(of_table);
        let (corrections, kept) =
            std::mem::take(&mut self.corrections).into_iter().partition(|correction| of_table(&correction.text));
        (self.files, self.corrections) = (others, kept);
        self.files.push(file);
        self.files.sort_by(|a, b| (a.table, &a.file).cmp(&(b.table, &b.file)));
        self.inputs.push(input);
        self.inputs.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(Loaded { files: before, corrections, settings: self.settings.clone(), ..Loaded::default() })
    }

    pub(super) fn check_required(&self) -> Result<()> {
        for table in [TableName::Cases, TableName::Criteria] {
            if !self.has(table) {
                return Err(Error::new(format!(
                    "the data has no table \"{table}\": a file {table}.csv, .parquet or .xlsx, or a sheet of that name, must be in the folder, if only with its header; `sfclaim init` proposes which of other files it might be."
                )));
            }
        }
        Ok(())
    }
}

/// What the `replaces` of a row says: the print of a row, or why it cannot be used, in a sentence.
pub type Replaces = std::result::Result<String, String>;

/// A quarantine file in the data folder.
pub struct CorrectionFile {
    /// Its rows as rows of the table.
    pub text: TextFile,
    /// By row: the cell as it stands, and what it says.
    pub(super) replaces: BTreeMap<u32, (String, Replaces)>,
    /// Rows with nothing but `replaces` in them. They take no place: a row would be lost.
    pub(super) empty: Vec<u32>,
}
