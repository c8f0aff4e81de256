//! Attendance by half-term: the two halves are put together into their term, and half a term is never taken for all of it.
//! Spring 2023/24 has 118 half-days in the calendar and Summer 140, of which 70% must be on record.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::{Folder, Out};

const ACCEPT: [&str; 2] = ["--set", "attendance.percent_only=accept"];

/// The summer of the child, which is in order.
const SUMMER: &str = "P1,2023/24,Summer,1,120,118\n";

/// The claimable family with these rows of totals for the spring: term, school, possible, attended.
fn with(rows: &[&str]) -> Folder {
    let folder = Folder::of_claimable_family();
    let rows: String = rows.iter().map(|row| format!("P1,2023/24,{row}\n")).collect();
    folder.put("attendance.csv", format!("person_id,academic_year,term,school_urn,possible,attended\n{rows}{SUMMER}"));
    folder
}

/// The verdict on attendance, and how many findings there are of a half that is missing and of parts that are not the whole.
fn found(ran: &Out) -> (String, usize, usize) {
    (ran.of("C1", "attendance"), ran.said("half_term_missing").len(), ran.said("term_against_half_terms").len())
}

fn met() -> (String, usize, usize) {
    ("met".to_owned(), 0, 0)
}

#[test]
fn two_halves_are_the_term_in_whatever_words() {
    let folder = Folder::of_claimable_family();
    let whole = folder.check();
    assert_eq!(whole.status("C1"), "claimable");
    for (first, second) in [
        ("Spring 1", "Spring 2"),
        ("SPR1", "spr2"),
        ("Half term 3", "Half-Term 4"),
        ("HT3", "ht 4"),
        ("Spring Term 1", "Spring half term 2"),
        ("Spring 1 2024", "Spring 2 2023/24"),
        ("Spring HT1", "Spring 2nd half"),
    ] {
        let folder = with(&[&format!("{first},1,50,49"), &format!("{second},1,60,59")]);
        let ran = folder.check();
        // 49 of 50 and 59 of 60 are the 108 of 110 of the whole term.
        assert_eq!(ran.decisions(), whole.decisions(), "{first}");
        assert_eq!(ran.rows("children.csv"), whole.rows("children.csv"), "{first}");
        assert!(ran.rows("quarantine.csv").is_empty());
        assert_eq!(ran.said("half_terms_added").len(), 1);
        assert!(ran.said("half_terms_added")[0].starts_with("2 rows are of half-terms"));
    }
    // A third half-term of a term, and the half of another year, are none, and the finding says what is.
    for term in ["Spring 3", "Spring 1 2023", "HT7"] {
        let folder = with(&[&format!("{term},1,50,49"), "Spring 2,1,60,59"]);
        let ran = folder.check();
        assert_eq!((ran.of("C1", "attendance").as_str(), ran.said("unknown_term").len()), ("unknown", 1), "{term}");
        assert!(ran.said("unknown_term")[0].contains("half-terms such as \"Autumn 1\""), "{term}");
    }
}

#[test]
fn the_sum_is_held_against_the_threshold() {
    // 50 + 49 = 99 of 110 is 90%; one less is 89.1%, though one half alone has all its sessions.
    assert_eq!(with(&["Spring 1,1,50,50", "Spring 2,1,60,49"]).check().of("C1", "attendance"), "met");
    assert_eq!(with(&["Spring 1,1,50,50", "Spring 2,1,60,48"]).check().of("C1", "attendance"), "not_met");
    // 40 + 42 = 82 possible are less than 70% of 118; 83 are more.
    assert_eq!(with(&["Spring 1,1,40,40", "Spring 2,1,42,42"]).check().of("C1", "attendance"), "unknown");
    assert_eq!(with(&["Spring 1,1,40,40", "Spring 2,1,43,43"]).check().of("C1", "attendance"), "met");
}

#[test]
fn half_a_term_is_never_all_of_it() {
    // 110 sessions would be enough of the term, and all were attended.
    for half in ["Spring 1", "Spring 2", "HT4"] {
        let folder = with(&[&format!("{half},1,110,110")]);
        let ran = folder.check();
        assert_eq!(found(&ran), ("unknown".to_owned(), 1, 0), "{half}");
        assert_eq!(ran.status("C1"), "review");
    }
    // Nor does it fail anybody: what is missing may lift the child.
    assert_eq!(with(&["Spring 1,1,110,20"]).check().of("C1", "attendance"), "unknown");
    // A half without a figure is not there.
    assert_eq!(with(&["Spring 1,1,100,100", "Spring 2,1,,"]).check().of("C1", "attendance"), "unknown");
    assert_eq!(with(&["Spring 1,1,100,100", "Spring 2,1,ten,10"]).check().of("C1", "attendance"), "unknown");
    let blank = with(&["Spring 1,1,100,100", "Spring 2,1,,"]);
    assert_eq!(blank.check().said("attendance_without_a_total").len(), 1);
    let folder = with(&["Spring 1,1,110,110"]);
    let ran = folder.check();
    let said = &ran.said("half_term_missing")[0];
    assert!(said.contains("figures of the first half-term and none of the second at school 1"), "{said}");
}

#[test]
fn a_half_term_given_twice_is_a_repeat_or_a_conflict() {
    assert_eq!(with(&["Spring 1,1,50,49", "HT3,1,50,49", "Spring 2,1,60,59"]).check().of("C1", "attendance"), "met");
    // 49 + 45 = 94 and 49 + 59 = 108 of 110: below 99 and above.
    let two = ["Spring 1,1,50,49", "Spring 2,1,60,59", "Spring 2,1,60,45"];
    assert_eq!(with(&two).check().of("C1", "attendance"), "unknown");
    // 107 and 108 of 110 are both above.
    let both = ["Spring 1,1,50,49", "Spring 2,1,60,59", "Spring 2,1,60,58"];
    assert_eq!(with(&both).check().of("C1", "attendance"), "met");
}

#[test]
fn a_whole_term_beside_its_halves_must_be_their_sum() {
    assert_eq!(found(&with(&["Spring,1,110,108", "Spring 1,1,50,49", "Spring 2,1,60,59"]).check()), met());
    for rows in [
        // Both would be above the threshold, and they are not the same.
        &["Spring,1,110,108", "Spring 1,1,50,49", "Spring 2,1,60,58"][..],
        &["Spring,1,110,108", "Spring 1,1,50,49", "Spring 2,1,50,49"],
        // Of a whole and one half nobody can say that they fit.
        &["Spring,1,110,108", "Spring 1,1,50,49"],
        &["Spring,1,110,108", "Spring 2,1,110,108"],
    ] {
        assert_eq!(found(&with(rows).check()), ("unknown".to_owned(), 0, 1), "{rows:?}");
    }
    let said = |rows: &[&str]| with(rows).check().said("term_against_half_terms")[0].clone();
    let both = said(&["Spring,1,110,108", "Spring 1,1,50,49", "Spring 2,1,60,58"]);
    assert!(both.contains("108 of 110 sessions, 98.1% for the whole term"), "{both}");
    assert!(both.contains("107 of 110 sessions, 97.2% for its half-terms together"), "{both}");
    let one = said(&["Spring,1,110,108", "Spring 2,1,60,58"]);
    assert!(one.contains("58 of 60 sessions, 96.6% for the second half-term alone"), "{one}");
}

#[test]
fn halves_are_put_together_school_by_school() {
    let two = ["Spring 1,1,30,30", "Spring 2,1,30,29", "Spring 1,2,25,25", "Spring 2,2,25,24"];
    assert_eq!(found(&with(&two).check()), met());
    // Whether the first school had the child in the second half as well cannot be told.
    assert_eq!(found(&with(&["Spring 1,1,55,55", "Spring 2,2,55,55"]).check()), ("unknown".to_owned(), 1, 0));
    // Unless the schools say that they had not.
    let said = ["Spring 1,1,55,55", "Spring 2,1,0,0", "Spring 1,2,0,0", "Spring 2,2,55,55"];
    assert_eq!(found(&with(&said).check()), met());
    // A half without a school is one of the school's again, or nobody's.
    let again = ["Spring 1,1,50,49", "Spring 2,1,60,59", "Spring 2,,60,59"];
    assert_eq!(found(&with(&again).check()), met());
    let nobodys = ["Spring 1,1,50,49", "Spring 2,1,60,59", "Spring 2,,60,58"];
    assert_eq!(with(&nobodys).check().of("C1", "attendance"), "unknown");
    // In place of the school's second half it does not do.
    assert_eq!(with(&["Spring 1,1,55,55", "Spring 2,,55,55"]).check().of("C1", "attendance"), "unknown");
}

#[test]
fn the_halves_of_a_child_may_stand_under_its_id_and_its_upn() {
    let folder = Folder::of_claimable_family();
    folder.put("people.csv", "person_id,family_id,date_of_birth,role,upn\nP1,F1,2014-05-05,child,W889200024001\n");
    folder.put(
        "attendance.csv",
        "person_id,upn,academic_year,term,possible,attended\nP1,,2023/24,Spring 1,50,49\n\
         ,W889200024001,2023/24,Spring 2,60,59\nP1,,2023/24,Summer,120,118\n",
    );
    assert_eq!(found(&folder.check()), met());
}

#[test]
fn counts_by_code_may_be_of_half_terms() {
    let counts = |second: &str| {
        let folder = Folder::of_claimable_family();
        folder.put(
            "attendance.csv",
            format!(
                "person_id,academic_year,term,code,sessions\nP1,2023/24,Spring 1,/,49\nP1,2023/24,Spring 1,I,1\n{second}\
                 P1,2023/24,Summer,/,118\nP1,2023/24,Summer,I,2\n"
            ),
        );
        found(&folder.check())
    };
    assert_eq!(counts("P1,2023/24,HT4,/,59\nP1,2023/24,HT4,O,1\n"), met());
    // 49 + 49 = 98 of 110.
    assert_eq!(counts("P1,2023/24,HT4,/,49\nP1,2023/24,HT4,O,11\n").0, "not_met");
    assert_eq!(counts(""), ("unknown".to_owned(), 1, 0));
}

#[test]
fn percentages_of_both_halves_stand_where_they_agree_about_the_threshold() {
    let percents = |rows: &[&str]| {
        let folder = Folder::of_claimable_family();
        let rows: String = rows.iter().map(|row| format!("P1,2023/24,{row}\n")).collect();
        folder.put("attendance.csv", format!("person_id,academic_year,term,percent\n{rows}P1,2023/24,Summer,95\n"));
        (folder.check().of("C1", "attendance"), folder.run("check", &ACCEPT).of("C1", "attendance"))
    };
    let unknown_and = |accepted: &str| ("unknown".to_owned(), accepted.to_owned());
    assert_eq!(percents(&["Spring 1,90", "Spring 2,95"]), unknown_and("met"));
    assert_eq!(percents(&["Spring 1,80", "Spring 2,89"]), unknown_and("not_met"));
    assert_eq!(percents(&["Spring 1,100", "Spring 2,89"]), unknown_and("unknown"));
    // One half says nothing of the other.
    assert_eq!(percents(&["Spring 1,100"]), unknown_and("unknown"));
    assert_eq!(percents(&["Spring 2,10"]), unknown_and("unknown"));
    // Nor do the halves of two schools: what the child did at each in the other half is not known.
    let folder = Folder::of_claimable_family();
    folder.put(
        "attendance.csv",
        "person_id,academic_year,term,school_urn,percent\nP1,2023/24,Spring 1,1,95\nP1,2023/24,Spring 2,2,96\nP1,2023/24,Summer,2,97\n",
    );
    let ran = folder.run("check", &ACCEPT);
    assert_eq!((ran.of("C1", "attendance").as_str(), ran.said("half_term_missing").len()), ("unknown", 1));
    let said = &ran.said("half_term_missing")[0];
    assert!(said.contains("no school gives both halves"), "{said}");
}

#[test]
fn no_percentage_hides_what_another_says_beside_sessions() {
    let beside = |attended: u32, rows: &[&str]| {
        let folder = with(&[&format!("Spring,1,110,{attended}")]);
        let rows: String = rows.iter().map(|row| format!("P1,2023/24,{row}\n")).collect();
        folder.put("attendance_percent.csv", format!("person_id,academic_year,term,percent\n{rows}"));
        folder.check().of("C1", "attendance")
    };
    // 108 of 110 are 98.2%: that lies between the halves, or both are enough.
    assert_eq!(beside(108, &["Spring 1,89", "Spring 2,100"]), "met");
    assert_eq!(beside(108, &["Spring 1,97", "Spring 2,99"]), "met");
    assert_eq!(beside(108, &["Spring 2,99"]), "met");
    // It does not lie between 0 and 90, and not between 85 and 97, of which each is rounded.
    assert_eq!(beside(108, &["Spring 1,0", "Spring 2,90"]), "unknown");
    assert_eq!(beside(108, &["Spring 1,85", "Spring 2,97"]), "unknown");
    assert_eq!(beside(108, &["Spring 1,85", "Spring 2,80"]), "unknown");
    // What the half that is not given makes up for is not known.
    assert_eq!(beside(108, &["Spring 1,85"]), "unknown");
    assert_eq!(beside(108, &["Spring 1,20"]), "unknown");
    // A term below the threshold stands out whatever its halves say, and a half whatever the term says.
    assert_eq!(beside(108, &["Spring,80", "Spring 1,95"]), "unknown");
    assert_eq!(beside(108, &["Spring,80", "Spring 1,95", "Spring 2,95"]), "unknown");
    assert_eq!(beside(108, &["Spring,98", "Spring 1,95", "Spring 2,80"]), "unknown");
    // 88 of 110 are 80%: one half may be enough, both may not.
    assert_eq!(beside(88, &["Spring 1,95"]), "not_met");
    assert_eq!(beside(88, &["Spring 1,95", "Spring 2,70"]), "not_met");
    assert_eq!(beside(88, &["Spring 1,95", "Spring 2,92"]), "unknown");
}

#[test]
fn an_agreement_on_half_a_term_is_on_no_term() {
    let agreed = |terms: &[&str]| {
        let folder = with(&["Spring,1,110,90"]);
        let rows: String =
            terms.iter().map(|term| format!("C1,attendance,P1,2023/24,{term},met,Seen,A. Lee,2024-09-01\n")).collect();
        folder.put(
            "agreements.csv",
            format!("case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on\n{rows}"),
        );
        let ran = folder.check();
        (ran.of("C1", "attendance"), ran.rows("quarantine.csv").len())
    };
    assert_eq!(agreed(&["Spring"]), ("met".to_owned(), 0));
    for half in ["Spring 1", "HT3", "Spr2"] {
        assert_eq!(agreed(&[half]), ("unknown".to_owned(), 1), "{half}");
    }
}

#[test]
fn a_calendar_of_half_terms_has_terms_of_those_names() {
    let folder = Folder::of_claimable_family();
    folder.put(
        "terms.csv",
        "academic_year,term,starts_on,ends_on\n2023/24,Spring 2,2024-02-19,2024-03-28\n2023/24,Summer 1,2024-04-15,2024-05-24\n\
         2023/24,Summer 2,2024-06-03,2024-07-19\n2024/25,Autumn 1,2024-09-02,2024-10-25\n2024/25,Autumn 2,2024-11-04,2024-12-20\n",
    );
    folder.put(
        "attendance.csv",
        "person_id,academic_year,term,possible,attended\nP1,2023/24,Summer 1,58,57\nP1,2023/24,Summer 2,68,67\n",
    );
    let ran = folder.check();
    assert_eq!((found(&ran), ran.said("half_terms_added").len()), (met(), 0));
}

#[test]
fn columns_a_half_term_are_rows_a_half_term() {
    let tidy = with(&["Spring 1,,50,49", "Spring 2,,60,59"]);
    tidy.put(
        "attendance.csv",
        "person_id,academic_year,term,possible,attended\nP1,2023/24,Spring 1,50,49\nP1,2023/24,Spring 2,60,59\n\
         P1,2023/24,Summer,120,118\n",
    );
    let wide = |cells: &str| {
        let folder = Folder::of_claimable_family();
        folder.take_away("attendance.csv");
        folder.put("year.csv", format!("Pupil,Spr1 poss,Spr1 att,Spr2 poss,Spr2 att,Sum poss,Sum att\n{cells}\n"));
        folder.put(
            "sfclaim.toml",
            "[[files]]\nfile = \"year.csv\"\ntable = \"attendance\"\ncolumns.person_id = \"Pupil\"\n[files.wide.terms]\n\
             \"Spring 1 2023/24\" = { possible = \"Spr1 poss\", attended = \"Spr1 att\" }\n\
             \"Spring 2 2023/24\" = { possible = \"Spr2 poss\", attended = \"Spr2 att\" }\n\
             \"Summer 2023/24\" = { possible = \"Sum poss\", attended = \"Sum att\" }\n",
        );
        folder
    };
    let folder = wide("P1,50,49,60,59,120,118");
    let ran = folder.check();
    assert_eq!(ran.decisions(), tidy.check().decisions(), "{}", ran.stderr);
    assert_eq!(ran.status("C1"), "claimable");
    // Blank cells are no row, and half of one cannot be told.
    assert_eq!(found(&wide("P1,110,110,,,120,118").check()), ("unknown".to_owned(), 1, 0));
    assert_eq!(wide("P1,50,49,60,,120,118").check().of("C1", "attendance"), "unknown");
    // Too few cells: which is which cannot be told.
    let folder = wide("P1,50,49,60,59,120");
    let short = folder.check();
    assert_eq!((short.of("C1", "attendance").as_str(), short.said("row_length").len()), ("unknown", 3));
}

#[test]
fn columns_of_percentages_and_of_sessions_are_not_mixed_and_none_is_two() {
    let refused = |terms: &str| {
        let folder = Folder::of_claimable_family();
        folder.take_away("attendance.csv");
        folder.put("year.csv", "Pupil,A,B,C\nP1,50,49,95\n");
        folder.put(
            "sfclaim.toml",
            format!(
                "[[files]]\nfile = \"year.csv\"\ntable = \"attendance\"\ncolumns.person_id = \"Pupil\"\n[files.wide.terms]\n{terms}"
            ),
        );
        let ran = folder.check();
        assert_eq!(ran.code, Some(2));
        ran.stderr
    };
    let mixed =
        refused("\"Spring 1 2023/24\" = { possible = \"A\", attended = \"B\" }\n\"Spring 2 2023/24\" = \"C\"\n");
    assert!(mixed.contains("percentages for some terms and sessions for others"), "{mixed}");
    let twice = refused("\"Spring 1 2023/24\" = \"C\"\n\"Spring 2 2023/24\" = \"C\"\n");
    assert!(twice.contains("a column is of one term"), "{twice}");
    let no_year = refused("\"HT3\" = \"C\"\n");
    assert!(no_year.contains("write \"Spring 2023/24\", or \"Spring 1 2023/24\" for half of it"), "{no_year}");
}

#[test]
fn a_column_of_a_term_that_stands_twice_stops_the_run() {
    let folder = Folder::of_claimable_family();
    folder.take_away("attendance.csv");
    folder.put("year.csv", "Pupil,Spring %,Summer %,spring_%\nP1,95,96,40\n");
    folder.put(
        "sfclaim.toml",
        "[[files]]\nfile = \"year.csv\"\ntable = \"attendance\"\ncolumns.person_id = \"Pupil\"\n[files.wide.terms]\n\
         \"Spring 2023/24\" = \"Spring %\"\n\"Summer 2023/24\" = \"Summer %\"\n",
    );
    let ran = folder.check();
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("year.csv has the column \"Spring %\" more than once"), "{}", ran.stderr);
}

#[test]
fn what_is_wrong_in_a_column_of_a_term_is_said_under_its_heading() {
    let with = |settings: &str, cells: &str| {
        let folder = Folder::of_claimable_family();
        folder.take_away("attendance.csv");
        folder.put("year.csv", format!("Pupil,Spr %,Sum %,Note\n{cells}\n"));
        folder.put(
            "sfclaim.toml",
            format!("[[files]]\nfile = \"year.csv\"\ntable = \"attendance\"\ncolumns.person_id = \"Pupil\"\n[files.wide.terms]\n{settings}"),
        );
        (folder.check(), folder)
    };
    let terms = "\"Spring 2023/24\" = \"Spr %\"\n\"Summer 2023/24\" = \"Sum %\"\n";
    let (ran, _folder) = with(terms, "P1,95,abc,");
    let held = ran.rows("quarantine.csv");
    assert_eq!((held.len(), held[0]["column"].as_str(), held[0]["value"].as_str()), (1, "Sum %", "abc"));
    let sheet = ran.rows("quarantine_attendance_percent.csv");
    assert_eq!((sheet.len(), sheet[0]["term"].as_str()), (1, "Summer"));
    // Columns that no term has are named once.
    assert!(
        ran.said("extra_columns")[0].contains("sfclaim.toml does not name them: Note."),
        "{:?}",
        ran.said("extra_columns")
    );
    // A term that the calendar has not got is a mistake in the settings, not in the row of every pupil.
    let (ran, _folder) = with(&terms.replace("Summer", "Sumer"), "P1,95,96,");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("has no term \"Sumer\" in 2023/24: it has Autumn, Spring, Summer"), "{}", ran.stderr);
}
