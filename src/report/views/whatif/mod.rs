//! Scenarios beside today, as files and data. Nothing here can be taken for a decision: every file is named `whatif_...`, every
//! table and object says first which scenario it is of, and the folder has a mark of its own, which other commands refuse.
//!
//! - [`said`] sentences and differences from today; [`text`](mod@text) the same on the screen, in tables that are
//!   [`fitted`]; [`page`](mod@page) a grid as a heat map, with [`shades`];
//! - [`tables`] of the files.

mod fitted;
mod page;
mod said;
mod shades;
pub mod shown;
pub mod tables;
mod text;

pub use page::page;
pub use text::text;

use crate::error::{Error, Result};
use crate::forecast::whatif::difference::{Difference, Moved};
use crate::forecast::whatif::grid::{Axis, Grid};
use crate::forecast::whatif::{Expected, Figures, Stand, Tried, WhatIf};
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::Screen;
use crate::report::views::view::View;
use crate::report::views::view::sums_are;
use crate::share::Ratio;
use serde_json::{Value, json};
pub use shown::NO_DECISION;
pub use shown::Shown;
use shown::moves;
use shown::sentence;
use std::path::Path;

/// Every file that scenarios write; the two of a grid only where one was asked for.
pub const NAMES: [&str; 5] =
    ["whatif_scenarios.csv", "whatif_families.csv", "whatif_grid.csv", "whatif_grid.html", "whatif_scenarios.json"];

/// What makes a folder known as one of scenarios.
pub const MARKER: Marker = Marker { file: "whatif_scenarios.json", program: "sfclaim whatif", spares: None };

/// Stops where a folder holds scenarios: what is in it must not be taken for a run.
///
/// # Errors
/// It does.
pub fn refuse(folder: &Path) -> Result<()> {
    if !MARKER.stands_in(folder) {
        return Ok(());
    }
    Err(Error::new(format!(
        "{} holds scenarios of `sfclaim whatif`, which are not decisions: name the output folder of another command.",
        folder.display()
    )))
}

/// What `sfclaim whatif` shows.
pub struct WhatIfView<'a> {
    /// The scenarios, and the grid.
    pub shown: Shown<'a>,
    /// Whether families are listed.
    pub show_families: bool,
}

/// The widest that scenarios are shown.
const WIDEST: usize = 100;

impl View for WhatIfView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        write(folder, &self.shown)
    }

    fn data(&self) -> Value {
        data(&self.shown, self.show_families)
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(text(&self.shown, self.show_families, Screen::wide(screen.width().min(WIDEST))))
    }

    fn of_files(&self, written: Option<String>) -> Option<String> {
        let screen = Screen::wide(Screen::terminal().width().min(WIDEST));
        written.map(|written| screen.wrapped(&written, "", "  "))
    }
}

/// Writes the files, those of a grid where there is one.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, shown: &Shown<'_>) -> Result<()> {
    let found = shown.found;
    let all = || std::iter::once(&found.today).chain(&found.scenarios);
    tables::scenarios().write(folder, all().map(|tried| tables::ScenarioRow::of(tried, found)))?;
    tables::families().write(folder, all().flat_map(tables::family_rows))?;
    if let Some(grid) = shown.grid {
        tables::grid().write(folder, tables::grid_rows(grid))?;
        folder.write(NAMES[3], page(grid, found).as_bytes())?;
    }
    json_file(folder, NAMES[4], &data(shown, false))
}

/// Scenarios as data, with what is needed to repeat them; families only where they are asked for.
pub fn data(shown: &Shown<'_>, show_families: bool) -> Value {
    let found = shown.found;
    json!({
        "scenario": NO_DECISION,
        "program": MARKER.program,
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": found.as_at.to_string(),
        "authority": found.authority,
        "rules": found.rules,
        "first": said::hardly_held(found),
        "notices": found.notices,
        "sums_are": sums_are(found.payment_is_suspended),
        "financial_year": found.financial_year,
        "range_percentiles": [format!("{}", found.range.0), format!("{}", found.range.1)],
        "explained": said::explained(found),
        "for_comparison_only": said::estimated_again(found),
        "today": tried(&found.today, found, show_families),
        "scenarios": found.scenarios.iter().map(|one| tried(one, found, show_families)).collect::<Vec<Value>>(),
        "grid": shown.grid.map(grid_data),
        "replayed": found.replayed.iter().map(|day| day.to_string()).collect::<Vec<String>>(),
        "not_replayed": found
            .skipped
            .iter()
            .map(|skipped| json!({ "on": skipped.on.to_string(), "why": skipped.why }))
            .collect::<Vec<Value>>(),
        "hindsight": crate::report::views::forecast::hindsight::HINDSIGHT,
        "inputs": shown.inputs,
        "rules_fingerprint": shown.prepared.rules.pack.fingerprint(),
    })
}

fn tried(tried: &Tried, found: &WhatIf, show_families: bool) -> Value {
    let stand = |stand: &Stand| json!({ "status": stand.status.word(), "reason": stand.kind, "in_full": stand.reason });
    let mut all = json!({
        "scenario": tried.name,
        "changes": tried.changes,
        "sentence": sentence(tried, found),
        "notices": tried.notices,
        "figures": figures(&tried.figures),
        "difference_from_today": difference(&Difference::of(&found.today.figures, &tried.figures)),
        "periods_with_another_status": moves(tried)
            .into_iter()
            .map(|((from, from_reason, to, to_reason), periods)| json!({
                "from": from, "from_reason": from_reason, "to": to, "to_reason": to_reason, "periods": periods,
            }))
            .collect::<Vec<Value>>(),
        "families_settled": tried.picked.len(),
    });
    if show_families && let Value::Object(all) = &mut all {
        let flips = tried.flips.iter().map(|flip| {
            json!({
                "case_id": flip.case_id.to_string(), "family_id": flip.family_id.to_string(),
                "from": stand(&flip.from), "to": stand(&flip.to),
            })
        });
        all.insert("flips".to_owned(), flips.collect());
        let picked = tried.picked.iter().map(|picked| {
            json!({
                "case_id": picked.case_id.to_string(), "family_id": picked.family_id.to_string(),
                "settled": picked.settled,
            })
        });
        all.insert("settled".to_owned(), picked.collect());
    }
    all
}

fn figures(figures: &Figures) -> Value {
    json!({
        "claimable_families": figures.claimable,
        "claimable_value": figures.claimable_value,
        "value_within_places_left": figures.value_within_places,
        "claims_to_date": figures.claims,
        "target": figures.target,
        "funded_places": figures.funded_places,
        "payment_per_family": figures.payment,
        "profile": figures.profile,
        "expected_to_date": figures.expected_to_date.map(Ratio::shown),
        "rag_to_date": figures.rag_to_date,
        "straight_line": {
            "year_end": figures.line, "rag": figures.rag_line, "shortfall": figures.line_shortfall,
        },
        "grant_earned": figures.earned,
        "expected": figures.expected.as_ref().map(expected),
        "estimated_again": figures.estimated_again.as_ref().map(expected),
    })
}

fn difference(moved: &Difference) -> Value {
    let plain = |number: rust_decimal::Decimal| number.to_string().parse::<serde_json::Number>().ok();
    json!({
        "claimable_families": moved.claimable,
        "value": moved.value.plain(),
        "year_end": moved.year_end.map(plain),
        "expected_at_risk": moved.at_risk.map(Moved::plain),
        "chance_target_reached": moved.target.map(plain),
        "chance_places_used": moved.places.map(plain),
    })
}

fn expected(expected: &Expected) -> Value {
    json!({
        "year_end": expected.claims,
        "low": expected.low,
        "median": expected.median,
        "high": expected.high,
        "grant": expected.grant.as_ref().map(|grant| json!({
            "chance_target_reached": grant.target_reached,
            "chance_places_used": grant.places_used,
            "expected_grant": grant.expected_grant,
            "expected_at_risk": grant.expected_at_risk,
            "at_risk_low": grant.at_risk[0],
            "at_risk_median": grant.at_risk[1],
            "at_risk_high": grant.at_risk[2],
        })),
    })
}

fn grid_data(grid: &Grid) -> Value {
    let axis = |axis: &Axis| {
        let values: Vec<&str> = axis.values.iter().map(|value| value.value.as_str()).collect();
        json!({ "key": axis.key, "values": values })
    };
    let cells = grid.cells.iter().map(|row| {
        row.iter().map(|cell| json!({ "scenario": cell.scenario, "value": cell.plain })).collect::<Vec<Value>>()
    });
    json!({
        "scenario": NO_DECISION,
        "figure": grid.of.word(),
        "rows": axis(&grid.rows),
        "columns": grid.columns.as_ref().map(axis),
        "cells": cells.collect::<Vec<Vec<Value>>>(),
        "today": grid.today,
        "today_at": grid.today_at.map(|(row, column)| json!({
            "row_value": grid.rows.values.get(row).map(|value| &value.value),
            "column_value": grid.columns.as_ref().and_then(|columns| columns.values.get(column)).map(|value| &value.value),
        })),
        "said_of_today": shades::said_of_todays_cell(grid),
        "shades": shades::shades(grid)
            .into_iter()
            .map(|(shade, from, to)| json!({ "shade": shade, "from": from, "to": to }))
            .collect::<Vec<Value>>(),
        "notices": grid.notices,
    })
}
