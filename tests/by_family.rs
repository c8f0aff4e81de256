//! Needs and agreements that name a family and no case: of its only period of support, of the one that was open on the day
//! of the row, or of none that can be told. Then nothing passes, `review` asks, and the answer is read back.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::{Folder, Out, Row};

/// A family that was supported twice; the second time everything was achieved.
fn supported_twice() -> Folder {
    let folder = Folder::of_claimable_family();
    folder.put(
        "cases.csv",
        "case_id,family_id,opened_on,closed_on,lead_practitioner\n\
         C0,F1,2021-03-06,2021-09-15,A. Early\nC1,F1,2023-03-06,2024-01-15,B. Late\n",
    );
    folder
}

const DATED: &str = "family_id,criterion,identified_on,outcome_on,result\n\
     F1,3,2023-03-06,2024-01-10,\nF1,5,2023-03-06,2024-01-10,\nF1,7,2023-03-06,2024-01-10,\n";

/// The questions which case rows are of.
fn asked(review: &Out) -> Vec<Row> {
    review.rows("agreements_to_fill.csv").into_iter().filter(|row| row["rule"] == "period").collect()
}

/// The sheet of questions with those answered, as a table of agreements.
fn answered(review: &Out, answer: &str) -> String {
    let rows = asked(review);
    let columns: Vec<String> = rows[0].keys().cloned().collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).unwrap();
    for mut row in rows {
        for (column, text) in
            [("answer", answer), ("reason", "the file"), ("agreed_by", "A. Officer"), ("agreed_on", "2024-09-01")]
        {
            row.insert(column.to_owned(), text.to_owned());
        }
        writer.write_record(columns.iter().map(|column| &row[column])).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn a_need_without_a_day_of_its_own_is_of_the_period_of_its_outcome() {
    let folder = supported_twice();
    folder.put("criteria.csv", "family_id,criterion,outcome_on\nF1,3,2024-01-10\nF1,5,2024-01-10\nF1,7,2023-12-01\n");
    assert_eq!(folder.check().status("C1"), "claimable");
    // The day after the second period closed is of neither.
    folder.put("criteria.csv", "family_id,criterion,outcome_on\nF1,3,2024-01-10\nF1,5,2024-01-10\nF1,7,2024-01-16\n");
    let ran = folder.check();
    assert_eq!(ran.of("C1", "progress"), "unknown");
    assert_eq!(ran.said("which_period").len(), 1);
}

// Cases are told of the first three rows that may be of them. However many there are, and whatever family they are of, no case
// is left without one.
#[test]
fn many_rows_that_may_be_of_any_leave_every_case_in_doubt() {
    let folder = supported_twice();
    folder.put(
        "cases.csv",
        "case_id,family_id,opened_on,closed_on\n\
         C0,F1,2021-03-06,2021-09-15\nC1,F1,2023-03-06,2024-01-15\n\
         C2,F2,2021-03-06,2021-09-15\nC3,F2,2023-03-06,2024-01-15\n",
    );
    let mut needs = "case_id,family_id,criterion,outcome_on\n".to_owned();
    for case in ["C0", "C1", "C2", "C3"] {
        needs += &[3, 5, 7].map(|need| format!("{case},,{need},2024-01-10\n")).concat();
    }
    for family in ["F1", "F2"] {
        needs += &[1, 2, 4, 6, 8].map(|need| format!(",{family},{need},\n")).concat();
    }
    folder.put("criteria.csv", needs);
    let ran = folder.check();
    for case in ["C0", "C1", "C2", "C3"] {
        assert_eq!(ran.of(case, "progress"), "unknown", "{case}");
    }
}

#[test]
fn what_cannot_be_told_is_asked_once_a_row_and_the_answer_is_read_back() {
    let folder = supported_twice();
    folder.put("criteria.csv", format!("{DATED}F1,8,,,not_achieved\n"));
    assert_eq!(folder.check().status("C1"), "review");
    let review = folder.run("review", &[]);
    let questions = asked(&review);
    assert_eq!(questions.len(), 1);
    let question = &questions[0];
    assert_eq!((question["case_id"].as_str(), question["family_id"].as_str()), ("", "F1"));
    assert_eq!(question["lead_practitioner"], "B. Late");
    for words in ["criterion 8", "criteria.csv row 5", "C0 (6 March 2021 to 15 September 2021)", "C1 (6 March 2023 to"]
    {
        assert!(question["question"].contains(words), "{}", question["question"]);
    }
    // Of the first time of support it stands in the way of nothing; of the second it was not achieved.
    let sheet = std::fs::read(review.folder.join("agreements_to_fill.csv")).unwrap();
    let [first, second, none] = ["C0", "C1", "C9"].map(|answer| answered(&review, answer));
    for (answer, status) in [(&first, "claimable"), (&second, "not_claimable")] {
        folder.put("agreements.csv", answer);
        let ran = folder.check();
        assert_eq!(ran.status("C1"), status, "{answer} {}", ran.stderr);
        assert!(ran.said("which_period").is_empty());
        assert!(asked(&folder.run("review", &[])).is_empty());
    }
    // One that it cannot be of, or of rows that have changed since, answers nothing.
    folder.put("agreements.csv", none);
    let ran = folder.check();
    assert_eq!((ran.status("C1").as_str(), ran.said("agreement_on_nothing").len()), ("review", 1));
    folder.put("agreements.csv", first);
    folder.put("criteria.csv", format!("{DATED}F1,9,,,not_achieved\n"));
    let ran = folder.check();
    assert_eq!((ran.status("C1").as_str(), ran.said("agreement_on_nothing").len()), ("review", 1));
    // A question that nobody has answered says nothing and is no error.
    folder.put("criteria.csv", format!("{DATED}F1,8,,,not_achieved\n"));
    folder.put("agreements.csv", sheet);
    let ran = folder.check();
    assert_eq!((ran.status("C1").as_str(), ran.said("unanswered_question").len()), ("review", 1));
}

#[test]
fn two_answers_of_one_day_that_differ_say_nothing_and_a_later_one_holds() {
    let folder = supported_twice();
    folder.put("criteria.csv", format!("{DATED}F1,8,,,not_achieved\n"));
    let review = folder.run("review", &[]);
    let row = |answer: &str| answered(&review, answer);
    let both = row("C0") + row("C1").lines().nth(1).unwrap() + "\n";
    folder.put("agreements.csv", &both);
    assert_eq!(folder.check().status("C1"), "review");
    let later = row("C0") + &row("C1").lines().nth(1).unwrap().replace("2024-09-01", "2024-09-02") + "\n";
    folder.put("agreements.csv", later);
    assert_eq!(folder.check().status("C1"), "not_claimable");
}

#[test]
fn a_family_id_nearly_alike_is_asked_about_and_a_former_one_is_the_familys() {
    let folder = Folder::of_claimable_family();
    folder
        .put("criteria.csv", "family_id,criterion,outcome_on\nf01,3,2024-01-10\nf01,5,2024-01-10\nf01,7,2024-01-10\n");
    let ran = folder.check();
    assert_eq!(ran.of("C1", "progress"), "unknown");
    assert!(ran.said("no_such_case")[0].contains("nearly alike: C1"), "{:?}", ran.said("no_such_case"));
    let review = folder.run("review", &[]);
    assert_eq!(asked(&review).len(), 3);
    folder.put("agreements.csv", answered(&review, "C1"));
    assert_eq!(folder.check().status("C1"), "claimable");
    folder.take_away("agreements.csv");
    folder.put("former_ids.csv", "kind,id,former_id\nfamily,F1,f01\n");
    assert_eq!(folder.check().status("C1"), "claimable");
}

#[test]
fn a_former_id_of_two_families_is_of_neither() {
    let folder = Folder::of_claimable_family();
    folder.put(
        "cases.csv",
        "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\nC2,F2,2023-03-06,2024-01-15\n",
    );
    folder.put("former_ids.csv", "kind,id,former_id\nfamily,F1,OLD\nfamily,F2,OLD\n");
    folder.put("criteria.csv", format!("{DATED}OLD,8,2023-04-01,2023-12-01,\n"));
    let ran = folder.check();
    assert_eq!(ran.of("C1", "progress"), "unknown");
    assert!(!ran.said("which_period")[0].contains("C2"));
    // Which cases they are is not said in one question: the families may be ones that must not learn of each other.
    assert!(asked(&folder.run("review", &[])).is_empty());
}

#[test]
fn a_need_of_a_family_without_a_case_is_named_and_changes_nobody() {
    let folder = Folder::of_claimable_family();
    folder.put("criteria.csv", format!("{DATED}F9,8,,,\n"));
    let ran = folder.check();
    assert_eq!(ran.status("C1"), "claimable");
    assert!(ran.said("no_such_case")[0].contains("no case of the family F9"));
}

#[test]
fn an_agreement_by_family_is_on_its_period_or_on_the_one_open_on_its_day() {
    let agreement = |id: &str, day: &str| format!("{id},rule,answer,reason,agreed_by,agreed_on\n{day}");
    let folder = Folder::of_claimable_family();
    folder.take_away("claims.csv");
    folder.put("agreements.csv", agreement("case_id", "C1,reclaim,met,asked,A. Officer,2024-09-01\n"));
    let by_case = folder.check();
    assert_eq!(by_case.status("C1"), "claimable");
    folder.put("agreements.csv", agreement("family_id", "F1,reclaim,met,asked,A. Officer,2024-09-01\n"));
    assert_eq!(folder.check().decisions(), by_case.decisions());
    // The case where it is blank is that of the family beside it.
    folder.put("agreements.csv", agreement("case_id,family_id", ",F1,reclaim,met,asked,A. Officer,2024-09-01\n"));
    assert_eq!(folder.check().decisions(), by_case.decisions());

    // Supported twice, and agreed on a day of neither: it is on neither, and the rule is unknown on both.
    let twice = supported_twice();
    twice.put("agreements.csv", agreement("family_id", "F1,timeliness,met,asked,A. Officer,2024-09-01\n"));
    let ran = twice.check();
    assert_eq!((ran.of("C0", "timeliness"), ran.of("C1", "timeliness")), ("unknown".into(), "unknown".into()));
    assert_eq!(ran.said("which_period").len(), 1);
    let review = twice.run("review", &[]);
    assert!(asked(&review)[0]["question"].contains("the agreement on timeliness"));
    let both = |answer: &str| {
        let rows = answered(&review, answer);
        let (header, row) = rows.split_once('\n').unwrap();
        let agreement = "F1,timeliness,met,asked,A. Officer,2024-09-01";
        let names = ["family_id", "rule", "answer", "reason", "agreed_by", "agreed_on"];
        let cell = |column: &str| {
            let at = names.iter().position(|name| *name == column);
            at.map_or("", |at| agreement.split(',').nth(at).unwrap())
        };
        let own: Vec<&str> = header.split(',').map(cell).collect();
        format!("{header}\n{row}{}\n", own.join(","))
    };
    twice.put("agreements.csv", both("C1"));
    let ran = twice.check();
    assert_eq!(ran.of("C1", "timeliness"), "met", "{:?}", ran.rows("quarantine.csv"));
    assert!(ran.said("which_period").is_empty() && ran.said("agreement_on_nothing").is_empty());
    // On a day of the second it is on that one.
    twice.put("agreements.csv", agreement("family_id", "F1,timeliness,met,asked,A. Officer,2024-01-02\n"));
    let ran = twice.check();
    assert_eq!((ran.of("C1", "timeliness").as_str(), ran.said("which_period").len()), ("met", 0));
}
