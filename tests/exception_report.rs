//! The exception report on the sample has the figures of the council's own reports of 2024/25 and 2023/24; the owner's words come
//! back; its three forms say the same, and are the same bytes on every run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sfclaim(arguments: &[&str]) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).current_dir(root).output().unwrap()
}

/// The report of these data in its own folder.
fn report(data: &str, as_at: &str, out: &Path) -> PathBuf {
    report_with(data, as_at, out, &[])
}

fn report_with(data: &str, as_at: &str, out: &Path, more: &[&str]) -> PathBuf {
    let arguments = ["report", data, "--as-at", as_at, "--only", "exception", "--out", out.to_str().unwrap()];
    let run = sfclaim(&[&arguments[..], more].concat());
    assert!(run.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&run.stderr));
    out.to_path_buf()
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The text of a document, without its marks.
#[cfg(feature = "native")]
fn of_document(folder: &Path) -> String {
    let file = fs::File::open(folder.join("exception-report.docx")).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    let mut out = String::new();
    let mut in_mark = false;
    for c in xml.chars() {
        match c {
            '<' => in_mark = true,
            '>' => in_mark = false,
            c if !in_mark => out.push(c),
            _ => {}
        }
    }
    out
}

// Published: Quarter 2 of 2024/25: target 624, grant for 537, baseline 391 (2023/24), 312 expected by then, Q2 91 RED, half year
// 176 RED, "in the region of £148,000".
#[test]
fn the_sample_reads_as_the_councils_report_of_2024_25() {
    let place = tempfile::tempdir().unwrap();
    let folder = report("sample_data", "2024-09-30", &place.path().join("out"));
    let said = text(&folder, "exception-report.md");
    for figure in [
        "Higher (312 by 30 September 2024)",
        "624 (the grant applies to 537)",
        "391 (2023/24)",
        "| **Q2 performance** | 91. RAG rating: RED |",
        "| **Half-year performance** | 176. RAG rating: RED |",
        "up: 85 in Q1, 91 in Q2",
        // As the funnel counts them: a family without a claim need not be claimable.
        "990 have the attendance. 119 of these have no claim yet, and 86 can be claimed now.",
        "in the region of £148,000",
        "To be written by the owner: activities, in narrative.toml.",
    ] {
        assert!(said.contains(figure) || said.replace('\\', "").contains(figure), "{figure}\n{said}");
    }
    let page = text(&folder, "exception-report.html");
    #[cfg(feature = "native")]
    let document = of_document(&folder);
    for figure in ["391 (2023/24)", "91. RAG rating: RED", "in the region of £148,000"] {
        assert!(page.contains(figure), "{figure} in the page");
        #[cfg(feature = "native")]
        assert!(document.contains(figure), "{figure} in the document");
    }
    // The same bytes again.
    let again = report("sample_data", "2024-09-30", &place.path().join("again"));
    for name in [
        #[cfg(feature = "native")]
        "exception-report.docx",
        "exception-report.html",
        "exception-report.md",
        "narrative.toml",
    ] {
        assert_eq!(fs::read(folder.join(name)).unwrap(), fs::read(again.join(name)).unwrap(), "{name}");
    }
}

// Published: Quarter 2 of 2023/24: target 505, baseline 312 (2022/23), RED.
#[test]
fn a_year_before_it_reads_as_the_councils_report_of_2023_24() {
    let place = tempfile::tempdir().unwrap();
    let folder = report("sample_data", "2023-09-30", &place.path().join("out"));
    let said = text(&folder, "exception-report.md");
    for figure in ["| **Target** | 505 |", "312 (2022/23)", "**Half-year performance**", "RAG rating: RED"] {
        assert!(said.contains(figure), "{figure}\n{said}");
    }
}

#[test]
fn the_owners_words_are_kept_and_carried_forward() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    fs::create_dir(&data).unwrap();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), data.join(file.file_name())).unwrap();
    }
    let words = "department = \"Children's Services\"\nactivities = [\"We ask schools <every> month.\"]\n";
    fs::write(data.join("narrative.toml"), words).unwrap();
    let folder = report(data.to_str().unwrap(), "2024-09-30", &place.path().join("out"));
    assert!(text(&folder, "exception-report.md").contains("We ask schools \\<every\\> month."));
    assert!(text(&folder, "exception-report.html").contains("We ask schools &lt;every&gt; month."));
    #[cfg(feature = "native")]
    assert!(of_document(&folder).contains("We ask schools &lt;every&gt; month."));
    // What is written is read as it was.
    fs::copy(folder.join("narrative.toml"), data.join("narrative.toml")).unwrap();
    let again = report(data.to_str().unwrap(), "2024-09-30", &place.path().join("again"));
    assert_eq!(text(&folder, "exception-report.md"), text(&again, "exception-report.md"));

    fs::write(data.join("narrative.toml"), "activites = []\n").unwrap();
    let out = place.path().join("none");
    let run = sfclaim(&[
        "report",
        data.to_str().unwrap(),
        "--as-at",
        "2024-09-30",
        "--only",
        "exception",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("narrative.toml cannot be understood"));
    assert!(!out.exists());
}

fn copy_of(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_of(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

// 176 claims by the half year, and 352 on the straight line. Against a target of 360 that is 176 of 180, 97.8%: green within 10%,
// and red without tolerance.
#[test]
fn without_tolerance_what_is_not_reached_is_red_and_the_scheme_is_named() {
    let place = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = place.path().join("rules");
    copy_of(&root.join("rules"), &rules);
    let file = rules.join("targets/blackburn-with-darwen.toml");
    let own = fs::read_to_string(&file).unwrap().replace("target = 624", "target = 360");
    fs::write(&file, own).unwrap();
    for (bands, rag, scheme) in [
        ("within-ten-percent", "GREEN", "green within 10% of the target so far, amber within 20%, else red"),
        ("no-tolerance", "RED", "green when the target so far is reached, red when it is not, never amber"),
    ] {
        let more = ["--rules", rules.to_str().unwrap(), "--bands", bands];
        let said = text_of(&report_with("sample_data", "2024-09-30", &place.path().join(bands), &more));
        assert!(said.contains(&format!("| **Half-year performance** | 176. RAG rating: {rag} |")), "{said}");
        assert!(said.contains(&format!("352 on the straight line. RAG rating: {rag} |")), "{said}");
        assert!(said.contains(&format!("| **How the RAG ratings are given** | {scheme} (bands {bands}) |")), "{said}");
        let fixed = ["position", "sample_data", "--as-at", "2024-09-30"];
        let run = sfclaim(&[&fixed[..], &more].concat());
        let screen = String::from_utf8(run.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(screen.contains(&format!("RAG {bands}: green from")), "{screen}");
        assert_eq!(screen.contains("never amber; else red"), bands == "no-tolerance", "{screen}");
    }
}

fn text_of(folder: &Path) -> String {
    text(folder, "exception-report.md")
}

// In the first days of a year nothing is rated, and no quarter is over.
#[test]
fn what_is_too_early_to_say_is_not_yet_known() {
    let place = tempfile::tempdir().unwrap();
    let said = text_of(&report("sample_data", "2024-04-03", &place.path().join("early")));
    for part in [
        "RAG rating: not yet known",
        "| **Direction of travel** | not yet known: fewer than two quarters of the year are over |",
        "| **Expected at the year's end** | not yet known: too early in the year |",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // With one quarter over there is no direction yet, and a rating.
    let said = text_of(&report("sample_data", "2024-07-10", &place.path().join("later")));
    assert!(said.contains("| **Direction of travel** | not yet known"), "{said}");
    assert!(!said.contains("RAG rating: not yet known"), "{said}");
}

// The first claim on record, of June 2024, leaves most of 2023/24 without any: it cannot be a baseline.
#[test]
fn a_year_that_the_records_do_not_hold_is_not_comparable() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    fs::create_dir(&data).unwrap();
    for (name, text) in [
        ("cases.csv", "case_id,family_id,opened_on\nC1,F1,2023-01-10\n"),
        ("criteria.csv", "case_id,criterion\n"),
        ("people.csv", "person_id,family_id,date_of_birth\n"),
        ("claims.csv", "claim_id,family_id,submitted_on,outcome\nK1,F1,2024-06-03,approved\n"),
    ] {
        fs::write(data.join(name), text).unwrap();
    }
    let said = text_of(&report(data.to_str().unwrap(), "2024-09-30", &place.path().join("out")));
    assert!(said.contains("| **Baseline** | not comparable: the claims on record begin later |"), "{said}");
    // One claim in the first quarter, none in the second.
    assert!(said.contains("| **Direction of travel** | down: 1 in Q1, 0 in Q2 |"), "{said}");
}
