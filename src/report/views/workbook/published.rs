//! A workbook that may be published: counts alone, laid out as the checklist for accessible spreadsheets of the Government
//! Analysis Function asks. Small counts are left out, and as many others as would tell them ([`super::suppressed`]).

use super::found::Found;
use super::suppressed::{Count, Counts, Point};
use crate::dates::{Date, in_words, last_of_month};
use crate::decide::Status;
use crate::error::Result;
use crate::report::output::workbook::{Book, Sheet, SheetColumn, heading};
use crate::report::output::{Cell, Kind};
use crate::rules::targets::financial_year;
use crate::run::Outcome;
use std::collections::BTreeMap;

/// What stands where a count is left out.
const LEFT_OUT: &str = "[c]";

/// A table as it is published.
struct Published {
    /// The name of its sheet.
    sheet: String,
    title: String,
    /// What is said above it.
    about: Vec<String>,
    /// The heading of each column; the first is what a row is.
    headings: Vec<String>,
    rows: Vec<(String, Vec<Count>)>,
}

/// The periods of a run by what is published of them.
#[derive(Default)]
struct Periods {
    /// By source and status.
    by_source: BTreeMap<String, BTreeMap<Status, usize>>,
    /// Those that are not claimable by status and reason.
    by_reason: BTreeMap<Status, BTreeMap<&'static str, usize>>,
    /// Those that wait, by the last day of the month in which they can be claimed; `None` for later ones.
    by_month: BTreeMap<(bool, Option<Date>), usize>,
}

impl Periods {
    fn of(outcome: &Outcome<'_>) -> Periods {
        let mut periods = Periods::default();
        let (_, year) = financial_year(outcome.prepared.as_at, outcome.prepared.year_starts);
        for decision in &outcome.decisions {
            let sources = outcome.linked.periods[decision.period].sources();
            let source = match sources.as_slice() {
                [only] => heading(only),
                _ => "More than one source".to_owned(),
            };
            *periods.by_source.entry(source).or_default().entry(decision.status).or_insert(0) += 1;
            if decision.status != Status::Claimable {
                *periods.by_reason.entry(decision.status).or_default().entry(decision.reason_kind).or_insert(0) += 1;
            }
            if decision.status == Status::Waiting {
                let month = decision.earliest_claim_on.map(last_of_month).filter(|month| *month <= year.to);
                *periods.by_month.entry((month.is_none(), month)).or_insert(0) += 1;
            }
        }
        periods
    }
}

/// The tables of periods, whose counts all add up to the same total, so that none tells what another leaves out.
fn of_periods(periods: &Periods, counts: &mut Counts) -> Vec<Published> {
    let (start, end) = (counts.point(), counts.point());
    let statuses: Vec<Status> = Status::ALL.into_iter().rev().collect();
    let number = |status: &Status| periods.by_source.values().filter_map(|of| of.get(status)).sum::<usize>();
    let columns: Vec<Point> = statuses.iter().map(|_| counts.point()).collect();

    let mut headings = vec!["Source of the case".to_owned(), "All statuses (periods)".to_owned()];
    headings.extend(statuses.iter().map(|status| format!("{} (periods)", heading(status.word()))));
    let mut rows = Vec::new();
    for (source, of) in &periods.by_source {
        let row = counts.point();
        let mut line = vec![counts.count(start, row, of.values().sum())];
        line.extend(
            statuses
                .iter()
                .zip(&columns)
                .map(|(status, column)| counts.count(row, *column, of.get(status).copied().unwrap_or(0))),
        );
        rows.push((source.clone(), line));
    }
    let mut totals = vec![counts.count(end, start, statuses.iter().map(number).sum())];
    let mut reasons = Vec::new();
    let mut months = Vec::new();
    for (status, column) in statuses.iter().zip(&columns) {
        // Behind the total of a status stand its reasons, and behind those of what waits its months.
        let last = match periods.by_reason.get(status) {
            None => end,
            Some(of) => {
                let before = counts.point();
                let after = if *status == Status::Waiting { counts.point() } else { end };
                for (reason, number) in of {
                    reasons.push((
                        format!("{}: {reason}", heading(status.word())),
                        vec![counts.count(before, after, *number)],
                    ));
                }
                if *status == Status::Waiting {
                    for ((_, month), number) in &periods.by_month {
                        let words =
                            |day: &Date| in_words(*day).split_once(' ').map_or(String::new(), |(_, m)| m.to_owned());
                        let month = month.as_ref().map_or("Later, or no day known".to_owned(), words);
                        months.push((month, vec![counts.count(after, end, *number)]));
                    }
                }
                before
            }
        };
        totals.push(counts.count(*column, last, number(status)));
    }
    rows.push(("All sources".to_owned(), totals));
    let one = |what: &str| vec![what.to_owned(), "Periods (number)".to_owned()];
    vec![
        Published {
            sheet: "Table_1".to_owned(),
            title: "Periods of support, by source of the case and status".to_owned(),
            about: vec!["A row a source, and one for all sources.".to_owned()],
            headings,
            rows,
        },
        Published {
            sheet: "Table_2".to_owned(),
            title: "Periods of support that are not claimable, by status and main reason".to_owned(),
            about: vec![
                "A row a status and reason. Each period is counted once, under the first reason that holds it."
                    .to_owned(),
            ],
            headings: one("Status and reason"),
            rows: reasons,
        },
        Published {
            sheet: "Table_3".to_owned(),
            title: "Periods of support that wait, by the month in which they can be claimed at the earliest".to_owned(),
            about: vec!["A row a month up to the end of the financial year, and one for later months.".to_owned()],
            headings: one("Month"),
            rows: months,
        },
    ]
}

/// The claims of the financial year.
fn of_claims(outcome: &Outcome<'_>, counts: &mut Counts) -> Published {
    let totals = &outcome.totals;
    let (start, end) = (counts.point(), counts.point());
    let rows = [("Approved", totals.approved_this_year), ("Submitted and not decided", totals.submitted_this_year)];
    let mut lines: Vec<(String, Vec<Count>)> =
        rows.iter().map(|(name, number)| ((*name).to_owned(), vec![counts.count(start, end, *number)])).collect();
    let all = rows.iter().map(|(_, number)| number).sum();
    lines.push(("Both".to_owned(), vec![counts.count(end, start, all)]));
    Published {
        sheet: "Table_4".to_owned(),
        title: format!("Claims of the financial year {} up to the as-at date", totals.financial_year),
        about: vec!["A row a stage of a claim, and one for both.".to_owned()],
        headings: vec!["Stage".to_owned(), "Claims (number)".to_owned()],
        rows: lines,
    }
}

/// The bytes of the workbook.
///
/// # Errors
/// It cannot be written.
pub fn workbook(found: &Found<'_>) -> Result<Vec<u8>> {
    let outcome = found.outcome;
    let as_at = outcome.prepared.as_at;
    let below = outcome.rules.pack.assurance.value("published.below");
    let mut counts = Counts::new(below);
    let mut tables = of_periods(&Periods::of(outcome), &mut counts);
    tables.push(of_claims(outcome, &mut counts));
    counts.settle();

    let authority = outcome.prepared.authority.as_deref().and_then(|id| outcome.rules.pack.targets_of(id));
    let of = authority.map(|targets| format!(", {}", targets.title)).unwrap_or_default();
    let title = format!("Supporting Families results{of}");
    let mut book = Book::of(&title, "Counts for publication", as_at)?;

    let text = |name: &str| SheetColumn { heading: name.to_owned(), kind: Kind::Text, fill_in: None };
    let cover = [
        format!("Counts of periods of support of families, by the rules of {}.", outcome.rules.framework.title),
        "Made from the records as they stood when the counts were made. Records put in late, or changed since, show as they are today.".to_owned(),
        "To be filled in before it is published: who is responsible, how to get in touch, and the day of publication.".to_owned(),
    ];
    book.add_page("Cover_sheet", &format!("{title}, as at {}", in_words(as_at)), &cover)?;

    let columns = [text("Sheet name"), text("Sheet title")];
    let about = [
        "Contents".to_owned(),
        "This sheet has one table, of the sheets of this workbook. Their names lead to them.".to_owned(),
    ];
    let mut sheet = Sheet::begin("Contents", &about, &columns)?.unfiltered();
    let listed = std::iter::once(("Notes".to_owned(), "Notes and shorthand".to_owned()))
        .chain(tables.iter().map(|table| (table.sheet.clone(), table.title.clone())));
    for (name, title) in listed {
        let link = format!("internal:'{name}'!A1");
        sheet.cell(&name.into(), None, Some(&link))?;
        sheet.cell(&title.into(), None, None)?;
        sheet.end_row()?;
    }
    book.add(sheet)?;

    let about = [
        "Notes".to_owned(),
        "This sheet has one table, of what the words and the shorthand of the other sheets mean.".to_owned(),
    ];
    let mut sheet = Sheet::begin("Notes", &about, &[text("Word"), text("Meaning")])?.unfiltered();
    let mut notes = vec![
        (
            LEFT_OUT.to_owned(),
            format!(
                "Confidential: the count is left out. Counts below {below} are, nought too, and as many others as would let somebody work one out from the totals."
            ),
        ),
        (
            "Period of support".to_owned(),
            "Cases of one family whose days overlap, taken together. A family can have several.".to_owned(),
        ),
    ];
    notes.extend(Status::ALL.iter().rev().map(|status| (heading(status.word()), heading(status.meaning()))));
    notes.extend(outcome.rules.notices(as_at).into_iter().map(|notice| ("Notice".to_owned(), notice)));
    for (word, meaning) in notes {
        sheet.cell(&word.into(), None, None)?;
        sheet.cell(&meaning.into(), None, None)?;
        sheet.end_row()?;
    }
    book.add(sheet)?;

    for table in &tables {
        book.add(sheet_of(table, &counts)?)?;
    }
    book.finish()
}

fn sheet_of(table: &Published, counts: &Counts) -> Result<Sheet> {
    let columns: Vec<SheetColumn> = table
        .headings
        .iter()
        .enumerate()
        .map(|(at, heading)| SheetColumn {
            heading: heading.clone(),
            kind: if at == 0 { Kind::Text } else { Kind::Whole },
            fill_in: None,
        })
        .collect();
    let mut above = vec![format!("{}: {}", heading(&table.sheet), table.title)];
    above.push(format!("This sheet has one table. {}", table.about.join(" ")));
    above.push(format!("Some counts are left out: {LEFT_OUT}. The sheet Notes says why, and what the words mean."));
    let mut sheet = Sheet::begin(&table.sheet, &above, &columns)?.unfiltered();
    for (name, line) in &table.rows {
        sheet.cell(&name.into(), None, None)?;
        for count in line {
            let cell: Cell<'_> = counts.shown(*count).map_or(LEFT_OUT.into(), Cell::from);
            sheet.cell(&cell, None, None)?;
        }
        sheet.end_row()?;
    }
    Ok(sheet)
}
