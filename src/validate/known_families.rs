//! The period of support that a row is of where it names the family and no case: a list kept a row a family. Which
//! period that is can be told where the family has one, or where one was open on the day of the row. The family may be
//! named by an id that it had before; one that is nearly alike is a reason to ask and no more.

use super::alike::Alike;
use super::reading::ReadTable;
use super::rows::{Case, FormerId, IdKind};
use crate::dates::Date;
use crate::ids::{CaseId, FamilyId, Likeness};
use crate::place::Place;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The cases of each family.
#[derive(Default)]
pub struct KnownFamilies {
    families: FxHashMap<FamilyId, OfFamily>,
    /// The families with cases that had an id before.
    by_former: FxHashMap<FamilyId, Together>,
    /// The families with cases by what their ids are compared by; made when a row first names a family that does not exist, which few do.
    alike: OnceLock<Alike<Together>>,
    /// Keys of former ids, and of the ids that they are the former ids of.
    before: Vec<(String, String)>,
    likeness: Likeness,
}

/// Families of which a row may name any.
#[derive(Default)]
struct Together {
    families: Vec<FamilyId>,
    /// Whether there are others, of which no case is.
    of_several: bool,
    /// All their cases, once somebody has asked: thousands of rows may.
    cases: OnceLock<Arc<[CaseId]>>,
}

#[derive(Default)]
struct OfFamily {
    /// Its cases by opening: the day, the closing, the id.
    cases: Vec<(Date, Option<Date>, CaseId)>,
    /// Cases whose rows are held, as far as they can be read.
    held: Vec<(Option<CaseId>, Place, bool)>,
    /// All of them by id, and its periods as ranges of its cases, once somebody has asked.
    all: OnceLock<Arc<[CaseId]>>,
    periods: OnceLock<Vec<Range<usize>>>,
}

/// What a family says of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfPeriod {
    /// The row is of the period of this case.
    Case(CaseId),
    /// The only case of the family is held: its id, its row, and whether it is held at the as-at date of the run only.
    Held(CaseId, Place, bool),
    /// It may be of any of these.
    OneOf(Arc<[CaseId]>, Doubt),
    /// The family has no case.
    Nothing,
}

/// Why it cannot be told which case is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The family was supported several times, and the day of the row is that of none of them, or is not given.
    SeveralPeriods,
    /// The family id is a former one of several families.
    FormerlySeveral,
    /// There is no such family, and one whose id is nearly alike.
    NearlyAlike,
    /// There is no such family, and several whose ids are nearly alike.
    NearlySeveral,
}

impl KnownFamilies {
    /// The families of the cases read, with what they were called before.
    pub fn of(cases: &ReadTable<Case>, former_ids: &[FormerId], likeness: Likeness) -> KnownFamilies {
        let mut families: FxHashMap<FamilyId, OfFamily> = FxHashMap::default();
        for case in &cases.rows {
            let of = families.entry(case.family_id.clone()).or_default();
            of.cases.push((case.opened_on, case.closed_on, case.case_id.clone()));
        }
        for held in &cases.held {
            if let Some(family) = &held.family {
                let held = (held.case.clone(), held.place.clone(), held.by_day);
                families.entry(family.clone()).or_default().held.push(held);
            }
        }
        for of in families.values_mut() {
            of.cases.sort_by(|one, other| (one.0, &one.2).cmp(&(other.0, &other.2)));
        }
        let mut by_former: FxHashMap<FamilyId, Together> = FxHashMap::default();
        for row in former_ids.iter().filter(|row| row.kind == IdKind::Family) {
            let (id, former) = (FamilyId::new(&row.id), FamilyId::new(&row.former_id));
            if id != former {
                by_former.entry(former).or_default().families.push(id);
            }
        }
        for together in by_former.values_mut() {
            together.families.sort();
            together.families.dedup();
            // One that is not in the tables had the id as well, so that a row under it may be of either.
            together.of_several = together.families.len() > 1;
            together.families.retain(|family| families.contains_key(family));
        }
        by_former.retain(|_, together| !together.families.is_empty());
        let of_families = former_ids.iter().filter(|row| row.kind == IdKind::Family);
        let before = of_families.map(|row| (likeness.key(&row.former_id), likeness.key(&row.id))).collect();
        KnownFamilies { families, by_former, alike: OnceLock::new(), before, likeness }
    }

    fn alike(&self) -> &Alike<Together> {
        self.alike.get_or_init(|| {
            let today = self.families.keys().map(|id| (self.likeness.key(id.as_str()), id.clone()));
            let together = |families| Arc::new(Together { families, ..Together::default() });
            Alike::of(today, self.before.iter().cloned(), together)
        })
    }

    /// Whether there is a case of the family, held or not, under this id or as one that it had before.
    pub fn has(&self, family: &FamilyId) -> bool {
        self.families.contains_key(family) || self.by_former.contains_key(family)
    }

    /// All cases that a row which names the family may be of: of the family of this id, of those that had it before, or of those to
    /// whose ids it is nearly alike. `None` where there is no such family.
    pub fn every_case(&self, family: &FamilyId) -> Option<Arc<[CaseId]>> {
        if let Some(of) = self.families.get(family) {
            return Some(of.everything());
        }
        let alike = || self.alike().to(&self.likeness.key(family.as_str())).map(Arc::as_ref);
        let together = self.by_former.get(family).or_else(alike)?;
        Some(self.cases_of(together))
    }

    /// The period that a row of the family is of; `day` is the day of the row, where it gives one.
    pub fn named(&self, family: &FamilyId, day: Option<Date>) -> OfPeriod {
        if let Some(of) = self.families.get(family) {
            return of.named(day);
        }
        if let Some(together) = self.by_former.get(family) {
            return match together.families.as_slice() {
                [only] if !together.of_several => self.families.get(only).map_or(OfPeriod::Nothing, |of| of.named(day)),
                _ => OfPeriod::OneOf(self.cases_of(together), Doubt::FormerlySeveral),
            };
        }
        let Some(together) = self.alike().to(&self.likeness.key(family.as_str())) else { return OfPeriod::Nothing };
        let doubt = if together.families.len() == 1 { Doubt::NearlyAlike } else { Doubt::NearlySeveral };
        OfPeriod::OneOf(self.cases_of(together), doubt)
    }

    /// All cases of families that a row may name, held ones too.
    fn cases_of(&self, together: &Together) -> Arc<[CaseId]> {
        let of = || together.families.iter().filter_map(|family| self.families.get(family));
        together.cases.get_or_init(|| sorted(of().flat_map(OfFamily::each))).clone()
    }
}

fn sorted(cases: impl Iterator<Item = CaseId>) -> Arc<[CaseId]> {
    let mut all: Vec<CaseId> = cases.collect();
    all.sort();
    all.dedup();
    all.into()
}

impl OfFamily {
    /// Its cases, held ones too.
    fn each(&self) -> impl Iterator<Item = CaseId> {
        let held = self.held.iter().filter_map(|(case, ..)| case.as_ref());
        self.cases.iter().map(|case| &case.2).chain(held).cloned()
    }

    fn named(&self, day: Option<Date>) -> OfPeriod {
        if let ([], [(Some(case), place, by_day)]) = (self.cases.as_slice(), self.held.as_slice()) {
            return OfPeriod::Held(case.clone(), place.clone(), *by_day);
        }
        // A case that cannot be read may be another period, or part of any.
        let periods = self.periods();
        if let ([only], true) = (periods, self.held.is_empty()) {
            return OfPeriod::Case(self.cases[only.start].2.clone());
        }
        let is_open = |case: &&(Date, Option<Date>, CaseId)| {
            day.is_some_and(|day| case.0 <= day && case.1.is_none_or(|closed| day <= closed))
        };
        let open: Vec<&CaseId> =
            periods.iter().filter_map(|of| self.cases[of.clone()].iter().find(is_open)).map(|case| &case.2).collect();
        match open.as_slice() {
            [only] if self.held.is_empty() => OfPeriod::Case((*only).clone()),
            _ => OfPeriod::OneOf(self.everything(), Doubt::SeveralPeriods),
        }
    }

    fn everything(&self) -> Arc<[CaseId]> {
        self.all.get_or_init(|| sorted(self.each())).clone()
    }

    /// Its cases whose days overlap, together; one that opens on the day another closes overlaps it.
    fn periods(&self) -> &[Range<usize>] {
        self.periods.get_or_init(|| self.put_together())
    }

    fn put_together(&self) -> Vec<Range<usize>> {
        let mut periods = Vec::new();
        let (mut from, mut closed) = (0, None::<Option<Date>>);
        for (at, (opened, closes, _)) in self.cases.iter().enumerate() {
            closed = match closed {
                Some(closed) if closed.is_none_or(|closed| *opened <= closed) => {
                    Some(closed.zip(*closes).map(|(one, other)| one.max(other)))
                }
                Some(_) => {
                    periods.push(from..at);
                    from = at;
                    Some(*closes)
                }
                None => Some(*closes),
            };
        }
        if from < self.cases.len() {
            periods.push(from..self.cases.len());
        }
        periods
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    fn known(of: OfFamily) -> KnownFamilies {
        let families = FxHashMap::from_iter([(FamilyId::new("F"), of)]);
        KnownFamilies { families, ..KnownFamilies::default() }
    }

    fn families(cases: &[(&str, Date, Option<Date>)]) -> KnownFamilies {
        let cases = cases.iter().map(|(id, opened, closed)| (*opened, *closed, CaseId::new(id))).collect();
        known(OfFamily { cases, ..OfFamily::default() })
    }

    fn named(families: &KnownFamilies, day: Option<Date>) -> OfPeriod {
        families.named(&FamilyId::new("F"), day)
    }

    #[test]
    fn a_need_is_of_the_only_period_or_of_the_one_open_on_its_day() {
        let case = |id| OfPeriod::Case(CaseId::new(id));
        let one = families(&[
            ("C1", date(2023, 1, 1), Some(date(2023, 3, 31))),
            ("C2", date(2023, 3, 31), Some(date(2023, 9, 30))),
        ]);
        assert_eq!(named(&one, None), case("C1"));
        assert_eq!(named(&one, Some(date(2020, 1, 1))), case("C1"));
        let two = families(&[("C1", date(2023, 1, 1), Some(date(2023, 3, 31))), ("C2", date(2023, 4, 1), None)]);
        assert_eq!(named(&two, Some(date(2023, 3, 31))), case("C1"));
        assert_eq!(named(&two, Some(date(2023, 4, 1))), case("C2"));
        let any = OfPeriod::OneOf([CaseId::new("C1"), CaseId::new("C2")].into(), Doubt::SeveralPeriods);
        for day in [None, Some(date(2022, 12, 31))] {
            assert_eq!(named(&two, day), any);
        }
        assert_eq!(two.named(&FamilyId::new("G"), None), OfPeriod::Nothing);
    }

    #[test]
    fn a_case_that_cannot_be_read_may_be_the_one_that_is_meant() {
        let place = Place { file: "cases.csv".into(), row: 3 };
        let mut one = families(&[("C1", date(2023, 1, 1), None)]);
        if let Some(of) = one.families.get_mut(&FamilyId::new("F")) {
            of.held.push((Some(CaseId::new("C9")), place.clone(), false));
        }
        let any = OfPeriod::OneOf([CaseId::new("C1"), CaseId::new("C9")].into(), Doubt::SeveralPeriods);
        assert_eq!(named(&one, Some(date(2023, 2, 1))), any);
        let held = OfFamily { held: vec![(Some(CaseId::new("C9")), place.clone(), false)], ..OfFamily::default() };
        let only = known(held);
        assert_eq!(named(&only, None), OfPeriod::Held(CaseId::new("C9"), place, false));
    }
}
