//! What every change of a register needs: who makes it, a yes, and the digest that is shown after it.

use crate::cli::args::Typist;
use crate::cli::printing::{print_to_stderr, say};
use crate::error::{Error, Result};
use crate::register::{Changing, ClaimsRegister, Digest, Who};
use std::io::{BufRead, IsTerminal};
use std::path::Path;

/// Who makes a change, and on which day.
pub(super) fn who(typed: &Typist) -> Result<Who> {
    Who::new(&typed.by, typed.on)
}

/// Changes a register; where its tables were of an earlier version, a note says what was done before.
pub(super) fn change<T>(
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
pub(super) fn say_digest(register: &Path, digest: &Digest) {
    say(&format!("{}\n", digest.of_register(register).line()));
}

/// Whether a person says yes: with an option, or typed at a terminal. Nothing is done without.
pub(super) fn confirmed(question: &str, yes: bool) -> Result<()> {
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
