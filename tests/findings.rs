//! The catalogue of findings. Each kind has an input of its own in `tests/bad_data/`.

use sfclaim::finding::{FindingCode, Severity};
use std::collections::BTreeSet;

#[test]
fn codes_are_unique_and_errors_are_what_quarantines() {
    let codes: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(codes.len(), FindingCode::ALL.len());
    assert_eq!(FindingCode::MissingValue.severity(), Severity::Error);
    assert!(FindingCode::ALL.iter().all(|code| !code.what_to_do().is_empty()));
}

#[test]
fn the_page_of_the_catalogue_is_the_catalogue() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings.md")).unwrap();
    assert!(
        page.replace("\r\n", "\n") == sfclaim::report::views::findings::markdown(),
        "docs/findings.md is stale: make it again with `cargo run -- findings --markdown > docs/findings.md`"
    );
}

// Each row stands in the file of one of them, and in no other.
#[test]
fn findings_are_written_for_each_of_those_who_have_the_answers() {
    let place = tempfile::tempdir().unwrap();
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad_data/everything_ids");
    for command in ["validate", "check"] {
        let out = place.path().join(command);
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"))
            .args([command, data, "--as-at", "2024-09-30", "--by-owner", "--out"])
            .arg(&out)
            .output()
            .unwrap();
        assert_ne!(run.status.code(), Some(2), "{}", String::from_utf8_lossy(&run.stderr));
        let rows = |name: &str| -> Vec<String> {
            let mut reader = csv::Reader::from_path(out.join(name)).unwrap();
            let owner = reader.headers().unwrap().iter().position(|column| column == "owner").unwrap();
            let rows = reader.records().map(|row| row.unwrap());
            let of_name = name.trim_start_matches("findings_").trim_end_matches(".csv").to_owned();
            rows.inspect(|row| assert!(of_name == "findings" || row[owner] == of_name, "{name}: {row:?}"))
                .map(|row| row.iter().collect::<Vec<_>>().join("|"))
                .collect()
        };
        let mut parts: Vec<String> = ["practitioner", "school", "data_team"]
            .iter()
            .flat_map(|owner| rows(&format!("findings_{owner}.csv")))
            .collect();
        let mut all = rows("findings.csv");
        assert!(parts.len() > 5, "{parts:?}");
        parts.sort();
        all.sort();
        assert_eq!(parts, all);
    }
}
