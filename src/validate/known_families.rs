//! The period of support that a need is of where its row names the family and no case: a list kept a row a family. Which
//! period that is can be told where the family has one, or where one was open on the day of the need.

use super::reading::ReadTable;
use super::rows::Case;
use crate::dates::Date;
use crate::ids::{CaseId, FamilyId};
use crate::place::Place;
use rustc_hash::FxHashMap;

/// The cases of each family.
#[derive(Default)]
pub struct KnownFamilies(FxHashMap<FamilyId, OfFamily>);

#[derive(Default)]
struct OfFamily {
    /// Its cases by opening: the day, the closing, the id.
    cases: Vec<(Date, Option<Date>, CaseId)>,
    /// Cases whose rows are held, as far as they can be read.
    held: Vec<(Option<CaseId>, Place, bool)>,
}

/// What a family says of a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfPeriod {
    /// The need is of the period of this case.
    Case(CaseId),
    /// The only case of the family is held: its id, its row, and whether it is held at the as-at date of the run only.
    Held(CaseId, Place, bool),
    /// It may be of any of these.
    OneOf(Vec<CaseId>),
    /// The family has no case.
    Nothing,
}

impl KnownFamilies {
    /// The families of the cases read.
    pub fn of(cases: &ReadTable<Case>) -> KnownFamilies {
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
        KnownFamilies(families)
    }

    /// Whether there is a case of the family, held or not.
    pub fn has(&self, family: &FamilyId) -> bool {
        self.0.contains_key(family)
    }

    /// The period that a need of the family is of; `day` is the day on which it was identified, where one is given.
    pub fn named(&self, family: &FamilyId, day: Option<Date>) -> OfPeriod {
        let Some(of) = self.0.get(family) else { return OfPeriod::Nothing };
        if let ([], [(Some(case), place, by_day)]) = (of.cases.as_slice(), of.held.as_slice()) {
            return OfPeriod::Held(case.clone(), place.clone(), *by_day);
        }
        // A case that cannot be read may be another period, or part of any.
        let periods = of.periods();
        if let ([only], true) = (periods.as_slice(), of.held.is_empty()) {
            return OfPeriod::Case(only[0].2.clone());
        }
        let is_open = |case: &&(Date, Option<Date>, CaseId)| {
            day.is_some_and(|day| case.0 <= day && case.1.is_none_or(|closed| day <= closed))
        };
        let open: Vec<&CaseId> =
            periods.iter().filter_map(|period| period.iter().find(is_open)).map(|case| &case.2).collect();
        match open.as_slice() {
            [only] if of.held.is_empty() => OfPeriod::Case((*only).clone()),
            _ => {
                let held = of.held.iter().filter_map(|(case, ..)| case.as_ref());
                let mut all: Vec<CaseId> = of.cases.iter().map(|case| &case.2).chain(held).cloned().collect();
                all.sort();
                all.dedup();
                OfPeriod::OneOf(all)
            }
        }
    }
}

impl OfFamily {
    /// Its cases whose days overlap, together; one that opens on the day another closes overlaps it.
    fn periods(&self) -> Vec<&[(Date, Option<Date>, CaseId)]> {
        let mut periods = Vec::new();
        let (mut from, mut closed) = (0, None::<Option<Date>>);
        for (at, (opened, closes, _)) in self.cases.iter().enumerate() {
            closed = match closed {
                Some(closed) if closed.is_none_or(|closed| *opened <= closed) => {
                    Some(closed.zip(*closes).map(|(one, other)| one.max(other)))
                }
                Some(_) => {
                    periods.push(&self.cases[from..at]);
                    from = at;
                    Some(*closes)
                }
                None => Some(*closes),
            };
        }
        if from < self.cases.len() {
            periods.push(&self.cases[from..]);
        }
        periods
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    fn families(cases: &[(&str, Date, Option<Date>)]) -> KnownFamilies {
        let cases = cases.iter().map(|(id, opened, closed)| (*opened, *closed, CaseId::new(id))).collect();
        KnownFamilies(FxHashMap::from_iter([(FamilyId::new("F"), OfFamily { cases, held: Vec::new() })]))
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
        let any = OfPeriod::OneOf(vec![CaseId::new("C1"), CaseId::new("C2")]);
        for day in [None, Some(date(2022, 12, 31))] {
            assert_eq!(named(&two, day), any);
        }
        assert_eq!(two.named(&FamilyId::new("G"), None), OfPeriod::Nothing);
    }

    #[test]
    fn a_case_that_cannot_be_read_may_be_the_one_that_is_meant() {
        let place = Place { file: "cases.csv".into(), row: 3 };
        let mut one = families(&[("C1", date(2023, 1, 1), None)]);
        if let Some(of) = one.0.get_mut(&FamilyId::new("F")) {
            of.held.push((Some(CaseId::new("C9")), place.clone(), false));
        }
        let any = OfPeriod::OneOf(vec![CaseId::new("C1"), CaseId::new("C9")]);
        assert_eq!(named(&one, Some(date(2023, 2, 1))), any);
        let held = OfFamily { cases: Vec::new(), held: vec![(Some(CaseId::new("C9")), place.clone(), false)] };
        let only = KnownFamilies(FxHashMap::from_iter([(FamilyId::new("F"), held)]));
        assert_eq!(named(&only, None), OfPeriod::Held(CaseId::new("C9"), place, false));
    }
}
