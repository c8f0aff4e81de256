//! `sfclaim rules`: list them, show one, look for mistakes.

use super::args::{Rules, RulesAction};
use super::printing::say;
use super::steps::{Ended, pack};
use crate::dates::Date;
use crate::error::{Error, Result, did_you_mean};
use crate::load::mapping::{self, ReadyMapping};
use crate::report::output::page::{Screen, plain_table};
use crate::rules::cited::{LISTED, Listed};
use crate::rules::framework::Framework;
use crate::rules::lint::lint;
use crate::rules::pack::Pack;
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

/// Values that are listed together, and shown by their keys: each with its unit, source, standing and who may change it.
struct Group {
    /// What stands over them in the list.
    heading: String,
    /// What stands in brackets behind the value of one that is shown.
    of: String,
    values: Vec<Listed>,
}

/// All values of a pack but those of frameworks.
fn groups(pack: &Pack) -> Vec<Group> {
    let group = |heading: String, of: &str, values: Vec<Listed>| Group { heading, of: of.to_owned(), values };
    let mut groups = vec![group(
        "Checks across tables (they warn, and change no decision)".to_owned(),
        "a check across tables",
        pack.thresholds.iter().flat_map(|thresholds| thresholds.iter()).map(Into::into).collect(),
    )];
    groups.extend(pack.targets.iter().map(|targets| {
        let heading = format!("Targets of {} ({})", targets.title, targets.authority);
        group(heading, &format!("targets of {}", targets.title), targets.years.iter().map(Into::into).collect())
    }));
    groups.extend([
        group(
            "Assumptions of the forecast, where an authority's own history says too little".to_owned(),
            "an assumption of the forecast",
            pack.assumptions.iter().map(Into::into).collect(),
        ),
        group(
            "How a position is judged (`sfclaim position`)".to_owned(),
            "how a position is judged",
            pack.position.listed(),
        ),
        group(
            "Settings of `sfclaim anomalies` and `sfclaim funnel`".to_owned(),
            "what anomalies and funnels ask after",
            pack.assurance.iter().map(Into::into).collect(),
        ),
    ]);
    groups.retain(|group| !group.values.is_empty());
    groups
}

/// The parameters of a framework as they apply, whatever changes them, on each of its days.
fn parameters(pack: &Pack, framework: &Framework) -> Result<Group> {
    let mut values = Vec::new();
    for key in framework.parameters.keys() {
        let over_time = framework.parameters.over_time(key, framework.in_force, &pack.overrides)?;
        values.extend(over_time.iter().map(Listed::from));
    }
    let span = framework.in_force;
    let heading = format!("Framework {}: {}\n  in force {} to {}\n", framework.id, framework.title, span.from, span.to);
    Ok(Group { heading, of: framework.id.clone(), values })
}

/// Lines of text of any length, each wrapped with what follows further in.
fn wrapped(out: &mut String, text: &str) {
    out.push_str(&Screen::terminal().wrapped(text, "  ", "    "));
    out.push('\n');
}

fn list_group(out: &mut String, group: &Group) {
    let rows: Vec<Vec<String>> = group.values.iter().map(Listed::row).collect();
    out.push_str(&format!("\n{}\n{}", group.heading, plain_table(&LISTED, &rows)));
}

fn list(pack: &Pack) -> Result<String> {
    let mut out = format!("Rules {} (fingerprint {})\n", pack.origin, pack.fingerprint().short());
    for framework in &pack.frameworks {
        list_group(&mut out, &parameters(pack, framework)?);
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
            out.push_str("\nOther readings of the guidance (`sfclaim readings` shows which results depend on them)\n");
        }
        for reading in &framework.readings {
            let said =
                format!("{} = {}: {} ({})", reading.key, reading.value_said(), reading.says, reading.standing.word());
            wrapped(&mut out, &said);
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
    for group in groups(pack) {
        list_group(&mut out, &group);
    }
    out.push_str("\nSources\n");
    for (key, source) in &pack.sources {
        wrapped(&mut out, &format!("{key}: {} ({})", source.title, source.standing.word()));
    }
    out.push_str("\nReady mappings for files of known layouts (not part of the rules or their fingerprint)\n");
    for name in mapping::ready_names() {
        let ReadyMapping { title, standing, .. } = mapping::ready(name)?;
        wrapped(&mut out, &format!("{name}: {title} ({standing})"));
    }
    out.push_str("\n`sfclaim rules show KEY` says everything of one: a key of these lists or its beginning (`attendance`), a headline's\nnumber, an attendance code, a source, `calendar`, or a ready mapping.\n");
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
        wrapped(&mut out, &format!("{what}: {text}"));
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

/// Whether `key` is the key of a value, or the beginning of it up to a dot.
fn is_or_begins(key: &str, of: &str) -> bool {
    of.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Everything said of those values of a group that a key names. `more` says what else is known of one.
fn show_group(
    out: &mut String,
    pack: &Pack,
    group: &Group,
    key: &str,
    more: impl Fn(&Listed) -> Vec<(&'static str, String)>,
) {
    for listed in group.values.iter().filter(|listed| is_or_begins(key, &listed.cited.key)) {
        let from = listed.from.map(|day| format!(" from {day}")).unwrap_or_default();
        out.push_str(&format!("{} = {}{from} ({})\n", listed.cited.key, listed.cited.value, group.of));
        let lines = listed.lines(pack.source_title(&listed.cited.source));
        for (what, text) in lines.into_iter().chain(more(listed)) {
            wrapped(out, &format!("{what}: {text}"));
        }
    }
}

fn show(pack: &Pack, key: &str) -> Result<String> {
    let mut shown = String::new();
    let mut known: Vec<String> = Vec::new();
    for framework in &pack.frameworks {
        let group = parameters(pack, framework)?;
        show_group(&mut shown, pack, &group, key, |listed| {
            let of_key = framework.readings.iter().filter(|reading| reading.key == listed.cited.key);
            of_key
                .map(|reading| {
                    let source = pack.source_title(&reading.source);
                    let said = (reading.value_said(), &reading.says, reading.standing.word());
                    ("another reading", format!("{}: {} ({}, {source})", said.0, said.1, said.2))
                })
                .collect()
        });
        known.extend(group.values.into_iter().map(|listed| listed.cited.key));
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
            pack.source_title(&code.source)
        ));
    }
    for group in groups(pack) {
        show_group(&mut shown, pack, &group, key, |_| Vec::new());
        known.extend(group.values.into_iter().map(|listed| listed.cited.key));
    }
    if let Some(calendar) = pack.calendar.as_ref().filter(|_| key == "calendar") {
        shown.push_str(&format!("School calendar: {}\n", calendar.origin));
        for term in calendar.terms() {
            shown.push_str(&format!("  {:<16} {} to {}\n", term.to_string(), term.span.from, term.span.to));
        }
    }
    if let Some(source) = pack.sources.get(key) {
        shown.push_str(&format!("Source {key}\n  {}\n  standing: {}\n", source.title, source.standing.word()));
    }
    if mapping::ready_names().any(|name| name == key) {
        shown.push_str(&ready_mapping(key)?);
    }
    if shown.is_empty() {
        known.extend(pack.sources.keys().cloned().chain(mapping::ready_names().map(str::to_owned)));
        let hint = did_you_mean(key, known.iter().map(String::as_str));
        return Err(Error::new(format!(
            "the rules have nothing called \"{key}\".{hint} `sfclaim rules list` shows them all."
        )));
    }
    Ok(shown)
}
