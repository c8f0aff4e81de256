//! `sfclaim rules`: list them, show one, look for mistakes.

use super::args::{Rules, RulesAction};
use super::{Ended, pack, say};
use crate::dates::Date;
use crate::error::{Error, Result, did_you_mean};
use crate::load::mapping::{self, ReadyMapping};
use crate::report::output::page::{Screen, plain_table};
use crate::rules::assumptions::Assumption;
use crate::rules::framework::Framework;
use crate::rules::lint::lint;
use crate::rules::pack::Pack;
use crate::rules::parameters::KEYS;
use crate::words::counted;

pub(super) fn run(typed: &Rules) -> Result<Ended> {
    match &typed.action {
        RulesAction::List => {
            say(&list(&pack(typed.rules.as_deref())?)?);
            Ok(Ended::Well)
        }
        RulesAction::Show { key } => {
            say(&show(&pack(typed.rules.as_deref())?, key)?);
            Ok(Ended::Well)
        }
        RulesAction::Lint => {
            let problems = lint(typed.rules.as_deref())?;
            for problem in &problems {
                let severity = if problem.fatal { "error" } else { "note" };
                say(&Screen::terminal().wrapped(
                    &format!("{severity} {}: {}", problem.file, problem.message),
                    "",
                    "    ",
                ));
                say("\n");
            }
            let fatal = problems.iter().filter(|problem| problem.fatal).count();
            let notes = counted(problems.len() - fatal, "note", "notes");
            say(&format!("{}, {notes}\n", counted(fatal, "error", "errors")));
            Ok(if fatal > 0 { Ended::WithErrors } else { Ended::Well })
        }
    }
}

fn list(pack: &Pack) -> Result<String> {
    let mut out = format!("Rules {} (fingerprint {})\n", pack.origin, pack.fingerprint().short());
    for framework in &pack.frameworks {
        let span = framework.in_force;
        out.push_str(&format!(
            "\nFramework {}: {}\n  in force {} to {}\n\n",
            framework.id, framework.title, span.from, span.to
        ));
        // As they apply: a value that a later file overrides is marked.
        let mut set = framework.parameters.clone();
        for change in &pack.overrides {
            set.apply(change)?;
        }
        let rows: Vec<Vec<String>> = set
            .iter()
            .map(|(key, setting)| {
                let changed = if setting.instead_of.is_some() { " (changed)" } else { "" };
                vec![
                    key.to_owned(),
                    format!("{}{changed}", setting.value),
                    setting.unit.clone(),
                    setting.who.word().to_owned(),
                    setting.standing.word().to_owned(),
                ]
            })
            .collect();
        let columns = [("Parameter", false), ("Value", false), ("Unit", false), ("Who", false), ("Standing", false)];
        out.push_str(&plain_table(&columns, &rows));
        out.push_str("\nHeadline outcomes\n");
        for headline in &framework.headlines {
            let later = if headline.later_label == headline.label {
                String::new()
            } else {
                format!(" (later: {})", headline.later_label)
            };
            out.push_str(&format!("  {:>2} {}{later}\n", headline.number, headline.label));
        }
        if !framework.readings.is_empty() {
            out.push_str("\nOther readings of the guidance (`sfclaim readings` shows what hangs on them)\n");
        }
        for reading in &framework.readings {
            let value = reading.value.as_str().map_or_else(|| reading.value.to_string(), str::to_owned);
            out.push_str(&Screen::terminal().wrapped(
                &format!("{} = {value}: {} ({})", reading.key, reading.says, reading.standing.word()),
                "  ",
                "    ",
            ));
            out.push('\n');
        }
        for fact in &framework.facts {
            out.push('\n');
            out.push_str(&Screen::terminal().wrapped(&format!("From {}: {}", fact.from, fact.text), "", "  "));
            out.push('\n');
        }
    }
    if let Some(calendar) = &pack.calendar {
        out.push_str(&format!("\nSchool calendar: {}, {}\n", calendar.origin, calendar.years_covered()));
    }
    out.push_str(&format!("Attendance codes: {}\n", pack.codes.sorted().len()));
    if let Some(thresholds) = &pack.thresholds {
        out.push_str("\nChecks across tables (they warn, and change no verdict)\n");
        let rows: Vec<Vec<String>> = thresholds
            .iter()
            .map(|(key, of)| {
                let standing = of.standing.word().to_owned();
                vec![format!("checks.{key}"), of.value.to_string(), of.unit.clone(), of.who.word().to_owned(), standing]
            })
            .collect();
        let columns = [("Check", false), ("Value", false), ("Unit", false), ("Who", false), ("Standing", false)];
        out.push_str(&plain_table(&columns, &rows));
    }
    for targets in &pack.targets {
        out.push_str(&format!("\nTargets of {} ({})\n", targets.title, targets.authority));
        let rows: Vec<Vec<String>> = targets
            .years
            .iter()
            .map(|year| {
                vec![
                    year.financial_year.clone(),
                    year.target.to_string(),
                    year.funded_places.to_string(),
                    year.standing.word().to_owned(),
                ]
            })
            .collect();
        let columns = [("Year", false), ("Target", true), ("Funded places", true), ("Standing", false)];
        out.push_str(&plain_table(&columns, &rows));
    }
    if pack.assumptions.iter().next().is_some() {
        out.push_str("\nAssumptions of the forecast, where an authority's own history says too little\n");
        let row = |assumption: &Assumption| {
            let standing = assumption.standing.word().to_owned();
            vec![assumption.key.clone(), assumption.value.to_string(), assumption.unit.clone(), standing]
        };
        let rows: Vec<Vec<String>> = pack.assumptions.iter().map(row).collect();
        let columns = [("Assumption", false), ("Value", true), ("Unit", false), ("Standing", false)];
        out.push_str(&plain_table(&columns, &rows));
    }
    out.push_str("\nHow a position is judged (`sfclaim position`)\n");
    for (what, id, title, standing) in pack.position.listed() {
        let said = format!("{what} {id}: {title} ({})", standing.word());
        out.push_str(&Screen::terminal().wrapped(&said, "  ", "    "));
        out.push('\n');
    }
    out.push_str("\nWhat anomalies and funnels ask after\n");
    let rows: Vec<Vec<String>> = pack
        .assurance
        .iter()
        .map(|of| vec![of.key.clone(), of.value.to_string(), of.unit.clone(), of.standing.word().to_owned()])
        .collect();
    out.push_str(&plain_table(&[("Setting", false), ("Value", true), ("Unit", false), ("Standing", false)], &rows));
    out.push_str("\nSources\n");
    for (key, source) in &pack.sources {
        out.push_str(&Screen::terminal().wrapped(
            &format!("{key}: {} ({})", source.title, source.standing.word()),
            "  ",
            "    ",
        ));
        out.push('\n');
    }
    out.push_str("\nReady mappings, for files of known shapes (no part of the rules and their fingerprint)\n");
    for name in mapping::ready_names() {
        let ReadyMapping { title, standing, .. } = mapping::ready(name)?;
        out.push_str(&Screen::terminal().wrapped(&format!("{name}: {title} ({standing})"), "  ", "    "));
        out.push('\n');
    }
    out.push_str("\n`sfclaim rules show KEY` says everything of one: a parameter, a headline's number, an attendance code, a source,\nan authority's targets, an assumption, `calendar`, or a ready mapping.\n");
    Ok(out)
}

/// Everything said of a ready mapping: its notes, and its file as it stands.
fn ready_mapping(name: &str) -> Result<String> {
    let mapping = mapping::ready(name)?;
    let mut out = format!("Ready mapping {name}, for the table \"{}\"\n", mapping.table.get_ref());
    let notes = mapping.notes.split_whitespace().collect::<Vec<_>>().join(" ");
    for (what, text) in
        [("for", &mapping.title), ("source", &mapping.source), ("standing", &mapping.standing), ("notes", &notes)]
    {
        out.push_str(&Screen::terminal().wrapped(&format!("{what}: {text}"), "  ", "    "));
        out.push('\n');
    }
    let columns = mapping.columns.iter().map(|(column, heading)| (column.get_ref().clone(), heading.get_ref().clone()));
    let constants =
        mapping.constants.iter().map(|(column, value)| (column.get_ref().clone(), format!("always {value}")));
    let criteria = mapping.wide.iter().flat_map(|wide| &wide.criteria).flat_map(|(criterion, wide)| {
        let columns = wide.columns();
        let others: Vec<_> = columns.others().map(|(name, heading)| (name.to_owned(), heading.to_owned())).collect();
        std::iter::once((format!("criterion {}", criterion.get_ref()), columns.flag.clone())).chain(others)
    });
    let rows: Vec<Vec<String>> =
        columns.chain(constants).chain(criteria).map(|(column, heading)| vec![column, heading]).collect();
    out.push_str(&plain_table(&[("Column", false), ("Heading in the file", false)], &rows));
    Ok(out)
}

fn show(pack: &Pack, key: &str) -> Result<String> {
    let mut shown = String::new();
    for framework in &pack.frameworks {
        shown.push_str(&parameter(pack, framework, key));
        if let Some(headline) = key.parse().ok().and_then(|number| framework.headline(number)) {
            shown.push_str(&format!(
                "Headline outcome {} of {}\n  label: {}\n  later label: {}\n",
                headline.number, framework.id, headline.label, headline.later_label
            ));
        }
    }
    if let Some(code) = pack.codes.get(key) {
        let span = code.in_use;
        let from = if span.from == Date::MIN { "no first day given".to_owned() } else { format!("from {}", span.from) };
        let to = if span.to == Date::MAX { "still in use".to_owned() } else { format!("to {}", span.to) };
        shown.push_str(&format!(
            "Attendance code {}: {}\n  counts as: {}\n  in use: {from}, {to}\n  source: {}\n",
            code.code,
            code.title,
            code.class.said(),
            pack.source_title(&pack.codes.source)
        ));
    }
    let check = key.strip_prefix("checks.").zip(pack.thresholds.as_ref());
    if let Some((_, of)) = check.and_then(|(key, all)| all.iter().find(|(known, _)| *known == key)) {
        shown.push_str(&format!(
            "{key} = {} {}\n  means: {}\n  source: {}\n  standing: {}\n  who may change it: {}\n  last checked: {}\n  stands in: checks.toml\n",
            of.value,
            of.unit,
            of.title,
            pack.source_title(&of.source),
            of.standing.word(),
            of.who.word(),
            of.last_checked
        ));
    }
    if let Some(calendar) = pack.calendar.as_ref().filter(|_| key == "calendar") {
        shown.push_str(&format!("School calendar: {}\n", calendar.origin));
        for term in calendar.terms() {
            shown.push_str(&format!("  {:<16} {} to {}\n", term.to_string(), term.span.from, term.span.to));
        }
    }
    if let Some(targets) = pack.targets_of(key) {
        shown.push_str(&format!("Targets of {}\n", targets.title));
        for year in &targets.years {
            shown.push_str(&Screen::terminal().wrapped(
                &format!(
                    "{}: target {}, funded places {} ({}: {})",
                    year.financial_year,
                    year.target,
                    year.funded_places,
                    year.standing.word(),
                    pack.source_title(&year.source)
                ),
                "  ",
                "    ",
            ));
            shown.push('\n');
        }
    }
    if let Some(assumption) = pack.assumptions.get(key) {
        shown.push_str(&format!("{key} = {} (an assumption of the forecast)\n", assumption.value));
        for (what, text) in [
            ("means", assumption.title.as_str()),
            ("unit", &assumption.unit),
            ("source", pack.source_title(&assumption.source)),
            ("standing", assumption.standing.word()),
            ("last checked", &assumption.last_checked.to_string()),
            ("stands in", "assumptions.toml"),
        ] {
            shown.push_str(&Screen::terminal().wrapped(&format!("{what}: {text}"), "  ", "    "));
            shown.push('\n');
        }
    }
    if let Some(setting) = pack.assurance.iter().find(|setting| setting.key == key) {
        shown.push_str(&format!(
            "{key} = {} {}\n  means: {}\n  source: {}\n  standing: {}\n",
            setting.value,
            setting.unit,
            setting.title,
            pack.source_title(&setting.source),
            setting.standing.word()
        ));
    }
    if let Some(source) = pack.sources.get(key) {
        shown.push_str(&format!("Source {key}\n  {}\n  standing: {}\n", source.title, source.standing.word()));
    }
    if mapping::ready_names().any(|name| name == key) {
        shown.push_str(&ready_mapping(key)?);
    }
    if shown.is_empty() {
        let assumptions = pack.assumptions.iter().map(|assumption| assumption.key.as_str());
        let settings = pack.assurance.iter().map(|setting| setting.key.as_str());
        let known = KEYS.iter().map(|(known, _)| *known).chain(pack.sources.keys().map(String::as_str));
        let mut known: Vec<&str> = known.chain(assumptions).chain(settings).collect();
        mapping::ready_names().for_each(|name| known.push(name));
        let hint = did_you_mean(key, known);
        return Err(Error::new(format!(
            "the rules have nothing called \"{key}\".{hint} `sfclaim rules list` shows them all."
        )));
    }
    Ok(shown)
}

fn parameter(pack: &Pack, framework: &Framework, key: &str) -> String {
    let mut set = framework.parameters.clone();
    let applied = pack.overrides.iter().try_for_each(|change| set.apply(change));
    let (Ok(()), Ok(setting)) = (applied, set.get(key)) else { return String::new() };
    let mut out = format!("{key} = {} ({})\n", setting.value, framework.id);
    let mut line = |what: &str, text: &str| {
        out.push_str(&Screen::terminal().wrapped(&format!("{what}: {text}"), "  ", "    "));
        out.push('\n');
    };
    line("means", &setting.title);
    line("unit", &setting.unit);
    line("source", pack.source_title(&setting.source));
    line("standing", setting.standing.word());
    line("who may change it", setting.who.word());
    line("last checked", &setting.last_checked.to_string());
    line("stands in", &framework.file);
    for reading in framework.readings.iter().filter(|reading| reading.key == key) {
        let value = reading.value.as_str().map_or_else(|| reading.value.to_string(), str::to_owned);
        line(
            "another reading",
            &format!("{value}: {} ({}, {})", reading.says, reading.standing.word(), pack.source_title(&reading.source)),
        );
    }
    for change in pack.overrides.iter().filter(|change| change.key == key) {
        let before = setting.instead_of.as_ref().map(ToString::to_string).unwrap_or_default();
        line("changed", &format!("from {before} by {}", change.given_by));
    }
    out
}
