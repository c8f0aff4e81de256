//! The position of a financial year: rows for files, data, and text. A plain sentence stands with each headline number.
//!
//! - [`said`] the sentences; [`text`](mod@text) the screen;
//! - [`moved`] shows what moved since an earlier run.

pub mod moved;
pub mod said;
mod text;

pub use self::said::{headlines, judged_by, sentences};
pub use self::text::text;

use crate::decide::Decision;
use crate::error::Result;
use crate::forecast::pipeline::Needed;
use crate::forecast::position::movement::{Movement, held_by};
use crate::forecast::position::{Position, Stretch};
use crate::ids::CaseId;
use crate::report::output::Kind::{Day, Tenths, Text, Whole};
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::Screen;
use crate::report::output::{Cell, Table};
use crate::report::views::view::View;
use crate::run::Outcome;
use crate::share::Ratio;
use crate::validate::rows::Claim;
use serde_json::{Map, Value, json};

/// The files of a position.
pub const NAMES: [&str; 5] = ["position.csv", "claims_known.csv", "periods.csv", "movement.csv", "position.json"];

/// What makes a folder known as a position's.
pub const MARKER: Marker = Marker { file: "position.json", program: "sfclaim position", spares: None };

/// A row of `position`.
pub struct StretchRow<'a> {
    part: &'static str,
    stretch: &'a Stretch,
}

/// A row of `claims_known`.
pub struct ClaimKnownRow<'a> {
    claim: &'a Claim,
    /// The case that it names; none that must not be named.
    case: Option<&'a CaseId>,
}

/// The table `position`.
pub fn stretches<'a>() -> Table<StretchRow<'a>> {
    Table::<StretchRow<'a>>::of("position", "A row a quarter, then a row a month.")
        .column("part", Text, |row| row.part.into())
        .about("`quarter` or `month`")
        .in_files_alone()
        .column("name", Text, |row| (&row.stretch.name).into())
        .about("`Q2` or `2024-09`")
        .column("from", Day, |row| row.stretch.days.from.into())
        .about("its first day")
        .column("to", Day, |row| row.stretch.days.to.into())
        .about("its last day")
        .column("state", Text, |row| row.stretch.state.word().into())
        .about("`over`, `running` or `to_come`")
        .column("approved", Whole, |row| row.stretch.counted.approved.into())
        .about("claims submitted in it by the as-at date, and approved")
        .column("pending", Whole, |row| row.stretch.counted.pending.into())
        .about("claims submitted in it by the as-at date that wait for a decision")
        .column("claims", Whole, |row| row.stretch.counted.claims().into())
        .about("both")
        .in_data_alone()
        .column("projected", Whole, |row| row.stretch.projected.into())
        .about("claims that the straight line leaves to come in it. Blank while it is too early to say")
        .column("claims_by_end", Whole, |row| row.stretch.claims_by_end.into())
        .about("claims of the year by its end, projected ones included; while it is running by the as-at date. Blank for what has not begun while it is too early to say")
        .column("profile", Tenths, |row| row.stretch.expected.map(Ratio::shown).map(Cell::number).into())
        .about("what the profile has of the target in it; while it is running up to the as-at date. Blank without a target")
        .column("profile_by_end", Tenths, |row| row.stretch.expected_by_end.map(Ratio::shown).map(Cell::number).into())
        .about("what the profile has of the year by its end; while it is running by the as-at date")
        .column("rag", Text, |row| row.stretch.rag.map(|rag| rag.to_string()).into())
        .about("the word for its own claims. Blank before it begins and while it is too early to say")
        .column("rag_by_end", Text, |row| row.stretch.rag_by_end.map(|rag| rag.to_string()).into())
        .about("the word for the year's claims by its end")
}

/// The table `claims_known`.
pub fn claims_known<'a>() -> Table<ClaimKnownRow<'a>> {
    Table::<ClaimKnownRow<'a>>::of("claims_known", "A row a claim as known at the as-at date, for a later `--since`.")
        .column("claim_id", Text, |row| (&row.claim.claim_id).into())
        .about("the claim")
        .column("family_id", Text, |row| (&row.claim.family_id).into())
        .about("the family")
        .column("case_id", Text, |row| row.case.into())
        .about("the case that it names. Blank for one behind a restricted link")
        .column("submitted_on", Day, |row| row.claim.submitted_on.into())
        .about("the day it was submitted")
        .column("decided_on", Day, |row| row.claim.decided_on.into())
        .about("the day it was decided")
        .column("outcome", Text, |row| row.claim.outcome.word().into())
        .about("what became of it")
}

/// The table `periods`.
pub fn periods<'a>() -> Table<&'a Decision> {
    Table::<&Decision>::of("periods", "A row a period of support, for a later `--since`.")
        .column("case_id", Text, |decision| (&decision.case_id).into())
        .about("the case that names it")
        .column("family_id", Text, |decision| (&decision.family_id).into())
        .about("the family")
        .column("status", Text, |decision| decision.status.word().into())
        .about("as in `decisions`")
        .column("held_by", Text, |decision| held_by(decision).into())
        .about("the rules not met, with their verdicts")
}

/// What `sfclaim position` shows.
pub struct PositionView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The position.
    pub position: Position,
    /// What moved since an earlier run.
    pub movement: Option<Movement>,
}

impl View for PositionView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        write(folder, self.outcome, &self.position, self.movement.as_ref())
    }

    fn data(&self) -> Value {
        data(self.outcome, &self.position, self.movement.as_ref())
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(text(self.outcome, &self.position, self.movement.as_ref(), screen))
    }
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
    let row = |part| move |stretch| StretchRow { part, stretch };
    let quarters = position.quarters.iter().map(row("quarter"));
    stretches().write(folder, quarters.chain(position.months.iter().map(row("month"))))?;
    let linked = &outcome.linked;
    let mut claims: Vec<_> =
        linked.families.iter().flat_map(|family| family.claims.iter().map(move |claim| (family, claim))).collect();
    claims.sort_by(|(_, a), (_, b)| a.claim_id.cmp(&b.claim_id));
    let claims = claims.into_iter().map(|(family, claim)| {
        let case = claim.case_id.as_ref().filter(|case| !linked.must_not_name_case(family, case));
        ClaimKnownRow { claim, case }
    });
    claims_known().write(folder, claims)?;
    periods().write(folder, &outcome.decisions)?;
    if let Some(movement) = movement {
        moved::table().write(folder, moved::rows(movement))?;
    }
    json_file(folder, NAMES[4], &data(outcome, position, movement))
}

/// The position as data. Ratios are rounded to one decimal.
pub fn data(outcome: &Outcome<'_>, position: &Position, movement: Option<&Movement>) -> Value {
    let stretches = |all: &[Stretch]| -> Vec<Value> {
        let table = stretches();
        all.iter().map(|stretch| table.json(&StretchRow { part: "", stretch })).collect()
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
        "claims_register": outcome.prepared.claims_register,
        "rules_fingerprint": outcome.rules.pack.fingerprint(),
    })
}
