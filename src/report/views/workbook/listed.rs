//! The tables that only the workbook has: chosen columns of others, with what an officer needs beside them; the summary, the
//! rules with their sources, the receipt, and what each column means.
//!
//! Longer than most files, since it is six tables, column by column.

use crate::attend::outlook::{ChildOutlook, Outlooks};
use crate::dates::{Date, in_words};
use crate::decide::Status;
use crate::evaluate::Verdict;
use crate::ids::{CaseId, PersonId};
use crate::money::Pounds;
use crate::report::output::Kind::{Day, Money, Text, Whole};
use crate::report::output::workbook::heading;
use crate::report::output::{Described, Table};
use crate::report::views::attendance::outlook;
use crate::report::views::check::counted::{cases_without_a_decision, rows_of_nobody};
use crate::report::views::check::decisions::{ChildRow, DecisionRow, child_rows, children, decision_rows, decisions};
use crate::report::views::people::{OfPerson, People, Person, with_person};
use crate::report::views::review::asked::AskedAbout;
use crate::rules::Rules;
use crate::rules::parameters::Setting;
use crate::run::Outcome;
use crate::words::counted;
use serde_json::Value;
use std::collections::BTreeMap;

/// Whom to ask about a period, in front of the columns that say where it stands.
fn with_whom<'a>(table: Table<DecisionRow<'a>>) -> Table<DecisionRow<'a>> {
    table
        .column("team", Text, |row| AskedAbout::about(row.period).team.into())
        .about("of the period's latest case that names one")
        .column("lead_practitioner", Text, |row| AskedAbout::about(row.period).practitioner.into())
        .about("of the period's latest case that names one")
}

/// The periods that can be claimed now.
pub fn claim_now<'a>() -> Table<DecisionRow<'a>> {
    let table = Table::<DecisionRow<'a>>::of("claim_now", "A row a period that can be claimed now, by case.");
    with_whom(table.with(decisions(), &["case_id", "family_id"])).with(
        decisions(),
        &[
            "status",
            "kind",
            "criteria_count",
            "headlines",
            "progress_on",
            "sustained_on",
            "last_success_on",
            "by_agreement",
            "reason",
        ],
    )
}

/// The rows of [`claim_now`].
pub fn claim_now_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = DecisionRow<'a>> {
    decision_rows(outcome).filter(|row| row.decision.status == Status::Claimable)
}

/// The month of a day, in words.
fn month(day: Date) -> String {
    in_words(day).split_once(' ').map(|(_, month)| month.to_owned()).unwrap_or_default()
}

/// The periods that cannot be claimed before a known day.
pub fn waiting<'a>() -> Table<DecisionRow<'a>> {
    let table = Table::<DecisionRow<'a>>::of(
        "waiting_by_month",
        "A row a period that cannot be claimed before a known day, by that day and case.",
    )
    .column("month", Text, |row| row.decision.earliest_claim_on.map(month).into())
    .about("the month in which it can be claimed at the earliest")
    .with(decisions(), &["earliest_claim_on", "case_id", "family_id"]);
    with_whom(table)
        .with(decisions(), &["status", "kind", "progress_on", "reason"])
        .column("until_then", Text, |row| row.decision.until_then.as_ref().into())
        .about("what must hold until that day")
}

/// The rows of [`waiting`].
pub fn waiting_rows<'a>(outcome: &'a Outcome<'a>) -> Vec<DecisionRow<'a>> {
    let mut rows: Vec<DecisionRow<'a>> =
        decision_rows(outcome).filter(|row| row.decision.status == Status::Waiting).collect();
    // They are in the order of cases, which the sort keeps.
    rows.sort_by_key(|row| row.decision.earliest_claim_on);
    rows
}

/// A row of [`low_attendance`].
pub struct LowRow<'a> {
    row: ChildRow<'a>,
    now: Option<&'a ChildOutlook>,
    named: Person<'a>,
}

impl OfPerson for LowRow<'_> {
    fn person(&self) -> Person<'_> {
        self.named
    }
}

impl LowRow<'_> {
    /// The case that names the period.
    pub fn case(&self) -> &CaseId {
        &self.row.decision.case_id
    }
}

/// The terms that hold a period back by attendance alone.
pub fn low_attendance<'a>() -> Table<LowRow<'a>> {
    // The columns of `children`, for a row that has more beside.
    let of = |name: &str| children().described().columns.into_iter().find(|(known, ..)| *known == name);
    let about = |name: &str| of(name).map_or("", |(.., about)| about);
    let table = Table::<LowRow<'a>>::of(
        "low_attendance",
        "A row a child and term that is not met, of a period that only attendance holds back, by retest day, case, child and term.",
    )
    .column("retest_on", Day, |row| row.row.decision.earliest_claim_on.into())
    .about("the day on which every term that is not met has left the rule's terms. Blank if the calendar stops before")
    .column("case_id", Text, |row| (&row.row.decision.case_id).into())
    .about(about("case_id"))
    .column("family_id", Text, |row| (&row.row.decision.family_id).into())
    .about(about("family_id"))
    .column("person_id", Text, |row| (&row.row.child.person_id).into())
    .about(about("person_id"))
    .column("team", Text, |row| whom(&row.row).team.into())
    .about("of the period's latest case that names one")
    .column("lead_practitioner", Text, |row| whom(&row.row).practitioner.into())
    .about("of the period's latest case that names one")
    .column("academic_year", Text, |row| (&row.row.outcome.rules.calendar.term(row.row.term.term).academic_year).into())
    .about(about("academic_year"))
    .column("term", Text, |row| (&row.row.outcome.rules.calendar.term(row.row.term.term).term).into())
    .about(about("term"))
    .column("possible", Whole, |row| row.row.term.shown.map(|sessions| sessions.possible).into())
    .about(about("possible"))
    .column("attended", Whole, |row| row.row.term.shown.map(|sessions| sessions.attended).into())
    .about(about("attended"))
    .column("percent", crate::report::output::Kind::Percent, |row| {
        row.row.term.shown.and_then(|sessions| sessions.shown()).map(crate::report::output::Cell::share).into()
    })
    .about(about("percent"))
    .column("verdict", Text, |row| row.row.term.verdict.word().into())
    .about(about("verdict"))
    .column("reason", Text, |row| format!("{}.", row.row.term.because).into())
    .about(about("reason"))
    .column("outlook", Text, |row| row.now.map(|now| outlook(now, &row.row.outcome.rules)).into())
    .about("what the running term still allows the child, of an open period");
    with_person(table).beginning_with(&[
        "retest_on",
        "case_id",
        "family_id",
        "person_id",
        "first_name",
        "last_name",
        "date_of_birth",
    ])
}

fn whom<'a>(row: &ChildRow<'a>) -> AskedAbout<'a> {
    AskedAbout::about(&row.outcome.linked.periods[row.decision.period])
}

/// The rows of [`low_attendance`].
pub fn low_rows<'a>(outcome: &'a Outcome<'a>, outlooks: &'a Outlooks, people: &People<'a>) -> Vec<LowRow<'a>> {
    let now: BTreeMap<(&CaseId, &PersonId), &ChildOutlook> =
        outlooks.children.iter().map(|child| ((&child.case_id, &child.person_id), child)).collect();
    let mut rows: Vec<LowRow<'a>> = child_rows(outcome)
        .filter(|row| row.decision.status == Status::LowAttendance && row.term.verdict == Verdict::NotMet)
        .map(|row| LowRow {
            now: now.get(&(&row.decision.case_id, &row.child.person_id)).copied(),
            named: people.person(&row.decision.family_id, &row.child.person_id),
            row,
        })
        .collect();
    rows.sort_by_key(|row| (row.row.decision.earliest_claim_on.is_none(), row.row.decision.earliest_claim_on));
    rows
}

/// A row of [`summary`].
#[derive(Default)]
pub struct SummaryRow {
    about: &'static str,
    /// What is counted; a status leads to its sheet by this word.
    pub(super) what: String,
    number: Option<usize>,
    payment: Option<Pounds>,
    note: String,
}

/// The run at a glance.
pub fn summary() -> Table<SummaryRow> {
    Table::<SummaryRow>::of("summary", "A row a count, sum or fact of the run.")
        .column("about", Text, |row| row.about.into())
        .about("what the row belongs to")
        .column("what", Text, |row| (&row.what).into())
        .about("what is counted")
        .column("number", Whole, |row| row.number.into())
        .about("how many")
        .column("payment", Money, |row| row.payment.into())
        .about(
            "the payment for as many families; a place that is full or a payment that was suspended is not taken off",
        )
        .column("note", Text, |row| (&row.note).into())
        .about("what it means")
}

/// The rows of [`summary`].
pub fn summary_rows(outcome: &Outcome<'_>) -> Vec<SummaryRow> {
    let (totals, rules) = (&outcome.totals, &outcome.rules);
    let as_at = outcome.prepared.as_at;
    let fact =
        |about, what: &str, note: String| SummaryRow { about, what: what.to_owned(), note, ..Default::default() };
    let count = |about, what: &str, number: usize, note: &str| SummaryRow {
        about,
        what: what.to_owned(),
        number: Some(number),
        payment: None,
        note: note.to_owned(),
    };
    let paid = |row: SummaryRow| SummaryRow { payment: row.number.map(|n| totals.payment.for_each_of(n)), ..row };
    let mut rows = vec![
        fact("Run", "As-at date", in_words(as_at)),
        fact("Run", "Rules", format!("{} ({})", rules.framework.title, rules.label())),
        fact("Run", "School calendar", rules.calendar.origin.clone()),
    ];
    rows.extend(rules.notices(as_at).into_iter().map(|notice| fact("Run", "Notice", notice)));
    rows.push(fact(
        "Run",
        "Records put in late",
        "Rows and values after the as-at date were left out. Records put in late, or changed since, show as they are today.".to_owned(),
    ));
    rows.push(count("Periods", "periods of support", outcome.decisions.len(), ""));
    rows.push(count("Periods", "families", totals.families, ""));
    rows.push(count("Periods", "families with an open case", totals.open_families, ""));
    for status in Status::ALL.iter().rev() {
        let number = totals.by_status.get(status).copied().unwrap_or(0);
        let row = count("Periods by status", status.word(), number, status.meaning());
        rows.push(if *status == Status::Claimable { paid(row) } else { row });
    }
    let resting = totals.claimable_by_agreement.len();
    rows.push(paid(count(
        "Claimable",
        "resting on agreements",
        resting,
        "without the agreements the records alone would not do",
    )));
    let year = &totals.financial_year;
    rows.push(count("Financial year", "claims approved", totals.approved_this_year, year));
    rows.push(count("Financial year", "claims waiting for a decision", totals.submitted_this_year, year));
    if let (Some(target), Some(left), Some(value)) = (&totals.target, totals.places_left, totals.value_within_places) {
        rows.push(count("Financial year", "target", target.target, year));
        rows.push(count("Financial year", "funded places", target.funded_places, year));
        rows.push(SummaryRow {
            payment: Some(value),
            ..count("Financial year", "funded places left", left, "the payment is for the claimable that fit them")
        });
    } else {
        rows.push(fact(
            "Financial year",
            "funded places",
            "not known: name an authority with targets in sfclaim.toml".to_owned(),
        ));
    }
    let mut months: BTreeMap<Option<Date>, usize> = BTreeMap::new();
    for row in waiting_rows(outcome) {
        *months.entry(row.decision.earliest_claim_on.map(crate::dates::first_of_month)).or_insert(0) += 1;
    }
    for (first, number) in months {
        let what = first.map_or("no day".to_owned(), month);
        rows.push(paid(count(
            "Waiting, by month",
            &what,
            number,
            "can be claimed from then on, if nothing new comes up",
        )));
    }
    for reason in &totals.reasons {
        let row = count("Why not claimable", reason.kind, reason.periods, reason.status.word());
        rows.push(SummaryRow { payment: Some(reason.value), ..row });
    }
    rows.extend(totals.hardly_held.iter().map(|term| fact("Data", "Hardly any attendance", term.sentence())));
    for (table, counts) in &outcome.prepared.register.counts {
        let said = format!(
            "rows read; {} used, {} repeated, {} quarantined",
            counts.used, counts.repeated, counts.quarantined
        );
        rows.push(count("Data", table.word(), counts.read, &said));
    }
    for (what, list) in [
        ("cases without a decision", cases_without_a_decision(outcome)),
        ("rows whose family, case or pupil cannot be told", rows_of_nobody(outcome)),
    ] {
        rows.push(count("Data", what, list.len(), &list.join("; ")));
    }
    rows
}

/// A row of [`parameters`].
pub struct ParameterRow<'a> {
    key: &'static str,
    setting: &'a Setting,
    source: &'a str,
}

/// The rules as they applied, with their sources.
pub fn parameters<'a>() -> Table<ParameterRow<'a>> {
    Table::<ParameterRow<'a>>::of("rules", "A row a parameter of the rules, as it applied.")
        .column("parameter", Text, |row| row.key.into())
        .about("its key, which `--set` takes")
        .column("value", Text, |row| row.setting.value.to_string().into())
        .about("its value in this run")
        .column("unit", Text, |row| (&row.setting.unit).into())
        .about("what the value counts")
        .column("meaning", Text, |row| (&row.setting.title).into())
        .about("what it says")
        .column("source", Text, |row| row.source.into())
        .about("where it is written")
        .column("standing", Text, |row| row.setting.standing.word().into())
        .about("how far the source can be relied on")
        .column("who_may_change_it", Text, |row| row.setting.who.word().into())
        .about("`national` or `local`")
        .column("last_checked", Day, |row| row.setting.last_checked.into())
        .about("the day on which somebody last held it against its source")
        .column("given_by", Text, |row| row.setting.given_by().into())
        .about("the file, or what changed it")
        .column("instead_of", Text, |row| row.setting.instead_of.as_ref().map(ToString::to_string).into())
        .about("the value of the rules, where another stands in its place")
}

/// The rows of [`parameters`].
pub fn parameter_rows(rules: &Rules) -> impl Iterator<Item = ParameterRow<'_>> {
    rules.set.iter().map(|(key, setting)| ParameterRow {
        key,
        setting,
        source: rules.pack.source_title(&setting.source),
    })
}

/// A row of [`receipt_table`].
pub struct ReceiptRow {
    part: String,
    name: String,
    value: String,
}

/// What is needed to repeat the run.
pub fn receipt_table() -> Table<ReceiptRow> {
    Table::<ReceiptRow>::of("receipt", "A row a thing that is needed to repeat the run, as `run.json` has it.")
        .column("part", Text, |row| (&row.part).into())
        .about("the key in `run.json`")
        .column("name", Text, |row| (&row.name).into())
        .about("the file, or the key inside")
        .column("value", Text, |row| (&row.value).into())
        .about("its value; of a file the SHA-256 of its bytes")
}

/// The rows of [`receipt_table`]. Parameters are left to the sheet of rules.
pub fn receipt_rows(receipt: &Value) -> Vec<ReceiptRow> {
    let mut rows = Vec::new();
    let said = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut add = |part: &str, name: &str, value: String| {
        rows.push(ReceiptRow { part: heading(part), name: name.to_owned(), value });
    };
    for (part, value) in receipt.as_object().into_iter().flatten().filter(|(part, _)| *part != "parameters") {
        match value {
            Value::Object(of) => of.iter().for_each(|(name, value)| add(part, name, said(value))),
            Value::Array(list) => {
                for entry in list {
                    match (entry["file"].as_str(), entry.get("sha256")) {
                        (Some(file), Some(print)) => add(part, file, said(print)),
                        _ => add(part, "", said(entry)),
                    }
                }
            }
            value => add(part, "", said(value)),
        }
    }
    rows
}

/// A row of [`columns`].
pub struct ColumnRow {
    sheet: &'static str,
    column: String,
    kind: &'static str,
    about: String,
}

/// What the columns of every sheet mean.
pub fn columns() -> Table<ColumnRow> {
    Table::<ColumnRow>::of("columns", "A row a column of a sheet.")
        .column("sheet", Text, |row| row.sheet.into())
        .about("the sheet")
        .column("column", Text, |row| (&row.column).into())
        .about("the column")
        .column("kind", Text, |row| row.kind.into())
        .about("what its cells are")
        .column("meaning", Text, |row| (&row.about).into())
        .about("what it means")
}

/// The rows of [`columns`].
pub fn column_rows(sheets: &[(&'static str, Described)]) -> Vec<ColumnRow> {
    let of = |(sheet, table): &(&'static str, Described)| {
        let sheet = *sheet;
        let rows = table.columns.iter().map(move |(name, kind, about)| ColumnRow {
            sheet,
            column: heading(name),
            kind: kind.word(),
            about: plain(about),
        });
        rows.collect::<Vec<_>>()
    };
    sheets.iter().flat_map(of).collect()
}

/// Words of the page of outputs without its marks: code and links as plain words.
fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at);
        let (text, open) = before.rsplit_once('[').map_or((before, ""), |(text, link)| (text, link));
        out.push_str(text);
        out.push_str(open);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out.replace('`', "")
}

/// What is said in the place of a forecast.
pub fn no_forecast(why: &crate::error::Error) -> Vec<String> {
    vec!["Forecast".to_owned(), format!("Nothing can be forecast: {why}")]
}

/// The line above the summary.
pub fn opening(outcome: &Outcome<'_>) -> Vec<String> {
    let claimable = outcome.totals.by_status.get(&Status::Claimable).copied().unwrap_or(0);
    let left_out = outcome.rules.without_agreements.then(|| crate::rules::WITHOUT_AGREEMENTS.to_uppercase());
    std::iter::once(format!("Supporting Families claims as at {}", in_words(outcome.prepared.as_at)))
        .chain(left_out)
        .chain([format!(
            "{} can be claimed now, at {} each: {}.",
            counted(claimable, "period", "periods"),
            outcome.totals.payment,
            outcome.totals.claimable_value
        )])
        .collect()
}
