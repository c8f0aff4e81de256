//! Which results depend on how the guidance is read: cases and pounds under each defensible reading, side by side.

use crate::attend::{Attended, attend};
use crate::decide::{Decision, Status};
use crate::error::{Error, Result};
use crate::forecast::replay::attendance_parameters;
use crate::ids::CaseId;
use crate::indexed::Indexed;
use crate::link::{Linked, PeriodIndex};
use crate::money::Pounds;
use crate::report::output::page::{Page, Screen};
use crate::rules::parameters::{Override, Parameters, Value, kind_of};
use crate::rules::{Rules, Standing};
use crate::run::{Prepared, linked, statuses_by};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What one reading gives.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingRow {
    /// The parameter and value that make the reading; `as the rules stand` for none.
    pub reading: String,
    /// The reading in a sentence.
    pub says: String,
    /// Where it was read.
    pub source: String,
    /// How far that can be relied on.
    pub standing: String,
    /// Claimable periods.
    pub claimable: usize,
    /// Their value.
    pub value: Pounds,
    /// Periods in review.
    pub review: usize,
    /// Periods of low attendance.
    pub low_attendance: usize,
    /// Periods claimable under this reading and not as the rules stand.
    pub gained: Vec<CaseId>,
    /// Periods claimable as the rules stand and not under this reading.
    pub lost: Vec<CaseId>,
}

/// All readings side by side.
#[derive(Debug, Serialize)]
pub struct Readings {
    /// The as-at date.
    pub as_at: String,
    /// The rules' label.
    pub rules: String,
    /// The rules as they stand, then each other reading by itself.
    pub rows: Vec<ReadingRow>,
    /// The fewest claimable of all combinations, and the readings that give it.
    pub fewest: ReadingRow,
    /// The most claimable of all combinations, and the readings that give it.
    pub most: ReadingRow,
    /// How many combinations were tried.
    pub combinations: usize,
}

impl Serialize for CaseId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Another value of a disputed parameter than the one in use.
struct Alternative {
    change: Override,
    says: String,
    source: String,
    standing: String,
}

/// For each disputed parameter the reading that is not in use: the other one, or, where that is in use already,
/// the framework's own.
fn alternatives(rules: &Rules) -> Result<Vec<Alternative>> {
    let mut alternatives = Vec::new();
    for reading in &rules.framework.readings {
        let setting = rules.set.get(&reading.key)?;
        let other = Value::read(kind_of(&reading.key)?, &reading.value).map_err(Error::new)?;
        let own = rules.framework.parameters.own(&reading.key, rules.as_at)?;
        let alternative = |value: toml::Value, says: &str, source: &str, standing: Standing| Alternative {
            change: Override { key: reading.key.clone(), value, given_by: "another reading".to_owned() },
            says: says.to_owned(),
            source: rules.pack.source_title(source).to_owned(),
            standing: standing.word().to_owned(),
        };
        if setting.value != other {
            alternatives.push(alternative(reading.value.clone(), &reading.says, &reading.source, reading.standing));
        } else if own.value != other {
            let says = format!("As the framework has it. {}", own.title);
            alternatives.push(alternative(
                toml::Value::String(own.value.to_string()),
                &says,
                &own.source,
                own.standing,
            ));
        }
    }
    Ok(alternatives)
}

/// The data under many readings: what belongs together is found once, and attendance once for each way of reading it.
struct Trials<'a> {
    prepared: &'a Prepared,
    linked: Linked,
    attended: BTreeMap<String, Attended>,
}

impl<'a> Trials<'a> {
    fn of(prepared: &'a Prepared) -> Trials<'a> {
        // Readings change what is judged, never what belongs together.
        let linked = linked(&prepared.register, &prepared.rules, prepared.as_at);
        Trials { prepared, linked, attended: BTreeMap::new() }
    }

    /// The decisions under some rules, and what the claimable ones are worth.
    fn decisions(&mut self, rules: &Rules) -> (Indexed<PeriodIndex, Decision>, Pounds) {
        let (linked, registers) = (&self.linked, self.prepared.register.registers.as_ref());
        let attended =
            self.attended.entry(attendance_parameters(rules)).or_insert_with(|| attend(linked, registers, rules));
        let decisions = statuses_by(linked, attended, rules);
        let claimable = decisions.iter().filter(|decision| decision.status == Status::Claimable).count();
        (decisions, rules.parameters.payment.for_each_of(claimable))
    }
}

/// Judges the data under every combination of the framework's other readings.
///
/// # Errors
/// A reading that the rules cannot take.
pub fn readings(prepared: &Prepared) -> Result<Readings> {
    let all = alternatives(&prepared.rules)?;
    let mut trials = Trials::of(prepared);
    let as_they_stand = row(&mut trials, &[], None)?;
    let baseline: BTreeSet<CaseId> = as_they_stand.gained.iter().cloned().collect();
    let combinations = 1usize << all.len();
    let mut rows = Vec::new();
    let (mut fewest, mut most) = (None::<ReadingRow>, None::<ReadingRow>);
    for combination in 0..combinations {
        let chosen: Vec<&Alternative> =
            all.iter().enumerate().filter(|(bit, _)| combination >> bit & 1 == 1).map(|(_, reading)| reading).collect();
        let found = row(&mut trials, &chosen, Some(&baseline))?;
        if fewest.as_ref().is_none_or(|row| found.claimable < row.claimable) {
            fewest = Some(found.clone());
        }
        if most.as_ref().is_none_or(|row| found.claimable > row.claimable) {
            most = Some(found.clone());
        }
        if chosen.len() <= 1 {
            rows.push(found);
        }
    }
    let as_they_stand = rows.first().cloned().unwrap_or(as_they_stand);
    Ok(Readings {
        as_at: prepared.as_at.to_string(),
        rules: prepared.rules.label(),
        rows,
        fewest: fewest.unwrap_or_else(|| as_they_stand.clone()),
        most: most.unwrap_or(as_they_stand),
        combinations,
    })
}

/// One combination of readings. Without a baseline, everything claimable counts as gained.
fn row(trials: &mut Trials<'_>, chosen: &[&Alternative], baseline: Option<&BTreeSet<CaseId>>) -> Result<ReadingRow> {
    let mut rules: Rules = trials.prepared.rules.clone();
    for alternative in chosen {
        rules.set.apply(&alternative.change)?;
    }
    rules.parameters = Parameters::from_set(&rules.set)?;
    let (decisions, value) = trials.decisions(&rules);
    let claimable: BTreeSet<CaseId> = decisions
        .iter()
        .filter(|decision| decision.status == Status::Claimable)
        .map(|decision| decision.case_id.clone())
        .collect();
    let empty = BTreeSet::new();
    let baseline = baseline.unwrap_or(&empty);
    let count = |status| decisions.iter().filter(|decision| decision.status == status).count();
    let join = |text: &dyn Fn(&Alternative) -> String| {
        let said: Vec<String> = chosen.iter().map(|alternative| text(alternative)).collect();
        said.join("; ")
    };
    let reading = join(&|alternative| {
        let value = rules.set.get(&alternative.change.key).map(|setting| setting.value.to_string());
        format!("{} = {}", alternative.change.key, value.unwrap_or_default())
    });
    Ok(ReadingRow {
        reading: if reading.is_empty() { "as the rules stand".to_owned() } else { reading },
        says: join(&|alternative| alternative.says.clone()),
        source: join(&|alternative| alternative.source.clone()),
        standing: join(&|alternative| alternative.standing.clone()),
        claimable: claimable.len(),
        value,
        review: count(Status::Review),
        low_attendance: count(Status::LowAttendance),
        gained: claimable.difference(baseline).cloned().collect(),
        lost: baseline.difference(&claimable).cloned().collect(),
    })
}

/// The readings as text.
pub fn text(readings: &Readings, screen: Screen) -> String {
    let mut out = Page::on(screen);
    out.line(&format!("Readings of the guidance as at {}, beside {}", readings.as_at, readings.rules));
    let disputed = "The guidance can be read in more than one way. Each row changes one reading, and leaves the others as the rules have them.";
    out.wrapped(disputed, "  ", "  ");
    out.gap();
    let cells = |row: &ReadingRow| {
        vec![
            row.reading.clone(),
            row.claimable.to_string(),
            row.value.to_string(),
            format!("+{}", row.gained.len()),
            format!("-{}", row.lost.len()),
            row.review.to_string(),
            row.low_attendance.to_string(),
        ]
    };
    let columns = [
        ("Reading", false),
        ("Claimable", true),
        ("Value", true),
        ("Gained", true),
        ("Lost", true),
        ("Review", true),
        ("Low attendance", true),
    ];
    let rows: Vec<Vec<String>> = readings.rows.iter().map(cells).collect();
    out.table(&columns, &rows);
    out.gap();
    for (what, row) in [("Fewest", &readings.fewest), ("Most", &readings.most)] {
        out.say(&format!(
            "{what} of all {} combinations: {} claimable, {} ({})",
            readings.combinations, row.claimable, row.value, row.reading
        ));
    }
    out.gap();
    for row in readings.rows.iter().filter(|row| !row.says.is_empty()) {
        out.say(&format!("{}: {} ({}: {})", row.reading, row.says, row.standing, row.source));
        for (what, cases) in [("gained", &row.gained), ("lost", &row.lost)] {
            if !cases.is_empty() {
                let shown: Vec<&str> = cases.iter().take(12).map(|case| case.as_str()).collect();
                let more = if cases.len() > 12 { format!(" and {} more", cases.len() - 12) } else { String::new() };
                out.wrapped(&format!("{what}: {}{more}", shown.join(", ")), "    ", "      ");
            }
        }
    }
    out.done()
}
