//! What the running term still allows a child, and how attendance changed between the start of support and its end:
//! for the officer's conversation with a school. Nothing here decides a claim.

use super::{ByPerson, TermRecords, of_term, settle_terms};
use crate::dates::{Span, day_after, school_age};
use crate::ids::{CaseId, FamilyId, PersonId};
use crate::link::{Family, Linked, Period};
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::rules::parameters::Boundary;
use crate::share::Sessions;
use crate::validate::registers::Registers;
use crate::validate::rows::PersonRow;
use crate::words::worded;

/// How many completed terms are shown beside the running one: those of the rule and the one before, for the trend.
const TERMS_BEFORE: usize = 1;

/// A child's attendance in one term.
#[derive(Clone, Debug)]
pub struct TermShare {
    /// The term.
    pub term: TermIndex,
    /// The least favourable figures; `None` where nothing usable is on record.
    pub sessions: Option<Sessions>,
    /// Whether enough of the term is on record to be judged, and nothing stands against it.
    pub judged: bool,
}

worded! {
    /// Where attendance goes from one term to the next.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Trend {
        /// A higher share in the later term.
        Up = "up",
        /// The same share.
        Level = "level",
        /// A lower share.
        Down = "down",
    }
}

/// What is still possible in the running term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// At most so many more sessions can be missed.
    CanMiss(i64),
    /// The threshold cannot be reached any more.
    OutOfReach,
    /// No dated marks of the running term are held. Termly totals cannot be cut at a day.
    NoMarks,
    /// No term is running.
    NoTerm,
}

/// A child of an open period.
#[derive(Clone, Debug)]
pub struct ChildOutlook {
    /// The case that names the period.
    pub case_id: CaseId,
    /// The family.
    pub family_id: FamilyId,
    /// The child.
    pub person_id: PersonId,
    /// The latest completed terms at whose start the child was of school age, earliest first.
    pub terms: Vec<TermShare>,
    /// From the last but one to the last of them.
    pub trend: Option<Trend>,
    /// The running term.
    pub running: Option<TermIndex>,
    /// The sessions of the running term so far, least favourably.
    pub so_far: Option<Sessions>,
    /// Whether those are of totals, which do not say up to which day they are, and not of dated marks.
    pub by_totals: bool,
    /// Half-days of the weekdays from the day after the as-at date to the end of the term; by totals those that the totals
    /// leave of the whole term.
    pub half_days_left: i64,
    /// What that allows.
    pub outlook: Outlook,
}

/// A child below the threshold when support began, and how it was when support ended.
#[derive(Clone, Debug)]
pub struct Improvement {
    /// The case that names the period.
    pub case_id: CaseId,
    /// The family.
    pub family_id: FamilyId,
    /// The child.
    pub person_id: PersonId,
    /// The last term completed when the period opened.
    pub at_start: TermShare,
    /// The last term completed when the period closed, or by the as-at date while it is open.
    pub at_end: TermShare,
    /// Whether the period has closed.
    pub closed: bool,
    /// From the start to the end; `None` where either cannot be told, or no term was completed since.
    pub trend: Option<Trend>,
}

/// Both lists, by case and child.
#[derive(Clone, Debug, Default)]
pub struct Outlooks {
    /// The children of open periods.
    pub children: Vec<ChildOutlook>,
    /// The children who were below the threshold at the start.
    pub improvements: Vec<Improvement>,
}

/// Works out both lists as at the date of `linked`.
pub fn outlooks(linked: &Linked, registers: Option<&Registers>, rules: &Rules) -> Outlooks {
    let as_at = linked.as_at;
    let calendar = &rules.calendar;
    let running = calendar.at(as_at).filter(|term| calendar.term(*term).span.to > as_at);
    let held: Vec<TermIndex> = registers
        .map(|registers| {
            registers.terms_held.iter().copied().filter(|term| calendar.term(*term).span.to <= as_at).collect()
        })
        .unwrap_or_default();
    let terms: Vec<TermIndex> = held.iter().copied().chain(running).collect();
    let records = Records { all: settle_terms(linked, registers, rules, &terms), rules };

    let mut found = Outlooks::default();
    for period in &linked.periods {
        let family = &linked.families[period.family];
        for child in family.members(as_at) {
            let Some(born) = child.date_of_birth else { continue };
            if period.is_open() && school_age(born).covers(as_at) {
                found.children.push(child_outlook(linked, family, period, child, &records, running));
            }
            found.improvements.extend(improvement(linked, family, period, child, &records));
        }
    }
    found.children.sort_by(|a, b| (&a.case_id, &a.person_id).cmp(&(&b.case_id, &b.person_id)));
    found.improvements.sort_by(|a, b| (&a.case_id, &a.person_id).cmp(&(&b.case_id, &b.person_id)));
    found
}

struct Records<'a> {
    all: ByPerson,
    rules: &'a Rules,
}

impl Records<'_> {
    fn of(&self, child: &PersonRow, term: TermIndex) -> Option<&TermRecords> {
        of_term(&self.all, &child.person_id, term)
    }

    fn share(&self, child: &PersonRow, term: TermIndex) -> TermShare {
        let records = self.of(child, term);
        let sessions = records.and_then(|records| records.settled).map(|settled| settled.least);
        let half_days = 2 * self.rules.calendar.term(term).span.weekdays();
        let judged = records.zip(sessions).is_some_and(|(records, sessions)| {
            let covered = Sessions { possible: half_days, attended: records.recorded };
            let parameters = &self.rules.parameters;
            records.trouble.is_none()
                && sessions.plausible()
                && covered.reaches(parameters.minimum_coverage)
                && !parameters.is_too_much(records.recorded, half_days)
        });
        TermShare { term, sessions, judged }
    }
}

fn child_outlook(
    linked: &Linked,
    family: &Family,
    period: &Period,
    child: &PersonRow,
    records: &Records<'_>,
    running: Option<TermIndex>,
) -> ChildOutlook {
    let rules = records.rules;
    let calendar = &rules.calendar;
    let latest = calendar.latest_completed(linked.as_at, rules.parameters.terms + TERMS_BEFORE);
    let was_of_age = |term: &TermIndex| {
        child.date_of_birth.is_some_and(|born| school_age(born).covers(calendar.term(*term).span.from))
    };
    let terms: Vec<TermShare> = latest.filter(was_of_age).map(|term| records.share(child, term)).collect();
    let trend = match terms.as_slice() {
        [.., before, last] => trend(before, last),
        _ => None,
    };
    let known = running.and_then(|term| records.of(child, term));
    let marks = known.filter(|records| records.from_marks_alone);
    // Totals of a running term say nothing of their last day: what they leave of the term is still to come.
    let totals = known.filter(|records| !records.from_marks && records.trouble.is_none());
    let of = |records: Option<&TermRecords>| records.and_then(|records| records.settled).map(|settled| settled.least);
    let by_totals = of(marks).is_none();
    // More than there were half-days by now is of the whole term, or of a later day.
    let by_now =
        running.map_or(0, |term| 2 * Span { from: calendar.term(term).span.from, to: linked.as_at }.weekdays());
    let can_be_of_now = |sessions: &Sessions| sessions.plausible() && sessions.possible <= by_now;
    let so_far = of(marks).or_else(|| of(totals).filter(can_be_of_now));
    let half_days_left = running.map_or(0, |term| {
        let whole = calendar.term(term).span;
        match so_far.filter(|_| by_totals) {
            Some(so_far) => (2 * whole.weekdays() - so_far.possible).max(0),
            None => 2 * Span { from: day_after(linked.as_at), to: whole.to }.weekdays(),
        }
    });
    let outlook = match (running, so_far) {
        (None, _) => Outlook::NoTerm,
        (Some(_), None) => Outlook::NoMarks,
        (Some(_), Some(so_far)) => {
            let at_best = so_far.plus(Sessions { possible: half_days_left, attended: half_days_left });
            match at_best.to_spare(rules.parameters.threshold, rules.parameters.boundary == Boundary::Above) {
                Some(spare) => Outlook::CanMiss(spare.min(half_days_left)),
                None => Outlook::OutOfReach,
            }
        }
    };
    ChildOutlook {
        case_id: period.id().clone(),
        family_id: family.id.clone(),
        person_id: child.person_id.clone(),
        terms,
        trend,
        running,
        so_far,
        by_totals: by_totals && so_far.is_some(),
        half_days_left,
        outlook,
    }
}

/// The later share against the earlier one, exactly; `None` where either cannot be judged.
fn trend(before: &TermShare, after: &TermShare) -> Option<Trend> {
    let (before, after) = (before.sessions.filter(|_| before.judged)?, after.sessions.filter(|_| after.judged)?);
    let (one, other) = (before.attended * after.possible, after.attended * before.possible);
    Some(match one.cmp(&other) {
        std::cmp::Ordering::Less => Trend::Up,
        std::cmp::Ordering::Equal => Trend::Level,
        std::cmp::Ordering::Greater => Trend::Down,
    })
}

/// A child judged below the threshold in the last term before support began.
fn improvement(
    linked: &Linked,
    family: &Family,
    period: &Period,
    child: &PersonRow,
    records: &Records<'_>,
) -> Option<Improvement> {
    let calendar = &records.rules.calendar;
    let start = calendar.completed_terms(period.opened_on).next_back()?;
    let end = calendar.completed_terms(period.closed_on.unwrap_or(linked.as_at)).next_back()?;
    let at_start = records.share(child, start);
    let below = at_start.sessions.is_some_and(|sessions| !records.rules.parameters.is_enough(sessions));
    if !at_start.judged || !below {
        return None;
    }
    let at_end = records.share(child, end);
    Some(Improvement {
        case_id: period.id().clone(),
        family_id: family.id.clone(),
        person_id: child.person_id.clone(),
        trend: (start < end).then(|| trend(&at_start, &at_end)).flatten(),
        at_start,
        at_end,
        closed: period.closed_on.is_some(),
    })
}
