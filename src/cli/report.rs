//! `sfclaim report`: the reports of a run, in one folder.

use super::args::{Profile, Report, ReportPart};
use super::evidence::claimable;
use super::steps::{Ended, ended_with_findings, judged, prepared, show_judged};
use crate::attend::outlook::outlooks;
use crate::error::Result;
use crate::forecast::forecast;
use crate::forecast::funnel::{By, funnel};
use crate::forecast::levers::levers;
use crate::forecast::position::{Asked, Model, Position, position as position_of};
use crate::recheck::{PastClaims, of_periods};
use crate::report::views::exception::narrative::Narrative;
use crate::report::views::exception::year::Year;
use crate::report::views::people::People;
use crate::report::views::report::{MARKER, Part, ReportView, ours};
use crate::report::views::workbook::found::Found;
use crate::report::views::worklists::{EarlierLists, Worklists};
use crate::run::Outcome;

/// Agreements that run out within so many days are asked about again.
const EXPIRING_WITHIN: u16 = 31;

pub(super) fn run(typed: &Report) -> Result<Ended> {
    let read = typed.judging.read().chain(typed.since.as_deref());
    let folder = typed.output.begin(&ours(), MARKER, read)?;
    let earlier = typed.since.as_deref().map(|since| EarlierLists::read(since, MARKER)).transpose()?;
    let (loaded, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let outcome = judged(&prepared, &typed.agreements);
    let parts = match (typed.profile, typed.only.as_slice()) {
        (Some(Profile::Published), _) => vec![Part::Published],
        (None, []) => Part::officers(),
        (None, named) => {
            Part::officers().into_iter().filter(|part| named.iter().any(|named| part_of(*named) == *part)).collect()
        }
    };
    let found = Found {
        review: outcome.review(EXPIRING_WITHIN),
        outlooks: outlooks(&outcome.linked, prepared.register.registers.as_ref(), &outcome.rules),
        people: People::of(&outcome.linked, &prepared, !typed.naming.without_names),
        levers: levers(&outcome),
        funnel: funnel(&outcome, By::Source),
        forecast: forecast(&prepared, &outcome.rules, parts.contains(&Part::Page)),
        outcome: &outcome,
    };
    let mut position = position_of(&outcome, Asked { bands: typed.bands.as_deref(), ..Asked::default() })?;
    position.model = found.forecast.as_ref().ok().and_then(Model::of);
    let narrative = Narrative::read(&typed.judging.data)?;
    let year =
        Year { found: &found, baseline: year_before(&outcome, &position), position: &position, narrative: &narrative };
    let worklists = Worklists::of(&outcome, &found.levers, &found.people, earlier.as_ref());
    let past =
        if parts.contains(&Part::Evidence) { of_periods(&outcome, &claimable(&outcome)) } else { PastClaims::new() };
    let with_cases = typed.with_cases;
    let view = ReportView { found: &found, loaded: &loaded, with_cases, year, past, worklists: &worklists, parts };
    show_judged(&view, &prepared, &typed.output, folder, false)?;
    Ok(ended_with_findings(&prepared.register.counts, &outcome.findings))
}

fn part_of(named: ReportPart) -> Part {
    match named {
        ReportPart::Workbook => Part::Workbook,
        ReportPart::Evidence => Part::Evidence,
        ReportPart::Page => Part::Page,
        ReportPart::Exception => Part::Exception,
        ReportPart::Worklists => Part::Worklists,
        ReportPart::Bi => Part::Bi,
    }
}

/// The claims of the year before, as they count today; `None` where claims on record begin after that year did.
fn year_before(outcome: &Outcome<'_>, position: &Position) -> Option<(String, usize)> {
    let first = outcome.prepared.register.claims.iter().flatten().map(|claim| claim.submitted_on).min()?;
    let start: i32 = position.year.split('/').next()?.parse().ok()?;
    let before = format!("{}/{:02}", start - 1, start % 100);
    let stood = position_of(outcome, Asked { year: Some(&before), ..Asked::default() }).ok()?;
    (first <= stood.days.from).then(|| (before, stood.counted.claims()))
}
