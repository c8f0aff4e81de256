//! The rules, one file each: facts to a verdict with its reasons. Each function reads beside the paragraph
//! of contract section 4 that it applies. Unknown is never met.

pub mod agreements;
pub mod attendance;
pub mod eligibility;
pub mod evidence;
pub mod facts;
pub mod family;
pub mod members;
pub mod open;
pub mod progress;
pub mod question;
pub mod reclaim;
pub mod ruling;
pub mod sustainment;
pub mod timeliness;

pub use facts::Facts;
pub use ruling::{Agreed, Fact, Ruling, Verdict};

use crate::dates::Date;
use crate::rules::name::RuleName;
use attendance::Child;

/// The parameters that a rule reads, for its explanation.
pub fn parameters_of(rule: RuleName) -> &'static [&'static str] {
    match rule {
        RuleName::Eligibility => &["eligibility.minimum_criteria", "eligibility.counting"],
        RuleName::Family => &["family.require_dependent", "family.expecting_weeks"],
        RuleName::Progress => &[],
        RuleName::Sustainment => {
            &["sustainment.months", "sustainment.clock", "sustainment.new_case_breaks", "sustainment.whole_months"]
        }
        RuleName::Attendance => &[
            "attendance.threshold_percent",
            "attendance.terms",
            "attendance.basis",
            "attendance.absence_counted",
            "attendance.children",
            "attendance.window",
            "attendance.boundary",
            "attendance.school_age",
            "attendance.percent_only",
            "attendance.minimum_coverage_percent",
            "attendance.maximum_coverage_percent",
        ],
        RuleName::Reclaim => &["reclaim.years", "reclaim.intervention_since"],
        RuleName::Timeliness => &["timeliness.support_since", "timeliness.months_after_closure"],
        RuleName::Evidence => &["evidence.required"],
    }
}

/// The rulings on one period, agreements included.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// One ruling a rule, in the order of [`RuleName::ALL`].
    pub rulings: Vec<Ruling>,
    /// The school-age children looked at, by id.
    pub children: Vec<Child>,
    /// How many criteria count, by the parameter.
    pub criteria_count: usize,
    /// The distinct headlines, sorted.
    pub headlines: Vec<u8>,
    /// The day of the last outcome, where progress is met.
    pub progress_on: Option<Date>,
    /// The day the months were full, where sustainment is met.
    pub sustained_on: Option<Date>,
    /// The day of the family's last success.
    pub last_success_on: Option<Date>,
    /// The day on which attendance that is not met is looked at again.
    pub retest_on: Option<Date>,
}

impl Evaluated {
    /// The ruling on a rule.
    pub fn ruling(&self, rule: RuleName) -> &Ruling {
        &self.rulings[rule as usize]
    }

    /// The verdict on a rule.
    pub fn verdict(&self, rule: RuleName) -> Verdict {
        self.ruling(rule).verdict
    }

    /// The rules whose verdict an agreement changed, sorted by name.
    pub fn by_agreement(&self) -> Vec<&'static str> {
        let mut rules: Vec<&'static str> =
            self.rulings.iter().filter(|ruling| ruling.agreed.is_some()).map(|ruling| ruling.rule.word()).collect();
        rules.sort_unstable();
        rules
    }
}

/// Applies every rule to one period. The needs that a verdict rests on are counted, not listed.
pub fn evaluate(facts: Facts<'_>) -> Evaluated {
    apply(facts, Wanted::Reasons)
}

/// The same with every fact that a verdict rests on, for explaining it.
pub fn evaluate_with_facts(facts: Facts<'_>) -> Evaluated {
    apply(facts, Wanted::Facts)
}

/// The same, save that attendance is passed over where it cannot change the status any more: it is the last rule to be
/// looked at, and the longest. For replaying many days, of which only statuses and their days are kept.
pub fn evaluate_for_status(facts: Facts<'_>) -> Evaluated {
    apply(facts, Wanted::Status)
}

/// What is wanted of a period.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Status,
    Reasons,
    Facts,
}

fn apply(facts: Facts<'_>, wanted: Wanted) -> Evaluated {
    let with_facts = wanted == Wanted::Facts;
    let (eligibility, criteria_count, headlines) = eligibility::ruling(facts, with_facts);
    let family = family::ruling(facts);
    let (progress, progress_on) = progress::ruling(facts, with_facts);
    let (sustainment, sustained_on) = sustainment::ruling(facts, progress_on);
    let (reclaim, last_success_on) = reclaim::ruling(facts);
    let agreed = |ruling| agreements::on_the_verdict(facts, ruling, &[Verdict::Unknown]);
    let (family, reclaim) = (agreed(family), agreed(reclaim));
    let timeliness = agreed(timeliness::ruling(facts));
    let decided_without = [&eligibility, &family, &progress, &sustainment, &reclaim, &timeliness]
        .into_iter()
        .any(|ruling| !matches!(ruling.verdict, Verdict::Met | Verdict::NotApplicable));
    let attendance = if wanted == Wanted::Status && decided_without {
        attendance::AttendanceRuling::passed_over()
    } else {
        attendance::ruling(facts)
    };
    let evidence = agreed(evidence::ruling(facts));
    let mut rulings: [Ruling; RuleName::ALL.len()] =
        [eligibility, family, progress, sustainment, attendance.ruling, reclaim, timeliness, evidence];
    for ruling in &mut rulings {
        agreements::not_readable(facts, ruling);
    }
    let is_met = |rule: RuleName| rulings[rule as usize].verdict == Verdict::Met;
    let is_low = rulings[RuleName::Attendance as usize].verdict == Verdict::NotMet;
    Evaluated {
        sustained_on: sustained_on.filter(|_| is_met(RuleName::Sustainment)),
        retest_on: attendance.retest_on.filter(|_| is_low),
        children: attendance.children,
        criteria_count,
        headlines,
        progress_on,
        last_success_on,
        rulings: rulings.into(),
    }
}
