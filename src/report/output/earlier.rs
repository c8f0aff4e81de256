//! The output folder of an earlier run, read back: for `compare`, and for `--since` of `check`, `validate` and `position`.
//!
//! What a spreadsheet must not run as a formula is written with an apostrophe before it, which is taken away again here and
//! nowhere else, so that ids are held against ids. A column that the folder of an older version lacks is blank, and is named.

use super::folder::Marker;
use super::format::Format;
use crate::dates::Date;
use crate::error::{Error, Result};
use crate::load::formulas::given_back;
use crate::load::parquet_file;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The folder of an earlier run.
pub struct EarlierRun<'a> {
    folder: &'a Path,
    /// The commands whose folder is meant, for messages.
    of: &'static str,
}

/// A table of an earlier run.
pub struct EarlierTable {
    /// Its rows, in the file's order.
    pub rows: Vec<EarlierRow>,
    /// The columns that were asked for and that it lacks.
    pub lacking: Vec<&'static str>,
}

/// A row of it.
#[derive(Clone, Debug, Default)]
pub struct EarlierRow(BTreeMap<String, String>);

impl EarlierRow {
    /// The text of a column; blank where the table lacks it.
    pub fn of(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }
}

impl EarlierTable {
    /// What must be said of columns that it lacks, if it lacks any.
    pub fn said_of_lacking(&self, name: &str, whose: &str) -> Option<String> {
        let noun = if self.lacking.len() == 1 { "column" } else { "columns" };
        (!self.lacking.is_empty()).then(|| {
            format!(
                "{name} of {whose}, which an older version wrote, has no {noun} {}: read as blank, and not taken for a change",
                self.lacking.join(", ")
            )
        })
    }
}

impl<'a> EarlierRun<'a> {
    /// The folder of a run of the commands that `of` names, as `sfclaim check`.
    pub fn of(folder: &'a Path, of: &'static str) -> EarlierRun<'a> {
        EarlierRun { folder, of }
    }

    /// That the folder is not what it should be, and why.
    pub fn not_ours(&self, what: &str) -> Error {
        Error::new(format!(
            "{} is not the output folder of {}: {what}. Name a folder that {} wrote with --out.",
            self.folder.display(),
            self.of,
            self.of
        ))
    }

    /// A JSON file of the folder.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn json(&self, name: &str) -> Result<Option<Value>> {
        // A pipe of that name would be waited for.
        let path = self.folder.join(name);
        if !path.is_file() {
            return Ok(None);
        }
        let broken = || self.not_ours(&format!("its {name} cannot be read"));
        let text = std::fs::read_to_string(path).map_err(|_| broken())?;
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map(Some).map_err(|_| broken())
    }

    /// The JSON file by which the folder is known.
    ///
    /// # Errors
    /// There is none.
    pub fn receipt(&self, marker: Marker) -> Result<Value> {
        let receipt = self.json(marker.file)?.ok_or_else(|| self.not_ours(&format!("it has no {}", marker.file)))?;
        if receipt["program"] != marker.program {
            return Err(self.not_ours(&format!("its {} is not of this program", marker.file)));
        }
        Ok(receipt)
    }

    /// A table, by the name that it has as CSV: its `needed` columns must be there, the `others` may be lacking. One that was
    /// written as Parquet is read where there is none as CSV.
    ///
    /// # Errors
    /// It cannot be read to its end, or lacks a column that it must have.
    pub fn table(&self, name: &str, needed: &[&str], others: &[&'static str]) -> Result<EarlierTable> {
        let other_name = format!("{}.{}", name.trim_end_matches(".csv"), Format::Parquet.ending());
        let (header, rows) = if self.folder.join(name).is_file() {
            self.csv(name)?
        } else if self.folder.join(&other_name).is_file() {
            let bytes = std::fs::read(self.folder.join(&other_name));
            let bytes = bytes.map_err(|_| self.not_ours(&format!("its {other_name} cannot be read")))?;
            let (names, columns) = parquet_file::read(&other_name, bytes)?;
            (names, columns.into_rows())
        } else {
            return Err(self.not_ours(&format!("it has no {name}")));
        };
        let has = |column: &str| header.iter().any(|found| found == column);
        if let Some(missing) = needed.iter().find(|column| !has(column)) {
            return Err(self.not_ours(&format!("its {name} has no column {missing}")));
        }
        let row = |cells: Vec<String>| EarlierRow(header.iter().cloned().zip(cells).collect());
        Ok(EarlierTable {
            rows: rows.into_iter().map(row).collect(),
            lacking: others.iter().copied().filter(|column| !has(column)).collect(),
        })
    }

    /// The header and the rows of a CSV file, without the apostrophes that held formulas back.
    fn csv(&self, name: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        let broken = |what: &str| self.not_ours(&format!("its {name} {what}"));
        let mut reader = csv::Reader::from_path(self.folder.join(name)).map_err(|_| broken("cannot be read"))?;
        let header = reader.headers().map_err(|_| broken("cannot be read"))?.iter();
        let header = header.map(|column| column.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        let cells = |row: csv::StringRecord| row.iter().map(|cell| given_back(cell).to_owned()).collect();
        let rows = reader.records().map(|row| row.map(cells));
        let rows = rows.collect::<std::result::Result<_, _>>().map_err(|_| broken("cannot be read to its end"))?;
        Ok((header, rows))
    }

    /// The as-at date that a JSON file of it has.
    ///
    /// # Errors
    /// It has none.
    pub fn as_at(&self, of: &Value) -> Result<Date> {
        let day = of["as_at"].as_str().and_then(|day| day.parse().ok());
        day.ok_or_else(|| self.not_ours("its as-at date cannot be read"))
    }
}
