//! `sfclaim validate`: read and check the data, decide nothing.

use super::args::Validate;
use super::{Ended, not_in, pack, say, say_json, with_progress};
use crate::error::Result;
use crate::load;
use crate::report::earlier;
use crate::report::faults::{self, Checked};
use crate::report::files::MARKER;
use crate::report::screen::Screen;
use crate::run::{Question, judge, prepare, prepare_undated, undated_findings};

pub(super) fn run(typed: &Validate) -> Result<Ended> {
    let folder = typed.output.begin(
        &faults::ours(),
        MARKER,
        [Some(typed.data.as_path()), typed.rules.as_deref(), typed.since.as_deref()].into_iter().flatten(),
    )?;
    let earlier = typed.since.as_deref().map(earlier::rows_read).transpose()?;
    let pack = pack(typed.rules.as_deref())?;
    let loaded = load::load(&typed.data)?;
    let mut prepared = with_progress(&loaded.progress, || match typed.as_at {
        Some(as_at) => {
            let question = Question { as_at, framework: typed.framework.clone(), overrides: Vec::new() };
            prepare(&loaded, &pack, &question)
        }
        None => prepare_undated(&loaded, &pack, typed.framework.as_deref()),
    })?;
    not_in(folder.as_ref(), &typed.data, &prepared, &pack)?;
    if let Some(earlier) = earlier {
        prepared.hold_against(earlier);
    }
    // What depends on a day follows from the periods and terms of that day; of the decisions nothing is kept.
    let findings = match typed.as_at {
        Some(_) => judge(&prepared, prepared.rules.clone()).findings,
        None => undated_findings(&prepared),
    };
    let checked = Checked { prepared: &prepared, loaded: &loaded, findings: &findings, as_at: typed.as_at };
    let written = match folder {
        Some(folder) => {
            let written = checked.write(&folder)?;
            folder.finish()?;
            written
        }
        None => Vec::new(),
    };
    if typed.json {
        say_json(&checked.json())?;
    } else {
        say(&faults::text::text(&checked, Screen::terminal())?);
        say("\nNothing was decided.");
        match &typed.output.out {
            Some(out) => say(&format!(" Written to {}: {}\n", out.display(), written.join(", "))),
            None => say(" Add --out DIR for all findings as files, and for quarantine files to mend.\n"),
        }
    }
    Ok(if findings.any_error() { Ended::WithErrors } else { Ended::Well })
}
