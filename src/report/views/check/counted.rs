//! What is said of rows without a case, and of cases without a decision.

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
    let nobody = |held: &&crate::validate::Held| match held.table {
        TableName::Cases | TableName::People | TableName::Claims => held.family.is_none(),
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
    outcome
        .prepared
        .register
        .held
        .iter()
        .filter(|held| held.by_each().all(|held| nobody(&held)))
        .map(|held| format!("{}: {}", held.place, held.message.trim_end_matches('.')))
        .collect()
}
