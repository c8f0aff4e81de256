//! Rows to Parquet files, one a table, in a folder. Dates are dates and numbers are numbers there; rows are
//! written in groups, so that memory does not grow with them.

use std::path::{Path, PathBuf};

use super::error::Error;
use super::tables::{FieldKind, Sink, Table};
use crate::report::output::folder::owner_only;
use crate::report::output::parquet::ParquetFile;
use crate::report::output::{Cell, Kind as CellKind};

/// Writes `cases.parquet`, `people.parquet` and so on into a folder. Files of those names are replaced.
pub struct ParquetSink {
    folder: PathBuf,
    open: Vec<OpenTable>,
}

struct OpenTable {
    table: &'static Table,
    path: PathBuf,
    file: ParquetFile,
}

fn kind(kind: FieldKind) -> CellKind {
    match kind {
        FieldKind::Text => CellKind::Text,
        FieldKind::Date => CellKind::Day,
        FieldKind::Whole => CellKind::Whole,
    }
}

fn cell(kind: FieldKind, text: &str) -> Cell<'_> {
    match kind {
        FieldKind::Text => text.into(),
        FieldKind::Date => crate::dates::read(text).into(),
        FieldKind::Whole => text.parse::<i64>().ok().into(),
    }
}

impl ParquetSink {
    /// Writes into `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(folder: &Path) -> Result<ParquetSink, Error> {
        std::fs::create_dir_all(folder).map_err(|cause| Error::Write { path: folder.to_owned(), cause })?;
        Ok(ParquetSink { folder: folder.to_owned(), open: Vec::new() })
    }
}

impl Sink for ParquetSink {
    fn begin(&mut self, tables: &[&'static Table]) -> Result<(), Error> {
        for table in tables {
            let path = self.folder.join(format!("{}.parquet", table.name));
            let columns: Vec<(&str, CellKind)> =
                table.columns.iter().map(|column| (column.name, kind(column.kind))).collect();
            let file = owner_only(&path).and_then(|file| ParquetFile::begin(file, &columns));
            let file = file.map_err(|cause| Error::Write { path: path.clone(), cause })?;
            self.open.push(OpenTable { table, path, file });
        }
        Ok(())
    }

    fn row(&mut self, table: &'static Table, cells: &[&str]) -> Result<(), Error> {
        let Some(open) = self.open.iter_mut().find(|open| std::ptr::eq(open.table, table)) else {
            return Err(Error::UnknownTable(table.name));
        };
        for (column, text) in table.columns.iter().zip(cells) {
            open.file.cell(&cell(column.kind, text));
        }
        open.file.end_row().map_err(|cause| Error::Write { path: open.path.clone(), cause })
    }

    fn finish(&mut self) -> Result<(), Error> {
        for open in std::mem::take(&mut self.open) {
            open.file.finish().map_err(|cause| Error::Write { path: open.path, cause })?;
        }
        Ok(())
    }
}
