//! Ids say nothing: with other ids in another order every command writes the same of the same families, in rows of another order.
//!
//! What may differ, since a rule or a list asks for an order and ids are all there is to give one: which of two cases that opened on one
//! day names their period, which of two periods of one family is claimed first where their progress is of one day (contract
//! section 4), in what order ids are listed in a sentence, what of a list a screen shows first, and which families a scenario
//! draws where it takes a part of them as settled. Here families keep the order of their own ids among themselves.

#![allow(clippy::all, reason = "the generator is shared with the reference, which is plain on purpose")]

#[path = "support/generated.rs"]
mod generated;
mod reference;
mod support;

use generated::{loaded_of, tables_of, trials};
use proptest::prelude::*;
use reference::Authority;
use reference::generate::authority;
use serde_json::Value;
use sfclaim::forecast::anomalies::anomalies;
use sfclaim::forecast::funnel::{By, funnel};
use sfclaim::forecast::levers::levers;
use sfclaim::forecast::position::{Asked, position};
use sfclaim::report;
use sfclaim::report::views::check::decisions::{child_rows, children, decision_rows, decisions};
use sfclaim::report::views::people::People;
use sfclaim::report::views::review::questions::{self, questions};
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use support::{Table, question};
use unicode_normalization::UnicodeNormalization;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::built_in().unwrap());

/// What stands before each new id: two letters that no word begins with, and twelve from a to p.
fn letters(of: usize, seed: u64) -> String {
    let mut hasher = DefaultHasher::new();
    (of, seed).hash(&mut hasher);
    let hash = hasher.finish();
    let letters: String = (0..12).map(|at| char::from(b'a' + ((hash >> (4 * at)) & 15) as u8)).collect();
    format!("zq{letters}")
}

/// The ids that they were.
fn as_they_were(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("zq") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let is_ours =
            from.get(2..14).is_some_and(|letters| letters.bytes().all(|letter| (b'a'..=b'p').contains(&letter)));
        out.push_str(if is_ours { "" } else { "zq" });
        rest = &from[if is_ours { 14 } else { 2 }..];
    }
    out.push_str(rest);
    out
}

const IDS: [&str; 4] = ["case_id", "family_id", "person_id", "claim_id"];

fn is_id(table: &Table, column: usize) -> bool {
    let name = table.columns[column].trim();
    IDS.contains(&name) || (table.file.starts_with("former_ids") && ["id", "former_id"].contains(&name))
}

/// The ids of a row, as they stand.
fn ids<'a>(table: &'a Table, row: &'a [String]) -> impl Iterator<Item = &'a str> {
    let columns = (0..table.columns.len()).filter(|at| is_id(table, *at));
    columns.filter_map(|at| row.get(at)).map(String::as_str).filter(|id| !id.trim().is_empty())
}

/// What is left of an id when all that may make two of them alike is taken away.
fn core_of(id: &str) -> String {
    id.nfkc().flat_map(char::to_lowercase).filter(|char| char.is_alphanumeric() && *char != '0').collect()
}

/// Ids that lost their digits are unreadable whatever they are.
fn is_number(id: &str) -> bool {
    id.trim().bytes().all(|byte| byte.is_ascii_digit() || b".+eE".contains(&byte))
}

/// The tables with other ids: before those of families that have something to do with each other stand the same letters, so that
/// their order among themselves stays, and the order of everybody else is another one.
fn with_other_ids(tables: &[Table], seed: u64) -> Vec<Table> {
    let mut number: BTreeMap<String, usize> = BTreeMap::new();
    let mut first: Vec<usize> = Vec::new();
    fn root(first: &mut [usize], mut of: usize) -> usize {
        while first[of] != of {
            first[of] = first[first[of]];
            of = first[of];
        }
        of
    }
    for table in tables {
        for row in &table.rows {
            let mut before = None;
            for id in ids(table, row) {
                let new = number.len();
                let this = *number.entry(core_of(id)).or_insert(new);
                if this == first.len() {
                    first.push(this);
                }
                if let Some(before) = before {
                    let (one, other) = (root(&mut first, before), root(&mut first, this));
                    first[one.max(other)] = one.min(other);
                }
                before = Some(this);
            }
        }
    }
    let mut others = tables.to_vec();
    for table in &mut others {
        let columns: Vec<usize> = (0..table.columns.len()).filter(|at| is_id(table, *at)).collect();
        for row in &mut table.rows {
            for at in &columns {
                if let Some(cell) = row.get_mut(*at).filter(|cell| !cell.trim().is_empty() && !is_number(cell)) {
                    let group = root(&mut first, number[&core_of(cell)]);
                    let spaces = cell.len() - cell.trim_start().len();
                    cell.insert_str(spaces, &letters(group, seed));
                }
            }
        }
    }
    others
}

fn read(path: &Path) -> Table {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).unwrap();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    let columns = rows.remove(0);
    Table { file: path.file_name().unwrap().to_string_lossy().into_owned(), columns, rows }
}

fn write(folder: &Path, tables: &[Table], settings: &str) {
    std::fs::create_dir_all(folder).unwrap();
    for table in tables {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_path(folder.join(&table.file)).unwrap();
        for row in std::iter::once(&table.columns).chain(&table.rows) {
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
    }
    std::fs::write(folder.join("sfclaim.toml"), settings).unwrap();
}

/// Everything that a command says: each file, and its screen or JSON, in a form in which neither the order of rows nor that
/// of a list in a sentence shows.
fn said(place: &Path, data: &str, command: &str) -> BTreeMap<String, Vec<String>> {
    let out = place.join(format!("{data}-out"));
    let _ = std::fs::remove_dir_all(&out);
    let writes = command.contains("--out");
    let mut arguments: Vec<String> =
        command.split(' ').map(|word| word.replace("DATA", data).replace("RUN", &format!("run-{data}"))).collect();
    if writes {
        let at = arguments.iter().position(|word| word == "--out").unwrap();
        arguments.insert(at + 1, out.display().to_string());
    }
    let run = Command::new(env!("CARGO_BIN_EXE_sfclaim")).current_dir(place).args(&arguments).output().unwrap();
    let words =
        |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&format!("{data}-out"), "OUT").replace(data, "DATA");
    let mut all = BTreeMap::new();
    all.insert("exit code".to_owned(), vec![format!("{:?}", run.status.code()), words(&run.stderr)]);
    // A screen shows the first of a list, and as much of a row as there is room for.
    if command.contains("json") {
        all.insert("screen".to_owned(), plain("screen", &words(&run.stdout)));
    }
    if writes && out.exists() {
        for entry in std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            all.insert(name.clone(), plain(&name, &words(&std::fs::read(entry.path()).unwrap())));
        }
    }
    all
}

fn plain(name: &str, text: &str) -> Vec<String> {
    let mut lines: Vec<String> = if text.trim_start().starts_with(['{', '[']) {
        vec![in_order(serde_json::from_str(text).unwrap()).to_string()]
    } else if name.ends_with(".csv") {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let rows = reader.records().map(|record| record.unwrap());
        rows.map(|row| row.iter().map(|cell| sentence(cell)).collect::<Vec<_>>().join(" | ")).collect()
    } else {
        // A screen breaks its lines where they are full.
        vec![sentence(text)]
    };
    lines.sort();
    lines
}

/// The words of a sentence in order, with the ids that they had.
fn sentence(text: &str) -> String {
    let is_print = |word: &str| word.len() >= 12 && word.chars().all(|char| char.is_ascii_hexdigit());
    let text = as_they_were(text);
    let mut words: Vec<&str> = text
        .split(|char: char| char.is_whitespace() || "[](){},;:.\"'".contains(char))
        .filter(|word| !word.is_empty() && !is_print(word))
        .collect();
    words.sort_unstable();
    words.join(" ")
}

fn in_order(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(sentence(&text)),
        Value::Array(list) => {
            let mut list: Vec<Value> = list.into_iter().map(|value| in_order(value)).collect();
            list.sort_by_cached_key(Value::to_string);
            Value::Array(list)
        }
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (as_they_were(&key), in_order(value))).collect())
        }
        other => other,
    }
}

/// The first things that differ, so that a person can read them.
fn differences(one: &BTreeMap<String, Vec<String>>, other: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut found = Vec::new();
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    for name in names {
        let (a, b) = (one.get(name).cloned().unwrap_or_default(), other.get(name).cloned().unwrap_or_default());
        if a != b {
            let only = |these: &[String], those: &[String]| -> Vec<String> {
                let those: BTreeSet<&String> = those.iter().collect();
                these.iter().filter(|line| !those.contains(line)).take(3).cloned().collect()
            };
            let (mine, theirs) = (only(&a, &b), only(&b, &a));
            let at = mine.first().zip(theirs.first()).map(|(one, other)| {
                let from = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(80);
                let part = |text: &str| text.bytes().skip(from).take(240).map(char::from).collect::<String>();
                format!("\n  {}\n  {}", part(one), part(other))
            });
            found.push(format!(
                "{name}: {} and {} lines of its own{}",
                mine.len(),
                theirs.len(),
                at.unwrap_or_default()
            ));
        }
    }
    found
}

const COMMANDS: [&str; 18] = [
    "validate DATA --as-at 2024-09-30 --out",
    "validate DATA --as-at 2024-09-30 --json",
    "check DATA --as-at 2024-09-30 --out",
    "check DATA --as-at 2024-12-31 --set attendance.basis=combined --out",
    "check DATA --as-at 2024-09-30 --without-agreements --out",
    "review DATA --as-at 2024-09-30 --out",
    "attendance DATA --as-at 2024-06-30 --out",
    "readings DATA --as-at 2024-09-30 --json",
    "position DATA --as-at 2024-09-30 --out",
    "levers DATA --as-at 2024-09-30 --out",
    "funnel DATA --as-at 2024-09-30 --out",
    "funnel DATA --as-at 2024-09-30 --by lead_practitioner --out",
    "anomalies DATA --as-at 2024-09-30 --out",
    "forecast DATA --as-at 2024-09-30 --backtest --out",
    "whatif DATA --as-at 2024-09-30 --set attendance.threshold_percent=88 --grid sustainment.months=5..6 --out",
    "whatif DATA --as-at 2024-09-30 --set attendance.threshold_percent=88 --show-families --json",
    "compare RUN-2024-06-30 RUN-2024-09-30 --json",
    "position DATA --as-at 2024-09-30 --since RUN-2024-06-30 --out",
];

fn sfclaim(place: &Path, line: &str) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).current_dir(place).args(line.split(' ')).output().unwrap()
}

/// An authority with every edge of the rules in it, under its own ids and under others.
fn authority_twice() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let made = sfclaim(
        here,
        "sample --families 40 --seed 9 --from 2022-09-01 --until 2024-09-30 --boundaries-at 2024-09-30 --attendance both --out made",
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(here.join("made")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    let tables: Vec<Table> = files.iter().map(|path| read(path)).collect();
    let settings = "authority = \"blackburn-with-darwen\"\n";
    write(&here.join("data-a"), &tables, settings);
    write(&here.join("data-b"), &with_other_ids(&tables, 1), settings);
    for data in ["data-a", "data-b"] {
        for as_at in ["2024-06-30", "2024-09-30"] {
            let run = sfclaim(here, &format!("check {data} --as-at {as_at} --quiet --out run-{data}-{as_at}"));
            assert!(run.status.code() < Some(2), "{}", String::from_utf8_lossy(&run.stderr));
        }
    }
    place
}

#[test]
fn every_command_writes_the_same_under_other_ids() {
    let place = authority_twice();
    let here = place.path();
    let mut found = Vec::new();
    for command in COMMANDS {
        let (one, other) = (said(here, "data-a", command), said(here, "data-b", command));
        found.extend(differences(&one, &other).into_iter().map(|what| format!("{command}: {what}")));
    }
    // A case of each status, explained.
    let decisions = |data: &str| read(&here.join(format!("run-{data}-2024-09-30/decisions.csv")));
    let (mine, theirs) = (decisions("data-a"), decisions("data-b"));
    let by_status: BTreeMap<&str, &str> = mine.rows.iter().map(|row| (row[4].as_str(), row[0].as_str())).collect();
    assert!(by_status.len() >= 7, "{by_status:?}");
    for case in by_status.values() {
        let new = theirs.rows.iter().map(|row| &row[0]).find(|id| as_they_were(id) == **case).unwrap();
        let explain = |case: &str| format!("explain DATA --as-at 2024-09-30 {case} --json");
        let (one, other) = (said(here, "data-a", &explain(case)), said(here, "data-b", &explain(new)));
        found.extend(differences(&one, &other).into_iter().map(|what| format!("explain {case}: {what}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What the program says of an authority in memory, in the same form as of files.
fn told(authority: &Authority, tables: &[Table]) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let mut add = |name: &str, lines: Vec<String>| {
        let mut lines: Vec<String> = lines.iter().map(|line| sentence(line)).collect();
        lines.sort();
        all.insert(name.to_owned(), lines);
    };
    let data = |value: Value| vec![in_order(value).to_string()];
    let question = question(&authority.as_at, &authority.set, None).unwrap();
    let loaded = loaded_of(authority, tables);
    let prepared = loaded.and_then(|loaded| prepare(&loaded, &PACK, &question).map_err(|why| why.to_string()));
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(why) => {
            add("stops", vec![why]);
            return all;
        }
    };
    let outcome = judge(&prepared, prepared.rules.clone());
    let line = |cells: Vec<String>| cells.into_iter().map(|cell| cell + " | ").collect::<String>();
    let (of_periods, of_children, of_questions) = (decisions(), children(), questions::table());
    add("decisions", decision_rows(&outcome).map(|row| line(of_periods.cells(&row))).collect());
    add("children", child_rows(&outcome).map(|row| line(of_children.cells(&row))).collect());
    add("findings", outcome.findings.sorted().iter().map(|finding| format!("{finding:?}")).collect());
    let review = outcome.review(31);
    let people = People::of(&outcome.linked, &prepared, true);
    add("review", data(report::views::review::data(&outcome, &people, &review, 31)));
    add(
        "questions",
        questions(&outcome, &review, &people).iter().map(|row| of_questions.cells(row).join(" | ")).collect(),
    );
    add("levers", data(report::views::levers::data(&outcome, &levers(&outcome))));
    add("funnel", data(report::views::funnel::data(&outcome, &funnel(&outcome, By::Team))));
    add("anomalies", data(report::views::anomalies::data(&outcome, &anomalies(&outcome), true)));
    if let Ok(position) = position(&outcome, Asked::default()) {
        add("position", data(report::views::position::data(&outcome, &position, None)));
    }
    all
}

proptest! {
    #![proptest_config(trials(300))]

    #[test]
    fn generated_authorities_are_told_the_same_under_other_ids(authority in authority(), seed in any::<u64>()) {
        let tables = tables_of(&authority);
        let found = differences(&told(&authority, &tables), &told(&authority, &with_other_ids(&tables, seed)));
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
