//! Anomalies: rows for files, data, and text. They state facts; what they mean is for people who know the families.

use super::files::table;
use super::folder::{Marker, OutFolder};
use super::screen::{Screen, number, plain_table};
use crate::error::Result;
use crate::forecast::anomalies::limits::Lies;
use crate::forecast::anomalies::{Against, Anomalies, Of, Point};
use crate::run::Outcome;
use crate::words::counted;
use serde_json::{Value, json};

/// The files of the anomalies.
pub const NAMES: [&str; 4] = ["claims_by_quarter.csv", "noticed.csv", "claims_asked_about.csv", "anomalies.json"];

/// What makes a folder known as one of anomalies.
pub const MARKER: Marker = Marker { file: "anomalies.json", program: "sfclaim anomalies", spares: None };

/// The columns of `claims_by_quarter.csv`.
pub const COLUMNS: [&str; 12] = [
    "of",
    "name",
    "held_against",
    "quarter",
    "claims",
    "open_cases",
    "history_quarters",
    "expected",
    "lower",
    "upper",
    "lies",
    "small_number",
];

/// The columns of `noticed.csv`.
pub const NOTICED_COLUMNS: [&str; 3] = ["check", "says", "claims"];

/// The columns of `claims_asked_about.csv`.
pub const CLAIM_COLUMNS: [&str; 8] =
    ["check", "claim_id", "family_id", "case_id", "submitted_on", "closed_on", "team", "lead_practitioner"];

fn of(of: &Of) -> (&'static str, &str) {
    match of {
        Of::Authority => ("authority", ""),
        Of::Team(name) => ("team", name),
        Of::Practitioner(name) => ("practitioner", name),
    }
}

fn cells(point: &Point) -> Vec<String> {
    let (what, name) = of(&point.of);
    vec![
        what.to_owned(),
        name.to_owned(),
        point.against.word().to_owned(),
        point.quarter.clone(),
        point.claims.to_string(),
        point.open_cases.map(|open| open.to_string()).unwrap_or_default(),
        point.history.to_string(),
        point.limits.expected.shown(),
        point.limits.lower.to_string(),
        point.limits.upper.to_string(),
        point.lies.word().to_owned(),
        if point.small { "yes" } else { "no" }.to_owned(),
    ]
}

/// Writes the files.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, found: &Anomalies) -> Result<()> {
    table(folder, NAMES[0], &COLUMNS, found.points.iter().map(cells))?;
    let noticed = found.noticed.iter();
    let noticed = noticed.map(|it| vec![it.check.to_owned(), it.says.clone(), it.claims.to_string()]);
    table(folder, NAMES[1], &NOTICED_COLUMNS, noticed)?;
    let claims = found.claims.iter().map(|claim| {
        vec![
            claim.check.to_owned(),
            claim.claim_id.to_string(),
            claim.family_id.to_string(),
            claim.case_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            claim.submitted_on.to_string(),
            claim.closed_on.map(|day| day.to_string()).unwrap_or_default(),
            claim.team.clone().unwrap_or_default(),
            claim.lead_practitioner.clone().unwrap_or_default(),
        ]
    });
    table(folder, NAMES[2], &CLAIM_COLUMNS, claims)?;
    folder.write(NAMES[3], format!("{:#}\n", data(outcome, found, true)).as_bytes())
}

/// The anomalies as data; practitioners by name only where asked for.
pub fn data(outcome: &Outcome<'_>, found: &Anomalies, show_names: bool) -> Value {
    let pack = &outcome.rules.pack;
    let settings = pack.assurance.iter().map(|setting| {
        json!({
            "key": setting.key,
            "value": setting.value,
            "unit": setting.unit,
            "means": setting.title,
            "source": pack.source_title(&setting.source),
            "standing": setting.standing.word(),
        })
    });
    let point = |point: &Point| {
        let mut cells = cells(point);
        if !show_names && matches!(point.of, Of::Practitioner(_)) {
            cells[1] = String::new();
        }
        let pairs = COLUMNS.iter().zip(cells).map(|(column, cell)| ((*column).to_owned(), Value::String(cell)));
        Value::Object(pairs.collect())
    };
    json!({
        "program": MARKER.program,
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": outcome.prepared.as_at.to_string(),
        "rules": outcome.rules.label(),
        "notices": outcome.rules.notices(outcome.prepared.as_at),
        "quarters": found.quarters,
        "claims_looked_at": found.claims_looked_at.0,
        "claims_that_name_no_case": found.claims_looked_at.1,
        "too_little_history": found.too_little_history,
        "settings": settings.collect::<Vec<Value>>(),
        "claims_by_quarter": found.points.iter().map(point).collect::<Vec<Value>>(),
        "noticed": found.noticed.iter().map(|it| json!({ "check": it.check, "says": it.says, "claims": it.claims })).collect::<Vec<Value>>(),
    })
}

/// The anomalies as text; practitioners by name only where asked for.
pub fn text(outcome: &Outcome<'_>, found: &Anomalies, show_names: bool, screen: Screen) -> String {
    let as_at = outcome.prepared.as_at;
    let asks = |key: &str| outcome.rules.pack.assurance.value(key);
    let mut out = format!("What an assurance team would ask about, as at {as_at}\n");
    let say = |out: &mut String, text: &str, first: &str, others: &str| {
        out.push_str(&screen.wrapped(text, first, others));
        out.push('\n');
    };
    for notice in outcome.rules.notices(as_at) {
        say(&mut out, &notice, "  Note: ", "    ");
    }
    let intro = "These are facts about numbers. None says that a claim is wrong; each has an answer, and it is good to know it before it is asked for.";
    say(&mut out, intro, "  ", "  ");
    let (claims, nobodys) = found.claims_looked_at;
    if let (Some(first), Some(last)) = (found.quarters.first(), found.quarters.last()) {
        let said = format!(
            "Looked at: {} from {first} (limits up to {last}, the last completed quarter); {} name no case of the data and are in no team's number.",
            counted(claims, "claim", "claims"),
            number(nobodys)
        );
        say(&mut out, &said, "  ", "  ");
    }
    out.push_str("\nClaims a quarter\n");
    if found.too_little_history {
        let said = format!(
            "There are too few completed quarters of claims for limits: more than {} are needed.",
            asks("control.fewest_quarters")
        );
        say(&mut out, &said, "  ", "  ");
    }
    let shown: Vec<&Point> =
        found.points.iter().filter(|point| point.of == Of::Authority || point.lies != Lies::Inside).collect();
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|point| {
            let name = match &point.of {
                Of::Authority => "authority".to_owned(),
                Of::Team(name) => name.clone(),
                Of::Practitioner(name) if show_names => name.clone(),
                Of::Practitioner(_) => "a practitioner".to_owned(),
            };
            let against = match point.against {
                Against::OwnHistory => "own history",
                Against::AuthorityRate => "authority's rate",
            };
            let small = if point.small { "small" } else { "" };
            vec![
                point.quarter.clone(),
                name,
                number(point.claims),
                against.to_owned(),
                point.limits.expected.shown(),
                format!("{} to {}", point.limits.lower, point.limits.upper),
                point.lies.word().to_owned(),
                small.to_owned(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let columns = [
            ("Quarter", false),
            ("Whose", false),
            ("Claims", true),
            ("Held against", false),
            ("Expected", true),
            ("Limits", false),
            ("Lies", false),
            ("Number", false),
        ];
        out.push_str(&plain_table(&columns, &rows));
    }
    let outside = found.points.iter().filter(|point| point.lies != Lies::Inside).count();
    let said = format!(
        "{} of {} numbers lie outside their limits; of so many, some do by chance alone. Limits: {} standard deviations from what is expected of the {} quarters before (fewer where there are fewer). \"small\": fewer than {} are expected, and chance alone moves such a number far. Names: --show-names, or the files of --out.",
        number(outside),
        number(found.points.len()),
        asks("control.deviations"),
        asks("control.quarters"),
        asks("small.expected"),
    );
    say(&mut out, &said, "  ", "  ");
    out.push_str("\nAlso noticed\n");
    if found.noticed.is_empty() {
        out.push_str("  nothing\n");
    }
    for noticed in &found.noticed {
        say(&mut out, &format!("{}: {}", noticed.check.replace('_', " "), noticed.says), "  ", "    ");
    }
    out
}
