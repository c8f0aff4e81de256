//! What the words of a column stand for.

use super::Interview;
use crate::error::Result;
use crate::init::asking::{Choice, Question};
use crate::init::candidate::Candidate;
use crate::init::sheet::Sheet;
use crate::init::sureness::Sureness;
use crate::init::words::Meaning;
use crate::words::counted;

/// How many words of a column are asked about. Where there are more it is no list.
const ASKED: usize = 20;

/// A word that a person says the meaning of is the one value that comes into the settings: they could not be applied without.
const WRITTEN: &str = "A word that you say the meaning of is written into the settings with it.";

impl Interview<'_> {
    /// Asks for the words of which it is not known what they stand for.
    pub(super) fn words(&mut self, sheet: &Sheet, candidate: &mut Candidate) -> Result<()> {
        let must = candidate.must();
        // Any name may stand in source.
        let names: Vec<&'static str> = candidate.meanings.keys().copied().filter(|name| *name != "source").collect();
        for name in names {
            let Some(mut meanings) = candidate.meanings.remove(name) else { continue };
            let known = self.known(name, &meanings.known);
            let heading = candidate.pair(name).map(|pair| sheet.columns[pair.position].heading.as_str());
            let open = meanings.words.iter().filter(|word| word.sureness == Sureness::Guess).count();
            if !known.is_empty() && open + meanings.not_shown.len() <= ASKED {
                for word in meanings.words.iter_mut().filter(|word| word.sureness == Sureness::Guess) {
                    self.word(sheet, name, heading, &known, must.contains(&name), word)?;
                }
                for mut word in std::mem::take(&mut meanings.not_shown) {
                    self.word(sheet, name, heading, &known, must.contains(&name), &mut word)?;
                    // What nobody can say stays out of the settings.
                    if word.sureness == Sureness::Said {
                        meanings.words.push(word);
                    } else {
                        meanings.not_shown.push(word);
                    }
                }
            }
            candidate.meanings.insert(name, meanings);
        }
        self.rows_below(sheet, candidate)?;
        self.flags(sheet, candidate)
    }

    /// Whether rows without a case have the outcomes of the row above.
    fn rows_below(&mut self, sheet: &Sheet, candidate: &mut Candidate) -> Result<()> {
        let Some(wide) = &mut candidate.wide else { return Ok(()) };
        let Some((_, rows)) = wide.outcomes_below else { return Ok(()) };
        let answer = self.asks.ask(&Question {
            about: sheet.name(),
            words: format!(
                "{} nobody and {} days under the needs of the row above. What are these days?",
                counted(rows, "row names", "rows name"),
                if rows == 1 { "has" } else { "have" }
            ),
            found: Vec::new(),
            choices: vec![
                Choice::of("the days of the outcomes"),
                Choice::of("something else"),
                Choice::of("I do not know yet"),
            ],
            guess: Some(2),
        })?;
        match answer {
            0 => wide.outcomes_below = Some((Sureness::Said, rows)),
            1 => wide.outcomes_below = None,
            _ => {}
        }
        Ok(())
    }

    /// Asks what one word stands for.
    fn word(
        &mut self,
        sheet: &Sheet,
        name: &str,
        heading: Option<&str>,
        known: &[(String, String)],
        is_must: bool,
        word: &mut Meaning,
    ) -> Result<()> {
        let mut choices: Vec<Choice> = known.iter().map(|(_, said)| Choice::of(said)).collect();
        // A restriction is not taken away by a word that says nothing.
        let may_be_blank = !is_must && name != "restricted";
        if may_be_blank {
            choices.push(Choice::of("nothing: read it as blank"));
        }
        choices.push(Choice::of("I do not know yet"));
        let meant = word.meant.as_ref().and_then(|meant| known.iter().position(|(own, _)| own == meant));
        let column = heading
            .map_or_else(|| self.knowledge.headings.column_said(name).to_owned(), |heading| format!("\"{heading}\""));
        let answer = self.asks.ask(&Question {
            about: sheet.name(),
            words: format!(
                "What does \"{}\" in {column} stand for ({})?",
                word.word.text,
                counted(word.word.times, "row", "rows")
            ),
            found: vec![Choice::of(WRITTEN)],
            guess: meant.or(Some(choices.len() - 1)),
            choices,
        })?;
        let meant = match known.get(answer) {
            Some((own, _)) => Some(own.clone()),
            None if may_be_blank && answer == known.len() => Some(String::new()),
            None => None,
        };
        if meant.is_some() {
            (word.meant, word.sureness) = (meant, Sureness::Said);
        }
        Ok(())
    }

    /// Words of criteria side by side that say neither yes nor no.
    fn flags(&mut self, sheet: &Sheet, candidate: &mut Candidate) -> Result<()> {
        let Some(wide) = &mut candidate.wide else { return Ok(()) };
        if wide.unknown.len() > ASKED {
            return Ok(());
        }
        for (word, times) in std::mem::take(&mut wide.unknown) {
            let answer = self.asks.ask(&Question {
                about: sheet.name(),
                words: format!(
                    "What does \"{word}\" in the columns of needs say ({})?",
                    counted(times, "cell", "cells")
                ),
                found: vec![Choice::of(WRITTEN)],
                choices: vec![
                    Choice::of("yes: the family has the need"),
                    Choice::of("no: it has not"),
                    Choice::of("I do not know yet"),
                ],
                guess: Some(2),
            })?;
            let said = match answer {
                0 => &mut wide.yes,
                1 => &mut wide.no,
                _ => &mut wide.unknown,
            };
            said.insert(word, times);
        }
        Ok(())
    }

    /// The words that a column may have, each with how it is said in a question.
    fn known(&self, name: &str, known: &[String]) -> Vec<(String, String)> {
        let last = self.knowledge.pack.frameworks.iter().max_by_key(|framework| framework.in_force.to);
        match name {
            "criterion" => {
                let headlines = last.into_iter().flat_map(|framework| &framework.headlines);
                headlines.map(|of| (of.number.to_string(), format!("{} - {}", of.number, of.label))).collect()
            }
            "academic_year" => {
                self.knowledge.terms.academic_years.iter().map(|year| (year.clone(), year.clone())).collect()
            }
            _ => {
                let said = |word: &String| match word.as_str() {
                    "y" => "yes".to_owned(),
                    "n" => "no".to_owned(),
                    other => other.replace('_', " "),
                };
                known.iter().map(|word| (word.clone(), said(word))).collect()
            }
        }
    }
}
