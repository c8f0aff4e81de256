//! Authorities of the reference's generator as tables for the program.

use crate::reference::{Authority, RawTable};
use crate::support::Table;

pub fn tables_of(authority: &Authority) -> Vec<Table> {
    let table =
        |table: &RawTable| Table { file: table.file.clone(), columns: table.columns.clone(), rows: table.rows.clone() };
    authority.tables.iter().map(table).collect()
}
