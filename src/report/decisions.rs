//! The rows of `decisions.csv` (a row a period), of `children.csv` (a row a school-age child and applicable term) and of
//! `children_not_looked_at.csv` (a row a member whom the rule on attendance did not look at).

use crate::dates::Date;
use crate::decide::Decision;
use crate::evaluate::attendance::looked_at::NotLookedAt;
use crate::evaluate::attendance::{Child, ChildTerm};
use crate::rules::name::RuleName;
use crate::run::Outcome;

/// A row of an output file: column names with text.
pub struct OutRow(Vec<(&'static str, String)>);

impl OutRow {
    /// The cells with their columns, in order.
    pub fn columns(self) -> Vec<(&'static str, String)> {
        self.0
    }
}

/// The columns of `decisions.csv`, in order.
pub const DECISION_COLUMNS: [&str; 24] = [
    "case_id",
    "case_ids",
    "family_id",
    "source",
    "status",
    "kind",
    "criteria_count",
    "headlines",
    "progress_on",
    "sustained_on",
    "last_success_on",
    "earliest_claim_on",
    "earliest_possible_on",
    "eligibility",
    "family",
    "progress",
    "sustainment",
    "attendance",
    "reclaim",
    "timeliness",
    "evidence",
    "by_agreement",
    "rules",
    "reason",
];

/// The columns of `children.csv`, in order.
pub const CHILD_COLUMNS: [&str; 10] = [
    "case_id",
    "family_id",
    "person_id",
    "academic_year",
    "term",
    "possible",
    "attended",
    "percent",
    "verdict",
    "reason",
];

/// The columns of `children_not_looked_at.csv`, in order.
pub const NOT_LOOKED_AT_COLUMNS: [&str; 5] = ["case_id", "family_id", "person_id", "why", "figures"];

fn day(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// The rows of `decisions.csv`, sorted by case.
pub fn decision_rows<'a>(outcome: &'a Outcome<'_>) -> impl Iterator<Item = OutRow> + 'a {
    let rules = outcome.rules.label();
    outcome.decisions.iter().map(move |decision| {
        let mut cells = cells_of(outcome, decision, &rules).into_iter();
        OutRow(DECISION_COLUMNS.iter().map(|column| (*column, cells.next().unwrap_or_default())).collect())
    })
}

fn cells_of(outcome: &Outcome<'_>, decision: &Decision, rules: &str) -> Vec<String> {
    let period = &outcome.linked.periods[decision.period];
    let evaluated = &decision.evaluated;
    let ids: Vec<&str> = period.case_ids().into_iter().map(|id| id.as_str()).collect();
    let headlines: Vec<String> = evaluated.headlines.iter().map(u8::to_string).collect();
    let mut cells = vec![
        decision.case_id.to_string(),
        ids.join(";"),
        decision.family_id.to_string(),
        period.sources().join(";"),
        decision.status.word().to_owned(),
        decision.kind.map_or("", |kind| kind.word()).to_owned(),
        evaluated.criteria_count.to_string(),
        headlines.join(";"),
        day(evaluated.progress_on),
        day(evaluated.sustained_on),
        day(evaluated.last_success_on),
        day(decision.earliest_claim_on),
        day(decision.earliest_possible_on),
    ];
    cells.extend(RuleName::ALL.iter().map(|rule| evaluated.verdict(*rule).word().to_owned()));
    cells.push(evaluated.by_agreement().join(";"));
    cells.push(rules.to_owned());
    cells.push(decision.reason.clone());
    cells
}

/// The rows of `children.csv`, sorted by case, child and term.
pub fn child_rows<'a>(outcome: &'a Outcome<'_>) -> impl Iterator<Item = OutRow> + 'a {
    outcome.decisions.iter().flat_map(move |decision| {
        decision.evaluated.children.iter().flat_map(move |child| {
            child.terms.iter().map(move |term| {
                let mut cells = child_cells(outcome, decision, child, term).into_iter();
                OutRow(CHILD_COLUMNS.iter().map(|column| (*column, cells.next().unwrap_or_default())).collect())
            })
        })
    })
}

fn child_cells(outcome: &Outcome<'_>, decision: &Decision, child: &Child, term: &ChildTerm) -> Vec<String> {
    let name = outcome.rules.calendar.term(term.term);
    vec![
        decision.case_id.to_string(),
        decision.family_id.to_string(),
        child.person_id.to_string(),
        name.academic_year.clone(),
        name.term.clone(),
        term.shown.map(|sessions| sessions.possible.to_string()).unwrap_or_default(),
        term.shown.map(|sessions| sessions.attended.to_string()).unwrap_or_default(),
        term.shown.and_then(|sessions| sessions.shown()).unwrap_or_default(),
        term.verdict.word().to_owned(),
        format!("{}.", term.because),
    ]
}

/// The rows of `children_not_looked_at.csv`, sorted by case and person.
pub fn not_looked_at_rows<'a>(outcome: &'a Outcome<'_>) -> impl Iterator<Item = OutRow> + 'a {
    outcome.decisions.iter().flat_map(move |decision| {
        outcome.not_looked_at(decision).into_iter().map(move |child| {
            let figures: Vec<String> = figures_said(outcome, &child);
            let cells = [
                decision.case_id.to_string(),
                decision.family_id.to_string(),
                child.person_id.to_string(),
                format!("{}.", child.why),
                figures.join("; "),
            ];
            OutRow(NOT_LOOKED_AT_COLUMNS.into_iter().zip(cells).collect())
        })
    })
}

/// The figures held of somebody who was not looked at, each with its term.
pub fn figures_said(outcome: &Outcome<'_>, child: &NotLookedAt) -> Vec<String> {
    child.figures.iter().map(|(term, said)| format!("{} {said}", outcome.rules.calendar.term(*term))).collect()
}
