//! How good the forecast is on many invented authorities: coverage of its 80% range and mean absolute error at the end of
//! the first three quarters, beside both straight lines. Each forecast sees the records as they stood on its day: claims and
//! outcomes that are put in late are not there yet. Long, so that it runs only when asked for:
//!
//! `cargo test --release --test forecast_study -- --ignored --nocapture` with, in the environment, `STUDY=1000`
//! authorities, `STUDY_FIRST` the first seed, `STUDY_KIND` one of [`Kind`], `STUDY_CELLS=1` for the kinds of family.

#![allow(clippy::all, reason = "a study, to be read from top to bottom")]

mod support;

use sfclaim::dates::{Date, Span, add_days};
use sfclaim::forecast::assumed::Assumed;
use sfclaim::forecast::backtest::seasonal_line;
use sfclaim::forecast::cells::{CELLS, ConversionCell};
use sfclaim::forecast::made::standing;
use sfclaim::forecast::projection::projection;
use sfclaim::forecast::prospect::family_states;
use sfclaim::forecast::replay::{Alike, replay};
use sfclaim::forecast::straight_line::straight_line;
use sfclaim::rules::pack::Pack;
use sfclaim::rules::targets::financial_year;
use sfclaim::run::{decided, prepare};
use sfclaim::sample::{self, AttendanceForm, Profile, Sink, Spec};
use sfclaim::validate::rows::ClaimOutcome;
use std::collections::{BTreeMap, BTreeSet};
use support::{Table, loaded, question};

/// Rows in memory.
#[derive(Default)]
struct InMemory(Vec<Table>);

impl Sink for InMemory {
    fn begin(&mut self, tables: &[&'static sample::Table]) -> Result<(), sample::Error> {
        for table in tables {
            let columns = table.columns.iter().map(|column| column.name.to_owned()).collect();
            self.0.push(Table { file: format!("{}.csv", table.name), columns, rows: Vec::new() });
        }
        Ok(())
    }
    fn row(&mut self, table: &'static sample::Table, cells: &[&str]) -> Result<(), sample::Error> {
        let file = format!("{}.csv", table.name);
        let table = self.0.iter_mut().find(|known| known.file == file).unwrap();
        table.rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
        Ok(())
    }
    fn finish(&mut self) -> Result<(), sample::Error> {
        Ok(())
    }
}

/// A repeatable number from 0 to 1.
fn unit(seed: u64, what: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ what.wrapping_mul(0xD1B5_4A32_D192_ED03);
    for _ in 0..3 {
        x ^= x >> 30;
        x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x ^= x >> 27;
    }
    (x >> 11) as f64 / (1u64 << 53) as f64
}

/// What the authorities of a study are like.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Claimed as they get ready, with six to eight quarter ends to learn from.
    Ready,
    /// The same a year earlier, with two to four.
    Early,
    /// Places decide how many are claimed: the sample's own rates.
    Places,
}

impl Kind {
    fn asked() -> Kind {
        match std::env::var("STUDY_KIND").as_deref() {
            Ok("early") => Kind::Early,
            Ok("places") => Kind::Places,
            _ => Kind::Ready,
        }
    }

    /// The days from which the year's end is forecast, and the year's end.
    fn days(self) -> ([&'static str; 3], &'static str) {
        match self {
            Kind::Early => (["2023-06-30", "2023-09-30", "2023-12-31"], "2024-03-31"),
            Kind::Ready | Kind::Places => (["2024-06-30", "2024-09-30", "2024-12-31"], "2025-03-31"),
        }
    }
}

/// An authority of its own kind: size, shocks, seasons, batches and how readily claims are made all differ.
fn spec(kind: Kind, seed: u64) -> Spec {
    let between = |what: u64, low: f64, high: f64| low + (high - low) * unit(seed, what);
    let mut profile = Profile::invented().unwrap();
    if kind != Kind::Places {
        let text = format!(
            "handed_in = {}\nseason = [{}, {}, {}, {}]\nquarter_shock = {}\nclaim_batch = {}",
            between(1, 0.15, 0.6),
            between(2, 0.7, 1.3),
            between(3, 0.7, 1.3),
            between(4, 0.7, 1.3),
            between(5, 0.7, 1.6),
            between(6, 0.2, 0.4),
            between(7, 0.0, 0.15),
        );
        profile.claims.unsteady = Some(toml::from_str(&text).unwrap());
        profile.claims.results.clear();
        // More places than there will be claims, so that none is short.
        profile.claims.places = 1.0;
        profile.claims.all_at_the_end = 0.0;
    }
    profile.attendance.kept_months = 48;
    // What is put in late is hidden by the study itself.
    profile.work.recorded_late = 0.0;
    Spec {
        families: between(8, 150.0, 700.0) as u64,
        seed,
        from: "2021-04-01".parse().unwrap(),
        until: kind.days().1.parse().unwrap(),
        attendance: AttendanceForm::Totals,
        boundaries_at: None,
        profile,
    }
}

/// A repeatable number from 0 to 1 for a text.
fn unit_of(seed: u64, text: &str) -> f64 {
    unit(seed, text.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))))
}

/// The tables as they stood on a day: in each authority a share of up to 0.3 of claims and outcomes is put in late, by up to
/// sixty days.
fn as_they_stood(tables: &[Table], seed: u64, on: Date) -> Vec<Table> {
    let is_hidden = |key: &str, day: &str, share: f64| {
        let Ok(day) = day.parse::<Date>() else { return false };
        let days = if unit_of(seed, key) < share { (1.0 + 59.0 * unit_of(seed ^ 1, key)) as i32 } else { 0 };
        add_days(day, days) > on
    };
    let mut tables = tables.to_vec();
    for table in &mut tables {
        let at = |name: &str| table.columns.iter().position(|column| column == name).unwrap();
        match table.file.as_str() {
            "claims.csv" => {
                let (id, day) = (at("claim_id"), at("submitted_on"));
                table.rows.retain(|row| !is_hidden(&row[id], &row[day], 0.3 * unit(seed, 20)));
            }
            "criteria.csv" => {
                let (outcome, relapsed, result) = (at("outcome_on"), at("relapsed_on"), at("result"));
                let key = [at("case_id"), at("criterion"), at("person_id")];
                for row in &mut table.rows {
                    let key: Vec<&str> = key.iter().map(|place| row[*place].as_str()).collect();
                    if is_hidden(&key.join("/"), &row[outcome], 0.3 * unit(seed, 21)) {
                        for place in [outcome, relapsed, result] {
                            row[place].clear();
                        }
                    }
                }
            }
            _ => {}
        }
    }
    tables
}

#[derive(Clone, Copy, Debug)]
struct Tried {
    truth: f64,
    expected: f64,
    inside: bool,
    pit: f64,
    width: f64,
    straight: f64,
    seasonal: f64,
    deviation: f64,
    /// By kind of family today, then families to come: expected and claimed.
    cells: [(f64, f64); CELLS + 1],
}

fn try_one(kind: Kind, seed: u64, pack: &Pack) -> Vec<Tried> {
    let spec = spec(kind, seed);
    let mut rows = InMemory::default();
    let calendar = pack.calendar.as_ref().unwrap();
    sample::generate(&spec, calendar.terms(), &mut rows, &mut |_, _| {}).unwrap();
    let (days, year_end) = kind.days();
    let came = prepare(&loaded(&rows.0).unwrap(), pack, &question(year_end, &[], None).unwrap()).unwrap();
    let assumed = Assumed::of(&pack.assumptions, Default::default()).unwrap();
    let mut tried = Vec::new();
    for (quarter, as_at) in days.into_iter().enumerate() {
        let day: Date = as_at.parse().unwrap();
        let (_, year) = financial_year(day, Default::default());
        let then = as_they_stood(&rows.0, seed, day);
        let prepared = prepare(&loaded(&then).unwrap(), pack, &question(as_at, &[], None).unwrap()).unwrap();
        let replayed = replay(&prepared, Alike { rules: &prepared.rules, passed_over: &[] }, assumed.quarters);
        let now = decided(&prepared.register, &prepared.rules, day);
        let states = family_states(&now.linked, &now.decisions, &prepared.rules);
        let projection = projection(&prepared.register, &replayed.past, &states, day, &assumed);
        let found = projection.by(year.to);
        let all_standing = |known: &sfclaim::validate::Register, days: Span, on: Date| {
            let (approved, pending) = standing(known, days, on);
            approved + pending
        };
        let truth = all_standing(&came.register, year, year.to);
        let so_far = all_standing(&prepared.register, Span { from: year.from, to: day }, day);
        let straight = straight_line(so_far, day, year);
        let seasonal = seasonal_line(&prepared.register, day, so_far, prepared.year_starts).unwrap_or(straight);
        let (low, high) = (found.percentile(10.0), found.percentile(90.0));
        let below = if truth == 0 { 0.0 } else { found.at_most(truth - 1) };

        let claimed: BTreeSet<&str> = came
            .register
            .claims
            .iter()
            .flatten()
            .filter_map(|claim| claim.known_at(year.to).map(|known| (claim, known)))
            .filter(|(claim, known)| {
                claim.submitted_on > day
                    && claim.submitted_on <= year.to
                    && !matches!(known.outcome, ClaimOutcome::Rejected | ClaimOutcome::Withdrawn)
            })
            .map(|(claim, _)| claim.family_id.as_str())
            .collect();
        let mut cells = [(0.0, 0.0); CELLS + 1];
        let of: BTreeMap<&str, usize> =
            states.iter().map(|state| (state.family.as_str(), ConversionCell::of(state).place())).collect();
        let parts = projection.parts(year.to);
        for (group, expected) in projection.groups.iter().zip(&parts.groups) {
            cells[group.cell.place()].0 += expected;
        }
        cells[CELLS - 1].0 = parts.families_to_come + parts.without_case;
        for family in &claimed {
            cells[of.get(*family).copied().unwrap_or(CELLS - 1)].1 += 1.0;
        }
        let stood = all_standing(&came.register, Span { from: year.from, to: day }, year.to);
        cells[CELLS] = (projection.made.standing_by(day, year.to).mean(), stood as f64);
        tried.push(Tried {
            truth: truth as f64,
            expected: found.mean(),
            inside: (low..=high).contains(&truth),
            pit: below + unit(seed, 100 + quarter as u64) * (found.at_most(truth) - below),
            width: (high - low) as f64,
            straight: straight as f64,
            seasonal: seasonal as f64,
            deviation: projection.conversion.deviation,
            cells,
        });
    }
    tried
}

#[test]
#[ignore = "a study of many authorities: minutes"]
fn forecast_study() {
    let number =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let (count, first) = (number("STUDY", 40), number("STUDY_FIRST", 1));
    let (pack, kind) = (Pack::built_in().unwrap(), Kind::asked());
    let all: Vec<Vec<Tried>> = (first..first + count).into_iter().map(|seed| try_one(kind, seed, &pack)).collect();
    println!("{count} authorities from seed {first}");
    println!(
        "quarter  claims  bias  MAE  MAE straight  MAE seasonal  ratio  80% range holds  its width  inside 50%  PIT tenths"
    );
    for quarter in 0..3 {
        let these: Vec<Tried> = all.iter().map(|tried| tried[quarter]).collect();
        let n = these.len() as f64;
        let mean = |of: &dyn Fn(&Tried) -> f64| these.iter().map(of).sum::<f64>() / n;
        let mae = mean(&|t| (t.expected - t.truth).abs());
        let (straight, seasonal) = (mean(&|t| (t.straight - t.truth).abs()), mean(&|t| (t.seasonal - t.truth).abs()));
        let mut tenths = [0; 10];
        for t in &these {
            tenths[((t.pit * 10.0) as usize).min(9)] += 1;
        }
        println!(
            "Q{}  {:6.1}  {:+5.1}  {:5.1}  {:5.1}  {:5.1}  {:.2}  {:.1}%  {:5.1}  {:.1}%  {:?}  deviation {:.2}",
            quarter + 1,
            mean(&|t| t.truth),
            mean(&|t| t.expected - t.truth),
            mae,
            straight,
            seasonal,
            mae / straight.min(seasonal),
            100.0 * mean(&|t| f64::from(u8::from(t.inside))),
            mean(&|t| t.width),
            100.0 * mean(&|t| f64::from(u8::from((0.25..0.75).contains(&t.pit)))),
            tenths,
            mean(&|t| t.deviation),
        );
        if std::env::var("STUDY_CELLS").is_ok() {
            let words = ConversionCell::all().map(ConversionCell::word).chain(["made_already"]);
            for (place, word) in words.enumerate() {
                let (expected, came) = (mean(&|t| t.cells[place].0), mean(&|t| t.cells[place].1));
                println!("      {word:16} expected {expected:6.1}  came {came:6.1}");
            }
        }
    }
}
