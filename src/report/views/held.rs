//! Which dates the attendance files hold up to the as-at date: by term and file, as data and as a table for people.

use crate::dates::Date;
use crate::report::output::page::plain_table;
use crate::rules::Rules;
use crate::rules::calendar::TermIndex;
use crate::validate::registers::Registers;
use crate::words::grouped;
use serde_json::{Value, json};

/// A row a term and file with dated marks, latest term first.
pub fn json(registers: Option<&Registers>, rules: &Rules, as_at: Date) -> Vec<Value> {
    rows(registers, rules, as_at)
        .map(|row| {
            json!({
                "academic_year": row.year, "term": row.term, "file": row.file, "from": row.from, "to": row.to,
                "weekdays_with_marks": row.weekdays, "weekdays_of_the_term": row.of, "marks": row.marks,
            })
        })
        .collect()
}

/// The same for a screen, of the terms from `first` on, or of all; blank without dated marks.
pub fn text(registers: Option<&Registers>, rules: &Rules, as_at: Date, first: Option<TermIndex>) -> String {
    let cells = |row: HeldMarks| {
        vec![
            format!("{} {}", row.term, row.year),
            row.file,
            row.from,
            row.to,
            format!("{} of {}", row.weekdays, row.of),
            grouped(&row.marks.to_string()),
        ]
    };
    let rows: Vec<Vec<String>> =
        rows(registers, rules, as_at).filter(|row| Some(row.index) >= first).map(cells).collect();
    if rows.is_empty() {
        return String::new();
    }
    let columns =
        [("Term", false), ("File", false), ("From", false), ("To", false), ("Weekdays", true), ("Marks", true)];
    format!("Session marks held\n{}", plain_table(&columns, &rows))
}

struct HeldMarks {
    index: TermIndex,
    year: String,
    term: String,
    file: String,
    from: String,
    to: String,
    weekdays: i64,
    of: i64,
    marks: u64,
}

fn rows<'a>(registers: Option<&'a Registers>, rules: &'a Rules, as_at: Date) -> impl Iterator<Item = HeldMarks> + 'a {
    let held = registers.map(|registers| registers.days_held(&rules.calendar, as_at)).unwrap_or_default();
    held.into_iter().rev().flat_map(|(index, files)| {
        let term = rules.calendar.term(index);
        files.into_iter().map(move |(file, held)| HeldMarks {
            index,
            year: term.academic_year.clone(),
            term: term.term.clone(),
            file: file.to_string(),
            from: held.days.from.to_string(),
            to: held.days.to.to_string(),
            weekdays: held.weekdays,
            of: term.span.weekdays(),
            marks: held.marks,
        })
    })
}
