//! What levers, funnel and anomalies say to people: who is asked for what, what was claimed is shown as claimed, and
//! numbers without statistics. Small authorities worked by hand, and the council's figures on the sample.

mod support;

use sfclaim::forecast::anomalies::{Anomalies, Of, anomalies};
use sfclaim::forecast::funnel::{By, funnel};
use sfclaim::forecast::levers::levers;
use sfclaim::load;
use sfclaim::report::output::page::Screen;
use sfclaim::report::views::{anomalies as asked_about, funnel as funnel_report, levers as levers_report};
use sfclaim::rules::levers::Actor;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Outcome, Prepared, judge, prepare};
use std::path::Path;
use support::{Table, loaded, question, table};

fn sample_at(as_at: &str) -> Prepared {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    prepare(&loaded, &Pack::built_in().unwrap(), &question(as_at, &[], None).unwrap()).unwrap()
}

fn of_council(tables: &[Table], as_at: &str) -> Prepared {
    let mut loaded = loaded(tables).unwrap();
    loaded.settings.authority = Some("blackburn-with-darwen".to_owned());
    prepare(&loaded, &Pack::built_in().unwrap(), &question(as_at, &[], None).unwrap()).unwrap()
}

fn lines(file: &str, header: &str, rows: &[String]) -> Table {
    table(file, &std::iter::once(header).chain(rows.iter().map(String::as_str)).collect::<Vec<_>>())
}

fn outcome_of(prepared: &Prepared) -> Outcome<'_> {
    judge(prepared, prepared.rules.clone())
}

const CLAIMS: &str = "claim_id,family_id,case_id,submitted_on,decided_on,outcome";

/// Families as at 2024-09-30 of whom only the attendance of a child of ten is missing. F1's is at a school, F2's educated at
/// home, F3's at no school, F4's without a UPN; of F5 one child is at a school and one at home.
fn children_without_attendance(claims: &[String]) -> Vec<Table> {
    let cases: Vec<String> = (1..=5).map(|number| format!("C{number},F{number},2023-01-10,2024-01-20")).collect();
    let needs = |number: usize| ["1", "3", "5"].map(|need| format!("C{number},{need},2024-01-20"));
    vec![
        lines("cases.csv", "case_id,family_id,opened_on,closed_on", &cases),
        lines("criteria.csv", "case_id,criterion,outcome_on", &(1..=5).flat_map(needs).collect::<Vec<_>>()),
        table(
            "people.csv",
            &[
                "person_id,family_id,date_of_birth,schooling,upn",
                "P1,F1,2014-01-01,school,A801200001001",
                "P2,F2,2014-01-01,home,B801200001002",
                "P3,F3,2014-01-01,none,C801200001003",
                "P4,F4,2014-01-01,school,",
                "P5,F5,2014-01-01,school,D801200001005",
                "P6,F5,2015-01-01,home,E801200001006",
            ],
        ),
        table("attendance.csv", &["upn,academic_year,term,possible,attended", "Z801200001009,2023/24,Summer,120,120"]),
        lines("claims.csv", CLAIMS, claims),
    ]
}

#[test]
fn a_school_is_asked_only_for_what_a_school_can_give() {
    let prepared = of_council(&children_without_attendance(&[]), "2024-09-30");
    let outcome = outcome_of(&prepared);
    let found = levers(&outcome);
    let rows: Vec<(Actor, usize, usize)> = found
        .levers
        .iter()
        .filter(|lever| lever.entry.kind == "no attendance on record")
        .map(|lever| (lever.entry.who, lever.alone, lever.for_one_child))
        .collect();
    assert_eq!(rows, [(Actor::Practitioner, 3, 2), (Actor::School, 1, 1), (Actor::DataTeam, 1, 1)]);
    let said: Vec<String> = found.shared.iter().map(levers_report::of_which_by_school).collect();
    assert_eq!(
        said,
        [
            "4 families need only attendance evidence for one child: £3,200. A school can give it for 1 of them: £800.",
            "1 family needs only attendance evidence for several children: £800. A school can give it for none of them.",
        ]
    );
    let data = levers_report::data(&outcome, &found);
    let text = levers_report::text(&outcome, &found, Screen::wide(1000));
    // All five wait for one thing each, and nothing else: 5 x £800.
    assert!(
        text.contains("5 families lack only one thing that somebody can chase this week: £4,000. That is everything that can be chased this week."),
        "{text}"
    );
    assert_eq!(data["this_week"]["families_that_need_nothing_else"], 5);
    assert_eq!(data["sums_are"], "payment by results");
    for sentence in data["sentences"].as_array().unwrap() {
        assert!(text.contains(sentence.as_str().unwrap()), "{sentence} is in the data and not in the text: {text}");
    }
    assert!(data["inputs"].is_array() && data["rules_fingerprint"].is_string() && data["rows_left_out"].is_null());
}

// 536 claims of others leave one place: no payment in the table is above £800.
#[test]
fn the_payment_shown_stays_within_the_places_left() {
    let claims: Vec<String> = (0..536).map(|place| format!("K{place},X{place},,2024-05-01,,submitted")).collect();
    let prepared = of_council(&children_without_attendance(&claims), "2024-09-30");
    let outcome = outcome_of(&prepared);
    let text = levers_report::text(&outcome, &levers(&outcome), Screen::wide(100));
    assert!(text.contains("left: 1; 1 of them (£800)"), "{text}");
    let row = text.lines().find(|line| line.starts_with("  no attendance on record  practitioner")).unwrap();
    assert!(row.split_whitespace().collect::<Vec<_>>().ends_with(&["3", "0", "£800"]), "{row}");
    let team = text.lines().find(|line| line.contains("(no team)")).unwrap();
    assert!(team.ends_with("5     £800"), "{team}");
}

#[test]
fn after_the_suspension_the_sums_of_levers_are_what_results_would_have_been_worth() {
    let prepared = sample_at("2024-12-31");
    let outcome = outcome_of(&prepared);
    let found = levers(&outcome);
    let text = levers_report::text(&outcome, &found, Screen::wide(1000));
    assert!(text.contains("not money to expect"), "{text}");
    assert!(text.contains("one thing that somebody can chase this week: would have been worth £"), "{text}");
    assert!(text.contains("Would have been worth\n") && !text.contains("Payment\n"), "{text}");
    assert_eq!(levers_report::data(&outcome, &found)["sums_are"], "what the same results would have been worth");
}

// F1 was claimed; nothing is on record of its child's terms by now. It came as far as a claim. F2 did not.
#[test]
fn what_was_claimed_is_not_lost_at_attendance() {
    let claims = ["K1,F1,C1,2024-08-01,2024-08-20,approved".to_owned()];
    let prepared = of_council(&children_without_attendance(&claims), "2024-09-30");
    let outcome = outcome_of(&prepared);
    let found = funnel(&outcome, By::Source);
    assert_eq!(found.all.stages.map(|stage| stage.families), [5, 5, 5, 5, 1, 0, 0]);
    let lost: Vec<(&str, &str, usize)> =
        found.all.lost.iter().map(|lost| (lost.stage, lost.reason, lost.families)).collect();
    assert_eq!(lost, [("attendance", "no attendance on record", 4), ("not_claimed_before", "claimed already", 1)]);
    assert_eq!((found.all.results, found.all.claimed(), found.all.results_only_here), (1, 1, 1));
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let folder =
        sfclaim::report::output::folder::OutFolder::begin(&out, &funnel_report::NAMES, funnel_report::MARKER, false)
            .unwrap();
    funnel_report::write(&folder, &outcome, &found).unwrap();
    folder.finish().unwrap();
    let csv = std::fs::read_to_string(out.join("funnel.csv")).unwrap();
    assert!(csv.contains("all,all,claimable,0,,yes,0,0,1,1,1,20.0%"), "{csv}");
}

#[test]
fn sentences_and_columns_of_the_funnel_agree_and_many_rows_are_short() {
    let prepared = sample_at("2024-09-30");
    let outcome = outcome_of(&prepared);
    for by in [By::Source, By::Team, By::Ward, By::LeadPractitioner] {
        let found = funnel(&outcome, by);
        for row in found.rows.iter().chain([&found.all]) {
            let claimable = row.stages[6].families;
            assert_eq!(row.results, row.claimed() + claimable, "{}", row.name);
            assert!(row.results <= row.stages[4].families, "{}: more results than came past attendance", row.name);
        }
        let text = funnel_report::text(&outcome, &found, Screen::wide(100));
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let data = funnel_report::data(&outcome, &found);
        assert_eq!(data["sentences"].as_array().unwrap().len(), found.told().len() + 1);
    }
    let found = funnel(&outcome, By::Source);
    let row = found.rows.iter().find(|row| row.name == "transforming_lives").unwrap();
    assert_eq!(row.share_only_here().unwrap().percent(), "1.4%");
    let found = funnel(&outcome, By::LeadPractitioner);
    assert_eq!(found.told().len(), 6);
    let text = funnel_report::text(&outcome, &found, Screen::wide(100));
    assert!(text.contains("(none): cases that name no lead practitioner."), "{text}");
}

fn authority(found: &Anomalies, quarter: &str) -> (usize, usize) {
    let point = found.points.iter().find(|point| point.of == Of::Authority && point.quarter == quarter).unwrap();
    (point.claims, point.standing)
}

// The council's report counts 85 and 91 results: those approved or waiting. 86 and 94 were handed in.
#[test]
fn claims_handed_in_stand_beside_those_that_the_position_counts() {
    let prepared = sample_at("2024-09-30");
    let outcome = outcome_of(&prepared);
    let found = anomalies(&outcome);
    assert_eq!((authority(&found, "2024/25 Q1"), authority(&found, "2024/25 Q2")), ((86, 85), (94, 91)));
    let text = asked_about::text(&outcome, &found, false, Screen::wide(100));
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("\"Standing\" are those approved or waiting for a decision, which sfclaim position counts"));
    assert!(said.contains("soon after closing: none of 390 claims since 2023-10-01"), "{text}");
    // Wherever a sentence stands on the screen it is in the data.
    let data = asked_about::data(&outcome, &found, false);
    for sentence in data["sentences"].as_array().unwrap() {
        assert!(said.contains(sentence.as_str().unwrap()), "{sentence}: {text}");
    }
}

// On the first day of 2024/25 none of it has gone, and by the end of June a quarter. 2022/23 was not low.
#[test]
fn a_year_that_has_hardly_begun_is_not_low() {
    for (as_at, is_low) in [("2024-04-01", false), ("2024-06-29", false), ("2024-06-30", true)] {
        let prepared = sample_at(as_at);
        let outcome = outcome_of(&prepared);
        let found = anomalies(&outcome);
        assert_eq!(found.noticed.iter().any(|noticed| noticed.check == "low_against_target"), is_low, "{as_at}");
        assert_eq!(found.clear.iter().any(|clear| clear.check == "low_against_target"), !is_low, "{as_at}");
    }
}

/// Ten claims of each of two practitioners in each of the eight quarters to 30 June 2024, and 40 of each in the quarter
/// after. The claims of the first so many quarters name no case.
fn two_practitioners(unnamed: usize) -> Vec<Table> {
    let mut claims = Vec::new();
    let quarters = ["2022-07", "2022-10", "2023-01", "2023-04", "2023-07", "2023-10", "2024-01", "2024-04", "2024-07"];
    for (quarter, month) in quarters.iter().enumerate() {
        for who in ["A", "B"] {
            let case = if quarter < unnamed { String::new() } else { format!("C{who}") };
            for place in 0..if quarter == 8 { 40 } else { 10 } {
                let day = 1 + place % 28;
                claims.push(format!("K{quarter}{who}{place},F{who},{case},{month}-{day:02},,submitted"));
            }
        }
    }
    vec![
        table(
            "cases.csv",
            &[
                "case_id,family_id,opened_on,closed_on,team,lead_practitioner",
                "CA,FA,2022-01-10,,North,Ann",
                "CB,FB,2022-01-10,,North,Ben",
            ],
        ),
        table("criteria.csv", &["case_id,criterion", "CA,1", "CB,1"]),
        lines("claims.csv", CLAIMS, &claims),
    ]
}

// 10 are usual, with a range of 10 - 9.4 to 10 + 9.4: 40 are more.
#[test]
fn practitioners_are_told_apart_without_their_names() {
    let prepared = of_council(&two_practitioners(0), "2024-09-30");
    let outcome = outcome_of(&prepared);
    let found = anomalies(&outcome);
    assert_eq!(found.practitioners, ["Ann", "Ben"]);
    let text = asked_about::text(&outcome, &found, false, Screen::wide(100));
    assert!(text.contains("practitioner 1") && text.contains("practitioner 2"), "{text}");
    assert!(!text.contains("Ann") && !text.contains("Ben"), "{text}");
    let row = text.lines().find(|line| line.contains("practitioner 1")).unwrap();
    assert!(row.contains("1 to 19") && row.ends_with("more"), "{row}");
    let data = asked_about::data(&outcome, &found, false);
    let points = data["claims_by_quarter"].as_array().unwrap();
    let second: Vec<_> = points.iter().filter(|point| point["number"] == "2").collect();
    assert!(!second.is_empty() && second.iter().all(|point| point["name"] == ""));
}

#[test]
fn a_funnel_names_practitioners_only_where_asked_for() {
    let prepared = of_council(&two_practitioners(0), "2024-09-30");
    let outcome = outcome_of(&prepared);
    let named = funnel(&outcome, By::LeadPractitioner);
    assert!(funnel_report::text(&outcome, &named, Screen::wide(100)).contains("Ann"));
    let found = funnel_report::unnamed(named);
    let text = funnel_report::text(&outcome, &found, Screen::wide(100));
    assert!(text.contains("practitioner 1") && text.contains("practitioner 2"), "{text}");
    let data = funnel_report::data(&outcome, &found).to_string();
    for name in ["Ann", "Ben"] {
        assert!(!text.contains(name) && !data.contains(name), "{text}");
    }
}

// Of the eight quarters before, five name no case: three are too few to compare by. With four that do there are enough.
#[test]
fn quarters_whose_claims_name_no_case_are_no_history_of_a_team() {
    for (unnamed, quarters) in [(5, 0), (4, 4)] {
        let prepared = of_council(&two_practitioners(unnamed), "2024-09-30");
        let outcome = outcome_of(&prepared);
        let found = anomalies(&outcome);
        let of_teams: Vec<usize> = found
            .points
            .iter()
            .filter(|point| point.of == Of::Team("North".to_owned()) && point.quarter == "2024/25 Q2")
            .map(|point| point.history)
            .collect();
        assert!(of_teams.iter().all(|history| *history == quarters), "{of_teams:?}");
        assert_eq!(of_teams.is_empty(), quarters == 0);
        assert_eq!(found.not_compared.contains(&"2024/25 Q2".to_owned()), quarters == 0);
        assert_eq!(authority(&found, "2024/25 Q2"), (80, 80));
    }
}
