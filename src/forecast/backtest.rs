//! The backtest: from each past quarter end, what each method would have said of that year's end, against what came.

use super::assumed::Assumed;
use super::distribution::Distribution;
use super::made::standing;
use super::months::{Month, year_before};
use super::projection::projection;
use super::replay::Replay;
use super::special::rounded;
use super::straight_line::straight_line;
use crate::dates::{Date, Span};
use crate::receipt::Fingerprint;
use crate::rules::targets::{YearStart, financial_year};
use crate::validate::Register;
use rust_decimal::Decimal;
use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};

/// One past quarter end.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The day from which the year's end was forecast.
    pub from: Date,
    /// The financial year.
    pub financial_year: String,
    /// The quarter that ended, 1 to 3.
    pub quarter: usize,
    /// Quarter ends before it that the model could learn from.
    pub learnt_from: usize,
    /// Claims of the year by then.
    pub so_far: usize,
    /// Claims of the year that came, as known at its end.
    pub came: usize,
    /// So many of those that stood at the year's end were rejected, withdrawn or taken back after it.
    pub lost_since: usize,
    /// What the straight line said.
    pub straight_line: usize,
    /// What the seasonal straight line said; `None` where the year before had no claims by then.
    pub seasonal_line: Option<usize>,
    /// What the model expected.
    pub expected: f64,
    /// The ends of its range.
    pub range: (usize, usize),
    /// The chance it gave to fewer claims than came, and a part, told by a seed from the data, of that of as many.
    pub place: f64,
}

impl Trial {
    /// Whether what came lies in the range, its ends included.
    pub fn is_inside(&self) -> bool {
        (self.range.0..=self.range.1).contains(&self.came)
    }
}

/// How a method did over several trials.
#[derive(Clone, Debug)]
pub struct Score {
    /// The method.
    pub method: &'static str,
    /// The quarter that ended, 1 to 3; `None`: all.
    pub quarter: Option<usize>,
    /// How many trials.
    pub trials: usize,
    /// What was said less what came, on average.
    pub bias: f64,
    /// The same without sign.
    pub error: f64,
    /// Trials in which what came lay in the range; `None` for a method without one.
    pub inside: Option<usize>,
}

/// All trials of an authority.
#[derive(Clone, Debug, Default)]
pub struct Backtest {
    /// The trials, earliest first.
    pub trials: Vec<Trial>,
    /// Each method, after each quarter and together.
    pub scores: Vec<Score>,
    /// Trials by the tenth of the model's distribution in which what came lies. Even numbers are good: all at the ends mean
    /// that the range is too narrow, all in the middle that it is too wide.
    pub tenths: [usize; 10],
}

/// The seasonal straight line: claims so far, by the share of last year's claims that had been made by the same day of it,
/// as known on `as_at`. `None` where last year had none by then.
pub fn seasonal_line(register: &Register, as_at: Date, claims: usize, year_starts: YearStart) -> Option<usize> {
    let then = year_before(as_at);
    let (_, last_year) = financial_year(then, year_starts);
    let until = |to: Date| {
        let (approved, pending) = standing(register, Span { from: last_year.from, to }, as_at);
        approved + pending
    };
    let (by_then, in_all) = (until(then), until(last_year.to));
    if by_then == 0 {
        return None;
    }
    let line = Decimal::from(claims) * Decimal::from(in_all) / Decimal::from(by_then);
    line.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_usize()
}

/// Tries every replayed quarter end of a financial year that is over by `as_at`.
pub fn backtest(register: &Register, replay: &Replay, as_at: Date, assumed: &Assumed) -> Backtest {
    let mut backtest = Backtest::default();
    for (place, past) in replay.past.iter().enumerate() {
        let (name, year) = financial_year(past.on, assumed.year_starts);
        let quarter = Month::of(past.on).quarter().in_financial_year() + 1;
        if year.to > as_at || quarter == 4 {
            continue;
        }
        let projection = projection(register, &replay.past[..place], &past.states, past.on, assumed);
        let found = projection.by(year.to);
        let standing = |to: Date, known_on: Date| {
            let (approved, pending) = standing(register, Span { from: year.from, to }, known_on);
            approved + pending
        };
        let (so_far, came) = (standing(past.on, past.on), standing(year.to, year.to));
        backtest.trials.push(Trial {
            from: past.on,
            financial_year: name,
            quarter,
            learnt_from: place,
            so_far,
            came,
            lost_since: came.saturating_sub(standing(year.to, as_at)),
            straight_line: straight_line(so_far, past.on, year),
            seasonal_line: seasonal_line(register, past.on, so_far, assumed.year_starts),
            expected: rounded(found.mean()),
            range: (found.percentile(assumed.range.0), found.percentile(assumed.range.1)),
            place: rounded(place_in(&found, came, part(register, past.on))),
        });
    }
    for trial in &backtest.trials {
        let tenth = ((trial.place * 10.0) as usize).min(9);
        backtest.tenths[tenth] += 1;
    }
    backtest.scores = scores(&backtest.trials);
    backtest
}

/// Where a number lies in a distribution: the chance of fewer, and a part of that of as many.
pub fn place_in(distribution: &Distribution, number: usize, part: f64) -> f64 {
    let below = number.checked_sub(1).map_or(0.0, |fewer| distribution.at_most(fewer));
    below + part * (distribution.at_most(number) - below)
}

/// A part from 0 to 1 that depends on the data and the day alone.
fn part(register: &Register, day: Date) -> f64 {
    let mut text = day.to_string();
    // Not the files' own prints, so that other ids, or rows in another order, change nothing.
    for (table, counts) in &register.counts {
        text.push_str(&format!(" {table} {}", counts.used));
    }
    let print = Fingerprint::of(text.as_bytes()).to_string();
    let number = print.get(..13).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0);
    number as f64 / (1_u64 << 52) as f64
}

fn scores(trials: &[Trial]) -> Vec<Score> {
    type Method = fn(&Trial) -> Option<f64>;
    let methods: [(&'static str, Method); 3] = [
        ("straight line", |trial| Some(trial.straight_line as f64)),
        ("seasonal straight line", |trial| trial.seasonal_line.map(|line| line as f64)),
        ("forecast", |trial| Some(trial.expected)),
    ];
    let mut scores = Vec::new();
    for quarter in [Some(1), Some(2), Some(3), None] {
        let these: Vec<&Trial> =
            trials.iter().filter(|trial| quarter.is_none_or(|quarter| trial.quarter == quarter)).collect();
        for (method, said) in methods {
            let errors: Vec<f64> =
                these.iter().filter_map(|trial| said(trial).map(|said| said - trial.came as f64)).collect();
            if errors.is_empty() {
                continue;
            }
            let mean =
                |of: fn(f64) -> f64| rounded(errors.iter().map(|error| of(*error)).sum::<f64>() / errors.len() as f64);
            scores.push(Score {
                method,
                quarter,
                trials: errors.len(),
                bias: mean(|error| error),
                error: mean(f64::abs),
                inside: (method == "forecast").then(|| these.iter().filter(|trial| trial.is_inside()).count()),
            });
        }
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    // A coin thrown twice: 1/4, 1/2, 1/4. One head lies between 1/4 and 3/4.
    #[test]
    fn a_number_has_its_place_in_a_distribution() {
        let coins = Distribution::binomial(2, 0.5);
        for (number, part, place) in [(0, 0.0, 0.0), (0, 1.0, 0.25), (1, 0.5, 0.5), (2, 1.0, 1.0), (7, 0.3, 1.0)] {
            assert!((place_in(&coins, number, part) - place).abs() < 1e-12);
        }
    }

    #[test]
    fn scores_are_means_over_trials() {
        let trial = |quarter, came, straight_line, expected, range| Trial {
            from: Date::MIN,
            financial_year: String::new(),
            quarter,
            learnt_from: 0,
            so_far: 0,
            came,
            lost_since: 0,
            straight_line,
            seasonal_line: None,
            expected,
            range,
            place: 0.5,
        };
        let found = scores(&[trial(1, 100, 120, 104.0, (90, 110)), trial(1, 100, 70, 93.0, (80, 99))]);
        let straight = &found[0];
        assert_eq!((straight.method, straight.trials), ("straight line", 2));
        assert_eq!(format!("{} {}", straight.bias, straight.error), "-5 25");
        let model = &found[1];
        assert_eq!((model.method, model.inside), ("forecast", Some(1)));
        assert_eq!(format!("{} {}", model.bias, model.error), "-1.5 5.5");
        // Both again for all quarters together.
        assert_eq!(found.len(), 4);
    }
}
