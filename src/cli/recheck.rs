//! `sfclaim recheck`: past claims by the rules of their day, on today's records.

use super::args::Recheck;
use super::steps::{Ended, ended_with_findings, prepared, show_judged};
use crate::error::{Error, Result};
use crate::recheck::recheck;
use crate::report::views::recheck::{MARKER, NAMES, RecheckView};
use crate::run::undated_findings;

pub(super) fn run(typed: &Recheck) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    if prepared.register.claims.is_none() {
        return Err(Error::new(
            "there is no table of claims, so there is nothing to look at: add claims.csv, or name a register with --register.",
        ));
    }
    let view = RecheckView { prepared: &prepared, claims: recheck(&prepared) };
    show_judged(&view, &prepared, &typed.output, folder, typed.json)?;
    Ok(ended_with_findings(&prepared.register.counts, &undated_findings(&prepared)))
}
