//! A forecast on the screen: where the year stands, then what is to be expected, a sentence with each headline number and
//! what it assumes; then the tables.

use super::hindsight::HINDSIGHT;
use crate::forecast::Forecast;
use crate::forecast::backtest::Backtest;
use crate::forecast::outlook::less_likely_than_not;
use crate::forecast::pipeline::Needed;
use crate::forecast::position::Position;
use crate::report::output::page::{Page, Screen, number};
use crate::report::views::position::{headlines, judged_by};
use crate::report::views::view::percent;
use crate::rules::position::Rag;
use crate::words::counted;

/// The forecast as text, after the position of the same year where there is one.
pub fn text(forecast: &Forecast, position: Option<&Position>, screen: Screen) -> String {
    let mut out = Page::on(screen);
    out.say(&format!(
        "Forecast for {} as at {}, by the rules of {}",
        forecast.financial_year, forecast.as_at, forecast.rules
    ));
    for notice in &forecast.notices {
        out.note(notice);
    }
    out.gap();
    match position {
        Some(position) => {
            out.say(
                "Where the year stands: counted, and the straight line (`sfclaim position` has quarters and months)",
            );
            headlines(position).iter().for_each(|sentence| out.item(sentence));
            out.item(&judged_by(position));
        }
        None => out.say("Where the year stands cannot be told: there is no table of claims."),
    }
    out.gap();
    out.say("Forecast: from the authority's own history, not the straight line");
    sentences(forecast, position).iter().for_each(|sentence| out.item(sentence));
    out.gap();
    months(forecast, &mut out);
    reasons(forecast, &mut out);
    conversions(forecast, &mut out);
    learnt_from(forecast, &mut out);
    if let Some(backtest) = &forecast.backtest {
        out.gap();
        tried(backtest, &mut out);
    }
    out.done()
}

/// What is to be expected, in sentences. `position` is the one that is said before it, where there is one, so that nothing
/// of it is said again.
pub fn sentences(forecast: &Forecast, position: Option<&Position>) -> Vec<String> {
    let mut out = Vec::new();
    headline(forecast, position, &mut out);
    out
}

fn headline(forecast: &Forecast, position: Option<&Position>, out: &mut Vec<String>) {
    let stands = position.is_some();
    let Some(end) = forecast.months.last() else { return };
    if !forecast.hardly_held.is_empty() {
        out.push(format!(
            "First: hardly any attendance is held of {} yet. So families are taken here as they stand by the terms before; get the attendance, and run this again.",
            forecast.hardly_held.join(" and ")
        ));
    }
    let until = end.until;
    if until == forecast.as_at {
        out.push(format!(
            "The year ends today: {} were made in it, {} of them not decided yet. Nothing more can come.",
            counted(forecast.made.approved + forecast.made.pending, "claim", "claims"),
            number(forecast.made.pending)
        ));
        return;
    }
    out.push(format!(
        "About {:.0} claims by {until}. There is a chance of {}% that it will be between {} and {}, if the families now on record do as families did in the past, and quarters vary as they have before.",
        end.expected,
        forecast.of_a_hundred(),
        number(end.low),
        number(end.high)
    ));
    out.push(how_sure(forecast));
    let made = &forecast.made;
    let lost = format!("about {:.0} in 100 will be rejected or withdrawn, if past rates continue", made.lost * 100.0);
    if stands {
        out.push(format!("Of the claims that wait for a decision, {lost}."));
    } else {
        out.push(format!(
            "In it are {} made in the year so far: {} approved and {} not decided yet, of which {lost}.",
            counted(made.approved + made.pending, "claim", "claims"),
            number(made.approved),
            number(made.pending),
        ));
        out.push(format!(
            "At most {} of today's families can mature by {until}, on what is recorded: those linked to each other are counted once, and everything that must still happen would have to.",
            number(forecast.pipeline.by_year_end())
        ));
    }
    let Some((grant, target)) = forecast.grant.as_ref().zip(forecast.target.as_ref()) else {
        if !stands {
            out.push("Target and funded places of this year are not known: name an authority in sfclaim.toml whose targets have the year.".to_owned());
        }
        return;
    };
    out.push(format!(
        "The chance of reaching the target of {} is {}, and that of using all {} funded places {}.{}",
        number(target.target),
        percent(&format!("{:.4}", grant.target_reached)),
        number(target.funded_places),
        percent(&format!("{:.4}", grant.places_used)),
        beside_green(forecast, position)
    ));
    let (what, suspended) = if forecast.payment_is_suspended {
        (
            "What the results that the funded places would lack by the model would have been worth",
            " Payment was suspended: see the note. The sums are what the same results would have been worth, not money to expect.",
        )
    } else {
        ("Grant at risk by the forecast", " Claims above the funded places earn nothing.")
    };
    out.push(format!(
        "{what}: about {} for funded places that stay empty ({:.1} places at {}), with a chance of {}% that it will be between {} and {}. It is an average over bad years and good ones.{suspended}",
        grant.expected_at_risk.about(),
        expected_missing(target.funded_places, grant),
        forecast.payment,
        forecast.of_a_hundred(),
        grant.at_risk[0].about(),
        grant.at_risk[2].about()
    ));
}

/// A green rating that goes with a small chance is said in one sentence with it: the straight line takes the year to go on as
/// it began, and the model does not.
fn beside_green(forecast: &Forecast, position: Option<&Position>) -> String {
    let Some((grant, position)) = forecast.grant.as_ref().zip(position) else { return String::new() };
    let said = position.against.iter().filter_map(|of| {
        let chance = if of.what == "target" { grant.target_reached } else { grant.places_used };
        let green = [of.rag_to_date, of.rag_year_end].contains(&Some(Rag::Green));
        (green && less_likely_than_not(chance)).then(|| {
            format!(
                " On claims so far and the straight line the {} of {} is green, but by the model the chance of reaching it is only {}.",
                of.what,
                number(of.number),
                percent(&format!("{chance:.4}"))
            )
        })
    });
    said.collect()
}

/// How much the forecast has to rest on.
fn how_sure(forecast: &Forecast) -> String {
    match forecast.replayed.len() {
        0 => "How sure: hardly. No past quarter end could be looked back on, so this rests on the program's assumptions alone. Take the range for a guess.".to_owned(),
        few @ 1..=3 => format!(
            "How sure: little. It was learnt from {} alone. Expect what comes to lie outside the range more often than it says.",
            counted(few, "past quarter end", "past quarter ends")
        ),
        many => format!("How sure: it was learnt from {} past quarter ends. `--backtest` shows how it would have done on them.", number(many)),
    }
}

/// The places that stay empty, as the grant has them, in a form that can be shown.
fn expected_missing(places: usize, grant: &crate::forecast::outlook::Grant) -> impl std::fmt::Display {
    rust_decimal::Decimal::from(places)
        - format!("{:.4}", grant.paid_places).parse::<rust_decimal::Decimal>().unwrap_or_default()
}

fn months(forecast: &Forecast, out: &mut Page) {
    let rows: Vec<Vec<String>> = forecast
        .months
        .iter()
        .zip(&forecast.pipeline.months)
        .map(|(at, most)| {
            let mut cells = vec![at.until.to_string(), format!("{:.1}", at.expected)];
            cells.extend([at.low, at.median, at.high, most.families].map(number));
            cells
        })
        .collect();
    let columns =
        [("By", false), ("Expected", true), ("Low", true), ("Median", true), ("High", true), ("More, at most", true)];
    out.say(
        "Claims of the year by each month end; and at most so many families of today could be claimed by then, beside the claims made already",
    );
    out.table(&columns, &rows);
    out.gap();
}

fn reasons(forecast: &Forecast, out: &mut Page) {
    let Some(last) = forecast.pipeline.months.last() else { return };
    out.say("What must happen for the most families to be claimable by the year's end");
    let rows: Vec<Vec<String>> = Needed::ALL
        .iter()
        .filter_map(|needed| last.needed.get(needed).map(|families| (needed, *families)))
        .map(|(needed, families)| vec![number(families), needed.words().to_owned()])
        .collect();
    out.table(&[("Families", true), ("What", false)], &rows);
    out.gap();
}

fn conversions(forecast: &Forecast, out: &mut Page) {
    out.say("Conversion: families by where they stand, what became of those that stood there before, and what follows");
    let rows: Vec<Vec<String>> = forecast
        .conversions
        .iter()
        .map(|one| {
            vec![
                one.prospect.word().to_owned(),
                number(one.today),
                number(one.in_history),
                number(one.months_followed),
                number(one.claimed),
                number(one.failed),
                format!("{:.1}%", one.chance * 100.0),
                format!("{:.1}", one.expected),
            ]
        })
        .collect();
    let columns = [
        ("Standing", false),
        ("Today", true),
        ("In history", true),
        ("Months followed", true),
        ("Claimed", true),
        ("Failed", true),
        ("Chance", true),
        ("Expected", true),
    ];
    out.table(&columns, &rows);
    out.gap();
    out.say("Each family is followed from every past quarter end at which it stood there, so one claimed family can count more than once.");
    out.gap();
    let parts = &forecast.made_up_of;
    out.say("Of what the expected claims are made up");
    let new = format!("families to come: {:.0} new ones are expected until then", parts.openings);
    let rows: Vec<Vec<String>> = [
        (parts.made, "claims made already, less those that will be rejected or withdrawn"),
        (parts.families_today, "families of today, as in the table before"),
        (parts.families_to_come, new.as_str()),
        (parts.without_case, "families without a case in the records, as in the last six months"),
    ]
    .map(|(claims, what)| vec![format!("{claims:.1}"), what.to_owned()])
    .to_vec();
    out.table(&[("Claims", true), ("Of", false)], &rows);
    out.gap();
}

fn learnt_from(forecast: &Forecast, out: &mut Page) {
    let days: Vec<String> = forecast.replayed.iter().map(ToString::to_string).collect();
    match days.as_slice() {
        [] => out.say("No past quarter end could be replayed: the forecast rests on the assumptions alone (`sfclaim rules list`)."),
        [one] => out.say(&format!("The forecast learns from one past quarter end, {one}. Beyond it, it uses the assumptions that `sfclaim rules list` shows.")),
        [first, .., last] => out.say(&format!(
            "The forecast learns from {} past quarter ends, {first} to {last}. Where they say too little, it leans on the assumptions that `sfclaim rules list` shows.",
            days.len()
        )),
    }
    if !days.is_empty() {
        out.say(HINDSIGHT);
    }
    for alike in forecast.skipped.chunk_by(|one, other| one.why == other.why) {
        let days = match alike {
            [first, .., last] => format!("{} to {}", first.on, last.on),
            _ => alike.iter().map(|skipped| skipped.on.to_string()).collect(),
        };
        out.say(&format!("Left out {days}: {}", alike.first().map_or("", |skipped| skipped.why.as_str())));
    }
}

fn tried(backtest: &Backtest, out: &mut Page) {
    if backtest.trials.is_empty() {
        out.say(
            "Backtest: no quarter end of a financial year that is over could be replayed, so nothing can be tried.",
        );
        return;
    }
    out.say("Backtest: what each method would have forecast for the year's end, and what happened");
    let rows: Vec<Vec<String>> = backtest
        .trials
        .iter()
        .map(|trial| {
            vec![
                trial.from.to_string(),
                number(trial.so_far),
                number(trial.straight_line),
                trial.seasonal_line.map_or("-".to_owned(), number),
                format!("{:.0}", trial.expected),
                format!("{} to {}", number(trial.range.0), number(trial.range.1)),
                number(trial.came),
                if trial.is_inside() { "yes" } else { "no" }.to_owned(),
            ]
        })
        .collect();
    let columns = [
        ("From", false),
        ("So far", true),
        ("Straight line", true),
        ("Seasonal", true),
        ("Forecast", true),
        ("Range", true),
        ("Came", true),
        ("In range", false),
    ];
    out.table(&columns, &rows);
    out.gap();
    let mut years: Vec<(&str, usize, usize)> =
        backtest.trials.iter().map(|trial| (trial.financial_year.as_str(), trial.came, trial.lost_since)).collect();
    years.sort_unstable();
    years.dedup();
    for (year, came, lost) in years.into_iter().filter(|(_, _, lost)| *lost > 0) {
        out.say(&format!(
            "Came: the claims that stood at the year's end. Of the {} of {year} {} rejected, withdrawn or taken back after it, so that {} stand today.",
            number(came),
            if lost == 1 { "1 was".to_owned() } else { format!("{} were", number(lost)) },
            number(came - lost)
        ));
    }
    let rows: Vec<Vec<String>> = backtest
        .scores
        .iter()
        .map(|score| {
            vec![
                score.quarter.map_or("all".to_owned(), |quarter| format!("Q{quarter}")),
                score.method.to_owned(),
                number(score.trials),
                format!("{:.1}", score.error),
                format!("{:+.1}", score.bias),
                score.inside.map_or("-".to_owned(), |inside| format!("{inside} of {}", score.trials)),
            ]
        })
        .collect();
    let columns = [
        ("After", false),
        ("Method", false),
        ("Trials", true),
        ("Mean error", true),
        ("Bias", true),
        ("In range", true),
    ];
    out.table(&columns, &rows);
    out.gap();
    out.say(&how_it_did(backtest));
}

/// The backtest in a sentence or two.
pub fn how_it_did(backtest: &Backtest) -> String {
    let error = |method: &str| {
        let of_all = backtest.scores.iter().find(|score| score.quarter.is_none() && score.method == method);
        of_all.map(|score| format!("{:.1}", score.error))
    };
    let said = [
        ("forecast", "this forecast"),
        ("straight line", "the straight line"),
        ("seasonal straight line", "the seasonal straight line"),
    ];
    let errors: Vec<String> =
        said.iter().filter_map(|(method, words)| error(method).map(|error| format!("{words} by {error}"))).collect();
    let inside = backtest.trials.iter().filter(|trial| trial.is_inside()).count();
    let trials = backtest.trials.len();
    format!(
        "On average each was off by so many claims: {}. The range held what came {inside} of {}. {}",
        errors.join(", "),
        counted(trials, "time", "times"),
        if trials < 12 {
            "So few trials say little: they show whether something is badly wrong, not which method is better."
        } else {
            ""
        }
    )
    .trim_end()
    .to_owned()
}
