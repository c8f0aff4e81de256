//! People whose ids may not stand in a list of several families: the same id under two of them would say that they are linked.

use crate::ids::PersonId;
use std::collections::BTreeSet;

/// Those of one family.
#[derive(Debug, Default)]
pub struct Unnamed<'a> {
    ids: BTreeSet<&'a str>,
    /// How long their ids are, the longest last.
    lengths: BTreeSet<usize>,
}

impl<'a> FromIterator<&'a PersonId> for Unnamed<'a> {
    fn from_iter<I: IntoIterator<Item = &'a PersonId>>(people: I) -> Unnamed<'a> {
        let ids: BTreeSet<&str> = people.into_iter().map(PersonId::as_str).collect();
        let lengths = ids.iter().map(|id| id.len()).collect();
        Unnamed { ids, lengths }
    }
}

impl Unnamed<'_> {
    /// What stands in the place of an id.
    pub const SOMEBODY: &'static str = "a person with a restricted row";

    /// Whether a person is one of them.
    pub fn covers(&self, person: &PersonId) -> bool {
        self.ids.contains(person.as_str())
    }

    /// The text with `instead` in the place of their ids, in one pass however many they are. The id of another person that only
    /// begins with one of theirs stays.
    pub fn taken_out(&self, text: &str, instead: &str) -> String {
        if self.ids.is_empty() {
            return text.to_owned();
        }
        let is_of_an_id = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let begins = !out.ends_with(is_of_an_id);
            let ends = |length: &usize| {
                let id = rest.get(..*length)?;
                (self.ids.contains(id) && !rest[*length..].starts_with(is_of_an_id)).then_some(*length)
            };
            match Some(()).filter(|()| begins).and_then(|()| self.lengths.iter().rev().find_map(ends)) {
                Some(length) => {
                    out.push_str(instead);
                    rest = &rest[length..];
                }
                None => {
                    out.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_out_and_longer_ids_stay() {
        let people = ["P1", "P1-2", "Zoë 3"].map(PersonId::new);
        let unnamed: Unnamed<'_> = people.iter().collect();
        let said = |text: &str| unnamed.taken_out(text, "X");
        assert_eq!(said("P1: Summer; P10 and P1-3, not P1-2."), "X: Summer; P10 and P1-3, not X.");
        assert_eq!(said("P1"), "X");
        assert_eq!(said("TP1, (P1) Zoë 3's"), "TP1, (X) X's");
        assert!(unnamed.covers(&people[1]) && !unnamed.covers(&PersonId::new("P10")));
        assert_eq!(Unnamed::default().taken_out("P1", "X"), "P1");
    }
}
