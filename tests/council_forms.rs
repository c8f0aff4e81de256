//! Trackers as councils keep them, and words of their own: each gives the same bytes of `decisions.csv` as the tidy tables.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::Folder;

/// Two families: of one all three needs have an outcome, of the other one of three.
fn tidy() -> Folder {
    let folder = Folder::of_claimable_family();
    folder.put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC2,F2,2023-04-03,\n");
    folder.put(
        "criteria.csv",
        "case_id,criterion,identified_on,outcome_on\n\
         C1,3,2023-03-06,2024-01-10\nC1,5,,2024-01-10\nC1,7,,2024-01-10\nC2,3,,2024-02-01\nC2,5,,\nC2,7,,\n",
    );
    folder
}

/// The same with a tracker in the place of the list of needs.
fn with_tracker(tracker: &str, settings: &str) -> Folder {
    let folder = tidy();
    folder.take_away("criteria.csv");
    folder.put("tracker.csv", tracker);
    folder.put("sfclaim.toml", format!("[[files]]\nfile = \"tracker.csv\"\ntable = \"criteria\"\n{settings}"));
    folder
}

#[track_caller]
fn same_as_tidy(folder: &Folder) {
    let tidy = tidy();
    let (ours, theirs) = (folder.check(), tidy.check());
    assert_eq!(ours.decisions(), theirs.decisions(), "{:?} {}", ours.rows("quarantine.csv"), ours.stderr);
    assert_eq!(theirs.status("C1"), "claimable");
    assert!(ours.rows("quarantine.csv").is_empty());
}

const BESIDE: &str = "columns.case_id = \"Ref\"\n[files.wide.criteria]\n\
    3 = { flag = \"MH\", outcome_on = \"MH met\" }\n5 = { flag = \"Rel\", outcome_on = \"Rel met\" }\n\
    7 = { flag = \"Crime\", outcome_on = \"Crime met\" }\n";

#[test]
fn ticks_dates_and_words_in_one_column_with_the_outcomes_beside() {
    same_as_tidy(&with_tracker(
        "Ref,MH,\"MH\nmet\",Rel,Rel met,Crime,Crime met\n\
         C1,06/03/2023 00:00,10/01/2024 9:30 AM,✓,10/01/2024,x,10/01/2024\nC2,Yes,01/02/2024,1,N,✓,\n",
        BESIDE,
    ));
}

#[test]
fn yes_without_a_day_is_asked_about_and_no_is_no_outcome() {
    let folder = with_tracker(
        "Ref,MH,MH met,Rel,Rel met,Crime,Crime met\nC1,Y,10/01/2024,Y,10/01/2024,Y,Y\nC2,N,,Y,N,N,\n",
        BESIDE,
    );
    let ran = folder.check();
    let held = ran.rows("quarantine.csv");
    assert_eq!(held.len(), 1);
    assert!(held[0]["message"].contains("and not when"), "{}", held[0]["message"]);
    assert_eq!((ran.of("C1", "progress"), ran.of("C2", "criteria_count")), ("unknown".into(), "1".into()));
}

#[test]
fn outcomes_may_stand_in_the_row_below() {
    let tracker =
        "Ref,MH,Rel,Crime\nC1,06/03/2023,✓,x\n,10/01/2024,10/01/2024,10/01/2024\nC2,Yes,1,✓\nC2,01/02/2024,N,\n";
    let below = "columns.case_id = \"Ref\"\nwide.outcomes_below = true\nwide.criteria = { 3 = \"MH\", 5 = \"Rel\", 7 = \"Crime\" }\n";
    same_as_tidy(&with_tracker(tracker, below));
    // A second row below names nobody, and is nobody's.
    let two = tracker.replace("C2,Yes", ",11/01/2024,,\nC2,Yes");
    let folder = with_tracker(&two, below);
    let ran = folder.check();
    assert!(!ran.rows("quarantine.csv").is_empty());
    assert_eq!(ran.status("C1"), "claimable");
}

#[test]
fn a_column_under_the_tables_own_name_counts_for_every_need_of_the_row() {
    let with = |heading: &str| {
        let folder = with_tracker(
            &format!(
                "Ref,MH,MH met,Rel,Rel met,Crime,Crime met,{heading},Comment\nC1,Y,10/01/2024,Y,10/01/2024,Y,10/01/2024,13/03/2024,\n"
            ),
            BESIDE,
        );
        let ran = folder.check();
        (ran.of("C1", "progress"), ran.said("extra_columns").concat())
    };
    // A relapse in March after outcomes in January.
    let (progress, left_out) = with("Relapsed on");
    assert_eq!(progress, "not_met");
    assert!(left_out.contains("not read, because sfclaim.toml does not name them: Comment."), "{left_out}");
    // Under another heading it is not read, and the run says so.
    let (progress, left_out) = with("Relapse day");
    assert_eq!(progress, "met");
    assert!(left_out.contains("Relapse day, Comment"), "{left_out}");
}

#[test]
fn a_heading_that_stands_twice_stops_the_run_where_it_is_used() {
    let refused = |header: &str, heading: &str| {
        let cells = ",Y".repeat(header.split(',').count() - 1);
        let ran = with_tracker(&format!("{header}\nC1{cells}\n"), BESIDE).check();
        assert_eq!(ran.code, Some(2), "{header}");
        assert!(ran.stderr.contains(&format!("has the column \"{heading}\" more than once")), "{}", ran.stderr);
    };
    refused("Ref,MH,MH met,Rel,Rel met,Crime,Crime met,mh ", "MH");
    refused("Ref,MH,MH met,Rel,Rel met,Crime,Crime met,Crime_met", "Crime met");
    // The tables' own names are looked for without being named.
    refused("Ref,MH,MH met,Rel,Rel met,Crime,Crime met,relapsed on,Relapsed_on", "relapsed_on");
    // One that nothing looks for may.
    same_as_tidy(&with_tracker(
        "Ref,Note,MH,MH met,Rel,Rel met,Crime,Crime met,Note\n\
         C1,a,Yes,10/01/2024,✓,10/01/2024,x,10/01/2024,b\nC2,,Yes,01/02/2024,1,N,✓,,\n",
        BESIDE,
    ));
}

#[test]
fn one_day_for_all_outcomes_with_a_yes_or_no_for_each() {
    same_as_tidy(&with_tracker(
        "Ref,MH,MH out,Rel,Rel out,Crime,Crime out,Outcome date\n\
         C1,06/03/2023,Yes,✓,met,x,1,10/01/2024\nC2,Yes,y,1,,✓,,01/02/2024\n",
        "columns = { case_id = \"Ref\", outcome_on = \"Outcome date\" }\n[files.wide.criteria]\n\
         3 = { flag = \"MH\", result = \"MH out\" }\n5 = { flag = \"Rel\", result = \"Rel out\" }\n\
         7 = { flag = \"Crime\", result = \"Crime out\" }\n",
    ));
    let not = with_tracker(
        "Ref,MH,MH out,Outcome date\nC1,Y,N,10/01/2024\n",
        "columns = { case_id = \"Ref\", outcome_on = \"Outcome date\" }\n[files.wide.criteria]\n3 = { flag = \"MH\", result = \"MH out\" }\n",
    );
    assert_eq!(not.check().of("C1", "progress"), "not_met");
}

#[test]
fn a_row_a_family() {
    same_as_tidy(&with_tracker(
        "Family,MH,MH met,Rel,Rel met,Crime,Crime met\n\
         F1,06/03/2023,10/01/2024,✓,10/01/2024,x,10/01/2024\nF2,Yes,01/02/2024,1,N,✓,\n",
        &BESIDE.replace("case_id = \"Ref\"", "family_id = \"Family\""),
    ));
}

#[test]
fn a_block_a_person() {
    let block = |who: &str| {
        format!(
            "columns.case_id = \"Ref\"\n[files.wide.criteria]\n3 = {{ flag = \"{who} MH\", outcome_on = \"{who} MH met\", person_id = \"{who}\" }}\n\
             5 = {{ flag = \"{who} Rel\", outcome_on = \"{who} Rel met\", person_id = \"{who}\" }}\n\
             7 = {{ flag = \"{who} Crime\", outcome_on = \"{who} Crime met\", person_id = \"{who}\" }}\n"
        )
    };
    let second = format!("[[files]]\nfile = \"tracker.csv\"\ntable = \"criteria\"\n{}", block("Adult"));
    let blocks = ["Child", "Adult"]
        .map(|who| format!("{who},{who} MH,{who} MH met,{who} Rel,{who} Rel met,{who} Crime,{who} Crime met"));
    let tracker = format!(
        "Ref,{},{}\nC1,P1,06/03/2023,10/01/2024,✓,10/01/2024,,,P2,06/03/2023,10/01/2024,,,x,10/01/2024\n\
         C2,P3,Yes,01/02/2024,,,,,P4,,,1,,✓,\n",
        blocks[0], blocks[1]
    );
    same_as_tidy(&with_tracker(&tracker, &(block("Child") + &second)));
}

#[test]
fn a_sheet_a_team() {
    let folder = tidy();
    folder.take_away("criteria.csv");
    let mut book = rust_xlsxwriter::Workbook::new();
    let rows: [(&str, [&str; 7]); 2] = [
        ("North", ["C1", "06/03/2023", "10/01/2024", "✓", "10/01/2024", "x", "10/01/2024"]),
        ("South", ["C2", "Yes", "01/02/2024", "1", "N", "✓", ""]),
    ];
    for (team, cells) in rows {
        let sheet = book.add_worksheet().set_name(team).unwrap();
        sheet.write(0, 0, format!("{team} team")).unwrap();
        for (row, cells) in [["Ref", "MH", "MH met", "Rel", "Rel met", "Crime", "Crime met"], cells].iter().enumerate()
        {
            for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                sheet.write(u32::try_from(row + 2).unwrap(), u16::try_from(column).unwrap(), *text).unwrap();
            }
        }
    }
    folder.put("teams.xlsx", book.save_to_buffer().unwrap());
    let entry = |team: &str| {
        format!("[[files]]\nfile = \"teams.xlsx\"\nsheet = \"{team}\"\ntable = \"criteria\"\nheader_row = 3\n{BESIDE}")
    };
    folder.put("sfclaim.toml", entry("North") + &entry("South"));
    same_as_tidy(&folder);
}

#[test]
fn academic_years_and_terms_in_other_words_are_the_calendars() {
    for (year, spring, summer) in [
        ("2023/2024", "Spring Term", "SUMMER TERM"),
        ("2023-24", "Spr", "Sum"),
        ("23/24", "spring", "Summer Term 2024"),
        ("2023/24", "Spring 2024", "Summer 2023-24"),
    ] {
        let folder = tidy();
        folder.put(
            "attendance.csv",
            format!("person_id,academic_year,term,possible,attended\nP1,{year},{spring},110,108\nP1,{year},{summer},120,118\n"),
        );
        same_as_tidy(&folder);
    }
    // The spring of another year, and a third half-term of a term, are no term of the calendar.
    for term in ["Spring 2023", "Spring 3", "Lent half"] {
        let folder = tidy();
        folder.put(
            "attendance.csv",
            format!(
                "person_id,academic_year,term,possible,attended\nP1,2023/24,{term},110,108\nP1,2023/24,Summer,120,118\n"
            ),
        );
        let ran = folder.check();
        assert_eq!((ran.of("C1", "attendance").as_str(), ran.said("unknown_term").len()), ("unknown", 1), "{term}");
    }
}

#[test]
fn a_relationship_is_the_role_of_a_child_or_of_an_adult_or_of_either() {
    let folder = tidy();
    let people = |role: &str| {
        folder.put(
            "people.csv",
            format!("person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,Son\nP2,F1,,{role}\n"),
        );
        let ran = folder.check();
        (ran.of("C1", "attendance"), ran.said("unknown_value").len())
    };
    // Without a birth date an adult does no harm, and a child, or one who may be either, leaves it unknown.
    for adult in ["Mother", "step-father", "Grandparent"] {
        assert_eq!(people(adult), ("met".to_owned(), 0), "{adult}");
    }
    for other in ["Step-daughter", "Sibling", "half brother"] {
        assert_eq!(people(other), ("unknown".to_owned(), 0), "{other}");
    }
    assert_eq!(people("Lodger"), ("unknown".to_owned(), 1));
}
