//! `sfclaim compare`: what changed between two runs.

use super::args::Compare;
use super::{Ended, say, say_json};
use crate::error::Result;
use crate::report::compare::{compare, read, text};
use crate::report::screen::Screen;

pub(super) fn run(typed: &Compare) -> Result<Ended> {
    let comparison = compare(&read(&typed.before)?, &read(&typed.after)?);
    if typed.json {
        say_json(&comparison)?;
    } else {
        say(&text(&comparison, Screen::terminal()));
    }
    Ok(Ended::Well)
}
