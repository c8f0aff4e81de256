//! What becomes of a family: cases open, needs are found, met, come back; cases close; families return.

use super::{
    chance::Chance,
    household, names,
    record::{Case, Household, Lapse, Need, Officers, Person},
    world::{World, working_day},
};
use crate::dates::{Date, add_days, add_months, add_years, last_of_month};

/// Spreads whole numbers evenly over the numbers of 64 bits: 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A family of the simulation, with all that is recorded of it by the last day. Its cases that closed before the
/// records begin are among them.
pub(crate) fn household(world: &World<'_>, family: u64) -> Household {
    let spec = world.spec;
    let mut chance = Chance::of(spec.seed, super::chance::Topic::Family, family, 0);
    let came = world.comes_on(family, &mut chance);
    let mut household = Household {
        family_id: household::family_id(family),
        people: household::people(world, &mut chance, family, came),
        ..Household::default()
    };
    household.earlier_result =
        chance.happens(spec.profile.openings.earlier_result).then(|| long_ago(world, &mut chance)).flatten();
    household.officers = officers(world, &mut chance);
    let ward = names::ward(&mut chance);

    let kind = TransformingLives::of(world, &mut chance, family);
    let mut open = came;
    for time in 0..spec.profile.again.most_times.max(1) {
        let closed = if kind.is_some_and(|kind| time == 0 && !kind.known) {
            came
        } else {
            let early_help = time == 0 && kind.is_some();
            episode(world, &mut chance, &mut household, ward, open, early_help)
        };
        let mut closed = closed;
        if let Some(kind) = kind.filter(|_| time == 0) {
            let end = partner_case(world, &mut chance, &mut household, ward, kind, (came, closed));
            closed = closed.max(end);
        }
        if closed > spec.until || !chance.happens(spec.profile.again.returns) {
            break;
        }
        let gap = match chance.weighted(&spec.profile.again.when) {
            0 => chance.between(10, 182),
            1 => chance.between(183, 730),
            _ => chance.between(731, 1400),
        };
        open = working_day(add_days(closed, gap));
        if open > spec.until {
            break;
        }
    }
    settle(world, &mut household, family);
    super::ready::agree(world, &mut chance, &mut household);
    household
}

/// Puts cases in order, numbers them, and takes away what is not known on the last day.
fn settle(world: &World<'_>, household: &mut Household, family: u64) {
    let until = world.spec.until;
    household.cases.retain(|case| case.opened <= until);
    household.cases.sort_by_key(|case| case.opened);
    for (number, case) in household.cases.iter_mut().enumerate() {
        case.case_id = format!("C{:05}-{}", family + 1, number + 1);
        case.closed = case.closed.filter(|day| *day <= until);
        case.assessed = case.assessed.filter(|day| *day <= until && case.closed.is_none_or(|closed| *day <= closed));
        case.planned = case.planned.filter(|day| *day <= until && case.closed.is_none_or(|closed| *day <= closed));
        case.needs.retain(|need| need.identified <= until);
        for need in &mut case.needs {
            need.clip(until);
        }
    }
    for case in &household.cases {
        for need in case.needs.iter().filter(|need| need.headline == 1) {
            if let Some(pupil) = need.person.and_then(|place| household.people[place].pupil.as_mut()) {
                pupil.need = Some((need.identified, need.outcome));
            }
        }
    }
    for child in household.people.iter_mut().filter(|person| person.stream.1 == household::SHARED) {
        if let Some(pupil) = &mut child.pupil {
            pupil.need = None;
        }
    }
}

/// Work with a family: a case, perhaps a second one beside it. The day on which the last of them closes. Families that
/// Transforming Lives partners meet as well are known to early help.
fn episode(
    world: &World<'_>,
    chance: &mut Chance,
    household: &mut Household,
    ward: &'static str,
    open: Date,
    early_help: bool,
) -> Date {
    let rates = &world.spec.profile;
    let (first, other) = if chance.happens(rates.openings.social_care) && !early_help {
        ("social_care", "early_help")
    } else {
        ("early_help", "social_care")
    };
    let headlines = 1 + chance.weighted(&rates.needs.headlines);
    let case = work(world, chance, &household.people, ward, (first, open, headlines));
    let mut closed = case.closed.unwrap_or(open);
    household.cases.push(case);
    if chance.happens(rates.work.second_case) {
        // Some step down, from one service to the other, on the day the first case closes.
        let opens =
            if chance.happens(0.4) { closed } else { working_day(add_days(open, chance.between(14, 150))).min(closed) };
        let headlines = chance.between(1, 2) as usize;
        let case = work(world, chance, &household.people, ward, (other, opens, headlines));
        closed = closed.max(case.closed.unwrap_or(closed));
        household.cases.push(case);
    }
    closed
}

/// A case from opening to closing, however far that is beyond the last day.
fn work(
    world: &World<'_>,
    chance: &mut Chance,
    people: &[Person],
    ward: &'static str,
    (source, opened, headlines): (&'static str, Date, usize),
) -> Case {
    let rates = &world.spec.profile.work;
    let (number, lead, skill) = world.practitioner(chance);
    let late = if chance.happens(rates.late) { chance.between(40, 110) } else { 0 };
    let assessed = working_day(add_days(opened, chance.between(4, 38) + late));
    let planned = working_day(add_days(assessed, chance.between(2, 21)));
    let mut case = Case {
        source,
        opened,
        team: names::team(source, number),
        ward,
        lead: lead.to_owned(),
        assessed: (!chance.happens(rates.no_assessment)).then_some(assessed),
        planned: (!chance.happens(rates.no_plan)).then_some(planned),
        needs: needs(world, chance, people, opened, headlines),
        ..Case::default()
    };
    let never: Vec<bool> = case.needs.iter().map(|_| chance.happens(rates.never_met)).collect();
    let mut closed = opened;
    for review in 1..=rates.most_reviews.max(1) {
        let day = working_day(add_days(opened, 20 + review * rates.review_days + chance.between(-4, 4)));
        closed = day;
        if day > add_days(world.spec.until, 40) {
            break;
        }
        let goes = rates.met_at_review * skill * world.work_goes(day);
        for (need, never) in case.needs.iter_mut().zip(&never) {
            if need.outcome.is_none() && !never && add_days(need.identified, 14) <= day && chance.happens(goes) {
                (need.outcome, need.result) = (Some(day), "achieved");
            }
        }
        if case.needs.iter().all(|need| need.outcome.is_some()) {
            closed = add_days(day, chance.between(0, 25));
            break;
        }
        if chance.happens(rates.leaves_at_review) {
            break;
        }
    }
    let closed = working_day(closed);
    case.closed = Some(closed);
    finish(world, chance, &mut case.needs, closed);
    case
}

/// What is recorded at and after closing: needs that were not met, late entries, relapses.
fn finish(world: &World<'_>, chance: &mut Chance, needs: &mut Vec<Need>, closed: Date) {
    let rates = &world.spec.profile.work;
    needs.retain(|need| need.identified <= closed);
    for need in needs {
        let Some(outcome) = need.outcome else {
            if chance.happens(rates.recorded_not_achieved) {
                need.result = "not_achieved";
                need.outcome = Some(closed).filter(|_| chance.happens(0.7));
            }
            need.recorded = closed;
            continue;
        };
        let days = if chance.happens(rates.recorded_late) { chance.between(20, rates.recorded_days) } else { 0 };
        need.recorded = add_days(outcome, days);
        if chance.happens(rates.relapse) {
            let relapse = working_day(add_days(outcome, chance.between(20, 160)));
            need.relapsed = Some(relapse);
            need.again =
                chance.happens(rates.recovers).then(|| working_day(add_days(relapse, chance.between(28, 120))));
            need.recorded = need.recorded.min(relapse);
        }
    }
}

/// The needs of a family: this many different headlines, most of them found at once.
fn needs(world: &World<'_>, chance: &mut Chance, people: &[Person], opened: Date, headlines: usize) -> Vec<Need> {
    const EVIDENCE: &[&str] =
        &["assessment", "school report", "police", "health visitor", "housing", "self-report", "GP"];
    let rates = &world.spec.profile.needs;
    let of_age = |person: &Person, least: i32, most: i32| {
        let born = person.born.filter(|_| !person.adult);
        born.is_some_and(|born| add_years(born, least) <= opened && opened < add_years(born, most))
    };
    let pupils: Vec<usize> = (0..people.len()).filter(|place| of_age(&people[*place], 5, 15)).collect();
    let mut weights = rates.weights;
    if pupils.is_empty() {
        weights[0] = 0.0;
    }
    if !people.iter().any(|person| of_age(person, 0, 6)) {
        weights[1] = 0.0;
    }
    let mut needs = Vec::with_capacity(headlines + 1);
    for _ in 0..headlines.min(8) {
        let place = chance.weighted(&weights);
        weights[place] = 0.0;
        let headline = place as u8 + 1;
        let identified = if chance.happens(rates.found_later) {
            working_day(add_days(opened, chance.between(30, 200)))
        } else if chance.happens(0.25) {
            working_day(add_days(opened, chance.between(3, 25)))
        } else {
            opened
        };
        let below = if chance.happens(rates.numbered) { chance.between(1, 3) as u8 } else { 0 };
        let need = Need {
            headline,
            below,
            person: (headline == 1).then(|| chance.one_of(&pupils)),
            identified,
            evidence: if chance.happens(rates.evidence) { chance.one_of(EVIDENCE) } else { "" },
            ..Need::default()
        };
        if below > 0 && chance.happens(rates.two_needs) {
            needs.push(Need { below: below % 3 + 1, ..need.clone() });
        }
        needs.push(need);
    }
    needs
}

/// What is drawn, evenly over all families, of a case that partners of Transforming Lives report.
#[derive(Clone, Copy)]
struct TransformingLives {
    /// Three headlines or more.
    meets_criteria: bool,
    all_met: bool,
    /// Whether the family has another case beside it.
    known: bool,
}

impl TransformingLives {
    /// Families are spread over the kinds without chance, so that their shares are as given in small numbers too.
    fn of(world: &World<'_>, chance: &mut Chance, family: u64) -> Option<TransformingLives> {
        let rates = &world.spec.profile.transforming_lives;
        let place = (family.wrapping_add(world.spec.seed).wrapping_mul(GOLDEN) >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = place / rates.families;
        let known = chance.happens(rates.others_known);
        let met = rates.meets_criteria * rates.all_met;
        (rank < 1.0).then_some(TransformingLives {
            meets_criteria: rank < rates.meets_criteria,
            all_met: rank < met,
            known: if rank < met { rank < met * rates.all_met_known } else { known },
        })
    }
}

/// A case from Transforming Lives, on days that overlap the family's other case where it has one. The day it closes.
fn partner_case(
    world: &World<'_>,
    chance: &mut Chance,
    household: &mut Household,
    ward: &'static str,
    kind: TransformingLives,
    (came, closed): (Date, Date),
) -> Date {
    let rates = &world.spec.profile.transforming_lives;
    let [least, most] = rates.days;
    let opened = if kind.known { working_day(add_days(came, chance.between(0, 60))).min(closed) } else { came };
    let end = working_day(add_days(opened, chance.between(least, most)));
    let headlines = if kind.meets_criteria { chance.between(3, 4) } else { chance.between(1, 2) };
    let (number, lead, _) = world.practitioner(chance);
    let mut needs = needs(world, chance, &household.people, opened, headlines as usize);
    // Partners report once, and what they know.
    let unmet = if kind.all_met { usize::MAX } else { chance.below(needs.len()) };
    for (place, need) in needs.iter_mut().enumerate() {
        need.identified = opened;
        if place == unmet || !kind.all_met && chance.happens(0.4) {
            need.result = if chance.happens(0.75) { "not_achieved" } else { "" };
        } else {
            need.outcome = Some(working_day(add_days(opened, chance.between(14, least.max(15)))).min(end));
            need.result = "achieved";
        }
        need.recorded = need.outcome.unwrap_or(end);
    }
    household.cases.push(Case {
        source: "transforming_lives",
        opened,
        closed: Some(end),
        team: names::team("transforming_lives", number),
        ward,
        lead: lead.to_owned(),
        needs,
        ..Case::default()
    });
    end
}

/// The last working day of a quarter before the simulation, the likelier the more results there were in it.
fn long_ago(world: &World<'_>, chance: &mut Chance) -> Option<Date> {
    let before = add_months(world.spec.from, -world.spec.profile.openings.warm_up_months);
    let years: Vec<_> = world.spec.profile.claims.results.iter().filter(|year| year.until < before).collect();
    let weights: Vec<f64> = years.iter().map(|year| year.results as f64).collect();
    let year = years.get(chance.weighted(&weights))?;
    let quarters = (super::claims::quarters_in(year.span())) as usize;
    let end = last_of_month(add_months(year.from, 3 * chance.below(quarters) as i32 + 2));
    Some(super::world::working_day_before(end))
}

fn officers(world: &World<'_>, chance: &mut Chance) -> Officers {
    let claims = &world.spec.profile.claims;
    let see_after = if chance.happens(claims.overlooked) {
        chance.between(claims.seen_days, claims.overlooked_days)
    } else {
        chance.between(0, claims.seen_days)
    };
    let let_pass = chance.happens(claims.weak).then(|| match chance.below(20) {
        0..=12 => Lapse::LowAttendance,
        13..=15 => Lapse::TooEarly,
        16..=17 => Lapse::TooFewNeeds,
        _ => Lapse::CameBack,
    });
    Officers { see_after, let_pass }
}
