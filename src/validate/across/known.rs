//! What of the tables is held against each other: rows known at the as-at date, and findings of one kind taken together.

use crate::cores;
use crate::dates::Date;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::CaseId;
use crate::place::Place;
use crate::rules::checks::Thresholds;
use crate::validate::register::Register;
use crate::validate::rows::{Case, Claim, Need, PersonRow};
use rustc_hash::FxHashMap;

/// The rows that exist at the as-at date.
pub(super) struct Known<'a> {
    pub(super) register: &'a Register,
    pub(super) thresholds: &'a Thresholds,
    pub(super) as_at: Date,
    pub(super) cases: Vec<&'a Case>,
    pub(super) case_of: FxHashMap<&'a CaseId, &'a Case>,
    pub(super) needs: Vec<(&'a Need, &'a Case)>,
    pub(super) people: Vec<&'a PersonRow>,
    pub(super) claims: Vec<Claim>,
}

impl<'a> Known<'a> {
    pub(super) fn at(register: &'a Register, thresholds: &'a Thresholds, as_at: Date) -> Known<'a> {
        let of_cases = || {
            let cases: Vec<&Case> = register.cases.iter().filter(|case| case.opened_on <= as_at).collect();
            let case_of: FxHashMap<&CaseId, &Case> = cases.iter().map(|case| (&case.case_id, *case)).collect();
            let needs = register
                .needs
                .iter()
                .filter_map(|need| Some((need, *case_of.get(&need.case_id)?)))
                .filter(|(need, case)| need.identified_on.unwrap_or(case.opened_on) <= as_at)
                .collect();
            (cases, case_of, needs)
        };
        let of_families = || {
            let people = register.people.iter().flatten().filter(|person| person.exists_at(as_at)).collect();
            let claims = register.claims.iter().flatten().filter_map(|claim| claim.known_at(as_at)).collect();
            (people, claims)
        };
        let ((cases, case_of, needs), (people, claims)) = cores::both(of_cases, of_families);
        Known { register, thresholds, as_at, cases, case_of, needs, people, claims }
    }

    /// A day, if it has come by the as-at date.
    pub(super) fn day(&self, day: Option<Date>) -> Option<Date> {
        day.filter(|day| *day <= self.as_at)
    }

    /// Whether a case is open at the as-at date.
    pub(super) fn is_open(&self, case: &Case) -> bool {
        self.day(case.closed_on).is_none()
    }
}

/// Rows each of which is usual: told of together, with the first of them.
#[derive(Default)]
pub(super) struct Together {
    pub(super) rows: usize,
    pub(super) first: Option<(Place, String, String, String)>,
}

impl Together {
    /// One more row; `said` is what to say of it if it is the first.
    pub(super) fn add(&mut self, place: &Place, column: &str, value: impl ToString, said: impl FnOnce() -> String) {
        self.rows += 1;
        if self.first.as_ref().is_none_or(|(first, ..)| place < first) {
            self.first = Some((place.clone(), column.to_owned(), value.to_string(), said()));
        }
    }

    /// Tells of them all. `what` says what they are, from their number.
    pub(super) fn tell(self, code: FindingCode, findings: &mut Findings, what: impl FnOnce(usize) -> String) {
        if let Some((place, column, value, said)) = self.first {
            findings.add(Finding::at(
                code,
                &place,
                &column,
                value,
                format!("{}, first here: {said}.", what(self.rows)),
            ));
        }
    }
}

/// The column of a need as its file names it: one that has criteria side by side has a column for each.
pub(super) fn column_of<'a>(need: &'a Need, column: &'a str) -> &'a str {
    need.side_by_side.as_ref().and_then(|of| of.heading(column)).unwrap_or(column)
}

/// Which criterion of its row a need is, to be said behind what is said of it; blank where its row has no other.
pub(super) fn which(need: &Need) -> String {
    need.side_by_side.as_ref().map(|of| format!(" {}", of.said())).unwrap_or_default()
}

/// The same where a full stop follows.
pub(super) fn then_which(need: &Need) -> String {
    let which = which(need);
    if which.is_empty() { which } else { format!(".{}", which.trim_end_matches('.')) }
}
