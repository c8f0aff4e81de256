//! What can be typed of the commands that say where a financial year stands.

use super::common::{Judging, Naming, Output, date};
use crate::dates::Date;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `forecast`
#[derive(Args, Debug)]
pub struct Forecast {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Also forecast from past quarter ends, and compare with what came
    #[arg(long)]
    pub backtest: bool,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `position`
#[derive(Args, Debug)]
pub struct PositionOf {
    /// What to look at.
    #[command(flatten)]
    pub judging: Judging,
    /// The financial year, such as 2024/25; without it, that of the as-at date
    #[arg(long, value_name = "YEAR")]
    pub year: Option<String>,
    /// Say what moved since this earlier output folder of check or position
    #[arg(long, value_name = "OUT1")]
    pub since: Option<PathBuf>,
    /// Use these RAG bands of the rules, such as achievable
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub bands: Option<String>,
    /// Use this profile of the rules for how claims come over the year
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub profile: Option<String>,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `levers`
#[derive(Args, Debug)]
pub struct Listing {
    /// What to look at.
    #[command(flatten)]
    pub judging: Judging,
    /// With names or without.
    #[command(flatten)]
    pub naming: Naming,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `funnel`
#[derive(Args, Debug)]
pub struct FunnelOf {
    /// What to look at.
    #[command(flatten)]
    pub judging: Judging,
    /// What to make rows by
    #[arg(long, value_enum, default_value_t = FunnelBy::Source)]
    pub by: FunnelBy,
    /// Show practitioners by name on the screen; the files have the names
    #[arg(long, help_heading = "Output")]
    pub show_families: bool,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `whatif`
#[derive(Args, Debug)]
pub struct Whatif {
    /// The folder with the tables: cases.csv, criteria.csv, people.csv, attendance*.csv, claims.csv, ...
    pub data: PathBuf,
    /// The day to look at, such as 2024-09-30: what is dated after it is left out
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_at: Date,
    /// The file of scenarios; without it scenarios.toml of the data folder, where there is one
    #[arg(long, value_name = "FILE", help_heading = "Scenarios")]
    pub scenarios: Option<PathBuf>,
    /// One more scenario, such as attendance.threshold_percent=88 or funded_places=600 (repeat it to change more in it)
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Scenarios")]
    pub set: Vec<String>,
    /// A table over the values of a parameter, such as sustainment.months=3..9 or attendance.basis=each_term,combined;
    /// twice for two parameters
    #[arg(long, value_name = "KEY=VALUES", help_heading = "Scenarios")]
    pub grid: Vec<String>,
    /// What the grid shows; without it the families claimable now, or over targets the chance of reaching them
    #[arg(long, value_enum, help_heading = "Scenarios")]
    pub of: Option<GridOf>,
    /// Use the rule pack in this folder instead of the one built in
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub rules: Option<PathBuf>,
    /// Use this framework, even for a day on which it was not in force
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub framework: Option<String>,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// List the families whose status would change, and those for which a scenario takes something as settled
    #[arg(long, help_heading = "Output")]
    pub show_families: bool,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// What the rows of a funnel are made by.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum FunnelBy {
    /// The service that the case is from
    Source,
    /// The team
    Team,
    /// The ward
    Ward,
    /// The practitioner
    LeadPractitioner,
}

/// `anomalies`
#[derive(Args, Debug)]
pub struct AnomaliesOf {
    /// What to look at.
    #[command(flatten)]
    pub judging: Judging,
    /// Show practitioners by name on the screen; the files have the names
    #[arg(long, visible_alias = "show-families", help_heading = "Output")]
    pub show_names: bool,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// What a grid shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum GridOf {
    /// Families claimable now
    Claimable,
    /// Claims to be expected by the year's end
    YearEnd,
    /// The same with chances estimated again under the rules of each cell
    YearEndEstimatedAgain,
    /// The grant at risk to be expected
    AtRisk,
    /// The chance of reaching the target
    TargetReached,
}
