//! The command line: what was typed ([`args`]), and one short file a command for what was meant. What several of them do stands in
//! `steps`; what is printed goes through `printing`.

pub mod args;
mod attendance;
mod bar;
mod check;
mod compare;
mod evidence;
mod explain;
mod findings;
mod found;
mod init;
mod printing;
mod readings;
mod recheck;
#[cfg(feature = "native")]
mod register;
mod report;
mod review;
mod rules;
mod sample;
mod steps;
mod validate;
mod whatif;
#[cfg(feature = "native")]
mod with_register;

use crate::error::{Error, Result};
use crate::rules::pack::Pack;
use args::{Arguments, Command};
use clap::{CommandFactory, FromArgMatches};
#[cfg(feature = "native")]
use printing::say;
use printing::{print_to_stderr, why_not_said};
use std::process::ExitCode;
use steps::Ended;

/// Parses the command line, runs the command and gives the exit code: 0 done, 1 done with findings of
/// severity error, 2 not done, with one message on stderr.
pub fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(why) if why.use_stderr() => {
            print_to_stderr(&why.to_string().replacen("error: ", "sfclaim: ", 1));
            return ExitCode::from(2);
        }
        // Help and version.
        Err(why) => why.exit(),
    };
    let ended = Arguments::from_arg_matches(&matches).map_err(|why| Error::new(why.to_string())).and_then(run);
    match ended {
        Ok(ended) => match (why_not_said(), ended) {
            (Some(why), _) => {
                print_to_stderr(&format!("sfclaim: cannot write what was found to where it was sent: {why}.\n"));
                ExitCode::from(2)
            }
            (None, Ended::Well) => ExitCode::SUCCESS,
            (None, Ended::WithErrors) => ExitCode::from(1),
        },
        Err(why) => {
            print_to_stderr(&format!("sfclaim: {why}\n"));
            ExitCode::from(2)
        }
    }
}

/// The command line as clap knows it, with the commands grouped by what a person is doing.
pub fn command() -> clap::Command {
    let version: &'static str = match Pack::built_in() {
        Ok(pack) => format!("{} (rules {})", env!("CARGO_PKG_VERSION"), pack.fingerprint().short()).leak(),
        Err(_) => env!("CARGO_PKG_VERSION"),
    };
    let command = Arguments::command().version(version);
    let template = args::grouped_help(&command);
    command.help_template(template)
}

fn run(arguments: Arguments) -> Result<Ended> {
    match arguments.command {
        Command::Check(typed) => check::run(&typed),
        Command::Explain(typed) => explain::run(&typed),
        Command::Review(typed) => review::run(&typed),
        Command::Attendance(typed) => attendance::run(&typed),
        Command::Forecast(typed) => found::forecast(&typed),
        Command::Evidence(typed) => evidence::run(&typed),
        Command::AuditSample(typed) => evidence::audit_sample(&typed),
        Command::Report(typed) => report::run(&typed),
        #[cfg(feature = "native")]
        Command::Register(typed) => register::run(&typed),
        Command::Recheck(typed) => recheck::run(&typed),
        Command::Readings(typed) => readings::run(&typed),
        Command::Compare(typed) => compare::run(&typed),
        Command::Findings(typed) => findings::run(&typed),
        Command::Position(typed) => found::position(&typed),
        Command::Levers(typed) => found::levers(&typed),
        Command::Funnel(typed) => found::funnel(&typed),
        Command::Anomalies(typed) => found::anomalies(&typed),
        Command::Whatif(typed) => whatif::run(&typed),
        Command::Rules(typed) => rules::run(&typed),
        Command::Sample(typed) => sample::run(&typed),
        Command::Validate(typed) => validate::run(&typed),
        Command::Init(typed) => init::run(&typed),
        #[cfg(feature = "native")]
        Command::Completions(typed) => {
            let mut script = Vec::new();
            clap_complete::generate(typed.shell, &mut command(), "sfclaim", &mut script);
            say(&String::from_utf8_lossy(&script));
            Ok(Ended::Well)
        }
    }
}
