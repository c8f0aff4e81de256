//! A rule pack: all files of `rules/`, compiled into the program or read from a folder; or what a folder changes of those
//! that are compiled in.

mod folder;
mod reading;

pub use super::file::Problem;
pub use folder::read_folder;

use super::assumptions::Assumptions;
use super::assurance::Assurance;
use super::calendar::Calendar;
use super::checks::Thresholds;
use super::codes::Codes;
use super::compiled_in;
use super::framework::{Framework, is_whole};
use super::levers::LeverTable;
use super::parameters::Override;
use super::position::Judging;
use super::standing::Standing;
use super::targets::Targets;
use crate::dates::Date;
use crate::error::{Error, Result, did_you_mean};
use crate::receipt::Fingerprint;
use reading::Reading;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files of rules: name inside the folder, and text.
pub type Files = Vec<(String, String)>;

/// The files at the top of a pack; the others stand in its folders.
const TOP_FILES: [&str; 8] = [
    "sources.toml",
    "attendance_codes.toml",
    "local.toml",
    "assumptions.toml",
    "assurance.toml",
    "checks.toml",
    "levers.toml",
    "position.toml",
];

/// The folders of a pack.
const FOLDERS: [&str; 3] = ["calendars", "frameworks", "targets"];

/// What stands beside the rules that come with the program without being part of them.
const BESIDE: [&str; 6] = ["cases", "mappings", "findings.toml", "headings.toml", "sample.toml", "words.toml"];

/// Whether a file of `rules/` is part of a pack.
fn is_part(name: &str) -> bool {
    name.split_once('/').map_or_else(|| TOP_FILES.contains(&name), |(folder, _)| FOLDERS.contains(&folder))
}

fn compiled_in() -> impl Iterator<Item = (&'static str, &'static str)> {
    compiled_in::ALL.iter().copied().filter(|(name, _)| is_part(name))
}

/// The files of the pack that is compiled in.
pub fn built_in_files() -> Files {
    compiled_in().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

/// Where a value was read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is, in words that find it again.
    pub title: String,
    /// How far it can be relied on.
    pub standing: Standing,
}

/// Everything that a pack says.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// Where it came from, in words.
    pub origin: String,
    /// The frameworks, by the day they come into force.
    pub frameworks: Vec<Framework>,
    /// Overrides of a later file, `local.toml`.
    pub overrides: Vec<Override>,
    /// The sources by key.
    pub sources: BTreeMap<String, Source>,
    /// Attendance codes.
    pub codes: Codes,
    /// The school calendar.
    pub calendar: Option<Calendar>,
    /// Targets by authority.
    pub targets: Vec<Targets>,
    /// From when on the checks across tables find something odd. Those built in, where the pack gives none.
    pub thresholds: Option<Thresholds>,
    /// What a forecast assumes; empty in a pack without that file, which then cannot forecast.
    pub assumptions: Assumptions,
    /// How a position is judged.
    pub position: Judging,
    /// Who can act on which reason.
    pub levers: LeverTable,
    /// What funnels and anomalies ask after.
    pub assurance: Assurance,
    /// Every file; those that an authority's folder lays over the others last.
    pub files: Vec<RuleFile>,
    /// The files that were read from a disk.
    pub paths: Vec<PathBuf>,
}

/// A file of the rules, as a receipt gives it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleFile {
    /// Its name inside the pack; of one that is laid over the built-in rules, with the name of its folder before it.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: Fingerprint,
    /// Its name inside its own folder.
    #[serde(skip)]
    pub inside: String,
    /// What it is laid over, where it holds only what an authority changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laid_over: Option<&'static str>,
}

/// What an authority's folder is laid over, in words.
const BUILT_IN: &str = "the built-in rules";

impl Pack {
    /// The pack that is compiled into the program.
    ///
    /// # Errors
    /// The pack is broken, which the program's own tests rule out.
    pub fn built_in() -> Result<Pack> {
        usable(Pack::read_with_problems("compiled in", built_in_files()))
    }

    /// The pack in a folder, laid out as `rules/` is: a whole pack, or only what it changes of the built-in one.
    ///
    /// # Errors
    /// The folder cannot be read, or the pack is broken; the message names the first mistakes.
    pub fn from_folder(folder: &Path) -> Result<Pack> {
        usable(Pack::from_folder_with_problems(folder)?)
    }

    /// The same, and everything that is wrong with it. A folder that has a framework with its days of force and the
    /// attendance codes is a whole pack, of which nothing else is asked; any other changes the built-in rules.
    ///
    /// # Errors
    /// The folder cannot be read, or holds no rules.
    pub fn from_folder_with_problems(folder: &Path) -> Result<(Pack, Vec<Problem>)> {
        let all = folder::all_files(folder)?;
        let has = |part: fn(&(String, String)) -> bool| all.iter().any(part);
        let is_framework = |(name, text): &(String, String)| name.starts_with("frameworks/") && is_whole(text);
        let is_pack = has(|(name, _)| name == "attendance_codes.toml") && has(is_framework);
        let files: Files = all.into_iter().filter(|(name, _)| !is_pack || is_part(name)).collect();
        if !files.iter().any(|(name, _)| is_part(name)) {
            return Err(Error::new(format!(
                "the folder {} holds no rules: its files are {}, and those in {}/. Check the name, or leave --rules out.",
                folder.display(),
                TOP_FILES.join(", "),
                FOLDERS.join("/, ")
            )));
        }
        let paths = files.iter().map(|(name, _)| folder.join(name)).collect();
        let (mut pack, problems) = if is_pack {
            Pack::read_with_problems(&folder.display().to_string(), files)
        } else {
            Pack::changed(&folder::name_of(folder), files)
        };
        pack.paths = paths;
        Ok((pack, problems))
    }

    /// Reads the files of a whole pack as far as they can be read, and says everything that is wrong.
    pub fn read_with_problems(origin: &str, mut files: Files) -> (Pack, Vec<Problem>) {
        files.sort();
        let mut reading = Reading::default();
        reading.pack.origin = origin.to_owned();
        reading.take_in(&files, "", None);
        reading.take_in_defaults(&files);
        reading.finish()
    }

    /// The built-in pack as the files of a folder change it: what they give, key by key, stands in the place of what it
    /// has. `folder` is its name, by which its files are told from the built-in ones.
    pub fn changed(folder: &str, mut files: Files) -> (Pack, Vec<Problem>) {
        files.sort();
        let built_in = built_in_files();
        let names: BTreeSet<String> = built_in.iter().map(|(name, _)| name.clone()).collect();
        let mut reading = Reading::default();
        reading.pack.origin = format!("{folder}, laid over {BUILT_IN}");
        reading.take_in(&built_in, "", None);
        reading.take_in(&files, &format!("{folder}/"), Some(&names));
        reading.finish()
    }

    /// One fingerprint of the whole pack. It does not depend on the name of a folder.
    pub fn fingerprint(&self) -> Fingerprint {
        let over = |of: &RuleFile| if of.laid_over.is_some() { "over " } else { "" };
        let lines: String = self.files.iter().map(|of| format!("{}{} {}\n", over(of), of.inside, of.sha256)).collect();
        Fingerprint::of(lines.as_bytes())
    }

    /// The framework in force on a day.
    ///
    /// # Errors
    /// None is; the message names those there are.
    pub fn framework_at(&self, as_at: Date) -> Result<&Framework> {
        self.frameworks.iter().find(|framework| framework.in_force.covers(as_at)).ok_or_else(|| {
            Error::new(format!(
                "no framework was in force on {as_at}. There is {}. Choose another as-at date, or name one with --framework.",
                self.names()
            ))
        })
    }

    /// The framework of this id.
    ///
    /// # Errors
    /// There is none; the nearest is suggested.
    pub fn framework(&self, id: &str) -> Result<&Framework> {
        self.frameworks.iter().find(|framework| framework.id == id).ok_or_else(|| {
            let hint = did_you_mean(id, self.frameworks.iter().map(|framework| framework.id.as_str()));
            Error::new(format!("there is no framework \"{id}\".{hint} There is {}.", self.names()))
        })
    }

    fn names(&self) -> String {
        let names: Vec<String> = self
            .frameworks
            .iter()
            .map(|framework| format!("{} ({} to {})", framework.id, framework.in_force.from, framework.in_force.to))
            .collect();
        names.join(", ")
    }

    /// The targets of an authority.
    pub fn targets_of(&self, authority: &str) -> Option<&Targets> {
        self.targets.iter().find(|targets| targets.authority == authority)
    }

    /// The file, where it is one of an authority's own that is laid over the built-in rules.
    pub fn laid_over<'a>(&self, file: &'a str) -> Option<&'a str> {
        self.files.iter().any(|of| of.laid_over.is_some() && of.file == file).then_some(file)
    }

    /// A source by key, in words; the key itself where it dangles.
    pub fn source_title<'a>(&'a self, key: &'a str) -> &'a str {
        self.sources.get(key).map_or(key, |source| source.title.as_str())
    }
}

/// The pack, where nothing of it must be mended first.
fn usable((pack, problems): (Pack, Vec<Problem>)) -> Result<Pack> {
    let fatal: Vec<&Problem> = problems.iter().filter(|problem| problem.fatal).collect();
    let Some(first) = fatal.first() else { return Ok(pack) };
    let more = match fatal.len() - 1 {
        0 => String::new(),
        more => format!(" ({more} more: `sfclaim rules lint` shows them all)"),
    };
    Err(Error::new(format!("the rules cannot be used: {}: {}{more}", first.file, first.message)))
}
