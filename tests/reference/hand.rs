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

// ---------------------------------------------------------------------------------------------------------------
// Ids, days, people and figures that are not as they should be. The base is claimable on 30 September 2024: two terms
// at 90%, everything resolved on 30 March 2024, the day before the case closed.

fn base() -> Authority {
    authority("2024-09-30", "110,99", "105,95", &[])
}

/// The table given instead of the one of that file, or beside the others.
fn with(mut a: Authority, file: &str, columns: &str, rows: &[&str]) -> Authority {
    a.tables.retain(|t| t.file != file);
    a.tables.push(table(file, columns, rows));
    a
}

fn more(mut a: Authority, file: &str, rows: &[&str]) -> Authority {
    let place = a.tables.iter().position(|t| t.file == file).unwrap();
    a.tables[place].rows.extend(table("", "", rows).rows);
    a
}

fn set(mut a: Authority, key: &str, value: &str) -> Authority {
    a.set.push((key.to_string(), value.to_string()));
    a
}

fn said(a: &Authority, columns: &[&str]) -> String {
    c1(&decide(a), columns)
}

fn quarantined(a: &Authority, table: &str) -> usize {
    decide(a).rows[table].3
}

const PEOPLE: &str = "person_id,family_id,date_of_birth,role,upn,first_name,last_name,joined_on,left_on,expecting";
const CASES: &str = "case_id,family_id,opened_on,closed_on";
const CLAIMS: &str = "claim_id,family_id,case_id,submitted_on,decided_on,outcome";
const NEEDS: &str = "case_id,criterion,identified_on,outcome_on,relapsed_on,person_id";
const FORMER: &str = "kind,id,former_id";

/// People: P1 as ever, and so many others.
fn people(others: &[&str]) -> Authority {
    let rows: Vec<&str> = ["P1,F1,2014-05-06,child,W889200024001"].iter().chain(others).copied().collect();
    with(base(), "people.csv", PEOPLE, &rows)
}

#[test]
fn ids_are_cleaned_before_they_are_compared() {
    let a = with(base(), "cases.csv", CASES, &[" C1\u{200B},\u{FEFF}F1\u{00A0},2023-01-10,2024-03-31"]);
    assert_eq!(said(&a, &["status", "family_id"]), "claimable F1");
    // The same row but for what is not seen: it counts once.
    let a = with(base(), "cases.csv", CASES, &["C1,F1,2023-01-10,2024-03-31", "C\u{AD}1,F1,2023-01-10,2024-03-31"]);
    assert_eq!(decide(&a).rows["cases"], (2, 1, 1, 0));
}

#[test]
fn a_person_or_claim_of_a_family_that_is_nearly_alike_is_doubtful() {
    assert_eq!(
        said(&people(&["P2,f01.0,1990-01-01,adult"]), &["family", "attendance", "status"]),
        "met unknown review"
    );
    assert_eq!(said(&people(&["P2,F2,1990-01-01,adult"]), &["family", "attendance", "status"]), "met met claimable");
    // Joined after D: without effect, unless another day of it is by D.
    assert_eq!(said(&people(&["P2,f1,1990-01-01,adult,,,,2024-10-01"]), &["attendance"]), "met");
    assert_eq!(said(&people(&["P2,f1,1990-01-01,adult,,,,2024-10-01,2024-09-30"]), &["attendance"]), "unknown");
    let claims = |row: &str| said(&with(base(), "claims.csv", CLAIMS, &[row]), &["reclaim", "kind"]);
    assert_eq!(claims("K1,F 1,,2015-01-01,,approved"), "unknown first");
    assert_eq!(claims("K1,F 1,,2015-01-01,,rejected"), "met first");
    assert_eq!(claims("K1,F 1,,2024-01-01,2024-10-01,rejected"), "unknown first"); // still submitted
    assert_eq!(claims("K1,F2,c01,2015-01-01,,approved"), "unknown first");
    assert_eq!(claims("K1,F2,C2,2015-01-01,,approved"), "met first");
}

#[test]
fn families_with_cases_that_are_nearly_alike_are_linked() {
    // The other opens after progress: a re-referral perhaps.
    let a = more(base(), "cases.csv", &["C2,F\u{2013}1,2024-05-01,"]);
    assert_eq!(said(&a, &["sustainment"]), "met"); // a dash is no nothing
    let a = more(base(), "cases.csv", &["C2,\u{FF26}001,2024-05-01,"]);
    assert_eq!(said(&a, &["sustainment", "status"]), "unknown review");
    // Not known at D yet; then quarantined, when it may be anything.
    let a = more(base(), "cases.csv", &["C2,f1,2024-10-01,"]);
    assert_eq!(said(&a, &["sustainment"]), "met");
    let a = more(base(), "cases.csv", &["C2,f1,2024-10-01,2024-09-30"]);
    assert_eq!(said(&a, &["sustainment"]), "unknown");
}

#[test]
fn a_need_of_a_case_that_is_nearly_alike() {
    let a = more(base(), "criteria.csv", &["c-1,3,2024-03-01,achieved", "c001,3,2024-03-01,achieved"]);
    assert_eq!(said(&a, &["progress", "eligibility"]) + &quarantined(&a, "criteria").to_string(), "unknown met2");
    let a = more(base(), "criteria.csv", &["c-1,3,2024-03-01,achieved"]);
    assert_eq!(said(&a, &["progress"]) + &quarantined(&a, "criteria").to_string(), "met1");
}

#[test]
fn an_id_that_lost_its_digits() {
    let claims = |row: &str| said(&with(base(), "claims.csv", CLAIMS, &[row]), &["reclaim"]);
    assert_eq!(claims("2.02E+11,F1,,2015-01-01,,rejected"), "unknown");
    assert_eq!(claims("2.02E11,F1,,2015-01-01,,rejected"), "met");
    assert_eq!(claims("K1,2.02E+11,,2015-01-01,,approved"), "met");
    let a = people(&["P2,F1,1990-01-01,adult,2.02E+11"]);
    assert_eq!(said(&a, &["attendance", "family"]) + &quarantined(&a, "people").to_string(), "unknown met1");
}

#[test]
fn former_ids() {
    // A claim under the former id is the family's own.
    let a = with(base(), "claims.csv", CLAIMS, &["K1,F0,,2022-09-30,,approved"]);
    let a = with(a, "former_ids.csv", FORMER, &["family,F1,F0"]);
    assert_eq!(said(&a, &["status", "kind", "earliest_claim_on"]), "waiting reclaim 2024-10-01");
    // A person under it is doubtful.
    let a = with(people(&["P2,F0,1990-01-01,adult"]), "former_ids.csv", FORMER, &["family,F1,F0"]);
    assert_eq!(said(&a, &["attendance"]), "unknown");
    // The former id has a case of its own: linked.
    let a = more(base(), "cases.csv", &["C2,F0,2024-05-01,"]);
    assert_eq!(said(&a, &["sustainment"]), "met");
    assert_eq!(said(&with(a, "former_ids.csv", FORMER, &["family,F1,F0"]), &["sustainment"]), "unknown");
    // A claim and a need of a former case id are the case's.
    let a = with(base(), "claims.csv", CLAIMS, &["K1,F9,C0,2015-01-01,,submitted"]);
    assert_eq!(said(&with(a, "former_ids.csv", FORMER, &["case,C1,C0"]), &["status"]), "claimed");
    let a = more(base(), "criteria.csv", &["C0,3,2024-03-01,achieved"]);
    let a = with(a, "former_ids.csv", FORMER, &["case,C1,C0"]);
    assert_eq!(said(&a, &["criteria_count"]) + &quarantined(&a, "criteria").to_string(), "40");
    // A row that cannot be read: the reclaim of the family, or of the case's.
    for (row, reclaim) in
        [("family,F1,", "unknown"), ("case,C1,2E+11", "unknown"), ("house,C1,C0", "unknown"), ("person,F1,", "met")]
    {
        assert_eq!(said(&with(base(), "former_ids.csv", FORMER, &[row]), &["reclaim"]), reclaim, "{row}");
    }
}

#[test]
fn records_of_former_persons_and_of_two_persons() {
    let columns = "person_id,upn,academic_year,term,possible,attended";
    let rows = |id: &str| [format!("{id},,2023/24,Spring,110,99"), format!("{id},,2023/24,Summer,105,95")];
    let pupils = |a: Authority, id: &str, former: &[&str]| {
        let rows = rows(id);
        let a = with(a, "attendance.csv", columns, &[&rows[0], &rows[1]]);
        said(&with(a, "former_ids.csv", FORMER, former), &["attendance"])
    };
    assert_eq!(pupils(base(), "P0", &["person,P1,P0"]), "met");
    assert_eq!(pupils(base(), "P0", &[]), "unknown");
    // P9 is another, who was P0 too; then P0 himself is there.
    assert_eq!(pupils(people(&["P9,F9,2013-01-01,child"]), "P0", &["person,P1,P0", "person,P9,P0"]), "unknown");
    assert_eq!(pupils(people(&["P0,F9,2013-01-01,child"]), "P0", &["person,P1,P0"]), "unknown");
    assert_eq!(pupils(people(&["P0,F9,2013-01-01,child"]), "P1", &["person,P1,P0"]), "met");
    // P1's person_id with a UPN of P2 only; of nobody.
    let other = people(&["P2,F9,2013-01-01,child,R889400122017"]);
    let both = |a: Authority, upn: &str| {
        let a = with(a, "attendance_2.csv", columns, &[&format!("P1,{upn},2023/24,Summer,105,95")]);
        said(&a, &["attendance"]) + &quarantined(&a, "attendance").to_string()
    };
    assert_eq!(both(other.clone(), "R889400122017"), "unknown1");
    assert_eq!(both(other.clone(), "l889123424001"), "met0");
    assert_eq!(both(other, "w889 200024001"), "met0");
}

/// P1 (born 2014-05-06, named as said) and P2 share a UPN, under which the figures stand.
fn shared(first: &str, second: &str, born: &str) -> String {
    let other = format!("P2,F9,{born},child,W889200024001,{second},Lee");
    let a = with(base(), "people.csv", PEOPLE, &[&format!("P1,F1,2014-05-06,child,W889200024001,{first},Lee"), &other]);
    let rows = ["W889200024001,2023/24,Spring,110,99", "W889200024001,2023/24,Summer,105,95"];
    said(&with(a, "attendance.csv", "upn,academic_year,term,possible,attended", &rows), &["attendance"])
}

#[test]
fn a_upn_of_two_persons() {
    assert_eq!(shared("Ann", "Ann", "2014-05-07"), "unknown");
    assert_eq!(shared("Ann", "Anna", "2014-05-06"), "met");
    assert_eq!(shared("Ann", "Bea", "2014-05-06"), "unknown");
    assert_eq!(shared("Ann", "Bea", ""), "unknown");
    assert_eq!(shared("Zo\u{eb}", "ZOE", ""), "met");
    assert_eq!(shared("", "Bea", ""), "met");
}

#[test]
fn placeholders_never_match() {
    let upn = |upn: &str| {
        let a = with(base(), "people.csv", PEOPLE, &[&format!("P1,F1,2014-05-06,child,{upn}")]);
        let rows = [format!("{upn},2023/24,Spring,110,99"), format!("{upn},2023/24,Summer,105,95")];
        let a = with(a, "attendance.csv", "upn,academic_year,term,possible,attended", &[&rows[0], &rows[1]]);
        said(&a, &["attendance"])
    };
    for placeholder in ["UNKNOWN", "UN3", "A000000000000", "1111", "un6"] {
        assert_eq!(upn(placeholder), "unknown", "{placeholder}");
    }
    assert_eq!(upn("A000000000001"), "met");
}

#[test]
fn days_that_cannot_be_right() {
    let closed = |day: &str| {
        let a = with(base(), "cases.csv", CASES, &[&format!("C1,F1,2023-01-10,{day}"), "C7,F7,2023-01-10,"]);
        let d = decide(&a);
        format!("{} {}", d.rows["cases"].3, d.decisions.get("C1").map_or("", |c1| c1["status"].as_str()))
    };
    assert_eq!(closed("2034-12-31"), "0 claimable");
    assert_eq!(closed("2035-01-01"), "1 ");
    assert_eq!(closed("9999-12-31"), "0 claimable");
    assert_eq!(closed("2999-12-31"), "0 claimable");
    assert_eq!(closed("3000-01-01"), "0 claimable");
    assert_eq!(closed("2999-12-30"), "1 ");
    // A plan is never at the end of time, and never after the day on which the data were taken.
    let plan = |day: &str, extracted: Option<&str>| {
        let mut a = with(
            base(),
            "cases.csv",
            "case_id,family_id,opened_on,closed_on,plan_on",
            &[&format!("C1,F1,2023-01-10,2030-01-01,{day}")],
        );
        a.extracted_on = extracted.map(str::to_string);
        quarantined(&a, "cases")
    };
    assert_eq!(
        [plan("9999-12-31", None), plan("2034-12-31", None), plan("1900-01-01", None), plan("1900-01-02", None)],
        [1, 0, 1, 0]
    );
    assert_eq!([plan("2024-10-05", Some("2024-10-05")), plan("2024-10-06", Some("2024-10-05"))], [0, 1]);
    // 110 years.
    let born = |day: &str| quarantined(&people(&[&format!("P2,F1,{day},adult")]), "people");
    assert_eq!([born("1914-09-30"), born("1914-09-29")], [0, 1]);
}

#[test]
fn days_that_contradict_each_other() {
    let person = |days: &str| quarantined(&people(&[&format!("P2,F1,{days}")]), "people");
    assert_eq!(person("1990-01-01,adult,,,,2024-01-01,2023-12-31"), 1);
    assert_eq!(person("1990-01-01,adult,,,,2024-01-01,2024-01-01"), 0);
    assert_eq!(person("2024-01-02,child,,,,,2024-01-01"), 1);
    assert_eq!(person("1990-01-01,adult,,,,2024-10-01,2024-10-01"), 0);
    let need = |days: &str| {
        let good = ["C1,1,,2024-03-30,,", "C1,5,,2024-03-30,,", "C1,8,,2024-03-30,,"];
        let row = format!("C1,9,{days}");
        let rows: Vec<&str> = good.iter().copied().chain([row.as_str()]).collect();
        said(&with(base(), "criteria.csv", NEEDS, &rows), &["progress", "criteria_count"])
    };
    assert_eq!(need("2024-10-01,2024-09-30,"), "unknown 3");
    assert_eq!(need("2024-10-01,2024-10-01,"), "met 3");
    assert_eq!(need("2024-10-01,,2024-09-30"), "unknown 3");
    // Before the period opened; on the day.
    assert_eq!(need(",2023-01-09,"), "unknown 4");
    assert_eq!(need(",2023-01-10,"), "met 4");
    let claim = |days: &str| {
        said(
            &with(base(), "claims.csv", CLAIMS, &[&format!("K1,F1,,{days},approved")]),
            &["reclaim", "last_success_on"],
        )
    };
    assert_eq!(claim("2024-10-01,2024-09-30"), "unknown ");
    assert_eq!(claim("2024-10-01,2024-10-01"), "met ");
    assert_eq!(claim("2022-09-30,2022-01-01"), "not_yet 2022-09-30");
    // Quarantined for its outcome: without effect when it is after D altogether.
    let a = with(base(), "claims.csv", CLAIMS, &["K1,F1,,2024-10-01,,paid"]);
    assert_eq!(said(&a, &["reclaim"]) + &quarantined(&a, "claims").to_string(), "met1");
}

#[test]
fn birth_dates_that_count_as_missing() {
    let with_child = |born: &str, role: &str| said(&people(&[&format!("P2,F1,{born},{role}")]), &["attendance"]);
    assert_eq!(with_child("1998-09-30", "child"), "unknown"); // 26 today
    assert_eq!(with_child("1998-10-01", "child"), "met");
    assert_eq!(with_child("1998-09-30", ""), "met");
    // With attendance on record in Spring, which began on 8 January 2024.
    let at_school = |born: &str, figures: &str| {
        let a = people(&[&format!("P2,F1,{born},adult")]);
        said(&more(a, "attendance.csv", &[&format!("P2,2023/24,Spring,{figures}")]), &["attendance"])
    };
    assert_eq!(at_school("2004-01-08", "110,110"), "unknown"); // 20
    assert_eq!(at_school("2004-01-09", "110,110"), "met");
    assert_eq!(at_school("2022-01-09", "110,110"), "unknown"); // not 2 yet
    assert_eq!(at_school("2022-01-08", "110,110"), "met");
    assert_eq!(at_school("2004-01-08", "many,110"), "unknown"); // a quarantined record too
}

#[test]
fn day_and_month() {
    let file = |rows: &[&str]| {
        let mut all = vec!["C1,1,,2024-03-30,,", "C1,5,,2024-03-30,,", "C1,8,,2024-03-30,,"];
        all.extend(rows);
        let a = with(base(), "criteria.csv", NEEDS, &all);
        said(&a, &["progress_on"]) + " " + &quarantined(&a, "criteria").to_string()
    };
    // Nothing decides: day first. 5 April.
    assert_eq!(file(&["C1,9,,05/04/2024,,"]), "2024-04-05 0");
    // One that is month first only, among one: those that could be either are unreadable.
    assert_eq!(file(&["C1,9,,05/04/2024,,", "C1,9,,04/13/2024,,"]), " 1");
    assert_eq!(file(&["C1,9,,04/13/2024,,"]), "2024-04-13 0");
    // One of 20, and one of 21.
    let mut rows = vec!["C1,9,,05/04/2024,,", "C1,9,,04/13/2024,,"];
    let others: Vec<String> = (0..20).map(|n| format!("C1,9.{n},,13/01/2024,,")).collect();
    rows.extend(others[..19].iter().map(String::as_str));
    assert_eq!(file(&rows), " 1");
    rows.push(&others[19]);
    assert_eq!(file(&rows), "2024-04-13 0");
}

#[test]
fn episodes_of_a_person() {
    // Away and back: a member. Said to be two things: every row is held back.
    assert_eq!(
        said(&people(&["P1,F1,2014-05-06,child,W889200024001,,,2020-01-01,2021-01-01"]), &["attendance", "family"]),
        "met met"
    );
    let a = people(&["P1,F1,2014-05-06,adult,W889200024001,,,2020-01-01,2021-01-01"]);
    assert_eq!(said(&a, &["attendance", "family"]) + &quarantined(&a, "people").to_string(), "unknown unknown2");
    let a = people(&["P1,F1,2014-05-06,child,W889200024001,,,,"]);
    assert_eq!(decide(&a).rows["people"], (2, 1, 1, 0));
    assert_eq!(decide(&people(&["P1,F1,2014-05-06,child,W889200024001,,,,,n"])).children.len(), 2);
}

#[test]
fn expecting_runs_out() {
    let only = |expecting: &str, set_weeks: &str| {
        let a = with(base(), "people.csv", PEOPLE, &[&format!("P3,F1,1990-01-01,adult,,,,,,{expecting}")]);
        said(&set(a, "family.expecting_weeks", set_weeks), &["family"])
    };
    // The case opened on 10 January 2023, 629 days before: 89 weeks are 623 days, 90 weeks 630.
    assert_eq!([only("y", "42"), only("y", "89"), only("y", "90")], ["unknown", "unknown", "met"]);
    assert_eq!([only("2024-08-19", "42"), only("2024-08-18", "42")], ["met", "unknown"]);
    assert_eq!([only("n", "42"), only("2024-02-30", "42")], ["not_met", "unknown"]);
}

#[test]
fn all_left_on_the_day_on_which_the_case_closed() {
    let left = |rows: &[&str]| said(&with(base(), "people.csv", PEOPLE, rows), &["family", "attendance"]);
    let gone = |id: &str, day: &str| format!("{id},F1,2014-05-06,child,,,,,{day}");
    assert_eq!(left(&[&gone("P1", "2024-03-31"), &gone("P2", "2024-03-31")]), "unknown unknown");
    // On other days they have left: nobody is there.
    assert_eq!(left(&[&gone("P1", "2024-03-31"), &gone("P2", "2024-03-30")]), "not_met unknown");
    assert_eq!(left(&[&gone("P1", "2024-03-30")]), "not_met unknown");
    assert_eq!(left(&[&gone("P1", "2024-03-31"), "P2,F1,1990-01-01,adult"]), "not_met not_applicable");
    // Who joins after D is not there yet.
    assert_eq!(left(&[&gone("P1", "2024-03-31"), "P2,F1,1990-01-01,adult,,,,2024-10-01"]), "unknown unknown");
    let a = with(base(), "people.csv", PEOPLE, &[&gone("P1", "2024-03-31")]);
    assert_eq!(decide(&a).children.len(), 2); // they stay members
    assert_eq!(said(&set(a, "family.require_dependent", "false"), &["family", "attendance"]), "met unknown");
}

#[test]
fn needs_of_headline_1_that_name_nobody() {
    let rows = |names: &str| {
        let others = ["P2,F1,2013-01-01,child", "P3,F1,1990-01-01,adult", "P4,F1,,", "P5,F1,2021-05-01,child"];
        let first = format!("C1,1,,2024-03-30,,{names}");
        let a = with(people(&others), "criteria.csv", NEEDS, &[&first, "C1,5,,2024-03-30,,", "C1,8,,2024-03-30,,P2"]);
        let d = decide(&set(a, "attendance.children", "with_need"));
        let not: Vec<&str> = d.not_looked_at.iter().map(|row| row[2].as_str()).collect();
        format!("{} {} not {}", d.children.len(), d.decisions["C1"]["attendance"], not.join(" "))
    };
    // P2 has no figures; P4 has no birth date.
    assert_eq!(rows("P1"), "2 met not P2 P5");
    assert_eq!(rows("P2"), "2 unknown not P1 P5");
    assert_eq!(rows("P4"), "0 unknown not P1 P2 P5");
    for nobody in ["", "P9", "P3", "P5"] {
        assert_eq!(rows(nobody), "4 unknown not P5", "{nobody}");
    }
}

#[test]
fn names_are_folded() {
    let other = |first: &str, last: &str, born: &str| {
        let a = with(
            base(),
            "people.csv",
            PEOPLE,
            &["P1,F1,2014-05-06,child,,Zo\u{eb},O\u{2019}Neil-Smith", &format!("P2,F2,{born},child,,{first},{last}")],
        );
        said(&more(a, "cases.csv", &["C2,F2,2024-05-01,"]), &["sustainment"])
    };
    assert_eq!(other("ZOE", "oneil smith", "2014-05-06"), "unknown");
    assert_eq!(other("Zoe\u{308}", "O'Neil Smith", "2014-05-06"), "unknown");
    assert_eq!(other("Zoe", "O'Neil Smith", "2014-05-07"), "met");
    assert_eq!(other("Zo", "O'Neil Smith", "2014-05-06"), "met");
}

#[test]
fn an_x_at_school_age_is_missing() {
    // Ten half-days, of which one is X: 9 or 10 of 10, and 9 recorded.
    let week = |code: &str, born: &str| {
        let mut a = authority("2024-09-30", "10,10", "", &[]);
        a.tables[0].rows =
            table("", "", &["2023/24,Spring,2024-01-08,2024-01-12", "2023/24,Summer,2024-04-08,2024-04-12"]).rows;
        a.tables[3].rows[0][2] = born.to_string();
        a.tables[4].rows.truncate(1);
        let weeks = format!("P1,2024-04-08,{code}/\\/\\/\\/\\/");
        a.tables.push(table("attendance_2.csv", "person_id,week_start,marks", &[&weeks]));
        summer(&decide(&a))
    };
    assert_eq!(week("X", "2014-05-06"), "10 9 90.0 met");
    assert_eq!(week("#", "2014-05-06"), "9 9 100.0 met");
    // Of school age from 31 March; a child of school age from 31 August has no term at all.
    assert_eq!(week("x", "2019-03-31"), "10 9 90.0 met");
}

#[test]
fn figures_that_cannot_be_right() {
    let totals = |rows: &[&str]| {
        let mut a = base();
        a.tables[4].rows.truncate(1);
        a.tables.push(table("attendance_2.csv", "person_id,school_urn,academic_year,term,possible,attended", rows));
        summer(&decide(&a))
    };
    assert_eq!(totals(&["P1,S1,2023/24,Summer,60,61", "P1,S2,2023/24,Summer,60,50"]), "120 111 92.5 unknown");
    assert_eq!(totals(&["P1,S1,2023/24,Summer,60,60", "P1,S2,2023/24,Summer,60,-1"]), "60 60 100.0 unknown");
    // Summer has 150 half-days: 165 are 110%.
    assert_eq!(totals(&["P1,S1,2023/24,Summer,165,165"]), "165 165 100.0 met");
    assert_eq!(totals(&["P1,S1,2023/24,Summer,166,166"]), "166 166 100.0 unknown");
    // Schools nearly alike are one: two figures in conflict, not 240.
    assert_eq!(totals(&["P1,S01,2023/24,Summer,120,119", "P1,s1,2023/24,Summer,120,110"]), "120 110 91.6 met");
    // 110 of 120 and 20 of 20 score 200 each: the one with fewer sessions is shown.
    assert_eq!(totals(&["P1,S1,2023/24,Summer,120,110", "P1,S1,2023/24,Summer,20,20"]), "20 20 100.0 unknown");
}

#[test]
fn parameters() {
    // 99 of 110 is 90% exactly.
    assert_eq!(said(&set(base(), "attendance.boundary", "above"), &["attendance"]), "not_met");
    // 30 March + 6 months is in September: due on the 1st.
    let mut a = set(base(), "sustainment.whole_months", "true");
    a.as_at = "2024-09-01".to_string();
    assert_eq!(said(&a, &["sustainment", "sustained_on"]), "met 2024-09-01");
    a.as_at = "2024-08-31".to_string();
    assert_eq!(said(&a, &["sustainment"]), "not_yet");
    // Of school age until 28 June 2024: at the first day of both terms, but not on D.
    let leaver = with(base(), "people.csv", PEOPLE, &["P1,F1,2008-08-31,child"]);
    assert_eq!(said(&leaver, &["attendance"]), "not_applicable");
    assert_eq!(decide(&leaver).not_looked_at.len(), 1);
    assert_eq!(said(&set(leaver, "attendance.school_age", "any_term"), &["attendance"]), "met");
    assert_eq!(said(&set(base(), "attendance.maximum_coverage_percent", "99"), &["attendance"]), "unknown");
}

#[test]
fn links_and_rows_that_cannot_be_told() {
    // The linked family's claim cannot be read.
    let a = people(&["P1,F2,2014-05-06,child,W889200024001"]);
    let a = with(a, "claims.csv", CLAIMS, &["K1,F2,,2015-01-01,,paid"]);
    assert_eq!(said(&a, &["reclaim"]), "unknown");
    // A claim that cannot be read names the family's case.
    let a = with(base(), "claims.csv", CLAIMS, &["K1,F9,C1,2015-01-01,,paid"]);
    assert_eq!(said(&a, &["reclaim"]), "unknown");
    // A case of the linked family cannot be read.
    let a = more(people(&["P1,F2,2014-05-06,child,W889200024001"]), "cases.csv", &["C2,F2,soon,"]);
    assert_eq!(said(&a, &["sustainment"]), "unknown");
    // A quarantined person still links.
    let a = people(&["P1,F2,2014-02-30,child,W889200024001"]);
    let a = more(a, "cases.csv", &["C2,F2,2024-05-01,"]);
    assert_eq!(said(&a, &["sustainment"]), "unknown");
    // An agreement that cannot be read.
    let columns = "case_id,rule,answer,reason,agreed_by,agreed_on,until";
    let agreed = |row: &str| said(&with(base(), "agreements.csv", columns, &[row]), &["timeliness", "by_agreement"]);
    assert_eq!(agreed("C1,timeliness,met,,A,2024-09-30,"), "unknown ");
    assert_eq!(agreed("C1,timeliness,met,,A,2024-10-01,"), "met ");
    assert_eq!(agreed("C1,timeliness,met,x,A,2024-09-30,9999-12-31"), "met ");
}

#[test]
fn more_than_half_of_ten_rows_or_more() {
    let claims = |good: usize, bad: usize| {
        let rows: Vec<String> = (0..good + bad)
            .map(|n| format!("K{n},F7,,2015-01-01,,{}", if n < bad { "paid" } else { "approved" }))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        check(&with(base(), "claims.csv", CLAIMS, &rows)).is_ok()
    };
    assert!(claims(0, 9) && claims(5, 5) && !claims(4, 6) && !claims(5, 6));
}
