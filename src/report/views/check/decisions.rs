//! The tables `decisions` (a row a period), `children` (a row a school-age child and applicable term) and
//! `children_not_looked_at` (a row a member whom the rule on attendance did not look at).

use crate::decide::Decision;
use crate::evaluate::attendance::looked_at::NotLookedAt;
use crate::evaluate::attendance::{Child, ChildTerm};
use crate::ids::CaseId;
use crate::link::Period;
use crate::report::output::Kind::{Day, List, Percent, Text, Whole};
use crate::report::output::{Cell, Table};
use crate::report::views::review::asked::AskedAbout;
use crate::rules::name::RuleName;
use crate::run::Outcome;

/// A row of `decisions`.
pub struct DecisionRow<'a> {
    pub(in crate::report) outcome: &'a Outcome<'a>,
    pub(in crate::report) decision: &'a Decision,
    pub(in crate::report) period: &'a Period,
}

/// A row of `children`.
pub struct ChildRow<'a> {
    pub(in crate::report) outcome: &'a Outcome<'a>,
    pub(in crate::report) decision: &'a Decision,
    pub(in crate::report) child: &'a Child,
    pub(in crate::report) term: &'a ChildTerm,
}

/// A row of `children_not_looked_at`.
pub struct NotLookedAtRow<'a> {
    outcome: &'a Outcome<'a>,
    decision: &'a Decision,
    child: NotLookedAt,
}

/// The table `decisions`.
pub fn decisions<'a>() -> Table<DecisionRow<'a>> {
    let table =
        Table::<DecisionRow<'a>>::of("decisions", "A row a period of support, sorted by `case_id`. Lists are sorted.")
            .column("case_id", Text, |row| (&row.decision.case_id).into())
            .about("the case that names the period: its earliest")
            .column("case_ids", List(";"), |row| row.period.case_ids().into_iter().map(CaseId::as_str).collect())
            .about("all its cases")
            .column("family_id", Text, |row| (&row.decision.family_id).into())
            .about("the family")
            .column("source", List(";"), |row| row.period.sources().into_iter().collect())
            .about("the services of its cases")
            .column("team", Text, |row| AskedAbout::about(row.period).team.into())
            .about("the team of its latest case that names a practitioner")
            .in_data_alone()
            .column("lead_practitioner", Text, |row| AskedAbout::about(row.period).practitioner.into())
            .about("the practitioner whom its latest case names")
            .in_data_alone()
            .column("status", Text, |row| row.decision.status.word().into())
            .about("see [the statuses](how-a-claim-is-decided.md#5-the-statuses-and-what-to-do)")
            .column("kind", Text, |row| row.decision.kind.map(|kind| kind.word()).into())
            .about("`first` or `reclaim`: whether the family has had a success before. Blank without a claims table")
            .column("criteria_count", Whole, |row| row.decision.evaluated.criteria_count.into())
            .about("how many criteria count towards eligibility")
            .column("headlines", List(";"), |row| row.decision.evaluated.headlines.iter().map(u8::to_string).collect())
            .about("the different headline outcomes, such as `1;3;5`")
            .column("progress_on", Day, |row| row.decision.evaluated.progress_on.into())
            .about("the day of the last outcome, where progress is `met`")
            .column("sustained_on", Day, |row| row.decision.evaluated.sustained_on.into())
            .about("the day the months were full, where sustainment is `met`")
            .column("last_success_on", Day, |row| row.decision.evaluated.last_success_on.into())
            .about("the family's last success")
            .column("earliest_claim_on", Day, |row| row.decision.earliest_claim_on.into())
            .about("see [the dates](how-a-claim-is-decided.md#8-the-dates)")
            .column("earliest_possible_on", Day, |row| row.decision.earliest_possible_on.into())
            .about("the same on what is recorded; not a promise");
    let with_rules = RuleName::ALL.into_iter().fold(table, |table, rule| {
        let (verdict, about) = of_rule(rule);
        table.column(rule.word(), Text, verdict).about(about)
    });
    with_rules
        .column("by_agreement", List(";"), |row| row.decision.evaluated.by_agreement().into_iter().collect())
        .about("the rules whose verdict an agreement changed")
        .column("rules", Text, |row| row.outcome.rules.label().into())
        .about("the framework's id, with ` (changed)` when a parameter was overridden, and ` (without agreements)` when they were left out")
        .column("reason_kind", Text, |row| row.decision.reason_kind.into())
        .about("the reason in the words that count alike")
        .in_data_alone()
        .column("reason", Text, |row| (&row.decision.reason).into())
        .about("the reason for the status, in a sentence")
}

/// The cell of a row under the column of a rule.
type Verdict<'a> = for<'r> fn(&'r DecisionRow<'a>) -> Cell<'r>;

/// The verdict of a rule, and what its column means.
fn of_rule<'a>(rule: RuleName) -> (Verdict<'a>, &'static str) {
    fn verdict(row: &DecisionRow<'_>, rule: RuleName) -> Cell<'static> {
        row.decision.evaluated.verdict(rule).word().into()
    }
    let of: (Verdict<'a>, &'static str) = match rule {
        RuleName::Eligibility => (|row| verdict(row, RuleName::Eligibility), "the verdict on eligibility"),
        RuleName::Family => (|row| verdict(row, RuleName::Family), "the verdict on who is in the family"),
        RuleName::Progress => (|row| verdict(row, RuleName::Progress), "the verdict on progress"),
        RuleName::Sustainment => (|row| verdict(row, RuleName::Sustainment), "the verdict on sustainment"),
        RuleName::Attendance => (|row| verdict(row, RuleName::Attendance), "the verdict on school attendance"),
        RuleName::Reclaim => (|row| verdict(row, RuleName::Reclaim), "the verdict on claiming for the family again"),
        RuleName::Timeliness => (|row| verdict(row, RuleName::Timeliness), "the verdict on how long ago support ended"),
        RuleName::Evidence => (|row| verdict(row, RuleName::Evidence), "the verdict on what must be on record"),
    };
    of
}

/// The rows of `decisions`, sorted by case.
pub fn decision_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = DecisionRow<'a>> {
    outcome.decisions.iter().map(move |decision| {
        let period = &outcome.linked.periods[decision.period];
        DecisionRow { outcome, decision, period }
    })
}

/// The table `children`.
pub fn children<'a>() -> Table<ChildRow<'a>> {
    Table::<ChildRow<'a>>::of("children", "A row a school-age child and term that was looked at, sorted by case, child and term.")
        .column("case_id", Text, |row| (&row.decision.case_id).into())
        .about("the case that names the period")
        .column("family_id", Text, |row| (&row.decision.family_id).into())
        .about("the family")
        .column("person_id", Text, |row| (&row.child.person_id).into())
        .about("the child")
        .column("academic_year", Text, |row| (&row.outcome.rules.calendar.term(row.term.term).academic_year).into())
        .about("such as `2023/24`")
        .column("term", Text, |row| (&row.outcome.rules.calendar.term(row.term.term).term).into())
        .about("such as `Summer`")
        .column("possible", Whole, |row| row.term.shown.map(|sessions| sessions.possible).into())
        .about("sessions; where records are in doubt, the figures least favourable to the child. Of equally unfavourable ones, the one with fewer possible sessions")
        .column("attended", Whole, |row| row.term.shown.map(|sessions| sessions.attended).into())
        .about("the sessions attended, of the same figures")
        .column("percent", Percent, |row| row.term.shown.and_then(|sessions| sessions.shown()).map(Cell::share).into())
        .about("cut off after one decimal")
        .column("verdict", Text, |row| row.term.verdict.word().into())
        .about("of this term, agreements included")
        .column("reason", Text, |row| format!("{}.", row.term.because).into())
        .about("why, in a sentence")
}

/// The rows of `children`, sorted by case, child and term.
pub fn child_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = ChildRow<'a>> {
    outcome.decisions.iter().flat_map(move |decision| {
        decision
            .evaluated
            .children
            .iter()
            .flat_map(move |child| child.terms.iter().map(move |term| ChildRow { outcome, decision, child, term }))
    })
}

/// The table `children_not_looked_at`.
pub fn not_looked_at<'a>() -> Table<NotLookedAtRow<'a>> {
    Table::<NotLookedAtRow<'a>>::of("children_not_looked_at", "A row a member of the family whom the rule on attendance did not look at, sorted by case and person.")
        .column("case_id", Text, |row| (&row.decision.case_id).into())
        .about("the case that names the period")
        .column("family_id", Text, |row| (&row.decision.family_id).into())
        .about("the family")
        .column("person_id", Text, |row| (&row.child.person_id).into())
        .about("the member")
        .column("why", Text, |row| format!("{}.", row.child.why).into())
        .about("`passed compulsory school age on 28 June 2024`, `not of compulsory school age until 31 August 2025`, `was not of compulsory school age when any of the terms looked at began`, `not named by a need of headline 1 (attendance.children is with_need)`, or `an adult without a birth date`")
        .column("figures", List("; "), |row| figures_said(row.outcome, &row.child).into_iter().collect())
        .about("what is held of the terms looked at: `Summer 2023/24 60 of 110 sessions, 54.5%`. Where something stands against a figure, it is followed by `not to be relied on`")
}

/// The rows of `children_not_looked_at`, sorted by case and person.
pub fn not_looked_at_rows<'a>(outcome: &'a Outcome<'a>) -> impl Iterator<Item = NotLookedAtRow<'a>> {
    outcome.decisions.iter().flat_map(move |decision| {
        let children = outcome.not_looked_at(decision).into_iter();
        children.map(move |child| NotLookedAtRow { outcome, decision, child })
    })
}

/// The figures held of somebody who was not looked at, each with its term.
pub fn figures_said(outcome: &Outcome<'_>, child: &NotLookedAt) -> Vec<String> {
    child.figures.iter().map(|(term, said)| format!("{} {said}", outcome.rules.calendar.term(*term))).collect()
}
