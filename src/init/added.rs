//! Settings that somebody has written, and what is new in their folder. What stands there stays, byte for byte; what is new is
//! put behind it.

use super::choice::{Chosen, Open, State};
use super::quoting::{comment, quoted};
use super::sheet::{NoTable, Sheet};
use crate::error::{Error, Result};
use crate::load::settings::{self, fits};
use crate::load::tables::TableName;
use std::path::Path;

/// Settings to which something is to be added.
#[derive(Clone, Debug)]
pub struct Earlier {
    text: String,
    /// The authority that they name.
    pub authority: Option<String>,
    /// What they speak of: the file or its pattern, the sheet, the table.
    entries: Vec<(String, Option<String>, TableName)>,
}

impl Earlier {
    /// Reads them.
    ///
    /// # Errors
    /// They have a mistake, which must be mended first.
    pub fn read(path: &Path, bytes: &[u8]) -> Result<Earlier> {
        let read = settings::read(path, bytes)?;
        let entries = read.mappings().map(|(file, mapping)| (file.to_owned(), mapping.sheet.clone(), mapping.table));
        Ok(Earlier {
            text: String::from_utf8_lossy(bytes).into_owned(),
            authority: read.authority.clone(),
            entries: entries.collect(),
        })
    }

    fn tables_of(&self, sheet: &Sheet) -> Vec<TableName> {
        let is_it = |named: &Option<String>| named.is_none() || *named == sheet.sheet;
        let of_sheet = self.entries.iter().filter(|(file, named, _)| fits(&sheet.file, file) && is_it(named));
        of_sheet.map(|(_, _, table)| *table).collect()
    }

    /// Takes away what the settings speak of already, and holds the rest against it.
    pub fn hold_against(&self, sheets: &[Sheet], chosen: &mut Chosen) {
        let proposals = &mut chosen.proposals;
        let spoken: Vec<Vec<TableName>> = sheets.iter().map(|sheet| self.tables_of(sheet)).collect();
        chosen.spoken_of = (0..sheets.len()).filter(|at| !spoken[*at].is_empty()).collect();
        // Where it is not thought to be what the settings say, the settings know better.
        let agrees: Vec<bool> = (0..sheets.len())
            .map(|at| {
                spoken[at].is_empty()
                    || proposals.iter().any(|other| other.sheet == at && spoken[at].contains(&other.candidate.table))
            })
            .collect();
        proposals.retain(|other| agrees[other.sheet] && !spoken[other.sheet].contains(&other.candidate.table));
        let is_read = |state: &State| matches!(state, State::Written | State::ToDecide(Open::Rivals, _));
        for proposal in proposals.iter_mut().filter(|other| is_read(&other.state)) {
            let table = proposal.candidate.table;
            let same = self.entries.iter().find(|(_, _, known)| *known == table && table != TableName::Attendance);
            if let Some((file, _, _)) = same {
                let why = format!(
                    "the settings name {file} as the table {table}. If the rows belong together, take away the # of this one too; if one is an older copy, leave it out"
                );
                proposal.state = State::ToDecide(Open::Rivals, why);
            }
        }
    }

    /// Whether a comment of the settings proposes the file already.
    pub fn proposes(&self, sheet: &Sheet) -> bool {
        let line = |text: String| self.text.lines().any(|line| line.trim_start_matches(['#', ' ']).starts_with(&text));
        line(format!("file = {}", quoted(&sheet.file)))
            && sheet.sheet.as_deref().is_none_or(|name| line(format!("sheet = {}", quoted(name))))
    }

    /// Whether the settings say already that a file is no table.
    pub fn passes_over(&self, other: &NoTable) -> bool {
        let name = format!("# - {}: ", comment(&other.name));
        self.text.lines().any(|line| line.starts_with(&name))
    }

    /// The settings with what is new behind them; as they are where nothing is.
    ///
    /// # Errors
    /// They are written in a way to which nothing can be added.
    pub fn with(&self, added: &str, authority: Option<&str>) -> Result<String> {
        let mut text = self.text.clone();
        if !added.is_empty() {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str("\n# Added by `sfclaim init --add`. Everything above is as it was.\n");
            text.push_str(added);
        }
        if let Some(authority) = authority.filter(|_| self.authority.is_none()) {
            // A key of the whole file cannot stand behind a table.
            let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            text.insert_str(mark, &format!("authority = {}  # as you answered\n", quoted(authority)));
        }
        if self.text.contains("\r\n") {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        settings::read(Path::new("sfclaim.toml"), text.as_bytes()).map_err(|why| {
            Error::new(format!(
                "nothing can be added to these settings: write what they say of files as [[files]], one each. Nothing was written.\n{why}"
            ))
        })?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_there_stays_and_the_authority_comes_first() {
        let before =
            "# mine\nfinancial_year_starts = \"04-01\"\r\n\r\n[[files]]\r\nfile = \"a.csv\"\r\ntable = \"cases\"";
        let earlier = Earlier::read(Path::new("x"), before.replace("mine\n", "mine\r\n").as_bytes()).unwrap();
        let with = earlier.with("[[files]]\nfile = \"b.csv\"\ntable = \"claims\"\n", Some("mine")).unwrap();
        assert!(with.starts_with("authority = \"mine\""), "{with}");
        assert!(with.contains("# mine\r\nfinancial_year_starts = \"04-01\"\r\n\r\n[[files]]\r\nfile = \"a.csv\"\r\n"));
        assert!(with.ends_with("file = \"b.csv\"\r\ntable = \"claims\"\r\n"));
        assert_eq!(earlier.with("", None).unwrap(), before.replace("mine\n", "mine\r\n"));
    }

    #[test]
    fn settings_to_which_nothing_can_be_added_are_told() {
        let earlier = Earlier::read(Path::new("x"), b"files = [{ file = \"a.csv\", table = \"cases\" }]\n").unwrap();
        let why = earlier.with("[[files]]\nfile = \"b.csv\"\ntable = \"claims\"\n", None).unwrap_err().to_string();
        assert!(why.contains("[[files]], one each"), "{why}");
    }
}
