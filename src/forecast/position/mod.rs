//! The position of a financial year at the as-at date (contract section 7): claims approved, pending and projected by
//! month and quarter, against the target, the funded places and a profile; the straight line; and the grant.
//!
//! - [`movement`] what moved since an earlier run.
//!
//! All of it is exact: claims are whole numbers, what is expected is a ratio, money is pounds and pence.

pub mod movement;

use super::groups::Groups;
use super::straight_line::{counted_until, straight_line};
use crate::dates::{Date, Span};
use crate::decide::Status;
use crate::decide::again::Decided;
use crate::error::{Error, Result};
use crate::money::Pounds;
use crate::rules::position::{Bands, Profile, Rag, months_elapsed};
use crate::rules::targets::{YearTarget, financial_year, parts_of_year};
use crate::run::{Outcome, Prepared};
use crate::share::Ratio;
use crate::validate::rows::ClaimOutcome;
use std::collections::BTreeSet;

/// Which year is asked for, and how it is to be judged; `None`: as the rules have it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The financial year, `2024/25`; that of the as-at date without it.
    pub year: Option<&'a str>,
    /// The id of the RAG bands.
    pub bands: Option<&'a str>,
    /// The id of the profile.
    pub profile: Option<&'a str>,
}

/// Claims of a stretch of days by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Approved.
    pub approved: usize,
    /// Submitted, not decided.
    pub pending: usize,
    /// Rejected. Not counted towards anything.
    pub rejected: usize,
    /// Withdrawn. Not counted towards anything.
    pub withdrawn: usize,
    /// Approved once, and the money taken back. Not counted towards anything.
    pub clawed_back: usize,
}

impl Counted {
    /// Counts claims, each the day on which it was submitted and what is known to have become of it, that were submitted
    /// on these days.
    pub fn of(claims: impl Iterator<Item = (Date, ClaimOutcome)>, days: Span) -> Counted {
        let mut counted = Counted::default();
        for (_, outcome) in claims.filter(|(submitted_on, _)| days.covers(*submitted_on)) {
            *match outcome {
                ClaimOutcome::Approved => &mut counted.approved,
                ClaimOutcome::Submitted => &mut counted.pending,
                ClaimOutcome::Rejected => &mut counted.rejected,
                ClaimOutcome::Withdrawn => &mut counted.withdrawn,
                ClaimOutcome::ClawedBack => &mut counted.clawed_back,
            } += 1;
        }
        counted
    }

    /// Claims that count: approved and pending.
    pub fn claims(self) -> usize {
        self.approved + self.pending
    }
}

/// Where a month or quarter lies to the as-at date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has ended.
    Over,
    /// It is running: counted so far, and expected so far.
    Running,
    /// It has not begun.
    ToCome,
}

impl State {
    /// The word that files carry.
    pub fn word(self) -> &'static str {
        match self {
            State::Over => "over",
            State::Running => "running",
            State::ToCome => "to_come",
        }
    }
}

/// A month or a quarter of the year.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// `Q2`, or `2024-09`.
    pub name: String,
    /// Its days.
    pub days: Span,
    /// Where it lies to the as-at date.
    pub state: State,
    /// Claims submitted in it by the as-at date.
    pub counted: Counted,
    /// Claims that the straight line leaves to come in it.
    pub projected: usize,
    /// Claims of the year by its end, projected ones included.
    pub claims_by_end: usize,
    /// Of the target, what is expected in it; up to the as-at date while it is running.
    pub expected: Option<Ratio>,
    /// Of the target, what is expected of the year by its end; by the as-at date while it is running.
    pub expected_by_end: Option<Ratio>,
    /// The word for its own claims; `None` before it begins, or without a target.
    pub rag: Option<Rag>,
    /// The word for the year's claims by its end.
    pub rag_by_end: Option<Rag>,
}

/// The straight line (contract section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The day up to which claims are counted: the last quarter end by the as-at date; before the first one that date.
    pub counted_until: Date,
    /// Claims by that day.
    pub claims: usize,
    /// Months of the year elapsed by then.
    pub months: Ratio,
    /// Claims at the year's end, rounded half up.
    pub year_end: usize,
}

impl Line {
    /// The line through the claims of a year known by `as_at`.
    pub fn through(claims: impl Iterator<Item = (Date, ClaimOutcome)>, year: Span, as_at: Date) -> Line {
        let counted_until = counted_until(as_at, year);
        let claims = Counted::of(claims, Span { from: year.from, to: counted_until }).claims();
        let months = months_elapsed(counted_until, year);
        Line { counted_until, claims, months, year_end: straight_line(claims, counted_until, year) }
    }
}

/// The claims held against a number wanted by the year's end.
#[derive(Clone, Debug)]
pub struct Against {
    /// `target` or `funded places`.
    pub what: &'static str,
    /// The number.
    pub number: usize,
    /// What the profile expects of it by the as-at date.
    pub expected_to_date: Ratio,
    /// The word for the claims to date.
    pub rag_to_date: Rag,
    /// The word for the straight line at the year's end.
    pub rag_year_end: Rag,
    /// Claims still needed.
    pub still_needed: usize,
    /// Whether as many families as are needed could mature by the year's end on what is recorded.
    pub achievable: bool,
}

/// The grant of the year.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The payment for each family.
    pub payment: Pounds,
    /// Results that the grant applies to.
    pub funded_places: usize,
    /// Places paid for if every pending claim is approved.
    pub paid_places: usize,
    /// The payment for approved claims, within the funded places.
    pub earned: Pounds,
    /// What the pending claims add to it if all are approved.
    pub pending: Pounds,
    /// The payment for the places that no claim has taken.
    pub still_to_earn: Pounds,
    /// Places that the straight line leaves without a claim.
    pub line_short_by: usize,
    /// The straight-line shortfall, "grant at risk" in councils' words.
    pub line_shortfall: Pounds,
    /// Grant paid whatever is claimed, where given.
    pub upfront: Option<Pounds>,
    /// Money received for results, where given.
    pub received: Option<Pounds>,
    /// Of the pending claims, those expected to be rejected (half up), and their payment, where a share is given.
    pub expected_rejected: Option<(usize, Pounds)>,
}

/// Claims that came after payment had been suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// The first day on which nothing is paid.
    pub from: Date,
    /// Claims of the year that count and were submitted from then on.
    pub claims: usize,
}

/// The position of a financial year.
#[derive(Clone, Debug)]
pub struct Position {
    /// The year, `2024/25`.
    pub year: String,
    /// Its days.
    pub days: Span,
    /// The as-at date.
    pub as_at: Date,
    /// Claims of the year by the as-at date.
    pub counted: Counted,
    /// Rows of claims that could not be read, which are in no count.
    pub unreadable_claims: usize,
    /// Months, earliest first.
    pub months: Vec<Stretch>,
    /// Quarters, earliest first.
    pub quarters: Vec<Stretch>,
    /// The straight line.
    pub line: Line,
    /// What is known of target and places.
    pub target: Option<YearTarget>,
    /// Against the target, then against the funded places; empty where neither is known.
    pub against: Vec<Against>,
    /// The grant, where the funded places are known.
    pub grant: Option<Grant>,
    /// How the words are given.
    pub bands: Bands,
    /// How claims are expected to come.
    pub profile: Profile,
    /// Families claimable on the as-at date, where that lies in the year.
    pub claimable: usize,
    /// Families that could mature by the year's end on what is recorded, the claimable among them; families linked to
    /// each other once.
    pub can_mature: usize,
    /// Where payment had been suspended by the as-at date.
    pub suspended: Option<Suspended>,
}

/// Works out the position.
///
/// # Errors
/// A financial year that is none, or that had not begun; bands or a profile that the rules do not have; no table of claims.
pub fn position(outcome: &Outcome<'_>, asked: Asked<'_>) -> Result<Position> {
    position_of(outcome.prepared, outcome.decided(), asked, |known| known.cloned())
}

/// The same from decisions alone, against what `target` makes of the year's target as it is known.
///
/// # Errors
/// As [`position`].
pub fn position_of(
    prepared: &Prepared,
    decided: Decided<'_>,
    asked: Asked<'_>,
    target: impl Fn(Option<&YearTarget>) -> Option<YearTarget>,
) -> Result<Position> {
    let (linked, rules) = (decided.linked, decided.rules);
    let as_at = prepared.as_at;
    let (running, running_days) = financial_year(as_at, prepared.year_starts);
    let (year, days) = match asked.year {
        None => (running, running_days),
        Some(name) => {
            let days = prepared
                .year_starts
                .days_of(name.trim())
                .ok_or_else(|| Error::new(format!("--year {name} is not a financial year: write it as {running}.")))?;
            (name.trim().to_owned(), days)
        }
    };
    if days.from > as_at {
        return Err(Error::new(format!(
            "the financial year {year} begins on {}, after {as_at}: there is no position yet.",
            days.from
        )));
    }
    if !linked.has_claims {
        return Err(Error::new(
            "there is no table of claims, so a position cannot be told: add claims.csv; with its header alone it says that nothing was claimed.",
        ));
    }
    let targets = prepared.authority.as_deref().and_then(|authority| rules.pack.targets_of(authority));
    let target = target(targets.and_then(|targets| targets.of_year(&year)));
    let judging = &rules.pack.position;
    let bands = judging.bands(asked.bands.or(target.as_ref().and_then(|t| t.bands.as_deref())))?.clone();
    let profile = judging.profile(asked.profile.or(target.as_ref().and_then(|t| t.profile.as_deref())))?.clone();

    let claims = || {
        let known = linked.families.iter().flat_map(|family| &family.claims);
        known.map(|claim| (claim.submitted_on, claim.outcome))
    };
    let counted = Counted::of(claims(), days);
    let line = Line::through(claims(), days, as_at);
    let can_mature = can_mature(decided, days);
    let achievable = |number: usize| counted.claims() + can_mature >= number;
    let against = |what, number: usize| {
        let expected_to_date = Ratio::whole(number).times(profile.share_by(as_at, days));
        Against {
            what,
            number,
            expected_to_date,
            rag_to_date: bands.judge(counted.claims(), expected_to_date, achievable(number)),
            rag_year_end: bands.judge(line.year_end, Ratio::whole(number), achievable(number)),
            still_needed: number.saturating_sub(counted.claims()),
            achievable: achievable(number),
        }
    };
    let judge = Judge {
        as_at,
        year: days,
        counted,
        line,
        number: target.as_ref().map(|target| target.target),
        profile: &profile,
        bands: &bands,
        achievable: target.as_ref().is_some_and(|target| achievable(target.target)),
    };
    let stretches = |months: i32, name: &dyn Fn(usize, Span) -> String| -> Vec<Stretch> {
        let parts = parts_of_year(days, months).into_iter().enumerate();
        parts.map(|(place, part)| judge.stretch(name(place, part), part, claims())).collect()
    };
    let suspended = rules.framework.facts.iter().filter(|fact| fact.suspends_payment && fact.from <= as_at);
    let suspended = suspended.map(|fact| fact.from).min().map(|from| Suspended {
        from,
        claims: Counted::of(claims(), Span { from: from.max(days.from), to: days.to }).claims(),
    });
    let held = prepared.register.held.iter();
    Ok(Position {
        as_at,
        counted,
        unreadable_claims: held.filter(|held| held.table == crate::load::tables::TableName::Claims).count(),
        months: stretches(1, &|_, part: Span| format!("{:04}-{:02}", part.from.year(), part.from.month())),
        quarters: stretches(3, &|place, _| format!("Q{}", place + 1)),
        against: target
            .iter()
            .flat_map(|target| [against("target", target.target), against("funded places", target.funded_places)])
            .collect(),
        grant: target.as_ref().map(|target| grant(target, counted, line, rules.parameters.payment)),
        claimable: if days.covers(as_at) {
            decided.decisions.iter().filter(|decision| decision.status == Status::Claimable).count()
        } else {
            0
        },
        year,
        days,
        line,
        target,
        bands,
        profile,
        can_mature,
        suspended,
    })
}

/// Families that could be claimed by the year's end on what is recorded; those linked to each other once. Nothing can be
/// added to a year that is over.
fn can_mature(decided: Decided<'_>, year: Span) -> usize {
    let linked = decided.linked;
    if !year.covers(linked.as_at) {
        return 0;
    }
    let groups = Groups::of(linked);
    let in_time = decided.decisions.iter().filter(|of| of.earliest_possible_on.is_some_and(|day| day <= year.to));
    let families: BTreeSet<usize> =
        in_time.map(|decision| groups.of_family(linked.periods[decision.period].family)).collect();
    families.len()
}

fn grant(target: &YearTarget, counted: Counted, line: Line, payment: Pounds) -> Grant {
    let funded = target.funded_places;
    let (approved, paid) = (counted.approved.min(funded), counted.claims().min(funded));
    let line_short_by = funded.saturating_sub(line.year_end);
    Grant {
        payment,
        funded_places: funded,
        paid_places: paid,
        earned: payment.for_each_of(approved),
        pending: payment.for_each_of(paid - approved),
        still_to_earn: payment.for_each_of(funded - paid),
        line_short_by,
        line_shortfall: payment.for_each_of(line_short_by),
        upfront: target.upfront_grant,
        received: target.cash_received,
        expected_rejected: target.expected_rejection.map(|share| {
            let rejected = Ratio::whole(counted.pending).times(share.share()).rounded();
            (rejected, payment.for_each_of(rejected))
        }),
    }
}

/// What months and quarters are judged by.
struct Judge<'a> {
    as_at: Date,
    year: Span,
    counted: Counted,
    line: Line,
    number: Option<usize>,
    profile: &'a Profile,
    bands: &'a Bands,
    achievable: bool,
}

impl Judge<'_> {
    /// Claims of the year by a later day, where the rest of the straight line comes evenly over what is left of the year.
    fn projected_by(&self, day: Date) -> usize {
        let claims = self.counted.claims();
        let rest = Ratio::whole(self.line.year_end.saturating_sub(claims));
        let passed = months_elapsed(self.as_at.min(self.year.to), self.year);
        let part = months_elapsed(day, self.year).less(passed).by(Ratio::whole(12).less(passed));
        claims + rest.times(part).rounded()
    }

    fn stretch(&self, name: String, days: Span, claims: impl Iterator<Item = (Date, ClaimOutcome)> + Clone) -> Stretch {
        let state = if days.to <= self.as_at {
            State::Over
        } else if days.from <= self.as_at {
            State::Running
        } else {
            State::ToCome
        };
        let counted = Counted::of(claims.clone(), days);
        let by_end = |end: Date| {
            if end <= self.as_at {
                Counted::of(claims.clone(), Span { from: self.year.from, to: end }).claims()
            } else {
                self.projected_by(end)
            }
        };
        let before = crate::dates::of_day_number(crate::dates::day_number(days.from) - 1);
        // What was projected by the day before a stretch that is running is what was claimed by now.
        let had = if state == State::ToCome { by_end(before) } else { self.counted.claims() };
        let projected = if state == State::Over { 0 } else { by_end(days.to).saturating_sub(had) };
        let until = if state == State::Running { self.as_at } else { days.to };
        let share = |day: Date| if day < self.year.from { Ratio::ZERO } else { self.profile.share_by(day, self.year) };
        let of_target = |share: Ratio| self.number.map(|number| Ratio::whole(number).times(share));
        let expected = of_target(share(until).less(share(before)));
        let expected_by_end = of_target(share(until));
        let judged = |claims: usize, expected: Option<Ratio>| {
            expected
                .filter(|_| state != State::ToCome)
                .map(|expected| self.bands.judge(claims, expected, self.achievable))
        };
        let claims_now = Counted::of(claims.clone(), Span { from: self.year.from, to: until }).claims();
        Stretch {
            name,
            days,
            state,
            counted,
            projected,
            claims_by_end: by_end(days.to),
            rag: judged(counted.claims(), expected),
            rag_by_end: judged(claims_now, expected_by_end),
            expected,
            expected_by_end,
        }
    }
}
