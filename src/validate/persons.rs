//! Who is who by identifiers: the persons of the people table by `person_id`, now and formerly, and by UPN (contract
//! section 1, "Attendance records"). A person's identifiers are those of all rows with that `person_id`, members or not,
//! quarantined ones as far as they can be read.
//!
//! Longer than most files, since who is like whom is decided here alone.

use super::days::Horizon;
use super::reading::ReadTable;
use super::rows::{FormerId, IdKind, PersonRow};
use crate::dates::Date;
use crate::ids::{PersonId, Upn, folded_name};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// The place of a person in [`Persons`].
pub type PersonNumber = u32;

/// What a row of people says of who it is of.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Identity<'a> {
    pub person_id: Option<&'a PersonId>,
    pub upn: Option<&'a Upn>,
    pub former_upn: Option<&'a Upn>,
    pub date_of_birth: Option<Date>,
    pub first_name: Option<&'a str>,
}

/// A person, by all rows.
#[derive(Clone, Debug)]
struct Person {
    id: PersonId,
    /// The birth dates given, each once.
    births: Vec<Date>,
    /// The first names given, folded, each once.
    names: Vec<String>,
}

/// All persons, by their identifiers.
#[derive(Clone, Debug, Default)]
pub struct Persons {
    all: Vec<Person>,
    by_id: FxHashMap<PersonId, PersonNumber>,
    /// Those who had an id before.
    by_former_id: FxHashMap<PersonId, Vec<PersonNumber>>,
    /// Ids that others had before, of whom no row is.
    of_others: FxHashSet<PersonId>,
    /// Those whose UPN or former UPN it is.
    by_upn: FxHashMap<Upn, Vec<PersonNumber>>,
    /// Each person with each of the person's UPNs.
    holders: FxHashSet<(PersonNumber, Upn)>,
    /// Of the holders of a UPN those who cannot be told apart by it: another holder is somebody else.
    in_doubt: FxHashMap<Upn, FxHashSet<PersonNumber>>,
}

/// Adds a value unless it is there. The first few are looked through; `is_new` is asked of a later one, of which there may be thousands.
fn add_once<T: PartialEq>(all: &mut Vec<T>, value: T, is_new: impl FnOnce(&T) -> bool) {
    const FEW: usize = 4;
    let few = &all[..all.len().min(FEW)];
    if !few.contains(&value) && (few.len() < FEW || is_new(&value)) {
        all.push(value);
    }
}

/// Whose a record is, by the identifiers that it gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// The persons whose it is, or may be.
    pub persons: Vec<PersonNumber>,
    /// Those of them of whom it cannot be told whether it is theirs.
    pub in_doubt: Vec<PersonNumber>,
}

impl Persons {
    /// All persons of these rows. `former` are pairs of a present id and one that the person had before.
    pub fn of<'a>(
        rows: impl Iterator<Item = Identity<'a>>,
        former: impl Iterator<Item = (&'a PersonId, &'a PersonId)>,
    ) -> Persons {
        // Adults have no UPN.
        let (at_least, _) = rows.size_hint();
        let mut persons = Persons {
            by_id: FxHashMap::with_capacity_and_hasher(at_least, FxBuildHasher),
            by_upn: FxHashMap::with_capacity_and_hasher(at_least / 2, FxBuildHasher),
            holders: FxHashSet::with_capacity_and_hasher(at_least / 2, FxBuildHasher),
            ..Persons::default()
        };
        let mut births: FxHashSet<(PersonNumber, Date)> = FxHashSet::default();
        let mut names: FxHashSet<(PersonNumber, String)> = FxHashSet::default();
        for row in rows {
            let Some(id) = row.person_id else { continue };
            let number = match persons.by_id.get(id) {
                Some(number) => *number,
                None => {
                    let number = PersonNumber::try_from(persons.all.len()).unwrap_or(PersonNumber::MAX);
                    persons.all.push(Person { id: id.clone(), births: Vec::new(), names: Vec::new() });
                    persons.by_id.insert(id.clone(), number);
                    number
                }
            };
            for upn in [row.upn, row.former_upn].into_iter().flatten() {
                if persons.holders.insert((number, upn.clone())) {
                    persons.by_upn.entry(upn.clone()).or_default().push(number);
                }
            }
            let person = &mut persons.all[number as usize];
            if let Some(born) = row.date_of_birth {
                add_once(&mut person.births, born, |born| births.insert((number, *born)));
            }
            if let Some(name) = row.first_name.map(first_name).filter(|name| !name.is_empty()) {
                add_once(&mut person.names, name, |name| names.insert((number, name.clone())));
            }
        }
        let mut seen: FxHashSet<(PersonNumber, &PersonId)> = FxHashSet::default();
        for (id, former) in former.filter(|(id, former)| id != former) {
            match persons.by_id.get(id).copied() {
                Some(number) if seen.insert((number, former)) => {
                    persons.by_former_id.entry(former.clone()).or_default().push(number);
                }
                Some(_) => {}
                None => {
                    persons.of_others.insert(former.clone());
                }
            }
        }
        persons.in_doubt = persons.doubts();
        persons
    }

    /// Who is who by the identifiers of all rows of people, quarantined ones as far as they can be read.
    pub fn of_people(people: Option<&ReadTable<PersonRow>>, former_ids: &[FormerId], horizon: &Horizon) -> Persons {
        let rows = people.map(|people| people.rows.as_slice()).unwrap_or_default();
        let used = rows.iter().map(|row| Identity {
            person_id: Some(&row.person_id),
            upn: row.upn.as_ref(),
            former_upn: row.former_upn.as_ref(),
            date_of_birth: row.date_of_birth,
            first_name: row.first_name.as_deref(),
        });
        let can_be = |born: &Date| *born <= horizon.last("date_of_birth") && horizon.is_of_a_life(*born);
        let held = people.into_iter().flat_map(|people| &people.held).filter_map(|held| held.person.as_ref());
        let held = held.map(|row| Identity {
            person_id: row.person_id.as_ref(),
            upn: row.upn.as_ref(),
            former_upn: row.former_upn.as_ref(),
            date_of_birth: row.date_of_birth.filter(can_be),
            first_name: row.first_name.as_deref(),
        });
        let former: Vec<(PersonId, PersonId)> = former_ids
            .iter()
            .filter(|row| row.kind == IdKind::Person)
            .map(|row| (PersonId::new(&row.id), PersonId::new(&row.former_id)))
            .collect();
        Persons::of(used.chain(held), former.iter().map(|(id, former)| (id, former)))
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The id of a person.
    pub fn id(&self, person: PersonNumber) -> Option<&PersonId> {
        self.all.get(person as usize).map(|person| &person.id)
    }

    /// Every birth date that rows give of a person.
    pub fn births(&self, person: &PersonId) -> &[Date] {
        let number = self.by_id.get(person);
        number.and_then(|number| self.all.get(*number as usize)).map_or(&[], |person| &person.births)
    }

    /// Whether any person has one of these identifiers.
    pub fn has(&self, person_id: Option<&PersonId>, upn: Option<&Upn>) -> bool {
        person_id.is_some_and(|id| self.by_id.contains_key(id) || self.by_former_id.contains_key(id))
            || upn.is_some_and(|upn| self.by_upn.contains_key(upn))
    }

    /// The persons whose `person_id` it is, or was.
    fn named(&self, person_id: Option<&PersonId>) -> Vec<PersonNumber> {
        let now = person_id.and_then(|id| self.by_id.get(id)).copied();
        let before = person_id.and_then(|id| self.by_former_id.get(id)).into_iter().flatten().copied();
        now.into_iter().chain(before.filter(|number| Some(*number) != now)).collect()
    }

    /// Whether a record gives a person's `person_id` and a UPN of other persons only.
    pub fn contradict(&self, person_id: Option<&PersonId>, upn: Option<&Upn>) -> bool {
        let Some(upn) = upn.filter(|upn| self.by_upn.contains_key(*upn)) else { return false };
        let named = self.named(person_id);
        !named.is_empty() && !named.into_iter().any(|number| self.holders.contains(&(number, upn.clone())))
    }

    /// Whose a record with these identifiers is: the person's whose `person_id` it gives, now or formerly; where it gives
    /// none, or one that no person has, every person's whose UPN or former UPN it gives. One whose identifiers contradict
    /// each other may be anybody's of them.
    pub fn owners(&self, person_id: Option<&PersonId>, upn: Option<&Upn>) -> Owners {
        let holders = upn.and_then(|upn| self.by_upn.get(upn)).map_or(&[][..], Vec::as_slice);
        let mut persons = self.named(person_id);
        if persons.is_empty() {
            let doubted = upn.and_then(|upn| self.in_doubt.get(upn));
            let in_doubt = holders.iter().filter(|number| doubted.is_some_and(|doubted| doubted.contains(number)));
            return Owners { persons: holders.to_vec(), in_doubt: in_doubt.copied().collect() };
        }
        if self.contradict(person_id, upn) {
            persons.extend(holders);
        }
        let of_others = person_id.is_some_and(|id| self.of_others.contains(id));
        let in_doubt = if persons.len() > 1 || of_others { persons.clone() } else { Vec::new() };
        Owners { persons, in_doubt }
    }

    /// The UPNs that persons share who cannot be one, with these persons.
    pub fn shared_upns(&self) -> impl Iterator<Item = (&Upn, Vec<&PersonId>)> {
        self.in_doubt.iter().map(|(upn, persons)| {
            let mut ids: Vec<&PersonId> = persons.iter().filter_map(|number| self.id(*number)).collect();
            ids.sort_unstable();
            (upn, ids)
        })
    }

    /// By UPN the holders of whom another holder must be somebody else: birth dates are given of both and none is the
    /// same, or first names are, and none begins with another.
    fn doubts(&self) -> FxHashMap<Upn, FxHashSet<PersonNumber>> {
        let mut doubts = FxHashMap::default();
        for (upn, holders) in self.by_upn.iter().filter(|(_, holders)| holders.len() > 1) {
            let of = |number: &PersonNumber| self.all.get(*number as usize).map(|person| (*number, person));
            let holders: Vec<(PersonNumber, &Person)> = holders.iter().filter_map(of).collect();
            let births: Vec<_> = holders.iter().map(|(number, person)| (*number, person.births.as_slice())).collect();
            let names: Vec<_> = holders.iter().map(|(number, person)| (*number, person.names.as_slice())).collect();
            let mut doubted = unlike_another::<Date, BirthDates>(&births);
            doubted.extend(unlike_another::<String, FirstNames<'_>>(&names));
            if !doubted.is_empty() {
                doubts.insert(upn.clone(), doubted);
            }
        }
        doubts
    }
}

/// A first name as it is compared.
fn first_name(name: &str) -> String {
    folded_name(name).chars().take(LETTERS).collect()
}

/// How many holders of one UPN may each be given with several birth dates, or several names, before all are taken for
/// different people: comparing every two of them would take longer than anybody waits.
const COMPARED: usize = 64;

/// How many letters of a name are compared: a broken file may hold a page of text as one.
const LETTERS: usize = 60;

/// Values of persons, held together so that those unlike others can be counted at once.
trait Values<'a, T> {
    fn of(values: Vec<&'a T>) -> Self;

    fn number(&self) -> usize;

    /// How many of the values held are like none of these.
    fn unlike(&self, values: &[T]) -> usize;
}

/// The persons with values of whom some other person with values has none that is like any of theirs. Nearly all have one
/// value at most, and those are compared all at once, so that one UPN of many people takes no longer than their number.
fn unlike_another<'a, T, V: Values<'a, T>>(persons: &[(PersonNumber, &'a [T])]) -> FxHashSet<PersonNumber> {
    let given = || persons.iter().filter(|(_, values)| !values.is_empty());
    let several: Vec<(PersonNumber, V)> = given()
        .filter(|(_, values)| values.len() > 1)
        .map(|(number, values)| (*number, V::of(values.iter().collect())))
        .collect();
    if several.len() > COMPARED {
        return given().map(|(number, _)| *number).collect();
    }
    let singles = V::of(given().filter(|(_, values)| values.len() == 1).flat_map(|(_, values)| *values).collect());
    let is_unlike = |(number, values): &&(PersonNumber, &[T])| {
        let others = several.iter().filter(|(other, _)| other != number);
        singles.unlike(values) > 0 || others.into_iter().any(|(_, theirs)| theirs.unlike(values) == theirs.number())
    };
    given().filter(is_unlike).map(|(number, _)| *number).collect()
}

/// Birth dates: alike when they are the same.
struct BirthDates {
    times: FxHashMap<Date, usize>,
    number: usize,
}

impl<'a> Values<'a, Date> for BirthDates {
    fn of(values: Vec<&'a Date>) -> BirthDates {
        let mut times = FxHashMap::default();
        for date in &values {
            *times.entry(**date).or_insert(0) += 1;
        }
        BirthDates { times, number: values.len() }
    }

    fn number(&self) -> usize {
        self.number
    }

    fn unlike(&self, values: &[Date]) -> usize {
        self.number - values.iter().filter_map(|date| self.times.get(date)).sum::<usize>()
    }
}

/// Folded first names: alike when one begins with the other.
struct FirstNames<'a> {
    sorted: Vec<&'a str>,
}

impl<'a> Values<'a, String> for FirstNames<'a> {
    fn of(values: Vec<&'a String>) -> FirstNames<'a> {
        let mut sorted: Vec<&str> = values.into_iter().map(String::as_str).collect();
        sorted.sort_unstable();
        FirstNames { sorted }
    }

    fn number(&self) -> usize {
        self.sorted.len()
    }

    fn unlike(&self, values: &[String]) -> usize {
        let times = |name: &str| {
            let from = self.sorted.partition_point(|held| *held < name);
            self.sorted[from..].partition_point(|held| *held == name)
        };
        match values {
            // Those that begin with the name follow it in the alphabet; those that it begins with are its beginnings.
            [name] => {
                let from = self.sorted.partition_point(|held| *held < name.as_str());
                let longer = self.sorted[from..].partition_point(|held| held.starts_with(name.as_str()));
                let beginnings = name.char_indices().skip(1).map(|(end, _)| times(&name[..end]));
                self.sorted.len() - longer - beginnings.sum::<usize>()
            }
            _ => {
                let others = FirstNames::of(values.iter().collect());
                let is_unlike = |held: &&&str| others.unlike(&[(**held).to_owned()]) == others.number();
                self.sorted.iter().filter(is_unlike).count()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    fn persons(rows: &[(&str, &str, Option<Date>, &str)]) -> Persons {
        let rows: Vec<(PersonId, Option<Upn>, Option<Date>, &str)> =
            rows.iter().map(|(id, upn, born, name)| (PersonId::new(id), Upn::read(upn), *born, *name)).collect();
        let identities = rows.iter().map(|(id, upn, born, name)| Identity {
            person_id: Some(id),
            upn: upn.as_ref(),
            former_upn: None,
            date_of_birth: *born,
            first_name: Some(*name),
        });
        Persons::of(identities, std::iter::empty())
    }

    fn doubted(rows: &[(&str, &str, Option<Date>, &str)]) -> Vec<String> {
        let persons = persons(rows);
        let owners = persons.owners(None, Upn::read("W889200024001").as_ref());
        owners.in_doubt.iter().filter_map(|number| persons.id(*number)).map(ToString::to_string).collect()
    }

    const U: &str = "W889200024001";

    #[test]
    fn holders_of_a_upn_who_cannot_be_one_are_in_doubt() {
        let (may, june) = (Some(date(2014, 5, 1)), Some(date(2014, 6, 1)));
        assert_eq!(doubted(&[("P1", U, may, ""), ("P2", U, june, "")]), ["P1", "P2"]);
        assert_eq!(doubted(&[("P1", U, may, ""), ("P2", U, may, "")]), Vec::<String>::new());
        assert_eq!(doubted(&[("P1", U, may, "Ann"), ("P2", U, may, "Bob")]), ["P1", "P2"]);
        assert_eq!(doubted(&[("P1", U, may, "Ann"), ("P2", U, None, "Bob")]), ["P1", "P2"]);
        assert_eq!(doubted(&[("P1", U, None, "Jo"), ("P2", U, may, "Jo-Ann")]), Vec::<String>::new());
        assert_eq!(doubted(&[("P1", U, None, ""), ("P2", U, may, "Ann")]), Vec::<String>::new());
        // Whose birth date any row gives alike is compared by name.
        let rows = [("P1", U, may, ""), ("P1", U, june, ""), ("P2", U, june, "")];
        assert_eq!(doubted(&rows), Vec::<String>::new());
        let rows = [("P1", U, may, "Ann"), ("P1", U, june, "Annie"), ("P2", U, june, "Bea")];
        assert_eq!(doubted(&rows), ["P1", "P2"]);
        // Of three only those two who differ from another.
        let rows = [("P1", U, may, ""), ("P2", U, june, ""), ("P3", U, None, "")];
        assert_eq!(doubted(&rows), ["P1", "P2"]);
    }

    #[test]
    fn names_are_compared_the_same_one_by_one_and_all_at_once() {
        let words = ["a", "an", "ann", "anna", "b", "bo", "bob", "c", "ca", "é", "éa", "ann"];
        let owned: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let held = FirstNames::of(owned.iter().collect());
        let like = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
        for one in &owned {
            let expected = owned.iter().filter(|other| !like(one, other)).count();
            assert_eq!(held.unlike(std::slice::from_ref(one)), expected, "{one}");
            for two in &owned {
                let expected = owned.iter().filter(|other| !like(one, other) && !like(two, other)).count();
                assert_eq!(held.unlike(&[one.clone(), two.clone()]), expected, "{one} {two}");
            }
        }
    }

    #[test]
    fn a_record_belongs_to_whom_its_id_names() {
        let (one, two, old) = (PersonId::new("P1"), PersonId::new("P2"), PersonId::new("OLD"));
        let upns = [Upn::read("W889200024001"), Upn::read("L889123424001")];
        let identity = |id, upn| Identity { person_id: Some(id), upn, ..Identity::default() };
        let rows = [identity(&one, upns[0].as_ref()), identity(&two, upns[1].as_ref())];
        let persons = Persons::of(rows.iter().cloned(), [(&one, &old)].into_iter());
        let owners = |id: Option<&PersonId>, upn: Option<&Upn>| {
            let owners = persons.owners(id, upn);
            (owners.persons, owners.in_doubt, persons.contradict(id, upn))
        };
        assert_eq!(owners(Some(&one), upns[0].as_ref()), (vec![0], vec![], false));
        assert_eq!(owners(Some(&one), upns[1].as_ref()), (vec![0, 1], vec![0, 1], true));
        assert_eq!(owners(Some(&old), upns[0].as_ref()), (vec![0], vec![], false));
        assert_eq!(owners(Some(&PersonId::new("X")), upns[1].as_ref()), (vec![1], vec![], false));
        assert_eq!(owners(Some(&one), Upn::read("R889400122017").as_ref()), (vec![0], vec![], false));
        // Now the one's, formerly the other's.
        let persons = Persons::of(rows.iter().cloned(), [(&one, &two)].into_iter());
        assert_eq!(persons.owners(Some(&two), None).in_doubt, vec![1, 0]);
    }
}
