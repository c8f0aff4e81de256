//! Which rows are known at an as-at date, and which are held there. Rows are read once, for the as-at date of the run;
//! days that cannot be right depend on the date, so that a row may be held at one and used at another.

use crate::cores;
use crate::dates::Date;
use crate::finding::FindingCode;
use crate::ids::{CaseId, FamilyId, cleaned};
use crate::load::tables::TableName;
use crate::place::Place;
use crate::rules::name::RuleName;
use crate::validate::days::{Dated, Horizon, MayBeSuccess};
use crate::validate::rows::{Agreement, Case, Claim, Need, PersonRow};
use crate::validate::{Held, HeldPerson, Register};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// A row that is held at the as-at date.
pub struct HeldAt<'a> {
    /// The table.
    pub table: TableName,
    /// File and row.
    pub place: &'a Place,
    /// The family it is about, where that can be told.
    pub family: Option<&'a FamilyId>,
    /// The case it is about, where that can be told.
    pub case: Option<&'a CaseId>,
    /// Other cases that it may be about.
    pub may_be_of: &'a [CaseId],
    /// Whether it is a row of people that is restricted, or may be.
    pub restricted: bool,
    /// Who a row of people is of, as far as it can be read.
    pub person: Option<Cow<'a, HeldPerson>>,
    /// The rule that a row of agreements names.
    pub rule: Option<RuleName>,
    /// Whether a row of claims may be one that is approved, or waits for a decision.
    pub may_be_success: bool,
    /// Whether it can matter at the as-at date.
    pub matters: bool,
}

/// The rows of the tables as at a day. Rows of days to come are among them: each table knows which of its days says so.
pub struct KnownAt<'a> {
    /// Cases that can be used.
    pub cases: Vec<&'a Case>,
    /// Rows of people that can be used.
    pub people: Vec<&'a PersonRow>,
    /// Needs that can be used.
    pub needs: Vec<&'a Need>,
    /// Claims that can be used.
    pub claims: Vec<&'a Claim>,
    /// Agreements that can be used.
    pub agreements: Vec<&'a Agreement>,
    /// Rows that are held.
    pub held: Vec<HeldAt<'a>>,
}

impl<'a> KnownAt<'a> {
    /// What of `register` can be used as at the day of `horizon`.
    pub fn at(register: &'a Register, horizon: &Horizon) -> KnownAt<'a> {
        let aside = &register.set_aside;
        // A question that nobody has answered yet says nothing, and nothing is wrong with it.
        let is_held = |held: &&Held| !held.by_day && held.code != FindingCode::UnansweredQuestion;
        let mut held: Vec<HeldAt<'a>> = register
            .held
            .iter()
            .filter(is_held)
            .flat_map(|row| row.by_each().map(|row| HeldAt::of(row, horizon)))
            .collect();
        let existing = ExistingIds::of(register);
        let mut told: FxHashMap<&FamilyId, usize> = FxHashMap::default();
        for row in register.held.iter().filter(is_held) {
            for (family, case) in existing.in_cells(row) {
                held.push(HeldAt { family: Some(family), case, ..HeldAt::of(row, horizon) });
                // A need is a case's: one that names a family alone may be of any of its cases, which are told of the first few.
                if row.table == TableName::Criteria && case.is_none() {
                    let told = told.entry(family).or_default();
                    *told += 1;
                    if *told <= FirstRows::TOLD {
                        let cases = existing.cases_of(family).iter();
                        held.extend(cases.map(|case| HeldAt { case: Some(case), ..HeldAt::of(row, horizon) }));
                    }
                }
            }
        }
        let (((cases, wrong_cases), (people, wrong_people)), ((needs, wrong_needs), (claims, wrong_claims))) =
            cores::both(
                || {
                    let people = register.people.iter().flatten().chain(&aside.people);
                    (split(register.cases.iter().chain(&aside.cases), horizon), split(people, horizon))
                },
                || {
                    let claims = register.claims.iter().flatten().chain(&aside.claims);
                    (split(register.needs.iter().chain(&aside.needs), horizon), split(claims, horizon))
                },
            );
        held.extend(wrong_cases.into_iter().map(|row| HeldAt {
            family: Some(&row.family_id),
            case: Some(&row.case_id),
            ..HeldAt::by_day(TableName::Cases, &row.place)
        }));
        held.extend(wrong_people.into_iter().map(|row| HeldAt {
            family: Some(&row.family_id),
            restricted: row.restricted,
            person: Some(believed(
                Cow::Owned(HeldPerson {
                    person_id: Some(row.person_id.clone()),
                    upn: row.upn.clone(),
                    former_upn: row.former_upn.clone(),
                    nhs_number: row.nhs_number.clone(),
                    role: row.role,
                    first_name: row.first_name.clone(),
                    last_name: row.last_name.clone(),
                    date_of_birth: row.date_of_birth,
                    joined_on: row.joined_on,
                    cells: Vec::new(),
                }),
                horizon,
            )),
            ..HeldAt::by_day(TableName::People, &row.place)
        }));
        held.extend(
            wrong_needs
                .into_iter()
                .map(|row| HeldAt { case: Some(&row.case_id), ..HeldAt::by_day(TableName::Criteria, &row.place) }),
        );
        held.extend(wrong_claims.into_iter().map(|row| HeldAt {
            family: Some(&row.family_id),
            case: row.case_id.as_ref(),
            may_be_success: MayBeSuccess::of(row).at(horizon),
            ..HeldAt::by_day(TableName::Claims, &row.place)
        }));
        let (agreements, wrong) = split(register.agreements.iter().chain(&aside.agreements), horizon);
        held.extend(wrong.into_iter().map(|row| HeldAt {
            case: Some(&row.case_id),
            rule: Some(row.rule),
            ..HeldAt::by_day(TableName::Agreements, &row.place)
        }));
        KnownAt { cases, people, needs, claims, agreements, held }
    }

    /// The held rows of a table that can matter.
    pub fn held_of(&self, table: TableName) -> impl Iterator<Item = &HeldAt<'a>> {
        self.held.iter().filter(move |held| held.table == table && held.matters)
    }
}

/// Who a held row is of, without the days that cannot be right: a day of joining beyond the horizon does not say that
/// somebody has not joined yet.
fn believed<'a>(mut person: Cow<'a, HeldPerson>, horizon: &Horizon) -> Cow<'a, HeldPerson> {
    let is_birth = |born: Date| horizon.is_of_a_life(born) && born <= horizon.last("date_of_birth");
    if person.date_of_birth.is_some_and(|born| !is_birth(born)) {
        person.to_mut().date_of_birth = None;
    }
    if person.joined_on.is_some_and(|day| day > horizon.last("joined_on")) {
        person.to_mut().joined_on = None;
    }
    person
}

/// The rows that can be used at the as-at date, and those that cannot.
fn split<'a, T: Dated>(rows: impl Iterator<Item = &'a T>, horizon: &Horizon) -> (Vec<&'a T>, Vec<&'a T>) {
    rows.partition(|row| row.wrong_day(horizon).is_none())
}

impl<'a> HeldAt<'a> {
    fn of(held: &'a Held, horizon: &Horizon) -> HeldAt<'a> {
        HeldAt {
            table: held.table,
            place: &held.place,
            family: held.family.as_ref(),
            case: held.case.as_ref(),
            may_be_of: &held.may_be_of,
            restricted: held.restricted,
            person: held.person.as_ref().map(|person| believed(Cow::Borrowed(person), horizon)),
            rule: held.rule,
            may_be_success: held.may_be_success.at(horizon),
            matters: held.days.matter_at(horizon),
        }
    }

    /// A typed row with a day that cannot be right at the as-at date: it always matters.
    fn by_day(table: TableName, place: &'a Place) -> HeldAt<'a> {
        HeldAt {
            table,
            place,
            family: None,
            case: None,
            may_be_of: &[],
            restricted: false,
            person: None,
            rule: None,
            may_be_success: true,
            matters: true,
        }
    }
}

/// The families and cases of the cases table, its quarantined rows too.
pub struct ExistingIds<'a> {
    /// With their cases, and whether any row of theirs can be used.
    families: FxHashMap<&'a str, (&'a FamilyId, Vec<&'a CaseId>, bool)>,
    cases: FxHashMap<&'a str, (&'a FamilyId, &'a CaseId, bool)>,
}

impl<'a> ExistingIds<'a> {
    /// Those of a register.
    pub fn of(register: &'a Register) -> ExistingIds<'a> {
        let mut ids = ExistingIds { families: FxHashMap::default(), cases: FxHashMap::default() };
        // Nearly always there is no row to be looked for.
        if !register.held.iter().any(is_about_a_family) {
            return ids;
        }
        let used = register.cases.iter().chain(&register.set_aside.cases);
        let used = used.map(|case| (&case.family_id, &case.case_id, true));
        let held = register.held.iter().filter(|held| held.table == TableName::Cases && !is_ragged(held));
        let held = held.filter_map(|held| Some((held.family.as_ref()?, held.case.as_ref()?, false)));
        for (family, case, can_be_used) in used.chain(held) {
            let of_family = ids.families.entry(family.as_str()).or_insert((family, Vec::new(), can_be_used));
            of_family.1.push(case);
            ids.cases.entry(case.as_str()).or_insert((family, case, can_be_used));
        }
        ids
    }

    /// Whether a row names a family or a case that exists where it should. A row of cases does not show by itself that there is one.
    fn names_one(&self, held: &Held) -> bool {
        let others_alone = held.table == TableName::Cases;
        let family = held.family.as_ref().and_then(|family| self.families.get(family.as_str()));
        let case = held.case.as_ref().and_then(|case| self.cases.get(case.as_str()));
        family.is_some_and(|(_, _, can_be_used)| *can_be_used || !others_alone)
            || case.is_some_and(|(_, _, can_be_used)| *can_be_used || !others_alone)
            || !held.may_be_of.is_empty()
    }

    /// The families and cases that a quarantined row may be about though they stand in other columns: where it names none that exists in
    /// its own, its cells may have moved.
    pub fn in_cells(&self, held: &Held) -> Vec<(&'a FamilyId, Option<&'a CaseId>)> {
        if !is_about_a_family(held) || held.by_each().any(|held| self.names_one(held)) {
            return Vec::new();
        }
        let is_id = |column: &str| column.ends_with("_id") || column == "id";
        let cells = held.row.cells.iter().filter(|(column, _)| is_ragged(held) || !is_id(column));
        // A number in its own place is a criterion or a figure, whatever ids are like.
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let texts = cells.map(|(_, text)| text.as_str()).filter(|text| is_ragged(held) || !is_number(text));
        let texts = texts.chain(held.row.out_of_place.split(','));
        let mut found = Vec::new();
        for id in texts.map(cleaned).filter(|id| !id.is_empty()) {
            found.extend(self.families.get(&*id).map(|(family, ..)| (*family, None)));
            found.extend(self.cases.get(&*id).map(|(family, case, _)| (*family, Some(*case))));
        }
        found.sort();
        found.dedup();
        found
    }

    fn cases_of(&self, family: &FamilyId) -> &[&'a CaseId] {
        self.families.get(family.as_str()).map_or(&[], |(_, cases, _)| cases)
    }

    /// Whether it cannot be told of which family or case a row with too many or too few cells is.
    pub fn are_untold(&self, held: &Held) -> bool {
        is_ragged(held) && !held.by_each().any(|held| self.names_one(held)) && self.in_cells(held).is_empty()
    }
}

fn is_ragged(held: &Held) -> bool {
    held.code == FindingCode::RowLength || !held.row.out_of_place.is_empty()
}

/// Whether a row is one of those that are about a family or a case.
fn is_about_a_family(held: &Held) -> bool {
    use TableName::{Cases, Claims, Criteria, FormerIds, People};
    matches!(held.table, Cases | People | Criteria | Claims | FormerIds)
}

/// Of the rows that may be of any of many cases, as a list kept by family has thousands, the first of each rule: each case is told
/// of these, and no case is told of none.
#[derive(Default)]
pub(super) struct FirstRows {
    told: FxHashMap<(*const CaseId, Option<RuleName>), usize>,
}

impl FirstRows {
    /// As many tell that there are such rows, and where to look.
    const TOLD: usize = 3;

    /// Whether a row is one of the first that may be of its cases. Rows share their list of cases, so a list is known by where it
    /// stands.
    pub(super) fn is_one(&mut self, held: &HeldAt<'_>) -> bool {
        let told = self.told.entry((held.may_be_of.as_ptr(), held.rule)).or_default();
        *told += 1;
        *told <= FirstRows::TOLD
    }
}
