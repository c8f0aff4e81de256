//! What leaves the register, and whether all of it agrees: `register export`, `verify`, `backup` and `redact`.

use super::changes::{change, confirmed, say_digest, who};
use crate::cli::args::{Export, Redact, To, Verify};
use crate::cli::printing::{print_to_stderr, say};
use crate::cli::steps::Ended;
use crate::error::{Error, Result};
use crate::load::formulas::held_back;
use crate::register::kept::COLUMNS;
use crate::register::pseudonym::pseudonym;
use crate::register::{ClaimsRegister, Digest, KeptClaim, State, log_lines};
use crate::report::output::folder::write_file;
use crate::words::counted;
use std::path::Path;

/// The columns of a return: nothing by which a family, a case or a person could be told.
const RETURN: [&str; 8] =
    ["claim", "family", "window", "submitted_on", "decided_on", "state", "by_agreement", "digest"];

/// How much of a pseudonym stands in a return: 64 bits, so that two families of a council never have the same.
const SHOWN: usize = 16;

pub(super) fn export(typed: &Export) -> Result<Ended> {
    let register = ClaimsRegister::open(&typed.named.register)?;
    let (claims, digest) = (register.claims()?, register.digest()?);
    not_the_register(&typed.out, register.path())?;
    let (bytes, said) = if typed.log {
        (
            register.log_lines()?.into_bytes(),
            format!("the log, {}", counted(usize::try_from(digest.sequence).unwrap_or(0), "entry", "entries")),
        )
    } else if typed.as_return {
        let key = register.key()?;
        let sent: Vec<&KeptClaim> = claims.iter().filter(|claim| claim.row().is_some()).collect();
        (returned(&sent, &key, &digest)?, format!("a return of {}", counted(sent.len(), "claim", "claims")))
    } else {
        let rows: Vec<[String; 6]> = claims.iter().filter_map(KeptClaim::row).collect();
        let said = format!("{} of {}", counted(rows.len(), "claim", "claims"), claims.len());
        (csv_bytes(&COLUMNS, rows.iter().map(|row| row.to_vec()))?, said)
    };
    for note in write_file(&typed.out, &bytes)? {
        print_to_stderr(&format!("sfclaim: note: {note}\n"));
    }
    say(&format!("Written to {}: {said}.\n", typed.out.display()));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

/// A register must not be written over by what is taken from it.
fn not_the_register(out: &Path, register: &Path) -> Result<()> {
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    if same(out).is_some_and(|out| Some(out) == same(register)) {
        return Err(Error::new(format!("{} is the register itself: name another file.", out.display())));
    }
    if out.exists() && ClaimsRegister::open(out).is_ok() {
        return Err(Error::new(format!("{} is a register: name another file.", out.display())));
    }
    Ok(())
}

fn csv_bytes(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let failed = |why: csv::Error| Error::new(format!("cannot write CSV: {why}."));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| held_back(cell).into_owned())).map_err(failed)?;
    }
    writer.into_inner().map_err(|why| Error::new(format!("cannot write CSV: {why}.")))
}

/// A return: claims in the order of pseudonyms, which says nothing of the order of ids.
fn returned(claims: &[&KeptClaim], key: &[u8; 32], digest: &Digest) -> Result<Vec<u8>> {
    let day = |day: Option<crate::dates::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let shown = |id: &str| pseudonym(key, id)[..SHOWN].to_owned();
    let mut rows: Vec<Vec<String>> = claims
        .iter()
        .map(|claim| {
            let agreed = if claim.by_agreement.is_empty() { "no" } else { "yes" };
            vec![
                shown(&format!("claim {}", claim.claim_id)),
                shown(&claim.family_id),
                claim.window.clone().unwrap_or_default(),
                day(claim.submitted_on),
                day(claim.decided_on),
                claim.state.word().to_owned(),
                agreed.to_owned(),
                digest.to_string(),
            ]
        })
        .collect();
    rows.sort();
    csv_bytes(&RETURN, rows.into_iter())
}

pub(super) fn verify(typed: &Verify) -> Result<Ended> {
    let against = typed.against.as_deref().map(Digest::read).transpose()?;
    let begins = |path: &Path| -> std::io::Result<Vec<u8>> {
        use std::io::Read;
        let mut beginning = Vec::new();
        std::fs::File::open(path)?.take(16).read_to_end(&mut beginning)?;
        Ok(beginning)
    };
    let of_lines = typed.file.is_file() && begins(&typed.file).is_ok_and(|bytes| log_lines::are_lines(&bytes));
    let (problems, digest) = if of_lines {
        let text = std::fs::read_to_string(&typed.file).map_err(|why| Error::file("read", &typed.file, &why))?;
        log_lines::verify(&text, against.as_ref())?
    } else {
        let register = ClaimsRegister::open(&typed.file)?;
        (register.verify(against.as_ref())?, register.digest()?)
    };
    if problems.is_empty() {
        let entries = counted(usize::try_from(digest.sequence).unwrap_or(0), "entry agrees", "entries agree");
        say(&format!("{}: all {entries}.\n", typed.file.display()));
        if against.is_none() {
            say(
                "A log that was cut off or written anew would look the same: --against DIGEST, from an earlier return or screen, shows that too.\n",
            );
        }
        say_digest(&typed.file, &digest);
        return Ok(Ended::Well);
    }
    const NAMED: usize = 20;
    say(&format!("{} does not agree with itself:\n", typed.file.display()));
    for problem in problems.iter().take(NAMED) {
        say(&format!("  {problem}\n"));
    }
    if problems.len() > NAMED {
        say(&format!("  and {} more\n", problems.len() - NAMED));
    }
    say(
        "Keep the file as it is. Go on with the latest backup that passes, and tell who is responsible for the register.\n",
    );
    say_digest(&typed.file, &digest);
    Ok(Ended::WithErrors)
}

pub(super) fn back_up(typed: &To) -> Result<Ended> {
    let digest = ClaimsRegister::open(&typed.named.register)?.back_up(&typed.to)?;
    say(&format!("Written to {}: a complete copy, which agrees with itself.\n", typed.to.display()));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

pub(super) fn redact(typed: &Redact) -> Result<Ended> {
    let mut register = ClaimsRegister::open(&typed.named.register)?;
    let who = who(&typed.typist)?;
    if typed.before > who.on() {
        return Err(Error::new(format!(
            "--before {} is after --on {}: nothing to come can be taken out.",
            typed.before,
            who.on()
        )));
    }
    let finished = |state: State| state.is_finished();
    let number = register.claims()?.iter().filter(|claim| finished(claim.state)).count();
    let question = format!(
        "Take the personal detail out of those of {} whose last entry is before {}? It cannot be had again from this file.",
        counted(number, "finished claim", "finished claims"),
        typed.before
    );
    confirmed(&question, typed.yes)?;
    let why = serde_json::json!({ "why": typed.why }).to_string();
    let ((gone, stay), digest) = change(&mut register, &who, |changing| changing.redact(typed.before, &why))?;
    say(&format!("Personal detail of {} was taken out.\n", counted(gone, "claim", "claims")));
    if stay > 0 {
        say(&format!("{} of that age not finished, and kept whole.\n", counted(stay, "claim is", "claims are")));
    }
    if gone > 0 {
        say("Backups and exported logs still have it: they are yours to take away.\n");
    }
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}
