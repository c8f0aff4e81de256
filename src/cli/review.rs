//! `sfclaim review`: what waits for a person, and a sheet of questions to be answered by agreements.

use super::args::Review;
use super::{Ended, ended, judged, prepared, say, say_json, written};
use crate::error::Result;
use crate::report::review::{MARKER, NAMES, data, text, write};
use crate::report::screen::Screen;

pub(super) fn run(typed: &Review) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judged(&prepared, &typed.agreements);
    let found = outcome.review(typed.expiring_within);
    let all = data(&outcome, &found, typed.expiring_within);
    let said = written(&typed.output, folder, |folder| write(folder, &outcome, &found, &all))?;
    if typed.json {
        say_json(&all)?;
    } else {
        say(&text(&outcome, &found, typed.expiring_within, Screen::terminal()));
        let none = "Nothing was written: add --out DIR for the whole list and a sheet to fill in.";
        say(&format!("{}\n", said.as_deref().unwrap_or(none)));
    }
    Ok(ended(&outcome))
}
