//! The data folder's `sfclaim.toml`: which authority the data is of, how its files become tables, and what the symbols of
//! each supplier's weeks of marks stand for.

use super::mapping::{self, Dialect, Encoding, FileEntry, Mapping, Separator};
use super::pointed_at::pointed_at;
use crate::dates::{self, Date, DateOrder};
use crate::error::{Error, Result, did_you_mean};
use crate::rules::targets::YearStart;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A value with its place in the text.
pub use toml::Spanned;

/// What the file may say. All of it is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The authority's id, by which its targets are found in the rule pack.
    pub authority: Option<String>,
    /// The first day of the financial year, as month and day: `04-01`.
    pub financial_year_starts: Option<String>,
    /// The day on which the data were taken from their systems.
    extracted_on: Option<toml::Value>,
    separator: Option<Separator>,
    encoding: Option<Encoding>,
    date_order: Option<DateOrder>,
    /// Files that are not named or written as the tables are.
    #[serde(default)]
    files: Vec<FileEntry>,
    /// Those who supply attendance files in ways of their own.
    #[serde(default)]
    pub suppliers: Vec<Supplier>,
    /// Where the settings stand, and their text, for messages.
    #[serde(skip)]
    text: (PathBuf, String),
    /// The files' mappings, in the order of `files`.
    #[serde(skip)]
    mappings: Vec<Mapping>,
}

/// A supplier of attendance files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    /// The supplier's name, for messages.
    pub name: String,
    /// The names of its files; `*` stands for anything.
    pub files: Vec<String>,
    /// What each one-character symbol in a week of marks stands for: a code of one or two characters.
    #[serde(default)]
    pub symbols: Symbols,
}

/// Symbols of a week of marks and the codes that they stand for. A character that is none of them is a code itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct Symbols(BTreeMap<char, String>);

impl TryFrom<BTreeMap<String, String>> for Symbols {
    type Error = String;

    fn try_from(given: BTreeMap<String, String>) -> std::result::Result<Symbols, String> {
        let one = |(symbol, code): (String, String)| {
            let mut characters = symbol.chars();
            match (characters.next(), characters.next()) {
                (Some(only), None) => Ok((only, code.trim().to_uppercase())),
                _ => Err(format!("the symbol \"{symbol}\" is not one character: a week has one for each half-day")),
            }
        };
        given.into_iter().map(one).collect::<std::result::Result<_, _>>().map(Symbols)
    }
}

impl Symbols {
    /// The code that a symbol stands for, upper case.
    pub fn code_of(&self, symbol: char) -> Option<&str> {
        self.0.get(&symbol).map(String::as_str)
    }

    /// The code that a cell of one mark stands for; `None` where it is not one of the symbols.
    pub fn code_of_cell(&self, cell: &str) -> Option<&str> {
        let mut characters = cell.chars();
        let only = characters.next().filter(|_| characters.next().is_none())?;
        self.code_of(only)
    }

    /// The same where it is not the code that the character itself is.
    pub fn other_code_of(&self, symbol: char) -> Option<&str> {
        let is_own = |code: &str| symbol.to_uppercase().eq(code.chars()) || (code.is_empty() && symbol.is_whitespace());
        self.code_of(symbol).filter(|code| !is_own(code))
    }
}

/// The keys there are.
const KEYS: [&str; 8] =
    ["authority", "extracted_on", "financial_year_starts", "separator", "encoding", "date_order", "files", "suppliers"];

impl Settings {
    /// The day on which the authority's financial year starts; 1 April where nothing is said.
    pub fn year_starts(&self) -> YearStart {
        self.financial_year_starts.as_deref().and_then(|day| day.parse().ok()).unwrap_or_default()
    }

    /// The day on which the data were taken from their systems, where it is said.
    pub fn extracted_on(&self) -> Option<Date> {
        self.extracted_on.as_ref().and_then(day_of)
    }

    /// How files are written where nothing else is said of them.
    pub fn dialect(&self) -> Dialect {
        Dialect { separator: self.separator, encoding: self.encoding, date_order: self.date_order }
    }

    /// The files that are spoken of: name or pattern, and what they become.
    pub fn mappings(&self) -> impl Iterator<Item = (&str, &Mapping)> {
        self.files.iter().map(|entry| entry.file.get_ref().as_str()).zip(&self.mappings)
    }

    /// A mistake in what is said of a file, with its place in `sfclaim.toml`; `number` counts the `[[files]]`.
    pub fn wrong_file(&self, number: usize, message: &str) -> Error {
        let span = self.files.get(number).map_or(0..0, |entry| entry.file.span());
        pointed_at((&self.text.0, &self.text.1), span, message)
    }

    /// Whether a column was named by the ready mapping of a file alone.
    pub fn is_from_ready_mapping(&self, number: Option<usize>, column: &str) -> bool {
        let entry = number.and_then(|number| self.files.get(number));
        entry.is_some_and(|entry| entry.mapping.is_some() && !entry.columns.keys().any(|own| own.get_ref() == column))
    }

    /// The mistake of naming a column that a file has not, with its place.
    pub fn wrong_heading(&self, number: usize, heading: &str, message: &str) -> Error {
        let entry = self.files.get(number);
        let named = entry.and_then(|entry| entry.columns.values().find(|named| named.get_ref() == heading));
        let span = named.map(Spanned::span).or_else(|| entry.map(|entry| entry.file.span()));
        pointed_at((&self.text.0, &self.text.1), span.unwrap_or(0..0), message)
    }

    /// What the symbols of a file stand for, where a supplier's names fit it. Two that do are refused when the file is read.
    pub fn symbols_of(&self, file: &str) -> Option<&Symbols> {
        let of_it = |supplier: &&Supplier| supplier.files.iter().any(|pattern| fits(file, pattern));
        self.suppliers.iter().find(of_it).map(|supplier| &supplier.symbols)
    }

    /// Checks the suppliers against the attendance files there are. Gives back the suppliers whose names fit none.
    ///
    /// # Errors
    /// A file that two suppliers claim.
    pub fn check_suppliers<'a>(&self, files: impl Iterator<Item = &'a str> + Clone) -> Result<Vec<&str>> {
        for file in files.clone() {
            let of_it = |supplier: &&Supplier| supplier.files.iter().any(|pattern| fits(file, pattern));
            let names: Vec<&str> = self.suppliers.iter().filter(of_it).map(|supplier| supplier.name.as_str()).collect();
            if let [one, other, ..] = names.as_slice() {
                return Err(Error::new(format!(
                    "sfclaim.toml: the files of \"{one}\" and of \"{other}\" both take in {file}: it can be of one supplier only."
                )));
            }
        }
        let fits_any =
            |supplier: &&Supplier| supplier.files.iter().any(|pattern| files.clone().any(|file| fits(file, pattern)));
        Ok(self
            .suppliers
            .iter()
            .filter(|supplier| !fits_any(supplier))
            .map(|supplier| supplier.name.as_str())
            .collect())
    }

    /// The codes that symbols stand for, with their supplier.
    pub fn codes_meant(&self) -> impl Iterator<Item = (&str, char, &str)> {
        self.suppliers.iter().flat_map(|supplier| {
            supplier.symbols.0.iter().map(|(symbol, code)| (supplier.name.as_str(), *symbol, code.as_str()))
        })
    }
}

/// Whether a file's name fits a pattern, in which `*` stands for anything.
pub fn fits(file: &str, pattern: &str) -> bool {
    // Many file systems take large and small letters for the same.
    let (file, pattern) = (file.to_lowercase(), pattern.to_lowercase());
    let Some((before, after)) = pattern.split_once('*') else { return file == pattern };
    let Some(mut rest) = file.strip_prefix(before) else { return false };
    let mut parts: Vec<&str> = after.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    // Each part as early as it comes leaves most for those behind it.
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Reads the file.
///
/// # Errors
/// Not TOML, a key that there is not, or a value that cannot be; the message shows the place.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Settings> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Error::new(format!("{} is not UTF-8 text.", path.display())))?;
    let failed = |why: toml::de::Error| {
        let what = why.message();
        let message = format!("{}.{}", what.trim_end_matches('.'), nearest_key(what));
        pointed_at((path, text), why.span().unwrap_or(0..0), &message)
    };
    let keys: toml::Table = toml::from_str(text).map_err(failed)?;
    if let Some(unknown) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let hint = did_you_mean(unknown, KEYS);
        return Err(Error::new(format!(
            "{}: there is no setting \"{unknown}\".{hint} It may have: {}.",
            path.display(),
            KEYS.join(", ")
        )));
    }
    let mut settings: Settings = toml::from_str(text).map_err(failed)?;
    let all = settings.dialect();
    let resolved = settings.files.iter().map(|entry| mapping::resolved(entry, &all, (path, text)));
    settings.mappings = resolved.collect::<Result<_>>()?;
    if let Some(day) = settings.extracted_on.as_ref().filter(|day| day_of(day).is_none()) {
        return Err(Error::new(format!(
            "{}: extracted_on = {day} is not a date: write \"2024-09-30\", the day on which the data were taken from their systems.",
            path.display()
        )));
    }
    if let Some(day) = &settings.financial_year_starts
        && day.parse::<YearStart>().is_err()
    {
        return Err(Error::new(format!(
            "{}: financial_year_starts = \"{day}\" is not a month and a day: write 04-01.",
            path.display()
        )));
    }
    settings.text = (path.to_owned(), text.to_owned());
    Ok(settings)
}

/// Where the reader of TOML says which keys there might have been: the nearest of them.
fn nearest_key(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match (message.starts_with("unknown field"), quoted.next()) {
        (true, Some(typed)) => did_you_mean(typed, quoted),
        _ => String::new(),
    }
}

/// A day as it may be written in the settings: in quotes or without.
fn day_of(value: &toml::Value) -> Option<Date> {
    value.as_str().map_or_else(|| dates::read(&value.to_string()), dates::read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> std::result::Result<Settings, String> {
        read(Path::new("sfclaim.toml"), text.as_bytes()).map_err(|why| why.to_string())
    }

    #[test]
    fn a_supplier_says_what_its_symbols_stand_for() {
        let read = settings(
            "[[suppliers]]\nname = \"North\"\nfiles = [\"attendance_north*.csv\"]\nsymbols = { 1 = \"y1\", \"(\" = '\\' }\n",
        );
        let read = read.unwrap();
        let symbols = read.symbols_of("attendance_north_2024.csv").unwrap();
        assert_eq!(symbols.code_of('1'), Some("Y1"));
        assert_eq!(symbols.code_of('('), Some("\\"));
        assert_eq!(symbols.code_of('/'), None);
        assert!(read.symbols_of("attendance_south.csv").is_none());
    }

    #[test]
    fn a_symbol_is_one_character() {
        let why = settings("[[suppliers]]\nname = \"N\"\nfiles = []\nsymbols = { Y1 = \"Y1\" }\n").unwrap_err();
        assert!(why.contains("\"Y1\" is not one character"), "{why}");
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (file, pattern, expected) in [
            ("attendance.csv", "attendance.csv", true),
            ("attendance_1.csv", "attendance*.csv", true),
            ("attendance.csv", "attendance*.csv", true),
            ("attendance_1.parquet", "attendance*.csv", false),
            ("attendance_sims_a.csv", "*sims*", true),
            ("attendance_é.csv", "*é*v", true),
        ] {
            assert_eq!(fits(file, pattern), expected, "{file} {pattern}");
        }
    }

    #[test]
    fn a_file_is_of_one_supplier_and_one_without_files_is_told() {
        let both = settings(
            "[[suppliers]]\nname = \"A\"\nfiles = [\"*\"]\n[[suppliers]]\nname = \"B\"\nfiles = [\"attendance_b.csv\"]\n",
        )
        .unwrap();
        assert!(both.check_suppliers(["attendance_b.csv"].into_iter()).is_err());
        assert_eq!(both.check_suppliers(["attendance_c.csv"].into_iter()).unwrap(), ["B"]);
    }

    #[test]
    fn a_file_may_be_said_to_be_a_table_under_other_headings() {
        let read = settings(
            "date_order = \"month_first\"\n[[files]]\nfile = \"export*.csv\"\ntable = \"cases\"\nseparator = \";\"\n\
             columns = { opened_on = \"Date Opened\" }\nvalues.source = { \"EH Hub\" = \"early_help\" }\n\
             constants = { team = \"North\" }\n",
        )
        .unwrap();
        let (file, mapping) = read.mappings().next().unwrap();
        assert_eq!((file, mapping.table.word()), ("export*.csv", "cases"));
        assert_eq!(mapping.dialect.separator, Some(Separator::Semicolon));
        assert_eq!(mapping.dialect.date_order, Some(DateOrder::MonthFirst));
        assert_eq!(mapping.columns["opened_on"], "Date Opened");
        assert_eq!(mapping.values["source"]["eh hub"], "early_help");
        assert_eq!(mapping.constants["team"], "North");
    }

    #[test]
    fn a_mistake_is_shown_in_its_line_with_the_nearest_word() {
        let file = |more: &str| settings(&format!("[[files]]\nfile = \"a.csv\"\n{more}\n")).unwrap_err();
        for (text, expected) in [
            ("tabel = \"cases\"", "line 3, column 1: unknown field `tabel`"),
            ("tabel = \"cases\"", "Did you mean \"table\"?"),
            ("table = \"case\"", "line 3, column 9: there is no table \"case\". Did you mean \"cases\"?"),
            (
                "table = \"cases\"\ncolumns = { opened = \"Date\" }",
                "line 4, column 13: the table \"cases\" has no column \"opened\". Did you mean \"opened_on\"?",
            ),
            ("table = \"cases\"\nmapping = \"nothing\"", "line 4, column 11: there is no ready mapping \"nothing\"."),
            ("table = \"cases\"\nwide.criteria = { 1 = \"A\" }", "only the table \"criteria\" has a wide layout"),
            ("table = \"cases\"\nencoding = \"utf-61\"", "line 4, column 12: unknown variant `utf-61`"),
            ("", "it is not said which table the file is"),
        ] {
            let why = file(text);
            assert!(why.contains(expected), "{text}: {why}");
        }
        assert!(
            file("tabel = \"cases\"").contains("\n 3 | tabel = \"cases\"\n   | ^^^^^"),
            "{}",
            file("tabel = \"cases\"")
        );
    }
}
