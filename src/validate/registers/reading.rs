//! Rows of attendance files to typed records: whose they are, exact repeats, quarantine, codes.
//!
//! - [`records`] what a row says, layout by layout.

mod records;

use super::layouts::{Columns, Doubt, Fault, row_hash};
use super::{Pupil, PupilIndex, RecordPlace, Registers};
use crate::dates::Date;
use crate::error::{Error, Result};
use crate::finding::{Finding, FindingCode, Findings, shortened};
use crate::ids::{PersonId, Upn};
use crate::load::tables::TableName;
use crate::load::{Row, TextFile};
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::codes::{Class, MarkCode};
use crate::validate::rows::PersonRow;
use crate::validate::{Held, RowCounts};
use crate::words::counted;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whose a record is.
#[derive(Clone, Copy)]
enum Whose {
    /// Nobody's that can be told.
    Untold,
    /// A pupil's whom no family has.
    Unmatched,
    /// A pupil's whom some family may have.
    Pupil(PupilIndex),
}

/// All attendance files while they are read.
pub(super) struct Reading<'r> {
    rules: &'r Rules,
    known_persons: FxHashSet<PersonId>,
    known_upns: FxHashSet<Upn>,
    registers: Registers,
    whose: FxHashMap<String, Whose>,
    buffer: Vec<u8>,
    identity: String,
    words: FxHashMap<String, Arc<str>>,
    held: Vec<Held>,
    counts: RowCounts,
    seen: FxHashSet<u128>,
    unmatched: usize,
    outside: usize,
    unknown_codes: BTreeMap<String, (usize, Place)>,
    out_of_date: BTreeMap<String, (usize, Place)>,
    /// Totals whose parts do not add up: how many, and the first.
    do_not_add_up: Option<(usize, Place, String)>,
}

impl<'r> Reading<'r> {
    pub(super) fn new(rules: &'r Rules, people: &[PersonRow]) -> Self {
        Reading {
            rules,
            known_persons: people.iter().map(|person| person.person_id.clone()).collect(),
            known_upns: people
                .iter()
                .flat_map(|person| [person.upn.clone(), person.former_upn.clone()])
                .flatten()
                .collect(),
            registers: Registers::default(),
            whose: FxHashMap::default(),
            buffer: Vec::new(),
            identity: String::new(),
            words: FxHashMap::default(),
            held: Vec::new(),
            counts: RowCounts::default(),
            seen: FxHashSet::default(),
            unmatched: 0,
            outside: 0,
            unknown_codes: BTreeMap::new(),
            out_of_date: BTreeMap::new(),
            do_not_add_up: None,
        }
    }

    pub(super) fn file(&mut self, file: &TextFile) -> Result<()> {
        let columns = Columns::of(file)?;
        let file_number = u16::try_from(self.registers.files.len())
            .map_err(|_| Error::new("there are more than 65,536 attendance files: put them together."))?;
        self.registers.files.push(file.file.clone());
        file.for_each(&mut |row| self.row(&columns, &row, RecordPlace { file: file_number, row: row.number }))
    }

    fn row(&mut self, columns: &Columns, row: &Row<'_>, place: RecordPlace) {
        self.counts.read += 1;
        if !self.seen.insert(row_hash(columns, row, &mut self.buffer)) {
            self.counts.repeated += 1;
            return;
        }
        let whose = self.whose(columns.text(row, "person_id"), columns.text(row, "upn"));
        let outcome = if row.is_ragged() {
            Err(Fault {
                column: "",
                code: FindingCode::RowLength,
                message: "the row has not as many cells as the header.".to_owned(),
                term: Doubt::Any,
            })
        } else if matches!(whose, Whose::Untold) {
            Err(Fault {
                column: if columns.position("upn").is_some() { "upn" } else { "person_id" },
                code: FindingCode::NoPupil,
                message: "the row names no pupil: it has no person_id, and its UPN is blank or says why there is none."
                    .to_owned(),
                term: Doubt::Any,
            })
        } else {
            self.record(columns, row, whose, place)
        };
        match outcome {
            Ok(()) => self.counts.used += 1,
            Err(fault) => {
                self.counts.quarantined += 1;
                if let Whose::Pupil(pupil) = whose {
                    match fault.term {
                        Doubt::Terms(terms) => {
                            self.registers.unreadable.extend(terms.into_iter().map(|term| (pupil, Some(term))));
                        }
                        Doubt::Any => self.registers.unreadable.push((pupil, None)),
                    }
                }
                let value = columns.text(row, fault.column).unwrap_or_default().to_owned();
                self.held.push(Held {
                    table: TableName::Attendance,
                    place: self.registers.place(place),
                    column: fault.column.to_owned(),
                    value: shortened(value),
                    code: fault.code,
                    message: shortened(fault.message),
                    family: None,
                    case: None,
                    restricted: false,
                    since: None,
                });
            }
        }
    }

    /// Whose a record with these identifiers is. Asked for every row, so the answer is remembered by the cells as they stand.
    fn whose(&mut self, person_id: Option<&str>, upn: Option<&str>) -> Whose {
        self.identity.clear();
        self.identity.push_str(person_id.unwrap_or_default());
        self.identity.push('\u{1f}');
        self.identity.push_str(upn.unwrap_or_default());
        if let Some(known) = self.whose.get(&self.identity) {
            return *known;
        }
        let pupil = Pupil { person_id: person_id.map(PersonId::new), upn: upn.and_then(Upn::read) };
        let is_wanted = pupil.person_id.as_ref().is_some_and(|id| self.known_persons.contains(id))
            || pupil.upn.as_ref().is_some_and(|upn| self.known_upns.contains(upn));
        // A UPN that says why there is none (UN1 to UN5) is as good as a blank one: the pupil cannot be told.
        let whose = if pupil.person_id.is_none() && pupil.upn.is_none() {
            Whose::Untold
        } else if !is_wanted {
            Whose::Unmatched
        } else {
            let index = self.registers.pupils.len();
            self.registers.pupils.push(pupil);
            PupilIndex::try_from(index).map_or(Whose::Unmatched, Whose::Pupil)
        };
        self.whose.insert(self.identity.clone(), whose);
        whose
    }

    fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.words.get(text) {
            return known.clone();
        }
        let word: Arc<str> = Arc::from(text);
        self.words.insert(text.to_owned(), word.clone());
        word
    }

    /// What a code counts as, and the code; counts the unknown ones and those out of date.
    fn known(&mut self, text: &str, date: Option<Date>, place: RecordPlace) -> Option<(Class, MarkCode)> {
        let code = self.rules.pack.codes.get(text);
        let place = || self.registers.place(place);
        match code {
            None if !["", "-", "@"].contains(&text) => {
                self.unknown_codes.entry(text.to_uppercase()).or_insert_with(|| (0, place())).0 += 1;
                None
            }
            None => None,
            Some(code) => {
                if date.is_some_and(|date| !code.in_use_on(date)) {
                    self.out_of_date.entry(code.code.clone()).or_insert_with(|| (0, place())).0 += 1;
                }
                Some((code.class, code.short()))
            }
        }
    }

    pub(super) fn finish(self, findings: &mut Findings) -> (Registers, Vec<Held>, RowCounts) {
        if self.outside > 0 {
            findings.say(
                FindingCode::OutsideTerms,
                format!("{} attendance records lie in no term of the calendar in use and were left out.", self.outside),
            );
        }
        if self.unmatched > 0 {
            let nobody =
                if self.known_persons.is_empty() { "nobody can match: there are no people" } else { "no family has" };
            findings.say(
                FindingCode::UnmatchedPupils,
                format!(
                    "{} of pupils whom {nobody}.",
                    counted(self.unmatched, "attendance record is", "attendance records are")
                ),
            );
        }
        if let Some((times, place, sum)) = self.do_not_add_up {
            findings.add(Finding {
                code: FindingCode::TotalsDoNotAddUp,
                place: Some(place),
                column: "attended".to_owned(),
                value: String::new(),
                message: format!(
                    "{}, first here: {sum}.",
                    counted(times, "row of totals does not add up", "rows of totals do not add up")
                ),
            });
        }
        for (codes, kind, said) in [
            (
                self.unknown_codes,
                FindingCode::UnknownCode,
                "is in no list of attendance codes; its marks are missing marks",
            ),
            (self.out_of_date, FindingCode::CodeOutOfDate, "is used outside its dates; it counts as it always did"),
        ] {
            for (code, (times, place)) in codes {
                let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
                let message = format!("the code {code} {said} (found {times}, first here).");
                findings.add(Finding {
                    code: kind,
                    place: Some(place),
                    column: "code".to_owned(),
                    value: code,
                    message,
                });
            }
        }
        (self.registers, self.held, self.counts)
    }
}
