//! What real registers do to ids, days, people and figures, for the generator: each quirk changes a few cells of an
//! authority that is otherwise in order, close about the edges that matter. Most authorities have none, one or two.

use proptest::collection::vec;
use proptest::prelude::*;

use super::RawTable;
use super::dates::{self, Date, add_days, add_months, add_years, show};

#[derive(Clone, Debug)]
pub struct QuirkSpec {
    kind: u8,
    /// Which row or person, which variant, which of the edges.
    row: u16,
    variant: u8,
    edge: u8,
}

#[derive(Clone, Debug)]
pub struct QuirksSpec {
    /// How ids are written: `F0`, `F-0`, `Fé0`.
    style: u8,
    quirks: Vec<QuirkSpec>,
    /// Days after D.
    extracted: Option<i32>,
}

type Change = fn(&mut Pen, usize, usize, usize);

const QUIRKS: &[Change] = &[
    person_of_an_alike_family,
    claim_of_an_alike_family,
    case_of_an_alike_family,
    need_of_an_alike_case,
    claim_of_an_alike_case,
    alike_school,
    alike_school,
    uncleaned_id,
    uncleaned_id,
    id_without_its_digits,
    former_family,
    former_family,
    former_case,
    former_person,
    broken_former_id,
    odd_day,
    odd_day,
    after_d_and_over,
    birth_of_110_years,
    old_child,
    odd_age_at_school,
    odd_age_at_school,
    placeholder,
    shared_upn,
    shared_upn,
    two_pupils_in_one_record,
    not_of_school_age,
    not_of_school_age,
    too_many_sessions,
    more_than_possible,
    below_nought,
    expecting,
    expecting,
    all_left_at_the_end,
    all_left_at_the_end,
    need_that_names,
    need_that_names,
    slashed_dates,
    slashed_dates,
    episode,
    episode,
    early_outcome,
    decided_before_submitted,
    folded_names,
    folded_names,
    broken_agreement,
    letters_that_count,
    broken_record_at_an_odd_age,
];

pub fn quirks() -> impl Strategy<Value = QuirksSpec> {
    let quirk = (0u8..QUIRKS.len() as u8, any::<u16>(), any::<u8>(), any::<u8>())
        .prop_map(|(kind, row, variant, edge)| QuirkSpec { kind, row, variant, edge });
    (
        prop_oneof![8 => Just(0u8), 1 => Just(1u8), 1 => Just(2u8)],
        prop_oneof![
            8 => vec(quirk.clone(), 0..1),
            4 => vec(quirk.clone(), 1..2),
            3 => vec(quirk.clone(), 2..3),
            2 => vec(quirk, 3..7)
        ],
        prop_oneof![
            20 => Just(None),
            1 => (-2i32..3).prop_map(Some),
            2 => (3i32..500).prop_map(Some)
        ],
    )
        .prop_map(|(style, quirks, extracted)| QuirksSpec { style, quirks, extracted })
}

/// Changes the tables and the parameters, and gives back the day of extraction.
pub fn write_quirks(
    spec: &QuirksSpec,
    d: Date,
    tables: &mut Vec<RawTable>,
    set: &mut Vec<(String, String)>,
) -> Option<String> {
    let mut pen = Pen { d, tables, set, extracted: spec.extracted.map(|days| add_days(d, i64::from(days))) };
    pen.style(spec.style);
    for quirk in &spec.quirks {
        // The files of dates with slashes come last, so that the others find the dates that they look for.
        if !slashed(quirk) {
            QUIRKS[quirk.kind as usize](&mut pen, quirk.row as usize, quirk.variant as usize, quirk.edge as usize);
        }
    }
    for quirk in &spec.quirks {
        if slashed(quirk) {
            slashed_dates(&mut pen, quirk.row as usize, quirk.variant as usize, quirk.edge as usize);
        }
    }
    pen.extracted.map(show)
}

/// For the survey of quirks.
pub fn count() -> usize {
    QUIRKS.len()
}

pub fn only(quirks: &[(usize, usize)]) -> QuirksSpec {
    let quirk = |&(kind, number): &(usize, usize)| QuirkSpec {
        kind: kind as u8,
        row: (number * 7919) as u16,
        variant: (number * 31 + 5) as u8,
        edge: (number * 97 / 3) as u8,
    };
    QuirksSpec { style: 0, quirks: quirks.iter().map(quirk).collect(), extracted: None }
}

fn slashed(quirk: &QuirkSpec) -> bool {
    std::ptr::fn_addr_eq(QUIRKS[quirk.kind as usize], slashed_dates as Change)
}

// ---------------------------------------------------------------------------------------------------------------
// Tables by file and column

struct Pen<'a> {
    d: Date,
    tables: &'a mut Vec<RawTable>,
    set: &'a mut Vec<(String, String)>,
    extracted: Option<Date>,
}

const ID_COLUMNS: [&str; 7] = ["case_id", "family_id", "person_id", "claim_id", "upn", "former_upn", "school_urn"];

impl Pen<'_> {
    fn table(&mut self, file: &str) -> Option<&mut RawTable> {
        self.tables.iter_mut().find(|table| table.file == format!("{file}.csv"))
    }

    fn place(&self, file: &str, column: &str) -> Option<(usize, usize)> {
        let table = self.tables.iter().position(|table| table.file == format!("{file}.csv"))?;
        Some((table, self.tables[table].columns.iter().position(|c| c == column)?))
    }

    fn count(&self, file: &str) -> usize {
        self.tables.iter().find(|table| table.file == format!("{file}.csv")).map_or(0, |table| table.rows.len())
    }

    fn get(&self, file: &str, row: usize, column: &str) -> String {
        self.place(file, column).map(|(t, c)| self.tables[t].rows[row][c].clone()).unwrap_or_default()
    }

    fn put(&mut self, file: &str, row: usize, column: &str, value: &str) {
        if let Some((t, c)) = self.place(file, column) {
            self.tables[t].rows[row][c] = value.to_string();
        }
    }

    fn day(&self, file: &str, row: usize, column: &str) -> Option<Date> {
        dates::parse(&self.get(file, row, column))
    }

    /// The same row once more.
    fn again(&mut self, file: &str, row: usize) -> usize {
        let table = self.table(file).unwrap();
        let copy = table.rows[row].clone();
        table.rows.push(copy);
        table.rows.len() - 1
    }

    /// A row of the table.
    fn pick(&self, file: &str, number: usize) -> Option<usize> {
        let count = self.count(file);
        if count == 0 { None } else { Some(number % count) }
    }

    /// A row of `people` of a family that has a case.
    fn person(&self, number: usize) -> Option<usize> {
        let with_cases: Vec<String> = (0..self.count("cases")).map(|row| self.get("cases", row, "family_id")).collect();
        let rows: Vec<usize> = (0..self.count("people"))
            .filter(|row| with_cases.contains(&self.get("people", *row, "family_id")))
            .collect();
        if rows.is_empty() { None } else { Some(rows[number % rows.len()]) }
    }

    /// The rows of a family in `people`.
    fn family(&self, family_id: &str) -> Vec<usize> {
        (0..self.count("people")).filter(|row| self.get("people", *row, "family_id") == family_id).collect()
    }

    /// A file of attendance and a row of it, of the first kind that there is from the one given on.
    fn record(&self, number: usize, kind: usize) -> Option<(&'static str, usize)> {
        let files = ["attendance_totals", "attendance_marks", "attendance_weeks", "attendance_counts"];
        for n in 0..4 {
            let file = files[(kind + n) % 4];
            if let Some(row) = self.pick(file, number) {
                return Some((file, row));
            }
        }
        None
    }

    /// The first day and the number of half-days of the term that a row of figures is about.
    fn term_of(&self, file: &str, row: usize) -> Option<(Date, i64)> {
        let (year, name) = (self.get(file, row, "academic_year"), self.get(file, row, "term"));
        let term = (0..self.count("terms")).find(|&t| {
            self.get("terms", t, "academic_year") == year
                && self.get("terms", t, "term").to_lowercase() == name.trim().to_lowercase()
        })?;
        let (starts, ends) = (self.day("terms", term, "starts_on")?, self.day("terms", term, "ends_on")?);
        Some((starts, 2 * dates::weekdays_between(starts, ends)))
    }

    fn style(&mut self, style: u8) {
        let middle = ["", "-", "\u{e9}"][style as usize];
        if middle.is_empty() {
            return;
        }
        for table in self.tables.iter_mut() {
            for (place, column) in table.columns.iter().enumerate() {
                if column == "family_id" || column == "case_id" {
                    for row in &mut table.rows {
                        if !row[place].is_empty() {
                            row[place].insert_str(1, middle);
                        }
                    }
                }
            }
        }
    }

    fn former(&mut self, kind: &str, id: &str, former_id: &str) {
        if self.table("former_ids").is_none() {
            self.tables.push(RawTable {
                file: "former_ids.csv".to_string(),
                columns: ["kind", "id", "former_id"].map(str::to_string).to_vec(),
                rows: Vec::new(),
            });
        }
        let row = [kind, id, former_id].map(str::to_string).to_vec();
        self.table("former_ids").unwrap().rows.push(row);
    }

    fn set(&mut self, key: &str, value: &str) {
        self.set.push((key.to_string(), value.to_string()));
    }
}

/// An id that is nearly alike (mostly), or only looks so.
fn alike(id: &str, variant: usize) -> String {
    let digits = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    let with = |middle: &str| format!("{}{middle}{}", &id[..digits], &id[digits..]);
    let dashed = |dash: &str| if id.contains('-') { id.replace('-', dash) } else { id.to_lowercase() };
    match variant % 14 {
        0 | 1 => id.to_lowercase(),
        2 => with("0"),
        3 => with("000"),
        4 => format!("{id}.0"),
        5 => format!("{id}.000"),
        6 => with(" "),
        7 => dashed("\u{2013}"),
        8 => dashed("\u{2212}"),
        9 => id.replacen('F', "\u{FF26}", 1).replacen('C', "\u{FF23}", 1),
        10 => format!("{}.00", with("\u{00A0}0").to_lowercase()),
        11 => format!("{id}.1"),
        12 => with("_"),
        _ => dashed(""),
    }
}

/// The same id once it is cleaned (mostly).
fn uncleaned(id: &str, variant: usize) -> String {
    let at = id.char_indices().nth(1).map_or(id.len(), |(at, _)| at);
    let with = |middle: &str| format!("{}{middle}{}", &id[..at], &id[at..]);
    match variant % 10 {
        0 => format!("\u{FEFF}{id}"),
        1 => with("\u{200B}"),
        2 => with("\u{00AD}"),
        3 => format!("\u{00A0}{id}\t"),
        4 => with("\u{200D}"),
        5 => format!("{id}\u{2060} "),
        6 => id.replace('\u{e9}', "e\u{301}"),
        7 => with("\u{7f}"),
        8 => format!("{id}\u{2003}\r\n"),
        _ => with("\u{00A0}"),
    }
}

fn text_of<'a>(texts: &[&'a str], number: usize) -> &'a str {
    texts[number % texts.len()]
}

/// -1, 0 or 1.
fn about(edge: usize) -> i64 {
    (edge % 3) as i64 - 1
}

// ---------------------------------------------------------------------------------------------------------------
// Ids

fn person_of_an_alike_family(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(row) = pen.person(row) else {
        return;
    };
    let row = if edge % 3 == 0 { row } else { pen.again("people", row) };
    let family = alike(&pen.get("people", row, "family_id"), variant);
    pen.put("people", row, "family_id", &family);
    if edge % 3 == 1 {
        // Another person, so that there is no other link.
        pen.put("people", row, "person_id", "P-alike");
        pen.put("people", row, "upn", "");
        pen.put("people", row, "first_name", "Other");
    }
    if edge % 7 == 1 {
        let day = show(add_days(pen.d, about(edge / 7)));
        pen.put("people", row, "joined_on", &day);
    }
}

fn claim_of_an_alike_family(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some(row) = pen.pick("claims", row) {
        let family = alike(&pen.get("claims", row, "family_id"), variant);
        pen.put("claims", row, "family_id", &family);
        pen.put("claims", row, "outcome", text_of(&["approved", "submitted", "approved", "rejected"], edge));
    }
}

fn case_of_an_alike_family(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(row) = pen.pick("cases", row) else {
        return;
    };
    let family = alike(&pen.get("cases", row, "family_id"), variant);
    pen.put("cases", row, "family_id", &family);
    match edge % 5 {
        0 => {
            let later = show(add_days(pen.d, 1));
            pen.put("cases", row, "opened_on", &later);
            pen.put("cases", row, "closed_on", "");
        }
        1 => pen.put("cases", row, "plan_on", "soon"), // quarantined
        _ => {}
    }
}

fn need_of_an_alike_case(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some(row) = pen.pick("criteria", row) {
        let row = if edge % 2 == 0 { row } else { pen.again("criteria", row) };
        let case = alike(&pen.get("criteria", row, "case_id"), variant);
        pen.put("criteria", row, "case_id", &case);
        if edge % 5 == 0 {
            let day = show(add_days(pen.d, 1));
            pen.put("criteria", row, "identified_on", &day);
        }
    }
}

fn claim_of_an_alike_case(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let (Some(row), Some(case)) = (pen.pick("claims", row), pen.pick("cases", edge)) {
        let case = alike(&pen.get("cases", case, "case_id"), variant);
        pen.put("claims", row, "case_id", &case);
    }
}

fn alike_school(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some((file, row)) = pen.record(row, edge % 2 * 3) {
        let school = if variant % 2 == 0 { "100001".to_string() } else { pen.get(file, row, "school_urn") };
        if !school.is_empty() {
            let other = pen.again(file, row);
            pen.put(file, row, "school_urn", &school);
            pen.put(file, other, "school_urn", &alike(&school, variant / 2));
            if edge % 5 == 0 {
                // one more session: in conflict, or another school's figure
                let column = if file == "attendance_counts" { "sessions" } else { "possible" };
                let more = pen.get(file, other, column).parse::<i64>().map_or(String::new(), |n| (n + 1).to_string());
                pen.put(file, other, column, &more);
            }
        }
    }
}

fn id_cell(pen: &Pen, row: usize, edge: usize) -> Option<(String, usize, String)> {
    let tables = ["people", "cases", "criteria", "claims", "attendance_totals", "attendance_marks", "agreements"];
    let file = text_of(&tables, edge);
    let columns: Vec<String> = pen
        .tables
        .iter()
        .find(|table| table.file == format!("{file}.csv"))?
        .columns
        .iter()
        .filter(|column| ID_COLUMNS.contains(&column.as_str()))
        .cloned()
        .collect();
    let at = pen.pick(file, row / 7)?;
    Some((file.to_string(), at, columns[(row % 7) % columns.len()].clone()))
}

fn uncleaned_id(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some((file, row, column)) = id_cell(pen, row, edge) {
        let id = pen.get(&file, row, &column);
        if !id.is_empty() {
            let written = uncleaned(&id, variant);
            pen.put(&file, row, &column, &written);
        }
    }
}

fn id_without_its_digits(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some((file, row, column)) = id_cell(pen, row, edge) {
        pen.put(
            &file,
            row,
            &column,
            text_of(&["2.02E+11", "2E+11", "2.02E+11", "2.02E11", "E+11", "2.02E-11"], variant),
        );
    }
}

fn former_family(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let (Some(case), Some(other)) = (pen.pick("cases", row), pen.pick("cases", row + 1 + edge / 16)) else {
        return;
    };
    let (family, other) = (pen.get("cases", case, "family_id"), pen.get("cases", other, "family_id"));
    let former = if variant % 3 == 0 { other.clone() } else { "F-old".to_string() };
    pen.former("family", &family, &former);
    if variant % 5 == 0 {
        pen.former("family", &other, &former); // of two families
    }
    let move_to = |pen: &mut Pen, file: &str, row: Option<usize>| {
        if let Some(row) = row {
            pen.put(file, row, "family_id", &former);
        }
    };
    let own = |pen: &Pen, file: &str| (0..pen.count(file)).find(|row| pen.get(file, *row, "family_id") == family);
    match edge % 8 {
        0..=2 => {
            let claim = own(pen, "claims").or(pen.pick("claims", row));
            move_to(pen, "claims", claim);
        }
        3 | 4 => {
            let person = own(pen, "people");
            move_to(pen, "people", person);
        }
        5 => {
            let person = own(pen, "people").map(|row| pen.again("people", row));
            move_to(pen, "people", person);
        }
        6 => move_to(pen, "cases", Some(case)),
        _ => {}
    }
}

fn former_case(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let (Some(case), Some(other)) = (pen.pick("cases", row), pen.pick("cases", row + 1 + edge / 16)) else {
        return;
    };
    let (case, other) = (pen.get("cases", case, "case_id"), pen.get("cases", other, "case_id"));
    let former = match variant % 6 {
        0 => other.clone(),
        1 => alike(&case, variant / 6),
        _ => "C-old".to_string(),
    };
    pen.former("case", &case, &former);
    if variant % 7 == 0 {
        pen.former("case", &other, &former);
    }
    if edge % 2 == 0 {
        if let Some(claim) = pen.pick("claims", edge / 2) {
            pen.put("claims", claim, "case_id", &former);
        }
    }
    if edge % 3 != 0 {
        if let Some(need) = (0..pen.count("criteria")).find(|need| pen.get("criteria", *need, "case_id") == case) {
            pen.put("criteria", need, "case_id", &former);
        }
    }
}

fn former_person(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let (Some(one), Some(other)) = (pen.person(row), pen.person(row + 1 + edge / 16)) else {
        return;
    };
    let [(id, upn), (other, _)] =
        [one, other].map(|row| (pen.get("people", row, "person_id"), pen.get("people", row, "upn")));
    let former = if variant % 3 == 0 { other.clone() } else { "P-old".to_string() };
    pen.former("person", &id, &former);
    if variant % 4 == 0 {
        pen.former("person", &other, &former);
    }
    for file in ["attendance_totals", "attendance_marks", "attendance_weeks", "attendance_counts"] {
        for row in 0..pen.count(file) {
            let theirs = pen.get(file, row, "person_id") == id || (!upn.is_empty() && pen.get(file, row, "upn") == upn);
            if theirs && (edge % 3 != 0 || row % 2 == 0) {
                pen.put(file, row, "person_id", &former);
                if edge % 2 == 0 {
                    pen.put(file, row, "upn", "");
                }
            }
        }
    }
}

fn broken_former_id(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(case) = pen.pick("cases", row) else {
        return;
    };
    let (family, case) = (pen.get("cases", case, "family_id"), pen.get("cases", case, "case_id"));
    let (kind, id) = match variant % 6 {
        0 | 1 => ("family", family),
        2 | 3 => ("case", case),
        4 => ("person", family),
        _ => ("house", if edge % 2 == 0 { family } else { case }),
    };
    pen.former(kind, &id, text_of(&["", "2.02E+11"], edge / 2));
}

/// Over a hundred ids, of which about 1 in 5 differ from another by the case of letters alone.
fn letters_that_count(pen: &mut Pen, row: usize, variant: usize, _: usize) {
    let pairs = [0, 5, 15, 40][variant % 4];
    let Some(place) = pen.pick("claims", row) else {
        return;
    };
    let column = if variant % 8 < 4 { "family_id" } else { "case_id" };
    for n in 0..120 {
        let row = pen.again("claims", place);
        pen.put("claims", row, "claim_id", &format!("M{n}"));
        pen.put("claims", row, "case_id", "");
        pen.put("claims", row, "family_id", "G8");
        pen.put("claims", row, "submitted_on", "2012-02-03");
        pen.put("claims", row, "decided_on", "");
        let id = if n < 2 * pairs && n % 2 == 1 { format!("gg{}x", n - 1) } else { format!("GG{n}x") };
        pen.put("claims", row, column, &id);
    }
    person_of_an_alike_family(pen, row, 0, row);
    case_of_an_alike_family(pen, row / 2, 0, 2);
}

// ---------------------------------------------------------------------------------------------------------------
// Days

const DAY_CELLS: &[(&str, &str)] = &[
    ("cases", "opened_on"),
    ("cases", "closed_on"),
    ("cases", "closed_on"),
    ("cases", "assessment_on"),
    ("cases", "plan_on"),
    ("criteria", "identified_on"),
    ("criteria", "outcome_on"),
    ("criteria", "relapsed_on"),
    ("people", "date_of_birth"),
    ("people", "joined_on"),
    ("people", "left_on"),
    ("people", "left_on"),
    ("people", "expecting"),
    ("claims", "submitted_on"),
    ("claims", "decided_on"),
    ("agreements", "agreed_on"),
    ("agreements", "until"),
    ("agreements", "until"),
    ("attendance_marks", "date"),
    ("attendance_weeks", "week_start"),
];

fn odd_day(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let (file, column) = DAY_CELLS[variant % DAY_CELLS.len()];
    let Some(row) = pen.pick(file, row) else {
        return;
    };
    let horizon = Date { y: pen.d.y + 10, m: 12, d: 31 };
    let extracted = pen.extracted.unwrap_or(horizon);
    let day = match edge % 12 {
        0 => show(horizon),
        1 => show(add_days(horizon, 1)),
        2 => show(extracted),
        3 => show(add_days(extracted, 1)),
        4 => "1900-01-01".to_string(),
        5 => "1900-01-02".to_string(),
        6 | 7 => "9999-12-31".to_string(),
        8 => "2999-12-31".to_string(),
        9 => "3000-01-01".to_string(),
        10 => "2999-12-30".to_string(),
        _ => show(add_days(pen.d, 400)),
    };
    pen.put(file, row, column, &day);
}

/// Its own day is after D (or on it), and another one by D (or after it).
fn after_d_and_over(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let (file, own, other) = match variant % 7 {
        0 => ("cases", "opened_on", "closed_on"),
        1 => ("criteria", "identified_on", "outcome_on"),
        2 => ("criteria", "identified_on", "relapsed_on"),
        3 | 4 => ("claims", "submitted_on", "decided_on"),
        _ => ("people", "joined_on", "left_on"),
    };
    let Some(row) = pen.pick(file, row) else {
        return;
    };
    let (first, second) = (show(add_days(pen.d, (edge % 3) as i64)), show(add_days(pen.d, about(edge / 3))));
    pen.put(file, row, own, &first);
    pen.put(file, row, other, &second);
    if edge / 9 % 3 == 0 {
        // Quarantined for another reason, and then with or without effect.
        let (column, value) = match file {
            "cases" => ("plan_on", text_of(&["", "soon"], edge / 27)),
            "criteria" => ("criterion", "11"),
            "claims" => ("outcome", "paid"),
            _ => ("expecting", "2024-02-30"),
        };
        pen.put(file, row, column, value);
    }
}

fn birth_of_110_years(pen: &mut Pen, row: usize, _: usize, edge: usize) {
    if let Some(row) = pen.person(row) {
        let born = show(add_days(add_years(pen.d, -110), about(edge)));
        pen.put("people", row, "date_of_birth", &born);
    }
}

fn old_child(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some(row) = pen.person(row) {
        let born = show(add_days(add_years(pen.d, -26), about(edge)));
        pen.put("people", row, "date_of_birth", &born);
        pen.put("people", row, "role", text_of(&["child", "child", "child", "adult", ""], variant));
        pen.put("people", row, "left_on", "");
    }
}

/// A row of figures, and the row of `people` whose it is.
fn pupil(pen: &Pen, row: usize) -> Option<(usize, usize)> {
    let row = pen.pick("attendance_totals", row)?;
    let (id, upn) = (pen.get("attendance_totals", row, "person_id"), pen.get("attendance_totals", row, "upn"));
    let person = (0..pen.count("people")).find(|p| {
        pen.get("people", *p, "person_id") == id || (!upn.is_empty() && pen.get("people", *p, "upn") == upn)
    })?;
    Some((row, person))
}

fn odd_age_at_school(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some((row, person)) = pupil(pen, row) else {
        return;
    };
    let Some((starts, _)) = pen.term_of("attendance_totals", row) else {
        return;
    };
    let years = if edge / 3 % 3 == 0 { 2 } else { 20 };
    let born = show(add_days(add_years(starts, -years), about(edge)));
    pen.put("people", person, "date_of_birth", &born);
    pen.put("people", person, "role", text_of(&["", "adult", "child"], variant));
}

fn broken_record_at_an_odd_age(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some((row, _)) = pupil(pen, row) {
        odd_age_at_school(pen, row, variant, edge);
        let column = text_of(&["possible", "term", "attended"], edge);
        pen.put("attendance_totals", row, column, "many");
    }
}

fn early_outcome(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(row) = pen.pick("criteria", row) else {
        return;
    };
    let case = pen.get("criteria", row, "case_id");
    let opened = (0..pen.count("cases"))
        .find(|c| pen.get("cases", *c, "case_id") == case)
        .and_then(|c| pen.day("cases", c, "opened_on"));
    if let Some(opened) = opened {
        let day = show(add_days(opened, if variant % 4 == 0 { -100 } else { about(edge) }));
        pen.put("criteria", row, "outcome_on", &day);
    }
}

fn decided_before_submitted(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(row) = pen.pick("claims", row) else {
        return;
    };
    if let Some(submitted) = pen.day("claims", row, "submitted_on") {
        let days = if variant % 3 == 0 { -400 } else { about(edge) };
        let decided = show(add_days(submitted, days));
        pen.put("claims", row, "decided_on", &decided);
    }
    if variant % 5 == 0 {
        // Two years about D, by the one day or by the other.
        let (a, b) = (add_days(add_months(pen.d, -24), about(edge)), add_days(add_months(pen.d, -24), about(edge / 3)));
        pen.put("claims", row, "submitted_on", &show(a));
        pen.put("claims", row, "decided_on", &show(b));
        pen.put("claims", row, "case_id", "");
    }
}

/// A file with its dates as 30/09/2024, some of them as 09/30/2024.
fn slashed_dates(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let file = text_of(&["criteria", "cases", "people", "claims", "attendance_marks", "criteria"], row);
    let file = format!("{file}.csv");
    let Some(table) = pen.tables.iter_mut().find(|table| table.file == file) else {
        return;
    };
    // So many month first: none, one, about one in 20, many, all.
    let mut only_one_way = 0;
    for cell in table.rows.iter().flatten() {
        if let Some(date) = dates::parse(cell) {
            if date.d > 12 {
                only_one_way += 1;
            }
        }
    }
    let month_first = match variant % 8 {
        0..=3 => 0,
        4 => 1,
        5 => (only_one_way + 19) / 20,
        6 => ((only_one_way + 19) / 20usize).saturating_sub(1),
        _ => only_one_way * (edge % 3) / 2,
    };
    let mut left = month_first;
    for (number, row) in table.rows.iter_mut().enumerate() {
        for cell in row.iter_mut() {
            let Some(date) = dates::parse(cell) else {
                continue;
            };
            if edge % 4 == 0 && number % 3 == 0 {
                continue; // as ISO
            }
            let month = left > 0 && date.d > 12;
            if month {
                left -= 1;
            }
            let (a, b) = if month { (date.m, date.d) } else { (date.d, date.m) };
            *cell = if edge % 5 == 0 { format!("{a}/{b}/{}", date.y) } else { format!("{a:02}/{b:02}/{:04}", date.y) };
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------
// People

fn placeholder(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let (Some(one), Some(other)) = (pen.person(row), pen.person(row + 1 + edge / 4)) else {
        return;
    };
    let upn =
        text_of(&["UNKNOWN", "1111111111111", "A000000000000", "A000000000001", "un6", "-", "X1111111111112"], variant);
    let old = pen.get("people", one, "upn");
    pen.put("people", one, "upn", upn);
    if edge % 2 == 0 {
        pen.put("people", other, "upn", upn);
    }
    for row in 0..pen.count("attendance_totals") {
        if edge % 4 < 2 && !old.is_empty() && pen.get("attendance_totals", row, "upn") == old {
            pen.put("attendance_totals", row, "upn", upn);
        }
    }
}

fn shared_upn(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(one) = pen.person(row) else {
        return;
    };
    let family = pen.family(&pen.get("people", one, "family_id"));
    // A brother, a sister, a parent; or somebody else.
    let Some(other) = family.iter().copied().find(|p| *p != one).or(pen.person(row + 1)) else {
        return;
    };
    let upn = pen.get("people", one, "upn");
    let column = if variant % 4 == 0 { "former_upn" } else { "upn" };
    pen.put("people", other, column, &upn);
    if edge % 4 != 0 {
        let born = pen.get("people", if edge % 4 == 1 { other } else { one }, "date_of_birth");
        pen.put("people", one, "date_of_birth", if edge % 4 == 3 { "" } else { &born });
        pen.put("people", other, "date_of_birth", &born);
    }
    let names = [("Ann", "Anna"), ("Ann", "Bea"), ("Zo\u{e9}", "ZOE"), ("", "Bea"), ("Anne-Marie", "anne marie")];
    let (first, second) = names[variant / 4 % names.len()];
    pen.put("people", one, "first_name", first);
    pen.put("people", other, "first_name", second);
}

fn two_pupils_in_one_record(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let (Some(one), Some(other)) = (pen.person(row), pen.person(row + 1 + edge / 8)) else {
        return;
    };
    let Some((file, record)) = pen.record(variant + row, [0, 0, 1, 3][edge % 4]) else {
        return;
    };
    let id = pen.get("people", one, "person_id");
    let upn = match variant % 5 {
        0 => pen.get("people", one, "upn"),
        1 => "V889200029999".to_string(), // nobody's
        _ => pen.get("people", other, "upn"),
    };
    pen.put(file, record, "person_id", &id);
    pen.put(file, record, "upn", &upn);
}

fn expecting(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(one) = pen.person(row) else {
        return;
    };
    let family_id = pen.get("people", one, "family_id");
    for person in pen.family(&family_id) {
        pen.put("people", person, "date_of_birth", "1990-02-03");
        pen.put("people", person, "role", "adult");
        pen.put("people", person, "joined_on", "");
        pen.put("people", person, "expecting", "");
    }
    let weeks = if variant % 3 == 0 { 10 } else { 42 };
    if weeks != 42 {
        pen.set("family.expecting_weeks", "10");
    }
    if variant % 2 == 0 {
        pen.put("people", one, "expecting", "y");
        if edge % 4 != 0 {
            // The family's first case opened so many weeks ago.
            let opened = add_days(pen.d, -7 * weeks + about(edge / 4));
            if let Some(case) = (0..pen.count("cases")).find(|c| pen.get("cases", *c, "family_id") == family_id) {
                pen.put("cases", case, "opened_on", &show(opened));
                if pen.day("cases", case, "closed_on").is_some_and(|closed| closed < opened) {
                    pen.put("cases", case, "closed_on", "");
                }
            }
        }
    } else {
        let days = [-42, -42, 0, 60][edge % 4];
        let day = show(add_days(pen.d, days + about(edge / 4)));
        pen.put("people", one, "expecting", &day);
    }
    if edge % 11 == 0 {
        let earlier = pen.again("people", one);
        pen.put("people", earlier, "expecting", if edge % 2 == 0 { "y" } else { "" });
        pen.put("people", earlier, "left_on", "2022-01-01");
    }
}

fn all_left_at_the_end(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let closed: Vec<usize> = (0..pen.count("cases"))
        .filter(|case| pen.day("cases", *case, "closed_on").is_some_and(|day| day <= add_days(pen.d, 1)))
        .collect();
    if closed.is_empty() {
        return;
    }
    let case = closed[row % closed.len()];
    let day = pen.day("cases", case, "closed_on").unwrap();
    let day = if variant % 8 == 0 { add_days(day, about(edge)) } else { day };
    let people = pen.family(&pen.get("cases", case, "family_id"));
    for (n, person) in people.iter().enumerate() {
        pen.put("people", *person, "joined_on", "");
        let day = match (n, variant % 8) {
            (0, 1) => String::new(),
            (0, 2) => show(add_days(day, -1)),
            _ => show(day),
        };
        pen.put("people", *person, "left_on", &day);
    }
    if let (Some(person), 3) = (people.first(), variant % 8) {
        // Somebody who joins later is not there yet.
        let later = pen.again("people", *person);
        let day = show(add_days(pen.d, about(edge)));
        pen.put("people", later, "joined_on", &day);
        pen.put("people", later, "left_on", "");
        pen.put("people", later, "person_id", if edge % 2 == 0 { "P-later" } else { "" });
    }
}

fn need_that_names(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    pen.set("attendance.children", "with_need");
    let Some(one) = pen.person(row) else {
        return;
    };
    let family_id = pen.get("people", one, "family_id");
    let Some(case) = (0..pen.count("cases")).find(|c| pen.get("cases", *c, "family_id") == family_id) else {
        return;
    };
    let case_id = pen.get("cases", case, "case_id");
    let Some(need) = (0..pen.count("criteria")).find(|n| pen.get("criteria", *n, "case_id") == case_id) else {
        return;
    };
    let id = pen.get("people", one, "person_id");
    let names = match variant % 5 {
        0 => "",
        1 => "P-nobody",
        2 => "P-adult",
        _ => &id,
    };
    pen.put("criteria", need, "criterion", text_of(&["1", "1.2"], edge));
    pen.put("criteria", need, "person_id", names);
    if names == "P-adult" {
        let adult = pen.again("people", one);
        pen.put("people", adult, "person_id", names);
        pen.put("people", adult, "date_of_birth", text_of(&["1985-06-07", "", "2021-02-03"], edge));
        pen.put("people", adult, "role", text_of(&["adult", "adult", "", "child"], edge / 3));
        pen.put("people", adult, "upn", "");
        pen.put("people", adult, "former_upn", "");
        pen.put("people", adult, "first_name", "Other");
    }
}

fn episode(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(one) = pen.person(row) else {
        return;
    };
    let other = pen.again("people", one);
    let day = |days: i64| show(add_days(pen.d, days));
    let (joined, left) = match edge % 6 {
        0 => (day(-900), day(-400)),
        1 => (day(-900), day(about(edge / 6))),
        2 => (day(about(edge / 6)), String::new()),
        3 => (String::new(), String::new()),
        4 => (day(-300), "9999-12-31".to_string()),
        _ => (day(-300), day(-301)),
    };
    pen.put("people", other, "joined_on", &joined);
    pen.put("people", other, "left_on", &left);
    match variant % 8 {
        0 => pen.put("people", other, "expecting", "y"),
        1 => pen.put("people", other, "role", "adult"), // two different things said of one person
        2 => pen.put("people", other, "first_name", "Other"),
        3 => pen.put("people", one, "left_on", &show(add_days(pen.d, about(edge / 18)))),
        _ => {}
    }
}

fn folded_names(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(one) = pen.person(row) else {
        return;
    };
    let family = pen.get("people", one, "family_id");
    let others: Vec<usize> =
        (0..pen.count("people")).filter(|p| pen.get("people", *p, "family_id") != family).collect();
    if others.is_empty() {
        return;
    }
    let other = others[edge % others.len()];
    let names = [
        ("Zo\u{eb}", "O'Neil-Smith", "ZOE", "oneil smith"),
        ("Zoe\u{308}", "O\u{2019}Neil", "Zo\u{eb}", "O'NEIL"),
        ("\u{c5}sa", "M\u{fc}ller", "Asa", "Muller"),
        ("Ann Marie", "Smith-Jones", "Ann-Marie", "SMITHJONES"),
        ("Ann", "\u{d8}re", "Ann", "Ore"),
        ("Ann", "'", "Ann", "-"),
        ("J. P.", "Lee", "JP", "Lee"),
        ("\u{FF21}nn", "Lee 2", "Ann", "Lee\u{b2}"),
    ];
    let (a, b, c, d) = names[variant % names.len()];
    let born = pen.get("people", one, "date_of_birth");
    for (person, first, last) in [(one, a, b), (other, c, d)] {
        pen.put("people", person, "first_name", first);
        pen.put("people", person, "last_name", last);
    }
    if edge % 5 != 0 {
        pen.put("people", other, "date_of_birth", &born);
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Attendance and agreements

fn not_of_school_age(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    for n in 0..1 + edge % 4 {
        if let Some(at) = pen.pick("attendance_marks", row + n) {
            pen.put("attendance_marks", at, "code", text_of(&["X", "x", " X "], variant));
        }
        if let Some(at) = pen.pick("attendance_weeks", row + n) {
            let marks = pen.get("attendance_weeks", at, "marks");
            let from = if variant % 2 == 0 { '/' } else { '\\' };
            pen.put("attendance_weeks", at, "marks", &marks.replacen(from, "X", 1 + edge / 4 % 3));
        }
    }
    if edge % 5 == 0 {
        if let Some(one) = pen.person(row) {
            // A child who comes of school age in the middle of a term.
            let born = show(add_days(Date { y: pen.d.y - 5 - (edge % 2) as i64, m: 3, d: 31 }, about(edge / 2)));
            pen.put("people", one, "date_of_birth", &born);
        }
    }
}

fn too_many_sessions(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some((row, _)) = pupil(pen, row) else {
        return;
    };
    let Some((_, all)) = pen.term_of("attendance_totals", row) else {
        return;
    };
    let percent = [110, 110, 100, 125][variant % 4];
    if percent != 110 {
        pen.set("attendance.maximum_coverage_percent", &percent.to_string());
    }
    let possible = (percent * all / 100 + about(edge)).max(1).to_string();
    for (column, value) in [("possible", &possible), ("attended", &possible)] {
        pen.put("attendance_totals", row, column, value);
    }
    pen.put("attendance_totals", row, "authorised", "0");
    pen.put("attendance_totals", row, "unauthorised", "0");
}

fn more_than_possible(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(row) = pen.pick("attendance_totals", row) else {
        return;
    };
    let other = pen.again("attendance_totals", row);
    pen.put("attendance_totals", row, "school_urn", "100001");
    pen.put("attendance_totals", other, "school_urn", "100002");
    let attended = ["10", "11", "9"][edge % 3];
    for (column, value) in [("possible", "10"), ("attended", attended), ("authorised", "0"), ("unauthorised", "0")] {
        pen.put("attendance_totals", other, column, value);
    }
    if variant % 3 == 0 {
        // Fewer than none attended there.
        pen.put("attendance_totals", other, "authorised", "11");
        pen.put("attendance_totals", other, "attended", "");
    }
}

fn below_nought(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    if let Some((file, row)) = pen.record(row, if variant % 3 == 0 { 3 } else { 0 }) {
        let column = text_of(&["possible", "attended", "authorised", "unauthorised"], variant);
        let column = if file == "attendance_counts" { "sessions" } else { column };
        pen.put(file, row, column, text_of(&["-1", "-1", "-0", "0"], edge));
    }
}

fn broken_agreement(pen: &mut Pen, row: usize, variant: usize, edge: usize) {
    let Some(case) = pen.pick("cases", row) else {
        return;
    };
    let Some(filler) = pen.pick("agreements", row) else {
        return;
    };
    let case_id = pen.get("cases", case, "case_id");
    let row = pen.again("agreements", filler);
    let rules = [
        "family",
        "sustainment",
        "attendance",
        "reclaim",
        "timeliness",
        "evidence",
        "eligibility",
        "progress",
        "attendance",
    ];
    let agreed = show(add_days(pen.d, [-30, -30, 0, 1][edge % 4]));
    pen.put("agreements", row, "case_id", &case_id);
    pen.put("agreements", row, "rule", text_of(&rules, variant));
    pen.put("agreements", row, "agreed_on", &agreed);
    let (column, value) =
        [("reason", ""), ("answer", "perhaps"), ("agreed_by", ""), ("until", "2024-02-30")][edge / 4 % 4];
    pen.put("agreements", row, column, value);
}
