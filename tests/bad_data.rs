//! Each kind of finding, from a tiny folder that has it: `tests/bad_data/<code>/`, or `<code>__<words>` for more than one of
//! a kind. `expected.toml` in it says which finding must come, in what place, and no more than once. The folders
//! `everything*/` are authorities with many faults: together they have one of every kind.

use serde::Deserialize;
use sfclaim::finding::FindingCode;
use sfclaim::load;
use sfclaim::report::views::earlier;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Question, judge, prepare};
use sfclaim::validate::RowCounts;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const AS_AT: &str = "2024-09-30";

/// How the names of authorities with many faults begin.
const EVERYTHING: &str = "everything";

/// What a folder must give.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The as-at date, where it matters.
    as_at: Option<String>,
    /// The folder in it that is the output of an earlier run, where one is needed.
    since: Option<String>,
    /// Whether the run must stop, with the finding named in the message.
    #[serde(default)]
    stops: bool,
    code: Option<String>,
    file: Option<String>,
    row: Option<u32>,
    rows: Option<Vec<u32>>,
    column: Option<String>,
    /// Of `everything*`: all of them.
    #[serde(default)]
    finding: Vec<One>,
    /// Of `everything*`: codes that cannot stand beside the others, and why.
    #[serde(default)]
    left_out: BTreeMap<String, String>,
    /// Of `everything*`: what becomes of the rows of each table.
    #[serde(default)]
    rows_by_table: BTreeMap<String, Counts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    code: String,
    file: Option<String>,
    row: Option<u32>,
    rows: Option<Vec<u32>>,
    #[serde(default)]
    column: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    read: usize,
    used: usize,
    repeated: usize,
    quarantined: usize,
}

impl One {
    /// The places expected: file, row and column, a place each; one without a file where it is about no row.
    fn places(&self) -> Vec<String> {
        let Some(file) = &self.file else { return vec![String::new()] };
        let rows = self.rows.clone().unwrap_or_else(|| self.row.into_iter().collect());
        rows.iter().map(|row| place(file, *row, &self.column)).collect()
    }
}

fn place(file: &str, row: u32, column: &str) -> String {
    format!("{file} row {row}, column \"{column}\"")
}

fn bad_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_data")
}

/// The folders and their names, in order.
fn folders() -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(bad_data()).unwrap().map(|entry| entry.unwrap().path());
    let name = |folder: &Path| folder.file_name().unwrap().to_string_lossy().into_owned();
    let mut folders: Vec<(String, PathBuf)> = entries.map(|folder| (name(&folder), folder)).collect();
    folders.sort();
    folders
}

fn expected_of(folder: &Path) -> Expected {
    let file = folder.join("expected.toml");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    toml::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}

/// What a run finds: the places by code, of findings and of what is held with its case; and the rows by table.
type Found = (BTreeMap<String, Vec<String>>, BTreeMap<String, RowCounts>);

fn found(folder: &Path, expected: &Expected) -> Result<Found, String> {
    let loaded = load::load(folder).map_err(|why| why.to_string())?;
    let as_at = expected.as_at.as_deref().unwrap_or(AS_AT).parse().unwrap();
    let question = Question { as_at, framework: None, overrides: Vec::new() };
    let mut prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question).map_err(|why| why.to_string())?;
    if let Some(earlier) = &expected.since {
        prepared.hold_against(earlier::rows_read(&folder.join(earlier)).map_err(|why| why.to_string())?);
    }
    let outcome = judge(&prepared, prepared.rules.clone());
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in outcome.findings.sorted() {
        let at = finding.place.as_ref().map(|at| place(&at.file, at.row, &finding.column)).unwrap_or_default();
        found.entry(finding.code.code().to_owned()).or_default().push(at);
    }
    // In the quarantine only, never a finding of its own.
    for held in prepared.register.held.iter().filter(|held| held.code == FindingCode::HeldWithCase) {
        let at = place(&held.place.file, held.place.row, &held.column);
        found.entry(held.code.code().to_owned()).or_default().push(at);
    }
    let counts = prepared.register.counts.iter().map(|(table, counts)| (table.word().to_owned(), *counts));
    Ok((found, counts.collect()))
}

#[test]
fn every_kind_of_finding_comes_from_the_folder_that_has_it_once_and_in_its_place() {
    let mut seen = BTreeSet::new();
    for (name, folder) in folders().into_iter().filter(|(name, _)| !name.starts_with(EVERYTHING)) {
        let expected = expected_of(&folder);
        let code = expected.code.clone().unwrap_or_else(|| panic!("{name}/expected.toml: no code"));
        let of_name = name.split("__").next().unwrap_or_default();
        assert_eq!(of_name, code, "the folder {name} has the name of another finding");
        assert!(FindingCode::of_code(&code).is_some(), "{name}: there is no finding {code} (any more)");
        let found = found(&folder, &expected);
        if expected.stops {
            let why = found.expect_err(&format!("{name} must stop the run"));
            assert!(why.contains(&code), "{name}: {why}");
        } else {
            let (found, _) = found.unwrap_or_else(|why| panic!("{name} stops the run: {why}"));
            let Expected { file, row, rows, column, .. } = expected;
            let one = One { code: code.clone(), file, row, rows, column: column.unwrap_or_default() };
            let places = found.get(&code).unwrap_or_else(|| panic!("{name}: no {code} but {found:?}"));
            assert_eq!(*places, one.places(), "{name}");
        }
        seen.insert(code);
    }
    let missing: Vec<&str> =
        FindingCode::ALL.iter().map(|code| code.code()).filter(|code| !seen.contains(*code)).collect();
    assert!(
        missing.is_empty(),
        "add a folder tests/bad_data/<code>/ for each of {missing:?}: cases.csv, criteria.csv and what the finding needs, \
         and expected.toml with `code`, and `file`, `row` and `column` where the finding names them"
    );
}

#[test]
fn authorities_with_every_fault_give_each_finding_once_and_lose_no_row() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut left_out: BTreeSet<String> = BTreeSet::new();
    for (name, folder) in folders().into_iter().filter(|(name, _)| name.starts_with(EVERYTHING)) {
        let expected = expected_of(&folder);
        let (found, counts) = found(&folder, &expected).unwrap();
        let wanted: BTreeMap<String, Vec<String>> =
            expected.finding.iter().map(|one| (one.code.clone(), one.places())).collect();
        assert_eq!(wanted.len(), expected.finding.len(), "{name}: a finding is expected twice");
        for (code, places) in &wanted {
            assert_eq!(found.get(code), Some(places), "{name}: {code}");
        }
        let unexpected: Vec<_> = found.iter().filter(|(code, _)| !wanted.contains_key(*code)).collect();
        assert!(unexpected.is_empty(), "{name}: also found: {unexpected:?}");
        for (table, counts) in &counts {
            assert_eq!(counts.read, counts.used + counts.repeated + counts.quarantined, "{name}: {table}");
            let by_hand = expected
                .rows_by_table
                .get(table)
                .unwrap_or_else(|| panic!("{name}: no rows of {table} in expected.toml"));
            let Counts { read, used, repeated, quarantined } = *by_hand;
            assert_eq!(*counts, RowCounts { read, used, repeated, quarantined }, "{name}: {table}");
        }
        assert_eq!(counts.len(), expected.rows_by_table.len(), "{name}");
        seen.extend(wanted.into_keys());
        left_out.extend(expected.left_out.into_keys());
    }
    let both: Vec<&String> = seen.intersection(&left_out).collect();
    assert!(both.is_empty(), "left out of one of the folders everything*, and in another: {both:?}");
    let is_there = |code: &&str| seen.contains(*code) || left_out.contains(*code);
    let missing: Vec<&str> = FindingCode::ALL.iter().map(|code| code.code()).filter(|code| !is_there(code)).collect();
    assert!(
        missing.is_empty(),
        "put the fault of {missing:?} into one of tests/bad_data/everything*/ with a [[finding]] in its expected.toml; or, \
         where it cannot stand beside the others, say why under left_out"
    );
}
