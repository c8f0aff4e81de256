//! Rule 4, sustainment: the progress held for the months, and no new support was needed meanwhile.
//!
//! The text: contract section 4, rule 4 (`docs/contract.md`). Worked cases: `rules/cases/sustainment.toml` and
//! `rules/cases/sustainment_and_progress.toml`.

use super::agreements::{answered, on_rule};
use super::facts::Facts;
use super::ruling::{Agreed, Fact, Ruling, Verdict};
use crate::dates::{Date, add_months, first_of_month};
use crate::link::Period;
use crate::rules::name::RuleName;
use crate::rules::parameters::Clock;

/// Start = `progress_on`, or by the closure clock the later of that and the closing. Due = start + months.
/// Another period of the family that opens after the start and on or before the earlier of due and the
/// as-at date breaks it; one of a linked family leaves it `unknown` until a person says. Gives back the
/// day the months were full too, where met.
pub fn ruling(facts: Facts<'_>, progress_on: Option<Date>) -> (Ruling, Option<Date>) {
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Sustainment, verdict, kind, because);
    let as_at = facts.as_at();
    let months = facts.parameters().sustainment_months;
    let (ruling, due) = match start(facts, progress_on) {
        Start::None => (
            new(
                Verdict::NotApplicable,
                "no progress to sustain",
                "progress is not shown, so the months of sustained progress have not started".to_owned(),
            ),
            None,
        ),
        Start::StillOpen => (
            new(
                Verdict::NotYet(None),
                "months start at closure",
                format!("the {months} months start when the case closes, and it is open"),
            )
            .settled_by("the closing of the case"),
            None,
        ),
        Start::On(start) => {
            let full = add_months(start, months);
            let due = if facts.parameters().whole_months { first_of_month(full) } else { full };
            (judged(facts, start, due), Some(due))
        }
    };
    // The case that could not be read may be the one that broke the sustainment.
    let ruling = if facts.family.held_cases.is_empty() {
        of_linked_cases(facts, ruling)
    } else {
        ruling.unreadable("cases that could not be read", "cases", &facts.family.held_cases)
    };
    let sustained_on = due.filter(|due| ruling.verdict == Verdict::Met && *due <= as_at);
    (ruling, sustained_on)
}

/// `unknown` where a case of a linked family could not be read.
fn of_linked_cases(facts: Facts<'_>, ruling: Ruling) -> Ruling {
    let held = facts.linked.groups_of(facts.family).flat_map(|group| {
        let others = group.held_cases.iter().map(|index| &facts.linked.families[*index]);
        others.filter(|other| other.id != facts.family.id).map(move |other| (group.hidden, other))
    });
    let Some((hidden, other)) = held.min_by_key(|(hidden, other)| (*hidden, other.id.clone())) else { return ruling };
    if !hidden && !facts.linked.must_not_name(facts.family, &other.id) {
        return ruling.unreadable(
            "a linked family's cases that could not be read",
            "cases of a linked family",
            &other.held_cases,
        );
    }
    let mut ruling =
        ruling.unreadable("a linked family's cases that could not be read", "cases of a linked family", &[]);
    ruling
        .facts
        .push(Fact::plain("a linked family, which is restricted and not named, has a case that could not be read"));
    ruling.settles =
        Some("the quarantined rows of the cases table mended, by someone who may see restricted rows".to_owned());
    ruling
}

enum Start {
    None,
    StillOpen,
    On(Date),
}

fn start(facts: Facts<'_>, progress_on: Option<Date>) -> Start {
    match (progress_on, facts.parameters().clock, facts.period.closed_on) {
        (None, _, _) => Start::None,
        (Some(progress), Clock::Progress, _) => Start::On(progress),
        (Some(_), Clock::Closure, None) => Start::StillOpen,
        (Some(progress), Clock::Closure, Some(closed)) => Start::On(progress.max(closed)),
    }
}

/// The first period of a linked family that opened after one day and on or before another, families that may be named
/// before others, and whether its family must not be named.
pub fn linked_opening<'a>(facts: Facts<'a>, after: Date, until: Date) -> Option<(bool, &'a Period)> {
    let (linked, family) = (facts.linked, facts.family);
    let firsts = linked.groups_of(family).filter_map(|group| {
        let first = group.openings.partition_point(|(day, _)| *day <= after);
        let inside = group.openings[first..].iter().take_while(|(day, _)| *day <= until);
        let other = inside
            .map(|(_, period)| &linked.periods[*period])
            .find(|period| linked.families[period.family].id != family.id)?;
        Some((group.hidden || linked.must_not_name(family, &linked.families[other.family].id), other))
    });
    firsts.min_by_key(|(hidden, period)| (*hidden, period.opened_on, period.id().clone()))
}

fn judged(facts: Facts<'_>, start: Date, due: Date) -> Ruling {
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Sustainment, verdict, kind, because);
    let as_at = facts.as_at();
    let months = facts.parameters().sustainment_months;
    let whole = if facts.parameters().whole_months { ", counted from the first of the month" } else { "" };
    let sum = format!("{start} + {months} months{whole} = {due}");
    let by_the_calendar = || {
        if as_at >= due {
            new(Verdict::Met, "sustained", format!("{sum}, on or before the as-at date {as_at}"))
        } else {
            new(
                Verdict::NotYet(Some(due)),
                "the months are not over yet",
                format!("{sum}, after the as-at date {as_at}"),
            )
            .settled_by(format!("no relapse and no new period of support until {due}"))
        }
    };
    if !facts.parameters().new_case_breaks {
        return by_the_calendar();
    }
    let until = due.min(as_at);
    let breaks = |period: &&Period| start < period.opened_on && period.opened_on <= until;
    let periods = &facts.linked.periods;

    let own = facts.family.periods.iter().map(|index| &periods[*index]).filter(|other| other.id() != facts.period.id());
    if let Some(new_period) = own.filter(breaks).min_by_key(|period| (period.opened_on, period.id().clone())) {
        let because = format!(
            "a new period of support ({}) opened on {}, after {start} and on or before {due}, when the {months} months are full",
            new_period.id(),
            new_period.opened_on
        );
        return new(Verdict::NotMet, "new support during the months", because).with([Fact::at(
            format!("case {} opened on {}", new_period.id(), new_period.opened_on),
            &new_period.cases[0].place,
        )]);
    }

    let Some((hidden, new_period)) = linked_opening(facts, start, until) else { return by_the_calendar() };
    let because = format!(
        "a linked family has a period of support that opened after {start} and on or before {until}; whether it is the same family's is for a person to say"
    );
    let fact = if hidden {
        Fact::plain("a linked family, which is restricted and not named, has a new period of support")
    } else {
        let other = &facts.linked.families[new_period.family];
        Fact::at(
            format!("case {} of family {} opened on {}", new_period.id(), other.id, new_period.opened_on),
            &new_period.cases[0].place,
        )
    };
    let unknown = new(Verdict::Unknown, "a linked family's new period of support", because)
        .with([fact])
        .settled_by("an agreement on sustainment (a row in the agreements table) by someone who knows both families, who says whether the linked family's support is this family's own");
    match on_rule(facts, RuleName::Sustainment) {
        None => unknown,
        // `met` sets aside the linked family's period only: the months must still be full.
        Some(agreement) if agreement.met => {
            let mut ruling = by_the_calendar();
            ruling.because = format!(
                "a linked family's period was set aside by a person on {}; {}",
                agreement.agreed_on, ruling.because
            );
            ruling.facts.extend(unknown.facts);
            let fact = super::agreements::fact(facts.family, agreement);
            ruling.agreed = Some(Agreed { instead_of: Verdict::Unknown, fact });
            ruling
        }
        Some(agreement) => answered(facts, unknown, agreement),
    }
}
