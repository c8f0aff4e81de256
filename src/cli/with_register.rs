//! The claims of a run from the register, in place of a table of claims; and what the two say differently. A claim that the table
//! alone has, or that it gives another family, could bar what the register lets pass: with such a claim no run is made.

use crate::dates::Date;
use crate::error::{Error, Result};
use crate::load::tables::TableName;
use crate::load::{Loaded, TextFile};
use crate::receipt::{Fingerprint, InputFile, RegisterRead};
use crate::register::kept::{COLUMNS, KeptClaim};
use crate::register::{ClaimsRegister, State};
use crate::validate::days::Horizon;
use crate::validate::rows::Claim;
use crate::validate::small_tables::claims as read_claims;
use crate::words::counted;
use std::collections::BTreeMap;
use std::path::Path;

/// How many claims a note names; the rest is counted.
const NAMED: usize = 5;

/// Puts the claims of a register into the place of the table of claims. Gives back the register as it was read; and, in sentences,
/// where a table of claims that stood there says something else that can be no more than an older state of the same claim.
///
/// # Errors
/// A register that cannot be read; a table with rows that cannot be read, with a claim that stands and that the register has
/// not, or with one that is of another family, case or day there.
pub(super) fn put(loaded: &mut Loaded, path: &Path, as_at: Date) -> Result<(RegisterRead, Vec<String>)> {
    let register = ClaimsRegister::open(path)?;
    let (kept, mut read) = (register.claims()?, register.digest()?.of_register(path));
    read.prepared = kept.iter().filter_map(|claim| Some((claim.claim_id.clone(), claim.as_at?))).collect();
    drop(register);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let rows: Vec<Vec<String>> = kept.iter().filter_map(KeptClaim::row).map(Vec::from).collect();
    // The fingerprint is that of the rows: the bytes of the file itself depend on the order in which it was written.
    let text: String = rows.iter().map(|row| row.join("\u{1f}") + "\n").collect();
    let input = InputFile { file: format!("{name} (claims)"), sha256: Fingerprint::of(text.as_bytes()) };
    let columns = COLUMNS.map(str::to_owned);
    let before = loaded.put(TextFile::from_rows(TableName::Claims, &name, &columns, rows)?, input)?;
    if !before.has(TableName::Claims) {
        return Ok((read, Vec::new()));
    }
    let of_file: Vec<&str> = before.of(TableName::Claims).map(|file| &*file.file).collect();
    let files = of_file.join(", ");
    let notes = differences(&before, &kept, as_at, (&files, &name))?
        .map(|said| format!("{files} and {name} differ, and {name} counts: {said}."));
    Ok((read, notes.into_iter().collect()))
}

fn differences(
    before: &Loaded,
    kept: &[KeptClaim],
    as_at: Date,
    (files, name): (&str, &str),
) -> Result<Option<String>> {
    let horizon = Horizon { as_at, extracted_on: None };
    let read = read_claims(before, &horizon)?;
    let unreadable = read.held.iter().filter(|held| held.days.matter_at(&horizon)).count();
    let mut in_register: BTreeMap<&str, &KeptClaim> =
        kept.iter().filter(|claim| claim.row().is_some()).map(|claim| (claim.claim_id.as_str(), claim)).collect();
    let (mut alone, mut others) = (Vec::new(), Vec::new());
    // What the register would leave out though it may bar a claim.
    let mut lost = Vec::new();
    // What is put in after the as-at date is not there yet.
    let stands = |claim: &Claim| claim.known_at(as_at).is_some_and(|claim| claim.is_success());
    for claim in &read.rows {
        match in_register.remove(claim.claim_id.as_str()) {
            None if stands(claim) => lost.push(claim.claim_id.as_str()),
            None => alone.push(claim.claim_id.as_str()),
            Some(kept) => {
                let is_one_claim = kept.family_id == claim.family_id.as_str()
                    && kept.case_id.as_deref() == claim.case_id.as_ref().map(|case| case.as_str())
                    && kept.submitted_on == Some(claim.submitted_on);
                if !is_one_claim && stands(claim) {
                    lost.push(claim.claim_id.as_str());
                } else if !is_one_claim
                    || kept.decided_on != claim.decided_on
                    || kept.state != State::from(claim.outcome)
                {
                    others.push(claim.claim_id.as_str());
                }
            }
        }
    }
    let of_register: Vec<&str> = in_register.into_keys().collect();
    let named = |claims: &[&str]| {
        let more = claims.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", claims[..claims.len().min(NAMED)].join(", "))
    };
    if !lost.is_empty() || unreadable > 0 {
        let mut why = Vec::new();
        if !lost.is_empty() {
            why.push(format!(
                "{} not in {name}, or of another family, case or day there ({})",
                counted(lost.len(), "claim is", "claims are"),
                named(&lost)
            ));
        }
        if unreadable > 0 {
            why.push(format!("{} cannot be read", counted(unreadable, "row", "rows")));
        }
        return Err(Error::new(format!(
            "{files} has claims that {name} does not have as they stand there, so nothing was decided: {}. They may bar a claim. Take them in with `sfclaim register import`, or put right which of the two is wrong; or take {files} out of the folder.",
            why.join("; ")
        )));
    }
    let mut said = Vec::new();
    for (claims, what) in [
        (&alone, "stands in the table alone"),
        (&of_register, "stands in the register alone"),
        (&others, "is said differently"),
    ] {
        if !claims.is_empty() {
            let what = if claims.len() == 1 {
                what.to_owned()
            } else {
                what.replacen("stands", "stand", 1).replacen("is ", "are ", 1)
            };
            said.push(format!("{} {what} ({})", counted(claims.len(), "claim", "claims"), named(claims)));
        }
    }
    Ok((!said.is_empty()).then(|| said.join("; ")))
}
