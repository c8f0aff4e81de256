//! Families that share a person, directly or through others, taken together: they may be one family, which can be
//! claimed once. Counts of families that are worth money count such a group once.

use crate::indexed::Indexed;
use crate::link::{FamilyIndex, Linked};

/// The group of each family.
#[derive(Clone, Debug)]
pub struct Groups(Indexed<FamilyIndex, FamilyIndex>);

impl Groups {
    /// Groups all families of a run by their links.
    pub fn of(linked: &Linked) -> Groups {
        let mut first: Indexed<FamilyIndex, FamilyIndex> = linked.families.numbers().collect();
        fn root(first: &mut Indexed<FamilyIndex, FamilyIndex>, mut family: FamilyIndex) -> FamilyIndex {
            while first[family] != family {
                first[family] = first[first[family]];
                family = first[family];
            }
            family
        }
        for group in &linked.groups {
            for pair in group.families.windows(2) {
                let (one, other) = (root(&mut first, pair[0].0), root(&mut first, pair[1].0));
                first[one.max(other)] = one.min(other);
            }
        }
        for family in linked.families.numbers() {
            first[family] = root(&mut first, family);
        }
        Groups(first)
    }

    /// The group that a family belongs to, named by its first family.
    pub fn of_family(&self, family: FamilyIndex) -> FamilyIndex {
        self.0[family]
    }
}
