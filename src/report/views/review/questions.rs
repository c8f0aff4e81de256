//! The sheet of questions: a row for each thing that a person may answer by an agreement, in the columns of the
//! `agreements` table, to be filled in and loaded back. Nothing of a family behind a restricted link is named.

use super::asked::{AskedAbout, agreed, period_of};
use super::question_row::QuestionRow;
use super::which_case;
use crate::decide::review::{Lapse, Open, Review};
use crate::evaluate::open::OpenQuestion;
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::link::PeriodIndex;
use crate::report::output::Kind::{Day, Text};
use crate::report::output::{Cell, Table};
use crate::report::views::people::{People, with_person};
use crate::rules::name::RuleName;
use crate::run::Outcome;
use crate::validate::rows::Agreement;
use crate::words::capitalised;

/// What is asked.
struct Question {
    period: PeriodIndex,
    rule: RuleName,
    person: Option<PersonId>,
    year: String,
    term: String,
    words: String,
}

/// The table `agreements_to_fill`: the columns of the table `agreements`, then what is asked and of whom. A person fills it in,
/// so it is always CSV.
pub fn table<'a>() -> Table<QuestionRow<'a>> {
    const FOR_A_PERSON: &str = "for a person to fill in";
    let table = Table::<QuestionRow<'a>>::of(
        "agreements_to_fill",
        "A row a question that a person may answer, by practitioner, case and rule. Always CSV.",
    )
    .column("case_id", Text, |row| row.case.map(CaseId::as_str).into())
    .about("the case that names the period; blank where that is what is asked")
    .column("rule", Text, |row| row.rule.into())
    .about("the rule; `period` where it is asked which case rows are of")
    .column("person_id", Text, |row| row.person.as_ref().into())
    .about("the child, of attendance")
    .column("academic_year", Text, |row| (&row.year).into())
    .about("the year, of attendance")
    .column("term", Text, |row| (&row.term).into())
    .about("the term, of attendance")
    .column("answer", Text, |_| Cell::Blank)
    .about(FOR_A_PERSON)
    .column("reason", Text, |_| Cell::Blank)
    .about(FOR_A_PERSON)
    .column("agreed_by", Text, |_| Cell::Blank)
    .about(FOR_A_PERSON)
    .column("agreed_on", Day, |_| Cell::Blank)
    .about(FOR_A_PERSON)
    .column("until", Day, |_| Cell::Blank)
    .about(FOR_A_PERSON)
    .column("evidence", Text, |_| Cell::Blank)
    .about(FOR_A_PERSON)
    .column("question", Text, |row| (&row.words).into())
    .about("the question, with what `met` and `not_met` mean. Loading keeps it out")
    .column("lead_practitioner", Text, |row| row.asked.practitioner.into())
    .about("who is asked. Loading keeps it out")
    .column("family_id", Text, |row| row.family.map(FamilyId::as_str).into())
    .about("the family, where it is asked which case rows are of")
    .column("of_rows", Text, |row| (&row.of_rows).into())
    .about("the rows of which it is asked which case they are of, as the program names them. Leave it as it is");
    with_person(table)
}

impl Question {
    /// Whether an agreement is, or was, about the same thing.
    fn is_about(&self, period: PeriodIndex, agreement: &Agreement) -> bool {
        let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
        let on_a_child = agreement.rule == RuleName::Attendance;
        self.period == period
            && self.rule == agreement.rule
            && (!on_a_child || agreement.person_id.as_ref().is_none_or(|person| Some(person) == self.person.as_ref()))
            && (!on_a_child
                || agreement.term.as_ref().is_none_or(|(year, term)| same(year, &self.year) && same(term, &self.term)))
    }
}

/// The rows, by practitioner, case and rule.
pub fn questions<'a>(outcome: &'a Outcome<'_>, review: &Review, people: &People<'a>) -> Vec<QuestionRow<'a>> {
    let mut rows: Vec<Question> = Vec::new();
    for open in &review.blocked {
        rows.extend(open.questions.iter().filter_map(|question| row_of(outcome, open, question)));
    }
    for (lapses, expired) in [(&review.expired, true), (&review.expiring, false)] {
        for lapse in lapses {
            add_lapse(outcome, &mut rows, lapse, expired);
        }
    }
    let mut all: Vec<QuestionRow<'a>> = rows
        .into_iter()
        .map(|question| {
            let period = period_of(outcome, question.period);
            let family = &outcome.linked.families[period.family].id;
            let named = question.person.as_ref().map(|person| people.person(family, person)).unwrap_or_default();
            QuestionRow {
                asked: AskedAbout::about(period),
                case: Some(period.id()),
                family: None,
                rule: question.rule.word(),
                person: question.person,
                year: question.year,
                term: question.term,
                of_rows: String::new(),
                words: question.words,
                named,
            }
        })
        .collect();
    type Key<'a> = (AskedAbout<'a>, Option<&'a CaseId>, Option<&'a FamilyId>, Option<RuleName>, Option<&'a PersonId>);
    fn key<'a>(row: &'a QuestionRow<'_>) -> Key<'a> {
        let rule = RuleName::ALL.into_iter().find(|rule| rule.word() == row.rule);
        (row.asked.group(), row.case, row.family, rule, row.person.as_ref())
    }
    all.extend(which_case::questions(outcome));
    all.sort_by(|one, other| key(one).cmp(&key(other)));
    all
}

fn row_of(outcome: &Outcome<'_>, open: &Open, question: &OpenQuestion) -> Option<Question> {
    let rule = question.rule.filter(|_| question.can_be_agreed)?;
    let term = question.term.map(|term| outcome.rules.calendar.term(term));
    Some(Question {
        period: open.period,
        rule,
        person: question.person_id.clone(),
        year: term.map(|term| term.academic_year.clone()).unwrap_or_default(),
        term: term.map(|term| term.term.clone()).unwrap_or_default(),
        words: asked(outcome, open, question, rule),
    })
}

/// An agreement that ran out is asked again with its former reason: beside the open question it is about, or by itself.
fn add_lapse(outcome: &Outcome<'_>, rows: &mut Vec<Question>, lapse: &Lapse, expired: bool) {
    let agreement = &lapse.agreement;
    let what = agreed(outcome, period_of(outcome, lapse.period), agreement);
    let until = agreement.until.map(|day| day.to_string()).unwrap_or_default();
    let former = if expired {
        format!("It was {what}. That ran out on {until}: does it still hold?")
    } else {
        format!("It is {what}. That runs out on {until}: will it still hold after that day?")
    };
    let mut found = false;
    for row in rows.iter_mut().filter(|row| row.is_about(lapse.period, agreement)) {
        row.words = format!("{} {former}", row.words);
        found = true;
    }
    if found {
        return;
    }
    // On other rules the agreement is on the rule, whatever person it names.
    let on_a_child = agreement.rule == RuleName::Attendance;
    let person = agreement.person_id.clone().filter(|_| on_a_child);
    let (year, term) = agreement.term.clone().filter(|_| person.is_some()).unwrap_or_default();
    let about = match (&person, term.as_str()) {
        (None, _) => format!("The rule on {}.", agreement.rule),
        (Some(person), "") => format!("The attendance of {person} in every term that counts."),
        (Some(person), term) => format!("The attendance of {person} in {term} {year}."),
    };
    rows.push(Question {
        period: lapse.period,
        rule: agreement.rule,
        person,
        year,
        term,
        words: format!("{about} {former}"),
    });
}

/// The question in a plain sentence, with what each answer says.
fn asked(outcome: &Outcome<'_>, open: &Open, question: &OpenQuestion, rule: RuleName) -> String {
    let parameters = &outcome.rules.parameters;
    let as_at = outcome.prepared.as_at;
    let period = period_of(outcome, open.period);
    let family = &outcome.linked.families[period.family].id;
    let because = &question.because;
    let linked: Vec<String> = question.linked.iter().map(|fact| format!(" {}.", capitalised(fact))).collect();
    let linked = linked.concat();
    let no_claims_table = rule == RuleName::Reclaim && question.linked.is_empty();
    match rule {
        RuleName::Attendance => {
            let who = question.person_id.as_ref().map(ToString::to_string).unwrap_or_default();
            let term = question.term.map(|term| outcome.rules.calendar.term(term).to_string()).unwrap_or_default();
            let threshold = parameters.threshold;
            let ready = question.ready_answer.as_ref().map(|answer| format!(" {answer}")).unwrap_or_default();
            format!(
                "Did {who} attend {threshold}% or more in {term}, or can the term be accepted as if so (met), or not (not_met)? On record: {because}.{ready}"
            )
        }
        RuleName::Family => format!(
            "Was a child under 18, or somebody expecting a child, a member of family {family} on {as_at} (met), or nobody (not_met)? On record: {because}."
        ),
        RuleName::Sustainment => format!(
            "Did the progress of family {family} hold for {} months without new support of its own: is the linked family's new period of support another family's (met), or this family's own (not_met)?{linked}",
            parameters.sustainment_months
        ),
        RuleName::Reclaim if no_claims_table => format!(
            "Can a result be claimed for family {family}, because none was claimed for it in the last {} years (met), or not (not_met)? On record: {because}.",
            parameters.reclaim_years
        ),
        RuleName::Reclaim => format!(
            "Was the result that was claimed for a linked family another family's, so that family {family} can be claimed (met), or was it this family's own (not_met)?{linked}"
        ),
        RuleName::Timeliness => format!(
            "May the support of family {family} still be claimed (met), or did it end too long ago (not_met)? On record: {because}."
        ),
        RuleName::Evidence => format!(
            "Is what is required there all the same, for example on paper (met), or is it missing (not_met)? On record: {because}."
        ),
        RuleName::Eligibility | RuleName::Progress => String::new(),
    }
}
