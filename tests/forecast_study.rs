//! How good the forecast is on many invented authorities: coverage of its 80% range and mean absolute error at the end of
//! the first three quarters, beside both straight lines. Long, so that it runs only when asked for:
//!
//! `cargo test --release --test forecast_study -- --ignored --nocapture` with `STUDY=1000` authorities.

#![allow(clippy::all, reason = "a study, to be read from top to bottom")]

mod support;

use sfclaim::dates::{Date, Span};
use sfclaim::forecast::assumed::Assumed;
use sfclaim::forecast::backtest::seasonal_line;
use sfclaim::forecast::made::standing;
use sfclaim::forecast::projection::projection;
use sfclaim::forecast::replay::replay;
use sfclaim::forecast::straight_line::straight_line;
use sfclaim::rules::pack::Pack;
use sfclaim::rules::targets::financial_year;
use sfclaim::run::prepare;
use sfclaim::sample::{self, AttendanceForm, Profile, Sink, Spec};
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

/// An authority of its own kind: size, shocks, seasons, batches and how readily claims are made all differ.
fn spec(seed: u64) -> Spec {
    let between = |what: u64, low: f64, high: f64| low + (high - low) * unit(seed, what);
    let mut profile = Profile::invented().unwrap();
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
    profile.attendance.kept_months = 40;
    profile.work.recorded_late = 0.0;
    Spec {
        families: between(8, 150.0, 700.0) as u64,
        seed,
        from: "2021-04-01".parse().unwrap(),
        until: "2025-03-31".parse().unwrap(),
        attendance: AttendanceForm::Totals,
        boundaries_at: None,
        profile,
    }
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
}

fn try_one(seed: u64, pack: &Pack) -> Vec<Tried> {
    let spec = spec(seed);
    let mut rows = InMemory::default();
    let calendar = pack.calendar.as_ref().unwrap();
    sample::generate(&spec, calendar.terms(), &mut rows, &mut |_, _| {}).unwrap();
    let loaded = loaded(&rows.0).unwrap();
    let assumed = Assumed::of(&pack.assumptions, Default::default()).unwrap();
    // One run as at the year's end; what was known before is cut out of it, as the tests of the replay prove.
    let prepared = prepare(&loaded, pack, &question("2025-03-31", &[], None).unwrap()).unwrap();
    let replayed = replay(&prepared, &prepared.rules, assumed.quarters);
    let mut tried = Vec::new();
    for (quarter, as_at) in ["2024-06-30", "2024-09-30", "2024-12-31"].into_iter().enumerate() {
        let day: Date = as_at.parse().unwrap();
        let (_, year) = financial_year(day, Default::default());
        let now = &replayed.past.iter().find(|past| past.on == day).unwrap().states;
        let projection = projection(&prepared.register, &replayed.past, now, day, &assumed);
        let found = projection.by(year.to);
        let (approved, pending) = standing(&prepared.register, year, year.to);
        let truth = approved + pending;
        let so_far = {
            let (a, p) = standing(&prepared.register, Span { from: year.from, to: day }, day);
            a + p
        };
        let straight = straight_line(so_far, day, year);
        let seasonal = seasonal_line(&prepared.register, day, so_far, prepared.year_starts).unwrap_or(straight);
        let (low, high) = (found.percentile(10.0), found.percentile(90.0));
        let below = if truth == 0 { 0.0 } else { found.at_most(truth - 1) };
        tried.push(Tried {
            truth: truth as f64,
            expected: found.mean(),
            inside: (low..=high).contains(&truth),
            pit: below + unit(seed, 100 + quarter as u64) * (found.at_most(truth) - below),
            width: (high - low) as f64,
            straight: straight as f64,
            seasonal: seasonal as f64,
            deviation: projection.conversion.deviation,
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
    let pack = Pack::built_in().unwrap();
    let all: Vec<Vec<Tried>> = (first..first + count).into_iter().map(|seed| try_one(seed, &pack)).collect();
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
    }
}
