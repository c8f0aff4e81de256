//! The tables for Power BI and the like: they say what the CSV files of `check` say, their keys join, every day is in the table
//! of days, and the dictionary has their columns.
#![cfg(feature = "native")]

use sfclaim::load::formulas::given_back;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

type Rows = Vec<BTreeMap<String, String>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn done(command: &str, out: &Path, more: &[&str]) {
    let fixed = [command, "sample_data", "--as-at", "2024-09-30", "--out", out.to_str().unwrap()];
    let arguments = [&fixed[..], more].concat();
    let run = Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).current_dir(root()).output().unwrap();
    assert!(run.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&run.stderr));
}

fn of_parquet(path: &Path) -> Rows {
    let name = path.file_name().unwrap().to_str().unwrap();
    let (header, columns) = sfclaim::load::parquet_file::read(name, std::fs::read(path).unwrap()).unwrap();
    columns.into_rows().into_iter().map(|row| header.iter().cloned().zip(row).collect()).collect()
}

fn of_csv(path: &Path) -> Rows {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cells = |row: &csv::StringRecord| row.iter().map(|cell| given_back(cell).to_owned()).collect::<Vec<_>>();
    reader.records().map(|row| header.iter().cloned().zip(cells(&row.unwrap())).collect()).collect()
}

#[test]
fn the_tables_say_what_check_says_and_their_keys_join() {
    let place = tempfile::tempdir().unwrap();
    let (report, again, check) = (place.path().join("report"), place.path().join("again"), place.path().join("check"));
    done("report", &report, &["--only", "bi"]);
    done("report", &again, &["--only", "bi"]);
    done("check", &check, &[]);
    let bi = report.join("bi");
    let table = |name: &str| of_parquet(&bi.join(format!("{name}.parquet")));

    let periods = table("periods");
    let decisions = of_csv(&check.join("decisions.csv"));
    assert_eq!(periods.len(), decisions.len());
    for (period, decision) in periods.iter().zip(&decisions) {
        assert_eq!(period["period_id"], decision["case_id"]);
        for column in
            ["family_id", "status", "kind", "criteria_count", "progress_on", "earliest_claim_on", "attendance"]
        {
            assert_eq!(period[column], decision[column], "{column} of {}", period["period_id"]);
        }
        assert_eq!(period["by_agreement"], (!decision["by_agreement"].is_empty()).to_string());
        let payment = if decision["status"] == "claimable" { "800.00" } else { "" };
        assert_eq!(period["payment"], payment, "{}", period["period_id"]);
    }
    let keys: BTreeSet<&str> = periods.iter().map(|period| period["period_id"].as_str()).collect();
    assert_eq!(keys.len(), periods.len());

    let children = of_csv(&check.join("children.csv"));
    let children_terms = table("children_terms");
    assert_eq!(children_terms.len(), children.len());
    for (ours, theirs) in children_terms.iter().zip(&children) {
        for (own, other) in
            [("period_id", "case_id"), ("person_id", "person_id"), ("possible", "possible"), ("verdict", "verdict")]
        {
            assert_eq!(ours[own], theirs[other]);
        }
        assert_eq!(ours["term_id"], format!("{} {}", theirs["academic_year"], theirs["term"]));
    }

    // Claims of the sample have ids of their own, and those after the day are not known yet.
    let claims = table("claims");
    let known = of_csv(&root().join("sample_data/claims.csv"));
    let known: BTreeSet<&str> = known
        .iter()
        .filter(|claim| claim["submitted_on"].as_str() <= "2024-09-30")
        .map(|claim| claim["claim_id"].as_str())
        .collect();
    assert_eq!(claims.iter().map(|claim| claim["claim_id"].as_str()).collect::<BTreeSet<_>>(), known);
    assert_eq!(claims.len(), known.len());

    let needs = table("needs");
    assert!(needs.len() > periods.len());
    for row in children_terms.iter().chain(&needs).chain(claims.iter().filter(|claim| !claim["period_id"].is_empty())) {
        assert!(keys.contains(row["period_id"].as_str()), "{row:?}");
    }

    let dates = table("dates");
    let days: BTreeSet<&str> = dates.iter().map(|row| row["date"].as_str()).collect();
    assert_eq!(days.len(), dates.len());
    for row in periods.iter().chain(&needs).chain(&claims) {
        for (column, day) in row.iter().filter(|(column, day)| column.ends_with("_on") && !day.is_empty()) {
            assert!(days.contains(day.as_str()), "{column} {day}");
        }
    }
    // 30 September 2024 is a Monday in the second quarter from April, and in the autumn term.
    let day = dates.iter().find(|row| row["date"] == "2024-09-30").unwrap();
    let said = ["financial_year", "quarter", "academic_year", "term", "is_weekday"].map(|column| day[column].as_str());
    assert_eq!(said, ["2024/25", "2", "2024/25", "Autumn", "true"]);

    let dictionary = of_csv(&bi.join("data-dictionary.csv"));
    let described: BTreeSet<(String, String)> =
        dictionary.iter().map(|row| (row["table"].clone(), row["column"].clone())).collect();
    let mut written = BTreeSet::new();
    for name in ["periods", "children_terms", "needs", "claims", "findings", "dates"] {
        for column in table(name)[0].keys() {
            written.insert((name.to_owned(), column.clone()));
        }
    }
    assert_eq!(described, written);
    assert!(dictionary.iter().all(|row| !row["meaning"].is_empty() && !row["meaning"].contains("](")));

    for entry in std::fs::read_dir(&bi).unwrap() {
        let entry = entry.unwrap();
        assert!(
            std::fs::read(entry.path()).unwrap() == std::fs::read(again.join("bi").join(entry.file_name())).unwrap()
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
