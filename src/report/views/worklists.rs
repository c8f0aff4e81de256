//! Worklists: a file for each practitioner, school and team with what they can do for families that can still become a claim,
//! as CSV and as a workbook with the same cells, ready for a mail merge; and an index of the files.
//!
//! Names of people are left out as in every list. A school is named only where the child may be: a restricted child leads to
//! no school. Against an earlier report, what is new or has changed comes first.

use crate::error::Result;
use crate::forecast::levers::Levers;
use crate::forecast::work::{Thing, things};
use crate::money::Pounds;
use crate::report::output::Kind::{Day, Money, Text, Whole};
use crate::report::output::Table;
use crate::report::output::cell::YES_NO;
use crate::report::output::earlier::{EarlierRow, EarlierRun};
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::table::Look;
use crate::report::output::workbook::Book;
use crate::report::views::people::{OfPerson, People, Person, with_person};
use crate::report::views::view::sums_are;
use crate::report::views::whatif;
use crate::rules::levers::Actor;
use crate::run::Outcome;
use crate::words::worded;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The folder, inside that of the reports.
pub const FOLDER: &str = "worklists";

/// The index of the files, in that folder.
pub const INDEX: &str = "index.csv";

/// What a list is called that is for nobody known.
const NOT_KNOWN: &str = "not known";

/// The most characters of a name in the name of a file.
const LONGEST_NAME: usize = 40;

worded! {
    /// Whom a list is for.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum For {
        /// One practitioner: what practitioners can do for their families.
        Practitioner = "practitioner",
        /// One school: what it can give of its pupils.
        School = "school",
        /// One team: everything that somebody can do for its families.
        Team = "team",
    }
}

impl For {
    /// Many of them, for a sentence.
    pub fn of_many(self) -> &'static str {
        match self {
            For::Practitioner => "for practitioners",
            For::School => "for schools",
            For::Team => "for teams",
        }
    }
}

worded! {
    /// What became of a thing since an earlier report, in the order in which it is listed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Changed {
        /// It was not on this list.
        New = "new",
        /// It was, and something about it was different.
        Changed = "changed",
        /// It was, just so.
        Same = "same",
    }
}

/// A row of a worklist.
#[derive(Clone)]
pub struct WorkRow<'a> {
    write_to: &'a str,
    thing: Thing<'a>,
    named: Person<'a>,
    worth: Pounds,
    suspended: bool,
    changed: Option<Changed>,
}

impl OfPerson for WorkRow<'_> {
    fn person(&self) -> Person<'_> {
        self.named
    }
}

/// The table of every worklist.
pub fn table<'a>() -> Table<WorkRow<'a>> {
    let table = Table::<WorkRow<'a>>::of(
        "worklist",
        "A row a thing to do, of attendance a child each; with `--since` those that are new or changed first, then by `needed_by`, by what brings the payment by itself, and by case.",
    )
    .column("changed", Text, |row| row.changed.map(Changed::word).into())
    .about("with `--since`: `new`, `changed` or `same`, held against the same list of the earlier report. Else blank")
    .column("write_to", Text, |row| row.write_to.into())
    .about("the practitioner, the school's number or the team that the list is for; `not known` where none is recorded")
    .column("needed_by", Day, |row| row.thing.family.earliest_possible_on.into())
    .about("the earliest day on which the family could be claimed, on what is recorded; the as-at date where the claim waits for this now. Blank where the calendar has no such day")
    .column("worth", Money, |row| row.worth.into())
    .about("the payment for the family, once all that holds it is settled; funded places are not looked at")
    .column("sums_are", Text, |row| sums_are(row.suspended).into())
    .about("as in `levers`")
    .column("nothing_else_holds_it", YES_NO, |row| row.thing.alone().into())
    .about("`yes`: with this the family can be claimed")
    .column("who", Text, |row| row.thing.reason.entry.who.word().into())
    .about("who can settle it: `practitioner`, `school` or `data_team`")
    .column("this_week", YES_NO, |row| row.thing.reason.entry.this_week.into())
    .about("`yes`: can be settled by setting about it now")
    .column("what_is_needed", Text, |row| (&row.thing.reason.entry.needs).into())
    .about("what is needed, after \"the family needs\"")
    .column("what_settles_it", Text, |row| row.thing.settles().into())
    .about("the record or agreement that settles it, and in which table; or how the child's attendance stands")
    .column("case_id", Text, |row| (&row.thing.family.case_id).into())
    .about("the period nearest to a claim, as in `decisions`")
    .column("family_id", Text, |row| (&row.thing.family.family_id).into())
    .about("the family")
    .column("status", Text, |row| row.thing.family.status.word().into())
    .about("as in `decisions`")
    .column("rule", Text, |row| (&row.thing.reason.entry.rule).into())
    .about("as in `levers`")
    .column("reason", Text, |row| (&row.thing.reason.entry.kind).into())
    .about("as in `levers`")
    .column("team", Text, |row| row.thing.family.team.as_ref().into())
    .about("of the period's latest case that names one")
    .column("lead_practitioner", Text, |row| row.thing.family.lead_practitioner.as_ref().into())
    .about("of the period's latest case that names one")
    .column("person_id", Text, |row| row.thing.child.and_then(|child| child.person_id.as_ref()).into())
    .about("of attendance the child. Blank where a restricted link could be told from it");
    with_person(table)
}

/// By what a row is known again in an earlier list, and what may have changed of it.
const KNOWN_BY: [&str; 4] = ["case_id", "rule", "reason", "person_id"];
const MAY_CHANGE: [&str; 6] = ["needed_by", "worth", "nothing_else_holds_it", "this_week", "status", "what_settles_it"];

/// One list, for one reader.
pub struct List<'a> {
    of: For,
    write_to: &'a str,
    /// The name of its files, without the ending.
    file: String,
    /// Its rows.
    pub rows: Vec<WorkRow<'a>>,
    done: Option<usize>,
}

/// The table of the index.
pub fn index<'a>() -> Table<&'a List<'a>> {
    Table::<&'a List<'a>>::of("index", "A row a worklist, in the folder `worklists`.")
        .column("for", Text, |list| list.of.word().into())
        .about("`practitioner`, `school` or `team`")
        .column("write_to", Text, |list| list.write_to.into())
        .about("as in `worklist`")
        .column("csv_file", Text, |list| list.csv().into())
        .about("the list as CSV")
        .column("workbook", Text, |list| list.workbook().into())
        .about("the same as a workbook")
        .column("things", Whole, |list| list.rows.len().into())
        .about("rows of the list")
        .column("families", Whole, |list| list.families().into())
        .about("different families in it")
        .column("worth", Money, |list| list.worth().into())
        .about("the payment for as many families")
        .column("first_needed_by", Day, |list| {
            list.rows.iter().filter_map(|row| row.thing.family.earliest_possible_on).min().into()
        })
        .about("the earliest `needed_by` of the list")
        .column("new", Whole, |list| list.count(Changed::New).into())
        .about("with `--since`: rows that the earlier list had not. Else blank")
        .column("changed", Whole, |list| list.count(Changed::Changed).into())
        .about("with `--since`: rows of which something is different")
        .column("no_longer_there", Whole, |list| list.done.into())
        .about("with `--since`: rows of the earlier list that this one has not")
}

impl List<'_> {
    fn csv(&self) -> String {
        format!("{}.csv", self.file)
    }

    fn workbook(&self) -> String {
        format!("{}.xlsx", self.file)
    }

    fn families(&self) -> usize {
        self.rows.iter().map(|row| &row.thing.family.family_id).collect::<BTreeSet<_>>().len()
    }

    fn worth(&self) -> Pounds {
        self.rows.first().map_or(Pounds::default(), |row| row.worth.for_each_of(self.families()))
    }

    fn count(&self, of: Changed) -> Option<usize> {
        self.done.map(|_| self.rows.iter().filter(|row| row.changed == Some(of)).count())
    }
}

/// All lists of a run: by whom they are for, and those for nobody known last.
pub struct Worklists<'a> {
    outcome: &'a Outcome<'a>,
    /// The lists.
    pub lists: Vec<List<'a>>,
}

impl<'a> Worklists<'a> {
    /// The lists, held against those of an earlier report where there is one.
    pub fn of(
        outcome: &'a Outcome<'a>,
        levers: &'a Levers,
        people: &'a People<'a>,
        earlier: Option<&EarlierLists>,
    ) -> Worklists<'a> {
        let payment = outcome.rules.parameters.payment;
        let suspended = outcome.rules.payment_is_suspended(outcome.prepared.as_at);
        let mut by_reader: BTreeMap<(For, bool, &str), Vec<WorkRow<'_>>> = BTreeMap::new();
        for thing in things(levers) {
            let child = thing.child.and_then(|child| child.person_id.as_ref());
            let named = child.map(|child| people.person(&thing.family.family_id, child)).unwrap_or_default();
            let who = thing.reason.entry.who;
            let practitioner = (For::Practitioner, thing.family.lead_practitioner.as_deref());
            let school = (For::School, named.school_of());
            let team = (For::Team, thing.family.team.as_deref());
            for (of, name) in [practitioner, school, team] {
                let theirs = match of {
                    For::Practitioner => who == Actor::Practitioner,
                    For::School => who == Actor::School && thing.child.is_some(),
                    For::Team => true,
                };
                if theirs {
                    let write_to = name.unwrap_or(NOT_KNOWN);
                    let row = WorkRow { write_to, thing, named, worth: payment, suspended, changed: None };
                    by_reader.entry((of, name.is_none(), write_to)).or_default().push(row);
                }
            }
        }
        let mut taken = BTreeSet::new();
        let lists = by_reader.into_iter().map(|((of, _, write_to), mut rows)| {
            let done = earlier.map(|earlier| earlier.hold_against(of, write_to, &mut rows));
            List { of, write_to, file: file_name(of, write_to, &mut taken), rows, done }
        });
        Worklists { outcome, lists: lists.collect() }
    }

    /// How many there are of a kind.
    pub fn count(&self, of: For) -> usize {
        self.lists.iter().filter(|list| list.of == of).count()
    }

    /// The names of the files in the folder.
    pub fn names(&self) -> Vec<String> {
        let files = self.lists.iter().flat_map(|list| [list.csv(), list.workbook()]);
        std::iter::once(INDEX.to_owned()).chain(files).collect()
    }

    /// Writes the files.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &OutFolder) -> Result<()> {
        let inside = |name: &str| format!("{FOLDER}/{name}");
        index().write_csv_as(folder, &inside(INDEX), self.lists.iter())?;
        let table = table();
        for list in &self.lists {
            table.write_csv_as(folder, &inside(&list.csv()), list.rows.iter().cloned())?;
            let title = format!("Worklist: {} {}", list.of.word(), list.write_to);
            let mut book = Book::of(&title, "What is needed for families to be claimed", self.outcome.prepared.as_at)?;
            book.add(table.sheet(&Look::of("Worklist"), list.rows.iter().cloned())?)?;
            folder.write(&inside(&list.workbook()), &book.finish()?)?;
        }
        Ok(())
    }
}

/// A name for the files of a list, that every system takes: small letters, digits and hyphens, never one that Windows keeps for
/// itself, since it begins with whom the list is for. Names that come out alike are numbered.
fn file_name(of: For, write_to: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = String::new();
    for c in write_to.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
    }
    name.truncate(LONGEST_NAME);
    let name = match name.trim_end_matches('-') {
        "" => of.word().to_owned(),
        name => format!("{}-{name}", of.word()),
    };
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// The rows of an earlier list: by what each is known, what may change of those that are known so.
type EarlierList = BTreeMap<Vec<String>, Vec<Vec<String>>>;

/// The lists of an earlier report, by whom they were for.
pub struct EarlierLists(BTreeMap<(String, String), EarlierList>);

impl EarlierLists {
    /// Reads them.
    ///
    /// # Errors
    /// The folder is not one of reports with worklists, or a file of it is broken.
    pub fn read(folder: &Path, marker: Marker) -> Result<EarlierLists> {
        whatif::refuse(folder)?;
        let run = EarlierRun::of(folder, "`sfclaim report`");
        run.receipt(marker)?;
        let named = run.table(&format!("{FOLDER}/{INDEX}"), &["for", "write_to", "csv_file"], &[])?;
        let mut lists: BTreeMap<_, EarlierList> = BTreeMap::new();
        for list in &named.rows {
            let file = list.of("csv_file");
            // What a file says must not lead out of the folder.
            if Path::new(file).file_name().is_none_or(|only| only != file) {
                return Err(run.not_ours(&format!("its {INDEX} names a file that is not in it")));
            }
            let needed = [&KNOWN_BY[..], &MAY_CHANGE].concat();
            let of =
                |row: &EarlierRow, columns: &[&str]| columns.iter().map(|column| row.of(column).to_owned()).collect();
            let rows = lists.entry((list.of("for").to_owned(), list.of("write_to").to_owned())).or_default();
            for row in &run.table(&format!("{FOLDER}/{file}"), &needed, &[])?.rows {
                rows.entry(of(row, &KNOWN_BY)).or_default().push(of(row, &MAY_CHANGE));
            }
        }
        Ok(EarlierLists(lists))
    }

    /// Says of each row whether it is new, changed or the same, and puts them in that order. Gives back how many rows of the
    /// earlier list are no longer there.
    fn hold_against<'a>(&self, of: For, write_to: &str, rows: &mut [WorkRow<'a>]) -> usize {
        let mut then = self.0.get(&(of.word().to_owned(), write_to.to_owned())).cloned().unwrap_or_default();
        let table: Table<WorkRow<'a>> = table();
        // First those that are just so, since of several that are known alike one may be and another not.
        for row in &mut *rows {
            let [known_by, now] = known_and_now(&table, row);
            let Some(earlier) = then.get_mut(&known_by) else { continue };
            if let Some(same) = earlier.iter().position(|row| *row == now) {
                earlier.swap_remove(same);
                row.changed = Some(Changed::Same);
            }
        }
        for row in rows.iter_mut().filter(|row| row.changed.is_none()) {
            let [known_by, _] = known_and_now(&table, row);
            let earlier = then.get_mut(&known_by).and_then(Vec::pop);
            row.changed = Some(if earlier.is_some() { Changed::Changed } else { Changed::New });
        }
        // The rows are in the order of days and money, which the sort keeps.
        rows.sort_by_key(|row| row.changed);
        then.values().map(Vec::len).sum()
    }
}

/// By what a row is known, and what may change of it.
fn known_and_now<'a>(table: &Table<WorkRow<'a>>, row: &WorkRow<'a>) -> [Vec<String>; 2] {
    let named: BTreeMap<&str, String> = table.named_cells(row).into_iter().collect();
    let of = |columns: &[&str]| columns.iter().map(|column| named.get(column).cloned().unwrap_or_default()).collect();
    [of(&KNOWN_BY), of(&MAY_CHANGE)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_names_that_every_system_takes() {
        let mut taken = BTreeSet::new();
        let mut name = |write_to: &str| file_name(For::Practitioner, write_to, &mut taken);
        assert_eq!(name("Ava Wadcote"), "practitioner-ava-wadcote");
        // Alike to a system that does not tell large letters from small ones, and without what has no letter here.
        assert_eq!(name("AVA  WADCOTE"), "practitioner-ava-wadcote-2");
        assert_eq!(name("Ava/Wadcote."), "practitioner-ava-wadcote-3");
        assert_eq!(name("CON"), "practitioner-con");
        assert_eq!(name("\u{738b}"), "practitioner");
        assert_eq!(name("..\\..\\"), "practitioner-2");
        let long = name(&"x".repeat(300));
        assert_eq!(long.len(), "practitioner-".len() + LONGEST_NAME);
        // One that is called as another one was numbered.
        assert_eq!(name("Ava Wadcote 2"), "practitioner-ava-wadcote-2-2");
    }
}
