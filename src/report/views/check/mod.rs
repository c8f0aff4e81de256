//! The files of a run (contract section 5): sorted, and the same bytes for the same input.
//!
//! - [`decisions`] the tables of periods and children; [`doubts`] what to ask schools; [`unmatched`] who has no attendance.
//! - [`quarantine`] what is wrong with the data, as files; those that can be mended and read again.
//! - [`page`](mod@page) the summary on the terminal.

pub mod counted;
pub mod decisions;
pub mod doubts;
pub mod page;
pub mod quarantine;
pub mod unmatched;

use self::decisions::{child_rows, children, decision_rows, decisions, not_looked_at, not_looked_at_rows};
use self::doubts::doubts;
use crate::cores;
use crate::decide::totals::Totals;
use crate::error::Result;
use crate::finding::Severity;
use crate::ids::FamilyId;
use crate::load::Loaded;
use crate::receipt::InputFile;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::Screen;
use crate::report::views::held;
use crate::report::views::people::People;
use crate::report::views::view::View;
use crate::rules::Rules;
use crate::rules::parameters::Setting;
use crate::run::Outcome;
pub use counted::cases_without_a_decision;
pub use counted::rows_of_nobody;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

/// Every file that a run writes whatever the data. Those of [`quarantine::NAMES`] are written where rows are held.
pub const NAMES: [&str; 10] = [
    "decisions.csv",
    "children.csv",
    "children_not_looked_at.csv",
    "attendance_doubts.csv",
    "children_unmatched.csv",
    "pupils_unmatched.csv",
    "quarantine.csv",
    "findings.csv",
    "summary.json",
    "run.json",
];

/// Every file that a run may write.
pub fn ours() -> Vec<&'static str> {
    NAMES.into_iter().chain(quarantine::NAMES).chain(quarantine::BY_OWNER_NAMES).collect()
}

/// What makes a folder known as a run's.
pub const MARKER: Marker = Marker { file: "run.json", program: "sfclaim", spares: None };

/// What `sfclaim check` shows.
pub struct CheckView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The files that it read.
    pub loaded: &'a Loaded,
    /// Whether the findings are also written for each of those who have the answers.
    pub by_owner: bool,
    /// Whether the summary is left out.
    pub quiet: bool,
    /// Whether lists of people leave out who they are.
    pub without_names: bool,
}

impl View for CheckView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        write(folder, self.outcome, self.loaded, !self.without_names)?;
        if self.by_owner { quarantine::write_by_owner(folder, &self.outcome.findings) } else { Ok(()) }
    }

    fn data(&self) -> Value {
        let mut data = summary(self.outcome);
        let table = decisions();
        data["decisions"] = decision_rows(self.outcome).map(|row| table.json(&row)).collect();
        data
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(if self.quiet { String::new() } else { page::summary(self.outcome, screen) })
    }

    fn of_files(&self, written: Option<String>) -> Option<String> {
        let none = "Nothing was written: add --out DIR for the decisions and everything behind them.";
        (!self.quiet).then(|| written.unwrap_or_else(|| none.to_owned()))
    }
}

/// Writes all files of a run into a folder.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, loaded: &Loaded, with_names: bool) -> Result<()> {
    let register = &outcome.prepared.register;
    let of_unmatched = || -> Result<()> {
        let of: FxHashSet<&FamilyId> = outcome.unmatched.children.iter().map(|child| &child.family_id).collect();
        let is_wanted = |family: &FamilyId| of.contains(family);
        let people = People::of_families(&outcome.linked, outcome.prepared, with_names, is_wanted);
        unmatched::children().write(folder, unmatched::child_rows(outcome, &people))?;
        unmatched::pupils().write(folder, unmatched::pupil_rows(outcome))
    };
    let others = || -> Result<()> {
        doubts().write(folder, doubts::rows(outcome, loaded)?)?;
        quarantine::held().write(folder, &register.held)?;
        quarantine::findings().write(folder, outcome.findings.sorted())?;
        json_file(folder, "summary.json", &summary(outcome))?;
        json_file(folder, "run.json", &receipt(outcome, &outcome.prepared.inputs))?;
        quarantine::write_to_mend(folder, register, loaded)
    };
    // No file needs another, and these two are the largest.
    let ((decided, not_looked_at), (of_children, (of_unmatched, others))) = cores::both(
        || {
            cores::both(
                || decisions().write(folder, decision_rows(outcome)),
                || not_looked_at().write(folder, not_looked_at_rows(outcome)),
            )
        },
        || cores::both(|| children().write(folder, child_rows(outcome)), || cores::both(of_unmatched, others)),
    );
    folder.in_order(&NAMES);
    decided.and(of_children).and(not_looked_at).and(of_unmatched).and(others)
}

/// `summary.json`: counts and money.
pub fn summary(outcome: &Outcome<'_>) -> Value {
    let totals = &outcome.totals;
    let statuses: Map<String, Value> =
        totals.by_status.iter().map(|(status, count)| (status.word().to_owned(), json!(count))).collect();
    let rows: Map<String, Value> = outcome
        .prepared
        .register
        .counts
        .iter()
        .map(|(table, counts)| (table.word().to_owned(), json!(counts)))
        .collect();
    let count = |severity: Severity| outcome.findings.sorted().iter().filter(|f| f.severity() == severity).count();
    let reasons: Vec<Value> = totals
        .reasons
        .iter()
        .map(|reason| {
            json!({ "status": reason.status.word(), "reason": reason.kind, "periods": reason.periods, "value": reason.value })
        })
        .collect();
    let hardly_held: Vec<String> = totals.hardly_held.iter().map(|term| term.sentence()).collect();
    json!({
        "as_at": outcome.prepared.as_at.to_string(),
        "rules": outcome.rules.label(),
        "notices": outcome.rules.notices(outcome.prepared.as_at),
        "periods": outcome.decisions.len(),
        "families": totals.families,
        "open_families": totals.open_families,
        "statuses": statuses,
        "payment_per_family": totals.payment,
        "value_of_claimable": totals.claimable_value,
        "claimable_by_agreement": by_agreement(totals),
        "financial_year": totals.financial_year,
        "claims_this_year": { "approved": totals.approved_this_year, "submitted": totals.submitted_this_year },
        "target": totals.target.as_ref().map(|target| target.target),
        "funded_places": totals.target.as_ref().map(|target| target.funded_places),
        "places_left": totals.places_left,
        "value_within_places_left": totals.value_within_places,
        "reasons": reasons,
        "terms_hardly_held": hardly_held,
        "rows": rows,
        "attendance_held": held::json(outcome.prepared.register.registers.as_ref(), &outcome.rules, outcome.prepared.as_at),
        "children_without_attendance": outcome.unmatched.children.len(),
        "pupils_of_no_family": outcome.unmatched.pupils.len(),
        "cases_without_a_decision": cases_without_a_decision(outcome),
        "rows_of_nobody": rows_of_nobody(outcome),
        "findings": { "error": count(Severity::Error), "warning": count(Severity::Warning), "note": count(Severity::Note) },
    })
}

/// The claimable periods that rest on agreements.
pub fn by_agreement(totals: &Totals) -> Value {
    json!({ "periods": totals.claimable_by_agreement.len(), "value": totals.value_by_agreement() })
}

/// The framework of a run, as receipts give it.
pub fn framework(rules: &Rules) -> Value {
    json!({
        "id": rules.framework.id,
        "title": rules.framework.title,
        "from": rules.framework.in_force.from.to_string(),
        "to": rules.framework.in_force.to.to_string(),
        "in_force": rules.in_force,
    })
}

/// `run.json`: what is needed to repeat the run.
pub fn receipt(outcome: &Outcome<'_>, inputs: &[InputFile]) -> Value {
    let rules = &outcome.rules;
    let parameters: Map<String, Value> =
        rules.set.iter().map(|(key, setting)| (key.to_owned(), parameter(rules, setting))).collect();
    json!({
        "program": "sfclaim",
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": outcome.prepared.as_at.to_string(),
        "without_agreements": rules.without_agreements,
        "hindsight": "Rows and values after the as-at date were left out. Records put in late, or changed since, show as they are today.",
        "framework": framework(rules),
        "notices": rules.notices(outcome.prepared.as_at),
        "rules_fingerprint": rules.pack.fingerprint(),
        "rule_files": rules.pack.files,
        "calendar": rules.calendar.origin,
        "authority": outcome.prepared.authority,
        "parameters": parameters,
        "inputs": inputs,
        "claims_register": outcome.prepared.claims_register,
        "since": outcome.prepared.since,
        "confirmations": confirmations(outcome),
    })
}

/// The confirmations that made notes of warnings, each with its place.
fn confirmations(outcome: &Outcome<'_>) -> Vec<Value> {
    let one = |applied: &crate::validate::confirmations::Applied| {
        let confirmation = &applied.confirmation;
        json!({
            "finding": confirmation.finding.code(),
            "record": confirmation.record,
            "confirmed_by": confirmation.confirmed_by,
            "confirmed_on": confirmation.confirmed_on.to_string(),
            "reason": confirmation.reason,
            "until": confirmation.until.map(|until| until.to_string()),
            "file": confirmation.place.file.to_string(),
            "row": confirmation.place.row,
            "findings": applied.findings,
        })
    };
    outcome.confirmed.iter().map(one).collect()
}

/// A parameter with everything said of it.
pub fn parameter(rules: &Rules, setting: &Setting) -> Value {
    let mut said = json!({
        "value": setting.value.to_string(),
        "unit": setting.unit,
        "standing": setting.standing.word(),
        "who_may_change_it": setting.who.word(),
        "source": rules.pack.source_title(&setting.source),
        "last_checked": setting.last_checked.to_string(),
        "given_by": setting.given_by(),
        "instead_of": setting.instead_of.as_ref().map(|value| value.to_string()),
    });
    // Only of a parameter that has not always been the same.
    for (key, day) in [("from", setting.from), ("instead_of_from", setting.instead_of_from)] {
        if let Some(day) = day {
            said[key] = json!(day.to_string());
        }
    }
    said
}
