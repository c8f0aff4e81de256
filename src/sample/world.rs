//! What all families of one authority have in common: terms, good and bad quarters, practitioners, how many come in
//! which month, and the days on which claims are handed in.

use super::{chance::Chance, chance::Topic, names, spec::Spec};
use crate::{
    dates::{self, Date, Span, add_days, add_months, days_between, days_since_monday, first_of_month, last_of_month},
    rules::calendar::Term,
};

/// The day itself, or the Monday after it.
pub(crate) fn working_day(date: Date) -> Date {
    match days_since_monday(date) {
        5 => add_days(date, 2),
        6 => add_days(date, 1),
        _ => date,
    }
}

/// The day itself, or the Friday before it.
pub(crate) fn working_day_before(date: Date) -> Date {
    match days_since_monday(date) {
        5 => add_days(date, -1),
        6 => add_days(date, -2),
        _ => date,
    }
}

/// A number that grows by one each calendar quarter.
pub(crate) fn quarter_of(date: Date) -> u64 {
    u64::from(date.year().unsigned_abs()) * 4 + u64::from((date.month().unsigned_abs() - 1) / 3)
}

/// A term as schools keep it.
pub(crate) struct SchoolTerm {
    pub academic_year: String,
    pub term: String,
    pub span: Span,
    /// Days on which schools are open, and how they are written.
    pub days: Vec<(Date, String)>,
    /// How much is missed in it, beside other terms.
    pub factor: f64,
}

/// A day on which claims are handed in.
pub(crate) struct Batch {
    pub on: Date,
    /// The quarter, and the month in it: 0, 1 or 2.
    pub quarter: u64,
    pub month: usize,
}

struct Quarter {
    openings: f64,
    work: f64,
    attendance: f64,
    /// For the number of places.
    places: f64,
    all_at_the_end: bool,
}

struct Practitioner {
    name: String,
    skill: f64,
}

struct Arrivals {
    from: Date,
    /// Days of the month up to the last day recorded.
    days: i32,
    /// Number of the first family after this month.
    end: u64,
}

/// One authority.
pub(crate) struct World<'a> {
    pub spec: &'a Spec,
    /// By date, those that ended by the last day.
    pub terms: Vec<SchoolTerm>,
    pub batches: Vec<Batch>,
    /// Schools that pupils go to.
    pub schools: u32,
    /// The place in `terms` of the first one of which attendance is written.
    pub first_kept: usize,
    /// The two terms that are given as marks for some pupils.
    pub marked: [usize; 2],
    quarters: Vec<Quarter>,
    first_quarter: u64,
    practitioners: Vec<Practitioner>,
    arrivals: Vec<Arrivals>,
}

impl<'a> World<'a> {
    pub(crate) fn new(spec: &'a Spec, calendar: &[Term]) -> World<'a> {
        let profile = &spec.profile;
        let start = add_months(first_of_month(spec.from), -profile.openings.warm_up_months);
        let first_quarter = quarter_of(start).saturating_sub(1);
        let quarters: Vec<Quarter> = (first_quarter..=quarter_of(spec.until) + 1)
            .map(|quarter| {
                let mut chance = Chance::of(spec.seed, Topic::Quarter, quarter, 0);
                Quarter {
                    openings: chance.factor(profile.openings.quarter_deviation),
                    work: chance.factor(profile.work.quarter_deviation),
                    attendance: chance.factor(profile.attendance.quarter_deviation),
                    places: chance.factor(profile.claims.places_deviation),
                    all_at_the_end: chance.happens(profile.claims.all_at_the_end),
                }
            })
            .collect();
        let count = (spec.families / profile.town.families_per_practitioner).max(4);
        let practitioners = (0..count)
            .map(|number| {
                let mut chance = Chance::of(spec.seed, Topic::Practitioner, number, 0);
                let name = format!("{} {}", names::first(&mut chance), names::last(&mut chance));
                Practitioner { name, skill: chance.factor(profile.work.practitioner_deviation) }
            })
            .collect();
        let mut world = World {
            spec,
            terms: Vec::new(),
            batches: Vec::new(),
            schools: ((spec.families as f64 * profile.town.schools_per_family) as u32).max(6),
            first_kept: 0,
            marked: [usize::MAX; 2],
            quarters,
            first_quarter,
            practitioners,
            arrivals: Vec::new(),
        };
        world.keep_terms(calendar);
        world.expect_families(start);
        world.plan_batches();
        world
    }

    fn quarter(&self, number: u64) -> &Quarter {
        let place = number.saturating_sub(self.first_quarter) as usize;
        &self.quarters[place.min(self.quarters.len() - 1)]
    }

    /// How well work goes in the quarter of `day`.
    pub(crate) fn work_goes(&self, day: Date) -> f64 {
        self.quarter(quarter_of(day)).work
    }

    /// For the places of a quarter where the profile gives no results.
    pub(crate) fn places_factor(&self, quarter: u64) -> f64 {
        self.quarter(quarter).places
    }

    /// Whether all of a quarter's claims wait for its last month.
    pub(crate) fn all_at_the_end(&self, quarter: u64) -> bool {
        self.quarter(quarter).all_at_the_end
    }

    /// A practitioner's number, name and skill.
    pub(crate) fn practitioner(&self, chance: &mut Chance) -> (usize, &str, f64) {
        let number = chance.below(self.practitioners.len());
        let practitioner = &self.practitioners[number];
        (number, &practitioner.name, practitioner.skill)
    }

    /// How many families ever come.
    pub(crate) fn families(&self) -> u64 {
        self.arrivals.last().map_or(0, |last| last.end)
    }

    /// The day on which a family first comes.
    pub(crate) fn comes_on(&self, family: u64, chance: &mut Chance) -> Date {
        let place = self.arrivals.partition_point(|month| month.end <= family);
        let Some(month) = self.arrivals.get(place) else { return self.spec.until };
        working_day_before(add_days(month.from, chance.between(0, month.days - 1))).max(month.from)
    }

    /// The places in `terms` of the latest two that ended on or before `day`.
    pub(crate) fn latest_terms(&self, day: Date) -> Option<[usize; 2]> {
        let ended = self.terms.partition_point(|term| term.span.to <= day);
        (ended >= 2).then(|| [ended - 2, ended - 1])
    }

    fn keep_terms(&mut self, calendar: &[Term]) {
        let attendance = &self.spec.profile.attendance;
        let mut ended: Vec<&Term> = calendar.iter().filter(|term| term.span.to <= self.spec.until).collect();
        ended.sort_by_key(|term| term.span.from);
        self.terms = ended
            .into_iter()
            .map(|term| {
                let season = match term.span.from.month() {
                    9..=12 => 0,
                    1..=3 => 1,
                    _ => 2,
                };
                SchoolTerm {
                    academic_year: term.academic_year.clone(),
                    term: term.term.clone(),
                    span: term.span,
                    days: school_days(term.span),
                    factor: attendance.seasons[season] * self.quarter(quarter_of(term.span.from)).attendance,
                }
            })
            .collect();
        let kept_from = add_months(self.spec.until, -attendance.kept_months).max(self.spec.from);
        self.first_kept = self.terms.partition_point(|term| term.span.to < kept_from);
        let story = self.spec.boundaries_at.unwrap_or(self.spec.until);
        self.marked = self.latest_terms(story).unwrap_or([usize::MAX; 2]);
    }

    fn expect_families(&mut self, start: Date) {
        let openings = &self.spec.profile.openings;
        let mean = openings.months.iter().sum::<f64>() / 12.0;
        let a_month = self.spec.families as f64 * openings.new_families_a_year / 12.0;
        let mut month = start;
        let mut so_far = 0.0;
        while month <= self.spec.until {
            let all_days = i32::from(last_of_month(month).day());
            let days = if last_of_month(month) > self.spec.until { i32::from(self.spec.until.day()) } else { all_days };
            let season = openings.months[usize::from(month.month().unsigned_abs() - 1)] / mean;
            let shared = self.quarter(quarter_of(month)).openings;
            so_far += a_month * season * shared * f64::from(days) / f64::from(all_days);
            self.arrivals.push(Arrivals { from: month, days, end: so_far as u64 });
            month = add_months(month, 1);
        }
    }

    fn plan_batches(&mut self) {
        let claims = &self.spec.profile.claims;
        // A third of the time before the first day goes by before anybody can be claimed.
        let warm_up = self.spec.profile.openings.warm_up_months * 2 / 3;
        let mut month = add_months(first_of_month(self.spec.from), -warm_up);
        while quarter_month(month) != 0 {
            month = add_months(month, 1);
        }
        // Where the profile gives results, they are handed in within their quarter.
        let free = |quarter: u64| {
            let given = |span: Span| quarter_of(span.from) <= quarter && quarter <= quarter_of(span.to);
            !claims.results.iter().any(|results| given(results.span()))
        };
        while month <= self.spec.until {
            let mut chance = Chance::of(self.spec.seed, Topic::Batch, quarter_of(month), quarter_month(month) as u64);
            let mut on = working_day_before(add_days(last_of_month(month), -chance.between(0, 6)));
            let too_soon = |term: &&SchoolTerm| {
                term.span.covers(on) && term.span.to == on
                    || term.span.to < on && add_days(term.span.to, claims.wait_for_term_days) >= on
            };
            if let Some(term) = self.terms.iter().rev().find(too_soon) {
                on = working_day_before(add_days(term.span.to, -1)).max(month);
            }
            let last = quarter_month(month) == 2;
            if last && free(quarter_of(month)) && free(quarter_of(month) + 1) && chance.happens(claims.slips) {
                let [least, most] = claims.slips_days;
                on = working_day(add_days(last_of_month(month), chance.between(least, most.min(14))));
            }
            if on <= self.spec.until {
                self.batches.push(Batch { on, quarter: quarter_of(month), month: quarter_month(month) });
            }
            month = add_months(month, 1);
        }
    }
}

fn quarter_month(date: Date) -> usize {
    usize::from((date.month().unsigned_abs() - 1) % 3)
}

/// Mondays to Fridays of a term without its first day, on which teachers meet, and without the week in the middle.
pub(crate) fn school_days(term: Span) -> Vec<(Date, String)> {
    let middle = add_days(term.from, days_between(term.from, term.to) / 2);
    let week = Span { from: add_days(middle, -days_since_monday(middle)), to: middle };
    let half_term = Span { from: week.from, to: add_days(week.from, 6) };
    let mut days = Vec::new();
    let mut day = dates::day_after(term.from);
    while day <= term.to {
        if dates::is_weekday(day) && !half_term.covers(day) {
            days.push((day, day.to_string()));
        }
        day = dates::day_after(day);
    }
    days
}
