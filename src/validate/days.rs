//! Days that cannot be right (contract section 1): after the horizon of the run, so early that a system wrote them for
//! "none", or in an order that contradicts itself. A row with such a day is held like one whose date does not exist: a
//! relapse typed as 2204 for 2024 must never read as "no relapse".
//!
//! What can be told without the as-at date is told when a row is read ([`is_too_early`], [`means_no_end`]). What depends
//! on it is told of the typed row ([`Dated`]), so that one reading of the files serves many as-at dates.

use super::rows::{Agreement, Case, Claim, Confirmation, Expecting, FormerId, Need, PersonRow};
use crate::dates::{Date, add_years, date};
use crate::finding::FindingCode;
use crate::rules::calendar::Term;

/// The last days that a run can believe.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    /// The as-at date.
    pub as_at: Date,
    /// The day on which the data were taken from their systems, where the settings give it.
    pub extracted_on: Option<Date>,
}

/// So many years after that of the as-at date a day can still be meant: contract section 1.
const YEARS_AHEAD: i16 = 10;

/// So old nobody is: contract section 1.
const OLDEST: i32 = 110;

impl Horizon {
    /// The last day that a cell of this column can hold.
    pub fn last(&self, column: &str) -> Date {
        let ahead = date(self.as_at.year().saturating_add(YEARS_AHEAD), 12, 31);
        if may_lie_ahead(column) { ahead } else { self.extracted_on.unwrap_or(ahead) }
    }

    /// Whether a birth date can be that of somebody alive at the as-at date.
    pub fn is_of_a_life(&self, born: Date) -> bool {
        self.as_at <= add_years(born, OLDEST)
    }
}

/// Columns of days that may lie after the day on which the data were taken: ends that are planned.
fn may_lie_ahead(column: &str) -> bool {
    matches!(column, "closed_on" | "left_on" | "expecting" | "until" | "starts_on" | "ends_on")
}

/// Whether a day is one that systems write for "none": 1 January 1900 or before.
pub fn is_too_early(day: Date) -> bool {
    day < first_day()
}

/// The first day that can be meant.
pub fn first_day() -> Date {
    date(1900, 1, 2)
}

/// That a day is one that systems write for "none", where it is.
pub fn too_early(column: &'static str, day: Date) -> Option<WrongDay> {
    is_too_early(day).then(|| {
        let message = format!("{column} is {day}, which systems write where there is no date.");
        WrongDay { column, code: FindingCode::DayCannotBeRight, message }
    })
}

/// Whether a day stands for "no end" in a column of ends: systems write the last day they know.
pub fn means_no_end(column: &str, day: Date) -> bool {
    matches!(column, "closed_on" | "left_on" | "until")
        && [(9999, 12, 31), (2999, 12, 31), (3000, 1, 1)].into_iter().any(|(y, m, d)| day == date(y, m, d))
}

/// Whether a row of claims that cannot be used may be one that is approved, or waits for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayBeSuccess {
    /// Nothing says that it is not.
    Yes,
    /// It waited until it was decided otherwise on this day.
    Until(Date),
    /// It was decided otherwise, on no day that is given.
    No,
}

impl MayBeSuccess {
    /// What can be told of a claim with this outcome that was `decided_on` this day.
    pub fn of(claim: &Claim) -> MayBeSuccess {
        match claim.decided_on {
            _ if claim.is_success() => MayBeSuccess::Yes,
            Some(day) => MayBeSuccess::Until(day),
            None => MayBeSuccess::No,
        }
    }

    /// Whether it may be one as at the day of `horizon`.
    pub fn at(self, horizon: &Horizon) -> bool {
        match self {
            MayBeSuccess::Yes => true,
            MayBeSuccess::Until(day) => day > horizon.as_at || day > horizon.last("decided_on"),
            MayBeSuccess::No => false,
        }
    }
}

/// A day of a typed row that cannot be right.
#[derive(Clone, Debug)]
pub struct WrongDay {
    /// Its column.
    pub column: &'static str,
    /// What kind of mistake it is.
    pub code: FindingCode,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// A row with days, to be looked at as at a day.
pub trait Dated {
    /// The first day of the row that cannot be right at the as-at date of `horizon`.
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay>;
}

/// The first of these days that lies after the horizon.
pub(super) fn beyond(horizon: &Horizon, days: &[(&'static str, Option<Date>)]) -> Option<WrongDay> {
    let (column, day) = days.iter().find_map(|(column, day)| {
        let day = (*day)?;
        (day > horizon.last(column)).then_some((*column, day))
    })?;
    let last = horizon.last(column);
    let message = match horizon.extracted_on.filter(|taken| *taken == last) {
        Some(taken) => format!("{column} is {day}, after {taken}, when the data were taken from their system."),
        None => format!("{column} is {day}, more than {YEARS_AHEAD} years ahead of the as-at date."),
    };
    Some(WrongDay { column, code: FindingCode::DayCannotBeRight, message })
}

/// A row whose own day has not come, though another of its days has.
fn comes_too_late(
    horizon: &Horizon,
    (column, own): (&'static str, Option<Date>),
    others: &[(&'static str, Option<Date>)],
) -> Option<WrongDay> {
    let own = own.filter(|own| *own > horizon.as_at)?;
    let (other, day) =
        others.iter().find_map(|(other, day)| Some((*other, (*day).filter(|day| *day <= horizon.as_at)?)))?;
    let message = format!(
        "{column} is {own}, after the as-at date {}, and {other} is {day}, which is before: one of them is wrong.",
        horizon.as_at
    );
    Some(WrongDay { column, code: FindingCode::DaysContradict, message })
}

impl Dated for Case {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        beyond(horizon, &self.days())
    }
}

impl Dated for PersonRow {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        let expecting = match self.expecting {
            Some(Expecting::On(day)) => Some(day),
            _ => None,
        };
        if let Some(born) = self.date_of_birth.filter(|born| !horizon.is_of_a_life(*born)) {
            let message = format!("date_of_birth is {born}, more than {OLDEST} years before {}.", horizon.as_at);
            return Some(WrongDay { column: "date_of_birth", code: FindingCode::DayCannotBeRight, message });
        }
        let days = [
            ("date_of_birth", self.date_of_birth),
            ("joined_on", self.joined_on),
            ("left_on", self.left_on),
            ("expecting", expecting),
        ];
        beyond(horizon, &days)
    }
}

impl Dated for Need {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        let own = ("identified_on", self.identified_on);
        let others = [("outcome_on", self.outcome_on), ("relapsed_on", self.relapsed_on)];
        beyond(horizon, &[own, others[0], others[1]]).or_else(|| comes_too_late(horizon, own, &others))
    }
}

impl Dated for Claim {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        let own = ("submitted_on", Some(self.submitted_on));
        let decided = ("decided_on", self.decided_on);
        beyond(horizon, &[own, decided]).or_else(|| comes_too_late(horizon, own, &[decided]))
    }
}

impl Dated for Agreement {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        beyond(horizon, &[("agreed_on", Some(self.agreed_on)), ("until", self.until)])
    }
}

impl Dated for Confirmation {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        beyond(horizon, &[("confirmed_on", Some(self.confirmed_on)), ("until", self.until)])
    }
}

impl Dated for Term {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        beyond(horizon, &[("starts_on", Some(self.span.from)), ("ends_on", Some(self.span.to))])
    }
}

impl Dated for FormerId {
    fn wrong_day(&self, _horizon: &Horizon) -> Option<WrongDay> {
        None
    }
}

/// The days of a held row, as far as they can be read: they say whether the row can matter at an as-at date.
#[derive(Clone, Copy, Debug)]
pub struct HeldDays {
    /// Whether every day that the row gives can be read. Where one cannot, the row always matters.
    pub all_read: bool,
    /// The row's own day: since it a case, a need, a claim or a membership exists.
    pub own: Option<Date>,
    /// The first of its other days, those of birth, assessment and plan apart.
    pub first_other: Option<Date>,
    /// The latest of the days that may lie ahead.
    pub latest_ahead: Option<Date>,
    /// The latest of its other days.
    pub latest: Option<Date>,
    /// A birth date.
    pub born: Option<Date>,
}

impl HeldDays {
    /// Days of which nothing is known: the row always matters.
    pub const UNKNOWN: HeldDays =
        HeldDays { all_read: false, own: None, first_other: None, latest_ahead: None, latest: None, born: None };

    /// The days of the cells of a row: each column with its day, `None` where the cell cannot be read.
    pub fn of(own: &str, days: impl Iterator<Item = (&'static str, Option<Date>)>) -> HeldDays {
        let mut held = HeldDays { all_read: true, ..HeldDays::UNKNOWN };
        for (column, day) in days {
            let Some(day) = day else {
                held.all_read = false;
                continue;
            };
            let latest = if may_lie_ahead(column) { &mut held.latest_ahead } else { &mut held.latest };
            *latest = (*latest).max(Some(day));
            match column {
                _ if column == own => held.own = Some(day),
                "date_of_birth" => held.born = Some(day),
                "assessment_on" | "plan_on" => {}
                _ => held.first_other = Some(held.first_other.map_or(day, |first| first.min(day))),
            }
        }
        held
    }

    /// Whether the row can matter at the as-at date: it is without effect only when all its days can be read, its own day
    /// comes after the as-at date, and none of the others is on or before it.
    pub fn matter_at(&self, horizon: &Horizon) -> bool {
        let readable = self.all_read
            && self.latest_ahead.is_none_or(|day| day <= horizon.last("until"))
            && self.latest.is_none_or(|day| day <= horizon.last("opened_on"))
            && self.born.is_none_or(|born| horizon.is_of_a_life(born));
        let is_later = |day: Date| day > horizon.as_at;
        !(readable && self.own.is_some_and(is_later) && self.first_other.is_none_or(is_later))
    }
}
