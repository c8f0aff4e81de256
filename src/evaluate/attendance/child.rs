//! One child: each applicable term judged by its records, and the child by its terms.
//!
//! Longer than most files, since every reason why a term cannot be judged stands here once, in the order in which they are tried.

use super::percent;
use super::settles::Settles;
use crate::attend::{Settled, TermRecords, Trouble};
use crate::dates::{Date, school_age};
use crate::evaluate::agreements::{OnChildren, fact};
use crate::evaluate::facts::Facts;
use crate::evaluate::ruling::{Agreed, Verdict};
use crate::ids::PersonId;
use crate::place::Place;
use crate::rules::calendar::TermIndex;
use crate::rules::parameters::{Basis, Boundary, Parameters, Window};
use crate::share::Sessions;
use crate::validate::rows::{PersonRow, Schooling};
use crate::words::counted;

/// The kind of reason where doubts decide.
pub const MARKS_DECIDE: &str = "conflicting or missing marks decide";

/// A school-age child that was looked at, with the applicable terms.
#[derive(Clone, Debug)]
pub struct Child {
    /// Who.
    pub person_id: PersonId,
    /// The row of people.
    pub place: Place,
    /// What the rule says of the child; `NotApplicable` for a child without an applicable term.
    pub verdict: Verdict,
    /// Why.
    pub because: String,
    /// The applicable terms, earliest first.
    pub terms: Vec<ChildTerm>,
}

/// One applicable term of a child.
#[derive(Clone, Debug)]
pub struct ChildTerm {
    /// The term.
    pub term: TermIndex,
    /// The least favourable figures on record.
    pub shown: Option<Sessions>,
    /// Half-days on record.
    pub recorded: i64,
    /// Half-days of the term's weekdays.
    pub half_days: i64,
    /// The term's own verdict, after agreements.
    pub verdict: Verdict,
    /// The kind of reason, for counting.
    pub kind: &'static str,
    /// The reason in a sentence.
    pub because: String,
    /// What is said beside the figure, because it explains it or should be looked at.
    pub beside: Vec<String>,
    /// The record that would settle an unknown, and who has it.
    pub settles: Option<Settles>,
    /// Whether the term is unknown because of half-days in doubt.
    pub doubts_decide: bool,
    /// Whether there is any record of the term.
    pub has_records: bool,
    /// The agreement that stands in the place of the verdict.
    pub agreed: Option<Agreed>,
    settled: Option<Settled>,
    judgeable: bool,
}

impl Child {
    /// The terms on which the verdict `unknown` hangs, each with what would settle it. None where the verdict is
    /// another one, and where no term could be looked at.
    pub fn unsettled(&self) -> Vec<(&ChildTerm, Settles)> {
        if self.verdict != Verdict::Unknown {
            return Vec::new();
        }
        let unknown: Vec<_> = self.terms.iter().filter_map(|term| Some((term, term.settles?))).collect();
        if !unknown.is_empty() {
            return unknown;
        }
        // Taken together, marks in doubt can decide though they decide no term by itself.
        let in_doubt = |term: &&ChildTerm| {
            term.agreed.is_none() && term.settled.is_some_and(|settled| settled.least != settled.most)
        };
        self.terms.iter().filter(in_doubt).map(|term| (term, Settles::MARKS)).collect()
    }
}

/// What the rule says of one school-age child.
pub(super) fn judged(facts: Facts<'_>, member: &PersonRow, born: Date, agreements: &OnChildren<'_>) -> Child {
    let parameters = facts.parameters();
    let new = |verdict, because: String, terms| Child {
        person_id: member.person_id.clone(),
        place: member.place.clone(),
        verdict,
        because,
        terms,
    };
    if parameters.window == Window::Held && facts.attended.window.len() < parameters.terms {
        let because = format!("attendance is held of fewer than {} completed terms", parameters.terms);
        return new(Verdict::Unknown, because, Vec::new());
    }
    let age = school_age(born);
    let terms: Vec<ChildTerm> = facts
        .attended
        .window
        .iter()
        .filter(|term| age.covers(facts.rules.calendar.term(**term).span.from))
        .map(|term| child_term(facts, member, *term, agreements))
        .collect();
    if terms.is_empty() {
        return new(Verdict::NotApplicable, "was not of school age when any of the terms began".to_owned(), terms);
    }
    let verdict = match parameters.basis {
        Basis::EachTerm => each_term(&terms),
        Basis::Combined => combined(&terms, parameters),
    };
    let because = match (verdict, parameters.basis) {
        (Verdict::Met, _) => "reached the threshold".to_owned(),
        (_, Basis::EachTerm) => {
            let said: Vec<String> =
                terms.iter().filter(|term| term.verdict == verdict).map(|term| said(facts, term)).collect();
            said.join(", ")
        }
        (_, Basis::Combined) => {
            let said: Vec<String> = terms.iter().map(|term| said(facts, term)).collect();
            let sums = sums(&terms).map(|sums| format!(", together {}", share_words(sums.least))).unwrap_or_default();
            format!("{}{sums}", said.join(", "))
        }
    };
    new(verdict, format!("{because}{}", other_basis(&terms, verdict, parameters)), terms)
}

/// What the other way of reading the terms would say, where it differs: the wording is disputed.
fn other_basis(terms: &[ChildTerm], verdict: Verdict, parameters: &Parameters) -> String {
    let (other, how) = match parameters.basis {
        Basis::EachTerm => (combined(terms, parameters), "the terms taken together"),
        Basis::Combined => (each_term(terms), "each term by itself"),
    };
    if other == verdict { String::new() } else { format!(" ({how}: {})", other.said()) }
}

fn said(facts: Facts<'_>, term: &ChildTerm) -> String {
    format!("{} {}", facts.rules.calendar.term(term.term), term.because)
}

/// A child is `not_met` if any applicable term is, else unknown if any is, else met.
fn each_term(terms: &[ChildTerm]) -> Verdict {
    let any = |verdict| terms.iter().any(|term| term.verdict == verdict);
    if any(Verdict::NotMet) {
        Verdict::NotMet
    } else if any(Verdict::Unknown) {
        Verdict::Unknown
    } else {
        Verdict::Met
    }
}

/// The terms taken together; those that an agreement answers leave the sums, and `not_met` makes the child
/// `not_met`.
fn combined(terms: &[ChildTerm], parameters: &Parameters) -> Verdict {
    if terms.iter().any(|term| term.agreed.is_some() && term.verdict == Verdict::NotMet) {
        return Verdict::NotMet;
    }
    if terms.iter().all(|term| term.agreed.is_some()) {
        return Verdict::Met;
    }
    if terms.iter().any(|term| term.agreed.is_none() && !term.judgeable) {
        return Verdict::Unknown;
    }
    sums(terms).map_or(Verdict::Unknown, |sums| both_settlings(sums, parameters))
}

fn sums(terms: &[ChildTerm]) -> Option<Settled> {
    terms.iter().filter(|term| term.agreed.is_none()).filter_map(|term| term.settled).reduce(Settled::plus)
}

/// Judged on both settlings: the same verdict stands, otherwise `unknown`.
fn both_settlings(settled: Settled, parameters: &Parameters) -> Verdict {
    let judge = |sessions: Sessions| match (sessions.plausible(), parameters.is_enough(sessions)) {
        (false, _) => Verdict::Unknown,
        (true, true) => Verdict::Met,
        (true, false) => Verdict::NotMet,
    };
    let (least, most) = (judge(settled.least), judge(settled.most));
    if least == most { least } else { Verdict::Unknown }
}

pub(super) fn share_words(sessions: Sessions) -> String {
    let percent = sessions.shown().map(|percent| format!(", {percent}%")).unwrap_or_default();
    format!("{} of {} sessions{percent}", sessions.attended, sessions.possible)
}

fn child_term(facts: Facts<'_>, member: &PersonRow, term: TermIndex, agreements: &OnChildren<'_>) -> ChildTerm {
    let nothing = TermRecords::default();
    let records = facts.attended.of(&member.person_id, term).unwrap_or(&nothing);
    let parameters = facts.parameters();
    let half_days = 2 * facts.rules.calendar.term(term).span.weekdays();
    let enough = Sessions { possible: half_days, attended: records.recorded }.reaches(parameters.minimum_coverage);
    let name = facts.rules.calendar.term(term);
    let who = &member.person_id;
    let from_school = |what: &'static str| Some(Settles::FromSchool(what));

    let (verdict, kind, because, settles, judgeable) = match (&records.trouble, records.settled) {
        (Some(Trouble::Unreadable(..)), _) => (
            Verdict::Unknown,
            "attendance that could not be read",
            "has a record that could not be read".to_owned(),
            Some(Settles::Mending),
            false,
        ),
        (Some(Trouble::OfSeveralPersons), _) => (
            Verdict::Unknown,
            "attendance that may be another person's",
            "has records under an identifier that different people have".to_owned(),
            from_school("the attendance, under an identifier that is the child's alone"),
            false,
        ),
        (Some(Trouble::CannotBeRight(figure, _)), _) => (
            Verdict::Unknown,
            CANNOT_BE_RIGHT,
            format!("has figures that cannot be right ({}: {BEYOND})", share_words(*figure)),
            from_school("the right figures"),
            false,
        ),
        (Some(Trouble::CannotBeTold(..)), _) => (
            Verdict::Unknown,
            "attendance without a total",
            "has a record from which attended or possible cannot be told".to_owned(),
            from_school("possible and attended sessions"),
            false,
        ),
        (Some(Trouble::SchoolUnclear(_)), _) => (
            Verdict::Unknown,
            "attendance at an unnamed school",
            "has a figure without a school that is none of the named schools'".to_owned(),
            from_school("the school that the figure is of, or the right figure"),
            false,
        ),
        (Some(Trouble::HalfMissing { half, school, .. }), _) => (
            Verdict::Unknown,
            "half of a term alone",
            format!(
                "has figures of the {} half-term and none of the {}{}",
                half.word(),
                half.other().word(),
                if school.is_empty() { String::new() } else { format!(" at school {school}") }
            ),
            from_school("the attendance of the other half-term"),
            false,
        ),
        (Some(Trouble::AgainstHalves { whole, halves, alone, .. }), _) => (
            Verdict::Unknown,
            "half-terms that do not add up to their term",
            format!(
                "has figures that do not fit: {} for the whole term, and {} for {}",
                share_words(*whole),
                share_words(*halves),
                alone.map_or_else(
                    || "its half-terms together".to_owned(),
                    |half| format!("the {} half-term alone", half.word())
                )
            ),
            from_school("the right figures"),
            false,
        ),
        (None, None) if !records.percents.is_empty() => {
            let (verdict, kind, because, settles) =
                percent::alone(records, parameters).unwrap_or((Verdict::Unknown, percent::ALONE, String::new(), None));
            (verdict, kind, because, settles, false)
        }
        (None, None) => {
            let because = match (facts.attended.has_registers, member.schooling) {
                (false, _) => "cannot be told: there are no attendance files",
                (true, Some(Schooling::Home)) => {
                    "has no records; the child is educated at home, which school registers do not hold"
                }
                (true, Some(Schooling::None)) => "has no records; the child is recorded as at no school",
                (true, _) if member.upn.is_none() => "has no records (no UPN is recorded for the child)",
                (true, _) => "has no records",
            };
            let settles = match (facts.attended.has_registers, member.schooling) {
                (_, Some(Schooling::Home)) => Settles::AtHome,
                (true, Some(Schooling::None)) => Settles::AtNoSchool,
                (true, _) if member.upn.is_none() && !has_any_record(facts, member) => Settles::Upn,
                _ => Settles::FromSchool("the attendance"),
            };
            (Verdict::Unknown, "no attendance on record", because.to_owned(), Some(settles), false)
        }
        (None, Some(settled)) if cannot_be_right(settled, records, enough).is_some() => {
            let wrong = cannot_be_right(settled, records, enough).unwrap_or_default();
            let share = share_words(settled.least);
            (
                Verdict::Unknown,
                CANNOT_BE_RIGHT,
                format!("has figures that cannot be right ({share}: {wrong})"),
                from_school("the right figures"),
                false,
            )
        }
        (None, Some(settled)) if parameters.is_too_much(records.recorded, half_days) => (
            Verdict::Unknown,
            "more sessions on record than the term has",
            format!(
                "has {} half-days on record where the term has {half_days}, more than {}% ({})",
                records.recorded,
                parameters.maximum_coverage,
                share_words(settled.least)
            ),
            from_school("the right figures"),
            false,
        ),
        (None, Some(settled)) if !enough => (
            Verdict::Unknown,
            "too little of the term on record",
            format!(
                "has {} of {half_days} half-days on record{}, less than {}% (of those: {})",
                records.recorded,
                Sessions { possible: half_days, attended: records.recorded }
                    .shown()
                    .map(|p| format!(" ({p}%)"))
                    .unwrap_or_default(),
                parameters.minimum_coverage,
                share_words(settled.least)
            ),
            from_school("the rest of the attendance"),
            false,
        ),
        (None, Some(settled)) => {
            let verdict = both_settlings(settled, parameters);
            let share = share_words(settled.least);
            match verdict {
                // The percentage itself is quoted beside every figure, below.
                _ if percent::contradicts(records, settled, verdict, parameters) => (
                    Verdict::Unknown,
                    percent::AGAINST,
                    format!("has sessions and a percentage that differ about {}%: {share}", parameters.threshold),
                    from_school("the right figures"),
                    false,
                ),
                Verdict::Unknown => {
                    let because =
                        format!("depends on {} (between {share} and {})", doubts(records), share_words(settled.most));
                    (verdict, MARKS_DECIDE, because, Some(Settles::MARKS), true)
                }
                Verdict::Met => (
                    verdict,
                    "attendance reached",
                    format!(
                        "{share}, {} {}%",
                        if parameters.boundary == Boundary::Above { "above" } else { "reaches" },
                        parameters.threshold
                    ),
                    None,
                    true,
                ),
                _ => (
                    verdict,
                    "attendance below the threshold",
                    format!(
                        "{share}, {} {}%",
                        if parameters.boundary == Boundary::Above { "not above" } else { "below" },
                        parameters.threshold
                    ),
                    None,
                    true,
                ),
            }
        }
    };
    // Absence that explains the figure is said beside it, and never adjusted.
    let mut beside: Vec<String> = match verdict {
        Verdict::Met => Vec::new(),
        _ => records.beside.iter().map(|(sessions, what)| format!("{sessions} of the absences are {what}")).collect(),
    };
    beside.extend(noticed(records, half_days, verdict));
    let because = format!("{because}{}", beside.iter().map(|note| format!("; {note}")).collect::<String>());
    let settling_decides = judgeable && verdict == Verdict::Unknown;
    let mut judged = ChildTerm {
        term,
        shown: records.settled.map(|settled| settled.least),
        recorded: records.recorded,
        half_days,
        verdict,
        kind,
        because,
        beside,
        settles,
        doubts_decide: settling_decides,
        has_records: records.has_records,
        agreed: None,
        settled: records.settled,
        judgeable,
    };
    if let Some(agreement) = agreements.in_term(who, name) {
        judged.agreed = Some(Agreed { instead_of: judged.verdict, fact: fact(facts.family, agreement) });
        judged.verdict = if agreement.met { Verdict::Met } else { Verdict::NotMet };
        judged.kind = if agreement.met { "met by agreement" } else { "not met by agreement" };
        judged.because = format!(
            "agreed as {} by a person on {}; the records: {}",
            judged.verdict.said(),
            agreement.agreed_on,
            judged.because
        );
        judged.settles = None;
    }
    judged
}

fn has_any_record(facts: Facts<'_>, member: &PersonRow) -> bool {
    let records = facts.attended.window.iter().filter_map(|term| facts.attended.of(&member.person_id, *term));
    records.into_iter().any(|records| records.has_records)
}

/// Missing marks are said where at least one half-day in so many has none. For showing only: nothing is decided by it.
const MANY_MISSING: i64 = 10;

/// What else an auditor would ask of a figure: marks that are missing where they do not decide, and more sessions on
/// record than the term has half-days. It changes nothing.
fn noticed(records: &TermRecords, half_days: i64, verdict: Verdict) -> Vec<String> {
    let mut said = Vec::new();
    let percent = percent::quoted(records);
    if records.settled.is_some() && !percent.is_empty() {
        said.push(percent);
    }
    let decided = matches!(verdict, Verdict::Met | Verdict::NotMet);
    if decided && records.missing as i64 * MANY_MISSING >= half_days {
        said.push(format!(
            "{} no mark, which the figure counts as absence and which decides nothing",
            counted(records.missing, "half-day has", "half-days have")
        ));
    }
    if records.recorded > half_days && half_days > 0 && decided {
        said.push(format!("{} half-days are on record where the term has {half_days}", records.recorded));
    }
    said
}

/// The kind of reason where figures cannot be right.
const CANNOT_BE_RIGHT: &str = "attendance figures that cannot be right";
const BEYOND: &str = "attended cannot be more than possible, or less than none";

/// Why figures cannot be right. That no session was possible is said of marks only where most of the term is on record:
/// otherwise it is what is missing that matters.
fn cannot_be_right(settled: Settled, records: &TermRecords, enough: bool) -> Option<&'static str> {
    let both = [settled.least, settled.most];
    if both.iter().any(|sessions| sessions.attended < 0 || sessions.attended > sessions.possible) {
        return Some(BEYOND);
    }
    let none_possible = both.iter().any(|sessions| !sessions.plausible());
    (none_possible && (enough || !records.from_marks_alone)).then_some("no session was possible")
}

fn doubts(records: &TermRecords) -> String {
    let mut doubts = Vec::new();
    if records.conflicts > 0 {
        doubts.push(counted(records.conflicts, "conflict", "conflicts"));
    }
    if records.missing > 0 {
        doubts.push(counted(records.missing, "missing mark", "missing marks"));
    }
    doubts.join(" and ")
}
