//! Lists that only a number of their own can index: what numbers periods cannot number decisions sorted by case, whose
//! fifth is of another family.

use std::iter::FromIterator;
use std::marker::PhantomData;
use std::ops::{Deref, Index, IndexMut};

/// The number of a thing in the one kind of list that it numbers, from 0 on.
pub trait Number: Copy {
    /// The number of this place in a list.
    fn at(place: usize) -> Self;

    /// The place in a list.
    fn place(self) -> usize;
}

/// A list whose entries are numbered by `N`. It is read like a slice; its order cannot be changed.
///
/// ```compile_fail
/// # use sfclaim::{indexed::Indexed, link::{FamilyIndex, PeriodIndex}, indexed::Number};
/// let families: Indexed<FamilyIndex, &str> = vec!["F1", "F2"].into();
/// families[PeriodIndex::at(1)];
/// ```
///
/// ```compile_fail
/// # use sfclaim::{indexed::Indexed, link::FamilyIndex};
/// let families: Indexed<FamilyIndex, &str> = vec!["F1", "F2"].into();
/// families[1];
/// ```
///
/// ```
/// # use sfclaim::{indexed::{Indexed, Number}, link::FamilyIndex};
/// let families: Indexed<FamilyIndex, &str> = vec!["F1", "F2"].into();
/// assert_eq!(families[FamilyIndex::at(1)], "F2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed<N, T> {
    list: Vec<T>,
    numbers: PhantomData<N>,
}

impl<N: Number, T> Indexed<N, T> {
    /// The entries with their numbers, in order.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (N, &T)> + ExactSizeIterator {
        self.list.iter().enumerate().map(|(place, entry)| (N::at(place), entry))
    }

    /// The numbers of all entries, in order.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = N> + ExactSizeIterator + use<N, T> {
        (0..self.list.len()).map(N::at)
    }

    /// The entries, to be changed where they are.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.list.iter_mut()
    }

    /// Puts an entry at the end and says its number.
    pub fn push(&mut self, entry: T) -> N {
        self.list.push(entry);
        N::at(self.list.len() - 1)
    }

    /// The entries as a list that has lost its numbers, and may be sorted otherwise.
    pub fn into_list(self) -> Vec<T> {
        self.list
    }
}

impl<N, T> Default for Indexed<N, T> {
    fn default() -> Self {
        Indexed { list: Vec::new(), numbers: PhantomData }
    }
}

impl<N, T> From<Vec<T>> for Indexed<N, T> {
    fn from(list: Vec<T>) -> Self {
        Indexed { list, numbers: PhantomData }
    }
}

impl<N, T> FromIterator<T> for Indexed<N, T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        Vec::from_iter(entries).into()
    }
}

impl<N, T> Deref for Indexed<N, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.list
    }
}

impl<N: Number, T> Index<N> for Indexed<N, T> {
    type Output = T;

    fn index(&self, number: N) -> &T {
        &self.list[number.place()]
    }
}

impl<N: Number, T> IndexMut<N> for Indexed<N, T> {
    fn index_mut(&mut self, number: N) -> &mut T {
        &mut self.list[number.place()]
    }
}

impl<N, T> IntoIterator for Indexed<N, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, N, T> IntoIterator for &'a Indexed<N, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<'a, N, T> IntoIterator for &'a mut Indexed<N, T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter_mut()
    }
}

/// Makes a type the number of one kind of list.
#[macro_export]
macro_rules! numbers {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $crate::indexed::Number for $name {
            fn at(place: usize) -> Self {
                // No list of this program comes near four thousand million entries.
                $name(u32::try_from(place).unwrap_or(u32::MAX))
            }

            fn place(self) -> usize {
                self.0 as usize
            }
        }
    };
}
