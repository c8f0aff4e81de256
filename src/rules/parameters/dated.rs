//! The values of a framework's parameters, each with the days on which it holds; those that hold on one day, with where
//! they came from; and changes to them by dotted key.

use super::keys::{KEYS, kind_of};
use super::value::Value;
use crate::dates::{Date, Span, day_after, day_before};
use crate::error::{Error, Result};
use crate::rules::cited::{Cited, Dated, Entry, Listed};
use crate::rules::file::OpenFile;
use crate::rules::standing::Standing;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The framework's own file.
    Framework,
    /// An override, and where that stands: a later file, or the command line.
    Override(String),
}

/// A parameter as it applies on a day: the value, everything said of it, and where it came from.
#[derive(Clone, Debug)]
pub struct Setting {
    cited: Cited<Value>,
    /// The first day of the value, where the framework has given the parameter more than one.
    pub from: Option<Date>,
    /// Where the value came from.
    pub origin: Origin,
    /// The framework's own value, where another stands in its place.
    pub instead_of: Option<Value>,
    /// The first day of that value, where the framework has given the parameter more than one.
    pub instead_of_from: Option<Date>,
}

impl Deref for Setting {
    type Target = Cited<Value>;

    fn deref(&self) -> &Cited<Value> {
        &self.cited
    }
}

impl Setting {
    /// Where the value was given: the framework's file, or what changed it.
    pub fn given_by(&self) -> &str {
        match &self.origin {
            Origin::Framework => &self.cited.file,
            Origin::Override(by) => by,
        }
    }

    fn of(dated: &Dated<Value>) -> Setting {
        Setting {
            cited: dated.cited.clone(),
            from: dated.from,
            origin: Origin::Framework,
            instead_of: None,
            instead_of_from: None,
        }
    }
}

impl From<&Setting> for Listed {
    fn from(setting: &Setting) -> Listed {
        let changed = setting.instead_of.as_ref().map(|before| format!("from {before} by {}", setting.given_by()));
        Listed { cited: setting.cited.said(), from: setting.from, changed }
    }
}

/// A change to one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The dotted key.
    pub key: String,
    /// The new value, as TOML.
    pub value: toml::Value,
    /// Where the change stands, for people: "--set", or a file's name.
    pub given_by: String,
}

impl Override {
    /// Reads `key=value` as typed after `--set`: the value as in TOML, bare words as strings.
    ///
    /// # Errors
    /// No `=` in the text.
    pub fn read(text: &str) -> Result<Override> {
        let Some((key, value)) = text.split_once('=') else {
            return Err(Error::new(format!("\"--set {text}\" has no \"=\": write it as --set key=value.")));
        };
        let value = value.trim();
        let parsed = format!("value = {value}").parse::<toml::Table>().ok();
        let value = parsed
            .and_then(|mut table| (table.len() == 1).then(|| table.remove("value")).flatten())
            .unwrap_or_else(|| toml::Value::String(value.to_owned()));
        Ok(Override { key: key.trim().to_owned(), value, given_by: "--set".to_owned() })
    }
}

/// The values of one parameter: those of the framework's own file, and those that an authority's file lays over them.
#[derive(Clone, Debug, Default)]
struct Values {
    own: Vec<Dated<Value>>,
    laid_over: Vec<Dated<Value>>,
}

impl Values {
    /// The value on a day: what is laid over, where that holds on the day, else the framework's own.
    fn on(&self, day: Date) -> Option<Setting> {
        let own = self.own_on(day);
        let Some(over) = holding(&self.laid_over, day) else { return own.map(Setting::of) };
        Some(Setting {
            origin: Origin::Override(over.cited.file.clone()),
            instead_of: own.map(|own| own.cited.value.clone()),
            instead_of_from: own.and_then(|own| own.from),
            ..Setting::of(over)
        })
    }

    /// The framework's own value. A framework that is asked for by name before its first day has its first values, and
    /// after its last day the last ones.
    fn own_on(&self, day: Date) -> Option<&Dated<Value>> {
        let begun = || self.own.iter().rfind(|dated| dated.from.is_none_or(|from| from <= day));
        holding(&self.own, day).or_else(begun).or(self.own.first())
    }

    /// The days on which another value can begin.
    fn days(&self) -> impl Iterator<Item = Date> {
        let all = self.own.iter().chain(&self.laid_over);
        all.flat_map(|dated| [dated.from, dated.to.map(day_after)].into_iter().flatten())
    }
}

/// The last of some values that holds on a day.
fn holding(values: &[Dated<Value>], day: Date) -> Option<&Dated<Value>> {
    let holds =
        |dated: &&Dated<Value>| dated.from.is_none_or(|from| from <= day) && dated.to.is_none_or(|to| day <= to);
    values.iter().rfind(holds)
}

/// The parameters of a framework on all its days.
#[derive(Clone, Debug, Default)]
pub struct DatedParameters(BTreeMap<&'static str, Values>);

impl DatedParameters {
    /// The parameters as they hold on a day.
    pub fn on(&self, day: Date) -> ParameterSet {
        ParameterSet(self.0.iter().filter_map(|(key, values)| Some((*key, values.on(day)?))).collect())
    }

    /// The keys, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// The framework's own value of a key on a day, whatever is laid over it.
    ///
    /// # Errors
    /// An unknown key, with the nearest known one suggested.
    pub fn own(&self, key: &str, day: Date) -> Result<Setting> {
        kind_of(key)?;
        let own = self.0.get(key).and_then(|values| values.own_on(day));
        own.map(Setting::of).ok_or_else(|| no_value(key))
    }

    /// The file that lays values of a key over the framework's own, where one does.
    pub fn laid_over_by(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.laid_over.first().map(|dated| dated.cited.file.as_str())
    }

    /// Everything that a parameter is over the days of a framework, in order, after some changes that hold on all of them:
    /// one setting where it never changes. Empty for an unknown key.
    ///
    /// # Errors
    /// A change that cannot be made.
    pub fn over_time(&self, key: &str, in_force: Span, changes: &[Override]) -> Result<Vec<Setting>> {
        let Some(values) = self.0.get(key) else { return Ok(Vec::new()) };
        let within = |day: &Date| in_force.covers(*day);
        let days: BTreeSet<Date> = std::iter::once(in_force.from).chain(values.days().filter(within)).collect();
        let mut over_time: Vec<Setting> = Vec::new();
        for day in days {
            let mut set = self.on(day);
            changes.iter().try_for_each(|change| set.apply(change))?;
            let setting = set.get(key)?;
            let same = |last: &Setting| last.value == setting.value && last.given_by() == setting.given_by();
            if !over_time.last().is_some_and(same) {
                over_time.push(Setting { from: Some(day), ..setting.clone() });
            }
        }
        if let [only] = over_time.as_mut_slice() {
            only.from = None;
        }
        Ok(over_time)
    }

    /// Takes in the parameters of a framework's own file: all keys, with a value on every day on which it is in force.
    pub(in crate::rules) fn take_in(&mut self, file: &mut OpenFile<'_>, entries: &[Entry], in_force: Option<Span>) {
        for entry in entries {
            let Some((key, read)) = read(file, entry, None) else { continue };
            if self.0.contains_key(key) {
                file.problem(format!("\"{key}\" is given twice: keep one."));
                continue;
            }
            if let Some(in_force) = in_force {
                lint(file, key, &read, in_force);
                lint_every_day(file, key, &read, in_force);
            }
            if !read.is_empty() {
                self.0.insert(key, Values { own: read, laid_over: Vec::new() });
            }
        }
        for (key, _) in KEYS {
            if !entries.iter().any(|entry| entry.key == *key) {
                file.problem(format!("\"{key}\" is missing: every framework gives every parameter."));
            }
        }
    }

    /// Lays the parameters of an authority's file over those of the framework: what it gives holds on the days that it
    /// says, or on all where it says none.
    pub(in crate::rules) fn lay_over(&mut self, file: &mut OpenFile<'_>, entries: &[Entry], in_force: Span) {
        for entry in entries {
            let before = self.0.get(entry.key.as_str()).and_then(|values| values.own.last());
            let before = before.map(|dated| dated.cited.clone());
            let Some((key, read)) = read(file, entry, before.as_ref()) else { continue };
            lint(file, key, &read, in_force);
            let values = self.0.entry(key).or_default();
            if values.laid_over.is_empty() {
                values.laid_over = read;
            } else {
                file.problem(format!("\"{key}\" is given twice: keep one."));
            }
        }
    }
}

/// The known key of an entry, and its values.
fn read(
    file: &mut OpenFile<'_>,
    entry: &Entry,
    before: Option<&Cited<Value>>,
) -> Option<(&'static str, Vec<Dated<Value>>)> {
    let Some((key, kind)) = KEYS.iter().find(|(known, _)| *known == entry.key) else {
        kind_of(&entry.key).err().into_iter().for_each(|why| file.problem(why.to_string()));
        return None;
    };
    Some((*key, entry.read(file, before, None, |value| Value::read(*kind, value))))
}

/// What is wrong with the days of some values: their order, days that two of them have, and days outside the framework.
fn lint(file: &mut OpenFile<'_>, key: &str, values: &[Dated<Value>], in_force: Span) {
    let Span { from: first, to: last } = in_force;
    for dated in values {
        let Some(from) = dated.from else { continue };
        for day in [Some(from), dated.to].into_iter().flatten().filter(|day| !in_force.covers(*day)) {
            file.problem(format!(
                "\"{key}\": {day} is outside the framework, which is in force from {first} to {last}."
            ));
        }
        if let Some(to) = dated.to.filter(|to| *to < from) {
            file.problem(format!("\"{key}\": the value from {from} ends on {to}, before it begins."));
        }
    }
    for pair in values.windows(2) {
        let (before, after) = (pair[0].from.unwrap_or(first), pair[1].from.unwrap_or(first));
        if before == after {
            file.problem(format!("\"{key}\": two values hold from {after}: keep one."));
        } else if before > after {
            file.problem(format!(
                "\"{key}\": the value from {after} stands below the one from {before}: write the earlier one first."
            ));
        } else if let Some(to) = pair[0].to.filter(|to| *to >= after) {
            file.problem(format!("\"{key}\": two values hold from {after} to {to}: end the first one before."));
        }
    }
}

/// Days of the framework on which none of its own values holds. A value without a last day holds until the next.
fn lint_every_day(file: &mut OpenFile<'_>, key: &str, values: &[Dated<Value>], in_force: Span) {
    let mut next = Some(in_force.from);
    for dated in values {
        let from = dated.from.unwrap_or(in_force.from);
        if let Some(day) = next.filter(|day| *day < from) {
            lint_gap(file, key, day, from);
        }
        next = dated.to.map(day_after);
    }
    if let Some(day) = next.filter(|day| *day <= in_force.to) {
        lint_gap(file, key, day, day_after(in_force.to));
    }
}

fn lint_gap(file: &mut OpenFile<'_>, key: &str, from: Date, until: Date) {
    let last = day_before(until);
    file.problem(format!("\"{key}\" has no value from {from} to {last}: every day of the framework needs one."));
}

fn no_value(key: &str) -> Error {
    Error::new(format!("the framework gives no value for \"{key}\"."))
}

/// Every parameter of a framework by key.
#[derive(Clone, Debug, Default)]
pub struct ParameterSet(BTreeMap<&'static str, Setting>);

impl ParameterSet {
    /// The setting of a key.
    ///
    /// # Errors
    /// An unknown key, with the nearest known one suggested.
    pub fn get(&self, key: &str) -> Result<&Setting> {
        kind_of(key)?;
        self.0.get(key).ok_or_else(|| no_value(key))
    }

    /// All settings in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Setting)> {
        self.0.iter().map(|(key, setting)| (*key, setting))
    }

    /// Whether any parameter was overridden.
    pub fn changed(&self) -> bool {
        self.0.values().any(|setting| setting.origin != Origin::Framework)
    }

    /// Puts an override in the place of a value. What is said of the parameter stays; where the value
    /// came from is kept, and its standing becomes `local`.
    ///
    /// # Errors
    /// An unknown key or a value it cannot have.
    pub fn apply(&mut self, change: &Override) -> Result<()> {
        let kind = kind_of(&change.key)?;
        let value = Value::read(kind, &change.value)
            .map_err(|why| Error::new(format!("{}: \"{}\" {why}.", change.given_by, change.key)))?;
        if let Some(setting) = self.0.get_mut(change.key.as_str()) {
            let before = std::mem::replace(&mut setting.cited.value, value);
            let from = setting.from.take();
            if setting.instead_of.is_none() {
                setting.instead_of = Some(before);
                setting.instead_of_from = from;
            }
            setting.origin = Origin::Override(change.given_by.clone());
            setting.cited.standing = Standing::Local;
        }
        Ok(())
    }
}
