//! Levers: which single thing holds most families, and most money, back from a claim, and who can act on it.
//!
//! Counted are families, not periods, and families that share a person once (see [`super::groups`]). A group with a
//! claimable period is not held. Of the others the period that is nearest to a claim speaks: one that can still become a
//! claim before one that cannot, then the one with the fewest reasons. A group is held *alone* by a reason where it would be
//! claimable but for it. Evidence of attendance is asked of a school only where a school can give it.
//!
//! Longer than most files, since a reason, who can act on it and what it is worth are counted from the same families.

use super::groups::Groups;
use crate::dates::{Date, add_months};
use crate::decide::again::Decided;
use crate::decide::{Decision, Status, facts_of};
use crate::evaluate::attendance::{Child, Settles, settled_by};
use crate::evaluate::facts::Facts;
use crate::evaluate::sustainment::linked_opening;
use crate::evaluate::{Evaluated, Verdict};
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::link::unnamed::Unnamed;
use crate::link::{FamilyIndex, Period};
use crate::money::Pounds;
use crate::rules::levers::{Actor, LeverEntry, NoSchool, ONE_CLAIM};
use crate::rules::name::RuleName;
use crate::run::Outcome;
use std::collections::{BTreeMap, BTreeSet};

/// One reason that stands between a period and a claim.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The rule and kind, who can act on it and what is needed.
    pub entry: LeverEntry,
    /// What would settle it, or must still come, for this family.
    pub settles: String,
    /// Of attendance: the children whom it is about.
    pub children: Vec<OfChild>,
    /// The same of this kind of reason in general: another than `entry` where a school would be asked and none can give it.
    pub of_kind: LeverEntry,
}

/// One child whom a reason is about.
#[derive(Clone, Debug)]
pub struct OfChild {
    /// The child; `None` for one who may not be named beside this family.
    pub person_id: Option<PersonId>,
    /// What would settle it for this child alone, or how the child's attendance stands.
    pub settles: String,
}

/// A family that is held, with every reason. Of families that share a person the one nearest to a claim.
#[derive(Clone, Debug)]
pub struct Held {
    /// The case that names the period.
    pub case_id: CaseId,
    /// The family.
    pub family_id: FamilyId,
    /// The team of the period's latest case that names one.
    pub team: Option<String>,
    /// The practitioner of the period's latest case that names one.
    pub lead_practitioner: Option<String>,
    /// Where the period stands.
    pub status: Status,
    /// The earliest day on which it could be claimed, on what is recorded.
    pub earliest_possible_on: Option<Date>,
    /// What stands in the way, in the order of the rules; one at least.
    pub reasons: Vec<Reason>,
}

impl Held {
    /// The one reason that holds it, where it is one.
    pub fn alone(&self) -> Option<&Reason> {
        match self.reasons.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Whether somebody can settle, now, everything that holds it.
    pub fn this_week(&self) -> bool {
        self.reasons.iter().all(|reason| reason.entry.this_week)
    }
}

/// A reason and what it holds.
#[derive(Clone, Debug)]
pub struct Lever {
    /// The rule and kind, who can act on it and what is needed.
    pub entry: LeverEntry,
    /// Families that it holds alone.
    pub alone: usize,
    /// Of those, the ones held for one child only; nought for what is not attendance.
    pub for_one_child: usize,
    /// Families that it holds together with other reasons.
    pub with_others: usize,
    /// The payment for those held alone.
    pub value: Pounds,
    /// The same within the funded places that claims and claimable families leave; `None` where those are not known.
    pub value_within_places: Option<Pounds>,
}

/// What several reasons that need the same hold alone, for the sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Who can act.
    pub who: Actor,
    /// Whether it can be settled by setting about it now.
    pub this_week: bool,
    /// What is needed.
    pub needs: String,
    /// Of attendance: whether one child is concerned, or several.
    pub one_child: Option<bool>,
    /// Families.
    pub families: usize,
    /// The payment for as many.
    pub value: Pounds,
    /// The same within the funded places left.
    pub value_within_places: Option<Pounds>,
}

/// What families need of which a school can give a part only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The need, of all families.
    pub all: Need,
    /// The families for which a school can give it.
    pub by_school: usize,
    /// The payment for as many.
    pub value_by_school: Pounds,
}

/// All levers of a run.
#[derive(Clone, Debug)]
pub struct Levers {
    /// The reasons: what can be chased this week first, then by what they hold alone.
    pub levers: Vec<Lever>,
    /// What is needed alone, in the same order.
    pub needs: Vec<Need>,
    /// Evidence that a school can give for some of the families only, in the same order.
    pub shared: Vec<Shared>,
    /// The families held, by team, practitioner and case; of those that share a person one.
    pub families: Vec<Held>,
    /// Every family held, for the list to work from, in the same order. One that shares a person with another has work to be
    /// done as well; and were it left out, its absence would name what a restricted link must not.
    pub listed: Vec<Held>,
    /// Families claimable already; those that share a person once.
    pub claimable: usize,
    /// Funded places that no claim of the year has taken, where known.
    pub places_left: Option<usize>,
    /// Those left when the claimable families have taken theirs.
    pub places_beyond: Option<usize>,
}

/// Finds the levers.
pub fn levers(outcome: &Outcome<'_>) -> Levers {
    levers_of(outcome.decided(), outcome.totals.places_left)
}

/// The same from decisions alone, where so many funded places are left.
pub fn levers_of(decided: Decided<'_>, places_left: Option<usize>) -> Levers {
    let groups = Groups::of(decided.linked);
    let group_of = |decision: &Decision| groups.of_family(decided.linked.periods[decision.period].family);
    let mut claimable: BTreeMap<FamilyIndex, ()> = BTreeMap::new();
    for decision in decided.decisions.iter().filter(|decision| decision.status == Status::Claimable) {
        claimable.insert(group_of(decision), ());
    }
    let family_of = |decision: &Decision| decided.linked.periods[decision.period].family;
    let of_group =
        nearest(decided, &|decision| Some(group_of(decision)).filter(|group| !claimable.contains_key(group)));
    let by_period = decided.by_period();
    let is_claimable = |family: FamilyIndex| {
        let mut periods = decided.linked.families[family].periods.iter();
        periods.any(|period| by_period[*period].status == Status::Claimable)
    };
    let of_family = nearest(decided, &|decision| Some(family_of(decision)).filter(|family| !is_claimable(*family)));
    let families = of_group;
    Levers {
        levers: by_reason(&families, decided.rules.parameters.payment, places_beyond(places_left, claimable.len())),
        needs: by_need(&families, decided.rules.parameters.payment, places_beyond(places_left, claimable.len())),
        shared: shared(&families, decided.rules.parameters.payment, places_beyond(places_left, claimable.len())),
        families,
        listed: of_family,
        claimable: claimable.len(),
        places_left,
        places_beyond: places_beyond(places_left, claimable.len()),
    }
}

fn places_beyond(places_left: Option<usize>, claimable: usize) -> Option<usize> {
    places_left.map(|places| places.saturating_sub(claimable))
}

/// Of each family, or group of families, the period nearest to a claim, with what holds it; by team, practitioner and case.
/// `of` is `None` for a period that is not to be looked at.
fn nearest(decided: Decided<'_>, of: &dyn Fn(&Decision) -> Option<FamilyIndex>) -> Vec<Held> {
    let mut nearest: BTreeMap<FamilyIndex, (&Decision, Vec<Reason>)> = BTreeMap::new();
    for decision in decided.decisions.iter().filter(|decision| decision.status != Status::Claimed) {
        let Some(group) = of(decision) else { continue };
        let reasons = reasons(decided, decision);
        let key = |decision: &Decision, reasons: &[Reason]| {
            let over = matches!(decision.status, Status::NotEligible | Status::NotClaimable);
            let opened = decided.linked.periods[decision.period].opened_on;
            let later = reasons.iter().filter(|reason| !reason.entry.this_week).count();
            (over, reasons.len(), later, std::cmp::Reverse(opened), decision.case_id.clone())
        };
        match nearest.get(&group) {
            Some((other, theirs)) if key(other, theirs) <= key(decision, &reasons) => {}
            _ => {
                nearest.insert(group, (decision, reasons));
            }
        }
    }
    let mut families: Vec<Held> = nearest
        .into_values()
        .filter(|(_, reasons)| !reasons.is_empty())
        .map(|(decision, reasons)| held(decided, decision, reasons))
        .collect();
    families
        .sort_by(|a, b| (&a.team, &a.lead_practitioner, &a.case_id).cmp(&(&b.team, &b.lead_practitioner, &b.case_id)));
    families
}

fn held(decided: Decided<'_>, decision: &Decision, reasons: Vec<Reason>) -> Held {
    let cases = &decided.linked.periods[decision.period].cases;
    Held {
        case_id: decision.case_id.clone(),
        family_id: decision.family_id.clone(),
        team: cases.iter().rev().find_map(|case| case.team.clone()),
        lead_practitioner: cases.iter().rev().find_map(|case| case.lead_practitioner.clone()),
        status: decision.status,
        earliest_possible_on: decision.earliest_possible_on,
        reasons,
    }
}

/// Everything that stands between a period and a claim.
fn reasons(decided: Decided<'_>, decision: &Decision) -> Vec<Reason> {
    let table = &decided.rules.pack.levers;
    let evaluated = &decision.evaluated;
    let period = &decided.linked.periods[decision.period];
    let mut found: Vec<Reason> = Vec::new();
    for ruling in evaluated.rulings.iter().filter(|ruling| !ruling.verdict.lets_through()) {
        let children = match ruling.rule {
            RuleName::Attendance => {
                let facts = facts_of(decided.linked, period, decided.attended, decided.rules);
                let of_verdict = evaluated.children.iter().filter(|child| child.verdict == ruling.verdict);
                of_verdict.map(|child| of_child(facts, child)).collect()
            }
            _ => Vec::new(),
        };
        let of_kind = table.of(ruling.rule.word(), ruling.kind);
        let elsewhere = match (ruling.rule, ruling.verdict) {
            (RuleName::Attendance, Verdict::Unknown) => table.without_a_school(&of_kind, &of_no_school(evaluated)),
            _ => None,
        };
        let entry = elsewhere.unwrap_or_else(|| of_kind.clone());
        // One birth date, or one unreadable row, can stand in the way of two rules: it is one thing to settle.
        let told = |other: &Reason| other.entry.kind == entry.kind && other.entry.needs == entry.needs;
        if found.iter().any(told) {
            continue;
        }
        found.push(Reason {
            entry,
            settles: ruling.settles.clone().unwrap_or_else(|| ruling.because.clone()),
            children,
            of_kind,
        });
        if ruling.rule == RuleName::Attendance
            && ruling.verdict == Verdict::NotMet
            && let Some(reason) = other_children(decided, period, evaluated)
        {
            found.push(reason);
        }
        if ruling.rule == RuleName::Progress
            && let Some((kind, said)) = months_behind_progress(decided, decision)
        {
            let entry = table.of(RuleName::Sustainment.word(), kind);
            found.push(Reason { of_kind: entry.clone(), entry, settles: said, children: Vec::new() });
        }
    }
    if found.is_empty() && decision.status != Status::Claimable {
        // Every rule is met, and the families linked to each other are not told apart.
        let settles = decision.until_then.clone().unwrap_or_else(|| decision.reason.clone());
        let entry = table.of(ONE_CLAIM, decision.reason_kind);
        found.push(Reason { of_kind: entry.clone(), entry, settles, children: Vec::new() });
    }
    name_nobody_protected(decided, period, &mut found);
    found
}

/// A child of a reason.
fn of_child(facts: Facts<'_>, child: &Child) -> OfChild {
    let settled_by = settled_by(facts, child);
    let settles = if child.verdict == Verdict::Unknown && !settled_by.is_empty() {
        settled_by.join("; ")
    } else {
        format!("{}: {}", child.person_id, child.because)
    };
    OfChild { person_id: Some(child.person_id.clone()), settles }
}

/// Takes the ids of people with a restricted row out of the reasons of a family that has a restricted link: the same child
/// under two families of a list would say that they are linked.
fn name_nobody_protected(decided: Decided<'_>, period: &Period, found: &mut [Reason]) {
    let unnamed = decided.linked.not_named_in_lists(&decided.linked.families[period.family]);
    for reason in found {
        reason.settles = unnamed.taken_out(&reason.settles, Unnamed::SOMEBODY);
        for child in &mut reason.children {
            child.settles = unnamed.taken_out(&child.settles, Unnamed::SOMEBODY);
            child.person_id.take_if(|named| unnamed.covers(named));
        }
    }
}

/// Where the attendance of one child is too low and that of another is not known: the second holds the family as well, though
/// the ruling speaks of the first.
fn other_children(decided: Decided<'_>, period: &Period, evaluated: &Evaluated) -> Option<Reason> {
    let unknown: Vec<&Child> = evaluated.children.iter().filter(|child| child.verdict == Verdict::Unknown).collect();
    let terms = unknown.iter().flat_map(|child| &child.terms);
    let kind = terms.clone().find(|term| term.verdict == Verdict::Unknown)?.kind;
    let table = &decided.rules.pack.levers;
    let of_kind = table.of(RuleName::Attendance.word(), kind);
    let said: Vec<String> = unknown.iter().map(|child| format!("{}: {}", child.person_id, child.because)).collect();
    let facts = facts_of(decided.linked, period, decided.attended, decided.rules);
    Some(Reason {
        entry: table.without_a_school(&of_kind, &of_no_school(evaluated)).unwrap_or_else(|| of_kind.clone()),
        settles: said.join("; "),
        children: unknown.iter().map(|child| of_child(facts, child)).collect(),
        of_kind,
    })
}

/// Of the children whose attendance is unknown those of whom no school can give it: why not.
fn of_no_school(evaluated: &Evaluated) -> Vec<NoSchool> {
    let unsettled = evaluated.children.iter().flat_map(Child::unsettled);
    let why = unsettled.filter_map(|(_, settles)| match settles {
        Settles::AtHome => Some(NoSchool::AtHome),
        Settles::AtNoSchool => Some(NoSchool::AtNoSchool),
        Settles::Upn => Some(NoSchool::NoUpn),
        Settles::FromSchool(_) | Settles::Mending => None,
    });
    why.collect()
}

/// Where progress is what is missing, sustainment is not judged; but a family is held by progress alone only where the months
/// would be full. Of a need left without outcome at closing the outcome came by the closing at the latest, so that the months
/// are counted from there. In every other case they have not begun.
fn months_behind_progress(decided: Decided<'_>, decision: &Decision) -> Option<(&'static str, String)> {
    let period = &decided.linked.periods[decision.period];
    let not_begun = || Some(("no progress to sustain", "the months start with the last outcome".to_owned()));
    let Some(closed) = period.closed_on.filter(|_| decision.evaluated.verdict(RuleName::Progress) == Verdict::Unknown)
    else {
        return not_begun();
    };
    let as_at = decided.linked.as_at;
    let due = add_months(closed, decided.rules.parameters.sustainment_months);
    let opened_inside = |other: &Period| closed < other.opened_on && other.opened_on <= due.min(as_at);
    let breaks = |families: &mut dyn Iterator<Item = FamilyIndex>| {
        let mut periods = families.flat_map(|of| &decided.linked.families[of].periods);
        periods.any(|index| *index != decision.period && opened_inside(&decided.linked.periods[*index]))
    };
    if decided.rules.parameters.new_case_breaks {
        if breaks(&mut std::iter::once(period.family)) {
            return Some(("new support during the months", format!("new support came before {due}")));
        }
        let facts = facts_of(decided.linked, period, decided.attended, decided.rules);
        if linked_opening(facts, closed, due.min(as_at)).is_some() {
            let said = "an agreement on sustainment by someone who knows both families";
            return Some(("a linked family's new period of support", said.to_owned()));
        }
    }
    (as_at < due).then(|| ("the months are not over yet", format!("counted from the closing they are full on {due}")))
}

fn by_reason(families: &[Held], payment: Pounds, places: Option<usize>) -> Vec<Lever> {
    let mut levers: BTreeMap<(&str, &str, Actor), (Lever, BTreeSet<&str>)> = BTreeMap::new();
    for family in families {
        for reason in &family.reasons {
            let key = (reason.entry.rule.as_str(), reason.entry.kind.as_str(), reason.entry.who);
            let (lever, needs) = levers.entry(key).or_insert_with(|| {
                let lever = Lever {
                    entry: reason.entry.clone(),
                    alone: 0,
                    for_one_child: 0,
                    with_others: 0,
                    value: Pounds::default(),
                    value_within_places: None,
                };
                (lever, BTreeSet::new())
            });
            needs.insert(&reason.entry.needs);
            if family.alone().is_some() {
                lever.alone += 1;
                lever.for_one_child += usize::from(reason.children.len() == 1);
            } else {
                lever.with_others += 1;
            }
        }
    }
    // One reason may need another thing of another family: a child at home, or at no school.
    let told = |(lever, needs): (Lever, BTreeSet<&str>)| {
        let needs = needs.into_iter().collect::<Vec<_>>().join("; or ");
        Lever { entry: LeverEntry { needs, ..lever.entry }, ..lever }
    };
    let mut levers: Vec<Lever> = levers.into_values().map(told).collect();
    for lever in &mut levers {
        lever.value = payment.for_each_of(lever.alone);
        lever.value_within_places = places.map(|places| payment.for_each_of(lever.alone.min(places)));
    }
    levers.sort_by(|a, b| {
        let key = |lever: &Lever| (!lever.entry.this_week, usize::MAX - lever.alone, usize::MAX - lever.with_others);
        let word = |lever: &Lever| (lever.entry.rule.clone(), lever.entry.kind.clone(), lever.entry.who);
        (key(a), word(a)).cmp(&(key(b), word(b)))
    });
    levers
}

fn by_need(families: &[Held], payment: Pounds, places: Option<usize>) -> Vec<Need> {
    let mut needs: BTreeMap<(bool, Actor, &str, Option<bool>), usize> = BTreeMap::new();
    for reason in families.iter().filter_map(Held::alone) {
        let entry = &reason.entry;
        let one_child =
            (!reason.children.is_empty() && entry.who == Actor::School).then_some(reason.children.len() == 1);
        *needs.entry((!entry.this_week, entry.who, &entry.needs, one_child)).or_default() += 1;
    }
    let mut needs: Vec<Need> = needs
        .into_iter()
        .map(|((later, who, needs, one_child), families)| Need {
            who,
            this_week: !later,
            needs: needs.to_owned(),
            one_child,
            families,
            value: payment.for_each_of(families),
            value_within_places: places.map(|places| payment.for_each_of(families.min(places))),
        })
        .collect();
    needs.sort_by(|a, b| {
        let key = |need: &Need| (!need.this_week, usize::MAX - need.families, need.who);
        (key(a), &a.needs, a.one_child).cmp(&(key(b), &b.needs, b.one_child))
    });
    needs
}

/// Evidence that a school can give for some of the families only: of all of them, and of those.
fn shared(families: &[Held], payment: Pounds, places: Option<usize>) -> Vec<Shared> {
    let mut counts: BTreeMap<(&str, bool), (usize, usize)> = BTreeMap::new();
    for reason in families.iter().filter_map(Held::alone).filter(|reason| !reason.children.is_empty()) {
        if reason.of_kind.who == Actor::School {
            let count = counts.entry((&reason.of_kind.needs, reason.children.len() > 1)).or_default();
            count.0 += 1;
            count.1 += usize::from(reason.entry.who == Actor::School);
        }
    }
    let parts = counts.into_iter().filter(|(_, (all, by_school))| by_school < all);
    parts
        .map(|((needs, several), (families, by_school))| Shared {
            all: Need {
                who: Actor::School,
                this_week: true,
                needs: needs.to_owned(),
                one_child: Some(!several),
                families,
                value: payment.for_each_of(families),
                value_within_places: places.map(|places| payment.for_each_of(families.min(places))),
            },
            by_school,
            value_by_school: payment.for_each_of(by_school),
        })
        .collect()
}
