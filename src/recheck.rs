//! Past claims judged anew: each as at the day before it was submitted, by the rules of that day, on today's records. What an
//! auditor would find who looks today.
//!
//! - [`known`] since when it can have been known that one would fail; [`still`] whether what is missing can still be had.

mod known;
mod still;

use crate::cores;
use crate::dates::{Date, day_before};
use crate::decide::{Decision, Status};
use crate::evaluate::Verdict;
use crate::ids::{CaseId, ClaimId, FamilyId};
use crate::link::PeriodIndex;
use crate::money::Pounds;
use crate::rules::Rules;
use crate::rules::targets::{financial_year, parts_of_year};
use crate::run::{DecidedAt, Outcome, Prepared, decided, linked};
use crate::validate::rows::Claim;
use crate::words::worded;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

worded! {
    /// How a past claim stands.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Standing {
        /// It could be claimed on that day by the records alone.
        Sound = "sound",
        /// It could, and only because people have agreed on something.
        ByAgreement = "sound_by_agreement",
        /// Something is missing, or the rules of that day are.
        CannotBeShown = "cannot_be_shown",
        /// The records say that it could not.
        WouldFail = "would_fail",
    }
}

impl Standing {
    /// What it means, for people.
    pub fn meaning(self) -> &'static str {
        match self {
            Standing::Sound => "sound",
            Standing::ByAgreement => "sound only by agreement",
            Standing::CannotBeShown => "cannot be shown",
            Standing::WouldFail => "would fail",
        }
    }

    /// Whether its money could be asked back.
    pub fn is_exposed(self) -> bool {
        matches!(self, Standing::CannotBeShown | Standing::WouldFail)
    }
}

/// A past claim judged anew.
#[derive(Clone, Debug)]
pub struct Rechecked {
    /// Its id.
    pub claim_id: ClaimId,
    /// The family that it names.
    pub family_id: FamilyId,
    /// The case that it names.
    pub case_id: Option<CaseId>,
    /// The day on which it was submitted.
    pub submitted_on: Date,
    /// Where it stands today.
    pub outcome: &'static str,
    /// The case of the period that it was taken to be of.
    pub period: Option<CaseId>,
    /// The status of that period on the day before.
    pub status: Option<Status>,
    /// How it stands.
    pub standing: Standing,
    /// The rules whose verdict rests on an agreement.
    pub by_agreement: Vec<&'static str>,
    /// Why, in a sentence.
    pub why: String,
    /// The rules that it was judged by; none where there are none of that day.
    pub rules: Option<String>,
    /// Where it would fail: the own day of the fact, where the records have one.
    pub fact_on: Option<Date>,
    /// Where it would fail: since when that was known or could be known, in sentences.
    pub known_since: Option<String>,
    /// Where the register prepared it: the day as at which it could be claimed by the records and rules of then.
    pub prepared_as_at: Option<Date>,
    /// What would settle it, where something is missing.
    pub missing: Vec<String>,
    /// Whether each of these can still be had, in a sentence each.
    pub still_to_be_had: Vec<String>,
    /// The payment for it by the rules of its day; none where they are not known, or where nothing was paid any more.
    pub payment: Option<Pounds>,
    /// The quarter of the financial year in which it was submitted.
    pub quarter: String,
}

/// Judges the claims that stand: approved, or waiting for a decision. One decision a day on which any was submitted.
pub fn recheck(prepared: &Prepared) -> Vec<Rechecked> {
    let claims = prepared.register.claims.iter().flatten().filter_map(|claim| claim.known_at(prepared.as_at));
    let mut all = of_claims(prepared, &prepared.rules, claims.filter(Claim::is_success));
    let linked = linked(&prepared.register, &prepared.rules, prepared.as_at);
    for claim in &mut all {
        let family = linked.index_of(&claim.family_id).map(|index| &linked.families[index]);
        let of_hidden = |case: &Option<CaseId>| {
            let case = case.as_ref().zip(family);
            case.is_some_and(|(case, family)| linked.must_not_name_case(family, case))
        };
        if of_hidden(&claim.case_id) || of_hidden(&claim.period) {
            hide(claim);
        }
    }
    all
}

/// Leaves out of what was found of a claim all that may name a family that must not be named beside its own.
fn hide(claim: &mut Rechecked) {
    (claim.case_id, claim.period, claim.known_since, claim.fact_on) = (None, None, None, None);
    claim.why = "The claim names a case of a family that is restricted and not named.".to_owned();
    if !claim.missing.is_empty() {
        claim.missing = vec!["a look by someone who may see restricted rows".to_owned()];
        claim.still_to_be_had = vec!["Yes, from them.".to_owned()];
    }
}

/// The past claims of periods, judged anew, by the case that names each period.
pub type PastClaims = BTreeMap<CaseId, Vec<Rechecked>>;

/// Those of a decision's period.
pub fn past_of<'a>(past: &'a PastClaims, decision: &Decision) -> &'a [Rechecked] {
    past.get(&decision.case_id).map_or(&[], Vec::as_slice)
}

/// Judges the claims that were made for these periods as at the day before each was submitted: those that name a case of the
/// period, and those of its family that name none and are taken to be of it.
pub fn of_periods(outcome: &Outcome<'_>, decisions: &[&Decision]) -> PastClaims {
    let linked = &outcome.linked;
    let mut past = PastClaims::new();
    for decision in decisions {
        let period = &linked.periods[decision.period];
        let family = &linked.families[period.family];
        // A claim's id would name the family that it is of.
        let naming = period.cases.iter().filter_map(|case| linked.claims_naming.get(&case.case_id)).flatten();
        let naming = naming.filter(|claim| !linked.must_not_name(family, &claim.family_id));
        let without_case =
            family.claims.iter().filter(|claim| claim.case_id.is_none() && claim.submitted_on >= period.opened_on);
        let mut claims: Vec<Claim> = naming.chain(without_case).filter(|claim| claim.is_success()).cloned().collect();
        claims.sort_by(|one, other| one.claim_id.cmp(&other.claim_id));
        claims.dedup_by(|one, other| one.claim_id == other.claim_id);
        let mut judged = of_claims(outcome.prepared, &outcome.rules, claims.into_iter());
        let of_period = |case: &CaseId| period.cases.iter().any(|own| own.case_id == *case);
        judged.retain(|claim| claim.case_id.is_some() || claim.period.as_ref().is_none_or(of_period));
        if !judged.is_empty() {
            past.insert(decision.case_id.clone(), judged);
        }
    }
    past
}

/// Judges claims, by rules like these.
fn of_claims(prepared: &Prepared, like: &Rules, claims: impl Iterator<Item = Claim>) -> Vec<Rechecked> {
    let mut by_day: BTreeMap<Date, Vec<Claim>> = BTreeMap::new();
    for claim in claims {
        by_day.entry(day_before(claim.submitted_on)).or_default().push(claim);
    }
    let days: Vec<(Date, Vec<Claim>)> = by_day.into_iter().collect();
    let of_days: Vec<Vec<Rechecked>> = cores::of_each(&days, |(day, claims)| of_day(prepared, like, *day, claims));
    let mut all: Vec<Rechecked> = of_days.into_iter().flatten().collect();
    all.sort_by(|one, other| (one.submitted_on, &one.claim_id).cmp(&(other.submitted_on, &other.claim_id)));
    all
}

fn of_day(prepared: &Prepared, like: &Rules, day: Date, claims: &[Claim]) -> Vec<Rechecked> {
    let prepared_as_at = |claim: &Claim| {
        let read = prepared.claims_register.as_ref()?;
        read.prepared.get(claim.claim_id.as_str()).copied()
    };
    let none = |claim: &Claim, why: String| Rechecked {
        claim_id: claim.claim_id.clone(),
        family_id: claim.family_id.clone(),
        case_id: claim.case_id.clone(),
        submitted_on: claim.submitted_on,
        outcome: claim.outcome.word(),
        period: None,
        status: None,
        standing: Standing::CannotBeShown,
        by_agreement: Vec::new(),
        why,
        rules: None,
        fact_on: None,
        known_since: None,
        prepared_as_at: prepared_as_at(claim),
        missing: Vec::new(),
        still_to_be_had: Vec::new(),
        payment: None,
        quarter: quarter(prepared, claim.submitted_on),
    };
    // The rules of its own day, or none: those of another time say nothing of it.
    let rules = if prepared.asked.framework.is_none() && prepared.rules.pack.framework_at(day).is_err() {
        Err(format!("The rule pack has no rules for {day}."))
    } else {
        prepared.rules_at(like, day).map_err(|why| why.to_string())
    };
    let rules = match rules {
        Ok(rules) => rules,
        Err(why) => {
            let without_rules = |claim| Rechecked {
                missing: vec![format!("rules for {day} in the rule pack")],
                still_to_be_had: vec![still::RULES.to_owned()],
                ..none(claim, why.clone())
            };
            return claims.iter().map(without_rules).collect();
        }
    };
    let rules = Rules { without_agreements: like.without_agreements, ..rules };
    let at = decided(&prepared.register, &rules, day);
    let decision_of: FxHashMap<PeriodIndex, &Decision> =
        at.decisions.iter().map(|decision| (decision.period, decision)).collect();
    let period_of: FxHashMap<&CaseId, PeriodIndex> = at
        .linked
        .periods
        .numbered()
        .flat_map(|(index, period)| period.cases.iter().map(move |case| (&case.case_id, index)))
        .collect();
    let found = |claim: &Claim| -> Option<&Decision> {
        let of_case =
            claim.case_id.as_ref().and_then(|case| period_of.get(case)).and_then(|period| decision_of.get(period));
        if claim.case_id.is_some() {
            return of_case.copied();
        }
        // Of a claim that names no case the period is the family's likeliest: one that could be claimed, else the latest.
        let family = at.linked.index_of(&claim.family_id)?;
        let periods = at.linked.families[family].periods.iter();
        let decisions = periods.filter_map(|period| decision_of.get(period).copied());
        decisions.max_by_key(|decision| {
            (decision.status == Status::Claimable, at.linked.periods[decision.period].opened_on, &decision.case_id)
        })
    };
    let all = claims.iter().map(|claim| match found(claim) {
        Some(decision) => judged(none(claim, String::new()), decision, &at, &rules, prepared),
        None => Rechecked {
            payment: payment(&rules, claim.submitted_on),
            missing: vec![match &claim.case_id {
                Some(case) => format!("the row of case {case} in the cases table"),
                None => format!("a case of family {} in the cases table", claim.family_id),
            }],
            still_to_be_had: vec![still::IN_THE_CASE_SYSTEM.to_owned()],
            rules: Some(rules.label()),
            ..none(claim, format!("The records have no case of it that was open by {day}."))
        },
    });
    all.collect()
}

/// Nothing was paid for what was submitted once payment was suspended.
fn payment(rules: &Rules, submitted_on: Date) -> Option<Pounds> {
    (!rules.payment_is_suspended(submitted_on)).then_some(rules.parameters.payment)
}

fn judged(claim: Rechecked, decision: &Decision, at: &DecidedAt, rules: &Rules, prepared: &Prepared) -> Rechecked {
    let by_agreement = decision.evaluated.by_agreement();
    let standing = match decision.status {
        Status::Claimable if by_agreement.is_empty() => Standing::Sound,
        Status::Claimable => Standing::ByAgreement,
        Status::Review => Standing::CannotBeShown,
        Status::Claimed
        | Status::NotEligible
        | Status::NotClaimable
        | Status::InProgress
        | Status::Waiting
        | Status::LowAttendance => Standing::WouldFail,
    };
    let unknown = decision.evaluated.rulings.iter().filter(|ruling| ruling.verdict == Verdict::Unknown);
    let unknown = unknown.filter(|_| standing == Standing::CannotBeShown);
    let mut lacking: Vec<(String, String)> = Vec::new();
    for ruling in unknown {
        let Some(settles) = ruling.settles.clone() else { continue };
        // What would settle two rules is said once.
        if lacking.iter().all(|(missing, _)| *missing != settles) {
            lacking.push((settles, still::to_be_had(ruling, decision, rules, prepared.as_at)));
        }
    }
    // Where no rule is unknown, somebody must say which of two families is meant.
    let until_then = decision.until_then.clone().filter(|_| standing == Standing::CannotBeShown && lacking.is_empty());
    lacking.extend(until_then.map(|until| (until, still::SOMEBODY.to_owned())));
    let (missing, still_to_be_had) = lacking.into_iter().unzip();
    let fact = (standing == Standing::WouldFail).then(|| {
        let judged = known::Judged { at, decision, rules, prepared, submitted_on: claim.submitted_on };
        known::since(judged, claim.prepared_as_at)
    });
    let (fact_on, known_since) = fact.unzip();
    Rechecked {
        period: Some(decision.case_id.clone()),
        status: Some(decision.status),
        standing,
        by_agreement,
        why: decision.reason.clone(),
        rules: Some(rules.label()),
        fact_on: fact_on.flatten(),
        known_since,
        missing,
        still_to_be_had,
        payment: payment(rules, claim.submitted_on),
        ..claim
    }
}

/// The quarter of the financial year, such as `2024/25 Q2`.
fn quarter(prepared: &Prepared, day: Date) -> String {
    let (name, days) = financial_year(day, prepared.year_starts);
    let place = parts_of_year(days, 3).iter().position(|part| part.covers(day)).unwrap_or(0);
    format!("{name} Q{}", place + 1)
}
