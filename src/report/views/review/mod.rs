//! What waits for a person, as data; as rows ([`listed`]) and as text.
//!
//! - [`questions`] the sheet of questions, to be filled in and loaded back as agreements; `which_case` those of them that ask
//!   which case rows are of.

pub mod asked;
pub mod listed;
pub mod question_row;
pub mod questions;
mod sums;
mod text;
mod which_case;

pub use listed::{rows, table};
pub use text::text;

pub use asked::AskedAbout;
use asked::by_practitioner;
use asked::list_of;
use asked::period_of;
use asked::term_of;
use asked::why;
use listed::lapse_row;
use sums::Counted;
use sums::claimable_if_met;
use sums::practitioners;
use sums::reasons;

use crate::decide::review::{Lapse, Open, Review};
use crate::error::Result;
use crate::evaluate::open::OpenQuestion;
use crate::ids::CaseId;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::Screen;
use crate::report::views::check::by_agreement;
use crate::report::views::people::People;
use crate::report::views::view::View;
use crate::rules::name::RuleName;
use crate::run::Outcome;
use serde_json::{Value, json};

/// The files of a review.
pub const NAMES: [&str; 3] = ["review.csv", "agreements_to_fill.csv", "review.json"];

/// What makes a folder known as a review's.
pub const MARKER: Marker = Marker { file: "review.json", program: "sfclaim review", spares: None };

/// What `sfclaim review` shows.
pub struct ReviewView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// What waits.
    pub found: Review,
    /// The days within which agreements that run out are listed.
    pub expiring_within: u16,
    /// Who the children are.
    pub people: People<'a>,
}

impl View for ReviewView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        table().write(folder, rows(self.outcome, &self.found, &self.people))?;
        questions::table().write_csv(folder, questions::questions(self.outcome, &self.found, &self.people))?;
        json_file(folder, NAMES[2], &self.data())
    }

    fn data(&self) -> Value {
        data(self.outcome, &self.people, &self.found, self.expiring_within)
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(text(self.outcome, &self.people, &self.found, self.expiring_within, screen))
    }

    fn of_files(&self, written: Option<String>) -> Option<String> {
        let none = "Nothing was written: add --out DIR for the whole list and a sheet to fill in.";
        Some(written.unwrap_or_else(|| none.to_owned()))
    }
}

/// The review as data.
pub fn data(outcome: &Outcome<'_>, people: &People<'_>, review: &Review, expiring_within: u16) -> Value {
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
        by_practitioner(outcome, list)
            .into_iter()
            .map(|(asked, open)| period_data((outcome, people), asked, open))
            .collect()
    };
    let lapses = |list: &'static str, lapses: &[Lapse]| -> Vec<Value> {
        let table = table();
        lapses
            .iter()
            .map(|lapse| {
                let mut row = table.json_of_text(&lapse_row((outcome, people), list, lapse));
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

fn period_data((outcome, people): (&Outcome<'_>, &People<'_>), asked: AskedAbout<'_>, open: &Open) -> Value {
    let period = period_of(outcome, open.period);
    let family = &outcome.linked.families[period.family].id;
    let named = |question: &OpenQuestion| {
        let person = question.person_id.as_ref()?;
        Some(people.person(family, person).said(person))
    };
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
                "person": named(question),
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
        "family_id": family.as_str(),
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
