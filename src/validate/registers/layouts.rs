//! The layouts of attendance files, each told by its columns, and the cells of their rows.

use crate::dates::{self, Date, DateOrder};
use crate::error::{Error, Result};
use crate::finding::FindingCode;
use crate::ids::{Upn, cleaned};
use crate::load::corrections::print_of;
use crate::load::settings::Symbols;
use crate::load::{Row, TextFile, unreadable};
use crate::rules::calendar::TermIndex;
use crate::validate::as_it_stands::AsItStands;
use crate::validate::row_reader::wide_hash;
use crate::validate::written_dates::not_a_date;
use crate::words::worded;
use std::borrow::Cow;

worded! {
    /// The four layouts (contract section 1), a row a day with a column for each session, and a percentage in place of sessions, each
    /// with the columns that tell it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub(super) enum Layout {
        Marks = "marks",
        Days = "days",
        Weeks = "weeks",
        Totals = "totals",
        Counts = "counts",
        Percent = "percent",
    }
}

const LAYOUTS: [(Layout, &[&str]); 6] = [
    (Layout::Marks, &["date", "session", "code"]),
    (Layout::Days, &["date", "am", "pm"]),
    (Layout::Weeks, &["week_start", "marks"]),
    (Layout::Totals, &["academic_year", "term", "possible"]),
    (Layout::Counts, &["academic_year", "term", "code", "sessions"]),
    (Layout::Percent, &["academic_year", "term", "percent"]),
];

impl Layout {
    /// The columns that rows of the layout are read by, beside those that name the pupil and the school.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Layout::Marks => &["date", "session", "code"],
            Layout::Days => &["date", "am", "pm"],
            Layout::Weeks => &["week_start", "marks"],
            Layout::Totals => &["academic_year", "term", "possible", "attended", "authorised", "unauthorised"],
            Layout::Counts => &["academic_year", "term", "code", "sessions"],
            Layout::Percent => &["academic_year", "term", "percent"],
        }
    }
}

/// The columns of the layout of this word, with those that name pupil and school; none for another word.
pub(super) fn columns_of(word: &str) -> Option<Vec<&'static str>> {
    let (layout, _) = LAYOUTS.iter().find(|(layout, _)| layout.word() == word)?;
    Some(layout.columns().iter().chain(&NAMING).copied().collect())
}

/// The columns of every layout: who, and where.
pub(super) const NAMING: [&str; 3] = ["person_id", "upn", "school_urn"];

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scale {
    /// Percentages: `92.4`.
    #[default]
    OfHundred,
    /// Fractions: `0.924`, as spreadsheets hold what they show as 92.4%.
    OfOne,
    /// All of them are 0 or 1, which may be either.
    Unclear,
}

/// The positions of the columns that a file has.
#[derive(Clone)]
pub(super) struct Columns {
    pub(super) layout: Layout,
    /// What the numbers of a column of percentages are.
    pub(super) scale: Scale,
    known: Vec<(&'static str, usize)>,
}

impl Columns {
    pub(super) fn of(file: &TextFile) -> Result<Columns> {
        let mut layouts: Vec<Layout> = LAYOUTS
            .iter()
            .filter(|(_, needed)| needed.iter().all(|column| file.column(column).is_some()))
            .map(|(layout, _)| *layout)
            .collect();
        if layouts.len() > 1 {
            // A percentage beside sessions is their sum done already.
            layouts.retain(|layout| *layout != Layout::Percent);
        }
        let &[layout] = layouts.as_slice() else {
            let what = if layouts.is_empty() { "none" } else { "more than one" };
            let forms: Vec<String> = LAYOUTS.iter().map(|(_, columns)| columns.join(", ")).collect();
            return Err(Error::new(format!(
                "{} is in {what} of the layouts of attendance: beside upn or person_id it must have the columns {}.",
                file.file,
                forms.join("; or ")
            )));
        };
        if file.column("upn").is_none() && file.column("person_id").is_none() {
            return Err(Error::new(format!("{} names no pupils: it must have a column upn or person_id.", file.file)));
        }
        let own = layout.columns().iter().chain(&NAMING);
        let known = own.filter_map(|name| Some((*name, file.column(name)?))).collect();
        // What the numbers of percentages are is known only when all are read.
        Ok(Columns { layout, scale: Scale::default(), known })
    }

    /// A row as it stands, with the print by which a correction names it.
    pub(super) fn as_it_stands(
        &self,
        row: &Row<'_>,
        symbols: Option<&Symbols>,
        order: DateOrder,
        buffer: &mut Vec<u8>,
    ) -> AsItStands {
        row_bytes(self, row, symbols, false, buffer);
        let layout = self.layout.word();
        let print = print_of(&format!("attendance {layout}"), buffer);
        AsItStands { layout, ..AsItStands::of(row, self.known.iter().copied(), order, print) }
    }

    /// A cell of the row that holds no value which can be read: its column, and what is the matter.
    pub(super) fn unreadable(&self, row: &Row<'_>) -> Option<(&'static str, String)> {
        let said = |(name, at): &(&'static str, usize)| {
            let text = row.cell(*at)?;
            Some((*name, unreadable::said(name, text)?))
        };
        self.known.iter().find_map(said)
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.known.iter().find(|(known, _)| *known == name).map(|(_, position)| *position)
    }

    pub(super) fn text<'a>(&self, row: &Row<'a>, name: &str) -> Option<&'a str> {
        row.cell(self.position(name)?)
    }
}

/// Why a record cannot be used, and which term of its pupil that leaves unknown.
pub(super) struct Fault {
    pub(super) column: &'static str,
    pub(super) code: FindingCode,
    pub(super) message: String,
    pub(super) term: Doubt,
}

/// The terms that an unreadable record may be of.
#[derive(Clone)]
pub(super) enum Doubt {
    /// These; none where the record lies outside the calendar.
    Terms(Vec<TermIndex>),
    /// Any: its term cannot be told.
    Any,
}

impl Doubt {
    /// The one term, or none of the calendar.
    pub(super) fn of(term: Option<TermIndex>) -> Doubt {
        Doubt::Terms(term.into_iter().collect())
    }
}

pub(super) fn needed_date(
    columns: &Columns,
    row: &Row<'_>,
    column: &'static str,
    order: DateOrder,
) -> std::result::Result<Date, Fault> {
    let Some(text) = columns.text(row, column) else {
        return Err(Fault {
            column,
            code: FindingCode::MissingValue,
            message: format!("{column} is blank, and every row must have it."),
            term: Doubt::Any,
        });
    };
    dates::read_in(text, order).ok_or_else(|| Fault {
        column,
        code: FindingCode::ImpossibleDate,
        message: not_a_date(column, text, order),
        term: Doubt::Any,
    })
}

/// The marks of a week: ten of them or fourteen. A blank is a mark too (a missing one), so the text counts as it stands;
/// only if that has not the length of a week may the spaces around it be padding.
pub(super) fn week_of_marks(as_it_stands: &str) -> Option<&str> {
    let is_week = |text: &&str| matches!(text.chars().count(), 10 | 14);
    [as_it_stands, as_it_stands.trim()].into_iter().find(is_week)
}

/// A number of sessions, `134` or `134.0`; `None` when blank.
pub(super) fn whole_number(
    columns: &Columns,
    row: &Row<'_>,
    column: &'static str,
    term: Option<TermIndex>,
) -> std::result::Result<Option<i32>, Fault> {
    let Some(text) = columns.text(row, column) else { return Ok(None) };
    let whole = text.split_once('.').map_or(text, |(whole, decimals)| {
        if !decimals.is_empty() && decimals.bytes().all(|b| b == b'0') { whole } else { text }
    });
    // Ten million sessions are beyond any term; larger numbers could only overflow later sums.
    match whole.parse::<i32>() {
        Ok(number) if (0..=10_000_000).contains(&number) => Ok(Some(number)),
        _ => Err(Fault {
            column,
            code: FindingCode::NotANumber,
            message: if is_below_nought(text) {
                format!("{column} \"{text}\" is below nought, which no number of sessions is.")
            } else {
                format!("{column} \"{text}\" is not a whole number of sessions.")
            },
            term: Doubt::of(term),
        }),
    }
}

/// Whether a text says a number below nought: with a minus sign of any kind before or behind it, or in brackets, as
/// accounts write it.
fn is_below_nought(text: &str) -> bool {
    let is_minus = |char: char| {
        matches!(
            char,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{207b}' | '\u{2796}'
        )
    };
    let in_brackets = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let number = in_brackets.or_else(|| text.strip_prefix(is_minus)).or_else(|| text.strip_suffix(is_minus));
    number.is_some_and(|number| number.trim().starts_with(|char: char| char.is_ascii_digit()))
}

/// A hash of the filled cells of a row and its layout, wide enough that two different rows never share one. A blank
/// cell is the same as a column that the file has not, and the same marks are others where `symbols` make them stand for
/// something else. `buffer` is only kept so as not to be made for every row.
pub(super) fn row_hash(columns: &Columns, row: &Row<'_>, symbols: Option<&Symbols>, buffer: &mut Vec<u8>) -> u128 {
    row_bytes(columns, row, symbols, true, buffer);
    buffer.push(columns.layout as u8);
    wide_hash(buffer)
}

/// What the hash is made of. Ids are `cleaned` where rows are compared: those that differ in nothing seen are the same.
fn row_bytes(columns: &Columns, row: &Row<'_>, symbols: Option<&Symbols>, clean: bool, buffer: &mut Vec<u8>) {
    buffer.clear();
    // Of a ragged row it cannot be told which cell is which, so it repeats another one only with all its cells.
    if row.is_ragged() {
        for cell in 0..row.cells() {
            buffer.extend_from_slice(row.untrimmed(cell).as_bytes());
            buffer.push(0x1d);
        }
        return;
    }
    for (name, position) in &columns.known {
        // Spaces in a week of marks are marks.
        let text = if *name == "marks" { row.untrimmed(*position) } else { row.cell(*position).unwrap_or_default() };
        let text = match *name {
            "upn" if clean => Upn::text_of(text),
            name if clean && NAMING.contains(&name) => cleaned(text),
            _ => Cow::Borrowed(text),
        };
        if !text.is_empty() {
            buffer.extend_from_slice(name.as_bytes());
            buffer.push(0x1f);
            buffer.extend_from_slice(text.as_bytes());
            buffer.push(0x1e);
            let is_of_symbols = match *name {
                "marks" => true,
                "am" | "pm" => text.chars().nth(1).is_none(),
                _ => false,
            };
            if let Some(symbols) = symbols.filter(|_| is_of_symbols) {
                for (place, code) in
                    text.chars().enumerate().filter_map(|(at, mark)| Some((at, symbols.other_code_of(mark)?)))
                {
                    buffer.extend_from_slice(&(place as u64).to_le_bytes());
                    buffer.extend_from_slice(code.as_bytes());
                    buffer.push(0x1c);
                }
            }
        }
    }
}
