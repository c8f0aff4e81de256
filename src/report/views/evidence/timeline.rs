//! What happened when, in a period of support: stretches of days and single days, as a table and drawn.

use crate::dates::{Date, days_between, in_words};
use crate::decide::Decision;
use crate::report::output::html::{END_OF_FRAME, escaped, frame};
use crate::run::Outcome;
use serde::Serialize;
use std::fmt::Write as _;

/// A line of a timeline.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    /// What it is.
    pub what: String,
    /// Its first day.
    pub from: String,
    /// Its last day; the same for what took one day.
    pub to: String,
    /// Whether it had not ended by the as-at date.
    pub goes_on: bool,
    #[serde(skip)]
    days: (Date, Date),
}

/// The lines of a period, by day.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Timeline {
    pub lines: Vec<Line>,
}

/// What happened in the period of a decision, up to the as-at date, with the terms that were looked at.
pub(super) fn timeline(outcome: &Outcome<'_>, decision: &Decision) -> Timeline {
    let period = &outcome.linked.periods[decision.period];
    let family = &outcome.linked.families[period.family];
    let as_at = outcome.prepared.as_at;
    let mut lines: Vec<Line> = Vec::new();
    let mut add = |what: String, from: Date, to: Option<Date>| {
        let (goes_on, to) = (to.is_none(), to.unwrap_or(as_at));
        lines.push(Line { what, from: from.to_string(), to: to.to_string(), goes_on, days: (from, to.max(from)) });
    };
    let one = |day: Option<Date>| day.map(|day| (day, Some(day)));
    for case in &period.cases {
        add(format!("case {}", case.case_id), case.opened_on, case.closed_on);
        for (what, day) in [("assessment", case.assessment_on), ("plan", case.plan_on)] {
            one(day).into_iter().for_each(|(from, to)| add(format!("{what} of case {}", case.case_id), from, to));
        }
    }
    for need in &period.needs {
        let from = need.identified_on.unwrap_or(period.opened_on);
        add(format!("need {} up to its outcome", need.criterion), from, need.outcome_on);
        one(need.relapsed_on)
            .into_iter()
            .for_each(|(from, to)| add(format!("need {}: relapse", need.criterion), from, to));
    }
    if let Some(from) = decision.evaluated.progress_on {
        let due = decision.evaluated.sustained_on;
        add("sustained progress".to_owned(), from, due);
    }
    let mut terms: Vec<_> =
        decision.evaluated.children.iter().flat_map(|child| &child.terms).map(|term| term.term).collect();
    terms.sort();
    terms.dedup();
    for term in terms.into_iter().map(|term| outcome.rules.calendar.term(term)) {
        add(format!("term {} {}", term.term, term.academic_year), term.span.from, Some(term.span.to));
    }
    for agreement in &period.agreements {
        let by = &agreement.agreed_by;
        add(format!("agreement on {} by {by}", agreement.rule), agreement.agreed_on, Some(agreement.agreed_on));
    }
    for claim in &family.claims {
        add(format!("claim {} submitted", claim.claim_id), claim.submitted_on, Some(claim.submitted_on));
    }
    lines.sort_by_key(|line| line.days);
    Timeline { lines }
}

/// Where the labels end and the days begin, how wide the days are, and how high a line is.
const LABELS: i32 = 300;
const DAYS: i32 = 620;
const LINE: i32 = 20;

/// The timeline drawn, with a title and a description. The table beside it has the same days.
pub(super) fn drawn(timeline: &Timeline, case: &str, number: usize) -> String {
    let first = timeline.lines.iter().map(|line| line.days.0).min();
    let last = timeline.lines.iter().map(|line| line.days.1).max();
    let Some((first, last)) = first.zip(last) else { return String::new() };
    let days = days_between(first, last).max(1);
    let place = |day: Date| {
        let part = i64::from(days_between(first, day)) * i64::from(DAYS) / i64::from(days);
        LABELS + i32::try_from(part).unwrap_or(0)
    };
    let height = LINE * i32::try_from(timeline.lines.len()).unwrap_or(0) + 2 * LINE;
    let mut out = frame(&format!("Chart: timeline of case {case}"));
    let _ = write!(
        out,
        "<svg role=\"img\" aria-labelledby=\"t{number} d{number}\" viewBox=\"0 0 {} {height}\" width=\"100%\">\n<title id=\"t{number}\">Timeline of case {}</title>\n<desc id=\"d{number}\">{} lines from {} to {}: stretches of days as bars, single days as diamonds. The table below has every day.</desc>\n",
        LABELS + DAYS + 20,
        escaped(case),
        timeline.lines.len(),
        in_words(first),
        in_words(last),
    );
    // Where years begin.
    for year in first.year() + 1..=last.year() {
        let day = crate::dates::date(year, 1, 1);
        let x = place(day);
        let _ = writeln!(
            out,
            "<line x1=\"{x}\" y1=\"{LINE}\" x2=\"{x}\" y2=\"{height}\" class=\"year\"/><text x=\"{}\" y=\"14\">{year}</text>",
            x + 3
        );
    }
    for (at, line) in (1..).zip(&timeline.lines) {
        let y = LINE * at + LINE / 2;
        let (from, to) = (place(line.days.0), place(line.days.1));
        let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", y + 5, escaped(&shortened(&line.what)));
        if line.days.0 == line.days.1 && !line.goes_on {
            let _ = writeln!(out, "<path d=\"M{from} {} l6 6 l-6 6 l-6 -6 z\" class=\"day\"/>", y - 6);
        } else {
            let class = if line.goes_on { "on" } else { "stretch" };
            let _ = writeln!(
                out,
                "<rect x=\"{from}\" y=\"{}\" width=\"{}\" height=\"10\" class=\"{class}\"/>",
                y - 5,
                (to - from).max(2)
            );
        }
    }
    out.push_str("</svg>\n");
    out.push_str(END_OF_FRAME);
    out
}

/// A label that fits; the table has the whole of it.
fn shortened(what: &str) -> String {
    crate::report::output::page::shortened(what, 46)
}
