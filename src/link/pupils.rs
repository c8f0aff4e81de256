//! Whose the attendance records are: the person whose `person_id` a record gives; where it gives none, or
//! one that no person has, every person whose UPN or former UPN it gives.

use crate::ids::{PersonId, Upn};
use crate::validate::registers::{PupilIndex, Registers};
use crate::validate::rows::PersonRow;
use rustc_hash::{FxHashMap, FxHashSet};

/// The pupils of each person. A person's identifiers are those of all rows with that `person_id`.
pub fn by_person(registers: &Registers, people: &[&PersonRow]) -> FxHashMap<PersonId, Vec<PupilIndex>> {
    let ids: FxHashSet<&PersonId> = people.iter().map(|person| &person.person_id).collect();
    let mut holders: FxHashMap<&Upn, Vec<&PersonId>> = FxHashMap::default();
    for person in people {
        for upn in [&person.upn, &person.former_upn].into_iter().flatten() {
            holders.entry(upn).or_default().push(&person.person_id);
        }
    }
    let mut pupils: FxHashMap<PersonId, Vec<PupilIndex>> = FxHashMap::default();
    for (position, pupil) in registers.pupils.numbered() {
        let named = pupil.person_id.as_ref().filter(|id| ids.contains(id));
        let holders: Vec<&PersonId> = match (named, &pupil.upn) {
            (Some(id), _) => vec![id],
            (None, Some(upn)) => holders.get(upn).cloned().unwrap_or_default(),
            (None, None) => Vec::new(),
        };
        for id in holders {
            let mine = pupils.entry(id.clone()).or_default();
            if mine.last() != Some(&position) {
                mine.push(position);
            }
        }
    }
    pupils
}
