//! The summary of a run on the terminal.

use super::counted::{cases_without_a_decision, rows_of_nobody};
use crate::decide::Status;
use crate::finding::{Finding, FindingCode, Severity};
use crate::load::tables::TableName;
use crate::report::output::page::{Page, Screen, number, plain_table};
use crate::rules::WITHOUT_AGREEMENTS;
use crate::run::Outcome;
use crate::validate::RowCounts;
use crate::words::counted;
use std::collections::BTreeMap;

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
    let mut out = Page::on(screen);
    if rules.without_agreements {
        out.wrapped(&WITHOUT_AGREEMENTS.to_uppercase(), "", "");
    }
    out.line(&format!("Claim check as at {as_at}, by the rules of {}", rules.label()));
    out.wrapped(&format!("School calendar: {}.", rules.calendar.origin), "  ", "  ");
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
            None => format!("Set to its existing value: {key} = {}.", setting.value),
        };
        out.item(&said);
    }
    for notice in rules.notices(as_at).into_iter().filter(|notice| notice != WITHOUT_AGREEMENTS) {
        out.note(&notice);
    }
    out.wrapped(
        "Rows and values after that day were left out. Records put in late, or changed since, show as they are today.",
        "  ",
        "  ",
    );
    out.gap();

    out.line(&format!(
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
    out.table(&[("Status", false), ("Periods", true), ("Meaning", false)], &statuses);
    out.gap();

    let claimable = totals.by_status.get(&Status::Claimable).copied().unwrap_or(0);
    let sum = format!("{} x {} = {}", number(claimable), totals.payment, totals.claimable_value);
    if rules.payment_is_suspended(as_at) {
        out.say(&format!("Not payable: payment by results was suspended by then (see the note). The claimable would have been worth {sum}."));
    } else {
        out.line(&format!("Value of the claimable: {sum}"));
    }
    out.say(&by_agreement(outcome));
    out.say(&match (&totals.target, totals.places_left, totals.value_within_places) {
        (Some(target), Some(left), Some(value)) => format!(
            "Funded places of {}: {}. Less {} approved and {} waiting for a decision, {} are left. Claimable families that fit in them: {}, worth {value}. The target is {}",
            totals.financial_year,
            number(target.funded_places),
            number(totals.approved_this_year),
            number(totals.submitted_this_year),
            number(left),
            number(claimable.min(left)),
            number(target.target)
        ),
        _ => format!(
            "Funded places of {}: not known; name an authority with targets in sfclaim.toml",
            totals.financial_year
        ),
    });
    out.gap();

    if !totals.reasons.is_empty() {
        out.line("The commonest reasons why a period cannot be claimed");
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
        out.table(&[("Reason", false), ("Status", false), ("Periods", true), ("Payment", true)], &rows);
        out.gap();
    }
    for term in &totals.hardly_held {
        out.wrapped(&term.sentence(), "Hardly any attendance for ", "  ");
        out.gap();
    }

    out.line(&rows_by_table(&outcome.prepared.register.counts));
    for (what, list) in [
        ("Cases without a decision, because their row could not be read", cases_without_a_decision(outcome)),
        ("Rows whose family, case or pupil cannot be told", rows_of_nobody(outcome)),
    ] {
        if !list.is_empty() {
            let shown: Vec<&str> = list.iter().take(10).map(String::as_str).collect();
            let more = if list.len() > 10 { format!("; and {} more", number(list.len() - 10)) } else { String::new() };
            out.say(&format!("{what} ({}): {}{more}", number(list.len()), shown.join("; ")));
        }
    }
    out.line(&findings(outcome, screen));
    out.done()
}

/// How much of the claimable rests on agreements.
pub(in crate::report) fn by_agreement(outcome: &Outcome<'_>) -> String {
    let cases = &outcome.totals.claimable_by_agreement;
    match (outcome.rules.without_agreements, cases.len()) {
        (true, _) => "Of these, none rests on an agreement: agreements were left out".to_owned(),
        (false, 0) => "Of these, none rests on an agreement".to_owned(),
        (false, number) => format!(
            "Of these, {} on agreements, worth {}: the records alone are not enough",
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
