//! Whose the attendance records are: the person whose `person_id` a record gives, now or formerly; where it gives none,
//! or one that no person has, every person whose UPN or former UPN it gives. A record that may be of several persons who
//! cannot be one is of all of them, and in doubt.

use crate::ids::PersonId;
use crate::validate::persons::Persons;
use crate::validate::registers::{PupilIndex, Registers};
use rustc_hash::FxHashMap;

/// Pupils by person, in order.
pub type PupilsOf = FxHashMap<PersonId, Vec<PupilIndex>>;

/// The pupils whose records are each person's, and those of them of whom it cannot be told.
pub fn by_person(registers: &Registers, persons: &Persons) -> (PupilsOf, PupilsOf) {
    let (mut pupils, mut in_doubt) = (PupilsOf::default(), PupilsOf::default());
    for (index, pupil) in registers.pupils.numbered() {
        let owners = persons.owners(pupil.person_id.as_ref(), pupil.upn.as_ref());
        for id in owners.persons.iter().filter_map(|person| persons.id(*person)) {
            pupils.entry(id.clone()).or_default().push(index);
        }
        for id in owners.in_doubt.iter().filter_map(|person| persons.id(*person)) {
            in_doubt.entry(id.clone()).or_default().push(index);
        }
    }
    (pupils, in_doubt)
}
