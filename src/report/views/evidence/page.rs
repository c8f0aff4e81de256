//! The page: headings in order, tables with captions and headings, nothing loaded from elsewhere, no script. A claim begins on a
//! new sheet of paper.

use super::claims::{Claim, EvidenceView};
use super::timeline::drawn;
use crate::dates::in_words;
use crate::report::output::html::{END, END_OF_FRAME, beginning, escaped, frame, plain_table, table_of};
use crate::report::output::workbook::heading;
use crate::report::views::explain::explanation::{AS_IT_STOOD, Explained, ExplainedChild, Said};
use crate::report::views::workbook::listed::{parameter_rows, parameters, receipt_rows, receipt_table};
use crate::words::counted;
use std::fmt::Write as _;

/// The whole page.
pub(super) fn page(view: &EvidenceView<'_>) -> String {
    let outcome = view.outcome;
    let as_at = outcome.prepared.as_at;
    let mut out = beginning(&format!("Evidence for Supporting Families claims as at {}", in_words(as_at)));
    let _ = writeln!(
        out,
        "<p>{}: {}. By the rules of {}.</p>",
        escaped(&view.chosen),
        counted(view.claims.len(), "period of support", "periods of support"),
        escaped(&outcome.rules.label())
    );
    for notice in outcome.rules.notices(as_at) {
        let _ = writeln!(out, "<p class=\"warning\">Note: {}</p>", escaped(&notice));
    }
    // Whole, since it is copied and kept with the page.
    if let Some(read) = &outcome.prepared.claims_register {
        let _ = writeln!(
            out,
            "<p>Earlier claims are from the register {} with {}. Its digest: <code>{}</code>. By it anybody can see later whether the register was cut short or written anew.</p>",
            escaped(&read.file),
            counted(read.entries, "entry", "entries"),
            escaped(&read.digest)
        );
    }
    out.push_str("<p>Each fact is followed by the file and row where it stands. Rows and values after the as-at date were left out. This page is about real families: keep it where you keep their records.</p>\n");
    out.push_str("<h2>Contents</h2>\n<ul>\n");
    for (number, claim) in view.claims.iter().enumerate() {
        let of = &claim.explanation;
        let _ = writeln!(
            out,
            "<li><a href=\"#claim{number}\">Case {} of family {}</a>: {}</li>",
            escaped(&of.case_id),
            escaped(&of.family_id),
            words(of.status)
        );
    }
    out.push_str(
        "<li><a href=\"#rules\">Rules and sources</a></li>\n<li><a href=\"#receipt\">Receipt</a></li>\n</ul>\n",
    );
    for (number, claim) in view.claims.iter().enumerate() {
        section(&mut out, claim, number);
    }
    out.push_str("<section class=\"sheet\" id=\"rules\">\n<h2>Rules and sources</h2>\n");
    table_of(&mut out, "Every parameter as it applied", &parameters(), parameter_rows(&outcome.rules));
    out.push_str("</section>\n<section class=\"sheet\" id=\"receipt\">\n<h2>Receipt</h2>\n");
    table_of(&mut out, "What is needed to repeat the run", &receipt_table(), receipt_rows(&view.receipt()));
    out.push_str("</section>\n");
    out.push_str(END);
    out
}

/// Words of files as people read them.
fn words(word: &str) -> String {
    escaped(&word.replace('_', " "))
}

/// A fact with its place behind it.
fn fact(said: &Said) -> String {
    let place = said
        .file
        .as_ref()
        .zip(said.row)
        .map(|(file, row)| format!(" <span class=\"place\">[{} row {row}]</span>", escaped(file)));
    format!("{}{}", escaped(&said.text), place.unwrap_or_default())
}

fn list(out: &mut String, lines: impl IntoIterator<Item = String>) {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_none() {
        return;
    }
    out.push_str("<ul>\n");
    for line in lines {
        let _ = writeln!(out, "<li>{line}</li>");
    }
    out.push_str("</ul>\n");
}

fn section(out: &mut String, claim: &Claim, number: usize) {
    let of = &claim.explanation;
    let _ = writeln!(
        out,
        "<section class=\"sheet\" id=\"claim{number}\">\n<h2>Case {} of family {}</h2>",
        escaped(&of.case_id),
        escaped(&of.family_id)
    );
    out.push_str("<h3>Decision</h3>\n");
    let closed = of.closed_on.as_ref().map_or("still open".to_owned(), |day| format!("closed {day}"));
    let _ = writeln!(
        out,
        "<p><span class=\"word\">{}</span> ({}) as at {}. {}</p>\n<p>Period of support: opened {}, {closed}.{}</p>",
        words(of.status),
        of.status_meaning,
        of.as_at,
        escaped(&of.reason),
        of.opened_on,
        match of.kind {
            Some("first") => " This is the family's first claim, on what is recorded.",
            Some(_) => " The family was claimed before.",
            None => "",
        }
    );
    if let Some(day) = &of.earliest_claim_on {
        let _ = writeln!(out, "<p>Earliest claim date: {day}, on what is recorded today.</p>");
    }
    if let Some(until) = &of.until_then {
        let _ = writeln!(out, "<p>What must hold or come: {}.</p>", escaped(until));
    }
    list(out, of.cases.iter().chain(&of.facts).map(fact));
    list(
        out,
        of.what_dated_facts_mean.iter().map(|one| {
            format!(
                "For this case: {} <span class=\"place\">[source: {}]</span>",
                escaped(&one.text),
                escaped(&one.source)
            )
        }),
    );

    if !of.as_it_stood_when_claimed.is_empty() {
        let _ = writeln!(out, "<h3>{AS_IT_STOOD}</h3>");
        list(out, of.as_it_stood_when_claimed.iter().flat_map(|past| &past.lines).map(|line| escaped(line)));
    }

    out.push_str("<h3>Timeline</h3>\n");
    out.push_str(&drawn(&claim.timeline, &of.case_id, number));
    let rows: Vec<Vec<String>> = claim
        .timeline
        .lines
        .iter()
        .map(|line| {
            let to = if line.goes_on { "not ended".to_owned() } else { line.to.clone() };
            vec![line.what.clone(), line.from.clone(), to]
        })
        .collect();
    plain_table(out, "The days of the timeline", &["What", "From", "To"], &rows);

    out.push_str("<h3>Rules</h3>\n");
    for (at, ruling) in (1..).zip(&of.rulings) {
        rule(out, at, ruling);
    }

    out.push_str("<h3>Children and terms</h3>\n");
    if of.children.is_empty() {
        out.push_str("<p>The rule on attendance looked at no child.</p>\n");
    }
    for child in &of.children {
        child_table(out, child);
    }
    list(
        out,
        of.children_not_looked_at.iter().map(|child| {
            let name = child.name.as_ref().map(|name| format!(" {}", escaped(name))).unwrap_or_default();
            let figures =
                if child.figures.is_empty() { String::new() } else { format!(": {}", child.figures.join("; ")) };
            format!(
                "Not looked at: {}{name}, {}{} <span class=\"place\">[{} row {}]</span>",
                escaped(&child.person_id),
                escaped(&child.why),
                escaped(&figures),
                escaped(&child.file),
                child.row
            )
        }),
    );

    out.push_str("<h3>Agreements</h3>\n");
    if of.rests_on_agreements.is_empty() {
        out.push_str("<p>The decision rests on no agreement.</p>\n");
    }
    list(
        out,
        of.rests_on_agreements.iter().map(|one| {
            let about: Vec<&str> = one.person_id.iter().chain(&one.terms).map(String::as_str).collect();
            let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
            format!(
                "On {}{}: agreed by {} on {}. {}. Without it: {}.",
                words(one.rule),
                escaped(&about),
                escaped(&one.agreed_by),
                one.agreed_on,
                fact(&one.agreement),
                words(one.instead_of)
            )
        }),
    );

    out.push_str("<h3>Claims, links and what else is known</h3>\n");
    let nothing = of.claims.is_empty() && of.links.is_empty() && of.did_not_apply.is_empty() && of.findings.is_empty();
    if nothing {
        out.push_str("<p>Nothing.</p>\n");
    }
    list(out, of.claims.iter().map(fact));
    list(out, of.links.iter().chain(&of.did_not_apply).map(|line| escaped(line)));
    let rows: Vec<Vec<String>> = of
        .findings
        .iter()
        .map(|finding| {
            let confirmed = finding
                .confirmed
                .as_ref()
                .map(|by| format!(" Confirmed by {} on {}: {}.", by.confirmed_by, by.confirmed_on, by.reason));
            vec![
                finding.severity.to_owned(),
                format!("{} row {}", finding.file, finding.row),
                format!("{}{}", finding.message, confirmed.unwrap_or_default()),
                finding.what_to_do.clone(),
            ]
        })
        .collect();
    plain_table(out, "Findings about the rows of the family", &["Severity", "Place", "What", "What to do"], &rows);

    out.push_str("<h3>Signatures</h3>\n");
    out.push_str(&frame("Table: who prepared and who checked this claim"));
    out.push_str("<table class=\"sign\">\n<caption>Who prepared and who checked this claim</caption>\n<thead><tr><th scope=\"col\">Part</th><th scope=\"col\">Name</th><th scope=\"col\">Signature</th><th scope=\"col\">Date</th></tr></thead>\n<tbody>\n");
    for part in ["Prepared by", "Checked by (team)", "Checked by (internal audit)"] {
        let _ = writeln!(out, "<tr><th scope=\"row\">{part}</th><td></td><td></td><td></td></tr>");
    }
    out.push_str("</tbody>\n</table>\n");
    out.push_str(END_OF_FRAME);
    out.push_str("</section>\n");
}

fn rule(out: &mut String, at: usize, ruling: &Explained) {
    let from = ruling.met_from.as_ref().map(|day| format!(", met from {day}")).unwrap_or_default();
    let _ = writeln!(
        out,
        "<h4>{at}. {}: {}{from}</h4>\n<p>{}.</p>",
        escaped(&heading(ruling.rule)),
        words(ruling.verdict),
        escaped(ruling.because.trim_end_matches('.'))
    );
    list(out, ruling.facts.iter().map(fact));
    if let Some(settles) = &ruling.would_settle_it {
        let _ = writeln!(out, "<p>To settle it: {}.</p>", escaped(settles));
    }
    if let Some(agreed) = &ruling.by_agreement {
        let _ = writeln!(
            out,
            "<p>By agreement, in place of {}: {}.</p>",
            words(agreed.instead_of),
            fact(&agreed.agreement)
        );
    }
    // Their sources stand at the end of the page.
    let read_with = ruling
        .parameters
        .iter()
        .map(|(key, value)| format!("{} = {}", escaped(key), escaped(value["value"].as_str().unwrap_or_default())));
    let read_with: Vec<String> = read_with.collect();
    if !read_with.is_empty() {
        let _ = writeln!(out, "<p class=\"place\">Parameters: {}.</p>", read_with.join("; "));
    }
}

fn child_table(out: &mut String, child: &ExplainedChild) {
    let name = child.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    let rows: Vec<Vec<String>> = child
        .terms
        .iter()
        .map(|term| {
            let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
            let beside: Vec<&str> =
                std::iter::once(&term.because).chain(&term.beside).chain(&term.doubts).map(String::as_str).collect();
            vec![
                format!("{} {} ({} to {})", term.term, term.academic_year, term.starts_on, term.ends_on),
                number(term.possible),
                number(term.attended),
                term.percent.as_ref().map(|percent| format!("{percent}%")).unwrap_or_default(),
                term.verdict.replace('_', " "),
                beside.join("; "),
                term.records.join("; "),
            ]
        })
        .collect();
    let caption = format!(
        "{}{name} [{} row {}]: {}, {}",
        child.person_id,
        child.file,
        child.row,
        child.verdict.replace('_', " "),
        child.because
    );
    let headings = ["Term", "Possible", "Attended", "Share", "Verdict", "Why", "Records"];
    plain_table(out, &caption, &headings, &rows);
    if rows.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", escaped(&caption));
    }
}
