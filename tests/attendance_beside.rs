//! What is said beside attendance figures: doubts by name, absence that explains a low figure, the other way of
//! reading two terms. None of it changes a verdict.

mod support;

use sfclaim::report::output::page::Screen;
use sfclaim::report::views::explain::{explain, records, text};
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use support::{Table, loaded, question, table};

/// The explanation of a family with one child, P1, whose needs were resolved in January 2024, as at 30 September 2024.
fn explained(attendance: &[Table], set: &[(String, String)]) -> String {
    let mut tables = vec![
        table("cases.csv", &["case_id,family_id,opened_on,closed_on", "C1,F1,2023-01-10,2024-01-31"]),
        table(
            "criteria.csv",
            &["case_id,criterion,outcome_on", "C1,1,2024-01-15", "C1,3,2024-01-15", "C1,5,2024-01-15"],
        ),
        table("people.csv", &["person_id,family_id,date_of_birth", "P1,F1,2014-05-01"]),
        table("claims.csv", &["claim_id,family_id,submitted_on,outcome"]),
    ];
    tables.extend(attendance.iter().cloned());
    let data = loaded(&tables).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", set, None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let decision = &outcome.decisions[0];
    let records = records(&outcome, &[decision], &data).unwrap();
    text(&explain(&outcome, decision, &records, &[], false), Screen::wide(10_000))
}

fn totals(rows: &[&str]) -> Table {
    table("attendance_totals.csv", &[&["person_id,academic_year,term,possible,attended"], rows].concat())
}

/// Marks for every weekday half-day of Summer 2023/24, all `/` but those given.
fn summer_marks(file: &str, others: &[(&str, &str, &str)]) -> Table {
    let mut day = sfclaim::dates::date(2024, 4, 15);
    let mut lines = vec!["person_id,date,session,code".to_owned()];
    while day <= sfclaim::dates::date(2024, 7, 19) {
        if sfclaim::dates::is_weekday(day) {
            for session in ["AM", "PM"] {
                let given = others.iter().find(|(date, half, _)| *date == day.to_string() && *half == session);
                lines.push(format!("P1,{day},{session},{}", given.map_or("/", |(_, _, code)| code)));
            }
        }
        day = sfclaim::dates::day_after(day);
    }
    table(file, &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

// Summer 2023/24 has 70 weekdays, 140 half-days: 126 of them are 90%. 14 absences are exactly 90%, so one conflict more
// decides: 126 or 125 of 140.
#[test]
fn a_conflict_that_decides_is_named_with_day_codes_and_places() {
    let days = ["2024-05-13", "2024-05-14", "2024-05-15", "2024-05-16", "2024-05-17", "2024-06-10", "2024-06-11"];
    let absent: Vec<(&str, &str, &str)> = days.iter().flat_map(|day| [(*day, "AM", "O"), (*day, "PM", "O")]).collect();
    assert_eq!(absent.len(), 14);
    let conflict = table("attendance_other.csv", &["person_id,date,session,code", "P1,2024-07-01,AM,I"]);
    let text = explained(
        &[totals(&["P1,2023/24,Spring,110,105"]), summer_marks("attendance_marks.csv", &absent), conflict],
        &[],
    );
    assert!(
        text.contains("depends on 1 conflict (between 125 of 140 sessions, 89.2% and 126 of 140 sessions, 90.0%)"),
        "{text}"
    );
    // 1 July is the 56th weekday of the term: its morning is the 111th mark, in row 112.
    assert!(
        text.contains("2024-07-01 AM: / [attendance_marks.csv row 112] against I [attendance_other.csv row 2]"),
        "{text}"
    );
    // The same conflict is not named where it decides nothing.
    let conflict = table("attendance_other.csv", &["person_id,date,session,code", "P1,2024-07-01,AM,I"]);
    let text =
        explained(&[totals(&["P1,2023/24,Spring,110,105"]), summer_marks("attendance_marks.csv", &[]), conflict], &[]);
    assert!(text.contains("CLAIMABLE") && !text.contains("against"), "{text}");
}

#[test]
fn absence_that_explains_a_low_figure_is_said_beside_it() {
    // Part-time on ten mornings and study leave on eight: 122 of 140.
    let codes = (3..=16).map(|day| format!("2024-06-{day:02}"));
    let days: Vec<String> = codes.filter(|day| sfclaim::dates::is_weekday(day.parse().unwrap())).collect();
    assert_eq!(days.len(), 10);
    let mut absent: Vec<(&str, &str, &str)> = days.iter().map(|day| (day.as_str(), "AM", "C2")).collect();
    absent.extend(days.iter().take(8).map(|day| (day.as_str(), "PM", "S")));
    let text = explained(&[totals(&["P1,2023/24,Spring,110,105"]), summer_marks("attendance_marks.csv", &absent)], &[]);
    assert!(text.contains("LOW ATTENDANCE"), "{text}");
    let said = "122 of 140 sessions, 87.1%, below 90%; 10 of the absences are C2 (part-time timetable); 8 of the absences are S (study leave)";
    assert!(text.contains(said), "{text}");
}

#[test]
fn the_other_way_of_reading_two_terms_is_said_where_it_differs() {
    // 97 of 110 are 88.1%, 118 of 120 are 98.3%; together 215 of 230 are 93.4%.
    let rows = totals(&["P1,2023/24,Spring,110,97", "P1,2023/24,Summer,120,118"]);
    let text = explained(std::slice::from_ref(&rows), &[]);
    assert!(text.contains("88.1%, below 90% (the terms taken together: met)"), "{text}");
    let combined = [("attendance.basis".to_owned(), "combined".to_owned())];
    let text = explained(&[rows], &combined);
    assert!(text.contains("CLAIMABLE"), "{text}");
    // Where both say the same nothing is said.
    let text = explained(&[totals(&["P1,2023/24,Spring,110,97", "P1,2023/24,Summer,120,100"])], &[]);
    assert!(!text.contains("taken together"), "{text}");
}

#[test]
fn figures_that_contradict_each_other_are_named_with_their_places() {
    let other =
        table("attendance_b.csv", &["person_id,academic_year,term,possible,attended", "P1,2023/24,Spring,110,90"]);
    let text = explained(&[totals(&["P1,2023/24,Spring,110,105", "P1,2023/24,Summer,110,105"]), other], &[]);
    assert!(text.contains("90 of 110 sessions [attendance_b.csv row 2]"), "{text}");
    assert!(text.contains("105 of 110 sessions [attendance_totals.csv row 2]"), "{text}");
}

// Summer 2023/24 has 140 half-days. 14 without a mark, one in ten, and 30 absences: at most 110 of 140, 78.5%, so the
// missing marks decide nothing.
#[test]
fn many_missing_marks_are_said_beside_a_figure_that_they_do_not_decide() {
    let days = ["13", "14", "15", "16", "17", "20", "21"].map(|day| format!("2024-05-{day}"));
    let absences = (3..22).map(|day| format!("2024-06-{day:02}"));
    let mut others: Vec<(String, &str, &str)> = Vec::new();
    for day in &days {
        others.extend([(day.clone(), "AM", "-"), (day.clone(), "PM", "")]);
    }
    for day in absences {
        others.extend([(day.clone(), "AM", "O"), (day, "PM", "O")]);
    }
    let others: Vec<(&str, &str, &str)> = others.iter().map(|(day, half, code)| (day.as_str(), *half, *code)).collect();
    let text = explained(&[totals(&["P1,2023/24,Spring,110,105"]), summer_marks("attendance_marks.csv", &others)], &[]);
    assert!(text.contains("14 half-days have no mark, which the figure counts as absence"), "{text}");
    let few =
        explained(&[totals(&["P1,2023/24,Spring,110,105"]), summer_marks("attendance_marks.csv", &others[2..])], &[]);
    assert!(!few.contains("have no mark"), "{few}");
}

// Two schools that count some sessions twice: 150 half-days where the term has 140, and at most 154 are believed. At 210
// of them the term is unknown.
#[test]
fn more_half_days_than_the_term_has_are_said_beside_the_figure() {
    let header = "person_id,school_urn,academic_year,term,possible,attended";
    let two = |other: &str| {
        let rows = [header, "P1,1,2023/24,Spring,110,105", "P1,1,2023/24,Summer,130,125", other];
        explained(&[table("attendance_b.csv", &rows)], &[])
    };
    let text = two("P1,2,2023/24,Summer,20,19");
    assert!(text.contains("5 ATTENDANCE: met"), "{text}");
    assert!(text.contains("150 half-days are on record where the term has 140"), "{text}");
    let text = two("P1,2,2023/24,Summer,80,79");
    assert!(text.contains("5 ATTENDANCE: unknown"), "{text}");
    assert!(text.contains("has 210 half-days on record where the term has 140, more than 110%"), "{text}");
}
