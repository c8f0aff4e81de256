//! The text of the proposed settings: each line with how sure it is and why, guesses as comments.
//!
//! Longer than most files, since each kind of line stands here once, in the order of the file.

use super::added::Earlier;
use super::candidate::Candidate;
use super::choice::{Open, Proposal, State};
use super::knowledge::Knowledge;
use super::matching::Pair;
use super::percentages::TermColumn;
use super::questions::open_questions;
use super::quoting::{comment, quoted};
use super::sheet::{NoTable, Sheet};
use super::sureness::Sureness;
use super::words::Meanings;
use crate::dates::DateOrder;
use crate::load::beginning::ROWS;
use crate::load::folded::folded;
use crate::load::mapping::{Encoding, Separator};
use crate::load::tables::TableName;
use crate::words::{counted, grouped};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The whole file.
pub fn settings(
    sheets: &[Sheet],
    proposals: &[Proposal],
    others: &[NoTable],
    knowledge: &Knowledge<'_>,
    authority: Option<(&str, bool)>,
) -> String {
    let mut out = format!(
        "# Proposed by `sfclaim init`. Read it line by line: each says how sure it is (certain, likely, a guess) and why.\n\
         # What is a guess is a comment: decide, and take away the # in front of it. Only the first {} rows of a file were looked at.\n\
         # docs/files.md says what each key does.\n\n",
        grouped(&ROWS.to_string())
    );
    match authority {
        Some((authority, is_answer)) => {
            let why = if is_answer { "as you answered" } else { "as it was said before" };
            let _ = writeln!(out, "authority = {}  # {why}", quoted(authority));
        }
        None => {
            let known: Vec<&str> = knowledge.pack.targets.iter().map(|targets| targets.authority.as_str()).collect();
            let _ = writeln!(
                out,
                "# authority = \"\"  # to decide: your authority's id in the targets of the rules (there: {}); without it the funded places are not known",
                known.join(", ")
            );
        }
    }
    for proposal in proposals {
        one(&mut out, proposal, sheets, proposals);
    }
    no_tables(&mut out, others.iter());
    out
}

/// What is added to settings that somebody has written. Empty: nothing is new.
pub fn added(sheets: &[Sheet], proposals: &[Proposal], others: &[NoTable], earlier: &Earlier) -> String {
    let mut out = String::new();
    for proposal in proposals {
        // What waits there already to be decided is not put there a second time.
        let waits = matches!(proposal.state, State::ToDecide(..)) && earlier.proposes(&sheets[proposal.sheet]);
        if proposal.state != State::AsItStands && !waits {
            one(&mut out, proposal, sheets, proposals);
        }
    }
    no_tables(&mut out, others.iter().filter(|other| !earlier.passes_over(other)));
    out
}

/// What becomes of one proposal.
fn one(out: &mut String, proposal: &Proposal, sheets: &[Sheet], proposals: &[Proposal]) {
    let sheet = &sheets[proposal.sheet];
    out.push('\n');
    let text = entry(sheet, &proposal.candidate, proposals, sheets);
    match &proposal.state {
        State::AsItStands => {
            let _ = writeln!(
                out,
                "# {}: the table {}, read as it stands.",
                comment(&sheet.name()),
                proposal.candidate.table
            );
        }
        State::Written => out.push_str(&text),
        State::ToDecide(open, why) => {
            let word = if *open == Open::LeftOut { "LEFT OUT" } else { "TO DECIDE" };
            let _ = writeln!(out, "# {word}: {}.", comment(why));
            for line in text.lines() {
                out.push_str(if line.is_empty() { "#" } else { "# " });
                out.push_str(line);
                out.push('\n');
            }
        }
    }
}

fn no_tables<'a>(out: &mut String, others: impl Iterator<Item = &'a NoTable>) {
    let mut others = others.peekable();
    if others.peek().is_some() {
        out.push_str("\n# No table:\n");
    }
    for other in others {
        let _ = writeln!(out, "# - {}: {}", comment(&other.name), comment(&other.why));
    }
}

/// One of the `[[files]]`.
fn entry(sheet: &Sheet, candidate: &Candidate, proposals: &[Proposal], sheets: &[Sheet]) -> String {
    let mut out = String::new();
    let rows = if sheet.has_more {
        counted(sheet.rows, "first row", "first rows")
    } else {
        counted(sheet.rows, "row", "rows")
    };
    let _ =
        writeln!(out, "# {}: {}, {rows}", comment(&sheet.name()), counted(sheet.columns.len(), "column", "columns"));
    for note in notes(sheet, candidate) {
        let _ = writeln!(out, "# {}", comment(&note));
    }
    out.push_str("[[files]]\n");
    let _ = writeln!(out, "file = {}", quoted(&sheet.file));
    if let Some(name) = sheet.sheet.as_deref() {
        let _ = writeln!(out, "sheet = {}", quoted(name));
    }
    let _ =
        writeln!(out, "table = \"{}\"  # {}: {}", candidate.table, candidate.sureness().word(), why_table(candidate));
    if sheet.above > 0 {
        let above = counted(sheet.above, "row stands", "rows stand");
        let _ = if sheet.titles_above {
            writeln!(
                out,
                "header_row = {}  # certain: {above} above the column names, of which {} are known",
                sheet.header_row, sheet.known
            )
        } else {
            // Who says where the column names stand has seen that no rows stand above them.
            writeln!(
                out,
                "# header_row = {}  # a guess: {above} above the column names, of which {} are known, with several cells in a row. Take the # away if they are no rows of the table",
                sheet.header_row, sheet.known
            )
        };
    }
    if let Some(separator) = sheet.separator.filter(|separator| *separator != Separator::Comma) {
        let _ =
            writeln!(out, "separator = \"{}\"  # certain: {} known headings with it", separator.word(), sheet.known);
    }
    match sheet.encoding {
        Some(Encoding::Windows1252) => {
            out.push_str("encoding = \"windows-1252\"  # likely: it is not UTF-8, and older spreadsheets save so\n");
        }
        Some(Encoding::Utf16) => {
            out.push_str("encoding = \"utf-16\"  # certain: every other byte is zero, or its mark says so\n")
        }
        _ => {}
    }
    out.push_str(&date_order(candidate));
    columns(&mut out, sheet, candidate);
    values(&mut out, candidate);
    wide(&mut out, candidate);
    unused(&mut out, sheet, candidate, proposals, sheets);
    out
}

fn why_table(candidate: &Candidate) -> String {
    let own = candidate.pairs.iter().filter(|pair| pair.sureness() == Sureness::Certain).count();
    let mut why =
        format!("{} that {} certain", counted(own, "heading", "headings"), if own == 1 { "is" } else { "are" });
    if !candidate.terms.is_empty() {
        let _ =
            write!(why, ", and percentages of {} stand side by side", counted(candidate.terms.len(), "term", "terms"));
    }
    if let Some(wide) = &candidate.wide {
        let _ = write!(why, ", and {} stand side by side", counted(wide.criteria.len(), "criterion", "criteria"));
    }
    why
}

fn notes(sheet: &Sheet, candidate: &Candidate) -> Vec<String> {
    let mut notes = Vec::new();
    if sheet.footers > 0 {
        notes.push(format!("{} at its end: no rows of the table, left out.", counted(sheet.footers, "line", "lines")));
    }
    if candidate.is_of_percentages() {
        notes.push(
            "Percentages decide nothing by themselves. Ask for the sessions possible and attended of each term."
                .to_owned(),
        );
    }
    notes.extend(open_questions(sheet, candidate).into_iter().filter(|question| question.starts_with("To decide")));
    notes
}

/// The order of the dates with what shows it.
fn date_order(candidate: &Candidate) -> String {
    let found = candidate.order;
    match candidate.order_said {
        Some(DateOrder::MonthFirst) => return "date_order = \"month_first\"  # as you answered\n".to_owned(),
        Some(_) => return "date_order = \"day_first\"  # as you answered\n".to_owned(),
        None => {}
    }
    let of = counted(found.dates, "date", "dates");
    match found.order() {
        Some(DateOrder::MonthFirst) => {
            format!(
                "date_order = \"month_first\"  # certain: {} of {of} have a number over 12 in second place, and none in first\n",
                found.month_first
            )
        }
        Some(DateOrder::DayFirst | DateOrder::MostlyDayFirst) => {
            format!("# Dates: the day first. Certain: {} of {of} have a day over 12 in first place.\n", found.day_first)
        }
        None | Some(DateOrder::Unsettled) if candidate.order.is_both_ways() => format!(
            "# date_order = \"month_first\"  # to decide: of {of} {} have a number over 12 in first place and {} in second\n",
            found.day_first, found.month_first
        ),
        None if found.either_way > 0 => {
            format!(
                "# date_order = \"month_first\"  # a guess that it is not so: none of {of} shows which comes first, and they are read day first\n"
            )
        }
        None | Some(DateOrder::Unsettled) => String::new(),
    }
}

fn columns(out: &mut String, sheet: &Sheet, candidate: &Candidate) {
    // What a file of one term does not say of every row is said once.
    let once = |column: &&str| candidate.table == TableName::Attendance && ["academic_year", "term"].contains(column);
    let said_once: Vec<&str> = candidate.missing.iter().copied().filter(|column| once(column)).collect();
    if !candidate.constants.is_empty() || !said_once.is_empty() {
        out.push_str("\n[files.constants]\n");
        for column in &said_once {
            let example = if *column == "term" { "Autumn" } else { "2023/24" };
            let _ = writeln!(
                out,
                "# {column} = \"\"  # to decide: such as \"{example}\"; the same for every row of the file"
            );
        }
        for (column, value) in &candidate.constants {
            let _ = writeln!(out, "{column} = {}  # {}", quoted(&value.value), value.told_by.word());
        }
    }
    let heading = |pair: &Pair| sheet.columns[pair.position].heading.as_str();
    // A heading of the table's own name need not be said.
    let own: Vec<&str> = candidate.pairs.iter().filter(|pair| pair.score == 100).map(|pair| pair.column).collect();
    let said: Vec<&Pair> = candidate.pairs.iter().filter(|pair| pair.score != 100).collect();
    if !own.is_empty() {
        let _ = writeln!(out, "# Headings that are the table's own: {}.", own.join(", "));
    }
    let missing: Vec<&str> = candidate.missing.iter().copied().filter(|column| !once(column)).collect();
    if said.is_empty() && missing.is_empty() {
        return;
    }
    out.push_str("\n[files.columns]\n");
    for pair in said {
        let mut why = match pair.sureness() {
            Sureness::Said => Sureness::Said.word().to_owned(),
            sureness => format!("{}: {}", sureness.word(), pair.why),
        };
        if let Some(rival) = pair.rival {
            let _ = write!(why, "; to decide: \"{}\" would do as well", sheet.columns[rival].heading);
        }
        let sign = if pair.sureness() == Sureness::Guess { "# " } else { "" };
        let _ = writeln!(out, "{sign}{} = {}  # {}", pair.column, quoted(heading(pair)), comment(&why));
    }
    for missing in missing {
        let _ = writeln!(out, "# {missing} = \"\"  # to decide: the table must have it, and no heading is like it");
    }
}

fn values(out: &mut String, candidate: &Candidate) {
    for (column, Meanings { words, not_shown, known }) in &candidate.meanings {
        let is_open = words.iter().all(|word| word.sureness == Sureness::Guess);
        let _ = writeln!(out, "\n{}[files.values.{column}]", if is_open { "# " } else { "" });
        for word in words {
            let times = counted(word.word.times, "row", "rows");
            let (sign, meant, why) = match (&word.meant, word.sureness) {
                (Some(meant), Sureness::Said) => ("", meant.clone(), Sureness::Said.word().to_owned()),
                (Some(meant), Sureness::Guess) => ("# ", meant.clone(), "a guess: the nearest word".to_owned()),
                (Some(meant), sureness) if meant.is_empty() => {
                    ("", String::new(), format!("{}: it says that there is none", sureness.word()))
                }
                (Some(meant), sureness) => ("", meant.clone(), format!("{}: a usual word for it", sureness.word())),
                (None, _) if *column == "source" => (
                    "# ",
                    folded(&word.word.text).replace(' ', "_"),
                    "to decide: any name may stand in source".to_owned(),
                ),
                (None, _) => ("# ", String::new(), format!("to decide: one of {}", known.join(", "))),
            };
            let _ = writeln!(out, "{sign}{} = {}  # {why} ({times})", quoted(&word.word.text), quoted(&meant));
        }
        if !not_shown.is_empty() {
            let rows: usize = not_shown.iter().map(|meaning| meaning.word.times).sum();
            let (words, rows) = (counted(not_shown.len(), "word", "words"), counted(rows, "row", "rows"));
            let _ = writeln!(out, "# To decide: {words} in {rows} are not known and not shown here.");
        }
    }
}

fn wide(out: &mut String, candidate: &Candidate) {
    if !candidate.terms.is_empty() {
        out.push_str("\n[files.wide.terms]\n");
        for TermColumn { term, heading } in &candidate.terms {
            let why = "likely: a term with its year, and percentages below it";
            let _ = writeln!(out, "{} = {}  # {why}", quoted(term), quoted(heading));
        }
    }
    let Some(wide) = &candidate.wide else { return };
    if !wide.yes.is_empty() || !wide.no.is_empty() || wide.outcomes_below.is_some() {
        out.push_str("\n[files.wide]\n");
        match &wide.outcomes_below {
            Some((Sureness::Said, _)) => out.push_str("outcomes_below = true  # as you answered\n"),
            Some((_, rows)) => {
                let rows = counted(*rows, "row names", "rows name");
                let _ = writeln!(
                    out,
                    "# outcomes_below = true  # to decide: {rows} nobody and have days under the needs of the row above. Take away the # if these are the days of the outcomes"
                );
            }
            None => {}
        }
        for (key, words) in [("yes", &wide.yes), ("no", &wide.no)] {
            if !words.is_empty() {
                let list: Vec<String> = words.keys().map(|word| quoted(word)).collect();
                let times = counted(words.values().sum(), "cell", "cells");
                let _ = writeln!(out, "{key} = [{}]  # likely: usual words ({times})", list.join(", "));
            }
        }
    }
    if wide.not_known().0 > 0 {
        let (words, cells) =
            (counted(wide.not_known().0, "word", "words"), counted(wide.not_known().1, "cell", "cells"));
        let _ = writeln!(
            out,
            "# To decide: {words} in {cells} say neither yes nor no: add them to yes or no under [files.wide]."
        );
    }
    out.push_str("\n[files.wide.criteria]\n");
    for (criterion, parts) in &wide.criteria {
        let sureness = parts.get("flag").map_or(Sureness::Guess, |(_, sureness)| *sureness);
        let (said, open): (Vec<_>, Vec<_>) = parts.iter().partition(|(_, (_, sureness))| *sureness != Sureness::Guess);
        let mut said: Vec<String> =
            said.into_iter().map(|(part, (heading, _))| format!("{part} = {}", quoted(heading))).collect();
        said.sort_by_key(|part| !part.starts_with("flag"));
        let why = match sureness {
            Sureness::Said => Sureness::Said.word(),
            Sureness::Certain => {
                "certain: the number or the whole label of the headline, and yes, no or dates below it"
            }
            _ => "likely: the headline or a word of it, and yes, no or dates below it; a blank is read as no",
        };
        let open: Vec<String> =
            open.into_iter().map(|(part, (heading, _))| format!("; a guess: {part} = {}", quoted(heading))).collect();
        let _ = writeln!(
            out,
            "{} = {{ {} }}  # {why}{}",
            quoted_key(&criterion.to_string()),
            said.join(", "),
            comment(&open.concat())
        );
    }
    for heading in &wide.without_flag {
        let _ = writeln!(
            out,
            "# {}: part of a criterion without a column that says whether there is a need",
            comment(heading)
        );
    }
}

/// Headings that nothing takes, by any table of the sheet.
fn unused(out: &mut String, sheet: &Sheet, candidate: &Candidate, proposals: &[Proposal], sheets: &[Sheet]) {
    let of_sheet = proposals.iter().filter(|proposal| sheets[proposal.sheet].name() == sheet.name());
    let first = of_sheet.clone().map(|proposal| proposal.candidate.table).min();
    if first != Some(candidate.table) {
        return;
    }
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for proposal in of_sheet {
        used.extend(proposal.candidate.pairs.iter().map(|pair| sheet.columns[pair.position].heading.as_str()));
        let wide =
            proposal.candidate.wide.iter().flat_map(|wide| wide.criteria.values()).flat_map(|parts| parts.values());
        used.extend(wide.map(|(heading, _)| heading.as_str()));
        used.extend(proposal.candidate.terms.iter().map(|column| column.heading.as_str()));
    }
    let left: Vec<&str> = sheet
        .columns
        .iter()
        .map(|column| column.heading.as_str())
        .filter(|heading| !used.contains(heading))
        .take(40)
        .collect();
    if !left.is_empty() {
        let _ = writeln!(out, "\n# Headings that are not used: {}.", comment(&left.join(", ")));
    }
}

fn quoted_key(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_toml_reads_them() {
        for text in ["Case Ref", "a \"b\" \\ c", "two\nlines\t", "é £"] {
            let read: toml::Table = toml::from_str(&format!("key = {}", quoted(text))).unwrap();
            assert_eq!(read["key"].as_str(), Some(text));
        }
        assert!(!comment("two\nlines").contains('\n'));
    }
}
