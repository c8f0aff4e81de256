//! What the running term still allows a child, and attendance from the start of support to its end; by hand.

mod support;

use sfclaim::attend::outlook::{Outlook, Outlooks, Trend, outlooks};
use sfclaim::link::link;
use sfclaim::rules::pack::Pack;
use sfclaim::run::prepare;
use support::{Table, loaded, question, table};

/// A family with one child and an open case, and these attendance files.
fn found(as_at: &str, closed_on: &str, attendance: Vec<Table>) -> Outlooks {
    let case = format!("C1,F1,2023-05-02,{closed_on}");
    let mut tables = vec![
        table("cases.csv", &["case_id,family_id,opened_on,closed_on", &case]),
        table("criteria.csv", &["case_id,criterion", "C1,1"]),
        table("people.csv", &["person_id,family_id,date_of_birth", "P1,F1,2014-05-01", "P2,F1,1985-01-01"]),
    ];
    tables.extend(attendance);
    let prepared =
        prepare(&loaded(&tables).unwrap(), &Pack::built_in().unwrap(), &question(as_at, &[], None).unwrap()).unwrap();
    outlooks(
        &link(&prepared.register, &prepared.rules, prepared.as_at),
        prepared.register.registers.as_ref(),
        &prepared.rules,
    )
}

/// Marks of these days, morning and afternoon, all present but the first `absent` half-days.
fn marks(days: &[&str], absent: usize) -> Table {
    let mut lines = vec!["person_id,date,session,code".to_owned()];
    for (half, (day, session)) in days.iter().flat_map(|day| [(day, "AM"), (day, "PM")]).enumerate() {
        lines.push(format!("P1,{day},{session},{}", if half < absent { "O" } else { "/" }));
    }
    table("attendance_marks.csv", &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

// Spring 2024/25 ends on Friday 4 April 2025. As at Wednesday 26 March seven school days are left: 14 half-days.

#[test]
fn a_child_can_miss_what_is_above_the_threshold_at_best() {
    let now = |absent| {
        let found = found("2025-03-26", "", vec![marks(&["2025-03-24", "2025-03-25", "2025-03-26"], absent)]);
        (found.children[0].half_days_left, found.children[0].outlook)
    };
    // Thursday 27 March to Friday 4 April: 7 weekdays, 14 half-days. With all 6 so far attended, 20 of 20 at best:
    // 18 are 90%, so 2 can be missed. With one missed 19 of 20, with two 18 of 20, with three 17 of 20.
    assert_eq!(now(0), (14, Outlook::CanMiss(2)));
    assert_eq!(now(1), (14, Outlook::CanMiss(1)));
    assert_eq!(now(2), (14, Outlook::CanMiss(0)));
    assert_eq!(now(3), (14, Outlook::OutOfReach));
}

#[test]
fn marks_after_the_as_at_date_do_not_exist() {
    let found = found("2025-03-26", "", vec![marks(&["2025-03-24", "2025-03-25", "2025-03-26", "2025-03-27"], 0)]);
    let so_far = found.children[0].so_far.unwrap();
    assert_eq!((so_far.attended, so_far.possible), (6, 6));
    assert_eq!(found.children[0].half_days_left, 14);
}

#[test]
fn totals_of_a_running_term_leave_the_rest_of_it() {
    let totals = table(
        "attendance_totals.csv",
        &["person_id,academic_year,term,possible,attended", "P1,2024/25,Spring,110,108"],
    );
    // Spring 2024/25 is 6 January to 4 April 2025: 65 weekdays, 130 half-days, so that 20 are left. With all of those
    // attended it is 128 of 130; 117 are 90%, so 11 can be missed.
    let child = &found("2025-03-26", "", vec![totals]).children[0];
    assert_eq!((child.by_totals, child.half_days_left, child.outlook), (true, 20, Outlook::CanMiss(11)));
    // 95 of 110: 115 of 130 at best.
    let low =
        table("attendance_totals.csv", &["person_id,academic_year,term,possible,attended", "P1,2024/25,Spring,110,95"]);
    assert_eq!(found("2025-03-26", "", vec![low]).children[0].outlook, Outlook::OutOfReach);
    // By 26 March there were 58 weekdays: more than 116 half-days are of the whole term, and say nothing of a day in it.
    let whole = table(
        "attendance_totals.csv",
        &["person_id,academic_year,term,possible,attended", "P1,2024/25,Spring,120,118"],
    );
    assert_eq!(found("2025-03-26", "", vec![whole]).children[0].outlook, Outlook::NoMarks);
    // More attended than possible says nothing.
    let damaged = table(
        "attendance_totals.csv",
        &["person_id,academic_year,term,possible,attended", "P1,2024/25,Spring,100,120"],
    );
    assert_eq!(found("2025-03-26", "", vec![damaged]).children[0].outlook, Outlook::NoMarks);
    assert_eq!(found("2024-12-25", "", vec![]).children[0].outlook, Outlook::NoTerm);
}

fn totals(rows: &[&str]) -> Vec<Table> {
    let mut lines = vec!["person_id,academic_year,term,possible,attended"];
    lines.extend(rows);
    vec![table("attendance_totals.csv", &lines)]
}

#[test]
fn a_trend_compares_exact_shares_of_judged_terms() {
    let trend = |rows: &[&str]| found("2024-09-30", "", totals(rows)).children[0].trend;
    assert_eq!(trend(&["P1,2023/24,Spring,110,99", "P1,2023/24,Summer,120,108"]), Some(Trend::Level));
    assert_eq!(trend(&["P1,2023/24,Spring,110,99", "P1,2023/24,Summer,120,109"]), Some(Trend::Up));
    assert_eq!(trend(&["P1,2023/24,Spring,110,100", "P1,2023/24,Summer,120,109"]), Some(Trend::Down));
    // 98 of 140 half-days are 70%; 97 are too few to judge.
    assert_eq!(trend(&["P1,2023/24,Spring,110,100", "P1,2023/24,Summer,97,90"]), None);
}

#[test]
fn a_child_below_the_threshold_at_the_start_is_followed_to_the_end_of_support() {
    // The case opens on 2 May 2023: the last completed term is Spring 2022/23 (3 January to 31 March 2023). It closes
    // on 31 January 2024: the last completed term is then Autumn 2023/24.
    let rows = ["P1,2022/23,Spring,110,80", "P1,2023/24,Autumn,140,130", "P1,2023/24,Summer,120,60"];
    let followed = found("2024-09-30", "2024-01-31", totals(&rows)).improvements;
    assert_eq!(followed.len(), 1);
    assert_eq!(followed[0].at_start.sessions.unwrap().attended, 80);
    assert_eq!(followed[0].at_end.sessions.unwrap().attended, 130);
    assert_eq!((followed[0].closed, followed[0].trend), (true, Some(Trend::Up)));
    // At 90% at the start there is nothing to improve.
    let rows = ["P1,2022/23,Spring,110,99", "P1,2023/24,Autumn,140,130"];
    assert!(found("2024-09-30", "2024-01-31", totals(&rows)).improvements.is_empty());
}
