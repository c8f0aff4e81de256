//! Files that say less, or something else, than they seem to: what was handed in by those who tried to make a family pass
//! that must not, and the edges of the contract's paragraphs on files, on both sides. Everybody here is invented.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

type Rows = Vec<BTreeMap<String, String>>;

fn handed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handed").join(name)
}

struct Place(tempfile::TempDir);

/// What a run came to.
struct Ran {
    code: Option<i32>,
    stderr: String,
    decisions: BTreeMap<String, BTreeMap<String, String>>,
    quarantine: Rows,
    findings: Rows,
    out: PathBuf,
}

fn rows_of(path: &Path) -> Rows {
    let Ok(mut reader) = csv::Reader::from_path(path) else { return Vec::new() };
    let header = reader.headers().unwrap().clone();
    let rows = reader
        .records()
        .map(|row| header.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect());
    rows.collect()
}

impl Ran {
    fn of(data: &Path, out: &Path) -> Ran {
        let run: Output = Command::new(env!("CARGO_BIN_EXE_sfclaim"))
            .args(["check", &data.display().to_string(), "--as-at", "2024-09-30", "--force", "--out"])
            .arg(out)
            .output()
            .unwrap();
        let decisions = rows_of(&out.join("decisions.csv"));
        Ran {
            code: run.status.code(),
            stderr: String::from_utf8_lossy(&run.stderr).into_owned(),
            decisions: decisions.into_iter().map(|row| (row["case_id"].clone(), row)).collect(),
            quarantine: rows_of(&out.join("quarantine.csv")),
            findings: rows_of(&out.join("findings.csv")),
            out: out.to_owned(),
        }
    }

    fn status(&self, case: &str) -> &str {
        self.decisions.get(case).map_or("no decision", |row| row["status"].as_str())
    }

    fn column(&self, case: &str, column: &str) -> &str {
        self.decisions.get(case).map_or("no decision", |row| row[column].as_str())
    }

    fn finding(&self, code: &str) -> Vec<&str> {
        let of_code = self.findings.iter().filter(|row| row["finding"] == code);
        of_code.map(|row| row["message"].as_str()).collect()
    }

    /// The values in quarantine, with the columns they stand in.
    fn held(&self) -> Vec<(&str, &str)> {
        self.quarantine.iter().map(|row| (row["column"].as_str(), row["value"].as_str())).collect()
    }
}

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    /// A place with one family that could be claimed: a child below school age, three needs with an outcome.
    fn ready() -> Place {
        let place = Place::new();
        place.put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\n");
        place.put("people.csv", "person_id,family_id,date_of_birth,role\nP1,F1,2021-05-05,child\n");
        place.put("claims.csv", "claim_id,family_id,case_id,submitted_on,decided_on,outcome\n");
        place.put("attendance.csv", "upn,academic_year,term,possible,attended\n");
        place.put("criteria.csv", "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\nC1,7,2024-01-10\n");
        place
    }

    fn of_handed(name: &str) -> Place {
        let place = Place::new();
        for file in std::fs::read_dir(handed(name)).unwrap() {
            let file = file.unwrap().path();
            place.put(&file.file_name().unwrap().to_string_lossy(), std::fs::read(&file).unwrap());
        }
        place
    }

    fn data(&self) -> PathBuf {
        let folder = self.0.path().join("data");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.data().join(name), bytes).unwrap();
    }

    fn take_away(&self, name: &str) {
        std::fs::remove_file(self.data().join(name)).unwrap();
    }

    fn check(&self) -> Ran {
        Ran::of(&self.data(), &self.0.path().join("out"))
    }

    /// Puts a quarantine file of the last run into the data, changed.
    fn mend(&self, name: &str, change: impl Fn(String) -> String) {
        let text = std::fs::read_to_string(self.0.path().join("out").join(name)).unwrap();
        self.put(name, change(text));
    }
}

fn check_handed(name: &str) -> (Place, Ran) {
    let place = Place::of_handed(name);
    let ran = place.check();
    (place, ran)
}

// A row whose cells are what its columns may hold is a row, whatever its first words: the need stays open.
#[test]
fn a_case_may_be_called_as_a_footer_begins() {
    let (_, ran) = check_handed("footer-words");
    assert_eq!(ran.column("Page 1", "progress"), "unknown");
    assert_eq!(ran.status("C9"), "claimable");
    assert!(ran.finding("rows_left_out").is_empty());
}

#[test]
fn a_relapse_in_the_last_row_is_no_footer_and_a_total_is_one() {
    let place = Place::ready();
    place.put("cases.csv", "case_id,family_id,opened_on,closed_on\nReport 1,F1,2023-03-06,2024-01-15\n");
    let needs = "case_id,criterion,outcome_on,relapsed_on\nReport 1,3,2024-01-10,\nReport 1,5,2024-01-10,\nReport 1,7,2024-01-10,\n";
    place.put("criteria.csv", format!("{needs}Report 1,,,2024-02-01\n"));
    let ran = place.check();
    assert_ne!(ran.status("Report 1"), "claimable");
    assert_eq!(ran.held(), [("criterion", "")]);
    for footer in ["Total: 3 needs,,,\n", "Report run on,30/09/2024 at 9:00,,\n", "Page 1 of 1,,,\n", "3 records\n"] {
        place.put("criteria.csv", format!("{needs}{footer}"));
        let ran = place.check();
        assert_eq!((ran.status("Report 1"), ran.finding("rows_left_out").len()), ("claimable", 1), "{footer}");
    }
}

// A formula without a stored value, in which Excel would show a relapse, was read as blank.
#[test]
fn a_formula_without_a_stored_value_is_an_error_and_no_blank() {
    let (_, ran) = check_handed("formula-without-value");
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.status("EH-1"), "review");
    let said = ran.finding("cell_error");
    assert!(said.len() == 1 && said[0].contains("a formula without a value") && said[0].contains("Excel"), "{said:?}");
}

// A relapse merged over two needs is the relapse of both.
#[test]
fn a_merged_area_among_the_rows_is_the_value_of_all_its_rows() {
    let (_, ran) = check_handed("merged-cells");
    assert_eq!(ran.status("EH-1"), "not_claimable");
}

// Three rows can be read month first only, and no row day first only: the 21 other dates are not read day first.
#[test]
fn dates_that_can_be_read_month_first_only_put_all_of_the_file_in_doubt() {
    let (place, ran) = check_handed("month-first-shown-by-other-rows");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("date_order"), "{}", ran.stderr);
    // Where it is said, it is read as it is said: the outcome of 3 October 2024 is after the as-at date.
    place.put(
        "sfclaim.toml",
        "[[files]]\nfile = \"criteria.csv\"\ntable = \"criteria\"\ndate_order = \"month_first\"\n",
    );
    let ran = place.check();
    assert_eq!(ran.column("EH-1", "progress"), "unknown");
    assert!(ran.finding("ambiguous_dates").is_empty());
    place.put("sfclaim.toml", "[[files]]\nfile = \"criteria.csv\"\ntable = \"criteria\"\ndate_order = \"day_first\"\n");
    assert_eq!(place.check().held().len(), 3);
}

/// Cases of other families with as many opening days as are given, and that of C1.
fn cases_opened(days: &[String], own: &str) -> String {
    let mut text = format!("case_id,family_id,opened_on,closed_on\nC1,F1,{own},2024-01-15\n");
    for (number, day) in days.iter().enumerate() {
        text.push_str(&format!("X{number},G{number},{day},\n"));
    }
    text
}

// Contract: "those readable only month first are 1 in 20 or more of the values readable one way only".
#[test]
fn one_in_twenty_is_enough_and_one_in_twenty_one_is_not() {
    let place = Place::ready();
    let day_first = |count: usize| (0..count).map(|_| "25/03/2023".to_owned()).collect::<Vec<_>>();
    for (days, expected) in [(19, "no decision"), (20, "claimable")] {
        let mut all = day_first(days);
        all.push("03/25/2023".to_owned());
        place.put("cases.csv", cases_opened(&all, "06/03/2023"));
        let ran = place.check();
        assert_eq!(ran.status("C1"), expected, "{days}");
        assert!(ran.held().contains(&("opened_on", "03/25/2023")), "{days}");
        assert_eq!(ran.finding("ambiguous_dates").len(), usize::from(expected == "no decision"), "{days}");
    }
    // Dates with the year first have no vote.
    let mut all: Vec<String> = (0..200).map(|_| "2023-03-25".to_owned()).collect();
    all.push("03/25/2023".to_owned());
    place.put("cases.csv", cases_opened(&all, "06/03/2023"));
    assert_eq!(place.check().status("C1"), "no decision");
    // Nothing shows the order: read day first, with a warning that says that nothing does.
    place.put("cases.csv", cases_opened(&[], "06/03/2023"));
    let ran = place.check();
    assert_eq!(ran.status("C1"), "claimable");
    assert!(ran.finding("ambiguous_dates")[0].contains("no other date of the file shows"));
}

// An unreadable date that is put back as it was, or as a spreadsheet writes it again, stays unreadable.
#[test]
fn a_date_that_could_be_read_both_ways_is_not_read_in_its_correction_either() {
    let place = Place::ready();
    let mut days: Vec<String> = (0..19).map(|_| "25/03/2023".to_owned()).collect();
    days.push("03/25/2023".to_owned());
    place.put("cases.csv", cases_opened(&days, "6/3/2023"));
    place.check();
    place.mend("quarantine_cases.csv", |text| text.replace("6/3/2023", "06/03/2023"));
    let ran = place.check();
    assert_eq!(ran.status("C1"), "no decision");
    assert_eq!(ran.finding("correction_unchanged").len(), 2);
    place.mend("quarantine_cases.csv", |text| text.replace("F1,", "F2,"));
    assert_eq!(place.check().status("C1"), "no decision");
    place.take_away("quarantine_cases.csv");
    place.check();
    place.mend("quarantine_cases.csv", |text| text.replace("6/3/2023", "2023-03-06"));
    assert_eq!(place.check().status("C1"), "claimable");
}

// Registers are looked through as well, whatever comes first in them.
#[test]
fn the_order_of_a_register_is_settled_by_all_of_it() {
    let place = Place::ready();
    place.put("people.csv", "person_id,family_id,date_of_birth,role,upn\nP1,F1,2014-05-05,child,W889200024001\n");
    let marks = |last: &str| {
        let mut text = "upn,date,session,code\n".to_owned();
        for day in ["04/03/2024", "05/03/2024", "06/03/2024"] {
            text.push_str(&format!("W889200024001,{day},AM,/\n"));
        }
        for day in ["2024-03-11", "2024-03-12", "2024-03-13", "2024-03-14", "2024-03-15"] {
            text.push_str(&format!("W889200024001,{day},AM,/\n"));
        }
        text + &format!("W889200024001,{last},AM,/\n")
    };
    place.put("attendance.csv", marks("25/03/2024"));
    assert!(place.check().held().is_empty());
    place.put("attendance.csv", marks("03/25/2024"));
    let ran = place.check();
    let dates: Vec<&str> = ran.held().into_iter().map(|(_, value)| value).collect();
    assert_eq!(dates, ["04/03/2024", "05/03/2024", "06/03/2024", "03/25/2024"]);
    assert!(
        ran.finding("ambiguous_dates")[0].contains("the month comes first in 1"),
        "{:?}",
        ran.finding("ambiguous_dates")
    );
}

#[test]
fn one_heading_for_two_columns_is_refused_with_both() {
    let (_, ran) = check_handed("one-heading-two-columns");
    assert_eq!(ran.code, Some(2));
    for word in ["\"Latest\"", "relapsed_on", "result", "line 4"] {
        assert!(ran.stderr.contains(word), "{}", ran.stderr);
    }
}

#[test]
fn a_heading_that_is_another_columns_own_name_or_a_second_flag_is_refused_too() {
    let place = Place::ready();
    let refused = |settings: &str, words: [&str; 2]| {
        place.put("sfclaim.toml", settings);
        let ran = place.check();
        assert_eq!(ran.code, Some(2), "{settings}");
        assert!(words.iter().all(|word| ran.stderr.contains(word)), "{}", ran.stderr);
    };
    place.put("criteria.csv", "case_id,criterion,outcome_on,relapsed_on\nC1,3,2024-01-10,\n");
    let file = "[[files]]\nfile = \"criteria.csv\"\ntable = \"criteria\"\n";
    refused(&format!("{file}columns = {{ identified_on = \"Relapsed On\" }}\n"), ["identified_on", "relapsed_on"]);
    place.put("criteria.csv", "case_id,A,B\nC1,Y,2024-01-10\n");
    refused(&format!("{file}wide.criteria = {{ 1 = \"A\", 3 = \"a\" }}\n"), ["criterion 1", "criterion 3"]);
    refused(
        &format!("{file}wide.criteria = {{ 1 = {{ flag = \"A\", outcome_on = \"B\", relapsed_on = \"B\" }} }}\n"),
        ["outcome_on", "relapsed_on"],
    );
}

// A heading is folded as ids are: what cannot be seen, other spaces, line breaks, dashes and forms of letters are nothing.
#[test]
fn headings_are_folded_as_ids_are() {
    let place = Place::ready();
    let header = "\u{feff}Case\u{a0}ID,\u{ff23}riterion,\"Outcome\non\",Relapsed\u{2013}on\u{200b}";
    place.put("criteria.csv", format!("{header}\nC1,3,2024-01-10,\nC1,5,2024-01-10,\nC1,7,2024-01-10,2024-02-01\n"));
    assert_eq!(place.check().status("C1"), "not_claimable");
    place.put(
        "sfclaim.toml",
        "[[files]]\nfile = \"criteria.csv\"\ntable = \"criteria\"\ncolumns = { relapsed_on = \"LAPSE  since\" }\n",
    );
    place.put("criteria.csv", "case_id,criterion,outcome_on,Lapse\u{2010}Since\nC1,3,2024-01-10,\nC1,5,2024-01-10,\nC1,7,2024-01-10,2024-02-01\n");
    assert_eq!(place.check().status("C1"), "not_claimable");
}

// The second header has more columns, and the first with its rows was taken for text above the table.
#[test]
fn two_exports_in_one_file_stop_the_run() {
    let (_, ran) = check_handed("two-exports-in-one-file");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("criteria.csv row 3 has column names again"), "{}", ran.stderr);
}

// A row that somebody says has the column names does not make rows of a table above it text.
#[test]
fn column_names_above_those_that_were_said_stop_the_run() {
    let place = Place::of_handed("two-exports-in-one-file");
    place.put("sfclaim.toml", "[[files]]\nfile = \"criteria.csv\"\ntable = \"criteria\"\nheader_row = 3\n");
    let ran = place.check();
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("row 1") && ran.stderr.contains("header_row"), "{}", ran.stderr);
}

#[test]
fn the_same_column_names_again_are_a_row_in_quarantine_and_others_stop_the_run() {
    let place = Place::ready();
    let rows = "C1,3,2024-01-10,\nC1,5,2024-01-10,\nC1,7,2024-01-10,\n";
    let header = "case_id,criterion,outcome_on,relapsed_on\n";
    place.put("criteria.csv", format!("{header}{rows}{header}C1,8,2024-01-10,\n"));
    let ran = place.check();
    assert_eq!((ran.code, ran.finding("header_again").len()), (Some(1), 1));
    assert_eq!(ran.column("C1", "criteria_count"), "4");
    assert!(!ran.out.join("quarantine_criteria.csv").exists());
    // The days of outcome of the second export would be read as days of relapse, and the other way about.
    place.put(
        "criteria.csv",
        format!("{header}{rows}case_id,criterion,relapsed_on,outcome_on\nC1,8,2024-02-01,2024-01-10\n"),
    );
    assert_eq!(place.check().code, Some(2));
    place.put("criteria.csv", format!("{header}{rows}"));
    place.put(
        "attendance.csv",
        "upn,academic_year,term,possible,attended\nW889200024001,2023/24,Spring,100,90\n\
         upn,academic_year,term,attended,possible\nW889200024001,2023/24,Summer,90,100\n",
    );
    let ran = place.check();
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("attendance.csv row 3 has column names again"), "{}", ran.stderr);
}

// The bad day is that of criterion 3, and the sheet named criterion 8; mending it as told ended in a false claim.
#[test]
fn a_quarantine_row_of_wide_criteria_names_its_criterion_and_its_heading() {
    let (place, ran) = check_handed("mend-sheet-names-wrong-need");
    assert_eq!(ran.held(), [("Bo", "5th Jan")]);
    let said = &ran.quarantine[0]["message"];
    assert!(said.contains("criterion 3") && said.contains("\"B\"") && said.contains("\"Bo\""), "{said}");
    let sheet = rows_of(&ran.out.join("quarantine_criteria.csv"));
    assert_eq!((sheet[0]["criterion"].as_str(), sheet[0]["flag"].as_str()), ("3", "Y"));
    // Criterion 8 is open, and stays so whatever is done to the row of criterion 3.
    let as_told = |text: String| text.replace("5th Jan", "2024-01-05");
    place.mend("quarantine_criteria.csv", as_told);
    let ran = place.check();
    assert_eq!((ran.column("C1", "headlines"), ran.column("C1", "progress")), ("1;3;8", "unknown"));
    // A correction cannot make another need of it.
    place.put(
        "quarantine_criteria.csv",
        std::fs::read_to_string(place.data().join("quarantine_criteria.csv")).unwrap().replace("C1,3,", "C1,8,"),
    );
    let ran = place.check();
    assert_ne!(ran.status("C1"), "claimable");
    assert_eq!(ran.finding("correction_refused").len(), 1);
}

/// A tracker of C1 with criteria 1, 3, 5 and 8, of which these cells are given.
fn tracker(cells: &str) -> Place {
    let place = Place::ready();
    place.take_away("criteria.csv");
    place.put("tracker.csv", format!("Case,A,Ao,B,Bo,C,Co,D,Do\nC1,{cells}\n"));
    let criteria: Vec<String> = [(1, 'A'), (3, 'B'), (5, 'C'), (8, 'D')]
        .iter()
        .map(|(number, letter)| format!("{number} = {{ flag = \"{letter}\", outcome_on = \"{letter}o\" }}\n"))
        .collect();
    place.put(
        "sfclaim.toml",
        format!(
            "[[files]]\nfile = \"tracker.csv\"\ntable = \"criteria\"\n[files.columns]\ncase_id = \"Case\"\n[files.wide.criteria]\n{}",
            criteria.concat()
        ),
    );
    place
}

#[test]
fn several_bad_needs_of_a_row_are_several_rows_of_the_sheet() {
    let place = tracker("Y,soon,Y,2024-01-10,perhaps,,N,2024-01-10");
    let ran = place.check();
    assert_eq!(ran.held(), [("Ao", "soon"), ("C", "perhaps"), ("D", "N")]);
    let sheet = rows_of(&ran.out.join("quarantine_criteria.csv"));
    let cells: Vec<String> =
        sheet.iter().map(|row| format!("{} {} {}", row["criterion"], row["flag"], row["outcome_on"])).collect();
    assert_eq!(cells, ["1 Y soon", "5 perhaps ", "8 N 2024-01-10"]);
    // Put back as it is: nothing changes, and it is said of each row.
    place.mend("quarantine_criteria.csv", |text| text);
    let again = place.check();
    assert_eq!(again.held(), ran.held());
    assert_eq!(again.finding("correction_unchanged").len(), 3);
    assert_eq!(again.decisions, ran.decisions);
}

// The sheet is mended as the messages say. No answer may make a need that nobody recorded, or lose one.
#[test]
fn mending_the_sheet_says_of_each_need_whether_it_is_there() {
    let place = tracker("Y,2024-01-10,Y,2024-01-10,Y,2024-01-10,N,2024-01-10");
    let ran = place.check();
    assert_eq!(ran.held(), [("D", "N")]);
    let with = |flag: &str, outcome: &str| {
        place.mend("quarantine_criteria.csv", |text| {
            let row = text
                .lines()
                .nth(1)
                .unwrap()
                .replace(",N,", &format!(",{flag},"))
                .replace(",2024-01-10,", &format!(",{outcome},"));
            format!("{}\n{row}\n", text.lines().next().unwrap())
        });
        let ran = place.check();
        let said = (ran.column("C1", "headlines").to_owned(), ran.status("C1").to_owned(), ran.held().len());
        place.take_away("quarantine_criteria.csv");
        place.check();
        said
    };
    let said = |headlines: &str, status: &str, held| (headlines.to_owned(), status.to_owned(), held);
    // There is no such need: the day was a slip.
    assert_eq!(with("N", ""), said("1;3;5", "claimable", 0));
    // There is, and the day is its outcome.
    assert_eq!(with("Y", "2024-01-10"), said("1;3;5;8", "claimable", 0));
    // There is, and it has no outcome yet.
    assert_eq!(with("Y", ""), said("1;3;5;8", "review", 0));
    // Blank is no answer.
    assert_eq!(with("", ""), said("1;3;5", "review", 1));
    assert_eq!(with("N", "2024-01-11"), said("1;3;5", "review", 1));
}

#[test]
fn a_wide_row_of_the_wrong_length_can_be_mended_in_its_file_alone() {
    let place = tracker("Y,2024-01-10,Y,2024-01-10,Y,2024-01-10,Y");
    let ran = place.check();
    assert_eq!(ran.status("C1"), "review");
    assert!(ran.quarantine[0]["message"].contains("mend it in the file itself"));
    assert!(!ran.out.join("quarantine_criteria.csv").exists());
}

// One day of outcome for all, and a yes or no for each: blank is no outcome, and what a family has not is no error.
#[test]
fn a_blank_outcome_beside_one_day_for_all_is_no_outcome() {
    let (place, ran) = check_handed("one-outcome-date-for-all");
    assert_eq!((ran.code, ran.status("C1")), (Some(0), "review"));
    assert_eq!(ran.column("C1", "progress"), "unknown");
    place.put(
        "tracker.csv",
        "Case,Edu,Edu met,Health,Health met,Debt,Debt met,Date all met\nC1,Y,Y,x,Y,,N,2024-01-10\n",
    );
    let ran = place.check();
    assert_eq!((ran.code, ran.column("C1", "criteria_count")), (Some(0), "2"));
    place.put(
        "tracker.csv",
        "Case,Edu,Edu met,Health,Health met,Debt,Debt met,Date all met\nC1,Y,Y,x,Y,Y,Y,2024-01-10\n",
    );
    assert_eq!(place.check().status("C1"), "claimable");
    // An outcome of a need that the family is said not to have is a contradiction.
    place.put(
        "tracker.csv",
        "Case,Edu,Edu met,Health,Health met,Debt,Debt met,Date all met\nC1,Y,Y,x,Y,N,Y,2024-01-10\n",
    );
    assert_eq!(place.check().finding("unclear_flag").len(), 1);
}

#[test]
fn yes_without_a_day_is_no_day_and_no_is_none() {
    let place = tracker("Y,2024-01-10,Y,2024-01-10,Y,N,Y,Y");
    let ran = place.check();
    assert_eq!(ran.held(), [("Do", "Y")]);
    assert!(ran.quarantine[0]["message"].contains("and not when"), "{}", ran.quarantine[0]["message"]);
    assert_eq!(ran.column("C1", "headlines"), "1;3;5");
    let ran = tracker("2023-04-01,2024-01-10,Y,2024-01-10,Y,2024-01-10,,N").check();
    assert_eq!((ran.status("C1"), ran.held().len()), ("claimable", 0));
}

// The tracker has a row a family. Its settings call the column of families that of cases.
#[test]
fn a_tracker_with_a_row_a_family_is_read() {
    let (place, ran) = check_handed("tracker-keyed-by-family");
    assert_ne!(ran.code, Some(2), "{}", ran.stderr);
    assert_eq!(ran.finding("family_ids_as_case_ids").len(), 1);
    let settings = std::fs::read_to_string(place.data().join("sfclaim.toml")).unwrap();
    let settings =
        settings.replace("case_id = \"Family Ref\"\n\n[files.wide", "family_id = \"Family Ref\"\n\n[files.wide");
    place.put("sfclaim.toml", settings);
    let by_family = place.check();
    assert!(by_family.finding("family_ids_as_case_ids").is_empty());
    let status = |ran: &Ran| -> Vec<(String, String)> {
        ran.decisions.iter().map(|(case, row)| (case.clone(), row["status"].clone())).collect()
    };
    assert_eq!(status(&by_family), status(&ran));
    assert!(by_family.decisions.values().any(|row| row["criteria_count"] != "0"));
}

#[test]
fn a_need_by_family_is_of_its_period_or_of_none_that_can_be_told() {
    let place = Place::ready();
    let needs = |rows: &str| place.put("criteria.csv", format!("family_id,criterion,identified_on,outcome_on\n{rows}"));
    needs("F1,3,,2024-01-10\nF1,5,,2024-01-10\nF1,7,,2024-01-10\n");
    assert_eq!(place.check().status("C1"), "claimable");
    // Supported twice: of which time the open need is cannot be told, so that neither passes.
    place.put(
        "cases.csv",
        "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC0,F1,2021-03-06,2021-09-15\n",
    );
    let dated = "F1,3,2023-03-06,2024-01-10\nF1,5,2023-03-06,2024-01-10\nF1,7,2024-01-15,2024-01-15\n";
    needs(dated);
    assert_eq!(place.check().status("C1"), "claimable");
    needs(&format!("{dated}F1,8,,\n"));
    let ran = place.check();
    assert_eq!(ran.column("C1", "progress"), "unknown");
    assert_ne!(ran.status("C1"), "claimable");
    let said = ran.finding("which_period");
    assert!(said.len() == 1 && said[0].contains("C0, C1"), "{said:?}");
    needs(&format!("{dated}F1,8,2022-01-01,\n"));
    assert_ne!(place.check().status("C1"), "claimable");
    needs(&format!("{dated}F1,8,2021-09-15,\n"));
    assert_eq!(place.check().status("C1"), "claimable");
}

// Two families whose ids of 12 digits a spreadsheet has rounded to one are never one family.
#[test]
fn ids_that_lost_their_digits_are_nobodys() {
    let (_, ran) = check_handed("family-ids-scientific");
    assert!(ran.decisions.is_empty());
    assert_eq!(ran.finding("id_lost_digits").len(), 6);
}

#[test]
fn numbers_of_more_than_fifteen_digits_and_dates_are_no_ids_in_a_workbook() {
    let workbook = |id: &dyn Fn(&mut rust_xlsxwriter::Worksheet)| {
        let place = Place::ready();
        place.take_away("cases.csv");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet().set_name("cases").unwrap();
        for (column, heading) in (0u16..).zip(["case_id", "family_id", "opened_on", "closed_on"]) {
            sheet.write(0, column, heading).unwrap();
        }
        sheet.write(1, 0, "C1").unwrap();
        id(sheet);
        sheet.write(1, 2, "2023-03-06").unwrap();
        sheet.write(1, 3, "2024-01-15").unwrap();
        place.put("cases.xlsx", book.save_to_buffer().unwrap());
        place.check()
    };
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    for (ran, held) in [
        (
            workbook(&|sheet| {
                sheet.write(1, 1, 123_456_789_012_345u64).unwrap();
            }),
            false,
        ),
        (
            workbook(&|sheet| {
                sheet.write(1, 1, 1_234_567_890_123_456u64).unwrap();
            }),
            true,
        ),
        (
            workbook(&|sheet| {
                sheet.write(1, 1, "1234567890123456").unwrap();
            }),
            false,
        ),
        (
            workbook(&|sheet| {
                sheet.write_number_with_format(1, 1, 45415, &day).unwrap();
            }),
            true,
        ),
        (
            workbook(&|sheet| {
                sheet.write(1, 1, "2024-05-03").unwrap();
            }),
            false,
        ),
    ] {
        assert_eq!(ran.finding("id_lost_digits").len() + ran.finding("cell_error").len(), usize::from(held));
        assert_eq!(ran.decisions.len(), usize::from(!held));
    }
}

// A spreadsheet that reads month first has made dates of 3 March to 12 December, with day and month swapped, and left the
// others as text.
#[test]
fn dates_that_a_spreadsheet_has_swapped_are_not_read() {
    let run = |texts: usize| {
        let place = Place::ready();
        place.take_away("criteria.csv");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet().set_name("criteria").unwrap();
        for (column, heading) in (0u16..).zip(["case_id", "criterion", "outcome_on"]) {
            sheet.write(0, column, heading).unwrap();
        }
        let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
        for (row, criterion) in (1u32..).zip(["3", "5", "7", "8", "9", "10"]) {
            sheet.write(row, 0, "C1").unwrap();
            sheet.write(row, 1, criterion).unwrap();
            if row as usize <= texts {
                sheet.write(row, 2, "15/01/2024").unwrap();
            } else {
                // 10 January 2024.
                sheet.write_number_with_format(row, 2, 45301, &day).unwrap();
            }
        }
        place.put("criteria.xlsx", book.save_to_buffer().unwrap());
        place.check()
    };
    assert_eq!(run(2).status("C1"), "claimable");
    let ran = run(3);
    assert_eq!(ran.held(), [("outcome_on", "2024-01-10 or 2024-10-01"); 3]);
    assert!(ran.quarantine[0]["message"].contains("swapped day and month"));
    assert_ne!(ran.status("C1"), "claimable");
}

#[test]
fn what_was_not_read_and_looks_like_a_table_is_a_warning() {
    let place = Place::ready();
    place.put("attendance_low.txt", "x\n");
    place.put("claims_2019.csv.gz", "x\n");
    place.put("old export.csv", "claim_id,family_id,submitted_on,outcome\n");
    place.put("notes.txt", "Read me\n");
    place.put("attendance.csv", "upn,academic_year,term,possible,attended,Attendance %\n");
    let ran = place.check();
    let warned = ran.finding("table_not_read").join("\n");
    assert_eq!(ran.finding("table_not_read").len(), 3, "{warned}");
    for name in ["attendance_low.txt", "claims_2019.csv.gz", "old export.csv"] {
        assert!(warned.contains(name), "{warned}");
    }
    assert_eq!(ran.finding("percentage_not_read").len(), 1);
    assert_eq!(ran.finding("file_not_read").len(), 1);
}
