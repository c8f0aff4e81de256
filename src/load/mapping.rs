//! How the files of a data folder become tables: the `[[files]]` of `sfclaim.toml`, each with the ready mapping that it
//! may name, and what is taken for granted where nothing is said.
//!
//! Longer than most files, since it has every key of `[[files]]` and what is refused of each.

use super::folded::folded;
use super::pointed_at::pointed_at;
use super::tables::TableName;
use crate::dates::DateOrder;
use crate::error::{Error, Result, did_you_mean};
use crate::rules::calendar::academic_year_of;
use crate::rules::compiled_in;
use crate::words::worded;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// How a file of text is written. What is not said is found out from the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// What stands between two cells.
    pub separator: Option<Separator>,
    /// How characters are stored.
    pub encoding: Option<Encoding>,
    /// Which number comes first in a date.
    pub date_order: Option<DateOrder>,
}

worded! {
    /// What stands between two cells of a row.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
    pub enum Separator {
        /// `,`
        #[serde(rename = "comma", alias = ",")]
        Comma = "comma",
        /// `;`
        #[serde(rename = "semicolon", alias = ";")]
        Semicolon = "semicolon",
        /// A tab.
        #[serde(rename = "tab", alias = "\t")]
        Tab = "tab",
        /// `|`
        #[serde(rename = "bar", alias = "|")]
        Bar = "bar",
    }
}

impl Separator {
    /// The character.
    pub fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
            Separator::Bar => b'|',
        }
    }
}

worded! {
    /// How characters are stored.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
    pub enum Encoding {
        /// UTF-8, with or without a byte-order mark.
        #[serde(rename = "utf-8", alias = "UTF-8", alias = "utf8")]
        Utf8 = "utf-8",
        /// UTF-16, the order of its bytes told by its mark, else by where its zeros stand.
        #[serde(rename = "utf-16", alias = "UTF-16", alias = "utf16")]
        Utf16 = "utf-16",
        /// Windows-1252, as older spreadsheets save.
        #[serde(rename = "windows-1252", alias = "Windows-1252", alias = "cp1252", alias = "latin-1")]
        Windows1252 = "windows-1252",
    }
}

/// One of the `[[files]]`, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// The file's name in the folder, `*` for anything.
    pub file: Spanned<String>,
    /// The table it is.
    pub table: Option<Spanned<String>>,
    /// A ready mapping to begin with.
    pub mapping: Option<Spanned<String>>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row with the column names, as a spreadsheet numbers it.
    pub header_row: Option<u32>,
    separator: Option<Separator>,
    encoding: Option<Encoding>,
    date_order: Option<DateOrder>,
    /// The file's heading of each column of the table.
    #[serde(default)]
    pub columns: BTreeMap<Spanned<String>, Spanned<String>>,
    /// What the words of a column stand for.
    #[serde(default)]
    pub values: BTreeMap<Spanned<String>, BTreeMap<String, String>>,
    /// Columns that are the same in every row.
    #[serde(default)]
    pub constants: BTreeMap<Spanned<String>, String>,
    /// Criteria side by side in the row of their case.
    pub wide: Option<Wide>,
}

/// A ready mapping, as its file is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadyMapping {
    /// What it is for, in a line.
    pub title: String,
    /// Where the shape is described.
    pub source: String,
    /// How far that can be relied on.
    pub standing: String,
    /// What to know before using it.
    #[serde(default)]
    pub notes: String,
    /// The table.
    pub table: Spanned<String>,
    /// Which number comes first in a date.
    pub date_order: Option<DateOrder>,
    /// The file's heading of each column of the table.
    #[serde(default)]
    pub columns: BTreeMap<Spanned<String>, Spanned<String>>,
    /// What the words of a column stand for.
    #[serde(default)]
    pub values: BTreeMap<Spanned<String>, BTreeMap<String, String>>,
    /// Columns that are the same in every row.
    #[serde(default)]
    pub constants: BTreeMap<Spanned<String>, String>,
    /// Criteria side by side in the row of their case.
    pub wide: Option<Wide>,
}

/// Criteria in wide layout: one row a case, and of each criterion a column with a flag or a date.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wide {
    /// Words that say that the case has the need, beside `y`, `yes`, `true`, `1` and `x`.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Words that say that it has not, beside a blank, `n`, `no`, `false` and `0`.
    #[serde(default)]
    pub no: Vec<String>,
    /// Whether the outcomes of a row stand in the row below it, each under the flag of its criterion.
    #[serde(default)]
    pub outcomes_below: bool,
    /// The columns of each criterion.
    #[serde(default)]
    pub criteria: BTreeMap<Spanned<String>, WideCriterion>,
    /// Of attendance: for a term, such as `Spring 2023/24` or the half-term `Spring 1 2023/24`, its columns.
    #[serde(default)]
    pub terms: BTreeMap<Spanned<String>, WideTerm>,
}

impl Wide {
    /// Name and academic year of each term that has columns.
    pub fn terms_and_years(&self) -> impl Iterator<Item = (&str, &str)> {
        self.terms.keys().filter_map(|name| term_and_year(name.get_ref()))
    }
}

/// The columns of one term, or half-term, of attendance.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum WideTerm {
    /// The heading of its percentages.
    Percent(String),
    /// The headings of its sessions.
    Sessions(WideSessions),
}

/// The headings of the sessions of one term.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is the column of attendance of the same name")]
pub struct WideSessions {
    pub possible: String,
    pub attended: Option<String>,
    pub authorised: Option<String>,
    pub unauthorised: Option<String>,
}

impl WideTerm {
    /// The columns of the rows that are made of it, by the table's names, each with its heading.
    pub fn columns(&self) -> Vec<(&'static str, &str)> {
        match self {
            WideTerm::Percent(heading) => vec![("percent", heading)],
            WideTerm::Sessions(of_it) => [
                ("possible", Some(&of_it.possible)),
                ("attended", of_it.attended.as_ref()),
                ("authorised", of_it.authorised.as_ref()),
                ("unauthorised", of_it.unauthorised.as_ref()),
            ]
            .into_iter()
            .filter_map(|(name, heading)| Some((name, heading?.as_str())))
            .collect(),
        }
    }
}

/// The columns of one criterion.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum WideCriterion {
    /// The flag alone.
    Flag(String),
    /// The flag and others.
    Columns(WideColumns),
}

/// The headings of the columns of one criterion.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is the column of the criteria table of the same name")]
pub struct WideColumns {
    /// A yes or no, or the date on which the need was identified.
    pub flag: String,
    pub person_id: Option<String>,
    pub identified_on: Option<String>,
    pub outcome_on: Option<String>,
    pub relapsed_on: Option<String>,
    pub result: Option<String>,
    pub evidence: Option<String>,
}

impl WideCriterion {
    /// The columns.
    pub fn columns(&self) -> WideColumns {
        match self {
            WideCriterion::Flag(flag) => WideColumns { flag: flag.clone(), ..WideColumns::default() },
            WideCriterion::Columns(columns) => columns.clone(),
        }
    }
}

impl WideColumns {
    /// The columns beside the flag, by the criteria table's names.
    pub fn others(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("person_id", &self.person_id),
            ("identified_on", &self.identified_on),
            ("outcome_on", &self.outcome_on),
            ("relapsed_on", &self.relapsed_on),
            ("result", &self.result),
            ("evidence", &self.evidence),
        ]
        .into_iter()
        .filter_map(|(name, heading)| Some((name, heading.as_deref()?)))
    }
}

/// How one file becomes a table, ready to be applied.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The table.
    pub table: TableName,
    /// How the file is written.
    pub dialect: Dialect,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row with the column names.
    pub header_row: Option<u32>,
    /// The file's heading of each column of the table, where it is another.
    pub columns: BTreeMap<String, String>,
    /// By column, what its words stand for; words in small letters.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns that are the same in every row.
    pub constants: BTreeMap<String, String>,
    /// Criteria side by side.
    pub wide: Option<Wide>,
}

impl Mapping {
    /// The mapping of a file whose name is that of a table.
    pub fn plain(table: TableName, dialect: Dialect) -> Mapping {
        Mapping {
            table,
            dialect,
            sheet: None,
            header_row: None,
            columns: BTreeMap::new(),
            values: BTreeMap::new(),
            constants: BTreeMap::new(),
            wide: None,
        }
    }
}

/// The ready mappings that are compiled in: file inside `rules/mappings/`, and text.
pub fn ready_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    compiled_in::in_folder("mappings")
}

/// The names of the ready mappings, sorted.
pub fn ready_names() -> impl Iterator<Item = &'static str> {
    ready_files().map(|(file, _)| file.trim_end_matches(".toml"))
}

/// The ready mapping of this name.
///
/// # Errors
/// There is none, or it has a mistake.
pub fn ready(name: &str) -> Result<ReadyMapping> {
    let Some((file, text)) = ready_files().find(|(file, _)| file.trim_end_matches(".toml") == name) else {
        let names: Vec<&str> = ready_names().collect();
        let hint = did_you_mean(name, names.iter().copied());
        return Err(Error::new(format!("there is no ready mapping \"{name}\".{hint} There is {}.", names.join(", "))));
    };
    toml::from_str(text).map_err(|why| Error::new(format!("rules/mappings/{file}: {}", why.to_string().trim_end())))
}

/// One of the `[[files]]`, with its ready mapping and what holds for all files.
///
/// # Errors
/// A table, column or mapping that there is not; the message shows the place.
pub fn resolved(entry: &FileEntry, all: &Dialect, settings: (&Path, &str)) -> Result<Mapping> {
    let at = |spanned: std::ops::Range<usize>, message: String| pointed_at(settings, spanned, &message);
    let ready = match &entry.mapping {
        Some(name) => Some(ready(name.get_ref()).map_err(|why| at(name.span(), why.to_string()))?),
        None => None,
    };
    let table = match (&entry.table, &ready) {
        (Some(table), _) => table_of(table).map_err(|why| at(table.span(), why))?,
        (None, Some(ready)) => table_of(&ready.table).map_err(|why| at(entry.file.span(), why))?,
        (None, None) => {
            return Err(at(
                entry.file.span(),
                "it is not said which table the file is: add table = \"cases\", for example.".to_owned(),
            ));
        }
    };
    let dialect = Dialect {
        separator: entry.separator.or(all.separator),
        encoding: entry.encoding.or(all.encoding),
        date_order: entry.date_order.or(ready.as_ref().and_then(|ready| ready.date_order)).or(all.date_order),
    };
    let mut mapping = Mapping::plain(table, dialect);
    mapping.sheet = entry.sheet.clone();
    mapping.header_row = entry.header_row;
    if entry.header_row == Some(0) {
        return Err(at(entry.file.span(), "header_row = 0: rows are counted from 1.".to_owned()));
    }
    let own = (&entry.columns, &entry.values, &entry.constants, &entry.wide);
    let parts = ready.iter().map(|ready| (&ready.columns, &ready.values, &ready.constants, &ready.wide));
    for (columns, values, constants, wide) in parts.chain([own]) {
        for (column, heading) in columns {
            known(table, column).map_err(|why| at(column.span(), why))?;
            mapping.constants.remove(column.get_ref());
            mapping.columns.insert(column.get_ref().clone(), heading.get_ref().clone());
        }
        for (column, words) in values {
            known(table, column).map_err(|why| at(column.span(), why))?;
            let words = words.iter().map(|(word, meant)| (folded(word), meant.clone()));
            mapping.values.entry(column.get_ref().clone()).or_default().extend(words);
        }
        for (column, value) in constants {
            known(table, column).map_err(|why| at(column.span(), why))?;
            mapping.columns.remove(column.get_ref());
            mapping.constants.insert(column.get_ref().clone(), value.clone());
        }
        if let Some(wide) = wide {
            check_wide(table, wide, entry.file.span()).map_err(|(span, why)| at(span, why))?;
            mapping.wide = Some(wide.clone());
        }
    }
    if let Some((heading, why)) = one_heading_twice(&mapping) {
        let own = entry.columns.values().find(|named| folded(named.get_ref()) == folded(&heading));
        return Err(at(own.map_or(entry.file.span(), Spanned::span), why));
    }
    Ok(mapping)
}

/// What the name of a term in the settings says: of `Spring 2023/24` its name and its academic year.
pub(super) fn term_and_year(name: &str) -> Option<(&str, &str)> {
    let (term, year) = name.trim().rsplit_once(' ')?;
    academic_year_of(year).map(|_| (term.trim(), year))
}

/// Whether a table can have criteria, or terms, side by side. A mistake has its place in the settings.
fn check_wide(
    table: TableName,
    wide: &Wide,
    file: std::ops::Range<usize>,
) -> std::result::Result<(), (std::ops::Range<usize>, String)> {
    match table {
        TableName::Attendance if !wide.terms.is_empty() && wide.criteria.is_empty() => {
            if let Some(name) = wide.terms.keys().find(|name| term_and_year(name.get_ref()).is_none()) {
                let message = format!(
                    "\"{}\" is not the name of a term and its academic year: write \"Spring 2023/24\", or \"Spring 1 2023/24\" for half of it.",
                    name.get_ref()
                );
                return Err((name.span(), message));
            }
            let is_percent = |term: &WideTerm| matches!(term, WideTerm::Percent(_));
            if wide.terms.values().any(is_percent) && !wide.terms.values().all(is_percent) {
                let message = "wide.terms has percentages for some terms and sessions for others: give the file twice in [[files]], once for each.";
                return Err((file, message.to_owned()));
            }
            let mut taken: BTreeMap<String, &str> = BTreeMap::new();
            for (name, (_, heading)) in
                wide.terms.iter().flat_map(|(name, term)| term.columns().into_iter().map(move |column| (name, column)))
            {
                if let Some(other) = taken.insert(folded(heading), name.get_ref()) {
                    let message = format!(
                        "the column \"{heading}\" is said to be of \"{other}\" and of \"{}\": a column is of one term, and one figure, only.",
                        name.get_ref()
                    );
                    return Err((name.span(), message));
                }
            }
            Ok(())
        }
        TableName::Criteria if wide.terms.is_empty() && !wide.criteria.is_empty() => Ok(()),
        TableName::Criteria => Err((
            file,
            "wide says of criteria which columns they have, in wide.criteria, and nothing of terms.".to_owned(),
        )),
        TableName::Attendance => {
            Err((file, "wide says of attendance under which heading each term stands, in wide.terms.".to_owned()))
        }
        _ => Err((
            file,
            format!(
                "only the table \"criteria\" has a wide layout, and \"attendance\" for percentages; this is \"{table}\"."
            ),
        )),
    }
}

/// A heading that is to be two columns of the table, and what to say of it: one of the two would be lost.
fn one_heading_twice(mapping: &Mapping) -> Option<(String, String)> {
    let twice = |heading: &str, one: &str, other: &str| {
        let why = format!(
            "the column \"{heading}\" of the file is said to be both {one} and {other}: a column of the file can be one column of the table only. Say which, or give the file a column for each."
        );
        Some((heading.to_owned(), why))
    };
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (column, heading) in &mapping.columns {
        if let Some(other) = taken.insert(folded(heading), column.clone()) {
            return twice(heading, &other, column);
        }
        // A column that nobody speaks of is looked for under its own name.
        let own = mapping.table.columns().iter().map(|(name, _)| *name).find(|name| folded(name) == folded(heading));
        let is_free = |name: &&str| {
            name != column && !mapping.columns.contains_key(*name) && !mapping.constants.contains_key(*name)
        };
        if let Some(other) = own.filter(is_free) {
            return twice(heading, column, other);
        }
    }
    for (criterion, columns) in mapping.wide.iter().flat_map(|wide| &wide.criteria) {
        let (criterion, columns) = (criterion.get_ref(), columns.columns());
        let flag = format!("the flag of criterion {criterion}");
        // What holds for several criteria, such as one day of outcome for all, may be given for each of them.
        let mut own: BTreeMap<String, String> = BTreeMap::from([(folded(&columns.flag), flag.clone())]);
        for (part, heading) in columns.others() {
            let part = format!("{part} of criterion {criterion}");
            if let Some(other) = own.insert(folded(heading), part.clone()) {
                return twice(heading, &other, &part);
            }
        }
        if let Some(other) = taken.insert(folded(&columns.flag), flag.clone()) {
            return twice(&columns.flag, &other, &flag);
        }
    }
    None
}

fn table_of(word: &Spanned<String>) -> std::result::Result<TableName, String> {
    let found = TableName::ALL.into_iter().find(|table| table.word() == word.get_ref());
    found.ok_or_else(|| {
        let names: Vec<&str> = TableName::ALL.iter().map(|table| table.word()).collect();
        let hint = did_you_mean(word.get_ref(), names.iter().copied());
        format!("there is no table \"{}\".{hint} There is {}.", word.get_ref(), names.join(", "))
    })
}

fn known(table: TableName, column: &Spanned<String>) -> std::result::Result<(), String> {
    if table.knows(column.get_ref()) {
        return Ok(());
    }
    let names: Vec<&str> = table.columns().iter().map(|(name, _)| *name).collect();
    let hint = did_you_mean(column.get_ref(), names.iter().copied());
    Err(format!("the table \"{table}\" has no column \"{}\".{hint} It has {}.", column.get_ref(), names.join(", ")))
}
