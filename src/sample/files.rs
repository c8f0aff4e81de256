//! Rows to comma-separated files, one a table, in a folder. Only their owner may read them, invented or not:
//! what is written here has the shape of case records, and so gets their care.

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use super::error::Error;
use super::tables::{Sink, Table};
use crate::report::output::folder::owner_only;

/// Writes `cases.csv`, `people.csv` and so on into a folder. Files of those names are replaced.
pub struct CsvSink {
    folder: PathBuf,
    open: Vec<(&'static Table, PathBuf, csv::Writer<BufWriter<File>>)>,
}

impl CsvSink {
    /// Writes into `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(folder: &Path) -> Result<CsvSink, Error> {
        std::fs::create_dir_all(folder).map_err(|cause| Error::Write { path: folder.to_owned(), cause })?;
        Ok(CsvSink { folder: folder.to_owned(), open: Vec::new() })
    }
}

impl Sink for CsvSink {
    fn begin(&mut self, tables: &[&'static Table]) -> Result<(), Error> {
        for table in tables {
            let path = self.folder.join(format!("{}.csv", table.name));
            let file = owner_only(&path).map_err(|cause| Error::Write { path: path.clone(), cause })?;
            let mut writer = csv::Writer::from_writer(BufWriter::with_capacity(1 << 18, file));
            let header = writer.write_record(table.columns.iter().map(|column| column.name));
            header.map_err(|cause| Error::Write { path: path.clone(), cause: cause.into() })?;
            self.open.push((table, path, writer));
        }
        Ok(())
    }

    fn row(&mut self, table: &'static Table, cells: &[&str]) -> Result<(), Error> {
        let Some((_, path, writer)) = self.open.iter_mut().find(|(known, ..)| std::ptr::eq(*known, table)) else {
            return Err(Error::UnknownTable(table.name));
        };
        writer.write_record(cells).map_err(|cause| Error::Write { path: path.clone(), cause: cause.into() })
    }

    fn finish(&mut self) -> Result<(), Error> {
        for (_, path, writer) in &mut self.open {
            writer.flush().map_err(|cause| Error::Write { path: path.clone(), cause })?;
        }
        Ok(())
    }
}
