//! Past claims by the rules of their day, on today's records: each kind of result, worked out by hand, and the sample.
//!
//! Longer than most files, since one invented authority with a claim for each reason serves several tests.

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

/// An authority with a claim a family, each of which fails or is sound for one reason. All but the families that are changed here
/// have a case from 10 January to 30 June 2023 with three needs resolved on 1 June 2023, a child under five, and a claim of 15 January 2024.
struct Authority(tempfile::TempDir);

impl Authority {
    fn new() -> Authority {
        let place = tempfile::tempdir().unwrap();
        let put = |name: &str, text: String| std::fs::write(place.path().join(name), text).unwrap();
        let usual = |f: &str| format!("{f}-1,{f},2023-01-10,2023-06-30\n");
        let families = [
            "SOUND", "FEW", "BACK", "EARLY", "TWICE", "GROWN", "LOW", "MISSING", "AGREED", "BROKEN", "AGAIN", "NOCASE",
        ];
        let cases: String = families.iter().map(|f| usual(f)).collect();
        let others = "AGAIN-2,AGAIN,2023-09-01,\nOPEN-1,OPEN,2023-01-10,\nNEVER-1,NEVER,2023-01-10,\n";
        put("cases.csv", format!("case_id,family_id,opened_on,closed_on\n{cases}{others}"));
        let need = |f: &str, need: u8, outcome: &str, relapse: &str| {
            let result = if outcome.is_empty() { "" } else { "achieved" };
            format!("{f}-1,{need},{outcome},{relapse},{result}\n")
        };
        let criteria: String = families
            .iter()
            .flat_map(|f| match *f {
                "FEW" => vec![need(f, 1, "2023-06-01", ""), need(f, 3, "2023-06-01", "")],
                "BACK" => vec![
                    need(f, 1, "2023-06-01", ""),
                    need(f, 3, "2023-06-01", "2023-06-20"),
                    need(f, 5, "2023-06-01", ""),
                ],
                "EARLY" => [1, 3, 5].map(|n| need(f, n, "2023-06-30", "")).to_vec(),
                "BROKEN" => {
                    vec![need(f, 1, "2023-06-01", ""), need(f, 3, "2023-06-01", ""), need(f, 5, "2023-02-31", "")]
                }
                _ => [1, 3, 5].map(|n| need(f, n, "2023-06-01", "")).to_vec(),
            })
            .collect();
        let open =
            need("OPEN", 1, "2023-06-01", "") + &need("OPEN", 3, "2023-06-01", "") + &need("OPEN", 5, "2024-02-10", "");
        let never: String = [1, 3, 5].map(|n| need("NEVER", n, "", "")).concat();
        put("criteria.csv", format!("case_id,criterion,outcome_on,relapsed_on,result\n{criteria}{open}{never}"));
        let born = |f: &str| match f {
            "GROWN" => "2006-03-01",
            "LOW" | "MISSING" | "AGREED" => "2014-05-01",
            _ => "2021-05-01",
        };
        let people: String =
            families.iter().chain(&["OPEN", "NEVER"]).map(|f| format!("{f}-P,{f},{},child\n", born(f))).collect();
        put("people.csv", format!("person_id,family_id,date_of_birth,role\n{people}"));
        let terms = "academic_year,term,starts_on,ends_on\n\
            2022/23,Autumn,2022-09-01,2022-12-16\n2022/23,Spring,2023-01-04,2023-03-31\n2022/23,Summer,2023-04-17,2023-07-21\n\
            2023/24,Autumn,2023-09-04,2023-12-19\n2023/24,Spring,2024-01-08,2024-03-28\n2023/24,Summer,2024-04-15,2024-07-23\n";
        put("terms.csv", terms.to_owned());
        // 130 of 130, and 120 of 150, which is 80%.
        let attendance = "person_id,academic_year,term,possible,attended\nLOW-P,2022/23,Summer,130,130\nLOW-P,2023/24,Autumn,150,120\n";
        put("attendance.csv", attendance.to_owned());
        let agreements = "case_id,rule,answer,reason,agreed_by,agreed_on\nAGREED-1,attendance,not_met,school says no,Panel,2024-01-05\n";
        put("agreements.csv", agreements.to_owned());
        let usual = |f: &str| format!("K-{f},{f},{f}-1,2024-01-15,2024-02-01,approved\n");
        let claims: String = families
            .iter()
            .chain(&["OPEN", "NEVER"])
            .map(|f| match *f {
                "EARLY" => "K-EARLY,EARLY,EARLY-1,2023-12-20,2024-02-01,approved\n".to_owned(),
                "GROWN" => "K-GROWN,GROWN,GROWN-1,2024-04-15,,submitted\n".to_owned(),
                "NOCASE" => "K-NOCASE,NOCASE,,2024-01-15,2024-02-01,approved\n".to_owned(),
                f => usual(f),
            })
            .collect();
        let others = "K-TWICE2,TWICE,TWICE-1,2024-04-15,2024-05-01,approved\nK-GONE,GONE,GONE-1,2024-01-15,2024-02-01,approved\nK-OLD,SOUND,,2015-01-15,2015-02-01,approved\n";
        put("claims.csv", format!("claim_id,family_id,case_id,submitted_on,decided_on,outcome\n{claims}{others}"));
        Authority(place)
    }

    fn data(&self) -> String {
        self.0.path().display().to_string()
    }
}

fn claim<'a>(found: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    found["claims"].as_array().unwrap().iter().find(|claim| claim["claim_id"] == id).unwrap()
}

const BEFORE: &str = "That is before the claim: it was known, or could be known, when the claim was made.";

#[test]
fn of_a_claim_that_would_fail_it_is_said_since_when_that_can_be_known() {
    let authority = Authority::new();
    let found = json(&["recheck", &authority.data(), "--as-at", "2024-09-30", "--json"]);
    let expected = [
        // Too few needs when the period closed.
        ("K-FEW", "not_eligible", Some("2023-06-30"), format!("The period of support closed on 2023-06-30. {BEFORE}")),
        ("K-BACK", "not_claimable", Some("2023-06-20"), format!("The relapse is of 2023-06-20. {BEFORE}")),
        // A new case inside the six months from 1 June.
        (
            "K-AGAIN",
            "not_claimable",
            Some("2023-09-01"),
            format!("The new period of support opened on 2023-09-01. {BEFORE}"),
        ),
        // Six months from 30 June are full on 30 December; it was claimed on the 20th.
        (
            "K-EARLY",
            "waiting",
            Some("2023-06-30"),
            format!("The last outcome is of 2023-06-30, so the months were full on 2023-12-30. {BEFORE}"),
        ),
        (
            "K-TWICE2",
            "claimed",
            Some("2024-01-15"),
            format!("The claim that was made before was submitted on 2024-01-15. {BEFORE}"),
        ),
        // Born on 1 March 2006.
        (
            "K-GROWN",
            "not_claimable",
            Some("2024-03-01"),
            format!("Since 2024-03-01 nobody in the family has been under 18. {BEFORE}"),
        ),
        (
            "K-LOW",
            "low_attendance",
            Some("2023-12-19"),
            format!("The term ended on 2023-12-19; a school's figures can come up to a term later. {BEFORE}"),
        ),
        ("K-AGREED", "low_attendance", Some("2024-01-05"), format!("It was agreed on 2024-01-05. {BEFORE}")),
        (
            "K-OPEN",
            "in_progress",
            Some("2024-02-10"),
            "An outcome stands in the records with the day 2024-02-10. That is after the claim, which came too early."
                .to_owned(),
        ),
        ("K-NEVER", "in_progress", None, "No outcome stands in the records with a later day.".to_owned()),
    ];
    for (id, status, fact_on, known) in expected {
        let claim = claim(&found, id);
        assert_eq!(claim["result"], "would_fail", "{claim}");
        assert_eq!(claim["status"], status, "{claim}");
        assert_eq!(claim["fact_on"].as_str(), fact_on, "{claim}");
        assert_eq!(claim["known_since"].as_str(), Some(&*known), "{claim}");
        assert!(
            claim["prepared_as_at"].is_null() && claim["still_to_be_had"].as_array().unwrap().is_empty(),
            "{claim}"
        );
    }
    for id in ["K-SOUND", "K-NOCASE"] {
        let claim = claim(&found, id);
        assert_eq!(claim["result"], "sound", "{claim}");
        assert!(claim["fact_on"].is_null() && claim["known_since"].is_null(), "{claim}");
    }
}

#[test]
fn of_a_claim_that_cannot_be_shown_it_is_said_whether_what_is_missing_can_still_be_had() {
    let authority = Authority::new();
    let data = authority.data();
    let found = json(&["recheck", &data, "--as-at", "2024-09-30", "--json"]);
    let still = |found: &serde_json::Value, id: &str| {
        let claim = claim(found, id);
        assert_eq!(claim["result"], "cannot_be_shown", "{claim}");
        // What would settle two rules is said once.
        let (missing, still) = (claim["missing"].as_array().unwrap(), claim["still_to_be_had"].as_array().unwrap());
        assert_eq!((missing.len(), still.len()), (1, 1), "{claim}");
        still[0].as_str().unwrap().to_owned()
    };
    // The terms that count ended on 21 July and 19 December 2023; six years after the first is 21 July 2029.
    let assumed = |years: u8| {
        format!(
            "a school is taken to keep its register for {years} years after the term (kept.attendance_years, an assumption)"
        )
    };
    let no_agreement = "An agreement that is made now does not count for that day.";
    assert_eq!(
        still(&found, "K-MISSING"),
        format!("From the school, until 2029-07-21: {}. {no_agreement}", assumed(6))
    );
    assert_eq!(still(&found, "K-BROKEN"), "Yes: the rows are in the data, and can be mended.");
    assert!(
        still(&found, "K-GONE")
            .starts_with("From the case system or the case file, for as long as your council keeps the case")
    );
    assert!(still(&found, "K-OLD").starts_with("Yes, where the guidance of that time can be found"));
    // Where it is a year, it was over on 21 July 2024.
    let rules = tempfile::tempdir().unwrap();
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), rules.path());
    let assurance = rules.path().join("assurance.toml");
    let text = std::fs::read_to_string(&assurance).unwrap();
    let (before, after) = text.split_once("key = \"kept.attendance_years\"\nvalue = 6").unwrap();
    std::fs::write(&assurance, format!("{before}key = \"kept.attendance_years\"\nvalue = 1{after}")).unwrap();
    let of_rules = rules.path().display().to_string();
    let found = json(&["recheck", &data, "--as-at", "2024-09-30", "--rules", &of_rules, "--json"]);
    let years = assumed(1);
    assert_eq!(
        still(&found, "K-MISSING"),
        format!("Perhaps not: {years}, which was over on 2024-07-21. Ask the school all the same. {no_agreement}")
    );
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn an_explanation_and_the_evidence_say_of_a_past_claim_what_recheck_says() {
    let authority = Authority::new();
    let data = authority.data();
    let day = ["--as-at", "2024-09-30"];
    let found = json(&[&["recheck", &data, "--json"][..], &day].concat());
    let explained = |id: &str| json(&[&["explain", &data, id, "--json"][..], &day].concat());
    let past = |explained: &serde_json::Value, period: usize| -> Vec<serde_json::Value> {
        explained[period]["as_it_stood_when_claimed"].as_array().cloned().unwrap_or_default()
    };
    for (case, ids) in [
        ("SOUND-1", &["K-SOUND"][..]),
        ("FEW-1", &["K-FEW"]),
        ("LOW-1", &["K-LOW"]),
        ("MISSING-1", &["K-MISSING"]),
        ("NOCASE-1", &["K-NOCASE"]),
        // Two claims for one case, by the day of each.
        ("TWICE-1", &["K-TWICE", "K-TWICE2"]),
    ] {
        let expected: Vec<_> = ids.iter().map(|id| claim(&found, id).clone()).collect();
        assert_eq!(past(&explained(case), 0), expected, "{case}");
    }
    // Of a family with two periods it stands with the one that was claimed.
    let family = explained("AGAIN");
    assert_eq!((past(&family, 0).len(), past(&family, 1).len()), (1, 0));
    // On the screen in the words of recheck, above the rules.
    let screen = String::from_utf8(sfclaim(&[&["explain", &data, "LOW-1"][..], &day].concat()).stdout).unwrap();
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = "As it stood when claimed, on today's records Claim K-LOW, submitted 2024-01-15 and approved; as at 2024-01-14, by the rules of ";
    let (_, rest) = flat.split_once(first).unwrap();
    let (said, _) = rest.split_once("1 ELIGIBILITY").unwrap();
    let why = claim(&found, "K-LOW")["reason"].as_str().unwrap().to_owned();
    assert!(said.contains(&format!(": would fail. {why} The term ended on 2023-12-19")), "{said}");
    // And in the pack.
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out").display().to_string();
    sfclaim(&[&["evidence", &data, "LOW-1", "MISSING-1", "--out", &out][..], &day].concat());
    let page = std::fs::read_to_string(place.path().join("out/evidence.html")).unwrap();
    assert_eq!(page.matches("<h3>As it stood when claimed, on today's records</h3>").count(), 2);
    assert!(page.contains("<li>Claim K-MISSING, submitted 2024-01-15 and approved; as at 2024-01-14"), "{page}");
    assert!(page.contains("Can it still be had? From the school, until 2029-07-21"), "{page}");
}

#[test]
fn of_a_restricted_link_no_claim_is_named_as_it_stood() {
    let authority = Authority::new();
    let put = |name: &str, text: &str| {
        let path = authority.0.path().join(name);
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, before + text).unwrap();
    };
    // A claim of another family, which shares a restricted person with SOUND, names SOUND's case.
    let people = std::fs::read_to_string(authority.0.path().join("people.csv")).unwrap();
    let people: String = people
        .lines()
        .enumerate()
        .map(|(at, row)| format!("{row},{}\n", if at == 0 { "restricted" } else { "" }))
        .collect();
    std::fs::write(
        authority.0.path().join("people.csv"),
        format!("{people}S,SOUND,1990-01-01,adult,\nS,HIDDEN,1990-01-01,adult,y\n"),
    )
    .unwrap();
    put("cases.csv", "HIDDEN-1,HIDDEN,2023-01-10,2023-06-30\n");
    put("claims.csv", "K-HIDDEN,HIDDEN,SOUND-1,2024-02-20,,submitted\n");
    let said = sfclaim(&["explain", &authority.data(), "SOUND-1", "--as-at", "2024-09-30"]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("Claim K-SOUND, submitted"), "{said}");
    assert!(!said.contains("HIDDEN"), "{said}");
}

#[cfg(feature = "native")]
#[test]
fn of_a_claim_that_the_register_prepared_it_is_said_what_changed_since() {
    let authority = Authority::new();
    let data = authority.data();
    let (claims, criteria) = (authority.0.path().join("claims.csv"), authority.0.path().join("criteria.csv"));
    std::fs::write(&claims, "claim_id,family_id,case_id,submitted_on,decided_on,outcome\n").unwrap();
    let people = authority.0.path().join("people.csv");
    // SOUND as it is; of NOCASE the only child is 18 on 12 January 2024.
    let before = std::fs::read_to_string(&people).unwrap();
    std::fs::write(&people, before.replace("NOCASE-P,NOCASE,2021-05-01", "NOCASE-P,NOCASE,2006-01-12")).unwrap();
    let register = authority.0.path().join("r").display().to_string();
    let by = ["--by", "Bo", "--on", "2024-01-15"];
    let done = |words: &[&str]| {
        let output = sfclaim(words);
        assert!(output.status.code() != Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    };
    done(&["register", "new", &register, "--by", "Bo", "--on", "2024-01-10"]);
    done(&["register", "prepare", &register, &data, "--as-at", "2024-01-10", "--by", "Bo", "--yes"]);
    done(
        &[&["register", "audit", &register, "--passed", "SOUND-1@2024-01-10", "NOCASE-1@2024-01-10"][..], &by].concat(),
    );
    done(&[&["register", "submit", &register, "--window", "2024-Q1", "--yes"][..], &by].concat());
    let recheck = || json(&["recheck", &data, "--as-at", "2024-09-30", "--register", &register, "--json"]);
    let found = recheck();
    let sound = claim(&found, "SOUND-1@2024-01-10");
    assert_eq!((sound["result"].as_str(), sound["prepared_as_at"].as_str()), (Some("sound"), Some("2024-01-10")));
    let grown = claim(&found, "NOCASE-1@2024-01-10");
    assert_eq!(
        grown["known_since"].as_str(),
        Some(&*format!(
            "Since 2024-01-12 nobody in the family has been under 18. {BEFORE} It came after the claim was prepared as at 2024-01-10."
        ))
    );
    // A relapse of before is put in after the claim.
    let before = std::fs::read_to_string(&criteria).unwrap();
    std::fs::write(
        &criteria,
        before.replace("SOUND-1,3,2023-06-01,,achieved", "SOUND-1,3,2023-06-01,2023-06-20,achieved"),
    )
    .unwrap();
    let found = recheck();
    let sound = claim(&found, "SOUND-1@2024-01-10");
    assert_eq!(sound["result"], "would_fail");
    assert_eq!(
        sound["known_since"].as_str(),
        Some(&*format!(
            "The relapse is of 2023-06-20. {BEFORE} The register prepared the claim as at 2024-01-10, when it could be claimed: the records or the rules were changed since."
        ))
    );
}
