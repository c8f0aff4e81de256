//! Session marks as a row a child and day, with a column for the morning and one for the afternoon: the same as a row a half-day.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::Folder;

/// The weekdays of a stretch of days of one month.
fn weekdays(month: u32, days: std::ops::RangeInclusive<u32>, first_is: u32) -> Vec<String> {
    // `first_is` says what weekday the 1st is, 0 for Monday.
    days.filter(|day| (day - 1 + first_is) % 7 < 5).map(|day| format!("2024-{month:02}-{day:02}")).collect()
}

/// The weekdays of the summer term of 2023/24, 15 April to 19 July 2024: 70.
fn summer() -> Vec<String> {
    let mut days = weekdays(4, 15..=30, 0);
    days.extend(weekdays(5, 1..=31, 2));
    days.extend(weekdays(6, 1..=30, 5));
    days.extend(weekdays(7, 1..=19, 0));
    days
}

/// The claimable family, its spring as a total and its summer day by day, by what `of_day` gives for each of the 70 days.
fn with(header: &str, of_day: impl Fn(usize, &str) -> String) -> Folder {
    let folder = Folder::of_claimable_family();
    folder.put("attendance.csv", "person_id,academic_year,term,possible,attended\nP1,2023/24,Spring,110,108\n");
    let rows: String = summer().iter().enumerate().map(|(at, day)| of_day(at, day)).collect();
    folder.put("attendance_days.csv", format!("{header}\n{rows}"));
    folder
}

/// Present but for so many afternoons of illness from the first day on.
fn ill(afternoons: usize) -> Folder {
    with("person_id,date,AM,PM", |at, day| format!("P1,{day},/,{}\n", if at < afternoons { "I" } else { "\\" }))
}

#[test]
fn a_row_a_day_says_what_two_rows_of_marks_say() {
    assert_eq!(summer().len(), 70);
    let days = ill(3);
    let marks = with("person_id,date,session,code", |at, day| {
        format!("P1,{day},AM,/\nP1,{day},PM,{}\n", if at < 3 { "I" } else { "\\" })
    });
    let (ours, theirs) = (days.check(), marks.check());
    assert_eq!(ours.decisions(), theirs.decisions(), "{}", ours.stderr);
    assert_eq!(ours.rows("children.csv"), theirs.rows("children.csv"));
    assert_eq!(ours.status("C1"), "claimable");
    let summer = ours.rows("children.csv").into_iter().find(|row| row["term"] == "Summer").unwrap();
    assert_eq!((summer["possible"].as_str(), summer["attended"].as_str()), ("140", "137"));
}

#[test]
fn afternoons_count_as_mornings_do() {
    // 14 of 140 absent is 90%, 15 is 89.2%.
    assert_eq!(ill(14).check().of("C1", "attendance"), "met");
    assert_eq!(ill(15).check().of("C1", "attendance"), "not_met");
}

#[test]
fn a_blank_is_a_missing_mark_and_passes_nobody() {
    // Of 140 half-days the afternoons of 20 days are blank, and 10 are absences: between 110 of 140 and 130 of 140.
    let of = |blank: usize, absent: usize| {
        let folder = with("person_id,date,am,pm", |at, day| {
            let afternoon = if at < blank { "" } else { "\\" };
            let morning = if at < absent { "O" } else { "/" };
            format!("P1,{day},{morning},{afternoon}\n")
        });
        folder.check().of("C1", "attendance")
    };
    assert_eq!(of(20, 10), "unknown");
    // Missing marks settled against the child leave 130 of 140.
    assert_eq!(of(10, 0), "met");
    // 43 afternoons blank leave 97 half-days on record, less than 70% of 140.
    assert_eq!(of(43, 0), "unknown");
    // With them settled for the child, 15 absences are still too many.
    assert_eq!(of(1, 15), "not_met");
}

#[test]
fn rows_are_counted_once_and_what_cannot_be_read_is_held() {
    let folder = ill(0);
    let row = "P1,2024-04-15,/,\\\n";
    let file = std::fs::read_to_string(folder.data().join("attendance_days.csv")).unwrap();
    // A repeat, a day that is none, and a day on which the codes contradict the row above.
    folder.put("attendance_days.csv", format!("{file}{row}"));
    let ran = folder.check();
    assert_eq!((ran.of("C1", "attendance").as_str(), ran.said("rows_repeated").len()), ("met", 1));
    folder.put("attendance_days.csv", format!("{file}P1,2024-04-31,/,\\\n"));
    let ran = folder.check();
    assert_eq!((ran.of("C1", "attendance").as_str(), ran.said("impossible_date").len()), ("unknown", 1));
    assert_eq!(ran.rows("quarantine.csv")[0]["column"], "date");
    folder.put("attendance_days.csv", format!("{file}P1,2024-04-16\n"));
    assert_eq!(folder.check().said("row_length").len(), 1);
    // One conflict of 140 decides nothing; attended and absent are both looked at.
    folder.put("attendance_days.csv", format!("{file}P1,2024-04-15,O,\\\n"));
    let ran = folder.check();
    assert_eq!(ran.of("C1", "attendance"), "met");
}

#[test]
fn conflicts_are_named_with_their_rows() {
    // 14 afternoons of illness are just enough: one morning in conflict decides.
    let folder = ill(14);
    let file = std::fs::read_to_string(folder.data().join("attendance_days.csv")).unwrap();
    folder.put("attendance_days.csv", format!("{file}P1,2024-04-15,O,I\n"));
    let ran = folder.check();
    assert_eq!(ran.of("C1", "attendance"), "unknown");
    let doubts = ran.rows("attendance_doubts.csv");
    assert_eq!(doubts.len(), 1, "{doubts:?}");
    let said = format!("{:?}", doubts[0]);
    assert!(said.contains("attendance_days.csv") && said.contains("AM"), "{said}");
}

#[test]
fn headings_of_their_own_are_named_in_the_settings() {
    let folder = with("Pupil,Day,Morning,PM Mark", |_, day| format!("P1,{day},/,\\\n"));
    folder.put("days.csv", std::fs::read(folder.data().join("attendance_days.csv")).unwrap());
    folder.take_away("attendance_days.csv");
    folder.put(
        "sfclaim.toml",
        "[[files]]\nfile = \"days.csv\"\ntable = \"attendance\"\n[files.columns]\nperson_id = \"Pupil\"\ndate = \"Day\"\nam = \"Morning\"\npm = \"PM Mark\"\n",
    );
    assert_eq!(folder.check().status("C1"), "claimable");
}

#[test]
fn one_of_the_two_columns_alone_is_no_layout() {
    let folder = with("person_id,date,am", |_, day| format!("P1,{day},/\n"));
    let ran = folder.check();
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("date, am, pm"), "{}", ran.stderr);
}

#[test]
fn a_code_that_no_list_has_is_named_with_its_column() {
    let folder = with("person_id,date,AM,PM", |at, day| format!("P1,{day},/,{}\n", if at == 3 { "£" } else { "\\" }));
    let ran = folder.check();
    let row = ran.rows("findings.csv").into_iter().find(|row| row["finding"] == "unknown_code").unwrap();
    assert_eq!((row["row"].as_str(), row["column"].as_str(), row["value"].as_str()), ("5", "pm", "£"));
}

#[test]
fn a_suppliers_symbols_stand_for_their_codes_in_the_morning_and_the_afternoon() {
    let folder = with("person_id,date,AM,PM", |_, day| format!("P1,{day},P,P\n"));
    folder.put(
        "sfclaim.toml",
        "[[suppliers]]\nname = \"Northway\"\nfiles = [\"attendance_days.csv\"]\nsymbols = { \"P\" = \"I\" }\n",
    );
    let ran = folder.check();
    // P by itself would be a sporting activity, which is present.
    assert_eq!(ran.of("C1", "attendance"), "not_met", "{}", ran.stderr);
    folder.take_away("sfclaim.toml");
    assert_eq!(folder.check().of("C1", "attendance"), "met");
}
