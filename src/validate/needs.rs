//! The rows of needs: which case or family each is of, and what it says (contract section 1, `criteria`).

use super::days::Horizon;
use super::known_cases::{KnownCases, Named};
use super::known_families::{KnownFamilies, OfPeriod};
use super::reading::{About, ReadTable, read_table};
use super::row_reader::RowReader;
use super::rows::{Criterion, Need, NeedResult};
use super::small_tables::{case_of, owned};
use crate::error::Result;
use crate::finding::FindingCode;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::rules::Rules;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Reads `n` or `n.m` with a headline that the framework has.
fn criterion(text: &str, rules: &Rules) -> Option<Criterion> {
    let (number, need) = text.split_once('.').map_or((text, None), |(number, need)| (number, Some(need)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(number) || number.starts_with('0') || need.is_some_and(|need| !digits(need)) {
        return None;
    }
    let headline = number.parse().ok()?;
    rules.framework.headline(headline).map(|_| Criterion { headline, text: text.to_owned() })
}

/// Needs. A criterion of a case that is not there is held; one of a quarantined case is held with it. A row without a case
/// may name the family instead.
pub fn criteria(
    loaded: &Loaded,
    rules: &Rules,
    cases: &KnownCases,
    families: &KnownFamilies,
    horizon: &Horizon,
) -> Result<ReadTable<Need>> {
    const RESULTS: [(&str, NeedResult); 2] =
        [("achieved", NeedResult::Achieved), ("not_achieved", NeedResult::NotAchieved)];
    let by_family = files_by_family(loaded, cases, families)?;
    let of_row = |row: &RowReader<'_>| -> Option<NeedOf> {
        let family = |column: &str| row.id_if_any(column).map(|id| FamilyId::new(&id));
        let family = match row.text("case_id") {
            Some(_) if by_family.contains(&row.place.file) => family("case_id"),
            Some(_) => return Some(NeedOf::Case(case_of(row)?)),
            None => family("family_id"),
        };
        let period = families.named(family.as_ref()?, row.date_if_any("identified_on"));
        Some(NeedOf::Family(family?, period))
    };
    let about = |row: &RowReader<'_>| {
        let mut about = About::default();
        match of_row(row) {
            Some(NeedOf::Case(case)) => match cases.named(&case) {
                Named::Case(case) | Named::Held(case, _) => about.case = Some(case),
                Named::OneOf(cases) | Named::Nearly(cases) => about.may_be_of = cases,
                Named::Nothing => {}
            },
            Some(NeedOf::Family(_, OfPeriod::Case(case) | OfPeriod::Held(case, ..))) => about.case = Some(case),
            Some(NeedOf::Family(_, OfPeriod::OneOf(cases))) => about.may_be_of = cases,
            Some(NeedOf::Family(_, OfPeriod::Nothing)) | None => {}
        }
        about
    };
    let mut read = read_table(loaded, TableName::Criteria, horizon, &about, &mut |row| {
        let of_row = of_row(row);
        let column = if row.text("case_id").is_some() { "case_id" } else { "family_id" };
        let mut case_id = match &of_row {
            Some(NeedOf::Family(_, OfPeriod::Case(case))) => Some(case.clone()),
            Some(NeedOf::Family(..)) => None,
            Some(NeedOf::Case(_)) => row.id("case_id").map(|id| CaseId::new(&id)),
            // Neither can be read: which of the two is wrong is said by what the row has.
            None if row.text("family_id").is_some() && column == "family_id" => {
                row.id("family_id");
                None
            }
            None => row.need_id("case_id").map(|id| CaseId::new(&id)),
        };
        let held = |row: &mut RowReader<'_>, case: CaseId, place: &Place, by_day: bool| {
            // First, so that the row is held with its case whatever else is wrong with it.
            row.mistakes.clear();
            let message = format!("its case {case} is quarantined: see {place}.");
            row.wrong(column, FindingCode::HeldWithCase, message);
            if by_day {
                // At another as-at date the case may be used, and the row with it.
                row.only_by_day();
            }
            by_day.then_some(case)
        };
        match of_row {
            Some(NeedOf::Case(id)) => match cases.named(&id) {
                Named::Case(case) => case_id = Some(case),
                Named::Held(case, of) => case_id = Some(held(row, case, &of.place, of.by_day)?),
                Named::Nearly(cases) => {
                    let message = format!(
                        "there is no case {id} in the cases table; {} is nearly alike: is it meant?",
                        listed(&cases)
                    );
                    row.wrong("case_id", FindingCode::NoSuchCase, message);
                }
                Named::OneOf(cases) => {
                    let message = format!(
                        "{id} is a former id of several cases: {}. Name the one that is meant.",
                        listed(&cases)
                    );
                    row.wrong("case_id", FindingCode::NoSuchCase, message);
                }
                Named::Nothing => {
                    let hint = if families.has(&FamilyId::new(id.as_str())) {
                        " There is a family of this id: a file with a row a family may name it in family_id instead."
                    } else {
                        ""
                    };
                    let message = format!("there is no case {id} in the cases table.{hint}");
                    row.wrong("case_id", FindingCode::NoSuchCase, message);
                }
            },
            Some(NeedOf::Family(_, OfPeriod::Held(case, place, by_day))) => {
                case_id = Some(held(row, case, &place, by_day)?);
            }
            Some(NeedOf::Family(family, OfPeriod::OneOf(cases))) => {
                let message = format!(
                    "which period of support of the family {family} the need is of is not said, and it may be any: its cases are {}. Give case_id, or in identified_on a day on which one of them was open.",
                    listed(&cases)
                );
                row.wrong(column, FindingCode::WhichPeriod, message);
            }
            Some(NeedOf::Family(family, OfPeriod::Nothing)) => {
                let message = format!("there is no case of the family {family} in the cases table.");
                row.wrong(column, FindingCode::NoSuchCase, message);
            }
            Some(NeedOf::Family(_, OfPeriod::Case(_))) | None => {}
        }
        let written = row.need("criterion");
        let criterion = written.and_then(|text| criterion(text, rules));
        if let (Some(text), None) = (written, &criterion) {
            let most = rules.framework.headlines.iter().map(|headline| headline.number).max().unwrap_or(0);
            row.wrong(
                "criterion",
                FindingCode::UnknownCriterion,
                format!("\"{text}\" is not a criterion of {}: write 1 to {most}, or n.m.", rules.framework.id),
            );
        }
        let person_id = row.id("person_id").map(|id| PersonId::new(&id));
        let identified_on = row.date("identified_on");
        let (outcome_on, relapsed_on) = (row.date("outcome_on"), row.date("relapsed_on"));
        // An unknown result cannot be read as blank: the need would then count as resolved.
        let result = row.word("result", &RESULTS, FindingCode::UnknownOutcome);
        Some(Need {
            case_id: case_id?,
            criterion: criterion?,
            person_id,
            identified_on,
            outcome_on,
            relapsed_on,
            result,
            evidence: owned(row.text("evidence")),
            side_by_side: row.side_by_side(),
            place: row.place.clone(),
        })
    })?;
    for file in by_family {
        let message = format!(
            "{file}: its case ids are those of families, and none is that of a case. Each need is taken for one of the family's period of support."
        );
        read.findings.say(FindingCode::FamilyIdsAsCaseIds, message);
    }
    Ok(read)
}

/// What the row of a need names.
enum NeedOf {
    /// A case, whether there is one or not.
    Case(CaseId),
    /// A family, and the period that it stands for.
    Family(FamilyId, OfPeriod),
}

/// The files of needs in which no case id is that of a case, and most are those of families: a list with a row a family
/// whose column was taken for that of cases.
fn files_by_family(loaded: &Loaded, cases: &KnownCases, families: &KnownFamilies) -> Result<BTreeSet<Arc<str>>> {
    let mut found = BTreeSet::new();
    for file in loaded.of(TableName::Criteria) {
        let Some(column) = file.column("case_id") else { continue };
        let (mut rows, mut of_families, mut of_cases) = (0usize, 0usize, false);
        file.for_each(&mut |row| {
            let id = row.cell(column).filter(|_| !of_cases);
            if let Some(id) = id.map(CaseId::new) {
                rows += 1;
                of_cases = !matches!(cases.named(&id), Named::Nothing);
                of_families += usize::from(families.has(&FamilyId::new(id.as_str())));
            }
        })?;
        if !of_cases && of_families * 2 > rows {
            found.insert(file.file.clone());
        }
    }
    Ok(found)
}

/// The first of some cases, and how many more there are.
fn listed(cases: &[CaseId]) -> String {
    const NAMED: usize = 5;
    let named: Vec<&str> = cases.iter().take(NAMED).map(CaseId::as_str).collect();
    let more = cases.len().saturating_sub(NAMED);
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}
