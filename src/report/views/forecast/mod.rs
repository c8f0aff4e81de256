//! A forecast as data and files: `forecast.json`, and its tables as CSV. Nothing is computed here.
//!
//! - [`text`](mod@text) the same on the screen.

pub mod hindsight;
mod text;

pub use text::{how_it_did, sentences, text};

use crate::error::Result;
use crate::forecast::Forecast;
use crate::forecast::backtest::{Backtest, Trial};
use crate::forecast::outlook::{AtMonthEnd, Conversions};
use crate::forecast::pipeline::{ByMonthEnd, Needed};
use crate::forecast::position::Position;
use crate::report::output::Kind::{Day, Number, Text, Whole};
use crate::report::output::cell::YES_NO;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::Screen;
use crate::report::output::{Cell, Table};
use crate::report::views::position::moved::line;
use crate::report::views::view::View;
use crate::rules::Rules;
use crate::run::Outcome;
pub use hindsight::HINDSIGHT;
use serde_json::{Map, Value, json};

/// Every file that a forecast writes. `backtest.csv` has no row where no backtest was asked for.
pub const NAMES: [&str; 4] = ["forecast.csv", "conversion.csv", "backtest.csv", "forecast.json"];

/// What makes a folder known as a forecast's.
pub const MARKER: Marker = Marker { file: "forecast.json", program: "sfclaim forecast", spares: None };

/// A row of `forecast`: what is expected by a month end, and the most that could come.
pub struct MonthRow<'a> {
    at: &'a AtMonthEnd,
    most: &'a ByMonthEnd,
}

/// A row of `conversion`.
pub struct StandingRow<'a> {
    standing: &'a str,
    /// The families that stand there; none for what only adds to the expected claims.
    of: Option<&'a Conversions>,
    expected: Cell<'static>,
}

/// The table `forecast`.
pub fn months<'a>() -> Table<MonthRow<'a>> {
    fn needs<'a>(row: &MonthRow<'_>, needed: Needed) -> Cell<'a> {
        row.most.needed.get(&needed).copied().unwrap_or(0).into()
    }
    Table::<MonthRow<'a>>::of("forecast", "A row a month end, the last being the year's end.")
        .column("until", Day, |row| row.at.until.into())
        .about("the day")
        .column("expected_claims", Number(4), |row| Cell::four(row.at.expected))
        .about("claims of the year by then, on average over what may happen; those made already included")
        .column("low", Whole, |row| row.at.low.into())
        .about("the 10th percentile of the same")
        .column("median", Whole, |row| row.at.median.into())
        .about("the 50th percentile")
        .column("high", Whole, |row| row.at.high.into())
        .about("the 90th percentile")
        .column("pipeline_at_most", Whole, |row| row.most.families.into())
        .about("families of today that could be claimed by then if all that must happen does; beside the claims made already")
        .column("needs_nothing", Whole, |row| needs(row, Needed::Nothing))
        .about("those of them that need nothing: they can be claimed now")
        .column("needs_evidence", Whole, |row| needs(row, Needed::Evidence))
        .about("those for which somebody must settle what is unknown")
        .column("needs_time", Whole, |row| needs(row, Needed::Time))
        .about("those that need time alone")
        .column("needs_attendance", Whole, |row| needs(row, Needed::Attendance))
        .about("those whose school attendance must reach the threshold")
        .column("needs_outcomes", Whole, |row| needs(row, Needed::Outcomes))
        .about("those that need outcomes or criteria that are not recorded yet")
}

/// The table `conversion`.
pub fn standings<'a>() -> Table<StandingRow<'a>> {
    Table::<StandingRow<'a>>::of("conversion", "A row a kind of family, then rows that fill in `expected_claims` only.")
        .column("standing", Text, |row| row.standing.into())
        .about("where families stand. Then `made_already` (claims made, less those expected to be lost), `families_to_come` and `families_without_a_case`")
        .column("families_today", Whole, |row| row.of.map(|of| of.today).into())
        .about("families that stand there today")
        .column("families_in_history", Whole, |row| row.of.map(|of| of.in_history).into())
        .about("those that did at a past quarter end, each once")
        .column("months_followed", Whole, |row| row.of.map(|of| of.months_followed).into())
        .about("months for which they were followed from each of these quarter ends")
        .column("months_claimed", Whole, |row| row.of.map(|of| of.claimed).into())
        .about("those months in which one was claimed")
        .column("months_failed", Whole, |row| row.of.map(|of| of.failed).into())
        .about("those in which one dropped out")
        .column("chance_by_year_end", Number(4), |row| row.of.map(|of| Cell::four(of.chance)).into())
        .about("the average chance of a family of today to be claimed by the year's end")
        .column("expected_claims", Number(4), |row| row.expected.clone())
        .about("how many claims that makes. The column adds up to the year's expected claims")
}

/// The table `backtest`.
pub fn trials<'a>() -> Table<&'a Trial> {
    Table::<&Trial>::of("backtest", "A row a past forecast; none without `--backtest`.")
        .column("from", Day, |trial| trial.from.into())
        .about("the day of the past forecast")
        .column("financial_year", Text, |trial| (&trial.financial_year).into())
        .about("its year")
        .column("quarter", Whole, |trial| trial.quarter.into())
        .about("the quarter that ended")
        .column("quarter_ends_learnt_from", Whole, |trial| trial.learnt_from.into())
        .about("how many quarter ends there were to learn from")
        .column("claims_so_far", Whole, |trial| trial.so_far.into())
        .about("claims of the year by that day")
        .column("claims_that_came", Whole, |trial| trial.came.into())
        .about("claims of the year by its end")
        .column("straight_line", Whole, |trial| trial.straight_line.into())
        .about("what the straight line said of the year's end")
        .column("seasonal_straight_line", Whole, |trial| trial.seasonal_line.into())
        .about("what the seasonal straight line said")
        .column("forecast", Number(4), |trial| Cell::four(trial.expected))
        .about("what the model said")
        .column("low", Whole, |trial| trial.range.0.into())
        .about("the lower end of its range")
        .column("high", Whole, |trial| trial.range.1.into())
        .about("the upper end")
        .column("inside_range", YES_NO, |trial| trial.is_inside().into())
        .about("whether what came lies in it")
        .column("place_in_distribution", Number(4), |trial| Cell::four(trial.place))
        .about("the chance that the forecast gave to fewer claims than came, and a part of that of as many: 0.5 is the middle, near 0 or 1 a surprise")
        .column("lost_after_year_end", Whole, |trial| trial.lost_since.into())
        .about("of the claims that came, those rejected, withdrawn or taken back after the year's end: less these, they are what stands today")
}

fn of_family(of: &Conversions) -> StandingRow<'_> {
    StandingRow { standing: of.prospect.word(), of: Some(of), expected: Cell::four(of.expected) }
}

/// What `sfclaim forecast` shows.
pub struct ForecastView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The forecast.
    pub forecast: Forecast,
    /// Where the year stands.
    pub position: Position,
}

impl View for ForecastView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        write(folder, &self.forecast, Some(&self.position), self.outcome)
    }

    fn data(&self) -> Value {
        data(&self.forecast, Some(&self.position), self.outcome)
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(text(&self.forecast, Some(&self.position), screen))
    }
}

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
    months().write(folder, month_rows(forecast))?;
    let parts = &forecast.made_up_of;
    let others = [
        ("made_already", parts.made),
        ("families_to_come", parts.families_to_come),
        ("families_without_a_case", parts.without_case),
    ]
    .map(|(standing, expected)| StandingRow { standing, of: None, expected: Cell::four(expected) });
    standings().write(folder, forecast.conversions.iter().map(of_family).chain(others))?;
    let tried = forecast.backtest.as_ref().map(|backtest| backtest.trials.as_slice()).unwrap_or_default();
    trials().write(folder, tried)?;
    json_file(folder, NAMES[3], &data(forecast, position, outcome))
}

/// The rows of `forecast`.
pub fn month_rows(forecast: &Forecast) -> impl Iterator<Item = MonthRow<'_>> {
    forecast.months.iter().zip(&forecast.pipeline.months).map(|(at, most)| MonthRow { at, most })
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
    let table = standings();
    let conversions: Vec<Value> = forecast.conversions.iter().map(|one| table.json(&of_family(one))).collect();
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
        "claims_register": prepared.claims_register,
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
    let table = trials();
    let trials: Vec<Value> = backtest
        .trials
        .iter()
        .map(|trial| {
            let mut row = table.json_of_text(&trial);
            // Numbers as such, and yes or no as the file has it.
            for (_, cell) in &mut row {
                let text = cell.as_str().unwrap_or_default();
                let number = text.parse::<serde_json::Number>().ok().map(Value::Number);
                *cell = number.unwrap_or_else(|| if text.is_empty() { Value::Null } else { text.into() });
            }
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
