//! The files of a pack, each taken in by the module whose it is, and what must agree between them.

use super::files::{BUILT_IN, FOLDERS, Files, RuleFile, Source, TOP_FILES, compiled_in};
use super::whole::Pack;
use crate::dates::Span;
use crate::error::did_you_mean;
use crate::receipt::Fingerprint;
use crate::rules::checks::Thresholds;
use crate::rules::cited::Values;
use crate::rules::file::{Citation, OpenFile, Problem};
use crate::rules::parameters::{Override, Value, kind_of};
use crate::rules::{calendar, checks, framework, targets};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The files of which those that come with the program hold where a whole pack has none.
const WITH_DEFAULT: [&str; 4] = ["assurance.toml", "checks.toml", "levers.toml", "position.toml"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocalFile {
    #[serde(default)]
    r#override: Vec<LocalOverride>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocalOverride {
    key: String,
    value: toml::Value,
    source: String,
}

/// A pack while it is being read: what is known, what is wrong, and which sources were named where.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) pack: Pack,
    checks: Values<u32>,
    calendar_file: Option<String>,
    problems: Vec<Problem>,
    cited: Vec<Citation>,
    /// The keys of the sources that an authority's own files give; of a whole pack, all of them.
    own_sources: BTreeSet<String>,
}

impl Reading {
    /// Takes in files, which `over` names the earlier ones of that they are laid over. `shown` is what stands before their
    /// names wherever they are shown.
    pub(super) fn take_in(&mut self, files: &Files, shown: &str, over: Option<&BTreeSet<String>>) {
        if over.is_some() {
            self.own_sources.clear();
        }
        for (inside, text) in files {
            let name = format!("{shown}{inside}");
            let mut file = OpenFile::new(&name, text, over);
            self.file(inside, &mut file);
            self.pack.files.push(RuleFile {
                file: name.clone(),
                inside: inside.clone(),
                sha256: Fingerprint::of(text.as_bytes()),
                laid_over: over.map(|_| BUILT_IN),
            });
            self.problems.append(&mut file.problems);
            self.cited.append(&mut file.cited);
        }
    }

    fn file(&mut self, inside: &str, file: &mut OpenFile<'_>) {
        let pack = &mut self.pack;
        match inside.split_once('/') {
            None if inside == "sources.toml" => {
                let sources: BTreeMap<String, Source> = file.parsed().unwrap_or_default();
                self.own_sources.extend(sources.keys().cloned());
                pack.sources.extend(sources);
            }
            None if inside == "attendance_codes.toml" => pack.codes.take_in(file),
            None if inside == "checks.toml" => checks::take_in(&mut self.checks, file),
            None if inside == "assumptions.toml" => pack.assumptions.take_in(file),
            None if inside == "local.toml" => local(&mut pack.overrides, file),
            None if inside == "position.toml" => pack.position.take_in(file),
            None if inside == "levers.toml" => pack.levers.take_in(file),
            None if inside == "assurance.toml" => pack.assurance.take_in(file),
            Some(("frameworks", _)) => framework::take_in(&mut pack.frameworks, file),
            Some(("calendars", _)) => calendar::take_in(&mut pack.calendar, &mut self.calendar_file, file),
            Some(("targets", _)) => targets::take_in(&mut pack.targets, file),
            _ if file.is_over() => {
                let hint = did_you_mean(inside, TOP_FILES);
                file.problem(format!(
                    "this file is no part of the rules.{hint} Their files are {}, and those in {}/. Rename it, or take it out of the folder.",
                    TOP_FILES.join(", "),
                    FOLDERS.join("/, ")
                ));
            }
            _ => file.note("this file is no part of a rule pack and is passed over."),
        }
    }

    /// What a whole pack lacks and may lack is as it comes with the program.
    pub(super) fn take_in_defaults(&mut self, given: &Files) {
        let is_lacking = |name: &str| WITH_DEFAULT.contains(&name) && !given.iter().any(|(given, _)| given == name);
        for (name, text) in compiled_in().filter(|(name, _)| is_lacking(name)) {
            self.file(name, &mut OpenFile::new(name, text, None));
        }
    }

    fn problem(&mut self, file: &str, message: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), message: message.into(), fatal: true });
    }

    fn note(&mut self, file: &str, message: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), message: message.into(), fatal: false });
    }

    /// The checks that need all files: dates of force, ids, sources.
    pub(super) fn finish(mut self) -> (Pack, Vec<Problem>) {
        self.pack.frameworks.sort_by_key(|framework| framework.in_force.from);
        let spans: Vec<(String, String, Span)> =
            self.pack.frameworks.iter().map(|f| (f.file.clone(), f.id.clone(), f.in_force)).collect();
        for pair in spans.windows(2) {
            let ((_, first, one), (file, second, two)) = (&pair[0], &pair[1]);
            if two.from <= one.to {
                self.problem(
                    file,
                    format!("{first} and {second} are both in force from {} to {}.", two.from, one.to.min(two.to)),
                );
            } else if two.from > crate::dates::day_after(one.to) {
                self.note(file, format!("no framework is in force between {} and {}.", one.to, two.from));
            }
            if first == second {
                self.problem(file, format!("two frameworks have the id {first}."));
            }
        }
        // A framework that could not be read has been told of already.
        let whole = self.problems.iter().all(|problem| !problem.fatal);
        if spans.is_empty() && whole {
            self.problem("frameworks/", "the pack has no framework.");
        }
        if self.pack.calendar.is_none() {
            self.note("calendars/", "the pack has no calendar: every data folder must bring its own `terms`.");
        }
        if self.pack.codes.sorted().is_empty() && whole {
            self.problem("attendance_codes.toml", "the pack has no attendance codes.");
        }
        self.pack.thresholds = Thresholds::of(&self.checks);
        self.given_twice();
        self.years_name_what_there_is();
        let cited = std::mem::take(&mut self.cited);
        for Citation { file, source, what } in &cited {
            if !self.pack.sources.contains_key(source) {
                let hint = did_you_mean(source, self.pack.sources.keys().map(String::as_str));
                self.problem(file, format!("{what}: there is no source \"{source}\" in sources.toml.{hint}"));
            }
        }
        let used: BTreeSet<&str> = cited.iter().map(|cited| cited.source.as_str()).collect();
        let idle: Vec<String> = self.own_sources.iter().filter(|key| !used.contains(key.as_str())).cloned().collect();
        for key in idle.into_iter().filter(|_| whole) {
            self.note("sources.toml", format!("nothing names the source \"{key}\"."));
        }
        (self.pack, self.problems)
    }

    /// A key that both local.toml and a change of a framework give: one of them would do nothing.
    fn given_twice(&mut self) {
        let mut problems = Vec::new();
        for Override { key, given_by, .. } in &self.pack.overrides {
            let changed = self.pack.frameworks.iter().filter_map(|framework| framework.parameters.laid_over_by(key));
            problems.extend(
                changed.map(|file| (file.to_owned(), format!("\"{key}\" is given by {given_by} too: keep one."))),
            );
        }
        problems.into_iter().for_each(|(file, why)| self.problem(&file, why));
    }

    /// The bands and profiles that targets name must be there.
    fn years_name_what_there_is(&mut self) {
        let mut problems = Vec::new();
        for targets in &self.pack.targets {
            for year in &targets.years {
                let bands = year.value.bands.as_deref().and_then(|id| self.pack.position.bands(Some(id)).err());
                let profile = year.value.profile.as_deref().and_then(|id| self.pack.position.profile(Some(id)).err());
                for why in bands.into_iter().chain(profile) {
                    let year = (&year.file, &year.value.financial_year);
                    problems.push((year.0.clone(), format!("{} of {}: {why}", year.1, targets.authority)));
                }
            }
        }
        problems.into_iter().for_each(|(file, why)| self.problem(&file, why));
    }
}

/// Overrides by dotted key, which hold on all days.
fn local(overrides: &mut Vec<Override>, file: &mut OpenFile<'_>) {
    let Some(parsed) = file.parsed::<LocalFile>() else { return };
    for LocalOverride { key, value, source } in parsed.r#override {
        let readable = kind_of(&key)
            .map_err(|why| why.to_string())
            .and_then(|kind| Value::read(kind, &value).map_err(|why| format!("\"{key}\" {why}.")));
        if let Err(why) = readable {
            file.problem(why);
            continue;
        }
        if overrides.iter().any(|other| other.key == key) {
            file.problem(format!("\"{key}\" is overridden twice: keep one."));
        }
        file.cite(&source, format!("the override of \"{key}\""));
        overrides.push(Override { key, value, given_by: format!("{} ({source})", file.name) });
    }
}
