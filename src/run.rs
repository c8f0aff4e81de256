//! The stages in order: from loaded files to decisions.
//!
//! ```
//! use std::path::Path;
//! use sfclaim::dates::date;
//! use sfclaim::decide::Status;
//! use sfclaim::rules::pack::Pack;
//! use sfclaim::run::{Question, judge, prepare};
//!
//! # fn main() -> sfclaim::error::Result<()> {
//! let pack = Pack::built_in()?;
//! let loaded = sfclaim::load::load(Path::new("sample_data"))?;
//! let question = Question { as_at: date(2024, 9, 30), framework: None, overrides: Vec::new() };
//! let prepared = prepare(&loaded, &pack, &question)?;
//! let outcome = judge(&prepared, prepared.rules.clone());
//! let claimable = outcome.decisions.iter().filter(|decision| decision.status == Status::Claimable);
//! println!("{} families can be claimed today", claimable.count());
//! # Ok(())
//! # }
//! ```
//!
//! What is found once all periods are decided stands in `found`.

mod found;

use crate::attend::unmatched::{Unmatched, WhyNobodys, unmatched};
use crate::attend::{Attended, attend, rolls};
use crate::cores;
use crate::dates::{Date, add_months};
use crate::decide::again::Decided;
use crate::decide::review::{Review, review};
use crate::decide::totals::Totals;
use crate::decide::{Decision, decide, facts_of};
use crate::error::{Error, Result};
use crate::evaluate::attendance::looked_at::{NotLookedAt, not_looked_at};
use crate::evaluate::{Ruling, evaluate, evaluate_for_status, evaluate_with_facts};
use crate::finding::{FindingCode, Findings};
use crate::indexed::Indexed;
use crate::link::{self, Linked, Period, PeriodIndex, link};
use crate::load::Loaded;
use crate::receipt::{InputFile, RegisterRead};
use crate::rules::Rules;
use crate::rules::calendar::Term;
use crate::rules::codes::says_none;
use crate::rules::pack::Pack;
use crate::rules::parameters::Override;
use crate::rules::targets::YearStart;
use crate::validate::across::volumes::{self, EarlierCounts};
use crate::validate::confirmations::{self, Applied};
use crate::validate::days::Horizon;
use crate::validate::reading::ReadTable;
use crate::validate::{self, Register};
use crate::words::counted;
use found::{agreements_against_records, doubtful_attendance, marks_that_stop, unknown_authority};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a run is asked for beside the data.
#[derive(Clone, Debug)]
pub struct Question {
    /// The as-at date.
    pub as_at: Date,
    /// A framework by name, in force or not.
    pub framework: Option<String>,
    /// Parameters to override, in order.
    pub overrides: Vec<Override>,
}

/// Typed data and the rules to judge it by. The data can be judged again under other parameters.
pub struct Prepared {
    /// The rules.
    pub rules: Rules,
    /// The typed rows.
    pub register: Register,
    /// The fingerprints of all files read, by name.
    pub inputs: Vec<InputFile>,
    /// The register that its claims were read from, where they were.
    pub claims_register: Option<RegisterRead>,
    /// The authority, where `sfclaim.toml` names it.
    pub authority: Option<String>,
    /// The day on which its financial year starts.
    pub year_starts: YearStart,
    /// The as-at date.
    pub as_at: Date,
    /// The earlier run that the tables were held against.
    pub since: Option<EarlierCounts>,
    /// What was asked for.
    pub asked: Question,
}

impl Prepared {
    /// Holds the rows of the tables against those of an earlier run: what changed out of proportion is a finding.
    pub fn hold_against(&mut self, earlier: EarlierCounts) {
        if let Some(thresholds) = &self.rules.pack.thresholds {
            self.register.findings.append(volumes::against(&earlier, &self.register.counts, thresholds));
        }
        self.since = Some(earlier);
    }
}

/// What belongs together, its attendance and the decisions, as at a day.
pub struct DecidedAt {
    /// Periods, families, links.
    pub linked: Linked,
    /// Attendance.
    pub attended: Attended,
    /// A decision a period, sorted by the case that names it.
    pub decisions: Vec<Decision>,
}

/// Everything that a run found out.
pub struct Outcome<'a> {
    /// The data and rules it was run on.
    pub prepared: &'a Prepared,
    /// The rules as they applied.
    pub rules: Rules,
    /// Periods, families, links.
    pub linked: Linked,
    /// Attendance.
    pub attended: Attended,
    /// Children without attendance, and pupils whom nobody has.
    pub unmatched: Unmatched,
    /// A decision a period, sorted by the case that names it.
    pub decisions: Vec<Decision>,
    /// All findings.
    pub findings: Findings,
    /// The confirmations that made notes of warnings.
    pub confirmed: Vec<Applied>,
    /// Counts and money.
    pub totals: Totals,
}

impl Outcome<'_> {
    /// The decisions, with what they were made from.
    pub fn decided(&self) -> Decided<'_> {
        Decided { decisions: &self.decisions, linked: &self.linked, attended: &self.attended, rules: &self.rules }
    }

    /// What waits for a person, with agreements that run out within so many days.
    pub fn review(&self, days: u16) -> Review {
        review(self.decided(), &self.prepared.register.agreements, days)
    }

    /// The members under 18, or with attendance on record, whom the rule on attendance did not look at.
    pub fn not_looked_at(&self, decision: &Decision) -> Vec<NotLookedAt> {
        let period = &self.linked.periods[decision.period];
        let facts = facts_of(&self.linked, period, &self.attended, &self.rules);
        not_looked_at(facts, &decision.evaluated.children)
    }

    /// The rulings on a decision's period with every fact that they rest on.
    pub fn rulings_with_facts(&self, decision: &Decision) -> Vec<Ruling> {
        let period = &self.linked.periods[decision.period];
        evaluate_with_facts(facts_of(&self.linked, period, &self.attended, &self.rules)).rulings
    }
}

/// Chooses the rules and types the data.
///
/// # Errors
/// No framework for the as-at date, a parameter that cannot be, an as-at date outside the calendar, or data
/// that cannot be read.
pub fn prepare(loaded: &Loaded, pack: &Pack, question: &Question) -> Result<Prepared> {
    let horizon = Horizon { as_at: question.as_at, extracted_on: loaded.settings.extracted_on() };
    let (calendar, terms) = validate::own_calendar(loaded, &horizon)?.unzip();
    let rules = Rules::choose(pack, question.as_at, question.framework.as_deref(), &question.overrides, calendar)?;
    check_calendar(&rules, question.as_at)?;
    let mut prepared = typed(loaded, rules, terms, &horizon, question.clone())?;
    let odd = validate::across::across(&prepared.register, &prepared.rules, question.as_at);
    prepared.register.findings.append(odd);
    Ok(prepared)
}

/// Types the data without a day: by the framework named, or by the one that was in force last, on its last day.
///
/// # Errors
/// No framework of that name, or data that cannot be read.
pub fn prepare_undated(loaded: &Loaded, pack: &Pack, framework: Option<&str>) -> Result<Prepared> {
    let last = match framework {
        Some(id) => Some(pack.framework(id)?),
        None => pack.frameworks.iter().max_by_key(|framework| framework.in_force.to),
    };
    let Some(last) = last else { return Err(Error::new("the rule pack has no framework: add one to frameworks/.")) };
    let as_at = last.in_force.to;
    let horizon = Horizon { as_at, extracted_on: loaded.settings.extracted_on() };
    let (calendar, terms) = validate::own_calendar(loaded, &horizon)?.unzip();
    let rules = Rules::choose(pack, as_at, Some(&last.id), &[], calendar)?;
    let asked = Question { as_at, framework: Some(last.id.clone()), overrides: Vec::new() };
    typed(loaded, rules, terms, &horizon, asked)
}

fn typed(
    loaded: &Loaded,
    rules: Rules,
    terms: Option<ReadTable<Term>>,
    horizon: &Horizon,
    asked: Question,
) -> Result<Prepared> {
    check_symbols(loaded, &rules.pack)?;
    let register = validate::validate(loaded, &rules, terms, horizon)?;
    let of_registers = register.registers.iter().flat_map(|registers| &registers.inputs);
    let mut inputs: Vec<InputFile> = loaded.inputs.iter().chain(of_registers).cloned().collect();
    inputs.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(Prepared {
        rules,
        register,
        inputs,
        claims_register: None,
        authority: loaded.settings.authority.clone(),
        year_starts: loaded.settings.year_starts(),
        as_at: asked.as_at,
        since: None,
        asked,
    })
}

impl Prepared {
    /// Rules like these for another as-at date: those of the framework in force on that day, or of the one asked for, with
    /// the values that its parameters have on that day.
    /// Rows have been read once, with the headlines of the framework of this run.
    ///
    /// # Errors
    /// No framework was in force, it has other headlines, or the calendar does not know the terms before that day.
    pub fn rules_at(&self, like: &Rules, as_at: Date) -> Result<Rules> {
        let rules = like.on(as_at, self.asked.framework.as_deref())?;
        let numbers = |rules: &Rules| -> BTreeSet<u8> { rules.framework.headlines.iter().map(|h| h.number).collect() };
        if numbers(&rules) != numbers(&self.rules) {
            return Err(Error::new(format!(
                "{} was in force on {as_at} and has other headlines than {}, with which the rows were read.",
                rules.framework.id, self.rules.framework.id
            )));
        }
        check_calendar(&rules, as_at)?;
        Ok(rules)
    }
}

/// What a supplier's symbol stands for must be a code, or say that a mark is missing: else its marks would be lost.
fn check_symbols(loaded: &Loaded, pack: &Pack) -> Result<()> {
    for (supplier, symbol, code) in loaded.settings.codes_meant() {
        if pack.codes.get(code).is_none() && !says_none(code) {
            let known = pack.codes.sorted();
            let hint = crate::error::did_you_mean(code, known.iter().map(|code| code.code.as_str()));
            return Err(Error::new(format!(
                "sfclaim.toml: the symbol \"{symbol}\" of {supplier} stands for \"{code}\", which is no attendance code.{hint}"
            )));
        }
    }
    Ok(())
}

/// The calendar must know the terms that the attendance rule looks at.
fn check_calendar(rules: &Rules, as_at: Date) -> Result<()> {
    let (calendar, terms) = (&rules.calendar, rules.parameters.terms);
    let outside = |why: String| {
        Err(Error::new(format!(
            "{as_at} is outside the school calendar in use ({}), which covers {}: {why} Choose another as-at date, or give a `terms` table that covers it.",
            calendar.origin,
            calendar.years_covered()
        )))
    };
    if calendar.completed(as_at) < terms {
        return outside(format!(
            "{terms} completed terms are needed, and {} ended by then.",
            calendar.completed(as_at)
        ));
    }
    match calendar.terms().last() {
        // A year after the last term there must have been others: the latest terms would be the wrong ones.
        Some(last) if as_at > add_months(last.span.to, 12) => {
            outside(format!("its last term ended on {}.", last.span.to))
        }
        _ => Ok(()),
    }
}

/// Attendance and decisions as at the day of `linked`, for their statuses and days alone: attendance that cannot change a
/// status is passed over. Decisions are in the order of periods.
pub fn statuses(linked: &Linked, register: &Register, rules: &Rules) -> (Attended, Indexed<PeriodIndex, Decision>) {
    let attended = attend(linked, register.registers.as_ref(), rules);
    let decisions = statuses_by(linked, &attended, rules);
    (attended, decisions)
}

/// The same from attendance that is settled already, by rules whose parameters of attendance are the same.
pub fn statuses_by(linked: &Linked, attended: &Attended, rules: &Rules) -> Indexed<PeriodIndex, Decision> {
    let of = |period: &Period| Arc::new(evaluate_for_status(facts_of(linked, period, attended, rules)));
    let evaluated = cores::of_each(&linked.periods, of).into();
    decide(linked, evaluated, rules)
}

/// Decisions, sorted by the case that names each, from attendance that is settled already.
pub fn decisions_by(linked: &Linked, attended: &Attended, rules: &Rules) -> Vec<Decision> {
    let of = |period: &Period| Arc::new(evaluate(facts_of(linked, period, attended, rules)));
    let evaluated = cores::of_each(&linked.periods, of).into();
    let mut decisions = decide(linked, evaluated, rules).into_list();
    decisions.sort_by(|a, b| a.case_id.cmp(&b.case_id));
    decisions
}

/// What belongs together as at a day; without agreements where the rules leave them out.
pub fn linked(register: &Register, rules: &Rules, as_at: Date) -> Linked {
    let mut linked = link(register, rules, as_at);
    if rules.without_agreements {
        linked.periods.iter_mut().for_each(|period| period.agreements.clear());
    }
    linked
}

/// The stages from what belongs together to decisions, as at a day. Rows that were read once can be decided on at any
/// day: what is not known yet on it is left out here.
pub fn decided(register: &Register, rules: &Rules, as_at: Date) -> DecidedAt {
    let linked = linked(register, rules, as_at);
    let attended = attend(&linked, register.registers.as_ref(), rules);
    let decisions = decisions_by(&linked, &attended, rules);
    DecidedAt { linked, attended, decisions }
}

/// Judges the data under `rules`, which may differ from those it was read with in their parameters only.
pub fn judge<'a>(prepared: &'a Prepared, rules: Rules) -> Outcome<'a> {
    let DecidedAt { linked, attended, decisions } = decided(&prepared.register, &rules, prepared.as_at);
    let of = (prepared.authority.as_deref(), prepared.year_starts);
    let registers = prepared.register.registers.as_ref();
    let decided = Decided { decisions: &decisions, linked: &linked, attended: &attended, rules: &rules };
    // None of them needs another.
    let of_attendance = || {
        let (mut findings, doubtful) = cores::both(
            || rolls::adults(&linked, &attended, registers, &rules),
            || doubtful_attendance(&prepared.register, decided),
        );
        findings.append(doubtful);
        findings.append(marks_that_stop(&prepared.register, decided));
        findings.append(agreements_against_records(&prepared.register, decided));
        findings
    };
    let ((of_attendance, of_links), (totals, unmatched)) = cores::both(
        || cores::both(of_attendance, || link::identity::findings(&linked)),
        || {
            let totals = || Totals::of(&decisions, &linked, &attended, &rules, of);
            cores::both(totals, || unmatched(&linked, &attended, registers, &rules))
        },
    );
    let mut findings = prepared.register.findings.clone();
    findings.append(of_links);
    findings.append(of_attendance);
    let alike = unmatched.pupils.iter().filter(|pupil| pupil.why == WhyNobodys::OtherSpelling).count();
    if alike > 0 {
        findings.say(
            FindingCode::LikelySamePupil,
            format!(
                "{} in the attendance files, of whom no family has any, {} named nearly as children without attendance are.",
                counted(alike, "pupil", "pupils"),
                if alike == 1 { "is" } else { "are" }
            ),
        );
    }
    for term in &totals.hardly_held {
        findings.say(FindingCode::TermHardlyHeld, term.sentence());
    }
    findings.append(unknown_authority(prepared.authority.as_deref(), &rules));
    if let Some(last) = rules.calendar.terms().last()
        && rules.calendar.ends_after(prepared.as_at).next().is_none()
        && prepared.as_at > add_months(last.span.to, 3)
    {
        findings.say(
            FindingCode::CalendarStops,
            format!(
                "the school calendar stops on {}, so later terms are not looked at and no retest date can be given.",
                last.span.to
            ),
        );
    }
    // Last, so that every finding can be confirmed.
    let confirmed = confirmations::apply(&mut findings, &prepared.register.confirmations, prepared.as_at);
    Outcome { prepared, rules, linked, attended, unmatched, decisions, findings, confirmed, totals }
}

/// What is found without looking at any day.
pub fn undated_findings(prepared: &Prepared) -> Findings {
    let mut findings = prepared.register.findings.clone();
    findings.append(unknown_authority(prepared.authority.as_deref(), &prepared.rules));
    findings
}
