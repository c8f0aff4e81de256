//! Authorities of the reference's generator as tables and settings for the program.

#![allow(dead_code, reason = "each test uses its part")]

use crate::reference::{Authority, RawTable};
use crate::support::{self, Table};
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};
use sfclaim::load::Loaded;
use sfclaim::load::settings::{self, Settings};
use std::path::Path;

/// So many generated authorities, the same ones in every run, so that a test which passed goes on passing until somebody
/// changes something. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` (a number) try more of them and others.
pub fn trials(cases: u32) -> Config {
    let asked = |variable: &str| std::env::var(variable).ok().and_then(|value| value.parse::<u64>().ok());
    Config {
        cases: asked("PROPTEST_CASES").and_then(|cases| u32::try_from(cases).ok()).unwrap_or(cases),
        rng_seed: RngSeed::Fixed(asked("PROPTEST_RNG_SEED").unwrap_or(218)),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        max_shrink_iters: 4000,
        ..Config::default()
    }
}

pub fn tables_of(authority: &Authority) -> Vec<Table> {
    let table =
        |table: &RawTable| Table { file: table.file.clone(), columns: table.columns.clone(), rows: table.rows.clone() };
    authority.tables.iter().map(table).collect()
}

/// The data in memory, as if it had been loaded from a folder.
pub fn loaded_of(authority: &Authority, tables: &[Table]) -> Result<Loaded, String> {
    let mut loaded = support::loaded(tables)?;
    loaded.settings = settings_of(authority);
    Ok(loaded)
}

/// What the folder's settings say.
pub fn settings_of(authority: &Authority) -> Settings {
    settings::read(Path::new("sfclaim.toml"), settings_text(authority).as_bytes()).unwrap()
}

/// `sfclaim.toml`: a supplier for each file with symbols, in whatever format and however many parts the file is.
pub fn settings_text(authority: &Authority) -> String {
    let mut suppliers = toml::value::Array::new();
    for (file, symbols) in &authority.symbols {
        let stem = file.trim_end_matches(".csv");
        let mut supplier = toml::Table::new();
        supplier.insert("name".to_owned(), stem.to_owned().into());
        supplier.insert("files".to_owned(), vec![format!("{stem}*")].into());
        let symbols: toml::Table =
            symbols.iter().map(|(symbol, code)| (symbol.to_string(), code.clone().into())).collect();
        supplier.insert("symbols".to_owned(), symbols.into());
        suppliers.push(supplier.into());
    }
    let mut all = toml::Table::new();
    if let Some(day) = &authority.extracted_on {
        all.insert("extracted_on".to_owned(), day.clone().into());
    }
    if !suppliers.is_empty() {
        all.insert("suppliers".to_owned(), suppliers.into());
    }
    toml::to_string(&all).unwrap()
}
