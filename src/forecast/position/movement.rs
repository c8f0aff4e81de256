//! What moved since an earlier run: claims one by one, the straight line, and families that became claimable or stopped,
//! each with its reason, in families and pounds.

use super::{Line, Position};
use crate::dates::Date;
use crate::decide::{Decision, Status};
use crate::money::Pounds;
use crate::run::Outcome;
use crate::validate::rows::{Claim, ClaimOutcome};
use std::collections::{BTreeMap, BTreeSet};

/// An earlier run, as its folder has it.
#[derive(Clone, Debug)]
pub struct EarlierPosition {
    /// Its as-at date.
    pub as_at: Date,
    /// Its claims by id; `None` where the folder holds none, so that today's records of that day stand in for them.
    pub claims: Option<BTreeMap<String, EarlierClaim>>,
    /// Its periods by the case that names them.
    pub periods: BTreeMap<String, EarlierPeriod>,
    /// Claims of its own financial year, approved and pending together, where the folder says so.
    pub claims_of_year: Option<(String, usize)>,
    /// What its folder lacks because an older version wrote it, in sentences.
    pub lacking: Vec<String>,
}

/// A claim as an earlier run knew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierClaim {
    /// Whose it is.
    pub family_id: String,
    /// When it was submitted.
    pub submitted_on: Date,
    /// What had become of it.
    pub outcome: ClaimOutcome,
}

/// A period as an earlier run decided it.
#[derive(Clone, Debug)]
pub struct EarlierPeriod {
    /// Whose it is.
    pub family_id: String,
    /// Its status, as a word.
    pub status: String,
    /// The rules that were not met, with their verdicts: `attendance not_met; sustainment not_yet`.
    pub held_by: String,
}

/// One kind of movement, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What happened, in words.
    pub what: String,
    /// Families; of claims, one for each claim.
    pub families: usize,
    /// What it does to the number that its list counts, claims that count or claimable families: more, fewer, or nothing.
    pub change: i64,
    /// The payment for that many more or fewer.
    pub value: Pounds,
}

impl Moved {
    /// `sign`: 1 where each makes one more, -1 one fewer, 0 where it changes nothing.
    fn of(what: String, families: usize, sign: i64, payment: Pounds) -> Moved {
        let change = sign * i64::try_from(families).unwrap_or(i64::MAX);
        let value = payment.for_each_of(if sign == 0 { 0 } else { families });
        Moved { what, families, change, value }
    }
}

/// What a list adds up to: how many more or fewer, and the payment for as many.
pub fn sum(list: &[Moved], payment: Pounds) -> (i64, Pounds) {
    let change: i64 = list.iter().map(|moved| moved.change).sum();
    (change, payment.for_each_of(usize::try_from(change.unsigned_abs()).unwrap_or(usize::MAX)))
}

/// Everything that moved.
#[derive(Clone, Debug)]
pub struct Movement {
    /// The earlier run's day.
    pub since: Date,
    /// Whether the claims of that day are today's records of it.
    pub hindsight: bool,
    /// What the folder of that run lacks, in sentences.
    pub lacking: Vec<String>,
    /// Claims of the year then, approved and pending together; `None` before the year began.
    pub claims_before: Option<usize>,
    /// What the earlier run itself had counted, where that is another number than today's records give.
    pub counted_then: Option<usize>,
    /// Claims of the year now.
    pub claims_after: usize,
    /// What became of claims of the year.
    pub claims: Vec<Moved>,
    /// The straight line then; `None` before the year began.
    pub line_before: Option<Line>,
    /// The straight line now.
    pub line_after: Line,
    /// The payment for each family, as it is now.
    pub payment: Pounds,
    /// The grant at risk on the straight line then and now, both by today's funded places and payment; each `None` where
    /// there was no line. `None` where the funded places are not known.
    pub at_risk: Option<(Option<Pounds>, Option<Pounds>)>,
    /// Families claimable then and now.
    pub claimable: (usize, usize),
    /// Families that became claimable, by what had held them.
    pub became: Vec<Moved>,
    /// Families that are no longer claimable, by what holds them now.
    pub stopped: Vec<Moved>,
}

/// Which rules hold a decided period, for an earlier run to be compared with: those not met, with their verdicts.
pub fn held_by(decision: &Decision) -> String {
    let held = decision.evaluated.rulings.iter().filter(|ruling| !ruling.verdict.lets_through());
    held.map(|ruling| format!("{} {}", ruling.rule.word(), ruling.verdict.word())).collect::<Vec<_>>().join("; ")
}

/// Compares a position with an earlier run.
pub fn movement(outcome: &Outcome<'_>, position: &Position, earlier: &EarlierPosition) -> Movement {
    let payment = outcome.rules.parameters.payment;
    let now: BTreeMap<String, EarlierClaim> = outcome
        .linked
        .families
        .iter()
        .flat_map(|family| &family.claims)
        .map(|claim| (claim.claim_id.to_string(), as_earlier(claim)))
        .collect();
    let hindsight = earlier.claims.is_none();
    let then = earlier.claims.clone().unwrap_or_else(|| {
        let known = outcome.prepared.register.claims.iter().flatten().filter_map(|claim| claim.known_at(earlier.as_at));
        known.map(|claim| (claim.claim_id.to_string(), as_earlier(&claim))).collect()
    });
    let begun = earlier.as_at >= position.days.from;
    let in_year = |claim: &&EarlierClaim| position.days.covers(claim.submitted_on);
    let counts = |claim: &&EarlierClaim| matches!(claim.outcome, ClaimOutcome::Approved | ClaimOutcome::Submitted);
    let before = then.values().filter(in_year).filter(counts).count();
    let line_before = begun.then(|| {
        let claims = then.values().map(|claim| (claim.submitted_on, claim.outcome));
        Line::through(claims, position.days, earlier.as_at)
    });

    let mut moves: BTreeMap<(&'static str, i64), usize> = BTreeMap::new();
    let ids: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    for id in ids {
        let (was, is) = (then.get(id).filter(in_year), now.get(id).filter(in_year));
        let effect = i64::from(is.as_ref().is_some_and(counts)) - i64::from(was.as_ref().is_some_and(counts));
        let Some(what) = what_became(was, is, earlier.as_at) else { continue };
        *moves.entry((what, effect)).or_default() += 1;
    }
    let claims =
        moves.into_iter().map(|((what, effect), families)| Moved::of(what.to_owned(), families, effect, payment));
    let at_risk = position
        .grant
        .as_ref()
        .map(|grant| (line_before.as_ref().and_then(|line| grant.at_risk_on(line)), grant.at_risk_on(&position.line)));
    let (claimable, became, stopped) = claimable(outcome, earlier, payment);
    let counted_then = earlier.claims_of_year.as_ref().filter(|(year, _)| *year == position.year);
    Movement {
        since: earlier.as_at,
        hindsight,
        lacking: earlier.lacking.clone(),
        claims_before: begun.then_some(before),
        counted_then: counted_then.map(|(_, count)| *count).filter(|count| hindsight && *count != before),
        claims_after: position.counted.claims(),
        claims: claims.collect(),
        line_before,
        line_after: position.line,
        payment,
        at_risk,
        claimable,
        became,
        stopped,
    }
}

fn as_earlier(claim: &Claim) -> EarlierClaim {
    EarlierClaim { family_id: claim.family_id.to_string(), submitted_on: claim.submitted_on, outcome: claim.outcome }
}

/// What became of a claim, in words; nothing where it is as it was.
fn what_became(was: Option<&EarlierClaim>, is: Option<&EarlierClaim>, since: Date) -> Option<&'static str> {
    use ClaimOutcome::{Approved, ClawedBack, Rejected, Submitted, Withdrawn};
    Some(match (was.map(|claim| claim.outcome), is) {
        (None, None) => return None,
        (Some(_), None) => "no longer in the claims of the year",
        (None, Some(claim)) if claim.submitted_on <= since => "put in late: submitted by that day, not on record then",
        (None, Some(claim)) => match claim.outcome {
            Submitted => "submitted since, not decided",
            Approved => "submitted and approved since",
            Rejected => "submitted and rejected since",
            Withdrawn => "submitted and withdrawn since",
            ClawedBack => "submitted, approved and clawed back since",
        },
        (Some(before), Some(claim)) if before == claim.outcome => return None,
        (Some(Submitted), Some(claim)) if claim.outcome == Approved => "decided since: approved",
        (Some(_), Some(claim)) => match claim.outcome {
            Rejected => "decided since: rejected",
            Withdrawn => "withdrawn since",
            ClawedBack => "clawed back since",
            Approved => "approved since, after another outcome",
            Submitted => "waiting for a decision again",
        },
    })
}

/// Families claimable then and now, and why families came and went.
fn claimable(
    outcome: &Outcome<'_>,
    earlier: &EarlierPosition,
    payment: Pounds,
) -> ((usize, usize), Vec<Moved>, Vec<Moved>) {
    let word = Status::Claimable.word();
    let then: BTreeMap<&str, &str> = earlier
        .periods
        .iter()
        .filter(|(_, period)| period.status == word)
        .map(|(case, period)| (period.family_id.as_str(), case.as_str()))
        .collect();
    let now: BTreeMap<&str, &Decision> = outcome
        .decisions
        .iter()
        .filter(|decision| decision.status == Status::Claimable)
        .map(|decision| (decision.family_id.as_str(), decision))
        .collect();
    let counted = |reasons: BTreeMap<String, usize>, sign: i64| -> Vec<Moved> {
        let of = |(what, families): (String, usize)| Moved::of(what, families, sign, payment);
        let mut moved: Vec<Moved> = reasons.into_iter().map(of).collect();
        moved.sort_by(|a, b| b.families.cmp(&a.families).then_with(|| a.what.cmp(&b.what)));
        moved
    };
    let mut became: BTreeMap<String, usize> = BTreeMap::new();
    for (_, decision) in now.iter().filter(|(family, _)| !then.contains_key(*family)) {
        let cases = &outcome.linked.periods[decision.period].cases;
        let before = cases.iter().find_map(|case| earlier.periods.get(case.case_id.as_str()));
        let why = before.map_or("no such period then".to_owned(), |period| {
            let held = if period.held_by.is_empty() { String::new() } else { format!(": {}", period.held_by) };
            format!("{}{held}", period.status)
        });
        *became.entry(why.replace('_', " ")).or_default() += 1;
    }
    let mut period_of: BTreeMap<&str, &Decision> = BTreeMap::new();
    for decision in &outcome.decisions {
        for case in &outcome.linked.periods[decision.period].cases {
            period_of.insert(case.case_id.as_str(), decision);
        }
    }
    let mut stopped: BTreeMap<String, usize> = BTreeMap::new();
    for (_, case) in then.iter().filter(|(family, _)| !now.contains_key(*family)) {
        let why = period_of.get(case).map_or("no longer in the data".to_owned(), |decision| {
            format!("{}: {}", decision.status.word(), decision.reason_kind)
        });
        *stopped.entry(why.replace('_', " ")).or_default() += 1;
    }
    ((then.len(), now.len()), counted(became, 1), counted(stopped, -1))
}
