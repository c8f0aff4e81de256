//! A grid: one figure over the values of one or two parameters. Each cell is a scenario of its own.

use super::file::same;
use super::scenario::{Change, Known, Scenario, ScenarioNamed};
use super::settle::HowMany;
use super::trial::AGAIN;
use super::{Figures, Model, what_if};
use crate::error::{Error, Result};
use crate::rules::Rules;
use crate::rules::parameters::Override;
use crate::run::Prepared;
use crate::words::worded;
use rust_decimal::Decimal;

worded! {
    /// Which figure the cells show.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Of {
        /// Families claimable now.
        Claimable = "claimable",
        /// Claims to be expected by the year's end.
        YearEnd = "year_end",
        /// The same with chances estimated again under the rules of each cell.
        YearEndEstimatedAgain = "year_end_estimated_again",
        /// The grant that is to be expected to stay unpaid.
        AtRisk = "at_risk",
        /// The chance that the target is reached.
        TargetReached = "target_reached",
    }
}

impl Of {
    /// The figure in words.
    pub fn said(self) -> &'static str {
        match self {
            Of::Claimable => "families claimable now",
            Of::YearEnd => "claims to be expected by the year's end",
            Of::YearEndEstimatedAgain => "claims to be expected by the year's end, chances estimated again",
            Of::AtRisk => "grant at risk to be expected, in pounds",
            Of::TargetReached => "the chance of reaching the target, in per cent",
        }
    }
}

/// A parameter and the values that are tried of it.
#[derive(Clone, Debug)]
pub struct Axis {
    /// The dotted key.
    pub key: String,
    /// Its values, in the order given.
    pub values: Vec<ScenarioNamed>,
}

/// One cell.
#[derive(Clone, Debug)]
pub struct GridCell {
    /// The scenario's name: its changes.
    pub scenario: String,
    /// The figure as files have it: a whole number, one decimal, or pounds and pence; blank where there is none.
    pub plain: String,
    /// The figure as it is said.
    pub shown: String,
    /// From 0 (least of the grid) to 4 (most), by equal steps.
    pub heat: usize,
}

/// A grid of cells.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Which figure.
    pub of: Of,
    /// The parameter down the side; its values are the rows.
    pub rows: Axis,
    /// The parameter along the top; without one there is a single column.
    pub columns: Option<Axis>,
    /// The cells, row by row.
    pub cells: Vec<Vec<GridCell>>,
    /// The same figure without any change.
    pub today: String,
    /// The row and the column of today's values, where the grid has them.
    pub today_at: Option<(usize, usize)>,
    /// What must be said beside it.
    pub notices: Vec<String>,
}

/// Degrees of heat.
pub const HEATS: usize = 5;

/// Most values of one parameter, and most cells together.
const MOST_CELLS: usize = 400;

/// Reads `key=85..95`, both ends included, or `key=a,b,c`.
///
/// # Errors
/// No `=`, a range that is none, a key that cannot be changed, or a value that it cannot have.
pub fn axis(text: &str, known: &Known<'_>) -> Result<Axis> {
    let Some((key, values)) = text.split_once('=') else {
        return Err(Error::new(format!(
            "\"--grid {text}\" has no \"=\": write it as --grid key=85..95, or --grid key=a,b,c."
        )));
    };
    let (key, values) = (key.trim(), values.trim());
    let texts: Vec<String> = match values.split_once("..") {
        Some((from, to)) => {
            let ends = from.trim().parse::<i64>().ok().zip(to.trim().parse::<i64>().ok());
            let (from, to) = ends.filter(|(from, to)| from <= to).ok_or_else(|| {
                Error::new(format!(
                    "--grid {key}: \"{values}\" is no range: write two whole numbers, the smaller first, such as 85..95."
                ))
            })?;
            if to.abs_diff(from) >= MOST_CELLS as u64 {
                return Err(too_many());
            }
            (from..=to).map(|value| value.to_string()).collect()
        }
        None => values.split(',').map(|value| value.trim().to_owned()).collect(),
    };
    let mut named: Vec<ScenarioNamed> = Vec::new();
    for text in texts {
        // A plus in front of a number stays, since it says "so many more".
        let value = match text.starts_with('+') {
            true => toml::Value::String(text.clone()),
            false => Override::read(&format!("{key}={text}"))?.value,
        };
        let one = known.change(key, &value, "--grid").map_err(|why| Error::new(format!("--grid: {why}")))?;
        if named.iter().any(|other| other.value == one.value) {
            return Err(Error::new(format!("--grid {key} has {} twice: keep one.", one.value)));
        }
        named.push(one);
    }
    Ok(Axis { key: key.to_owned(), values: named })
}

fn too_many() -> Error {
    Error::new(format!("this grid has more than {MOST_CELLS} cells: take fewer values."))
}

/// Works out every cell. One or two axes.
///
/// # Errors
/// No axis or more than two, the same parameter twice, too many cells, or what stops [`what_if`].
pub fn grid(prepared: &Prepared, axes: Vec<Axis>, of: Option<Of>) -> Result<Grid> {
    // A target changes nothing of what can be claimed: what it changes is the chance of reaching it.
    let is_target = axes.iter().any(|axis| axis.key == "target");
    let of = of.unwrap_or(if is_target { Of::TargetReached } else { Of::Claimable });
    let mut axes = axes.into_iter();
    let (Some(rows), columns, None) = (axes.next(), axes.next(), axes.next()) else {
        return Err(Error::new("--grid takes one parameter or two, each with its own --grid."));
    };
    if columns.as_ref().is_some_and(|columns| same(&columns.key, &rows.key)) {
        return Err(Error::new(format!("--grid gives \"{}\" twice: name two parameters.", rows.key)));
    }
    let across = columns.as_ref().map_or(1, |columns| columns.values.len());
    if rows.values.len().saturating_mul(across) > MOST_CELLS {
        return Err(too_many());
    }
    let mut scenarios = Vec::new();
    for row in &rows.values {
        match &columns {
            None => scenarios.push(Scenario::of(vec![row.clone()])),
            Some(columns) => {
                scenarios.extend(columns.values.iter().map(|column| Scenario::of(vec![row.clone(), column.clone()])))
            }
        }
    }
    let model = match of {
        Of::Claimable => Model::Left,
        Of::YearEnd | Of::AtRisk | Of::TargetReached => Model::TodaysChances,
        Of::YearEndEstimatedAgain => Model::EstimatedAgain,
    };
    let found = what_if(prepared, &scenarios, model)?;
    if matches!(of, Of::AtRisk | Of::TargetReached)
        && found.scenarios.iter().any(|tried| figure(&tried.figures, of).is_none())
    {
        return Err(Error::new(
            "--of at_risk and --of target_reached need a target and funded places: name an authority with targets in sfclaim.toml, or take --of claimable.",
        ));
    }
    let figures: Vec<Option<(f64, String, String)>> =
        found.scenarios.iter().map(|tried| figure(&tried.figures, of)).collect();
    let numbers = || figures.iter().flatten().map(|(number, ..)| *number);
    let (least, most) = (numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max));
    let heat = |number: f64| {
        let share = if most > least { (number - least) / (most - least) } else { 0.0 };
        ((share * HEATS as f64) as usize).min(HEATS - 1)
    };
    let mut notices: Vec<String> = Vec::new();
    for axis in std::iter::once(&rows).chain(columns.as_ref()) {
        let setting = prepared.rules.set.get(if axis.key == "payment" { "payment.per_family" } else { &axis.key });
        if setting.is_ok_and(|setting| setting.who == crate::rules::Who::National) {
            notices.push(format!("{} is a national rule, not ours to change.", axis.key));
        }
    }
    if of == Of::YearEndEstimatedAgain {
        let any = found.scenarios.iter().any(|tried| tried.notices.iter().any(|notice| notice.starts_with(AGAIN)));
        notices.extend(any.then(|| format!("{AGAIN} for each cell, by replaying the past under its rules. Past claims were made by the rules of their day and not by these, so that it can be off either way; --of year_end leaves chances as they are.")));
        let none = figures.iter().any(Option::is_none);
        notices.extend(none.then(|| "Blank: no past quarter end could be replayed under these rules.".to_owned()));
    }
    let cells: Vec<GridCell> = found
        .scenarios
        .iter()
        .zip(&figures)
        .map(|(tried, figure)| {
            let (heat, plain, shown) = match figure {
                Some((number, plain, shown)) => (heat(*number), plain.clone(), shown.clone()),
                None => (0, String::new(), "-".to_owned()),
            };
            GridCell { scenario: tried.name.clone(), plain, shown, heat }
        })
        .collect();
    let cells = cells.chunks(across).map(<[GridCell]>::to_vec).collect();
    let today = figure(&found.today.figures, of).map(|(_, _, shown)| shown).unwrap_or_default();
    let todays = |axis: &Axis| axis.values.iter().position(|named| is_todays(prepared, &found.today.figures, named));
    let today_at = todays(&rows).zip(columns.as_ref().map_or(Some(0), todays));
    Ok(Grid { of, rows, columns, cells, today, today_at, notices })
}

/// Whether a change leaves everything as it is today.
fn is_todays(prepared: &Prepared, today: &Figures, named: &ScenarioNamed) -> bool {
    match &named.change {
        Change::Rule(change) => {
            let then = prepared.rules.with(std::slice::from_ref(change));
            let value = |rules: &Rules| rules.set.get(&change.key).ok().map(|setting| setting.value.clone());
            then.is_ok_and(|then| value(&then) == value(&prepared.rules))
        }
        Change::Target(number) => today.target == Some(*number),
        Change::FundedPlaces(number) => today.funded_places == Some(*number),
        Change::Profile(id) => today.profile == *id,
        Change::Conversion(_, factor) => *factor == Decimal::ONE,
        Change::Settle(settle) => matches!(settle.how_many, HowMany::Count(0)) || settle.how_many == NOBODY,
        // How many it is today is estimated, and no whole number.
        Change::OpeningsAMonth(_) => false,
    }
}

/// No part of the families.
const NOBODY: HowMany = HowMany::Part(Decimal::ZERO);

/// A figure as a number for its heat, as files have it, and as it is said.
fn figure(figures: &Figures, of: Of) -> Option<(f64, String, String)> {
    match of {
        Of::Claimable => {
            let count = figures.claimable.to_string();
            Some((figures.claimable as f64, count.clone(), crate::words::grouped(&count)))
        }
        Of::YearEnd | Of::YearEndEstimatedAgain => {
            let again = of == Of::YearEndEstimatedAgain && figures.other_rules;
            let claims = if again { figures.estimated_again.as_ref() } else { figures.expected.as_ref() }?.claims;
            let text = format!("{claims:.1}");
            Some((claims, text.clone(), text))
        }
        Of::TargetReached => {
            let percent = figures.expected.as_ref()?.grant.as_ref()?.target_reached * 100.0;
            let text = format!("{percent:.1}");
            // A chance is said as elsewhere: never as none, never as certain.
            let shown = match percent {
                under if under < 1.0 => "<1%".to_owned(),
                over if over > 99.0 => ">99%".to_owned(),
                _ => format!("{percent:.0}%"),
            };
            Some((text.parse().unwrap_or_default(), text, shown))
        }
        Of::AtRisk => {
            let pounds = figures.expected.as_ref()?.grant.as_ref()?.expected_at_risk;
            let plain = pounds.plain();
            Some((plain.parse().unwrap_or_default(), plain, pounds.about().to_string()))
        }
    }
}
