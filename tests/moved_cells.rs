//! Facts that stand in another place than their own: above the column names, in cells that have moved, behind a cell that holds no
//! value, under a heading that reaches over two columns or cannot be read. A family can be claimed without them, and must not be.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::{Folder, Out};

const CLAIMS: &str = "claim_id,family_id,case_id,submitted_on,decided_on,outcome";
const PAID: &str = "K1,F1,C1,2024-08-01,2024-08-20,approved";

fn with(file: &str, text: &str) -> Folder {
    let folder = Folder::of_claimable_family();
    folder.put(file, text);
    folder
}

/// A run on the claimable family with another file, and the folder, which must stay.
fn checked(file: &str, text: &str) -> (Folder, Out) {
    let folder = with(file, text);
    let ran = folder.check();
    (folder, ran)
}

/// The summary's list of rows whose family, case or pupil cannot be told.
fn of_nobody(ran: &Out) -> usize {
    let text = std::fs::read_to_string(ran.folder.join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
    summary["rows_of_nobody"].as_array().unwrap().len()
}

fn stops(folder: &Folder, said: &str) {
    let ran = folder.check();
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
}

#[test]
fn rows_above_the_column_names_stop_the_run() {
    // Sorted together with the column names, or another export above them.
    stops(
        &with("claims.csv", &format!("{PAID}\n{CLAIMS}\nK0,F9,,2020-01-01,,approved\n")),
        "a row of the table in row 1",
    );
    stops(&with("claims.csv", &format!("K1,F1,,2024-08-01,,approved\n{CLAIMS}\n")), "in row 1");
    let sums = "person_id,academic_year,term,possible,attended";
    stops(
        &with("attendance.csv", &format!("P1,2023/24,Spring,110,20\n{sums}\nP1,2023/24,Summer,120,118\n")),
        "a row of the table in row 1",
    );
    let tracker = |text: &str| {
        let folder = with("tracker.csv", text);
        folder.take_away("criteria.csv");
        folder.put(
            "sfclaim.toml",
            "[[files]]\nfile = \"tracker.csv\"\ntable = \"criteria\"\ncolumns.case_id = \"Case\"\n[files.wide.criteria]\n\
             3 = { flag = \"A\", outcome_on = \"Met\" }\n5 = { flag = \"B\", outcome_on = \"Met\" }\n7 = { flag = \"C\", outcome_on = \"Met\" }\n",
        );
        folder
    };
    let rows = "Case,A,B,C,Met\nC1,x,x,x,2024-01-10\n";
    stops(&tracker(&format!("Case,A,B,Met\nC1,x,x,\n{rows}")), "other column names in row 1");
    stops(&tracker(&format!("C1,x,x,\n{rows}")), "a row of the table in row 1");
    // A title, the day of the report, and the row that somebody has named, are no rows.
    for above in ["Tracker of needs", "Report run on,30/09/2024", "Cases of,Q2 2024", "North team,,,,"] {
        assert_eq!(tracker(&format!("{above}\n{rows}")).check().status("C1"), "claimable", "{above}");
    }
}

#[test]
fn a_title_above_is_no_row_and_header_row_says_so() {
    let folder = with("claims.csv", &format!("{PAID}\n{CLAIMS}\n"));
    folder.put("sfclaim.toml", "[[files]]\nfile = \"claims.csv\"\ntable = \"claims\"\nheader_row = 2\n");
    assert_eq!(folder.check().status("C1"), "claimable");
}

#[test]
fn cells_that_have_moved_are_about_whom_any_of_them_names() {
    for row in ["K1,Family, F1,C1,2024-08-01,,approved", "F1,C1,2024-08-01,,approved", "K1,F1;C1,2024-08-01"] {
        let (_folder, ran) = checked("claims.csv", &format!("{CLAIMS}\n{row}\n"));
        let named = if row.contains(';') { ("claimable", 1) } else { ("review", 0) };
        assert_eq!((ran.status("C1").as_str(), of_nobody(&ran)), named, "{row}");
    }
    let people = "person_id,family_id,date_of_birth,role,first_name\nP1,F1,2014-05-05,child,";
    for row in ["P,2,F1,2012-03-30,child,Bea", "P,2,F1,2012-03-30,child", "F1,2012-03-30,child,Bea"] {
        let (_folder, ran) = checked("people.csv", &format!("{people}\n{row}\n"));
        assert_eq!((ran.status("C1").as_str(), of_nobody(&ran)), ("review", 0), "{row}");
    }
    let cases = "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15";
    for row in ["F1,2024-03-01,", "note,C2,F1,2024-03-01,"] {
        let (_folder, ran) = checked("cases.csv", &format!("{cases}\n{row}\n"));
        assert_eq!(ran.status("C1"), "review", "{row}");
    }
    let criteria = "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\nC1,7,2024-01-10";
    for row in ["North,C1,8,", "North,F1,8,"] {
        let (_folder, ran) = checked("criteria.csv", &format!("{criteria}\n{row}\n"));
        assert_eq!((ran.of("C1", "progress").as_str(), of_nobody(&ran)), ("unknown", 0), "{row}");
    }
    let sums = "school_urn,person_id,academic_year,term,possible,attended\n,P1,2023/24,Spring,110,108\n,P1,2023/24,Summer,120,118";
    let (_folder, ran) = checked("attendance.csv", &format!("{sums}\nP1,2023/24,Summer,120,20\n"));
    assert_eq!(ran.of("C1", "attendance"), "unknown");
    let (_folder, ran) = checked("attendance.csv", &format!("{sums}\nP9,2023/24,Summer,120,20\n"));
    assert_eq!((ran.status("C1").as_str(), of_nobody(&ran)), ("claimable", 1));
    let folder = with("former_ids.csv", "kind,id,former_id\nfam,ily,F1,F0\n");
    assert_eq!(folder.check().status("C1"), "review");
}

#[test]
fn two_layouts_of_attendance_under_each_other_stop_the_run() {
    let sums =
        "upn,person_id,academic_year,term,possible,attended\n,P1,2023/24,Spring,110,108\n,P1,2023/24,Summer,120,118";
    stops(
        &with("attendance.csv", &format!("{sums}\nperson_id,academic_year,term,percent\nP1,2023/24,Summer,20\n")),
        "column names again",
    );
}

#[test]
fn a_cell_that_holds_no_value_is_no_id() {
    for id in ["#N/A", "#n/a", "#REF!", "#NO VALUE!", "#DATE! 2024-05-01"] {
        let (_folder, ran) = checked("claims.csv", &format!("{CLAIMS}\nK1,{id},,2024-08-01,,approved\n"));
        assert_eq!((of_nobody(&ran), ran.said("missing_value").len()), (1, 0), "{id}");
        assert_eq!(ran.rows("quarantine.csv")[0]["family_id"], "", "{id}");
        let (_folder, ran) = checked("claims.csv", &format!("{CLAIMS}\nK1,F9,{id},2024-08-01,,approved\n"));
        assert_eq!(of_nobody(&ran), 1, "{id}");
        // In attendance, of a pupil and of a school.
        let sums = |row: &str| {
            format!(
                "person_id,school_urn,academic_year,term,possible,attended\nP1,1,2023/24,Spring,110,108\nP1,1,2023/24,Summer,120,118\n{row}\n"
            )
        };
        let (_folder, ran) = checked("attendance.csv", &sums(&format!("{id},1,2023/24,Summer,120,20")));
        assert_eq!((of_nobody(&ran), ran.said("cell_error").len()), (1, 1), "{id}");
        let (_folder, ran) = checked("attendance.csv", &sums(&format!("P1,{id},2023/24,Summer,1,1")));
        assert_eq!(ran.of("C1", "attendance"), "unknown", "{id}");
    }
    // Nor are two of them one person, or one name.
    let folder = Folder::of_claimable_family();
    folder.put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC2,F2,2023-03-06,\n");
    folder.put(
        "people.csv",
        "person_id,family_id,date_of_birth,role,first_name,last_name\nP1,F1,2014-05-05,child,Ann,Hill\nP2,F2,2014-05-05,child,Bea,Day\n\
         #N/A,F1,1980-01-01,adult,#N/A,#N/A\n#N/A,F2,1980-01-01,adult,#N/A,#N/A\n",
    );
    assert_eq!(folder.check().said("families_share_people"), Vec::<String>::new());
}

#[test]
fn an_id_that_somebody_had_who_is_in_no_table_is_of_two() {
    let records = |id: &str| {
        format!(
            "person_id,academic_year,term,possible,attended\n{id},2023/24,Spring,110,108\n{id},2023/24,Summer,120,118\n"
        )
    };
    let former = |rows: &str| {
        let folder = with("former_ids.csv", &format!("kind,id,former_id\n{rows}\n"));
        folder.put("attendance.csv", records("P0"));
        folder.check().of("C1", "attendance")
    };
    assert_eq!(former("person,P1,P0"), "met");
    assert_eq!(former("person,P1,P0\nperson,P77,P0"), "unknown");
    for (kind, need) in [
        ("case", "case_id,criterion,outcome_on\nC0,7,2024-01-10"),
        ("family", "family_id,criterion,outcome_on\nF0,7,2024-01-10"),
    ] {
        let of = |others: &str| {
            let (own, other) =
                if kind == "case" { ("case,C1,C0", "case,C77,C0") } else { ("family,F1,F0", "family,F77,F0") };
            let folder =
                with("former_ids.csv", &format!("kind,id,former_id\n{own}\n{}\n", others.replace("OTHER", other)));
            folder.put("criteria.csv", "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\n");
            folder.put("more_criteria.csv", need);
            folder.put("sfclaim.toml", "[[files]]\nfile = \"*criteria.csv\"\ntable = \"criteria\"\n");
            folder.check().of("C1", "progress")
        };
        assert_eq!((of("").as_str(), of("OTHER").as_str()), ("met", "unknown"), "{kind}");
    }
}

#[test]
fn what_can_be_a_column_of_relapses_is_asked_about() {
    stops(
        &with("criteria.csv", "case_id,criterion,outcome_on,#REF!\nC1,3,2024-01-10,2024-03-01\n"),
        "for the name of column 4",
    );
    stops(
        &with("criteria.csv", "case_id,criterion,outcome_on,relapsd_on\nC1,3,2024-01-10,2024-03-01\n"),
        "nearly \"relapsed_on\"",
    );
    stops(
        &with("people.csv", "person_id,family_id,date_of_birth,role,restrictd\nP1,F1,2014-05-05,child,y\n"),
        "nearly \"restricted\"",
    );
}

#[test]
fn an_id_has_no_characters_that_show_nothing() {
    for hidden in ['\u{3164}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{ffa0}', '\u{1d173}', '\u{2800}', '\u{200b}'] {
        let (_folder, ran) = checked("claims.csv", &format!("{CLAIMS}\nK1,F1{hidden},,2024-08-01,,approved\n"));
        assert_eq!(ran.status("C1"), "claimed", "{}", hidden.escape_unicode());
    }
}

#[test]
fn sessions_outside_the_terms_are_said_of_terms_taken_together() {
    // Of 234 sessions in the two terms 212 (90.6%), and ten absences right after the summer term: 212 of 244 (86.9%).
    let mut marks = "person_id,date,session,code\n".to_owned();
    let mut put = |from: &str, number: i32, absent: i32| {
        let first: sfclaim::dates::Date = from.parse().unwrap();
        let days = (0..)
            .map(|day| sfclaim::dates::add_days(first, day))
            .filter(|day| sfclaim::dates::Span { from: *day, to: *day }.weekdays() == 1);
        for (at, day) in days.take(number as usize / 2).enumerate() {
            for session in ["AM", "PM"] {
                let code = if 2 * (at as i32) < absent { "O" } else { "/" };
                marks.push_str(&format!("P1,{day},{session},{code}\n"));
            }
        }
    };
    put("2024-01-08", 114, 12);
    put("2024-04-15", 120, 10);
    put("2024-07-24", 10, 10);
    let folder = with("attendance.csv", &marks);
    let ran = folder.run("check", &["--set", "attendance.basis=combined"]);
    let outside = ran.said("outside_terms");
    if !outside.is_empty() && ran.of("C1", "attendance") == "met" {
        assert!(!ran.said("sessions_outside_decide").is_empty());
    } else {
        panic!("{} {outside:?}", ran.of("C1", "attendance"));
    }
}

#[test]
fn a_word_for_none_is_no_id() {
    for word in ["NULL", "n/a", "None", "NaN", "-", "unknown"] {
        // Two cases of nobody knows whom are not one family, whose needs add up.
        let folder = Folder::of_claimable_family();
        folder.put(
            "cases.csv",
            format!("case_id,family_id,opened_on,closed_on\nC1,{word},2023-03-06,2024-01-15\nC2,{word},2023-03-06,2024-01-15\nC3,F1,2023-03-06,\n"),
        );
        folder.put("criteria.csv", "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\nC2,7,2024-01-10\n");
        let ran = folder.check();
        assert_eq!(ran.rows("decisions.csv").len(), 1, "{word}");
        assert!(ran.said("missing_value").iter().all(|said| said.contains("a word for none")), "{word}");
        // Two children are not one person.
        let (_folder, ran) = checked(
            "people.csv",
            &format!(
                "person_id,family_id,date_of_birth,role\n{word},F1,2014-05-05,child\n{word},F1,2012-05-05,child\nP1,F1,2014-05-05,child\n"
            ),
        );
        assert_eq!((ran.status("C1").as_str(), ran.rows("quarantine.csv").len()), ("review", 2), "{word}");
    }
}

/// A row about a family of many cases is told to each of them a few times, and a broken row of thousands of cells takes no time to speak of.
#[test]
fn many_rows_whose_cells_have_moved_stay_few() {
    let folder = Folder::of_claimable_family();
    let mut cases = "case_id,family_id,opened_on,closed_on\n".to_owned();
    let mut needs = "case_id,criterion,outcome_on\n".to_owned();
    for i in 0..3000 {
        cases.push_str(&format!("C{i},F1,2023-03-06,2024-01-15\n"));
        needs.push_str(&format!("C{i},3,2024-01-10\n"));
    }
    (0..2000).for_each(|i| needs.push_str(&format!("North {i},F1,8,,\n")));
    folder.put("cases.csv", cases);
    folder.put("criteria.csv", needs);
    let many: Vec<String> = (0..1500).map(|at| format!("Name{}", "x".repeat(at % 40))).collect();
    folder.put(
        "people.csv",
        format!(
            "person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,child\nP2,F9,2012-01-01,child,{}\n",
            many.join(",")
        ),
    );
    let ran = folder.check();
    assert_eq!(
        (ran.of("C0", "progress").as_str(), ran.rows("quarantine.csv").len()),
        ("unknown", 2001),
        "{}",
        ran.stderr
    );
}
