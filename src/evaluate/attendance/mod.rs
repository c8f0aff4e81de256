//! Rule 5, attendance: every school-age child of the family reached the threshold in the latest terms.
//!
//! The text: contract section 4, rule 5 (`docs/contract.md`). Worked cases: `rules/cases/attendance.toml`,
//! `rules/cases/attendance_codes.toml`, `rules/cases/attendance_records.toml` and `rules/cases/attendance_v3.toml`.

mod child;
pub mod doubtful;
pub mod looked_at;
mod percent;
mod settles;

pub use child::{Child, ChildTerm, MARKS_DECIDE};
pub use settles::Settles;

use super::agreements::{OnChildren, answered, on_rule};
use super::facts::Facts;
use super::family::{ALL_LEFT, PEOPLE_UNDER_OTHER_IDS, all_left, birth_date_fact, not_read};
use super::members::{Member, members};
use super::question::OpenQuestion;
use super::ruling::{Agreed, Ruling, Verdict};
use crate::dates::Date;
use crate::rules::name::RuleName;
use crate::rules::parameters::Basis;

/// The ruling, with the children it rests on.
pub struct AttendanceRuling {
    /// The ruling, agreements included.
    pub ruling: Ruling,
    /// The children looked at, by id.
    pub children: Vec<Child>,
    /// The day on which attendance that is not met is looked at again.
    pub retest_on: Option<Date>,
}

impl AttendanceRuling {
    /// Of a period whose status another rule decides.
    pub(super) fn passed_over() -> AttendanceRuling {
        let ruling = Ruling::new(RuleName::Attendance, Verdict::NotApplicable, "passed over", "another rule decides");
        AttendanceRuling { ruling, children: Vec::new(), retest_on: None }
    }
}

/// Any child `not_met`: `not_met`; else any unknown: `unknown`; no child left: `not_applicable`; else `met`.
pub fn ruling(facts: Facts<'_>) -> AttendanceRuling {
    let has_agreements = facts.period.agreements.iter().any(|agreement| agreement.rule == RuleName::Attendance);
    let (without, children) = judged(facts, false);
    if !has_agreements {
        let retest_on = (without.verdict == Verdict::NotMet).then(|| retest(facts, &children)).flatten();
        return AttendanceRuling { ruling: without, children, retest_on };
    }
    // Judged again with the agreements on children, then the one on the rule itself.
    let (mut ruling, children) = judged(facts, true);
    if let Some(agreement) = on_rule(facts, RuleName::Attendance)
        && matches!(ruling.verdict, Verdict::Unknown | Verdict::NotMet)
    {
        ruling = answered(facts, ruling, agreement);
    }
    if ruling.verdict == without.verdict {
        ruling.agreed = None;
    } else if let Some(agreed) = &mut ruling.agreed {
        agreed.instead_of = without.verdict;
    } else {
        let agreed =
            children.iter().flat_map(|child| &child.terms).filter_map(|term| Some((term, term.agreed.clone()?)));
        // One that says the same as the records is not what changed the verdict.
        let on_a_child = agreed.min_by_key(|(term, agreed)| agreed.instead_of == term.verdict);
        ruling.agreed = on_a_child
            .map(|(_, agreed)| agreed)
            .map(|agreed| Agreed { instead_of: without.verdict, fact: agreed.fact });
    }
    let retest_on = (ruling.verdict == Verdict::NotMet).then(|| retest(facts, &children)).flatten();
    AttendanceRuling { ruling, children, retest_on }
}

fn judged(facts: Facts<'_>, with_agreements: bool) -> (Ruling, Vec<Child>) {
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Attendance, verdict, kind, because);
    if !facts.linked.has_people {
        let ruling = new(
            Verdict::Unknown,
            "no table of people",
            "there is no table of people, so the children are not known".to_owned(),
        )
        .settled_by("the people table (person_id, family_id, date_of_birth), from the case system");
        return (ruling, Vec::new());
    }
    let parameters = facts.parameters();
    let members = members(facts);
    if members.is_empty() && !facts.family.listed.is_empty() {
        let ruling = new(Verdict::Unknown, NO_MEMBER, "people of the family are listed, and none of them is a member".to_owned())
            .settled_by(format!(
                "joined_on and left_on of the people of {} in the people table, from the case system; or an agreement on attendance",
                facts.family.id
            ));
        return (not_read(facts, ruling), Vec::new());
    }
    let looked_at = looked_at::looked_at(facts, &members);
    let agreements = if with_agreements { OnChildren::of(facts) } else { OnChildren::default() };
    let without_birth_date: Vec<&Member<'_>> =
        looked_at.iter().copied().filter(|member| member.is_of_unknown_age()).collect();
    let mut children: Vec<Child> = looked_at
        .iter()
        .filter_map(|member| Some(child::judged(facts, member.row, member.born.on()?, &agreements)))
        .collect();
    children.sort_by(|a, b| a.person_id.cmp(&b.person_id));

    let of = |verdict| children.iter().filter(move |child: &&Child| child.verdict == verdict);
    let names = |children: Vec<&Child>| {
        let said: Vec<String> =
            children.iter().map(|child| format!("{}: {}", child.person_id, child.because)).collect();
        said.join("; ")
    };
    let terms: Vec<&ChildTerm> = children.iter().flat_map(|child| &child.terms).collect();
    let kind_of =
        |verdict, otherwise| terms.iter().find(|term| term.verdict == verdict).map_or(otherwise, |term| term.kind);
    let failing: Vec<&Child> = of(Verdict::NotMet).collect();
    let unknown: Vec<&Child> = of(Verdict::Unknown).collect();
    let met = of(Verdict::Met).count();
    let mut ruling = if !failing.is_empty() {
        new(Verdict::NotMet, kind_of(Verdict::NotMet, "attendance below the threshold"), names(failing))
    } else if !unknown.is_empty() || !without_birth_date.is_empty() {
        let mut said: Vec<String> = without_birth_date
            .iter()
            .map(|member| format!("{}: {}", member.row.person_id, member.birth_date_said()))
            .collect();
        let mut settles: Vec<String> = without_birth_date.iter().map(|member| birth_date_of(member)).collect();
        if !unknown.is_empty() {
            settles.extend(unknown.iter().flat_map(|child| settled_by(facts, child)));
            said.push(names(unknown));
        }
        let kind = if terms.iter().any(|term| term.verdict == Verdict::Unknown) {
            kind_of(Verdict::Unknown, "attendance not known")
        } else if without_birth_date.is_empty() {
            TOO_FEW_TERMS
        } else {
            NO_BIRTH_DATE
        };
        settles.dedup();
        new(Verdict::Unknown, kind, said.join("; ")).settled_by(settles.join("; "))
    } else if met == 0 {
        new(Verdict::NotApplicable, "no school-age child", nobody_checked(facts, &children))
    } else {
        let agreed = if terms.iter().any(|term| term.agreed.is_some()) { ", or was agreed to by a person" } else { "" };
        let because = format!("every school-age child {} {}%{agreed}", parameters.enough_said(), parameters.threshold);
        new(Verdict::Met, "attendance reached", because)
    };
    ruling = ruling.with(without_birth_date.iter().map(|member| birth_date_fact(member)).collect::<Vec<_>>());
    if let Some(all_left) = all_left(facts, RuleName::Attendance) {
        ruling = all_left;
    } else if ruling.verdict != Verdict::NotMet {
        ruling = not_read(facts, ruling);
    }
    (ruling, children)
}

/// Why no child's attendance was checked, child by child.
fn nobody_checked(facts: Facts<'_>, children: &[Child]) -> String {
    let left_out = looked_at::not_looked_at(facts, children);
    let said: Vec<String> = left_out.iter().map(|child| format!("{} {}", child.person_id, child.why)).collect();
    match said.as_slice() {
        [] => "no child's attendance was checked: no member is under 18".to_owned(),
        said => format!("no child's attendance was checked: {}", said.join("; ")),
    }
}

/// What would settle a child's unknown terms; terms that the same would settle are named together.
pub fn settled_by(facts: Facts<'_>, child: &Child) -> Vec<String> {
    let mut parts: Vec<(Settles, Vec<String>)> = Vec::new();
    if child.terms.is_empty() {
        return vec![terms_not_held(facts, child)];
    }
    for (term, settles) in child.unsettled() {
        let name = facts.rules.calendar.term(term.term).to_string();
        match parts.iter_mut().find(|(known, _)| *known == settles) {
            Some((_, names)) => names.push(name),
            None => parts.push((settles, vec![name])),
        }
    }
    parts.into_iter().map(|(settles, names)| settles.words(&child.person_id, &names.join(" and "))).collect()
}

/// Under `window = held`: the latest terms, of which no attendance is held.
fn terms_not_held(facts: Facts<'_>, child: &Child) -> String {
    let calendar = &facts.rules.calendar;
    let latest = calendar.latest_completed(facts.as_at(), facts.parameters().terms);
    let missing: Vec<String> = latest
        .filter(|term| !facts.attended.window.contains(term))
        .map(|term| calendar.term(term).to_string())
        .collect();
    format!(
        "the attendance of {} in {} for the attendance table, from the school",
        child.person_id,
        missing.join(" and ")
    )
}

/// What the verdict `unknown` of the rule hangs on, child by child and term by term.
pub(super) fn open_questions(facts: Facts<'_>, ruling: &Ruling, children: &[Child]) -> Vec<OpenQuestion> {
    let mut open = Vec::new();
    if ruling.to_mend || !facts.linked.has_people {
        open.push(OpenQuestion { can_be_agreed: false, ..OpenQuestion::of(ruling) });
    } else if [NO_MEMBER, ALL_LEFT, PEOPLE_UNDER_OTHER_IDS].contains(&ruling.kind) {
        open.push(OpenQuestion::of(ruling));
    }
    for member in without_birth_date(facts) {
        open.push(OpenQuestion {
            person_id: Some(member.row.person_id.clone()),
            kind: NO_BIRTH_DATE,
            because: format!("{}: {}", member.row.person_id, member.birth_date_said()),
            settles: birth_date_of(&member),
            // An answer for the whole rule would also stand for children below the threshold.
            can_be_agreed: false,
            ..OpenQuestion::without_words(ruling)
        });
    }
    for child in children.iter().filter(|child| child.verdict == Verdict::Unknown) {
        // The ruling's own words speak of every child.
        let of_the_child =
            OpenQuestion { person_id: Some(child.person_id.clone()), ..OpenQuestion::without_words(ruling) };
        if child.terms.is_empty() {
            open.push(OpenQuestion {
                kind: TOO_FEW_TERMS,
                because: format!("{}: {}", child.person_id, child.because),
                settles: terms_not_held(facts, child),
                can_be_agreed: false,
                ..of_the_child.clone()
            });
        }
        for (term, settles) in child.unsettled() {
            let name = facts.rules.calendar.term(term.term).to_string();
            let by_itself = term.verdict == Verdict::Unknown;
            let because = if by_itself { format!("{name} {}", term.because) } else { child.because.clone() };
            open.push(OpenQuestion {
                term: Some(term.term),
                kind: if by_itself { term.kind } else { MARKS_DECIDE },
                because: format!("{}: {because}", child.person_id),
                settles: settles.words(&child.person_id, &name),
                can_be_agreed: settles != Settles::Mending,
                ready_answer: facts
                    .attended
                    .of(&child.person_id, term.term)
                    .filter(|_| settles != Settles::Mending)
                    .and_then(|records| percent::ready_answer(records, facts.parameters())),
                ..of_the_child.clone()
            });
        }
    }
    open
}

const NO_BIRTH_DATE: &str = "a birth date is missing";
const TOO_FEW_TERMS: &str = "too few terms of attendance held";

/// The kind of reason where people are listed and none is a member.
const NO_MEMBER: &str = "nobody listed is a member";

fn birth_date_of(member: &Member<'_>) -> String {
    format!(
        "date_of_birth of {} in the people table, from the case system or the lead practitioner",
        member.row.person_id
    )
}

/// Members looked at whose birth date is not known, by id.
fn without_birth_date(facts: Facts<'_>) -> Vec<Member<'_>> {
    let members = members(facts);
    let found = looked_at::looked_at(facts, &members).into_iter().filter(|member| member.is_of_unknown_age());
    found.cloned().collect()
}

/// The earliest term end at which every failing term has left the window; for `combined`, or when no term
/// fails, the next term end. `None` if the calendar stops before it.
fn retest(facts: Facts<'_>, children: &[Child]) -> Option<Date> {
    let mut ends = facts.rules.calendar.ends_after(facts.as_at());
    let newest_failing = children
        .iter()
        .flat_map(|child| &child.terms)
        .filter(|term| term.verdict == Verdict::NotMet)
        .filter_map(|term| facts.attended.window.iter().position(|index| *index == term.term))
        .max();
    match newest_failing {
        Some(position) if facts.parameters().basis == Basis::EachTerm => {
            // The terms of the window newer than the newest failing one stay; the others must be replaced.
            let newer = facts.attended.window.len() - 1 - position;
            ends.nth(facts.parameters().terms.saturating_sub(newer + 1))
        }
        _ => ends.next(),
    }
}
