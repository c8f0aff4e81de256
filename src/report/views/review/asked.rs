//! Whom a question is about, and what is said of it in every list.

use crate::decide::Status;
use crate::decide::review::Open;
use crate::evaluate::agreements::fact;
use crate::evaluate::open::OpenQuestion;
use crate::link::{Period, PeriodIndex};
use crate::rules::name::RuleName;
use crate::run::Outcome;
use crate::validate::rows::{Agreement, Case};

/// Who is asked about a period: the practitioner and the team of its latest case that names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AskedAbout<'a> {
    /// Whether nobody is named: such periods come last.
    nobody: bool,
    /// The lead practitioner.
    pub practitioner: Option<&'a str>,
    /// The team.
    pub team: Option<&'a str>,
}

impl<'a> AskedAbout<'a> {
    /// Who is asked about this period.
    pub fn about(period: &'a Period) -> AskedAbout<'a> {
        AskedAbout::of_cases(period.cases.iter())
    }

    /// Who is asked about these cases, the latest last.
    pub(super) fn of_cases(cases: impl DoubleEndedIterator<Item = &'a Case> + Clone) -> AskedAbout<'a> {
        let latest = cases.rev();
        let named = latest.clone().find(|case| case.lead_practitioner.is_some());
        let team = named.and_then(|case| case.team.as_deref());
        AskedAbout {
            nobody: named.is_none(),
            practitioner: named.and_then(|case| case.lead_practitioner.as_deref()),
            team: team.or_else(|| latest.clone().find_map(|case| case.team.as_deref())),
        }
    }

    /// The group that the period is counted in: the practitioner; where nobody is named, the team.
    pub(super) fn group(self) -> AskedAbout<'a> {
        AskedAbout { team: if self.nobody { self.team } else { None }, ..self }
    }

    /// In words.
    pub fn words(self) -> String {
        match (self.practitioner, self.team) {
            (Some(name), _) => name.to_owned(),
            (None, Some(team)) => format!("no practitioner named, {team}"),
            (None, None) => "no practitioner named, no team".to_owned(),
        }
    }
}

pub(super) fn period_of<'a>(outcome: &'a Outcome<'_>, period: PeriodIndex) -> &'a Period {
    &outcome.linked.periods[period]
}

/// Everything that waits, in the order in which it is handed out: by practitioner, then by case.
pub(super) fn by_practitioner<'a>(outcome: &'a Outcome<'_>, list: &'a [Open]) -> Vec<(AskedAbout<'a>, &'a Open)> {
    let mut all: Vec<(AskedAbout<'_>, &Open)> =
        list.iter().map(|open| (AskedAbout::about(period_of(outcome, open.period)), open)).collect();
    // The list is in the order of cases, and the sort keeps it.
    all.sort_by_key(|(asked, _)| asked.group());
    all
}

/// Year and term of a question; blank where it is about none.
pub(super) fn term_of<'a>(outcome: &'a Outcome<'_>, question: &OpenQuestion) -> (&'a str, &'a str) {
    question.term.map_or(("", ""), |term| {
        let term = outcome.rules.calendar.term(term);
        (&term.academic_year, &term.term)
    })
}

/// What keeps a period in review now (`blocks`), what will once that is settled (`after`: attendance and evidence come
/// last), and what a period that waits for something else will need (`next`).
pub(super) fn list_of(open: &Open, question: &OpenQuestion) -> &'static str {
    let comes_last = |rule| matches!(rule, Some(RuleName::Attendance | RuleName::Evidence));
    let all_last = open.questions.iter().all(|question| comes_last(question.rule));
    match open.status {
        Status::Review if all_last || !comes_last(question.rule) => "blocks",
        Status::Review => "after",
        _ => "next",
    }
}

/// Why a question is open, with what a linked family brings up.
pub(super) fn why(question: &OpenQuestion) -> String {
    let linked: Vec<String> = question.linked.iter().map(|fact| format!("; {fact}")).collect();
    format!("{}{}", question.because, linked.concat())
}

/// Who agreed, when, until when and why.
pub(super) fn agreed(outcome: &Outcome<'_>, period: &Period, agreement: &Agreement) -> String {
    fact(&outcome.linked.families[period.family], agreement).text
}
