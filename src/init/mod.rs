//! Proposes the `sfclaim.toml` of a folder that nobody has described yet: which file is which table by what is in it, which
//! heading is which column, how dates are written, what words stand for. Every line says how sure it is and why. What is a
//! guess is written as a comment, to be decided by an officer.
//!
//! - [`sheet`] a file or sheet: separator, the row with the column names, columns; [`column`] what their values are like.
//! - [`headings`] the words of `rules/headings.toml`; [`matching`] headings to columns; [`wide`] criteria side by side;
//!   [`words`] what words stand for.
//! - [`candidate`] a sheet as a table; [`choice`] which sheet is which table; [`written`] the text of the settings;
//!   [`questions`] what is still open.
//!
//! No value of a file is shown but the words of short lists, such as outcomes.

pub mod candidate;
pub mod choice;
pub mod column;
pub mod headings;
pub mod matching;
pub mod questions;
pub mod sheet;
pub mod wide;
pub mod words;
pub mod written;

use crate::error::{Error, Result};
use crate::load::beginning::beginnings;
use crate::rules::pack::Pack;
use candidate::Knowledge;
use choice::{Chosen, Open, Proposal, State, chosen};
use sheet::{NoTable, Sheet, sheet_of};
use std::collections::BTreeSet;
use std::path::Path;

/// What was proposed.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The text of `sfclaim.toml`.
    pub text: String,
    /// A line a file or sheet.
    pub lines: Vec<Line>,
    /// What is still to be decided, a sentence each.
    pub to_decide: Vec<String>,
    /// Whether any file was looked at only in part.
    pub looked_at_part: bool,
}

/// What is said of a file or sheet on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file, with its sheet.
    pub name: String,
    /// The table, or a dash.
    pub table: String,
    /// How sure that is, and what becomes of it.
    pub sureness: String,
}

/// Looks at a folder and proposes its settings. `authority` is what settings that are to be replaced said.
///
/// # Errors
/// The folder cannot be read, or has no file that is a table of any kind.
pub fn propose(folder: &Path, pack: &Pack, authority: Option<&str>) -> Result<Proposed> {
    let headings = headings::read()?;
    let knowledge = Knowledge::of(&headings, pack);
    let (mut sheets, mut others) = (Vec::new(), Vec::new());
    let names = names_in(folder)?;
    for name in &names {
        match beginnings(folder, name) {
            Ok(read) => {
                let seen = read.iter().filter(|one| one.sheet.as_ref().is_some_and(|(_, hidden)| !hidden)).count();
                sheets.extend(read.into_iter().map(|one| sheet_of(name, seen > 1, one, &headings, pack)));
            }
            Err(why) => others.push(NoTable { name: name.clone(), why: why.to_string() }),
        }
    }
    if sheets.is_empty() {
        let why = if names.is_empty() { "it is empty" } else { "none of its files is one that is read" };
        return Err(Error::new(format!(
            "{} has no table to look at: {why}. Put the files of your systems there as .csv, .xlsx or .parquet.",
            folder.display()
        )));
    }
    let Chosen { proposals, .. } = chosen(&sheets, &knowledge);
    let is_table: BTreeSet<usize> = proposals.iter().map(|proposal| proposal.sheet).collect();
    for (_, sheet) in sheets.iter().enumerate().filter(|(at, _)| !is_table.contains(at)) {
        others.push(NoTable { name: sheet.name(), why: why_no_table(sheet) });
    }
    others.sort_by(|a, b| a.name.cmp(&b.name));
    let to_decide = to_decide(&sheets, &proposals);
    let text = written::settings(&sheets, &proposals, &others, &knowledge, authority);
    let lines = lines(&sheets, &proposals, &others);
    Ok(Proposed { text, lines, to_decide, looked_at_part: sheets.iter().any(|sheet| sheet.has_more) })
}

/// The files of the folder that a person put there, sorted; the settings and locks of open workbooks left out.
fn names_in(folder: &Path) -> Result<Vec<String>> {
    let failed = |why: std::io::Error| Error::file("read the data folder", folder, &why);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = name == "sfclaim.toml" || name.starts_with(['.', '~']);
        if entry.path().is_file() && !is_ours {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn why_no_table(sheet: &Sheet) -> String {
    if sheet.rows == 0 {
        return "it is empty.".to_owned();
    }
    if sheet.columns.is_empty() {
        return "none of its first rows has two headings that are known.".to_owned();
    }
    format!("{} of its {} headings are known, and they make no table.", sheet.known, sheet.columns.len())
}

fn lines(sheets: &[Sheet], proposals: &[Proposal], others: &[NoTable]) -> Vec<Line> {
    let of_tables = proposals.iter().map(|proposal| {
        let sureness = proposal.candidate.sureness().word();
        let sureness = match &proposal.state {
            State::AsItStands => "as it stands".to_owned(),
            State::Written => sureness.to_owned(),
            State::ToDecide(Open::LeftOut, _) => "left out".to_owned(),
            State::ToDecide(..) => "to decide".to_owned(),
        };
        Line { name: sheets[proposal.sheet].name(), table: proposal.candidate.table.to_string(), sureness }
    });
    let no_tables = others.iter().map(|other| Line {
        name: other.name.clone(),
        table: "-".to_owned(),
        sureness: "no table".to_owned(),
    });
    of_tables.chain(no_tables).collect()
}

/// What an officer must still decide, file by file.
fn to_decide(sheets: &[Sheet], proposals: &[Proposal]) -> Vec<String> {
    let mut found = Vec::new();
    for proposal in proposals {
        let sheet = &sheets[proposal.sheet];
        let (name, candidate) = (sheet.name(), &proposal.candidate);
        if let State::ToDecide(Open::LeftOut, _) = &proposal.state {
            continue;
        }
        if let State::ToDecide(_, why) = &proposal.state {
            found.push(format!("{name} as the table {}: {why}.", candidate.table));
            continue;
        }
        found.extend(
            questions::open_questions(sheet, candidate).into_iter().map(|question| format!("{name}: {question}")),
        );
    }
    for (at, sheet) in sheets.iter().enumerate() {
        let Some(table) = sheet.named_table() else { continue };
        let spoken_of =
            proposals.iter().any(|other| other.state == State::Written && sheets[other.sheet].file == sheet.file);
        let is_it = |proposal: &&Proposal| proposal.sheet == at && proposal.candidate.table == table;
        let as_it_stands = proposals.iter().find(is_it).is_some_and(|proposal| proposal.state == State::AsItStands);
        if !spoken_of && !as_it_stands {
            found.push(format!(
                "{}: its name is that of the table {table}, so it is read as that whatever it holds: mend it, or give it another name.",
                sheet.name()
            ));
        }
    }
    found
}
