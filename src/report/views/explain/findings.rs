//! The findings about the rows of a period and its family: what a person may still have to look at, and what a person
//! has confirmed. Only rows of the family itself are looked up, and links to families that may be named.

use crate::evaluate::agreements::REASON_LEFT_OUT;
use crate::finding::{Confirmed, Finding, FindingCode, Severity};
use crate::link::{Family, Period};
use crate::place::Place;
use crate::run::Outcome;
use crate::validate::confirmations::said as in_words;
use rustc_hash::FxHashSet;
use serde::Serialize;

/// A finding about a row of the period or its family.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each field is the column of findings.csv")]
pub struct ExplainedFinding {
    pub finding: &'static str,
    pub severity: &'static str,
    pub file: String,
    pub row: u32,
    pub column: String,
    pub value: String,
    pub message: String,
    pub what_to_do: String,
    pub record: String,
    /// Who has confirmed it, when and why.
    pub confirmed: Option<ExplainedConfirmation>,
}

/// A confirmation of a finding.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each field is the column of confirmations")]
pub struct ExplainedConfirmation {
    pub confirmed_by: String,
    pub confirmed_on: String,
    pub reason: String,
    pub until: Option<String>,
    pub file: String,
    pub row: u32,
}

/// The findings about rows of a period and its family, in the order of `findings.csv`.
pub(super) fn of_period(outcome: &Outcome<'_>, period: &Period, family: &Family) -> Vec<ExplainedFinding> {
    let linked = &outcome.linked;
    let may_be_named =
        family.held_claims.iter().filter(|(of, _)| of.as_ref().is_none_or(|of| !linked.must_not_name(family, of)));
    let own_claims = family.claims.iter().filter(|claim| !linked.must_not_name(family, &claim.family_id));
    let places: FxHashSet<&Place> = period
        .cases
        .iter()
        .map(|case| &case.place)
        .chain(period.needs.iter().map(|need| &need.place))
        .chain(period.agreements.iter().map(|agreement| &agreement.place))
        .chain(&period.held_needs)
        .chain(family.listed.iter().map(|person| &person.place))
        .chain(own_claims.map(|claim| &claim.place))
        .chain(family.held_people.iter().chain(&family.held_cases).chain(&family.held_former))
        .chain(may_be_named.map(|(_, place)| place))
        .collect();
    // What links families is told of once, at a row of the first: its record names the families or the people.
    let persons: FxHashSet<&str> = family.listed.iter().map(|person| person.person_id.as_str()).collect();
    let is_of_group = |finding: &Finding| {
        let mut named = finding.record.split(';');
        match finding.code {
            FindingCode::FamiliesSharePeople | FindingCode::IdsNearlyAlike | FindingCode::RowUnderFormerId => {
                named.any(|id| id == family.id.as_str())
            }
            FindingCode::UpnOfTwoPeople | FindingCode::PersonTwiceInFamily => named.any(|id| persons.contains(id)),
            _ => false,
        }
    };
    let any_hidden = family.has_hidden_link();
    let all = outcome.findings.sorted();
    // A warning without a record tells of many rows at the first of them: it is about the data, not about this family.
    let of_one = |finding: &&Finding| !finding.record.is_empty() || finding.severity() == Severity::Error;
    let of_it = all.into_iter().filter(of_one).filter_map(|finding| Some((finding, finding.place.as_ref()?)));
    of_it
        .filter(|(finding, place)| places.contains(place) || is_of_group(finding))
        .map(|(finding, place)| said(finding, place, any_hidden))
        .collect()
}

/// Whether the message of a finding may name a case, a person or a row of another family.
fn may_name_another(code: FindingCode) -> bool {
    use FindingCode::{
        AgreementOnNothing, CaseOfAnotherFamily, ClaimOfAnotherFamily, KeyGivenTwice, NeedOfNobody, NoSuchCase,
        WhichPeriod,
    };
    matches!(
        code,
        AgreementOnNothing
            | CaseOfAnotherFamily
            | ClaimOfAnotherFamily
            | KeyGivenTwice
            | NeedOfNobody
            | NoSuchCase
            | WhichPeriod
    )
}

fn said(finding: &Finding, place: &Place, any_hidden: bool) -> ExplainedFinding {
    // What an officer typed may name a family that must not be named: the row is named in its place.
    let confirmed = finding.confirmed.clone().map(|confirmed| match any_hidden {
        true => Confirmed { reason: format!("{REASON_LEFT_OUT} {}", confirmed.place), ..confirmed },
        false => confirmed,
    });
    let message = match (finding.code.entry(), &finding.confirmed, &confirmed) {
        // So may what names another row, case or person.
        (Some(entry), ..) if any_hidden && may_name_another(finding.code) => entry.title.clone(),
        (_, Some(as_written), Some(shown)) => match finding.message.strip_suffix(&in_words(as_written)) {
            Some(message) => format!("{message}{}", in_words(shown)),
            None => finding.message.clone(),
        },
        _ => finding.message.clone(),
    };
    ExplainedFinding {
        finding: finding.code.code(),
        severity: finding.severity().word(),
        file: place.file.to_string(),
        row: place.row,
        column: finding.column.clone(),
        value: finding.value.clone(),
        message,
        what_to_do: finding.what_to_do().to_owned(),
        record: finding.record.clone(),
        confirmed: confirmed.map(|confirmed| ExplainedConfirmation {
            confirmed_by: confirmed.by,
            confirmed_on: confirmed.on.to_string(),
            reason: confirmed.reason,
            until: confirmed.until.map(|until| until.to_string()),
            file: confirmed.place.file.to_string(),
            row: confirmed.place.row,
        }),
    }
}

impl ExplainedFinding {
    /// The finding in a line.
    pub(super) fn line(&self) -> String {
        let todo = if self.confirmed.is_some() { "" } else { self.what_to_do.as_str() };
        let line =
            format!("{} {}: {} [{} row {}] {todo}", self.severity, self.finding, self.message, self.file, self.row);
        line.trim_end().to_owned()
    }
}
