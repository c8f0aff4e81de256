//! Scenarios on the screen: first that nothing of it is a decision, then all side by side, then what moves in each.

use super::fitted::{fitted, in_blocks};
use super::said::{estimated_again, explained, hardly_held, sentence, signed, signed_tenth, today as said_of_today};
use super::shades::{from_to, said_of_todays_cell, shades};
use super::shown::{NO_DECISION, Shown, moves};
use crate::forecast::whatif::difference::{Difference, grant, payable};
use crate::forecast::whatif::grid::{Grid, HEATS, Of};
use crate::forecast::whatif::{Figures, Tried, WhatIf};
use crate::money::Pounds;
use crate::report::output::page::{Screen, number};
use crate::report::views::view::percent;
use crate::words::counted;
use std::fmt::Write as _;

/// What stands for each degree of heat, least first.
const MARKS: [char; HEATS] = ['.', ':', '+', '*', '#'];

/// The scenarios as text.
pub fn text(shown: &Shown<'_>, show_families: bool, screen: Screen) -> String {
    let found = shown.found;
    let mut out = String::new();
    let mut say = |text: &str, first: &str, others: &str| {
        out.push_str(&screen.wrapped(text, first, others));
        out.push('\n');
    };
    say(&NO_DECISION.to_uppercase(), "", "");
    say(&format!("{} as at {}, beside the rules of {}", found.financial_year, found.as_at, found.rules), "", "  ");
    if let Some(first) = hardly_held(found) {
        say(&first, "  ", "    ");
    }
    for notice in &found.notices {
        say(notice, "  Note: ", "    ");
    }
    out.push('\n');
    let all: Vec<&Tried> = std::iter::once(&found.today).chain(&found.scenarios).collect();
    if all.len() > 1 || shown.grid.is_none() {
        out.push_str(&screen.wrapped(&said_of_today(found), "", "  "));
        out.push_str("\n\n");
        side_by_side(&all, shown, screen, &mut out);
    }
    for tried in &found.scenarios {
        out.push('\n');
        scenario(tried, found, show_families, screen, &mut out);
    }
    if let Some(grid) = shown.grid {
        if all.len() > 1 {
            out.push('\n');
        }
        table_of(grid, found.payment_is_suspended, screen, &mut out);
    }
    out
}

/// The cells of a scenario, from its figures and, but for today, how they differ from today's.
type CellsOf<'a> = dyn Fn(&Tried, &Figures, Option<Difference>) -> Vec<String> + 'a;

fn side_by_side(all: &[&Tried], shown: &Shown<'_>, screen: Screen, out: &mut String) {
    let found = shown.found;
    // Where nothing is paid, nothing is to be expected: the headings say what the results would have been worth.
    let suspended = found.payment_is_suspended;
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let money = |value: Option<Pounds>| or_none(value.map(|value| value.to_string()));
    let rows = |row: &CellsOf<'_>| -> Vec<Vec<String>> {
        let each = all.iter().enumerate().map(|(place, tried)| {
            let difference = (place > 0).then(|| Difference::of(&found.today.figures, &tried.figures));
            row(tried, &tried.figures, difference)
        });
        each.collect()
    };
    out.push_str("Families claimable now, and the straight line to the year's end\n");
    let now = rows(&|tried, figures, difference| {
        vec![
            tried.name.clone(),
            number(figures.claimable),
            or_none(difference.map(|difference| signed(difference.claimable))),
            payable(figures).to_string(),
            or_none(figures.rag_to_date.map(|rag| rag.to_string())),
            or_none(figures.line.map(number)),
            or_none(figures.rag_line.map(|rag| rag.to_string())),
            money(figures.line_shortfall),
        ]
    });
    let columns = [
        ("Scenario", false),
        ("Claimable", true),
        ("Change", true),
        ("Value", true),
        ("RAG to date", false),
        ("Line", true),
        ("RAG year end", false),
        (if suspended { "Lacking" } else { "Shortfall" }, true),
    ];
    out.push_str(&fitted(&columns, &now, screen.width()));
    let _ = writeln!(out, "\nClaims by {}, and the chances of target and funded places", found.year.to);
    let by_the_end = rows(&|tried, figures, difference| {
        let expected = figures.expected.as_ref();
        let grant = grant(figures);
        vec![
            tried.name.clone(),
            or_none(expected.map(|expected| format!("{:.1}", expected.claims))),
            or_none(difference.and_then(|difference| difference.year_end).map(signed_tenth)),
            or_none(expected.map(|of| format!("{} to {}", number(of.low), number(of.high)))),
            or_none(grant.map(|grant| percent(&format!("{:.4}", grant.target_reached)))),
            or_none(grant.map(|grant| percent(&format!("{:.4}", grant.places_used)))),
        ]
    });
    let columns = [
        ("Scenario", false),
        (if suspended { "Claims" } else { "Expected" }, true),
        ("Change", true),
        ("Range", true),
        ("Target", true),
        ("Places", true),
    ];
    out.push_str(&fitted(&columns, &by_the_end, screen.width()));
    out.push_str(if suspended {
        "\nWhat the same results would have been worth, to the nearest £100: payment is suspended\n"
    } else {
        "\nGrant, to the nearest £100\n"
    });
    let grants = rows(&|tried, figures, difference| {
        let grant = grant(figures);
        vec![
            tried.name.clone(),
            money(figures.earned),
            money(grant.map(|grant| grant.expected_grant.about())),
            money(grant.map(|grant| grant.expected_at_risk.about())),
            or_none(difference.and_then(|difference| difference.at_risk).map(|moved| moved.about().to_string())),
            or_none(grant.map(|grant| format!("{} to {}", grant.at_risk[0].about(), grant.at_risk[2].about()))),
        ]
    });
    let columns = [
        ("Scenario", false),
        ("Earned", true),
        (if suspended { "Filled" } else { "Expected" }, true),
        (if suspended { "Empty" } else { "At risk" }, true),
        ("Change", true),
        (if suspended { "Range of empty" } else { "Range of at risk" }, true),
    ];
    out.push_str(&fitted(&columns, &grants, screen.width()));
    for said in explained(found) {
        out.push_str(&screen.wrapped(&said, "", "  "));
        out.push('\n');
    }
    if let Some(said) = estimated_again(found) {
        out.push('\n');
        out.push_str(&screen.wrapped(&said, "", "  "));
        out.push('\n');
    }
}

fn scenario(tried: &Tried, found: &WhatIf, show_families: bool, screen: Screen, out: &mut String) {
    let changes = tried.changes.join("; ");
    let heading = if changes.is_empty() {
        format!("{}: no change", tried.name)
    } else if tried.name == tried.changes.join(", ") {
        tried.name.clone()
    } else {
        format!("{}: {changes}", tried.name)
    };
    let mut say = |text: &str, first: &str, others: &str| {
        out.push_str(&screen.wrapped(text, first, others));
        out.push('\n');
    };
    say(&heading, "", "  ");
    say(&sentence(tried, found), "  ", "    ");
    for notice in &tried.notices {
        say(notice, "  ", "    ");
    }
    if tried.flips.is_empty() {
        say("No family would stand elsewhere.", "  ", "    ");
    }
    for ((from, from_reason, to, to_reason), periods) in moves(tried) {
        say(
            &format!("{}: {from} ({from_reason}) -> {to} ({to_reason})", counted(periods, "period", "periods")),
            "  ",
            "      ",
        );
    }
    if !show_families {
        return;
    }
    for picked in &tried.picked {
        let said =
            format!("settled for {} of family {}: {}", picked.case_id, picked.family_id, picked.settled.join(", "));
        say(&said, "    ", "        ");
    }
    for flip in &tried.flips {
        let said = format!(
            "{} of family {}: {} ({}) -> {} ({})",
            flip.case_id, flip.family_id, flip.from.status, flip.from.kind, flip.to.status, flip.to.kind
        );
        say(&said, "    ", "        ");
        say(&flip.to.reason, "        ", "        ");
    }
}

fn table_of(grid: &Grid, suspended: bool, screen: Screen, out: &mut String) {
    let down = &grid.rows;
    let what = if suspended && grid.of == Of::AtRisk {
        "what the results that the funded places would lack would have been worth, in pounds: payment was suspended"
    } else {
        grid.of.said()
    };
    let over = grid.columns.as_ref().map(|columns| format!(" (down) by {} (across)", columns.key)).unwrap_or_default();
    out.push_str(&screen.wrapped(&format!("Grid of {what}: {}{over}", down.key), "", "  "));
    out.push('\n');
    for notice in &grid.notices {
        out.push_str(&screen.wrapped(notice, "  ", "    "));
        out.push('\n');
    }
    let rows: Vec<Vec<String>> = down
        .values
        .iter()
        .zip(&grid.cells)
        .enumerate()
        .map(|(row, (value, cells))| {
            let mark = |heat: usize| MARKS.get(heat).copied().unwrap_or(' ');
            let cells = cells.iter().enumerate().map(|(column, cell)| {
                let is_today = grid.today_at == Some((row, column));
                let shown = if is_today { format!("[{}]", cell.shown) } else { cell.shown.clone() };
                format!("{shown} {}", if cell.plain.is_empty() { ' ' } else { mark(cell.heat) })
            });
            std::iter::once(value.value.clone()).chain(cells).collect()
        })
        .collect();
    let headings: Vec<String> = match &grid.columns {
        Some(columns) => columns.values.iter().map(|value| format!("{}  ", value.value)).collect(),
        None => vec![grid.of.word().to_owned()],
    };
    let mut columns = vec![("", false)];
    columns.extend(headings.iter().map(|heading| (heading.as_str(), true)));
    out.push_str(&in_blocks(&columns, &rows, screen.width()));
    let shades: Vec<String> = shades(grid)
        .into_iter()
        .map(|(heat, from, to)| format!("{} {}", MARKS.get(heat).copied().unwrap_or(' '), from_to(&from, &to)))
        .collect();
    for said in [format!("Five equal steps: {}.", shades.join("; ")), said_of_todays_cell(grid)] {
        out.push_str(&screen.wrapped(&said, "", "  "));
        out.push('\n');
    }
}
