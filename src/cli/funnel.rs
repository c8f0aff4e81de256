//! `sfclaim funnel`: how far families come on the way to a claim.

use super::args::{FunnelBy, FunnelOf};
use super::{Ended, ended_aloud, prepared, say, say_json, written};
use crate::error::Result;
use crate::forecast::funnel::{By, funnel};
use crate::report::funnel::{MARKER, NAMES, data, text, unnamed, write};
use crate::report::screen::Screen;
use crate::run::judge;

pub(super) fn run(typed: &FunnelOf) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judge(&prepared, prepared.rules.clone());
    let by = match typed.by {
        FunnelBy::Source => By::Source,
        FunnelBy::Team => By::Team,
        FunnelBy::Ward => By::Ward,
        FunnelBy::LeadPractitioner => By::LeadPractitioner,
    };
    let found = funnel(&outcome, by);
    let said = written(&typed.output, folder, |folder| write(folder, &outcome, &found))?;
    let found = if typed.show_families { found } else { unnamed(found) };
    if typed.json {
        say_json(&data(&outcome, &found))?;
    } else {
        say(&text(&outcome, &found, Screen::terminal()));
        said.iter().for_each(|said| say(&format!("{said}\n")));
    }
    Ok(ended_aloud(&prepared.register.counts, &outcome.findings))
}
