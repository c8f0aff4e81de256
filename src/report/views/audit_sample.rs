//! A sample of claims for internal audit, and the list that it was drawn from: rows for files, data, and text.

use crate::decide::drawn::{Drawn, Listed};
use crate::error::Result;
use crate::report::output::Kind::{Text, Whole};
use crate::report::output::Table;
use crate::report::output::cell::YES_NO;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen, number};
use crate::report::views::left_out::with_run;
use crate::report::views::view::View;
use crate::run::Outcome;
use crate::words::counted;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The files of a sample.
pub const NAMES: [&str; 3] = ["audit_sample.csv", "audit_frame.csv", "audit_sample.json"];

/// What makes a folder known as a sample's.
pub const MARKER: Marker = Marker { file: "audit_sample.json", program: "sfclaim audit-sample", spares: None };

fn with_columns<'a>(table: Table<Listed<'a>>) -> Table<Listed<'a>> {
    table
        .column("case_id", Text, |row| (&row.decision.case_id).into())
        .about("the case that names the period")
        .column("family_id", Text, |row| (&row.decision.family_id).into())
        .about("the family")
        .column("team", Text, |row| row.team.into())
        .about("of the period's latest case that names one")
        .column("kind", Text, |row| row.kind.into())
        .about("`first` or `reclaim`. With the team it makes the stratum")
        .column("order", Text, |row| row.print.to_string().into())
        .about("the SHA-256 of the seed, a colon and the case: the order within the stratum")
        .column("place", Whole, |row| row.place.into())
        .about("the place in that order")
        .column("of", Whole, |row| row.of.into())
        .about("how many claims the stratum has")
        .column("taken", YES_NO, |row| row.taken.into())
        .about("whether the claim is in the sample")
}

/// The table `audit_sample`.
pub fn sample<'a>() -> Table<Listed<'a>> {
    with_columns(Table::of("audit_sample", "A row a claim of the sample, by case."))
}

/// The table `audit_frame`.
pub fn frame<'a>() -> Table<Listed<'a>> {
    with_columns(Table::of("audit_frame", "A row a claimable period, which is the list that is sampled from, by case."))
}

/// What `sfclaim audit-sample` shows.
pub struct AuditSampleView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The sample.
    pub drawn: Drawn<'a>,
    /// How many in a hundred were asked for.
    pub percent: u32,
    /// The seed.
    pub seed: u64,
}

impl AuditSampleView<'_> {
    fn taken(&self) -> usize {
        self.drawn.frame.iter().filter(|one| one.taken).count()
    }

    /// Of each stratum how many there are and how many are taken.
    fn strata(&self) -> BTreeMap<(&str, &str), (usize, usize)> {
        let mut strata = BTreeMap::new();
        for one in &self.drawn.frame {
            let (all, taken) = strata.entry((one.team, one.kind)).or_insert((0, 0));
            *all += 1;
            *taken += usize::from(one.taken);
        }
        strata
    }
}

impl View for AuditSampleView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        sample().write(folder, self.drawn.frame.iter().filter(|one| one.taken).cloned())?;
        frame().write(folder, self.drawn.frame.iter().cloned())?;
        json_file(folder, NAMES[2], &self.data())
    }

    fn data(&self) -> Value {
        let strata = self
            .strata()
            .into_iter()
            .map(|((team, kind), (all, taken))| json!({ "team": team, "kind": kind, "claims": all, "taken": taken }));
        let table = sample();
        let taken = self.drawn.frame.iter().filter(|one| one.taken);
        let found = json!({
            "percent": self.percent,
            "seed": self.seed,
            "frame_sha256": self.drawn.frame_sha256.to_string(),
            "claims": self.drawn.frame.len(),
            "taken": self.taken(),
            "strata": strata.collect::<Vec<Value>>(),
            "sample": taken.map(|one| table.json(one)).collect::<Vec<Value>>(),
        });
        with_run(MARKER.program, self.outcome, found)
    }

    fn text(&self, screen: Screen) -> Result<String> {
        let mut out = Page::on(screen);
        let as_at = self.outcome.prepared.as_at;
        out.line(&format!("Audit sample as at {as_at}, by the rules of {}", self.outcome.rules.label()));
        for notice in self.outcome.rules.notices(as_at) {
            out.note(&notice);
        }
        out.say(&format!(
            "{} of {}: {} in a hundred of each team and kind, rounded up.",
            number(self.taken()),
            counted(self.drawn.frame.len(), "claimable period", "claimable periods"),
            self.percent
        ));
        out.line(&format!("Seed: {}", self.seed));
        out.line(&format!("SHA-256 of the list sampled from: {}", self.drawn.frame_sha256));
        out.gap();
        let named = |word: &str| if word.is_empty() { "(none)".to_owned() } else { word.to_owned() };
        let rows: Vec<Vec<String>> = self
            .strata()
            .into_iter()
            .map(|((team, kind), (all, taken))| vec![named(team), named(kind), number(all), number(taken)])
            .collect();
        out.table(&[("Team", false), ("Kind", false), ("Claimable", true), ("Taken", true)], &rows);
        out.gap();
        let cases: Vec<&str> =
            self.drawn.frame.iter().filter(|one| one.taken).map(|one| one.decision.case_id.as_str()).collect();
        out.say(&format!("Taken: {}", if cases.is_empty() { "none".to_owned() } else { cases.join(", ") }));
        Ok(out.done())
    }
}
