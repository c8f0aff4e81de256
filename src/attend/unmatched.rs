//! Attendance and families that could not be matched: children of school age of whom the latest terms have no record, and pupils in
//! the files whom no family has, each with the likeliest reason. It is for a person to look at; nothing is joined by it.

use super::Attended;
use crate::dates::school_age;
use crate::ids::{CaseId, FamilyId, PersonId, Upn};
use crate::link::Linked;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::validate::registers::{Pupil, Registers, Stranger};
use crate::validate::rows::{PersonRow, Schooling};
use crate::words::worded;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::Hasher;

worded! {
    /// Why a child has no attendance, likeliest first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum WhyNone {
        /// A record that may be of the term is in quarantine.
        Quarantined = "in_quarantine",
        /// Educated at home: no register holds the child.
        Home = "educated_at_home",
        /// Recorded as at no school.
        NoSchool = "at_no_school",
        /// A pupil whom no family has is named nearly the same.
        OtherSpelling = "other_spelling",
        /// Records stand under the former UPN, and none under the present one.
        FormerUpn = "former_upn",
        /// Records of other terms are held.
        OtherTerms = "other_terms_only",
        /// No UPN is recorded.
        NoUpn = "no_upn",
        /// The UPN is a temporary one.
        TemporaryUpn = "temporary_upn",
        /// The UPN's check letter is wrong.
        CheckLetter = "upn_check_letter",
        /// Nothing is wrong with the UPN; it is in no file.
        InNoFile = "in_no_file",
    }
}

impl WhyNone {
    /// What to do about it.
    pub fn what_to_do(self) -> &'static str {
        match self {
            WhyNone::Quarantined => "Mend the pupil's rows in quarantine.csv.",
            WhyNone::Home => "Schools hold no register of the child: attendance can only be agreed by a person.",
            WhyNone::NoSchool => {
                "Check whether the child has a school by now; without one attendance can only be agreed by a person."
            }
            WhyNone::OtherSpelling => {
                "Compare the two identifiers with the school's, and correct the one that is wrong."
            }
            WhyNone::FormerUpn => "Ask the school under which UPN the child is on its roll now.",
            WhyNone::OtherTerms => "Ask the school for these terms, or for the child's new school.",
            WhyNone::NoUpn => "Ask the school for the UPN and put it into the case system.",
            WhyNone::TemporaryUpn => "Ask the school for the permanent UPN: its register may be under that one.",
            WhyNone::CheckLetter => "Compare the UPN with the school's: a character is wrong.",
            WhyNone::InNoFile => {
                "Ask which school the child attends, and for its register: it may be outside the authority, independent, or not have sent any."
            }
        }
    }
}

/// A child of school age without any record in some of the latest terms.
#[derive(Clone, Debug)]
pub struct ChildWithout {
    /// The case that names a period of the family: the latest.
    pub case_id: CaseId,
    /// Whether that period is open.
    pub is_open: bool,
    /// The family.
    pub family_id: FamilyId,
    /// The child.
    pub person_id: PersonId,
    /// The child's UPN.
    pub upn: Option<Upn>,
    /// The terms without any record.
    pub terms: Vec<TermIndex>,
    /// The likeliest reason.
    pub why: WhyNone,
    /// The pupil in the files who is named nearly the same; never one for a person whose row is restricted.
    pub nearest: Option<Pupil>,
}

worded! {
    /// Why nobody has a pupil.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum WhyNobodys {
        /// A child without attendance is named nearly the same.
        OtherSpelling = "other_spelling",
        /// The UPN is a temporary one.
        TemporaryUpn = "temporary_upn",
        /// The UPN's check letter is wrong.
        CheckLetter = "upn_check_letter",
        /// As is usual where files hold whole schools.
        NoFamily = "no_family_has_the_pupil",
    }
}

/// A pupil in the files whom no family has.
#[derive(Clone, Debug)]
pub struct NobodysPupil {
    /// As the files name the pupil.
    pub pupil: Pupil,
    /// The terms of which there is a record.
    pub terms: Vec<TermIndex>,
    /// The likeliest reason.
    pub why: WhyNobodys,
    /// The child who is named nearly the same.
    pub nearest: Option<PersonId>,
}

/// Both lists, by identifier.
#[derive(Clone, Debug, Default)]
pub struct Unmatched {
    /// The children without attendance.
    pub children: Vec<ChildWithout>,
    /// The pupils whom nobody has.
    pub pupils: Vec<NobodysPupil>,
}

/// Works out both lists for the terms of the window.
pub fn unmatched(linked: &Linked, attended: &Attended, registers: Option<&Registers>, rules: &Rules) -> Unmatched {
    let Some(registers) = registers else { return Unmatched::default() };
    let mut children: Vec<(ChildWithout, &PersonRow)> = Vec::new();
    let with_case = linked.families.iter().filter(|family| !family.periods.is_empty());
    for family in with_case {
        let Some(period) = family.periods.last().map(|period| &linked.periods[*period]) else { continue };
        for child in family.members(linked.as_at) {
            let Some(age) = child.date_of_birth.map(school_age).filter(|age| age.covers(linked.as_at)) else {
                continue;
            };
            let has_none = |term: &TermIndex| {
                age.covers(rules.calendar.term(*term).span.from)
                    && attended.of(&child.person_id, *term).is_none_or(|records| !records.has_records)
            };
            let terms: Vec<TermIndex> = attended.window.iter().copied().filter(has_none).collect();
            if !terms.is_empty() {
                let without = ChildWithout {
                    case_id: period.id().clone(),
                    is_open: period.is_open(),
                    family_id: family.id.clone(),
                    person_id: child.person_id.clone(),
                    upn: child.upn.clone(),
                    terms,
                    why: WhyNone::InNoFile,
                    nearest: None,
                };
                children.push((without, child));
            }
        }
    }
    let spellings = Spellings::of(children.iter().map(|(_, row)| *row), &registers.strangers, linked);
    let mut near_of: FxHashMap<usize, usize> = FxHashMap::default();
    let mut pupils = Vec::new();
    for (number, Stranger { pupil, terms }) in registers.strangers.iter().enumerate() {
        let near = spellings.nearest(pupil, |child| children[child].1);
        if let Some(child) = near {
            near_of.entry(child).or_insert(number);
        }
        let why = match (&pupil.upn, near) {
            (_, Some(_)) => WhyNobodys::OtherSpelling,
            (Some(upn), None) if upn.is_temporary() => WhyNobodys::TemporaryUpn,
            (Some(upn), None) if !upn.check_letter_is_right() => WhyNobodys::CheckLetter,
            _ => WhyNobodys::NoFamily,
        };
        pupils.push(NobodysPupil {
            pupil: pupil.clone(),
            // A term that begins later does not exist yet.
            terms: terms.iter().copied().filter(|term| rules.calendar.term(*term).span.from <= linked.as_at).collect(),
            why,
            nearest: near.map(|child| children[child].0.person_id.clone()),
        });
    }
    let mut found: Vec<ChildWithout> = children
        .into_iter()
        .enumerate()
        .map(|(number, (mut without, row))| {
            without.nearest = near_of.get(&number).map(|stranger| registers.strangers[*stranger].pupil.clone());
            without.why = why_none(row, &without, linked, registers);
            without
        })
        .collect();
    found.sort_by(|a, b| (&a.case_id, &a.person_id).cmp(&(&b.case_id, &b.person_id)));
    Unmatched { children: found, pupils }
}

fn why_none(child: &PersonRow, without: &ChildWithout, linked: &Linked, registers: &Registers) -> WhyNone {
    let is_near = without.nearest.is_some();
    // Pupils in the files who are the child, so that there are records of other terms.
    let mine = linked.pupils(&child.person_id);
    let by_former = |pupil: &Pupil| pupil.upn.is_some() && pupil.upn == child.former_upn && pupil.upn != child.upn;
    let unreadable = mine.iter().any(|pupil| without.terms.iter().any(|term| registers.has_unreadable(*pupil, *term)));
    match (&child.schooling, &child.upn) {
        _ if unreadable => WhyNone::Quarantined,
        (Some(Schooling::Home), _) => WhyNone::Home,
        (Some(Schooling::None), _) => WhyNone::NoSchool,
        _ if is_near => WhyNone::OtherSpelling,
        _ if !mine.is_empty() && mine.iter().map(|pupil| &registers.pupils[*pupil]).all(by_former) => {
            WhyNone::FormerUpn
        }
        _ if !mine.is_empty() => WhyNone::OtherTerms,
        (_, None) => WhyNone::NoUpn,
        (_, Some(upn)) if upn.is_temporary() => WhyNone::TemporaryUpn,
        (_, Some(upn)) if !upn.check_letter_is_right() => WhyNone::CheckLetter,
        _ => WhyNone::InNoFile,
    }
}

/// Identifiers of children by their spellings, as far as some pupil of nobody has them: UPNs with one character left out, and person ids
/// by letters and digits alone. Rows that are restricted are none of them, so that nothing leads from a pupil to such a child.
struct Spellings {
    upns: FxHashMap<u64, Vec<usize>>,
    person_ids: FxHashMap<String, usize>,
}

impl Spellings {
    fn of<'a>(children: impl Iterator<Item = &'a PersonRow>, strangers: &[Stranger], linked: &Linked) -> Spellings {
        let pupils = || strangers.iter().map(|stranger| &stranger.pupil);
        let theirs: FxHashSet<u64> = pupils().filter_map(|pupil| pupil.upn.as_ref()).flat_map(without_one).collect();
        let their_ids: FxHashSet<String> = pupils().filter_map(|pupil| pupil.person_id.as_ref()).map(folded).collect();
        let mut spellings = Spellings { upns: FxHashMap::default(), person_ids: FxHashMap::default() };
        for (number, child) in children.enumerate() {
            let keys = || child.upn.iter().flat_map(without_one).filter(|key| theirs.contains(key));
            let id = Some(&child.person_id).filter(|_| !their_ids.is_empty()).map(folded);
            let id = id.filter(|id| their_ids.contains(id));
            if (id.is_none() && keys().next().is_none()) || linked.protected.covers(child) {
                continue;
            }
            for key in keys() {
                let mine = spellings.upns.entry(key).or_default();
                if mine.last() != Some(&number) {
                    mine.push(number);
                }
            }
            if let Some(id) = id {
                spellings.person_ids.entry(id).or_insert(number);
            }
        }
        spellings
    }

    /// The child whose identifier is nearly that of a pupil: the UPNs differ in one character, or in two that have
    /// changed places, and one of the two has a wrong check letter (two right ones are two pupils); or the person ids
    /// differ in case, spaces, punctuation or leading zeros.
    fn nearest<'a>(&self, pupil: &Pupil, child: impl Fn(usize) -> &'a PersonRow) -> Option<usize> {
        let by_id = pupil.person_id.as_ref().and_then(|id| self.person_ids.get(&folded(id)).copied());
        by_id.or_else(|| {
            let theirs = pupil.upn.as_ref()?;
            let candidates = without_one(theirs).into_iter().filter_map(|key| self.upns.get(&key)).flatten().copied();
            let mut near: Vec<usize> = candidates
                .filter(|number| {
                    child(*number).upn.as_ref().is_some_and(|mine| {
                        strsim::osa_distance(mine.as_str(), theirs.as_str()) == 1
                            && mine.check_letter_is_right() != theirs.check_letter_is_right()
                    })
                })
                .collect();
            near.sort_unstable();
            near.dedup();
            // Two children would be a guess.
            Some(near).filter(|near| near.len() == 1)?.pop()
        })
    }
}

/// Hashes of a UPN with each of its characters left out, one after the other.
fn without_one(upn: &Upn) -> Vec<u64> {
    let bytes = upn.as_str().as_bytes();
    // Anything much longer or shorter is no UPN with a slip.
    if !(12..=14).contains(&bytes.len()) {
        return Vec::new();
    }
    let left_out = |position: usize| {
        let mut hasher = FxHasher::default();
        for byte in bytes[..position].iter().chain(&bytes[position + 1..]) {
            hasher.write_u8(*byte);
        }
        hasher.finish()
    };
    // The whole is its own neighbour where the other has a character more.
    let mut whole = FxHasher::default();
    bytes.iter().for_each(|byte| whole.write_u8(*byte));
    (0..bytes.len()).map(left_out).chain([whole.finish()]).collect()
}

fn folded(id: &PersonId) -> String {
    let plain: String = id.as_str().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let digits = plain.find(|c: char| c.is_ascii_digit()).unwrap_or(plain.len());
    let (letters, number) = plain.split_at(digits);
    format!("{letters}{}", number.trim_start_matches('0'))
}
