//! The position of a financial year at the as-at date (contract section 7): claims approved, pending and projected by
//! month and quarter, against the target, the funded places and a profile; the straight line; and the grant.
//!
//! - [`stretches`] claims by month and quarter, and the straight line;
//! - [`grant`](mod@grant) the money;
//! - [`movement`] what moved since an earlier run.
//!
//! All of it is exact: claims are whole numbers, what is expected is a ratio, money is pounds and pence.

pub mod grant;
pub mod model;
pub mod movement;
pub mod stretches;

pub use self::grant::{Grant, Suspended};
pub use self::model::Model;
pub use self::stretches::{Counted, Line, State, Stretch};

use self::grant::grant;
use self::stretches::Judge;
use super::pipeline::{Needed, pipeline};
use crate::dates::{Date, Span, add_months, day_after};
use crate::decide::Status;
use crate::decide::again::Decided;
use crate::error::{Error, Result};
use crate::rules::position::{Bands, Profile, Rag, months_elapsed};
use crate::rules::targets::{YearStart, YearTarget, financial_year, parts_of_year};
use crate::run::{Outcome, Prepared};
use crate::share::Ratio;
use std::collections::BTreeMap;

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

/// The claims held against a number wanted by the year's end.
#[derive(Clone, Debug)]
pub struct Against {
    /// `target` or `funded places`.
    pub what: &'static str,
    /// The number.
    pub number: usize,
    /// What the profile has of it by the as-at date.
    pub expected_to_date: Ratio,
    /// The word for the claims to date; `None` while it is too early to say.
    pub rag_to_date: Option<Rag>,
    /// The word for the straight line at the year's end; `None` while it is too early to say.
    pub rag_year_end: Option<Rag>,
    /// Claims still needed; once the year is over, those it fell short by.
    pub still_needed: usize,
    /// Whether as many families as are needed could mature by the year's end on what is recorded; once the year is over,
    /// whether the number was reached.
    pub achievable: bool,
    /// The same without families whose outcomes are still to be recorded.
    pub achievable_without_outcomes: bool,
    /// Whole claims a month that it takes from the as-at date to the year's end; `None` where none is needed, or where less
    /// than a month is left.
    pub a_month: Option<usize>,
}

/// Families that could become claimable by the year's end on what is recorded, those claimable now among them; families
/// linked to each other once. A ceiling: most of what can happen does not.
#[derive(Clone, Debug, Default)]
pub struct CanMature {
    /// All of them.
    pub families: usize,
    /// The same by what must happen; those without any are left out.
    pub needed: BTreeMap<Needed, usize>,
    /// The last day on which outcomes can be recorded and still be sustained by the year's end; `None` where it has passed.
    pub outcomes_until: Option<Date>,
}

impl CanMature {
    /// How many need this.
    pub fn of(&self, needed: Needed) -> usize {
        self.needed.get(&needed).copied().unwrap_or(0)
    }

    /// Those that need no outcome that is not recorded yet.
    pub fn without_outcomes(&self) -> usize {
        self.families - self.of(Needed::Outcomes)
    }
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
    /// Families that could mature by the year's end on what is recorded.
    pub can_mature: CanMature,
    /// Where payment had been suspended by the as-at date, and before the year's end.
    pub suspended: Option<Suspended>,
    /// What the model says of the same year, where it was asked.
    pub model: Option<Model>,
    /// How the authority itself estimates, where the targets file gives a sentence on the case in hand.
    pub method: Option<String>,
}

impl Position {
    /// Whether the model has anything to say of this year: the as-at date lies in it, and it is not over.
    pub fn has_more_to_come(&self) -> bool {
        self.days.covers(self.as_at) && !self.is_over()
    }

    /// Whether the year is over: the as-at date is its last day, or later.
    pub fn is_over(&self) -> bool {
        self.as_at >= self.days.to
    }

    /// Whether it is too early to say how the year goes: no month of it has gone.
    pub fn is_too_early(&self) -> bool {
        self.line.year_end.is_none()
    }

    /// Months of the year that are left after the as-at date, a running one as a part of it.
    pub fn months_left(&self) -> Ratio {
        months_left(self.as_at, self.days)
    }
}

fn months_left(as_at: Date, year: Span) -> Ratio {
    Ratio::whole(12).less(months_elapsed(as_at.min(year.to), year))
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
    let over = as_at >= days.to;
    let can_mature = can_mature(decided, days, prepared.year_starts);
    let reach = |families: usize| counted.claims() + if over { 0 } else { families };
    let left = months_left(as_at, days);
    let against = |what, number: usize| {
        let expected_to_date = Ratio::whole(number).times(profile.share_by(as_at, days));
        let achievable = reach(can_mature.families) >= number;
        let still_needed = number.saturating_sub(counted.claims());
        Against {
            what,
            number,
            expected_to_date,
            rag_to_date: line.year_end.map(|_| bands.judge(counted.claims(), expected_to_date, achievable)),
            rag_year_end: line.year_end.map(|end| bands.judge(end, Ratio::whole(number), achievable)),
            still_needed,
            achievable,
            achievable_without_outcomes: reach(can_mature.without_outcomes()) >= number,
            a_month: (still_needed > 0 && left >= Ratio::ONE).then(|| Ratio::whole(still_needed).by(left).rounded_up()),
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
        achievable: target.as_ref().is_some_and(|target| reach(can_mature.families) >= target.target),
    };
    let stretches = |months: i32, name: &dyn Fn(usize, Span) -> String| -> Vec<Stretch> {
        let parts = parts_of_year(days, months).into_iter().enumerate();
        parts.map(|(place, part)| judge.stretch(name(place, part), part, claims())).collect()
    };
    let suspended = rules.framework.facts.iter().filter(|fact| fact.suspends_payment && fact.from <= as_at);
    let payment = rules.parameters.payment;
    let suspended = suspended
        .map(|fact| fact.from)
        .min()
        .and_then(|from| Suspended::of(from, days, |days| Counted::of(claims(), days), payment));
    let grant = target.as_ref().map(|target| grant(target, counted, line, payment, suspended, !over));
    let shortfall = grant.as_ref().and_then(|grant| grant.line_shortfall);
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
        method: target.as_ref().and_then(|target| target.method.as_ref()?.said_of(as_at, shortfall)).map(str::to_owned),
        grant,
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
        model: None,
    })
}

/// Families that could become claimable by the year's end. Nothing can be added to a year that the as-at date is not in.
fn can_mature(decided: Decided<'_>, year: Span, year_starts: YearStart) -> CanMature {
    let linked = decided.linked;
    if !year.covers(linked.as_at) {
        return CanMature::default();
    }
    let pipeline = pipeline(linked, decided.decisions, year_starts);
    let Some(end) = pipeline.months.into_iter().next_back() else { return CanMature::default() };
    let months = decided.rules.parameters.sustainment_months;
    let in_time = |day: Date| add_months(day, months) <= year.to;
    // Months end on different days, so the last day is looked for from the first that may be it.
    let first = add_months(year.to, -months).max(linked.as_at);
    let mut outcomes_until = in_time(first).then_some(first);
    while let Some(next) = outcomes_until.map(day_after).filter(|next| in_time(*next)) {
        outcomes_until = Some(next);
    }
    CanMature { families: end.families, needed: end.needed, outcomes_until }
}
