//! `sfclaim whatif`: other rules, targets or circumstances beside today. It decides nothing.

use super::args::{GridOf, Judging, Whatif};
use super::steps::{Ended, ended_with_findings, prepared, show};
use crate::error::{Error, Result};
use crate::forecast::whatif::file::{self, read};
use crate::forecast::whatif::grid::{Of, axis, grid};
use crate::forecast::whatif::scenario::{Known, Scenario, ScenarioNamed};
use crate::forecast::whatif::{Model, what_if};
use crate::receipt::{Fingerprint, InputFile};
use crate::report::views::check::MARKER as DECISIONS;
use crate::report::views::whatif::shown::Shown;
use crate::report::views::whatif::{MARKER, NAMES, WhatIfView};
use crate::rules::parameters::Override;
use std::path::PathBuf;

pub(super) fn run(typed: &Whatif) -> Result<Ended> {
    let file = scenarios_file(typed)?;
    if file.is_none() && typed.set.is_empty() && typed.grid.is_empty() {
        return Err(Error::new(format!(
            "there is nothing to try: put {} into the data folder, or add --set key=value or --grid key=a..b. docs/whatif.md shows how.",
            file::NAME
        )));
    }
    if let Some(out) = typed.output.out.as_deref().filter(|out| DECISIONS.stands_in(out)) {
        return Err(Error::new(format!(
            "{} holds the decisions of a check: scenarios must not stand beside them. Name another folder.",
            out.display()
        )));
    }
    let judging = Judging {
        data: typed.data.clone(),
        as_at: typed.as_at,
        set: Vec::new(),
        rules: typed.rules.clone(),
        framework: typed.framework.clone(),
        #[cfg(feature = "native")]
        register: None,
    };
    let inputs_read = judging.read().chain(file.iter().map(|(path, _)| path.as_path()));
    let folder = typed.output.begin(&NAMES, MARKER, inputs_read)?;
    let (_, prepared) = prepared(&judging, folder.as_ref())?;
    let known = Known::of(&prepared);
    let mut inputs = prepared.inputs.clone();
    let mut scenarios = Vec::new();
    if let Some((path, bytes)) = &file {
        scenarios = read(path, bytes, &known)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        inputs.push(InputFile { file: name, sha256: Fingerprint::of(bytes) });
        inputs.sort_by(|a, b| a.file.cmp(&b.file));
    }
    if !typed.set.is_empty() {
        let scenario = of_set(&typed.set, &known)?;
        if scenarios.iter().any(|other| other.name == scenario.name) {
            return Err(Error::new(format!(
                "a scenario of the file is named \"{}\" already: rename it.",
                scenario.name
            )));
        }
        scenarios.push(scenario);
    }
    let axes = typed.grid.iter().map(|text| axis(text, &known)).collect::<Result<Vec<_>>>()?;
    let found = what_if(&prepared, &scenarios, Model::EstimatedAgain)?;
    let of = typed.of.map(|of| match of {
        GridOf::Claimable => Of::Claimable,
        GridOf::YearEnd => Of::YearEnd,
        GridOf::YearEndEstimatedAgain => Of::YearEndEstimatedAgain,
        GridOf::AtRisk => Of::AtRisk,
        GridOf::TargetReached => Of::TargetReached,
    });
    let grid = if axes.is_empty() { None } else { Some(grid(&prepared, axes, of)?) };
    let shown = Shown { found: &found, grid: grid.as_ref(), prepared: &prepared, inputs: &inputs };
    show(&WhatIfView { shown, show_families: typed.show_families }, &typed.output, folder, typed.json)?;
    Ok(ended_with_findings(&prepared.register.counts, &prepared.register.findings))
}

/// A change as typed: a plus in front of a number stays, since it says "so many more".
fn as_typed(text: &str) -> Result<Override> {
    let change = Override::read(text)?;
    let value = text.split_once('=').map_or("", |(_, value)| value.trim());
    Ok(if value.starts_with('+') {
        Override { value: toml::Value::String(value.to_owned()), ..change }
    } else {
        change
    })
}

/// The scenario that `--set` makes.
fn of_set(typed: &[String], known: &Known<'_>) -> Result<Scenario> {
    let mut changes: Vec<ScenarioNamed> = Vec::new();
    for text in typed {
        let change = as_typed(text)?;
        let named =
            known.change(&change.key, &change.value, "--set").map_err(|why| Error::new(format!("--set: {why}")))?;
        if changes.iter().any(|other| file::same(&other.key, &named.key)) {
            return Err(Error::new(format!("--set gives \"{}\" twice: keep one.", named.key)));
        }
        changes.push(named);
    }
    Ok(Scenario::of(changes))
}

/// The bytes of the file of scenarios, where there is one.
fn scenarios_file(typed: &Whatif) -> Result<Option<(PathBuf, Vec<u8>)>> {
    // No file of scenarios is as large; one that is, is something else.
    const LARGEST: u64 = 1 << 20;
    let path = match &typed.scenarios {
        Some(path) => path.clone(),
        None => {
            let path = typed.data.join(file::NAME);
            // A folder or a link to nothing of that name is told, not passed over.
            if std::fs::symlink_metadata(&path).is_err() {
                return Ok(None);
            }
            path
        }
    };
    let failed = |why: std::io::Error| Error::file("read", &path, &why);
    let about = std::fs::metadata(&path).map_err(failed)?;
    if !about.is_file() {
        return Err(Error::new(format!("{} is not a file: name a file of scenarios.", path.display())));
    }
    if about.len() > LARGEST {
        return Err(Error::new(format!("{} is larger than 1 MiB: it is no file of scenarios.", path.display())));
    }
    let bytes = std::fs::read(&path).map_err(failed)?;
    Ok(Some((path, bytes)))
}
