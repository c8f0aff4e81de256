//! Families to rows.

use std::collections::HashMap;

use super::{
    boundaries::ByHand,
    course,
    error::Error,
    household::SHARED,
    ready::{self, Period},
    record::{Case, Claim, Household, Person},
    school,
    spec::{AttendanceForm, Counts, Spec},
    tables::{AGREEMENTS, CASES, CLAIMS, CRITERIA, MARKS, PEOPLE, Rows, Sink, TOTALS, Table},
    world::World,
};
use crate::dates::{Date, add_days};

/// The tables that are written.
pub(crate) fn tables(spec: &Spec) -> Vec<&'static Table> {
    let mut tables = vec![&CASES, &PEOPLE, &CRITERIA];
    let both = spec.attendance == AttendanceForm::Both || spec.boundaries_at.is_some();
    if both || spec.attendance == AttendanceForm::Totals {
        tables.push(&TOTALS);
    }
    if both || spec.attendance == AttendanceForm::Marks {
        tables.push(&MARKS);
    }
    tables.extend([&CLAIMS, &AGREEMENTS]);
    tables
}

/// Rows of all tables, in memory.
pub(crate) struct Written {
    families: u64,
    cases: Rows,
    people: Rows,
    criteria: Rows,
    totals: Rows,
    marks: Rows,
    claims: Rows,
    agreements: Rows,
}

impl Written {
    pub(crate) fn of() -> Written {
        Written {
            families: 0,
            cases: Rows::of(&CASES),
            people: Rows::of(&PEOPLE),
            criteria: Rows::of(&CRITERIA),
            totals: Rows::of(&TOTALS),
            marks: Rows::of(&MARKS),
            claims: Rows::of(&CLAIMS),
            agreements: Rows::of(&AGREEMENTS),
        }
    }

    pub(crate) fn hand_on(&self, sink: &mut dyn Sink, counts: &mut Counts) -> Result<(), Error> {
        counts.families += self.families;
        for (table, rows) in [
            (&CASES, &self.cases),
            (&PEOPLE, &self.people),
            (&CRITERIA, &self.criteria),
            (&TOTALS, &self.totals),
            (&MARKS, &self.marks),
            (&CLAIMS, &self.claims),
            (&AGREEMENTS, &self.agreements),
        ] {
            *counts.rows.entry(table.name).or_default() += rows.write(sink)?;
        }
        Ok(())
    }
}

/// A family of the simulation, where it has a case in the records.
pub(crate) fn simulated(world: &World<'_>, family: u64, results: &HashMap<(u64, u8), Date>, to: &mut Written) {
    let mut household = course::household(world, family);
    let periods = ready::periods(&household.cases);
    let followed: Vec<(Date, Date)> = periods
        .iter()
        .enumerate()
        .filter(|(_, period)| period.closed.is_none_or(|closed| closed >= world.spec.from))
        .map(|(number, period)| followed(world, &household.cases, *period, results.get(&(family, number as u8))))
        .collect();
    household.cases.retain(|case| ready::on_system(world, case));
    if household.cases.is_empty() {
        return;
    }
    for place in 0..household.people.len() {
        attendance(world, &household.people[place], &followed, to);
    }
    write(&household, to);
}

/// Between which days the terms of a period end or begin of which attendance is asked for: from two terms before.
fn followed(world: &World<'_>, cases: &[Case], period: Period, claimed: Option<&Date>) -> (Date, Date) {
    let until = ready::followed_until(world, cases, period, claimed.copied());
    (add_days(period.opened, -240), until)
}

fn attendance(world: &World<'_>, person: &Person, followed: &[(Date, Date)], to: &mut Written) {
    let Some(pupil) = person.pupil.as_ref().filter(|_| !person.elsewhere) else { return };
    for place in world.first_kept..world.terms.len() {
        let term = world.terms[place].span;
        let asked_for = followed.iter().any(|(from, until)| term.to >= *from && term.from <= *until);
        if !asked_for && person.stream.1 != SHARED {
            continue;
        }
        let Some(sent) = school::term_of(world, person, place) else { continue };
        let marks = match world.spec.attendance {
            AttendanceForm::Totals => false,
            AttendanceForm::Marks => true,
            AttendanceForm::Both => pupil.as_marks && world.marked.contains(&place),
        };
        if marks {
            school::write_marks(world, person, place, &sent, &mut to.marks);
        } else {
            school::write_totals(world, person, place, &sent, &mut to.totals);
        }
    }
}

/// A family made by hand.
pub(crate) fn by_hand(family: &ByHand, to: &mut Written) {
    write(&family.household, to);
    for row in &family.totals {
        to.totals.cell(&row.upn).cell(&row.person_id).cell(&row.academic_year).cell(&row.term);
        to.totals.whole(row.sessions.school).whole(row.sessions.possible);
        to.totals.whole(row.sessions.authorised).whole(row.sessions.unauthorised);
    }
    for row in &family.marks {
        to.marks.cell(&row.upn).cell(&row.person_id).cell(&row.school.to_string());
        to.marks.date(Some(row.date)).cell(row.session).cell(row.code);
    }
    claim_rows(&family.claims, &format!("{}-K", family.household.family_id), to);
}

/// The claims of the simulation, numbered in order.
pub(crate) fn claims(claims: &[Claim], to: &mut Written) {
    claim_rows(claims, "K", to);
}

fn claim_rows(claims: &[Claim], prefix: &str, to: &mut Written) {
    for (number, claim) in claims.iter().enumerate() {
        let width = if prefix == "K" { 5 } else { 1 };
        to.claims.cell(&format!("{prefix}{:0width$}", number + 1)).cell(&claim.family_id).cell(&claim.case_id);
        to.claims.date(Some(claim.submitted)).date(claim.decided).cell(claim.outcome);
    }
}

fn write(household: &Household, to: &mut Written) {
    to.families += 1;
    for case in &household.cases {
        to.cases.cell(&case.case_id).cell(&household.family_id).cell(case.source);
        to.cases.date(Some(case.opened)).date(case.closed).cell(&case.team).cell(case.ward).cell(&case.lead);
        to.cases.date(case.assessed).date(case.planned);
        for need in &case.needs {
            let headline = need.headline;
            let criterion = if need.below > 0 { format!("{headline}.{}", need.below) } else { headline.to_string() };
            let person = need.person.map_or("", |place| &household.people[place].person_id);
            to.criteria.cell(&case.case_id).cell(&criterion).cell(person);
            to.criteria.date(Some(need.identified).filter(|day| *day != case.opened));
            to.criteria.date(need.outcome_on()).date(need.relapsed).cell(need.result).cell(need.evidence);
        }
    }
    let yes = |is: bool| if is { "y" } else { "" };
    for person in &household.people {
        to.people.cell(&person.person_id).cell(&household.family_id).date(person.born);
        to.people.cell(if person.adult { "adult" } else { "child" }).cell(person.schooling).cell(&person.upn);
        to.people.cell(person.former_upn.as_ref().map_or("", |(former, _)| former.as_str()));
        to.people.cell(person.first_name).cell(&person.last_name).cell(&person.postcode);
        to.people.date(person.joined).date(person.left);
        match person.due {
            Some(due) => to.people.date(Some(due)),
            None => to.people.cell(yes(person.expecting)),
        };
        to.people.cell(yes(person.restricted));
    }
    for agreement in &household.agreements {
        to.agreements.cell(&agreement.case_id).cell(agreement.rule).cell(&agreement.person_id);
        to.agreements.cell(&agreement.academic_year).cell(&agreement.term).cell(agreement.answer);
        to.agreements.cell(agreement.reason).cell(agreement.by).date(Some(agreement.on)).date(agreement.until);
        to.agreements.cell(agreement.evidence);
    }
}
