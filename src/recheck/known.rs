//! Since when it was known, or could be known, that a past claim would fail.
//!
//! No table has the day on which a record was put in. So the own day of the fact is said, and on which side of the claim it
//! lies. More can be said where the register prepared the claim: it could be claimed then, so that a fact from before was put
//! in, or changed, since.

use crate::dates::{Date, add_months, add_years};
use crate::decide::{Decision, Status, when_not_met};
use crate::evaluate::progress::is_relapsed;
use crate::evaluate::{Ruling, Verdict};
use crate::ids::CaseId;
use crate::link::Period;
use crate::rules::Rules;
use crate::rules::name::RuleName;
use crate::rules::parameters::Clock;
use crate::run::{DecidedAt, Prepared};
use crate::validate::rows::NeedResult;

/// A claim that would fail, with what it was judged from.
#[derive(Clone, Copy)]
pub(super) struct Judged<'a> {
    /// Everything as at the day before it was submitted.
    pub at: &'a DecidedAt,
    /// The decision on its period.
    pub decision: &'a Decision,
    /// The rules of that day.
    pub rules: &'a Rules,
    /// The records, with what came later.
    pub prepared: &'a Prepared,
    /// The day on which it was submitted.
    pub submitted_on: Date,
}

/// A fact with its own day.
struct Dated {
    on: Option<Date>,
    said: String,
}

impl Dated {
    fn on(day: Date, said: impl Into<String>) -> Dated {
        Dated { on: Some(day), said: said.into() }
    }

    fn never(said: impl Into<String>) -> Dated {
        Dated { on: None, said: said.into() }
    }
}

/// The own day of the first fact by which the claim would fail, and since when it can have been known.
pub(super) fn since(judged: Judged<'_>, prepared_as_at: Option<Date>) -> (Option<Date>, String) {
    let facts = facts(judged);
    let first = facts.iter().filter_map(|fact| fact.on).min();
    let mut said: Vec<String> = facts.into_iter().map(|fact| fact.said).collect();
    match first {
        Some(day) if day < judged.submitted_on => {
            said.push("That is before the claim: it was known, or could be known, when the claim was made.".to_owned());
        }
        Some(day) if day == judged.submitted_on => {
            said.push("That is the day of the claim: it did not hold on the day before.".to_owned());
        }
        Some(_) => said.push("That is after the claim, which came too early.".to_owned()),
        None => {}
    }
    // Where the register prepared it, the records said then that it could be claimed.
    if let Some(as_at) = prepared_as_at {
        said.push(match first {
            Some(day) if as_at < day && day < judged.submitted_on => {
                format!("It came after the claim was prepared as at {as_at}.")
            }
            _ => format!(
                "The register prepared the claim as at {as_at}, when it could be claimed: the records or the rules were changed since."
            ),
        });
    }
    (first, said.join(" "))
}

fn facts(judged: Judged<'_>) -> Vec<Dated> {
    let decision = judged.decision;
    if let Some(day) = decision.claimed_on.filter(|_| decision.status == Status::Claimed) {
        return vec![Dated::on(day, format!("The claim that was made before was submitted on {day}."))];
    }
    let stands_in_the_way = |ruling: &&Ruling| match (decision.status, ruling.verdict) {
        (Status::NotEligible | Status::NotClaimable | Status::LowAttendance, Verdict::NotMet) => {
            when_not_met(ruling.rule) == decision.status
        }
        (Status::InProgress, Verdict::NotYet(None)) | (Status::Waiting, Verdict::NotYet(Some(_))) => true,
        _ => false,
    };
    let facts: Vec<Dated> =
        decision.evaluated.rulings.iter().filter(stands_in_the_way).map(|ruling| fact(judged, ruling)).collect();
    if facts.is_empty() {
        return vec![Dated::never(
            "The other case of the family was known, or could be known, when the claim was made.",
        )];
    }
    facts
}

/// The fact behind a rule that stands in the way.
fn fact(judged: Judged<'_>, ruling: &Ruling) -> Dated {
    let Judged { at, decision, rules, .. } = judged;
    let period = &at.linked.periods[decision.period];
    let agreed = ruling.agreed.as_ref().and_then(|agreed| agreed.fact.place.as_ref());
    if let Some(agreement) = agreed.and_then(|place| period.agreements.iter().find(|one| one.place == *place)) {
        return Dated::on(agreement.agreed_on, format!("It was agreed on {}.", agreement.agreed_on));
    }
    let closing = || match period.closed_on {
        Some(day) => Dated::on(day, format!("The period of support closed on {day}.")),
        None => Dated::never("The records have no day for it."),
    };
    let progress_on = decision.evaluated.progress_on;
    match (ruling.rule, ruling.verdict) {
        (rule, Verdict::NotYet(None)) => came_later(judged, period, rule),
        (RuleName::Family, _) => no_dependant(judged, period),
        (RuleName::Progress, _) => not_resolved(period).unwrap_or_else(closing),
        (RuleName::Sustainment, Verdict::NotYet(Some(due))) => match progress_on {
            Some(day) => Dated::on(day, format!("The last outcome is of {day}, so the months were full on {due}.")),
            None => closing(),
        },
        (RuleName::Sustainment, _) => new_period(judged, period).unwrap_or_else(closing),
        (RuleName::Attendance, _) => low_attendance(judged).unwrap_or_else(closing),
        (RuleName::Reclaim, Verdict::NotYet(_)) => match decision.evaluated.last_success_on {
            Some(day) => Dated::on(day, format!("The success before is of {day}.")),
            None => closing(),
        },
        (RuleName::Timeliness, _) => match period.closed_on {
            Some(closed) if rules.parameters.months_after_closure > 0 => {
                let until = add_months(closed, rules.parameters.months_after_closure);
                Dated::on(
                    closed,
                    format!("The period of support closed on {closed}, and could be claimed until {until}."),
                )
            }
            _ => closing(),
        },
        // Of these no day is known that is the fact's own.
        _ => closing(),
    }
}

/// What was not recorded by the day before the claim, and stands in the records with a later day, if it does.
fn came_later(judged: Judged<'_>, period: &Period, rule: RuleName) -> Dated {
    let Judged { prepared, submitted_on, .. } = judged;
    let of_period = |case: &CaseId| period.cases.iter().any(|own| own.case_id == *case);
    let known = |day: &Date| (submitted_on..=prepared.as_at).contains(day);
    let needs = || prepared.register.needs.iter().filter(|need| of_period(&need.case_id));
    let cases = || prepared.register.cases.iter().filter(|case| of_period(&case.case_id));
    let (what, none, later) = match rule {
        RuleName::Eligibility => {
            ("A need", "No other need", needs().filter_map(|need| need.identified_on).filter(known).max())
        }
        RuleName::Progress => {
            ("An outcome", "No outcome", needs().filter_map(|need| need.outcome_on).filter(known).max())
        }
        _ => ("A closing", "No closing", cases().filter_map(|case| case.closed_on).filter(known).max()),
    };
    match later {
        Some(day) => Dated::on(day, format!("{what} stands in the records with the day {day}.")),
        None => Dated::never(format!("{none} stands in the records with a later day.")),
    }
}

/// The day from which nobody who was a child when the support began was under 18 and in the family.
fn no_dependant(judged: Judged<'_>, period: &Period) -> Dated {
    const GROWN_UP: i32 = 18;
    let listed = &judged.at.linked.families[period.family].listed;
    let last = listed.iter().filter_map(|row| {
        let grown_up = add_years(row.date_of_birth?, GROWN_UP);
        (grown_up > period.opened_on).then(|| row.left_on.map_or(grown_up, |left| left.min(grown_up)))
    });
    match last.max().filter(|day| *day < judged.submitted_on) {
        Some(day) => Dated::on(day, format!("Since {day} nobody in the family has been under 18.")),
        None => Dated::never("The records name no child who was in the family when the support began."),
    }
}

/// The first need that relapsed or was not achieved.
fn not_resolved(period: &Period) -> Option<Dated> {
    let relapses = period.needs.iter().filter(|need| is_relapsed(need));
    let relapses = relapses.filter_map(|need| Some((need.relapsed_on?, "The relapse")));
    let failed = period.needs.iter().filter(|need| need.result == Some(NeedResult::NotAchieved));
    let failed = failed.filter_map(|need| Some((need.outcome_on?, "The outcome that was not achieved")));
    let (day, what) = relapses.chain(failed).min()?;
    Some(Dated::on(day, format!("{what} is of {day}.")))
}

/// The period of support of the same family that began inside the months.
fn new_period(judged: Judged<'_>, period: &Period) -> Option<Dated> {
    let linked = &judged.at.linked;
    let progress = judged.decision.evaluated.progress_on?;
    let start = match judged.rules.parameters.clock {
        Clock::Progress => progress,
        Clock::Closure => period.closed_on.map_or(progress, |closed| closed.max(progress)),
    };
    let periods = linked.families[period.family].periods.iter().map(|index| &linked.periods[*index]);
    let opened = periods.map(|other| other.opened_on).filter(|opened| *opened > start).min()?;
    Some(Dated::on(opened, format!("The new period of support opened on {opened}.")))
}

/// The first term that was below the threshold; where terms are taken together the last of them.
fn low_attendance(judged: Judged<'_>) -> Option<Dated> {
    let children = || judged.decision.evaluated.children.iter().filter(|child| child.verdict == Verdict::NotMet);
    let ends = |term: &crate::evaluate::attendance::ChildTerm| judged.rules.calendar.term(term.term).span.to;
    let failing = children().flat_map(|child| &child.terms).filter(|term| term.verdict == Verdict::NotMet);
    let day = failing.map(ends).min().or_else(|| children().flat_map(|child| &child.terms).map(ends).max())?;
    Some(Dated::on(day, format!("The term ended on {day}; a school's figures can come up to a term later.")))
}
