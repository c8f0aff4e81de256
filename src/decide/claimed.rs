//! Whether a result was already claimed for a period.

use crate::dates::{Date, add_years};
use crate::evaluate::reclaim::{claim_fact, hidden_claim, last_success, own_claim};
use crate::evaluate::{Evaluated, Fact};
use crate::link::{Family, Linked, Period};
use crate::rules::Rules;
use crate::validate::rows::Claim;

/// A claim already made for a period.
pub struct Made {
    /// Why it counts for this period.
    pub because: String,
    /// The claim.
    pub fact: Fact,
    /// When it was submitted.
    pub submitted_on: Date,
}

/// The claim that was made for a period, if one was: a claim of any family, approved or submitted, that
/// names one of its cases (unless the reclaim years have passed, the period was open after them and its
/// progress is later still); or one of this family that names no case and came on or after its progress; or
/// any success on or after the day the period closed.
pub fn claim_made(linked: &Linked, period: &Period, evaluated: &Evaluated, rules: &Rules) -> Option<Made> {
    let family = &linked.families[period.family];
    let success = last_success(family);
    let free_again = success.is_some_and(|(day, _)| {
        let years_on = add_years(day, rules.parameters.reclaim_years);
        linked.as_at > years_on
            && period.closed_on.is_none_or(|closed| closed > years_on)
            && evaluated.progress_on.is_some_and(|progress| progress > years_on)
    });
    let stands = |claim: &&Claim| claim.success_on().is_some();

    if !free_again {
        let naming = period.cases.iter().filter_map(|case| linked.claims_naming.get(&case.case_id)).flatten();
        let first = |claim: &&Claim| (claim.family_id != family.id, claim.submitted_on, claim.claim_id.clone());
        if let Some(claim) = naming.filter(stands).min_by_key(first) {
            return Some(of_a_case(linked, family, claim));
        }
    }
    if let Some(progress) = evaluated.progress_on {
        let without_case =
            family.claims.iter().filter(stands).find(|claim| claim.case_id.is_none() && claim.submitted_on >= progress);
        if let Some(claim) = without_case {
            let which = if linked.must_not_name(family, &claim.family_id) {
                "A claim under a former id of the family".to_owned()
            } else {
                format!("Claim {} of the family", claim.claim_id)
            };
            return Some(Made {
                because: format!(
                    "{which} names no case and was submitted on {}, on or after the progress of {progress}.",
                    claim.submitted_on
                ),
                fact: own_claim(linked, family, claim),
                submitted_on: claim.submitted_on,
            });
        }
    }
    let (day, claim) = success?;
    let closed = period.closed_on.filter(|closed| *closed <= day)?;
    Some(Made {
        because: format!("The period closed on {closed}, on or before the family's last success on {day}."),
        fact: own_claim(linked, family, claim),
        submitted_on: claim.submitted_on,
    })
}

/// A claim that names a case of the period. Of a family behind a restricted link nothing is named, and a claim's id
/// and row would name it.
fn of_a_case(linked: &Linked, family: &Family, claim: &Claim) -> Made {
    if linked.must_not_name(family, &claim.family_id) {
        let because =
            "A claim under another family, which is restricted and not named, was submitted for a case of the period.";
        return Made { because: because.to_owned(), fact: hidden_claim(claim), submitted_on: claim.submitted_on };
    }
    let case = claim.case_id.as_ref().map_or("", |case| case.as_str());
    let under = if claim.family_id == family.id { "" } else { ", under another family" };
    Made {
        because: format!("Claim {} was submitted on {} for case {case}{under}.", claim.claim_id, claim.submitted_on),
        fact: claim_fact(claim),
        submitted_on: claim.submitted_on,
    }
}
