//! `sfclaim anomalies`: what an assurance team would ask about the claims made.

use super::args::AnomaliesOf;
use super::{Ended, ended_aloud, prepared, say, say_json, written};
use crate::error::{Error, Result};
use crate::forecast::anomalies::anomalies;
use crate::report::anomalies::{MARKER, NAMES, data, text, write};
use crate::report::screen::Screen;
use crate::run::judge;

pub(super) fn run(typed: &AnomaliesOf) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judge(&prepared, prepared.rules.clone());
    if !outcome.linked.has_claims {
        return Err(Error::new("there is no table of claims, so there is nothing to look through: add claims.csv."));
    }
    let found = anomalies(&outcome);
    let said = written(&typed.output, folder, |folder| write(folder, &outcome, &found))?;
    if typed.json {
        say_json(&data(&outcome, &found, typed.show_names))?;
    } else {
        say(&text(&outcome, &found, typed.show_names, Screen::terminal()));
        said.iter().for_each(|said| say(&format!("{said}\n")));
    }
    Ok(ended_aloud(&prepared.register.counts, &outcome.findings))
}
