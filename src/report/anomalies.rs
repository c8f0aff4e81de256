//! Anomalies: rows for files, data, and text. They state facts; what they mean is for people who know the families.

use super::files::table;
use super::folder::{Marker, OutFolder};
use super::left_out::with_run;
use super::screen::{Screen, number, plain_table};
use crate::error::Result;
use crate::forecast::anomalies::limits::Lies;
use crate::forecast::anomalies::{Against, Anomalies, Of, Point};
use crate::run::Outcome;
use crate::words::counted;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The files of the anomalies.
pub const NAMES: [&str; 4] = ["claims_by_quarter.csv", "noticed.csv", "claims_asked_about.csv", "anomalies.json"];

/// What makes a folder known as one of anomalies.
pub const MARKER: Marker = Marker { file: "anomalies.json", program: "sfclaim anomalies", spares: None };

/// The columns of `claims_by_quarter.csv`.
pub const COLUMNS: [&str; 14] = [
    "of",
    "name",
    "number",
    "held_against",
    "quarter",
    "claims",
    "claims_standing",
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

/// The number that stands for a practitioner where names are not shown: the place among all that there are numbers of, by
/// name.
fn place(found: &Anomalies, point: &Point) -> Option<usize> {
    let Of::Practitioner(name) = &point.of else { return None };
    found.practitioners.binary_search(name).ok().map(|place| place + 1)
}

fn cells(found: &Anomalies, point: &Point) -> Vec<String> {
    let (what, name) = of(&point.of);
    vec![
        what.to_owned(),
        name.to_owned(),
        place(found, point).map(|place| place.to_string()).unwrap_or_default(),
        point.against.word().to_owned(),
        point.quarter.clone(),
        point.claims.to_string(),
        point.standing.to_string(),
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
    table(folder, NAMES[0], &COLUMNS, found.points.iter().map(|point| cells(found, point)))?;
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
        let mut said = json!({
            "key": setting.key,
            "value": setting.value,
            "unit": setting.unit,
            "means": setting.title,
            "source": pack.source_title(&setting.source),
            "standing": setting.standing.word(),
        });
        if let Some(file) = pack.laid_over(&setting.file) {
            said["given_by"] = json!(file);
        }
        said
    });
    let point = |point: &Point| {
        let mut cells = cells(found, point);
        if !show_names && matches!(point.of, Of::Practitioner(_)) {
            cells[1] = String::new();
        }
        let pairs = COLUMNS.iter().zip(cells).map(|(column, cell)| ((*column).to_owned(), Value::String(cell)));
        Value::Object(pairs.collect())
    };
    let clear = found.clear.iter();
    let all = json!({
        "teams_not_compared_in": found.not_compared,
        "quarters": found.quarters,
        "claims_looked_at": found.claims_looked_at.0,
        "claims_that_name_no_case": found.claims_looked_at.1,
        "too_little_history": found.too_little_history,
        "settings": settings.collect::<Vec<Value>>(),
        "claims_by_quarter": found.points.iter().map(point).collect::<Vec<Value>>(),
        "noticed": found.noticed.iter().map(|it| json!({ "check": it.check, "says": it.says, "claims": it.claims })).collect::<Vec<Value>>(),
        "found_nothing": clear.map(|it| json!({ "check": it.check, "says": it.says, "looked": it.looked })).collect::<Vec<Value>>(),
        "sentences": said(outcome, found).all(),
    });
    with_run(MARKER.program, outcome, all)
}

/// What is said beside the table of numbers.
struct Said {
    before: Vec<String>,
    after: Vec<String>,
}

impl Said {
    fn all(self) -> Vec<String> {
        self.before.into_iter().chain(self.after).collect()
    }
}

fn said(outcome: &Outcome<'_>, found: &Anomalies) -> Said {
    let asks = |key: &str| outcome.rules.pack.assurance.value(key);
    let mut before = vec![
        "These are facts about numbers. None says that a claim is wrong; each has an answer, and it is good to know it before it is asked for.".to_owned(),
    ];
    let (claims, nobodys) = found.claims_looked_at;
    if let (Some(first), Some(last)) = (found.quarters.first(), found.quarters.last()) {
        before.push(format!(
            "Looked at: {} from {first} on (a quarter is held against those before it up to {last}, the last completed one); {} name no case of the data and are in no team's number.",
            counted(claims, "claim", "claims"),
            number(nobodys)
        ));
    }
    before.push("Claims are all that were handed in, whatever became of them. \"Standing\" are those approved or waiting for a decision, which sfclaim position counts. A number is held against its own history, or against the authority's claims for each open case.".to_owned());
    if !found.not_compared.is_empty() {
        before.push(format!(
            "Teams and practitioners are not compared in {}: of too few quarters do {}% or more of the claims name a case of the data.",
            found.not_compared.join(", "),
            asks("control.named_percent")
        ));
    }
    if found.too_little_history {
        before.push(format!(
            "There are too few completed quarters of claims to say what is usual: more than {} are needed.",
            asks("control.fewest_quarters")
        ));
        return Said { before, after: Vec::new() };
    }
    let mut after = Vec::new();
    let outside: Vec<&Point> = found.points.iter().filter(|point| point.lies != Lies::Inside).collect();
    let small: Vec<&&Point> = outside.iter().filter(|point| point.small && point.of != Of::Authority).collect();
    if !small.is_empty() {
        let names = |is: fn(&Of) -> bool| {
            small.iter().map(|point| &point.of).filter(|of| is(of)).collect::<BTreeSet<&Of>>().len()
        };
        after.push(format!(
            "Not shown: {} where fewer than {} claims would be usual, of {} and {}. Chance alone moves such numbers far; they are in claims_by_quarter.csv (--out DIR).",
            counted(small.len(), "number outside its usual range", "numbers outside their usual range"),
            asks("small.expected"),
            counted(names(|of| matches!(of, Of::Team(_))), "team", "teams"),
            counted(names(|of| matches!(of, Of::Practitioner(_))), "practitioner", "practitioners"),
        ));
    }
    let left = large(found).len().saturating_sub(MOST_SHOWN);
    if left > 0 {
        after.push(format!("{} more are in claims_by_quarter.csv (--out DIR).", number(left)));
    }
    let history = found.points.iter().map(|point| point.history);
    let history = match (history.clone().min(), history.max()) {
        (Some(fewest), Some(most)) if fewest == most => most.to_string(),
        (Some(fewest), Some(most)) => format!("{fewest} to {most}"),
        _ => "0".to_owned(),
    };
    let by_chance = if outside.is_empty() { "" } else { "; of so many, some are by chance alone" };
    let little = if found.points.iter().any(|point| point.history < asks("control.quarters")) {
        " (the fewer, the less well is it known)"
    } else {
        ""
    };
    after.push(format!(
        "{} of {} numbers are outside their usual range{by_chance}. What is usual comes from the {history} quarters before{little}; the range around it is so wide that chance alone seldom leaves it ({} standard deviations on either side).",
        number(outside.len()),
        number(found.points.len()),
        asks("control.deviations"),
    ));
    Said { before, after }
}

/// The most rows that the screen shows of teams and practitioners.
const MOST_SHOWN: usize = 12;

/// The numbers of teams and practitioners outside their range that are not small: latest quarter first, then largest.
fn large(found: &Anomalies) -> Vec<&Point> {
    let shown = |point: &&Point| point.of != Of::Authority && point.lies != Lies::Inside && !point.small;
    let mut large: Vec<&Point> = found.points.iter().filter(shown).collect();
    large.sort_by(|a, b| (&b.quarter, b.claims, &a.of, a.against).cmp(&(&a.quarter, a.claims, &b.of, b.against)));
    large
}

/// The anomalies as text; practitioners by name only where asked for.
pub fn text(outcome: &Outcome<'_>, found: &Anomalies, show_names: bool, screen: Screen) -> String {
    let as_at = outcome.prepared.as_at;
    let mut out = format!("What an assurance team would ask about, as at {as_at}\n");
    let say = |out: &mut String, text: &str, first: &str, others: &str| {
        out.push_str(&screen.wrapped(text, first, others));
        out.push('\n');
    };
    for notice in outcome.rules.notices(as_at) {
        say(&mut out, &notice, "  Note: ", "    ");
    }
    let Said { before, after } = said(outcome, found);
    for sentence in before {
        say(&mut out, &sentence, "  ", "  ");
    }
    out.push_str("\nClaims a quarter, and what is usual\n");
    let row = |point: &Point| {
        let name = match &point.of {
            Of::Authority => "authority".to_owned(),
            Of::Team(name) => cut(name),
            Of::Practitioner(name) if show_names => cut(name),
            Of::Practitioner(_) => format!("practitioner {}", place(found, point).unwrap_or_default()),
        };
        let against = match point.against {
            Against::OwnHistory => "own history",
            Against::AuthorityRate => "authority's rate",
        };
        let reads = match point.lies {
            Lies::Inside => "as usual",
            Lies::Above => "more",
            Lies::Below => "fewer",
        };
        vec![
            point.quarter.clone(),
            name,
            number(point.claims),
            number(point.standing),
            against.to_owned(),
            point.limits.expected.shown(),
            format!("{} to {}", point.limits.lower, point.limits.upper),
            reads.to_owned(),
        ]
    };
    let authority = found.points.iter().filter(|point| point.of == Of::Authority);
    let rows: Vec<Vec<String>> = authority.chain(large(found).into_iter().take(MOST_SHOWN)).map(row).collect();
    if rows.is_empty() {
        out.push_str("  nothing\n");
    } else {
        let columns = [
            ("Quarter", false),
            ("Whose", false),
            ("Claims", true),
            ("Standing", true),
            ("Held against", false),
            ("Usual", true),
            ("Range", false),
            ("Compared", false),
        ];
        out.push_str(&plain_table(&columns, &rows));
    }
    for sentence in after {
        say(&mut out, &sentence, "  ", "  ");
    }
    if !show_names && large(found).iter().any(|point| matches!(point.of, Of::Practitioner(_))) {
        say(
            &mut out,
            "Practitioners by name: --show-names, or the files of --out DIR, which have the numbers too.",
            "  ",
            "  ",
        );
    }
    out.push_str("\nAlso noticed\n");
    if found.noticed.is_empty() {
        out.push_str("  nothing\n");
    }
    for noticed in &found.noticed {
        say(&mut out, &format!("{}: {}", noticed.check.replace('_', " "), noticed.says), "  ", "    ");
    }
    if !found.clear.is_empty() {
        out.push_str("\nLooked for and not found\n");
    }
    for clear in &found.clear {
        say(&mut out, &format!("{}: {}", clear.check.replace('_', " "), clear.says), "  ", "    ");
    }
    out
}

/// A name that leaves room for the numbers: of a long one the beginning and the end.
fn cut(name: &str) -> String {
    super::screen::shortened(name, 18)
}
