//! Criteria in wide layout: a row a case, with a column for each criterion (a flag or a date) and, beside it, columns for
//! its outcome. Each criterion that a row flags becomes a row of the criteria table, with the number of its row.

use super::mapping::{Mapping, Wide, WideColumns, folded};
use super::{Defect, Rows, row_number};
use crate::dates;
use crate::error::did_you_mean;
use crate::finding::FindingCode;
use crate::words::counted;
use std::collections::BTreeMap;

/// The rows of the criteria table that a wide table stands for.
pub(super) struct Unfolded {
    /// The columns, by the table's names.
    pub(super) names: Vec<String>,
    pub(super) rows: Rows,
    /// The heading that each column has in the file.
    pub(super) headings: BTreeMap<String, String>,
}

/// The columns of the criteria table, in the order in which rows are made.
const COLUMNS: [&str; 8] =
    ["case_id", "criterion", "person_id", "identified_on", "outcome_on", "relapsed_on", "result", "evidence"];

/// Words that say yes and no without being named.
const YES: [&str; 5] = ["y", "yes", "true", "1", "x"];
const NO: [&str; 5] = ["n", "no", "false", "0", ""];

/// What the flag of a criterion says.
enum Flag {
    No,
    Yes,
    /// The date on which the need was identified.
    Since,
    Unknown,
}

/// Where the columns of one criterion stand.
struct Positions<'a> {
    criterion: &'a str,
    heading: String,
    flag: usize,
    /// By position in [`COLUMNS`]: the position in the file.
    others: Vec<(usize, usize)>,
}

/// Turns the rows of a wide table into rows of criteria.
///
/// # Errors
/// A column that the settings name and the file has not; in a sentence.
pub(super) fn unfolded(
    file: &str,
    mapping: &Mapping,
    spec: &Wide,
    names: &[String],
    wide: Rows,
) -> Result<Unfolded, String> {
    let position = |heading: &str| {
        names.iter().position(|name| folded(name) == folded(heading)).ok_or_else(|| {
            let hint = did_you_mean(heading, names.iter().map(|name| name.trim()));
            format!("{file} has no column \"{heading}\".{hint}")
        })
    };
    let heading = |column: &'static str| mapping.columns.get(column).map_or(column, String::as_str);
    let case_id = position(heading("case_id"))?;
    // What the file gives once a row holds for each of its criteria.
    let of_all: Vec<(usize, usize)> = COLUMNS
        .iter()
        .enumerate()
        .skip(2)
        .filter_map(|(column, name)| Some((column, mapping.columns.get(*name)?)))
        .map(|(column, heading)| Ok((column, position(heading)?)))
        .collect::<Result<_, String>>()?;
    let mut criteria = Vec::new();
    for (criterion, columns) in &spec.criteria {
        let columns: WideColumns = columns.columns();
        let column = |name: &str| COLUMNS.iter().position(|known| *known == name).unwrap_or(0);
        let others = columns.others().map(|(name, heading)| Ok((column(name), position(heading)?)));
        criteria.push(Positions {
            criterion: criterion.get_ref(),
            heading: columns.flag.clone(),
            flag: position(&columns.flag)?,
            others: others.collect::<Result<_, String>>()?,
        });
    }
    let words = |own: &[String], known: [&str; 5]| -> Vec<String> {
        own.iter().map(|word| folded(word)).chain(known.into_iter().map(str::to_owned)).collect()
    };
    // A word that is named counts as named, whatever it is otherwise.
    let (said_yes, said_no) = (spec.yes.iter().map(|word| folded(word)), spec.no.iter().map(|word| folded(word)));
    let (said_yes, said_no): (Vec<String>, Vec<String>) = (said_yes.collect(), said_no.collect());
    let (yes, no) = (words(&spec.yes, YES), words(&spec.no, NO));
    let order = mapping.dialect.date_order.unwrap_or_default();
    let flag = |text: &str| {
        let word = folded(text);
        if said_yes.contains(&word) {
            Flag::Yes
        } else if said_no.contains(&word) || no.contains(&word) {
            Flag::No
        } else if yes.contains(&word) {
            Flag::Yes
        } else if dates::read_in(text, order).is_some() {
            Flag::Since
        } else {
            Flag::Unknown
        }
    };
    let mut rows = Rows::default();
    for (position, cells) in wide.cells.iter().enumerate() {
        let number = wide.numbers.get(position).copied().unwrap_or_else(|| row_number(position));
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cell = |position: usize| cells.get(position).map_or("", |cell| cell.trim());
        let mut put = |criterion: &str, others: &[(usize, usize)], since: &str, defect: Option<Defect>| {
            let mut row = vec![String::new(); COLUMNS.len()];
            row[0] = cell(case_id).to_owned();
            row[1] = criterion.to_owned();
            for (column, from) in of_all.iter().chain(others) {
                row[*column] = cell(*from).to_owned();
            }
            if row[3].is_empty() {
                row[3] = since.to_owned();
            }
            if let Some(defect) = defect {
                rows.defects.insert(rows.cells.len(), defect);
            }
            rows.cells.push(row);
            rows.numbers.push(number);
        };
        let is_ragged = cells.len() < names.len() || cells.iter().skip(names.len()).any(|cell| !cell.trim().is_empty());
        if is_ragged {
            let message =
                format!("the row has {}, and the header {}.", counted(cells.len(), "cell", "cells"), names.len());
            put(
                "",
                &[],
                "",
                Some(Defect { column: String::new(), value: String::new(), code: FindingCode::RowLength, message }),
            );
            continue;
        }
        for of in &criteria {
            let text = cell(of.flag);
            let beside: Vec<&str> =
                of.others.iter().map(|(_, from)| cell(*from)).filter(|text| !text.is_empty()).collect();
            let wrong = |message: String| {
                Some(Defect {
                    column: of.heading.clone(),
                    value: text.to_owned(),
                    code: FindingCode::UnclearFlag,
                    message,
                })
            };
            match flag(text) {
                Flag::No if beside.is_empty() => {}
                Flag::No => {
                    let message = format!(
                        "\"{}\" says that the case has not criterion {}, and yet there is \"{}\" for it.",
                        of.heading,
                        of.criterion,
                        beside.join("\", \"")
                    );
                    put(of.criterion, &of.others, "", wrong(message));
                }
                Flag::Yes => put(of.criterion, &of.others, "", None),
                Flag::Since => put(of.criterion, &of.others, text, None),
                Flag::Unknown => {
                    let message = format!("\"{}\" is \"{text}\", which is neither yes nor no nor a date.", of.heading);
                    put(of.criterion, &of.others, "", wrong(message));
                }
            }
        }
    }
    let mut headings = BTreeMap::new();
    if folded(heading("case_id")) != folded("case_id") {
        headings.insert("case_id".to_owned(), heading("case_id").to_owned());
    }
    Ok(Unfolded { names: COLUMNS.iter().map(|name| (*name).to_owned()).collect(), rows, headings })
}
