//! The sample authority from its files to every output, as a person would run it.

mod support;

use sfclaim::attend::named::NamedTerms;
use sfclaim::decide::Status;
use sfclaim::evaluate::Verdict;
use sfclaim::load;
use sfclaim::report::output::folder::OutFolder;
use sfclaim::report::output::page::Screen;
use sfclaim::report::views::people::People;
use sfclaim::report::views::{check, explain, review};
use sfclaim::rules::name::RuleName;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Prepared, judge, prepare};
use sfclaim::sample::boundary_families;
use sfclaim::validate::rows::ClaimOutcome;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::question;

fn sample_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")
}

fn sample_at(as_at: &str) -> (load::Loaded, Prepared) {
    let loaded = load::load(&sample_data()).unwrap();
    let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question(as_at, &[], None).unwrap()).unwrap();
    (loaded, prepared)
}

// The figures of the two council reports (shared with the design; see docs/sample.md): 312 results in 2022/23, 391 in
// 2023/24, 91 in the second quarter of 2024/25 and 176 in the half year, about 3,000 since 2010, 550 to 600
// families open, 38% of the Transforming Lives cases meet the criteria.
#[test]
fn the_sample_tells_the_story_of_the_two_reports() {
    let (_, prepared) = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let results = |from: &str, to: &str| {
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        let claims = outcome.linked.families.iter().flat_map(|family| &family.claims);
        claims
            .filter(|claim| matches!(claim.outcome, ClaimOutcome::Approved | ClaimOutcome::Submitted))
            .filter(|claim| (from..=to).contains(&claim.submitted_on))
            .count()
    };
    assert_eq!(results("2022-04-01", "2023-03-31"), 312);
    assert_eq!(results("2023-04-01", "2024-03-31"), 391);
    assert_eq!(results("2024-04-01", "2024-06-30"), 85);
    assert_eq!(results("2024-07-01", "2024-09-30"), 91);
    assert!((2950..=3050).contains(&results("2010-01-01", "2024-09-30")));
    assert!((550..=600).contains(&outcome.totals.open_families));
    assert_eq!(outcome.totals.approved_this_year + outcome.totals.submitted_this_year, 176);
    assert_eq!(outcome.totals.places_left, Some(537 - 176));

    let lives: Vec<_> = outcome
        .linked
        .periods
        .iter()
        .flat_map(|period| {
            period.cases.iter().filter(|case| case.source == "transforming_lives").map(move |case| {
                let needs = period.needs.iter().filter(|need| need.case_id == case.case_id);
                needs.map(|need| need.criterion.headline).collect::<BTreeSet<u8>>().len() >= 3
            })
        })
        .collect();
    let eligible = lives.iter().filter(|eligible| **eligible).count();
    assert_eq!((eligible * 200 + lives.len()) / (2 * lives.len()), 38, "{eligible} of {}", lives.len());
}

#[test]
fn the_sample_has_every_status_and_every_verdict_and_no_broken_row() {
    let (_, prepared) = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    for status in Status::ALL {
        assert!(outcome.totals.by_status[&status] > 0, "no {status}");
    }
    let seen: BTreeSet<(RuleName, &str)> = outcome
        .decisions
        .iter()
        .flat_map(|decision| RuleName::ALL.map(|rule| (rule, decision.evaluated.verdict(rule).word())))
        .collect();
    // Every verdict that the contract gives each rule. Evidence cannot be unknown while nothing is required,
    // and eligibility only where a row is broken.
    let (met, not_met, not_yet) = (Verdict::Met.word(), Verdict::NotMet.word(), Verdict::NotYet(None).word());
    let (unknown, not_applicable) = (Verdict::Unknown.word(), Verdict::NotApplicable.word());
    for (rule, verdicts) in [
        (RuleName::Eligibility, vec![met, not_met, not_yet]),
        (RuleName::Family, vec![met, not_met, unknown]),
        (RuleName::Progress, vec![met, not_met, not_yet, unknown, not_applicable]),
        (RuleName::Sustainment, vec![met, not_met, not_yet, unknown, not_applicable]),
        (RuleName::Attendance, vec![met, not_met, unknown, not_applicable]),
        (RuleName::Reclaim, vec![met, not_met, not_yet, unknown]),
        (RuleName::Timeliness, vec![met, unknown]),
        (RuleName::Evidence, vec![met]),
    ] {
        for verdict in verdicts {
            assert!(seen.contains(&(rule, verdict)), "no {rule} {verdict}");
        }
    }
    assert!(outcome.prepared.register.held.is_empty());
    assert!(!outcome.findings.any_error());
}

#[test]
fn every_boundary_family_has_the_status_that_it_was_made_for() {
    let (_, prepared) = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let mut tried = 0;
    for family in boundary_families() {
        let mut periods: Vec<_> =
            outcome.decisions.iter().filter(|decision| decision.family_id.as_str() == family.id).collect();
        periods.sort_by_key(|decision| outcome.linked.periods[decision.period].opened_on);
        let found: Vec<&str> = periods.iter().map(|decision| decision.status.word()).collect();
        assert_eq!(found, family.statuses, "{}: {}", family.id, family.what);
        tried += 1;
    }
    assert!(tried > 60);
}

#[test]
fn the_same_run_twice_gives_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let run = |name: &str| {
        let (loaded, prepared) = sample_at("2024-09-30");
        let outcome = judge(&prepared, prepared.rules.clone());
        let folder = OutFolder::begin(&place.path().join(name), &check::ours(), check::MARKER, false).unwrap();
        check::write(&folder, &outcome, &loaded, true).unwrap();
        folder.finish().unwrap();
        check::NAMES.map(|file| std::fs::read(place.path().join(name).join(file)).unwrap())
    };
    assert!(run("one") == run("two"));
}

#[test]
fn the_sample_is_made_again_to_the_letter() {
    // The files in git are what the command in docs/sample.md makes.
    let made = tempfile::tempdir().unwrap();
    let out = made.path().join("sample");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"))
        .args(["sample", "--families", "580", "--seed", "218", "--from", "2021-04-01", "--until", "2025-03-31"])
        .args(["--boundaries-at", "2024-09-30", "--attendance", "both", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut size = 0;
    for entry in std::fs::read_dir(&out).unwrap() {
        let name = entry.unwrap().file_name();
        let (ours, kept) = (std::fs::read(out.join(&name)).unwrap(), std::fs::read(sample_data().join(&name)).unwrap());
        size += kept.len();
        assert!(ours == kept, "{} differs", name.to_string_lossy());
    }
    assert!(size < 5_000_000, "the sample has {size} bytes");
}

#[test]
fn the_summary_of_the_sample_reads_well() {
    let (_, prepared) = sample_at("2024-09-30");
    insta::assert_snapshot!(
        "summary",
        check::page::summary(&judge(&prepared, prepared.rules.clone()), Screen::wide(100))
    );
}

#[test]
fn the_review_of_the_sample_reads_well() {
    let (_, prepared) = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let text = review::text(
        &outcome,
        &People::of(&outcome.linked, &prepared, true),
        &outcome.review(31),
        31,
        Screen::wide(100),
    );
    // The counts and the first of the periods; the rest is more of the same.
    let beginning: Vec<&str> = text.lines().take(90).collect();
    let end: Vec<&str> = text.lines().rev().take(8).collect::<Vec<&str>>().into_iter().rev().collect();
    insta::assert_snapshot!("review", [beginning, vec!["..."], end].concat().join("\n"));
}

#[test]
fn an_explanation_of_each_status_reads_well() {
    let (loaded, prepared) = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    for status in Status::ALL {
        let decision = outcome
            .decisions
            .iter()
            .filter(|decision| !decision.case_id.as_str().starts_with('B'))
            .find(|decision| decision.status == status)
            .unwrap();
        let records = explain::records(&outcome, &[decision], &loaded).unwrap();
        let text = explain::text(&explain::explain(&outcome, decision, &records, &[], false), Screen::wide(100));
        insta::assert_snapshot!(format!("explain_{status}"), text);
    }
}

#[test]
fn names_are_shown_only_on_request() {
    let (_, prepared) = sample_at("2024-09-30");
    let outcome = judge(&prepared, prepared.rules.clone());
    let decision = outcome.decisions.iter().find(|decision| !decision.evaluated.children.is_empty()).unwrap();
    let child = &decision.evaluated.children[0].person_id;
    let row = prepared.register.people.iter().flatten().find(|row| row.person_id == *child).unwrap();
    let name = row.first_name.clone().unwrap();
    let records = NamedTerms::default();
    let text =
        |show_names| explain::text(&explain::explain(&outcome, decision, &records, &[], show_names), Screen::wide(100));
    assert!(!text(false).contains(&name));
    assert!(text(true).contains(&name));
}

#[test]
fn payment_by_results_is_said_to_be_suspended_from_18_november_2024() {
    let notice = |as_at: &str| {
        let (_, prepared) = sample_at(as_at);
        check::page::summary(&judge(&prepared, prepared.rules.clone()), Screen::wide(100))
            .contains("suspended on 18 November 2024")
    };
    assert!(!notice("2024-11-17"));
    assert!(notice("2024-11-18"));
    assert!(notice("2025-03-31"));
}
