//! What is wrong with the data, on the screen: by kind, with a few samples, each cell shown in its row.

use super::checked::{Checked, Group, SAMPLES};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::load::look::Cells;
use crate::place::Place;
use crate::report::output::page::{Screen, number};
use crate::report::views::check::page::rows_by_table;
use crate::words::counted;
use std::collections::BTreeMap;
use textwrap::core::display_width;

/// No column of a row is shown wider than this, in characters.
const WIDEST: usize = 28;

/// Before the cells of a row.
const INDENT: usize = 6;

/// Between two cells.
const GAP: usize = 2;

/// Where columns are left out.
const LEFT_OUT: &str = "...";

/// Everything that is said on the screen.
///
/// # Errors
/// A file cannot be read again.
pub fn text(checked: &Checked<'_>, screen: Screen) -> Result<String> {
    let rows = checked.sample_rows()?;
    let mut out = screen.wrapped(&checked.read_by(), "", "  ");
    out.push('\n');
    let calendar = &checked.prepared.rules.calendar.origin;
    out.push_str(&screen.wrapped(&format!("School calendar: {calendar}."), "  ", "    "));
    out.push_str("\n\n");
    out.push_str(&rows_by_table(&checked.prepared.register.counts));
    out.push('\n');
    out.push_str(&format!(
        "Findings: {}, {}, {}\n",
        counted(checked.count(Severity::Error), "error", "errors"),
        counted(checked.count(Severity::Warning), "warning", "warnings"),
        counted(checked.count(Severity::Note), "note", "notes")
    ));
    for group in checked.groups() {
        out.push('\n');
        out.push_str(&of_a_kind(&group, &rows, screen));
    }
    if checked.held_with_case() > 0 {
        let held = counted(checked.held_with_case(), "criterion is", "criteria are");
        out.push_str(&format!("\n{held} held with a case in quarantine, and will come back with it.\n"));
    }
    Ok(out)
}

fn of_a_kind(group: &Group<'_>, rows: &BTreeMap<Place, Cells>, screen: Screen) -> String {
    let code = group.code;
    let title = code.entry().map_or("", |entry| entry.title.as_str());
    let times =
        if group.findings.len() == 1 { "once".to_owned() } else { format!("{} times", number(group.findings.len())) };
    let mut out = screen.wrapped(&format!("{} {}, {times}: {title}", group.severity.word(), code.code()), "", "  ");
    out.push('\n');
    out.push_str(&screen.wrapped(&format!("What to do: {}", code.what_to_do()), "  ", "    "));
    out.push('\n');
    for finding in group.findings.iter().take(SAMPLES) {
        out.push_str(&sample(finding, rows, screen));
    }
    let more = group.findings.len().saturating_sub(SAMPLES);
    if more > 0 {
        out.push_str(&format!("  and {} more, all of them in findings.csv (add --out DIR)\n", number(more)));
    }
    out
}

fn sample(finding: &Finding, rows: &BTreeMap<Place, Cells>, screen: Screen) -> String {
    let place = finding.place.as_ref();
    let said = match place {
        Some(place) => format!("{place}: {}", finding.message),
        None => finding.message.clone(),
    };
    let mut out = screen.wrapped(&printable(&said), "  ", "    ");
    out.push('\n');
    if let Some(cells) = place.and_then(|place| rows.get(place)) {
        out.push_str(&in_its_row(cells, &finding.column, screen.width()));
    }
    out
}

/// A text without what would move the cursor, or change what stands on the screen already.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A cell as it is shown: not too wide, its end left out.
fn shown(text: &str) -> String {
    let text = printable(text);
    if display_width(&text) <= WIDEST {
        return text;
    }
    let mut out = String::new();
    for c in text.chars() {
        if display_width(&out) + LEFT_OUT.len() + 2 > WIDEST {
            break;
        }
        out.push(c);
    }
    out + LEFT_OUT
}

/// The header, the row, and a mark under the cell that is wrong; as many columns around it as there is room for.
fn in_its_row(cells: &Cells, wrong: &str, width: usize) -> String {
    let header: Vec<String> = cells.iter().map(|(name, _)| shown(name)).collect();
    let texts: Vec<String> = cells.iter().map(|(_, text)| shown(text)).collect();
    let wide = |(name, text): (&String, &String)| display_width(name).max(display_width(text)).max(1);
    let widths: Vec<usize> = header.iter().zip(&texts).map(wide).collect();
    let at = cells.iter().position(|(name, _)| name == wrong);
    let (mut from, mut to) = (at.unwrap_or(0), at.unwrap_or(0));
    if widths.is_empty() {
        return String::new();
    }
    // Room for what says on both sides that columns are left out.
    let room = width.saturating_sub(INDENT + 2 * (LEFT_OUT.len() + GAP));
    let fits = |from: usize, to: usize| widths[from..=to].iter().sum::<usize>() + GAP * (to - from) <= room;
    loop {
        let before = (from, to);
        if from > 0 && fits(from - 1, to) {
            from -= 1;
        }
        if to + 1 < widths.len() && fits(from, to + 1) {
            to += 1;
        }
        if before == (from, to) {
            break;
        }
    }
    let left = if from > 0 { format!("{LEFT_OUT}{}", " ".repeat(GAP)) } else { String::new() };
    let right = if to + 1 < widths.len() { LEFT_OUT } else { "" };
    let mut out = String::new();
    for line in [&header, &texts] {
        let mut text = format!("{}{left}", " ".repeat(INDENT));
        for position in from..=to {
            let cell = &line[position];
            text.push_str(cell);
            text.push_str(&" ".repeat(widths[position] - display_width(cell) + GAP));
        }
        text.push_str(right);
        out.push_str(text.trim_end());
        out.push('\n');
    }
    if let Some(at) = at {
        let before: usize = widths[from..at].iter().map(|width| width + GAP).sum();
        let spaces = INDENT + left.len() + before;
        out.push_str(&format!("{}{}\n", " ".repeat(spaces), "^".repeat(widths[at])));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(of: &[(&str, &str)]) -> Cells {
        of.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_wrong_cell_is_marked_in_its_row() {
        let row = cells(&[("case_id", "C1"), ("opened_on", ""), ("closed_on", "2024-01-31")]);
        let expected =
            "      case_id  opened_on  closed_on\n      C1                  2024-01-31\n               ^^^^^^^^^\n";
        assert_eq!(in_its_row(&row, "opened_on", 100), expected);
        assert!(!in_its_row(&row, "", 100).contains('^'));
        assert_eq!(in_its_row(&cells(&[]), "", 100), "");
    }

    #[test]
    fn a_row_wider_than_the_screen_is_shown_around_the_wrong_cell() {
        let names: Vec<String> = (0..14).map(|number| format!("column_{number:02}")).collect();
        let row: Cells = names.iter().map(|name| (name.clone(), "x".to_owned())).collect();
        for wrong in &names {
            for width in [60, 80, 110] {
                let shown = in_its_row(&row, wrong, width);
                let lines: Vec<&str> = shown.lines().collect();
                assert!(lines.iter().all(|line| line.len() <= width), "{shown}");
                let at = lines[0].find(wrong.as_str()).unwrap();
                assert_eq!(lines[2], format!("{}{}", " ".repeat(at), "^".repeat(9)), "{shown}");
            }
        }
    }

    #[test]
    fn nothing_in_a_cell_reaches_the_terminal_but_its_letters() {
        let shown = in_its_row(&cells(&[("case_id", "C\u{1b}[2J\r\n1"), ("é", "ü")]), "é", 60);
        assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
        assert_eq!(shown.lines().count(), 3);
        assert_eq!(super::shown(&"long ".repeat(20)).chars().count(), WIDEST - 1);
    }
}
