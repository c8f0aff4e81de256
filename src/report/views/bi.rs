//! Tables for Power BI, DuckDB and the like: a row a thing, with keys that join, and a dictionary of all their columns.
//!
//! Nobody is named in them. People are ids, as in the other files of a run.

use crate::dates::{Date, Span, add_days, add_months, is_weekday};
use crate::decide::Status;
use crate::error::Result;
use crate::ids::{CaseId, FamilyId};
use crate::link::Period;
use crate::report::output::Kind::{Day, Money, Text, Whole};
use crate::report::output::cell::YES_NO;
use crate::report::output::folder::OutFolder;
use crate::report::output::format::Format;
use crate::report::output::{Described, Table};
use crate::report::views::check::decisions::{ChildRow, DecisionRow, child_rows, children, decision_rows, decisions};
use crate::report::views::check::quarantine;
use crate::report::views::review::asked::AskedAbout;
use crate::rules::name::RuleName;
use crate::rules::targets::financial_year;
use crate::run::Outcome;
use crate::validate::rows::{Claim, Need};
use rustc_hash::FxHashMap;

/// The folder, inside that of the reports.
pub const FOLDER: &str = "bi";

/// Parquet, which keeps days as days and numbers as numbers; CSV in a build that cannot write it.
const FORMAT: Format = if cfg!(feature = "native") { Format::Parquet } else { Format::Csv };

/// The tables, by their names in the folder.
const TABLES: [&str; 6] = ["bi/periods", "bi/children_terms", "bi/needs", "bi/claims", "bi/findings", "bi/dates"];

/// The dictionary of their columns.
const DICTIONARY: &str = "bi/data-dictionary";

/// A need of a period.
pub struct NeedRow<'a> {
    period: &'a Period,
    family: &'a FamilyId,
    need: &'a Need,
}

/// A claim, with the period of the case that it names.
pub struct ClaimRow<'a> {
    claim: &'a Claim,
    period: Option<&'a CaseId>,
}

/// A day.
pub struct DateRow {
    day: Date,
    financial_year: String,
    quarter: i64,
    academic_year: Option<String>,
    term: Option<String>,
}

/// A column of one of the tables.
pub struct DictionaryRow {
    table: &'static str,
    column: &'static str,
    kind: &'static str,
    joins: Option<&'static str>,
    about: String,
}

/// The table `periods`.
pub fn periods<'a>() -> Table<DecisionRow<'a>> {
    let rules = RuleName::ALL.map(RuleName::word);
    Table::<DecisionRow<'a>>::of(TABLES[0], "A row a period of support, sorted by `period_id`.")
        .column("period_id", Text, |row| (&row.decision.case_id).into())
        .about("the key: the case that names the period, its earliest")
        .with(decisions(), &["family_id", "source"])
        .column("team", Text, |row| AskedAbout::about(row.period).team.into())
        .about("the team of its latest case that names a practitioner")
        .column("ward", Text, |row| row.period.cases.iter().rev().find_map(|case| case.ward.as_deref()).into())
        .about("the ward of its latest case that has one")
        .column("opened_on", Day, |row| row.period.opened_on.into())
        .about("the day on which its first case opened")
        .column("closed_on", Day, |row| row.period.closed_on.into())
        .about("the day on which its last case closed; blank while any is open")
        .with(
            decisions(),
            &[
                "status",
                "kind",
                "criteria_count",
                "progress_on",
                "sustained_on",
                "last_success_on",
                "earliest_claim_on",
                "earliest_possible_on",
            ],
        )
        .with(decisions(), &rules)
        .column("by_agreement", YES_NO, |row| (!row.decision.evaluated.by_agreement().is_empty()).into())
        .about("whether an agreement changed a verdict")
        .column("reason_kind", Text, |row| row.decision.reason_kind.into())
        .about("the reason for the status, in the words that count alike")
        .column("payment", Money, |row| {
            (row.decision.status == Status::Claimable).then_some(row.outcome.totals.payment).into()
        })
        .about("the payment for a period that can be claimed; blank for the others. After the suspension: what it would have been worth")
}

/// The table `children_terms`.
pub fn children_terms<'a>() -> Table<ChildRow<'a>> {
    Table::<ChildRow<'a>>::of(TABLES[1], "A row a school-age child and term that was looked at.")
        .column("period_id", Text, |row| (&row.decision.case_id).into())
        .about("the period")
        .with(children(), &["family_id", "person_id"])
        .column("term_id", Text, |row| {
            let term = row.outcome.rules.calendar.term(row.term.term);
            format!("{} {}", term.academic_year, term.term).into()
        })
        .about("the term, such as `2023/24 Summer`")
        .with(children(), &["academic_year", "term", "possible", "attended", "percent", "verdict"])
}

/// The table `needs`.
pub fn needs<'a>() -> Table<NeedRow<'a>> {
    Table::<NeedRow<'a>>::of(TABLES[2], "A row a need, as known at the as-at date, in the order of periods.")
        .column("period_id", Text, |row| row.period.id().into())
        .about("the period")
        .column("family_id", Text, |row| row.family.into())
        .about("the family")
        .column("case_id", Text, |row| (&row.need.case_id).into())
        .about("the case that the need is recorded on")
        .column("criterion", Text, |row| (&row.need.criterion.text).into())
        .about("the criterion as written")
        .column("headline", Whole, |row| u32::from(row.need.criterion.headline).into())
        .about("the number of its headline outcome")
        .column("identified_on", Day, |row| row.need.identified_on.into())
        .about("the day on which it was identified, where one is recorded")
        .column("outcome_on", Day, |row| row.need.outcome_on.into())
        .about("the day of its outcome")
        .column("relapsed_on", Day, |row| row.need.relapsed_on.into())
        .about("the day on which it came back")
}

/// The table `claims`.
pub fn claims<'a>() -> Table<ClaimRow<'a>> {
    Table::<ClaimRow<'a>>::of(TABLES[3], "A row a claim, as known at the as-at date, by family.")
        .column("claim_id", Text, |row| (&row.claim.claim_id).into())
        .about("the key: the claim")
        .column("family_id", Text, |row| (&row.claim.family_id).into())
        .about("the family that it names")
        .column("case_id", Text, |row| row.claim.case_id.as_ref().into())
        .about("the case that it names")
        .column("period_id", Text, |row| row.period.into())
        .about("the period of that case; blank where the claim names none")
        .column("submitted_on", Day, |row| row.claim.submitted_on.into())
        .about("the day on which it was submitted")
        .column("decided_on", Day, |row| row.claim.decided_on.into())
        .about("the day on which it was decided")
        .column("outcome", Text, |row| row.claim.outcome.word().into())
        .about("`submitted`, `approved`, `rejected`, `withdrawn` or `clawed_back`")
}

/// The table `dates`.
pub fn dates() -> Table<DateRow> {
    Table::<DateRow>::of(TABLES[5], "A row a day, from the first that the other tables have to the last.")
        .column("date", Day, |row| row.day.into())
        .about("the key: the day")
        .column("year", Whole, |row| i64::from(row.day.year()).into())
        .about("the calendar year")
        .column("month", Whole, |row| i64::from(row.day.month()).into())
        .about("1 to 12")
        .column("financial_year", Text, |row| (&row.financial_year).into())
        .about("the financial year, such as `2024/25`")
        .column("quarter", Whole, |row| row.quarter.into())
        .about("the quarter of the financial year, 1 to 4")
        .column("academic_year", Text, |row| row.academic_year.as_ref().into())
        .about("the academic year, on days of a term that the calendar knows")
        .column("term", Text, |row| row.term.as_ref().into())
        .about("the term, on its days")
        .column("is_weekday", YES_NO, |row| is_weekday(row.day).into())
        .about("whether it is a Monday to a Friday")
}

/// The table `data-dictionary`.
pub fn dictionary() -> Table<DictionaryRow> {
    Table::<DictionaryRow>::of(DICTIONARY, "A row a column of the tables in this folder.")
        .column("table", Text, |row| row.table.into())
        .about("the table")
        .column("column", Text, |row| row.column.into())
        .about("the column")
        .column("kind", Text, |row| row.kind.into())
        .about("what its cells are: text, whole number, per cent, pounds, day, yes or no, or a list")
        .column("joins", Text, |row| row.joins.into())
        .about("the key of another table that it joins to, such as `periods.period_id`")
        .column("meaning", Text, |row| (&row.about).into())
        .about("what it means")
}

fn findings<'a>() -> Table<&'a crate::finding::Finding> {
    Table { name: TABLES[4], ..quarantine::findings() }
}

/// The tables of the folder, as the page of outputs has them.
pub fn described() -> Vec<Described> {
    vec![
        periods().described(),
        children_terms().described(),
        needs().described(),
        claims().described(),
        findings().described(),
        dates().described(),
    ]
}

/// The names of the files inside the folder.
pub fn names() -> Vec<String> {
    let inside = |name: &str| name.split('/').next_back().unwrap_or(name).to_owned();
    let tables = TABLES.iter().map(|name| format!("{}.{}", inside(name), FORMAT.ending()));
    tables.chain([format!("{}.csv", inside(DICTIONARY))]).collect()
}

/// Writes the folder.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>) -> Result<()> {
    periods().write_as(folder, FORMAT, decision_rows(outcome))?;
    children_terms().write_as(folder, FORMAT, child_rows(outcome))?;
    needs().write_as(folder, FORMAT, need_rows(outcome))?;
    claims().write_as(folder, FORMAT, claim_rows(outcome))?;
    findings().write_as(folder, FORMAT, outcome.findings.sorted())?;
    dates().write_as(folder, FORMAT, date_rows(outcome))?;
    dictionary().write_csv(folder, dictionary_rows())
}

fn need_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = NeedRow<'a>> {
    outcome.decisions.iter().flat_map(move |decision| {
        let period = &outcome.linked.periods[decision.period];
        period.needs.iter().map(move |need| NeedRow { period, family: &decision.family_id, need })
    })
}

/// Each claim once, under the family that it names: another may have it too, by a former id.
fn claim_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = ClaimRow<'a>> {
    let periods = outcome.linked.periods.iter();
    let period_of: FxHashMap<&CaseId, &CaseId> =
        periods.flat_map(|period| period.cases.iter().map(|case| (&case.case_id, period.id()))).collect();
    outcome.linked.families.iter().flat_map(move |family| {
        let own: Vec<ClaimRow<'a>> = family
            .claims
            .iter()
            .filter(|claim| claim.family_id == family.id)
            .map(|claim| {
                let period = claim.case_id.as_ref().and_then(|case| period_of.get(case).copied());
                ClaimRow { claim, period }
            })
            .collect();
        own
    })
}

/// The days from the first of any period, need or claim to the last day on which a family could be claimed, or the as-at date.
fn date_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = DateRow> + 'a {
    let as_at = outcome.prepared.as_at;
    let linked = &outcome.linked;
    let claims = linked.families.iter().flat_map(|family| family.claims.iter().map(|claim| claim.submitted_on));
    let periods = linked.periods.iter().flat_map(|period| {
        let of_needs = period.needs.iter().flat_map(|need| [need.identified_on, need.outcome_on, need.relapsed_on]);
        of_needs.flatten().chain([period.opened_on])
    });
    let first = claims.chain(periods).min().unwrap_or(as_at).min(as_at);
    let ahead = outcome.decisions.iter().flat_map(|one| [one.earliest_claim_on, one.earliest_possible_on]).flatten();
    let last = ahead.max().unwrap_or(as_at).max(as_at);
    let starts = outcome.prepared.year_starts;
    std::iter::successors(Some(first), |day| Some(add_days(*day, 1))).take_while(move |day| *day <= last).map(
        move |day| {
            let (name, year) = financial_year(day, starts);
            let term = outcome.rules.calendar.at(day).map(|term| outcome.rules.calendar.term(term));
            DateRow {
                day,
                financial_year: name,
                quarter: quarter_of(day, year),
                academic_year: term.map(|term| term.academic_year.clone()),
                term: term.map(|term| term.term.clone()),
            }
        },
    )
}

fn quarter_of(day: Date, year: Span) -> i64 {
    (1..4).filter(|quarter| day >= add_months(year.from, 3 * quarter)).count() as i64 + 1
}

fn dictionary_rows() -> impl Iterator<Item = DictionaryRow> {
    described().into_iter().flat_map(|table| {
        let name = table.name.split('/').next_back().unwrap_or(table.name);
        let row =
            move |(column, kind, about): (&'static str, crate::report::output::Kind, &'static str)| DictionaryRow {
                table: name,
                column,
                kind: kind.word(),
                joins: joins(name, column, kind == Day),
                about: plain(about),
            };
        table.columns.into_iter().map(row).collect::<Vec<DictionaryRow>>()
    })
}

/// The key that a column joins to.
fn joins(table: &str, column: &str, is_day: bool) -> Option<&'static str> {
    match column {
        "period_id" if table != "periods" => Some("periods.period_id"),
        _ if is_day && table != "dates" => Some("dates.date"),
        _ => None,
    }
}

/// A text of the page of outputs without its links and marks.
fn plain(about: &str) -> String {
    let mut said = String::new();
    let mut rest = about;
    while let Some((before, link)) = rest.split_once('[') {
        said.push_str(before);
        match link.split_once("](").and_then(|(text, end)| Some((text, end.split_once(')')?.1))) {
            Some((text, after)) => {
                said.push_str(text);
                rest = after;
            }
            None => {
                said.push('[');
                rest = link;
            }
        }
    }
    said.push_str(rest);
    said.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    #[test]
    fn the_quarters_of_a_financial_year_begin_in_april_july_october_and_january() {
        let year = Span { from: date(2024, 4, 1), to: date(2025, 3, 31) };
        let days =
            [(2024, 4, 1, 1), (2024, 6, 30, 1), (2024, 7, 1, 2), (2024, 10, 1, 3), (2024, 12, 31, 3), (2025, 1, 1, 4)];
        for (y, m, d, quarter) in days {
            assert_eq!(quarter_of(date(y, m, d), year), quarter, "{y}-{m}-{d}");
        }
    }

    #[test]
    fn links_become_their_words() {
        assert_eq!(plain("see [the dates](a.md#8), `x` [y"), "see the dates, x [y");
    }
}
