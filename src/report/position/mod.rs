//! The position of a financial year: rows for files, data, and text. A plain sentence stands with each headline number.
//!
//! - [`said`] the sentences; [`text`](mod@text) the screen;
//! - [`moved`] shows what moved since an earlier run.

pub mod moved;
mod said;
mod text;

pub use self::said::{headlines, judged_by, sentences};
pub use self::text::text;

use super::files::table;
use super::folder::{Marker, OutFolder};
use crate::error::Result;
use crate::forecast::pipeline::Needed;
use crate::forecast::position::movement::{Movement, held_by};
use crate::forecast::position::{Position, Stretch};
use crate::run::Outcome;
use crate::share::Ratio;
use serde_json::{Map, Value, json};

/// The files of a position.
pub const NAMES: [&str; 5] = ["position.csv", "claims_known.csv", "periods.csv", "movement.csv", "position.json"];

/// What makes a folder known as a position's.
pub const MARKER: Marker = Marker { file: "position.json", program: "sfclaim position", spares: None };

/// The columns of `claims_known.csv`: every claim as known at the as-at date.
pub const CLAIM_COLUMNS: [&str; 6] = ["claim_id", "family_id", "case_id", "submitted_on", "decided_on", "outcome"];

/// The columns of `periods.csv`: every period, its status and the rules that hold it.
pub const PERIOD_COLUMNS: [&str; 4] = ["case_id", "family_id", "status", "held_by"];

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
    "profile",
    "profile_by_end",
    "rag",
    "rag_by_end",
];

fn cells(part: &str, stretch: &Stretch) -> Vec<String> {
    let ratio = |ratio: Option<Ratio>| ratio.map(Ratio::shown).unwrap_or_default();
    let count = |count: Option<usize>| count.map(|count| count.to_string()).unwrap_or_default();
    vec![
        part.to_owned(),
        stretch.name.clone(),
        stretch.days.from.to_string(),
        stretch.days.to.to_string(),
        stretch.state.word().to_owned(),
        stretch.counted.approved.to_string(),
        stretch.counted.pending.to_string(),
        count(stretch.projected),
        count(stretch.claims_by_end),
        ratio(stretch.expected),
        ratio(stretch.expected_by_end),
        stretch.rag.map(|rag| rag.to_string()).unwrap_or_default(),
        stretch.rag_by_end.map(|rag| rag.to_string()).unwrap_or_default(),
    ]
}

/// Writes the files, the movement where there is one.
///
/// The names of the files written.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    folder: &OutFolder,
    outcome: &Outcome<'_>,
    position: &Position,
    movement: Option<&Movement>,
) -> Result<Vec<&'static str>> {
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
    table(folder, NAMES[1], &CLAIM_COLUMNS, claims)?;
    let periods = outcome.decisions.iter().map(|decision| {
        let status = decision.status.word().to_owned();
        vec![decision.case_id.to_string(), decision.family_id.to_string(), status, held_by(decision)]
    });
    table(folder, NAMES[2], &PERIOD_COLUMNS, periods)?;
    if let Some(movement) = movement {
        table(folder, NAMES[3], &moved::COLUMNS, moved::rows(movement).into_iter())?;
    }
    folder.write(NAMES[4], format!("{:#}\n", data(outcome, position, movement)).as_bytes())?;
    Ok(NAMES.into_iter().filter(|name| *name != NAMES[3] || movement.is_some()).collect())
}

/// The position as data. Ratios are rounded to one decimal.
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
                    "profile": of.expected.map(Ratio::shown),
                    "profile_by_end": of.expected_by_end.map(Ratio::shown),
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
            "profile_to_date": of.expected_to_date.shown(),
            "rag_to_date": of.rag_to_date,
            "rag_year_end": of.rag_year_end,
            "still_needed": of.still_needed,
            "needed_a_month": of.a_month,
            "achievable_on_record": of.achievable,
            "achievable_without_new_outcomes": of.achievable_without_outcomes,
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
            "places_without_claim": grant.funded_places - grant.paid_places,
            "value_without_claim": grant.without_claim,
            "straight_line_short_by": grant.line_short_by,
            "straight_line_shortfall": grant.line_shortfall,
            "upfront_grant": grant.upfront,
            "cash_received": grant.received,
            "expected_rejected": grant.expected_rejected.map(|(claims, value)| json!({ "claims": claims, "value": value })),
        })
    });
    let needs: Map<String, Value> =
        Needed::ALL.iter().map(|needed| (needed.word().to_owned(), json!(position.can_mature.of(*needed)))).collect();
    json!({
        "program": MARKER.program,
        "version": env!("CARGO_PKG_VERSION"),
        "as_at": position.as_at.to_string(),
        "rules": outcome.rules.label(),
        "notices": outcome.rules.notices(position.as_at),
        "authority": outcome.prepared.authority,
        "financial_year": position.year,
        "from": position.days.from.to_string(),
        "to": position.days.to.to_string(),
        "year_is_over": position.is_over(),
        "too_early_to_say": position.is_too_early(),
        "months_left": position.months_left().shown(),
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
        "expected_by_the_model": position.model.as_ref().map(|model| json!({
            "year_end": model.expected,
            "low": model.low,
            "high": model.high,
            "of_a_hundred": model.of_a_hundred.to_string(),
            "chance_target_reached": model.target_reached,
            "chance_places_used": model.places_used,
        })),
        "claimable_families": position.claimable,
        "could_mature_by_year_end": position.can_mature.families,
        "could_mature_needs": needs,
        "outcomes_count_until": position.can_mature.outcomes_until.map(|day| day.to_string()),
        "suspended": position.suspended.map(|of| json!({
            "from": of.from.to_string(),
            "not_payable_approved": of.not_payable.approved,
            "not_payable_approved_value": of.approved_value,
            "not_payable_pending": of.not_payable.pending,
            "not_payable_pending_value": of.pending_value,
        })),
        "bands": { "id": position.bands.id, "title": position.bands.title },
        "profile": { "id": position.profile.key, "title": position.profile.title },
        "quarters": stretches(&position.quarters),
        "months": stretches(&position.months),
        "sentences": sentences(outcome, position),
        "judged_by": judged_by(position),
        "movement": movement.map(moved::data),
        "inputs": outcome.prepared.inputs,
        "rules_fingerprint": outcome.rules.pack.fingerprint(),
    })
}
