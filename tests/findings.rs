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
