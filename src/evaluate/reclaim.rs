//! Rule 6, reclaim: a family claimed before can be claimed again only after the years, and only if it has
//! received intervention since the set day.

use super::{Fact, Facts, Ruling, Verdict};
use crate::dates::{Date, add_years, day_after};
use crate::link::Family;
use crate::validate::rows::{Claim, ClaimOutcome, RuleName};

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
    let mut ruling = new(verdict, kind, because).with(success.map(|(_, claim)| claim_fact(claim)));
    if let Verdict::NotYet(Some(free)) = verdict {
        ruling = ruling.settled_by(format!("nothing but time: the rule is met from {free}"));
    }
    if verdict == Verdict::Met {
        let failing = facts
            .family
            .links
            .iter()
            .map(|link| (link, &facts.linked.families[link.family]))
            .filter(|(_, other)| test(facts, last_success(other).map(|(day, _)| day)).0 != Verdict::Met)
            .min_by_key(|(link, _)| link.hidden);
        if let Some((link, other)) = failing {
            let fact = match last_success(other) {
                Some((_, claim)) if !link.hidden => {
                    Fact::at(format!("linked family {}: {}", other.id, claim_words(claim)), &claim.place)
                }
                _ => Fact::plain("a linked family, which is restricted and not named, was claimed"),
            };
            ruling.because = format!(
                "{}; but a linked family was claimed, and whether it is the same family is for a person to say",
                ruling.because
            );
            ruling.verdict = Verdict::Unknown;
            ruling.kind = "a linked family was claimed";
            ruling.facts.push(fact);
            ruling.settles =
                Some("an agreement on reclaim (a row in the agreements table) by someone who knows both families, who says whether the linked family's result was this family's".to_owned());
        }
    }
    if !facts.family.held_claims.is_empty() {
        ruling = ruling.unreadable("claims that could not be read", "claims", &facts.family.held_claims);
    }
    (ruling, day)
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

/// A claim as a fact.
pub fn claim_fact(claim: &Claim) -> Fact {
    Fact::at(claim_words(claim), &claim.place)
}
