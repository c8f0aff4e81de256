//! Quarantine files that come back: an officer mends a row in the file that a run wrote, puts the file into the data
//! folder, and the next run reads the mended row in place of the one it names. Expected: the same decisions as if the row
//! had been mended in its own file.

use sfclaim::load;
use sfclaim::report::output::folder::OutFolder;
use sfclaim::report::views::check;
use sfclaim::report::views::check::decisions::{child_rows, children, decision_rows, decisions};
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Question, judge, prepare};
use sfclaim::validate::RowCounts;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// What a run says, as far as these tests ask.
#[derive(Debug)]
struct Said {
    decisions: Vec<Vec<(&'static str, String)>>,
    counts: BTreeMap<String, RowCounts>,
    /// Code, place and message of each finding.
    findings: Vec<(String, String, String)>,
    /// Place and code of each held row.
    held: Vec<(String, String)>,
}

impl Said {
    fn of(&self, code: &str) -> Vec<(&str, &str)> {
        let of_it = self.findings.iter().filter(|(found, _, _)| found == code);
        of_it.map(|(_, place, message)| (place.as_str(), message.as_str())).collect()
    }
}

/// The decisions without their reasons, which say how many rows are held.
fn without_reasons(said: &Said) -> Vec<Vec<&(&'static str, String)>> {
    said.decisions.iter().map(|row| row.iter().filter(|(column, _)| *column != "reason").collect()).collect()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Runs a folder and writes its files to `out`.
fn run(data: &Path, out: &Path) -> Said {
    let loaded = load::load(data).unwrap();
    let question = Question { as_at: "2024-09-30".parse().unwrap(), framework: None, overrides: Vec::new() };
    let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let written = OutFolder::begin(out, &check::ours(), check::MARKER, false).unwrap();
    check::write(&written, &outcome, &loaded, true).unwrap();
    written.finish().unwrap();
    for (table, counts) in &prepared.register.counts {
        assert_eq!(counts.read, counts.used + counts.repeated + counts.quarantined, "{table}");
    }
    let (of_periods, of_children) = (decisions(), children());
    let decisions = decision_rows(&outcome).map(|row| of_periods.named_cells(&row));
    let decisions = decisions.chain(child_rows(&outcome).map(|row| of_children.named_cells(&row)));
    let place = |place: Option<&sfclaim::place::Place>| place.map(ToString::to_string).unwrap_or_default();
    Said {
        decisions: decisions.map(|row| row.into_iter().collect()).collect(),
        counts: prepared.register.counts.iter().map(|(table, counts)| (table.word().to_owned(), *counts)).collect(),
        findings: outcome
            .findings
            .sorted()
            .into_iter()
            .map(|found| (found.code.code().to_owned(), place(found.place.as_ref()), found.message.clone()))
            .collect(),
        held: prepared.register.held.iter().map(|held| (held.place.to_string(), held.code.code().to_owned())).collect(),
    }
}

/// A quarantine file by rows, each by column.
fn rows_of(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let named = |record: csv::StringRecord| {
        header.iter().zip(record.iter()).map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| named(record.unwrap())).collect()
}

/// Copies a quarantine file into the data folder, with these texts for others.
fn mend(out: &Path, data: &Path, name: &str, changes: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(out.join(name)).unwrap();
    for (before, after) in changes {
        assert!(text.contains(before), "{before} is not in {text}");
        text = text.replacen(before, after, 1);
    }
    std::fs::write(data.join(name), text).unwrap();
}

const CASES: &str = "case_id,family_id,opened_on,closed_on\nC1,F1,2023-01-10,2024-01-31\n";
const CRITERIA: &str = "Case ID,criterion,outcome_on,evidence,colour\n\
    C1,3,2024-01-05,note,red\nC1,5,2024-02-30,\"=HYPERLINK(\"\"x\"\")\",red\nC1,7,2024-01-05,-5,red\n";

#[test]
fn a_mended_row_takes_the_place_of_its_own() {
    let data = folder(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let outs = tempfile::tempdir().unwrap();
    let first = run(data.path(), &outs.path().join("1"));
    assert_eq!(first.held, [("criteria.csv row 3".to_owned(), "impossible_date".to_owned())]);
    let name = "quarantine_criteria.csv";
    let held = rows_of(&outs.path().join("1").join(name));
    assert_eq!(held.len(), 1);
    let row = &held[0];
    // Only the columns of the table that the file has, and none that a spreadsheet would run.
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    assert_eq!(columns, ["case_id", "criterion", "evidence", "from", "outcome_on", "replaces", "why"]);
    assert_eq!(row["outcome_on"], "2024-02-30");
    assert_eq!(row["evidence"], "'=HYPERLINK(\"x\")");
    assert_eq!(row["from"], "criteria.csv row 3");
    assert_eq!(row["why"], "outcome_on \"2024-02-30\" is not a date.");
    assert!(row["replaces"].len() == 32 && row["replaces"].bytes().all(|byte| byte.is_ascii_hexdigit()));

    // As it is: it corrects nothing, and says so; the row stays in quarantine, under the same print.
    mend(&outs.path().join("1"), data.path(), name, &[]);
    let unchanged = run(data.path(), &outs.path().join("2"));
    assert_eq!(unchanged.held, first.held);
    assert_eq!(unchanged.of("correction_unchanged").len(), 1);
    assert_eq!(unchanged.counts, first.counts);
    assert_eq!(unchanged.decisions, first.decisions);
    let again = rows_of(&outs.path().join("2").join(name));
    assert_eq!(again[0]["replaces"], row["replaces"]);
    assert_eq!(again[0]["evidence"], row["evidence"]);

    // Mended from what the second run wrote.
    mend(&outs.path().join("2"), data.path(), name, &[("2024-02-30", "2024-01-30")]);
    let mended = run(data.path(), &outs.path().join("3"));
    assert_eq!(mended.held, []);
    assert_eq!(mended.counts["criteria"], RowCounts { read: 3, used: 3, repeated: 0, quarantined: 0 });
    assert_eq!(
        mended.of("rows_corrected"),
        [("", "1 row of criteria.csv: corrections in quarantine_criteria.csv took their place.")]
    );
    assert!(!outs.path().join("3").join(name).exists());
    let source = CRITERIA.replace("2024-02-30", "2024-01-30");
    let at_source = folder(&[("cases.csv", CASES), ("criteria.csv", &source)]);
    let expected = run(at_source.path(), &outs.path().join("4"));
    assert_eq!(mended.decisions, expected.decisions);
    assert_ne!(mended.decisions, first.decisions);

    // Mended at the source meanwhile: the correction is left out, and named.
    std::fs::write(data.path().join("criteria.csv"), &source).unwrap();
    let both = run(data.path(), &outs.path().join("5"));
    assert_eq!(both.decisions, expected.decisions);
    assert_eq!(both.counts["criteria"], RowCounts { read: 3, used: 3, repeated: 0, quarantined: 0 });
    let named = both.of("correction_without_row");
    assert!(named.len() == 1 && named[0].0 == "quarantine_criteria.csv row 2", "{named:?}");
}

#[test]
fn every_exact_repeat_of_a_row_is_replaced() {
    let criteria = "case_id,criterion\nC1,3\nC1,11\nC1,11\nC1,5\nC1,5\nC1,7\n";
    let data = folder(&[("cases.csv", CASES), ("criteria.csv", criteria)]);
    let outs = tempfile::tempdir().unwrap();
    let first = run(data.path(), &outs.path().join("1"));
    assert_eq!(first.counts["criteria"], RowCounts { read: 6, used: 3, repeated: 2, quarantined: 1 });
    mend(&outs.path().join("1"), data.path(), "quarantine_criteria.csv", &[("C1,11", "C1,1")]);
    let mended = run(data.path(), &outs.path().join("2"));
    assert_eq!(mended.counts["criteria"], RowCounts { read: 5, used: 4, repeated: 1, quarantined: 0 });
}

#[test]
fn a_correction_that_cannot_say_which_row_it_mends_is_not_used() {
    let data = folder(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let outs = tempfile::tempdir().unwrap();
    let first = run(data.path(), &outs.path().join("1"));
    let name = "quarantine_criteria.csv";
    let print = rows_of(&outs.path().join("1").join(name))[0]["replaces"].clone();
    for (number, replaces) in ["", "1.23E+31", &print[..31]].iter().enumerate() {
        mend(&outs.path().join("1"), data.path(), name, &[("2024-02-30", "2024-01-30"), (&print, replaces)]);
        let said = run(data.path(), &outs.path().join(format!("refused {number}")));
        let codes: Vec<&str> = said.held.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(codes, ["impossible_date", "correction_refused"], "{replaces}");
        assert_eq!(said.counts["criteria"], RowCounts { read: 4, used: 2, repeated: 0, quarantined: 2 });
        assert_eq!(without_reasons(&said), without_reasons(&first), "{replaces}");
    }
    std::fs::write(data.path().join("criteria.csv"), format!("{CRITERIA}C1,8,,,\nC1,9,,,\n")).unwrap();
    // Two that differ; two that are the same are one, given twice.
    let text = std::fs::read_to_string(outs.path().join("1").join(name)).unwrap();
    let one = text.replace("2024-02-30", "2024-01-30");
    std::fs::write(data.path().join(name), &one).unwrap();
    std::fs::write(data.path().join("quarantine_criteria_2.csv"), one.replace("2024-01-30", "2024-01-29")).unwrap();
    let two = run(data.path(), &outs.path().join("two"));
    assert_eq!(two.of("correction_refused").len(), 2);
    assert_eq!(two.counts["criteria"], RowCounts { read: 7, used: 4, repeated: 0, quarantined: 3 });
    std::fs::write(data.path().join("quarantine_criteria_2.csv"), &one).unwrap();
    let same = run(data.path(), &outs.path().join("same"));
    assert_eq!(same.counts["criteria"], RowCounts { read: 6, used: 5, repeated: 1, quarantined: 0 });
}

#[test]
fn a_correction_with_nothing_in_it_takes_no_row_away() {
    let data = folder(&[("cases.csv", CASES), ("criteria.csv", CRITERIA)]);
    let outs = tempfile::tempdir().unwrap();
    let first = run(data.path(), &outs.path().join("1"));
    let name = "quarantine_criteria.csv";
    let print = rows_of(&outs.path().join("1").join(name))[0]["replaces"].clone();
    let text =
        format!("case_id,criterion,outcome_on,evidence,why,from,replaces\n,,,,gone,criteria.csv row 3,{print}\n");
    std::fs::write(data.path().join(name), text).unwrap();
    let said = run(data.path(), &outs.path().join("2"));
    assert_eq!((&said.counts, &said.held, &said.decisions), (&first.counts, &first.held, &first.decisions));
    let refused = said.of("correction_refused");
    assert!(refused.len() == 1 && refused[0].0 == "quarantine_criteria.csv row 2", "{refused:?}");
}

#[test]
fn a_row_of_the_wrong_length_is_wrong_until_somebody_says_otherwise() {
    let criteria = "case_id,criterion,outcome_on\nC1,3,\nC1,5,\nC1,7,\nC1,8\nC1,9,,x,y\n";
    let data = folder(&[("cases.csv", CASES), ("criteria.csv", criteria)]);
    let outs = tempfile::tempdir().unwrap();
    let name = "quarantine_criteria.csv";
    let first = run(data.path(), &outs.path().join("1"));
    let held = rows_of(&outs.path().join("1").join(name));
    let beside: Vec<&str> = held.iter().map(|row| row["cells_out_of_place"].as_str()).collect();
    assert_eq!(beside, ["1 cell too few", "x,y"]);
    mend(&outs.path().join("1"), data.path(), name, &[]);
    let unchanged = run(data.path(), &outs.path().join("2"));
    assert_eq!(unchanged.counts, first.counts);
    assert_eq!(unchanged.held.iter().filter(|(_, code)| code == "row_length").count(), 2);
    let again = rows_of(&outs.path().join("2").join(name));
    for (before, after) in held.iter().zip(&again) {
        assert_eq!(
            (&before["replaces"], &before["cells_out_of_place"]),
            (&after["replaces"], &after["cells_out_of_place"])
        );
    }
    mend(&outs.path().join("2"), data.path(), name, &[("1 cell too few", ""), ("\"x,y\"", "")]);
    let mended = run(data.path(), &outs.path().join("3"));
    assert_eq!(mended.counts["criteria"], RowCounts { read: 5, used: 5, repeated: 0, quarantined: 0 });
}

#[test]
fn the_criteria_of_a_quarantined_case_come_back_with_it() {
    let cases = format!("{CASES}C2,F2,2023-01-10,2023-01-09\n");
    let criteria = "case_id,criterion\nC1,3\nC2,5\nC1,7\nC1,8\n";
    let data = folder(&[("cases.csv", &cases), ("criteria.csv", criteria)]);
    let outs = tempfile::tempdir().unwrap();
    let first = run(data.path(), &outs.path().join("1"));
    assert_eq!(first.held.len(), 2);
    assert!(!outs.path().join("1/quarantine_criteria.csv").exists());
    mend(&outs.path().join("1"), data.path(), "quarantine_cases.csv", &[("2023-01-09", "2023-02-09")]);
    let mended = run(data.path(), &outs.path().join("2"));
    assert_eq!(mended.held, []);
    assert!(mended.decisions.iter().flatten().any(|(column, value)| *column == "case_id" && value == "C2"));
}

/// The terms are a week each, ten half-days.
const TERMS: &str = "academic_year,term,starts_on,ends_on\n2023/24,Summer,2024-07-08,2024-07-12\n2024/25,Autumn,2024-09-09,2024-09-13\n";
const PEOPLE: &str =
    "person_id,family_id,date_of_birth\nP1,F1,2014-05-01\nP2,F1,2014-05-01\nP3,F1,2014-05-01\nP4,F1,2014-05-01\n";

/// In each of the four layouts a row that cannot be read, the same row once more, and enough good ones.
const MARKS: &str = "person_id,date,session,code\nP1,2024-07-08,NOON,-\nP1,2024-07-08,NOON,-\nP1,2024-07-08,PM,/\nP1,2024-07-09,AM,/\nP1,2024-07-09,PM,/\nX9,2024-07-31,LATE,/\n";
const WEEKS: &str = "person_id,week_start,marks\nP2,2024-07-09,12=//////-\nP2,2024-07-09,12=//////-\nP2,2024-09-09,//////////\nP3,2024-09-09,//////////\n";
const TOTALS: &str = "person_id,academic_year,term,possible,attended\nP3,2023/24,Summer,ten,10\nP3,2023/24,Summer,ten,10\nP4,2024/25,Autumn,10,10\nP1,2024/25,Autumn,10,10\n";
const COUNTS: &str = "person_id,academic_year,term,code,sessions\nP4,2023/24,Sumer,/,10\nP4,2023/24,Sumer,/,10\nP4,2023/24,Summer,\\,0\nP4,2023/24,Summer,O,0\n";
/// What the symbols of the weeks stand for: 1 is absence.
const SETTINGS: &str = "[[suppliers]]\nname = \"North\"\nfiles = [\"attendance_w*\"]\nsymbols = { 1 = \"C1\", 2 = \"/\", \"=\" = \"/\" }\n";

#[test]
fn attendance_is_mended_in_every_layout_symbols_and_repeats_included() {
    let changes = [
        ("attendance_marks.csv", "quarantine_attendance_marks.csv", "NOON", "AM"),
        ("attendance_weeks.csv", "quarantine_attendance_weeks.csv", "2024-07-09", "2024-07-08"),
        ("attendance_totals.csv", "quarantine_attendance_totals.csv", ",ten,", ",10,"),
        ("attendance_counts.csv", "quarantine_attendance_counts.csv", "Sumer", "Summer"),
    ];
    let sources = [
        ("cases.csv", CASES),
        ("criteria.csv", "case_id,criterion\nC1,3\nC1,5\nC1,7\n"),
        ("people.csv", PEOPLE),
        ("terms.csv", TERMS),
        ("sfclaim.toml", SETTINGS),
        ("attendance_marks.csv", MARKS),
        ("attendance_weeks.csv", WEEKS),
        ("attendance_totals.csv", TOTALS),
        ("attendance_counts.csv", COUNTS),
    ];
    let data = folder(&sources);
    let outs = tempfile::tempdir().unwrap();
    let first = run(data.path(), &outs.path().join("1"));
    // Nine faulty rows: in each layout one and its repeat, and one of a pupil whom nobody has.
    assert_eq!(first.counts["attendance"], RowCounts { read: 18, used: 9, repeated: 4, quarantined: 5 });
    let weeks = rows_of(&outs.path().join("1/quarantine_attendance_weeks.csv"));
    assert_eq!(
        weeks[0].keys().map(String::as_str).collect::<Vec<_>>(),
        ["from", "marks", "person_id", "replaces", "week_start", "why"]
    );

    // As they are, all stay where they were.
    for (_, name, _, _) in changes {
        mend(&outs.path().join("1"), data.path(), name, &[]);
    }
    let unchanged = run(data.path(), &outs.path().join("2"));
    assert_eq!(unchanged.decisions, first.decisions);
    assert_eq!(unchanged.counts["attendance"], first.counts["attendance"]);
    assert_eq!(unchanged.of("correction_unchanged").len(), 5);
    assert_eq!(unchanged.of("correction_without_row").len(), 0);

    for (_, name, before, after) in changes {
        mend(&outs.path().join("2"), data.path(), name, &[(before, after)]);
    }
    let mended = run(data.path(), &outs.path().join("3"));
    assert_eq!(mended.held, [("attendance_marks.csv row 7".to_owned(), "unknown_session".to_owned())]);
    assert_eq!(mended.counts["attendance"], RowCounts { read: 14, used: 13, repeated: 0, quarantined: 1 });
    let replaced: Vec<&str> = mended.of("rows_corrected").iter().map(|(_, message)| *message).collect();
    assert_eq!(replaced.len(), 4, "{replaced:?}");
    assert!(
        replaced.contains(
            &"2 rows of attendance_weeks.csv: corrections in quarantine_attendance_weeks.csv took their place."
        )
    );

    let at_source: Vec<(&str, String)> = sources
        .iter()
        .map(|(name, text)| {
            let change = changes.iter().find(|(file, ..)| file == name);
            (*name, change.map_or((*text).to_owned(), |(_, _, before, after)| text.replace(before, after)))
        })
        .collect();
    let at_source: Vec<(&str, &str)> = at_source.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let expected = run(folder(&at_source).path(), &outs.path().join("4"));
    assert_eq!(mended.decisions, expected.decisions);
    assert_ne!(mended.decisions, first.decisions);
    // Places of marks are told from the quarantine files too.
    let doubts = std::fs::read_to_string(outs.path().join("3/attendance_doubts.csv")).unwrap();
    let other = std::fs::read_to_string(outs.path().join("4/attendance_doubts.csv")).unwrap();
    assert_eq!(doubts.lines().count(), other.lines().count());
    assert!(doubts.contains(",-,quarantine_attendance_weeks.csv,2,"), "{doubts}");
}

#[test]
fn a_correction_of_attendance_without_its_row_or_without_a_table_is_left_out() {
    let sources = [("cases.csv", CASES), ("criteria.csv", "case_id,criterion\nC1,3\n"), ("attendance.csv", MARKS)];
    let data = folder(&sources);
    let outs = tempfile::tempdir().unwrap();
    run(data.path(), &outs.path().join("1"));
    mend(&outs.path().join("1"), data.path(), "quarantine_attendance_marks.csv", &[("NOON", "AM")]);
    std::fs::write(data.path().join("attendance.csv"), MARKS.replace("NOON", "AM")).unwrap();
    let said = run(data.path(), &outs.path().join("2"));
    assert_eq!(
        said.of("correction_without_row"),
        [(
            "quarantine_attendance_marks.csv row 2",
            "the row whose place quarantine_attendance_marks.csv row 2 was to take is not in quarantine any more: the correction was left out."
        )]
    );
    assert_eq!(said.counts["attendance"], RowCounts { read: 6, used: 4, repeated: 1, quarantined: 1 });
    std::fs::remove_file(data.path().join("attendance.csv")).unwrap();
    let none = run(data.path(), &outs.path().join("3"));
    assert_eq!(none.of("correction_without_row").len(), 2);
    assert!(!none.counts.contains_key("attendance"));
}
