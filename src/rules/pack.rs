//! A rule pack: all files of `rules/`, compiled into the program or read from a folder.

use super::calendar::{Calendar, Term, is_academic_year};
use super::codes::{Class, Code, Codes};
use super::framework::{self, Framework, day};
use super::parameters::{Override, Value, kind_of};
use super::targets::{Targets, YearTarget};
use super::{Standing, Who};
use crate::dates::{Date, Span};
use crate::error::{Error, Result, did_you_mean};
use crate::receipt::Fingerprint;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The files of the pack that is compiled in: name inside `rules/`, and text. A test compares them with the folder.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("attendance_codes.toml", include_str!("../../rules/attendance_codes.toml")),
    ("calendars/three-term.toml", include_str!("../../rules/calendars/three-term.toml")),
    (
        "frameworks/supporting-families-2022-25.toml",
        include_str!("../../rules/frameworks/supporting-families-2022-25.toml"),
    ),
    ("sources.toml", include_str!("../../rules/sources.toml")),
    ("targets/blackburn-with-darwen.toml", include_str!("../../rules/targets/blackburn-with-darwen.toml")),
];

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
        let mut reading = Reading { pack: Pack { origin: origin.to_owned(), ..Pack::default() }, ..Reading::default() };
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
            let part_of_pack =
                !inside.is_empty() || ["sources.toml", "attendance_codes.toml", "local.toml"].contains(&name.as_str());
            if file.is_file() && name.ends_with(".toml") && part_of_pack {
                let text = std::fs::read_to_string(&file).map_err(|why| Error::file("read", &file, &why))?;
                files.push((if inside.is_empty() { name } else { format!("{inside}/{name}") }, text));
            }
        }
    }
    Ok(files)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodesFile {
    source: String,
    standing: Standing,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    last_checked: toml::value::Datetime,
    #[serde(default)]
    code: Vec<CodeFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeFile {
    code: String,
    class: Class,
    title: String,
    from: Option<toml::value::Datetime>,
    to: Option<toml::value::Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    id: String,
    title: String,
    source: String,
    standing: Standing,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    who: Who,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    last_checked: toml::value::Datetime,
    #[serde(default)]
    term: Vec<TermFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermFile {
    academic_year: String,
    term: String,
    starts_on: toml::value::Datetime,
    ends_on: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsFile {
    authority: String,
    title: String,
    #[serde(default)]
    year: Vec<YearFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    financial_year: String,
    target: usize,
    funded_places: usize,
    source: String,
    standing: Standing,
    #[allow(dead_code, reason = "required of every entry; shown by reading the file")]
    last_checked: toml::value::Datetime,
    #[allow(dead_code, reason = "for whoever reads the file")]
    note: Option<String>,
}

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
struct Reading {
    pack: Pack,
    problems: Vec<Problem>,
    cited: Vec<(String, String, String)>,
}

impl Reading {
    fn problem(&mut self, file: &str, message: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), message: message.into(), fatal: true });
    }

    fn note(&mut self, file: &str, message: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), message: message.into(), fatal: false });
    }

    fn parsed<T: serde::de::DeserializeOwned>(&mut self, file: &str, text: &str) -> Option<T> {
        toml::from_str(text).map_err(|why| self.problem(file, why.to_string())).ok()
    }

    fn file(&mut self, name: &str, text: &str) {
        match name.split_once('/') {
            None if name == "sources.toml" => {
                if let Some(sources) = self.parsed(name, text) {
                    self.pack.sources = sources;
                }
            }
            None if name == "attendance_codes.toml" => self.codes(name, text),
            None if name == "local.toml" => self.local(name, text),
            Some(("frameworks", _)) => self.framework(name, text),
            Some(("calendars", _)) => self.calendar(name, text),
            Some(("targets", _)) => self.targets(name, text),
            _ => self.note(name, "this file is no part of a rule pack and is passed over."),
        }
    }

    fn framework(&mut self, name: &str, text: &str) {
        let mut problems = Vec::new();
        let mut cited = Vec::new();
        let read = framework::read(name, text, &mut |message| problems.push(message), &mut |source, what| {
            cited.push((name.to_owned(), source.to_owned(), what))
        });
        for message in problems {
            self.problem(name, message);
        }
        self.cited.append(&mut cited);
        self.pack.frameworks.extend(read);
    }

    fn local(&mut self, name: &str, text: &str) {
        let Some(parsed) = self.parsed::<LocalFile>(name, text) else { return };
        for entry in parsed.r#override {
            let readable = kind_of(&entry.key)
                .map_err(|why| why.to_string())
                .and_then(|kind| Value::read(kind, &entry.value).map_err(|why| format!("\"{}\" {why}.", entry.key)));
            if let Err(why) = readable {
                self.problem(name, why);
                continue;
            }
            self.cited.push((name.to_owned(), entry.source.clone(), format!("the override of \"{}\"", entry.key)));
            self.pack.overrides.push(Override {
                key: entry.key,
                value: entry.value,
                given_by: format!("{name} ({})", entry.source),
            });
        }
    }

    fn codes(&mut self, name: &str, text: &str) {
        let Some(parsed) = self.parsed::<CodesFile>(name, text) else { return };
        self.cited.push((name.to_owned(), parsed.source.clone(), "the attendance codes".to_owned()));
        self.pack.codes.source = parsed.source;
        self.pack.codes.standing = Some(parsed.standing);
        for entry in parsed.code {
            let from = entry.from.as_ref().map_or(Some(Date::MIN), day);
            let to = entry.to.as_ref().map_or(Some(Date::MAX), day);
            let Some((from, to)) = from.zip(to).filter(|(from, to)| from <= to) else {
                self.problem(name, format!("code {} has no proper first and last day.", entry.code));
                continue;
            };
            let code = entry.code.trim().to_uppercase();
            let shown = code.clone();
            if !self.pack.codes.insert(Code { code, class: entry.class, title: entry.title, in_use: Span { from, to } })
            {
                self.problem(name, format!("code {shown} is given twice: a code keeps the class it always had."));
            }
        }
    }

    fn calendar(&mut self, name: &str, text: &str) {
        let Some(parsed) = self.parsed::<CalendarFile>(name, text) else { return };
        self.cited.push((name.to_owned(), parsed.source, format!("the calendar {}", parsed.id)));
        let mut terms = Vec::new();
        for entry in parsed.term {
            let Some((from, to)) = day(&entry.starts_on).zip(day(&entry.ends_on)) else {
                self.problem(name, format!("{} {} has no proper dates.", entry.term, entry.academic_year));
                continue;
            };
            if !is_academic_year(&entry.academic_year) {
                self.problem(
                    name,
                    format!("\"{}\" is not an academic year: write it as 2023/24.", entry.academic_year),
                );
            }
            terms.push(Term { academic_year: entry.academic_year, term: entry.term, span: Span { from, to } });
        }
        if self.pack.calendar.is_some() {
            self.problem(name, "a pack has one calendar: remove this file or the other one.");
            return;
        }
        match Calendar::new(format!("{}, {}", parsed.title, parsed.standing.word()), terms) {
            Ok(calendar) => {
                self.lint_years(name, &calendar);
                self.pack.calendar = Some(calendar);
            }
            Err(why) => self.problem(name, format!("{why}.")),
        }
    }

    /// Every academic year between the first and the last has terms, and as many as its neighbour.
    fn lint_years(&mut self, name: &str, calendar: &Calendar) {
        let mut terms_of: BTreeMap<&str, usize> = BTreeMap::new();
        for term in calendar.terms() {
            *terms_of.entry(term.academic_year.as_str()).or_default() += 1;
        }
        let years: Vec<(&str, usize)> = terms_of.into_iter().collect();
        for pair in years.windows(2) {
            let ((before, terms_before), (after, terms_after)) = (pair[0], pair[1]);
            if before.get(5..7) != after.get(2..4) {
                self.problem(name, format!("there is a gap between the academic years {before} and {after}."));
            }
            if terms_before != terms_after {
                self.note(name, format!("{before} has {terms_before} terms and {after} has {terms_after}."));
            }
        }
    }

    fn targets(&mut self, name: &str, text: &str) {
        let Some(parsed) = self.parsed::<TargetsFile>(name, text) else { return };
        let mut years = Vec::new();
        for entry in parsed.year {
            if !is_academic_year(&entry.financial_year) {
                self.problem(
                    name,
                    format!("\"{}\" is not a financial year: write it as 2024/25.", entry.financial_year),
                );
            }
            if entry.funded_places > entry.target {
                self.note(name, format!("{}: more funded places than the target.", entry.financial_year));
            }
            self.cited.push((name.to_owned(), entry.source.clone(), format!("the target of {}", entry.financial_year)));
            years.push(YearTarget {
                financial_year: entry.financial_year,
                target: entry.target,
                funded_places: entry.funded_places,
                source: entry.source,
                standing: entry.standing,
            });
        }
        years.sort_by(|a, b| a.financial_year.cmp(&b.financial_year));
        for pair in years.windows(2) {
            let (before, after) = (&pair[0].financial_year, &pair[1].financial_year);
            if before == after {
                self.problem(name, format!("{before} is given twice."));
            } else if before.get(5..7) != after.get(2..4) {
                self.note(name, format!("there is a gap between {before} and {after}."));
            }
        }
        if self.pack.targets_of(&parsed.authority).is_some() {
            self.problem(name, format!("the targets of {} are given in two files.", parsed.authority));
        }
        self.pack.targets.push(Targets { authority: parsed.authority, title: parsed.title, years });
    }

    /// The checks that need all files: dates of force, ids, sources.
    fn finish(mut self) -> (Pack, Vec<Problem>) {
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
        let cited = std::mem::take(&mut self.cited);
        for (file, source, what) in &cited {
            if !self.pack.sources.contains_key(source) {
                let hint = did_you_mean(source, self.pack.sources.keys().map(String::as_str));
                self.problem(file, format!("{what}: there is no source \"{source}\" in sources.toml.{hint}"));
            }
        }
        let used: BTreeSet<&str> = cited.iter().map(|(_, source, _)| source.as_str()).collect();
        let idle: Vec<String> = self.pack.sources.keys().filter(|key| !used.contains(key.as_str())).cloned().collect();
        for key in idle.into_iter().filter(|_| whole) {
            self.note("sources.toml", format!("nothing names the source \"{key}\"."));
        }
        (self.pack, self.problems)
    }
}
