//! The table `review`: what blocks, what comes next, and agreements that run out, a row each.

use super::asked::{AskedAbout, agreed, by_practitioner, list_of, period_of, term_of, why};
use crate::dates::Date;
use crate::decide::Status;
use crate::decide::review::{Lapse, Open, Review};
use crate::evaluate::Verdict;
use crate::evaluate::open::OpenQuestion;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::link::Period;
use crate::report::output::Kind::{Day, List, Text, YesNo};
use crate::report::output::Table;
use crate::report::views::people::{OfPerson, People, Person, with_person};
use crate::rules::name::RuleName;
use crate::run::Outcome;

/// A row of `review`: a question that is open, or an agreement that runs out.
pub struct ReviewRow<'a> {
    list: &'static str,
    asked: AskedAbout<'a>,
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
    named: Person<'a>,
}

impl OfPerson for ReviewRow<'_> {
    fn person(&self) -> Person<'_> {
        self.named
    }
}

/// The table `review`.
pub fn table<'a>() -> Table<ReviewRow<'a>> {
    let table = Table::<ReviewRow<'a>>::of("review", "A row a thing to settle; attendance by child and term.")
        .column("list", Text, |row| row.list.into())
        .about("`blocks`: it keeps the period in review. `after`: it will, once that is settled (attendance and evidence come last). `next`: the period waits for something else first, and this is unknown in a term that will still count on its earliest day. `expired`, `expiring`: an agreement")
        .column("lead_practitioner", Text, |row| row.asked.practitioner.into())
        .about("of the period's latest case that names one")
        .column("team", Text, |row| row.asked.team.into())
        .about("of the period's latest case that names one")
        .column("case_id", Text, |row| row.period.id().into())
        .about("the case that names the period")
        .column("case_ids", List(";"), |row| row.period.case_ids().into_iter().map(CaseId::as_str).collect())
        .about("all its cases")
        .column("family_id", Text, |row| row.family.into())
        .about("the family")
        .column("status", Text, |row| row.status.word().into())
        .about("as in `decisions`")
        .column("rule", Text, |row| row.rule.map(RuleName::word).into())
        .about("the rule. Blank where every rule is met and a linked family is claimable too")
        .column("verdict", Text, |row| row.verdict.map(|verdict| verdict.word()).into())
        .about("its verdict. Blank for an agreement")
        .column("person_id", Text, |row| row.person.into())
        .about("the child, or the member without a birth date")
        .column("academic_year", Text, |row| row.term.0.into())
        .about("of attendance the year")
        .column("term", Text, |row| row.term.1.into())
        .about("of attendance the term")
        .column("reason", Text, |row| row.reason.into())
        .about("the kind of reason")
        .column("why", Text, |row| (&row.why).into())
        .about("the reason; for an agreement who agreed, when, until when and why")
        .column("settled_by", Text, |row| (&row.settled_by).into())
        .about("which record, in which table and column, from whom; or which agreement")
        .column("question_to_answer", YesNo(["y", "n"]), |row| row.can_be_agreed.into())
        .about("`y`: there is a row for it in `agreements_to_fill`")
        .column("waits_since", Day, |row| row.since.map(|(day, _)| day).into())
        .about("the day the progress was sustained, else of the last outcome, else of the closing")
        .column("since_what", Text, |row| row.since.map(|(_, what)| what).into())
        .about("which of these it is")
        .column("earliest_claim_on", Day, |row| row.earliest_claim_on.into())
        .about("the earliest day, if every question of the sheet is answered as met. Judged by the rules, and no promise")
        .column("if_met", Text, |row| row.if_met.map(|status| status.word()).into())
        .about("the status then");
    with_person(table)
}

/// The rows of `review`: what blocks first, by practitioner; then what comes next, and agreements that ran out.
pub fn rows<'a>(outcome: &'a Outcome<'_>, review: &'a Review, people: &People<'a>) -> Vec<ReviewRow<'a>> {
    let mut rows = Vec::new();
    for opens in [&review.blocked, &review.next] {
        for (asked, open) in by_practitioner(outcome, opens) {
            rows.extend(open.questions.iter().map(|question| question_row((outcome, people), asked, open, question)));
        }
    }
    for (list, lapses) in [("expired", &review.expired), ("expiring", &review.expiring)] {
        rows.extend(lapses.iter().map(|lapse| lapse_row((outcome, people), list, lapse)));
    }
    rows
}

fn question_row<'a>(
    (outcome, people): (&'a Outcome<'_>, &People<'a>),
    asked: AskedAbout<'a>,
    open: &'a Open,
    question: &'a OpenQuestion,
) -> ReviewRow<'a> {
    let period = period_of(outcome, open.period);
    let family = &outcome.linked.families[period.family].id;
    let person = question.person_id.as_ref();
    ReviewRow {
        list: list_of(open, question),
        asked,
        period,
        family,
        status: open.status,
        rule: question.rule,
        verdict: Some(question.verdict),
        person,
        term: term_of(outcome, question),
        reason: question.kind,
        why: why(question),
        settled_by: question.settles.clone(),
        can_be_agreed: open.status == Status::Review && question.can_be_agreed,
        since: open.since,
        earliest_claim_on: open.earliest_claim_on,
        if_met: Some(open.if_met),
        named: person.map(|person| people.person(family, person)).unwrap_or_default(),
    }
}

/// The row of an agreement that has run out, or will.
pub(super) fn lapse_row<'a>(
    (outcome, people): (&'a Outcome<'_>, &People<'a>),
    list: &'static str,
    lapse: &'a Lapse,
) -> ReviewRow<'a> {
    let period = period_of(outcome, lapse.period);
    let agreement = &lapse.agreement;
    let expired = list == "expired";
    let otherwise = if expired { "with it" } else { "without it" };
    let family = &outcome.linked.families[period.family].id;
    ReviewRow {
        list,
        asked: AskedAbout::about(period),
        period,
        family,
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
        named: agreement.person_id.as_ref().map(|person| people.person(family, person)).unwrap_or_default(),
    }
}
