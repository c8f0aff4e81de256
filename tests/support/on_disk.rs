//! Tables as real files: CSV in any dialect that programs write, and Parquet in small row groups.

#![allow(dead_code, reason = "each test uses its part")]

use crate::support::Table;
use polars::prelude::{Categories, Column, DataFrame, DataType, IntoColumn, NamedFrom, ParquetWriter, Series};
use std::path::Path;

/// Numbers from a seed, the same each time.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }

    /// Whether something happens that happens once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// How a program writes CSV.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    line_end: &'static str,
    has_mark: bool,
    /// One cell in so many is quoted though it need not be; 0: none.
    quoted: usize,
    /// A blank line stands before one row in so many; 0: nowhere.
    blank: usize,
    last_line_ends: bool,
}

impl Dialect {
    fn of(dice: &mut Dice) -> Dialect {
        Dialect {
            // Carriage returns alone are read only where the whole file has them.
            line_end: ["\n", "\r\n", "\n", "\r\n", "\r"][dice.below(5)],
            has_mark: dice.once_in(3),
            quoted: [0, 1, 4][dice.below(3)],
            blank: [0, 0, 2][dice.below(3)],
            last_line_ends: !dice.once_in(3),
        }
    }
}

/// A table as CSV in a dialect of the dice's choice.
pub fn csv_bytes(table: &Table, dice: &mut Dice) -> Vec<u8> {
    let dialect = Dialect::of(dice);
    let mut text = String::from(if dialect.has_mark { "\u{feff}" } else { "" });
    for (position, row) in std::iter::once(&table.columns).chain(&table.rows).enumerate() {
        if position > 0 {
            text += dialect.line_end;
        }
        if dialect.blank > 0 && dice.once_in(dialect.blank) {
            text += dialect.line_end;
        }
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                let must = cell.contains(['"', ',', '\n', '\r']);
                let quoted = must || (dialect.quoted > 0 && dice.once_in(dialect.quoted));
                if quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
            })
            .collect();
        text += &cells.join(",");
    }
    if dialect.last_line_ends {
        text += dialect.line_end;
    }
    text.into_bytes()
}

/// Writes a table as Parquet, in row groups of a few rows. Dates are dates where every cell that is filled is one, and
/// whole numbers are numbers; some columns of text are of categories. Blank cells are nulls.
pub fn write_parquet(path: &Path, table: &Table, dice: &mut Dice) {
    let columns: Vec<Column> = table
        .columns
        .iter()
        .enumerate()
        .map(|(position, name)| column(name, table.rows.iter().map(|row| row[position].as_str()), dice))
        .collect();
    let mut frame = DataFrame::new(table.rows.len(), columns).unwrap();
    let file = std::fs::File::create(path).unwrap();
    ParquetWriter::new(file).with_row_group_size(Some(1 + dice.below(9))).finish(&mut frame).unwrap();
}

fn column<'a>(name: &str, cells: impl Iterator<Item = &'a str>, dice: &mut Dice) -> Column {
    let cells: Vec<Option<&str>> = cells.map(|cell| Some(cell).filter(|cell| !cell.is_empty())).collect();
    let all = |is: fn(&str) -> bool| cells.iter().flatten().all(|cell| is(cell));
    if all(|cell| day(cell).is_some()) && !dice.once_in(4) {
        let days: Vec<Option<i32>> = cells.iter().map(|cell| cell.and_then(day)).collect();
        return Series::new(name.into(), days).cast(&DataType::Date).unwrap().into_column();
    }
    if all(|cell| cell.parse::<i64>().is_ok_and(|number| number.to_string() == cell)) && !dice.once_in(3) {
        let numbers: Vec<Option<i64>> = cells.iter().map(|cell| cell.and_then(|cell| cell.parse().ok())).collect();
        return Series::new(name.into(), numbers).into_column();
    }
    let text = Series::new(name.into(), cells);
    if dice.once_in(3) {
        return text.cast(&DataType::from_categories(Categories::global())).unwrap().into_column();
    }
    text.into_column()
}

fn day(cell: &str) -> Option<i32> {
    let date: sfclaim::dates::Date =
        cell.parse().ok().filter(|date: &sfclaim::dates::Date| date.to_string() == cell)?;
    Some(sfclaim::dates::day_number(date))
}
