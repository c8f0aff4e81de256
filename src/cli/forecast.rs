//! `sfclaim forecast`: claims and grant to the year's end.

use super::args::Forecast;
use super::{Ended, ended_aloud, prepared, say, say_json, written};
use crate::error::Result;
use crate::forecast::forecast;
use crate::forecast::position::{Asked, position};
use crate::report::forecast::{MARKER, NAMES, data, text, write};
use crate::report::screen::Screen;
use crate::run::judge;

pub(super) fn run(typed: &Forecast) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let found = forecast(&prepared, &prepared.rules, typed.backtest)?;
    let outcome = judge(&prepared, prepared.rules.clone());
    let stands = Some(position(&outcome, Asked::default())?);
    let said = written(&typed.output, folder, |folder| write(folder, &found, stands.as_ref(), &outcome))?;
    if typed.json {
        say_json(&data(&found, stands.as_ref(), &outcome))?;
    } else {
        say(&text(&found, stands.as_ref(), Screen::terminal()));
        said.iter().for_each(|said| say(&format!("{said}\n")));
    }
    Ok(ended_aloud(&prepared.register.counts, &outcome.findings))
}
