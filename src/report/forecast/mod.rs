//! A forecast as data and files: `forecast.json`, and its tables as CSV. Nothing is computed here.
//!
//! - [`text`](mod@text) the same on the screen.

mod text;

pub(super) use text::percent;
pub use text::{sentences, text};

use super::files::table;
use super::folder::{Marker, OutFolder};
use super::position::moved::line;
use crate::error::Result;
use crate::forecast::Forecast;
use crate::forecast::backtest::Backtest;
use crate::forecast::pipeline::Needed;
use crate::forecast::position::Position;
use crate::rules::Rules;
use crate::run::Outcome;
use serde_json::{Map, Value, json};

/// Every file that a forecast writes. `backtest.csv` has no row where no backtest was asked for.
pub const NAMES: [&str; 4] = ["forecast.csv", "conversion.csv", "backtest.csv", "forecast.json"];

/// What makes a folder known as a forecast's.
pub const MARKER: Marker = Marker { file: "forecast.json", program: "sfclaim forecast", spares: None };

/// The columns of `forecast.csv`, in order.
pub const MONTH_COLUMNS: [&str; 11] = [
    "until",
    "expected_claims",
    "low",
    "median",
    "high",
    "pipeline_at_most",
    "needs_nothing",
    "needs_evidence",
    "needs_time",
    "needs_attendance",
    "needs_outcomes",
];

/// The columns of `conversion.csv`, in order.
pub const CONVERSION_COLUMNS: [&str; 8] = [
    "standing",
    "families_today",
    "families_in_history",
    "months_followed",
    "months_claimed",
    "months_failed",
    "chance_by_year_end",
    "expected_claims",
];

/// The columns of `backtest.csv`, in order.
pub const BACKTEST_COLUMNS: [&str; 14] = [
    "from",
    "financial_year",
    "quarter",
    "quarter_ends_learnt_from",
    "claims_so_far",
    "claims_that_came",
    "straight_line",
    "seasonal_straight_line",
    "forecast",
    "low",
    "high",
    "inside_range",
    "place_in_distribution",
    "lost_after_year_end",
];

/// Writes all files of a forecast into a folder.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    folder: &OutFolder,
    forecast: &Forecast,
    position: Option<&Position>,
    outcome: &Outcome<'_>,
) -> Result<()> {
    let months = forecast.months.iter().zip(&forecast.pipeline.months).map(|(at, most)| {
        let mut cells = vec![at.until.to_string(), format!("{:.4}", at.expected)];
        cells.extend([at.low, at.median, at.high, most.families].map(|count| count.to_string()));
        cells.extend(Needed::ALL.map(|needed| most.needed.get(&needed).copied().unwrap_or(0).to_string()));
        cells
    });
    table(folder, NAMES[0], &MONTH_COLUMNS, months)?;
    let conversions = forecast.conversions.iter().map(|one| {
        let mut cells = vec![one.prospect.word().to_owned()];
        cells.extend(
            [one.today, one.in_history, one.months_followed, one.claimed, one.failed].map(|count| count.to_string()),
        );
        cells.extend([format!("{:.4}", one.chance), format!("{:.4}", one.expected)]);
        cells
    });
    let parts = &forecast.made_up_of;
    let others = [
        ("made_already", parts.made),
        ("families_to_come", parts.families_to_come),
        ("families_without_a_case", parts.without_case),
    ]
    .map(|(standing, expected)| {
        let mut cells = vec![String::new(); CONVERSION_COLUMNS.len()];
        (cells[0], cells[7]) = (standing.to_owned(), format!("{expected:.4}"));
        cells
    });
    table(folder, NAMES[1], &CONVERSION_COLUMNS, conversions.chain(others))?;
    table(folder, NAMES[2], &BACKTEST_COLUMNS, trials(forecast.backtest.as_ref()).into_iter())?;
    folder.write(NAMES[3], format!("{:#}\n", data(forecast, position, outcome)).as_bytes())
}

fn trials(backtest: Option<&Backtest>) -> Vec<Vec<String>> {
    let trials = backtest.map(|backtest| backtest.trials.as_slice()).unwrap_or_default();
    trials
        .iter()
        .map(|trial| {
            vec![
                trial.from.to_string(),
                trial.financial_year.clone(),
                trial.quarter.to_string(),
                trial.learnt_from.to_string(),
                trial.so_far.to_string(),
                trial.came.to_string(),
                trial.straight_line.to_string(),
                trial.seasonal_line.map(|line| line.to_string()).unwrap_or_default(),
                format!("{:.4}", trial.expected),
                trial.range.0.to_string(),
                trial.range.1.to_string(),
                if trial.is_inside() { "yes" } else { "no" }.to_owned(),
                format!("{:.4}", trial.place),
                trial.lost_since.to_string(),
            ]
        })
        .collect()
}

/// The forecast as JSON, with where the year stands and what is needed to repeat it.
pub fn data(forecast: &Forecast, position: Option<&Position>, outcome: &Outcome<'_>) -> Value {
    let (prepared, rules) = (outcome.prepared, &outcome.rules);
    let pipeline: Vec<Value> = forecast
        .pipeline
        .months
        .iter()
        .map(|month| {
            let needed: Map<String, Value> = Needed::ALL
                .iter()
                .map(|needed| (needed.word().to_owned(), json!(month.needed.get(needed).copied().unwrap_or(0))))
                .collect();
            json!({ "until": month.until.to_string(), "families_at_most": month.families, "needed": needed })
        })
        .collect();
    let reasons: Vec<Value> = forecast
        .pipeline
        .reasons
        .iter()
        .map(|(needed, kind, families)| json!({ "needed": needed.word(), "reason": kind, "families": families }))
        .collect();
    let months: Vec<Value> = forecast
        .months
        .iter()
        .map(|at| {
            json!({
                "until": at.until.to_string(),
                "expected": at.expected,
                "low": at.low,
                "median": at.median,
                "high": at.high,
            })
        })
        .collect();
    let conversions: Vec<Value> = forecast
        .conversions
        .iter()
        .map(|one| {
            json!({
                "standing": one.prospect.word(),
                "families_today": one.today,
                "families_in_history": one.in_history,
                "months_followed": one.months_followed,
                "months_claimed": one.claimed,
                "months_failed": one.failed,
                "chance_by_year_end": one.chance,
                "expected_claims": one.expected,
            })
        })
        .collect();
    let target = forecast.target.as_ref();
    json!({
        "program": MARKER.program,
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": forecast.as_at.to_string(),
        "authority": forecast.authority,
        "rules": forecast.rules,
        "notices": forecast.notices,
        "financial_year": forecast.financial_year,
        "payment_per_family": forecast.payment,
        "target": target.map(|target| target.target),
        "funded_places": target.map(|target| target.funded_places),
        "claims_made": {
            "approved": forecast.made.approved,
            "submitted": forecast.made.pending,
            "chance_that_a_submitted_one_is_lost": crate::forecast::special::rounded(forecast.made.lost),
        },
        "position": position.map(stands),
        "by_month": months,
        "year_end": months.last(),
        "range_percentiles": percentiles(forecast),
        "grant": forecast.grant.as_ref().map(|grant| json!({
            "chance_target_reached": grant.target_reached,
            "chance_places_used": grant.places_used,
            "expected_paid_places": grant.paid_places,
            "expected_grant": grant.expected_grant,
            "expected_at_risk": grant.expected_at_risk,
            "at_risk_low": grant.at_risk[0],
            "at_risk_median": grant.at_risk[1],
            "at_risk_high": grant.at_risk[2],
        })),
        "pipeline": { "by_month": pipeline, "reasons": reasons, "families_later": forecast.pipeline.later },
        "conversion": conversions,
        "made_up_of": {
            "claims_made": forecast.made_up_of.made,
            "families_today": forecast.made_up_of.families_today,
            "families_to_come": forecast.made_up_of.families_to_come,
            "new_families_expected": forecast.made_up_of.openings,
            "families_without_a_case": forecast.made_up_of.without_case,
        },
        "sentences": sentences(forecast, position),
        "quarter_effects": forecast
            .quarters
            .iter()
            .map(|(until, factor)| json!({ "until": until.to_string(), "factor_on_odds": factor }))
            .collect::<Vec<Value>>(),
        "quarter_deviation": forecast.deviation,
        "terms_hardly_held": forecast.hardly_held,
        "replayed": forecast.replayed.iter().map(|day| day.to_string()).collect::<Vec<String>>(),
        "not_replayed": forecast
            .skipped
            .iter()
            .map(|skipped| json!({ "on": skipped.on.to_string(), "why": skipped.why }))
            .collect::<Vec<Value>>(),
        "hindsight": HINDSIGHT,
        "assumptions": assumptions(forecast, rules),
        "backtest": forecast.backtest.as_ref().map(backtest),
        "inputs": prepared.inputs,
        "rules_fingerprint": rules.pack.fingerprint(),
    })
}

/// Where the year stands, as `sfclaim position` has it; its quarters and months are left to that.
fn stands(position: &Position) -> Value {
    let against = position.against.iter().map(|of| {
        json!({ "what": of.what, "number": of.number, "rag_to_date": of.rag_to_date, "rag_year_end": of.rag_year_end })
    });
    json!({
        "straight_line": line(&position.line),
        "straight_line_shortfall": position.grant.as_ref().map(|grant| grant.line_shortfall),
        "against": against.collect::<Vec<Value>>(),
        "bands": position.bands.id,
        "profile": position.profile.key,
    })
}

/// What past days rest on.
pub const HINDSIGHT: &str = "Past quarter ends are what today's records say of those days. Records put in late, or changed since, are hindsight, which makes the past look better known than it was.";

fn assumptions(forecast: &Forecast, rules: &Rules) -> Map<String, Value> {
    let one = |assumption: &crate::rules::assumptions::Assumption| {
        let mut said = json!({
            "value": assumption.value.to_string(),
            "unit": assumption.unit,
            "means": assumption.title,
            "source": rules.pack.source_title(&assumption.source),
            "standing": assumption.standing.word(),
            "last_checked": assumption.last_checked.to_string(),
        });
        if let Some(file) = rules.pack.laid_over(&assumption.file) {
            said["given_by"] = json!(file);
        }
        (assumption.key.clone(), said)
    };
    forecast.assumptions.iter().map(one).collect()
}

/// The percentiles of the range's ends, as the assumptions give them.
fn percentiles(forecast: &Forecast) -> [String; 2] {
    ["range.low", "range.high"].map(|key| {
        let found = forecast.assumptions.iter().find(|assumption| assumption.key == key);
        found.map(|assumption| assumption.value.to_string()).unwrap_or_default()
    })
}

fn backtest(backtest: &Backtest) -> Value {
    let trials: Vec<Value> = trials(Some(backtest))
        .into_iter()
        .map(|cells| {
            let row: Map<String, Value> = BACKTEST_COLUMNS
                .iter()
                .zip(cells)
                .map(|(column, cell)| {
                    let number = cell.parse::<serde_json::Number>().ok().map(Value::Number);
                    ((*column).to_owned(), number.unwrap_or(if cell.is_empty() { Value::Null } else { cell.into() }))
                })
                .collect();
            Value::Object(row)
        })
        .collect();
    let scores: Vec<Value> = backtest
        .scores
        .iter()
        .map(|score| {
            json!({
                "method": score.method,
                "quarter": score.quarter,
                "trials": score.trials,
                "bias": score.bias,
                "mean_absolute_error": score.error,
                "inside_range": score.inside,
            })
        })
        .collect();
    json!({ "trials": trials, "scores": scores, "places_by_tenth": backtest.tenths })
}
