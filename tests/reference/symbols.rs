//! Suppliers with symbols of their own for weeks of marks, for the generator: the weeks are written anew with them, so
//! that most say what they said before, and some something else.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{RawTable, Symbols};

/// Characters that are no codes, and some that are: those then stand for something else.
const SYMBOLS: [char; 14] = ['1', '2', '3', '(', ' ', 'é', '"', ',', 'o', 'O', '/', '\\', '#', '-'];

const CODES: [&str; 16] = ["Y1", "C1", "J1", "/", "\\", "O", "I", "#", "-", "", "D", "y1 ", "c2", "b", "m", "@"];

#[derive(Clone, Debug)]
pub struct SupplierSpec {
    symbols: Vec<(u8, u8)>,
    /// Some marks become a symbol whatever they were: every so many of them; 0: none.
    stray: u8,
}

#[derive(Clone, Debug)]
pub struct SymbolsSpec {
    /// Of the file of weeks, and of a second one if there are two.
    suppliers: Vec<SupplierSpec>,
    /// The second file has rows of the first too.
    shared: bool,
}

fn supplier() -> impl Strategy<Value = SupplierSpec> {
    (
        vec((0u8..SYMBOLS.len() as u8, 0u8..CODES.len() as u8), 0..6),
        prop_oneof![2 => Just(0u8), 1 => 1u8..9, 1 => 9u8..60],
    )
        .prop_map(|(symbols, stray)| SupplierSpec { symbols, stray })
}

pub fn symbols() -> impl Strategy<Value = SymbolsSpec> {
    (prop_oneof![3 => vec(supplier(), 0..1), 2 => vec(supplier(), 1..3)], prop::bool::weighted(0.3))
        .prop_map(|(suppliers, shared)| SymbolsSpec { suppliers, shared })
}

/// Writes the weeks anew, in one file or two, and gives back what their symbols stand for, by file.
pub fn write_symbols(spec: &SymbolsSpec, tables: &mut Vec<RawTable>) -> BTreeMap<String, Symbols> {
    let mut all = BTreeMap::new();
    let Some(first) = tables.iter().position(|table| table.file == "attendance_weeks.csv") else {
        return all;
    };
    let mut files = vec![first];
    if spec.suppliers.len() > 1 && tables[first].rows.len() > 1 {
        let mut second = tables[first].clone();
        second.file = "attendance_north.csv".to_string();
        let half = second.rows.len() / 2;
        tables[first].rows.truncate(half);
        // Rows in both files are written with the first one's symbols.
        second.rows.drain(..if spec.shared { half - 1 } else { half });
        files.push(tables.len());
        tables.push(second);
    }
    for (position, supplier) in files.into_iter().zip(&spec.suppliers) {
        let symbols: Symbols = supplier
            .symbols
            .iter()
            .map(|(symbol, code)| (SYMBOLS[*symbol as usize], CODES[*code as usize].to_string()))
            .collect();
        let table = &mut tables[position];
        let marks = table.columns.iter().position(|column| column == "marks").unwrap();
        let mut number = 0usize;
        for row in &mut table.rows {
            row[marks] = row[marks].chars().map(|mark| written(mark, supplier, &symbols, &mut number)).collect();
        }
        all.insert(table.file.clone(), symbols);
    }
    if spec.shared && all.len() > 1 {
        let last = tables[first].rows.last().unwrap().clone();
        tables.last_mut().unwrap().rows[0] = last;
    }
    all
}

fn written(mark: char, supplier: &SupplierSpec, symbols: &Symbols, number: &mut usize) -> char {
    *number += 1;
    let all: Vec<char> = symbols.keys().copied().collect();
    if supplier.stray > 0 && *number % supplier.stray as usize == 0 && !all.is_empty() {
        return all[*number % all.len()];
    }
    let stands_for_it = |symbol: &&char| symbols[symbol].trim().to_uppercase() == mark.to_string();
    all.iter().find(stands_for_it).copied().unwrap_or(mark)
}
