//! The command line: what was typed ([`args`]), and one short file a command for what was meant.

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
mod readings;
mod recheck;
#[cfg(feature = "native")]
mod register;
mod report;
mod review;
mod rules;
mod sample;
mod validate;
mod whatif;
#[cfg(feature = "native")]
mod with_register;

use crate::error::{Error, Result};
use crate::finding::Findings;
use crate::load::parts::Progress;
use crate::load::tables::TableName;
use crate::load::{self, Loaded};
use crate::report::output::folder::OutFolder;
use crate::report::output::page::Screen;
use crate::report::views::View;
use crate::report::views::left_out::rows_left_out;
use crate::rules::Rules;
use crate::rules::pack::Pack;
use crate::rules::parameters::Override;
use crate::run::{Outcome, Prepared, Question, judge, prepare};
use crate::validate::RowCounts;
use crate::words::neutral;
use args::{Agreements, Arguments, Command, Judging, Output};
use bar::Bar;
use clap::{CommandFactory, FromArgMatches};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How a command ended, when it could be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All went well.
    Well,
    /// It was done, but findings of severity error exist.
    WithErrors,
}

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
        Ok(_) if NOT_SAID.get().is_some() => {
            let why = NOT_SAID.get().map_or("", String::as_str);
            print_to_stderr(&format!("sfclaim: cannot write what was found to where it was sent: {why}.\n"));
            ExitCode::from(2)
        }
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::WithErrors) => ExitCode::from(1),
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

/// Loads the data folder and types it under the rules asked for. Nothing that is read may lie in the output folder.
fn prepared(judging: &Judging, folder: Option<&OutFolder>) -> Result<(Loaded, Prepared)> {
    let question =
        Question { as_at: judging.as_at, framework: judging.framework.clone(), overrides: overrides(&judging.set)? };
    let pack = pack(judging.rules.as_deref())?;
    #[cfg_attr(not(feature = "native"), allow(unused_mut))]
    let mut loaded = load::load(&judging.data)?;
    #[cfg_attr(not(feature = "native"), allow(unused_mut))]
    let mut claims_register = None;
    #[cfg(feature = "native")]
    if let Some(register) = &judging.register {
        let (read, notes) = with_register::put(&mut loaded, register, judging.as_at)?;
        for note in notes {
            print_to_stderr(&format!("sfclaim: note: {note}\n"));
        }
        claims_register = Some(read);
    }
    let mut prepared = with_progress(&loaded.progress, || prepare(&loaded, &pack, &question))?;
    prepared.claims_register = claims_register;
    not_in(folder, &judging.data, &prepared, &pack)?;
    Ok((loaded, prepared))
}

/// Refuses an output folder that holds a file that was read: settings may name files further inside, and a file may be a link.
fn not_in(folder: Option<&OutFolder>, data: &Path, prepared: &Prepared, pack: &Pack) -> Result<()> {
    let Some(folder) = folder else { return Ok(()) };
    let tables = prepared.inputs.iter().map(|input| data.join(&input.file));
    let read: Vec<PathBuf> = tables.chain(pack.paths.iter().cloned()).collect();
    folder.refuse_if_it_holds(read.iter().map(PathBuf::as_path))
}

/// Judges by the rules asked for, with agreements or without.
fn judged<'a>(prepared: &'a Prepared, agreements: &Agreements) -> Outcome<'a> {
    let without_agreements = agreements.without_agreements;
    judge(prepared, Rules { without_agreements, ..prepared.rules.clone() })
}

/// Shows how far the reading of attendance has come: only on a terminal, and only where it takes more than a second.
fn with_progress<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let (ended, end) = (Mutex::new(false), Condvar::new());
    let wait = |how_long| {
        let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        end.wait_timeout_while(ended, how_long, |ended| !*ended).is_ok_and(|(_, result)| result.timed_out())
    };
    std::thread::scope(|threads| {
        threads.spawn(|| {
            if !wait(Duration::from_secs(1)) {
                return;
            }
            let bar = Bar::new("Reading attendance [{bar:40}] {percent}%", true);
            let total = progress.total.load(Ordering::Relaxed);
            while wait(Duration::from_millis(200)) {
                bar.set(progress.done.load(Ordering::Relaxed), total);
            }
            bar.end();
        });
        let done = work();
        *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        end.notify_all();
        done
    })
}

/// Done; with code 1 where findings of severity error exist.
fn ended(outcome: &Outcome<'_>) -> Ended {
    if outcome.findings.any_error() { Ended::WithErrors } else { Ended::Well }
}

/// The same, and says in a line which rows were left out: for commands whose text speaks of something else.
fn ended_with_findings(counts: &BTreeMap<TableName, RowCounts>, findings: &Findings) -> Ended {
    let Some(said) = rows_left_out(counts, findings) else { return Ended::Well };
    print_to_stderr(&format!("sfclaim: {said}\n"));
    Ended::WithErrors
}

/// The digest of the register that a run read its claims from, below what it found.
fn say_register(prepared: &Prepared) {
    if let Some(read) = &prepared.claims_register {
        say(&format!("{}\n", read.line()));
    }
}

/// Shows what a command found: its files where a folder was named, then the data or the text.
fn show(view: &(impl View + ?Sized), output: &Output, folder: Option<OutFolder>, json: bool) -> Result<()> {
    let written = match output.out.as_ref().zip(folder) {
        Some((out, folder)) => {
            view.write(&folder)?;
            Some(format!("Written to {}: {}", out.display(), folder.finish()?.join(", ")))
        }
        None => None,
    };
    if json {
        return say_json(&view.data());
    }
    say(&view.text(Screen::terminal())?);
    if let Some(said) = view.of_files(written) {
        say(&format!("{said}\n"));
    }
    Ok(())
}

/// The same for a command that judges the data, with the digest of the register that it read.
fn show_judged(
    view: &(impl View + ?Sized),
    prepared: &Prepared,
    output: &Output,
    folder: Option<OutFolder>,
    json: bool,
) -> Result<()> {
    show(view, output, folder, json)?;
    if !json {
        say_register(prepared);
    }
    Ok(())
}

/// The rule pack of a folder, or the one compiled in.
fn pack(folder: Option<&Path>) -> Result<Pack> {
    folder.map_or_else(Pack::built_in, Pack::from_folder)
}

fn overrides(typed: &[String]) -> Result<Vec<Override>> {
    let mut overrides: Vec<Override> = Vec::new();
    for text in typed {
        let change = Override::read(text)?;
        if overrides.iter().any(|other| other.key == change.key) {
            return Err(Error::new(format!("--set gives \"{}\" twice: keep one.", change.key)));
        }
        overrides.push(change);
    }
    Ok(overrides)
}

/// Why something could not be printed: the disk that it was sent to may be full.
static NOT_SAID: OnceLock<String> = OnceLock::new();

/// Prints on stdout, where everything passes through here and [`print_to_stderr`]: nothing in a file can give orders to the
/// terminal. A reader that has gone away (`| head`) is no error.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let said = out.write_all(neutral(text).as_bytes()).and_then(|()| out.flush());
    if let Err(why) = said.map_err(|why| (why.kind(), why.to_string()))
        && why.0 != std::io::ErrorKind::BrokenPipe
    {
        let _ = NOT_SAID.set(why.1);
    }
}

/// Prints on stderr.
fn print_to_stderr(text: &str) {
    let _ = std::io::stderr().lock().write_all(neutral(text).as_bytes());
}

/// Says what was put right of an earlier run that was broken off.
fn say_notes(folder: &OutFolder) {
    for note in folder.notes() {
        print_to_stderr(&format!("sfclaim: note: {note}\n"));
    }
}

/// Prints data as JSON.
fn say_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|why| Error::new(format!("cannot write JSON: {why}.")))?;
    say(&text);
    say("\n");
    Ok(())
}
