//! What can be typed.
//!
//! - [`common`] of several commands.
//! - [`register`] of the register of claims, and of past claims.
//! - [`reports`] of the commands that make reports for people.
//! - [`year`] of the commands that say where a financial year stands.
//!
//! Longer than most files, since it is what can be typed: help texts for the most part.

mod common;
mod register;
mod reports;
mod year;

pub use common::{Agreements, Format, Judging, Naming, Output};
pub use register::Recheck;
#[cfg(feature = "native")]
pub use register::{
    Audit, Decide, Export, Import, ListClaims, Move, New, OfRegister, Prepare, Redact, RegisterAction, RegisterNamed,
    ShowClaim, ShowHistory, Submit, To, Typist, Verify,
};

pub use reports::{AuditSample, Evidence, Profile, Report, ReportPart};
pub use year::{AnomaliesOf, Forecast, FunnelBy, FunnelOf, GridOf, Listing, PositionOf, Whatif};

use crate::dates::Date;
use clap::{Args, Parser, Subcommand, ValueEnum};
use common::date;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Says which Supporting Families results can be claimed, why, what is missing and when.
#[derive(Parser, Debug)]
#[command(name = "sfclaim")]
pub struct Arguments {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Decide every period of support and write the decisions
    Check(Check),
    /// Read and check the data, and decide nothing
    Validate(Validate),
    /// Explain the decision on a case or family, in words to read aloud to an auditor
    Explain(Explain),
    /// List the questions that somebody must settle, by practitioner, with a sheet for the answers
    Review(Review),
    /// List children's attendance, and what the running term still allows
    Attendance(AttendanceList),
    /// Forecast claims and grant to the end of the financial year
    Forecast(Forecast),
    /// Show which results depend on how the guidance is read
    Readings(Readings),
    /// Make the reports: the workbook for every day, or one that may be published
    Report(Report),
    /// Put together the evidence of claims, a claim a section, to be signed
    Evidence(Evidence),
    /// Draw claims for internal audit, so that audit can draw them again
    AuditSample(AuditSample),
    /// Keep what was claimed, on what evidence, and what became of it
    #[cfg(feature = "native")]
    Register(OfRegister),
    /// Judge past claims by the rules of their day, on today's records
    Recheck(Recheck),
    /// Show what changed between two runs, and why
    Compare(Compare),
    /// Say what each finding means, why it matters and what to do
    Findings(Findings),
    /// Say where a financial year stands: claims, target, straight line, grant
    Position(PositionOf),
    /// Say which single thing holds most families back, and who can act on it
    Levers(Listing),
    /// Show how many families reach each stage of a claim, and where they drop out
    Funnel(FunnelOf),
    /// Show what an assurance team would ask about the claims made
    Anomalies(AnomaliesOf),
    /// Try other rules, targets or circumstances beside today. These are scenarios, never decisions
    Whatif(Whatif),
    /// List, show and check the rules
    Rules(Rules),
    /// Invent an authority to train and try things on
    Sample(Sample),
    /// Look at a folder of unknown files and propose its settings
    Init(Init),
    /// Print the completions for a shell
    #[cfg(feature = "native")]
    Completions(Completions),
}

/// The commands by what a person is doing.
const GROUPS: [(&str, &[&str]); 5] = [
    (
        "Prepare and defend claims",
        &[
            "validate",
            "check",
            "explain",
            "review",
            "attendance",
            "report",
            "evidence",
            "audit-sample",
            "register",
            "recheck",
            "compare",
        ],
    ),
    ("Know where the year stands", &["position", "forecast", "whatif", "levers", "funnel", "anomalies"]),
    ("Know the rules", &["rules", "readings", "findings"]),
    ("Train and try out", &["sample"]),
    ("Set up", &["init", "completions"]),
];

/// The help text, with the commands in their groups.
pub fn grouped_help(command: &clap::Command) -> String {
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    for (group, names) in GROUPS {
        let _ = write!(text, "\n{group}:\n");
        for name in names {
            let Some(sub) = command.find_subcommand(name) else { continue };
            let about = sub.get_about().map(ToString::to_string);
            let _ = writeln!(text, "  {name:<12} {}", about.unwrap_or_default());
        }
    }
    text.push_str("\nOptions:\n{options}\n\n");
    text.push_str("`sfclaim COMMAND --help` says more of one. Nothing is sent anywhere.\n");
    text
}

/// `check`
#[derive(Args, Debug)]
pub struct Check {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// With agreements or without.
    #[command(flatten)]
    pub agreements: Agreements,
    /// With names or without.
    #[command(flatten)]
    pub naming: Naming,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Warn of tables that lost many rows, or gained very many, since the run in this output folder
    #[arg(long, value_name = "OUT1", help_heading = "Checks")]
    pub since: Option<PathBuf>,
    /// Write the findings once more, a file for each of those who have the answers: practitioners, schools, the data team
    #[arg(long, help_heading = "Output", requires = "out")]
    pub by_owner: bool,
    /// Do not show the summary
    #[arg(long, help_heading = "Output")]
    pub quiet: bool,
    /// Print the summary and every decision as JSON
    #[arg(long, help_heading = "Output", conflicts_with = "quiet")]
    pub json: bool,
}

/// `validate`
#[derive(Args, Debug)]
pub struct Validate {
    /// The folder with the tables: cases.csv, criteria.csv, people.csv, attendance*.csv, claims.csv, ...
    pub data: PathBuf,
    /// The day to check for, such as 2024-09-30; without it what depends on a day is not looked at
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_at: Option<Date>,
    /// Use the rule pack in this folder instead of the one built in
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub rules: Option<PathBuf>,
    /// Use this framework, even for a day on which it was not in force
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub framework: Option<String>,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Warn of tables that lost many rows, or gained very many, since the check in this output folder
    #[arg(long, value_name = "OUT1", help_heading = "Checks")]
    pub since: Option<PathBuf>,
    /// Write the findings once more, a file for each of those who have the answers: practitioners, schools, the data team
    #[arg(long, help_heading = "Output", requires = "out")]
    pub by_owner: bool,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `explain`
#[derive(Args, Debug)]
pub struct Explain {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// With agreements or without.
    #[command(flatten)]
    pub agreements: Agreements,
    /// A case or a family, by its id
    #[arg(value_name = "CASE|FAMILY")]
    pub id: String,
    /// Show names beside ids
    #[arg(long, help_heading = "Output")]
    pub show_names: bool,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `review`
#[derive(Args, Debug)]
pub struct Review {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// With agreements or without.
    #[command(flatten)]
    pub agreements: Agreements,
    /// List agreements that run out within so many days after the as-at date
    #[arg(long, value_name = "DAYS", default_value_t = 31)]
    pub expiring_within: u16,
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

/// `attendance`
#[derive(Args, Debug)]
pub struct AttendanceList {
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

/// `readings`
#[derive(Args, Debug)]
pub struct Readings {
    /// What to decide on.
    #[command(flatten)]
    pub judging: Judging,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `compare`
#[derive(Args, Debug)]
pub struct Compare {
    /// The output folder of the earlier run
    #[arg(value_name = "OUT1")]
    pub before: PathBuf,
    /// The output folder of the later run
    #[arg(value_name = "OUT2")]
    pub after: PathBuf,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// `findings`
#[derive(Args, Debug)]
pub struct Findings {
    /// One finding by its code, such as key_given_twice; without it all are listed
    #[arg(value_name = "CODE", conflicts_with = "markdown")]
    pub code: Option<String>,
    /// Print the whole catalogue as a page in Markdown
    #[arg(long, help_heading = "Output")]
    pub markdown: bool,
}

/// `rules`
#[derive(Args, Debug)]
pub struct Rules {
    /// What to do.
    #[command(subcommand)]
    pub action: RulesAction,
    /// Use the rule pack in this folder instead of the one built in
    #[arg(long, value_name = "DIR", global = true)]
    pub rules: Option<PathBuf>,
}

/// What can be done with rules.
#[derive(Subcommand, Debug)]
pub enum RulesAction {
    /// List frameworks, parameters, readings, calendars, targets and sources
    List,
    /// Show everything said of one parameter, headline, attendance code or source
    Show {
        /// A parameter such as attendance.threshold_percent, a headline's number, an attendance code such as C2, a
        /// source, an authority with targets, an assumption of the forecast, calendar, or a ready mapping
        key: String,
    },
    /// Look for gaps and overlaps in dates, dangling sources, unknown and duplicate keys, missing units
    Lint,
}

/// `sample`
#[derive(Args, Debug)]
pub struct Sample {
    /// Families open at any one time, in the long run
    #[arg(long, value_name = "N")]
    pub families: u64,
    /// The same seed gives the same authority; another seed, another one of the same kind
    #[arg(long, value_name = "S")]
    pub seed: u64,
    /// The first day of the records
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Date,
    /// The last day of the records
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Date,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How attendance is given
    #[arg(long, value_enum, default_value_t = Attendance::Totals)]
    pub attendance: Attendance,
    /// The files' format
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
    /// Plant one family for each edge of the rules as at this day, which is also the day of the story
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub boundaries_at: Option<Date>,
    /// A profile of rates instead of the one built in
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Write into a folder that has other files already, and replace files of the same names
    #[arg(long)]
    pub force: bool,
}

/// How a sample gives attendance.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Attendance {
    /// Termly totals
    Totals,
    /// Session marks
    Marks,
    /// Totals, and marks for a few pupils
    Both,
}

/// `init`
#[derive(Args, Debug)]
pub struct Init {
    /// The folder with the files as your systems give them
    pub folder: PathBuf,
    /// Where to write the settings, if not to sfclaim.toml in the folder
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub out: Option<PathBuf>,
    /// Write over settings that are there already
    #[arg(long, help_heading = "Output")]
    pub force: bool,
    /// Keep the settings that are there as they are, and add what is new in the folder
    #[arg(long, help_heading = "Output", conflicts_with = "force")]
    pub add: bool,
    /// Write nothing, and print all questions as JSON for a form to show, with what is proposed and values of the columns,
    /// which are personal data. Answers that are given with --answers stand beside them
    #[arg(long, help_heading = "Questions", conflicts_with_all = ["propose", "out", "force"])]
    pub json: bool,
    /// Answer the questions from this file, a line each (- for the standard input): the number or words of a choice, or ok
    #[arg(long, value_name = "FILE", help_heading = "Questions", conflicts_with = "propose")]
    pub answers: Option<PathBuf>,
    /// Ask nothing: what cannot be told is written as a comment. Without a terminal that is so in any case
    #[arg(long, help_heading = "Questions")]
    pub propose: bool,
}

/// `completions`
#[cfg(feature = "native")]
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
