//! Each kind of finding, from a tiny input that has it. A kind without one fails.

mod support;

use sfclaim::finding::{FindingCode, Severity};
use sfclaim::load;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use sfclaim::validate::across::volumes::Earlier;
use std::collections::{BTreeMap, BTreeSet};
use support::{Table, loaded, question, table};

const CASES: &[&str] = &["case_id,family_id,opened_on,closed_on", "C1,F1,2023-01-10,2024-01-31"];
const CRITERIA: &[&str] = &["case_id,criterion", "C1,3", "C1,5", "C1,7"];

/// Files by name, as lines.
type Files<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// The kinds of finding of an authority with these files instead of, or beside, the plain ones.
fn found(others: &[(&str, &[&str])]) -> BTreeSet<FindingCode> {
    let mut tables: Vec<Table> = others.iter().map(|(file, lines)| table(file, lines)).collect();
    for (file, lines) in [("cases.csv", CASES), ("criteria.csv", CRITERIA)] {
        if !others.iter().any(|(other, _)| *other == file) {
            tables.push(table(file, lines));
        }
    }
    let data = loaded(&tables).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let findings = outcome.findings.sorted().into_iter().map(|finding| finding.code);
    findings.chain(prepared.register.held.iter().map(|held| held.code)).collect()
}

const EVERY_HEADLINE: &[&str] =
    &["case_id,criterion", "C1,1", "C1,2", "C1,3", "C1,4", "C1,5", "C1,6", "C1,7", "C1,8", "C1,9", "C1,10"];

/// 100 cases of 2 teams, each with one headline; the teams take turns.
fn many_cases(headline: impl Fn(usize) -> &'static str) -> Files<'static> {
    let leaked = |line: String| -> &'static str { line.leak() };
    let cases = (0..100).map(|case| leaked(format!("C{case},F{case},2023-01-10,Team {}", case % 2)));
    let needs = (0..100).map(|case| leaked(format!("C{case},{}", headline(case))));
    vec![
        ("cases.csv", std::iter::once("case_id,family_id,opened_on,team").chain(cases).collect()),
        ("criteria.csv", std::iter::once("case_id,criterion").chain(needs).collect()),
    ]
}

/// A confirmation beside a good one.
fn confirmation<'a>(row: &'a str, good: &'a str) -> Files<'a> {
    vec![("confirmations.csv", vec!["finding,record,confirmed_by,confirmed_on,reason,until", good, row])]
}

#[test]
fn every_kind_of_finding_comes_from_the_input_that_has_it() {
    const PEOPLE: &str = "person_id,family_id,date_of_birth,role,upn,restricted";
    const CHILD: &str = "P1,F1,2014-05-01,child,W889200024001,";
    let good = "P1,2023/24,Summer,130,130";
    let totals = "person_id,academic_year,term,possible,attended";
    let two_good: &[&str] = &["C1,3,,", "C1,5,,"];
    let criteria = |bad: &'static str| -> Vec<&'static str> {
        [&["case_id,criterion,outcome_on,result"][..], two_good, &[bad]].concat().into_iter().collect()
    };
    let agreement_columns = "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on,until";
    let agreement = |row: &'static str| vec![agreement_columns, row];
    let attendance = |bad: &'static str| vec![totals, good, bad];
    let people: Vec<&str> = vec![PEOPLE, CHILD];
    const MEMBERSHIP: &str = "person_id,family_id,date_of_birth,role,joined_on,left_on";
    const PLANNED: &str = "case_id,family_id,opened_on,closed_on,assessment_on,plan_on";
    const NEEDS: &str = "case_id,criterion,identified_on,outcome_on,result";
    const CLAIMS: &str = "claim_id,family_id,case_id,submitted_on,outcome";
    let good_confirmation = "table_missing,,A. Officer,2024-01-01,nothing was claimed,";
    let rows: Vec<(FindingCode, Files<'_>)> = vec![
        (FindingCode::MissingValue, vec![("criteria.csv", criteria("C1,,,"))]),
        (FindingCode::ImpossibleDate, vec![("criteria.csv", criteria("C1,7,2024-02-30,"))]),
        (FindingCode::UnknownCriterion, vec![("criteria.csv", criteria("C1,11,,"))]),
        (FindingCode::UnknownOutcome, vec![("criteria.csv", criteria("C1,7,2024-02-01,maybe"))]),
        (FindingCode::NoSuchCase, vec![("criteria.csv", criteria("C9,7,,"))]),
        (FindingCode::RowLength, vec![("criteria.csv", criteria("C1,7"))]),
        (FindingCode::ClosedBeforeOpened, vec![("cases.csv", vec![CASES[0], CASES[1], "C2,F2,2023-01-10,2023-01-09"])]),
        (
            FindingCode::HeldWithCase,
            vec![
                ("cases.csv", vec![CASES[0], CASES[1], "C2,F2,2023-01-10,2023-01-09"]),
                ("criteria.csv", vec!["case_id,criterion", "C1,3", "C1,5", "C2,7"]),
            ],
        ),
        (
            FindingCode::KeyGivenTwice,
            vec![(
                "claims.csv",
                vec![
                    "claim_id,family_id,submitted_on,outcome",
                    "K1,F1,2020-01-01,approved",
                    "K1,F1,2020-01-02,approved",
                    "K2,F1,2020-01-02,approved",
                    "K3,F1,2020-01-02,approved",
                ],
            )],
        ),
        (
            FindingCode::UnknownRule,
            vec![(
                "agreements.csv",
                vec![
                    agreement_columns,
                    "C1,attendence,,,,met,seen,A. Officer,2024-01-01,",
                    "C1,reclaim,,,,met,seen,A. Officer,2024-01-01,",
                ],
            )],
        ),
        (
            FindingCode::CannotBeAgreed,
            vec![("agreements.csv", agreement("C1,progress,,,,met,seen,A. Officer,2024-01-01,"))],
        ),
        (
            FindingCode::AgreementWithoutPerson,
            vec![("agreements.csv", agreement("C1,attendance,,2023/24,Summer,met,seen,A. Officer,2024-01-01,"))],
        ),
        (
            FindingCode::AgreementWithoutCase,
            vec![("agreements.csv", agreement("C9,reclaim,,,,met,seen,A. Officer,2024-01-01,"))],
        ),
        (
            FindingCode::AgreementOnNothing,
            vec![("agreements.csv", agreement("C1,attendance,P1,2023/24,Sumer,not_met,seen,A. Officer,2024-01-01,"))],
        ),
        (FindingCode::TableMissing, vec![]),
        (FindingCode::AcademicYear, vec![("attendance.csv", attendance("P1,2023-24,Spring,10,1"))]),
        (
            FindingCode::NotAMonday,
            vec![(
                "attendance.csv",
                vec!["person_id,week_start,marks", "P1,2024-06-03,//////////", "P1,2024-06-11,//////////"],
            )],
        ),
        (
            FindingCode::AgreementNeverInForce,
            vec![("agreements.csv", agreement("C1,reclaim,,,,met,seen,A. Officer,2024-01-01,2023-01-01"))],
        ),
        (FindingCode::UnknownValue, vec![("people.csv", vec![PEOPLE, "P1,F1,2014-05-01,kid,,"])]),
        (FindingCode::UpnCheckLetter, vec![("people.csv", vec![PEOPLE, "P1,F1,2014-05-01,child,A889200024001,"])]),
        (
            FindingCode::NotANumber,
            vec![("attendance.csv", attendance("P1,2023/24,Spring,many,1")), ("people.csv", people.clone())],
        ),
        (
            FindingCode::NoPupil,
            vec![("attendance.csv", attendance(",2023/24,Spring,10,1")), ("people.csv", people.clone())],
        ),
        (
            FindingCode::UnknownTerm,
            vec![("attendance.csv", attendance("P1,2023/24,Lent,10,1")), ("people.csv", people.clone())],
        ),
        (FindingCode::OutsideTerms, vec![("attendance.csv", attendance("P1,2009/10,Spring,10,1"))]),
        (FindingCode::UnmatchedPupils, vec![("attendance.csv", attendance("P9,2023/24,Spring,10,1"))]),
        (FindingCode::RowsRepeated, vec![("attendance.csv", attendance(good))]),
        (
            FindingCode::UnknownSession,
            vec![("attendance.csv", vec!["person_id,date,session,code", "P1,2024-06-03,AM,/", "P1,2024-06-03,NOON,/"])],
        ),
        (
            FindingCode::UnknownCode,
            vec![
                ("attendance.csv", vec!["person_id,date,session,code", "P1,2024-06-03,AM,%"]),
                ("people.csv", people.clone()),
            ],
        ),
        (
            FindingCode::TotalsDoNotAddUp,
            vec![(
                "attendance.csv",
                vec![
                    "person_id,academic_year,term,possible,attended,authorised,unauthorised",
                    "P1,2023/24,Summer,130,130,20,30",
                ],
            )],
        ),
        (
            FindingCode::CodeOutOfDate,
            vec![
                ("attendance.csv", vec!["person_id,date,session,code", "P1,2024-06-03,AM,C2"]),
                ("people.csv", people.clone()),
            ],
        ),
        (
            FindingCode::WeekLength,
            vec![(
                "attendance.csv",
                vec!["person_id,week_start,marks", "P1,2024-06-03,//////////", "P1,2024-06-10,///"],
            )],
        ),
        // The last digit of the pupil's UPN is a slip.
        (
            FindingCode::LikelySamePupil,
            vec![
                (
                    "attendance.csv",
                    vec!["upn,academic_year,term,possible,attended", "W889200024007,2023/24,Summer,110,105"],
                ),
                ("people.csv", vec!["person_id,family_id,date_of_birth,upn", "P1,F1,2014-05-01,W889200024001"]),
            ],
        ),
        (FindingCode::TermHardlyHeld, vec![("attendance.csv", vec![totals, good]), ("people.csv", people.clone())]),
        // Marks of two days in the middle of the term, and every need resolved long enough ago to wait for nothing else.
        (
            FindingCode::MarksStopEarly,
            vec![
                ("attendance.csv", vec!["person_id,date,session,code", "P1,2024-05-13,AM,/", "P1,2024-05-14,AM,/"]),
                ("people.csv", people.clone()),
                ("claims.csv", vec!["claim_id,family_id,submitted_on,outcome"]),
                (
                    "criteria.csv",
                    vec!["case_id,criterion,outcome_on", "C1,3,2024-01-05", "C1,5,2024-01-05", "C1,7,2024-01-05"],
                ),
            ],
        ),
        (
            FindingCode::CalendarStops,
            vec![(
                "terms.csv",
                vec![
                    "academic_year,term,starts_on,ends_on",
                    "2022/23,Summer,2023-04-17,2023-07-21",
                    "2023/24,Autumn,2023-09-04,2023-12-22",
                ],
            )],
        ),
        // Checks across tables.
        (
            FindingCode::DecidedBeforeSubmitted,
            vec![(
                "claims.csv",
                vec!["claim_id,family_id,submitted_on,decided_on,outcome", "K1,F1,2024-03-10,2024-03-01,approved"],
            )],
        ),
        (
            FindingCode::LeftBeforeJoined,
            vec![("people.csv", vec![MEMBERSHIP, "P1,F1,2014-05-01,child,2024-02-01,2024-01-31"])],
        ),
        (FindingCode::BirthDateUnlikely, vec![("people.csv", vec![PEOPLE, "P1,F1,1904-09-30,adult,,"])]),
        (FindingCode::PlanBeforeOpening, vec![("cases.csv", vec![PLANNED, "C1,F1,2023-01-10,2024-01-31,,2023-01-09"])]),
        (FindingCode::PlanAfterClosing, vec![("cases.csv", vec![PLANNED, "C1,F1,2023-01-10,2024-01-31,2024-02-01,"])]),
        (
            FindingCode::AssessmentBeforeOpening,
            vec![("cases.csv", vec![PLANNED, "C1,F1,2023-01-10,2024-01-31,2023-01-09,"])],
        ),
        (FindingCode::OutcomeBeforeNeed, vec![("criteria.csv", vec![NEEDS, "C1,3,2023-06-01,2023-05-31,"])]),
        (FindingCode::OutcomeBeforeOpening, vec![("criteria.csv", vec![NEEDS, "C1,3,,2023-01-09,"])]),
        (FindingCode::NeedAfterClosing, vec![("criteria.csv", vec![NEEDS, "C1,3,2024-02-01,,"])]),
        (FindingCode::NeedLongBeforeOpening, vec![("criteria.csv", vec![NEEDS, "C1,3,2022-01-09,,"])]),
        (
            FindingCode::OutcomeLongAfterClosing,
            vec![
                ("cases.csv", vec![CASES[0], "C1,F1,2023-01-10,2023-08-31"]),
                ("criteria.csv", vec![NEEDS, "C1,3,,2024-09-01,"]),
            ],
        ),
        (FindingCode::AchievedWithoutDay, vec![("criteria.csv", vec![NEEDS, "C1,3,,,achieved"])]),
        (
            FindingCode::NeedOfNobody,
            vec![("criteria.csv", vec!["case_id,criterion,person_id", "C1,1,P2"]), ("people.csv", people.clone())],
        ),
        (FindingCode::AdultOfSchoolAge, vec![("people.csv", vec![PEOPLE, "P1,F1,2014-05-01,adult,,"])]),
        (
            FindingCode::ChildNowAdult,
            vec![
                ("cases.csv", vec![CASES[0], "C1,F1,2023-01-10,"]),
                ("people.csv", vec![PEOPLE, "P1,F1,2006-09-30,child,,"]),
            ],
        ),
        (
            FindingCode::AdultOnRoll,
            vec![("attendance.csv", vec![totals, good]), ("people.csv", vec![PEOPLE, "P1,F1,,adult,,"])],
        ),
        (
            FindingCode::UpnOfTwoPeople,
            vec![("people.csv", vec![PEOPLE, CHILD, "P2,F1,2014-05-01,child,W889200024001,"])],
        ),
        (FindingCode::TwoBirthDates, vec![("people.csv", vec![PEOPLE, CHILD, "P1,F2,2015-05-01,child,,"])]),
        (FindingCode::CaseWithoutPeople, vec![("people.csv", vec![PEOPLE, "P1,F2,2014-05-01,child,,"])]),
        (
            FindingCode::FamiliesSharePeople,
            vec![
                ("cases.csv", vec![CASES[0], CASES[1], "C2,F2,2023-01-10,2024-01-31"]),
                ("people.csv", vec![PEOPLE, CHILD, "P1,F2,2014-05-01,child,,"]),
            ],
        ),
        (FindingCode::ClaimOfNoCase, vec![("claims.csv", vec![CLAIMS, "K1,F1,C9,2024-03-01,approved"])]),
        (FindingCode::ClaimsWithoutCase, vec![("claims.csv", vec![CLAIMS, "K1,F9,,2024-03-01,approved"])]),
        (FindingCode::ClaimOfAnotherFamily, vec![("claims.csv", vec![CLAIMS, "K1,F9,C1,2024-03-01,approved"])]),
        (
            FindingCode::ClaimBeforeOpening,
            vec![
                ("cases.csv", vec![CASES[0], CASES[1], "C2,F2,2024-03-02,"]),
                ("claims.csv", vec![CLAIMS, "K1,F2,C2,2024-03-01,approved"]),
            ],
        ),
        (
            FindingCode::ClaimedAgainEarly,
            vec![("claims.csv", vec![CLAIMS, "K1,F1,,2022-11-01,approved", "K2,F1,,2024-03-01,submitted"])],
        ),
        (FindingCode::OpenCasesTogether, vec![("cases.csv", vec![CASES[0], "C1,F1,2023-01-10,", "C2,F1,2023-02-10,"])]),
        (FindingCode::HeadlineOnNearlyAll, many_cases(|_| "3")),
        (FindingCode::HeadlineOnNone, many_cases(|_| "3")),
        (FindingCode::TeamWithOneSet, many_cases(|case| if case % 2 == 0 { "3" } else { "5" })),
        (FindingCode::EveryHeadline, vec![("criteria.csv", EVERY_HEADLINE.to_vec())]),
        // Confirmations.
        (FindingCode::UnknownFinding, confirmation("tabel_missing,,A. Officer,2024-01-01,seen,", good_confirmation)),
        (FindingCode::CannotBeConfirmed, confirmation("missing_value,,A. Officer,2024-01-01,seen,", good_confirmation)),
        (
            FindingCode::ConfirmationNeverInForce,
            confirmation("table_missing,,A. Officer,2024-01-02,seen,2024-01-01", good_confirmation),
        ),
        (
            FindingCode::ConfirmationOfNothing,
            confirmation("table_missing,C1,A. Officer,2024-01-01,seen,", good_confirmation),
        ),
    ];
    let mut seen = BTreeSet::new();
    for (code, files) in &rows {
        let files: Vec<(&str, &[&str])> = files.iter().map(|(file, lines)| (*file, lines.as_slice())).collect();
        let found = found(&files);
        assert!(found.contains(code), "no {} but {found:?}", code.code());
        seen.insert(*code);
    }
    let mut data = loaded(&[table("cases.csv", CASES), table("criteria.csv", CRITERIA)]).unwrap();
    data.settings.authority = Some("blackburn".to_owned());
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    seen.extend(outcome.findings.sorted().into_iter().map(|finding| finding.code));
    // These are about an earlier run.
    for rows in [10, 1000] {
        let tables = many_cases(|_| "3");
        let tables: Vec<Table> = tables.iter().map(|(file, lines)| table(file, lines)).collect();
        let data = loaded(&tables).unwrap();
        let question = question("2024-09-30", &[], None).unwrap();
        let mut prepared = prepare(&data, &Pack::built_in().unwrap(), &question).unwrap();
        let rows = BTreeMap::from([("cases".to_owned(), rows)]);
        prepared.hold_against(Earlier { as_at: "2024-06-30".to_owned(), rows });
        seen.extend(prepared.register.findings.sorted().into_iter().map(|finding| finding.code));
    }
    // These are about the folder itself.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cases.csv"), "case_id,family_id,opened_on,colour\n").unwrap();
    std::fs::write(folder.path().join("criteria.csv"), "case_id,criterion\n").unwrap();
    std::fs::write(folder.path().join("crtieria.csv"), "x\n").unwrap();
    std::fs::write(folder.path().join("sfclaim.toml"), "[[suppliers]]\nname = \"North\"\nfiles = [\"north.csv\"]\n")
        .unwrap();
    for finding in load::load(folder.path()).unwrap().findings.sorted() {
        seen.insert(finding.code);
    }
    let missing: Vec<&str> =
        FindingCode::ALL.iter().filter(|code| !seen.contains(code)).map(|code| code.code()).collect();
    assert!(missing.is_empty(), "no input for {missing:?}");
}

#[test]
fn codes_are_unique_and_errors_are_what_quarantines() {
    let codes: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(codes.len(), FindingCode::ALL.len());
    assert_eq!(FindingCode::MissingValue.severity(), Severity::Error);
    assert!(FindingCode::ALL.iter().all(|code| !code.what_to_do().is_empty()));
}
