//! Rule packs: what the programme says, as dated and cited data. Nothing here decides; it reads the
//! files of `rules/`, checks them, and hands the stages typed values that remember where they came from.
//!
//! - [`pack`] reads and holds all files of a pack, compiled in or from a folder, or what a folder changes of those compiled in.
//! - [`cited`] a value with its unit, source, standing and day of last check: one reader and one form for all files.
//! - [`framework`] one framework: parameters, headlines, dates of force, dated facts.
//! - [`parameters`] the keys there are, their values with the days on which they hold, overrides and provenance.
//! - [`assumptions`] what the forecast assumes where history says too little.
//! - [`codes`], [`calendar`], [`targets`] attendance codes, school terms, targets by authority and year.
//! - [`council_words`] words of the council's own for the program's.
//! - [`checks`] from when on a check across tables finds something odd.
//! - [`position`] how a position within the financial year is judged; [`levers`] who can act on which reason;
//!   [`assurance`] what funnels and anomalies ask after.
//! - [`lint`] what is wrong with a pack, all of it at once.
//!
//! ```
//! use sfclaim::dates::date;
//! use sfclaim::rules::Rules;
//! use sfclaim::rules::pack::Pack;
//! use sfclaim::rules::parameters::Override;
//!
//! let pack = Pack::built_in().unwrap();
//! let rules = Rules::choose(&pack, date(2024, 9, 30), None, &[], None).unwrap();
//! assert_eq!(rules.parameters.minimum_criteria, 3);
//!
//! // "What if two criteria were enough?" The change stays in sight in every output.
//! let change = Override::read("eligibility.minimum_criteria=2").unwrap();
//! let what_if = Rules::choose(&pack, date(2024, 9, 30), None, &[change], None).unwrap();
//! assert_eq!(what_if.parameters.minimum_criteria, 2);
//! ```

pub mod assumptions;
pub mod assurance;
pub mod calendar;
pub mod checks;
pub mod cited;
pub mod codes;
pub mod compiled_in;
pub mod council_words;
mod file;
pub mod framework;
pub mod levers;
pub mod lint;
pub mod name;
pub mod pack;
pub mod parameters;
pub mod position;
mod standing;
pub mod targets;

use crate::dates::Date;
use crate::error::{Error, Result};
use calendar::Calendar;
use framework::Framework;
use pack::Pack;
use parameters::{Override, ParameterSet, Parameters};

pub use standing::{Standing, Who};

/// The rules of one run: a framework, its parameters on one day after overrides, and everything dated beside them.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The day whose rules they are.
    pub as_at: Date,
    /// The framework that applies.
    pub framework: Framework,
    /// Whether the framework was in force at the as-at date, or was only asked for.
    pub in_force: bool,
    /// Every parameter with its provenance.
    pub set: ParameterSet,
    /// The same parameters, typed for the stages.
    pub parameters: Parameters,
    /// The school terms, from the pack or from the authority's own table.
    pub calendar: Calendar,
    /// The pack they were taken from.
    pub pack: Pack,
    /// What was changed of the pack's parameters, in order.
    pub changes: Vec<Override>,
    /// Whether everything is decided as if there were no agreements: to see what they do, never to claim by.
    pub without_agreements: bool,
    /// Terms that are left out as if they had not ended yet: a forecast leaves out those of which hardly any attendance is
    /// held.
    pub passed_over: Vec<calendar::TermIndex>,
}

/// Said first wherever something is decided as if there were no agreements.
pub const WITHOUT_AGREEMENTS: &str =
    "without agreements: decided as if there were none, to see what they do. These are not the decisions to claim by.";

impl Rules {
    /// Picks the framework in force at `as_at` (or the one named), takes the values that its parameters have on that day,
    /// applies the overrides in order and types the parameters. The authority's own calendar, where it gives one, replaces
    /// the pack's.
    ///
    /// # Errors
    /// No framework in force or of that name, an unknown key, or a value that the key cannot have.
    pub fn choose(
        pack: &Pack,
        as_at: Date,
        framework: Option<&str>,
        overrides: &[Override],
        own_calendar: Option<Calendar>,
    ) -> Result<Rules> {
        let chosen = match framework {
            Some(id) => pack.framework(id)?,
            None => pack.framework_at(as_at)?,
        };
        let mut set = chosen.parameters.on(as_at);
        for change in pack.overrides.iter().chain(overrides) {
            set.apply(change)?;
        }
        let parameters = Parameters::from_set(&set)?;
        let calendar = own_calendar.or_else(|| pack.calendar.clone()).ok_or_else(|| {
            Error::new("the rule pack has no school calendar: add a file to calendars/, or a `terms` table to the data folder.")
        })?;
        Ok(Rules {
            as_at,
            in_force: chosen.in_force.covers(as_at),
            framework: chosen.clone(),
            set,
            parameters,
            calendar,
            pack: pack.clone(),
            changes: overrides.to_vec(),
            without_agreements: false,
            passed_over: Vec::new(),
        })
    }

    /// Rules like these for another day: the framework in force on it, or the one named, with the values of that day and
    /// the same changes.
    ///
    /// # Errors
    /// No framework is in force on that day.
    pub fn on(&self, as_at: Date, framework: Option<&str>) -> Result<Rules> {
        let calendar = Some(self.calendar.clone());
        let (without_agreements, passed_over) = (self.without_agreements, self.passed_over.clone());
        let rules = Rules::choose(&self.pack, as_at, framework, &self.changes, calendar)?;
        Ok(Rules { without_agreements, passed_over, ..rules })
    }

    /// These rules with more of their parameters changed.
    ///
    /// # Errors
    /// An unknown key, or a value that the key cannot have.
    pub fn with(&self, changes: &[Override]) -> Result<Rules> {
        let mut rules = self.clone();
        for change in changes {
            rules.set.apply(change)?;
        }
        rules.parameters = Parameters::from_set(&rules.set)?;
        rules.changes.extend(changes.iter().cloned());
        Ok(rules)
    }

    /// Whether nothing is paid for results on this day.
    pub fn payment_is_suspended(&self, as_at: Date) -> bool {
        self.framework.facts.iter().any(|fact| fact.suspends_payment && fact.from <= as_at)
    }

    /// What the dated facts of the framework mean for a case, each with the key of its source: one whose claim that stands was
    /// submitted on this day, or without one.
    pub fn facts_of_a_case(&self, as_at: Date, submitted_on: Option<Date>) -> Vec<(String, &str)> {
        let known = self.framework.facts.iter().filter(|fact| fact.from <= as_at);
        known.filter_map(|fact| Some((fact.means_for(submitted_on)?, fact.source.as_str()))).collect()
    }

    /// The framework's id as outputs give it, with ` (changed)` when a parameter was overridden, and
    /// ` (without agreements)` where they were left out.
    pub fn label(&self) -> String {
        let changed = if self.set.changed() { " (changed)" } else { "" };
        let without = if self.without_agreements { " (without agreements)" } else { "" };
        format!("{}{changed}{without}", self.framework.id)
    }

    /// The sentences to show on every run for this as-at date: that agreements were left out, dated facts, and that
    /// a framework was not in force.
    pub fn notices(&self, as_at: Date) -> Vec<String> {
        let mut notices: Vec<String> = Vec::new();
        if self.without_agreements {
            notices.push(WITHOUT_AGREEMENTS.to_owned());
        }
        notices.extend(self.framework.facts.iter().filter(|fact| fact.from <= as_at).map(|fact| fact.text.clone()));
        if !self.in_force {
            let span = self.framework.in_force;
            notices.push(format!(
                "not in force: {} applied from {} to {}, and was asked for by name for {as_at}.",
                self.framework.id, span.from, span.to
            ));
        }
        notices
    }
}
