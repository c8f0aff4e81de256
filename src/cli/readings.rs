//! `sfclaim readings`: which results depend on how the guidance is read.

use super::args::Readings;
use super::printing::{say, say_json};
use super::steps::{Ended, prepared};
use crate::error::Result;
use crate::report::output::page::Screen;
use crate::report::views::readings::{readings, text};

pub(super) fn run(typed: &Readings) -> Result<Ended> {
    let (_, prepared) = prepared(&typed.judging, None)?;
    let found = readings(&prepared)?;
    if typed.json {
        say_json(&found)?;
    } else {
        say(&text(&found, Screen::terminal()));
    }
    Ok(if prepared.register.findings.any_error() { Ended::WithErrors } else { Ended::Well })
}
