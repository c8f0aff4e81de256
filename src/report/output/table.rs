//! A table of an output as data: its columns, each with its name, its cell and what it means. The CSV and Parquet files, the
//! objects in JSON and the tables of `docs/outputs.md` all come from it, so that a column that is added is added in one
//! place.

use super::cell::{Cell, Kind};
use super::format::Format;
use super::parquet::ParquetFile;
use super::workbook::{FillIn, Sheet, SheetColumn, Tone, heading};
use crate::error::{Error, Result};
use crate::load::formulas::held_back;
use crate::report::output::folder::OutFolder;
use rust_decimal::RoundingStrategy;
use serde_json::{Map, Value};

/// A column of a table with rows of `T`.
pub struct Column<T> {
    /// Its name.
    pub name: &'static str,
    /// What its cells are.
    pub kind: Kind,
    /// The cell of a row.
    pub cell: fn(&T) -> Cell<'_>,
    /// What it means, as the page of outputs says it.
    pub about: &'static str,
    /// Where it stands.
    stands_in: StandsIn,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StandsIn {
    Both,
    FilesAlone,
    DataAlone,
}

/// A table with rows of `T`.
pub struct Table<T> {
    /// The name of its file, without the ending that says the format.
    pub name: &'static str,
    /// What a row is, and how rows are sorted, in a sentence.
    pub about: &'static str,
    /// The columns, in order.
    pub columns: Vec<Column<T>>,
}

/// What is said of a table, whatever its rows are.
#[derive(Clone, Debug)]
pub struct Described {
    /// The name of its file, without the ending.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// The name, the kind and the meaning of each column of its file.
    pub columns: Vec<(&'static str, Kind, &'static str)>,
}

/// Where a cell leads, by its column and its row.
pub type Link<'a, T> = Box<dyn Fn(&str, &T) -> Option<String> + 'a>;

/// How a table looks as a sheet of a workbook.
pub struct Look<'a, T> {
    /// The name of the sheet.
    pub name: &'a str,
    /// Lines above the table, the first being a title.
    pub above: Vec<String>,
    /// How a cell is shaded, by its column and its text.
    pub tone: fn(&str, &str) -> Option<Tone>,
    /// Where a cell leads, by its column and its row.
    pub link: Link<'a, T>,
    /// What a person enters under a column.
    pub fill_in: fn(&str) -> Option<FillIn>,
}

impl<'a, T> Look<'a, T> {
    /// A sheet of this name with nothing but its table.
    pub fn of(name: &'a str) -> Look<'a, T> {
        Look { name, above: Vec::new(), tone: |_, _| None, link: Box::new(|_, _| None), fill_in: |_| None }
    }
}

impl<T> Table<T> {
    /// A table without columns.
    pub fn of(name: &'static str, about: &'static str) -> Table<T> {
        Table { name, about, columns: Vec::new() }
    }

    /// The table with one more column.
    #[must_use]
    pub fn column(mut self, name: &'static str, kind: Kind, cell: fn(&T) -> Cell<'_>) -> Table<T> {
        self.columns.push(Column { name, kind, cell, about: "", stands_in: StandsIn::Both });
        self
    }

    /// What the last column means.
    #[must_use]
    pub fn about(mut self, about: &'static str) -> Table<T> {
        self.columns.last_mut().into_iter().for_each(|column| column.about = about);
        self
    }

    /// The last column stands in files, and not in JSON.
    #[must_use]
    pub fn in_files_alone(mut self) -> Table<T> {
        self.columns.last_mut().into_iter().for_each(|column| column.stands_in = StandsIn::FilesAlone);
        self
    }

    /// The last column stands in JSON, and not in files.
    #[must_use]
    pub fn in_data_alone(mut self) -> Table<T> {
        self.columns.last_mut().into_iter().for_each(|column| column.stands_in = StandsIn::DataAlone);
        self
    }

    /// The table with columns of another one, by their names and in this order.
    #[must_use]
    pub fn with(mut self, other: Table<T>, names: &[&str]) -> Table<T> {
        let mut of_other: Vec<Option<Column<T>>> = other.columns.into_iter().map(Some).collect();
        for name in names {
            let named = |column: &&mut Option<Column<T>>| column.as_ref().is_some_and(|column| column.name == *name);
            self.columns.extend(of_other.iter_mut().find(named).and_then(Option::take));
        }
        self
    }

    /// The table with these columns first, in this order; the others follow.
    #[must_use]
    pub fn beginning_with(mut self, names: &[&str]) -> Table<T> {
        let place = |column: &Column<T>| names.iter().position(|name| *name == column.name).unwrap_or(names.len());
        self.columns.sort_by_key(place);
        self
    }

    fn of_files(&self) -> impl Iterator<Item = &Column<T>> {
        self.columns.iter().filter(|column| column.stands_in != StandsIn::DataAlone)
    }

    /// The names of the columns of its file, in order.
    pub fn names(&self) -> Vec<&'static str> {
        self.of_files().map(|column| column.name).collect()
    }

    /// A row as text: the cells of its file.
    pub fn cells(&self, row: &T) -> Vec<String> {
        self.of_files().map(|column| (column.cell)(row).text(column.kind).into_owned()).collect()
    }

    /// The same as people read it: numbers that need not be whole with one decimal, half up.
    pub fn said(&self, row: &T) -> Vec<String> {
        let said = |column: &Column<T>| match (column.cell)(row) {
            Cell::Number(number) if matches!(column.kind, Kind::Number(_)) => {
                format!("{:.1}", number.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))
            }
            cell => cell.text(column.kind).into_owned(),
        };
        self.of_files().map(said).collect()
    }

    /// The cells of a row, each with its column.
    pub fn named_cells(&self, row: &T) -> Vec<(&'static str, String)> {
        self.names().into_iter().zip(self.cells(row)).collect()
    }

    /// A row as JSON, numbers as numbers and yes or no as such.
    pub fn json(&self, row: &T) -> Value {
        let of_data = self.columns.iter().filter(|column| column.stands_in != StandsIn::FilesAlone);
        let pairs = of_data.map(|column| (column.name.to_owned(), (column.cell)(row).json(column.kind)));
        Value::Object(pairs.collect())
    }

    /// A row as JSON, all of it text as its file has it.
    pub fn json_of_text(&self, row: &T) -> Map<String, Value> {
        self.named_cells(row).into_iter().map(|(name, text)| (name.to_owned(), Value::String(text))).collect()
    }

    /// What is said of it.
    pub fn described(&self) -> Described {
        let columns = self.of_files().map(|column| (column.name, column.kind, column.about)).collect();
        Described { name: self.name, about: self.about, columns }
    }

    /// Writes the table into a folder, in the folder's format.
    ///
    /// # Errors
    /// It cannot be written to its end.
    pub fn write(&self, folder: &OutFolder, rows: impl IntoIterator<Item = T>) -> Result<()> {
        self.write_as(folder, folder.format(), rows)
    }

    /// Writes it in another format than the folder's.
    ///
    /// # Errors
    /// It cannot be written to its end.
    pub fn write_as(&self, folder: &OutFolder, format: Format, rows: impl IntoIterator<Item = T>) -> Result<()> {
        match format {
            Format::Csv => self.write_csv(folder, rows),
            Format::Parquet => self.write_parquet(folder, rows),
        }
    }

    /// Writes it as CSV whatever the folder's format: a sheet that a person fills in.
    ///
    /// # Errors
    /// It cannot be written to its end.
    pub fn write_csv(&self, folder: &OutFolder, rows: impl IntoIterator<Item = T>) -> Result<()> {
        self.write_csv_as(folder, &format!("{}.csv", self.name), rows)
    }

    /// Writes it as CSV under another name.
    ///
    /// # Errors
    /// It cannot be written to its end.
    pub fn write_csv_as(&self, folder: &OutFolder, name: &str, rows: impl IntoIterator<Item = T>) -> Result<()> {
        let cells = rows.into_iter().map(|row| {
            self.of_files().map(|column| Ok(self.cell(column, &row)?.text(column.kind).into_owned())).collect()
        });
        csv_file(folder, name, &self.names(), cells)
    }

    /// A sheet of a workbook with these rows.
    ///
    /// # Errors
    /// There are more rows than a sheet can hold.
    pub fn sheet(&self, look: &Look<'_, T>, rows: impl IntoIterator<Item = T>) -> Result<Sheet> {
        let column = |column: &Column<T>| SheetColumn {
            heading: heading(column.name),
            kind: column.kind,
            fill_in: (look.fill_in)(column.name),
        };
        let columns: Vec<SheetColumn> = self.of_files().map(column).collect();
        let mut sheet = Sheet::begin(look.name, &look.above, &columns)?;
        for row in rows {
            for column in self.of_files() {
                let cell = self.cell(column, &row)?;
                let tone = (look.tone)(column.name, &cell.text(column.kind));
                sheet.cell(&cell, tone, (look.link)(column.name, &row).as_deref())?;
            }
            sheet.end_row()?;
        }
        Ok(sheet)
    }

    fn write_parquet(&self, folder: &OutFolder, rows: impl IntoIterator<Item = T>) -> Result<()> {
        let name = format!("{}.parquet", self.name);
        let failed = |why: std::io::Error| Error::new(format!("cannot write {name}: {why}."));
        let columns: Vec<(&str, Kind)> = self.of_files().map(|column| (column.name, column.kind)).collect();
        let mut file = ParquetFile::begin(folder.new_file(&name)?, &columns).map_err(failed)?;
        for row in rows {
            for column in self.of_files() {
                file.cell(&self.cell(column, &row)?);
            }
            file.end_row().map_err(failed)?;
        }
        file.finish().map_err(failed)
    }

    /// The cell of a row under a column.
    ///
    /// # Errors
    /// It is of another kind than its column: a mistake in the program.
    fn cell<'a>(&self, column: &Column<T>, row: &'a T) -> Result<Cell<'a>> {
        let cell = (column.cell)(row);
        if column.kind.takes(&cell) {
            return Ok(cell);
        }
        Err(Error::new(format!(
            "the column {} of {} is of the kind \"{}\" and has a cell of another: this is a mistake in the program, please report it.",
            column.name,
            self.name,
            column.kind.word()
        )))
    }
}

/// Writes rows of text as CSV. Text that a spreadsheet would run as a formula is held back by an apostrophe: here and nowhere
/// else, so that no table can be without it.
///
/// # Errors
/// A row cannot be made, or the file cannot be written to its end.
pub fn csv_file(
    folder: &OutFolder,
    name: &str,
    columns: &[&str],
    rows: impl Iterator<Item = Result<Vec<String>>>,
) -> Result<()> {
    let failed = |why: csv::Error| Error::new(format!("cannot write {name}: {why}."));
    let mut writer = csv::Writer::from_writer(folder.file(name)?);
    writer.write_record(columns).map_err(failed)?;
    for row in rows {
        writer.write_record(row?.iter().map(|cell| held_back(cell).into_owned())).map_err(failed)?;
    }
    writer.flush().map_err(|why| Error::new(format!("cannot write {name}: {why}.")))
}
