//! Levers: rows for files, data, and text. What a person can chase this week comes first.

use crate::error::Result;
use crate::forecast::levers::{Held, Lever, Levers, Need, OfChild, Reason, Shared};
use crate::link::unnamed::Unnamed;
use crate::money::Pounds;
use crate::report::output::Kind::{Day, List, Money, Text, Whole};
use crate::report::output::Table;
use crate::report::output::cell::YES_NO;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen, number};
use crate::report::views::left_out::with_run;
use crate::report::views::people::People;
use crate::report::views::view::View;
use crate::report::views::view::sums_are;
use crate::rules::levers::Actor;
use crate::run::Outcome;
use crate::words::counted;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The files of the levers.
pub const NAMES: [&str; 3] = ["levers.csv", "families_held.csv", "levers.json"];

/// What makes a folder known as one of levers.
pub const MARKER: Marker = Marker { file: "levers.json", program: "sfclaim levers", spares: None };

/// A row of `levers`.
pub struct LeverRow<'a> {
    lever: &'a Lever,
    suspended: bool,
}

/// A row of `families_held`: a family and a reason.
pub struct HeldRow<'a> {
    family: &'a Held,
    reason: &'a Reason,
    people: &'a People<'a>,
}

/// The table `levers`.
pub fn levers_table<'a>() -> Table<LeverRow<'a>> {
    Table::<LeverRow<'a>>::of("levers", "A row a reason and who can act on it; what can be chased this week first.")
        .column("rule", Text, |row| (&row.lever.entry.rule).into())
        .about("the rule, or `one_claim` for linked families of which one is claimed")
        .column("reason", Text, |row| (&row.lever.entry.kind).into())
        .about("the kind of reason")
        .column("who", Text, |row| row.lever.entry.who.word().into())
        .about("`practitioner`, `school`, `data_team`, `calendar`, `national_rules`")
        .column("this_week", YES_NO, |row| row.lever.entry.this_week.into())
        .about("`yes`: can be settled by setting about it now")
        .column("needs", Text, |row| (&row.lever.entry.needs).into())
        .about("what is needed, after \"families need only\"")
        .column("alone", Whole, |row| row.lever.alone.into())
        .about("families that it holds alone")
        .column("for_one_child", Whole, |row| row.lever.for_one_child.into())
        .about("of those, for one child's attendance")
        .column("with_others", Whole, |row| row.lever.with_others.into())
        .about("families that it holds with other reasons")
        .column("value", Money, |row| row.lever.value.into())
        .about("the payment for those held alone")
        .column("value_within_places", Money, |row| row.lever.value_within_places.into())
        .about("the same within the funded places that claims and claimable families leave")
        .column("sums_are", Text, |row| sums_are(row.suspended).into())
        .about("`payment by results`, or after the suspension `what the same results would have been worth`")
        .in_files_alone()
}

/// The table `families_held`.
pub fn families_held<'a>() -> Table<HeldRow<'a>> {
    Table::<HeldRow<'a>>::of("families_held", "A row a family held and reason, by team, practitioner and case.")
        .column("team", Text, |row| row.family.team.as_ref().into())
        .about("of the period's latest case that names one")
        .column("lead_practitioner", Text, |row| row.family.lead_practitioner.as_ref().into())
        .about("of the period's latest case that names one")
        .column("case_id", Text, |row| (&row.family.case_id).into())
        .about("the period nearest to a claim, as in `decisions`")
        .column("family_id", Text, |row| (&row.family.family_id).into())
        .about("the family")
        .column("status", Text, |row| row.family.status.word().into())
        .about("as in `decisions`")
        .column("rule", Text, |row| (&row.reason.entry.rule).into())
        .about("as in `levers`")
        .column("reason", Text, |row| (&row.reason.entry.kind).into())
        .about("as in `levers`")
        .column("who", Text, |row| row.reason.entry.who.word().into())
        .about("as in `levers`")
        .column("this_week", YES_NO, |row| row.reason.entry.this_week.into())
        .about("as in `levers`")
        .column("alone", YES_NO, |row| (row.family.reasons.len() == 1).into())
        .about("`yes`: nothing else holds the family")
        .column("reasons", Whole, |row| row.family.reasons.len().into())
        .about("how many reasons hold it")
        .column("children", Whole, |row| Some(row.reason.children.len()).filter(|children| *children > 0).into())
        .about("of attendance: how many children it is about")
        .column("who_they_are", List("; "), |row| {
            let said = |child: &OfChild| match &child.person_id {
                Some(id) => row.people.person(&row.family.family_id, id).said(id),
                None => Unnamed::SOMEBODY.to_owned(),
            };
            row.reason.children.iter().map(said).collect()
        })
        .about("of attendance: the children, with names, birth date, UPN and school as far as recorded; ids alone with `--without-names`, and for restricted people; no id where a restricted link could be told from it")
        .column("earliest_possible_on", Day, |row| row.family.earliest_possible_on.into())
        .about("as in `decisions`")
        .column("what_settles_it", Text, |row| (&row.reason.settles).into())
        .about("the record or agreement, or what must still come")
}

/// What `sfclaim levers` shows.
pub struct LeversView<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The levers.
    pub found: Levers,
    /// Who the children are.
    pub people: People<'a>,
}

impl View for LeversView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        write(folder, self.outcome, &self.found, &self.people)
    }

    fn data(&self) -> Value {
        data(self.outcome, &self.found)
    }

    fn text(&self, screen: Screen) -> Result<String> {
        Ok(text(self.outcome, &self.found, screen))
    }
}

/// Writes the files.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, outcome: &Outcome<'_>, levers: &Levers, people: &People<'_>) -> Result<()> {
    levers_table().write(folder, lever_rows(outcome, levers))?;
    families_held().write(folder, levers.listed.iter().flat_map(|family| held_rows(family, people)))?;
    json_file(folder, NAMES[2], &data(outcome, levers))
}

/// The rows of `levers`.
pub fn lever_rows<'a>(outcome: &Outcome<'_>, levers: &'a Levers) -> impl Iterator<Item = LeverRow<'a>> {
    let suspended = outcome.rules.payment_is_suspended(outcome.prepared.as_at);
    levers.levers.iter().map(move |lever| LeverRow { lever, suspended })
}

/// The rows of `families_held` of one family.
pub fn held_rows<'a>(family: &'a Held, people: &'a People<'a>) -> impl Iterator<Item = HeldRow<'a>> {
    family.reasons.iter().map(move |reason| HeldRow { family, reason, people })
}

/// The levers as data.
pub fn data(outcome: &Outcome<'_>, levers: &Levers) -> Value {
    let table = levers_table();
    let lever = |lever| table.json(&LeverRow { lever, suspended: false });
    let found = json!({
        "payment_per_family": outcome.rules.parameters.payment,
        "claimable_families": levers.claimable,
        "families_held": levers.families.len(),
        "held_by_one_reason": levers.families.iter().filter(|family| family.alone().is_some()).count(),
        "places_left": levers.places_left,
        "places_beyond_the_claimable": levers.places_beyond,
        "sums_are": sums_are(outcome.rules.payment_is_suspended(outcome.prepared.as_at)),
        "this_week": {
            "families_that_need_one_thing": this_week(levers, true),
            "families_that_need_nothing_else": this_week(levers, false),
        },
        "sentences": sentences(outcome, levers),
        "levers": levers.levers.iter().map(lever).collect::<Vec<Value>>(),
        "by_team": by_team(levers).into_iter().map(|(team, families)| json!({ "team": team, "families": families })).collect::<Vec<Value>>(),
    });
    with_run(MARKER.program, outcome, found)
}

/// Every sentence that is shown, in order.
fn sentences(outcome: &Outcome<'_>, levers: &Levers) -> Vec<String> {
    let shared = levers.shared.iter().map(of_which_by_school);
    let needs = levers.needs.iter().map(sentence);
    let first = outcome.totals.hardly_held.iter().map(|term| format!("First: {}", term.sentence()));
    first.chain(opening(outcome, levers)).chain(shared).chain(needs).collect()
}

/// What stands above the lists: where the families stand, what the sums are, and the total of what can be chased this week.
fn opening(outcome: &Outcome<'_>, levers: &Levers) -> Vec<String> {
    let payment = outcome.rules.parameters.payment;
    let suspended = outcome.rules.payment_is_suspended(outcome.prepared.as_at);
    let mut said = vec![headline(levers, payment)];
    said.extend(suspended.then(|| AS_IF_PAID.to_owned()));
    said.push(this_week_in_all(levers, payment, suspended));
    said
}

/// Said where payment was suspended.
const AS_IF_PAID: &str = "Payment by results was suspended: see the note. The sums are what the same results would have been worth, not money to expect.";

/// How many can be claimed, how many are held, and the funded places.
fn headline(levers: &Levers, payment: Pounds) -> String {
    let alone = levers.families.iter().filter(|family| family.alone().is_some()).count();
    let places = match (levers.places_left, levers.places_beyond) {
        (Some(left), Some(beyond)) => format!(
            " Funded places left: {}; {} of them ({}) after the families that can be claimed now. Nothing below can bring in more than that.",
            number(left),
            number(beyond),
            payment.for_each_of(beyond)
        ),
        _ => " Funded places are not known.".to_owned(),
    };
    format!(
        "{} claimable now. {} held back, {} of them by one reason alone.{places} Families that share a person count once.",
        counted(levers.claimable, "family is", "families are"),
        counted(levers.families.len(), "family is", "families are"),
        number(alone)
    )
}

/// Everything that can be chased this week: families that one such thing alone holds back, and those that several such
/// things hold.
fn this_week_in_all(levers: &Levers, payment: Pounds, suspended: bool) -> String {
    let worth = |families: usize| {
        let within = levers.places_beyond.map_or(families, |places| families.min(places));
        let limit = if within < families { ", within the funded places left" } else { "" };
        let would = if suspended { "would have been worth " } else { "" };
        format!("{would}{}{limit}", payment.for_each_of(within))
    };
    let (alone, all) = (this_week(levers, true), this_week(levers, false));
    let more = if all > alone {
        format!(
            " With the families that lack several such things and nothing else, it is {}: {}.",
            counted(all, "family", "families"),
            worth(all)
        )
    } else {
        " That is everything that can be chased this week.".to_owned()
    };
    format!(
        "{} only one thing that somebody can chase this week: {}.{more}",
        counted(alone, "family lacks", "families lack"),
        worth(alone)
    )
}

/// Families that nothing holds but what can be chased this week: one thing of that kind, or any number.
fn this_week(levers: &Levers, one_thing: bool) -> usize {
    let held = levers.families.iter().filter(|family| family.this_week());
    held.filter(|family| !one_thing || family.alone().is_some()).count()
}

/// Families held alone by what can be chased this week, by team.
fn by_team(levers: &Levers) -> BTreeMap<&str, usize> {
    let mut teams: BTreeMap<&str, usize> = BTreeMap::new();
    for family in levers.families.iter().filter(|family| family.alone().is_some() && family.this_week()) {
        *teams.entry(family.team.as_deref().unwrap_or("(no team)")).or_default() += 1;
    }
    teams
}

/// Of a need for which schools are asked the families for which a school can give it.
pub fn of_which_by_school(shared: &Shared) -> String {
    let all = sentence(&shared.all);
    if shared.by_school == 0 {
        return format!("{all}. A school can give it for none of them.");
    }
    format!("{all}. A school can give it for {} of them: {}.", number(shared.by_school), shared.value_by_school)
}

/// What a need holds, in a sentence: `23 families need only attendance evidence for one child: £18,400`.
pub fn sentence(need: &Need) -> String {
    let verb = if need.families == 1 { "needs" } else { "need" };
    let children = match need.one_child {
        Some(true) => " for one child",
        Some(false) => " for several children",
        None => "",
    };
    let within = match need.value_within_places {
        Some(within) if within != need.value => format!(" ({within} within the funded places left)"),
        _ => String::new(),
    };
    format!(
        "{} {verb} only {}{children}: {}{within}",
        counted(need.families, "family", "families"),
        need.needs,
        need.value
    )
}

/// The levers as text.
pub fn text(outcome: &Outcome<'_>, levers: &Levers, screen: Screen) -> String {
    let as_at = outcome.prepared.as_at;
    let mut out = Page::on(screen);
    out.line(&format!("Levers as at {as_at}, by the rules of {}", outcome.rules.label()));
    for term in &outcome.totals.hardly_held {
        out.first(&term.sentence());
    }
    for notice in outcome.rules.notices(as_at) {
        out.note(&notice);
    }
    let payment = outcome.rules.parameters.payment;
    out.gap();
    for said in opening(outcome, levers) {
        out.say(&said);
    }
    let worth = if outcome.rules.payment_is_suspended(as_at) { "Would have been worth" } else { "Payment" };
    for (heading, this_week) in [("What can be chased this week", true), ("What cannot be settled this week", false)] {
        out.heading(heading);
        let mut any = false;
        for shared in levers.shared.iter().filter(|_| this_week) {
            out.item(&of_which_by_school(shared));
        }
        for who in Actor::ALL {
            let of: Vec<&Need> =
                levers.needs.iter().filter(|need| need.this_week == this_week && need.who == who).collect();
            if of.is_empty() {
                continue;
            }
            any = true;
            out.item(&format!("by {}:", who.said()));
            for need in of {
                out.wrapped(&sentence(need), "    ", "      ");
            }
        }
        if !any {
            out.line("  nothing that holds a family alone");
        }
    }
    out.heading("Every reason: families that it holds back alone, and together with other reasons");
    // One reason can be of two rules, which are then named.
    let of_two = |lever: &Lever| {
        let entry = &lever.entry;
        levers.levers.iter().any(|other| other.entry.kind == entry.kind && other.entry.rule != entry.rule)
    };
    let reason = |lever: &Lever| {
        let entry = &lever.entry;
        if of_two(lever) { format!("{} ({})", entry.kind, entry.rule) } else { entry.kind.clone() }
    };
    let rows: Vec<Vec<String>> = levers
        .levers
        .iter()
        .map(|lever| {
            vec![
                reason(lever),
                lever.entry.who.word().replace('_', " "),
                number(lever.alone),
                number(lever.with_others),
                lever.value_within_places.unwrap_or(lever.value).to_string(),
            ]
        })
        .collect();
    let columns = [("Reason", false), ("Who", false), ("Alone", true), ("With others", true), (worth, true)];
    out.table(&columns, &rows);
    if levers.places_beyond.is_some() {
        out.line(&format!("  {worth}: for those held alone, no more than the funded places left."));
    }
    let teams = by_team(levers);
    if !teams.is_empty() {
        out.heading(
            "Held alone by what can be chased this week, by team (--out DIR lists the families by practitioner)",
        );
        let within = |families: usize| levers.places_beyond.map_or(families, |places| families.min(places));
        let rows: Vec<Vec<String>> = teams
            .into_iter()
            .map(|(team, families)| {
                vec![team.to_owned(), number(families), payment.for_each_of(within(families)).to_string()]
            })
            .collect();
        out.table(&[("Team", false), ("Families", true), (worth, true)], &rows);
    }
    out.done()
}
