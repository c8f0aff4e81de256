//! Whom rule 5 looks at: members of compulsory school age and members of unknown age, all of them or those whom a need
//! names. The others are listed with why, and with the figures held of them: nobody should have to guess whether a child
//! was forgotten.

use super::super::facts::Facts;
use super::super::members::{Born, Member, members};
use super::super::ruling::Verdict;
use super::child::{Child, share_words};
use super::percent;
use crate::dates::{Date, in_words, is_under_18, school_age};
use crate::ids::PersonId;
use crate::place::Place;
use crate::rules::calendar::TermIndex;
use crate::rules::parameters::{ChildrenLookedAt, SchoolAgeAt};
use rustc_hash::FxHashSet;

/// The members whom the rule looks at, of those given.
pub(super) fn looked_at<'m, 'a>(facts: Facts<'a>, members: &'m [Member<'a>]) -> Vec<&'m Member<'a>> {
    let of_age: Vec<&Member<'a>> = members.iter().filter(|member| may_be_of_school_age(facts, member)).collect();
    match named(facts, &of_age) {
        Named::Everybody => of_age,
        Named::These(named) => of_age.into_iter().filter(|member| named.contains(&member.row.person_id)).collect(),
    }
}

/// Whom needs of the attendance headline name, where the rules look at those alone.
enum Named<'a> {
    Everybody,
    These(FxHashSet<&'a PersonId>),
}

/// A need that names nobody whom the rule could look at names every member: the child it is about is then not known.
fn named<'a>(facts: Facts<'a>, of_age: &[&Member<'_>]) -> Named<'a> {
    if facts.parameters().children == ChildrenLookedAt::All {
        return Named::Everybody;
    }
    let can_be_looked_at: FxHashSet<&PersonId> = of_age.iter().map(|member| &member.row.person_id).collect();
    let mut named = FxHashSet::default();
    let headline = facts.rules.framework.attendance_headline;
    for need in facts.period.needs.iter().filter(|need| need.criterion.headline == headline) {
        match need.person_id.as_ref().filter(|person| can_be_looked_at.contains(person)) {
            Some(person) => drop(named.insert(person)),
            None => return Named::Everybody,
        }
    }
    Named::These(named)
}

fn may_be_of_school_age(facts: Facts<'_>, member: &Member<'_>) -> bool {
    match member.born.on() {
        Some(born) => is_of_school_age(facts, born),
        None => member.is_of_unknown_age(),
    }
}

/// Whether a child born on this day is of school age: on the as-at date, or on the first day of any of the terms.
fn is_of_school_age(facts: Facts<'_>, born: Date) -> bool {
    let age = school_age(born);
    match facts.parameters().school_age {
        SchoolAgeAt::AsAt => age.covers(facts.as_at()),
        SchoolAgeAt::AnyTerm => {
            facts.attended.looked_at.iter().any(|term| age.covers(facts.rules.calendar.term(*term).span.from))
        }
    }
}

/// A member under 18, or with attendance on record in the terms looked at, whom the rule did not look at.
#[derive(Clone, Debug)]
pub struct NotLookedAt {
    /// Who.
    pub person_id: PersonId,
    /// The row of people.
    pub place: Place,
    /// Why not, in words that follow "not looked at:".
    pub why: String,
    /// The figures held, by term, in words.
    pub figures: Vec<(TermIndex, String)>,
}

/// The members under 18, and those with attendance on record, whom the rule did not look at, by id. `children` are those
/// whom it judged.
pub fn not_looked_at(facts: Facts<'_>, children: &[Child]) -> Vec<NotLookedAt> {
    let members = members(facts);
    let looked_at: FxHashSet<&PersonId> =
        looked_at(facts, &members).into_iter().map(|member| &member.row.person_id).collect();
    // A child without an applicable term is left out; one of whom too few terms are held is not.
    let left_out: FxHashSet<&PersonId> = children
        .iter()
        .filter(|child| child.terms.is_empty() && child.verdict != Verdict::Unknown)
        .map(|child| &child.person_id)
        .collect();
    let of = |member: &Member<'_>| {
        let who = &member.row.person_id;
        let is_left_out = left_out.contains(who);
        if looked_at.contains(who) && !is_left_out {
            return None;
        }
        let figures = figures(facts, who);
        let is_minor = member.born.on().is_some_and(|born| is_under_18(born, facts.as_at()));
        (is_minor || !figures.is_empty()).then(|| NotLookedAt {
            person_id: who.clone(),
            place: member.row.place.clone(),
            why: why(facts, member, is_left_out),
            figures,
        })
    };
    members.iter().filter_map(of).collect()
}

fn why(facts: Facts<'_>, member: &Member<'_>, is_left_out: bool) -> String {
    let Some(born) = member.born.on() else {
        return match member.born {
            Born::Missing if !member.is_of_unknown_age() => "an adult without a birth date".to_owned(),
            _ => not_named(facts),
        };
    };
    let age = school_age(born);
    if is_left_out {
        "was not of compulsory school age when any of the terms looked at began".to_owned()
    } else if is_of_school_age(facts, born) {
        not_named(facts)
    } else if age.to < facts.as_at() {
        format!("passed compulsory school age on {}", in_words(age.to))
    } else if facts.as_at() < age.from {
        format!("not of compulsory school age until {}", in_words(age.from))
    } else {
        format!("of compulsory school age since {}, after the terms looked at began", in_words(age.from))
    }
}

fn not_named(facts: Facts<'_>) -> String {
    format!(
        "not named by a need of headline {} (attendance.children is with_need)",
        facts.rules.framework.attendance_headline
    )
}

/// What is held of a person in the terms looked at.
fn figures(facts: Facts<'_>, person: &PersonId) -> Vec<(TermIndex, String)> {
    let of = |term: &TermIndex| {
        let records = facts.attended.of(person, *term)?;
        let said = match (&records.settled, &records.trouble) {
            (None, _) if !records.percents.is_empty() => format!("no sessions; {}", percent::quoted(records)),
            (None, _) => "records that cannot be used".to_owned(),
            (Some(settled), None) => share_words(settled.least),
            (Some(settled), Some(_)) => format!("{}, not to be relied on", share_words(settled.least)),
        };
        Some((*term, said))
    };
    facts.attended.looked_at.iter().filter_map(of).collect()
}
