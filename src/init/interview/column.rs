//! Which heading is one column of a table, or what stands for it in every row.

use super::{Interview, seen};
use crate::error::Result;
use crate::init::asking::{Choice, Question};
use crate::init::candidate::{Candidate, Constant, ToldBy};
use crate::init::matching::{Pair, score};
use crate::init::sheet::Sheet;
use crate::init::sureness::Sureness;
use crate::init::wide::{Criterion, WideFound};
use crate::load::tables::TableName;
use std::collections::BTreeSet;

/// How many academic years are offered, the latest first.
const YEARS: usize = 4;

impl Interview<'_> {
    /// Asks which heading is a column.
    pub(super) fn column(&mut self, sheet: &Sheet, candidate: &mut Candidate, name: &'static str) -> Result<()> {
        let in_every_row = self.in_every_row(candidate, name);
        let sure = candidate.pairs.iter().filter(|pair| pair.column != name && pair.sureness() != Sureness::Guess);
        let taken: BTreeSet<usize> = sure.map(|pair| pair.position).collect();
        let free: Vec<usize> = (0..sheet.columns.len()).filter(|at| !taken.contains(at)).collect();
        let current =
            candidate.pair(name).map(|pair| pair.position).or_else(|| self.best(sheet, candidate, name, &free));
        let constant = candidate
            .constants
            .get(name)
            .and_then(|constant| in_every_row.iter().position(|value| *value == constant.value));
        let guess = constant.or_else(|| {
            current.and_then(|current| free.iter().position(|at| *at == current)).map(|at| in_every_row.len() + at)
        });
        let is_must = candidate.must().contains(&name) || candidate.missing.contains(&name);
        let none = if is_must { "none of them, or I do not know yet" } else { "there is none" };
        let constants = in_every_row.iter().map(|value| Choice::of(format!("{value} in every row")));
        let columns = free.iter().map(|at| seen(&sheet.columns[*at].heading, &sheet.columns[*at]));
        let choices: Vec<Choice> = constants.chain(columns).chain([Choice::of(none)]).collect();
        let last = choices.len() - 1;
        let answer = self.asks.ask(&Question {
            about: sheet.name(),
            words: format!("Which column is {}?", self.knowledge.headings.column_said(name)),
            found: Vec::new(),
            guess: guess.or((!is_must).then_some(last)),
            choices,
        })?;
        candidate.constants.remove(name);
        candidate.pairs.retain(|pair| pair.column != name);
        if let Some(value) = in_every_row.get(answer) {
            candidate.missing.retain(|missing| *missing != name);
            candidate.constants.insert(name, Constant { value: value.clone(), told_by: ToldBy::Answer });
        } else if let Some(position) = free.get(answer - in_every_row.len()).copied() {
            candidate.missing.retain(|missing| *missing != name);
            // What was a guess for another column is this one's now.
            candidate.pairs.retain(|pair| pair.position != position);
            candidate.pairs.push(Pair::said(name, position, &sheet.columns[position].heading));
        } else if is_must && !candidate.missing.contains(&name) {
            candidate.missing.push(name);
        }
        // A list of needs may name the family where it has no case.
        let instead = candidate.table.in_place_of(name).filter(|_| candidate.missing.contains(&name));
        if let Some(instead) = instead.filter(|instead| candidate.pair(instead).is_none()) {
            self.column(sheet, candidate, instead)?;
        }
        if candidate.table.in_place_of("case_id").is_some_and(|instead| candidate.pair(instead).is_some()) {
            candidate.missing.retain(|missing| *missing != "case_id" && *missing != "family_id");
        }
        Ok(())
    }

    /// Asks for every column of the table, and for those of each headline.
    pub(super) fn each_column(&mut self, sheet: &Sheet, candidate: &mut Candidate) -> Result<()> {
        let names: Vec<&'static str> = if candidate.wide.is_some() {
            candidate.pairs.iter().map(|pair| pair.column).collect()
        } else {
            candidate
                .table
                .columns()
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| self.is_asked(candidate, name))
                .collect()
        };
        // Asked anew, nothing is taken by what was thought before.
        for pair in &mut candidate.pairs {
            pair.score = pair.score.min(50);
            pair.is_said = false;
        }
        for name in names {
            self.column(sheet, candidate, name)?;
        }
        for column in std::mem::take(&mut candidate.terms) {
            let answer = self.asks.ask(&Question {
                about: sheet.name(),
                words: format!("Are the percentages of {} in \"{}\"?", column.term, column.heading),
                found: Vec::new(),
                choices: vec![Choice::of("yes"), Choice::of("no: leave this column out")],
                guess: Some(0),
            })?;
            if answer == 0 {
                candidate.terms.push(column);
            }
        }
        if let Some(mut wide) = candidate.wide.take() {
            self.headlines(sheet, candidate, &mut wide)?;
            candidate.wide = Some(wide);
        }
        Ok(())
    }

    /// Of attendance only the columns of the layout that the file has.
    fn is_asked(&self, candidate: &Candidate, name: &'static str) -> bool {
        candidate.table != TableName::Attendance
            || ["upn", "person_id", "school_urn"].contains(&name)
            || candidate.pair(name).is_some()
            || candidate.constants.contains_key(name)
            || candidate.missing.contains(&name)
    }

    /// The columns of each headline: the need, and the day of its outcome.
    fn headlines(&mut self, sheet: &Sheet, candidate: &Candidate, wide: &mut WideFound) -> Result<()> {
        let ids: BTreeSet<usize> = candidate.pairs.iter().map(|pair| pair.position).collect();
        let columns: Vec<usize> = (0..sheet.columns.len()).filter(|at| !ids.contains(at)).collect();
        let labels = self.knowledge.pack.frameworks.iter().max_by_key(|framework| framework.in_force.to);
        for headline in labels.into_iter().flat_map(|framework| &framework.headlines) {
            let criterion = Criterion(headline.number, None);
            for (part, words) in [("flag", "the need"), ("outcome_on", "the day of its outcome")] {
                if part == "outcome_on" && !wide.criteria.contains_key(&criterion) {
                    continue;
                }
                let now = wide.criteria.get(&criterion).and_then(|parts| parts.get(part)).map(|(heading, _)| heading);
                let current = columns.iter().position(|at| Some(&sheet.columns[*at].heading) == now);
                let shown = columns.iter().map(|at| seen(&sheet.columns[*at].heading, &sheet.columns[*at]));
                let choices: Vec<Choice> = shown.chain([Choice::of("there is none")]).collect();
                let answer = self.asks.ask(&Question {
                    about: sheet.name(),
                    words: format!("Headline {}, {}: which column is {words}?", headline.number, headline.label),
                    found: Vec::new(),
                    guess: Some(current.unwrap_or(columns.len())),
                    choices,
                })?;
                let heading = columns.get(answer).map(|at| sheet.columns[*at].heading.clone());
                match (heading, part) {
                    (Some(heading), _) => {
                        let parts = wide.criteria.entry(criterion.clone()).or_default();
                        parts.insert(part.to_owned(), (heading, Sureness::Said));
                    }
                    (None, "flag") => {
                        wide.criteria.remove(&criterion);
                    }
                    (None, _) => {
                        if let Some(parts) = wide.criteria.get_mut(&criterion) {
                            parts.remove(part);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// What may be the same in every row: of attendance the year and the term.
    fn in_every_row(&self, candidate: &Candidate, name: &str) -> Vec<String> {
        let terms = &self.knowledge.terms;
        match name {
            "academic_year" if candidate.table == TableName::Attendance => {
                terms.academic_years.iter().rev().take(YEARS).cloned().collect()
            }
            "term" if candidate.table == TableName::Attendance => terms.names.clone(),
            _ => Vec::new(),
        }
    }

    /// The free heading that is likeliest to be a column, by its name or else by its values.
    fn best(&self, sheet: &Sheet, candidate: &Candidate, name: &'static str, free: &[usize]) -> Option<usize> {
        let (headings, reader) = (self.knowledge.headings, &self.knowledge.reader);
        let scored = free.iter().map(|at| (score(candidate.table, name, &sheet.columns[*at], headings, reader).0, *at));
        scored
            .filter(|(score, _)| *score > 0)
            .max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)))
            .map(|(_, at)| at)
    }
}
