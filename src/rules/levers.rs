//! Who can do something about each reason why a family is not claimable. From `levers.toml`; where a pack has none, the
//! file that comes with the program holds.

use super::file::OpenFile;
use super::name::RuleName;
use super::standing::Standing;
use crate::words::worded;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The rules that reasons are of: those of the contract, and that linked families are claimed once.
pub fn rules() -> impl Iterator<Item = &'static str> {
    RuleName::ALL.into_iter().map(RuleName::word).chain([ONE_CLAIM])
}

/// The word for the rule that families linked to each other are claimed once.
pub const ONE_CLAIM: &str = "one_claim";

worded! {
    /// Who can act on a reason; those first whom a phone call reaches.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Actor {
        /// The practitioner who works with the family.
        Practitioner = "practitioner",
        /// A school.
        School = "school",
        /// Those who keep the data.
        DataTeam = "data_team",
        /// Nobody: time must pass.
        Calendar = "calendar",
        /// Nobody in the authority.
        NationalRules = "national_rules",
    }
}

impl Actor {
    /// The same for a sentence.
    pub fn said(self) -> &'static str {
        match self {
            Actor::Practitioner => "a practitioner",
            Actor::School => "a school",
            Actor::DataTeam => "the data team",
            Actor::Calendar => "the calendar",
            Actor::NationalRules => "national rules",
        }
    }
}

/// What is said of a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeverEntry {
    /// The rule.
    pub rule: String,
    /// The kind of reason.
    pub kind: String,
    /// Who can act on it.
    pub who: Actor,
    /// Whether that can be settled by setting about it now.
    pub this_week: bool,
    /// What is needed; completes "families need only ...".
    pub needs: String,
}

/// Why no school can give the attendance of a child, as things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoSchool {
    /// The child is educated at home.
    AtHome,
    /// The child is recorded as at no school.
    AtNoSchool,
    /// No UPN is recorded, by which a register could be matched.
    NoUpn,
}

/// Who acts on the attendance of a child of whom no school can give any.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChildEntry {
    /// Why no school can.
    pub settled_by: NoSchool,
    /// Who can act instead.
    pub who: Actor,
    /// Whether that can be settled by setting about it now.
    pub this_week: bool,
    /// What is needed; completes "families need only ...".
    pub needs: String,
}

/// Every reason that the file knows.
#[derive(Clone, Debug, Default)]
pub struct LeverTable {
    entries: Vec<LeverEntry>,
    children: Vec<ChildEntry>,
}

impl LeverTable {
    /// What is said of a reason. One that the file does not know is put to the data team, in its own words, so that none
    /// is lost.
    pub fn of(&self, rule: &str, kind: &str) -> LeverEntry {
        self.get(rule, kind).cloned().unwrap_or_else(|| LeverEntry {
            rule: rule.to_owned(),
            kind: kind.to_owned(),
            who: Actor::DataTeam,
            this_week: false,
            needs: kind.to_owned(),
        })
    }

    /// The same where the file knows it.
    pub fn get(&self, rule: &str, kind: &str) -> Option<&LeverEntry> {
        self.entries.iter().find(|entry| entry.rule == rule && entry.kind == kind)
    }

    /// The same where a school would be asked, but can give nothing of some of the children: the first of the file's
    /// reasons that is one of theirs.
    pub fn without_a_school(&self, entry: &LeverEntry, children: &[NoSchool]) -> Option<LeverEntry> {
        let first = self.children.iter().find(|child| children.contains(&child.settled_by))?;
        (entry.who == Actor::School).then(|| LeverEntry {
            who: first.who,
            this_week: first.this_week,
            needs: first.needs.clone(),
            ..entry.clone()
        })
    }

    /// All reasons, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &LeverEntry> {
        self.entries.iter()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    #[allow(dead_code, reason = "required of the file; shown by reading it")]
    standing: Standing,
    last_checked: toml::value::Datetime,
    #[serde(default)]
    child: Vec<ChildEntry>,
    #[serde(default)]
    lever: Vec<LeverFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeverFile {
    rule: String,
    kind: String,
    who: Actor,
    this_week: bool,
    needs: String,
}

impl LeverTable {
    pub(super) fn take_in(&mut self, file: &mut OpenFile<'_>) {
        let Some(parsed) = file.parsed::<File>() else { return };
        file.cite(&parsed.source, "the levers");
        file.day(&parsed.last_checked, "last_checked");
        let (mut children, mut levers) = (BTreeSet::new(), BTreeSet::new());
        for child in parsed.child {
            if !children.insert(format!("{:?}", child.settled_by)) {
                file.problem(format!("{:?} of a child is given twice: keep one.", child.settled_by));
            }
            match self.children.iter_mut().find(|other| other.settled_by == child.settled_by) {
                Some(other) => *other = child,
                None => self.children.push(child),
            }
        }
        for LeverFile { rule, kind, who, this_week, needs } in parsed.lever {
            if !rules().any(|known| known == rule) {
                let hint = crate::error::did_you_mean(&rule, rules());
                file.problem(format!("there is no rule \"{rule}\".{hint}"));
            }
            if !levers.insert((rule.clone(), kind.clone())) {
                file.problem(format!("\"{kind}\" of {rule} is given twice: keep one."));
            }
            let entry = LeverEntry { rule, kind, who, this_week, needs };
            match self.entries.iter_mut().find(|other| (&other.rule, &other.kind) == (&entry.rule, &entry.kind)) {
                Some(other) => *other = entry,
                None if file.is_over() => {
                    let known = self.entries.iter().filter(|other| other.rule == entry.rule);
                    let hint = crate::error::did_you_mean(&entry.kind, known.map(|other| other.kind.as_str()));
                    file.problem(format!(
                        "{} has no reason \"{}\" to change.{hint} levers.toml of the built-in rules has them all.",
                        entry.rule, entry.kind
                    ));
                }
                None => self.entries.push(entry),
            }
        }
    }
}
