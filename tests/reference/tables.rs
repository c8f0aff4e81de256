//! Section 1, "Tables in" and "Quarantine", and section 3, "What is known at the as-at date D": the rows as they are
//! known on D, and what the quarantined rows could have changed.

use std::collections::BTreeMap;

use super::dates::{self, Date};
use super::ids;
use super::params::Params;
use super::{Authority, RawTable, Symbols};

// ---------------------------------------------------------------------------------------------------------------
// What is read

#[derive(Clone, Debug)]
pub struct Term {
    pub year: String,
    pub name: String,
    pub starts: Date,
    pub ends: Date,
}

/// A case as known on D.
#[derive(Clone, Debug)]
pub struct Case {
    pub case_id: String,
    pub family_id: String,
    pub source: String,
    pub opened: Date,
    pub closed: Option<Date>,
    pub assessment: Option<Date>,
    pub plan: Option<Date>,
    pub lead: String,
}

/// A need of a case, as known on D.
#[derive(Clone, Debug)]
pub struct Need {
    pub case_id: String,
    pub criterion: String,
    pub headline: i64,
    pub person_id: String,
    pub outcome: Option<Date>,
    pub relapsed: Option<Date>,
    pub not_achieved: bool,
}

/// `expecting` of a row of `people`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expecting {
    No,
    Yes,
    On(Date),
}

/// A row of `people`, whatever its `joined_on`; a quarantined one as far as it can be read.
#[derive(Clone, Debug)]
pub struct Person {
    /// "It still links and identifies; it is no member."
    pub quarantined: bool,
    /// Blank: it cannot be read (of a quarantined row only).
    pub person_id: String,
    pub family_id: String,
    /// None: missing, or it counts as missing.
    pub born: Option<Date>,
    /// It counts as missing, "whatever the role".
    pub born_doubted: bool,
    pub adult: bool,
    pub child: bool,
    pub upn: String,
    pub former_upn: String,
    /// Folded.
    pub first_name: String,
    pub last_name: String,
    pub joined: Option<Date>,
    pub left: Option<Date>,
    pub expecting: Expecting,
}

/// A claim that is `approved` or `submitted` on D (the others change nothing).
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its own, and each family that has it as a former id.
    pub families: Vec<String>,
    /// What it names, and each case that has it as a former id; none: it names no case.
    pub cases: Vec<String>,
    pub submitted: Date,
    /// The day of success.
    pub success: Date,
}

/// A row of `former_ids`.
#[derive(Clone, Debug)]
pub struct Former {
    pub kind: String,
    pub id: String,
    pub former_id: String,
}

/// An agreement in force on D.
#[derive(Clone, Debug)]
pub struct Agreement {
    pub case_id: String,
    pub rule: String,
    pub person_id: String,
    pub year: String,
    pub term: String,
    pub met: bool,
    pub agreed: Date,
}

#[derive(Clone, Debug)]
pub struct Record {
    /// To whom it belongs.
    pub persons: Vec<String>,
    /// Of those, the ones whose terms it makes unknown.
    pub doubted: Vec<String>,
    /// Told by the UPN alone.
    pub by_upn: bool,
    pub upn: String,
    pub school: String,
    pub what: What,
}

/// `term` is a place in `World::terms`.
#[derive(Clone, Debug)]
pub enum What {
    Mark {
        date: Date,
        afternoon: bool,
        code: String,
    },
    Totals {
        term: usize,
        possible: Option<i64>,
        attended: Option<i64>,
        authorised: Option<i64>,
        unauthorised: Option<i64>,
    },
    Count {
        term: usize,
        code: String,
        sessions: Option<i64>,
    },
}

/// A quarantined attendance row of pupils; no terms: it cannot be told which.
#[derive(Clone, Debug)]
pub struct LostRecord {
    pub persons: Vec<String>,
    pub terms: Option<Vec<usize>>,
}

#[derive(Clone, Debug)]
pub struct World {
    pub d: Date,
    pub extracted: Option<Date>,
    pub p: Params,
    /// In the order of their ends.
    pub terms: Vec<Term>,
    pub cases: Vec<Case>,
    pub needs: Vec<Need>,
    pub people: Option<Vec<Person>>,
    pub claims: Option<Vec<Claim>>,
    pub agreements: Vec<Agreement>,
    pub former: Vec<Former>,
    pub attendance: Option<Vec<Record>>,
    /// Every case of the table, also quarantined ones and those opened after D: its id and family.
    pub all_cases: Vec<(String, String)>,
    /// Of ids of families, of cases and of schools: whether the case of letters counts.
    pub case_counts: [bool; 3],
    /// Quarantined or doubtful rows that could have changed something.
    pub lost_case_families: Vec<String>,
    pub lost_need_cases: Vec<String>,
    pub lost_people_families: Vec<String>,
    pub lost_claim_families: Vec<String>,
    /// Case and rule.
    pub lost_agreements: Vec<(String, String)>,
    pub lost_records: Vec<LostRecord>,
    pub rows: BTreeMap<String, (usize, usize, usize, usize)>,
}

/// Places in `World::case_counts`.
pub const FAMILY: usize = 0;
pub const CASE: usize = 1;
pub const SCHOOL: usize = 2;

// ---------------------------------------------------------------------------------------------------------------
// Rows and cells

/// The known columns of a row; a column that the file does not have is blank.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    layout: &'static str,
    /// Those of its marks that stand for something else: the same text from two suppliers may say two things, and then
    /// the one does not repeat the other.
    symbols: Symbols,
    cells: Vec<(&'static str, String)>,
    /// Of the columns of days.
    days: Vec<(&'static str, Day)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Day {
    Blank,
    On(Date),
    Unreadable,
}

/// The columns of ids (cleaned before anything else), and those of days.
const IDS: [&str; 9] =
    ["case_id", "family_id", "person_id", "claim_id", "upn", "former_upn", "school_urn", "id", "former_id"];
const DAYS: [&str; 19] = [
    "opened_on",
    "closed_on",
    "assessment_on",
    "plan_on",
    "date_of_birth",
    "joined_on",
    "left_on",
    "expecting",
    "identified_on",
    "outcome_on",
    "relapsed_on",
    "submitted_on",
    "decided_on",
    "agreed_on",
    "until",
    "starts_on",
    "ends_on",
    "date",
    "week_start",
];

impl Row {
    fn get(&self, column: &str) -> &str {
        for (name, cell) in &self.cells {
            if *name == column {
                return cell;
            }
        }
        ""
    }

    /// An id as far as it can be read: blank where it lost its digits.
    fn id(&self, column: &str) -> String {
        let cell = self.get(column);
        if ids::lost_its_digits(cell) { String::new() } else { cell.to_string() }
    }

    fn lost_an_id(&self) -> bool {
        IDS.iter().any(|column| ids::lost_its_digits(self.get(column)))
    }

    /// Err: there is something that is no date, or a day that cannot be right.
    fn date(&self, column: &str) -> Result<Option<Date>, ()> {
        for (name, day) in &self.days {
            if *name == column {
                return match day {
                    Day::Blank => Ok(None),
                    Day::On(date) => Ok(Some(*date)),
                    Day::Unreadable => Err(()),
                };
            }
        }
        Ok(None)
    }

    fn all_days_read(&self) -> bool {
        self.days.iter().all(|(_, day)| *day != Day::Unreadable)
    }

    /// Is one of these days on or before D?
    fn by_d(&self, columns: &[&str], d: Date) -> bool {
        columns.iter().any(|column| matches!(self.date(column), Ok(Some(day)) if day <= d))
    }

    /// "A quarantined or doubtful row is without effect at D only when all its days can be read, its own day is after D
    /// and no other of them (birth date, assessment, plan aside) is on or before D." `otherwise`: its own day where the
    /// column is blank.
    fn without_effect(&self, own: &str, otherwise: Option<Date>, d: Date) -> bool {
        let own = self.date(own).ok().flatten().or(otherwise);
        let others = ["closed_on", "outcome_on", "relapsed_on", "decided_on", "left_on", "expecting", "until"];
        self.all_days_read() && matches!(own, Some(own) if own > d) && !self.by_d(&others, d)
    }

    /// Err: there is something that is no whole number ("134" and "134.0" are).
    fn number(&self, column: &str) -> Result<Option<i64>, ()> {
        let cell = self.get(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let (negative, digits) = match cell.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, cell),
        };
        let (whole, zeros) = match digits.split_once('.') {
            Some((whole, zeros)) if !zeros.is_empty() => (whole, zeros),
            Some(_) => return Err(()),
            None => (digits, ""),
        };
        if whole.is_empty()
            || whole.len() > 9
            || !whole.bytes().all(|c| c.is_ascii_digit())
            || !zeros.bytes().all(|c| c == b'0')
        {
            return Err(());
        }
        let n = whole.parse::<i64>().map_err(|_| ())?;
        // "A row with a number below nought cannot be read."
        if negative && n > 0 { Err(()) } else { Ok(Some(n)) }
    }

    fn any_blank(&self, columns: &[&str]) -> bool {
        columns.iter().any(|column| self.get(column).is_empty())
    }

    /// y/n, or the day expected. Err: something else.
    fn expecting(&self) -> Result<Expecting, ()> {
        match self.get("expecting").to_lowercase().as_str() {
            "" | "n" | "no" | "false" => Ok(Expecting::No),
            "y" | "yes" | "true" => Ok(Expecting::Yes),
            _ => self.date("expecting").map(|day| day.map(Expecting::On).unwrap_or(Expecting::No)),
        }
    }
}

fn is_yes_or_no(cell: &str) -> bool {
    one_of(cell.to_lowercase().as_str(), &["y", "yes", "true", "n", "no", "false"])
}

fn one_of(cell: &str, words: &[&str]) -> bool {
    words.contains(&cell)
}

struct Layout {
    name: &'static str,
    required: &'static [&'static str],
    known: &'static [&'static str],
}

const CASES: Layout = Layout {
    name: "cases",
    required: &["case_id", "family_id", "opened_on"],
    known: &[
        "case_id",
        "family_id",
        "source",
        "opened_on",
        "closed_on",
        "team",
        "ward",
        "lead_practitioner",
        "assessment_on",
        "plan_on",
    ],
};
const PEOPLE: Layout = Layout {
    name: "people",
    required: &["person_id", "family_id", "date_of_birth"],
    known: &[
        "person_id",
        "family_id",
        "date_of_birth",
        "role",
        "schooling",
        "upn",
        "former_upn",
        "first_name",
        "last_name",
        "postcode",
        "joined_on",
        "left_on",
        "expecting",
        "restricted",
    ],
};
const CRITERIA: Layout = Layout {
    name: "criteria",
    required: &["case_id", "criterion"],
    known: &["case_id", "criterion", "person_id", "identified_on", "outcome_on", "relapsed_on", "result", "evidence"],
};
const CLAIMS: Layout = Layout {
    name: "claims",
    required: &["claim_id", "family_id", "submitted_on", "outcome"],
    known: &["claim_id", "family_id", "case_id", "submitted_on", "decided_on", "outcome"],
};
const AGREEMENTS: Layout = Layout {
    name: "agreements",
    required: &["case_id", "rule", "answer", "reason", "agreed_by", "agreed_on"],
    known: &[
        "case_id",
        "rule",
        "person_id",
        "academic_year",
        "term",
        "answer",
        "reason",
        "agreed_by",
        "agreed_on",
        "until",
        "evidence",
    ],
};
const FORMER_IDS: Layout =
    Layout { name: "former_ids", required: &["kind", "id", "former_id"], known: &["kind", "id", "former_id"] };
const TERMS: Layout = Layout {
    name: "terms",
    required: &["academic_year", "term", "starts_on", "ends_on"],
    known: &["academic_year", "term", "starts_on", "ends_on"],
};
static ATTENDANCE: [Layout; 5] = [
    Layout {
        name: "marks",
        required: &["date", "session", "code"],
        known: &["upn", "person_id", "school_urn", "date", "session", "code"],
    },
    Layout {
        name: "weeks",
        required: &["week_start", "marks"],
        known: &["upn", "person_id", "school_urn", "week_start", "marks"],
    },
    Layout {
        name: "counts",
        required: &["academic_year", "term", "code", "sessions"],
        known: &["upn", "person_id", "school_urn", "academic_year", "term", "code", "sessions"],
    },
    Layout { name: "totals", required: &["academic_year", "term", "possible", "attended"], known: TOTALS },
    Layout {
        name: "totals",
        required: &["academic_year", "term", "possible", "authorised", "unauthorised"],
        known: TOTALS,
    },
];
const TOTALS: &[&str] =
    &["upn", "person_id", "school_urn", "academic_year", "term", "possible", "attended", "authorised", "unauthorised"];

/// The rows of a table without its exact repeats (checked before anything else), and how many were read and repeated.
struct Read {
    rows: Vec<Row>,
    read: usize,
    repeated: usize,
}

fn stem(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = match name.rsplit_once('.') {
        Some((stem, _)) => stem,
        None => name,
    };
    if name.starts_with("attendance") { "attendance".to_string() } else { name.to_string() }
}

fn has_all(columns: &[String], wanted: &[&str]) -> bool {
    wanted.iter().all(|w| columns.iter().any(|c| c.trim() == *w))
}

/// What a file settles about its dates with slashes: may those that could be read both ways be read day first?
/// "Values that can be read only one way decide for all of it. Where those readable only month first are 1 in 20 or more
/// of the values readable one way only, the values of the file that could be read both ways are unreadable."
fn day_comes_first(raw: &RawTable, layout: &Layout) -> bool {
    let (mut only_day_first, mut only_month_first) = (0, 0);
    for (place, column) in raw.columns.iter().enumerate() {
        let column = column.trim();
        if !DAYS.contains(&column) || !layout.known.contains(&column) {
            continue;
        }
        for cells in &raw.rows {
            match dates::parse_both_ways(cells.get(place).map(|c| c.trim()).unwrap_or("")) {
                (Some(_), None) => only_day_first += 1,
                (None, Some(_)) => only_month_first += 1,
                _ => {}
            }
        }
    }
    only_month_first == 0 || 20 * only_month_first < only_day_first + only_month_first
}

/// "Days that cannot be right", of one cell.
fn read_day(world: &World, table: &str, column: &str, cell: &str, day_first: bool) -> Day {
    if cell.is_empty() || (column == "expecting" && is_yes_or_no(cell)) {
        return Day::Blank;
    }
    let date = match (dates::parse(cell), dates::parse_both_ways(cell)) {
        (Some(date), _) => date,
        (None, (Some(one), Some(other))) if day_first || one == other => one,
        (None, (Some(_), Some(_))) => return Day::Unreadable,
        (None, (Some(one), None)) | (None, (None, Some(one))) => one,
        (None, (None, None)) => return Day::Unreadable,
    };
    if one_of(column, &["closed_on", "left_on", "until"])
        && one_of(&dates::show(date), &["9999-12-31", "2999-12-31", "3000-01-01"])
    {
        return Day::Blank;
    }
    let horizon = Date { y: world.d.y + 10, m: 12, d: 31 };
    let latest = if one_of(column, &["closed_on", "left_on", "expecting", "until"]) || table == "terms" {
        horizon
    } else {
        world.extracted.unwrap_or(horizon)
    };
    let too_old = column == "date_of_birth" && world.d > dates::add_years(date, 110);
    if date > latest || date <= (Date { y: 1900, m: 1, d: 1 }) || too_old {
        return Day::Unreadable;
    }
    Day::On(date)
}

/// None where no file of the table is given; Err where a file lacks a column it must have.
fn read_table(world: &World, a: &Authority, table: &str, layouts: &[&'static Layout]) -> Result<Option<Read>, String> {
    let mut out = Read { rows: Vec::new(), read: 0, repeated: 0 };
    let mut found = false;
    for raw in &a.tables {
        if stem(&raw.file) != table {
            continue;
        }
        found = true;
        let Some(layout) = layouts.iter().find(|l| has_all(&raw.columns, l.required)) else {
            return Err(format!("{}: a column that must exist is missing", raw.file));
        };
        if table == "attendance" && !has_all(&raw.columns, &["upn"]) && !has_all(&raw.columns, &["person_id"]) {
            return Err(format!("{}: neither upn nor person_id", raw.file));
        }
        let day_first = day_comes_first(raw, layout);
        for cells in &raw.rows {
            out.read += 1;
            let mut row = Row { layout: layout.name, symbols: Symbols::new(), cells: Vec::new(), days: Vec::new() };
            for known in layout.known {
                let place = raw.columns.iter().position(|c| c.trim() == *known);
                let cell = place.and_then(|i| cells.get(i)).map(|c| c.as_str()).unwrap_or("");
                let cell = match *known {
                    "marks" => cell.to_string(), // spaces in a week of marks are marks
                    "upn" | "former_upn" => ids::clean_upn(cell),
                    id if IDS.contains(&id) => ids::clean(cell),
                    _ => cell.trim().to_string(),
                };
                if DAYS.contains(known) {
                    row.days.push((known, read_day(world, table, known, &cell, day_first)));
                }
                row.cells.push((known, cell));
            }
            if let Some(symbols) = a.symbols.get(&raw.file) {
                // Codes compare trimmed, in any case of letters.
                row.symbols = symbols.iter().map(|(symbol, code)| (*symbol, code.trim().to_uppercase())).collect();
                let marks = row.get("marks").to_string();
                row.symbols.retain(|symbol, code| marks.contains(*symbol) && !same_name(code, &symbol.to_string()));
            }
            if out.rows.contains(&row) {
                out.repeated += 1;
            } else {
                out.rows.push(row);
            }
        }
    }
    Ok(if found { Some(out) } else { None })
}

/// "A key given twice with different values (every row of it)": rows that repeat each other exactly are one by now. `key` gives None for a row without the whole key.
fn key_conflict(rows: &[Row], row: &Row, key: fn(&Row) -> Option<Vec<String>>) -> bool {
    let Some(mine) = key(row) else {
        return false;
    };
    rows.iter().filter(|other| key(other) == Some(mine.clone())).count() > 1
}

/// Of `people`: "rows of a pair may differ in `joined_on`, `left_on`, `postcode`, `expecting` only".
fn pair_conflict(rows: &[Row], row: &Row) -> bool {
    let pair = |r: &Row| key_of(r, &["person_id", "family_id"]);
    let rest = |r: &Row| -> Vec<String> {
        let may_differ = ["joined_on", "left_on", "postcode", "expecting"];
        r.cells.iter().filter(|(name, _)| !may_differ.contains(name)).map(|(_, cell)| cell.clone()).collect()
    };
    // Every row of the pair, also the ones that are as another.
    let of_the_pair: Vec<&Row> = rows.iter().filter(|r| pair(r).is_some() && pair(r) == pair(row)).collect();
    of_the_pair.iter().any(|a| of_the_pair.iter().any(|b| rest(a) != rest(b)))
}

fn key_of(row: &Row, columns: &[&str]) -> Option<Vec<String>> {
    if row.any_blank(columns) { None } else { Some(columns.iter().map(|c| row.get(c).to_string()).collect()) }
}

/// Codes and term names compare trimmed, in any case of letters.
pub fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Section 3: values after D count as blank.
fn until_d(date: Option<Date>, d: Date) -> Option<Date> {
    match date {
        Some(date) if date <= d => Some(date),
        _ => None,
    }
}

/// `1`-`10` or `n.m`: the headline.
fn headline(criterion: &str) -> Option<i64> {
    let (head, rest) = match criterion.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (criterion, None),
    };
    if let Some(rest) = rest {
        if rest.is_empty() || !rest.bytes().all(|c| c.is_ascii_digit()) {
            return None;
        }
    }
    (1..=10).find(|n| n.to_string() == head)
}

/// Like 2023/24.
fn academic_year(cell: &str) -> bool {
    let b = cell.as_bytes();
    if b.len() != 7 || b[4] != b'/' || !b.iter().enumerate().all(|(i, c)| i == 4 || c.is_ascii_digit()) {
        return false;
    }
    let first: i64 = cell[..4].parse().unwrap_or(0);
    let second: i64 = cell[5..].parse().unwrap_or(-1);
    (first + 1) % 100 == second
}

// ---------------------------------------------------------------------------------------------------------------
// The tables, one after the other

impl World {
    /// "Rows read = used + repeated + quarantined"; "more than half of a table's rows (of ten or more) quarantined: the
    /// run stops".
    fn count(&mut self, table: &str, read: &Read, quarantined: usize) -> Result<(), String> {
        let used = read.read - read.repeated - quarantined;
        self.rows.insert(table.to_string(), (read.read, used, read.repeated, quarantined));
        if read.read >= 10 && 2 * quarantined > read.read {
            return Err(format!("{table}: {quarantined} of {} rows quarantined", read.read));
        }
        Ok(())
    }

    /// Two different ids that are nearly alike.
    pub fn nearly_alike(&self, kind: usize, a: &str, b: &str) -> bool {
        let counts = self.case_counts[kind];
        a != b && !a.is_empty() && !b.is_empty() && ids::likeness(a, counts) == ids::likeness(b, counts)
    }

    /// The ids of this kind that have it as a former id.
    fn present_ids(&self, kind: &str, former_id: &str) -> Vec<String> {
        let mut out = Vec::new();
        for row in &self.former {
            if row.kind == kind && row.former_id == former_id && row.id != former_id && !out.contains(&row.id) {
                out.push(row.id.clone());
            }
        }
        out
    }

    pub fn is_former_family(&self, former_id: &str, family_id: &str) -> bool {
        self.present_ids("family", former_id).contains(&family_id.to_string())
    }

    /// The families with cases known at D, quarantined ones too.
    pub fn known_families(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let read = self.cases.iter().filter(|case| case.opened <= self.d).map(|case| &case.family_id);
        for family in read.chain(&self.lost_case_families) {
            if !out.contains(family) {
                out.push(family.clone());
            }
        }
        out
    }

    /// The families in which a row of this family is doubtful because its id is nearly alike to theirs.
    fn alike_families(&self, family_id: &str) -> Vec<String> {
        let known = self.known_families();
        if known.contains(&family_id.to_string()) {
            return Vec::new();
        }
        known.into_iter().filter(|other| self.nearly_alike(FAMILY, family_id, other)).collect()
    }

    fn is_a_case(&self, case_id: &str) -> bool {
        self.all_cases.iter().any(|(id, _)| id == case_id)
    }

    /// The cases that a case id in another table stands for: its own, else those that have it as a former id.
    fn cases_meant(&self, case_id: &str) -> Vec<String> {
        if self.is_a_case(case_id) {
            return vec![case_id.to_string()];
        }
        self.present_ids("case", case_id).into_iter().filter(|id| self.is_a_case(id)).collect()
    }

    /// The cases that a case id which stands for none is nearly alike to.
    fn alike_cases(&self, case_id: &str) -> Vec<String> {
        if !self.cases_meant(case_id).is_empty() {
            return Vec::new();
        }
        let mut out: Vec<String> = Vec::new();
        for (id, _) in &self.all_cases {
            if self.nearly_alike(CASE, case_id, id) && !out.contains(id) {
                out.push(id.clone());
            }
        }
        out
    }

    fn families_of_case(&self, case_id: &str) -> Vec<String> {
        self.all_cases.iter().filter(|(id, f)| id == case_id && !f.is_empty()).map(|(_, f)| f.clone()).collect()
    }

    /// Of ids of this kind in all tables: does the case of letters count?
    fn look_at_letters(&mut self, a: &Authority) {
        let columns = ["family_id", "case_id", "school_urn"];
        for (kind, column) in columns.into_iter().enumerate() {
            let mut all: Vec<String> = Vec::new();
            for raw in &a.tables {
                let table = stem(&raw.file);
                if !one_of(&table, &["cases", "people", "criteria", "claims", "agreements", "attendance"]) {
                    continue;
                }
                let Some(place) = raw.columns.iter().position(|c| c.trim() == column) else {
                    continue;
                };
                for cells in &raw.rows {
                    let id = ids::clean(cells.get(place).map(|c| c.as_str()).unwrap_or(""));
                    if !ids::lost_its_digits(&id) && !all.contains(&id) {
                        all.push(id);
                    }
                }
            }
            self.case_counts[kind] = ids::case_counts(&all);
        }
    }

    fn read_terms(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(self, a, "terms", &[&TERMS])? else {
            return Err("no terms table: the reference has no calendar of its own".to_string());
        };
        let mut quarantined = 0;
        for row in &read.rows {
            let conflict = key_conflict(&read.rows, row, |r| {
                key_of(r, &["academic_year", "term"]).map(|k| k.iter().map(|part| part.to_lowercase()).collect())
            });
            let good = !conflict && !row.any_blank(TERMS.required) && academic_year(row.get("academic_year"));
            match (row.date("starts_on"), row.date("ends_on")) {
                (Ok(Some(starts)), Ok(Some(ends))) if good && starts <= ends => self.terms.push(Term {
                    year: row.get("academic_year").to_string(),
                    name: row.get("term").to_string(),
                    starts,
                    ends,
                }),
                _ => quarantined += 1,
            }
        }
        // docs: a calendar with a gap would silently move the window to older terms, so the run stops.
        if quarantined > 0 {
            return Err("a row of terms cannot be read".to_string());
        }
        self.terms.sort_by_key(|t| (t.ends, t.starts));
        self.count("terms", &read, quarantined)
    }

    /// Returns the case_ids of quarantined rows: their criteria are held with them.
    fn read_cases(&mut self, a: &Authority) -> Result<Vec<String>, String> {
        let Some(read) = read_table(self, a, "cases", &[&CASES])? else {
            return Err("no cases table".to_string());
        };
        let mut quarantined = 0;
        let mut held = Vec::new();
        for row in &read.rows {
            let (case_id, family_id) = (row.id("case_id"), row.id("family_id"));
            if !case_id.is_empty() {
                self.all_cases.push((case_id.clone(), family_id.clone()));
            }
            let conflict = key_conflict(&read.rows, row, |r| key_of(r, &["case_id"]));
            match case_of(row, self.d) {
                Some(case) if !conflict => {
                    // Cases opened after D do not exist; known all the same, so that their criteria are not orphans.
                    self.cases.push(case);
                }
                _ => {
                    quarantined += 1;
                    held.push(case_id);
                    if !family_id.is_empty() && !row.without_effect("opened_on", None, self.d) {
                        self.lost_case_families.push(family_id);
                    }
                }
            }
        }
        self.count("cases", &read, quarantined)?;
        Ok(held)
    }

    fn read_former_ids(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(self, a, "former_ids", &[&FORMER_IDS])? else {
            return Ok(());
        };
        let mut quarantined = 0;
        for row in &read.rows {
            let kind = row.get("kind").to_string();
            let kind_known = one_of(&kind, &["family", "case", "person"]);
            if kind_known && !row.any_blank(FORMER_IDS.required) && !row.lost_an_id() {
                self.former.push(Former { kind, id: row.id("id"), former_id: row.id("former_id") });
                continue;
            }
            quarantined += 1;
            // "The reclaim of the family, or of the case's family, that it names": of both where the kind is not known.
            let id = row.id("id");
            if kind == "case" || !kind_known {
                let families = self.families_of_case(&id);
                self.lost_claim_families.extend(families);
            }
            if (kind == "family" || !kind_known) && !id.is_empty() {
                self.lost_claim_families.push(id);
            }
        }
        self.count("former_ids", &read, quarantined)
    }

    fn read_criteria(&mut self, a: &Authority, held: &[String]) -> Result<(), String> {
        let Some(read) = read_table(self, a, "criteria", &[&CRITERIA])? else {
            return Err("no criteria table".to_string());
        };
        let mut quarantined = 0;
        for row in &read.rows {
            let written = row.id("case_id");
            let meant = self.cases_meant(&written);
            if written.is_empty() || meant.is_empty() {
                quarantined += 1;
                // "A row whose case does not exist and is nearly alike to one that does: as a row of that case."
                for case_id in self.alike_cases(&written) {
                    let opened = self.cases.iter().find(|c| c.case_id == case_id).map(|c| c.opened);
                    if !row.without_effect("identified_on", opened, self.d) {
                        self.lost_need_cases.push(case_id);
                    }
                }
                continue;
            }
            let mut read_by_all = true;
            for case_id in meant {
                if held.contains(&case_id) {
                    read_by_all = false;
                    continue;
                }
                let opened = self.cases.iter().find(|c| c.case_id == case_id).map(|c| c.opened);
                let Some(opened) = opened else {
                    read_by_all = false;
                    continue;
                };
                match need_of(row, &case_id, opened, self.d) {
                    Some(Some(need)) => self.needs.push(need),
                    Some(None) => {} // identified after D
                    None => {
                        read_by_all = false;
                        if !row.without_effect("identified_on", Some(opened), self.d) {
                            self.lost_need_cases.push(case_id);
                        }
                    }
                }
            }
            if !read_by_all {
                quarantined += 1;
            }
        }
        self.count("criteria", &read, quarantined)
    }

    fn read_people(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(self, a, "people", &[&PEOPLE])? else {
            return Ok(());
        };
        let mut people = Vec::new();
        let mut quarantined = 0;
        for row in &read.rows {
            let readable = person_can_be_read(row, self.d) && !pair_conflict(&read.rows, row);
            let family_id = row.id("family_id");
            let mut lost = Vec::new();
            if !readable {
                quarantined += 1;
                lost.push(family_id.clone());
            }
            // Doubtful rows, and quarantined ones of such a family.
            lost.extend(self.present_ids("family", &family_id));
            lost.extend(self.alike_families(&family_id));
            if !family_id.is_empty() && !row.without_effect("joined_on", None, self.d) {
                self.lost_people_families.extend(lost);
            }
            people.push(person_of(row, !readable));
        }
        self.people = Some(people);
        self.count("people", &read, quarantined)
    }

    fn read_claims(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(self, a, "claims", &[&CLAIMS])? else {
            return Ok(());
        };
        let mut claims = Vec::new();
        let mut quarantined = 0;
        for row in &read.rows {
            let conflict = key_conflict(&read.rows, row, |r| key_of(r, &["claim_id"]));
            let (family_id, case_id) = (row.id("family_id"), row.id("case_id"));
            // The family's, and of each family that has it as a former id; the cases alike.
            let mut families = vec![family_id.clone()];
            families.extend(self.present_ids("family", &family_id));
            let mut cases = Vec::new();
            if !case_id.is_empty() {
                cases.push(case_id.clone());
                cases.extend(self.present_ids("case", &case_id));
            }
            // "Doubtful": of families and cases that are nearly alike.
            let mut doubtful = self.alike_families(&family_id);
            for alike in self.alike_cases(&case_id) {
                doubtful.extend(self.families_of_case(&alike));
            }
            let claim = if conflict { None } else { claim_of(row, &families, &cases, self.d) };
            match claim {
                Some(Some(claim)) => {
                    claims.push(claim);
                    self.lost_claim_families.extend(doubtful);
                }
                Some(None) => {}
                None => {
                    quarantined += 1;
                    if row.without_effect("submitted_on", None, self.d) {
                        continue;
                    }
                    self.lost_claim_families.extend(families.into_iter().filter(|f| !f.is_empty()));
                    for case_id in cases {
                        let families = self.families_of_case(&case_id);
                        self.lost_claim_families.extend(families);
                    }
                    if may_be_success(row, self.d) {
                        self.lost_claim_families.extend(doubtful);
                    }
                }
            }
        }
        self.claims = Some(claims);
        self.count("claims", &read, quarantined)
    }

    fn read_agreements(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(self, a, "agreements", &[&AGREEMENTS])? else {
            return Ok(());
        };
        let mut quarantined = 0;
        for row in &read.rows {
            match agreement_of(row, self.d) {
                Some(agreement) => self.agreements.extend(agreement),
                None => {
                    quarantined += 1;
                    // "The rule it names, of its case's period."
                    if !row.without_effect("agreed_on", None, self.d) {
                        self.lost_agreements.push((row.id("case_id"), row.get("rule").to_string()));
                    }
                }
            }
        }
        self.count("agreements", &read, quarantined)
    }

    /// The persons who have this person_id, now or formerly.
    fn persons_with_id(&self, id: &str) -> Vec<String> {
        let now = self.present_ids("person", id);
        let mut out = Vec::new();
        for person in self.people.as_deref().unwrap_or(&[]) {
            let theirs = person.person_id == id || now.contains(&person.person_id);
            if !id.is_empty() && !person.person_id.is_empty() && theirs && !out.contains(&person.person_id) {
                out.push(person.person_id.clone());
            }
        }
        out
    }

    /// The persons who have this UPN, now or formerly. "A person's identifiers are those of all rows with that person_id."
    fn persons_with_upn(&self, upn: &str) -> Vec<String> {
        let mut out = Vec::new();
        for person in self.people.as_deref().unwrap_or(&[]) {
            let theirs = !upn.is_empty() && (person.upn == upn || person.former_upn == upn);
            if theirs && !person.person_id.is_empty() && !out.contains(&person.person_id) {
                out.push(person.person_id.clone());
            }
        }
        out
    }

    fn read_attendance(&mut self, a: &Authority) -> Result<(), String> {
        let layouts: Vec<&'static Layout> = ATTENDANCE.iter().collect();
        let Some(read) = read_table(self, a, "attendance", &layouts)? else {
            return Ok(());
        };
        let mut records = Vec::new();
        let mut quarantined = 0;
        for row in &read.rows {
            let person_id = row.id("person_id");
            let upn = ids::usable_upn(&row.id("upn"));
            if person_id.is_empty() && upn.is_empty() {
                quarantined += 1; // no usable pupil: without effect on anyone
                continue;
            }
            let by_id = self.persons_with_id(&person_id);
            let by_upn = self.persons_with_upn(&upn);
            let upn_alone = by_id.is_empty();
            // "A record that gives a person's person_id and a upn of other persons only is quarantined, for all of them."
            let of_others = !upn_alone && !by_upn.is_empty() && !by_upn.iter().any(|p| by_id.contains(p));
            let mut persons = if upn_alone { by_upn.clone() } else { by_id.clone() };
            if of_others {
                persons.extend(by_upn);
            }
            match record_of(row, &self.terms, self.d) {
                Ok(whats) if !of_others && !row.lost_an_id() => {
                    // "A record under an id that is two persons', now or formerly, makes the terms of all of them unknown."
                    let doubted = if by_id.len() > 1 { by_id } else { Vec::new() };
                    for what in whats {
                        records.push(Record {
                            persons: persons.clone(),
                            doubted: doubted.clone(),
                            by_upn: upn_alone,
                            upn: upn.clone(),
                            school: row.id("school_urn"),
                            what,
                        });
                    }
                }
                Ok(whats) => {
                    quarantined += 1;
                    let terms = (0..self.terms.len()).filter(|&t| whats.iter().any(|w| in_term(&self.terms, t, w)));
                    self.lost_records.push(LostRecord { persons, terms: Some(terms.collect()) });
                }
                Err(terms) => {
                    quarantined += 1;
                    self.lost_records.push(LostRecord { persons, terms });
                }
            }
        }
        self.attendance = Some(records);
        self.count("attendance", &read, quarantined)
    }

    /// "A birth date counts as missing, whatever the role, of a person of role `child` who is 26 or older on D, and of one
    /// with attendance on record (a quarantined record too) in a term of the window who is under 2 or 20 or older on its
    /// first day."
    pub fn doubt_birth_dates(&mut self, window: &[usize]) {
        let people = self.people.clone().unwrap_or_default();
        for (place, person) in people.iter().enumerate() {
            let Some(born) = person.born else {
                continue;
            };
            let too_old_a_child = person.child && dates::at_least(born, 26, self.d);
            let at_an_odd_age = window.iter().any(|&term| {
                let first_day = self.terms[term].starts;
                let odd = !dates::at_least(born, 2, first_day) || dates::at_least(born, 20, first_day);
                odd && self.has_records(&person.person_id, term)
            });
            if too_old_a_child || at_an_odd_age {
                let person = &mut self.people.as_mut().unwrap()[place];
                person.born = None;
                person.born_doubted = true;
            }
        }
    }

    /// Attendance on record in a term, a quarantined record too.
    pub fn has_records(&self, person_id: &str, term: usize) -> bool {
        let theirs = |persons: &[String]| persons.iter().any(|p| p == person_id);
        let read = self.attendance.as_deref().unwrap_or(&[]);
        read.iter().any(|r| theirs(&r.persons) && in_term(&self.terms, term, &r.what))
            || self.lost_records.iter().any(|r| {
                theirs(&r.persons)
                    && match &r.terms {
                        Some(terms) => terms.contains(&term),
                        None => true,
                    }
            })
    }

    /// Any birth date of a person.
    pub fn births(&self, person_id: &str) -> Vec<Date> {
        let people = self.people.as_deref().unwrap_or(&[]);
        people.iter().filter(|p| p.person_id == person_id).filter_map(|p| p.born).collect()
    }

    fn first_names(&self, person_id: &str) -> Vec<String> {
        let people = self.people.as_deref().unwrap_or(&[]);
        let theirs = people.iter().filter(|p| p.person_id == person_id);
        theirs.map(|p| p.first_name.clone()).filter(|name| !name.is_empty()).collect()
    }

    /// "Two persons whose birth dates, or, with no birth dates to compare or equal ones, folded first names, are given and
    /// differ (names: neither begins with the other)."
    fn not_one_and_the_same(&self, one: &str, other: &str) -> bool {
        let (births, others) = (self.births(one), self.births(other));
        if !births.is_empty() && !others.is_empty() && !births.iter().any(|born| others.contains(born)) {
            return true;
        }
        let (names, others) = (self.first_names(one), self.first_names(other));
        let fit = |a: &String, b: &String| a.starts_with(b.as_str()) || b.starts_with(a.as_str());
        !names.is_empty() && !others.is_empty() && !names.iter().any(|a| others.iter().any(|b| fit(a, b)))
    }

    /// "Records under that UPN alone make the terms of both unknown."
    pub fn doubt_shared_upns(&mut self) {
        let mut records = self.attendance.clone().unwrap_or_default();
        for record in &mut records {
            if !record.by_upn || record.persons.len() < 2 {
                continue;
            }
            for one in &record.persons {
                let clash = record.persons.iter().any(|other| other != one && self.not_one_and_the_same(one, other));
                if clash && !record.doubted.contains(one) {
                    record.doubted.push(one.clone());
                }
            }
        }
        if self.attendance.is_some() {
            self.attendance = Some(records);
        }
    }
}

pub fn in_term(terms: &[Term], place: usize, what: &What) -> bool {
    match what {
        What::Mark { date, .. } => terms[place].starts <= *date && *date <= terms[place].ends,
        What::Totals { term, .. } | What::Count { term, .. } => *term == place,
    }
}

/// None: the row cannot be read.
fn case_of(row: &Row, d: Date) -> Option<Case> {
    if row.any_blank(CASES.required) || row.lost_an_id() {
        return None;
    }
    let opened = row.date("opened_on").ok()??;
    let closed = row.date("closed_on").ok()?;
    if matches!(closed, Some(closed) if closed < opened) || opened > d && row.by_d(&["closed_on"], d) {
        return None;
    }
    let assessment = row.date("assessment_on").ok()?;
    let plan = row.date("plan_on").ok()?;
    let source = if row.get("source").is_empty() { "early_help" } else { row.get("source") };
    Some(Case {
        case_id: row.get("case_id").to_string(),
        family_id: row.get("family_id").to_string(),
        source: source.to_string(),
        opened,
        closed: until_d(closed, d),
        assessment: until_d(assessment, d),
        plan: until_d(plan, d),
        lead: row.get("lead_practitioner").to_string(),
    })
}

/// None: the row cannot be read. Some(None): a need identified after D, which does not exist.
fn need_of(row: &Row, case_id: &str, case_opened: Date, d: Date) -> Option<Option<Need>> {
    if row.any_blank(CRITERIA.required) || row.lost_an_id() {
        return None;
    }
    let headline = headline(row.get("criterion"))?;
    let own = row.date("identified_on").ok()?;
    if matches!(own, Some(own) if own > d) && row.by_d(&["outcome_on", "relapsed_on"], d) {
        return None;
    }
    let identified = own.unwrap_or(case_opened);
    let outcome = row.date("outcome_on").ok()?;
    let relapsed = row.date("relapsed_on").ok()?;
    if !one_of(row.get("result"), &["", "achieved", "not_achieved"]) {
        return None;
    }
    if identified > d {
        return Some(None);
    }
    // Rule 3: a result whose outcome_on is after D counts as blank.
    let later = matches!(outcome, Some(outcome) if outcome > d);
    Some(Some(Need {
        case_id: case_id.to_string(),
        criterion: row.get("criterion").to_string(),
        headline,
        person_id: row.get("person_id").to_string(),
        outcome: until_d(outcome, d),
        relapsed: until_d(relapsed, d),
        not_achieved: row.get("result") == "not_achieved" && !later,
    }))
}

fn person_can_be_read(row: &Row, d: Date) -> bool {
    if row.any_blank(&["person_id", "family_id"]) || row.lost_an_id() || !row.all_days_read() {
        return false;
    }
    let day = |column: &str| row.date(column).ok().flatten();
    let (born, joined, left) = (day("date_of_birth"), day("joined_on"), day("left_on"));
    let before = |a: Option<Date>, b: Option<Date>| matches!((a, b), (Some(a), Some(b)) if a < b);
    let joins_later = matches!(joined, Some(joined) if joined > d);
    let contradicts = before(left, joined) || before(left, born) || joins_later && row.by_d(&["left_on"], d);
    !contradicts && row.expecting().is_ok()
}

fn person_of(row: &Row, quarantined: bool) -> Person {
    let day = |column: &str| row.date(column).ok().flatten();
    Person {
        quarantined,
        person_id: row.id("person_id"),
        family_id: row.id("family_id"),
        born: day("date_of_birth"),
        born_doubted: false,
        adult: row.get("role") == "adult",
        child: row.get("role") == "child",
        upn: ids::usable_upn(&row.id("upn")),
        former_upn: ids::usable_upn(&row.id("former_upn")),
        first_name: ids::folded(row.get("first_name")),
        last_name: ids::folded(row.get("last_name")),
        joined: day("joined_on"),
        left: day("left_on"),
        expecting: row.expecting().unwrap_or(Expecting::No),
    }
}

const OUTCOMES: [&str; 5] = ["submitted", "approved", "rejected", "withdrawn", "clawed_back"];

/// None: the row cannot be read. Some(None): on D it is no success (or not there yet).
fn claim_of(row: &Row, families: &[String], cases: &[String], d: Date) -> Option<Option<Claim>> {
    if row.any_blank(CLAIMS.required) || row.lost_an_id() {
        return None;
    }
    let submitted = row.date("submitted_on").ok()??;
    let decided = row.date("decided_on").ok()?;
    if !OUTCOMES.contains(&row.get("outcome")) || submitted > d && row.by_d(&["decided_on"], d) {
        return None;
    }
    if submitted > d || !may_be_success(row, d) {
        return Some(None);
    }
    // "Where decided_on is before submitted_on, both by D, the day of success is the later."
    let success = until_d(decided, d).unwrap_or(submitted).max(submitted);
    Some(Some(Claim { families: families.to_vec(), cases: cases.to_vec(), submitted, success }))
}

/// Is it `approved` or `submitted` on D (a claim decided after D is still submitted), or can that not be told?
fn may_be_success(row: &Row, d: Date) -> bool {
    let decided_by_d = match row.date("decided_on") {
        Ok(Some(decided)) => decided <= d,
        Ok(None) => true,
        Err(()) => false,
    };
    !(decided_by_d && one_of(row.get("outcome"), &["rejected", "withdrawn", "clawed_back"]))
}

/// None: the row cannot be read. Some(None): not in force on D (section 3: from `agreed_on` to `until`, both included).
fn agreement_of(row: &Row, d: Date) -> Option<Option<Agreement>> {
    if row.any_blank(AGREEMENTS.required) || row.lost_an_id() {
        return None;
    }
    let rules = ["eligibility", "family", "progress", "sustainment", "attendance", "reclaim", "timeliness", "evidence"];
    if !one_of(row.get("rule"), &rules) || !one_of(row.get("answer"), &["met", "not_met"]) {
        return None;
    }
    if row.get("academic_year").is_empty() != row.get("term").is_empty() {
        return None;
    }
    let agreed = row.date("agreed_on").ok()??;
    let until = row.date("until").ok()?;
    if agreed > d || matches!(until, Some(until) if until < d) {
        return Some(None);
    }
    Some(Some(Agreement {
        case_id: row.get("case_id").to_string(),
        rule: row.get("rule").to_string(),
        person_id: row.get("person_id").to_string(),
        year: row.get("academic_year").to_string(),
        term: row.get("term").to_string(),
        met: row.get("answer") == "met",
        agreed,
    }))
}

/// The terms that some day of first..=last lies in.
fn terms_touching(terms: &[Term], first: Date, last: Date) -> Vec<usize> {
    (0..terms.len()).filter(|&t| terms[t].starts <= last && first <= terms[t].ends).collect()
}

/// What an attendance row says; Err: it cannot be read, with the terms it is about, None where they cannot be told.
fn record_of(row: &Row, terms: &[Term], d: Date) -> Result<Vec<What>, Option<Vec<usize>>> {
    match row.layout {
        "marks" => {
            let Ok(Some(date)) = row.date("date") else {
                return Err(None);
            };
            let afternoon = match row.get("session").to_uppercase().as_str() {
                "AM" => false,
                "PM" => true,
                _ => return Err(Some(terms_touching(terms, date, date))),
            };
            Ok(vec![What::Mark { date, afternoon, code: row.get("code").to_string() }])
        }
        "weeks" => {
            let Ok(Some(monday)) = row.date("week_start") else {
                return Err(None);
            };
            let is_week = |marks: &Vec<char>| marks.len() == 10 || marks.len() == 14;
            let mut marks: Vec<char> = row.get("marks").chars().collect();
            if !is_week(&marks) {
                marks = row.get("marks").trim().chars().collect();
            }
            if dates::weekday(monday) != 0 && monday <= d {
                // Which week is meant cannot be told (docs/limits.md).
                return Err(None);
            }
            if dates::weekday(monday) != 0 || !is_week(&marks) {
                return Err(Some(terms_touching(terms, monday, dates::add_days(monday, 6))));
            }
            let mut whats = Vec::new();
            for (i, mark) in marks.iter().enumerate() {
                let date = dates::add_days(monday, i as i64 / 2);
                let code = row.symbols.get(mark).cloned().unwrap_or(mark.to_string());
                whats.push(What::Mark { date, afternoon: i % 2 == 1, code });
            }
            Ok(whats)
        }
        _ => {
            let year = row.get("academic_year");
            let name = row.get("term");
            if !academic_year(year) || name.is_empty() {
                return Err(None);
            }
            let year_known = terms.iter().any(|t| t.year == year);
            let term = terms.iter().position(|t| t.year == year && same_name(&t.name, name));
            if year_known && term.is_none() {
                return Err(None);
            }
            let about: Vec<usize> = term.into_iter().collect();
            let number = |column: &str| row.number(column).map_err(|()| Some(about.clone()));
            if row.layout == "counts" {
                let sessions = number("sessions")?;
                let code = row.get("code").to_uppercase();
                return Ok(term.into_iter().map(|term| What::Count { term, code: code.clone(), sessions }).collect());
            }
            let (possible, attended) = (number("possible")?, number("attended")?);
            let (authorised, unauthorised) = (number("authorised")?, number("unauthorised")?);
            // A year that is not in the calendar at all: the row is used but left out.
            Ok(term
                .into_iter()
                .map(|term| What::Totals { term, possible, attended, authorised, unauthorised })
                .collect())
        }
    }
}

pub fn read(a: &Authority, d: Date, extracted: Option<Date>, p: Params) -> Result<World, String> {
    let mut world = World {
        d,
        extracted,
        p,
        terms: Vec::new(),
        cases: Vec::new(),
        needs: Vec::new(),
        people: None,
        claims: None,
        agreements: Vec::new(),
        former: Vec::new(),
        attendance: None,
        all_cases: Vec::new(),
        case_counts: [false; 3],
        lost_case_families: Vec::new(),
        lost_need_cases: Vec::new(),
        lost_people_families: Vec::new(),
        lost_claim_families: Vec::new(),
        lost_agreements: Vec::new(),
        lost_records: Vec::new(),
        rows: BTreeMap::new(),
    };
    world.look_at_letters(a);
    world.read_terms(a)?;
    let held = world.read_cases(a)?;
    world.read_former_ids(a)?;
    world.read_criteria(a, &held)?;
    world.read_people(a)?;
    world.read_claims(a)?;
    world.read_agreements(a)?;
    world.read_attendance(a)?;
    // Section 3: cases opened after D do not exist.
    world.cases.retain(|case| case.opened <= d);
    Ok(world)
}
