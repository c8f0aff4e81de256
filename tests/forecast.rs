//! `sfclaim forecast` as a person would run it: what it says, its files, and what it says where it knows little.

use std::path::Path;
use std::process::{Command, Output};

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sample_data() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data").display().to_string()
}

fn json(arguments: &[&str]) -> serde_json::Value {
    let run = sfclaim(arguments);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap()
}

// The story of the reports: 176 claims by 30 September 2024, 624 as the target and 537 funded places at £800.
#[test]
fn the_sample_is_forecast_with_its_claims_target_places_and_grant() {
    let found = json(&["forecast", &sample_data(), "--as-at", "2024-09-30", "--json"]);
    let made = &found["claims_made"];
    assert_eq!(made["approved"].as_u64().unwrap() + made["submitted"].as_u64().unwrap(), 176);
    assert_eq!((&found["target"], &found["funded_places"]), (&624.into(), &537.into()));
    let months = found["by_month"].as_array().unwrap();
    assert_eq!(months.len(), 7, "September to March");
    assert_eq!(months[0]["expected"], 176.0);
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    for pair in months.windows(2) {
        assert!(number(&pair[0]["expected"]) <= number(&pair[1]["expected"]));
    }
    for month in months {
        assert!(
            number(&month["low"]) <= number(&month["median"]) && number(&month["median"]) <= number(&month["high"])
        );
    }
    // Never more than what was made and what can mature, and the families that may still come.
    let end = &found["year_end"];
    let most = number(&found["pipeline"]["by_month"][6]["families_at_most"]);
    assert!(number(&end["expected"]) < 176.0 + most);
    // The expected grant and the grant at risk together are all funded places: 537 x 800.
    let pounds = |value: &serde_json::Value| value.as_str().unwrap().parse::<f64>().unwrap();
    let grant = &found["grant"];
    assert!((pounds(&grant["expected_grant"]) + pounds(&grant["expected_at_risk"]) - 429_600.0).abs() < 0.02);
    // The expectation of the shortfall is at least the shortfall of the expectation.
    assert!(pounds(&grant["expected_at_risk"]) >= 800.0 * (537.0 - number(&end["expected"])) - 0.1);
    // The sample has every record of the year, so that what came can be looked up.
    let later = json(&["forecast", &sample_data(), "--as-at", "2025-03-31", "--json"]);
    let came = number(&later["year_end"]["expected"]);
    // What the expected number is made up of adds up to it.
    let parts = &found["made_up_of"];
    let sum: f64 = ["claims_made", "families_today", "families_to_come", "families_without_a_case"]
        .map(|part| number(&parts[part]))
        .iter()
        .sum();
    assert!((sum - number(&end["expected"])).abs() < 0.001, "{sum}");
    let by_kind: f64 =
        found["conversion"].as_array().unwrap().iter().map(|kind| number(&kind["expected_claims"])).sum();
    assert!((by_kind - number(&parts["families_today"])).abs() < 0.001, "{by_kind}");
    assert_eq!(later["year_end"]["low"], later["year_end"]["high"], "nothing is left to happen");
    assert!((number(&end["low"])..=number(&end["high"])).contains(&came), "{came}");
}

#[test]
fn the_screen_says_each_number_in_a_sentence_and_the_files_are_the_same_twice() {
    let place = tempfile::tempdir().unwrap();
    let run = |out: &str| {
        let out = place.path().join(out).display().to_string();
        sfclaim(&["forecast", &sample_data(), "--as-at", "2024-09-30", "--backtest", "--out", &out])
    };
    let said = stdout(&run("one"));
    for words in [
        "claims by 2025-03-31. There is a chance of 80% that it will be between",
        "176 results were claimed in 2024/25 by 2024-09-30: 97 approved and 79 waiting for a decision",
        "at most 967 families could become claimable by 2025-03-31",
        "The chance of reaching the target of 624 is less than 1%",
        "How sure: it was learnt from 6 past quarter ends.",
        "for funded places that stay empty",
        "Of what the expected claims are made up",
        "The range held what came",
        "The forecast learns from 6 past quarter ends, 2023-03-31 to 2024-06-30",
        "Left out 2021-09-30 to 2022-09-30: no framework was in force on that day.",
        "Left out 2022-12-31: hardly any attendance is held of Summer 2021/22.",
        "Backtest: what each method would have forecast for the year's end, and what happened",
        "make the past look better known than it was",
        // The council's figure of the year is 391: six of those that stood at its end were lost later.
        "Of the 397 of 2023/24 6 were rejected, withdrawn or taken back after it, so that 391 stand today.",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    run("two");
    for file in ["forecast.csv", "conversion.csv", "backtest.csv", "forecast.json"] {
        let read = |out: &str| std::fs::read(place.path().join(out).join(file)).unwrap();
        assert_eq!(read("one"), read("two"), "{file}");
    }
    // Straight lines by hand: claims of 2023/24 were 97, 192 and 287 by the quarters' ends; x 4, x 2, x 4/3.
    let backtest = std::fs::read_to_string(place.path().join("one/backtest.csv")).unwrap();
    let lines: Vec<Vec<&str>> = backtest.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let straight: Vec<(&str, &str, &str)> = lines.iter().map(|cells| (cells[0], cells[4], cells[6])).collect();
    assert_eq!(straight, [("2023-06-30", "97", "388"), ("2023-09-30", "192", "384"), ("2023-12-31", "287", "383")]);
}

#[test]
fn a_forecast_after_payment_was_suspended_says_so() {
    let said = stdout(&sfclaim(&["forecast", &sample_data(), "--as-at", "2024-12-31"]));
    assert!(said.contains("Note: Payment by results was suspended on 18 November 2024"), "{said}");
    assert!(said.contains("Payment was suspended: see the note."), "{said}");
    assert!(!said.contains("Grant at risk by the forecast"), "{said}");
}

#[test]
fn two_cases_without_a_history_rest_on_the_assumptions_and_say_so() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(
        data.join("cases.csv"),
        "case_id,family_id,opened_on,closed_on\nC1,F1,2024-07-10,\nC2,F2,2024-08-10,\n",
    )
    .unwrap();
    std::fs::write(data.join("criteria.csv"), "case_id,criterion\nC1,3\nC2,1\n").unwrap();
    // A missing table says nothing: neither that nothing was claimed, nor that results were low.
    for command in ["forecast", "anomalies"] {
        let run = sfclaim(&[command, &data.display().to_string(), "--as-at", "2024-09-30"]);
        assert_eq!(run.status.code(), Some(2), "{command}");
        assert!(String::from_utf8_lossy(&run.stderr).contains("there is no table of claims"), "{command}");
    }
    std::fs::write(data.join("claims.csv"), "claim_id,family_id,submitted_on,outcome\n").unwrap();
    let said = stdout(&sfclaim(&["forecast", &data.display().to_string(), "--as-at", "2024-09-30", "--backtest"]));
    assert!(
        said.contains("No past quarter end could be replayed: the forecast rests on the assumptions alone"),
        "{said}"
    );
    assert!(said.contains("How sure: hardly. No past quarter end could be looked back on"), "{said}");
    assert!(said.contains("so nothing can be tried"), "{said}");
}

#[test]
fn a_pack_without_assumptions_can_decide_and_not_forecast() {
    let place = tempfile::tempdir().unwrap();
    let rules = place.path().join("rules");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for folder in ["", "frameworks", "calendars", "targets"] {
        std::fs::create_dir_all(rules.join(folder)).unwrap();
        for entry in std::fs::read_dir(from.join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() && entry.file_name() != "assumptions.toml" {
                std::fs::copy(entry.path(), rules.join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
    let rules = rules.display().to_string();
    let with = |command: &str| sfclaim(&[command, &sample_data(), "--as-at", "2024-09-30", "--rules", &rules]);
    assert_eq!(with("check").status.code(), Some(0));
    let run = with("forecast");
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(said.contains("copy assumptions.toml"), "{said}");
    let shown = stdout(&sfclaim(&["rules", "show", "quarter.deviation"]));
    assert!(shown.contains("quarter.deviation = 0.25 (an assumption of the forecast)"), "{shown}");
    assert!(shown.contains("standing: unverified"), "{shown}");
}
