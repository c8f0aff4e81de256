//! A grid as a page of its own: a heat map with the figure in each cell, and the same as a table. No script, nothing fetched;
//! no figure is told by colour alone.

use super::super::faults::page::escaped;
use super::NO_DECISION;
use crate::forecast::whatif::WhatIf;
use crate::forecast::whatif::grid::{Grid, HEATS};
use std::fmt::Write as _;

const STYLE: &str = "\
:root{color:#1a1a1a;background:#fff}\
body{font:1rem/1.5 Arial,Helvetica,sans-serif;margin:0 auto;padding:1rem;max-width:75rem}\
h1{font-size:1.9rem;line-height:1.2}h2{font-size:1.4rem;margin-top:2.5rem}\
.warning{border:3px solid #6b4a00;padding:.6rem 1rem;font-weight:bold}\
[tabindex]:focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}\
table{border-collapse:collapse;margin:.5rem 0}caption{text-align:left;font-weight:bold;padding:.3rem 0}\
th,td{border:1px solid #767676;padding:.3rem .6rem;text-align:right;vertical-align:top}\
thead th{background:#eef1f4}.scroll{overflow-x:auto}\
@media print{.scroll{overflow:visible}}";

/// Fill and text of each degree of heat, least first. Each pair has a contrast of 5 to 1 at least.
const COLOURS: [(&str, &str); HEATS] = [
    ("#f3f7fb", "#1a1a1a"),
    ("#cfe0f0", "#1a1a1a"),
    ("#9dc3e2", "#1a1a1a"),
    ("#2a659b", "#ffffff"),
    ("#0b3560", "#ffffff"),
];

const CELL: (usize, usize) = (96, 40);

/// The page of a grid.
pub fn page(grid: &Grid, found: &WhatIf) -> String {
    let title = format!("What if: {}, as at {}", grid.of.said(), found.as_at);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{0} - sfclaim</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{0}</h1>\n<p class=\"warning\">{NO_DECISION}</p>\n",
        escaped(&title)
    );
    let over = match &grid.columns {
        Some(columns) => format!("Rows are values of {}, columns values of {}.", grid.rows.key, columns.key),
        None => format!("Rows are values of {}.", grid.rows.key),
    };
    let _ = writeln!(
        out,
        "<p>{} Each cell is a scenario of its own, beside the rules of {}. Without any change: {}.</p>",
        escaped(&over),
        escaped(&found.rules),
        escaped(&grid.today)
    );
    for notice in found.notices.iter().chain(&grid.notices) {
        let _ = writeln!(out, "<p>{}</p>", escaped(notice));
    }
    out.push_str("<h2>Heat map</h2>\n");
    map(grid, &mut out);
    out.push_str("<h2>The same as a table</h2>\n");
    table(grid, &mut out);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// The values along the top; one for a grid of one parameter.
fn headings(grid: &Grid) -> Vec<String> {
    match &grid.columns {
        Some(columns) => columns.values.iter().map(|value| value.value.clone()).collect(),
        None => vec![grid.of.said().to_owned()],
    }
}

fn map(grid: &Grid, out: &mut String) {
    let (wide, high) = CELL;
    let headings = headings(grid);
    let longest = grid.rows.values.iter().map(|value| value.value.chars().count()).max().unwrap_or(0);
    // About the width of a digit at this size.
    let margin = 24 + 9 * longest;
    let longest = headings.iter().map(|heading| heading.chars().count()).max().unwrap_or(0);
    let wide = wide.max(24 + 9 * longest);
    let (width, height) = (margin + wide * headings.len() + 4, 36 + high * grid.cells.len() + 4);
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" aria-label=\"Heat map\" tabindex=\"0\">\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"map-title map-about\" font-family=\"Arial,Helvetica,sans-serif\" font-size=\"15\">\n\
         <title id=\"map-title\">Heat map of {}</title>\n\
         <desc id=\"map-about\">Darker cells have more. Every cell has its figure in it; the table below has the same figures.</desc>\n",
        escaped(grid.of.said())
    );
    for (place, heading) in headings.iter().enumerate() {
        let x = margin + wide * place + wide / 2;
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"24\" text-anchor=\"middle\" fill=\"#1a1a1a\">{}</text>",
            escaped(heading)
        );
    }
    for (row, (value, cells)) in grid.rows.values.iter().zip(&grid.cells).enumerate() {
        let (top, x) = (36 + high * row, margin - 10);
        let middle = top + high / 2 + 5;
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{middle}\" text-anchor=\"end\" fill=\"#1a1a1a\">{}</text>",
            escaped(&value.value)
        );
        for (place, cell) in cells.iter().enumerate() {
            let (left, centre) = (margin + wide * place, margin + wide * place + wide / 2);
            let (fill, ink) = COLOURS.get(cell.heat).copied().unwrap_or(COLOURS[0]);
            let _ = writeln!(
                out,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\" fill=\"{fill}\" stroke=\"#767676\"/>\
                 <text x=\"{centre}\" y=\"{middle}\" text-anchor=\"middle\" fill=\"{ink}\">{}</text>",
                escaped(&cell.shown)
            );
        }
    }
    out.push_str("</svg>\n</div>\n");
}

fn table(grid: &Grid, out: &mut String) {
    let by = grid.columns.as_ref().map(|columns| format!(" by {}", columns.key)).unwrap_or_default();
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"figures\" tabindex=\"0\">\n<table>\n\
         <caption id=\"figures\">Scenarios, no decisions: {} for each {}{}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>",
        escaped(grid.of.said()),
        escaped(&grid.rows.key),
        escaped(&by),
        escaped(&grid.rows.key)
    );
    let named = grid.columns.as_ref().map(|columns| format!("{} = ", columns.key)).unwrap_or_default();
    for heading in headings(grid) {
        let _ = write!(out, "<th scope=\"col\">{}{}</th>", escaped(&named), escaped(&heading));
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for (value, cells) in grid.rows.values.iter().zip(&grid.cells) {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escaped(&value.value));
        for cell in cells {
            let _ = write!(out, "<td>{}</td>", escaped(&cell.shown));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}
