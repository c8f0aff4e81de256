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
    let arguments = ["report", data, "--as-at", as_at, "--only", "exception", "--out", out.to_str().unwrap()];
    let run = sfclaim(&arguments);
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
