//! Which case an id names: one that exists, one whose former id it is, or one whose id is nearly alike.

use super::alike::Alike;
use super::reading::ReadTable;
use super::rows::{Case, FormerId, IdKind};
use crate::ids::{CaseId, Likeness};
use crate::place::Place;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, OnceLock};

/// The cases of the data, by every id under which rows may name them.
pub struct KnownCases {
    used: FxHashSet<CaseId>,
    held: FxHashMap<CaseId, HeldCase>,
    /// Shared, since thousands of rows may name the same.
    by_former: FxHashMap<CaseId, Former>,
    /// Keys of former ids, and of the ids that they are the former ids of.
    before: Vec<(String, String)>,
    /// Made when a row first names a case that does not exist, which few do.
    alike: OnceLock<Alike<[CaseId]>>,
    likeness: Likeness,
}

/// A case whose row is held.
#[derive(Clone, Debug)]
pub struct HeldCase {
    /// Where its row stands.
    pub place: Place,
    /// Whether it is held because of the as-at date of the run only.
    pub by_day: bool,
}

/// What an id of a row says.
#[derive(Clone, Debug)]
pub enum CaseNamed {
    /// A case that can be used.
    Case(CaseId),
    /// A case whose row is held.
    Held(CaseId, HeldCase),
    /// A former id of several cases: nobody can say which is meant.
    OneOf(Arc<[CaseId]>),
    /// No case, but these are nearly alike.
    Nearly(Arc<[CaseId]>),
    /// No case.
    Nothing,
}

/// The cases that had an id before.
#[derive(Clone, Debug)]
struct Former {
    /// Those that exist.
    cases: Arc<[CaseId]>,
    /// Whether there are others, existing or not.
    of_several: bool,
}

impl KnownCases {
    /// The cases read, with what they were called before.
    pub fn of(cases: &ReadTable<Case>, former_ids: &[FormerId], likeness: Likeness) -> KnownCases {
        let used: FxHashSet<CaseId> = cases.rows.iter().map(|case| case.case_id.clone()).collect();
        let held: FxHashMap<CaseId, HeldCase> = cases
            .held
            .iter()
            .filter_map(|held| Some((held.case.clone()?, HeldCase { place: held.place.clone(), by_day: held.by_day })))
            .collect();
        let exists = |id: &CaseId| used.contains(id) || held.contains_key(id);
        let mut by_former: FxHashMap<CaseId, Vec<CaseId>> = FxHashMap::default();
        for row in former_ids.iter().filter(|row| row.kind == IdKind::Case) {
            let (id, former) = (CaseId::new(&row.id), CaseId::new(&row.former_id));
            if id != former {
                by_former.entry(former).or_default().push(id);
            }
        }
        let in_order = |(former, mut cases): (CaseId, Vec<CaseId>)| {
            cases.sort();
            cases.dedup();
            // One that is not in the tables had the id as well, so that a row under it may be of either.
            let of_several = cases.len() > 1;
            cases.retain(exists);
            (!cases.is_empty()).then(|| (former, Former { cases: cases.into(), of_several }))
        };
        let by_former = by_former.into_iter().filter_map(in_order).collect();
        let of_cases = former_ids.iter().filter(|row| row.kind == IdKind::Case);
        let before = of_cases.map(|row| (likeness.key(&row.former_id), likeness.key(&row.id))).collect();
        KnownCases { used, held, by_former, before, alike: OnceLock::new(), likeness }
    }

    fn alike(&self) -> &Alike<[CaseId]> {
        self.alike.get_or_init(|| {
            let ids: FxHashSet<&CaseId> = self.used.iter().chain(self.held.keys()).collect();
            let today = ids.into_iter().map(|id| (self.likeness.key(id.as_str()), id.clone()));
            Alike::of(today, self.before.iter().cloned(), Arc::from)
        })
    }

    /// The case that an id of a row names.
    pub fn named(&self, id: &CaseId) -> CaseNamed {
        if let Some(case) = self.as_it_is(id) {
            return case;
        }
        match self.by_former.get(id) {
            Some(Former { cases, of_several }) => match &**cases {
                [only] if !of_several => self.as_it_is(only).unwrap_or(CaseNamed::Nothing),
                _ => CaseNamed::OneOf(cases.clone()),
            },
            None => match self.alike().to(&self.likeness.key(id.as_str())) {
                Some(cases) => CaseNamed::Nearly(cases.clone()),
                None => CaseNamed::Nothing,
            },
        }
    }

    /// Whether a case has this id today.
    pub fn exists(&self, id: &CaseId) -> bool {
        self.as_it_is(id).is_some()
    }

    fn as_it_is(&self, id: &CaseId) -> Option<CaseNamed> {
        if self.used.contains(id) {
            return Some(CaseNamed::Case(id.clone()));
        }
        self.held.get(id).map(|held| CaseNamed::Held(id.clone(), held.clone()))
    }
}
