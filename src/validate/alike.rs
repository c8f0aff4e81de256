//! Groups of ids that are nearly alike, by what ids are compared by. An id is nearly alike to those of today, to one that any of them
//! had before, and to one that is said to be the former id of another spelling of them.

use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The groups. Several keys may have one group, which then stands once: thousands of former ids may lead to thousands of ids.
pub struct Alike<G: ?Sized>(FxHashMap<String, Arc<G>>);

impl<G: ?Sized> Default for Alike<G> {
    fn default() -> Alike<G> {
        Alike(FxHashMap::default())
    }
}

impl<G: ?Sized> Alike<G> {
    /// The groups of the ids of `today`, each with its key, and of former ids: the key of the former id and that of the id it is said to
    /// be of. `group` makes a group of ids in order.
    pub fn of<T: Ord + Clone>(
        today: impl Iterator<Item = (String, T)>,
        former: impl Iterator<Item = (String, String)>,
        group: impl Fn(Vec<T>) -> Arc<G>,
    ) -> Alike<G> {
        let mut ids: FxHashMap<String, Vec<T>> = FxHashMap::default();
        for (key, id) in today {
            ids.entry(key).or_default().push(id);
        }
        for group in ids.values_mut() {
            group.sort();
            group.dedup();
        }
        let mut leads_to: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (former, now) in former.filter(|(former, now)| former != now && ids.contains_key(now)) {
            leads_to.entry(former).or_default().insert(now);
        }
        if leads_to.is_empty() {
            return Alike(ids.into_iter().map(|(key, ids)| (key, group(ids))).collect());
        }
        let own: FxHashMap<&str, Arc<G>> = ids.iter().map(|(key, ids)| (key.as_str(), group(ids.clone()))).collect();
        let mut groups: FxHashMap<String, Arc<G>> =
            own.iter().map(|(key, group)| ((*key).to_owned(), Arc::clone(group))).collect();
        for (former, mut keys) in leads_to {
            if ids.contains_key(&former) {
                keys.insert(former.clone());
            }
            let shared = keys.first().filter(|_| keys.len() == 1).and_then(|key| own.get(key.as_str())).cloned();
            let together = || {
                let mut all: Vec<T> = keys.iter().filter_map(|key| ids.get(key)).flatten().cloned().collect();
                all.sort();
                all.dedup();
                group(all)
            };
            groups.insert(former, shared.unwrap_or_else(together));
        }
        Alike(groups)
    }

    /// The group of a key.
    pub fn to(&self, key: &str) -> Option<&Arc<G>> {
        self.0.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn former_ids_lead_to_groups_that_stand_once() {
        let pair = |(one, other): &(&str, &str)| ((*one).to_owned(), (*other).to_owned());
        let today = [("f1", "F1"), ("f1", "f1"), ("f2", "F2")];
        let former =
            [("old", "f1"), ("older", "f1"), ("both", "f1"), ("both", "f2"), ("f2", "f1"), ("z", "f2"), ("gone", "f9")];
        let alike: Alike<[String]> = Alike::of(today.iter().map(pair), former.iter().map(pair), |ids| ids.into());
        let to = |key: &str| alike.to(key).map(|group| group.join(" ")).unwrap_or_default();
        assert_eq!((to("f1"), to("old"), to("gone")), ("F1 f1".to_owned(), "F1 f1".to_owned(), String::new()));
        assert!(Arc::ptr_eq(alike.to("old").unwrap(), alike.to("older").unwrap()));
        assert_eq!((to("both"), to("f2")), ("F1 F2 f1".to_owned(), "F1 F2 f1".to_owned()));
        // One step and no more, whichever of the keys comes first.
        assert_eq!(to("z"), "F2");
    }
}
