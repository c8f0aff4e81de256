//! Worklists: a file for each practitioner, school and team, with the rows of `families_held` that somebody can settle; CSV and
//! workbook alike; nothing of restricted children but their ids; what has changed since an earlier report comes first; files that
//! somebody else put among them stay.

use calamine::{Data, Reader, Xlsx, open_workbook};
use sfclaim::load::formulas::given_back;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).current_dir(root()).output().unwrap()
}

fn run(command: &str, data: &Path, out: &Path, more: &[&str]) -> Output {
    let fixed = [command, data.to_str().unwrap(), "--as-at", "2024-09-30", "--out", out.to_str().unwrap()];
    sfclaim(&[&fixed[..], more].concat())
}

fn done(command: &str, data: &Path, out: &Path, more: &[&str]) {
    let run = run(command, data, out, more);
    assert!(run.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&run.stderr));
}

/// The worklists of these data, in their own folder.
fn lists(data: &Path, out: &Path, more: &[&str]) -> PathBuf {
    done("report", data, out, &[&["--only", "worklists"][..], more].concat());
    out.join("worklists")
}

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cells = |row: &csv::StringRecord| row.iter().map(|cell| given_back(cell).to_owned()).collect::<Vec<_>>();
    reader.records().map(|row| header.iter().cloned().zip(cells(&row.unwrap())).collect()).collect()
}

/// A cell of the workbook as the CSV has it.
fn as_csv(column: &str, cell: &Data) -> String {
    match (column, cell) {
        (_, Data::Empty) => String::new(),
        (_, Data::DateTime(day)) => sfclaim::dates::of_day_number(day.as_f64() as i32 - 25_569).to_string(),
        ("worth", Data::Float(pounds)) => format!("{pounds:.2}"),
        (_, Data::String(text)) => text.clone(),
        (column, cell) => panic!("{cell:?} under {column}"),
    }
}

#[test]
fn the_lists_are_what_holds_families_and_somebody_can_settle() {
    let place = tempfile::tempdir().unwrap();
    let data = root().join("sample_data");
    let folder = lists(&data, &place.path().join("out"), &[]);
    done("levers", &data, &place.path().join("levers"), &[]);

    // What must be in the lists of teams: worked out from the file of another command.
    let held = rows(&place.path().join("levers/families_held.csv"));
    let later: BTreeSet<&String> =
        held.iter().filter(|row| row["this_week"] == "no").map(|row| &row["family_id"]).collect();
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &held {
        let can_come = !row["earliest_possible_on"].is_empty() || !later.contains(&row["family_id"]);
        if can_come && ["practitioner", "school", "data_team"].contains(&row["who"].as_str()) {
            *expected.entry(&row["team"]).or_default() += row["children"].parse::<usize>().unwrap_or(1);
        }
    }
    let index = rows(&folder.join("index.csv"));
    let of = |kind: &str| index.iter().filter(|row| row["for"] == kind).cloned().collect::<Vec<Row>>();
    let teams: BTreeMap<String, usize> =
        of("team").iter().map(|row| (row["write_to"].clone(), row["things"].parse().unwrap())).collect();
    assert_eq!(teams, expected.into_iter().map(|(team, count)| (team.to_owned(), count)).collect());

    // The index names every file, and so does the receipt.
    let mut named: BTreeSet<String> = BTreeSet::from(["index.csv".to_owned()]);
    named.extend(index.iter().flat_map(|row| [row["csv_file"].clone(), row["workbook"].clone()]));
    let there: BTreeSet<String> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, named);
    let receipt: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(place.path().join("out/report.json")).unwrap()).unwrap();
    assert_eq!(receipt["worklists"].as_array().unwrap().len(), named.len());

    let mut by_kind: BTreeMap<&str, BTreeSet<Vec<String>>> = BTreeMap::new();
    for list in &index {
        let found = rows(&folder.join(&list["csv_file"]));
        assert_eq!(found.len().to_string(), list["things"]);
        let families: BTreeSet<&String> = found.iter().map(|row| &row["family_id"]).collect();
        assert_eq!(families.len().to_string(), list["families"]);
        // Contract section 7: 800 for each family.
        assert_eq!(format!("{}.00", families.len() * 800), list["worth"]);
        // By date, no date last, and then what brings the payment by itself.
        let order: Vec<_> = found
            .iter()
            .map(|row| {
                (row["needed_by"].is_empty(), &row["needed_by"], row["nothing_else_holds_it"] == "no", &row["case_id"])
            })
            .collect();
        assert!(order.is_sorted(), "{}", list["csv_file"]);
        for row in &found {
            assert_eq!(row["write_to"], list["write_to"]);
            let theirs = match list["for"].as_str() {
                "practitioner" => row["who"] == "practitioner" && row["lead_practitioner"] == row["write_to"],
                "school" if row["write_to"] == "not known" => row["who"] == "school" && row["school_urn"].is_empty(),
                "school" => row["who"] == "school" && row["school_urn"] == row["write_to"],
                _ => row["team"] == row["write_to"],
            };
            assert!(theirs, "{row:?}");
            let mut cells: Vec<String> =
                row.iter().filter(|(name, _)| *name != "write_to").map(|(_, cell)| cell.clone()).collect();
            cells.push(row["who"].clone());
            by_kind.entry(if list["for"] == "team" { "team" } else { "one" }).or_default().insert(cells);
        }
        // The workbook has the same cells.
        let mut book: Xlsx<_> = open_workbook(folder.join(&list["workbook"])).unwrap();
        let sheet = book.worksheet_range("Worklist").unwrap();
        assert_eq!(sheet.height() - 1, found.len());
        let header: Vec<String> =
            sheet.rows().next().unwrap().iter().map(|cell| cell.to_string().to_lowercase().replace(' ', "_")).collect();
        for (cells, row) in sheet.rows().skip(1).zip(&found) {
            for (column, cell) in header.iter().zip(cells) {
                assert_eq!(as_csv(column, cell), row[column], "{} {column}", list["workbook"]);
            }
        }
    }
    // What a practitioner or a school is asked for, the team is told of; the rest is the data team's.
    let (one, team) = (&by_kind["one"], &by_kind["team"]);
    assert!(one.is_subset(team));
    assert!(team.difference(one).all(|cells| cells.last().is_some_and(|who| who == "data_team")));
}

/// Two families that only attendance holds: F1 with a child at school 901001 and one of whom nothing is known, F2 with a child who
/// is restricted. Every need has its outcome, and the months are full.
fn authority(folder: &Path, practitioner: &str, summer: &str) {
    let criteria: String = ["C1", "C2"]
        .iter()
        .flat_map(|case| [1, 3, 5].map(|need| format!("{case},{need},2023-01-10,2023-12-01,achieved\n")))
        .collect();
    let files = [
        (
            "cases.csv",
            format!("case_id,family_id,opened_on,closed_on,team,lead_practitioner\nC1,F1,2023-01-10,2023-12-01,North,{practitioner}\nC2,F2,2023-01-10,2023-12-01,North,\n"),
        ),
        ("criteria.csv", format!("case_id,criterion,identified_on,outcome_on,result\n{criteria}")),
        (
            "people.csv",
            "person_id,family_id,date_of_birth,role,first_name,last_name,upn,restricted\nP1,F1,2012-05-03,child,Ana,Hall,W889200024001,\nP2,F1,2013-05-03,child,Ben,Hall,,\nP3,F2,2011-05-03,child,Cem,Lowe,L889123424001,y\n".to_owned(),
        ),
        (
            "attendance_totals.csv",
            format!("upn,school_urn,academic_year,term,possible,attended\nW889200024001,901001,2023/24,Spring,110,105\nW889200024001,901001,2023/24,Summer,{summer}\nL889123424001,901003,2023/24,Summer,120,60\n"),
        ),
        ("claims.csv", "claim_id,family_id,submitted_on,outcome\n".to_owned()),
    ];
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

fn schools(folder: &Path) -> Vec<String> {
    let index = rows(&folder.join("index.csv"));
    index.iter().filter(|row| row["for"] == "school").map(|row| row["write_to"].clone()).collect()
}

#[test]
fn a_restricted_child_leads_to_no_school_and_no_name() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    // 60 of 120 sessions are half: below 90%.
    authority(&data, "Ann Lee", "120,60");
    let folder = lists(&data, &place.path().join("out"), &[]);
    assert_eq!(schools(&folder), ["901001", "not known"]);
    let known = rows(&folder.join("school-901001.csv"));
    assert_eq!(known.iter().map(|row| row["person_id"].as_str()).collect::<Vec<_>>(), ["P1"]);
    assert_eq!((known[0]["first_name"].as_str(), known[0]["upn"].as_str()), ("Ana", "W889200024001"));
    // Nothing of the other child of the family, whose school is another's business.
    assert!(!known[0]["what_settles_it"].contains("P2"), "{}", known[0]["what_settles_it"]);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let text = fs::read_to_string(&path).unwrap();
            for secret in ["Cem", "Lowe", "901003", "L889123424001", "2011-05-03"] {
                assert!(!text.contains(secret), "{secret} in {}", path.display());
            }
        }
    }
    // Without names nobody has one, and no school is told.
    let folder = lists(&data, &place.path().join("nameless"), &["--without-names"]);
    assert_eq!(schools(&folder), ["not known"]);
    assert!(!fs::read_to_string(folder.join("team-north.csv")).unwrap().contains("Hall"));
}

#[test]
fn what_is_new_or_has_changed_since_an_earlier_report_comes_first() {
    let place = tempfile::tempdir().unwrap();
    let (then, now) = (place.path().join("then"), place.path().join("now"));
    authority(&then, "Ann Lee", "120,60");
    // One session more: 61 of 120. The days and the other families are as they were.
    authority(&now, "Ann Lee", "120,61");
    let earlier = place.path().join("earlier");
    let first = lists(&then, &earlier, &[]);
    assert!(rows(&first.join("team-north.csv")).iter().all(|row| row["changed"].is_empty()));
    let folder = lists(&now, &place.path().join("out"), &["--since", earlier.to_str().unwrap()]);
    let team = rows(&folder.join("team-north.csv"));
    let said: Vec<(&str, &str)> = team.iter().map(|row| (row["changed"].as_str(), row["person_id"].as_str())).collect();
    assert_eq!(said[0], ("changed", "P1"), "{said:?}");
    assert!(said[1..].iter().all(|(changed, _)| *changed == "same"), "{said:?}");
    let index = rows(&folder.join("index.csv"));
    let team = index.iter().find(|row| row["for"] == "team").unwrap();
    assert_eq!(["new", "changed", "no_longer_there"].map(|name| team[name].as_str()), ["0", "1", "0"]);
    // Met by now: 110 of 120 is 91.6%. It is no longer there.
    authority(&now, "Ann Lee", "120,110");
    let folder = lists(&now, &place.path().join("later"), &["--since", earlier.to_str().unwrap()]);
    let index = rows(&folder.join("index.csv"));
    let team = index.iter().find(|row| row["for"] == "team").unwrap();
    assert_eq!(["new", "no_longer_there"].map(|name| team[name].as_str()), ["0", "1"]);
    // Another folder is none to hold them against.
    let run = run("report", &now, &place.path().join("none"), &["--since", now.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("not the output folder of `sfclaim report`"));
}

#[test]
fn the_same_bytes_for_their_owner_only_and_files_of_others_stay() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    authority(&data, "CON", "120,60");
    let (one, other) = (place.path().join("one"), place.path().join("other"));
    let folder = lists(&data, &one, &[]);
    lists(&data, &other, &[]);
    // Made again in the same place.
    lists(&data, &other, &[]);
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        let again = other.join("worklists").join(entry.file_name());
        assert!(fs::read(entry.path()).unwrap() == fs::read(again).unwrap(), "{:?}", entry.file_name());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
    let letter = folder.join("letter.docx");
    fs::write(&letter, "mine").unwrap();
    for more in [&[][..], &["--force"]] {
        let run = run("report", &data, &one, &[&["--only", "worklists"][..], more].concat());
        assert_eq!(run.status.code(), Some(2), "{more:?}");
        assert!(String::from_utf8_lossy(&run.stderr).contains("worklists"), "{more:?}");
        assert_eq!(fs::read_to_string(&letter).unwrap(), "mine");
    }
    // A report without worklists takes those of before away, where nobody's file is among them.
    done("report", &data, &other, &["--only", "page"]);
    assert!(!other.join("worklists").exists());
}
