//! Past claims by the rules of their day, on today's records: each kind of result, worked out by hand, and the sample.

use std::path::Path;
use std::process::{Command, Output};

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).output().unwrap()
}

fn json(arguments: &[&str]) -> serde_json::Value {
    let output = sfclaim(arguments);
    assert!(output.status.code() != Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn each_claim_is_judged_as_at_the_day_before_it_was_submitted() {
    let place = tempfile::tempdir().unwrap();
    let put = |name: &str, text: String| std::fs::write(place.path().join(name), text).unwrap();
    // Six families, each with a case from 10 January to 30 June 2023; needs resolved on 1 June 2023, so sustained from
    // 1 December 2023. A child under five is not looked at by the rule on attendance.
    let families = ["SOUND", "FAILS", "MISSING", "AGREED", "TWICE", "LATE"];
    let cases: String = families.iter().map(|f| format!("{f}-1,{f},2023-01-10,2023-06-30\n")).collect();
    put("cases.csv", format!("case_id,family_id,opened_on,closed_on\n{cases}"));
    let needs = |f: &&str| if *f == "FAILS" { vec![1, 3] } else { vec![1, 3, 5] };
    let criteria: String = families
        .iter()
        .flat_map(|f| needs(f).into_iter().map(move |need| format!("{f}-1,{need},2023-06-01,achieved\n")))
        .collect();
    put("criteria.csv", format!("case_id,criterion,outcome_on,result\n{criteria}"));
    let born = |f: &&str| if ["MISSING", "AGREED"].contains(f) { "2014-05-01" } else { "2021-05-01" };
    let people: String = families.iter().map(|f| format!("{f}-P,{f},{},child\n", born(f))).collect();
    put("people.csv", format!("person_id,family_id,date_of_birth,role\n{people}"));
    put(
        "agreements.csv",
        "case_id,rule,answer,reason,agreed_by,agreed_on\nAGREED-1,attendance,met,school says so,Panel,2024-01-02\n"
            .to_owned(),
    );
    put(
        "claims.csv",
        "claim_id,family_id,case_id,submitted_on,decided_on,outcome\n\
        K1,SOUND,SOUND-1,2024-01-15,2024-02-01,approved\n\
        K2,FAILS,FAILS-1,2024-01-15,2024-02-01,approved\n\
        K3,MISSING,MISSING-1,2024-01-15,,submitted\n\
        K4,AGREED,,2024-01-15,2024-02-01,approved\n\
        K5,TWICE,TWICE-1,2024-01-15,2024-02-01,approved\n\
        K6,TWICE,TWICE-1,2024-04-15,2024-05-01,approved\n\
        K7,GONE,GONE-1,2024-01-15,2024-02-01,approved\n\
        K8,SOUND,,2015-01-15,2015-02-01,approved\n\
        K9,LATE,LATE-1,2023-12-01,2024-01-01,approved\n\
        K10,FAILS,FAILS-1,2023-12-01,2024-01-01,rejected\n"
            .to_owned(),
    );
    let data = place.path().display().to_string();
    let found = json(&["recheck", &data, "--as-at", "2024-09-30", "--json"]);
    let result = |id: &str| {
        let claim = found["claims"].as_array().unwrap().iter().find(|claim| claim["claim_id"] == id);
        claim.map(|claim| claim["result"].as_str().unwrap().to_owned())
    };
    assert_eq!(result("K1").as_deref(), Some("sound"));
    assert_eq!(result("K2").as_deref(), Some("would_fail"));
    assert_eq!(result("K3").as_deref(), Some("cannot_be_shown"));
    assert_eq!(result("K4").as_deref(), Some("sound_by_agreement"));
    assert_eq!(result("K5").as_deref(), Some("sound"));
    // Claimed already on the day before.
    assert_eq!(result("K6").as_deref(), Some("would_fail"));
    // No case in the records, and no rules of that day.
    assert_eq!(result("K7").as_deref(), Some("cannot_be_shown"));
    assert_eq!(result("K8").as_deref(), Some("cannot_be_shown"));
    // Six months from 1 June are full on 1 December: the day before they are not.
    assert_eq!(result("K9").as_deref(), Some("would_fail"));
    // Not one that stands.
    assert_eq!(result("K10"), None);
    let quarter = |name: &str| {
        let of = found["quarters"].as_array().unwrap().iter().find(|of| of["quarter"] == name).unwrap();
        [&of["payment_would_fail"], &of["payment_cannot_be_shown"], &of["without_payment"]].map(ToString::to_string)
    };
    // £800 each: K9 in October to December 2023; K2, and K3 with K7, in January to March 2024; K6 in April to June 2024.
    let pounds = |text: &str| text.trim_matches('"').trim_end_matches(".00").trim_end_matches(".0").to_owned();
    assert_eq!(quarter("2023/24 Q3").map(|text| pounds(&text)), ["800", "0", "0"]);
    assert_eq!(quarter("2023/24 Q4").map(|text| pounds(&text)), ["800", "1600", "0"]);
    assert_eq!(quarter("2024/25 Q1").map(|text| pounds(&text)), ["800", "0", "0"]);
    assert_eq!(quarter("2014/15 Q4").map(|text| pounds(&text)), ["0", "0", "1"]);
}

#[test]
fn a_claim_of_the_sample_comes_out_as_a_check_for_the_day_before() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data").display().to_string();
    let found = json(&["recheck", &data, "--as-at", "2025-03-31", "--json"]);
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    sfclaim(&["check", &data, "--as-at", "2024-03-26", "--out", &out.display().to_string(), "--quiet"]);
    let mut reader = csv::Reader::from_path(out.join("decisions.csv")).unwrap();
    let status: std::collections::BTreeMap<String, String> =
        reader.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row[4].to_owned())).collect();
    let claims = found["claims"].as_array().unwrap();
    let of_day: Vec<_> =
        claims.iter().filter(|claim| claim["submitted_on"] == "2024-03-27" && claim["period"].is_string()).collect();
    assert!(of_day.len() > 50);
    for claim in of_day {
        assert_eq!(
            claim["status"].as_str(),
            status.get(claim["period"].as_str().unwrap()).map(String::as_str),
            "{claim}"
        );
    }
}
