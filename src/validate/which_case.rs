//! Which case a row of needs or agreements is of where it names the family alone, or a case by an id that leaves it open;
//! and what a person has answered where that cannot be told. The answers stand among the agreements, with `period` in the
//! place of a rule, and name the rows that they are about by the prints that the question had.

use super::as_it_stands::table_print;
use super::days::{Dated, Horizon, WrongDay};
use super::known_cases::{CaseNamed, KnownCases};
use super::known_families::{Doubt, KnownFamilies, OfPeriod};
use super::reading::{About, read_table};
use super::row_reader::{RowReader, case_of, find_word};
use super::rows::Agreement;
use crate::dates::Date;
use crate::error::Result;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, FamilyId};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::place::Place;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What stands in the place of a rule where an agreement says which case rows are of.
pub const PERIOD: &str = "period";

/// A row of the table of agreements.
pub enum Answer {
    /// On a rule.
    OnRule(Agreement),
    /// On which case rows are of.
    WhichCase(NamedCase),
}

impl Dated for Answer {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        match self {
            Answer::OnRule(agreement) => agreement.wrong_day(horizon),
            Answer::WhichCase(named) => named.wrong_day(horizon),
        }
    }
}

/// A person's answer to which case rows are of.
#[derive(Clone, Debug)]
pub struct NamedCase {
    /// The case.
    pub case_id: CaseId,
    /// The prints of the rows.
    pub of_rows: Vec<String>,
    /// When it was said.
    pub agreed_on: Date,
    /// The day in `until`, which changes nothing: an answer holds for every day.
    pub until: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

impl Dated for NamedCase {
    fn wrong_day(&self, horizon: &Horizon) -> Option<WrongDay> {
        super::days::beyond(horizon, &[("agreed_on", Some(self.agreed_on))])
    }
}

/// Whether a row of agreements says which case rows are of.
pub(super) fn is_on_period(row: &RowReader<'_>) -> bool {
    row.text("rule").is_some_and(|text| find_word(text, &[(PERIOD, ())]).is_some())
}

/// Reads such a row; that it is one, and has an answer, is known.
pub(super) fn named_case(row: &mut RowReader<'_>) -> Option<NamedCase> {
    let case_id = row.need_id("answer").map(|id| CaseId::new(&id));
    row.need("reason");
    row.need("agreed_by");
    let agreed_on = row.need_date("agreed_on");
    let of_rows: Vec<String> =
        row.need("of_rows").into_iter().flat_map(str::split_whitespace).map(str::to_lowercase).collect();
    let until = row.date("until");
    Some(NamedCase { case_id: case_id?, of_rows, agreed_on: agreed_on?, until, place: row.place.clone() })
}

/// The answers of the data, by the print of the row.
#[derive(Default)]
pub struct Answers {
    by_print: FxHashMap<String, Vec<NamedCase>>,
    /// The prints of rows on which there is an answer that cannot be read: it may be the later one.
    unreadable: FxHashSet<String>,
    /// The places of those that told the case of a row.
    used: Mutex<FxHashSet<Place>>,
}

impl Answers {
    /// Reads them, before the rows that they are about.
    ///
    /// # Errors
    /// A file that cannot be read to its end.
    pub fn read(loaded: &Loaded, horizon: &Horizon) -> Result<Answers> {
        let about = |_: &RowReader<'_>| About::default();
        let read = read_table(loaded, TableName::Agreements, horizon, &about, &mut |row| {
            if is_on_period(row) { named_case(row) } else { None }
        })?;
        let mut answers = Answers::default();
        for named in read.rows {
            for print in &named.of_rows {
                answers.by_print.entry(print.clone()).or_default().push(named.clone());
            }
        }
        for held in read.held {
            let cell = |name: &str| held.row.cell(name);
            let is_on_period = cell("rule").is_some_and(|text| find_word(text, &[(PERIOD, ())]).is_some());
            let is_answered = ["answer", "reason", "agreed_by", "agreed_on"].iter().any(|name| cell(name).is_some());
            if is_on_period && is_answered {
                let prints = cell("of_rows").unwrap_or_default().split_whitespace().map(str::to_lowercase);
                answers.unreadable.extend(prints);
            }
        }
        for of_row in answers.by_print.values_mut() {
            of_row.sort_by(|one, other| (other.agreed_on, &one.place).cmp(&(one.agreed_on, &other.place)));
        }
        Ok(answers)
    }

    /// Which of the cases the row is of, where somebody has said so: the latest answer holds. Two of one day that name
    /// different cases say nothing.
    fn of(&self, print: &str, cases: &[CaseId]) -> Option<CaseId> {
        let all = self.by_print.get(print).filter(|_| !self.unreadable.contains(print))?;
        let latest = all.first()?.agreed_on;
        let of_day: Vec<&NamedCase> = all.iter().take_while(|named| named.agreed_on == latest).collect();
        let case = &of_day[0].case_id;
        if of_day.iter().any(|named| named.case_id != *case) || !cases.contains(case) {
            return None;
        }
        self.used.lock().unwrap_or_else(PoisonError::into_inner).extend(of_day.iter().map(|named| named.place.clone()));
        Some(case.clone())
    }

    /// Says of answers that told nothing that they did not, and of days that end nothing.
    pub fn say_unused(&self, findings: &mut Findings) {
        let mut ending: Vec<(&Place, Date)> =
            self.by_print.values().flatten().filter_map(|named| Some((&named.place, named.until?))).collect();
        ending.sort();
        ending.dedup();
        for (place, until) in ending {
            let message = format!(
                "until {until} changes nothing: an answer to which case rows are of holds for every day. To take it back, delete the row."
            );
            findings.add(Finding::at(FindingCode::AgreementOnNothing, place, "until", until, message));
        }
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unused: Vec<&NamedCase> =
            self.by_print.values().flatten().filter(|named| !used.contains(&named.place)).collect();
        unused.sort_by(|one, other| one.place.cmp(&other.place));
        unused.dedup_by(|one, other| one.place == other.place);
        for named in unused {
            let case = named.case_id.as_str();
            let message = format!(
                "the answer that the rows are of case {case} changes nothing: none of the rows in of_rows is in doubt as it was when the question was asked, or it may not be of that case, or a later answer holds."
            );
            let finding = Finding::at(FindingCode::AgreementOnNothing, &named.place, "answer", case, message);
            findings.add(finding.about(&named.case_id));
        }
    }
}

/// The case that a row is of.
pub(super) enum OfCase {
    /// One that can be used.
    Case(CaseId),
    /// One whose row is held: where, and whether at the as-at date of the run only.
    Held(CaseId, Place, bool),
    /// It may be of any of these.
    OneOf(Arc<[CaseId]>, FindingCode, String),
    /// It may be of the case that it names, or of any of these, which are those of the family that it names.
    Either(Box<OfCase>, Arc<[CaseId]>, FindingCode, String),
    /// It is of none.
    Nothing(String),
    /// No case and no family can be read.
    NotSaid,
}

/// So many cases that a row may be of are looked up one by one among those of its family.
const GONE_THROUGH: usize = 100;

/// Whether a case is among others, which stand in order.
fn holds(cases: &[CaseId], case: &CaseId) -> bool {
    cases.binary_search(case).is_ok()
}

/// What tells which case a row is of.
pub struct WhichCase<'a> {
    /// The cases.
    pub cases: &'a KnownCases,
    /// The families.
    pub families: &'a KnownFamilies,
    /// What people have answered.
    pub answers: &'a Answers,
}

impl WhichCase<'_> {
    /// The case that a row names by its id.
    pub(super) fn of_case(&self, table: TableName, row: &RowReader<'_>) -> OfCase {
        let Some(id) = case_of(row) else { return OfCase::NotSaid };
        let said = match self.cases.named(&id) {
            CaseNamed::Case(case) => return OfCase::Case(case),
            CaseNamed::Held(case, of) => return OfCase::Held(case, of.place, of.by_day),
            CaseNamed::Nothing => {
                let message = format!("there is no case {id} in the cases table.");
                let family = FamilyId::new(id.as_str());
                match self.families.every_case(&family).filter(|_| self.families.has(&family)) {
                    None => return OfCase::Nothing(message),
                    Some(cases) => {
                        let hint = "There is a family of this id, of whose cases the row may be: a file with a row a family names it in family_id instead.";
                        (cases, format!("{message} {hint}"))
                    }
                }
            }
            CaseNamed::Nearly(cases) => {
                let alike = match &*cases {
                    [only] => format!("{only} is nearly alike, or was before: is it meant?"),
                    _ => "several are nearly alike, or were before. Name the one that is meant.".to_owned(),
                };
                let message = format!("there is no case {id} in the cases table; {alike}");
                (cases, message)
            }
            CaseNamed::OneOf(cases) => {
                // Which they are is not said: one may be of a family that another must not be named beside.
                let message = format!("{id} is a former id of several cases. Name the one that is meant.");
                (cases, message)
            }
        };
        self.answered(table, row, said.0, FindingCode::NoSuchCase, said.1)
    }

    /// The case that a row names by its id, held against the family that it names as well: where the two contradict each other it
    /// may be of either.
    pub(super) fn of_case_in_family(&self, table: TableName, row: &RowReader<'_>) -> OfCase {
        let of_case = self.of_case(table, row);
        let Some(family) = row.id_if_any("family_id").map(|id| FamilyId::new(&id)) else { return of_case };
        let of_family = self.families.every_case(&family).unwrap_or_default();
        let of_case = match of_case {
            OfCase::Nothing(message) if !of_family.is_empty() => {
                let message = format!("{message} The row may be of any case of the family {family}.");
                return self.answered(table, row, of_family, FindingCode::NoSuchCase, message);
            }
            OfCase::OneOf(cases, code, message) if !of_family.is_empty() => {
                // One row after the other may name the same long list, so that it is not gone through for each.
                if cases.len() <= GONE_THROUGH && cases.iter().all(|case| holds(&of_family, case)) {
                    return self.answered(table, row, of_family, code, message);
                }
                return OfCase::Either(Box::new(OfCase::OneOf(cases, code, message.clone())), of_family, code, message);
            }
            other => other,
        };
        let named = match &of_case {
            OfCase::Case(case) => case,
            OfCase::Held(case, ..) if !of_family.is_empty() => case,
            _ => return of_case,
        };
        if holds(&of_family, named) {
            return of_case;
        }
        // The two may be families that must not be named beside each other.
        let message =
            "the case in case_id is not one of the family in family_id. Correct the one that is wrong, or leave family_id blank."
                .to_owned();
        OfCase::Either(Box::new(of_case), of_family, FindingCode::CaseOfAnotherFamily, message)
    }

    /// What a row may be about whose case cannot be read: any case of the family that it names.
    pub(super) fn about(&self, row: &RowReader<'_>, of: OfCase) -> About {
        match of {
            OfCase::NotSaid => {
                let family = row.id_if_any("family_id").map(|id| FamilyId::new(&id));
                let cases = family.and_then(|family| self.families.every_case(&family));
                About { may_be_of: cases.unwrap_or_default(), ..About::default() }
            }
            of => of.about(),
        }
    }

    /// The case of the period of a family that a row is of: what the row is said to be, such as "the need", and its day.
    pub(super) fn of_family(
        &self,
        table: TableName,
        row: &RowReader<'_>,
        family: &FamilyId,
        day: Option<Date>,
    ) -> OfCase {
        let (what, days) = match table {
            TableName::Agreements => ("the agreement", "agreed_on"),
            _ => ("the need", "identified_on"),
        };
        let (cases, doubt) = match self.families.named(family, day) {
            OfPeriod::Case(case) => return OfCase::Case(case),
            OfPeriod::Held(case, place, by_day) => return OfCase::Held(case, place, by_day),
            OfPeriod::OneOf(cases, doubt) => (cases, doubt),
            OfPeriod::Nothing => {
                return OfCase::Nothing(format!("there is no case of the family {family} in the cases table."));
            }
        };
        let (code, message) = match doubt {
            Doubt::SeveralPeriods => {
                let message = format!(
                    "which period of support of the family {family} {what} is of is not said, and it may be any: its cases are {}. Give case_id, or in {days} a day on which one of them was open.",
                    listed(&cases)
                );
                (FindingCode::WhichPeriod, message)
            }
            Doubt::FormerlySeveral => {
                let message = format!(
                    "{family} is a former id of several families: which of them {what} is of is not said. Give case_id, or the id that the family has today."
                );
                (FindingCode::WhichPeriod, message)
            }
            Doubt::NearlyAlike => {
                let message = format!(
                    "there is no case of the family {family} in the cases table, and one of a family whose id is nearly alike: {}. Is it meant?",
                    listed(&cases)
                );
                (FindingCode::NoSuchCase, message)
            }
            // Which they are is not said: a family may be one that another must not be named beside.
            Doubt::NearlySeveral => {
                let message = format!(
                    "there is no case of the family {family} in the cases table, and several families whose ids are nearly alike. Give case_id, or the id of the one that is meant."
                );
                (FindingCode::NoSuchCase, message)
            }
        };
        self.answered(table, row, cases, code, message)
    }

    fn answered(
        &self,
        table: TableName,
        row: &RowReader<'_>,
        cases: Arc<[CaseId]>,
        code: FindingCode,
        message: String,
    ) -> OfCase {
        let answer = if self.answers.by_print.is_empty() {
            None
        } else {
            self.answers.of(&table_print(&row.row, table, row.columns), &cases)
        };
        match answer.map(|case| (self.cases.named(&case), case)) {
            Some((CaseNamed::Case(case), _)) => OfCase::Case(case),
            Some((CaseNamed::Held(case, of), _)) => OfCase::Held(case, of.place, of.by_day),
            _ => OfCase::OneOf(cases, code, message),
        }
    }
}

impl OfCase {
    /// What a held row is about.
    pub(super) fn about(self) -> About {
        match self {
            OfCase::Case(case) | OfCase::Held(case, ..) => About { case: Some(case), ..About::default() },
            OfCase::OneOf(cases, ..) => About { may_be_of: cases, ..About::default() },
            OfCase::Either(of, cases, ..) => {
                let of_family = About { may_be_of: cases, ..About::default() };
                About { also: Some(Box::new(of_family)), ..of.about() }
            }
            OfCase::Nothing(_) | OfCase::NotSaid => About::default(),
        }
    }
}

/// The first of some cases, and how many more there are.
fn listed(cases: &[CaseId]) -> String {
    const NAMED: usize = 5;
    let named: Vec<&str> = cases.iter().take(NAMED).map(CaseId::as_str).collect();
    let more = cases.len().saturating_sub(NAMED);
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}
