//! The review on the terminal: counts by practitioner and by reason, then the first periods of each list.

use super::{
    Asked, agreed, by_practitioner, claimable_if_met, period_of, practitioners, questions::questions, reasons, why,
};
use crate::decide::review::{Lapse, Open, Review};
use crate::report::screen::{Screen, by_agreement, number, plain_table};
use crate::rules::WITHOUT_AGREEMENTS;
use crate::run::Outcome;
use crate::words::counted;
use std::fmt::Write as _;

/// How many periods of a list are shown; the files have all.
const SHOWN: usize = 20;

/// The review as text.
pub fn text(outcome: &Outcome<'_>, review: &Review, expiring_within: u16, screen: Screen) -> String {
    let mut out = String::new();
    let mut say = |line: &str| {
        out.push_str(line);
        out.push('\n');
    };
    let payment = outcome.totals.payment;
    let blocked = review.blocked.len();
    if outcome.rules.without_agreements {
        say(&screen.wrapped(&WITHOUT_AGREEMENTS.to_uppercase(), "", ""));
    }
    say(&format!("Review as at {}, by the rules of {}", outcome.prepared.as_at, outcome.rules.label()));
    for notice in outcome.rules.notices(outcome.prepared.as_at).iter().filter(|notice| *notice != WITHOUT_AGREEMENTS) {
        say(&screen.wrapped(notice, "  Note: ", "    "));
    }
    say("");
    let things: usize = review.blocked.iter().map(|open| open.questions.len()).sum();
    let if_met = claimable_if_met(review);
    say(&screen.wrapped(
        &format!(
            "{} in review, {} to settle. {} at {payment} each would be {}; if every question that can be agreed on is answered as met, {} claimable now: {}.",
            counted(blocked, "period is", "periods are"),
            counted(things, "thing", "things"),
            number(blocked),
            payment.for_each_of(blocked),
            counted(if_met, "is", "are"),
            payment.for_each_of(if_met),
        ),
        "",
        "  ",
    ));
    say(&screen.wrapped(
        &format!(
            "Claimable now: {}. {}.",
            number(outcome.totals.by_status.get(&crate::decide::Status::Claimable).copied().unwrap_or(0)),
            by_agreement(outcome)
        ),
        "",
        "  ",
    ));
    say("");
    if blocked > 0 {
        let rows: Vec<Vec<String>> = practitioners(outcome, review)
            .into_iter()
            .map(|(asked, count)| {
                vec![asked.words(), number(count.periods), number(count.things), count.value.to_string()]
            })
            .collect();
        say("By lead practitioner");
        say(&plain_table(&[("Practitioner", false), ("Periods", true), ("Things", true), ("Payment", true)], &rows));
        let rows: Vec<Vec<String>> = reasons(outcome, review)
            .into_iter()
            .map(|(rule, kind, count)| {
                vec![
                    kind.to_owned(),
                    rule.to_owned(),
                    number(count.periods),
                    number(count.things),
                    count.value.to_string(),
                ]
            })
            .collect();
        say("By reason (a period with several reasons is under each)");
        say(&plain_table(
            &[("Reason", false), ("Rule", false), ("Periods", true), ("Things", true), ("Payment", true)],
            &rows,
        ));
        say("Periods in review");
        say(&opens(outcome, &review.blocked, screen));
    }
    if !review.expired.is_empty() {
        say("Agreements that have run out and would give another status");
        say(&lapses(outcome, &review.expired, "with it", screen));
    }
    if !review.expiring.is_empty() {
        say(&format!("Agreements that run out within {}", counted(usize::from(expiring_within), "day", "days")));
        say(&lapses(outcome, &review.expiring, "without it", screen));
    }
    if !review.next.is_empty() {
        say(&screen.wrapped(
            &format!(
                "Next: {} for something else first, and will then need what is not known now: {} (list \"next\" of review.csv).",
                counted(review.next.len(), "period waits", "periods wait"),
                counted(review.next.iter().map(|open| open.questions.len()).sum(), "thing", "things"),
            ),
            "",
            "  ",
        ));
    }
    say(&screen.wrapped(
        &format!(
            "The sheet agreements_to_fill.csv has {}: fill in answer, reason, agreed_by and agreed_on, set until, and load it as agreements.",
            counted(questions(outcome, review).len(), "question", "questions")
        ),
        "",
        "  ",
    ));
    out
}

fn opens(outcome: &Outcome<'_>, list: &[Open], screen: Screen) -> String {
    let mut out = String::new();
    let mut group: Option<Asked<'_>> = None;
    for (asked, open) in by_practitioner(outcome, list).into_iter().take(SHOWN) {
        if group != Some(asked.group()) {
            let _ = writeln!(out, "  {}", asked.group().words());
            group = Some(asked.group());
        }
        let period = period_of(outcome, open.period);
        let since = open.since.map(|(day, what)| format!("; waits since {day}, when {what}")).unwrap_or_default();
        let earliest = match open.earliest_claim_on {
            Some(day) => format!("; {} by {day} at the earliest", open.if_met),
            None => format!("; {}", open.if_met),
        };
        let line = format!(
            "{} of family {}{since}. If answered as met: {}",
            period.id(),
            outcome.linked.families[period.family].id,
            earliest.trim_start_matches("; ")
        );
        let _ = writeln!(out, "{}", screen.wrapped(&line, "    ", "      "));
        for question in &open.questions {
            let rule = question.rule.map_or("linked family", |rule| rule.word());
            let _ = writeln!(out, "{}", screen.wrapped(&format!("{rule}: {}", why(question)), "      ", "        "));
            let line = format!("settled by: {}", question.settles);
            let _ = writeln!(out, "{}", screen.wrapped(&line, "        ", "          "));
        }
    }
    if list.len() > SHOWN {
        let _ = writeln!(out, "  and {} more: add --out DIR or --json for all of them", number(list.len() - SHOWN));
    }
    out
}

fn lapses(outcome: &Outcome<'_>, list: &[Lapse], otherwise: &str, screen: Screen) -> String {
    let mut out = String::new();
    for lapse in list.iter().take(SHOWN) {
        let period = period_of(outcome, lapse.period);
        let agreement = &lapse.agreement;
        let who = agreement.person_id.as_ref().map(|person| format!(" of {person}")).unwrap_or_default();
        let line = format!(
            "{} of family {}: {}{who} {}. The status is {}, {otherwise} {}.",
            period.id(),
            outcome.linked.families[period.family].id,
            agreement.rule,
            agreed(outcome, period, agreement).trim_end_matches('.'),
            lapse.status,
            lapse.otherwise
        );
        let _ = writeln!(out, "{}", screen.wrapped(&line, "  ", "    "));
    }
    if list.len() > SHOWN {
        let _ = writeln!(out, "  and {} more: add --out DIR or --json for all of them", number(list.len() - SHOWN));
    }
    out
}
