//! The attendance of children of open periods, with what the running term still allows, and of those who were below
//! the threshold when support began: rows for files, data, and text.

use super::folder::Marker;
use super::screen::{Screen, plain_table};
use crate::attend::outlook::{ChildOutlook, Improvement, Outlook, Outlooks, TermShare};
use crate::rules::Rules;
use crate::share::Sessions;
use crate::words::counted;
use serde_json::{Map, Value, json};

/// The files of the lists.
pub const NAMES: [&str; 3] = ["attendance_now.csv", "attendance_improved.csv", "attendance.json"];

/// What makes a folder known as one of these lists.
pub const MARKER: Marker = Marker { file: "attendance.json", program: "sfclaim attendance", spares: None };

/// The columns of the children of open periods.
pub const NOW_COLUMNS: [&str; 9] =
    ["case_id", "family_id", "person_id", "last_terms", "trend", "running_term", "so_far", "half_days_left", "outlook"];

/// The columns of the children below the threshold at the start.
pub const IMPROVED_COLUMNS: [&str; 7] = ["case_id", "family_id", "person_id", "at_start", "at_end", "period", "trend"];

fn share(share: &TermShare, rules: &Rules) -> String {
    let term = rules.calendar.term(share.term);
    let percent = share.sessions.and_then(Sessions::shown);
    match (percent, share.judged) {
        (Some(percent), true) => format!("{term}: {percent}%"),
        (Some(percent), false) => format!("{term}: {percent}% (not enough to judge)"),
        (None, _) => format!("{term}: nothing on record"),
    }
}

fn so_far(sessions: Option<Sessions>) -> String {
    sessions
        .map(|sessions| {
            let percent = sessions.shown().map(|percent| format!(" ({percent}%)")).unwrap_or_default();
            format!("{} of {}{percent}", sessions.attended, sessions.possible)
        })
        .unwrap_or_default()
}

/// What the running term allows, in words.
fn outlook(child: &ChildOutlook, rules: &Rules) -> String {
    let threshold = rules.parameters.threshold;
    match child.outlook {
        Outlook::CanMiss(0) => format!("can miss no more sessions to reach {threshold}%"),
        Outlook::CanMiss(most) => {
            format!(
                "can miss at most {} to reach {threshold}%",
                counted(usize::try_from(most).unwrap_or(0), "more session", "more sessions")
            )
        }
        Outlook::OutOfReach => format!("can no longer reach {threshold}%"),
        Outlook::NoMarks => "no session marks of the running term are held".to_owned(),
        Outlook::NoTerm => "no term is running".to_owned(),
    }
}

/// The row of a child of an open period, as [`NOW_COLUMNS`].
pub fn now_row(child: &ChildOutlook, rules: &Rules) -> Vec<String> {
    let terms: Vec<String> = child.terms.iter().map(|term| share(term, rules)).collect();
    vec![
        child.case_id.to_string(),
        child.family_id.to_string(),
        child.person_id.to_string(),
        terms.join("; "),
        child.trend.map_or("", |trend| trend.word()).to_owned(),
        child.running.map(|term| rules.calendar.term(term).to_string()).unwrap_or_default(),
        so_far(child.so_far),
        if child.running.is_some() { child.half_days_left.to_string() } else { String::new() },
        outlook(child, rules),
    ]
}

/// The row of a child below the threshold at the start, as [`IMPROVED_COLUMNS`].
pub fn improved_row(child: &Improvement, rules: &Rules) -> Vec<String> {
    vec![
        child.case_id.to_string(),
        child.family_id.to_string(),
        child.person_id.to_string(),
        share(&child.at_start, rules),
        share(&child.at_end, rules),
        if child.closed { "closed" } else { "open" }.to_owned(),
        child.trend.map_or("", |trend| trend.word()).to_owned(),
    ]
}

/// Both lists as data.
pub fn data(outlooks: &Outlooks, rules: &Rules, as_at: &str) -> Value {
    let object = |columns: &[&str], cells: Vec<String>| -> Value {
        let pairs = columns.iter().zip(cells).map(|(column, cell)| ((*column).to_owned(), Value::String(cell)));
        Value::Object(pairs.collect::<Map<String, Value>>())
    };
    let now = outlooks.children.iter().map(|child| object(&NOW_COLUMNS, now_row(child, rules)));
    let improved = outlooks.improvements.iter().map(|child| object(&IMPROVED_COLUMNS, improved_row(child, rules)));
    json!({
        "program": MARKER.program,
        "as_at": as_at,
        "rules": rules.label(),
        "children_of_open_periods": now.collect::<Vec<Value>>(),
        "below_the_threshold_at_the_start": improved.collect::<Vec<Value>>(),
    })
}

/// Both lists as text; of the children now, those first who can no longer reach the threshold or have least to spare.
pub fn text(outlooks: &Outlooks, rules: &Rules, as_at: &str, screen: Screen) -> String {
    let mut out = format!("Attendance as at {as_at}, by the rules of {}\n\n", rules.label());
    let mut children: Vec<&ChildOutlook> = outlooks.children.iter().collect();
    children.sort_by_key(|child| match child.outlook {
        Outlook::OutOfReach => (0, 0),
        Outlook::CanMiss(most) => (1, most),
        // Then those with the lowest share in the last term.
        Outlook::NoMarks | Outlook::NoTerm => {
            let last = child.terms.last().and_then(|term| term.sessions).filter(|sessions| sessions.possible > 0);
            (2, last.map_or(i64::MAX, |sessions| sessions.attended * 1000 / sessions.possible))
        }
    });
    let count = |test: fn(Outlook) -> bool| children.iter().filter(|child| test(child.outlook)).count();
    let summary = format!(
        "{} of open periods: {} can no longer reach {}% this term, {} can miss at most 4 more sessions, {} have no marks of the running term.",
        counted(children.len(), "school-age child", "school-age children"),
        count(|outlook| outlook == Outlook::OutOfReach),
        rules.parameters.threshold,
        count(|outlook| matches!(outlook, Outlook::CanMiss(..=4))),
        count(|outlook| outlook == Outlook::NoMarks),
    );
    out.push_str(&screen.wrapped(&summary, "", "  "));
    out.push('\n');
    for child in children.iter().take(20) {
        let row = now_row(child, rules);
        let trend = if row[4].is_empty() { String::new() } else { format!(", {}", row[4]) };
        let so_far = if row[6].is_empty() {
            String::new()
        } else {
            format!("; so far {} with {} half-days left", row[6], row[7])
        };
        let line = format!("{} (case {}): {}{so_far}. {}{trend}", row[2], row[0], row[8], row[3]);
        out.push_str(&screen.wrapped(&line, "  ", "      "));
        out.push('\n');
    }
    if children.len() > 20 {
        out.push_str(&format!("  and {} more: add --out DIR for all of them\n", children.len() - 20));
    }
    out.push_str("\nChildren below the threshold in the last term before support began\n");
    let mut counts = std::collections::BTreeMap::new();
    for child in &outlooks.improvements {
        let period = if child.closed { "closed" } else { "open" };
        let trend = match child.trend {
            Some(trend) => trend.word(),
            None if child.at_start.term == child.at_end.term => "no term completed since",
            None => "cannot be told",
        };
        *counts.entry((period, trend)).or_insert(0usize) += 1;
    }
    let rows: Vec<Vec<String>> = counts
        .into_iter()
        .map(|((period, trend), count)| vec![period.to_owned(), trend.to_owned(), count.to_string()])
        .collect();
    out.push_str(&plain_table(&[("Period", false), ("Attendance since", false), ("Children", true)], &rows));
    out
}
