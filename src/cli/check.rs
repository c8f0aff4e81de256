//! `sfclaim check`: decide every period, write the files, show the summary.

use super::args::Check;
use super::steps::{Ended, ended, judged, prepared, show_judged};
use crate::error::Result;
use crate::report::views::check::{self, CheckView};
use crate::report::views::earlier;

pub(super) fn run(typed: &Check) -> Result<Ended> {
    // Asked first, so that nobody waits for a run that has nowhere to go.
    let folder =
        typed.output.begin(&check::ours(), check::MARKER, typed.judging.read().chain(typed.since.as_deref()))?;
    let earlier = typed.since.as_deref().map(earlier::rows_read).transpose()?;
    let (loaded, mut prepared) = prepared(&typed.judging, folder.as_ref())?;
    if let Some(earlier) = earlier {
        prepared.hold_against(earlier);
    }
    let outcome = judged(&prepared, &typed.agreements);
    let view = CheckView {
        outcome: &outcome,
        loaded: &loaded,
        by_owner: typed.by_owner,
        quiet: typed.quiet,
        without_names: typed.naming.without_names,
    };
    show_judged(&view, &prepared, &typed.output, folder, typed.json)?;
    let ended = ended(&outcome);
    // The program ends here, and giving back a large authority's memory piece by piece takes longer than deciding it.
    std::mem::forget(outcome);
    std::mem::forget(prepared);
    std::mem::forget(loaded);
    Ok(ended)
}
