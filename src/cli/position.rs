//! `sfclaim position`: a financial year's claims and grant at a day, and what moved since an earlier run.

use super::args::PositionOf;
use super::{Ended, ended_aloud, prepared, say, say_json, written};
use crate::error::{Error, Result};
use crate::forecast::forecast;
use crate::forecast::position::movement::movement;
use crate::forecast::position::{Asked, Model, position};
use crate::report::earlier;
use crate::report::position::{MARKER, NAMES, data, text, write};
use crate::report::screen::Screen;
use crate::run::judge;

pub(super) fn run(typed: &PositionOf) -> Result<Ended> {
    let earlier = typed.since.as_deref().map(earlier::position).transpose()?;
    if let Some(earlier) = earlier.as_ref().filter(|earlier| earlier.as_at > typed.judging.as_at) {
        return Err(Error::new(format!(
            "--since names a run as at {}, which is after {}: name an earlier one.",
            earlier.as_at, typed.judging.as_at
        )));
    }
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read().chain(typed.since.as_deref()))?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judge(&prepared, prepared.rules.clone());
    let asked = Asked { year: typed.year.as_deref(), bands: typed.bands.as_deref(), profile: typed.profile.as_deref() };
    let mut position = position(&outcome, asked)?;
    // Without assumptions in the rule pack nothing can be forecast; what was counted stands all the same.
    if position.has_more_to_come() {
        position.model = forecast(&prepared, &prepared.rules, false).ok().as_ref().and_then(Model::of);
    }
    let moved = earlier.map(|earlier| movement(&outcome, &position, &earlier));
    let said = written(&typed.output, folder, |folder| write(folder, &outcome, &position, moved.as_ref()))?;
    if typed.json {
        say_json(&data(&outcome, &position, moved.as_ref()))?;
    } else {
        say(&text(&outcome, &position, moved.as_ref(), Screen::terminal()));
        said.iter().for_each(|said| say(&format!("{said}\n")));
    }
    Ok(ended_aloud(&prepared.register.counts, &outcome.findings))
}
