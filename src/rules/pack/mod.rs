//! A rule pack: all files of `rules/`, compiled into the program or read from a folder.

mod reading;

use super::Standing;
use super::assurance::Assurance;
use super::calendar::Calendar;
use super::codes::Codes;
use super::framework::Framework;
use super::levers::LeverTable;
use super::parameters::Override;
use super::position::Judging;
use super::targets::Targets;
use crate::dates::Date;
use crate::error::{Error, Result, did_you_mean};
use crate::receipt::Fingerprint;
use reading::Reading;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of the pack that is compiled in: name inside `rules/`, and text. A test compares them with the folder.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("assurance.toml", crate::rules::assurance::BUILT_IN),
    ("attendance_codes.toml", include_str!("../../../rules/attendance_codes.toml")),
    ("calendars/three-term.toml", include_str!("../../../rules/calendars/three-term.toml")),
    (
        "frameworks/supporting-families-2022-25.toml",
        include_str!("../../../rules/frameworks/supporting-families-2022-25.toml"),
    ),
    ("levers.toml", crate::rules::levers::BUILT_IN),
    ("position.toml", crate::rules::position::BUILT_IN),
    ("sources.toml", include_str!("../../../rules/sources.toml")),
    ("targets/blackburn-with-darwen.toml", include_str!("../../../rules/targets/blackburn-with-darwen.toml")),
];

/// The files at the top of a pack; the others stand in its folders.
const TOP_FILES: &[&str] =
    &["sources.toml", "attendance_codes.toml", "local.toml", "assurance.toml", "levers.toml", "position.toml"];

/// Where a value was read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is, in words that find it again.
    pub title: String,
    /// How far it can be relied on.
    pub standing: Standing,
}

/// Something wrong with a pack.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The file, inside the pack.
    pub file: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Whether the pack cannot be used until it is mended.
    pub fatal: bool,
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
    /// How a position is judged.
    pub position: Judging,
    /// Who can act on which reason.
    pub levers: LeverTable,
    /// What funnels and anomalies ask after.
    pub assurance: Assurance,
    /// SHA-256 of every file, by name.
    pub files: Vec<(String, Fingerprint)>,
}

impl Pack {
    /// The pack that is compiled into the program.
    ///
    /// # Errors
    /// The pack is broken, which the program's own tests rule out.
    pub fn built_in() -> Result<Pack> {
        let files = BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Pack::read("compiled in", files)
    }

    /// The pack in a folder, laid out as `rules/` is. `cases/` and files that are no part of a pack are passed over.
    ///
    /// # Errors
    /// The folder cannot be read, or the pack is broken; the message names the first mistakes.
    pub fn from_folder(folder: &Path) -> Result<Pack> {
        Pack::read(&folder.display().to_string(), read_folder(folder)?)
    }

    fn read(origin: &str, files: Vec<(String, String)>) -> Result<Pack> {
        let (pack, problems) = Pack::read_with_problems(origin, files);
        let fatal: Vec<&Problem> = problems.iter().filter(|problem| problem.fatal).collect();
        let Some(first) = fatal.first() else { return Ok(pack) };
        let more = match fatal.len() - 1 {
            0 => String::new(),
            more => format!(" ({more} more: `sfclaim rules lint` shows them all)"),
        };
        Err(Error::new(format!("the rules cannot be used: {}: {}{more}", first.file, first.message)))
    }

    /// Reads what can be read, and says everything that is wrong.
    pub fn read_with_problems(origin: &str, mut files: Vec<(String, String)>) -> (Pack, Vec<Problem>) {
        files.sort();
        let mut reading = Reading::default();
        reading.pack.origin = origin.to_owned();
        for (name, text) in &files {
            reading.pack.files.push((name.clone(), Fingerprint::of(text.as_bytes())));
            reading.file(name, text);
        }
        reading.finish()
    }

    /// One fingerprint of the whole pack.
    pub fn fingerprint(&self) -> Fingerprint {
        let lines: String = self.files.iter().map(|(name, print)| format!("{name} {print}\n")).collect();
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

    /// A source by key, in words; the key itself where it dangles.
    pub fn source_title<'a>(&'a self, key: &'a str) -> &'a str {
        self.sources.get(key).map_or(key, |source| source.title.as_str())
    }
}

/// The text of every file of a pack in a folder, with its name inside the folder.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for inside in ["", "frameworks", "calendars", "targets"] {
        let path = folder.join(inside);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(why) if !inside.is_empty() && why.kind() == std::io::ErrorKind::NotFound => continue,
            Err(why) => return Err(Error::file("read the rules folder", &path, &why)),
        };
        for entry in entries {
            let file = entry.map_err(|why| Error::file("read the rules folder", &path, &why))?.path();
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // The generator's profile and the catalogues of other commands stand beside a pack without being part of it.
            let part_of_pack = !inside.is_empty() || TOP_FILES.contains(&name.as_str());
            if file.is_file() && name.ends_with(".toml") && part_of_pack {
                let text = std::fs::read_to_string(&file).map_err(|why| Error::file("read", &file, &why))?;
                files.push((if inside.is_empty() { name } else { format!("{inside}/{name}") }, text));
            }
        }
    }
    Ok(files)
}
