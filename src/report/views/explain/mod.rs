//! One period of support, explained so that it can be read aloud to an auditor: the same as data and as text.
//!
//! Ids only, unless names are asked for; nothing of a family behind a restricted link.
//!
//! Longer than most files, since an explanation is one record with all its fields.

pub mod explanation;
mod findings;
mod text;

pub use findings::{ExplainedConfirmation, ExplainedFinding};
pub use text::text;

use crate::attend::Trouble;
use crate::attend::named::{NamedTerms, RecordsNamed, TermAsked};
use crate::decide::Decision;
use crate::error::Result;
use crate::evaluate::agreements::fact as agreement_fact;
use crate::evaluate::attendance::Child;
use crate::evaluate::reclaim::own_claim;
use crate::evaluate::{Agreed, Fact, Ruling, Verdict, parameters_of};
use crate::ids::PersonId;
use crate::link::{Family, Linked, Period};
use crate::load::Loaded;
use crate::place::Place;
use crate::recheck::Rechecked;
use crate::report::views::check::decisions::figures_said;
use crate::report::views::check::doubts;
use crate::report::views::check::parameter;
use crate::report::views::recheck;
use crate::rules::calendar::TermIndex;
use crate::rules::name::RuleName;
use crate::run::Outcome;
use crate::share::Sessions;
use crate::validate::rows::PersonRow;
use crate::words::counted;
pub use explanation::AS_IT_STOOD;
pub use explanation::ByAgreement;
pub use explanation::CitedSentence;
pub use explanation::Explained;
pub use explanation::ExplainedChild;
pub use explanation::ExplainedNotLookedAt;
pub use explanation::ExplainedPast;
pub use explanation::ExplainedTerm;
pub use explanation::Explanation;
pub use explanation::RestsOn;
pub use explanation::Said;
use rustc_hash::FxHashMap;

fn said(fact: &Fact) -> Said {
    let place = fact.place.as_ref();
    Said { text: fact.text.clone(), file: place.map(|place| place.file.to_string()), row: place.map(|place| place.row) }
}

fn agreed(agreed: Option<&crate::evaluate::Agreed>) -> Option<ByAgreement> {
    agreed.map(|agreed| ByAgreement { instead_of: agreed.instead_of.word(), agreement: said(&agreed.fact) })
}

/// The records behind the children's terms of these decisions, which an explanation names.
///
/// # Errors
/// A file of marks cannot be read again.
pub fn records(outcome: &Outcome<'_>, decisions: &[&Decision], loaded: &Loaded) -> Result<NamedTerms> {
    let children = decisions.iter().flat_map(|decision| &decision.evaluated.children);
    let mut wanted: Vec<(PersonId, TermIndex)> =
        children.flat_map(|child| child.terms.iter().map(|term| (child.person_id.clone(), term.term))).collect();
    wanted.sort();
    wanted.dedup();
    doubts::of(&wanted, TermAsked::AllRecords, outcome, loaded)
}

/// What is said of the families linked to one: the first of those that may be named, and how many others there are.
fn linked_families(linked: &Linked, family: &Family) -> Vec<String> {
    const NAMED: usize = 5;
    let (named, more) = linked.visible_links(family, NAMED);
    let mut said: Vec<String> =
        named.iter().map(|link| format!("linked to family {}: {}", link.family, link.words().join(", "))).collect();
    if more > 0 {
        said.push(format!("linked to {}", counted(more, "more family", "more families")));
    }
    if linked.groups_of(family).any(|group| group.hidden) {
        said.push("linked to a family that is restricted and not named".to_owned());
    }
    said
}

/// Explains the decision on one period. `records` are those behind its children's terms (see [`records`]), `past` the claims that
/// were made for it, judged anew.
pub fn explain(
    outcome: &Outcome<'_>,
    decision: &Decision,
    records: &NamedTerms,
    past: &[Rechecked],
    show_names: bool,
) -> Explanation {
    let rules = &outcome.rules;
    let period = &outcome.linked.periods[decision.period];
    let family = &outcome.linked.families[period.family];
    let as_at = outcome.prepared.as_at;
    let mut listed: FxHashMap<&PersonId, &PersonRow> = FxHashMap::default();
    for row in family.listed.iter().filter(|_| show_names) {
        listed.entry(&row.person_id).or_insert(row);
    }
    let name_of = |person: &PersonId| {
        let row = listed.get(person)?;
        let names: Vec<&str> = [&row.first_name, &row.last_name].into_iter().flatten().map(String::as_str).collect();
        (!names.is_empty()).then(|| names.join(" "))
    };
    let links = linked_families(&outcome.linked, family);
    Explanation {
        as_at: as_at.to_string(),
        rules: rules.label(),
        framework: rules.framework.title.clone(),
        notices: rules.notices(as_at),
        case_id: decision.case_id.to_string(),
        family_id: decision.family_id.to_string(),
        opened_on: period.opened_on.to_string(),
        closed_on: period.closed_on.map(|day| day.to_string()),
        cases: period.cases.iter().map(|case| said(&case_fact(case, show_names))).collect(),
        status: decision.status.word(),
        status_meaning: decision.status.meaning(),
        kind: decision.kind.map(|kind| kind.word()),
        rests_on_agreements: rests_on(outcome, decision, period),
        reason: decision.reason.clone(),
        what_dated_facts_mean: rules
            .facts_of_a_case(as_at, decision.claimed_on)
            .into_iter()
            .map(|(text, source)| CitedSentence { text, source: source.to_owned() })
            .collect(),
        earliest_claim_on: decision.earliest_claim_on.map(|day| day.to_string()),
        earliest_possible_on: decision.earliest_possible_on.map(|day| day.to_string()),
        until_then: decision.until_then.clone(),
        facts: decision.facts.iter().map(said).collect(),
        as_it_stood_when_claimed: past
            .iter()
            .map(|claim| ExplainedPast { row: recheck::claims().json(&claim), lines: recheck::lines(claim) })
            .collect(),
        rulings: outcome.rulings_with_facts(decision).iter().map(|ruling| explained(outcome, ruling)).collect(),
        children: decision
            .evaluated
            .children
            .iter()
            .map(|child| explained_child(outcome, child, records, name_of(&child.person_id)))
            .collect(),
        children_not_looked_at: outcome
            .not_looked_at(decision)
            .into_iter()
            .map(|child| ExplainedNotLookedAt {
                name: name_of(&child.person_id),
                figures: figures_said(outcome, &child),
                person_id: child.person_id.to_string(),
                why: child.why,
                file: child.place.file.to_string(),
                row: child.place.row,
            })
            .collect(),
        claims: family.claims.iter().map(|claim| said(&own_claim(&outcome.linked, family, claim))).collect(),
        links,
        did_not_apply: did_not_apply(outcome, decision, period),
        findings: findings::of_period(outcome, period, family),
    }
}

fn case_fact(case: &crate::validate::rows::Case, show_names: bool) -> Fact {
    let closed = case.closed_on.map_or("still open".to_owned(), |day| format!("closed {day}"));
    let day = |what: &str, day: Option<crate::dates::Date>| {
        day.map_or(format!("no {what} dated"), |day| format!("{what} {day}"))
    };
    let team = case.team.as_deref().map(|team| format!(", team {team}")).unwrap_or_default();
    let lead = match (&case.lead_practitioner, show_names) {
        (None, _) => "no lead practitioner".to_owned(),
        (Some(_), false) => "lead practitioner named".to_owned(),
        (Some(name), true) => format!("lead practitioner {name}"),
    };
    Fact::at(
        format!(
            "case {} ({}) opened {}, {closed}; {}, {}, {lead}{team}",
            case.case_id,
            case.source,
            case.opened_on,
            day("assessment", case.assessment_on),
            day("plan", case.plan_on)
        ),
        &case.place,
    )
}

fn explained(outcome: &Outcome<'_>, ruling: &Ruling) -> Explained {
    let rules = &outcome.rules;
    let parameters = parameters_of(ruling.rule)
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), parameter(rules, rules.set.get(key).ok()?))))
        .collect();
    Explained {
        rule: ruling.rule.word(),
        verdict: ruling.verdict.word(),
        met_from: match ruling.verdict {
            Verdict::NotYet(day) => day.map(|day| day.to_string()),
            _ => None,
        },
        because: ruling.because.clone(),
        facts: ruling.facts.iter().map(said).collect(),
        parameters,
        would_settle_it: ruling.settles.clone(),
        by_agreement: agreed(ruling.agreed.as_ref()),
    }
}

/// How many half-days in doubt are named; the rest is counted.
const DOUBTS_NAMED: usize = 5;

fn doubts_of(named: &RecordsNamed) -> Vec<String> {
    let mut said: Vec<String> = named.doubts.iter().take(DOUBTS_NAMED).map(ToString::to_string).collect();
    let more = named.doubts.len() - said.len();
    if more > 0 {
        said.push(format!("and {}", counted(more, "more half-day", "more half-days")));
    }
    said.extend(named.figures.iter().take(DOUBTS_NAMED).map(|(figure, place)| format!("{figure} [{place}]")));
    let more = named.figures.len().saturating_sub(DOUBTS_NAMED);
    if more > 0 {
        said.push(format!("and {}", counted(more, "more figure", "more figures")));
    }
    said
}

fn explained_child(outcome: &Outcome<'_>, child: &Child, records: &NamedTerms, name: Option<String>) -> ExplainedChild {
    let terms = child
        .terms
        .iter()
        .map(|term| {
            let calendar_term = outcome.rules.calendar.term(term.term);
            let named = records.get(&(child.person_id.clone(), term.term));
            let trouble = outcome.attended.of(&child.person_id, term.term).and_then(|records| records.trouble.as_ref());
            let unreadable = trouble.and_then(|trouble| match trouble {
                Trouble::Unreadable(place, false) => Some(format!("{place} could not be read")),
                Trouble::Unreadable(place, true) => Some(format!("{place} could not be read, and may be of any term")),
                _ => None,
            });
            ExplainedTerm {
                academic_year: calendar_term.academic_year.clone(),
                term: calendar_term.term.clone(),
                starts_on: calendar_term.span.from.to_string(),
                ends_on: calendar_term.span.to.to_string(),
                possible: term.shown.map(|sessions| sessions.possible),
                attended: term.shown.map(|sessions| sessions.attended),
                percent: term.shown.and_then(Sessions::shown),
                half_days_on_record: term.recorded,
                half_days_of_the_term: term.half_days,
                coverage_percent: Sessions { possible: term.half_days, attended: term.recorded }.shown(),
                verdict: term.verdict.word(),
                because: term.because.clone(),
                beside: term.beside.clone(),
                doubts: unreadable
                    .into_iter()
                    .chain(named.filter(|_| term.doubts_decide).map(doubts_of).unwrap_or_default())
                    .collect(),
                records: named
                    .map(|named| named.stand_in.iter().map(ToString::to_string).collect())
                    .unwrap_or_default(),
                would_settle_it: term
                    .settles
                    .map(|settles| settles.words(&child.person_id, &calendar_term.to_string())),
                by_agreement: agreed(term.agreed.as_ref()),
            }
        })
        .collect();
    ExplainedChild {
        person_id: child.person_id.to_string(),
        name,
        file: child.place.file.to_string(),
        row: child.place.row,
        verdict: child.verdict.word(),
        because: child.because.clone(),
        terms,
    }
}

/// The agreements without which a verdict of the period would be another, in the order of the rules.
fn rests_on(outcome: &Outcome<'_>, decision: &Decision, period: &Period) -> Vec<RestsOn> {
    let mut found: Vec<RestsOn> = Vec::new();
    let mut add = |rule: RuleName, agreed: &Agreed, term: Option<String>| {
        let Some(place) = &agreed.fact.place else { return };
        let Some(agreement) = period.agreements.iter().find(|agreement| agreement.place == *place) else { return };
        let told = said(&agreed.fact);
        // One agreement may answer for several terms.
        let same = |one: &&mut RestsOn| one.agreement.file == told.file && one.agreement.row == told.row;
        if let Some(one) = found.iter_mut().find(same) {
            one.terms.extend(term);
            return;
        }
        found.push(RestsOn {
            rule: rule.word(),
            person_id: agreement.person_id.as_ref().map(ToString::to_string),
            terms: term.into_iter().collect(),
            instead_of: agreed.instead_of.word(),
            agreed_by: agreement.agreed_by.clone(),
            agreed_on: agreement.agreed_on.to_string(),
            agreement: told,
        });
    };
    for ruling in &decision.evaluated.rulings {
        let Some(agreed) = &ruling.agreed else { continue };
        if ruling.rule == RuleName::Attendance {
            for term in decision.evaluated.children.iter().flat_map(|child| &child.terms) {
                if let Some(agreed) = term.agreed.as_ref().filter(|agreed| agreed.instead_of != term.verdict) {
                    add(ruling.rule, agreed, Some(outcome.rules.calendar.term(term.term).to_string()));
                }
            }
        }
        add(ruling.rule, agreed, None);
    }
    found
}

/// Rules with nothing to judge, and agreements that changed nothing.
fn did_not_apply(outcome: &Outcome<'_>, decision: &Decision, period: &Period) -> Vec<String> {
    let rulings = decision.evaluated.rulings.iter();
    let mut lines: Vec<String> = rulings
        .filter(|ruling| ruling.verdict == Verdict::NotApplicable)
        .map(|ruling| format!("{}: {}", ruling.rule, ruling.because))
        .collect();
    let effective: Vec<&Place> = decision
        .evaluated
        .rulings
        .iter()
        .filter_map(|ruling| ruling.agreed.as_ref())
        .chain(
            decision.evaluated.children.iter().flat_map(|child| &child.terms).filter_map(|term| term.agreed.as_ref()),
        )
        .filter_map(|agreed| agreed.fact.place.as_ref())
        .collect();
    let family = &outcome.linked.families[period.family];
    for agreement in &outcome.prepared.register.agreements {
        let of_the_period = period.cases.iter().any(|case| case.case_id == agreement.case_id);
        // One agreed later does not exist at the as-at date.
        if of_the_period && agreement.agreed_on <= outcome.prepared.as_at && !effective.contains(&&agreement.place) {
            let why = match agreement.in_force_at(outcome.prepared.as_at) {
                true if outcome.rules.without_agreements => "was left out",
                true => "changed nothing",
                false => "is no longer in force",
            };
            lines.push(format!(
                "an agreement on {} ({}) {why}",
                agreement.rule,
                agreement_fact(family, agreement).text
            ));
        }
    }
    lines
}
