//! Claims of stretches of days: counted by what became of them, held against the profile, and carried on by the straight
//! line.

use crate::dates::{Date, Span};
use crate::forecast::straight_line::{counted_until, straight_line};
use crate::rules::position::{Bands, Profile, Rag, months_elapsed};
use crate::share::Ratio;
use crate::validate::rows::ClaimOutcome;
use crate::words::worded;

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

worded! {
    /// Where a month or quarter lies to the as-at date.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum State {
        /// It has ended.
        Over = "over",
        /// It is running: counted so far, and expected so far.
        Running = "running",
        /// It has not begun.
        ToCome = "to_come",
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
    /// Claims that the straight line leaves to come in it; `None` while it is too early for the line.
    pub projected: Option<usize>,
    /// Claims of the year by its end, projected ones included; of a running one those by the as-at date, which the profile is
    /// held against. `None` for what has not begun while it is too early for the line.
    pub claims_by_end: Option<usize>,
    /// Of the target, what the profile has in it; up to the as-at date while it is running.
    pub expected: Option<Ratio>,
    /// Of the target, what the profile has of the year by its end; by the as-at date while it is running.
    pub expected_by_end: Option<Ratio>,
    /// The word for its own claims; `None` before it begins, without a target, or while it is too early to say.
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
    /// Claims at the year's end, rounded half up; `None` before a month of the year has gone, when it is too early to say.
    pub year_end: Option<usize>,
}

impl Line {
    /// The line through the claims of a year known by `as_at`.
    pub fn through(claims: impl Iterator<Item = (Date, ClaimOutcome)>, year: Span, as_at: Date) -> Line {
        let counted_until = counted_until(as_at, year);
        let claims = Counted::of(claims, Span { from: year.from, to: counted_until }).claims();
        let months = months_elapsed(counted_until, year);
        // A few days times twelve are no line: one claim on the first day would make 360 of the year.
        let year_end = (months >= Ratio::ONE).then(|| straight_line(claims, counted_until, year));
        Line { counted_until, claims, months, year_end }
    }
}

/// What months and quarters are judged by.
pub(super) struct Judge<'a> {
    pub as_at: Date,
    pub year: Span,
    pub counted: Counted,
    pub line: Line,
    pub number: Option<usize>,
    pub profile: &'a Profile,
    pub bands: &'a Bands,
    pub achievable: bool,
}

impl Judge<'_> {
    /// Claims of the year by a later day, where the rest of the straight line comes evenly over what is left of the year.
    fn projected_by(&self, day: Date) -> Option<usize> {
        let claims = self.counted.claims();
        let rest = Ratio::whole(self.line.year_end?.saturating_sub(claims));
        let passed = months_elapsed(self.as_at.min(self.year.to), self.year);
        let part = months_elapsed(day, self.year).less(passed).by(Ratio::whole(12).less(passed));
        Some(claims + rest.times(part).rounded())
    }

    pub fn stretch(
        &self,
        name: String,
        days: Span,
        claims: impl Iterator<Item = (Date, ClaimOutcome)> + Clone,
    ) -> Stretch {
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
                Some(Counted::of(claims.clone(), Span { from: self.year.from, to: end }).claims())
            } else {
                self.projected_by(end)
            }
        };
        let before = crate::dates::of_day_number(crate::dates::day_number(days.from) - 1);
        // What was projected by the day before a stretch that is running is what was claimed by now.
        let had = if state == State::ToCome { by_end(before) } else { Some(self.counted.claims()) };
        let projected = match state {
            State::Over => Some(0),
            _ => by_end(days.to).zip(had).map(|(end, had)| end.saturating_sub(had)),
        };
        let until = if state == State::Running { self.as_at } else { days.to };
        let share = |day: Date| if day < self.year.from { Ratio::ZERO } else { self.profile.share_by(day, self.year) };
        let of_target = |share: Ratio| self.number.map(|number| Ratio::whole(number).times(share));
        let expected = of_target(share(until).less(share(before)));
        let expected_by_end = of_target(share(until));
        let judged = |claims: usize, expected: Option<Ratio>| {
            expected
                .filter(|_| state != State::ToCome && self.line.year_end.is_some())
                .map(|expected| self.bands.judge(claims, expected, self.achievable))
        };
        let claims_now = Counted::of(claims.clone(), Span { from: self.year.from, to: until }).claims();
        Stretch {
            name,
            days,
            state,
            counted,
            projected,
            claims_by_end: by_end(until),
            rag: judged(counted.claims(), expected),
            rag_by_end: judged(claims_now, expected_by_end),
            expected,
            expected_by_end,
        }
    }
}
