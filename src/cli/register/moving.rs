//! What becomes of claims: `register audit`, `submit`, `approve`, `reject`, `withdraw` and `claw-back`.

use super::changes::{change, confirmed, say_digest, who};
use crate::cli::args::{Audit, Decide, Move, Submit};
use crate::cli::printing::say;
use crate::cli::steps::Ended;
use crate::dates::{self, Date};
use crate::error::{Error, Result};
use crate::ids::cleaned;
use crate::load::formulas::given_back;
use crate::register::drawing::drawn;
use crate::register::{Action, ClaimsRegister, State};
use crate::words::counted;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn ids(typed: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    typed.iter().map(|id| cleaned(id).into_owned()).filter(|id| seen.insert(id.clone())).collect()
}

fn reason(why: Option<&str>) -> Option<String> {
    why.map(|why| json!({ "why": why }).to_string())
}

/// A sample drawn, or what audit found.
pub(super) fn audit(typed: &Audit) -> Result<Ended> {
    let mut register = ClaimsRegister::open(&typed.named.register)?;
    let who = who(&typed.typist)?;
    let (passed, failed) = (ids(&typed.passed), ids(&typed.failed));
    if let Some(both) = passed.iter().find(|id| failed.contains(id)) {
        return Err(Error::new(format!("claim {both} is both passed and failed: say one.")));
    }
    if let (Some(percent), Some(seed)) = (typed.percent, typed.seed) {
        let last: BTreeMap<i64, Option<Action>> =
            register.log(None)?.into_iter().map(|entry| (entry.sequence, entry.action())).collect();
        let is_drawn = |sequence: &i64| last.get(sequence).is_some_and(|action| *action == Some(Action::Drawn));
        let ((taken, others), digest) = change(&mut register, &who, |changing| {
            let open = changing.claims().values().filter(|claim| claim.state == State::Prepared);
            let all: Vec<String> =
                open.filter(|claim| !is_drawn(&claim.sequence)).map(|claim| claim.claim_id.clone()).collect();
            if all.is_empty() {
                return Err(Error::new("there is no prepared claim to draw from. Nothing was changed."));
            }
            let taken = drawn(all.clone(), percent, seed);
            let detail = json!({ "percent": percent, "seed": seed, "of": all.len() }).to_string();
            for claim in &all {
                let action = if taken.contains(claim) { Action::Drawn } else { Action::NotDrawn };
                changing.do_to(claim, action, Some(&detail), |_| {})?;
            }
            let others = all.len() - taken.len();
            Ok((taken, others))
        })?;
        say(&format!("Drawn for audit ({percent} in a hundred, rounded up, seed {seed}):\n"));
        for claim in &taken {
            say(&format!("  {claim}\n"));
        }
        say(&format!(
            "{} audited by not being drawn. When audit has looked: `register audit ... --passed CLAIM` or `--failed CLAIM --why TEXT`.\n",
            counted(others, "claim is", "claims are")
        ));
        say_digest(&typed.named.register, &digest);
        return Ok(Ended::Well);
    }
    if passed.is_empty() && failed.is_empty() {
        return Err(Error::new(
            "say what audit does: --percent N --seed S draws a sample, --passed and --failed say what it found.",
        ));
    }
    let detail = reason(typed.why.as_deref());
    let (_, digest) = change(&mut register, &who, |changing| {
        for (claims, action) in [(&passed, Action::Passed), (&failed, Action::Failed)] {
            for claim in claims {
                changing.do_to(claim, action, detail.as_deref(), |_| {})?;
            }
        }
        Ok(())
    })?;
    say(&format!("{} passed, {} failed and withdrawn.\n", passed.len(), failed.len()));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

/// What is audited was sent.
pub(super) fn submit(typed: &Submit) -> Result<Ended> {
    let mut register = ClaimsRegister::open(&typed.named.register)?;
    let who = who(&typed.typist)?;
    let window = cleaned(&typed.window).into_owned();
    if window.is_empty() {
        return Err(Error::new("--window names the window that the claims were sent in, such as 2024-Q3."));
    }
    let kept = register.claims()?;
    let named = ids(&typed.claims);
    let all = kept.iter().filter(|claim| claim.state == State::Audited).map(|claim| claim.claim_id.clone());
    let claims = if named.is_empty() { all.collect() } else { named };
    if claims.is_empty() {
        return Err(Error::new("there is no audited claim to submit. Nothing was changed."));
    }
    for claim in &claims {
        say(&format!("  {claim}\n"));
    }
    let question =
        format!("{} in the window {window}, sent on {}?", counted(claims.len(), "claim", "claims"), who.on());
    confirmed(&question, typed.yes)?;
    let (_, digest) = change(&mut register, &who, |changing| {
        for claim in &claims {
            changing.do_to(claim, Action::Submitted, None, |claim| {
                claim.submitted_on = Some(who.on());
                claim.window = Some(window.clone());
            })?;
        }
        Ok(())
    })?;
    say(&format!("{} submitted.\n", counted(claims.len(), "claim was", "claims were")));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

/// What was decided on claims.
pub(super) fn decide(typed: &Decide, approved: bool) -> Result<Ended> {
    let mut register = ClaimsRegister::open(&typed.named.register)?;
    let who = who(&typed.typist)?;
    let claims = match &typed.file {
        Some(file) => of_file(file)?,
        None => ids(&typed.claims).into_iter().map(|id| (id, None)).collect(),
    };
    let action = if approved { Action::Approved } else { Action::Rejected };
    let detail = reason(typed.why.as_deref());
    let (_, digest) = change(&mut register, &who, |changing| {
        for (claim, day) in &claims {
            let decided = day.unwrap_or(who.on());
            if decided > who.on() {
                return Err(Error::new(format!(
                    "claim {claim} is said to be decided on {decided}, after --on {}. Nothing was changed.",
                    who.on()
                )));
            }
            changing.do_to(claim, action, detail.as_deref(), |claim| claim.decided_on = Some(decided))?;
        }
        Ok(())
    })?;
    say(&format!("{} {}.\n", counted(claims.len(), "claim was", "claims were"), action.word()));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

/// Claims taken back, or the money of claims.
pub(super) fn take_back(typed: &Move, clawed_back: bool) -> Result<Ended> {
    let mut register = ClaimsRegister::open(&typed.named.register)?;
    let who = who(&typed.typist)?;
    let claims = ids(&typed.claims);
    let action = if clawed_back { Action::ClawedBack } else { Action::Withdrawn };
    let detail = reason(Some(&typed.why));
    let (_, digest) = change(&mut register, &who, |changing| {
        for claim in &claims {
            changing.do_to(claim, action, detail.as_deref(), |_| {})?;
        }
        Ok(())
    })?;
    let done = if clawed_back { "clawed back" } else { "withdrawn" };
    say(&format!("{} {done}.\n", counted(claims.len(), "claim was", "claims were")));
    say_digest(&typed.named.register, &digest);
    Ok(Ended::Well)
}

/// The claims of a file, each with the day of its decision where there is a column of days.
fn of_file(path: &Path) -> Result<Vec<(String, Option<Date>)>> {
    let not_one =
        |why: String| Error::new(format!("{} is not a list of claims: {why}. Nothing was changed.", path.display()));
    if !path.is_file() {
        return Err(not_one("there is no such file".to_owned()));
    }
    let mut reader = csv::Reader::from_path(path).map_err(|_| not_one("it cannot be read".to_owned()))?;
    let header = reader.headers().map_err(|_| not_one("it cannot be read".to_owned()))?.clone();
    let column = |wanted: &str| header.iter().position(|name| name.trim_start_matches('\u{feff}').trim() == wanted);
    let id = column("claim_id").ok_or_else(|| not_one("it has no column claim_id".to_owned()))?;
    let day = column("decided_on");
    let mut claims: Vec<(String, Option<Date>)> = Vec::new();
    for (number, row) in (2..).zip(reader.records()) {
        let row = row.map_err(|_| not_one(format!("row {number} cannot be read")))?;
        let claim = cleaned(given_back(row.get(id).unwrap_or_default())).into_owned();
        if claim.is_empty() {
            return Err(not_one(format!("row {number} has no claim_id")));
        }
        let text = day.and_then(|at| row.get(at)).map(str::trim).filter(|text| !text.is_empty());
        let decided = match text {
            None => None,
            Some(text) => {
                Some(dates::read(text).ok_or_else(|| not_one(format!("row {number}: \"{text}\" is not a date")))?)
            }
        };
        if claims.iter().any(|(other, _)| *other == claim) {
            return Err(not_one(format!("claim {claim} stands in it twice")));
        }
        claims.push((claim, decided));
    }
    if claims.is_empty() {
        return Err(not_one("it has no claim".to_owned()));
    }
    Ok(claims)
}
