//! Each scenario in a plain sentence, how its figures differ from today's, and what the words of the tables mean.

use crate::forecast::outlook::less_likely_than_not;
use crate::forecast::whatif::difference::{Difference, grant, payable};
use crate::forecast::whatif::{Figures, Tried, WhatIf};
use crate::money::Pounds;
use crate::report::output::page::number;
use crate::report::views::view::percent;
use crate::rules::position::Rag;
use crate::words::counted;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Display;

/// A whole number with its sign.
pub(super) fn signed(change: i64) -> String {
    if change == 0 { "0".to_owned() } else { format!("{change:+}") }
}

/// A number with one decimal and its sign.
pub(super) fn signed_tenth(change: Decimal) -> String {
    let tenth = change.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    if tenth.is_zero() { "0.0".to_owned() } else { format!("{tenth:+.1}") }
}

/// A chance in words.
fn chance(of: impl Display) -> String {
    percent(&format!("{of:.4}"))
}

/// Today in a sentence.
pub(super) fn today(found: &WhatIf) -> String {
    let figures = &found.today.figures;
    let worth = if found.payment_is_suspended { "would have been worth " } else { "" };
    let mut parts = vec![format!(
        "Today {} can be claimed now ({worth}{})",
        counted(figures.claimable, "family", "families"),
        if payable(figures) == figures.claimable_value {
            figures.claimable_value.to_string()
        } else {
            format!("{}, of which the funded places left allow {}", figures.claimable_value, payable(figures))
        }
    )];
    if let Some(expected) = &figures.expected {
        parts.push(format!("about {:.0} claims are to be expected by {}", expected.claims, found.year.to));
    }
    if let Some(grant) = grant(figures) {
        parts.push(if found.payment_is_suspended {
            format!(
                "the results that the funded places would still lack would have been worth about {}",
                grant.expected_at_risk.about()
            )
        } else {
            format!("grant at risk about {}", grant.expected_at_risk.about())
        });
        parts.push(format!("the chance of the target is {}", chance(grant.target_reached)));
    }
    format!("{}.{}", parts.join("; "), beside_green(figures))
}

/// A green of the straight line that goes with a small chance by the model: both in one sentence.
fn beside_green(figures: &Figures) -> String {
    let green = [figures.rag_to_date, figures.rag_line].contains(&Some(Rag::Green));
    let small = grant(figures).filter(|grant| less_likely_than_not(grant.target_reached));
    match small.filter(|_| green) {
        Some(grant) => format!(
            " The target is green on claims so far and the straight line, but by the model the chance of reaching it is {}.",
            chance(grant.target_reached)
        ),
        None => String::new(),
    }
}

/// A scenario in a sentence, against today.
pub(super) fn sentence(tried: &Tried, found: &WhatIf) -> String {
    let (now, then) = (&found.today.figures, &tried.figures);
    let difference = Difference::of(now, then);
    let is_same = |part: &Option<Decimal>| part.is_none_or(|by| by.is_zero());
    let nothing = difference.claimable == 0
        && difference.value.by == Pounds::default()
        && difference.at_risk.is_none_or(|at_risk| at_risk.by == Pounds::default())
        && [difference.year_end, difference.target, difference.places].iter().all(is_same);
    if nothing {
        return format!("With \"{}\": what can be claimed and what is expected stay as today.", tried.name);
    }
    let count = usize::try_from(difference.claimable.unsigned_abs()).unwrap_or(usize::MAX);
    let families = |word: &str| {
        let noun = if count == 1 { "family" } else { "families" };
        format!("{} {word} {noun} can be claimed now", number(count))
    };
    let mut first = match difference.claimable {
        0 => "as many families can be claimed now as today".to_owned(),
        1.. => families("more"),
        _ => families("fewer"),
    };
    if difference.value.by > Pounds::default() {
        let worth = if found.payment_is_suspended { "would have been worth " } else { "" };
        first.push_str(&format!(" ({worth}{} {})", difference.value.by, difference.value.word()));
    } else if difference.claimable != 0 {
        first.push_str(" (the same money within the funded places left)");
    }
    let mut parts = vec![first];
    if let Some(change) = difference.year_end {
        let by = found.year.to;
        let count = change.abs().round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_string();
        let noun = if count == "1" { "claim" } else { "claims" };
        parts.push(match count.as_str() {
            "0" => format!("about as many claims by {by}"),
            _ if change > Decimal::ZERO => format!("about {count} more {noun} by {by}"),
            _ => format!("about {count} fewer {noun} by {by}"),
        });
    }
    if let Some(at_risk) = difference.at_risk {
        let what = if found.payment_is_suspended {
            "the results that the funded places would lack would have been worth"
        } else {
            "grant at risk"
        };
        parts.push(match at_risk.by.about() {
            about if about == Pounds::default() => format!("{what} about the same"),
            about => format!("{what} about {about} {}", at_risk.word()),
        });
    }
    if let Some((now, then)) = grant(now).zip(grant(then)) {
        let (from, to) = (chance(now.target_reached), chance(then.target_reached));
        parts.push(match then.target_reached > now.target_reached {
            _ if from == to => format!("the chance of the target stays at {from}"),
            true => format!("the chance of the target rises from {from} to {to}"),
            false => format!("the chance of the target falls from {from} to {to}"),
        });
    }
    format!("With \"{}\": {}.{}", tried.name, parts.join("; "), beside_green(then))
}

/// What the words of the tables mean.
pub(super) fn explained(found: &WhatIf) -> [String; 2] {
    if found.payment_is_suspended {
        return [
            "Payment was suspended, so no sum here is money to expect, but for \"Earned\": what was earned by claims submitted before. \"Value\" is what the families claimable now would have been worth, within the funded places left where those are known. \"Line\" is the straight line to the year's end, claims so far x 12 / months, and \"Lacking\" what the funded places that it leaves empty would have been worth; target, places and payment change them, and nothing else.".to_owned(),
            format!(
                "\"Claims\", \"Filled\", \"Empty\" and the chances of reaching the target and of using all funded places are the model's, by today's chances for families as they would stand. \"Filled\" is what the funded places with a result would have been worth, \"Empty\" the same of those without. Ranges go from the {}th to the {}th of a hundred.",
                found.range.0, found.range.1
            ),
        ];
    }
    [
        "\"Value\" is the payment for the families claimable now, within the funded places left where those are known. \"Line\" is the straight line to the year's end, claims so far x 12 / months, and \"Shortfall\" its grant at risk; target, places and payment change them, and nothing else.".to_owned(),
        format!(
            "\"Expected\", \"At risk\" and the chances of reaching the target and of using all funded places are the model's, by today's chances for families as they would stand. Ranges go from the {}th to the {}th of a hundred.",
            found.range.0, found.range.1
        ),
    ]
}

/// What would be expected if the chances were estimated anew for the rules of each scenario: said apart from the answer,
/// since it can be off either way.
pub(super) fn estimated_again(found: &WhatIf) -> Option<String> {
    let each: Vec<String> = found
        .scenarios
        .iter()
        .filter_map(|tried| Some((tried, tried.figures.estimated_again.as_ref()?)))
        .map(|(tried, of)| format!("{:.1} under \"{}\"", of.claims, tried.name))
        .collect();
    (!each.is_empty()).then(|| {
        format!(
            "Not the answer, and beside it for comparison only: were the chances taken from the past replayed under each scenario's rules, the claims by {} would come to {}. Past claims were made by the rules of their day, so that this can be off either way.",
            found.year.to,
            each.join(", ")
        )
    })
}

/// What must be said first: terms of which hardly any attendance is held.
pub(super) fn hardly_held(found: &WhatIf) -> Option<String> {
    (!found.hardly_held.is_empty()).then(|| {
        format!(
            "First: hardly any attendance is held of {} yet, so that few of the families that wait for it can be claimable now. What is expected by the year's end takes families as they stand by the terms before. Get the attendance, and run this again.",
            found.hardly_held.join(" and ")
        )
    })
}
