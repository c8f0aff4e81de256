//! The part of the page in which target, funded places and payment can be changed. The page holds the chance of each number of
//! claims by the year's end, and `changeable.js` works out from it what the command says, to the penny. Without scripts the
//! figures of the run stand there, and nothing to type into.

use crate::forecast::Forecast;
use crate::money::Pounds;
use crate::report::output::html::{END_OF_FRAME, escaped, frame};
use crate::report::output::page::number;
use crate::report::views::view::percent;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use std::fmt::Write as _;

const SCRIPT: &str = include_str!("changeable.js");

/// The script of the page; none where there is nothing to change.
pub fn script(forecast: &Forecast) -> Option<&'static str> {
    is_there(forecast).then_some(SCRIPT)
}

/// Whether there is a target, and something can still come.
fn is_there(forecast: &Forecast) -> bool {
    let to_come = forecast.months.last().is_some_and(|end| end.until > forecast.as_at);
    forecast.grant.is_some() && forecast.target.is_some() && to_come
}

/// The percentile of an end of the range.
fn percentile(forecast: &Forecast, key: &str) -> Option<serde_json::Number> {
    let found = forecast.assumptions.iter().find(|assumption| assumption.key == key);
    found.and_then(|assumption| assumption.value.to_string().parse().ok())
}

/// The section.
pub fn section(out: &mut String, forecast: &Forecast) {
    let Some((grant, target)) = forecast.grant.as_ref().zip(forecast.target.as_ref()).filter(|_| is_there(forecast))
    else {
        return;
    };
    let suspended = forecast.payment_is_suspended;
    let (of_grant, of_risk) = if suspended {
        ("What they would have been worth", "What the places that stay empty would have been worth")
    } else {
        ("Grant for them", "Grant at risk: for funded places that stay empty")
    };
    out.push_str("<section>\n<h2>Another target, number of places or payment</h2>\n");
    let _ = writeln!(
        out,
        "<p>What the forecast says of target, places and grant. It rests on the chance of each number of claims by the year's end, which target, places and payment do not change.{}</p>",
        if suspended {
            " Payment was suspended: see the note. The sums are what the same results would have been worth, not money to expect."
        } else {
            ""
        }
    );
    out.push_str("<p class=\"try\" hidden>Type other figures to see what would follow. Nothing is sent or kept: the page works it out.</p>\n<fieldset class=\"try\" hidden>\n<legend>Figures to try</legend>\n");
    for (name, label, hint) in [
        ("target", "Target: results in the financial year", "Give a whole number, up to 1,000,000."),
        ("places", "Funded places: results that the grant applies to", "Give a whole number, up to 1,000,000."),
        ("payment", "Payment for each family, in pounds", "Give pounds, or pounds and pence, up to 1,000,000."),
    ] {
        let mode = if name == "payment" { "decimal" } else { "numeric" };
        let _ = writeln!(
            out,
            "<label for=\"try-{name}\">{label}</label>\n<input id=\"try-{name}\" inputmode=\"{mode}\" autocomplete=\"off\" size=\"12\" aria-describedby=\"wrong-{name}\">\n<p class=\"wrong\" id=\"wrong-{name}\" hidden>{hint}</p>"
        );
    }
    out.push_str("<div><button type=\"button\" id=\"try-again\">Back to the figures of this report</button></div>\n</fieldset>\n<p class=\"try\" hidden id=\"try-said\" role=\"status\"></p>\n");
    out.push_str(&frame("Table: target, places and grant"));
    let _ = writeln!(
        out,
        "<table>\n<caption>Target, places and grant by the year's end</caption>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Target {}, {} places, {} a family</th><th scope=\"col\" class=\"try\" hidden>With the figures to try</th></tr></thead>\n<tbody>",
        number(target.target),
        number(target.funded_places),
        forecast.payment
    );
    let range = format!("{} to {}", grant.at_risk[0], grant.at_risk[2]);
    for (figure, what, said) in [
        ("target", "Chance of reaching the target".to_owned(), percent(&format!("{:.4}", grant.target_reached))),
        ("places", "Chance of using every funded place".to_owned(), percent(&format!("{:.4}", grant.places_used))),
        ("paid", "Funded places used, on average".to_owned(), tenths(&format!("{:.4}", grant.paid_places))),
        ("grant", format!("{of_grant}, on average"), grant.expected_grant.to_string()),
        ("risk", format!("{of_risk}, on average"), grant.expected_at_risk.to_string()),
        ("range", format!("{of_risk}, with a chance of {}%", forecast.of_a_hundred()), range),
    ] {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"try\" hidden data-figure=\"{figure}\"></td></tr>",
            escaped(&what),
            escaped(&said)
        );
    }
    out.push_str("</tbody>\n</table>\n");
    out.push_str(END_OF_FRAME);
    let _ = writeln!(
        out,
        "<script type=\"application/json\" id=\"held\">{}</script>",
        held(forecast, target, forecast.payment)
    );
    out.push_str("</section>\n");
}

/// What the script works from: numbers, and a phrase of this program.
fn held(forecast: &Forecast, target: &crate::rules::targets::YearTarget, payment: Pounds) -> serde_json::Value {
    let chances: Vec<serde_json::Value> = forecast.year_end.iter().map(|(_, chance)| json!(chance)).collect();
    json!({
        "least": forecast.year_end.iter().next().map(|(number, _)| number),
        "chances": chances,
        "low": percentile(forecast, "range.low"),
        "high": percentile(forecast, "range.high"),
        "target": target.target,
        "places": target.funded_places,
        "payment": payment.plain().trim_end_matches(".00"),
        "risk": if forecast.payment_is_suspended {
            "what the places that stay empty would have been worth"
        } else {
            "the grant at risk"
        },
    })
}

/// A number of places with one decimal, half up.
fn tenths(places: &str) -> String {
    let places: Decimal = places.parse().unwrap_or_default();
    let shown = places.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{shown:.1}");
    let (whole, tenth) = text.split_once('.').unwrap_or((&text, "0"));
    format!("{}.{tenth}", crate::words::grouped(whole))
}
