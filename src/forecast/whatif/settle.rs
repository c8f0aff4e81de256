//! What holds families back, taken as settled for some of them: which families, and what their decisions then are.
//!
//! Families are picked from those that [`levers_of`] says are held by it, each group that shares a person once, and that could
//! then still become a claim. A part of them is a fair part: of those that nothing else holds and of those that other things
//! hold too, each in proportion, in an order that has nothing to do with what they would gain and is the same on every run.
//!
//! A rule that is settled counts as met; but an outcome does not bring the months after it, so that a family whose outcomes
//! are settled still waits for those.

use crate::decide::again::Decided;
use crate::decide::{Decision, Status, facts_of};
use crate::evaluate::{Evaluated, Facts, Ruling, Verdict, evaluate, sustainment};
use crate::forecast::levers::{Held, Reason, levers_of};
use crate::ids::{CaseId, FamilyId};
use crate::indexed::Indexed;
use crate::link::{Family, Period, PeriodIndex};
use crate::receipt::Fingerprint;
use crate::rules::levers::{Actor, LeverEntry, ONE_CLAIM};
use crate::rules::name::RuleName;
use crate::share::Ratio;
use crate::words::{counted, grouped};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// One reason.
    Lever {
        /// The rule.
        rule: String,
        /// The kind of reason.
        kind: String,
    },
    /// Every reason that is in the hands of this one and can be settled by setting about it now.
    Who(Actor),
    /// Missing evidence or attendance, of cases from this source.
    Partner(String),
}

/// For how many families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowMany {
    /// This part of those that it holds, from 0 to 1; rounded half up.
    Part(Decimal),
    /// So many, or all where there are fewer.
    Count(usize),
}

/// The id of a lever in a scenario: the rule, and the words of the kind of reason with `_` between them.
pub fn lever_id(entry: &LeverEntry) -> String {
    let kind = entry.kind.replace('\'', "");
    let words: Vec<&str> = kind.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!("{}.{}", entry.rule, words.join("_"))
}

/// One thing to take as settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settle {
    /// What.
    pub which: Which,
    /// For how many families.
    pub how_many: HowMany,
    /// The key that asked for it.
    pub key: String,
}

/// A family for which something is taken as settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// The case that names its period.
    pub case_id: CaseId,
    /// The family.
    pub family_id: FamilyId,
    /// The ids of the levers that are taken as settled, in the order of the rules.
    pub settled: Vec<String>,
}

/// Decisions where things are taken as settled.
pub struct Settled {
    /// All decisions, sorted by case.
    pub decisions: Vec<Decision>,
    /// The families picked, by case.
    pub picked: Vec<Picked>,
    /// How many of how many, in sentences.
    pub said: Vec<String>,
}

/// The kind of reason of a rule that is taken as settled.
const SETTLED: &str = "taken as settled in the scenario";

/// Takes all of these as settled. `places_left` as for the levers.
pub fn settle(decided: Decided<'_>, places_left: Option<usize>, all: &[&Settle]) -> Settled {
    let levers = levers_of(decided, places_left);
    let decisions: BTreeMap<&CaseId, &Decision> =
        decided.decisions.iter().map(|decision| (&decision.case_id, decision)).collect();
    let mut chosen: BTreeMap<CaseId, (&Held, Vec<&LeverEntry>)> = BTreeMap::new();
    let mut said = Vec::new();
    for one in all {
        let mut candidates: Vec<Candidate<'_>> = Vec::new();
        for held in &levers.families {
            let Some(decision) = decisions.get(&held.case_id) else { continue };
            let reasons = held.reasons.iter().filter(|reason| concerns(&one.which, decided, decision, reason));
            let entries: Vec<&LeverEntry> = reasons.map(|reason| &reason.of_kind).collect();
            if !entries.is_empty() {
                candidates.push((held, entries));
            }
        }
        keep_possible(decided, &decisions, &mut candidates);
        let (candidates, sentence) = fair_part(one, candidates);
        said.push(sentence);
        said.extend(not_this_week(decided, one));
        for (held, entries) in candidates {
            let mine = chosen.entry(held.case_id.clone()).or_insert_with(|| (held, Vec::new()));
            for entry in entries {
                if !mine.1.contains(&entry) {
                    mine.1.push(entry);
                }
            }
        }
    }
    let entries: BTreeMap<CaseId, Vec<&LeverEntry>> =
        chosen.iter().map(|(case, (_, entries))| (case.clone(), entries.clone())).collect();
    let mut decisions = with_settled(decided, &entries).into_list();
    decisions.sort_by(|a, b| a.case_id.cmp(&b.case_id));
    let picked = chosen.into_iter().map(|(case_id, (held, entries))| Picked {
        case_id,
        family_id: held.family_id.clone(),
        settled: entries.into_iter().map(lever_id).collect(),
    });
    Settled { decisions, picked: picked.collect(), said }
}

/// A decimal as an exact ratio.
fn ratio(part: Decimal) -> Ratio {
    let part = part.normalize();
    Ratio::new(part.mantissa(), 10i128.pow(part.scale()))
}

/// A family with the reasons to settle.
type Candidate<'a> = (&'a Held, Vec<&'a LeverEntry>);

/// The families for whom it is settled, and how many of how many in a sentence.
fn fair_part<'a>(one: &Settle, candidates: Vec<Candidate<'a>>) -> (Vec<Candidate<'a>>, String) {
    let held = candidates.len();
    let (mut alone, mut with_others): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|(held, entries)| entries.len() == held.reasons.len());
    let (wanted, part) = match one.how_many {
        HowMany::Count(count) => (count, Ratio::of_counts(count.min(held), held)),
        HowMany::Part(part) => (Ratio::whole(held).times(ratio(part)).rounded(), ratio(part)),
    };
    let taken = wanted.min(held);
    let (of_alone, of_others) = (alone.len(), with_others.len());
    // Halves are rounded up of all and of those held alone, so that the rest is never less than none or more than there are.
    let of = Ratio::whole(of_alone).times(part).rounded();
    for (kind, count) in [(&mut alone, of), (&mut with_others, taken - of)] {
        kind.sort_by_cached_key(|(held, _)| drawn(&one.key, &held.case_id));
        kind.truncate(count);
    }
    let mut said = format!(
        "{}: taken as settled for {} of the {} that it holds and that can become a claim",
        one.key,
        counted(taken, "family", "families"),
        grouped(&held.to_string())
    );
    if taken > 0 && taken < held {
        if of_alone > 0 && of_others > 0 {
            said.push_str(&format!(
                ": {} of the {} that nothing else holds and {} of the {} that other things hold too",
                grouped(&alone.len().to_string()),
                grouped(&of_alone.to_string()),
                grouped(&with_others.len().to_string()),
                grouped(&of_others.to_string())
            ));
        }
        said.push_str(", drawn without regard to what they would gain.");
    } else {
        said.push('.');
    }
    if wanted > held {
        said.push_str(" There are no more.");
    }
    alone.append(&mut with_others);
    (alone, said)
}

/// The place of a case in the draw: its id scrambled together with the key, so that the order says nothing about the family,
/// a larger part has all of a smaller one, and what one key draws does not hang on what another does.
fn drawn(key: &str, case: &CaseId) -> (Fingerprint, CaseId) {
    (Fingerprint::of(format!("{key}\n{case}").as_bytes()), case.clone())
}

/// What a reason named outright needs where nobody can settle it now.
fn not_this_week(decided: Decided<'_>, one: &Settle) -> Option<String> {
    let Which::Lever { rule, kind } = &one.which else { return None };
    let entry = decided.rules.pack.levers.of(rule, kind);
    (!entry.this_week).then(|| format!("{}: this cannot be had this week. It needs {}.", one.key, entry.needs))
}

/// Whether a reason is one of those to settle.
fn concerns(which: &Which, decided: Decided<'_>, decision: &Decision, reason: &Reason) -> bool {
    let entry = &reason.entry;
    match which {
        Which::Lever { rule, kind } => entry.rule == *rule && entry.kind == *kind,
        Which::Who(who) => entry.who == *who && entry.this_week,
        Which::Partner(source) => {
            let missing = [RuleName::Attendance, RuleName::Evidence]
                .into_iter()
                .any(|rule| entry.rule == rule.word() && decision.evaluated.verdict(rule) == Verdict::Unknown);
            missing && decided.linked.periods[decision.period].sources().contains(&source.as_str())
        }
    }
}

/// Leaves out those that cannot become a claim all the same: judged with all of them settled.
fn keep_possible(decided: Decided<'_>, decisions: &BTreeMap<&CaseId, &Decision>, candidates: &mut Vec<Candidate<'_>>) {
    let entries = candidates.iter().map(|(held, entries)| (held.case_id.clone(), entries.clone())).collect();
    // By period.
    let after = with_settled(decided, &entries);
    let then = |held: &Held| decisions.get(&held.case_id).map(|decision| &after[decision.period]);
    candidates.retain(|(held, _)| then(held).is_some_and(|decision| decision.earliest_possible_on.is_some()));
}

/// The decisions with these reasons settled, in the order of the periods.
fn with_settled(decided: Decided<'_>, entries: &BTreeMap<CaseId, Vec<&LeverEntry>>) -> Indexed<PeriodIndex, Decision> {
    let mut decisions = decided
        .with_rulings(|decision| entries.get(&decision.case_id).map(|entries| rulings(decided, decision, entries)));
    // Every rule was met, and it was to be said which of two linked families is claimed: this one.
    for decision in &mut decisions {
        let of = entries.get(&decision.case_id).into_iter().flatten();
        if decision.status == Status::Review && of.into_iter().any(|entry| entry.rule == ONE_CLAIM) {
            decision.status = Status::Claimable;
            decision.reason_kind = SETTLED;
            decision.reason = "Every rule is met; that this one of the linked families is claimed is taken as settled in the scenario.".to_owned();
        }
    }
    decisions
}

/// What the rules say of a period where these reasons are settled.
fn rulings(decided: Decided<'_>, decision: &Decision, entries: &[&LeverEntry]) -> Evaluated {
    let linked = decided.linked;
    let period = &linked.periods[decision.period];
    let (mut of_period, mut of_family): (Period, Family) = (period.clone(), linked.families[period.family].clone());
    let mut set_aside = false;
    for entry in entries {
        match entry.kind.as_str() {
            // The outcome came by the closing at the latest.
            "closed, but at least one need has no outcome recorded" => {
                for need in of_period.needs.iter_mut().filter(|need| need.outcome_on.is_none()) {
                    need.outcome_on = period.closed_on;
                }
            }
            "months start at closure" => of_period.closed_on = Some(linked.as_at),
            "a linked family's new period of support" => set_aside = true,
            // Rows are mended, and say what the others say.
            "criteria that could not be read" => of_period.held_needs.clear(),
            "cases that could not be read" => of_family.held_cases.clear(),
            "people that could not be read" => of_family.held_people.clear(),
            "claims that could not be read" => of_family.held_claims.clear(),
            "former ids that could not be read" => of_family.held_former.clear(),
            "agreements that could not be read" => of_period.held_agreements.clear(),
            _ => {}
        }
    }
    let facts =
        Facts { period: &of_period, family: &of_family, ..facts_of(linked, period, decided.attended, decided.rules) };
    let mut evaluated = evaluate(facts);
    let table = &decided.rules.pack.levers;
    let is_settled = |ruling: &Ruling| {
        let mine = table.of(ruling.rule.word(), ruling.kind);
        entries.iter().any(|entry| entry.kind == mine.kind && entry.needs == mine.needs)
    };
    let mut today = false;
    for ruling in evaluated.rulings.iter_mut().filter(|ruling| !ruling.verdict.lets_through()) {
        // Of linked families and of closing the calendar has the last word.
        if !is_settled(ruling) || ruling.kind == "a linked family's new period of support" {
            continue;
        }
        today |= ruling.rule == RuleName::Progress;
        *ruling = Ruling::new(ruling.rule, Verdict::Met, SETTLED, SETTLED);
    }
    if evaluated.verdict(RuleName::Attendance).lets_through() {
        evaluated.retest_on = None;
    }
    if today {
        evaluated.progress_on = Some(linked.as_at);
    }
    if today || set_aside {
        let alone =
            Family { groups: if set_aside { Vec::new() } else { of_family.groups.clone() }, ..of_family.clone() };
        let (ruling, sustained_on) = sustainment::ruling(Facts { family: &alone, ..facts }, evaluated.progress_on);
        if let Some(place) = evaluated.rulings.get_mut(RuleName::Sustainment as usize) {
            *place = ruling;
        }
        evaluated.sustained_on = sustained_on;
    }
    evaluated
}
