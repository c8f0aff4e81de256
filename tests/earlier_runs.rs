//! Folders of earlier runs, read back by `compare` and by `--since`: ids that a spreadsheet would run as formulas are the ids
//! that they were, and columns that an older version did not write are named and make no change.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// F1 is claimable at the end of September 2024, F2 waits until 10 December; each has a claim of the year before. Every id
/// begins with what begins a formula.
fn data(place: &Path, ids: [&str; 4]) -> PathBuf {
    let [one, other, claim, family] = ids;
    let data = place.join("data");
    std::fs::create_dir(&data).unwrap();
    let put = |name: &str, text: String| std::fs::write(data.join(name), text).unwrap();
    let needs = |case: &str, day: &str| [3, 5, 7].map(|need| format!("{case},{need},{day}\n")).concat();
    put(
        "cases.csv",
        format!(
            "case_id,family_id,opened_on,closed_on\n{one},{family}1,2023-01-10,2024-01-31\n{other},{family}2,2023-01-10,2024-06-10\n"
        ),
    );
    put(
        "criteria.csv",
        format!("case_id,criterion,outcome_on\n{}{}", needs(one, "2024-01-31"), needs(other, "2024-06-10")),
    );
    put("people.csv", format!("person_id,family_id,date_of_birth\nP1,{family}1,2022-01-01\nP2,{family}2,2022-01-01\n"));
    put(
        "claims.csv",
        format!(
            "claim_id,family_id,case_id,submitted_on,decided_on,outcome\n{claim}1,{family}8,,2024-05-01,,submitted\n{claim}2,{family}9,,2024-06-01,2024-08-01,approved\n"
        ),
    );
    data
}

fn sfclaim(here: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).current_dir(here).args(line.split(' ')).output().unwrap()
}

fn json(here: &Path, line: &str) -> serde_json::Value {
    let run = sfclaim(here, line);
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(run.status.code() < Some(2), "{line}: {}", said(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("{line}: {}", said(&run.stdout)))
}

// A claim id that began with `-` was written as `'-...` and then taken for another claim: 86 and 85 changes that were none.
#[test]
fn nothing_moved_between_two_runs_of_the_same_day_whatever_ids_look_like() {
    let all = [
        ["C1", "C2", "K", "F"],
        ["-C1", "=C2", "-K", "+F"],
        ["'=C1", "@C2", "=K", "-F"],
        ["'tis1", "--2", "'-K", "'@F"],
    ];
    for ids in all {
        let place = tempfile::tempdir().unwrap();
        let here = place.path();
        data(here, ids);
        for command in ["check", "position"] {
            let run = sfclaim(here, &format!("{command} data --as-at 2024-09-30 --out {command}"));
            assert!(run.status.code() < Some(2), "{}", String::from_utf8_lossy(&run.stderr));
        }
        for since in ["check", "position"] {
            let position = json(here, &format!("position data --as-at 2024-09-30 --since {since} --json"));
            let moved = &position["movement"];
            for list in ["moved_claims", "moved_became_claimable", "moved_no_longer_claimable"] {
                assert_eq!(moved[list], serde_json::json!([]), "{ids:?} {since} {list}");
            }
            assert_eq!(
                (&moved["claimable_before"], &moved["claimable_after"]),
                (&1.into(), &1.into()),
                "{ids:?} {since}"
            );
        }
        let compared = json(here, "compare check check --json");
        assert_eq!((&compared["changed"], &compared["unchanged"]), (&serde_json::json!([]), &2.into()), "{ids:?}");
    }
}

/// The same table without some columns, as an older version would have written it.
fn without(path: &Path, columns: &[&str]) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let kept: Vec<usize> = (0..header.len()).filter(|at| !columns.contains(&&header[*at])).collect();
    let rows: Vec<csv::StringRecord> =
        std::iter::once(header.clone()).chain(reader.records().map(Result::unwrap)).collect();
    let mut writer = csv::Writer::from_path(path).unwrap();
    for row in rows {
        writer.write_record(kept.iter().map(|at| &row[*at])).unwrap();
    }
    writer.flush().unwrap();
}

#[test]
fn a_column_that_an_older_folder_lacks_is_named_and_makes_no_change() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    data(here, ["C1", "C2", "K", "F"]);
    for out in ["check --out old", "check --out new", "position --out old_position"] {
        let (command, rest) = out.split_once(' ').unwrap();
        assert!(sfclaim(here, &format!("{command} data --as-at 2024-09-30 {rest}")).status.code() < Some(2));
    }
    without(&here.join("old/decisions.csv"), &["earliest_possible_on", "timeliness"]);
    without(&here.join("old_position/claims_known.csv"), &["case_id"]);
    without(&here.join("old_position/periods.csv"), &["held_by"]);

    for (one, other) in [("old", "new"), ("new", "old")] {
        let compared = json(here, &format!("compare {one} {other} --json"));
        assert_eq!((&compared["changed"], &compared["same_status"]), (&serde_json::json!([]), &serde_json::json!([])));
        let named = compared["not_compared"].to_string();
        assert!(named.contains("earliest_possible_on: the") && named.contains("timeliness: the"), "{named}");
        let screen = sfclaim(here, &format!("compare {one} {other}")).stdout;
        assert!(String::from_utf8_lossy(&screen).contains("timeliness: the"), "{}", String::from_utf8_lossy(&screen));
    }
    for (since, named) in
        [("old", "decisions.csv of the earlier run"), ("old_position", "periods.csv of the earlier run")]
    {
        let position = json(here, &format!("position data --as-at 2024-09-30 --since {since} --json"));
        let moved = &position["movement"];
        assert_eq!(moved["moved_claims"], serde_json::json!([]), "{since}");
        assert!(moved["sentences"].to_string().contains(named), "{since}: {}", moved["sentences"]);
    }
    // What cannot be done without is asked for.
    without(&here.join("old/decisions.csv"), &["status"]);
    for line in ["compare old new", "position data --as-at 2024-09-30 --since old"] {
        let run = sfclaim(here, line);
        assert_eq!(run.status.code(), Some(2), "{line}");
        assert!(String::from_utf8_lossy(&run.stderr).contains("its decisions.csv has no column status"), "{line}");
    }
}
