//! `sfclaim init`: look at a folder of unknown files and propose its settings.

use super::args::Init;
use super::{Ended, say};
use crate::error::{Error, Result};
use crate::init::{Proposed, propose};
use crate::load::beginning::ROWS;
use crate::load::{load_under, settings};
use crate::report::output::folder::write_file;
use crate::report::output::page::{Screen, plain_table};
use crate::rules::pack::Pack;
use crate::words::{counted, grouped};
use std::path::Path;

pub(super) fn run(typed: &Init) -> Result<Ended> {
    let own = typed.folder.join("sfclaim.toml");
    let out = typed.out.clone().unwrap_or_else(|| own.clone());
    // Asked first, so that nobody waits for what may not be written.
    if out.exists() && !typed.force {
        return Err(Error::new(format!(
            "{} is there already, and somebody wrote it: name another file with --out, or add --force to write over it.",
            out.display()
        )));
    }
    // Settings are written over when asked to; a table, or any other file that is read, is not.
    let is_settings = out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    if out.exists() && !(is_settings && out.file_name().is_none_or(|name| name != "scenarios.toml")) {
        return Err(Error::new(format!(
            "{} is not a file of settings: name another file, with --force too, such as sfclaim.toml.",
            out.display()
        )));
    }
    let pack = Pack::built_in()?;
    let proposed = propose(&typed.folder, &pack, authority(&own).as_deref())?;
    // Written or not, what stands in the way is the next thing to decide.
    let problem = load_under(&typed.folder, &out, proposed.text.as_bytes()).err();
    for note in write_file(&out, proposed.text.as_bytes())? {
        super::say_aside(&format!("sfclaim: note: {note}\n"));
    }
    say(&summary(typed, &out, &proposed, problem.as_ref()));
    Ok(Ended::Well)
}

/// The authority that the settings of the folder name, if they can be read.
fn authority(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    settings::read(path, &bytes).ok()?.authority
}

fn summary(typed: &Init, out: &Path, proposed: &Proposed, problem: Option<&Error>) -> String {
    let screen = Screen::terminal();
    let mut text = format!("Looked at {}", typed.folder.display());
    if proposed.looked_at_part {
        text.push_str(&format!(" (the first {} rows of each file)", grouped(&ROWS.to_string())));
    }
    text.push_str("\n\n");
    let rows: Vec<Vec<String>> =
        proposed.lines.iter().map(|line| vec![line.name.clone(), line.table.clone(), line.sureness.clone()]).collect();
    text.push_str(&plain_table(&[("File", false), ("Table", false), ("How sure", false)], &rows));
    let mut paragraph = |words: &str, first: &str, others: &str| {
        text.push_str(&screen.wrapped(words, first, others));
        text.push('\n');
    };
    if proposed.to_decide.is_empty() {
        paragraph("\nNothing is left to decide but the authority.", "", "");
    } else {
        let things = counted(proposed.to_decide.len(), "thing is", "things are");
        paragraph(&format!("\n{things} left to decide:"), "", "");
        for question in &proposed.to_decide {
            paragraph(question, "  - ", "    ");
        }
    }
    paragraph(&format!("\nWritten to {}. Read it, and decide what is marked there.", out.display()), "", "");
    match problem {
        Some(problem) => {
            paragraph("\nThe folder cannot be read yet. The next thing to decide:", "", "");
            text.push_str(&format!("  {}\n", problem.to_string().replace('\n', "\n  ")));
        }
        None => text.push_str("The folder can be read with it.\n"),
    }
    text.push_str(&format!(
        "\nThen:\n  sfclaim validate {folder}\n  sfclaim check {folder} --as-at DATE\n",
        folder = typed.folder.display()
    ));
    text
}
