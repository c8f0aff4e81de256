//! `sfclaim init`: look at a folder of unknown files, ask what cannot be told, and write its settings.

#[cfg(feature = "native")]
mod terminal;

use super::args::Init;
use super::printing::{print_to_stderr, say, say_json};
use super::steps::{Ended, with_progress};
use crate::error::{Error, Result};
use crate::init::added::Earlier;
use crate::init::asking::{Answers, Asks, Form, QuestionAsked};
use crate::init::{How, Line, Proposed, propose};
use crate::load::beginning::ROWS;
use crate::load::{load_under, settings};
use crate::report::output::folder::write_file;
use crate::report::output::page::{Screen, plain_table};
use crate::report::views::ready;
use crate::rules::pack::Pack;
use crate::run::{prepare_undated, undated_findings};
use crate::words::{counted, grouped};
use serde::Serialize;
use std::io::{IsTerminal, Read};
use std::path::Path;
#[cfg(feature = "native")]
use terminal::Terminal;

pub(super) fn run(typed: &Init) -> Result<Ended> {
    let own = typed.folder.join("sfclaim.toml");
    if typed.json {
        return questions(typed, &own);
    }
    let out = typed.out.clone().unwrap_or_else(|| own.clone());
    let is_added_to = typed.add && out == own;
    // QuestionAsked first, so that nobody waits for what may not be written.
    if out.exists() && !typed.force && !is_added_to {
        return Err(Error::new(format!(
            "{} is there already, and somebody wrote it: add --add to keep it and add what is new, name another file with --out, or add --force to write over it.",
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
    let earlier = earlier(typed, &own)?;
    let before = earlier.as_ref().map(|(_, bytes)| bytes.clone());
    let mut answers = typed.answers.as_deref().map(written).transpose()?.map(|text| Answers::of(&text));
    #[cfg(feature = "native")]
    let mut terminal = Terminal::default();
    let is_terminal =
        cfg!(feature = "native") && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !typed.propose;
    let is_asked = is_terminal && answers.is_none();
    let asks: Option<&mut dyn Asks> = match &mut answers {
        Some(answers) => Some(answers),
        #[cfg(feature = "native")]
        None if is_asked => Some(&mut terminal),
        None => None,
    };
    let how = How { authority: authority(&own), earlier: earlier.map(|(earlier, _)| earlier), asks };
    let proposed = propose(&typed.folder, &pack, how, &mut |lines| {
        if is_asked {
            print_to_stderr(&format!("{}\n", looked_at(typed, lines, false)));
        }
    })?;
    let mut text = String::new();
    for line in answers.iter().flat_map(|answers| &answers.said) {
        text.push_str(&format!("{line}\n"));
    }
    let is_same = before.as_deref() == Some(proposed.text.as_bytes()) && is_added_to;
    if !is_same {
        for note in write_file(&out, proposed.text.as_bytes())? {
            print_to_stderr(&format!("sfclaim: note: {note}\n"));
        }
    }
    // Written or not, what stands in the way is the next thing to decide.
    let checked = checked(typed, &out, &proposed, &pack);
    if !is_asked {
        text.push_str(&looked_at(typed, &proposed.lines, proposed.looked_at_part));
    }
    text.push_str(&summary(typed, &out, &proposed, is_same, checked));
    say(&text);
    Ok(Ended::Well)
}

/// The settings to which what is new is to be added, with their bytes.
fn earlier(typed: &Init, own: &Path) -> Result<Option<(Earlier, Vec<u8>)>> {
    if !(typed.add && own.exists()) {
        return Ok(None);
    }
    let bytes = std::fs::read(own).map_err(|why| Error::file("read", own, &why))?;
    Ok(Some((Earlier::read(own, &bytes)?, bytes)))
}

/// All questions at once, for a form. Nothing is written.
fn questions(typed: &Init, own: &Path) -> Result<Ended> {
    let pack = Pack::built_in()?;
    let text = typed.answers.as_deref().map(written).transpose()?.unwrap_or_default();
    let mut form = Form::of(&text);
    let earlier = earlier(typed, own)?.map(|(earlier, _)| earlier);
    propose(&typed.folder, &pack, How { authority: authority(own), earlier, asks: Some(&mut form) }, &mut |_| {})?;
    say_json(&Questions { questions: form.asked })?;
    Ok(Ended::Well)
}

/// What is printed of a form.
#[derive(Serialize)]
struct Questions {
    questions: Vec<QuestionAsked>,
}

/// The text of the answers that were written down before.
fn written(path: &Path) -> Result<String> {
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|why| Error::new(format!("cannot read the answers: {why}.")))?;
    } else {
        text = std::fs::read_to_string(path).map_err(|why| Error::file("read", path, &why))?;
    }
    Ok(text)
}

/// The authority that the settings of the folder name, if they can be read.
fn authority(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    settings::read(path, &bytes).ok()?.authority
}

/// What `sfclaim validate` finds with the settings, in five lines.
fn checked(typed: &Init, out: &Path, proposed: &Proposed, pack: &Pack) -> Result<Vec<String>> {
    let loaded = load_under(&typed.folder, out, proposed.text.as_bytes())?;
    let prepared = with_progress(&loaded.progress, || prepare_undated(&loaded, pack, None))?;
    let findings = undated_findings(&prepared);
    Ok(ready::lines(&prepared, &findings, &proposed.not_read, &typed.folder.display().to_string()))
}

fn looked_at(typed: &Init, lines: &[Line], is_part: bool) -> String {
    let mut text = format!("Looked at {}", typed.folder.display());
    if is_part {
        text.push_str(&format!(" (the first {} rows of each file)", grouped(&ROWS.to_string())));
    }
    text.push_str("\n\n");
    let rows: Vec<Vec<String>> =
        lines.iter().map(|line| vec![line.name.clone(), line.table.clone(), line.sureness.clone()]).collect();
    text.push_str(&plain_table(&[("File", false), ("Table", false), ("How sure", false)], &rows));
    text
}

fn summary(typed: &Init, out: &Path, proposed: &Proposed, is_same: bool, checked: Result<Vec<String>>) -> String {
    let screen = Screen::terminal();
    let mut text = String::new();
    let mut paragraph = |words: &str, first: &str, others: &str| {
        text.push_str(&screen.wrapped(words, first, others));
        text.push('\n');
    };
    if proposed.to_decide.is_empty() {
        let but = if proposed.names_authority { "" } else { " but the authority" };
        paragraph(&format!("\nNothing is left to decide{but}."), "", "");
    } else {
        let things = counted(proposed.to_decide.len(), "thing is", "things are");
        paragraph(&format!("\n{things} left to decide:"), "", "");
        for question in &proposed.to_decide {
            paragraph(question, "  - ", "    ");
        }
    }
    if is_same {
        paragraph(&format!("\nNothing is new: {} is as it was.", out.display()), "", "");
    } else {
        paragraph(&format!("\nWritten to {}. Read it, and decide what is marked there.", out.display()), "", "");
    }
    match checked {
        Err(problem) => {
            paragraph("\nThe folder cannot be read yet. The next thing to decide:", "", "");
            text.push_str(&format!("  {}\n", problem.to_string().replace('\n', "\n  ")));
            text.push_str(&format!(
                "\nThen:\n  sfclaim validate {folder}\n  sfclaim check {folder} --as-at DATE\n",
                folder = typed.folder.display()
            ));
        }
        Ok(lines) => {
            paragraph("The settings work: the folder can be read with them.\n", "", "");
            for line in &lines {
                paragraph(line, "", "  ");
            }
        }
    }
    text
}
