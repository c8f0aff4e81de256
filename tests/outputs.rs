//! The tables of outputs: every column stands on the page of outputs with its meaning.

use sfclaim::report::output::Described;
use sfclaim::report::views::tables;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A table as the page of outputs has it.
fn block(table: &Described) -> String {
    let mut out = format!("{}\n\n| Column | Kind | |\n|---|---|---|\n", table.about);
    for (name, kind, about) in &table.columns {
        let _ = writeln!(out, "| `{name}` | {} | {about} |", kind.word());
    }
    out
}

/// The page with every table of columns made anew.
fn made_anew(page: &str) -> String {
    let mut out = page.to_owned();
    for table in tables() {
        let (begin, end) = (format!("<!-- columns of {} -->\n", table.name), "<!-- end of columns -->");
        let from = out.find(&begin).unwrap_or_else(|| panic!("docs/outputs.md has no columns of {}", table.name));
        let from = from + begin.len();
        let until = from + out[from..].find(end).unwrap();
        out.replace_range(from..until, &block(&table));
    }
    out
}

// SFCLAIM_WRITE_DOCS=1 cargo test --test outputs writes the page anew.
#[test]
fn the_page_of_outputs_has_every_column() {
    let path = root().join("docs/outputs.md");
    let page = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let anew = made_anew(&page);
    if std::env::var_os("SFCLAIM_WRITE_DOCS").is_some() {
        std::fs::write(&path, &anew).unwrap();
        return;
    }
    assert!(page == anew, "docs/outputs.md is not as the tables are: SFCLAIM_WRITE_DOCS=1 cargo test --test outputs");
}

#[test]
fn every_column_has_a_name_of_its_own_and_a_meaning() {
    let mut names = BTreeSet::new();
    for table in tables() {
        assert!(names.insert(table.name), "{} twice", table.name);
        assert!(table.about.ends_with('.'), "{}", table.name);
        let columns: BTreeSet<&str> = table.columns.iter().map(|(name, ..)| *name).collect();
        assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
        for (name, _, about) in &table.columns {
            assert!(!about.is_empty() && !about.contains(['|', '\n']), "{}: {name}", table.name);
        }
    }
}
