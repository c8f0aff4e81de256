//! The questions which case rows of needs and agreements are of, where they name the family alone, or a case by an id that
//! leaves it open: one for the rows that stand in one row of a file.

use super::asked::AskedAbout;
use super::question_row::QuestionRow;
use crate::dates::in_words;
use crate::finding::FindingCode;
use crate::ids::{CaseId, FamilyId};
use crate::load::corrections::NAMED;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::report::views::people::Person;
use crate::rules::name::RuleName;
use crate::run::Outcome;
use crate::validate::Held;
use crate::validate::rows::Case;
use crate::validate::which_case::PERIOD;
use crate::words::counted;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// So many cases a question names; of more nobody could choose from a cell.
const NAMED_AT_MOST: usize = 20;

/// The questions.
pub(super) fn questions<'a>(outcome: &'a Outcome<'_>) -> Vec<QuestionRow<'a>> {
    let register = &outcome.prepared.register;
    let horizon = register.horizon_at(outcome.prepared.as_at);
    let is_open = |held: &&Held| {
        matches!(held.table, TableName::Criteria | TableName::Agreements)
            && matches!(held.code, FindingCode::WhichPeriod | FindingCode::NoSuchCase)
            && !held.may_be_of.is_empty()
            && held.may_be_of.len() <= NAMED_AT_MOST
            && held.days.matter_at(&horizon)
            // A row that was mended already is mended where it stands.
            && !held.place.file.starts_with(NAMED)
    };
    let mut by_row: BTreeMap<(TableName, &Place), Vec<&Held>> = BTreeMap::new();
    for held in register.held.iter().filter(is_open) {
        by_row.entry((held.table, &held.place)).or_default().push(held);
    }
    if by_row.is_empty() {
        return Vec::new();
    }
    let cases: FxHashMap<&CaseId, &Case> = register.cases.iter().map(|case| (&case.case_id, case)).collect();
    by_row.into_values().filter_map(|rows| question(&rows, &cases)).collect()
}

fn question<'a>(rows: &[&'a Held], cases: &FxHashMap<&'a CaseId, &'a Case>) -> Option<QuestionRow<'a>> {
    let first = *rows.first()?;
    // Those that stand in one row of a file may have days that leave different cases open.
    let all: BTreeSet<&CaseId> = rows.iter().flat_map(|held| &*held.may_be_of).collect();
    let mut known: Vec<&'a Case> = all.iter().filter_map(|case| cases.get(*case).copied()).collect();
    known.sort_by_key(|case| (case.opened_on, &case.case_id));
    let families: BTreeSet<&FamilyId> = known.iter().map(|case| &case.family_id).collect();
    // Cases of two families are not named beside each other: one may be a family that the other must not learn of.
    let family = match families.into_iter().collect::<Vec<_>>().as_slice() {
        [only] => *only,
        _ => return None,
    };
    let said: Vec<String> = all
        .iter()
        .map(|case| match cases.get(*case) {
            Some(known) => match known.closed_on {
                Some(closed) => format!("{case} ({} to {})", in_words(known.opened_on), in_words(closed)),
                None => format!("{case} (since {})", in_words(known.opened_on)),
            },
            None => format!("{case} (its row is in quarantine)"),
        })
        .collect();
    let cell = |held: &'a Held, column: &str| {
        held.row.cells.iter().find(|(name, _)| *name == column).map(|(_, text)| text.trim())
    };
    let what = match first.table {
        TableName::Agreements => {
            format!("the agreement on {}", first.rule.map_or("a rule", RuleName::word))
        }
        _ => {
            let criteria: BTreeSet<&str> = rows.iter().filter_map(|held| cell(held, "criterion")).collect();
            let numbers: Vec<&str> = criteria.iter().copied().collect();
            let needs = if numbers.len() == 1 { "the need of criterion" } else { "the needs of criteria" };
            format!("{needs} {}", numbers.join(", "))
        }
    };
    let named = cell(first, "case_id").or_else(|| cell(first, "family_id")).unwrap_or_default();
    let words = format!(
        "Which case is {what} of, in {} under {named}? It may be of {}: {}. Write the id of the case as the answer. Where the needs of one row are of different cases, mend quarantine_{}.csv instead.",
        first.place,
        counted(all.len(), "case", "cases"),
        said.join("; "),
        first.table,
    );
    let prints: BTreeSet<&str> = rows.iter().map(|held| held.row.print.as_str()).collect();
    Some(QuestionRow {
        asked: AskedAbout::of_cases(known.iter().copied()),
        case: None,
        family: Some(family),
        rule: PERIOD,
        person: None,
        year: String::new(),
        term: String::new(),
        of_rows: prints.into_iter().collect::<Vec<_>>().join(" "),
        words,
        named: Person::default(),
    })
}
