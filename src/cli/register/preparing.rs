//! `register prepare`: what can be claimed, chosen by a person, and kept with the decision, its explanation, the receipt of the
//! run and the fingerprint of the rules, as they are on that day.

use super::changes::{change, confirmed, say_digest};
use crate::cli::args::{Judging, Prepare};
use crate::cli::printing::say;
use crate::cli::steps::{Ended, ended_with_findings, prepared};
use crate::decide::{Decision, Status};
use crate::error::{Error, Result};
use crate::ids::cleaned;
use crate::register::{ClaimsRegister, KeptClaim, Origin, State, Who};
use crate::report::output::page::plain_table;
use crate::report::views::check::decisions::{decision_rows, decisions};
use crate::report::views::check::receipt;
use crate::report::views::explain::{explain, records};
use crate::run::{Outcome, judge};
use crate::words::counted;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn prepare(typed: &Prepare) -> Result<Ended> {
    let who = Who::new(&typed.by, typed.on.unwrap_or(typed.as_at))?;
    let mut register = ClaimsRegister::open(&typed.named.register)?;
    let judging = Judging {
        data: typed.data.clone(),
        as_at: typed.as_at,
        set: Vec::new(),
        rules: typed.rules.clone(),
        framework: None,
        register: Some(typed.named.register.clone()),
    };
    let (loaded, prepared) = prepared(&judging, None)?;
    let outcome = judge(&prepared, prepared.rules.clone());
    let (chosen, there_already, left_out) = chosen(&outcome, &register.claims()?, &typed.leave_out)?;
    let already = match there_already {
        0 => String::new(),
        1 => " 1 more could be claimed by the rules and is left out: the register has a claim that stands for its family or case, perhaps from after that day.".to_owned(),
        more => format!(
            " {more} more could be claimed by the rules and are left out: the register has a claim that stands for their family or case, perhaps from after that day."
        ),
    };
    if chosen.is_empty() {
        say(&format!("There is nothing to prepare as at {}.{already}\n", typed.as_at));
        say_digest(&typed.named.register, &register.digest()?);
        return Ok(ended_with_findings(&prepared.register.counts, &outcome.findings));
    }
    let rows: Vec<Vec<String>> = chosen
        .iter()
        .map(|decision| {
            let kind = decision.kind.map_or("", |kind| kind.word()).to_owned();
            let by_agreement = decision.evaluated.by_agreement().join(", ");
            vec![decision.case_id.to_string(), decision.family_id.to_string(), kind, by_agreement]
        })
        .collect();
    say(&plain_table(&[("Case", false), ("Family", false), ("Kind", false), ("Rests on agreement", false)], &rows));
    let out = if left_out == 0 { String::new() } else { format!(" {left_out} left out as asked for.") };
    say(&format!("{} can be claimed as at {}.{already}{out}\n", counted(chosen.len(), "case", "cases"), typed.as_at));
    for notice in outcome.rules.notices(typed.as_at) {
        say(&format!("{notice}\n"));
    }
    confirmed(&format!("Prepare {} for {}?", counted(chosen.len(), "claim", "claims"), who.by()), typed.yes)?;

    let receipt = serde_json::to_string(&receipt(&outcome, &prepared.inputs))
        .map_err(|why| Error::new(format!("cannot write JSON: {why}.")))?;
    let fingerprint = outcome.rules.pack.fingerprint().to_string();
    let records = records(&outcome, &chosen, &loaded)?;
    let table = decisions();
    let rows: BTreeMap<String, serde_json::Value> = decision_rows(&outcome)
        .map(|row| table.json(&row))
        .map(|row| (row["case_id"].as_str().unwrap_or_default().to_owned(), row))
        .filter(|(case, _)| chosen.iter().any(|decision| decision.case_id.as_str() == case))
        .collect();
    let (number, digest) = change(&mut register, &who, |changing| {
        let receipt = changing.keep_receipt(&receipt)?;
        for decision in &chosen {
            let family = &outcome.linked.families[outcome.linked.periods[decision.period].family];
            let others = outcome.linked.groups_of(family).flat_map(|group| &group.families);
            let linked: BTreeSet<String> = others
                .map(|(other, _)| &outcome.linked.families[*other].id)
                .filter(|other| **other != family.id)
                .map(|other| changing.pseudonym(other.as_str()))
                .collect();
            let plain = format!("{}@{}", decision.case_id, typed.as_at);
            let taken = |id: &String| changing.claims().contains_key(id);
            let claim_id = std::iter::once(plain.clone())
                .chain((2..).map(|number| format!("{plain}#{number}")))
                .find(|id| !taken(id))
                .unwrap_or(plain);
            let claim = KeptClaim {
                claim_id,
                family_id: decision.family_id.to_string(),
                case_id: Some(decision.case_id.to_string()),
                origin: Origin::Prepared,
                as_at: Some(typed.as_at),
                submitted_on: None,
                decided_on: None,
                window: None,
                reclaim_years: outcome.rules.parameters.reclaim_years,
                by_agreement: decision.evaluated.by_agreement().into_iter().map(str::to_owned).collect(),
                linked: linked.into_iter().collect(),
                state: State::Prepared,
                sequence: 0,
            };
            let detail = json!({
                "decision": rows.get(decision.case_id.as_str()),
                "explanation": explain(&outcome, decision, &records, &[], false),
                "receipt": receipt,
                "rules_fingerprint": fingerprint,
            });
            changing.take_in(claim, Some(&detail.to_string()))?;
        }
        Ok(chosen.len())
    })?;
    say(&format!("{} prepared. Next: `sfclaim register audit`.\n", counted(number, "claim was", "claims were")));
    say_digest(&typed.named.register, &digest);
    Ok(ended_with_findings(&prepared.register.counts, &outcome.findings))
}

/// The decisions to prepare; how many others have a claim in the register that stands; how many a person left out.
fn chosen<'a>(
    outcome: &'a Outcome<'_>,
    claims: &[KeptClaim],
    leave_out: &[String],
) -> Result<(Vec<&'a Decision>, usize, usize)> {
    let as_at = outcome.prepared.as_at;
    let standing: Vec<&KeptClaim> = claims.iter().filter(|claim| claim.bars(as_at)).collect();
    let families: BTreeSet<&str> = standing.iter().map(|claim| claim.family_id.as_str()).collect();
    let cases: BTreeSet<&str> = standing.iter().filter_map(|claim| claim.case_id.as_deref()).collect();
    let leave: Vec<String> = leave_out.iter().map(|id| cleaned(id).into_owned()).collect();
    let (mut chosen, mut there, mut left, mut used) = (Vec::new(), 0, 0, BTreeSet::new());
    for decision in outcome.decisions.iter().filter(|decision| decision.status == Status::Claimable) {
        let of_period = outcome.linked.periods[decision.period].case_ids();
        let by_agreement = decision.evaluated.by_agreement().contains(&"reclaim");
        let mut ids = of_period.iter().map(|case| case.as_str()).chain([decision.family_id.as_str()]);
        if of_period.iter().any(|case| cases.contains(case.as_str()))
            || !by_agreement && families.contains(decision.family_id.as_str())
        {
            there += 1;
        } else if let Some(id) = ids.find(|id| leave.iter().any(|leave| leave == id)) {
            used.insert(id);
            left += 1;
        } else {
            chosen.push(decision);
        }
    }
    // An id that was mistyped would let a claim through that somebody wanted to keep back.
    match leave.iter().find(|id| !used.contains(id.as_str())) {
        Some(id) => Err(Error::new(format!(
            "--leave-out names {id}, and nothing of that id would be prepared: check the id. Nothing was changed."
        ))),
        None => Ok((chosen, there, left)),
    }
}
