//! What a file says beside what is asked of it: in the row below, behind the words of a footer, in a column that two ids share, in
//! another sheet, under another spelling. A family can be claimed without it, and must not be.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::{Folder, Out};

/// The claimable family, its needs in a tracker under these settings.
fn tracker(text: &str, settings: &str) -> Folder {
    let folder = Folder::of_claimable_family();
    folder.take_away("criteria.csv");
    folder.put("tracker.csv", text);
    folder.put("sfclaim.toml", format!("[[files]]\nfile = \"tracker.csv\"\ntable = \"criteria\"\n{settings}"));
    folder
}

/// The claimable family with one more row at the end of a table.
fn with_last_row(table: &str, header: &str, rows: &[&str]) -> Folder {
    let folder = Folder::of_claimable_family();
    folder.put(&format!("{table}.csv"), format!("{header}\n{}\n", rows.join("\n")));
    folder
}

fn held(ran: &Out) -> usize {
    ran.rows("quarantine.csv").len()
}

const BELOW: &str = "columns.case_id = \"Case\"\nwide.outcomes_below = true\n[files.wide.criteria]\n3 = \"C3\"\n5 = \"C5\"\n\
    7 = { flag = \"C7\", relapsed_on = \"R7\", result = \"S7\" }\n";

#[test]
fn the_row_below_says_more_than_outcomes() {
    let of = |above: &str, below: &str| {
        tracker(
            &format!("Case,C3,C5,C7,R7,S7,person_id\nC1,y,y,y,{above}\n,2024-01-10,2024-01-10,2024-01-10,{below}\n"),
            BELOW,
        )
    };
    assert_eq!(of(",,", ",,").check().status("C1"), "claimable");
    for (above, below) in
        [(",,", "2024-03-01,,"), (",,", ",not achieved,"), ("2024-03-01,,", ",,"), ("2024-03-01,,", "2024-03-01,,")]
    {
        assert_eq!(of(above, below).check().of("C1", "progress"), "not_met", "{above} and {below}");
    }
    // Two days of relapse, and two people: which is right cannot be told.
    for (above, below) in [("2024-03-01,,", "2024-02-01,,"), (",,P1", ",,P2")] {
        let folder = of(above, below);
        let ran = folder.check();
        assert_eq!(ran.of("C1", "progress"), "unknown", "{above} and {below}");
        assert!(ran.rows("quarantine.csv")[0]["message"].contains("in the row below"));
    }
}

#[test]
fn a_row_without_a_criterion_cannot_hide_a_relapse() {
    let settings = "columns = { case_id = \"Case\", outcome_on = \"Out\", result = \"Res\" }\n[files.wide.criteria]\n3 = \"C3\"\n5 = \"C5\"\n7 = \"C7\"\n";
    let of =
        |row: &str| tracker(&format!("Case,C3,C5,C7,Out,Res,relapsed_on\nC1,y,y,y,2024-01-10,y,\n{row}\n"), settings);
    assert_eq!(of("C1,,,,,,").check().status("C1"), "claimable");
    // An outcome of nothing in particular does no harm.
    assert_eq!(of("C1,n,,,2024-01-10,y,").check().status("C1"), "claimable");
    for row in [
        "C1,,,,,,2024-03-01",
        "C1,n,n,n,,,2024-03-01",
        "C1,,,,,no longer met,",
        "C1,,,,,not achieved,",
        "C1,,,,soon,y,",
    ] {
        let folder = of(row);
        let ran = folder.check();
        assert_eq!((ran.of("C1", "progress").as_str(), held(&ran)), ("unknown", 1), "{row}");
        assert!(ran.rows("quarantine.csv")[0]["message"].contains("the row has no criterion"), "{row}");
    }
}

#[test]
fn two_columns_for_one_thing_stop_the_run() {
    let folder = tracker(
        "Case,C3,Relapse,relapsed_on\nC1,y,,2024-03-01\n",
        "columns = { case_id = \"Case\", relapsed_on = \"Relapse\" }\nwide.criteria = { 3 = \"C3\" }\n",
    );
    let ran = folder.check();
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("has a column \"relapsed_on\", and another one, \"Relapse\", is said to be relapsed_on"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_day_in_the_flag_is_not_lost_to_another() {
    let settings = "columns.case_id = \"Case\"\n[files.wide.criteria]\n3 = { flag = \"C3\", outcome_on = \"O3\" }\n\
        5 = { flag = \"C5\", outcome_on = \"O5\" }\n7 = { flag = \"C7\", outcome_on = \"O7\" }\n8 = { flag = \"C8\", identified_on = \"I8\" }\n";
    let of = |flag: &str, identified: &str| {
        tracker(
            &format!("Case,C3,O3,C5,O5,C7,O7,C8,I8\nC1,y,2024-01-10,y,2024-01-10,y,2024-01-10,{flag},{identified}\n"),
            settings,
        )
    };
    assert_eq!(of("", "").check().status("C1"), "claimable");
    // A need since June of which nothing became: the case is closed, so that nobody knows.
    for (flag, identified) in [("2023-06-01", ""), ("01/06/2023", "2023-06-01"), ("y", "2023-06-01")] {
        assert_eq!(of(flag, identified).check().of("C1", "criteria_count"), "4", "{flag} and {identified}");
    }
    for (flag, identified) in [("2023-06-01", "2025-01-01"), ("2204-06-01", "2025-01-01")] {
        assert_eq!(of(flag, identified).check().of("C1", "progress"), "unknown", "{flag} and {identified}");
    }
    // A dash is no word that says no, unless it is named.
    for dash in ["-", "–", "_-_"] {
        assert_eq!(of(dash, "").check().of("C1", "progress"), "unknown", "{dash}");
    }
    let named = of("-", "");
    let toml = std::fs::read_to_string(named.data().join("sfclaim.toml")).unwrap();
    named.put(
        "sfclaim.toml",
        toml.replace("[files.wide.criteria]", "[files.wide]\nno = [\"-\"]\n[files.wide.criteria]"),
    );
    assert_eq!(named.check().status("C1"), "claimable");
}

#[test]
fn a_row_that_names_somebody_is_no_footer() {
    let none: [&str; 0] = [];
    let cases = "team,case_id,family_id,opened_on,closed_on";
    let case = "North,C1,F1,2023-03-06,2024-01-15";
    let people = "notes,person_id,family_id,date_of_birth,role";
    let person = "x,P1,F1,2014-05-05,child";
    let claims = "paid_to,claim_id,family_id,submitted_on,outcome";
    let criteria = "notes,case_id,criterion,outcome_on,relapsed_on";
    let needs = ["x,C1,3,2024-01-10,", "x,C1,5,2024-01-10,", "x,C1,7,2024-01-10,"];
    for (table, header, rows, last, rule) in [
        ("cases", cases, &[case][..], "Total Care,,F1,,", "sustainment"),
        ("people", people, &[person], "Reporter,,F1,,", "attendance"),
        ("claims", claims, &none, "Total Families Ltd,,F1,,", "reclaim"),
        ("claims", claims, &none, "3 families,,F1,,", "reclaim"),
        ("criteria", criteria, &needs, "Report of school: not achieved,C1,,,", "progress"),
    ] {
        assert_eq!(with_last_row(table, header, rows).check().status("C1"), "claimable", "{table}");
        let all: Vec<&str> = rows.iter().copied().chain([last]).collect();
        let folder = with_last_row(table, header, &all);
        let ran = folder.check();
        assert_eq!((ran.of("C1", rule).as_str(), held(&ran)), ("unknown", 1), "{last}");
    }
}

/// Of many ids that may be of several families each is told of the first few: a claim behind many people counts as the first would.
#[test]
fn a_claim_under_the_last_of_many_ids_counts() {
    let of = |claim: &str, people: usize| {
        let folder = Folder::of_claimable_family();
        folder.put(
            "cases.csv",
            "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC2,F01,2023-03-06,\n",
        );
        let mut rows = "person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,child\n".to_owned();
        let mut ids = "kind,id,former_id\n".to_owned();
        for i in 0..8 {
            ids.push_str(&format!("family,F001,OLD{i}\n"));
        }
        for i in 0..people {
            rows.push_str(&format!("Q{i},OLD-{i},1980-05-05,adult\n"));
        }
        folder.put("people.csv", &rows);
        folder.put("former_ids.csv", &ids);
        folder.put(
            "claims.csv",
            format!(
                "claim_id,family_id,submitted_on,decided_on,outcome\nK0,H0,2020-01-01,2020-02-01,approved\n{claim}"
            ),
        );
        folder.check().of("C1", "reclaim")
    };
    for people in [0, 7] {
        for id in ["OLD7", "OLD 7"] {
            let claim = format!("K1,{id},2024-01-01,2024-02-01,approved\n");
            assert_eq!(of(&claim, people), "unknown", "{id}, {people} people");
        }
    }
}

#[test]
fn a_case_of_another_family_is_asked_about() {
    let two = || {
        let folder = Folder::of_claimable_family();
        folder.put(
            "cases.csv",
            "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC2,F2,2023-03-06,\n",
        );
        folder.put(
            "people.csv",
            "person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,child\nP2,F2,2013-01-01,child\n",
        );
        folder
    };
    let needs = |last: &str| {
        let folder = two();
        folder.put(
            "criteria.csv",
            format!("case_id,family_id,criterion,outcome_on\nC1,,3,2024-01-10\nC1,F1,5,2024-01-10\nC1,F1,7,2024-01-10\n{last}\n"),
        );
        folder.check().of("C1", "progress")
    };
    assert_eq!(needs(""), "met");
    // Of C1 or of F2; nearly C1, in its family or in another; of C2 or of F1; of a case that is not there, in F1; of a case whose id cannot be read, in F1.
    for last in
        ["C1,F2,8,", "C01,F1,8,", "C01,F2,8,", "C02,F1,8,", "C2,F1,8,", "C9,F1,8,", "2.02E+11,F1,8,", "C1,F9,8,"]
    {
        assert_eq!(needs(last), "unknown", "{last}");
    }
    assert_eq!(needs("C9,F9,8,"), "met");
    // The id of the family in the place of the case's.
    assert_eq!(needs("F1,,8,"), "unknown");
    let agreed = |case: &str, family: &str| {
        let folder = two();
        folder.put(
            "attendance.csv",
            "person_id,academic_year,term,possible,attended\nP1,2023/24,Spring,110,108\nP1,2023/24,Summer,120,60\n",
        );
        folder.put(
            "agreements.csv",
            format!("case_id,family_id,rule,person_id,answer,reason,agreed_by,agreed_on\n{case},{family},attendance,P1,met,Seen,A. Lee,2024-09-01\n"),
        );
        folder.check().of("C1", "attendance")
    };
    assert_eq!((agreed("C1", "F1").as_str(), agreed("C1", "").as_str()), ("met", "met"));
    assert_eq!((agreed("C1", "F2").as_str(), agreed("C1", "F9").as_str()), ("unknown", "unknown"));
    let folder = two();
    folder.put(
        "agreements.csv",
        "case_id,rule,person_id,answer,reason,agreed_by,agreed_on\nC1,attendance,P2,not_met,Seen,A. Lee,2024-09-01\n",
    );
    let said = folder.check().said("agreement_on_nothing").concat();
    assert!(said.contains("P2 is in the people table and not in the family of the case C1"), "{said}");
}

#[test]
fn an_agreement_whose_rule_is_misspelt_is_on_that_rule() {
    let folder = |rows: &[&str]| {
        let folder = Folder::of_claimable_family();
        let rows = rows.join("\n");
        folder.put("agreements.csv", format!("case_id,rule,person_id,answer,reason,agreed_by,agreed_on\n{rows}\n"));
        folder
    };
    assert_eq!(folder(&[]).check().status("C1"), "claimable");
    for rule in ["attendence", "Atendance"] {
        let folder = folder(&[&format!("C1,{rule},P1,not_met,Seen,A. Lee,2024-09-10")]);
        let ran = folder.check();
        assert_eq!(ran.of("C1", "attendance"), "unknown", "{rule}");
        assert_eq!(ran.status("C1"), "review");
    }
    // Of another case, and in days to come, it is on nothing of this one.
    assert_eq!(folder(&["C9,attendence,P1,not_met,Seen,A. Lee,2024-09-10"]).check().status("C1"), "claimable");
    assert_eq!(folder(&["C1,attendence,P1,not_met,Seen,A. Lee,2024-10-10"]).check().status("C1"), "claimable");
    // A question that nobody has answered is no agreement, and of a word that is no rule nobody knows which is meant.
    assert_eq!(folder(&["C1,attendence,P1,,,,"]).check().status("C1"), "claimable");
    assert_eq!(folder(&["C1,colour,P1,not_met,Seen,A. Lee,2024-09-10"]).check().said("unknown_rule").len(), 1);
}

#[test]
fn former_ids_under_other_spellings_lead_to_the_family() {
    let of = |former: &str, table: &str, text: &str| {
        let folder = Folder::of_claimable_family();
        folder.put("former_ids.csv", format!("kind,id,former_id\n{former}\n"));
        folder.put(&format!("{table}.csv"), text);
        let ran = folder.check();
        (ran.of("C1", "reclaim"), ran.of("C1", "attendance"), ran.of("C1", "progress"))
    };
    let claim = |family: &str| format!("claim_id,family_id,submitted_on,outcome\nK1,{family},2024-03-01,approved\n");
    let words = |reclaim: &str, attendance: &str, progress: &str| (reclaim.into(), attendance.into(), progress.into());
    assert_eq!(of("family,F1,OLD", "claims", &claim("OTHER")), words("met", "met", "met"));
    assert_eq!(of("family,F1,OLD", "claims", &claim("OLD")), words("not_yet", "met", "met"));
    assert_eq!(of("family,f1,OLD", "claims", &claim("OLD")), words("unknown", "met", "met"));
    assert_eq!(of("family,F1,OLD", "claims", &claim("old")), words("unknown", "met", "met"));
    let people = "person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,child\nP2,old,2012-01-01,child\n";
    assert_eq!(of("family,F1,OLD", "people", people), words("met", "unknown", "met"));
    let needs = "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\nC1,7,2024-01-10\nc-01,8,\n";
    assert_eq!(of("case,C1,C-1", "criteria", needs), words("met", "met", "unknown"));
}

#[test]
fn nan_is_nobodys_grandmother() {
    let folder = |role: &str| {
        let folder = Folder::of_claimable_family();
        folder.put(
            "people.csv",
            format!("person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,child\nP2,F1,,{role}\n"),
        );
        folder.check().of("C1", "attendance")
    };
    assert_eq!((folder("grandmother").as_str(), folder("NaN").as_str()), ("met", "unknown"));
}

#[test]
fn a_gap_in_ones_own_calendar_is_said() {
    let folder = Folder::of_claimable_family();
    let terms = |summer: &str| {
        folder.put(
            "terms.csv",
            format!("academic_year,term,starts_on,ends_on\n2023/24,Autumn,2023-09-04,2023-12-15\n2023/24,Spring,2024-01-08,2024-03-22\n{summer}2024/25,Autumn,2024-09-02,2024-12-20\n"),
        );
        folder.check().said("calendar_gap")
    };
    assert!(terms("2023/24,Summer,2024-04-15,2024-07-19\n").is_empty());
    let said = terms("");
    // 23 March to 1 September: 9 + 30 + 31 + 30 + 31 + 31 + 1 days.
    assert!(
        said.len() == 1 && said[0].contains("163 days") && said[0].contains("from 2024-03-23 to 2024-09-01"),
        "{said:?}"
    );
}

/// The sheet of quarantine with each of its cells passed through, put back into the data.
fn put_back(folder: &Folder, ran: &Out, change: impl Fn(&str, &str) -> Option<&'static str>) -> Out {
    let rows = ran.rows("quarantine_criteria.csv");
    let names: Vec<String> = rows[0].keys().cloned().collect();
    let cell = |name: &str, text: &str| format!("\"{}\"", change(name, text).unwrap_or(text).replace('"', "\"\""));
    let line = |row: &folder::Row| names.iter().map(|name| cell(name, &row[name])).collect::<Vec<_>>().join(",");
    let lines: Vec<String> = rows.iter().map(line).collect();
    folder.put("quarantine_criteria.csv", format!("{}\n{}\n", names.join(","), lines.join("\n")));
    folder.check()
}

#[test]
fn a_correction_takes_no_need_away_without_saying_so() {
    let settings = "columns.case_id = \"Case\"\n[files.wide.criteria]\n3 = { flag = \"C3\", outcome_on = \"O3\" }\n\
        5 = { flag = \"C5\", outcome_on = \"O5\" }\n7 = { flag = \"C7\", outcome_on = \"O7\" }\n8 = { flag = \"C8\", outcome_on = \"O8\" }\n";
    let wide = || tracker("Case,C3,O3,C5,O5,C7,O7,C8,O8\nC1,y,2024-01-10,y,2024-01-10,y,2024-01-10,maybe,\n", settings);
    let progress = |change: &dyn Fn(&str, &str) -> Option<&'static str>| {
        let folder = wide();
        let ran = folder.check();
        assert_eq!((ran.of("C1", "progress").as_str(), held(&ran)), ("unknown", 1));
        put_back(&folder, &ran, change).of("C1", "progress")
    };
    let set = |column: &'static str, text: &'static str| move |name: &str, _: &str| (name == column).then_some(text);
    assert_eq!(progress(&set("flag", "no")), "met");
    // A need of a closed case without an outcome is unknown too.
    assert_eq!(progress(&set("flag", "yes")), "unknown");
    // Another criterion that looks as a row does, a dash, and the need of another case.
    let as_another = |name: &str, _: &str| match name {
        "criterion" => Some("3"),
        "flag" => Some("y"),
        "outcome_on" => Some("2024-01-10"),
        _ => None,
    };
    assert_eq!(progress(&as_another), "unknown");
    assert_eq!(progress(&set("flag", "-")), "unknown");
    assert_eq!(
        progress(&|name: &str, _: &str| match name {
            "flag" => Some("no"),
            "case_id" => Some("C9"),
            _ => None,
        }),
        "unknown"
    );
}

#[test]
fn a_correction_that_cannot_be_used_leaves_its_row_as_unknown_as_it_was() {
    let folder = || {
        let folder = Folder::of_claimable_family();
        folder.put(
            "criteria.csv",
            "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\nC1,7,2024-01-10\nC1,8,garbage\n",
        );
        folder
    };
    for case in ["", "C9", "C1"] {
        let folder = folder();
        let ran = folder.check();
        assert_eq!((ran.of("C1", "progress").as_str(), held(&ran)), ("unknown", 1));
        let again = put_back(&folder, &ran, |name, _| match name {
            "case_id" => Some(match case {
                "" => "",
                "C9" => "C9",
                _ => "C1",
            }),
            "outcome_on" if case != "C1" => Some("2024-01-10"),
            "outcome_on" => Some("soon"),
            _ => None,
        });
        assert_eq!((again.of("C1", "progress").as_str(), held(&again)), ("unknown", 1), "{case}");
    }
    // A child that a correction names for another family, without a date of birth.
    let folder = Folder::of_claimable_family();
    folder.put("people.csv", "person_id,family_id,date_of_birth,role,joined_on\nP1,F1,2014-05-05,child,\nP2,F1,2013-01-01,child,32/13/2020\n");
    let ran = folder.check();
    assert_eq!(ran.of("C1", "attendance"), "unknown");
    let sheet = std::fs::read_to_string(ran.folder.join("quarantine_people.csv")).unwrap();
    folder.put("quarantine_people.csv", sheet.replace(",F1,", ",F9,"));
    assert_eq!(folder.check().of("C1", "attendance"), "unknown");
}

#[test]
fn an_answer_to_which_case_that_cannot_be_read_may_be_the_later_one() {
    let folder = Folder::of_claimable_family();
    folder.put(
        "cases.csv",
        "case_id,family_id,opened_on,closed_on\nC0,F1,2020-06-01,2021-01-01\nC1,F1,2023-03-06,2024-01-15\n",
    );
    folder.put(
        "criteria.csv",
        "case_id,family_id,criterion,outcome_on\nC1,,3,2024-01-10\nC1,,5,2024-01-10\nC1,,7,2024-01-10\n,F1,8,\n",
    );
    assert_eq!(folder.check().of("C1", "progress"), "unknown");
    let review = folder.run("review", &[]);
    let questions = review.rows("agreements_to_fill.csv");
    let print = questions.iter().find(|row| row["rule"] == "period").unwrap()["of_rows"].clone();
    let answered = |rows: &[&str]| {
        let rows: Vec<String> = rows.iter().map(|row| row.replace("PRINT", &print)).collect();
        folder.put(
            "agreements.csv",
            format!("rule,family_id,case_id,answer,reason,agreed_by,agreed_on,until,of_rows\n{}\n", rows.join("\n")),
        );
        folder.check()
    };
    let first = "period,F1,,C0,Seen,A. Lee,2024-09-01,,PRINT";
    assert_eq!(answered(&[first]).of("C1", "progress"), "met");
    for later in ["period,F1,,,Seen,A. Lee,2024-09-10,,PRINT", "period,F1,,C1,Seen,A. Lee,soon,,PRINT"] {
        assert_eq!(answered(&[first, later]).of("C1", "progress"), "unknown", "{later}");
    }
    assert_eq!(answered(&[first, "period,F1,,,,,,,PRINT"]).of("C1", "progress"), "met");
    // A day in `until` ends nothing, and the run says so.
    let ran = answered(&["period,F1,,C0,Seen,A. Lee,2024-09-01,2024-09-02,PRINT"]);
    assert_eq!(ran.of("C1", "progress"), "met");
    assert!(ran.said("agreement_on_nothing").iter().any(|said| said.contains("until 2024-09-02 changes nothing")));
}

#[test]
fn sheets_that_the_settings_do_not_name_are_said() {
    let of = |name: &str, hidden: bool, cells: &[[&str; 4]]| {
        let folder = Folder::of_claimable_family();
        folder.take_away("criteria.csv");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheets: [(&str, bool, &[[&str; 4]]); 2] = [
            ("North", false, &[["Case", "C3", "C5", "C7"], ["C1", "2024-01-02", "2024-01-02", "2024-01-02"]]),
            (name, hidden, cells),
        ];
        for (name, hidden, rows) in sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap().set_hidden(hidden);
            for (row, cells) in rows.iter().enumerate() {
                for (column, text) in cells.iter().enumerate() {
                    sheet.write_string(row as u32, column as u16, *text).unwrap();
                }
            }
        }
        book.save(folder.data().join("t.xlsx")).unwrap();
        folder.put(
            "sfclaim.toml",
            "[[files]]\nfile = \"t.xlsx\"\nsheet = \"North\"\ntable = \"criteria\"\ncolumns.case_id = \"Case\"\n\
             wide.criteria = { 3 = \"C3\", 5 = \"C5\", 7 = \"C7\" }\n",
        );
        let ran = folder.check();
        (ran.said("table_not_read").concat(), ran.said("file_not_read").concat())
    };
    let claims = [["claim_id", "family_id", "submitted_on", "outcome"], ["K1", "F1", "2024-03-01", "approved"]];
    let team = [["Case", "C3", "C5", "C7"], ["C1", "2024-01-02", "", ""]];
    for (name, hidden, cells, says) in [
        ("claims", false, &claims[..], "named for the table"),
        (
            "Old list",
            true,
            &claims,
            "and the sheet is hidden. It looks like a table, since it has the column names of the table",
        ),
        ("South", false, &team, "it has the column names of the sheet \"North\""),
    ] {
        let (warned, _) = of(name, hidden, cells);
        assert!(warned.contains(&format!("t.xlsx [{name}] was not read")) && warned.contains(says), "{warned}");
    }
    let (warned, noted) = of("Notes", false, &[["Written", "by", "A.", "Lee"]]);
    assert!(warned.is_empty() && noted.contains("were not read: Notes."), "{warned} {noted}");
    assert_eq!(of("Empty", false, &[]), (String::new(), String::new()));
}

#[test]
fn a_percentage_of_a_child_who_is_not_looked_at_is_shown() {
    let folder = Folder::of_claimable_family();
    folder
        .put("people.csv", "person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,child\nP2,F1,2008-02-01,child\n");
    folder.put("attendance_school.csv", "person_id,academic_year,term,percent\nP2,2023/24,Spring,55\n");
    let ran = folder.check();
    let rows = ran.rows("children_not_looked_at.csv");
    assert!(rows[0].values().any(|cell| cell.contains("55%")), "{rows:?}");
}

#[test]
fn a_family_whose_only_case_is_quarantined_is_nearly_alike_too() {
    let folder = Folder::of_claimable_family();
    folder.put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC2,f1,notaday,\n");
    let said = folder.check().said("ids_nearly_alike");
    assert!(said.len() == 1 && said[0].contains("F1") && said[0].contains("f1"), "{said:?}");
}

#[test]
fn an_agreement_against_the_records_is_said() {
    let of = |rule: &str, answer: &str| {
        let folder = Folder::of_claimable_family();
        folder.put(
            "agreements.csv",
            format!("case_id,rule,answer,reason,agreed_by,agreed_on\nC1,{rule},{answer},seen the file,A. Officer,2024-09-01\n"),
        );
        let ran = folder.check();
        (ran.status("C1"), ran.said("agreement_against_records").len())
    };
    // Agreements answer what the records leave unknown (contract section 4): that one changes nothing is said.
    for rule in ["reclaim", "family", "sustainment"] {
        assert_eq!(of(rule, "not_met"), ("claimable".to_owned(), 1), "{rule}");
        assert_eq!(of(rule, "met"), ("claimable".to_owned(), 0), "{rule}");
    }
}

/// A row of a family whose id is nearly alike counts as one that could not be read: it is without effect only when none of its days has
/// come (contract section 1).
#[test]
fn a_doubtful_row_of_a_day_to_come_counts_where_another_of_its_days_has_come() {
    let people = |row: &str| {
        let folder = Folder::of_claimable_family();
        folder.put(
            "people.csv",
            format!(
                "person_id,family_id,date_of_birth,role,joined_on,left_on,expecting\nP1,F1,2014-05-05,child,,,\n{row}\n"
            ),
        );
        folder.check().of("C1", "attendance")
    };
    assert_eq!(people("P2,f1,2012-05-05,child,2024-10-01,,"), "met");
    assert_eq!(people("P2,f1,2012-05-05,child,2024-09-30,,"), "unknown");
    assert_eq!(people("P2,f1,1990-05-05,adult,2024-10-01,,2024-09-30"), "unknown");
    assert_eq!(people("P2,f1,1990-05-05,adult,2024-10-01,,2024-10-01"), "met");
    let claims = |row: &str| {
        let folder = Folder::of_claimable_family();
        folder.put("claims.csv", format!("claim_id,family_id,submitted_on,decided_on,outcome\n{row}\n"));
        folder.check().of("C1", "reclaim")
    };
    assert_eq!(claims("K1,f1,2024-10-01,,approved"), "met");
    assert_eq!(claims("K1,f1,2024-10-01,2024-10-02,approved"), "met");
    assert_eq!(claims("K1,f1,2024-10-01,2024-09-30,approved"), "unknown");
    assert_eq!(claims("K1,f1,2024-10-01,2024-09-30,rejected"), "met");
}
