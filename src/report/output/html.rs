//! What pages in HTML are made of: a page that loads nothing, and runs nothing but a script of its own, tables with captions and headings, and text in
//! which nothing is a mark of the page.

use super::Table;
use super::workbook::heading;
use crate::receipt::Fingerprint;
use crate::words::neutral;
use std::fmt::Write as _;

/// Text as it stands in a page: nothing in it is a mark of the page or an order.
pub fn escaped(text: &str) -> String {
    neutral(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Dark on light, or on a screen that asks for it light on dark, in colours that stand out from the ground; on paper always dark on
/// light, and a section of the class `sheet` begins a new one. What is wider than a narrow screen moves in its own frame.
const STYLE: &str = "
:root { color-scheme: light; --ink: #0b0c0c; --ground: #fff; --line: #b1b4b6; --bar: #1f4e79; --range: #c5d7e8; --mark: #b1520a; --beside: #505a5f; --stop: #d4351c; --link: #1a5a96; }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; --ink: #f3f2f1; --ground: #111418; --line: #6f777b; --bar: #8db9e0; --range: #2f4d69; --mark: #f0a35e; --beside: #b1b4b6; --stop: #ff8f7d; --link: #8db9e0; } }
body { font-family: Arial, Helvetica, sans-serif; line-height: 1.4; color: var(--ink); background: var(--ground); margin: 2rem auto; max-width: 62rem; padding: 0 1rem; overflow-wrap: break-word; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.4rem; border-top: 4px solid var(--bar); padding-top: .6rem; } h3 { font-size: 1.1rem; margin-bottom: .3rem; } h4 { margin: .8rem 0 .2rem; }
a { color: var(--link); } .wide { overflow-x: auto; margin: .5rem 0 1rem; } .wide svg { min-width: 38rem; display: block; }
[tabindex]:focus-visible, input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } caption { text-align: left; font-weight: bold; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); padding: .25rem .5rem .25rem 0; }
code { overflow-wrap: anywhere; }
.word { font-weight: bold; border: 2px solid var(--ink); padding: 0 .4rem; } .place { color: var(--beside); font-size: .9em; }
.warning { border: 3px solid var(--stop); padding: .5rem; font-weight: bold; }
svg text { font-size: 12px; fill: var(--ink); } svg .year { stroke: var(--line); } svg .stretch { fill: var(--bar); } svg .on { fill: var(--ground); stroke: var(--bar); stroke-width: 2; } svg .day { fill: var(--mark); }
svg .range { fill: var(--range); } svg .middle { fill: none; stroke: var(--bar); stroke-width: 2; } svg .mark { stroke: var(--mark); stroke-width: 2; stroke-dasharray: 6 4; }
fieldset { border: 1px solid var(--line); margin: .5rem 0 1rem; padding: .5rem 1rem 1rem; } legend { font-weight: bold; } label { display: block; margin-top: .6rem; }
input, button { font: inherit; color: inherit; background: var(--ground); border: 2px solid var(--ink); padding: .3rem .5rem; max-width: 100%; box-sizing: border-box; } button { margin-top: .8rem; cursor: pointer; min-height: 2.75rem; } .wrong { color: var(--stop); font-weight: bold; margin: .2rem 0; }
.sign td { height: 2.2rem; }
@page { size: A4; margin: 16mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10pt; } section.sheet { break-before: page; } h2, h3, h4, caption { break-after: avoid; } tr, svg { break-inside: avoid; } thead { display: table-header-group; } a { color: inherit; text-decoration: none; } .wide { overflow: visible; break-inside: avoid; } .wide svg { min-width: 0; } button { display: none; } }
";

/// The beginning of a page, with its title as its only heading of the first order.
pub fn beginning(title: &str) -> String {
    beginning_with(title, None)
}

/// The same of a page that runs this script, and no other: its own styles and that are all that the page lets in.
pub fn beginning_with(title: &str, script: Option<&str>) -> String {
    let title = escaped(title);
    let named = |of: &str| format!("'sha256-{}'", Fingerprint::of(of.as_bytes()).base64());
    let runs = script.map(|script| format!("; script-src {}", named(script))).unwrap_or_default();
    let lets_in = format!("default-src 'none'; style-src {}{runs}; base-uri 'none'; form-action 'none'", named(STYLE));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{lets_in}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    )
}

/// A frame around what may be wider than a narrow screen, so that it and not the page is moved, by keyboard too.
pub fn frame(name: &str) -> String {
    format!("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n", escaped(name))
}

/// The end of a frame.
pub const END_OF_FRAME: &str = "</div>\n";

/// The end of a page.
pub const END: &str = "</main>\n</body>\n</html>\n";

/// A table with its columns as an output has them.
pub fn table_of<T>(out: &mut String, caption: &str, table: &Table<T>, rows: impl IntoIterator<Item = T>) {
    let names: Vec<String> = table.names().into_iter().map(heading).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| table.said(&row)).collect();
    plain_table(out, caption, &names, &rows);
}

/// A table of text; nothing where it has no row.
pub fn plain_table(out: &mut String, caption: &str, headings: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    out.push_str(&frame(&format!("Table: {caption}")));
    let _ = write!(out, "<table>\n<caption>{}</caption>\n<thead><tr>", escaped(caption));
    for heading in headings {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(heading));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{}</td>", escaped(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    out.push_str(END_OF_FRAME);
}
