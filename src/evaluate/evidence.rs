//! Rule 8, evidence: the required fields of the case are filled in. Fields that are not required and blank
//! are an audit warning.
//!
//! The text: contract section 4, rule 8 (`docs/contract.md`). Worked cases: `rules/cases/evidence.toml`.

use super::facts::Facts;
use super::ruling::{Fact, Ruling, Verdict};
use crate::rules::name::RuleName;
use crate::validate::rows::Case;

/// The fields that can be required.
pub const FIELDS: [&str; 3] = ["assessment_on", "plan_on", "lead_practitioner"];

fn filled_in(case: &Case, field: &str) -> bool {
    match field {
        "assessment_on" => case.assessment_on.is_some(),
        "plan_on" => case.plan_on.is_some(),
        "lead_practitioner" => case.lead_practitioner.is_some(),
        _ => false,
    }
}

/// The fields that no case of the period has.
pub fn blank_fields(cases: &[Case]) -> Vec<&'static str> {
    FIELDS.into_iter().filter(|field| !cases.iter().any(|case| filled_in(case, field))).collect()
}

/// Each required field present on some case of the period: `met`; else `unknown`.
pub fn ruling(facts: Facts<'_>) -> Ruling {
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Evidence, verdict, kind, because);
    let required = &facts.parameters().required;
    let blank = blank_fields(&facts.period.cases);
    let missing: Vec<&str> = required.iter().copied().filter(|field| blank.contains(field)).collect();
    let ruling = if !missing.is_empty() {
        let because = format!("{} on no case of the period", missing.join(" and "));
        new(Verdict::Unknown, "required evidence is missing", because).settled_by(format!(
            "{} in the cases table on a case of the period, from the lead practitioner; or an agreement on evidence",
            missing.join(" and ")
        ))
    } else if required.is_empty() {
        new(Verdict::Met, "nothing required", "the rules in use ask for no field".to_owned())
    } else {
        new(Verdict::Met, "evidence is there", format!("{} present", required.join(" and ")))
    };
    let warnings = blank
        .iter()
        .filter(|field| !required.contains(field))
        .map(|field| Fact::plain(format!("audit warning: {field} is blank on every case of the period")));
    ruling.with(warnings.collect::<Vec<_>>())
}
