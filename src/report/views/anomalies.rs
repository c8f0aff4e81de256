//! Anomalies: rows for files, data, and text. They state facts; what they mean is for people who know the families.

use crate::error::Result;
use crate::forecast::anomalies::limits::Lies;
use crate::forecast::anomalies::{Against, Anomalies, ClaimAsked, Noticed, Of, Point};
use crate::report::output::Kind::{Day, Tenths, Text, Whole};
use crate::report::output::cell::YES_NO;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen, number};
use crate::report::output::{Cell, Table};
use crate::report::views::left_out::with_run;
use crate::report::views::view::View;
use crate::run::Outcome;
use crate::words::counted;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The files of the anomalies.
pub const NAMES: [&str; 4] = ["claims_by_quarter.csv", "noticed.csv", "claims_asked_about.csv", "anomalies.json"];

/// What makes a folder known as one of anomalies.
pub const MARKER: Marker = Marker { file: "anomalies.json", program: "sfclaim anomalies", spares: None };

/// A row of `claims_by_quarter`.
pub struct PointRow<'a> {
    found: &'a Anomalies,
    point: &'a Point,
    /// Whether practitioners are named.
    names: bool,
}

/// The table `claims_by_quarter`.
pub fn points<'a>() -> Table<PointRow<'a>> {
    Table::<PointRow<'a>>::of("claims_by_quarter", "A row a number looked at.")
        .column("of", Text, |row| of(&row.point.of).0.into())
        .about("`authority`, `team` or `practitioner`")
        .column("name", Text, |row| {
            Some(of(&row.point.of).1).filter(|_| row.names || !matches!(row.point.of, Of::Practitioner(_))).into()
        })
        .about("the name")
        .column("number", Whole, |row| place(row.found, row.point).into())
        .about("of a practitioner the number that the screen shows in its place")
        .column("held_against", Text, |row| row.point.against.word().into())
        .about("`own_history`, or `authority_rate`: the authority's claims for each open case")
        .column("quarter", Text, |row| (&row.point.quarter).into())
        .about("such as `2024/25 Q2`")
        .column("claims", Whole, |row| row.point.claims.into())
        .about("claims submitted in it, whatever became of them")
        .column("claims_standing", Whole, |row| row.point.standing.into())
        .about("those approved or waiting for a decision")
        .column("open_cases", Whole, |row| row.point.open_cases.into())
        .about("in the quarter, where held against the rate")
        .column("history_quarters", Whole, |row| row.point.history.into())
        .about("the quarters before that were used")
        .column("expected", Tenths, |row| Cell::number(row.point.limits.expected.shown()))
        .about("what they make usual")
        .column("lower", Whole, |row| row.point.limits.lower.into())
        .about("the fewest claims within the usual range")
        .column("upper", Whole, |row| row.point.limits.upper.into())
        .about("the most")
        .column("lies", Text, |row| row.point.lies.word().into())
        .about("`inside`, `above` or `below`")
        .column("small_number", YES_NO, |row| row.point.small.into())
        .about("`yes`: fewer than five expected")
}

/// The table `noticed`.
pub fn noticed<'a>() -> Table<&'a Noticed> {
    Table::<&Noticed>::of("noticed", "A row a thing noticed.")
        .column("check", Text, |noticed| noticed.check.into())
        .about("`soon_after_closing`, `many_on_one_day`, `long_gap` or `low_against_target`")
        .column("says", Text, |noticed| (&noticed.says).into())
        .about("what is the case, in a sentence")
        .column("claims", Whole, |noticed| noticed.claims.into())
        .about("how many claims are listed")
}

/// The table `claims_asked_about`.
pub fn claims<'a>() -> Table<&'a ClaimAsked> {
    Table::<&ClaimAsked>::of("claims_asked_about", "A row a claim that these are about, by check, day and id.")
        .column("check", Text, |claim| claim.check.into())
        .about("as in `noticed`")
        .column("claim_id", Text, |claim| (&claim.claim_id).into())
        .about("the claim")
        .column("family_id", Text, |claim| (&claim.family_id).into())
        .about("the family")
        .column("case_id", Text, |claim| claim.case_id.as_ref().into())
        .about("the case. Blank for one behind a restricted link")
        .column("submitted_on", Day, |claim| claim.submitted_on.into())
        .about("the day it was submitted")
        .column("closed_on", Day, |claim| claim.closed_on.into())
        .about("the day the case closed")
        .column("team", Text, |claim| claim.team.as_ref().into())
        .about("of the case")
        .column("lead_practitioner", Text, |claim| claim.lead_practitioner.as_ref().into())
        .about("of the case")
}

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

/// What `sfclaim anomalies` shows.
pub struct AnomaliesView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The anomalies.
    pub found: Anomalies,
    /// Whether practitioners are named on the screen and in the data; the files name them.
    pub show_names: bool,
}

impl View for AnomaliesView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        write(folder, self.outcome, &self.found)
    }

    fn data(&self) -> Value {
        data(self.outcome, &self.found, self.show_names)
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(text(self.outcome, &self.found, self.show_names, screen))
    }
}

/// Writes the files.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, found: &Anomalies) -> Result<()> {
    points().write(folder, found.points.iter().map(|point| PointRow { found, point, names: true }))?;
    noticed().write(folder, &found.noticed)?;
    claims().write(folder, &found.claims)?;
    json_file(folder, NAMES[3], &data(outcome, found, true))
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
    let (of_points, of_noticed) = (points(), noticed());
    let point = |point| Value::Object(of_points.json_of_text(&PointRow { found, point, names: show_names }));
    let clear = found.clear.iter();
    let all = json!({
        "teams_not_compared_in": found.not_compared,
        "quarters": found.quarters,
        "claims_looked_at": found.claims_looked_at.0,
        "claims_that_name_no_case": found.claims_looked_at.1,
        "too_little_history": found.too_little_history,
        "settings": settings.collect::<Vec<Value>>(),
        "claims_by_quarter": found.points.iter().map(point).collect::<Vec<Value>>(),
        "noticed": found.noticed.iter().map(|it| of_noticed.json(&it)).collect::<Vec<Value>>(),
        "found_nothing": clear.map(|it| json!({ "check": it.check, "says": it.says, "looked": it.looked })).collect::<Vec<Value>>(),
        "sentences": said(outcome, found).all(),
    });
    with_run(MARKER.program, outcome, all)
}

/// What is said beside the table of numbers.
struct BesideNumbers {
    before: Vec<String>,
    after: Vec<String>,
}

impl BesideNumbers {
    fn all(self) -> Vec<String> {
        self.before.into_iter().chain(self.after).collect()
    }
}

fn said(outcome: &Outcome<'_>, found: &Anomalies) -> BesideNumbers {
    let asks = |key: &str| outcome.rules.pack.assurance.value(key);
    let mut before = vec![
        "These are facts about numbers. None of them means that a claim is wrong. Know the answer to each before an assurance team asks.".to_owned(),
    ];
    let (claims, nobodys) = found.claims_looked_at;
    if let (Some(first), Some(last)) = (found.quarters.first(), found.quarters.last()) {
        before.push(format!(
            "Checked: {} from {first} on. Each quarter up to {last}, the last completed one, is compared with the quarters before it. {} name no case in the data and are in no team's number.",
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
        return BesideNumbers { before, after: Vec::new() };
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
    BesideNumbers { before, after }
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
    let mut out = Page::on(screen);
    out.line(&format!("What an assurance team would ask about, as at {as_at}"));
    for notice in outcome.rules.notices(as_at) {
        out.note(&notice);
    }
    let BesideNumbers { before, after } = said(outcome, found);
    for sentence in before {
        out.wrapped(&sentence, "  ", "  ");
    }
    out.heading("Claims a quarter, and what is usual");
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
        out.line("  nothing");
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
        out.table(&columns, &rows);
    }
    for sentence in after {
        out.wrapped(&sentence, "  ", "  ");
    }
    if !show_names && large(found).iter().any(|point| matches!(point.of, Of::Practitioner(_))) {
        out.wrapped(
            "Practitioners by name: --show-names, or the files of --out DIR, which have the numbers too.",
            "  ",
            "  ",
        );
    }
    out.heading("Also noticed");
    if found.noticed.is_empty() {
        out.line("  nothing");
    }
    for noticed in &found.noticed {
        out.item(&format!("{}: {}", noticed.check.replace('_', " "), noticed.says));
    }
    if !found.clear.is_empty() {
        out.heading("Looked for and not found");
    }
    for clear in &found.clear {
        out.item(&format!("{}: {}", clear.check.replace('_', " "), clear.says));
    }
    out.done()
}

/// A name that leaves room for the numbers: of a long one the beginning and the end.
fn cut(name: &str) -> String {
    crate::report::output::page::shortened(name, 18)
}
