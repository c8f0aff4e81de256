//! Sessions outside every term, which are left out: an academy's term may be longer than the authority's. Where a child has
//! enough attendance only without them, somebody should know.

use super::marks::{self, Counting};
use super::school_age_of;
use crate::dates::{Date, Span, add_days, day_after, day_before, days_between};
use crate::ids::PersonId;
use crate::indexed::Number;
use crate::link::Linked;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::share::Sessions;
use crate::validate::registers::Registers;

/// How far from a term a day can be that may belong to it.
const DAYS: i32 = 28;

/// Whether a child's attendance in these terms together is enough as it stands, and would not be with the sessions just outside them.
/// Each term with its sessions as they settle least favourably, and whether they are from dated marks.
pub fn decides(
    linked: &Linked,
    person: &PersonId,
    terms: &[(TermIndex, Sessions, bool)],
    (registers, counting): (&Registers, &Counting),
    rules: &Rules,
) -> bool {
    let outside = |term: TermIndex| outside_of(linked, person, term, (registers, counting), rules);
    let inside = terms.iter().map(|(_, inside, _)| *inside).reduce(Sessions::plus);
    let Some(inside) = inside.filter(|inside| rules.parameters.is_enough(*inside)) else { return false };
    let marked = terms.iter().filter(|(_, _, from_marks)| *from_marks);
    let with = marked.filter_map(|(term, ..)| outside(*term)).fold(inside, Sessions::plus);
    !rules.parameters.is_enough(with)
}

/// The sessions just outside a term, as they settle least favourably; none without any.
fn outside_of(
    linked: &Linked,
    person: &PersonId,
    term: TermIndex,
    (registers, counting): (&Registers, &Counting),
    rules: &Rules,
) -> Option<Sessions> {
    let beside = beside(rules, term, linked.as_at);
    let pupils = linked.pupils(person);
    let has_any = |days: &Span| {
        let mut any = false;
        pupils.iter().for_each(|pupil| registers.marks_of(*pupil, *days, |_, _| any = true));
        any
    };
    let beside: Vec<Span> = beside.into_iter().filter(|days| registers.has_marks_on(*days) && has_any(days)).collect();
    if beside.is_empty() {
        return None;
    }
    let school_age = school_age_of(linked, person);
    let outside = beside.into_iter().filter_map(|days| marks::settle(pupils, days, registers, (counting, &school_age)));
    outside.map(|marks| marks.settled.least).reduce(Sessions::plus)
}

/// The days before and after a term that are nearer to it than to another, and known at the as-at date.
fn beside(rules: &Rules, term: TermIndex, as_at: Date) -> Vec<Span> {
    let terms = rules.calendar.terms();
    let span = rules.calendar.term(term).span;
    let gap = |from: Date, to: Date| days_between(from, to);
    let before = term.place().checked_sub(1).and_then(|before| terms.get(before));
    let before = before.map(|before| gap(before.span.to, span.from));
    let after = terms.get(term.place() + 1).map(|after| gap(span.to, after.span.from));
    // Of the days between two terms each has the nearer ones, and the earlier term the one in the middle.
    let days_before = before.map_or(DAYS, |gap| (gap - 1) / 2).min(DAYS);
    let days_after = after.map_or(DAYS, |gap| gap / 2).min(DAYS);
    let first = Span { from: add_days(span.from, -days_before), to: day_before(span.from) };
    let last = Span { from: day_after(span.to), to: add_days(span.to, days_after).min(as_at) };
    [first, last].into_iter().filter(|days| days.from <= days.to).collect()
}
