//! The replay decides at past days as a run for that day would, and the pipeline counts families once.

#![allow(clippy::all, reason = "the generator is shared with the reference, which is plain on purpose")]

#[path = "support/generated.rs"]
mod generated;
mod reference;
mod support;

use generated::{loaded_of, tables_of};
use proptest::prelude::*;
use reference::generate::authority;
use sfclaim::dates::{Date, add_months};
use sfclaim::decide::Decision;
use sfclaim::forecast::pipeline::{Needed, pipeline};
use sfclaim::forecast::prospect::{Prospect, family_states};
use sfclaim::forecast::replay::{Alike, decided_at, replay};
use sfclaim::load::{self, Loaded};
use sfclaim::rules::Rules;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{DecidedAt, Prepared, decided, prepare, statuses};
use std::path::Path;
use std::sync::LazyLock;
use support::{Table, loaded, question, table};

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::built_in().unwrap());

/// Rules of which much changes within the framework.
static CHANGING: LazyLock<Pack> = LazyLock::new(|| {
    let parameter = |key: &str, values: &[(&str, &str)]| {
        let said = "source = \"sfclaim\", standing = \"local\", last_checked = 2026-11-26";
        let values: String =
            values.iter().map(|(from, value)| format!("{{ from = {from}, value = {value}, {said} }},")).collect();
        format!("[[parameter]]\nkey = \"{key}\"\nvalues = [{values}]\n")
    };
    let text = [
        "id = \"supporting-families-2022-25\"\n".to_owned(),
        parameter("attendance.threshold_percent", &[("2023-05-20", "80"), ("2024-01-01", "95"), ("2024-07-01", "90")]),
        parameter("attendance.terms", &[("2023-02-01", "1"), ("2023-12-31", "3"), ("2024-06-30", "2")]),
        parameter("attendance.window", &[("2023-10-01", "\"held\""), ("2024-05-01", "\"completed\"")]),
        parameter("eligibility.minimum_criteria", &[("2023-03-31", "2"), ("2024-04-01", "3")]),
        parameter("sustainment.months", &[("2023-09-01", "3"), ("2024-02-29", "6")]),
        parameter("reclaim.years", &[("2023-07-01", "1"), ("2024-03-31", "2")]),
    ];
    let (pack, problems) = Pack::changed("changing", vec![("frameworks/changing.toml".to_owned(), text.concat())]);
    assert!(problems.is_empty(), "{problems:?}");
    pack
});

fn prepared(loaded: &Loaded, as_at: &str, set: &[(String, String)]) -> Result<Prepared, String> {
    prepared_by(&PACK, loaded, as_at, set)
}

fn prepared_by(pack: &Pack, loaded: &Loaded, as_at: &str, set: &[(String, String)]) -> Result<Prepared, String> {
    prepare(loaded, pack, &question(as_at, set, None)?).map_err(|why| why.to_string())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// What is decided, in words, for comparing.
fn said(decided: &DecidedAt) -> Vec<String> {
    let one = |decision: &Decision| {
        let rulings: Vec<String> = decision
            .evaluated
            .rulings
            .iter()
            .map(|ruling| format!("{:?} {}", ruling.verdict, ruling.because))
            .collect();
        format!(
            "{} {} {} {:?} {:?} {} {rulings:?}",
            decision.case_id,
            decision.family_id,
            decision.status,
            decision.earliest_claim_on,
            decision.earliest_possible_on,
            decision.reason,
        )
    };
    decided.decisions.iter().map(one).collect()
}

fn from_scratch(loaded: &Loaded, as_at: &str, set: &[(String, String)]) -> Result<Vec<String>, String> {
    from_scratch_by(&PACK, loaded, as_at, set)
}

fn from_scratch_by(pack: &Pack, loaded: &Loaded, as_at: &str, set: &[(String, String)]) -> Result<Vec<String>, String> {
    let prepared = prepared_by(pack, loaded, as_at, set)?;
    Ok(said(&decided(&prepared.register, &prepared.rules, prepared.as_at)))
}

#[test]
fn past_quarter_ends_of_the_sample_come_out_as_a_run_for_that_day() {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    let prepared = prepared(&loaded, "2024-12-31", &[]).unwrap();
    for on in ["2023-03-31", "2024-03-31", "2024-09-30"] {
        let (_, again) = decided_at(&prepared, &prepared.rules, day(on)).unwrap();
        assert_eq!(said(&again), from_scratch(&loaded, on, &[]).unwrap(), "{on}");
    }
    let replay = replay(&prepared, Alike { rules: &prepared.rules, passed_over: &[] }, 12);
    let on: Vec<String> = replay.past.iter().map(|past| past.on.to_string()).collect();
    // The framework came into force on 3 October 2022, and the sample keeps attendance of 30 months, so that of the first
    // quarter end a term is missing.
    assert_eq!(on.last().map(String::as_str), Some("2024-09-30"));
    assert_eq!(on.len() + replay.skipped.len(), 12);
    assert!(
        replay
            .skipped
            .iter()
            .any(|skipped| skipped.on == day("2022-09-30") && skipped.why.contains("no framework was in force"))
    );
    for past in &replay.past {
        assert!(past.states.windows(2).all(|pair| pair[0].family < pair[1].family), "a family once, in order");
    }
}

// Each quarter end has the values of its own day, in the replay that the forecast learns from too.
#[test]
fn past_days_of_the_sample_have_the_values_of_their_day() {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    let set = [("reclaim.years".to_owned(), "1".to_owned())];
    let prepared = prepared_by(&CHANGING, &loaded, "2024-12-31", &set).unwrap();
    let mut thresholds = Vec::new();
    for on in ["2023-06-30", "2023-12-31", "2024-03-31", "2024-09-30"] {
        let (rules, again) = decided_at(&prepared, &prepared.rules, day(on)).unwrap();
        assert_eq!(said(&again), from_scratch_by(&CHANGING, &loaded, on, &set).unwrap(), "{on}");
        thresholds.push((
            rules.parameters.threshold.to_string(),
            rules.parameters.terms,
            rules.parameters.reclaim_years,
        ));
    }
    let of = |threshold: &str, terms| (threshold.to_owned(), terms, 1);
    assert_eq!(thresholds, [of("80", 1), of("80", 3), of("95", 3), of("90", 2)]);
    let (changing, always) = (replay(&prepared, as_today(&prepared), 8), {
        let prepared = self::prepared(&loaded, "2024-12-31", &set).unwrap();
        replay(&prepared, as_today(&prepared), 8)
    });
    let states = |replay: &sfclaim::forecast::replay::Replay, on: &str| {
        let past = replay.past.iter().find(|past| past.on == day(on)).unwrap();
        past.states.iter().map(|state| format!("{state:?}")).collect::<Vec<_>>()
    };
    assert_ne!(states(&changing, "2024-03-31"), states(&always, "2024-03-31"));
    assert_eq!(states(&changing, "2024-09-30"), states(&always, "2024-09-30"));
}

#[test]
fn past_quarter_ends_pass_over_the_terms_that_lie_as_far_back_as_those_of_today() {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap();
    let prepared = prepared(&loaded, "2024-12-31", &[]).unwrap();
    let on = day("2024-09-30");
    let states = |passed_over: &[usize]| {
        let replay = replay(&prepared, Alike { rules: &prepared.rules, passed_over }, 1);
        format!("{:?}", replay.past.iter().find(|past| past.on == on).unwrap().states)
    };
    let rules = prepared.rules_at(&prepared.rules, on).unwrap();
    // The latest term completed by 30 September 2024 is that of the summer.
    let summer = rules.calendar.completed_terms(on).next_back().unwrap();
    let rules = Rules { passed_over: vec![summer], ..rules };
    let by_terms_before = decided(&prepared.register, &rules, on);
    let expected = family_states(&by_terms_before.linked, &by_terms_before.decisions, &rules);
    assert_eq!(states(&[0]), format!("{expected:?}"));
    assert_ne!(states(&[0]), states(&[]));
}

/// Past days judged by the rules of today, with no term passed over.
fn as_today(prepared: &Prepared) -> Alike<'_> {
    Alike { rules: &prepared.rules, passed_over: &[] }
}

proptest! {
    #![proptest_config(generated::trials(250))]

    #[test]
    fn earlier_days_have_the_values_of_their_day(authority in authority(), months_before in 1..24i32) {
        let loaded = loaded_of(&authority, &tables_of(&authority));
        prop_assume!(loaded.is_ok());
        let loaded = loaded.unwrap();
        let later = prepared_by(&CHANGING, &loaded, &authority.as_at, &authority.set);
        let on = add_months(day(&authority.as_at), -months_before).to_string();
        let scratch = from_scratch_by(&CHANGING, &loaded, &on, &authority.set);
        if let (Ok(later), Ok(scratch)) = (later, scratch) {
            prop_assert_eq!(said(&decided_at(&later, &later.rules, day(&on)).unwrap().1), scratch);
        }
    }

    #[test]
    fn earlier_days_of_generated_authorities_come_out_as_a_run_for_that_day(
        authority in authority(), months_before in 1..24i32,
    ) {
        let loaded = loaded_of(&authority, &tables_of(&authority));
        prop_assume!(loaded.is_ok());
        let loaded = loaded.unwrap();
        let later = prepared(&loaded, &authority.as_at, &authority.set);
        let on = add_months(day(&authority.as_at), -months_before).to_string();
        let scratch = from_scratch(&loaded, &on, &authority.set);
        if let (Ok(later), Ok(scratch)) = (later, scratch) {
            let (rules, again) = decided_at(&later, &later.rules, day(&on)).unwrap();
            prop_assert_eq!(said(&again), scratch);
            // The short cut for many days gives the same statuses and days.
            let (_, short) = statuses(&again.linked, &later.register, &rules);
            let mut short = short.into_list();
            short.sort_by(|a, b| a.case_id.cmp(&b.case_id));
            let kept = |decision: &Decision| {
                (decision.case_id.clone(), decision.status, decision.earliest_claim_on, decision.earliest_possible_on)
            };
            let (short, whole): (Vec<_>, Vec<_>) = (short.iter().map(kept).collect(), again.decisions.iter().map(kept).collect());
            prop_assert_eq!(short, whole);
        }
    }
}

/// Six families as at 30 September 2024, by hand (no table of people asked for: `family.require_dependent` is off and nobody
/// has a school-age child, so attendance is not applicable).
fn six_families() -> Vec<Table> {
    let cases = table(
        "cases.csv",
        &[
            "case_id,family_id,opened_on,closed_on",
            "A1,A,2023-05-01,2024-02-01", // all met on 15 January 2024: claimable from 15 July
            "B1,B,2023-06-01,2024-07-10", // met on 1 July 2024: waits until 1 January 2025
            "C1,C,2024-05-01,",           // open needs: 30 September + 6 months = 31 March 2025 at the earliest
            "D1,D,2023-05-01,2024-02-01", // as A, and shares a person with E, which has open needs
            "E1,E,2023-12-01,",           // open before the progress of D, so that it breaks no months
            "F1,F,2023-05-01,2024-02-01", // closed without an outcome: not on its way, unless somebody looks: review
        ],
    );
    let criteria = table(
        "criteria.csv",
        &[
            "case_id,criterion,outcome_on",
            "A1,3,2024-01-15",
            "A1,5,2024-01-15",
            "A1,7,2024-01-15",
            "B1,3,2024-07-01",
            "B1,5,2024-07-01",
            "B1,7,2024-07-01",
            "C1,3,",
            "C1,5,",
            "C1,7,",
            "D1,3,2024-01-15",
            "D1,5,2024-01-15",
            "D1,7,2024-01-15",
            "E1,3,",
            "E1,5,",
            "E1,7,",
            "F1,3,2024-01-15",
            "F1,5,2024-01-15",
            "F1,7,",
        ],
    );
    let people = table(
        "people.csv",
        &[
            "person_id,family_id,date_of_birth,role",
            "P1,A,1990-01-01,adult",
            "P2,B,1990-01-01,adult",
            "P3,C,1990-01-01,adult",
            "P4,D,1990-01-01,adult",
            "P4,E,1990-01-01,adult",
            "P5,F,1990-01-01,adult",
        ],
    );
    let claims = table("claims.csv", &["claim_id,family_id,submitted_on,outcome"]);
    vec![cases, criteria, people, claims]
}

// As at 31 May 2024 attendance of Autumn 2023/24 and Spring 2024 counts. LEAVER's child, 16 in January, leaves school on the
// last Friday in June, the 28th, before two good terms could have ended; YOUNGER's must have two; ONE's only Spring was good,
// so that the end of the summer term is enough.
#[test]
fn attendance_holds_a_family_up_until_terms_end_or_its_children_leave_school() {
    let families = ["LEAVER", "ONE", "YOUNGER"];
    let rows = |of: &dyn Fn(&str) -> Vec<String>| families.iter().flat_map(|family| of(family)).collect::<Vec<_>>();
    let lines = |file: &str, header: &str, rows: Vec<String>| {
        table(file, &std::iter::once(header).chain(rows.iter().map(String::as_str)).collect::<Vec<_>>())
    };
    let tables = vec![
        lines(
            "cases.csv",
            "case_id,family_id,opened_on,closed_on",
            rows(&|f| vec![format!("C{f},{f},2023-01-01,2023-09-10")]),
        ),
        lines(
            "criteria.csv",
            "case_id,criterion,outcome_on",
            rows(&|f| [3, 5, 7].map(|need| format!("C{f},{need},2023-09-01")).to_vec()),
        ),
        table(
            "people.csv",
            &[
                "person_id,family_id,date_of_birth,role",
                "PLEAVER,LEAVER,2008-01-15,child",
                "PONE,ONE,2012-01-15,child",
                "PYOUNGER,YOUNGER,2012-01-15,child",
            ],
        ),
        lines(
            "attendance.csv",
            "person_id,academic_year,term,possible,attended",
            rows(&|f| {
                let spring = if f == "ONE" { 110 } else { 60 };
                vec![format!("P{f},2023/24,Autumn,140,80"), format!("P{f},2023/24,Spring,110,{spring}")]
            }),
        ),
        table("claims.csv", &["claim_id,family_id,submitted_on,outcome"]),
    ];
    let prepared = prepared(&loaded(&tables).unwrap(), "2024-05-31", &[]).unwrap();
    let decided = decided(&prepared.register, &prepared.rules, prepared.as_at);
    let states = sfclaim::forecast::prospect::family_states(&decided.linked, &decided.decisions, &prepared.rules);
    assert!(states.iter().all(|state| state.prospect == Prospect::LowAttendance), "{states:?}");
    use sfclaim::forecast::prospect::HeldUp::{MoreTerms, OneTerm, UntilTheyLeave};
    let held: Vec<_> = states.iter().map(|state| state.held_up.unwrap()).collect();
    assert_eq!(held, [UntilTheyLeave, OneTerm, MoreTerms]);
    assert_eq!(states[0].possible_on, Some(day("2024-06-29")));
    // The pipeline keeps to the rules' own day.
    assert!(decided.decisions[0].earliest_possible_on > Some(day("2024-09-01")));
}

#[test]
fn the_pipeline_counts_each_family_once_at_the_earliest_day_of_its_best_period() {
    let set = [("family.require_dependent".to_owned(), "false".to_owned())];
    let prepared = prepared(&loaded(&six_families()).unwrap(), "2024-09-30", &set).unwrap();
    let decided = decided(&prepared.register, &prepared.rules, prepared.as_at);
    let found = pipeline(&decided.linked, &decided.decisions, Default::default());
    let by_end: Vec<(String, usize)> =
        found.months.iter().map(|month| (month.until.to_string(), month.families)).collect();
    // Now A, D (one with E, which shares a person) and F (in review); B from January; C from the end of March.
    let expected = [
        ("2024-09-30", 3),
        ("2024-10-31", 3),
        ("2024-11-30", 3),
        ("2024-12-31", 3),
        ("2025-01-31", 4),
        ("2025-02-28", 4),
        ("2025-03-31", 5),
    ];
    assert_eq!(by_end, expected.map(|(until, families)| (until.to_owned(), families)));
    assert_eq!(found.by_year_end(), 5);
    let last = &found.months.last().unwrap().needed;
    let count = |needed| last.get(&needed).copied().unwrap_or(0);
    assert_eq!(Needed::ALL.map(count), [2, 1, 1, 0, 1]);
    assert_eq!(found.later, 0);
    let states = sfclaim::forecast::prospect::family_states(&decided.linked, &decided.decisions, &prepared.rules);
    let prospects: Vec<Prospect> = states.iter().map(|state| state.prospect).collect();
    use Prospect::{Claimable, InProgress, Review, Waiting};
    assert_eq!(prospects, [Claimable, Waiting, InProgress, Claimable, InProgress, Review]);
}
