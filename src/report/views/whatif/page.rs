//! A grid as a page of its own: a heat map with the figure in each cell, and the same as a table. No script, nothing fetched;
//! no figure is told by colour alone.

use super::shades::{from_to, said_of_todays_cell, shades};
use super::shown::NO_DECISION;
use crate::forecast::whatif::WhatIf;
use crate::forecast::whatif::grid::{Grid, HEATS};
use crate::report::views::validate::page::escaped;
use std::fmt::Write as _;
use std::ops::Range;

const STYLE: &str = "\
:root{color:#1a1a1a;background:#fff}\
body{font:1rem/1.5 Arial,Helvetica,sans-serif;margin:0 auto;padding:1rem;max-width:72rem}\
h1{font-size:1.9rem;line-height:1.2}h2{font-size:1.4rem;margin-top:2.5rem}\
.warning{border:3px solid #6b4a00;padding:.6rem 1rem;font-weight:bold}\
[tabindex]:focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}\
table{border-collapse:collapse;margin:.5rem 0}caption{text-align:left;font-weight:bold;padding:.3rem 0}\
th,td{border:1px solid #767676;padding:.3rem .6rem;text-align:right;vertical-align:top}\
thead th{background:#eef1f4}.scroll{overflow-x:auto;margin:.5rem 0}\
.key{max-width:11rem;overflow-wrap:anywhere}.across{text-align:left}\
.today{outline:3px solid #b34700;outline-offset:-3px}\
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.5rem}.legend svg{vertical-align:middle}\
@media print{.scroll{overflow:visible}}";

/// Fill and text of each degree of heat, least first. Each pair has a contrast of 5 to 1 at least.
const COLOURS: [(&str, &str); HEATS] = [
    ("#f3f7fb", "#1a1a1a"),
    ("#cfe0f0", "#1a1a1a"),
    ("#9dc3e2", "#1a1a1a"),
    ("#2a659b", "#ffffff"),
    ("#0b3560", "#ffffff"),
];

/// How wide a map may be, in pixels, so that nothing is cut off on a page of 1,200.
const WIDEST: usize = 1120;

/// How high a cell is.
const HIGH: usize = 44;

/// The outline of today's cell.
const TODAY: &str = "#b34700";

/// About the width of a character at the size used.
const LETTER: usize = 9;

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
    let mut paragraphs = vec![
        format!("{over} Each cell is a scenario of its own, beside the rules of {}.", found.rules),
        said_of_todays_cell(grid),
    ];
    paragraphs.extend(found.notices.iter().chain(&grid.notices).cloned());
    for said in paragraphs {
        let _ = writeln!(out, "<p>{}</p>", escaped(&said));
    }
    out.push_str("<h2>Heat map</h2>\n");
    legend(grid, &mut out);
    let blocks = Blocks::of(grid);
    for (number, columns) in blocks.columns.iter().enumerate() {
        map(grid, &blocks, number, columns.clone(), &mut out);
    }
    out.push_str("<h2>The same as a table</h2>\n");
    for (number, columns) in blocks.columns.iter().enumerate() {
        table(grid, number, columns.clone(), &mut out);
    }
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

/// Columns that fit beside each other on a page.
struct Blocks {
    /// The width of the values down the side.
    margin: usize,
    /// The width of a cell.
    wide: usize,
    /// The columns of each block.
    columns: Vec<Range<usize>>,
}

impl Blocks {
    fn of(grid: &Grid) -> Blocks {
        let headings = headings(grid);
        let longest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
        let margin = 24 + LETTER * longest(&mut grid.rows.values.iter().map(|value| value.value.as_str()));
        let shown = grid.cells.iter().flatten().map(|cell| cell.shown.as_str());
        let wide = (20 + LETTER * longest(&mut shown.chain(headings.iter().map(String::as_str)))).clamp(56, WIDEST / 2);
        // The table has the name of the rows beside its columns, which takes more room than the margin of the map.
        let fit = (WIDEST.saturating_sub(margin.max(220)) / wide).max(1);
        let starts = (0..headings.len()).step_by(fit);
        let columns = starts.map(|from| from..(from + fit).min(headings.len())).collect();
        Blocks { margin, wide, columns }
    }
}

/// What the shades stand for, and the mark of today.
fn legend(grid: &Grid, out: &mut String) {
    let swatch = |fill: &str, stroke: &str, width: usize| {
        format!(
            "<svg width=\"30\" height=\"20\" aria-hidden=\"true\"><rect x=\"2\" y=\"2\" width=\"26\" height=\"16\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width}\"/></svg>"
        )
    };
    let _ = writeln!(
        out,
        "<p>{}, by five equal steps from the least of the grid to the most:</p>\n<ul class=\"legend\">",
        escaped(&capital(grid.of.said()))
    );
    for (heat, from, to) in shades(grid) {
        let (fill, _) = COLOURS.get(heat).copied().unwrap_or(COLOURS[0]);
        let _ = writeln!(out, "<li>{} {}</li>", swatch(fill, "#767676", 1), escaped(&from_to(&from, &to)));
    }
    if grid.today_at.is_some() {
        let _ = writeln!(out, "<li>{} today</li>", swatch("#ffffff", TODAY, 4));
    }
    out.push_str("</ul>\n");
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn map(grid: &Grid, blocks: &Blocks, number: usize, columns: Range<usize>, out: &mut String) {
    let (margin, wide) = (blocks.margin, blocks.wide);
    let headings = headings(grid);
    // Above the cells: the name of the rows, that of the columns where there is one, and the values of the columns.
    let above = if grid.columns.is_some() { 84 } else { 60 };
    let of_rows = 30 + LETTER * grid.rows.key.chars().count();
    let of_columns = grid.columns.as_ref().map_or(0, |columns| margin + 30 + LETTER * columns.key.chars().count());
    let width = (margin + wide * columns.len() + 4).max(of_rows).max(of_columns);
    let height = above + HIGH * grid.cells.len() + 4;
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" aria-label=\"Heat map {0}\" tabindex=\"0\">\n\
         <svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"map-title-{0} map-about-{0}\" font-family=\"Arial,Helvetica,sans-serif\" font-size=\"15\">\n\
         <title id=\"map-title-{0}\">Heat map of {1}</title>\n\
         <desc id=\"map-about-{0}\">Darker cells have more. Every cell has its figure in it; the table below has the same figures.</desc>\n",
        number + 1,
        escaped(grid.of.said())
    );
    let mut text = |x: usize, y: usize, rest: &str, text: &str| {
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\" {rest}>{}</text>", escaped(text));
    };
    let ink = "fill=\"#1a1a1a\"";
    text(4, 18, &format!("{ink} font-weight=\"bold\""), &format!("{} \u{2193}", grid.rows.key));
    if let Some(columns) = &grid.columns {
        text(margin, 44, &format!("{ink} font-weight=\"bold\""), &format!("{} \u{2192}", columns.key));
    }
    let block = || columns.clone().enumerate();
    for (place, column) in block() {
        let heading = headings.get(column).map_or("", String::as_str);
        text(margin + wide * place + wide / 2, above - 12, &format!("text-anchor=\"middle\" {ink}"), heading);
    }
    let mut todays = None;
    for (row, (value, cells)) in grid.rows.values.iter().zip(&grid.cells).enumerate() {
        let top = above + HIGH * row;
        let middle = top + HIGH / 2 + 5;
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\" {ink}>{}</text>",
            margin - 10,
            escaped(&value.value)
        );
        for (place, column) in block() {
            let Some(cell) = cells.get(column) else { continue };
            let (left, centre) = (margin + wide * place, margin + wide * place + wide / 2);
            let (fill, ink) = COLOURS.get(cell.heat).copied().unwrap_or(COLOURS[0]);
            let is_today = grid.today_at == Some((row, column));
            let up = if is_today { middle - 6 } else { middle };
            let _ = writeln!(
                out,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{HIGH}\" fill=\"{fill}\" stroke=\"#767676\"/>\
                 <text x=\"{centre}\" y=\"{up}\" text-anchor=\"middle\" fill=\"{ink}\">{}</text>",
                escaped(&cell.shown)
            );
            if is_today {
                todays = Some(format!(
                    "<text x=\"{centre}\" y=\"{}\" text-anchor=\"middle\" font-size=\"12\" fill=\"{ink}\">today</text>\
                     <rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{TODAY}\" stroke-width=\"4\"/>\n",
                    middle + 9,
                    left + 2,
                    top + 2,
                    wide - 4,
                    HIGH - 4
                ));
            }
        }
    }
    // Last, so that its outline lies over those of its neighbours.
    out.push_str(&todays.unwrap_or_default());
    out.push_str("</svg>\n</div>\n");
}

fn table(grid: &Grid, number: usize, columns: Range<usize>, out: &mut String) {
    let by = grid.columns.as_ref().map(|columns| format!(" by {}", columns.key)).unwrap_or_default();
    let number = number + 1;
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"figures-{number}\" tabindex=\"0\">\n<table>\n\
         <caption id=\"figures-{number}\">Scenarios, no decisions: {} for each {}{}</caption>\n<thead>\n",
        escaped(grid.of.said()),
        escaped(&grid.rows.key),
        escaped(&by)
    );
    let rows = escaped(&grid.rows.key);
    match &grid.columns {
        Some(across) => {
            let _ = write!(
                out,
                "<tr><th scope=\"col\" rowspan=\"2\" class=\"key\">{rows}</th><th scope=\"colgroup\" colspan=\"{}\" class=\"across\">{}</th></tr>\n<tr>",
                columns.len(),
                escaped(&across.key)
            );
        }
        None => {
            let _ = write!(out, "<tr><th scope=\"col\" class=\"key\">{rows}</th>");
        }
    }
    for heading in headings(grid).get(columns.clone()).into_iter().flatten() {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(heading));
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for (row, (value, cells)) in grid.rows.values.iter().zip(&grid.cells).enumerate() {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escaped(&value.value));
        for column in columns.clone() {
            let shown = cells.get(column).map_or("", |cell| cell.shown.as_str());
            if grid.today_at == Some((row, column)) {
                let _ = write!(out, "<td class=\"today\">{}<br><small>today</small></td>", escaped(shown));
            } else {
                let _ = write!(out, "<td>{}</td>", escaped(shown));
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}
