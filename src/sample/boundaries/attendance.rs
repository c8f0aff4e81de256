//! Edges of attendance, and of who is a child of the family.

use super::boundary::{Boundary, ByHand, OTHER_SCHOOL, SCHOOL};
use crate::dates::{self, Date, add_days, add_months, add_years};
use crate::sample::names;
use crate::sample::world::school_days;

pub(super) const FAMILIES: &[Boundary] = &[
    Boundary {
        id: "B01",
        what: "exactly 90% in both terms",
        statuses: &["claimable"],
        make: |at, family| {
            family.totals.clear();
            family.sends(at, 1, 0, at.terms[0].percent(90));
            family.sends(at, 1, 1, at.terms[1].percent(90));
        },
    },
    Boundary {
        id: "B02",
        what: "one session short of 90% in the latest term",
        statuses: &["low_attendance"],
        make: |at, family| {
            family.nothing_of_the_second_term(at);
            family.sends(at, 1, 1, at.terms[1].percent(90) - 1);
        },
    },
    Boundary {
        id: "B03",
        what: "90% of both terms together, not of the first",
        statuses: &["low_attendance"],
        make: |at, family| {
            family.totals.clear();
            family.sends(at, 1, 0, at.terms[0].percent(85));
            family.sends(at, 1, 1, at.terms[1].percent(99));
        },
    },
    Boundary {
        id: "B04",
        what: "of compulsory school age only from between the two terms: the first does not count",
        statuses: &["claimable"],
        make: |at, family| {
            let [first, second] = [at.terms[0].span.from, at.terms[1].span.from];
            let start = prescribed_days(first.year()).into_iter().find(|day| first < *day && *day <= second);
            let born = start.map_or(family.born(1), |day| add_years(day, -5));
            family.nobody();
            family.adult();
            let child = family.child(born);
            family.sends(at, child, 0, at.terms[0].percent(60));
            family.sends(at, child, 1, at.terms[1].percent(95));
        },
    },
    Boundary {
        id: "B05",
        what: "of compulsory school age only since the latest term began: no term counts",
        statuses: &["claimable"],
        make: |at, family| {
            let second = at.terms[1].span.from;
            let start = prescribed_days(at.day.year()).into_iter().find(|day| second < *day && *day <= at.day);
            let born = start.map_or(add_years(at.day, -4), |day| add_years(day, -5));
            family.nobody();
            family.adult();
            family.child(born);
        },
    },
    Boundary {
        id: "B06",
        what: "a year-11 leaver whose school age ended in June, with low attendance, beside a younger child",
        statuses: &["claimable"],
        make: |at, family| {
            let year = at.day.year();
            let leaves = |year: i16| dates::school_age(crate::dates::date(year - 16, 3, 1)).to;
            let year = if leaves(year) <= at.day { year } else { year - 1 };
            let child = family.child(crate::dates::date(year - 16, 3, 1));
            family.sends(at, child, 0, at.terms[0].percent(55));
            family.sends(at, child, 1, at.terms[1].percent(40));
        },
    },
    Boundary {
        id: "B07",
        what: "all children under five: attendance does not apply",
        statuses: &["claimable"],
        make: |at, family| {
            family.nobody();
            family.adult();
            family.child(at.ago(40));
            family.child(at.ago(12));
        },
    },
    Boundary {
        id: "B08",
        what: "two schools at a time, in marks: each marks the other's days D",
        statuses: &["claimable"],
        make: |at, family| {
            family.totals.clear();
            for term in 0..2 {
                // Days 0, 1 and 2 of five at the first school; a day ill at each.
                let at_first = |session: usize| session / 2 % 5 < 3;
                let present = |session: usize| if session < 2 || session == 8 { "I" } else { "/" };
                family.marks(at, (1, term), SCHOOL, |n| if at_first(n) { present(n) } else { "D" });
                family.marks(at, (1, term), OTHER_SCHOOL, |n| if at_first(n) { "D" } else { present(n) });
            }
        },
    },
    Boundary {
        id: "B09",
        what: "totals of two schools: below 90% at one, 90% when added up",
        statuses: &["claimable"],
        make: |at, family| {
            family.totals.clear();
            for term in 0..2 {
                let possible = at.terms[term].possible;
                let first = possible * 6 / 10;
                let attended = first * 85 / 100;
                let rest = at.terms[term].percent(90) - attended;
                family.sends_from(at, (1, term), SCHOOL, first, attended);
                family.sends_from(at, (1, term), OTHER_SCHOOL, possible - first, rest);
            }
        },
    },
    Boundary {
        id: "B10",
        what: "two figures of one school for a term, above and below 90%",
        statuses: &["review"],
        make: |at, family| family.sends(at, 1, 1, at.terms[1].percent(80)),
    },
    Boundary {
        id: "B11",
        what: "two figures of one school for a term, both above 90%",
        statuses: &["claimable"],
        make: |at, family| family.sends(at, 1, 1, at.terms[1].percent(97)),
    },
    Boundary {
        id: "B12",
        what: "missing marks that decide: above 90% if present, below if absent",
        statuses: &["review"],
        make: |at, family| {
            family.nothing_of_the_second_term(at);
            let absent = 2 * school_days(at.terms[1].span).len() / 10;
            family.marks(at, (1, 1), SCHOOL, |n| match n {
                n if n < absent => "I",
                n if n < absent + 6 => "-",
                _ => "/",
            });
        },
    },
    Boundary {
        id: "B13",
        what: "missing marks that decide nothing",
        statuses: &["claimable"],
        make: |at, family| {
            family.nothing_of_the_second_term(at);
            family.marks(at, (1, 1), SCHOOL, |n| if n < 4 { "-" } else { "/" });
        },
    },
    Boundary {
        id: "B14",
        what: "marks and totals of the same term, which agree",
        statuses: &["claimable"],
        make: |at, family| {
            family.nothing_of_the_second_term(at);
            let sessions = family.marks(at, (1, 1), SCHOOL, |n| if n < 6 { "U" } else { "/" }) as u32;
            family.sends_from(at, (1, 1), SCHOOL, sessions, sessions - 6);
        },
    },
    Boundary {
        id: "B15",
        what: "a term of which less than half was sent",
        statuses: &["review"],
        make: |at, family| {
            family.nothing_of_the_second_term(at);
            let possible = at.terms[1].percent(45);
            family.sends_from(at, (1, 1), SCHOOL, possible, possible);
        },
    },
    Boundary {
        id: "B16",
        what: "no pupil number, and what was sent carries one that nobody has",
        statuses: &["review"],
        make: |at, family| {
            family.household.people[1].upn = names::upn("990000199999");
            family.totals.clear();
            family.sends(at, 1, 0, at.terms[0].percent(95));
            family.sends(at, 1, 1, at.terms[1].percent(95));
            family.household.people[1].upn.clear();
        },
    },
    Boundary {
        id: "B17",
        what: "UN1 for a pupil number: joined by the person's own number",
        statuses: &["claimable"],
        make: |at, family| {
            family.household.people[1].upn = "UN1".to_owned();
            family.totals.clear();
            family.sends(at, 1, 0, at.terms[0].percent(95));
            family.sends(at, 1, 1, at.terms[1].percent(95));
        },
    },
    Boundary {
        id: "B18",
        what: "a temporary pupil number",
        statuses: &["claimable"],
        make: |at, family| {
            family.household.people[1].upn = names::upn("99000012018A");
            family.totals.clear();
            family.sends(at, 1, 0, at.terms[0].percent(95));
            family.sends(at, 1, 1, at.terms[1].percent(95));
        },
    },
    Boundary {
        id: "B19",
        what: "a pupil number that changed between the terms",
        statuses: &["claimable"],
        make: |at, family| {
            let former = names::upn("990000119019");
            for row in family.totals.iter_mut().filter(|row| row.term == at.terms[0].term) {
                row.upn.clone_from(&former);
            }
            family.household.people[1].former_upn = Some((former, at.terms[1].span.from));
        },
    },
    Boundary {
        id: "B20",
        what: "a child taught at home: no records are not a pass",
        statuses: &["review"],
        make: |_, family| {
            family.household.people[1].schooling = "home";
            family.totals.clear();
        },
    },
    Boundary {
        id: "B21",
        what: "a child taught at home, and an agreement that its attendance is met",
        statuses: &["claimable"],
        make: |at, family| {
            family.household.people[1].schooling = "home";
            family.totals.clear();
            family.agree("attendance", "met", at.ago(1)).person_id = "B21-P2".to_owned();
        },
    },
    Boundary {
        id: "B22",
        what: "the same agreement, out of force since yesterday",
        statuses: &["review"],
        make: |at, family| {
            family.household.people[1].schooling = "home";
            family.totals.clear();
            let agreement = family.agree("attendance", "met", at.ago(4));
            agreement.person_id = "B22-P2".to_owned();
            agreement.until = Some(add_days(at.day, -1));
        },
    },
    Boundary {
        id: "B23",
        what: "attendance above 90%, and an agreement that it is not met",
        statuses: &["low_attendance"],
        make: |at, family| {
            let term = at.terms[1].term.clone();
            let year = at.terms[1].academic_year.clone();
            let agreement = family.agree("attendance", "not_met", at.ago(1));
            (agreement.person_id, agreement.term, agreement.academic_year) = ("B23-P2".to_owned(), term, year);
        },
    },
    Boundary {
        id: "B24",
        what: "a second child without a birth date",
        statuses: &["review"],
        make: |at, family| {
            let child = family.child(at.ago(90));
            family.household.people[child].born = None;
        },
    },
    Boundary {
        id: "B25",
        what: "a child with low attendance who left the family on the day",
        statuses: &["claimable"],
        make: |at, family| {
            let child = family.child(at.ago(12 * 12));
            family.household.people[child].left = Some(at.day);
            family.sends(at, child, 0, at.terms[0].percent(50));
            family.sends(at, child, 1, at.terms[1].percent(50));
        },
    },
    Boundary {
        id: "B26",
        what: "the only child turns 18 tomorrow",
        statuses: &["claimable"],
        make: |at, family| {
            family.nobody();
            family.adult();
            family.child(add_years(add_days(at.day, 1), -18));
        },
    },
    Boundary {
        id: "B27",
        what: "the only child turns 18 on the day",
        statuses: &["not_claimable"],
        make: |at, family| {
            family.nobody();
            family.adult();
            family.child(add_years(at.day, -18));
        },
    },
    Boundary {
        id: "B28",
        what: "the only child was born on 29 February and turned 18 on a 28 February",
        statuses: &["not_claimable"],
        make: |at, family| {
            let leap = |year: i16| crate::dates::Date::new(year, 2, 29);
            let born = (1900..=at.day.year()).rev().filter_map(leap).find(|born| add_years(*born, 18) <= at.day);
            let born = born.unwrap_or(add_years(at.day, -18));
            family.nobody();
            family.adult();
            family.child(born);
            family.timed(add_months(add_years(born, 18), -7));
        },
    },
    Boundary {
        id: "B29",
        what: "an expectant mother without children, whose child was expected six weeks ago",
        statuses: &["claimable"],
        make: |at, family| {
            family.nobody();
            family.adult();
            let mother = &mut family.household.people[0];
            (mother.expecting, mother.due) = (true, Some(add_days(at.day, -42)));
        },
    },
    Boundary {
        id: "B30",
        what: "adults only",
        statuses: &["not_claimable"],
        make: |_, family| {
            family.nobody();
            family.adult();
            family.adult();
        },
    },
    Boundary {
        id: "B31",
        what: "the only child without a birth date",
        statuses: &["review"],
        make: |_, family| family.household.people[1].born = None,
    },
    Boundary {
        id: "B32",
        what: "nobody of the family is listed",
        statuses: &["review"],
        make: |_, family| family.nobody(),
    },
];

/// Days on which compulsory school age begins, from January of a year to December of the next.
fn prescribed_days(year: i16) -> Vec<Date> {
    (year - 1..=year + 1)
        .flat_map(|year| [(3, 31), (8, 31), (12, 31)].map(|(month, day)| crate::dates::date(year, month, day)))
        .collect()
}

impl ByHand {
    fn born(&self, place: usize) -> Date {
        self.household.people[place].born.unwrap_or_default()
    }
}
