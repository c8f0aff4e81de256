//! The review on the terminal: counts by practitioner and by reason, then the first periods of each list.

use super::asked::{AskedAbout, agreed, by_practitioner, period_of, why};
use super::questions::questions;
use super::sums::{claimable_if_met, practitioners, reasons};
use crate::decide::Status;
use crate::decide::review::{Lapse, Open, Review};
use crate::evaluate::open::OpenQuestion;
use crate::ids::FamilyId;
use crate::report::output::page::{Page, Screen, TextColumn, number};
use crate::report::views::check::page::by_agreement as said_of_agreements;
use crate::report::views::people::People;
use crate::rules::WITHOUT_AGREEMENTS;
use crate::run::Outcome;
use crate::words::counted;
use std::fmt::Write as _;

/// How many periods of a list are shown; the files have all.
const SHOWN: usize = 10;

/// The review as text.
pub fn text(
    outcome: &Outcome<'_>,
    people: &People<'_>,
    review: &Review,
    expiring_within: u16,
    screen: Screen,
) -> String {
    let mut out = Page::on(screen);
    let payment = outcome.totals.payment;
    let blocked = review.blocked.len();
    if outcome.rules.without_agreements {
        out.wrapped(&WITHOUT_AGREEMENTS.to_uppercase(), "", "");
    }
    out.line(&format!("Review as at {}, by the rules of {}", outcome.prepared.as_at, outcome.rules.label()));
    for notice in outcome.rules.notices(outcome.prepared.as_at).iter().filter(|notice| *notice != WITHOUT_AGREEMENTS) {
        out.note(notice);
    }
    out.gap();
    let things: usize = review.blocked.iter().map(|open| open.questions.len()).sum();
    let if_met = claimable_if_met(review);
    out.say(&format!(
            "{} in review, {} to settle. {} at {payment} each would be {}; if every question that can be agreed on is answered as met, {} claimable now: {}.",
            counted(blocked, "period is", "periods are"),
            counted(things, "thing", "things"),
            number(blocked),
            payment.for_each_of(blocked),
            counted(if_met, "is", "are"),
            payment.for_each_of(if_met),
        ));
    out.say(&format!(
        "Claimable now: {}. {}.",
        number(outcome.totals.by_status.get(&Status::Claimable).copied().unwrap_or(0)),
        said_of_agreements(outcome)
    ));
    out.gap();
    if blocked > 0 {
        let (first, others): (Vec<Open>, Vec<Open>) =
            review.blocked.iter().cloned().partition(|open| open.if_met == Status::Claimable);
        if !first.is_empty() {
            out.line("Ask these first: you can claim them now if every answer is \"met\"");
            out.line(&opens((outcome, people), &first, screen));
        }
        if !others.is_empty() {
            out.line("Other periods in review");
            out.line(&opens((outcome, people), &others, screen));
        }
        let rows: Vec<Vec<String>> = practitioners(outcome, review)
            .into_iter()
            .map(|(asked, count)| {
                vec![
                    asked.words(),
                    number(count.periods),
                    number(count.things),
                    count.value.to_string(),
                    number(count.claimable_if_met),
                ]
            })
            .collect();
        out.line("By lead practitioner");
        let columns: [TextColumn<'_>; 5] = [
            ("Practitioner", false),
            ("Periods", true),
            ("Things", true),
            ("Payment", true),
            ("Claimable if met", true),
        ];
        out.table(&columns, &rows);
        out.gap();
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
        out.line("By reason (a period with several reasons is under each)");
        out.table(&[("Reason", false), ("Rule", false), ("Periods", true), ("Things", true), ("Payment", true)], &rows);
        out.gap();
    }
    if !review.expired.is_empty() {
        out.line("Agreements that have ended, and the status with them");
        out.line(&lapses(outcome, &review.expired, "with it", screen));
    }
    if !review.expiring.is_empty() {
        out.line(&format!("Agreements that run out within {}", counted(usize::from(expiring_within), "day", "days")));
        out.line(&lapses(outcome, &review.expiring, "without it", screen));
    }
    if !review.next.is_empty() {
        out.say(&format!(
                "Next: {} for something else first, and will then need what is not known now: {} (list \"next\" of review.csv).",
                counted(review.next.len(), "period waits", "periods wait"),
                counted(review.next.iter().map(|open| open.questions.len()).sum(), "thing", "things"),
            ));
    }
    out.say(&format!(
            "With --out DIR the sheet agreements_to_fill.csv has {}. Fill in answer, reason, agreed_by, agreed_on and until, and add the rows to agreements.csv in the data folder.",
            counted(questions(outcome, review, people).len(), "question", "questions")
        ));
    out.done()
}

fn opens((outcome, people): (&Outcome<'_>, &People<'_>), list: &[Open], screen: Screen) -> String {
    let mut out = String::new();
    let mut group: Option<AskedAbout<'_>> = None;
    for (asked, open) in by_practitioner(outcome, list).into_iter().take(SHOWN) {
        if group != Some(asked.group()) {
            let _ = writeln!(out, "  {}", asked.group().words());
            group = Some(asked.group());
        }
        let period = period_of(outcome, open.period);
        let since = open
            .since
            .map(|(day, what)| format!("; waiting for an answer since {day}, when {what}"))
            .unwrap_or_default();
        let then = match (open.if_met, open.earliest_claim_on) {
            (Status::Review, _) => "Answers alone will not take it out of review: records are missing too".to_owned(),
            (then, Some(day)) => format!("If every answer is met: {then}, {day} at the earliest"),
            (then, None) => format!("If every answer is met: {then}"),
        };
        let line = format!("{} of family {}{since}. {then}.", period.id(), outcome.linked.families[period.family].id);
        let _ = writeln!(out, "{}", screen.wrapped(&line, "    ", "      "));
        // The terms of one child stand together.
        for questions in
            open.questions.chunk_by(|one, other| one.person_id.is_some() && one.person_id == other.person_id)
        {
            let (said, settles) = together((outcome, people), &outcome.linked.families[period.family].id, questions);
            let _ = writeln!(out, "{}", screen.wrapped(&said, "      ", "        "));
            let line = format!("To settle it: {settles}.");
            let _ = writeln!(out, "{}", screen.wrapped(&line, "        ", "          "));
        }
    }
    if list.len() > SHOWN {
        let _ = writeln!(out, "  and {} more: add --out DIR or --json for all of them", number(list.len() - SHOWN));
    }
    out
}

/// What is open of one thing, or of several terms of one child; and what settles it.
fn together(
    (outcome, people): (&Outcome<'_>, &People<'_>),
    family: &FamilyId,
    questions: &[OpenQuestion],
) -> (String, String) {
    let Some(first) = questions.first() else { return (String::new(), String::new()) };
    let rule = first.rule.map_or("linked family", |rule| rule.word());
    let prefix = first.person_id.as_ref().map(|person| format!("{person}: ")).unwrap_or_default();
    let mut reasons: Vec<String> = Vec::new();
    let mut settles: Vec<String> = Vec::new();
    for question in questions {
        let reason = why(question);
        let reason = reason.strip_prefix(&prefix).unwrap_or(&reason).to_owned();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
        // What would settle several terms alike is said once, without the term.
        let term = question.term.map(|term| format!(" in {}", outcome.rules.calendar.term(term))).unwrap_or_default();
        let settled_by = if term.is_empty() { question.settles.clone() } else { question.settles.replace(&term, "") };
        if !settles.contains(&settled_by) {
            settles.push(settled_by);
        }
    }
    let who = first.person_id.as_ref().map(|person| format!("{}: ", people.person(family, person).said(person)));
    (format!("{rule}: {}{}", who.unwrap_or_default(), reasons.join("; ")), settles.join("; "))
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
