//! What is written as Parquet says the same as the CSV, with typed columns, the same bytes on every run, for its owner only, and can
//! be read back.

#![cfg(feature = "native")]

use sfclaim::report::output::{Described, Kind};
use sfclaim::report::views::tables;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sfclaim(arguments: &[&str]) -> std::process::Output {
    let run = Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).current_dir(root()).output().unwrap();
    assert!(run.status.code().is_some_and(|code| code < 2), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    run
}

/// Runs a command on the sample with `--out`, in a format.
fn written(command: &str, more: &[&str], out: &Path, format: &str) -> String {
    let out = out.to_str().unwrap();
    let fixed = [command, "sample_data", "--as-at", "2024-09-30", "--out", out, "--format", format];
    String::from_utf8(sfclaim(&[&fixed[..], more].concat()).stdout).unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

type Rows = (Vec<String>, Vec<Vec<String>>);

fn csv_rows(bytes: &[u8]) -> Rows {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
}

/// How a cell of the CSV stands in Parquet, read back as text.
fn in_parquet(text: &str, kind: Kind) -> String {
    let text = sfclaim::load::formulas::given_back(text);
    let decimals = |decimals: usize| match text.trim_end_matches('%') {
        "" => String::new(),
        text => {
            let (whole, after) = text.split_once('.').unwrap_or((text, ""));
            format!("{whole}.{after:0<decimals$}")
        }
    };
    match kind {
        Kind::YesNo([yes, _]) if !text.is_empty() => (text == yes).to_string(),
        Kind::Money | Kind::Number(2) => decimals(2),
        Kind::Number(_) => decimals(4),
        Kind::Tenths | Kind::Share | Kind::Percent => decimals(1),
        _ => text.to_owned(),
    }
}

#[test]
fn parquet_says_what_the_csv_says_for_every_command_and_the_same_on_every_run() {
    let place = tempfile::tempdir().unwrap();
    let earlier = place.path().join("earlier");
    let described: BTreeMap<&str, Described> = tables().into_iter().map(|table| (table.name, table)).collect();
    let mut seen = BTreeSet::new();
    written("position", &[], &earlier, "parquet");
    let since: &[&str] = &["--since", earlier.to_str().unwrap()];
    let commands: [(&str, &[&str]); 12] = [
        ("check", &[]),
        ("validate", &[]),
        ("review", &[]),
        ("attendance", &[]),
        ("forecast", &["--backtest"]),
        ("position", since),
        ("levers", &[]),
        ("funnel", &[]),
        ("anomalies", &[]),
        ("audit-sample", &["--percent", "10", "--seed", "7"]),
        ("recheck", &[]),
        ("whatif", &["--set", "attendance.threshold_percent=85", "--grid", "sustainment.months=5..6"]),
    ];
    for (command, more) in commands {
        let (one, other) = (place.path().join("one"), place.path().join("other"));
        // A folder in the one format is replaced by one in the other.
        let _ = written(command, more, &other, "csv");
        let csv = files(&other);
        let _ = written(command, more, &other, "parquet");
        let said = written(command, more, &one, "parquet");
        let parquet = files(&one);
        assert!(parquet == files(&other), "{command}: other bytes on another run");
        for (name, bytes) in &csv {
            let stem = name.strip_suffix(".csv");
            let is_filled_in = name.starts_with("quarantine_") || name == "agreements_to_fill.csv";
            let Some(stem) = stem.filter(|_| !is_filled_in) else {
                assert!(parquet[name] == *bytes, "{command}: {name}");
                continue;
            };
            let name = format!("{stem}.parquet");
            assert!(command == "attendance" || said.contains(&name), "{command}: {said}");
            let table = &described[stem];
            let (header, rows) = csv_rows(bytes);
            let kinds: Vec<Kind> = table.columns.iter().map(|(_, kind, _)| *kind).collect();
            assert_eq!(header, table.columns.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), "{stem}");
            let expected: Vec<Vec<String>> = rows
                .iter()
                .map(|row| row.iter().zip(&kinds).map(|(cell, kind)| in_parquet(cell, *kind)).collect())
                .collect();
            let (names, columns) = sfclaim::load::parquet_file::read(&name, parquet[&name].clone()).unwrap();
            assert!((names, columns.into_rows()) == (header, expected), "{command}: {name}");
            seen.insert(stem.to_owned());
        }
        assert_eq!(parquet.len(), csv.len(), "{command}");
        #[cfg(unix)]
        for name in parquet.keys() {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(one.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        for folder in [one, other] {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
    let all: BTreeSet<String> = described.keys().map(|name| (*name).to_owned()).collect();
    // What people fill in or write letters from is CSV in any format; the folder `bi` has a format of its own.
    let sheets: BTreeSet<String> = ["agreements_to_fill", "index", "worklist"].map(str::to_owned).into();
    let seen: BTreeSet<String> =
        seen.into_iter().chain(all.iter().filter(|name| name.starts_with("bi/")).cloned()).collect();
    assert_eq!(all.difference(&seen).cloned().collect::<BTreeSet<_>>(), sheets, "every table is written by a command");
}

#[test]
fn earlier_runs_are_read_in_either_format() {
    let place = tempfile::tempdir().unwrap();
    let (csv, parquet) = (place.path().join("csv"), place.path().join("parquet"));
    for (command, shown) in [("check", "compare"), ("position", "position")] {
        written(command, &[], &csv, "csv");
        written(command, &[], &parquet, "parquet");
        let later = place.path().join("later");
        written("check", &["--set", "attendance.basis=combined"], &later, "parquet");
        let of = |earlier: &Path| {
            let (earlier, later) = (earlier.to_str().unwrap(), later.to_str().unwrap());
            let run = match shown {
                "compare" => sfclaim(&["compare", earlier, later]),
                _ => sfclaim(&["position", "sample_data", "--as-at", "2024-10-31", "--since", earlier]),
            };
            String::from_utf8(run.stdout).unwrap()
        };
        assert!(!of(&csv).is_empty());
        assert_eq!(of(&csv), of(&parquet));
        for folder in [&csv, &parquet] {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}
