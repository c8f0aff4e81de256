//! The stages in order: from loaded files to decisions.

use crate::attend::unmatched::{Unmatched, WhyNobodys, unmatched};
use crate::attend::{Attended, attend};
use crate::dates::{Date, add_months};
use crate::decide::totals::Totals;
use crate::decide::{Decision, Status, decide, facts_of};
use crate::error::{Error, Result};
use crate::evaluate::{Ruling, Verdict, evaluate};
use crate::finding::{FindingCode, Findings};
use crate::link::{Linked, link};
use crate::load::Loaded;
use crate::receipt::InputFile;
use crate::rules::Rules;
use crate::rules::codes::says_none;
use crate::rules::pack::Pack;
use crate::rules::parameters::Override;
use crate::rules::targets::YearStart;
use crate::validate::{self, Register};
use crate::words::counted;
use rayon::prelude::*;
use std::collections::BTreeSet;

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
    /// The authority, where `sfclaim.toml` names it.
    pub authority: Option<String>,
    /// The day on which its financial year starts.
    pub year_starts: YearStart,
    /// The as-at date.
    pub as_at: Date,
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
    /// Counts and money.
    pub totals: Totals,
}

impl Outcome<'_> {
    /// The rulings on a decision's period with every fact that they rest on.
    pub fn rulings_with_facts(&self, decision: &Decision) -> Vec<Ruling> {
        let period = &self.linked.periods[decision.period];
        evaluate(facts_of(&self.linked, period, &self.attended, &self.rules)).rulings
    }
}

/// Chooses the rules and types the data.
///
/// # Errors
/// No framework for the as-at date, a parameter that cannot be, an as-at date outside the calendar, or data
/// that cannot be read.
pub fn prepare(loaded: &Loaded, pack: &Pack, question: &Question) -> Result<Prepared> {
    let (calendar, terms) = validate::own_calendar(loaded)?.unzip();
    let rules = Rules::choose(pack, question.as_at, question.framework.as_deref(), &question.overrides, calendar)?;
    check_calendar(&rules, question.as_at)?;
    check_symbols(loaded, pack)?;
    let register = validate::validate(loaded, &rules, terms)?;
    let of_registers = register.registers.iter().flat_map(|registers| &registers.inputs);
    let mut inputs: Vec<InputFile> = loaded.inputs.iter().chain(of_registers).cloned().collect();
    inputs.sort_by(|a, b| a.file.cmp(&b.file));
    let (authority, year_starts) = (loaded.settings.authority.clone(), loaded.settings.year_starts());
    Ok(Prepared { rules, register, inputs, authority, year_starts, as_at: question.as_at })
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

/// Judges the data under `rules`, which may differ from those it was read with in their parameters only.
pub fn judge<'a>(prepared: &'a Prepared, rules: Rules) -> Outcome<'a> {
    let linked = link(&prepared.register, prepared.as_at);
    let attended = attend(&linked, prepared.register.registers.as_ref(), &rules);
    let evaluated =
        linked.periods.par_iter().map(|period| evaluate(facts_of(&linked, period, &attended, &rules))).collect();
    let mut decisions = decide(&linked, evaluated, &rules);
    decisions.sort_by(|a, b| a.case_id.cmp(&b.case_id));
    let of = (prepared.authority.as_deref(), prepared.year_starts);
    let totals = Totals::of(&decisions, &linked, &attended, &rules, of);
    let mut findings = prepared.register.findings.clone();
    findings.append(marks_that_stop(prepared, &rules, &attended, &decisions, &linked));
    let unmatched = unmatched(&linked, &attended, prepared.register.registers.as_ref(), &rules);
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
    if let Some(authority) = prepared.authority.as_ref().filter(|authority| rules.pack.targets_of(authority).is_none())
    {
        let known = rules.pack.targets.iter().map(|targets| targets.authority.as_str());
        let hint = crate::error::did_you_mean(authority, known);
        findings.say(
            FindingCode::UnknownAuthority,
            format!("the rules have no targets of the authority \"{authority}\".{hint}"),
        );
    }
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
    Outcome { prepared, rules, linked, attended, unmatched, decisions, findings, totals }
}

/// Days that may be missing at either end of a term before it is said: schools begin and end on other days.
const DAYS_OF_GRACE: i64 = 7;

/// Terms of the window whose session marks begin late or stop early, each said once with the families it holds up.
fn marks_that_stop(
    prepared: &Prepared,
    rules: &Rules,
    attended: &Attended,
    decisions: &[Decision],
    linked: &Linked,
) -> Findings {
    let mut findings = Findings::default();
    let Some(registers) = &prepared.register.registers else { return findings };
    let held = registers.days_held(&rules.calendar, prepared.as_at);
    for term in &attended.window {
        let Some(files) = held.get(term) else { continue };
        let days = rules.calendar.term(*term).span;
        let from = files.values().map(|held| held.days.from).min().unwrap_or(days.from);
        let to = files.values().map(|held| held.days.to).max().unwrap_or(days.to);
        let gap = |one: Date, other: Date| one.until(other).map_or(0, |span| i64::from(span.get_days()));
        if gap(days.from, from) <= DAYS_OF_GRACE && gap(to, days.to) <= DAYS_OF_GRACE {
            continue;
        }
        let held_up = |decision: &&Decision| {
            let terms = decision.evaluated.children.iter().flat_map(|child| &child.terms);
            decision.status == Status::Review
                && terms.filter(|of| of.term == *term).any(|of| of.verdict == Verdict::Unknown && of.has_records)
        };
        let families: BTreeSet<usize> =
            decisions.iter().filter(held_up).map(|decision| linked.periods[decision.period].family).collect();
        if families.is_empty() {
            continue;
        }
        let held: Vec<String> =
            files.iter().map(|(file, held)| format!("{file} from {} to {}", held.days.from, held.days.to)).collect();
        findings.say(
            FindingCode::MarksStopEarly,
            format!(
                "{} runs from {} to {}, and session marks are held of {}; this holds up {} in review.",
                rules.calendar.term(*term),
                days.from,
                days.to,
                held.join(", "),
                counted(families.len(), "family", "families")
            ),
        );
    }
    findings
}
