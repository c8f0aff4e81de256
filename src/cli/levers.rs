//! `sfclaim levers`: which single thing holds most money back, and who can act on it.

use super::args::Listing;
use super::{Ended, ended_aloud, prepared, say, say_json, written};
use crate::error::Result;
use crate::forecast::levers::levers;
use crate::report::levers::{MARKER, NAMES, data, text, write};
use crate::report::screen::Screen;
use crate::run::judge;

pub(super) fn run(typed: &Listing) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judge(&prepared, prepared.rules.clone());
    let found = levers(&outcome);
    let said = written(&typed.output, folder, |folder| write(folder, &outcome, &found))?;
    if typed.json {
        say_json(&data(&outcome, &found))?;
    } else {
        say(&text(&outcome, &found, Screen::terminal()));
        said.iter().for_each(|said| say(&format!("{said}\n")));
    }
    Ok(ended_aloud(&prepared.register.counts, &outcome.findings))
}
