//! The position of a financial year: the council's figures on the sample, small years worked by hand, and what moved
//! between two runs.

mod support;

use sfclaim::forecast::pipeline::Needed;
use sfclaim::forecast::position::movement::{EarlierPosition, movement};
use sfclaim::forecast::position::{Asked, Model, Position, State, position};
use sfclaim::load;
use sfclaim::money::Pounds;
use sfclaim::report::output::page::Screen;
use sfclaim::report::views::position as report;
use sfclaim::rules::pack::{Pack, built_in_files};
use sfclaim::rules::position::Rag;
use sfclaim::run::{Outcome, Prepared, judge, prepare};
use std::path::Path;
use support::{Table, loaded, question, table};

fn sample_at(as_at: &str) -> Prepared {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    prepare(&loaded, &Pack::built_in().unwrap(), &question(as_at, &[], None).unwrap()).unwrap()
}

fn of(outcome: &Outcome<'_>) -> Position {
    position(outcome, Asked::default()).unwrap()
}

fn pounds(text: &str) -> Pounds {
    Pounds::read(text).unwrap()
}

// The exception report of Quarter 2 of 2024/25: Q1 85 (176 - 91), Q2 91, half year 176, red, target 624, grant for 537,
// "in the region of £148,000" at risk. (537 - 2 x 176) x £800 = £148,000.
#[test]
fn the_sample_has_the_figures_of_the_councils_half_year() {
    let prepared = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    let claims: Vec<usize> = position.quarters.iter().map(|quarter| quarter.counted.claims()).collect();
    assert_eq!(claims, [85, 91, 0, 0]);
    assert_eq!(position.counted.claims(), 176);
    assert_eq!(position.quarters[1].rag, Some(Rag::Red));
    assert_eq!(position.quarters[1].rag_by_end, Some(Rag::Red));
    for (against, number) in position.against.iter().zip([624, 537]) {
        let red = Some(Rag::Red);
        assert_eq!((against.number, against.rag_to_date, against.rag_year_end), (number, red, red));
    }
    assert_eq!(position.line.year_end, Some(352));
    let grant = position.grant.as_ref().unwrap();
    assert_eq!((grant.line_short_by, grant.line_shortfall), (Some(185), Some(pounds("148000"))));
    assert_eq!(grant.still_to_earn, pounds("288800"), "(537 - 176) x £800");
    let said = report::sentences(&outcome, &position).join("\n");
    assert!(said.contains("£148,000"), "{said}");
    assert!(said.contains("so the method is inferred to be the straight line"), "{said}");
    assert!(!said.contains("suspended"), "{said}");
    // Half of 624 and of 537 are expected by then; the projected claims of the other half make up the straight line.
    let expected: Vec<String> = position.against.iter().map(|against| against.expected_to_date.shown()).collect();
    assert_eq!(expected, ["312", "268.5"]);
    assert_eq!(position.quarters.iter().filter_map(|quarter| quarter.projected).sum::<usize>(), 352 - 176);
    assert_eq!(position.months.iter().filter_map(|month| month.projected).sum::<usize>(), 352 - 176);
    // 448 and 361 in six months: 74.67 and 60.17 a month.
    let a_month: Vec<Option<usize>> = position.against.iter().map(|against| against.a_month).collect();
    assert_eq!(a_month, [Some(75), Some(61)]);
    assert!(said.contains("75 claims a month (448 in all) to reach the target of 624"), "{said}");
}

#[test]
fn the_position_of_the_sample_reads_well() {
    let prepared = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    insta::assert_snapshot!("position", report::text(&outcome, &of(&outcome), None, Screen::wide(100)));
}

// The straight line takes the year to go on as it began; the model does not, and is said beside it.
#[test]
fn the_models_figure_range_and_chances_stand_beside_the_line_and_a_green_is_said_with_its_chance() {
    let prepared = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let mut position = of(&outcome);
    let forecast = sfclaim::forecast::forecast(&prepared, &prepared.rules, false).unwrap();
    position.model = Model::of(&forecast);
    let end = forecast.months.last().unwrap();
    let said = report::sentences(&outcome, &position).join("\n");
    let words = format!(
        "about {:.0} claims by 2025-03-31, with a chance of 80% that it will be between {} and {}; the chance of reaching the target (624) is less than 1%",
        end.expected, end.low, end.high
    );
    assert!(said.contains(&words), "{said}");
    assert!(report::text(&outcome, &position, None, Screen::wide(2000)).contains(&words));
    assert!(!said.contains("but by the model"), "it is red: {said}");
    position.against[0].rag_year_end = Some(Rag::Green);
    position.model.as_mut().unwrap().target_reached = Some(0.12);
    let said = report::sentences(&outcome, &position).join("\n");
    assert!(said.contains("green, but by the model the chance of reaching it is only 12%."), "{said}");
}

// Of a child in ten attendance is on record: what is claimable by that says little, and that stands first.
#[test]
fn a_term_that_is_hardly_held_is_said_first() {
    let people: Vec<String> = (0..10).map(|place| format!("P{place},F{place},2014-01-01,{}", upn(place))).collect();
    let cases: Vec<String> = (0..10).map(|place| format!("C{place},F{place},2023-01-10,2024-01-20")).collect();
    let criteria: Vec<String> =
        (0..10).flat_map(|place| ["1", "3", "5"].map(|need| format!("C{place},{need},2024-01-20"))).collect();
    let with = |header: &str, rows: &[String]| -> Vec<String> {
        std::iter::once(header.to_owned()).chain(rows.iter().cloned()).collect()
    };
    let held = |terms: &[(&str, &[i32])]| -> Vec<String> {
        let rows = terms.iter().flat_map(|(term, whose)| whose.iter().map(move |place| (*term, *place)));
        rows.map(|(term, place)| format!("{},2023/24,{term},120,118", upn(place))).collect()
    };
    let made = |attendance: Vec<String>| {
        let table_of = |file: &str, header: &str, rows: &[String]| {
            let lines = with(header, rows);
            table(file, &lines.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let tables = [
            table_of("cases.csv", "case_id,family_id,opened_on,closed_on", &cases),
            table_of("criteria.csv", "case_id,criterion,outcome_on", &criteria),
            table_of("people.csv", "person_id,family_id,date_of_birth,upn", &people),
            table_of("attendance.csv", "upn,academic_year,term,possible,attended", &attendance),
            claims(&[("2024-04-02", "", "submitted")]),
        ];
        prepared_with(&Pack::built_in().unwrap(), &tables, "2024-09-30", None)
    };
    let everybody: Vec<i32> = (0..10).collect();
    let first = |prepared: &Prepared| {
        let outcome = judge(prepared, prepared.rules.clone());
        let screen = report::text(&outcome, &of(&outcome), None, Screen::wide(2000));
        screen.lines().nth(1).unwrap_or_default().starts_with("  First: ")
    };
    let expected = |prepared: &Prepared| {
        let forecast = sfclaim::forecast::forecast(prepared, &prepared.rules, false).unwrap();
        (forecast.hardly_held.len(), forecast.months.last().unwrap().expected)
    };
    let whole = made(held(&[("Autumn", &everybody), ("Spring", &everybody), ("Summer", &everybody)]));
    let hardly = made(held(&[("Autumn", &everybody), ("Spring", &everybody), ("Summer", &[0])]));
    assert!(!first(&whole) && first(&hardly));
    // All ten were at school in the terms before: families are taken as they stood by those, as if the term were held.
    let ((none, by_all), (one, by_terms_before)) = (expected(&whole), expected(&hardly));
    assert_eq!((none, one), (0, 1));
    assert!((by_all - by_terms_before).abs() < 0.001, "{by_all} {by_terms_before}");
}

/// A pupil number of its own for each place.
fn upn(place: i32) -> String {
    format!("A80120000{:04}", 1001 + place)
}

#[test]
fn from_18_november_2024_it_says_that_payment_was_suspended() {
    let prepared = sample_at("2024-11-18");
    let outcome = judge(&prepared, prepared.rules.clone());
    let said = report::sentences(&outcome, &of(&outcome)).join("\n");
    assert!(said.contains("Payment by results was suspended on 18 November 2024"), "{said}");
    let prepared = sample_at("2024-11-17");
    let outcome = judge(&prepared, prepared.rules.clone());
    assert!(of(&outcome).suspended.is_none());
}

const HEADER: &str = "claim_id,family_id,case_id,submitted_on,decided_on,outcome";

/// Claims of their own families, one a row: the day, the day of the decision, and the outcome.
fn claims(rows: &[(&str, &str, &str)]) -> Table {
    let lines: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(place, (day, decided, outcome))| format!("K{place},F{place},,{day},{decided},{outcome}"))
        .collect();
    table("claims.csv", &std::iter::once(HEADER).chain(lines.iter().map(String::as_str)).collect::<Vec<_>>())
}

fn prepared_with(pack: &Pack, tables: &[Table], as_at: &str, starts: Option<&str>) -> Prepared {
    let mut all = tables.to_vec();
    if !all.iter().any(|table| table.file == "cases.csv") {
        all.push(table("cases.csv", &["case_id,family_id,opened_on", "C1,G1,2024-01-10"]));
        all.push(table("criteria.csv", &["case_id,criterion", "C1,1"]));
    }
    let mut loaded = loaded(&all).unwrap();
    loaded.settings.authority = Some("blackburn-with-darwen".to_owned());
    loaded.settings.financial_year_starts = starts.map(str::to_owned);
    prepare(&loaded, pack, &question(as_at, &[], None).unwrap()).unwrap()
}

fn pack_with(year: &str) -> Pack {
    let target = "financial_year = \"2024/25\"\n";
    let files = built_in_files().into_iter().map(|(name, text)| {
        let text = if name.starts_with("targets/") { text.replace(target, &format!("{target}{year}\n")) } else { text };
        (name, text)
    });
    let (pack, problems) = Pack::read_with_problems("test", files.collect());
    assert!(problems.iter().all(|problem| !problem.fatal), "{problems:?}");
    pack
}

// By 15 August 2024: 4 approved, 2 pending, 1 rejected, 1 withdrawn, 1 clawed back; one of the pending in August, after the
// last quarter end. To 30 June there are 5: 5 x 12 / 3 = 20. Funded 537: 517 x £800 = £413,600 at risk.
// Expected by 15 August: 4 months and 15 of 31 days; of 624 that is 624 x (4 + 15/31) / 12 = 233.16.
#[test]
fn claims_count_by_what_became_of_them_and_the_line_ends_at_the_last_quarter_end() {
    let rows = [
        ("2024-04-01", "2024-04-20", "approved"),
        ("2024-04-30", "2024-05-20", "approved"),
        ("2024-05-01", "2024-05-20", "approved"),
        ("2024-06-30", "2024-07-20", "approved"),
        ("2024-06-15", "", "submitted"),
        ("2024-08-15", "", "submitted"),
        ("2024-05-02", "2024-05-20", "rejected"),
        ("2024-05-03", "2024-05-20", "withdrawn"),
        ("2024-05-04", "2024-05-20", "clawed_back"),
        ("2024-08-16", "", "submitted"),
        ("2024-03-31", "2024-04-20", "approved"),
    ];
    let prepared = prepared_with(&Pack::built_in().unwrap(), &[claims(&rows)], "2024-08-15", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    let counted = position.counted;
    assert_eq!((counted.approved, counted.pending), (4, 2));
    assert_eq!((counted.rejected, counted.withdrawn, counted.clawed_back), (1, 1, 1));
    assert_eq!((position.line.counted_until.to_string().as_str(), position.line.claims), ("2024-06-30", 5));
    assert_eq!(position.line.year_end, Some(20));
    let grant = position.grant.as_ref().unwrap();
    assert_eq!(grant.line_shortfall, Some(pounds("413600")));
    assert_eq!((grant.earned, grant.pending, grant.still_to_earn), (pounds("3200"), pounds("1600"), pounds("424800")));
    assert_eq!(position.against[0].expected_to_date.shown(), "233.2");
    assert_eq!((grant.upfront, grant.received, grant.expected_rejected), (None, None, None));
    let states: Vec<State> = position.quarters.iter().map(|quarter| quarter.state).collect();
    assert_eq!(states, [State::Over, State::Running, State::ToCome, State::ToCome]);
    // 14 of the 20 are still to come.
    assert_eq!(position.quarters.iter().filter_map(|quarter| quarter.projected).sum::<usize>(), 14);
    assert_eq!(position.quarters[3].claims_by_end, Some(20));
}

// Before the first quarter end the line goes through the day itself: 3 claims by 15 May are 3 x 12 / (1 + 15/31) =
// 36 x 31 / 46 = 24.26, so 24; and 1 claim by 30 April, when the first month has gone, 1 x 12 / 1 = 12. Before that day it
// is too early to say.
#[test]
fn before_the_first_quarter_end_the_line_goes_through_the_day_once_a_month_has_gone() {
    let rows = [("2024-04-10", "", "submitted"), ("2024-05-01", "", "submitted"), ("2024-05-15", "", "submitted")];
    for (as_at, year_end) in
        [("2024-05-15", Some(24)), ("2024-04-30", Some(12)), ("2024-04-29", None), ("2024-04-01", None)]
    {
        let prepared = prepared_with(&Pack::built_in().unwrap(), &[claims(&rows)], as_at, None);
        let outcome = judge(&prepared, prepared.rules.clone());
        let position = of(&outcome);
        assert_eq!((position.line.year_end, position.is_too_early()), (year_end, year_end.is_none()), "{as_at}");
    }
}

#[test]
fn in_the_first_days_of_a_year_nothing_is_projected_or_at_risk_and_it_says_so() {
    let prepared =
        prepared_with(&Pack::built_in().unwrap(), &[claims(&[("2024-04-10", "", "submitted")])], "2024-04-12", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    let all = position.quarters.iter().chain(&position.months);
    for of in all {
        // What was claimed so far is known; what the line would make of it is not.
        let so_far = (of.state == State::Running).then_some(1);
        assert_eq!((of.projected, of.claims_by_end, of.rag, of.rag_by_end), (None, so_far, None, None), "{}", of.name);
    }
    let data = report::data(&outcome, &position, None);
    for (place, null) in [
        ("straight_line", &data["straight_line"]["year_end"]),
        ("shortfall", &data["grant"]["straight_line_shortfall"]),
        ("short by", &data["grant"]["straight_line_short_by"]),
        ("rag", &data["against"][0]["rag_to_date"]),
        ("rag of the year", &data["against"][1]["rag_year_end"]),
        ("projected", &data["quarters"][0]["projected"]),
    ] {
        assert!(null.is_null(), "{place}: {null}");
    }
    assert_eq!((&data["too_early_to_say"], &data["grant"]["still_to_earn"]), (&true.into(), &"428800.00".into()));
    let said = report::sentences(&outcome, &position).join("\n");
    for words in [
        "Red, amber or green: too early to say.",
        "Straight line: too early to say.",
        "Grant at risk on the straight line: too early to say.",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("x 12") && !said.contains(", red"), "{said}");
    let place = tempfile::tempdir().unwrap();
    let rows = written_files(&outcome, &position, place.path());
    assert!(rows.lines().nth(1).unwrap().starts_with("quarter,Q1,2024-04-01,2024-06-30,running,0,1,,1,"), "{rows}");
}

/// Writes the files of a position, and gives back `position.csv`.
fn written_files(outcome: &Outcome<'_>, position: &Position, place: &Path) -> String {
    let out = place.join("out");
    let folder =
        sfclaim::report::output::folder::OutFolder::begin(&out, &report::NAMES, report::MARKER, false).unwrap();
    report::write(&folder, outcome, position, None).unwrap();
    assert_eq!(folder.finish().unwrap().len(), 4);
    std::fs::read_to_string(out.join("position.csv")).unwrap()
}

// Before 18 November: 2 approved and 1 pending; from that day on 2 approved and 1 pending. £800 each: £1,600 earned, £800
// pending; £1,600 and £800 not payable. The straight line keeps all 6: 6 x 12 / 9 = 8.
#[test]
fn claims_submitted_after_the_suspension_are_not_earned() {
    let rows = [
        ("2024-05-01", "2024-06-01", "approved"),
        ("2024-11-17", "2024-12-01", "approved"),
        ("2024-11-17", "", "submitted"),
        ("2024-11-18", "2024-12-01", "approved"),
        ("2024-12-02", "2024-12-20", "approved"),
        ("2024-12-02", "", "submitted"),
        ("2024-12-03", "2024-12-20", "rejected"),
    ];
    let prepared = prepared_with(&Pack::built_in().unwrap(), &[claims(&rows)], "2024-12-31", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    let grant = position.grant.as_ref().unwrap();
    assert_eq!((grant.earned, grant.pending, grant.still_to_earn), (pounds("1600"), pounds("800"), pounds("0")));
    let suspended = position.suspended.unwrap();
    assert_eq!((suspended.not_payable.approved, suspended.not_payable.pending), (2, 1));
    assert_eq!((suspended.approved_value, suspended.pending_value), (pounds("1600"), pounds("800")));
    // Contract section 7: paid places and the straight-line shortfall are of all claims.
    assert_eq!((grant.paid_places, position.line.year_end), (6, Some(8)));
    assert_eq!(grant.line_shortfall, Some(pounds("423200")), "(537 - 8) x £800");
    let said = report::sentences(&outcome, &position);
    assert!(said[0].starts_with("Note: Payment by results was suspended"), "{said:?}");
    let said = said.join("\n");
    for words in [
        "Payable at £800 a family, submitted before 2024-11-18: 2 claims approved, £1,600 earned; 1 pending, £800 more",
        "Not payable: 3 claims submitted on or after 2024-11-18, 2 approved (£1,600) and 1 pending (£800).",
        "Nothing more can be earned by claims submitted from that day on.",
        "= £423,200. Payment was suspended: see the note.",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("still to earn"), "{said}");
    let text = report::text(&outcome, &position, None, Screen::wide(100));
    assert!(text.find("Note:").unwrap() < text.find("results were claimed").unwrap(), "{text}");
    let data = report::data(&outcome, &position, None);
    assert_eq!(data["suspended"]["not_payable_approved_value"], "1600.00");
    assert_eq!(data["suspended"]["from"], "2024-11-18");

    // A year that had ended before is paid for, whenever it is looked at.
    let earlier = [("2024-03-01", "2024-04-01", "approved")];
    let prepared = prepared_with(&Pack::built_in().unwrap(), &[claims(&earlier)], "2024-12-31", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let asked = Asked { year: Some("2023/24"), ..Asked::default() };
    let closed = sfclaim::forecast::position::position(&outcome, asked).unwrap();
    assert!(closed.suspended.is_none());
    assert_eq!(closed.grant.unwrap().earned, pounds("800"));
}

// The claims of sample_data/claims.csv, counted with another program.
#[test]
fn of_the_samples_approved_claims_89_are_not_payable_at_the_years_end() {
    let prepared = sample_at("2025-03-31");
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    let late = position.suspended.unwrap().not_payable;
    assert_eq!((position.counted.approved, late.approved, late.pending), (272, 89, 82));
    assert_eq!(position.grant.unwrap().earned, pounds("146400"), "(272 - 89) x £800");
}

// 397 results of 505 in the year: 108 short, x £800 = £86,400.
#[test]
fn a_year_that_is_over_says_what_came_and_nothing_still() {
    for (as_at, year) in [("2024-03-31", None), ("2024-09-30", Some("2023/24"))] {
        let prepared = sample_at(as_at);
        let outcome = judge(&prepared, prepared.rules.clone());
        let position = position(&outcome, Asked { year, ..Asked::default() }).unwrap();
        let short = 505 - position.counted.claims();
        let said = report::sentences(&outcome, &position).join("\n");
        assert!(said.starts_with("The year is over: "), "{said}");
        assert!(said.contains(&format!("it fell short by {short}.")), "{said}");
        assert!(!said.contains("still") && !said.contains("at risk") && !said.contains("x 12"), "{said}");
        assert_eq!(position.grant.as_ref().unwrap().still_to_earn, pounds("0"));
        if year.is_none() {
            assert_eq!(position.counted.claims(), 397);
            assert!(
                said.contains("Grant that fell short: (505 funded places - 397 claims) x £800 = £86,400."),
                "{said}"
            );
        }
    }
}

// F1 has all its needs open, F2 all resolved on 20 January and is claimable since 20 July. Six months from 30 September
// end on 30 March, from 1 October on 1 April, after the year.
#[test]
fn families_that_need_outcomes_not_recorded_yet_are_told_apart_from_the_rest() {
    let of_f1 = |case: &str, day: &str| [1, 3, 5].map(|criterion| format!("{case},{criterion},{day}"));
    let lines: Vec<String> = ["case_id,criterion,outcome_on".to_owned()]
        .into_iter()
        .chain(of_f1("C1", ""))
        .chain(of_f1("C2", "2024-01-20"))
        .collect();
    let tables = [
        table(
            "cases.csv",
            &["case_id,family_id,opened_on,closed_on", "C1,F1,2023-01-10,", "C2,F2,2023-01-10,2024-01-20"],
        ),
        table("criteria.csv", &lines.iter().map(String::as_str).collect::<Vec<_>>()),
        table("people.csv", &["person_id,family_id,date_of_birth", "P1,F1,2022-01-01", "P2,F2,2022-01-01"]),
        claims(&[]),
    ];
    let day = |text: &str| Some(text.parse().unwrap());
    for (as_at, families, open, until) in
        [("2024-08-15", 2, 1, day("2024-09-30")), ("2024-09-30", 2, 1, day("2024-09-30")), ("2024-10-01", 1, 0, None)]
    {
        let prepared = prepared_with(&Pack::built_in().unwrap(), &tables, as_at, None);
        let outcome = judge(&prepared, prepared.rules.clone());
        let position = of(&outcome);
        let can = &position.can_mature;
        assert_eq!((can.families, can.of(Needed::Outcomes), can.outcomes_until), (families, open, until), "{as_at}");
        let said = report::sentences(&outcome, &position).join("\n");
        let data = report::data(&outcome, &position, None);
        assert_eq!(data["could_mature_needs"]["outcomes"], open);
        assert_eq!(said.contains("Do not plan on all of them. For 1 of the 2,"), open == 1, "{said}");
        assert_eq!(said.contains("recorded on 2024-09-30 itself"), as_at == "2024-09-30", "{said}");
        assert_eq!(said.contains("recorded by 2024-09-30 at the latest"), as_at == "2024-08-15", "{said}");
    }
}

#[test]
fn what_the_council_said_is_shown_only_where_the_case_in_hand_is_the_one_it_spoke_of() {
    let said = |as_at: &str, set: &[(String, String)]| {
        let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
        let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question(as_at, set, None).unwrap()).unwrap();
        let outcome = judge(&prepared, prepared.rules.clone());
        report::sentences(&outcome, &of(&outcome)).join("\n")
    };
    let words = "in the region of £148,000";
    assert!(said("2024-09-30", &[]).contains(words));
    // 352 on 1 October too, but it is another day.
    assert!(!said("2024-10-01", &[]).contains(words));
    assert!(!said("2024-09-30", &[("payment.per_family".to_owned(), "900".to_owned())]).contains(words));
}

#[test]
fn no_line_of_the_screen_is_wider_than_a_hundred_characters() {
    for as_at in ["2024-03-31", "2024-04-12", "2024-09-30", "2024-11-18", "2025-03-15"] {
        let prepared = sample_at(as_at);
        let outcome = judge(&prepared, prepared.rules.clone());
        let text = report::text(&outcome, &of(&outcome), None, Screen::wide(100));
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 100, "{as_at}: {widest}");
    }
}

#[test]
fn the_files_of_a_position_say_what_they_were_made_from_and_the_screen_where_they_are() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data");
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"))
        .args(["position", data.to_str().unwrap(), "--as-at", "2024-09-30", "--out", out.to_str().unwrap()])
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let names = "position.csv, claims_known.csv, periods.csv, position.json";
    assert!(said.ends_with(&format!("Written to {}: {names}\n", out.display())), "{said}");
    let text = std::fs::read_to_string(out.join("position.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    let inputs = written["inputs"].as_array().unwrap();
    let claims = inputs.iter().find(|input| input["file"] == "claims.csv").unwrap();
    assert_eq!(claims["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(written["rules_fingerprint"].as_str().unwrap().len(), 64);
}

// 3 funded places, 2 approved and 4 pending: 2 earned, 1 more at most, none to earn. A quarter of the 4 pending is 1.
#[test]
fn no_more_places_are_paid_than_are_funded_and_what_the_targets_give_is_shown() {
    let pack = pack_with(
        "upfront_grant = 1000\ncash_received = \"2000.50\"\nexpected_rejection_percent = 25\nbands = \"achievable\"",
    );
    let mut pack = pack;
    pack.targets[0].years[3].value.funded_places = 3;
    let rows = [
        ("2024-04-01", "2024-05-01", "approved"),
        ("2024-04-02", "2024-05-01", "approved"),
        ("2024-04-03", "", "submitted"),
        ("2024-04-04", "", "submitted"),
        ("2024-04-05", "", "submitted"),
        ("2024-04-06", "", "submitted"),
    ];
    let prepared = prepared_with(&pack, &[claims(&rows)], "2024-06-30", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    let grant = position.grant.as_ref().unwrap();
    assert_eq!((grant.paid_places, grant.line_short_by), (3, Some(0)));
    assert_eq!((grant.earned, grant.pending, grant.still_to_earn), (pounds("1600"), pounds("800"), pounds("0")));
    assert_eq!(grant.line_shortfall, Some(pounds("0")));
    assert_eq!(grant.expected_rejected, Some((1, pounds("800"))));
    assert_eq!((grant.upfront, grant.received), (Some(pounds("1000")), Some(pounds("2000.50"))));
    assert_eq!(position.bands.id, "achievable");
    let said = report::sentences(&outcome, &position).join("\n");
    assert!(said.contains("£400.50 more than approved claims have earned"), "{said}");
    // One open case cannot bring the 618 that are missing of 624, but the funded places are reached.
    assert_eq!(position.against[0].rag_to_date, Some(Rag::Red));
    assert_eq!(position.against[1].rag_to_date, Some(Rag::Green));
}

#[test]
fn a_financial_year_may_start_on_another_day() {
    let rows = [("2024-08-31", "", "submitted"), ("2024-09-01", "", "submitted")];
    let prepared = prepared_with(&Pack::built_in().unwrap(), &[claims(&rows)], "2024-09-30", Some("09-01"));
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    assert_eq!((position.year.as_str(), position.counted.claims()), ("2024/25", 1));
    assert_eq!(position.days.to.to_string(), "2025-08-31");
    assert_eq!(outcome.totals.submitted_this_year, 1);
}

#[test]
fn any_year_that_has_begun_can_be_asked_for() {
    let rows =
        [("2023-04-01", "", "submitted"), ("2024-03-31", "2024-05-01", "approved"), ("2024-04-01", "", "submitted")];
    let prepared = prepared_with(&Pack::built_in().unwrap(), &[claims(&rows)], "2024-09-30", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let asked = |year| position(&outcome, Asked { year: Some(year), ..Asked::default() });
    let before = asked("2023/24").unwrap();
    assert_eq!((before.counted.approved, before.counted.pending), (1, 1));
    assert_eq!((before.line.year_end, before.can_mature.families, before.claimable), (Some(2), 0, 0));
    assert!(asked("2025/26").unwrap_err().to_string().contains("begins on 2025-04-01"));
    assert!(asked("2024").unwrap_err().to_string().contains("is not a financial year"));
}

fn families(closed: &str, rows: &[&str]) -> [Table; 4] {
    let cases = [
        "case_id,family_id,opened_on,closed_on".to_owned(),
        format!("C1,F1,2023-01-10,{closed}"),
        "C2,F2,2023-01-10,2024-01-20".to_owned(),
    ];
    let need = |case: &str, day: &str| [1, 3, 5].map(|criterion| format!("{case},{criterion},{day}"));
    let mut criteria = vec!["case_id,criterion,outcome_on".to_owned()];
    criteria.extend(need("C1", "2024-02-10"));
    criteria.extend(need("C2", "2024-01-20"));
    let lines = |lines: &[String]| lines.iter().map(String::as_str).map(str::to_owned).collect::<Vec<String>>();
    let of = |file: &str, lines: Vec<String>| table(file, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    let mut claims = vec![HEADER.to_owned()];
    claims.extend(rows.iter().map(|row| (*row).to_owned()));
    [
        of("cases.csv", lines(&cases)),
        of("criteria.csv", criteria),
        of("claims.csv", claims),
        table("people.csv", &["person_id,family_id,date_of_birth", "P1,F1,2022-01-01", "P2,F2,2022-01-01"]),
    ]
}

/// What an earlier run's folder would hold, through the files themselves.
fn written(outcome: &Outcome<'_>, position: &Position) -> EarlierPosition {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let folder =
        sfclaim::report::output::folder::OutFolder::begin(&out, &report::NAMES, report::MARKER, false).unwrap();
    report::write(&folder, outcome, position, None).unwrap();
    folder.finish().unwrap();
    sfclaim::report::views::earlier::position(&out).unwrap()
}

// On 31 July F2 (progress 20 January) is claimable since 20 July, F1 (progress 10 February) waits until 10 August. K1 is
// pending, K2 approved, K3 pending. By 30 September F2 was claimed (K4), F1 is claimable; K1 is approved, K2 clawed back,
// K3 gone; K5 of 20 July was put in late. Claims: 3 - K2 - K3 + K4 + K5 = 3.
#[test]
fn what_moved_is_counted_claim_by_claim_and_adds_up() {
    let pack = Pack::built_in().unwrap();
    let then = families(
        "2024-01-20",
        &["K1,X1,,2024-05-01,,submitted", "K2,X2,,2024-05-02,2024-06-01,approved", "K3,X3,,2024-05-03,,submitted"],
    );
    let prepared = prepared_with(&pack, &then, "2024-07-31", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let before = of(&outcome);
    assert_eq!(before.claimable, 1);
    let earlier = written(&outcome, &before);

    let now = families(
        "2024-01-20",
        &[
            "K1,X1,,2024-05-01,2024-08-01,approved",
            "K2,X2,,2024-05-02,2024-08-01,clawed_back",
            "K4,F2,C2,2024-09-01,,submitted",
            "K5,X5,,2024-07-20,,submitted",
        ],
    );
    let prepared = prepared_with(&pack, &now, "2024-09-30", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    let moved = movement(&outcome, &position, &earlier);
    assert!(!moved.hindsight);
    assert_eq!((moved.claims_before, moved.claims_after), (Some(3), 3));
    let mut said: Vec<(&str, usize, i64)> =
        moved.claims.iter().map(|moved| (moved.what.as_str(), moved.families, moved.change)).collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [
            ("clawed back since", 1, -1),
            ("decided since: approved", 1, 0),
            ("no longer in the claims of the year", 1, -1),
            ("put in late: submitted by that day, not on record then", 1, 1),
            ("submitted since, not decided", 1, 1),
        ]
    );
    let change: i64 = moved.claims.iter().map(|moved| moved.change).sum();
    assert_eq!(3 + change, 3);
    // 3 x 12 / 3 = 12 by 30 June; 3 x 12 / 6 = 6 by 30 September.
    assert_eq!((moved.line_before.unwrap().year_end, moved.line_after.year_end), (Some(12), Some(6)));
    // (537 - 12) x £800 = £420,000 and (537 - 6) x £800 = £424,800.
    assert_eq!(moved.at_risk, Some((Some(pounds("420000")), Some(pounds("424800")))));
    let shown = report::moved::text(&moved, Screen::wide(100));
    for words in [
        "Claims of the year: 3 -> 3, no change.",
        "Grant at risk on the straight line: £420,000 -> £424,800, £4,800 more.",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let row = |what: &str| {
        let line = shown.lines().find(|line| line.contains(what)).unwrap();
        line.split_whitespace().rev().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("clawed back since"), ["-£800", "-1"]);
    assert_eq!(row("decided since: approved"), ["£0", "0"]);
    assert_eq!(row("submitted since, not decided"), ["+£800", "+1"]);
    assert_eq!(row("Sum: change in the claims of the year"), ["£0", "0"]);
    assert_eq!(row("claimed: claimed already"), ["-£800", "-1"]);
    let table = report::moved::table();
    let rows: Vec<Vec<String>> = report::moved::rows(&moved).map(|row| table.cells(&row)).collect();
    assert!(rows.contains(&["claims", "clawed back since", "1", "-1", "-800.00"].map(str::to_owned).to_vec()));
    let data = report::moved::data(&moved);
    assert_eq!(data["straight_line_shortfall"]["change"], "4800.00");
    assert_eq!(data["moved_claims_sum"]["change"], 0);
    assert!(data["sentences"].as_array().unwrap().len() >= 4);
    assert_eq!(moved.claimable, (1, 1));
    assert_eq!(moved.became.len(), 1);
    assert_eq!((moved.became[0].what.as_str(), moved.became[0].value), ("waiting: sustainment not yet", pounds("800")));
    assert_eq!(moved.stopped[0].what, "claimed: claimed already");
}

#[test]
fn a_run_that_cannot_be_compared_with_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let why = sfclaim::report::views::earlier::position(place.path()).unwrap_err().to_string();
    assert!(why.contains("is not the output folder of `sfclaim check` or `sfclaim position`"), "{why}");
}

#[test]
fn without_claims_there_is_no_position_and_without_targets_nothing_to_hold_it_against() {
    let pack = Pack::built_in().unwrap();
    let prepared = prepared_with(&pack, &[], "2024-09-30", None);
    let outcome = judge(&prepared, prepared.rules.clone());
    assert!(position(&outcome, Asked::default()).unwrap_err().to_string().contains("no table of claims"));

    let mut tables = vec![claims(&[("2024-04-01", "", "submitted")])];
    tables.push(table("cases.csv", &["case_id,family_id,opened_on", "C1,G1,2024-01-10"]));
    tables.push(table("criteria.csv", &["case_id,criterion", "C1,1"]));
    let prepared = prepare(&loaded(&tables).unwrap(), &pack, &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let position = of(&outcome);
    assert!(position.against.is_empty() && position.grant.is_none());
    assert!(position.quarters.iter().all(|quarter| quarter.rag.is_none()));
    assert_eq!(position.line.year_end, Some(2));
}

#[test]
fn the_forecast_says_first_where_the_year_stands_and_nothing_twice() {
    let prepared = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let forecast = sfclaim::forecast::forecast(&prepared, &prepared.rules, false).unwrap();
    let said = sfclaim::report::views::forecast::text(&forecast, Some(&of(&outcome)), Screen::wide(2000));
    let place = |words: &str| {
        assert_eq!(said.matches(words).count(), 1, "{words}: {said}");
        said.find(words).unwrap()
    };
    let stands = place("Where the year stands");
    let expected = place("Forecast: from the authority's own history");
    for words in [
        "176 results were claimed",
        "Straight line: 176 claims",
        "(537 funded places - 352 claims) x £800 = £148,000",
        "bands within-ten-percent",
    ] {
        assert!((stands..expected).contains(&place(words)), "{words}");
    }
    assert!(place("claims by 2025-03-31. There is a chance") > expected);
    assert!(!said.contains("can mature by"), "the position has said it");
    let alone = sfclaim::report::views::forecast::text(&forecast, None, Screen::wide(2000));
    assert!(alone.contains("there is no table of claims") && alone.contains("can mature by"));
}
