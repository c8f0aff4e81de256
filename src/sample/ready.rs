//! When a family can be claimed, in its officers' eyes: a short form of the rules, of what is recorded by each day on
//! which claims are handed in. The program itself is the judge of it; that the two differ now and then is intended.

use super::{
    chance::Chance,
    record::{Agreement, Case, Household, Lapse, Person},
    school::{self, PupilTerm},
    world::World,
};
use crate::dates::{self, Date, add_days, add_months};

/// Days of a run of batches in which a period of support can be claimed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub family: u64,
    /// The period's place among those of the family.
    pub period: u8,
    /// The number of the case that a claim names; 0 where it is not in the records.
    pub case: u8,
    /// First and last batch.
    pub first: u16,
    pub last: u16,
    pub closed: Option<Date>,
}

/// Cases of a family whose days overlap, as places in `cases`: first, and the one after the last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    pub first: usize,
    pub end: usize,
    pub opened: Date,
    pub closed: Option<Date>,
}

/// The periods of support of cases in order of opening.
pub(crate) fn periods(cases: &[Case]) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::with_capacity(cases.len());
    for (place, case) in cases.iter().enumerate() {
        match periods.last_mut() {
            Some(period) if period.closed.is_none_or(|closed| case.opened <= closed) => {
                period.end = place + 1;
                period.closed = period.closed.zip(case.closed).map(|(before, now)| before.max(now));
            }
            _ => periods.push(Period { first: place, end: place + 1, opened: case.opened, closed: case.closed }),
        }
    }
    periods
}

/// Attendance of a family's children, worked out when it is first asked for.
struct Book<'a> {
    world: &'a World<'a>,
    people: &'a [Person],
    known: Vec<Option<Option<PupilTerm>>>,
}

impl<'a> Book<'a> {
    fn of(world: &'a World<'a>, people: &'a [Person]) -> Book<'a> {
        Book { world, people, known: vec![None; people.len() * world.terms.len()] }
    }

    fn term_of(&mut self, person: usize, term: usize) -> Option<PupilTerm> {
        let place = person * self.world.terms.len() + term;
        *self.known[place].get_or_insert_with(|| school::term_of(self.world, &self.people[person], term))
    }
}

/// Whether the needs of a period were met for good on `day`, by how many headlines, and since when.
struct Progress {
    headlines: usize,
    on: Date,
    recorded: Date,
}

fn progress(cases: &[Case], day: Date) -> Option<Progress> {
    let (mut seen, mut on, mut recorded) = (0_u16, Date::MIN, Date::MIN);
    for need in cases.iter().filter(|case| case.opened <= day).flat_map(|case| &case.needs) {
        if need.identified > day {
            continue;
        }
        seen |= 1 << need.headline;
        on = on.max(need.met_by(day)?);
        recorded = recorded.max(need.recorded);
    }
    (seen != 0).then_some(Progress { headlines: seen.count_ones() as usize, on, recorded })
}

/// Every run of batches in which a period of the family can be claimed, results claimed before left aside.
pub(crate) fn candidates(world: &World<'_>, family: u64, household: &Household) -> Vec<Candidate> {
    let rules = &world.spec.profile.claims;
    let mut found: Vec<Candidate> = Vec::new();
    if household.people.iter().any(|person| person.elsewhere) {
        // Claimed with the other family, if at all.
        return found;
    }
    let let_pass = household.officers.let_pass;
    let lapse = |kind: Lapse| let_pass == Some(kind);
    let least = rules.minimum_headlines - usize::from(lapse(Lapse::TooFewNeeds));
    let periods = periods(&household.cases);
    let mut book = Book::of(world, &household.people);
    for (number, period) in periods.iter().enumerate() {
        let cases = &household.cases[period.first..period.end];
        let start = world.batches.partition_point(|batch| batch.on < add_months(period.opened, 4));
        let mut open: Option<Candidate> = None;
        for (place, batch) in world.batches.iter().enumerate().skip(start) {
            let day = batch.on;
            let stands = progress(cases, day).is_some_and(|progress| {
                let due = add_months(progress.on, rules.sustained_months);
                let due = if lapse(Lapse::TooEarly) { add_days(due, -40) } else { due };
                let seen = add_days(due.max(progress.recorded), household.officers.see_after);
                let back = || {
                    let by = due.min(day);
                    periods.iter().any(|other| progress.on < other.opened && other.opened <= by)
                };
                progress.headlines >= least
                    && seen <= day
                    && (lapse(Lapse::CameBack) || !back())
                    && has_dependent(household, day)
                    && attends(&mut book, household, cases, day)
            });
            if !stands {
                found.extend(open.take());
                continue;
            }
            let candidate = open.get_or_insert(Candidate {
                family,
                period: number as u8,
                case: named_case(world, household, *period),
                first: place as u16,
                last: place as u16,
                closed: period.closed,
            });
            candidate.last = place as u16;
        }
        found.extend(open);
    }
    found
}

/// The number of the first case of a period that is in the records.
fn named_case(world: &World<'_>, household: &Household, period: Period) -> u8 {
    let place = (period.first..period.end).find(|place| on_system(world, &household.cases[*place]));
    place.map_or(0, |place| place as u8 + 1)
}

/// Whether a case is in the records: it was not closed before they began.
pub(crate) fn on_system(world: &World<'_>, case: &Case) -> bool {
    case.closed.is_none_or(|closed| closed >= world.spec.from)
}

fn is_member(person: &Person, day: Date) -> bool {
    person.joined.is_none_or(|joined| joined <= day)
        && person.left.is_none_or(|left| day < left)
        && person.born.is_none_or(|born| born <= day)
}

fn has_dependent(household: &Household, day: Date) -> bool {
    household
        .people
        .iter()
        .filter(|person| is_member(person, day))
        .any(|person| person.expecting || person.born.is_some_and(|born| dates::is_under_18(born, day)))
}

fn attends(book: &mut Book<'_>, household: &Household, cases: &[Case], day: Date) -> bool {
    let world = book.world;
    let Some(terms) = world.latest_terms(day) else { return true };
    let rules = &world.spec.profile.claims;
    let low = household.officers.let_pass == Some(Lapse::LowAttendance);
    let percent = if low { rules.weak_attendance_percent } else { rules.attendance_percent };
    let agreed = |person: &Person| {
        household.agreements.iter().any(|agreement| {
            agreement.on <= day
                && agreement.person_id == person.person_id
                && cases.iter().any(|case| case.case_id == agreement.case_id)
        })
    };
    (0..household.people.len()).all(|place| {
        let person = &household.people[place];
        if person.adult || !is_member(person, day) || agreed(person) {
            return true;
        }
        let Some(born) = person.born else { return false };
        let age = dates::school_age(born);
        !age.covers(day)
            || terms.iter().all(|term| {
                !age.covers(world.terms[*term].span.from)
                    || book.term_of(place, *term).is_some_and(|sent| {
                        let (possible, attended) = sent.sum();
                        !sent.half && possible > 0 && 100 * attended >= percent * possible
                    })
            })
    })
}

/// Lets somebody decide on children without attendance, once the family's needs have been met for long enough.
pub(crate) fn agree(world: &World<'_>, chance: &mut Chance, household: &mut Household) {
    let rules = &world.spec.profile.claims;
    for period in periods(&household.cases) {
        let cases = &household.cases[period.first..period.end];
        let Some(progress) = progress(cases, world.spec.until) else { continue };
        let on =
            super::world::working_day(add_days(add_months(progress.on, rules.sustained_months), chance.between(2, 40)));
        let named = named_case(world, household, period);
        if progress.headlines < rules.minimum_headlines || on > world.spec.until || named == 0 {
            continue;
        }
        for person in household.people.iter().filter(|person| !person.adult && person.pupil.is_none()) {
            let at_school = person.born.is_some_and(|born| dates::school_age(born).covers(on));
            if !at_school || !chance.happens(rules.agreed) {
                continue;
            }
            let (reason, evidence) = match person.schooling {
                "home" => ("Taught at home; the home education officer has no concern", "visit note"),
                _ => ("The school confirms good attendance in both terms", "letter of the school"),
            };
            household.agreements.push(Agreement {
                case_id: household.cases[usize::from(named) - 1].case_id.clone(),
                rule: "attendance",
                person_id: person.person_id.clone(),
                answer: "met",
                reason,
                by: "Attendance lead",
                on,
                evidence,
                ..Agreement::default()
            });
        }
    }
}

/// The last day of which attendance is asked for, for a period: until it is claimed, or cannot be any more.
pub(crate) fn followed_until(world: &World<'_>, cases: &[Case], period: Period, claimed: Option<Date>) -> Date {
    if let Some(claimed) = claimed {
        return claimed;
    }
    let Some(closed) = period.closed else { return world.spec.until };
    let headlines: std::collections::BTreeSet<u8> =
        cases[period.first..period.end].iter().flat_map(|case| &case.needs).map(|need| need.headline).collect();
    let open = headlines.len() >= world.spec.profile.claims.minimum_headlines
        && progress(&cases[period.first..period.end], world.spec.until).is_some();
    if open { world.spec.until } else { closed }
}
