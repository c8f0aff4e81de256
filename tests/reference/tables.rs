//! Section 1, "Tables in" and "Quarantine", and section 3, "What is known at the as-at date D": the rows as they are
//! known on D, and what the quarantined rows could have changed.

use std::collections::BTreeMap;

use super::dates::{self, Date};
use super::params::Params;
use super::{Authority, Symbols};

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

/// A row of `people`, whatever its `joined_on`.
#[derive(Clone, Debug)]
pub struct Person {
    pub person_id: String,
    pub family_id: String,
    pub born: Option<Date>,
    pub adult: bool,
    pub upn: String,
    pub former_upn: String,
    pub first_name: String,
    pub last_name: String,
    pub joined: Option<Date>,
    pub left: Option<Date>,
    pub expecting: bool,
}

/// A claim that is `approved` or `submitted` on D (the others change nothing).
#[derive(Clone, Debug)]
pub struct Claim {
    pub family_id: String,
    pub case_id: String,
    pub submitted: Date,
    pub decided: Option<Date>,
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
    pub person_id: String,
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

/// A quarantined attendance row of a pupil; no terms: it cannot be told which.
#[derive(Clone, Debug)]
pub struct LostRecord {
    pub person_id: String,
    pub upn: String,
    pub terms: Option<Vec<usize>>,
}

#[derive(Clone, Debug)]
pub struct World {
    pub d: Date,
    pub p: Params,
    /// In the order of their ends.
    pub terms: Vec<Term>,
    pub cases: Vec<Case>,
    pub needs: Vec<Need>,
    pub people: Option<Vec<Person>>,
    pub claims: Option<Vec<Claim>>,
    pub agreements: Vec<Agreement>,
    pub attendance: Option<Vec<Record>>,
    /// Quarantined rows that could have changed something.
    pub lost_case_families: Vec<String>,
    pub lost_need_cases: Vec<String>,
    pub lost_people_families: Vec<String>,
    pub lost_claim_families: Vec<String>,
    pub lost_records: Vec<LostRecord>,
    pub rows: BTreeMap<String, (usize, usize, usize, usize)>,
}

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
}

impl Row {
    fn get(&self, column: &str) -> &str {
        for (name, cell) in &self.cells {
            if *name == column {
                return cell;
            }
        }
        ""
    }

    /// Err: there is something that is no date.
    fn date(&self, column: &str) -> Result<Option<Date>, ()> {
        let cell = self.get(column);
        if cell.is_empty() {
            return Ok(None);
        }
        dates::parse(cell).map(Some).ok_or(())
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
        Ok(Some(if negative { -n } else { n }))
    }

    fn any_blank(&self, columns: &[&str]) -> bool {
        columns.iter().any(|column| self.get(column).is_empty())
    }

    /// y/n, or blank. Err: something else.
    fn yes(&self, column: &str) -> Result<bool, ()> {
        match self.get(column).to_lowercase().as_str() {
            "" | "n" | "no" | "false" => Ok(false),
            "y" | "yes" | "true" => Ok(true),
            _ => Err(()),
        }
    }
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

/// None where no file of the table is given; Err where a file lacks a column it must have.
fn read_table(a: &Authority, table: &str, layouts: &[&'static Layout]) -> Result<Option<Read>, String> {
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
        for cells in &raw.rows {
            out.read += 1;
            let mut row = Row { layout: layout.name, symbols: Symbols::new(), cells: Vec::new() };
            for known in layout.known {
                let place = raw.columns.iter().position(|c| c.trim() == *known);
                let cell = place.and_then(|i| cells.get(i)).map(|c| c.as_str()).unwrap_or("");
                // Spaces in a week of marks are marks.
                let cell = if *known == "marks" { cell } else { cell.trim() };
                row.cells.push((known, cell.to_string()));
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

/// "A key given twice with different values (every row of it)". `key` gives None for a row without the whole key.
fn key_conflict(rows: &[Row], row: &Row, key: fn(&Row) -> Option<Vec<String>>) -> bool {
    let Some(mine) = key(row) else {
        return false;
    };
    rows.iter().filter(|other| key(other) == Some(mine.clone())).count() > 1
}

fn key_of(row: &Row, columns: &[&str]) -> Option<Vec<String>> {
    if row.any_blank(columns) { None } else { Some(columns.iter().map(|c| row.get(c).to_string()).collect()) }
}

/// Codes and term names compare trimmed, in any case of letters.
pub fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Trimmed, upper case; blanks and `UN1`-`UN5` never match: they are as blank here.
pub fn usable_upn(cell: &str) -> String {
    let upn = cell.trim().to_uppercase();
    if one_of(&upn, &["UN1", "UN2", "UN3", "UN4", "UN5"]) { String::new() } else { upn }
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
    /// "Rows read = used + repeated + quarantined"; "more than half of a table's rows quarantined: the run stops".
    fn count(&mut self, table: &str, read: &Read, quarantined: usize) -> Result<(), String> {
        let used = read.read - read.repeated - quarantined;
        self.rows.insert(table.to_string(), (read.read, used, read.repeated, quarantined));
        if 2 * quarantined > read.read {
            return Err(format!("{table}: {quarantined} of {} rows quarantined", read.read));
        }
        Ok(())
    }

    fn after_d(&self, date: Result<Option<Date>, ()>) -> bool {
        matches!(date, Ok(Some(date)) if date > self.d)
    }

    fn read_terms(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(a, "terms", &[&TERMS])? else {
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
        let Some(read) = read_table(a, "cases", &[&CASES])? else {
            return Err("no cases table".to_string());
        };
        let mut quarantined = 0;
        let mut held = Vec::new();
        for row in &read.rows {
            let conflict = key_conflict(&read.rows, row, |r| key_of(r, &["case_id"]));
            match case_of(row, self.d) {
                Some(case) if !conflict => {
                    // Cases opened after D do not exist; known all the same, so that their criteria are not orphans.
                    self.cases.push(case);
                }
                _ => {
                    quarantined += 1;
                    held.push(row.get("case_id").to_string());
                    if !row.get("family_id").is_empty() && !self.after_d(row.date("opened_on")) {
                        self.lost_case_families.push(row.get("family_id").to_string());
                    }
                }
            }
        }
        self.count("cases", &read, quarantined)?;
        Ok(held)
    }

    fn read_criteria(&mut self, a: &Authority, held: &[String]) -> Result<(), String> {
        let Some(read) = read_table(a, "criteria", &[&CRITERIA])? else {
            return Err("no criteria table".to_string());
        };
        let mut quarantined = 0;
        for row in &read.rows {
            let case_id = row.get("case_id").to_string();
            if case_id.is_empty() || held.contains(&case_id) {
                quarantined += 1;
                continue;
            }
            let Some(case) = self.cases.iter().find(|c| c.case_id == case_id) else {
                quarantined += 1;
                continue;
            };
            let opened = case.opened;
            match need_of(row, opened, self.d) {
                Some(Some(need)) => self.needs.push(need),
                Some(None) => {} // identified after D
                None => {
                    quarantined += 1;
                    if !self.after_d(row.date("identified_on")) {
                        self.lost_need_cases.push(case_id);
                    }
                }
            }
        }
        self.count("criteria", &read, quarantined)
    }

    fn read_people(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(a, "people", &[&PEOPLE])? else {
            return Ok(());
        };
        let mut people = Vec::new();
        let mut quarantined = 0;
        for row in &read.rows {
            let conflict = key_conflict(&read.rows, row, |r| key_of(r, &["person_id", "family_id"]));
            match person_of(row) {
                Some(person) if !conflict => people.push(person),
                _ => {
                    quarantined += 1;
                    if !row.get("family_id").is_empty() && !self.after_d(row.date("joined_on")) {
                        self.lost_people_families.push(row.get("family_id").to_string());
                    }
                }
            }
        }
        self.people = Some(people);
        self.count("people", &read, quarantined)
    }

    fn read_claims(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(a, "claims", &[&CLAIMS])? else {
            return Ok(());
        };
        let mut claims = Vec::new();
        let mut quarantined = 0;
        for row in &read.rows {
            let conflict = key_conflict(&read.rows, row, |r| key_of(r, &["claim_id"]));
            match claim_of(row, self.d) {
                Some(claim) if !conflict => claims.extend(claim),
                _ => {
                    quarantined += 1;
                    if !row.get("family_id").is_empty() && !self.after_d(row.date("submitted_on")) {
                        self.lost_claim_families.push(row.get("family_id").to_string());
                    }
                }
            }
        }
        self.claims = Some(claims);
        self.count("claims", &read, quarantined)
    }

    fn read_agreements(&mut self, a: &Authority) -> Result<(), String> {
        let Some(read) = read_table(a, "agreements", &[&AGREEMENTS])? else {
            return Ok(());
        };
        let mut quarantined = 0;
        for row in &read.rows {
            match agreement_of(row, self.d) {
                Some(agreement) => self.agreements.extend(agreement),
                None => quarantined += 1, // without effect
            }
        }
        self.count("agreements", &read, quarantined)
    }

    fn read_attendance(&mut self, a: &Authority) -> Result<(), String> {
        let layouts: Vec<&'static Layout> = ATTENDANCE.iter().collect();
        let Some(read) = read_table(a, "attendance", &layouts)? else {
            return Ok(());
        };
        let mut records = Vec::new();
        let mut quarantined = 0;
        for row in &read.rows {
            let person_id = row.get("person_id").to_string();
            let upn = usable_upn(row.get("upn"));
            if person_id.is_empty() && upn.is_empty() {
                quarantined += 1; // no usable pupil: without effect on anyone
                continue;
            }
            match record_of(row, &self.terms) {
                Ok(whats) => {
                    for what in whats {
                        let school = row.get("school_urn").to_string();
                        records.push(Record { person_id: person_id.clone(), upn: upn.clone(), school, what });
                    }
                }
                Err(terms) => {
                    quarantined += 1;
                    self.lost_records.push(LostRecord { person_id, upn, terms });
                }
            }
        }
        self.attendance = Some(records);
        self.count("attendance", &read, quarantined)
    }
}

/// None: the row cannot be read.
fn case_of(row: &Row, d: Date) -> Option<Case> {
    if row.any_blank(CASES.required) {
        return None;
    }
    let opened = row.date("opened_on").ok()??;
    let closed = row.date("closed_on").ok()?;
    if matches!(closed, Some(closed) if closed < opened) {
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
fn need_of(row: &Row, case_opened: Date, d: Date) -> Option<Option<Need>> {
    if row.any_blank(CRITERIA.required) {
        return None;
    }
    let headline = headline(row.get("criterion"))?;
    let identified = row.date("identified_on").ok()?.unwrap_or(case_opened);
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
        case_id: row.get("case_id").to_string(),
        criterion: row.get("criterion").to_string(),
        headline,
        person_id: row.get("person_id").to_string(),
        outcome: until_d(outcome, d),
        relapsed: until_d(relapsed, d),
        not_achieved: row.get("result") == "not_achieved" && !later,
    }))
}

fn person_of(row: &Row) -> Option<Person> {
    if row.any_blank(&["person_id", "family_id"]) {
        return None;
    }
    let born = row.date("date_of_birth").ok()?;
    let joined = row.date("joined_on").ok()?;
    let left = row.date("left_on").ok()?;
    let words_known = one_of(row.get("role"), &["", "child", "adult"])
        && one_of(row.get("schooling"), &["", "school", "home", "none"])
        && row.yes("restricted").is_ok();
    if !words_known {
        return None;
    }
    Some(Person {
        person_id: row.get("person_id").to_string(),
        family_id: row.get("family_id").to_string(),
        born,
        adult: row.get("role") == "adult",
        upn: usable_upn(row.get("upn")),
        former_upn: usable_upn(row.get("former_upn")),
        first_name: row.get("first_name").to_lowercase(),
        last_name: row.get("last_name").to_lowercase(),
        joined,
        left,
        expecting: row.yes("expecting").ok()?,
    })
}

/// None: the row cannot be read. Some(None): on D it is no success (or not there yet).
fn claim_of(row: &Row, d: Date) -> Option<Option<Claim>> {
    if row.any_blank(CLAIMS.required) {
        return None;
    }
    let submitted = row.date("submitted_on").ok()??;
    let decided = row.date("decided_on").ok()?;
    let mut outcome = row.get("outcome");
    if !one_of(outcome, &["submitted", "approved", "rejected", "withdrawn", "clawed_back"]) {
        return None;
    }
    // Section 3: a claim decided after D is still submitted.
    if matches!(decided, Some(decided) if decided > d) {
        outcome = "submitted";
    }
    if submitted > d || !one_of(outcome, &["submitted", "approved"]) {
        return Some(None);
    }
    Some(Some(Claim {
        family_id: row.get("family_id").to_string(),
        case_id: row.get("case_id").to_string(),
        submitted,
        decided: until_d(decided, d),
    }))
}

/// None: the row cannot be read. Some(None): not in force on D (section 3: from `agreed_on` to `until`, both included).
fn agreement_of(row: &Row, d: Date) -> Option<Option<Agreement>> {
    if row.any_blank(AGREEMENTS.required) {
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
fn record_of(row: &Row, terms: &[Term]) -> Result<Vec<What>, Option<Vec<usize>>> {
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

pub fn read(a: &Authority, d: Date, p: Params) -> Result<World, String> {
    let mut world = World {
        d,
        p,
        terms: Vec::new(),
        cases: Vec::new(),
        needs: Vec::new(),
        people: None,
        claims: None,
        agreements: Vec::new(),
        attendance: None,
        lost_case_families: Vec::new(),
        lost_need_cases: Vec::new(),
        lost_people_families: Vec::new(),
        lost_claim_families: Vec::new(),
        lost_records: Vec::new(),
        rows: BTreeMap::new(),
    };
    world.read_terms(a)?;
    let held = world.read_cases(a)?;
    world.read_criteria(a, &held)?;
    world.read_people(a)?;
    world.read_claims(a)?;
    world.read_agreements(a)?;
    world.read_attendance(a)?;
    // Section 3: cases opened after D do not exist.
    world.cases.retain(|case| case.opened <= d);
    Ok(world)
}
