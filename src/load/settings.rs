//! The data folder's `sfclaim.toml`: which authority the data is of, and what the symbols of each supplier's weeks of
//! marks stand for.

use crate::error::{Error, Result, did_you_mean};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What the file may say. All of it is optional.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The authority's id, by which its targets are found in the rule pack.
    pub authority: Option<String>,
    /// Those who supply attendance files in ways of their own.
    #[serde(default)]
    pub suppliers: Vec<Supplier>,
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

    /// The same where it is not the code that the character itself is.
    pub fn other_code_of(&self, symbol: char) -> Option<&str> {
        let is_own = |code: &str| symbol.to_uppercase().eq(code.chars()) || (code.is_empty() && symbol.is_whitespace());
        self.code_of(symbol).filter(|code| !is_own(code))
    }
}

/// The keys there are.
const KEYS: [&str; 2] = ["authority", "suppliers"];

impl Settings {
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
fn fits(file: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => file == pattern,
        Some((before, after)) => file.strip_prefix(before).is_some_and(|rest| {
            let starts = rest.char_indices().map(|(start, _)| start).chain([rest.len()]);
            starts.into_iter().any(|start| fits(&rest[start..], after))
        }),
    }
}

/// Reads the file.
///
/// # Errors
/// Not TOML, or a key that there is not; the message shows the place.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Settings> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::new(format!("{} is not UTF-8 text.", path.display())))?;
    let failed = |why: toml::de::Error| Error::new(format!("{}: {}", path.display(), why.to_string().trim_end()));
    let keys: toml::Table = toml::from_str(text).map_err(failed)?;
    if let Some(unknown) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let hint = did_you_mean(unknown, KEYS);
        return Err(Error::new(format!(
            "{}: there is no setting \"{unknown}\".{hint} It may have: {}.",
            path.display(),
            KEYS.join(", ")
        )));
    }
    toml::from_str(text).map_err(failed)
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
}
