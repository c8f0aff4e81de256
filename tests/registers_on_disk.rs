//! Data in files is decided as the same data in memory is: whatever the dialect of the CSV, however little of a large
//! file is read at once, and with attendance as Parquet. Nor does it matter how many threads read.

#![cfg(feature = "native")]
#![allow(clippy::all, reason = "the generator is shared with the reference, which is plain on purpose")]

#[path = "support/generated.rs"]
mod generated;
#[path = "support/on_disk.rs"]
mod on_disk;
mod reference;
mod support;

use generated::{loaded_of, settings_text, tables_of};
use on_disk::{Dice, csv_bytes, write_parquet};
use proptest::prelude::*;
use reference::Authority;
use reference::generate::authority;
use sfclaim::load::load;
use sfclaim::report::output::folder::OutFolder;
use sfclaim::report::views::check;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use support::{Said, Table, question, said};

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::built_in().unwrap());

/// The tables without rows that are wholly blank: in a file those are no rows.
fn tables(authority: &Authority) -> Vec<Table> {
    let mut tables = tables_of(authority);
    for table in &mut tables {
        table.rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    }
    tables
}

/// Writes a data folder, with attendance as Parquet or not.
fn write_folder(folder: &Path, authority: &Authority, as_parquet: bool, dice: &mut Dice) {
    for table in &tables(authority) {
        if as_parquet && table.file.starts_with("attendance") {
            write_parquet(&folder.join(table.file.replace(".csv", ".parquet")), table, dice);
        } else {
            std::fs::write(folder.join(&table.file), csv_bytes(table, dice)).unwrap();
        }
    }
    std::fs::write(folder.join("sfclaim.toml"), settings_text(authority)).unwrap();
}

fn in_memory(authority: &Authority) -> Result<Said, String> {
    let question = question(&authority.as_at, &authority.set, None)?;
    said(&PACK, &loaded_of(authority, &tables(authority))?, &question)
}

fn from_disk(folder: &Path, authority: &Authority, read_at_once: Option<usize>) -> Result<Said, String> {
    let question = question(&authority.as_at, &authority.set, None)?;
    let mut loaded = load(folder).map_err(|why| why.to_string())?;
    loaded.read_at_once = read_at_once;
    said(&PACK, &loaded, &question)
}

/// The bytes of every file of a run, as so many threads make them.
fn written(data: &Path, authority: &Authority, threads: usize) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let question = question(&authority.as_at, &authority.set, None)?;
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| -> sfclaim::error::Result<()> {
        let mut loaded = load(data)?;
        loaded.read_at_once = Some(64);
        let prepared = prepare(&loaded, &PACK, &question)?;
        let outcome = judge(&prepared, prepared.rules.clone());
        let folder = OutFolder::begin(&out, &check::ours(), check::MARKER, false)?;
        check::write(&folder, &outcome, &loaded, true)?;
        folder.finish().map(|_| ())
    })
    .map_err(|why| why.to_string())?;
    Ok(check::NAMES.iter().map(|name| ((*name).to_owned(), std::fs::read(out.join(name)).unwrap())).collect())
}

/// The same, or what differs; two that stop are the same.
fn compared(what: &str, expected: &Result<Said, String>, found: Result<Said, String>) -> Result<(), TestCaseError> {
    match (expected, found) {
        (Ok(expected), Ok(found)) => {
            prop_assert_eq!(&found.rows, &expected.rows, "{}", what);
            prop_assert_eq!(&found.decisions, &expected.decisions, "{}", what);
            prop_assert_eq!(&found.children, &expected.children, "{}", what);
        }
        (Err(_), Err(_)) => {}
        (Ok(_), Err(why)) => prop_assert!(false, "{what}: only from files it stops: {why}"),
        (Err(why), Ok(_)) => prop_assert!(false, "{what}: only in memory it stops: {why}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(generated::trials(150))]

    #[test]
    fn csv_files_are_decided_as_the_same_rows_in_memory(authority in authority(), seed in any::<u64>()) {
        let folder = tempfile::tempdir().unwrap();
        write_folder(folder.path(), &authority, false, &mut Dice::new(seed));
        let expected = in_memory(&authority);
        for read_at_once in [Some(1), Some(7), Some(64), Some(4096), None] {
            let found = from_disk(folder.path(), &authority, read_at_once);
            compared(&format!("by {read_at_once:?}"), &expected, found)?;
        }
    }

    #[test]
    fn parquet_files_are_decided_as_the_same_rows_in_memory(authority in authority(), seed in any::<u64>()) {
        let folder = tempfile::tempdir().unwrap();
        write_folder(folder.path(), &authority, true, &mut Dice::new(seed));
        compared("Parquet", &in_memory(&authority), from_disk(folder.path(), &authority, None))?;
    }

    #[test]
    fn any_number_of_threads_writes_the_same_files(
        authority in authority(), seed in any::<u64>(), as_parquet in prop::bool::weighted(0.3),
    ) {
        let folder = tempfile::tempdir().unwrap();
        write_folder(folder.path(), &authority, as_parquet, &mut Dice::new(seed));
        let expected = written(folder.path(), &authority, 1);
        for threads in [2, 8, 8] {
            let found = written(folder.path(), &authority, threads);
            match (&expected, &found) {
                (Ok(expected), Ok(found)) => {
                    for (name, bytes) in expected {
                        let (ours, theirs) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&found[name]));
                        prop_assert_eq!(ours, theirs, "{} of {} threads", name, threads);
                    }
                }
                _ => prop_assert_eq!(&expected, &found),
            }
        }
    }
}
