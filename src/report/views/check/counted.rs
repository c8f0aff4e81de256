//! What is said of rows without a case, and of cases without a decision.

use crate::ids::{PersonId, Upn};
use crate::link::known::ExistingIds;
use crate::rules::council_words::CouncilWords;
use crate::run::Outcome;

/// Quarantined cases: they have no decision.
pub fn cases_without_a_decision(outcome: &Outcome<'_>) -> Vec<String> {
    let held = outcome.prepared.register.held.iter();
    let cases = held.filter(|held| held.table == crate::load::tables::TableName::Cases);
    cases
        .map(|held| match &held.case {
            Some(case) => format!("{case} ({})", held.place),
            None => format!("a case without an id ({})", held.place),
        })
        .collect()
}

/// Quarantined rows whose family, case or pupil cannot be told, so that nothing could be made unknown for them.
pub fn rows_of_nobody(outcome: &Outcome<'_>) -> Vec<String> {
    use crate::finding::FindingCode;
    use crate::load::tables::TableName;
    let register = &outcome.prepared.register;
    let existing = ExistingIds::of(register);
    let nobody = |held: &&crate::validate::Held| match held.table {
        TableName::Cases | TableName::People => held.family.is_none(),
        // It may be for another family's case.
        TableName::Claims => {
            let named = held.row.cell("case_id").filter(|id| !CouncilWords::get().says_no_id(id));
            held.family.is_none() || (held.case.is_none() && named.is_some())
        }
        TableName::Criteria => {
            held.case.is_none() && held.may_be_of.is_empty() && held.code != FindingCode::HeldWithCase
        }
        TableName::Attendance => held.pupil.is_none(),
        // One that says which case rows are of is about those rows, which are held themselves.
        TableName::Agreements => held.case.is_none() && held.may_be_of.is_empty() && held.family.is_none(),
        TableName::FormerIds => held.family.is_none() && held.case.is_none(),
        TableName::Terms => true,
        // It is about a finding and can change nothing else.
        TableName::Confirmations => false,
    };
    let of_nobody = |held: &&crate::validate::Held| match held.table {
        TableName::Attendance if held.code == FindingCode::RowLength => {
            held.pupil.as_ref().is_none_or(|id| !register.persons.has(Some(&PersonId::new(id)), Upn::read(id).as_ref()))
        }
        _ => {
            let nobody = held.by_each().all(|held| nobody(&held)) && existing.in_cells(held).is_empty();
            nobody || existing.are_untold(held)
        }
    };
    register
        .held
        .iter()
        .filter(of_nobody)
        .map(|held| format!("{}: {}", held.place, held.message.trim_end_matches('.')))
        .collect()
}
