//! The position of a financial year: the council's figures on the sample, small years worked by hand, and what moved
//! between two runs.

mod support;

use sfclaim::forecast::position::movement::{Earlier, movement};
use sfclaim::forecast::position::{Asked, Position, State, position};
use sfclaim::load;
use sfclaim::money::Pounds;
use sfclaim::report::position as report;
use sfclaim::report::screen::Screen;
use sfclaim::rules::pack::{BUILT_IN, Pack};
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
        assert_eq!((against.number, against.rag_to_date, against.rag_year_end), (number, Rag::Red, Rag::Red));
    }
    assert_eq!(position.line.year_end, 352);
    let grant = position.grant.as_ref().unwrap();
    assert_eq!((grant.line_short_by, grant.line_shortfall), (185, pounds("148000")));
    assert_eq!(grant.still_to_earn, pounds("288800"), "(537 - 176) x £800");
    let said = report::sentences(&outcome, &position).join("\n");
    assert!(said.contains("£148,000"), "{said}");
    assert!(said.contains("The council's own estimate is the straight-line method"), "{said}");
    assert!(!said.contains("suspended"), "{said}");
    // Half of 624 and of 537 are expected by then; the projected claims of the other half make up the straight line.
    let expected: Vec<String> = position.against.iter().map(|against| against.expected_to_date.shown()).collect();
    assert_eq!(expected, ["312", "268.5"]);
    assert_eq!(position.quarters.iter().map(|quarter| quarter.projected).sum::<usize>(), 352 - 176);
    assert_eq!(position.months.iter().map(|month| month.projected).sum::<usize>(), 352 - 176);
}

#[test]
fn the_position_of_the_sample_reads_well() {
    let prepared = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    insta::assert_snapshot!("position", report::text(&outcome, &of(&outcome), None, Screen::wide(100)));
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
    let files = BUILT_IN.iter().map(|(name, text)| {
        let text = if name.starts_with("targets/") {
            text.replace(target, &format!("{target}{year}\n"))
        } else {
            (*text).to_owned()
        };
        ((*name).to_owned(), text)
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
    assert_eq!(position.line.year_end, 20);
    let grant = position.grant.as_ref().unwrap();
    assert_eq!(grant.line_shortfall, pounds("413600"));
    assert_eq!((grant.earned, grant.pending, grant.still_to_earn), (pounds("3200"), pounds("1600"), pounds("424800")));
    assert_eq!(position.against[0].expected_to_date.shown(), "233.1");
    assert_eq!((grant.upfront, grant.received, grant.expected_rejected), (None, None, None));
    let states: Vec<State> = position.quarters.iter().map(|quarter| quarter.state).collect();
    assert_eq!(states, [State::Over, State::Running, State::ToCome, State::ToCome]);
    // 14 of the 20 are still to come.
    assert_eq!(position.quarters.iter().map(|quarter| quarter.projected).sum::<usize>(), 14);
    assert_eq!(position.quarters[3].claims_by_end, 20);
}

// Before the first quarter end the line goes through the day itself: 3 claims by 15 May are 3 x 12 / (1 + 15/31) =
// 36 x 31 / 46 = 24.26, so 24; and 1 claim by 20 April 12 / (20/30) = 18.
#[test]
fn before_the_first_quarter_end_the_line_goes_through_the_day() {
    let rows = [("2024-04-10", "", "submitted"), ("2024-05-01", "", "submitted"), ("2024-05-15", "", "submitted")];
    for (as_at, year_end) in [("2024-05-15", 24), ("2024-04-20", 18)] {
        let prepared = prepared_with(&Pack::built_in().unwrap(), &[claims(&rows)], as_at, None);
        let outcome = judge(&prepared, prepared.rules.clone());
        assert_eq!(of(&outcome).line.year_end, year_end, "{as_at}");
    }
}

// 3 funded places, 2 approved and 4 pending: 2 earned, 1 more at most, none to earn. A quarter of the 4 pending is 1.
#[test]
fn no_more_places_are_paid_than_are_funded_and_what_the_targets_give_is_shown() {
    let pack = pack_with(
        "upfront_grant = 1000\ncash_received = \"2000.50\"\nexpected_rejection_percent = 25\nbands = \"achievable\"",
    );
    let mut pack = pack;
    pack.targets[0].years[3].funded_places = 3;
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
    assert_eq!((grant.paid_places, grant.line_short_by), (3, 0));
    assert_eq!((grant.earned, grant.pending, grant.still_to_earn), (pounds("1600"), pounds("800"), pounds("0")));
    assert_eq!(grant.line_shortfall, pounds("0"));
    assert_eq!(grant.expected_rejected, Some((1, pounds("800"))));
    assert_eq!((grant.upfront, grant.received), (Some(pounds("1000")), Some(pounds("2000.50"))));
    assert_eq!(position.bands.id, "achievable");
    let said = report::sentences(&outcome, &position).join("\n");
    assert!(said.contains("£400.50 more than approved claims have earned"), "{said}");
    // One open case cannot bring the 618 that are missing of 624, but the funded places are reached.
    assert_eq!((position.against[0].rag_to_date, position.against[1].rag_to_date), (Rag::Red, Rag::Green));
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
    assert_eq!((before.line.year_end, before.can_mature, before.claimable), (2, 0, 0));
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
fn written(outcome: &Outcome<'_>, position: &Position) -> Earlier {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let folder = sfclaim::report::folder::OutFolder::begin(&out, &report::NAMES, report::MARKER, false).unwrap();
    report::write(&folder, outcome, position, None).unwrap();
    folder.finish().unwrap();
    report::earlier::read(&out).unwrap()
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
        moved.claims.iter().map(|moved| (moved.what.as_str(), moved.families, moved.claims)).collect();
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
    let change: i64 = moved.claims.iter().map(|moved| moved.claims).sum();
    assert_eq!(3 + change, 3);
    // 3 x 12 / 3 = 12 by 30 June; 3 x 12 / 6 = 6 by 30 September.
    assert_eq!((moved.line_before.unwrap().year_end, moved.line_after.year_end), (12, 6));
    assert_eq!(moved.claimable, (1, 1));
    assert_eq!(moved.became.len(), 1);
    assert_eq!((moved.became[0].what.as_str(), moved.became[0].value), ("waiting: sustainment not yet", pounds("800")));
    assert_eq!(moved.stopped[0].what, "claimed: claimed already");
}

#[test]
fn a_run_that_cannot_be_compared_with_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let why = report::earlier::read(place.path()).unwrap_err().to_string();
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
    assert_eq!(position.line.year_end, 2);
}

#[test]
fn the_forecast_says_first_where_the_year_stands_and_nothing_twice() {
    let prepared = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let forecast = sfclaim::forecast::forecast(&prepared, &prepared.rules, false).unwrap();
    let said = sfclaim::report::forecast::text(&forecast, Some(&of(&outcome)), Screen::wide(2000));
    let place = |words: &str| {
        assert_eq!(said.matches(words).count(), 1, "{words}: {said}");
        said.find(words).unwrap()
    };
    let stands = place("Where the year stands");
    let expected = place("What is to be expected");
    for words in [
        "176 results were claimed",
        "Straight line: 176 claims",
        "(537 funded places - 352 claims) x £800 = £148,000",
        "by the bands within-ten-percent",
    ] {
        assert!((stands..expected).contains(&place(words)), "{words}");
    }
    assert!(place("claims are to be expected by 2025-03-31") > expected);
    assert!(!said.contains("can mature by"), "the position has said it");
    let alone = sfclaim::report::forecast::text(&forecast, None, Screen::wide(2000));
    assert!(alone.contains("there is no table of claims") && alone.contains("can mature by"));
}
