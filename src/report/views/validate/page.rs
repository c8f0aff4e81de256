//! What is wrong with the data, as a page of its own: no script, nothing fetched, every text escaped, a severity said by
//! a word and a shape.

use super::checked::{Checked, Group};
use crate::finding::{Finding, Severity};
use crate::report::output::page::number;
use crate::words::counted;
use std::fmt::Write as _;

/// How many findings of a kind the page lists. `findings.csv` has all of them.
const LISTED: usize = 100;

const STYLE: &str = "\
:root{color:#1a1a1a;background:#fff}\
body{font:1rem/1.5 Arial,Helvetica,sans-serif;margin:0 auto;padding:1rem;max-width:75rem}\
h1{font-size:1.9rem;line-height:1.2}h2{font-size:1.4rem;margin-top:2.5rem}h3{font-size:1.1rem;margin-top:2rem;overflow-wrap:anywhere}\
a{color:#0b4f8a}a:focus-visible,[tabindex]:focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}\
table{border-collapse:collapse;margin:.5rem 0}caption{text-align:left;font-weight:bold;padding:.3rem 0}\
th,td{border:1px solid #767676;padding:.3rem .6rem;text-align:left;vertical-align:top}\
thead th{background:#eef1f4}tbody th{font-weight:normal}\
.number{text-align:right}.scroll{overflow-x:auto}.text{overflow-wrap:anywhere;min-width:12rem}\
.error{color:#8f1414}.warning{color:#6b4a00}.note{color:#0b4f8a}\
@media print{.scroll{overflow:visible}}";

/// Text in which HTML means nothing.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The word of a severity with its shape. The word says it; the shape and colour are there for those who see them.
fn severity(of: Severity) -> String {
    let shape = match of {
        Severity::Error => "■",
        Severity::Warning => "▲",
        Severity::Note => "●",
    };
    format!("<span class=\"{0}\"><span aria-hidden=\"true\">{shape}</span> {0}</span>", of.word())
}

/// The page.
pub fn page(checked: &Checked<'_>) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Findings in the data - sfclaim</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Findings in the data</h1>\n"
    );
    let (errors, warnings, notes) =
        (checked.count(Severity::Error), checked.count(Severity::Warning), checked.count(Severity::Note));
    let _ = write!(
        out,
        "<p>{} {}, {}, {}.</p>\n<p>This page is about real families: keep it where the case system's exports are kept.</p>\n",
        escaped(&checked.read_by()),
        counted(errors, "error", "errors"),
        counted(warnings, "warning", "warnings"),
        counted(notes, "note", "notes")
    );
    rows(&mut out, checked);
    let groups = checked.groups();
    contents(&mut out, &groups);
    for of in [Severity::Error, Severity::Warning, Severity::Note] {
        let mut of_it = groups.iter().filter(|group| group.severity == of).peekable();
        if of_it.peek().is_some() {
            let heading = match of {
                Severity::Error => "Errors: what a row says could not be used",
                Severity::Warning => "Warnings: to be looked at",
                Severity::Note => "Notes: worth knowing",
            };
            let _ = writeln!(out, "<h2>{heading}</h2>");
            of_it.for_each(|group| kind(&mut out, group));
        }
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// A table that can be moved sideways on a narrow screen, by the keyboard too. Columns: heading, and whether its cells are
/// numbers. The first cell of a row is its heading.
fn table(out: &mut String, id: &str, caption: &str, columns: &[(&str, bool)], rows: &[Vec<String>]) {
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\">\n<table>\n\
         <caption id=\"{id}\">{caption}</caption>\n<thead>\n<tr>"
    );
    for (heading, is_number) in columns {
        let class = if *is_number { " class=\"number\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{heading}</th>");
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (position, (cell, (_, is_number))) in row.iter().zip(columns).enumerate() {
            let class = if *is_number { " class=\"number\"" } else { "" };
            let _ = match position {
                0 => write!(out, "<th scope=\"row\">{cell}</th>"),
                _ => write!(out, "<td{class}>{cell}</td>"),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

fn rows(out: &mut String, checked: &Checked<'_>) {
    let counts = checked.prepared.register.counts.iter();
    let rows: Vec<Vec<String>> = counts
        .map(|(table, counts)| {
            let figures = [counts.read, counts.used, counts.repeated, counts.quarantined].map(number);
            std::iter::once(table.to_string()).chain(figures).collect()
        })
        .collect();
    out.push_str("<h2>Rows</h2>\n");
    let columns = [("Table", false), ("Read", true), ("Used", true), ("Repeated", true), ("Quarantined", true)];
    table(out, "rows", "Rows by table: read = used + repeated + quarantined", &columns, &rows);
    if checked.held_with_case() > 0 {
        let held = counted(checked.held_with_case(), "criterion is", "criteria are");
        let _ = writeln!(out, "<p>{held} held with a case in quarantine, and will come back with it.</p>");
    }
}

fn contents(out: &mut String, groups: &[Group<'_>]) {
    out.push_str("<h2>Findings by kind</h2>\n");
    if groups.is_empty() {
        out.push_str("<p>Nothing was found.</p>\n");
        return;
    }
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let code = group.code.code();
            let at = place_of(group);
            let title = group.code.entry().map_or("", |entry| entry.title.as_str());
            vec![
                format!("<a href=\"#{at}\">{code}</a>"),
                severity(group.severity),
                number(group.findings.len()),
                escaped(title),
            ]
        })
        .collect();
    let columns = [("Finding", false), ("Severity", false), ("Times", true), ("What it is", false)];
    table(out, "kinds", "Kinds of finding, errors first", &columns, &rows);
}

/// What the page calls the place of a group. Of one kind there may be confirmed findings beside others.
fn place_of(group: &Group<'_>) -> String {
    let is_confirmed = group.severity != group.code.severity();
    format!("{}{}", group.code.code(), if is_confirmed { "-confirmed" } else { "" })
}

fn kind(out: &mut String, group: &Group<'_>) {
    let (code, at) = (group.code.code(), place_of(group));
    let entry = group.code.entry();
    let _ = write!(
        out,
        "<h3 id=\"{at}\">{} {code}</h3>\n<p>{} {}</p>\n<p>What to do: {}</p>\n",
        severity(group.severity),
        escaped(entry.map_or("", |entry| entry.title.as_str())),
        escaped(entry.map_or("", |entry| entry.why.as_str())),
        escaped(group.code.what_to_do())
    );
    let rows: Vec<Vec<String>> = group.findings.iter().take(LISTED).map(|finding| cells(finding)).collect();
    let all = group.findings.len();
    let caption = if all > rows.len() {
        format!("{code}: the first {} of {}; findings.csv has all of them", rows.len(), number(all))
    } else {
        format!("{code}: {}", counted(all, "finding", "findings"))
    };
    let columns = [("Where", false), ("Column", false), ("Value", false), ("What is the matter", false)];
    table(out, &format!("list-{code}"), &caption, &columns, &rows);
}

/// A finding as a row. No cell is left empty: nobody could tell an empty one from one that was forgotten.
fn cells(finding: &Finding) -> Vec<String> {
    let place = match &finding.place {
        Some(place) => escaped(&place.to_string()),
        None => "the run or a whole file".to_owned(),
    };
    let value = match (finding.column.is_empty(), finding.value.is_empty()) {
        (_, false) => escaped(&finding.value),
        (true, true) => "not about one".to_owned(),
        (false, true) => "blank".to_owned(),
    };
    let column = if finding.column.is_empty() { "not about one".to_owned() } else { escaped(&finding.column) };
    let wrapped = |text: String| format!("<div class=\"text\">{text}</div>");
    vec![place, column, wrapped(value), wrapped(escaped(&finding.message))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_data_is_taken_for_html() {
        assert_eq!(
            escaped("<script>alert(\"x\")</script> & 'y'\u{1b}\u{0}"),
            "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;\u{fffd}\u{fffd}"
        );
    }
}
