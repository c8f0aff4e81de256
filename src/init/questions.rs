//! What is still open of a file that is written into the settings.

use super::candidate::Candidate;
use super::sheet::Sheet;
use super::sureness::{Sureness, is_date};
use crate::load::tables::TableName;
use crate::words::counted;

/// What is open of a file that is written into the settings, a sentence each.
pub fn open_questions(sheet: &Sheet, candidate: &Candidate) -> Vec<String> {
    let mut open = Vec::new();
    if sheet.stray_quotes {
        open.push("To decide: a quotation mark stands where it should not, so that rows run into one another: correct the row.".to_owned());
    }
    if !sheet.twice.is_empty() {
        open.push(format!(
            "To decide: more than one column is headed {}: give one of them another heading in the file.",
            sheet.twice.join(", ")
        ));
    }
    if !candidate.has_key && candidate.table != TableName::Criteria {
        open.push("To decide: the id of a row is not its own, several rows have the same: rows that are not the same in every column of the table would all be put in quarantine.".to_owned());
    }
    if candidate.order.is_both_ways() {
        open.push("To decide: some dates have a number over 12 in first place and some in second: each way of reading leaves some in quarantine.".to_owned());
    }
    for pair in &candidate.pairs {
        let column = &sheet.columns[pair.position];
        if pair.sureness() == Sureness::Guess {
            open.push(format!("whether \"{}\" is {} is a guess.", column.heading, pair.column));
        }
        if is_date(pair.column) && column.short_years > 0 {
            let times = counted(column.short_years, "date has", "dates have");
            open.push(format!(
                "To decide: \"{}\": {times} a year of two digits, which is refused: ask for four.",
                column.heading
            ));
        }
    }
    for (column, meanings) in candidate.meanings.iter().filter(|(column, _)| **column != "source") {
        let unsure =
            meanings.words.iter().filter(|word| word.sureness == Sureness::Guess).count() + meanings.not_shown.len();
        if unsure > 0 {
            open.push(format!("what {} of {column} stand for.", counted(unsure, "word", "words")));
        }
    }
    if candidate.is_of_percentages() {
        open.push(
            "it has percentages, which decide nothing by themselves: ask for the sessions possible and attended of each term."
                .to_owned(),
        );
    }
    if let Some(wide) = candidate.wide.as_ref() {
        if wide.not_known().0 > 0 {
            open.push(format!(
                "what {} of the criteria stand for, in {}.",
                counted(wide.not_known().0, "word", "words"),
                counted(wide.not_known().1, "cell", "cells")
            ));
        }
        if let Some((_, rows)) = wide.outcomes_below.filter(|(sureness, _)| *sureness == Sureness::Guess) {
            open.push(format!(
                "whether {} that {} nobody the outcomes of the row above.",
                counted(rows, "row", "rows"),
                if rows == 1 { "names has" } else { "name have" }
            ));
        }
        if !wide.without_flag.is_empty() {
            open.push(format!(
                "criteria without a column that says whether there is a need: {}.",
                wide.without_flag.join(", ")
            ));
        }
    }
    open
}
