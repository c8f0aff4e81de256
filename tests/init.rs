//! `sfclaim init`: folders as councils have them, the settings that it proposes, and the decisions that come of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sample_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn data(&self) -> PathBuf {
        let folder = self.0.path().join("data");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.data().join(name), bytes).unwrap();
    }

    fn init(&self, more: &[&str]) -> Output {
        let data = self.data().display().to_string();
        sfclaim(&[&["init", data.as_str()], more].concat())
    }

    fn proposed(&self) -> String {
        std::fs::read_to_string(self.data().join("sfclaim.toml")).unwrap()
    }
}

fn decisions(data: &Path, out: &Path) -> String {
    let (data, out_name) = (data.display().to_string(), out.display().to_string());
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &out_name]);
    assert_eq!(run.status.code(), Some(0), "{}{}", stderr(&run), stdout(&run));
    std::fs::read_to_string(out.join("decisions.csv")).unwrap()
}

type Rows = Vec<BTreeMap<String, String>>;

fn sample(table: &str) -> Rows {
    let mut reader = csv::Reader::from_path(sample_data().join(format!("{table}.csv"))).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Cells as one line of text.
fn line(cells: &[String], separator: char) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            if cell.contains([separator, '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        })
        .collect();
    cells.join(&separator.to_string()) + "\r\n"
}

fn british(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').collect();
    if let [year, month, day] = parts[..] { format!("{day}/{month}/{year}") } else { String::new() }
}

fn american(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').collect();
    if let [year, month, day] = parts[..] { format!("{month}/{day}/{year}") } else { String::new() }
}

fn word(words: &[(&str, &str)], of: &str) -> String {
    words.iter().find(|(own, _)| *own == of).map_or(of.to_owned(), |(_, theirs)| (*theirs).to_owned())
}

const LABELS: [&str; 10] = [
    "Getting a good education",
    "Good early years development",
    "Improved mental and physical health",
    "Promoting recovery and reducing harm from substance use",
    "Improved family relationships",
    "Children safe from abuse and exploitation",
    "Crime prevention and tackling crime",
    "Safe from domestic abuse",
    "Secure housing",
    "Financial stability",
];

/// The sample authority as a council might have it: one list of cases with semicolons, title and footer, its needs side by
/// side; people and attendance in a workbook among other sheets; claims with the month first.
fn messy(place: &Place) {
    let day = |row: &BTreeMap<String, String>, column: &str| british(&row[column]);
    let mut cases = "Early Help – caseload export;;;\r\n\r\nRun for: all teams;;;\r\n".to_owned();
    cases += "EH Case Ref;Family No;Service;Date Opened;Closure Date;Team Name;Lead Professional;Date of Assessment;Plan Date\r\n";
    let sources = [("early_help", "Early Help"), ("social_care", "CSC"), ("transforming_lives", "Transforming Lives")];
    for row in sample("cases") {
        let closed = if row["closed_on"].is_empty() { "Ongoing".to_owned() } else { day(&row, "closed_on") };
        let cells = [
            row["case_id"].clone(),
            row["family_id"].clone(),
            word(&sources, &row["source"]),
            day(&row, "opened_on"),
            closed,
            row["team"].clone(),
            row["lead_practitioner"].clone(),
            day(&row, "assessment_on"),
            day(&row, "plan_on"),
        ];
        cases += &line(&cells, ';');
    }
    cases += "Total: 3843 cases;;;\r\n";
    place.put("EHM export.csv", encoding_rs_1252(&cases));
    place.put("needs by case.csv", wide_needs());

    let outcomes = [
        ("approved", "Paid"),
        ("submitted", "Pending"),
        ("clawed_back", "Clawback"),
        ("rejected", "Declined"),
        ("withdrawn", "Cancelled"),
    ];
    let mut claims = "PbR Ref,Family No,Case Ref,Date Claimed,Decision Date,Claim Status\n".to_owned();
    for row in sample("claims") {
        let cells = [
            row["claim_id"].clone(),
            row["family_id"].clone(),
            row["case_id"].clone(),
            american(&row["submitted_on"]),
            american(&row["decided_on"]),
            word(&outcomes, &row["outcome"]),
        ];
        claims += &line(&cells, ',');
    }
    place.put("PbR claims 2010 on.csv", claims);
    workbook(place);
    for name in ["agreements.csv", "attendance_marks.csv"] {
        std::fs::copy(sample_data().join(name), place.data().join(name)).unwrap();
    }
    place.put("read me.docx", "a letter");
    place.put("regions.csv", "Code,Description\nN,North\nS,South\n");
}

/// Windows-1252, as far as these texts need it.
fn encoding_rs_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| if c == '–' { 0x96 } else { u8::try_from(u32::from(c)).unwrap() }).collect()
}

fn wide_needs() -> String {
    let needs = sample("criteria");
    let mut criteria: Vec<String> = needs.iter().map(|need| need["criterion"].clone()).collect();
    criteria.sort_by_key(|text| {
        let (headline, need) = text.split_once('.').unwrap_or((text, "0"));
        (headline.parse::<u32>().unwrap(), need.parse::<u32>().unwrap())
    });
    criteria.dedup();
    let named = |criterion: &String| match criterion.parse::<usize>() {
        Ok(headline) => format!("{headline}. {}", LABELS[headline - 1]),
        Err(_) => format!("Need {criterion}"),
    };
    let mut header = vec!["Case Ref".to_owned()];
    for name in criteria.iter().map(named) {
        let parts = ["", " - date identified", " - outcome date", " - date relapsed", " - result"];
        header.extend(parts.iter().map(|part| format!("{name}{part}")));
    }
    let mut by_case: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
    for need in needs {
        by_case.entry(need["case_id"].clone()).or_default().insert(need["criterion"].clone(), need);
    }
    let mut text = line(&header, ',');
    for (case, of_case) in by_case {
        let mut cells = vec![case];
        for criterion in &criteria {
            match of_case.get(criterion) {
                Some(need) => {
                    let result = word(&[("achieved", "Met"), ("not_achieved", "Not met")], &need["result"]);
                    cells.push("Identified".to_owned());
                    cells.extend(["identified_on", "outcome_on", "relapsed_on"].map(|column| british(&need[column])));
                    cells.push(result);
                }
                None => cells.extend(["No", "", "", "", ""].map(str::to_owned)),
            }
        }
        text += &line(&cells, ',');
    }
    text
}

fn workbook(place: &Place) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let cover = book.add_worksheet().set_name("Cover").unwrap();
    cover.write(0, 0, "Family data for the claims team").unwrap();
    cover.write(2, 0, "Owner").unwrap();
    let sheet = book.add_worksheet().set_name("Members").unwrap();
    sheet.write(0, 0, "Family members, one row each").unwrap();
    let header = [
        "Individual ID",
        "Family No",
        "DOB",
        "Role in Family",
        "School Status",
        "Unique Pupil Number",
        "Previous UPN",
        "Forename",
        "Surname",
        "Post Code",
        "Date Joined",
        "Date Left",
        "Pregnant",
        "Restricted Record",
    ];
    let columns = [
        "person_id",
        "family_id",
        "date_of_birth",
        "role",
        "schooling",
        "upn",
        "former_upn",
        "first_name",
        "last_name",
        "postcode",
        "joined_on",
        "left_on",
        "expecting",
        "restricted",
    ];
    for (at, heading) in header.iter().enumerate() {
        sheet.write(2, at as u16, *heading).unwrap();
    }
    let words = [
        ("child", "Young person"),
        ("adult", "Parent/Carer"),
        ("home", "EHE"),
        ("none", "CME"),
        ("school", "On roll"),
        ("y", "Yes"),
    ];
    let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    for (number, row) in sample("people").iter().enumerate() {
        for (at, column) in columns.iter().enumerate() {
            let (to_row, to_column) = (number as u32 + 3, at as u16);
            let value = &row[*column];
            let is_day = column.ends_with("_on") || *column == "date_of_birth";
            if is_day && !value.is_empty() {
                let day = rust_xlsxwriter::ExcelDateTime::parse_from_str(value).unwrap();
                sheet.write_with_format(to_row, to_column, day, &format).unwrap();
            } else if !value.is_empty() {
                let is_word = ["role", "schooling", "expecting", "restricted"].contains(column);
                sheet.write(to_row, to_column, if is_word { word(&words, value) } else { value.clone() }).unwrap();
            }
        }
    }
    let sheet = book.add_worksheet().set_name("School data").unwrap();
    let header =
        ["UPN", "Person ID", "School Year", "Term Name", "School URN", "Possible Sessions", "Auth Abs", "Unauth Abs"];
    let columns = ["upn", "person_id", "academic_year", "term", "school_urn", "possible", "authorised", "unauthorised"];
    for (at, heading) in header.iter().enumerate() {
        sheet.write(0, at as u16, *heading).unwrap();
    }
    for (number, row) in sample("attendance_totals").iter().enumerate() {
        for (at, column) in columns.iter().enumerate() {
            let (to_row, to_column, value) = (number as u32 + 1, at as u16, &row[*column]);
            match (*column, value.parse::<f64>()) {
                ("academic_year", _) => sheet.write(to_row, to_column, value.replace('/', "-20")).map(|_| ()),
                ("term", _) => sheet.write(to_row, to_column, format!("{value} Term")).map(|_| ()),
                ("possible" | "authorised" | "unauthorised", Ok(count)) => {
                    sheet.write(to_row, to_column, count).map(|_| ())
                }
                _ => sheet.write(to_row, to_column, value).map(|_| ()),
            }
            .unwrap();
        }
    }
    let sheet = book.add_worksheet().set_name("Lookups").unwrap();
    for (row, cells) in [["Code", "Meaning"], ["EH", "Early Help"], ["TL", "Transforming Lives"]].iter().enumerate() {
        for (at, cell) in cells.iter().enumerate() {
            sheet.write(row as u32, at as u16, *cell).unwrap();
        }
    }
    book.save(place.data().join("Family data.xlsx")).unwrap();
}

// The one edit is the authority, which no file says.
#[test]
fn a_messy_folder_gives_the_decisions_of_the_tidy_one() {
    let place = Place::new();
    messy(&place);
    let run = place.init(&[]);
    assert_eq!((run.status.code(), stderr(&run).as_str()), (Some(0), ""), "{}", stdout(&run));
    let proposed = place.proposed();
    for expected in [
        "encoding = \"windows-1252\"",
        "separator = \"semicolon\"",
        "header_row = 4",
        "date_order = \"month_first\"  # certain:",
        "opened_on = \"Date Opened\"  # certain",
        "sheet = \"Members\"",
        "header_row = 3",
        "\"CSC\" = \"social_care\"",
        "\"Clawback\" = \"clawed_back\"",
        "\"2023-2024\" = \"2023/24\"",
        "yes = [\"Identified\"]",
        "9 = { flag = \"9. Secure housing\"",
        "\"3.1\" = { flag = \"Need 3.1\"",
        "# agreements.csv: the table agreements, read as it stands.",
        "# - regions.csv: ",
        "# - Family data.xlsx [Lookups]: ",
        "# - read me.docx: ",
    ] {
        assert!(proposed.contains(expected), "{expected}\n{proposed}");
    }
    assert!(!proposed.contains("TO DECIDE"), "{proposed}");
    let screen = stdout(&run);
    assert!(screen.contains("the folder can be read with them."), "{screen}");
    assert!(screen.contains("sfclaim validate ") && screen.contains("--as-at DATE"), "{screen}");

    let settings = proposed.replacen("# authority = \"\"", "authority = \"blackburn-with-darwen\"", 1);
    place.put("sfclaim.toml", settings);
    let tidy = decisions(&sample_data(), &place.0.path().join("tidy"));
    assert_eq!(decisions(&place.data(), &place.0.path().join("out")), tidy);
}

// Handed: a heading with a % was proposed as `attended`; the first authority of the rules as that of the folder; and columns
// with blanks as certain.
#[test]
fn a_percentage_is_no_number_of_sessions_and_no_authority_is_guessed() {
    let place = Place::new();
    for file in
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handed/percent-guessed-as-attended"))
            .unwrap()
    {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name != "sfclaim.toml" {
            place.put(&name, std::fs::read(&file).unwrap());
        }
    }
    assert_eq!(place.init(&[]).status.code(), Some(0));
    let proposed = place.proposed();
    assert!(!proposed.lines().any(|line| line.contains("attended =")), "{proposed}");
    assert!(!proposed.lines().any(|line| line.contains("= \"% Attendance\"")), "{proposed}");
    assert!(proposed.contains("possible = \"Sessions Possible\""), "{proposed}");
    assert!(proposed.contains("# authority = \"\"  # to decide"), "{proposed}");
    let with_blanks = proposed.lines().filter(|line| line.contains("; blank in "));
    assert!(
        with_blanks.clone().next().is_some() && with_blanks.clone().all(|line| !line.contains("certain")),
        "{proposed}"
    );
}

// A heading without a sign, and values that tell.
#[test]
fn percentages_are_told_by_their_values_too() {
    for (values, is_proposed) in
        [(["95.5", "94.6", "100.0"], false), (["95%", "94%", "100%"], false), (["105", "97", "110"], true)]
    {
        let place = Place::new();
        let rows: Vec<String> =
            values.iter().map(|value| format!("W889200024001,2023/24,Spring,110,{value},Ann\n")).collect();
        place.put("register.csv", format!("UPN,Academic Year,Term,Sessions Possible,Present,Name\n{}", rows.concat()));
        place.init(&[]);
        let proposed = place.proposed();
        assert_eq!(proposed.contains("attended = \"Present\""), is_proposed, "{proposed}");
    }
}

#[test]
fn nothing_of_a_person_stands_in_the_proposal_or_on_the_screen() {
    let place = Place::new();
    messy(&place);
    let run = place.init(&[]);
    let said = place.proposed() + &stdout(&run);
    for row in sample("people").iter().take(300) {
        for column in ["person_id", "date_of_birth", "upn", "last_name", "postcode"] {
            let value = &row[column];
            assert!(value.is_empty() || !said.contains(value.as_str()), "{column}");
        }
    }
    for row in sample("cases").iter().take(300) {
        for column in ["case_id", "lead_practitioner"] {
            let value = &row[column];
            assert!(value.is_empty() || !said.contains(value.as_str()), "{column}");
        }
    }
    let first = place.proposed();
    assert_eq!(place.init(&["--force"]).status.code(), Some(0));
    assert_eq!(place.proposed(), first, "the same folder gives the same bytes");
}

#[test]
fn of_a_tidy_folder_only_the_authority_is_left_to_say() {
    let place = Place::new();
    for entry in std::fs::read_dir(sample_data()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            std::fs::copy(&path, place.data().join(path.file_name().unwrap())).unwrap();
        }
    }
    let run = place.init(&[]);
    assert!(stdout(&run).contains("Nothing is left to decide but the authority."), "{}", stdout(&run));
    let proposed = place.proposed();
    assert!(proposed.lines().all(|line| line.is_empty() || line.starts_with('#')), "{proposed}");
    assert_eq!(proposed.matches("read as it stands").count(), 7, "{proposed}");
}

#[cfg(unix)]
#[test]
fn the_settings_are_for_their_owner_and_never_written_over_without_force() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.put("cases.csv", "case_id,family_id,opened_on\nC1,F1,2024-01-01\n");
    place.put("criteria.csv", "case_id,criterion\nC1,3\n");
    assert_eq!(place.init(&[]).status.code(), Some(0));
    let path = place.data().join("sfclaim.toml");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    place.put("sfclaim.toml", "authority = \"mine\"\n");
    let run = place.init(&[]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("is there already") && stderr(&run).contains("--force"), "{}", stderr(&run));
    assert_eq!(place.proposed(), "authority = \"mine\"\n");

    let beside = place.0.path().join("proposal.toml").display().to_string();
    assert_eq!(place.init(&["--out", &beside]).status.code(), Some(0));
    assert_eq!(place.proposed(), "authority = \"mine\"\n");
    assert_eq!(place.init(&["--force"]).status.code(), Some(0));
    assert!(place.proposed().contains("authority = \"mine\"  # as it was said before"));
    let left: Vec<_> = std::fs::read_dir(place.data()).unwrap().collect();
    assert_eq!(left.len(), 3, "nothing is left beside it");
}

#[test]
fn an_empty_folder_and_one_without_tables_are_told() {
    let place = Place::new();
    place.data();
    let run = place.init(&[]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("has no table to look at: it is empty"), "{}", stderr(&run));
    place.put("letter.docx", "x");
    assert!(stderr(&place.init(&[])).contains("none of its files is one that is read"));
    place.put("notes.csv", "a,b\n1,2\n");
    let run = place.init(&[]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(
        stdout(&run).contains("The next thing to decide:\n  ") && stdout(&run).contains("no table \"cases\""),
        "{}",
        stdout(&run)
    );
    assert!(place.proposed().contains("# - notes.csv: none of its first rows has two headings that are known."));
}

#[test]
fn of_two_files_that_may_be_one_table_neither_is_chosen() {
    let place = Place::new();
    let text = "Case Ref,Family No,Date Opened\nC1,F1,01/02/2024\nC2,F2,13/02/2024\n";
    place.put("cases 2023.csv", text);
    place.put("cases 2024.csv", text.replace("C1", "C3"));
    place.put("criteria.csv", "case_id,criterion\nC1,3\n");
    let run = place.init(&[]);
    let proposed = place.proposed();
    assert_eq!(proposed.matches("# TO DECIDE: ").count(), 2, "{proposed}");
    assert!(proposed.contains("They have the same headings"), "{proposed}");
    assert!(!proposed.lines().any(|line| line == "[[files]]"), "{proposed}");
    assert!(stdout(&run).contains("The folder cannot be read yet"), "{}", stdout(&run));
    // A file with the name of the table is read in any case; the other one is the question.
    place.put("cases.csv", "case_id,family_id,opened_on\nC1,F1,2024-01-01\n");
    std::fs::remove_file(place.data().join("cases 2023.csv")).unwrap();
    let run = place.init(&["--force"]);
    let proposed = place.proposed();
    assert!(proposed.contains("# cases.csv: the table cases, read as it stands."), "{proposed}");
    assert_eq!(proposed.matches("# TO DECIDE: cases.csv may be the table cases too").count(), 1, "{proposed}");
    assert!(stdout(&run).contains("the folder can be read with them."), "{}", stdout(&run));
}

#[test]
fn guesses_are_comments_with_what_to_decide() {
    let place = Place::new();
    place.put(
        "export.csv",
        "Case Ref,Family No,Date Opened,Start Date,Closure Date\nC1,F1,01/02/2024,02/02/2024,n/a\nC2,F2,03/02/2024,04/02/2024,05/03/24\n",
    );
    place.put(
        "needs.csv",
        "Case Ref,Need Identified,Outcome Date,Status\nC1,Secure housing,03/04/2024,Met\nC1,Debt,,\n",
    );
    let run = place.init(&[]);
    let proposed = place.proposed();
    for expected in [
        // Two headings that would do equally well: neither is chosen.
        "TO DECIDE: which heading is opened_on is a guess.",
        "to decide: \"Date Opened\" would do as well",
        "a year of two digits, which is refused: ask for four.",
        "none of ",
        "\"n/a\" = \"\"  # likely: it says that there is none (1 row)",
        "\"Secure housing\" = \"9\"",
        "\"Debt\" = \"10\"",
        "\"Met\" = \"achieved\"",
    ] {
        assert!(proposed.contains(expected), "{expected}\n{proposed}");
    }
    assert!(stdout(&run).contains("no table \"cases\""), "{}", stdout(&run));
}

#[cfg(feature = "native")]
#[test]
fn a_parquet_file_and_attendance_of_a_term_in_the_name_of_its_file_are_proposed() {
    let place = Place::new();
    place.put("cases.csv", "case_id,family_id,opened_on\nC1,F1,2024-01-01\n");
    place.put("criteria.csv", "case_id,criterion\nC1,3\n");
    place.put(
        "Census Autumn 2023-24.csv",
        "UPN,Estab,Possible Sessions,Attended Sessions\nW889200024001,9901,120,110\n",
    );
    use polars::prelude::{DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};
    let columns = vec![
        Series::new("Individual ID".into(), ["P1", "P2"]).into_column(),
        Series::new("Family No".into(), ["F1", "F1"]).into_column(),
        Series::new("DOB".into(), ["2014-05-04", "1985-01-30"]).into_column(),
    ];
    let mut frame = DataFrame::new(2, columns).unwrap();
    ParquetWriter::new(std::fs::File::create(place.data().join("members.parquet")).unwrap())
        .finish(&mut frame)
        .unwrap();
    let run = place.init(&[]);
    let proposed = place.proposed();
    for expected in [
        "term = \"Autumn\"  # likely: by the name of the file",
        "academic_year = \"2023/24\"  # likely: by the name of the file",
        "attended = \"Attended Sessions\"  # certain",
        "file = \"members.parquet\"\ntable = \"people\"  # certain",
    ] {
        assert!(proposed.contains(expected), "{expected}\n{proposed}");
    }
    assert!(stdout(&run).contains("the folder can be read with them."), "{}", stdout(&run));
}

// Questions -----------------------------------------------------------------------------------------------------------

fn handed(name: &str) -> Place {
    let place = Place::new();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handed").join(name)).unwrap() {
        let file = file.unwrap().path();
        place.put(&file.file_name().unwrap().to_string_lossy(), std::fs::read(&file).unwrap());
    }
    place
}

fn answered(place: &Place, answers: &str, more: &[&str]) -> Output {
    let file = place.0.path().join("answers.txt");
    std::fs::write(&file, answers).unwrap();
    let file = file.display().to_string();
    place.init(&[&["--answers", file.as_str()], more].concat())
}

const TRACKER: &str = "\
# whose families
blackburn-with-darwen
# the files, each as it was understood
ok
ok
ok
ok
# query with DLUHC, Rejected by audit, Claimed Q2, clawed back Sept 24 (audit), Paid - Q4
submitted
rejected
submitted
clawed back
approved
yes
# the school's percentages
yes
";

fn all_decisions(data: &Path, out: &Path) -> String {
    let (data, out_name) = (data.display().to_string(), out.display().to_string());
    let run = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &out_name]);
    assert_ne!(run.status.code(), Some(2), "{}{}", stderr(&run), stdout(&run));
    std::fs::read_to_string(out.join("decisions.csv")).unwrap()
}

// Six files of a council as they are, from nothing to decisions by answers alone. The settings of the folder were written by
// hand. They differ in three things: they call the families' column that of cases, they leave "ongoing" in the columns of
// outcomes unread, and one word of the claims.
#[test]
fn a_tracker_goes_from_nothing_to_decisions_by_answers_alone() {
    let place = handed("tracker-keyed-by-family");
    let by_hand = place.proposed();
    std::fs::remove_file(place.data().join("sfclaim.toml")).unwrap();
    let run = answered(&place, TRACKER, &[]);
    assert_eq!((run.status.code(), stderr(&run).as_str()), (Some(0), ""), "{}", stdout(&run));
    let asked = all_decisions(&place.data(), &place.0.path().join("asked"));

    let by_hand = by_hand
        .replace(
            "case_id = \"Family Ref\"\n\n[files.wide",
            "family_id = \"Family Ref\"\n\n[files.values.outcome_on]\n\"ongoing\" = \"\"\n\n[files.wide",
        )
        .replace("\"Paid\" = ", "\"clawed back Sept 24 (audit)\" = \"clawed_back\"\n\"Paid\" = ")
        + "\n[[files]]\nfile = \"St Marys attendance Spr Sum 2024.csv\"\ntable = \"attendance\"\nheader_row = 2\n\
           encoding = \"windows-1252\"\ncolumns.upn = \"UPN\"\n[files.wide.terms]\n\
           \"Spring 2023/24\" = \"Spring Term 2024 %\"\n\"Summer 2023/24\" = \"Summer Term 2024 %\"\n";
    assert!(by_hand.contains("ongoing\" = \"\"\n\n[files.wide") && by_hand.contains("clawed_back"), "{by_hand}");
    place.put("sfclaim.toml", by_hand);
    assert_eq!(asked, all_decisions(&place.data(), &place.0.path().join("by hand")));
    // 61 cases of 60 families.
    assert_eq!(asked.lines().count(), 62);
}

#[test]
fn the_end_says_what_is_ready_what_is_missing_and_whom_to_ask() {
    let place = handed("tracker-keyed-by-family");
    let run = answered(&place, &TRACKER.replace("# whose families\nblackburn-with-darwen\n", ""), &["--force"]);
    let screen = stdout(&run).replace("\n  ", " ");
    // The settings that were written over named the authority, so that it was not asked.
    assert!(place.proposed().contains("authority = \"blackburn-with-darwen\"  # as it was said before"), "{screen}");
    for expected in [
        // 134 rows of sessions, and two percentages of each of 24 pupils.
        "Ready, in rows: cases 61, people 158, criteria 201, attendance 182, claims 21.",
        "In quarantine, since they cannot be read: people 1 of 159, criteria 3 of 204.",
        "Ask practitioners about ",
        "Next: `sfclaim check ",
    ] {
        assert!(screen.contains(expected), "{expected}\n{screen}");
    }
}

// The three values that a person sees beside a heading are on the terminal alone.
#[test]
fn no_value_of_a_column_comes_into_the_settings_or_the_answers() {
    let place = handed("tracker-keyed-by-family");
    std::fs::remove_file(place.data().join("sfclaim.toml")).unwrap();
    let run = answered(&place, TRACKER, &[]);
    let written = place.proposed() + &stdout(&run) + &stderr(&run);
    for value in ["Abbot", "Kerry", "F1001", "EP20001", "700001", "V889203000002", "R Patel", "2014-05-02"] {
        assert!(!written.contains(value), "{value}\n{written}");
    }
}

#[test]
fn answers_that_do_not_fit_stop_before_anything_is_written() {
    let place = handed("tracker-keyed-by-family");
    std::fs::remove_file(place.data().join("sfclaim.toml")).unwrap();
    for (answers, why) in [
        (
            "blackburn-with-darwen\nok\n",
            "the answers end before the questions do. The next one is: Family members list.xlsx",
        ),
        ("blackburn-with-darwen\nperhaps\n", "line 2 of the answers, \"perhaps\", is no answer to: EHM Episodes"),
        // Which council it is is not guessed.
        ("ok\n", "line 1 of the answers, \"ok\", is no answer to: Which council"),
        (&format!("{TRACKER}ok\n"), "answers no question"),
    ] {
        let run = answered(&place, answers, &[]);
        assert_eq!(run.status.code(), Some(2), "{}", stdout(&run));
        assert!(stderr(&run).contains(why), "{}", stderr(&run));
        assert!(!place.data().join("sfclaim.toml").exists());
    }
}

// A form has them all at once: what is answered, and from there on what is proposed. It writes nothing.
#[test]
fn as_data_all_questions_are_asked_at_once() {
    let place = handed("tracker-keyed-by-family");
    std::fs::remove_file(place.data().join("sfclaim.toml")).unwrap();
    let asked = |answers: &str| -> Vec<serde_json::Value> {
        let run = answered(&place, answers, &["--json"]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        assert!(!place.data().join("sfclaim.toml").exists());
        let read: serde_json::Value = serde_json::from_str(&stdout(&run)).unwrap();
        read["questions"].as_array().unwrap().clone()
    };
    let open = asked("");
    assert_eq!(open.len(), 12);
    assert!(open.iter().all(|one| one["answered"].is_null()));
    assert!(open[0]["proposed"].is_null(), "whose families they are is not guessed");
    assert_eq!(open[1]["found"][0]["values"].as_array().unwrap().len(), 3, "{}", open[1]);
    let all = asked(TRACKER);
    assert!(all.iter().all(|one| one["answered"].is_u64()));
    assert_eq!(all[1]["answered"], 0);
    // From a line that is no answer on, none is taken.
    let some = asked("blackburn-with-darwen\nperhaps\nok\n");
    assert_eq!(some.iter().filter(|one| one["answered"].is_u64()).count(), 1);
}

// A heading that nothing is like, a word that may be anything, and dates that show no order.
#[test]
fn what_cannot_be_told_is_asked_and_what_nobody_knows_stays_open() {
    let place = Place::new();
    place.put(
        "caseload.csv",
        "Our Number,Family No,Date Opened,Closure Date\nA1,F1,01/02/2023,03/04/2023\nA2,F2,03/02/2023,\n",
    );
    place.put(
        "needs.csv",
        "Case Ref,Need Identified,Outcome Date,Outcome Status\nA1,Secure housing,03/04/2023,Met\nA1,Debt,,Parked\nA1,Debt,,Parked\n",
    );
    let run = answered(&place, "another council\ncases\nOur Number\nok\nthe day\nok\nnot achieved\nok\n", &[]);
    // What is asked in the file of cases: what it is, its case_id, whether all is right, the order of its dates.
    let said = stdout(&run);
    assert_eq!(run.status.code(), Some(0), "{}{said}", stderr(&run));
    let proposed = place.proposed();
    for expected in [
        "case_id = \"Our Number\"  # as you answered",
        "date_order = \"day_first\"  # as you answered",
        "\"Parked\" = \"not_achieved\"  # as you answered (2 rows)",
        "# authority = \"\"  # to decide",
    ] {
        assert!(proposed.contains(expected), "{expected}\n{proposed}\n{said}");
    }
}

#[test]
fn a_file_that_is_left_out_and_a_column_that_is_another_are_taken_as_said() {
    let place = Place::new();
    let text = "Case Ref,Family No,Date Opened,Start Date\nC1,F1,13/02/2024,14/02/2024\nC2,F2,15/02/2024,16/02/2024\n";
    place.put("cases 2023.csv", text);
    place.put("cases 2024.csv", text.replace("C1", "C3"));
    place.put("criteria.csv", "case_id,criterion\nC3,3\n");
    let run = answered(
        &place,
        "2\ncases: a row for each time that a family was supported\n1\ncases 2024.csv alone\nStart Date\nok\n",
        &[],
    );
    let said = stderr(&run) + &stdout(&run);
    assert_eq!(run.status.code(), Some(0), "{said}");
    let proposed = place.proposed();
    assert!(proposed.contains("# LEFT OUT: it is left out, as you answered.\n# # cases 2023.csv"), "{proposed}");
    assert!(proposed.contains("opened_on = \"Start Date\"  # as you answered"), "{proposed}");
    assert_eq!(proposed.lines().filter(|line| *line == "[[files]]").count(), 1, "{proposed}");
}

#[test]
fn what_was_written_stays_and_what_is_new_is_added() {
    let place = Place::new();
    place.put("export.csv", "Case Ref,Family No,Date Opened\nC1,F1,13/02/2024\n");
    place.put("criteria.csv", "case_id,criterion\nC1,3\n");
    let mine = "# ours, by hand\nauthority = \"mine\"   # kept\n\n[[files]]\nfile = \"export.csv\" # of Mondays\ntable = \"cases\"\n[files.columns]\ncase_id = \"Case Ref\"\nfamily_id = \"Family No\"\nopened_on = \"Date Opened\"\n";
    place.put("sfclaim.toml", mine);
    // Nothing is new.
    let run = place.init(&["--add"]);
    assert_eq!((run.status.code(), place.proposed().as_str()), (Some(0), mine), "{}", stdout(&run));
    assert!(stdout(&run).contains("Nothing is new: "), "{}", stdout(&run));
    // A file of a table that is not there yet, and one that may be a copy of the cases.
    place.put("PbR log.csv", "Claim Ref,Family No,Date Submitted,Claim Status\n1,F1,13/03/2024,Paid\n");
    place.put("export old.csv", "Case Ref,Family No,Date Opened\nC1,F1,13/02/2023\n");
    let run = place.init(&["--add"]);
    let proposed = place.proposed();
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(proposed.starts_with(mine), "{proposed}");
    assert!(proposed.contains("\nfile = \"PbR log.csv\"\ntable = \"claims\""), "{proposed}");
    assert!(proposed.contains("# TO DECIDE: the settings name export.csv as the table cases."), "{proposed}");
    assert!(stdout(&run).contains("the folder can be read with them."), "{}", stdout(&run));
    // What waits there to be decided is not put there again; answered, it is added.
    let again = place.init(&["--add"]);
    assert_eq!(place.proposed(), proposed, "{}", stdout(&again));
    let run = answered(&place, "yes\nyes\n", &["--add"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(
        place.proposed().starts_with(&proposed)
            && place.proposed().contains("\nfile = \"export old.csv\"\ntable = \"cases\"")
    );
    // Both would write over.
    assert_eq!(place.init(&["--add", "--force"]).status.code(), Some(2));
}

#[test]
fn a_folder_without_a_terminal_is_asked_nothing() {
    let place = handed("tracker-keyed-by-family");
    let run = place.init(&["--force"]);
    assert_eq!((run.status.code(), stderr(&run).as_str()), (Some(0), ""));
    let proposed = place.proposed();
    assert_eq!(proposed.matches("\n[[files]]").count(), 6, "{proposed}");
    for line in ["\"Spring 2023/24\" = \"Spring Term 2024 %\"  # likely", "# Percentages decide nothing by themselves."]
    {
        assert!(proposed.contains(line), "{proposed}");
    }
}

/// A case with its needs, a child of it, and nothing claimed.
fn of_one_child(place: &Place) {
    place.put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\n");
    place.put("people.csv", "person_id,family_id,date_of_birth,role,upn\nP1,F1,2014-05-05,child,W889200024001\n");
    place.put("claims.csv", "claim_id,family_id,submitted_on,outcome\n");
    place.put("criteria.csv", "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\nC1,7,2024-01-10\n");
}

#[test]
fn percentages_are_proposed_where_their_terms_are_known_and_decide_nothing() {
    for (file, text, lines) in [
        (
            "school list.csv",
            "UPN,Academic Year,Term,Attendance %\nW889200024001,2023/24,Spring,98.1\nW889200024001,2023/24,Summer,97.5\n",
            &["percent = \"Attendance %\"  # certain"][..],
        ),
        (
            "school list.csv",
            "UPN,Surname,Spring 2023/24 attendance %,Sum 2024 %,Overall %\nW889200024001,Example,98.1,97.5,97.8\n",
            &[
                "\"Spring 2023/24\" = \"Spring 2023/24 attendance %\"",
                "\"Summer 2023/24\" = \"Sum 2024 %\"",
                "not used: Surname, Overall %",
            ],
        ),
        (
            "school list 2023-24.csv",
            "UPN,Surname,Spr 1 %,Spr 2 %,Summer %\nW889200024001,Example,98.1,99.0,97.5\n",
            &[
                "\"Spring 1 2023/24\" = \"Spr 1 %\"",
                "\"Spring 2 2023/24\" = \"Spr 2 %\"",
                "\"Summer 2023/24\" = \"Summer %\"",
            ],
        ),
    ] {
        let place = Place::new();
        of_one_child(&place);
        place.put(file, text);
        let run = place.init(&["--propose"]);
        let proposed = place.proposed();
        for line in lines {
            assert!(proposed.contains(line), "{line}\n{proposed}");
        }
        assert!(stdout(&run).contains("percentages, which decide nothing by themselves"), "{}", stdout(&run));
        let decided = all_decisions(&place.data(), &place.0.path().join("out"));
        let said = decided.lines().nth(1).unwrap();
        assert!(said.contains("review,first,3,3;5;7") && said.contains("98.1%"), "{decided}");
    }
    // Without a year they may be of any, and beside sessions what is missing of these is asked for.
    for text in [
        "UPN,Surname,Spring %,Summer %\nW889200024001,Example,98.1,97.5\n",
        "UPN,Academic Year,Term,Sessions Possible,Attendance %\nW889200024001,2023/24,Spring,110,98.1\n",
    ] {
        let place = Place::new();
        of_one_child(&place);
        place.put("school list.csv", text);
        place.init(&["--propose"]);
        let proposed = place.proposed();
        assert!(proposed.contains("# TO DECIDE: it has percentages alone"), "{proposed}");
        assert!(!proposed.contains("\n[[files]]"), "{proposed}");
    }
}

#[test]
fn two_columns_of_marks_a_day_are_proposed() {
    let place = Place::new();
    of_one_child(&place);
    place.put(
        "register.csv",
        "UPN,Attendance Date,AM Mark,PM Mark\nW889200024001,15/04/2024,/,\\\nW889200024001,16/04/2024,/,I\n",
    );
    place.init(&["--propose"]);
    let proposed = place.proposed();
    for line in
        ["\nam = \"AM Mark\"  # certain", "\npm = \"PM Mark\"  # certain", "\ndate = \"Attendance Date\"  # certain"]
    {
        assert!(proposed.contains(line), "{line}\n{proposed}");
    }
}

// Days of which the file does not say what they are may be those of the outcomes, and those on which needs were found.
#[test]
fn outcomes_in_the_row_below_are_asked_about_and_never_taken_for_granted() {
    let place = Place::new();
    of_one_child(&place);
    std::fs::remove_file(place.data().join("criteria.csv")).unwrap();
    place.put(
        "tracker.csv",
        "Case Ref,3. Mental & physical health,5. Family relationships,7. Crime prevention\n\
         C1,Yes,Yes,Yes\n,10/01/2024,10/01/2024,13/01/2024\nC2,Yes,No,No\n,14/02/2024,,\n",
    );
    place.put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC2,F2,2023-03-06,\n");
    place.init(&["--propose"]);
    let proposed = place.proposed();
    assert!(proposed.contains("# outcomes_below = true  # to decide: 2 rows name nobody"), "{proposed}");
    let decided = all_decisions(&place.data(), &place.0.path().join("out"));
    assert!(!decided.lines().nth(1).unwrap().contains("2024-01-13"), "{decided}");
    let run = answered(&place, "another council\nyes\nthe days of the outcomes\n", &["--force"]);
    assert_eq!(run.status.code(), Some(0), "{}{}", stderr(&run), stdout(&run));
    assert!(place.proposed().contains("\noutcomes_below = true  # as you answered"), "{}", place.proposed());
    let decided = all_decisions(&place.data(), &place.0.path().join("out2"));
    // The latest of the three outcomes.
    assert!(decided.lines().nth(1).unwrap().contains(",3,3;5;7,2024-01-13,"), "{decided}");
}
