//! How an explanation opens: with the agreement that the case rests on, with what dated facts mean for it, and without a day
//! of identification where none is recorded.

mod support;

use sfclaim::report::output::page::Screen;
use sfclaim::report::views::explain::{explain, records, text};
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use support::{Table, loaded, question, table};

/// A family with one child of school age, supported from 10 January 2023 to 31 January 2024, sustained on 31 July.
fn family(more: &[Table]) -> Vec<Table> {
    let mut tables = vec![
        table("cases.csv", &["case_id,family_id,opened_on,closed_on", "C1,F1,2023-01-10,2024-01-31"]),
        table(
            "criteria.csv",
            &[
                "case_id,criterion,identified_on,outcome_on",
                "C1,3,,2024-01-31",
                "C1,5,2023-02-01,2024-01-31",
                "C1,7,,2024-01-31",
            ],
        ),
        table("people.csv", &["person_id,family_id,date_of_birth", "P1,F1,2014-05-01"]),
    ];
    tables.extend(more.iter().cloned());
    tables
}

fn claims(rows: &[&str]) -> Table {
    table("claims.csv", &[&["claim_id,family_id,case_id,submitted_on,decided_on,outcome"], rows].concat())
}

fn explained(tables: &[Table], as_at: &str) -> String {
    let loaded = loaded(tables).unwrap();
    let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question(as_at, &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let decision = &outcome.decisions[0];
    let records = records(&outcome, &[decision], &loaded).unwrap();
    text(&explain(&outcome, decision, &records, &[], false), Screen::wide(10_000))
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

#[test]
fn a_case_that_rests_on_agreements_opens_with_them() {
    let agreements = table(
        "agreements.csv",
        &[
            "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on",
            "C1,attendance,P1,2023/24,Spring,met,seen in the school's register,A. Officer,2024-09-01",
            "C1,attendance,P1,2023/24,Summer,met,a letter of the school,B. Head,2024-09-02",
            // It says what the records say, and so changes nothing.
            "C1,reclaim,,,,met,known,C. Other,2024-09-02",
        ],
    );
    for (claim, status) in [(&[][..], "CLAIMABLE"), (&["K1,F1,C1,2024-09-20,,submitted"][..], "CLAIMED")] {
        let told = explained(&family(&[agreements.clone(), claims(claim)]), "2024-09-30");
        let told = lines(&told);
        assert!(told[0].contains(status), "{}", told[0]);
        assert_eq!(
            told[1],
            "Rests on an agreement on attendance (P1, Spring 2023/24), agreed as met by A. Officer on 2024-09-01: seen in the school's register [agreements.csv row 2]. Without it: unknown."
        );
        assert_eq!(
            told[2],
            "Rests on an agreement on attendance (P1, Summer 2023/24), agreed as met by B. Head on 2024-09-02: a letter of the school [agreements.csv row 3]. Without it: unknown."
        );
        assert!(!told[3].starts_with("Rests on"), "{}", told[3]);
    }
    let whole = table(
        "agreements.csv",
        &["case_id,rule,person_id,answer,reason,agreed_by,agreed_on", "C1,attendance,,met,seen,A. Officer,2024-09-01"],
    );
    let told = explained(&family(&[whole]), "2024-09-30");
    assert_eq!(
        lines(&told)[1],
        "Rests on an agreement on attendance, agreed as met by A. Officer on 2024-09-01: seen [agreements.csv row 2]. Without it: unknown."
    );
    assert!(!explained(&family(&[]), "2024-09-30").contains("Rests on"));
}

// The suspension of 18 November 2024: the day before it nothing is said, and a claim of the day before it is not concerned.
#[test]
fn from_the_suspension_on_each_case_is_told_what_it_means_for_it() {
    let meant = |claim: &[&str], as_at: &str| {
        let told = explained(&family(&[claims(claim)]), as_at);
        lines(&told).iter().find_map(|line| line.strip_prefix("For this case: ")).map(str::to_owned)
    };
    assert_eq!(meant(&["K1,F1,C1,2024-11-17,,submitted"], "2024-11-17"), None);
    let before = meant(&["K1,F1,C1,2024-11-17,,submitted"], "2024-11-18").unwrap();
    assert!(before.starts_with("The claim was submitted on 2024-11-17, before payment by results was suspended on 2024-11-18: the suspension concerns"), "{before}");
    let on = meant(&["K1,F1,C1,2024-11-18,,approved"], "2024-11-18").unwrap();
    assert!(on.contains("submitted on 2024-11-18") && on.contains("nothing is paid for it, approved or not"), "{on}");
    // One that was rejected is no claim that stands.
    for claims in [&[][..], &["K1,F1,C1,2024-08-17,2024-09-01,rejected"][..]] {
        let none = meant(claims, "2024-12-31").unwrap();
        assert!(none.starts_with("No claim that stands was submitted for this period before"), "{none}");
        assert!(none.ends_with("(source: children-and-families-grant)"), "{none}");
    }
}

#[test]
fn a_need_without_a_day_is_not_said_to_be_identified_on_one() {
    let told = explained(&family(&[]), "2024-09-30");
    let needs: Vec<&str> = lines(&told).into_iter().filter(|line| line.starts_with("criterion ")).collect();
    assert_eq!(needs.len(), 6, "{told}");
    assert!(
        needs[0].contains("no day of identification recorded, so the day its case opened is used, 2023-01-10"),
        "{}",
        needs[0]
    );
    assert!(needs[1].contains("identified on 2023-02-01"), "{}", needs[1]);
    assert!(!told.contains("identified when"));
}
