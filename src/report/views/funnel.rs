//! The funnel: rows for files, data, and text. Shares are rounded to one decimal, and those of few families said to be.
//! Practitioners are named in files; on a screen only where asked for.

use crate::error::Result;
use crate::forecast::funnel::{By, Funnel, FunnelRow as Row, Lost, STAGES};
use crate::report::output::Kind::{Share, Text, Whole};
use crate::report::output::cell::YES_NO;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen, number, plain_table, shortened};
use crate::report::output::{Cell, Table};
use crate::report::views::left_out::with_run;
use crate::report::views::view::View;
use crate::run::Outcome;
use crate::share::Ratio;
use crate::words::counted;
use serde_json::{Value, json};

/// The files of the funnel.
pub const NAMES: [&str; 3] = ["funnel.csv", "funnel_lost.csv", "funnel.json"];

/// What makes a folder known as a funnel's.
pub const MARKER: Marker = Marker { file: "funnel.json", program: "sfclaim funnel", spares: None };

/// A row of `funnel`: a name at a stage.
pub struct StageRow<'a> {
    funnel: &'a Funnel,
    by: &'static str,
    row: &'a Row,
    stage: usize,
}

/// A row of `funnel_lost`.
pub struct LostRow<'a> {
    by: &'static str,
    name: &'a str,
    lost: &'a Lost,
}

impl StageRow<'_> {
    /// Something of the whole name: it stands in its last row, so that nobody adds it up over the stages.
    fn once<'a, C: Into<Cell<'a>>>(&self, of: impl Fn(&Row) -> C) -> Cell<'a> {
        (self.stage + 1 == STAGES.len()).then(|| of(self.row)).into()
    }
}

/// The table `funnel`.
pub fn stages<'a>() -> Table<StageRow<'a>> {
    Table::<StageRow<'a>>::of("funnel", "A row a name and stage; first the stages of all families.")
        .column("by", Text, |row| row.by.into())
        .about("`all`, or the column that rows are made by")
        .in_files_alone()
        .column("name", Text, |row| (&row.row.name).into())
        .about("its value, blank for cases without one")
        .in_files_alone()
        .column("stage", Text, |row| STAGES[row.stage].into())
        .about("the stage")
        .column("families", Whole, |row| row.row.stages[row.stage].families.into())
        .about("the families that reach it")
        .column("share_of_stage_before", Share, |row| {
            row.row.rate(row.stage).map(Ratio::percent).map(Cell::share).into()
        })
        .about("per cent, rounded to one decimal")
        .column("of_few", YES_NO, |row| of_few(row.funnel, row.row, row.stage).into())
        .about("`yes`: of fewer than 20 families")
        .column("known_elsewhere", Whole, |row| row.row.stages[row.stage].known_elsewhere.into())
        .about("those of the stage that another source knows too")
        .column("lost_before", Whole, |row| lost_before(row).into())
        .about("families that reach the stage before and not this one")
        .in_files_alone()
        .column("claimed", Whole, |row| row.once(Row::claimed))
        .about("only in the row of `claimable`: families claimed")
        .in_files_alone()
        .column("results", Whole, |row| row.once(|row| row.results))
        .about("the same row: those and the claimable")
        .in_files_alone()
        .column("results_known_nowhere_else", Whole, |row| row.once(|row| row.results_only_here))
        .about("the same row: results that no other source knows")
        .in_files_alone()
        .column("share_of_criteria_met", Share, |row| {
            row.once(|row| row.share_only_here().map(Ratio::percent).map(Cell::share))
        })
        .about("the same row: their share of the families that meet the criteria")
        .in_files_alone()
}

/// The table `funnel_lost`.
pub fn losses<'a>() -> Table<LostRow<'a>> {
    Table::<LostRow<'a>>::of("funnel_lost", "A row a name, stage and reason.")
        .column("by", Text, |row| row.by.into())
        .about("as in `funnel`")
        .in_files_alone()
        .column("name", Text, |row| row.name.into())
        .about("as in `funnel`")
        .in_files_alone()
        .column("stage_not_reached", Text, |row| row.lost.stage.into())
        .about("the stage that the families did not reach")
        .column("reason", Text, |row| row.lost.reason.into())
        .about("why")
        .column("families", Whole, |row| row.lost.families.into())
        .about("how many")
}

fn lost_before(row: &StageRow<'_>) -> usize {
    let stages = &row.row.stages;
    if row.stage == 0 { 0 } else { stages[row.stage - 1].families - stages[row.stage].families }
}

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

/// What `sfclaim funnel` shows.
pub struct FunnelView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The funnel, with every name: the files have them.
    pub found: Funnel,
    /// The same as it is shown: [`unnamed`], or not.
    pub shown: Funnel,
}

impl View for FunnelView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        write(folder, self.outcome, &self.found)
    }

    fn data(&self) -> Value {
        data(self.outcome, &self.shown)
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(text(self.outcome, &self.shown, screen))
    }
}

/// Writes the files.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, funnel: &Funnel) -> Result<()> {
    stages().write(folder, rows_by_stage(funnel))?;
    let lost = all_rows(funnel).flat_map(|(by, row)| lost_rows(by, row));
    losses().write(folder, lost)?;
    json_file(folder, NAMES[2], &data(outcome, funnel))
}

/// The rows of `funnel`.
pub fn rows_by_stage(funnel: &Funnel) -> impl Iterator<Item = StageRow<'_>> {
    all_rows(funnel).flat_map(|(by, row)| stage_rows(funnel, by, row))
}

fn stage_rows<'a>(funnel: &'a Funnel, by: &'static str, row: &'a Row) -> impl Iterator<Item = StageRow<'a>> {
    (0..STAGES.len()).map(move |stage| StageRow { funnel, by, row, stage })
}

fn lost_rows<'a>(by: &'static str, row: &'a Row) -> impl Iterator<Item = LostRow<'a>> {
    row.lost.iter().map(move |lost| LostRow { by, name: &row.name, lost })
}

/// The funnel as data.
pub fn data<'a>(outcome: &Outcome<'_>, funnel: &'a Funnel) -> Value {
    let (of_stages, of_losses) = (stages(), losses());
    let row = |row: &'a Row| {
        let stages = stage_rows(funnel, "", row).map(|stage| of_stages.json(&stage));
        let lost = lost_rows("", row).map(|lost| of_losses.json(&lost));
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
        "Claimed families passed sustained and attendance when they were claimed. They are not tested again by the terms of today, and drop out only at \"not claimed before\" (Unclaimed).".to_owned(),
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
    let mut out = Page::on(screen);
    out.line(&format!("Funnel by {by} as at {as_at}, by the rules of {}", outcome.rules.label()));
    for notice in outcome.rules.notices(as_at) {
        out.note(&notice);
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
    out.heading("Families that reach each stage");
    out.add(&table(&every, &|row, stage| number(row.stages[stage].families)));
    out.heading(&format!("Share of the stage before{of_told}"));
    out.add(&table(&told, &|row, stage| {
        let mark = if of_few(funnel, row, stage) && row.rate(stage).is_some() { "*" } else { "" };
        format!("{}{mark}", share(row, stage))
    }));
    out.heading(&format!("Of those that reach a stage, known from another source too{of_told}"));
    out.add(&table(&told, &|row, stage| number(row.stages[stage].known_elsewhere)));
    out.heading(&format!("Results{of_told}"));
    let rows = std::iter::once(&funnel.all).chain(told).map(|row| {
        let share = row.share_only_here().map(Ratio::percent).unwrap_or_default();
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
    out.table(&columns, &rows.collect::<Vec<_>>());
    for note in notes(funnel) {
        out.item(&note);
    }
    out.gap();
    for sentence in sentences(funnel) {
        out.say(&sentence);
    }
    out.heading("Why families are lost, of all");
    let rows: Vec<Vec<String>> = funnel
        .all
        .lost
        .iter()
        .map(|lost| vec![lost.stage.replace('_', " "), lost.reason.to_owned(), number(lost.families)])
        .collect();
    out.table(&[("Stage not reached", false), ("Reason", false), ("Families", true)], &rows);
    out.done()
}
