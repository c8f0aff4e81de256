//! What changed between two runs: which periods, how much money, and why. Works from the files of the two
//! output folders alone.

use super::check::{self, decisions::decisions};
use super::earlier;
use crate::error::Result;
use crate::money::Pounds;
use crate::report::output::earlier::EarlierRow;
use crate::report::output::page::{Page, Screen, number};
use crate::rules::name::RuleName;
use crate::words::counted;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A run as its folder has it.
pub struct RunFiles {
    decisions: BTreeMap<String, EarlierRow>,
    /// Columns that its decisions lack.
    lacking: Vec<&'static str>,
    receipt: Value,
    payment: Pounds,
}

/// Reads the folder of a run.
///
/// # Errors
/// A file is missing, or is not what a run writes.
pub fn read(folder: &Path) -> Result<RunFiles> {
    let run = earlier::open(folder, "a check (`sfclaim check`)")?;
    let receipt = run.receipt(check::MARKER)?;
    let payment = receipt["parameters"]["payment.per_family"]["value"]
        .as_str()
        .and_then(|value| Pounds::read(&value.replace(['£', ','], "")))
        .ok_or_else(|| run.not_ours("its run.json gives no payment"))?;
    let table = run.table("decisions.csv", &["case_id", "status"], &decisions().names())?;
    let lacking = table.lacking;
    let decisions = table.rows.into_iter().map(|row| (row.of("case_id").to_owned(), row)).collect();
    Ok(RunFiles { decisions, lacking, receipt, payment })
}

/// A period that changed.
#[derive(Debug, Serialize)]
pub struct Changed {
    /// The case that names it.
    pub case_id: String,
    /// Its status before; `None` where the first run did not have the period.
    pub before: Option<String>,
    /// Its status after; `None` where the second run does not have it.
    pub after: Option<String>,
    /// What else changed: rules and days, each with both values.
    pub because: Vec<String>,
    /// The reason that the later run gives.
    pub reason: String,
}

/// Everything that changed.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// What was asked for differently: as-at date, rules, parameters, input files.
    pub asked: Vec<String>,
    /// Columns of the decisions that one of the runs lacks: they are read as blank, and no change is made of it.
    pub not_compared: Vec<String>,
    /// Periods of another status, new ones and gone ones, by case.
    pub changed: Vec<Changed>,
    /// Periods whose status stayed but whose verdicts or days changed.
    pub same_status: Vec<Changed>,
    /// Periods that are the same in every column but the reason.
    pub unchanged: usize,
    /// Claimable periods before.
    pub claimable_before: usize,
    /// Claimable periods after.
    pub claimable_after: usize,
    /// Their value before.
    pub value_before: Pounds,
    /// Their value after.
    pub value_after: Pounds,
}

/// Compares two runs.
pub fn compare(before: &RunFiles, after: &RunFiles) -> Comparison {
    let names: BTreeSet<&String> = before.decisions.keys().chain(after.decisions.keys()).collect();
    let mut comparison = Comparison {
        asked: asked(&before.receipt, &after.receipt),
        not_compared: lacking(before, after),
        changed: Vec::new(),
        same_status: Vec::new(),
        unchanged: 0,
        claimable_before: claimable(before),
        claimable_after: claimable(after),
        value_before: before.payment.for_each_of(claimable(before)),
        value_after: after.payment.for_each_of(claimable(after)),
    };
    for name in names {
        let (one, other) = (before.decisions.get(name), after.decisions.get(name));
        let because = match (one, other) {
            (Some(one), Some(other)) => differing(one, other, &[&before.lacking[..], &after.lacking].concat()),
            (None, Some(_)) => vec!["the first run does not have this period".to_owned()],
            (Some(_), None) => vec!["the second run does not have this period".to_owned()],
            (None, None) => continue,
        };
        if because.is_empty() {
            comparison.unchanged += 1;
            continue;
        }
        let status = |row: Option<&EarlierRow>| row.map(|row| row.of("status").to_owned());
        let changed = Changed {
            case_id: name.clone(),
            before: status(one),
            after: status(other),
            reason: other.map(|row| row.of("reason").to_owned()).unwrap_or_default(),
            because,
        };
        if changed.before == changed.after {
            comparison.same_status.push(changed);
        } else {
            comparison.changed.push(changed);
        }
    }
    comparison
}

fn claimable(run: &RunFiles) -> usize {
    run.decisions.values().filter(|row| row.of("status") == "claimable").count()
}

/// Rules and days with other values, in words. The reason's wording and the label of the rules alone are no change.
fn differing(one: &EarlierRow, other: &EarlierRow, lacking: &[&str]) -> Vec<String> {
    let rules: Vec<&str> = RuleName::ALL.iter().map(|rule| rule.word()).collect();
    let shown = |value: &str| if value.is_empty() { "blank".to_owned() } else { value.to_owned() };
    // Rules first: they are the why; days and counts after.
    let mut columns: Vec<&str> = decisions()
        .names()
        .into_iter()
        .filter(|column| !["case_id", "reason", "rules"].contains(column) && !lacking.contains(column))
        .collect();
    columns.sort_by_key(|column| !rules.contains(column));
    columns
        .iter()
        .filter(|column| one.of(column) != other.of(column))
        .map(|column| format!("{column}: {} -> {}", shown(one.of(column)), shown(other.of(column))))
        .collect()
}

/// The columns that one of the runs lacks, in words.
fn lacking(before: &RunFiles, after: &RunFiles) -> Vec<String> {
    let runs = [("first", before), ("second", after)];
    let all = runs.iter().flat_map(|(which, run)| run.lacking.iter().map(move |column| (which, column)));
    let said = |(which, column)| {
        format!(
            "{column}: the {which} run, of an older version, has no such column: it is read as blank, and not compared"
        )
    };
    all.map(said).collect()
}

/// What the two runs were asked differently.
fn asked(before: &Value, after: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let mut differs = |what: &str, one: &Value, other: &Value| {
        if one != other {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            lines.push(format!("{what}: {} -> {}", text(one), text(other)));
        }
    };
    differs("as-at date", &before["as_at"], &after["as_at"]);
    differs("framework", &before["framework"]["id"], &after["framework"]["id"]);
    let without = |receipt: &Value| Value::Bool(receipt["without_agreements"] == true);
    differs("without agreements", &without(before), &without(after));
    differs("school calendar", &before["calendar"], &after["calendar"]);
    differs("program version", &before["version"], &after["version"]);
    let keys = |receipt: &Value| -> BTreeSet<String> {
        receipt["parameters"].as_object().map(|parameters| parameters.keys().cloned().collect()).unwrap_or_default()
    };
    for key in keys(before).union(&keys(after)) {
        differs(key, &before["parameters"][key]["value"], &after["parameters"][key]["value"]);
    }
    let files = |receipt: &Value, list: &str| -> BTreeMap<String, String> {
        let entries = receipt[list].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        entries.iter().map(|entry| (text(&entry["file"]), text(&entry["sha256"]))).collect()
    };
    for (list, what) in [("inputs", "input file"), ("rule_files", "rule file")] {
        let (one, other) = (files(before, list), files(after, list));
        let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        for name in names {
            match (one.get(name), other.get(name)) {
                (Some(a), Some(b)) if a != b => lines.push(format!("{what} {name} changed")),
                (Some(_), None) => lines.push(format!("{what} {name} is gone")),
                (None, Some(_)) => lines.push(format!("{what} {name} is new")),
                _ => {}
            }
        }
    }
    lines
}

/// The comparison as text.
pub fn text(comparison: &Comparison, screen: Screen) -> String {
    let c = comparison;
    let mut out = Page::on(screen);
    out.line("What was asked differently");
    if c.asked.is_empty() {
        out.line("  nothing: same day, same rules, same files");
    }
    for line in &c.asked {
        out.item(line);
    }
    for line in &c.not_compared {
        out.item(line);
    }
    out.gap();
    let change = match (c.value_after.more_than(c.value_before), c.value_before.more_than(c.value_after)) {
        (Some(more), _) if more != Pounds::default() => format!("{more} more"),
        (_, Some(less)) if less != Pounds::default() => format!("{less} less"),
        _ => "no change".to_owned(),
    };
    out.line(&format!(
        "Claimable: {}, {} -> {}, {} ({change})",
        counted(c.claimable_before, "period", "periods"),
        c.value_before,
        counted(c.claimable_after, "period", "periods"),
        c.value_after
    ));
    out.say(&format!(
        "{} another status or in one run only; {} with the same status and other verdicts or days; {} the same",
        counted(c.changed.len(), "period with", "periods with"),
        number(c.same_status.len()),
        number(c.unchanged)
    ));
    if !c.same_status.is_empty() {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for line in c.same_status.iter().flat_map(|changed| &changed.because) {
            *kinds.entry(line.split(':').next().unwrap_or(line)).or_default() += 1;
        }
        let said: Vec<String> =
            kinds.into_iter().map(|(column, count)| format!("{column} {}", number(count))).collect();
        out.item(&format!("of the same status, changed columns: {} (--json lists them)", said.join(", ")));
    }
    if !c.changed.is_empty() {
        let mut moves: BTreeMap<(String, String), usize> = BTreeMap::new();
        let shown = |status: &Option<String>| status.clone().unwrap_or_else(|| "(not there)".to_owned());
        for changed in &c.changed {
            *moves.entry((shown(&changed.before), shown(&changed.after))).or_default() += 1;
        }
        let rows: Vec<Vec<String>> =
            moves.into_iter().map(|((from, to), count)| vec![from, to, count.to_string()]).collect();
        out.gap();
        out.table(&[("From", false), ("To", false), ("Periods", true)], &rows);
        out.gap();
        for changed in &c.changed {
            out.line(&format!("{}: {} -> {}", changed.case_id, shown(&changed.before), shown(&changed.after)));
            let others: Vec<&String> = changed.because.iter().filter(|line| !line.starts_with("status:")).collect();
            for line in others {
                out.wrapped(line, "    ", "      ");
            }
            out.wrapped(&changed.reason, "    ", "    ");
        }
    }
    out.done()
}
