//! `report.html`: where the year stands, on one page with charts, each with its numbers as a table. No names and no ids, unless
//! the cases are asked for.
//!
//! - [`changeable`] the part in which target, places and payment can be changed, with the script that works it out.

mod changeable;

use crate::dates::{Date, first_of_month, in_words};
use crate::forecast::funnel::STAGES;
use crate::forecast::position::Position;
use crate::report::output::Table;
use crate::report::output::chart::{Chart, FanMonth};
use crate::report::output::html::{END, beginning_with, escaped, plain_table, table_of};
use crate::report::output::page::number;
use crate::report::output::workbook::heading;
use crate::report::views::check::decisions::child_rows;
use crate::report::views::forecast::{how_it_did, month_rows, months, trials};
use crate::report::views::funnel::{rows_by_stage, stages};
use crate::report::views::levers::{lever_rows, levers_table};
use crate::report::views::position::judged_by;
use crate::report::views::workbook::found::Found;
use crate::report::views::workbook::listed::{claim_now, claim_now_rows, waiting_rows};
use crate::rules::position::Rag;
use crate::share::Sessions;
use crate::words::counted;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The name of the page.
pub const NAME: &str = "report.html";

/// The page.
pub fn page(found: &Found<'_>, position: &Position, with_cases: bool) -> String {
    let outcome = found.outcome;
    let as_at = outcome.prepared.as_at;
    let script = found.forecast.as_ref().ok().and_then(changeable::script);
    let mut out = beginning_with(&format!("Supporting Families claims as at {}", in_words(as_at)), script);
    let _ = writeln!(out, "<p>By the rules of {}.</p>", escaped(&outcome.rules.label()));
    for notice in outcome.rules.notices(as_at) {
        let _ = writeln!(out, "<p class=\"warning\">Note: {}</p>", escaped(&notice));
    }
    out.push_str("<p>Rows and values after the as-at date were left out. Small counts are not left out: this page is for the council, and not for publication.</p>\n");
    stands(&mut out, found, position);
    if let Ok(forecast) = &found.forecast {
        changeable::section(&mut out, forecast);
    }
    maturity(&mut out, found);
    waterfall(&mut out, found);
    levers(&mut out, found);
    by_source(&mut out, found);
    attendance(&mut out, found);
    past_forecasts(&mut out, found);
    if with_cases {
        out.push_str("<section>\n<h2>Cases that can be claimed now</h2>\n");
        table_of(&mut out, "A row a period, by case", &claim_now(), claim_now_rows(outcome));
        out.push_str("</section>\n");
    }
    if let Some(script) = script {
        let _ = writeln!(out, "<script>{script}</script>");
    }
    out.push_str(END);
    out
}

/// The beginning of a section: its heading, and what it says in a sentence.
fn section(out: &mut String, title: &str, sentence: &str) {
    let _ = writeln!(out, "<section>\n<h2>{}</h2>\n<p>{}</p>", escaped(title), escaped(sentence));
}

fn month_of(day: Date) -> String {
    in_words(day).split_once(' ').map(|(_, month)| month.to_owned()).unwrap_or_default()
}

fn stands(out: &mut String, found: &Found<'_>, position: &Position) {
    let totals = &found.outcome.totals;
    let title = "Claims of the financial year against the target";
    let made = totals.approved_this_year + totals.submitted_this_year;
    let marks: Vec<(String, usize)> = totals
        .target
        .iter()
        .flat_map(|target| [("target".to_owned(), target.target), ("funded places".to_owned(), target.funded_places)])
        .collect();
    let against: Vec<String> = marks.iter().map(|(name, value)| format!("{name} {}", number(*value))).collect();
    let against = if against.is_empty() { "no target is known".to_owned() } else { against.join(", ") };
    let so_far = format!(
        "{} of {}: {} approved and {} waiting for a decision; {against}.",
        counted(made, "claim", "claims"),
        totals.financial_year,
        number(totals.approved_this_year),
        number(totals.submitted_this_year)
    );
    match &found.forecast {
        Err(why) => {
            section(out, title, &format!("{so_far} Nothing can be forecast: {why}"));
        }
        Ok(forecast) => {
            let fan: Vec<FanMonth> =
                forecast.months.iter().map(|at| (month_of(at.until), at.low, at.median, at.high)).collect();
            let end = forecast.months.last();
            let expected = end.map_or(String::new(), |end| {
                format!(
                    " By the year's end about {:.0} are expected, with a chance of {}% that it will be between {} and {}.",
                    end.expected,
                    forecast.of_a_hundred(),
                    number(end.low),
                    number(end.high)
                )
            });
            section(out, title, &format!("{so_far}{expected}"));
            let about = format!(
                "The range of claims by each month end, from the as-at date on, with its middle.{expected} Marks across: {against}."
            );
            out.push_str(&Chart { id: "position", title, about }.fan(&fan, &marks));
            table_of(out, "The forecast by month end", &months(), month_rows(forecast));
        }
    }
    let mut rows = vec![
        vec!["approved".to_owned(), number(totals.approved_this_year)],
        vec!["waiting for a decision".to_owned(), number(totals.submitted_this_year)],
    ];
    rows.extend(marks.iter().map(|(name, value)| vec![name.clone(), number(*value)]));
    plain_table(out, &format!("Claims of {}", totals.financial_year), &["What", "Claims"], &rows);
    let word = |rag: Option<Rag>| rag.map_or("not yet known".to_owned(), |rag| rag.to_string().to_uppercase());
    let judged: Vec<Vec<String>> = position
        .against
        .iter()
        .map(|of| vec![of.what.to_owned(), number(of.number), word(of.rag_to_date), word(of.rag_year_end)])
        .collect();
    if !judged.is_empty() {
        let headings =
            ["Against", "Number", "RAG rating to date", "RAG rating at the year's end, on the straight line"];
        plain_table(out, "RAG ratings", &headings, &judged);
        let _ = writeln!(out, "<p>{}</p>", escaped(&judged_by(position)));
    }
    out.push_str("</section>\n");
}

/// A section of bars with the same numbers as a table.
fn bars(out: &mut String, id: &str, title: &str, sentence: &str, of: (&str, &str), rows: &[(String, usize)]) {
    section(out, title, sentence);
    if !rows.is_empty() {
        let said: Vec<String> = rows.iter().map(|(name, value)| format!("{name} {}", number(*value))).collect();
        out.push_str(&Chart { id, title, about: format!("Bars: {}.", said.join("; ")) }.bars(rows));
        let cells: Vec<Vec<String>> = rows.iter().map(|(name, value)| vec![name.clone(), number(*value)]).collect();
        plain_table(out, title, &[of.0, of.1], &cells);
    }
}

fn maturity(out: &mut String, found: &Found<'_>) {
    let mut by_month: BTreeMap<(bool, Option<Date>), usize> = BTreeMap::new();
    for row in waiting_rows(found.outcome) {
        let month = row.decision.earliest_claim_on.map(first_of_month);
        *by_month.entry((month.is_none(), month)).or_insert(0) += 1;
    }
    let rows: Vec<(String, usize)> = by_month
        .into_iter()
        .map(|((_, month), count)| (month.map_or("no day known".to_owned(), month_of), count))
        .collect();
    let all: usize = rows.iter().map(|(_, count)| count).sum();
    let sentence = format!(
        "{} before a known day. Each is counted in the month in which it can be claimed at the earliest, if nothing new comes up.",
        counted(all, "period cannot be claimed", "periods cannot be claimed")
    );
    bars(out, "maturity", "When waiting periods can be claimed", &sentence, ("Month", "Periods"), &rows);
    out.push_str("</section>\n");
}

fn waterfall(out: &mut String, found: &Found<'_>) {
    let all = &found.funnel.all;
    let rows: Vec<(String, usize)> =
        STAGES.iter().zip(&all.stages).map(|(stage, of)| (heading(stage), of.families)).collect();
    let (first, last) = (all.stages[0].families, all.stages[STAGES.len() - 1].families);
    let sentence = format!(
        "Of {}, {} can be claimed now. A stage has the families that also reach every stage before it.",
        counted(first, "family", "families"),
        number(last)
    );
    bars(out, "waterfall", "From all families to those that can be claimed", &sentence, ("Stage", "Families"), &rows);
    let lost: Vec<Vec<String>> =
        all.lost.iter().map(|lost| vec![heading(lost.stage), lost.reason.to_owned(), number(lost.families)]).collect();
    plain_table(out, "Where families are lost", &["Stage not reached", "Reason", "Families"], &lost);
    out.push_str("</section>\n");
}

fn levers(out: &mut String, found: &Found<'_>) {
    let rows: Vec<(String, usize)> = found
        .levers
        .levers
        .iter()
        .filter(|lever| lever.alone > 0)
        .map(|lever| (format!("{}: {}", lever.entry.who.word().replace('_', " "), lever.entry.kind), lever.alone))
        .collect();
    let sentence = "Families that one thing alone holds back, by what it is and who can act on it.";
    section(out, "What holds families back", sentence);
    let about = rows.iter().map(|(name, value)| format!("{name} {}", number(*value))).collect::<Vec<_>>().join("; ");
    if !rows.is_empty() {
        out.push_str(&Chart { id: "levers", title: "What holds families back", about }.bars(&rows));
    }
    let table = levers_table();
    table_of(out, "Every lever", &table, lever_rows(found.outcome, &found.levers));
    out.push_str("</section>\n");
}

fn by_source(out: &mut String, found: &Found<'_>) {
    section(out, "How far families come, by source", "A family that several sources know is counted at each of them.");
    for (at, row) in found.funnel.rows.iter().enumerate() {
        let name = if row.name.is_empty() { "no source named".to_owned() } else { heading(&row.name) };
        let rows: Vec<(String, usize)> =
            STAGES.iter().zip(&row.stages).map(|(stage, of)| (heading(stage), of.families)).collect();
        let said: Vec<String> = rows.iter().map(|(stage, count)| format!("{stage} {}", number(*count))).collect();
        let _ = writeln!(out, "<h3>{}</h3>", escaped(&name));
        let chart = Chart { id: &format!("source{at}"), title: &name, about: format!("Bars: {}.", said.join("; ")) };
        out.push_str(&chart.bars(&rows));
    }
    table_of(out, "Every stage by source", &stages(), rows_by_stage(&found.funnel));
    out.push_str("</section>\n");
}

/// How far children's terms are from the threshold, in per cent of their possible sessions.
fn attendance(out: &mut String, found: &Found<'_>) {
    let threshold = found.outcome.rules.parameters.threshold;
    let edges = [-20i64, -10, -5, -2, 0, 2, 5];
    // The share less the threshold reaches an edge, exactly.
    let reaches = |sessions: Sessions, edge: i64| {
        let more = i128::from(100 * sessions.attended - edge * sessions.possible);
        let at_least = Sessions { attended: 0, possible: sessions.possible }.margin(threshold);
        let of_one = Sessions { attended: 1, possible: 0 }.margin(threshold);
        more * of_one / 100 + at_least >= 0
    };
    let mut counts = vec![0usize; edges.len() + 1];
    let mut without = 0usize;
    for row in child_rows(found.outcome) {
        match row.term.shown.filter(|sessions| sessions.plausible()) {
            None => without += 1,
            Some(sessions) => counts[edges.iter().filter(|edge| reaches(sessions, **edge)).count()] += 1,
        }
    }
    let name = |at: usize| match (at.checked_sub(1).map(|before| edges[before]), edges.get(at)) {
        (None, _) => format!("more than {} below", -edges[0]),
        (Some(from), Some(to)) if *to <= 0 => format!("{} to {} below", -to, -from),
        (Some(from), Some(to)) => format!("{from} to {to} above"),
        (Some(from), None) => format!("{from} or more above"),
    };
    let rows: Vec<(String, usize)> = counts.iter().enumerate().map(|(at, count)| (name(at), *count)).collect();
    let sentence = format!(
        "Terms of children that were looked at, by how many percentage points they are from {threshold}%. Exactly {threshold}% is 0 above. {} without figures.",
        counted(without, "term is", "terms are")
    );
    let title = format!("How far children were above or below {threshold}%");
    bars(out, "attendance", &title, &sentence, ("Percentage points", "Terms of children"), &rows);
    out.push_str("</section>\n");
}

/// How past forecasts did: what came against the range that was said.
fn past_forecasts(out: &mut String, found: &Found<'_>) {
    let tried = found.forecast.as_ref().ok().and_then(|forecast| forecast.backtest.as_ref());
    let Some(backtest) = tried.filter(|backtest| !backtest.trials.is_empty()) else { return };
    let title = "How the forecast would have done in past years";
    section(out, title, &how_it_did(backtest));
    let rows: Vec<(String, (usize, usize), usize)> = backtest
        .trials
        .iter()
        .map(|trial| (format!("{} after quarter {}", trial.financial_year, trial.quarter), trial.range, trial.came))
        .collect();
    let said: Vec<String> = rows
        .iter()
        .map(|(name, (low, high), came)| {
            format!("{name} {} to {}, came {}", number(*low), number(*high), number(*came))
        })
        .collect();
    let about = format!("The range that would have been forecast, and a diamond at what came: {}.", said.join("; "));
    out.push_str(&Chart { id: "backtest", title, about }.ranges(&rows));
    let shown = [
        "from",
        "financial_year",
        "quarter",
        "claims_so_far",
        "claims_that_came",
        "straight_line",
        "seasonal_straight_line",
        "forecast",
        "low",
        "high",
        "inside_range",
    ];
    let table = Table::of("past_forecasts", "A row a past quarter end.").with(trials(), &shown);
    table_of(out, "Every past forecast", &table, &backtest.trials);
    out.push_str("</section>\n");
}
