//! `sfclaim validate` and `sfclaim findings`, as a person types them: what is shown and written, and what is not.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn bad_data(folder: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_data").join(folder).display().to_string()
}

fn everything() -> String {
    bad_data("everything")
}

fn folder(files: &[(&str, &str)]) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let name = folder.path().display().to_string();
    (folder, name)
}

fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read =
        |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap());
    std::fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap().path())).collect()
}

const CASES: &str = "case_id,family_id,opened_on,closed_on\nC1,F1,2023-01-10,2024-01-31\n";
const CRITERIA: &str = "case_id,criterion\nC1,3\nC1,5\nC1,7\n";

#[test]
fn with_a_date_it_finds_what_check_finds_and_decides_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (one, other) = (place.path().join("check"), place.path().join("validate"));
    let run = |command: &str, out: &Path| {
        let run = sfclaim(&[command, &everything(), "--as-at", "2024-07-31", "--out", &out.display().to_string()]);
        assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
        files_in(out)
    };
    let (checked, validated) = (run("check", &one), run("validate", &other));
    for name in ["findings.csv", "quarantine.csv", "quarantine_criteria.csv", "quarantine_attendance_weeks.csv"] {
        assert!(checked[name] == validated[name], "{name}");
    }
    assert!(!validated.keys().any(|name| name.contains("decisions") || name.contains("summary")));
    // The same again, byte for byte, in place of the first; and never in place of a check's output.
    assert!(run("validate", &other) == validated);
    let refused = sfclaim(&["validate", &everything(), "--out", &one.display().to_string()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--force"), "{}", stderr(&refused));
    let receipt: Value = serde_json::from_slice(&validated["run.json"]).unwrap();
    assert_eq!((&receipt["program"], &receipt["command"]), (&"sfclaim".into(), &"validate".into()));
    assert_eq!(receipt["as_at"], "2024-07-31");
    let inputs: Vec<&str> =
        receipt["inputs"].as_array().unwrap().iter().filter_map(|file| file["file"].as_str()).collect();
    assert!(inputs.contains(&"quarantine_criteria.csv") && inputs.contains(&"attendance_marks.csv"), "{inputs:?}");
}

#[test]
fn without_a_date_it_says_by_which_rules_it_read_and_leaves_out_what_needs_one() {
    let run = sfclaim(&["validate", &everything(), "--json"]);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    let said: Value = serde_json::from_str(&stdout(&run)).unwrap();
    assert_eq!((&said["as_at"], &said["rules_as_at"]), (&Value::Null, &"2025-03-31".into()));
    let codes: Vec<&str> =
        said["by_code"].as_array().unwrap().iter().filter_map(|kind| kind["finding"].as_str()).collect();
    for needs_a_date in ["term_hardly_held", "marks_stop_early", "likely_same_pupil", "calendar_stops"] {
        assert!(!codes.contains(&needs_a_date), "{codes:?}");
    }
    assert!(codes.contains(&"unknown_authority") && codes.contains(&"key_given_twice"), "{codes:?}");
    for (table, counts) in said["rows"].as_object().unwrap() {
        let count = |key: &str| counts[key].as_u64().unwrap();
        assert_eq!(count("read"), count("used") + count("repeated") + count("quarantined"), "{table}");
    }
    let text = stdout(&sfclaim(&["validate", &everything()]));
    assert!(
        text.starts_with("You gave no as-at date, so the data was checked by the rules of supporting-families-2022-25"),
        "{text}"
    );
    assert!(text.contains("2025-03-31"), "{text}");
    // That a calendar ends long before the day stops a decision, and no reading.
    assert_eq!(sfclaim(&["check", &everything(), "--as-at", "2025-03-31"]).status.code(), Some(2));
}

// 100 cases, and 120 in the earlier run; 108 needs, and 50. As `check --since` says it, with a date or without.
#[test]
fn data_is_held_against_an_earlier_check_with_a_date_and_without() {
    let data = bad_data("everything_counts");
    let earlier = Path::new(&data).join("earlier").display().to_string();
    let place = tempfile::tempdir().unwrap();
    for (name, dated) in [("dated", &["--as-at", "2024-09-30"][..]), ("undated", &[])] {
        let out = place.path().join(name).display().to_string();
        let run = sfclaim(&[&["validate", &data, "--since", &earlier, "--out", &out], dated].concat());
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let written = files_in(Path::new(&out));
        let findings = String::from_utf8_lossy(&written["findings.csv"]).into_owned();
        for said in [
            "rows_lost,warning,,,,cases,\"cases: 100 rows, and 120 in the run as at 2024-06-30: more than 10% of them are gone.\"",
            "rows_gained,warning,,,,criteria,\"criteria: 108 rows, and 50 in the run as at 2024-06-30: more than 100% have come on top.\"",
        ] {
            assert!(findings.contains(said), "{findings}");
        }
        let receipt: Value = serde_json::from_slice(&written["run.json"]).unwrap();
        assert_eq!(
            receipt["since"],
            serde_json::json!({ "as_at": "2024-06-30", "rows": { "cases": 120, "criteria": 50 } })
        );
        assert!(stdout(&run).contains("rows_lost"), "{}", stdout(&run));
        let run = sfclaim(&[&["validate", &data], dated].concat());
        assert!(!stdout(&run).contains("rows_lost"), "{}", stdout(&run));
    }
    let out = place.path().join("none").display().to_string();
    let run = sfclaim(&["validate", &data, "--since", &data, "--out", &out]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("is not the output folder of a check: it has no summary.json"), "{}", stderr(&run));
    assert!(!Path::new(&out).exists());
}

#[test]
fn data_without_a_fault_ends_with_0_and_data_that_cannot_be_read_with_2() {
    let (_folder, data) = folder(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let run = sfclaim(&["validate", &data]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stdout(&run).contains("Nothing was decided."));
    let (_folder, none) = folder(&[("cases.csv", CASES)]);
    let out = tempfile::tempdir().unwrap();
    let stopped = sfclaim(&["validate", &none, "--out", &out.path().join("out").display().to_string()]);
    assert_eq!(stopped.status.code(), Some(2));
    assert_eq!(stderr(&stopped).lines().count(), 1, "{}", stderr(&stopped));
    assert_eq!(files_in(out.path()).len(), 0);
    assert_eq!(sfclaim(&["validate", &bad_data("impossible_date__in_most_rows")]).status.code(), Some(2));
}

#[test]
fn a_few_samples_are_shown_each_in_its_row_and_all_are_counted() {
    let bad: String = (0..7).map(|day| format!("C1,8,2024-02-3{day}x\n")).collect();
    let good: String = (0..10).map(|need| format!("C1,8.{need},\n")).collect();
    let criteria = format!("case_id,criterion,outcome_on\n{good}{bad}");
    let (_folder, data) = folder(&[("cases.csv", CASES), ("criteria.csv", &criteria)]);
    let text = stdout(&sfclaim(&["validate", &data]));
    assert!(text.contains("error impossible_date, 7 times:"), "{text}");
    let expected = "  criteria.csv row 12: outcome_on \"2024-02-30x\" is not a date.\n      \
                    case_id  criterion  outcome_on\n      C1       8          2024-02-30x\n                          ^^^^^^^^^^^\n";
    assert!(text.contains(expected), "{text}");
    assert_eq!(text.matches("is not a date.").count(), 3, "{text}");
    assert!(text.contains("and 4 more"), "{text}");
}

#[test]
fn the_cells_of_restricted_rows_are_not_shown_and_columns_that_are_kept_out_neither() {
    let people = "person_id,family_id,date_of_birth,first_name,upn,restricted,notes\n\
        P1,F1,2014-05-01,Openname,A889200024001,,Secretnote\nP2,F1,2014-05-01,Hiddenname,A889200024001,y,\n\
        P3,F1,2014-02-30,Alsohidden,,yes,\nP4,F1,2014-02-20,Other,,,\nP5,F1,2014-02-20,Other,,,\n";
    let (_folder, data) = folder(&[("cases.csv", CASES), ("criteria.csv", CRITERIA), ("people.csv", people)]);
    let out = tempfile::tempdir().unwrap();
    let run = sfclaim(&["validate", &data, "--out", &out.path().join("out").display().to_string()]);
    let text = stdout(&run);
    assert!(text.contains("Openname"), "{text}");
    let page = std::fs::read_to_string(out.path().join("out/findings.html")).unwrap();
    for hidden in ["Hiddenname", "Alsohidden", "Secretnote"] {
        assert!(!text.contains(hidden) && !page.contains(hidden), "{hidden}: {text}");
    }
    assert!(text.contains("people.csv row 3: ") && text.contains("people.csv row 4: "), "{text}");
    // The file to mend is the officer's own row, name and all.
    let to_mend = std::fs::read_to_string(out.path().join("out/quarantine_people.csv")).unwrap();
    assert!(to_mend.contains("Alsohidden") && !to_mend.contains("Secretnote"), "{to_mend}");
}

/// The tags of a page in order, and its text; every tag must be closed by its own.
fn tags(page: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for piece in page.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap();
        let name = tag.split_whitespace().next().unwrap().to_lowercase();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed), "{piece}"),
            None if name == "!doctype" || name == "meta" => {}
            None => open.push(name),
        }
        all.push(tag.to_owned());
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

#[test]
fn the_page_can_be_read_by_everybody_and_runs_and_fetches_nothing() {
    let criteria = format!("{CRITERIA}C1,\"<img src=x onerror=alert(1)>&\"\n");
    let out = tempfile::tempdir().unwrap();
    let (_folder, data) = folder(&[("cases.csv", CASES), ("criteria.csv", &criteria)]);
    let pages = [("one", data), ("all", everything())].map(|(name, data)| {
        let out = out.path().join(name);
        sfclaim(&["validate", &data, "--out", &out.display().to_string()]);
        std::fs::read_to_string(out.join("findings.html")).unwrap()
    });
    assert!(pages[0].contains("&lt;img src=x onerror=alert(1)&gt;&amp;"), "{}", pages[0]);
    for page in pages {
        let tags = tags(&page);
        let count = |name: &str| tags.iter().filter(|tag| tag.split(' ').next() == Some(name)).count();
        assert_eq!(count("h1"), 1);
        assert!(count("table") > 2 && count("table") == count("caption"));
        for forbidden in ["script", "img", "link", "iframe", "object", "form"] {
            assert_eq!(count(forbidden), 0, "{forbidden}");
        }
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("url("));
        assert!(tags.iter().filter(|tag| tag.starts_with("th ") || *tag == "th").all(|tag| tag.contains("scope=")));
        assert!(tags.iter().any(|tag| tag == "html lang=\"en-GB\""));
        let headings: Vec<u32> =
            tags.iter().filter_map(|tag| tag.strip_prefix('h')?.split(' ').next()?.parse().ok()).collect();
        assert!(headings.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{headings:?}");
        for empty in ["<td></td>", "\"></td>", "\"></th>", "\"></div>", "<caption></caption>"] {
            assert!(!page.contains(empty), "{empty}");
        }
        // A severity is a word, with a shape for those who see it.
        assert!(page.contains("<span aria-hidden=\"true\">■</span> error"));
    }
}

#[test]
fn findings_are_listed_and_each_is_explained() {
    let all = stdout(&sfclaim(&["findings"]));
    for kind in sfclaim::finding::FindingCode::ALL {
        assert!(all.contains(&format!("\n  {} ", kind.code())), "{}", kind.code());
        let one = sfclaim(&["findings", kind.code()]);
        assert_eq!(one.status.code(), Some(0));
        let text = stdout(&one).replace("\n  ", " ");
        let entry = kind.entry().unwrap();
        assert!(text.contains(&entry.why) && text.contains(&entry.todo), "{text}");
    }
    let places = ["error (", "warning (", "note ("].map(|severity| all.find(severity).unwrap());
    assert!(places.is_sorted(), "{all}");
    let unknown = sfclaim(&["findings", "key_givn_twice"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("Did you mean \"key_given_twice\"?"), "{}", stderr(&unknown));
    assert_eq!(stdout(&unknown), "");
}
