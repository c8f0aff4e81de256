//! `sfclaim forecast`: claims and grant to the year's end.

use super::args::Forecast;
use super::{Ended, prepared, say, say_json};
use crate::error::Result;
use crate::forecast::forecast;
use crate::report::forecast::{MARKER, NAMES, data, text, write};
use crate::report::screen::Screen;

pub(super) fn run(typed: &Forecast) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER)?;
    let (_, prepared) = prepared(&typed.judging)?;
    let found = forecast(&prepared, &prepared.rules, typed.backtest)?;
    if let Some(folder) = folder {
        write(&folder, &found, &prepared, &prepared.rules)?;
        folder.finish()?;
    }
    if typed.json {
        say_json(&data(&found, &prepared, &prepared.rules))?;
    } else {
        say(&text(&found, Screen::terminal()));
        if let Some(out) = &typed.output.out {
            say(&format!("Written to {}: {}\n", out.display(), NAMES.join(", ")));
        }
    }
    Ok(if prepared.register.findings.any_error() { Ended::WithErrors } else { Ended::Well })
}
