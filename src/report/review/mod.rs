//! What waits for a person, as rows, as data and as text.
//!
//! - [`questions`] the sheet of questions, to be filled in and loaded back as agreements.

pub mod questions;
mod text;

pub use text::text;

use super::files::{by_agreement, json_file};
use super::folder::{Marker, OutFolder};
use super::output::Kind::{Day, List, Text, YesNo};
use super::output::Table;
use crate::dates::Date;
use crate::decide::Status;
use crate::decide::review::{Lapse, Open, Review};
use crate::error::Result;
use crate::evaluate::Verdict;
use crate::evaluate::agreements::fact;
use crate::evaluate::open::OpenQuestion;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::link::{Period, PeriodIndex};
use crate::money::Pounds;
use crate::run::Outcome;
use crate::validate::rows::{Agreement, RuleName};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The files of a review.
pub const NAMES: [&str; 3] = ["review.csv", "agreements_to_fill.csv", "review.json"];

/// What makes a folder known as a review's.
pub const MARKER: Marker = Marker { file: "review.json", program: "sfclaim review", spares: None };

/// A row of `review`: a question that is open, or an agreement that runs out.
pub struct ReviewRow<'a> {
    list: &'static str,
    asked: Asked<'a>,
    period: &'a Period,
    family: &'a FamilyId,
    status: Status,
    rule: Option<RuleName>,
    verdict: Option<Verdict>,
    person: Option<&'a PersonId>,
    /// Year and term.
    term: (&'a str, &'a str),
    reason: &'a str,
    why: String,
    settled_by: String,
    can_be_agreed: bool,
    since: Option<(Date, &'static str)>,
    earliest_claim_on: Option<Date>,
    if_met: Option<Status>,
}

/// The table `review`.
pub fn table<'a>() -> Table<ReviewRow<'a>> {
    Table::<ReviewRow<'a>>::of("review", "A row a thing to settle; attendance by child and term.")
        .column("list", Text, |row| row.list.into(), "`blocks`: it keeps the period in review. `after`: it will, once that is settled (attendance and evidence come last). `next`: the period waits for something else first, and this is unknown in a term that will still count on its earliest day. `expired`, `expiring`: an agreement")
        .column("lead_practitioner", Text, |row| row.asked.practitioner.into(), "of the period's latest case that names one")
        .column("team", Text, |row| row.asked.team.into(), "of the period's latest case that names one")
        .column("case_id", Text, |row| row.period.id().into(), "the case that names the period")
        .column("case_ids", List(";"), |row| row.period.case_ids().into_iter().map(CaseId::as_str).collect(), "all its cases")
        .column("family_id", Text, |row| row.family.into(), "the family")
        .column("status", Text, |row| row.status.word().into(), "as in `decisions`")
        .column("rule", Text, |row| row.rule.map(RuleName::word).into(), "the rule. Blank where every rule is met and a linked family is claimable too")
        .column("verdict", Text, |row| row.verdict.map(|verdict| verdict.word()).into(), "its verdict. Blank for an agreement")
        .column("person_id", Text, |row| row.person.into(), "the child, or the member without a birth date")
        .column("academic_year", Text, |row| row.term.0.into(), "of attendance the year")
        .column("term", Text, |row| row.term.1.into(), "of attendance the term")
        .column("reason", Text, |row| row.reason.into(), "the kind of reason")
        .column("why", Text, |row| (&row.why).into(), "the reason; for an agreement who agreed, when, until when and why")
        .column("settled_by", Text, |row| (&row.settled_by).into(), "which record, in which table and column, from whom; or which agreement")
        .column("question_to_answer", YesNo(["y", "n"]), |row| row.can_be_agreed.into(), "`y`: there is a row for it in `agreements_to_fill`")
        .column("waits_since", Day, |row| row.since.map(|(day, _)| day).into(), "the day the progress was sustained, else of the last outcome, else of the closing")
        .column("since_what", Text, |row| row.since.map(|(_, what)| what).into(), "which of these it is")
        .column("earliest_claim_on", Day, |row| row.earliest_claim_on.into(), "the earliest day, if every question of the sheet is answered as met. Judged by the rules, and no promise")
        .column("if_met", Text, |row| row.if_met.map(|status| status.word()).into(), "the status then")
}

/// Who is asked about a period: the practitioner and the team of its latest case that names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked<'a> {
    /// Whether nobody is named: such periods come last.
    nobody: bool,
    /// The lead practitioner.
    pub practitioner: Option<&'a str>,
    /// The team.
    pub team: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// Who is asked about this period.
    pub fn about(period: &'a Period) -> Asked<'a> {
        let latest = period.cases.iter().rev();
        let named = latest.clone().find(|case| case.lead_practitioner.is_some());
        let team = named.and_then(|case| case.team.as_deref());
        Asked {
            nobody: named.is_none(),
            practitioner: named.and_then(|case| case.lead_practitioner.as_deref()),
            team: team.or_else(|| latest.clone().find_map(|case| case.team.as_deref())),
        }
    }

    /// The group that the period is counted in: the practitioner; where nobody is named, the team.
    fn group(self) -> Asked<'a> {
        Asked { team: if self.nobody { self.team } else { None }, ..self }
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
fn by_practitioner<'a>(outcome: &'a Outcome<'_>, list: &'a [Open]) -> Vec<(Asked<'a>, &'a Open)> {
    let mut all: Vec<(Asked<'_>, &Open)> =
        list.iter().map(|open| (Asked::about(period_of(outcome, open.period)), open)).collect();
    // The list is in the order of cases, and the sort keeps it.
    all.sort_by_key(|(asked, _)| asked.group());
    all
}

/// Year and term of a question; blank where it is about none.
fn term_of<'a>(outcome: &'a Outcome<'_>, question: &OpenQuestion) -> (&'a str, &'a str) {
    question.term.map_or(("", ""), |term| {
        let term = outcome.rules.calendar.term(term);
        (&term.academic_year, &term.term)
    })
}

/// What keeps a period in review now (`blocks`), what will once that is settled (`after`: attendance and evidence come
/// last), and what a period that waits for something else will need (`next`).
fn list_of(open: &Open, question: &OpenQuestion) -> &'static str {
    let comes_last = |rule| matches!(rule, Some(RuleName::Attendance | RuleName::Evidence));
    let all_last = open.questions.iter().all(|question| comes_last(question.rule));
    match open.status {
        Status::Review if all_last || !comes_last(question.rule) => "blocks",
        Status::Review => "after",
        _ => "next",
    }
}

/// Why a question is open, with what a linked family brings up.
fn why(question: &OpenQuestion) -> String {
    let linked: Vec<String> = question.linked.iter().map(|fact| format!("; {fact}")).collect();
    format!("{}{}", question.because, linked.concat())
}

/// Who agreed, when, until when and why.
fn agreed(outcome: &Outcome<'_>, period: &Period, agreement: &Agreement) -> String {
    fact(&outcome.linked.families[period.family], agreement).text
}

/// The rows of `review`: what blocks first, by practitioner; then what comes next, and agreements that ran out.
pub fn rows<'a>(outcome: &'a Outcome<'_>, review: &'a Review) -> Vec<ReviewRow<'a>> {
    let mut rows = Vec::new();
    for opens in [&review.blocked, &review.next] {
        for (asked, open) in by_practitioner(outcome, opens) {
            rows.extend(open.questions.iter().map(|question| question_row(outcome, asked, open, question)));
        }
    }
    for (list, lapses) in [("expired", &review.expired), ("expiring", &review.expiring)] {
        rows.extend(lapses.iter().map(|lapse| lapse_row(outcome, list, lapse)));
    }
    rows
}

fn question_row<'a>(
    outcome: &'a Outcome<'_>,
    asked: Asked<'a>,
    open: &'a Open,
    question: &'a OpenQuestion,
) -> ReviewRow<'a> {
    let period = period_of(outcome, open.period);
    ReviewRow {
        list: list_of(open, question),
        asked,
        period,
        family: &outcome.linked.families[period.family].id,
        status: open.status,
        rule: question.rule,
        verdict: Some(question.verdict),
        person: question.person_id.as_ref(),
        term: term_of(outcome, question),
        reason: question.kind,
        why: why(question),
        settled_by: question.settles.clone(),
        can_be_agreed: open.status == Status::Review && question.can_be_agreed,
        since: open.since,
        earliest_claim_on: open.earliest_claim_on,
        if_met: Some(open.if_met),
    }
}

fn lapse_row<'a>(outcome: &'a Outcome<'_>, list: &'static str, lapse: &'a Lapse) -> ReviewRow<'a> {
    let period = period_of(outcome, lapse.period);
    let agreement = &lapse.agreement;
    let expired = list == "expired";
    let otherwise = if expired { "with it" } else { "without it" };
    ReviewRow {
        list,
        asked: Asked::about(period),
        period,
        family: &outcome.linked.families[period.family].id,
        status: lapse.status,
        rule: Some(agreement.rule),
        verdict: None,
        person: agreement.person_id.as_ref(),
        term: agreement.term.as_ref().map_or(("", ""), |(year, term)| (year, term)),
        reason: if expired { "an agreement has run out" } else { "an agreement runs out soon" },
        why: format!("{}; {otherwise} the status is {}", agreed(outcome, period, agreement), lapse.otherwise),
        settled_by: format!("a new agreement on {}, if it still holds", agreement.rule),
        can_be_agreed: true,
        since: None,
        earliest_claim_on: None,
        if_met: None,
    }
}

/// A count of periods, of things in them, and the payment for as many families as periods.
pub(super) struct Counted {
    pub periods: usize,
    pub things: usize,
    pub claimable_if_met: usize,
    pub value: Pounds,
}

/// The blocked periods by whom to ask, most periods first.
pub(super) fn practitioners<'a>(outcome: &'a Outcome<'_>, review: &'a Review) -> Vec<(Asked<'a>, Counted)> {
    let mut groups: BTreeMap<Asked<'a>, Vec<&Open>> = BTreeMap::new();
    for open in &review.blocked {
        groups.entry(Asked::about(period_of(outcome, open.period)).group()).or_default().push(open);
    }
    let things = |opens: &[&Open]| opens.iter().map(|open| open.questions.len()).sum();
    let mut all: Vec<(Asked<'_>, Counted)> =
        groups.into_iter().map(|(asked, opens)| (asked, counted_of(outcome, &opens, things(&opens)))).collect();
    all.sort_by_key(|(asked, count)| (std::cmp::Reverse(count.periods), *asked));
    all
}

/// The blocked periods by rule and reason, most periods first. A period with several reasons is under each.
pub(super) fn reasons(outcome: &Outcome<'_>, review: &Review) -> Vec<(&'static str, &'static str, Counted)> {
    type Reason = (Option<RuleName>, &'static str);
    let mut groups: BTreeMap<Reason, (Vec<&Open>, usize)> = BTreeMap::new();
    for open in &review.blocked {
        for question in &open.questions {
            let (opens, things) = groups.entry((question.rule, question.kind)).or_default();
            if opens.last().is_none_or(|last| last.period != open.period) {
                opens.push(open);
            }
            *things += 1;
        }
    }
    let mut all: Vec<_> = groups
        .into_iter()
        .map(|((rule, kind), (opens, things))| {
            (rule.map_or("", RuleName::word), kind, counted_of(outcome, &opens, things))
        })
        .collect();
    all.sort_by_key(|(_, _, count)| std::cmp::Reverse(count.periods));
    all
}

fn counted_of(outcome: &Outcome<'_>, opens: &[&Open], things: usize) -> Counted {
    Counted {
        periods: opens.len(),
        things,
        claimable_if_met: opens.iter().filter(|open| open.if_met == Status::Claimable).count(),
        value: outcome.totals.payment.for_each_of(opens.len()),
    }
}

/// How many of the blocked would be claimable, if every question in the sheet is answered as met.
pub(super) fn claimable_if_met(review: &Review) -> usize {
    review.blocked.iter().filter(|open| open.if_met == Status::Claimable).count()
}

/// Writes the list and the sheet of questions, and `all`, which is [`data`], as JSON.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, review: &Review, all: &Value) -> Result<()> {
    table().write(folder, rows(outcome, review))?;
    questions::table().write_csv(folder, questions::questions(outcome, review))?;
    json_file(folder, NAMES[2], all)
}

/// The review as data.
pub fn data(outcome: &Outcome<'_>, review: &Review, expiring_within: u16) -> Value {
    let payment = outcome.totals.payment;
    let counted = |count: &Counted| {
        json!({
            "periods": count.periods,
            "things": count.things,
            "claimable_if_met": count.claimable_if_met,
            "value": count.value,
        })
    };
    let with = |mut object: Value, more: Vec<(&str, Value)>| {
        more.into_iter().for_each(|(key, value)| object[key] = value);
        object
    };
    let practitioners: Vec<Value> = practitioners(outcome, review)
        .iter()
        .map(|(asked, count)| {
            with(counted(count), vec![("lead_practitioner", asked.practitioner.into()), ("team", asked.team.into())])
        })
        .collect();
    let reasons: Vec<Value> = reasons(outcome, review)
        .iter()
        .map(|(rule, kind, count)| with(counted(count), vec![("rule", (*rule).into()), ("reason", (*kind).into())]))
        .collect();
    let periods = |list: &[Open]| -> Vec<Value> {
        by_practitioner(outcome, list).into_iter().map(|(asked, open)| period_data(outcome, asked, open)).collect()
    };
    let lapses = |list: &'static str, lapses: &[Lapse]| -> Vec<Value> {
        let table = table();
        lapses
            .iter()
            .map(|lapse| {
                let mut row = table.json_of_text(&lapse_row(outcome, list, lapse));
                row.retain(|_, text| text != "");
                let more = vec![
                    ("until", lapse.agreement.until.map(|day| day.to_string()).into()),
                    ("agreed_by", lapse.agreement.agreed_by.as_str().into()),
                    ("status_otherwise", lapse.otherwise.word().into()),
                ];
                with(Value::Object(row), more)
            })
            .collect()
    };
    let mut rests = by_agreement(&outcome.totals);
    rests["case_ids"] = outcome.totals.claimable_by_agreement.iter().map(CaseId::as_str).collect::<Vec<&str>>().into();
    json!({
        "program": MARKER.program,
        "as_at": outcome.prepared.as_at.to_string(),
        "rules": outcome.rules.label(),
        "notices": outcome.rules.notices(outcome.prepared.as_at),
        "without_agreements": outcome.rules.without_agreements,
        "periods_in_review": review.blocked.len(),
        "things_to_settle": review.blocked.iter().map(|open| open.questions.len()).sum::<usize>(),
        "value_at_the_payment": payment.for_each_of(review.blocked.len()),
        "claimable_if_met": claimable_if_met(review),
        "value_if_met": payment.for_each_of(claimable_if_met(review)),
        "by_practitioner": practitioners,
        "by_reason": reasons,
        "periods": periods(&review.blocked),
        "next": periods(&review.next),
        "expired": lapses("expired", &review.expired),
        "expiring_within_days": expiring_within,
        "expiring": lapses("expiring", &review.expiring),
        "claimable_by_agreement": rests,
    })
}

fn period_data(outcome: &Outcome<'_>, asked: Asked<'_>, open: &Open) -> Value {
    let period = period_of(outcome, open.period);
    let things: Vec<Value> = open
        .questions
        .iter()
        .map(|question| {
            let (year, term) = term_of(outcome, question);
            json!({
                "list": list_of(open, question),
                "rule": question.rule.map(RuleName::word),
                "verdict": question.verdict.word(),
                "person_id": question.person_id.as_ref().map(ToString::to_string),
                "academic_year": (!year.is_empty()).then_some(year),
                "term": (!term.is_empty()).then_some(term),
                "reason": question.kind,
                "why": why(question),
                "settled_by": question.settles,
                "can_be_agreed": question.can_be_agreed,
            })
        })
        .collect();
    json!({
        "case_id": period.id().as_str(),
        "case_ids": period.case_ids().into_iter().map(CaseId::as_str).collect::<Vec<&str>>(),
        "family_id": outcome.linked.families[period.family].id.as_str(),
        "lead_practitioner": asked.practitioner,
        "team": asked.team,
        "status": open.status.word(),
        "waits_since": open.since.map(|(day, _)| day.to_string()),
        "waits_since_what": open.since.map(|(_, what)| what),
        "earliest_claim_on": open.earliest_claim_on.map(|day| day.to_string()),
        "if_met": open.if_met.word(),
        "things": things,
    })
}
