//! The funnel: rows for files, data, and text. Shares are cut off after one decimal, and those of few families said to be.

use super::files::table;
use super::folder::{Marker, OutFolder};
use super::screen::{Screen, number, plain_table};
use crate::error::Result;
use crate::forecast::funnel::{Funnel, Row, STAGES};
use crate::run::Outcome;
use crate::share::Ratio;
use crate::words::counted;
use serde_json::{Value, json};

/// The files of the funnel.
pub const NAMES: [&str; 3] = ["funnel.csv", "funnel_lost.csv", "funnel.json"];

/// What makes a folder known as a funnel's.
pub const MARKER: Marker = Marker { file: "funnel.json", program: "sfclaim funnel", spares: None };

/// The columns of `funnel.csv`: a row a name and stage, all families first.
pub const COLUMNS: [&str; 8] =
    ["by", "name", "stage", "families", "share_of_stage_before", "of_few", "known_elsewhere", "lost_before"];

/// The columns of `funnel_lost.csv`: a row a name, stage and reason.
pub const LOST_COLUMNS: [&str; 5] = ["by", "name", "stage_not_reached", "reason", "families"];

/// Whether the share of a stage is one of few families.
fn of_few(funnel: &Funnel, row: &Row, stage: usize) -> bool {
    stage > 0 && row.stages[stage - 1].families < funnel.few
}

fn share(row: &Row, stage: usize) -> String {
    row.rate(stage).map(Ratio::percent).unwrap_or_default()
}

fn all_rows(funnel: &Funnel) -> impl Iterator<Item = (&'static str, &Row)> {
    std::iter::once(("all", &funnel.all)).chain(funnel.rows.iter().map(|row| (funnel.by.word(), row)))
}

/// Writes the files.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, funnel: &Funnel) -> Result<()> {
    let rows = all_rows(funnel).flat_map(|(by, row)| {
        STAGES.iter().enumerate().map(move |(place, stage)| {
            let lost = if place == 0 { 0 } else { row.stages[place - 1].families - row.stages[place].families };
            vec![
                by.to_owned(),
                row.name.clone(),
                (*stage).to_owned(),
                row.stages[place].families.to_string(),
                share(row, place),
                if of_few(funnel, row, place) { "yes" } else { "no" }.to_owned(),
                row.stages[place].known_elsewhere.to_string(),
                lost.to_string(),
            ]
        })
    });
    table(folder, NAMES[0], &COLUMNS, rows)?;
    let lost = all_rows(funnel).flat_map(|(by, row)| {
        row.lost.iter().map(move |lost| {
            let cells = [by, &row.name, lost.stage, lost.reason].map(str::to_owned);
            cells.into_iter().chain([lost.families.to_string()]).collect()
        })
    });
    table(folder, NAMES[1], &LOST_COLUMNS, lost)?;
    folder.write(NAMES[2], format!("{:#}\n", data(outcome, funnel)).as_bytes())
}

/// The funnel as data.
pub fn data(outcome: &Outcome<'_>, funnel: &Funnel) -> Value {
    let row = |row: &Row| {
        let stages = STAGES.iter().enumerate().map(|(place, stage)| {
            json!({
                "stage": stage,
                "families": row.stages[place].families,
                "share_of_stage_before": row.rate(place).map(Ratio::percent),
                "of_few": of_few(funnel, row, place),
                "known_elsewhere": row.stages[place].known_elsewhere,
            })
        });
        let lost = row
            .lost
            .iter()
            .map(|lost| json!({ "stage_not_reached": lost.stage, "reason": lost.reason, "families": lost.families }));
        json!({
            "name": row.name,
            "stages": stages.collect::<Vec<Value>>(),
            "lost": lost.collect::<Vec<Value>>(),
            "results": row.results,
            "results_known_nowhere_else": row.results_only_here,
            "sentence": sentence(funnel, row),
        })
    };
    json!({
        "program": MARKER.program,
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": outcome.prepared.as_at.to_string(),
        "rules": outcome.rules.label(),
        "notices": outcome.rules.notices(outcome.prepared.as_at),
        "by": funnel.by.word(),
        "few": funnel.few,
        "all": row(&funnel.all),
        "rows": funnel.rows.iter().map(row).collect::<Vec<Value>>(),
    })
}

fn name(row: &Row) -> &str {
    if row.name.is_empty() { "(none)" } else { &row.name }
}

/// A row in sentences.
pub fn sentence(funnel: &Funnel, row: &Row) -> String {
    let [families, criteria, progress, ..] = row.stages;
    let few = |stage: usize| if of_few(funnel, row, stage) { ", a share of few" } else { "" };
    let said = |stage: usize| row.rate(stage).map_or("none".to_owned(), Ratio::percent);
    let of_criteria = match criteria.families {
        0 => String::new(),
        eligible => {
            format!(
                " ({} of those that meet the criteria)",
                Ratio::of_counts(row.results_only_here, eligible).percent()
            )
        }
    };
    format!(
        "{}: of {}, {} ({}{}) meet the criteria by the evidence here; of those {} ({}{}) have all outcomes met, {} of them known from another source too. {} were claimed or can be claimed now on it; {} of these {} known from here alone{of_criteria}.",
        name(row),
        counted(families.families, "family", "families"),
        number(criteria.families),
        said(1),
        few(1),
        number(progress.families),
        said(2),
        few(2),
        number(progress.known_elsewhere),
        number(row.results),
        number(row.results_only_here),
        if row.results_only_here == 1 { "is" } else { "are" },
    )
}

/// The funnel as text.
pub fn text(outcome: &Outcome<'_>, funnel: &Funnel, screen: Screen) -> String {
    let as_at = outcome.prepared.as_at;
    let by = funnel.by.word().replace('_', " ");
    let mut out = format!("Funnel by {by} as at {as_at}, by the rules of {}\n", outcome.rules.label());
    for notice in outcome.rules.notices(as_at) {
        out.push_str(&screen.wrapped(&notice, "  Note: ", "    "));
        out.push('\n');
    }
    let headings = ["Families", "Criteria", "Progress", "Sustained", "Attendance", "Not claimed", "Claimable"];
    let columns: Vec<(&str, bool)> =
        std::iter::once((by.as_str(), false)).chain(headings.iter().map(|heading| (*heading, true))).collect();
    let table = |cell: &dyn Fn(&Row, usize) -> String| {
        let rows = std::iter::once(&funnel.all).chain(&funnel.rows).map(|row| {
            let cells = (0..STAGES.len()).map(|stage| cell(row, stage));
            std::iter::once(name(row).to_owned()).chain(cells).collect::<Vec<String>>()
        });
        plain_table(&columns, &rows.collect::<Vec<_>>())
    };
    out.push_str("\nFamilies that reach each stage\n");
    out.push_str(&table(&|row, stage| number(row.stages[stage].families)));
    out.push_str("\nShare of the stage before\n");
    out.push_str(&table(&|row, stage| {
        let mark = if of_few(funnel, row, stage) && row.rate(stage).is_some() { "*" } else { "" };
        format!("{}{mark}", share(row, stage))
    }));
    let note = format!(
        "* a share of fewer than {}: one more or less moves it far.",
        counted(funnel.few, "family", "families")
    );
    out.push_str(&screen.wrapped(&note, "  ", "    "));
    out.push_str("\n\nOf those, known from another source too\n");
    out.push_str(&table(&|row, stage| number(row.stages[stage].known_elsewhere)));
    out.push('\n');
    for row in &funnel.rows {
        out.push_str(&screen.wrapped(&sentence(funnel, row), "", "  "));
        out.push('\n');
    }
    out.push_str("\nWhy families are lost, of all\n");
    let rows: Vec<Vec<String>> = funnel
        .all
        .lost
        .iter()
        .map(|lost| vec![lost.stage.replace('_', " "), lost.reason.to_owned(), number(lost.families)])
        .collect();
    out.push_str(&plain_table(&[("Stage not reached", false), ("Reason", false), ("Families", true)], &rows));
    out
}
