//! Section 4, "Verdicts": periods, the eight rules, agreements, already claimed, status.

use std::collections::{BTreeMap, BTreeSet};

use super::attendance::{self, ChildTerm, Window};
use super::dates::{self, Date, add_days, add_months, add_years, show_or_blank};
use super::tables::{self, Agreement, Case, Expecting, Need, Person, World};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    Met,
    NotMet,
    NotYet(Option<Date>),
    Unknown,
    NotApplicable,
}
use Verdict::{Met, NotApplicable, NotMet, NotYet, Unknown};

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Met => "met",
        NotMet => "not_met",
        NotYet(_) => "not_yet",
        Unknown => "unknown",
        NotApplicable => "not_applicable",
    }
}

fn answer(met: bool) -> Verdict {
    if met { Met } else { NotMet }
}

fn judged(met: Option<bool>) -> Verdict {
    match met {
        Some(met) => answer(met),
        None => Unknown,
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Periods of support (section 4, first paragraph)

#[derive(Clone, Debug)]
struct Period {
    case_id: String,
    family_id: String,
    cases: Vec<Case>,
    opens: Date,
    /// None: open.
    closed: Option<Date>,
}

fn overlap(a: &Case, b: &Case) -> bool {
    let begins_in_time = |first: &Case, second: &Case| match first.closed {
        Some(closed) => second.opened <= closed,
        None => true,
    };
    begins_in_time(a, b) && begins_in_time(b, a)
}

fn periods(world: &World) -> Vec<Period> {
    let mut groups: Vec<Vec<Case>> = world.cases.iter().map(|case| vec![case.clone()]).collect();
    // Join two groups as long as there are two that touch.
    'again: loop {
        for i in 0..groups.len() {
            for j in i + 1..groups.len() {
                let touch =
                    groups[i].iter().any(|a| groups[j].iter().any(|b| a.family_id == b.family_id && overlap(a, b)));
                if touch {
                    let other = groups.remove(j);
                    groups[i].extend(other);
                    continue 'again;
                }
            }
        }
        break;
    }
    let mut out = Vec::new();
    for mut cases in groups {
        cases.sort_by_key(|case| (case.opened, case.case_id.clone()));
        let closed = if cases.iter().any(|case| case.closed.is_none()) {
            None
        } else {
            cases.iter().filter_map(|case| case.closed).max()
        };
        out.push(Period {
            case_id: cases[0].case_id.clone(),
            family_id: cases[0].family_id.clone(),
            opens: cases[0].opened,
            closed,
            cases,
        });
    }
    out
}

fn needs_of<'a>(world: &'a World, period: &Period) -> Vec<&'a Need> {
    world.needs.iter().filter(|need| period.cases.iter().any(|case| case.case_id == need.case_id)).collect()
}

fn is_lost(list: &[String], key: &str) -> bool {
    list.iter().any(|k| k == key)
}

// ---------------------------------------------------------------------------------------------------------------
// People and linked families

/// Rows with `joined_on` > D do not exist on D.
fn known(world: &World, person: &Person) -> bool {
    !matches!(person.joined, Some(joined) if joined > world.d)
}

/// A member, whatever the number of rows.
#[derive(Clone, Debug)]
struct Member {
    person_id: String,
    born: Option<Date>,
    /// The birth date is missing, and the role is not `adult` or it only counts as missing.
    age_unknown: bool,
    expecting: Vec<Expecting>,
}

struct Members {
    all: Vec<Member>,
    /// Everybody left on the day on which a case closed: they stay members.
    left_at_the_end: bool,
    /// People of the family are listed by D.
    listed: bool,
}

/// Section 3: with `joined_on` > D, `left_on` <= D or born after D: not a member. Rule 5: all who left on the closing day.
fn members(world: &World, family_id: &str) -> Members {
    let people = world.people.as_deref().unwrap_or(&[]);
    let rows: Vec<&Person> =
        people.iter().filter(|p| p.family_id == family_id && !p.quarantined && known(world, p)).collect();
    // "Every row of the family known at D has a left_on, on or before D, of one and the same day on which a case of it
    // closed."
    let day = rows.first().and_then(|row| row.left);
    let closed_then = day.is_some() && world.cases.iter().any(|case| case.family_id == family_id && case.closed == day);
    let left_at_the_end = closed_then && day <= Some(world.d) && rows.iter().all(|row| row.left == day);
    let mut all: Vec<Member> = Vec::new();
    for row in &rows {
        let left = matches!(row.left, Some(left) if left <= world.d) && !left_at_the_end;
        if left || matches!(row.born, Some(born) if born > world.d) {
            continue;
        }
        match all.iter_mut().find(|member| member.person_id == row.person_id) {
            Some(member) => member.expecting.push(row.expecting),
            None => all.push(Member {
                person_id: row.person_id.clone(),
                born: row.born,
                age_unknown: row.born.is_none() && (row.born_doubted || !row.adult),
                expecting: vec![row.expecting],
            }),
        }
    }
    Members { all, left_at_the_end, listed: !rows.is_empty() }
}

/// Section 1, "Linked families": every row counts, member or not, save those with `joined_on` > D; quarantined ones as far
/// as they can be read.
fn linked(world: &World, family: &str, other: &str) -> bool {
    if family == other {
        return false;
    }
    if world.is_former_family(family, other) || world.is_former_family(other, family) {
        return true;
    }
    let with_cases = world.known_families();
    let both_have_cases = [family, other].iter().all(|f| with_cases.iter().any(|k| k == f));
    if both_have_cases && world.nearly_alike(tables::FAMILY, family, other) {
        return true;
    }
    let people = world.people.as_deref().unwrap_or(&[]);
    for a in people.iter().filter(|p| p.family_id == family && known(world, p)) {
        for b in people.iter().filter(|p| p.family_id == other && known(world, p)) {
            let same_name = !a.first_name.is_empty()
                && !a.last_name.is_empty()
                && a.first_name == b.first_name
                && a.last_name == b.last_name
                && a.born.is_some()
                && a.born == b.born;
            let same_id = !a.person_id.is_empty() && a.person_id == b.person_id;
            if same_id || (!a.upn.is_empty() && a.upn == b.upn) || same_name {
                return true;
            }
        }
    }
    false
}

fn linked_families(world: &World, family: &str) -> Vec<String> {
    let mut all: Vec<String> = world.known_families();
    all.extend(world.people.iter().flatten().map(|p| p.family_id.clone()));
    all.extend(world.claims.iter().flatten().flat_map(|claim| claim.families.clone()));
    all.extend(world.lost_claim_families.clone());
    let mut out: Vec<String> = Vec::new();
    for other in all {
        if !other.is_empty() && !out.contains(&other) && linked(world, family, &other) {
            out.push(other);
        }
    }
    out
}

// ---------------------------------------------------------------------------------------------------------------
// Agreements

/// Of several in force on the same thing one naming a term outranks one that does not; then the latest `agreed_on`;
/// then `not_met`.
fn strongest<'a>(agreements: &[&'a Agreement]) -> Option<&'a Agreement> {
    agreements.iter().copied().max_by_key(|a| (!a.term.is_empty(), a.agreed, !a.met))
}

fn agreements_on<'a>(world: &'a World, period: &Period, rule: &str) -> Vec<&'a Agreement> {
    world
        .agreements
        .iter()
        .filter(|a| a.rule == rule && period.cases.iter().any(|case| case.case_id == a.case_id))
        .collect()
}

/// "Quarantine": an agreements row: the rule it names, of its case's period; eligibility and progress cannot be agreed.
fn agreement_is_lost(world: &World, period: &Period, rule: &str) -> bool {
    !["eligibility", "progress"].contains(&rule)
        && world
            .lost_agreements
            .iter()
            .any(|(case_id, named)| named == rule && period.cases.iter().any(|case| case.case_id == *case_id))
}

/// The answer for a rule that is agreed as a whole.
fn agreed_on_rule(world: &World, period: &Period, rule: &str) -> Option<bool> {
    strongest(&agreements_on(world, period, rule)).map(|a| a.met)
}

/// The answer for a child's term.
fn agreed_on_term(world: &World, period: &Period, person_id: &str, term: usize) -> Option<bool> {
    let term = &world.terms[term];
    let there: Vec<&Agreement> = agreements_on(world, period, "attendance")
        .into_iter()
        .filter(|a| a.person_id == person_id)
        .filter(|a| a.term.is_empty() || (a.year == term.year && tables::same_name(&a.term, &term.name)))
        .collect();
    strongest(&there).map(|a| a.met)
}

// ---------------------------------------------------------------------------------------------------------------
// The rules

/// Rule 1. The count, the distinct headlines, the verdict.
fn eligibility(world: &World, period: &Period) -> (i64, Vec<i64>, Verdict) {
    let needs = needs_of(world, period);
    let headlines: BTreeSet<i64> = needs.iter().map(|need| need.headline).collect();
    let written: BTreeSet<&str> = needs.iter().map(|need| need.criterion.as_str()).collect();
    let count = if world.p.counting_need { written.len() } else { headlines.len() } as i64;
    let mut verdict = if count >= world.p.minimum_criteria {
        Met
    } else if period.closed.is_none() {
        NotYet(None)
    } else {
        NotMet
    };
    // "Quarantine": a criteria row: its eligibility where that would be not_met.
    if verdict == NotMet && period.cases.iter().any(|case| is_lost(&world.lost_need_cases, &case.case_id)) {
        verdict = Unknown;
    }
    (count, headlines.into_iter().collect(), verdict)
}

/// Rule 2.
fn family(world: &World, period: &Period) -> Verdict {
    if !world.p.require_dependent {
        return Met;
    }
    if world.people.is_none() {
        return Unknown;
    }
    let members = members(world, &period.family_id);
    if members.left_at_the_end {
        return Unknown;
    }
    // `expecting = y` runs for so many weeks from the latest opening of a case of the family, a day given for 42 days
    // from it; both last days included. None: nothing said.
    let latest_opening = world.cases.iter().filter(|c| c.family_id == period.family_id).map(|c| c.opened).max();
    let still_expecting = |expecting: Expecting| -> Option<bool> {
        let last_day = match expecting {
            Expecting::No => return None,
            Expecting::Yes => add_days(latest_opening?, 7 * world.p.expecting_weeks),
            Expecting::On(day) => add_days(day, 42),
        };
        Some(world.d <= last_day)
    };
    let all_said = |member: &Member| -> Vec<Option<bool>> {
        member.expecting.iter().map(|expecting| still_expecting(*expecting)).collect()
    };
    if members.all.iter().any(|m| matches!(m.born, Some(born) if dates::under_18(born, world.d)))
        || members.all.iter().any(|m| all_said(m).contains(&Some(true)))
    {
        return Met;
    }
    // "Quarantine": a people row: family unless met.
    if is_lost(&world.lost_people_families, &period.family_id) {
        return Unknown;
    }
    let run_out = members.all.iter().any(|m| all_said(m).contains(&Some(false)));
    if !members.listed || run_out || members.all.iter().any(|m| m.age_unknown) {
        return Unknown;
    }
    NotMet
}

/// Rule 3. The verdict and `progress_on`.
fn progress(world: &World, period: &Period) -> (Verdict, Option<Date>) {
    // "Quarantine": a criteria row: its period's progress.
    if period.cases.iter().any(|case| is_lost(&world.lost_need_cases, &case.case_id)) {
        return (Unknown, None);
    }
    let needs = needs_of(world, period);
    // "A need whose outcome_on is before the period opened counts as a need, and makes progress unknown."
    if needs.iter().any(|need| matches!(need.outcome, Some(outcome) if outcome < period.opens)) {
        return (Unknown, None);
    }
    let relapsed = |need: &Need| match (need.relapsed, need.outcome) {
        (Some(relapsed), Some(outcome)) => outcome <= relapsed,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let resolved = |need: &Need| need.outcome.is_some() && !relapsed(need) && !need.not_achieved;
    if !needs.is_empty() && needs.iter().all(|need| resolved(need)) {
        return (Met, needs.iter().filter_map(|need| need.outcome).max());
    }
    let verdict = if period.closed.is_none() {
        NotYet(None)
    } else if needs.is_empty() {
        NotApplicable
    } else if needs.iter().any(|need| relapsed(need) || need.not_achieved) {
        NotMet
    } else {
        Unknown
    };
    (verdict, None)
}

/// Rule 4, without and with the agreement. `due` where there is one.
fn sustainment(
    world: &World,
    period: &Period,
    all: &[Period],
    progress_on: Option<Date>,
) -> (Verdict, Verdict, Option<Date>) {
    // "Quarantine": a cases row: the sustainment of the periods of its family and of those linked to it, always.
    let links = linked_families(world, &period.family_id);
    let lost = |family: &String| is_lost(&world.lost_case_families, family);
    if lost(&period.family_id) || links.iter().any(lost) {
        return (Unknown, Unknown, None);
    }
    let Some(progress_on) = progress_on else {
        return (NotApplicable, NotApplicable, None);
    };
    let start = if world.p.clock_closure {
        match period.closed {
            Some(closed) => progress_on.max(closed),
            None => return (NotYet(None), NotYet(None), None),
        }
    } else {
        progress_on
    };
    let mut due = add_months(start, world.p.sustainment_months);
    if world.p.whole_months {
        due.d = 1;
    }
    let undisturbed = if world.d >= due { Met } else { NotYet(Some(due)) };
    if world.p.new_case_breaks {
        let until = due.min(world.d);
        let breaks = |other: &Period| other.opens > start && other.opens <= until;
        let own = all.iter().any(|o| o.family_id == period.family_id && o.case_id != period.case_id && breaks(o));
        if own {
            return (NotMet, NotMet, Some(due));
        }
        if all.iter().any(|o| links.contains(&o.family_id) && breaks(o)) {
            // Agreements: met sets the linked family's period aside, not_met confirms it.
            let with = match agreed_on_rule(world, period, "sustainment") {
                Some(true) => undisturbed,
                Some(false) => NotMet,
                None => Unknown,
            };
            return (Unknown, with, Some(due));
        }
    }
    (undisturbed, undisturbed, Some(due))
}

/// Rule 5, one child: its terms with their verdicts, and its own verdict.
struct Child {
    person_id: String,
    terms: Vec<(ChildTerm, Verdict)>,
    verdict: Verdict,
}

/// What rule 5 comes to, with or without the agreements.
struct Attendance {
    verdict: Verdict,
    children: Vec<Child>,
    retest: Option<Date>,
    /// Members whom the rule did not look at.
    not_looked_at: Vec<String>,
}

/// A child's verdict over its applicable terms.
fn child_verdict(world: &World, terms: &[(ChildTerm, Verdict)], agreed: &[Option<bool>]) -> Verdict {
    if !world.p.combined {
        return if terms.iter().any(|(_, v)| *v == NotMet) {
            NotMet
        } else if terms.iter().any(|(_, v)| *v == Unknown) {
            Unknown
        } else {
            Met
        };
    }
    // Under `combined` an agreed term leaves the sums, and not_met makes the child not_met.
    if agreed.contains(&Some(false)) {
        return NotMet;
    }
    let (mut least, mut most, mut any) = ((0, 0), (0, 0), false);
    for ((term, _), agreed) in terms.iter().zip(agreed) {
        if agreed.is_some() {
            continue;
        }
        let (true, Some(l), Some(m)) = (term.judgeable, term.least, term.most) else {
            return Unknown;
        };
        least = (least.0 + l.0, least.1 + l.1);
        most = (most.0 + m.0, most.1 + m.1);
        any = true;
    }
    if any { judged(attendance::judge_both(world, least, most)) } else { Met }
}

/// Rule 5.
fn attendance(world: &World, period: &Period, window: &Window, with_agreements: bool) -> Attendance {
    let mut out = Attendance { verdict: Unknown, children: Vec::new(), retest: None, not_looked_at: Vec::new() };
    let mut verdicts = Vec::new();
    if world.people.is_some() {
        let needs = needs_of(world, period);
        let members = members(world, &period.family_id);
        let of_school_age = |born: Date| -> bool {
            if world.p.any_term {
                window.looked_at.iter().any(|&term| dates::of_school_age(born, world.terms[term].starts))
            } else {
                dates::of_school_age(born, world.d)
            }
        };
        let may_be_of_school_age = |member: &Member| match member.born {
            Some(born) => of_school_age(born),
            None => member.age_unknown,
        };
        // "A need of headline 1 that names no member of school age or of unknown age names every member."
        let names = |need: &Need, member: &Member| {
            let names_one = members.all.iter().any(|m| m.person_id == need.person_id && may_be_of_school_age(m));
            !names_one || need.person_id == member.person_id
        };
        for member in &members.all {
            let named = needs.iter().any(|need| need.headline == 1 && names(need, member));
            let looked_at = may_be_of_school_age(member) && (named || !world.p.with_need);
            let mut terms = Vec::new();
            let mut agreed = Vec::new();
            for &term in window.full.iter().flatten() {
                let Some(born) = member.born else {
                    continue;
                };
                if !looked_at || !dates::of_school_age(born, world.terms[term].starts) {
                    continue;
                }
                let own = attendance::child_term(world, &member.person_id, term);
                let said = if with_agreements { agreed_on_term(world, period, &member.person_id, term) } else { None };
                let verdict = match said {
                    Some(met) => answer(met),
                    None => judged(own.met),
                };
                terms.push((own, verdict));
                agreed.push(said);
            }
            if looked_at && (member.born.is_none() || window.full.is_none()) {
                // A missing birth date; or held, and too few terms: unknown, without rows.
                verdicts.push(Unknown);
            } else if terms.is_empty() {
                // Not looked at, or a child with no applicable term, which is left out.
                let under_18 = matches!(member.born, Some(born) if dates::under_18(born, world.d));
                if under_18 || window.looked_at.iter().any(|&term| world.has_records(&member.person_id, term)) {
                    out.not_looked_at.push(member.person_id.clone());
                }
            } else {
                let verdict = child_verdict(world, &terms, &agreed);
                verdicts.push(verdict);
                out.children.push(Child { person_id: member.person_id.clone(), terms, verdict });
            }
        }
        out.verdict = if verdicts.contains(&NotMet) {
            NotMet
        } else if verdicts.contains(&Unknown) {
            Unknown
        } else if verdicts.is_empty() {
            NotApplicable
        } else {
            Met
        };
        // "Quarantine": a people row: the family's attendance unless not_met.
        if out.verdict != NotMet && is_lost(&world.lost_people_families, &period.family_id) {
            out.verdict = Unknown;
        }
        // All left at the end of support; or people are listed and none is a member.
        if members.left_at_the_end || (members.listed && members.all.is_empty()) {
            out.verdict = Unknown;
        }
    }
    if with_agreements && (out.verdict == Unknown || out.verdict == NotMet) {
        let on_the_rule: Vec<&Agreement> =
            agreements_on(world, period, "attendance").into_iter().filter(|a| a.person_id.is_empty()).collect();
        if let Some(a) = strongest(&on_the_rule) {
            out.verdict = answer(a.met);
        }
    }
    if agreement_is_lost(world, period, "attendance") {
        out.verdict = Unknown;
    }
    if out.verdict == NotMet {
        out.retest = retest(world, &window.full, &out.children);
    }
    out
}

/// Rule 5, last paragraph: the earliest term end at which every failing term has left the window.
fn retest(world: &World, window: &Option<Vec<usize>>, children: &[Child]) -> Option<Date> {
    let future_ends: Vec<Date> = world.terms.iter().map(|t| t.ends).filter(|&ends| ends > world.d).collect();
    let mut newest: Option<usize> = None; // place in the window
    if let (Some(window), false) = (window, world.p.combined) {
        for (place, term) in window.iter().enumerate() {
            let fails = children
                .iter()
                .filter(|child| child.verdict == NotMet)
                .any(|child| child.terms.iter().any(|(t, v)| t.term == *term && *v == NotMet));
            if fails {
                newest = Some(place);
            }
        }
        if let Some(place) = newest {
            let newer = window.len() - 1 - place;
            return future_ends.get(window.len() - newer - 1).copied();
        }
    }
    future_ends.first().copied()
}

/// Rule 6: the latest, over the family's claims that are `approved` or `submitted`.
fn last_success(world: &World, family_id: &str) -> Option<Date> {
    let claims = world.claims.as_deref().unwrap_or(&[]);
    claims.iter().filter(|c| c.families.iter().any(|f| f == family_id)).map(|c| c.success).max()
}

/// Rule 6, the test alone.
fn reclaim_test(world: &World, period: &Period, last: Option<Date>) -> Verdict {
    let Some(last) = last else {
        return Met;
    };
    if matches!(period.closed, Some(closed) if closed < world.p.intervention_since) {
        return NotMet;
    }
    let that_day = add_years(last, world.p.reclaim_years);
    if world.d <= that_day { NotYet(Some(add_days(that_day, 1))) } else { Met }
}

/// Rule 6.
fn reclaim(world: &World, period: &Period) -> Verdict {
    if world.claims.is_none() {
        return Unknown;
    }
    // "Quarantine": a claims row: the family's reclaim.
    if is_lost(&world.lost_claim_families, &period.family_id) {
        return Unknown;
    }
    let own = reclaim_test(world, period, last_success(world, &period.family_id));
    if own == Met {
        for other in linked_families(world, &period.family_id) {
            // "Is not, or cannot be told."
            let lost = is_lost(&world.lost_claim_families, &other);
            if lost || reclaim_test(world, period, last_success(world, &other)) != Met {
                return Unknown;
            }
        }
    }
    own
}

/// Rule 7.
fn timeliness(world: &World, period: &Period) -> Verdict {
    let Some(closed) = period.closed else {
        return Met;
    };
    if closed < world.p.support_since {
        return Unknown;
    }
    if world.p.months_after_closure > 0 && world.d > add_months(closed, world.p.months_after_closure) {
        return NotMet;
    }
    Met
}

/// Rule 8.
fn evidence(world: &World, period: &Period) -> Verdict {
    for field in &world.p.required {
        let present = period.cases.iter().any(|case| match field.as_str() {
            "assessment_on" => case.assessment.is_some(),
            "plan_on" => case.plan.is_some(),
            _ => !case.lead.is_empty(),
        });
        if !present {
            return Unknown;
        }
    }
    Met
}

/// A verdict that a quarantined agreement could have changed.
fn unless_lost(world: &World, period: &Period, rule: &str, verdict: Verdict) -> Verdict {
    if agreement_is_lost(world, period, rule) { Unknown } else { verdict }
}

/// Agreements on `family`, `reclaim`, `timeliness` and `evidence`: of a verdict `unknown`.
fn with_agreement(world: &World, period: &Period, rule: &str, verdict: Verdict) -> Verdict {
    match agreed_on_rule(world, period, rule) {
        Some(met) if verdict == Unknown && !agreement_is_lost(world, period, rule) => answer(met),
        _ => verdict,
    }
}

/// "Already claimed".
fn already_claimed(world: &World, period: &Period, progress_on: Option<Date>, last: Option<Date>) -> bool {
    // The exemption: "that day" is the day last success + years.
    let exempt = match (last, progress_on) {
        (Some(last), Some(progress_on)) => {
            let that_day = add_years(last, world.p.reclaim_years);
            let open_after = match period.closed {
                Some(closed) => closed > that_day,
                None => true,
            };
            world.d > that_day && open_after && progress_on > that_day
        }
        _ => false,
    };
    for claim in world.claims.as_deref().unwrap_or(&[]) {
        let names_one = period.cases.iter().any(|case| claim.cases.contains(&case.case_id));
        if names_one && !exempt {
            return true;
        }
        let since_progress = matches!(progress_on, Some(progress_on) if claim.submitted >= progress_on);
        if claim.families.contains(&period.family_id) && claim.cases.is_empty() && since_progress {
            return true;
        }
    }
    match (period.closed, last) {
        (Some(closed), Some(last)) => closed <= last,
        _ => false,
    }
}

// ---------------------------------------------------------------------------------------------------------------
// A period decided

struct Decision {
    period: Period,
    status: &'static str,
    progress_on: Option<Date>,
    earliest_claim: Option<Date>,
    earliest_possible: Option<Date>,
    columns: BTreeMap<String, String>,
}

fn joined<T: ToString>(parts: impl IntoIterator<Item = T>) -> String {
    parts.into_iter().map(|part| part.to_string()).collect::<Vec<_>>().join(";")
}

fn decide_period(
    world: &World,
    period: &Period,
    all: &[Period],
    window: &Window,
    children: &mut BTreeSet<Vec<String>>,
    not_looked_at: &mut BTreeSet<Vec<String>>,
) -> Decision {
    let d = world.d;
    let last = last_success(world, &period.family_id);
    let (count, headlines, eligibility) = eligibility(world, period);
    let (progress, progress_on) = progress(world, period);
    let (sustainment_before, sustainment, due) = sustainment(world, period, all, progress_on);
    let [sustainment_before, sustainment] =
        [sustainment_before, sustainment].map(|verdict| unless_lost(world, period, "sustainment", verdict));
    let attendance_before = attendance(world, period, window, false);
    let attendance = attendance(world, period, window, true);
    let alone = [
        ("family", family(world, period)),
        ("reclaim", reclaim(world, period)),
        ("timeliness", timeliness(world, period)),
        ("evidence", evidence(world, period)),
    ]
    .map(|(rule, verdict)| (rule, unless_lost(world, period, rule, verdict)));
    let [family, reclaim, timeliness, evidence] =
        alone.map(|(rule, verdict)| with_agreement(world, period, rule, verdict));

    let mut by_agreement: Vec<&str> = Vec::new();
    for ((rule, before), after) in alone.iter().zip([family, reclaim, timeliness, evidence]) {
        if *before != after {
            by_agreement.push(rule);
        }
    }
    if sustainment_before != sustainment {
        by_agreement.push("sustainment");
    }
    if attendance_before.verdict != attendance.verdict {
        by_agreement.push("attendance");
    }
    by_agreement.sort();

    // "Status, first that applies".
    let six = [eligibility, family, progress, sustainment, reclaim, timeliness];
    let dated: Vec<Date> =
        six.iter().filter_map(|v| if let NotYet(Some(day)) = v { Some(*day) } else { None }).collect();
    let mut earliest_claim = None;
    let status = if already_claimed(world, period, progress_on, last) {
        "claimed"
    } else if eligibility == NotMet {
        "not_eligible"
    } else if [family, progress, sustainment, reclaim, timeliness].contains(&NotMet) {
        "not_claimable"
    } else if six.contains(&Unknown) {
        "review"
    } else if six.contains(&NotYet(None)) {
        "in_progress"
    } else if let Some(latest) = dated.iter().max() {
        earliest_claim = Some(*latest);
        "waiting"
    } else if attendance.verdict == NotMet {
        earliest_claim = attendance.retest;
        "low_attendance"
    } else if attendance.verdict == Unknown || evidence == Unknown || evidence == NotMet {
        "review"
    } else {
        "claimable"
    };
    let earliest_possible = match status {
        "claimable" | "review" => Some(d),
        "waiting" | "low_attendance" => earliest_claim,
        "in_progress" => dated.iter().copied().chain([add_months(d, world.p.sustainment_months)]).max(),
        _ => None,
    };

    let sources: BTreeSet<&str> = period.cases.iter().map(|case| case.source.as_str()).collect();
    let case_ids: BTreeSet<&str> = period.cases.iter().map(|case| case.case_id.as_str()).collect();
    let kind = match (&world.claims, last) {
        (None, _) => "",
        (Some(_), None) => "first",
        (Some(_), Some(_)) => "reclaim",
    };
    let mut columns = BTreeMap::new();
    let mut put = |column: &str, value: String| columns.insert(column.to_string(), value);
    put("case_id", period.case_id.clone());
    put("case_ids", joined(case_ids));
    put("family_id", period.family_id.clone());
    put("source", joined(sources));
    put("kind", kind.to_string());
    put("criteria_count", count.to_string());
    put("headlines", joined(headlines));
    put("progress_on", show_or_blank(progress_on));
    put("sustained_on", if sustainment == Met { show_or_blank(due) } else { String::new() });
    put("last_success_on", show_or_blank(last));
    put("eligibility", word(eligibility).to_string());
    put("family", word(family).to_string());
    put("progress", word(progress).to_string());
    put("sustainment", word(sustainment).to_string());
    put("attendance", word(attendance.verdict).to_string());
    put("reclaim", word(reclaim).to_string());
    put("timeliness", word(timeliness).to_string());
    put("evidence", word(evidence).to_string());
    put("by_agreement", joined(by_agreement));

    for person_id in &attendance.not_looked_at {
        not_looked_at.insert(vec![period.case_id.clone(), period.family_id.clone(), person_id.clone()]);
    }
    for child in &attendance.children {
        for (own, verdict) in &child.terms {
            let term = &world.terms[own.term];
            let (possible, attended, percent) = match own.least {
                Some(figure) => (figure.0.to_string(), figure.1.to_string(), attendance::percent(figure)),
                None => (String::new(), String::new(), String::new()),
            };
            children.insert(vec![
                period.case_id.clone(),
                period.family_id.clone(),
                child.person_id.clone(),
                term.year.clone(),
                term.name.clone(),
                possible,
                attended,
                percent,
                word(*verdict).to_string(),
            ]);
        }
    }
    Decision { period: period.clone(), status, progress_on, earliest_claim, earliest_possible, columns }
}

/// "Then: of several claimable periods of one family the one with the earliest progress_on stays ..., the others become
/// waiting until the day after D + reclaim years. Then: families linked to each other with a claimable period each:
/// those become review."
fn one_claim_a_family(world: &World, decisions: &mut [Decision]) {
    let later = add_days(add_years(world.d, world.p.reclaim_years), 1);
    let mut waiting = Vec::new();
    for (i, mine) in decisions.iter().enumerate() {
        let better = decisions.iter().any(|other| {
            other.status == "claimable"
                && other.period.family_id == mine.period.family_id
                && (other.progress_on, &other.period.case_id) < (mine.progress_on, &mine.period.case_id)
        });
        if mine.status == "claimable" && better {
            waiting.push(i);
        }
    }
    for i in waiting {
        decisions[i].status = "waiting";
        decisions[i].earliest_claim = Some(later);
        decisions[i].earliest_possible = Some(later);
    }
    let mut review = Vec::new();
    for (i, mine) in decisions.iter().enumerate() {
        let both = decisions
            .iter()
            .any(|other| other.status == "claimable" && linked(world, &mine.period.family_id, &other.period.family_id));
        if mine.status == "claimable" && both {
            review.push(i);
        }
    }
    for i in review {
        decisions[i].status = "review";
        decisions[i].earliest_possible = Some(world.d);
    }
}

/// The rows of decisions.csv by `case_id`, those of children.csv, and those of children_not_looked_at.csv.
pub type Rows = (BTreeMap<String, BTreeMap<String, String>>, BTreeSet<Vec<String>>, BTreeSet<Vec<String>>);

/// All periods.
pub fn decide(world: &World, window: &Window) -> Rows {
    let all = periods(world);
    let (mut children, mut not_looked_at) = (BTreeSet::new(), BTreeSet::new());
    let mut decisions: Vec<Decision> = all
        .iter()
        .map(|period| decide_period(world, period, &all, window, &mut children, &mut not_looked_at))
        .collect();
    one_claim_a_family(world, &mut decisions);
    let mut out = BTreeMap::new();
    for mut decision in decisions {
        decision.columns.insert("status".to_string(), decision.status.to_string());
        decision.columns.insert("earliest_claim_on".to_string(), show_or_blank(decision.earliest_claim));
        decision.columns.insert("earliest_possible_on".to_string(), show_or_blank(decision.earliest_possible));
        out.insert(decision.period.case_id.clone(), decision.columns);
    }
    (out, children, not_looked_at)
}
