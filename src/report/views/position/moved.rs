//! What moved since an earlier run: rows, data and text.

use crate::forecast::position::Line;
use crate::forecast::position::movement::{Moved, Movement, sum};
use crate::money::Pounds;
use crate::report::output::Kind::{Money, Text, Whole};
use crate::report::output::page::{Page, Screen, number};
use crate::report::output::{Cell, Table};
use crate::words::counted;
use serde_json::{Value, json};

/// A row of `movement`.
pub struct MovedRow<'a> {
    of: &'static str,
    moved: &'a Moved,
}

/// The table `movement`.
pub fn table<'a>() -> Table<MovedRow<'a>> {
    Table::<MovedRow<'a>>::of("movement", "A row a kind of movement, only with `--since`.")
        .column("of", Text, |row| row.of.into())
        .about("`claims`, `became_claimable` or `no_longer_claimable`")
        .in_files_alone()
        .column("what", Text, |row| (&row.moved.what).into())
        .about("what happened; of families, what had held them then, or holds them now")
        .column("families", Whole, |row| row.moved.families.into())
        .about("how many; of claims, one for each claim")
        .column("change", Whole, |row| row.moved.change.into())
        .about("what that does to claims that count, or to claimable families: less than nought for fewer, `0` for nothing")
        .column("value", Money, |row| Cell::Money { less: row.moved.change < 0, amount: row.moved.value })
        .about("the payment for the change, with its sign. The rows of a list add up")
}

const OF: [&str; 3] = ["claims", "became_claimable", "no_longer_claimable"];

fn lists(movement: &Movement) -> [(&'static str, &Vec<Moved>); 3] {
    [(OF[0], &movement.claims), (OF[1], &movement.became), (OF[2], &movement.stopped)]
}

/// The rows of `movement`.
pub fn rows(movement: &Movement) -> impl Iterator<Item = MovedRow<'_>> {
    lists(movement).into_iter().flat_map(|(of, list)| list.iter().map(move |moved| MovedRow { of, moved }))
}

/// `-`, or nothing.
fn minus(change: i64) -> &'static str {
    if change < 0 { "-" } else { "" }
}

/// An amount with its sign, as files carry it: `-800.00`.
fn plain(change: i64, value: Pounds) -> String {
    format!("{}{}", minus(change), value.plain())
}

/// With its sign: `+2`, `-1`, `0`.
fn signed(change: i64) -> String {
    let sign = if change > 0 { "+" } else { minus(change) };
    format!("{sign}{}", number(usize::try_from(change.unsigned_abs()).unwrap_or(usize::MAX)))
}

/// With its sign: `+£800`, `-£800`, `£0`.
fn signed_pounds(change: i64, value: Pounds) -> String {
    format!("{}{value}", if change > 0 { "+" } else { minus(change) })
}

/// How much more or less the second is, as a sign and an amount.
fn difference(then: Pounds, now: Pounds) -> (i64, Pounds) {
    match (now.more_than(then), then.more_than(now)) {
        (_, Some(less)) if less > Pounds::default() => (-1, less),
        (Some(more), _) if more > Pounds::default() => (1, more),
        _ => (0, Pounds::default()),
    }
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
        all[format!("moved_{of}")] = list.iter().map(|moved| table().json(&MovedRow { of, moved })).collect();
        let (change, value) = sum(list, movement.payment);
        all[format!("moved_{of}_sum")] = json!({ "change": change, "value": plain(change, value) });
    }
    all["straight_line_shortfall"] = json!(movement.at_risk.map(|(then, now)| {
        let change = then.zip(now).map(|(then, now)| difference(then, now));
        json!({ "then": then, "now": now, "change": change.map(|(sign, value)| plain(sign, value)) })
    }));
    all["sentences"] = json!(sentences(movement));
    all
}

/// A plain sentence for each headline number of it.
pub fn sentences(movement: &Movement) -> Vec<String> {
    let mut said = Vec::new();
    match movement.claims_before {
        Some(before) => said.push(format!(
            "Claims of the year: {} -> {}{}.",
            number(before),
            number(movement.claims_after),
            by_how_much(before, movement.claims_after)
        )),
        None => said.push(format!(
            "Claims of the year: {}; the year had not begun at the earlier run.",
            number(movement.claims_after)
        )),
    }
    said.extend(movement.lacking.iter().map(|lacking| format!("{lacking}.")));
    if movement.hindsight {
        said.push("That folder has no list of claims, so claims then are today's records of that day. A folder of `sfclaim position` has one.".to_owned());
    }
    if let (Some(then), Some(before)) = (movement.counted_then, movement.claims_before) {
        said.push(format!(
            "That run itself counted {}; today's records have {} by that day: claims were put in late, or changed.",
            number(then),
            number(before)
        ));
    }
    let of = |line: &Line| match line.year_end {
        Some(end) => format!("{} ({} by {})", number(end), counted(line.claims, "claim", "claims"), line.counted_until),
        None => "too early to say".to_owned(),
    };
    let after = movement.line_after;
    match movement.line_before {
        Some(before) => {
            let change = before.year_end.zip(after.year_end).map(|(then, now)| by_how_much(then, now));
            said.push(format!(
                "Straight line to the year's end: {} -> {}{}.",
                of(&before),
                of(&after),
                change.unwrap_or_default()
            ));
        }
        None => said.push(format!("Straight line to the year's end: {}.", of(&after))),
    }
    if let Some((then, now)) = movement.at_risk {
        let amount = |value: Option<Pounds>| value.map_or("too early to say".to_owned(), |value| value.to_string());
        let change = then.zip(now).map(|(then, now)| match difference(then, now) {
            (0, _) => ", no change".to_owned(),
            (sign, value) => format!(", {value} {}", if sign < 0 { "less" } else { "more" }),
        });
        said.push(match movement.line_before {
            Some(_) => format!(
                "Grant at risk on the straight line: {} -> {}{}. Both by today's funded places and payment.",
                amount(then),
                amount(now),
                change.unwrap_or_default()
            ),
            None => format!("Grant at risk on the straight line: {}.", amount(now)),
        });
    }
    let (then, now) = movement.claimable;
    said.push(format!("Claimable families: {} -> {}{}.", number(then), number(now), by_how_much(then, now)));
    said
}

fn by_how_much(then: usize, now: usize) -> String {
    match now.checked_sub(then) {
        Some(0) => ", no change".to_owned(),
        Some(more) => format!(", {} more", number(more)),
        None => format!(", {} fewer", number(then - now)),
    }
}

/// The movement as text.
pub fn text(movement: &Movement, screen: Screen) -> String {
    let mut out = Page::on(screen);
    out.line(&format!("Moved since the run as at {}", movement.since));
    for sentence in sentences(movement) {
        out.say(&sentence);
    }
    let headings = [
        ("What became of claims", "Claims", "Sum: change in the claims of the year"),
        ("Became claimable; held then by", "Families", "Sum"),
        ("No longer claimable; now", "Families", "Sum"),
    ];
    for ((_, list), (heading, counts, sum_of)) in lists(movement).into_iter().zip(headings) {
        if list.is_empty() {
            continue;
        }
        let row = |moved: &Moved| {
            let payment = signed_pounds(moved.change, moved.value);
            vec![moved.what.clone(), number(moved.families), signed(moved.change), payment]
        };
        let mut rows: Vec<Vec<String>> = list.iter().map(row).collect();
        let (change, value) = sum(list, movement.payment);
        rows.push(vec![sum_of.to_owned(), String::new(), signed(change), signed_pounds(change, value)]);
        out.gap();
        let columns = [(heading, false), (counts, true), ("Change", true), ("Payment", true)];
        out.table(&columns, &rows);
    }
    out.done()
}
