//! Past claims judged anew: a row a claim, the money that could be asked back by quarter, and both as text and data.

use crate::dates::day_before;
use crate::error::Result;
use crate::money::Pounds;
use crate::recheck::{Rechecked, Standing};
use crate::report::output::Kind::{Day, List, Money, Text, Whole};
use crate::report::output::Table;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen, number};
use crate::report::views::view::View;
use crate::run::Prepared;
use crate::words::{capitalised, counted};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The files of a recheck.
pub const NAMES: [&str; 3] = ["recheck.csv", "recheck_quarters.csv", "recheck.json"];

/// What makes a folder known as a recheck's.
pub const MARKER: Marker = Marker { file: "recheck.json", program: "sfclaim recheck", spares: None };

/// The table `recheck`.
pub fn claims<'a>() -> Table<&'a Rechecked> {
    Table::<&'a Rechecked>::of("recheck", "A row a claim that is approved or waits for a decision, by the day it was submitted.")
        .column("claim_id", Text, |row| (&row.claim_id).into())
        .about("the claim")
        .column("family_id", Text, |row| (&row.family_id).into())
        .about("the family that it names")
        .column("case_id", Text, |row| row.case_id.as_ref().into())
        .about("the case that it names. Blank where it names none")
        .column("submitted_on", Day, |row| row.submitted_on.into())
        .about("the day on which it was submitted. It is judged as at the day before")
        .column("outcome", Text, |row| row.outcome.into())
        .about("`approved` or `submitted`")
        .column("result", Text, |row| row.standing.word().into())
        .about("`sound`, `sound_by_agreement`, `cannot_be_shown` or `would_fail`")
        .column("period", Text, |row| row.period.as_ref().into())
        .about("the case that names the period it was taken to be of. Of a claim without a case: the family's period that could be claimed on that day, else its latest")
        .column("status", Text, |row| row.status.map(|status| status.word()).into())
        .about("the status of that period on that day")
        .column("by_agreement", List(";"), |row| row.by_agreement.iter().copied().collect())
        .about("the rules whose verdict rests on an agreement")
        .column("reason", Text, |row| (&row.why).into())
        .about("why, in a sentence")
        .column("rules", Text, |row| row.rules.as_deref().into())
        .about("the rules of that day. Blank where the rule pack has none")
        .column("fact_on", Day, |row| row.fact_on.into())
        .about("where it would fail: the own day of the fact, of several the first. Blank where the records have none")
        .column("known_since", Text, |row| row.known_since.as_deref().into())
        .about("where it would fail: since when that was known or could be known. No table has the day on which a record was put in")
        .column("prepared_as_at", Day, |row| row.prepared_as_at.into())
        .about("where the register that was read prepared it: the day as at which it could be claimed, by the records and rules of then")
        .column("missing", List("; "), |row| row.missing.iter().map(String::as_str).collect())
        .about("what would settle it, where it cannot be shown")
        .column("still_to_be_had", List("; "), |row| row.still_to_be_had.iter().map(String::as_str).collect())
        .about("whether each of these can still be had, and from whom")
        .column("payment", Money, |row| row.payment.into())
        .about("the payment for it by the rules of its day. Blank where the rules are not known, or nothing was paid any more")
        .column("quarter", Text, |row| (&row.quarter).into())
        .about("the quarter of the financial year in which it was submitted: `2024/25 Q2`")
}

/// A past claim in lines, as an explanation and the evidence pack have it.
pub fn lines(claim: &Rechecked) -> Vec<String> {
    let by = claim.rules.as_ref().map(|rules| format!(", by the rules of {rules}")).unwrap_or_default();
    let agreed = match claim.by_agreement.as_slice() {
        [] => String::new(),
        rules => format!(" (on {})", rules.join(", ")),
    };
    let mut lines = vec![format!(
        "Claim {}, submitted {} and {}; as at {}{by}: {}{agreed}. {}",
        claim.claim_id,
        claim.submitted_on,
        if claim.outcome == "submitted" { "not decided" } else { claim.outcome },
        day_before(claim.submitted_on),
        claim.standing.meaning(),
        claim.why
    )];
    lines.extend(claim.known_since.clone());
    for (missing, still) in claim.missing.iter().zip(&claim.still_to_be_had) {
        lines.push(format!("Missing: {missing}. Can it still be had? {still}"));
    }
    lines
}

/// The claims of a quarter.
#[derive(Clone, Debug, Default)]
pub struct OfQuarter {
    /// Its name.
    pub quarter: String,
    /// Claims by how they stand.
    pub by_standing: BTreeMap<Standing, usize>,
    /// Claims without a known payment among those that could be asked back.
    pub without_payment: usize,
    /// The payment for those that cannot be shown.
    pub cannot_be_shown: Pounds,
    /// The payment for those that would fail.
    pub would_fail: Pounds,
}

impl OfQuarter {
    fn of(&self, standing: Standing) -> usize {
        self.by_standing.get(&standing).copied().unwrap_or(0)
    }
}

/// The table `recheck_quarters`.
pub fn quarters() -> Table<OfQuarter> {
    Table::<OfQuarter>::of(
        "recheck_quarters",
        "A row a quarter of the financial year in which any of these claims was submitted.",
    )
    .column("quarter", Text, |row| (&row.quarter).into())
    .about("such as `2024/25 Q2`")
    .column("claims", Whole, |row| row.by_standing.values().sum::<usize>().into())
    .about("all of them")
    .column("sound", Whole, |row| row.of(Standing::Sound).into())
    .about("could be claimed by the records alone")
    .column("sound_by_agreement", Whole, |row| row.of(Standing::ByAgreement).into())
    .about("could be claimed, and only because people have agreed on something")
    .column("cannot_be_shown", Whole, |row| row.of(Standing::CannotBeShown).into())
    .about("something is missing, or the rules of that day are")
    .column("would_fail", Whole, |row| row.of(Standing::WouldFail).into())
    .about("the records say that they could not be claimed")
    .column("payment_cannot_be_shown", Money, |row| row.cannot_be_shown.into())
    .about("the payment for those that cannot be shown, as far as it is known")
    .column("payment_would_fail", Money, |row| row.would_fail.into())
    .about("the payment for those that would fail, as far as it is known")
    .column("without_payment", Whole, |row| row.without_payment.into())
    .about("claims of the last two kinds for which no payment is known, or none was made any more")
}

/// What `sfclaim recheck` shows.
pub struct RecheckView<'a> {
    /// The data and rules.
    pub prepared: &'a Prepared,
    /// The claims.
    pub claims: Vec<Rechecked>,
}

impl RecheckView<'_> {
    fn by_quarter(&self) -> Vec<OfQuarter> {
        let mut quarters: BTreeMap<&str, OfQuarter> = BTreeMap::new();
        for claim in &self.claims {
            let of = quarters.entry(&claim.quarter).or_default();
            of.quarter.clone_from(&claim.quarter);
            *of.by_standing.entry(claim.standing).or_default() += 1;
            match (claim.standing, claim.payment) {
                (Standing::CannotBeShown, Some(payment)) => of.cannot_be_shown = of.cannot_be_shown.and(payment),
                (Standing::WouldFail, Some(payment)) => of.would_fail = of.would_fail.and(payment),
                (Standing::CannotBeShown | Standing::WouldFail, None) => of.without_payment += 1,
                (Standing::Sound | Standing::ByAgreement, _) => {}
            }
        }
        quarters.into_values().collect()
    }

    fn count(&self, standing: Standing) -> usize {
        self.claims.iter().filter(|claim| claim.standing == standing).count()
    }
}

impl View for RecheckView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        claims().write(folder, &self.claims)?;
        quarters().write(folder, self.by_quarter())?;
        json_file(folder, NAMES[2], &self.data())
    }

    fn data(&self) -> Value {
        let (table, by_quarter) = (claims(), quarters());
        json!({
            "program": MARKER.program,
            "version": env!("CARGO_PKG_VERSION"),
            "as_at": self.prepared.as_at.to_string(),
            "hindsight": "Each claim is judged on today's records. Records put in late, or changed since, show as they are today.",
            "rules_fingerprint": self.prepared.rules.pack.fingerprint(),
            "inputs": self.prepared.inputs,
            "claims_register": self.prepared.claims_register,
            "counts": Standing::ALL.map(|standing| json!({ "result": standing.word(), "claims": self.count(standing) })),
            "quarters": self.by_quarter().iter().map(|of| by_quarter.json(of)).collect::<Vec<Value>>(),
            "claims": self.claims.iter().map(|claim| table.json(&claim)).collect::<Vec<Value>>(),
        })
    }

    fn text(&self, screen: Screen) -> Result<String> {
        let mut out = Page::on(screen);
        out.line("Past claims, each as at the day before it was submitted, by the rules of that day");
        out.say(&format!(
            "{} approved or waiting on {}, judged on today's records: what was put in late, or changed since, shows as it is today.",
            counted(self.claims.len(), "claim", "claims"),
            self.prepared.as_at
        ));
        out.gap();
        let rows: Vec<Vec<String>> = Standing::ALL
            .into_iter()
            .map(|standing| vec![capitalised(standing.meaning()), number(self.count(standing))])
            .collect();
        out.table(&[("", false), ("Claims", true)], &rows);
        let exposed: Vec<OfQuarter> = self
            .by_quarter()
            .into_iter()
            .filter(|of| of.of(Standing::CannotBeShown) + of.of(Standing::WouldFail) > 0)
            .filter(|of| of.without_payment < of.of(Standing::CannotBeShown) + of.of(Standing::WouldFail))
            .collect();
        if !exposed.is_empty() {
            out.heading("What could be asked back, by the quarter in which it was claimed");
            let rows: Vec<Vec<String>> = exposed
                .iter()
                .map(|of| {
                    let both = of.cannot_be_shown.and(of.would_fail);
                    vec![
                        of.quarter.clone(),
                        number(of.of(Standing::WouldFail)),
                        of.would_fail.to_string(),
                        number(of.of(Standing::CannotBeShown)),
                        of.cannot_be_shown.to_string(),
                        both.to_string(),
                    ]
                })
                .collect();
            let columns = [
                ("Quarter", false),
                ("Would fail", true),
                ("", true),
                ("Cannot be shown", true),
                ("", true),
                ("Both", true),
            ];
            out.table(&columns, &rows);
        }
        let without = self.claims.iter().filter(|claim| claim.standing.is_exposed() && claim.payment.is_none()).count();
        if without > 0 {
            out.note(&format!(
                "{} here no known payment: the rules of the day are not in the rule pack, or nothing was paid any more.",
                counted(without, "claim has", "claims have")
            ));
        }
        for standing in [Standing::WouldFail, Standing::CannotBeShown] {
            let mut reasons: BTreeMap<&str, (usize, &Rechecked)> = BTreeMap::new();
            let of_standing = self.claims.iter().filter(|claim| claim.standing == standing && claim.payment.is_some());
            for claim in of_standing.clone() {
                reasons
                    .entry(claim.status.map_or("no case in the records", |status| status.word()))
                    .or_insert((0, claim))
                    .0 += 1;
            }
            if reasons.is_empty() {
                continue;
            }
            out.heading(&capitalised(standing.meaning()));
            for (status, (count, first)) in reasons {
                let more: String = first
                    .known_since
                    .iter()
                    .chain(first.still_to_be_had.first())
                    .map(|said| format!(" {said}"))
                    .collect();
                out.item(&format!(
                    "{count} x {}, such as {}: {}{more}",
                    status.replace('_', " "),
                    first.claim_id,
                    first.why
                ));
            }
        }
        Ok(out.done())
    }
}
