//! `sfclaim findings`: what each finding means, why it matters and what to do about it.

use super::args::Findings;
use super::printing::say;
use super::steps::Ended;
use crate::error::{Error, Result, did_you_mean};
use crate::finding::FindingCode;
use crate::report::output::page::Screen;
use crate::report::views::findings;

pub(super) fn run(typed: &Findings) -> Result<Ended> {
    let text = match &typed.code {
        Some(code) => findings::entry(known(code)?, Screen::terminal()),
        None if typed.markdown => findings::markdown(),
        None => findings::list(Screen::terminal()),
    };
    say(&text);
    Ok(Ended::Well)
}

/// The kind of a code as somebody types it: in any case of letters, with hyphens or spaces for underscores.
fn known(typed: &str) -> Result<FindingCode> {
    let folded = typed.trim().to_lowercase().replace([' ', '-'], "_");
    FindingCode::of_code(&folded).ok_or_else(|| {
        let hint = did_you_mean(&folded, FindingCode::ALL.iter().map(|kind| kind.code()));
        Error::new(format!("there is no finding \"{typed}\".{hint} `sfclaim findings` lists all of them."))
    })
}
