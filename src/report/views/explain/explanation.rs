//! A decision explained, ready to be shown: as data and as text.

use super::findings::ExplainedFinding;
use serde::Serialize;
use serde_json::Value;

/// A period explained.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each field is named for what it holds; the text below is made of them")]
pub struct Explanation {
    pub as_at: String,
    pub rules: String,
    pub framework: String,
    pub notices: Vec<String>,
    pub case_id: String,
    pub family_id: String,
    pub opened_on: String,
    pub closed_on: Option<String>,
    pub cases: Vec<Said>,
    pub status: &'static str,
    pub status_meaning: &'static str,
    pub kind: Option<&'static str>,
    pub rests_on_agreements: Vec<RestsOn>,
    pub reason: String,
    pub what_dated_facts_mean: Vec<CitedSentence>,
    pub earliest_claim_on: Option<String>,
    pub earliest_possible_on: Option<String>,
    pub until_then: Option<String>,
    pub facts: Vec<Said>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub as_it_stood_when_claimed: Vec<ExplainedPast>,
    pub rulings: Vec<Explained>,
    pub children: Vec<ExplainedChild>,
    pub children_not_looked_at: Vec<ExplainedNotLookedAt>,
    pub claims: Vec<Said>,
    pub links: Vec<String>,
    pub did_not_apply: Vec<String>,
    pub findings: Vec<ExplainedFinding>,
}

/// A claim that was made for the period, as at the day before it was submitted: a row of `recheck.csv`, and the same in lines.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct ExplainedPast {
    pub(super) row: Value,
    #[serde(skip)]
    pub(in crate::report::views) lines: Vec<String>,
}

/// What is said above these lines.
pub const AS_IT_STOOD: &str = "As it stood when claimed, on today's records";

/// An agreement without which a verdict would be another.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub struct RestsOn {
    pub rule: &'static str,
    pub person_id: Option<String>,
    pub terms: Vec<String>,
    pub instead_of: &'static str,
    pub agreed_by: String,
    pub agreed_on: String,
    pub agreement: Said,
}

/// A sentence of the rules with the key of its source.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each field is named for what it holds")]
pub struct CitedSentence {
    pub text: String,
    pub source: String,
}

/// A fact with its place.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "see Fact")]
pub struct Said {
    pub text: String,
    pub file: Option<String>,
    pub row: Option<u32>,
}

/// A member whom the rule on attendance did not look at.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "see NotLookedAt")]
pub struct ExplainedNotLookedAt {
    pub person_id: String,
    pub name: Option<String>,
    pub why: String,
    pub figures: Vec<String>,
    pub file: String,
    pub row: u32,
}

/// A ruling with its parameters.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "see Ruling")]
pub struct Explained {
    pub rule: &'static str,
    pub verdict: &'static str,
    pub met_from: Option<String>,
    pub because: String,
    pub facts: Vec<Said>,
    pub parameters: serde_json::Map<String, Value>,
    pub would_settle_it: Option<String>,
    pub by_agreement: Option<ByAgreement>,
}

/// An agreement that changed a verdict.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "see Agreed")]
pub struct ByAgreement {
    pub instead_of: &'static str,
    pub agreement: Said,
}

/// A child with its terms.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "see Child")]
pub struct ExplainedChild {
    pub person_id: String,
    pub name: Option<String>,
    pub file: String,
    pub row: u32,
    pub verdict: &'static str,
    pub because: String,
    pub terms: Vec<ExplainedTerm>,
}

/// A term of a child.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "see ChildTerm")]
pub struct ExplainedTerm {
    pub academic_year: String,
    pub term: String,
    pub starts_on: String,
    pub ends_on: String,
    pub possible: Option<i64>,
    pub attended: Option<i64>,
    pub percent: Option<String>,
    pub half_days_on_record: i64,
    pub half_days_of_the_term: i64,
    pub coverage_percent: Option<String>,
    pub verdict: &'static str,
    pub because: String,
    pub beside: Vec<String>,
    pub doubts: Vec<String>,
    pub records: Vec<String>,
    pub would_settle_it: Option<String>,
    pub by_agreement: Option<ByAgreement>,
}
