//! `sfclaim init`: look at a folder of unknown files and propose its settings.

use super::args::Init;
use super::{Ended, say};
use crate::error::{Error, Result};
use crate::init::{Proposed, propose};
use crate::load::beginning::ROWS;
use crate::load::{load_under, settings};
use crate::report::folder::owner_only;
use crate::report::screen::{Screen, plain_table};
use crate::rules::pack::Pack;
use crate::words::{counted, grouped};
use std::io::Write as _;
use std::path::{Path, PathBuf};

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
    let pack = Pack::built_in()?;
    let proposed = propose(&typed.folder, &pack, authority(&own).as_deref())?;
    // Written or not, what stands in the way is the next thing to decide.
    let problem = load_under(&typed.folder, &out, proposed.text.as_bytes()).err();
    write_whole(&out, proposed.text.as_bytes())?;
    say(&summary(typed, &out, &proposed, problem.as_ref()));
    Ok(Ended::Well)
}

/// The authority that the settings of the folder name, if they can be read.
fn authority(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    settings::read(path, &bytes).ok()?.authority
}

/// Writes a file completely or not at all, for its owner only.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |why: std::io::Error| Error::file("write", path, &why);
    // A link to a file stands for the file.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = tempfile::Builder::new().prefix(".sfclaim-").tempdir_in(folder).map_err(failed)?;
    let new: PathBuf = beside.path().join("sfclaim.toml");
    let mut file = owner_only(&new).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&new, &path).map_err(failed)
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
