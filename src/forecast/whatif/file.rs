//! `scenarios.toml`: named scenarios, each a `[[scenario]]` with its `name` and the keys that it changes. A mistake is shown in
//! its line, with the nearest key.

use super::scenario::{Known, Scenario, ScenarioNamed, TODAY};
use crate::error::{Error, Result};
use crate::load::pointed_at::pointed_at;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file's name in a data folder.
pub const NAME: &str = "scenarios.toml";

/// Most scenarios of one file: more than anybody reads side by side.
const MOST: usize = 200;

/// Reads the scenarios of a file, in its order.
///
/// # Errors
/// Not TOML; a scenario without a name, or with one that is given twice; a key that cannot be changed, given twice, or a value
/// that it cannot have. The message shows the place.
pub fn read(path: &Path, bytes: &[u8], known: &Known<'_>) -> Result<Vec<Scenario>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Error::new(format!("{} is not UTF-8 text.", path.display())))?;
    let wrong = |place: Range<usize>, message: &str| pointed_at((path, text), place, message);
    let table = DeTable::parse(text).map_err(|why| {
        let message = format!("{}.", why.message().trim_end_matches('.'));
        wrong(why.span().unwrap_or(0..0), &message)
    })?;
    let mut scenarios: Vec<Scenario> = Vec::new();
    for (key, value) in table.get_ref() {
        if key.get_ref() != "scenario" {
            let message = format!("there is no \"{}\" here: each scenario begins with [[scenario]].", key.get_ref());
            return Err(wrong(key.span(), &message));
        }
        let DeValue::Array(entries) = value.get_ref() else {
            return Err(wrong(key.span(), "each scenario begins with [[scenario]], in two brackets, and has a name."));
        };
        if entries.len() > MOST {
            return Err(wrong(
                key.span(),
                &format!("there are {} scenarios: at most {MOST} can be set side by side.", entries.len()),
            ));
        }
        for entry in entries.iter() {
            let DeValue::Table(keys) = entry.get_ref() else {
                return Err(wrong(
                    entry.span(),
                    "each scenario begins with [[scenario]], in two brackets, and has a name.",
                ));
            };
            let scenario = one(keys, entry.span(), text, known, &wrong)?;
            if scenarios.iter().any(|other| other.name == scenario.name) {
                let message = format!("two scenarios are named \"{}\": give each its own name.", scenario.name);
                return Err(wrong(entry.span(), &message));
            }
            scenarios.push(scenario);
        }
    }
    Ok(scenarios)
}

fn one(
    keys: &DeTable<'_>,
    whole: Range<usize>,
    text: &str,
    known: &Known<'_>,
    wrong: &dyn Fn(Range<usize>, &str) -> Error,
) -> Result<Scenario> {
    let mut name: Option<(String, Range<usize>)> = None;
    let mut leaves: Vec<Leaf<'_>> = Vec::new();
    for (key, value) in keys {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("name", DeValue::String(given)) if !given.trim().is_empty() => {
                name = Some((given.trim().to_owned(), value.span()));
            }
            ("name", _) => {
                return Err(wrong(value.span(), "the name of a scenario is a text, such as \"88 per cent\"."));
            }
            (part, _) => flatten(part.to_owned(), key.span(), value, &mut leaves),
        }
    }
    let Some((name, at)) = name else {
        return Err(wrong(whole, "this scenario has no name: add name = \"...\"."));
    };
    let given_by = format!("scenario \"{name}\"");
    let mut changes: Vec<ScenarioNamed> = Vec::new();
    for leaf in leaves {
        let value =
            value_of(text, leaf.value.span()).ok_or_else(|| wrong(leaf.value.span(), "this value cannot be read."))?;
        // What is wrong with a key is shown at the key, what is wrong with a value at the value.
        let place = if known.keys().contains(&leaf.key) { leaf.value.span() } else { leaf.at.clone() };
        let named = known.change(&leaf.key, &value, &given_by).map_err(|why| wrong(place, &why))?;
        if let Some(other) = changes.iter().find(|other| same(&other.key, &named.key)) {
            return Err(wrong(leaf.at, &format!("\"{}\" is given twice: keep one.", other.key)));
        }
        changes.push(named);
    }
    if name == TODAY && !changes.is_empty() {
        return Err(wrong(at, "\"today\" is what is without any change: give the scenario another name."));
    }
    Ok(Scenario { name, changes })
}

/// Whether two keys change the same: `payment` is short for `payment.per_family`.
pub fn same(one: &str, other: &str) -> bool {
    let long = |key: &str| if key == "payment" { "payment.per_family".to_owned() } else { key.to_owned() };
    long(one) == long(other)
}

/// A key written out with its points, its place, and its value.
struct Leaf<'a> {
    key: String,
    at: Range<usize>,
    value: &'a Spanned<DeValue<'a>>,
}

fn flatten<'a>(key: String, at: Range<usize>, value: &'a Spanned<DeValue<'a>>, leaves: &mut Vec<Leaf<'a>>) {
    match value.get_ref() {
        DeValue::Table(inside) if !inside.is_empty() => {
            for (part, value) in inside {
                flatten(format!("{key}.{}", part.get_ref()), at.start..part.span().end, value, leaves);
            }
        }
        _ => leaves.push(Leaf { key, at, value }),
    }
}

/// A value by its own text: the kinds of TOML as everywhere else. A plus in front of a number stays, since it says "so many
/// more": to TOML `+10` and `10` are the same.
fn value_of(text: &str, place: Range<usize>) -> Option<toml::Value> {
    let text = text.get(place)?;
    if text.starts_with('+') {
        return Some(toml::Value::String(text.to_owned()));
    }
    let mut table: toml::Table = toml::from_str(&format!("value = {text}")).ok()?;
    table.remove("value")
}
