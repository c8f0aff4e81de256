//! What waits for a person: every unknown names what settles it, nothing in review is left out, and the sheet of questions,
//! filled in and loaded back, does what the contract says of agreements.

#![allow(clippy::all, reason = "the generator is shared with the reference, which is plain on purpose")]

#[path = "support/generated.rs"]
mod generated;
mod reference;
mod support;

use generated::{loaded_of, tables_of};
use proptest::prelude::*;
use reference::generate::authority;
use sfclaim::decide::Status;
use sfclaim::decide::review::Review;
use sfclaim::evaluate::Verdict;
use sfclaim::finding::FindingCode;
use sfclaim::link::PeriodIndex;
use sfclaim::load;
use sfclaim::load::tables::TableName;
use sfclaim::report::views::check;
use sfclaim::report::views::people::People;
use sfclaim::report::views::review;
use sfclaim::report::views::review::questions;
use sfclaim::rules::Rules;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Outcome, judge, prepare};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;
use support::{Table, loaded, question, table};

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::built_in().unwrap());

/// A sentence that says what to do names a table, the quarantine, or an agreement.
fn is_concrete(settles: &str) -> bool {
    [
        "cases table",
        "people table",
        "criteria table",
        "attendance table",
        "claims table",
        "an agreement on",
        "quarantine.csv",
    ]
    .iter()
    .any(|word| settles.contains(word))
}

/// Every unknown of a run names what settles it, and every period in review is listed with something to settle.
fn every_unknown_is_settled_by_something(outcome: &Outcome<'_>) -> usize {
    let mut unknowns = 0;
    for decision in &outcome.decisions {
        let case = &decision.case_id;
        for ruling in &decision.evaluated.rulings {
            if ruling.verdict == Verdict::Unknown {
                let settles = ruling.settles.as_deref().unwrap_or_default();
                assert!(is_concrete(settles), "{case} {}: {} - {settles}", ruling.rule, ruling.because);
                unknowns += 1;
            }
        }
        for child in &decision.evaluated.children {
            for term in child.terms.iter().filter(|term| term.verdict == Verdict::Unknown) {
                let settles = term.settles.map(|settles| settles.words(&child.person_id, "a term")).unwrap_or_default();
                assert!(is_concrete(&settles), "{case} {}: {}", child.person_id, term.because);
            }
            if child.verdict == Verdict::Unknown && !child.terms.is_empty() {
                assert!(!child.unsettled().is_empty(), "{case} {}: {}", child.person_id, child.because);
            }
        }
    }
    let review = outcome.review(31);
    let listed: BTreeSet<PeriodIndex> = review.blocked.iter().map(|open| open.period).collect();
    let in_review = outcome.decisions.iter().filter(|decision| decision.status == Status::Review);
    assert_eq!(listed, in_review.map(|decision| decision.period).collect());
    for open in review.blocked.iter().chain(&review.next) {
        assert!(!open.questions.is_empty());
        for question in &open.questions {
            let linked = question.rule.is_none();
            assert!(linked || is_concrete(&question.settles), "{}: {}", question.because, question.settles);
        }
    }
    unknowns
}

/// The rows of the list of what waits.
fn rows(outcome: &Outcome<'_>, review: &Review) -> Vec<Vec<String>> {
    let table = review::table();
    review::rows(outcome, review, &People::of(&outcome.linked, outcome.prepared, true))
        .iter()
        .map(|row| table.cells(row))
        .collect()
}

/// The rows of the sheet of questions, and its columns.
fn questions(outcome: &Outcome<'_>, review: &Review) -> Vec<Vec<String>> {
    let table = questions::table();
    questions::questions(outcome, review, &People::of(&outcome.linked, outcome.prepared, true))
        .iter()
        .map(|row| table.cells(row))
        .collect()
}

fn columns() -> Vec<&'static str> {
    questions::table().names()
}

/// The sheet, with every question answered.
fn filled_in(sheet: &[Vec<String>], answer: &str, agreed_on: &str) -> Vec<BTreeMap<&'static str, String>> {
    let fill = |row: &Vec<String>| {
        let mut cells: BTreeMap<&str, String> = columns().into_iter().zip(row.iter().cloned()).collect();
        for (column, value) in
            [("answer", answer), ("reason", "seen"), ("agreed_by", "A. Officer"), ("agreed_on", agreed_on)]
        {
            assert_eq!(cells[column], "", "{column} is for a person to fill in");
            cells.insert(column, value.to_owned());
        }
        cells
    };
    sheet.iter().map(fill).collect()
}

/// The tables with these agreements put beside those that are there.
fn with_answers(tables: &[Table], answers: &[BTreeMap<&'static str, String>]) -> Vec<Table> {
    let mut tables = tables.to_vec();
    if !tables.iter().any(|table| table.file.starts_with("agreements")) {
        let columns = columns().into_iter().map(str::to_owned).collect();
        tables.push(Table { file: "agreements.csv".to_owned(), columns, rows: Vec::new() });
    }
    let agreements = tables.iter_mut().find(|table| table.file.starts_with("agreements")).unwrap();
    for column in ["person_id", "academic_year", "term"] {
        if !agreements.columns.iter().any(|there| there.trim() == column) {
            agreements.columns.push(column.to_owned());
            agreements.rows.iter_mut().for_each(|row| row.push(String::new()));
        }
    }
    for answer in answers {
        let cell = |column: &String| answer.get(column.trim()).cloned().unwrap_or_default();
        agreements.rows.push(agreements.columns.iter().map(cell).collect());
    }
    tables
}

proptest! {
    #![proptest_config(generated::trials(1000))]

    #[test]
    fn answers_settle_what_they_are_said_to_settle(authority in authority()) {
        let question = question(&authority.as_at, &authority.set, None).unwrap();
        let tables = tables_of(&authority);
        let Ok(data) = loaded_of(&authority, &tables) else { return Ok(()) };
        let Ok(prepared) = prepare(&data, &PACK, &question) else { return Ok(()) };
        let outcome = judge(&prepared, prepared.rules.clone());
        every_unknown_is_settled_by_something(&outcome);

        let review = outcome.review(31);
        let only_open = Review { expired: Vec::new(), expiring: Vec::new(), ..review.clone() };
        let mut sheet = questions(&outcome, &only_open);
        // Which case a row is of is no question of a rule: tests/by_family.rs.
        sheet.retain(|row| row[1] != "period");
        let asked = review.blocked.iter().flat_map(|open| &open.questions).filter(|question| question.can_be_agreed);
        prop_assert_eq!(sheet.len(), asked.count());
        // Nothing of the data is later than the day on which they were taken, agreements neither.
        let answered_on = authority.extracted_on.as_ref().map_or(&authority.as_at, |taken| taken.min(&authority.as_at));
        let answers = filled_in(&sheet, "met", answered_on);
        let again = loaded_of(&authority, &with_answers(&tables, &answers)).unwrap();
        let again = prepare(&again, &PACK, &question).unwrap();
        let again = judge(&again, again.rules.clone());
        for open in &review.blocked {
            let case = outcome.linked.periods[open.period].id();
            let after = again.decisions.iter().find(|decision| decision.case_id == *case).unwrap();
            prop_assert_eq!(after.status, open.if_met, "{}", case);
            // What can be agreed on leaves review; only records, and linked families, keep it there.
            let all_agreeable = open.questions.iter().all(|question| question.can_be_agreed);
            let judged_today = open.questions.iter().any(|question| question.verdict == Verdict::NotMet);
            if all_agreeable && !judged_today && after.status == Status::Review {
                prop_assert_eq!(after.reason_kind, "a linked family is claimable too");
            }
        }
    }

    #[test]
    fn what_rests_on_agreements_is_what_a_run_without_them_does_not_have(authority in authority()) {
        let question = question(&authority.as_at, &authority.set, None).unwrap();
        let Ok(data) = loaded_of(&authority, &tables_of(&authority)) else { return Ok(()) };
        let Ok(prepared) = prepare(&data, &PACK, &question) else { return Ok(()) };
        let outcome = judge(&prepared, prepared.rules.clone());
        let without = judge(&prepared, Rules { without_agreements: true, ..prepared.rules.clone() });
        let expected: Vec<_> = outcome
            .decisions
            .iter()
            .zip(&without.decisions)
            .filter(|(one, other)| one.status == Status::Claimable && other.status != Status::Claimable)
            .filter(|(one, _)| !one.evaluated.by_agreement().is_empty())
            .map(|(one, _)| one.case_id.clone())
            .collect();
        prop_assert_eq!(&outcome.totals.claimable_by_agreement, &expected);
        prop_assert!(without.totals.claimable_by_agreement.is_empty());
        prop_assert!(without.decisions.iter().all(|decision| decision.evaluated.by_agreement().is_empty()));
    }
}

#[test]
fn every_unknown_of_the_sample_names_what_settles_it() {
    let data = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    for as_at in ["2023-01-31", "2024-09-30", "2025-03-31"] {
        for set in [vec![], vec![("evidence.required".to_owned(), "[\"plan_on\"]".to_owned())]] {
            let prepared = prepare(&data, &PACK, &question(as_at, &set, None).unwrap()).unwrap();
            assert!(every_unknown_is_settled_by_something(&judge(&prepared, prepared.rules.clone())) > 50);
        }
    }
}

/// Six families, all resolved on 15 January 2024 and so sustained on 15 July, looked at on 30 September.
///
/// - F1: child P1 has no records in the summer term, and was claimed never. An answer on that term makes it claimable.
/// - F2: P2 has none in either term; nobody leads the case.
/// - F3: closed on 31 January 2020, before support counts, all resolved on 15 January 2020.
/// - F4: closed, but at least one need has no outcome recorded: a record, and no answer, settles it.
/// - F5: shares the adult A5 with F6, whose result was claimed in 2023.
/// - F7: the birth date of P7 is missing.
fn small() -> Vec<Table> {
    let need = |case: &str, day: &str| [3, 5, 7].map(|criterion| format!("{case},{criterion},{day}"));
    let mut needs = vec!["case_id,criterion,outcome_on".to_owned()];
    for (case, day) in [("C1", "2024-01-15"), ("C2", "2024-01-15"), ("C3", "2020-01-15"), ("C5", "2024-01-15")] {
        needs.extend(need(case, day));
    }
    needs.extend(need("C7", "2024-01-15"));
    needs.extend(["C4,3,2024-01-15".to_owned(), "C4,5,2024-01-15".to_owned(), "C4,7,".to_owned()]);
    let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
    vec![
        table(
            "cases.csv",
            &[
                "case_id,family_id,opened_on,closed_on,team,lead_practitioner",
                "C1,F1,2023-01-10,2024-01-31,North,Ann Lee",
                "C2,F2,2023-01-10,2024-01-31,South,",
                "C3,F3,2019-01-10,2020-01-31,North,Ann Lee",
                "C4,F4,2023-01-10,2024-01-31,North,Bob Ray",
                "C5,F5,2023-01-10,2024-01-31,North,Bob Ray",
                "C7,F7,2023-01-10,2024-01-31,,",
            ],
        ),
        table("criteria.csv", &needs),
        table(
            "people.csv",
            &[
                "person_id,family_id,date_of_birth,role",
                "P1,F1,2014-05-01,child",
                "P2,F2,2014-05-01,child",
                // Under 18, and too young for school: there is no attendance to look at.
                "P3,F3,2022-05-01,child",
                "P4,F4,2022-05-01,child",
                "P5,F5,2022-05-01,child",
                "A5,F5,1980-05-01,adult",
                "A5,F6,1980-05-01,adult",
                "P7,F7,,child",
                "Q7,F7,2022-05-01,child",
            ],
        ),
        table("attendance.csv", &["person_id,academic_year,term,possible,attended", "P1,2023/24,Spring,110,105"]),
        table("claims.csv", &["claim_id,family_id,submitted_on,outcome", "K6,F6,2023-06-01,approved"]),
    ]
}

fn statuses(tables: &[Table], as_at: &str) -> BTreeMap<String, &'static str> {
    let data = loaded(tables).unwrap();
    let prepared = prepare(&data, &PACK, &question(as_at, &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    outcome.decisions.iter().map(|decision| (decision.case_id.to_string(), decision.status.word())).collect()
}

#[test]
fn a_small_review_by_hand() {
    let data = loaded(&small()).unwrap();
    let prepared = prepare(&data, &PACK, &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let found = outcome.review(31);
    let listed: Vec<Vec<String>> = rows(&outcome, &found)
        .into_iter()
        .map(|row| [0, 1, 2, 3, 7, 9, 10, 11, 15, 16, 18, 19].map(|cell| row[cell].clone()).to_vec())
        .collect();
    let listed: Vec<String> = listed.into_iter().map(|row| row.join(",")).collect();
    assert_eq!(
        listed,
        [
            "blocks,Ann Lee,North,C1,attendance,P1,2023/24,Summer,y,2024-07-15,2024-09-30,claimable",
            "blocks,Ann Lee,North,C3,timeliness,,,,y,2020-07-15,2024-09-30,claimable",
            "blocks,Bob Ray,North,C4,progress,,,,n,2024-01-31,2024-09-30,review",
            "blocks,Bob Ray,North,C5,reclaim,,,,y,2024-07-15,2024-09-30,claimable",
            // Nobody is named: last, by team.
            "blocks,,,C7,attendance,P7,,,n,2024-07-15,2024-09-30,review",
            "blocks,,South,C2,attendance,P2,2023/24,Spring,y,2024-07-15,2024-09-30,claimable",
            "blocks,,South,C2,attendance,P2,2023/24,Summer,y,2024-07-15,2024-09-30,claimable",
        ]
    );
    let settles = |case: &str| rows(&outcome, &found).into_iter().find(|row| row[3] == case).unwrap()[14].clone();
    assert_eq!(
        settles("C4"),
        "outcome_on, or result not_achieved, in the criteria table for criterion 7 of case C4, from the lead practitioner's closing record"
    );
    assert_eq!(settles("C7"), "date_of_birth of P7 in the people table, from the case system or the lead practitioner");

    let data = review::data(&outcome, &People::default(), &found, 31);
    assert_eq!(data["periods_in_review"], 6);
    assert_eq!(data["value_at_the_payment"], "4800.00");
    // C1, C2, C3 and C5.
    assert_eq!((&data["claimable_if_met"], &data["value_if_met"]), (&4.into(), &"3200.00".into()));
    assert_eq!(data["by_practitioner"][0]["lead_practitioner"], "Ann Lee");

    let sheet = questions(&outcome, &found);
    assert_eq!(sheet.len(), 5);
    let asked = |case: &str| sheet.iter().find(|row| row[0] == case).unwrap()[11].clone();
    assert!(asked("C1").starts_with("Did P1 attend 90% or more in Summer 2023/24"), "{}", asked("C1"));
    assert!(asked("C5").contains("Linked family F6: claim K6 submitted 2023-06-01, approved."), "{}", asked("C5"));

    // Loaded back blank, the sheet changes nothing; answered, the periods leave review.
    let blank: Vec<BTreeMap<&str, String>> =
        sheet.iter().map(|row| columns().into_iter().zip(row.iter().cloned()).collect()).collect();
    let before = statuses(&small(), "2024-09-30");
    assert_eq!(statuses(&with_answers(&small(), &blank), "2024-09-30"), before);
    let met = statuses(&with_answers(&small(), &filled_in(&sheet, "met", "2024-09-30")), "2024-09-30");
    let words = |statuses: BTreeMap<String, &'static str>| statuses.into_values().collect::<Vec<_>>();
    assert_eq!(words(met), ["claimable", "claimable", "claimable", "review", "claimable", "review"]);
    let not_met = statuses(&with_answers(&small(), &filled_in(&sheet, "not_met", "2024-09-30")), "2024-09-30");
    assert_eq!(
        words(not_met),
        ["low_attendance", "low_attendance", "not_claimable", "review", "not_claimable", "review"]
    );
    // An answer of a later day is not there yet.
    assert_eq!(statuses(&with_answers(&small(), &filled_in(&sheet, "met", "2024-10-01")), "2024-09-30"), before);
}

#[test]
fn questions_without_an_answer_are_counted_and_are_no_errors() {
    let columns = "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on,until,question";
    let mut tables = small();
    tables.push(table(
        "agreements.csv",
        &[
            columns,
            "C1,attendance,P1,2023/24,Summer,,,,,,Did P1?",
            "C2,attendance,P2,2023/24,Summer,,,,,,Did P2?",
            "C2,attendance,P2,2023/24,Spring,,,,,2025-01-01,Did P2?",
            "C3,timeliness,,,,met,seen,A. Officer,2024-09-01,,May it?",
        ],
    ));
    let data = loaded(&tables).unwrap();
    let asked = question("2024-09-30", &[], None).unwrap();
    // Three of four rows are questions: more than half, and the run is made all the same.
    let prepared = prepare(&data, &PACK, &asked).unwrap();
    let counts = prepared.register.counts[&TableName::Agreements];
    assert_eq!((counts.read, counts.used, counts.repeated, counts.quarantined), (4, 1, 0, 3));
    let outcome = judge(&prepared, prepared.rules.clone());
    let said: Vec<&str> = outcome
        .findings
        .sorted()
        .into_iter()
        .filter(|finding| finding.code == FindingCode::UnansweredQuestion)
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(said, ["agreements: 3 rows are questions without an answer yet, left out."]);
    assert!(!outcome.findings.any_error());

    // Begun and not finished is no question any more; neither is one without a rule.
    for row in ["C1,attendance,P1,2023/24,Summer,met,,,,,Did P1?", "C1,,P1,2023/24,Summer,,,,,,Did P1?"] {
        let agreements = tables.last_mut().unwrap();
        agreements.rows[0] = row.split(',').map(str::to_owned).collect();
        let data = loaded(&tables).unwrap();
        let prepared = prepare(&data, &PACK, &asked).unwrap();
        assert!(prepared.register.findings.any_error(), "{row}");
    }
    // Of the rows that are no questions more than half are broken.
    let agreements = tables.last_mut().unwrap();
    agreements.rows[3] =
        "C3,timeliness,,,,perhaps,seen,A. Officer,2024-09-01,,May it?".split(',').map(str::to_owned).collect();
    for number in 0..10 {
        let row = format!("C3,timeliness,,,,perhaps,seen {number},A. Officer,2024-09-01,,May it?");
        agreements.rows.push(row.split(',').map(str::to_owned).collect());
    }
    let why = prepare(&loaded(&tables).unwrap(), &PACK, &asked).err().unwrap().to_string();
    assert!(why.contains("12 of the 12 rows of \"agreements\""), "{why}");
}

/// C1 is claimable by an agreement on P1's summer term, and C3 by one on timeliness.
fn agreed(rows: &[&str]) -> Vec<Table> {
    let mut tables = small();
    let columns = "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on,until";
    tables.push(table("agreements.csv", &[&[columns], rows].concat()));
    tables
}

#[test]
fn agreements_that_ran_out_come_back_and_those_that_soon_will_are_named() {
    let tables = agreed(&[
        "C1,attendance,P1,2023/24,Summer,met,Letter of the school,Claims panel,2024-08-01,2024-09-29",
        "C3,timeliness,,,,met,Went on in school,A. Officer,2024-09-01,2024-10-31",
        // On what is met anyway: it changes nothing, and need not be renewed.
        "C1,attendance,P1,2023/24,Spring,met,As recorded,Claims panel,2024-08-01,2024-09-29",
        // Never in force.
        "C2,attendance,P2,,,met,Wrong way round,Claims panel,2024-08-01,2024-07-01",
        // Not met until yesterday: without it C5 waits for an answer.
        "C5,reclaim,,,,not_met,The same family,Claims panel,2024-08-01,2024-09-29",
    ]);
    let data = loaded(&tables).unwrap();
    let prepared = prepare(&data, &PACK, &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let listed = |days: u16| {
        let found = outcome.review(days);
        let of = |list: &[sfclaim::decide::review::Lapse]| -> Vec<String> {
            let said = |lapse: &sfclaim::decide::review::Lapse| {
                format!("{} {} {} {}", lapse.agreement.case_id, lapse.agreement.rule, lapse.status, lapse.otherwise)
            };
            list.iter().map(said).collect()
        };
        (of(&found.expired), of(&found.expiring))
    };
    let (expired, expiring) = listed(31);
    // Both terms of P1 stand in the agreements' place when they are back in force.
    assert_eq!(expired, ["C1 attendance review claimable", "C5 reclaim review not_claimable"]);
    // 31 October is 31 days after 30 September.
    assert_eq!(expiring, ["C3 timeliness claimable review"]);
    assert!(listed(30).1.is_empty());

    let sheet = questions(&outcome, &outcome.review(31));
    let asked = |case: &str, term: &str| sheet.iter().find(|row| row[0] == case && row[4] == term).unwrap()[11].clone();
    assert!(
        asked("C1", "Summer").ends_with(
            "It was agreed as met by Claims panel on 2024-08-01 until 2024-09-29: Letter of the school. That ran out on 2024-09-29: does it still hold?"
        ),
        "{}",
        asked("C1", "Summer")
    );
    assert!(asked("C3", "").contains("That runs out on 2024-10-31"), "{}", asked("C3", ""));
    // A sheet has each thing once.
    let things: BTreeSet<Vec<String>> = sheet.iter().map(|row| row[..5].to_vec()).collect();
    assert_eq!(things.len(), sheet.len());
}

#[test]
fn without_agreements_the_same_is_decided_as_if_there_were_none_and_says_so() {
    let tables = agreed(&[
        "C1,attendance,P1,2023/24,Summer,met,Letter of the school,Claims panel,2024-08-01,",
        "C3,timeliness,,,,met,Went on in school,A. Officer,2024-09-01,2024-10-31",
    ]);
    let data = loaded(&tables).unwrap();
    let prepared = prepare(&data, &PACK, &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let cases: Vec<&str> = outcome.totals.claimable_by_agreement.iter().map(|case| case.as_str()).collect();
    assert_eq!(cases, ["C1", "C3"]);
    assert_eq!(check::summary(&outcome)["claimable_by_agreement"]["value"], "1600.00");
    assert_eq!(check::summary(&outcome)["claimable_by_agreement"]["periods"], 2);

    let without = judge(&prepared, Rules { without_agreements: true, ..prepared.rules.clone() });
    let words: Vec<(String, &str)> =
        without.decisions.iter().map(|decision| (decision.case_id.to_string(), decision.status.word())).collect();
    assert_eq!(words.into_iter().collect::<BTreeMap<_, _>>(), statuses(&small(), "2024-09-30"));
    assert_eq!(without.rules.label(), "supporting-families-2022-25 (without agreements)");
    let text = check::page::summary(&without, sfclaim::report::output::page::Screen::wide(100));
    assert!(text.starts_with("WITHOUT AGREEMENTS"), "{text}");
    assert_eq!(check::receipt(&without, &[])["without_agreements"], true);
    assert_eq!(check::receipt(&outcome, &[])["without_agreements"], false);
    assert!(without.review(365).expired.is_empty() && without.review(365).expiring.is_empty());
}
