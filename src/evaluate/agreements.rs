//! Agreements: what a person has decided where the records do not tell. Of several in force on the same
//! thing one that names a term outranks one that does not; then the latest; then `not_met`.
//!
//! The text: contract section 4, the paragraph on agreements (`docs/contract.md`). Worked cases:
//! `rules/cases/agreements.toml`.

use super::facts::Facts;
use super::ruling::{Agreed, Fact, Ruling, Verdict};
use crate::ids::PersonId;
use crate::link::Family;
use crate::place::Place;
use crate::rules::calendar::Term;
use crate::rules::name::RuleName;
use crate::validate::rows::Agreement;
use rustc_hash::FxHashMap;

/// The agreement that counts, of those on the same thing.
fn strongest<'a>(agreements: impl Iterator<Item = &'a Agreement>) -> Option<&'a Agreement> {
    agreements.max_by(|a, b| {
        let rank = |agreement: &Agreement| (agreement.term.is_some(), agreement.agreed_on, !agreement.met);
        // The place only decides between agreements that say the same, so that the order of rows never shows.
        rank(a).cmp(&rank(b)).then_with(|| b.place.cmp(&a.place))
    })
}

/// The agreement on a whole rule.
pub fn on_rule<'a>(facts: Facts<'a>, rule: RuleName) -> Option<&'a Agreement> {
    strongest(
        facts.period.agreements.iter().filter(|agreement| {
            agreement.rule == rule && (agreement.person_id.is_none() || rule != RuleName::Attendance)
        }),
    )
}

/// The agreements on children's attendance, by child: a family may have many of both.
#[derive(Default)]
pub struct OnChildren<'a>(FxHashMap<&'a PersonId, Vec<&'a Agreement>>);

impl<'a> OnChildren<'a> {
    /// Those of a period.
    pub fn of(facts: Facts<'a>) -> OnChildren<'a> {
        let mut by_child: FxHashMap<&PersonId, Vec<&Agreement>> = FxHashMap::default();
        for agreement in facts.period.agreements.iter().filter(|agreement| agreement.rule == RuleName::Attendance) {
            if let Some(person) = &agreement.person_id {
                by_child.entry(person).or_default().push(agreement);
            }
        }
        OnChildren(by_child)
    }

    /// The one on a child's attendance in a term.
    pub fn in_term(&self, person: &PersonId, term: &Term) -> Option<&'a Agreement> {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        let is_on = |agreement: &&Agreement| {
            let of = agreement.term.as_ref();
            of.is_none_or(|(year, name)| same(year, &term.academic_year) && same(name, &term.term))
        };
        strongest(self.0.get(person)?.iter().copied().filter(is_on))
    }
}

/// Turns a verdict into `unknown` where an agreement on its rule could not be read: what it says, and of whom, is not known.
pub fn not_readable(facts: Facts<'_>, ruling: &mut Ruling) {
    let held = facts.period.held_agreements.iter().filter(|(rule, _)| *rule == ruling.rule && rule.can_be_agreed());
    let places: Vec<Place> = held.map(|(_, place)| place.clone()).collect();
    if !places.is_empty() {
        *ruling = ruling.clone().unreadable("agreements that could not be read", "agreements", &places);
    }
}

/// Puts the answer of an agreement on the whole rule in the place of the verdict, where that is one of `open_to`.
pub fn on_the_verdict(facts: Facts<'_>, ruling: Ruling, open_to: &[Verdict]) -> Ruling {
    match on_rule(facts, ruling.rule) {
        Some(agreement) if open_to.contains(&ruling.verdict) => answered(facts, ruling, agreement),
        _ => ruling,
    }
}

/// The ruling with the answer of an agreement; recorded as agreed only where that changes the verdict.
pub fn answered(facts: Facts<'_>, mut ruling: Ruling, agreement: &Agreement) -> Ruling {
    let answer = if agreement.met { Verdict::Met } else { Verdict::NotMet };
    if answer == ruling.verdict {
        return ruling;
    }
    let without = ruling.verdict;
    ruling.because = format!(
        "agreed as {} by a person on {}; without the agreement {}: {}",
        answer.said(),
        agreement.agreed_on,
        without.said(),
        ruling.because
    );
    ruling.kind = if agreement.met { "met by agreement" } else { "not met by agreement" };
    ruling.verdict = answer;
    ruling.settles = None;
    ruling.to_mend = false;
    ruling.agreed = Some(Agreed { instead_of: without, fact: fact(facts.family, agreement) });
    ruling
}

/// Said in the place of what an officer typed, before the row in which that stands.
pub const REASON_LEFT_OUT: &str = "the reason is left out here, since a linked family is restricted; it stands in";

/// The agreement as a fact. An officer may have typed the other family's name into the reason, so where a linked family
/// is restricted the row is named in its place.
pub fn fact(family: &Family, agreement: &Agreement) -> Fact {
    let text = if family.has_hidden_link() {
        said(agreement, &format!("{REASON_LEFT_OUT} {}", agreement.place))
    } else {
        said(agreement, &agreement.reason)
    };
    Fact::at(text, &agreement.place)
}

/// What an agreement says, with these words as its reason.
pub fn said(agreement: &Agreement, reason: &str) -> String {
    let until = agreement.until.map(|day| format!(" until {day}")).unwrap_or_default();
    let answer = if agreement.met { "met" } else { "not met" };
    format!("agreed as {answer} by {} on {}{until}: {reason}", agreement.agreed_by, agreement.agreed_on)
}
