//! `register import`: the claims of before, read as every table is read. What cannot be read is said and not taken in; what is
//! there already, in the same words, is passed over, so that a table that was mended can be given again.

use super::changes::{change, say_digest, who};
use crate::cli::args::Import;
use crate::cli::printing::say;
use crate::cli::steps::Ended;
use crate::error::Result;
use crate::load::load_table;
use crate::load::tables::TableName;
use crate::register::{ClaimsRegister, KeptClaim, Origin, State};
use crate::report::output::page::{Page, Screen};
use crate::rules::pack::Pack;
use crate::validate::days::Horizon;
use crate::validate::rows::Claim;
use crate::validate::small_tables::claims as read_claims;
use crate::words::counted;
use serde_json::json;
use std::collections::BTreeMap;

/// How many rows of a kind are named; the rest is counted.
const NAMED: usize = 10;

pub(super) fn import(typed: &Import) -> Result<Ended> {
    let mut register = ClaimsRegister::open(&typed.named.register)?;
    let who = who(&typed.typist)?;
    let loaded = load_table(&typed.claims, TableName::Claims)?;
    let read = read_claims(&loaded, &Horizon { as_at: who.on(), extracted_on: loaded.settings.extracted_on() })?;
    let years = reclaim_years()?;
    let (mut new, mut known, mut differ) = (Vec::new(), 0, Vec::new());
    let (_, digest) = change(&mut register, &who, |changing| {
        for claim in &read.rows {
            let kept = kept(claim, years);
            match changing.claims().get(&kept.claim_id) {
                None => {
                    let from = json!({ "from": claim.place.file.to_string(), "row": claim.place.row });
                    changing.take_in(kept.clone(), Some(&from.to_string()))?;
                    new.push(kept);
                }
                Some(there) if there.row() == kept.row() => known += 1,
                Some(_) => differ.push(format!("{}: claim {}", claim.place, kept.claim_id)),
            }
        }
        Ok(())
    })?;
    let mut page = Page::on(Screen::terminal());
    page.say(&format!(
        "{} taken in, {known} there already, {} said differently than the register says, {} not readable, {} repeated.",
        counted(new.len(), "claim", "claims"),
        differ.len(),
        read.held.len(),
        read.counts.repeated
    ));
    let mut list = |heading: &str, items: Vec<String>| {
        if items.is_empty() {
            return;
        }
        page.heading(heading);
        for item in items.iter().take(NAMED) {
            page.item(item);
        }
        if items.len() > NAMED {
            page.item(&format!("and {} more", items.len() - NAMED));
        }
    };
    list(
        "Not taken in, because the row cannot be read: mend it and import the table again",
        read.held.iter().map(|held| format!("{}: {}", held.place, held.message)).collect(),
    );
    list("Not taken in, because the register says something else of the claim", differ.clone());
    list("Taken in, and to be looked at: claims of one family within the reclaim years", close_together(&new));
    let findings = loaded.findings.sorted().into_iter().chain(read.findings.sorted());
    list("Worth knowing", findings.map(|finding| finding.message.clone()).collect());
    say(&page.done());
    say_digest(&typed.named.register, &digest);
    Ok(if read.held.is_empty() && differ.is_empty() { Ended::Well } else { Ended::WithErrors })
}

/// After how many years a family could be claimed again by the rules built in.
fn reclaim_years() -> Result<i32> {
    let pack = Pack::built_in()?;
    let last = pack.frameworks.iter().max_by_key(|framework| framework.in_force.to);
    let rules =
        last.map(|last| crate::rules::Rules::choose(&pack, last.in_force.to, Some(&last.id), &[], None)).transpose()?;
    Ok(rules.map_or(0, |rules| rules.parameters.reclaim_years))
}

fn kept(claim: &Claim, reclaim_years: i32) -> KeptClaim {
    KeptClaim {
        claim_id: claim.claim_id.to_string(),
        family_id: claim.family_id.to_string(),
        case_id: claim.case_id.as_ref().map(ToString::to_string),
        origin: Origin::Imported,
        as_at: None,
        submitted_on: Some(claim.submitted_on),
        decided_on: claim.decided_on,
        window: None,
        reclaim_years,
        by_agreement: Vec::new(),
        linked: Vec::new(),
        state: State::from(claim.outcome),
        sequence: 0,
    }
}

/// Pairs of claims that stand and were made for one family within the reclaim years: history is taken as it is, and said.
fn close_together(claims: &[KeptClaim]) -> Vec<String> {
    let mut of_family: BTreeMap<&str, Vec<&KeptClaim>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.success_on().is_some()) {
        of_family.entry(&claim.family_id).or_default().push(claim);
    }
    let mut said = Vec::new();
    for (family, mut claims) in of_family {
        claims.sort_by_key(|claim| (claim.submitted_on, claim.claim_id.clone()));
        for pair in claims.windows(2) {
            let (first, second) = (pair[0], pair[1]);
            if let (Some(until), Some(submitted)) = (first.bars_until(), second.submitted_on)
                && submitted <= until
            {
                said.push(format!(
                    "family {family}: claim {} submitted on {submitted}, and claim {} bars another until {until}",
                    second.claim_id, first.claim_id
                ));
            }
        }
    }
    said
}
