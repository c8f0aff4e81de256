//! What a person types and sees: exit codes, streams, one clear message, nothing left behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Files by name, with their text.
type Files<'a> = &'a [(&'a str, &'a str)];

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A data folder with these files.
    fn data(&self, files: Files<'_>) -> String {
        let folder = self.path("data");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        folder.display().to_string()
    }

    fn out(&self) -> String {
        self.path("out").display().to_string()
    }

    /// Everything in the place but the data, sorted.
    fn left(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name != "data")
            .collect();
        names.sort();
        names
    }
}

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn sample_data() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data").display().to_string()
}

const CASES: &str = "case_id,family_id,opened_on,closed_on\nC1,F1,2023-01-10,2024-01-31\nC2,F2,2023-05-10,\n";
/// Six of ten rows cannot be read.
const HALF_READABLE: &str = "case_id,family_id,opened_on\nC1,F1,soon\nC2,F2,soon\nC3,F3,soon\nC4,F4,soon\nC5,F5,soon\nC6,F6,soon\nC7,F7,2023-01-10\nC8,F8,2023-01-10\nC9,F9,2023-01-10\nC10,F10,2023-01-10\n";

const CRITERIA: &str = "case_id,criterion,outcome_on\nC1,3,2024-01-15\nC1,5,2024-01-15\nC1,7,2024-01-15\nC2,1,\n";

#[test]
fn a_run_writes_every_file_and_ends_with_the_summary() {
    let place = Place::new();
    let data = place.data(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &place.out()]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stdout(&run).starts_with("Claim check as at 2024-09-30"));
    assert_eq!(stderr(&run), "");
    let mut names: Vec<String> = std::fs::read_dir(place.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "attendance_doubts.csv",
            "children.csv",
            "children_not_looked_at.csv",
            "children_unmatched.csv",
            "decisions.csv",
            "findings.csv",
            "pupils_unmatched.csv",
            "quarantine.csv",
            "run.json",
            "summary.json"
        ]
    );
    let header = std::fs::read_to_string(place.path("out/decisions.csv")).unwrap();
    assert_eq!(
        header.lines().next().unwrap(),
        "case_id,case_ids,family_id,source,status,kind,criteria_count,headlines,progress_on,sustained_on,\
         last_success_on,earliest_claim_on,earliest_possible_on,eligibility,family,progress,sustainment,attendance,\
         reclaim,timeliness,evidence,by_agreement,rules,reason"
    );
    // Again, over what it wrote itself.
    assert_eq!(sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &place.out()]).status.code(), Some(0));
    assert_eq!(place.left(), ["out"]);
}

#[test]
fn a_run_with_a_broken_row_is_made_and_ends_with_1() {
    let place = Place::new();
    let broken = format!("{CASES}C3,F3,2023-31-12,\n");
    let data = place.data(&[("cases.csv", &broken), ("criteria.csv", CRITERIA)]);
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &place.out()]);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    let quarantine = std::fs::read_to_string(place.path("out/quarantine.csv")).unwrap();
    assert!(quarantine.contains("cases,cases.csv,4,opened_on,2023-31-12,impossible_date"), "{quarantine}");
}

// 20 cases, then 17 of them: more than a tenth is gone.
#[test]
fn a_run_is_held_against_an_earlier_one() {
    let place = Place::new();
    let cases = |number: usize| {
        let rows: String = (0..number).map(|case| format!("C{case},F{case},2023-01-10\n")).collect();
        format!("case_id,family_id,opened_on\n{rows}")
    };
    const NEED: &str = "case_id,criterion\nC1,3\n";
    let data = place.data(&[("cases.csv", &cases(20)), ("criteria.csv", NEED)]);
    assert_eq!(sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &place.out()]).status.code(), Some(0));
    place.data(&[("cases.csv", &cases(17)), ("criteria.csv", NEED)]);
    let later = place.path("later").display().to_string();
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--since", &place.out(), "--out", &later]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let findings = std::fs::read_to_string(place.path("later/findings.csv")).unwrap();
    assert!(findings.lines().next().unwrap().ends_with(",what_to_do,record"), "{findings}");
    let said = "rows_lost,warning,,,,cases,\"cases: 17 rows, and 20 in the run as at 2024-09-30: more than 10% of them are gone.\"";
    assert!(findings.contains(said), "{findings}");
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--since", &data]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("is not the output folder of a check: it has no summary.json"), "{}", stderr(&run));
}

/// Each run that cannot be made: the files, the arguments after the folder, and words of the one message.
#[test]
fn a_run_that_cannot_be_made_ends_with_2_one_message_and_no_output() {
    let good: Files<'_> = &[("cases.csv", CASES), ("criteria.csv", CRITERIA)];
    const SHORT_CALENDAR: &str = "academic_year,term,starts_on,ends_on\n2023/24,Spring,2024-01-08,2024-03-28\n";
    let rows: Vec<(Files<'_>, Vec<&str>, &str)> = vec![
        (&[("cases.csv", CASES)], vec!["--as-at", "2024-09-30"], "no table \"criteria\""),
        (
            &[("cases.csv", "case_id,opened_on\n"), ("criteria.csv", CRITERIA)],
            vec!["--as-at", "2024-09-30"],
            "no column \"family_id\"",
        ),
        (
            &[("cases.csv", "case_id,case_id,family_id,opened_on\n"), ("criteria.csv", CRITERIA)],
            vec!["--as-at", "2024-09-30"],
            "twice",
        ),
        (&[("cases.csv", ""), ("criteria.csv", CRITERIA)], vec!["--as-at", "2024-09-30"], "cases.csv is empty"),
        (
            &[("cases.csv", HALF_READABLE), ("criteria.csv", "case_id,criterion\n")],
            vec!["--as-at", "2024-09-30"],
            "more than half",
        ),
        (good, vec!["--as-at", "2022-10-02"], "no framework was in force on 2022-10-02"),
        (good, vec!["--as-at", "2025-04-01"], "no framework was in force on 2025-04-01"),
        (
            good,
            vec!["--as-at", "2017-10-01", "--framework", "supporting-families-2022-25"],
            "outside the school calendar",
        ),
        (
            good,
            vec!["--as-at", "2030-10-01", "--framework", "supporting-families-2022-25"],
            "outside the school calendar",
        ),
        (
            &[("cases.csv", CASES), ("criteria.csv", CRITERIA), ("terms.csv", SHORT_CALENDAR)],
            vec!["--as-at", "2024-09-30"],
            "covers 2023/24",
        ),
        (good, vec!["--as-at", "2024-09-31"], "not a date"),
        (
            good,
            vec!["--as-at", "2024-09-30", "--set", "attendance.treshold=90"],
            "Did you mean \"attendance.threshold_percent\"",
        ),
        (good, vec!["--as-at", "2024-09-30", "--set", "attendance.terms=0"], "whole number from 1"),
        (good, vec!["--as-at", "2024-09-30", "--set", "attendance.terms"], "no \"=\""),
        (good, vec!["--as-at", "2024-09-30", "--framework", "supporting-families"], "Did you mean"),
        (good, vec!["--as-at", "2024-09-30", "--rules", "no-such-folder"], "no-such-folder"),
        (good, vec!["--as-at", "2024-09-30", "--colour"], "unexpected argument"),
        (good, vec![], "--as-at"),
        (
            &[("cases.csv", CASES), ("criteria.csv", CRITERIA), ("sfclaim.toml", "autority = \"x\"")],
            vec!["--as-at", "2024-09-30"],
            "authority",
        ),
        (
            &[("cases.csv", CASES), ("criteria.csv", CRITERIA), ("people.parquet", "no")],
            vec!["--as-at", "2024-09-30"],
            "people.parquet",
        ),
        (
            &[("cases.csv", CASES), ("criteria.csv", CRITERIA), ("attendance.csv", "upn,colour\n")],
            vec!["--as-at", "2024-09-30"],
            "layouts of attendance",
        ),
    ];
    for (files, arguments, words) in rows {
        let place = Place::new();
        let data = place.data(files);
        let out = place.out();
        let mut all = vec!["check", &data, "--out", &out];
        all.extend(&arguments);
        let run = sfclaim(&all);
        let message = stderr(&run);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(message.contains(words), "{arguments:?}: no \"{words}\" in: {message}");
        assert_eq!(stdout(&run), "", "{arguments:?}");
        assert!(!message.contains("panicked"));
        assert!(place.left().is_empty(), "{arguments:?} left {:?}", place.left());
    }
}

#[test]
fn a_missing_folder_and_a_file_in_its_place_are_told_apart() {
    let place = Place::new();
    let missing = place.path("nothing").display().to_string();
    let run = sfclaim(&["check", &missing, "--as-at", "2024-09-30"]);
    assert_eq!((run.status.code(), stderr(&run).contains("no such file or folder")), (Some(2), true));
    let file = place.path("data.csv");
    std::fs::write(&file, "x").unwrap();
    let run = sfclaim(&["check", &file.display().to_string(), "--as-at", "2024-09-30"]);
    assert_eq!((run.status.code(), stderr(&run).contains("it is a file")), (Some(2), true));
}

#[test]
fn a_folder_with_other_things_is_never_written_over() {
    let place = Place::new();
    let data = place.data(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let before = std::fs::read_dir(&data).unwrap().count();
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &data]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("is read by this run: name another folder"), "{}", stderr(&run));
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), before);
}

// Real tables have the names of a sample's, so they were once written over.
#[test]
fn a_sample_is_never_written_over_real_data() {
    let place = Place::new();
    let data = place.data(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let made = sfclaim(&[
        "sample",
        "--families",
        "3",
        "--seed",
        "1",
        "--from",
        "2023-01-01",
        "--until",
        "2024-09-30",
        "--out",
        &data,
    ]);
    assert_eq!(made.status.code(), Some(2), "{}", stdout(&made));
    assert_eq!(std::fs::read_to_string(place.path("data/cases.csv")).unwrap(), CASES);
}

// Ids of a column that once had gaps are floats in Parquet, and text is often kept in a dictionary.
#[cfg(feature = "native")]
#[test]
fn parquet_ids_match_whatever_their_type() {
    use polars::prelude::*;
    let place = Place::new();
    let claims = "claim_id,family_id,case_id,submitted_on,outcome\nK1,7000000,12,2024-06-01,approved\n";
    let cases = "case_id,family_id,opened_on,closed_on\n12,7000000,2023-01-10,2024-01-31\n";
    let criteria = CRITERIA.replace("C1", "12").replace("C2,1,\n", "");
    let data = place.data(&[("cases.csv", cases), ("criteria.csv", &criteria)]);
    let status = || {
        let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &place.out()]);
        assert!(run.status.success(), "{}", stderr(&run));
        let decisions = std::fs::read_to_string(place.path("out/decisions.csv")).unwrap();
        decisions.lines().nth(1).unwrap().split(',').nth(4).unwrap().to_owned()
    };
    std::fs::write(place.path("data/claims.csv"), claims).unwrap();
    assert_eq!(status(), "claimed");
    std::fs::remove_file(place.path("data/claims.csv")).unwrap();

    let day = Series::new("submitted_on".into(), [19_875i32]).cast(&DataType::Date).unwrap();
    let text = |name: &str, value: &str| Series::new(name.into(), [value]);
    let categorical = DataType::from_categories(Categories::global());
    for (family, case) in [
        (Series::new("family_id".into(), [7_000_000i64]), Series::new("case_id".into(), [12i32])),
        (Series::new("family_id".into(), [7_000_000f64]), Series::new("case_id".into(), [12f64])),
        (
            text("family_id", "7000000").cast(&categorical).unwrap(),
            text("case_id", "12").cast(&DataType::Binary).unwrap(),
        ),
    ] {
        let kind = family.dtype().to_string();
        let columns: Vec<Column> = [text("claim_id", "K1"), family, case, day.clone(), text("outcome", "approved")]
            .into_iter()
            .map(IntoColumn::into_column)
            .collect();
        let mut frame = DataFrame::new(1, columns).unwrap();
        let file = std::fs::File::create(place.path("data/claims.parquet")).unwrap();
        ParquetWriter::new(file).finish(&mut frame).unwrap();
        assert_eq!(status(), "claimed", "{kind}");
    }
}

#[test]
fn explain_finds_a_case_or_a_family_and_says_why_it_finds_none() {
    let explain = |arguments: &[&str]| {
        let data = sample_data();
        let mut all = vec!["explain", data.as_str(), "--as-at", "2024-09-30"];
        all.extend(arguments);
        sfclaim(&all)
    };
    assert!(stdout(&explain(&["B01-C1"])).starts_with("Case B01-C1 of family B01 as at 2024-09-30: CLAIMABLE"));
    assert!(stdout(&explain(&["B01"])).starts_with("Case B01-C1 of family B01"));
    let data: serde_json::Value = serde_json::from_str(&stdout(&explain(&["B01", "--json"]))).unwrap();
    assert_eq!(data[0]["status"], "claimable");
    assert_eq!(data[0]["rulings"][4]["rule"], "attendance");
    let nobody = explain(&["B99"]);
    assert_eq!((nobody.status.code(), stderr(&nobody).contains("no case or family \"B99\"")), (Some(2), true));
}

#[test]
fn compare_says_what_changed_and_why() {
    let place = Place::new();
    let data = sample_data();
    let outs = [place.path("one").display().to_string(), place.path("two").display().to_string()];
    assert_eq!(
        sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &outs[0], "--quiet"]).status.code(),
        Some(0)
    );
    let changed = ["check", &data, "--as-at", "2024-09-30", "--out", &outs[1], "--set", "attendance.basis=combined"];
    assert_eq!(sfclaim(&changed).status.code(), Some(0));
    let said = stdout(&sfclaim(&["compare", &outs[0], &outs[1]]));
    assert!(said.contains("attendance.basis: each_term -> combined"), "{said}");
    assert!(said.contains("attendance: not_met -> met"), "{said}");
    let same = stdout(&sfclaim(&["compare", &outs[0], &outs[0]]));
    assert!(same.contains("nothing: same day, same rules, same files") && same.contains("no change"), "{same}");
    let not_ours = sfclaim(&["compare", &outs[0], &data]);
    assert_eq!(not_ours.status.code(), Some(2));
}

#[test]
fn readings_are_side_by_side() {
    let said = stdout(&sfclaim(&["readings", &sample_data(), "--as-at", "2024-09-30"]));
    for reading in [
        "as the rules stand",
        "attendance.basis = combined",
        "attendance.absence_counted = unauthorised",
        "attendance.children = with_need",
        "sustainment.clock = closure",
        "eligibility.counting = need",
    ] {
        assert!(said.contains(reading), "{said}");
    }
    // Where another reading is in use already, the framework's own is the other one.
    let data = sample_data();
    let said = stdout(&sfclaim(&["readings", &data, "--as-at", "2024-09-30", "--set", "attendance.basis=combined"]));
    assert!(said.contains("attendance.basis = each_term") && said.contains("all 256 combinations"), "{said}");
}

#[test]
fn attendance_is_listed_on_screen_as_json_and_as_files() {
    let place = Place::new();
    let (data, out) = (sample_data(), place.out());
    let run = sfclaim(&["attendance", &data, "--as-at", "2024-09-30", "--out", &out]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stdout(&run).contains("school-age children of open periods"));
    let children = std::fs::read_to_string(place.path("out/attendance_now.csv")).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&sfclaim(&["attendance", &data, "--as-at", "2024-09-30", "--json"]))).unwrap();
    assert_eq!(json["children_of_open_periods"].as_array().unwrap().len(), children.lines().count() - 1);
    assert!(place.path("out/attendance_improved.csv").exists());
}

#[test]
fn the_rules_can_be_listed_shown_and_checked() {
    assert!(stdout(&sfclaim(&["rules", "list"])).contains("supporting-families-2022-25"));
    let shown = stdout(&sfclaim(&["rules", "show", "attendance.threshold_percent"]));
    assert!(shown.contains("= 90") && shown.contains("council") && shown.contains("national"), "{shown}");
    assert!(stdout(&sfclaim(&["rules", "show", "C2"])).contains("Part-time timetable"));
    let unknown = sfclaim(&["rules", "show", "attendance.treshold_percent"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("Did you mean"));
    assert_eq!(sfclaim(&["rules", "lint"]).status.code(), Some(0));
}

#[test]
fn a_rule_pack_in_a_folder_takes_the_place_of_the_one_built_in() {
    let place = Place::new();
    let rules = place.path("rules");
    for (name, text) in sfclaim::rules::pack::built_in_files() {
        let file = rules.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(
            file,
            text.replace(
                "key = \"eligibility.minimum_criteria\"\nvalue = 3",
                "key = \"eligibility.minimum_criteria\"\nvalue = 4",
            ),
        )
        .unwrap();
    }
    let rules = rules.display().to_string();
    let shown = stdout(&sfclaim(&["rules", "show", "eligibility.minimum_criteria", "--rules", &rules]));
    assert!(shown.contains("eligibility.minimum_criteria = 4"), "{shown}");
    let data = place.data(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--rules", &rules]);
    assert!(stdout(&run).contains("not_eligible          1"), "{}", stdout(&run));
}

#[cfg(feature = "native")]
#[test]
fn a_sample_can_be_made_as_csv_or_parquet_and_decides_the_same() {
    let place = Place::new();
    let mut decisions = Vec::new();
    for format in ["csv", "parquet"] {
        let (data, out) =
            (place.path(format).display().to_string(), place.path(&format!("out-{format}")).display().to_string());
        let made = sfclaim(&[
            "sample",
            "--families",
            "20",
            "--seed",
            "7",
            "--from",
            "2022-04-01",
            "--until",
            "2025-03-31",
            "--attendance",
            "both",
            "--boundaries-at",
            "2024-09-30",
            "--format",
            format,
            "--out",
            &data,
        ]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        assert_eq!(stderr(&made), "", "the progress bar is for terminals only");
        let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &out]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        decisions.push(std::fs::read(place.path(&format!("out-{format}")).join("decisions.csv")).unwrap());
    }
    assert!(decisions[0].len() > 10_000);
    assert!(decisions[0] == decisions[1]);
}

/// Each command about the year: its arguments, words on the screen, and its files.
#[test]
fn position_levers_funnel_and_anomalies_go_to_screen_json_and_files() {
    let place = Place::new();
    let rows: [(&[&str], &str, &[&str]); 4] = [
        (
            &["position"],
            "Grant at risk on the straight line: (537 funded places - 352 claims) x £800 = £148,000.",
            &["claims_known.csv", "periods.csv", "position.csv", "position.json"],
        ),
        (
            &["levers"],
            "families need only attendance evidence for one child",
            &["families_held.csv", "levers.csv", "levers.json"],
        ),
        (
            &["funnel", "--by", "source"],
            "of 191 families, 73 (38.2%)",
            &["funnel.csv", "funnel.json", "funnel_lost.csv"],
        ),
        (
            &["anomalies"],
            "None of them means that a claim is wrong",
            &["anomalies.json", "claims_asked_about.csv", "claims_by_quarter.csv", "noticed.csv"],
        ),
    ];
    for (command, words, files) in rows {
        let out = place.path(command[0]).display().to_string();
        let data = sample_data();
        let mut typed = command.to_vec();
        typed.extend([data.as_str(), "--as-at", "2024-09-30"]);
        let written = [typed.as_slice(), &["--out", &out]].concat();
        // Twice: the folder is known as the command's own.
        for _ in 0..2 {
            let run = sfclaim(&written);
            assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
            let said: Vec<String> = stdout(&run).split_whitespace().map(str::to_owned).collect();
            assert!(said.join(" ").contains(words), "{}", stdout(&run));
        }
        let mut names: Vec<String> = std::fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, files);
        typed.push("--json");
        let json: serde_json::Value = serde_json::from_str(&stdout(&sfclaim(&typed))).unwrap();
        assert_eq!(json["program"], format!("sfclaim {}", command[0]));
    }
    // What moved, from a folder of check and from one of position; a later one is refused.
    let check = place.path("check").display().to_string();
    assert_eq!(sfclaim(&["check", &sample_data(), "--as-at", "2024-06-30", "--out", &check]).status.code(), Some(0));
    let run = sfclaim(&["position", &sample_data(), "--as-at", "2024-09-30", "--since", &check]);
    assert!(stdout(&run).contains("Claims of the year: 86 -> 176, 90 more."), "{}", stdout(&run));
    let later = place.path("position").display().to_string();
    let run = sfclaim(&["position", &sample_data(), "--as-at", "2024-06-30", "--since", &later]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("is after 2024-06-30"), "{}", stderr(&run));
    let run = sfclaim(&["position", &sample_data(), "--as-at", "2024-06-30", "--year", "2025/26"]);
    assert!(run.status.code() == Some(2) && stderr(&run).contains("begins on 2025-04-01"), "{}", stderr(&run));
    let run = sfclaim(&["position", &sample_data(), "--as-at", "2024-06-30", "--bands", "achievabel"]);
    assert!(stderr(&run).contains("Did you mean \"achievable\"?"), "{}", stderr(&run));
}

#[test]
fn help_groups_the_commands_and_names_every_one() {
    let help = stdout(&sfclaim(&["--help"]));
    for command in sfclaim::cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(help.contains(&format!("\n  {name} ")), "{name} belongs into a group of the help: {help}");
    }
    assert!(help.contains("Prepare and defend claims:"));
}

#[test]
fn the_version_has_the_fingerprint_of_the_rules() {
    let fingerprint = sfclaim::rules::pack::Pack::built_in().unwrap().fingerprint().short();
    let version = stdout(&sfclaim(&["--version"]));
    assert_eq!(version, format!("sfclaim {} (rules {fingerprint})\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_are_printed_for_the_usual_shells() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let run = sfclaim(&["completions", shell]);
        assert!(run.status.success() && stdout(&run).contains("sfclaim"), "{shell}");
    }
}

const PEOPLE: &str = "person_id,family_id,date_of_birth,role\nP1,F1,2014-05-01,child\nP2,F2,2022-05-01,child\n";
const NO_CLAIMS: &str = "claim_id,family_id,submitted_on,outcome\n";
const AGREED: &str =
    "case_id,rule,person_id,answer,reason,agreed_by,agreed_on\nC1,attendance,P1,met,seen,A. Officer,2024-09-01\n";

#[test]
fn review_writes_a_sheet_that_can_be_filled_in_and_loaded_back() {
    let place = Place::new();
    let data = place.data(&[
        ("cases.csv", CASES),
        ("criteria.csv", CRITERIA),
        ("people.csv", PEOPLE),
        ("claims.csv", NO_CLAIMS),
    ]);
    let run = sfclaim(&["review", &data, "--as-at", "2024-09-30", "--out", &place.out()]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stdout(&run).contains("1 period is in review, 2 things to settle"), "{}", stdout(&run));
    let mut names: Vec<String> = std::fs::read_dir(place.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["agreements_to_fill.csv", "review.csv", "review.json"]);
    let sheet = std::fs::read_to_string(place.path("out/agreements_to_fill.csv")).unwrap();
    let lines: Vec<&str> = sheet.lines().collect();
    assert_eq!(
        lines[0],
        "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on,until,evidence,question,lead_practitioner,family_id,of_rows,first_name,last_name,date_of_birth,school_urn,upn"
    );
    assert!(lines[1].starts_with("C1,attendance,P1,2023/24,Spring,,,,,,,"), "{}", lines[1]);
    assert!(lines[2].starts_with("C1,attendance,P1,2023/24,Summer,,,,,,,"), "{}", lines[2]);

    // As it is: nothing is decided by it, and nothing is wrong with it.
    let agreements = place.path("data/agreements.csv");
    std::fs::write(&agreements, &sheet).unwrap();
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30"]);
    assert_eq!(run.status.code(), Some(0), "{}", stdout(&run));
    assert!(stdout(&run).contains("note unanswered_question: agreements: 2 rows are questions"), "{}", stdout(&run));

    // One of two terms answered: still in review. Both: claimable.
    let answered = sheet.replacen(",,,,,,,", ",met,seen,A. Officer,2024-09-30,,,", 1);
    std::fs::write(&agreements, &answered).unwrap();
    let run = sfclaim(&["review", &data, "--as-at", "2024-09-30", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&said["periods_in_review"], &said["things_to_settle"]), (&1.into(), &1.into()));
    std::fs::write(&agreements, sheet.replace(",,,,,,,", ",met,seen,A. Officer,2024-09-30,,,")).unwrap();
    let run = sfclaim(&["review", &data, "--as-at", "2024-09-30", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(said["periods_in_review"], 0);
    assert_eq!(said["claimable_by_agreement"]["case_ids"], serde_json::json!(["C1"]));
}

#[test]
fn a_run_without_agreements_cannot_be_taken_for_a_real_one() {
    let place = Place::new();
    let data = place.data(&[
        ("cases.csv", CASES),
        ("criteria.csv", CRITERIA),
        ("people.csv", PEOPLE),
        ("claims.csv", NO_CLAIMS),
        ("agreements.csv", AGREED),
    ]);
    let check = |more: &[&str]| {
        let mut arguments = vec!["check", &data, "--as-at", "2024-09-30"];
        arguments.extend(more);
        let run = sfclaim(&arguments);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        stdout(&run)
    };
    let (with, without) = (place.out(), place.path("without").display().to_string());
    let said = check(&["--out", &with]);
    assert!(said.contains("Of these, 1 period rests on agreements, worth £800"), "{said}");
    let said = check(&["--out", &without, "--without-agreements"]);
    assert!(said.starts_with("WITHOUT AGREEMENTS"), "{said}");
    let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
    assert!(read("out/decisions.csv").lines().nth(1).unwrap().contains(",claimable,"));
    let decisions = read("without/decisions.csv");
    assert!(decisions.lines().nth(1).unwrap().contains(",review,"), "{decisions}");
    assert!(decisions.lines().skip(1).all(|line| line.contains("(without agreements)")), "{decisions}");
    assert!(read("without/run.json").contains("\"without_agreements\": true"));
    let compared = sfclaim(&["compare", &with, &without]);
    assert!(stdout(&compared).contains("without agreements: false -> true"), "{}", stdout(&compared));
    for command in [vec!["explain", &data, "C1"], vec!["review", &data]] {
        let run = sfclaim(&[command, vec!["--as-at", "2024-09-30", "--without-agreements"]].concat());
        assert!(stdout(&run).starts_with("WITHOUT AGREEMENTS"), "{}", stdout(&run));
    }
}

// A broken row of criteria and one of claims: whatever the command speaks of, it says why it ends with 1.
#[test]
fn commands_that_end_with_1_say_how_many_rows_were_left_out() {
    let place = Place::new();
    let claims = "claim_id,family_id,case_id,submitted_on,decided_on,outcome\nK1,F1,,2023-05-01,,submitted\nK2,F2,,2023-06-01,,submitted\nK3,F1,,2024-31-01,,submitted\n";
    let criteria = format!("{CRITERIA}C1,99,\n");
    let data = place.data(&[("cases.csv", CASES), ("criteria.csv", &criteria), ("claims.csv", claims)]);
    let commands: [&[&str]; 6] = [
        &["forecast"],
        &["position", "--year", "2024/25"],
        &["levers"],
        &["funnel"],
        &["anomalies"],
        &["whatif", "--set", "sustainment.months=3"],
    ];
    for command in commands {
        let typed = [&command[..1], &[data.as_str(), "--as-at", "2024-09-30"], &command[1..]].concat();
        let run = sfclaim(&typed);
        assert_eq!(run.status.code(), Some(1), "{command:?}: {}", stderr(&run));
        let said =
            "sfclaim: 2 rows could not be read and were left out (criteria 1, claims 1): sfclaim validate shows them.";
        assert_eq!(stderr(&run).trim(), said, "{command:?}");
    }
}

#[test]
fn levers_funnel_and_anomalies_say_where_they_wrote_and_what_is_needed_to_repeat_them() {
    let place = Place::new();
    for (command, file) in [("levers", "levers.json"), ("funnel", "funnel.json"), ("anomalies", "anomalies.json")] {
        let out = place.path(command).display().to_string();
        let run = sfclaim(&[command, &sample_data(), "--as-at", "2024-09-30", "--out", &out]);
        assert!(stdout(&run).contains(&format!("Written to {out}: ")), "{}", stdout(&run));
        let text = std::fs::read_to_string(place.path(command).join(file)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(json["inputs"].as_array().unwrap().iter().all(|input| input["sha256"].is_string()), "{command}");
        assert!(json["rules_fingerprint"].is_string() && !json["sentences"].as_array().unwrap().is_empty());
    }
}
