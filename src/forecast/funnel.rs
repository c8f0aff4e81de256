//! The funnel: how far families come, from a first case to a claim, by source, team, ward or practitioner, and why they
//! are lost on the way.
//!
//! A family stands in every row that has a case of it. In a row only the needs of that row's cases count for the criteria
//! and for progress, so that the row shows what its own evidence carries. A family with several periods is counted by the
//! one that comes furthest. Each stage is a part of the one before. What was claimed had passed sustainment and attendance
//! by the terms of its day: it is not judged again by those of today, and stops as claimed.

use crate::decide::{Decision, Status};
use crate::evaluate::Verdict;
use crate::evaluate::progress::is_resolved;
use crate::indexed::Indexed;
use crate::link::{Family, FamilyIndex, Linked, PeriodIndex};
use crate::rules::name::RuleName;
use crate::rules::parameters::Counting;
use crate::run::Outcome;
use crate::share::Ratio;
use crate::validate::rows::{Case, Need};
use crate::words::worded;
use std::collections::{BTreeMap, BTreeSet};

/// The stages, in order.
pub const STAGES: [&str; 7] =
    ["families", "criteria_met", "progress", "sustained", "attendance", "not_claimed_before", "claimable"];

worded! {
    /// What rows are made by.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum By {
        /// The service that the case is from.
        Source = "source",
        /// The team.
        Team = "team",
        /// The ward.
        Ward = "ward",
        /// The practitioner.
        LeadPractitioner = "lead_practitioner",
    }
}

impl By {
    fn of(self, case: &Case) -> Option<&str> {
        match self {
            By::Source => Some(case.source.as_str()),
            By::Team => case.team.as_deref(),
            By::Ward => case.ward.as_deref(),
            By::LeadPractitioner => case.lead_practitioner.as_deref(),
        }
    }
}

/// A stage of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// Families that reach it.
    pub families: usize,
    /// Of those, the ones known from another source too: a case of the family itself, or of a family that shares a person
    /// with it. A restricted link does not count.
    pub known_elsewhere: usize,
}

/// A reason for which families were lost between a stage and the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The stage that they did not reach.
    pub stage: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// How many families.
    pub families: usize,
}

/// One row: a source, a team, or all.
#[derive(Clone, Debug)]
pub struct FunnelRow {
    /// Its name; blank for cases without one.
    pub name: String,
    /// The stages, in the order of [`STAGES`].
    pub stages: [Stage; 7],
    /// Why families were lost, by stage, most first.
    pub lost: Vec<Lost>,
    /// Families with a result on the needs of this row: a period of theirs was claimed or is claimable.
    pub results: usize,
    /// Those of them that no other source knows.
    pub results_only_here: usize,
}

impl FunnelRow {
    /// Those of the results that were claimed; the others are the claimable families.
    pub fn claimed(&self) -> usize {
        self.results - self.stages[6].families
    }

    /// The results known from here alone, of the families that meet the criteria; `None` where there are none.
    pub fn share_only_here(&self) -> Option<Ratio> {
        let eligible = self.stages[1].families;
        (eligible > 0).then(|| Ratio::of_counts(self.results_only_here, eligible))
    }

    /// The share of families with a result; `None` without families.
    pub fn share_of_results(&self) -> Option<Ratio> {
        let families = self.stages[0].families;
        (families > 0).then(|| Ratio::of_counts(self.results, families))
    }

    /// The share of a stage in the one before; `None` for the first, and where nobody reached the one before.
    pub fn rate(&self, stage: usize) -> Option<Ratio> {
        let before = self.stages.get(stage.checked_sub(1)?)?.families;
        (before > 0).then(|| Ratio::of_counts(self.stages[stage].families, before))
    }
}

/// The funnel.
#[derive(Clone, Debug)]
pub struct Funnel {
    /// What rows are made by.
    pub by: By,
    /// All families, each once.
    pub all: FunnelRow,
    /// A row each, by name.
    pub rows: Vec<FunnelRow>,
    /// A share of fewer families is a share of few.
    pub few: usize,
}

impl Funnel {
    /// With more rows than this only the furthest from the whole are told in sentences.
    const TOLD: usize = 6;

    /// The rows that are told in sentences: all where they are few. Else those with the greatest and with the least share
    /// of results, as many of each, of those that have families enough for a share and a name.
    pub fn told(&self) -> Vec<&FunnelRow> {
        if self.rows.len() <= Funnel::TOLD {
            return self.rows.iter().collect();
        }
        let enough = |row: &&FunnelRow| row.stages[0].families >= self.few && !row.name.is_empty();
        let mut by_share: Vec<&FunnelRow> = self.rows.iter().filter(enough).collect();
        // Equal shares stay in the order of names.
        by_share.sort_by_key(|row| std::cmp::Reverse(row.share_of_results()));
        let above = by_share.iter().filter(|row| row.share_of_results() > self.all.share_of_results());
        let mut told: Vec<&FunnelRow> = above.take(Funnel::TOLD / 2).copied().collect();
        let below = by_share.iter().rev().filter(|row| row.share_of_results() < self.all.share_of_results());
        let below: Vec<&FunnelRow> = below.take(Funnel::TOLD / 2).copied().collect();
        told.extend(below.into_iter().rev());
        told
    }
}

/// Counts the funnel.
pub fn funnel(outcome: &Outcome<'_>, by: By) -> Funnel {
    let look = Look { outcome, decision_of: outcome.decided().by_period() };
    let cases = outcome.linked.periods.iter().flat_map(|period| &period.cases);
    let names: BTreeSet<&str> = cases.map(|case| by.of(case).unwrap_or_default()).collect();
    let rows = names.iter().map(|name| look.row(name, &|case| by.of(case).unwrap_or_default() == *name));
    Funnel {
        by,
        all: look.row("all", &|_| true),
        rows: rows.collect(),
        few: outcome.rules.pack.assurance.value("small.families"),
    }
}

struct Look<'a> {
    outcome: &'a Outcome<'a>,
    decision_of: Indexed<PeriodIndex, &'a Decision>,
}

/// How far a family comes in a row.
struct Reached {
    /// The last stage reached.
    stage: usize,
    /// Why not the next; blank at the last.
    reason: &'static str,
    /// Whether a period was claimed or is claimable, on needs of the row.
    is_result: bool,
}

impl Look<'_> {
    fn row(&self, name: &str, in_row: &dyn Fn(&Case) -> bool) -> FunnelRow {
        let linked = &self.outcome.linked;
        let mut row = FunnelRow {
            name: name.to_owned(),
            stages: [Stage::default(); 7],
            lost: Vec::new(),
            results: 0,
            results_only_here: 0,
        };
        let mut lost: BTreeMap<(usize, &'static str), usize> = BTreeMap::new();
        for (index, family) in linked.families.numbered() {
            let Some(reached) = self.reached(family, in_row) else { continue };
            let elsewhere = known_elsewhere(linked, index, in_row);
            for stage in &mut row.stages[..=reached.stage] {
                stage.families += 1;
                stage.known_elsewhere += usize::from(elsewhere);
            }
            if reached.stage + 1 < STAGES.len() {
                *lost.entry((reached.stage + 1, reached.reason)).or_default() += 1;
            }
            row.results += usize::from(reached.is_result);
            row.results_only_here += usize::from(reached.is_result && !elsewhere);
        }
        row.lost = lost
            .into_iter()
            .map(|((stage, reason), families)| Lost { stage: STAGES[stage], reason, families })
            .collect();
        let place = |stage: &str| STAGES.iter().position(|known| *known == stage);
        row.lost.sort_by(|a, b| {
            (place(a.stage), usize::MAX - a.families, a.reason).cmp(&(
                place(b.stage),
                usize::MAX - b.families,
                b.reason,
            ))
        });
        row
    }

    /// By the period that comes furthest; of several one that was claimed, then the latest. `None` for a family without a case in the row.
    fn reached(&self, family: &Family, in_row: &dyn Fn(&Case) -> bool) -> Option<Reached> {
        let of = |period: &PeriodIndex| {
            let cases = &self.outcome.linked.periods[*period].cases;
            cases.iter().any(in_row).then(|| self.period_reaches(*period, in_row)).flatten()
        };
        let all: Vec<Reached> = family.periods.iter().filter_map(of).collect();
        let is_result = all.iter().any(|reached| reached.is_result);
        let furthest = all.into_iter().max_by_key(|reached| (reached.stage, reached.is_result))?;
        Some(Reached { is_result, ..furthest })
    }

    fn period_reaches(&self, index: PeriodIndex, in_row: &dyn Fn(&Case) -> bool) -> Option<Reached> {
        let period = &self.outcome.linked.periods[index];
        let decision = self.decision_of[index];
        let evaluated = &decision.evaluated;
        let own: BTreeSet<&str> =
            period.cases.iter().filter(|case| in_row(case)).map(|case| case.case_id.as_str()).collect();
        let needs: Vec<&Need> = period.needs.iter().filter(|need| own.contains(need.case_id.as_str())).collect();
        let parameters = &self.outcome.rules.parameters;
        let criteria = match parameters.counting {
            Counting::Headline => needs.iter().map(|need| need.criterion.headline).collect::<BTreeSet<_>>().len(),
            Counting::Need => needs.iter().map(|need| need.criterion.text.as_str()).collect::<BTreeSet<_>>().len(),
        };
        let kind = |rule: RuleName| evaluated.ruling(rule).kind;
        let through = |rule: RuleName| evaluated.verdict(rule).lets_through();
        let resolved = !needs.is_empty() && needs.iter().all(|need| is_resolved(need)) && period.held_needs.is_empty();
        let why_not_resolved =
            if through(RuleName::Progress) { "needs not resolved" } else { kind(RuleName::Progress) };
        let claimed = decision.status == Status::Claimed;
        let sustained = claimed || evaluated.verdict(RuleName::Sustainment) == Verdict::Met;
        // Needs of other cases of the period may still be in the way.
        let why_not_sustained =
            if through(RuleName::Sustainment) { kind(RuleName::Progress) } else { kind(RuleName::Sustainment) };
        let why_claimed = if claimed { "claimed already" } else { kind(RuleName::Reclaim) };
        let not_enough = if period.is_open() { "not enough criteria yet" } else { "not enough criteria" };
        let enough = criteria >= parameters.minimum_criteria;
        let steps = [
            (enough, not_enough),
            (resolved, why_not_resolved),
            (sustained, why_not_sustained),
            (claimed || through(RuleName::Attendance), kind(RuleName::Attendance)),
            (!claimed && through(RuleName::Reclaim), why_claimed),
            (decision.status == Status::Claimable, decision.reason_kind),
        ];
        let stage = steps.iter().take_while(|(reached, _)| *reached).count();
        Some(Reached {
            stage,
            reason: steps.get(stage).map_or("", |(_, reason)| reason),
            is_result: enough && resolved && (claimed || decision.status == Status::Claimable),
        })
    }
}

/// Whether a source that has no case of the family in the row knows it, or knows a family that shares a person with it.
fn known_elsewhere(linked: &Linked, family: FamilyIndex, in_row: &dyn Fn(&Case) -> bool) -> bool {
    let cases = |of: FamilyIndex| linked.families[of].periods.iter().flat_map(|period| &linked.periods[*period].cases);
    let here: BTreeSet<&str> = cases(family).filter(|case| in_row(case)).map(|case| case.source.as_str()).collect();
    // Of a large group a few are enough: a source more or less changes nothing once there is one beside the row's.
    const ENOUGH: usize = 20;
    let (visible, _) = linked.visible_links(&linked.families[family], ENOUGH);
    let visible = visible.into_iter().filter_map(|link| linked.index_of(link.family));
    let everywhere: BTreeSet<&str> =
        std::iter::once(family).chain(visible).flat_map(cases).map(|case| case.source.as_str()).collect();
    // Where the row has all cases of the family, another source is one beside its first.
    if cases(family).all(in_row) {
        everywhere.len() > 1
    } else {
        everywhere.iter().any(|source| !here.contains(source))
    }
}
