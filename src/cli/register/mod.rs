//! `sfclaim register`: what was claimed, on what evidence, and what became of it.
//!
//! - [`changes`] what each of them needs.
//! - [`importing`] the claims of before; [`preparing`] claims from a check; [`moving`] what becomes of them.
//! - [`showing`] what a person sees of them; [`leaving`] tables, returns, logs and copies, and whether all agrees.

mod changes;
mod importing;
mod leaving;
mod moving;
mod preparing;
mod showing;

use super::args::{New, OfRegister, RegisterAction};
use super::printing::say;
use super::steps::Ended;
use crate::error::Result;
use crate::register::ClaimsRegister;
use changes::{say_digest, who};

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
