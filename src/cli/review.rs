//! `sfclaim review`: what waits for a person, and a sheet of questions to be answered by agreements.

use super::args::Review;
use super::steps::{Ended, ended, judged, prepared, show_judged};
use crate::error::Result;
use crate::report::views::people::People;
use crate::report::views::review::{MARKER, NAMES, ReviewView};

pub(super) fn run(typed: &Review) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judged(&prepared, &typed.agreements);
    let expiring_within = typed.expiring_within;
    let people = People::of(&outcome.linked, &prepared, !typed.naming.without_names);
    let view = ReviewView { outcome: &outcome, found: outcome.review(expiring_within), expiring_within, people };
    show_judged(&view, &prepared, &typed.output, folder, typed.json)?;
    Ok(ended(&outcome))
}
