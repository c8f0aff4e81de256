//! The person at a terminal, who is asked one thing at a time. What is shown there, values of columns among it, is written nowhere.

use crate::cli::printing::print_to_stderr;
use crate::error::{Error, Result};
use crate::init::asking::{Asks, Choice, Question};
use crate::words::neutral;
use inquire::ui::RenderConfig;
use inquire::{InquireError, Select};
use std::fmt;

/// How many choices are seen at once.
const AT_ONCE: usize = 14;

/// A terminal.
#[derive(Default)]
pub(super) struct Terminal {
    asked: usize,
    about: String,
}

impl Asks for Terminal {
    fn ask(&mut self, question: &Question) -> Result<usize> {
        self.asked += 1;
        if question.about != self.about && !question.about.is_empty() {
            print_to_stderr(&format!("\n{}\n", question.about));
        }
        self.about.clone_from(&question.about);
        if !question.found.is_empty() {
            let lines: Vec<String> = lined_up(&question.found).iter().map(|line| format!("  {line}\n")).collect();
            print_to_stderr(&lines.concat());
        }
        let lines = lined_up(&question.choices);
        let options: Vec<Shown> = question
            .choices
            .iter()
            .zip(lines)
            .enumerate()
            .map(|(at, (choice, line))| Shown { number: at + 1, words: neutral(&choice.words).into_owned(), line })
            .collect();
        let mut guess = "arrows or a number, then Enter; Esc stops and writes nothing".to_owned();
        if question.guess.is_some() {
            guess = format!("Enter takes the line marked >; {guess}");
        }
        let words = neutral(&question.words).into_owned();
        let chosen = Select::new(&words, options)
            .with_render_config(RenderConfig::empty())
            .with_starting_cursor(question.guess.unwrap_or(0))
            .with_page_size(AT_ONCE)
            .with_help_message(&guess)
            .with_scorer(&by_number)
            .with_formatter(&|chosen| chosen.value.words.clone())
            .raw_prompt();
        match chosen {
            Ok(chosen) => Ok(chosen.index),
            Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => {
                Err(Error::new("stopped. Nothing was written."))
            }
            Err(why) => Err(Error::new(format!(
                "nothing can be asked here ({why}). Nothing was written. Add --propose to have a proposal written without questions."
            ))),
        }
    }
}

/// A choice with its number.
struct Shown {
    number: usize,
    words: String,
    line: String,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>2}  {}", self.number, self.line)
    }
}

/// Whether what was typed is the beginning of a choice's number, or stands in its words.
fn by_number(typed: &str, choice: &Shown, _: &str, _: usize) -> Option<i64> {
    let typed = typed.trim().to_lowercase();
    let number = choice.number.to_string();
    match () {
        () if typed.is_empty() => Some(0),
        () if number == typed => Some(3),
        () if number.starts_with(&typed) => Some(2),
        () if typed.parse::<usize>().is_err() && choice.words.to_lowercase().contains(&typed) => Some(1),
        () => None,
    }
}

/// The words of each, with the values behind them in a column of their own.
fn lined_up(choices: &[Choice]) -> Vec<String> {
    const WIDEST: usize = 56;
    let words: Vec<String> = choices.iter().map(|choice| neutral(&choice.words).into_owned()).collect();
    let width = words.iter().map(|words| words.chars().count()).max().unwrap_or(0).min(WIDEST);
    let line = |(words, choice): (&String, &Choice)| {
        let values: Vec<String> = choice.values.on_screen().iter().map(|value| neutral(value).into_owned()).collect();
        if values.is_empty() { words.clone() } else { format!("{words:<width$}  {}", values.join(" | ")) }
    };
    words.iter().zip(choices).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_word_finds_a_choice() {
        let choice = Shown { number: 12, words: "Case Ref".to_owned(), line: String::new() };
        for (typed, found) in
            [("", Some(0)), ("12", Some(3)), ("1", Some(2)), ("case", Some(1)), ("2", None), ("x", None)]
        {
            assert_eq!(by_number(typed, &choice, "", 0), found, "{typed}");
        }
    }
}
