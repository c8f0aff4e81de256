//! Session marks say the same in whatever order their columns stand. Where the pupil stands first, what stands behind was mostly read
//! before and is not taken apart again; where the pupil stands last, every row is.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::{Folder, Out};

/// Marks of five pupils, of whom four are of no family: person, date, session, code.
fn marks() -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    for person in ["P1", "N1", "N2", "N3", "N4"] {
        for day in (15..=30).filter(|day| !matches!(day, 20 | 21 | 27 | 28)) {
            for session in ["AM", "PM"] {
                // A code that no list has, marks that say nothing, and plain ones.
                let code = match (day, session) {
                    (16, "AM") => "QQ",
                    (17, "AM") => "-",
                    (18, "PM") => "",
                    (_, "AM") => "/",
                    _ => "\\",
                };
                rows.push([person, &format!("{day}/04/2024"), session, code].map(str::to_owned));
            }
        }
        let more: [[&str; 3]; 8] = [
            // Dates that can be read either way, as a number, and no date.
            ["01/05/2024", "AM", "/"],
            ["02/05/2024", "AM", "/"],
            ["45415", "AM", "/"],
            ["31/06/2024", "AM", "/"],
            // Exactly again, otherwise than before, and no session.
            ["15/04/2024", "AM", "/"],
            ["15/04/2024", "PM", "I"],
            ["22/04/2024", "", "/"],
            // A day of no term.
            ["10/08/2024", "AM", "/"],
        ];
        rows.extend(more.map(|[date, session, code]| [person, date, session, code].map(str::to_owned)));
    }
    rows
}

fn with(columns: [usize; 4], end: &str) -> (Folder, Out) {
    let folder = Folder::of_claimable_family();
    folder.put("attendance.csv", "person_id,academic_year,term,possible,attended\nP1,2023/24,Spring,110,108\n");
    let line = |row: &[String; 4]| columns.map(|column| row[column].as_str()).join(",") + end;
    let header = ["person_id", "date", "session", "code"].map(str::to_owned);
    let text: String = [header].iter().chain(&marks()).map(line).collect();
    folder.put("attendance_marks.csv", text);
    let out = folder.check();
    (folder, out)
}

#[test]
fn marks_say_the_same_in_whatever_order_their_columns_stand() {
    let (_kept, expected) = with([3, 2, 1, 0], "\n");
    assert_eq!(expected.code, Some(1), "{}", expected.stderr);
    let codes: Vec<String> = expected.rows("findings.csv").iter().map(|row| row["finding"].clone()).collect();
    for code in
        ["impossible_date", "unknown_session", "unknown_code", "rows_repeated", "dates_as_numbers", "outside_terms"]
    {
        assert!(codes.iter().any(|found| found == code), "{code}: {codes:?}");
    }
    for (columns, end) in [([0, 1, 2, 3], "\n"), ([0, 1, 2, 3], "\r\n"), ([0, 3, 2, 1], "\n"), ([1, 0, 2, 3], "\n")] {
        let (_kept, found) = with(columns, end);
        assert_eq!(found.decisions(), expected.decisions(), "{columns:?}");
        for file in ["children.csv", "findings.csv", "quarantine.csv", "attendance_doubts.csv", "pupils_unmatched.csv"]
        {
            assert_eq!(found.rows(file), expected.rows(file), "{columns:?}: {file}");
        }
    }
}
