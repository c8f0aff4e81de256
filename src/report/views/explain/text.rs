//! An explanation as text, fit to be read aloud.

use super::explanation::{AS_IT_STOOD, ExplainedChild, ExplainedNotLookedAt, Explanation, Said};
use super::findings::ExplainedFinding;
use crate::report::output::page::Screen;
use crate::rules::WITHOUT_AGREEMENTS;
use serde_json::Value;
use std::fmt::Write as _;

impl Said {
    /// The text with its place behind it.
    fn line(&self) -> String {
        match (&self.file, self.row) {
            (Some(file), Some(row)) => format!("{} [{file} row {row}]", self.text),
            _ => self.text.clone(),
        }
    }
}

/// The explanation as text.
pub fn text(explanation: &Explanation, screen: Screen) -> String {
    let mut out = String::new();
    let mut say = |text: &str, first: &str, others: &str| {
        let _ = writeln!(out, "{}", screen.wrapped(text, first, others));
    };
    let e = explanation;
    if e.notices.iter().any(|notice| notice == WITHOUT_AGREEMENTS) {
        say(&WITHOUT_AGREEMENTS.to_uppercase(), "", "");
    }
    say(
        &format!(
            "Case {} of family {} as at {}: {} ({})",
            e.case_id,
            e.family_id,
            e.as_at,
            e.status.replace('_', " ").to_uppercase(),
            e.status_meaning
        ),
        "",
        "  ",
    );
    // What a person answered for comes first: whoever asks about the case asks about this.
    for one in &e.rests_on_agreements {
        let of: Vec<&str> = one.person_id.iter().chain(&one.terms).map(String::as_str).collect();
        let of = if of.is_empty() { String::new() } else { format!(" ({})", of.join(", ")) };
        say(
            &format!(
                "Rests on an agreement on {}{of}, {}. Without it: {}.",
                one.rule,
                one.agreement.line(),
                one.instead_of.replace('_', " ")
            ),
            "  ",
            "    ",
        );
    }
    say(&e.reason, "  ", "  ");
    let closed = e.closed_on.as_ref().map_or("still open".to_owned(), |day| format!("closed {day}"));
    say(&format!("Period of support: opened {}, {closed}", e.opened_on), "  ", "  ");
    for case in &e.cases {
        say(&case.line(), "    ", "      ");
    }
    if let Some(kind) =
        e.kind.filter(|kind| *kind != "first" || !["claimed", "not_eligible", "not_claimable"].contains(&e.status))
    {
        let kind =
            if kind == "first" { "This would be the family's first claim." } else { "The family was claimed before." };
        say(kind, "  ", "  ");
    }
    for fact in &e.facts {
        say(&fact.line(), "  ", "    ");
    }
    match (&e.earliest_claim_on, &e.earliest_possible_on) {
        (Some(day), _) => say(&format!("Earliest claim date: {day}, on what is recorded today."), "  ", "    "),
        (None, Some(day)) if e.status == "in_progress" => {
            say(
                &format!(
                    "Earliest claim date: {day}, on what is recorded today and only if every outcome is dated {}.",
                    e.as_at
                ),
                "  ",
                "    ",
            );
        }
        _ => {}
    }
    if let Some(until) = &e.until_then {
        say(&format!("Still needed: {until}."), "  ", "    ");
    }
    say(&format!("Rules: {} ({})", e.rules, e.framework), "  ", "    ");
    for meant in &e.what_dated_facts_mean {
        say(&format!("{} (source: {})", meant.text, meant.source), "  For this case: ", "    ");
    }
    for notice in e.notices.iter().filter(|notice| *notice != WITHOUT_AGREEMENTS) {
        say(notice, "  Note: ", "    ");
    }
    if e.status == "claimed" {
        say("The rules below are shown as they stand, though the result was claimed already.", "  ", "    ");
    }
    if !e.as_it_stood_when_claimed.is_empty() {
        say("", "", "");
        say(AS_IT_STOOD, "", "");
        for past in &e.as_it_stood_when_claimed {
            for line in &past.lines {
                say(line, "    ", "      ");
            }
        }
    }
    let (mut sources, mut values) = (Vec::new(), Vec::new());
    for (position, ruling) in e.rulings.iter().enumerate() {
        say("", "", "");
        let from = ruling.met_from.as_ref().map(|day| format!(", met from {day}")).unwrap_or_default();
        say(
            &format!(
                "{} {}: {}{from} - {}",
                position + 1,
                ruling.rule.to_uppercase(),
                ruling.verdict.replace('_', " "),
                ruling.because
            ),
            "",
            "    ",
        );
        if let Some(agreed) = &ruling.by_agreement {
            say(
                &format!(
                    "by agreement, instead of {}: {}",
                    agreed.instead_of.replace('_', " "),
                    agreed.agreement.line()
                ),
                "    ",
                "      ",
            );
        }
        for fact in &ruling.facts {
            say(&fact.line(), "    ", "      ");
        }
        if ruling.rule == "attendance" {
            for child in &e.children {
                child_text(child, &mut say);
            }
            for child in &e.children_not_looked_at {
                say(&not_looked_at_line(child), "    ", "      ");
            }
        }
        if let Some(settles) = &ruling.would_settle_it {
            let what = if ruling.verdict == "unknown" { "To settle it" } else { "Still needed" };
            say(&format!("{what}: {settles}."), "    ", "      ");
        }
        for (key, parameter) in &ruling.parameters {
            values.push(parameter_words(key, parameter, &mut sources));
            // A change is said where it tells; the values as they are in the rules come at the end.
            if let Some(before) = parameter["instead_of"].as_str() {
                let of = |field: &str| parameter[field].as_str().unwrap_or_default();
                let said =
                    format!("CHANGED for this run by {}: {key} is {}, not {before}", of("given_by"), of("value"));
                say(&said, "    ", "      ");
            }
        }
    }
    for (heading, lines) in [
        ("Claims of the family", e.claims.iter().map(Said::line).collect::<Vec<_>>()),
        ("Linked families", e.links.clone()),
        ("Did not apply", e.did_not_apply.clone()),
        ("Findings about its rows", findings(e, false)),
        ("Findings about its rows that a person has confirmed", findings(e, true)),
        ("Values of the rules used", values),
        ("Sources", sources.iter().enumerate().map(|(number, source)| format!("{} {source}", number + 1)).collect()),
    ] {
        if !lines.is_empty() {
            say("", "", "");
            say(heading, "", "");
            for line in &lines {
                say(line, "    ", "      ");
            }
        }
    }
    out
}

fn not_looked_at_line(child: &ExplainedNotLookedAt) -> String {
    let name = child.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let held = match child.figures.as_slice() {
        [] => "no attendance on record".to_owned(),
        figures => format!("on record: {}", figures.join("; ")),
    };
    format!("not checked: {}{name} {}; {held} [{} row {}]", child.person_id, child.why, child.file, child.row)
}

fn findings(explanation: &Explanation, confirmed: bool) -> Vec<String> {
    let of_it = explanation.findings.iter().filter(|finding| finding.confirmed.is_some() == confirmed);
    of_it.map(ExplainedFinding::line).collect()
}

fn child_text(child: &ExplainedChild, say: &mut dyn FnMut(&str, &str, &str)) {
    let name = child.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    say(
        &format!(
            "child {}{name}: {} [{} row {}]",
            child.person_id,
            child.verdict.replace('_', " "),
            child.file,
            child.row
        ),
        "    ",
        "      ",
    );
    if child.terms.is_empty() {
        say(&child.because, "      ", "        ");
    }
    for term in &child.terms {
        let figures = match (term.attended, term.possible) {
            (Some(attended), Some(possible)) => {
                let percent = term.percent.as_ref().map(|percent| format!(" = {percent}%")).unwrap_or_default();
                format!("{attended} attended of {possible} possible{percent}")
            }
            _ => "no figures".to_owned(),
        };
        let coverage = term.coverage_percent.as_ref().map(|percent| format!(" = {percent}%")).unwrap_or_default();
        let records = if term.records.is_empty() { String::new() } else { format!(" [{}]", term.records.join("; ")) };
        say(
            &format!(
                "{} {} ({} to {}): {} - {figures}; on record {} of {} half-days{coverage}{records}",
                term.term,
                term.academic_year,
                term.starts_on,
                term.ends_on,
                term.verdict.replace('_', " "),
                term.half_days_on_record,
                term.half_days_of_the_term
            ),
            "      ",
            "        ",
        );
        // Without figures a verdict of the records rests on what they say: a percentage that was accepted.
        let is_without_figures = term.possible.is_none() && term.by_agreement.is_none();
        if term.verdict == "unknown" || is_without_figures {
            say(&term.because, "        ", "          ");
        } else {
            term.beside.iter().for_each(|note| say(note, "        ", "          "));
        }
        for doubt in &term.doubts {
            say(doubt, "          ", "            ");
        }
        if let Some(agreed) = &term.by_agreement {
            say(&agreed.agreement.line(), "        ", "          ");
        }
    }
}

/// A parameter in a few words; its source as a number, explained at the end.
fn parameter_words(key: &str, parameter: &Value, sources: &mut Vec<String>) -> String {
    let text = |field: &str| parameter[field].as_str().unwrap_or_default().to_owned();
    let changed = match parameter["instead_of"].as_str() {
        Some(before) => format!(", CHANGED from {before} by {}", text("given_by")),
        None => String::new(),
    };
    let from = parameter["from"].as_str().map(|day| format!(" from {day}")).unwrap_or_default();
    // The unit of a choice or a list says only what kind of value it is.
    let unit = match text("unit").as_str() {
        "choice" | "yes or no" | "date" | "fields of cases" => String::new(),
        unit => format!(" {unit}"),
    };
    let source = format!("{}, checked {}", text("source"), text("last_checked"));
    let number = sources.iter().position(|known| *known == source).unwrap_or_else(|| {
        sources.push(source);
        sources.len() - 1
    });
    format!(
        "{key} = {}{unit}{from} ({} rule, standing {}, source {}{changed})",
        text("value"),
        text("who_may_change_it"),
        text("standing"),
        number + 1
    )
}
