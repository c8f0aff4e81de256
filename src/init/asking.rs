//! Questions to whoever sets a folder up: one at a time, each with what is proposed. Who answers them is a trait: a person at
//! a terminal, or a list of answers.

use super::column::Examples;
use crate::error::{Error, Result};
use crate::load::folded::folded;
use crate::words::neutral;
use serde::Serialize;
use std::collections::VecDeque;

/// A thing to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its words.
    pub words: String,
    /// Values of the column that it names, for the screen of whoever is asked and for nothing else.
    pub values: Examples,
}

impl Choice {
    /// One that names no column.
    pub fn of(words: impl Into<String>) -> Choice {
        Choice { words: words.into(), values: Examples::default() }
    }
}

/// A question with its choices.
#[derive(Clone, Debug)]
pub struct Question {
    /// The file that it is about; blank where it is about the folder.
    pub about: String,
    /// The question, in a sentence.
    pub words: String,
    /// What it rests on: a line a column that was found, with values for the screen.
    pub found: Vec<Choice>,
    /// The answers there are.
    pub choices: Vec<Choice>,
    /// The one that is proposed.
    pub guess: Option<usize>,
}

impl Question {
    /// The choice that a written line names: its words, their beginning, `ok` or its number.
    fn named_by(&self, line: &str) -> Option<usize> {
        let by_number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        // Words first: a heading or a headline may be a number.
        let by_words = self.choices.iter().position(|choice| folded(&choice.words) == folded(line));
        // "cases" for "cases: a row for each time that a family was supported".
        let first =
            |choice: &Choice| choice.words.split_once(": ").is_some_and(|(first, _)| folded(first) == folded(line));
        let of_first: Vec<usize> =
            self.choices.iter().enumerate().filter(|(_, choice)| first(choice)).map(|(at, _)| at).collect();
        let by_first = of_first.first().copied().filter(|_| of_first.len() == 1);
        let proposed = self.guess.filter(|_| line == AS_PROPOSED);
        by_words.or(by_first).or(proposed).or(by_number.filter(|at| *at < self.choices.len()))
    }
}

/// Whoever answers.
pub trait Asks {
    /// The position of the choice that was chosen.
    ///
    /// # Errors
    /// There is no answer: nothing is to be written.
    fn ask(&mut self, question: &Question) -> Result<usize>;

    /// Called when there are no more questions.
    ///
    /// # Errors
    /// There are answers to questions that were not asked.
    fn end(&mut self) -> Result<()> {
        Ok(())
    }
}

/// The word of a list of answers that takes what is proposed.
const AS_PROPOSED: &str = "ok";

/// Answers that were written down before, a line a question: the number or the words of a choice, or `ok`. Blank lines and those
/// that begin with `#` are passed over.
#[derive(Debug)]
pub struct Answers {
    lines: VecDeque<(usize, String)>,
    /// What was asked and answered, a line each, without a value of a file.
    pub said: Vec<String>,
}

impl Answers {
    /// Those of a text.
    pub fn of(text: &str) -> Answers {
        Answers { lines: written(text), said: Vec::new() }
    }
}

impl Asks for Answers {
    fn ask(&mut self, question: &Question) -> Result<usize> {
        let about = if question.about.is_empty() { String::new() } else { format!("{}: ", question.about) };
        let asked = format!("{about}{}", question.words);
        let Some((number, line)) = self.lines.pop_front() else {
            return Err(Error::new(format!(
                "the answers end before the questions do. The next one is: {asked}\n{}Nothing was written.",
                listed(question)
            )));
        };
        let chosen = question.named_by(&line);
        let Some(chosen) = chosen else {
            return Err(Error::new(format!(
                "line {number} of the answers, \"{line}\", is no answer to: {asked}\n{}Nothing was written.",
                listed(question)
            )));
        };
        self.said.push(format!("{asked} {}", question.choices[chosen].words));
        Ok(chosen)
    }

    fn end(&mut self) -> Result<()> {
        match self.lines.front() {
            None => Ok(()),
            Some((number, line)) => Err(Error::new(format!(
                "line {number} of the answers, \"{line}\", answers no question: all were answered before it. Nothing was written."
            ))),
        }
    }
}

/// The lines of a text that are answers, each with its number.
fn written(text: &str) -> VecDeque<(usize, String)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim().to_owned()));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect()
}

/// The questions as a form has them, all at once: what was answered so far is held to, and from there on what is proposed is
/// taken for the answer, so that the questions after it can be shown too. From a line that is no answer on, none is taken.
#[derive(Debug, Default)]
pub struct Form {
    lines: VecDeque<(usize, String)>,
    /// What was asked.
    pub asked: Vec<QuestionAsked>,
}

/// A question of a form.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionAsked {
    /// The file that it is about; blank where it is about the folder.
    pub about: String,
    /// The question.
    pub question: String,
    /// What it rests on.
    pub found: Vec<Seen>,
    /// The answers there are.
    pub choices: Vec<Seen>,
    /// The position of the one that is proposed.
    pub proposed: Option<usize>,
    /// The position of the one that was chosen.
    pub answered: Option<usize>,
}

/// A choice with values of its column, which are for the screen alone.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// Its words.
    pub words: String,
    /// Up to three values.
    pub values: Vec<String>,
}

impl Form {
    /// One with the answers of a text.
    pub fn of(text: &str) -> Form {
        Form { lines: written(text), asked: Vec::new() }
    }
}

impl Asks for Form {
    fn ask(&mut self, question: &Question) -> Result<usize> {
        let answered = self.lines.pop_front().and_then(|(_, line)| question.named_by(&line));
        if answered.is_none() {
            self.lines.clear();
        }
        let seen = |choice: &Choice| Seen {
            words: neutral(&choice.words).into_owned(),
            values: choice.values.on_screen().iter().map(|value| neutral(value).into_owned()).collect(),
        };
        self.asked.push(QuestionAsked {
            about: neutral(&question.about).into_owned(),
            question: neutral(&question.words).into_owned(),
            found: question.found.iter().map(seen).collect(),
            choices: question.choices.iter().map(seen).collect(),
            proposed: question.guess,
            answered,
        });
        // The last choice decides nothing: none of them, or not known.
        Ok(answered.or(question.guess).unwrap_or(question.choices.len().saturating_sub(1)))
    }
}

fn listed(question: &Question) -> String {
    let line = |(at, choice): (usize, &Choice)| format!("  {} {}\n", at + 1, choice.words);
    question.choices.iter().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(choices: &[&str], guess: Option<usize>) -> Question {
        Question {
            about: String::new(),
            words: "Which?".to_owned(),
            found: Vec::new(),
            choices: choices.iter().map(|words| Choice::of(*words)).collect(),
            guess,
        }
    }

    #[test]
    fn a_line_is_the_words_the_number_or_ok() {
        let mut answers = Answers::of("# first\nCase Ref\n\n2\nok\n9\n");
        let choices = ["Family Ref", "case ref", "9"];
        assert_eq!(answers.ask(&question(&choices, None)).unwrap(), 1);
        assert_eq!(answers.ask(&question(&choices, None)).unwrap(), 1);
        assert_eq!(answers.ask(&question(&choices, Some(0))).unwrap(), 0);
        assert_eq!(answers.ask(&question(&choices, Some(0))).unwrap(), 2);
        assert!(answers.end().is_ok());
        assert!(answers.ask(&question(&choices, Some(0))).unwrap_err().to_string().contains("end before"));
    }

    #[test]
    fn a_form_goes_on_with_what_is_proposed() {
        let mut form = Form::of("2\nnearly\n1\n");
        let asked =
            [Some(0), Some(1), Some(0), None].map(|guess| form.ask(&question(&["a", "b", "c"], guess)).unwrap());
        assert_eq!(asked, [1, 1, 0, 2]);
        let answered: Vec<Option<usize>> = form.asked.iter().map(|one| one.answered).collect();
        assert_eq!(answered, [Some(1), None, None, None]);
    }

    #[test]
    fn what_is_no_answer_stops_and_so_does_one_too_many() {
        for line in ["4", "0", "nearly", "ok"] {
            let mut answers = Answers::of(line);
            let why = answers.ask(&question(&["a", "b"], None)).unwrap_err().to_string();
            assert!(why.contains("line 1 of the answers") && why.contains("  1 a\n  2 b\n"), "{why}");
        }
        assert!(Answers::of("1").end().is_err());
    }
}
