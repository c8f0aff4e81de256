//! The files of a pack: what each may say, and everything that is wrong with them.

use super::{Pack, Problem};
use crate::dates::{Date, Span};
use crate::error::did_you_mean;
use crate::money::Pounds;
use crate::rules::assumptions;
use crate::rules::calendar::{Calendar, Term, is_academic_year};
use crate::rules::checks::Thresholds;
use crate::rules::codes::{Class, Code};
use crate::rules::framework::{self, day};
use crate::rules::parameters::{Override, Value, kind_of};
use crate::rules::targets::{Method, Targets, YearTarget};
use crate::rules::{Standing, Who};
use crate::rules::{assurance, levers, position};
use crate::share::Percent;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// More families than any authority has.
const MOST_FAMILIES: usize = 1_000_000;

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
    beside: Option<String>,
    missing_at_school_age_from: Option<toml::value::Datetime>,
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
    upfront_grant: Option<toml::Value>,
    cash_received: Option<toml::Value>,
    expected_rejection_percent: Option<toml::Value>,
    method: Option<String>,
    method_as_at: Option<toml::value::Datetime>,
    method_at_risk: Option<toml::Value>,
    bands: Option<String>,
    profile: Option<String>,
}

/// The text of a number, written as one or in quotation marks.
fn number_text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
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

/// Reads one file: its text, whom mistakes are told, and whom sources are told.
type ReadFile<T> = fn(&str, &mut dyn FnMut(String), &mut dyn FnMut(&str, String)) -> T;

/// A pack while it is being read: what is known, what is wrong, and which sources were named where.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) pack: Pack,
    problems: Vec<Problem>,
    cited: Vec<(String, String, String)>,
    /// Files without which those that come with the program hold.
    given: BTreeSet<String>,
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

    pub(super) fn file(&mut self, name: &str, text: &str) {
        match name.split_once('/') {
            None if name == "sources.toml" => {
                if let Some(sources) = self.parsed(name, text) {
                    self.pack.sources = sources;
                }
            }
            None if name == "attendance_codes.toml" => self.codes(name, text),
            None if name == "checks.toml" => self.checks(name, text),
            None if name == "assumptions.toml" => self.assumptions(name, text),
            None if name == "local.toml" => self.local(name, text),
            None if name == "position.toml" => self.pack.position = self.with_default(name, text, position::read),
            None if name == "levers.toml" => self.pack.levers = self.with_default(name, text, levers::read),
            None if name == "assurance.toml" => self.pack.assurance = self.with_default(name, text, assurance::read),
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

    fn assumptions(&mut self, name: &str, text: &str) {
        let mut problems = Vec::new();
        let mut cited = Vec::new();
        let read = assumptions::read(text, &mut |message| problems.push(message), &mut |source, what| {
            cited.push((name.to_owned(), source.to_owned(), what))
        });
        for message in problems {
            self.problem(name, message);
        }
        self.cited.append(&mut cited);
        self.pack.assumptions = read;
    }

    /// A file without which the one that comes with the program holds.
    fn with_default<T>(&mut self, name: &str, text: &str, read: ReadFile<T>) -> T {
        let (mut problems, mut cited) = (Vec::new(), Vec::new());
        let read = read(text, &mut |why| problems.push(why), &mut |source, what| {
            cited.push((name.to_owned(), source.to_owned(), what));
        });
        problems.into_iter().for_each(|why| self.problem(name, why));
        self.cited.append(&mut cited);
        self.given.insert(name.to_owned());
        read
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
            if self.pack.overrides.iter().any(|other| other.key == entry.key) {
                self.problem(name, format!("\"{}\" is overridden twice: keep one.", entry.key));
            }
            self.cited.push((name.to_owned(), entry.source.clone(), format!("the override of \"{}\"", entry.key)));
            self.pack.overrides.push(Override {
                key: entry.key,
                value: entry.value,
                given_by: format!("{name} ({})", entry.source),
            });
        }
    }

    fn checks(&mut self, name: &str, text: &str) {
        let Some(thresholds) = self.parsed::<Thresholds>(name, text) else { return };
        for (key, threshold) in thresholds.iter() {
            self.cited.push((name.to_owned(), threshold.source.clone(), format!("\"{key}\"")));
            if threshold.unit.starts_with("percent of the cases") && threshold.value > 100 {
                self.problem(name, format!("\"{key}\" is more than 100 percent."));
            }
        }
        self.pack.thresholds = Some(thresholds);
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
            let missing_at_school_age_from = entry.missing_at_school_age_from.as_ref().and_then(day);
            if entry.missing_at_school_age_from.is_some() && missing_at_school_age_from.is_none() {
                self.problem(name, format!("missing_at_school_age_from of code {} is no day.", entry.code));
            }
            let code = entry.code.trim().to_uppercase();
            if !Code::is_a_code(&code) {
                self.problem(
                    name,
                    format!("\"{code}\" is no attendance code: a code has one or two plain characters."),
                );
                continue;
            }
            let shown = code.clone();
            if !self.pack.codes.insert(Code {
                code,
                class: entry.class,
                title: entry.title,
                beside: entry.beside,
                missing_at_school_age_from,
                in_use: Span { from, to },
            }) {
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
            if entry.target > MOST_FAMILIES || entry.funded_places > MOST_FAMILIES {
                self.problem(
                    name,
                    format!(
                        "{}: a target or number of funded places above {MOST_FAMILIES} is none.",
                        entry.financial_year
                    ),
                );
            }
            if entry.funded_places > entry.target {
                self.note(name, format!("{}: more funded places than the target.", entry.financial_year));
            }
            self.cited.push((name.to_owned(), entry.source.clone(), format!("the target of {}", entry.financial_year)));
            let mut money = |what: &str, given: &Option<toml::Value>| {
                let amount = given.as_ref().map(|value| Pounds::read_grant(&number_text(value)));
                if amount == Some(None) {
                    self.problem(
                        name,
                        format!(
                            "{}: {what} is no amount in pounds from 0 to 1,000,000,000 with at most two decimals.",
                            entry.financial_year
                        ),
                    );
                }
                amount.flatten()
            };
            let upfront_grant = money("upfront_grant", &entry.upfront_grant);
            let cash_received = money("cash_received", &entry.cash_received);
            let method_at_risk = money("method_at_risk", &entry.method_at_risk);
            let method_as_at = entry.method_as_at.as_ref().map(day);
            if method_as_at == Some(None) {
                self.problem(name, format!("{}: method_as_at is no day.", entry.financial_year));
            }
            let rejection =
                entry.expected_rejection_percent.as_ref().map(|value| number_text(value).parse::<Percent>());
            if rejection == Some(Err(())) {
                self.problem(name, format!("{}: expected_rejection_percent is no percentage.", entry.financial_year));
            }
            years.push(YearTarget {
                financial_year: entry.financial_year,
                target: entry.target,
                funded_places: entry.funded_places,
                source: entry.source,
                standing: entry.standing,
                upfront_grant,
                cash_received,
                expected_rejection: rejection.and_then(|read| read.ok()),
                method: entry.method.map(|text| Method {
                    text,
                    as_at: method_as_at.flatten(),
                    at_risk: method_at_risk,
                }),
                bands: entry.bands,
                profile: entry.profile,
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

    /// The bands and profiles that targets name must be there.
    fn years_name_what_there_is(&mut self) {
        let mut problems = Vec::new();
        for targets in &self.pack.targets {
            for year in &targets.years {
                let bands = year.bands.as_deref().and_then(|id| self.pack.position.bands(Some(id)).err());
                let profile = year.profile.as_deref().and_then(|id| self.pack.position.profile(Some(id)).err());
                for why in bands.into_iter().chain(profile) {
                    problems.push(format!("{} of {}: {why}", year.financial_year, targets.authority));
                }
            }
        }
        problems.into_iter().for_each(|why| self.problem("targets/", why));
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
        // A pack from before there were such checks has no file of them.
        self.pack.thresholds = self.pack.thresholds.take().or_else(Thresholds::built_in);
        if !self.given.contains("position.toml") {
            self.pack.position = position::read(position::BUILT_IN, &mut |_| {}, &mut |_, _| {});
        }
        if !self.given.contains("levers.toml") {
            self.pack.levers = levers::read(levers::BUILT_IN, &mut |_| {}, &mut |_, _| {});
        }
        if !self.given.contains("assurance.toml") {
            self.pack.assurance = assurance::read(assurance::BUILT_IN, &mut |_| {}, &mut |_, _| {});
        }
        self.years_name_what_there_is();
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
