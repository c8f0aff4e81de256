//! Commands that judge the data and show what they find in it, each one call: `position`, `forecast`, `levers`, `funnel` and
//! `anomalies`.

use super::args::{AnomaliesOf, Forecast, FunnelBy, FunnelOf, Judging, Listing, Output, PositionOf};
use super::steps::{Ended, ended_with_findings, prepared, show_judged};
use crate::error::{Error, Result};
use crate::forecast::anomalies::anomalies as asked_about;
use crate::forecast::forecast as forecast_of;
use crate::forecast::funnel::{By, funnel as funnel_of};
use crate::forecast::levers::levers as levers_of;
use crate::forecast::position::movement::movement;
use crate::forecast::position::{Asked, Model, position as position_of};
use crate::report::output::folder::Marker;
use crate::report::views::anomalies::{self, AnomaliesView};
use crate::report::views::earlier;
use crate::report::views::forecast::{self, ForecastView};
use crate::report::views::funnel::{self, FunnelView, unnamed};
use crate::report::views::levers::{self, LeversView};
use crate::report::views::people::People;
use crate::report::views::position::{self, PositionView};
use crate::report::views::view::View;
use crate::run::{Outcome, judge};
use std::path::Path;

/// What was typed of such a command, and the files that it writes.
struct Typed<'a> {
    judging: &'a Judging,
    output: &'a Output,
    json: bool,
    files: (&'a [&'a str], Marker),
    /// The folder of an earlier run, which is read too.
    since: Option<&'a Path>,
}

/// Judges the data, and shows what `find` finds.
fn found(typed: &Typed<'_>, find: impl for<'a> FnOnce(&'a Outcome<'a>) -> Result<Box<dyn View + 'a>>) -> Result<Ended> {
    let (names, marker) = typed.files;
    let folder = typed.output.begin(names, marker, typed.judging.read().chain(typed.since))?;
    let (_, prepared) = prepared(typed.judging, folder.as_ref())?;
    let outcome = judge(&prepared, prepared.rules.clone());
    show_judged(find(&outcome)?.as_ref(), &prepared, typed.output, folder, typed.json)?;
    Ok(ended_with_findings(&prepared.register.counts, &outcome.findings))
}

/// A financial year's claims and grant at a day, and what moved since an earlier run.
pub(super) fn position(typed: &PositionOf) -> Result<Ended> {
    let earlier = typed.since.as_deref().map(earlier::position).transpose()?;
    if let Some(earlier) = earlier.as_ref().filter(|earlier| earlier.as_at > typed.judging.as_at) {
        return Err(Error::new(format!(
            "--since names a run as at {}, which is after {}: name an earlier one.",
            earlier.as_at, typed.judging.as_at
        )));
    }
    let (PositionOf { judging, output, json, .. }, files) = (typed, (&position::NAMES[..], position::MARKER));
    found(&Typed { judging, output, json: *json, files, since: typed.since.as_deref() }, |outcome| {
        let asked =
            Asked { year: typed.year.as_deref(), bands: typed.bands.as_deref(), profile: typed.profile.as_deref() };
        let mut position = position_of(outcome, asked)?;
        // Without assumptions in the rule pack nothing can be forecast; what was counted stands all the same.
        if position.has_more_to_come() {
            let forecast = forecast_of(outcome.prepared, &outcome.rules, false).ok();
            position.model = forecast.as_ref().and_then(Model::of);
        }
        let movement = earlier.map(|earlier| movement(outcome, &position, &earlier));
        Ok(Box::new(PositionView { outcome, position, movement }))
    })
}

/// Claims and grant to the year's end.
pub(super) fn forecast(typed: &Forecast) -> Result<Ended> {
    let (Forecast { judging, output, json, backtest }, files) = (typed, (&forecast::NAMES[..], forecast::MARKER));
    found(&Typed { judging, output, json: *json, files, since: None }, |outcome| {
        let forecast = forecast_of(outcome.prepared, &outcome.rules, *backtest)?;
        let position = position_of(outcome, Asked::default())?;
        Ok(Box::new(ForecastView { outcome, forecast, position }))
    })
}

/// Which single thing holds most money back, and who can act on it.
pub(super) fn levers(typed: &Listing) -> Result<Ended> {
    let (Listing { judging, output, json, naming }, files) = (typed, (&levers::NAMES[..], levers::MARKER));
    found(&Typed { judging, output, json: *json, files, since: None }, |outcome| {
        let people = People::of(&outcome.linked, outcome.prepared, !naming.without_names);
        Ok(Box::new(LeversView { outcome, found: levers_of(outcome), people }))
    })
}

/// How far families come on the way to a claim.
pub(super) fn funnel(typed: &FunnelOf) -> Result<Ended> {
    let (FunnelOf { judging, output, json, .. }, files) = (typed, (&funnel::NAMES[..], funnel::MARKER));
    let by = match typed.by {
        FunnelBy::Source => By::Source,
        FunnelBy::Team => By::Team,
        FunnelBy::Ward => By::Ward,
        FunnelBy::LeadPractitioner => By::LeadPractitioner,
    };
    found(&Typed { judging, output, json: *json, files, since: None }, |outcome| {
        let found = funnel_of(outcome, by);
        let shown = if typed.show_families { found.clone() } else { unnamed(found.clone()) };
        Ok(Box::new(FunnelView { outcome, found, shown }))
    })
}

/// What an assurance team would ask about the claims made.
pub(super) fn anomalies(typed: &AnomaliesOf) -> Result<Ended> {
    let (AnomaliesOf { judging, output, json, show_names }, files) =
        (typed, (&anomalies::NAMES[..], anomalies::MARKER));
    found(&Typed { judging, output, json: *json, files, since: None }, |outcome| {
        if !outcome.linked.has_claims {
            return Err(Error::new(
                "there is no table of claims, so there is nothing to look through: add claims.csv.",
            ));
        }
        Ok(Box::new(AnomaliesView { outcome, found: asked_about(outcome), show_names: *show_names }))
    })
}
