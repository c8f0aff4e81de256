//! The sentences of a position: one with each headline number, in the order in which they are needed at a meeting.

use crate::forecast::outlook::less_likely_than_not;
use crate::forecast::pipeline::Needed;
use crate::forecast::position::{Against, CanMature, Grant, Position, Suspended};
use crate::report::output::page::number;
use crate::report::views::view::percent;
use crate::rules::position::Rag;
use crate::run::Outcome;
use crate::share::Ratio;
use crate::words::counted;

/// What must be said of every run for this day, then a plain sentence for each headline number.
pub fn sentences(outcome: &Outcome<'_>, position: &Position) -> Vec<String> {
    let mut said: Vec<String> =
        outcome.totals.hardly_held.iter().map(|term| format!("First: {}", term.sentence())).collect();
    said.extend(outcome.rules.notices(position.as_at).into_iter().map(|notice| format!("Note: {notice}")));
    said.extend(headlines(position));
    said.extend(to_expect(position));
    said
}

/// A plain sentence for each headline number.
pub fn headlines(position: &Position) -> Vec<String> {
    let mut said = vec![claimed(position)];
    if position.unreadable_claims > 0 {
        said.push(format!(
            "{} of claims could not be read and {} in no count: see quarantine.csv of `sfclaim check`.",
            counted(position.unreadable_claims, "row", "rows"),
            if position.unreadable_claims == 1 { "is" } else { "are" },
        ));
    }
    said.extend(position.against.iter().map(|of| against(position, of)));
    if position.against.is_empty() {
        said.push(format!(
            "Target and funded places of {} are not known, so nothing is held against them: name an authority with targets in sfclaim.toml.",
            position.year
        ));
    }
    said.extend(needed(position));
    said.extend(straight_line(position));
    if let Some(grant) = &position.grant {
        said.push(earned(position, grant));
    }
    said.extend(position.suspended.map(not_payable));
    if let Some(grant) = &position.grant {
        said.push(at_risk(position, grant));
        said.extend(given(grant));
    }
    said.extend(position.method.clone());
    said.extend(could_mature(position));
    said
}

/// What the model says of the year's end, beside the straight line; where it was not asked, who can be.
pub fn to_expect(position: &Position) -> Option<String> {
    if !position.has_more_to_come() {
        return None;
    }
    let Some(model) = &position.model else {
        return Some(
            "What to expect by the year's end, with a range and the chances, is the model's to say: `sfclaim forecast`."
                .to_owned(),
        );
    };
    let chances = position.against.iter().filter_map(|of| {
        let verb = if of.what == "target" { "reaching the target" } else { "using all funded places" };
        Some(format!(
            "; the chance of {verb} ({}) is {}",
            number(of.number),
            percent(&format!("{:.4}", model.chance_of(of.what)?))
        ))
    });
    Some(format!(
        "Forecast from the authority's own history: about {:.0} claims by {}, with a chance of {}% that it will be between {} and {}{}. `sfclaim forecast` says what it rests on.",
        model.expected,
        position.days.to,
        model.of_a_hundred,
        number(model.low),
        number(model.high),
        chances.collect::<String>()
    ))
}

/// A green that goes with a small chance by the model: the line takes the year to go on as it began, and the model does not.
fn but_by_the_model(position: &Position, of: &Against) -> String {
    let green = [of.rag_to_date, of.rag_year_end].contains(&Some(Rag::Green));
    let chance = position.model.as_ref().and_then(|model| model.chance_of(of.what));
    match chance.filter(|chance| green && less_likely_than_not(*chance)) {
        Some(chance) => {
            format!(", but by the model the chance of reaching it is only {}", percent(&format!("{chance:.4}")))
        }
        None => String::new(),
    }
}

fn claimed(position: &Position) -> String {
    let of = position.counted;
    let over = if position.is_over() { "The year is over: " } else { "" };
    let known =
        if position.as_at > position.days.to { format!(", as known on {}", position.as_at) } else { String::new() };
    format!(
        "{over}{} claimed in {} by {}{known}: {} approved and {} waiting for a decision. Not counted: {} rejected, {} withdrawn, {} clawed back.",
        counted(of.claims(), "result was", "results were"),
        position.year,
        position.as_at.min(position.days.to),
        number(of.approved),
        number(of.pending),
        number(of.rejected),
        number(of.withdrawn),
        number(of.clawed_back),
    )
}

fn against(position: &Position, of: &Against) -> String {
    let begin = format!("Against the {} of {}: {}", of.what, number(of.number), number(position.counted.claims()));
    if position.is_over() {
        let rag = of.rag_to_date.map(|rag| format!(", {rag}")).unwrap_or_default();
        let short = match of.still_needed {
            0 => "it was reached".to_owned(),
            short => format!("it fell short by {}", number(short)),
        };
        return format!("{begin}{rag}; {short}.");
    }
    let can = match (of.still_needed, of.achievable, of.achievable_without_outcomes) {
        (0, ..) => "it is reached".to_owned(),
        (needed, true, true) => format!("{} still needed; enough families on record could reach this", number(needed)),
        (needed, true, false) => format!(
            "{} still needed; the families on record can reach this only if open outcomes are recorded",
            number(needed)
        ),
        (needed, false, _) => format!("{} still needed; the families on record cannot reach this", number(needed)),
    };
    let by = format!("by {}, {} expected by now", position.as_at, of.expected_to_date.shown());
    match (position.line.year_end, of.rag_to_date.zip(of.rag_year_end)) {
        (Some(end), Some((rag, rag_end))) => format!(
            "{begin} {by}: {rag}; {can}. Straight line to the year's end: {} of {}, {rag_end}{}.",
            number(end),
            number(of.number),
            but_by_the_model(position, of)
        ),
        _ => format!("{begin} {by}; {can}. Red, amber or green: too early to say."),
    }
}

/// How many claims a month it takes from now on.
fn needed(position: &Position) -> Option<String> {
    // Nobody is paid for places once payment is suspended.
    let wanted = position.against.iter().filter(|of| position.suspended.is_none() || of.what == "target");
    let wanted: Vec<&Against> = wanted.filter(|of| of.still_needed > 0).collect();
    if position.is_over() || wanted.is_empty() {
        return None;
    }
    let left = position.months_left();
    let parts = wanted.iter().map(|of| {
        let claims = match of.a_month {
            Some(a_month) => {
                format!("{} a month ({} in all)", counted(a_month, "claim", "claims"), number(of.still_needed))
            }
            None => counted(of.still_needed, "claim", "claims"),
        };
        format!("{claims} to reach the {} of {}", of.what, number(of.number))
    });
    let when = if left >= Ratio::ONE {
        format!("in the {} months that are left", left.shown())
    } else {
        "in less than a month".to_owned()
    };
    let line = position.line;
    let so_far = line.year_end.map(|_| {
        format!(
            " Up to {} there were {} a month.",
            line.counted_until,
            Ratio::whole(line.claims).by(line.months).shown()
        )
    });
    Some(format!(
        "Needed by {}, {when}: {}.{}",
        position.days.to,
        parts.collect::<Vec<_>>().join(", "),
        so_far.unwrap_or_default()
    ))
}

fn straight_line(position: &Position) -> Option<String> {
    if position.is_over() {
        return None;
    }
    let line = position.line;
    let claims = counted(line.claims, "claim", "claims");
    Some(match line.year_end {
        None => format!(
            "Straight line: too early to say. There is none before a month of the year has gone; {claims} by {}.",
            line.counted_until
        ),
        Some(end) if end < position.counted.claims() => format!(
            "Straight line: {claims} by {} x 12 / {} of the year = {} by {}. By now there are {} already: the line counts up to the last quarter end only, and what it says of the grant at risk is too much.",
            line.counted_until,
            if line.months == Ratio::ONE { "1 month".to_owned() } else { format!("{} months", line.months.shown()) },
            number(end),
            position.days.to,
            number(position.counted.claims()),
        ),
        Some(end) => format!(
            "Straight line: {claims} by {} x 12 / {} of the year = {} by {}. This assumes that the rest of the year goes as those months did. It is not a forecast.",
            line.counted_until,
            if line.months == Ratio::ONE { "1 month".to_owned() } else { format!("{} months", line.months.shown()) },
            number(end),
            position.days.to,
        ),
    })
}

fn earned(position: &Position, grant: &Grant) -> String {
    if let Some(suspended) = position.suspended {
        let approved = position.counted.approved - suspended.not_payable.approved;
        let pending = position.counted.pending - suspended.not_payable.pending;
        return format!(
            "Payable at {} a family, submitted before {}: {} approved, {} earned; {} pending, {} more if all are approved.",
            grant.payment,
            suspended.from,
            counted(approved, "claim", "claims"),
            grant.earned,
            number(pending),
            grant.pending,
        );
    }
    let rest = if position.is_over() {
        String::new()
    } else {
        let without = counted(grant.funded_places - grant.paid_places, "funded place", "funded places");
        format!(", {} still to earn on {without} without a claim", grant.still_to_earn)
    };
    format!(
        "Grant at {} a family: {} earned by approved claims, {} more if all pending ones are approved{rest}.",
        grant.payment, grant.earned, grant.pending,
    )
}

fn not_payable(suspended: Suspended) -> String {
    let late = suspended.not_payable;
    let nothing_more = "Nothing more can be earned by claims submitted from that day on.";
    if late.claims() == 0 {
        return format!(
            "Not payable: no claim of the year was submitted on or after {} yet. {nothing_more}",
            suspended.from
        );
    }
    format!(
        "Not payable: {} submitted on or after {}, {} approved ({}) and {} pending ({}). {nothing_more}",
        counted(late.claims(), "claim", "claims"),
        suspended.from,
        number(late.approved),
        suspended.approved_value,
        number(late.pending),
        suspended.pending_value,
    )
}

/// What is said beside a sum that would have been paid, had payment not been suspended. As the forecast says it.
const AS_IF_PAID: &str =
    " Payment was suspended: see the note. The sum is what the same results would have been worth.";

fn at_risk(position: &Position, grant: &Grant) -> String {
    let mark = if position.suspended.is_some() { AS_IF_PAID } else { "" };
    let (Some(end), Some(shortfall)) = (position.line.year_end, grant.line_shortfall) else {
        return "Grant at risk on the straight line: too early to say.".to_owned();
    };
    let what = if position.is_over() { "Grant that fell short" } else { "Grant at risk on the straight line" };
    format!(
        "{what}: ({} funded places - {} claims) x {} = {shortfall}.{mark}",
        number(grant.funded_places),
        number(end.min(grant.funded_places)),
        grant.payment,
    )
}

/// What the targets file gives beside it.
fn given(grant: &Grant) -> Vec<String> {
    let mut said = Vec::new();
    if let Some((rejected, value)) = grant.expected_rejected {
        said.push(format!(
            "Of the pending claims about {} {} expected to be rejected, by the share that the targets file gives: {value}.",
            number(rejected),
            if rejected == 1 { "is" } else { "are" }
        ));
    }
    if let Some(upfront) = grant.upfront {
        said.push(format!("Grant paid whatever is claimed: {upfront}."));
    }
    if let Some(received) = grant.received {
        let said_of = match (grant.earned.more_than(received), received.more_than(grant.earned)) {
            (Some(more), _) => format!("{more} earned is still to be received"),
            (None, over) => format!("{} more than approved claims have earned", over.unwrap_or_default()),
        };
        said.push(format!("Received for results so far: {received}; {said_of}."));
    }
    said
}

fn could_mature(position: &Position) -> Vec<String> {
    if !position.days.covers(position.as_at) {
        return Vec::new();
    }
    let claimable = counted(position.claimable, "family is", "families are");
    if position.is_over() {
        return vec![format!(
            "{claimable} claimable on this last day of the year. A result submitted later counts for the next one."
        )];
    }
    let can = &position.can_mature;
    let mut said = vec![format!(
        "{claimable} claimable now. On what is recorded, and if all goes well, at most {} could become claimable by {} (families that share a person counted once).",
        counted(can.families, "family", "families"),
        position.days.to
    )];
    let parts: Vec<String> = Needed::ALL
        .iter()
        .filter(|needed| **needed != Needed::Outcomes && can.of(**needed) > 0)
        .map(|needed| match needed {
            Needed::Nothing => format!("{} can be claimed now", number(can.of(*needed))),
            Needed::Evidence => format!("{} once somebody settles what is not known", number(can.of(*needed))),
            Needed::Time => format!("{} with time alone", number(can.of(*needed))),
            _ => format!("{} if attendance reaches the threshold", number(can.of(*needed))),
        })
        .collect();
    if let Some(open) = new_outcomes(position, can) {
        said.push(open);
        if !parts.is_empty() {
            said.push(format!("The other {}: {}.", number(can.without_outcomes()), parts.join(", ")));
        }
    } else if !parts.is_empty() {
        said.push(format!("Of these families: {}.", parts.join(", ")));
    }
    said
}

/// That some of the most need outcomes that nobody has recorded, and until when.
fn new_outcomes(position: &Position, can: &CanMature) -> Option<String> {
    let (open, until) = (can.of(Needed::Outcomes), can.outcomes_until?);
    let when = if until == position.as_at { format!("on {until} itself") } else { format!("by {until} at the latest") };
    (open > 0).then(|| {
        format!(
            "Do not plan on all of them. For {} of the {}, every open outcome would have to be recorded {when}, and sustained from then on.",
            number(open),
            number(can.families)
        )
    })
}

/// How the words red, amber and green are given, in a sentence.
pub fn judged_by(position: &Position) -> String {
    format!(
        "Red, amber and green: bands {} ({}), and the profile {} ({}), which says how many claims are expected by when.",
        position.bands.id, position.bands.title, position.profile.key, position.profile.title
    )
}
