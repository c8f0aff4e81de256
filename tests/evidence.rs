//! The evidence pack and the audit sample as a person would run them: a claim a section with everything it rests on, nothing
//! loaded from elsewhere; a sample that can be drawn again by hand.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).current_dir(root()).output().unwrap()
}

fn on_sample(command: &str, out: &Path, more: &[&str]) -> String {
    let fixed = [command, "sample_data", "--as-at", "2024-09-30", "--out", out.to_str().unwrap()];
    let run = sfclaim(&[&fixed[..], more].concat());
    assert!(run.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn hex(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_sample_can_be_drawn_again_by_hand() {
    let place = tempfile::tempdir().unwrap();
    let (out, check) = (place.path().join("sample"), place.path().join("check"));
    let said = on_sample("audit-sample", &out, &["--percent", "10", "--seed", "42"]);
    on_sample("check", &check, &[]);
    let frame = rows(&out.join("audit_frame.csv"));
    let claimable: Vec<String> = rows(&check.join("decisions.csv"))
        .into_iter()
        .filter(|row| row["status"] == "claimable")
        .map(|row| row["case_id"].clone())
        .collect();
    assert_eq!(frame.iter().map(|row| row["case_id"].clone()).collect::<Vec<_>>(), claimable);
    let lines: String =
        frame.iter().map(|row| format!("{}\t{}\t{}\n", row["case_id"], row["team"], row["kind"])).collect();
    assert!(said.contains(&hex(&lines)) && said.contains("Seed: 42"), "{said}");

    // In each team and kind those with the lowest SHA-256 of seed and case: a tenth, rounded up, so one at least.
    let mut strata: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for row in &frame {
        let order = hex(&format!("42:{}", row["case_id"]));
        assert_eq!(row["order"], order);
        strata.entry((row["team"].clone(), row["kind"].clone())).or_default().push((order, row["case_id"].clone()));
    }
    assert!(strata.len() > 2);
    let mut expected = BTreeSet::new();
    for mut members in strata.into_values() {
        members.sort();
        let take = members.len().div_ceil(10);
        assert!(take > 0);
        expected.extend(members.into_iter().take(take).map(|(_, case)| case));
    }
    let sample = rows(&out.join("audit_sample.csv"));
    let taken: BTreeSet<String> = sample.iter().map(|row| row["case_id"].clone()).collect();
    assert_eq!((taken.len(), &taken), (sample.len(), &expected));
    let marked = frame.iter().filter(|row| row["taken"] == "yes").map(|row| row["case_id"].clone());
    assert_eq!(marked.collect::<BTreeSet<_>>(), expected);

    // The pack takes the sample as it is, and the list by what is taken of it.
    for file in ["audit_sample.csv", "audit_frame.csv"] {
        let pack = place.path().join("pack");
        on_sample("evidence", &pack, &["--sample", out.join(file).to_str().unwrap()]);
        let data: Value = serde_json::from_slice(&fs::read(pack.join("evidence.json")).unwrap()).unwrap();
        let claims = data["claims"].as_array().unwrap();
        let cases = claims.iter().map(|claim| claim["explanation"]["case_id"].as_str().unwrap().to_owned());
        assert_eq!(cases.collect::<BTreeSet<_>>(), expected, "{file}");
    }
    // Another seed, another sample; the same seed, the same bytes.
    let again = place.path().join("again");
    on_sample("audit-sample", &again, &["--percent", "10", "--seed", "42"]);
    assert_eq!(fs::read(again.join("audit_sample.json")).unwrap(), fs::read(out.join("audit_sample.json")).unwrap());
    on_sample("audit-sample", &again, &["--percent", "10", "--seed", "43"]);
    assert_ne!(fs::read(again.join("audit_sample.csv")).unwrap(), fs::read(out.join("audit_sample.csv")).unwrap());
}

#[test]
fn the_pack_has_a_section_a_claim_with_what_explain_says_and_needs_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let (one, other) = (place.path().join("one"), place.path().join("other"));
    on_sample("evidence", &one, &["B01-C1", "B21", "B01-C1"]);
    on_sample("evidence", &other, &["B21", "B01-C1"]);
    for name in ["evidence.html", "evidence.json"] {
        assert_eq!(fs::read(one.join(name)).unwrap(), fs::read(other.join(name)).unwrap(), "{name}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(one.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    let page = fs::read_to_string(one.join("evidence.html")).unwrap();
    for said in
        ["<h2>Case B01-C1 of family B01</h2>", "<h2>Case B21-C1 of family B21</h2>", "Checked by (internal audit)"]
    {
        assert_eq!(page.matches(said).count(), if said.contains("Checked") { 2 } else { 1 }, "{said}");
    }
    for outside in ["http:", "https:", "<script", "<link", "url(", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<h1>").count(), 1);
    assert_eq!(page.matches("<svg").count(), 2);
    assert_eq!(page.matches("<svg role=\"img\" aria-labelledby=").count(), page.matches("<desc").count());
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    // Every rule and fact of the explanation stands on the page, with its place.
    let run = sfclaim(&["explain", "sample_data", "--as-at", "2024-09-30", "B01-C1", "--json"]);
    let explained: Value = serde_json::from_slice(&run.stdout).unwrap();
    let data: Value = serde_json::from_slice(&fs::read(one.join("evidence.json")).unwrap()).unwrap();
    assert_eq!(data["claims"][0]["explanation"], explained[0]);
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    for ruling in explained[0]["rulings"].as_array().unwrap() {
        for fact in ruling["facts"].as_array().unwrap() {
            let text = escaped(fact["text"].as_str().unwrap());
            let place = fact["file"].as_str().map_or(String::new(), |file| format!("[{file} row {}]", fact["row"]));
            assert!(page.contains(&text) && page.contains(&place), "{fact}");
        }
    }
    // Names on request only.
    assert!(!page.contains("Sam Millbeck"));
    on_sample("evidence", &one, &["B01-C1", "--show-names"]);
    assert!(fs::read_to_string(one.join("evidence.html")).unwrap().contains("Sam Millbeck"));
}

#[test]
fn what_is_no_sample_is_told_and_nothing_is_written() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let file = place.path().join("list.csv");
    fs::write(&file, "family\nB01\n").unwrap();
    for (more, said) in [
        (vec![], "--claimable"),
        (vec!["--sample", file.to_str().unwrap()], "it has no column case_id"),
        (vec!["--sample", "nowhere.csv"], "there is no such file"),
        (vec!["B99-C9"], "there is no case or family \"B99-C9\""),
    ] {
        let fixed = ["evidence", "sample_data", "--as-at", "2024-09-30", "--out", out.to_str().unwrap()];
        let run = sfclaim(&[&fixed[..], &more].concat());
        assert_eq!(run.status.code(), Some(2));
        let heard = String::from_utf8(run.stderr).unwrap();
        assert!(heard.contains(said), "{heard}");
        assert!(!out.exists());
    }
}

// A page of evidence is HTML, and names come from files.
#[test]
fn nothing_in_a_file_becomes_a_mark_of_the_page() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(
        data.join("cases.csv"),
        "case_id,family_id,opened_on,team\nC<b>1,F&1,2024-01-09,<script>alert(1)</script>\n",
    )
    .unwrap();
    fs::write(data.join("criteria.csv"), "case_id,criterion,evidence\nC<b>1,1,\"<img src=x>\"\n").unwrap();
    let out = place.path().join("out");
    let run = sfclaim(&[
        "evidence",
        data.to_str().unwrap(),
        "--as-at",
        "2024-09-30",
        "C<b>1",
        "--out",
        out.to_str().unwrap(),
        "--show-names",
    ]);
    assert!(run.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&run.stderr));
    let page = fs::read_to_string(out.join("evidence.html")).unwrap();
    assert!(page.contains("C&lt;b&gt;1") && page.contains("F&amp;1"));
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"));
}
