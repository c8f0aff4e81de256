//! Every sheet of the officers' workbook, in order.

use super::found::Found;
use super::listed::{
    claim_now, claim_now_rows, column_rows, columns, low_attendance, low_rows, no_forecast, opening, parameter_rows,
    parameters, receipt_rows, receipt_table, summary, summary_rows, waiting, waiting_rows,
};
use crate::decide::Status;
use crate::error::Result;
use crate::evaluate::Verdict;
use crate::finding::Severity;
use crate::load::tables::{SHEET_OF_QUESTIONS, SHEET_OF_RECEIPT};
use crate::report::output::table::Look;
use crate::report::output::workbook::{Book, FillIn, Tone};
use crate::report::output::{Described, Table};
use crate::report::views::check::decisions::{ChildRow, DecisionRow, child_rows, children, decision_rows, decisions};
use crate::report::views::check::{quarantine, receipt};
use crate::report::views::review::questions;
use crate::report::views::{forecast, funnel, levers};
use crate::rules::name::RuleName;
use rustc_hash::FxHashMap;

/// The names of the sheets, in order.
pub const SHEETS: [&str; 14] = [
    "Summary",
    "Claim now",
    "Waiting by month",
    SHEET_OF_QUESTIONS,
    "Low attendance",
    "All periods",
    "Children and terms",
    "Levers",
    "Funnel",
    "Forecast",
    "Findings",
    "Rules",
    SHEET_OF_RECEIPT,
    "Columns",
];

/// How a word is shaded, by its column.
fn tone(column: &str, word: &str) -> Option<Tone> {
    let of_status = |status| match status {
        Status::Claimable => Tone::Good,
        Status::Waiting | Status::InProgress => Tone::Wait,
        Status::Review => Tone::Look,
        Status::LowAttendance => Tone::Stop,
        Status::Claimed | Status::NotEligible | Status::NotClaimable => Tone::Done,
    };
    let of_verdict = || {
        Some(match word {
            word if word == Verdict::Met.word() => Tone::Good,
            word if word == Verdict::NotMet.word() => Tone::Stop,
            word if word == Verdict::NotYet(None).word() => Tone::Wait,
            word if word == Verdict::Unknown.word() => Tone::Look,
            _ => return None,
        })
    };
    match column {
        "status" | "what" => Status::of_word(word).map(of_status),
        "severity" if word == Severity::Error.word() => Some(Tone::Stop),
        "severity" if word == Severity::Warning.word() => Some(Tone::Look),
        "verdict" => of_verdict(),
        column if RuleName::of_word(column).is_some() => of_verdict(),
        _ => None,
    }
}

/// What a person enters in the sheet of questions.
fn answers(column: &str) -> Option<FillIn> {
    match column {
        "answer" => Some(FillIn::Word(&["met", "not_met"])),
        "agreed_on" | "until" => Some(FillIn::Day),
        "reason" | "agreed_by" | "evidence" => Some(FillIn::Text),
        _ => None,
    }
}

/// The sheet of questions, with what is asked and of whom before the answers. It is read back by its headings.
fn to_ask<'a>() -> Table<crate::report::views::review::question_row::QuestionRow<'a>> {
    let first = [
        "lead_practitioner",
        "case_id",
        "rule",
        "person_id",
        "first_name",
        "last_name",
        "date_of_birth",
        "academic_year",
        "term",
        "question",
    ];
    questions::table().beginning_with(&first)
}

fn toned<'a, T: 'a>(name: &'a str, link: impl Fn(&str, &T) -> Option<String> + 'a) -> Look<'a, T> {
    Look { tone, link: Box::new(link), ..Look::of(name) }
}

/// The bytes of the workbook.
///
/// # Errors
/// A table has more rows than a sheet can hold.
pub fn workbook(found: &Found<'_>) -> Result<Vec<u8>> {
    let outcome = found.outcome;
    let mut book = Book::of("Supporting Families claims", "What an officer needs every day", outcome.prepared.as_at)?;
    let [
        summary_name,
        now_name,
        waiting_name,
        ask_name,
        low_name,
        periods_name,
        children_name,
        levers_name,
        funnel_name,
        forecast_name,
        findings_name,
        rules_name,
        receipt_name,
        columns_name,
    ] = SHEETS;
    let mut described: Vec<(&'static str, Described)> = Vec::new();

    // Where the terms of a case stand, and the case itself: the headings are in the first row.
    let mut terms: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, row) in child_rows(outcome).enumerate() {
        terms.entry(row.decision.case_id.as_str()).or_insert(at + 2);
    }
    let periods: FxHashMap<&str, usize> =
        outcome.decisions.iter().enumerate().map(|(at, decision)| (decision.case_id.as_str(), at + 2)).collect();
    let to_terms = |column: &str, case: &str| {
        let row = terms.get(case).filter(|_| column == "case_id")?;
        Some(format!("internal:'{children_name}'!A{row}"))
    };
    let to_period = |column: &str, case: &str| {
        let row = periods.get(case).filter(|_| column == "case_id")?;
        Some(format!("internal:'{periods_name}'!A{row}"))
    };

    let lists: [(&str, &str); 4] = [
        (Status::Claimable.word(), now_name),
        (Status::Waiting.word(), waiting_name),
        (Status::Review.word(), ask_name),
        (Status::LowAttendance.word(), low_name),
    ];
    let look = Look {
        above: opening(outcome),
        ..toned(summary_name, |column, row: &super::listed::SummaryRow| {
            let (_, sheet) = lists.iter().find(|(word, _)| *word == row.what).filter(|_| column == "what")?;
            Some(format!("internal:'{sheet}'!A1"))
        })
    };
    book.add(summary().sheet(&look, summary_rows(outcome))?)?;
    described.push((summary_name, summary().described()));

    let look = toned(now_name, |column, row: &DecisionRow<'_>| to_terms(column, row.decision.case_id.as_str()));
    book.add(claim_now().sheet(&look, claim_now_rows(outcome))?)?;
    described.push((now_name, claim_now().described()));

    let look = toned(waiting_name, |column, row: &DecisionRow<'_>| to_terms(column, row.decision.case_id.as_str()));
    book.add(waiting().sheet(&look, waiting_rows(outcome))?)?;
    described.push((waiting_name, waiting().described()));

    let look = Look { fill_in: answers, ..Look::of(ask_name) };
    book.add(to_ask().sheet(&look, questions::questions(outcome, &found.review, &found.people))?)?;
    described.push((ask_name, to_ask().described()));

    let look = toned(low_name, |column, row: &super::listed::LowRow<'_>| to_terms(column, row.case().as_str()));
    book.add(low_attendance().sheet(&look, low_rows(outcome, &found.outlooks, &found.people))?)?;
    described.push((low_name, low_attendance().described()));

    let look = toned(periods_name, |column, row: &DecisionRow<'_>| to_terms(column, row.decision.case_id.as_str()));
    book.add(decisions().sheet(&look, decision_rows(outcome))?)?;
    described.push((periods_name, decisions().described()));

    let look = toned(children_name, |column, row: &ChildRow<'_>| to_period(column, row.decision.case_id.as_str()));
    book.add(children().sheet(&look, child_rows(outcome))?)?;
    described.push((children_name, children().described()));

    let mut add = |book: &mut Book, name: &'static str, sheet, of: Described| -> Result<()> {
        described.push((name, of));
        book.add(sheet)
    };
    let table = levers::levers_table();
    let sheet = table.sheet(&toned(levers_name, |_, _| None), levers::lever_rows(outcome, &found.levers))?;
    add(&mut book, levers_name, sheet, table.described())?;

    let table = funnel::stages();
    let sheet = table.sheet(&toned(funnel_name, |_, _| None), funnel::rows_by_stage(&found.funnel))?;
    add(&mut book, funnel_name, sheet, table.described())?;

    let table = forecast::months();
    let sheet = match &found.forecast {
        Ok(forecast) => table.sheet(&toned(forecast_name, |_, _| None), forecast::month_rows(forecast))?,
        Err(why) => table.sheet(&Look { above: no_forecast(why), ..Look::of(forecast_name) }, [])?,
    };
    add(&mut book, forecast_name, sheet, table.described())?;

    let table = quarantine::findings();
    let sheet = table.sheet(&toned(findings_name, |_, _| None), outcome.findings.sorted())?;
    add(&mut book, findings_name, sheet, table.described())?;

    let table: Table<_> = parameters();
    let sheet = table.sheet(&toned(rules_name, |_, _| None), parameter_rows(&outcome.rules))?;
    add(&mut book, rules_name, sheet, table.described())?;

    let table = receipt_table();
    let sheet =
        table.sheet(&toned(receipt_name, |_, _| None), receipt_rows(&receipt(outcome, &outcome.prepared.inputs)))?;
    add(&mut book, receipt_name, sheet, table.described())?;

    let look = Look::of(columns_name);
    book.add(columns().sheet(&look, column_rows(&described))?)?;
    book.finish()
}
