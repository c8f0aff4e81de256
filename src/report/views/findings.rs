//! The catalogue of findings (`rules/findings.toml`) for people: a list, one entry, and the page `docs/findings.md`.

use crate::finding::{FindingCode, Severity};
use crate::report::output::page::Screen;
use std::fmt::Write as _;

/// What each severity means for the officer.
fn meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "what a row says could not be used: mend it",
        Severity::Warning => "should be looked at; the run went on",
        Severity::Note => "worth knowing",
    }
}

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// The kinds of a severity, by code.
fn of(severity: Severity) -> Vec<FindingCode> {
    let mut kinds: Vec<FindingCode> =
        FindingCode::ALL.iter().copied().filter(|kind| kind.severity() == severity).collect();
    kinds.sort_by_key(|kind| kind.code());
    kinds
}

/// All kinds with their titles, grouped by severity.
pub fn list(screen: Screen) -> String {
    let width = FindingCode::ALL.iter().map(|kind| kind.code().len()).max().unwrap_or(0);
    let mut out = String::new();
    for severity in SEVERITIES {
        let kinds = of(severity);
        let _ = writeln!(out, "{} ({}): {}\n", severity.word(), kinds.len(), meaning(severity));
        for kind in kinds {
            let title = kind.entry().map_or("", |entry| entry.title.as_str());
            let first = format!("  {:<width$}  ", kind.code());
            out.push_str(&screen.wrapped(title, &first, &" ".repeat(width + 4)));
            out.push('\n');
        }
        out.push('\n');
    }
    out.push_str("`sfclaim findings CODE` says why one of them matters and what to do.\n");
    out
}

/// One entry.
pub fn entry(kind: FindingCode, screen: Screen) -> String {
    let mut out = format!("{} ({}: {})\n", kind.code(), kind.severity().word(), meaning(kind.severity()));
    let Some(entry) = kind.entry() else { return out };
    for (what, text) in [
        ("What it is", &entry.title),
        ("Why it matters", &entry.why),
        ("What to do", &entry.todo),
        ("Who has the answer", &format!("most often {}", entry.owner.said())),
        ("For example", &entry.example),
    ] {
        if !text.is_empty() {
            out.push('\n');
            out.push_str(&screen.wrapped(text, &format!("{what}: "), "  "));
            out.push('\n');
        }
    }
    out
}

/// The page `docs/findings.md`.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Findings\n\n\
         Everything that a run may have to say of the data: what it is, why it matters for a claim, and what to do about it.\n\
         `sfclaim findings` lists them, and `sfclaim findings CODE` shows one. The places in the examples are invented.\n\n\
         This page is made from `rules/findings.toml`: `sfclaim findings --markdown > docs/findings.md`.\n\n\
         | Severity | |\n|---|---|\n",
    );
    for severity in SEVERITIES {
        let _ = writeln!(out, "| [{}](#{}) | {} |", severity.word(), severity.word(), meaning(severity));
    }
    for severity in SEVERITIES {
        let _ = write!(out, "\n## {}\n", severity.word());
        for kind in of(severity) {
            let Some(entry) = kind.entry() else { continue };
            let _ = write!(out, "\n### {}\n\n{}\n", kind.code(), in_markdown(&entry.title));
            let _ = write!(out, "\n- **Why it matters.** {}\n", in_markdown(&entry.why));
            let _ = writeln!(out, "- **What to do.** {}", in_markdown(&entry.todo));
            let _ = writeln!(out, "- **Who has the answer.** Most often {}.", entry.owner.said());
            if !entry.example.is_empty() {
                let _ = writeln!(out, "- **For example.** `{}`", entry.example);
            }
        }
    }
    out
}

/// Words with an underscore stand in the code type, so that Markdown takes nothing in them for a mark of its own.
fn in_markdown(text: &str) -> String {
    let word = |word: &str| {
        let end = word.trim_end_matches(['.', ',', ':', ';']).len();
        let (name, mark) = word.split_at(end);
        if name.contains(['_', '*', '<']) { format!("`{name}`{mark}") } else { word.to_owned() }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
