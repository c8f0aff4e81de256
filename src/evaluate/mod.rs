//! The rules, one file each: facts to a verdict with its reasons. Each function reads beside the paragraph
//! of contract section 4 that it applies. Unknown is never met.

pub mod agreements;
pub mod attendance;
pub mod eligibility;
pub mod evidence;
pub mod family;
pub mod members;
pub mod open;
pub mod progress;
pub mod reclaim;
pub mod sustainment;
pub mod timeliness;

use crate::attend::Attended;
use crate::dates::Date;
use crate::link::other_ids::Doubtful;
use crate::link::{Family, Linked, Period};
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::name::RuleName;
use crate::rules::parameters::Parameters;
use attendance::Child;

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The rule is met.
    Met,
    /// It is not, and time alone will not change that.
    NotMet,
    /// It is not met yet; with the day on which it will be, where that is known.
    NotYet(Option<Date>),
    /// What is recorded does not tell.
    Unknown,
    /// There is nothing to judge.
    NotApplicable,
}

impl Verdict {
    /// The word that files carry.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not_met",
            Verdict::NotYet(_) => "not_yet",
            Verdict::Unknown => "unknown",
            Verdict::NotApplicable => "not_applicable",
        }
    }

    /// Whether nothing of this rule stands in the way: it is met, or there is nothing to judge.
    pub fn lets_through(self) -> bool {
        matches!(self, Verdict::Met | Verdict::NotApplicable)
    }

    /// The same for a sentence.
    pub fn said(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not met",
            Verdict::NotYet(_) => "not met yet",
            Verdict::Unknown => "unknown",
            Verdict::NotApplicable => "not applicable",
        }
    }
}

/// A recorded fact that a verdict rests on.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The fact, in words.
    pub text: String,
    /// Where it stands.
    pub place: Option<Place>,
}

impl Fact {
    /// A fact that stands in a row.
    pub fn at(text: impl Into<String>, place: &Place) -> Fact {
        Fact { text: text.into(), place: Some(place.clone()) }
    }

    /// A fact that stands in no single row.
    pub fn plain(text: impl Into<String>) -> Fact {
        Fact { text: text.into(), place: None }
    }
}

/// The agreement that changed a verdict.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The verdict without it.
    pub instead_of: Verdict,
    /// Who agreed, when and why.
    pub fact: Fact,
}

/// The verdict of one rule on one period, and why.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The rule.
    pub rule: RuleName,
    /// What it says.
    pub verdict: Verdict,
    /// The kind of reason, the same words for all families that share it, for counting.
    pub kind: &'static str,
    /// The reason, with the sum done, in a sentence without names and places.
    pub because: String,
    /// What it rests on. A run over all periods leaves them out; explaining one has them.
    pub facts: Vec<Fact>,
    /// What would settle an `unknown`: which record, from whom, or which agreement. Or what must still come.
    pub settles: Option<String>,
    /// Whether the verdict is `unknown` because of rows that could not be read: those are to be mended, not agreed on.
    pub to_mend: bool,
    /// The agreement that changed the verdict, if one did.
    pub agreed: Option<Agreed>,
}

/// How many quarantined rows are named in a sentence; the rest is counted.
const PLACES_NAMED: usize = 3;

impl Ruling {
    /// A ruling; facts and what would settle it are added after.
    pub fn new(rule: RuleName, verdict: Verdict, kind: &'static str, because: impl Into<String>) -> Ruling {
        Ruling {
            rule,
            verdict,
            kind,
            because: because.into(),
            facts: Vec::new(),
            settles: None,
            to_mend: false,
            agreed: None,
        }
    }

    /// With these facts.
    pub fn with(mut self, facts: impl IntoIterator<Item = Fact>) -> Ruling {
        self.facts.extend(facts);
        self
    }

    /// With what would settle it.
    pub fn settled_by(mut self, what: impl Into<String>) -> Ruling {
        self.settles = Some(what.into());
        self
    }

    /// Turns the verdict into `unknown` because rows under other ids may bear on it.
    pub fn under_other_ids(mut self, kind: &'static str, what: &str, rows: &[&Doubtful]) -> Ruling {
        let named: Vec<&&Doubtful> = rows.iter().filter(|row| !row.hidden).collect();
        let said = |row: &Doubtful| {
            let how = if row.is_former { "a former id of the family" } else { "nearly alike to an id of this case" };
            format!("{} gives the id {}, which is {how}", row.place, row.id)
        };
        let (are, them) = if rows.len() == 1 { ("a row", "it") } else { ("rows", "them") };
        self.because = format!(
            "{are} of {what} under another id may be of this family, so this cannot be told; without {them}: {}",
            self.because
        );
        self.verdict = Verdict::Unknown;
        self.kind = kind;
        self.agreed = None;
        let facts = named.iter().map(|row| Fact::at(said(row), &row.place));
        self.facts.extend(facts);
        if named.len() < rows.len() {
            self.facts.push(Fact::plain(format!("a row of {what} that is restricted and not named")));
        }
        self.settles = Some(match named.first() {
            Some(first) => format!(
                "{}: write the id in the same way in every table, or an agreement on {} by someone who knows that they are two",
                said(first),
                self.rule
            ),
            None => format!("an agreement on {} by someone who may see restricted rows", self.rule),
        });
        self
    }

    /// Turns the verdict into `unknown` because rows that bear on it could not be read.
    pub fn unreadable(mut self, kind: &'static str, what: &str, places: &[Place]) -> Ruling {
        let (rows, bare, them) = if places.len() == 1 { ("a row", "row", "it") } else { ("rows", "rows", "them") };
        let mut named: Vec<&Place> = places.iter().collect();
        named.sort();
        named.dedup();
        let mut said: Vec<String> = named.iter().take(PLACES_NAMED).map(ToString::to_string).collect();
        if named.len() > PLACES_NAMED {
            said.push(format!("and {} more", named.len() - PLACES_NAMED));
        }
        self.because =
            format!("{rows} of {what} could not be read, so this cannot be told; without {them}: {}", self.because);
        self.verdict = Verdict::Unknown;
        self.kind = kind;
        self.agreed = None;
        self.facts.extend(places.iter().map(|place| Fact::at(format!("quarantined row of {what}"), place)));
        self.settles = Some(format!(
            "mend the quarantined {bare} of the {what} table ({}; see quarantine.csv) and run again",
            said.join(", ")
        ));
        self.to_mend = true;
        self
    }
}

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
            "attendance.minimum_coverage_percent",
            "attendance.maximum_coverage_percent",
        ],
        RuleName::Reclaim => &["reclaim.years", "reclaim.intervention_since"],
        RuleName::Timeliness => &["timeliness.support_since", "timeliness.months_after_closure"],
        RuleName::Evidence => &["evidence.required"],
    }
}

/// Everything that a rule may look at.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The period judged.
    pub period: &'a Period,
    /// Its family.
    pub family: &'a Family,
    /// Everybody else, for linked families.
    pub linked: &'a Linked,
    /// Attendance by child and term.
    pub attended: &'a Attended,
    /// The rules.
    pub rules: &'a Rules,
}

impl<'a> Facts<'a> {
    /// The as-at date.
    pub fn as_at(&self) -> Date {
        self.linked.as_at
    }

    /// The parameters.
    pub fn parameters(&self) -> &'a Parameters {
        &self.rules.parameters
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

/// Applies every rule to one period.
pub fn evaluate(facts: Facts<'_>) -> Evaluated {
    apply(facts, false)
}

/// The same, save that attendance is passed over where it cannot change the status any more: it is the last rule to be
/// looked at, and the longest. For replaying many days, of which only statuses and their days are kept.
pub fn evaluate_for_status(facts: Facts<'_>) -> Evaluated {
    apply(facts, true)
}

fn apply(facts: Facts<'_>, for_status: bool) -> Evaluated {
    let (eligibility, criteria_count, headlines) = eligibility::ruling(facts);
    let family = family::ruling(facts);
    let (progress, progress_on) = progress::ruling(facts);
    let (sustainment, sustained_on) = sustainment::ruling(facts, progress_on);
    let (reclaim, last_success_on) = reclaim::ruling(facts);
    let agreed = |ruling| agreements::on_the_verdict(facts, ruling, &[Verdict::Unknown]);
    let (family, reclaim) = (agreed(family), agreed(reclaim));
    let timeliness = agreed(timeliness::ruling(facts));
    let decided_without = [&eligibility, &family, &progress, &sustainment, &reclaim, &timeliness]
        .into_iter()
        .any(|ruling| !matches!(ruling.verdict, Verdict::Met | Verdict::NotApplicable));
    let attendance = if for_status && decided_without {
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
