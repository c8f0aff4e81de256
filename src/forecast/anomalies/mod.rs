//! What an assurance team would ask about: numbers of claims that lie outside what chance explains, claims soon after
//! closing, many claims on one day, long gaps, and results low against the target for years. It states facts; none of them
//! says that anything is wrong. Where each begins is data (`rules/assurance.toml`).
//!
//! - [`limits`] control limits in whole numbers.
//! - `noticed`: single claims, days and years.

pub mod limits;
mod noticed;

use crate::dates::{Date, Span};
use crate::ids::{CaseId, ClaimId, FamilyId};
use crate::link::Period;
use crate::rules::targets::{YearStart, financial_year, parts_of_year};
use crate::run::Outcome;
use crate::share::Ratio;
use crate::validate::rows::{Case, Claim, ClaimOutcome};
use crate::words::worded;
use limits::{Lies, Limits};
use std::collections::{BTreeMap, BTreeSet};

/// Whose claims are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// The authority's.
    Authority,
    /// Those that name a case of the team.
    Team(String),
    /// Those that name a case of the practitioner.
    Practitioner(String),
}

worded! {
    /// What a number is held against.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Against {
        /// The claims a quarter of the quarters before.
        OwnHistory = "own_history",
        /// The authority's claims for each open case in the quarters before.
        AuthorityRate = "authority_rate",
    }
}

/// The claims of one quarter, held against limits.
#[derive(Clone, Debug)]
pub struct Point {
    /// Whose claims.
    pub of: Of,
    /// What they are held against.
    pub against: Against,
    /// The quarter, `2024/25 Q2`.
    pub quarter: String,
    /// Claims submitted in it, whatever became of them.
    pub claims: usize,
    /// Those of them that are approved or wait for a decision, as the position of the year counts them.
    pub standing: usize,
    /// Open cases in it, where the authority's rate is what it is held against.
    pub open_cases: Option<usize>,
    /// Quarters of history.
    pub history: usize,
    /// The limits.
    pub limits: Limits,
    /// Where the number lies.
    pub lies: Lies,
    /// Whether so few are expected that chance alone moves the number far.
    pub small: bool,
}

/// Something noticed about single claims, days or years.
#[derive(Clone, Debug)]
pub struct Noticed {
    /// Which question it answers: `soon_after_closing`, `many_on_one_day`, `long_gap` or `low_against_target`.
    pub check: &'static str,
    /// What is the case, in a sentence.
    pub says: String,
    /// Claims concerned, where they are listed.
    pub claims: usize,
}

/// A question that found nothing, or could not be asked.
#[derive(Clone, Debug)]
pub struct Clear {
    /// As of [`Noticed`].
    pub check: &'static str,
    /// What was looked for and not found, or why it was not looked for, in a sentence.
    pub says: String,
    /// Whether it was looked for.
    pub looked: bool,
}

/// A claim that one of the questions is about.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct ClaimAsked {
    pub check: &'static str,
    pub claim_id: ClaimId,
    pub family_id: FamilyId,
    pub case_id: Option<CaseId>,
    pub submitted_on: Date,
    pub closed_on: Option<Date>,
    pub team: Option<String>,
    pub lead_practitioner: Option<String>,
}

/// Everything that would be asked about.
#[derive(Clone, Debug)]
pub struct Anomalies {
    /// The quarters looked at, latest last.
    pub quarters: Vec<String>,
    /// The charts' points: the authority, teams, practitioners.
    pub points: Vec<Point>,
    /// The quarters in which teams and practitioners are not compared, since the claims of too few quarters name cases.
    pub not_compared: Vec<String>,
    /// What else was noticed.
    pub noticed: Vec<Noticed>,
    /// The questions that found nothing, or could not be asked.
    pub clear: Vec<Clear>,
    /// The claims that it is about, by question, day and id.
    pub claims: Vec<ClaimAsked>,
    /// The practitioners that there are numbers of, by name: what they are told apart by where names are not shown.
    pub practitioners: Vec<String>,
    /// Claims of the quarters looked at, and how many of them name no case of the data, so that they are nobody's.
    pub claims_looked_at: (usize, usize),
    /// Whether there are too few quarters of claims for limits.
    pub too_little_history: bool,
}

/// A completed quarter.
struct Quarter {
    name: String,
    days: Span,
}

/// The completed quarters by `as_at`, from the one of the first day on, earliest first.
fn completed_quarters(first: Date, as_at: Date, starts: YearStart) -> Vec<Quarter> {
    let mut quarters = Vec::new();
    let mut day = first;
    while day <= as_at {
        let (year, days) = financial_year(day, starts);
        for (place, part) in parts_of_year(days, 3).into_iter().enumerate() {
            if part.to >= first && part.to <= as_at {
                quarters.push(Quarter { name: format!("{year} Q{}", place + 1), days: part });
            }
        }
        let next = crate::dates::day_after(days.to);
        if next <= day {
            break;
        }
        day = next;
    }
    quarters
}

/// Looks at the claims.
pub fn anomalies(outcome: &Outcome<'_>) -> Anomalies {
    let as_at = outcome.prepared.as_at;
    let asks = &outcome.rules.pack.assurance;
    let mut claims: Vec<&Claim> = outcome.linked.families.iter().flat_map(|family| &family.claims).collect();
    claims.sort_by(|a, b| (a.submitted_on, &a.claim_id).cmp(&(b.submitted_on, &b.claim_id)));
    let quarters = claims
        .first()
        .map_or(Vec::new(), |first| completed_quarters(first.submitted_on, as_at, outcome.prepared.year_starts));
    let linked = &outcome.linked;
    let hidden = linked.families.iter().flat_map(|family| {
        let hides = |claim: &&Claim| claim.case_id.as_ref().is_some_and(|case| linked.must_not_name_case(family, case));
        family.claims.iter().filter(hides).map(|claim| &claim.claim_id)
    });
    let look = Look { outcome, claims, cases: cases_by_id(outcome), hidden: hidden.collect(), quarters };
    let looked_at = asks.value("control.looked_at").min(look.quarters.len());
    let first = look.quarters.len() - looked_at;
    let window = look.quarters.get(first).map(|quarter| Span { from: quarter.days.from, to: as_at });
    let (points, not_compared) = look.points(first);
    let mut found = Found::default();
    match window {
        Some(window) => {
            look.soon_after_closing(window, &mut found);
            look.many_on_one_day(first, &mut found);
            let history = first.saturating_sub(asks.value("control.quarters"));
            let since = look.quarters.get(history).map_or(window.from, |quarter| quarter.days.from);
            look.long_gaps(since, &mut found);
        }
        None => {
            for check in ["soon_after_closing", "many_on_one_day", "long_gap"] {
                found.not_asked(check, "there is no completed quarter with claims before it or in it.");
            }
        }
    }
    look.low_against_target(&mut found);
    let Found { noticed, clear, claims: mut asked } = found;
    asked.sort_by(|a, b| (a.check, a.submitted_on, &a.claim_id).cmp(&(b.check, b.submitted_on, &b.claim_id)));
    let in_window: Vec<&&Claim> =
        look.claims.iter().filter(|claim| window.is_some_and(|window| window.covers(claim.submitted_on))).collect();
    let nobodys = in_window.iter().filter(|claim| look.case_of(claim).is_none()).count();
    let practitioners: BTreeSet<&String> = points
        .iter()
        .filter_map(|point| match &point.of {
            Of::Practitioner(name) => Some(name),
            _ => None,
        })
        .collect();
    Anomalies {
        practitioners: practitioners.into_iter().cloned().collect(),
        clear,
        not_compared,
        quarters: look.quarters[first..].iter().map(|quarter| quarter.name.clone()).collect(),
        too_little_history: look.quarters.len() <= asks.value("control.fewest_quarters"),
        claims_looked_at: (in_window.len(), nobodys),
        points,
        noticed,
        claims: asked,
    }
}

/// Whether a claim is approved or waits for a decision.
fn stands(claim: &Claim) -> bool {
    matches!(claim.outcome, ClaimOutcome::Approved | ClaimOutcome::Submitted)
}

fn cases_by_id<'a>(outcome: &'a Outcome<'_>) -> BTreeMap<&'a str, &'a Case> {
    let cases = outcome.linked.periods.iter().flat_map(|period: &Period| &period.cases);
    cases.map(|case| (case.case_id.as_str(), case)).collect()
}

/// What the questions find.
#[derive(Default)]
struct Found {
    noticed: Vec<Noticed>,
    clear: Vec<Clear>,
    claims: Vec<ClaimAsked>,
}

impl Found {
    fn nothing(&mut self, check: &'static str, says: String) {
        self.clear.push(Clear { check, says, looked: true });
    }

    fn not_asked(&mut self, check: &'static str, why: &str) {
        self.clear.push(Clear { check, says: format!("not looked at: {why}"), looked: false });
    }
}

/// The numbers of a quarter.
#[derive(Clone, Copy, Default)]
struct Counts {
    claims: usize,
    /// Claims approved or waiting for a decision.
    standing: usize,
    open_cases: usize,
}

struct Look<'a> {
    outcome: &'a Outcome<'a>,
    claims: Vec<&'a Claim>,
    cases: BTreeMap<&'a str, &'a Case>,
    /// Claims that name a case of a family behind a restricted link: that case is not theirs to show.
    hidden: BTreeSet<&'a ClaimId>,
    quarters: Vec<Quarter>,
}

impl Look<'_> {
    fn asks(&self, key: &str) -> usize {
        self.outcome.rules.pack.assurance.value(key)
    }

    fn case_of(&self, claim: &Claim) -> Option<&Case> {
        claim
            .case_id
            .as_ref()
            .filter(|_| !self.hidden.contains(&claim.claim_id))
            .and_then(|case| self.cases.get(case.as_str()))
            .copied()
    }

    /// Each group's claims and open cases by quarter.
    fn counts(&self) -> BTreeMap<Of, Vec<Counts>> {
        let none = || vec![Counts::default(); self.quarters.len()];
        let quarter_of = |day: Date| self.quarters.iter().position(|quarter| quarter.days.covers(day));
        let groups = |case: &Case| {
            let team = case.team.clone().map(Of::Team);
            team.into_iter().chain(case.lead_practitioner.clone().map(Of::Practitioner)).collect::<Vec<Of>>()
        };
        let mut counts: BTreeMap<Of, Vec<Counts>> = BTreeMap::from([(Of::Authority, none())]);
        for claim in &self.claims {
            let Some(quarter) = quarter_of(claim.submitted_on) else { continue };
            let of_case = self.case_of(claim).map(groups).unwrap_or_default();
            for group in of_case.into_iter().chain([Of::Authority]) {
                let count = &mut counts.entry(group).or_insert_with(none)[quarter];
                count.claims += 1;
                count.standing += usize::from(stands(claim));
            }
        }
        for case in self.cases.values() {
            for (place, quarter) in self.quarters.iter().enumerate() {
                let open =
                    case.opened_on <= quarter.days.to && case.closed_on.is_none_or(|day| day >= quarter.days.from);
                if open {
                    for group in groups(case).into_iter().chain([Of::Authority]) {
                        counts.entry(group).or_insert_with(none)[place].open_cases += 1;
                    }
                }
            }
        }
        counts
    }

    /// The points of all charts for the quarters from `first` on, and the quarters in which teams are not compared.
    fn points(&self, first: usize) -> (Vec<Point>, Vec<String>) {
        let counts = self.counts();
        let none = || vec![Counts::default(); self.quarters.len()];
        let all = counts.get(&Of::Authority).cloned().unwrap_or_else(none);
        // The rate is of claims that name a case, since only those can be a team's.
        let mut named = vec![0usize; self.quarters.len()];
        for claim in self.claims.iter().filter(|claim| self.case_of(claim).is_some()) {
            if let Some(place) = self.quarters.iter().position(|quarter| quarter.days.covers(claim.submitted_on)) {
                named[place] += 1;
            }
        }
        let (least, fewest) = (self.asks("control.named_percent"), self.asks("control.fewest_quarters"));
        // Before claims named cases nothing was any team's: held against that, every team would claim more than usual.
        let is_named = |quarter: usize| named[quarter] * 100 >= least * all[quarter].claims;
        let deviations = self.asks("control.deviations");
        let (mut points, mut not_compared) = (Vec::new(), Vec::new());
        for quarter in first..self.quarters.len() {
            let history: Vec<usize> = (quarter.saturating_sub(self.asks("control.quarters"))..quarter).collect();
            if history.len() < fewest {
                continue;
            }
            let claims_of = |of: &[Counts], history: &[usize]| history.iter().map(|place| of[*place].claims).sum();
            let own: usize = claims_of(&all, &history);
            if own > 0 {
                let limits = Limits::of(own, history.len(), 1, deviations);
                let whole = (&Of::Authority, Against::OwnHistory);
                points.extend(self.point(whole, quarter, all[quarter], history.len(), limits));
            }
            let history: Vec<usize> = history.into_iter().filter(|place| is_named(*place)).collect();
            if history.len() < fewest || !is_named(quarter) {
                not_compared.push(self.quarters[quarter].name.clone());
                continue;
            }
            let in_history = |of: &[usize]| history.iter().map(|place| of[*place]).sum::<usize>();
            let open: Vec<usize> = all.iter().map(|count| count.open_cases).collect();
            let rate = (in_history(&named), in_history(&open));
            for (of, by_quarter) in counts.iter().filter(|(of, _)| **of != Of::Authority) {
                let now = by_quarter[quarter];
                let own: usize = claims_of(by_quarter, &history);
                // A team that did not work, or claimed nothing, in its history has none to be held against.
                let worked =
                    history.iter().map(|place| by_quarter[*place]).all(|count| count.claims + count.open_cases > 0);
                if own > 0 && worked {
                    let limits = Limits::of(own, history.len(), 1, deviations);
                    points.extend(self.point((of, Against::OwnHistory), quarter, now, history.len(), limits));
                }
                if now.open_cases > 0 {
                    let limits = Limits::of(rate.0, rate.1, now.open_cases, deviations);
                    points.extend(self.point((of, Against::AuthorityRate), quarter, now, history.len(), limits));
                }
            }
        }
        points.sort_by(|a, b| (&a.of, &a.quarter, a.against).cmp(&(&b.of, &b.quarter, b.against)));
        (points, not_compared)
    }

    fn point(
        &self,
        (of, against): (&Of, Against),
        quarter: usize,
        now: Counts,
        history: usize,
        limits: Option<Limits>,
    ) -> Option<Point> {
        let limits = limits?;
        Some(Point {
            of: of.clone(),
            against,
            quarter: self.quarters[quarter].name.clone(),
            claims: now.claims,
            standing: now.standing,
            open_cases: (against == Against::AuthorityRate).then_some(now.open_cases),
            history,
            limits,
            lies: limits.place(now.claims),
            small: limits.expected < Ratio::whole(self.asks("small.expected")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_completed_ones_from_the_first_claim_on() {
        let day = crate::dates::date;
        let quarters = completed_quarters(day(2023, 8, 1), day(2024, 6, 29), YearStart::default());
        let names: Vec<&str> = quarters.iter().map(|quarter| quarter.name.as_str()).collect();
        assert_eq!(names, ["2023/24 Q2", "2023/24 Q3", "2023/24 Q4"]);
        let quarters = completed_quarters(day(2023, 8, 1), day(2024, 6, 30), YearStart::default());
        assert_eq!(quarters.last().unwrap().name, "2024/25 Q1");
    }
}
