//! What several tests share: small authorities in memory, through the whole program to the rows of its files.

#![allow(dead_code, reason = "each test uses its part")]

use sfclaim::load::{Loaded, TextFile, tables::TableName};
use sfclaim::report::views::check::decisions::{child_rows, children, decision_rows, decisions};
use sfclaim::rules::pack::Pack;
use sfclaim::rules::parameters::Override;
use sfclaim::run::{Question, judge, prepare};
use sfclaim::validate::RowCounts;
use std::collections::BTreeMap;

/// A file of a table, in memory.
#[derive(Clone, Debug)]
pub struct Table {
    pub file: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A row of an output file by column.
pub type OutRow = BTreeMap<String, String>;

/// What the program says of an authority.
#[derive(Debug, PartialEq)]
pub struct Said {
    pub decisions: BTreeMap<String, OutRow>,
    pub children: Vec<OutRow>,
    pub rows: BTreeMap<String, RowCounts>,
}

/// A table from CSV lines, the header first.
pub fn table(file: &str, lines: &[&str]) -> Table {
    let text = lines.join("\n");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    let columns = rows.remove(0);
    Table { file: file.to_owned(), columns, rows }
}

pub fn loaded(tables: &[Table]) -> Result<Loaded, String> {
    let mut files = Vec::new();
    for table in tables {
        let stem = table.file.split('.').next().unwrap();
        let name = TableName::of_file(stem).unwrap_or_else(|| panic!("{} is no table", table.file));
        files.push(
            TextFile::from_rows(name, &table.file, &table.columns, table.rows.clone())
                .map_err(|why| why.to_string())?,
        );
    }
    Loaded::from_files(files).map_err(|why| why.to_string())
}

pub fn question(as_at: &str, set: &[(String, String)], framework: Option<&str>) -> Result<Question, String> {
    let overrides: Result<Vec<Override>, _> =
        set.iter().map(|(key, value)| Override::read(&format!("{key}={value}"))).collect();
    Ok(Question {
        as_at: as_at.parse().unwrap(),
        framework: framework.map(str::to_owned),
        overrides: overrides.map_err(|why| why.to_string())?,
    })
}

/// Runs the whole program on tables in memory.
pub fn check(tables: &[Table], as_at: &str, set: &[(String, String)], framework: Option<&str>) -> Result<Said, String> {
    let pack = Pack::built_in().unwrap();
    check_with(&pack, tables, as_at, set, framework)
}

/// The same with another rule pack.
pub fn check_with(
    pack: &Pack,
    tables: &[Table],
    as_at: &str,
    set: &[(String, String)],
    framework: Option<&str>,
) -> Result<Said, String> {
    said(pack, &loaded(tables)?, &question(as_at, set, framework)?)
}

/// What the program says of data that is loaded.
pub fn said(pack: &Pack, loaded: &Loaded, question: &Question) -> Result<Said, String> {
    let prepared = prepare(loaded, pack, question).map_err(|why| why.to_string())?;
    let outcome = judge(&prepared, prepared.rules.clone());
    let (of_periods, of_children) = (decisions(), children());
    let decisions = decision_rows(&outcome).map(|row| row_by_column(of_periods.named_cells(&row)));
    let decisions = decisions.map(|row| (row["case_id"].clone(), row));
    let children = child_rows(&outcome).map(|row| row_by_column(of_children.named_cells(&row)));
    Ok(Said {
        decisions: decisions.collect(),
        children: children.collect(),
        rows: prepared.register.counts.iter().map(|(table, counts)| (table.word().to_owned(), *counts)).collect(),
    })
}

fn row_by_column(columns: impl IntoIterator<Item = (&'static str, String)>) -> OutRow {
    columns.into_iter().map(|(column, value)| (column.to_owned(), value)).collect()
}
