//! What pages in HTML are made of: a page that loads nothing and runs nothing, tables with captions and headings, and text in
//! which nothing is a mark of the page.

use super::Table;
use super::workbook::heading;
use crate::words::neutral;
use std::fmt::Write as _;

/// Text as it stands in a page: nothing in it is a mark of the page or an order.
pub fn escaped(text: &str) -> String {
    neutral(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Black on white, and colours that can be told apart and stand out from white; on paper a section of the class `sheet` begins a new one.
const STYLE: &str = "
body { font-family: Arial, Helvetica, sans-serif; line-height: 1.4; color: #0b0c0c; background: #fff; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.4rem; border-top: 4px solid #1f4e79; padding-top: .6rem; } h3 { font-size: 1.1rem; margin-bottom: .3rem; } h4 { margin: .8rem 0 .2rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .9rem; } caption { text-align: left; font-weight: bold; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid #b1b4b6; padding: .25rem .5rem .25rem 0; } td { overflow-wrap: break-word; }
.word { font-weight: bold; border: 2px solid #0b0c0c; padding: 0 .4rem; } .place { color: #505a5f; font-size: .9em; }
code { overflow-wrap: anywhere; }
.warning { border: 3px solid #d4351c; padding: .5rem; font-weight: bold; }
svg text { font-size: 12px; fill: #0b0c0c; } svg .year { stroke: #b1b4b6; } svg .stretch { fill: #1f4e79; } svg .on { fill: #fff; stroke: #1f4e79; stroke-width: 2; } svg .day { fill: #b1520a; }
svg .range { fill: #c5d7e8; } svg .middle { fill: none; stroke: #1f4e79; stroke-width: 2; } svg .mark { stroke: #b1520a; stroke-width: 2; stroke-dasharray: 6 4; }
.sign td { height: 2.2rem; }
@page { size: A4; margin: 16mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10pt; } section.sheet { break-before: page; } h2, h3, h4, caption { break-after: avoid; } tr, svg { break-inside: avoid; } thead { display: table-header-group; } a { color: inherit; text-decoration: none; } }
";

/// The beginning of a page, with its title as its only heading of the first order.
pub fn beginning(title: &str) -> String {
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    )
}

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
}
