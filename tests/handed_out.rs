//! Small inputs that once went wrong, with what is right: where a run may write, and one child twice in a family.

#![cfg(unix)]

#[path = "support/refused.rs"]
mod refused;

use refused::{ended, text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A place of its own with one of the small inputs in it, as `data`.
fn place(name: &str) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handed").join(name);
    for entry in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        std::fs::copy(entry.path(), data.join(entry.file_name())).unwrap();
    }
    (place, data)
}

/// A command as typed in a folder.
fn typed(here: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sfclaim"));
    command.current_dir(here).args(line.split(' '));
    ended(command)
}

/// Everything in a folder and below, hidden things too: paths with bytes, and what links lead to.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let path = entry.path();
        if path.is_symlink() {
            found.insert(path.clone(), std::fs::read_link(&path).unwrap().to_string_lossy().as_bytes().to_vec());
        } else if path.is_dir() {
            found.insert(path.clone(), Vec::new());
            found.extend(everything(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// A line that must be refused in one sentence, and leave everything as it was.
fn refused(place: &Path, here: &Path, line: &str) {
    let before = everything(place);
    let run = typed(here, line);
    let said = text(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{line}: {said}{}", text(&run.stdout));
    assert!(said.starts_with("sfclaim: ") && said.lines().count() == 1, "{line}: {said}");
    assert!(said.contains("not written over"), "{line}: {said}");
    assert_eq!(text(&run.stdout), "", "{line}");
    assert!(everything(place) == before, "{line}: something changed");
}

// A mended quarantine file was taken for an earlier output, and deleted.
#[test]
fn the_data_folder_is_never_written_to_by_whatever_name_and_command() {
    let (place, data) = place("force-into-data");
    // The officer's mended row, which the second run reads.
    std::fs::write(
        data.join("quarantine_criteria.csv"),
        "file,row,case_id,criterion,person_id,identified_on,outcome_on,relapsed_on,result\ncriteria.csv,8,C1,7.1,,,2024-01-15,,achieved\n",
    )
    .unwrap();
    std::fs::create_dir(place.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(&data, place.path().join("link")).unwrap();
    std::os::unix::fs::symlink("../data", place.path().join("elsewhere/link")).unwrap();
    let commands =
        ["check", "validate", "review", "attendance", "forecast", "position", "levers", "funnel", "anomalies"];
    for command in commands {
        refused(place.path(), &data, &format!("{command} . --as-at 2024-09-30 --out . --force"));
    }
    refused(place.path(), &data, "whatif . --as-at 2024-09-30 --set sustainment.months=3 --out . --force");
    let absolute = data.display().to_string();
    for (data, out) in [
        ("data", "data"),
        ("data", "data/"),
        ("data", "./data"),
        ("data", "elsewhere/../data"),
        ("data", "missing/../data"),
        ("data", "missing/further/../../data"),
        ("data", "link"),
        ("data", "elsewhere/link"),
        ("link", "data"),
        ("data", absolute.as_str()),
        (absolute.as_str(), "link/."),
    ] {
        for force in ["", " --force"] {
            refused(place.path(), place.path(), &format!("check {data} --as-at 2024-09-30 --out {out}{force}"));
        }
    }
}

#[test]
fn a_folder_that_holds_anything_that_is_read_is_never_written_to() {
    let (place, data) = place("force-into-data");
    let here = place.path();
    // Registers further inside, which the settings name; a table that is a link; rules, scenarios and an earlier run.
    std::fs::create_dir(data.join("registers")).unwrap();
    std::fs::create_dir(here.join("exports")).unwrap();
    std::fs::rename(data.join("attendance.csv"), data.join("registers/spring.csv")).unwrap();
    std::fs::rename(data.join("claims.csv"), here.join("exports/claims.csv")).unwrap();
    std::os::unix::fs::symlink(here.join("exports/claims.csv"), data.join("claims.csv")).unwrap();
    std::fs::write(data.join("sfclaim.toml"), "[[files]]\nfile = \"registers/*.csv\"\ntable = \"attendance\"\n")
        .unwrap();
    std::fs::create_dir(here.join("scenarios")).unwrap();
    std::fs::write(here.join("scenarios/mine.toml"), "[[scenario]]\nname = \"a\"\nsustainment.months = 3\n").unwrap();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let copied = Command::new("cp").args(["-r".as_ref(), rules.as_os_str(), here.join("rules").as_os_str()]).status();
    assert!(copied.unwrap().success());
    let first = typed(here, "check data --as-at 2024-06-30 --out run1");
    assert!(first.status.code() < Some(2), "{}", text(&first.stderr));

    let check = "check data --as-at 2024-09-30";
    refused(here, here, &format!("{check} --out data/registers --force"));
    refused(here, here, &format!("{check} --out exports --force"));
    refused(here, here, &format!("{check} --out run1 --since run1"));
    refused(here, here, "validate data --out run1 --since run1");
    refused(here, here, "position data --as-at 2024-09-30 --out run1 --since run1 --force");
    refused(here, here, &format!("{check} --rules rules --out rules --force"));
    refused(here, here, &format!("{check} --rules rules --out rules/targets --force"));
    refused(here, here, "whatif data --as-at 2024-09-30 --scenarios scenarios/mine.toml --out scenarios --force");

    // A folder in the data folder that holds nothing that is read, and one above it with --force, are fine.
    for out in ["data/out", ". --force"] {
        let run = typed(here, &format!("{check} --out {out}"));
        assert!(run.status.code() < Some(2), "{out}: {}", text(&run.stderr));
    }
    assert!(data.join("out/decisions.csv").exists() && here.join("decisions.csv").exists());
}

#[test]
fn settings_are_never_proposed_into_a_table() {
    let (place, _) = place("force-into-data");
    let before = everything(place.path());
    let run = typed(place.path(), "init data --out data/cases.csv --force");
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("not a file of settings"), "{}", text(&run.stderr));
    assert!(everything(place.path()) == before);
}

// Nobody said that the child who kept the family in review might be the one whose attendance was on record.
#[test]
fn one_child_twice_in_a_family_is_a_finding() {
    let (place, _) = place("duplicate-person-in-family");
    let run = typed(place.path(), "check data --as-at 2024-09-30 --out out");
    assert!(run.status.code() < Some(2), "{}", text(&run.stderr));
    let findings = std::fs::read_to_string(place.path().join("out/findings.csv")).unwrap();
    let rows: Vec<&str> = findings.lines().filter(|row| row.starts_with("person_twice_in_family,")).collect();
    assert_eq!(rows.len(), 1, "{findings}");
    assert!(
        rows[0].starts_with(
            "person_twice_in_family,warning,people.csv,3,person_id,P2,P2-DUP (people.csv row 4) has the same names"
        ),
        "{}",
        rows[0]
    );
    let decisions = std::fs::read_to_string(place.path().join("out/decisions.csv")).unwrap();
    assert!(decisions.lines().nth(1).unwrap().contains(",review,"), "{decisions}");
    let told = text(&typed(place.path(), "explain data --as-at 2024-09-30 F1").stdout);
    assert!(told.contains("they may be one person"), "{told}");
}
