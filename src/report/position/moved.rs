//! What moved since an earlier run: rows, data and text.

use crate::forecast::position::Line;
use crate::forecast::position::movement::{Moved, Movement};
use crate::report::screen::{Screen, number, plain_table};
use crate::words::counted;
use serde_json::{Value, json};

/// The columns of `movement.csv`.
pub const COLUMNS: [&str; 5] = ["of", "what", "families", "value", "change_in_claims"];

const OF: [&str; 3] = ["claims", "became_claimable", "no_longer_claimable"];

fn lists(movement: &Movement) -> [(&'static str, &Vec<Moved>); 3] {
    [(OF[0], &movement.claims), (OF[1], &movement.became), (OF[2], &movement.stopped)]
}

/// The rows of `movement.csv`.
pub fn rows(movement: &Movement) -> Vec<Vec<String>> {
    let row = |of: &str, moved: &Moved| {
        vec![
            of.to_owned(),
            moved.what.clone(),
            moved.families.to_string(),
            moved.value.plain(),
            moved.claims.to_string(),
        ]
    };
    lists(movement).into_iter().flat_map(|(of, list)| list.iter().map(move |moved| row(of, moved))).collect()
}

/// A straight line as data.
pub fn line(line: &Line) -> Value {
    json!({
        "counted_until": line.counted_until.to_string(),
        "claims": line.claims,
        "months_elapsed": line.months.shown(),
        "year_end": line.year_end,
    })
}

/// The movement as data.
pub fn data(movement: &Movement) -> Value {
    let mut all = json!({
        "since": movement.since.to_string(),
        "claims_then_by_todays_records": movement.hindsight,
        "claims_before": movement.claims_before,
        "claims_that_run_had": movement.counted_then,
        "claims_after": movement.claims_after,
        "straight_line_before": movement.line_before.as_ref().map(line),
        "straight_line_after": line(&movement.line_after),
        "claimable_before": movement.claimable.0,
        "claimable_after": movement.claimable.1,
    });
    for (of, list) in lists(movement) {
        let one = |moved: &Moved| json!({ "what": moved.what, "families": moved.families, "value": moved.value, "change_in_claims": moved.claims });
        all[format!("moved_{of}")] = list.iter().map(one).collect();
    }
    all
}

/// The movement as text.
pub fn text(movement: &Movement, screen: Screen) -> String {
    let mut out = format!("Moved since the run as at {}\n", movement.since);
    let mut say = |text: String| {
        out.push_str(&screen.wrapped(&text, "", "  "));
        out.push('\n');
    };
    match movement.claims_before {
        Some(before) => say(format!("Claims of the year: {} -> {}.", number(before), number(movement.claims_after))),
        None => say(format!(
            "Claims of the year: {}; the year had not begun at the earlier run.",
            number(movement.claims_after)
        )),
    }
    if movement.hindsight {
        say("That folder has no list of claims, so claims then are today's records of that day. A folder of `sfclaim position` has one.".to_owned());
    }
    if let (Some(then), Some(before)) = (movement.counted_then, movement.claims_before) {
        say(format!(
            "That run itself counted {}; today's records have {} by that day: claims were put in late, or changed.",
            number(then),
            number(before)
        ));
    }
    let after = movement.line_after;
    match movement.line_before {
        Some(before) => say(format!(
            "Straight line to the year's end: {} ({} by {}) -> {} ({} by {}).",
            number(before.year_end),
            counted(before.claims, "claim", "claims"),
            before.counted_until,
            number(after.year_end),
            counted(after.claims, "claim", "claims"),
            after.counted_until
        )),
        None => say(format!("Straight line to the year's end: {}.", number(after.year_end))),
    }
    let (then, now) = movement.claimable;
    say(format!("Claimable families: {} -> {}.", number(then), number(now)));
    for ((_, list), heading) in
        lists(movement).into_iter().zip(["Claims", "Became claimable; held then by", "No longer claimable; now"])
    {
        if list.is_empty() {
            continue;
        }
        let rows: Vec<Vec<String>> = list
            .iter()
            .map(|moved| vec![moved.what.clone(), number(moved.families), moved.value.to_string()])
            .collect();
        out.push('\n');
        out.push_str(&plain_table(&[(heading, false), ("Families", true), ("Payment", true)], &rows));
    }
    out
}
