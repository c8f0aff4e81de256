//! A boundary of a rule, and families drawn by hand on both sides of it.

use super::super::{
    names,
    record::{Agreement, Case, Claim, Household, Need, Person, Sessions},
    world::school_days,
};
use crate::{
    dates::{Date, Span, add_days, add_months, add_years},
    rules::calendar::Term,
};

/// A family made by hand: what it shows, and how it is made.
pub struct Boundary {
    /// The `family_id`.
    pub id: &'static str,
    /// The edge on which it stands.
    pub what: &'static str,
    /// The status of each of its periods of support, in order of opening, under the rules as they come.
    pub statuses: &'static [&'static str],
    pub(super) make: fn(&At, &mut ByHand),
}

/// The day, and the latest two terms.
pub(crate) struct At {
    pub day: Date,
    pub terms: [SentTerm; 2],
}

impl At {
    /// The day this many months before.
    pub(super) fn ago(&self, months: i32) -> Date {
        add_months(self.day, -months)
    }
}

/// A term, and the sessions that a school sends of it: a round number, so that 90% of it is a whole one.
pub(crate) struct SentTerm {
    pub(super) academic_year: String,
    pub(super) term: String,
    pub(super) span: Span,
    pub(super) possible: u32,
}

impl SentTerm {
    pub(super) fn of(term: &Term) -> SentTerm {
        let possible = term.span.weekdays() as u32 * 2 * 9 / 100 * 10;
        SentTerm { academic_year: term.academic_year.clone(), term: term.term.clone(), span: term.span, possible }
    }

    /// Sessions that are this many percent, rounded down.
    pub(super) fn percent(&self, percent: u32) -> u32 {
        self.possible * percent / 100
    }
}

/// A family with its rows.
#[derive(Default)]
pub(crate) struct ByHand {
    pub household: Household,
    pub totals: Vec<Totals>,
    pub marks: Vec<Mark>,
    pub claims: Vec<Claim>,
}

/// A row of totals.
pub(crate) struct Totals {
    pub upn: String,
    pub person_id: String,
    pub academic_year: String,
    pub term: String,
    pub sessions: Sessions,
}

/// A row of marks.
pub(crate) struct Mark {
    pub upn: String,
    pub person_id: String,
    pub school: u32,
    pub date: Date,
    pub session: &'static str,
    pub code: &'static str,
}

/// School numbers that exist nowhere else.
pub(super) const SCHOOL: u32 = 990_901;

pub(super) const OTHER_SCHOOL: u32 = 990_902;

pub(super) fn plain(at: &At, id: &str) -> ByHand {
    let mut family = ByHand::default();
    family.household.family_id = id.to_owned();
    family.adult();
    family.child(add_months(at.day, -(9 * 12 + 6)));
    family.case("early_help", at.ago(17), Some(at.ago(8)), &[1, 3, 5]);
    family.met_on(at.ago(9));
    for term in 0..2 {
        family.sends(at, 1, term, at.terms[term].percent(95));
    }
    family
}

impl ByHand {
    fn id(&self) -> &str {
        &self.household.family_id
    }

    fn person(&mut self, adult: bool, born: Option<Date>) -> &mut Person {
        const FIRST: &[&str] = &["Robin", "Ash", "Bryn", "Cleo", "Drew", "Ellis"];
        let place = self.household.people.len();
        let person = Person {
            person_id: format!("{}-P{}", self.id(), place + 1),
            born,
            adult,
            first_name: FIRST[place % FIRST.len()],
            last_name: format!("Example-{}", self.id()),
            postcode: "QW1 1ZZ".to_owned(),
            ..Person::default()
        };
        self.household.people.push(person);
        &mut self.household.people[place]
    }

    pub(super) fn adult(&mut self) {
        self.person(true, None);
    }

    /// A child at school, with a pupil number of its own. Its place among the people.
    pub(super) fn child(&mut self, born: Date) -> usize {
        let number: u32 = self.id().trim_start_matches('B').parse().unwrap_or(0);
        let place = self.household.people.len();
        let upn = names::upn(&format!("9900001{:02}{:03}", add_years(born, 4).year() % 100, number * 8 + place as u32));
        let child = self.person(false, Some(born));
        child.schooling = "school";
        child.upn = upn;
        place
    }

    /// No people, no attendance: to be made anew.
    pub(super) fn nobody(&mut self) {
        self.household.people.clear();
        self.totals.clear();
        for need in self.household.cases.iter_mut().flat_map(|case| &mut case.needs) {
            need.person = None;
        }
    }

    pub(super) fn case(
        &mut self,
        source: &'static str,
        opened: Date,
        closed: Option<Date>,
        headlines: &[u8],
    ) -> &mut Case {
        let place = self.household.cases.len();
        let needs = headlines.iter().map(|headline| Need {
            headline: *headline,
            person: (*headline == 1).then_some(1),
            identified: opened,
            ..Need::default()
        });
        let case = Case {
            case_id: format!("{}-C{}", self.id(), place + 1),
            source,
            opened,
            closed,
            team: names::team(source, 0),
            ward: "Market",
            lead: format!("Sam {}", names::TOWN),
            assessed: Some(add_days(opened, 21)),
            planned: Some(add_days(opened, 28)),
            needs: needs.collect(),
        };
        self.household.cases.push(case);
        &mut self.household.cases[place]
    }

    pub(super) fn no_case(&mut self) {
        self.household.cases.clear();
    }

    /// All needs of all cases met.
    pub(super) fn met_on(&mut self, day: Date) {
        for need in self.household.cases.iter_mut().flat_map(|case| &mut case.needs) {
            (need.outcome, need.result) = (Some(day), "achieved");
        }
    }

    /// The only case so that its needs are met on `day`, and closed that day.
    pub(super) fn timed(&mut self, day: Date) {
        let case = &mut self.household.cases[0];
        case.opened = add_months(day, -8);
        case.closed = Some(day);
        (case.assessed, case.planned) = (Some(add_days(case.opened, 21)), Some(add_days(case.opened, 28)));
        for need in &mut case.needs {
            (need.identified, need.outcome) = (case.opened, Some(day));
        }
    }

    /// What a school sends of a child's term; in place of nothing sent before.
    pub(super) fn sends(&mut self, at: &At, child: usize, term: usize, attended: u32) {
        let possible = at.terms[term].possible;
        self.sends_from(at, (child, term), SCHOOL, possible, attended);
    }

    pub(super) fn sends_from(
        &mut self,
        at: &At,
        (child, term): (usize, usize),
        school: u32,
        possible: u32,
        attended: u32,
    ) {
        let (child, term) = (&self.household.people[child], &at.terms[term]);
        let missed = possible - attended.min(possible);
        let numbered = !child.upn.is_empty() && !child.upn.starts_with("UN");
        self.totals.push(Totals {
            upn: child.upn.clone(),
            person_id: if numbered { String::new() } else { child.person_id.clone() },
            academic_year: term.academic_year.clone(),
            term: term.term.clone(),
            sessions: Sessions { school, possible, authorised: missed - missed / 3, unauthorised: missed / 3 },
        });
    }

    /// Only the first term is kept of what was sent.
    pub(super) fn nothing_of_the_second_term(&mut self, at: &At) {
        self.totals.retain(|row| row.term != at.terms[1].term);
    }

    /// Marks of a child's term: what `code` says of each session, from 0 on. How many sessions there are.
    pub(super) fn marks(
        &mut self,
        at: &At,
        (child, term): (usize, usize),
        school: u32,
        code: impl Fn(usize) -> &'static str,
    ) -> usize {
        let days = school_days(at.terms[term].span);
        let upn = self.household.people[child].upn.clone();
        let mut session = 0;
        for (date, _) in &days {
            for half in ["AM", "PM"] {
                let code = match (code(session), half) {
                    ("/", "PM") => "\\",
                    (code, _) => code,
                };
                let upn = upn.clone();
                self.marks.push(Mark { upn, person_id: String::new(), school, date: *date, session: half, code });
                session += 1;
            }
        }
        session
    }

    pub(super) fn agree(&mut self, rule: &'static str, answer: &'static str, on: Date) -> &mut Agreement {
        let agreement = Agreement {
            case_id: format!("{}-C1", self.id()),
            rule,
            answer,
            reason: "Looked into by the panel",
            by: "Panel chair",
            on,
            evidence: "panel minutes",
            ..Agreement::default()
        };
        self.household.agreements.push(agreement);
        let last = self.household.agreements.len() - 1;
        &mut self.household.agreements[last]
    }

    /// A claim of this family, handed in three weeks before it was decided.
    pub(super) fn claim(&mut self, case_id: &str, outcome: &'static str, decided: Date) {
        self.claims.push(Claim {
            family_id: self.id().to_owned(),
            case_id: case_id.to_owned(),
            submitted: add_days(decided, -21),
            decided: (outcome != "submitted").then_some(decided),
            outcome,
        });
    }

    /// The child of another family made by hand, which must be made as [`plain`] makes it: the same person.
    pub(super) fn same_child(&mut self, at: &At, other: &str, restricted: bool) {
        let theirs = plain(at, other).household.people.swap_remove(1);
        self.household.people[1] = Person { restricted, ..theirs };
        self.totals.clear();
    }
}
