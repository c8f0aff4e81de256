//! The rows of needs: which case or family each is of, and what it says (contract section 1, `criteria`).

use super::days::Horizon;
use super::known_cases::CaseNamed;
use super::reading::{ReadTable, read_table};
use super::row_reader::{RowReader, find_word};
use super::rows::{Criterion, Need, NeedResult};
use super::small_tables::owned;
use super::which_case::{OfCase, WhichCase};
use crate::error::Result;
use crate::finding::FindingCode;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::rules::Rules;
use crate::rules::council_words::CouncilWords;
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
pub fn criteria(loaded: &Loaded, rules: &Rules, which: &WhichCase<'_>, horizon: &Horizon) -> Result<ReadTable<Need>> {
    const RESULTS: [(&str, NeedResult); 2] =
        [("achieved", NeedResult::Achieved), ("not_achieved", NeedResult::NotAchieved)];
    let by_family = files_by_family(loaded, which)?;
    let of_row = |row: &RowReader<'_>| -> OfCase {
        let family = |column: &str| row.id_if_any(column).map(|id| FamilyId::new(&id));
        let family = match row.text("case_id") {
            Some(_) if by_family.contains(&row.place.file) => family("case_id"),
            Some(_) => return which.of_case_in_family(TableName::Criteria, row),
            None => family("family_id"),
        };
        // A need without a day may have an outcome with one.
        let day = match row.text("identified_on") {
            Some(_) => row.date_if_any("identified_on"),
            None => row.date_if_any("outcome_on"),
        };
        family.map_or(OfCase::NotSaid, |family| which.of_family(TableName::Criteria, row, &family, day))
    };
    let about = |row: &RowReader<'_>| which.about(row, of_row(row));
    let mut read = read_table(loaded, TableName::Criteria, horizon, &about, &mut |row| {
        let column = if row.text("case_id").is_some() { "case_id" } else { "family_id" };
        let case_id = match of_row(row) {
            OfCase::Case(case) => Some(case),
            OfCase::Held(case, place, by_day) => {
                // First, so that the row is held with its case whatever else is wrong with it.
                row.mistakes.clear();
                let message = format!("its case {case} is quarantined: see {place}.");
                row.wrong(column, FindingCode::HeldWithCase, message);
                if by_day {
                    // At another as-at date the case may be used, and the row with it.
                    row.only_by_day();
                }
                Some(case).filter(|_| by_day)
            }
            OfCase::OneOf(_, code, message) => {
                row.wrong(column, code, message);
                None
            }
            OfCase::Either(_, _, code, message) => {
                row.wrong(column, code, message);
                None
            }
            OfCase::Nothing(message) => {
                row.wrong(column, FindingCode::NoSuchCase, message);
                None
            }
            // Neither can be read: which of the two is wrong is said by what the row has.
            OfCase::NotSaid if row.text("family_id").is_some() && column == "family_id" => {
                row.id("family_id");
                None
            }
            OfCase::NotSaid => {
                row.need_id("case_id");
                None
            }
        };
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
        let meant = row.text("result").and_then(|text| CouncilWords::get().result(text));
        let result = match meant.and_then(|word| find_word(word, &RESULTS)) {
            Some(result) => Some(result),
            None => row.word("result", &RESULTS, FindingCode::UnknownOutcome),
        };
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

/// The files of needs in which no case id is that of a case, and most are those of families: a list with a row a family
/// whose column was taken for that of cases.
fn files_by_family(loaded: &Loaded, which: &WhichCase<'_>) -> Result<BTreeSet<Arc<str>>> {
    let WhichCase { cases, families, .. } = which;
    let mut found = BTreeSet::new();
    for file in loaded.of(TableName::Criteria) {
        let Some(column) = file.column("case_id") else { continue };
        let (mut rows, mut of_families, mut of_cases) = (0usize, 0usize, false);
        file.for_each(&mut |row| {
            let id = row.cell(column).filter(|_| !of_cases);
            if let Some(id) = id.map(CaseId::new) {
                rows += 1;
                of_cases = !matches!(cases.named(&id), CaseNamed::Nothing);
                of_families += usize::from(families.has(&FamilyId::new(id.as_str())));
            }
        })?;
        if !of_cases && of_families * 2 > rows {
            found.insert(file.file.clone());
        }
    }
    Ok(found)
}
