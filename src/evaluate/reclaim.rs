//! Rule 6, reclaim: a family claimed before can be claimed again only after the years, and only if it has
//! received intervention since the set day.
//!
//! The text: contract section 4, rule 6 (`docs/contract.md`). Worked cases: `rules/cases/reclaim.toml`,
//! `rules/cases/already_claimed.toml` and `rules/cases/links.toml`.

use super::facts::Facts;
use super::ruling::{Fact, Ruling, Verdict};
use crate::dates::{Date, add_years, day_after};
use crate::ids::FamilyId;
use crate::link::family::{Doubtful, Doubts};
use crate::link::{Family, FamilyIndex, Linked};
use crate::place::Place;
use crate::rules::name::RuleName;
use crate::validate::rows::{Claim, ClaimOutcome};

/// The family's latest success: of its claims approved or submitted, the day decided, else submitted.
pub fn last_success(family: &Family) -> Option<(Date, &Claim)> {
    family
        .claims
        .iter()
        .filter_map(|claim| Some((claim.success_on()?, claim)))
        .max_by(|a, b| (a.0, &a.1.claim_id).cmp(&(b.0, &b.1.claim_id)))
}

/// The test on some last success; `None` stands for no claim.
fn test(facts: Facts<'_>, success: Option<Date>) -> (Verdict, &'static str, String) {
    let parameters = facts.parameters();
    let Some(success) = success else {
        return (Verdict::Met, "no claim before", "no result was claimed before".to_owned());
    };
    let since = parameters.intervention_since;
    if let Some(closed) = facts.period.closed_on.filter(|closed| *closed < since) {
        let because = format!("claimed before, and the period closed on {closed}, before {since}");
        return (Verdict::NotMet, "no intervention since the set day", because);
    }
    let until = add_years(success, parameters.reclaim_years);
    let sum = format!("last success {success} + {} years = {until}", parameters.reclaim_years);
    if facts.as_at() <= until {
        let free = day_after(until);
        return (
            Verdict::NotYet(Some(free)),
            "claimed too recently",
            format!("{sum}, so it can be claimed again from {free}"),
        );
    }
    (Verdict::Met, "long enough since the last claim", format!("{sum}, which is past"))
}

/// `met` without a claim before or after the years; where a linked family would fail the same test,
/// `unknown`. Gives back the day of the last success too.
pub fn ruling(facts: Facts<'_>) -> (Ruling, Option<Date>) {
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Reclaim, verdict, kind, because);
    if !facts.linked.has_claims {
        let ruling = new(
            Verdict::Unknown,
            "no table of claims",
            "there is no table of claims, so claims before are not known".to_owned(),
        )
        .settled_by(
            "the claims table (claim_id, family_id, submitted_on, outcome), from the register of results; with its header alone it says that nothing was claimed; or an agreement on reclaim",
        );
        return (ruling, None);
    }
    let success = last_success(facts.family);
    let day = success.map(|(day, _)| day);
    let (verdict, kind, because) = test(facts, day);
    let mut ruling =
        new(verdict, kind, because).with(success.map(|(_, claim)| own_claim(facts.linked, facts.family, claim)));
    if let Verdict::NotYet(Some(free)) = verdict {
        ruling = ruling.settled_by(format!("nothing but time: the rule is met from {free}"));
    }
    if verdict == Verdict::Met {
        ruling = by_linked_families(facts, ruling);
    }
    (own_claims_not_told(facts, ruling), day)
}

/// `unknown` where a linked family would fail the same test, or where it cannot be told whether it would.
fn by_linked_families(facts: Facts<'_>, mut ruling: Ruling) -> Ruling {
    let (linked, family) = (facts.linked, facts.family);
    let may_name = |hidden: bool, other: &Family| !hidden && !linked.must_not_name(family, &other.id);
    let others = linked.groups_of(family).filter_map(|group| {
        let other = |index: &FamilyIndex| linked.families[*index].id != family.id;
        let (day, index) = group.successes.iter().find(|(_, index)| other(index))?;
        (test(facts, Some(*day)).0 != Verdict::Met).then(|| (group.hidden, &linked.families[*index]))
    });
    if let Some((hidden, other)) = others.min_by_key(|(hidden, other)| (!may_name(*hidden, other), other.id.clone())) {
        let fact = match last_success(other) {
            Some((_, claim)) if may_name(hidden, other) => {
                Fact::at(format!("linked family {}: {}", other.id, claim_words(claim)), &claim.place)
            }
            _ => Fact::plain("a linked family, which is restricted and not named, was claimed"),
        };
        ruling.because = format!(
            "{}; but a linked family was claimed, and whether it is the same family is for a person to say",
            ruling.because
        );
        ruling.kind = "a linked family was claimed";
        ruling.facts.push(fact);
    } else {
        let untold = linked.groups_of(family).filter_map(|group| {
            let other = group.untold_claims.iter().find(|index| linked.families[**index].id != family.id)?;
            Some((group.hidden, &linked.families[*other]))
        });
        let untold = untold.min_by_key(|(hidden, other)| (!may_name(*hidden, other), other.id.clone()));
        let Some((hidden, other)) = untold else { return ruling };
        ruling.because = format!(
            "{}; but it cannot be told what was claimed for a linked family, and whether it is the same family is for a person to say",
            ruling.because
        );
        ruling.kind = "a linked family's claims cannot be told";
        ruling.facts.push(if may_name(hidden, other) {
            Fact::plain(format!("of linked family {} it cannot be told what was claimed: see quarantine.csv", other.id))
        } else {
            Fact::plain("of a linked family, which is restricted and not named, it cannot be told what was claimed")
        });
    }
    ruling.verdict = Verdict::Unknown;
    ruling.settles = Some(
        "an agreement on reclaim (a row in the agreements table) by someone who knows both families, who says whether the linked family's result was this family's"
            .to_owned(),
    );
    ruling
}

/// `unknown` where claims could not be read, or stand under other ids: one of them may be this family's.
fn own_claims_not_told(facts: Facts<'_>, ruling: Ruling) -> Ruling {
    let family = facts.family;
    if !family.held_claims.is_empty() {
        // A row leads to the family that it is of.
        let may_name = |of: &Option<FamilyId>| of.as_ref().is_none_or(|of| !facts.linked.must_not_name(family, of));
        let named = family.held_claims.iter().filter(|(of, _)| may_name(of));
        let places: Vec<Place> = named.map(|(_, place)| place.clone()).collect();
        let hidden = places.len() < family.held_claims.len();
        let mut ruling = ruling.unreadable("claims that could not be read", "claims", &places);
        if hidden {
            ruling.facts.push(Fact::plain("quarantined row of claims of a family that is restricted and not named"));
        }
        return ruling;
    }
    if !family.held_former.is_empty() {
        return ruling.unreadable("former ids that could not be read", "former_ids", &family.held_former);
    }
    let of_cases = family.doubtful_claims.iter().map(|claim| Doubtful {
        place: claim.place.clone(),
        id: "in case_id".to_owned(),
        is_former: false,
        hidden: facts.linked.must_not_name(family, &claim.family_id),
    });
    let of_cases: Vec<Doubtful> = of_cases.collect();
    let under_other_ids = facts.linked.doubts_of(family).flat_map(Doubts::claims_told);
    let all: Vec<&Doubtful> = under_other_ids.chain(&of_cases).collect();
    if all.is_empty() { ruling } else { ruling.under_other_ids("claims under another id", "claims", &all) }
}

fn claim_words(claim: &Claim) -> String {
    let decided = claim.decided_on.map(|day| format!(", decided {day}")).unwrap_or_default();
    let outcome = match claim.outcome {
        ClaimOutcome::Submitted => "waiting for a decision",
        ClaimOutcome::Approved => "approved",
        ClaimOutcome::Rejected => "rejected",
        ClaimOutcome::Withdrawn => "withdrawn",
        ClaimOutcome::ClawedBack => "clawed back",
    };
    format!("claim {} submitted {}, {outcome}{decided}", claim.claim_id, claim.submitted_on)
}

/// A claim of a family as a fact. One under a former id may be of a family that must not be named.
pub fn own_claim(linked: &Linked, family: &Family, claim: &Claim) -> Fact {
    if linked.must_not_name(family, &claim.family_id) {
        return hidden_claim(claim);
    }
    claim_fact(claim)
}

/// A claim of a family that must not be named: its id and its row would name it.
pub fn hidden_claim(claim: &Claim) -> Fact {
    Fact::plain(format!("a claim of a family that is restricted and not named, submitted {}", claim.submitted_on))
}

/// A claim as a fact.
pub fn claim_fact(claim: &Claim) -> Fact {
    Fact::at(claim_words(claim), &claim.place)
}
