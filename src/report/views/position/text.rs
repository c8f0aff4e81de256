//! A position on the screen: what must be said first, a sentence with each headline number, then the tables.

use super::moved;
use super::said::{headlines, to_expect};
use crate::forecast::position::movement::Movement;
use crate::forecast::position::{Position, State};
use crate::report::output::page::{Page, Screen, number};
use crate::rules::position::{Asks, Band, Rag};
use crate::run::Outcome;
use crate::share::Ratio;

/// The position as text.
pub fn text(outcome: &Outcome<'_>, position: &Position, movement: Option<&Movement>, screen: Screen) -> String {
    let mut out = Page::on(screen);
    out.line(&format!(
        "Position of {} as at {}, by the rules of {}",
        position.year,
        position.as_at,
        outcome.rules.label()
    ));
    for term in &outcome.totals.hardly_held {
        out.first(&term.sentence());
    }
    for notice in outcome.rules.notices(position.as_at) {
        out.note(&notice);
    }
    out.gap();
    for sentence in headlines(position).into_iter().chain(to_expect(position)) {
        out.say(&sentence);
    }
    for (what, stretches) in [("Quarter", &position.quarters), ("Month", &position.months)] {
        let ratio = |ratio: Option<Ratio>| ratio.map_or("-".to_owned(), Ratio::shown);
        let count = |count: Option<usize>| count.map_or("-".to_owned(), number);
        let word = |rag: Option<Rag>| rag.map_or("-".to_owned(), |rag| rag.to_string());
        let rows = stretches.iter().map(|of| {
            let name = if of.state == State::Running { format!("{} so far", of.name) } else { of.name.clone() };
            vec![
                name,
                number(of.counted.approved),
                number(of.counted.pending),
                number(of.counted.claims()),
                count(of.projected),
                ratio(of.expected),
                word(of.rag),
                count(of.claims_by_end),
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
            ("Profile", true),
            ("RAG", false),
            ("Year", true),
            ("By profile", true),
            ("Year RAG", false),
        ];
        out.gap();
        out.table(&columns, &rows.collect::<Vec<_>>());
    }
    out.gap();
    let band = |band: &Band| {
        let asks = match band.value {
            Asks::Share(percent) => format!("{percent}% of the target so far"),
            Asks::Achievable => "still achievable on what is recorded".to_owned(),
        };
        format!("{asks} ({}, {})", band.standing.word(), outcome.rules.pack.source_title(&band.source))
    };
    let judged = format!(
        "RAG {}: green from {}; {}; else red. Profile {}: {} ({}). Profile: its part of the target. Projected: what the straight line leaves to come. Year: claims of the year by the end of the quarter or month, with what the profile has by then and the RAG for it.",
        position.bands.id,
        band(&position.bands.green),
        position.bands.amber.as_ref().map_or("never amber".to_owned(), |amber| format!("amber: {}", band(amber))),
        position.profile.key,
        position.profile.title,
        position.profile.standing.word()
    );
    out.say(&judged);
    if let Some(movement) = movement {
        out.gap();
        out.add(&moved::text(movement, screen));
    }
    out.done()
}
