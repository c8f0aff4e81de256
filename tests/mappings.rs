//! The ready mappings: each has a tiny folder in `tests/mappings/` in the shape that it is for, which goes through the whole
//! program. What must come out is worked by hand beside each.

mod support;

use sfclaim::load::mapping::{ready, ready_files};
use sfclaim::load::{self, tables::TableName};
use sfclaim::rules::pack::Pack;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::{Said, question, said};

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn names_in(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(here(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn said_of(name: &str) -> Said {
    let loaded = load::load(&here("tests/mappings").join(name)).unwrap();
    let said = said(&Pack::built_in().unwrap(), &loaded, &question("2024-09-30", &[], None).unwrap()).unwrap();
    for (table, rows) in &said.rows {
        assert_eq!((rows.read, rows.quarantined), (rows.used, 0), "{name}: {table}");
    }
    said
}

#[test]
fn what_is_compiled_in_is_what_the_folder_holds() {
    let compiled: BTreeSet<String> = ready_files().map(|(file, _)| file.to_owned()).collect();
    assert_eq!(compiled, names_in("rules/mappings"));
    for (file, text) in ready_files() {
        assert_eq!(text, std::fs::read_to_string(here("rules/mappings").join(file)).unwrap(), "{file}");
    }
}

#[test]
fn every_ready_mapping_has_its_table_columns_source_standing_and_a_folder_that_tries_it() {
    let standings = ["council", "official", "area", "inferred", "local", "unverified"];
    for (file, _) in ready_files() {
        let name = file.trim_end_matches(".toml");
        let ready = ready(name).unwrap();
        let table = TableName::ALL.into_iter().find(|table| table.word() == ready.table.get_ref()).unwrap();
        for column in ready.columns.keys().chain(ready.constants.keys()).chain(ready.values.keys()) {
            assert!(table.knows(column.get_ref()), "{name}: {}", column.get_ref());
        }
        assert!(!ready.title.is_empty() && !ready.source.is_empty() && !ready.notes.is_empty(), "{name}");
        assert!(standings.contains(&ready.standing.as_str()), "{name}: {}", ready.standing);
        let settings = std::fs::read_to_string(here("tests/mappings").join(name).join("sfclaim.toml")).unwrap();
        assert!(settings.contains(&format!("mapping = \"{name}\"")), "{name}");
    }
    let tried: BTreeSet<String> = names_in("tests/mappings");
    assert_eq!(tried, ready_files().map(|(file, _)| file.trim_end_matches(".toml").to_owned()).collect());
}

// Two children's episodes of one family that overlap: one period, with the criteria of both, opened with the first.
#[test]
fn early_help_episodes_of_one_family_are_one_period() {
    let said = said_of("ssd_early_help_episodes");
    assert_eq!(said.decisions.len(), 1);
    let period = &said.decisions["7001"];
    assert_eq!((period["family_id"].as_str(), period["source"].as_str()), ("F1", "early_help"));
    assert_eq!((period["case_ids"].as_str(), period["headlines"].as_str()), ("7001;7002", "3;5;9"));
    assert_eq!((period["progress_on"].as_str(), period["sustained_on"].as_str()), ("2024-01-20", "2024-07-20"));
}

// The same of two children in need.
#[test]
fn episodes_of_children_in_need_of_one_family_are_one_period() {
    let said = said_of("ssd_cin_episodes");
    assert_eq!(said.decisions.len(), 1);
    let period = &said.decisions["7001"];
    assert_eq!((period["family_id"].as_str(), period["source"].as_str()), ("F1", "social_care"));
    assert_eq!((period["case_ids"].as_str(), period["sustained_on"].as_str()), ("7001;7002", "2024-07-20"));
}

// P1, born 4 May 2014, has 95% in both terms. P2 is in the family and in no row of persons: without a birth date nobody knows
// whether attendance of P2 would count, so that the family does not pass.
#[test]
fn a_person_of_a_family_without_a_row_of_persons_is_not_lost() {
    let said = said_of("ssd_family");
    let period = &said.decisions["C1"];
    assert_eq!((period["family"].as_str(), period["attendance"].as_str()), ("met", "unknown"));
    assert_eq!(period["status"], "review");
}

// Born 4 May 2014: ten on the day, so of school age; 95 of 100 and 114 of 120 sessions are both 95%.
#[test]
fn persons_have_their_birth_date_and_upn() {
    let said = said_of("ssd_person");
    let period = &said.decisions["C1"];
    assert_eq!((period["family"].as_str(), period["attendance"].as_str()), ("met", "met"));
    assert_eq!(period["status"], "claimable");
    assert_eq!(said.children.len(), 2);
}

// Spring: 100 possible less 10 absences; 90.0% passes. Summer: 120 less 13 is 107, 89.1%, which does not.
#[test]
fn census_totals_are_the_term_that_the_settings_say() {
    let said = said_of("school_census_totals");
    let terms: Vec<[&str; 4]> = said
        .children
        .iter()
        .map(|row| ["term", "possible", "attended", "verdict"].map(|name| row[name].as_str()))
        .collect();
    assert_eq!(terms, [["Spring", "100", "90", "met"], ["Summer", "120", "107", "not_met"]]);
    assert_eq!(said.decisions["C1"]["status"], "low_attendance");
}

// Spring: 48 + 47 of 100. Summer: 60 + 47 of 120 by the codes of 2024/25, and 60 + 52 of 120 by the earlier reasons.
#[test]
fn census_sessions_by_code_are_added_up() {
    for (name, attended, verdict) in
        [("school_census_sessions", "107", "not_met"), ("school_census_reasons", "112", "met")]
    {
        let said = said_of(name);
        let terms: Vec<[&str; 4]> = said
            .children
            .iter()
            .map(|row| ["term", "possible", "attended", "verdict"].map(|column| row[column].as_str()))
            .collect();
        assert_eq!(terms, [["Spring", "100", "95", "met"], ["Summer", "120", attended, verdict]], "{name}");
    }
}

// Ten weeks of spring and eleven of summer, every half-day present: 100 and 110 sessions.
#[test]
fn weeks_of_marks_are_read_with_their_monday_day_first() {
    let said = said_of("weekly_marks");
    let terms: Vec<[&str; 3]> =
        said.children.iter().map(|row| ["term", "possible", "verdict"].map(|column| row[column].as_str())).collect();
    assert_eq!(terms, [["Spring", "100", "met"], ["Summer", "110", "met"]]);
}

// A yes for 3 and 5, a date for 9, no for the others; outcomes on 13, 15 and 20 January 2024.
#[test]
fn a_case_export_is_both_the_cases_and_their_criteria() {
    for name in ["case_export_cases", "case_export_criteria"] {
        let said = said_of(name);
        let period = &said.decisions["0012"];
        assert_eq!((period["family_id"].as_str(), period["headlines"].as_str()), ("F7", "3;5;9"));
        assert_eq!((period["criteria_count"].as_str(), period["progress_on"].as_str()), ("3", "2024-01-20"));
        assert_eq!((said.rows["cases"].used, said.rows["criteria"].used), (1, 3));
    }
}
