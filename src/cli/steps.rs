//! What several commands do: read and type the data, judge it, show what was found, and say how it ended.

use super::args::{Agreements, Judging, Output};
use super::bar::Bar;
use super::printing::{print_to_stderr, say, say_json};
#[cfg(feature = "native")]
use super::with_register;
use crate::error::{Error, Result};
use crate::finding::Findings;
use crate::load::parts::Progress;
use crate::load::tables::TableName;
use crate::load::{self, Loaded};
use crate::report::output::folder::OutFolder;
use crate::report::output::page::Screen;
use crate::report::views::left_out::rows_left_out;
use crate::report::views::view::View;
use crate::rules::Rules;
use crate::rules::pack::Pack;
use crate::rules::parameters::Override;
use crate::run::{Outcome, Prepared, Question, judge, prepare};
use crate::validate::RowCounts;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How a command ended, when it could be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// All went well.
    Well,
    /// It was done, but findings of severity error exist.
    WithErrors,
}

/// Loads the data folder and types it under the rules asked for. Nothing that is read may lie in the output folder.
pub(super) fn prepared(judging: &Judging, folder: Option<&OutFolder>) -> Result<(Loaded, Prepared)> {
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
pub(super) fn not_in(folder: Option<&OutFolder>, data: &Path, prepared: &Prepared, pack: &Pack) -> Result<()> {
    let Some(folder) = folder else { return Ok(()) };
    let tables = prepared.inputs.iter().map(|input| data.join(&input.file));
    let read: Vec<PathBuf> = tables.chain(pack.paths.iter().cloned()).collect();
    folder.refuse_if_it_holds(read.iter().map(PathBuf::as_path))
}

/// Judges by the rules asked for, with agreements or without.
pub(super) fn judged<'a>(prepared: &'a Prepared, agreements: &Agreements) -> Outcome<'a> {
    let without_agreements = agreements.without_agreements;
    judge(prepared, Rules { without_agreements, ..prepared.rules.clone() })
}

/// Shows how far the reading of attendance has come: only on a terminal, and only where it takes more than a second.
pub(super) fn with_progress<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
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
pub(super) fn ended(outcome: &Outcome<'_>) -> Ended {
    if outcome.findings.any_error() { Ended::WithErrors } else { Ended::Well }
}

/// The same, and says in a line which rows were left out: for commands whose text speaks of something else.
pub(super) fn ended_with_findings(counts: &BTreeMap<TableName, RowCounts>, findings: &Findings) -> Ended {
    let Some(said) = rows_left_out(counts, findings) else { return Ended::Well };
    print_to_stderr(&format!("sfclaim: {said}\n"));
    Ended::WithErrors
}

/// The digest of the register that a run read its claims from, below what it found.
pub(super) fn say_register(prepared: &Prepared) {
    if let Some(read) = &prepared.claims_register {
        say(&format!("{}\n", read.line()));
    }
}

/// Shows what a command found: its files where a folder was named, then the data or the text.
pub(super) fn show(view: &(impl View + ?Sized), output: &Output, folder: Option<OutFolder>, json: bool) -> Result<()> {
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
pub(super) fn show_judged(
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
pub(super) fn pack(folder: Option<&Path>) -> Result<Pack> {
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
