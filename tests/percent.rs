//! Attendance as a school's percentage in place of sessions: it decides nothing unless the rules say so, is asked about with
//! a ready answer, and never outvotes sessions.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::Folder;

const ACCEPT: [&str; 2] = ["--set", "attendance.percent_only=accept"];

/// The family of which the child's attendance is given so.
fn with(rows: &str) -> Folder {
    let folder = Folder::of_claimable_family();
    folder.put("attendance.csv", format!("person_id,academic_year,term,percent\n{rows}"));
    folder
}

/// The verdict on attendance, as it is and accepted.
fn verdicts(folder: &Folder) -> (String, String) {
    (folder.check().of("C1", "attendance"), folder.run("check", &ACCEPT).of("C1", "attendance"))
}

#[test]
fn a_percentage_is_asked_about_with_its_answer_and_accepted_where_the_rules_say_so() {
    let folder = with("P1,2023/24,Spring,92.4\nP1,2023/24,Summer,95\n");
    let ran = folder.check();
    assert_eq!((ran.status("C1").as_str(), ran.of("C1", "attendance").as_str()), ("review", "unknown"));
    let spring = ran.rows("children.csv").into_iter().find(|row| row["term"] == "Spring").unwrap();
    assert!(spring["reason"].contains("the school says 92.4%"), "{}", spring["reason"]);
    assert_eq!((spring["verdict"].as_str(), spring["possible"].as_str()), ("unknown", ""));
    let sheet = folder.run("review", &[]).rows("agreements_to_fill.csv");
    assert_eq!(sheet.len(), 2);
    let ready =
        "A ready answer, if the school's percentage can be relied on: met, with the reason \"the school says 92.4%";
    assert!(sheet[0]["question"].contains(ready), "{}", sheet[0]["question"]);
    let ran = folder.run("check", &ACCEPT);
    assert_eq!(ran.status("C1"), "claimable");
    let explained = folder.explained("C1", &ACCEPT);
    for words in ["the school says 92.4%", "accepted by attendance.percent_only"] {
        assert!(explained.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{explained}");
    }
}

#[test]
fn it_is_held_against_the_threshold_exactly() {
    let of = |percent: &str| verdicts(&with(&format!("P1,2023/24,Spring,{percent}\nP1,2023/24,Summer,95\n"))).1;
    assert_eq!(of("90"), "met");
    assert_eq!(of("90.0%"), "met");
    assert_eq!(of("89.9999999999"), "not_met");
    assert_eq!(of("89.95"), "not_met");
    let above = |percent: &str| {
        let folder = with(&format!("P1,2023/24,Spring,{percent}\nP1,2023/24,Summer,95\n"));
        folder.run("check", &[ACCEPT[0], ACCEPT[1], "--set", "attendance.boundary=above"]).of("C1", "attendance")
    };
    assert_eq!((above("90").as_str(), above("90.000000000000001").as_str()), ("not_met", "met"));
}

#[test]
fn fractions_are_told_by_their_column() {
    assert_eq!(verdicts(&with("P1,2023/24,Spring,0.924\nP1,2023/24,Summer,1\n")).1, "met");
    assert_eq!(verdicts(&with("P1,2023/24,Spring,0.8999\nP1,2023/24,Summer,1\n")).1, "not_met");
    // Beside percentages, 0.924 and 1 may be either.
    for percent in ["0.924", "1"] {
        let folder = with(&format!("P1,2023/24,Spring,{percent}\nP1,2023/24,Summer,95\n"));
        let ran = folder.run("check", &ACCEPT);
        assert_eq!((ran.of("C1", "attendance").as_str(), ran.said("percentage_cannot_be_right").len()), ("unknown", 1));
    }
    // With its sign it is what it says, and nought is nought.
    assert_eq!(verdicts(&with("P1,2023/24,Spring,0.924%\nP1,2023/24,Summer,95\n")).1, "not_met");
    assert_eq!(verdicts(&with("P1,2023/24,Spring,0\nP1,2023/24,Summer,95\n")).1, "not_met");
    // Nothing but ones may be 1% or 100%.
    assert_eq!(verdicts(&with("P1,2023/24,Spring,1\nP1,2023/24,Summer,1\n")).1, "unknown");
}

#[test]
fn what_is_no_percentage_passes_nobody() {
    for percent in ["100.1", "-5", "924", "about 92", "92,4"] {
        let folder = with(&format!("P1,2023/24,Spring,\"{percent}\"\nP1,2023/24,Summer,95\n"));
        let ran = folder.run("check", &ACCEPT);
        assert_eq!(ran.of("C1", "attendance"), "unknown", "{percent}");
        assert_eq!(ran.said("percentage_cannot_be_right").len(), 1, "{percent}");
    }
    for percent in ["", "n/a", "N/A"] {
        let folder = with(&format!("P1,2023/24,Spring,{percent}\nP1,2023/24,Summer,95\n"));
        let ran = folder.run("check", &ACCEPT);
        assert_eq!(ran.of("C1", "attendance"), "unknown", "{percent}");
        assert!(ran.rows("quarantine.csv").is_empty(), "{percent}");
    }
}

#[test]
fn a_percentage_never_outvotes_sessions() {
    let folder = Folder::of_claimable_family();
    let percents = |spring: &str| {
        folder.put(
            "attendance_percent.csv",
            format!("person_id,academic_year,term,percent\nP1,2023/24,Spring,{spring}\n"),
        );
        let both = [folder.check(), folder.run("check", &ACCEPT)];
        let said = both[0].said("percentage_against_sessions").len();
        (both.map(|ran| ran.of("C1", "attendance")), said)
    };
    assert_eq!(percents("91"), (["met".to_owned(), "met".to_owned()], 0));
    assert_eq!(percents("89"), (["unknown".to_owned(), "unknown".to_owned()], 1));
    assert_eq!(percents("n/a"), (["met".to_owned(), "met".to_owned()], 0));
    // Nor does it lift a child whose sessions are too few.
    folder.put(
        "attendance.csv",
        "person_id,academic_year,term,possible,attended\nP1,2023/24,Spring,110,90\nP1,2023/24,Summer,120,118\n",
    );
    assert_eq!(percents("95").0, ["unknown", "unknown"]);
    assert_eq!(percents("80").0, ["not_met", "not_met"]);
}

#[test]
fn two_schools_stand_where_they_agree_about_the_threshold_and_terms_are_never_added() {
    let two = |one: &str, other: &str| {
        let folder = Folder::of_claimable_family();
        folder.put(
            "attendance.csv",
            format!(
                "person_id,academic_year,term,school_urn,percent\nP1,2023/24,Spring,1,{one}\nP1,2023/24,Spring,2,{other}\nP1,2023/24,Summer,1,95\n"
            ),
        );
        verdicts(&folder).1
    };
    assert_eq!(
        (two("91", "95").as_str(), two("80", "70").as_str(), two("95", "80").as_str()),
        ("met", "not_met", "unknown")
    );
    let folder = with("P1,2023/24,Spring,92.4\nP1,2023/24,Summer,95\n");
    let combined = folder.run("check", &[ACCEPT[0], ACCEPT[1], "--set", "attendance.basis=combined"]);
    assert_eq!(combined.of("C1", "attendance"), "unknown");
}

#[test]
fn a_column_a_term_is_a_row_a_term() {
    let folder = with("P1,2023/24,Spring,92.4\nP1,2023/24,Summer,95\n");
    let tidy = [folder.check().decisions(), folder.run("check", &ACCEPT).decisions()];
    folder.take_away("attendance.csv");
    folder.put("school.csv", "Pupil,Spring Term 2024 %,\"Summer\nTerm 2024 %\"\nP1,92.4%,95.0%\nX9,n/a,\n");
    folder.put(
        "sfclaim.toml",
        "[[files]]\nfile = \"school.csv\"\ntable = \"attendance\"\ncolumns.person_id = \"Pupil\"\n\
         [files.wide.terms]\n\"Spring 2023/24\" = \"Spring Term 2024 %\"\n\"Summer 2023/24\" = \"Summer Term 2024 %\"\n",
    );
    let wide = [folder.check().decisions(), folder.run("check", &ACCEPT).decisions()];
    assert_eq!(wide, tidy);
}

/// Column and value of the only finding of a kind.
fn shown(out: &folder::Out, code: &str) -> (String, String) {
    let found: Vec<_> = out.rows("findings.csv").into_iter().filter(|row| row["finding"] == code).collect();
    assert_eq!(found.len(), 1, "{code}");
    (found[0]["column"].clone(), found[0]["value"].clone())
}

#[test]
fn a_finding_about_a_figure_shows_it() {
    let folder = Folder::of_claimable_family();
    folder.put("attendance_percent.csv", "person_id,academic_year,term,percent\nP1,2023/24,Spring,89.5\n");
    let pair = |column: &str, value: &str| (column.to_owned(), value.to_owned());
    assert_eq!(shown(&folder.check(), "percentage_against_sessions"), pair("percent", "89.5"));
    folder.take_away("attendance_percent.csv");
    // Each of two schools gives the whole of a term of 140 half-days.
    folder.put(
        "attendance.csv",
        "person_id,academic_year,term,school_urn,possible,attended\nP1,2023/24,Summer,1,130,125\nP1,2023/24,Summer,2,131,130\n",
    );
    assert_eq!(shown(&folder.check(), "more_than_the_term"), pair("possible", "130"));
}
