//! Text to typed rows. A row that cannot be read is quarantined, never dropped: it is kept with what is
//! wrong with it, and with what it could have changed, so that later stages can say "unknown" there.
//!
//! - [`rows`] the typed rows of the small tables.
//! - [`reading`] reading one row, exact repeats, keys given twice, quarantine.
//! - [`as_it_stands`] the cells of held rows, and the corrections that take their place.
//! - [`known_cases`] the case that an id names: as it is, as it was before, or nearly alike; [`known_families`] the period
//!   of support where a row names the family instead.
//! - [`small_tables`] each small table's rules, [`needs`] those of needs; [`written_dates`] how a file writes its dates; [`days`] days that cannot
//!   be right.
//! - [`persons`] who is who by identifiers.
//! - [`across`] what is odd when tables are held against each other.
//! - [`confirmations`] warnings that a person has looked at.
//! - [`registers`] attendance, which has a path of its own: it is large.

pub mod across;
pub mod as_it_stands;
pub mod confirmations;
pub mod days;
pub mod known_cases;
pub mod known_families;
pub mod needs;
pub mod persons;
pub mod reading;
pub mod registers;
pub mod rows;
pub mod small_tables;
mod written_dates;

use crate::dates::Date;
use crate::error::{Error, Result};
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, FamilyId, Likeness, PersonId, Upn, cleaned};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::{Calendar, Term};
use crate::words::grouped;
use as_it_stands::{AsItStands, Corrected};
use days::{HeldDays, Horizon, MayBeSuccess};
use known_cases::KnownCases;
use known_families::KnownFamilies;
use persons::{Identity, Persons};
use registers::Registers;
use rows::{Agreement, Case, Claim, Confirmation, FormerId, IdKind, Need, PersonRow, Role, RuleName};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// How many rows of a table were read, and what became of them: read = used + repeated + quarantined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RowCounts {
    /// Rows read.
    pub read: usize,
    /// Rows that count.
    pub used: usize,
    /// Exact repeats of a row, which count once.
    pub repeated: usize,
    /// Rows that could not be used.
    pub quarantined: usize,
}

/// A quarantined row.
#[derive(Clone, Debug)]
pub struct Held {
    /// The table.
    pub table: TableName,
    /// File and row.
    pub place: Place,
    /// The first column that is wrong; blank where it is the whole row.
    pub column: String,
    /// Its value.
    pub value: String,
    /// What is wrong with it.
    pub code: FindingCode,
    /// The same in a sentence.
    pub message: String,
    /// The id of the case, person or claim that it is a row of, as far as it can be read.
    pub record: String,
    /// The family it is about, where that can be told.
    pub family: Option<FamilyId>,
    /// The case it is about, where that can be told.
    pub case: Option<CaseId>,
    /// Other cases that it may be about: what could be told of them is not known either.
    pub may_be_of: Vec<CaseId>,
    /// Whether it is a row of people that is restricted, or may be: nothing may then be named across its links.
    pub restricted: bool,
    /// Who a row of people is of, as far as it can be read.
    pub person: Option<HeldPerson>,
    /// The rule that a row of agreements names, where that can be told.
    pub rule: Option<RuleName>,
    /// Whether a row of claims may be one that is approved, or waits for a decision.
    pub may_be_success: MayBeSuccess,
    /// Its days, as far as they can be read: they say at which as-at dates the row can matter.
    pub days: HeldDays,
    /// Whether the row is held at the as-at date of the run only: it is in [`Register::set_aside`] too.
    pub by_day: bool,
    /// The pupil that an attendance row names, by person_id or UPN.
    pub pupil: Option<String>,
    /// Its cells.
    pub row: AsItStands,
}

/// Who a held row of people is of, as far as it can be read: it still links families and identifies pupils.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct HeldPerson {
    pub person_id: Option<PersonId>,
    pub upn: Option<Upn>,
    pub former_upn: Option<Upn>,
    pub role: Option<Role>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub date_of_birth: Option<Date>,
    pub joined_on: Option<Date>,
    /// Of a row with too many cells or too few: all its cells, since it cannot be told which is which.
    pub cells: Vec<String>,
}

/// Typed rows that are held at the as-at date of the run because of that date: days after its horizon, or a row whose own
/// day has not come though another of its days has. At another as-at date they may be used.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each field holds rows of the table of the same name")]
pub struct SetAside {
    pub cases: Vec<Case>,
    pub people: Vec<PersonRow>,
    pub needs: Vec<Need>,
    pub claims: Vec<Claim>,
    pub agreements: Vec<Agreement>,
}

/// What makes two ids of each kind nearly alike in the data.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "each field is the kind of id of the same name")]
pub struct LikenessOfIds {
    pub family: Likeness,
    pub case: Likeness,
}

impl LikenessOfIds {
    /// By all ids of each kind that the tables give.
    fn of(loaded: &Loaded) -> Result<LikenessOfIds> {
        use TableName::{Agreements, Cases, Claims, Criteria, People};
        let of = |column: &str, tables: &[TableName]| -> Result<Likeness> {
            let mut ids: FxHashSet<String> = FxHashSet::default();
            for file in tables.iter().flat_map(|table| loaded.of(*table)) {
                let Some(at) = file.column(column) else { continue };
                file.for_each(&mut |row| {
                    if let Some(id) = row.cell(at).map(cleaned).filter(|id| !ids.contains(&**id)) {
                        ids.insert(id.into_owned());
                    }
                })?;
            }
            Ok(Likeness::of(ids.iter().map(String::as_str)))
        };
        Ok(LikenessOfIds {
            family: of("family_id", &[Cases, People, Claims])?,
            case: of("case_id", &[Cases, Criteria, Claims, Agreements])?,
        })
    }

    fn say(self, findings: &mut Findings) {
        for (kind, likeness) in [("family", self.family), ("case", self.case)] {
            if likeness.case_counts {
                let message = format!(
                    "over 1 in 5 {kind} ids differ from another only in capital and small letters, so these are taken to be different."
                );
                findings.say(FindingCode::CaseOfLettersCounts, message);
            }
        }
    }
}

/// The typed rows of all tables. A table that is not in the data is `None`; an empty one says "nothing".
#[derive(Debug, Default)]
pub struct Register {
    /// Cases.
    pub cases: Vec<Case>,
    /// People, a row a person in a family.
    pub people: Option<Vec<PersonRow>>,
    /// Needs.
    pub needs: Vec<Need>,
    /// Claims.
    pub claims: Option<Vec<Claim>>,
    /// Agreements.
    pub agreements: Vec<Agreement>,
    /// Confirmations of findings.
    pub confirmations: Vec<Confirmation>,
    /// What ids were before.
    pub former_ids: Vec<FormerId>,
    /// Rows that can be read, and are held because of the as-at date.
    pub set_aside: SetAside,
    /// What makes two ids nearly alike.
    pub likeness: LikenessOfIds,
    /// The day on which the data were taken from their systems, where the settings give it.
    pub extracted_on: Option<Date>,
    /// Who is who by identifiers.
    pub persons: Persons,
    /// Attendance; `None` without attendance files.
    pub registers: Option<Registers>,
    /// Quarantined rows, by table, file and row.
    pub held: Vec<Held>,
    /// Rows by table, of the tables in the data.
    pub counts: BTreeMap<TableName, RowCounts>,
    /// What is wrong or worth knowing.
    pub findings: Findings,
}

/// The authority's own calendar, where the data has a table `terms`, with what was read of it.
///
/// # Errors
/// A row of `terms` cannot be read, or the terms make no calendar (they overlap, or there are none).
pub fn own_calendar(loaded: &Loaded, horizon: &Horizon) -> Result<Option<(Calendar, reading::ReadTable<Term>)>> {
    if !loaded.has(TableName::Terms) {
        return Ok(None);
    }
    let read = small_tables::terms(loaded, horizon)?;
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
    Ok(Some((calendar, read)))
}

/// Reads every table. The rules give the headlines, the attendance codes and the calendar that rows are read with.
///
/// # Errors
/// A file that cannot be read to its end, or more than half of a table's rows quarantined.
pub fn validate(
    loaded: &Loaded,
    rules: &Rules,
    terms: Option<reading::ReadTable<Term>>,
    horizon: &Horizon,
) -> Result<Register> {
    let mut register = Register { findings: loaded.findings.clone(), ..Register::default() };
    register.extracted_on = horizon.extracted_on;
    register.likeness = LikenessOfIds::of(loaded)?;
    register.likeness.say(&mut register.findings);
    if let Some(terms) = terms {
        register.take(TableName::Terms, terms);
    }
    if loaded.has(TableName::FormerIds) {
        let former = small_tables::former_ids(loaded, horizon)?;
        register.former_ids = register.take(TableName::FormerIds, former).0;
    }
    let cases = small_tables::cases(loaded, horizon)?;
    let families = KnownFamilies::of(&cases);
    let known = KnownCases::of(&cases, &register.former_ids, register.likeness.case);
    let needs = needs::criteria(loaded, rules, &known, &families, horizon)?;
    (register.cases, register.set_aside.cases) = register.take(TableName::Cases, cases);
    (register.needs, register.set_aside.needs) = register.take(TableName::Criteria, needs);
    if loaded.has(TableName::People) {
        let people = small_tables::people(loaded, horizon, &mut register.findings)?;
        let (people, set_aside) = register.take(TableName::People, people);
        (register.people, register.set_aside.people) = (Some(people), set_aside);
    }
    if loaded.has(TableName::Claims) {
        let claims = small_tables::claims(loaded, horizon)?;
        let (claims, set_aside) = register.take(TableName::Claims, claims);
        (register.claims, register.set_aside.claims) = (Some(claims), set_aside);
    }
    if loaded.has(TableName::Agreements) {
        let agreements = small_tables::agreements(loaded, horizon)?;
        (register.agreements, register.set_aside.agreements) = register.take(TableName::Agreements, agreements);
        let people = register.people.as_deref();
        small_tables::check_agreements(&register.agreements, &known, people, rules, &mut register.findings);
    }
    if loaded.has(TableName::Confirmations) {
        let confirmations = confirmations::read(loaded, horizon)?;
        register.confirmations = register.take(TableName::Confirmations, confirmations).0;
    }
    register.persons = register.persons_by_identifiers(horizon);
    if loaded.has(TableName::Attendance) {
        let (registers, read) = registers::read(loaded, rules, &register.persons, horizon, &mut register.findings)?;
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
        let held: Vec<Held> = register.held.iter().filter(|held| held.table == *table).cloned().collect();
        check_half(table.word(), counts, &held)?;
    }
    register.held.sort_by(|a, b| (a.table, &a.place).cmp(&(b.table, &b.place)));
    Ok(register)
}

impl Register {
    /// Takes a table's counts, quarantined rows and findings in; gives its rows back, and those that are set aside.
    fn take<T>(&mut self, table: TableName, read: reading::ReadTable<T>) -> (Vec<T>, Vec<T>) {
        for held in &read.held {
            // The criteria of a quarantined case are held with it, not reported again; questions are said once.
            if !matches!(held.code, FindingCode::HeldWithCase | FindingCode::UnansweredQuestion) {
                let finding = Finding::at(held.code, &held.place, &held.column, &held.value, &held.message);
                self.findings.add(finding.about(&held.record));
            }
        }
        let unanswered = read.held.iter().filter(|held| held.code == FindingCode::UnansweredQuestion).count();
        if unanswered > 0 {
            let rows = if unanswered == 1 { "row is a question" } else { "rows are questions" };
            self.findings.say(
                FindingCode::UnansweredQuestion,
                format!("{table}: {} {rows} without an answer yet, left out.", grouped(&unanswered.to_string())),
            );
        }
        if read.counts.repeated > 0 {
            let rows = if read.counts.repeated == 1 { "row repeats" } else { "rows repeat" };
            self.findings.say(
                FindingCode::RowsRepeated,
                format!("{table}: {} {rows} another one exactly and counted once.", read.counts.repeated),
            );
        }
        self.findings.append(read.findings);
        read.corrected.say(&mut self.findings);
        self.counts.insert(table, read.counts);
        self.held.extend(read.held);
        (read.rows, read.set_aside)
    }

    /// Who is who by the identifiers of all rows of people, quarantined ones as far as they can be read.
    pub fn persons_by_identifiers(&self, horizon: &Horizon) -> Persons {
        let used = self.people.iter().flatten().map(|row| Identity {
            person_id: Some(&row.person_id),
            upn: row.upn.as_ref(),
            former_upn: row.former_upn.as_ref(),
            date_of_birth: row.date_of_birth,
            first_name: row.first_name.as_deref(),
        });
        let can_be = |born: &Date| *born <= horizon.last("date_of_birth") && horizon.is_of_a_life(*born);
        let held = self.held.iter().filter_map(|held| held.person.as_ref()).map(|row| Identity {
            person_id: row.person_id.as_ref(),
            upn: row.upn.as_ref(),
            former_upn: row.former_upn.as_ref(),
            date_of_birth: row.date_of_birth.filter(can_be),
            first_name: row.first_name.as_deref(),
        });
        let former: Vec<(PersonId, PersonId)> = self
            .former_ids
            .iter()
            .filter(|row| row.kind == IdKind::Person)
            .map(|row| (PersonId::new(&row.id), PersonId::new(&row.former_id)))
            .collect();
        Persons::of(used.chain(held), former.iter().map(|(id, former)| (id, former)))
    }

    /// What days can be believed at an as-at date.
    pub fn horizon_at(&self, as_at: Date) -> Horizon {
        Horizon { as_at, extracted_on: self.extracted_on }
    }
}

/// Stops the run when more than half of a table's rows are quarantined: something is wrong with the file
/// as a whole, and decisions from the rest would mislead.
///
/// Questions that nobody has answered yet say nothing of the file, so they count neither way.
fn check_half(table: &str, counts: &RowCounts, held: &[Held]) -> Result<()> {
    let questions = held.iter().filter(|row| row.code == FindingCode::UnansweredQuestion).count();
    let held: Vec<&Held> = held.iter().filter(|row| row.code != FindingCode::UnansweredQuestion).collect();
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
