//! The words of `rules/headings.toml`, by which headings and values are known, and how words are compared.

use crate::error::{Error, Result};
use crate::load::mapping;
use crate::load::tables::TableName;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file, compiled in.
pub const TEXT: &str = include_str!("../../rules/headings.toml");

/// Everything that the file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    /// Words that mean that there is no value.
    pub blank: Vec<String>,
    /// The same for a day that has not come yet.
    pub not_yet: Vec<String>,
    /// By table, what it is in the words of a question.
    pub tables_said: BTreeMap<String, String>,
    /// By column, the same.
    pub columns_said: BTreeMap<String, String>,
    /// By table, its headings.
    pub tables: BTreeMap<String, TableHeadings>,
    /// By column and word of the program, the words that councils use.
    pub words: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Criteria side by side.
    pub wide: WideHeadings,
}

/// The headings of one table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableHeadings {
    /// Words in the names of its files.
    pub files: Vec<String>,
    /// By column.
    pub columns: BTreeMap<String, ColumnHeadings>,
}

/// The headings of one column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnHeadings {
    /// Headings that mean the column in nearly every file.
    pub sure: Vec<String>,
    /// Headings that may mean something else.
    pub loose: Vec<String>,
}

/// How headings of criteria side by side are written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WideHeadings {
    /// Words before the number of a headline.
    pub numbered: Vec<String>,
    /// Words of a flag that say yes.
    pub yes: Vec<String>,
    /// Words of a flag that say no.
    pub no: Vec<String>,
    /// By part, what stands beside the headline.
    pub parts: BTreeMap<String, Vec<String>>,
    /// By headline, words that tell it.
    pub headlines: BTreeMap<String, Vec<String>>,
}

/// Reads the words, those of the ready mappings put among the sure ones.
///
/// # Errors
/// The file is broken, which the program's own tests rule out.
pub fn read() -> Result<Headings> {
    let mut headings: Headings =
        toml::from_str(TEXT).map_err(|why| Error::new(format!("rules/headings.toml: {}", why.message())))?;
    for name in mapping::ready_names() {
        let ready = mapping::ready(name)?;
        let Some(table) = headings.tables.get_mut(ready.table.get_ref()) else { continue };
        for (column, heading) in &ready.columns {
            if let Some(known) = table.columns.get_mut(column.get_ref()) {
                let heading = heading.get_ref();
                let is_new = known.sure.iter().chain(&known.loose).all(|other| key(other) != key(heading));
                if is_new {
                    known.sure.push(heading.clone());
                }
            }
        }
    }
    Ok(headings)
}

impl Headings {
    /// The headings of a column.
    pub fn of(&self, table: TableName, column: &str) -> Option<&ColumnHeadings> {
        self.tables.get(table.word())?.columns.get(column)
    }

    /// Whether a word says that there is no value.
    pub fn is_blank_word(&self, word: &str) -> bool {
        let word = word.trim().to_lowercase();
        self.blank.iter().any(|known| known.to_lowercase() == word)
    }

    /// The same of a day that has not come yet.
    pub fn is_not_yet(&self, word: &str) -> bool {
        self.not_yet.iter().any(|known| key(known) == key(word))
    }

    /// What a table is, in the words of a question.
    pub fn table_said(&self, table: TableName) -> &str {
        self.tables_said.get(table.word()).map_or(table.word(), String::as_str)
    }

    /// What a column is, in the words of a question.
    pub fn column_said<'a>(&'a self, column: &'a str) -> &'a str {
        self.columns_said.get(column).map_or(column, String::as_str)
    }

    /// How many of a table's words the name of a file or sheet has in it.
    pub fn named_for(&self, table: TableName, name: &str) -> usize {
        let tokens = format!(" {} ", tokens(name).join(" "));
        let Some(headings) = self.tables.get(table.word()) else { return 0 };
        headings.files.iter().filter(|word| tokens.contains(&format!(" {} ", word.to_lowercase()))).count()
    }
}

/// A heading with nothing but its letters and digits, in small letters: `Case Ref.`, `case_ref` and `CaseRef` are the same.
pub fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a heading in small letters; `DateOpened` has two, and what stands in brackets is left out.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let (mut depth, mut before) = (0usize, ' ');
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let begins = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if begins {
            tokens.push(String::new());
        }
        if depth == 0
            && c.is_alphanumeric()
            && let Some(last) = tokens.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_headings_for_every_column_and_for_no_other() {
        let headings = read().unwrap();
        for table in TableName::ALL {
            let of_table = &headings.tables[table.word()];
            for (column, of_column) in &of_table.columns {
                assert!(table.knows(column), "{table}: {column}");
                for word in of_column.sure.iter().chain(&of_column.loose) {
                    assert!(!key(word).is_empty(), "{table}: {column}: {word}");
                }
            }
            assert!(headings.tables_said.contains_key(table.word()), "{table}");
            for (column, _) in table.columns() {
                assert!(headings.columns_said.contains_key(*column), "{table}: {column}");
                assert!(of_table.columns.contains_key(*column), "{table}: {column}");
            }
        }
    }

    // Two columns of one table that share a sure heading could not be told apart.
    #[test]
    fn no_heading_is_sure_for_two_columns_of_a_table() {
        for (table, headings) in read().unwrap().tables {
            let mut seen = BTreeMap::new();
            for (column, words) in &headings.columns {
                for word in &words.sure {
                    let other = seen.insert(key(word), column.clone());
                    assert!(other.as_ref().is_none_or(|other| other == column), "{table}: {word}: {column}, {other:?}");
                }
            }
        }
    }

    #[test]
    fn headings_are_compared_by_their_letters() {
        assert_eq!(key("Case Ref."), key("CaseRef"));
        assert_eq!(tokens("DateOpened (dd/mm/yyyy)"), ["date", "opened"]);
        assert_eq!(tokens("EHCase_ID"), ["ehcase", "id"]);
    }
}
