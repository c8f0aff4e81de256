//! `sfclaim compare`: what changed between two runs.

use super::args::Compare;
use super::printing::{say, say_json};
use super::steps::Ended;
use crate::error::Result;
use crate::report::output::page::Screen;
use crate::report::views::compare::{compare, read, text};

pub(super) fn run(typed: &Compare) -> Result<Ended> {
    let comparison = compare(&read(&typed.before)?, &read(&typed.after)?);
    if typed.json {
        say_json(&comparison)?;
    } else {
        say(&text(&comparison, Screen::terminal()));
    }
    Ok(Ended::Well)
}
