//! What a person sees of the register: `register list`, `show` and `history`.

use super::changes::say_digest;
use crate::cli::args::{ListClaims, ShowClaim, ShowHistory};
use crate::cli::printing::{say, say_json};
use crate::cli::steps::Ended;
use crate::error::{Error, Result, did_you_mean};
use crate::ids::cleaned;
use crate::register::changing::said;
use crate::register::entry::LogEntry;
use crate::register::{Action, ClaimsRegister, KeptClaim, State};
use crate::report::output::page::plain_table;
use crate::words::counted;
use serde_json::{Value, json};

fn of_claim(claim: &KeptClaim) -> Value {
    let day = |day: Option<crate::dates::Date>| day.map(|day| day.to_string());
    json!({
        "claim_id": claim.claim_id,
        "family_id": claim.family_id,
        "case_id": claim.case_id,
        "state": claim.state.word(),
        "origin": claim.origin.word(),
        "as_at": day(claim.as_at),
        "submitted_on": day(claim.submitted_on),
        "decided_on": day(claim.decided_on),
        "window": claim.window,
        "bars_until": day(claim.bars_until()),
        "by_agreement": claim.by_agreement,
        "last_entry": claim.sequence,
    })
}

/// The claims by where they stand.
pub(super) fn list(typed: &ListClaims) -> Result<Ended> {
    let register = ClaimsRegister::open(&typed.named.register)?;
    let (claims, digest) = (register.claims()?, register.digest()?);
    let asked = |claim: &&KeptClaim| typed.state.is_none_or(|state| claim.state == state);
    let listed: Vec<&KeptClaim> = claims.iter().filter(asked).collect();
    if typed.json {
        let all: Vec<Value> = listed.into_iter().map(of_claim).collect();
        say_json(&json!({ "digest": digest.to_string(), "claims": all }))?;
        return Ok(Ended::Well);
    }
    let day = |day: Option<crate::dates::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let rows: Vec<Vec<String>> = listed
        .iter()
        .map(|claim| {
            vec![
                claim.claim_id.clone(),
                claim.family_id.clone(),
                claim.case_id.clone().unwrap_or_default(),
                said(claim.state.word()),
                day(claim.submitted_on),
                day(claim.decided_on),
                claim.window.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let columns = ["Claim", "Family", "Case", "State", "Submitted", "Decided", "Window"].map(|name| (name, false));
    say(&plain_table(&columns, &rows));
    let counts: Vec<String> = State::ALL
        .into_iter()
        .map(|state| (state, claims.iter().filter(|claim| claim.state == state).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| format!("{count} {}", said(state.word())))
        .collect();
    say(&format!("{}: {}.\n", counted(claims.len(), "claim", "claims"), counts.join(", ")));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

fn named(register: &ClaimsRegister, typed: &str) -> Result<KeptClaim> {
    let id = cleaned(typed);
    let claims = register.claims()?;
    let hint = did_you_mean(&id, claims.iter().map(|claim| claim.claim_id.as_str()));
    claims
        .into_iter()
        .find(|claim| claim.claim_id == id)
        .ok_or_else(|| Error::new(format!("there is no claim {id} in {}.{hint}", register.path().display())))
}

/// A claim with what it rests on.
pub(super) fn show(typed: &ShowClaim) -> Result<Ended> {
    let register = ClaimsRegister::open(&typed.named.register)?;
    let (claim, digest) = (named(&register, &typed.claim)?, register.digest()?);
    let log = register.log(Some(&claim.claim_id))?;
    let first = log.first().map(|entry| entry.sequence).unwrap_or_default();
    let evidence = register.detail(first)?;
    let evidence: Option<Value> = evidence.and_then(|text| serde_json::from_str(&text).ok());
    if typed.json {
        let receipt = evidence
            .as_ref()
            .and_then(|of| of["receipt"].as_str())
            .map(|sha256| register.receipt(sha256))
            .transpose()?;
        let receipt: Option<Value> = receipt.flatten().and_then(|text| serde_json::from_str(&text).ok());
        say_json(&json!({
            "digest": digest.to_string(),
            "claim": of_claim(&claim),
            "evidence": evidence,
            "receipt": receipt,
        }))?;
        return Ok(Ended::Well);
    }
    let case = claim.case_id.as_ref().map(|case| format!(", case {case}")).unwrap_or_default();
    say(&format!("Claim {}: family {}{case}\n", claim.claim_id, claim.family_id));
    for entry in &log {
        say_entry(&register, entry)?;
    }
    match &evidence {
        None => say("  What it rested on was taken out, or was never kept.\n"),
        Some(of) if of["explanation"].is_object() => {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            say(&format!(
                "As it stood when {}, as at {}, by the rules of {}:\n",
                if log.iter().any(|entry| matches!(entry.action(), Some(Action::Submitted | Action::Imported))) {
                    "claimed"
                } else {
                    "the claim was prepared"
                },
                text(&of["explanation"]["as_at"]),
                text(&of["explanation"]["rules"])
            ));
            say(&format!("  {}: {}\n", text(&of["decision"]["status"]), text(&of["explanation"]["reason"])));
            for ruling in of["explanation"]["rulings"].as_array().into_iter().flatten() {
                say(&format!(
                    "  {}: {}, because {}\n",
                    text(&ruling["rule"]),
                    text(&ruling["verdict"]),
                    text(&ruling["because"])
                ));
            }
            say(&format!(
                "  Receipt {}, rules {}. `--json` has all of it.\n",
                text(&of["receipt"]),
                text(&of["rules_fingerprint"])
            ));
        }
        Some(of) => say(&format!("  Taken in from {}, row {}.\n", of["from"].as_str().unwrap_or_default(), of["row"])),
    }
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

fn say_entry(register: &ClaimsRegister, entry: &LogEntry) -> Result<()> {
    let value = |field: &str| entry.value(field).unwrap_or_default();
    let claim = entry.value("claim_id").map(|claim| format!(" {claim}")).unwrap_or_default();
    let to = entry.state_after().map(|state| format!(", now {}", said(state.word()))).unwrap_or_default();
    let detail = register.detail(entry.sequence)?.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let why =
        detail.as_ref().and_then(|detail| detail["why"].as_str()).map(|why| format!(": {why}")).unwrap_or_default();
    say(&format!(
        "  {} {}{claim} {} by {}{to}{why}\n",
        entry.sequence,
        value("done_on"),
        said(value("action")),
        value("done_by")
    ));
    Ok(())
}

/// What was done.
pub(super) fn history(typed: &ShowHistory) -> Result<Ended> {
    let register = ClaimsRegister::open(&typed.named.register)?;
    let claim = typed.claim.as_deref().map(|id| named(&register, id)).transpose()?;
    for entry in register.log(claim.as_ref().map(|claim| claim.claim_id.as_str()))? {
        say_entry(&register, &entry)?;
    }
    say_digest(&typed.named.register, &register.digest()?);
    Ok(Ended::Well)
}
