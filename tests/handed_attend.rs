//! Small inputs that let a family pass that must not, as far as attendance is concerned: each is an invented authority in
//! `tests/handed/`, and must come out as its test says.

use sfclaim::decide::Status;
use sfclaim::finding::FindingCode;
use sfclaim::load;
use sfclaim::report::output::Table;
use sfclaim::report::views::check::decisions::{self, child_rows, decision_rows, not_looked_at_rows};
use sfclaim::rules::pack::Pack;
use sfclaim::rules::parameters::Override;
use sfclaim::run::{Outcome, Question, judge, prepare};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

type Row = BTreeMap<&'static str, String>;

/// What came out of a folder.
struct Said {
    decisions: BTreeMap<String, Row>,
    children: Vec<Row>,
    not_looked_at: Vec<Row>,
    /// Each with its message.
    findings: Vec<(FindingCode, String)>,
    statuses: BTreeMap<String, Status>,
}

impl Said {
    fn of(&self, case: &str, column: &str) -> &str {
        &self.decisions[case][column]
    }

    fn finding(&self, code: FindingCode) -> Option<&str> {
        self.findings.iter().find(|(other, _)| *other == code).map(|(_, message)| message.as_str())
    }
}

fn at(name: &str, as_at: &str, set: &[&str]) -> Said {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handed").join(name);
    let loaded = load::load(&folder).unwrap();
    let overrides = set.iter().map(|set| Override::read(set).unwrap()).collect();
    let question = Question { as_at: as_at.parse().unwrap(), framework: None, overrides };
    let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question).unwrap();
    let outcome: Outcome<'_> = judge(&prepared, prepared.rules.clone());
    fn rows<T>(table: Table<T>, rows: impl Iterator<Item = T>) -> Vec<Row> {
        rows.map(|row| table.named_cells(&row).into_iter().collect()).collect()
    }
    Said {
        decisions: rows(decisions::decisions(), decision_rows(&outcome))
            .into_iter()
            .map(|row| (row["case_id"].clone(), row))
            .collect(),
        children: rows(decisions::children(), child_rows(&outcome)),
        not_looked_at: rows(decisions::not_looked_at(), not_looked_at_rows(&outcome)),
        findings: outcome.findings.sorted().iter().map(|one| (one.code, one.message.clone())).collect(),
        statuses: outcome.decisions.iter().map(|one| (one.case_id.to_string(), one.status)).collect(),
    }
}

fn of(name: &str) -> Said {
    at(name, "2024-09-30", &[])
}

// The academy's summer term is a week longer, with 10 absences there: 126 of 140 pass, 126 of 150 would not.
#[test]
fn sessions_outside_the_term_that_would_decide_name_the_pupil() {
    let said = of("academy-term-longer");
    let message = said.finding(FindingCode::SessionsOutsideDecide).unwrap();
    assert!(message.contains("P2") && message.contains("Summer 2023/24"), "{message}");
}

#[test]
fn one_upn_of_two_children_of_different_birth_passes_neither() {
    let said = of("one-pupil-two-children");
    assert_eq!(said.of("C1", "attendance"), "unknown");
    assert_eq!(said.statuses["C1"], Status::Review);
    assert!(said.finding(FindingCode::RecordsOfNobodySure).unwrap().contains("P1, P2"));
}

#[test]
fn a_placeholder_is_nobodys_upn() {
    for (name, case) in [("placeholder-upn", "C1"), ("upn-NULL", "EH-1")] {
        let said = of(name);
        assert_eq!(said.of(case, "attendance"), "unknown", "{name}");
        assert_eq!(said.statuses[case], Status::Review, "{name}");
        assert!(said.children.iter().all(|row| row["possible"].is_empty()), "{name}");
    }
}

#[test]
fn a_record_of_two_pupils_is_used_for_neither() {
    let said = of("record-of-two-pupils");
    for case in ["EH-1", "EH-2"] {
        assert_eq!(said.of(case, "attendance"), "unknown", "{case}");
        assert_eq!(said.statuses[case], Status::Review, "{case}");
    }
    assert!(said.finding(FindingCode::RecordOfTwoPeople).is_some());
}

// Year 11 left compulsory school age on the last Friday in June 2024, the 28th; 60 of 110 is 54.5%, 70 of 110 63.6%.
#[test]
fn a_school_leaver_who_is_not_looked_at_is_shown() {
    let said = at("school-leaver-not-shown", "2024-07-19", &[]);
    assert_eq!(said.statuses["C1"], Status::Claimable);
    let [row] = said.not_looked_at.as_slice() else { panic!("{:?}", said.not_looked_at) };
    assert_eq!((row["case_id"].as_str(), row["person_id"].as_str()), ("C1", "P1"));
    assert_eq!(row["why"], "passed compulsory school age on 28 June 2024.");
    let figures = "Spring 2023/24 70 of 110 sessions, 63.6%; Summer 2023/24 60 of 110 sessions, 54.5%";
    assert_eq!(row["figures"], figures);
    let by_term = at("school-leaver-not-shown", "2024-07-19", &["attendance.school_age=any_term"]);
    assert_eq!(by_term.statuses["C1"], Status::LowAttendance);
    assert!(by_term.not_looked_at.is_empty());
}

#[test]
fn a_schools_figure_that_cannot_be_right_is_not_added_up() {
    let said = of("school-sum");
    assert_eq!(said.of("C1", "attendance"), "unknown");
    assert_eq!(said.statuses["C9"], Status::Claimable);
    assert!(said.finding(FindingCode::FigureCannotBeRight).unwrap().contains("66 of 10 sessions"));
}

// 924 of 1000 sessions in a term of 118 half-days.
#[test]
fn more_sessions_than_a_term_has_pass_nobody() {
    let said = of("sessions-far-beyond-the-term");
    let far: Vec<&Row> = said.children.iter().filter(|row| row["possible"] == "1000").collect();
    assert!(!far.is_empty());
    assert!(far.iter().all(|row| row["verdict"] == "unknown"), "{far:?}");
    assert!(said.finding(FindingCode::MoreThanTheTerm).is_some());
}

#[test]
fn two_schools_with_a_whole_term_each_pass_nobody() {
    let said = of("two-schools-full-possible");
    assert_eq!(said.of("EH-1", "attendance"), "unknown");
    assert_eq!(said.statuses["EH-1"], Status::Review);
    assert!(said.finding(FindingCode::MoreThanTheTerm).unwrap().contains("212 half-days"));
}

#[test]
fn an_education_need_that_names_nobody_names_every_member() {
    let said = at("with-need-names-nobody", "2024-09-30", &["attendance.children=with_need"]);
    assert_eq!(said.statuses["C1"], Status::LowAttendance);
}

#[test]
fn a_sibling_born_in_1914_does_not_leave_the_attendance_rule() {
    let said = of("sibling-born-1914");
    assert_eq!(said.of("EH-1", "attendance"), "unknown");
    assert_eq!(said.statuses["EH-1"], Status::Review);
}

/// Far more than these need, and far less than a time that grows with the square of the rows.
const A_WHILE: Duration = Duration::from_secs(20);

#[test]
fn one_upn_of_many_people_takes_no_longer_than_its_rows() {
    for name in ["one-upn-many-people", "one-placeholder-in-many-families"] {
        let since = Instant::now();
        of(name);
        assert!(since.elapsed() < A_WHILE, "{name}: {:?}", since.elapsed());
    }
}
