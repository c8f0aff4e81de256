//! The funnel: rows for files, data, and text. Shares are rounded to one decimal, and those of few families said to be.
//! Practitioners are named in files; on a screen only where asked for.

use super::files::table;
use super::folder::{Marker, OutFolder};
use super::left_out::with_run;
use super::screen::{Screen, number, plain_table, shortened};
use crate::error::Result;
use crate::forecast::funnel::{By, Funnel, FunnelRow as Row, STAGES};
use crate::run::Outcome;
use crate::share::Ratio;
use crate::words::counted;
use serde_json::{Value, json};

/// The files of the funnel.
pub const NAMES: [&str; 3] = ["funnel.csv", "funnel_lost.csv", "funnel.json"];

/// What makes a folder known as a funnel's.
pub const MARKER: Marker = Marker { file: "funnel.json", program: "sfclaim funnel", spares: None };

/// The columns of `funnel.csv`: a row a name and stage, all families first.
pub const COLUMNS: [&str; 12] = [
    "by",
    "name",
    "stage",
    "families",
    "share_of_stage_before",
    "of_few",
    "known_elsewhere",
    "lost_before",
    "claimed",
    "results",
    "results_known_nowhere_else",
    "share_of_criteria_met",
];

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

/// Claimed, results, those known nowhere else, and their share of the families that meet the criteria.
fn results(row: &Row) -> [String; 4] {
    let counts = [row.claimed(), row.results, row.results_only_here].map(|count| count.to_string());
    let [claimed, results, only_here] = counts;
    [claimed, results, only_here, row.share_only_here().map(Ratio::percent).unwrap_or_default()]
}

/// The same with practitioners by number in place of name, for a screen: by their order in the funnel's names.
pub fn unnamed(funnel: Funnel) -> Funnel {
    if funnel.by != By::LeadPractitioner {
        return funnel;
    }
    let mut names: Vec<String> =
        funnel.rows.iter().map(|row| row.name.clone()).filter(|name| !name.is_empty()).collect();
    names.sort();
    let mut funnel = funnel;
    for row in &mut funnel.rows {
        if let Ok(place) = names.binary_search(&row.name) {
            row.name = format!("practitioner {}", place + 1);
        }
    }
    funnel
}

/// Writes the files.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, funnel: &Funnel) -> Result<()> {
    let rows = all_rows(funnel).flat_map(|(by, row)| {
        STAGES.iter().enumerate().map(move |(place, stage)| {
            let lost = if place == 0 { 0 } else { row.stages[place - 1].families - row.stages[place].families };
            let mut cells = vec![
                by.to_owned(),
                row.name.clone(),
                (*stage).to_owned(),
                row.stages[place].families.to_string(),
                share(row, place),
                if of_few(funnel, row, place) { "yes" } else { "no" }.to_owned(),
                row.stages[place].known_elsewhere.to_string(),
                lost.to_string(),
            ];
            // Once a name, so that nobody adds them up over the stages.
            let results = if place + 1 == STAGES.len() { results(row) } else { Default::default() };
            cells.extend(results);
            cells
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
            "claimed": row.claimed(),
            "results": row.results,
            "results_known_nowhere_else": row.results_only_here,
            "share_of_criteria_met": row.share_only_here().map(Ratio::percent),
            "sentence": sentence(funnel, row),
        })
    };
    let found = json!({
        "by": funnel.by.word(),
        "few": funnel.few,
        "sentences": sentences(funnel),
        "notes": notes(funnel),
        "all": row(&funnel.all),
        "rows": funnel.rows.iter().map(row).collect::<Vec<Value>>(),
    });
    with_run(MARKER.program, outcome, found)
}

/// The sentences that are shown: on all families, and on the rows that are told.
fn sentences(funnel: &Funnel) -> Vec<String> {
    std::iter::once(&funnel.all).chain(funnel.told()).map(|row| sentence(funnel, row)).collect()
}

/// What is said of the tables.
fn notes(funnel: &Funnel) -> Vec<String> {
    let mut notes = vec![
        format!("* a share of fewer than {}: one more or less moves it far.", counted(funnel.few, "family", "families")),
        "What was claimed had passed sustained and attendance when it was claimed: it is not judged again by the terms of today, and is lost at \"not claimed before\" (Unclaimed) only.".to_owned(),
        "Results: claimed and claimable families, on the needs recorded here. Nowhere else: those that no other source knows, and their share of the families that meet the criteria.".to_owned(),
    ];
    let told = funnel.told();
    if told.len() < funnel.rows.len() {
        notes.push(format!(
            "Of {}, those are told that have the greatest and the least share of families with a result, of {} or more. funnel.csv (--out DIR) has all.",
            number(funnel.rows.len()),
            counted(funnel.few, "family", "families")
        ));
    }
    if funnel.rows.iter().any(|row| row.name.is_empty()) {
        notes.push(format!("(none): cases that name no {}.", by_words(funnel)));
    }
    notes
}

fn by_words(funnel: &Funnel) -> String {
    funnel.by.word().replace('_', " ")
}

fn name(row: &Row) -> &str {
    if row.name.is_empty() { "(none)" } else { &row.name }
}

/// A row in sentences.
pub fn sentence(funnel: &Funnel, row: &Row) -> String {
    let [families, criteria, progress, ..] = row.stages;
    let few = |stage: usize| if of_few(funnel, row, stage) { ", a share of few" } else { "" };
    let said = |stage: usize| row.rate(stage).map_or("none".to_owned(), Ratio::percent);
    let of_criteria = match row.share_only_here() {
        None => String::new(),
        Some(share) => format!(" ({} of those that meet the criteria)", share.percent()),
    };
    let is_all = std::ptr::eq(row, &funnel.all);
    let on_it = if is_all { "" } else { " on it" };
    let here = if is_all { "" } else { " by the evidence here" };
    format!(
        "{}: of {}, {} ({}{}) meet the criteria{here}; of those {} ({}{}) have all outcomes met, {} of them known from {} too. {} {} claimed and {} can be claimed now{on_it}; {} of these {} known from {} alone{of_criteria}.",
        name(row),
        counted(families.families, "family", "families"),
        number(criteria.families),
        said(1),
        few(1),
        number(progress.families),
        said(2),
        few(2),
        number(progress.known_elsewhere),
        if is_all { "a second source" } else { "another source" },
        number(row.claimed()),
        if row.claimed() == 1 { "was" } else { "were" },
        number(row.stages[6].families),
        number(row.results_only_here),
        if row.results_only_here == 1 { "is" } else { "are" },
        if is_all { "one source" } else { "here" },
    )
}

/// A name that leaves room for seven columns.
fn short_name(row: &Row) -> String {
    shortened(name(row), 24)
}

/// The funnel as text.
pub fn text(outcome: &Outcome<'_>, funnel: &Funnel, screen: Screen) -> String {
    let as_at = outcome.prepared.as_at;
    let by = by_words(funnel);
    let mut out = format!("Funnel by {by} as at {as_at}, by the rules of {}\n", outcome.rules.label());
    let say = |out: &mut String, text: &str, first: &str, others: &str| {
        out.push_str(&screen.wrapped(text, first, others));
        out.push('\n');
    };
    for notice in outcome.rules.notices(as_at) {
        say(&mut out, &notice, "  Note: ", "    ");
    }
    let headings = ["Families", "Criteria", "Progress", "Sustained", "Attended", "Unclaimed", "Claimable"];
    let stages: Vec<(&str, bool)> =
        std::iter::once((by.as_str(), false)).chain(headings.iter().map(|heading| (*heading, true))).collect();
    let table = |rows: &[&Row], cell: &dyn Fn(&Row, usize) -> String| {
        let rows = std::iter::once(&funnel.all).chain(rows.iter().copied()).map(|row| {
            let cells = (0..STAGES.len()).map(|stage| cell(row, stage));
            std::iter::once(short_name(row)).chain(cells).collect::<Vec<String>>()
        });
        plain_table(&stages, &rows.collect::<Vec<_>>())
    };
    let (every, told): (Vec<&Row>, Vec<&Row>) = (funnel.rows.iter().collect(), funnel.told());
    let of_told = if told.len() < every.len() { ", of the rows told below" } else { "" };
    out.push_str("\nFamilies that reach each stage\n");
    out.push_str(&table(&every, &|row, stage| number(row.stages[stage].families)));
    out.push_str(&format!("\nShare of the stage before{of_told}\n"));
    out.push_str(&table(&told, &|row, stage| {
        let mark = if of_few(funnel, row, stage) && row.rate(stage).is_some() { "*" } else { "" };
        format!("{}{mark}", share(row, stage))
    }));
    out.push_str(&format!("\nOf those that reach a stage, known from another source too{of_told}\n"));
    out.push_str(&table(&told, &|row, stage| number(row.stages[stage].known_elsewhere)));
    out.push_str(&format!("\nResults{of_told}\n"));
    let rows = std::iter::once(&funnel.all).chain(told).map(|row| {
        let [_, _, _, share] = results(row);
        let counts = [row.claimed(), row.stages[6].families, row.results, row.results_only_here].map(number);
        std::iter::once(short_name(row)).chain(counts).chain([share]).collect::<Vec<String>>()
    });
    let columns = [
        (by.as_str(), false),
        ("Claimed", true),
        ("Claimable", true),
        ("Results", true),
        ("Nowhere else", true),
        ("Share", true),
    ];
    out.push_str(&plain_table(&columns, &rows.collect::<Vec<_>>()));
    for note in notes(funnel) {
        say(&mut out, &note, "  ", "    ");
    }
    out.push('\n');
    for sentence in sentences(funnel) {
        say(&mut out, &sentence, "", "  ");
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
