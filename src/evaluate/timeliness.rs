//! Rule 7, timeliness: the support is recent enough to be claimed.
//!
//! The text: contract section 4, rule 7 (`docs/contract.md`). Worked cases: `rules/cases/timeliness.toml`.

use super::facts::Facts;
use super::ruling::{Fact, Ruling, Verdict};
use crate::dates::add_months;
use crate::rules::name::RuleName;

/// Closed before `support_since`: `unknown`. With a limit of months after closure, `not_met` past it. Else `met`.
pub fn ruling(facts: Facts<'_>) -> Ruling {
    let new = |verdict, kind, because: String| Ruling::new(RuleName::Timeliness, verdict, kind, because);
    let parameters = facts.parameters();
    let Some(closed) = facts.period.closed_on else {
        return new(Verdict::Met, "support is going on", "the period is open".to_owned());
    };
    let last = facts.period.cases.iter().find(|case| case.closed_on == Some(closed));
    let fact = last.map(|case| Fact::at(format!("case {} closed on {closed}", case.case_id), &case.place));
    let since = parameters.support_since;
    let ruling = if closed < since {
        new(Verdict::Unknown, "support before the set day", format!("the period closed on {closed}, before {since}"))
            .settled_by(
                "an agreement on timeliness (a row in the agreements table) by whoever answers for the claims, which says whether support that ended before that day may be claimed",
            )
    } else if parameters.months_after_closure > 0 {
        let limit = add_months(closed, parameters.months_after_closure);
        let sum = format!("closed {closed} + {} months = {limit}", parameters.months_after_closure);
        if facts.as_at() > limit {
            new(Verdict::NotMet, "too long after closure", format!("{sum}, which is past"))
        } else {
            new(Verdict::Met, "in time", format!("{sum}, which is not past"))
        }
    } else {
        new(
            Verdict::Met,
            "in time",
            format!("the period closed on {closed}, on or after {since}, the only limit in the rules in use"),
        )
    };
    ruling.with(fact)
}
