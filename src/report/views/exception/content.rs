//! What the exception report says: the facts of the form, then its questions, each answered in full sentences with the figures of
//! the run, and with what the owner adds.

use super::block::Block;
use super::year::Year;
use crate::dates::in_words;
use crate::forecast::position::Position;
use crate::forecast::position::stretches::{State, Stretch};
use crate::report::output::page::number;
use crate::report::views::levers::sentence;
use crate::report::views::position::said::to_expect;
use crate::rules::position::Rag;
use crate::words::counted;

/// The measure, where the owner gives no other words.
const MEASURE: &str = "Number of families who have achieved significant and sustained outcomes (Supporting Families)";

/// How many of the needs that hold most families back are told.
const TOLD: usize = 3;

/// Every block, in order.
pub(super) fn blocks(year: &Year<'_>) -> Vec<Block> {
    let words = year.narrative;
    let or = |own: &str, otherwise: &str| if own.is_empty() { otherwise.to_owned() } else { own.to_owned() };
    let mut all =
        vec![Block::Title(or(&words.title, &format!("Exception report: {MEASURE}"))), Block::Facts(facts(year))];
    let mut part = |heading: &str, mut said: Vec<String>, own: &[String], none: &str| {
        all.push(Block::Heading(heading.to_owned()));
        said.extend(own.iter().cloned());
        if said.is_empty() {
            said.push(none.to_owned());
        }
        all.extend(said.into_iter().map(Block::Said));
    };
    part("What is the reason for the performance?", reasons(year), &words.reasons, "");
    part("What is the likely impact of continued performance?", impact(year), &words.impact, "Nothing is known of it.");
    part(
        "What activities have been or are being put in place to address these issues?",
        Vec::new(),
        &words.activities,
        "To be written by the owner: activities, in narrative.toml.",
    );
    part(
        "Are there any decisions likely to be required in the future, in relation to this issue?",
        Vec::new(),
        &words.decisions,
        "To be written by the owner: decisions, in narrative.toml.",
    );
    all
}

fn facts(year: &Year<'_>) -> Vec<(String, String)> {
    let (position, words) = (year.position, year.narrative);
    let target = position.against.iter().find(|of| of.what == "target");
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut add = |what: &str, said: String| {
        if !said.is_empty() {
            facts.push((what.to_owned(), said));
        }
    };
    add("Department", words.department.clone());
    add("Mission or priority", words.mission.clone());
    add("Performance measure", if words.measure.is_empty() { MEASURE.to_owned() } else { words.measure.clone() });
    add(
        "Good performance is",
        match target {
            Some(of) => format!("Higher ({} by {})", of.expected_to_date.shown(), in_words(position.as_at)),
            None => "Higher".to_owned(),
        },
    );
    add(
        "Target",
        match (&position.target, target) {
            (Some(known), _) if known.target != known.funded_places => {
                format!("{} (the grant applies to {})", number(known.target), number(known.funded_places))
            }
            (Some(known), _) => number(known.target),
            (None, _) => "not known: name an authority with targets in sfclaim.toml".to_owned(),
        },
    );
    add(
        "Baseline",
        match &year.baseline {
            Some((before, claims)) => format!("{} ({before})", number(*claims)),
            None => "not comparable: the claims on record begin later".to_owned(),
        },
    );
    for quarter in position.quarters.iter().filter(|quarter| quarter.state != State::ToCome) {
        let so_far = if quarter.state == State::Running { " so far" } else { "" };
        add(
            &format!("{} performance{so_far}", quarter.name),
            format!("{}. RAG rating: {}", number(quarter.counted.claims()), rag(quarter.rag)),
        );
    }
    let to_date = if position.quarters.get(1).is_some_and(|half| half.days.to == position.as_at) {
        "Half-year performance"
    } else {
        "Performance of the year to date"
    };
    add(
        to_date,
        format!("{}. RAG rating: {}", number(position.counted.claims()), rag(target.and_then(|of| of.rag_to_date))),
    );
    add("How the RAG ratings are given", format!("{} (bands {})", position.bands.title, position.bands.id));
    add("Direction of travel", direction(position));
    add(
        "Expected at the year's end",
        match position.line.year_end {
            Some(end) => format!(
                "{} on the straight line. RAG rating: {}",
                number(end),
                rag(target.and_then(|of| of.rag_year_end))
            ),
            None => "not yet known: too early in the year".to_owned(),
        },
    );
    facts
}

fn rag(rag: Option<Rag>) -> String {
    rag.map_or("not yet known".to_owned(), |rag| rag.to_string().to_uppercase())
}

/// The last quarter that is over against the one before it.
fn direction(position: &Position) -> String {
    let over: Vec<&Stretch> = position.quarters.iter().filter(|quarter| quarter.state == State::Over).collect();
    match over.as_slice() {
        [.., before, last] => {
            let (was, is) = (before.counted.claims(), last.counted.claims());
            let way = match is.cmp(&was) {
                std::cmp::Ordering::Greater => "up",
                std::cmp::Ordering::Equal => "no change",
                std::cmp::Ordering::Less => "down",
            };
            format!("{way}: {} in {}, {} in {}", number(was), before.name, number(is), last.name)
        }
        _ => "not yet known: fewer than two quarters of the year are over".to_owned(),
    }
}

fn reasons(year: &Year<'_>) -> Vec<String> {
    let (position, found) = (year.position, year.found);
    let parameters = &found.outcome.rules.parameters;
    let counted_now = position.counted;
    let mut said: Vec<String> =
        found.outcome.totals.hardly_held.iter().map(|term| format!("Read this first: {}", term.sentence())).collect();
    if let Some(known) = &position.target {
        let places = if known.target == known.funded_places {
            String::new()
        } else {
            format!(" The grant applies to {} families.", number(known.funded_places))
        };
        said.push(format!("The target for {} is {} families.{places}", position.year, number(known.target)));
    }
    said.push(format!(
        "By {} we have {} for significant and sustained progress that are approved or wait for a decision: {} approved and {} waiting.",
        in_words(position.as_at),
        counted(counted_now.claims(), "claim", "claims"),
        number(counted_now.approved),
        number(counted_now.pending),
    ));
    said.push(format!(
        "A family must meet {} or more criteria. Progress must then be sustained for {} months. At the point of claim every school-age child must have {}% attendance or more in the {} most recent school terms. A family can be claimed again only after {} years.",
        parameters.minimum_criteria,
        parameters.sustainment_months,
        parameters.threshold,
        parameters.terms,
        parameters.reclaim_years,
    ));
    let stages = &found.funnel.all.stages;
    let of = |at: usize| number(stages.get(at).map_or(0, |stage| stage.families));
    said.push(format!(
        "Of {} on record, {} meet the criteria, {} of those have every need resolved, {} have sustained it, and {} have the attendance. {} of these have no claim yet, and {} can be claimed now.",
        counted(stages.first().map_or(0, |stage| stage.families), "family", "families"),
        of(1),
        of(2),
        of(3),
        of(4),
        of(5),
        of(6),
    ));
    let levers = &found.levers;
    let mut needs: Vec<_> = levers.needs.iter().collect();
    needs.sort_by_key(|need| std::cmp::Reverse(need.families));
    if !needs.is_empty() {
        let told: Vec<String> = needs.iter().take(TOLD).map(|need| sentence(need)).collect();
        said.push(format!(
            "{} held back, {} of them by one reason alone. The commonest such reasons: {}.",
            counted(levers.families.len(), "family is", "families are"),
            number(levers.families.iter().filter(|family| family.alone().is_some()).count()),
            told.join("; "),
        ));
    }
    said
}

fn impact(year: &Year<'_>) -> Vec<String> {
    let position = year.position;
    let mut said = Vec::new();
    if let Some(suspended) = &position.suspended {
        said.push(format!(
            "Payment by results was suspended from {}. No result submitted from then on is paid, so no sum is given here as money to expect.",
            in_words(suspended.from)
        ));
    } else if let Some(grant) = &position.grant
        && let Some(at_risk) = grant.at_risk_on(&position.line)
    {
        said.push(format!(
            "A key concern is the risk of grant funding being withheld. Based on current performance, on the straight line to the year's end, this could be in the region of {at_risk}: {} funded places that would have no claim by then, at {} each.",
            number(grant.funded_places.saturating_sub(position.line.year_end.unwrap_or(0))),
            grant.payment,
        ));
        if let Ok(forecast) = &year.found.forecast
            && let Some(grant) = &forecast.grant
            && position.has_more_to_come()
        {
            said.push(format!(
                "The forecast from our own history puts it at about {}, with a chance of {}% that it will be between {} and {}.",
                grant.expected_at_risk.about(),
                forecast.of_a_hundred(),
                grant.at_risk[0].about(),
                grant.at_risk[2].about(),
            ));
        }
    }
    // Members do not run the program.
    said.extend(to_expect(position).map(|said| said.replace(" `sfclaim forecast` says what it rests on.", "")));
    said
}
