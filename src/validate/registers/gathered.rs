//! What all workers have read, put together: rows of figures in the files' order without their repeats, marks by term,
//! pupils in an order of their own, and what is to be said of the files.
//!
//! Longer than most files, since it is one pass in which each step needs what the one before gathered.

use super::enrolments::{Enrolment, Told};
use super::kept::{Registers, SchoolsOfMarks};
use super::kinds::Oddity;
use super::layouts::Doubt;
use super::missing::Missing;
use super::reading::{ReadByOne, Said, Shared, Waiting};
use super::record::{CountRecord, PercentRecord, Pupil, PupilIndex, RecordPlace, SchoolNumber, Stranger, TotalRecord};
use super::tally::OddAt;
use crate::cores;
use crate::dates::of_day_number;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::Likeness;
use crate::indexed::Number;
use crate::load::said_1252;
use crate::load::tables::TableName;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::validate::days::{HeldDays, MayBeSuccess};
use crate::validate::held::{Held, RowCounts};
use crate::validate::written_dates::DateForms;
use crate::words::counted;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

/// What is said of the files once all is known.
#[derive(Default)]
struct Noted {
    outside: u64,
    of_nobody: u64,
    /// Totals whose parts do not add up: how many, and the first.
    do_not_add_up: Option<(usize, RecordPlace, String)>,
    odd: FxHashMap<(u32, Oddity), (u64, OddAt)>,
    /// Rows of half-terms of pupils whom some family may have: how many, and the first.
    of_half_terms: Option<(usize, RecordPlace)>,
}

pub(super) fn gathered(
    shared: Shared<'_>,
    read: Vec<ReadByOne>,
    left_out: &FxHashSet<u32>,
    findings: &mut Findings,
) -> (Registers, Vec<Held>, RowCounts) {
    let Shared { rules, files, known, enrolments, kinds, marks, words, by_day, .. } = shared;
    let mut registers = Registers {
        kinds: kinds.into_kinds(),
        sheet: marks.finish(),
        files: files.iter().map(|file| file.text.file.clone()).collect(),
        schools: by_number(words.into_inner().unwrap_or_else(PoisonError::into_inner)),
        ..Registers::default()
    };
    let mut noted = Noted::default();
    let mut counts = RowCounts::default();
    let mut waiting = Vec::new();
    let mut missing = Missing::default();
    let mut forms: BTreeMap<u16, DateForms> = BTreeMap::new();
    let (mut wanted, mut of_nobody) = (BTreeMap::new(), BTreeMap::new());
    for mut one in read {
        counts.read += one.counts.read;
        counts.used += one.counts.used;
        counts.repeated += one.counts.repeated;
        one.tally.wanted.move_into(&mut wanted);
        one.tally.of_nobody.move_into(&mut of_nobody);
        for (odd, (times, at)) in one.tally.odd {
            let (sum, first) = noted.odd.entry(odd).or_insert((0, at));
            *sum += times;
            *first = at.min(*first);
        }
        missing.add(one.missing);
        waiting.append(&mut one.waiting);
        for (file, noted) in one.forms {
            forms.entry(file).or_default().add(noted);
        }
    }
    for (file, noted) in forms {
        if let Some(file) = files.get(usize::from(file)) {
            noted.say(file.text, findings);
        }
    }
    for file in files.iter().filter(|file| file.text.was_read_as_1252()) {
        findings.say(FindingCode::ReadAsWindows1252, said_1252(&file.text.file));
    }
    let is_outside = |day: &i32| rules.calendar.at(of_day_number(*day)).is_none();
    noted.outside = wanted.iter().chain(&of_nobody).filter(|(day, _)| is_outside(day)).map(|(_, count)| count).sum();
    noted.of_nobody = of_nobody.iter().filter(|(day, _)| !is_outside(day)).map(|(_, count)| count).sum();
    registers.marks_by_day = by_day.into_inner().unwrap_or_else(PoisonError::into_inner);
    put_together(&mut registers);
    let days_with_marks = registers.marks_by_day.values().flat_map(BTreeMap::keys).copied();
    registers.terms_held = days_with_marks.filter_map(|day| rules.calendar.at(of_day_number(day))).collect();

    let named = enrolments.into_named();
    let everybody = named.pupils;
    let (pupil_of, strangers) = number_pupils(&mut registers, &everybody, &named.told);
    registers.missing = missing.by_pupil(&pupil_of, &registers.kinds);
    let contradicted = pupil_of.iter().zip(&named.told).filter(|(_, told)| told.is_contradicted);
    registers.contradictory = contradicted.filter_map(|(pupil, _)| *pupil).collect();
    let of_marks: FxHashSet<String> = named.schools.iter().filter(|name| !name.is_empty()).cloned().collect();
    let school_of = one_school(&mut registers.schools, of_marks, findings);
    registers.schools_of_marks = SchoolsOfMarks { names: named.schools, of_enrolment: named.school_of };
    let mut strange_terms = terms_of_strangers(&registers, &strangers, rules);
    cores::sort(&mut waiting, |one: &Waiting, other| one.place.cmp(&other.place));
    // Whom only rows named whose place corrections took is in the data no more.
    let still_named: FxHashSet<u32> = if left_out.is_empty() {
        FxHashSet::default()
    } else {
        waiting.iter().map(|row| row.enrolment.number()).collect()
    };
    let held = take_in(
        &mut registers,
        waiting,
        (&pupil_of, &everybody, &school_of),
        &mut strange_terms,
        rules,
        &mut counts,
        &mut noted,
    );
    registers.unreadable.sort_unstable();
    registers.unreadable.dedup_by_key(|(pupil, term, _)| (*pupil, *term));
    cores::sort(&mut registers.totals, |one, other| {
        (one.pupil, one.term, one.place).cmp(&(other.pupil, other.term, other.place))
    });
    registers.percents.sort_unstable_by_key(|record| (record.pupil, record.term, record.place));
    cores::sort(&mut registers.counts, |one, other| {
        (one.pupil, one.term, one.place).cmp(&(other.pupil, other.term, other.place))
    });
    let is_gone = |number: &u32| {
        left_out.contains(number)
            && !still_named.contains(number)
            && strange_terms.get(number).is_none_or(BTreeSet::is_empty)
    };
    let strangers: Vec<NumbersOf> = strangers.into_iter().filter(|(_, numbers)| !numbers.iter().all(is_gone)).collect();
    registers.strangers = strangers
        .into_iter()
        .map(|(pupil, numbers)| Stranger {
            terms: numbers.iter().filter_map(|number| strange_terms.remove(number)).flatten().collect(),
            pupil,
        })
        .collect();
    say(findings, noted, &registers, known.is_empty());
    (registers, held, counts)
}

/// Corrections of one file may be read in several ways; its days are counted together.
fn put_together(registers: &mut Registers) {
    let mut first_of: BTreeMap<_, usize> = BTreeMap::new();
    let mut by_file = BTreeMap::new();
    for (file, days) in std::mem::take(&mut registers.marks_by_day) {
        let Some(name) = registers.files.get(file) else { continue };
        let first = *first_of.entry(name.clone()).or_insert(file);
        let sum: &mut BTreeMap<i32, u64> = by_file.entry(first).or_default();
        for (day, marks) in days {
            *sum.entry(day).or_default() += marks;
        }
    }
    registers.marks_by_day = by_file;
}

fn by_number(words: FxHashMap<String, u32>) -> Vec<String> {
    let mut words: Vec<(u32, String)> = words.into_iter().map(|(word, number)| (number, word)).collect();
    words.sort_unstable();
    std::iter::once(String::new()).chain(words.into_iter().map(|(_, word)| word)).collect()
}

/// By number of a school the number of the one that it is: names that are nearly alike are one school, known by the name
/// that sorts first. `others` are schools that rows of marks name.
fn one_school(schools: &mut [String], others: FxHashSet<String>, findings: &mut Findings) -> Vec<SchoolNumber> {
    let mut all = others;
    all.extend(schools.iter().filter(|name| !name.is_empty()).cloned());
    let alike = Likeness::of(all.iter().map(String::as_str));
    if alike.case_counts {
        findings.say(
            FindingCode::CaseOfLettersCounts,
            "many school numbers differ in capital and small letters alone: they are taken for different schools.",
        );
    }
    let mut of_key: FxHashMap<String, (SchoolNumber, String)> = FxHashMap::default();
    let key_of = |name: &str| if name.is_empty() { String::new() } else { format!("={}", alike.key(name)) };
    for (name, number) in schools.iter().zip(0..) {
        let (_, first) = of_key.entry(key_of(name)).or_insert_with(|| (number, name.clone()));
        if name < first {
            first.clone_from(name);
        }
    }
    let one: Vec<SchoolNumber> =
        schools.iter().map(|name| of_key.get(&key_of(name)).map_or(0, |(number, _)| *number)).collect();
    for (number, name) in of_key.into_values() {
        if let Some(school) = schools.get_mut(number as usize) {
            *school = name;
        }
    }
    one
}

type NumbersOf = (Pupil, Vec<u32>);

/// Puts the pupils in the order of their identifiers, which no order of reading changes: those whom some family may have
/// become the register's, by enrolment; the others are given back with their enrolments.
fn number_pupils(
    registers: &mut Registers,
    everybody: &[Pupil],
    told: &[Told],
) -> (Vec<Option<PupilIndex>>, Vec<NumbersOf>) {
    let mut order: Vec<u32> = (0..u32::try_from(everybody.len()).unwrap_or(u32::MAX)).collect();
    cores::sort(&mut order, |a, b| everybody[*a as usize].cmp(&everybody[*b as usize]).then(a.cmp(b)));
    let mut pupil_of = vec![None; everybody.len()];
    let mut strangers: Vec<NumbersOf> = Vec::new();
    for number in order {
        let pupil = &everybody[number as usize];
        if !told[number as usize].is_wanted {
            match strangers.last_mut() {
                Some((last, numbers)) if last == pupil => numbers.push(number),
                _ => strangers.push((pupil.clone(), vec![number])),
            }
            continue;
        }
        if registers.pupils.last() != Some(pupil) {
            registers.pupils.push(pupil.clone());
            registers.enrolments.push(Vec::new());
        }
        if let Some(index) = registers.pupils.numbers().next_back() {
            pupil_of[number as usize] = Some(index);
            registers.enrolments[index].push(number);
        }
    }
    (pupil_of, strangers)
}

/// The terms of which marks of each stranger are held, by enrolment.
fn terms_of_strangers(
    registers: &Registers,
    strangers: &[NumbersOf],
    rules: &Rules,
) -> FxHashMap<u32, BTreeSet<TermIndex>> {
    // So far those of the marks alone.
    let with_marks: Vec<TermIndex> = registers.terms_held.iter().copied().collect();
    let numbers: Vec<u32> = strangers.iter().flat_map(|(_, numbers)| numbers.iter().copied()).collect();
    let terms_of = |number: &u32| {
        let has_any = |term: &TermIndex| {
            let mut any = false;
            registers.sheet.marks_of(*number, rules.calendar.term(*term).span, |_, _| any = true);
            any
        };
        (*number, with_marks.iter().copied().filter(has_any).collect())
    };
    cores::of_each(&numbers, terms_of).into_iter().collect()
}

/// Takes rows in, in the files' order and without their repeats. Gives back those that cannot be used.
fn take_in(
    registers: &mut Registers,
    waiting: Vec<Waiting>,
    (pupil_of, everybody, school_of): (&[Option<PupilIndex>], &[Pupil], &[SchoolNumber]),
    strange_terms: &mut FxHashMap<u32, BTreeSet<TermIndex>>,
    rules: &Rules,
    counts: &mut RowCounts,
    noted: &mut Noted,
) -> Vec<Held> {
    let mut held = Vec::new();
    let mut seen = FxHashSet::default();
    seen.reserve(waiting.len());
    for Waiting { hash, place, enrolment, said } in waiting {
        if !seen.insert(hash) {
            counts.repeated += 1;
            continue;
        }
        let pupil = pupil_of.get(enrolment.number() as usize).copied().flatten();
        let (term, half, school) = match &said {
            Said::Total { term, half, school, .. }
            | Said::Count { term, half, school, .. }
            | Said::Percent { term, half, school, .. } => (term.map(|term| TermIndex::at(term.into())), *half, *school),
            Said::Fault(_) => (None, None, 0),
        };
        if half.is_some() && pupil.is_some() && !matches!(said, Said::Percent { .. }) {
            noted.of_half_terms.get_or_insert((0, place)).0 += 1;
        }
        let school = school_of.get(school as usize).copied().unwrap_or(school);
        match &said {
            Said::Fault(_) => counts.quarantined += 1,
            // A row without a figure says nothing, not even that the term is held.
            Said::Percent { percent: None, .. } => counts.used += 1,
            Said::Total { .. } | Said::Count { .. } | Said::Percent { .. } => {
                counts.used += 1;
                match term {
                    None => noted.outside += 1,
                    Some(term) => {
                        registers.terms_held.insert(term);
                        if pupil.is_none() {
                            noted.of_nobody += 1;
                            strange_terms.entry(enrolment.number()).or_default().insert(term);
                        }
                    }
                }
            }
        }
        match said {
            Said::Total { numbers, .. } => {
                let [possible, attended, authorised, unauthorised] = numbers;
                if let [Some(possible), Some(attended), Some(authorised), Some(unauthorised)] = numbers
                    && attended + authorised + unauthorised != possible
                {
                    let (times, _, _) = noted.do_not_add_up.get_or_insert_with(|| {
                        let sum = format!(
                            "{attended} attended and {authorised} + {unauthorised} absent are not {possible} possible"
                        );
                        (0, place, sum)
                    });
                    *times += 1;
                }
                if let Some((pupil, term)) = pupil.zip(term) {
                    let record =
                        TotalRecord { pupil, term, half, school, possible, attended, authorised, unauthorised, place };
                    registers.totals.push(record);
                }
            }
            Said::Count { kind, sessions, .. } => {
                let known = &registers.kinds[kind as usize];
                // A code of a term has no single date: it is compared with the term's last day.
                let day = term.map(|term| crate::dates::day_number(rules.calendar.term(term).span.to));
                let oddity = match day {
                    Some(day) => known.oddity(day),
                    None => known.unknown.as_ref().map(|_| Oddity::Unknown),
                };
                if let Some(oddity) = oddity {
                    let at = (place, "code");
                    let (times, first) = noted.odd.entry((kind, oddity)).or_insert((0, at));
                    *times += 1;
                    *first = at.min(*first);
                }
                if let Some((pupil, term)) = pupil.zip(term) {
                    let class = known.known.map(|(class, _)| class);
                    registers.counts.push(CountRecord {
                        pupil,
                        term,
                        half,
                        school,
                        code: kind,
                        class,
                        sessions,
                        place,
                    });
                }
            }
            Said::Percent { percent, .. } => {
                if let (Some((pupil, term)), Some(percent)) = (pupil.zip(term), percent) {
                    registers.percents.push(PercentRecord { pupil, term, half, school, percent, place });
                }
            }
            Said::Fault(faulty) => {
                if let Some(pupil) = pupil.filter(|_| enrolment != Enrolment::UNTOLD) {
                    match faulty.doubt {
                        Doubt::Terms(terms) => {
                            registers.unreadable.extend(terms.into_iter().map(|term| (pupil, Some(term), place)));
                        }
                        Doubt::Any => registers.unreadable.push((pupil, None, place)),
                    }
                }
                let pupil = everybody.get(enrolment.number() as usize);
                held.push(Held {
                    table: TableName::Attendance,
                    place: registers.place(place),
                    column: faulty.column,
                    value: faulty.value,
                    code: faulty.code,
                    message: faulty.message,
                    record: pupil
                        .and_then(|pupil| pupil.person_id.as_ref())
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    family: None,
                    case: None,
                    restricted: false,
                    may_be_of: Arc::default(),
                    person: None,
                    rule: None,
                    may_be_success: MayBeSuccess::No,
                    days: HeldDays::UNKNOWN,
                    by_day: false,
                    pupil: pupil.map(Pupil::named),
                    row: faulty.row,
                    also_about: None,
                });
            }
        }
    }
    held
}

fn say(findings: &mut Findings, noted: Noted, registers: &Registers, nobody_listed: bool) {
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    if noted.outside > 0 {
        findings.say(
            FindingCode::OutsideTerms,
            format!(
                "{} in no term of the calendar in use and {} left out.",
                counted(count(noted.outside), "session mark or figure lies", "session marks or figures lie"),
                if noted.outside == 1 { "was" } else { "were" }
            ),
        );
    }
    if noted.of_nobody > 0 {
        let nobody = if nobody_listed { "nobody can match: there are no people" } else { "no family has" };
        findings.say(
            FindingCode::UnmatchedPupils,
            format!(
                "{} of pupils whom {nobody}.",
                counted(count(noted.of_nobody), "session mark or figure is", "session marks or figures are")
            ),
        );
    }
    if let Some((times, place, sum)) = noted.do_not_add_up {
        let message = format!(
            "{}, first here: {sum}.",
            counted(times, "row of totals does not add up", "rows of totals do not add up")
        );
        findings.add(Finding::at(FindingCode::TotalsDoNotAddUp, &registers.place(place), "attended", "", message));
    }
    if let Some((rows, place)) = noted.of_half_terms {
        let message = format!(
            "{}, first here. Where both halves of a term are there, they are put together.",
            counted(rows, "row is of a half-term", "rows are of half-terms")
        );
        findings.add(Finding::at(FindingCode::HalfTermsAdded, &registers.place(place), "term", "", message));
    }
    // A code may be of several kinds; it is said once.
    let mut odd: BTreeMap<(Oddity, String), (u64, OddAt)> = BTreeMap::new();
    for ((kind, oddity), (times, at)) in noted.odd {
        let (sum, first) = odd.entry((oddity, registers.kinds[kind as usize].code())).or_insert((0, at));
        *sum += times;
        *first = at.min(*first);
    }
    for ((oddity, code), (times, (place, column))) in odd {
        let (kind, said) = match oddity {
            Oddity::Unknown => (
                FindingCode::UnknownCode,
                "is in no list of attendance codes, so that its marks say neither present nor absent",
            ),
            Oddity::OutOfDate => (FindingCode::CodeOutOfDate, "is used outside its dates; it counts as it always did"),
        };
        let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        let message = format!("the code {code} {said} (found {times}, first here).");
        findings.add(Finding::at(kind, &registers.place(place), column, code, message));
    }
}
