//! Rows to Parquet files, one a table, in a folder. Dates are dates and numbers are numbers there; rows are
//! written in groups, so that memory does not grow with them.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use polars::prelude::{
    BatchedWriter, Column as Series, DataFrame, DataType, Field, IntoColumn, NamedFrom, ParquetWriter, PolarsError,
    Schema,
};

use super::{Error, Kind, Sink, Table};
use crate::report::folder::owner_only;

/// Rows in a group.
const GROUP: usize = 1 << 18;

/// Writes `cases.parquet`, `people.parquet` and so on into a folder. Files of those names are replaced.
pub struct ParquetSink {
    folder: PathBuf,
    open: Vec<OpenTable>,
}

struct OpenTable {
    table: &'static Table,
    path: PathBuf,
    writer: BatchedWriter<File>,
    cells: Vec<Cells>,
    rows: usize,
}

/// The cells of a column that wait to be written.
enum Cells {
    Text(Vec<Option<String>>),
    Date(Vec<Option<i32>>),
    Whole(Vec<Option<i64>>),
}

impl Cells {
    fn of(kind: Kind) -> Cells {
        match kind {
            Kind::Text => Cells::Text(Vec::new()),
            Kind::Date => Cells::Date(Vec::new()),
            Kind::Whole => Cells::Whole(Vec::new()),
        }
    }

    fn push(&mut self, cell: &str) {
        let filled = Some(cell).filter(|cell| !cell.is_empty());
        match self {
            Cells::Text(cells) => cells.push(filled.map(str::to_owned)),
            Cells::Date(cells) => cells.push(filled.and_then(days_since_1970)),
            Cells::Whole(cells) => cells.push(filled.and_then(|cell| cell.parse().ok())),
        }
    }

    fn take(&mut self, name: &str) -> Result<Series, PolarsError> {
        match self {
            Cells::Text(cells) => Ok(Series::new(name.into(), std::mem::take(cells))),
            Cells::Date(cells) => polars::prelude::Series::new(name.into(), std::mem::take(cells))
                .cast(&DataType::Date)
                .map(IntoColumn::into_column),
            Cells::Whole(cells) => Ok(Series::new(name.into(), std::mem::take(cells))),
        }
    }
}

fn days_since_1970(cell: &str) -> Option<i32> {
    crate::dates::read(cell).map(crate::dates::day_number)
}

fn kind(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::String,
        Kind::Date => DataType::Date,
        Kind::Whole => DataType::Int64,
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

impl OpenTable {
    fn failed(&self, why: PolarsError) -> Error {
        Error::Write { path: self.path.clone(), cause: std::io::Error::other(why) }
    }

    fn write(&mut self) -> Result<(), Error> {
        let columns = self.table.columns.iter().zip(&mut self.cells).map(|(column, cells)| cells.take(column.name));
        let columns: Result<Vec<Series>, PolarsError> = columns.collect();
        let frame = columns.and_then(|columns| DataFrame::new(self.rows, columns)).map_err(|why| self.failed(why))?;
        self.rows = 0;
        self.writer.write_batch(&frame).map_err(|why| self.failed(why))
    }
}

impl Sink for ParquetSink {
    fn begin(&mut self, tables: &[&'static Table]) -> Result<(), Error> {
        for table in tables {
            let path = self.folder.join(format!("{}.parquet", table.name));
            let failed = |cause| Error::Write { path: path.clone(), cause };
            let file = owner_only(&path).map_err(failed)?;
            let fields = table.columns.iter().map(|column| Field::new(column.name.into(), kind(column.kind)));
            let schema = Schema::from_iter(fields);
            let writer = ParquetWriter::new(file).batched(&schema).map_err(|why| failed(std::io::Error::other(why)))?;
            let cells = table.columns.iter().map(|column| Cells::of(column.kind)).collect();
            self.open.push(OpenTable { table, path, writer, cells, rows: 0 });
        }
        Ok(())
    }

    fn row(&mut self, table: &'static Table, cells: &[&str]) -> Result<(), Error> {
        let Some(open) = self.open.iter_mut().find(|open| std::ptr::eq(open.table, table)) else {
            return Err(Error::UnknownTable(table.name));
        };
        for (column, cell) in open.cells.iter_mut().zip(cells) {
            column.push(cell);
        }
        open.rows += 1;
        if open.rows >= GROUP { open.write() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<(), Error> {
        for open in &mut self.open {
            open.write()?;
            open.writer.finish().map_err(|why| open.failed(why))?;
        }
        Ok(())
    }
}
