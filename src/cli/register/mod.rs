//! `sfclaim register`: what was claimed, on what evidence, and what became of it.
//!
//! - [`importing`] the claims of before; [`preparing`] claims from a check; [`moving`] what becomes of them.
//! - [`showing`] what a person sees of them; [`leaving`] tables, returns, logs and copies, and whether all agrees.

mod importing;
mod leaving;
mod moving;
mod preparing;
mod showing;

use super::args::{New, OfRegister, RegisterAction, Typist};
use super::{Ended, print_to_stderr, say};
use crate::error::{Error, Result};
use crate::register::{Changing, ClaimsRegister, Digest, Who};
use std::io::{BufRead, IsTerminal};
use std::path::Path;

pub(super) fn run(typed: &OfRegister) -> Result<Ended> {
    match &typed.action {
        RegisterAction::New(typed) => new(typed),
        RegisterAction::Import(typed) => importing::import(typed),
        RegisterAction::Prepare(typed) => preparing::prepare(typed),
        RegisterAction::Audit(typed) => moving::audit(typed),
        RegisterAction::Submit(typed) => moving::submit(typed),
        RegisterAction::Approve(typed) => moving::decide(typed, true),
        RegisterAction::Reject(typed) => moving::decide(typed, false),
        RegisterAction::Withdraw(typed) => moving::take_back(typed, false),
        RegisterAction::ClawBack(typed) => moving::take_back(typed, true),
        RegisterAction::List(typed) => showing::list(typed),
        RegisterAction::Show(typed) => showing::show(typed),
        RegisterAction::History(typed) => showing::history(typed),
        RegisterAction::Export(typed) => leaving::export(typed),
        RegisterAction::Verify(typed) => leaving::verify(typed),
        RegisterAction::Backup(typed) => leaving::back_up(typed),
        RegisterAction::Redact(typed) => leaving::redact(typed),
    }
}

fn new(typed: &New) -> Result<Ended> {
    let digest = ClaimsRegister::make(&typed.named.register, &who(&typed.typist)?)?;
    // Windows gives a new file the permissions of its folder.
    let read_by = if cfg!(unix) { "It is readable by you only." } else { "Whoever may read its folder may read it." };
    say(&format!("{} was made. {read_by}\n", typed.named.register.display()));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

fn who(typed: &Typist) -> Result<Who> {
    Who::new(&typed.by, typed.on)
}

/// Changes a register; where its tables were of an earlier version, a note says what was done before.
fn change<T>(
    register: &mut ClaimsRegister,
    who: &Who,
    work: impl FnOnce(&mut Changing<'_>) -> Result<T>,
) -> Result<(T, Digest)> {
    let done = register.change(who, work);
    if let Some(note) = register.brought_up_to_date() {
        print_to_stderr(&format!("sfclaim: note: {note}\n"));
    }
    done
}

/// Shows the digest, which is on every screen of the register.
fn say_digest(register: &Path, digest: &Digest) {
    say(&format!("{}\n", digest.of_register(register).line()));
}

/// Whether a person says yes: with an option, or typed at a terminal. Nothing is done without.
fn confirmed(question: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    let mut input = std::io::stdin().lock();
    if !std::io::stdin().is_terminal() {
        return Err(Error::new(format!(
            "{question} Nobody said yes: look at the list, and add --yes. Nothing was changed."
        )));
    }
    say(&format!("{question} Type yes to go on: "));
    let mut line = String::new();
    input.read_line(&mut line).map_err(|why| Error::new(format!("the answer cannot be read: {why}.")))?;
    if line.trim().eq_ignore_ascii_case("yes") {
        return Ok(());
    }
    Err(Error::new("the answer was not yes. Nothing was changed."))
}
