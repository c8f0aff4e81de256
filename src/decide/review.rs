//! What waits for a person: the periods in review with everything that is open in them, what will be asked next, and
//! agreements that have run out or soon will.

use super::again::Decided;
use super::{Decision, Status, facts_of};
use crate::dates::{Date, day_number, of_day_number};
use crate::evaluate::agreements::said;
use crate::evaluate::attendance::ChildTerm;
use crate::evaluate::open::{OpenQuestion, open_behind, open_questions};
use crate::evaluate::{Evaluated, Verdict};
use crate::ids::CaseId;
use crate::link::unnamed::Unnamed;
use crate::link::{Linked, Period, PeriodIndex};
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::name::RuleName;
use crate::rules::parameters::Basis;
use crate::validate::rows::Agreement;
use rustc_hash::{FxHashMap, FxHashSet};

/// A period with what is open in it.
#[derive(Clone, Debug)]
pub struct Open {
    /// The period, in the order of the periods.
    pub period: PeriodIndex,
    /// Where it stands.
    pub status: Status,
    /// What is open, in the order of the rules.
    pub questions: Vec<OpenQuestion>,
    /// The day since which it waits, and what happened on it; `None` for an open case without progress.
    pub since: Option<(Date, &'static str)>,
    /// The first day of a claim, if every question that can be agreed on is answered as met.
    pub earliest_claim_on: Option<Date>,
    /// The status, if every question that can be agreed on is answered as met.
    pub if_met: Status,
}

/// An agreement that has run out, or soon will, and what its end changes.
#[derive(Clone, Debug)]
pub struct Lapse {
    /// The period.
    pub period: PeriodIndex,
    /// The agreement.
    pub agreement: Agreement,
    /// The status of the period now.
    pub status: Status,
    /// The status with the agreement still in force; of one that soon runs out, the status without it.
    pub otherwise: Status,
}

/// Everything that waits for a person.
#[derive(Clone, Debug)]
pub struct Review {
    /// Periods in review.
    pub blocked: Vec<Open>,
    /// Periods that wait for something else first, with what will still matter by then.
    pub next: Vec<Open>,
    /// Agreements that ran out before the as-at date and would give their period another status, or answer what keeps
    /// it in review.
    pub expired: Vec<Lapse>,
    /// Agreements that change a verdict and run out soon.
    pub expiring: Vec<Lapse>,
}

/// Lists everything that waits for a person. `agreements` are all of the register, in force or not; those that run out
/// within `days` after the as-at date are listed too.
pub fn review(decided: Decided<'_>, agreements: &[Agreement], days: u16) -> Review {
    let as_at = decided.linked.as_at;
    let mut blocked = Vec::new();
    let mut next = Vec::new();
    for decision in decided.by_period() {
        let period = &decided.linked.periods[decision.period];
        let facts = facts_of(decided.linked, period, decided.attended, decided.rules);
        match decision.status {
            Status::Review => {
                let mut questions = open_questions(facts, &decision.evaluated);
                if questions.is_empty() {
                    questions.push(which_family(decision));
                }
                blocked.push(open(decision, period, questions));
            }
            Status::InProgress | Status::Waiting | Status::LowAttendance => {
                let mut questions = open_questions(facts, &decision.evaluated);
                questions.extend(open_behind(facts, &decision.evaluated));
                let by_then = terms_looked_at(decided.rules, decision.earliest_possible_on);
                questions.retain(|question| question.term.is_none_or(|term| by_then.contains(&term)));
                if !questions.is_empty() {
                    next.push(open(decision, period, questions));
                }
            }
            Status::Claimed | Status::NotEligible | Status::NotClaimable | Status::Claimable => {}
        }
    }
    for open in blocked.iter_mut().chain(&mut next) {
        name_nobody_protected(decided.linked, open);
    }
    answer_all(decided, &mut blocked, &mut next);

    let mut expired = Vec::new();
    let mut expiring = Vec::new();
    if !decided.rules.without_agreements {
        let ran_out = by_period(decided, agreements, |agreement| {
            agreement.until.is_some_and(|until| until < as_at && agreement.agreed_on <= until)
        });
        let soon = of_day_number(day_number(as_at) + i32::from(days));
        let ends_soon = by_period(decided, agreements, |agreement| {
            agreement.in_force_at(as_at) && agreement.until.is_some_and(|until| until <= soon)
        });
        expired = lapsed(decided, &ran_out);
        expiring = lapsing(decided, &ends_soon);
    }
    let mut review = Review { blocked, next, expired, expiring };
    let case_of = |period: PeriodIndex| decided.linked.periods[period].id().clone();
    for list in [&mut review.blocked, &mut review.next] {
        list.sort_by_cached_key(|open| case_of(open.period));
    }
    for list in [&mut review.expired, &mut review.expiring] {
        list.sort_by_cached_key(|lapse| (case_of(lapse.period), key(&lapse.agreement)));
    }
    review
}

/// Takes the ids of people with a restricted row out of the questions of a family that has a restricted link: the same child
/// under two families, one below the other, would say that they are linked. `explain` names the child for one case alone.
fn name_nobody_protected(linked: &Linked, open: &mut Open) {
    let period = &linked.periods[open.period];
    let family = &linked.families[period.family];
    let protected = linked.not_named_in_lists(family);
    for question in &mut open.questions {
        if question.person_id.take_if(|person| protected.covers(person)).is_none() {
            continue;
        }
        question.because = protected.taken_out(&question.because, Unnamed::SOMEBODY);
        question.settles = format!(
            "{} (`sfclaim explain {}` names the person, for this case alone)",
            protected.taken_out(&question.settles, "that person"),
            period.id()
        );
        question.can_be_agreed = false;
    }
}

/// What an agreement is about and says; its place comes last, so that the order of rows shows only between equals.
fn key(agreement: &Agreement) -> (RuleName, String, Place) {
    let person = agreement.person_id.as_ref().map(ToString::to_string).unwrap_or_default();
    let (year, term) = agreement.term.clone().unwrap_or_default();
    let says = said(agreement, &agreement.reason);
    (agreement.rule, [person, year, term, says].join("\u{1f}"), agreement.place.clone())
}

fn open(decision: &Decision, period: &Period, questions: Vec<OpenQuestion>) -> Open {
    let evaluated = &decision.evaluated;
    let since = evaluated
        .sustained_on
        .map(|day| (day, "the progress was sustained"))
        .or(evaluated.progress_on.map(|day| (day, "the last need was resolved")))
        .or(period.closed_on.map(|day| (day, "the period closed")));
    Open {
        period: decision.period,
        status: decision.status,
        questions,
        since,
        earliest_claim_on: decision.earliest_possible_on,
        if_met: decision.status,
    }
}

/// Every rule is met, and a linked family could be claimed as well.
fn which_family(decision: &Decision) -> OpenQuestion {
    OpenQuestion {
        rule: None,
        person_id: None,
        term: None,
        verdict: Verdict::Unknown,
        kind: decision.reason_kind,
        because: decision.reason.trim_end_matches('.').to_owned(),
        linked: decision.facts.iter().map(|fact| fact.text.clone()).collect(),
        settles: "someone who knows both families must say which of them is claimed, and its claim in the claims table; or, if they share nobody, person_id, upn, names and date_of_birth corrected in the people table".to_owned(),
        can_be_agreed: false,
        ready_answer: None,
    }
}

/// The terms that the attendance rule will look at on a day, by the calendar; without a day, those of now.
fn terms_looked_at(rules: &Rules, day: Option<Date>) -> Vec<TermIndex> {
    day.map(|day| rules.calendar.latest_completed(day, rules.parameters.terms).collect()).unwrap_or_default()
}

/// What becomes of each period if every question that can be agreed on is answered as met. Judged by the rules
/// themselves, with agreements made up for the purpose.
fn answer_all(decided: Decided<'_>, blocked: &mut [Open], next: &mut [Open]) {
    let mut made_up: FxHashMap<PeriodIndex, Vec<Agreement>> = FxHashMap::default();
    for open in blocked.iter() {
        let period = &decided.linked.periods[open.period];
        let answers = open.questions.iter().filter(|question| question.can_be_agreed).filter_map(|question| {
            let term = question.term.map(|term| decided.rules.calendar.term(term));
            Some(Agreement {
                case_id: period.id().clone(),
                rule: question.rule?,
                person_id: question.person_id.clone(),
                term: term.map(|term| (term.academic_year.clone(), term.term.clone())),
                met: true,
                reason: String::new(),
                agreed_by: String::new(),
                agreed_on: decided.linked.as_at,
                until: None,
                place: period.cases[0].place.clone(),
            })
        });
        made_up.insert(open.period, period.agreements.iter().cloned().chain(answers).collect());
    }
    let again = decided.with(|period, _| made_up.get(&period).cloned());
    for open in blocked.iter_mut().chain(next) {
        let decision = &again[open.period];
        open.if_met = decision.status;
        open.earliest_claim_on = decision.earliest_claim_on.or(decision.earliest_possible_on);
    }
}

/// The agreements that fulfil a condition, by the period that they are on.
fn by_period(
    decided: Decided<'_>,
    agreements: &[Agreement],
    condition: impl Fn(&Agreement) -> bool,
) -> FxHashMap<PeriodIndex, Vec<Agreement>> {
    let mut found: FxHashMap<PeriodIndex, Vec<Agreement>> = FxHashMap::default();
    let wanted: Vec<&Agreement> = agreements.iter().filter(|agreement| condition(agreement)).collect();
    if wanted.is_empty() {
        return found;
    }
    let periods = decided.linked.periods.numbered();
    let period_of: FxHashMap<&CaseId, PeriodIndex> =
        periods.flat_map(|(position, period)| period.cases.iter().map(move |case| (&case.case_id, position))).collect();
    for agreement in wanted {
        if let Some(period) = period_of.get(&agreement.case_id) {
            found.entry(*period).or_default().push(agreement.clone());
        }
    }
    found
}

/// The places of the agreements that change a verdict, of the rule or of a child's term.
fn at_work<'a>(evaluated: &'a Evaluated, rules: &Rules) -> FxHashSet<&'a Place> {
    let of_rules = evaluated.rulings.iter().filter_map(|ruling| ruling.agreed.as_ref());
    // What says the same as the records need not be renewed; taken together, terms agreed on leave the sums all the same.
    let matters = |term: &&ChildTerm| {
        rules.parameters.basis == Basis::Combined
            || term.agreed.as_ref().is_some_and(|agreed| agreed.instead_of != term.verdict)
    };
    let terms = evaluated.children.iter().flat_map(|child| &child.terms).filter(matters);
    of_rules
        .chain(terms.filter_map(|term| term.agreed.as_ref()))
        .filter_map(|agreed| agreed.fact.place.as_ref())
        .collect()
}

fn lapsed(decided: Decided<'_>, ran_out: &FxHashMap<PeriodIndex, Vec<Agreement>>) -> Vec<Lapse> {
    if ran_out.is_empty() {
        return Vec::new();
    }
    let still = decided.with(|period, now| {
        ran_out.get(&period).map(|expired| now.agreements.iter().chain(expired).cloned().collect())
    });
    let mut lapses = Vec::new();
    for decision in decided.decisions {
        let (Some(expired), with_it) = (ran_out.get(&decision.period), &still[decision.period]) else { continue };
        // In review the answer to one question matters also where another one stays open.
        let answers = decision.status == Status::Review
            && RuleName::ALL.iter().any(|rule| with_it.evaluated.verdict(*rule) != decision.evaluated.verdict(*rule));
        if with_it.status == decision.status && !answers {
            continue;
        }
        let at_work = at_work(&with_it.evaluated, decided.rules);
        lapses.extend(expired.iter().filter(|agreement| at_work.contains(&agreement.place)).map(|agreement| Lapse {
            period: decision.period,
            agreement: agreement.clone(),
            status: decision.status,
            otherwise: with_it.status,
        }));
    }
    lapses
}

fn lapsing(decided: Decided<'_>, ends_soon: &FxHashMap<PeriodIndex, Vec<Agreement>>) -> Vec<Lapse> {
    if ends_soon.is_empty() {
        return Vec::new();
    }
    let without = decided.with(|period, now| {
        let ending = ends_soon.get(&period)?;
        let ends = |agreement: &&Agreement| ending.iter().any(|other| other.place == agreement.place);
        Some(now.agreements.iter().filter(|agreement| !ends(agreement)).cloned().collect())
    });
    let mut lapses = Vec::new();
    for decision in decided.decisions {
        let Some(ending) = ends_soon.get(&decision.period) else { continue };
        // What was claimed, or cannot be, needs no renewal.
        let matters = !matches!(decision.status, Status::Claimed | Status::NotEligible | Status::NotClaimable);
        let otherwise = without[decision.period].status;
        if !matters && otherwise == decision.status {
            continue;
        }
        let at_work = at_work(&decision.evaluated, decided.rules);
        lapses.extend(ending.iter().filter(|agreement| at_work.contains(&agreement.place)).map(|agreement| Lapse {
            period: decision.period,
            agreement: agreement.clone(),
            status: decision.status,
            otherwise,
        }));
    }
    lapses
}
