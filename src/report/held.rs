//! Which dates the attendance files hold: by term and file, as data and as a table for people.

use super::screen::plain_table;
use crate::rules::Rules;
use crate::validate::registers::Registers;
use crate::words::grouped;
use serde_json::{Value, json};

/// A row a term and file with dated marks, latest term first.
pub fn json(registers: Option<&Registers>, rules: &Rules) -> Vec<Value> {
    rows(registers, rules)
        .map(|row| {
            json!({
                "academic_year": row.year, "term": row.term, "file": row.file, "from": row.from, "to": row.to,
                "weekdays_with_marks": row.weekdays, "weekdays_of_the_term": row.of, "marks": row.marks,
            })
        })
        .collect()
}

/// The same for a screen, of the terms from `first` on; blank without dated marks.
pub fn text(registers: Option<&Registers>, rules: &Rules, first: usize) -> String {
    let cells = |row: Row| {
        vec![
            format!("{} {}", row.term, row.year),
            row.file,
            row.from,
            row.to,
            format!("{} of {}", row.weekdays, row.of),
            grouped(&row.marks.to_string()),
        ]
    };
    let rows: Vec<Vec<String>> = rows(registers, rules).filter(|row| row.index >= first).map(cells).collect();
    if rows.is_empty() {
        return String::new();
    }
    let columns =
        [("Term", false), ("File", false), ("From", false), ("To", false), ("Weekdays", true), ("Marks", true)];
    format!("Session marks held\n{}", plain_table(&columns, &rows))
}

struct Row {
    index: usize,
    year: String,
    term: String,
    file: String,
    from: String,
    to: String,
    weekdays: i64,
    of: i64,
    marks: u64,
}

fn rows<'a>(registers: Option<&'a Registers>, rules: &'a Rules) -> impl Iterator<Item = Row> + 'a {
    let held = registers.into_iter().flat_map(|registers| registers.days_held.iter().rev());
    held.flat_map(|(index, files)| {
        let term = rules.calendar.term(*index);
        files.iter().map(move |(file, held)| Row {
            index: *index,
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
