//! What a run says on the terminal: plain text, no colours, as wide as the terminal up to a comfortable width.

use super::files::{cases_without_a_decision, rows_of_nobody};
use crate::decide::Status;
use crate::finding::{Finding, FindingCode, Severity};
use crate::load::tables::TableName;
use crate::rules::WITHOUT_AGREEMENTS;
use crate::run::Outcome;
use crate::validate::RowCounts;
use crate::words::counted;
use crate::words::grouped;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where text is shown: knows how wide it may be.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    width: usize,
}

impl Screen {
    /// The terminal, between 60 and 110 characters wide; 100 where there is none.
    pub fn terminal() -> Screen {
        Screen::wide(terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).clamp(60, 110)))
    }

    /// A screen of this many characters.
    pub fn wide(width: usize) -> Screen {
        Screen { width }
    }

    /// How many characters fit on a line.
    pub fn width(self) -> usize {
        self.width
    }

    /// Wraps a paragraph with these indents. Only spaces break lines: a date or an id is never cut at its hyphens.
    pub fn wrapped(self, text: &str, first: &str, others: &str) -> String {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(others)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(false);
        // A line break in a cell must not look like a line of ours.
        textwrap::fill(&text.replace(['\n', '\r'], " "), options)
    }
}

/// A count with commas.
pub fn number(count: usize) -> String {
    grouped(&count.to_string())
}

/// A name of no more than so many characters: of a longer one the beginning and the end, where names differ.
pub fn shortened(name: &str, longest: usize) -> String {
    let all: Vec<char> = name.chars().collect();
    if all.len() <= longest {
        return name.to_owned();
    }
    let end = longest.saturating_sub(2) / 2;
    let start = longest.saturating_sub(2 + end);
    let (start, end) = (&all[..start], &all[all.len() - end..]);
    start.iter().chain(&['.', '.']).chain(end).collect()
}

/// Columns of a plain table: heading and whether its cells stand to the right.
pub type Column<'a> = (&'a str, bool);

/// A plain table, two spaces between its columns.
pub fn plain_table(columns: &[Column<'_>], rows: &[Vec<String>]) -> String {
    let wide = |position: usize| {
        let cells = rows.iter().filter_map(|row| row.get(position)).map(|cell| cell.chars().count());
        cells.chain([columns[position].0.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(wide).collect();
    let mut out = String::new();
    let headings: Vec<String> = columns.iter().map(|(heading, _)| (*heading).to_owned()).collect();
    for row in std::iter::once(&headings).chain(rows) {
        let mut line = String::from(" ");
        for ((cell, width), (_, right)) in row.iter().zip(&widths).zip(columns) {
            // A name with a line break would break the table.
            let cell = cell.replace(['\r', '\n', '\t'], " ");
            line.push(' ');
            if *right {
                let _ = write!(line, "{cell:>width$} ");
            } else {
                let _ = write!(line, "{cell:<width$} ");
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// How many rows of each table were read, and what became of them.
pub fn rows_by_table(counts: &BTreeMap<TableName, RowCounts>) -> String {
    let rows: Vec<Vec<String>> = counts
        .iter()
        .map(|(table, c)| {
            let mut cells = vec![table.to_string()];
            cells.extend([c.read, c.used, c.repeated, c.quarantined].map(number));
            cells
        })
        .collect();
    plain_table(
        &[("Table", false), ("Rows read", true), ("Used", true), ("Repeated", true), ("Quarantined", true)],
        &rows,
    )
}

/// The summary of a run.
pub fn summary(outcome: &Outcome<'_>, screen: Screen) -> String {
    let totals = &outcome.totals;
    let rules = &outcome.rules;
    let as_at = outcome.prepared.as_at;
    let mut out = String::new();
    let mut say = |line: String| {
        out.push_str(&line);
        out.push('\n');
    };
    if rules.without_agreements {
        say(screen.wrapped(&WITHOUT_AGREEMENTS.to_uppercase(), "", ""));
    }
    say(format!("Claim check as at {as_at}, by the rules of {}", rules.label()));
    say(screen.wrapped(&format!("School calendar: {}.", rules.calendar.origin), "  ", "  "));
    let changed = rules.set.iter().filter(|(_, setting)| setting.instead_of.is_some());
    for (key, setting) in changed {
        let before = setting.instead_of.as_ref().filter(|before| **before != setting.value);
        let who = if setting.who == crate::rules::Who::National {
            " (a national rule: not the authority's to change)"
        } else {
            ""
        };
        let said = match before {
            Some(before) => format!("Changed: {key} = {} instead of {before}{who}.", setting.value),
            None => format!("Given again: {key} = {}, as the rules have it.", setting.value),
        };
        say(screen.wrapped(&said, "  ", "    "));
    }
    for notice in rules.notices(as_at).into_iter().filter(|notice| notice != WITHOUT_AGREEMENTS) {
        say(screen.wrapped(&notice, "  Note: ", "    "));
    }
    say(screen.wrapped(
        "Rows and values after that day were left out. Records put in late, or changed since, show as they are today.",
        "  ",
        "  ",
    ));
    say(String::new());

    say(format!(
        "{} of {}, {} with an open case",
        counted(outcome.decisions.len(), "period of support", "periods of support"),
        counted(totals.families, "family", "families"),
        counted(totals.open_families, "family", "families")
    ));
    let statuses: Vec<Vec<String>> = Status::ALL
        .iter()
        .rev()
        .map(|status| {
            let count = totals.by_status.get(status).copied().unwrap_or(0);
            vec![status.word().to_owned(), number(count), status.meaning().to_owned()]
        })
        .collect();
    say(plain_table(&[("Status", false), ("Periods", true), ("Meaning", false)], &statuses));

    let claimable = totals.by_status.get(&Status::Claimable).copied().unwrap_or(0);
    let suspended = if rules.payment_is_suspended(as_at) {
        " (payment by results was suspended by then: see the note)"
    } else {
        ""
    };
    say(format!(
        "Value of the claimable: {} x {} = {}{suspended}",
        number(claimable),
        totals.payment,
        totals.claimable_value
    ));
    say(screen.wrapped(&by_agreement(outcome), "", "  "));
    say(match (&totals.target, totals.places_left, totals.value_within_places) {
        (Some(target), Some(left), Some(value)) => screen.wrapped(
            &format!(
                "Funded places of {}: {} less {} approved and {} waiting for a decision leaves {}; of the claimable {} fit, worth {value} (target {})",
                totals.financial_year,
                number(target.funded_places),
                number(totals.approved_this_year),
                number(totals.submitted_this_year),
                number(left),
                number(claimable.min(left)),
                number(target.target)
            ),
            "",
            "  ",
        ),
        _ => screen.wrapped(
            &format!(
                "Funded places of {}: not known; name an authority with targets in sfclaim.toml",
                totals.financial_year
            ),
            "",
            "  ",
        ),
    });
    say(String::new());

    if !totals.reasons.is_empty() {
        say("The commonest reasons why a period is not claimable".to_owned());
        let rows: Vec<Vec<String>> = totals
            .reasons
            .iter()
            .take(10)
            .map(|reason| {
                vec![
                    reason.kind.to_owned(),
                    reason.status.word().to_owned(),
                    number(reason.periods),
                    reason.value.to_string(),
                ]
            })
            .collect();
        say(plain_table(&[("Reason", false), ("Status", false), ("Periods", true), ("Payment", true)], &rows));
    }
    for term in &totals.hardly_held {
        say(screen.wrapped(&term.sentence(), "Hardly any attendance for ", "  "));
        say(String::new());
    }

    say(rows_by_table(&outcome.prepared.register.counts));
    for (what, list) in [
        ("Cases without a decision, because their row could not be read", cases_without_a_decision(outcome)),
        ("Rows whose family, case or pupil cannot be told", rows_of_nobody(outcome)),
    ] {
        if !list.is_empty() {
            let shown: Vec<&str> = list.iter().take(10).map(String::as_str).collect();
            let more = if list.len() > 10 { format!("; and {} more", number(list.len() - 10)) } else { String::new() };
            say(screen.wrapped(&format!("{what} ({}): {}{more}", number(list.len()), shown.join("; ")), "", "  "));
        }
    }
    say(findings(outcome, screen));
    out
}

/// How much of the claimable rests on agreements.
pub(super) fn by_agreement(outcome: &Outcome<'_>) -> String {
    let cases = &outcome.totals.claimable_by_agreement;
    match (outcome.rules.without_agreements, cases.len()) {
        (true, _) => "Of these, none rests on an agreement: agreements were left out".to_owned(),
        (false, 0) => "Of these, none rests on an agreement".to_owned(),
        (false, number) => format!(
            "Of these, {} on agreements, worth {}: without them the records alone would not do",
            counted(number, "period rests", "periods rest"),
            outcome.totals.value_by_agreement()
        ),
    }
}

fn findings(outcome: &Outcome<'_>, screen: Screen) -> String {
    let all = outcome.findings.sorted();
    let mut by_code: BTreeMap<(Severity, FindingCode), (usize, &Finding)> = BTreeMap::new();
    for finding in &all {
        let (count, example) = by_code.entry((finding.severity(), finding.code)).or_insert((0, finding));
        *count += 1;
        // One without a place sorts first, and is of less use to somebody who looks for it.
        if example.place.is_none() && finding.place.is_some() {
            *example = finding;
        }
    }
    let count = |severity: Severity| all.iter().filter(|finding| finding.severity() == severity).count();
    let confirmed = match all.iter().filter(|finding| finding.confirmed.is_some()).count() {
        0 => String::new(),
        some => format!(", {} of them confirmed", number(some)),
    };
    let mut out = format!(
        "Findings: {}, {}, {}{confirmed}\n",
        counted(count(Severity::Error), "error", "errors"),
        counted(count(Severity::Warning), "warning", "warnings"),
        counted(count(Severity::Note), "note", "notes")
    );
    for ((severity, code), (count, example)) in by_code {
        let example = match &example.place {
            Some(place) => format!("{place}: {}", example.message),
            None => example.message.clone(),
        };
        let what = if count == 1 { example } else { format!("{} times, for example: {example}", number(count)) };
        out.push_str(&screen.wrapped(&format!("{} {}: {what}", severity.word(), code.code()), "  ", "      "));
        out.push('\n');
    }
    out.pop();
    out
}
