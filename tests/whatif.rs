//! What if: scenarios worked by hand, mistakes in scenarios, a grid against single scenarios, and that nothing of it can be
//! taken for a decision.

mod support;

use sfclaim::forecast::forecast;
use sfclaim::forecast::position::{Asked, position};
use sfclaim::forecast::whatif::file::read;
use sfclaim::forecast::whatif::grid::{Of, axis, grid};
use sfclaim::forecast::whatif::scenario::{Known, Scenario};
use sfclaim::forecast::whatif::{Model, Tried, WhatIf, what_if};
use sfclaim::load;
use sfclaim::money::Pounds;
use sfclaim::report::output::page::Screen;
use sfclaim::report::views::whatif::{Shown, page, text};
use sfclaim::rules::pack::Pack;
use sfclaim::rules::parameters::Override;
use sfclaim::run::{Prepared, judge, prepare};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::{loaded, question, table};

/// Nine families as at 30 September 2024, by hand. Each has a child of school age; good attendance is 105 of 110 and 125 of
/// 130, low is 98 of 110 (89.09%) and 116 of 130 (89.23%).
const CASES: [&str; 10] = [
    "case_id,family_id,source,opened_on,closed_on",
    "A1,A,early_help,2023-04-30,2024-01-30",         // claimable
    "B1,B,early_help,2023-04-30,2024-01-30",         // low attendance
    "C1,C,early_help,2023-04-30,2024-06-10",         // progress on 1 June: waits until 1 December
    "D1,D,early_help,2023-04-30,2024-01-30",         // no attendance on record
    "E1,E,transforming_lives,2023-04-30,2024-01-30", // the same, from a partner
    "F1,F,early_help,2023-04-30,2024-02-01",         // closed, but at least one need has no outcome recorded
    "G1,G,early_help,2023-04-30,2024-06-01",         // the same, closed too late for six months
    "H1,H,early_help,2024-05-01,",                   // needs still open
    "Z1,Z,early_help,2023-04-30,2024-01-30",         // claimed
];

const ATTENDING: [(&str, [u32; 2]); 7] =
    [("A", [5, 5]), ("B", [12, 14]), ("C", [5, 5]), ("F", [5, 5]), ("G", [5, 5]), ("H", [5, 5]), ("Z", [5, 5])];

fn files() -> Vec<(&'static str, String)> {
    let mut criteria = vec!["case_id,criterion,outcome_on".to_owned()];
    for (family, outcome) in [
        ("A", "2024-01-15"),
        ("B", "2024-01-15"),
        ("C", "2024-06-01"),
        ("D", "2024-01-15"),
        ("E", "2024-01-15"),
        ("F", "2024-01-15"),
        ("G", "2024-01-15"),
        ("H", "2024-06-01"),
        ("Z", "2024-01-15"),
    ] {
        let last = if ["F", "G", "H"].contains(&family) { "" } else { outcome };
        criteria.extend([(3, outcome), (5, outcome), (7, last)].map(|(need, day)| format!("{family}1,{need},{day}")));
    }
    let families = ["A", "B", "C", "D", "E", "F", "G", "H", "Z"];
    let people = std::iter::once("person_id,family_id,date_of_birth,role,upn".to_owned())
        .chain(families.iter().map(|family| format!("P{family},{family},2015-03-30,child,{family}801200001001")));
    let mut attendance = vec!["person_id,academic_year,term,possible,authorised,unauthorised".to_owned()];
    for (family, [spring, summer]) in ATTENDING {
        attendance.push(format!("P{family},2023/24,Spring,110,{spring},0"));
        attendance.push(format!("P{family},2023/24,Summer,130,{summer},0"));
    }
    vec![
        ("cases.csv", CASES.join("\n")),
        ("criteria.csv", criteria.join("\n")),
        ("people.csv", people.collect::<Vec<_>>().join("\n")),
        ("attendance_totals.csv", attendance.join("\n")),
        (
            "claims.csv",
            "claim_id,family_id,case_id,submitted_on,decided_on,outcome\nK1,Z,Z1,2024-05-10,2024-06-01,approved"
                .to_owned(),
        ),
    ]
}

fn nine_families() -> Prepared {
    let tables: Vec<_> = files().iter().map(|(file, text)| table(file, &text.lines().collect::<Vec<_>>())).collect();
    let mut loaded = loaded(&tables).unwrap();
    loaded.settings.authority = Some("blackburn-with-darwen".to_owned());
    prepare(&loaded, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap()
}

fn scenarios(prepared: &Prepared, text: &str) -> Vec<Scenario> {
    read(Path::new("scenarios.toml"), text.as_bytes(), &Known::of(prepared)).unwrap()
}

fn tried(prepared: &Prepared, changes: &str) -> Tried {
    let scenarios = scenarios(prepared, &format!("[[scenario]]\nname = \"it\"\n{changes}\n"));
    what_if(prepared, &scenarios, Model::EstimatedAgain).unwrap().scenarios.remove(0)
}

fn pounds(text: &str) -> Pounds {
    Pounds::read(text).unwrap()
}

/// Case, status today and status then.
fn flips(tried: &Tried) -> Vec<(&str, &str, &str)> {
    tried.flips.iter().map(|flip| (flip.case_id.as_str(), flip.from.status.word(), flip.to.status.word())).collect()
}

fn picked(tried: &Tried) -> Vec<&str> {
    tried.picked.iter().map(|picked| picked.case_id.as_str()).collect()
}

/// Every figure of a scenario that changes nothing, or gives a parameter the value that it has, is today's; and today's are
/// those of the other commands.
fn today_is_today(prepared: &Prepared) {
    let text = "[[scenario]]\nname = \"today\"\n[[scenario]]\nname = \"given again\"\nattendance.threshold_percent = 90\n\
                payment = 800\nprofile = \"straight-line\"\nconversion.all = 1\nconversion.claimable = 1.0\n\
                [[scenario]]\nname = \"nobody\"\nresolve.school = 0\n";
    let WhatIf { today, scenarios, .. } = what_if(prepared, &scenarios(prepared, text), Model::EstimatedAgain).unwrap();
    assert_eq!(scenarios.len(), 3);
    for scenario in &scenarios {
        assert_eq!(scenario.figures, today.figures, "{}", scenario.name);
        assert!(scenario.flips.is_empty() && scenario.picked.is_empty(), "{}", scenario.name);
        assert!(scenario.notices.iter().all(|notice| !notice.contains("national")), "{:?}", scenario.notices);
    }
    let outcome = judge(prepared, prepared.rules.clone());
    let position = position(&outcome, Asked::default()).unwrap();
    let figures = &today.figures;
    assert_eq!(figures.claimable_value, outcome.totals.claimable_value);
    assert_eq!(figures.value_within_places, outcome.totals.value_within_places);
    assert_eq!((figures.claimable, figures.line), (position.claimable, position.line.year_end));
    assert_eq!(figures.claims, position.counted.claims());
    assert_eq!(figures.line_shortfall, position.grant.as_ref().and_then(|grant| grant.line_shortfall));
    assert_eq!(figures.earned, position.grant.as_ref().map(|grant| grant.earned));
    assert_eq!(figures.rag_to_date, position.against[0].rag_to_date);
    let forecast = forecast(prepared, &prepared.rules, false).unwrap();
    let (end, expected) = (forecast.months.last().unwrap(), figures.expected.as_ref().unwrap());
    assert_eq!((expected.low, expected.median, expected.high), (end.low, end.median, end.high));
    assert_eq!(format!("{:.4}", expected.claims), format!("{:.4}", end.expected));
    assert_eq!(expected.grant, forecast.grant);
}

#[test]
fn a_scenario_without_changes_is_today() {
    today_is_today(&nine_families());
}

#[test]
fn so_it_is_on_the_sample() {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    today_is_today(&prepare(&loaded, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap());
}

// The claims of the past were made by the rules of their day. Who must wait three years for a second claim was claimed after
// two, which does not make more claims of a stricter rule; so today's chances lead, and the other figure stands beside them.
#[test]
fn a_stricter_rule_never_comes_to_more_claims() {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let text = "[[scenario]]\nname = \"three years\"\nreclaim.years = 3\n\
                [[scenario]]\nname = \"six terms\"\nattendance.terms = 6\n";
    let found = what_if(&prepared, &scenarios(&prepared, text), Model::EstimatedAgain).unwrap();
    let claims = |tried: &Tried| tried.figures.expected.as_ref().unwrap().claims;
    for tried in &found.scenarios {
        assert!(tried.figures.claimable < found.today.figures.claimable, "{}", tried.name);
        assert!(claims(tried) < claims(&found.today), "{}: {}", tried.name, claims(tried));
    }
    // Of six terms back no quarter end has the attendance.
    let [years, terms] = &found.scenarios[..] else { panic!("two scenarios") };
    assert!(years.figures.estimated_again.is_some() && terms.figures.estimated_again.is_none());
    let said = |tried: &Tried, what: &str| tried.notices.iter().any(|notice| notice.starts_with(what));
    assert!(said(years, "Conversion was estimated again: "), "{:?}", years.notices);
    assert!(said(terms, "Conversion could not be estimated again: no past quarter end"), "{:?}", terms.notices);
}

// 1 claim by 30 September makes 2 on the line; (537 - 2) x £800 = £428,000.
#[test]
fn today_is_as_worked_by_hand() {
    let prepared = nine_families();
    let today = what_if(&prepared, &[], Model::EstimatedAgain).unwrap().today.figures;
    assert_eq!((today.claimable, today.claimable_value, today.claims, today.line), (1, pounds("800"), 1, Some(2)));
    assert_eq!((today.line_shortfall, today.earned), (Some(pounds("428000")), Some(pounds("800"))));
}

#[test]
fn other_rules_flip_the_families_that_they_should() {
    let prepared = nine_families();
    // 98 of 110 is 89.09%, 116 of 130 is 89.23%.
    let lower = tried(&prepared, "attendance.threshold_percent = 89");
    assert_eq!(flips(&lower), [("B1", "low_attendance", "claimable")]);
    assert_eq!((lower.figures.claimable, lower.figures.claimable_value), (2, pounds("1600")));
    assert_eq!(
        (lower.flips[0].from.kind, lower.flips[0].to.kind),
        ("attendance below the threshold", "every rule is met")
    );
    assert!(tried(&prepared, "attendance.threshold_percent = 89.1").flips.is_empty());
    // 1 June + 3 months is 1 September.
    let sooner = tried(&prepared, "[scenario.sustainment]\nmonths = 3");
    assert_eq!(flips(&sooner), [("C1", "waiting", "claimable")]);
    // 15 January + 9 months is 15 October.
    let later = tried(&prepared, "\"sustainment.months\" = 9");
    assert_eq!(
        flips(&later),
        [
            ("A1", "claimable", "waiting"),
            ("B1", "low_attendance", "waiting"),
            ("D1", "review", "waiting"),
            ("E1", "review", "waiting")
        ]
    );
    assert_eq!(later.figures.claimable, 0);
}

#[test]
fn a_national_rule_is_said_not_to_be_ours_and_the_past_is_replayed_by_it() {
    let prepared = nine_families();
    let national = tried(&prepared, "attendance.threshold_percent = 89");
    let said = national.notices.join("\n");
    assert!(
        said.contains("attendance.threshold_percent = 89 instead of 90: a national rule, not ours to change."),
        "{said}"
    );
    assert!(said.contains("Conversion was estimated again"), "{said}");
    assert!(national.figures.estimated_again.is_some());
    let local = tried(&prepared, "attendance.basis = \"combined\"").notices.join("\n");
    assert!(!local.contains("national") && local.contains("Conversion was estimated again"), "{local}");
    // The payment is national too, and changes no decision: it shares today's replay.
    let paid = tried(&prepared, "payment = 1000\nfunded_places = 3");
    assert_eq!(paid.notices, ["payment.per_family = £1,000 instead of £800: a national rule, not ours to change."]);
    assert!(paid.figures.estimated_again.is_none());
    // (3 - 2) x £1,000; 1 claimable x £1,000.
    assert_eq!(paid.figures.line_shortfall, Some(pounds("1000")));
    assert_eq!(paid.figures.claimable_value, pounds("1000"));
    assert_eq!((paid.figures.target, paid.figures.funded_places), (Some(624), Some(3)));
    let target = tried(&prepared, "target = 2");
    assert_eq!((target.figures.target, target.figures.funded_places), (Some(2), Some(537)));
    // Half of 2 is expected by the half year: 1 claim is all of it.
    assert_eq!(target.figures.expected_to_date.unwrap().shown(), "1");
    assert_eq!(target.figures.rag_to_date.unwrap().to_string(), "green");
    // No rule is changed; that the funded places stay is said.
    assert_eq!(target.notices.len(), 1);
    assert!(target.notices[0].contains("the funded places do not"), "{:?}", target.notices);
}

#[test]
fn what_is_settled_is_settled_for_a_fair_part() {
    let prepared = nine_families();
    // D and E have no attendance, and half of two is one. SHA-256 of the key, a new line and the case begins 9d35 for D1 and
    // 2269 for E1, so that E1 is drawn first.
    let half = tried(&prepared, "resolve.attendance.no_attendance_on_record = 0.5");
    assert_eq!((picked(&half), flips(&half)), (vec!["E1"], vec![("E1", "review", "claimable")]));
    assert_eq!(half.picked[0].settled, ["attendance.no_attendance_on_record"]);
    assert!(
        half.notices[0].contains(
            "for 1 family of the 2 that it holds and that can become a claim, drawn without regard to what they would gain."
        ),
        "{:?}",
        half.notices
    );
    let all = tried(&prepared, "resolve.\"attendance.no_attendance_on_record\" = 1");
    assert_eq!((picked(&all), all.figures.claimable), (vec!["D1", "E1"], 3));
    assert!(all.notices[0].ends_with("that it holds and that can become a claim."), "{:?}", all.notices);
    // Rounded half up: 0.25 of 2 is a half.
    assert_eq!(picked(&tried(&prepared, "resolve.attendance.no_attendance_on_record = 0.25")).len(), 1);
    assert_eq!(picked(&tried(&prepared, "resolve.attendance.no_attendance_on_record = 0.2499")).len(), 0);
    // By who can act: schools have D and E. B's attendance, which is low, nobody settles this week; named outright it is
    // taken, and said to be beyond reach.
    let schools = tried(&prepared, "resolve.school = 1");
    assert_eq!((picked(&schools), schools.figures.claimable), (vec!["D1", "E1"], 3));
    let low = tried(&prepared, "resolve.attendance.attendance_below_the_threshold = 1");
    assert_eq!(picked(&low), ["B1"]);
    assert!(
        low.notices[1].ends_with("this cannot be had this week. It needs better attendance in later terms."),
        "{:?}",
        low.notices
    );
    assert_eq!((schools.notices.len(), all.notices.len()), (1, 1));
    // Of an outcome that is missing at closing the months count from there: 1 February + 6 = 1 August, 1 June + 6 = 1 December.
    let outcomes = "resolve.progress.closed_but_at_least_one_need_has_no_outcome_recorded";
    let first = tried(&prepared, &format!("{outcomes} = 0.5"));
    assert_eq!((picked(&first), flips(&first)), (vec!["F1"], vec![("F1", "review", "claimable")]));
    let both = tried(&prepared, &format!("{outcomes} = 1"));
    assert_eq!(flips(&both), [("F1", "review", "claimable"), ("G1", "review", "waiting")]);
    assert_eq!(both.flips[1].to.kind, "the months are not over yet");
    assert!(both.flips[1].to.reason.contains("2024-06-01 + 6 months = 2024-12-01"), "{}", both.flips[1].to.reason);
    // An outcome of an open need comes today at the earliest: 30 September + 6 months is 30 March.
    let open = tried(&prepared, "resolve.progress.needs_not_resolved_yet = 1");
    assert_eq!(flips(&open), [("H1", "in_progress", "waiting")]);
    assert!(open.flips[0].to.reason.contains("2024-09-30 + 6 months = 2025-03-30"), "{}", open.flips[0].to.reason);
}

// Eight families without attendance: four that nothing else holds, and four whose months are not full either (progress on
// 1 June + 6 months). Half of eight is two and two, a quarter one and one; only those held by nothing else become claimable.
#[test]
fn those_who_would_flip_are_taken_in_proportion() {
    let families: Vec<String> = (0..8).map(|number| format!("K{number}")).collect();
    let of = |first: &str, line: &dyn Fn(usize, &str) -> Vec<String>| {
        let rows = families.iter().enumerate().flat_map(|(place, family)| line(place, family));
        std::iter::once(first.to_owned()).chain(rows).collect::<Vec<_>>()
    };
    let files = [
        (
            "cases.csv",
            of("case_id,family_id,source,opened_on,closed_on", &|place, family| {
                let closed = if place < 4 { "2024-01-30" } else { "2024-06-10" };
                vec![format!("{family}-C,{family},early_help,2023-04-30,{closed}")]
            }),
        ),
        (
            "criteria.csv",
            of("case_id,criterion,outcome_on", &|place, family| {
                let outcome = if place < 4 { "2024-01-15" } else { "2024-06-01" };
                [3, 5, 7].map(|need| format!("{family}-C,{need},{outcome}")).to_vec()
            }),
        ),
        (
            "people.csv",
            of("person_id,family_id,date_of_birth,role", &|_, family| {
                vec![format!("P{family},{family},2015-03-30,child")]
            }),
        ),
        ("attendance_totals.csv", vec!["person_id,academic_year,term,possible,authorised,unauthorised".to_owned()]),
        ("claims.csv", vec!["claim_id,family_id,case_id,submitted_on,decided_on,outcome".to_owned()]),
    ];
    let tables: Vec<_> =
        files.iter().map(|(file, rows)| table(file, &rows.iter().map(String::as_str).collect::<Vec<_>>())).collect();
    let loaded = loaded(&tables).unwrap();
    let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let of = |part: &str| tried(&prepared, &format!("resolve.attendance.no_attendance_on_record = {part}"));
    let alone = |tried: &Tried| picked(tried).into_iter().filter(|case| *case < "K4").count();
    let (half, quarter, all) = (of("0.5"), of("0.25"), of("1"));
    assert_eq!((picked(&half).len(), alone(&half), half.figures.claimable), (4, 2, 2));
    assert_eq!((picked(&quarter).len(), alone(&quarter), quarter.figures.claimable), (2, 1, 1));
    assert_eq!((picked(&all).len(), all.figures.claimable), (8, 4));
    // A larger part has all of a smaller one.
    assert!(picked(&quarter).iter().all(|case| picked(&half).contains(case)));
    assert!(
        half.notices[0].contains(
            "4 families of the 8 that it holds and that can become a claim: 2 of the 4 that nothing else holds and 2 of the 4 that other things hold too, drawn"
        ),
        "{:?}",
        half.notices
    );
}

#[test]
fn partner_cases_are_those_of_the_source() {
    let prepared = nine_families();
    let twenty = tried(&prepared, "partner_cases_evidenced = { transforming_lives = 20 }");
    assert_eq!((picked(&twenty), flips(&twenty)), (vec!["E1"], vec![("E1", "review", "claimable")]));
    assert!(
        twenty.notices[0]
            .contains("for 1 family of the 1 that it holds and that can become a claim. There are no more."),
        "{:?}",
        twenty.notices
    );
    let more = tried(&prepared, "partner_cases_evidenced.early_help = 1");
    assert_eq!(picked(&more), ["D1"]);
}

// The one claim made is approved. Without any chance of another, and nobody to come, it stays at one; settling raises it.
#[test]
fn chances_and_openings_move_what_is_expected() {
    let prepared = nine_families();
    let today = what_if(&prepared, &[], Model::EstimatedAgain).unwrap().today.figures.expected.unwrap();
    let none = tried(&prepared, "conversion.all = 0").figures.expected.unwrap();
    assert_eq!(format!("{} {} {} {}", none.claims, none.low, none.median, none.high), "1 1 1 1");
    // 537 places less 1.
    assert_eq!(none.grant.unwrap().expected_at_risk, pounds("428800"));
    let of = |changes: &str| tried(&prepared, changes).figures.expected.unwrap().claims;
    assert!(of("conversion.claimable = 2") > today.claims);
    assert!(of("conversion.claimable = 0") < today.claims);
    assert!(of("openings_a_month = 100") > of("openings_a_month = 10"));
    assert!(of("resolve.school = 1") > today.claims);
    // A plus in front is so many more than today, and nought more is today.
    assert_eq!(of("openings_a_month = \"+0\""), today.claims);
    assert!(of("openings_a_month = \"+10\"") > today.claims);
    // Without the quotation marks TOML reads +10 as 10; here it is ten more all the same.
    assert_eq!(of("openings_a_month = +10"), of("openings_a_month = \"+10\""));
    let shown = tried(&prepared, "openings_a_month = \"+10\"").notices;
    assert!(shown.iter().any(|notice| notice.starts_with("Today's rate is about ")), "{shown:?}");
    // So many families are as good as the part that they are: D and E wait for the school.
    assert_eq!(of("resolve.school = \"2 families\""), of("resolve.school = 1"));
    assert_eq!(of("resolve.school = \"0 families\""), today.claims);
    // Settling changes no claim that was made, nor the straight line.
    assert_eq!(tried(&prepared, "resolve.school = 1").figures.line, Some(2));
}

#[test]
fn a_target_that_changes_alone_is_said_and_a_grid_over_targets_shows_the_chance_of_reaching_them() {
    let prepared = nine_families();
    let said = |text: &str| tried(&prepared, text).notices.iter().any(|notice| notice.contains("funded places do not"));
    assert!(said("target = 3"));
    assert!(!said("target = 3\nfunded_places = 3") && !said("funded_places = 3"));
    let known = Known::of(&prepared);
    let found = grid(&prepared, vec![axis("target=1,400", &known).unwrap()], None).unwrap();
    assert_eq!(found.of, Of::TargetReached);
    // One claim was made already; four hundred nobody makes of nine families.
    assert_eq!((found.cells[0][0].plain.as_str(), found.cells[1][0].plain.as_str()), ("100.0", "0.0"));
    let months = grid(&prepared, vec![axis("sustainment.months=3,6", &known).unwrap()], None).unwrap();
    assert_eq!(months.of, Of::Claimable);
}

#[test]
fn corners_of_a_grid_are_the_single_scenarios() {
    let prepared = nine_families();
    let known = Known::of(&prepared);
    for of in [Of::Claimable, Of::YearEnd, Of::YearEndEstimatedAgain, Of::AtRisk, Of::TargetReached] {
        let axes = ["attendance.threshold_percent=88..91", "sustainment.months=3,6,9"];
        let axes = axes.into_iter().map(|text| axis(text, &known).unwrap()).collect();
        let found = grid(&prepared, axes, Some(of)).unwrap();
        assert_eq!((found.cells.len(), found.cells[0].len()), (4, 3));
        for (row, column, percent, months) in
            [(0, 0, 88, 3), (0, 2, 88, 9), (3, 0, 91, 3), (3, 2, 91, 9), (2, 1, 90, 6)]
        {
            let single =
                tried(&prepared, &format!("attendance.threshold_percent = {percent}\nsustainment.months = {months}"));
            let expected = single.figures.expected.as_ref().unwrap();
            let figure = match of {
                Of::Claimable => single.figures.claimable.to_string(),
                Of::YearEnd => format!("{:.1}", expected.claims),
                Of::YearEndEstimatedAgain => {
                    let by_todays = single.figures.estimated_again.as_ref().unwrap_or(expected);
                    format!("{:.1}", by_todays.claims)
                }
                Of::AtRisk => expected.grant.as_ref().unwrap().expected_at_risk.plain(),
                Of::TargetReached => format!("{:.1}", expected.grant.as_ref().unwrap().target_reached * 100.0),
            };
            let cell = &found.cells[row][column];
            assert_eq!(cell.plain, figure, "{}", cell.scenario);
            assert_eq!(
                cell.scenario,
                format!("attendance.threshold_percent = {percent}, sustainment.months = {months}")
            );
        }
        if of == Of::Claimable {
            // At 88 and 3 months A, B and C; at 9 months nobody.
            let plain = |row: usize| found.cells[row].iter().map(|cell| cell.plain.as_str()).collect::<Vec<_>>();
            assert_eq!((plain(0), plain(2)), (vec!["3", "2", "0"], vec!["2", "1", "0"]));
            assert_eq!((found.cells[0][0].heat, found.cells[0][2].heat), (4, 0));
            assert!(found.notices.iter().any(|notice| notice.contains("not ours to change")), "{:?}", found.notices);
        }
    }
}

#[test]
fn one_parameter_gives_a_row_each_and_mistakes_are_told() {
    let prepared = nine_families();
    let known = Known::of(&prepared);
    let one = grid(&prepared, vec![axis("attendance.basis=each_term,combined", &known).unwrap()], Some(Of::Claimable))
        .unwrap();
    assert!(one.columns.is_none() && one.cells.len() == 2 && one.cells[0].len() == 1);
    let why = |text: &str| axis(text, &known).unwrap_err().to_string();
    assert!(why("sustainment.months").contains("has no \"=\""));
    assert!(why("sustainment.months=9..3").contains("is no range"));
    assert!(why("sustainment.months=1..100000").contains("more than 400 cells"));
    assert!(why("sustainment.month=1..3").contains("Did you mean \"sustainment.months\"?"));
    assert!(why("attendance.threshold_percent=99..101").contains("from 0 to 100"));
    assert!(why("sustainment.months=3,3").contains("twice"));
    let axes = |texts: &[&str]| texts.iter().map(|text| axis(text, &known).unwrap()).collect::<Vec<_>>();
    let why = |texts: &[&str]| grid(&prepared, axes(texts), Some(Of::Claimable)).unwrap_err().to_string();
    assert!(why(&["payment=1,2", "payment.per_family=1,2"]).contains("twice"));
    assert!(why(&["target=1..21", "funded_places=1..20"]).contains("more than 400 cells"));
    assert!(why(&["target=1", "funded_places=1", "payment=1"]).contains("one parameter or two"));
}

#[test]
fn mistakes_in_scenarios_are_shown_in_their_line_with_the_nearest_key() {
    let prepared = nine_families();
    let known = Known::of(&prepared);
    let why = |text: &str| read(Path::new("scenarios.toml"), text.as_bytes(), &known).unwrap_err().to_string();
    let of = |change: &str| why(&format!("[[scenario]]\nname = \"it\"\n{change}\n"));
    for (change, expected) in [
        (
            "attendance.treshold_percent = 88",
            "line 3, column 1: a scenario cannot change \"attendance.treshold_percent\". Did you mean \"attendance.threshold_percent\"?",
        ),
        ("attendance.threshold_percent = 188", "line 3, column 32: \"attendance.threshold_percent\" cannot be 188"),
        ("funded_place = 3", "Did you mean \"funded_places\"?"),
        ("target = -1", "line 3, column 10: \"target\" cannot be -1"),
        ("profile = \"straight\"", "Did you mean \"straight-line\"?"),
        ("conversion.claimible = 2", "Did you mean \"conversion.claimable\"?"),
        ("conversion.all = -0.5", "a factor on the chance, a number from 0 to 20"),
        (
            "resolve.attendance.no_attendance_on_recrod = 1",
            "Did you mean \"resolve.attendance.no_attendance_on_record\"?",
        ),
        ("resolve.school = 1.5", "a number from 0 to 1"),
        ("resolve.calendar = 1", "in the hands of the calendar: nobody in the authority can settle it"),
        ("resolve.sustainment.the_months_are_not_over_yet = 1", "nobody in the authority can settle it"),
        ("partner_cases_evidenced.transforming_live = 3", "Did you mean \"transforming_lives\"?"),
        ("payment = 800\npayment.per_family = 900", "line 4"),
        ("payment = 800\n\"payment.per_family\" = 900", "line 4, column 1: \"payment\" is given twice"),
        ("name = \"again\"", "line 3"),
    ] {
        let why = of(change);
        assert!(why.contains(expected), "{change}: {why}");
    }
}

#[test]
fn every_scenario_has_its_own_name() {
    let prepared = nine_families();
    let known = Known::of(&prepared);
    let why = |text: &str| read(Path::new("scenarios.toml"), text.as_bytes(), &known).unwrap_err().to_string();
    for (text, expected) in [
        ("[[scenario]]\ntarget = 1\n", "line 1, column 1: this scenario has no name"),
        ("[[scenario]]\nname = \"a\"\n[[scenario]]\nname = \"a\"\n", "two scenarios are named \"a\""),
        ("[[scenario]]\nname = \"today\"\ntarget = 3\n", "line 2, column 8: \"today\" is what is without any change"),
        ("[scenario]\nname = \"a\"\n", "in two brackets"),
        ("[[scenarios]]\nname = \"a\"\n", "there is no \"scenarios\" here"),
        ("[[scenario]]\nname = 3\n", "line 2, column 8: the name of a scenario is a text"),
        ("[[scenario]\n", "line 1"),
    ] {
        let why = why(text);
        assert!(why.contains(expected), "{text}: {why}");
    }
    assert!(read(Path::new("s"), b"", &known).unwrap().is_empty());
}

#[test]
fn a_rule_that_cannot_apply_names_its_scenario() {
    let prepared = nine_families();
    let scenarios = scenarios(&prepared, "[[scenario]]\nname = \"long\"\nattendance.terms = 30\n");
    let why = what_if(&prepared, &scenarios, Model::EstimatedAgain).unwrap_err().to_string();
    assert!(why.starts_with("scenario \"long\": 2024-09-30 is outside the school calendar"), "{why}");
}

#[test]
fn the_screen_says_first_that_nothing_is_decided_and_names_families_on_request_only() {
    let prepared = nine_families();
    let scenarios = scenarios(&prepared, "[[scenario]]\nname = \"89\"\nattendance.threshold_percent = 89\n");
    let found = what_if(&prepared, &scenarios, Model::EstimatedAgain).unwrap();
    let shown = Shown { found: &found, grid: None, prepared: &prepared, inputs: &[] };
    let said = text(&shown, false, Screen::wide(200));
    assert!(said.starts_with("WHAT IF: SCENARIOS, NOT DECISIONS."), "{said}");
    assert!(
        said.contains("1 period: low_attendance (attendance below the threshold) -> claimable (every rule is met)"),
        "{said}"
    );
    assert!(!said.contains("B1"), "{said}");
    assert!(text(&shown, true, Screen::wide(200)).contains("B1 of family B: low_attendance"));
}

// What is said once payment is suspended, and that a green does not stand alone beside a small chance.
#[test]
fn after_the_suspension_no_sum_is_expected_and_a_green_is_said_with_its_chance() {
    let prepared = nine_families();
    let scenarios = scenarios(&prepared, "[[scenario]]\nname = \"89\"\nattendance.threshold_percent = 89\n");
    let mut found = what_if(&prepared, &scenarios, Model::EstimatedAgain).unwrap();
    found.payment_is_suspended = true;
    let said = |found: &sfclaim::forecast::whatif::WhatIf| {
        let shown = Shown { found, grid: None, prepared: &prepared, inputs: &[] };
        text(&shown, false, Screen::wide(1000))
    };
    let suspended = said(&found);
    for words in [
        "Today 1 family can be claimed now (would have been worth £800)",
        "1 more family can be claimed now (would have been worth £800 more)",
        "What the same results would have been worth, to the nearest £100",
        "no sum here is money to expect",
    ] {
        assert!(suspended.contains(words), "{words}: {suspended}");
    }
    for heading in ["Expected", "At risk", "Shortfall", "grant at risk"] {
        assert!(!suspended.contains(heading), "{heading}: {suspended}");
    }
    let shown = Shown { found: &found, grid: None, prepared: &prepared, inputs: &[] };
    let json = sfclaim::report::views::whatif::data(&shown, false);
    assert_eq!(json["sums_are"], "what the same results would have been worth");
    // The estimate that is no answer stands in a paragraph of its own.
    let apart = suspended.lines().position(|line| line.starts_with("Not the answer, and beside it")).unwrap();
    assert_eq!(suspended.lines().nth(apart - 1), Some(""));
    assert!(!suspended.contains(" Again"), "{suspended}");

    found.payment_is_suspended = false;
    assert!(!said(&found).contains("is green"), "red is red");
    found.today.figures.rag_line = Some(sfclaim::rules::position::Rag::Green);
    found.today.figures.expected.as_mut().unwrap().grant.as_mut().unwrap().target_reached = 0.12;
    let green = said(&found);
    assert!(
        green.contains("The target is green on claims so far and the straight line, but by the model the chance of reaching it is 12%."),
        "{green}"
    );
    found.hardly_held = vec!["Summer 2023/24".to_owned()];
    assert!(said(&found).contains("First: hardly any attendance is held of Summer 2023/24 yet"));
}

// By hand: at 89 one family of £800 more, and at two places, of which one claim has taken one, no more money for it. With 600
// places £800 is at risk for each of 63 more.
#[test]
fn each_scenario_has_a_sentence_with_its_difference_from_today() {
    let prepared = nine_families();
    let scenarios = scenarios(
        &prepared,
        "[[scenario]]\nname = \"89\"\nattendance.threshold_percent = 89\n\
         [[scenario]]\nname = \"two places\"\nattendance.threshold_percent = 89\nfunded_places = 2\n\
         [[scenario]]\nname = \"600 places\"\nfunded_places = 600\n\
         [[scenario]]\nname = \"nobody\"\nresolve.school = 0\n\
         [[scenario]]\nname = \"none\"\nconversion.all = 0\n",
    );
    let found = what_if(&prepared, &scenarios, Model::EstimatedAgain).unwrap();
    let shown = Shown { found: &found, grid: None, prepared: &prepared, inputs: &[] };
    let json = sfclaim::report::views::whatif::data(&shown, false);
    let sentence = |place: usize| json["scenarios"][place]["sentence"].as_str().unwrap().to_owned();
    let claims = found.today.figures.expected.as_ref().unwrap().claims;
    let today =
        format!("Today 1 family can be claimed now (£800); about {claims:.0} claims are to be expected by 2025-03-31;");
    assert!(json["today"]["sentence"].as_str().unwrap().starts_with(&today), "{}", json["today"]["sentence"]);
    assert!(
        sentence(0).starts_with("With \"89\": 1 more family can be claimed now (£800 more); about "),
        "{}",
        sentence(0)
    );
    assert!(
        sentence(1).starts_with(
            "With \"two places\": 1 more family can be claimed now (the same money within the funded places left); about "
        ),
        "{}",
        sentence(1)
    );
    assert_eq!(
        sentence(2),
        "With \"600 places\": as many families can be claimed now as today; about as many claims by 2025-03-31; grant at risk about £50,400 more; the chance of the target stays at less than 1%."
    );
    assert_eq!(sentence(3), "With \"nobody\": what can be claimed and what is expected stay as today.");
    // One claim is made and none comes.
    let number = format!("{:.0}", claims - 1.0);
    let word = if number == "1" { "claim" } else { "claims" };
    let fewer = format!("as today; about {number} fewer {word} by 2025-03-31; grant at risk about £");
    assert!(sentence(4).contains(&fewer), "{}", sentence(4));
    let difference = &json["scenarios"][1]["difference_from_today"];
    assert_eq!((difference["claimable_families"].as_i64(), difference["value"].as_str()), (Some(1), Some("0.00")));
    let difference = &json["scenarios"][2]["difference_from_today"];
    assert_eq!(
        (difference["expected_at_risk"].as_str(), difference["year_end"].as_f64()),
        (Some("50400.00"), Some(0.0))
    );
    // All of it is on the screen too.
    let said = text(&shown, false, Screen::wide(1000));
    for sentence in (0..5).map(sentence).chain(json["today"]["sentence"].as_str().map(str::to_owned)) {
        assert!(said.contains(&sentence), "{sentence}");
    }
    // Two families of £800, and one place left for them.
    let row = said.lines().find(|line| line.starts_with("  two places ")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>()[2..5], ["2", "+1", "£800"]);
    assert_eq!(json["scenarios"][1]["figures"]["claimable_value"], "1600.00");
    for explained in json["explained"].as_array().unwrap() {
        assert!(said.contains(explained.as_str().unwrap()), "{explained}");
    }
}

#[test]
fn the_screen_keeps_to_a_hundred_columns() {
    let prepared = nine_families();
    let known = Known::of(&prepared);
    let mut text_of_all = String::from(
        "[[scenario]]\nname = \"resolve.attendance.no_attendance_on_record = 0.5, sustainment.months = 3, attendance.threshold_percent = 88\"\n\
         resolve.attendance.no_attendance_on_record = 0.5\nsustainment.months = 3\nattendance.threshold_percent = 88\n",
    );
    for places in 600..608 {
        text_of_all.push_str(&format!("[[scenario]]\nname = \"with {places} places\"\nfunded_places = {places}\n"));
    }
    let found = what_if(&prepared, &scenarios(&prepared, &text_of_all), Model::EstimatedAgain).unwrap();
    let axes = ["attendance.threshold_percent=88..91", "target=600..660"];
    let axes = axes.into_iter().map(|text| axis(text, &known).unwrap()).collect();
    let grid = grid(&prepared, axes, Some(Of::AtRisk)).unwrap();
    let shown = Shown { found: &found, grid: Some(&grid), prepared: &prepared, inputs: &[] };
    let said = text(&shown, true, Screen::wide(100));
    for line in said.lines() {
        assert!(line.chars().count() <= 100, "{}: {line}", line.chars().count());
    }
    // Every column of the grid is there, in blocks, and today's cell in brackets: 90, and the year's target of 624.
    assert!((600..=660).all(|target| said.contains(&format!(" {target}"))), "{said}");
    assert_eq!((grid.today_at, said.matches("[£").count()), (Some((2, 24)), 1));
    assert!(said.contains("at attendance.threshold_percent 90 and target 624."), "{said}");
}

#[test]
fn the_heat_map_has_every_figure_as_text_and_in_a_table() {
    let prepared = nine_families();
    let axes = ["attendance.threshold_percent=88..91", "sustainment.months=3,6,9"];
    let known = Known::of(&prepared);
    let axes = axes.into_iter().map(|text| axis(text, &known).unwrap()).collect();
    let found = what_if(&prepared, &[], Model::EstimatedAgain).unwrap();
    let grid = grid(&prepared, axes, Some(Of::Claimable)).unwrap();
    let page = page(&grid, &found);
    // Twelve cells, today's outline, and a legend of today and the four shades of 0, 1, 2 and 3 families.
    assert_eq!((page.matches("<rect").count(), page.matches("<li>").count()), (12 + 1 + 5, 5));
    assert_eq!((page.matches("<td>").count(), page.matches("<td class=\"today\">1<br>").count()), (11, 1));
    assert_eq!((page.matches("<th scope=\"row\">").count(), page.matches("<th scope=\"col\">").count()), (4, 3));
    // The names of both axes once in the map and once in the table, and in no heading again.
    assert!(page.contains(">sustainment.months \u{2192}<") && page.contains(">attendance.threshold_percent \u{2193}<"));
    assert!(
        page.contains("colspan=\"3\" class=\"across\">sustainment.months<")
            && page.contains("<th scope=\"col\">6</th>")
    );
    assert_eq!((page.matches("<h1>").count(), page.matches("<caption").count()), (1, 1));
    assert!(page.contains("role=\"img\" aria-labelledby=\"map-title-1 map-about-1\""));
    assert!(page.contains("scenarios, not decisions"));
    assert!(!page.contains("<script") && !page.contains("http://www.w3.org/1999"));
    let shown = Shown { found: &found, grid: Some(&grid), prepared: &prepared, inputs: &[] };
    let said = text(&shown, false, Screen::wide(100));
    assert!(said.contains("3 #") && said.contains("0 .") && said.contains("[1] :"), "{said}");
}

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A data folder with the nine families, and these files beside.
fn data(place: &Path, more: &[(&str, &str)]) -> String {
    let folder = place.join("data");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files() {
        std::fs::write(folder.join(name), text).unwrap();
    }
    for (name, text) in more {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder.display().to_string()
}

#[test]
fn no_other_command_takes_scenarios_for_a_run() {
    let place = tempfile::tempdir().unwrap();
    let data =
        data(place.path(), &[("scenarios.toml", "[[scenario]]\nname = \"89\"\nattendance.threshold_percent = 89\n")]);
    let path = |name: &str| -> (PathBuf, String) {
        let path = place.path().join(name);
        (path.clone(), path.display().to_string())
    };
    let ((out, out_text), (_, run)) = (path("out"), path("run"));
    let what_if = |more: &[&str]| {
        let mut arguments = vec!["whatif", &data, "--as-at", "2024-09-30"];
        arguments.extend(more);
        sfclaim(&arguments)
    };
    let made = what_if(&["--grid", "sustainment.months=3,6", "--out", &out_text]);
    assert_eq!(made.status.code(), Some(0), "{}", words(&made.stderr));
    let mut names: Vec<String> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["whatif_families.csv", "whatif_grid.csv", "whatif_grid.html", "whatif_scenarios.csv", "whatif_scenarios.json"]
    );
    for name in names.iter().filter(|name| name.ends_with(".csv")) {
        let text = std::fs::read_to_string(out.join(name)).unwrap();
        assert!(text.starts_with("scenario,"), "{name}: {text}");
    }
    let families = std::fs::read_to_string(out.join("whatif_families.csv")).unwrap();
    assert!(
        families.contains("89,B1,B,low_attendance,attendance below the threshold,claimable,every rule is met,"),
        "{families}"
    );
    let json = std::fs::read_to_string(out.join("whatif_scenarios.json")).unwrap();
    assert!(json.starts_with("{\n  \"scenario\": \"What if: scenarios, not decisions."), "{json}");
    assert!(!json.contains("\"B1\""), "{json}");
    // Again, over what it wrote itself, with the same bytes.
    let again = what_if(&["--grid", "sustainment.months=3,6", "--out", &out_text]);
    assert_eq!((again.status.code(), words(&again.stdout)), (Some(0), words(&made.stdout)));
    assert_eq!(std::fs::read_to_string(out.join("whatif_scenarios.json")).unwrap(), json);

    assert_eq!(sfclaim(&["check", &data, "--as-at", "2024-09-30", "--quiet", "--out", &run]).status.code(), Some(0));
    for arguments in [
        vec!["compare", &out_text, &run],
        vec!["compare", &run, &out_text],
        vec!["check", &data, "--as-at", "2024-09-30", "--since", &out_text],
        vec!["position", &data, "--as-at", "2024-09-30", "--since", &out_text],
    ] {
        let refused = sfclaim(&arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(words(&refused.stderr).contains("holds scenarios of `sfclaim whatif`, which are not decisions"));
    }
    let refused = sfclaim(&["check", &data, "--as-at", "2024-09-30", "--out", &out_text]);
    assert!(words(&refused.stderr).contains("is not a folder that this command made"), "{}", words(&refused.stderr));
    let refused = what_if(&["--out", &run, "--force"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(words(&refused.stderr).contains("holds the decisions of a check"), "{}", words(&refused.stderr));
}

#[test]
fn what_is_typed_makes_one_more_scenario_and_nothing_to_try_is_told() {
    let place = tempfile::tempdir().unwrap();
    let data = data(place.path(), &[]);
    let what_if = |more: &[&str]| {
        let mut arguments = vec!["whatif", &data, "--as-at", "2024-09-30"];
        arguments.extend(more);
        sfclaim(&arguments)
    };
    let nothing = what_if(&[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(words(&nothing.stderr).contains("there is nothing to try: put scenarios.toml into the data folder"));
    let set = ["--set", "attendance.threshold_percent=89", "--set", "target=10", "--json", "--show-families"];
    let json: serde_json::Value = serde_json::from_slice(&what_if(&set).stdout).unwrap();
    assert_eq!(json["scenarios"][0]["scenario"], "attendance.threshold_percent = 89, target = 10");
    assert_eq!(json["scenarios"][0]["figures"]["claimable_families"], 2);
    assert_eq!(json["scenarios"][0]["flips"][0]["case_id"], "B1");
    assert_eq!(json["today"]["figures"]["claimable_families"], 1);
    for (more, expected) in [
        (vec!["--set", "attendance.treshold_percent=89"], "Did you mean \"attendance.threshold_percent\"?"),
        (vec!["--set", "target"], "has no \"=\""),
        (vec!["--set", "payment=1", "--set", "payment.per_family=2"], "twice"),
        (vec!["--scenarios", "nowhere.toml"], "There is no such file"),
    ] {
        let refused = what_if(&more);
        assert_eq!(refused.status.code(), Some(2), "{more:?}");
        assert!(words(&refused.stderr).contains(expected), "{more:?}: {}", words(&refused.stderr));
    }
}

// What is changed in the pack holds at past days too, whichever framework applies there.
#[test]
fn rules_keep_their_changes_for_past_days() {
    let prepared = nine_families();
    let changed = prepared.rules.with(&[Override::read("sustainment.months=3").unwrap()]).unwrap();
    let past = prepared.rules_at(&changed, "2023-12-31".parse().unwrap()).unwrap();
    assert_eq!((past.parameters.sustainment_months, past.changes.len()), (3, 1));
}
