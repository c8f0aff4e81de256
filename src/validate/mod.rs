//! Text to typed rows. A row that cannot be read is quarantined, never dropped: it is kept with what is
//! wrong with it, and with what it could have changed, so that later stages can say "unknown" there.
//!
//! - [`rows`] the typed rows of the small tables.
//! - [`register`] all of them together; [`held`] the rows that are quarantined.
//! - [`row_reader`] reading one row; [`reading`] those of a table: exact repeats, keys given twice ([`rows_of_key`]), quarantine.
//! - [`as_it_stands`] the cells of held rows, and the corrections that take their place.
//! - [`known_cases`] the case that an id names: as it is, as it was before, or nearly alike; [`known_families`] the period
//!   of support where a row names the family instead.
//! - [`alike`] ids that are nearly alike.
//! - [`which_case`] the case of a row that names the family alone, and what people have answered where it cannot be told.
//! - [`at_once`] the tables read at the same time.
//! - [`small_tables`] each small table's rules, [`needs`] those of needs; [`written_dates`] how a file writes its dates; [`days`] days that cannot
//!   be right.
//! - [`idle_agreements`] agreements without effect.
//! - [`persons`] who is who by identifiers.
//! - [`across`] what is odd when tables are held against each other.
//! - [`confirmations`] warnings that a person has looked at.
//! - [`registers`] attendance, which has a path of its own: it is large.

pub mod across;
pub mod alike;
pub mod as_it_stands;
mod at_once;
pub mod confirmations;
pub mod days;
pub mod held;
pub mod idle_agreements;
pub mod known_cases;
pub mod known_families;
pub mod needs;
pub mod persons;
pub mod reading;
pub mod register;
pub mod registers;
pub mod row_reader;
pub mod rows;
pub mod rows_of_key;
pub mod small_tables;
pub mod which_case;
mod written_dates;

pub use held::{Held, HeldPerson, RowCounts};
pub use register::{LikenessOfIds, Register, SetAside};

use crate::cores;
use crate::dates::{day_after, day_before, days_between};
use crate::error::{Error, Result};
use crate::finding::FindingCode;
use crate::load::Loaded;
use crate::load::mapping::Wide;
use crate::load::tables::TableName;
use crate::rules::Rules;
use crate::rules::calendar::{Calendar, Term, academic_year_of};
use as_it_stands::Corrected;
use at_once::{ByCase, PeopleAndAttendance};
use days::Horizon;
use reading::ReadTable;
use rows::Agreement;
use std::collections::BTreeMap;
use which_case::{Answer, WhichCase};

/// The authority's own calendar, where the data has a table `terms`, with what was read of it.
///
/// # Errors
/// A row of `terms` cannot be read, or the terms make no calendar (they overlap, or there are none).
pub fn own_calendar(loaded: &Loaded, horizon: &Horizon) -> Result<Option<(Calendar, ReadTable<Term>)>> {
    if !loaded.has(TableName::Terms) {
        return Ok(None);
    }
    let mut read = small_tables::terms(loaded, horizon)?;
    let names: Vec<&str> = loaded.of(TableName::Terms).map(|file| &*file.file).collect();
    // Without the term of a row that cannot be read, older terms would silently take its place.
    if let Some(held) = read.held.first() {
        return Err(Error::new(format!(
            "{}: {} A calendar with a gap cannot be used: mend the row.",
            held.place, held.message
        )));
    }
    let calendar = Calendar::new(format!("{} of the data", names.join(", ")), read.rows.clone())
        .map_err(|why| Error::new(format!("{}: {why}.", names.join(", "))))?;
    for pair in calendar.terms().windows(2) {
        let days = days_between(pair[0].span.to, pair[1].span.from) - 1;
        if days > LONGEST_HOLIDAY {
            let message = format!(
                "the calendar has no term for {days} days between {} and {}, from {} to {}: if one is missing, the rule looks at older terms in its place.",
                pair[0],
                pair[1],
                day_after(pair[0].span.to),
                day_before(pair[1].span.from)
            );
            read.findings.say(FindingCode::CalendarGap, message);
        }
    }
    Ok(Some((calendar, read)))
}

/// The summer holiday is some 45 days; with so many more a term is missing.
const LONGEST_HOLIDAY: i32 = 80;

/// Holds the terms that the settings name columns for against the calendar: said once, and not once a pupil.
fn check_terms_of_columns(loaded: &Loaded, calendar: &Calendar) -> Result<()> {
    for (number, (_, mapping)) in loaded.settings.mappings().enumerate() {
        for (term, year) in mapping.wide.iter().flat_map(Wide::terms_and_years) {
            let Some(year) = academic_year_of(year).filter(|year| calendar.has_year(year)) else { continue };
            if calendar.named(&year, term).is_none() && calendar.half_named(&year, term).is_none() {
                let message = format!("wide.terms: {}", calendar.says_none(&year, term));
                return Err(loaded.settings.wrong_file(number, &message));
            }
        }
    }
    Ok(())
}

/// Reads every table. The rules give the headlines, the attendance codes and the calendar that rows are read with.
///
/// # Errors
/// A file that cannot be read to its end, or more than half of a table's rows quarantined.
pub fn validate(loaded: &Loaded, rules: &Rules, terms: Option<ReadTable<Term>>, horizon: &Horizon) -> Result<Register> {
    let mut register = Register { findings: loaded.findings.clone(), ..Register::default() };
    check_terms_of_columns(loaded, &rules.calendar)?;
    register.extracted_on = horizon.extracted_on;
    let former = loaded.has(TableName::FormerIds).then(|| small_tables::former_ids(loaded, horizon)).transpose()?;
    let former_ids = former.as_ref().map_or(&[][..], |former| &former.rows);
    let (with_people, by_case) = cores::both(
        || PeopleAndAttendance::read(loaded, rules, former_ids, horizon),
        || ByCase::read(loaded, rules, former_ids, horizon),
    );
    let ByCase { likeness, known, families, answers, cases, needs, claims } = by_case?;
    let PeopleAndAttendance { people, of_people, persons, attendance } = with_people?;
    register.likeness = likeness;
    register.likeness.say(&mut register.findings);
    register.persons = persons;
    if let Some(terms) = terms {
        register.take(TableName::Terms, terms);
    }
    if let Some(former) = former {
        register.former_ids = register.take(TableName::FormerIds, former).0;
    }
    let which = WhichCase { cases: &known, families: &families, answers: &answers };
    (register.cases, register.set_aside.cases) = register.take(TableName::Cases, cases);
    (register.needs, register.set_aside.needs) = register.take(TableName::Criteria, needs);
    if let Some(people) = people {
        register.findings.append(of_people);
        let (people, set_aside) = register.take(TableName::People, people);
        (register.people, register.set_aside.people) = (Some(people), set_aside);
    }
    if let Some(claims) = claims {
        let (claims, set_aside) = register.take(TableName::Claims, claims);
        (register.claims, register.set_aside.claims) = (Some(claims), set_aside);
    }
    if loaded.has(TableName::Agreements) {
        let agreements = small_tables::agreements(loaded, &which, &rules.calendar, horizon)?;
        let (used, set_aside) = register.take(TableName::Agreements, agreements);
        let on_rules = |answers: Vec<Answer>| -> Vec<Agreement> {
            let on_rule = |answer| match answer {
                Answer::OnRule(agreement) => Some(agreement),
                Answer::WhichCase(_) => None,
            };
            let mut agreements: Vec<Agreement> = answers.into_iter().filter_map(on_rule).collect();
            for (year, term) in agreements.iter_mut().filter_map(|agreement| agreement.term.as_mut()) {
                // A term in the council's own words is the calendar's.
                if let Some(known) = rules.calendar.named(year, term).map(|index| rules.calendar.term(index)) {
                    (*year, *term) = (known.academic_year.clone(), known.term.clone());
                }
            }
            agreements
        };
        (register.agreements, register.set_aside.agreements) = (on_rules(used), on_rules(set_aside));
        answers.say_unused(&mut register.findings);
        let people = register.people.as_deref();
        let cases = (&known, register.cases.as_slice());
        idle_agreements::check_agreements(&register.agreements, cases, people, rules, &mut register.findings);
    }
    if loaded.has(TableName::Confirmations) {
        let confirmations = confirmations::read(loaded, horizon)?;
        register.confirmations = register.take(TableName::Confirmations, confirmations).0;
    }
    if let Some(attendance) = attendance {
        let (registers, read, findings) = attendance?;
        register.findings.append(findings);
        register.registers = Some(registers);
        register.take(TableName::Attendance, read);
    }
    for table in TableName::ALL.into_iter().filter(|table| !loaded.has(*table)) {
        Corrected::of_missing(loaded, table).say(&mut register.findings);
    }
    for (table, without) in [
        (TableName::People, "nothing is known of children, so the rules on family and attendance are unknown"),
        (TableName::Attendance, "the attendance of every school-age child is unknown"),
        (TableName::Claims, "nobody knows what was claimed, so the reclaim rule is unknown"),
    ] {
        if !loaded.has(table) {
            register.findings.say(FindingCode::TableMissing, format!("there is no table \"{table}\": {without}."));
        }
    }
    for (table, counts) in &register.counts {
        check_half(table.word(), counts, register.held.iter().filter(|held| held.table == *table))?;
    }
    register.held.sort_by(|a, b| (a.table, &a.place).cmp(&(b.table, &b.place)));
    cores::let_go((known, families, answers));
    Ok(register)
}

/// Stops the run when more than half of a table's rows are quarantined: something is wrong with the file
/// as a whole, and decisions from the rest would mislead.
///
/// Questions that nobody has answered yet say nothing of the file, so they count neither way.
fn check_half<'a>(table: &str, counts: &RowCounts, held: impl Iterator<Item = &'a Held>) -> Result<()> {
    let (questions, held): (Vec<&Held>, Vec<&Held>) = held.partition(|row| row.code == FindingCode::UnansweredQuestion);
    let questions = questions.len();
    let (read, quarantined) = (counts.read - questions, counts.quarantined - questions);
    // Of a handful of rows, half says nothing of the file.
    const ROWS_THAT_TELL: usize = 10;
    if read < ROWS_THAT_TELL || quarantined * 2 <= read {
        return Ok(());
    }
    let mut by_code: BTreeMap<FindingCode, (usize, &Held)> = BTreeMap::new();
    for row in held {
        by_code.entry(row.code).or_insert((0, row)).0 += 1;
    }
    let mut commonest: Vec<(usize, &Held)> = by_code.into_values().collect();
    commonest.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let said: Vec<String> = commonest
        .iter()
        .take(3)
        .map(|(count, held)| format!("{count} x {}, for example {}: {}", held.code.code(), held.place, held.message))
        .collect();
    Err(Error::new(format!(
        "{} of the {} rows of \"{table}\" cannot be read, more than half, so nothing was decided. The commonest findings: {}",
        quarantined,
        read,
        said.join("; ")
    )))
}
