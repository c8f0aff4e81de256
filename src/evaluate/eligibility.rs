//! Rule 1, eligibility: the family meets enough of the criteria.
//!
//! The text: contract section 4, rule 1 (`docs/contract.md`). Worked cases: `rules/cases/eligibility.toml`.

use super::facts::Facts;
use super::ruling::{Fact, Ruling, Verdict};
use crate::dates::Date;
use crate::ids::CaseId;
use crate::rules::name::RuleName;
use crate::rules::parameters::Counting;
use crate::words::counted;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Counts the period's criteria. `met` at the minimum or above; else `not_yet` while open, `not_met` once
/// closed. Gives back the count and the distinct headlines too.
pub fn ruling(facts: Facts<'_>, with_facts: bool) -> (Ruling, usize, Vec<u8>) {
    let period = facts.period;
    let minimum = facts.parameters().minimum_criteria;
    let headlines: BTreeSet<u8> = period.needs.iter().map(|need| need.criterion.headline).collect();
    let needs: BTreeSet<&str> = period.needs.iter().map(|need| need.criterion.text.as_str()).collect();
    let count = match facts.parameters().counting {
        Counting::Headline => headlines.len(),
        Counting::Need => needs.len(),
    };
    let (one, many) = match facts.parameters().counting {
        Counting::Headline => ("headline", "headlines"),
        Counting::Need => ("need", "needs"),
    };
    // Both counts are shown, since councils differ on which of them is meant.
    let both = format!(
        "{} and {} recorded; {} needed",
        counted(headlines.len(), "distinct headline", "distinct headlines"),
        counted(needs.len(), "distinct need", "distinct needs"),
        counted(minimum, &format!("{one} is"), &format!("{many} are")),
    );
    let opened: FxHashMap<&CaseId, Date> =
        period.cases.iter().filter(|_| with_facts).map(|case| (&case.case_id, case.opened_on)).collect();
    let recorded = period.needs.iter().filter(|_| with_facts).map(|need| {
        let label =
            facts.rules.framework.headline(need.criterion.headline).map_or("", |headline| &headline.later_label);
        // The day of the case stands in where none is recorded: nobody has said that the need was found on it.
        let day = match need.identified_on {
            Some(day) => format!("identified on {day}"),
            None => format!(
                "no day of identification recorded, so the day its case opened is used, {}",
                opened.get(&need.case_id).unwrap_or(&period.opened_on)
            ),
        };
        let evidence = need.evidence.as_deref().map(|text| format!("; evidence: {text}")).unwrap_or_default();
        Fact::at(format!("criterion {} ({label}) {day}{evidence}", need.criterion), &need.place)
    });
    let ruling = if count >= minimum {
        Ruling::new(RuleName::Eligibility, Verdict::Met, "enough criteria", both)
    } else if period.is_open() {
        let because = format!("{both}; more may be found while the case is open");
        let missing = counted(minimum - count, "more criterion", "more criteria");
        Ruling::new(RuleName::Eligibility, Verdict::NotYet(None), "not enough criteria yet", because)
            .settled_by(format!("{missing} recorded by the lead practitioner, if the family has the need"))
    } else if period.held_needs.is_empty() {
        let because = format!("{both}, and the period is closed");
        Ruling::new(RuleName::Eligibility, Verdict::NotMet, "not enough criteria", because)
    } else {
        // A criterion that could not be read might have been the one that was missing.
        Ruling::new(RuleName::Eligibility, Verdict::NotMet, "not enough criteria", both).unreadable(
            "criteria that could not be read",
            "criteria",
            &period.held_needs,
        )
    };
    (ruling.with(recorded), count, headlines.into_iter().collect())
}
