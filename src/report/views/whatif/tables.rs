//! The tables of scenarios: of their figures, of the families that would stand elsewhere, and of a grid.

use super::shown::sentence;
use crate::forecast::outlook::Grant;
use crate::forecast::whatif::difference::{Difference, Moved, grant};
use crate::forecast::whatif::grid::{Grid, GridCell};
use crate::forecast::whatif::settle::Picked;
use crate::forecast::whatif::{Expected, Figures, Flip, Stand, Tried, WhatIf};
use crate::ids::CaseId;
use crate::report::output::Kind::{List, Money, Number, Tenths, Text, Whole};
use crate::report::output::{Cell, Table};
use crate::report::views::view::sums_are;
use crate::rules::position::Rag;
use crate::share::Ratio;
use std::collections::BTreeMap;

/// A row of `whatif_scenarios`.
pub struct ScenarioRow<'a> {
    tried: &'a Tried,
    found: &'a WhatIf,
    moved: Difference,
}

impl<'a> ScenarioRow<'a> {
    /// Of a scenario, or of today.
    pub fn of(tried: &'a Tried, found: &'a WhatIf) -> ScenarioRow<'a> {
        ScenarioRow { tried, found, moved: Difference::of(&found.today.figures, &tried.figures) }
    }

    fn figures(&self) -> &'a Figures {
        &self.tried.figures
    }

    fn expected<'b, C: Into<Cell<'b>>>(&self, of: impl Fn(&Expected) -> C) -> Cell<'b> {
        self.figures().expected.as_ref().map(of).into()
    }

    fn again<'b, C: Into<Cell<'b>>>(&self, of: impl Fn(&Expected) -> C) -> Cell<'b> {
        self.figures().estimated_again.as_ref().map(of).into()
    }

    fn grant<'b, C: Into<Cell<'b>>>(&self, of: impl Fn(&Grant) -> C) -> Cell<'b> {
        grant(self.figures()).map(of).into()
    }
}

/// As files carry it, with its sign.
impl From<Moved> for Cell<'_> {
    fn from(moved: Moved) -> Self {
        Cell::Money { less: moved.is_less, amount: moved.by }
    }
}

fn rag(rag: Option<Rag>) -> Cell<'static> {
    rag.map(|rag| rag.to_string()).into()
}

/// The table `whatif_scenarios`.
pub fn scenarios<'a>() -> Table<ScenarioRow<'a>> {
    Table::<ScenarioRow<'a>>::of("whatif_scenarios", "A row a scenario, today first.")
        .column("scenario", Text, |row| (&row.tried.name).into())
        .about("its name")
        .column("changes", List("; "), |row| row.tried.changes.iter().collect())
        .about("its keys and values")
        .column("sentence", Text, |row| sentence(row.tried, row.found).into())
        .about("how it differs from today, in a sentence")
        .column("claimable_families", Whole, |row| row.figures().claimable.into())
        .about("families claimable now")
        .column("claimable_value", Money, |row| row.figures().claimable_value.into())
        .about("the payment for them")
        .column("value_within_places_left", Money, |row| row.figures().value_within_places.into())
        .about("what of it the funded places left allow")
        .column("claimable_change", Whole, |row| row.moved.claimable.into())
        .about("families claimable now less today's")
        .column("value_change", Money, |row| row.moved.value.into())
        .about("the payment for them less today's; the value within the places left, where those are known")
        .column("claims_to_date", Whole, |row| row.figures().claims.into())
        .about("claims of the year so far")
        .column("expected_to_date", Tenths, |row| {
            row.figures().expected_to_date.map(Ratio::shown).map(Cell::number).into()
        })
        .about("what the profile expects of the target by now")
        .column("rag_to_date", Text, |row| rag(row.figures().rag_to_date))
        .about("the word for the claims against it")
        .column("straight_line_year_end", Whole, |row| row.figures().line.into())
        .about("the straight line at the year's end")
        .column("rag_straight_line", Text, |row| rag(row.figures().rag_line))
        .about("its word")
        .column("straight_line_shortfall", Money, |row| row.figures().line_shortfall.into())
        .about("its grant at risk")
        .column("expected_year_end", Number(4), |row| row.expected(|expected| Cell::four(expected.claims)))
        .about("the model's claims by the year's end, by today's chances")
        .column("low", Whole, |row| row.expected(|expected| expected.low))
        .about("the lower percentile of the same")
        .column("median", Whole, |row| row.expected(|expected| expected.median))
        .about("the middle one")
        .column("high", Whole, |row| row.expected(|expected| expected.high))
        .about("the upper one")
        .column("year_end_change", Number(4), |row| row.moved.year_end.map(Cell::four).into())
        .about("the model's claims less today's")
        .column("year_end_estimated_again", Number(4), |row| row.again(|again| Cell::four(again.claims)))
        .about("the model's claims with chances estimated again under other rules")
        .column("low_estimated_again", Whole, |row| row.again(|again| again.low))
        .about("the lower percentile of the same")
        .column("high_estimated_again", Whole, |row| row.again(|again| again.high))
        .about("the upper one")
        .column("at_risk_estimated_again", Money, |row| {
            row.again(|again| again.grant.as_ref().map(|grant| grant.expected_at_risk))
        })
        .about("the grant at risk with chances estimated again")
        .column("grant_earned", Money, |row| row.figures().earned.into())
        .about("the payment for approved claims")
        .column("expected_grant", Money, |row| row.grant(|grant| grant.expected_grant))
        .about("the model's grant")
        .column("expected_at_risk", Money, |row| row.grant(|grant| grant.expected_at_risk))
        .about("the grant at risk")
        .column("at_risk_low", Money, |row| row.grant(|grant| grant.at_risk[0]))
        .about("its lower percentile")
        .column("at_risk_median", Money, |row| row.grant(|grant| grant.at_risk[1]))
        .about("the middle one")
        .column("at_risk_high", Money, |row| row.grant(|grant| grant.at_risk[2]))
        .about("the upper one")
        .column("at_risk_change", Money, |row| row.moved.at_risk.into())
        .about("the grant at risk less today's")
        .column("chance_target_reached", Number(4), |row| row.grant(|grant| Cell::four(grant.target_reached)))
        .about("from 0 to 1")
        .column("chance_places_used", Number(4), |row| row.grant(|grant| Cell::four(grant.places_used)))
        .about("from 0 to 1")
        .column("target", Whole, |row| row.figures().target.into())
        .about("as the scenario has it")
        .column("funded_places", Whole, |row| row.figures().funded_places.into())
        .about("as the scenario has them")
        .column("payment_per_family", Money, |row| row.figures().payment.into())
        .about("as the scenario has it")
        .column("sums_are", Text, |row| sums_are(row.found.payment_is_suspended).into())
        .about("`payment by results`, or after the suspension `what the same results would have been worth`")
        .column("profile", Text, |row| (&row.figures().profile).into())
        .about("of how claims are expected to come, as the scenario has it")
        .column("periods_with_another_status", Whole, |row| row.tried.flips.len().into())
        .about("how many")
        .column("families_settled", Whole, |row| row.tried.picked.len().into())
        .about("for how many something is taken as settled")
        .column("notices", List(" "), |row| row.tried.notices.iter().collect())
        .about("what must be known of it")
}

/// A row of `whatif_families`.
pub struct FamilyRow<'a> {
    tried: &'a Tried,
    case: &'a CaseId,
    flip: Option<&'a Flip>,
    picked: Option<&'a Picked>,
}

impl<'a> FamilyRow<'a> {
    fn from(&self, of: impl Fn(&'a Stand) -> &'a str) -> Cell<'a> {
        self.flip.map(|flip| of(&flip.from)).into()
    }

    fn to(&self, of: impl Fn(&'a Stand) -> &'a str) -> Cell<'a> {
        self.flip.map(|flip| of(&flip.to)).into()
    }
}

/// The table `whatif_families`.
pub fn families<'a>() -> Table<FamilyRow<'a>> {
    Table::<FamilyRow<'a>>::of(
        "whatif_families",
        "A row a period that would have another status, or for whose family something is taken as settled.",
    )
    .column("scenario", Text, |row| (&row.tried.name).into())
    .about("the scenario")
    .column("case_id", Text, |row| row.case.into())
    .about("the case that names the period")
    .column("family_id", Text, |row| {
        row.flip.map(|flip| &flip.family_id).or(row.picked.map(|picked| &picked.family_id)).into()
    })
    .about("the family")
    .column("from_status", Text, |row| row.from(|stand| stand.status.word()))
    .about("its status today. Blank where the status stays")
    .column("from_reason", Text, |row| row.from(|stand| stand.kind))
    .about("the kind of reason today")
    .column("to_status", Text, |row| row.to(|stand| stand.status.word()))
    .about("its status then")
    .column("to_reason", Text, |row| row.to(|stand| stand.kind))
    .about("the kind of reason then")
    .column("to_reason_in_full", Text, |row| row.to(|stand| &stand.reason))
    .about("the reason then, in a sentence")
    .column("settled", List(";"), |row| {
        row.picked.into_iter().flat_map(|picked| &picked.settled).map(AsRef::<str>::as_ref).collect()
    })
    .about("what is taken as settled")
}

/// By case: what is settled for a family, and its flip, where it has one.
pub fn family_rows(tried: &Tried) -> impl Iterator<Item = FamilyRow<'_>> {
    let flips: BTreeMap<_, &Flip> = tried.flips.iter().map(|flip| (&flip.case_id, flip)).collect();
    let settled: BTreeMap<_, _> = tried.picked.iter().map(|picked| (&picked.case_id, picked)).collect();
    let mut cases: Vec<&CaseId> = flips.keys().chain(settled.keys()).copied().collect();
    cases.sort();
    cases.dedup();
    cases.into_iter().map(move |case| FamilyRow {
        tried,
        case,
        flip: flips.get(case).copied(),
        picked: settled.get(case).copied(),
    })
}

/// A row of `whatif_grid`: a cell of the grid.
pub struct GridRow<'a> {
    grid: &'a Grid,
    down: usize,
    along: usize,
    cell: &'a GridCell,
}

/// The table `whatif_grid`.
pub fn grid<'a>() -> Table<GridRow<'a>> {
    Table::<GridRow<'a>>::of("whatif_grid", "A row a cell, with `--grid`.")
        .column("scenario", Text, |row| (&row.cell.scenario).into())
        .about("its changes")
        .column("row_key", Text, |row| (&row.grid.rows.key).into())
        .about("the parameter down the side")
        .column("row_value", Text, |row| row.grid.rows.values.get(row.down).map(|value| &value.value).into())
        .about("its value")
        .column("column_key", Text, |row| row.grid.columns.as_ref().map(|columns| &columns.key).into())
        .about("the parameter along the top; blank without one")
        .column("column_value", Text, |row| {
            row.grid.columns.as_ref().and_then(|columns| columns.values.get(row.along)).map(|value| &value.value).into()
        })
        .about("its value")
        .column("figure", Text, |row| row.grid.of.word().into())
        .about("which figure, as `--of` names it")
        .column("value", Number(2), |row| {
            Some(&row.cell.plain).filter(|plain| !plain.is_empty()).cloned().map(Cell::number).into()
        })
        .about("the figure: a whole number, one decimal, or pounds and pence")
}

/// The cells of a grid, row by row.
pub fn grid_rows(grid: &Grid) -> impl Iterator<Item = GridRow<'_>> {
    // A row of cells for each value down the side.
    let rows = grid.rows.values.iter().zip(&grid.cells).enumerate();
    rows.flat_map(move |(down, (_, cells))| {
        cells.iter().enumerate().map(move |(along, cell)| GridRow { grid, down, along, cell })
    })
}
