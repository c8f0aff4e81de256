//! The typed rows of all tables, with what was quarantined and what is to be said of them.

use super::days::Horizon;
use super::held::{Held, RowCounts};
use super::persons::Persons;
use super::reading::ReadTable;
use super::registers::Registers;
use super::rows::{Agreement, Case, Claim, Confirmation, FormerId, Need, PersonRow};
use crate::dates::Date;
use crate::error::Result;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{Likeness, cleaned};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::words::grouped;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Typed rows that are held at the as-at date of the run because of that date: days after its horizon, or a row whose own
/// day has not come though another of its days has. At another as-at date they may be used.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each field holds rows of the table of the same name")]
pub struct SetAside {
    pub cases: Vec<Case>,
    pub people: Vec<PersonRow>,
    pub needs: Vec<Need>,
    pub claims: Vec<Claim>,
    pub agreements: Vec<Agreement>,
}

/// What makes two ids of each kind nearly alike in the data.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "each field is the kind of id of the same name")]
pub struct LikenessOfIds {
    pub family: Likeness,
    pub case: Likeness,
}

impl LikenessOfIds {
    /// By all ids of each kind that the tables give.
    pub(super) fn of(loaded: &Loaded) -> Result<LikenessOfIds> {
        let mut letters: [Letters; KINDS.len()] = Default::default();
        for_each_id(loaded, &mut |kind, id| letters[kind].see(id))?;
        if !letters.iter().any(|letters| letters.may_differ_by_case()) {
            return Ok(LikenessOfIds::default());
        }
        let mut ids: [FxHashSet<String>; KINDS.len()] = Default::default();
        for_each_id(loaded, &mut |kind, id| {
            let id = cleaned(id);
            if !ids[kind].contains(&*id) {
                ids[kind].insert(id.into_owned());
            }
        })?;
        let [family, case] = ids.map(|ids| Likeness::of(ids.iter().map(String::as_str)));
        Ok(LikenessOfIds { family, case })
    }

    pub(super) fn say(self, findings: &mut Findings) {
        for (kind, likeness) in [("family", self.family), ("case", self.case)] {
            if likeness.case_counts {
                let message = format!(
                    "over 1 in 5 {kind} ids differ from another only in capital and small letters, so these are taken to be different."
                );
                findings.say(FindingCode::CaseOfLettersCounts, message);
            }
        }
    }
}

/// The kinds of id that may be nearly alike.
const KINDS: [&str; 2] = ["family_id", "case_id"];

/// Gives every id in the tables, with its kind. One that stands in several rows running is given once.
fn for_each_id(loaded: &Loaded, each: &mut impl FnMut(usize, &str)) -> Result<()> {
    use TableName::{Agreements, Cases, Claims, Criteria, People};
    let tables: [(TableName, &[usize]); 5] =
        [(Cases, &[0, 1]), (People, &[0]), (Claims, &[0, 1]), (Criteria, &[1]), (Agreements, &[1])];
    for (table, kinds) in tables {
        for file in loaded.of(table) {
            let column = |kind: &usize| Some((*kind, file.column(KINDS[*kind])?));
            let columns: Vec<(usize, usize)> = kinds.iter().filter_map(column).collect();
            let mut before: [String; KINDS.len()] = Default::default();
            file.for_each(&mut |row| {
                for (kind, at) in &columns {
                    if let Some(id) = row.cell(*at).filter(|id| *id != before[*kind]) {
                        id.clone_into(&mut before[*kind]);
                        each(*kind, id);
                    }
                }
            })?;
        }
    }
    Ok(())
}

/// The letters of ids.
#[derive(Clone, Copy, Default)]
struct Letters {
    capital: bool,
    small: bool,
    /// Letters, and other signs, that are not those of English.
    others: bool,
}

impl Letters {
    fn see(&mut self, id: &str) {
        for byte in id.bytes() {
            self.capital |= byte.is_ascii_uppercase();
            self.small |= byte.is_ascii_lowercase();
            self.others |= !byte.is_ascii();
        }
    }

    /// Whether two of the ids may differ in capital and small letters alone.
    fn may_differ_by_case(self) -> bool {
        self.others || (self.capital && self.small)
    }
}

/// The typed rows of all tables. A table that is not in the data is `None`; an empty one says "nothing".
#[derive(Debug, Default)]
pub struct Register {
    /// Cases.
    pub cases: Vec<Case>,
    /// People, a row a person in a family.
    pub people: Option<Vec<PersonRow>>,
    /// Needs.
    pub needs: Vec<Need>,
    /// Claims.
    pub claims: Option<Vec<Claim>>,
    /// Agreements.
    pub agreements: Vec<Agreement>,
    /// Confirmations of findings.
    pub confirmations: Vec<Confirmation>,
    /// What ids were before.
    pub former_ids: Vec<FormerId>,
    /// Rows that can be read, and are held because of the as-at date.
    pub set_aside: SetAside,
    /// What makes two ids nearly alike.
    pub likeness: LikenessOfIds,
    /// The day on which the data were taken from their systems, where the settings give it.
    pub extracted_on: Option<Date>,
    /// Who is who by identifiers.
    pub persons: Persons,
    /// Attendance; `None` without attendance files.
    pub registers: Option<Registers>,
    /// Quarantined rows, by table, file and row.
    pub held: Vec<Held>,
    /// Rows by table, of the tables in the data.
    pub counts: BTreeMap<TableName, RowCounts>,
    /// What is wrong or worth knowing.
    pub findings: Findings,
}

impl Register {
    /// Takes a table's counts, quarantined rows and findings in; gives its rows back, and those that are set aside.
    pub(super) fn take<T>(&mut self, table: TableName, read: ReadTable<T>) -> (Vec<T>, Vec<T>) {
        for held in &read.held {
            // The criteria of a quarantined case are held with it, not reported again; questions are said once.
            if !matches!(held.code, FindingCode::HeldWithCase | FindingCode::UnansweredQuestion) {
                let finding = Finding::at(held.code, &held.place, &held.column, &held.value, &held.message);
                self.findings.add(finding.about(&held.record));
            }
        }
        let unanswered = read.held.iter().filter(|held| held.code == FindingCode::UnansweredQuestion).count();
        if unanswered > 0 {
            let rows = if unanswered == 1 { "row is a question" } else { "rows are questions" };
            self.findings.say(
                FindingCode::UnansweredQuestion,
                format!("{table}: {} {rows} without an answer yet, left out.", grouped(&unanswered.to_string())),
            );
        }
        if read.counts.repeated > 0 {
            let rows = if read.counts.repeated == 1 { "row repeats" } else { "rows repeat" };
            self.findings.say(
                FindingCode::RowsRepeated,
                format!("{table}: {} {rows} another one exactly and counted once.", read.counts.repeated),
            );
        }
        self.findings.append(read.findings);
        read.corrected.say(&mut self.findings);
        self.counts.insert(table, read.counts);
        self.held.extend(read.held);
        (read.rows, read.set_aside)
    }

    /// What days can be believed at an as-at date.
    pub fn horizon_at(&self, as_at: Date) -> Horizon {
        Horizon { as_at, extracted_on: self.extracted_on }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_capital_letters_alone_do_not_differ_by_case() {
        let of = |ids: &[&str]| {
            let mut letters = Letters::default();
            ids.iter().for_each(|id| letters.see(id));
            letters.may_differ_by_case()
        };
        assert!(!of(&["F1", "F2", "1-2"]));
        assert!(!of(&["f1", "f2", ""]));
        assert!(of(&["f1", "F1"]));
        assert!(of(&["\u{c4}1"]));
    }
}
