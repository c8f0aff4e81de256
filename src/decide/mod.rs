//! Verdicts to one status a period, the earliest day of a claim, and one claim a family.
//!
//! - [`again`] the same with other agreements: what hangs on them.
//! - [`Decision`] what is decided.
//! - [`claimed`] whether a period was claimed already.
//! - [`drawn`] a sample of what can be claimed, for audit.
//! - [`reasons`] the sentences.
//! - [`review`] what waits for a person.
//! - [`totals`] counts and money over all decisions.

pub mod again;
pub mod claimed;
mod decision;
pub mod drawn;
mod reasons;
pub mod review;
pub mod totals;

pub use decision::{ClaimKind, Decision, Status};

use crate::cores;
use crate::dates::{Date, add_months, add_years, day_after};
use crate::evaluate::{Evaluated, Fact, Facts, Verdict};
use crate::ids::CaseId;
use crate::indexed::Indexed;
use crate::link::{FamilyIndex, GroupIndex, Linked, Period, PeriodIndex};
use crate::rules::Rules;
use crate::rules::name::RuleName;
use reasons::{reason, until_then};
use std::sync::Arc;

/// Decides every period. Decisions are in the order of `evaluated`, which is that of the periods.
pub fn decide(
    linked: &Linked,
    evaluated: Indexed<PeriodIndex, Arc<Evaluated>>,
    rules: &Rules,
) -> Indexed<PeriodIndex, Decision> {
    let evaluated = linked.periods.numbers().zip(evaluated).collect();
    let decided = |(position, evaluated)| decide_one(linked, position, evaluated, rules);
    let mut decisions: Indexed<PeriodIndex, Decision> = cores::each(evaluated, decided).into();
    one_claim_a_family(linked, &mut decisions, rules);
    linked_claimables(linked, &mut decisions);
    for decision in &mut decisions {
        decision.earliest_possible_on = earliest_possible(decision, linked.as_at, rules);
    }
    decisions
}

/// The status of a period of which a rule is not met, and that nothing earlier settles (contract section 5).
pub fn when_not_met(rule: RuleName) -> Status {
    match rule {
        RuleName::Eligibility => Status::NotEligible,
        RuleName::Family | RuleName::Progress | RuleName::Sustainment | RuleName::Reclaim | RuleName::Timeliness => {
            Status::NotClaimable
        }
        RuleName::Attendance => Status::LowAttendance,
        RuleName::Evidence => Status::Review,
    }
}

/// Whether a rule is looked at last: a period of which only such rules are not met can still become a claim.
fn is_last(rule: RuleName) -> bool {
    match when_not_met(rule) {
        Status::LowAttendance | Status::Review => true,
        Status::Claimed
        | Status::NotEligible
        | Status::NotClaimable
        | Status::InProgress
        | Status::Waiting
        | Status::Claimable => false,
    }
}

fn decide_one(linked: &Linked, position: PeriodIndex, evaluated: Arc<Evaluated>, rules: &Rules) -> Decision {
    let period = &linked.periods[position];
    let family = &linked.families[period.family];
    let claimed = claimed::claim_made(linked, period, &evaluated, rules);
    // The rules of which something holds, and those looked at first among them.
    let holding = |test: &dyn Fn(RuleName, Verdict) -> bool| -> Vec<RuleName> {
        RuleName::ALL.into_iter().filter(|rule| test(*rule, evaluated.verdict(*rule))).collect()
    };
    let of_first = |test: fn(Verdict) -> bool| holding(&|rule, verdict| !is_last(rule) && test(verdict));
    let failing = |status| holding(&|rule, verdict| verdict == Verdict::NotMet && when_not_met(rule) == status);

    let mut earliest_claim_on = None;
    let mut facts = Vec::new();
    let mut because: Vec<RuleName> = Vec::new();
    let status = if let Some(made) = &claimed {
        facts.push(made.fact.clone());
        Status::Claimed
    } else if let failing @ [_, ..] = failing(Status::NotEligible).as_slice() {
        because = failing.to_vec();
        Status::NotEligible
    } else if let failing @ [_, ..] = failing(Status::NotClaimable).as_slice() {
        because = failing.to_vec();
        Status::NotClaimable
    } else if let doubtful @ [_, ..] = of_first(|verdict| verdict == Verdict::Unknown).as_slice() {
        because = doubtful.to_vec();
        Status::Review
    } else if let open @ [_, ..] = of_first(|verdict| verdict == Verdict::NotYet(None)).as_slice() {
        because = open.to_vec();
        Status::InProgress
    } else if let Some(latest) = latest_not_yet(&evaluated) {
        earliest_claim_on = Some(latest);
        because = of_first(|verdict| matches!(verdict, Verdict::NotYet(Some(_))));
        Status::Waiting
    } else if let failing @ [_, ..] = failing(Status::LowAttendance).as_slice() {
        earliest_claim_on = evaluated.retest_on;
        because = failing.to_vec();
        Status::LowAttendance
    } else if let doubtful @ [_, ..] = holding(&|rule, verdict| {
        // Those looked at first are all met by now.
        verdict == Verdict::Unknown || verdict == Verdict::NotMet && when_not_met(rule) == Status::Review
    })
    .as_slice()
    {
        because = doubtful.to_vec();
        Status::Review
    } else {
        Status::Claimable
    };
    // Whoever claims must know of it, whatever the rules say.
    facts.extend(period.held_claims.iter().map(|(of, place)| {
        let text = "a claim that could not be read names a case of this period: look at it before claiming";
        let hidden = of.as_ref().is_some_and(|of| linked.must_not_name(family, of));
        if hidden { Fact::plain(text) } else { Fact::at(text, place) }
    }));
    let (reason_kind, reason) = match &claimed {
        Some(made) => ("claimed already", made.because.clone()),
        None => reason(&evaluated, &because),
    };
    let until_then = until_then(&evaluated, status, earliest_claim_on, rules);
    Decision {
        period: position,
        case_id: period.id().clone(),
        family_id: family.id.clone(),
        status,
        claimed_on: claimed.as_ref().map(|made| made.submitted_on),
        kind: linked.has_claims.then_some(if evaluated.last_success_on.is_some() {
            ClaimKind::Reclaim
        } else {
            ClaimKind::First
        }),
        earliest_claim_on,
        earliest_possible_on: None,
        reason_kind,
        reason,
        facts,
        until_then,
        evaluated,
    }
}

/// The latest day of the dated `not_yet`s.
fn latest_not_yet(evaluated: &Evaluated) -> Option<Date> {
    evaluated
        .rulings
        .iter()
        .filter_map(|ruling| match ruling.verdict {
            Verdict::NotYet(day) => day,
            _ => None,
        })
        .max()
}

/// Of several claimable periods of one family the one with the earliest `progress_on` stays (ties: lower
/// case id); the others wait until the day after the as-at date + the reclaim years.
fn one_claim_a_family(linked: &Linked, decisions: &mut Indexed<PeriodIndex, Decision>, rules: &Rules) {
    let later = day_after(add_years(linked.as_at, rules.parameters.reclaim_years));
    for family in &linked.families {
        let mut claimable: Vec<PeriodIndex> =
            family.periods.iter().copied().filter(|period| decisions[*period].status == Status::Claimable).collect();
        claimable.sort_by_key(|period| (decisions[*period].evaluated.progress_on, decisions[*period].case_id.clone()));
        let Some((first, others)) = claimable.split_first() else { continue };
        let first = decisions[*first].case_id.clone();
        for other in others {
            let decision = &mut decisions[*other];
            decision.status = Status::Waiting;
            decision.earliest_claim_on = Some(later);
            decision.reason_kind = "another period of the family is claimed first";
            decision.reason = format!(
                "Every rule is met, but a family is claimed once: period {first} comes first, and this one can follow from {later}."
            );
            decision.until_then = Some(format!("the result of {first} stands, and the rules still hold on {later}"));
        }
    }
}

/// The kind of reason where a linked family is claimable too.
pub const LINKED_CLAIMABLE: &str = "a linked family is claimable too";

/// Families linked to each other with a claimable period each: those become `review`.
fn linked_claimables(linked: &Linked, decisions: &mut Indexed<PeriodIndex, Decision>) {
    let claimable_of = |family: FamilyIndex, decisions: &Indexed<PeriodIndex, Decision>| {
        linked.families[family].periods.iter().copied().find(|period| decisions[*period].status == Status::Claimable)
    };
    // Of each group the two families whose claimable periods come first: every family of it has one of them beside itself.
    let firsts: Indexed<GroupIndex, Vec<(CaseId, FamilyIndex, PeriodIndex)>> = linked
        .groups
        .iter()
        .map(|group| {
            let mut claimable: Vec<_> = group
                .families
                .iter()
                .filter_map(|(family, _)| {
                    let period = claimable_of(*family, decisions)?;
                    Some((decisions[period].case_id.clone(), *family, period))
                })
                .collect();
            claimable.sort();
            claimable.truncate(2);
            claimable
        })
        .collect();
    let mut affected: Vec<(PeriodIndex, Fact)> = Vec::new();
    for (position, family) in linked.families.numbered() {
        let Some(period) = claimable_of(position, decisions) else { continue };
        let rivals = family.groups.iter().filter_map(|group| {
            let (case, other, rival) = firsts[*group].iter().find(|(_, other, _)| *other != position)?;
            let group = &linked.groups[*group];
            let hidden = group.hidden || linked.must_not_name(family, &linked.families[*other].id);
            Some((hidden, case, *other, *rival, group))
        });
        let Some((hidden, case, other, rival, group)) = rivals.min_by_key(|(hidden, case, ..)| (*hidden, *case)) else {
            continue;
        };
        let fact = if hidden {
            Fact::plain("a linked family, which is restricted and not named, is claimable too")
        } else {
            let by = group.person_of(position).map(|person| format!(" ({person})")).unwrap_or_default();
            Fact::at(
                format!(
                    "case {case} of family {} is claimable too; the families share {}{by}",
                    linked.families[other].id,
                    group.how.words()
                ),
                &linked.periods[rival].cases[0].place,
            )
        };
        affected.push((period, fact));
    }
    for (period, fact) in affected {
        let decision = &mut decisions[period];
        decision.status = Status::Review;
        decision.reason_kind = LINKED_CLAIMABLE;
        decision.reason =
            "Every rule is met, but a family that shares a person is claimable too: whether they are one family is for a person to say.".to_owned();
        decision.until_then = Some("someone who knows both families must say which of them is claimed".to_owned());
        decision.facts.push(fact);
    }
}

fn earliest_possible(decision: &Decision, as_at: Date, rules: &Rules) -> Option<Date> {
    match decision.status {
        Status::Claimable | Status::Review => Some(as_at),
        Status::Waiting | Status::LowAttendance => decision.earliest_claim_on,
        Status::InProgress => {
            let sustained = add_months(as_at, rules.parameters.sustainment_months);
            latest_not_yet(&decision.evaluated).max(Some(sustained))
        }
        Status::Claimed | Status::NotEligible | Status::NotClaimable => None,
    }
}

/// The facts of a period, for evaluating it.
pub fn facts_of<'a>(
    linked: &'a Linked,
    period: &'a Period,
    attended: &'a crate::attend::Attended,
    rules: &'a Rules,
) -> Facts<'a> {
    Facts { period, family: &linked.families[period.family], linked, attended, rules }
}
