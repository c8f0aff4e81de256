//! Scenarios on the screen: first that nothing of it is a decision, then all side by side, then what moves in each.

use super::super::forecast::percent;
use super::super::screen::{Screen, number, plain_table};
use super::{NO_DECISION, Shown, moves};
use crate::forecast::whatif::Tried;
use crate::forecast::whatif::grid::{Grid, HEATS};
use crate::money::Pounds;
use crate::words::counted;

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
    for notice in &found.notices {
        say(notice, "  Note: ", "    ");
    }
    out.push('\n');
    let all: Vec<&Tried> = std::iter::once(&found.today).chain(&found.scenarios).collect();
    if all.len() > 1 || shown.grid.is_none() {
        side_by_side(&all, shown, screen, &mut out);
    }
    for tried in &found.scenarios {
        out.push('\n');
        scenario(tried, show_families, screen, &mut out);
    }
    if let Some(grid) = shown.grid {
        if all.len() > 1 {
            out.push('\n');
        }
        table_of(grid, screen, &mut out);
    }
    out
}

fn side_by_side(all: &[&Tried], shown: &Shown<'_>, screen: Screen, out: &mut String) {
    let money = |value: Option<Pounds>| value.map_or("-".to_owned(), |value| value.to_string());
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|tried| {
            let figures = &tried.figures;
            let expected = figures.expected.as_ref();
            vec![
                tried.name.clone(),
                number(figures.claimable),
                figures.claimable_value.to_string(),
                figures.line.map_or("-".to_owned(), number),
                figures.rag_line.map_or("-".to_owned(), |rag| rag.to_string()),
                expected.map_or("-".to_owned(), |expected| format!("{:.1}", expected.claims)),
                expected.map_or("-".to_owned(), |of| format!("{} to {}", number(of.low), number(of.high))),
                figures.by_todays_chances.as_ref().map_or("-".to_owned(), |of| format!("{:.1}", of.claims)),
            ]
        })
        .collect();
    let columns = [
        ("Scenario", false),
        ("Claimable", true),
        ("Value", true),
        ("Straight line", true),
        ("RAG", false),
        ("Expected", true),
        ("Range", true),
        ("Today's chances", true),
    ];
    out.push_str("Families claimable now, and claims by the year's end\n");
    out.push_str(&plain_table(&columns, &rows));
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|tried| {
            let figures = &tried.figures;
            let grant = figures.expected.as_ref().and_then(|expected| expected.grant.as_ref());
            vec![
                tried.name.clone(),
                money(figures.earned),
                money(grant.map(|grant| grant.expected_grant)),
                money(grant.map(|grant| grant.expected_at_risk)),
                money(figures.line_shortfall),
                grant.map_or("-".to_owned(), |grant| percent(&format!("{:.4}", grant.target_reached))),
                grant.map_or("-".to_owned(), |grant| percent(&format!("{:.4}", grant.places_used))),
            ]
        })
        .collect();
    let columns = [
        ("Scenario", false),
        ("Earned", true),
        ("Expected", true),
        ("At risk", true),
        ("On the line", true),
        ("Target", true),
        ("Places", true),
    ];
    out.push_str("\nGrant, and the chances of reaching the target and of using all funded places\n");
    out.push_str(&plain_table(&columns, &rows));
    let explained = format!(
        "Expected, its range (the {}th to the {}th of a hundred) and \"At risk\" are the model's. Under other rules it estimates chances again from the past under those rules; \"Today's chances\" leaves them as they are. \"Straight line\" and \"On the line\" are claims so far x 12 / months; target, places and payment change them, and nothing else.",
        shown.found.range.0, shown.found.range.1
    );
    out.push_str(&screen.wrapped(&explained, "", "  "));
    out.push('\n');
}

fn scenario(tried: &Tried, show_families: bool, screen: Screen, out: &mut String) {
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

fn table_of(grid: &Grid, screen: Screen, out: &mut String) {
    let down = &grid.rows;
    let over = grid.columns.as_ref().map(|columns| format!(" (down) by {} (across)", columns.key)).unwrap_or_default();
    out.push_str(&screen.wrapped(&format!("Grid of {}: {}{over}", grid.of.said(), down.key), "", "  "));
    out.push('\n');
    for notice in &grid.notices {
        out.push_str(&screen.wrapped(notice, "  ", "    "));
        out.push('\n');
    }
    let rows: Vec<Vec<String>> = down
        .values
        .iter()
        .zip(&grid.cells)
        .map(|(value, cells)| {
            let mark = |heat: usize| MARKS.get(heat).copied().unwrap_or(' ');
            let cells = cells.iter().map(|cell| format!("{} {}", cell.shown, mark(cell.heat)));
            std::iter::once(value.value.clone()).chain(cells).collect()
        })
        .collect();
    let headings: Vec<String> = match &grid.columns {
        Some(columns) => columns.values.iter().map(|value| format!("{}  ", value.value)).collect(),
        None => vec![grid.of.word().to_owned()],
    };
    let mut columns = vec![("", false)];
    columns.extend(headings.iter().map(|heading| (heading.as_str(), true)));
    out.push_str(&plain_table(&columns, &rows));
    let [least, .., most] = MARKS;
    let legend = format!(
        "From {least} for the least of the grid to {most} for the most, by five equal steps. Today: {}.",
        grid.today
    );
    out.push_str(&screen.wrapped(&legend, "", "  "));
    out.push('\n');
}
