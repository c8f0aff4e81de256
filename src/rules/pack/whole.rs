//! A pack, as the program works with it.

use super::super::assumptions::Assumptions;
use super::super::assurance::Assurance;
use super::super::calendar::Calendar;
use super::super::checks::Thresholds;
use super::super::codes::Codes;
use super::super::framework::Framework;
use super::super::levers::LeverTable;
use super::super::parameters::Override;
use super::super::position::Judging;
use super::super::targets::Targets;
use super::files::{RuleFile, Source};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Everything that a pack says.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// Where it came from, in words.
    pub origin: String,
    /// The frameworks, by the day they come into force.
    pub frameworks: Vec<Framework>,
    /// Overrides of a later file, `local.toml`.
    pub overrides: Vec<Override>,
    /// The sources by key.
    pub sources: BTreeMap<String, Source>,
    /// Attendance codes.
    pub codes: Codes,
    /// The school calendar.
    pub calendar: Option<Calendar>,
    /// Targets by authority.
    pub targets: Vec<Targets>,
    /// From when on the checks across tables find something odd. Those built in, where the pack gives none.
    pub thresholds: Option<Thresholds>,
    /// What a forecast assumes; empty in a pack without that file, which then cannot forecast.
    pub assumptions: Assumptions,
    /// How a position is judged.
    pub position: Judging,
    /// Who can act on which reason.
    pub levers: LeverTable,
    /// What funnels and anomalies ask after.
    pub assurance: Assurance,
    /// Every file; those that an authority's folder lays over the others last.
    pub files: Vec<RuleFile>,
    /// The files that were read from a disk.
    pub paths: Vec<PathBuf>,
}
