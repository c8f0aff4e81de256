//! Files and columns that were not read although they look as if they should be: what they hold would be missing without a
//! sign of it.

use super::beginning::{Beginning, Content, beginnings, rows_of};
use super::dialect;
use super::folded::folded;
use super::mapping::{Dialect, Mapping, Separator};
use super::tables::{PUPIL, TableName};
use std::path::Path;

/// Endings of files that may hold a table, whether they are read or not.
const OF_DATA: [&str; 19] = [
    "csv", "txt", "tsv", "tab", "dat", "parquet", "xlsx", "xlsm", "xls", "xlsb", "ods", "numbers", "json", "xml", "gz",
    "zip", "7z", "bz2", "zst",
];

/// So many rows are looked at for column names.
const ROWS: usize = 30;

/// So many headings of one table, an id among them, are no chance.
const HEADINGS: usize = 3;

/// Why a file that was not read looks like a table, in a few words; none where it does not.
pub(super) fn looks_like_a_table(folder: &Path, name: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let (stem, ending) = file.split_once('.')?;
    if !OF_DATA.contains(&ending.rsplit('.').next().unwrap_or(ending)) {
        return None;
    }
    if let Some(table) = named_for(stem) {
        return Some(format!("it is named for the table \"{table}\""));
    }
    beginnings(folder, name).ok()?.iter().find_map(has_headings)
}

/// Why a sheet does, by its first rows.
pub(super) fn sheet_looks_like_a_table(name: &str, rows: &[Vec<String>]) -> Option<String> {
    let table = named_for(&name.to_lowercase());
    table.map(|table| format!("it is named for the table \"{table}\"")).or_else(|| headings_among(rows))
}

/// Whether two sheets have a row of several filled cells in common among their first rows, as sheets of the same form have.
pub(super) fn have_a_header_in_common(one: &[Vec<String>], other: &[Vec<String>]) -> bool {
    let header = |cells: &Vec<String>| -> Option<Vec<String>> {
        let words: Vec<String> = cells.iter().map(|cell| folded(cell)).filter(|word| !word.is_empty()).collect();
        (words.len() >= HEADINGS).then_some(words)
    };
    one.iter().filter_map(header).any(|words| other.iter().filter_map(header).any(|others| others == words))
}

/// The table whose word a name has in it.
fn named_for(stem: &str) -> Option<TableName> {
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined = format!("_{}_", words.join("_"));
    TableName::of_file(stem)
        .or_else(|| TableName::ALL.into_iter().find(|table| joined.contains(&format!("_{}_", table.word()))))
}

fn has_headings(beginning: &Beginning) -> Option<String> {
    match &beginning.content {
        Content::Rows(rows) => {
            headings_among(&rows.iter().take(ROWS).map(|(_, cells)| cells.clone()).collect::<Vec<_>>())
        }
        Content::Text(text, _) => Separator::ALL.into_iter().find_map(|separator| {
            headings_among(&rows_of(text, separator).into_iter().take(ROWS).map(|(_, cells)| cells).collect::<Vec<_>>())
        }),
    }
}

fn headings_among(rows: &[Vec<String>]) -> Option<String> {
    rows.iter().take(ROWS).find_map(|cells| {
        let plain = |table| Mapping::plain(table, Dialect::default());
        let whole = TableName::ALL.into_iter().find(|table| dialect::is_header_of(&plain(*table), cells));
        if let Some(table) = whole {
            return Some(format!("it has the column names of the table \"{table}\""));
        }
        let cells: Vec<String> = cells.iter().map(|cell| folded(cell)).collect();
        TableName::ALL.into_iter().find_map(|table| {
            let names = table.columns().iter().map(|(name, _)| *name);
            let known: Vec<&str> = names.filter(|name| cells.contains(&folded(name))).collect();
            let has_id = known.iter().any(|name| name.ends_with("_id") || PUPIL.contains(name));
            (has_id && known.len() >= HEADINGS)
                .then(|| format!("it has column names of the table \"{table}\": {}", known.join(", ")))
        })
    })
}

/// Whether a heading is that of percentages.
pub fn is_percentage(heading: &str) -> bool {
    let words = folded(heading);
    words.contains('%')
        || words.contains("per cent")
        || words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| matches!(word, "percent" | "percentage" | "pct" | "perc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_for_a_table_by_its_name_or_its_column_names() {
        let place = tempfile::tempdir().unwrap();
        let looks = |name: &str, text: &str| {
            std::fs::write(place.path().join(name), text).unwrap();
            looks_like_a_table(place.path(), name).is_some()
        };
        for name in ["attendance_low.txt", "claims.csv.gz", "Attendance 2024.json", "our cases.tsv", "people.ods"] {
            assert!(looks(name, "x"), "{name}");
        }
        for name in ["README.txt", "cases.docx", "showcases.csv", "cases", "notes.csv"] {
            assert!(!looks(name, "some,words\nand,more\n"), "{name}");
        }
        assert!(looks("older.csv", "Report\nclaim_id;family_id;submitted_on;outcome\n"));
        assert!(looks("part.txt", "UPN\tAcademic year\tTerm\tPossible\n"));
        assert!(looks("half.csv", "case_id,opened_on,closed_on\n"));
        assert!(!looks("list.csv", "case_id,colour,size\n"));
    }

    #[test]
    fn percentages_are_told_by_their_heading() {
        for heading in
            ["% Attendance", "Attendance %", "Percentage attended", "att_pct", "Per cent present", "Spring 2024 %"]
        {
            assert!(is_percentage(heading), "{heading}");
        }
        for heading in ["attended", "Percy", "Sessions attended", "recent"] {
            assert!(!is_percentage(heading), "{heading}");
        }
    }
}
