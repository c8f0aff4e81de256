//! Who lives in a family.

use super::{
    chance::{Chance, Topic},
    names,
    record::{Person, Pupil},
    world::{World, working_day},
};
use crate::dates::{self, Date, add_days, add_months, add_years};

/// The place, within a family, of a child that it has in common with the next family.
pub(crate) const SHARED: u64 = 15;

/// The number of a family, as it is written.
pub(crate) fn family_id(family: u64) -> String {
    format!("F{:05}", family + 1)
}

/// The people of a family that came on `came`, adults first.
pub(crate) fn people(world: &World<'_>, chance: &mut Chance, family: u64, came: Date) -> Vec<Person> {
    let rates = &world.spec.profile.household;
    let until = world.spec.until;
    let home = Home {
        family,
        last_name: names::last(chance),
        postcode: names::postcode(chance),
        absence: chance.factor(world.spec.profile.attendance.family_deviation),
        school: chance.below(world.schools as usize) as u32,
    };
    let mut people = Vec::with_capacity(5);

    let count = chance.weighted(&rates.children);
    let mut ages = Vec::with_capacity(count);
    let mut age = chance.between(0, 15 * 12 + 11);
    for _ in 0..count {
        if age >= 18 * 12 {
            break;
        }
        ages.push(age);
        let [least, most] = rates.months_between_children;
        age += chance.between(least, most);
    }

    let mut expecting = chance.happens(rates.expecting);
    // A family without children expects one. Where it comes before the last day, it is in the records.
    let due = (ages.is_empty() || chance.happens(rates.birth)).then(|| {
        let least = if ages.is_empty() { 20 } else { 10 };
        add_days(came, chance.between(least, if ages.is_empty() { 240 } else { 730 }))
    });
    expecting |= due.is_some_and(|due| ages.is_empty() && due > until);

    for number in 0..if chance.happens(rates.one_adult) { 1 } else { 2 } {
        let born = add_days(add_years(came, -chance.between(19, 46)), chance.between(0, 364));
        let mut adult = home.person(chance, people.len() as u64 + 1);
        adult.adult = true;
        adult.born = chance.happens(rates.adult_birth_date).then_some(born);
        adult.expecting = expecting && number == 0;
        adult.restricted = chance.happens(rates.restricted);
        people.push(adult);
    }
    for months in ages {
        let born = add_days(add_months(came, -months), -chance.between(0, 29));
        let child = child(world, chance, &home, people.len() as u64 + 1, born);
        people.push(child);
    }
    if let Some(born) = due.filter(|born| *born <= until) {
        let mut child = child(world, chance, &home, people.len() as u64 + 1, born);
        child.joined = Some(born);
        people.push(child);
    }
    let moves = came.max(world.spec.from);
    let children = people.iter_mut().filter(|person| !person.adult && person.joined.is_none());
    for child in children.skip(1) {
        let day = add_days(moves, chance.between(30, 700));
        if chance.happens(rates.moves_out) {
            child.left = Some(day).filter(|day| *day <= until);
        } else if chance.happens(rates.moves_in) && day <= until {
            child.joined = Some(day);
        }
    }
    for (other, elsewhere) in [(Some(family), false), (family.checked_sub(1), true)] {
        if let Some(other) = other.filter(|other| has_shared_child(world, *other)) {
            people.push(shared_child(world, other, elsewhere));
        }
    }
    people
}

/// What the people of a family have in common.
struct Home {
    family: u64,
    last_name: String,
    postcode: String,
    absence: f64,
    school: u32,
}

impl Home {
    fn person(&self, chance: &mut Chance, number: u64) -> Person {
        let last_name = if chance.happens(0.85) { self.last_name.clone() } else { names::last(chance) };
        Person {
            person_id: format!("P{:05}-{number}", self.family + 1),
            stream: (self.family, number),
            first_name: names::first(chance),
            last_name,
            postcode: self.postcode.clone(),
            ..Person::default()
        }
    }
}

fn child(world: &World<'_>, chance: &mut Chance, home: &Home, number: u64, born: Date) -> Person {
    let rates = &world.spec.profile.household;
    let mut child = home.person(chance, number);
    child.born = (!chance.happens(rates.no_birth_date)).then_some(born);
    child.restricted = chance.happens(rates.restricted);
    let age = dates::school_age(born);
    // Reception: the September after the fourth birthday.
    let fourth = add_years(born, 4);
    let starts = crate::dates::date(if fourth.month() >= 9 { fourth.year() + 1 } else { fourth.year() }, 9, 1);
    let until = world.spec.until;
    let place = chance.unit();
    let temporary = chance.happens(rates.upn_temporary);
    let pupil = home.family * 16 + number;
    let upn = || names::pupil_number(world.spec.profile.town.authority_number, pupil, starts.year(), temporary);
    let draw = chance.unit();
    if starts > until {
        return child;
    }
    if draw >= rates.upn_missing + rates.upn_un1 {
        child.upn = upn();
    } else if draw >= rates.upn_missing {
        child.upn = "UN1".to_owned();
    }
    child.schooling = if place < rates.at_home {
        "home"
    } else if place < rates.at_home + rates.no_school {
        "none"
    } else {
        "school"
    };
    child.pupil = at_school(world, chance, home, starts, age.to).filter(|_| child.schooling == "school");
    if chance.happens(rates.upn_changed) && child.upn.starts_with(|first: char| first != 'U') {
        // The reception year of the former number is one that no other pupil's has.
        let former = names::pupil_number(world.spec.profile.town.authority_number, pupil, starts.year() + 50, false);
        let changed = add_days(world.spec.from, chance.between(60, 1200));
        child.former_upn = (!child.upn.is_empty() && changed <= until).then_some((former, changed));
    }
    child
}

fn at_school(world: &World<'_>, chance: &mut Chance, home: &Home, from: Date, to: Date) -> Option<Pupil> {
    let rates = &world.spec.profile.attendance;
    let (common, severe) = (chance.unit(), chance.unit());
    let severe = severe * severe * severe;
    let absence = home.absence
        * (rates.least_absence + rates.common_absence * common + rates.severe_absence * severe * severe * severe);
    let urn = |school: u32| 990_001 + school;
    let other = urn((home.school + 1 + chance.below(world.schools.saturating_sub(1) as usize) as u32) % world.schools);
    let moved = working_day(add_days(world.spec.from, chance.between(0, 1400)));
    let second = match chance.unit() {
        draw if draw < rates.moved_school => Some((other, Some(moved))),
        draw if draw < rates.moved_school + rates.two_schools => Some((other, None)),
        _ => None,
    };
    let pupil = Pupil {
        from,
        to,
        absence,
        authorised: 0.35 + 0.55 * chance.unit(),
        school: urn(home.school),
        second,
        as_marks: chance.happens(rates.as_marks),
        need: None,
    };
    (!chance.happens(rates.not_sent)).then_some(pupil)
}

fn has_shared_child(world: &World<'_>, family: u64) -> bool {
    let share = world.spec.profile.household.shared_child;
    family + 1 < world.families() && Chance::of(world.spec.seed, Topic::Shared, family, 0).happens(share)
}

/// A child of two families, the same in both: drawn from a stream of its own.
fn shared_child(world: &World<'_>, family: u64, elsewhere: bool) -> Person {
    let mut chance = Chance::of(world.spec.seed, Topic::Shared, family, 1);
    let home = Home {
        family,
        last_name: names::last(&mut chance),
        postcode: names::postcode(&mut chance),
        absence: 1.0,
        school: chance.below(world.schools as usize) as u32,
    };
    let age = add_days(world.spec.until, -chance.between(6 * 365, 15 * 365));
    let mut person = child(world, &mut chance, &home, SHARED, age);
    person.elsewhere = elsewhere;
    person
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_numbers_grow_beyond_five_digits() {
        assert_eq!(family_id(0), "F00001");
        assert_eq!(family_id(3_500_000), "F3500001");
    }
}
