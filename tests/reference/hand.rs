//! Hand calculations.

use super::{Authority, Decided, RawTable, check};

fn table(file: &str, columns: &str, rows: &[&str]) -> RawTable {
    let split = |line: &str| line.split(',').map(|cell| cell.to_string()).collect::<Vec<_>>();
    RawTable { file: file.to_string(), columns: split(columns), rows: rows.iter().map(|row| split(row)).collect() }
}

/// One family, one child (born 2014), three needs resolved on 30 March 2024. Spring has 55 weekdays (110 half-days),
/// summer 75 (150).
fn authority(as_at: &str, spring: &str, summer: &str, set: &[(&str, &str)]) -> Authority {
    let terms = [
        "2023/24,Spring,2024-01-08,2024-03-22",
        "2023/24,Summer,2024-04-08,2024-07-19",
        "2024/25,Autumn,2024-09-02,2024-12-20",
        "2024/25,Spring,2025-01-06,2025-04-04",
    ];
    let need = |n: &str| format!("C1,{n},2024-03-30,achieved");
    let (one, five, eight) = (need("1"), need("5.2"), need("8"));
    let totals = [format!("P1,2023/24,spring,{spring}"), format!("P1,2023/24,SUMMER,{summer}")];
    Authority {
        tables: vec![
            table("terms.csv", "academic_year,term,starts_on,ends_on", &terms),
            table("cases.csv", "case_id,family_id,opened_on,closed_on", &["C1,F1,2023-01-10,2024-03-31"]),
            table("criteria.csv", "case_id,criterion,outcome_on,result", &[&one, &five, &eight]),
            table("people.csv", "person_id,family_id,date_of_birth,upn", &["P1,F1,2014-05-06,W889200024001"]),
            table("attendance.csv", "person_id,academic_year,term,possible,attended", &[&totals[0], &totals[1]]),
            table("claims.csv", "claim_id,family_id,case_id,submitted_on,decided_on,outcome", &[]),
        ],
        symbols: Default::default(),
        as_at: as_at.to_string(),
        extracted_on: None,
        set: set.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
    }
}

fn c1(decided: &Decided, columns: &[&str]) -> String {
    columns.iter().map(|column| decided.decisions["C1"][*column].clone()).collect::<Vec<_>>().join(" ")
}

fn decide(a: &Authority) -> Decided {
    check(a).unwrap()
}

#[test]
fn claimable_on_the_day_and_waiting_the_day_before() {
    // 30 March + 6 months = 30 September. 99 of 110 is exactly 90%; 105 of 150 is exactly 70% coverage.
    let d = decide(&authority("2024-09-30", "110,99", "105,95", &[]));
    assert_eq!(
        c1(&d, &["status", "kind", "headlines", "criteria_count", "sustained_on"]),
        "claimable first 1;5;8 3 2024-09-30"
    );
    assert!(
        d.children.contains(
            &["C1", "F1", "P1", "2023/24", "Spring", "110", "99", "90.0", "met"].map(str::to_string).to_vec()
        )
    );
    let d = decide(&authority("2024-09-29", "110,99", "105,95", &[]));
    assert_eq!(c1(&d, &["status", "earliest_claim_on", "sustained_on"]), "waiting 2024-09-30 ");
}

#[test]
fn attendance_fails_and_is_retested() {
    // 94 of 105: 9400 < 9450. Summer is the latest term: two more term ends.
    let d = decide(&authority("2024-09-30", "110,99", "105,94", &[]));
    assert_eq!(c1(&d, &["status", "earliest_claim_on"]), "low_attendance 2025-04-04");
    // Spring alone: it has left after the next term.
    let d = decide(&authority("2024-09-30", "110,98", "105,95", &[]));
    assert_eq!(c1(&d, &["status", "earliest_claim_on"]), "low_attendance 2024-12-20");
    // Combined: 193 of 215 (19300 < 19350) fails, 194 passes.
    let combined = [("attendance.basis", "combined")];
    let d = decide(&authority("2024-09-30", "110,99", "105,94", &combined));
    assert_eq!(c1(&d, &["status", "earliest_claim_on"]), "low_attendance 2024-12-20");
    let d = decide(&authority("2024-09-30", "110,100", "105,94", &combined));
    assert_eq!(c1(&d, &["status"]), "claimable");
    // 104 of 150 recorded: below 70%.
    let d = decide(&authority("2024-09-30", "110,99", "104,104", &[]));
    assert_eq!(c1(&d, &["status", "attendance", "earliest_possible_on"]), "review unknown 2024-09-30");
}

#[test]
fn reclaim_after_two_years_and_a_day() {
    let mut a = authority("2024-09-30", "110,99", "105,95", &[]);
    a.tables[5].rows = table("", "", &["K1,F1,,2022-05-01,2022-09-29,approved"]).rows;
    assert_eq!(c1(&decide(&a), &["status", "kind"]), "claimable reclaim");
    a.tables[5].rows = table("", "", &["K1,F1,,2022-05-01,2022-09-30,approved"]).rows;
    assert_eq!(c1(&decide(&a), &["status", "reclaim", "earliest_claim_on"]), "waiting not_yet 2024-10-01");
    // Submitted on the day of progress, naming no case; then naming another case.
    a.tables[5].rows = table("", "", &["K1,F1,,2024-03-30,,submitted"]).rows;
    assert_eq!(c1(&decide(&a), &["status"]), "claimed");
    a.tables[5].rows = table("", "", &["K1,F9,C1,2022-01-01,,submitted"]).rows;
    assert_eq!(c1(&decide(&a), &["status"]), "claimed");
}

/// A calendar of two terms of one week (10 half-days) each; the first is good by totals.
fn week_of_marks(attended: usize, rows: &[&str]) -> Decided {
    let mut a = authority("2024-09-30", "10,9", "", &[]);
    a.tables[0] = table(
        "terms.csv",
        "academic_year,term,starts_on,ends_on",
        &["2023/24,Spring,2024-01-08,2024-01-12", "2023/24,Summer,2024-04-08,2024-04-12"],
    );
    a.tables[4].rows.truncate(1);
    let mut marks = Vec::new();
    for n in 0..10 {
        let session = if n % 2 == 0 { "AM" } else { "PM" };
        marks.push(format!("P1,S1,2024-04-{:02},{session},{}", 8 + n / 2, if n < attended { "/" } else { "O" }));
    }
    let all: Vec<&str> = marks.iter().map(|m| m.as_str()).chain(rows.iter().copied()).collect();
    a.tables.push(table("attendance_marks.csv", "person_id,school_urn,date,session,code", &all));
    decide(&a)
}

fn summer(d: &Decided) -> String {
    d.children.iter().find(|row| row[4] == "Summer").unwrap()[5..].join(" ")
}

#[test]
fn marks_in_conflict_are_settled_both_ways() {
    assert_eq!(summer(&week_of_marks(9, &[])), "10 9 90.0 met");
    // Absent elsewhere in one attended half-day: 8 or 9 of 10.
    assert_eq!(summer(&week_of_marks(9, &["P1,S2,2024-04-08,AM,O"])), "10 8 80.0 unknown");
    // 9 or 10 of 10: met either way.
    assert_eq!(summer(&week_of_marks(10, &["P1,S2,2024-04-08,AM,O"])), "10 9 90.0 met");
    // D beside an attended mark counts nothing; a missing one neither.
    assert_eq!(summer(&week_of_marks(9, &["P1,S2,2024-04-08,AM,D", "P1,S2,2024-04-08,PM,-"])), "10 9 90.0 met");
    // A bad session: that term.
    assert_eq!(summer(&week_of_marks(9, &["P1,S2,2024-04-08,EV,/"])), "10 9 90.0 unknown");
}

#[test]
fn schools_add_up_and_a_blank_school_must_equal_one() {
    let totals = |rows: &[&str]| {
        let mut a = authority("2024-09-30", "110,110", "", &[]);
        a.tables[4].rows.truncate(1);
        a.tables.push(table("attendance_2.csv", "person_id,school_urn,academic_year,term,possible,attended", rows));
        summer(&decide(&a))
    };
    assert_eq!(totals(&["P1,S1,2023/24,Summer,60,60", "P1,S2,2023/24,Summer,60,50"]), "120 110 91.6 met");
    assert_eq!(totals(&["P1,S1,2023/24,Summer,120,110", "P1,,2023/24,Summer,120,110"]), "120 110 91.6 met");
    assert_eq!(totals(&["P1,S1,2023/24,Summer,120,110", "P1,,2023/24,Summer,121,110"]), "120 110 91.6 unknown");
    // Two figures of one school: 110 of 120 (+200) or 100 of 120 (-800).
    assert_eq!(totals(&["P1,S1,2023/24,Summer,120,110", "P1,S1,2023/24,Summer,120,100"]), "120 100 83.3 unknown");
    assert_eq!(totals(&["P1,S1,2023/24,Summer,120,119", "P1,S1,2023/24,Summer,120,110"]), "120 110 91.6 met");
}

#[test]
fn counts_by_code() {
    let counts = |rows: &[&str]| {
        let mut a = authority("2024-09-30", "110,110", "", &[]);
        a.tables[4].rows.truncate(1);
        let rows: Vec<String> = rows.iter().map(|row| format!("P1,S1,2023/24,Summer,{row}")).collect();
        let rows: Vec<&str> = rows.iter().map(|row| row.as_str()).collect();
        a.tables.push(table("attendance_2.csv", "person_id,school_urn,academic_year,term,code,sessions", &rows));
        summer(&decide(&a))
    };
    assert_eq!(counts(&["/,60", "\\,58", "o,10", "#,4", "D,7"]), "128 118 92.1 met");
    // Ten missing: 118 or 128 of 138 (85.5% or 92.7%).
    assert_eq!(counts(&["/,60", "\\,58", "O,10", "-,10.0"]), "138 118 85.5 unknown");
    // Two counts of one code: 10 or 14 absences; 118 of 128 or of 132 (89.3%).
    assert_eq!(counts(&["/,60", "\\,58", "O,10", "O,14"]), "132 118 89.3 unknown");
}

/// A calendar of two terms of one week each; the second is told by a file of weeks with symbols.
fn week_of_symbols(symbols: &[(char, &str)], weeks: &[&str]) -> String {
    let mut a = authority("2024-09-30", "10,10", "", &[]);
    a.tables[0].rows =
        table("", "", &["2023/24,Spring,2024-01-08,2024-01-12", "2023/24,Summer,2024-04-08,2024-04-12"]).rows;
    a.tables[4].rows.truncate(1);
    let rows: Vec<String> = weeks.iter().map(|marks| format!("P1,S1,2024-04-08,{marks}")).collect();
    let rows: Vec<&str> = rows.iter().map(|row| row.as_str()).collect();
    a.tables.push(table("attendance_north.csv", "person_id,school_urn,week_start,marks", &rows));
    let symbols = symbols.iter().map(|(symbol, code)| (*symbol, code.to_string())).collect();
    a.symbols.insert("attendance_north.csv".to_string(), symbols);
    summary_of(&decide(&a))
}

fn summary_of(d: &Decided) -> String {
    format!("{} of {}", summer(d), d.rows["attendance"].0)
}

#[test]
fn a_symbol_stands_for_a_code_of_two_characters() {
    // Without a meaning the two are unknown, so missing: 8 of 8 or, both marks absent or present, 8 or 10 of 10.
    assert_eq!(week_of_symbols(&[], &["/\\/\\/\\/\\12"]), "10 8 80.0 unknown of 2");
    // Y1 is not possible, C1 is absence: 8 of 9.
    let symbols = [('1', "Y1"), ('2', "C1")];
    assert_eq!(week_of_symbols(&symbols, &["/\\/\\/\\/\\12"]), "9 8 88.8 not_met of 2");
    // J1 is absence too, and a space may be a symbol: 8 of 10.
    assert_eq!(week_of_symbols(&[('1', "j1 "), (' ', "O")], &["/\\/\\/\\/\\1 "]), "10 8 80.0 not_met of 2");
}

#[test]
fn a_symbol_may_be_a_code_that_then_means_something_else() {
    assert_eq!(week_of_symbols(&[], &["/\\/\\/\\/\\/O"]), "10 9 90.0 met of 2");
    // A small o is another symbol than a large one, and stays the code that it is.
    assert_eq!(week_of_symbols(&[('o', "/")], &["/\\/\\/\\/\\/O"]), "10 9 90.0 met of 2");
    assert_eq!(week_of_symbols(&[('o', "/")], &["/\\/\\/\\/\\/o"]), "10 10 100.0 met of 2");
    // Present and absent the other way round: 1 of 10. Ten that are not possible: nothing to judge.
    let other_way = [('/', "O"), ('\\', "o"), ('O', "/")];
    assert_eq!(week_of_symbols(&other_way, &["/\\/\\/\\/\\/O"]), "10 1 10.0 not_met of 2");
    assert_eq!(week_of_symbols(&[('/', "Y1")], &["//////////"]), "0 0  unknown of 2");
}

#[test]
fn a_week_repeats_one_of_another_supplier_that_means_the_same() {
    let repeated = |code: &str| {
        let mut a = authority("2024-09-30", "10,10", "", &[]);
        for (file, code) in [("attendance_north.csv", "Y1"), ("attendance_south.csv", code)] {
            a.tables.push(table(file, "person_id,week_start,marks", &["P1,2024-04-08,/\\/\\/\\/\\11"]));
            a.symbols.insert(file.to_string(), [('1', code.to_string())].into());
        }
        decide(&a).rows["attendance"].2
    };
    assert_eq!(repeated(" y1"), 1);
    assert_eq!(repeated("C1"), 0);
}
