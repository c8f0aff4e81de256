//! Consent: where a council asks for it, the day on which the family agreed to support is recorded on a case.

use super::facts::Facts;
use super::ruling::{Ruling, Verdict};
use crate::rules::name::RuleName;

/// Where consent is required, a day on some case of the period: `met`; none: `unknown`.
pub fn ruling(facts: Facts<'_>) -> Ruling {
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Consent, verdict, kind, because);
    if !facts.parameters().consent_required {
        return new(Verdict::NotApplicable, "consent not required", "the rules in use do not ask for it".to_owned());
    }
    match facts.period.cases.iter().filter_map(|case| case.consent_on).min() {
        Some(day) => new(Verdict::Met, "consent is recorded", format!("the family consented on {day}")),
        None => new(
            Verdict::Unknown,
            "no consent is recorded",
            "no case of the period has a day of consent".to_owned(),
        )
        .settled_by(
            "consent_on in the cases table on a case of the period, from the lead practitioner; or an agreement on consent",
        ),
    }
}
