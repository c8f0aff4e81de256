//! `sfclaim check`: decide every period, write the files, show the summary.

use super::args::Check;
use super::{Ended, ended, judged, prepared, say, written};
use crate::error::Result;
use crate::report::screen::Screen;
use crate::report::{earlier, files, screen};

pub(super) fn run(typed: &Check) -> Result<Ended> {
    // Asked first, so that nobody waits for a run that has nowhere to go.
    let folder =
        typed.output.begin(&files::ours(), files::MARKER, typed.judging.read().chain(typed.since.as_deref()))?;
    let earlier = typed.since.as_deref().map(earlier::rows_read).transpose()?;
    let (loaded, mut prepared) = prepared(&typed.judging, folder.as_ref())?;
    if let Some(earlier) = earlier {
        prepared.hold_against(earlier);
    }
    let outcome = judged(&prepared, &typed.agreements);
    let said = written(&typed.output, folder, |folder| files::write(folder, &outcome, &loaded))?;
    if !typed.quiet {
        say(&screen::summary(&outcome, Screen::terminal()));
        let none = "Nothing was written: add --out DIR for the decisions and everything behind them.";
        say(&format!("{}\n", said.as_deref().unwrap_or(none)));
    }
    let ended = ended(&outcome);
    // The program ends here, and giving back a large authority's memory piece by piece takes longer than deciding it.
    std::mem::forget(outcome);
    std::mem::forget(prepared);
    std::mem::forget(loaded);
    Ok(ended)
}
