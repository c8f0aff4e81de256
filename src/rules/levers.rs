//! Who can do something about each reason why a family is not claimable. From `levers.toml`; where a pack has none, the
//! file that comes with the program holds.

use super::Standing;
use super::framework::day;
use super::name::RuleName;
use crate::words::worded;
use serde::{Deserialize, Serialize};

/// The text of the file that comes with the program.
pub const BUILT_IN: &str = include_str!("../../rules/levers.toml");

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
pub struct Entry {
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
    entries: Vec<Entry>,
    children: Vec<ChildEntry>,
}

impl LeverTable {
    /// What is said of a reason. One that the file does not know is put to the data team, in its own words, so that none
    /// is lost.
    pub fn of(&self, rule: &str, kind: &str) -> Entry {
        self.get(rule, kind).cloned().unwrap_or_else(|| Entry {
            rule: rule.to_owned(),
            kind: kind.to_owned(),
            who: Actor::DataTeam,
            this_week: false,
            needs: kind.to_owned(),
        })
    }

    /// The same where the file knows it.
    pub fn get(&self, rule: &str, kind: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.rule == rule && entry.kind == kind)
    }

    /// The same where a school would be asked, but can give nothing of some of the children: the first of the file's
    /// reasons that is one of theirs.
    pub fn without_a_school(&self, entry: &Entry, children: &[NoSchool]) -> Option<Entry> {
        let first = self.children.iter().find(|child| children.contains(&child.settled_by))?;
        (entry.who == Actor::School).then(|| Entry {
            who: first.who,
            this_week: first.this_week,
            needs: first.needs.clone(),
            ..entry.clone()
        })
    }

    /// All reasons, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
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

/// Reads the file. Every mistake is told to `problem`; `cite` is told of each source named.
pub(super) fn read(text: &str, problem: &mut dyn FnMut(String), cite: &mut dyn FnMut(&str, String)) -> LeverTable {
    let parsed: File = match toml::from_str(text) {
        Ok(parsed) => parsed,
        Err(why) => {
            problem(why.to_string());
            return LeverTable::default();
        }
    };
    cite(&parsed.source, "the levers".to_owned());
    if day(&parsed.last_checked).is_none() {
        problem(format!("last_checked is {}, which is not a date.", parsed.last_checked));
    }
    let mut table = LeverTable { children: parsed.child, ..LeverTable::default() };
    for (place, child) in table.children.iter().enumerate() {
        if table.children[..place].iter().any(|other| other.settled_by == child.settled_by) {
            problem(format!("{:?} of a child is given twice: keep one.", child.settled_by));
        }
    }
    for entry in parsed.lever {
        if !rules().any(|rule| rule == entry.rule) {
            let hint = crate::error::did_you_mean(&entry.rule, rules());
            problem(format!("there is no rule \"{}\".{hint}", entry.rule));
        }
        if table.get(&entry.rule, &entry.kind).is_some() {
            problem(format!("\"{}\" of {} is given twice: keep one.", entry.kind, entry.rule));
        }
        table.entries.push(Entry {
            rule: entry.rule,
            kind: entry.kind,
            who: entry.who,
            this_week: entry.this_week,
            needs: entry.needs,
        });
    }
    table
}
