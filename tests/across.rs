//! Checks across tables, on both sides of each edge; what they say where families are restricted; and that neither they
//! nor confirmations change a decision.

mod support;

use sfclaim::finding::Severity;
use sfclaim::report::output::page::Screen;
use sfclaim::report::views::check::page::summary;
use sfclaim::report::views::check::receipt;
use sfclaim::report::views::explain::{explain, records, text};
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use support::{Table, check, loaded, question, table};

const CASE: &[&str] = &["case_id,family_id,opened_on,closed_on", "C1,F1,2023-01-10,2024-01-31"];
const NEEDS: &[&str] = &["case_id,criterion,outcome_on", "C1,3,2024-01-15", "C1,5,2024-01-15", "C1,7,2024-01-15"];
const PEOPLE: &str = "person_id,family_id,date_of_birth,role,upn,joined_on,left_on,restricted";

/// A finding as a line: code, severity, place, record.
fn line(finding: &sfclaim::finding::Finding) -> String {
    let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{} {} {place} {}", finding.code.code(), finding.severity().word(), finding.record)
}

/// The findings of these files, in place of and beside one plain case, without those on missing tables.
fn findings(files: &[(&str, &[&str])], as_at: &str) -> Vec<String> {
    let mut tables: Vec<Table> = files.iter().map(|(file, lines)| table(file, lines)).collect();
    for (file, lines) in [("cases.csv", CASE), ("criteria.csv", NEEDS)] {
        if !files.iter().any(|(other, _)| *other == file) {
            tables.push(table(file, lines));
        }
    }
    of_tables(&tables, as_at)
}

fn of_tables(tables: &[Table], as_at: &str) -> Vec<String> {
    let data = loaded(tables).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question(as_at, &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let all = outcome.findings.sorted().into_iter().map(line);
    all.filter(|line| !line.starts_with("table_missing") && !line.starts_with("unmatched_pupils")).collect()
}

fn of_needs(row: &str, as_at: &str) -> Vec<String> {
    findings(&[("criteria.csv", &["case_id,criterion,identified_on,outcome_on,relapsed_on,result", row])], as_at)
}

// The case is open from 10 January 2023 to 31 January 2024.
#[test]
fn days_of_a_need_are_held_against_each_other_and_against_its_case() {
    for (row, expected) in [
        ("C1,3,2023-06-01,2023-06-01,,", None),
        ("C1,3,2023-06-01,2023-05-31,,", Some("outcome_before_need")),
        ("C1,3,2023-06-01,2023-07-01,2023-05-31,", Some("outcome_before_need")),
        ("C1,3,,2023-01-10,,", None),
        ("C1,3,,2023-01-09,,", Some("outcome_before_opening")),
        ("C1,3,2022-12-01,2022-12-31,,", Some("outcome_before_opening")),
        ("C1,3,2024-01-31,2024-02-10,,", None),
        ("C1,3,2024-02-01,2024-02-10,,", Some("need_after_closing")),
        // A relapse before a later outcome is mended by it.
        ("C1,3,,2023-12-30,2023-06-01,", None),
        ("C1,3,,2023-12-30,,achieved", None),
        ("C1,3,,,,achieved", Some("achieved_without_day")),
        ("C1,3,,,,not_achieved", None),
    ] {
        let expected: Vec<String> =
            expected.map(|code| format!("{code} warning criteria.csv row 2 C1")).into_iter().collect();
        assert_eq!(of_needs(row, "2024-09-30"), expected, "{row}");
    }
}

// 12 months before 10 January 2023 is 10 January 2022; 12 months after 31 January 2024 is 31 January 2025.
#[test]
fn what_is_usual_is_a_note_told_once_at_its_first_row() {
    assert_eq!(of_needs("C1,3,2022-01-10,,,", "2025-03-31"), Vec::<String>::new());
    assert_eq!(of_needs("C1,3,,2025-01-31,,", "2025-03-31"), Vec::<String>::new());
    let needs =
        ["case_id,criterion,identified_on,outcome_on", "C1,3,2022-01-09,", "C1,5,2022-01-08,", "C1,7,,2025-02-01"];
    assert_eq!(
        findings(&[("criteria.csv", &needs)], "2025-03-31"),
        ["need_long_before_opening note criteria.csv row 2 ", "outcome_long_after_closing note criteria.csv row 4 "]
    );
}

#[test]
fn what_has_not_come_yet_is_not_looked_at() {
    // The closing, and so the need after it, are of a later day; so is the outcome; so is the claim.
    assert_eq!(of_needs("C1,3,2024-02-01,,,", "2024-01-31"), Vec::<String>::new());
    assert_eq!(of_needs("C1,3,2024-02-01,,,", "2024-02-01").len(), 1);
    // A need found later whose outcome has come already is of two minds: one of its days is wrong.
    assert_eq!(of_needs("C1,3,2023-06-02,2023-06-01,,", "2023-06-01"), ["days_contradict error criteria.csv row 2 C1"]);
    assert_eq!(of_needs("C1,3,2023-06-02,2023-06-01,,", "2023-05-31"), Vec::<String>::new());
    let claims: &[&str] = &["claim_id,family_id,case_id,submitted_on,outcome", "K1,F1,C9,2024-03-01,approved"];
    assert_eq!(findings(&[("claims.csv", claims)], "2024-02-29"), Vec::<String>::new());
    assert_eq!(findings(&[("claims.csv", claims)], "2024-03-01"), ["claim_of_no_case warning claims.csv row 2 K1"]);
    // Born after the as-at date, which is no mistake while there are later records; and after all of them.
    let born = |day: &str| [PEOPLE.to_owned(), format!("P1,F1,{day},,,,,"), "P2,F1,2014-05-01,,,,,".to_owned()];
    for (day, as_at, expected) in [
        ("2024-01-31", "2023-12-31", 0),
        ("2024-02-01", "2023-12-31", 1),
        ("2024-02-01", "2024-02-01", 0),
        // Somebody of more than 110 is quarantined instead.
        ("1904-09-30", "2024-09-30", 0),
    ] {
        let people = born(day);
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let found = findings(&[("people.csv", &people)], as_at);
        let unlikely = found.iter().filter(|line| line.starts_with("birth_date_unlikely warning people.csv row 2 P1"));
        assert_eq!(unlikely.count(), expected, "{day} as at {as_at}: {found:?}");
    }
}

#[test]
fn a_claim_is_held_against_the_cases() {
    let header = "claim_id,family_id,case_id,submitted_on,decided_on,outcome";
    let cases: &[&str] = &[CASE[0], CASE[1], "C2,F2,2024-03-02,"];
    for (rows, expected) in [
        (&["K1,F1,C1,2024-03-01,,approved"][..], vec![]),
        (&["K1,F1,C9,2024-03-01,,approved"], vec!["claim_of_no_case warning claims.csv row 2 K1"]),
        // Before the first case of the data nobody expects its case there.
        (&["K1,F1,C9,2023-01-10,,approved"], vec![]),
        (&["K1,F9,,2023-01-10,,approved"], vec![]),
        (
            &["K1,F9,,2023-01-11,,approved", "K2,F8,,2023-02-01,,rejected"],
            vec!["claims_without_case note claims.csv row 2 "],
        ),
        (&["K1,F2,C2,2024-03-01,,approved"], vec!["claim_before_opening warning claims.csv row 2 K1"]),
        (&["K1,F2,C2,2024-03-02,,approved"], vec![]),
        (&["K1,F2,C1,2024-03-02,,approved"], vec!["claim_of_another_family warning claims.csv row 2 K1"]),
        (&["K1,F1,C1,2024-03-01,2024-03-01,approved"], vec![]),
        (&["K1,F1,C1,2024-03-01,2024-02-29,approved"], vec!["decided_before_submitted warning claims.csv row 2 K1"]),
        // 2 years after 10 March 2022 is 10 March 2024: until the end of that day it is too early.
        (
            &["K1,F1,,2022-03-01,2022-03-10,approved", "K2,F1,,2024-03-10,,submitted"],
            vec!["claimed_again_early warning claims.csv row 3 K2"],
        ),
        (&["K1,F1,,2022-03-01,2022-03-10,approved", "K2,F1,,2024-03-11,,submitted"], vec![]),
        (&["K1,F1,,2022-03-01,2022-03-10,rejected", "K2,F1,,2024-03-10,,submitted"], vec![]),
        // Submitted before 3 October 2022, when the framework came into force.
        (&["K1,F1,,2022-03-01,2022-03-10,approved", "K2,F1,,2022-10-02,,approved"], vec![]),
    ] {
        let lines: Vec<&str> = std::iter::once(header).chain(rows.iter().copied()).collect();
        let found = findings(&[("cases.csv", cases), ("claims.csv", &lines)], "2024-09-30");
        assert_eq!(found, expected, "{rows:?}");
    }
}

#[test]
fn people_are_held_against_cases_needs_and_rolls() {
    let needs: &[&str] = &["case_id,criterion,person_id", "C1,1,P1"];
    let attendance: &[&str] = &["person_id,academic_year,term,possible,attended", "P1,2023/24,Spring,110,105"];
    for (row, files, expected) in [
        ("P1,F1,2014-05-01,child,,,,", &[("criteria.csv", needs)][..], vec![]),
        (
            "P2,F1,2014-05-01,child,,,,",
            &[("criteria.csv", needs)],
            vec!["need_of_nobody warning criteria.csv row 2 C1"],
        ),
        ("P1,F2,2014-05-01,child,,,,", &[], vec!["case_without_people warning cases.csv row 2 C1"]),
        // A row that cannot be read may be of the family: nothing is said of the family then.
        ("P1,F1,2014-13-01,child,,,,", &[], vec!["impossible_date error people.csv row 2 P1"]),
        ("P1,F1,2014-05-01,child,,2024-02-01,2024-02-01,", &[], vec![]),
        ("P1,F1,2014-05-01,child,,2024-02-01,2024-01-31,", &[], vec!["left_before_joined error people.csv row 2 P1"]),
        // School age ends for those born up to 31 August 2008 on 28 June 2024.
        ("P1,F1,2008-08-31,adult,,,,", &[], vec![]),
        ("P1,F1,2008-09-01,adult,,,,", &[], vec!["adult_of_school_age warning people.csv row 2 P1"]),
        // The spring term of the calendar in use starts on 8 January 2024: 19 years after 8 January 2005.
        ("P1,F1,2005-01-09,,,,,", &[("attendance.csv", attendance)], vec![]),
        ("P1,F1,,adult,,,,", &[("attendance.csv", attendance)], vec!["adult_on_roll warning people.csv row 2 P1"]),
        (
            "P1,F1,2000-01-01,,,,,",
            &[("attendance.csv", attendance)],
            vec!["adult_on_roll warning people.csv row 2 P1", "birth_date_contradicted warning people.csv row 2 P1"],
        ),
    ] {
        // A good row keeps the broken one from being half of the table.
        let people: &[&str] = &[PEOPLE, row, "P8,F8,1980-01-01,adult,,,,"];
        let files: Vec<(&str, &[&str])> =
            std::iter::once(("people.csv", people)).chain(files.iter().copied()).collect();
        assert_eq!(findings(&files, "2024-09-30"), expected, "{row}");
    }
}

/// The findings of so many cases of one team, one headline each: the first ones `3`, the others `5`.
fn of_cases(cases: usize, third: usize) -> Vec<String> {
    let mut rows = vec!["case_id,family_id,opened_on,team".to_owned()];
    let mut needs = vec!["case_id,criterion".to_owned()];
    for case in 0..cases {
        rows.push(format!("C{case},F{case},2023-01-10,North"));
        needs.push(format!("C{case},{}", if case < third { 3 } else { 5 }));
    }
    let lines = |rows: &[String]| table("x.csv", &rows.iter().map(String::as_str).collect::<Vec<&str>>());
    let named = |file: &str, table: Table| Table { file: file.to_owned(), ..table };
    of_tables(&[named("cases.csv", lines(&rows)), named("criteria.csv", lines(&needs))], "2024-09-30")
}

// 95 of 100 are 95%. Fewer than 100 cases say nothing of headlines, and fewer than 10 nothing of a team.
#[test]
fn headlines_and_teams_are_told_of_from_enough_cases_on() {
    let nearly_all = "headline_on_nearly_all warning  3".to_owned();
    let same = "team_with_one_set warning  North".to_owned();
    for (cases, third, expected) in [
        (100, 95, Some(&nearly_all)),
        (100, 94, None),
        (99, 98, None),
        (10, 10, Some(&same)),
        (10, 9, None),
        (9, 9, None),
    ] {
        let found = of_cases(cases, third);
        let found: Vec<&String> = found.iter().filter(|line| !line.starts_with("headline_on_none")).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{third} of {cases}");
    }
    // The other eight headlines are on none of the cases.
    assert_eq!(of_cases(100, 50).len(), 8);
    assert_eq!(of_cases(99, 50).len(), 0);
    let all = |most: usize| {
        let rows: Vec<String> = (1..=most).map(|headline| format!("C1,{headline}")).collect();
        let rows: Vec<&str> = std::iter::once("case_id,criterion").chain(rows.iter().map(String::as_str)).collect();
        findings(&[("criteria.csv", &rows)], "2024-09-30")
    };
    assert_eq!(all(9), Vec::<String>::new());
    assert_eq!(all(10), ["every_headline warning cases.csv row 2 C1"]);
}

/// Two families with a period each that share P1, whose birth dates differ, one UPN of two people, and a claim of one
/// family for a case of the other.
fn sharing(restricted: &str) -> Vec<Table> {
    let person = format!("P1,F2,2014-06-01,child,,,,{restricted}");
    vec![
        table("cases.csv", &[CASE[0], CASE[1], "C2,F2,2023-01-10,2024-01-31"]),
        table("criteria.csv", NEEDS),
        table(
            "people.csv",
            &[
                PEOPLE,
                "P1,F1,2014-05-01,child,,,,",
                &person,
                "P2,F1,2012-05-01,child,W889200024001,,,",
                "P3,F2,2012-05-01,child,W889200024001,,,",
            ],
        ),
        table("claims.csv", &["claim_id,family_id,case_id,submitted_on,outcome", "K1,F2,C1,2024-03-01,approved"]),
    ]
}

#[test]
fn across_a_restricted_link_there_is_only_a_number() {
    assert_eq!(
        of_tables(&sharing(""), "2024-09-30"),
        [
            "upn_of_two_people warning people.csv row 4 P2;P3",
            "two_birth_dates warning people.csv row 2 P1",
            "claim_of_another_family warning claims.csv row 2 K1",
            "families_share_people warning people.csv row 2 F1;F2",
        ]
    );
    let hidden = sharing("y");
    assert_eq!(
        of_tables(&hidden, "2024-09-30"),
        [
            "upn_of_two_people warning  ",
            "two_birth_dates warning  ",
            "claim_of_another_family warning  ",
            "families_share_people warning  ",
        ]
    );
    let data = loaded(&hidden).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    for finding in outcome.findings.sorted().iter().filter(|finding| finding.place.is_none()) {
        let whole = format!("{} {}", finding.message, finding.value);
        for name in ["F1", "F2", "P1", "P2", "P3", "C1", "C2", "K1", "W889", "row"] {
            assert!(!whole.contains(name), "{whole}");
        }
    }
}

// A finding without a place sorts first: of two pairs of families the summary shows the one that may be named.
#[test]
fn the_summary_shows_an_example_with_a_place_where_there_is_one() {
    let mut tables = sharing("y");
    tables[0] = table(
        "cases.csv",
        &[CASE[0], CASE[1], "C2,F2,2023-01-10,2024-01-31", "C3,F3,2023-01-10,", "C4,F4,2023-01-10,"],
    );
    let people = tables.iter_mut().find(|table| table.file == "people.csv").unwrap();
    for family in ["F3", "F4"] {
        let row = format!("P5,{family},2014-05-01,child,,,,");
        people.rows.push(row.split(',').map(str::to_owned).collect());
    }
    let data = loaded(&tables).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let said = summary(&judge(&prepared, prepared.rules.clone()), Screen::wide(100_000));
    let expected = "warning families_share_people: 2 times, for example: people.csv row 6: families F3 and F4 share";
    assert!(said.contains(expected), "{said}");
    // Where none may be named there is none with a place.
    assert!(
        said.contains(
            "warning two_birth_dates: one person with two birth dates, found once where a record is restricted"
        )
    );
}

/// The sharing families with these confirmations.
fn confirmed(rows: &[&str]) -> Vec<Table> {
    let mut tables = sharing("");
    let header = "finding,record,confirmed_by,confirmed_on,reason,until";
    tables.push(table("confirmations.csv", &[&[header], rows].concat()));
    tables
}

#[test]
fn confirmations_make_notes_and_change_no_decision() {
    let rows = [
        "upn_of_two_people,P2;P3,A. Officer,2024-01-01,seen,",
        "two_birth_dates,P1,A. Officer,2024-01-01,seen,",
        "claim_of_another_family,K1,A. Officer,2024-01-01,seen,",
        "families_share_people,F1;F2,A. Officer,2024-01-01,seen,",
        "table_missing,,A. Officer,2024-01-01,seen,",
    ];
    let warnings = |tables: &[Table]| {
        let found = of_tables(tables, "2024-09-30");
        found.into_iter().filter(|line| line.contains(" warning ")).collect::<Vec<String>>()
    };
    assert_eq!(warnings(&confirmed(&rows)), Vec::<String>::new());
    let with = check(&confirmed(&rows), "2024-09-30", &[], None).unwrap();
    let without = check(&sharing(""), "2024-09-30", &[], None).unwrap();
    assert_eq!(with.decisions, without.decisions);
    assert_eq!(with.children, without.children);
}

#[test]
fn an_error_stays_an_error_whatever_is_confirmed() {
    let mut tables = confirmed(&["impossible_date,C2,A. Officer,2024-01-01,seen,"]);
    tables[0] = table("cases.csv", &[CASE[0], CASE[1], "C2,F2,2023-01-10,2024-01-32", "C3,F3,2023-01-10,"]);
    let found = of_tables(&tables, "2024-09-30");
    assert!(found.contains(&"impossible_date error cases.csv row 3 C2".to_owned()), "{found:?}");
    assert!(found.contains(&"cannot_be_confirmed warning confirmations.csv row 2 C2".to_owned()), "{found:?}");
}

#[test]
fn the_receipt_and_the_explanation_say_what_is_confirmed() {
    let tables = confirmed(&["families_share_people,F1;F2,A. Officer,2024-01-01,Lives with both parents.,2024-12-31"]);
    let data = loaded(&tables).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    assert!(outcome.findings.sorted().iter().any(|finding| finding.severity() == Severity::Note));
    assert_eq!(
        receipt(&outcome, &prepared.inputs)["confirmations"],
        serde_json::json!([{
            "finding": "families_share_people", "record": "F1;F2", "confirmed_by": "A. Officer",
            "confirmed_on": "2024-01-01", "reason": "Lives with both parents.", "until": "2024-12-31",
            "file": "confirmations.csv", "row": 2, "findings": 1,
        }])
    );
    for decision in &outcome.decisions {
        let records = records(&outcome, &[decision], &data).unwrap();
        let explanation = explain(&outcome, decision, &records, &[], false);
        let json = serde_json::to_value(&explanation).unwrap();
        let shared = json["findings"].as_array().unwrap().iter().find(|one| one["finding"] == "families_share_people");
        assert_eq!(shared.unwrap()["confirmed"]["confirmed_by"], "A. Officer", "{}", decision.case_id);
        let said = text(&explanation, Screen::wide(100_000));
        let (open, confirmed) = said.split_once("\nFindings about its rows that a person has confirmed\n").unwrap();
        assert!(open.contains("\nFindings about its rows\n") && open.contains("warning upn_of_two_people"), "{said}");
        assert!(confirmed.contains("Confirmed by A. Officer on 2024-01-01, until 2024-12-31: Lives with both parents"));
        assert!(!open.contains("families_share_people"), "{said}");
    }
}

#[test]
fn the_order_of_rows_changes_no_finding_but_its_row() {
    let without_rows = |tables: &[Table]| {
        let mut lines: Vec<String> = of_tables(tables, "2024-09-30")
            .into_iter()
            .map(|line| line.split(' ').filter(|word| word.parse::<u32>().is_err()).collect::<Vec<_>>().join(" "))
            .collect();
        lines.sort();
        lines
    };
    let tables = sharing("");
    let mut turned = tables.clone();
    turned.iter_mut().for_each(|table| table.rows.reverse());
    assert_eq!(without_rows(&tables), without_rows(&turned));
}
