//! The worked cases of `rules/cases/`: each a family in a sentence, with expected values from the contract
//! and a hand calculation. All cases run; every one that fails is listed with what was expected.

mod support;

use serde::Deserialize;
use sfclaim::rules::pack::Pack;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use support::{Table, check_with, table};

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::built_in().unwrap());

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[serde(default)]
    base: BTreeMap<String, toml::Value>,
    case: Vec<WorkedCase>,
}

#[derive(Deserialize)]
struct WorkedCase {
    sentence: String,
    #[allow(dead_code, reason = "for whoever reads the case")]
    working: Option<String>,
    #[serde(default)]
    set: BTreeMap<String, toml::Value>,
    framework: Option<String>,
    /// Rule files of an authority, by name: what they change of the built-in rules.
    #[serde(default)]
    rules: BTreeMap<String, String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    expect: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    children: Vec<BTreeMap<String, String>>,
    #[serde(default)]
    absent: Vec<String>,
    stops: Option<String>,
    #[serde(default)]
    quarantined: BTreeMap<String, usize>,
    /// Tables and the as-at date, as in the base.
    #[serde(flatten)]
    own: BTreeMap<String, toml::Value>,
}

#[test]
fn every_worked_case_comes_out_as_its_sentence_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/cases");
    let mut failures = Vec::new();
    let mut run = 0;
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let parsed: CaseFile = toml::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        for case in &parsed.case {
            run += 1;
            for failure in failures_of(case, &parsed.base) {
                failures.push(format!("{}: {}\n    {failure}", file.file_name().unwrap().display(), case.sentence));
            }
        }
    }
    assert!(run > 300, "only {run} worked cases were found");
    assert!(failures.is_empty(), "{} failures in {run} cases:\n{}", failures.len(), failures.join("\n"));
}

fn failures_of(case: &WorkedCase, base: &BTreeMap<String, toml::Value>) -> Vec<String> {
    let mut given = base.clone();
    given.extend(case.own.clone());
    let as_at = given.remove("as_at").expect("an as-at date");
    let as_at = as_at.as_str().map_or_else(|| as_at.to_string(), str::to_owned);
    let tables: Vec<Table> = given
        .iter()
        .filter(|(name, _)| !case.without.contains(name))
        .map(|(name, lines)| {
            let lines: Vec<&str> = lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
            table(&format!("{name}.csv"), &lines)
        })
        .collect();
    let set: Vec<(String, String)> = case.set.iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
    // A day on which no framework is in force is asked for by name.
    let in_force = ("2022-10-03"..="2025-03-31").contains(&as_at.as_str());
    let framework = case.framework.as_deref().or((!in_force).then_some("supporting-families-2022-25"));
    let changed =
        (!case.rules.is_empty()).then(|| Pack::changed("our-rules", case.rules.clone().into_iter().collect()));
    if let Some(problem) = changed.iter().flat_map(|(_, problems)| problems).find(|problem| problem.fatal) {
        return vec![format!("{}: {}", problem.file, problem.message)];
    }
    let outcome = check_with(changed.as_ref().map_or(&PACK, |(pack, _)| pack), &tables, &as_at, &set, framework);
    let mut failures = Vec::new();
    match (&outcome, &case.stops) {
        (Err(why), Some(words)) => {
            if !why.contains(words) {
                failures.push(format!("the message should have \"{words}\": {why}"));
            }
            return failures;
        }
        (Err(why), None) => return vec![format!("the run stopped: {why}")],
        (Ok(_), Some(words)) => return vec![format!("the run should have stopped with \"{words}\"")],
        (Ok(_), None) => {}
    }
    let outcome = outcome.unwrap();
    for (case_id, columns) in &case.expect {
        let Some(decision) = outcome.decisions.get(case_id) else {
            failures.push(format!("{case_id} has no decision"));
            continue;
        };
        for (column, expected) in columns {
            match decision.get(column) {
                Some(value) if value == expected => {}
                Some(value) => failures.push(format!(
                    "{case_id} {column}: expected \"{expected}\", found \"{value}\" ({})",
                    decision["reason"]
                )),
                None => failures.push(format!("there is no column {column}")),
            }
        }
    }
    for expected in &case.children {
        let found = outcome
            .children
            .iter()
            .any(|row| expected.iter().all(|(column, value)| row.get(column).is_some_and(|found| found == value)));
        if !found {
            failures.push(format!("no row of children has {expected:?}; there is {:?}", outcome.children));
        }
    }
    for absent in &case.absent {
        if outcome.decisions.contains_key(absent) {
            failures.push(format!("{absent} should have no decision"));
        }
    }
    for (table, expected) in &case.quarantined {
        let found = outcome.rows.get(table).map_or(0, |counts| counts.quarantined);
        if found != *expected {
            failures.push(format!("{table}: {expected} rows should be quarantined, {found} are"));
        }
    }
    failures
}
