//! The position of a financial year: rows for files, data, and text. A plain sentence stands with each headline number.
//!
//! - [`earlier`] reads the folder of an earlier run; [`moved`] shows what moved since.

pub mod earlier;
pub mod moved;

use super::files::table;
use super::folder::{Marker, OutFolder};
use super::screen::{Screen, number, plain_table};
use crate::error::Result;
use crate::forecast::position::movement::{Movement, held_by};
use crate::forecast::position::{Against, Position, State, Stretch};
use crate::rules::position::Asks;
use crate::run::Outcome;
use crate::share::Ratio;
use crate::words::counted;
use serde_json::{Value, json};

/// The files of a position.
pub const NAMES: [&str; 5] = ["position.csv", "claims_known.csv", "periods.csv", "movement.csv", "position.json"];

/// What makes a folder known as a position's.
pub const MARKER: Marker = Marker { file: "position.json", program: "sfclaim position", spares: None };

/// The columns of `position.csv`: a row a quarter, then a row a month.
pub const COLUMNS: [&str; 13] = [
    "part",
    "name",
    "from",
    "to",
    "state",
    "approved",
    "pending",
    "projected",
    "claims_by_end",
    "expected",
    "expected_by_end",
    "rag",
    "rag_by_end",
];

fn cells(part: &str, stretch: &Stretch) -> Vec<String> {
    let ratio = |ratio: Option<Ratio>| ratio.map(Ratio::shown).unwrap_or_default();
    vec![
        part.to_owned(),
        stretch.name.clone(),
        stretch.days.from.to_string(),
        stretch.days.to.to_string(),
        stretch.state.word().to_owned(),
        stretch.counted.approved.to_string(),
        stretch.counted.pending.to_string(),
        stretch.projected.to_string(),
        stretch.claims_by_end.to_string(),
        ratio(stretch.expected),
        ratio(stretch.expected_by_end),
        stretch.rag.map(|rag| rag.to_string()).unwrap_or_default(),
        stretch.rag_by_end.map(|rag| rag.to_string()).unwrap_or_default(),
    ]
}

/// Writes the files, the movement where there is one.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    folder: &OutFolder,
    outcome: &Outcome<'_>,
    position: &Position,
    movement: Option<&Movement>,
) -> Result<()> {
    let quarters = position.quarters.iter().map(|stretch| cells("quarter", stretch));
    let months = position.months.iter().map(|stretch| cells("month", stretch));
    table(folder, NAMES[0], &COLUMNS, quarters.chain(months))?;
    let linked = &outcome.linked;
    let mut claims: Vec<_> =
        linked.families.iter().flat_map(|family| family.claims.iter().map(move |claim| (family, claim))).collect();
    claims.sort_by(|(_, a), (_, b)| a.claim_id.cmp(&b.claim_id));
    let day = |day: Option<crate::dates::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let claims = claims.into_iter().map(|(family, claim)| {
        let case = claim.case_id.as_ref().filter(|case| !linked.must_not_name_case(family, case));
        vec![
            claim.claim_id.to_string(),
            claim.family_id.to_string(),
            case.map(ToString::to_string).unwrap_or_default(),
            claim.submitted_on.to_string(),
            day(claim.decided_on),
            claim.outcome.word().to_owned(),
        ]
    });
    table(folder, NAMES[1], &earlier::CLAIM_COLUMNS, claims)?;
    let periods = outcome.decisions.iter().map(|decision| {
        let status = decision.status.word().to_owned();
        vec![decision.case_id.to_string(), decision.family_id.to_string(), status, held_by(decision)]
    });
    table(folder, NAMES[2], &earlier::PERIOD_COLUMNS, periods)?;
    if let Some(movement) = movement {
        table(folder, NAMES[3], &moved::COLUMNS, moved::rows(movement).into_iter())?;
    }
    folder.write(NAMES[4], format!("{:#}\n", data(outcome, position, movement)).as_bytes())
}

/// The position as data. Ratios are shown with one decimal, truncated.
pub fn data(outcome: &Outcome<'_>, position: &Position, movement: Option<&Movement>) -> Value {
    let stretches = |stretches: &[Stretch]| -> Vec<Value> {
        stretches
            .iter()
            .map(|of| {
                json!({
                    "name": of.name,
                    "from": of.days.from.to_string(),
                    "to": of.days.to.to_string(),
                    "state": of.state.word(),
                    "approved": of.counted.approved,
                    "pending": of.counted.pending,
                    "claims": of.counted.claims(),
                    "projected": of.projected,
                    "claims_by_end": of.claims_by_end,
                    "expected": of.expected.map(Ratio::shown),
                    "expected_by_end": of.expected_by_end.map(Ratio::shown),
                    "rag": of.rag,
                    "rag_by_end": of.rag_by_end,
                })
            })
            .collect()
    };
    let against = position.against.iter().map(|of| {
        json!({
            "what": of.what,
            "number": of.number,
            "expected_to_date": of.expected_to_date.shown(),
            "rag_to_date": of.rag_to_date,
            "rag_year_end": of.rag_year_end,
            "still_needed": of.still_needed,
            "achievable_on_record": of.achievable,
        })
    });
    let grant = position.grant.as_ref().map(|grant| {
        json!({
            "payment_per_family": grant.payment,
            "funded_places": grant.funded_places,
            "paid_places": grant.paid_places,
            "earned": grant.earned,
            "pending": grant.pending,
            "still_to_earn": grant.still_to_earn,
            "straight_line_short_by": grant.line_short_by,
            "straight_line_shortfall": grant.line_shortfall,
            "upfront_grant": grant.upfront,
            "cash_received": grant.received,
            "expected_rejected": grant.expected_rejected.map(|(claims, value)| json!({ "claims": claims, "value": value })),
        })
    });
    json!({
        "program": MARKER.program,
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": position.as_at.to_string(),
        "rules": outcome.rules.label(),
        "rules_fingerprint": outcome.rules.pack.fingerprint(),
        "notices": outcome.rules.notices(position.as_at),
        "authority": outcome.prepared.authority,
        "financial_year": position.year,
        "from": position.days.from.to_string(),
        "to": position.days.to.to_string(),
        "claims": {
            "approved": position.counted.approved,
            "pending": position.counted.pending,
            "claims": position.counted.claims(),
            "rejected": position.counted.rejected,
            "withdrawn": position.counted.withdrawn,
            "clawed_back": position.counted.clawed_back,
            "unreadable_rows": position.unreadable_claims,
        },
        "straight_line": moved::line(&position.line),
        "against": against.collect::<Vec<Value>>(),
        "grant": grant,
        "claimable_families": position.claimable,
        "could_mature_by_year_end": position.can_mature,
        "submitted_after_suspension": position.suspended.map(|of| json!({ "from": of.from.to_string(), "claims": of.claims })),
        "bands": { "id": position.bands.id, "title": position.bands.title },
        "profile": { "id": position.profile.id, "title": position.profile.title },
        "quarters": stretches(&position.quarters),
        "months": stretches(&position.months),
        "sentences": sentences(outcome, position),
        "movement": movement.map(moved::data),
    })
}

/// A plain sentence for each headline number, and what must be said on every run for this day.
pub fn sentences(outcome: &Outcome<'_>, position: &Position) -> Vec<String> {
    let mut said = headlines(position);
    said.extend(outcome.rules.notices(position.as_at).into_iter().map(|notice| format!("Note: {notice}")));
    said
}

/// A plain sentence for each headline number.
pub fn headlines(position: &Position) -> Vec<String> {
    let mut said = Vec::new();
    let counted_now = position.counted;
    let (as_at, line) = (position.as_at.min(position.days.to), position.line);
    let claims = counted(counted_now.claims(), "result was", "results were");
    let over = position.as_at > position.days.to;
    let known = if over { format!(", as known on {}", position.as_at) } else { String::new() };
    said.push(format!(
        "{claims} claimed in {} by {as_at}{known}: {} approved and {} waiting for a decision. Not counted: {} rejected, {} withdrawn, {} clawed back.",
        position.year,
        number(counted_now.approved),
        number(counted_now.pending),
        number(counted_now.rejected),
        number(counted_now.withdrawn),
        number(counted_now.clawed_back),
    ));
    if position.unreadable_claims > 0 {
        said.push(format!(
            "{} of claims could not be read and {} in no count: see quarantine.csv of `sfclaim check`.",
            counted(position.unreadable_claims, "row", "rows"),
            if position.unreadable_claims == 1 { "is" } else { "are" },
        ));
    }
    said.extend(position.against.iter().map(|of| against(position, of)));
    if position.against.is_empty() {
        said.push(format!(
            "Target and funded places of {} are not known, so nothing is held against them: name an authority with targets in sfclaim.toml.",
            position.year
        ));
    }
    let rest = if position.as_at >= position.days.to {
        "The year is over."
    } else {
        "It takes the rest of the year to go as those months went; it is no forecast."
    };
    said.push(format!(
        "Straight line: {} by {} x 12 / {} of the year = {} by {}. {rest}",
        counted(line.claims, "claim", "claims"),
        line.counted_until,
        if line.months == Ratio::ONE { "1 month".to_owned() } else { format!("{} months", line.months.shown()) },
        number(line.year_end),
        position.days.to,
    ));
    let mark =
        if position.suspended.is_some() { " Payment by results was suspended by then: see the note." } else { "" };
    if let Some(grant) = &position.grant {
        said.push(format!(
            "Grant at {} a family: {} earned by approved claims, {} more if all pending ones are approved, {} still to earn on {} without a claim.{mark}",
            grant.payment,
            grant.earned,
            grant.pending,
            grant.still_to_earn,
            counted(grant.funded_places - grant.paid_places, "funded place", "funded places"),
        ));
        said.push(format!(
            "Grant at risk on the straight line: ({} funded places - {} claims) x {} = {}.",
            number(grant.funded_places),
            number(line.year_end.min(grant.funded_places)),
            grant.payment,
            grant.line_shortfall
        ));
        if let Some((rejected, value)) = grant.expected_rejected {
            said.push(format!(
                "Of the pending claims about {} {} expected to be rejected, by the share that the targets file gives: {value}.",
                number(rejected),
                if rejected == 1 { "is" } else { "are" }
            ));
        }
        if let Some(upfront) = grant.upfront {
            said.push(format!("Grant paid whatever is claimed: {upfront}."));
        }
        if let Some(received) = grant.received {
            let to_come = grant.earned.more_than(received);
            let said_of = match (to_come, received.more_than(grant.earned)) {
                (Some(more), _) => format!("{more} earned is still to be received"),
                (None, over) => format!("{} more than approved claims have earned", over.unwrap_or_default()),
            };
            said.push(format!("Received for results so far: {received}; {said_of}."));
        }
    }
    if let Some(method) = position.target.as_ref().and_then(|target| target.method.as_ref()) {
        said.push(method.clone());
    }
    if position.days.covers(position.as_at) {
        said.push(format!(
            "{} claimable now. On what is recorded, and if all goes well, at most {} could become claimable by {} (families that share a person counted once).",
            counted(position.claimable, "family is", "families are"),
            counted(position.can_mature, "family", "families"),
            position.days.to
        ));
    }
    if let Some(suspended) = position.suspended.filter(|suspended| suspended.claims > 0) {
        said.push(format!(
            "{} of the claims {} submitted on or after {}, when payment had been suspended. The sums above do not take them off.",
            number(suspended.claims),
            if suspended.claims == 1 { "was" } else { "were" },
            suspended.from
        ));
    }
    said
}

/// How the words red, amber and green are given, in a sentence.
pub fn judged_by(position: &Position) -> String {
    format!(
        "Red, amber and green by the bands {} ({}) and the profile {} ({}).",
        position.bands.id, position.bands.title, position.profile.id, position.profile.title
    )
}

fn against(position: &Position, of: &Against) -> String {
    let claims = position.counted.claims();
    let can = if of.still_needed == 0 {
        "it is reached".to_owned()
    } else if of.achievable {
        format!("{} still needed, which what is recorded leaves room for", number(of.still_needed))
    } else {
        format!("{} still needed, more than could mature on what is recorded", number(of.still_needed))
    };
    let over = position.as_at >= position.days.to;
    let year_end = if over {
        String::new()
    } else {
        format!(
            " Expected year end on the straight line: {} of {}, {}.",
            number(position.line.year_end),
            number(of.number),
            of.rag_year_end
        )
    };
    format!(
        "Against the {} of {}: {} of {} expected by {}, {}; {can}.{year_end}",
        of.what,
        number(of.number),
        number(claims),
        of.expected_to_date.shown(),
        position.as_at.min(position.days.to),
        of.rag_to_date,
    )
}

/// The position as text.
pub fn text(outcome: &Outcome<'_>, position: &Position, movement: Option<&Movement>, screen: Screen) -> String {
    let mut out = format!(
        "Position of {} as at {}, by the rules of {}\n\n",
        position.year,
        position.as_at,
        outcome.rules.label()
    );
    for sentence in sentences(outcome, position) {
        out.push_str(&screen.wrapped(&sentence, "", "  "));
        out.push('\n');
    }
    for (what, stretches) in [("Quarter", &position.quarters), ("Month", &position.months)] {
        let ratio = |ratio: Option<Ratio>| ratio.map_or("-".to_owned(), Ratio::shown);
        let rows = stretches.iter().map(|of| {
            let word = |rag: Option<crate::rules::position::Rag>| rag.map_or("-".to_owned(), |rag| rag.to_string());
            let name = if of.state == State::Running { format!("{} so far", of.name) } else { of.name.clone() };
            vec![
                name,
                number(of.counted.approved),
                number(of.counted.pending),
                number(of.counted.claims()),
                number(of.projected),
                ratio(of.expected),
                word(of.rag),
                number(of.claims_by_end),
                ratio(of.expected_by_end),
                word(of.rag_by_end),
            ]
        });
        let columns = [
            (what, false),
            ("Approved", true),
            ("Pending", true),
            ("Claims", true),
            ("Projected", true),
            ("Expected", true),
            ("RAG", false),
            ("Year by end", true),
            ("Expected", true),
            ("RAG", false),
        ];
        out.push('\n');
        out.push_str(&plain_table(&columns, &rows.collect::<Vec<_>>()));
    }
    out.push('\n');
    let band = |band: &crate::rules::position::Band| {
        let asks = match band.asks {
            Asks::Share(percent) => format!("{percent}% of what is expected"),
            Asks::Achievable => "still achievable on what is recorded".to_owned(),
        };
        format!("{asks} ({}, {})", band.standing.word(), outcome.rules.pack.source_title(&band.source))
    };
    let judged = format!(
        "RAG {}: green from {}; amber: {}; else red. Profile {}: {} ({}). Expected: of the target. Projected: what the straight line leaves to come.",
        position.bands.id,
        band(&position.bands.green),
        band(&position.bands.amber),
        position.profile.id,
        position.profile.title,
        position.profile.standing.word()
    );
    out.push_str(&screen.wrapped(&judged, "", "  "));
    out.push('\n');
    if let Some(movement) = movement {
        out.push('\n');
        out.push_str(&moved::text(movement, screen));
    }
    out
}
