//! `sfclaim review`: what waits for a person, and a sheet of questions to be answered by agreements.

use super::args::Review;
use super::{Ended, ended, judged, prepared, say, say_json};
use crate::error::Result;
use crate::report::files::table;
use crate::report::review::questions::{self, questions};
use crate::report::review::{COLUMNS, MARKER, NAMES, data, rows, text};
use crate::report::screen::Screen;

pub(super) fn run(typed: &Review) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judged(&prepared, &typed.agreements);
    let found = outcome.review(typed.expiring_within);
    let all = data(&outcome, &found, typed.expiring_within);
    if let Some(folder) = folder {
        table(&folder, NAMES[0], &COLUMNS, rows(&outcome, &found).into_iter())?;
        table(&folder, NAMES[1], &questions::COLUMNS, questions(&outcome, &found).into_iter())?;
        folder.write(NAMES[2], format!("{all:#}\n").as_bytes())?;
        folder.finish()?;
    }
    if typed.json {
        say_json(&all)?;
    } else {
        say(&text(&outcome, &found, typed.expiring_within, Screen::terminal()));
        say(&match &typed.output.out {
            Some(out) => format!("Written to {}: {}\n", out.display(), NAMES.join(", ")),
            None => "Nothing was written: add --out DIR for the whole list and a sheet to fill in.\n".to_owned(),
        });
    }
    Ok(ended(&outcome))
}
