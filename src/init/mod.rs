//! Proposes the `sfclaim.toml` of a folder that nobody has described yet: which file is which table by what is in it, which
//! heading is which column, how dates are written, what words stand for. Every line says how sure it is and why. What is a
//! guess is written as a comment, to be decided by an officer.
//!
//! - [`sheet`] a file or sheet: separator, the row with the column names, columns; [`column`] what their values are like.
//! - [`headings`] the words of `rules/headings.toml`; [`matching`] headings to columns; [`wide`] criteria side by side;
//!   [`words`] what words stand for.
//! - [`candidate`] a sheet as a table; [`choice`] which sheet is which table; [`written`] the text of the settings;
//!   [`questions`] what is still open.
//! - [`asking`] a question, and who answers it; [`interview`] all questions in their order. [`added`] what is new in a folder
//!   that has settings.
//!
//! No value of a file is proposed or written but the words of short lists, such as outcomes. Whoever is asked sees three values
//! of a column on the screen, and nowhere else.

pub mod added;
pub mod asking;
pub mod candidate;
pub mod choice;
pub mod column;
pub mod headings;
pub mod interview;
pub mod knowledge;
pub mod matching;
pub mod percentages;
mod questions;
pub mod quoting;
pub mod sheet;
pub mod sureness;
pub mod wide;
pub mod words;
pub mod written;

use crate::error::{Error, Result};
use crate::load::beginning::beginnings;
use crate::rules::pack::Pack;
use added::Earlier;
use asking::Asks;
use choice::{Open, Proposal, State, chosen};
use knowledge::Knowledge;
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
    /// Files that could hold a table and are not read, each with why.
    pub not_read: Vec<String>,
    /// Whether the authority is said.
    pub names_authority: bool,
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

/// How settings are proposed.
pub struct How<'a> {
    /// The authority that settings which are to be replaced named.
    pub authority: Option<String>,
    /// The settings to which what is new is to be added.
    pub earlier: Option<Earlier>,
    /// Whoever is asked; without, what cannot be told is a comment.
    pub asks: Option<&'a mut dyn Asks>,
}

/// Looks at a folder and proposes its settings.
///
/// # Errors
/// The folder cannot be read, or has no file that is a table of any kind; a question has no answer.
pub fn propose(folder: &Path, pack: &Pack, how: How<'_>, show: &mut dyn FnMut(&[Line])) -> Result<Proposed> {
    let How { mut authority, earlier, asks } = how;
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
    let mut chosen = chosen(&sheets, &knowledge);
    let is_table: BTreeSet<usize> = chosen.proposals.iter().map(|proposal| proposal.sheet).collect();
    if let Some(earlier) = &earlier {
        earlier.hold_against(&sheets, &mut chosen);
    }
    show(&lines(&sheets, &chosen.proposals, &[]));
    let mut is_answer = false;
    if let Some(asks) = asks {
        if authority.is_none() && earlier.as_ref().is_none_or(|earlier| earlier.authority.is_none()) {
            authority = interview::authority(asks, &knowledge)?;
            is_answer = true;
        }
        interview::hold(asks, &sheets, &mut chosen, &knowledge)?;
        asks.end()?;
    }
    let proposals = chosen.proposals;
    let is_table: BTreeSet<usize> = proposals.iter().map(|proposal| proposal.sheet).chain(is_table).collect();
    for (_, sheet) in sheets.iter().enumerate().filter(|(at, _)| !is_table.contains(at)) {
        others.push(NoTable { name: sheet.name(), why: why_no_table(sheet) });
    }
    others.sort_by(|a, b| a.name.cmp(&b.name));
    let to_decide = to_decide(&sheets, &proposals);
    let authority = authority.as_deref().map(|authority| (authority, is_answer));
    let text = match &earlier {
        Some(earlier) => earlier
            .with(&written::added(&sheets, &proposals, &others, earlier), authority.map(|(authority, _)| authority))?,
        None => written::settings(&sheets, &proposals, &others, &knowledge, authority),
    };
    let lines = lines(&sheets, &proposals, &others);
    let names_authority = authority.is_some() || earlier.as_ref().is_some_and(|earlier| earlier.authority.is_some());
    let not_read = proposals.iter().filter_map(|proposal| match &proposal.state {
        State::ToDecide(open, why) if *open != Open::LeftOut => {
            Some(format!("{} is not read: {}", sheets[proposal.sheet].name(), why.split(". ").next().unwrap_or(why)))
        }
        _ => None,
    });
    Ok(Proposed {
        text,
        lines,
        to_decide,
        not_read: not_read.collect(),
        names_authority,
        looked_at_part: sheets.iter().any(|sheet| sheet.has_more),
    })
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
