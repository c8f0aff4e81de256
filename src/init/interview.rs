//! The questions in their order: what each file is, which of several is the table, which heading is which column, what words
//! stand for, which of day and month comes first. What is certain is shown and confirmed once a file, and not asked.
//!
//! - [`column`] one column of a table; [`words`] what its words stand for.

mod column;
mod words;

use super::asking::{Asks, Choice, Question};
use super::candidate::{Candidate, finish};
use super::choice::{Chosen, Open, Proposal, State, first_state, whole_files};
use super::column::Examples;
use super::knowledge::Knowledge;
use super::percentages::TermColumn;
use super::sheet::Sheet;
use super::sureness::Sureness;
use crate::dates::DateOrder;
use crate::error::Result;
use crate::load::tables::TableName;
use std::collections::BTreeSet;

/// The tables that a file may be said to be.
const ASKED: [TableName; 6] = [
    TableName::Cases,
    TableName::People,
    TableName::Criteria,
    TableName::Attendance,
    TableName::Claims,
    TableName::Terms,
];

/// How many columns are shown where a whole file is asked about.
const SHOWN: usize = 10;

const LEFT_OUT: &str = "it is left out, as you answered";

/// What an interview is held with.
struct Interview<'a> {
    asks: &'a mut dyn Asks,
    sheets: &'a [Sheet],
    knowledge: &'a Knowledge<'a>,
}

/// Asks everything that is open, and changes the proposals by the answers.
///
/// # Errors
/// There is no answer.
pub fn hold(asks: &mut dyn Asks, sheets: &[Sheet], chosen: &mut Chosen, knowledge: &Knowledge<'_>) -> Result<()> {
    let mut interview = Interview { asks, sheets, knowledge };
    interview.tables(chosen)?;
    interview.rivals(&mut chosen.proposals)?;
    for proposal in &mut chosen.proposals {
        if matches!(proposal.state, State::Written | State::ToDecide(Open::Columns, _)) {
            interview.table(proposal)?;
        }
    }
    whole_files(sheets, &mut chosen.proposals);
    Ok(())
}

/// Asks which authority the data is of. None: it is not among those with targets, or not known.
///
/// # Errors
/// There is no answer.
pub fn authority(asks: &mut dyn Asks, knowledge: &Knowledge<'_>) -> Result<Option<String>> {
    let known: Vec<&str> = knowledge.pack.targets.iter().map(|targets| targets.authority.as_str()).collect();
    let mut choices: Vec<Choice> = known.iter().map(|authority| Choice::of(*authority)).collect();
    choices.push(Choice::of("Another council"));
    let words = "Which council are the families of? The rules have the targets of these. For another council claims are decided all the same, without targets and funded places.";
    let question = Question { about: String::new(), words: words.to_owned(), found: Vec::new(), choices, guess: None };
    let answer = asks.ask(&question)?;
    Ok(known.get(answer).map(|authority| (*authority).to_owned()))
}

impl Interview<'_> {
    /// What each file is of which that cannot be told.
    fn tables(&mut self, chosen: &mut Chosen) -> Result<()> {
        for (position, sheet) in self.sheets.iter().enumerate() {
            let own: Vec<&Proposal> = chosen.proposals.iter().filter(|other| other.sheet == position).collect();
            let is_open = |proposal: &&Proposal| {
                matches!(proposal.state, State::ToDecide(Open::Columns | Open::Hidden | Open::WithinAnother, _))
            };
            let is_known = sheet.columns.is_empty() || sheet.rows == 0 || chosen.spoken_of.contains(&position);
            if is_known || own.iter().any(|proposal| !is_open(proposal)) {
                continue;
            }
            let first = own.first().filter(|_| !sheet.hidden).map(|proposal| proposal.candidate.table);
            let guess = first.map_or(Some(ASKED.len()), |table| ASKED.iter().position(|asked| *asked == table));
            let mut choices: Vec<Choice> =
                ASKED.iter().map(|table| Choice::of(self.knowledge.headings.table_said(*table))).collect();
            choices.push(Choice::of("none of these: leave it out"));
            let hidden = if sheet.hidden { " The sheet is hidden." } else { "" };
            let found = sheet.columns.iter().take(SHOWN).map(|column| seen(&format!("\"{}\"", column.heading), column));
            let answer = self.asks.ask(&Question {
                about: sheet.name(),
                words: format!("What is in this file?{hidden}"),
                found: found.collect(),
                choices,
                guess,
            })?;
            let Some(table) = ASKED.get(answer).copied() else {
                for proposal in chosen.proposals.iter_mut().filter(|other| other.sheet == position) {
                    proposal.state = State::ToDecide(Open::LeftOut, LEFT_OUT.to_owned());
                }
                continue;
            };
            chosen.proposals.retain(|other| other.sheet != position);
            let mut of_table: Vec<&Candidate> =
                chosen.all[position].iter().filter(|candidate| candidate.table == table).collect();
            // Criteria side by side, where they are found, are more than the ids of the rows.
            of_table.sort_by_key(|candidate| (!candidate.missing.is_empty(), candidate.wide.is_none()));
            let wide = chosen.all[position].iter().find(|candidate| candidate.wide.is_some());
            let beside = wide.filter(|_| table == TableName::Cases);
            for candidate in of_table.into_iter().take(1).chain(beside) {
                let state = State::ToDecide(Open::Columns, String::new());
                chosen.proposals.push(Proposal { sheet: position, candidate: candidate.clone(), state });
            }
        }
        chosen.proposals.sort_by_key(|proposal| (proposal.sheet, proposal.candidate.table));
        Ok(())
    }

    /// Which of several files is the table.
    fn rivals(&mut self, proposals: &mut [Proposal]) -> Result<()> {
        for table in TableName::ALL.into_iter().filter(|table| *table != TableName::Attendance) {
            let may_be = |proposal: &Proposal| {
                proposal.candidate.table == table
                    && matches!(
                        proposal.state,
                        State::AsItStands | State::Written | State::ToDecide(Open::Rivals | Open::Columns, _)
                    )
            };
            let group: Vec<usize> = (0..proposals.len()).filter(|at| may_be(&proposals[*at])).collect();
            if let [only] = group.as_slice() {
                self.beside_the_settings(&mut proposals[*only])?;
            }
            if group.len() < 2 {
                continue;
            }
            let kept = group.iter().position(|at| matches!(proposals[*at].state, State::AsItStands | State::Written));
            let names = group.iter().map(|at| self.sheets[proposals[*at].sheet].name());
            let mut choices: Vec<Choice> = names.map(|name| Choice::of(format!("{name} alone"))).collect();
            choices.push(Choice::of("all of them: each has rows of its own"));
            let said = self.knowledge.headings.table_said(table);
            let answer = self.asks.ask(&Question {
                about: String::new(),
                words: format!("Several files may be the list of {said}. An older copy must not be read beside a newer one. Which of them counts?"),
                found: Vec::new(),
                choices,
                guess: kept,
            })?;
            for (number, at) in group.iter().enumerate() {
                let proposal = &mut proposals[*at];
                if answer != number && answer != group.len() {
                    proposal.state = State::ToDecide(Open::LeftOut, LEFT_OUT.to_owned());
                } else if matches!(proposal.state, State::ToDecide(..)) {
                    proposal.state = State::ToDecide(Open::Columns, String::new());
                }
            }
        }
        Ok(())
    }

    /// A file that may be a table which the settings have from another file.
    fn beside_the_settings(&mut self, proposal: &mut Proposal) -> Result<()> {
        let State::ToDecide(Open::Rivals, _) = &proposal.state else { return Ok(()) };
        let said = self.knowledge.headings.table_said(proposal.candidate.table);
        let answer = self.asks.ask(&Question {
            about: self.sheets[proposal.sheet].name(),
            words: format!("Another file is the list of {said} already. Does this one have rows of its own, which are to be read too?"),
            found: Vec::new(),
            choices: vec![Choice::of("yes"), Choice::of("no: leave it out")],
            guess: Some(1),
        })?;
        proposal.state = match answer {
            0 => State::ToDecide(Open::Columns, String::new()),
            _ => State::ToDecide(Open::LeftOut, LEFT_OUT.to_owned()),
        };
        Ok(())
    }

    /// Everything that is open of a file as its table.
    fn table(&mut self, proposal: &mut Proposal) -> Result<()> {
        let sheet = &self.sheets[proposal.sheet];
        let candidate = &mut proposal.candidate;
        let guessed = candidate.pairs.iter().filter(|pair| pair.sureness() == Sureness::Guess).map(|pair| pair.column);
        let unsure: Vec<&'static str> = candidate.missing.iter().copied().chain(guessed).collect();
        for column in unsure {
            self.column(sheet, candidate, column)?;
        }
        finish(candidate, sheet, self.knowledge);
        match self.confirmed(sheet, candidate)? {
            Confirmed::Yes => {}
            Confirmed::Each => {
                self.each_column(sheet, candidate)?;
                finish(candidate, sheet, self.knowledge);
            }
            Confirmed::LeftOut => {
                proposal.state = State::ToDecide(Open::LeftOut, LEFT_OUT.to_owned());
                return Ok(());
            }
        }
        self.words(sheet, candidate)?;
        self.order(sheet, candidate)?;
        proposal.state = match first_state(sheet, candidate) {
            // Whoever says what a hidden sheet is wants it read.
            State::ToDecide(Open::Hidden, _) => State::Written,
            // It was spoken of, so that it is written even where nothing need be said.
            State::AsItStands => State::Written,
            state => state,
        };
        Ok(())
    }

    /// Shows what was found in a file, and asks whether it is right.
    fn confirmed(&mut self, sheet: &Sheet, candidate: &Candidate) -> Result<Confirmed> {
        let said = |column: &str| self.knowledge.headings.column_said(column).to_owned();
        let mut found: Vec<Choice> = Vec::new();
        for pair in &candidate.pairs {
            let column = &sheet.columns[pair.position];
            found.push(seen(&format!("{}: \"{}\"", said(pair.column), column.heading), column));
        }
        for (column, constant) in &candidate.constants {
            found.push(Choice::of(format!("{}: {} in every row", said(column), constant.value)));
        }
        for TermColumn { term, heading } in &candidate.terms {
            let values = sheet.columns.iter().find(|column| column.heading == *heading);
            let words = format!("percentages of {term}: \"{heading}\"");
            found.push(values.map_or_else(|| Choice::of(words.clone()), |column| seen(&words, column)));
        }
        for (criterion, parts) in candidate.wide.iter().flat_map(|wide| &wide.criteria) {
            let heading = |part: &str| parts.get(part).map(|(heading, _)| heading.as_str());
            let others = parts.iter().filter(|(part, _)| *part != "flag");
            let others: Vec<String> = others
                .map(|(part, (heading, _))| format!("; {}: \"{heading}\"", part.trim_end_matches("_on")))
                .collect();
            let flag = heading("flag").unwrap_or_default();
            let values = sheet.columns.iter().find(|column| column.heading == flag);
            let words = format!("headline {criterion}: need: \"{flag}\"{}", others.concat());
            found.push(values.map_or_else(|| Choice::of(words.clone()), |column| seen(&words, column)));
        }
        let of_wide = candidate.wide.iter().flat_map(|wide| wide.criteria.values()).flat_map(|parts| parts.values());
        let used: BTreeSet<&str> = of_wide
            .map(|(heading, _)| heading.as_str())
            .chain(candidate.pairs.iter().map(|pair| sheet.columns[pair.position].heading.as_str()))
            .chain(candidate.terms.iter().map(|column| column.heading.as_str()))
            .collect();
        let unused: Vec<&str> = sheet
            .columns
            .iter()
            .map(|column| column.heading.as_str())
            .filter(|heading| !used.contains(heading))
            .collect();
        if !unused.is_empty() {
            found.push(Choice::of(format!("not used: {}", unused.join(", "))));
        }
        let missing: Vec<String> = candidate.missing.iter().map(|column| said(column)).collect();
        let lacks = if missing.is_empty() {
            String::new()
        } else {
            format!(" No column was named for {}, so that it cannot be read yet.", missing.join(" and "))
        };
        let guess = if missing.is_empty() { 0 } else { 2 };
        let answer = self.asks.ask(&Question {
            about: sheet.name(),
            words: format!(
                "It is read as {}. Is that right?{lacks}",
                self.knowledge.headings.table_said(candidate.table)
            ),
            found,
            choices: vec![
                Choice::of("yes"),
                Choice::of("no: ask me for each column"),
                Choice::of("leave this file out"),
            ],
            guess: Some(guess),
        })?;
        Ok([Confirmed::Yes, Confirmed::Each, Confirmed::LeftOut].into_iter().nth(answer).unwrap_or(Confirmed::LeftOut))
    }

    /// Which of day and month comes first, where no date shows it or some show either.
    fn order(&mut self, sheet: &Sheet, candidate: &mut Candidate) -> Result<()> {
        let found = candidate.order;
        if found.order().is_some() || !(found.is_both_ways() || found.either_way > 0) {
            return Ok(());
        }
        let why = if found.is_both_ways() {
            format!(
                "{} dates can only be read day first, and {} only month first: each way some cannot be read.",
                found.day_first, found.month_first
            )
        } else {
            "No date of the file shows it.".to_owned()
        };
        let answer = self.asks.ask(&Question {
            about: sheet.name(),
            words: format!("Which comes first in its dates? {why}"),
            found: Vec::new(),
            choices: vec![Choice::of("the day"), Choice::of("the month"), Choice::of("I do not know yet")],
            guess: Some(if found.is_both_ways() { 2 } else { 0 }),
        })?;
        candidate.order_said = [DateOrder::DayFirst, DateOrder::MonthFirst].get(answer).copied();
        Ok(())
    }
}

/// What was said of what was found.
enum Confirmed {
    Yes,
    Each,
    LeftOut,
}

/// A line with the values of a column, for the screen.
fn seen(words: &str, column: &super::column::ColumnSeen) -> Choice {
    Choice { words: words.to_owned(), values: Examples::clone(&column.examples) }
}
