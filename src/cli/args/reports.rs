//! What can be typed of the commands that make reports for people.

use super::common::{Agreements, Judging, Naming, Output};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `report`
#[derive(Args, Debug)]
pub struct Report {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// Make these parts alone, such as workbook or workbook,evidence
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PARTS", help_heading = "Output")]
    pub only: Vec<ReportPart>,
    /// Make the workbook that may be published, and nothing else
    #[arg(long, value_enum, help_heading = "Output", conflicts_with = "only")]
    pub profile: Option<Profile>,
    /// List the cases that can be claimed on the page too
    #[arg(long, help_heading = "Output", conflicts_with = "profile")]
    pub with_cases: bool,
    /// Use these RAG bands of the rules, such as no-tolerance
    #[arg(long, value_name = "ID", help_heading = "Rules", conflicts_with = "profile")]
    pub bands: Option<String>,
    /// In the worklists put first what is new or has changed since the report in this output folder
    #[arg(long, value_name = "OUT1", help_heading = "Output", conflicts_with = "profile")]
    pub since: Option<PathBuf>,
    /// With agreements or without.
    #[command(flatten)]
    pub agreements: Agreements,
    /// With names or without.
    #[command(flatten)]
    pub naming: Naming,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
}

/// A part of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportPart {
    /// claims.xlsx: what to claim, what to ask, and everything behind it
    Workbook,
    /// evidence.html and evidence.json: the evidence of all that can be claimed
    Evidence,
    /// report.html: where the year stands, with charts
    Page,
    /// exception-report.docx, .html and .md: for members, with your own words
    Exception,
    /// worklists: a list for each practitioner, school and team, ready for a mail merge
    Worklists,
    /// bi: tables for Power BI, DuckDB and the like, with keys that join
    Bi,
}

/// Whom reports are for, if not for officers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Counts alone, with small counts left out
    Published,
}

/// `evidence`
#[derive(Args, Debug)]
pub struct Evidence {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// Cases or families, by their ids
    #[arg(value_name = "CASE|FAMILY")]
    pub cases: Vec<String>,
    /// All that can be claimed now
    #[arg(long, conflicts_with_all = ["cases", "sample"])]
    pub claimable: bool,
    /// The claims of a sample: audit_sample.csv of audit-sample
    #[arg(long, value_name = "FILE", conflicts_with = "cases")]
    pub sample: Option<PathBuf>,
    /// Show names beside ids
    #[arg(long, help_heading = "Output")]
    pub show_names: bool,
    /// With agreements or without.
    #[command(flatten)]
    pub agreements: Agreements,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `audit-sample`
#[derive(Args, Debug)]
pub struct AuditSample {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// How many in a hundred of each team and kind of claim, rounded up
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub percent: u32,
    /// The same seed draws the same sample
    #[arg(long, value_name = "S")]
    pub seed: u64,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}
