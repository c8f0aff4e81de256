//! The tables that are written, their columns, and where their rows go.

use crate::dates::Date;

use super::error::Error;

/// What a column holds. An empty cell is a missing value in each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text as it stands.
    Text,
    /// A date, written `2024-09-30`.
    Date,
    /// A whole number of 0 or more.
    Whole,
}

/// A column.
#[derive(Debug)]
pub struct FieldColumn {
    /// Its name, as in the contract.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
}

/// A table. There is one value of each, so that a sink may tell them apart by name.
#[derive(Debug)]
pub struct Table {
    /// Its name, also the name of its file without the ending.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [FieldColumn],
}

/// Where rows go: files, or whatever else takes them.
pub trait Sink {
    /// Called once, before any row, with every table that will be written, also those that get no row.
    ///
    /// # Errors
    /// When they cannot be written.
    fn begin(&mut self, tables: &[&'static Table]) -> Result<(), Error>;

    /// Takes a row: a cell for each column of the table, in order, empty where nothing is known.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, table: &'static Table, cells: &[&str]) -> Result<(), Error>;

    /// Called once, after the last row.
    ///
    /// # Errors
    /// When what is left cannot be written.
    fn finish(&mut self) -> Result<(), Error>;
}

const fn text(name: &'static str) -> FieldColumn {
    FieldColumn { name, kind: FieldKind::Text }
}
const fn day(name: &'static str) -> FieldColumn {
    FieldColumn { name, kind: FieldKind::Date }
}
const fn whole(name: &'static str) -> FieldColumn {
    FieldColumn { name, kind: FieldKind::Whole }
}

/// A row a case.
pub static CASES: Table = Table {
    name: "cases",
    columns: &[
        text("case_id"),
        text("family_id"),
        text("source"),
        day("opened_on"),
        day("closed_on"),
        text("team"),
        text("ward"),
        text("lead_practitioner"),
        day("assessment_on"),
        day("plan_on"),
    ],
};

/// A row a person in a family.
pub static PEOPLE: Table = Table {
    name: "people",
    columns: &[
        text("person_id"),
        text("family_id"),
        day("date_of_birth"),
        text("role"),
        text("schooling"),
        text("upn"),
        text("former_upn"),
        text("first_name"),
        text("last_name"),
        text("postcode"),
        day("joined_on"),
        day("left_on"),
        text("expecting"),
        text("restricted"),
    ],
};

/// A row a need of a case.
pub static CRITERIA: Table = Table {
    name: "criteria",
    columns: &[
        text("case_id"),
        text("criterion"),
        text("person_id"),
        day("identified_on"),
        day("outcome_on"),
        day("relapsed_on"),
        text("result"),
        text("evidence"),
    ],
};

/// A row a pupil, term and school.
pub static TOTALS: Table = Table {
    name: "attendance_totals",
    columns: &[
        text("upn"),
        text("person_id"),
        text("academic_year"),
        text("term"),
        text("school_urn"),
        whole("possible"),
        whole("authorised"),
        whole("unauthorised"),
    ],
};

/// A row a pupil, session and school.
pub static MARKS: Table = Table {
    name: "attendance_marks",
    columns: &[text("upn"), text("person_id"), text("school_urn"), day("date"), text("session"), text("code")],
};

/// A row a result claimed.
pub static CLAIMS: Table = Table {
    name: "claims",
    columns: &[
        text("claim_id"),
        text("family_id"),
        text("case_id"),
        day("submitted_on"),
        day("decided_on"),
        text("outcome"),
    ],
};

/// A row a thing that a person has decided.
pub static AGREEMENTS: Table = Table {
    name: "agreements",
    columns: &[
        text("case_id"),
        text("rule"),
        text("person_id"),
        text("academic_year"),
        text("term"),
        text("answer"),
        text("reason"),
        text("agreed_by"),
        day("agreed_on"),
        day("until"),
        text("evidence"),
    ],
};

/// Rows of one table in memory, all cells in one text.
#[derive(Debug)]
pub(crate) struct Rows {
    table: &'static Table,
    text: String,
    ends: Vec<u32>,
}

impl Rows {
    pub(crate) fn of(table: &'static Table) -> Rows {
        Rows { table, text: String::new(), ends: Vec::new() }
    }

    /// The next cell.
    pub(crate) fn cell(&mut self, cell: &str) -> &mut Self {
        self.text.push_str(cell);
        self.ends.push(self.text.len() as u32);
        self
    }

    /// The next cell: a date, or nothing.
    pub(crate) fn date(&mut self, date: Option<Date>) -> &mut Self {
        if let Some(date) = date {
            push_digits(&mut self.text, u32::from(date.year().unsigned_abs()), 4);
            self.text.push('-');
            push_digits(&mut self.text, u32::from(date.month().unsigned_abs()), 2);
            self.text.push('-');
            push_digits(&mut self.text, u32::from(date.day().unsigned_abs()), 2);
        }
        self.ends.push(self.text.len() as u32);
        self
    }

    /// The next cell: a number.
    pub(crate) fn whole(&mut self, number: u32) -> &mut Self {
        push_digits(&mut self.text, number, 1);
        self.ends.push(self.text.len() as u32);
        self
    }

    /// Hands the rows on.
    pub(crate) fn write(&self, sink: &mut dyn Sink) -> Result<u64, Error> {
        let width = self.table.columns.len();
        let mut cells: Vec<&str> = Vec::with_capacity(width);
        let mut start = 0;
        let mut count = 0;
        for row in self.ends.chunks_exact(width) {
            cells.clear();
            for end in row {
                let end = *end as usize;
                cells.push(self.text.get(start..end).unwrap_or_default());
                start = end;
            }
            sink.row(self.table, &cells)?;
            count += 1;
        }
        Ok(count)
    }
}

fn push_digits(text: &mut String, number: u32, least: u32) {
    let mut place = 10_u32.pow(least - 1);
    while number / place >= 10 {
        place *= 10;
    }
    while place > 0 {
        text.push(char::from(b'0' + (number / place % 10) as u8));
        place /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    struct Kept(Vec<Vec<String>>);
    impl Sink for Kept {
        fn begin(&mut self, _: &[&'static Table]) -> Result<(), Error> {
            Ok(())
        }
        fn row(&mut self, _: &'static Table, cells: &[&str]) -> Result<(), Error> {
            self.0.push(cells.iter().map(ToString::to_string).collect());
            Ok(())
        }
        fn finish(&mut self) -> Result<(), Error> {
            Ok(())
        }
    }

    #[test]
    fn rows_come_out_as_they_were_put_in() {
        let mut rows = Rows::of(&CLAIMS);
        rows.cell("K1").cell("F1").cell("").date(Some(date(2024, 9, 3))).date(None).cell("submitted");
        rows.cell("K2").cell("F2").whole(0).whole(10).whole(907).cell("é");
        let mut kept = Kept(Vec::new());
        assert!(matches!(rows.write(&mut kept), Ok(2)));
        assert_eq!(kept.0[0], ["K1", "F1", "", "2024-09-03", "", "submitted"]);
        assert_eq!(kept.0[1], ["K2", "F2", "0", "10", "907", "é"]);
    }
}
